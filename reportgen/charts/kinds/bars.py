"""``bars``: bars over categories, side by side when there are several series, with error bars when they have bounds.

Bars start at zero. When the names of the categories would not fit under them, the bars lie down and the names stand
at the left. A single series of up to twelve bars has its values printed at their ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Literal

from reportgen.charts import matplotlib_parts as mpl
from reportgen.charts import plotly_parts as plotly
from reportgen.charts import theme
from reportgen.charts.arrange import Wish, frame_of
from reportgen.charts.frame import Frame, Look
from reportgen.charts.scales import Scale
from reportgen.charts.text import all_wrapped, plain_text, plotly_text, width_of
from reportgen.formats import shared_digits, text_of
from reportgen.model import Chart, Mark, Trace

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_GAP: Final = 0.3
"""Share of a category's room that stays empty."""
_MOST_VALUES: Final = 12


def frame(chart: Chart, width: float) -> Frame:
    lengths = _lengths(chart)
    positions = [x for t in chart.traces for x in t.x if x is not None]
    printed = _value_room(chart)
    zero = chart.y.kind != "log"
    if not lies(chart):
        # Printed values stand on the bars: a little more room than the tallest bar needs.
        lengths += [v * 1.05 for v in (min(lengths), max(lengths))] if printed and lengths else []
        return frame_of(Wish(chart, width, positions, lengths, "bar", zero="y" if zero else ""))
    right = printed + 14 if printed else 0.0
    if printed and lengths and min(lengths) < 0:  # the value stands left of the bar: room for it inside the plot
        lengths.append(min(lengths) - (max([*lengths, 0.0]) - min(lengths)) * printed / (width * 0.45))
    wish = Wish(chart, width, lengths, positions, "bar", x=chart.y, y=chart.x, zero="x" if zero else "")
    return frame_of(replace(wish, x_pad=0.03, right=right, marks=_turned(chart.marks)))


def _lengths(chart: Chart) -> list[float]:
    found: list[float | None] = []
    for trace in chart.traces:
        found.extend((*trace.y, *trace.low, *trace.high))
    marks = [m.at for m in chart.marks if m.axis == "y"]
    return [v for v in found if v is not None] + marks


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
    return tuple(Mark("x" if m.axis == "y" else "y", m.at, m.label, m.tone) for m in marks)


def _value_room(chart: Chart) -> float:
    """Width of the longest printed value; 0 when values are not printed."""
    if len(chart.traces) != 1 or len(chart.traces[0].x) > _MOST_VALUES:
        return 0.0
    digits = _digits(chart)
    return max((width_of(text_of(v, chart.y.format, digits), theme.TICK_SIZE) for v in chart.traces[0].y), default=0.0)


def _has_grid(chart: Chart) -> bool:
    """Gridlines help to read values; printed values make them superfluous, and faint bars would show them."""
    return not _value_room(chart)


def _digits(chart: Chart) -> int | None:
    """Decimals that all printed values share."""
    values = [v for v in chart.traces[0].y if v is not None]
    if chart.y.format in ("percent", "percent_change"):
        return min(shared_digits([v * 100 for v in values], 3), 3)
    return min(shared_digits(values, 3), 6) if chart.y.format in ("number", "change") else None


def _is_lying(frame: Frame) -> bool:
    return frame.y.kind == "category"


def _offsets(chart: Chart) -> list[tuple[float, float]]:
    """(offset of the bar's middle, its width) of each series, in categories."""
    n = max(len(chart.traces), 1)
    width = min((1 - _GAP) / n, 0.55)
    return [((i - (n - 1) / 2) * width, width * (0.92 if n > 1 else 1.0)) for i in range(n)]


def screen(chart: Chart, frame: Frame, *, paper: bool) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    lying, grid = _is_lying(frame), _has_grid(chart)
    layout = plotly.layout_of(frame, paper=paper, x_grid=lying and grid, y_grid=not lying and grid)
    layout["shapes"] += _zero_line(frame)
    layout["annotations"] += _value_annotations(chart, frame)
    layout |= {"bargap": 0, "barmode": "overlay"}
    if lying:
        layout["yaxis"]["range"] = layout["yaxis"]["range"][::-1]
        layout["xaxis"]["showline"] = False
    bars = [_bars(chart, frame, t, i) for i, t in enumerate(chart.traces)]
    return [*bars, *plotly.legend_traces(chart, frame)], layout


def _opacity(trace: Trace, look: Look) -> float:
    """Bars with error bars are fainter, so that the half of an error bar that lies on its bar is seen."""
    return min(look.opacity, 0.5) if trace.low and trace.high else look.opacity


