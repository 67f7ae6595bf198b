"""What tells that a SQLite store is as it was: a stamp of the file, and marks of the histories in it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest

from reportgen.collect import Reading, Selection, collect
from reportgen.collect.source import Mark, is_sqlite_file, opened
from reportgen.collect.sql import history as sql_history
from reportgen.collect.sql import point_counts
from tests.collect.stores import START, insert_runs
from tests.collect.test_sqlite import WRITER, child, sql, uri


def stamp(store: Path) -> str:
    with closing(opened(uri(store), Reading())) as source:
        return source.stamp()


def marks(store: Path, ids: list[str]) -> Mapping[str, Mark]:
    with closing(opened(uri(store), Reading())) as source:
        source.runs(source.experiments()["experiment_id"].to_pylist())
        return source.marks(ids)


# --- the stamp ---


def test_a_stamp_stays_until_somebody_writes(store: Path) -> None:
    (run,) = insert_runs(store, 1)
    first = stamp(store)
    assert first
    assert stamp(store) == first
    collect(uri(store), Selection())
    assert stamp(store) == first
    before = store.stat()
    sql(store, f"UPDATE metrics SET value = 9 WHERE run_uuid = '{run}' AND step = 1")
    os.utime(store, ns=(before.st_atime_ns, before.st_mtime_ns))  # within the grain of the clock, as it were
    assert store.stat().st_size == before.st_size
    assert stamp(store) not in (first, "")


def test_a_stamp_is_of_the_moment_of_opening(store: Path) -> None:
    (run,) = insert_runs(store, 1)
    first = stamp(store)
    with closing(opened(uri(store), Reading())) as source:
        sql(store, f"UPDATE metrics SET value = 9 WHERE run_uuid = '{run}'")
        assert source.stamp() == first
    assert stamp(store) != first


def test_a_store_with_a_log_has_no_stamp_while_it_is_in_use(store: Path) -> None:
    insert_runs(store, 1)
    with child(WRITER, str(store)):
        assert stamp(store) == ""  # with the log, and somebody who has it open
    assert stamp(store) == ""  # with the log
    sql(store, "PRAGMA wal_checkpoint(TRUNCATE)")
    assert stamp(store) == ""  # merged just now
    old = store.stat().st_mtime_ns - 60 * 10**9
    os.utime(store, ns=(old, old))
    assert stamp(store)


def test_a_store_with_a_journal_has_no_stamp(store: Path) -> None:
    insert_runs(store, 1)
    holding = """
        import sqlite3, sys
        connection = sqlite3.connect(sys.argv[1], isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("UPDATE runs SET name = 'changed'")
        print("ready", flush=True)
        sys.stdin.readline()
    """
    with child(holding, str(store)):
        assert stamp(store) == ""


# --- marks ---


def test_a_mark_changes_with_the_points_of_its_run_and_with_nothing_else(store: Path) -> None:
    ids = insert_runs(store, 50, ("a", "b"), 4)
    first = marks(store, ids)
    assert set(first) == set(ids)
    assert {(mark.n_points, mark.n_series) for mark in first.values()} == {(8, 2)}
    run, other, gone = ids[7], ids[8], ids[9]
    late = f"INSERT INTO metrics (run_uuid, key, value, timestamp, step, is_nan) VALUES ('{run}', 'a', 5, {START - 1}, -7, 0)"
    sql(store, late, f"UPDATE runs SET name = 'x' WHERE run_uuid = '{ids[3]}'", f"INSERT INTO tags VALUES ('k', 'v', '{ids[3]}')")
    sql(store, f"DELETE FROM metrics WHERE run_uuid = '{gone}'")
    second = marks(store, ids)
    assert {id_ for id_ in ids if second[id_].value != first[id_].value} == {run, gone}
    assert second[run].n_points == 9
    assert second[gone].n_points == 0
    assert marks(store, [other, "unknown"]) == {other: first[other], "unknown": Mark("0-0-0", 0, 0)}


def test_a_point_in_the_place_of_another_changes_the_mark(store: Path) -> None:
    ids = insert_runs(store, 2, ("a",), 5)
    first = marks(store, ids)
    row = f"SELECT rowid FROM metrics WHERE run_uuid = '{ids[0]}' AND step = 2"
    sql(store, f"DELETE FROM metrics WHERE rowid = ({row})")
    sql(store, f"INSERT INTO metrics (run_uuid, key, value, timestamp, step, is_nan) VALUES ('{ids[0]}', 'a', 5, 1, 2, 0)")
    second = marks(store, ids)
    assert second[ids[0]].n_points == first[ids[0]].n_points
    assert second[ids[0]].value != first[ids[0]].value
    assert second[ids[1]] == first[ids[1]]


def test_marks_in_many_statements_are_those_in_one(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = insert_runs(store, 130, ("a", "b"), 7)
    whole = marks(store, ids)
    for module in (sql_history, point_counts):
        monkeypatch.setattr(module, "MAX_COUNTED", 60)
    assert marks(store, ids) == whole


def test_a_store_without_an_index_on_the_run_has_a_stamp_but_no_marks(store: Path) -> None:
    ids = insert_runs(store, 3)
    sql(store, "DROP INDEX index_metrics_run_uuid", "DROP INDEX index_metrics_run_uuid_key_step")
    assert marks(store, ids) == {}
    assert stamp(store)


# --- paths ---


def test_what_is_no_path_is_no_sqlite_file() -> None:
    assert not is_sqlite_file(Path("a\0b"))
