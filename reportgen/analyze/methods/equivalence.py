"""Is B at least not worse than A, or practically the same? Equivalence, non-inferiority and confident gates.

Role: the four-state gate. PASS and FAIL each need a bound on the right side of the margin; anything between is INCONCLUSIVE
with the number of runs that would decide it; nothing to judge is NO_DATA. Limits: a margin is always given by the caller, there
is no default. "p above 0.05, so not worse" does not exist here: it passes more easily the fewer runs there are. Sources:
Schuirmann 1987; Lakens, Scheel & Isager 2018.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from reportgen.analyze.methods.estimates import StudentEstimate, mean_of, pooled, student, welch_of
from reportgen.analyze.methods.means import confident_bounds, is_crowded, sure_bounds
from reportgen.analyze.methods.power import one_sided_power, smallest_sufficient
from reportgen.analyze.methods.samples import (
    ALPHA,
    Array,
    Moments,
    Outcome,
    Reason,
    ReasonSlug,
    Values,
    because,
    finite,
    finite_pairs,
    magnitude,
    mean,
    moments,
    sd,
    share,
)
from reportgen.model import GateState

GATE_RUNS = 3
"""Per side: two runs can agree by chance."""
TELLING_RUNS = 30
"""Of the mean of a group: fewer miss the rare bad run too often (``docs/statistics.md``)."""
POWER = 0.8


@dataclass(frozen=True, slots=True)
class Equivalence:
    """Two one-sided tests against a margin; statistics are ``None`` unless the outcome is ``estimated``."""

    outcome: Outcome
    difference: float | None
    """``mean_B − mean_A``."""
    equivalent: bool | None
    """The interval lies inside the margin. ``None`` when it cannot be said."""
    low_margin: float
    high_margin: float
    estimate: StudentEstimate | None = None
    """The difference with its interval at level 1 − 2·alpha (90 %)."""
    t_low: float | None = None
    """Against the lower margin."""
    t_high: float | None = None
    p_low: float | None = None
    p_high: float | None = None

    @property
    def p(self) -> float | None:
        """The p of the whole: the larger of the two."""
        return None if self.p_low is None or self.p_high is None else max(self.p_low, self.p_high)


@dataclass(frozen=True, slots=True)
class GateOutcome:
    """What a gate with uncertainty decides, and on what."""

    state: GateState
    reason: Reason | None
    """Why it is not plainly decided by a bound; ``None`` when it is."""
    estimate: float | None
    """What is judged, positive when good: the improvement, or how far the mean lies on the right side of the threshold."""
    low: float | None
    """One-sided lower bound of ``estimate`` at 1 − alpha."""
    high: float | None
    """One-sided upper bound."""
    limit: float
    """PASS needs ``low`` above it, FAIL needs ``high`` below it."""
    alpha: float
    needed: int | None = None
    """For INCONCLUSIVE: runs per side (or pairs) at which this estimate, if true, is decided with 80 % probability.

    ``None`` when more than 10 000, or when the estimate lies on the limit."""


def equivalence(a: Values, b: Values, margin: float, *, equal_variances: bool = False, alpha: float = ALPHA) -> Equivalence:
    """TOST of ``mean_b − mean_a`` inside ±``margin``, Welch's unless equal variances are asserted.

    ``a`` and ``b`` are flat and finite, ``margin`` > 0 in the metric's unit (else ``ValueError``). ``too few`` below 2 runs per
    side; without variation the exact difference decides and there is no p.
    """
    first, second = finite(a, "a"), finite(b, "b")
    low, high = -_margin(margin), margin
    if min(first.size, second.size) < 2:
        return Equivalence("too few", _difference(first, second), None, low, high)
    return equivalence_of(moments(first), moments(second), margin, equal_variances=equal_variances, alpha=alpha)


def equivalence_of(a: Moments, b: Moments, margin: float, *, equal_variances: bool = False, alpha: float = ALPHA) -> Equivalence:
    """``equivalence`` from n, mean and sd of each side."""
    low, level = -_margin(margin), 1 - 2 * share(alpha, "alpha")
    estimate = pooled(a, b, level) if equal_variances else welch_of(a, b, level=level)
    return _two_one_sided(estimate, low, margin, alpha)


def paired_equivalence(a: Values, b: Values, margin: float, *, alpha: float = ALPHA) -> Equivalence:
    """TOST of the mean of ``b − a`` over pairs inside ±``margin``. Rules as for ``equivalence``."""
    first, second = finite_pairs(a, b)
    differences = second - first
    if differences.size < 2:
        difference = float(differences[0]) if differences.size else None
        return Equivalence("too few", difference, None, -_margin(margin), margin)
    estimate = mean_of(differences, magnitude(first, second), 1 - 2 * share(alpha, "alpha"))
    return _two_one_sided(estimate, -_margin(margin), margin, alpha)


def non_inferiority(a: Values, b: Values, margin: float, *, higher_is_better: bool, alpha: float = ALPHA) -> GateOutcome:
    """Is B worse than A by less than ``margin``? One-sided Welch bounds of the improvement against −margin.

    ``a`` and ``b`` are flat and finite, ``margin`` > 0 in the metric's unit (else ``ValueError``). PASS: the lower bound lies
    above −margin. FAIL: the upper bound lies below. Needs 3 runs per side.
    """
    first, second = _improving(finite(a, "a"), finite(b, "b"), higher_is_better)
    return _difference_gate(first, second, 1.0, -_margin(margin), alpha, inclusive=False)


def paired_non_inferiority(a: Values, b: Values, margin: float, *, higher_is_better: bool, alpha: float = ALPHA) -> GateOutcome:
    """``non_inferiority`` on pairs of runs."""
    first, second = _improving(*finite_pairs(a, b), higher_is_better)
    return _mean_gate(second - first, -_margin(margin), alpha, magnitude(first, second), "pairs", inclusive=False)


def next_period_non_inferiority(
    periods: Values, new: float, margin: float, *, higher_is_better: bool, alpha: float = ALPHA
) -> GateOutcome:
    """``non_inferiority`` of the mean of one period against the means of earlier ones, each period being one value.

    One-sided t bounds of new − mean of the earlier ones, with s·√(1 + 1/n) of the n earlier ones, which are three or more.
    """
    earlier, now = _improving(finite(periods, "periods"), np.array([new]), higher_is_better)
    limit, change = -_margin(margin), mean(now) - mean(earlier)
    if earlier.size < GATE_RUNS:
        few = because("few-runs-for-a-gate", n=earlier.size, least=GATE_RUNS)
        return GateOutcome("INCONCLUSIVE", few, change, None, None, limit, alpha)
    spread = sd(earlier)

    def at(n: int) -> StudentEstimate:
        return student(change, spread * math.sqrt(1 + 1 / n), n - 1)

    return _decided(at(earlier.size), at, limit, alpha, inclusive=False)


def relative_non_inferiority(
    a: Values, b: Values, share_lost: float, *, higher_is_better: bool, alpha: float = ALPHA
) -> GateOutcome:
    """Does B keep at least ``1 − share_lost`` of A's mean (or, lower being better, stay within ``1 + share_lost`` of it)?

    T = (mean_B − th·mean_A) / sqrt(s_B²/n_B + th²·s_A²/n_A) with Welch's degrees of freedom, so the baseline counts as estimated,
    not as a constant. 0 < share_lost < 1 and a positive baseline mean (else ``ValueError``, and INCONCLUSIVE with the reason).
    ``estimate`` is the mean distance on the good side of the bound, so ``limit`` is 0.
    """
    share(share_lost, "share_lost")
    first, second = finite(a, "a"), finite(b, "b")
    if first.size and mean(first) <= 0:
        return GateOutcome("INCONCLUSIVE", because("baseline-not-positive"), None, None, None, 0.0, alpha)
    kept = 1 - share_lost if higher_is_better else 1 + share_lost
    return _difference_gate(*_improving(first, second, higher_is_better), kept, 0.0, alpha, inclusive=True)


def threshold_gate(
    values: Values, threshold: float, *, higher_is_better: bool, scale: tuple[float, float] | None = None, alpha: float = ALPHA
) -> GateOutcome:
    """Is the mean of a group confidently at or past ``threshold``? By ``confident_bounds``, from 3 runs on; below ``TELLING_RUNS`` that
    crowd at an end of the ``scale`` of the metric by ``sure_bounds``.

    ``values`` are flat and finite, ``threshold`` is finite (else ``ValueError``). ``estimate`` is the mean distance on the good
    side of the threshold, so ``limit`` is 0.
    """
    array = finite(values)
    if not math.isfinite(threshold):
        raise ValueError(f"the threshold must be finite, found {threshold}")
    distance = array - threshold if higher_is_better else threshold - array
    found = _mean_gate(distance, 0.0, alpha, max(magnitude(array), abs(threshold)), "runs", inclusive=True)
    if found.low is None or found.low == found.high:
        return found
    crowds = scale is not None and array.size < TELLING_RUNS and is_crowded(array, scale)
    bounds = sure_bounds(array, scale, alpha) if crowds and scale is not None else confident_bounds(array, scale, alpha)
    low, high = (bound - threshold for bound in bounds)
    ends = (low, high) if higher_is_better else (-high, -low)
    state: GateState = "PASS" if ends[0] >= 0 else "FAIL" if ends[1] < 0 else "INCONCLUSIVE"
    if state != "INCONCLUSIVE":
        reason, needed = because("bounds-of-any-distribution") if crowds else None, None
    elif crowds:
        reason, needed = because("values-crowd-at-the-end-of-the-scale", n=array.size, least=TELLING_RUNS), TELLING_RUNS
    else:
        reason, needed = because("bounds-on-both-sides"), found.needed or _one_more(found, array.size)
    return replace(found, state=state, reason=reason, low=ends[0], high=ends[1], needed=needed)


def _one_more(found: GateOutcome, n: int) -> int | None:
    """Where Student's bounds decide and the wider ones do not: at least one run more."""
    return n + 1 if found.state in ("PASS", "FAIL") else None


