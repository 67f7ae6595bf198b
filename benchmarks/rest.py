"""How fast a tracking server is read: ``python benchmarks/rest.py [--store URI] [--runs N] [--metrics N] [--steps N]``.

Fills a database (a new SQLite file; ``--store`` names an empty one of another kind) by direct inserts, starts a real
``mlflow server`` with its default four workers on it, and reads every point in four ways: as MLflow's tutorials do
(``search_runs``, then ``get_metric_history`` for each run and metric) in one thread and in thread pools, and with
``reportgen.collect``. Checks that all found the same points. Client and server share the machine, so that wall time is
what the server's processor takes; the best of ``--repeat`` readings counts.
"""

from __future__ import annotations

import argparse
import math
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

START = 1_760_000_000_000


def filled(uri: str, n_runs: int, n_metrics: int, n_steps: int) -> None:
    """Makes MLflow's tables, one experiment, and finished runs of ten parameters and seven tags."""
    import sqlalchemy as sa
    from mlflow import MlflowClient

    experiment = int(MlflowClient(uri).create_experiment("bench"))
    engine = sa.create_engine(uri)
    meta = sa.MetaData()
    meta.reflect(engine, only=["runs", "params", "tags", "metrics", "latest_metrics"])
    with engine.begin() as connection:
        for number in range(n_runs):
            run = f"{number * 2654435761 % 2**32:08x}{number:024x}"
            row = {"run_uuid": run, "name": f"run-{number}", "status": "FINISHED", "start_time": START + number}
            row |= {"end_time": START + number + 900_000, "lifecycle_stage": "active", "experiment_id": experiment}
            connection.execute(meta.tables["runs"].insert(), [row | {"user_id": "ann", "artifact_uri": ""}])
            for table, n_keys in (("params", 10), ("tags", 7)):
                rows = [{"run_uuid": run, "key": f"k{i}", "value": str(number + i)} for i in range(n_keys)]
                connection.execute(meta.tables[table].insert(), rows)
            points: list[dict[str, Any]] = []
            for metric in range(n_metrics):
                for step in range(n_steps):
                    point = {"run_uuid": run, "key": f"metric_{metric}", "value": math.sin(step * (metric + 1)) + number}
                    points.append(point | {"timestamp": START + step * 1000, "step": step, "is_nan": False})
            connection.execute(meta.tables["metrics"].insert(), points)
            connection.execute(meta.tables["latest_metrics"].insert(), points[n_steps - 1 :: n_steps])
    engine.dispose()


@contextmanager
def serving(uri: str, folder: Path) -> Iterator[tuple[str, int]]:
    """(URL, process id) of a server on ``uri``."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "mlflow", "server", "--backend-store-uri", uri, "--port", str(port), "--host", "127.0.0.1"]
    command += ["--artifacts-destination", str(folder / "artifacts")]
    environment = {**os.environ, "MLFLOW_DISABLE_TELEMETRY": "true", "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True, cwd=folder, env=environment)
    try:
        url = f"http://127.0.0.1:{port}"
        for _ in range(600):
            with suppress(OSError), urllib.request.urlopen(f"{url}/health", timeout=5):
                break
            time.sleep(0.2)
        yield url, process.pid
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


def group_cpu(group: int) -> float:
    """CPU seconds so far of the living processes of a process group (Linux); 0 elsewhere."""
    total = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            total += int(fields[11]) + int(fields[12]) if int(fields[2]) == group else 0
    return total / os.sysconf("SC_CLK_TCK")


def tutorial(url: str, n_threads: int) -> float:
    """The sum over every value: what the loop of MLflow's tutorials finds."""
    import mlflow
    from mlflow import MlflowClient

    mlflow.set_tracking_uri(url)
    client = MlflowClient(url)
    frame = mlflow.search_runs(experiment_names=["bench"], max_results=50_000)
    metrics = [name.removeprefix("metrics.") for name in frame.columns if name.startswith("metrics.")]
    pairs = [(run, metric) for run in frame["run_id"] for metric in metrics]

    def total(pair: tuple[str, str]) -> float:
        return sum(point.value for point in client.get_metric_history(*pair))

    if n_threads == 1:
        return sum(map(total, pairs))
    with ThreadPoolExecutor(n_threads) as pool:
        return sum(pool.map(total, pairs))


def ours(url: str) -> float:
    from reportgen.collect import Selection, collect

    snapshot = collect(url, Selection(experiments=("bench",)))
    assert not snapshot.problems, snapshot.problems
    return sum(float(series.value.sum()) for series in snapshot.history.series())


def unchanged(url: str) -> float:
    """What tells that nothing changed: every list, and a mark for each run."""
    from reportgen.collect import Reading
    from reportgen.collect.source import opened

    with closing(opened(url, Reading())) as source:
        ids = source.runs(source.experiments()["experiment_id"].to_pylist())["run_id"].to_pylist()
        return float(len(source.marks(ids)))


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--store", default="")
    asked.add_argument("--runs", type=int, default=100)
    asked.add_argument("--metrics", type=int, default=10)
    asked.add_argument("--steps", type=int, default=200)
    asked.add_argument("--repeat", type=int, default=2)
    asked.add_argument("--only-ours", action="store_true")
    args = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = args.store or f"sqlite:///{folder}/store.db"
        filled(store, args.runs, args.metrics, args.steps)
        n_points = args.runs * args.metrics * args.steps
        with serving(store, Path(folder)) as (url, group):
            ways: dict[str, Callable[[], float]] = {"reportgen": lambda: ours(url)}
            if not args.only_ours:
                ways |= {"tutorial, 1 thread": lambda: tutorial(url, 1)}
                ways |= {f"tutorial, {n} threads": lambda n=n: tutorial(url, n) for n in (2, 4, 8)}
            ways |= {"reportgen, marks of an unchanged store": lambda: unchanged(url)}
            found = {}
            first = 0.0
            for what, read in ways.items():
                best, n_tries = (math.inf, 0.0, 0.0), 1 if what == "tutorial, 1 thread" else args.repeat
                for _ in range(n_tries):
                    wall, own, server = time.perf_counter(), time.process_time(), group_cpu(group)
                    found[what] = read()
                    used = time.perf_counter() - wall, time.process_time() - own, group_cpu(group) - server
                    best = min(best, used)
                first = first or best[0]
                print(
                    f"{what:<40} {best[0]:8.2f} s wall ({best[0] / first:5.2f} × reportgen)  CPU: {best[1]:6.2f} s client, "
                    f"{best[2]:6.2f} s server, {(best[1] + best[2]) / n_points * 1e6:6.1f} µs/point",
                    flush=True,
                )
            totals = [total for what, total in found.items() if "marks" not in what]
            assert all(math.isclose(total, totals[0]) for total in totals), found


if __name__ == "__main__":
    main()
