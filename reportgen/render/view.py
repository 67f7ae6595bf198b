"""Tables and charts as a template lays them out; every other block of the model goes to its template as it is.

Paper and screen differ in what a table or a chart can be (``Medium``), so that their views are made once for each medium:
texts, signs, classes and widths are decided here. The environment escapes every text.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from reportgen.formats import goal_arrow, goal_words, text_of, visible
from reportgen.model import (
    Block,
    Cell,
    Chart,
    Column,
    Figure,
    Findings,
    Format,
    Gallery,
    Interval,
    MicroChart,
    Notice,
    Paragraph,
    Prose,
    Row,
    RunLink,
    Scalar,
    Section,
    Table,
    Tiles,
    Verdict,
)
from reportgen.render.filters import shortened
from reportgen.render.names import anchor, data_path
from reportgen.render.signs import SIGNS, tone_word
from reportgen.render.walk import method_of
from reportgen.words import Words

RIGHT_ALIGNED: frozenset[Format] = frozenset(
    ("number", "integer", "percent", "change", "percent_change", "points", "p", "duration", "bytes", "estimate", "interval")
)
UNBROKEN: frozenset[Format] = frozenset(("time", "date"))
"""Formats whose text never wraps."""
_SORTED_BY_TEXT: frozenset[Format] = frozenset(
    ("number", "integer", "percent", "change", "percent_change", "points", "time", "date")
)
"""Formats whose text tells their order, in a table that is too large for a key in each cell."""
_PIECE = re.compile(r"[^_./:@-]*[_./:@-]+|[^_./:@-]+")


@dataclass(frozen=True, slots=True)
class CellView:
    text: str
    css: str
    sign: str
    word: str
    """The tone for who cannot see sign and colour."""
    note: str
    run: RunLink | None
    chart: MicroChart | None
    sort: str | None
    """Key for sorting on screen; None: by text."""
    is_header: bool


@dataclass(frozen=True, slots=True)
class HeadView:
    pieces: tuple[str, ...]
    """The label cut after ``_ . / : -``, where it may wrap."""
    css: str
    arrow: str
    arrow_words: str
    note: str
    sort_as: Literal["number", "text"]
    style: str
    """Its width on paper, its least width on screen; a CSS declaration."""


@dataclass(frozen=True, slots=True)
class TableView:
    kind: Literal["table", "facts"]
    """``facts``: two columns without a header."""
    anchor: str
    title: str
    heads: tuple[HeadView, ...]
    rows: tuple[tuple[CellView, ...], ...]
    notes: tuple[str, ...]
    css: str
    sortable: bool
    count: str
    """ "40 rows"."""
    part: str = ""
    """ "part 1 of 2" on paper, where a table is too wide for one piece."""
    is_large: bool = False
    """Screen: its rows are written short inside ``<noscript>``, and become elements when the table comes into sight."""
    has_ids: bool = False
    """Whether a column of its own holds the ids of runs."""


@dataclass(frozen=True, slots=True)
class WordView:
    """A text over a picture."""

    text: str
    style: str
    """CSS declarations: its place, size and colour; 1 em is 10 px of the picture."""


@dataclass(frozen=True, slots=True)
class ChartView:
    kind: Literal["chart", "picture"]
    """``chart`` on screen, ``picture`` on paper."""
    chart: Chart
    tables: tuple[TableView, ...]
    """The numbers behind it: unfolded by the reader on screen, in the picture's place where it failed."""
    figure: str | None = None
    """Screen: Plotly data and layout as JSON."""
    source: str = ""
    """The picture as a ``data:`` URI; on screen for where no script runs."""
    wordless: str = ""
    """Paper: the picture without ``words``; empty where there are none."""
    words: tuple[WordView, ...] = ()
    """Paper: what is set over the picture, because the letters of a picture are drawn one by one."""

    @property
    def failure(self) -> Notice | None:
        """What stands in the place of a picture that could not be drawn."""
        if self.figure is not None or self.source:
            return None
        say = Words()
        numbers = say("drawing-failed-table") if self.chart.table else say("drawing-failed-alone")
        return Notice("warning", say("drawing-failed"), numbers, slug="chart-failed")


@dataclass(frozen=True, slots=True)
class RowView:
    """Blocks beside each other."""

    kind: Literal["row"]
    cells: tuple[tuple[int, tuple[BlockView, ...]], ...]
    """(percent of the width, what stands there)."""


BlockView = TableView | ChartView | Figure | Paragraph | Prose | Tiles | Verdict | Notice | Gallery | Findings | RowView


@dataclass(frozen=True, slots=True)
class SectionView:
    anchor: str
    title: str
    question: str
    css: str
    blocks: tuple[BlockView, ...]
    method: tuple[str, ...] = ()


class Medium(Protocol):
    """What paper and screen do each in their own way."""

    @property
    def cell_chars(self) -> int:
        """Longest text of a cell; the rest is cut, and a note says where the whole is."""

    def tables(self, table: Table) -> tuple[TableView, ...]:
        """``table`` in one piece or several."""

    def chart(self, chart: Chart) -> ChartView: ...


def section_view(section: Section, medium: Medium, css: str = "") -> SectionView:
    blocks = tuple(view for block in section.blocks for view in block_views(block, medium))
    css = " ".join(word for word in ("brief" if section.is_brief else "", css) if word)
    return SectionView(anchor(section.id, "s"), section.title, section.question, css, blocks, method_of(section))


