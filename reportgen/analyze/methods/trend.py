"""The same metric week after week: did it step, is the newest value outside of what history predicts?

Role: the regression ladder, replicates first, then a prediction interval, then step detection. Limits: BIC alone alarms falsely
on 20 % of quiet series, so a break is only believed when permutation tests confirm it that search for the best place anew in
every shuffled series. (Shuffling with the place held fixed forgets that it was chosen: 3–14 % false alarms instead of 1 %.)
Rules of thumb raise no alarm: ±2 sd does on 17 % of quiet series of 4 values. Values must be of one configuration; declared
changes are no regressions. Sources: Bai & Perron 2003 for exact segmentation; Schwarz 1978 for BIC as R's strucchange counts
it; Wheeler & Chambers 1992 for XmR.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from reportgen.analyze.methods.estimates import StudentEstimate, prediction_interval, student, welch_of
from reportgen.analyze.methods.samples import Array, Outcome, Values, constant, finite, magnitude, mean, moments, share

MIN_SEGMENT = 3
ALERT_ALPHA = 0.01
"""Alarms on history: a metric is looked at every week."""
COMPARISON_ALPHA = 0.05
STEP_POINTS = 12
"""From so many history points on a step can be confirmed at all."""
REPLICATES = 3
PREDICTION_POINTS = 4
AUTOCORRELATED = 0.5
MIN_CHANGE = 0.01
"""Share of the baseline below which a change is not reported as a regression."""
MOST_SEGMENTS = 12
MOST_POINTS = 1_000
"""All pairs of points are weighed."""
SHUFFLES = 1_999
Method = Literal["comparison", "prediction interval", "step detection", "too little history"]


@dataclass(frozen=True, slots=True)
class Break:
    """A step between two segments."""

    last_before: int
    """Index (from 0) of the last value before the step."""
    mean_before: float
    mean_after: float
    p: float
    """Permutation test of a step anywhere in its two neighbouring segments."""
    confirmed: bool
    """This p and that of the whole series lie below the level."""


@dataclass(frozen=True, slots=True)
class Segmentation:
    """A series as levels with steps between them."""

    outcome: Outcome
    n: int
    rss_without: float
    """Residual sum of squares of a single level."""
    rss: float
    """Of the segmentation that BIC chose."""
    breaks: tuple[Break, ...] = ()
    """All breaks that BIC chose; only the confirmed ones are to be reported."""
    p: float | None = None
    """The smaller p of two permutation tests of the whole series, for one step and for one stretch; ``None`` without a break."""

    @property
    def confirmed(self) -> tuple[Break, ...]:
        """The breaks that the permutation test confirmed."""
        return tuple(step for step in self.breaks if step.confirmed)


@dataclass(frozen=True, slots=True)
class Regression:
    """What history says of the newest value of one metric."""

    method: Method
    alpha: float
    baseline: float | None
    change: float | None
    """Newest minus baseline, in the metric's unit."""
    relative_change: float | None
    """``change`` as a share of the baseline; ``None`` when the baseline is 0 or next to it."""
    p: float | None
    significant: bool | None
    """``None`` when nothing could be tested."""
    reported: bool
    """Significant, in the bad direction, and at least ``min_change`` of the baseline."""
    interval: StudentEstimate | None = None
    """Interval of the change, or the prediction interval of the newest mean (by ``method``)."""
    autocorrelated: bool = False
    """The history leans on itself: intervals are too narrow."""
    tests: int = 1
    """Tests made, each at ``alpha``: 2 where a step was looked for as well. For ``expected_false_alarms``."""


