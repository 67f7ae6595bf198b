"""Experiment `digits-nightly`: the same model trained anew three nights a week, for six weeks, so that a weekly report has weeks to compare.

The trainings are real and their dates are not: all of them run now, and each is logged with the night that it stands for.
Until five weeks ago one label in eight was wrong, as labels are; for this week they were corrected. Nothing else changed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import mlflow
import numpy as np
from mlflow import MlflowClient
from mlflow.data.code_dataset_source import CodeDatasetSource
from mlflow.entities import DatasetInput, InputTag, Metric
from mlflow.utils.mlflow_tags import MLFLOW_DATASET_CONTEXT
from sklearn.datasets import load_digits
from sklearn.linear_model import SGDClassifier
from sklearn.model_selection import train_test_split

NOTE = """\
**Nightly training** of the digits' classifier, three nights a week, always validated on the same 450 images.

The nights are the demo's: it trains all of these models at once and dates each of them as if it had run in its night.
"""
NIGHTS = (1, 3, 5)
"""Days before today, in each week."""
WRONG_LABELS = 0.125
"""Share of the labels that were wrong until they were corrected for this week."""
PARAMS = {"model": "SGDClassifier", "loss": "log_loss", "alpha": 0.001}
EPOCHS = 12


def n_runs(n_weeks: int) -> int:
    """One for each night; the last one was tried twice."""
    return n_weeks * len(NIGHTS) + 1


def _nights(n_weeks: int) -> Iterator[tuple[int, dt.datetime]]:
    """The number of weeks ago and the time of each night, the first one first."""
    today = dt.datetime.now(dt.UTC).replace(hour=2, minute=0, second=0, microsecond=0)
    for weeks in reversed(range(n_weeks)):
        for days in reversed(NIGHTS):
            yield weeks, today - dt.timedelta(days=days, weeks=weeks)


def train(n_weeks: int, tell: Callable[[], None]) -> None:
    """One run for each night, and the attempt of the last night that failed before."""
    x, y = load_digits(return_X_y=True)
    x, x_val, y, y_val = train_test_split(x / 16, y, test_size=0.25, random_state=0, stratify=y)
    source = CodeDatasetSource({"loader": "sklearn.datasets.load_digits"})
    held_out = DatasetInput(
        mlflow.data.from_numpy(x_val, targets=y_val, source=source, name="digits-validation")._to_mlflow_entity(),
        [InputTag(MLFLOW_DATASET_CONTEXT, "validation")],
    )
    client = MlflowClient()
    experiment = client.get_experiment_by_name("digits-nightly").experiment_id
    for number, (weeks, night) in enumerate(_nights(n_weeks)):
        labels = y if weeks == 0 else _mistaken(y, number)
        started = int(night.timestamp() * 1000)
        if number == n_runs(n_weeks) - 2:
            _night(
                client,
                experiment,
                f"{night:%d %b}, first attempt",
                started - 3_600_000,
                number,
                held_out,
                (x[:, :32], labels, x_val, y_val),
            )
            tell()
        _night(client, experiment, f"{night:%d %b}", started, number, held_out, (x, labels, x_val, y_val))
        tell()


def _mistaken(y: Any, seed: int) -> Any:
    """The labels, of which some are another digit's."""
    random = np.random.default_rng(seed)
    wrong = random.random(len(y)) < WRONG_LABELS
    return np.where(wrong, (y + random.integers(1, 10, len(y))) % 10, y)


def _night(
    client: MlflowClient,
    experiment: str,
    name: str,
    started: int,
    seed: int,
    held_out: DatasetInput,
    data: tuple[Any, Any, Any, Any],
) -> None:
    """Train for some epochs and log the run with the dates of its night; a model that cannot be trained is a failed run."""
    x, y, x_val, y_val = data
    run = client.create_run(
        experiment, start_time=started, run_name=name, tags={"mlflow.source.name": "nightly.py", "mlflow.user": "nightly"}
    )
    client.log_inputs(run.info.run_id, [held_out])
    for key, value in {**PARAMS, "epochs": EPOCHS, "seed": seed}.items():
        client.log_param(run.info.run_id, key, value)
    model = SGDClassifier(loss=PARAMS["loss"], alpha=PARAMS["alpha"], random_state=seed)
    points: list[Metric] = []
    status = "FINISHED"
    try:
        for epoch in range(EPOCHS):
            model.partial_fit(x, y, classes=np.arange(10))
            probabilities = model.predict_proba(x_val)
            at = started + 60_000 * (epoch + 1)
            loss = -np.log(np.clip(probabilities[np.arange(len(y_val)), y_val], 1e-12, 1)).mean()
            accuracy = (probabilities.argmax(axis=1) == y_val).mean()
            points += [Metric("val_loss", float(loss), at, epoch), Metric("val_accuracy", float(accuracy), at, epoch)]
    except ValueError as error:  # half of the pixels did not arrive
        client.set_tag(run.info.run_id, "error", f"ValueError: {error}")
        status = "FAILED"
    client.log_batch(run.info.run_id, metrics=points)
    client.set_terminated(run.info.run_id, status=status, end_time=started + 60_000 * (EPOCHS + 1))
