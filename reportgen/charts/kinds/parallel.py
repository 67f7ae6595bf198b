"""``parallel``: parallel coordinates, one upright axis for each parameter or metric, one line for each run.

Drawn with ordinary lines over positions 0, 1, 2, … and values scaled to 0 … 1 by each axis' own range, so that the
strict content policy of the page holds (Plotly's own ``parcoords`` needs WebGL). Runs without a colour or tone of their
own are coloured by the rank of their value on the last axis, from the worst to the best where that axis has a direction: one
wild value must not make all others look alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from reportgen.charts import plotly_parts as plotly
from reportgen.charts import theme
from reportgen.charts.frame import Frame, Look, looks_of
from reportgen.charts.layout import LayoutRequest, category_scale, frame_of
from reportgen.charts.picture import Shape, Stroke
from reportgen.charts.plot import Plot, halo, middle_text
from reportgen.charts.scales import Scale, Tick, fitting_ticks, scale_of
from reportgen.charts.text import plotly_lines, plotly_text, shortened
from reportgen.model import Axis, Chart, Trace
from reportgen.words import Words

_MOST_CATEGORIES: Final = 12
"""Beyond this only some categories of an axis are written."""


def axes_of(chart: Chart) -> tuple[Axis, ...]:
    """The upright axes; a chart without any gets plain ones from its categories."""
    n = max((len(t.y) for t in chart.traces), default=0)
    names = chart.x.categories
    return chart.axes or tuple(Axis(names[i] if i < len(names) else f"{i + 1}") for i in range(n))


def scales(chart: Chart, height: float) -> tuple[Scale, ...]:
    """The scale of each upright axis, over the values that the runs have there."""
    row = []
    for i, axis in enumerate(axes_of(chart)):
        values = [v for t in chart.traces for v in t.y[i : i + 1] if v is not None]
        if axis.kind == "category":
            scale = category_scale(axis, values, (0.3, 0.3))
            every = -(-len(scale.ticks) // _MOST_CATEGORIES)
            row.append(replace(scale, ticks=scale.ticks[::every]))
        else:
            scale = scale_of(axis, values, height, along="y", pad=0.0)
            row.append(replace(scale, ticks=fitting_ticks(scale.kind, axis.format, scale.low, scale.high, height, "y")))
    return tuple(row)


def shares(scale_row: tuple[Scale, ...], trace: Trace) -> list[float | None]:
    """The trace's height on each axis, 0 to 1; None where it has no value (or none that a log axis can show)."""
    heights: list[float | None] = []
    for scale, value in zip(scale_row, trace.y, strict=False):
        usable = value is not None and (scale.kind != "log" or value > 0)
        heights.append(scale.share(value) if usable and value is not None else None)
    return heights


def frame(chart: Chart, width: float) -> Frame:
    axes = axes_of(chart)
    looks, shaded = _looks(chart)
    say = Words()
    said = say("drawing-ranks", goal=axes[-1].goal, axis=axes[-1].label) if shaded and axes else ""
    bare = replace(chart, bands=(), marks=())
    wish = LayoutRequest(
        bare,
        width,
        [float(i) for i in range(len(axes))],
        [0.0, 1.0],
        x=Axis("", kind="category", categories=tuple(a.label for a in axes)),
        y=Axis(said, low=-0.03, high=1.03),
        looks=looks,
        legend=(),
        y_grid=False,
        x_line=False,
    )
    framed = frame_of(wish)
    margin = framed.margin if framed.tilted else replace(framed.margin, left=10, right=10)
    return replace(framed, margin=margin, y_texts=(), y=replace(framed.y, ticks=()))


def _looks(chart: Chart) -> tuple[tuple[Look, ...], bool]:
    """The look of each run, and whether some are coloured by the rank of their value on the last axis."""
    row = scales(chart, 300)
    given, _ = looks_of(chart)
    opacity = 0.85 if len(chart.traces) <= 30 else 0.55
    last = [
        (shares(row, trace)[-1:] or [None])[0] if trace.color is None and trace.tone == "neutral" else None
        for trace in chart.traces
    ]
    places = ranks([share for share in last if share is not None], axes_of(chart)[-1:])
    looks = [
        look if share is None else Look(theme.mixed(theme.RAMP, places[share]), "circle", "solid", 1.6, opacity)
        for look, share in zip(given, last, strict=True)
    ]
    return tuple(looks), bool(places)


