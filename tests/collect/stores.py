"""A rich store, logged through MLflow's own client, and the words to compare what readers make of it."""

from __future__ import annotations

import hashlib
import math
import sqlite3
import time
import warnings
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from reportgen.snapshot import Snapshot

START = 1_760_000_000_000
N_LONG = 26_000
"""More points than one answer of a server holds (25,000)."""


@dataclass
class RichStore:
    """Ids of what was logged, by name."""

    experiments: dict[str, str] = field(default_factory=dict)
    runs: dict[str, str] = field(default_factory=dict)


def filled(client: Any, n_long: int = N_LONG) -> RichStore:
    """Logs every kind of content that a report may meet; all times but those of the registry are fixed."""
    from mlflow.entities import Metric

    store = RichStore()
    train = client.create_experiment("alpha/train", tags={"mlflow.note.content": "About *alpha*.", "team": "α"})
    other = client.create_experiment("βeta ünïcode 実験")
    empty = client.create_experiment("empty")
    gone = client.create_experiment("gone")
    store.experiments = {"alpha/train": train, "βeta ünïcode 実験": other, "empty": empty, "gone": gone}

    def run(name: str, experiment: str, start: int, **tags: str) -> str:
        made = client.create_run(experiment, start_time=START + start, run_name=name, tags={"mlflow.user": "ann", **tags})
        store.runs[name] = made.info.run_id
        return str(made.info.run_id)

    def points(run_id: str, metric: str, rows: list[tuple[int, int, float]]) -> None:
        for begin in range(0, len(rows), 1000):
            batch = [Metric(metric, value, START + time, step) for step, time, value in rows[begin : begin + 1000]]
            client.log_batch(run_id, metrics=batch)

    def end(run_id: str, at: int, status: str = "FINISHED") -> None:
        client.set_terminated(run_id, status=status, end_time=START + at)

    a = run("a", train, 0, **{"mlflow.source.name": "train.py", "api_key": "sk-123", "variant": "A"})
    points(a, "loss", [(s, 1000 + s * 10, 1 / (s + 1)) for s in range(300)])
    points(a, "odd", [(0, 1, math.nan), (1, 2, math.inf), (2, 3, -math.inf), (3, 4, math.nan), (-5, 5, 1.0), (2**40, 6, 2.0)])
    points(a, "twice", [(1, 10, 5.0), (1, 10, 4.0), (1, 11, 3.0), (1, 9, math.nan), (2, 20, -1.0), (2, 20, math.nan)])
    points(a, "late", [(5, 50, 5.0), (6, 60, 6.0)])
    points(a, "late", [(1, 70, 1.0)])
    points(a, "val/acc top-1.é", [(s, s, s / 10) for s in range(10)])
    points(a, "integral", [(0, 0, 3.0), (1, 1, 4.0)])
    for key, value in {"lr": "0.1", "note": "x'y\"z\\ %_ 日本", "long": "p" * 5000, "db_password": "hunter2"}.items():
        client.log_param(a, key, value)
    client.set_tag(a, "mlflow.note.content", "# A\nhttp://bob:pw@host/x")
    end(a, 9_000)

    b = run("b", train, 60_000, variant="B")
    points(b, "loss", [(s, 2000 + s * 10, 2 / (s + 1)) for s in range(280)])
    points(b, "long", long_series(n_long))
    client.log_param(b, "lr", "0.01")
    end(b, 69_000, "FAILED")

    parent = run("parent", other, 120_000)
    child = run("child", other, 121_000, **{"mlflow.parentRunId": parent})
    run("grandchild", other, 122_000, **{"mlflow.parentRunId": child})
    points(child, "fold", [(0, 0, 0.25)])
    client.log_param(child, "kern", "rbf")
    run("bare", other, 123_000)

    deleted = run("deleted", train, 200_000)
    points(deleted, "loss", [(0, 0, 9.0), (1, 1, 8.0)])
    client.log_param(deleted, "lr", "9")
    client.delete_run(deleted)

    report = run("report", train, 300_000, **{"reportgen.report": "weekly"})
    points(report, "n_runs", [(0, 0, 2.0)])
    buried = run("buried", gone, 400_000)
    points(buried, "loss", [(0, 0, 7.0)])
    client.delete_experiment(gone)
    _log_inputs_and_models(client, store)
    return store


