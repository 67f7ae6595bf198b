"""A store with an A/B test in it: eight paired seeds, learning curves, one failed run, one that diverged; fixed times."""

from __future__ import annotations

import math
import random
from pathlib import Path
from typing import Any

from tests import servers

START = 1_763_000_000_000  # 2025-11-13
SEEDS = range(8)
EPOCHS = 40
N_RUNS = 2 * len(SEEDS) + 2
N_POINTS = 2 * len(SEEDS) * EPOCHS * 3 + 10 + 20


def sqlite_store(folder: Path) -> str:
    """The URI of a new SQLite store in ``folder`` that holds the test."""
    from mlflow.tracking import MlflowClient

    uri = servers.sqlite_store(folder / "mlflow.db")
    filled(MlflowClient(tracking_uri=uri), artifacts=f"{folder}/artifacts")
    return uri


def filled(client: Any, artifacts: str | None = None) -> str:
    """Logs the test through ``client``; the experiment's id."""
    experiment = str(
        client.create_experiment("ranker/ab", artifact_location=artifacts, tags={"mlflow.note.content": "Is **B** better?"})
    )
    at = START
    for variant, gain in (("control", 0.0), ("candidate", 0.015)):
        for seed in SEEDS:
            at += 60_000
            tags = {"variant": variant, "mlflow.source.git.commit": "c0ffee" * 6 + "1234", "mlflow.source.name": "train.py"}
            run_id = _run(client, experiment, f"{variant} seed {seed}", at, tags, {"seed": seed, "lr": 0.1, "variant": variant})
            noise = random.Random(f"{seed}")
            level = 0.9 + noise.gauss(0, 0.008)
            jitter = random.Random(f"{variant}{seed}")
            rows = []
            for epoch in range(EPOCHS):
                fraction = 1 - math.exp(-epoch / 8)
                accuracy = 0.4 + (level + gain - 0.4) * fraction + jitter.gauss(0, 0.002)
                rows += [
                    ("val_accuracy", accuracy, epoch),
                    ("val_loss", 1.2 - accuracy, epoch),
                    ("train_loss", 1.1 - accuracy, epoch),
                ]
            _points(client, run_id, at, rows)
            client.set_terminated(run_id, status="FINISHED", end_time=at + 50_000)
    at += 60_000
    failed = _run(client, experiment, "candidate seed 8, out of memory", at, {"variant": "candidate"}, {"seed": 8, "lr": 0.1})
    _points(client, failed, at, [("val_loss", 1 - i / 20, i) for i in range(10)])
    client.set_terminated(failed, status="FAILED", end_time=at + 9_000)
    at += 60_000
    diverged = _run(client, experiment, "learning rate 10", at, {"variant": "search"}, {"seed": 0, "lr": 10})
    _points(client, diverged, at, [("train_loss", 2.0**i if i < 12 else math.nan, i) for i in range(20)])
    client.set_terminated(diverged, status="FINISHED", end_time=at + 9_000)
    return experiment


def _run(client: Any, experiment: str, name: str, at: int, tags: dict[str, str], params: dict[str, Any]) -> str:
    run = client.create_run(experiment, start_time=at, run_name=name, tags=tags | {"mlflow.user": "ann"})
    for key, value in params.items():
        client.log_param(run.info.run_id, key, value)
    return str(run.info.run_id)


def _points(client: Any, run_id: str, at: int, rows: list[tuple[str, float, int]]) -> None:
    from mlflow.entities import Metric

    client.log_batch(run_id, metrics=[Metric(key, value, at + step * 1000, step) for key, value, step in rows])
