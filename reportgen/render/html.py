"""``report.html``: one self-contained file that works offline, from file://, and in MLflow's sandboxed viewer.

No storage, no popup, no relative file, no request. A Content-Security-Policy by hash lets exactly two scripts run: our
``report.js`` and plotly.js, which travels once, compressed, and is unpacked in the page. Figures are data blocks of compressed JSON,
 drawn when they come into sight. Without scripts everything but the pictures is there; their tables stand in.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from markupsafe import Markup

from reportgen.errors import Problem
from reportgen.formats import one_line, text_of
from reportgen.model import Chart, Explorer, Section, Table
from reportgen.render.brand import NO_BRAND, Brand
from reportgen.render.brief import ChipView, chips_of, period_words
from reportgen.render.common_sections import sections_of
from reportgen.render.compact import compacted
from reportgen.render.environment import environment_of, rendered
from reportgen.render.explorer import ExplorerView, explorer_view
from reportgen.render.explorer_pack import packed_bytes
from reportgen.render.filters import data_uri
from reportgen.render.markup import json_markup
from reportgen.render.names import anchor, data_path
from reportgen.render.options import Draft, Output
from reportgen.render.outputs import FILES
from reportgen.render.plain import plain
from reportgen.render.view import ChartView, SectionView, TableView, section_view, table_view
from reportgen.render.walk import all_blocks, of_kind
from reportgen.render.widths import least_widths
from reportgen.words import Words

if TYPE_CHECKING:
    from reportgen.charts.paper import ChartImage

PATH = FILES["html"]
LARGE_ROWS = 200
LARGE_CELLS = 400
"""A table with more becomes elements only when it comes into sight, and of more than ``LARGE_ROWS`` rows those in sight."""
MOST_NUMBERS = 1000
"""Rows of the numbers behind a chart that a page carries."""
FOLDED_CELLS = 60
"""Numbers behind a chart are folded away: with more cells they become elements only when they are unfolded."""
LARGEST_PICTURE = 60_000
"""Bytes of the picture that stands in for a chart where no script runs."""
_CODE_CHARS = 96
"""Longest value of a parameter in a cell."""


@dataclass(frozen=True, slots=True)
class Screen:
    """Tables and charts in a browser."""

    figures: Mapping[str, str]
    """Chart id → Plotly data and layout as JSON, packed; a chart that failed is not in it."""
    images: Mapping[str, ChartImage] = field(default_factory=dict)
    """Chart id → its picture for paper, where paper is made too."""
    cell_chars: int = 400

    def tables(self, table: Table, most_cells: int = LARGE_CELLS) -> tuple[TableView, ...]:
        small = compacted(table, _CODE_CHARS)
        n_cells = len(small.rows) * len(small.columns)
        is_large = small.layout == "columns" and (len(small.rows) > LARGE_ROWS or n_cells > most_cells)
        names = (("long", len(small.rows) > 24), ("wide", len(small.columns) > 7), ("large", is_large))
        css = " ".join(name for name, on in names if on)
        styles = least_widths(small, self.cell_chars)
        return (table_view(small, self.cell_chars, styles=styles, css=css, is_large=is_large),)

    def chart(self, chart: Chart) -> ChartView:
        figure = self.figures.get(chart.id)
        numbers = self._numbers(chart.table, FOLDED_CELLS if figure else LARGE_CELLS) if chart.table else ()
        return ChartView("chart", chart, numbers, figure=figure, source=self._picture(chart) if figure else "")

    def _picture(self, chart: Chart) -> str:
        """The chart's picture as a ``data:`` URI; "" where there is none, and where it is too large for a second copy."""
        image = self.images.get(chart.id)
        if image is None or image.format != "svg" or len(image.data) > LARGEST_PICTURE:
            return ""
        return data_uri(image.data, "image/svg+xml")

    def _numbers(self, table: Table, most_cells: int) -> tuple[TableView, ...]:
        """The numbers behind a chart; of very many the first, since nobody reads them and the data file has all."""
        if len(table.rows) > MOST_NUMBERS:
            say = Words()
            note = say("tables-first-rows", n=LARGE_ROWS, rows=len(table.rows), path=data_path(table))
            table = replace(table, rows=table.rows[:LARGE_ROWS], n_total=None, notes=(*table.notes, note))
        return self.tables(table, most_cells)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the contents."""

    anchor: str
    title: str
    below: bool = False
    """Whether it is a further section of the project named before it."""


@dataclass(frozen=True, slots=True)
class Page:
    """Everything ``page.html.j2`` and ``paper.html.j2`` can use; listed in ``templates/README.md``."""

    language: str
    """As BCP 47 writes it."""
    zone: str
    """Whose clock it shows, as the IANA database names it."""
    name: str
    title: str
    """Of the report, in the line above the headline."""
    headline: str
    """The finding; empty: the title stands in its place."""
    date: str
    """ "2026-11-20"."""
    created_at: str
    """ISO 8601, for metadata."""
    window: str
    period: str
    """ "Week 48 · 23–29 November 2026 (UTC)"."""
    chips: tuple[ChipView, ...]
    contents: tuple[Entry, ...]
    sections: tuple[SectionView, ...]
    generator: str
    tokens: Mapping[str, Mapping[str, str]]
    """The colours by theme (``light``, ``dark``) and name, as ``tokens.css`` writes them."""
    medium: Literal["screen", "paper"]
    font: str = ""
    """Inter as a ``data:`` address; empty where its package is not installed."""
    profile: str = "full"
    """``executive``: page 1 alone."""
    brand: Brand = NO_BRAND
    """An organisation's look."""
    paper: Literal["a4", "letter"] = "a4"
    """Size of the pages."""
    layout: str = "report"
    """Paper: a ``memo`` has no list of sections, and is set tighter."""
    policy: str = ""
    """Screen: the Content-Security-Policy."""
    plotly: str = ""
    """Screen: plotly.js as gzip in base64; empty without charts."""
    drawing: Markup | None = None
    """Screen: chart templates and configuration as JSON; None without charts."""
    n_charts: int = 0
    has_pictures: bool = False
    """Screen: whether each chart has a picture for where no script runs."""
    methods: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Paper: (section, how its numbers are made), all at the end; each sentence once."""
    explorer: ExplorerView | None = None
    """Screen: what the explorer needs; None where there is nothing to explore."""


def report_html(draft: Draft) -> Output:
    """The page, and a problem for each chart that could not be drawn, and for an explorer that could not be made."""
    charts = of_kind(all_blocks(draft.report), Chart)
    explorer, explorer_problems = _explorer(draft)
    figures, chart_problems = _figures(charts, draft.report.explorer if explorer else None)
    problems = (*chart_problems, *explorer_problems)
    known = replace(draft, render_problems=(*draft.render_problems, *problems))
    environment = environment_of(draft.options.template_dirs, draft.options.brand)
    code = _plotly_js() if figures else ""
    script = _in_theme(rendered(environment, "report.js", {}), draft.options.theme)
    sections = sections_of(known, known.problems)
    page = replace(
        page_of(known, sections, tuple(section_view(section, Screen(figures, draft.images)) for section in sections), "screen"),
        policy=policy_of(script, code, explorer.script if explorer else ""),
        plotly=packed_plotly() if code else "",
        drawing=_drawing(draft.options.brand) if code else None,
        n_charts=len(figures),
        has_pictures=all(chart.id in draft.images for chart in charts),
        explorer=explorer,
    )
    html = rendered(environment, "page.html.j2", context_of(page))
    html = _in_theme(html, draft.options.theme)
    return Output({PATH: html.encode()}, problems, frozenset(chart.id for chart in charts if chart.id not in figures))


_DARK = "(prefers-color-scheme: dark)"
_ALWAYS = {"light": "(max-width: 0)", "dark": "(min-width: 0)"}


def _in_theme(text: str, theme: str) -> str:
    """``text`` of a page with its question for the reader's colours answered; ``auto`` leaves it."""
    return text.replace(_DARK, _ALWAYS[theme]) if theme in _ALWAYS else text


