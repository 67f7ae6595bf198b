"""A sweep with Optuna, logged as child runs of one run: a report that says what the search found and what that is worth.

    pip install optuna
    python examples/optuna_sweep.py [FOLDER]

Makes FOLDER/mlflow.db and FOLDER/reports/sweep/latest/. A trial is a child run with its parameters and its score on every fold. Children are summarised
under their sweep, parameters by how much they matter, and the best of many trials is said to look better than it is.
"""

from __future__ import annotations

import sys
from pathlib import Path

import mlflow
import optuna
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.model_selection import cross_val_score

import reportgen
from reportgen.tracking import training_job

N_TRIALS = 16
EXPERIMENT = "breast-cancer"


def main(folder: Path) -> reportgen.Outcome:
    folder.mkdir(parents=True, exist_ok=True)
    uri = f"sqlite:///{folder.absolute()}/mlflow.db"
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(direction="maximize", sampler=optuna.samplers.TPESampler(seed=0, n_startup_trials=8))
    with training_job(
        {"tracking_uri": uri, "experiment_name": EXPERIMENT, "run_name": "sweep", "params": {"n_trials": N_TRIALS}}
    ):
        study.optimize(trained, n_trials=N_TRIALS)
    config = {
        "tracking_uri": uri,
        "metrics": {"cv_accuracy": {"goal": "maximize", "format": "percent", "label": "Accuracy over 3 folds"}},
        "reports": {
            "sweep": {
                "title": "Breast cancer: what did the sweep find?",
                "experiments": [EXPERIMENT],
                "primary": "cv_accuracy",
                "gates": [{"metric": "cv_accuracy", "of": "best", "at_least": 0.93}, {"of": "failed", "at_most": 0.1}],
            }
        },
    }
    return reportgen.build(config, output=folder / "reports")


def trained(trial: optuna.Trial) -> float:
    """The score of one trial, which is a run inside the run of the sweep."""
    with mlflow.start_run(nested=True, run_name=f"trial {trial.number}"):
        params = {
            "max_depth": trial.suggest_int("max_depth", 1, 12),
            "min_samples_leaf": trial.suggest_int("min_samples_leaf", 1, 60, log=True),
            "max_features": trial.suggest_float("max_features", 0.05, 1.0),
        }
        mlflow.log_params(params)
        x, y = load_breast_cancer(return_X_y=True)
        scores = cross_val_score(ExtraTreesClassifier(12, random_state=0, **params), x, y, cv=3)
        mlflow.log_metrics({"cv_accuracy": scores.mean(), "cv_accuracy_worst_fold": scores.min()})
        return float(scores.mean())


if __name__ == "__main__":
    outcome = main(Path(sys.argv[1] if len(sys.argv) > 1 else "sweep"))
    print(outcome.headline, outcome.folder, sep="\n")
    sys.exit(outcome.exit_code)
