"""The last report from MLflow: a build in an empty folder finds it there, tells what changed, and publishes nothing new about nothing."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from reportgen import pipeline
from reportgen.outcome import Outcome
from reportgen.saved import saved
from tests import ci_store
from tests.ci_store import NOW
from tests.servers import MlflowServer

GATES = [{"metric": "val_accuracy", "at_least": 0.95, "name": "quality"}]
PUBLISH = [{"mlflow": {"experiment": "reports"}}]
FORMATS = ("data", "markdown", "gates")


def quietly(_done: int, _total: int, _what: str) -> None:
    return None


def built(uri: str, folder: Path, days: int, **report: Any) -> Outcome:
    """The report of so many days after ``NOW``, published, with the output folder ``folder``."""
    keys: dict[str, Any] = {"gates": GATES, "window": "since_last_report", "publish": PUBLISH}
    job = ci_store.job(uri, folder, NOW + timedelta(days=days), **keys | report)
    return pipeline.build(replace(job, formats=FORMATS), quietly)


def report_runs(uri: str) -> list[Any]:
    from mlflow.tracking import MlflowClient

    client = MlflowClient(tracking_uri=uri)
    experiment = client.get_experiment_by_name("reports")
    return list(client.search_runs([experiment.experiment_id])) if experiment else []


def summary(outcome: Outcome) -> str:
    return (outcome.folder / "summary.md").read_text("utf-8").replace("\\", "")


@pytest.mark.server
@pytest.mark.parametrize("kind", ["database", "server"])
def test_each_build_in_an_empty_folder_tells_what_is_new(
    kind: str, tmp_path: Path, mlflow_server: Callable[[str], MlflowServer]
) -> None:
    store = ci_store.store(tmp_path)
    uri = store if kind == "database" else mlflow_server(store).url
    first = built(uri, tmp_path / "a", 0)
    assert "all time, there being no earlier report" in summary(first)
    assert [receipt.state for receipt in first.receipts] == ["written", "written"]

    nothing = built(uri, tmp_path / "b", 1)
    assert [receipt.state for receipt in nothing.receipts] == ["written", "unchanged"]
    assert nothing.receipts[1].where == "nothing has changed since the report of 2026-11-20 in experiment reports"
    assert len(report_runs(uri)) == 1

    ci_store.add(store, [("branch 2", "wide", "b2", -1.5, {"val_accuracy": 0.96, "val_loss": 0.28})])
    news = built(uri, tmp_path / "c", 2)
    assert news.n_runs == 1
    assert "since the report of 2026-11-20" in summary(news)
    assert "quality FAIL to PASS" in summary(news)
    assert news.gates[0].before == "FAIL"
    assert len(report_runs(uri)) == 2
    assert not [problem for problem in news.problems if problem.slug == "last-report-unread"]

    coming = ci_store.job(uri, tmp_path / "x", NOW + timedelta(days=3), window="since_last_report", publish=PUBLISH)
    assert sum(row.n_runs for row in pipeline.planned(coming).experiments) == 0
    assert not (tmp_path / "x").exists()

    again = built(uri, tmp_path / "d", 2)  # the same day once more: the same report, found where it is
    assert (again.digest, again.receipts[1].state) == (news.digest, "unchanged")
    assert len(report_runs(uri)) == 2

    kept = saved(news.folder)
    assert kept.config is not None
    job = kept.again(replace(ci_store.job(uri, tmp_path / "e", NOW + timedelta(days=2)), config=kept.config, formats=FORMATS))
    assert pipeline.rebuild(kept.snapshot, replace(job, publish=False), quietly).digest == news.digest


def test_a_gate_that_flips_or_a_run_that_is_lost_is_news(tmp_path: Path) -> None:
    uri = ci_store.store(tmp_path)
    built(uri, tmp_path / "a", 0, window="30d")
    flipped = built(uri, tmp_path / "b", 1, window="30d", gates=[{**GATES[0], "at_least": 0.9}])
    assert flipped.receipts[1].state == "written"
    from mlflow.tracking import MlflowClient

    client = MlflowClient(tracking_uri=uri)
    experiment = client.get_experiment_by_name(ci_store.EXPERIMENT)
    best = client.search_runs([experiment.experiment_id], "run_name = 'main 1'")[0]
    client.delete_run(best.info.run_id)
    lost = built(uri, tmp_path / "c", 2, window="30d", gates=[{**GATES[0], "at_least": 0.9}])
    assert "1 of its runs was deleted (main 1)" in summary(lost)
    assert lost.receipts[1].state == "written"


@pytest.mark.fault(
    "The last report in MLflow was damaged, or its files are gone",
    "A warning names its run, and the report before it is taken.",
    at="delivery",
    exit=0,
)
@pytest.mark.parametrize("fault", ["changed", "gone"])
def test_a_last_report_that_cannot_be_read_is_a_warning(fault: str, tmp_path: Path) -> None:
    uri = ci_store.store(tmp_path)
    keys = {"gates": [], "window": "30d"}
    built(uri, tmp_path / "a", 0, **keys)
    ci_store.add(uri, [("branch 2", "wide", "b2", -0.5, {"val_accuracy": 0.96})])
    built(uri, tmp_path / "b", 1, **keys)
    newest = max(report_runs(uri), key=lambda run: run.data.tags["reportgen.date"])
    folder = Path(newest.info.artifact_uri.removeprefix("file://"))
    if fault == "gone":
        shutil.rmtree(folder)
    else:
        (folder / "data" / "runs.parquet").write_bytes(b"PAR1")
    outcome = built(uri, tmp_path / "c", 2, **keys)
    (problem,) = [problem for problem in outcome.problems if problem.slug == "last-report-unread"]
    assert problem.where == f"report run {newest.info.run_id}"
    assert (problem.severity, outcome.exit_code) == ("warning", 0)
    assert json.loads((outcome.folder / "verdict.json").read_bytes())["last_report"] == "2026-11-20"


@pytest.mark.fault(
    "The place where reports are published does not answer a check", "A warning; the gates are answered.", at="server", exit=0
)
def test_a_place_of_reports_that_does_not_answer_costs_nothing_else(tmp_path: Path) -> None:
    uri = ci_store.store(tmp_path)
    channel = [{"mlflow": {"tracking_uri": f"sqlite:///{tmp_path}/none.db"}}]
    job = ci_store.job(uri, tmp_path / "a", gates=[{"metric": "val_loss", "at_most": 1}], publish=channel)
    outcome = pipeline.check(job, quietly)
    assert outcome.exit_code == 0
    assert [problem.slug for problem in outcome.problems] == ["last-report-unread"]
