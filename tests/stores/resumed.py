"""Training that was resumed in three ways, that diverged, that still runs, and a run that was deleted."""

from __future__ import annotations

import math

from tests.stores.common import Store, main


def loss(step: int) -> float:
    return 2 * math.exp(-step / 40) + 0.3


def fill(store: Store) -> None:
    experiment = store.experiment("resumed training")
    twice = [(s, loss(s)) for s in range(60)] + [(s, loss(s + 60)) for s in range(60)]
    store.run(experiment, "steps begin at 0 again", params={"seed": 0}, curves={"train_loss": twice})
    overlap = [(s, loss(s)) for s in range(80)] + [(s, loss(s) * 1.1) for s in range(50, 120)]
    store.run(experiment, "from the last checkpoint", params={"seed": 1}, curves={"train_loss": overlap})
    first = store.run(
        experiment, "part 1", params={"seed": 2}, curves={"train_loss": [(s, loss(s)) for s in range(50)]}, status="KILLED"
    )
    rest = [(s, loss(s)) for s in range(50, 120)]
    store.run(experiment, "part 2", params={"seed": 2}, curves={"train_loss": rest}, tags={"mlflow.parentRunId": first})
    diverged = [(s, 2.0**s if s < 12 else math.nan) for s in range(20)]
    store.run(experiment, "diverged", params={"seed": 3}, curves={"train_loss": diverged})
    store.run(experiment, "infinite", params={"seed": 4}, metrics={"train_loss": math.inf, "val_accuracy": -math.inf})
    store.run(experiment, "still running", params={"seed": 5}, curves={"train_loss": [(0, 2.3)]}, status="RUNNING")
    store.run(experiment, "deleted", params={"seed": 6}, metrics={"train_loss": 0.001}, deleted=True)


if __name__ == "__main__":
    main(fill)
