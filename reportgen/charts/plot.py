"""Pieces of pictures for paper, as shapes: the counterpart of ``plotly_parts``.

A ``Plot`` knows where the values of a frame lie in the picture. Paper shows what ``Frame`` says and decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

from reportgen.charts import theme
from reportgen.charts.frame import FAINT, LEGEND_ROW, LINE, Entry, Frame, Look, legend_columns
from reportgen.charts.marks import ROW, MarkLabel
from reportgen.charts.picture import Markers, Path, Picture, Point, Rect, Shape, Stroke, Text, dashed, runs_of
from reportgen.charts.scales import Scale, Tick
from reportgen.charts.text import width_of

_FURTHEST: Final = 10_000.0
"""Where a value far outside the axis is put, in px: files hold no endless numbers, and the line goes the same way."""
_MIDDLE: Final = 0.35
"""Distance from the baseline to the middle of letters, in sizes of the type."""
_TICK: Final = 4.0
_SWATCH: Final = 22.0


@dataclass(frozen=True, slots=True)
class Plot:
    """The area of the data in the picture, and the shapes of what lies on it."""

    frame: Frame

    @property
    def left(self) -> float:
        return self.frame.margin.left

    @property
    def top(self) -> float:
        return self.frame.margin.top

    @property
    def width(self) -> float:
        return max(self.frame.plot_width, 10.0)

    @property
    def height(self) -> float:
        return max(self.frame.plot_height, 10.0)

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def bottom(self) -> float:
        return self.top + self.height

    def x(self, value: float) -> float:
        return self.left + _pixels(self.frame.x, value, self.width)

    def y(self, value: float) -> float:
        away = _pixels(self.frame.y, value, self.height)
        return self.top + away if self.frame.y_down else self.bottom - away

    def picture(self, shapes: Iterator[Shape], *, markers_in_legend: bool) -> Picture:
        """The whole picture: what lies behind the data, the data, and the marks over them."""
        frame = self.frame
        ground = (*self._stretches(), *self._grid(), *self._ticks(), *self._labels(), *self._legend(markers=markers_in_legend))
        area = (self.left, self.top, self.width, self.height)
        return Picture(round(frame.width), round(frame.height), (*ground, *shapes, *self._marks()), area)

    # --- shapes of data -------------------------------------------------------------------------------------------------

    def path(
        self, xs: Sequence[float | None], ys: Sequence[float | None], stroke: Stroke, opacity: float = 1.0, *, steps: bool = False
    ) -> Iterator[Path]:
        """A line through the points, interrupted at gaps; ``steps`` holds each value until the next."""
        runs = self._runs(xs, ys)
        lines = tuple(_stepped(run) if steps else run for run in runs if len(run) > 1)
        if lines:
            yield Path(lines, stroke, opacity=opacity, clipped=not all(map(self._holds, lines)))

    def line(self, xs: Sequence[float | None], ys: Sequence[float | None], look: Look, *, steps: bool = False) -> Iterator[Path]:
        """A series as its look has it."""
        return self.path(xs, ys, stroke_of(look), look.opacity, steps=steps)

    def area(self, xs: Sequence[float], low: Sequence[float], high: Sequence[float], look: Look) -> Iterator[Path]:
        """The area between two lines."""
        outline = self._runs((*xs, *reversed(xs)), (*high, *reversed(low)))
        yield Path(outline, fill=look.color, opacity=look.opacity, clipped=not all(map(self._holds, outline)))

    def markers(
        self, xs: Sequence[float | None], ys: Sequence[float | None], look: Look, size: float, opacity: float = 1.0
    ) -> Iterator[Markers]:
        """The look's sign at every point inside the plot."""
        points = tuple(point for run in self._runs(xs, ys) for point in run if self._holds((point,)))
        if points:
            yield Markers(points, look.symbol, size, look.color, opacity)

    def box(
        self,
        xs: tuple[float, float],
        ys: tuple[float, float],
        fill: str | None,
        opacity: float = 1.0,
        stroke: Stroke | None = None,
        gap: float = 0.0,
    ) -> Iterator[Rect]:
        """A rectangle between two values of each axis, as far as it lies inside the plot, ``gap`` px smaller on each side."""
        left, right = (min(max(x, self.left), self.right) for x in sorted(map(self.x, xs)))
        top, bottom = (min(max(y, self.top), self.bottom) for y in sorted(map(self.y, ys)))
        if right - left > 2 * gap or bottom - top > 2 * gap:
            yield Rect(
                left + gap, top + gap, max(right - left - 2 * gap, 0), max(bottom - top - 2 * gap, 0), fill, opacity, stroke
            )

    def errors(
        self,
        xs: Sequence[float | None],
        ys: Sequence[float | None],
        low: Sequence[float | None],
        high: Sequence[float | None],
        stroke: Stroke,
        *,
        along: Literal["x", "y"] = "y",
        cap: float = 0.0,
    ) -> Iterator[Path]:
        """Error bars along one axis, with caps ``cap`` px to each side; a missing bound has no arm."""
        lines: list[tuple[Point, ...]] = []
        for x, y, least, most in zip(xs, ys, low, high, strict=True):
            if x is None or y is None:
                continue
            value = y if along == "y" else x
            ends = [min(value, value if least is None else least), max(value, value if most is None else most)]
            if along == "y":
                arm = [(self.x(x), self.y(end)) for end in ends]
                caps = [((px - cap, py), (px + cap, py)) for px, py in arm]
            else:
                arm = [(self.x(end), self.y(y)) for end in ends]
                caps = [((px, py - cap), (px, py + cap)) for px, py in arm]
            lines += [tuple(arm), *(caps if cap else [])]
        if lines:
            yield Path(tuple(lines), stroke, clipped=not all(map(self._holds, lines)))

    def across(self, value: float, stroke: Stroke, *, upright: bool) -> Path:
        """A straight line through the whole plot at ``value`` of x (upright) or of y."""
        if upright:
            return Path((((self.x(value), self.top), (self.x(value), self.bottom)),), stroke)
        return Path((((self.left, self.y(value)), (self.right, self.y(value))),), stroke)

    def end_labels(self) -> Iterator[Shape]:
        """Sign and name beside the last point of each line."""
        for label in self.frame.end_labels:
            end = min(max(self.y(label.at), self.top), self.bottom)
            y = end - label.shift
            if self.x(label.since) < self.right - LED:
                leader = ((self.x(label.since), end), (self.right + 8, y))
                yield Path((leader,), Stroke(label.look.color, 1.0, dashed("dot", 1.0)), opacity=0.6)
            yield Markers(((self.right + 13, y),), label.look.symbol, 7.5, label.look.color)
            yield middle_text(self.right + 22, y, label.text)

    def _runs(self, xs: Sequence[float | None], ys: Sequence[float | None]) -> tuple[tuple[Point, ...], ...]:
        return runs_of([None if x is None else self.x(x) for x in xs], [None if y is None else self.y(y) for y in ys])

    def _holds(self, points: Sequence[Point]) -> bool:
        hair = 0.5
        return all(self.left - hair <= x <= self.right + hair and self.top - hair <= y <= self.bottom + hair for x, y in points)

    # --- around the data ------------------------------------------------------------------------------------------------

    def _x_ticks(self) -> tuple[Tick, ...]:
        return self.frame.x_texts if self.frame.x_texts is not None else self.frame.x.ticks

    def _y_ticks(self) -> tuple[Tick, ...]:
        return self.frame.y_texts if self.frame.y_texts is not None else self.frame.y.ticks

    def _grid(self) -> Iterator[Path]:
        frame = self.frame
        places = [("x", tick.at) for tick in self._x_ticks() if frame.x_grid]
        places += [("y", tick.at) for tick in self._y_ticks() if frame.y_grid]
        lines = [line for axis, at in places for line in self.across(at, _GRID, upright=axis == "x").lines]
        if lines:
            yield Path(tuple(lines), _GRID)
        if frame.x_line:
            yield Path((((self.left, self.bottom), (self.right, self.bottom)),), _AXIS)

    def _ticks(self) -> Iterator[Shape]:
        has_signs = self.frame.x.kind != "category"
        if has_signs and self._x_ticks():
            signs = [((self.x(t.at), self.bottom), (self.x(t.at), self.bottom + _TICK)) for t in self._x_ticks()]
            yield Path(tuple(signs), _AXIS)
        below = self.bottom + (_TICK if has_signs else 0.0) + 3
        for tick in self._x_ticks():
            if self.frame.tilted:
                yield Text(self.x(tick.at) + 4, below + 8, tick.text, theme.TICK_SIZE, MUTED, "end", tilt=40)
            else:
                yield from lines_below(self.x(tick.at), below, tick.text)
        for tick in self._y_ticks():
            yield from _lines_around(self.left - 5, self.y(tick.at), tick.text)

    def _labels(self) -> Iterator[Text]:
        frame = self.frame
        if frame.x_label:
            y = self.bottom + frame.tick_room + 21
            yield Text(self.left + self.width / 2, y, frame.x_label, theme.LABEL_SIZE, MUTED, "middle")
        if frame.y_label:
            yield Text(2, self.top - frame.above - 10, frame.y_label, theme.LABEL_SIZE, _INK)

    def _legend(self, *, markers: bool) -> Iterator[Shape]:
        """Swatches and names in rows above the plot, as ``Frame.legend`` lists them."""
        frame = self.frame
        columns = legend_columns(frame.legend, frame.short, frame.width)
        start = frame.width - frame.margin.right - sum(columns) if frame.legend_beside else 3.0
        first = self.top - frame.above - 14 if frame.legend_beside else 5 + LEGEND_ROW / 2
        for i, entry in enumerate(frame.legend):
            row, column = divmod(i, len(columns))
            left, y = start + sum(columns[:column]), first + row * LEGEND_ROW
            yield from _swatch(entry, left, y, markers=markers)
            yield middle_text(left + 29, y, frame.short[entry.name])

    def _stretches(self) -> Iterator[Rect]:
        """Marks that shade a part of the plot, behind all that is drawn there."""
        for mark in (label.mark for label in self.frame.marks):
            if mark.until is not None:
                ends, x, y = (mark.at, mark.until), self.frame.x, self.frame.y
                xs, ys = (ends, (y.low, y.high)) if mark.axis == "x" else ((x.low, x.high), ends)
                yield from self.box(xs, ys, theme.TONES[mark.tone], theme.STRETCH)

    def _marks(self) -> Iterator[Shape]:
        for label in self.frame.marks:
            if label.mark.until is None:
                stroke = Stroke(theme.TONES[label.mark.tone], 1.2, (6, 3.6))
                yield self.across(label.mark.at, stroke, upright=label.mark.axis == "x")
            if label.text:
                yield self._mark_words(label)

    def _mark_words(self, label: MarkLabel) -> Text:
        right = label.side == "right"
        if label.mark.axis == "y":
            place = (self.right if right else self.left, self.y(label.mark.at) - 4)
            return Text(*place, label.text, theme.TICK_SIZE, _INK, "end" if right else "start")
        place = (self.x(label.mark.at), self.top - label.row * ROW - 5)
        return Text(*place, label.text, theme.TICK_SIZE, _INK, "start" if right else "end")


