"""One sentence for each way in which two groups can stand to each other, and the rule by which it follows from the numbers.

The outcome comes from ``analyze.compare``; here it only gets its words. Nothing is claimed beyond the numbers: "not
significant" is never "no difference", and too few runs are said to be too few.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from reportgen.analyze.compare.difference import Difference, OneRun, Reason, Searches
from reportgen.analyze.metrics import Metric
from reportgen.formats import text_of
from reportgen.words.catalogue import Say
from reportgen.words.compare.runs import failed_words, stray_headline, stray_sentence
from reportgen.words.compare.subject import DifferenceWords
from reportgen.words.compare.terms import (
    counted_words,
    family_of,
    group_name,
    level_percent,
    level_words,
    margin_size,
    p_equation,
    p_words,
    test_words,
)
from reportgen.words.metrics import direction_source


def sentence_of(words: DifferenceWords) -> str:
    """What the numbers say, in one sentence (or two)."""
    return _SENTENCES[words.d.reason](words)


def _tested(w: DifferenceWords) -> str:
    low, high = w.change(w.d.low, w.d.high)
    tail = w.say.clauses([level_words(w.d.level, w.say), test_words(w.d, w.say), p_words(w.d, w.say)])
    found = w.say("verdict-difference", label=w.label, means=w.means(), interval=w.interval(), tail=tail)
    match w.d.outcome:
        case "better" | "worse":
            return w.say(
                "verdict-is-than", name_b=w.name_b, outcome=w.d.outcome, name_a=w.name_a, found=found, margin=margin_words(w)
            )
        case "unclear" if w.d.is_doubted:
            return w.say("verdict-decided", found=found, doubt=doubt_words(w), margin=margin_words(w))
        case "unclear":
            return w.say(
                "verdict-clear-difference-between-changes",
                name_b=w.name_b,
                name_a=w.name_a,
                label=w.label,
                means=w.means(),
                low=low,
                high=high,
                unit=w.unit,
                tail=tail,
                margin=margin_words(w),
            )
        case "equivalent":
            return w.say("verdict-practically-equivalent", name_b=w.name_b, name_a=w.name_a, found=found, margin=margin_words(w))
        case "not_worse":
            return w.say(
                "verdict-most-worse-better-shown",
                name_b=w.name_b,
                margin=_margin(w),
                name_a=w.name_a,
                found=found,
                margin_2=margin_words(w),
            )
        case "different":
            return w.say("verdict-differ-known-direction-neither", name_b=w.name_b, name_a=w.name_a, found=found, label=w.label)
        case _ if w.d.withdrawn:
            return w.say(
                "verdict-cannot-compared-counted",
                name_b=w.name_b,
                name_a=w.name_a,
                withdrawn=_withdrawn_words(w.d, w.say),
                found=found,
            )
        case _ if w.d.lowered:
            return w.say(
                "verdict-cannot-compared-they-measured",
                name_b=w.name_b,
                name_a=w.name_a,
                lowered=_lowered_words(w.d, w.say),
                label=w.label,
                means=w.means(),
                interval=w.interval(),
                tail=tail,
            )
        case _:
            return w.say(
                "verdict-minus-known-direction-neither",
                name_b=w.name_b,
                name_a=w.name_a,
                interval=w.interval(),
                tail=tail,
                label=w.label,
            )


def _withdrawn_words(d: Difference, say: Say) -> str:
    return say.listed([say("verdict-withdrawn-words", reason=reason) for reason in d.withdrawn])


def _lowered_words(d: Difference, say: Say) -> str:
    return say.listed([say("verdict-lowered-words", reason=reason) for reason in d.lowered])


def margin_words(w: DifferenceWords) -> str:
    """What the declared margin adds to the sentence; "" without one. Bounds are of the improvement."""
    within = w.d.margin
    if within is None:
        return ""
    margin = _margin(w)
    if within.low is None or within.high is None:
        return w.say("verdict-margin-nothing-varies-exact", margin=margin)
    low, high = w.change(within.low, within.high)
    level = level_percent(within.level)
    bounds = w.say("verdict-sided-bounds-improvement", level=level, low=low, high=high, unit=w.unit)
    if within.is_doubted:
        return w.say("verdict-margin-nothing-decided-permutation", margin=margin, bounds=bounds)
    if within.equivalent:
        shown = w.say("verdict-difference-shown-smaller-what") if w.d.is_shown else ""
        return w.say("verdict-both-bounds-lie-inside", margin=margin, bounds=bounds, shown=shown)
    if within.state == "FAIL":
        return w.say("verdict-worse-more-margin", margin=margin, bounds=bounds)
    if within.low > within.margin:
        return w.say("verdict-better-more-margin", margin=margin, bounds=bounds)
    if w.d.outcome == "better":
        return w.say("verdict-better-margin-more-shown", margin=margin, bounds=bounds)
    if within.state == "PASS":
        return f" {w.say.capital(bounds)}"
    return w.say("verdict-whether-worse-margin-more", margin=margin, bounds=bounds)


def doubt_words(w: DifferenceWords) -> str:
    """Why a difference that the t test shows is not decided."""
    p = w.d.tested.p_check if w.d.tested else None
    return w.say("verdict-against-runs-permutation-test", n_b=w.d.n_b, n=w.d.n_a, p_equation=p_equation(p))


def _margin(w: DifferenceWords) -> str:
    return margin_size(w.metric, w.d.margin.margin, w.say) if w.d.margin else ""


def _two_runs(w: DifferenceWords) -> str:
    values = [
        w.say.named(name, w.say.listed([w.value(v) for v in group.values], 4))
        for name, group in ((w.name_b, w.b), (w.name_a, w.a))
        if group.n == 2
    ]
    shown = w.say("verdict-values", values=w.say("list-clause-separator").join(values)) if values and w.d.pairing is None else ""
    n = w.say("verdict-against-runs", n_b=w.d.n_b, n=w.d.n_a) if w.d.pairing is None else f"{w.say('verdict-n-pairs', n=w.d.n_a)}"
    return w.say(
        "verdict-too-few-runs-judge", n=n, label=w.label, interval=w.interval(), level=level_words(w.d.level, w.say), shown=shown
    )


def _one_run(w: DifferenceWords) -> str:
    if w.d.n_a == w.d.n_b == 1:
        return w.say(
            "verdict-run-per-group-uncertainty",
            label=w.label,
            mean=w.value(w.b.mean),
            name_b=w.name_b,
            mean_2=w.value(w.a.mean),
            name_a=w.name_a,
            delta=w.delta(),
        )
    one, many = (w.a, w.b) if w.d.n_a == 1 else (w.b, w.a)
    name_one, name_many = group_name(one.label), group_name(many.label)
    placement = w.d.result.placement if isinstance(w.d.result, OneRun) else None
    if placement is None:
        return w.say(
            "verdict-only-run-test-made",
            name_one=name_one,
            label=w.label,
            mean=w.value(one.mean),
            mean_2=w.value(many.mean),
            n=many.n,
            name_many=name_many,
        )
    place = "inside" if placement.inside else "outside"
    meaning = w.say("verdict-another-run-group-could") if placement.inside else w.say("verdict-where-another-run-group")
    return w.say(
        "verdict-only-run-test-made-2",
        name_one=name_one,
        label=w.label,
        mean=w.value(one.mean),
        place=place,
        name_many=name_many,
        low=w.value(placement.low),
        high=w.value(placement.high),
        n=many.n,
        meaning=meaning,
    )


def _no_values(w: DifferenceWords) -> str:
    empty = [name for name, n in ((w.name_b, w.d.n_b), (w.name_a, w.d.n_a)) if not n]
    return w.say("verdict-finished-run-finite-value", empty=w.say.listed(empty), label=w.label)


def _no_variation(w: DifferenceWords) -> str:
    if w.d.delta == 0:
        return w.say("verdict-every-run-both-groups", label=w.label, mean=w.value(w.a.mean))
    return w.say(
        "verdict-exactly-every-run-difference",
        label=w.label,
        mean=w.value(w.b.mean),
        name_b=w.name_b,
        mean_2=w.value(w.a.mean),
        name_a=w.name_a,
        delta=w.delta(),
    )


def _identical(w: DifferenceWords) -> str:
    return w.say("verdict-identical-every-pair-pairs", name_b=w.name_b, name_a=w.name_a, n=w.d.n_a, label=w.label)


def _same_difference(w: DifferenceWords) -> str:
    return w.say(
        "verdict-differs-exactly-pairs-without", name_b=w.name_b, name_a=w.name_a, delta=w.delta(), label=w.label, n=w.d.n_a
    )


def _sweep(w: DifferenceWords) -> str:
    if w.d.strays:
        return stray_sentence(w)
    best = w.d.result.best_of if isinstance(w.d.result, Searches) else None
    said = ""
    if best is not None:
        said = w.say(
            "verdict-expected-best-runs",
            label=w.label,
            k=best.k,
            b=w.value(best.b),
            name_b=w.name_b,
            a=w.value(best.a),
            name_a=w.name_a,
        )
    return w.say("verdict-groups-hold-several-configurations", said=said)


def _folds(w: DifferenceWords) -> str:
    return w.say("verdict-runs-folds-data-set", label=w.label, delta=w.delta())


def _tasks(w: DifferenceWords) -> str:
    return w.say("verdict-runs-lie-several-data", name_b=w.name_b, name_a=w.name_a, label=w.label, delta=w.delta())


def _too_large(w: DifferenceWords) -> str:
    return w.say("verdict-values-too-large-compared", label=w.label)


def _units(w: DifferenceWords) -> str:
    found = w.d.units
    if found is None:
        return ""
    digits = max(w.digits, 3)
    small, large = (text_of(value, "number", digits) for value in found.example)
    return w.say(
        "verdict-runs-log-about-times",
        n=len(found.large),
        label=w.label,
        factor=found.factor,
        n_small=len(found.small),
        large=large,
        small=small,
        name_b=w.name_b,
        name_a=w.name_a,
    )


_SENTENCES: Mapping[Reason, Callable[[DifferenceWords], str]] = {
    "tested": _tested,
    "two_runs": _two_runs,
    "one_run": _one_run,
    "no_values": _no_values,
    "no_variation": _no_variation,
    "identical": _identical,
    "same_difference": _same_difference,
    "sweep": _sweep,
    "folds": _folds,
    "too_large": _too_large,
    "units": _units,
    "tasks": _tasks,
}


# --- in one line ---------------------------------------------------------------------------------------------------


def headline_of(w: DifferenceWords) -> str:
    """The decision in one line: what, by how much, from how many runs; where it is open, what these runs would have found."""
    d = w.d
    if d.strays:
        return stray_headline(w)
    if d.reason != "tested" or d.lowered or d.low is None:
        return sentence_of(w)
    if d.withdrawn:
        return sentence_of(w)
    low, high = w.change(d.low, d.high)
    n = counted_words(d, w.say)
    amount = w.say("verdict-of", delta=w.delta(), if_unit="yes" if w.unit else "no", label=w.label)
    found = w.say("verdict-interval", amount=amount, level_percent=level_percent(d.level), low=low, high=high, n=n)
    match d.outcome:
        case "better" | "worse":
            return w.say.stop(w.say.named(claim_words(w), found))
        case "not_worse" if d.margin is not None and d.margin.low is not None:
            bound = w.say(
                "verdict-sided-bound-improvement",
                level_percent=level_percent(d.margin.level),
                change=w.change(d.margin.low)[0],
                unit=w.unit,
            )
            return w.say("verdict-better-shown", claim=claim_words(w), amount=amount, bound=bound, n=n)
        case "different":
            return w.say("verdict-which-better-known-direction", claim=claim_words(w), found=found, label=w.label)
        case "unclear" if d.is_doubted:
            return w.say("verdict-whether-differ-decided", name_b=w.name_b, name_a=w.name_a, found=found, doubt=doubt_words(w))
        case "unclear":
            power = [power_words(w)] if d.power and d.power.detectable else []
            return w.say.stop(w.say.named(claim_words(w), w.say.clauses([found, *power])))
        case _:
            return w.say.stop(w.say.named(claim_words(w), found))


def claim_words(w: DifferenceWords) -> str:
    """The outcome in one clause, with what a declared margin adds: "B is better than A, but not shown to be by 0.005 or more"."""
    d, within = w.d, w.d.margin
    match d.outcome:
        case "better" if within is not None and within.low is not None and within.low > within.margin:
            return w.say("verdict-better-more", name_b=w.name_b, name_a=w.name_a, margin=_margin(w))
        case "better" if within is not None:
            return w.say("verdict-better-but-shown-more", name_b=w.name_b, name_a=w.name_a, margin=_margin(w))
        case "worse" if within is not None and within.state == "FAIL":
            return w.say("verdict-worse-more", name_b=w.name_b, name_a=w.name_a, margin=_margin(w))
        case "worse" if within is not None:
            return w.say("verdict-worse-whether-more-decided", name_b=w.name_b, name_a=w.name_a, margin=_margin(w))
        case "better" | "worse":
            return w.say("verdict-better-worse", name_b=w.name_b, outcome=d.outcome, name_a=w.name_a)
        case "equivalent":
            return w.say(
                "verdict-practically-equivalent-within",
                name_b=w.name_b,
                name_a=w.name_a,
                if_within="yes" if within else "no",
                margin=_margin(w) if within else "",
            )
        case "not_worse":
            return w.say("verdict-most-worse", name_b=w.name_b, margin=_margin(w), name_a=w.name_a)
        case "different":
            return w.say("verdict-differ", name_b=w.name_b, name_a=w.name_a)
        case _:
            return w.say(
                "verdict-clear-difference-between-whether",
                name_b=w.name_b,
                name_a=w.name_a,
                if_value="yes" if within is not None else "no",
                name_b_2=w.name_b if within is not None else "",
                margin=_margin(w) if within is not None else "",
            )


def power_words(w: DifferenceWords) -> str:
    """What a test with these runs finds four times in five; only said where nothing was found."""
    return w.say("verdict-runs-would-detect-true", size=w.size(w.d.power.detectable if w.d.power else None))


def conditional_words(difference: Difference, say: Say) -> str:
    """ "4 of 10 runs of B failed, 0 of 10 of A. Among those that succeeded: " where more than a fifth of a group's runs failed."""
    if not difference.is_conditional or difference.withdrawn:
        return ""
    failed = failed_words(difference, group_name(difference.baseline), group_name(difference.group), say)
    return say("verdict-among-succeeded", failed=failed)


