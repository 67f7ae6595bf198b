"""Pieces of Plotly figures, as plain dicts; the only place that knows Plotly's words.

A figure holds numbers, escaped text and geometry. Colours of text, grid and background come from the page's template,
so one figure serves a light and a dark page. Hover text is built from constant templates: what it shows travels in
``meta`` and ``customdata``, already escaped.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from reportgen.charts import theme
from reportgen.charts.clean import series_of
from reportgen.charts.frame import FAINT, Entry, Frame, Look, wears_markers
from reportgen.charts.marks import ROW
from reportgen.charts.scales import Scale, Tick
from reportgen.charts.text import plain_text, plotly_lines, plotly_text
from reportgen.formats import MISSING, moment, text_of
from reportgen.locales import UTC_NAME, locale
from reportgen.model import Axis, Chart, Format, Interval, Mark, Trace
from reportgen.words import Words

Dict = dict[str, Any]

HOVER = "<b>%{meta[0]}</b><br>%{meta[1]}: %{x}<br>%{meta[2]}: %{customdata}<extra></extra>"
HOVER_PAIR = "<b>%{meta[0]}</b><br>%{meta[1]}: %{customdata[1]}<br>%{meta[2]}: %{customdata[0]}<extra></extra>"
HOVER_WORDS = "%{customdata}<extra></extra>"
"""For points whose whole hover text is made here."""
HOVER_ONE = "%{meta[0]}<extra></extra>"
"""For a series that says the same at each of its points."""


def numbers(values: Sequence[float | None], span: float) -> list[float | int | None]:
    """``values`` for JSON: six significant digits or a hundred-thousandth of ``span``, whichever is finer.

    Whole numbers (steps, milliseconds) stay exact; what is missing or not finite becomes None.
    """
    by_span = 5 - math.floor(math.log10(span)) if 0 < span < math.inf else 0
    return [_number(v, by_span) for v in values]


def _number(value: float | None, by_span: int) -> float | int | None:
    if value is None or not math.isfinite(value):
        return None
    if value == int(value) and abs(value) < 2**53:
        return int(value)
    by_size = 5 - math.floor(math.log10(abs(value)))
    return round(value, min(max(by_span, by_size), 320))


def span_of(scale: Scale) -> float:
    return scale.high - scale.low


def xs_of(frame: Frame, values: Sequence[float | None]) -> list[float | int | None]:
    return numbers(values, span_of(frame.x))


def ys_of(frame: Frame, values: Sequence[float | None]) -> list[float | int | None]:
    return numbers(values, span_of(frame.y))


# --- layout ---------------------------------------------------------------------------------------------------------


def layout_of(frame: Frame) -> Dict:
    """The layout around the data: size, margins, axes, legend, the y label above the axis, marks."""
    margin = frame.margin
    layout: Dict = {
        "height": round(frame.height),
        "margin": {"l": margin.left, "t": margin.top, "r": margin.right, "b": margin.bottom, "pad": 0},
        "showlegend": bool(frame.legend),
        "hovermode": "closest",
        "dragmode": "zoom",
        "xaxis": _axis(frame.x, frame.x_texts, grid=frame.x_grid)
        | {"showline": frame.x_line, "ticks": "" if frame.x.kind == "category" else "outside"},
        "yaxis": _axis(frame.y, frame.y_texts, grid=frame.y_grid, down=frame.y_down) | {"ticks": "", "ticklabelstandoff": 4},
        "annotations": _mark_annotations(frame),
        "shapes": [
            straight_line(frame, label.mark) if label.mark.until is None else _stretch(frame, label.mark) for label in frame.marks
        ],
    }
    if frame.x_label:
        layout["xaxis"]["title"] = {"text": plotly_lines(frame.x_label)}
    if frame.x.kind == "category":  # whether names are tilted was decided with the margins; Plotly would tilt short ones too
        layout["xaxis"]["tickangle"] = -40 if frame.tilted else 0
    if frame.y_label:
        layout["annotations"].append(_y_label(frame))
    if frame.legend:
        layout["legend"] = _legend(frame)
    return layout | {"autosize": True}


def _axis(scale: Scale, texts: tuple[Tick, ...] | None, *, grid: bool, down: bool = False) -> Dict:
    ends = range_of(scale)
    kind = {"log": "log", "time": "date"}.get(scale.kind, "linear")
    axis: Dict = {"type": kind, "range": ends[::-1] if down else ends, "showgrid": grid}
    if texts is not None:
        axis |= ticks_array(texts)
    else:
        axis |= {"nticks": 6, **_tick_words(scale)}
    if scale.kind == "time":
        axis["hoverformat"] = "%Y-%m-%d %H:%M:%S"
        axis |= _time_words()
    elif scale.kind != "category":
        axis["hoverformat"] = ",.7~g" if max(abs(scale.low), abs(scale.high)) < 1e7 else ",.10~g"
    return axis


def _time_words() -> Dict:
    """How the report's language writes the ticks of a time axis; Plotly writes English ones by itself."""
    say = Words()
    words = (say("drawing-axis-clock"), say("drawing-axis-day"), say("drawing-axis-month"), say("drawing-axis-year"))
    if not all(words):
        return {}
    ends = (None, 86_400_000, "M1", "M12", None)
    return {
        "tickformatstops": [{"dtickrange": list(pair), "value": text} for pair, text in zip(pairwise(ends), words, strict=True)]
    }


