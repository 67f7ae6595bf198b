"""The words of a comparison: one sentence for each way in which two groups can stand to each other.

The outcome comes from ``analyze.comparison``; here it only gets its sentence, its rule and its caveats. Nothing is
claimed beyond the numbers: "not significant" is never "no difference", and too few runs are said to be too few.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from reportgen.analyze.comparison import Comparison, Difference, MetricComparison, Reason
from reportgen.analyze.groups import Group, GroupValues
from reportgen.analyze.looks import look_words, repeated_looks_caveat
from reportgen.analyze.methods.samples import mean
from reportgen.analyze.metrics import Metric
from reportgen.analyze.pairing import Pairing
from reportgen.formats import agreeing_digits, goal_words, listed, one_line, p_beside, plural, text_of
from reportgen.model import Tone, Verdict
from reportgen.outcomes import OUTCOMES
from reportgen.sections.conditions import (
    design_caveats,
    failed_words,
    is_contradicted,
    one_seed_caveat,
    run_again_words,
    stray_headline,
    stray_sentence,
)
from reportgen.sections.view import change_words, digits_with, label_of, value_words
from reportgen.words.metrics import direction_source


def group_name(label: str) -> str:
    return one_line(label, 40) or "(empty)"


def comparison_digits(metric: Metric, compared: MetricComparison) -> int:
    """One number of decimals for every mean, interval and difference of a metric."""
    groups = [(g.high - g.low) / 2 for g in compared.groups if g.low is not None and g.high is not None]
    pairs = [(d.high - d.low) / 2 for d in compared.differences if d.low is not None and d.high is not None]
    digits = digits_with(metric, [*groups, *pairs])
    if metric.digits_given:
        return digits
    f = 100.0 if metric.format == "percent" else 1.0
    told = [
        (f * means[0], f * means[1], f * d.delta)
        for d in compared.differences
        if d.delta is not None and (means := _means_of(compared, d)) is not None
    ]
    least = digits_with(replace(metric, digits=0), [*groups, *pairs], most=12)
    return agreeing_digits(told, digits, min(digits, least) if groups or pairs else digits)


def _means_of(compared: MetricComparison, d: Difference) -> tuple[float, float] | None:
    """The two means that stand beside the difference: those of the pairs, or those of the groups."""
    if d.pairing is not None:
        return mean(d.pairing.a), mean(d.pairing.b)
    values = {group.label: group.mean for group in compared.groups}
    a, b = values.get(d.baseline), values.get(d.group)
    return None if a is None or b is None else (a, b)


def p_words(difference: Difference) -> str:
    """ "p = 0.034", "p < 0.001", "p_Holm = 0.04 over 3 comparisons"."""
    p = difference.p_decisive
    if p is None:
        return ""
    text = p_beside(p, difference.alpha) if p >= 0.001 or difference.alpha < 0.001 else text_of(p, "p")
    name = p_name(difference)
    words = f"{name} {text.replace('<', '< ')}" if text.startswith("<") else f"{name} = {text}"
    return words if name == "p" else f"{words} over {difference.n_family} comparisons"


_FAMILIES = {"dunnett": "Dunnett", "games-howell": "Games–Howell", "tukey": "Tukey"}


def family_of(difference: Difference) -> str:
    """Whose family the p is adjusted in, "" for a single test."""
    return _FAMILIES.get(difference.method, "" if difference.p_holm is None else "Holm")


def p_name(difference: Difference) -> str:
    """ "p", "p_Holm", "p_Dunnett"."""
    family = family_of(difference)
    return f"p_{family}" if family else "p"


def pair_words(pairing: Pairing) -> str:
    """What pairs the runs: "seed", "day"."""
    return one_line(pairing.by.removeprefix("params.").removeprefix("tags."), 40)


def level_words(level: float) -> str:
    return f"{level_percent(level)} interval"


def level_percent(level: float) -> str:
    """ "95 %", "97.5 %", "99.99989 %": as many decimals as keep it apart from 100 %."""
    rest = (1 - level) * 100
    whole = abs(rest - round(rest)) < 1e-9 and rest > 0.5
    return text_of(level, "percent", 0 if whole else max(1, 1 - math.floor(math.log10(rest)))) if rest > 0 else "100 %"


def test_words(difference: Difference) -> str:
    """Which test on which runs."""
    pairing = difference.pairing
    if difference.method in _FAMILIES:
        names = {
            "dunnett": "Dunnett's test",
            "games-howell": "Games and Howell's test",
            "tukey": "Tukey's test, equal variances asserted",
        }
        return f"{names[difference.method]}, {difference.n_b} against {plural(difference.n_a, 'run')}"
    if difference.method == "welch" or pairing is None:
        return f"Welch's t test, {difference.n_b} against {plural(difference.n_a, 'run')}"
    r = f", correlation {text_of(difference.correlation, 'number', 2)}" if difference.correlation is not None else ""
    pairs = f"{plural(pairing.n, 'pair')} by {pair_words(pairing)}{r}"
    if difference.method == "corrected":
        return f"paired t test with the Nadeau–Bengio correction for {pairing.n_folds} folds, {pairs}"
    return f"paired t test, {pairs}"


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one difference ``d`` in one metric; ``digits`` is shared by all of the comparison."""

    metric: Metric
    d: Difference
    a: GroupValues
    b: GroupValues
    digits: int

    @property
    def name_a(self) -> str:
        return group_name(self.d.baseline)

    @property
    def name_b(self) -> str:
        return group_name(self.d.group)

    @property
    def label(self) -> str:
        return label_of(self.metric)

    def value(self, value: float | None) -> str:
        return value_words(self.metric, value, self.digits)

    def change(self, *deltas: float | None) -> tuple[str, ...]:
        """Differences with their signs, without unit; of percentages in points."""
        if self.metric.format == "percent":
            return tuple(text_of(None if delta is None else delta * 100, "change", self.digits) for delta in deltas)
        return tuple(change_words(self.metric, delta, self.digits) for delta in deltas)

    @property
    def unit(self) -> str:
        return " percentage points" if self.metric.format == "percent" else ""

    def size(self, size: float | None) -> str:
        """A difference without its sign; of percentages in points."""
        if size is None or self.metric.format != "percent":
            return self.value(size)
        return f"{text_of(size * 100, 'number', self.digits)} percentage points"

    def delta(self) -> str:
        return f"{self.change(self.d.delta)[0]}{self.unit}"

    def means(self) -> str:
        """ "mean 0.912 against 0.905"; of the pairs when runs are paired, which is said where some runs have no partner."""
        if (pairing := self.d.pairing) is not None:
            which = f" in the {plural(pairing.n, 'pair')}" if pairing.left_a or pairing.left_b else ""
            return f"mean {self.value(mean(pairing.b))} against {self.value(mean(pairing.a))}{which}"
        return f"mean {self.value(self.b.mean)} against {self.value(self.a.mean)}"

    def interval(self) -> str:
        delta, low, high = self.change(self.d.delta, self.d.low, self.d.high)
        return f"{delta} [{low}, {high}]{self.unit}"


