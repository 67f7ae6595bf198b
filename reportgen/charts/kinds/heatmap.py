"""``heatmap``: a grid of values over two categories, with the numbers in the cells when these are large enough.

Values of both signs get a scale through a neutral zero; others go from paper to blue. With numbers in every cell the
colour bar is left out: it would say the same thing worse.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from reportgen.charts import matplotlib_parts as mpl
from reportgen.charts import plotly_parts as plotly
from reportgen.charts import theme
from reportgen.charts.arrange import Wish, frame_of
from reportgen.charts.frame import Frame
from reportgen.charts.scales import Tick, ticks_between
from reportgen.charts.text import plain_text, plotly_lines, plotly_text, width_of
from reportgen.formats import MISSING, shared_digits, text_of
from reportgen.model import Axis, Chart

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_BAR: Final = 12.0
"""Width of the colour bar."""
_GAP: Final = 0.75
"""Half of the room between two cells, in px."""
_MOST_BOXES: Final = 2500


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
    low, high = (axis.low if axis.low is not None else low), (axis.high if axis.high is not None else high)
    if low < 0 < high:
        reach = max(-low, high)
        return Shades(-reach, reach, theme.DIVERGING)
    if not low < high:
        low, high = low - (abs(low) or 1.0) * 0.5, low + (abs(low) or 1.0) * 0.5
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
    return frame_of(Wish(chart, width, columns, rows, right=right, above=above))


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


def screen(chart: Chart, frame: Frame, *, paper: bool) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    layout = plotly.layout_of(frame, paper=paper, y_grid=False)
    layout["yaxis"]["range"] = layout["yaxis"]["range"][::-1]
    layout["xaxis"]["showline"] = False
    scale, fits = shades(chart), texts_fit(chart, frame)
    colors = {"colorscale": [[round(i / (len(scale.colors) - 1), 6), color] for i, color in enumerate(scale.colors)]}
    bar = {} if fits else {"colorbar": _color_bar(chart)}
    if fits:
        layout["annotations"] += _cell_annotations(chart, scale)
    if paper and sum(map(len, chart.grid)) <= _MOST_BOXES:
        layout["shapes"] += [_box(frame, i, j, scale.color(value)) for i, j, value in cells(chart)]
        limits = {"cmin": scale.low, "cmax": scale.high, "showscale": not fits, "color": [scale.low]}
        return [{"type": "scatter", "mode": "markers", "x": [None], "y": [None], "marker": colors | limits | bar}], layout
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


def _corners(frame: Frame, i: int, j: int) -> tuple[float, float, float, float]:
    """x0, y0, x1, y1 of a cell, less half the gap to its neighbours."""
    dx = _GAP * (frame.x.high - frame.x.low) / frame.plot_width
    dy = _GAP * (frame.y.high - frame.y.low) / frame.plot_height
    return j - 0.5 + dx, i - 0.5 + dy, j + 0.5 - dx, i + 0.5 - dy


def _box(frame: Frame, i: int, j: int, color: str) -> dict[str, Any]:
    """One cell as a shape: on paper it stays a sharp rectangle, where Plotly's own heatmap is an image."""
    x0, y0, x1, y1 = (round(v, 5) for v in _corners(frame, i, j))
    ends = {"x0": x0, "y0": y0, "x1": x1, "y1": y1, "xref": "x", "yref": "y"}
    return {"type": "rect", "layer": "between", "fillcolor": color, "line": {"width": 0}, **ends}


def _hover_words(chart: Chart, i: int, j: int, value: float | None) -> str:
    row, column = (plotly_text(plotly.axis_words(axis, at)) for axis, at in ((chart.y, i), (chart.x, j)))
    names = (plotly_text(axis.label) for axis in (chart.y, chart.x))
    lines = [f"{name}: {what}" if name else what for name, what in zip(names, (row, column), strict=True)]
    label = plotly_text(value_axis(chart).label)
    shown = plotly_text(MISSING if value is None else text_of(value, value_axis(chart).format))
    return "<br>".join([*lines, f"<b>{label + ': ' if label else ''}{shown}</b>"])


def _cell_annotations(chart: Chart, scale: Shades) -> list[dict[str, Any]]:
    """Numbers as annotations, each in the ink that reads best on its cell, in light and dark pages alike."""
    found = []
    values = {(i, j): v for i, j, v in cells(chart)}
    for (i, j), text in cell_texts(chart).items():
        font = {"size": theme.TICK_SIZE, "color": theme.ink_on(scale.color(values[i, j]))}
        found.append(plotly.annotation(plotly_text(text), x=j, y=i, xref="x", yref="y", font=font))
    return found


def _color_bar(chart: Chart) -> dict[str, Any]:
    bar: dict[str, Any] = {"thickness": _BAR, "x": 1, "xpad": 14, "y": 0.5, "len": 1, "ypad": 0, "ticks": "", "outlinewidth": 0}
    label = plain_text(value_axis(chart).label, 24)
    if label:
        bar["title"] = {"text": plotly_lines(label), "side": "top", "font": {"size": theme.TICK_SIZE}}
    return bar | plotly.ticks_array(bar_ticks(chart))


def paper(chart: Chart, frame: Frame, axes: Axes) -> None:
    from matplotlib.patches import Rectangle

    mpl.dress(axes, chart, frame, y_grid=False)
    axes.invert_yaxis()
    axes.spines["bottom"].set_visible(False)
    scale, texts = shades(chart), cell_texts(chart)
    fits = texts_fit(chart, frame)
    for i, j, value in cells(chart):
        color = scale.color(value)
        x0, y0, x1, y1 = _corners(frame, i, j)
        axes.add_patch(Rectangle((x0, y0), x1 - x0, y1 - y0, facecolor=color, linewidth=0))
        if fits:
            mpl.words(axes, texts[i, j], (j, i), color=theme.ink_on(color), fontsize=theme.TICK_SIZE, va="center_baseline")
    if not fits:
        _draw_color_bar(axes, chart, frame, scale)


def _draw_color_bar(axes: Axes, chart: Chart, frame: Frame, scale: Shades) -> None:
    margin = frame.margin
    left, width = (frame.width - margin.right + 14) / frame.width, _BAR / frame.width
    bar = axes.figure.add_axes((left, margin.bottom / frame.height, width, frame.plot_height / frame.height))
    n = 128
    for k in range(n):
        low = scale.low + (scale.high - scale.low) * k / n
        bar.axhspan(low, low + (scale.high - scale.low) / n * 1.05, color=theme.mixed(scale.colors, (k + 0.5) / n), linewidth=0)
    bar.set_xlim(0, 1)
    bar.set_ylim(scale.low, scale.high)
    bar.set_xticks([])
    ticks = bar_ticks(chart)
    bar.set_yticks([t.at for t in ticks], [t.text for t in ticks])
    bar.yaxis.tick_right()
    bar.tick_params(axis="y", length=0, pad=4, labelsize=theme.TICK_SIZE, labelcolor=theme.LIGHT["muted"])
    for spine in bar.spines.values():
        spine.set_visible(False)
    if label := plain_text(value_axis(chart).label, 24):
        style = {"ha": "left", "va": "bottom", "fontsize": theme.TICK_SIZE, "color": theme.LIGHT["muted"]}
        mpl.words(bar, label, (0, 1), (0, 5), coords="axes fraction", **style)
