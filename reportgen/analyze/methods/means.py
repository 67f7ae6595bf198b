"""The interval of a mean, by the one rule of every table: leaderboard, comparison, nested runs, curves, page 1."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from reportgen.analyze.methods.estimates import (
    Estimate,
    StudentEstimate,
    prediction_interval,
    t_interval,
    t_quantile,
    t_two_sided,
)
from reportgen.analyze.methods.samples import LARGEST, LEVEL, Array, Values, constant, mean, sd

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
    ends = _within(plain, bounds)
    return Estimate(plain.value, *ends, level) if ends else None


def confident_bounds(values: Values, scale: tuple[float, float] | None, alpha: float) -> tuple[float, float]:
    """One-sided lower and upper bounds of a mean, each at 1 − ``alpha``, that hold for skewed values too; of three values or more that vary.

    The widest of three: Student's; Hall's, which corrects it for the skewness of the sample; and one that knows what values can be: on
    the logit where the metric has a ``scale``, of the log-normal mean (Cox) where all values are positive and there is no scale. Sources:
    Hall 1992, J. R. Statist. Soc. B 54; Zhou & Gao 1997 for Cox's. ``docs/statistics.md`` has how often they are wrong.
    """
    plain = t_interval(values, 1 - 2 * alpha)
    array = np.asarray(values, np.float64)
    n, spread = len(array), plain.se * math.sqrt(len(array))
    steps = (array - plain.value) / spread
    tilt = float((steps**3).sum()) * n / ((n - 1) * (n - 2)) / math.sqrt(n)
    reach = t_quantile(1 - alpha, plain.df)
    found = [(plain.low, plain.high), tuple(plain.value - plain.se * _untilted(way * reach, tilt) for way in (1, -1))]
    if scale is not None:
        found.append(_within(plain, scale) or (plain.low, plain.high))
    elif array.min() > 0:
        found.append(_log_normal(np.log(array), reach))
    return min(low for low, _ in found), max(high for _, high in found)


@dataclass(frozen=True, slots=True)
class Prediction:
    """Where the mean of new values was expected, and how unlikely the one found is."""

    low: float
    high: float
    p: float
    """Two-sided."""
    plain: StudentEstimate
    """By Student's t alone: the interval's center and standard error."""


def prediction(values: Values, new: Values, scale: tuple[float, float] | None, level: float = LEVEL) -> Prediction | None:
    """Where the mean of ``new`` was expected from ``values``; None where these do not vary. Two values or more.

    The t prediction interval, and the wider one of it and of the same on the logit where the metric has a ``scale`` and every value
    lies inside it: values near 1 have a long tail below that few of them show.
    """
    plain = prediction_interval(values, len(new), level)
    if plain.se == 0:
        return None
    found = Prediction(plain.low, plain.high, t_two_sided((mean(new) - plain.value) / plain.se, plain.df), plain)
    if scale is None:
        return found
    shares, newest = ((np.asarray(one, np.float64) - scale[0]) / (scale[1] - scale[0]) for one in (values, new))
    if not 0 < min(shares.min(), newest.mean()) <= max(shares.max(), newest.mean()) < 1:
        return found
    logits = prediction_interval(special.logit(shares), len(new), level)
    if logits.se == 0:
        return found
    low, high = (scale[0] + (scale[1] - scale[0]) * float(special.expit(end)) for end in (logits.low, logits.high))
    p = t_two_sided((float(special.logit(newest.mean())) - logits.value) / logits.se, logits.df)
    return Prediction(max(scale[0], min(low, plain.low)), min(scale[1], max(high, plain.high)), max(p, found.p), plain)


def is_crowded(values: Values, scale: tuple[float, float] | None) -> bool:
    """Whether the end of the scale lies within a standard deviation of the mean: then a few values do not show how far the rare ones lie."""
    if scale is None:
        return False
    center = mean(values)
    return min(center - scale[0], scale[1] - center) < sd(values)


def _within(plain: StudentEstimate, scale: tuple[float, float]) -> tuple[float, float] | None:
    """The t interval of the logit of a mean, its standard error by the delta method; None for a mean on an end of the scale."""
    low, high = scale
    share, se = (plain.value - low) / (high - low), plain.se / (high - low)
    if not 0 < share < 1:
        return None
    center = math.log(share) - math.log1p(-share)
    reach = (plain.high - plain.value) / (high - low) / (share * (1 - share)) if se else 0.0
    ends = [low + (high - low) * float(special.expit(center + way * reach)) for way in (-1, 1)]
    return ends[0], ends[1]


def _untilted(t: float, tilt: float) -> float:
    """Hall's cubic transformation backwards; ``tilt`` is skewness / √n."""
    return t if abs(tilt) < _UPRIGHT else 3 / tilt * (float(np.cbrt(1 + tilt * (t - tilt / 6))) - 1)


_UPRIGHT = 1e-6


def _log_normal(logs: Array, reach: float) -> tuple[float, float]:
    """Cox's bounds of exp(μ + σ²/2)."""
    variance, n = sd(logs) ** 2, len(logs)
    center, half = mean(logs) + variance / 2, reach * math.sqrt(variance / n + variance**2 / (2 * (n - 1)))
    return math.exp(max(center - half, -LARGEST_LOG)), math.exp(min(center + half, LARGEST_LOG))


LARGEST_LOG = 700.0
"""exp of it is still a float."""
