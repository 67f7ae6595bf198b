"""Blocks of the Report as what a template lays out: texts, signs and classes, decided here and nowhere else.

A view holds ``str`` (escaped by Jinja) or ``Markup`` (from ``reportgen.render.markup``) and is made once per medium,
because paper and screen differ in what a table or a chart can be. ``kind`` names the template in ``templates/blocks/``.
Tones always come with a sign or a word, so that nothing is told by colour alone.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import urlsplit

from markupsafe import Markup

from reportgen.formats import goal_arrow, goal_words, one_line, plural, slug, text_of, visible
from reportgen.model import (
    Block,
    Cell,
    Change,
    Chart,
    Column,
    Format,
    Gallery,
    Interval,
    Notice,
    Paragraph,
    Prose,
    RunLink,
    Scalar,
    Section,
    Span,
    Table,
    Tile,
    Tiles,
    Tone,
    Verdict,
)
from reportgen.redaction import public_uri, without_user_info
from reportgen.render.markup import markdown_markup

SIGNS: Mapping[Tone, str] = {"neutral": "", "good": "✓", "bad": "✗", "warning": "!", "best": "★", "muted": ""}
TONE_WORDS: Mapping[Tone, str] = {"neutral": "", "good": "good", "bad": "bad", "warning": "warning", "best": "best", "muted": ""}
CHANGE_WORDS: Mapping[Tone, str] = {"good": "better", "bad": "worse", "best": "best so far", "warning": "check"}
OUTCOMES: Mapping[str, tuple[str, str]] = {
    "better": ("▲", "Better"),
    "worse": ("▼", "Worse"),
    "unclear": ("?", "Not clear"),
    "equivalent": ("=", "Practically equivalent"),
    "not_worse": ("≥", "Not worse"),
    "too_few": ("!", "Too few runs"),
    "different": ("≠", "Different, direction unknown"),
    "incomparable": ("!", "Not comparable"),
}
OUTCOME_TONES: Mapping[str, Tone] = {
    "better": "good",
    "worse": "bad",
    "equivalent": "good",
    "not_worse": "good",
    "too_few": "warning",
    "incomparable": "warning",
}

RIGHT: frozenset[Format] = frozenset(
    ("number", "integer", "percent", "change", "percent_change", "p", "duration", "bytes", "estimate", "interval")
)
FIXED: frozenset[Format] = frozenset(("time", "date"))
_ANCHOR = re.compile(r"[A-Za-z0-9_-]{1,80}")
_STEM = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
_RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))})  # by Windows
_PIECE = re.compile(r"[^_./:@-]*[_./:@-]+|[^_./:@-]+")


class View(Protocol):
    """Anything with a template of its own."""

    @property
    def kind(self) -> str: ...


@dataclass(frozen=True, slots=True)
class RunView:
    name: str
    short_id: str
    """Empty when the name already is the id."""
    url: str | None
    """Only http and https."""


@dataclass(frozen=True, slots=True)
class CellView:
    text: str
    css: str
    sign: str = ""
    word: str = ""
    """The tone for who cannot see sign and colour."""
    note: str = ""
    run: RunView | None = None
    sort: str | None = None
    """Key for sorting on screen; None: by text."""
    is_header: bool = False


@dataclass(frozen=True, slots=True)
class HeadView:
    label: str
    pieces: tuple[str, ...]
    """The label cut after ``_ . / : -``, where it may wrap."""
    css: str
    arrow: str
    arrow_words: str
    note: str
    sort_as: str
    """``number`` or ``text``."""
    style: str = ""
    """Its width on paper, its least width on screen; a CSS declaration."""


@dataclass(frozen=True, slots=True)
class TableView:
    kind: str
    """``table``, or ``facts`` for two columns without a header."""
    anchor: str
    title: str
    heads: tuple[HeadView, ...]
    rows: tuple[tuple[CellView, ...], ...]
    notes: tuple[str, ...]
    css: str = ""
    sortable: bool = False
    part: str = ""
    """ "columns 1 to 8 of 14" on paper, where a table is too wide for one piece."""
    count: str = ""
    """ "40 rows"."""


@dataclass(frozen=True, slots=True)
class SpanView:
    text: str
    strong: bool
    run: RunView | None


@dataclass(frozen=True, slots=True)
class ParagraphView:
    spans: tuple[SpanView, ...]
    css: str
    sign: str
    word: str
    kind: str = "paragraph"


@dataclass(frozen=True, slots=True)
class ProseView:
    html: Markup
    source: str
    css: str
    kind: str = "prose"


@dataclass(frozen=True, slots=True)
class ChangeView:
    arrow: str
    text: str
    word: str
    against: str
    css: str


@dataclass(frozen=True, slots=True)
class TileView:
    label: str
    text: str
    sign: str
    word: str
    note: str
    css: str
    run: RunView | None
    change: ChangeView | None


@dataclass(frozen=True, slots=True)
class TilesView:
    tiles: tuple[TileView, ...]
    kind: str = "tiles"


@dataclass(frozen=True, slots=True)
class VerdictView:
    title: str
    sign: str
    word: str
    sentence: str
    rule: str
    caveats: tuple[str, ...]
    css: str
    kind: str = "verdict"


@dataclass(frozen=True, slots=True)
class NoticeView:
    title: str
    text: str
    todo: str
    slug: str
    sign: str
    word: str
    css: str
    kind: str = "notice"


@dataclass(frozen=True, slots=True)
class ImageView:
    title: str
    src: str
    """A ``data:`` URI."""
    alt: str
    run: RunView | None = None


@dataclass(frozen=True, slots=True)
class GalleryView:
    title: str
    images: tuple[ImageView, ...]
    notes: tuple[str, ...]
    kind: str = "gallery"


@dataclass(frozen=True, slots=True)
class ChartView:
    kind: str
    """``chart`` on screen, ``picture`` on paper."""
    anchor: str
    title: str
    alt: str
    notes: tuple[str, ...]
    height: int
    tables: tuple[TableView, ...]
    """The numbers behind it: unfolded by the reader on screen, in the picture's place where it failed."""
    failure: NoticeView | None = None
    figure: Markup | None = None
    """Plotly data and layout as JSON."""
    image: ImageView | None = None


