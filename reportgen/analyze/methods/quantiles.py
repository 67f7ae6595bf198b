"""Latency and cost: quantiles, ratios of means, and what can be said about them from few requests.

Role: percentiles with intervals that need no distribution, ratios for skewed positive values, cost per success. Limits: a
percentile is printed only from ``1/(1−q)`` values on, and percentiles that runs have logged are never averaged into "the p90".
Sources: Hyndman & Fan 1996 for type 7; David & Nagaraja 2003, 7.1, for the order-statistic interval; Deng, Knoblich & Lu 2018
for the delta method.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import scipy

from reportgen.analyze.methods.estimates import Estimate, StudentEstimate, mean_of, ratio_of, student, welch_of
from reportgen.analyze.methods.resampling import BOOTSTRAP_DRAWS, Bootstrap, stratified_bootstrap
from reportgen.analyze.methods.samples import (
    LEVEL,
    SMALLEST,
    Array,
    Outcome,
    Reason,
    Values,
    because,
    finite,
    finite_pairs,
    magnitude,
    moments,
    share,
)

QUANTILE_DIFFERENCE_RUNS = 200
"""Requests per side for an interval of the difference of two high percentiles."""


@dataclass(frozen=True, slots=True)
class Quantile:
    """One quantile; ``value`` is ``None`` when there are too few values to print it, ``interval`` when too few for an interval."""

    outcome: Outcome
    q: float
    n: int
    value: float | None
    interval: Estimate | None
    ranks: tuple[int, int] | None
    """The two order statistics (1 is the smallest) that bound the interval."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """A ratio with its interval; ``None`` unless the outcome allows them."""

    outcome: Outcome
    reason: Reason | None
    ratio: float | None
    interval: Estimate | None = None
    p_two_sided: float | None = None
    """Against a ratio of 1, where the method tests it."""


def quantile(values: Values, q: float) -> float:
    """The ``q`` quantile (type 7, as NumPy and R have it) of at least one finite value (else ``ValueError``), 0 ≤ q ≤ 1."""
    array = finite(values)
    if array.size == 0 or not 0 <= q <= 1:
        raise ValueError(f"a quantile needs a value and 0 ≤ q ≤ 1, found {array.size} values and {q}")
    return float(np.quantile(array, q))


def smallest_n(q: float) -> int:
    """From how many values on the ``q`` quantile is printed: 1/(1−q), or 1/q below the median."""
    return math.ceil(1 / min(share(q, "q"), 1 - q) - 1e-9)


def quantile_interval(values: Values, q: float, *, level: float = LEVEL) -> Quantile:
    """Type-7 quantile with the interval between two order statistics that holds for every distribution.

    ``values`` are flat and finite, 0 < q < 1 (else ``ValueError``). No value below ``smallest_n(q)``; no interval where even the
    extreme values cover less than ``level`` in each tail (at 95 %: below 6 values for p50, 36 for p90, 72 for p95, 368 for p99).
    """
    array = np.sort(finite(values))
    share(level, "level")
    n = int(array.size)
    if n < smallest_n(q):
        return Quantile("too few", q, n, None, None, None)
    value = quantile(array, q)
    low, high = _ranks(n, q, level)
    if low < 1 or high > n:
        return Quantile("too few", q, n, value, None, None)
    interval = Estimate(value, float(array[low - 1]), float(array[high - 1]), level)
    return Quantile("estimated", q, n, value, interval, (low, high))


def quantile_difference(
    a: Values, b: Values, q: float, rng: np.random.Generator, *, draws: int = BOOTSTRAP_DRAWS, level: float = LEVEL
) -> Bootstrap:
    """Difference B − A of the ``q`` quantiles; the bootstrap interval needs 200 requests per side, else ``too few``."""
    share(q, "q")
    return stratified_bootstrap(
        (finite(a, "a"), finite(b, "b")),
        lambda strata: np.asarray(np.quantile(strata[1], q, axis=1) - np.quantile(strata[0], q, axis=1)),
        rng,
        draws=draws,
        level=level,
        at_least=2 * QUANTILE_DIFFERENCE_RUNS,
        at_least_each=QUANTILE_DIFFERENCE_RUNS,
    )


def ratio_of_geometric_means(a: Values, b: Values, *, level: float = LEVEL) -> Ratio:
    """Geometric mean of B over that of A, by Welch on the logarithms.

    ``a`` and ``b`` are flat and finite (else ``ValueError``). ``refused`` when a value is not positive, ``too few`` below 2 per
    side.
    """
    first, second = finite(a, "a"), finite(b, "b")
    refusal = _log_refusal(first, second)
    if refusal:
        return refusal
    logs = moments(np.log(first)), moments(np.log(second))
    return _log_ratio(welch_of(*logs, level=share(level, "level")))


def ratio_of_sums(numerators: Values, denominators: Values, *, level: float = LEVEL) -> Ratio:
    """``sum(numerators) / sum(denominators)`` item by item, e.g. cost per success, with the delta-method t interval.

    Flat, finite, equal lengths (else ``ValueError``). ``refused`` when the denominators do not sum to a positive number,
    ``too few`` below 2 items. Not the mean of the item ratios, which a single free success would make infinite.
    """
    top, bottom = finite_pairs(numerators, denominators)
    share(level, "level")
    n, total = int(top.size), float(bottom.sum())
    if n < 2:
        return Ratio("too few", because("few-items", n=n), None)
    if total <= SMALLEST:
        return Ratio("refused", because("denominators-not-positive"), None)
    ratio = float(top.sum()) / total
    residual = top - ratio * bottom
    error = mean_of(residual, magnitude(top, ratio * bottom)).se
    if error == 0.0:
        return Ratio("no variation", because("same-ratio"), ratio)
    return Ratio("estimated", None, ratio, student(ratio, error * n / total, n - 1, level))


def _ranks(n: int, q: float, level: float) -> tuple[int, int]:
    """The largest lower and smallest upper order statistic that leave at most (1 − level)/2 outside on each side."""
    tail = (1 - level) / 2
    below = scipy.special.bdtr(np.arange(n + 1), n, q)  # the binomial distribution; scipy.stats takes half a second to import
    # P(quantile < X_(r)) = P(fewer than r values below it) = below[r − 1], so the lower rank counts the tails that fit.
    low = int(np.searchsorted(below, tail, side="right"))
    high = int(np.searchsorted(below, 1 - tail, side="left")) + 1
    return low, high


def _log_refusal(a: Array, b: Array) -> Ratio | None:
    if min((float(sample.min()) for sample in (a, b) if sample.size), default=1.0) <= 0:
        return Ratio("refused", because("values-not-positive"), None)
    if min(a.size, b.size) < 2:
        return Ratio("too few", because("few-values", a=a.size, b=b.size), None)
    return None


def _log_ratio(log_ratio: StudentEstimate) -> Ratio:
    ratio = ratio_of(log_ratio)
    if ratio is None:
        return Ratio("refused", because("ratio-out-of-range"), None)
    if log_ratio.se == 0.0:
        return Ratio("no variation", because("no-variation-on-either-side"), ratio.value)
    return Ratio("estimated", None, ratio.value, ratio, log_ratio.p)
