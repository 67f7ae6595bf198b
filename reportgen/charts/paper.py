"""Charts as pictures for paper and for the ``charts/`` folder of a bundle.

Pictures are drawn here, from the frame and by the kind that the screen uses too, without any browser or plotting
library: they look the same on every machine and cost milliseconds. A chart that cannot be drawn has no image and a
problem of severity ``gap``; the reader gets its data table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal

from reportgen.bidi import needs_shaping
from reportgen.charts import theme
from reportgen.charts.clean import drawable
from reportgen.charts.frame import wears_markers
from reportgen.charts.kinds import KINDS
from reportgen.charts.picture import Picture, Text
from reportgen.charts.plot import Plot, middle_text
from reportgen.charts.screen import has_values
from reportgen.charts.svg import svg_bytes
from reportgen.errors import Problem
from reportgen.formats import visible
from reportgen.model import Chart
from reportgen.words import Words

WHOLE = 720
"""``Chart.width`` of a chart that has all of the page."""


@dataclass(frozen=True, slots=True)
class PaperOptions:
    max_svg_bytes: int = 400_000
    """A heavier SVG becomes a PNG: WeasyPrint's time grows with the number of shapes."""
    scale: float = 2.0
    """Pixels of a PNG for each CSS pixel."""
    png: bool = False
    """Also every chart as PNG, into ``PaperCharts.pngs``."""
    fonts: tuple[str, ...] = ()
    """Families before our own."""
    browser: str | None = None
    """Path of the browser that draws figures of kind ``plotly``; None = found."""
    stall_seconds: float = 20.0
    """Longest time for one of them."""


@dataclass(frozen=True, slots=True)
class ChartImage:
    format: Literal["svg", "png"]
    data: bytes
    width: int
    """CSS pixels."""
    height: int
    words: tuple[Text, ...] = ()
    """Texts of an SVG whose letters join, stack or run leftwards: WeasyPrint draws the text of an SVG letter by letter."""
    wordless: bytes = b""
    """The same SVG without ``words``, for a page that sets them over it; empty where there are none."""


@dataclass(frozen=True, slots=True)
class PaperCharts:
    images: Mapping[str, ChartImage] = field(default_factory=dict)
    """By chart id. A chart without an image has a problem of severity ``gap``."""
    problems: tuple[Problem, ...] = ()
    pngs: Mapping[str, ChartImage] = field(default_factory=dict)
    """With ``PaperOptions.png``: every chart as PNG, by chart id."""


def paper_images(charts: Sequence[Chart], options: PaperOptions | None = None) -> PaperCharts:
    """An image of every chart that can be drawn, and a problem for everything that a reader should know.

    Never raises for what is in a chart. Images are SVG, or PNG when the SVG is heavier than ``max_svg_bytes``. The same
    charts and options give the same bytes of SVG; those of a PNG depend on the fonts of the machine too.
    """
    options = options or PaperOptions()
    images: dict[str, ChartImage] = {}
    pngs: dict[str, ChartImage] = {}
    problems: list[Problem] = []
    unique = {chart.id: chart for chart in charts}
    if own := [chart for chart in unique.values() if chart.kind == "plotly"]:
        drawn = _browser_images(own, options)
        images |= drawn.images
        problems += drawn.problems
    for chart in (chart for chart in unique.values() if chart.kind != "plotly"):
        clean = drawable(chart)
        problems += clean.problems
        try:
            images[chart.id], png = _image(clean.chart, options)
        except Exception as error:  # noqa: BLE001 - one chart that cannot be drawn costs only its own place
            problems.append(_not_drawn(chart, error))
            continue
        if png is not None:
            pngs[chart.id] = png
    return PaperCharts(MappingProxyType(images), tuple(dict.fromkeys(problems)), MappingProxyType(pngs))


def _browser_images(charts: Sequence[Chart], options: PaperOptions) -> PaperCharts:
    """Figures that only plotly.js can draw, by a browser; without one their tables stand in their places."""
    from reportgen.charts.export import ExportOptions, exported_charts

    how = ExportOptions("png", options.scale, options.browser, options.stall_seconds)
    done = exported_charts(charts, how)
    sizes = {chart.id: chart.height for chart in charts}
    images = {name: ChartImage("png", data, theme.SCREEN_WIDTH, sizes[name]) for name, data in done.files.items()}
    return PaperCharts(images, done.problems)


def picture_of(chart: Chart) -> Picture:
    """The picture of a cleaned chart at the width of paper."""
    width = round(theme.PAPER_WIDTH * chart.width / WHOLE)
    if not has_values(chart):
        say = Words()
        return _message(say("drawing-no-values"), width, min(chart.height, 160))
    kind = KINDS[chart.kind]
    plot = Plot(kind.frame(chart, width))
    return plot.picture(kind.paper(chart, plot), markers_in_legend=wears_markers(chart, plot.frame))


def _image(chart: Chart, options: PaperOptions) -> tuple[ChartImage, ChartImage | None]:
    """The image, and the PNG where one is asked for."""
    picture = picture_of(chart)
    svg = ChartImage("svg", svg_bytes(picture, chart.title, chart.alt, options.fonts), picture.width, picture.height)
    if words := tuple(shape for shape in picture.shapes if isinstance(shape, Text) and needs_shaping(shape.text)):
        kept = {id(shape) for shape in words}
        rest = replace(picture, shapes=tuple(shape for shape in picture.shapes if id(shape) not in kept))
        svg = replace(svg, words=words, wordless=svg_bytes(rest, chart.title, chart.alt, options.fonts))
    if not options.png and len(svg.data) <= options.max_svg_bytes:
        return svg, None
    from reportgen.charts.png import png_bytes

    png = replace(svg, format="png", data=png_bytes(picture, options.scale), words=(), wordless=b"")
    return (svg if len(svg.data) <= options.max_svg_bytes else png), (png if options.png else None)


def _message(text: str, width: int, height: int) -> Picture:
    """A picture that only says something: there is nothing to draw."""
    words = middle_text(width / 2, height / 2, text, anchor="middle")
    return Picture(width, height, (words,))


def _not_drawn(chart: Chart, error: Exception) -> Problem:
    why = f"{type(error).__name__}: {visible(str(error))[:200]}"
    return Problem("chart-not-drawn", chart.title, f"The chart could not be drawn ({why}). The data table stands in its place.")
