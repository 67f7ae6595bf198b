"""How a series was logged: in one go, again from an earlier step, or by several writers at once.

Points that stand in order of step hide it; in order of time a restart shows as a fall of the step, after which steps come that
are there already. Slightly disordered logging makes falls too, but repeats no step.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reportgen.snapshot import Series

MOST_FALLS = 200
"""Falls of the step beyond which the order of time is disorder."""
FEWEST = 2
"""Steps that a restart repeats."""
FEWEST_BETWEEN = 3
"""Points of both passes in the range that they share, where they share no step."""
SHARE_OF_STEPS = 0.8
"""Share of steps with several points, from which on there are several writers."""


@dataclass(frozen=True, slots=True)
class Passes:
    """The passes of one series. Arrays are as long as the series, in its order."""

    number: np.ndarray
    """Pass of each point, 0 for the oldest."""
    current: np.ndarray
    """True for the points that lead to the newest state: the newest pass, and what lies before its first step in earlier ones."""
    starts: tuple[int, ...]
    """First step of each pass."""


def passes_of(step: np.ndarray, timestamp: np.ndarray) -> Passes | None:
    """The passes of a series that is sorted by (step, timestamp); None for a single one and for several writers."""
    if len(step) < 2 * FEWEST or bool((timestamp[1:] >= timestamp[:-1]).all()):
        return None
    order = np.argsort(timestamp, kind="stable")
    at = step[order]
    falls = np.flatnonzero(at[1:] < at[:-1]) + 1
    if not 0 < len(falls) <= MOST_FALLS:
        return None
    bounds = [0]
    for fall, end in zip(falls.tolist(), [*falls[1:].tolist(), len(at)], strict=True):
        if _goes_back(at[bounds[-1] : fall], at[fall:end]):
            bounds.append(fall)
    if len(bounds) < 2 or len(bounds) > _most_at_a_step(step):
        return None
    number = np.empty(len(step), dtype=int)
    number[order] = np.searchsorted(bounds, np.arange(len(at)), side="right") - 1
    starts = [int(at[bound:end].min()) for bound, end in zip(bounds, [*bounds[1:], len(at)], strict=True)]
    current = np.zeros(len(step), dtype=bool)
    end = np.iinfo(np.int64).max
    for i in reversed(range(len(starts))):
        current |= (number == i) & ((step < end) | (i == len(starts) - 1))
        end = min(end, starts[i])
    return Passes(number, current, tuple(starts))


def _goes_back(before: np.ndarray, after: np.ndarray) -> bool:
    """Whether ``after`` (ascending) does again what ``before`` had done already."""
    left = before[before >= after[0]]
    if len(after) < FEWEST or not len(left):
        return False
    between = int((after <= left.max()).sum())
    return int(np.isin(after, left).sum()) >= FEWEST or min(len(left), between) >= FEWEST_BETWEEN


def _most_at_a_step(step: np.ndarray) -> int:
    """Points of the fullest step, at least 2: as many passes may have gone over it; with more falls there are several writers.

    Passes that go back only a little pile up nowhere, so where few steps have several points there is no limit.
    """
    counts = _counts(step)
    return int(counts.max()) if (counts > 1).mean() >= SHARE_OF_STEPS else len(step)


def _counts(step: np.ndarray) -> np.ndarray:
    first = np.flatnonzero(np.append(True, step[1:] != step[:-1]))
    return np.diff(np.append(first, len(step)))


def current_points(series: Series) -> Series:
    """``series`` without the points of abandoned passes."""
    passes = passes_of(series.step, series.timestamp)
    return series if passes is None else chosen_points(series, passes.current)


def abandoned_passes(series: Series) -> tuple[Series, ...]:
    """What earlier passes logged from the step on where a newer one began, the oldest first."""
    passes = passes_of(series.step, series.timestamp)
    if passes is None:
        return ()
    found = [chosen_points(series, (passes.number == i) & ~passes.current) for i in range(len(passes.starts) - 1)]
    return tuple(one for one in found if len(one))


def chosen_points(series: Series, kept: np.ndarray) -> Series:
    """The points of ``series`` where ``kept`` is true."""
    return Series(
        series.experiment_id, series.run_id, series.metric, series.step[kept], series.timestamp[kept], series.value[kept]
    )


def points_per_step(step: np.ndarray, value: np.ndarray) -> int:
    """The median number of points at a step where several differ at nearly every step; else 1. Sorted by step, one pass."""
    counts = _counts(step)
    if len(counts) < 3 or (counts > 1).mean() < SHARE_OF_STEPS:
        return 1
    first = np.cumsum(counts) - counts
    with np.errstate(invalid="ignore"):
        differs = np.maximum.reduceat(value, first) != np.minimum.reduceat(value, first)
    return int(np.median(counts)) if differs.mean() >= SHARE_OF_STEPS / 2 else 1


def mean_per_step(step: np.ndarray, value: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """(step, mean, smallest, largest) of the finite points at each step; NaN where there is none. Sorted by step."""
    first = np.flatnonzero(np.append(True, step[1:] != step[:-1]))
    finite = np.isfinite(value)
    n = np.add.reduceat(finite.astype(float), first)
    with np.errstate(all="ignore"):
        mean = np.add.reduceat(np.where(finite, value, 0.0), first) / n
        low = np.minimum.reduceat(np.where(finite, value, np.inf), first)
        high = np.maximum.reduceat(np.where(finite, value, -np.inf), first)
    return step[first], mean, np.where(n > 0, low, np.nan), np.where(n > 0, high, np.nan)
