"""The interval of a mean, by the one rule of every table: leaderboard, comparison, nested runs, curves, page 1."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import scipy

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


TELLING = 8
"""Values that show some of the skewness of those that crowd at the end of a scale; the interval of fewer takes half of the level."""


def interval_of_mean(values: Values, bounds: tuple[float, float] | None = None, level: float = LEVEL) -> Estimate | None:
    """The mean with its interval; None below three values, where all values are alike, and where their squares are no floats.

    Without ``bounds`` the t interval. With them, the ends of the scale (0 and 1 of an accuracy), the t interval of the logit of the
    mean, its standard error by the delta method, brought back: it stays inside the bounds and reaches farther to the side where
    there is room; where values crowd at an end, as far as their skewness asks (``confident_bounds``). ``docs/statistics.md`` has its coverage.
    Values must lie within the bounds.
    """
    array = np.asarray(values, np.float64)
    if len(array) < FEWEST or float(np.max(np.abs(array))) >= LARGEST or constant(array, 0.0):
        return None
    plain = t_interval(values, level)
    if bounds is None:
        return plain
    ends = _within(plain, bounds)
    if ends and is_crowded(array, bounds):
        alpha = (1 - level) / 2 if len(array) >= TELLING else (1 - level) / 4
        low, high = confident_bounds(array, bounds, alpha)
        ends = max(bounds[0], low), min(bounds[1], high)
    return Estimate(plain.value, *ends, level) if ends else None


def confident_bounds(values: Values, scale: tuple[float, float] | None, alpha: float) -> tuple[float, float]:
    """One-sided lower and upper bounds of a mean, each at 1 − ``alpha``, that hold for skewed values too; of three values or more that vary.

    The widest of three: Student's; Hall's, which corrects it for the skewness of the sample; and one that knows what values can be: on
    the logit where the metric has a ``scale``, of the log-normal mean where all values are positive and there is no scale. Sources:
    Hall 1992, J. R. Statist. Soc. B 54; Krishnamoorthy & Mathew 2003. ``docs/statistics.md`` has how often they are wrong.
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
        found.append(_log_normal(np.log(array), alpha))
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
    logits = prediction_interval(scipy.special.logit(shares), len(new), level)
    if logits.se == 0:
        return found
    low, high = (scale[0] + (scale[1] - scale[0]) * float(scipy.special.expit(end)) for end in (logits.low, logits.high))
    p = t_two_sided((float(scipy.special.logit(newest.mean())) - logits.value) / logits.se, logits.df)
    return Prediction(max(scale[0], min(low, plain.low)), min(scale[1], max(high, plain.high)), max(p, found.p), plain)


def is_crowded(values: Values, scale: tuple[float, float] | None) -> bool:
    """Whether the end of the scale lies within about a standard deviation of the mean: then a few values do not show how far the rare ones lie.

    Within 1.25 of three values, whose standard deviation is often too small; 1.125 of five.
    """
    if scale is None:
        return False
    center, reach = mean(values), 1 + 1 / (2 * (len(values) - 1))
    return min(center - scale[0], scale[1] - center) < reach * sd(values)


def sure_bounds(values: Values, scale: tuple[float, float], alpha: float) -> tuple[float, float]:
    """One-sided bounds of a mean that hold whatever the distribution between the ends of the ``scale``; wide ones.

    Of the values at the far end, the share by which a distribution can escape a sample of this size (the one-sided Kolmogorov–Smirnov
    bound) is moved to the near one. Source: Anderson 1969.
    """
    array = np.sort(np.asarray(values, np.float64))
    escaped = float(scipy.special.smirnovi(len(array), alpha))

    def moved(ordered: Array, end: float) -> float:
        kept = np.clip(np.full(len(ordered), 1 / len(ordered)).cumsum() - escaped, 0.0, 1 / len(ordered))
        return end * escaped + float(kept @ ordered)

    return moved(array[::-1], scale[0]), moved(array, scale[1])


def _within(plain: StudentEstimate, scale: tuple[float, float]) -> tuple[float, float] | None:
    """The t interval of the logit of a mean, its standard error by the delta method; None for a mean on an end of the scale."""
    low, high = scale
    share, se = (plain.value - low) / (high - low), plain.se / (high - low)
    if not 0 < share < 1:
        return None
    center = math.log(share) - math.log1p(-share)
    reach = (plain.high - plain.value) / (high - low) / (share * (1 - share)) if se else 0.0
    ends = [low + (high - low) * float(scipy.special.expit(center + way * reach)) for way in (-1, 1)]
    return ends[0], ends[1]


def _untilted(t: float, tilt: float) -> float:
    """Hall's cubic transformation backwards; ``tilt`` is skewness / √n."""
    return t if abs(tilt) < _UPRIGHT else 3 / tilt * (float(np.cbrt(1 + tilt * (t - tilt / 6))) - 1)


_UPRIGHT = 1e-6


def _log_normal(logs: Array, alpha: float) -> tuple[float, float]:
    """Generalized bounds of exp(μ + σ²/2): of a log-normal sample they are right however few its values are."""
    from reportgen.analyze.methods.largest import scaled_chi

    n, center, spread = len(logs), mean(logs), sd(logs)
    if spread == 0:
        return math.exp(center), math.exp(center)
    ratio, weight = scaled_chi(n - 1)

    def below(log: float) -> float:
        """Fiducial probability that μ + σ²/2 is ``log`` at most."""
        return float(scipy.special.ndtr((log - center - (spread / ratio) ** 2 / 2) * math.sqrt(n) * ratio / spread) @ weight)

    def where(level: float) -> float:
        reach = spread
        while not below(center - reach) < level < below(center + reach):
            reach *= 2
        found = scipy.optimize.brentq(lambda log: below(log) - level, center - reach, center + reach)
        return math.exp(min(max(float(found), -LARGEST_LOG), LARGEST_LOG))

    return where(alpha), where(1 - alpha)


LARGEST_LOG = 700.0
"""exp of it is still a float."""
