"""How fast ``mlruns/`` is read, beside MLflow's own FileStore: ``python benchmarks/files.py [runs metrics steps]``.

Makes a store of 100 runs × 10 metrics × 200 steps in a temporary folder, then reads every history with MLflow's
``FileStore.get_metric_history`` and with ``reportgen.collect.files.source``, and checks that both found the same points. Times
are CPU seconds of this process, the best of three, since wall time says little on a shared machine.
"""

from __future__ import annotations

import logging
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def made_store(root: Path, n_runs: int, n_metrics: int, n_steps: int) -> list[str]:
    """Writes a store in the layout of MLflow 3 and returns its run ids."""
    rng = random.Random(0)
    home = root / "1"
    for folder in (root / ".trash", home):
        folder.mkdir(parents=True)
    common = f"artifact_location: file://{home}\ncreation_time: 1700000000000\nlast_update_time: 1700000000000\n"
    (home / "meta.yaml").write_text(f"{common}experiment_id: '1'\nlifecycle_stage: active\nname: bench\n")
    run_ids = [f"{rng.getrandbits(128):032x}" for _ in range(n_runs)]
    for number, run_id in enumerate(run_ids):
        run = home / run_id
        for folder in ("metrics", "params", "tags", "artifacts"):
            (run / folder).mkdir(parents=True)
        (run / "meta.yaml").write_text(
            f"artifact_uri: file://{run}/artifacts\nend_time: 1700000900000\nentry_point_name: ''\nexperiment_id: '1'\n"
            f"lifecycle_stage: active\nrun_id: {run_id}\nrun_name: run-{number}\nsource_name: ''\nsource_type: 4\n"
            f"source_version: ''\nstart_time: 1700000000000\nstatus: 3\ntags: []\nuser_id: bench\n"
        )
        for index in range(10):
            (run / "params" / f"p{index}").write_text(str(rng.random()))
        for key in ("mlflow.runName", "mlflow.source.name", "mlflow.source.type", "mlflow.user", "a", "b", "c"):
            (run / "tags" / key).write_text(f"run-{number}")
        for index in range(n_metrics):
            lines = (f"{1700000000000 + step * 1000} {rng.gauss(0, 1)!r} {step}\n" for step in range(n_steps))
            (run / "metrics" / f"metric_{index}").write_text("".join(lines))
    return run_ids


def measured(what: str, read: Callable[[], Any], n_points: int) -> tuple[float, Any]:
    """(best CPU seconds, what ``read`` returned)."""
    best, result = float("inf"), None
    for _ in range(3):
        cpu, wall = time.process_time(), time.perf_counter()
        result = read()
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        best = min(best, cpu)
    print(f"{what:<62} {best:8.3f} s CPU {best / n_points * 1e6:8.3f} µs/point   (last: {wall:.3f} s wall)")
    return best, result


def main(n_runs: int = 100, n_metrics: int = 10, n_steps: int = 200) -> None:
    os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"
    from mlflow.store.tracking.file_store import FileStore

    from reportgen.collect.files.source import FileSource

    logging.disable()
    n_points = n_runs * n_metrics * n_steps
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "mlruns"
        run_ids = sorted(made_store(root, n_runs, n_metrics, n_steps))
        store = FileStore(str(root))

        def theirs() -> int:
            return sum(len(store.get_metric_history(run, f"metric_{m}")) for run in run_ids for m in range(n_metrics))

        def opened() -> FileSource:
            source = FileSource(str(root))
            source.experiments()
            source.runs(["1"])
            return source

        def histories() -> int:
            chunks = opened().history(run_ids, lambda _: True, lambda *_: None)
            return sum(chunk.points.num_rows for chunk in chunks)

        def everything() -> int:
            source = opened()
            source.details(run_ids, lambda *_: None)
            return sum(chunk.points.num_rows for chunk in source.history(run_ids, lambda _: True, lambda *_: None))

        print(f"{n_runs} runs × {n_metrics} metrics × {n_steps} steps = {n_points:,} points")
        mlflow, found = measured("MLflow: FileStore.get_metric_history of every series", theirs, n_points)
        assert found == n_points
        search, _ = measured("MLflow: search_runs (params, tags, last values)", lambda: store.search_runs(["1"], "", 1), n_points)
        ours, found = measured("reportgen: open, runs and every history", histories, n_points)
        assert found == n_points
        whole, _ = measured("reportgen: the same with params, tags, last values", everything, n_points)
        print(f"histories: {mlflow / ours:.1f} times as fast; with everything else: {(mlflow + search) / whole:.1f} times")


if __name__ == "__main__":
    main(*(int(number) for number in sys.argv[1:]))