def _margin(margin: float) -> float:
    if not (math.isfinite(margin) and margin > 0):
        raise ValueError(f"the margin must be finite and above 0, found {margin}")
    return margin


def _difference(a: Array, b: Array) -> float | None:
    return mean(b) - mean(a) if a.size and b.size else None


def _improving(a: Array, b: Array, higher_is_better: bool) -> tuple[Array, Array]:
    """Both sides with the sign that makes larger better."""
    return (a, b) if higher_is_better else (-a, -b)


def _two_one_sided(estimate: StudentEstimate, low: float, high: float, alpha: float) -> Equivalence:
    if estimate.se == 0.0:
        return Equivalence("no variation", estimate.value, low < estimate.value < high, low, high)
    p_low, p_high = estimate.p_above(low), student(-estimate.value, estimate.se, estimate.df).p_above(-high)
    return Equivalence(
        "estimated",
        estimate.value,
        max(p_low, p_high) < alpha,
        low,
        high,
        estimate,
        estimate.t_against(low),
        estimate.t_against(high),
        p_low,
        p_high,
    )


def _difference_gate(a: Array, b: Array, weight: float, limit: float, alpha: float, *, inclusive: bool) -> GateOutcome:
    """Gate on ``mean_b − weight · mean_a``, larger being better."""
    if not (a.size and b.size):
        return GateOutcome("NO_DATA", because("empty-side", a=a.size, b=b.size), None, None, None, limit, alpha)
    if min(a.size, b.size) < GATE_RUNS:
        estimate = mean(b) - weight * mean(a)
        few = because("few-runs-per-side-for-a-gate", a=a.size, b=b.size, least=GATE_RUNS)
        return GateOutcome("INCONCLUSIVE", few, estimate, None, None, limit, alpha, GATE_RUNS)
    sides = moments(a), moments(b)

    def at(n: int) -> StudentEstimate:
        return welch_of(Moments(n, sides[0].mean, sides[0].sd), Moments(n, sides[1].mean, sides[1].sd), weight)

    return _decided(welch_of(*sides, weight), at, limit, alpha, inclusive)


