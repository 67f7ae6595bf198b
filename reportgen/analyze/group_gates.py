"""Does a group of runs hold its bound, and is it not worse than the baseline: gates of four states.

PASS and FAIL each need a confidence bound on their side of the limit; between them a gate is INCONCLUSIVE and says
how many runs would decide it; without values it is NO_DATA. There is no gate on "p > 0.05": it passes more easily
the fewer runs there are. Groups and pairs are those of the comparison, so the gate and the verdict speak of the same
runs; a group that is a search (several configurations) is never judged as if its runs were repeats.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, replace

from reportgen.analyze.comparison import Comparison, over_folds
from reportgen.analyze.gate_answers import GateAnswer, GateReason
from reportgen.analyze.groups import MOST_FAILED, Group, GroupValues, folds_of, group_values, is_usable
from reportgen.analyze.methods import samples
from reportgen.analyze.methods.equivalence import (
    GateOutcome,
    non_inferiority,
    paired_non_inferiority,
    relative_non_inferiority,
    threshold_gate,
)
from reportgen.analyze.methods.folds import corrected_paired
from reportgen.analyze.methods.samples import ALPHA
from reportgen.analyze.metrics import Metric
from reportgen.analyze.pairing import Pairing, has_pair_key, pairing_of
from reportgen.analyze.runs import Run, RunKey
from reportgen.config import CompareConfig, GateConfig
from reportgen.formats import listed, one_line, plural, text_of
from reportgen.model import Format


@dataclass(frozen=True, slots=True)
class Compared:
    """The comparison that gates on groups ask."""

    config: CompareConfig
    comparison: Comparison
    by_key: Mapping[RunKey, Run]
    datasets: Mapping[RunKey, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Judged:
    """An answer before it is put into words: the state, the value with its bound, and what stands behind it."""

    outcome: GateOutcome
    value: float | None
    threshold: float | None
    found: str
    """What was measured, e.g. "mean acc of new is 0.9"."""
    unit: str = "runs"
    """What ``needed`` counts."""


@dataclass(frozen=True, slots=True)
class GroupGateText(GateReason):
    """The answer in words, but for its state and its rule."""

    found: str
    after_rule: str | None
    """None where no rule was applied."""


def group_gate(config: GateConfig, metric: Metric | None, compared: Compared | None) -> GateAnswer:
    """The answer of a gate on ``config.group``."""
    bound = config.at_least if config.at_least is not None else config.at_most
    group = _group(compared, config.group)
    if compared is None or group is None or metric is None or not (values := _values(group, metric, compared)).n:
        missing = GroupGateText(_missing(config, metric, compared, group), None)
        return GateAnswer(config, metric, "NO_DATA", missing, None, bound)
    if why := _over_tasks(compared):
        return GateAnswer(config, metric, "NO_DATA", GroupGateText(why, None), None, None if config.of_margin else bound)
    if config.of_margin:
        judged = _against_baseline(config, metric, compared, group, values)
        if isinstance(judged, str):
            return GateAnswer(config, metric, "NO_DATA", GroupGateText(judged, None), None, None)
    else:
        judged = _against_bound(config, metric, compared, group, values)
    if config.min_runs is not None and values.n < config.min_runs:
        few = f"{plural(values.n, 'run')} of {one_line(group.label, 40)} with a value, the gate asks for {config.min_runs:,}"
        judged = replace(judged, outcome=_undecided(few))
    reason = GroupGateText(judged.found, f"{_rule_end(config)}{_why(judged)}{_failures(group, values)}")
    return GateAnswer(config, metric, judged.outcome.state, reason, judged.value, judged.threshold)


def _group(compared: Compared | None, label: str | None) -> Group | None:
    return next((group for group in compared.comparison.groups if group.label == label), None) if compared else None


def _values(group: Group, metric: Metric, compared: Compared) -> GroupValues:
    """The same runs as in the comparison."""
    return group_values(group, metric, compared.by_key, has_pair_key(compared.config.pair_by))


def _over_tasks(compared: Compared) -> str:
    """Why no gate can be on a mean over runs, or "": a mean over data sets changes with which of them has more runs."""
    if not any(d.reason == "tasks" for one in compared.comparison.metrics for d in one.differences):
        return ""
    return (
        "the groups' runs lie on several data sets or tasks, so the comparison is judged over these and a mean over all runs is not; "
        "set compare.tasks: none to judge the runs all the same, or put the gate on one data set's runs."
    )


def _missing(config: GateConfig, metric: Metric | None, compared: Compared | None, group: Group | None) -> str:
    wanted = repr(one_line(config.group or "", 60))
    if compared is None:
        return f"the comparison that has the group {wanted} could not be made."
    if group is None:
        labels = [one.label for one in compared.comparison.groups]
        near = difflib.get_close_matches(config.group or "", labels, 1)
        hint = f" Did you mean {one_line(near[0], 60)!r}?" if near else ""
        return f"no run is in the group {wanted}; groups: {listed([one_line(x, 40) for x in labels]) or 'none'}.{hint}"
    label = one_line(metric.label if metric else config.metric or "", 60)
    return f"none of {plural(len(group.finished), 'finished run')} of group {wanted} has a finite {label}."


def _rule_end(config: GateConfig) -> str:
    if config.equivalent_within is not None:
        return ", by both bounds (two one-sided tests)."
    if config.of_margin:
        return ", by the lower bound (non-inferiority)."
    if config.mode == "confident":
        return f", by the {'lower' if config.at_least is not None else 'upper'} bound."
    return ". Judged on the mean alone; its uncertainty is not considered."


def _why(judged: _Judged) -> str:
    """Why it is not decided, and what would decide it."""
    outcome = judged.outcome
    if outcome.state == "INCONCLUSIVE" and outcome.low is not None:  # the bounds are printed: they lie on both sides
        return (
            ""
            if outcome.needed is None
            else f" {outcome.needed:,} {judged.unit} would decide it, if this is the true value (80 % power)."
        )
    return f" {outcome.note[0].upper()}{outcome.note[1:]}." if outcome.note else ""


def _failures(group: Group, values: GroupValues) -> str:
    bad = group.n_failed + values.n_non_finite
    if not group.n_over or bad / group.n_over <= MOST_FAILED:
        return ""
    return f" {bad:,} of {plural(group.n_over, 'run')} of {one_line(group.label, 40)} failed: this speaks only of those that did not."


# --- a group against a bound -------------------------------------------------------------------------------------------


def _against_bound(config: GateConfig, metric: Metric, compared: Compared, group: Group, values: GroupValues) -> _Judged:
    up = config.at_least is not None
    bound = config.at_least if config.at_least is not None else config.at_most
    assert bound is not None  # the config's own check
    mean = samples.mean(values.values)
    distance = mean - bound if up else bound - mean
    if config.mode == "point":
        outcome = GateOutcome("PASS" if distance >= 0 else "FAIL", "", distance, None, None, 0.0, ALPHA)
    else:
        refused, independent = _judgeable(compared, (group,), (values,))
        mean = samples.mean(independent[0].values) if independent else mean
        outcome = (
            _undecided(refused) if refused else threshold_gate(independent[0].values, bound, higher_is_better=up, alpha=ALPHA)
        )
        values = independent[0] if independent else values
    ends = None if outcome.low is None or outcome.high is None else (bound + outcome.low, bound + outcome.high)
    if ends is not None and not up:
        assert outcome.low is not None
        assert outcome.high is not None
        ends = (bound - outcome.high, bound - outcome.low)
    return _Judged(outcome, mean, bound, _mean_words(metric, group, values.n, mean, ends, bound))


def _mean_words(metric: Metric, group: Group, n: int, mean: float, ends: tuple[float, float] | None, bound: float) -> str:
    digits = _telling(metric.format, metric.digits, bound, *(ends or (mean,)))
    interval = f" (one-sided 95 % bounds {' and '.join(text_of(end, metric.format, digits) for end in ends)})" if ends else ""
    found = f"mean {one_line(metric.label, 60)} of {one_line(group.label, 40)} is {text_of(mean, metric.format, digits)}"
    return f"{found}{interval}, {plural(n, 'run')}."


# --- a group against the baseline --------------------------------------------------------------------------------------


def _against_baseline(config: GateConfig, metric: Metric, compared: Compared, group: Group, values: GroupValues) -> _Judged | str:
    """The judgement, or why there is nothing to judge."""
    base = _group(compared, compared.comparison.baseline)
    if metric.goal == "none":
        return (
            f"the direction of {one_line(metric.label, 60)} is unknown, so nothing is worse; "
            f"set metrics: {{{one_line(metric.name, 60)}: {{goal: maximize}}}} (or minimize) in the config."
        )
    if base is None:
        return "no run is in the baseline group."
    if base.label == group.label:
        return f"{one_line(group.label, 60)!r} is the baseline itself; name another group."
    baseline = _values(base, metric, compared)
    if not baseline.n:
        label = one_line(metric.label, 60)
        return f"none of {plural(len(base.finished), 'finished run')} of the baseline {one_line(base.label, 60)!r} has a finite {label}."
    if config.baseline_margin_relative is not None:
        return _relative(config.baseline_margin_relative, metric, compared, (base, group), (baseline, values))
    margin = config.baseline_margin if config.baseline_margin is not None else config.equivalent_within
    assert margin is not None  # the config's own check
    found = _absolute(margin, metric, compared, (base, group), (baseline, values))
    if config.equivalent_within is None:
        return found
    words = found.found.replace("the margin \N{MINUS SIGN}", "the margin ±")
    return replace(found, outcome=_equivalent(found.outcome, margin), threshold=margin, found=words)


def _equivalent(outcome: GateOutcome, margin: float) -> GateOutcome:
    """The two one-sided tests from the bounds of one: inside ±margin, outside of it, or neither (Schuirmann 1987)."""
    if outcome.low is None or outcome.high is None:
        return outcome
    if outcome.low > -margin and outcome.high < margin:
        return replace(outcome, state="PASS", note=outcome.note if outcome.low == outcome.high else "", needed=None)
    if outcome.low > margin or outcome.high < -margin:
        return replace(outcome, state="FAIL", note="", needed=None)
    return replace(outcome, state="INCONCLUSIVE", note=_BOTH_SIDES, needed=None)


def _absolute(
    margin: float, metric: Metric, compared: Compared, groups: tuple[Group, Group], values: tuple[GroupValues, GroupValues]
) -> _Judged:
    up, (a, b), n = metric.goal == "maximize", values, ""
    pairs = pairing_of(a, b, compared.config.pair_by, compared.by_key, compared.datasets)
    if (refused := _unlike(compared, groups, values)) or pairs is None or pairs.n < 2:
        folds, independent = _judgeable(compared, groups, values)
        refused = refused or folds
        a, b = independent if independent else values
        outcome = (
            _undecided(refused) if refused else non_inferiority(a.values, b.values, margin, higher_is_better=up, alpha=ALPHA)
        )
        delta = samples.mean(b.values) - samples.mean(a.values)
        n = f"{b.n:,} against {plural(a.n, 'run')}"
        unit = "runs per group"
    else:
        outcome = _of_pairs(pairs, margin, up)
        delta = samples.mean(samples.differences(pairs.a, pairs.b))
        n = f"{plural(pairs.n, 'pair')} by {one_line(pairs.by, 60)}"
        left = len(pairs.left_a) + len(pairs.left_b)
        n += f", {plural(left, 'run')} without a partner left out" if left else ""
        unit = "pairs"
    outcome = replace(outcome, estimate=metric.improvement(delta))
    ends = None if outcome.low is None or outcome.high is None else (outcome.low, outcome.high)
    found = _change_words(metric, groups, metric.improvement(delta), ends, margin)
    return _Judged(outcome, delta, -margin if up else margin, f"{found}, {n}.", unit)


def _of_pairs(pairs: Pairing, margin: float, up: bool) -> GateOutcome:
    """Pairs by the paired t; folds of one data set by the corrected one (Nadeau & Bengio 2003)."""
    if pairs.n_folds < 2 or pairs.n < 3:
        return paired_non_inferiority(pairs.a, pairs.b, margin, higher_is_better=up, alpha=ALPHA)
    test = corrected_paired(pairs.a, pairs.b, pairs.test_share, 1 - 2 * ALPHA)
    if test is None:  # every fold differs by the same amount: the exact difference decides
        return paired_non_inferiority(pairs.a, pairs.b, margin, higher_is_better=up, alpha=ALPHA)
    estimate, low, high = (test.value, test.low, test.high) if up else (-test.value, -test.high, -test.low)
    state, note = ("PASS", "") if low > -margin else ("FAIL", "") if high < -margin else ("INCONCLUSIVE", _BOTH_SIDES)
    return GateOutcome(state, note, estimate, low, high, -margin, ALPHA)  # type: ignore[arg-type]


_BOTH_SIDES = "the bounds lie on both sides"


def _change_words(
    metric: Metric, groups: tuple[Group, Group], improvement: float, ends: tuple[float, float] | None, margin: float
) -> str:
    scale, shown_as = (100.0, "number") if metric.format == "percent" else (1.0, metric.format)
    numbers = [number * scale for number in (-margin, improvement, *(ends or ()))]
    digits = _telling(shown_as, metric.digits, *numbers)  # type: ignore[arg-type]
    plain: Format = "change" if shown_as == "number" else metric.format
    limit, mean, *bounds = (text_of(number, plain, digits) for number in numbers)
    unit = " percentage points" if metric.format == "percent" else ""
    interval = f" (one-sided 95 % bounds {' and '.join(bounds)})" if bounds else ""
    base, group = (one_line(one.label, 40) for one in groups)
    return f"the improvement in {one_line(metric.label, 60)} from {base} to {group} is {mean}{unit}{interval}, the margin {limit}"


def _relative(
    share: float, metric: Metric, compared: Compared, groups: tuple[Group, Group], values: tuple[GroupValues, GroupValues]
) -> _Judged:
    up = metric.goal == "maximize"
    refused = _unlike(compared, groups, values)
    folds, independent = _judgeable(compared, groups, values)
    a, b = independent if independent else values
    outcome = (
        _undecided(refused or folds)
        if refused or folds
        else relative_non_inferiority(a.values, b.values, share, higher_is_better=up, alpha=ALPHA)
    )
    limit = 1 - share if up else 1 + share
    mean_a, mean_b = samples.mean(a.values), samples.mean(b.values)
    ratio = mean_b / mean_a if mean_a > 0 else None
    base, group = (one_line(one.label, 40) for one in groups)
    shown = text_of(ratio, "percent", _telling("percent", 1, limit, ratio)) if ratio is not None else "no share"
    found = (
        f"mean {one_line(metric.label, 60)} of {group} is {shown} of {base}'s ({text_of(mean_b, metric.format, metric.digits)} against "
        f"{text_of(mean_a, metric.format, metric.digits)}), {b.n:,} against {plural(a.n, 'run')}, not paired."
    )
    return _Judged(outcome, ratio, limit, found, "runs per group")


# --- what may be judged ------------------------------------------------------------------------------------------------


def _undecided(note: str) -> GateOutcome:
    return GateOutcome("INCONCLUSIVE", note, None, None, None, 0.0, ALPHA)


def _unlike(compared: Compared, groups: tuple[Group, ...], values: tuple[GroupValues, ...]) -> str:
    """Why these runs are no repeats of each other, or ""."""
    if not is_usable(value for one in values for value in one.values):
        return "values are too large to compute with"
    searches = [group for group in groups if group.n_configurations > 1] if not compared.config.replicates else []
    if not searches:
        return ""
    names = listed([f"{one_line(one.label, 40)} holds {one.n_configurations:,} configurations" for one in searches])
    return f"{names}: a search, not repeats (set compare.replicates: true to judge its mean all the same)"


def _judgeable(
    compared: Compared, groups: tuple[Group, ...], values: tuple[GroupValues, ...]
) -> tuple[str, tuple[GroupValues, ...]]:
    """(why not, independent values of each group): folds of one data set are averaged, or refused when nothing is left."""
    if refused := _unlike(compared, groups, values):
        return refused, ()
    sides = []
    for one in values:
        has_folds = len(set(folds_of(one.keys, compared.by_key).values())) > 1
        side = over_folds(one, compared.by_key) if has_folds else one
        if side is None:
            return f"the runs of {one_line(one.label, 40)} are folds of one data set, not independent runs", ()
        sides.append(side)
    return "", tuple(sides)


def _telling(format: Format, digits: int, limit: float, *numbers: float) -> int:
    """``digits``, or up to six more until no number that differs from ``limit`` is printed like it."""
    for more in range(6):
        words = text_of(limit, format, digits + more)
        if all(number == limit or text_of(number, format, digits + more) != words for number in numbers):
            return digits + more
    return digits + 6
