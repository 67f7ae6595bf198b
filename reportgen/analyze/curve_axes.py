"""Where the points of a curve stand: over steps, dates, time, or another metric."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from reportgen.analyze.curves import one_per_step
from reportgen.analyze.histories import SeriesFacts
from reportgen.analyze.passes import abandoned_passes, current_points, mean_per_step, points_per_step
from reportgen.analyze.runs import Run, RunKey
from reportgen.analyze.step_dates import StepUnit, milliseconds_of
from reportgen.snapshot import History, Series

MIN_SPREAD = 3
"""Steps, below which points at one step are no spread."""
MOST_PASSES = 5
"""Abandoned passes of one run that are drawn, the newest ones."""
LARGEST_STEP = 1 << 53
"""Steps from which on floating-point numbers are no longer exact."""

XAxis = Literal["step", "time", "date", "offset", "clock", "metric"]
"""``time``: seconds since the run's first point, for metrics that were logged without steps. ``date``: milliseconds since the
epoch, where steps are dates. ``offset``: steps since ``MetricHistory.origin``, where they are too large for a picture.
``clock``: milliseconds since the epoch at which points were logged; ``metric``: another metric at the same step."""


@dataclass(frozen=True, slots=True)
class Spread:
    """The smallest and the largest of several points at each x."""

    x: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


Arrays = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True, slots=True)
class Steps:
    """How the steps of one metric become x."""

    axis: XAxis
    unit: StepUnit = "count"
    origin: int = 0
    metric: str = ""
    """Of the axis ``metric``."""
    across: Mapping[RunKey, Arrays] = field(default_factory=dict)
    """Its steps and values, of the runs in which it never falls."""

    def places(self, key: RunKey) -> bool:
        """Whether the points of a run have a place on the axis."""
        return self.axis != "metric" or key in self.across

    def is_usable(self, metric: str, drawable: Mapping[RunKey, SeriesFacts]) -> bool:
        """Whether ``metric`` can be drawn over the axis: over another metric where most of its runs have that one."""
        return metric != self.metric and 2 * sum(map(self.places, drawable)) > len(drawable)

    def points(self, series: Series) -> tuple[np.ndarray, np.ndarray, Spread | None]:
        """x and value of the newest pass, one point for each x; the spread where several points stand at nearly every step."""
        if self.axis == "time":
            order = np.argsort(series.timestamp, kind="stable")
            at = series.timestamp[order]
            return (at - at[0]) / 1000, series.value[order], None
        if self.axis == "clock":
            order = np.argsort(series.timestamp, kind="stable")
            return series.timestamp[order].astype(float), series.value[order], None
        series = current_points(series)
        if self.axis == "metric":
            return *self._placed(series), None
        if len(series) > 2 * MIN_SPREAD and points_per_step(series.step, series.value) > 1:
            step, mean, low, high = mean_per_step(series.step, series.value)
            x, finite = self._x(step), np.isfinite(mean)
            spread = Spread(*(tuple(map(float, one[finite].tolist())) for one in (x, low, high)))
            return x, mean, spread
        step, value = one_per_step(series.step, series.value)
        return self._x(step), value, None

    def abandoned(self, series: Series) -> list[Arrays]:
        """x and value of earlier passes."""
        if self.axis in ("time", "clock", "metric"):
            return []
        found = [one_per_step(one.step, one.value) for one in abandoned_passes(series)[-MOST_PASSES:]]
        return [(self._x(step), value) for step, value in found]

    def _placed(self, series: Series) -> Arrays:
        """The points at whose steps the metric of the axis was logged too; the last one of each place."""
        step, value = one_per_step(series.step, series.value)
        steps, places = self.across[series.experiment_id, series.run_id]
        at = np.minimum(np.searchsorted(steps, step), len(steps) - 1)
        both = steps[at] == step
        x, value = places[at[both]], value[both]
        last = np.append(x[1:] != x[:-1], True)[: len(x)]
        return x[last], value[last]

    def _x(self, step: np.ndarray) -> np.ndarray:
        if self.axis == "date":
            return milliseconds_of(step, self.unit)
        return step - self.origin if self.origin else step


def chosen_axis(history: History, x_axis: str, active: Mapping[RunKey, Run]) -> Steps | None:
    """None for steps, which each metric has in its own way."""
    if x_axis in ("step", "relative", "time"):
        return {"step": None, "relative": Steps("time"), "time": Steps("clock")}[x_axis]
    across: dict[RunKey, Arrays] = {}
    for series in history.series(metrics=[x_axis]):
        key = (series.experiment_id, series.run_id)
        current = current_points(series)
        step, value = one_per_step(current.step, current.value)
        finite = np.isfinite(value)
        step, value = step[finite], value[finite]
        if key in active and len(value) > 1 and bool((np.diff(value) >= 0).all()):
            across[key] = (step.copy(), value.copy())
    return Steps("metric", metric=x_axis, across=across)


def steps_of(series: Collection[SeriesFacts]) -> Steps:
    if sum(one.first_step == one.last_step for one in series) * 2 > len(series):
        return Steps("time")
    units = {one.unit for one in series if one.first_step != one.last_step}
    if len(units) == 1 and units != {"count"} and all(one.first_step != one.last_step for one in series):
        return Steps("date", units.pop())
    first, last = min((one.first_step for one in series), default=0), max((one.last_step for one in series), default=0)
    if max(abs(first), abs(last)) > LARGEST_STEP and last - first <= LARGEST_STEP:
        return Steps("offset", origin=first)
    return Steps("step")
