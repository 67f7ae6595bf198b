"""Servers of other MLflow versions, really installed and started: the same store gives the same tables.

Each version gets an environment of its own in a temporary folder, made by ``uv`` from the package index; without either
the tests are skipped with the reason. They take minutes: ``make versions`` runs them, and nothing else does.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from reportgen.collect import Reading, Selection
from reportgen.collect.gather import snapshot_of
from reportgen.collect.rest.session import Limits
from reportgen.collect.rest.source import RestSource
from reportgen.snapshot import Snapshot
from tests.collect.proxy import proxy_before
from tests.collect.stores import content
from tests.servers import MlflowServer, answers_http, free_port, running, serving

pytestmark = [pytest.mark.versions, pytest.mark.timeout(1200)]

PINS = ("setuptools<81", "sqlalchemy<2.1", "cryptography<47")
"""What earlier versions need and did not yet know that they do."""
VERSIONS = ("3.18.0", "3.10.1", "3.1.4", "3.0.1", "2.16.2", "2.9.2", "2.2.2")
OVER = {"3.18.0": "3.17.2"}
"""A version whose parts (mlflow-skinny, mlflow-tracing) are in no index yet → the version over whose parts it is installed."""
LOGGED_BY = """
import math, sys
from mlflow import MlflowClient
from mlflow.entities import Metric
client = MlflowClient(sys.argv[1])
experiment = client.create_experiment("old", tags={"team": "a"})
for number in range(25):
    run = client.create_run(experiment, start_time=1000 + number, tags={"mlflow.runName": f"run {number}", "mlflow.user": "ann"})
    id_ = run.info.run_id
    client.log_batch(id_, metrics=[Metric("loss", 1 / (s + 1), 5000 + s, s) for s in range(40 + number)])
    client.log_batch(id_, metrics=[Metric("odd", v, 7, s) for s, v in ((-5, 1.0), (0, math.nan), (1, math.inf), (2, -math.inf))])
    client.log_metric(id_, "late", 5.0, timestamp=9, step=5)
    client.log_metric(id_, "late", 1.0, timestamp=10, step=1)
    client.log_param(id_, "lr", "0.1")
    client.set_terminated(id_, status="FINISHED" if number % 2 else "FAILED", end_time=9000 + number)
client.log_batch(id_, metrics=[])
for start in range(0, 26000, 1000):
    client.log_batch(id_, metrics=[Metric("long", float(s), s, s) for s in range(start, start + 1000)])