def ranks(heights: Sequence[float], last: Sequence[Axis]) -> dict[float, float]:
    """Height on the last axis → its rank from 0 (worst, or lowest without a direction) to 1; equal heights share the middle."""
    ordered = sorted(heights, reverse=bool(last) and last[0].goal == "minimize")
    most = max(len(ordered) - 1, 1)
    places: dict[float, float] = {}
    for height in dict.fromkeys(ordered):
        first, n = ordered.index(height), ordered.count(height)
        places[height] = 1.0 if len(ordered) == 1 else (first + (n - 1) / 2) / most
    return places


def _axis_ticks(chart: Chart, frame: Frame) -> list[tuple[int, list[tuple[float, str]]]]:
    """(axis, [(share, text)]) of every written tick, cut to the room between two axes."""
    room = frame.plot_width / max(len(axes_of(chart)), 1) * 0.6
    row = scales(chart, frame.plot_height)
    return [(i, [(s.share(t.at), _tick(t, room)) for t in s.ticks]) for i, s in enumerate(row)]


def _tick(tick: Tick, room: float) -> str:
    return shortened(tick.text.replace("\n", " "), room, theme.TICK_SIZE)


def screen(chart: Chart, frame: Frame) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    layout = plotly.layout_of(frame)
    layout["xaxis"] |= {"fixedrange": True}
    layout["yaxis"] |= {"showticklabels": False, "fixedrange": True, "tickvals": [], "ticktext": []}
    layout["shapes"] += [_rule(i) for i in range(len(axes_of(chart)))]
    for i, ticks in _axis_ticks(chart, frame):
        layout["annotations"] += [_tick_annotation(i, share, text) for share, text in ticks]
    row = scales(chart, frame.plot_height)
    return [_run(chart, frame, row, t, look) for t, look in zip(chart.traces, frame.looks, strict=True)], layout


def _rule(position: int) -> dict[str, Any]:
    line = {"color": theme.LIGHT["faint"], "width": 1}
    place = {"x0": position, "x1": position, "xref": "x", "y0": 0, "y1": 1, "yref": "y"}
    return {"type": "line", "layer": "above", "line": line, **place}


def _tick_annotation(position: int, share: float, text: str) -> dict[str, Any]:
    place = {"x": position, "xref": "x", "xanchor": "left", "xshift": 3, "y": round(share, 5), "yref": "y", "yanchor": "middle"}
    return plotly.annotation(
        plotly_lines(text), font={"size": theme.TICK_SIZE - 0.5}, templateitemname=theme.HALO, visible=True, **place
    )


def _run(chart: Chart, frame: Frame, row: tuple[Scale, ...], trace: Trace, look: Look) -> dict[str, Any]:
    heights = shares(row, trace)
    return plotly.base_trace(chart, frame, trace) | {
        "type": "scatter",
        "mode": "lines",
        "x": list(range(len(heights))),
        "y": plotly.numbers(heights, 1.0),
        "line": plotly.line(look),
        "opacity": look.opacity,
        "meta": [_hover_words(chart, trace)],
        "hovertemplate": plotly.HOVER_ONE,
    }


def _hover_words(chart: Chart, trace: Trace) -> str:
    rows = [
        f"{plotly_text(axis.label, 60)}: {plotly_text(plotly.axis_words(axis, value), 60)}"
        for axis, value in zip(axes_of(chart), trace.y, strict=False)
    ]
    return "<br>".join([f"<b>{plotly_text(trace.name)}</b>", *rows])


def paper(chart: Chart, plot: Plot) -> Iterator[Shape]:
    row = scales(chart, plot.frame.plot_height)
    for trace, look in zip(chart.traces, plot.frame.looks, strict=True):
        heights = shares(row, trace)
        yield from plot.line([float(i) for i in range(len(heights))], heights, look)
    for i, ticks in _axis_ticks(chart, plot.frame):
        yield from plot.path([float(i)] * 2, [0.0, 1.0], Stroke(theme.LIGHT["faint"]))
        for share, text in ticks:
            yield from halo(middle_text(plot.x(i) + 5, plot.y(share), text, theme.TICK_SIZE - 0.5))
