"""What is new: the runs of the window (or of the last seven days of data) against everything before them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import numpy as np

from reportgen.analyze.clocks import EARLIEST, is_possible
from reportgen.analyze.leaderboard import Leaderboard, is_same, leaderboard_of
from reportgen.analyze.metrics import Metric
from reportgen.analyze.primary import is_held_out
from reportgen.analyze.runs import Run, RunKey
from reportgen.model import Window

DAYS = 7


@dataclass(frozen=True, slots=True)
class BestChange:
    """The best value of a metric now, and before the recent days. ``delta`` is now − before; 0 when nothing beat it."""

    metric: str
    key: RunKey
    value: float
    before: float | None = None
    chosen_by: str = ""
    """The validation metric that chose both runs; empty: this metric did."""
    n: int = 0
    """Runs that were chosen from."""
    n_folds: int = 0
    """The value is the mean of so many folds; 0 = it is a run's own."""
    n_tied: int = 1
    """Runs that have this value, ``key`` among them; of a metric that chose the run itself."""

    @property
    def delta(self) -> float | None:
        return None if self.before is None else self.value - self.before


@dataclass(frozen=True, slots=True)
class Recent:
    """The recent days and what happened in them. ``start`` is None when no run has a start time."""

    start: datetime | None
    end: datetime | None
    runs: tuple[RunKey, ...]
    """Runs that started in them, any status, by start."""
    n_before: int
    """Runs that started before them."""
    newest: datetime | None
    """Start of the newest run at all."""
    is_window: bool
    """True when the config's window is the recent days."""
    fresh: tuple[RunKey, ...] = ()
    """Runs that started before and were logged or ended since the last report: they are as new as ``runs``."""


def recent_of(runs: Sequence[Run], now: datetime, window: Window, fresh: frozenset[RunKey] = frozenset()) -> Recent:
    """The window when it has a start, else the seven days up to and including the day of ``now``."""
    tomorrow = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    start = window.start or tomorrow - timedelta(days=DAYS)
    end = window.end or tomorrow
    known = (run for run in runs if run.started_at is not None and is_possible(run.started_at, now) and not run.deleted)
    dated = sorted(known, key=lambda run: run.order)
    inside = tuple(run.key for run in dated if run.started_at is not None and start <= run.started_at < end)
    before = [run.key for run in dated if run.started_at is not None and run.started_at < start]
    late = tuple(key for key in before if key in fresh)
    newest = dated[-1].started_at if dated else None
    return Recent(start, end, inside, len(before) - len(late), newest, window.start is not None, late)


def best_changes(metrics: Sequence[Metric], runs: Sequence[Run], recent: Recent) -> tuple[BestChange, ...]:
    """For each metric with a direction, its best value now and before the recent days; the first metric is the primary one.

    A test metric beside a primary validation metric is that of the run which is best by validation: the best test value over
    runs would be chosen on the test set.
    """
    by_key: Mapping[RunKey, Run] = {run.key: run for run in runs}
    changes: list[BestChange] = []
    for metric in metrics:
        held_out = metrics[0].goal != "none" and is_held_out(metric.name, metrics[0].name)
        board = leaderboard_of(metrics[0] if held_out else metric, runs) if metric.goal != "none" else None
        if board is None or not board.rows:
            continue
        first, old = board.rows[0].key, _first_before(board, by_key, recent)
        values = {row.key: row.value for row in (leaderboard_of(metric, runs) if held_out else board).rows}
        value = values.get(first)
        if value is None:
            continue
        chosen_by = metrics[0].name if held_out else ""
        before = None if old is None else values.get(old)
        n_tied = 1 if held_out else sum(is_same(row.value, value) for row in board.rows)
        n_folds = board.folds.get(first, 0)
        changes.append(BestChange(metric.name, first, value, before, chosen_by, len(board.rows), n_folds, n_tied))
    return tuple(changes)


def _first_before(board: Leaderboard, by_key: Mapping[RunKey, Run], recent: Recent) -> RunKey | None:
    old = (row.key for row in board.rows if _started_before(by_key[row.key], recent.start))
    return next((key for key in old if key not in recent.fresh), None)


def _started_before(run: Run, moment: datetime | None) -> bool:
    return moment is not None and run.started_at is not None and EARLIEST <= run.started_at < moment