client.delete_run(client.search_runs([experiment], order_by=["attributes.start_time ASC"])[0].info.run_id)
client.create_registered_model("ranker", description="ranks")
client.create_model_version("ranker", f"{run.info.artifact_uri}/model", id_)
"""
"""Uses only what every version has."""


@dataclass(frozen=True)
class OldServer:
    version: str
    server: MlflowServer


def installed(version: str, folder: Path) -> Path:
    """The Python of a new environment with this MLflow. Skips the test when it cannot be made."""
    uv = shutil.which("uv")
    if uv is None:
        pytest.skip("uv is not installed")
    python = folder / "bin" / "python"
    install = [uv, "pip", "install", "--python", str(python)]
    commands = [[uv, "venv", "--python", "3.11", str(folder)], [*install, f"mlflow=={OVER.get(version, version)}", *PINS]]
    commands += [[*install, "--no-deps", f"mlflow=={version}"]] if version in OVER else []
    for command in commands:
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            pytest.skip(f"MLflow {version} cannot be installed here: {done.stderr.strip()[-300:]}")
    return python


@contextmanager
def serving_with(python: Path, store_uri: str, folder: Path) -> Iterator[MlflowServer]:
    """As ``tests.servers.serving``, with another Python and only the options that every version has."""
    port, log = free_port(), folder / "server.log"
    command = [str(python), "-m", "mlflow", "server", "--backend-store-uri", store_uri, "--host", "127.0.0.1"]
    command += ["--port", str(port), "--workers", "1", "--artifacts-destination", str(folder / "artifacts")]
    url = f"http://127.0.0.1:{port}"
    path = os.pathsep.join([str(python.parent), os.environ.get("PATH", "")])  # it looks for gunicorn there
    environment = {**os.environ, "PATH": path, "MLFLOW_DISABLE_TELEMETRY": "true"}
    with running(command, lambda: answers_http(f"{url}/health"), log, signal.SIGTERM, cwd=folder, env=environment):
        yield MlflowServer(url, log)


@pytest.fixture(scope="module", params=VERSIONS)
def old(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OldServer]:
    """A server of that version on a store that was logged by a client of that version."""
    folder = tmp_path_factory.mktemp("old")
    python = installed(request.param, folder / "venv")
    with serving_with(python, f"sqlite:///{folder}/mlflow.db", folder) as server:
        done = subprocess.run([str(python), "-c", LOGGED_BY, server.url], capture_output=True, text=True, cwd=folder)
        assert done.returncode == 0, done.stderr
        yield OldServer(request.param, server)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def new(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    """The same, logged and served by the MLflow that is installed."""
    import sys

    folder = tmp_path_factory.mktemp("new")
    with serving(f"sqlite:///{folder}/mlflow.db", folder) as server:
        subprocess.run([sys.executable, "-c", LOGGED_BY, server.url], check=True, capture_output=True, cwd=folder)
        yield read(server.url)


def read(url: str) -> Snapshot:
    with closing(RestSource(url, {}, Limits())) as source:
        return snapshot_of(source, Selection(), lambda *_: None, Reading())


def told(snapshot: Snapshot) -> dict[str, Any]:
    """Contents with names for ids, without what the moment of logging decides."""
    tables = content(snapshot)
    names = {row["run_id"]: row["name"] for row in snapshot.runs.to_pylist()}
    experiment = {row["experiment_id"]: row["name"] for row in snapshot.experiments.to_pylist()}

    def named(row: tuple[Any, ...]) -> tuple[Any, ...]:
        return experiment.get(row[0], row[0]), names.get(row[1], row[1]), *row[2:]

    found: dict[str, Any] = {name: sorted(map(repr, map(named, tables[name]))) for name in ("params", "metrics", "history")}
    found["tags"] = sorted(repr(named(row)) for row in tables["tags"] if row[2] != "mlflow.note.content")
    columns = ("experiment_id", "name", "status", "lifecycle", "start_time", "end_time", "parent_run_id", "user")
    rows = snapshot.runs.to_pylist()
    found["runs"] = sorted(repr(named((row["experiment_id"], row["run_id"], *(row[c] for c in columns[1:])))) for row in rows)
    found["experiments"] = [(r["name"], r["lifecycle"], r["tags"]) for r in snapshot.experiments.to_pylist()]
    found["models"] = [(r["kind"], r["name"], r["version"], r["description"]) for r in snapshot.models.to_pylist()]
    found["ledger"] = [(r.experiment, r.item, r.n_store, r.n_read, r.left_out) for r in snapshot.ledger]
    found["problems"] = [(p.slug, p.severity) for p in snapshot.problems]
    return found


def test_the_same_store_gives_the_same_tables(old: OldServer, new: Snapshot) -> None:
    snapshot = read(old.server.url)
    assert snapshot.source.version == old.version
    assert snapshot.history.n_points > 26_000
    found, expected = told(snapshot), told(new)
    for name, rows in expected.items():
        assert found[name] == rows, name


def test_histories_come_in_bulk_wherever_the_server_can(old: OldServer) -> None:
    with proxy_before(old.server.url) as proxy:
        read(proxy.url)
    n_single, n_bulk = proxy.calls.count("metrics/get-history"), proxy.calls.count("metrics/get-history-bulk")
    assert n_single <= 4  # the long series, which no bulk answer holds
    assert n_bulk <= 20  # 3 metrics of 24 runs, by 20 runs at a time before 2.11
