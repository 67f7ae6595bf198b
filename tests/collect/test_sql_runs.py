"""Runs of a database in columns: the same tables from whole tables, from chunks of runs, and row by row."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from reportgen.collect import Selection, collect
from reportgen.collect.sql import source as sql_module
from reportgen.collect.sql.sqlite import SqliteDatabase
from tests.collect.stores import content, insert_runs
from tests.collect.test_sqlite import sql, uri

N = 40


@pytest.fixture
def mixed(store: Path) -> Path:
    """Runs of two experiments, some deleted, with tags that belong into their rows, and inputs."""
    sql(
        store,
        "INSERT INTO experiments (experiment_id, name, lifecycle_stage, workspace) VALUES (1, 'other', 'active', 'default')",
    )
    ids = [*insert_runs(store, N, ("loss", "acc")), *insert_runs(store, N // 2, experiment="1")]
    with closing(sqlite3.connect(store)) as connection, connection:
        tag = "INSERT INTO tags (run_uuid, key, value) VALUES (?, ?, ?)"
        for at, run in enumerate(ids):
            if at % 3 == 0:
                connection.execute("UPDATE runs SET name = '', user_id = NULL, source_name = 'row.py' WHERE run_uuid = ?", (run,))
                connection.execute(tag, (run, "mlflow.user", "tagged"))
            if at % 4 == 0:
                connection.executemany(tag, [(run, "mlflow.parentRunId", ids[0]), (run, "mlflow.source.name", "tag.py")])
            if at % 5 == 0:
                connection.executemany(tag, [(run, "null", None), (run, "empty", "")])
                connection.execute("DELETE FROM params WHERE run_uuid = ?", (run,))
            if at % 7 == 0:
                connection.execute("UPDATE runs SET lifecycle_stage = 'deleted' WHERE run_uuid = ?", (run,))
            if at % 8 == 0:
                connection.execute(
                    "INSERT INTO datasets (dataset_uuid, experiment_id, name, digest, dataset_source_type, dataset_source) VALUES (?, 0, ?, 'd', 't', 's')",
                    (f"d{at}", f"n{at}"),
                )
                connection.execute(
                    "INSERT INTO inputs (input_uuid, source_type, source_id, destination_type, destination_id) VALUES (?, 'DATASET', ?, 'RUN', ?)",
                    (f"i{at}", f"d{at}", run),
                )
            connection.execute(tag, (run, f"k{at}", "v" * at))
    return store  # fmt: skip


def expected(store: Path, deleted: bool) -> dict[str, list[tuple[Any, ...]]]:
    """(experiment, run, key, value) of params and tags by Python alone."""
    where = "" if deleted else "WHERE r.lifecycle_stage = 'active'"
    with closing(sqlite3.connect(store)) as connection:
        return {
            table: sorted(
                connection.execute(
                    f"SELECT CAST(r.experiment_id AS TEXT), r.run_uuid, t.key, ifnull(t.value, '') "
                    f"FROM {table} t JOIN runs r USING (run_uuid) {where}"
                )
            )
            for table in ("params", "tags")
        }


@pytest.mark.parametrize("deleted", [False, True])
@pytest.mark.parametrize("experiments", [("*",), ("other",)])
def test_whole_tables_and_chunks_of_runs_give_the_same(
    mixed: Path, monkeypatch: pytest.MonkeyPatch, deleted: bool, experiments: tuple[str, ...]
) -> None:
    selection = Selection(experiments=experiments, deleted=deleted)
    by_run = collect(uri(mixed), selection)
    monkeypatch.setattr(sql_module, "_N_RUNS_DETAILS", 7)
    many = collect(uri(mixed), selection)  # whole tables for all runs, chunks of seven and more for a third of them
    monkeypatch.setattr(sql_module, "_MAX_ROWS_AT_ONCE", 10)
    too_many = collect(uri(mixed), selection)
    for other in (many, too_many):
        assert content(other) == content(by_run)
        assert other.ledger == by_run.ledger
        assert other.problems == by_run.problems == ()
    if experiments == ("*",):
        assert {name: content(many)[name] for name in ("params", "tags")} == expected(mixed, deleted)
    runs = {row["run_id"]: row for row in many.runs.to_pylist()}
    tags = {(row["run_id"], row["key"]): row["value"] for row in many.tags.to_pylist()}
    for run, row in runs.items():
        assert row["parent_run_id"] == tags.get((run, "mlflow.parentRunId"))
        assert row["name"] == tags[run, "mlflow.runName"]
        assert row["user"] == tags.get((run, "mlflow.user"), "ann")
        assert row["source_name"] == tags.get((run, "mlflow.source.name"), "row.py" if row["user"] == "tagged" else "")


def test_most_runs_take_few_statements(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    insert_runs(store, 1500, n_steps=1)
    sent: list[str] = []
    arrow = SqliteDatabase._arrow

    def noted(self: SqliteDatabase, statement: str) -> Any:
        sent.append(statement)
        return arrow(self, statement)

    monkeypatch.setattr(SqliteDatabase, "_arrow", noted)
    assert collect(uri(store), Selection()).params.num_rows == 1500

    def about(table: str) -> Sequence[str]:
        return [statement for statement in sent if f'FROM "{table}"' in statement]

    assert len(about("params")) == 3  # the last row, counts and rows
    assert len(about("tags")) == 5  # the same, and those of report runs and of evaluations
    assert not any('run_uuid" IN' in statement for table in ("params", "tags") for statement in about(table))


def test_a_torn_page_of_params_costs_only_its_runs(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sql_module, "_N_RUNS_DETAILS", 50)
    insert_runs(store, 600, n_steps=1)
    with closing(sqlite3.connect(store)) as connection:
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        pages = connection.execute(
            "SELECT pageno FROM dbstat WHERE name = 'params' AND pagetype = 'leaf' ORDER BY pageno"
        ).fetchall()
    with store.open("r+b") as file:
        file.seek((pages[len(pages) // 2][0] - 1) * size)
        file.write(b"\xaa" * size)
    snapshot = collect(uri(store), Selection())
    lost = {problem.where for problem in snapshot.problems if problem.slug == "run-unreadable"}
    assert 0 < len(lost) < 300
    assert snapshot.runs.num_rows == snapshot.params.num_rows == 600 - len(lost)
    assert not any(row.unexplained for row in snapshot.ledger)