# --- the rule ------------------------------------------------------------------------------------------------------


def rule_of(difference: Difference, metric: Metric, say: Say) -> str:
    """How the sentence follows from the numbers."""
    if difference.reason == "sweep":
        return say("verdict-group-several-configurations-search")
    if difference.reason == "tasks":
        return say("verdict-runs-data-set-share")
    if difference.reason == "folds":
        return say("verdict-folds-share-their-training")
    if difference.reason == "units":
        return say("verdict-values-compared-unit-only")
    if difference.reason == "too_large":
        return say("verdict-squares-values-must-numbers")
    if difference.reason in ("one_run", "two_runs", "no_values"):
        return say("verdict-groups-two-runs-never")
    if difference.reason in ("no_variation", "identical", "same_difference"):
        return say("verdict-test-needs-variation-between")
    family = family_of(difference, say)
    adjusted = say("verdict-adjusted", family=family) if family else ""
    direction = say(
        "verdict-higher-better-lower-better", goal=metric.goal, direction_source=direction_source(metric.direction, say)
    )
    if metric.goal == "none":
        return say("verdict-different-when-p-most", adjusted=adjusted, alpha=f"{difference.alpha:g}")
    within = "" if difference.margin is None else say("verdict-practically-equivalent-when-both")
    lowered = say("verdict-groups-share-data-set") if "datasets" in difference.lowered else ""
    lowered += say("verdict-time-cost-different-hardware") if "hardware" in difference.lowered else ""
    limit = (
        f"{difference.alpha:g}"
        if difference.look is None
        else say("verdict-level-look", level=text_of(difference.look.level, "number", 6 if difference.look.level < 0.0001 else 4))
    )
    return say("verdict-better-worse-when-p", adjusted=adjusted, limit=limit, direction=direction, within=within, lowered=lowered)
