"""Is B better than A? Two settings of XGBoost, eight seeds each, and a memo that answers.

    pip install xgboost
    python examples/xgboost_ab.py [FOLDER]

Makes FOLDER/mlflow.db and a memo in FOLDER/reports/: the decision first, then by how much and how sure, from runs that are paired by their seed.
A seed draws the rows that a run learns from and those it is measured on, so both settings meet the same data, and what one split is worth is known.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import mlflow
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from xgboost import XGBClassifier

import reportgen
from reportgen.tracking import training_job

VARIANTS: Mapping[str, Mapping[str, Any]] = {"stumps": {"max_depth": 1}, "trees": {"max_depth": 4}}
SEEDS = range(8)
EXPERIMENT = "digits-ab"


def main(folder: Path) -> reportgen.Outcome:
    folder.mkdir(parents=True, exist_ok=True)
    uri = f"sqlite:///{folder.absolute()}/mlflow.db"
    for variant, settings in VARIANTS.items():
        for seed in SEEDS:
            params = {"n_estimators": 20, "learning_rate": 0.3, **settings, "seed": seed}
            job = {"tracking_uri": uri, "experiment_name": EXPERIMENT, "run_name": f"{variant} seed {seed}"}
            with training_job({**job, "tags": {"variant": variant}, "params": params}):
                train(seed, settings)
    return reportgen.compare(
        "trees",
        "stumps",
        by="tags.variant",
        baseline="stumps",
        pair_by="params.seed",
        metrics=["val_accuracy", "val_loss"],
        margin=0.005,
        tracking_uri=uri,
        output=folder / "reports",
    )


def train(seed: int, settings: Mapping[str, Any]) -> None:
    x, y = load_digits(return_X_y=True)
    x_train, x_val, y_train, y_val = train_test_split(x, y, test_size=0.3, random_state=seed)
    mlflow.log_input(mlflow.data.from_numpy(x_val, targets=y_val, name="digits"), context="eval")
    model = XGBClassifier(n_estimators=20, learning_rate=0.3, random_state=seed, n_jobs=1, eval_metric="mlogloss", **settings)
    model.fit(x_train, y_train, eval_set=[(x_val, y_val)], verbose=False)
    for step, loss in enumerate(model.evals_result()["validation_0"]["mlogloss"]):
        mlflow.log_metric("val_loss", loss, step=step)
    mlflow.log_metric("val_accuracy", model.score(x_val, y_val))


if __name__ == "__main__":
    outcome = main(Path(sys.argv[1] if len(sys.argv) > 1 else "xgboost-ab"))
    for verdict in outcome.verdicts:
        print(f"{verdict.title}: {verdict.heading}. {verdict.sentence}")
    print(outcome.folder)
    sys.exit(outcome.exit_code)
