"""What a picture looks like around its data, decided once for screen and paper.

A ``Frame`` holds margins, scales, the look of each series, the rows of the legend and the names at the ends of lines;
``reportgen.charts.layout`` makes it, the screen and the paper drawing only follow it. All lengths are CSS pixels.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from reportgen.charts import theme
from reportgen.charts.clean import series_of
from reportgen.charts.marks import MarkLabel
from reportgen.charts.scales import Scale, Tick
from reportgen.charts.text import plain_text, short_names, width_of
from reportgen.model import Band, Chart, Mark, Trace

LINE: Final = 15.0
"""Height of one line of tick or label text."""
LEGEND_ROW: Final = 19.0
FAINT: Final = 0.6
"""Lines fainter than this are the raw values under a smoothed line: no markers."""
_SWATCH: Final = 44.0
"""What a legend entry needs beside its text."""


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
    since: float
    """Where on x its line ends."""
    shift: float
    """Pixels upwards from there, so that neighbours do not overlap."""
    runs: tuple[tuple[tuple[str, str], ...], ...] = ()
    """As of the trace."""


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
    legend_beside: bool = False
    """The legend stands at the right of the y label, in one row with it, instead of above it."""
    above: float = 0.0
    """Room between the plot and the y label, for the words of vertical marks."""
    tick_room: float = LINE
    """Height of the labels of the x axis."""
    tilted: bool = False
    """Category labels of x stand at an angle."""
    x_grid: bool = False
    y_grid: bool = True
    """Gridlines at the ticks of an axis."""
    x_line: bool = True
    """The plot stands on a line."""
    y_down: bool = False
    """Values of y grow downwards, as rows of a table do."""

    @property
    def plot_width(self) -> float:
        return self.width - self.margin.left - self.margin.right

    @property
    def plot_height(self) -> float:
        return self.height - self.margin.top - self.margin.bottom


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
        if band.color is None and band.tone != "neutral":
            color = theme.TONES[band.tone]
        else:
            slot = band.color if band.color is not None else slots[band.name] if band.name in slots else next(free)
            color = theme.slot_color(max(slot, 0))
        bands.append(Look(color, "circle", "solid", 0.0, 0.17))
    return tuple(looks), tuple(bands)


def _look(trace: Trace, slot: int, *, toned: bool) -> Look:
    color = theme.TONES[trace.tone] if toned else theme.slot_color(slot)
    symbol = trace.marker if trace.marker != "circle" or toned else theme.slot_symbol(slot)
    dash = trace.dash if trace.dash != "solid" or toned else theme.slot_dash(slot)
    return Look(color, symbol, dash, trace.width, min(max(trace.opacity, 0.05), 1.0))


def wears_markers(chart: Chart, frame: Frame) -> bool:
    """Whether plain lines need markers: several of them, told apart by a legend, where colour alone must not do."""
    return chart.kind == "lines" and len(frame.legend) > 1 and not frame.end_labels


def entries_of(
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


def legend_short_names(names: Iterable[str], entries: Sequence[Entry], width: float) -> dict[str, str]:
    """Printed form of each name: whole where all fit in one row, and up to four where they fit below each other; else cut for four columns."""
    widths = [width_of(plain_text(e.name), theme.LABEL_SIZE) + _SWATCH for e in entries]
    least = 1 if len(entries) <= 4 else 4
    columns = next((n for n in range(4, least, -1) if max(widths, default=0.0) <= width / n), least)
    room = width if sum(widths) <= width else max(width / columns - _SWATCH, 90.0)
    return short_names(names, room, theme.LABEL_SIZE)


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
    return math.ceil(len(entries) / len(legend_columns(entries, short, width))) * LEGEND_ROW + 10


def marked(marks: Iterable[Mark], axis: Literal["x", "y"]) -> list[float]:
    """Where the marks of one axis stand, and where their stretches end."""
    return [end for mark in marks if mark.axis == axis for end in (mark.at, mark.until) if end is not None]


def values_of(traces: Iterable[Trace], bands: Iterable[Band], axis: Literal["x", "y"]) -> list[float]:
    """All drawn values of one axis: points, error bars and bands."""
    values: list[float | None] = []
    for trace in traces:
        values.extend(trace.x if axis == "x" else (*trace.y, *trace.low, *trace.high))
    for band in bands:
        values.extend(band.x if axis == "x" else (*band.low, *band.high))
    return [v for v in values if v is not None]
