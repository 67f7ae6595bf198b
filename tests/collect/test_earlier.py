"""What is read of runs from before the window: last values by every reader, chosen by the filter, in no books and no ids mixed up."""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from reportgen.collect import Selection, collect
from reportgen.collect import Store as Source
from reportgen.snapshot import Snapshot
from tests.collect.file_stores import Store, allowed_file_store, run_id
from tests.servers import MlflowServer

START = datetime(2026, 11, 14, tzinfo=UTC)
WEEK = Selection(start=START, end=START + timedelta(days=7), earlier=START - timedelta(weeks=16))


def logged_to(path: str) -> str:
    """One run in the week, three before it (one failed, one NaN, one deleted), one too long ago; ``path`` again."""
    from mlflow import MlflowClient

    client = MlflowClient(path)
    experiment = client.create_experiment("nightly")
    ages = {"now": -1, "failed": 3, "nan": 10, "gone": 11, "ancient": 500}
    for name, days in ages.items():
        at = round((START - timedelta(days=days)).timestamp() * 1000)
        run = client.create_run(experiment, start_time=at, run_name=name, tags={"kind": "gone" if name == "gone" else "real"})
        id_ = run.info.run_id
        client.log_param(id_, "depth", "3")
        client.log_param(id_, "password", "hunter2")
        client.log_metric(id_, "acc", math.nan if name == "nan" else 0.5, timestamp=at, step=0)
        client.log_metric(id_, "acc", math.nan if name == "nan" else 0.75, timestamp=at, step=5)
        client.set_terminated(id_, "FAILED" if name == "failed" else "FINISHED", end_time=at + 1000)
        if name == "gone":
            client.delete_run(id_)
    return path


@pytest.fixture(scope="module")
def uri(tmp_path_factory: pytest.TempPathFactory) -> str:
    return logged_to(f"sqlite:///{tmp_path_factory.mktemp('earlier')}/mlflow.db")


def told(snapshot: Snapshot) -> dict[str, Mapping[str, Any]]:
    rows = {row["name"]: row for row in snapshot.earlier.to_pylist()}
    assert len(rows) == snapshot.earlier.num_rows
    return rows


def test_last_values_of_the_time_before_and_of_nothing_else(uri: str) -> None:
    snapshot = collect(uri, WEEK)
    assert [row["name"] for row in snapshot.runs.to_pylist()] == ["now"]
    found = told(snapshot)
    assert sorted(found) == ["failed", "nan"]
    assert found["failed"]["metrics"] == [("acc", 0.75)]
    assert found["failed"]["status"] == "FAILED"
    assert math.isnan(dict(found["nan"]["metrics"])["acc"])
    assert dict(found["nan"]["params"]) == {"depth": "3", "password": "[redacted]"}
    assert snapshot.history.n_points == 2
    (books,) = [row for row in snapshot.ledger if row.item == "runs" and row.experiment == "nightly"]
    assert (books.n_store, books.n_read, dict(books.left_out)) == (5, 1, {"deleted": 1, "outside the window": 3})


def test_the_filter_chooses_them_too_and_without_earlier_there_are_none(uri: str) -> None:
    assert sorted(told(collect(uri, replace(WEEK, filter="attributes.status = 'FINISHED'")))) == ["nan"]
    assert collect(uri, replace(WEEK, earlier=None)).earlier.num_rows == 0
    assert collect(uri, replace(WEEK, start=None, end=None)).earlier.num_rows == 0


def test_a_saved_snapshot_holds_them(uri: str, tmp_path: Path) -> None:
    snapshot = collect(uri, WEEK)
    snapshot.save(tmp_path)
    loaded = Snapshot.load(tmp_path)
    assert loaded.earlier.equals(snapshot.earlier) or str(loaded.earlier.to_pylist()) == str(snapshot.earlier.to_pylist())
    assert loaded.digest() == snapshot.digest() == json.loads((tmp_path / "manifest.json").read_text())["digest"]
    assert snapshot.digest() != replace(snapshot, earlier=snapshot.earlier.slice(0, 1)).digest()


