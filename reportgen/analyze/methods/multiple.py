"""Many tests at once: Holm's and Benjamini & Hochberg's adjusted p-values over a printed family.

A test that could not be made (``None``) is not a member of the family and stays ``None``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy


def holm(p_values: Sequence[float]) -> tuple[float, ...]:
    """Holm's adjusted p-values in the given order; controls the family-wise error under any dependence. Holm (1979)."""
    order = sorted(range(len(p_values)), key=lambda i: p_values[i])
    adjusted = [0.0] * len(p_values)
    largest = 0.0
    for place, i in enumerate(order):
        largest = max(largest, min(1.0, (len(p_values) - place) * p_values[i]))
        adjusted[i] = largest
    return tuple(adjusted)


def benjamini_hochberg(p_values: Sequence[float]) -> tuple[float, ...]:
    """Benjamini & Hochberg's adjusted p-values (false discovery rate), in the given order.

    Raises ``ValueError`` for a p outside 0 … 1. Source: Benjamini & Hochberg 1995.
    """
    p = _probabilities(p_values)
    return tuple(float(value) for value in scipy.stats.false_discovery_control(p, method="bh")) if p.size else ()


def holm_of_some(p_values: Sequence[float | None]) -> tuple[float | None, ...]:
    """Holm over the tests that were made; ``None`` stays ``None``."""
    adjusted = iter(holm([p for p in p_values if p is not None]))
    return tuple(None if p is None else next(adjusted) for p in p_values)


def benjamini_hochberg_of_some(p_values: Sequence[float | None]) -> tuple[float | None, ...]:
    """Benjamini & Hochberg over the tests that were made; ``None`` stays ``None``."""
    adjusted = iter(benjamini_hochberg([p for p in p_values if p is not None]))
    return tuple(None if p is None else next(adjusted) for p in p_values)


def _probabilities(p_values: Sequence[float]) -> np.ndarray:
    p = np.asarray(p_values, dtype=np.float64)
    # Written so that NaN fails it too.
    if not ((p >= 0) & (p <= 1)).all():
        raise ValueError(f"p-values lie between 0 and 1, found {[value for value in p_values if not 0 <= value <= 1]}")
    return p
