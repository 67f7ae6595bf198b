"""One sentence for each way in which two groups can stand to each other, and the rule by which it follows from the numbers.

The outcome comes from ``analyze.compare``; here it only gets its words. Nothing is claimed beyond the numbers: "not
significant" is never "no difference", and too few runs are said to be too few.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from reportgen.analyze.compare.difference import Difference, OneRun, Reason, Searches
from reportgen.analyze.metrics import Metric
from reportgen.formats import goal_words, listed, plural, text_of
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
    tail = f"{level_words(w.d.level)}; {test_words(w.d)}; {p_words(w.d)}"
    found = f"{w.label} {w.means()}, a difference of {w.interval()} ({tail})"
    match w.d.outcome:
        case "better" | "worse":
            return f"{w.name_b} is {w.d.outcome} than {w.name_a}: {found}.{margin_words(w)}"
        case "unclear" if w.d.is_doubted:
            return f"Not decided: {found}; {doubt_words(w)}.{margin_words(w)}"
        case "unclear":
            return (
                f"No clear difference between {w.name_b} and {w.name_a}: {w.label} {w.means()}; changes from "
                f"{low} to {high}{w.unit} are not excluded ({tail}).{margin_words(w)}"
            )
        case "equivalent":
            return f"{w.name_b} and {w.name_a} are practically equivalent: {found}.{margin_words(w)}"
        case "not_worse":
            return f"{w.name_b} is at most {_margin(w)} worse than {w.name_a}; that it is better is not shown: {found}.{margin_words(w)}"
        case "different":
            return f"{w.name_b} and {w.name_a} differ: {found}. {w.label} has no known direction, so neither is called better."
        case _ if w.d.withdrawn:
            return f"{w.name_b} and {w.name_a} cannot be compared: {_withdrawn_words(w.d)}. Of those counted: {found}."
        case _ if w.d.lowered:
            return (
                f"{w.name_b} and {w.name_a} cannot be compared: they were measured on different {_lowered_words(w.d)}. {w.label} "
                f"{w.means()}, a difference of {w.interval()} ({tail}); it may come from the {_lowered_words(w.d)} and not from the groups."
            )
        case _:
            return (
                f"{w.name_b} minus {w.name_a}: {w.interval()} ({tail}). {w.label} has no known direction, "
                f"so neither is called better."
            )


_WITHDRAWN_WORDS = {
    "failures": "more than a fifth of the runs of a group failed",
    "shared_keys": "the runs that share a key say another difference than all runs",
    "split": "the groups do not have the numbers of runs that the declared split gives, so runs were lost or added",
}


def _withdrawn_words(d: Difference) -> str:
    return listed([_WITHDRAWN_WORDS[reason] for reason in d.withdrawn])


_LOWERED_WORDS = {"datasets": "data sets", "hardware": "hardware"}


def _lowered_words(d: Difference) -> str:
    return listed([_LOWERED_WORDS[reason] for reason in d.lowered])


def margin_words(w: DifferenceWords) -> str:
    """What the declared margin adds to the sentence; "" without one. Bounds are of the improvement."""
    within = w.d.margin
    if within is None:
        return ""
    margin = _margin(w)
    if within.low is None or within.high is None:
        return f" The margin is {margin}; nothing varies, so the exact difference decides."
    low, high = w.change(within.low, within.high)
    level = level_percent(within.level)
    bounds = f"one-sided {level} bounds of the improvement {low} and {high}{w.unit}"
    if within.is_doubted:
        return f" On the margin of {margin} nothing is decided: the permutation test does not agree with the bounds ({bounds})."
    if within.equivalent:
        shown = " The difference is shown, and it is smaller than what matters." if w.d.is_shown else ""
        return f" Both bounds lie inside the margin of ±{margin} ({bounds}).{shown}"
    if within.state == "FAIL":
        return f" It is worse by more than the margin of {margin} ({bounds})."
    if within.low > within.margin:
        return f" It is better by more than the margin of {margin} ({bounds})."
    if w.d.outcome == "better":
        return f" That it is better by the margin of {margin} or more is not shown ({bounds})."
    if within.state == "PASS":
        return f" {bounds[0].upper()}{bounds[1:]}."
    return f" Whether it is worse by the margin of {margin} or more is not decided ({bounds})."


def doubt_words(w: DifferenceWords) -> str:
    """Why a difference that the t test shows is not decided."""
    p = w.d.tested.p_check if w.d.tested else None
    return (
        f"with {w.d.n_b:,} against {plural(w.d.n_a, 'run')} the permutation test must agree, and it gives {p_equation(p)}: the smaller "
        "group may not have seen the tail of its values"
    )


def _margin(w: DifferenceWords) -> str:
    return margin_size(w.metric, w.d.margin.margin) if w.d.margin else ""


def _two_runs(w: DifferenceWords) -> str:
    values = [
        f"{name}: {listed([w.value(v) for v in group.values], 4)}"
        for name, group in ((w.name_b, w.b), (w.name_a, w.a))
        if group.n == 2
    ]
    shown = f" Values of {'; '.join(values)}." if values and w.d.pairing is None else ""
    n = f"{w.d.n_b} against {plural(w.d.n_a, 'run')}" if w.d.pairing is None else f"{plural(w.d.n_a, 'pair')}"
    return (
        f"Too few runs to judge ({n}): the difference in {w.label} is {w.interval()} ({level_words(w.d.level)}). "
        f"n = 2: the interval relies on normality.{shown}"
    )


def _one_run(w: DifferenceWords) -> str:
    if w.d.n_a == w.d.n_b == 1:
        return (
            f"One run per group: no uncertainty can be estimated. {w.label} is {w.value(w.b.mean)} in {w.name_b} "
            f"and {w.value(w.a.mean)} in {w.name_a}, a difference of {w.delta()}."
        )
    one, many = (w.a, w.b) if w.d.n_a == 1 else (w.b, w.a)
    name_one, name_many = group_name(one.label), group_name(many.label)
    placement = w.d.result.placement if isinstance(w.d.result, OneRun) else None
    if placement is None:
        return (
            f"Only one run in {name_one}, so no test is made: {w.label} is {w.value(one.mean)} there against a mean of "
            f"{w.value(many.mean)} over {plural(many.n, 'run')} of {name_many}."
        )
    place = "inside" if placement.inside else "outside"
    meaning = (
        "as another run of that group could be"
        if placement.inside
        else "where another run of that group would be one time in twenty"
    )
    return (
        f"Only one run in {name_one}, so no test is made: its {w.label} of {w.value(one.mean)} lies {place} the 95 % prediction "
        f"interval of {name_many} ({w.value(placement.low)} to {w.value(placement.high)}, "
        f"n = {many.n}), {meaning}."
    )


def _no_values(w: DifferenceWords) -> str:
    empty = [name for name, n in ((w.name_b, w.d.n_b), (w.name_a, w.d.n_a)) if not n]
    return f"No finished run of {listed(empty)} has a finite value of {w.label}, so nothing can be compared."


def _no_variation(w: DifferenceWords) -> str:
    if w.d.delta == 0:
        return (
            f"{w.label} is {w.value(w.a.mean)} in every run of both groups: zero run-to-run variation observed (deterministic?)."
        )
    return (
        f"{w.label} is exactly {w.value(w.b.mean)} in every run of {w.name_b} and {w.value(w.a.mean)} in "
        f"{w.name_a}, a difference of {w.delta()}: zero run-to-run variation observed (deterministic?), "
        f"so nothing can be tested."
    )


def _identical(w: DifferenceWords) -> str:
    return f"{w.name_b} and {w.name_a} are identical on every pair ({plural(w.d.n_a, 'pair')}, {w.label})."


def _same_difference(w: DifferenceWords) -> str:
    return (
        f"{w.name_b} differs from {w.name_a} by exactly {w.delta()} in {w.label} on each of "
        f"{plural(w.d.n_a, 'pair')}: without any variation nothing can be tested."
    )


def _sweep(w: DifferenceWords) -> str:
    if w.d.strays:
        return stray_sentence(w)
    best = w.d.result.best_of if isinstance(w.d.result, Searches) else None
    said = ""
    if best is not None:
        said = (
            f" Expected best {w.label} of {plural(best.k, 'run')}: {w.value(best.b)} in {w.name_b}, {w.value(best.a)} in "
            f"{w.name_a}."
        )
    return f"The groups hold several configurations: searches, not repeated runs, so no test is made.{said}"


def _folds(w: DifferenceWords) -> str:
    return (
        f"The runs are folds of one data set that cannot be paired. Folds are not independent runs, so no test is made; the "
        f"means of {w.label} differ by {w.delta()}."
    )


def _tasks(w: DifferenceWords) -> str:
    return (
        f"The runs lie on several data sets or tasks, so {w.name_b} and {w.name_a} are judged over these and not run by run "
        f"(Across data sets). The means of {w.label} over all runs differ by {w.delta()}."
    )


def _too_large(w: DifferenceWords) -> str:
    return f"Values of {w.label} are too large to be compared (beyond 1e70); the runs table shows them."


def _units(w: DifferenceWords) -> str:
    found = w.d.units
    if found is None:
        return ""
    digits = max(w.digits, 3)
    small, large = (text_of(value, "number", digits) for value in found.example)
    return (
        f"{plural(len(found.large), 'run')} log {w.label} about {found.factor:,} times larger than the other {len(found.small):,}: "
        f"{large} beside {small}. These are two units, so {w.name_b} and {w.name_a} are not compared."
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
    n = counted_words(d)
    amount = f"{w.delta()}{' of' if w.unit else ''} {w.label}"
    found = f"{amount} ({level_percent(d.level)} interval {low} to {high}, {n})"
    match d.outcome:
        case "better" | "worse":
            return f"{claim_words(w)}: {found}."
        case "not_worse" if d.margin is not None and d.margin.low is not None:
            bound = f"one-sided {level_percent(d.margin.level)} bound of the improvement {w.change(d.margin.low)[0]}{w.unit}"
            return f"{claim_words(w)}: {amount} ({bound}, {n}). That it is better is not shown."
        case "different":
            return f"{claim_words(w)}: {found}. Which is better is not known: {w.label} has no direction."
        case "unclear" if d.is_doubted:
            return f"Whether {w.name_b} and {w.name_a} differ is not decided: {found}; {doubt_words(w)}."
        case "unclear":
            power = f"; {power_words(w)}" if d.power and d.power.detectable else ""
            return f"{claim_words(w)}: {found}{power}."
        case _:
            return f"{claim_words(w)}: {found}."


def claim_words(w: DifferenceWords) -> str:
    """The outcome in one clause, with what a declared margin adds: "B is better than A, but not shown to be by 0.005 or more"."""
    d, within = w.d, w.d.margin
    two, both = f"{w.name_b} is {{}} than {w.name_a}", f"{w.name_b} and {w.name_a}"
    match d.outcome:
        case "better" if within is not None and within.low is not None and within.low > within.margin:
            return f"{two.format('better')} by more than {_margin(w)}"
        case "better" if within is not None:
            return f"{two.format('better')}, but not shown to be by {_margin(w)} or more"
        case "worse" if within is not None and within.state == "FAIL":
            return f"{two.format('worse')} by more than {_margin(w)}"
        case "worse" if within is not None:
            return f"{two.format('worse')}; whether by {_margin(w)} or more is not decided"
        case "better" | "worse":
            return two.format(d.outcome)
        case "equivalent":
            return f"{both} are practically equivalent" + (f", within ±{_margin(w)}" if within else "")
        case "not_worse":
            return f"{w.name_b} is at most {_margin(w)} worse than {w.name_a}"
        case "different":
            return f"{both} differ"
        case _:
            open_ = f", and whether {w.name_b} is worse by {_margin(w)} or more is not decided" if within is not None else ""
            return f"No clear difference between {both}{open_}"


def power_words(w: DifferenceWords) -> str:
    """What a test with these runs finds four times in five; only said where nothing was found."""
    return f"these runs would detect a true difference of {w.size(w.d.power.detectable if w.d.power else None)} with 80 % probability"


def conditional_words(difference: Difference) -> str:
    """ "4 of 10 runs of B failed, 0 of 10 of A. Among those that succeeded: " where more than a fifth of a group's runs failed."""
    if not difference.is_conditional or difference.withdrawn:
        return ""
    failed = failed_words(difference, group_name(difference.baseline), group_name(difference.group))
    return f"{failed}. Among those that succeeded: "


