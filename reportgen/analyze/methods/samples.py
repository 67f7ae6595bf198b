"""Samples of numbers: what is accepted, their mean and spread, and the outcomes that all answers share.

Values come in as one-dimensional sequences of finite numbers, and what breaks that is a ``ValueError`` because the caller counts
and names missing values before it asks. What the numbers themselves forbid (too few, all alike) is an ``Outcome`` in the answer
instead, because the report prints it. Standard deviations have ddof 1. No SciPy is loaded here.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Values = Sequence[float] | Array

Outcome = Literal["estimated", "too few", "no variation", "identical", "refused"]
"""``estimated``: the numbers are there. ``too few``: fewer values than the method needs. ``no variation``: the values of each
side are all alike, so the exact difference stands and nothing can be tested. ``identical``: every difference is zero.
``refused``: the data break what the method assumes. For all but the first a reason says which rule applied, where a report prints it."""

ReasonSlug = Literal[
    "all-alike",
    "baseline-not-positive",
    "bounds-of-any-distribution",
    "bounds-on-both-sides",
    "denominators-not-positive",
    "exact-value-decides",
    "few-items",
    "few-pairs-for-a-gate",
    "few-pairs-for-ranks",
    "few-runs-for-a-gate",
    "few-runs-for-importance",
    "few-runs-for-outliers",
    "few-runs-in-a-group",
    "few-runs-in-strata",
    "few-runs-per-side-for-a-gate",
    "few-runs-per-side-for-ranks",
    "few-values",
    "group-of-one",
    "groups-without-variation",
    "half-alike",
    "identical-pairs",
    "no-group-varies",
    "no-pairs",
    "no-runs",
    "no-variation-in-any-task",
    "no-variation-on-either-side",
    "nothing-varies",
    "poor-model",
    "ratio-out-of-range",
    "same-difference",
    "same-ratio",
    "same-redraws",
    "single-run-in-a-task",
    "empty-side",
    "smallest-p",
    "undefined-redraws",
    "unequal-spread",
    "values-crowd-at-the-end-of-the-scale",
    "values-not-positive",
    "widest-interval",
]
"""Why an answer is incomplete. ``words.methods`` has a sentence for each."""

NEGLIGIBLE = 1e-12
"""A spread below this share of the values themselves is floating-point noise, not run-to-run variation."""
SMALLEST = 1e-70
"""Spreads below it are none: their fourth power, which Welch's degrees of freedom need, is no float."""
LARGEST = 1e70
"""Tests and intervals take values up to this size, for the same reason."""

ALPHA = 0.05
"""Two-sided level of a test unless the caller says otherwise."""
LEVEL = 0.95
"""Level of an interval unless the caller says otherwise."""

ROUNDING = 16 * float(np.finfo(np.float64).eps)
"""Two sums that differ by less than this share of their terms are ties: decimal numbers are not stored exactly."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an answer is incomplete, with the numbers that a sentence about it names."""

    slug: ReasonSlug
    numbers: tuple[tuple[str, float | tuple[int, ...]], ...] = ()


def because(slug: ReasonSlug, **numbers: float | tuple[int, ...]) -> Reason:
    """The reason ``slug`` with its numbers by name."""
    return Reason(slug, tuple(numbers.items()))


@dataclass(frozen=True, slots=True)
class Moments:
    """Number, mean and standard deviation (``ddof=1``) of a sample of at least two values.

    Raises ``ValueError`` for fewer than two values, a negative or a non-finite number.
    """

    n: int
    mean: float
    sd: float

    def __post_init__(self) -> None:
        if self.n < 2:
            raise ValueError(f"a spread needs at least 2 values, found {self.n}")
        if not (math.isfinite(self.mean) and math.isfinite(self.sd)) or self.sd < 0:
            raise ValueError(f"mean and sd must be finite and sd not negative, found {self.mean} and {self.sd}")


def finite(values: Values, name: str = "values") -> Array:
    """``values`` as a one-dimensional array; ``ValueError`` when one is NaN, infinite or beyond 1e70, or for another shape."""
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 1:
        raise ValueError(f"{name} must be a flat sequence of numbers, found {array.ndim} dimensions")
    return usable(array, name)


def finite_rows(rows: Sequence[Sequence[float]] | Array, name: str = "rows") -> Array:
    """``rows`` as a two-dimensional array; ``ValueError`` when ragged, or as for ``finite``."""
    array = np.asarray(rows, dtype=np.float64)
    if array.ndim != 2:
        raise ValueError(f"{name} must be rows of equal length, found {array.ndim} dimensions")
    return usable(array, name)


