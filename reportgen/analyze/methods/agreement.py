"""How far two raters agree beyond chance, on categories and on numbers.

Sources: Cohen 1960; Fleiss, Cohen & Everitt 1969 for the standard error of kappa; Krippendorff 2011, "Computing Krippendorff's
Alpha-Reliability", for two raters and interval data, without missing values.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import scipy

from reportgen.analyze.methods.estimates import Estimate
from reportgen.analyze.methods.samples import LEVEL, Values, finite_pairs


@dataclass(frozen=True, slots=True)
class Agreement:
    """``coefficient`` is None when nobody ever said anything else, so that chance explains all."""

    n: int
    observed: float
    """Share of items on which both said the same; of numbers those that are equal."""
    coefficient: Estimate | None


def cohens_kappa(first: Sequence[Hashable], second: Sequence[Hashable], level: float = LEVEL) -> Agreement:
    """Kappa of two raters' categories with its large-sample interval. ``ValueError`` for no items or unequal lengths."""
    n = len(first)
    if n == 0 or n != len(second):
        raise ValueError(f"{n} and {len(second)} items")
    cells, rows, columns = Counter(zip(first, second, strict=True)), Counter(first), Counter(second)
    names = sorted({*rows, *columns}, key=repr)
    same = sum(cells[name, name] for name in names) / n
    chance = sum(rows[name] * columns[name] for name in names) / n**2
    if chance >= 1:
        return Agreement(n, same, None)
    kappa = (same - chance) / (1 - chance)
    on = sum(cells[name, name] / n * ((1 - chance) - (columns[name] + rows[name]) / n * (1 - same)) ** 2 for name in names)
    off = (1 - same) ** 2 * sum(cells[a, b] / n * ((columns[a] + rows[b]) / n) ** 2 for a in names for b in names if a != b)
    variance = (on + off - (same * chance - 2 * chance + same) ** 2) / (n * (1 - chance) ** 4)
    reach = float(scipy.special.ndtri((1 + level) / 2)) * math.sqrt(max(0.0, variance))
    return Agreement(n, same, Estimate(kappa, max(-1.0, kappa - reach), min(1.0, kappa + reach), level))


def krippendorff_alpha(first: Values, second: Values, level: float = LEVEL, draws: int = 2000) -> Agreement:
    """Alpha of two raters' numbers (interval data); its interval is a percentile bootstrap over items.

    ``ValueError`` for no items, unequal lengths or numbers that are not finite.
    """
    a, b = finite_pairs(first, second)
    if a.size == 0:
        raise ValueError("no items")
    same = float(np.mean(a == b))
    value = _alpha(a, b)
    if value is None:
        return Agreement(int(a.size), same, None)
    rng = np.random.Generator(np.random.PCG64(a.size))
    drawn = rng.integers(0, a.size, (draws, a.size))
    found = [one for rows in drawn if (one := _alpha(a[rows], b[rows])) is not None]
    tail = (1 - level) / 2
    low, high = (float(end) for end in np.quantile(found, (tail, 1 - tail))) if found else (value, value)
    return Agreement(int(a.size), same, Estimate(value, min(low, value), max(high, value), level))


def _alpha(a: np.ndarray, b: np.ndarray) -> float | None:
    pooled = np.concatenate([a, b])
    n = pooled.size
    # The mean squared difference of all pairs of values is twice their variance.
    expected = 2 * float(pooled.var(ddof=1)) if n > 1 else 0.0
    if expected == 0:
        return None
    return 1 - float(np.mean((a - b) ** 2)) / expected
