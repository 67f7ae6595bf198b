"""The largest of several differences that share one estimated sd: Dunnett's distribution and the studentized range.

Role: one critical value for a whole family of comparisons. Both are integrals over the sd (Gauss–Legendre) of what they are for a known
sd, so one pair of a family costs a millisecond; ``scipy.stats.studentized_range`` takes 0.1 s, and ``scipy.stats.dunnett`` samples.
Sources: Dunnett 1955, 1964; Tukey 1949; Games & Howell 1976.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import Protocol

import numpy as np
import scipy

from reportgen.analyze.methods.samples import Array

_NODES = 64
_TAIL = 1e-13
"""Of the sd's distribution, left out at each end."""
_NORMAL = np.linspace(-8.5, 8.5, 341)
_NORMAL_WEIGHT = np.exp(-(_NORMAL**2) / 2) / math.sqrt(2 * math.pi) * (_NORMAL[1] - _NORMAL[0])
_USUAL = 8.0
"""Most critical values are smaller."""


class Largest(Protocol):
    def probability(self, t: float) -> float:
        """That the largest is ``t`` at most, when there is no difference."""


def quantile(largest: Largest, level: float) -> float:
    """Which the largest exceeds with probability 1 − ``level``."""
    end = _USUAL
    while largest.probability(end) < level:
        end *= 4
    return float(scipy.optimize.brentq(lambda t: largest.probability(t) - level, 0.0, end, xtol=1e-9))


class StudentizedRange:
    """The range of ``k`` standard normal values over an independent estimate of their sd with ``df`` degrees of freedom."""

    def __init__(self, k: int, df: float) -> None:
        self._k = k
        self._sd, self._weight = scaled_chi(df)

    def probability(self, t: float) -> float:
        largest, weight = _NORMAL[::4], 4 * _NORMAL_WEIGHT[::4]
        inside = scipy.special.ndtr(largest)[:, np.newaxis] - scipy.special.ndtr(largest[:, np.newaxis] - t * self._sd)
        return min(1.0, float(self._k * (weight @ inside ** (self._k - 1)) @ self._weight))


class Dunnett:
    """The largest |t| of several groups of ``sizes`` against one control, all with one estimated sd.

    The groups are independent given the control's mean and the sd, so a double integral over these two remains.
    """

    def __init__(self, sizes: Sequence[int], control: int, df: float) -> None:
        self._loadings = [(math.sqrt(size / (size + control)), n) for size, n in Counter(sizes).items()]
        """Of each size, and how many groups have it."""
        self._sd, self._weight = scaled_chi(df)

    def probability(self, t: float) -> float:
        inside = np.ones((_NORMAL.size, self._sd.size))
        for loading, n in self._loadings:
            rest = math.sqrt(1 - loading**2)
            middle, reach = (loading / rest * _NORMAL)[:, np.newaxis], t * self._sd / rest
            inside *= (scipy.special.ndtr(middle + reach) - scipy.special.ndtr(middle - reach)) ** n
        return min(1.0, float(_NORMAL_WEIGHT @ inside @ self._weight))


@cache
def _legendre() -> tuple[Array, Array]:
    return np.polynomial.legendre.leggauss(_NODES)


def scaled_chi(df: float) -> tuple[Array, Array]:
    """Values of sqrt(chi²/df), which is an estimated sd over the true one, and their weights; 1 for a sd that is known (``df`` infinite)."""
    if math.isinf(df):
        return np.ones(1), np.ones(1)
    nodes, weights = _legendre()
    low, high = (math.sqrt(float(scipy.special.chdtri(df, tail)) / df) for tail in (1 - _TAIL, _TAIL))
    sd = low + (high - low) * (nodes + 1) / 2
    log_density = math.log(2) + df / 2 * math.log(df / 2) - math.lgamma(df / 2) + (df - 1) * np.log(sd) - df * sd**2 / 2
    return sd, np.exp(log_density) * weights * (high - low) / 2
