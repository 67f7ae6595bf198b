"""``lines``: curves over x, with bands.

Up to six lines say their names at their ends, behind a marker in the line's colour; more go into a legend and wear
their marker every so often, so that they can be told apart without colour.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reportgen.charts import matplotlib_parts as mpl
from reportgen.charts import plotly_parts as plotly
from reportgen.charts import theme
from reportgen.charts.arrange import Wish, frame_of, last_point
from reportgen.charts.frame import FAINT, Frame, Look, values_of, wears_markers
from reportgen.charts.text import plotly_text
from reportgen.model import Band, Chart, Trace

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MARKERS_ON_A_LINE = 7
_MOST_END_LABELS = 6


def frame(chart: Chart, width: float) -> Frame:
    xs = [*values_of(chart.traces, chart.bands, "x"), *(m.at for m in chart.marks if m.axis == "x")]
    ys = [*values_of(chart.traces, chart.bands, "y"), *(m.at for m in chart.marks if m.axis == "y")]
    pad = 0.0 if any(t.mode in ("lines", "steps") for t in chart.traces) else 0.03
    return frame_of(Wish(chart, width, xs, ys, x_pad=pad, most_end_labels=_MOST_END_LABELS))


def screen(chart: Chart, frame: Frame, *, paper: bool) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    layout = plotly.layout_of(frame, paper=paper)
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
                }
            )
    return dots


def paper(chart: Chart, frame: Frame, axes: Axes) -> None:
    mpl.dress(axes, chart, frame)
    for band, look in zip(chart.bands, frame.band_looks, strict=True):
        axes.fill_between(band.x, band.low, band.high, color=look.color, alpha=look.opacity, linewidth=0)
    for i, (trace, look) in enumerate(zip(chart.traces, frame.looks, strict=True)):
        draw_line(axes, chart, frame, trace, look, i)
        if frame.end_labels and trace.in_legend and (end := last_point(trace)):
            axes.plot([end[0]], [end[1]], clip_on=False, linestyle="none", **mpl.marker_style(look, 7.5))
    mpl.draw_end_labels(axes, frame)


def draw_line(axes: Axes, chart: Chart, frame: Frame, trace: Trace, look: Look, index: int) -> None:
    style: dict[str, Any] = {"color": look.color, "linewidth": look.width, "linestyle": theme.MATPLOTLIB_DASHES[look.dash]}
    if trace.mode == "points":
        style["linestyle"] = "none"
    if trace.mode in ("points", "lines+points", "bars"):
        style |= mpl.marker_style(look, 6.5)
    elif wears_markers(chart, frame) and look.opacity >= FAINT:
        style |= mpl.marker_style(look, 6.5) | {"markevery": _some_points(len(trace.x), index)}
    drawstyle = "steps-post" if trace.mode == "steps" else "default"
    xs, ys = mpl.floats(trace.x), mpl.floats(trace.y)
    clip = chart.x.low is not None or chart.x.high is not None or chart.y.low is not None or chart.y.high is not None
    axes.plot(xs, ys, alpha=look.opacity, drawstyle=drawstyle, solid_joinstyle="round", clip_on=clip, **style)
    if trace.low and trace.high:
        arms = mpl.arms(trace.y, trace.low, trace.high)
        axes.errorbar(xs, ys, yerr=arms, fmt="none", ecolor=look.color, elinewidth=1.2, capsize=3)


def _some_points(n: int, index: int) -> tuple[int, int]:
    """First marked point and stride; neighbours are staggered as Plotly's ``maxdisplayed`` staggers them."""
    stride = max(1, -(-n // _MARKERS_ON_A_LINE))
    return round(index * stride / 3 + index // 3 * stride / 7.1) % stride, stride
