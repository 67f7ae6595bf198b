"""Curves of many runs read at common x, without holding all of them: one pass finds where, a second one what.

A run's curve is reduced to at most 200 numbers as it goes by, so a metric with any number of points fits in memory.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from reportgen.analyze.curves import on_grid
from reportgen.analyze.runs import RunKey

FEWEST = 3
"""Curves that are finite at an x, for it to be kept."""
MOST_X = 200


class Together:
    """Some runs' curves of one metric. First ``see`` every curve, then ``take`` every curve, then ask."""

    def __init__(self, keys: Iterable[RunKey]) -> None:
        """``keys`` in the order of the rows."""
        self.keys = tuple(keys)
        self._among = frozenset(self.keys)
        self._every: np.ndarray | None = np.zeros(0)
        self._low, self._high = np.inf, -np.inf
        self._rows: dict[RunKey, np.ndarray] = {}

    def __contains__(self, key: RunKey) -> bool:
        return key in self._among

    def see(self, x: np.ndarray) -> None:
        """Learns where a curve has points."""
        if not len(x):
            return
        self._low, self._high = min(self._low, float(x.min())), max(self._high, float(x.max()))
        if self._every is not None:
            every = np.unique(np.concatenate([self._every, x]))
            self._every = every if len(every) <= MOST_X else None

    def take(self, key: RunKey, x: np.ndarray, value: np.ndarray) -> None:
        """Reads a curve at the common x."""
        self._rows[key] = on_grid(x, value, self.grid)

    @property
    def grid(self) -> np.ndarray:
        """Every x that occurs, or 200 even ones when there are more."""
        return self._every.astype(float) if self._every is not None else np.linspace(self._low, self._high, MOST_X)

    def matrix(self) -> tuple[np.ndarray, np.ndarray]:
        """(x, runs × x); NaN outside a curve's own range; x with fewer than three curves left out."""
        rows = np.array([self._rows[key] for key in self.keys])
        if not rows.size:
            return np.zeros(0), np.zeros((len(self.keys), 0))
        kept = np.isfinite(rows).sum(axis=0) >= FEWEST
        return self.grid[kept], rows[:, kept]
