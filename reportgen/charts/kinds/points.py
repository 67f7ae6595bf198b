"""``points``: a scatter of runs; lines among them (a Pareto front, a trend) are drawn as lines.

Many points become smaller and translucent. A trace of up to three points with the tone ``best`` carries its labels
in the picture.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reportgen.charts import matplotlib_parts as mpl
from reportgen.charts import plotly_parts as plotly
from reportgen.charts import theme
from reportgen.charts.arrange import Wish, frame_of
from reportgen.charts.frame import Frame, Look, values_of
from reportgen.charts.kinds.lines import draw_line, line_trace
from reportgen.charts.text import plain_text, plotly_text, shortened
from reportgen.model import Chart, Trace

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def frame(chart: Chart, width: float) -> Frame:
    xs = [*values_of(chart.traces, chart.bands, "x"), *(m.at for m in chart.marks if m.axis == "x")]
    ys = [*values_of(chart.traces, chart.bands, "y"), *(m.at for m in chart.marks if m.axis == "y")]
    return frame_of(Wish(chart, width, xs, ys, "marker", x_pad=0.05))


def screen(chart: Chart, frame: Frame, *, paper: bool) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    layout = plotly.layout_of(frame, paper=paper, x_grid=frame.x.kind != "category")
    layout["annotations"] += _label_annotations(chart, frame)
    size, opacity = _weight(chart)
    traces = []
    for trace, look in zip(chart.traces, frame.looks, strict=True):
        drawn = line_trace(chart, frame, trace, look)
        if trace.mode in ("points", "lines+points"):
            drawn |= {"marker": plotly.marker(look, _size(trace, size), opacity=_opacity(trace, look, opacity)), "opacity": 1}
        traces.append(drawn | {"cliponaxis": False})
    return [*traces, *plotly.legend_traces(chart, frame)], layout


def _weight(chart: Chart) -> tuple[float, float]:
    """Size and opacity of a point, by how many there are."""
    n = sum(len(t.x) for t in chart.traces if t.mode in ("points", "lines+points"))
    return (9.0, 0.9) if n <= 60 else (7.0, 0.7) if n <= 400 else (5.5, 0.5) if n <= 3000 else (4.0, 0.35)


def _size(trace: Trace, size: float) -> float:
    return size + 4 if trace.tone == "best" else size


def _opacity(trace: Trace, look: Look, opacity: float) -> float:
    clear = trace.tone == "best" or look.opacity < 1 or look.symbol in ("open", "cross")
    return look.opacity if clear else opacity


def _labelled(chart: Chart) -> list[tuple[float, float, str]]:
    """(x, y, label) of the few best points."""
    found = []
    for trace in chart.traces:
        if trace.tone == "best" and len(trace.x) <= 3:
            for x, y, label in zip(trace.x, trace.y, trace.labels, strict=False):
                if x is not None and y is not None and label:
                    found.append((x, y, shortened(plain_text(label), 190, theme.LABEL_SIZE)))
    return found


def _label_annotations(chart: Chart, frame: Frame) -> list[dict[str, Any]]:
    found = []
    for x, y, label in _labelled(chart):
        left = frame.x.share(x) > 0.6
        place = {"x": plotly.on_axis(frame.x, x), "y": plotly.on_axis(frame.y, y), "xref": "x", "yref": "y"}
        side = {"xanchor": "right" if left else "left", "xshift": -10 if left else 10, "yanchor": "middle"}
        halo = {"templateitemname": theme.HALO, "visible": True}
        found.append(plotly.annotation(f"<b>{plotly_text(label)}</b>", **place, **side, **halo))
    return found


def paper(chart: Chart, frame: Frame, axes: Axes) -> None:
    mpl.dress(axes, chart, frame, x_grid=frame.x.kind != "category")
    size, opacity = _weight(chart)
    for i, (trace, look) in enumerate(zip(chart.traces, frame.looks, strict=True)):
        if trace.mode == "points":
            style = mpl.marker_style(look, _size(trace, size))
            xs, ys = mpl.floats(trace.x), mpl.floats(trace.y)
            axes.plot(xs, ys, linestyle="none", alpha=_opacity(trace, look, opacity), clip_on=False, **style)
        else:
            draw_line(axes, chart, frame, trace, look, i)
    for x, y, label in _labelled(chart):
        left = frame.x.share(x) > 0.6
        style = {"ha": "right" if left else "left", "fontweight": "bold", "bbox": mpl.HALO, "zorder": 5}
        mpl.words(axes, label, (x, y), (-11 if left else 11, 0), **style)
