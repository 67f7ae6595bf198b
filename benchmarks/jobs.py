"""What is measured, each in a process of its own: ``python -m benchmarks.jobs '{"job": "collect", …}'``.

A job is a function that imports what it needs and returns the work; the time of the first is reported as ``imports``, and
only the second is measured. The last line on stdout is a JSON object: ``wall``, ``cpu`` (this process, all threads),
``rss`` (peak, bytes; ``rss_before`` the work), ``imports``, and whatever the work found.
"""

from __future__ import annotations

import json
import os
import random
import resource
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

Work = Callable[[], dict[str, Any]]
"""Does the work and tells what it found. ``wall`` or ``cpu`` in it replace what was measured: a sample is scaled up."""

_MOST_MEMORY = 12 * 2**30
"""Bytes that a job may ask for: one that wants more ends by itself instead of taking the machine along."""


# --- reportgen -------------------------------------------------------------------------------------------------------


def collect(
    uri: str, experiment: str = "*", cache: str | None = None, history: bool = True, points_in_memory: int | None = None
) -> Work:
    """Everything of one experiment; ``total`` is the sum of the finite values."""
    import pyarrow.compute as pc

    import reportgen.collect.gather
    from reportgen.collect import Reading, Selection, source

    __import__(source.READERS[source._scheme(uri)][1].partition(":")[0])
    for driver in _DRIVERS.get(source.recognised(uri), ()):
        __import__(driver)
    limits: dict[str, Any] = {} if points_in_memory is None else {"points_in_memory": points_in_memory}
    reading = Reading(cache=Path(cache) if cache else None, **limits)
    selection = Selection(experiments=(experiment,), with_history=history)

    def work() -> dict[str, Any]:
        began = time.time()
        snapshot = reportgen.collect.collect(uri, selection, reading=reading)
        ended = time.time()
        gaps = [f"{p.slug}: {p.what}" for p in snapshot.problems if p.severity == "gap"]
        total = 0.0
        for table in snapshot.history.tables():
            value = table.column("value")
            total += pc.sum(value.filter(pc.is_finite(value))).as_py() or 0.0
        found = {"n_points": snapshot.history.n_points, "n_runs": snapshot.runs.num_rows, "total": total, "gaps": gaps}
        return found | {"wall": snapshot.read_seconds, "began": began, "ended": ended}

    return work


_DRIVERS: Mapping[str, Sequence[str]] = {
    "sqlite": ("adbc_driver_sqlite.dbapi",),
    "postgresql": ("adbc_driver_postgresql.dbapi", "sqlalchemy"),
    "mysql": ("sqlalchemy", "pymysql"),
}
"""Kind of store → what its reader imports when it connects."""


def huge(shape: Mapping[str, int], points_in_memory: int, scratch: str, to: str) -> Work:
    """A store that makes its points up, in bounded memory: ``to`` "read", "analyze", or the whole "report" with every output but exports."""
    import reportgen.analyze
    import reportgen.analyze.facts
    import reportgen.collect.gather
    import reportgen.pipeline
    from benchmarks.made_up import MadeUp
    from benchmarks.stores import Shape
    from reportgen import config as configs
    from reportgen.collect import Reading, Selection
    from reportgen.config import ReportConfig
    from reportgen.job import Job, Progress, jobs_of
    from reportgen.model import Window
    from reportgen.snapshot import Snapshot
    from reportgen.words import Words
    from reportgen.words.problems import problems_of

    now, source = datetime(2026, 11, 21, tzinfo=UTC), MadeUp(Shape(**shape))

    def read(job: Job, progress: Progress) -> Snapshot:
        return reportgen.collect.gather.snapshot_of(source, job.selection, progress, job.reading)

    def report() -> dict[str, Any]:
        limits = {"points_in_memory": points_in_memory}
        config = configs.of_mapping({"limits": limits, "reports": {"huge": {"experiments": ["*"], "primary": "val_accuracy"}}})
        (job,) = jobs_of(config, Path(), output=Path(scratch), now=now)
        outcome = reportgen.pipeline.build(job, lambda *_: None, read)
        sizes = {path.name: path.stat().st_size for path in outcome.folder.rglob("*") if path.is_file()}
        gaps = [f"{p.slug}: {p.what}" for p in outcome.problems if p.severity == "gap"]
        on_disk = outcome.n_points > points_in_memory
        return {"n_points": outcome.n_points, "on_disk": on_disk, "gaps": gaps, "bytes": sum(sizes.values())}

    def work() -> dict[str, Any]:
        if to == "report":
            return report()
        reading = Reading(points_in_memory=points_in_memory, scratch=Path(scratch))
        snapshot = reportgen.collect.gather.snapshot_of(source, Selection(), lambda *_: None, reading)
        found = {"n_points": snapshot.history.n_points, "on_disk": snapshot.history.on_disk, "rss_collect": peak_rss()}
        if to == "analyze":
            began = time.perf_counter()
            facts = reportgen.analyze.facts_of(snapshot, ReportConfig(), {}, now=now, window=Window(None, None, "all time"))
            found |= {"n_facts": len(facts.runs), "analyze": time.perf_counter() - began}
            found["gaps"] = [f"{p.slug}: {p.what}" for p in problems_of(facts.findings, Words()) if p.slug == "analysis-failed"]
        return found

    return work


# --- MLflow ----------------------------------------------------------------------------------------------------------


