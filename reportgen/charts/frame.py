"""Where everything in a picture goes, decided once for both engines.

A ``Frame`` is the arithmetic of the page around the data: margins, scales, the look of each series, the rows of the
legend, the names at the ends of lines. Kinds build one with ``frame_of``; the screen and the paper drawing only follow.
All lengths are CSS pixels.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from reportgen.charts import theme
from reportgen.charts.clean import MOST_LEGEND_ENTRIES, legend_names, series_of
from reportgen.charts.marks import ROW, MarkLabel, across, beside, rows_above
from reportgen.charts.scales import Scale, Tick, scale_of
from reportgen.charts.text import all_wrapped, plain_text, short_names, shortened, width_of
from reportgen.model import Axis, Band, Chart, Mark, Trace

LINE: Final = 15.0
"""Height of one line of tick or label text."""
LEGEND_ROW: Final = 19.0
FAINT: Final = 0.6
"""Lines fainter than this are the raw values under a smoothed line: no markers."""
_SWATCH: Final = 44.0
"""What a legend entry needs beside its text."""
_END_GAP: Final = 15.0
"""Least distance between two names at the ends of lines."""
LONGEST_END_LABEL: Final = 150.0


@dataclass(frozen=True, slots=True)
class Margin:
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Look:
    """How one series is drawn."""

    color: str
    symbol: str
    dash: str
    width: float
    opacity: float


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the legend."""

    name: str
    """As in the trace; ``Frame.short`` has what is printed."""
    look: Look
    shape: Literal["line", "marker", "line+marker", "bar", "band"]


@dataclass(frozen=True, slots=True)
class EndLabel:
    """A name beside the last point of its line."""

    text: str
    look: Look
    at: float
    """Value on y that it belongs to."""
    shift: float
    """Pixels upwards from there, so that neighbours do not overlap."""


@dataclass(frozen=True, slots=True)
class Frame:
    width: float
    height: float
    margin: Margin
    x: Scale
    y: Scale
    x_label: str
    y_label: str
    looks: tuple[Look, ...]
    """One for each trace."""
    band_looks: tuple[Look, ...]
    short: dict[str, str]
    """Printed form of each name; different names stay different."""
    legend: tuple[Entry, ...]
    end_labels: tuple[EndLabel, ...]
    x_texts: tuple[Tick, ...] | None = None
    y_texts: tuple[Tick, ...] | None = None
    """Ticks that the data cannot move (categories, durations); None lets the screen choose when a reader zooms."""
    marks: tuple[MarkLabel, ...] = ()
    """Straight lines across the plot and where their words go."""
    above: float = 0.0
    """Room between the plot and the y label, for the words of vertical marks."""
    tick_room: float = LINE
    """Height of the labels of the x axis."""
    tilted: bool = False
    """Category labels of x stand at an angle."""

    @property
    def plot_width(self) -> float:
        return self.width - self.margin.left - self.margin.right

    @property
    def plot_height(self) -> float:
        return self.height - self.margin.top - self.margin.bottom


