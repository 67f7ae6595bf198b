"""Arithmetic on one curve: smoothing and thinning for the eye, plateaus, divergence and over-fitting for the judgement.

Smoothed and thinned values are drawn and never counted. Arrays are of one length, steps ascending; ``goal`` is a
metric's direction, and what needs one is not computed without.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy

from reportgen.model import Goal

PATIENCE = 10
"""Points without improvement that make a plateau."""
MIN_DELTA = 0.001
"""Share of the best value below which a gain is none."""


def one_per_step(step: np.ndarray, value: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Steps once each: the point logged last wins."""
    last = np.append(step[1:] != step[:-1], True) if len(step) else np.zeros(0, dtype=bool)
    return (step, value) if last.all() else (step[last], value[last])


def smoothed(values: Sequence[float] | np.ndarray, weight: float) -> np.ndarray:
    """The debiased exponential moving average of TensorBoard, for drawing only.

    ``last = w·last + (1−w)·y``, shown as ``last/(1−wⁿ)`` with n the finite points so far. NaN and infinity pass through
    and change nothing; a constant series comes back as it is; ``weight`` is clipped to [0, 1), NaN is 0.
    Raises ``ValueError`` for a weight of 1 or more: it would never move.
    """
    array = np.asarray(values, dtype=float)
    if weight >= 1:
        raise ValueError(f"a smoothing weight must be below 1, not {weight}")
    weight = weight if weight > 0 else 0.0  # also for NaN
    finite = np.isfinite(array)
    kept = array[finite]
    out = array.copy()
    if weight == 0 or not len(kept) or (kept == kept[0]).all():
        return out
    last, debias, result = 0.0, 1.0, []
    for y in kept.tolist():
        last = weight * last + (1 - weight) * y
        debias *= weight
        result.append(last / (1 - debias))
    out[finite] = result
    return out