def block_views(block: Block, medium: Medium) -> tuple[BlockView, ...]:
    """``block`` as one view, or several where it is a table cut for paper."""
    match block:
        case Table():
            return medium.tables(block)
        case Chart():
            return (medium.chart(block),)
        case Row():
            shares = block.shares or (1,) * len(block.blocks)
            widths = (round(100 * share / sum(shares)) for share in shares)
            return (RowView("row", tuple(zip(widths, (block_views(one, medium) for one in block.blocks), strict=True))),)
        case _:
            return (block,)


def table_view(table: Table, cell_chars: int, *, styles: Sequence[str] = (), css: str = "", is_large: bool = False) -> TableView:
    """All of ``table``: every row and column, in its own order; ``styles`` are the widths of its columns."""
    styles = styles or [""] * len(table.columns)
    say, key = Words(), header_column(table)
    return TableView(
        kind="facts" if table.layout == "facts" else "table",
        anchor=anchor(table.id, "t"),
        title=table.title,
        heads=tuple(
            head_view(column, style, is_key=at == key, is_large=is_large)
            for at, (column, style) in enumerate(zip(table.columns, styles, strict=True))
        ),
        rows=tuple(
            tuple(
                cell_view(cell, column, cell_chars, is_header=at == key, is_large=is_large)
                for at, (cell, column) in enumerate(zip(row, table.columns, strict=True))
            )
            for row in table.rows
        ),
        notes=(*table.notes, *_rows_note(table), *_shortened_note(table, cell_chars)),
        css=css,
        sortable=table.sortable and len(table.rows) > 1,
        count=say("tables-rows", n=len(table.rows)),
        is_large=is_large,
        has_ids=any(column.key == "run_id" for column in table.columns),
    )


def head_view(column: Column, style: str, *, is_key: bool, is_large: bool = False) -> HeadView:
    numbers = RIGHT_ALIGNED if is_large else RIGHT_ALIGNED | UNBROKEN  # times sort as words, too
    css = column_css(column.format)
    return HeadView(
        pieces=tuple(_PIECE.findall(visible(column.label))),
        css=f"{css} key" if is_key else css,
        arrow=goal_arrow(column.goal),
        arrow_words=goal_words(column.goal).partition(" ")[2] if column.goal != "none" else "",
        note=column.note,
        sort_as="number" if column.format in numbers else "text",
        style=style,
    )


def column_css(format: Format) -> str:
    """``num`` (right-aligned figures), ``fix`` (never wraps), ``code`` or ``text``."""
    return "num" if format in RIGHT_ALIGNED else "fix" if format in UNBROKEN else "code" if format == "code" else "text"


def header_column(table: Table) -> int | None:
    """Which column names the row: the first one of runs, else the first of words; None when there is neither."""
    for wanted in ("run", "text"):
        for at, column in enumerate(table.columns):
            if column.format == wanted:
                return at
    return None


def cell_view(cell: Cell, column: Column, cell_chars: int, *, is_header: bool = False, is_large: bool = False) -> CellView:
    # A word in a column of numbers keeps the column's alignment; digests in a column of words become code.
    css = [column_css(column.format)]
    if cell.format == "code" and column.format != "code":
        css.append("code")
    if cell.tone != "neutral":
        css.append(f"tone-{cell.tone}")
    if cell.value is None:
        css.append("drawn" if cell.chart else "none")
    return CellView(
        text=cell_text(cell, column, cell_chars),
        css=" ".join(css[1:] if is_large else css),
        sign=SIGNS[cell.tone],
        word=tone_word(cell.tone) if cell.tone != "best" or "best" not in cell.note else "",
        note=cell.note,
        run=cell.value if isinstance(cell.value, RunLink) else None,
        chart=cell.chart,
        sort=None if is_large and column.format in _SORTED_BY_TEXT else sort_key(cell.value),
        is_header=is_header,
    )


def cell_text(cell: Cell, column: Column, most: int) -> str:
    """The value of ``cell`` in its own format or that of ``column``, with an ellipsis after ``most`` characters; none beside a picture."""
    if cell.value is None and cell.chart is not None:
        return ""
    digits = cell.digits if cell.digits is not None else column.digits
    return shortened(text_of(cell.value, cell.format or column.format, digits), most)


def sort_key(value: Scalar) -> str | None:
    """A number as text for the page's sorting script; "" sorts last (missing and NaN); None means by the shown text."""
    if isinstance(value, Interval):
        return sort_key(value.value)
    if isinstance(value, datetime):
        return repr(value.timestamp())
    if isinstance(value, bool | int | float):
        return "" if math.isnan(value) else repr(float(value)).replace("inf", "Infinity")
    return "" if value is None else None


def _rows_note(table: Table) -> tuple[str, ...]:
    if table.n_total is None or table.n_total <= len(table.rows):
        return ()
    say = Words()
    return (say("tables-rows-shown", shown=len(table.rows), n=table.n_total),)


def _shortened_note(table: Table, cell_chars: int) -> tuple[str, ...]:
    """Says that values were cut for reading, and where they are whole."""
    n = sum(isinstance(cell.value, str) and len(text_of(cell.value)) > cell_chars for row in table.rows for cell in row)
    say = Words()
    return (say("tables-long-values", n=n, path=data_path(table)),) if n else ()
