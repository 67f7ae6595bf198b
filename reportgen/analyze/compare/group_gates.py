"""Does a group of runs hold its bound, and is it not worse than the baseline: gates of four states.

PASS and FAIL each need a confidence bound on their side of the limit; between them a gate is INCONCLUSIVE and says
how many runs would decide it; without values it is NO_DATA. There is no gate on "p > 0.05": it passes more easily
the fewer runs there are. Groups and pairs are those of the comparison, so the gate and the verdict speak of the same
runs; a group that is a search (several configurations) is never judged as if its runs were repeats.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from reportgen.analyze.compare.comparison import Comparison
from reportgen.analyze.compare.difference import Margin
from reportgen.analyze.compare.groups import Group
from reportgen.analyze.compare.likeness import MOST_FAILED
from reportgen.analyze.compare.margin import margin_verdict
from reportgen.analyze.compare.pairing import Pairing, pairing_of
from reportgen.analyze.compare.study import Study
from reportgen.analyze.compare.unequal_sizes import are_unequal, holds_beyond
from reportgen.analyze.compare.values import GroupValues, group_values, has_folds, is_usable, over_folds
from reportgen.analyze.evaluations import identities, units_of
from reportgen.analyze.gate_answers import GateAnswer, GateReason
from reportgen.analyze.methods import samples
from reportgen.analyze.methods.equivalence import (
    TELLING_RUNS,
    GateOutcome,
    non_inferiority,
    paired_non_inferiority,
    relative_non_inferiority,
    threshold_gate,
)
from reportgen.analyze.methods.folds import corrected_paired
from reportgen.analyze.methods.proportions import exact_bounds
from reportgen.analyze.methods.samples import ALPHA, Reason
from reportgen.analyze.metrics import Metric
from reportgen.config import GateConfig
from reportgen.model import GateState


@dataclass(frozen=True, slots=True)
class Compared:
    """The comparison that gates on groups ask."""

    study: Study
    comparison: Comparison


# --- why there is nothing to judge -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MissingGroup(GateReason):
    """No run is in the gate's group."""

    labels: tuple[str, ...] | None
    """The groups there are; None when the comparison could not be made."""
    near: str
    """What may have been meant; empty when nothing is near."""


@dataclass(frozen=True, slots=True)
class NoValueInGroup(GateReason):
    """No finished run of a group has a finite value of the metric."""

    label: str
    n_finished: int
    is_baseline: bool


@dataclass(frozen=True, slots=True)
class JudgedOverTasks(GateReason):
    """The comparison is judged over tasks: a mean over all runs changes with which of the data sets has more of them."""


@dataclass(frozen=True, slots=True)
class NoDirectionForGroup(GateReason):
    """The metric's direction is not known, so no group is worse than the baseline."""


@dataclass(frozen=True, slots=True)
class NoBaseline(GateReason):
    """No run is in the baseline group."""


@dataclass(frozen=True, slots=True)
class IsBaseline(GateReason):
    """The gate's group is the baseline itself."""


# --- what was measured -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TooLarge:
    """Values are too large to compute with."""


@dataclass(frozen=True, slots=True)
class AreSearches:
    """Groups that hold several configurations: no repeats."""

    groups: tuple[tuple[str, int], ...]
    """(group, its configurations)."""


@dataclass(frozen=True, slots=True)
class AreFolds:
    """The runs of a group are folds of one data set, not independent runs."""

    label: str


@dataclass(frozen=True, slots=True)
class TooFewRuns:
    """Fewer runs with a value than the gate asks for."""

    n: int
    wanted: int


@dataclass(frozen=True, slots=True)
class OnDifferentData:
    """The values were measured on several data sets."""

    data: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InTwoUnits:
    """The values are in two units."""

    factor: int
    n_small: int
    n_large: int


@dataclass(frozen=True, slots=True)
class UnequalSizes:
    """The groups are of unequal sizes, and the permutation test does not agree with the bounds."""

    n_a: int
    n_b: int


Refusal = TooLarge | AreSearches | AreFolds | TooFewRuns | OnDifferentData | InTwoUnits | UnequalSizes
"""Why runs are not judged although they have values."""


@dataclass(frozen=True, slots=True)
class Failures:
    """So many runs of the group failed that the answer speaks only of those that did not."""

    bad: int
    n: int


@dataclass(frozen=True, slots=True)
class Basis:
    """What stands behind an answer."""

    refusal: Refusal | None
    reason: Reason | None
    """The method's own reason, where no bound decides."""
    has_bounds: bool
    needed: int | None
    """How many ``unit`` would decide it, were this the true value."""
    unit: Literal["runs", "runs_per_group", "pairs"]
    failures: Failures | None = None


