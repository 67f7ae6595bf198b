"""The interval of a mean, by the one rule of every table: leaderboard, comparison, nested runs, curves, page 1."""

from __future__ import annotations

import math

import numpy as np
from scipy import special

from reportgen.analyze.methods.estimates import Estimate, t_interval, t_quantile
from reportgen.analyze.methods.samples import LARGEST, LEVEL, Values, constant

FEWEST = 3
"""With two values the interval says how far apart two numbers happened to be."""


def interval_of_mean(values: Values, bounds: tuple[float, float] | None = None, level: float = LEVEL) -> Estimate | None:
    """The mean with its interval; None below three values, where all values are alike, and where their squares are no floats.

    Without ``bounds`` the t interval. With them, the ends of the scale (0 and 1 of an accuracy), the t interval of the logit of the
    mean, its standard error by the delta method, brought back: it stays inside the bounds and reaches farther to the side where
    there is room. ``docs/statistics.md`` has its coverage. Values must lie within the bounds.
    """
    array = np.asarray(values, np.float64)
    if len(array) < FEWEST or float(np.max(np.abs(array))) >= LARGEST or constant(array, 0.0):
        return None
    plain = t_interval(values, level)
    if bounds is None:
        return plain
    low, high = bounds
    share = (plain.value - low) / (high - low)
    se = plain.se / (high - low)
    if not 0 < share < 1:
        return None
    center = math.log(share) - math.log1p(-share)
    reach = t_quantile((1 + level) / 2, plain.df) * se / (share * (1 - share))
    ends = [low + (high - low) * float(special.expit(center + way * reach)) for way in (-1, 1)]
    return Estimate(plain.value, ends[0], ends[1], level)
