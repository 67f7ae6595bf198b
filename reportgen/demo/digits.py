"""Experiment `digits-ab`: is a wider network worth it? Two variants over shared seeds, epoch by epoch.

Besides the pairs there is what every real experiment has: a run that failed (its data arrived broken in the middle of
training, and was trained again with the same seed) and one that diverged (a learning-rate range test doubles the rate
each epoch until the loss is infinite and then not a number). Both happen; neither is made up.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

import mlflow
import numpy as np
from mlflow import MlflowClient
from mlflow.data.code_dataset_source import CodeDatasetSource
from mlflow.entities import Metric
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier

NOTE = """\
**A/B test:** is a hidden layer of 64 units (`candidate`) better than one of 16 (`control`) on handwritten digits?

- Every run trains and is validated on the same split. A seed decides the first weights and the order of the batches;
  both variants use the same seeds: compare them in pairs.
- The rule, set before the first run: switch when validation accuracy is better with 95 % confidence.
- The learning-rate range test is not part of the comparison.
"""
RANGE_TEST_NOTE = """\
Learning-rate **range test**: the rate starts at 0.05 and doubles every epoch. The loss is *expected* to explode; what
we look for is the last rate at which it still fell.
"""
RANGE_TEST_EPOCHS = 32
"""The loss is infinite from about the 13th doubling on and not a number from about the 27th."""
WIDTHS = {"control": 16, "candidate": 64}
PARAMS: dict[str, Any] = {
    "optimizer": "sgd",
    "learning_rate": 0.05,
    "momentum": 0.9,
    "batch_size": 64,
    "alpha": 0.0001,
    "val_fraction": 0.25,
}


class Split(NamedTuple):
    x: Any
    x_val: Any
    y: Any
    y_val: Any


def train(n_seeds: int, epochs: int, tell: Callable[[], None]) -> None:
    """One run per seed and variant, the failed attempt at the last of them, and the range test."""
    x, y = load_digits(return_X_y=True)
    x = x / 16  # pixels are 0 to 16
    dataset = mlflow.data.from_numpy(
        x, targets=y, source=CodeDatasetSource({"loader": "sklearn.datasets.load_digits"}), name="digits"
    )

    def run(
        name: str,
        variant: str,
        seed: int,
        tags: Mapping[str, str],
        *,
        n: int = epochs,
        growth: float = 1.0,
        broken_from: int | None = None,
    ) -> None:
        try:
            with mlflow.start_run(run_name=name, tags=dict(tags)):
                mlflow.log_input(dataset, context="training")
                mlflow.log_params({**PARAMS, "hidden_units": WIDTHS[variant], "epochs": n, "seed": seed, "rate_growth": growth})
                _log_epochs(_network(WIDTHS[variant], seed), _split(x, y), n, growth, broken_from)
        finally:
            tell()

    for seed in range(n_seeds):
        for variant in WIDTHS:
            name, tags = f"{variant} seed {seed}", {"variant": variant}
            if (variant, seed) == ("candidate", n_seeds - 1):
                with suppress(ValueError):  # MLflow has set its status to FAILED; it is trained again below
                    run(f"{name}, first attempt", variant, seed, tags, broken_from=epochs // 2)
            run(name, variant, seed, tags)
    tags = {"mlflow.note.content": RANGE_TEST_NOTE, "purpose": "range test"}
    run("learning-rate range test", "control", 0, tags, n=RANGE_TEST_EPOCHS, growth=2.0)


def _split(x: Any, y: Any) -> Split:
    """One split for all runs: splits drawn anew by each seed would overlap, and their runs would not be independent."""
    x_train, x_val, y_train, y_val = train_test_split(x, y, test_size=PARAMS["val_fraction"], random_state=0, stratify=y)
    return Split(x_train, x_val, y_train, y_val)


def _network(width: int, seed: int) -> Any:
    return MLPClassifier(
        (width,),
        solver=PARAMS["optimizer"],
        learning_rate_init=PARAMS["learning_rate"],
        momentum=PARAMS["momentum"],
        batch_size=PARAMS["batch_size"],
        alpha=PARAMS["alpha"],
        random_state=seed,
    )


def _log_epochs(network: Any, split: Split, epochs: int, growth: float, broken_from: int | None) -> None:
    """Train epoch by epoch and log the curves in one batch, also when the training fails on the way."""
    run_id = mlflow.active_run().info.run_id
    points: list[Metric] = []
    try:
        for epoch in range(epochs):
            damaged = broken_from is not None and epoch >= broken_from
            _train_epoch(network, _damaged(split) if damaged else split, growth**epoch)
            now = time.time_ns() // 1_000_000
            points += [Metric(key, value, now, epoch) for key, value in _metrics(network, split)]
    except ValueError:
        mlflow.set_tag("error", traceback.format_exc(limit=0).strip().splitlines()[0])
        mlflow.log_text(traceback.format_exc(), "traceback.txt")
        raise
    finally:
        MlflowClient().log_batch(run_id, metrics=points)


def _train_epoch(network: Any, split: Split, factor: float) -> None:
    if factor != 1.0:  # scikit-learn has no schedule that grows; its own schedules set this same attribute
        network._optimizer.learning_rate = PARAMS["learning_rate"] * factor
    try:
        network.partial_fit(split.x, split.y, classes=np.arange(10))
    except ValueError:
        if np.isfinite(network.coefs_[0]).all():
            raise
        # scikit-learn refuses weights that are no longer finite; a range test wants to see them, so it goes on.


def _metrics(network: Any, split: Split) -> Iterator[tuple[str, float]]:
    for prefix, x, y in (("train", split.x, split.y), ("val", split.x_val, split.y_val)):
        probabilities = network.predict_proba(x)
        yield f"{prefix}_loss", float(-np.log(probabilities[np.arange(len(y)), y]).mean())
        yield f"{prefix}_accuracy", float((probabilities.argmax(axis=1) == y).mean())


def _damaged(split: Split) -> Split:
    """The split as a broken delivery leaves it: one image has lost its pixels."""
    x = split.x.copy()
    x[0] = np.nan
    return split._replace(x=x)