def usable(array: Array, name: str) -> Array:
    """``array`` itself; ``ValueError`` when a value is NaN, infinite or beyond 1e70."""
    if not np.isfinite(array).all():
        raise ValueError(f"{name} must be finite: {int((~np.isfinite(array)).sum())} of {array.size} are NaN or infinite")
    if array.size and magnitude(array) > LARGEST:
        raise ValueError(f"{name} must not exceed {LARGEST:g} in size, found {magnitude(array):g}")
    return array


def finite_pairs(a: Values, b: Values) -> tuple[Array, Array]:
    """Two samples of equal length, pair by pair; ``ValueError`` when the lengths differ or a value is not finite."""
    first, second = finite(a, "a"), finite(b, "b")
    if first.size != second.size:
        raise ValueError(f"pairs need equal lengths, found {first.size} and {second.size}")
    return first, second


def share(value: float, name: str) -> float:
    """``value`` itself; ``ValueError`` unless it lies strictly between 0 and 1."""
    if not 0.0 < value < 1.0:
        raise ValueError(f"{name} must lie between 0 and 1, found {value}")
    return value


def magnitude(*samples: Array) -> float:
    """The largest absolute value of all samples; 0 for none."""
    return max((float(np.abs(sample).max()) for sample in samples if sample.size), default=0.0)


def mean(values: Values) -> float:
    """The mean, exactly the constant for constant values. n ≥ 1."""
    array = _sorted(values)
    if array[0] == array[-1]:
        return float(array[0])
    scale = _scale(array)
    return math.fsum(array / scale) / len(array) * scale


def sd(values: Values) -> float:
    """The standard deviation with ddof 1; exactly 0 when it is floating-point noise. n ≥ 2."""
    array = _sorted(values)
    scale = _scale(array)
    scaled = array / scale
    spread = math.sqrt(math.fsum((scaled - mean(scaled)) ** 2) / (len(array) - 1)) * scale
    return 0.0 if spread <= max(NEGLIGIBLE * magnitude(array), SMALLEST) else spread


def pooled_sd(*groups: Values) -> tuple[float, int]:
    """(sd, degrees of freedom) within groups; groups of one run add nothing. At least one group of two."""
    kept = [group for group in groups if len(group) >= 2]
    df = sum(len(group) - 1 for group in kept)
    return math.sqrt(math.fsum(sd(group) ** 2 * (len(group) - 1) for group in kept) / df), df


def differences(a: Values, b: Values) -> Array:
    """b − a pair by pair."""
    return np.asarray(np.asarray(b, dtype=np.float64) - np.asarray(a, dtype=np.float64))


def sd_of_differences(a: Values, b: Values) -> float:
    """The sd of b − a over pairs, 0 when it is floating-point noise of the *values*. n ≥ 2."""
    pairs = differences(a, b)
    return 0.0 if constant(pairs, magnitude(np.asarray(a, np.float64), np.asarray(b, np.float64))) else sd(pairs)


def correlation(a: Values, b: Values) -> float | None:
    """Pearson's r of pairs; ``None`` when a side does not vary. n ≥ 3."""
    if not sd(a) or not sd(b):
        return None
    return float(np.clip(np.corrcoef(np.asarray(a, float), np.asarray(b, float))[0, 1], -1, 1))


def constant(values: Array, scale: float = 0.0) -> bool:
    """True when ``values`` differ by no more than rounding. ``scale`` is the size of the numbers they were computed from.

    0.9 − 0.8 and 0.8 − 0.7 differ by one unit in the last place; dividing by such a spread makes p = 1e-30 out of nothing.
    """
    return values.size < 2 or sd(values) <= NEGLIGIBLE * scale


def zero(values: Array, scale: float) -> bool:
    """True when every value is zero but for rounding of numbers as large as ``scale``."""
    return magnitude(values) <= NEGLIGIBLE * scale


def moments(values: Values) -> Moments:
    """n, mean and sd of at least two finite values (else ``ValueError``)."""
    if len(values) < 2:
        raise ValueError(f"a spread needs at least 2 values, found {len(values)}")
    return Moments(len(values), mean(values), sd(values))


def _sorted(values: Values) -> Array:
    """``values`` as sorted floats, so that no sum depends on the order in which runs came."""
    return np.sort(np.asarray(values, dtype=np.float64))


def _scale(array: Array) -> float:
    """1 for ordinary values, else the power of two that keeps their squares inside the range of floats."""
    largest = magnitude(array)
    return 1.0 if 1e-100 < largest < 1e100 or largest == 0 else math.ldexp(1.0, math.frexp(largest)[1] - 1)
