"""``lines``: curves over x, with bands.

Up to seven lines say their names at their ends, behind a marker in the line's colour; more go into a legend and wear
their marker every so often, so that they can be told apart without colour.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from reportgen.charts import plotly_parts as plotly
from reportgen.charts import theme
from reportgen.charts.frame import FAINT, Frame, Look, values_of, wears_markers
from reportgen.charts.layout import LayoutRequest, frame_of, last_point
from reportgen.charts.picture import Shape, Stroke
from reportgen.charts.plot import LED, Plot
from reportgen.charts.text import plotly_text
from reportgen.model import Band, Chart, Trace

_MARKERS_ON_A_LINE = 7
_MOST_END_LABELS = 7
"""Five lines, the training partner of the best, and the median of the others."""


def frame(chart: Chart, width: float) -> Frame:
    xs = [*values_of(chart.traces, chart.bands, "x"), *(m.at for m in chart.marks if m.axis == "x")]
    ys = [*values_of(chart.traces, (), "y"), *_core(chart.bands), *(m.at for m in chart.marks if m.axis == "y")]
    pad = 0.0 if any(t.mode in ("lines", "steps") for t in chart.traces) else 0.03
    return frame_of(LayoutRequest(chart, width, xs, ys, x_pad=pad, most_end_labels=_MOST_END_LABELS))


def _core(bands: Sequence[Band]) -> list[float]:
    """The heights of bands without the lowest and highest twentieth of each: one run that explodes must not flatten all lines."""
    core: list[float] = []
    for band in bands:
        for edge in (sorted(band.low), sorted(band.high)):
            cut = len(edge) // 20
            core += edge[cut : len(edge) - cut]
    return core


def screen(chart: Chart, frame: Frame) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    layout = plotly.layout_of(frame)
    bands = [_band(chart, frame, b, look) for b, look in zip(chart.bands, frame.band_looks, strict=True)]
    lines = [line_trace(chart, frame, t, look) for t, look in zip(chart.traces, frame.looks, strict=True)]
    layout["annotations"] += plotly.end_label_annotations(frame)
    return [*bands, *lines, *_end_dots(chart, frame), *plotly.legend_traces(chart, frame)], layout


def line_trace(chart: Chart, frame: Frame, trace: Trace, look: Look) -> dict[str, Any]:
    mode = {"lines": "lines", "steps": "lines", "points": "markers"}.get(trace.mode, "lines+markers")
    drawn = plotly.base_trace(chart, frame, trace) | {
        "type": "scatter",
        "x": plotly.xs_of(frame, trace.x),
        "y": plotly.ys_of(frame, trace.y),
        "mode": mode,
        "opacity": look.opacity,
        "line": plotly.line(look) | ({"shape": "hv"} if trace.mode == "steps" else {}),
        **plotly.hover(chart, trace),
    }
    if "markers" in mode:
        drawn |= {"marker": plotly.marker(look, 6.5, opacity=1.0), "cliponaxis": False}
    elif wears_markers(chart, frame) and look.opacity >= FAINT:
        drawn |= {"mode": "lines+markers", "marker": plotly.marker(look, 6.5, opacity=1.0) | {"maxdisplayed": _MARKERS_ON_A_LINE}}
    if trace.low and trace.high:
        arms = plotly.error_arms(trace.y, trace.low, trace.high, plotly.span_of(frame.y))
        drawn["error_y"] = arms | {"color": look.color, "thickness": 1.2, "width": 3}
    return drawn


def _band(chart: Chart, frame: Frame, band: Band, look: Look) -> dict[str, Any]:
    return {
        "type": "scatter",
        "name": plotly_text(band.name, 80),
        "x": plotly.xs_of(frame, (*band.x, *reversed(band.x))),
        "y": plotly.ys_of(frame, (*band.high, *reversed(band.low))),
        "mode": "lines",
        "line": {"width": 0, "color": look.color},
        "fill": "toself",
        "fillcolor": theme.translucent(look.color, look.opacity),
        "hoverinfo": "skip",
        "showlegend": False,
        "legendgroup": plotly.group_id(chart, band.name),
        **plotly.about(band.runs),
    }


def _end_dots(chart: Chart, frame: Frame) -> list[dict[str, Any]]:
    """The marker at the last point of each line that has its name there."""
    if not frame.end_labels:
        return []
    dots = []
    for trace, look in zip(chart.traces, frame.looks, strict=True):
        if trace.in_legend and trace.name and (end := last_point(trace)):
            dots.append(
                {
                    "type": "scatter",
                    "x": plotly.xs_of(frame, [end[0]]),
                    "y": plotly.ys_of(frame, [end[1]]),
                    "mode": "markers",
                    "marker": plotly.marker(look, 7.5, opacity=1.0),
                    "cliponaxis": False,
                    "hoverinfo": "skip",
                    "showlegend": False,
                    "legendgroup": plotly.group_id(chart, trace.name),
                    **plotly.about(trace.runs[:1]),
                }
            )
    return dots + _leaders(frame)


def _leaders(frame: Frame) -> list[dict[str, Any]]:
    """A dotted line from where a line ends early to the edge of the plot, where its name is."""
    scale = frame.x
    return [
        {
            "type": "scatter",
            "x": plotly.xs_of(frame, [label.since, scale.high]),
            "y": plotly.ys_of(frame, [label.at, label.at]),
            "mode": "lines",
            "line": {"color": label.look.color, "width": 1, "dash": "dot"},
            "opacity": 0.6,
            "hoverinfo": "skip",
            "showlegend": False,
            **plotly.about(label.runs[:1]),
        }
        for label in frame.end_labels
        if (1 - scale.share(label.since)) * frame.plot_width > LED
    ]


def paper(chart: Chart, plot: Plot) -> Iterator[Shape]:
    frame = plot.frame
    for band, look in zip(chart.bands, frame.band_looks, strict=True):
        yield from plot.area(band.x, band.low, band.high, look)
    for i, (trace, look) in enumerate(zip(chart.traces, frame.looks, strict=True)):
        yield from line_shapes(chart, plot, trace, look, i)
        if frame.end_labels and trace.in_legend and (end := last_point(trace)):
            yield from plot.markers([end[0]], [end[1]], look, 7.5)
    yield from plot.end_labels()


def line_shapes(chart: Chart, plot: Plot, trace: Trace, look: Look, index: int) -> Iterator[Shape]:
    if trace.mode != "points":
        yield from plot.line(trace.x, trace.y, look, steps=trace.mode == "steps")
    if trace.mode in ("points", "lines+points", "bars"):
        yield from plot.markers(trace.x, trace.y, look, 6.5, look.opacity)
    elif wears_markers(chart, plot.frame) and look.opacity >= FAINT:
        first, stride = _some_points(len(trace.x), index)
        yield from plot.markers(trace.x[first::stride], trace.y[first::stride], look, 6.5)
    if trace.low and trace.high:
        yield from plot.errors(trace.x, trace.y, trace.low, trace.high, Stroke(look.color, 1.2), cap=3)


def _some_points(n: int, index: int) -> tuple[int, int]:
    """First marked point and stride; neighbours are staggered as Plotly's ``maxdisplayed`` staggers them."""
    stride = max(1, -(-n // _MARKERS_ON_A_LINE))
    return round(index * stride / 3 + index // 3 * stride / 7.1) % stride, stride
