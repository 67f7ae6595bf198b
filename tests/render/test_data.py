"""data/: what a spreadsheet, a script and a rebuild get."""

from __future__ import annotations

import csv
import io
import json
import math
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reportgen.model import Cell, Column, Interval, RunLink, Table
from reportgen.publish.folder import reserved, written
from reportgen.render import RenderOptions, bundle_of
from reportgen.render.data import csv_bytes, inert
from reportgen.render.plain import plain
from reportgen.snapshot import History, Snapshot, SourceInfo, empty_snapshot, table_of
from tests.render.example import example_report, report_with


def small_snapshot() -> Snapshot:
    runs = table_of("runs", {"experiment_id": ["1", "1"], "run_id": ["b", "a"], "name": ["two", "one"], "start_time": [2, 1]})
    return empty_snapshot(SourceInfo("sqlite", "sqlite:///mlflow.db", "3.17.2"), runs=runs, read_seconds=1.5)


def rows_of(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode())))


def table(columns: tuple[Column, ...], *rows: tuple[object, ...]) -> Table:
    return Table("t", "T", columns, tuple(tuple(Cell(value) for value in row) for row in rows))  # type: ignore[arg-type]


def test_csv_holds_values_not_texts() -> None:
    columns = (
        Column("run", "Run", "run"),
        Column("acc", "Accuracy", "percent"),
        Column("ci", "Interval", "interval"),
        Column("at", "At", "time"),
    )
    made = table(
        columns,
        (RunLink("ff01", "bold"), 0.123456789012, Interval(0.5, 0.4, None, 3), datetime(2026, 11, 20, 1, 2, 3, tzinfo=UTC)),
        (None, math.nan, None, None),
        (RunLink("ff02", ""), -math.inf, Interval(None, None, None, 0), None),
    )
    assert rows_of(csv_bytes(made)) == [
        ["run", "run_id", "acc", "ci", "ci_low", "ci_high", "ci_n", "at"],
        ["bold", "ff01", "0.123456789012", "0.5", "0.4", "", "3", "2026-11-20T01:02:03+00:00"],
        ["", "", "NaN", "", "", "", "", ""],
        ["", "ff02", "-Infinity", "", "", "", "0", ""],
    ]


def test_csv_columns_are_unique() -> None:
    made = table((Column("run", "Run", "run"), Column("run_id", "Id")), (RunLink("ff", "n"), "x"))
    assert rows_of(csv_bytes(made))[0] == ["run", "run_id", "run_id_"]


@pytest.mark.fault("A text in a CSV file begins like a formula", "It is quoted; numbers stay numbers.", at="text")
@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("\t=1+1", "'\t=1+1"),
        ("＝1+1", "'＝1+1"),
        ('"=1+1', "'\"=1+1"),
        ("\ufeff@SUM(1)", "'\ufeff@SUM(1)"),
        ("-0.001", "-0.001"),
        ("+1.5e-3", "+1.5e-3"),
        ("-rf", "'-rf"),
        ("\r\nx", "'\r\nx"),
        ("plain = text", "plain = text"),
        ("", ""),
    ],
)
def test_no_cell_is_a_formula(text: str, shown: str) -> None:
    assert inert(text) == shown


def test_hostile_texts_are_inert_in_csv(hostile: dict[str, str]) -> None:
    made = table((Column("a", "A"),), *((text,) for text in hostile.values()))
    rows = rows_of(csv_bytes(made))[1:]
    assert len(rows) == len(hostile)
    for row in rows:
        bare = unicodedata.normalize("NFKC", row[0]).lstrip(' \t\r\n"\ufeff')
        assert not bare.startswith(("=", "+", "-", "@")) or math.isfinite(float(row[0]))


def test_report_json_is_strict_and_whole() -> None:
    report = example_report()
    found = json.loads(
        bundle_of(report, None, RenderOptions(formats=("data",))).files["report.json"],
        parse_constant=lambda word: pytest.fail(f"{word} is not JSON"),
    )
    assert found["schema"] == "reportgen-report/1"
    kinds = {block["kind"] for section in found["report"]["sections"] for block in section["blocks"]}
    assert kinds == {"paragraph", "prose", "tiles", "table", "chart", "verdict", "notice", "gallery"}
    tiles = found["report"]["sections"][0]["blocks"][0]["tiles"]
    assert tiles[0]["value"] == 0.93412
    assert tiles[6]["value"] == "NaN"
    assert tiles[7]["value"] is None


def test_plain_refuses_what_a_report_does_not_hold() -> None:
    with pytest.raises(TypeError, match="a report holds no complex"):
        plain(1j)
    assert plain([math.inf, -math.inf, "bad\ud800end", b"ab"]) == ["Infinity", "-Infinity", "bad\\u{d800}end", "YWI="]


def test_snapshot_in_the_bundle_can_be_loaded_again(tmp_path: Path) -> None:
    snapshot = small_snapshot()
    files = bundle_of(report_with(), snapshot, RenderOptions(formats=("data",))).files
    for path, data in files.items():
        if path.startswith("data/") and path.count("/") == 1:
            (tmp_path / Path(path).name).write_bytes(data)
    again = Snapshot.load(tmp_path)
    assert again.digest() == snapshot.digest()
    assert again.read_seconds == 0.0


def test_every_table_has_its_file() -> None:
    files = bundle_of(example_report(), None, RenderOptions(formats=("data",))).files
    ids = ("comparison", "what-differs", "leaderboard", "curves-numbers", "runs")
    assert {path for path in files if path.startswith("data/")} == {f"data/tables/{id_}-0123456789.csv" for id_ in ids} | {
        "data/tables/ledger.csv"
    }
    assert len(rows_of(files["data/tables/runs-0123456789.csv"])) == 121


def test_a_history_larger_than_memory_travels_as_a_file_and_gives_the_same_bundle(tmp_path: Path) -> None:
    points = {"experiment_id": ["1"] * 4, "run_id": ["a", "a", "b", "b"], "metric": ["acc"] * 4, "step": [0, 1, 0, 1]}
    table = table_of("history", points | {"timestamp": [1, 2, 3, 4], "value": [0.1, 0.2, math.nan, math.inf]})
    in_memory = replace(small_snapshot(), history=History(table))
    in_memory.save(tmp_path / "saved")
    loaded = Snapshot.load(tmp_path / "saved")
    assert loaded.history.on_disk
    small = bundle_of(example_report(), in_memory, RenderOptions(formats=("data",)))
    large = bundle_of(example_report(), loaded, RenderOptions(formats=("data",), scratch=tmp_path))
    assert isinstance(large.files["data/history.parquet"], Path)
    assert large.digest == small.digest
    with reserved(tmp_path / "out", "weekly") as folder:
        written(large, folder, "2026-11-21")
        assert written(small, folder, "2026-11-21").state == "unchanged"
    assert Snapshot.load(tmp_path / "out" / "weekly" / "latest" / "data").digest() == in_memory.digest()