def test_a_server_tells_the_same(uri: str, mlflow_server: Callable[[str], MlflowServer]) -> None:
    there = collect(mlflow_server(uri).url, WEEK)
    here = collect(uri, WEEK)
    assert str(there.earlier.to_pylist()) == str(here.earlier.to_pylist())


def without_ids(snapshot: Snapshot) -> list[dict[str, Any]]:
    rows = [dict(row) for row in told(snapshot).values()]
    return sorted(({k: v for k, v in row.items() if k not in ("run_id", "experiment_id")} for row in rows), key=str)


def own_tags_left_out(rows: list[dict[str, Any]]) -> str:
    """As text, because NaN is not itself; MLflow's own tags name the machine that logged."""
    return str([row | {"tags": [pair for pair in row["tags"] if not pair[0].startswith("mlflow.")]} for row in rows])


def the_same_is_told(there: str, uri: str) -> None:
    """Of ``there``, which ``logged_to`` filled, as of the store at ``uri``: with and without a filter, and in the books."""
    for text in ("", "attributes.status = 'FINISHED' and tags.kind = 'real' and params.depth = '3'", "metrics.acc > 0.7"):
        asked = replace(WEEK, filter=text)
        found, expected = collect(there, asked), collect(uri, asked)
        assert own_tags_left_out(without_ids(found)) == own_tags_left_out(without_ids(expected))
        books = [
            [(row.n_store, row.n_read, row.left_out) for row in one.ledger if row.experiment == "nightly" and row.item == "runs"]
            for one in (found, expected)
        ]
        assert books[0] == books[1]
        assert found.problems == expected.problems or {p.slug for p in found.problems} == {p.slug for p in expected.problems}
    assert sorted(told(collect(there, WEEK))) == ["failed", "nan"]


def test_a_folder_tells_the_same(uri: str, tmp_path: Path) -> None:
    with allowed_file_store():
        logged_to(f"{tmp_path}/mlruns")
    the_same_is_told(f"{tmp_path}/mlruns", uri)


@pytest.mark.server
@pytest.mark.parametrize("server", ["mariadb", "postgres"])
def test_a_database_tells_the_same(uri: str, server: str, request: pytest.FixtureRequest) -> None:
    the_same_is_told(logged_to(request.getfixturevalue(server).create("earlier")), uri)


def test_ids_of_several_stores_are_kept_apart(uri: str, tmp_path: Path) -> None:
    from mlflow import MlflowClient

    other = f"sqlite:///{tmp_path}/mlflow.db"
    MlflowClient(other).create_experiment("other")
    snapshot = collect([Source("prod", uri), Source("lab", other)], WEEK)
    assert {row["experiment_id"] for row in snapshot.earlier.to_pylist()} == {"prod:1"}


def test_damage_before_the_window_is_told(tmp_path: Path) -> None:
    store = Store(tmp_path / "mlruns")
    store.experiment()
    at = round(START.timestamp() * 1000)
    store.run(1, start_time=at + 1, files={"metrics/acc": "1 0.5 0\n"})
    linked = store.run(2, start_time=at - 1, files={"metrics/acc": "1 0.5 0\n", "params/depth": "3"})
    (linked / "params" / "depth").unlink()
    (linked / "params" / "depth").symlink_to(tmp_path / "elsewhere")
    shut = store.run(3, start_time=at - 2, files={"metrics/acc": "1 0.5 0\n"})
    shutil.rmtree(shut / "metrics")
    (shut / "metrics").symlink_to(tmp_path)
    snapshot = collect(str(store.root), WEEK)
    assert snapshot.runs.num_rows == 1
    said = {
        problem.where.split()[1].strip(","): problem for problem in snapshot.problems if problem.slug == "earlier-run-unreadable"
    }
    assert "1 params cannot be read" in said[run_id(2)].what
    assert run_id(3) in said
    assert not [problem for problem in snapshot.problems if problem.severity == "gap"]
