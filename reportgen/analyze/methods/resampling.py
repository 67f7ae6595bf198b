"""Answers by rearranging or redrawing the runs themselves: permutation tests and the bootstrap.

Role: the sensitivity line beside a t interval, and intervals for statistics without a closed form. Limits: never the headline
for a difference of means, because at 5 runs per side a bootstrap interval covers 80–88 % where Welch covers 95 %.
Every draw comes from a generator of the caller (see ``randomness``), so the same report has the same bytes.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy

from reportgen.analyze.methods.estimates import Estimate
from reportgen.analyze.methods.samples import (
    ALPHA,
    LEVEL,
    ROUNDING,
    Array,
    Outcome,
    Reason,
    Values,
    because,
    constant,
    finite,
    finite_pairs,
    magnitude,
    mean,
    share,
    usable,
    zero,
)

EXACT_ARRANGEMENTS = 20_000
"""All arrangements of two groups are counted up to this many; above, 9 999 are drawn."""
EXACT_PAIRS = 15
"""All sign flips are counted up to this many pairs (2^15 = 32 768)."""
PERMUTATION_DRAWS = 9_999
BOOTSTRAP_DRAWS = 10_000
BOOTSTRAP_RUNS = 20
"""Below this many runs no bootstrap interval is given: it covers too little."""
PROBABILITY_RUNS = 10
"""Per side, for the interval of P(B > A)."""
_CELLS = 2_000_000
"""Numbers held at once while drawing (16 MB). Part of the definition: another size would draw in another order."""

Statistic = Callable[[tuple[Array, ...]], Array]
"""Redrawn strata, each of shape (draws, n_stratum, …), to one number per draw, shape (draws,)."""


@dataclass(frozen=True, slots=True)
class PermutationTest:
    """A permutation test of a difference of means; p-values are ``None`` unless the outcome is ``estimated``."""

    outcome: Outcome
    reason: Reason | None
    difference: float
    """``mean_b − mean_a``, or the mean of the paired differences."""
    smallest_p: float
    """The smallest two-sided p that any data of this size can reach."""
    exact: bool
    """True when every arrangement was counted."""
    arrangements: int
    """How many arrangements were counted or drawn."""
    p_two_sided: float | None = None
    """Share of arrangements with an absolute difference at least as large."""
    p_greater: float | None = None
    """Share of arrangements with a difference at least as large."""
    p_less: float | None = None


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """A statistic with its bootstrap standard error and, where there are enough runs, an interval."""

    outcome: Outcome
    reason: Reason | None
    estimate: float
    standard_error: float
    interval: Estimate | None
    draws: int


def permutation_test(a: Values, b: Values, rng: np.random.Generator, *, alpha: float = ALPHA) -> PermutationTest:
    """Permutation test of ``mean_b − mean_a`` over the labels of independent runs.

    ``a`` and ``b`` are flat and finite (else ``ValueError``); their order does not matter. All C(m+n, n) arrangements are
    counted when there are at most 20 000, else 9 999 are drawn and p = (b+1)/(B+1), which is never 0. ``too few`` when not
    even the most extreme arrangement could reach ``alpha``; the smallest p is given instead. Source: Efron & Tibshirani 1993,
    ch. 15; Phipson & Smyth 2010 for the +1.
    """
    first, second = np.sort(finite(a, "a")), np.sort(finite(b, "b"))
    if not (first.size and second.size):
        raise ValueError("each side needs at least one run")
    arrangements = math.comb(first.size + second.size, second.size)
    exact = arrangements <= EXACT_ARRANGEMENTS
    count = arrangements if exact else PERMUTATION_DRAWS
    # Swapping the labels mirrors the difference only where the sides are equally large, so only there the smallest p is twice.
    smallest = (2 if first.size == second.size else 1) / arrangements if exact else 1 / (PERMUTATION_DRAWS + 1)
    difference = mean(second) - mean(first)
    pooled = np.concatenate([first, second])
    refusal = _too_few(smallest, alpha) or _no_variation(pooled)
    if refusal:
        return PermutationTest(*refusal, difference, smallest, exact, count)
    values = pooled - pooled.mean()
    sums = _arranged_sums(values, second.size) if exact else _drawn_sums(values, second.size, rng)
    # The centred values sum to 0, so mean_b − mean_a grows with the sum of b alone.
    observed = float(values[first.size :].sum())
    return _permutation_answer(difference, observed, sums, smallest, exact, ROUNDING * values.size * magnitude(pooled))


def sign_flip_test(a: Values, b: Values, rng: np.random.Generator, *, alpha: float = ALPHA) -> PermutationTest:
    """Permutation test of the mean of ``b − a`` over paired runs: each pair may swap its labels.

    ``a`` and ``b`` are flat, finite and of equal length (else ``ValueError``). Exact up to 15 pairs, else 9 999 draws with
    p = (b+1)/(B+1). ``identical`` when every difference is 0. Source: Fisher 1935; Efron & Tibshirani 1993, ch. 15.
    """
    first, second = finite_pairs(a, b)
    if first.size == 0:
        raise ValueError("at least one pair is needed")
    differences = np.sort(second - first)
    exact = differences.size <= EXACT_PAIRS
    count = 2**differences.size if exact else PERMUTATION_DRAWS
    smallest = 2 / count if exact else 1 / (PERMUTATION_DRAWS + 1)
    scale = magnitude(first, second)
    refusal = _identical(differences, scale) or _too_few(smallest, alpha)
    if refusal:
        return PermutationTest(*refusal, float(differences.mean()), smallest, exact, count)
    sums = _flipped_sums(differences) if exact else _drawn_flips(differences, rng)
    tolerance = ROUNDING * differences.size * scale
    return _permutation_answer(float(differences.mean()), float(differences.sum()), sums, smallest, exact, tolerance)


def stratified_bootstrap(
    strata: Sequence[Values] | Sequence[npt.NDArray[np.float64]],
    statistic: Statistic,
    rng: np.random.Generator,
    *,
    draws: int = BOOTSTRAP_DRAWS,
    level: float = LEVEL,
    at_least: int = BOOTSTRAP_RUNS,
    at_least_each: int = 2,
) -> Bootstrap:
    """Redraw runs with replacement inside each stratum; standard error and percentile interval of any statistic.

    ``strata`` are arrays whose first axis counts runs, finite (else ``ValueError``). The interval is ``None`` and the outcome
    ``too few`` below ``at_least`` runs in all or ``at_least_each`` in a stratum. A statistic that does not vary under
    redrawing gives ``no variation``; one that is not finite on some redraw gives ``refused``. Use it only for statistics
    without a closed form. Sources: Efron & Tibshirani 1993, ch. 6, 13 and 14; Davison & Hinkley 1997 for strata.
    """
    arrays = tuple(_stratum(values) for values in strata)
    share(level, "level")
    estimate = float(statistic(tuple(array[np.newaxis] for array in arrays))[0])
    redrawn = np.concatenate([statistic(part) for part in _redrawn(arrays, draws, rng)])
    if not (math.isfinite(estimate) and np.isfinite(redrawn).all()):
        unusable = int((~np.isfinite(redrawn)).sum())
        return Bootstrap("refused", because("undefined-redraws", n=unusable, draws=draws), estimate, 0.0, None, draws)
    error = 0.0 if constant(redrawn) else float(redrawn.std(ddof=1))
    total, least = sum(len(array) for array in arrays), min(len(array) for array in arrays)
    if total < at_least or least < at_least_each:
        few = because("few-runs-in-strata", n=total, smallest=least, least=at_least, least_each=at_least_each)
        return Bootstrap("too few", few, estimate, error, None, draws)
    if error == 0.0:
        return Bootstrap("no variation", because("same-redraws"), estimate, 0.0, None, draws)
    low, high = np.quantile(redrawn, [(1 - level) / 2, (1 + level) / 2])
    return Bootstrap("estimated", None, estimate, error, Estimate(estimate, float(low), float(high), level), draws)


def probability_interval(
    a: Values, b: Values, rng: np.random.Generator, *, draws: int = BOOTSTRAP_DRAWS, level: float = LEVEL
) -> Bootstrap:
    """P(B > A), ties counted half, with its stratified percentile interval from 10 runs per side on.

    Below that the point estimate stands alone (``too few``). Source: Agarwal et al. 2021.
    """
    return stratified_bootstrap(
        (finite(a, "a"), finite(b, "b")),
        wins,
        rng,
        draws=draws,
        level=level,
        at_least=2 * PROBABILITY_RUNS,
        at_least_each=PROBABILITY_RUNS,
    )


def wins(strata: tuple[Array, ...]) -> Array:
    """Share of pairs with b > a, ties half, for strata (a, b) of shapes (draws, n_a) and (draws, n_b)."""
    a, b = strata
    ranks = scipy.stats.rankdata(np.concatenate([a, b], axis=1), axis=1)
    above = ranks[:, a.shape[1] :].sum(axis=1) - b.shape[1] * (b.shape[1] + 1) / 2
    return np.asarray(above / (a.shape[1] * b.shape[1]))


def _too_few(smallest: float, alpha: float) -> tuple[Outcome, Reason] | None:
    share(alpha, "alpha")
    if smallest <= alpha:
        return None
    return "too few", because("smallest-p", p=smallest, alpha=alpha)


def _no_variation(values: Array) -> tuple[Outcome, Reason] | None:
    return ("no variation", because("all-alike", n=values.size)) if constant(values) else None


def _identical(differences: Array, scale: float) -> tuple[Outcome, Reason] | None:
    return ("identical", because("identical-pairs", n=differences.size)) if zero(differences, scale) else None


def _permutation_answer(
    difference: float, observed: float, sums: Array, smallest: float, exact: bool, tolerance: float
) -> PermutationTest:
    """Count the arrangements as extreme as ``observed``; sums that differ by rounding only are ties."""
    extra = 0 if exact else 1

    def p(hits: npt.NDArray[np.bool_]) -> float:
        return (int(hits.sum()) + extra) / (sums.size + extra)

    return PermutationTest(
        "estimated",
        None,
        difference,
        smallest,
        exact,
        int(sums.size),
        p_two_sided=p(np.abs(sums) >= abs(observed) - tolerance),
        p_greater=p(sums >= observed - tolerance),
        p_less=p(sums <= observed + tolerance),
    )


def _arranged_sums(values: Array, size: int) -> Array:
    """The sum of each subset of ``size`` values; of the smaller side's subsets, because the rest is what is left."""
    smaller = min(size, values.size - size)
    subsets = np.array(list(itertools.combinations(range(values.size), smaller)), dtype=np.intp)
    sums = np.asarray(values[subsets].sum(axis=1))
    return sums if smaller == size else float(values.sum()) - sums


