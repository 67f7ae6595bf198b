"""What every method asks of its numbers, and the words all answers share.

Limits: nothing here estimates. Values come in as one-dimensional sequences of finite numbers, and what breaks that is a
``ValueError`` because the caller counts and names missing values before it asks. What the numbers themselves forbid (too few,
all alike) is an ``Outcome`` in the answer instead, because the report prints it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from reportgen.analyze import statistics
from reportgen.analyze.statistics import LARGEST, NEGLIGIBLE

Array = npt.NDArray[np.float64]
Values = Sequence[float] | Array

Outcome = Literal["estimated", "too few", "no variation", "identical", "refused"]
"""``estimated``: the numbers are there. ``too few``: fewer values than the method needs. ``no variation``: the values of each
side are all alike, so the exact difference stands and nothing can be tested. ``identical``: every difference is zero.
``refused``: the data break what the method assumes. For all but the first the note says which rule applied."""

ALPHA = 0.05
"""Two-sided level of a test unless the caller says otherwise."""
LEVEL = 0.95
"""Level of an interval unless the caller says otherwise."""

ROUNDING = 16 * float(np.finfo(np.float64).eps)
"""Two sums that differ by less than this share of their terms are ties: decimal numbers are not stored exactly."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """A two-sided interval; ``level`` is its nominal coverage, e.g. 0.95."""

    low: float
    high: float
    level: float

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high


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


def constant(values: Array, scale: float = 0.0) -> bool:
    """True when ``values`` differ by no more than rounding. ``scale`` is the size of the numbers they were computed from.

    0.9 − 0.8 and 0.8 − 0.7 differ by one unit in the last place; dividing by such a spread makes p = 1e-30 out of nothing.
    """
    return values.size < 2 or statistics.sd(values) <= NEGLIGIBLE * scale


def zero(values: Array, scale: float) -> bool:
    """True when every value is zero but for rounding of numbers as large as ``scale``."""
    return magnitude(values) <= NEGLIGIBLE * scale


def moments(values: Values) -> Moments:
    """n, mean and sd of at least two finite values. The sd of values that are all alike is exactly 0, without rounding."""
    array = finite(values)
    if array.size < 2:
        raise ValueError(f"a spread needs at least 2 values, found {array.size}")
    return Moments(int(array.size), statistics.mean(array), statistics.sd(array))
