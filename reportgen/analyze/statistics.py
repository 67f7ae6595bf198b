"""The formulas: pure functions of arrays, each with its source. No words, no runs, no rules about when to use them.

Rules (how many runs are enough, what is printed and what is not) live in ``comparison``. All functions take finite
values, need the sizes that their docstring names, and return plain floats. Two groups are always ``a`` (baseline) and
``b``; a difference is b − a. Standard deviations have ddof 1. Only ``scipy.special`` is loaded: it is the small half
of SciPy.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

Values = Sequence[float] | np.ndarray

NEGLIGIBLE = 1e-12
"""A spread below this share of the values themselves is floating-point noise, not run-to-run variation."""

SMALLEST = 1e-70
"""Spreads below it are none: their fourth power, which Welch's degrees of freedom need, is no float."""

LARGEST = 1e70
"""Tests and intervals take values up to this size, for the same reason."""

REPORT_SEED = 20_261_120
"""Seed of every resampling, mixed with the name of the block that asks: same input, same bytes."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its two-sided interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Test:
    """A difference of means with its standard error, t test and two-sided interval at ``level``."""

    delta: float
    se: float
    df: float
    t: float
    p: float
    low: float
    high: float
    level: float


def array_of(values: Values) -> np.ndarray:
    """``values`` as sorted floats, so that no sum depends on the order in which runs came."""
    return np.sort(np.asarray(values, dtype=float))


def mean(values: Values) -> float:
    """The mean, exactly the constant for constant values. n ≥ 1."""
    array = array_of(values)
    if array[0] == array[-1]:
        return float(array[0])
    scale = _scale(array)
    return math.fsum(array / scale) / len(array) * scale


def sd(values: Values) -> float:
    """The standard deviation with ddof 1; exactly 0 when it is floating-point noise. n ≥ 2."""
    array = array_of(values)
    scale = _scale(array)
    scaled = array / scale
    spread = math.sqrt(math.fsum((scaled - mean(scaled)) ** 2) / (len(array) - 1)) * scale
    return 0.0 if spread <= max(NEGLIGIBLE * float(np.max(np.abs(array))), SMALLEST) else spread


def _scale(array: np.ndarray) -> float:
    """1 for ordinary values, else the power of two that keeps their squares inside the range of floats."""
    largest = float(np.max(np.abs(array)))
    return 1.0 if 1e-100 < largest < 1e100 or largest == 0 else math.ldexp(1.0, math.frexp(largest)[1] - 1)


def t_quantile(probability: float, df: float) -> float:
    """Quantile of Student's t."""
    return float(special.stdtrit(df, probability))


def t_two_sided(t: float, df: float) -> float:
    """Two-sided p value of Student's t."""
    return float(2 * special.stdtr(df, -abs(t)))


def t_interval(values: Values, level: float = 0.95) -> Estimate:
    """Mean with its t interval: mean ± t·sd/√n. n ≥ 2."""
    center, n = mean(values), len(values)
    half = t_quantile((1 + level) / 2, n - 1) * sd(values) / math.sqrt(n)
    return Estimate(center, center - half, center + half)


def prediction_interval(values: Values, n_new: int = 1, level: float = 0.95) -> Estimate:
    """Where the mean of ``n_new`` future runs will lie: mean ± t·sd·√(1/m + 1/n). n ≥ 2.

    Source: Devore, Probability and Statistics for Engineering and the Sciences, section 7.3.
    """
    center, n = mean(values), len(values)
    half = t_quantile((1 + level) / 2, n - 1) * sd(values) * math.sqrt(1 / n_new + 1 / n)
    return Estimate(center, center - half, center + half)


def _test(delta: float, se: float, df: float, level: float) -> Test:
    t = delta / se
    half = t_quantile((1 + level) / 2, df) * se
    return Test(delta, se, df, t, t_two_sided(t, df), delta - half, delta + half, level)


def welch_df(sd_a: float, n_a: int, sd_b: float, n_b: int) -> float:
    """Welch–Satterthwaite degrees of freedom; at least one sd > 0."""
    va, vb = sd_a**2 / n_a, sd_b**2 / n_b
    return (va + vb) ** 2 / (va**2 / (n_a - 1) + vb**2 / (n_b - 1))


def welch(a: Values, b: Values, level: float = 0.95) -> Test | None:
    """Welch's t test of b − a with its interval; None when neither group varies. n ≥ 2 in each.

    Source: Welch (1947), Biometrika 34.
    """
    sd_a, sd_b = sd(a), sd(b)
    if sd_a == sd_b == 0:
        return None
    se = math.hypot(sd_a / math.sqrt(len(a)), sd_b / math.sqrt(len(b)))
    return _test(mean(b) - mean(a), se, welch_df(sd_a, len(a), sd_b, len(b)), level)


def differences(a: Values, b: Values) -> np.ndarray:
    """b − a pair by pair."""
    difference: np.ndarray = np.asarray(b, dtype=float) - np.asarray(a, dtype=float)
    return difference