# --- the rule ------------------------------------------------------------------------------------------------------


def rule_of(difference: Difference, metric: Metric) -> str:
    """How the sentence follows from the numbers."""
    if difference.reason == "sweep":
        return (
            "A group with several configurations is a search: its runs are not repeats, and the best of many looks better than the best "
            "of few. Set compare: {replicates: true}, or --replicates, to treat them as repeats."
        )
    if difference.reason == "tasks":
        return "Runs of one data set share it: data sets are the sample, seeds are averaged first. Set compare: {tasks: none}, or --tasks none, to pool the runs."
    if difference.reason == "folds":
        return (
            "Folds share their training data: they are compared pair by pair, with the Nadeau–Bengio correction, or not at all."
        )
    if difference.reason == "units":
        return "Values are compared in one unit only: log them again in one, or leave the other runs out of the groups."
    if difference.reason == "too_large":
        return "Squares of the values must be numbers that a computer has."
    if difference.reason in ("one_run", "two_runs", "no_values"):
        return "Groups of one or two runs are never tested; three are the least."
    if difference.reason in ("no_variation", "identical", "same_difference"):
        return "A test needs variation between runs; without it only the exact difference is given."
    family = family_of(difference)
    adjusted = f", {family}-adjusted," if family else ""
    direction = f"{goal_words(metric.goal)} ({direction_source(metric.direction)})"
    if metric.goal == "none":
        return f"Different when p{adjusted} is at most {difference.alpha:g}. Better and worse need a direction: set metrics: {{NAME: {{goal: maximize}}}} in the config."
    within = (
        ""
        if difference.margin is None
        else " Practically equivalent when both one-sided bounds lie inside the margin, not worse when the lower one does."
    )
    lowered = " Groups that share no data set are not judged." if "datasets" in difference.lowered else ""
    lowered += " Time and cost of different hardware are not judged." if "hardware" in difference.lowered else ""
    limit = (
        f"{difference.alpha:g}"
        if difference.look is None
        else f"{text_of(difference.look.level, 'number', 6 if difference.look.level < 1e-4 else 4)}, the level of this look"
    )
    return f"Better or worse when p{adjusted} is at most {limit}; {direction}.{within}{lowered} The test follows from the design, not from the values."
