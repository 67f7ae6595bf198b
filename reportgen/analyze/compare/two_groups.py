"""One difference: group B against the baseline A in one metric, as far as the number and the kind of their runs allow.

The test is fixed by the design before a value is seen: Welch's t, or the paired t when runs share a seed, or the corrected t
when the pairs are folds or splits of one data set. p is not yet adjusted for other tests.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportgen.analyze.compare.difference import (
    BestOf,
    Dependent,
    Difference,
    Margin,
    OneRun,
    Pairs,
    PartlyPaired,
    Placement,
    Power,
    Searches,
    Tested,
    TwoRuns,
    Units,
    Unmeasured,
    Untested,
    Unvarying,
    WithoutPairs,
)
from reportgen.analyze.compare.pairing import Pairing, pairing_of, partly_shared
from reportgen.analyze.compare.study import Study
from reportgen.analyze.compare.unequal_sizes import are_unequal, permutation_p
from reportgen.analyze.compare.values import GroupValues, has_folds, is_usable, over_folds
from reportgen.analyze.evaluations import units_of
from reportgen.analyze.methods import budgets, estimates, power, samples
from reportgen.analyze.methods.estimates import Estimate, StudentEstimate
from reportgen.analyze.methods.folds import corrected_paired
from reportgen.analyze.methods.means import prediction
from reportgen.analyze.methods.samples import ALPHA
from reportgen.analyze.metrics import Metric

if TYPE_CHECKING:  # the methods load the large half of SciPy: only when a test is made
    from reportgen.analyze.compare.margin import MarginVerdict

FEWEST_FOR_PLACEMENT = 4
"""Runs of a group that tell where a single one would lie."""


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked of one difference."""

    metric: Metric
    level: float
    margin: Margin | None
    robust: bool
    effects: bool
    block: str
    """The name under which randomness is drawn."""

    @property
    def higher_is_better(self) -> bool:
        return self.metric.goal == "maximize"

    @property
    def directed(self) -> bool:
        return self.metric.goal != "none"


def difference_of(
    study: Study,
    metric: Metric,
    a: GroupValues,
    b: GroupValues,
    *,
    level: float = 0.95,
    search: bool = False,
    margin: Margin | None = None,
    effects: bool = True,
) -> Difference:
    """B against A. ``level`` is that of the interval, ``search`` says that a group holds several configurations, and ``effects``
    False leaves out all but the test."""
    question = _Question(
        metric,
        level,
        None if metric.goal == "none" else margin,
        study.rules.robust,
        effects,
        f"{metric.name}|{a.label}|{b.label}",
    )
    n_a, n_b = a.n, b.n
    pairs: Pairs | PartlyPaired | None = None
    if not a.n or not b.n:
        result: Tested | Untested = Unmeasured("no_values")
    elif not is_usable((*a.values, *b.values)):
        result = Unmeasured("too_large")
    elif (units := _units(metric, a, b)) is not None:
        result = Unmeasured("units", units)
    elif search:
        result = _searches(question, a, b)
    elif (pairing := pairing_of(study, metric.name, a, b)) is not None and pairing.n >= 2:
        n_a = n_b = pairing.n
        pairs = _pairs(question, pairing)
        result = _paired(question, pairing, a, b)
    else:
        pairs = _partly(study, question, a, b) if study.rules.pair_by is None and effects else None
        sides = [over_folds(study, side) if has_folds(study, side.keys) else side for side in (a, b)]
        if sides[0] is None or sides[1] is None:
            result = Dependent("folds", _delta(a.values, b.values))
        else:
            n_a, n_b = sides[0].n, sides[1].n
            result = _unpaired(question, sides[0], sides[1])
    return Difference(metric.name, metric.goal, a.label, b.label, n_a, n_b, result, pairs, level, study.rules.alpha)


