"""The report on paper, as HTML for WeasyPrint: the same blocks, with widths, parts and pictures instead of scripts.

A table that does not fit on an upright page gets smaller type, then a landscape section when it is long, else it is cut
into parts that each repeat the column which names the row. Sections turn as a whole, and the first never does: page 1
is the page that the lead reads. ``paper_rows`` and ``RenderOptions.paper_rows`` limit rows; what is left out is counted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reportgen.model import Chart, Paragraph, Section, Span, Table
from reportgen.render.common_sections import sections_of
from reportgen.render.compact import compacted
from reportgen.render.environment import environment_of, rendered
from reportgen.render.filters import data_uri
from reportgen.render.html import context_of, page_of
from reportgen.render.names import data_path
from reportgen.render.options import Draft
from reportgen.render.view import ChartView, TableView, WordView, section_view, table_view
from reportgen.render.walk import blocks_of, method_of, of_kind
from reportgen.render.widths import PORTRAIT_DENSE, Demand, demands, parts_of, shares, sheet_for, tightened, wants_landscape
from reportgen.words import Words

if TYPE_CHECKING:
    from reportgen.charts.paper import ChartImage
    from reportgen.charts.picture import Text

CELL_CHARS = 240
_CODE_CHARS = 40
"""Longest value of a parameter in a cell."""
MOST_DROPPED = 3
"""At most a third of the columns is left to the data file; a table that is wider still comes in parts."""
_MEDIA_TYPES = {"svg": "image/svg+xml", "png": "image/png"}


@dataclass(frozen=True, slots=True)
class Paper:
    """Tables and charts on pages of one orientation."""

    images: Mapping[str, ChartImage]
    """Chart id → its picture; a chart that failed is not in it."""
    most_rows: int
    """No table is longer than this."""
    files: Collection[str]
    """Paths in the bundle, among them the data files that are attached."""
    landscape: bool
    cell_chars: int = CELL_CHARS

    def tables(self, table: Table) -> tuple[TableView, ...]:
        """``table`` cut to its rows on paper, in one piece or in parts that fit the page."""
        table, left_out = self._with_fewer_rows(_without_screen_columns(table))
        table = compacted(table, _CODE_CHARS)
        if table.layout == "facts":
            styles = ["width:24%"] + ["width:76%"] * (len(table.columns) - 1)
            return (table_view(table, self.cell_chars, styles=styles),)
        wanted = demands(table, self.cell_chars)
        if sheet_for(wanted, landscape=self.landscape) is None:
            wanted = tightened(wanted)
        table, dropped = self._with_fewer_columns(table, wanted)
        if dropped:
            wanted = tightened(demands(table, self.cell_chars))
            say = Words()
            left_out = (*left_out, say("tables-left-to-data", names=say.listed(dropped), path=data_path(table)))
        sheet = sheet_for(wanted, landscape=self.landscape)
        if sheet:
            views = [table_view(table, self.cell_chars, styles=shares(table.columns, wanted, sheet), css=sheet.css)]
        else:
            views = self._parts(table)
        views[-1] = replace(views[-1], notes=(*left_out, *views[-1].notes))
        return tuple(replace(view, sortable=False) for view in views)

    def chart(self, chart: Chart) -> ChartView:
        image = self.images.get(chart.id)
        if image:
            source, wordless = (
                data_uri(data, _MEDIA_TYPES[image.format]) if data else "" for data in (image.data, image.wordless)
            )
            words = tuple(_word_view(text, image) for text in image.words)
            return ChartView("picture", chart, (), source=source, wordless=wordless, words=words)
        return ChartView("picture", chart, self.tables(chart.table) if chart.table else ())

    def _with_fewer_columns(self, table: Table, wanted: Sequence[Demand]) -> tuple[Table, list[str]]:
        """``table`` without its last columns where a few of them are all that keeps it from fitting, and their names."""
        if sheet_for(wanted, landscape=self.landscape) is not None:
            return table, []
        most = max(1, len(wanted) // MOST_DROPPED)
        for n in range(len(wanted) - 1, max(len(wanted) - most - 1, 2), -1):
            if sheet_for(wanted[:n], landscape=self.landscape) is not None:
                rows = tuple(row[:n] for row in table.rows)
                return replace(table, columns=table.columns[:n], rows=rows), [column.label for column in table.columns[n:]]
        return table, []

    def _parts(self, table: Table) -> list[TableView]:
        wanted = tightened(demands(table, self.cell_chars))
        say, parts = Words(), parts_of(table, wanted, landscape=self.landscape)
        views = []
        for n, part in enumerate(parts, 1):
            chosen = [wanted[at] for at in part]
            sheet = sheet_for(chosen, landscape=self.landscape) or PORTRAIT_DENSE
            piece = replace(
                table,
                id=table.id if n == 1 else f"{table.id}-part-{n}",
                columns=tuple(table.columns[at] for at in part),
                rows=tuple(tuple(row[at] for at in part) for row in table.rows),
                notes=table.notes if n == len(parts) else (),
                n_total=table.n_total if n == len(parts) else None,
            )
            views.append(
                replace(
                    table_view(piece, self.cell_chars, styles=shares(piece.columns, chosen, sheet), css=sheet.css),
                    part=say("tables-part", n=n, parts=len(parts)),
                )
            )
        return views

    def _with_fewer_rows(self, table: Table) -> tuple[Table, tuple[str, ...]]:
        most = min(table.paper_rows or len(table.rows), self.most_rows)
        n_more = len(table.rows) - most
        if n_more <= 0:
            return table, ()
        path = data_path(table)
        say = Words()
        note = say("tables-more-attached", n=n_more, path=path) if path in self.files else say("tables-more-not-shown", n=n_more)
        return replace(table, rows=table.rows[:most]), (note,)


def paper_htmls(draft: Draft) -> list[str]:
    """The document, and, when sections of it lie on landscape pages, the same with all pages upright.

    Nothing in it has to be fetched. The second is for when turning the paper leaves a page nearly empty.
    """
    sections = _for_paper(sections_of(draft, draft.problems, on_paper=True), frozenset(draft.files))
    wide = [at > 0 and _is_wide(section) for at, section in enumerate(sections)]
    turned = [_html(draft, sections, wide)] if any(wide) else []
    return [*turned, _html(draft, sections, [False] * len(sections))]


def _html(draft: Draft, sections: tuple[Section, ...], wide: list[bool]) -> str:
    upright, turned = paper_medium(draft), paper_medium(draft, landscape=True)
    # A portfolio is as long as its list of projects: the next section begins on its page.
    flows = any(section.part for section in sections)
    views = tuple(
        replace(section_view(section, turned if turn else upright, _classes(turn, before, flows=flows)), method=())
        for section, turn, before in zip(sections, wide, [False, *wide], strict=False)
    )
    page = replace(page_of(draft, sections, views, "paper"), methods=tuple(_methods(sections)))
    return rendered(environment_of(draft.options.template_dirs, draft.options.brand), "paper.html.j2", context_of(page))


def _for_paper(sections: Iterable[Section], files: Collection[str]) -> tuple[Section, ...]:
    """``sections`` without what is looked up and not read; the last one says in one line where that is."""
    kept: list[Section] = []
    left_out: list[Table] = []
    for section in sections:
        blocks = tuple(block for block in section.blocks if not isinstance(block, Table) or block.on_paper)
        gone = [block for block in of_kind(section.blocks, Table) if not block.on_paper and block.rows]
        left_out += gone
        # A lead without its table leads nowhere.
        if not gone or len(blocks) > 1 or not all(isinstance(block, Paragraph) for block in blocks):
            kept.append(replace(section, blocks=blocks))
    if left_out and kept:
        names = dict.fromkeys(table.title or table.id for table in left_out)
        say = Words()
        words = say(
            "brief-in-files",
            attached=str(any(data_path(t) in files for t in left_out)),
            n=len(names),
            names=say("list-separator").join(names),
        )
        kept[-1] = replace(kept[-1], blocks=(*kept[-1].blocks, Paragraph((Span(words),), "muted")))
    return tuple(kept)


def _methods(sections: Iterable[Section]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """How the numbers of each section are made; a sentence that an earlier section has is not said again."""
    told: set[str] = set()
    for section in sections:
        own = tuple(sentence for sentence in method_of(section) if sentence not in told)
        told.update(own)
        if own:
            yield section.title, own


def _classes(turn: bool, before: bool, *, flows: bool) -> str:
    """Of a section: whether it lies on landscape pages, whether a new page must begin where that changes, or need not after page 1."""
    return " ".join(name for name, on in (("landscape", turn), ("turned", turn != before), ("flows", flows)) if on)


def _is_wide(section: Section) -> bool:
    return any(wants_landscape(table, CELL_CHARS) for table in of_kind(blocks_of(section.blocks), Table))


def _word_view(text: Text, image: ChartImage) -> WordView:
    """``text`` as a line whose end at the anchor and whose baseline lie where the picture has them."""
    x = 100 * text.x / image.width
    side, origin = {
        "start": (f"left:{x:.3f}%", "0"),
        "middle": (f"left:{x - 50:.3f}%;width:100%;text-align:center", "50%"),
        "end": (f"right:{100 - x:.3f}%", "100%"),
    }[text.anchor]
    place = f"{side};bottom:{100 - 100 * text.y / image.height:.3f}%"
    bold = ";font-weight:bold" if text.is_bold else ""
    tilt = f";transform:rotate({-text.tilt:g}deg);transform-origin:{origin} 100%" if text.tilt else ""
    return WordView(text.text, f"{place};font-size:{text.size / 10:g}em;color:{text.color}{bold}{tilt}")


def _without_screen_columns(table: Table) -> Table:
    kept = [at for at, column in enumerate(table.columns) if column.on_paper]
    if len(kept) == len(table.columns):
        return table
    rows = tuple(tuple(row[at] for at in kept) for row in table.rows)
    return replace(table, columns=tuple(table.columns[at] for at in kept), rows=rows)


def paper_medium(draft: Draft, *, landscape: bool = False) -> Paper:
    """How the blocks of ``draft`` are shown, on upright pages or turned ones."""
    return Paper(draft.images, draft.options.paper_rows, frozenset(draft.files), landscape)
