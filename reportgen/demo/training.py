"""The child process that trains the demo's experiments into one SQLite store, one after the other.

    python -m reportgen.demo.training FOLDER full|small

Prints ``done<TAB>total<TAB>experiment`` after each run. Written as a user of MLflow would write it, with its fluent API, so
that the store has what such stores have: user and source tags, dataset inputs, artifacts, real times.
"""

from __future__ import annotations

import itertools
import logging
import sys
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import mlflow

from reportgen.demo import assistant, digits, iris, nightly, wine


@dataclass(frozen=True, slots=True)
class Plan:
    """The number of runs and epochs to train."""

    n_seeds: int
    epochs: int
    test_sizes: tuple[float, ...]
    n_trees: tuple[int, ...]
    c_values: tuple[float, ...]
    n_folds: int
    n_topics: int
    n_weeks: int

    @property
    def n_runs(self) -> int:
        """Runs of all experiments; the digits have a failed and a diverging one besides the pairs, the assistant two versions."""
        forests = len(self.test_sizes) * len(self.n_trees)
        return forests + 2 * self.n_seeds + 2 + 1 + len(self.c_values) * (1 + self.n_folds) + 2 + nightly.n_runs(self.n_weeks)


PLANS = {
    "full": Plan(
        n_seeds=12,
        epochs=30,
        test_sizes=(0.1, 0.2, 0.3, 0.4, 0.5),
        n_trees=(10, 50, 100),
        c_values=(0.01, 0.1, 1.0, 10.0, 100.0),
        n_folds=5,
        n_topics=8,
        n_weeks=6,
    ),
    "small": Plan(
        n_seeds=2, epochs=4, test_sizes=(0.2, 0.4), n_trees=(5, 10), c_values=(0.1, 1.0), n_folds=3, n_topics=2, n_weeks=1
    ),
}


def main(folder: Path, plan: Plan) -> None:
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")  # the diverging run overflows, as it is meant to
    mlflow.set_tracking_uri(f"sqlite:///{folder / 'mlflow.db'}")
    experiments: tuple[tuple[str, str, Callable[[Callable[[], None]], None]], ...] = (
        ("iris-forest", iris.NOTE, partial(iris.train, plan.test_sizes, plan.n_trees)),
        ("digits-ab", digits.NOTE, partial(digits.train, plan.n_seeds, plan.epochs)),
        ("wine-cv", wine.NOTE, partial(wine.train, plan.c_values, plan.n_folds)),
        ("assistant-eval", assistant.NOTE, partial(assistant.train, plan.n_topics)),
        ("digits-nightly", nightly.NOTE, partial(nightly.train, plan.n_weeks)),
    )
    done = itertools.count(1)
    for name, note, train in experiments:
        artifacts = (folder / "artifacts" / name).as_uri()
        mlflow.create_experiment(name, artifact_location=artifacts, tags={"mlflow.note.content": note})
        mlflow.set_experiment(name)
        train(partial(_tell, name, done, plan.n_runs))


def _tell(experiment: str, done: Iterator[int], total: int) -> None:
    """Report one more finished run to the parent process."""
    sys.stdout.write(f"{next(done)}\t{total}\t{experiment}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), PLANS[sys.argv[2]])
