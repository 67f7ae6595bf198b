"""The same pieces as ``plotly_parts``, drawn by matplotlib on one pair of axes; the only place that sets it up.

Everything is drawn with the object interface and inside ``settings()``; nothing global of matplotlib stays changed.
One inch is 72 px here, so lengths in points are CSS pixels and a font size of 12 is 12 px, as in the figure of Plotly.
"""

from __future__ import annotations

import io
import math
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from reportgen.charts import theme
from reportgen.charts.frame import FAINT, LEGEND_ROW, Entry, Frame, Look, legend_columns, wears_markers
from reportgen.charts.marks import ROW
from reportgen.model import Chart

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NAN: Final = math.nan
HALO: Final = {"facecolor": "white", "alpha": 0.8, "linewidth": 0, "pad": 1.0}
"""Ground of words that stand on the data."""


@contextmanager
def settings(salt: str) -> Iterator[None]:
    """matplotlib's settings for one drawing: real text in SVG, ids from ``salt``, no formulas in names.

    A character without a glyph in matplotlib's fonts is no reason to warn: in SVG it stays text, which the viewer's
    fonts draw, and in PNG it is a hollow box that everybody sees.
    """
    import matplotlib as mpl

    chosen = {
        "svg.fonttype": "none",
        "svg.hashsalt": salt,
        "text.parse_math": False,
        "text.usetex": False,
        "axes.unicode_minus": True,
        "axes.formatter.useoffset": False,
        "font.family": list(_installed_fonts()),
        "font.size": theme.LABEL_SIZE,
        "path.simplify": True,
        "agg.path.chunksize": 10_000,
    }
    with mpl.rc_context(chosen), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font", category=UserWarning)
        yield


@cache
def _installed_fonts() -> tuple[str, ...]:
    """Those of ``PAPER_FONTS`` that matplotlib can find (it warns about the others); DejaVu Sans comes with it."""
    from matplotlib import font_manager

    names = {entry.name for entry in font_manager.fontManager.ttflist}
    return tuple(name for name in theme.PAPER_FONTS if name in names) or ("DejaVu Sans",)


def figure_of(frame: Frame) -> tuple[Figure, Axes]:
    """An empty figure of the frame's size, and axes where the frame wants the plot."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(frame.width / 72, frame.height / 72), dpi=72, facecolor="white")
    margin = frame.margin
    place = (
        margin.left / frame.width,
        margin.bottom / frame.height,
        max(frame.plot_width, 10) / frame.width,
        max(frame.plot_height, 10) / frame.height,
    )
    return figure, figure.add_axes(place)


def dress(axes: Axes, chart: Chart, frame: Frame, *, x_grid: bool = False, y_grid: bool = True) -> None:
    """Scales, ticks, gridlines, labels, legend and marks of ``frame``."""
    _scales(axes, frame)
    inks = theme.LIGHT
    axes.set_axisbelow(True)
    for side in ("left", "right", "top"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(inks["axis"])
    axes.spines["bottom"].set_linewidth(1.0)
    ticks: dict[str, Any] = {"labelsize": theme.TICK_SIZE, "labelcolor": inks["muted"], "color": inks["axis"]}
    axes.tick_params(axis="x", length=0 if frame.x.kind == "category" else 4, width=1.0, pad=3, **ticks)
    axes.tick_params(axis="y", length=0, pad=5, **ticks)
    for axis, on in ((axes.xaxis, x_grid), (axes.yaxis, y_grid)):
        if on:
            axis.grid(True, color=inks["grid"], linewidth=1.0)
        else:
            axis.grid(False)
    _labels(axes, frame)
    _draw_legend(axes, frame, marked=wears_markers(chart, frame))
    _draw_marks(axes, frame)


def _scales(axes: Axes, frame: Frame) -> None:
    for name, scale, texts in (("x", frame.x, frame.x_texts), ("y", frame.y, frame.y_texts)):
        if scale.kind == "log":
            getattr(axes, f"set_{name}scale")("log")
        getattr(axes, f"set_{name}lim")(scale.low, scale.high)
        shown = texts if texts is not None else scale.ticks
        tilt = {"rotation": 40, "ha": "right", "rotation_mode": "anchor"} if name == "x" and frame.tilted else {}
        getattr(axes, f"set_{name}ticks")([t.at for t in shown], [t.text for t in shown], **tilt)
        axis = getattr(axes, f"{name}axis")
        axis.set_tick_params(which="minor", length=0)
        axis.set_minor_locator(_no_ticks())
    for text in axes.get_yticklabels():
        text.set_verticalalignment("center")


def _no_ticks() -> Any:
    from matplotlib.ticker import NullLocator

    return NullLocator()


def _labels(axes: Axes, frame: Frame) -> None:
    inks = theme.LIGHT
    if frame.x_label:
        axes.annotate(
            frame.x_label,
            (0.5, 0),
            (0, -frame.tick_room - 11),
            xycoords="axes fraction",
            textcoords="offset points",
            ha="center",
            va="top",
            color=inks["muted"],
            annotation_clip=False,
        )
    if frame.y_label:
        axes.annotate(
            frame.y_label,
            (0, 1),
            (2 - frame.margin.left, 7 + frame.above),
            xycoords="axes fraction",
            textcoords="offset points",
            ha="left",
            va="bottom",
            color=inks["ink"],
            annotation_clip=False,
        )


def _draw_legend(axes: Axes, frame: Frame, *, marked: bool) -> None:
    """Swatches and names in rows above the plot, as ``Frame.legend`` lists them."""
    columns = legend_columns(frame.legend, frame.short, frame.width)
    start = frame.width - frame.margin.right - sum(columns) if frame.legend_beside else 3.0
    for i, entry in enumerate(frame.legend):
        row, column = divmod(i, len(columns))
        left, y = start + sum(columns[:column]), frame.height - 5 - (row + 0.5) * LEGEND_ROW
        _draw_swatch(axes, frame, entry, left, y, marked=marked)
        axes.figure.text(
            (left + 29) / frame.width,
            y / frame.height,
            frame.short[entry.name],
            ha="left",
            va="center_baseline",
            color=theme.LIGHT["ink"],
        )


def _draw_swatch(axes: Axes, frame: Frame, entry: Entry, left: float, y: float, *, marked: bool) -> None:
    """The sign of a series, 22 px wide, at figure pixels ``left``, ``y`` (from below)."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Rectangle

    w, h, look = frame.width, frame.height, entry.look
    if entry.shape in ("bar", "band"):
        alpha = 0.35 if entry.shape == "band" else 0.9
        box = ((left + 5, 12.0), (y - 6, 12.0)) if entry.shape == "bar" else ((left, 22.0), (y - 6, 12.0))
        (x, width), (bottom, height) = box
        axes.figure.add_artist(Rectangle((x / w, bottom / h), width / w, height / h, color=look.color, alpha=alpha, linewidth=0))
        return
    lined = entry.shape != "marker"
    dotted = entry.shape != "line" or (marked and look.opacity >= FAINT)
    swatch = Line2D(
        [left / w, (left + 11) / w, (left + 22) / w],
        [y / h] * 3,
        color=look.color,
        linewidth=min(look.width, 2.5) if lined else 0,
        linestyle=theme.MATPLOTLIB_DASHES[look.dash] if lined else "none",
        markevery=[1],
        **(marker_style(look, 7.5) if dotted else {}),
    )
    axes.figure.add_artist(swatch)


