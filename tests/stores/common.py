"""What the scripts share: an empty SQLite store with MLflow's own client, and runs with everything in one call."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests import servers

START = 1_763_000_000_000
"""2025-11-13, in milliseconds."""
MINUTE = 60_000


@dataclass
class Store:
    """A store in the making; it counts what is put in."""

    client: Any
    uri: str
    folder: Path
    n_active: int = 0
    n_points: int = 0
    """Points of active runs."""
    _at: int = field(default=START, repr=False)

    def experiment(self, name: str, tags: Mapping[str, str] | None = None) -> str:
        place = (self.folder / "artifacts").as_uri()
        return str(self.client.create_experiment(name, artifact_location=place, tags=dict(tags or {})))

    def run(
        self,
        experiment: str,
        name: str,
        *,
        params: Mapping[str, Any] | None = None,
        metrics: Mapping[str, float] | None = None,
        curves: Mapping[str, Iterable[tuple[int, float]]] | None = None,
        tags: Mapping[str, str] | None = None,
        status: str = "FINISHED",
        deleted: bool = False,
    ) -> str:
        """One run, a minute after the one before; ``curves`` are metric → (step, value) in the order of logging."""
        from mlflow.entities import Metric, Param

        self._at += MINUTE
        run_id = str(self.client.create_run(experiment, start_time=self._at, run_name=name, tags=dict(tags or {})).info.run_id)
        points = [Metric(key, value, self._at + 1000, 0) for key, value in (metrics or {}).items()]
        for key, curve in (curves or {}).items():
            points += [Metric(key, value, self._at + 100 * n, step) for n, (step, value) in enumerate(curve)]
        self.client.log_batch(run_id, metrics=points, params=[Param(key, str(value)) for key, value in (params or {}).items()])
        if status != "RUNNING":
            self.client.set_terminated(run_id, status=status, end_time=self._at + MINUTE // 2)
        if deleted:
            self.client.delete_run(run_id)
        else:
            self.n_active += 1
            self.n_points += len(points)
        return run_id


Fill = Callable[[Store], None]


def made(fill: Fill, folder: Path) -> Store:
    """A new store in ``folder``, filled."""
    from mlflow.tracking import MlflowClient

    folder.mkdir(parents=True, exist_ok=True)
    uri = servers.sqlite_store(folder / "mlflow.db")
    store = Store(MlflowClient(tracking_uri=uri, registry_uri=uri), uri, folder)
    fill(store)
    return store


def main(fill: Fill, argv: Sequence[str] = sys.argv) -> None:
    sys.stdout.write(f"{made(fill, Path(argv[1])).uri}\n")