def tutorial(uri: str, experiment: str, n_calls: int, n_threads: int = 1, seed: int = 0) -> Work:
    """``mlflow.search_runs``, then ``get_metric_history`` for each run and metric, as every tutorial does it.

    Only ``n_calls`` series, drawn at random, are really asked for; what they took is scaled to all of them.
    """
    _quiet_mlflow()
    import mlflow
    import mlflow.store.tracking.sqlalchemy_store
    import mlflow.tracking
    import pandas  # noqa: F401 (what search_runs and the client load when they are first used)

    def work() -> dict[str, Any]:
        cpu, began = time.process_time(), time.perf_counter()
        mlflow.set_tracking_uri(uri)
        runs = mlflow.search_runs(experiment_names=[experiment], max_results=50_000)
        client = mlflow.MlflowClient()
        metrics = [column.removeprefix("metrics.") for column in runs.columns if column.startswith("metrics.")]
        series = [(run_id, metric) for run_id in runs["run_id"] for metric in metrics]
        once_cpu, once = time.process_time() - cpu, time.perf_counter() - began
        sample = random.Random(seed).sample(series, min(n_calls, len(series)))
        cpu, began = time.process_time(), time.perf_counter()
        with ThreadPoolExecutor(n_threads) as pool:
            n_points = sum(pool.map(lambda one: len(client.get_metric_history(*one)), sample))
        share = len(sample) / len(series)
        found = {"n_sampled": len(sample), "n_series": len(series), "n_points": round(n_points / share)}
        calls_cpu, calls = time.process_time() - cpu, time.perf_counter() - began
        return found | {"wall": once + calls / share, "cpu": once_cpu + calls_cpu / share, "measured": once + calls}

    return work


def search_pages(uri: str, experiment: str) -> Work:
    """``MlflowClient.search_runs``, page by page."""
    _quiet_mlflow()
    from mlflow import MlflowClient

    def work() -> dict[str, Any]:
        client = MlflowClient(uri)
        found = client.get_experiment_by_name(experiment)
        n_runs, token = 0, None
        while token is not None or n_runs == 0:
            page = client.search_runs([found.experiment_id], max_results=1000, page_token=token)
            n_runs, token = n_runs + len(page), page.token
            if not token:
                break
        return {"n_runs": n_runs}

    return work


def search_frame(uri: str, experiment: str) -> Work:
    """``mlflow.search_runs``: all runs as a frame, as the tutorials ask for them."""
    _quiet_mlflow()
    import mlflow
    import mlflow.store.tracking.sqlalchemy_store
    import pandas  # noqa: F401 (loaded when the frame is made; imports are not measured)

    def work() -> dict[str, Any]:
        mlflow.set_tracking_uri(uri)
        return {"n_runs": len(mlflow.search_runs(experiment_names=[experiment]))}

    return work


def write(uri: str, n: int, seconds_between: float) -> Work:
    """Logs ``n`` values through MLflow's client like a training; how long each call took."""
    _quiet_mlflow()
    from mlflow import MlflowClient

    client = MlflowClient(uri)
    experiment = client.get_experiment_by_name("training")
    experiment_id = experiment.experiment_id if experiment else client.create_experiment("training")
    run = client.create_run(experiment_id)
    client.log_metric(run.info.run_id, "loss", 1.0, step=-1)

    def work() -> dict[str, Any]:
        calls: list[tuple[float, float]] = []
        n_failed = 0
        for step in range(n):
            began, clock = time.time(), time.perf_counter()
            try:
                client.log_metric(run.info.run_id, "loss", 1 / (1 + step), step=step)
            except Exception as error:  # noqa: BLE001 - a lost point is what this looks for
                n_failed += 1
                print(error, file=sys.stderr)
            calls.append((began, time.perf_counter() - clock))
            time.sleep(seconds_between)
        n_there = len(client.get_metric_history(run.info.run_id, "loss")) - 1
        client.set_terminated(run.info.run_id)
        return {"n_lost": n - n_there, "n_failed": n_failed, "calls": calls}

    return work


def _quiet_mlflow() -> None:
    os.environ |= {"MLFLOW_DISABLE_TELEMETRY": "true", "MLFLOW_ALLOW_FILE_STORE": "true"}
    import logging
    import warnings

    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)


# --- measuring -------------------------------------------------------------------------------------------------------

JOBS: Mapping[str, Callable[..., Work]] = {
    "collect": collect,
    "huge": huge,
    "tutorial": tutorial,
    "search_pages": search_pages,
    "search_frame": search_frame,
    "write": write,
}


def peak_rss() -> int:
    """Bytes of this process at its highest. Linux counts since the program began, ``getrusage`` since the fork."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


def measured(request: Mapping[str, Any]) -> dict[str, Any]:
    """What the job of ``request`` found, with its times; with ``wait`` it starts when a line comes on stdin."""
    arguments = dict(request)
    waits = arguments.pop("wait", False)
    began = time.perf_counter()
    work = JOBS[arguments.pop("job")](**arguments)
    imports = time.perf_counter() - began
    before = peak_rss()
    if waits:
        print("ready", flush=True)
        sys.stdin.readline()
    cpu, began = time.process_time(), time.perf_counter()
    found = work()
    wall, cpu = time.perf_counter() - began, time.process_time() - cpu
    return {"wall": wall, "cpu": cpu, "rss": peak_rss(), "rss_before": before, "imports": imports} | found


def main() -> None:
    resource.setrlimit(resource.RLIMIT_DATA, (_MOST_MEMORY, _MOST_MEMORY))
    print(json.dumps(measured(json.loads(sys.argv[1]))))


if __name__ == "__main__":
    main()
