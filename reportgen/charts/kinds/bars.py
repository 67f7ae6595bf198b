"""``bars``: bars over categories, side by side when there are several series, with error bars when they have bounds.

Bars start at zero. When the names of the categories would not fit under them, the bars lie down and the names stand
at the left. A single series of up to twelve bars has its values printed at their ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, Final, Literal

from reportgen.charts import plotly_parts as plotly
from reportgen.charts import theme
from reportgen.charts.frame import Frame, Look
from reportgen.charts.layout import LayoutRequest, frame_of
from reportgen.charts.picture import Shape, Stroke, Text
from reportgen.charts.plot import Plot, middle_text
from reportgen.charts.text import all_wrapped, plain_text, plotly_text, width_of
from reportgen.formats import shared_digits, telling_digits, text_of
from reportgen.model import Chart, Mark, Trace

_GAP: Final = 0.3
"""Share of a category's room that stays empty."""
_MOST_VALUES: Final = 12


def frame(chart: Chart, width: float) -> Frame:
    lengths = _lengths(chart)
    positions = [x for t in chart.traces for x in t.x if x is not None]
    printed = _value_room(chart)
    # Gridlines help to read values; printed values make them superfluous, and faint bars would show them.
    grid = not printed
    zero = chart.y.kind != "log"
    if not lies(chart):
        # Printed values stand on the bars: a little more room than the tallest bar needs.
        lengths += [v * 1.05 for v in (min(lengths), max(lengths))] if printed and lengths else []
        return frame_of(LayoutRequest(chart, width, positions, lengths, "bar", zero="y" if zero else "", y_grid=grid))
    right = printed + 14 if printed else 0.0
    if printed and lengths and min(lengths) < 0:  # the value stands left of the bar: room for it inside the plot
        lengths.append(min(lengths) - (max([*lengths, 0.0]) - min(lengths)) * printed / (width * 0.45))
    request = LayoutRequest(chart, width, lengths, positions, "bar", x=chart.y, y=chart.x, zero="x" if zero else "")
    lying = replace(request, x_grid=grid, y_grid=False, x_line=False, y_down=True)
    return frame_of(replace(lying, x_pad=0.03, right=right, marks=_turned(chart.marks)))


def _lengths(chart: Chart) -> list[float]:
    lengths: list[float | None] = []
    for trace in chart.traces:
        lengths.extend((*trace.y, *trace.low, *trace.high))
    marks = [m.at for m in chart.marks if m.axis == "y"]
    return [v for v in lengths if v is not None] + marks


def lies(chart: Chart) -> bool:
    """Whether the names need more room than there is under standing bars, and the picture is high enough to turn.

    Decided for the width of paper, so that both media show the same picture.
    """
    names = [plain_text(c) for c in chart.x.categories]
    if chart.x.kind != "category" or not names or len(names) * 15 * max(len(chart.traces), 1) > chart.height * 1.2:
        return False
    return all_wrapped(names, (theme.PAPER_WIDTH - 70) / len(names) - 8, theme.TICK_SIZE) is None