def page_of(
    draft: Draft, sections: tuple[Section, ...], views: tuple[SectionView, ...], medium: Literal["screen", "paper"]
) -> Page:
    """What both media lay out around the sections."""
    from reportgen import __version__
    from reportgen.charts import fonts

    report = draft.report
    return Page(
        language=report.locale.tag,
        zone=report.timezone,
        name=report.name,
        title=one_line(report.title, 300),
        headline=report.headline,
        date=text_of(report.generated_at, "date"),
        created_at=report.generated_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        window=report.window.words,
        period=period_words(report.window, report.generated_at),
        chips=tuple(chips_of(draft, {section.id for section in sections})),
        contents=contents_of(sections),
        sections=views,
        generator=f"reportgen {__version__}",
        tokens=draft.options.brand.tokens,
        brand=draft.options.brand,
        medium=medium,
        font=_data_font(fonts.inter_woff2(), "font/woff2") if medium == "screen" else _data_font(fonts.inter_ttf(), "font/ttf"),
        profile=report.profile,
        paper=draft.options.paper,
        layout=report.layout,
    )


def _data_font(data: bytes, media_type: str) -> str:
    return data_uri(data, media_type) if data else ""


def context_of(page: Page) -> dict[str, Any]:
    """The fields of ``page`` by name; values stay what they are (``asdict`` would copy them deeply)."""
    return {field.name: getattr(page, field.name) for field in fields(page)}


