"""What can be drawn of a ``Chart``, and what had to be left out of the picture.

Numbers come from anywhere, so before any drawing: sequences of one trace get one length, values that are not finite
(or beyond ±1e300, where MLflow stores its infinities) become gaps, and on a log axis so does everything at or below
zero. What was left out is counted in problems, never silently.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from reportgen.errors import Problem
from reportgen.formats import plural
from reportgen.model import Axis, Band, Chart, Mark, Trace

_LARGEST: Final = 1e300
MOST_LEGEND_ENTRIES: Final = 30
"""Beyond this a legend is longer than the picture; names are then in the hover text and the data table."""


@dataclass(frozen=True, slots=True)
class Drawable:
    chart: Chart
    problems: tuple[Problem, ...]


def drawable(chart: Chart) -> Drawable:
    """``chart`` with only what can be drawn, and one problem for each reason that something cannot."""
    traces = tuple(_even(trace) for trace in chart.traces)
    finite = tuple(_without_overflow(trace) for trace in traces)
    shown = tuple(_above_zero(trace, chart.x, chart.y, chart.kind) for trace in finite)
    bands = tuple(band for band in (_drawable_band(b, chart.x, chart.y) for b in chart.bands) if band.x)
    marks = tuple(m for m in chart.marks if _drawable_mark(m, chart.x if m.axis == "x" else chart.y))
    grid = tuple(tuple(_finite(v) for v in row) for row in chart.grid)
    problems = [
        *_lost(chart, "chart-overflow", traces, finite, "not finite or beyond ±1e300 and left out of the picture"),
        *_lost(chart, "chart-log-non-positive", finite, shown, "at or below zero and cannot stand on a log axis"),
        *_lost_cells(chart, grid),
        *_lost_on_axes(chart),
        *_legend_problem(chart),
    ]
    return Drawable(replace(chart, traces=shown, bands=bands, marks=marks, grid=grid), tuple(problems))


def chart_problems(chart: Chart) -> tuple[Problem, ...]:
    """What the picture of ``chart`` leaves out: points that no axis can show, a legend that would not fit."""
    return drawable(chart).problems


def n_points(trace: Trace) -> int:
    return sum(x is not None and y is not None for x, y in zip(trace.x, trace.y, strict=True))


def _even(trace: Trace) -> Trace:
    n = min(len(trace.x), len(trace.y))
    return replace(
        trace, x=trace.x[:n], y=trace.y[:n], low=_stretched(trace.low, n), high=_stretched(trace.high, n), labels=trace.labels[:n]
    )


def _stretched(values: Sequence[float | None], n: int) -> tuple[float | None, ...]:
    """``values`` with exactly ``n`` places, or empty when there are none."""
    return (*values[:n], *(None for _ in range(n - len(values)))) if any(v is not None for v in values) else ()


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) and abs(value) <= _LARGEST else None


def _without_overflow(trace: Trace) -> Trace:
    return replace(
        trace,
        x=tuple(map(_finite, trace.x)),
        y=tuple(map(_finite, trace.y)),
        low=tuple(map(_finite, trace.low)),
        high=tuple(map(_finite, trace.high)),
    )


def _above_zero(trace: Trace, x: Axis, y: Axis, kind: str) -> Trace:
    """Points and error bounds that log axes can show; the bounds of ``intervals`` lie along x, all others along y."""
    if x.kind == "log":
        trace = replace(trace, x=tuple(map(_positive, trace.x)))
        if kind == "intervals":
            trace = replace(trace, low=tuple(map(_positive, trace.low)), high=tuple(map(_positive, trace.high)))
    if y.kind == "log":
        y_values, lows, highs = (tuple(map(_positive, values)) for values in (trace.y, trace.low, trace.high))
        trace = replace(trace, y=y_values, low=lows, high=highs)
    return trace


def _positive(value: float | None) -> float | None:
    return value if value is not None and value > 0 else None


def _drawable_band(band: Band, x: Axis, y: Axis) -> Band:
    rows = [
        (at, low, high)
        for at, low, high in zip(band.x, band.low, band.high, strict=False)
        if None not in map(_finite, (at, low, high)) and (x.kind != "log" or at > 0) and (y.kind != "log" or high > 0)
    ]
    floor = min((low for _, low, _ in rows if low > 0), default=0.0)
    lows = tuple(max(low, floor) if y.kind == "log" else low for _, low, _ in rows)
    return replace(band, x=tuple(r[0] for r in rows), low=lows, high=tuple(r[2] for r in rows))


def _drawable_mark(mark: Mark, axis: Axis) -> bool:
    ends = (mark.at,) if mark.until is None else (mark.at, mark.until)
    return all(_finite(end) is not None and (axis.kind != "log" or end > 0) for end in ends)


def _lost(chart: Chart, slug: str, before: Sequence[Trace], after: Sequence[Trace], words: str) -> list[Problem]:
    lost = [(t.name, n) for t, u in zip(before, after, strict=True) if (n := n_points(t) - n_points(u))]
    if not lost:
        return []
    n = sum(count for _, count in lost)
    series = plural(len(lost), "series", "series")
    return [
        Problem(slug, chart.title, f"{plural(n, 'point')} of {series} {'is' if n == 1 else 'are'} {words}.", severity="warning")
    ]


def _lost_cells(chart: Chart, grid: Sequence[Sequence[float | None]]) -> list[Problem]:
    pairs = [(v, w) for row, kept in zip(chart.grid, grid, strict=True) for v, w in zip(row, kept, strict=True)]
    if not (n := sum(v is not None and w is None for v, w in pairs)):
        return []
    what = f"{plural(n, 'cell')} {'is' if n == 1 else 'are'} not finite or beyond ±1e300 and left empty in the picture."
    return [Problem("chart-overflow", chart.title, what, severity="warning")]


def _lost_on_axes(chart: Chart) -> list[Problem]:
    """Of parallel coordinates: values that their own log axis cannot show."""
    problems = []
    for i, axis in enumerate(chart.axes if chart.kind == "parallel" else ()):
        values = [v for trace in chart.traces for v in trace.y[i : i + 1] if axis.kind == "log" and v is not None]
        if n := sum(v <= 0 for v in values):
            what = f"{plural(n, 'value')} of {axis.label} {'is' if n == 1 else 'are'} at or below zero and cannot stand on a log axis."
            problems.append(Problem("chart-log-non-positive", chart.title, what, severity="warning"))
    return problems


def _legend_problem(chart: Chart) -> list[Problem]:
    n = len(legend_names(chart))
    if n <= MOST_LEGEND_ENTRIES or chart.kind not in ("lines", "points", "bars", "histogram"):
        return []
    what = f"The legend is left out: {n} names would not fit. Pointing at a series shows its name; the data table has them all."
    return [Problem("chart-legend-left-out", chart.title, what, severity="note")]


def series_of(chart: Chart) -> tuple[Trace | Band, ...]:
    return (*chart.traces, *chart.bands)


def legend_names(chart: Chart) -> tuple[str, ...]:
    """The different names that a legend would list, in order."""
    return tuple(dict.fromkeys(item.name for item in series_of(chart) if item.in_legend and item.name))