@dataclass(frozen=True, slots=True)
class MeanOfGroup(GateReason):
    """A group's mean against a bound."""

    basis: Basis
    n: int
    mean: float
    bounds: tuple[float, float] | None
    """One-sided 95 % bounds of the mean."""
    unseen: float | None = None
    """The largest share of runs that may well be of a kind that none of these shows, and that the bounds do not know; None of many runs,
    where the bounds hold whatever the values, and without bounds."""


@dataclass(frozen=True, slots=True)
class ChangeOfGroup(GateReason):
    """The improvement from the baseline to a group against a margin in the metric's unit."""

    basis: Basis
    baseline: str
    improvement: float
    bounds: tuple[float, float] | None
    """One-sided 95 % bounds of the improvement."""
    margin: float
    two_sided: bool
    """Whether the improvement must lie inside ±margin, not only above −margin."""
    n_a: int
    n_b: int
    pairs: Pairing | None
    """The pairs that were judged; None where the runs were not."""


@dataclass(frozen=True, slots=True)
class RatioOfGroup(GateReason):
    """A group's mean as a share of the baseline's."""

    basis: Basis
    baseline: str
    ratio: float | None
    """None for a baseline that is not positive."""
    limit: float
    mean_a: float
    mean_b: float
    n_a: int
    n_b: int


Judged = MeanOfGroup | ChangeOfGroup | RatioOfGroup


# --- the answer --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Judgement:
    """A state with what it follows from."""

    state: GateState
    reason: Judged
    value: float | None
    threshold: float | None


def group_gate(config: GateConfig, metric: Metric | None, compared: Compared | None) -> GateAnswer:
    """The answer of a gate on ``config.group``."""
    bound = config.at_least if config.at_least is not None else config.at_most
    group = _group(compared, config.group)
    if compared is None or group is None:
        return GateAnswer(config, metric, "NO_DATA", _missing(config, compared), None, bound)
    if metric is None or not (values := group_values(compared.study, group, metric)).n:
        empty = NoValueInGroup(group.label, len(group.finished), is_baseline=False)
        return GateAnswer(config, metric, "NO_DATA", empty, None, bound)
    if compared.comparison.is_over_tasks:
        return GateAnswer(config, metric, "NO_DATA", JudgedOverTasks(), None, None if config.of_margin else bound)
    judged = (_against_baseline if config.of_margin else _against_bound)(config, metric, compared, group, values)
    if not isinstance(judged, _Judgement):
        return GateAnswer(config, metric, "NO_DATA", judged, None, None)
    state, basis = judged.state, replace(judged.reason.basis, failures=_failures(group, values))
    if config.min_runs is not None and values.n < config.min_runs:
        few = TooFewRuns(values.n, config.min_runs)
        state, basis = "INCONCLUSIVE", replace(basis, refusal=few, reason=None, has_bounds=False, needed=None)
    return GateAnswer(config, metric, state, replace(judged.reason, basis=basis), judged.value, judged.threshold)


def _group(compared: Compared | None, label: str | None) -> Group | None:
    return next((group for group in compared.comparison.groups if group.label == label), None) if compared else None


def _missing(config: GateConfig, compared: Compared | None) -> MissingGroup:
    if compared is None:
        return MissingGroup(None, "")
    labels = tuple(group.label for group in compared.comparison.groups)
    return MissingGroup(labels, next(iter(difflib.get_close_matches(config.group or "", labels, 1)), ""))


def _failures(group: Group, values: GroupValues) -> Failures | None:
    bad = group.n_failed + values.n_non_finite
    return Failures(bad, group.n_over) if group.n_over and bad / group.n_over > MOST_FAILED else None


def _basis(outcome: GateOutcome, refusal: Refusal | None, unit: Literal["runs", "runs_per_group", "pairs"]) -> Basis:
    return Basis(refusal, outcome.reason, outcome.low is not None, outcome.needed, unit)


def _bounds(outcome: GateOutcome) -> tuple[float, float] | None:
    return None if outcome.low is None or outcome.high is None else (outcome.low, outcome.high)


_UNDECIDED = GateOutcome("INCONCLUSIVE", None, None, None, None, 0.0, ALPHA)


# --- a group against a bound -------------------------------------------------------------------------------------------