@dataclass(frozen=True, slots=True)
class SectionView:
    anchor: str
    title: str
    question: str
    css: str
    blocks: tuple[View, ...]


@dataclass(frozen=True, slots=True)
class Scene:
    """What a medium adds to the blocks: how it makes tables and charts, and how long a cell's text may be."""

    tables: Callable[[Table, Scene], tuple[TableView, ...]]
    charts: Callable[[Chart, Scene], ChartView]
    cell_chars: int
    extra: Mapping[str, Any] = field(default_factory=dict)
    """What ``tables`` and ``charts`` of this medium need: figures, images, file names."""


def section_view(section: Section, scene: Scene, css: str = "") -> SectionView:
    blocks = tuple(view for block in section.blocks for view in views_of(block, scene))
    return SectionView(anchor("s", section.id), visible(section.title), visible(section.question), css, blocks)


def views_of(block: Block, scene: Scene) -> tuple[View, ...]:
    """``block`` as one view, or several where it is a table cut for paper."""
    match block:
        case Table():
            return scene.tables(block, scene)
        case Chart():
            return (scene.charts(block, scene),)
        case Paragraph():
            return (_paragraph(block),)
        case Prose():
            return (_prose(block),)
        case Tiles():
            return (TilesView(tuple(_tile(tile) for tile in block.tiles)),)
        case Verdict():
            return (_verdict(block),)
        case Notice():
            return (notice_view(block),)
        case Gallery():
            return (_gallery(block),)


def anchor(prefix: str, id: str) -> str:
    """The id of an element: never one that a name in the data could take, never one that needs escaping."""
    return f"{prefix}-{id if _ANCHOR.fullmatch(id) else slug(id)}"


