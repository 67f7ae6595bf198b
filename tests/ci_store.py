"""A store as CI jobs of a project leave it: runs of two commits of ``main`` and of one of a branch; fixed times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from reportgen.config import of_mapping
from reportgen.job import Job, jobs_of
from tests import servers

NOW = datetime(2026, 11, 20, tzinfo=UTC)
EXPERIMENT = "ranker"
RUNS: Sequence[tuple[str, str, str, float, dict[str, float]]] = (
    ("main 1", "main", "a1", 12, {"val_accuracy": 0.93, "val_loss": 0.30}),
    ("main 2", "main", "a2", 3, {"val_accuracy": 0.91, "val_loss": 0.31}),
    ("branch 1", "wide", "b1", 0.5, {"val_accuracy": 0.88, "val_loss": 0.29}),
)
"""(name, branch, commit, days before ``NOW`` that it ended, last values)."""


def store(folder: Path, runs: Sequence[tuple[str, str, str, float, dict[str, float]]] = RUNS) -> str:
    """The URI of a new SQLite store with ``runs`` in one experiment."""
    from mlflow.tracking import MlflowClient

    uri = servers.sqlite_store(folder / "mlflow.db")
    client = MlflowClient(tracking_uri=uri)
    client.create_experiment(EXPERIMENT, artifact_location=f"{folder}/artifacts")
    add(uri, runs)
    return uri


def add(uri: str, runs: Sequence[tuple[str, str, str, float, dict[str, float]]]) -> list[str]:
    """Log further ``runs``; their ids."""
    from mlflow.entities import Metric, RunTag
    from mlflow.tracking import MlflowClient

    client = MlflowClient(tracking_uri=uri)
    experiment = client.get_experiment_by_name(EXPERIMENT)
    ids = []
    for name, branch, commit, days, values in runs:
        ended = NOW - timedelta(days=days)
        start = round((ended - timedelta(hours=1)).timestamp() * 1000)
        run_id = client.create_run(experiment.experiment_id, start_time=start, run_name=name).info.run_id
        tags = [RunTag("git.branch", branch), RunTag("mlflow.source.git.commit", commit * 20), RunTag("mlflow.user", "ann")]
        client.log_batch(run_id, metrics=[Metric(key, value, start + 1000, 0) for key, value in values.items()], tags=tags)
        client.set_terminated(run_id, status="FINISHED", end_time=round(ended.timestamp() * 1000))
        ids.append(run_id)
    return ids


def job(uri: str, output: Path, now: datetime = NOW, /, **report: Any) -> Job:
    """A job on the experiment with the keys ``report``."""
    metrics: Mapping[str, Any] = {"val_accuracy": {"goal": "maximize"}, "val_loss": {"goal": "minimize"}}
    config = of_mapping(
        {
            "tracking_uri": uri,
            "cache": False,
            "metrics": metrics,
            "reports": {"nightly": {"experiments": [EXPERIMENT], **report}},
        }
    )
    (made,) = jobs_of(config, output, output=output, now=now, publish=True)
    return made