def segmentation(
    values: Values, rng_for: Callable[[str], np.random.Generator], *, alpha: float = ALERT_ALPHA, min_segment: int = MIN_SEGMENT
) -> Segmentation:
    """Piecewise-constant least squares: exact breaks, their number by BIC, confirmed by permutation tests.

    ``values`` are in time order, flat and finite (else ``ValueError``). ``too few`` below 12 values, ``refused`` above 1 000. A
    break is confirmed when p < ``alpha`` both for a step in its two neighbouring segments and for one step, or one stretch at
    another level, in the whole series. All tests search anew in each of 1 999 shuffles; at 0.01 about 1 % of quiet series alarm
    (measured, see ``docs/md``). ``rng_for`` gives a generator for the name of a test. Values that lean on each other
    alarm more often.
    """
    array = finite(values)
    share(alpha, "alpha")
    n = int(array.size)
    rss_without = _rss(array) if n else 0.0
    if n < STEP_POINTS:
        return Segmentation("too few", n, rss_without, rss_without)
    if n > MOST_POINTS:
        return Segmentation("refused", n, rss_without, rss_without)
    if constant(array):
        return Segmentation("no variation", n, 0.0, 0.0)
    ends, rss = best_segments(array, min_segment)
    if not ends:
        return Segmentation("estimated", n, rss_without, rss)
    rng = rng_for(f"levels of {n} values")
    p = min(_shuffled_p(array, scan, min_segment, rng) for scan in (_largest_step, _largest_excursion))
    edges = [0, *(end + 1 for end in ends), n]
    breaks = tuple(
        _break(array, (left, middle, right), min_segment, rng_for(f"break after {middle} of {n}"), p < alpha, alpha)
        for left, middle, right in zip(edges, edges[1:], edges[2:], strict=False)
    )
    return Segmentation("estimated", n, rss_without, rss, breaks, p)