def policy_of(*scripts: str) -> str:
    """A Content-Security-Policy under which only ``scripts`` (by hash) run and nothing is fetched."""
    hashes = [f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in scripts if text]
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {' '.join(hashes)}",
            "style-src 'unsafe-inline'",
            "img-src data: blob:",
            "font-src data:",
            "connect-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def contents_of(sections: Sequence[Section]) -> tuple[Entry, ...]:
    """A line for each section; those of one project under its name."""
    parts = [section.part for section in sections]
    first = [not part or part not in parts[:at] for at, part in enumerate(parts)]
    return tuple(
        Entry(anchor(section.id, "s"), section.part if section.part and is_first else section.title, below=not is_first)
        for section, is_first in zip(sections, first, strict=True)
    )


def _figures(charts: tuple[Chart, ...], explorer: Explorer | None) -> tuple[dict[str, str], tuple[Problem, ...]]:
    figures: dict[str, str] = {}
    problems: list[Problem] = []
    for chart in charts:
        try:
            figures[chart.id] = packed_figure(_with_places(_figure(chart), explorer))
        except Exception as error:  # noqa: BLE001 - one chart that cannot be drawn must not cost the page
            what = f"The chart could not be drawn for the screen: {one_line(f'{type(error).__name__}: {error}', 200)}"
            problems.append(Problem("chart-failed", one_line(chart.title) or chart.id, what))
    return figures, tuple(problems)


def _with_places(figure: dict[str, Any], explorer: Explorer | None) -> dict[str, Any]:
    """``figure`` with the places of its runs in the explorer, which hides what its filter leaves out; none where nothing can be explored.

    All runs of a group that the report compares are one number below zero: −1 for the first group.
    """
    runs = figure.pop("runs", {}) if explorer else {}
    if explorer is None or not runs:
        return figure
    places = {key: at for at, key in enumerate(explorer.runs)}
    groups = {own: [-1 - at] for at, (_, own) in enumerate(explorer.groups)}

    def of(keys: Sequence[tuple[str, str]]) -> list[int]:
        own = tuple(sorted(places[key] for key in keys if key in places))
        return groups.get(own, list(own)) if len(own) > 1 else list(own)

    return figure | {"runs": {part: [[of(keys) for keys in one] for one in all_] for part, all_ in runs.items()}}


def _explorer(draft: Draft) -> tuple[ExplorerView | None, tuple[Problem, ...]]:
    try:
        return explorer_view(draft), ()
    except Exception as error:  # noqa: BLE001 - the document is complete without it
        what = f"The explorer could not be put into the page: {one_line(f'{type(error).__name__}: {error}', 200)}"
        return None, (Problem("explorer-failed", "report.html", what, "please report this as a bug"),)


def packed_figure(figure: Mapping[str, Any]) -> str:
    """A Plotly figure as the page carries it."""
    text = json.dumps(plain(figure), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return packed_bytes(text.encode())


def _figure(chart: Chart) -> dict[str, Any]:
    from reportgen.charts.screen import screen_figure

    return screen_figure(chart)


@cache
def _plotly_js() -> str:
    from reportgen.charts.screen import plotly_js

    return plotly_js()


@cache
def packed_plotly() -> str:
    """plotly.js as every page with charts carries it."""
    return packed_bytes(_plotly_js().encode())


def _drawing(brand: Brand) -> Markup:
    from reportgen.charts.screen import PLOTLY_CONFIG, templates

    return json_markup({"config": PLOTLY_CONFIG, "templates": templates(brand.fonts)})
