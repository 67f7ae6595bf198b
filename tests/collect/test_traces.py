"""Traces that MLflow's own client logged, into every kind of store; what was asked and answered stays there."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Collection, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pytest

from reportgen.collect import Selection, collect
from reportgen.collect.model_metrics import Place, rest_model_metrics
from reportgen.collect.traces import rest_row
from reportgen.snapshot import Snapshot
from tests.collect.test_shared_stores import STORES
from tests.collect.traced import ANSWER, QUESTION
from tests.servers import DatabaseServer, MlflowServer

LOGGED = {  # name -> status, in a run, tokens
    "decorated": ("OK", False, (None, None, None)),
    "failing": ("ERROR", False, (5, 2, 7)),
    "free": ("OK", False, (20, 2, 22)),
    "in-run": ("OK", True, (10, 2, 12)),
}
WITH_TRACES = sorted(name for name, store in STORES.items() if (store["counts"] or {}).get("traces"))


def logged_to(uri: str, folder: Path, name: str = "traced.py") -> str:
    """``uri`` once the script ``name`` has logged to its store; the client leaves what it makes beside it in ``folder``."""
    quiet = {"MLFLOW_DISABLE_TELEMETRY": "true", "MLFLOW_ALLOW_FILE_STORE": "true", "PYTHONWARNINGS": "ignore"}
    script = Path(__file__).with_name(name)
    root = str(Path(__file__).parents[2])
    environment = {**os.environ, **quiet, "PYTHONPATH": root}
    subprocess.run([sys.executable, str(script), uri], check=True, capture_output=True, env=environment, cwd=folder, timeout=120)
    return uri


@pytest.fixture(scope="module")
def sqlite_uri(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("traced")
    return logged_to(f"sqlite:///{folder}/mlflow.db", folder)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    at = tmp_path_factory.mktemp("traced")
    return logged_to(f"{at}/mlruns", at)


@pytest.fixture(scope="module")
def from_database(sqlite_uri: str) -> Snapshot:
    return collect(sqlite_uri, Selection())


def check(snapshot: Snapshot) -> None:
    rows = {row["name"]: row for row in snapshot.traces.to_pylist()}
    found = {
        name: (row["status"], row["run_id"] != "", (row["input_tokens"], row["output_tokens"], row["total_tokens"]))
        for name, row in rows.items()
    }
    assert found == LOGGED
    assert rows["in-run"]["run_id"] in snapshot.runs["run_id"].to_pylist()
    assert all(row["duration_ms"] >= 0 and row["start_time"].year >= 2026 for row in rows.values())
    books = [row for row in snapshot.ledger if row.item == "traces"]
    assert [(row.experiment, row.n_store, row.n_read, row.left_out) for row in books] == [("chat", 5, 4, (("deleted", 1),))]
    assert QUESTION not in repr(snapshot.traces.to_pylist())
    assert ANSWER not in repr(snapshot.traces.to_pylist())
    assert not [problem for problem in snapshot.problems if "traces" in problem.slug or "metrics" in problem.slug]


def check_models(snapshot: Snapshot) -> None:
    (model,) = [row for row in snapshot.models.to_pylist() if row["kind"] == "logged"]
    rows = snapshot.model_metrics.to_pylist()
    assert {(row["model_id"], row["experiment_id"]) for row in rows} == {(model["version"], model["experiment_id"])}
    assert [(r["metric"], r["step"], repr(r["value"])) for r in rows] == [
        ("acc", 1, "0.5"),
        ("acc", 2, "0.75"),
        ("dipped", 0, "nan"),  # a database stores 0; the run's own metric is marked as NaN
        ("dipped", 1, "0.0"),
        ("dipped", 2, "1.0"),
        ("diverged", 3, "nan"),
        ("zero", 3, "0.0"),
    ]
    books = [row for row in snapshot.ledger if row.item == "model_metrics"]
    assert [(row.n_store, row.n_read, row.left_out) for row in books] == [(7, 7, ())]


def test_a_database(from_database: Snapshot) -> None:
    check(from_database)
    check_models(from_database)
    rows = {row["name"]: row for row in from_database.traces.to_pylist()}
    assert [(name, rows[name]["cost"], rows[name]["model"]) for name in sorted(rows)] == [
        ("decorated", None, ""),
        ("failing", 0.003, "gpt-x"),
        ("free", 0.003, "gpt-x"),
        ("in-run", 0.003, "gpt-x"),
    ]


def test_a_folder(folder: str) -> None:
    snapshot = collect(folder, Selection())
    check(snapshot)
    check_models(snapshot)


@pytest.mark.server
@pytest.mark.slow
def test_postgresql(postgres: DatabaseServer, tmp_path: Path) -> None:
    snapshot = collect(logged_to(postgres.create("traced"), tmp_path), Selection())
    check(snapshot)
    check_models(snapshot)


@pytest.mark.server
@pytest.mark.slow
def test_a_server_tells_what_its_database_holds(
    sqlite_uri: str, from_database: Snapshot, mlflow_server: Callable[[str], MlflowServer]
) -> None:
    url = mlflow_server(sqlite_uri).url
    snapshot = collect(url, Selection())
    check(snapshot)
    check_models(snapshot)
    check_models(collect(url, Selection(experiments=("chat",), with_history=False)))
    without_models = [{**row, "model": ""} for row in from_database.traces.to_pylist()]
    assert snapshot.traces.to_pylist() == without_models  # a server names the language models in spans only


@pytest.mark.server
@pytest.mark.slow
def test_every_page_of_a_server_is_read(sqlite_uri: str, tmp_path: Path, mlflow_server: Callable[[str], MlflowServer]) -> None:
    n_more = 1203
    path = tmp_path / "many.db"
    path.write_bytes(Path(sqlite_uri.removeprefix("sqlite:///")).read_bytes())
    with closing(sqlite3.connect(path)) as db, db:
        (id_,) = db.execute("SELECT experiment_id FROM experiments WHERE name = 'chat'").fetchone()
        rows = [(f"tr-{i:06d}", id_, 1_760_000_000_000 + i // 3, i, "OK") for i in range(n_more)]
        db.executemany(
            "INSERT INTO trace_info (request_id, experiment_id, timestamp_ms, execution_time_ms, status) VALUES (?, ?, ?, ?, ?)",
            rows,
        )
    uri = f"sqlite:///{path}"
    own, served = collect(uri, Selection()), collect(mlflow_server(uri).url, Selection())
    assert own.traces.num_rows == served.traces.num_rows == n_more + 4
    assert served.traces.drop_columns("model") == own.traces.drop_columns("model")


def test_a_zero_of_a_model_that_may_be_nan_is_left_out_and_said() -> None:
    metrics = [{"key": "m", "value": value, "timestamp": 1, "step": step, "run_id": run} for run, step, value in ZEROS]
    found = rest_model_metrics([{"info": {"experiment_id": "1", "model_id": "m-1"}, "data": {"metrics": metrics}}], told_of_run_a)
    rows = [(row["run_id"], row["step"], repr(row["value"])) for row in found.table.to_pylist()]
    assert rows == [("a", 0, "0.0"), ("a", 1, "nan"), ("b", 3, "0.5")]
    assert found.n_unreadable == {"1": 1}
    (problem,) = found.problems
    assert problem.what == (
        "its metrics could be read in part only: 1 values are left out: the server writes 0 for NaN, and the histories that "
        "tell which it is cannot be read"
    )


ZEROS = (("a", 0, 0), ("a", 1, 0.0), ("b", 2, 0.0), ("b", 3, 0.5))


def told_of_run_a(places: Collection[Place]) -> dict[Place, bool]:
    assert set(places) == {("a", "m", 0, 1), ("a", "m", 1, 1), ("b", "m", 2, 1)}
    return {("a", "m", 0, 1): False, ("a", "m", 1, 1): True}


def test_a_window_is_for_traces_without_a_run_too(sqlite_uri: str) -> None:
    snapshot = collect(sqlite_uri, Selection(end=datetime(2020, 1, 1, tzinfo=UTC)))
    assert snapshot.traces.num_rows == 0
    (row,) = [row for row in snapshot.ledger if row.item == "traces"]
    assert (row.n_store, row.n_read, row.left_out) == (5, 0, (("deleted", 1), ("outside the window", 4)))


def test_traces_of_deleted_runs_come_with_them(sqlite_uri: str) -> None:
    snapshot = collect(sqlite_uri, Selection(deleted=True))
    assert "of a deleted run" in snapshot.traces["name"].to_pylist()


def test_a_damaged_trace_costs_only_itself(tmp_path: Path, folder: str) -> None:
    copy = tmp_path / "mlruns"
    shutil.copytree(folder, copy)
    victim = sorted(copy.glob("*/traces/*"))[0]
    (victim / "trace_info.yaml").write_text("{ not yaml")
    snapshot = collect(str(copy), Selection(deleted=True))
    (row,) = [row for row in snapshot.ledger if row.item == "traces"]
    assert (row.n_store, row.n_read, row.left_out) == (5, 4, (("unreadable", 1),))
    (problem,) = [problem for problem in snapshot.problems if problem.slug == "traces-unreadable"]
    assert problem.what.startswith(f"its traces cannot be read: 1 of 5, for one {victim.name}: it is not whole YAML")


@pytest.mark.skipif(not WITH_TRACES, reason="the collection of real stores is not here")
@pytest.mark.parametrize("name", WITH_TRACES)
def test_real_stores_hold_as_many_as_were_counted(name: str, shared_store: Callable[[str], Path]) -> None:
    at = shared_store(name)
    uri = f"sqlite:///{at}/mlflow.db" if (at / "mlflow.db").exists() else f"{at}/mlruns"
    snapshot = collect(uri, Selection(deleted=True))
    assert snapshot.traces.num_rows == STORES[name]["counts"]["traces"]


@pytest.mark.parametrize(
    ("info", "expected"),
    [
        ({"request_id": "a", "experiment_id": "1", "timestamp_ms": "5", "execution_time_ms": 7, "status": "OK"}, (5, 7, "OK")),
        (
            {"trace_id": "a", "request_time": "1970-01-01T00:00:01.5Z", "execution_duration": "1.265s", "state": "OK"},
            (1500, 1265, "OK"),
        ),
        ({"trace_id": "a", "request_time": "yesterday", "execution_duration": "soon", "state": None}, (None, None, "")),
        ({"trace_id": "a", "timestamp_ms": True, "execution_time_ms": 2**70}, (None, None, "")),
        ({"trace_id": "a", "trace_metadata": {"mlflow.trace.tokenUsage": '{"input_tok'}}, (None, None, "")),
        ({"trace_id": "a", "tags": "text", "trace_location": 3}, (None, None, "")),
    ],
)
def test_whatever_a_server_says(info: Mapping[str, Any], expected: tuple[object, ...]) -> None:
    row = rest_row(info)
    assert (row["trace_id"], row["input_tokens"]) == ("a", None)
    assert (row.get("start_time"), row.get("duration_ms"), row["status"]) == expected


def test_a_column_that_is_empty_at_first_is_read_to_its_end(sqlite_uri: str, tmp_path: Path) -> None:
    """SQLite's Arrow driver takes the type of a column from its first 65,536 rows."""
    n = 66_000
    path = tmp_path / "late.db"
    shutil.copy(sqlite_uri.removeprefix("sqlite:///"), path)
    with closing(sqlite3.connect(path)) as db, db:
        (id_,) = db.execute("SELECT experiment_id FROM experiments WHERE name = 'chat'").fetchone()
        rows = ((f"a-{i:06d}", id_, i, "OK", "late" if i == n - 1 else None, 0.5 if i == n - 1 else None) for i in range(n))
        db.executemany(
            "INSERT INTO trace_info (request_id, experiment_id, timestamp_ms, status, trace_name, total_cost) VALUES (?, ?, ?, ?, ?, ?)",
            rows,
        )
    table = collect(f"sqlite:///{path}", Selection()).traces
    assert table.num_rows == n + 4
    assert table.filter(pc.equal(table["name"], "late")).select(["trace_id", "cost"]).to_pylist() == [
        {"trace_id": f"a-{n - 1:06d}", "cost": 0.5}
    ]
