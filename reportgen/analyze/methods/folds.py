"""Scores from repeated cross-validation folds, which share most of their training data.

Role: two groups compared fold by fold on one dataset. Limits: fold scores are not independent runs; treating them so makes a type
I error of 57 % instead of 5 %. The correction assumes the same test fraction in every fold and says nothing about other datasets.
Sources: Nadeau & Bengio 2003; Corani & Benavoli 2015; Benavoli, Corani, Demšar & Zaffalon 2017.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import scipy

from reportgen.analyze.methods.estimates import StudentEstimate, student
from reportgen.analyze.methods.samples import (
    LEVEL,
    Outcome,
    Values,
    differences,
    finite_pairs,
    magnitude,
    mean,
    sd_of_differences,
    share,
    zero,
)


@dataclass(frozen=True, slots=True)
class CorrelatedPosterior:
    """Posterior of the mean of ``b − a``: how probable it is below, inside and above the region of practical equivalence."""

    outcome: Outcome
    n: int
    difference: float
    below: float | None = None
    """P(difference < −rope)."""
    inside: float | None = None
    above: float | None = None
    """P(difference > rope)."""


def corrected_paired(a: Values, b: Values, test_share: float, level: float = LEVEL) -> StudentEstimate | None:
    """The corrected resampled t test for folds of one data set: SE² = s²·(1/n + ρ/(1−ρ)), ρ the share of test data.

    Folds share training data, so that the plain paired test is far too sure. ``None`` when every difference is the same.
    Source: Nadeau & Bengio (2003), Machine Learning 52.
    """
    spread, n = sd_of_differences(a, b), len(a)
    se = spread * math.sqrt(1 / n + test_share / (1 - test_share))
    return student(mean(differences(a, b)), se, n - 1, level) if spread else None


def correlated_posterior(a: Values, b: Values, test_share: float, rope: float) -> CorrelatedPosterior:
    """Bayesian correlated t test in closed form: a Student posterior with the corrected scale.

    ``a`` and ``b`` are flat, finite and of equal length, fold by fold; ``test_share`` is 1/k for k-fold cross-validation; ``rope``
    ≥ 0 is half the width of the region of practical equivalence, in the metric's unit (else ``ValueError``). ``too few`` below 2
    folds.
    """
    if not (math.isfinite(rope) and rope >= 0):
        raise ValueError(f"the region of practical equivalence must be finite and not negative, found {rope}")
    first, second = finite_pairs(a, b)
    share(test_share, "test_share")
    if first.size == 0:
        raise ValueError("at least one fold is needed")
    changes, n = second - first, int(first.size)
    difference = mean(changes)
    if zero(changes, magnitude(first, second)):
        return CorrelatedPosterior("identical", n, 0.0)
    if n < 2:
        return CorrelatedPosterior("too few", n, difference)
    test = corrected_paired(first, second, test_share)
    if test is None:
        return CorrelatedPosterior("no variation", n, difference)
    below = float(scipy.special.stdtr(test.df, (-rope - test.value) / test.se))
    above = float(scipy.special.stdtr(test.df, (test.value - rope) / test.se))
    return CorrelatedPosterior("estimated", n, difference, below, max(0.0, 1 - below - above), above)
