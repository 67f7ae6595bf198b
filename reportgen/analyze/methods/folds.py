"""Scores from repeated cross-validation folds, which share most of their training data.

Role: two groups compared fold by fold on one dataset. Limits: fold scores are not independent runs; treating them so makes a type
I error of 57 % instead of 5 %. The correction assumes the same test fraction in every fold and says nothing about other datasets.
Sources: Nadeau & Bengio 2003; Corani & Benavoli 2015; Benavoli, Corani, Demšar & Zaffalon 2017.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy import special

from reportgen.analyze import statistics
from reportgen.analyze.methods.samples import LEVEL, Bounds, Outcome, Values, finite_pairs, magnitude, share, zero
from reportgen.analyze.statistics import Test


@dataclass(frozen=True, slots=True)
class CorrectedT:
    """Nadeau–Bengio corrected t test of the mean of ``b − a`` over folds."""

    outcome: Outcome
    note: str
    n: int
    difference: float
    se: float | None = None
    """s · sqrt(1/n + rho/(1−rho))."""
    df: float | None = None
    t: float | None = None
    p_two_sided: float | None = None
    bounds: Bounds | None = None


@dataclass(frozen=True, slots=True)
class CorrelatedPosterior:
    """Posterior of the mean of ``b − a``: how probable it is below, inside and above the region of practical equivalence."""

    outcome: Outcome
    note: str
    n: int
    difference: float
    below: float | None = None
    """P(difference < −rope)."""
    inside: float | None = None
    above: float | None = None
    """P(difference > rope)."""


def corrected_t(a: Values, b: Values, test_fraction: float, *, level: float = LEVEL) -> CorrectedT:
    """Corrected resampled t test of ``mean(b − a)`` over folds; the arithmetic is ``statistics.corrected_paired``.

    ``a`` and ``b`` are flat, finite and of equal length, fold by fold; ``test_fraction`` is 1/k for k-fold cross-validation
    (else ``ValueError``). ``too few`` below 2 folds.
    """
    share(level, "level")
    answer, test = _fold_test(a, b, test_fraction, level)
    if test is None:
        return CorrectedT(*answer)
    return CorrectedT(*answer, test.se, test.df, test.t, test.p, Bounds(test.low, test.high, level))


def correlated_posterior(a: Values, b: Values, test_fraction: float, rope: float) -> CorrelatedPosterior:
    """Bayesian correlated t test in closed form: a Student posterior with the corrected scale.

    Inputs as for ``corrected_t``; ``rope`` ≥ 0 is half the width of the region of practical equivalence, in the metric's unit.
    """
    if not (math.isfinite(rope) and rope >= 0):
        raise ValueError(f"the region of practical equivalence must be finite and not negative, found {rope}")
    answer, test = _fold_test(a, b, test_fraction, LEVEL)
    if test is None:
        return CorrelatedPosterior(*answer)
    below = float(special.stdtr(test.df, (-rope - test.delta) / test.se))
    above = float(special.stdtr(test.df, (test.delta - rope) / test.se))
    return CorrelatedPosterior(*answer, below, max(0.0, 1 - below - above), above)


def _fold_test(a: Values, b: Values, test_fraction: float, level: float) -> tuple[tuple[Outcome, str, int, float], Test | None]:
    """What can be said in any case, and the corrected test where there is one."""
    first, second = finite_pairs(a, b)
    share(test_fraction, "test_fraction")
    if first.size == 0:
        raise ValueError("at least one fold is needed")
    differences, n = second - first, int(first.size)
    difference = statistics.mean(differences)
    if zero(differences, magnitude(first, second)):
        return ("identical", f"identical on each of {n} folds", n, 0.0), None
    if n < 2:
        return ("too few", f"{n} fold: no spread can be estimated", n, difference), None
    test = statistics.corrected_paired(first, second, test_fraction, level)
    if test is None:
        return ("no variation", f"the same difference on each of {n} folds", n, difference), None
    return ("estimated", "", n, difference), test