@dataclass(frozen=True, slots=True)
class Trend:
    """The primary metric over calendar time: every finished run as a point, and the best so far."""

    metric: str
    keys: tuple[RunKey, ...]
    """Runs in order of their end (or start, when there is no end)."""
    at: tuple[datetime, ...]
    values: tuple[float, ...]
    best_so_far: tuple[float, ...]
    """Empty without a direction."""
    n_undated: int
    before: float | None = None
    """The best value of earlier runs that the report does not hold; None without such runs."""
    best: float | None = None
    """Of the report's runs alone; None without a direction."""
    n_impossible: int = 0
    """Runs whose times no clock can have shown: they are in nothing here."""
    start: datetime | None = None
    """Start of the report's period, where runs of the periods before it are among ``keys``."""
    earlier: Mapping[RunKey, Run] = field(default_factory=dict)
    """Those of ``keys`` that are not runs of the report."""


FENCE = 4.0
"""Interquartile ranges beyond the quartiles; Tukey's "far out" begins at 3."""


def fences(values: Sequence[float], kept: Sequence[float] = ()) -> tuple[float, float] | None:
    """The range that holds all but far-out values, for drawing; None when nothing is far out or there are fewer than 8.

    Quartiles plus and minus ``FENCE`` interquartile ranges (Tukey 1977), narrowed to the values inside. ``kept`` are
    inside however far out they are: the best value is what a reader looks for. Never used for a number: what lies outside
    is drawn at the edge and said.
    """
    low, high = np.quantile(values, (0.25, 0.75)) if len(values) >= 8 else (0.0, 0.0)
    room = FENCE * (high - low)
    inside = [value for value in values if low - room <= value <= high + room]
    if not room > 0 or len(inside) == len(values):
        return None
    low, high = min(*inside, *kept), max(*inside, *kept)
    return (low, high) if any(not low <= value <= high for value in values) else None


TREND_PERIODS = 8
"""Periods before a report's own that its trend shows, where they were read."""


def trend_of(metric: Metric, runs: Sequence[Run], now: datetime, before: float | None = None) -> Trend:
    """``before`` is the best value of runs that are not among ``runs``, where ``best_so_far`` starts."""
    points: list[tuple[datetime, RunKey, float]] = []
    n_undated = n_impossible = 0
    by_key = {run.key: run for run in runs}
    for row in leaderboard_of(metric, runs).rows:
        run, value = by_key[row.key], row.value
        at = run.ended_at or run.started_at
        if at is None:
            n_undated += 1
        elif not all(is_possible(one, now) for one in (run.started_at, run.ended_at) if one is not None):
            n_impossible += 1
        else:
            points.append((at, run.key, value))
    points.sort(key=lambda point: (point[0], point[1]))
    best: list[float] = []
    for _, _, value in points:
        last = best[-1] if best else before
        best.append(value if last is None or metric.better(value, last) else last)
    values = tuple(value for _, _, value in points)
    own = min(values, key=lambda value: -metric.improvement(value), default=None) if metric.goal != "none" else None
    return Trend(
        metric.name,
        tuple(key for _, key, _ in points),
        tuple(at for at, _, _ in points),
        values,
        tuple(best) if metric.goal != "none" else (),
        n_undated,
        before if metric.goal != "none" else None,
        own,
        n_impossible,
    )


def with_periods_before(
    trend: Trend,
    metric: Metric,
    runs: Sequence[Run],
    now: datetime,
    earlier: Mapping[RunKey, Run],
    period: tuple[datetime, datetime],
) -> Trend:
    """``trend`` of ``runs``, begun ``TREND_PERIODS`` before their ``period`` with the ``earlier`` runs, whose values are in ``metric``."""
    start, end = period
    first = start - TREND_PERIODS * max(end - start, timedelta(days=1))
    shown = {key: run for key, run in earlier.items() if run.started_at is not None and run.started_at >= first}
    older = [v for key, run in earlier.items() if key not in shown and run.finished and (v := metric.finite(key)) is not None]
    best = max(older, key=metric.improvement, default=None) if metric.goal != "none" else None
    whole = trend_of(metric, [*runs, *shown.values()], now, best)
    return replace(
        whole, before=trend.before, best=trend.best, start=start, earlier={key: shown[key] for key in whole.keys if key in shown}
    )
