"""Charts as images for paper and for the ``charts/`` folder of a bundle.

With a browser, Kaleido draws the same Plotly figures that the screen shows; what it cannot draw in time, matplotlib
draws from the same frame, and so it draws everything where there is no browser. Each of these is said in a problem. A
chart that nobody can draw has no image and a problem of severity ``gap``; the reader gets its data table.
"""

from __future__ import annotations

import importlib.metadata
import re
import time
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Literal
from xml.sax.saxutils import escape

from reportgen.charts import theme
from reportgen.charts.browser import find_browser, is_executable
from reportgen.charts.clean import drawable
from reportgen.charts.kinds import KINDS
from reportgen.charts.screen import has_values, paper_figure
from reportgen.charts.supervised import Drawn, Limits, Request, draw
from reportgen.errors import Problem
from reportgen.formats import plural, visible
from reportgen.model import Chart

Engine = Literal["kaleido", "matplotlib"]


@dataclass(frozen=True, slots=True)
class PaperOptions:
    browser: str | None = None
    """Path of the browser; None = ``find_browser()``."""
    stall_seconds: float = 20.0
    """Longest time without an answer from the browser; then the figure it was at is given up."""
    total_seconds: float = 600.0
    """Longest time for all figures with a browser; the rest is then drawn by matplotlib."""
    engine: Literal["auto", "kaleido", "matplotlib"] = "auto"
    """``auto``: Kaleido when there is a browser, else matplotlib. ``kaleido``: nothing but the browser."""
    max_svg_bytes: int = 400_000
    """A heavier SVG becomes a PNG: WeasyPrint's time grows with the number of paths."""
    scale: float = 2.0
    """Pixels of a PNG for each CSS pixel."""
    png: bool = False
    """Also draw every chart as PNG, into ``PaperCharts.pngs``."""


@dataclass(frozen=True, slots=True)
class ChartImage:
    format: Literal["svg", "png"]
    data: bytes
    width: int
    """CSS pixels."""
    height: int
    engine: Engine


@dataclass(frozen=True, slots=True)
class PaperCharts:
    images: Mapping[str, ChartImage] = field(default_factory=dict)
    """By chart id. A chart without an image has a problem of severity ``gap``."""
    problems: tuple[Problem, ...] = ()
    engine: str = "none"
    """"kaleido", "matplotlib", "kaleido and matplotlib", or "none" when there was nothing to draw."""
    versions: tuple[tuple[str, str], ...] = ()
    """(name, version) of what drew, for the provenance."""
    pngs: Mapping[str, ChartImage] = field(default_factory=dict)
    """With ``PaperOptions.png``: every chart as PNG, by chart id."""


@dataclass(frozen=True, slots=True)
class _Drawing:
    """What one engine made of one chart: at least one of the two."""

    svg: bytes | None
    png: bytes | None
    height: int
    engine: Engine


def paper_images(charts: Sequence[Chart], options: PaperOptions | None = None) -> PaperCharts:
    """An image of every chart that can be drawn, and a problem for everything that a reader should know.

    Never raises for what is in a chart or what a browser does. Images are SVG, or PNG when the SVG is heavier than
    ``max_svg_bytes``. The same charts, options, fonts and program versions give the same bytes.
    """
    options = options or PaperOptions()
    charts = tuple({chart.id: chart for chart in charts}.values())
    problems = [problem for chart in charts for problem in drawable(chart).problems]
    known, unknown = [c for c in charts if c.kind in KINDS], [c for c in charts if c.kind not in KINDS]
    problems += [_not_drawn(chart, f"There is no drawing for charts of kind “{chart.kind}”.") for chart in unknown]
    drawings, found, browser = _by_browser(known, options) if known else ({}, [], "")
    problems += found
    rest = [chart for chart in known if chart.id not in drawings]
    if options.engine != "kaleido":
        for chart in rest:
            drawing, why = _by_matplotlib(chart, options)
            if drawing is None:
                problems.append(_not_drawn(chart, why))
            else:
                drawings[chart.id] = drawing
    else:
        problems += [_not_drawn(chart, "The browser did not draw it, and no other engine is allowed.") for chart in rest]
    return _collected(charts, drawings, problems, browser, options)