def _against_bound(config: GateConfig, metric: Metric, compared: Compared, group: Group, values: GroupValues) -> _Judgement:
    up = config.at_least is not None
    bound = config.at_least if config.at_least is not None else config.at_most
    assert bound is not None  # the config's own check
    refusal = _unlike_values(compared, metric, (values,))
    if refusal is not None:
        outcome = _UNDECIDED
    elif config.mode == "point":
        distance = samples.mean(values.values) - bound
        holds = distance >= 0 if up else distance <= 0
        outcome = GateOutcome("PASS" if holds else "FAIL", None, distance, None, None, 0.0, ALPHA)
    else:
        independent = _judgeable(compared, metric, (group,), (values,))
        if isinstance(independent, tuple):
            (values,) = independent
            outcome = threshold_gate(values.values, bound, higher_is_better=up, scale=metric.bounds, alpha=ALPHA)
        else:
            refusal, outcome = independent, _UNDECIDED
    mean, ends = samples.mean(values.values), _bounds(outcome)
    if ends is not None:
        ends = (bound + ends[0], bound + ends[1]) if up else (bound - ends[1], bound - ends[0])
    reason = MeanOfGroup(_basis(outcome, refusal, "runs"), values.n, mean, ends, _unseen(outcome, values.n))
    return _Judgement(outcome.state, reason, mean, bound)


def _unseen(outcome: GateOutcome, n: int) -> float | None:
    """By the rule of three: a kind of run that none of ``n`` is of."""
    holds_anyway = outcome.reason is not None and outcome.reason.slug == "bounds-of-any-distribution"
    return None if outcome.low is None or holds_anyway or n >= TELLING_RUNS else exact_bounds(0, n, ALPHA).high


# --- a group against the baseline --------------------------------------------------------------------------------------


def _against_baseline(
    config: GateConfig, metric: Metric, compared: Compared, group: Group, values: GroupValues
) -> _Judgement | GateReason:
    """The judgement, or why there is nothing to judge."""
    base = _group(compared, compared.comparison.baseline)
    if metric.goal == "none":
        return NoDirectionForGroup()
    if base is None:
        return NoBaseline()
    if base.label == group.label:
        return IsBaseline()
    baseline = group_values(compared.study, base, metric)
    if not baseline.n:
        return NoValueInGroup(base.label, len(base.finished), is_baseline=True)
    if config.baseline_margin_relative is not None:
        return _relative(config.baseline_margin_relative, metric, compared, (base, group), (baseline, values))
    margin = config.baseline_margin if config.baseline_margin is not None else config.equivalent_within
    assert margin is not None  # the config's own check
    two_sided = config.equivalent_within is not None
    return _absolute(margin, metric, compared, (base, group), (baseline, values), two_sided=two_sided)


def _absolute(
    margin: float,
    metric: Metric,
    compared: Compared,
    groups: tuple[Group, Group],
    values: tuple[GroupValues, GroupValues],
    *,
    two_sided: bool,
) -> _Judgement:
    up, (a, b) = metric.goal == "maximize", values
    pairs, refusal = pairing_of(compared.study, metric.name, a, b), _unlike(compared, metric, groups, values)
    if refusal is None and pairs is not None and pairs.n >= 2:
        outcome, delta = _of_pairs(pairs, margin, up), samples.mean(samples.differences(pairs.a, pairs.b))
    else:
        pairs = None
        independent = refusal or _judgeable(compared, metric, groups, values)
        if isinstance(independent, tuple):
            a, b = independent
            outcome = non_inferiority(a.values, b.values, margin, higher_is_better=up, alpha=ALPHA)
            block, size = f"{metric.name}|{a.label}|{b.label}", Margin(margin, ALPHA)
            if margin_verdict(a.values, b.values, size, higher_is_better=up, paired=False, block=block).is_doubted:
                refusal, outcome = UnequalSizes(a.n, b.n), _UNDECIDED
        else:
            refusal, outcome = independent, _UNDECIDED
        delta = samples.mean(b.values) - samples.mean(a.values)
    improvement, ends = metric.improvement(delta), _bounds(outcome)
    if two_sided:
        outcome = _equivalent(outcome, margin)
    basis = _basis(outcome, refusal, "pairs" if pairs else "runs_per_group")
    reason = ChangeOfGroup(basis, groups[0].label, improvement, ends, margin, two_sided, a.n, b.n, pairs)
    return _Judgement(outcome.state, reason, delta, margin if two_sided or not up else -margin)