def _units(metric: Metric, a: GroupValues, b: GroupValues) -> Units | None:
    """The two units of the values, where their sizes show two."""
    values = {**a.by_key, **b.by_key}
    found = units_of(metric.name, values)
    if found is None:
        return None
    small, large, factor = found
    return Units(factor, tuple(sorted(small)), tuple(sorted(large)), (values[min(small)], values[min(large)]))


def _delta(a: Sequence[float], b: Sequence[float]) -> float:
    return samples.mean(b) - samples.mean(a)


def _searches(question: _Question, a: GroupValues, b: GroupValues) -> Searches:
    """Sweeps are not samples of equals: their expected best at equal effort, and no test."""
    best = None
    if question.directed:
        k, up = min(a.n, b.n), question.higher_is_better
        best = BestOf(k, budgets.expected_best_of(a.values, k, maximize=up), budgets.expected_best_of(b.values, k, maximize=up))
    return Searches(_delta(a.values, b.values), best)


# --- pairs -----------------------------------------------------------------------------------------------------------


def _pairs(question: _Question, pairing: Pairing) -> Pairs:
    a, b, sign = pairing.a, pairing.b, -1 if question.metric.goal == "minimize" else 1
    won = int((sign * samples.differences(a, b) > 0).sum()) if question.directed else None
    return Pairs(pairing, samples.correlation(a, b) if pairing.n >= 3 else None, won)


def _paired(question: _Question, pairing: Pairing, a: GroupValues, b: GroupValues) -> Tested | Untested:
    differences = samples.differences(pairing.a, pairing.b)
    if not differences.any():
        return Unvarying("identical", 0.0)
    delta, share = samples.mean(differences), pairing.test_share
    test = (
        estimates.paired(pairing.a, pairing.b, question.level)
        if share is None
        else corrected_paired(pairing.a, pairing.b, share, question.level)
    )
    if test is None:
        return Unvarying("same_difference", delta)
    if pairing.n < 3:
        return TwoRuns("paired" if share is None else "corrected", delta, test.low, test.high, None)
    if share is not None:
        return _corrected(question, pairing, share, test, delta)
    return _paired_test(question, pairing, test, delta, _without_pairs(question, a, b))


def _corrected(question: _Question, pairing: Pairing, share: float, test: StudentEstimate, delta: float) -> Tested:
    margin, verdict, effects = question.margin, None, None
    if question.effects:
        from reportgen.analyze.compare.effects import fold_effects
        from reportgen.analyze.compare.margin import fold_margin_verdict

        a, b, up = pairing.a, pairing.b, question.higher_is_better
        effects = fold_effects(a, b, share, margin.size if margin else None)
        verdict = fold_margin_verdict(a, b, margin, share, higher_is_better=up) if margin else None
    found = Power(_detectable(test))  # more folds or splits of one data set find hardly more
    return Tested("corrected", test, delta, test.low, test.high, found, effects=effects, margin=verdict)


def _paired_test(
    question: _Question, pairing: Pairing, test: StudentEstimate, delta: float, without_pairs: WithoutPairs | None
) -> Tested:
    a, b, verdict, effects = pairing.a, pairing.b, None, None
    if question.effects:
        from reportgen.analyze.compare.effects import paired_effects

        effects = paired_effects(a, b, test, question.block, robust=question.robust)
        verdict = _margin_verdict(question, question.margin, a, b, paired=True)
    spread = test.se * pairing.n**0.5
    power = _power(question, test, delta, spread, spread, paired=True)
    return Tested(
        "paired",
        test,
        delta,
        test.low,
        test.high,
        power,
        _paired_lift(a, b, question.level),
        effects=effects,
        margin=verdict,
        without_pairs=without_pairs,
    )


def _without_pairs(question: _Question, a: GroupValues, b: GroupValues) -> WithoutPairs | None:
    if not question.effects or min(a.n, b.n) < 3:
        return None
    test = estimates.welch(a.values, b.values, question.level)
    return WithoutPairs(a.n, b.n, test) if test else None


