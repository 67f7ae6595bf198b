"""Tests on ranks: two groups, pairs, and several groups over several datasets.

Role: the location shift without a normality assumption, and every claim about *datasets*. Limits: too few runs for a rank test
to reach the level give ``too few`` with the smallest p there is, never "not significant". All choices that libraries make
silently are pinned: the null distributions are counted exactly, ties included, up to 50 values per side (SciPy's ``auto`` takes
the asymptotic p for small tied samples: 0.16 instead of 0.30 at 3 against 3), zero differences are split evenly between the
signs (``zsplit``, Demšar's convention; SciPy drops them by default), and two-sided p is twice the smaller tail.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import scipy

from reportgen.analyze.methods.estimates import Estimate
from reportgen.analyze.methods.largest import StudentizedRange, quantile
from reportgen.analyze.methods.samples import (
    ALPHA,
    LEVEL,
    Array,
    Outcome,
    Reason,
    Values,
    because,
    constant,
    finite,
    finite_pairs,
    finite_rows,
    magnitude,
    share,
)

RANK_TEST_RUNS = 5
"""Per side: with 3 or 4 runs a rank test has nothing to say that the values themselves do not."""
RANK_TEST_PAIRS = 6
"""Five pairs cannot get below p = 0.0625."""
EXACT_SIZE = 50
"""Null distributions are counted exactly up to this many values per side, or pairs."""

Method = Literal["exact", "asymptotic"]
Magnitude = Literal["negligible", "small", "medium", "large"]


@dataclass(frozen=True, slots=True)
class MannWhitney:
    """Mann–Whitney test of two independent groups; p-values are ``None`` unless the outcome is ``estimated``."""

    outcome: Outcome
    reason: Reason | None
    n_a: int
    n_b: int
    u: float
    """Pairs with b > a, ties counted half: u / (n_a · n_b) estimates P(B > A)."""
    smallest_p: float
    """The smallest two-sided p that groups of these sizes can reach."""
    method: Method
    p_two_sided: float | None = None
    p_greater: float | None = None
    """Against "B is not greater"."""
    p_less: float | None = None


@dataclass(frozen=True, slots=True)
class SignedRank:
    """Wilcoxon signed-rank test of paired differences; p-values are ``None`` unless the outcome is ``estimated``."""

    outcome: Outcome
    reason: Reason | None
    n: int
    """Pairs, those with a zero difference included."""
    zeros: int
    rank_sum_positive: float
    """R⁺: ranks of b > a, and half the ranks of the zero differences."""
    rank_sum_negative: float
    smallest_p: float
    method: Method
    p_two_sided: float | None = None
    p_greater: float | None = None
    p_less: float | None = None


@dataclass(frozen=True, slots=True)
class Location:
    """A Hodges–Lehmann estimate with its interval; ``interval`` is ``None`` when the level cannot be reached."""

    outcome: Outcome
    reason: Reason | None
    estimate: float
    interval: Estimate | None
    coverage: float | None
    """Coverage actually attained: ranks only come in steps, so it is at least the level."""
    method: Method


@dataclass(frozen=True, slots=True)
class FriedmanStatistic:
    """One of Friedman's two statistics with the F that Iman & Davenport made of it."""

    chi2: float
    p: float
    f: float | None
    """``None`` when every dataset ranks the groups alike: F is then unbounded."""
    p_f: float | None


@dataclass(frozen=True, slots=True)
class Friedman:
    """Friedman's test of k groups over n datasets, and the mean ranks (1 is best)."""

    outcome: Outcome
    datasets: int
    groups: int
    mean_ranks: tuple[float, ...]
    df: tuple[int, int]
    """Of F; the first is also the degrees of freedom of chi²."""
    tie_corrected: FriedmanStatistic | None = None
    """As R and SciPy print it; the one to print."""
    uncorrected: FriedmanStatistic | None = None
    """As Demšar 2006 defines it, without a correction for ties."""


@dataclass(frozen=True, slots=True)
class SignCounts:
    """On how many datasets (or pairs) B wins, ties and loses; p of the exact sign test, ties left out."""

    outcome: Outcome
    wins: int
    ties: int
    losses: int
    p_two_sided: float | None = None


def smallest_mann_whitney_p(n_a: int, n_b: int) -> float:
    """The smallest two-sided p any data of these sizes can reach: 2 / C(n_a + n_b, n_a)."""
    return min(1.0, 2 / math.comb(n_a + n_b, n_a))


def smallest_signed_rank_p(n: int) -> float:
    """The smallest two-sided p any n differences can reach: 2^(1−n)."""
    return min(1.0, 2.0 ** (1 - n))