def ticks_array(ticks: Sequence[Tick]) -> Dict:
    return {
        "tickmode": "array",
        "tickvals": [_number(t.at, 12) for t in ticks],
        "ticktext": [plotly_lines(t.text) for t in ticks],
    }


def range_of(scale: Scale) -> list[Any]:
    if scale.kind == "log":
        return [round(math.log10(scale.low), 6), round(math.log10(scale.high), 6)]
    if scale.kind == "time":
        return [_iso(scale.low), _iso(scale.high)]
    return list(numbers((scale.low, scale.high), span_of(scale)))


def _iso(milliseconds: float) -> str:
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)
    if locale().zone != UTC_NAME and 1 < at.year < 9999:
        at = locale().at(at)
    return f"{at:%Y-%m-%d %H:%M:%S.%f}"[:-2] if at.year >= 1000 else f"{at.year:04d}-01-01"


def _tick_words(scale: Scale) -> Dict:
    """How Plotly writes ticks it finds by itself after a zoom."""
    top = max(abs(scale.low), abs(scale.high))
    match scale.format:
        case "percent":
            return {"tickformat": ",.6~%"}
        case "bytes":
            return {"exponentformat": "SI", "ticksuffix": "B", "minexponent": 3}
        case _ if scale.kind == "time":
            return {}
        case _:
            return {"exponentformat": "SI" if top >= 1e4 else "power", "minexponent": 4, "separatethousands": True}


def _y_label(frame: Frame) -> Dict:
    return {
        "text": plotly_lines(frame.y_label),
        "xref": "paper",
        "yref": "paper",
        "x": 0,
        "xanchor": "left",
        "xshift": -frame.margin.left + 2,
        "y": 1,
        "yanchor": "bottom",
        "yshift": 5 + frame.above,
        "showarrow": False,
        "align": "left",
    }


def _legend(frame: Frame) -> Dict:
    row = {"orientation": "h", "yanchor": "bottom", "itemsizing": "trace", "tracegroupgap": 0, "traceorder": "normal"}
    if frame.legend_beside:
        return row | {"x": 1, "xanchor": "right", "y": round(1 + frame.above / frame.plot_height, 4)}
    room = (25.0 if frame.y_label else 6.0) + frame.above
    left = round(-frame.margin.left / frame.plot_width, 4)
    return row | {"x": left, "xanchor": "left", "y": round(1 + room / frame.plot_height, 4)}


def annotation(text: str, **place: Any) -> Dict:
    """Words in the picture; ``text`` must be escaped already."""
    return {"text": text, "showarrow": False, **place}


def legend_traces(chart: Chart, frame: Frame) -> list[Dict]:
    """One empty series for each row of the legend, so that swatches are clear however faint the data are drawn.

    Each is in the group of the series that bear its name: a click hides and shows them all.
    """
    shared = {"x": [None], "y": [None], "hoverinfo": "skip", "showlegend": True}
    return [
        shared
        | _swatch(entry, marked=wears_markers(chart, frame))
        | {"name": plotly_text(frame.short[entry.name], 80), "legendgroup": _entry_group(chart, entry)}
        for entry in frame.legend
    ]


def _entry_group(chart: Chart, entry: Entry) -> str:
    named = any(item.name == entry.name for item in series_of(chart))
    return group_id(chart, entry.name) if named else look_id(entry.look)