def _tested(w: Words) -> str:
    low, high = w.change(w.d.low, w.d.high)
    tail = f"{level_words(w.d.level)}; {test_words(w.d)}; {p_words(w.d)}"
    found = f"{w.label} {w.means()}, a difference of {w.interval()} ({tail})"
    match w.d.outcome:
        case "better" | "worse":
            return f"{w.name_b} is {w.d.outcome} than {w.name_a}: {found}.{margin_words(w)}"
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


_LOWERED_WORDS = {"datasets": "data sets", "hardware": "hardware"}


def _lowered_words(d: Difference) -> str:
    return listed([_LOWERED_WORDS[one] for one in d.lowered])


def margin_words(w: Words) -> str:
    """What the declared margin adds to the sentence; "" without one. Bounds are of the improvement."""
    within = w.d.within
    if within is None:
        return ""
    margin = _margin(w)
    if within.low is None or within.high is None:
        return f" The margin is {margin}; nothing varies, so the exact difference decides."
    low, high = w.change(within.low, within.high)
    level = level_percent(within.level)
    bounds = f"one-sided {level} bounds of the improvement {low} and {high}{w.unit}"
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


def _margin(w: Words) -> str:
    return margin_size(w.metric, w.d.within.margin) if w.d.within else ""


def margin_size(metric: Metric, margin: float) -> str:
    """A margin as it was declared: "0.005", "1 percentage point"."""
    if metric.format == "percent":
        return f"{margin * 100:.6g} percentage {'point' if round(margin * 100, 9) == 1 else 'points'}"
    return f"{margin:.6g}" if metric.format in ("number", "integer") and 1e-4 <= margin < 1e6 else value_words(metric, margin)


