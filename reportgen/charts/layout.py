"""The layout of a chart: from what its kind requests to the ``Frame`` that screen and paper follow.

The order matters and is always the same: the words left of the plot, those right of it, the x axis, the words of
marks above, the legend, and from what remains the y axis. Names at the ends of lines are tried first; where they would
mislead or touch, a legend takes their place.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from reportgen.charts import theme
from reportgen.charts.clean import MOST_LEGEND_ENTRIES, legend_names
from reportgen.charts.frame import (
    LINE,
    EndLabel,
    Entry,
    Frame,
    Look,
    Margin,
    entries_of,
    legend_columns,
    legend_height,
    legend_short_names,
    looks_of,
)
from reportgen.charts.marks import ROW, across, beside, rows_above
from reportgen.charts.scales import Scale, Tick, scale_of
from reportgen.charts.text import all_wrapped, plain_text, short_names, shortened, two_lines, width_of
from reportgen.model import Axis, Chart, Mark, Trace

_END_GAP: Final = 16.0
"""Least distance between two names at the ends of lines."""
_FURTHEST: Final = 70.0
"""A name further than this from its line's end would not be taken for its."""
LONGEST_END_LABEL: Final = 150.0
_TILT: Final = math.radians(40)
_Room = tuple[float, float]


@dataclass(frozen=True, slots=True)
class LayoutRequest:
    """What a chart kind needs around its data; the fields after ``ys`` have the usual answer."""

    chart: Chart
    width: float
    xs: Sequence[float]
    """All values that the x axis must show."""
    ys: Sequence[float]
    shape: Literal["line", "marker", "bar"] = "line"
    """Swatch of a series in the legend, where its mode does not say."""
    x: Axis | None = None
    y: Axis | None = None
    """Instead of the chart's own axes: lying bars exchange them."""
    zero: Literal["x", "y", ""] = ""
    """The axis that must include zero."""
    x_pad: float = 0.0
    right: float = 0.0
    """Room for words right of the plot, in px."""
    above: float = 0.0
    """Room between the y label and the plot, in px."""
    category_room: _Room = (0.5, 0.5)
    """How far a category axis reaches beyond its first and its last position."""
    most_end_labels: int = 0
    """Up to so many lines say their names at their ends."""
    looks: tuple[Look, ...] | None = None
    legend: tuple[Entry, ...] | None = None
    """Instead of the usual ones, for kinds whose colours mean something else than the series."""
    marks: tuple[Mark, ...] | None = None
    """Instead of the chart's own, when its axes are exchanged."""
    x_grid: bool = False
    y_grid: bool = True
    x_line: bool = True
    y_down: bool = False
    """As in ``Frame``."""

    @property
    def x_axis(self) -> Axis:
        return self.x or self.chart.x

    @property
    def y_axis(self) -> Axis:
        return self.y or self.chart.y


@dataclass(frozen=True, slots=True)
class _XAxis:
    scale: Scale
    height: float
    """Of its tick labels."""
    tilted: bool = False
    overhang: float = 0.0
    """How far the first, tilted label reaches left of the plot."""


@dataclass(frozen=True, slots=True)
class _End:
    """A line that could say its name at its end."""

    name: str
    value: float
    since: float
    look: Look
    runs: tuple[tuple[tuple[str, str], ...], ...]


@dataclass(frozen=True, slots=True)
class _Names:
    """How series say who they are: at their ends, in a legend, or both."""

    short: dict[str, str]
    legend: tuple[Entry, ...]
    ends: tuple[_End, ...] = ()

    @property
    def width(self) -> float:
        """Room that the names at the ends need right of the plot."""
        return max((width_of("● " + self.short[end.name], theme.LABEL_SIZE) for end in self.ends), default=0.0) + 12


@dataclass(frozen=True, slots=True)
class _Sides:
    """Margins that are known before the y axis is, and what stands in them."""

    left: float
    right: float
    bottom: float
    x: _XAxis
    label: str = field(default="")