def _zero_line(frame: Frame) -> list[dict[str, Any]]:
    """The line that bars stand on, when some hang below it."""
    axis: Literal["x", "y"] = "x" if _is_lying(frame) else "y"
    scale = frame.x if axis == "x" else frame.y
    if scale.kind == "log" or (axis == "y" and scale.low >= 0) or not scale.low <= 0 <= scale.high:
        return []
    line = {"color": theme.LIGHT["axis"], "width": 1, "dash": "solid"}
    return [plotly.straight_line(frame, Mark(axis, 0.0, "")) | {"line": line}]


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


def _printed_values(chart: Chart) -> Iterator[tuple[float, float, str]]:
    """(position, where the bar or its error bar ends, text) of each printed value."""
    if not _value_room(chart):
        return
    trace, digits = chart.traces[0], _digits(chart)
    for i, (x, y) in enumerate(zip(trace.x, trace.y, strict=True)):
        if x is None or y is None:
            continue
        bounds = [b for b in (trace.low[i] if trace.low else None, trace.high[i] if trace.high else None) if b is not None]
        yield x, (min([y, *bounds]) if y < 0 else max([y, *bounds])), text_of(y, chart.y.format, digits)


def _value_annotations(chart: Chart, frame: Frame) -> list[dict[str, Any]]:
    lying, found = _is_lying(frame), []
    scale = frame.x if lying else frame.y
    for at, end, text in _printed_values(chart):
        place: dict[str, Any] = {"font": {"size": theme.TICK_SIZE}, "xref": "x", "yref": "y"}
        tip = plotly.on_axis(scale, end)
        if lying:
            place |= {"x": tip, "y": at, "xanchor": "right" if end < 0 else "left", "xshift": -3 if end < 0 else 3}
        else:
            place |= {"x": at, "y": tip, "yanchor": "top" if end < 0 else "bottom", "yshift": -1 if end < 0 else 1}
        found.append(plotly.annotation(plotly_text(text), **place))
    return found


def paper(chart: Chart, frame: Frame, axes: Axes) -> None:
    lying, grid = _is_lying(frame), _has_grid(chart)
    mpl.dress(axes, chart, frame, x_grid=lying and grid, y_grid=not lying and grid)
    if lying:
        axes.invert_yaxis()
        axes.spines["bottom"].set_visible(False)
    for i, trace in enumerate(chart.traces):
        _draw_bars(axes, chart, frame, trace, i)
    if _zero_line(frame):
        (axes.axvline if lying else axes.axhline)(0, color=theme.LIGHT["axis"], linewidth=1)
    for at, end, text in _printed_values(chart):
        _draw_value(axes, at, end, text, lying=lying)


def _draw_bars(axes: Axes, chart: Chart, frame: Frame, trace: Trace, index: int) -> None:
    lying, look = _is_lying(frame), frame.looks[index]
    offset, width = _offsets(chart)[index]
    rows = [i for i, (x, y) in enumerate(zip(trace.x, trace.y, strict=True)) if x is not None and y is not None]
    places = [float(trace.x[i] or 0.0) + offset for i in rows]
    lengths = [float(trace.y[i] or 0.0) for i in rows]
    start = _start(frame.x if lying else frame.y)
    style: dict[str, Any] = {"color": look.color, "alpha": _opacity(trace, look), "linewidth": 0}
    if lying:
        axes.barh(places, [v - start for v in lengths], width, left=start, **style)
    else:
        axes.bar(places, [v - start for v in lengths], width, bottom=start, **style)
    if trace.low and trace.high and rows:
        arms = mpl.arms([trace.y[i] for i in rows], [trace.low[i] for i in rows], [trace.high[i] for i in rows])
        error: dict[str, Any] = {"xerr" if lying else "yerr": arms}
        at = (lengths, places) if lying else (places, lengths)
        axes.errorbar(*at, **error, fmt="none", ecolor=look.color, elinewidth=1.8, capsize=4, capthick=1.8)


def _start(scale: Scale) -> float:
    return scale.low if scale.kind == "log" else 0.0


def _draw_value(axes: Axes, at: float, end: float, text: str, *, lying: bool) -> None:
    sign = -1 if end < 0 else 1
    if lying:
        ha = "right" if end < 0 else "left"
        mpl.words(axes, text, (end, at), (5 * sign, 0), ha=ha, va="center_baseline", fontsize=theme.TICK_SIZE)
    else:
        va = "top" if end < 0 else "bottom"
        mpl.words(axes, text, (at, end), (0, 3 * sign), va=va, fontsize=theme.TICK_SIZE)
