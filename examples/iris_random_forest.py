"""Random forests on iris, one run for each size of the test set, and one interactive page for each metric.

    python examples/iris_random_forest.py [FOLDER]

Makes FOLDER/mlflow.db; `mlflow ui --backend-store-uri sqlite:///FOLDER/mlflow.db` shows each run with its model and confusion matrix, and a report run with
metrics_comparison/accuracy.html, metrics_comparison/f1_score.html and report.pdf.
"""

from __future__ import annotations

import sys
from pathlib import Path

import matplotlib as mpl
import mlflow
from mlflow.tracking import MlflowClient
from sklearn.datasets import load_iris
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import ConfusionMatrixDisplay, accuracy_score, f1_score
from sklearn.model_selection import train_test_split

from reportgen.tracking import ExperimentTrackingProtocol, add_metrics_to_run, end_training_job, start_training_job

TEST_SIZES = (0.3, 0.2, 0.1, 0.05, 0.01)
EXPERIMENT = "iris"


def main(folder: Path) -> None:
    mpl.use("Agg")
    folder.mkdir(parents=True, exist_ok=True)
    uri = f"sqlite:///{folder.absolute()}/mlflow.db"
    client = MlflowClient(tracking_uri=uri)
    if client.get_experiment_by_name(EXPERIMENT) is None:
        client.create_experiment(EXPERIMENT, artifact_location=(folder.absolute() / "artifacts").as_uri())
    x, y = load_iris(return_X_y=True)
    for size in TEST_SIZES:
        params = {
            "tracking_uri": uri,
            "experiment_name": EXPERIMENT,
            "run_name": f"test size {size:g}",
            "params": {"test_size": size, "n_estimators": 50, "seed": 42},
        }
        x_train, x_test, y_train, y_test = train_test_split(x, y, test_size=size, random_state=0)
        run_id = start_training_job(params)
        forest = RandomForestClassifier(n_estimators=50, random_state=42).fit(x_train, y_train)
        predicted = forest.predict(x_test)
        figure = ConfusionMatrixDisplay.from_predictions(y_test, predicted).figure_
        mlflow.log_figure(figure, "confusion_matrix.png")
        mlflow.sklearn.log_model(forest, name="model", serialization_format="cloudpickle", pip_requirements=["scikit-learn"])
        end_training_job(params)
        scores = {
            "accuracy": accuracy_score(y_test, predicted),
            "f1_score": f1_score(y_test, predicted, average="macro", zero_division=0),
        }
        for problem in add_metrics_to_run(run_id, params, scores):
            print(problem.where, problem.what, file=sys.stderr)
    logged = ExperimentTrackingProtocol(uri, EXPERIMENT).report_metrics_to_experiment()
    print(f"{len(logged.pages)} pages in {logged.where}")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "iris"))