def sd_of_differences(a: Values, b: Values) -> float:
    """The sd of paired differences, 0 when it is floating-point noise of the *values*. n ≥ 2."""
    spread = sd(differences(a, b))
    return 0.0 if spread <= NEGLIGIBLE * float(max(np.max(np.abs(a)), np.max(np.abs(b)))) else spread


def paired(a: Values, b: Values, level: float = 0.95) -> Test | None:
    """The paired t test of b − a; None when every difference is the same. n ≥ 2 pairs, in the same order."""
    n = len(a)
    spread = sd_of_differences(a, b)
    return _test(mean(differences(a, b)), spread / math.sqrt(n), n - 1, level) if spread else None


def corrected_paired(a: Values, b: Values, test_share: float, level: float = 0.95) -> Test | None:
    """The corrected resampled t test for folds of one data set: SE² = s²·(1/n + ρ/(1−ρ)), ρ the share of test data.

    Folds share training data, so that the plain paired test is far too sure. None when every difference is the same.
    Source: Nadeau & Bengio (2003), Machine Learning 52.
    """
    n = len(a)
    spread = sd_of_differences(a, b)
    se = spread * math.sqrt(1 / n + test_share / (1 - test_share))
    return _test(mean(differences(a, b)), se, n - 1, level) if spread else None


def correlation(a: Values, b: Values) -> float | None:
    """Pearson's r of pairs; None when a side does not vary. n ≥ 3."""
    if not sd(a) or not sd(b):
        return None
    return float(np.clip(np.corrcoef(np.asarray(a, float), np.asarray(b, float))[0, 1], -1, 1))


def pooled_sd(*groups: Values) -> tuple[float, int]:
    """(sd, degrees of freedom) within groups; groups of one run add nothing. At least one group of two."""
    kept = [group for group in groups if len(group) >= 2]
    df = sum(len(group) - 1 for group in kept)
    return math.sqrt(math.fsum(sd(group) ** 2 * (len(group) - 1) for group in kept) / df), df


def hedges_correction(df: float) -> float:
    """J = 1 − 3/(4·df − 1), the usual approximation (Borenstein et al. 2009, chapter 4)."""
    return 1 - 3 / (4 * df - 1)


def hedges_g_of(mean_a: float, sd_a: float, n_a: int, mean_b: float, sd_b: float, n_b: int) -> float | None:
    """Hedges' g of b − a from summaries; None when neither group varies."""
    df = n_a + n_b - 2
    spread = math.sqrt(((n_a - 1) * sd_a**2 + (n_b - 1) * sd_b**2) / df)
    return (mean_b - mean_a) / spread * hedges_correction(df) if spread else None


def hedges_g(a: Values, b: Values) -> float | None:
    """Hedges' g of b − a: the difference in pooled sds, corrected for small n; None without variation. n ≥ 2 each."""
    return hedges_g_of(mean(a), sd(a), len(a), mean(b), sd(b), len(b))


def cliffs_delta(a: Values, b: Values) -> float:
    """P(b > a) − P(b < a) over all pairs of runs; O(n log n). n ≥ 1 each."""
    low, high = array_of(a), np.asarray(b, dtype=float)
    below = np.searchsorted(low, high, "left").sum()
    above = len(low) * len(high) - np.searchsorted(low, high, "right").sum()
    return float(below - above) / (len(low) * len(high))


def probability_of_improvement(a: Values, b: Values) -> float:
    """P(b > a), ties counted half: (Cliff's delta + 1)/2. Vargha & Delaney (2000)."""
    return (cliffs_delta(a, b) + 1) / 2


def generator(block: str) -> np.random.Generator:
    """The random generator of one block: seeded by the block's name, not by Python's salted ``hash``."""
    digest = int.from_bytes(hashlib.sha256(block.encode("utf-8", "surrogatepass")).digest()[:8], "big")
    return np.random.default_rng(np.random.SeedSequence([REPORT_SEED, digest]))


def holm(ps: Sequence[float]) -> tuple[float, ...]:
    """Holm's adjusted p values in the order given; controls the family-wise error under any dependence. Holm (1979)."""
    order = sorted(range(len(ps)), key=lambda i: ps[i])
    adjusted = [0.0] * len(ps)
    largest = 0.0
    for place, i in enumerate(order):
        largest = max(largest, min(1.0, (len(ps) - place) * ps[i]))
        adjusted[i] = largest
    return tuple(adjusted)


def wilson_interval(k: int, n: int, level: float = 0.95) -> Estimate:
    """The Wilson score interval of a share k/n, without continuity correction. n ≥ 1. Newcombe (1998a), method 3."""
    z = float(special.ndtri((1 + level) / 2))
    share = k / n
    center = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    # At the ends the bound is the end itself; rounding would leave a trace of it.
    return Estimate(share, max(0.0, center - half) if k else 0.0, min(1.0, center + half) if k < n else 1.0)


