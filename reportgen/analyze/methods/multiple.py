"""Many tests at once: Holm's and Benjamini & Hochberg's adjusted p-values over a printed family.

Holm's arithmetic is ``statistics.holm``; here it is applied to the tests that could be made. Limits: a test that could not be
made (``None``) is not a member of the family and stays ``None``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import stats

from reportgen.analyze import statistics


def benjamini_hochberg(p_values: Sequence[float]) -> tuple[float, ...]:
    """Benjamini & Hochberg's adjusted p-values (false discovery rate), in the given order.

    Raises ``ValueError`` for a p outside 0 … 1. Source: Benjamini & Hochberg 1995.
    """
    p = _probabilities(p_values)
    return tuple(float(value) for value in stats.false_discovery_control(p, method="bh")) if p.size else ()


def holm_of_some(p_values: Sequence[float | None]) -> tuple[float | None, ...]:
    """Holm over the tests that were made; ``None`` stays ``None``."""
    adjusted = iter(statistics.holm([p for p in p_values if p is not None]))
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