def _swatch(entry: Entry, *, marked: bool) -> Dict:
    look = entry.look
    if entry.shape == "bar":
        return {"type": "bar", "marker": {"color": look.color, "opacity": 0.9, "line": {"width": 0}}}
    if entry.shape == "band":
        fill = {"fill": "toself", "fillcolor": theme.translucent(look.color, 0.35)}
        return {"type": "scatter", "mode": "lines", "line": {"width": 0, "color": look.color}, **fill}
    lined, dotted = entry.shape != "marker", entry.shape != "line" or (marked and look.opacity >= FAINT)
    mode = "lines+markers" if lined and dotted else "lines" if lined else "markers"
    thick = {"color": look.color, "width": min(look.width, 2.5), "dash": look.dash}
    return {"type": "scatter", "mode": mode, "line": thick, "marker": marker(look, 7.5, opacity=1.0)}


def end_label_annotations(frame: Frame) -> list[Dict]:
    annotations = []
    for label in frame.end_labels:
        sign = f'<span style="color:{label.look.color}">{theme.GLYPHS[label.look.symbol]}</span>'
        at = math.log10(label.at) if frame.y.kind == "log" else label.at
        place = {"x": 1, "xref": "paper", "xanchor": "left", "xshift": 7, "y": _number(at, 9), "yref": "y", "yanchor": "middle"}
        words = annotation(f"{sign} {plotly_lines(label.text)}", **place, yshift=round(label.shift, 1), align="left")
        annotations.append(words | about(label.runs[:1]))
    return annotations


# --- marks ----------------------------------------------------------------------------------------------------------


def straight_line(frame: Frame, mark: Mark) -> Dict:
    """A line across the plot, over the data (plotly.js 4.1 puts one that is tied to the paper below the grid instead
    of between grid and data). Shapes, unlike annotations, take plain values on a log axis.
    """
    scale = frame.x if mark.axis == "x" else frame.y
    at = _iso(mark.at) if scale.kind == "time" else mark.at
    other = "y" if mark.axis == "x" else "x"
    line = {"color": theme.TONES[mark.tone], "width": 1.2, "dash": "5px,3px"}
    ends = {f"{mark.axis}0": at, f"{mark.axis}1": at, f"{other}0": 0, f"{other}1": 1}
    return {"type": "line", "layer": "above", "line": line, f"{mark.axis}ref": mark.axis, f"{other}ref": "paper", **ends}


def _stretch(frame: Frame, mark: Mark) -> Dict:
    """A shaded part of the plot, behind the data. As of a line, plain values on a log axis."""
    scale = frame.x if mark.axis == "x" else frame.y
    ends = [_iso(end) if scale.kind == "time" else end for end in (mark.at, mark.until) if end is not None]
    other = "y" if mark.axis == "x" else "x"
    place = {f"{mark.axis}0": ends[0], f"{mark.axis}1": ends[-1], f"{other}0": 0, f"{other}1": 1}
    refs = {f"{mark.axis}ref": mark.axis, f"{other}ref": "paper"}
    fill = {"fillcolor": theme.TONES[mark.tone], "opacity": theme.STRETCH, "line": {"width": 0}}
    return {"type": "rect", "layer": "below", **fill, **refs, **place}


def _mark_annotations(frame: Frame) -> list[Dict]:
    annotations = []
    for label in frame.marks:
        right = label.side == "right"
        place: Dict = {"font": {"size": theme.TICK_SIZE}}
        if label.mark.axis == "y":
            place |= {"x": 1 if right else 0, "xref": "paper", "xanchor": "right" if right else "left"}
            place |= {"y": on_axis(frame.y, label.mark.at), "yref": "y", "yanchor": "bottom", "yshift": 1}
        else:
            place |= {"x": on_axis(frame.x, label.mark.at), "xref": "x", "xanchor": "left" if right else "right"}
            place |= {"y": 1, "yref": "paper", "yanchor": "bottom", "yshift": label.row * ROW}
            place |= {"xshift": -2 if right else 2}
        if label.text:
            annotations.append(annotation(plotly_lines(label.text), **place))
    return annotations


# --- series ---------------------------------------------------------------------------------------------------------


def base_trace(chart: Chart, frame: Frame, trace: Trace) -> Dict:
    """What every drawn series shares: name, group, and the escaped words of its hover text."""
    return {
        "name": plotly_text(frame.short.get(trace.name, trace.name), 80),
        "meta": [plotly_text(trace.name), _axis_name(chart.x, "x"), _axis_name(chart.y, "y")],
        "showlegend": False,
        "legendgroup": group_id(chart, trace.name),
        **about(trace.runs),
    }