def _mean_gate(
    values: Array, limit: float, alpha: float, scale: float, unit: Literal["runs", "pairs"], *, inclusive: bool
) -> GateOutcome:
    """Gate on a mean, larger being better."""
    if not values.size:
        return GateOutcome("NO_DATA", because("no-runs" if unit == "runs" else "no-pairs"), None, None, None, limit, alpha)
    if values.size < GATE_RUNS:
        few: ReasonSlug = "few-runs-for-a-gate" if unit == "runs" else "few-pairs-for-a-gate"
        short = because(few, n=values.size, least=GATE_RUNS)
        return GateOutcome("INCONCLUSIVE", short, mean(values), None, None, limit, alpha, GATE_RUNS)
    estimate = mean_of(values, scale)

    def at(n: int) -> StudentEstimate:
        return student(estimate.value, estimate.se * math.sqrt(values.size / n), n - 1)

    return _decided(estimate, at, limit, alpha, inclusive)


def _decided(
    estimate: StudentEstimate, at: Callable[[int], StudentEstimate], limit: float, alpha: float, inclusive: bool
) -> GateOutcome:
    """State of a gate from its estimate; ``at`` is the estimate with other numbers of runs, ``inclusive`` lets the limit pass."""
    if not 0 < alpha < 0.5:
        raise ValueError(f"a one-sided alpha must lie between 0 and 0.5, found {alpha}")
    one = estimate.at(1 - 2 * alpha)
    exact = None if one.se else because("exact-value-decides")
    if one.low > limit or (inclusive and one.low == limit):
        return GateOutcome("PASS", exact, one.value, one.low, one.high, limit, alpha)
    if one.high < limit:
        return GateOutcome("FAIL", exact, one.value, one.low, one.high, limit, alpha)
    needed = _runs_to_decide(at, limit, alpha)
    return GateOutcome("INCONCLUSIVE", because("bounds-on-both-sides"), one.value, one.low, one.high, limit, alpha, needed)


def _runs_to_decide(at: Callable[[int], StudentEstimate], limit: float, alpha: float) -> int | None:
    """The smallest n at which a bound clears ``limit`` with 80 % probability, were the estimate true."""

    def enough(n: int) -> bool:
        estimate = at(n)
        return one_sided_power(estimate.value - limit, estimate.se, estimate.df, alpha) >= POWER

    return None if at(2).value == limit else smallest_sufficient(enough, GATE_RUNS)