def _turned(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """Marks as lying bars need them."""
    return tuple(replace(m, axis="x" if m.axis == "y" else "y") for m in marks)


def _value_room(chart: Chart) -> float:
    """Width of the longest printed value; 0 when values are not printed."""
    if len(chart.traces) != 1 or len(chart.traces[0].x) > _MOST_VALUES:
        return 0.0
    digits = _digits(chart)
    return max((width_of(text_of(v, chart.y.format, digits), theme.TICK_SIZE) for v in chart.traces[0].y), default=0.0)


def _digits(chart: Chart) -> int | None:
    """Decimals that all printed values share."""
    values = [v for v in chart.traces[0].y if v is not None]
    if chart.y.format in ("percent", "percent_change"):
        scaled = [v * 100 for v in values]
        return telling_digits(scaled, min(shared_digits(scaled, 3), 3), 2)
    return telling_digits(values, min(shared_digits(values, 3), 6), 2) if chart.y.format in ("number", "change") else None


def _is_lying(frame: Frame) -> bool:
    return frame.y.kind == "category"


def _offsets(chart: Chart) -> list[tuple[float, float]]:
    """(offset of the bar's middle, its width) of each series, in categories."""
    n = max(len(chart.traces), 1)
    width = min((1 - _GAP) / n, 0.55)
    return [((i - (n - 1) / 2) * width, width * (0.92 if n > 1 else 1.0)) for i in range(n)]


def screen(chart: Chart, frame: Frame) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    layout = plotly.layout_of(frame)
    layout["shapes"] += _zero_line(frame)
    layout["annotations"] += _value_annotations(chart, frame)
    layout |= {"bargap": 0, "barmode": "overlay"}
    bars = [_bars(chart, frame, t, i) for i, t in enumerate(chart.traces)]
    return [*bars, *plotly.legend_traces(chart, frame)], layout


def _opacity(trace: Trace, look: Look) -> float:
    """Bars with error bars are fainter, so that the half of an error bar that lies on its bar is seen."""
    return min(look.opacity, 0.5) if trace.low and trace.high else look.opacity


def _zero_line(frame: Frame) -> list[dict[str, Any]]:
    """The line that bars stand on, when some hang below it."""
    if not _has_zero_line(frame):
        return []
    line = {"color": theme.LIGHT["faint"], "width": 1, "dash": "solid"}
    return [plotly.straight_line(frame, Mark("x" if _is_lying(frame) else "y", 0.0, "")) | {"line": line}]


def _has_zero_line(frame: Frame) -> bool:
    lying = _is_lying(frame)
    scale = frame.x if lying else frame.y
    return scale.kind != "log" and scale.low <= 0 <= scale.high and (lying or scale.low < 0)


def _bars(chart: Chart, frame: Frame, trace: Trace, index: int) -> dict[str, Any]:
    lying, look = _is_lying(frame), frame.looks[index]
    offset, width = _offsets(chart)[index]
    places = plotly.numbers([None if x is None else x + offset for x in trace.x], 1.0)
    scale = frame.x if lying else frame.y
    lengths = plotly.numbers(trace.y, plotly.span_of(scale))
    drawn = plotly.base_trace(chart, frame, trace) | {
        "type": "bar",
        "orientation": "h" if lying else "v",
        "x": lengths if lying else places,
        "y": places if lying else lengths,
        "width": round(width, 6),
        "marker": {"color": look.color, "opacity": _opacity(trace, look), "line": {"width": 0}},
        "customdata": [_hover_words(chart, trace, i) for i in range(len(trace.x))],
        "hovertemplate": plotly.HOVER_WORDS,
    }
    if trace.low and trace.high:
        arms = plotly.error_arms(trace.y, trace.low, trace.high, plotly.span_of(scale))
        drawn["error_x" if lying else "error_y"] = arms | {"color": look.color, "thickness": 1.8, "width": 4}
    return drawn


def _hover_words(chart: Chart, trace: Trace, i: int) -> str:
    category = plotly_text(plotly.axis_words(chart.x, trace.x[i]))
    value = plotly_text(plotly.value_words(trace, i, trace.y[i], chart.y.format))
    label = f"<br>{plotly_text(trace.labels[i])}" if i < len(trace.labels) and trace.labels[i] else ""
    return f"<b>{category}</b><br>{plotly_text(trace.name)}: {value}{label}"


def _printed_values(chart: Chart, frame: Frame) -> Iterator[tuple[float, float, str]]:
    """(position, where the bar or its error bar ends, text) of each printed value; what has no place on a log axis has none."""
    if not _value_room(chart):
        return
    trace, digits = chart.traces[0], _digits(chart)
    for i, (x, y) in enumerate(zip(trace.x, trace.y, strict=True)):
        if x is None or y is None:
            continue
        bounds = [b for b in (trace.low[i] if trace.low else None, trace.high[i] if trace.high else None) if b is not None]
        end = min([y, *bounds]) if y < 0 else max([y, *bounds])
        if end > 0 or (frame.x if _is_lying(frame) else frame.y).kind != "log":
            yield x, end, text_of(y, chart.y.format, digits)


def _value_annotations(chart: Chart, frame: Frame) -> list[dict[str, Any]]:
    lying, annotations = _is_lying(frame), []
    scale = frame.x if lying else frame.y
    for at, end, text in _printed_values(chart, frame):
        place: dict[str, Any] = {"font": {"size": theme.TICK_SIZE}, "xref": "x", "yref": "y"}
        tip = plotly.on_axis(scale, end)
        if lying:
            place |= {"x": tip, "y": at, "xanchor": "right" if end < 0 else "left", "xshift": -3 if end < 0 else 3}
        else:
            place |= {"x": at, "y": tip, "yanchor": "top" if end < 0 else "bottom", "yshift": -1 if end < 0 else 1}
        annotations.append(plotly.annotation(plotly_text(text), **place))
    return annotations


def paper(chart: Chart, plot: Plot) -> Iterator[Shape]:
    lying = _is_lying(plot.frame)
    for i, trace in enumerate(chart.traces):
        yield from _bar_shapes(chart, plot, trace, i)
    if _has_zero_line(plot.frame):
        yield plot.across(0.0, Stroke(theme.LIGHT["faint"]), upright=lying)
    for at, end, text in _printed_values(chart, plot.frame):
        sign = -1 if end < 0 else 1
        if lying:
            yield middle_text(plot.x(end) + 5 * sign, plot.y(at), text, theme.TICK_SIZE, anchor="end" if end < 0 else "start")
        else:
            y = plot.y(end) + (12 if end < 0 else -5)
            yield Text(plot.x(at), y, text, theme.TICK_SIZE, theme.LIGHT["ink"], "middle")


def _bar_shapes(chart: Chart, plot: Plot, trace: Trace, index: int) -> Iterator[Shape]:
    lying, look = _is_lying(plot.frame), plot.frame.looks[index]
    scale = plot.frame.x if lying else plot.frame.y
    start = scale.low if scale.kind == "log" else 0.0
    offset, width = _offsets(chart)[index]
    places = [None if x is None else x + offset for x in trace.x]
    for at, value in zip(places, trace.y, strict=True):
        if at is not None and value is not None:
            slot, reach = (at - width / 2, at + width / 2), (start, value)
            yield from plot.box(*((reach, slot) if lying else (slot, reach)), look.color, _opacity(trace, look))
    if trace.low and trace.high:
        along: Literal["x", "y"] = "x" if lying else "y"
        xs, ys = (trace.y, places) if lying else (places, trace.y)
        yield from plot.errors(xs, ys, trace.low, trace.high, Stroke(look.color, 1.8), along=along, cap=4)
