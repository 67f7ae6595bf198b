"""A ``Picture`` as PNG, painted by matplotlib; the only place that knows it.

Everything is drawn with the object interface and inside ``_settings()``; nothing global of matplotlib stays changed.
One inch is 72 px here, so lengths in points are CSS pixels.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from reportgen.bidi import isolated
from reportgen.charts import theme
from reportgen.charts.fonts import inter_path
from reportgen.charts.picture import THIN, Markers, Path, Picture, Point, Rect, Stroke, Text, outlines

if TYPE_CHECKING:
    from matplotlib.artist import Artist


def png_bytes(picture: Picture, scale: float) -> bytes:
    """``picture`` with ``scale`` pixels for each CSS pixel."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.transforms import Affine2D, TransformedBbox

    stream = io.BytesIO()
    with _settings():
        figure = Figure(figsize=(picture.width / 72, picture.height / 72), dpi=72 * scale, facecolor=theme.LIGHT["ground"])
        pixels = Affine2D().scale(1 / 72, -1 / 72).translate(0, picture.height / 72) + figure.dpi_scale_trans
        left, top, width, height = picture.plot
        plot = TransformedBbox(_box(left, top, width, height), pixels)
        for shape in picture.shapes:
            artist = _artist(shape, pixels)
            figure.add_artist(artist, clip=False)
            if isinstance(shape, Path) and shape.clipped:
                artist.set_clip_box(plot)
                artist.set_clip_on(True)
        FigureCanvasAgg(figure).print_png(stream, metadata={"Software": None})
    return stream.getvalue()


@contextmanager
def _settings() -> Iterator[None]:
    """matplotlib's settings for one picture: no formulas in names, and fonts that are there.

    A character that no font has is a hollow box in the PNG, which everybody sees; no warning is needed as well.
    """
    import matplotlib as mpl

    chosen = {
        "text.parse_math": False,
        "text.usetex": False,
        "lines.scale_dashes": False,
        "font.family": list(_installed_fonts()),
        "path.simplify": True,
    }
    with mpl.rc_context(chosen), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font", category=UserWarning)
        yield


@cache
def _installed_fonts() -> tuple[str, ...]:
    """Those of ``PAPER_FONTS`` that matplotlib can find (it warns about the others); DejaVu Sans comes with it.

    Inter is made known to it from its package: one more entry in matplotlib's list of fonts, which changes no other picture.
    """
    from matplotlib import font_manager

    if path := inter_path():
        font_manager.fontManager.addfont(path)
    names = {entry.name for entry in font_manager.fontManager.ttflist}
    return tuple(name for name in theme.PAPER_FONTS if name in names) or ("DejaVu Sans",)


def _box(left: float, top: float, width: float, height: float) -> Any:
    from matplotlib.transforms import Bbox

    return Bbox.from_bounds(left, top, width, height)


def _artist(shape: Path | Rect | Markers | Text, pixels: Any) -> Artist:
    from matplotlib.patches import PathPatch
    from matplotlib.text import Text as Words

    match shape:
        case Text():
            style: dict[str, Any] = {"fontsize": shape.size, "color": shape.color, "rotation": shape.tilt}
            style |= {"fontweight": "bold"} if shape.is_bold else {}
            anchor = {"start": "left", "middle": "center", "end": "right"}[shape.anchor]
            place: dict[str, Any] = {"ha": anchor, "va": "baseline", "rotation_mode": "anchor", "transform": pixels}
            return Words(shape.x, shape.y, isolated(shape.text), **place, **style)
        case Path():
            outline = _outline(shape.lines, closed=bool(shape.fill))
            return PathPatch(outline, transform=pixels, **_paint(shape.fill, shape.stroke, shape.opacity))
        case Rect():
            right, bottom = shape.left + shape.width, shape.top + shape.height
            corners = ((shape.left, shape.top), (right, shape.top), (right, bottom), (shape.left, bottom))
            outline = _outline((corners,), closed=True)
            return PathPatch(outline, transform=pixels, **_paint(shape.fill, shape.stroke, shape.opacity))
        case Markers():
            return _markers(shape, pixels)


def _markers(shape: Markers, pixels: Any) -> Artist:
    from matplotlib.collections import PathCollection
    from matplotlib.path import Path as Outline
    from matplotlib.transforms import Affine2D

    lines = outlines(shape.symbol, shape.radius)
    sign = _outline(lines, closed=shape.is_filled) if lines else Outline.unit_circle().transformed(Affine2D().scale(shape.radius))
    style = _paint(
        shape.color if shape.is_filled else None, None if shape.is_filled else Stroke(shape.color, THIN), shape.opacity
    )
    signs = PathCollection([sign], offsets=list(shape.points), offset_transform=pixels, **style)
    origin = pixels.transform((0.0, 0.0))
    signs.set_transform(pixels + Affine2D().translate(-origin[0], -origin[1]))
    return signs


def _outline(lines: tuple[tuple[Point, ...], ...], *, closed: bool) -> Any:
    from matplotlib.path import Path as Outline

    parts = [Outline([*line, line[0]] if closed else list(line), closed=closed) for line in lines]
    return Outline.make_compound_path(*parts)


def _paint(fill: str | None, stroke: Stroke | None, opacity: float) -> dict[str, Any]:
    style: dict[str, Any] = {
        "facecolor": (fill, opacity) if fill else "none",
        "edgecolor": (stroke.color, opacity) if stroke else "none",
        "linewidth": stroke.width if stroke else 0,
        "joinstyle": "round",
        "capstyle": "butt",
    }
    return style | ({"linestyle": (0, stroke.dash)} if stroke and stroke.dash else {})
