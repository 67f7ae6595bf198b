"""Experiment `iris-forest`: how many trees, and how much data held back? With a registry of the best forests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import mlflow
import sklearn
from mlflow import MlflowClient
from mlflow.data.code_dataset_source import CodeDatasetSource
from sklearn.datasets import load_iris
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import ConfusionMatrixDisplay, accuracy_score, confusion_matrix, f1_score, log_loss
from sklearn.model_selection import train_test_split

NOTE = """\
**Question:** how many trees does a forest need on iris, and how does the answer hold when more data is held back?

Every run is one forest: `n_estimators` trees, trained on what `test_size` leaves. Forests of the split 0.2 are
registered as `iris-forest`; the most accurate of them is *champion*, the newest other one *challenger*.
"""
MODEL = "iris-forest"
REGISTERED_SPLIT = 0.2
SEED = 42


def train(test_sizes: Sequence[float], n_trees: Sequence[int], tell: Callable[[], None]) -> None:
    """One run per split and forest size, then the aliases of the registered model."""
    data = load_iris(as_frame=True)
    dataset = mlflow.data.from_pandas(
        data.frame, source=CodeDatasetSource({"loader": "sklearn.datasets.load_iris"}), targets="target", name="iris"
    )
    for test_size in test_sizes:
        for n_estimators in n_trees:
            with mlflow.start_run(run_name=f"forest of {n_estimators}, test {test_size:.0%}"):
                mlflow.log_input(dataset, context="training")
                _train_forest(data, test_size, n_estimators)
            tell()
    _set_aliases()


def _train_forest(data: Any, test_size: float, n_estimators: int) -> None:
    params = {"n_estimators": n_estimators, "max_depth": 4, "random_state": SEED}
    mlflow.log_params({**params, "test_size": test_size})
    mlflow.set_tags({"model": "random forest", "purpose": "baseline"})
    x, x_test, y, y_test = train_test_split(data.data, data.target, test_size=test_size, random_state=SEED, stratify=data.target)
    forest = RandomForestClassifier(**params).fit(x, y)
    probabilities = forest.predict_proba(x_test)
    predicted = probabilities.argmax(axis=1)  # the classes are 0, 1, 2
    metrics = {
        "accuracy": accuracy_score(y_test, predicted),
        "f1_macro": f1_score(y_test, predicted, average="macro"),
        "log_loss": log_loss(y_test, probabilities),
    }
    mlflow.log_metrics(metrics)
    mlflow.log_figure(_confusion(y_test, predicted, data.target_names), "confusion_matrix.png")
    if test_size == REGISTERED_SPLIT:
        _register(forest, x, metrics)


def _confusion(y_test: Any, predicted: Any, names: Any) -> Any:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(4.8, 4.2), layout="tight")
    display = ConfusionMatrixDisplay(confusion_matrix(y_test, predicted), display_labels=list(names))
    display.plot(ax=figure.subplots(), cmap="Blues", colorbar=False)
    return figure


def _register(forest: Any, x: Any, metrics: dict[str, float]) -> None:
    """Log the forest as a new version of the registered model, approved when it errs on at most one flower in twenty."""
    logged = mlflow.sklearn.log_model(
        forest,
        name="model",
        registered_model_name=MODEL,
        signature=mlflow.models.infer_signature(x, forest.predict(x)),
        pip_requirements=[f"scikit-learn=={sklearn.__version__}"],  # otherwise MLflow imports everything to find out
        serialization_format="cloudpickle",  # the one format for forests that every supported MLflow has
    )
    approval = "approved" if metrics["accuracy"] >= 0.95 else "rejected"
    MlflowClient().set_model_version_tag(MODEL, str(logged.registered_model_version), "approval", approval)


def _set_aliases() -> None:
    client = MlflowClient()
    versions = sorted(client.search_model_versions(f"name = '{MODEL}'"), key=lambda version: int(version.version))
    accuracy = {v.version: client.get_run(v.run_id).data.metrics["accuracy"] for v in versions}
    champion = max(versions, key=lambda version: accuracy[version.version])  # the older of equals
    challenger = [version for version in versions if version is not champion][-1]
    client.set_registered_model_alias(MODEL, "champion", champion.version)
    client.set_registered_model_alias(MODEL, "challenger", challenger.version)
    client.update_registered_model(MODEL, "Forests that tell three kinds of iris apart.")