def counted_words(d: Difference) -> str:
    """ "12 pairs by seed", "9 against 6 runs"."""
    return f"{plural(d.n_a, 'pair')} by {pair_words(d.pairing)}" if d.pairing else f"{d.n_b} against {plural(d.n_a, 'run')}"


def headline_of(w: Words) -> str:
    """The decision in one line: what, by how much, from how many runs; where it is open, what these runs would have found."""
    d = w.d
    if d.strays:
        return stray_headline(w)
    if d.reason != "tested" or d.lowered or d.low is None:
        return sentence_of(w)
    low, high = w.change(d.low, d.high)
    n = counted_words(d)
    amount = f"{w.delta()}{' of' if w.unit else ''} {w.label}"
    found = f"{amount} ({level_percent(d.level)} interval {low} to {high}, {n})"
    match d.outcome:
        case "better" | "worse":
            return f"{claim_words(w)}: {found}."
        case "not_worse" if d.within is not None and d.within.low is not None:
            bound = f"one-sided {level_percent(d.within.level)} bound of the improvement {w.change(d.within.low)[0]}{w.unit}"
            return f"{claim_words(w)}: {amount} ({bound}, {n}). That it is better is not shown."
        case "different":
            return f"{claim_words(w)}: {found}. Which is better is not known: {w.label} has no direction."
        case "unclear":
            power = f"; {power_words(w)}" if d.detectable else ""
            return f"{claim_words(w)}: {found}{power}."
        case _:
            return f"{claim_words(w)}: {found}."


def claim_words(w: Words) -> str:
    """The outcome in one clause, with what a declared margin adds: "B is better than A, but not shown to be by 0.005 or more"."""
    d, within = w.d, w.d.within
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


def power_words(w: Words) -> str:
    """What a test with these runs finds four times in five; only said where nothing was found."""
    return f"these runs would detect a true difference of {w.size(w.d.detectable)} with 80 % probability"


def _two_runs(w: Words) -> str:
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


def _one_run(w: Words) -> str:
    if w.d.n_a == w.d.n_b == 1:
        return (
            f"One run per group: no uncertainty can be estimated. {w.label} is {w.value(w.b.mean)} in {w.name_b} "
            f"and {w.value(w.a.mean)} in {w.name_a}, a difference of {w.delta()}."
        )
    one, many = (w.a, w.b) if w.d.n_a == 1 else (w.b, w.a)
    name_one, name_many = group_name(one.label), group_name(many.label)
    if w.d.prediction is None:
        return (
            f"Only one run in {name_one}, so no test is made: {w.label} is {w.value(one.mean)} there against a mean of "
            f"{w.value(many.mean)} over {plural(many.n, 'run')} of {name_many}."
        )
    place = "inside" if w.d.inside_prediction else "outside"
    meaning = (
        "as another run of that group could be"
        if w.d.inside_prediction
        else "where another run of that group would be one time in twenty"
    )
    return (
        f"Only one run in {name_one}, so no test is made: its {w.label} of {w.value(one.mean)} lies {place} the 95 % prediction "
        f"interval of {name_many} ({w.value(w.d.prediction.low)} to {w.value(w.d.prediction.high)}, "
        f"n = {many.n}), {meaning}."
    )


def _no_values(w: Words) -> str:
    empty = [name for name, n in ((w.name_b, w.d.n_b), (w.name_a, w.d.n_a)) if not n]
    return f"No finished run of {listed(empty)} has a finite value of {w.label}, so nothing can be compared."