def frame_of(request: LayoutRequest) -> Frame:
    """The frame of a chart: with names at the ends of its lines when they fit, else with a legend."""
    own_looks, band_looks = looks_of(request.chart)
    looks = own_looks if request.looks is None else request.looks
    entries = entries_of(request.chart, looks, band_looks, request.shape) if request.legend is None else request.legend
    ends = _ends(request.chart, looks, request.most_end_labels)
    framed = _arranged(request, _names_at_ends(request, entries, ends), looks, band_looks) if ends else None
    if framed is None:
        framed = _arranged(request, _names_in_legend(request, entries), looks, band_looks)
    assert framed is not None  # only names at ends can fail to fit
    return framed


def _arranged(request: LayoutRequest, names: _Names, looks: tuple[Look, ...], band_looks: tuple[Look, ...]) -> Frame | None:
    sides = _sides(request, names)
    plot_width = request.width - sides.left - sides.right
    upright = beside(_marks(request), sides.x.scale, plot_width)
    rows = rows_above(upright)
    above = request.above + (rows * ROW + 3 if rows else 0.0)
    is_beside = _fits_beside(names, sides.label)
    legend = 0.0 if is_beside else legend_height(names.legend, names.short, request.width)
    top = 8.0 + (LINE + 5 if sides.label else 0.0) + (6.0 if is_beside else 0.0) + above + legend
    height = max(request.chart.height - top - sides.bottom, 20.0)
    y = _y_scale(request, height)
    end_labels = _spread_ends(names, y, height)
    if len(end_labels) < len(names.ends):
        return None
    return Frame(
        width=request.width,
        height=request.chart.height,
        margin=Margin(math.ceil(sides.left), math.ceil(top), math.ceil(sides.right), math.ceil(sides.bottom)),
        x=sides.x.scale,
        y=y,
        x_label=shortened(plain_text(request.x_axis.label), _label_room(request, sides), theme.LABEL_SIZE),
        y_label=sides.label,
        looks=looks,
        band_looks=band_looks,
        short=names.short,
        legend=names.legend,
        end_labels=end_labels,
        x_texts=sides.x.scale.ticks if _is_fixed(request.x_axis) else None,
        y_texts=y.ticks if _is_fixed(request.y_axis) else None,
        marks=(*across(_marks(request), request.chart.traces, sides.x.scale, y, (plot_width, height)), *upright),
        legend_beside=is_beside,
        above=above,
        tick_room=sides.x.height,
        tilted=sides.x.tilted,
        x_grid=request.x_grid,
        y_grid=request.y_grid,
        x_line=request.x_line,
        y_down=request.y_down,
    )


def _label_room(request: LayoutRequest, sides: _Sides) -> float:
    """How long the words under the plot may be: they stand in its middle, and may reach as far as the picture does."""
    return request.width - abs(sides.left - sides.right) - 8


def _fits_beside(names: _Names, label: str) -> bool:
    """Whether legend and y label share a row, on the narrowest screen too."""
    if not names.legend or not label:
        return False
    columns = legend_columns(names.legend, names.short, theme.MIN_SCREEN_WIDTH)
    needed = sum(columns) + width_of(label, theme.LABEL_SIZE) + 40
    return len(columns) == len(names.legend) and needed <= theme.MIN_SCREEN_WIDTH


def _marks(request: LayoutRequest) -> tuple[Mark, ...]:
    return request.chart.marks if request.marks is None else request.marks


def _sides(request: LayoutRequest, names: _Names) -> _Sides:
    label = plain_text(request.y_axis.label)
    guess = _y_scale(request, request.chart.height - 80.0)
    left = max((width_of(t.text, theme.TICK_SIZE) for t in guess.ticks), default=0.0) + 12
    right = max(request.right, names.width if names.ends else 14.0)
    x = _x_axis(request, left, right)
    if x.overhang > left:
        left = x.overhang
        x = _x_axis(request, left, right)
    bottom = x.height + 8 + (LINE + 5 if request.x_axis.label else 0.0) + 4
    return _Sides(left, right, bottom, x, shortened(label, request.width - 20, theme.LABEL_SIZE))


# --- names ----------------------------------------------------------------------------------------------------------


