"""Every hostile text that a store takes as the name, a parameter, a tag and the note of a run, and in the name of its experiment."""

from __future__ import annotations

from tests.hostile import OWN, texts_of
from tests.stores.common import Store, main


def fill(store: Store) -> None:
    experiment = store.experiment(
        "</title><script>window.__pwned=1</script> \"'`", {"mlflow.note.content": "[x](javascript:alert(1))"}
    )
    for n, text in enumerate(texts_of(OWN).values()):
        if len(text) > 5000 or any("\ud800" <= mark <= "\udfff" for mark in text):
            continue
        store.run(
            experiment,
            text,
            params={"name": text, "seed": n},
            metrics={"val_acc": 0.5 + n / 1000},
            tags={"group": text, "mlflow.note.content": text, "mlflow.user": text[:200]},
        )


if __name__ == "__main__":
    main(fill)
