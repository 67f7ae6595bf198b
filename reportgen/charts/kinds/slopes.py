"""``slopes``: paired values, one line for each pair over the two categories on x.

Unless the chart says otherwise, colour and marker tell whether a pair rises or falls, and the legend counts them.
Up to twelve pairs have their names at the right.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from reportgen.charts import plotly_parts as plotly
from reportgen.charts import theme
from reportgen.charts.frame import Entry, Frame, Look, values_of
from reportgen.charts.layout import LayoutRequest, frame_of
from reportgen.charts.picture import Shape
from reportgen.charts.plot import Plot
from reportgen.charts.text import plotly_text
from reportgen.model import Chart, Trace
from reportgen.words import Words

_ROOM: Final = (0.14, 0.03)
"""Beyond the first and the last category; names stand right beside the ends of the lines."""
_ROOM_WITHOUT_NAMES: Final = (0.14, 0.14)
_MOST_NAMES: Final = 12
_DIRECTIONS: Final = {
    "rises": Look(theme.PALETTE[0], "circle", "solid", 1.8, 0.95),
    "falls": Look(theme.PALETTE[1], "square", "dash", 1.8, 0.95),
    "stays": Look(theme.TONES["neutral"], "diamond", "dot", 1.8, 0.95),
}


def frame(chart: Chart, width: float) -> Frame:
    ys = [*values_of(chart.traces, chart.bands, "y"), *(m.at for m in chart.marks if m.axis == "y")]
    xs = values_of(chart.traces, chart.bands, "x")
    named = any(t.in_legend for t in chart.traces) and len(chart.traces) <= _MOST_NAMES
    wish = LayoutRequest(chart, width, xs, ys, category_room=_ROOM if named else _ROOM_WITHOUT_NAMES, most_end_labels=_MOST_NAMES)
    if any(t.color is not None or t.tone != "neutral" for t in chart.traces):
        return frame_of(wish)
    return frame_of(replace(wish, looks=tuple(_DIRECTIONS[direction(t)] for t in chart.traces), legend=_counts(chart)))


def direction(trace: Trace) -> str:
    """Whether the pair's last value is above, below or equal to its first."""
    values = [v for v in trace.y if v is not None]
    change = values[-1] - values[0] if values else 0.0
    return "rises" if change > 0 else "falls" if change < 0 else "stays"


def _counts(chart: Chart) -> tuple[Entry, ...]:
    directions = [direction(t) for t in chart.traces if len([v for v in t.y if v is not None]) > 1]
    counted = [(way, directions.count(way)) for way in _DIRECTIONS if way in directions]
    say = Words()
    return tuple(
        Entry(say("drawing-pairs", way=way, n=n, of=len(directions)), _DIRECTIONS[way], "line+marker") for way, n in counted
    )


def screen(chart: Chart, frame: Frame) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    layout = plotly.layout_of(frame)
    layout["annotations"] += plotly.end_label_annotations(frame)
    traces = [_pair(chart, frame, t, look) for t, look in zip(chart.traces, frame.looks, strict=True)]
    return [*traces, *plotly.legend_traces(chart, frame)], layout


def _pair(chart: Chart, frame: Frame, trace: Trace, look: Look) -> dict[str, Any]:
    return plotly.base_trace(chart, frame, trace) | {
        "type": "scatter",
        "mode": "lines+markers",
        "x": plotly.xs_of(frame, trace.x),
        "y": plotly.ys_of(frame, trace.y),
        "line": plotly.line(look),
        "marker": plotly.marker(look, 7.5, opacity=1.0),
        "opacity": look.opacity,
        "cliponaxis": False,
        "customdata": [_hover_words(chart, trace, i) for i in range(len(trace.x))],
        "hovertemplate": plotly.HOVER_WORDS,
        **({"legendgroup": plotly.look_id(look)} if look in _DIRECTIONS.values() else {}),
    }


def _hover_words(chart: Chart, trace: Trace, i: int) -> str:
    value = plotly_text(plotly.axis_words(chart.y, trace.y[i]))
    label = f"<br>{plotly_text(trace.labels[i])}" if i < len(trace.labels) and trace.labels[i] else ""
    return f"<b>{plotly_text(trace.name)}</b><br>{plotly_text(plotly.axis_words(chart.x, trace.x[i]))}: {value}{label}"


def paper(chart: Chart, plot: Plot) -> Iterator[Shape]:
    for trace, look in zip(chart.traces, plot.frame.looks, strict=True):
        yield from plot.line(trace.x, trace.y, look)
        yield from plot.markers(trace.x, trace.y, look, 7.5, look.opacity)
    yield from plot.end_labels()
