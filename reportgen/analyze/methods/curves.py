"""Numbers that a whole training curve comes down to, so that curves of different runs can be compared.

Role: mean level over training, time to a threshold. Limits: raw values only, smoothing is for the
eye (``reportgen.analyze.curves`` has it, with plateaus, convergence, divergence and the over-fitting gap); no test compares
curves, only the scalars from here. Non-finite values are left out and counted: they are what diverging runs log.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reportgen.analyze.methods.estimates import Estimate
from reportgen.analyze.methods.proportions import wilson_interval
from reportgen.analyze.methods.samples import LARGEST, LEVEL, Array, Outcome, Values


@dataclass(frozen=True, slots=True)
class MeanLevel:
    """Area under a curve divided by its step range: the mean level over training."""

    outcome: Outcome
    value: float | None
    start: float | None
    stop: float | None
    left_out: int
    """Points with a NaN or infinite value."""


@dataclass(frozen=True, slots=True)
class ThresholdTime:
    """When a curve first reached a threshold; not reached is censored at its last step, never that step."""

    reached: bool
    step: float | None
    """First of the ``sustained`` steps; ``None`` when not reached."""
    last_step: float | None
    """How far the run was watched; ``None`` for an empty curve."""


@dataclass(frozen=True, slots=True)
class ReachedShare:
    """How many runs of a group reached a threshold, and when half of them had."""

    reached: int
    runs: int
    share: Estimate
    """With Wilson's interval."""
    median_step: float | None
    """Among all runs; ``None`` unless more than half reached it."""


def mean_level(steps: Values, values: Values, span: tuple[float, float] | None = None) -> MeanLevel:
    """Trapezoid over finite points divided by the step range, over ``span`` (by default the curve's own finite range).

    Ends inside a segment are interpolated. Compare runs only over a range that all of them cover. ``too few`` with fewer than 2 finite
    points, ``refused`` when the curve does not cover ``span``. Duplicate steps: keep the last before calling.
    """
    x, y = _curve(steps, values)
    points = _finite_points(x, y)
    left_out = int(x.size - points[0].size)
    if points[0].size < 2 or points[0][0] == points[0][-1]:
        return MeanLevel("too few", None, None, None, left_out)
    start, stop = span or (float(points[0][0]), float(points[0][-1]))
    if not (points[0][0] <= start < stop <= points[0][-1]):
        return MeanLevel("refused", None, start, stop, left_out)
    inside = (points[0] > start) & (points[0] < stop)
    ends = np.interp([start, stop], *points)
    cut = np.concatenate([[start], points[0][inside], [stop]]), np.concatenate([ends[:1], points[1][inside], ends[1:]])
    return MeanLevel("estimated", float(np.trapezoid(cut[1], cut[0])) / (stop - start), start, stop, left_out)


def time_to_threshold(
    steps: Values, values: Values, threshold: float, *, higher_is_better: bool, sustained: int = 1
) -> ThresholdTime:
    """First step with a raw value at or past ``threshold``, held for ``sustained`` logged points in a row.

    A NaN or infinite value breaks the row. ``threshold`` finite, ``sustained`` ≥ 1 (else ``ValueError``).
    """
    x, y = _curve(steps, values)
    if not math.isfinite(threshold) or sustained < 1:
        raise ValueError(f"needs a finite threshold and at least 1 point, found {threshold} and {sustained}")
    past = np.isfinite(y) & ((y >= threshold) if higher_is_better else (y <= threshold))
    last = float(x[-1]) if x.size else None
    # A window of `sustained` points all past the threshold: its running count rises by as much.
    counts = np.concatenate([[0], np.cumsum(past)])
    starts = np.flatnonzero(counts[sustained:] - counts[: max(0, counts.size - sustained)] == sustained)
    return ThresholdTime(True, float(x[starts[0]]), last) if starts.size else ThresholdTime(False, None, last)


def reached_share(times: Sequence[ThresholdTime], *, level: float = LEVEL) -> ReachedShare:
    """Reached k of n with a Wilson interval; median time among all runs only when more than half reached it.

    Needs at least one run (else ``ValueError``).
    """
    steps = sorted(time.step if time.step is not None else math.inf for time in times)
    reached, runs = sum(step < math.inf for step in steps), len(steps)
    share = wilson_interval(reached, runs, level)
    return ReachedShare(reached, runs, share, float(np.median(steps)) if 2 * reached > runs else None)


def _curve(steps: Values, values: Values) -> tuple[Array, Array]:
    x, y = np.asarray(steps, dtype=np.float64), np.asarray(values, dtype=np.float64)
    if x.ndim != 1 or x.shape != y.shape:
        raise ValueError(f"a curve needs as many steps as values, found shapes {x.shape} and {y.shape}")
    if not np.isfinite(x).all() or (np.diff(x) < 0).any():
        raise ValueError("steps must be finite and must not fall")
    return x, y


def _finite_points(x: Array, y: Array) -> tuple[Array, Array]:
    """Points with a value that can be computed with; beyond 1e70 counts as infinite."""
    kept: npt.NDArray[np.bool_] = np.isfinite(y) & (np.abs(np.where(np.isfinite(y), y, 0.0)) <= LARGEST)
    return x[kept], y[kept]
