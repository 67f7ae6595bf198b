"""A training loop that logs every epoch: three learning rates, two seeds each, and a report with a quality bar.

    python examples/epochs.py [FOLDER]

Makes FOLDER/mlflow.db and FOLDER/reports/epochs/latest/: page 1 says what is best and what needs attention, the report shows every curve,
which runs diverged or overfit, and what a learning rate is worth. The exit code is 5 when the best model is below the bar.
"""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

import mlflow
from sklearn.datasets import load_digits
from sklearn.metrics import log_loss
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier

import reportgen
from reportgen.tracking import training_job

LEARNING_RATES = (0.001, 0.01, 0.3)
SEEDS = (0, 1)
N_EPOCHS = 12
EXPERIMENT = "digits"


def main(folder: Path) -> reportgen.Outcome:
    folder.mkdir(parents=True, exist_ok=True)
    uri = f"sqlite:///{folder.absolute()}/mlflow.db"
    for rate in LEARNING_RATES:
        for seed in SEEDS:
            params = {"learning_rate": rate, "seed": seed, "hidden_units": 32}
            with training_job(
                {"tracking_uri": uri, "experiment_name": EXPERIMENT, "run_name": f"rate {rate:g} seed {seed}", "params": params}
            ):
                train(rate, seed)
    config = {
        "tracking_uri": uri,
        "metrics": {
            "val_accuracy": {"goal": "maximize", "format": "percent", "label": "Validation accuracy", "rule": "best"},
            "val_loss": {"goal": "minimize", "label": "Validation loss"},
            "train_loss": {"goal": "minimize", "label": "Training loss"},
        },
        "reports": {
            "epochs": {
                "title": "Digits: which learning rate?",
                "experiments": [EXPERIMENT],
                "primary": "val_accuracy",
                "gates": [{"metric": "val_accuracy", "of": "best", "at_least": 0.9}],
            }
        },
    }
    return reportgen.build(config, output=folder / "reports")


def train(rate: float, seed: int) -> None:
    """One model; a value of each metric for each epoch."""
    x, y = load_digits(return_X_y=True)
    x_train, x_val, y_train, y_val = train_test_split(x / 16, y, test_size=0.25, random_state=0)
    model = MLPClassifier((32,), learning_rate_init=rate, random_state=seed)
    for epoch in range(N_EPOCHS):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the largest rate overflows on purpose
            model.partial_fit(x_train, y_train, classes=range(10))
            val_loss = log_loss(y_val, model.predict_proba(x_val))
        values = {"train_loss": model.loss_, "val_loss": val_loss, "val_accuracy": model.score(x_val, y_val)}
        mlflow.log_metrics(values, step=epoch)


if __name__ == "__main__":
    outcome = main(Path(sys.argv[1] if len(sys.argv) > 1 else "epochs"))
    print(outcome.headline, outcome.folder, sep="\n")
    sys.exit(outcome.exit_code)
