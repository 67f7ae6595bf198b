"""An estimate with its standard error and degrees of freedom, and what Student's t makes of it.

Welch, pooled, paired and ratio questions differ only in how these three numbers are made; bounds, intervals and p-values are the
same arithmetic afterwards. Limits: no rule about sample sizes and no word for the reader; those are in the modules that ask.
Sources: Welch 1947 and Satterthwaite 1946 for the degrees of freedom.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy import special

from reportgen.analyze import statistics
from reportgen.analyze.methods.samples import Array, Bounds, Moments, constant

LARGEST_LOG = 690.0
"""Beyond e^690 a ratio is no floating-point number."""


@dataclass(frozen=True, slots=True)
class Contrast:
    """``estimate`` in the metric's unit, ``se`` its standard error (0 when nothing varies), ``df`` its degrees of freedom."""

    estimate: float
    se: float
    df: float


def welch(a: Moments, b: Moments, weight: float = 1.0) -> Contrast:
    """``mean_b − weight · mean_a``, variances not assumed equal."""
    spread_a, spread_b = weight * a.sd / math.sqrt(a.n), b.sd / math.sqrt(b.n)
    return Contrast(
        b.mean - weight * a.mean, math.hypot(spread_a, spread_b), satterthwaite((spread_a, spread_b), (a.n - 1, b.n - 1))
    )


def satterthwaite(standard_errors: tuple[float, ...], df: tuple[float, ...]) -> float:
    """Degrees of freedom of a sum of independent estimates; the sum of ``df`` when nothing varies."""
    total = math.hypot(*standard_errors)
    if total == 0.0:
        return float(sum(df))
    return 1.0 / sum((se / total) ** 4 / freedom for se, freedom in zip(standard_errors, df, strict=True))


def pooled(a: Moments, b: Moments) -> Contrast:
    """``mean_b − mean_a``, variances assumed equal (Student)."""
    df = a.n + b.n - 2
    sd = math.sqrt(((a.n - 1) * a.sd**2 + (b.n - 1) * b.sd**2) / df)
    return Contrast(b.mean - a.mean, sd * math.sqrt(1 / a.n + 1 / b.n), float(df))


def one_sample(values: Array, scale: float = 0.0) -> Contrast:
    """The mean of at least two values, e.g. of paired differences computed from numbers as large as ``scale``."""
    sd = 0.0 if constant(values, scale) else statistics.sd(values)
    return Contrast(statistics.mean(values), sd / math.sqrt(values.size), float(values.size - 1))


@dataclass(frozen=True, slots=True)
class StandardisedDifference:
    """``mean_b − mean_a`` in pooled standard deviations, with variances for an interval of its own."""

    sd: float
    """Pooled."""
    d: float
    """Cohen's d."""
    g: float
    """Hedges' g: d without its optimism in small samples."""
    correction: float
    """g / d = 1 − 3/(4·df − 1)."""
    variance_d: float
    variance_g: float


def standardised_difference(a: Moments, b: Moments) -> StandardisedDifference | None:
    """Cohen's d and Hedges' g from n, mean and sd; ``None`` when neither side varies. Source: Borenstein et al. 2009, ch. 4."""
    g = statistics.hedges_g_of(a.mean, a.sd, a.n, b.mean, b.sd, b.n)
    if g is None:
        return None
    correction = statistics.hedges_correction(a.n + b.n - 2)
    d = g / correction
    variance = (a.n + b.n) / (a.n * b.n) + d * d / (2 * (a.n + b.n))
    sd = pooled(a, b).se / math.sqrt(1 / a.n + 1 / b.n)
    return StandardisedDifference(sd, d, g, correction, variance, correction**2 * variance)


def t_statistic(contrast: Contrast, null: float = 0.0) -> float:
    """How many standard errors the estimate lies from ``null``; ``ValueError`` when the standard error is 0."""
    if contrast.se == 0.0:
        raise ValueError("no t statistic without variation")
    return (contrast.estimate - null) / contrast.se


def p_two_sided(contrast: Contrast, null: float = 0.0) -> float:
    """Two-sided p of Student's t."""
    return statistics.t_two_sided(t_statistic(contrast, null), contrast.df)


def p_greater(contrast: Contrast, null: float = 0.0) -> float:
    """One-sided p against "at most ``null``"."""
    return float(special.stdtr(contrast.df, -t_statistic(contrast, null)))


def interval(contrast: Contrast, level: float) -> Bounds:
    """Two-sided t interval of the estimate; of width 0 when nothing varies."""
    reach = statistics.t_quantile((1 + level) / 2, contrast.df) * contrast.se
    return Bounds(contrast.estimate - reach, contrast.estimate + reach, level)


def ratio_bounds(logs: Contrast, level: float) -> Bounds | None:
    """The interval of a log ratio as one of the ratio; ``None`` where that leaves the range of floating-point numbers."""
    limits = interval(logs, level)
    if max(abs(limits.low), abs(limits.high)) > LARGEST_LOG:
        return None
    return Bounds(math.exp(limits.low), math.exp(limits.high), level)