def _collected(
    charts: Sequence[Chart], drawings: Mapping[str, _Drawing], problems: Sequence[Problem], browser: str, options: PaperOptions
) -> PaperCharts:
    images = {c.id: _image(c, drawings[c.id], options) for c in charts if c.id in drawings}
    pngs = {c.id: _png(drawings[c.id]) for c in charts if c.id in drawings and options.png}
    engines = sorted({image.engine for image in images.values()})
    return PaperCharts(
        images=MappingProxyType(images),
        problems=tuple(dict.fromkeys(problems)),
        engine=" and ".join(engines) or "none",
        versions=_versions(engines, browser),
        pngs=MappingProxyType(pngs),
    )


def _image(chart: Chart, drawing: _Drawing, options: PaperOptions) -> ChartImage:
    if drawing.svg is not None and len(drawing.svg) <= options.max_svg_bytes:
        return ChartImage("svg", with_words(drawing.svg, chart), theme.PAPER_WIDTH, drawing.height, drawing.engine)
    return _png(drawing)


def _png(drawing: _Drawing) -> ChartImage:
    assert drawing.png is not None
    return ChartImage("png", drawing.png, theme.PAPER_WIDTH, drawing.height, drawing.engine)


def with_words(svg: bytes, chart: Chart) -> bytes:
    """The SVG with the chart's title and alt sentence in it, so that the file speaks for itself."""
    text = svg.decode()
    words = f"<title>{_xml(chart.title)}</title><desc>{_xml(chart.alt)}</desc>"
    return re.sub(r"(<svg\b[^>]*?)(>)", lambda m: f'{m[1]} role="img"{m[2]}{words}', text, count=1).encode()


def _xml(text: str) -> str:
    return escape(visible(text))


def _not_drawn(chart: Chart, why: str) -> Problem:
    return Problem("chart-not-drawn", chart.title, f"{why} The data table stands in its place.")


# --- with a browser -------------------------------------------------------------------------------------------------


def _by_browser(charts: Sequence[Chart], options: PaperOptions) -> tuple[dict[str, _Drawing], list[Problem], str]:
    """(drawings by id, problems, the browser's version)."""
    if options.engine == "matplotlib":
        return {}, [], ""
    browser = options.browser or find_browser()
    if browser is None or not is_executable(browser):
        return {}, [_without_browser(browser, options)], ""
    requests, problems = _requests(charts, options)
    limits = Limits(options.stall_seconds, time.monotonic() + options.total_seconds)
    drawn = draw(requests, browser, limits)
    heights = {request.id: request.height for request in requests}
    drawings = {key: _Drawing(files["svg"], files.get("png"), heights[key], "kaleido") for key, files in drawn.files.items()}
    return drawings, [*problems, *_troubles(charts, drawn, options)], drawn.browser


def _requests(charts: Sequence[Chart], options: PaperOptions) -> tuple[list[Request], list[Problem]]:
    requests, problems = [], []
    for chart in charts:
        try:
            figure = paper_figure(chart)
        except Exception as error:  # noqa: BLE001 - one chart that cannot be described costs only its own place
            problems.append(_failed(chart, "chart-failed", f"Its figure could not be made ({type(error).__name__}).", options))
            continue
        seed = zlib.crc32(chart.id.encode("utf-8", "surrogatepass"))
        size = (theme.PAPER_WIDTH, round(figure["layout"]["height"]))
        requests.append(Request(chart.id, figure, *size, options.scale, options.png, options.max_svg_bytes, seed))
    return requests, problems


def _without_browser(browser: str | None, options: PaperOptions) -> Problem:
    found = f"{browser} cannot be executed" if browser else "no Chromium or Chrome was found"
    only = options.engine == "kaleido"
    return Problem(
        "charts-without-browser",
        "all charts",
        f"{found[0].upper()}{found[1:]}; " + ("no chart is drawn." if only else "charts on paper are drawn by matplotlib."),
        "Install chromium-headless-shell or chromium, or name a browser in REPORTGEN_BROWSER.",
        "gap" if only else "warning",
    )


