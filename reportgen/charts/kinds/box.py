"""``box``: the spread of values at each category, as a box with whiskers and, when there are few, the points.

Box: first to third quartile with the median (linear interpolation between order statistics, the rule of NumPy's
default). Whiskers reach to the last value within 1.5 times the height of the box (Tukey 1977); what lies beyond is
drawn as points. Up to thirty values of a group are all drawn, side by side in a fixed pattern.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from reportgen.charts import plotly_parts as plotly
from reportgen.charts import theme
from reportgen.charts.frame import Frame
from reportgen.charts.layout import LayoutRequest, frame_of
from reportgen.charts.picture import Shape, Stroke
from reportgen.charts.plot import Plot
from reportgen.charts.text import plotly_text
from reportgen.formats import text_of
from reportgen.model import Chart, Trace

_MOST_POINTS: Final = 30
_PATTERN: Final = (0.0, -0.5, 0.5, -0.25, 0.25, -0.75, 0.75)
"""Sideways places of neighbouring points, in half box widths."""


@dataclass(frozen=True, slots=True)
class Box:
    trace: int
    at: float
    values: tuple[float, ...]
    labels: tuple[str, ...]
    low: float
    q1: float
    median: float
    q3: float
    high: float


def boxes(chart: Chart) -> list[Box]:
    """One box for each series and category, in that order."""
    drawn = []
    for i, trace in enumerate(chart.traces):
        groups: dict[float, list[tuple[float, str]]] = defaultdict(list)
        for k, (x, y) in enumerate(zip(trace.x, trace.y, strict=True)):
            if x is not None and y is not None:
                groups[float(round(x))].append((y, trace.labels[k] if k < len(trace.labels) else ""))
        drawn += [_box(i, at, sorted(rows)) for at, rows in sorted(groups.items())]
    return drawn


def _box(trace: int, at: float, rows: Sequence[tuple[float, str]]) -> Box:
    values = tuple(v for v, _ in rows)
    q1, median, q3 = (quantile(values, q) for q in (0.25, 0.5, 0.75))
    reach = 1.5 * (q3 - q1)
    inside = [v for v in values if q1 - reach <= v <= q3 + reach] or list(values)
    return Box(trace, at, values, tuple(label for _, label in rows), min(inside), q1, median, q3, max(inside))


def quantile(values: Sequence[float], q: float) -> float:
    """Quantile ``q`` of sorted ``values`` by linear interpolation (type 7 of Hyndman and Fan 1996)."""
    place = (len(values) - 1) * q
    left = int(place)
    right = min(left + 1, len(values) - 1)
    return values[left] + (values[right] - values[left]) * (place - left)


def frame(chart: Chart, width: float) -> Frame:
    ys = [y for t in chart.traces for y in t.y if y is not None] + [m.at for m in chart.marks if m.axis == "y"]
    xs = [x for t in chart.traces for x in t.x if x is not None]
    return frame_of(LayoutRequest(chart, width, xs, ys, "bar"))


def _place(chart: Chart, box: Box) -> tuple[float, float]:
    """(middle, half width) of a box: side by side when several series have one in the same category."""
    rivals = sorted({b.trace for b in boxes(chart) if b.at == box.at})
    n = len(rivals)
    width = min(0.7 / n, 0.42)
    return box.at + (rivals.index(box.trace) - (n - 1) / 2) * width * 1.15, width / 2


def points_of(chart: Chart, box: Box) -> list[tuple[float, float, str]]:
    """(x, y, label) of the points drawn with a box: all when few, else those beyond the whiskers."""
    middle, half = _place(chart, box)
    rows = list(zip(box.values, box.labels, strict=True))
    if len(rows) > _MOST_POINTS:
        rows = [(v, label) for v, label in rows if not box.low <= v <= box.high]
        return [(middle, v, label) for v, label in rows]
    return [(middle + half * 0.75 * _PATTERN[k % len(_PATTERN)], v, label) for k, (v, label) in enumerate(rows)]


def screen(chart: Chart, frame: Frame) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    layout = plotly.layout_of(frame)
    traces: list[dict[str, Any]] = []
    for box in boxes(chart):
        trace, look = chart.traces[box.trace], frame.looks[box.trace]
        traces += [_box_trace(chart, frame, box, trace, look.color), *_points_trace(chart, frame, box, trace)]
    return [*traces, *plotly.legend_traces(chart, frame)], layout


def _box_trace(chart: Chart, frame: Frame, box: Box, trace: Trace, color: str) -> dict[str, Any]:
    middle, half = _place(chart, box)
    fences = {"lowerfence": box.low, "q1": box.q1, "median": box.median, "q3": box.q3, "upperfence": box.high}
    return plotly.base_trace(chart, frame, trace) | {
        "type": "box",
        "x": [round(middle, 5)],
        **{key: plotly.ys_of(frame, [value]) for key, value in fences.items()},
        "width": round(half * 2, 5),
        "boxpoints": False,
        "line": {"color": color, "width": 1.5},
        "fillcolor": theme.translucent(color, 0.18),
        "whiskerwidth": 0.4,
        "hoverinfo": "skip",
    }


def _points_trace(chart: Chart, frame: Frame, box: Box, trace: Trace) -> list[dict[str, Any]]:
    points = points_of(chart, box)
    if not points:
        return []
    look = frame.looks[box.trace]
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "x": plotly.numbers([x for x, _, _ in points], 1.0),
            "y": plotly.ys_of(frame, [y for _, y, _ in points]),
            "marker": plotly.marker(look, 5.5, opacity=0.75),
            "customdata": [_hover_words(chart, box, trace, y, label) for _, y, label in points],
            "hovertemplate": plotly.HOVER_WORDS,
            "showlegend": False,
            "legendgroup": plotly.group_id(chart, trace.name),
        }
    ]


def _hover_words(chart: Chart, box: Box, trace: Trace, value: float, label: str) -> str:
    where = plotly_text(plotly.axis_words(chart.x, box.at))
    named = f"<br>{plotly_text(label)}" if label else ""
    return f"<b>{where}</b><br>{plotly_text(trace.name)}: {plotly_text(text_of(value, chart.y.format))}{named}"


def paper(chart: Chart, plot: Plot) -> Iterator[Shape]:
    for box in boxes(chart):
        look = plot.frame.looks[box.trace]
        middle, half = _place(chart, box)
        edge = Stroke(look.color, 1.5)
        yield from plot.box((middle - half, middle + half), (box.q1, box.q3), look.color, 0.18)
        yield from plot.box((middle - half, middle + half), (box.q1, box.q3), None, stroke=edge)
        yield from plot.path([middle - half, middle + half], [box.median] * 2, edge)
        for inner, outer in ((box.q1, box.low), (box.q3, box.high)):
            yield from plot.path([middle, middle], [inner, outer], edge)
            yield from plot.path([middle - half * 0.4, middle + half * 0.4], [outer, outer], edge)
        points = points_of(chart, box)
        yield from plot.markers([x for x, _, _ in points], [y for _, y, _ in points], look, 5.5, 0.75)
