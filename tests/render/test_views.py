"""Tables as a medium lays them out: which column names the row, formats of single cells, and what is said under a cut table."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reportgen.errors import RenderError
from reportgen.model import Cell, Column, Paragraph, RunLink, Section, Span, Table
from reportgen.render import RenderOptions
from reportgen.render.bundle import bundled
from reportgen.render.markup import name_markup
from reportgen.render.options import Draft
from reportgen.render.paper import paper_htmls, paper_medium
from reportgen.render.view import cell_text, header_column, table_view
from tests.render.example import report_with

TABLE = Table("t", "T", (Column("a", "A"),), tuple((Cell(f"row {n}"),) for n in range(5)))


def test_a_row_is_named_by_its_run_even_when_words_stand_before_it() -> None:
    columns = (Column("rank", "Rank", "integer"), Column("words", "Words"), Column("run", "Run", "run"))
    assert header_column(replace(TABLE, columns=columns)) == 2
    assert header_column(replace(TABLE, columns=columns[:2])) == 1
    assert header_column(replace(TABLE, columns=columns[:1])) is None
    row = (Cell(1), Cell("words"), Cell(RunLink("0123456789ab", "calm")))
    (cells,) = table_view(replace(TABLE, columns=columns, rows=(row,)), 80).rows
    assert [cell.is_header for cell in cells] == [False, False, True]


def test_a_cell_has_its_own_format_and_decimals_before_those_of_its_column() -> None:
    column = Column("a", "A", "number", digits=1)
    assert cell_text(Cell(0.25), column, 80) == "0.2"
    assert cell_text(Cell(0.25, digits=3), column, 80) == "0.250"
    assert cell_text(Cell(17.25, digits=0), column, 80) == "17"
    assert cell_text(Cell("x" * 9), Column("a", "A"), 5) == "xxxx…"


@pytest.mark.parametrize(("n_total", "notes"), [(None, ()), (4, ()), (5, ()), (6, ("5 of 6 rows shown.",))])
def test_rows_that_are_not_shown_are_counted(n_total: int | None, notes: tuple[str, ...]) -> None:
    assert table_view(replace(TABLE, n_total=n_total), 80).notes == notes


@pytest.mark.parametrize(
    ("files", "note"),
    [
        ({"data/tables/t.csv": b""}, "3 more rows in data/tables/t.csv, attached to this document."),
        ({}, "3 more rows not shown on paper."),
    ],
)
def test_rows_that_paper_leaves_out_are_counted_and_their_file_is_named(files: dict[str, bytes], note: str) -> None:
    draft = Draft(report_with(), None, RenderOptions(paper_rows=2), files=files)
    (view,) = paper_medium(draft).tables(TABLE)
    assert (len(view.rows), view.notes) == (2, (note,))


def test_two_files_that_differ_in_case_alone_are_refused() -> None:
    with pytest.raises(RenderError, match="differ only in case"):
        bundled(Draft(report_with(), None, RenderOptions(), files={"data/A.csv": b"", "data/a.csv": b""}), 0)


def test_the_next_section_begins_on_the_page_of_a_portfolio() -> None:
    words = (Paragraph((Span("words"),)),)
    first, other = Section("overview", "All", words, is_brief=True), Section("a-overview", "A", words)
    alone, among = (replace(report_with(), sections=(first, one)) for one in (other, replace(other, part="A")))
    assert 'brief flows"' not in paper_htmls(Draft(alone, None, RenderOptions()))[0]
    assert 'brief flows"' in paper_htmls(Draft(among, None, RenderOptions()))[0]


def test_a_long_name_breaks_behind_its_underscores() -> None:
    assert name_markup("short_name x_y") == "short_name x_y"
    assert name_markup("CRACK_20251222_171534_a<b") == "CRACK_<wbr>20251222_<wbr>171534_<wbr>a&lt;b"