LED: Final = 40.0
"""Pixels between the end of a line and the edge of the plot from which a dotted line leads to its name."""
_INK: Final = theme.LIGHT["ink"]
MUTED: Final = theme.LIGHT["soft"]
_AXIS: Final = Stroke(theme.LIGHT["faint"])
_GRID: Final = Stroke(theme.LIGHT["rule"])


def stroke_of(look: Look) -> Stroke:
    return Stroke(look.color, look.width, dashed(look.dash, look.width))


def middle_text(x: float, y: float, text: str, size: float = theme.LABEL_SIZE, **style: str | bool) -> Text:
    """``text`` with the middle of its letters at ``y``."""
    return Text(x, y + _MIDDLE * size, text, size, **({"color": _INK} | style))  # type: ignore[arg-type]


def halo(text: Text) -> Iterator[Shape]:
    """``text`` over a light ground, for words that stand on lines."""
    width = width_of(text.text, text.size) * 0.92
    left = text.x - (width if text.anchor == "end" else 0)
    yield Rect(left - 1, text.y - text.size * 0.85, width + 2, text.size * 1.12, theme.LIGHT["ground"], 0.8)
    yield text


def lines_below(x: float, top: float, text: str) -> Iterator[Text]:
    """Lines of tick text, centred, from ``top`` downwards."""
    for i, line in enumerate(text.split("\n")):
        yield Text(x, top + 10.5 + i * LINE, line, theme.TICK_SIZE, MUTED, "middle")