def _partly(study: Study, question: _Question, a: GroupValues, b: GroupValues) -> PartlyPaired | None:
    found = partly_shared(study, a, b)
    if found is None:
        return None
    test = estimates.paired(found.a, found.b, question.level) if found.n > 2 and not found.n_folds else None
    delta = samples.mean(samples.differences(found.a, found.b))
    return PartlyPaired(found, delta, test.low if test else None, test.high if test else None)


# --- independent groups ----------------------------------------------------------------------------------------------


def _unpaired(question: _Question, a: GroupValues, b: GroupValues) -> Tested | Untested:
    delta = _delta(a.values, b.values)
    if min(a.n, b.n) == 1:
        return _one_run(question.metric, a, b, delta)
    test = estimates.welch(a.values, b.values, question.level)
    if test is None:
        return Unvarying("no_variation", delta)
    lift = relative_lift(a, b, question.level)
    if min(a.n, b.n) == 2:
        return TwoRuns("welch", delta, test.low, test.high, lift)
    assert a.sd is not None
    assert b.sd is not None
    effects = verdict = None
    if question.effects:
        from reportgen.analyze.compare.effects import unpaired_effects

        effects = unpaired_effects(a.values, b.values, test, question.block, robust=question.robust)
        verdict = _margin_verdict(question, question.margin, a.values, b.values, paired=False)
    found = _power(question, test, delta, a.sd, b.sd, paired=False)
    sizes = permutation_p(a.values, b.values, question.block) if are_unequal(a.n, b.n) and test.p <= ALPHA else None
    return Tested("welch", test, delta, test.low, test.high, found, lift, effects=effects, margin=verdict, p_check=sizes)


def _one_run(metric: Metric, a: GroupValues, b: GroupValues, delta: float) -> OneRun:
    """One run on a side: no test; against four or more its place in the other group's prediction interval."""
    many, single = (b, a) if a.n == 1 else (a, b)
    expected = prediction(many.values, single.values, metric.bounds) if many.n >= FEWEST_FOR_PLACEMENT else None
    if expected is None:
        return OneRun(delta, None)
    return OneRun(delta, Placement(expected.low, expected.high, expected.low <= single.values[0] <= expected.high))


def _margin_verdict(
    question: _Question, margin: Margin | None, a: Sequence[float], b: Sequence[float], *, paired: bool
) -> MarginVerdict | None:
    from reportgen.analyze.compare.margin import margin_verdict

    if margin is None:
        return None
    return margin_verdict(a, b, margin, higher_is_better=question.higher_is_better, paired=paired, block=question.block)


# --- what these runs could have found --------------------------------------------------------------------------------


def _detectable(test: StudentEstimate) -> float:
    return power.minimum_detectable_difference(test.se, test.df, 1 - test.level)


def _power(question: _Question, test: StudentEstimate, delta: float, sd_a: float, sd_b: float, *, paired: bool) -> Power:
    alpha, detectable = 1 - test.level, _detectable(test)

    def needed(effect: float, level: float = alpha) -> int | None:
        return power.runs_needed(abs(effect), sd_a, sd_b, level, paired=paired)

    past = None
    if question.margin is not None:
        past = needed(question.metric.improvement(delta) - question.margin.size, 2 * alpha)
    return Power(detectable, needed(test.value), needed(detectable / 2), past)


def relative_lift(a: GroupValues, b: GroupValues, level: float) -> Estimate | None:
    """The relative difference; None when the baseline's mean is near zero against its own error, or signs differ."""
    if a.mean is None or b.mean is None or a.sd is None or b.sd is None or a.mean <= 0 or b.mean <= 0:
        return None
    if abs(a.mean) < 3 * a.sd / a.n**0.5:
        return None
    return estimates.relative_lift(a.values, b.values, level)


def _paired_lift(a: Sequence[float], b: Sequence[float], level: float) -> Estimate | None:
    """The relative difference from paired log ratios; all values must be positive and the baseline away from zero."""
    if min(*a, *b) <= 0 or samples.mean(a) < 3 * samples.sd(a) / len(a) ** 0.5:
        return None
    return estimates.paired_lift(a, b, level)
