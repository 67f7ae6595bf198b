"""Tables made small enough to be read, and nothing lost: columns without a difference, long values, too many columns."""

from __future__ import annotations

import re

import pytest

from reportgen.model import Cell, Column, RunLink, Section, Table
from reportgen.render import RenderOptions, bundle_of
from reportgen.render.compact import compacted
from reportgen.render.paper import Paper
from reportgen.render.widths import PORTRAIT_DENSE, demands, parts_of, tightened
from tests.render.example import report_with

PAPER = Paper({}, 400, frozenset(), landscape=False)


def table(columns: dict[str, list[object]], format: str = "code") -> Table:
    heads = tuple(Column(name, name, "run" if name == "run" else format) for name in columns)  # type: ignore[arg-type]
    cells = zip(*columns.values(), strict=True)
    return Table("best", "Best", heads, tuple(tuple(Cell(value) for value in row) for row in cells))  # type: ignore[arg-type]


RUNS: list[object] = [RunLink(str(i), f"r{i}") for i in range(4)]


def test_a_column_without_a_difference_is_said_once() -> None:
    small = compacted(table({"run": RUNS, "arch": ["LSTM"] * 4, "lr": ["1", "2", "3", "4"], "note": [None] * 4}), 40)
    assert [column.label for column in small.columns] == ["run", "lr"]
    assert small.notes == ("Same in all 4 rows: arch LSTM. No value: note.",)
    assert all(len(row) == 2 for row in small.rows)


def test_what_stands_out_or_names_the_rows_stays_a_column() -> None:
    whole = table({"run": RUNS, "arch": ["LSTM"] * 4})
    assert compacted(whole, 40) == whole
    two = table({"run": RUNS[:2], "arch": ["LSTM"] * 2, "lr": ["1", "2"]})
    assert compacted(two, 40) == two
    bad = table({"run": RUNS, "state": ["FAILED"] * 4, "lr": ["1", "2", "3", "4"]})
    rows = tuple((row[0], Cell("FAILED", "bad"), row[2]) for row in bad.rows)
    kept = compacted(Table("best", "Best", bad.columns, rows), 40)
    assert [column.label for column in kept.columns] == ["run", "state", "lr"]


def test_a_parameter_has_four_digits_as_long_as_values_differ() -> None:
    small = compacted(table({"run": RUNS[:3], "lr": ["0.0033719426492637605", "8.44415141566e-05", "0.1"]}), 40)
    assert [row[1].value for row in small.rows] == ["0.003372", "8.444e-05", "0.1"]
    assert small.notes == ("Long values are shortened; whole in data/tables/best.csv.",)
    alike = table({"run": RUNS[:2], "lr": ["0.0033719426492637605", "0.0033719426492637606"]})
    assert compacted(alike, 40) == alike


@pytest.mark.parametrize(
    "value", ["a1b2c3d4e5f60718293a4b5c6d7e8f9012345678", "20261130", "1234567.5", "s3://bucket/" + "x" * 60]
)
def test_digests_whole_numbers_and_paths_stay_whole(value: str) -> None:
    whole = table({"run": RUNS[:1], "v": [value]})
    assert compacted(whole, 30).rows[0][1].value == value


def test_lists_and_dictionaries_lose_their_middle_and_stay_different() -> None:
    lists = [str([f"{name}_{i}" for i in range(20)]) for name in ("flow", "flow", "rain")]
    small = compacted(table({"run": RUNS[:3], "variables": lists}), 40)
    short = [str(row[1].value) for row in small.rows]
    assert len(set(short)) == 2
    assert all(len(text) <= 40 and "…" in text for text in short)
    near = ["[" + ", ".join(f"a{i}" for i in range(60)).replace("a30", mark) + "]" for mark in ("x", "y")]
    assert len({str(row[1].value) for row in compacted(table({"run": RUNS[:2], "v": near}), 40).rows}) == 2


def test_a_few_columns_too_many_are_left_to_the_data_and_named() -> None:
    columns = {"run": RUNS} | {f"parameter_{i}": [f"value{i}{k}xxxx" for k in range(4)] for i in range(10)}
    (view,) = PAPER.tables(table(columns))
    left = next(note for note in view.notes if note.startswith("Not on paper"))
    assert re.fullmatch(r"Not on paper: .*parameter_9; in data/tables/best\.csv\.", left)
    assert not view.part
    assert 7 <= len(view.heads) < 11


def test_no_part_of_a_table_is_nearly_empty() -> None:
    columns = {"run": RUNS} | {f"parameter_{i}": [f"value{i}{k}xxxx" for k in range(4)] for i in range(40)}
    whole = table(columns)
    parts = parts_of(whole, tightened(demands(whole, 240)), landscape=False)
    sizes = [len(part) - 1 for part in parts]
    assert sum(sizes) == 40
    assert min(sizes) >= max(sizes) / 2
    assert all(PORTRAIT_DENSE.room([tightened(demands(whole, 240))[i] for i in part]) >= 0 for part in parts)


def test_the_data_file_has_what_the_page_folds() -> None:
    folded = table({"run": RUNS, "arch": ["LSTM"] * 4, "lr": ["0.0033719426492637605", "2", "3", "4"]})
    files = bundle_of(report_with(*Section("a", "A", (folded,)).blocks), None, RenderOptions(formats=("data", "html"))).files
    html = files["report.html"].decode()
    assert "Same in all 4 rows: arch LSTM." in html
    assert "0.0033719426492637605" not in html
    assert b"arch" in files["data/tables/best.csv"]
    assert b"0.0033719426492637605" in files["data/tables/best.csv"]
