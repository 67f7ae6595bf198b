"""A gate on a scorer whose baseline is an evaluation from before the report's window, read from a real store."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from reportgen.collect import Selection, collect
from reportgen.collect.selection import OUTSIDE_WINDOW
from reportgen.snapshot import Snapshot
from tests import ci_store, servers
from tests.sections.words import plain
from tests.snapshots import facts, gates

NOW = datetime(2026, 11, 16, tzinfo=UTC)
START = NOW - timedelta(days=7)
SELECTION = Selection(start=START, end=NOW, earlier=START - timedelta(days=60), scores_before=True)
GATE = {"scorer": "correctness", "not_worse_than": "previous"}


class Evaluating:
    """A store that evaluations of the same questions are written to, as MLflow writes them."""

    def __init__(self, folder: Path) -> None:
        from mlflow.tracking import MlflowClient

        self.path = folder / "mlflow.db"
        self.uri = servers.sqlite_store(self.path)
        self._client = MlflowClient(tracking_uri=self.uri)
        self.experiment = self._client.create_experiment("assistant", artifact_location=f"{folder}/assistant")

    def evaluation(self, name: str, age: timedelta, passed: Sequence[bool]) -> str:
        """The id of a new run that started ``age`` before now."""
        at = round((NOW - age).timestamp() * 1000)
        tags = {"mlflow.runType": "genai_evaluate"}
        run_id = str(self._client.create_run(self.experiment, start_time=at, run_name=name, tags=tags).info.run_id)
        self._client.set_terminated(run_id, end_time=at + 60_000)
        with closing(sqlite3.connect(self.path)) as db, db:
            for i, one in enumerate(passed):
                trace = {
                    "request_id": f"tr-{name}-{i:02d}",
                    "experiment_id": self.experiment,
                    "timestamp_ms": at + i,
                    "execution_time_ms": 500,
                    "status": "OK",
                    "request_preview": json.dumps({"question": f"what is {i}?"}),
                }
                own = {"key": "mlflow.sourceRun", "value": run_id, "request_id": trace["request_id"]}
                said = {"assessment_id": f"a-{name}-{i:02d}", "trace_id": trace["request_id"], "name": "correctness"}
                said |= {"assessment_type": "feedback", "value": json.dumps(one), "source_type": "CODE", "valid": 1}
                said |= {"created_timestamp": at, "last_updated_timestamp": at, "source_id": "correctness"}
                said |= {"assessment_metadata": json.dumps({"mlflow.assessment.sourceRunId": run_id})}
                _insert(db, "trace_info", trace)
                _insert(db, "trace_request_metadata", own)
                _insert(db, "assessments", said)
        return run_id


def _insert(db: sqlite3.Connection, table: str, row: dict[str, Any]) -> None:
    marks = ", ".join("?" * len(row))
    db.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", list(row.values()))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Evaluating:
    """Two evaluations before the window, the later of which passed all; in the window one that lost 8 of 20 rows."""
    made = Evaluating(tmp_path_factory.mktemp("evaluating"))
    made.evaluation("older", timedelta(days=20), [False] * 20)
    made.evaluation("before", timedelta(days=10), [True] * 20)
    made.evaluation("now", timedelta(days=2), [False] * 8 + [True] * 12)
    return made


@pytest.fixture(scope="module")
def taken(store: Evaluating) -> Snapshot:
    return collect(store.uri, SELECTION)


def test_the_latest_evaluation_before_the_window_is_held_against_row_by_row(taken: Snapshot) -> None:
    (gate,) = gates(taken, gates=[GATE])
    assert gate.state == "FAIL"
    assert plain(gate.sentence) == (
        "Failed: correctness went from 100.0 % to 60.0 % on 20 rows that the previous evaluation has as well. "
        "It is worse beyond chance. Rows 1, 2, 3, 4, 5 and 3 more got worse."
    )


def test_only_that_evaluation_is_read_and_it_stays_outside_the_window_in_the_books(taken: Snapshot) -> None:
    assert {row["trace_id"].split("-")[1] for row in taken.traces.to_pylist()} == {"before", "now"}
    books = {row.item: row for row in taken.ledger if row.item in ("traces", "assessments")}
    for row in books.values():
        assert (row.n_store, row.n_read, dict(row.left_out)) == (60, 20, {OUTSIDE_WINDOW: 40})


def test_the_report_is_about_its_window_alone(taken: Snapshot, store: Evaluating) -> None:
    plainly = collect(store.uri, Selection(start=START, end=NOW, earlier=SELECTION.earlier))
    assert {row["trace_id"].split("-")[1] for row in plainly.traces.to_pylist()} == {"now"}
    found, without = facts(taken), facts(plainly)
    assert found.traces == without.traces
    assert [run.name for run in found.evaluations.runs.values()] == ["now"]
    assert {trace for _, trace in found.evaluations.said} == {f"tr-now-{i:02d}" for i in range(20)}


def test_without_an_evaluation_before_it_only_warns(store: Evaluating) -> None:
    first = replace(SELECTION, start=NOW - timedelta(days=25), end=NOW - timedelta(days=15))
    (gate,) = gates(collect(store.uri, first), gates=[GATE])
    assert (gate.state, gate.warns) == ("NO_DATA", True)


def test_only_such_a_gate_asks_for_it(tmp_path: Path) -> None:
    def asked(**gate: Any) -> bool:
        job = ci_store.job("sqlite:///mlflow.db", tmp_path, NOW, window="7d", gates=[{"scorer": "correctness", **gate}])
        return job.selection.scores_before

    assert asked(not_worse_than="previous")
    assert not asked(at_least=0.5)
    assert not asked(not_worse_than={"branch": "main"})