def _names_in_legend(request: LayoutRequest, entries: tuple[Entry, ...]) -> _Names:
    shown = entries if request.legend is not None or 2 <= len(entries) <= MOST_LEGEND_ENTRIES else ()
    return _Names(_short(request, entries), shown)


def _names_at_ends(request: LayoutRequest, entries: tuple[Entry, ...], ends: tuple[_End, ...]) -> _Names:
    at_ends = {end.name for end in ends}
    rest = tuple(entry for entry in entries if entry.name not in at_ends)
    short = short_names([end.name for end in ends], LONGEST_END_LABEL, theme.LABEL_SIZE)
    return _Names(_short(request, rest) | short, rest, ends)


def _short(request: LayoutRequest, entries: tuple[Entry, ...]) -> dict[str, str]:
    return legend_short_names((*legend_names(request.chart), *(e.name for e in entries)), entries, request.width)


def _ends(chart: Chart, looks: Sequence[Look], most: int) -> tuple[_End, ...]:
    """The ends of all lines, or nothing when there are too many; a line that ends early is led to its name (``EndLabel.since``)."""
    lines = [(t, look) for t, look in zip(chart.traces, looks, strict=True) if t.in_legend and t.name]
    if not 0 < len(lines) <= most or len({t.name for t, _ in lines}) < len(lines) or any(t.mode == "points" for t, _ in lines):
        return ()
    points = [last_point(t) for t, _ in lines]
    ends = [
        _End(t.name, point[1], point[0], look, t.runs)
        for (t, look), point in zip(lines, points, strict=True)
        if point is not None
    ]
    return tuple(ends) if len(ends) == len(lines) else ()


def last_point(trace: Trace) -> tuple[float, float] | None:
    """The point with the largest x; None when the trace has none."""
    points = [(x, y) for x, y in zip(trace.x, trace.y, strict=True) if x is not None and y is not None]
    return max(points, key=lambda p: p[0]) if points else None


def _spread_ends(names: _Names, scale: Scale, height: float) -> tuple[EndLabel, ...]:
    """Names placed at their values, pushed apart where they would touch; empty when they do not fit."""
    targets = [min(max(scale.share(end.value), 0.0), 1.0) * height for end in names.ends]
    places = spread(targets, _END_GAP, height)
    if places is None or any(abs(a - b) > _FURTHEST for a, b in zip(places, targets, strict=True)):
        return ()
    return tuple(
        EndLabel(names.short[end.name], end.look, end.value, end.since, place - target, end.runs)
        for end, place, target in zip(names.ends, places, targets, strict=True)
    )


def spread(targets: Sequence[float], gap: float, length: float) -> list[float] | None:
    """Places near ``targets``, at least ``gap`` apart and within 0 … ``length``; None if there is not room for all.

    Neighbours that touch form a block around the mean of their targets (pool adjacent violators), so nobody is pushed
    further than necessary.
    """
    if (len(targets) - 1) * gap > length:
        return None
    order = sorted(range(len(targets)), key=lambda i: (targets[i], i))
    blocks: list[list[int]] = []
    for index in order:
        blocks.append([index])
        while len(blocks) > 1 and _block_end(blocks[-2], targets, gap, length) + gap > _block_start(
            blocks[-1], targets, gap, length
        ):
            blocks[-2:] = [blocks[-2] + blocks[-1]]
    places = [0.0] * len(targets)
    for block in blocks:
        start = _block_start(block, targets, gap, length)
        for k, index in enumerate(block):
            places[index] = start + k * gap
    return places


def _block_start(block: Sequence[int], targets: Sequence[float], gap: float, length: float) -> float:
    middle = sum(targets[i] - k * gap for k, i in enumerate(block)) / len(block)
    return min(max(middle, 0.0), length - (len(block) - 1) * gap)


def _block_end(block: Sequence[int], targets: Sequence[float], gap: float, length: float) -> float:
    return _block_start(block, targets, gap, length) + (len(block) - 1) * gap


# --- axes -----------------------------------------------------------------------------------------------------------


def _is_fixed(axis: Axis) -> bool:
    """Whether Plotly's own ticks cannot say it: categories, durations, signs, whole numbers, short log axes."""
    signed = axis.format in ("change", "percent_change")
    return axis.kind in ("category", "log") or (axis.kind == "linear" and (signed or axis.format in ("duration", "integer")))