def frame_of(
    chart: Chart,
    width: float,
    *,
    x_values: Iterable[float],
    y_values: Iterable[float],
    x_axis: Axis | None = None,
    y_axis: Axis | None = None,
    zero: Literal["x", "y", ""] = "",
    x_pad: float = 0.0,
    shape: Literal["line", "marker", "bar"] = "line",
    end_labels: bool = False,
    right: float = 0.0,
    above: float = 0.0,
    category_room: tuple[float, float] = (0.5, 0.5),
    most_end_labels: int = 6,
    looks: tuple[Look, ...] | None = None,
    legend: tuple[Entry, ...] | None = None,
    marks: Sequence[Mark] | None = None,
) -> Frame:
    """The frame of a chart. ``right`` and ``above`` reserve room that only the kind knows about.

    ``x_axis`` and ``y_axis`` replace the chart's own (bars lying down swap them). ``category_room`` is how far a
    category axis reaches beyond its first and last position. ``looks`` and ``legend`` replace the usual ones for kinds
    whose colours mean something else than the series, ``marks`` those of a chart whose axes were exchanged.
    """
    x_axis, y_axis = x_axis or chart.x, y_axis or chart.y
    xs, ys = list(x_values), list(y_values)
    own_looks, band_looks = looks_of(chart)
    looks = own_looks if looks is None else looks
    entries = _entries(chart, looks, band_looks, shape) if legend is None else legend
    names = tuple(dict.fromkeys((*legend_names(chart), *(e.name for e in entries))))
    short = _legend_names(names, entries, width)
    label = plain_text(y_axis.label)
    marks = chart.marks if marks is None else marks

    top = 8.0 + (LINE + 5 if label else 0.0) + above
    y_guess = _y_scale(y_axis, ys, chart.height - top - 50, zero=zero == "y", room=category_room)
    y_ticks = _fitted_categories(y_guess.ticks, y_axis, width)
    left = max((width_of(t.text, theme.TICK_SIZE) for t in y_ticks), default=0.0) + 12

    ends = _end_candidates(chart, looks, most_end_labels) if end_labels else ()
    if ends:
        short = short | short_names([name for name, _, _ in ends], LONGEST_END_LABEL, theme.LABEL_SIZE)
    end_room = max((width_of("● " + short[name], theme.LABEL_SIZE) for name, _, _ in ends), default=0.0)
    side = max(right, end_room + 12 if ends else 14.0)
    x_scale, x_lines, tilted = _x_scale(x_axis, xs, width - left - side, zero=zero == "x", pad=x_pad, room=category_room)
    bottom = x_lines + 8 + (LINE + 5 if x_axis.label else 0.0) + 4

    height = chart.height - top - bottom
    placed = _spread_ends(ends, y_guess, height, short) if ends else ()
    if ends and not placed:  # they would not fit: a legend instead
        side = max(right, 14.0)
        x_scale, x_lines, tilted = _x_scale(x_axis, xs, width - left - side, zero=zero == "x", pad=x_pad, room=category_room)
        short = _legend_names(names, entries, width)
    upright = beside(marks, x_scale, width - left - side)
    above += rows_above(upright) * ROW + (3 if rows_above(upright) else 0)
    top += rows_above(upright) * ROW + (3 if rows_above(upright) else 0)
    if placed:
        told = {name for name, _, _ in ends}
        entries = tuple(entry for entry in entries if entry.name not in told)
    elif legend is None and not 2 <= len(entries) <= MOST_LEGEND_ENTRIES:
        entries = ()
    top += legend_height(entries, short, width)
    y_scale = _y_scale(y_axis, ys, chart.height - top - bottom, zero=zero == "y", room=category_room)
    fixed_y = _fitted_categories(y_scale.ticks, y_axis, width) if y_axis.kind == "category" else None
    return Frame(
        width=width,
        height=chart.height,
        margin=Margin(math.ceil(left), math.ceil(top), math.ceil(side), math.ceil(bottom)),
        x=x_scale,
        y=y_scale,
        x_label=shortened(plain_text(x_axis.label), width - left - side, theme.LABEL_SIZE),
        y_label=shortened(label, width - 20, theme.LABEL_SIZE),
        looks=looks,
        band_looks=band_looks,
        short=short,
        legend=entries,
        end_labels=placed,
        x_texts=x_scale.ticks if _is_fixed(x_axis) else None,
        y_texts=fixed_y or (y_scale.ticks if _is_fixed(y_axis) else None),
        marks=(*across(marks, chart.traces, x_scale, y_scale, (width - left - side, height)), *upright),
        above=above,
        tick_room=x_lines,
        tilted=tilted,
    )


def _legend_names(names: Sequence[str], entries: Sequence[Entry], width: float) -> dict[str, str]:
    """Printed names of a legend: as long as they like in one row, else short enough for four columns."""
    in_a_row = sum(width_of(plain_text(e.name), theme.LABEL_SIZE) + _SWATCH for e in entries) <= width
    room = width if in_a_row else max(width / min(max(len(entries), 1), 4) - _SWATCH, 90.0)
    return short_names(names, room, theme.LABEL_SIZE)


def _is_fixed(axis: Axis) -> bool:
    """Whether Plotly's own ticks cannot say it: categories, durations, signs, whole numbers, short log axes."""
    signed = axis.format in ("change", "percent_change")
    return axis.kind in ("category", "log") or (axis.kind == "linear" and (signed or axis.format in ("duration", "integer")))


# --- looks ----------------------------------------------------------------------------------------------------------


def looks_of(chart: Chart) -> tuple[tuple[Look, ...], tuple[Look, ...]]:
    """The look of each trace and of each band: fixed slots first, then the next free one in order.

    A series with a tone and no slot of its own wears the colour of its tone. A band without a slot joins the trace of
    its name.
    """
    taken = {item.color for item in series_of(chart) if item.color is not None}
    free = iter(i for i in range(10_000) if i not in taken)
    slots: dict[str, int] = {}
    looks, bands = [], []
    for trace in chart.traces:
        toned = trace.color is None and trace.tone != "neutral"
        slot = trace.color if trace.color is not None else 0 if toned else next(free)
        slots.setdefault(trace.name, slot)
        looks.append(_look(trace, max(slot, 0), toned=toned))
    for band in chart.bands:
        slot = band.color if band.color is not None else slots[band.name] if band.name in slots else next(free)
        bands.append(Look(theme.slot_color(max(slot, 0)), "circle", "solid", 0.0, 0.17))
    return tuple(looks), tuple(bands)