def long_series(n: int) -> list[tuple[int, int, float]]:
    """Step, time after ``START`` and value of each point of the metric ``long``."""
    return [(step, step, math.sin(step)) for step in range(n)]


def _log_inputs_and_models(client: Any, store: RichStore) -> None:
    from mlflow.entities import Dataset, DatasetInput, InputTag

    a, b, train = store.runs["a"], store.runs["b"], store.experiments["alpha/train"]
    first = Dataset("wine", "d1", "http", '{"url": "https://host/wine.csv"}', '{"columns": []}', '{"num_rows": 3}')
    second = Dataset("wine", "d2", "local", '{"path": "wine2.csv"}')
    client.log_inputs(a, [DatasetInput(first, [InputTag("mlflow.data.context", "training")]), DatasetInput(second, [])])
    client.log_inputs(b, [DatasetInput(first, [InputTag("mlflow.data.context", "eval")])])
    logged = client.create_logged_model(train, name="net", source_run_id=a, tags={"flavour": "x"})
    client.finalize_logged_model(logged.model_id, "READY")
    client.create_registered_model("ranker", tags={"owner": "ann"}, description="ranks")
    client.create_registered_model("unused")
    for run in (a, b):
        client.create_model_version("ranker", f"{client.get_run(run).info.artifact_uri}/model", run, tags={"approved": "no"})
    client.set_registered_model_alias("ranker", "champion", "1")
    client.set_registered_model_alias("ranker", "best", "1")
    client.set_registered_model_alias("ranker", "challenger", "2")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # stages are deprecated, and still in use
        client.transition_model_version_stage("ranker", "1", "Production")
    client.create_model_version("unused", f"{client.get_run(a).info.artifact_uri}/old", a)
    client.delete_model_version("unused", "1")
    time.sleep(0.01)


def content(snapshot: Snapshot) -> dict[str, list[tuple[Any, ...]]]:
    """Every table as comparable rows: NaN as a word, times as milliseconds, without the name of the store."""
    tables = dict(snapshot.tables()) | {"history": snapshot.history.table()}
    return {name: rows_of(table.drop_columns(["source"]) if name == "experiments" else table) for name, table in tables.items()}


def rows_of(table: pa.Table) -> list[tuple[Any, ...]]:
    columns = [
        column.cast(pa.int64()) if pa.types.is_timestamp(column.type) else column
        for column in (c.cast(c.type.value_type) if pa.types.is_dictionary(c.type) else c for c in table.columns)
    ]
    return [tuple(_comparable(value) for value in row) for row in zip(*(c.to_pylist() for c in columns), strict=True)]


def _comparable(value: Any) -> Any:
    if isinstance(value, float) and math.isnan(value):
        return "nan"
    return tuple(value) if isinstance(value, list) else value


def insert_runs(
    path: Path, n_runs: int, metrics: Sequence[str] = ("loss",), n_steps: int = 3, *, experiment: str = "0"
) -> list[str]:
    """Puts finished runs into an SQLite store behind MLflow's back, which is fast; their ids."""
    ids = [hashlib.md5(f"{experiment}-{number}".encode()).hexdigest() for number in range(n_runs)]
    with closing(sqlite3.connect(path)) as connection, connection:
        for number, run_id in enumerate(ids):
            connection.execute(
                "INSERT INTO runs (run_uuid, name, status, start_time, end_time, lifecycle_stage, experiment_id, user_id, artifact_uri) "
                "VALUES (?, ?, 'FINISHED', ?, ?, 'active', ?, 'ann', '')",
                (run_id, f"run-{number}", START + number, START + number + 500, experiment),
            )
            connection.execute("INSERT INTO params (run_uuid, key, value) VALUES (?, 'lr', ?)", (run_id, str(number)))
            connection.execute(
                "INSERT INTO tags (run_uuid, key, value) VALUES (?, 'mlflow.runName', ?)", (run_id, f"run-{number}")
            )
            for metric in metrics:
                rows = [(run_id, metric, step / 7 + number, START + step, step) for step in range(n_steps)]
                connection.executemany(
                    "INSERT INTO metrics (run_uuid, key, value, timestamp, step, is_nan) VALUES (?, ?, ?, ?, ?, 0)", rows
                )
                connection.execute(
                    "INSERT INTO latest_metrics (run_uuid, key, value, timestamp, step, is_nan) VALUES (?, ?, ?, ?, ?, 0)",
                    rows[-1],
                )
    return ids