def newcombe_interval(k_a: int, n_a: int, k_b: int, n_b: int, level: float = 0.95) -> Estimate:
    """The difference of two shares b − a with Newcombe's hybrid score interval. Newcombe (1998b), method 10."""
    a, b = wilson_interval(k_a, n_a, level), wilson_interval(k_b, n_b, level)
    delta = b.value - a.value
    return Estimate(
        delta, delta - math.hypot(b.value - b.low, a.high - a.value), delta + math.hypot(b.high - b.value, a.value - a.low)
    )


def relative_lift_of(
    mean_a: float, sd_a: float, n_a: int, mean_b: float, sd_b: float, n_b: int, level: float = 0.95
) -> Estimate | None:
    """mean_b/mean_a − 1 with a delta-method interval on the log ratio and Welch's df; None without variation.

    Also None where the interval spans factors of a thousand. Both means > 0. Source: as in tea-tasting; Deng et al. (2018).
    """
    va, vb = sd_a**2 / n_a / mean_a**2, sd_b**2 / n_b / mean_b**2
    if va + vb == 0:
        return None
    df = (va + vb) ** 2 / (va**2 / (n_a - 1) + vb**2 / (n_b - 1))
    log_ratio = math.log(mean_b) - math.log(mean_a)
    half = t_quantile((1 + level) / 2, df) * math.sqrt(va + vb)
    return _lift(log_ratio, half)


def paired_lift(a: Values, b: Values, level: float = 0.95) -> Estimate | None:
    """The relative difference of pairs: the t interval of their log ratios, back from the logarithm. All values > 0, n ≥ 2."""
    interval = t_interval(np.log(np.asarray(b, float)) - np.log(np.asarray(a, float)), level)
    return _lift(interval.value, interval.high - interval.value)


LARGEST_LOG_RATIO = 7.0
"""A relative difference beyond a factor of about a thousand says nothing that the values do not say better."""


def _lift(log_ratio: float, half: float) -> Estimate | None:
    if abs(log_ratio) + half > LARGEST_LOG_RATIO:
        return None
    return Estimate(math.expm1(log_ratio), math.expm1(log_ratio - half), math.expm1(log_ratio + half))


def relative_lift(a: Values, b: Values, level: float = 0.95) -> Estimate | None:
    """``relative_lift_of`` from values. n ≥ 2 each, both means > 0."""
    return relative_lift_of(mean(a), sd(a), len(a), mean(b), sd(b), len(b), level)


def power(effect: float, se: float, df: float, alpha: float = 0.05) -> float:
    """Chance that a two-sided t test with this se finds a true difference of ``effect`` (noncentral t)."""
    bound = t_quantile(1 - alpha / 2, df)
    shift = min(abs(effect) / se, 1e3)
    if df > MANY:  # SciPy's noncentral t gives no number for many degrees of freedom; it is the normal there
        missed = special.ndtr(bound - shift) - special.ndtr(-bound - shift)
    else:
        # The far tail is no number where it is next to nothing.
        missed = special.nctdtr(df, shift, bound) - np.nan_to_num(special.nctdtr(df, shift, -bound))
    return float(np.clip(1 - missed, 0, 1))


MANY = 500
"""Degrees of freedom from which t is taken as normal: power then differs by less than 0.002."""


def minimum_detectable_difference(se: float, df: float, alpha: float = 0.05, wanted: float = 0.8) -> float:
    """The true difference that a t test with this se would find with probability ``wanted``; by bisection."""
    low, high = 0.0, se
    while power(high, se, df, alpha) < wanted:
        high *= 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if power(middle, se, df, alpha) < wanted else (low, middle)
    return high


MOST_RUNS = 10_000


def runs_needed(
    effect: float, sd_a: float, sd_b: float, alpha: float = 0.05, wanted: float = 0.8, *, paired: bool = False
) -> int | None:
    """Runs per group (or pairs, with ``sd_a`` the sd of differences) to find ``effect`` with probability ``wanted``.

    Equal groups. None when more than 10,000 would be needed, or when the effect is zero.
    """

    def enough(n: int) -> bool:
        if paired:
            return power(effect, sd_a / math.sqrt(n), n - 1, alpha) >= wanted
        return power(effect, math.hypot(sd_a, sd_b) / math.sqrt(n), welch_df(sd_a, n, sd_b, n), alpha) >= wanted

    if effect == 0 or not enough(MOST_RUNS):
        return None
    low, high = 1, 2
    while not enough(high):
        low, high = high, min(MOST_RUNS, high * 2)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def expected_best_of(values: Values, k: int, *, maximize: bool) -> float:
    """The mean, over all subsets of ``k`` runs, of the best value in the subset. 1 ≤ k ≤ n.

    The unbiased form (Tang et al. 2020); the i-th smallest value is the largest of C(i−1, k−1) subsets.
    """
    array = array_of(values) if maximize else -array_of(values)[::-1]
    n = len(array)
    weight, best = k / n, 0.0  # share of subsets whose maximum is the largest value: C(n−1, k−1)/C(n, k)
    for i in range(n, k - 1, -1):
        best += weight * float(array[i - 1])
        weight *= (i - k) / (i - 1) if i > 1 else 0.0
    return best if maximize else -best