def _look(trace: Trace, slot: int, *, toned: bool) -> Look:
    color = theme.TONES[trace.tone] if toned else theme.slot_color(slot)
    symbol = trace.marker if trace.marker != "circle" or toned else theme.slot_symbol(slot)
    dash = trace.dash if trace.dash != "solid" or toned else theme.slot_dash(slot)
    return Look(color, symbol, dash, trace.width, min(max(trace.opacity, 0.05), 1.0))


def wears_markers(chart: Chart, frame: Frame) -> bool:
    """Whether plain lines need markers: several of them, told apart by a legend, where colour alone must not do."""
    return chart.kind == "lines" and len(frame.legend) > 1 and not frame.end_labels


# --- axes -----------------------------------------------------------------------------------------------------------


def _y_scale(axis: Axis, values: Sequence[float], height: float, *, zero: bool, room: tuple[float, float]) -> Scale:
    if axis.kind == "category":
        return category_scale(axis, values, room)
    return scale_of(axis, values, max(height, 60), along="y", zero=zero)


def _x_scale(
    axis: Axis, values: Sequence[float], length: float, *, zero: bool, pad: float, room: tuple[float, float]
) -> tuple[Scale, float, bool]:
    """The scale, how many px its labels need below the axis, and whether they are tilted."""
    if axis.kind != "category":
        scale = scale_of(axis, values, length, along="x", zero=zero, pad=pad)
        return scale, LINE * max((t.text.count("\n") + 1 for t in scale.ticks), default=1), False
    scale = category_scale(axis, values, room)
    slot = length / max(scale.high - scale.low, 1.0)
    lines = all_wrapped([t.text for t in scale.ticks], slot - 8, theme.TICK_SIZE)
    if lines is not None:
        ticks = tuple(Tick(t.at, text) for t, text in zip(scale.ticks, lines, strict=True))
        return _with_ticks(scale, ticks), LINE * max((text.count("\n") + 1 for text in lines), default=1), False
    short = short_names([t.text for t in scale.ticks], 110, theme.TICK_SIZE)
    ticks = tuple(Tick(t.at, short[t.text]) for t in scale.ticks)
    reach = max(width_of(t.text, theme.TICK_SIZE) for t in ticks)
    return _with_ticks(scale, ticks), reach * math.sin(math.radians(40)) + 12, True


def _with_ticks(scale: Scale, ticks: tuple[Tick, ...]) -> Scale:
    return Scale(scale.kind, scale.format, scale.low, scale.high, ticks)


def category_scale(axis: Axis, values: Sequence[float], room: tuple[float, float] = (0.5, 0.5)) -> Scale:
    """Positions 0, 1, 2, … with the categories as ticks; positions without a category keep their number."""
    last = max([len(axis.categories) - 1, *(math.ceil(v) for v in values if 0 <= v < 10_000)], default=0)
    names = [plain_text(axis.categories[i]) if i < len(axis.categories) else f"{i + 1}" for i in range(max(last, 0) + 1)]
    ticks = tuple(Tick(float(i), name) for i, name in enumerate(names))
    return Scale("category", axis.format, -room[0], max(last, 0) + room[1], ticks)


def _fitted_categories(ticks: tuple[Tick, ...], axis: Axis, width: float) -> tuple[Tick, ...]:
    """Tick texts of the y axis, categories cut to a third of the picture."""
    if axis.kind != "category":
        return ticks
    short = short_names([t.text for t in ticks], width * 0.33, theme.TICK_SIZE)
    return tuple(Tick(t.at, short[t.text]) for t in ticks)


# --- legend and names at line ends ----------------------------------------------------------------------------------


def _entries(
    chart: Chart, looks: Sequence[Look], band_looks: Sequence[Look], shape: Literal["line", "marker", "bar"]
) -> tuple[Entry, ...]:
    entries: dict[str, Entry] = {}
    for trace, look in zip(chart.traces, looks, strict=True):
        if trace.in_legend and trace.name:
            entries.setdefault(trace.name, Entry(trace.name, look, _entry_shape(trace, shape)))
    for band, look in zip(chart.bands, band_looks, strict=True):
        if band.in_legend and band.name:
            entries.setdefault(band.name, Entry(band.name, look, "band"))
    return tuple(entries.values())


