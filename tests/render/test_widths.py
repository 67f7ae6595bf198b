"""How wide columns want to be: what must not break inside a word."""

from __future__ import annotations

from reportgen.formats import text_of
from reportgen.model import Cell, Column, Format, RunLink, Table
from reportgen.render.filters import run_name, short_id
from reportgen.render.widths import demands, naming_columns, sheet_for, tightened


def need(column: Column, *values: str) -> float:
    (demand,) = demands(Table("t", "T", (column,), tuple((Cell(value),) for value in values)), 80)
    return demand.need


def test_a_word_of_a_cell_stays_whole_where_no_browser_would_break_it() -> None:
    """Also of a row that is longer than nearly all others."""
    short = ["lr"] * 20
    assert need(Column("param", "P", "code"), *short, "trial_number") == len("trial_number")
    assert need(Column("param", "P", "code"), *short, "one/two-three") == len("three")


def test_capitals_are_wider_than_the_average_character() -> None:
    assert need(Column("status", "S", "status"), "RUNNING") > len("RUNNING") + 1


def test_headers_are_bold() -> None:
    assert need(Column("param", "trial_number", "code"), "1") > 1.05 * len("number")


def test_the_note_under_a_header_has_room_for_its_words() -> None:
    note: Format = "number"
    assert need(Column("sd", "sd", note, note="between runs")) > 0.85 * len("between")
    assert need(Column("sd", "sd", note)) < 5


def test_a_run_that_is_called_by_its_id_is_told_once() -> None:
    run = RunLink("534760aa0123", "534760aa")
    assert (run_name(run), short_id(run)) == (text_of(run), "")
    assert short_id(RunLink("534760aa0123", "calm")) == "534760aa"


def test_before_a_table_is_cut_into_parts_its_names_may_break() -> None:
    columns = tuple(Column(f"param:{i}", "trial_number", "code") for i in range(16))
    wanted = demands(Table("t", "T", columns, ((*(Cell("1") for _ in columns),),)), 80)
    assert sheet_for(wanted, landscape=False) is None
    assert sheet_for(tightened(wanted), landscape=False) is not None


def test_a_part_names_its_rows_by_as_many_columns_as_it_takes() -> None:
    columns = (Column("metric", "Metric"), Column("group", "Group"), Column("note", "Note"), Column("n", "n", "integer"))
    rows = tuple((Cell(metric), Cell(group), Cell("same"), Cell(1)) for metric in ("f1", "loss") for group in ("x", "y"))
    assert naming_columns(Table("t", "T", columns, rows)) == (0, 1)
    assert naming_columns(Table("t", "T", columns, rows[::2])) == (0,)
    assert naming_columns(Table("t", "T", columns, rows * 2)) == (0,)