def about(runs: Sequence[Sequence[tuple[str, str]]]) -> Dict:
    """Which runs a series or words are of; ``screen_figure`` takes it out again: Plotly knows nothing of it."""
    return {"runs": runs} if runs else {}


def _axis_name(axis: Axis, letter: str) -> str:
    return plotly_text(axis.label or ("time" if axis.kind == "time" else letter))


def group_id(chart: Chart, name: str) -> str:
    """Series of one name go together when a reader clicks in the legend; the id holds no name."""
    names = list(dict.fromkeys(item.name for item in series_of(chart)))
    return f"g{names.index(name)}"


def look_id(look: Look) -> str:
    """The group of all series of one look, where the legend explains looks and not names."""
    return f"{look.symbol}{look.color}"


def hover(chart: Chart, trace: Trace) -> Dict:
    """Hover text of each point: the value with its error bounds, and the point's own label when it has one."""
    words: list[Any] = [plotly_lines(_y_words(chart, trace, i)) for i in range(len(trace.y))]
    if not _d3_writes(chart.x):
        words = [[word, plotly_lines(axis_words(chart.x, x))] for word, x in zip(words, trace.x, strict=True)]
    template = HOVER if _d3_writes(chart.x) else HOVER_PAIR
    if not any(trace.labels):
        return {"customdata": words, "hovertemplate": template}
    labels = [plotly_text(label) for label in trace.labels] + [""] * (len(words) - len(trace.labels))
    return {"customdata": words, "text": labels, "hovertemplate": template.replace("</b><br>", "</b><br>%{text}<br>", 1)}


def _d3_writes(axis: Axis) -> bool:
    """Whether Plotly can write values of the axis itself; others travel as words."""
    return axis.kind == "time" or (axis.kind != "category" and axis.format in ("number", "integer", "change", "text"))


def _y_words(chart: Chart, trace: Trace, index: int) -> str:
    if chart.y.kind in ("time", "category"):
        return axis_words(chart.y, trace.y[index])
    return value_words(trace, index, trace.y[index], chart.y.format)


def value_words(trace: Trace, index: int, value: float | None, format: Format) -> str:
    """``value`` and its bounds as ``formats`` says them."""
    low = trace.low[index] if trace.low else None
    high = trace.high[index] if trace.high else None
    if low is None or high is None:
        return text_of(value, format)
    if format in ("number", "percent", "percent_change"):
        return text_of(Interval(value, low, high, 0), "percent" if format != "number" else "estimate")
    return f"{text_of(value, format)} [{text_of(low, format)}, {text_of(high, format)}]"


def axis_words(axis: Axis, value: float | None) -> str:
    """``value`` of an axis as a reader says it: a category's name, a time, a number."""
    if value is None:
        return MISSING
    if axis.kind == "category":
        place = round(value)
        return plain_text(axis.categories[place]) if 0 <= place < len(axis.categories) else f"{value + 1:g}"
    if axis.kind == "time":
        return text_of(moment(round(value)), "date" if axis.format == "date" else "time")
    return text_of(value, axis.format)


def marker(look: Look, size: float, *, opacity: float | None = None) -> Dict:
    thin = look.symbol in ("cross", "open")
    return {
        "symbol": theme.PLOTLY_SYMBOLS[look.symbol],
        "size": round(size * theme.MARKER_SCALE[look.symbol], 2),
        "color": look.color,
        "opacity": look.opacity if opacity is None else opacity,
        "line": {"width": 1.6 if thin else 0, "color": look.color},
    }


def line(look: Look) -> Dict:
    return {"color": look.color, "width": look.width, "dash": look.dash}


def error_arms(values: Sequence[float | None], low: Sequence[float | None], high: Sequence[float | None], span: float) -> Dict:
    """Lengths of the arms up and down; a missing bound has none."""
    up = [max((h if h is not None else v) - v, 0.0) if v is not None else None for v, h in zip(values, high, strict=True)]
    down = [max(v - (w if w is not None else v), 0.0) if v is not None else None for v, w in zip(values, low, strict=True)]
    return {"type": "data", "symmetric": False, "array": numbers(up, span), "arrayminus": numbers(down, span)}


def on_axis(scale: Scale, value: float) -> float | int | str | None:
    """``value`` as an annotation or shape names it: exponents on a log axis, ISO text on a time axis."""
    if scale.kind == "log":
        return round(math.log10(value), 6)
    return _iso(value) if scale.kind == "time" else _number(value, 12)