def _no_variation(w: Words) -> str:
    if w.d.delta == 0:
        return (
            f"{w.label} is {w.value(w.a.mean)} in every run of both groups: zero run-to-run variation observed (deterministic?)."
        )
    return (
        f"{w.label} is exactly {w.value(w.b.mean)} in every run of {w.name_b} and {w.value(w.a.mean)} in "
        f"{w.name_a}, a difference of {w.delta()}: zero run-to-run variation observed (deterministic?), "
        f"so nothing can be tested."
    )


def _identical(w: Words) -> str:
    return f"{w.name_b} and {w.name_a} are identical on every pair ({plural(w.d.n_a, 'pair')}, {w.label})."


def _same_difference(w: Words) -> str:
    return (
        f"{w.name_b} differs from {w.name_a} by exactly {w.delta()} in {w.label} on each of "
        f"{plural(w.d.n_a, 'pair')}: without any variation nothing can be tested."
    )


def _sweep(w: Words) -> str:
    if w.d.strays:
        return stray_sentence(w)
    best = w.d.best_of
    said = ""
    if best is not None:
        said = (
            f" Expected best {w.label} of {plural(best.k, 'run')}: {w.value(best.b)} in {w.name_b}, {w.value(best.a)} in "
            f"{w.name_a}."
        )
    return f"The groups hold several configurations: searches, not repeated runs, so no test is made.{said}"


def _folds(w: Words) -> str:
    return (
        f"The runs are folds of one data set that cannot be paired. Folds are not independent runs, so no test is made; the "
        f"means of {w.label} differ by {w.delta()}."
    )


def _tasks(w: Words) -> str:
    return (
        f"The runs lie on several data sets or tasks, so {w.name_b} and {w.name_a} are judged over these and not run by run "
        f"(Across data sets). The means of {w.label} over all runs differ by {w.delta()}."
    )


def _too_large(w: Words) -> str:
    return f"Values of {w.label} are too large to be compared (beyond 1e70); the runs table shows them."


_SENTENCES: Mapping[Reason, Callable[[Words], str]] = {
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
    "tasks": _tasks,
}


def sentence_of(words: Words) -> str:
    """What the numbers say, in one sentence (or two)."""
    return _SENTENCES[words.d.reason](words)


