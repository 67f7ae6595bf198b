"""The largest of several differences that share one estimated sd: Dunnett's distribution and the studentized range.

Role: one critical value for a whole family of comparisons. Both are integrals over the sd (Gauss–Legendre) of what they are for a known
sd, so one pair of a family costs a millisecond; ``scipy.stats.studentized_range`` takes 0.1 s, and ``scipy.stats.dunnett`` samples.
Sources: Dunnett 1955, 1964; Tukey 1949; Games & Howell 1976.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from typing import Protocol

import numpy as np
from scipy import optimize, special

from reportgen.analyze.methods.samples import Array

_NODES = 96
_TAIL = 1e-13
"""Of the sd's distribution, left out at each end."""
_NORMAL = np.linspace(-8.5, 8.5, 341)
_NORMAL_WEIGHT = np.exp(-(_NORMAL**2) / 2) / math.sqrt(2 * math.pi) * (_NORMAL[1] - _NORMAL[0])
_ABOVE_ALL = 1e3
"""No critical value at a usual level is as large, but for one degree of freedom and very many groups."""


class Largest(Protocol):
    def probability(self, t: float) -> float:
        """That the largest is ``t`` at most, when there is no difference."""


def quantile(largest: Largest, level: float) -> float:
    """Which the largest exceeds with probability 1 − ``level``."""
    end = _ABOVE_ALL
    while largest.probability(end) < level:
        end *= 10
    return float(optimize.brentq(lambda t: largest.probability(t) - level, 0.0, end))


class StudentizedRange:
    """The range of ``k`` standard normal values over an independent estimate of their sd with ``df`` degrees of freedom."""

    def __init__(self, k: int, df: float) -> None:
        self._k = k
        self._sd, self._weight = scaled_chi(df)

    def probability(self, t: float) -> float:
        largest, weight = _NORMAL[::2], 2 * _NORMAL_WEIGHT[::2]
        inside = special.ndtr(largest)[:, np.newaxis] - special.ndtr(largest[:, np.newaxis] - t * self._sd)
        return min(1.0, float(self._k * (weight @ inside ** (self._k - 1)) @ self._weight))


class Dunnett:
    """The largest |t| of several groups of ``sizes`` against one control, all with one estimated sd.

    The groups are independent given the control's mean and the sd, so a double integral over these two remains.
    """

    def __init__(self, sizes: Sequence[int], control: int, df: float) -> None:
        self._loading = np.array([math.sqrt(size / (size + control)) for size in sizes])
        self._sd, self._weight = scaled_chi(df)

    def probability(self, t: float) -> float:
        rest = np.sqrt(1 - self._loading**2)
        inside = np.ones((_NORMAL.size, self._sd.size))
        for loading, own in zip(self._loading, rest, strict=True):
            middle, reach = (loading / own * _NORMAL)[:, np.newaxis], t * self._sd / own
            inside *= special.ndtr(middle + reach) - special.ndtr(middle - reach)
        return min(1.0, float(_NORMAL_WEIGHT @ inside @ self._weight))


@cache
def _legendre() -> tuple[Array, Array]:
    return np.polynomial.legendre.leggauss(_NODES)


def scaled_chi(df: float) -> tuple[Array, Array]:
    """Values of sqrt(chi²/df), which is an estimated sd over the true one, and their weights; 1 for a sd that is known (``df`` infinite)."""
    if math.isinf(df):
        return np.ones(1), np.ones(1)
    nodes, weights = _legendre()
    low, high = (math.sqrt(float(special.chdtri(df, tail)) / df) for tail in (1 - _TAIL, _TAIL))
    sd = low + (high - low) * (nodes + 1) / 2
    log_density = math.log(2) + df / 2 * math.log(df / 2) - math.lgamma(df / 2) + (df - 1) * np.log(sd) - df * sd**2 / 2
    return sd, np.exp(log_density) * weights * (high - low) / 2
