"""``histogram``: bars that touch, already counted; x are the middles of the bins.

One series is filled; of several each is filled faintly and outlined, so that they can lie over each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from reportgen.charts import plotly_parts as plotly
from reportgen.charts.frame import Frame, Look
from reportgen.charts.layout import LayoutRequest, frame_of
from reportgen.charts.picture import Shape, Stroke
from reportgen.charts.plot import Plot
from reportgen.charts.text import plotly_text
from reportgen.formats import text_of
from reportgen.locales import locale
from reportgen.model import Chart, Trace


def bin_width(chart: Chart) -> float:
    """The smallest distance between two neighbouring middles, in units of x."""
    xs = sorted({x for t in chart.traces for x in t.x if x is not None})
    return min((b - a for a, b in pairwise(xs)), default=1.0)


def frame(chart: Chart, width: float) -> Frame:
    half = bin_width(chart) / 2
    xs = [v for t in chart.traces for x in t.x if x is not None for v in (x - half, x + half)]
    xs += [m.at for m in chart.marks if m.axis == "x"]
    ys = [y for t in chart.traces for y in t.y if y is not None]
    return frame_of(LayoutRequest(chart, width, xs, ys, "bar", zero="y", x_pad=0.02))


def _drawn_width(chart: Chart) -> float:
    """Share of a bin that its bar fills: a hair less than all when a single series has no outline."""
    return 1.0 if len(chart.traces) > 1 else 0.96


def _opacity(chart: Chart, look: Look) -> float:
    return min(look.opacity, 0.45) if len(chart.traces) > 1 else look.opacity


def screen(chart: Chart, frame: Frame) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    layout = plotly.layout_of(frame) | {"bargap": 0, "barmode": "overlay"}
    traces = []
    for trace, look in zip(chart.traces, frame.looks, strict=True):
        traces.append(_bars(chart, frame, trace, look))
        if len(chart.traces) > 1:
            traces.append(_outline(chart, frame, trace, look))
    return [*traces, *plotly.legend_traces(chart, frame)], layout


def _bars(chart: Chart, frame: Frame, trace: Trace, look: Look) -> dict[str, Any]:
    return plotly.base_trace(chart, frame, trace) | {
        "type": "bar",
        "x": plotly.xs_of(frame, trace.x),
        "y": plotly.ys_of(frame, trace.y),
        "width": round(bin_width(chart) * _drawn_width(chart), 12),
        "marker": {
            "color": look.color,
            "opacity": _opacity(chart, look),
            "line": {"width": 0},
        },
        "customdata": [_hover_words(chart, trace, i) for i in range(len(trace.x))],
        "hovertemplate": plotly.HOVER_WORDS,
    }


def _hover_words(chart: Chart, trace: Trace, i: int) -> str:
    x, half = trace.x[i], bin_width(chart) / 2
    ends = (
        "—"
        if x is None
        else locale().words.range.format(low=plotly.axis_words(chart.x, x - half), high=plotly.axis_words(chart.x, x + half))
    )
    return f"<b>{plotly_text(trace.name)}</b><br>{plotly_text(ends)}: {plotly_text(text_of(trace.y[i], chart.y.format))}"


def steps_of(chart: Chart, trace: Trace) -> tuple[list[float], list[float]]:
    """The outline of a series' bars: corners from left to right, down to zero at both ends and at gaps."""
    half = bin_width(chart) / 2
    xs: list[float] = []
    ys: list[float] = []
    end: float | None = None
    for x, y in sorted((x, y) for x, y in zip(trace.x, trace.y, strict=True) if x is not None and y is not None):
        if end is None or x - half > end + half * 0.01:
            xs += [*([end] if end is not None else []), x - half]
            ys += [*([0.0] if end is not None else []), 0.0]
        xs += [x - half, x + half]
        ys += [y, y]
        end = x + half
    return ([*xs, end], [*ys, 0.0]) if end is not None else ([], [])


def _outline(chart: Chart, frame: Frame, trace: Trace, look: Look) -> dict[str, Any]:
    xs, ys = steps_of(chart, trace)
    return {
        "type": "scatter",
        "mode": "lines",
        "x": plotly.xs_of(frame, xs),
        "y": plotly.ys_of(frame, ys),
        "line": {"color": look.color, "width": 1.6, "dash": look.dash},
        "hoverinfo": "skip",
        "showlegend": False,
        "legendgroup": plotly.group_id(chart, trace.name),
    }


def paper(chart: Chart, plot: Plot) -> Iterator[Shape]:
    half = bin_width(chart) * _drawn_width(chart) / 2
    for trace, look in zip(chart.traces, plot.frame.looks, strict=True):
        for x, y in zip(trace.x, trace.y, strict=True):
            if x is not None and y is not None:
                yield from plot.box((x - half, x + half), (0.0, y), look.color, _opacity(chart, look))
        if len(chart.traces) > 1:
            yield from plot.path(*steps_of(chart, trace), Stroke(look.color, 1.6))
