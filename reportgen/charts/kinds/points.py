"""``points``: a scatter of runs; lines among them (a Pareto front, a trend) are drawn as lines.

Many points become smaller and translucent; on screen, more than ``MOST_MARKERS`` of one trace become a picture of how many lie where: as markers
they would hide each other, and a browser would need an element for each. A trace of up to three points with the tone ``best`` carries its
labels in the picture.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from reportgen.charts import plotly_parts as plotly
from reportgen.charts import theme
from reportgen.charts.frame import Frame, Look, marked, values_of
from reportgen.charts.kinds.lines import line_shapes, line_trace
from reportgen.charts.layout import LayoutRequest, frame_of
from reportgen.charts.picture import Shape
from reportgen.charts.plot import Plot, halo, middle_text
from reportgen.charts.scales import Scale
from reportgen.charts.text import plain_text, plotly_text, shortened
from reportgen.model import Chart, Trace

MOST_MARKERS: Final = 500
_CELLS: Final = (120, 60)
"""Of a picture of density: columns and rows."""
_SHADES: Final = 12
"""Between which a density's colour goes straight: enough to follow a logarithm."""


def frame(chart: Chart, width: float) -> Frame:
    xs = [*values_of(chart.traces, chart.bands, "x"), *marked(chart.marks, "x")]
    ys = [*values_of(chart.traces, chart.bands, "y"), *marked(chart.marks, "y")]
    return frame_of(LayoutRequest(chart, width, xs, ys, "marker", x_pad=0.05, x_grid=chart.x.kind != "category"))


def screen(chart: Chart, frame: Frame) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    layout = plotly.layout_of(frame)
    layout["annotations"] += _label_annotations(chart, frame)
    size, opacity = _weight(chart)
    traces = []
    for trace, look in zip(chart.traces, frame.looks, strict=True):
        if trace.mode == "points" and len(trace.x) > MOST_MARKERS:
            traces.append(_density(chart, frame, trace, look))
            continue
        drawn = line_trace(chart, frame, trace, look)
        if trace.mode in ("points", "lines+points"):
            drawn |= {"marker": plotly.marker(look, _size(trace, size), opacity=_opacity(trace, look, opacity)), "opacity": 1}
        traces.append(drawn | {"cliponaxis": False})
    if any(drawn["type"] == "heatmap" for drawn in traces):  # a picture of all runs, as a whole
        traces = [{key: value for key, value in drawn.items() if key != "runs"} for drawn in traces]
    return [*traces, *plotly.legend_traces(chart, frame)], layout


def _density(chart: Chart, frame: Frame, trace: Trace, look: Look) -> dict[str, Any]:
    """How many points lie in each cell; the colour grows with the logarithm, so that a point of its own is seen."""
    pairs = [(x, y) for x, y in zip(trace.x, trace.y, strict=True) if x is not None and y is not None]
    places = np.array(pairs, dtype=np.float64)
    sides = [_edges(scale, places[:, at], n) for at, (scale, n) in enumerate(zip((frame.x, frame.y), _CELLS, strict=True))]
    counts = np.histogram2d(places[:, 0], places[:, 1], bins=sides)[0].T.astype(int)
    most = int(counts.max())
    shade = [
        [round(float(np.expm1(np.log1p(most) * share)) / most, 6), theme.translucent(look.color, round(0.25 + 0.75 * share, 4))]
        for share in np.linspace(0, 1, _SHADES).tolist()
    ]
    return {
        "type": "heatmap",
        "name": plotly_text(trace.name, 80),
        "x": plotly.xs_of(frame, sides[0].tolist()),
        "y": plotly.ys_of(frame, sides[1].tolist()),
        "z": [[int(n) if n else None for n in row] for row in counts],
        "zmin": 0,
        "zmax": most,
        "colorscale": shade,
        "showscale": False,
        "hovertemplate": "%{z:,}<extra></extra>",
        "legendgroup": plotly.group_id(chart, trace.name),
    }


def _edges(scale: Scale, values: np.ndarray, n: int) -> np.ndarray:
    """Borders of ``n`` cells that hold all ``values``, of one width as the axis shows it."""
    low, high = float(values.min()), float(values.max())
    if scale.kind == "log":
        edges = np.geomspace(low, high if high > low else low * 1.01, n + 1)
    else:
        edges = np.linspace(low, high if high > low else low + 1, n + 1)
    edges[0], edges[-1] = min(edges[0], low), max(edges[-1], high)
    return edges


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
    labelled = []
    for trace in chart.traces:
        if trace.tone == "best" and len(trace.x) <= 3:
            for x, y, label in zip(trace.x, trace.y, trace.labels, strict=False):
                if x is not None and y is not None and label:
                    labelled.append((x, y, shortened(plain_text(label), 190, theme.LABEL_SIZE)))
    return labelled


def _label_annotations(chart: Chart, frame: Frame) -> list[dict[str, Any]]:
    annotations = []
    for x, y, label in _labelled(chart):
        left = frame.x.share(x) > 0.6
        place = {"x": plotly.on_axis(frame.x, x), "y": plotly.on_axis(frame.y, y), "xref": "x", "yref": "y"}
        side = {"xanchor": "right" if left else "left", "xshift": -10 if left else 10, "yanchor": "middle"}
        halo = {"templateitemname": theme.HALO, "visible": True}
        annotations.append(plotly.annotation(f"<b>{plotly_text(label)}</b>", **place, **side, **halo))
    return annotations


def paper(chart: Chart, plot: Plot) -> Iterator[Shape]:
    size, opacity = _weight(chart)
    for i, (trace, look) in enumerate(zip(chart.traces, plot.frame.looks, strict=True)):
        if trace.mode == "points":
            yield from plot.markers(trace.x, trace.y, look, _size(trace, size), _opacity(trace, look, opacity))
        else:
            yield from line_shapes(chart, plot, trace, look, i)
    for x, y, label in _labelled(chart):
        left = plot.frame.x.share(x) > 0.6
        anchor = "end" if left else "start"
        yield from halo(middle_text(plot.x(x) + (-11 if left else 11), plot.y(y), label, anchor=anchor, is_bold=True))