def best_segments(values: Array, min_segment: int = MIN_SEGMENT) -> tuple[tuple[int, ...], float]:
    """Indices of the last value before each break of the segmentation with the lowest BIC, and its residual sum of squares.

    Dynamic programming over all segmentations; BIC = n·log(rss/n) + 2·(breaks+1)·log n, as strucchange counts it.
    """
    n = int(values.size)
    if min_segment < 1:
        raise ValueError(f"a segment has at least one value, found {min_segment}")
    most = max(1, min(MOST_SEGMENTS, n // min_segment))
    centred = values - mean(values)
    cost = _segment_costs(centred)
    best = np.full((most + 1, n + 1), np.inf)
    before = np.zeros((most + 1, n + 1), dtype=np.intp)
    best[0, 0] = 0.0
    for segments in range(1, most + 1):
        for end in range(segments * min_segment, n + 1):
            totals = best[segments - 1, : end - min_segment + 1] + cost[: end - min_segment + 1, end]
            before[segments, end] = int(np.argmin(totals))
            best[segments, end] = totals[before[segments, end]]
    floor = n * (np.finfo(np.float64).eps * magnitude(values)) ** 2 + float(np.finfo(np.float64).tiny)
    segments = min(range(1, most + 1), key=lambda count: (_bic(float(best[count, n]), n, count, floor), count))
    return _ends(before, segments, n), float(best[segments, n])


def _lag_one(array: Array) -> float | None:
    if array.size < STEP_POINTS or constant(array):
        return None
    centred = array - mean(array)
    return float(centred[:-1] @ centred[1:] / (centred @ centred))


def regression(
    newest: Values,
    history: Values,
    rng_for: Callable[[str], np.random.Generator],
    *,
    baseline: Values = (),
    higher_is_better: bool,
    min_change: float = MIN_CHANGE,
    alpha: float = ALERT_ALPHA,
    comparison_alpha: float = COMPARISON_ALPHA,
) -> Regression:
    """Did the metric regress? The first rung of the ladder that the data allow.

    ``newest`` are this period's runs, ``baseline`` the runs they are compared with, ``history`` one value per earlier period,
    oldest first; all of one configuration, flat and finite (else ``ValueError``). 3 newest and 3 baseline runs: Welch at
    ``comparison_alpha`` (for pairs use ``estimates.paired``; adjust p over the watched metrics by Holm). Otherwise, from 12
    history points on, a step that the newest value confirms (one that was confirmed before is no news); from 4 on, the
    prediction interval of the values since the last step. Less: ``too little history``.
    """
    new, old, past = finite(newest, "newest"), finite(baseline, "baseline"), finite(history, "history")
    if not min_change >= 0:
        raise ValueError(f"min_change must not be negative, found {min_change}")
    judge = _Judge(higher_is_better, min_change)
    if min(new.size, old.size) >= REPLICATES:
        return _compared(new, old, judge, comparison_alpha)
    if new.size and past.size >= PREDICTION_POINTS:
        return _against_history(new, past, rng_for, judge, alpha)
    return Regression("too little history", alpha, None, None, None, None, None, reported=False)


@dataclass(frozen=True, slots=True)
class _Judge:
    """Turns a tested change into a report: the bad direction and the smallest change that matters."""

    higher_is_better: bool
    min_change: float

    def reported(self, change: float, baseline: float, significant: bool) -> bool:
        worse = change < 0 if self.higher_is_better else change > 0
        return significant and worse and abs(change) >= self.min_change * abs(baseline)


def _compared(new: Array, old: Array, judge: _Judge, alpha: float) -> Regression:
    change = welch_of(moments(old), moments(new), level=1 - alpha)
    return _regression("comparison", change, mean(old), change, judge, alpha)


def _against_history(
    new: Array, past: Array, rng_for: Callable[[str], np.random.Generator], judge: _Judge, alpha: float
) -> Regression:
    """A step is news when the newest value confirms it; otherwise the newest value is held against the current level."""
    series = np.append(past, mean(new))
    known = segmentation(past, rng_for, alpha=alpha).confirmed
    tests = 2 if past.size >= STEP_POINTS else 1
    steps = segmentation(series, rng_for, alpha=alpha) if tests == 2 else None
    if steps and steps.confirmed and not _is_known(steps.confirmed[-1], known):
        return _stepped(series, steps, judge, alpha)
    level = past[known[-1].last_before + 1 :] if known else past
    if level.size < PREDICTION_POINTS:
        return Regression("too little history", alpha, None, None, None, None, None, reported=False, tests=tests)
    return replace(_predicted(new, level, judge, alpha), autocorrelated=_leaning(past, known), tests=tests)


def _is_known(step: Break, known: Sequence[Break]) -> bool:
    return any(abs(step.last_before - old.last_before) < MIN_SEGMENT for old in known)


def _stepped(series: Array, steps: Segmentation, judge: _Judge, alpha: float) -> Regression:
    """The last confirmed step; the newest value belongs to the level after it."""
    last = steps.confirmed[-1]
    change = last.mean_after - last.mean_before
    reported = judge.reported(change, last.mean_before, significant=True)
    leaning = _leaning(series, steps.confirmed)
    relative = _relative(change, last.mean_before)
    found = Regression("step detection", alpha, last.mean_before, change, relative, last.p, True, reported, tests=2)
    return replace(found, autocorrelated=leaning)


def _predicted(new: Array, past: Array, judge: _Judge, alpha: float) -> Regression:
    predicted = prediction_interval(past, int(new.size), 1 - alpha)
    change = student(mean(new) - predicted.value, predicted.se, predicted.df)
    return _regression("prediction interval", change, predicted.value, predicted, judge, alpha)


def _regression(
    method: Method, change: StudentEstimate, baseline: float, interval: StudentEstimate, judge: _Judge, alpha: float
) -> Regression:
    relative = _relative(change.value, baseline)
    if change.se == 0.0:
        return Regression(method, alpha, baseline, change.value, relative, None, None, reported=False)
    p = change.p
    reported = judge.reported(change.value, baseline, p < alpha)
    return Regression(method, alpha, baseline, change.value, relative, p, p < alpha, reported, interval)


def _relative(change: float, baseline: float) -> float | None:
    relative = change / abs(baseline) if baseline else math.inf
    return relative if math.isfinite(relative) else None


def _leaning(series: Array, steps: Sequence[Break]) -> bool:
    """Lag-1 autocorrelation of the residuals around the levels above 0.5."""
    edges = [0, *(step.last_before + 1 for step in steps), series.size]
    parts = [series[left:right] - series[left:right].mean() for left, right in itertools.pairwise(edges)]
    correlation = _lag_one(np.concatenate(parts))
    return correlation is not None and correlation > AUTOCORRELATED


def _break(
    series: Array, edges: tuple[int, int, int], min_segment: int, rng: np.random.Generator, changed: bool, alpha: float
) -> Break:
    left, middle, right = edges
    p = _shuffled_p(series[left:right], _largest_step, min_segment, rng)
    before, after = mean(series[left:middle]), mean(series[middle:right])
    return Break(middle - 1, before, after, p, changed and p < alpha)


def _shuffled_p(values: Array, statistic: Callable[[Array, int], Array], min_segment: int, rng: np.random.Generator) -> float:
    """(b+1)/(B+1) for the share of shuffled series with a statistic as large as the one in order."""
    centred = values - mean(values)
    observed = float(statistic(centred[np.newaxis], min_segment)[0]) * (1 - 1e-9)
    shuffled = rng.permuted(np.broadcast_to(centred, (SHUFFLES, centred.size)), axis=1)
    return (int((statistic(shuffled, min_segment) >= observed).sum()) + 1) / (SHUFFLES + 1)


def _largest_step(rows: Array, min_segment: int) -> Array:
    """The most that one step takes off the residual sum of squares, for each row of values with mean 0."""
    n = rows.shape[1]
    first = np.arange(1, n)
    gains = np.cumsum(rows, axis=1)[:, :-1] ** 2 * (1 / first + 1 / (n - first))
    return np.asarray(gains[:, min_segment - 1 : n - min_segment].max(axis=1))


def _largest_excursion(rows: Array, min_segment: int) -> Array:
    """The same for one stretch at another level than the rest, anywhere in the row; a stretch at an end is a step."""
    n = rows.shape[1]
    sums = np.concatenate([np.zeros((len(rows), 1)), np.cumsum(rows, axis=1)], axis=1)
    best = np.zeros(len(rows))
    for length in range(min_segment, n - min_segment + 1):
        largest = np.abs(sums[:, length:] - sums[:, :-length]).max(axis=1)
        best = np.maximum(best, largest**2 * (1 / length + 1 / (n - length)))
    return best


def _rss(values: Array) -> float:
    return float(((values - mean(values)) ** 2).sum())


def _segment_costs(values: Array) -> Array:
    """Residual sum of squares around its own mean of every segment ``values[i:j]``; shape (n+1, n+1), infinite for j ≤ i."""
    sums = np.concatenate([[0.0], np.cumsum(values)])
    squares = np.concatenate([[0.0], np.cumsum(values**2)])
    size = np.arange(values.size + 1)
    length = size[np.newaxis, :] - size[:, np.newaxis]
    total = sums[np.newaxis, :] - sums[:, np.newaxis]
    cost = squares[np.newaxis, :] - squares[:, np.newaxis] - total**2 / np.maximum(length, 1)
    return np.asarray(np.where(length > 0, np.maximum(cost, 0.0), np.inf))


def _bic(rss: float, n: int, segments: int, floor: float) -> float:
    return n * math.log(max(rss, floor) / n) + 2 * segments * math.log(n)


def _ends(before: npt.NDArray[np.intp], segments: int, n: int) -> tuple[int, ...]:
    """Walk back through the table of last cuts."""
    ends: list[int] = []
    end = n
    for count in range(segments, 1, -1):
        end = int(before[count, end])
        ends.append(end - 1)
    return tuple(reversed(ends))