def file_stem(id: str) -> str:
    """``id`` as a file name without its ending: itself when it is one already, else a slug of it."""
    return id if _STEM.fullmatch(id) and id not in _RESERVED else slug(id)


def run_view(run: RunLink) -> RunView:
    name = one_line(run.name, 200)
    short = visible(run.run_id)[:8]
    return RunView(name or short, short if name not in ("", short) and run.name != run.run_id else "", http_url(run.url))


def http_url(url: str | None) -> str | None:
    """``url`` without credentials when it is an absolute http or https address, else None."""
    if not url or any(ord(mark) <= 32 for mark in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return public_uri(without_user_info(url)) if parts.scheme in ("http", "https") and parts.netloc else None


def table_view(table: Table, scene: Scene, *, styles: Sequence[str] = (), css: str = "") -> TableView:
    """All of ``table``: every row and column, in its own order; ``styles`` are the widths of its columns."""
    styles = styles or [""] * len(table.columns)
    key = header_column(table)
    return TableView(
        kind="facts" if table.layout == "facts" else "table",
        anchor=anchor("t", table.id),
        title=visible(table.title),
        heads=tuple(
            head_view(column, style, is_key=at == key)
            for at, (column, style) in enumerate(zip(table.columns, styles, strict=True))
        ),
        rows=tuple(tuple(cells(table, row, scene.cell_chars)) for row in table.rows),
        notes=(*map(visible, table.notes), *n_rows_note(table), *shortened_note(table, scene)),
        css=css,
        sortable=table.sortable and len(table.rows) > 1,
        count=plural(len(table.rows), "row"),
    )


def head_view(column: Column, style: str = "", *, is_key: bool = False) -> HeadView:
    label = visible(column.label)
    return HeadView(
        label=label,
        pieces=tuple(_PIECE.findall(label)),
        css=f"{column_css(column.format)} key" if is_key else column_css(column.format),
        arrow=goal_arrow(column.goal),
        arrow_words=goal_words(column.goal).partition(" ")[2] if column.goal != "none" else "",
        note=visible(column.note),
        sort_as="number" if column.format in RIGHT | FIXED else "text",
        style=style,
    )


def column_css(format: Format) -> str:
    """``num`` (right-aligned figures), ``fix`` (never wraps), ``code`` or ``text``."""
    return "num" if format in RIGHT else "fix" if format in FIXED else "code" if format == "code" else "text"


def cells(table: Table, row: tuple[Cell, ...], most: int) -> list[CellView]:
    header = header_column(table)
    return [
        cell_view(cell, column, most, is_header=at == header)
        for at, (cell, column) in enumerate(zip(row, table.columns, strict=True))
    ]


def header_column(table: Table) -> int | None:
    """Which column names the row: the first one of runs, else the first of words; None when there is neither."""
    for wanted in ("run", "text"):
        for at, column in enumerate(table.columns):
            if column.format == wanted:
                return at
    return None


def cell_view(cell: Cell, column: Column, most: int, *, is_header: bool = False) -> CellView:
    how = cell.format or column.format
    digits = cell.digits if cell.digits is not None else column.digits
    full = text_of(cell.value, how, digits)
    # A word in a column of numbers keeps the column's alignment; digests in a column of words become code.
    css = [column_css(column.format), *(["code"] if how == "code" and column.format != "code" else [])]
    return CellView(
        text=shortened(full, most),
        css=" ".join(
            (*css, *([f"tone-{cell.tone}"] if cell.tone != "neutral" else []), *(["none"] if cell.value is None else []))
        ),
        sign=SIGNS[cell.tone],
        word=TONE_WORDS[cell.tone] if cell.tone != "best" or "best" not in cell.note else "",
        note=visible(cell.note),
        run=run_view(cell.value) if isinstance(cell.value, RunLink) else None,
        sort=sort_key(cell.value),
        is_header=is_header,
    )


def sort_key(value: Scalar) -> str | None:
    """A number as text for the page's sorting script; "" sorts last (missing and NaN); None means by the shown text."""
    if isinstance(value, Interval):
        return sort_key(value.value)
    if isinstance(value, datetime):
        return repr(value.timestamp())
    if isinstance(value, bool | int | float):
        return "" if math.isnan(value) else repr(float(value)).replace("inf", "Infinity")
    return "" if value is None else None


def shortened(text: str, most: int) -> str:
    """``text``, with an ellipsis when it is longer than ``most`` characters."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def shortened_note(table: Table, scene: Scene) -> tuple[str, ...]:
    """Says that values were cut for reading, and where they are whole."""
    n = sum(isinstance(cell.value, str) and len(text_of(cell.value)) > scene.cell_chars for row in table.rows for cell in row)
    return (f"{plural(n, 'long value')} shortened here; whole in {data_path(table)}.",) if n else ()


def n_rows_note(table: Table) -> tuple[str, ...]:
    if table.n_total is None or table.n_total <= len(table.rows):
        return ()
    return (f"{len(table.rows):,} of {plural(table.n_total, 'row')} shown.",)


def data_path(table: Table) -> str:
    """Where the bundle holds ``table`` as CSV."""
    return f"data/tables/{file_stem(table.id)}.csv"


def notice_view(notice: Notice) -> NoticeView:
    return NoticeView(
        title=visible(notice.title),
        text=visible(notice.text),
        todo=visible(notice.todo),
        slug=visible(notice.slug),
        sign=SIGNS[notice.tone] or "i",
        word=TONE_WORDS[notice.tone] or "note",
        css=f"tone-{notice.tone}",
    )


def _paragraph(block: Paragraph) -> ParagraphView:
    return ParagraphView(tuple(map(_span, block.spans)), f"tone-{block.tone}", SIGNS[block.tone], TONE_WORDS[block.tone])


def _span(span: Span) -> SpanView:
    return SpanView(visible(span.text), span.strong, run_view(span.run) if span.run else None)


def _prose(block: Prose) -> ProseView:
    return ProseView(markdown_markup(block.markdown), visible(block.source), "quoted" if block.quoted else "")


def _tile(tile: Tile) -> TileView:
    text = text_of(tile.value, tile.format, tile.digits)
    return TileView(
        label=visible(tile.label),
        text=shortened(text, 120),
        sign=SIGNS[tile.tone],
        word=TONE_WORDS[tile.tone],
        note=visible(tile.note),
        css=" ".join((f"tone-{tile.tone}", *(["words"] if len(text) > 11 else []))),
        run=run_view(tile.value) if isinstance(tile.value, RunLink) else None,
        change=_change(tile.change) if tile.change else None,
    )


def _change(change: Change) -> ChangeView:
    return ChangeView(
        arrow="▲" if change.delta > 0 else "▼" if change.delta < 0 else "=",
        text=text_of(change.delta, change.format, change.digits),
        word=CHANGE_WORDS.get(change.tone, ""),
        against=visible(change.against),
        css=f"tone-{change.tone}",
    )


def _verdict(block: Verdict) -> VerdictView:
    sign, word = OUTCOMES[block.outcome]
    tone = block.tone if block.tone != "neutral" else OUTCOME_TONES.get(block.outcome, "neutral")
    return VerdictView(
        visible(block.title),
        sign,
        word,
        visible(block.sentence),
        visible(block.rule),
        tuple(map(visible, block.caveats)),
        f"tone-{tone}",
    )


def _gallery(block: Gallery) -> GalleryView:
    images = tuple(
        ImageView(visible(image.title), png_uri(image.png), visible(image.alt), run_view(image.run) if image.run else None)
        for image in block.images
    )
    return GalleryView(visible(block.title), images, tuple(map(visible, block.notes)))


def png_uri(png: bytes) -> str:
    return data_uri("image/png", png)


def data_uri(media_type: str, data: bytes) -> str:
    import base64

    return f"data:{media_type};base64,{base64.b64encode(data).decode()}"