def marker_style(look: Look, size: float) -> dict[str, Any]:
    """Keywords of ``Axes.plot`` for a series' marker, ``size`` px across."""
    scaled = size * theme.MARKER_SCALE[look.symbol]
    thin = look.symbol in ("cross", "open")
    return {
        "marker": theme.MATPLOTLIB_MARKERS[look.symbol],
        "markersize": scaled * (0.8 if look.symbol in ("diamond", "cross") else 1.0),
        "markerfacecolor": "none" if look.symbol == "open" else look.color,
        "markeredgecolor": look.color,
        "markeredgewidth": 1.6 if thin else 0,
    }


def floats(values: Iterable[float | None]) -> list[float]:
    return [NAN if v is None else float(v) for v in values]


def draw_end_labels(axes: Axes, frame: Frame) -> None:
    """Marker and name beside the last point of each line."""
    for label in frame.end_labels:
        place: dict[str, Any] = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points", "annotation_clip": False}
        sign = theme.GLYPHS[label.look.symbol]
        axes.annotate(sign, (1, label.at), (7, label.shift), color=label.look.color, ha="left", va="center", **place)
        axes.annotate(
            label.text, (1, label.at), (21, label.shift), color=theme.LIGHT["ink"], ha="left", va="center_baseline", **place
        )


def _draw_marks(axes: Axes, frame: Frame) -> None:
    for label in frame.marks:
        along = axes.axvline if label.mark.axis == "x" else axes.axhline
        along(label.mark.at, color=theme.TONES[label.mark.tone], linewidth=1.2, linestyle=(0, (5, 3)), zorder=4)
        right = label.side == "right"
        if label.mark.axis == "y":
            style = {"ha": "right" if right else "left", "va": "bottom", "coords": ("axes fraction", "data")}
            words(axes, label.text, (float(right), label.mark.at), (0, 2), fontsize=theme.TICK_SIZE, **style)
        else:
            style = {"ha": "left" if right else "right", "va": "bottom", "coords": ("data", "axes fraction")}
            words(axes, label.text, (label.mark.at, 1.0), (0, label.row * ROW + 3), fontsize=theme.TICK_SIZE, **style)


def words(
    axes: Axes, text: str, at: tuple[float, float], shift: tuple[float, float] = (0, 0), *, coords: Any = "data", **style: Any
) -> None:
    """Text at a place of the plot, moved by ``shift`` px."""
    style = dict[str, Any](ha="center", va="center", color=theme.LIGHT["ink"], fontsize=theme.LABEL_SIZE) | style
    axes.annotate(text, at, shift, xycoords=coords, textcoords="offset points", annotation_clip=False, **style)


def arms(values: Sequence[float | None], low: Sequence[float | None], high: Sequence[float | None]) -> list[list[float]]:
    """Lengths of error bars for matplotlib: [down, up]; a missing bound has none."""
    pairs = list(zip(values, low, high, strict=True))
    down = [max(v - (w if w is not None else v), 0.0) if v is not None else 0.0 for v, w, _ in pairs]
    up = [max((h if h is not None else v) - v, 0.0) if v is not None else 0.0 for v, _, h in pairs]
    return [down, up]


def svg_bytes(figure: Figure) -> bytes:
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    stream = io.BytesIO()
    FigureCanvasSVG(figure).print_svg(stream, metadata={"Date": None, "Creator": None})
    return stream.getvalue()


def png_bytes(figure: Figure, scale: float) -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    stream = io.BytesIO()
    figure.set_dpi(72 * scale)
    FigureCanvasAgg(figure).print_png(stream, metadata={"Software": None})
    return stream.getvalue()


def message_figure(text: str, width: float, height: float) -> Figure:
    """A picture that only says something: there is nothing to draw."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width / 72, height / 72), dpi=72, facecolor="white")
    figure.text(0.5, 0.5, text, ha="center", va="center", color=theme.LIGHT["ink"])
    return figure
