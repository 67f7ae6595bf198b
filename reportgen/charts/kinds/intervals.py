"""``intervals``: one row for each category, value and error bars along x (a forest plot), raw points behind.

The estimate of each row is printed at the right. A vertical mark (no difference, the margin of practical importance)
says its words above the plot.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from reportgen.charts import plotly_parts as plotly
from reportgen.charts import theme
from reportgen.charts.frame import Frame, Look
from reportgen.charts.layout import LayoutRequest, frame_of
from reportgen.charts.picture import Shape, Stroke
from reportgen.charts.plot import Plot, middle_text
from reportgen.charts.text import plotly_text, width_of
from reportgen.formats import shared_digits, text_of
from reportgen.model import Chart, Interval, Trace

_DODGE = 0.18
"""Distance between two interval series of one row, in rows."""


def frame(chart: Chart, width: float) -> Frame:
    rows = [y for t in chart.traces for y in t.y if y is not None]
    xs = [v for t in chart.traces for v in (*t.x, *t.low, *t.high) if v is not None]
    xs += [m.at for m in chart.marks if m.axis == "x"]
    printed = printed_estimates(chart)
    right = max((width_of(text, theme.TICK_SIZE) for _, text in printed), default=0.0) + 16 if printed else 0.0
    return frame_of(
        LayoutRequest(chart, width, xs, rows, "marker", x_pad=0.05, right=right, x_grid=True, y_grid=False, y_down=True)
    )


def printed_estimates(chart: Chart) -> list[tuple[float, str]]:
    """(row, "0.012 [0.004, 0.020]") when exactly one interval stands in each row."""
    traces = [t for t in chart.traces if t.low and t.high]
    if len(traces) != 1:
        return []
    trace = traces[0]
    digits = _digits(chart, [v for v in (*trace.x, *trace.low, *trace.high) if v is not None])
    rows = zip(trace.x, trace.y, trace.low, trace.high, strict=True)
    printed = [(y, _estimate(chart, x, low, high, digits)) for x, y, low, high in rows if x is not None and y is not None]
    return printed if len({round(y, 3) for y, _ in printed}) == len(printed) else []


def _digits(chart: Chart, values: list[float]) -> int:
    """Decimals of the printed estimates: what the axis says, else three significant digits, and enough to see the rows differ."""
    if chart.x.digits is not None:
        return chart.x.digits
    scaled = [v * 100 for v in values] if chart.x.format in ("percent", "percent_change") else values
    span = max(scaled) - min(scaled) if scaled else 0.0
    by_span = 2 - math.floor(math.log10(span)) if span > max(map(abs, scaled), default=0.0) * 1e-9 else 0
    return max(0, min(max(shared_digits(scaled, 3), by_span), 6))


def _estimate(chart: Chart, x: float, low: float | None, high: float | None, digits: int) -> str:
    if chart.x.format in ("percent", "percent_change"):
        return text_of(Interval(x, low, high, 0), "percent", digits)
    if chart.x.format in ("number", "change", "integer"):
        return text_of(Interval(x, low, high, 0), "estimate", digits)
    bounds = "" if low is None or high is None else f" [{text_of(low, chart.x.format)}, {text_of(high, chart.x.format)}]"
    return text_of(x, chart.x.format) + bounds


def _shifts(chart: Chart) -> list[float]:
    """How far each trace stands from the middle of its row: interval series side by side, raw points below them."""
    intervals = [i for i, t in enumerate(chart.traces) if t.low and t.high]
    n = len(intervals)
    places = {index: (k - (n - 1) / 2) * _DODGE for k, index in enumerate(intervals)}
    raw = _DODGE * (n - 1) / 2 + 0.16 if n else 0.0
    return [places.get(i, raw) for i in range(len(chart.traces))]


def screen(chart: Chart, frame: Frame) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    layout = plotly.layout_of(frame)
    layout["annotations"] += _estimate_annotations(chart)
    traces = [
        _series(chart, frame, t, look, shift) for t, look, shift in zip(chart.traces, frame.looks, _shifts(chart), strict=True)
    ]
    return [*sorted(traces, key=lambda t: "error_x" in t), *plotly.legend_traces(chart, frame)], layout


def _series(chart: Chart, frame: Frame, trace: Trace, look: Look, shift: float) -> dict[str, Any]:
    drawn = plotly.base_trace(chart, frame, trace) | {
        "type": "scatter",
        "mode": "markers",
        "x": plotly.xs_of(frame, trace.x),
        "y": plotly.numbers([None if y is None else y + shift for y in trace.y], 1.0),
        "marker": plotly.marker(look, 9),
        "cliponaxis": False,
        "customdata": [_hover_words(chart, trace, i) for i in range(len(trace.x))],
        "hovertemplate": plotly.HOVER_WORDS,
    }
    if trace.low and trace.high:
        arms = plotly.error_arms(trace.x, trace.low, trace.high, plotly.span_of(frame.x))
        drawn["error_x"] = arms | {"color": look.color, "thickness": 2.2, "width": 0}
    else:
        drawn["marker"] |= {"size": 6, "opacity": 0.5}
    return drawn


def _hover_words(chart: Chart, trace: Trace, i: int) -> str:
    row = plotly_text(plotly.axis_words(chart.y, trace.y[i]))
    value = plotly_text(plotly.value_words(trace, i, trace.x[i], chart.x.format))
    label = f"<br>{plotly_text(trace.labels[i])}" if i < len(trace.labels) and trace.labels[i] else ""
    return f"<b>{row}</b><br>{plotly_text(trace.name or chart.x.label)}: {value}{label}"


def _estimate_annotations(chart: Chart) -> list[dict[str, Any]]:
    place = {"x": 1, "xref": "paper", "xanchor": "left", "xshift": 10, "yref": "y", "yanchor": "middle"}
    font = {"size": theme.TICK_SIZE}
    return [plotly.annotation(plotly_text(text), y=row, font=font, **place) for row, text in printed_estimates(chart)]


def paper(chart: Chart, plot: Plot) -> Iterator[Shape]:
    rows = list(zip(chart.traces, plot.frame.looks, _shifts(chart), strict=True))
    for trace, look, shift in sorted(rows, key=lambda row: bool(row[0].low and row[0].high)):
        ys = [None if y is None else y + shift for y in trace.y]
        if trace.low and trace.high:
            yield from plot.errors(trace.x, ys, trace.low, trace.high, Stroke(look.color, 2.2), along="x")
            yield from plot.markers(trace.x, ys, look, 9, look.opacity)
        else:
            yield from plot.markers(trace.x, ys, look, 6, 0.5)
    for row, text in printed_estimates(chart):
        yield middle_text(plot.right + 10, plot.y(row), text, theme.TICK_SIZE)
