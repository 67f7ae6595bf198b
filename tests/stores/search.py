"""A search with a parent and its trials, values from 1e-9 to 1e12 and in per cent, many parameters, and a registered model."""

from __future__ import annotations

import random

from tests.stores.common import Store, main


def fill(store: Store) -> None:
    experiment = store.experiment("search/ranker", {"mlflow.note.content": "Which **depth** is enough?"})
    parent = store.run(experiment, "search", tags={"kind": "parent"})
    noise = random.Random("search")
    wide = {f"option_{n:02d}": n for n in range(40)}
    best = ""
    for trial in range(16):
        depth, rate = trial % 4 + 2, 10.0 ** -(trial % 5)
        accuracy = 60 + 8 * depth - abs(trial % 5 - 2) + noise.gauss(0, 0.5)
        metrics = {
            "val_accuracy_percent": accuracy,
            "tiny": accuracy * 1e-11,
            "n_bytes": accuracy * 1e10,
            "val_loss": 1 / accuracy,
        }
        failed = trial in (5, 11)
        run_id = store.run(
            experiment,
            f"trial {trial:02d}",
            params={"depth": depth, "learning_rate": rate, **wide},
            metrics={} if failed else metrics,
            tags={"mlflow.parentRunId": parent, "mlflow.source.git.commit": "c0ffee" * 6 + "1234"},
            status="FAILED" if failed else "FINISHED",
        )
        best = run_id if trial == 3 else best
    store.client.create_registered_model("ranker")
    source = (store.folder / "artifacts" / best).as_uri()
    store.client.create_model_version("ranker", source, run_id=best)
    store.client.set_registered_model_alias("ranker", "champion", "1")


if __name__ == "__main__":
    main(fill)