def _troubles(charts: Sequence[Chart], drawn: Drawn, options: PaperOptions) -> list[Problem]:
    problems = [_failed(chart, *drawn.failed[chart.id], options) for chart in charts if chart.id in drawn.failed]
    if drawn.gave_up:
        n = len([c for c in charts if c.id not in drawn.files and c.id not in drawn.failed])
        verb = "is" if n == 1 else "are"
        instead = f"{verb} missing" if options.engine == "kaleido" else f"{verb} drawn by matplotlib"
        what = f"The browser was given up: {drawn.gave_up}. {plural(n, 'chart')} {instead}."
        todo = "Run “reportgen doctor” to see whether the browser starts."
        problems.append(Problem("charts-browser-failed", "all charts", what, todo, "warning"))
    return problems


def _failed(chart: Chart, slug: str, why: str, options: PaperOptions) -> Problem:
    instead = "" if options.engine == "kaleido" else " matplotlib drew it instead."
    return Problem(slug, chart.title, f"{why}{instead}", severity="warning")


# --- without ----------------------------------------------------------------------------------------------------------


def _by_matplotlib(chart: Chart, options: PaperOptions) -> tuple[_Drawing | None, str]:
    """(drawing, "") or (None, why)."""
    if KINDS[chart.kind].paper is None:
        return None, f"Charts of kind “{chart.kind}” need a browser to be drawn."
    try:
        return _drawn_by_matplotlib(chart, options), ""
    except Exception as error:  # noqa: BLE001 - a drawing library may refuse one chart; the others go on
        return None, f"matplotlib could not draw it ({type(error).__name__}: {visible(str(error))[:200]})."


def _drawn_by_matplotlib(chart: Chart, options: PaperOptions) -> _Drawing:
    from reportgen.charts import matplotlib_parts as mpl

    clean = drawable(chart).chart
    with mpl.settings(salt=chart.id):
        figure, height = _matplotlib_figure(clean)
        svg = without_preamble(mpl.svg_bytes(figure))
        heavy = len(svg) > options.max_svg_bytes
        png = mpl.png_bytes(figure, options.scale) if options.png or heavy else None
    return _Drawing(svg, png, height, "matplotlib")


def _matplotlib_figure(chart: Chart) -> tuple[Any, int]:
    from reportgen.charts import matplotlib_parts as mpl

    if not has_values(chart):
        return mpl.message_figure("No values to draw", theme.PAPER_WIDTH, min(chart.height, 160)), min(chart.height, 160)
    kind = KINDS[chart.kind]
    assert kind.paper is not None
    frame = kind.frame(chart, theme.PAPER_WIDTH)
    figure, axes = mpl.figure_of(frame)
    kind.paper(chart, frame, axes)
    return figure, chart.height


_PREAMBLE: Final = re.compile(r"\A.*?(?=<svg\b)", re.DOTALL)
_METADATA: Final = re.compile(r"\s*<metadata>.*?</metadata>", re.DOTALL)
_SIZE: Final = re.compile(r'(<svg\b[^>]*?\bwidth=")([\d.]+)pt("[^>]*?)', re.DOTALL)
_HEIGHT: Final = re.compile(r'(<svg\b[^>]*?\bheight=")([\d.]+)pt(")', re.DOTALL)


def without_preamble(svg: bytes) -> bytes:
    """matplotlib's SVG as Plotly's are: no document type, no metadata, its size in pixels."""
    text = _METADATA.sub("", _PREAMBLE.sub("", svg.decode()), count=1)
    return _HEIGHT.sub(r"\1\2\3", _SIZE.sub(r"\1\2\3", text, count=1), count=1).encode()


def _versions(engines: Sequence[str], browser: str) -> tuple[tuple[str, str], ...]:
    packages: list[str] = []
    packages += ["kaleido", "plotly"] if "kaleido" in engines else []
    packages += ["matplotlib"] if "matplotlib" in engines else []
    versions: list[tuple[str, str]] = [(name, importlib.metadata.version(name)) for name in packages]
    if browser and "kaleido" in engines:
        name, _, version = browser.partition("/")
        versions.append((name, version))
    return tuple(sorted(versions))