def cliff_magnitude(delta: float) -> Magnitude:
    """The customary word for Cliff's delta, for a tooltip: below 0.147, 0.33, 0.474 or above (Romano et al. 2006)."""
    if not -1 <= delta <= 1:
        raise ValueError(f"Cliff's delta lies between −1 and 1, found {delta}")
    size = abs(delta)
    return "negligible" if size < 0.147 else "small" if size < 0.33 else "medium" if size < 0.474 else "large"


def mann_whitney(a: Values, b: Values) -> MannWhitney:
    """Mann–Whitney test that neither of two independent groups tends to larger values.

    ``a`` and ``b`` are flat, finite and not empty (else ``ValueError``). Needs 5 runs per side. Exact up to 50 per side, also
    with ties (the distribution given the tied ranks); beyond, normal with tie and continuity correction.
    Source: Hollander & Wolfe 1973, ch. 4.
    """
    first, second = _two_groups(a, b)
    sizes = (int(first.size), int(second.size))
    ranks = scipy.stats.rankdata(np.concatenate([first, second]))
    u = float(ranks[first.size :].sum()) - second.size * (second.size + 1) / 2
    method: Method = "exact" if max(sizes) <= EXACT_SIZE else "asymptotic"
    answer = MannWhitney("estimated", None, *sizes, u, smallest_mann_whitney_p(*sizes), method)
    if min(sizes) < RANK_TEST_RUNS:
        few = because("few-runs-per-side-for-ranks", a=sizes[0], b=sizes[1], least=RANK_TEST_RUNS)
        return replace(answer, outcome="too few", reason=few)
    if constant(np.concatenate([first, second])):
        return replace(answer, outcome="no variation", reason=because("all-alike", n=ranks.size))
    less, greater = _rank_sum_tails(ranks, second.size) if method == "exact" else _asymptotic_tails(first, second)
    return replace(answer, p_two_sided=min(1.0, 2 * min(less, greater)), p_greater=greater, p_less=less)


def signed_rank(a: Values, b: Values) -> SignedRank:
    """Wilcoxon's signed-rank test of ``b − a``, zero differences split evenly between the signs.

    ``a`` and ``b`` are flat, finite and of equal length (else ``ValueError``). Needs 6 pairs. Exact up to 50 pairs, also with
    ties and zeros (the distribution given the ranks); beyond, SciPy's normal approximation with ``zsplit``.
    ``identical`` when all differences are 0. Sources: Wilcoxon 1945; Pratt 1959; Demšar 2006, 3.1.3.
    """
    first, second = finite_pairs(a, b)
    differences = second - first
    scale = magnitude(first, second)
    # 0.9 − 0.8 and 0.3 − 0.2 are ties that binary fractions break: ranks are taken of 13 decimals of the largest score.
    return _signed_rank(np.round(differences / scale, 13) if scale else differences)


def hodges_lehmann_shift(a: Values, b: Values, *, level: float = LEVEL) -> Location:
    """Median of all ``b_j − a_i`` with the interval that inverts the Mann–Whitney test.

    ``a`` and ``b`` are flat, finite and not empty (else ``ValueError``). The interval is exact up to 50 runs per side and
    conservative under ties. ``too few`` when even the widest interval has less than ``level``.
    Source: Hollander & Wolfe 1973, 4.2 and 4.3.
    """
    first, second = _two_groups(a, b)
    share(level, "level")
    shifts = np.sort((second[np.newaxis, :] - first[:, np.newaxis]).ravel())
    if constant(shifts, magnitude(first, second)):
        return _fixed_location(shifts)
    if max(first.size, second.size) <= EXACT_SIZE:
        null = rank_sum_null(np.arange(1.0, first.size + second.size + 1), int(second.size))
        least = int(second.size) * (int(second.size) + 1) // 2
        return _location(shifts, null[least:], level)
    spread = math.sqrt(first.size * second.size * (first.size + second.size + 1) / 12)
    return _asymptotic_location(shifts, shifts.size / 2, spread, level)


def pseudo_median(a: Values, b: Values, *, level: float = LEVEL) -> Location:
    """Hodges–Lehmann pseudo-median of ``b − a``: the median of all pairwise averages, with the signed-rank interval.

    ``a`` and ``b`` are flat, finite, of equal length and not empty (else ``ValueError``). Exact up to 50 pairs; ``too few``
    when even the widest interval has less than ``level`` (5 pairs at 95 %). Source: Hollander & Wolfe 1973, 3.2 and 3.3.
    """
    first, second = finite_pairs(a, b)
    share(level, "level")
    if first.size == 0:
        raise ValueError("at least one pair is needed")
    differences = second - first
    if constant(differences, magnitude(first, second)):
        return _fixed_location(differences)
    n = int(differences.size)
    upper = np.triu_indices(n)
    averages = np.sort((differences[upper[0]] + differences[upper[1]]) / 2)
    if n <= EXACT_SIZE:
        return _location(averages, signed_rank_null(np.arange(1.0, n + 1)), level)
    spread = math.sqrt(n * (n + 1) * (2 * n + 1) / 24)
    return _asymptotic_location(averages, n * (n + 1) / 4, spread, level)


