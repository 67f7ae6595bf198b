"""Stores that other people committed, from MLflow 1.11 to 3.14: every count right, and not a byte changed."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reportgen.collect import Selection, collect
from reportgen.errors import SourceError
from tests.collect.conftest import SHARED

MANIFEST = SHARED / "stores" / "MANIFEST.json"
STORES: dict[str, Any] = {store["id"]: store for store in json.loads(MANIFEST.read_text())["stores"]} if MANIFEST.exists() else {}
SQLITE = sorted(name for name, store in STORES.items() if store["kind"] == "sqlite" and name.startswith("db-"))


def files(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


@pytest.mark.skipif(not SQLITE, reason="the collection of real stores is not here")
@pytest.mark.parametrize("name", SQLITE)
def test_every_count_is_right_and_no_byte_is_changed(name: str, shared_store: Callable[[str], Path]) -> None:
    folder, expected = shared_store(name), STORES[name]["counts"]
    before = files(folder)
    snapshot = collect(f"sqlite:///{folder}/mlflow.db", Selection(deleted=True))
    assert files(folder) == before
    lifecycles = Counter(snapshot.runs["lifecycle"].to_pylist())
    kinds = Counter(snapshot.models["kind"].to_pylist())
    stages = Counter(r["stage"] or "None" for r in snapshot.models.to_pylist() if r["kind"] == "version")
    found = {
        "experiments": snapshot.experiments.num_rows,
        "experiments_deleted": Counter(snapshot.experiments["lifecycle"].to_pylist())["deleted"],
        "runs_active": lifecycles["active"],
        "runs_deleted": lifecycles["deleted"],
        "run_status": dict(Counter(snapshot.runs["status"].to_pylist())),
        "metric_points": snapshot.history.n_points,
        "metric_series": sum(1 for _ in snapshot.history.series()),
        "metric_keys": len({series.metric for series in snapshot.history.series()}),
        "longest_history": max((len(series) for series in snapshot.history.series()), default=0),
        "params": snapshot.params.num_rows,
        "tags": snapshot.tags.num_rows,
        "experiment_tags": sum(len(tags) for tags in snapshot.experiments["tags"].to_pylist()),
        "nested_runs": snapshot.runs.num_rows - snapshot.runs["parent_run_id"].null_count,
        "registered_models": kinds["registered"],
        "model_versions": kinds["version"],
        "model_stages": dict(stages),
        "logged_models": kinds["logged"],
        "aliases": sum(len(aliases) for aliases in snapshot.models["aliases"].to_pylist()),
        "datasets": len({(r["experiment_id"], r["name"], r["digest"]) for r in snapshot.datasets.to_pylist()}),
        "alembic": snapshot.source.version,
    }
    assert found == {key: expected[key] for key in found}
    assert not any(row.unexplained for row in snapshot.ledger)
    assert {problem.severity for problem in snapshot.problems} <= {"note"}


@pytest.mark.skipif(not SQLITE, reason="the collection of real stores is not here")
@pytest.mark.parametrize("name", SQLITE)
def test_the_last_values_are_those_of_the_longest_history(name: str, shared_store: Callable[[str], Path]) -> None:
    expected = STORES[name]["counts"]["longest"]
    snapshot = collect(f"sqlite:///{shared_store(name)}/mlflow.db", Selection(deleted=True))
    (series,) = snapshot.history.series([expected["key"]], [expected["run_id"]])
    assert (len(series), series.step[0], series.step[-1]) == (expected["points"], expected["min_step"], expected["max_step"])
    rows = snapshot.metrics.to_pylist()
    (last,) = [r["value"] for r in rows if (r["run_id"], r["metric"]) == (expected["run_id"], expected["key"])]
    assert last == series.value[-1] == expected["last_value"]


@pytest.mark.skipif(not SQLITE, reason="the collection of real stores is not here")
@pytest.mark.parametrize("name", ["db-15", "db-24", "db-30", "db-35"])
def test_active_runs_only_when_deleted_ones_are_not_asked_for(name: str, shared_store: Callable[[str], Path]) -> None:
    expected = STORES[name]["counts"]
    snapshot = collect(f"sqlite:///{shared_store(name)}/mlflow.db", Selection())
    assert snapshot.runs.num_rows == expected["runs_active"]
    assert snapshot.history.n_points == expected["metric_points_active_runs"]
    assert snapshot.experiments.num_rows == expected["experiments_active"]
    assert sum(row.n_store for row in snapshot.ledger if row.item == "points") == expected["metric_points"]
    assert sum(row.n_store for row in snapshot.ledger if row.item == "runs") == expected["runs_active"] + expected["runs_deleted"]


def test_a_store_with_an_unfinished_transaction_is_read_from_a_recovered_copy(shared_store: Callable[[str], Path]) -> None:
    folder = shared_store("broken-01")
    before = files(folder)
    snapshot = collect(f"sqlite:///{folder}/mlflow.db", Selection(deleted=True))
    assert files(folder) == before
    assert (snapshot.experiments.num_rows, snapshot.source.version) == (0, "3500859a5d39")
    (note,) = snapshot.problems
    assert (note.slug, note.severity) == ("store-copied", "note")
    assert note.what == (
        "a transaction was left unfinished (mlflow.db-journal), so a private copy was recovered and read; "
        "the store itself was not touched"
    )


def test_a_journal_without_its_database_is_said(shared_store: Callable[[str], Path]) -> None:
    folder = shared_store("broken-02")
    with pytest.raises(SourceError) as raised:
        collect(f"sqlite:///{folder}/mlflow.db", Selection())
    assert raised.value.what == f"there is no file {folder}/mlflow.db, only the journal of a database that is gone"
    assert files(folder).keys() == {"mlflow.db-journal"}


def test_a_store_with_a_write_ahead_log_gets_no_files_beside_it(shared_store: Callable[[str], Path]) -> None:
    folder = shared_store("db-35")
    snapshot = collect(f"sqlite:///{folder}/mlflow.db", Selection(deleted=True))
    assert files(folder).keys() == {"mlflow.db", "mlflow.db-wal"}
    assert [problem.slug for problem in snapshot.problems] == ["store-copied", "redacted"]  # some params hold the key of an API
