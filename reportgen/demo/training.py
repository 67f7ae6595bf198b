"""The child process that trains the demo's three experiments into one SQLite store, one after the other.

    python -m reportgen.demo.training FOLDER full|small

Prints ``done<TAB>total<TAB>what`` after each run. Written as a user of MLflow would write it, with its fluent API, so
that the store has what such stores have: user and source tags, dataset inputs, artifacts, real times.
"""

from __future__ import annotations

import logging
import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import mlflow

from reportgen.demo import digits, iris, wine


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is trained."""

    n_seeds: int
    epochs: int
    test_sizes: tuple[float, ...]
    n_trees: tuple[int, ...]
    c_values: tuple[float, ...]
    n_folds: int

    @property
    def n_runs(self) -> int:
        """Runs of all three experiments; the digits have a failed and a diverging one besides the pairs."""
        forests = len(self.test_sizes) * len(self.n_trees)
        return forests + 2 * self.n_seeds + 2 + 1 + len(self.c_values) * (1 + self.n_folds)


PLANS = {
    "full": Plan(
        n_seeds=12,
        epochs=30,
        test_sizes=(0.1, 0.2, 0.3, 0.4, 0.5),
        n_trees=(10, 50, 100),
        c_values=(0.01, 0.1, 1.0, 10.0, 100.0),
        n_folds=5,
    ),
    "small": Plan(n_seeds=2, epochs=4, test_sizes=(0.2, 0.4), n_trees=(5, 10), c_values=(0.1, 1.0), n_folds=3),
}


def main(folder: Path, plan: Plan) -> None:
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")  # the diverging run overflows, as it is meant to
    mlflow.set_tracking_uri(f"sqlite:///{folder / 'mlflow.db'}")
    tell = _counter(plan.n_runs)
    _begin("iris-forest", iris.NOTE, folder)
    iris.train(plan.test_sizes, plan.n_trees, tell)
    _begin("digits-ab", digits.NOTE, folder)
    digits.train(plan.n_seeds, plan.epochs, tell)
    _begin("wine-cv", wine.NOTE, folder)
    wine.train(plan.c_values, plan.n_folds, tell)


def _begin(experiment: str, note: str, folder: Path) -> None:
    """Make ``experiment`` the current one, with its artifacts inside the demo's folder."""
    mlflow.create_experiment(
        experiment, artifact_location=(folder / "artifacts" / experiment).as_uri(), tags={"mlflow.note.content": note}
    )
    mlflow.set_experiment(experiment)


def _counter(total: int) -> Callable[[str], None]:
    """A callable that counts finished runs aloud."""
    done = 0

    def tell(what: str) -> None:
        nonlocal done
        done += 1
        sys.stdout.write(f"{done}\t{total}\t{what}\n")
        sys.stdout.flush()

    return tell


if __name__ == "__main__":
    main(Path(sys.argv[1]), PLANS[sys.argv[2]])
