"""How large a difference is, in units that do not depend on the metric: Hedges' g, Cliff's delta, P(b > a)."""

from __future__ import annotations

import math

import numpy as np

from reportgen.analyze.methods.samples import Moments, Values, moments


def hedges_correction(df: float) -> float:
    """J = 1 − 3/(4·df − 1), the usual approximation (Borenstein et al. 2009, chapter 4)."""
    return 1 - 3 / (4 * df - 1)


def hedges_g(a: Values, b: Values) -> float | None:
    """Hedges' g of b − a: the difference in pooled sds, corrected for small n; ``None`` without variation. n ≥ 2 each."""
    return hedges_g_of(moments(a), moments(b))


def hedges_g_of(a: Moments, b: Moments) -> float | None:
    """``hedges_g`` from n, mean and sd of each side."""
    df = a.n + b.n - 2
    spread = math.sqrt(((a.n - 1) * a.sd**2 + (b.n - 1) * b.sd**2) / df)
    return (b.mean - a.mean) / spread * hedges_correction(df) if spread else None


def cliffs_delta(a: Values, b: Values) -> float:
    """P(b > a) − P(b < a) over all pairs of runs; O(n log n). n ≥ 1 each."""
    low, high = np.sort(np.asarray(a, dtype=np.float64)), np.asarray(b, dtype=np.float64)
    below = np.searchsorted(low, high, "left").sum()
    above = len(low) * len(high) - np.searchsorted(low, high, "right").sum()
    return float(below - above) / (len(low) * len(high))


def probability_of_improvement(a: Values, b: Values) -> float:
    """P(b > a), ties counted half: (Cliff's delta + 1)/2. Vargha & Delaney (2000)."""
    return (cliffs_delta(a, b) + 1) / 2
