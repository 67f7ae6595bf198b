"""How training went: one summary for every series, and details for the series that are drawn.

``series_facts`` is one pass over all points; it keeps a handful of numbers for each series and never the points
themselves, so ten million points cost one run through NumPy. Of a series that was restarted the numbers are those of its
newest pass.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from reportgen.analyze.passes import Passes, chosen_points, passes_of, points_per_step
from reportgen.analyze.runs import RunKey
from reportgen.analyze.step_dates import StepUnit, step_unit_of
from reportgen.snapshot import History, Series


@dataclass(frozen=True, slots=True)
class Restart:
    """A series whose steps went back: its passes, and what of it no longer counts."""

    n_passes: int
    first_step: int
    """Of the newest pass."""
    n_abandoned: int
    """Points that a newer pass replaced."""
    stale_last: float | None = None
    """MLflow's last value where it is one of these points: the newest pass has not come so far."""
    stale_step: int | None = None


@dataclass(frozen=True, slots=True)
class SeriesFacts:
    """What one metric of one run did. Steps are int, values float; ``None`` where no finite point exists."""

    n_points: int
    n_non_finite: int
    n_duplicate_steps: int
    """Points that share their step with an earlier one."""
    first_step: int
    last_step: int
    first: float | None
    """First finite value."""
    last: float
    """Value of greatest (step, timestamp, value), as MLflow's "latest" without a restart; NaN and ±inf as logged."""
    low: float | None
    low_step: int | None
    """Earliest step of the smallest finite value."""
    high: float | None
    high_step: int | None
    first_bad_step: int | None
    """Step of the first NaN or infinity."""
    restart: Restart | None = None
    n_per_step: int = 1
    """Points of differing value at nearly every step, as several writers log them."""
    unit: StepUnit = "count"
    """What the steps are."""

    @property
    def n_finite(self) -> int:
        return self.n_points - self.n_non_finite


SeriesByKey = Mapping[tuple[RunKey, str], SeriesFacts]


def series_facts(history: History) -> dict[tuple[RunKey, str], SeriesFacts]:
    """A summary of every series of ``history``; empty series do not exist in it."""
    return {((s.experiment_id, s.run_id), s.metric): facts_of_series(s) for s in history.series() if len(s)}


def facts_of_series(series: Series) -> SeriesFacts:
    """The summary of one series, which must not be empty."""
    if len(series.value) == 1:  # most series of most stores, and ten NumPy calls cheaper
        return _single(int(series.step[0]), float(series.value[0]))
    passes = passes_of(series.step, series.timestamp)
    restart = None if passes is None else _restart(series, passes)
    if passes is not None:
        series = chosen_points(series, passes.current)
    step, value = series.step, series.value
    finite = np.isfinite(value)
    all_finite = bool(finite.all())
    kept, at = (value, step) if all_finite else (value[finite], step[finite])
    low = high = None
    if len(kept):
        low, high = int(np.argmin(kept)), int(np.argmax(kept))  # argmin and argmax take the earliest
    n_duplicates = int(np.count_nonzero(step[1:] == step[:-1]))
    return SeriesFacts(
        n_points=len(value),
        n_non_finite=0 if all_finite else int(len(value) - len(kept)),
        n_duplicate_steps=n_duplicates,
        first_step=int(step[0]),
        last_step=int(step[-1]),
        first=float(kept[0]) if len(kept) else None,
        last=last_value(series),
        low=None if low is None else float(kept[low]),
        low_step=None if low is None else int(at[low]),
        high=None if high is None else float(kept[high]),
        high_step=None if high is None else int(at[high]),
        first_bad_step=None if all_finite else int(step[int(np.argmin(finite))]),
        restart=restart,
        n_per_step=points_per_step(step, value) if n_duplicates > 1 else 1,
        unit=step_unit_of(step, series.timestamp),
    )


def _restart(series: Series, passes: Passes) -> Restart:
    stale = not bool(passes.current[-1])
    return Restart(
        n_passes=len(passes.starts),
        first_step=passes.starts[-1],
        n_abandoned=int(len(series) - passes.current.sum()),
        stale_last=last_value(series) if stale else None,
        stale_step=int(series.step[-1]) if stale else None,
    )


def _single(step: int, value: float) -> SeriesFacts:
    if math.isfinite(value):
        return SeriesFacts(1, 0, 0, step, step, value, value, value, step, value, step, None)
    return SeriesFacts(1, 1, 0, step, step, None, value, None, None, None, None, step)


def last_value(series: Series) -> float:
    """The value of greatest (step, timestamp, value), NaN lowest: MLflow's rule, whatever the sort did with NaN."""
    end = len(series.value) - 1
    value = float(series.value[end])
    while (
        np.isnan(value)
        and end > 0
        and series.step[end - 1] == series.step[-1]
        and series.timestamp[end - 1] == series.timestamp[-1]
    ):
        end -= 1
        value = float(series.value[end])
    return value
