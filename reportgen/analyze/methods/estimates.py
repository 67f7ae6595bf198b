"""Estimates with intervals, and what Student's t makes of an estimate, its standard error and degrees of freedom.

Two groups are always ``a`` (baseline) and ``b``; a difference is b − a. Welch, paired, corrected and ratio questions differ only
in how the estimate, its standard error and its degrees of freedom are made; intervals and p-values are the same arithmetic
afterwards. No rule about sample sizes is here; those are in the modules that ask. Only ``scipy.special``, the small half of
SciPy, is loaded.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import scipy

from reportgen.analyze.methods.samples import (
    LEVEL,
    Moments,
    Values,
    constant,
    differences,
    magnitude,
    mean,
    moments,
    sd,
)

LARGEST_LOG = 690.0
"""Beyond e^690 a ratio is no floating-point number."""
LARGEST_LIFT = 7.0
"""A log ratio beyond a factor of about a thousand says nothing that the values do not say better."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its two-sided interval; ``level`` is the nominal coverage, e.g. 0.95."""

    value: float
    low: float
    high: float
    level: float


@dataclass(frozen=True, slots=True)
class StudentEstimate(Estimate):
    """An estimate whose interval and test are Student's t."""

    se: float
    """Standard error; 0 when nothing varies, and the interval then has width 0."""
    df: float
    """Degrees of freedom."""

    @property
    def t(self) -> float:
        """Standard errors between the value and 0."""
        return self.t_against(0.0)

    @property
    def p(self) -> float:
        """Two-sided p of the value against 0."""
        return t_two_sided(self.t, self.df)

    def t_against(self, null: float) -> float:
        """Standard errors between the value and ``null``; ``ValueError`` when the standard error is 0."""
        if self.se == 0.0:
            raise ValueError("no t statistic without variation")
        return (self.value - null) / self.se

    def p_above(self, null: float = 0.0) -> float:
        """One-sided p against "at most ``null``"."""
        return float(scipy.special.stdtr(self.df, -self.t_against(null)))

    def at(self, level: float) -> StudentEstimate:
        """The same estimate with its interval at another level."""
        return student(self.value, self.se, self.df, level)


def student(value: float, se: float, df: float, level: float = LEVEL) -> StudentEstimate:
    """``value`` ± t · ``se``."""
    reach = t_quantile((1 + level) / 2, df) * se
    return StudentEstimate(value, value - reach, value + reach, level, se, df)


def t_quantile(probability: float, df: float) -> float:
    """Quantile of Student's t."""
    return float(scipy.special.stdtrit(df, probability))


def t_two_sided(t: float, df: float) -> float:
    """Two-sided p of Student's t."""
    return float(2 * scipy.special.stdtr(df, -abs(t)))


def t_interval(values: Values, level: float = LEVEL) -> StudentEstimate:
    """The mean with its t interval: mean ± t·sd/√n. n ≥ 2."""
    center, spread, n = mean(values), sd(values), len(values)
    half = t_quantile((1 + level) / 2, n - 1) * spread / math.sqrt(n)
    return StudentEstimate(center, center - half, center + half, level, spread / math.sqrt(n), n - 1)


def mean_of(values: Values, scale: float = 0.0, level: float = LEVEL) -> StudentEstimate:
    """The mean with its t interval, e.g. of differences computed from numbers as large as ``scale``. n ≥ 2."""
    spread = 0.0 if constant(np.asarray(values, np.float64), scale) else sd(values)
    return student(mean(values), spread / math.sqrt(len(values)), len(values) - 1, level)


def prediction_interval(values: Values, n_new: int = 1, level: float = LEVEL) -> StudentEstimate:
    """Where the mean of ``n_new`` future runs will lie: mean ± t·sd·√(1/m + 1/n). n ≥ 2.

    Source: Devore, Probability and Statistics for Engineering and the Sciences, section 7.3.
    """
    center, spread, n = mean(values), sd(values), len(values)
    wider = math.sqrt(1 / n_new + 1 / n)
    half = t_quantile((1 + level) / 2, n - 1) * spread * wider
    return StudentEstimate(center, center - half, center + half, level, spread * wider, n - 1)