def _lines_around(right: float, y: float, text: str) -> Iterator[Text]:
    """Lines of tick text that end at ``right``, their middle at ``y``."""
    lines = text.split("\n")
    for i, line in enumerate(lines):
        yield middle_text(right, y + (i - (len(lines) - 1) / 2) * LINE, line, theme.TICK_SIZE, color=MUTED, anchor="end")


def _swatch(entry: Entry, left: float, y: float, *, markers: bool) -> Iterator[Shape]:
    """The sign of a series, 22 px wide, its middle at ``y``."""
    look = entry.look
    if entry.shape == "bar":
        yield Rect(left + 5, y - 6, 12, 12, look.color, 0.9)
        return
    if entry.shape == "band":
        yield Rect(left, y - 6, _SWATCH, 12, look.color, 0.35)
        return
    if entry.shape != "marker":
        width = min(look.width, 2.5)
        yield Path((((left, y), (left + _SWATCH, y)),), Stroke(look.color, width, dashed(look.dash, width)))
    if entry.shape != "line" or (markers and look.opacity >= FAINT):
        yield Markers(((left + _SWATCH / 2, y),), look.symbol, 7.5, look.color)


def _stepped(run: tuple[Point, ...]) -> tuple[Point, ...]:
    corners = [corner for (_, y), (x, after) in pairwise(run) for corner in ((x, y), (x, after))]
    return (run[0], *corners)


def _pixels(scale: Scale, value: float, length: float) -> float:
    """How far ``value`` lies from the low end of an axis of ``length`` px; zero is endlessly far on a log axis."""
    if scale.kind == "log" and value <= 0:
        return -_FURTHEST
    return min(max(scale.share(value) * length, -_FURTHEST), _FURTHEST)
