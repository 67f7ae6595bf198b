"""The training side: jobs, metrics of every kind, and the pages of an experiment, in a real SQLite store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reportgen.errors import ConfigError, DeliveryError, SourceError
from reportgen.tracking import (
    ExperimentTrackingProtocol,
    add_metrics_to_run,
    end_training_job,
    start_training_job,
    training_job,
)
from tests import servers


@pytest.fixture
def params(tmp_path: Path) -> Iterator[dict[str, Any]]:
    """Of an experiment in a new store; whatever MLflow was told in this process is as before afterwards."""
    import mlflow

    uri = servers.sqlite_store(tmp_path / "mlflow.db")
    before = mlflow.get_tracking_uri()
    client(uri).create_experiment("iris", artifact_location=(tmp_path / "artifacts").as_uri())
    yield {"tracking_uri": uri, "experiment_name": "iris"}
    mlflow.end_run()
    mlflow.set_tracking_uri(before)


def client(uri: str) -> Any:
    from mlflow.tracking import MlflowClient

    return MlflowClient(tracking_uri=uri)


def test_a_job_is_a_run_with_what_mlflow_logs_meanwhile(params: dict[str, Any]) -> None:
    import mlflow

    run_id = start_training_job(params | {"run_name": "one", "tags": {"team": "a"}, "params": {"depth": 3}})
    mlflow.log_metric("loss", 0.5)
    end_training_job(params)
    run = client(params["tracking_uri"]).get_run(run_id)
    assert (run.info.run_name, run.info.status, run.data.tags["team"]) == ("one", "FINISHED", "a")
    assert (run.data.params, run.data.metrics) == ({"depth": "3"}, {"loss": 0.5})


def test_a_job_that_breaks_off_has_failed(params: dict[str, Any]) -> None:
    with pytest.raises(RuntimeError, match="out of memory"), training_job(params) as run_id:
        raise RuntimeError("out of memory")
    assert client(params["tracking_uri"]).get_run(run_id).info.status == "FAILED"
    with training_job(params) as other:
        pass
    assert client(params["tracking_uri"]).get_run(other).info.status == "FINISHED"


def test_metrics_are_logged_each_by_itself(params: dict[str, Any]) -> None:
    with training_job(params) as run_id:
        pass
    values = {
        "production_accuracy": 0.923,
        "latency_p99": np.float32(45.5),
        "throughput": "1200",
        "one": np.array([0.25]),
        "passed": True,
        "diverged": float("nan"),
        "missing": None,
        "text": "high",
        "complex": 1 + 2j,
        "array": np.array([1.0, 2.0]),
        "list": [0.5],
        "bad/../name?": 1.0,
    }
    problems = add_metrics_to_run(run_id, params, values)
    logged = client(params["tracking_uri"]).get_run(run_id).data.metrics
    assert {key: value for key, value in logged.items() if key != "diverged"} == {
        "production_accuracy": 0.923,
        "latency_p99": 45.5,
        "throughput": 1200.0,
        "one": 0.25,
        "passed": 1.0,
    }
    assert np.isnan(logged["diverged"])
    assert [(one.where, one.slug) for one in problems] == [
        ("metric missing", "metric-not-a-number"),
        ("metric text", "metric-not-a-number"),
        ("metric complex", "metric-not-a-number"),
        ("metric array", "metric-not-a-number"),
        ("metric list", "metric-not-a-number"),
        ("metric bad/../name?", "metric-not-logged"),
    ]
    assert "it is None" in problems[0].what


def test_a_run_that_is_deleted_or_not_there_is_refused(params: dict[str, Any]) -> None:
    with training_job(params) as run_id:
        pass
    client(params["tracking_uri"]).delete_run(run_id)
    with pytest.raises(SourceError, match="is deleted"):
        add_metrics_to_run(run_id, params, {"accuracy": 1.0})
    with pytest.raises(SourceError, match="is not there"):
        add_metrics_to_run("0" * 32, params, {"accuracy": 1.0})


def test_wrong_parameters_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigError) as raised:
        start_training_job({"tracking_url": "sqlite:///x.db", "experiment_name": "iris"})
    assert "unknown tracking_url, no tracking_uri" in str(raised.value)
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    monkeypatch.delenv("MLFLOW_EXPERIMENT_NAME", raising=False)
    with pytest.raises(ConfigError):
        ExperimentTrackingProtocol()


def test_a_server_that_is_not_there_is_an_error_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    uri = f"http://ann:hunter2@127.0.0.1:{servers.free_port()}"
    with pytest.raises(DeliveryError) as raised:
        ExperimentTrackingProtocol(uri, "iris").report_custom_metrics({"accuracy": 1.0}, "0" * 32)
    assert "tracking to http://127.0.0.1" in str(raised.value)
    assert "hunter2" not in str(raised.value)
    with pytest.raises(DeliveryError) as raised:
        add_metrics_to_run("0" * 32, {"tracking_uri": "weird://u:hunter2@h/x", "experiment_name": "iris"}, {"accuracy": 1.0})
    assert "hunter2" not in str(raised.value)


def test_the_active_run_of_another_experiment_gets_nothing(params: dict[str, Any], tmp_path: Path) -> None:
    uri = params["tracking_uri"]
    client(uri).create_experiment("other", artifact_location=(tmp_path / "other").as_uri())
    with training_job({"tracking_uri": uri, "experiment_name": "other"}) as other:
        pass
    run_id = start_training_job(params)
    assert ExperimentTrackingProtocol(uri, "other").report_custom_metrics({"latency": 45.2}) == ()
    end_training_job({"tracking_uri": uri, "experiment_name": "other"})  # which has no active run
    store = client(uri)
    assert store.get_run(other).data.metrics == {"latency": 45.2}
    assert (store.get_run(run_id).data.metrics, store.get_run(run_id).info.status) == ({}, "RUNNING")
    with pytest.raises(DeliveryError, match="already active"):
        start_training_job(params)


def test_an_experiment_becomes_a_page_for_each_metric(params: dict[str, Any], tmp_path: Path) -> None:
    import mlflow

    protocol = ExperimentTrackingProtocol(**params)
    with pytest.raises(SourceError) as raised:
        protocol.report_metrics_to_experiment()
    assert raised.value.slug == "experiment-without-runs"
    for run in range(3):
        with training_job(params | {"run_name": f"run {run}", "params": {"depth": run}}):
            for step in range(4):
                mlflow.log_metric("loss", 1 / (1 + step + run), step=step)
                mlflow.log_metric("alpha/of depth", step * run, step=step) if run else None
    assert protocol.report_custom_metrics({"accuracy": 0.9}) == ()
    logged = protocol.report_metrics_to_experiment()
    assert logged.pages["accuracy"] == "metrics_comparison/accuracy.html"
    assert logged.pages["loss"] == "metrics_comparison/loss.html"
    assert len(logged.pages) == 3
    store = client(params["tracking_uri"])
    (report,) = [run for run in store.search_runs(["1"]) if "reportgen.report" in run.data.tags]
    assert report.info.run_id in logged.where
    (tmp_path / "seen").mkdir()
    folder = Path(store.download_artifacts(report.info.run_id, "", str(tmp_path / "seen")))
    assert sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.html")) == sorted(
        [*logged.pages.values(), "report.html"]
    )
    assert (folder / "report.pdf").read_bytes().startswith(b"%PDF")
    loss = (folder / "metrics_comparison" / "loss.html").read_text("utf-8")
    assert all(f"run {run}" in loss for run in range(3))
    alpha = (folder / logged.pages["alpha/of depth"]).read_text("utf-8")
    assert "alpha/of depth" in alpha
    assert "run 2" in alpha
    again = protocol.report_metrics_to_experiment()
    assert again.pages == logged.pages  # the report run is no run of the next report
