"""How a number came to be what it is: best values over the periods before, or over the runs where there are no periods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from reportgen.analyze.clocks import EARLIEST
from reportgen.analyze.leaderboard import leaderboard_of
from reportgen.analyze.metrics import Metric
from reportgen.analyze.runs import Run, RunKey

MOST_PERIODS = 12
FEWEST = 3
"""Values below which nothing is drawn."""


@dataclass(frozen=True, slots=True)
class Course:
    """Values in order of time, the newest last."""

    values: tuple[float | None, ...]
    """None: a period without a value."""
    of: Literal["periods", "runs", "counts"]
    """The best of each period; the best so far, run by run; the number of runs that started in each period."""


def by_periods(metric: Metric, runs: Sequence[Run], start: datetime, end: datetime) -> Course | None:
    """The best value of each period of the length ``end - start``, up to and with that one; None for fewer than ``FEWEST``."""
    by_key = {run.key: run for run in runs}
    best: dict[int, float] = {}
    for row in leaderboard_of(metric, runs).rows:
        ago = _periods_ago(by_key[row.key], start, end)
        if ago is not None:
            known = best.get(ago)
            best[ago] = row.value if known is None or metric.better(row.value, known) else known
    return _course(best, "periods")


def counts_by_periods(runs: Sequence[Run], start: datetime, end: datetime) -> Course | None:
    """How many runs started in each period."""
    counts: dict[int, float] = {}
    for run in runs:
        ago = None if run.deleted else _periods_ago(run, start, end)
        if ago is not None:
            counts[ago] = counts.get(ago, 0) + 1
    return _course(counts, "counts")


def by_runs(metric: Metric, runs: Sequence[Run]) -> Course | None:
    """The best value so far after each finished run, in order of their end; None for fewer than ``FEWEST`` runs or moments."""
    at: Mapping[RunKey, datetime | None] = {run.key: run.ended_at or run.started_at for run in runs}
    dated = sorted(
        ((when, row.key, row.value) for row in leaderboard_of(metric, runs).rows if (when := at[row.key]) is not None),
        key=lambda one: (one[0], one[1]),
    )
    best: list[float] = []
    for _, _, value in dated:
        best.append(value if not best or metric.better(value, best[-1]) else best[-1])
    return Course(tuple(best), "runs") if len(best) >= FEWEST and len({when for when, _, _ in dated}) > 1 else None


def _periods_ago(run: Run, start: datetime, end: datetime) -> int | None:
    """0 in the period itself, 1 in the one before it; None outside of what is shown."""
    when = run.started_at
    if when is None or when < EARLIEST or when >= end:
        return None
    if when >= start:
        return 0
    ago = 1 + int((start - when - timedelta(microseconds=1)) / (end - start))
    return ago if ago < MOST_PERIODS else None


def _course(found: Mapping[int, float], of: Literal["periods", "counts"]) -> Course | None:
    if len(found) < FEWEST:
        return None
    none = 0.0 if of == "counts" else None
    return Course(tuple(found.get(ago, none) for ago in range(max(found), -1, -1)), of)