def dataset_ranks(scores: Sequence[Sequence[float]] | Array, *, higher_is_better: bool) -> Array:
    """Rank of each group on each dataset, 1 is best, ties share their average. Shape as ``scores``: (datasets, groups)."""
    rows = finite_rows(scores, "scores")
    return np.asarray(scipy.stats.rankdata(-rows if higher_is_better else rows, axis=1), dtype=np.float64)


def friedman(scores: Sequence[Sequence[float]] | Array, *, higher_is_better: bool) -> Friedman:
    """Friedman's test over complete datasets, with and without the correction for ties, and Iman–Davenport's F.

    ``scores`` has shape (datasets, groups), finite (else ``ValueError``); drop incomplete datasets first and list them.
    Needs 6 datasets and 3 groups, else ``too few`` with the mean ranks only. Sources: Friedman 1937; Iman & Davenport 1980;
    Demšar 2006, 3.2.2; Conover 1999, 5.8 for ties.
    """
    ranks = dataset_ranks(scores, higher_is_better=higher_is_better)
    datasets, groups = ranks.shape
    mean_ranks = tuple(float(rank) for rank in ranks.mean(axis=0)) if datasets else ()
    answer = Friedman("estimated", datasets, groups, mean_ranks, (groups - 1, (groups - 1) * (datasets - 1)))
    if datasets < RANK_TEST_PAIRS or groups < 3:
        return replace(answer, outcome="too few")
    middle = (groups + 1) / 2
    between = datasets * float(((ranks.mean(axis=0) - middle) ** 2).sum())
    within = float(((ranks - middle) ** 2).sum())
    if within == 0.0:
        return replace(answer, outcome="no variation")
    return replace(
        answer,
        tie_corrected=_friedman_statistic((groups - 1) * datasets * between / within, datasets, groups),
        uncorrected=_friedman_statistic(12 * between / (groups * (groups + 1)), datasets, groups),
    )


def nemenyi_difference(groups: int, datasets: int, *, alpha: float = ALPHA) -> float:
    """Critical difference of two mean ranks for all pairs: q · sqrt(k(k+1) / 6N), q from the studentised range.

    Print with it that the verdict on two groups depends on the others in the pool. Source: Nemenyi 1963; Demšar 2006.
    """
    _check_pool(groups, datasets, alpha)
    reach = quantile(StudentizedRange(groups, math.inf), 1 - alpha) / math.sqrt(2)
    return reach * math.sqrt(groups * (groups + 1) / (6 * datasets))


def sign_counts(improvements: Values, *, margin: float = 0.0) -> SignCounts:
    """Wins, ties and losses of B; a tie is an improvement within ``±margin``. Exact sign test from 6 decided cases on.

    ``improvements`` are flat and finite, positive when B is better; ``margin`` is not negative (else ``ValueError``).
    """
    values = finite(improvements, "improvements")
    if margin < 0:
        raise ValueError(f"the margin of a tie must not be negative, found {margin}")
    wins, losses = int((values > margin).sum()), int((values < -margin).sum())
    counts = SignCounts("estimated", wins, int(values.size) - wins - losses, losses)
    if wins + losses < RANK_TEST_PAIRS:
        return replace(counts, outcome="too few")
    return replace(counts, p_two_sided=float(scipy.stats.binomtest(wins, wins + losses, 0.5).pvalue))


def rank_sum_null(ranks: Array, size: int) -> Array:
    """Probability of each sum 0, 1, 2, … of ``size`` of these whole-numbered ranks drawn without replacement."""
    weights = np.rint(np.asarray(ranks)).astype(np.int64)
    ways = np.zeros((size + 1, int(np.sort(weights)[weights.size - size :].sum()) + 1))
    ways[0, 0] = 1.0
    for weight in weights:
        ways[1:, weight:] += ways[:-1, : ways.shape[1] - weight]
    return np.asarray(ways[size] / ways[size].sum())


def signed_rank_null(ranks: Array) -> Array:
    """Probability of each sum 0, 1, 2, … of the ranks with a positive sign, each sign having probability ½."""
    weights = np.rint(np.asarray(ranks)).astype(np.int64)
    ways = np.zeros(int(weights.sum()) + 1)
    ways[0] = 1.0
    for weight in weights:
        ways[weight:] = (ways[weight:] + ways[: ways.size - weight]) / 2
        ways[:weight] /= 2
    return ways


def _two_groups(a: Values, b: Values) -> tuple[Array, Array]:
    first, second = finite(a, "a"), finite(b, "b")
    if not (first.size and second.size):
        raise ValueError("each side needs at least one run")
    return first, second


