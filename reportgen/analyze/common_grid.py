"""Curves of many runs read on one grid of x: a first pass over the histories finds the grid, a second one reads the values.

Common are the x that three runs or more logged, and where there are enough of those that every run still going logged, only they, so
that n changes where runs begin or end and nowhere else; at most 200, evenly by rank. There a run counts that logged a finite value at
this very x. Only where runs share no x, or there are too many to count, every curve is read along its straight lines, and
``interpolated`` says so. A run's curve is reduced to at most 200 numbers as it goes by, so a metric with any number of points fits
in memory.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from reportgen.analyze.curves import on_grid
from reportgen.analyze.runs import RunKey

FEWEST = 3
"""Curves that are finite at an x, for it to be kept."""
MOST_X = 200
ENOUGH = 10
"""X that every run still going logged, for the others to be left out."""
MOST_COUNTED = 50_000
"""Distinct x that are counted; with more, curves are read at even x."""


class CommonGrid:
    """The curves of some runs in one metric: ``see`` every curve to find the grid, then ``take`` every curve, then read the result."""

    def __init__(self, keys: Iterable[RunKey]) -> None:
        """``keys`` in the order of the rows."""
        self.keys = tuple(keys)
        self._among = frozenset(self.keys)
        self._every: np.ndarray | None = np.zeros(0)
        self._counts = np.zeros(0, dtype=int)
        self._firsts: list[float] = []
        self._lasts: list[float] = []
        self._rows: dict[RunKey, np.ndarray] = {}
        self._grid: np.ndarray | None = None

    def __contains__(self, key: RunKey) -> bool:
        return key in self._among

    def see(self, x: np.ndarray) -> None:
        """Learns where a curve has points; ``x`` ascending."""
        if not len(x):
            return
        self._firsts.append(float(x[0]))
        self._lasts.append(float(x[-1]))
        if self._every is None:
            return
        new = np.unique(x)
        if len(new) == len(self._every) and (new == self._every).all():  # runs of one script log the same steps
            self._counts += 1
            return
        every = np.union1d(self._every, new)
        if len(every) > MOST_COUNTED:
            self._every = None
            return
        counts = np.zeros(len(every), dtype=int)
        counts[np.searchsorted(every, self._every)] += self._counts
        counts[np.searchsorted(every, new)] += 1
        self._every, self._counts = every, counts

    def take(self, key: RunKey, x: np.ndarray, value: np.ndarray) -> None:
        """Reads a curve at the common x."""
        grid = self.grid
        self._rows[key] = on_grid(x, value, grid) if self.interpolated else _at(x, value, grid)

    @property
    def interpolated(self) -> bool:
        """Whether curves are read between their points."""
        return self._every is None or int((self._counts >= FEWEST).sum()) < 2

    @property
    def grid(self) -> np.ndarray:
        """The x that three runs logged, thinned evenly to 200; else every x that occurs, or 200 even ones."""
        if self._grid is None:
            self._grid = self._common()
        return self._grid

    def _common(self) -> np.ndarray:
        if self._every is None:
            return np.linspace(min(self._firsts), max(self._lasts), MOST_X)
        if self.interpolated:
            few = len(self._every) <= MOST_X
            return self._every.astype(float) if few else np.linspace(self._every[0], self._every[-1], MOST_X)
        shared, counts = self._every[self._counts >= FEWEST], self._counts[self._counts >= FEWEST]
        firsts, lasts = np.sort(self._firsts), np.sort(self._lasts)
        going = np.searchsorted(firsts, shared, side="right") - np.searchsorted(lasts, shared, side="left")
        whole = shared[counts >= going]
        kept = (whole if len(whole) >= ENOUGH else shared).astype(float)
        places = np.unique(np.linspace(0, len(kept) - 1, min(len(kept), MOST_X)).round().astype(int))
        return np.asarray(kept[places], dtype=float)

    def matrix(self) -> tuple[np.ndarray, np.ndarray]:
        """(x, runs × x); NaN where a curve has nothing; x with fewer than three curves left out."""
        rows = np.array([self._rows[key] for key in self.keys])
        if not rows.size:
            return np.zeros(0), np.zeros((len(self.keys), 0))
        kept = np.isfinite(rows).sum(axis=0) >= FEWEST
        return self.grid[kept], rows[:, kept]


def _at(x: np.ndarray, value: np.ndarray, grid: np.ndarray) -> np.ndarray:
    """The curve's own values at ``grid``, the last of equal x; NaN where it logged none."""
    place = np.searchsorted(x, grid, side="right") - 1
    found = np.full(len(grid), np.nan)
    there = place >= 0
    there[there] = x[place[there]] == grid[there]
    found[there] = value[place[there]]
    return found