def _entry_shape(trace: Trace, shape: Literal["line", "marker", "bar"]) -> Literal["line", "marker", "line+marker", "bar"]:
    if shape == "bar":
        return "bar"
    if trace.mode == "points":
        return "marker"
    if trace.mode in ("lines", "steps"):
        return "line"
    if trace.mode == "lines+points":
        return "line+marker"
    return shape


def legend_columns(entries: Sequence[Entry], short: dict[str, str], width: float) -> tuple[float, ...]:
    """Widths of the legend's columns: one row when all fit, else equal columns."""
    widths = [width_of(short[e.name], theme.LABEL_SIZE) + _SWATCH for e in entries]
    if sum(widths) <= width:
        return tuple(widths)
    column = max(widths)
    return (column,) * max(1, int(width // column))


def legend_height(entries: Sequence[Entry], short: dict[str, str], width: float) -> float:
    if not entries:
        return 0.0
    return math.ceil(len(entries) / len(legend_columns(entries, short, width))) * LEGEND_ROW + 8


def _end_candidates(chart: Chart, looks: Sequence[Look], most: int) -> tuple[tuple[str, float, Look], ...]:
    """(name, last value, look) of each line, or nothing when names at the ends would mislead.

    All lines must end near the right edge, and there must be few of them.
    """
    lines = [(t, look) for t, look in zip(chart.traces, looks, strict=True) if t.in_legend and t.name]
    names = {t.name for t, _ in lines}
    if not lines or len(names) != len(lines) or len(lines) > most or any(t.mode == "points" for t, _ in lines):
        return ()
    ends = [_last_point(t) for t, _ in lines]
    xs = [x for t in chart.traces for x in t.x if x is not None]
    if None in ends or not xs:
        return ()
    limit = max(xs) - (max(xs) - min(xs)) * 0.08
    found = [(t.name, end[1], look) for (t, look), end in zip(lines, ends, strict=True) if end is not None and end[0] >= limit]
    return tuple(found) if len(found) == len(lines) else ()


def _last_point(trace: Trace) -> tuple[float, float] | None:
    points = [(x, y) for x, y in zip(trace.x, trace.y, strict=True) if x is not None and y is not None]
    return max(points, key=lambda p: p[0]) if points else None


def _spread_ends(
    ends: Sequence[tuple[str, float, Look]], scale: Scale, height: float, short: dict[str, str]
) -> tuple[EndLabel, ...]:
    """Names placed at their values, pushed apart where they would touch; empty when they do not fit."""
    wishes = [min(max(scale.share(value), 0.0), 1.0) * height for _, value, _ in ends]
    places = spread(wishes, _END_GAP, height)
    if places is None or max(abs(a - b) for a, b in zip(places, wishes, strict=True)) > 70:
        return ()
    return tuple(
        EndLabel(short[name], look, value, place - wish)
        for (name, value, look), place, wish in zip(ends, places, wishes, strict=True)
    )


def spread(wishes: Sequence[float], gap: float, length: float) -> list[float] | None:
    """Places near ``wishes``, at least ``gap`` apart and within 0 … ``length``; None if there is not room for all.

    Neighbours that touch form a block around the mean of their wishes (pool adjacent violators), so nobody is pushed
    further than necessary.
    """
    if (len(wishes) - 1) * gap > length:
        return None
    order = sorted(range(len(wishes)), key=lambda i: (wishes[i], i))
    blocks: list[list[int]] = []
    for index in order:
        blocks.append([index])
        while len(blocks) > 1 and _block_end(blocks[-2], wishes, gap, length) + gap > _block_start(
            blocks[-1], wishes, gap, length
        ):
            blocks[-2:] = [blocks[-2] + blocks[-1]]
    places = [0.0] * len(wishes)
    for block in blocks:
        start = _block_start(block, wishes, gap, length)
        for k, index in enumerate(block):
            places[index] = start + k * gap
    return places


def _block_start(block: Sequence[int], wishes: Sequence[float], gap: float, length: float) -> float:
    middle = sum(wishes[i] - k * gap for k, i in enumerate(block)) / len(block)
    return min(max(middle, 0.0), length - (len(block) - 1) * gap)


def _block_end(block: Sequence[int], wishes: Sequence[float], gap: float, length: float) -> float:
    return _block_start(block, wishes, gap, length) + (len(block) - 1) * gap


def values_of(traces: Iterable[Trace], bands: Iterable[Band], axis: Literal["x", "y"]) -> list[float]:
    """All drawn values of one axis: points, error bars and bands."""
    found: list[float | None] = []
    for trace in traces:
        found.extend(trace.x if axis == "x" else (*trace.y, *trace.low, *trace.high))
    for band in bands:
        found.extend(band.x if axis == "x" else (*band.low, *band.high))
    return [v for v in found if v is not None]