def _drawn_sums(values: Array, size: int, rng: np.random.Generator) -> Array:
    """The sums of ``size`` values drawn without replacement, 9 999 times."""
    parts = [
        rng.permuted(np.broadcast_to(values, (rows, values.size)), axis=1)[:, :size].sum(axis=1)
        for rows in _chunks(PERMUTATION_DRAWS, values.size)
    ]
    return np.concatenate(parts)


def _flipped_sums(differences: Array) -> Array:
    """The sum under each of the 2^n sign patterns."""
    sums = np.zeros(1)
    for difference in differences:
        sums = np.concatenate([sums - difference, sums + difference])
    return sums


def _drawn_flips(differences: Array, rng: np.random.Generator) -> Array:
    parts = [
        np.where(rng.integers(0, 2, (rows, differences.size), dtype=np.int8), differences, -differences).sum(axis=1)
        for rows in _chunks(PERMUTATION_DRAWS, differences.size)
    ]
    return np.concatenate(parts)


def _chunks(draws: int, width: int) -> Iterator[int]:
    """How many draws to make at once so that no more than ``_CELLS`` numbers are held."""
    rows = max(1, _CELLS // max(1, width))
    for start in range(0, draws, rows):
        yield min(rows, draws - start)


def _stratum(values: Values) -> Array:
    array = np.asarray(values, dtype=np.float64)
    if array.ndim == 0 or len(array) == 0:
        raise ValueError("each stratum needs at least one run")
    return usable(array, "a stratum")


def _redrawn(arrays: tuple[Array, ...], draws: int, rng: np.random.Generator) -> Iterator[tuple[Array, ...]]:
    for rows in _chunks(draws, sum(array.size for array in arrays)):
        yield tuple(array[rng.integers(0, len(array), (rows, len(array)))] for array in arrays)