def thinned(value: np.ndarray, most: int) -> np.ndarray:
    """Indices of at most ``most`` points that keep the picture: first, last, and the extremes of equal buckets.

    ``value`` is finite. Every bucket keeps its smallest and largest point, so no peak is lost. ``most`` ≥ 4.
    """
    n = len(value)
    if n <= most:
        return np.arange(n)
    edges = np.linspace(0, n, (most - 2) // 2 + 1).astype(int)
    kept = {0, n - 1}
    for start, end in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        bucket = value[start:end]
        kept |= {start + int(np.argmin(bucket)), start + int(np.argmax(bucket))}
    return np.array(sorted(kept))


def on_grid(x: np.ndarray, value: np.ndarray, grid: np.ndarray) -> np.ndarray:
    """A curve read at ``grid`` by straight lines between its finite points; NaN outside its own range."""
    finite = np.isfinite(value)
    if not finite.any():
        return np.full(len(grid), np.nan)
    found: np.ndarray = np.interp(grid, x[finite], value[finite], left=np.nan, right=np.nan)
    return found


def _rising(value: np.ndarray, goal: Goal) -> np.ndarray:
    return -value if goal == "minimize" else value


def plateau_since(value: np.ndarray, goal: Goal, *, patience: int = PATIENCE, min_delta: float | None = None) -> int | None:
    """The last point that gained more than ``min_delta``, when ``patience`` points or more followed without one.

    Finite values only; ``min_delta`` is absolute, by default 0.1 % of the best value. None for a curve that gained until its end.
    """
    if goal == "none" or len(value) <= patience:
        return None
    up = _rising(value, goal)
    delta = MIN_DELTA * abs(float(up.max())) if min_delta is None else min_delta
    # Only a point above all before it can beat the best by delta, and those are few.
    before = np.maximum.accumulate(np.append(-np.inf, up[:-1]))
    best, since = -np.inf, 0
    for at in np.flatnonzero(up > before).tolist():
        if up[at] > best + delta:
            best, since = float(up[at]), at
    return since if since + patience < len(value) else None


@dataclass(frozen=True, slots=True)
class Progress:
    """Whether a curve got better until its end. It never both stopped and still improves."""

    stopped: int | None
    """The point of the last gain, when the curve stopped improving."""
    improving: bool | None
    """Whether it still improves at the end; None for a curve that is too short to tell."""


def progress_of(x: np.ndarray, value: np.ndarray, goal: Goal) -> Progress:
    """Finite values in order of x. The slope of the last fifth decides where the last gain lies in it, else that gain does.

    A long noisy curve goes ten points without a gain while it rises, and a curve may rise again without reaching its best.
    """
    since, improving = plateau_since(value, goal), still_improving(x, value, goal)
    if since is None or not improving:
        return Progress(since, improving)
    return Progress(None, True) if since >= len(value) - len(value) // 5 else Progress(since, False)


@dataclass(frozen=True, slots=True)
class Divergence:
    """Three separate signs that training went wrong; non-finite values are counted elsewhere."""

    gave_back: bool
    """The last value lost half or more of what the best had gained over the first."""
    exploded: bool
    """A loss that ended above twice its first value."""


def divergence_of(value: np.ndarray, goal: Goal) -> Divergence:
    """Finite values in order of step; nothing is said below three points or without a direction."""
    if goal == "none" or len(value) < 3:
        return Divergence(False, False)
    up = _rising(value, goal)
    first, last, best = float(up[0]), float(up[-1]), float(up.max())
    gave_back = best > first and best - last >= 0.5 * (best - first)
    return Divergence(gave_back, goal == "minimize" and value[0] > 0 and float(value[-1]) > 2 * float(value[0]))


def still_improving(x: np.ndarray, value: np.ndarray, goal: Goal, most: int = 100) -> bool | None:
    """Whether the last fifth of the curve still gains: a Theil–Sen slope whose 95 % interval excludes zero.

    The gain projected over another tenth of the steps must also be worth 0.1 % of the best value. None below five
    points in that fifth; more than ``most`` are read at even spacing. Finite values only.
    """
    n_tail = len(value) // 5
    if goal == "none" or n_tail < 5:
        return None
    at = np.unique(np.linspace(len(value) - n_tail, len(value) - 1, min(n_tail, most)).astype(int))
    found = scipy.stats.theilslopes(_rising(value[at], goal), x[at].astype(float))
    projected = float(found.slope) * float(x[-1] - x[0]) / 10
    return bool(found.low_slope > 0 and projected > MIN_DELTA * abs(float(_rising(value, goal).max())))


@dataclass(frozen=True, slots=True)
class Gap:
    """How much better training looks than validation, in the metric's direction (positive: training is better)."""

    at_best: float
    """At the best validation step."""
    at_end: float
    best_step: float
    overfitting: bool
    """Validation got worse since its best by more than noise, while training improved."""


def gap_of(train: tuple[np.ndarray, np.ndarray], validation: tuple[np.ndarray, np.ndarray], goal: Goal) -> Gap | None:
    """The gap between two curves, each (x, finite values); None without a direction or below three points each."""
    (x_train, v_train), (x_val, v_val) = train, validation
    if goal == "none" or len(v_train) < 3 or len(v_val) < 3:
        return None
    up_train, up_val = _rising(v_train, goal), _rising(v_val, goal)
    best = int(np.argmax(up_val))
    then = float(np.interp(x_val[best], x_train, up_train))
    now = float(np.interp(x_val[-1], x_train, up_train))
    worse = float(up_val[best] - up_val[-1])
    jumps = np.diff(up_val)
    # The sd of single values from the spread of first differences, which hold two values each. Shares of a small test set
    # often do not move at all: then the MAD is zero and the largest step stands in.
    mad = 1.4826 * float(np.median(np.abs(jumps - np.median(jumps))))
    noise = (mad or float(np.max(np.abs(jumps)))) / 2**0.5
    overfitting = worse > MIN_DELTA * abs(float(up_val[best])) and worse > 2 * noise and now > then
    return Gap(then - float(up_val[best]), now - float(up_val[-1]), float(x_val[best]), overfitting)