def welch(a: Values, b: Values, level: float = LEVEL) -> StudentEstimate | None:
    """Welch's t test of b − a with its interval; ``None`` when neither group varies. n ≥ 2 in each.

    Source: Welch (1947), Biometrika 34.
    """
    test = welch_of(moments(a), moments(b), level=level)
    return test if test.se else None


def welch_of(a: Moments, b: Moments, weight: float = 1.0, level: float = LEVEL) -> StudentEstimate:
    """``mean_b − weight · mean_a``, variances not assumed equal; standard error 0 when neither side varies."""
    spread = weight * a.sd
    se = math.hypot(spread / math.sqrt(a.n), b.sd / math.sqrt(b.n))
    df = satterthwaite((spread**2 / a.n, b.sd**2 / b.n), (a.n - 1, b.n - 1))
    return student(b.mean - weight * a.mean, se, df, level)


def satterthwaite(variances: tuple[float, ...], df: tuple[float, ...]) -> float:
    """Degrees of freedom of a sum of independent estimates with these variances; the sum of ``df`` when nothing varies.

    Source: Satterthwaite (1946).
    """
    total = sum(variances)
    if total == 0.0:
        return float(sum(df))
    return total**2 / sum(variance**2 / freedom for variance, freedom in zip(variances, df, strict=True))


def pooled(a: Moments, b: Moments, level: float = LEVEL) -> StudentEstimate:
    """``mean_b − mean_a``, variances assumed equal (Student)."""
    df = a.n + b.n - 2
    spread = math.sqrt(((a.n - 1) * a.sd**2 + (b.n - 1) * b.sd**2) / df)
    return student(b.mean - a.mean, spread * math.sqrt(1 / a.n + 1 / b.n), df, level)


def paired(a: Values, b: Values, level: float = LEVEL) -> StudentEstimate | None:
    """The paired t test of b − a; ``None`` when every difference is the same. n ≥ 2 pairs, in the same order."""
    test = mean_of(differences(a, b), magnitude(np.asarray(a, np.float64), np.asarray(b, np.float64)), level)
    return test if test.se else None


def relative_lift(a: Values, b: Values, level: float = LEVEL) -> Estimate | None:
    """mean_b/mean_a − 1 with a delta-method interval on the log ratio and Welch's degrees of freedom.

    n ≥ 2 each, both means > 0. ``None`` without variation, or where the interval spans factors of a thousand.
    Source: as in tea-tasting; Deng et al. (2018).
    """
    return relative_lift_of(moments(a), moments(b), level)


def relative_lift_of(a: Moments, b: Moments, level: float = LEVEL) -> Estimate | None:
    """``relative_lift`` from n, mean and sd of each side."""
    variances = a.sd**2 / a.n / a.mean**2, b.sd**2 / b.n / b.mean**2
    df = satterthwaite(variances, (a.n - 1, b.n - 1))
    log_ratio = student(math.log(b.mean) - math.log(a.mean), math.sqrt(sum(variances)), df, level)
    return _lift(log_ratio) if log_ratio.se else None


def paired_lift(a: Values, b: Values, level: float = LEVEL) -> Estimate | None:
    """The relative difference of pairs: the t interval of their log ratios, back from the logarithm. All values > 0, n ≥ 2."""
    return _lift(t_interval(np.log(np.asarray(b, float)) - np.log(np.asarray(a, float)), level))


def _lift(log_ratio: Estimate) -> Estimate | None:
    if max(abs(log_ratio.low), abs(log_ratio.high)) > LARGEST_LIFT:
        return None
    return Estimate(math.expm1(log_ratio.value), math.expm1(log_ratio.low), math.expm1(log_ratio.high), log_ratio.level)


def ratio_of(log_ratio: Estimate) -> Estimate | None:
    """A log ratio as a ratio; ``None`` where its interval leaves the range of floating-point numbers."""
    if max(abs(log_ratio.low), abs(log_ratio.high)) > LARGEST_LOG:
        return None
    return Estimate(math.exp(log_ratio.value), math.exp(log_ratio.low), math.exp(log_ratio.high), log_ratio.level)
