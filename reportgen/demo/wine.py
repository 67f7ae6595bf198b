"""Experiment `wine-cv`: a sweep with a run for the whole, one per setting, and one per fold of each setting."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import mlflow
import numpy as np
from mlflow.data.code_dataset_source import CodeDatasetSource
from sklearn.datasets import load_wine
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, log_loss
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

NOTE = """\
How much regularisation does a logistic regression want on the wine data? One sweep over `C`, each setting judged by
cross-validation. Folds carry `fold_*`; a setting carries the means over its folds as `cv_*`.
"""
SEED = 7


def train(c_values: Sequence[float], n_folds: int, tell: Callable[[], None]) -> None:
    """The sweep: its settings (``C``, the inverse of the penalty) as children, their folds as grandchildren."""
    x, y = load_wine(return_X_y=True)
    dataset = mlflow.data.from_numpy(
        x, targets=y, source=CodeDatasetSource({"loader": "sklearn.datasets.load_wine"}), name="wine"
    )
    with mlflow.start_run(run_name="sweep over C", tags={"model": "logistic regression"}):
        mlflow.log_input(dataset, context="training")
        mlflow.log_params({"n_folds": n_folds, "n_settings": len(c_values), "random_state": SEED})
        scores = {c: _cross_validated(x, y, c, n_folds, tell) for c in c_values}
        best = min(scores, key=lambda c: scores[c]["cv_log_loss"])
        mlflow.log_params({"best_C": best})
        mlflow.log_metrics({f"best_{name}": value for name, value in scores[best].items()})
    tell()


def _cross_validated(x: Any, y: Any, c: float, n_folds: int, tell: Callable[[], None]) -> dict[str, float]:
    """Train one setting on every fold; returns and logs the means."""
    with mlflow.start_run(run_name=f"C = {c:g}", nested=True):
        mlflow.log_params({"C": c, "n_folds": n_folds})
        folds = StratifiedKFold(n_folds, shuffle=True, random_state=SEED).split(x, y)
        rows = [_fold(x, y, c, fold, indices, tell) for fold, indices in enumerate(folds)]
        means = {f"cv_{name}": float(np.mean([row[name] for row in rows])) for name in rows[0]}
        mlflow.log_metrics(means)
    tell()
    return means


def _fold(x: Any, y: Any, c: float, fold: int, indices: Any, tell: Callable[[], None]) -> dict[str, float]:
    chosen, held_out = indices
    with mlflow.start_run(run_name=f"C = {c:g}, fold {fold}", nested=True):
        mlflow.log_params({"C": c, "fold": fold})
        model = make_pipeline(StandardScaler(), LogisticRegression(C=c, max_iter=1000)).fit(x[chosen], y[chosen])
        probabilities = model.predict_proba(x[held_out])
        row = {
            "accuracy": float(accuracy_score(y[held_out], probabilities.argmax(axis=1))),
            "log_loss": float(log_loss(y[held_out], probabilities)),
        }
        mlflow.log_metrics({f"fold_{key}": value for key, value in row.items()})
    tell()
    return row