def _rank_sum_tails(ranks: Array, size: int) -> tuple[float, float]:
    """P(sum of the last ``size`` ranks at most, at least the one observed); ranks are doubled so that ties stay whole."""
    doubled = np.rint(2 * ranks)
    null = rank_sum_null(doubled, size)
    observed = round(float(doubled[ranks.size - size :].sum()))
    return min(1.0, float(null[: observed + 1].sum())), min(1.0, float(null[observed:].sum()))


def _asymptotic_tails(a: Array, b: Array) -> tuple[float, float]:
    less, greater = (
        float(scipy.stats.mannwhitneyu(b, a, alternative=side, method="asymptotic", use_continuity=True).pvalue)
        for side in ("less", "greater")
    )
    return less, greater


def _signed_rank(differences: Array) -> SignedRank:
    n, zeros = int(differences.size), int((differences == 0).sum())
    ranks = scipy.stats.rankdata(np.abs(differences))
    split = float(ranks[differences == 0].sum()) / 2
    positive = float(ranks[differences > 0].sum()) + split
    negative = float(ranks[differences < 0].sum()) + split
    method: Method = "exact" if n <= EXACT_SIZE else "asymptotic"
    answer = SignedRank("estimated", None, n, zeros, positive, negative, smallest_signed_rank_p(n), method)
    if n and zeros == n:
        return replace(answer, outcome="identical", reason=because("identical-pairs", n=n))
    if n < RANK_TEST_PAIRS:
        return replace(answer, outcome="too few", reason=because("few-pairs-for-ranks", n=n, least=RANK_TEST_PAIRS))
    less, greater = _signed_rank_tails(differences, ranks) if method == "exact" else _asymptotic_signed_tails(differences)
    return replace(answer, p_two_sided=min(1.0, 2 * min(less, greater)), p_greater=greater, p_less=less)


def _signed_rank_tails(differences: Array, ranks: Array) -> tuple[float, float]:
    """P(R⁺ at most, at least the one observed), given the ranks; zeros add the same to every arrangement."""
    doubled = np.rint(2 * ranks)
    null = signed_rank_null(doubled[differences != 0])
    observed = round(float(doubled[differences > 0].sum()))
    return min(1.0, float(null[: observed + 1].sum())), min(1.0, float(null[observed:].sum()))


def _asymptotic_signed_tails(differences: Array) -> tuple[float, float]:
    less, greater = (
        float(
            scipy.stats.wilcoxon(differences, zero_method="zsplit", correction=True, alternative=side, method="asymptotic").pvalue
        )
        for side in ("less", "greater")
    )
    return less, greater


def _location(ordered: Array, null: Array, level: float) -> Location:
    """Median of ``ordered`` and the order statistics that ``null``, the distribution of their count, leaves outside."""
    estimate = float(np.median(ordered))
    tail = np.cumsum(null)
    # The smallest count whose lower tail reaches half of what may be left out; that many order statistics are cut per side.
    cut = int(np.searchsorted(tail, (1 - level) / 2 * (1 - 1e-12)))
    if cut == 0:
        reachable = 1 - 2 * float(tail[0])
        wide = because("widest-interval", coverage=max(0.0, reachable), level=level)
        return Location("too few", wide, estimate, None, None, "exact")
    interval = Estimate(estimate, float(ordered[cut - 1]), float(ordered[ordered.size - cut]), level)
    return Location("estimated", None, estimate, interval, 1 - 2 * float(tail[cut - 1]), "exact")


def _fixed_location(ordered: Array) -> Location:
    same = because("same-difference", n=ordered.size)
    return Location("no variation", same, float(np.median(ordered)), None, None, "exact")


def _asymptotic_location(ordered: Array, middle: float, spread: float, level: float) -> Location:
    cut = max(1, math.floor(middle - float(scipy.stats.norm.isf((1 - level) / 2)) * spread))
    estimate = float(np.median(ordered))
    interval = Estimate(estimate, float(ordered[cut - 1]), float(ordered[ordered.size - cut]), level)
    return Location("estimated", None, estimate, interval, None, "asymptotic")


def _friedman_statistic(chi2: float, datasets: int, groups: int) -> FriedmanStatistic:
    p = float(scipy.stats.chi2.sf(chi2, groups - 1))
    room = datasets * (groups - 1) - chi2
    if room <= 1e-9 * chi2:
        return FriedmanStatistic(chi2, p, None, None)
    f = (datasets - 1) * chi2 / room
    return FriedmanStatistic(chi2, p, f, float(scipy.stats.f.sf(f, groups - 1, (groups - 1) * (datasets - 1))))


def _check_pool(groups: int, datasets: int, alpha: float) -> None:
    share(alpha, "alpha")
    if groups < 2 or datasets < 1:
        raise ValueError(f"needs 2 groups and 1 dataset, found {groups} and {datasets}")