def rule_of(difference: Difference, metric: Metric) -> str:
    """How the sentence follows from the numbers."""
    if difference.reason == "sweep":
        return (
            "A group with several configurations is a search: its runs are not repeats, and the best of many looks better than the best "
            "of few. Set compare: {replicates: true}, or --replicates, to treat them as repeats."
        )
    if difference.reason == "tasks":
        return "Runs of one data set share it: data sets are the sample, seeds are averaged first. Set compare: {tasks: none} to pool the runs."
    if difference.reason == "folds":
        return (
            "Folds share their training data: they are compared pair by pair, with the Nadeau–Bengio correction, or not at all."
        )
    if difference.reason == "too_large":
        return "Squares of the values must be numbers that a computer has."
    if difference.reason in ("one_run", "two_runs", "no_values"):
        return "Groups of one or two runs are never tested; three are the least."
    if difference.reason in ("no_variation", "identical", "same_difference"):
        return "A test needs variation between runs; without it only the exact difference is told."
    family = family_of(difference)
    adjusted = f", {family}-adjusted," if family else ""
    direction = f"{goal_words(metric.goal)} ({direction_source(metric.direction)})"
    if metric.goal == "none":
        return f"Different when p{adjusted} is at most {difference.alpha:g}. Better and worse need a direction: set metrics: {{NAME: {{goal: maximize}}}} in the config."
    within = (
        ""
        if difference.within is None
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


def caveats_of(comparison: Comparison, words: Words) -> tuple[str, ...]:
    """What a reader must know before believing the sentence; the most important first."""
    d = words.d
    caveats: list[str] = design_caveats(words)
    if d.reason == "tested" and d.is_shown is False and d.outcome == "unclear" and d.detectable:
        unit = "pairs" if d.pairing else "runs in a group"
        few = f"Only {min(d.n_a, d.n_b)} {unit}: nothing but very large effects are detectable. " if min(d.n_a, d.n_b) < 5 else ""
        power = power_words(words)
        caveats.append(f"{few}{power[0].upper()}{power[1:]}.{needed_words(words)}")
    if (
        d.p_holm is not None
        and d.outcome in ("better", "worse")
        and d.low is not None
        and d.high is not None
        and d.low <= 0 <= d.high
    ):
        caveats.append("The simultaneous interval includes zero: Bonferroni's intervals are wider than Holm's decision.")
    if d.look is not None:
        caveats.append(look_words(d.look, "pairs" if d.pairing else "runs per group"))
    elif comparison.looks_before and d.reason == "tested":
        caveats.append(repeated_looks_caveat(comparison.looks_before, d.alpha))
    if d.reason == "one_run" and (inside := sum(side.n_inside_parents for side in (words.a, words.b))):
        caveats.append(
            f"{plural(inside, 'child run')} inside the counted parents: children count as samples only where that is declared "
            f"(pair_by: params.fold, or the key that only they have)."
        )
    if comparison.unpaired is not None:
        caveats.append(f"The runs could not be paired by {one_line(comparison.unpaired, 60)}, as the config asks.")
    caveats += alike_caveats(_of_two(comparison, d), failures=not d.is_conditional)
    caveats += _pair_caveats(words)
    caveats += [one] if (one := one_seed_caveat(comparison, d)) else []
    if comparison.wanted_baseline is None:
        caveats.append(f"No baseline is set in the config: {words.name_a} is the first group by name.")
    return tuple(caveats)


def needed_words(w: Words) -> str:
    """ " For 0.010, half of it, about 14 runs in each group are needed; for one of the observed size, about 815."

    Of a test that showed nothing. How many runs the observed difference would need says little: it may be noise alone.
    """
    d = w.d
    if d.method == "corrected":
        return " More folds of the same data would not show a smaller one."
    unit, each = ("pair", "") if d.pairing else ("run", " in each group")
    half = "more than 10,000" if d.n_for_half is None else f"about {d.n_for_half:,}"
    observed = "more than 10,000" if d.n_needed is None else f"about {d.n_needed:,}"
    return f" For half of that, {half} {unit}s{each} are needed; for one of the observed size, {observed}."


def _of_two(comparison: Comparison, d: Difference) -> Comparison:
    """``comparison`` as if only the two groups of ``d`` were in it: a verdict is not about the others."""
    labels = (d.baseline, d.group)
    alike = comparison.alike.of(labels) if comparison.alike is not None else None
    return replace(comparison, alike=alike, groups=tuple(group for group in comparison.groups if group.label in labels))


def _pair_caveats(words: Words) -> list[str]:
    pairing = words.d.pairing
    if pairing is None:
        return []
    caveats = []
    if pairing.left_a or pairing.left_b:
        caveats.append(
            f"Runs without a partner are left out: {len(pairing.left_b)} of {words.name_b}, {len(pairing.left_a)} of {words.name_a}."
        )
    if words.d.reason == "tested" and not pairing.n_folds and (what := repeat_of(pairing)):
        caveats.append(repeat_caveat(what))
    if words.d.method == "corrected":
        known = "" if pairing.splits_logged else " (as many as there are here; log n_splits where cross-validation is repeated)"
        caveats.append(
            f"Each fold counts as one of {pairing.n_folds} parts{known} of one data set; nothing is said of other data."
        )
    if pairing.averaged:
        caveats.append("Where several runs share a key, their mean stands for them.")
    return caveats


def repeat_of(pairing: Pairing) -> str:
    """What differs from pair to pair where that is chance alone: "seed", "repetition"; else ""."""
    return next((one for one in ("seed", "repetition") if one in pairing.by), "")


def repeat_caveat(what: str) -> str:
    """What pairs by a seed say nothing of."""
    return (
        f"The interval is about other {what}s on this data, not about other data. If the {what} also draws the split of the data, the interval "
        "is too narrow."
    )


def alike_caveats(comparison: Comparison, *, failures: bool = True) -> list[str]:
    """Differences between the groups other than the one that is compared."""
    alike = comparison.alike
    if alike is None:
        return []
    caveats = []
    if failures and alike.many_failed:
        caveats.append(
            f"More than 20 % of the runs failed or gave no finite value in {listed([group_name(x) for x in alike.many_failed])}: the "
            f"comparison is conditional on success."
        )
    if alike.commits_mixed:
        names = listed([group_name(label) for label in alike.commits_mixed])
        caveats.append(f"Runs of several code versions are mixed in {names}.")
    elif alike.commits_differ:
        caveats.append("The groups ran different code versions: if that is not what is compared, it may explain the difference.")
    if alike.hardware_differs:
        caveats.append("The groups ran on different hardware.")
    if alike.datasets_differ:
        caveats.append("The groups logged different data sets, so the difference may come from the data.")
    if alike.steps_differ:
        caveats.append("The runs were trained for different numbers of steps.")
    if any(group.n_unfinished for group in comparison.groups):
        n = sum(group.n_unfinished for group in comparison.groups)
        caveats.append(f"{plural(n, 'run')} not finished and not counted.")
    if comparison.replicates and any(group.n_configurations > 1 for group in comparison.groups):
        caveats.append("Runs of different configurations count as repeats (replicates: true), so the sd includes that spread.")
    return caveats


def words_of(compared: MetricComparison, difference: Difference, metric: Metric) -> Words:
    values = {group.label: group for group in compared.groups}
    return Words(metric, difference, values[difference.baseline], values[difference.group], comparison_digits(metric, compared))


def verdict_of(comparison: Comparison, compared: MetricComparison, difference: Difference, metric: Metric) -> Verdict:
    """The box of one difference."""
    words = words_of(compared, difference, metric)
    return Verdict(
        title=f"{words.name_b} against {words.name_a}: {label_of(metric)}{' of the runs that succeeded' if difference.is_conditional else ''}",
        outcome=difference.outcome,
        sentence=("Among the runs that succeeded: " if difference.is_conditional else "") + sentence_of(words),
        rule=rule_of(difference, metric),
        tone=tone_of(difference),
        caveats=caveats_of(comparison, words),
    )


def tone_of(difference: Difference) -> Tone:
    """Nothing is good that speaks only of the runs that succeeded, or that the seeds that both groups share contradict."""
    tone = OUTCOMES[difference.outcome].tone
    return "warning" if tone == "good" and (difference.is_conditional or is_contradicted(difference)) else tone


def conditional_words(difference: Difference) -> str:
    """ "4 of 10 runs of B failed, 0 of 10 of A. Among those that succeeded: " where more than a fifth of a group's runs failed."""
    if not difference.is_conditional:
        return ""
    failed = failed_words(difference, group_name(difference.baseline), group_name(difference.group))
    return f"{failed}. Among those that succeeded: "


def short_verdict(comparison: Comparison, metric: Metric) -> str | None:
    """The primary metric's verdict in a few words, when there is just one and a test decided it; begins in lower case."""
    differences = comparison.metrics[0].differences if comparison.metrics else ()
    if len(differences) != 1 or differences[0].reason != "tested" or differences[0].outcome == "incomparable":
        return None
    words = words_of(comparison.metrics[0], differences[0], metric)
    if words.d.outcome == "unclear":
        return f"no clear difference between {words.name_b} and {words.name_a}"
    return claim_words(words) + (f", but {failed_words(words.d, words.name_a, words.name_b)}" if words.d.is_conditional else "")


def group_words(group: Group) -> str:
    """ "8 finished, 1 failed"."""
    parts = [f"{len(group.finished):,} finished"]
    again = run_again_words(group)
    parts += [f"{group.n_failed:,} failed or killed{f' ({again})' if again else ''}"] if group.n_failed else []
    parts += [f"{group.n_unfinished:,} not finished"] if group.n_unfinished else []
    parts += [f"{plural(len(group.repeated), 'identical re-run')} left out"] if group.repeated else []
    return ", ".join(parts)