def _y_scale(request: LayoutRequest, height: float) -> Scale:
    """The y axis; the names of categories are cut to a third of the picture."""
    if request.y_axis.kind != "category":
        # A point on the edge needs its half above it, however low the picture is.
        pad = max(0.05, 8.0 / max(height, 60.0))
        return scale_of(request.y_axis, request.ys, max(height, 60.0), along="y", zero=request.zero == "y", pad=pad)
    scale = category_scale(request.y_axis, request.ys, request.category_room)
    room = request.width * 0.33
    # Decided by the whole picture, not by what is left for the plot: the margin is made for these very words.
    if (request.chart.height - 110.0) / max(len(scale.ticks), 1) >= 2 * LINE:
        long = {t.text: two_lines(t.text, room, theme.TICK_SIZE) for t in scale.ticks}
        if len(set(long.values())) == len(long):
            return _with_ticks(scale, tuple(Tick(t.at, long[t.text]) for t in scale.ticks))
    short = short_names([t.text for t in scale.ticks], room, theme.TICK_SIZE)
    every = math.ceil(11.0 * len(scale.ticks) / max(height, 60))  # names closer than 11 px could not be read
    return _with_ticks(scale, tuple(Tick(t.at, short[t.text]) for t in scale.ticks[::every]))


def _x_axis(request: LayoutRequest, left: float, right: float) -> _XAxis:
    """The x axis of a plot between two margins; names of categories are wrapped, or tilted when that does not help."""
    length = request.width - left - right
    if request.x_axis.kind != "category":
        scale = scale_of(request.x_axis, request.xs, length, along="x", zero=request.zero == "x", pad=request.x_pad)
        return _XAxis(scale, LINE * max((t.text.count("\n") + 1 for t in scale.ticks), default=1))
    scale = category_scale(request.x_axis, request.xs, request.category_room)
    slot = length / max(scale.high - scale.low, 1.0)
    at_edges = [2 * (slot * room + margin) for room, margin in zip(request.category_room, (left, right), strict=True)]
    lines = all_wrapped([t.text for t in scale.ticks], min(slot, *at_edges) - 8, theme.TICK_SIZE)
    if lines is None:
        return _tilted(scale, slot, request.category_room)
    ticks = tuple(Tick(t.at, text) for t, text in zip(scale.ticks, lines, strict=True))
    return _XAxis(_with_ticks(scale, ticks), LINE * max((text.count("\n") + 1 for text in lines), default=1))


def _tilted(scale: Scale, slot: float, room: _Room) -> _XAxis:
    short = short_names([t.text for t in scale.ticks], 110, theme.TICK_SIZE)
    every = math.ceil(13.0 / max(slot, 0.1))  # closer than 13 px tilted names could not be read
    ticks = tuple(Tick(t.at, short[t.text]) for t in scale.ticks[::every])
    reach = max(width_of(t.text, theme.TICK_SIZE) for t in ticks)
    overhang = width_of(ticks[0].text, theme.TICK_SIZE) * math.cos(_TILT) - room[0] * slot + 10
    return _XAxis(_with_ticks(scale, ticks), reach * math.sin(_TILT) + 12, tilted=True, overhang=overhang)


def _with_ticks(scale: Scale, ticks: tuple[Tick, ...]) -> Scale:
    return Scale(scale.kind, scale.format, scale.low, scale.high, ticks)


def category_scale(axis: Axis, values: Sequence[float], room: tuple[float, float] = (0.5, 0.5)) -> Scale:
    """Positions 0, 1, 2, … with the categories as ticks; positions without a category keep their number."""
    last = max([len(axis.categories) - 1, *(math.ceil(v) for v in values if 0 <= v < 10_000)], default=0)
    names = [plain_text(axis.categories[i]) if i < len(axis.categories) else f"{i + 1}" for i in range(max(last, 0) + 1)]
    ticks = tuple(Tick(float(i), name) for i, name in enumerate(names))
    return Scale("category", axis.format, -room[0], max(last, 0) + room[1], ticks)
