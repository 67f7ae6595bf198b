"""``heatmap``: a grid of values over two categories, with the numbers in the cells when these are large enough.

Values of both signs get a scale through a neutral zero; others go from paper to blue. With numbers in every cell the
colour bar is left out: it would say the same thing worse.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from reportgen.charts import plotly_parts as plotly
from reportgen.charts import theme
from reportgen.charts.frame import Frame
from reportgen.charts.layout import LayoutRequest, frame_of
from reportgen.charts.picture import Rect, Shape, Text
from reportgen.charts.plot import MUTED, Plot, middle_text
from reportgen.charts.scales import Tick, ticks_between
from reportgen.charts.text import plain_text, plotly_lines, plotly_text, width_of
from reportgen.formats import MISSING, shared_digits, text_of
from reportgen.model import Axis, Chart

_BAR: Final = 12.0
"""Width of the colour bar."""
_GAP: Final = 0.75
"""Half of the room between two cells, in px."""
_BAR_SLICES: Final = 64


@dataclass(frozen=True, slots=True)
class Shades:
    """From a value to a colour."""

    low: float
    high: float
    colors: tuple[str, ...]

    def share(self, value: float) -> float:
        return (value - self.low) / (self.high - self.low)

    def color(self, value: float) -> str:
        return theme.mixed(self.colors, self.share(value))


def value_axis(chart: Chart) -> Axis:
    return chart.z or Axis("")


def cells(chart: Chart) -> Iterator[tuple[int, int, float]]:
    """(row, column, value) of every cell that has a value and a place on both axes."""
    for i, row in enumerate(chart.grid):
        for j, value in enumerate(row):
            if value is not None:
                yield i, j, value


def shades(chart: Chart) -> Shades:
    values = [v for _, _, v in cells(chart)]
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    axis = value_axis(chart)
    low, high = (
        given if given is not None and math.isfinite(given) else own for given, own in ((axis.low, low), (axis.high, high))
    )
    if low < 0 < high:
        reach = max(-low, high)
        return Shades(-reach, reach, theme.DIVERGING)
    if not low < high:
        room = (abs(low) if abs(low) > 1e-290 else 1.0) * 0.5
        low, high = low - room, low + room
    return Shades(low, high, theme.SEQUENTIAL)


def cell_texts(chart: Chart) -> dict[tuple[int, int], str]:
    axis = value_axis(chart)
    scaled = [v * 100 if axis.format in ("percent", "percent_change") else v for _, _, v in cells(chart)]
    digits = min(shared_digits(scaled, 3), 3)
    plain = axis.format in ("number", "change", "percent", "percent_change")
    return {(i, j): text_of(v, axis.format, digits if plain else None) for i, j, v in cells(chart)}


def frame(chart: Chart, width: float) -> Frame:
    bare = _frame(chart, width, 14.0)
    return bare if texts_fit(chart, bare) else _frame(chart, width, 78.0)


def _frame(chart: Chart, width: float, right: float) -> Frame:
    columns = [float(max((len(row) for row in chart.grid), default=1) - 1)]
    rows = [float(max(len(chart.grid) - 1, 0))]
    # The label of the colour bar stands above it, where otherwise only a y label makes room.
    above = 20.0 if right > 20 and value_axis(chart).label and not chart.y.label else 0.0
    return frame_of(LayoutRequest(chart, width, columns, rows, right=right, above=above, y_grid=False, x_line=False, y_down=True))


def texts_fit(chart: Chart, frame: Frame) -> bool:
    """Whether every cell can carry its number."""
    width = frame.plot_width / (frame.x.high - frame.x.low)
    height = frame.plot_height / (frame.y.high - frame.y.low)
    longest = max((width_of(text, theme.TICK_SIZE) for text in cell_texts(chart).values()), default=0.0)
    return height >= 15 and width >= longest + 6


def bar_ticks(chart: Chart) -> tuple[Tick, ...]:
    scale = shades(chart)
    axis = value_axis(chart)
    return ticks_between("linear", axis.format, scale.low, scale.high, 6)


def screen(chart: Chart, frame: Frame) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    layout = plotly.layout_of(frame)
    scale, fits = shades(chart), texts_fit(chart, frame)
    colors = {"colorscale": [[round(i / (len(scale.colors) - 1), 6), color] for i, color in enumerate(scale.colors)]}
    bar = {} if fits else {"colorbar": _color_bar(chart)}
    if fits:
        layout["annotations"] += _cell_annotations(chart, scale)
    return [_cells_trace(chart) | colors | {"zmin": scale.low, "zmax": scale.high, "showscale": not fits} | bar], layout


def _cells_trace(chart: Chart) -> dict[str, Any]:
    n_columns = max((len(row) for row in chart.grid), default=0)
    rows = [list(row) + [None] * (n_columns - len(row)) for row in chart.grid]
    span = shades(chart).high - shades(chart).low
    return {
        "type": "heatmap",
        "z": [plotly.numbers(row, span) for row in rows],
        "xgap": 2 * _GAP,
        "ygap": 2 * _GAP,
        "hoverongaps": False,
        "customdata": [[_hover_words(chart, i, j, v) for j, v in enumerate(row)] for i, row in enumerate(rows)],
        "hovertemplate": plotly.HOVER_WORDS,
    }


def _hover_words(chart: Chart, i: int, j: int, value: float | None) -> str:
    row, column = (plotly_text(plotly.axis_words(axis, at)) for axis, at in ((chart.y, i), (chart.x, j)))
    names = (plotly_text(axis.label) for axis in (chart.y, chart.x))
    lines = [f"{name}: {what}" if name else what for name, what in zip(names, (row, column), strict=True)]
    label = plotly_text(value_axis(chart).label)
    shown = plotly_text(MISSING if value is None else text_of(value, value_axis(chart).format))
    return "<br>".join([*lines, f"<b>{label + ': ' if label else ''}{shown}</b>"])


def _cell_annotations(chart: Chart, scale: Shades) -> list[dict[str, Any]]:
    """Numbers as annotations, each in the ink that reads best on its cell, in light and dark pages alike."""
    annotations = []
    values = {(i, j): v for i, j, v in cells(chart)}
    for (i, j), text in cell_texts(chart).items():
        font = {"size": theme.TICK_SIZE, "color": theme.ink_on(scale.color(values[i, j]))}
        annotations.append(plotly.annotation(plotly_text(text), x=j, y=i, xref="x", yref="y", font=font))
    return annotations


def _color_bar(chart: Chart) -> dict[str, Any]:
    bar: dict[str, Any] = {"thickness": _BAR, "x": 1, "xpad": 14, "y": 0.5, "len": 1, "ypad": 0, "ticks": "", "outlinewidth": 0}
    label = plain_text(value_axis(chart).label, 24)
    if label:
        bar["title"] = {"text": plotly_lines(label), "side": "top", "font": {"size": theme.TICK_SIZE}}
    return bar | plotly.ticks_array(bar_ticks(chart))


def paper(chart: Chart, plot: Plot) -> Iterator[Shape]:
    scale, texts = shades(chart), cell_texts(chart)
    fits = texts_fit(chart, plot.frame)
    for i, j, value in cells(chart):
        color = scale.color(value)
        yield from plot.box((j - 0.5, j + 0.5), (i - 0.5, i + 0.5), color, gap=_GAP)
        if fits:
            ink = theme.ink_on(color)
            yield middle_text(plot.x(j), plot.y(i), texts[i, j], theme.TICK_SIZE, color=ink, anchor="middle")
    if not fits:
        yield from _color_bar_shapes(chart, plot, scale)


def _color_bar_shapes(chart: Chart, plot: Plot, scale: Shades) -> Iterator[Shape]:
    left, slice_height = plot.right + 14, plot.height / _BAR_SLICES
    for k in range(_BAR_SLICES):
        color = theme.mixed(scale.colors, (k + 0.5) / _BAR_SLICES)
        # A hair higher than its share, so that no light shines through between two slices.
        yield Rect(left, plot.bottom - (k + 1) * slice_height, _BAR, slice_height + (0.3 if k else 0), color)
    for tick in bar_ticks(chart):
        yield middle_text(
            left + _BAR + 4, plot.bottom - scale.share(tick.at) * plot.height, tick.text, theme.TICK_SIZE, color=MUTED
        )
    if label := plain_text(value_axis(chart).label, 24):
        yield Text(left, plot.top - 8, label, theme.TICK_SIZE, MUTED)