def _equivalent(outcome: GateOutcome, margin: float) -> GateOutcome:
    """The two one-sided tests from the bounds of one: inside ±margin, outside of it, or neither (Schuirmann 1987)."""
    if outcome.low is None or outcome.high is None:
        return outcome
    if outcome.low > -margin and outcome.high < margin:
        return replace(outcome, state="PASS", reason=outcome.reason if outcome.low == outcome.high else None, needed=None)
    if outcome.low > margin or outcome.high < -margin:
        return replace(outcome, state="FAIL", reason=None, needed=None)
    return replace(outcome, state="INCONCLUSIVE", reason=None, needed=None)


def _of_pairs(pairs: Pairing, margin: float, up: bool) -> GateOutcome:
    """Pairs by the paired t; folds and splits of one data set by the corrected one (Nadeau & Bengio 2003)."""
    if pairs.test_share is None or pairs.n < 3:
        return paired_non_inferiority(pairs.a, pairs.b, margin, higher_is_better=up, alpha=ALPHA)
    test = corrected_paired(pairs.a, pairs.b, pairs.test_share, 1 - 2 * ALPHA)
    if test is None:  # every fold differs by the same amount: the exact difference decides
        return paired_non_inferiority(pairs.a, pairs.b, margin, higher_is_better=up, alpha=ALPHA)
    estimate, low, high = (test.value, test.low, test.high) if up else (-test.value, -test.high, -test.low)
    state: GateState = "PASS" if low > -margin else "FAIL" if high < -margin else "INCONCLUSIVE"
    return GateOutcome(state, None, estimate, low, high, -margin, ALPHA)


def _relative(
    share: float, metric: Metric, compared: Compared, groups: tuple[Group, Group], values: tuple[GroupValues, GroupValues]
) -> _Judgement:
    up, (a, b), refusal = metric.goal == "maximize", values, None
    independent = _judgeable(compared, metric, groups, values)
    if isinstance(independent, tuple):
        a, b = independent
        outcome = relative_non_inferiority(a.values, b.values, share, higher_is_better=up, alpha=ALPHA)
    else:
        refusal, outcome = independent, _UNDECIDED
    limit = 1 - share if up else 1 + share
    if outcome.state in ("PASS", "FAIL") and are_unequal(a.n, b.n):
        scaled, above = [limit * value for value in a.values], up == (outcome.state == "PASS")
        block = f"{metric.name}|{a.label}|{b.label}"
        if not holds_beyond(scaled, b.values, 0.0, above=above, alpha=ALPHA, block=block):
            refusal, outcome = UnequalSizes(a.n, b.n), _UNDECIDED
    mean_a, mean_b = samples.mean(a.values), samples.mean(b.values)
    ratio = mean_b / mean_a if mean_a > 0 else None
    basis = _basis(outcome, refusal, "runs_per_group")
    return _Judgement(outcome.state, RatioOfGroup(basis, groups[0].label, ratio, limit, mean_a, mean_b, a.n, b.n), ratio, limit)


# --- what may be judged ------------------------------------------------------------------------------------------------


def _unlike_values(compared: Compared, metric: Metric, values: Sequence[GroupValues]) -> Refusal | None:
    """Why these values are of no single evaluation; runs that recorded no data set say nothing."""
    by_key = {key: value for side in values for key, value in side.by_key.items()}
    if (units := units_of(metric.name, by_key)) is not None:
        return InTwoUnits(units[2], len(units[0]), len(units[1]))
    recorded = [labels for key in by_key if (labels := compared.study.problem_of(metric.name, key))]
    data = {identities(labels): " + ".join(labels) for labels in sorted(recorded)}
    return OnDifferentData(tuple(sorted(data.values()))) if len(data) > 1 else None


def _unlike(compared: Compared, metric: Metric, groups: Sequence[Group], values: Sequence[GroupValues]) -> Refusal | None:
    """Why these runs are no repeats of each other."""
    if not is_usable(value for side in values for value in side.values):
        return TooLarge()
    if (refusal := _unlike_values(compared, metric, values)) is not None:
        return refusal
    searches = tuple((group.label, group.n_configurations) for group in groups if compared.study.is_search(group))
    return AreSearches(searches) if searches else None


def _judgeable(
    compared: Compared, metric: Metric, groups: Sequence[Group], values: Sequence[GroupValues]
) -> tuple[GroupValues, ...] | Refusal:
    """Independent values of each group, or why not: folds of one data set are averaged, or refused when nothing is left."""
    refusal = _unlike(compared, metric, groups, values)
    if refusal is not None:
        return refusal
    sides: list[GroupValues] = []
    for values_of_group in values:
        side = over_folds(compared.study, values_of_group) if has_folds(compared.study, values_of_group.keys) else values_of_group
        if side is None:
            return AreFolds(values_of_group.label)
        sides.append(side)
    return tuple(sides)
