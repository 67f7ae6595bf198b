"""A store with months of weekly runs in it: two configurations every week, one of which got worse in the last; fixed times."""

from __future__ import annotations

import random
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests import servers

LAST = datetime(2026, 11, 19, 6, tzinfo=UTC)
"""Start of the newest run: the day before the reports of the tests."""
WEEKS = 9
SEEDS = range(5)
METHODS = ("linear", "trees", "forest")
TASKS = ("adult", "bank", "covertype", "credit", "diabetes", "housing", "letters", "wine")


def sqlite_store(folder: Path) -> str:
    """The URI of a new SQLite store in ``folder``: experiments ``nightly`` and ``benchmark``."""
    from mlflow.tracking import MlflowClient

    uri = servers.sqlite_store(folder / "mlflow.db")
    client = MlflowClient(tracking_uri=uri)
    nightly(client, f"{folder}/nightly")
    benchmark(client, f"{folder}/benchmark")
    return uri


def nightly(client: Any, artifacts: str) -> str:
    """Each week five seeds of depth 3 (0.01 worse in the last week) and one run of depth 6; depth 9 stops three weeks ago."""
    experiment = str(client.create_experiment("nightly", artifact_location=artifacts))
    noise = random.Random("nightly")
    for week in range(WEEKS):
        at = LAST - timedelta(weeks=WEEKS - 1 - week)
        worse = 0.02 if week == WEEKS - 1 else 0.0
        for seed in SEEDS:
            _run(
                client,
                experiment,
                f"depth 3, {at:%m-%d}, {seed}",
                at + timedelta(minutes=seed),
                {"depth": 3, "seed": seed},
                {"val_accuracy": 0.91 - worse + noise.gauss(0, 0.004), "val_loss": 0.3 + worse + noise.gauss(0, 0.006)},
            )
        _run(
            client,
            experiment,
            f"depth 6, {at:%m-%d}",
            at + timedelta(hours=1),
            {"depth": 6, "seed": 0},
            {"val_accuracy": 0.925 + noise.gauss(0, 0.004), "val_loss": 0.28 + noise.gauss(0, 0.006)},
        )
        if week < WEEKS - 1:
            _run(
                client,
                experiment,
                f"depth 9, {at:%m-%d}",
                at + timedelta(hours=2),
                {"depth": 9, "seed": 0},
                {"val_accuracy": 0.90 + noise.gauss(0, 0.004), "val_loss": 0.33 + noise.gauss(0, 0.006)},
            )
    _run(
        client,
        experiment,
        "depth 12",
        LAST + timedelta(hours=3),
        {"depth": 12, "seed": 0},
        {"val_accuracy": 0.95, "val_loss": 0.25},
    )
    _run(client, experiment, "depth 12, out of memory", LAST + timedelta(hours=4), {"depth": 12, "seed": 1}, {}, "FAILED")
    return experiment


def benchmark(client: Any, artifacts: str) -> str:
    """Three methods on eight data sets, three seeds each; forests are better than trees on nearly all, trees than linear."""
    experiment = str(client.create_experiment("benchmark", artifact_location=artifacts))
    noise = random.Random("benchmark")
    minute = 0
    for i, task in enumerate(TASKS):
        for k, method in enumerate(METHODS):
            gain = (0.0, 0.03, 0.05)[k] + noise.gauss(0, 0.006)
            for seed in range(3):
                minute += 1
                params = {"method": method, "dataset": task, "seed": seed}
                score = 0.6 + 0.04 * i + gain + noise.gauss(0, 0.004)
                passed = float(score > 0.75)
                _run(
                    client,
                    experiment,
                    f"{method} {task} {seed}",
                    LAST + timedelta(minutes=minute),
                    params,
                    {"test_accuracy": score, "passed": passed},
                )
    return experiment


def _run(
    client: Any,
    experiment: str,
    name: str,
    at: datetime,
    params: dict[str, Any],
    metrics: dict[str, float],
    status: str = "FINISHED",
) -> None:
    start = round(at.timestamp() * 1000)
    run_id = client.create_run(experiment, start_time=start, run_name=name, tags={"mlflow.user": "ann"}).info.run_id
    for key, value in params.items():
        client.log_param(run_id, key, value)
    for key, value in metrics.items():
        client.log_metric(run_id, key, value, timestamp=start + 1000)
    client.set_terminated(run_id, status=status, end_time=start + 60_000)


def build_command(folder: Path, *options: str) -> list[str]:
    """``reportgen build`` of the experiment ``nightly`` of the store in ``folder``, into ``folder``/out."""
    build = ["build", "-e", "nightly", "--tracking-uri", f"sqlite:///{folder}/mlflow.db", "--output", f"{folder}/out", "-q"]
    return [sys.executable, "-m", "reportgen", *build, *options]
