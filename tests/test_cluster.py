"""Reports on a real Dask scheduler with worker processes: the same bytes as here, also when a worker is killed in the middle."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from typer.testing import CliRunner

import reportgen
from reportgen import cluster
from reportgen import config as configs
from reportgen.cli import app
from reportgen.job import jobs_of
from tests import servers, weekly_store

DAY = datetime(2026, 11, 20, tzinfo=UTC)
NAMES = ("one", "two", "three", "four")
FORMATS = ["markdown", "gates", "data"]
pytestmark = pytest.mark.server


@dataclass
class Cluster:
    address: str
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)


def started(module: str, *arguments: str, log: Path) -> subprocess.Popen[bytes]:
    environment = os.environ | {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "3"}
    with log.open("wb") as file:
        command = [sys.executable, "-m", f"distributed.cli.{module}", *arguments]
        return subprocess.Popen(command, stdout=file, stderr=file, env=environment, start_new_session=True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("cluster")
    weekly_store.sqlite_store(made)
    return made


@pytest.fixture
def dask(tmp_path: Path) -> Iterator[Cluster]:
    """A scheduler and two workers of one thread."""
    port = servers.free_port()
    found = Cluster(f"dask://127.0.0.1:{port}")
    scheduler = started(
        "dask_scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard", log=tmp_path / "scheduler.log"
    )
    try:
        for name in "ab":
            arguments = (f"tcp://127.0.0.1:{port}", "--no-nanny", "--nthreads", "1", "--no-dashboard", "--name", name)
            local = ("--local-directory", str(tmp_path / name))
            found.workers.append(started("dask_worker", *arguments, *local, log=tmp_path / f"{name}.log"))
        _wait_for_workers(found, 2)
        yield found
    finally:
        for process in (*found.workers, scheduler):
            process.send_signal(signal.SIGKILL)
            process.wait()


def _wait_for_workers(found: Cluster, n: int) -> None:
    from distributed import Client

    with Client(found.address.replace("dask://", "tcp://"), timeout=60, set_as_default=False) as client:
        client.wait_for_workers(n, timeout=60)


def content(folder: Path) -> dict[str, Any]:
    reports = {name: {"experiments": ["nightly"], "window": "7d", "title": name} for name in NAMES}
    reports |= {"lost": {"experiments": ["no such experiment"]}}
    return {"tracking_uri": f"sqlite:///{folder}/mlflow.db", "reports": reports}


@pytest.mark.fault("A Dask worker is killed", "The others make its reports, with the same digests.", at="process")
@pytest.mark.slow
def test_reports_on_a_cluster_are_those_made_here_also_when_a_worker_dies(folder: Path, dask: Cluster, tmp_path: Path) -> None:
    alone = {
        name: reportgen.build(content(folder), name, output=tmp_path / "alone", formats=FORMATS, cache=False, now=DAY)
        for name in NAMES
    }
    told: list[tuple[str, str]] = []

    def kill_a_worker_that_works() -> None:
        deadline = time.monotonic() + 60
        while not list((tmp_path / "together").glob("*/.*lock*")) and time.monotonic() < deadline:
            time.sleep(0.02)
        dask.workers[0].send_signal(signal.SIGKILL)

    killer = Thread(target=kill_a_worker_that_works)
    killer.start()
    jobs = jobs_of(configs.of_mapping(content(folder)), Path(), None, tmp_path / "together", formats=FORMATS, now=DAY)
    results = cluster.built_by(dask.address, jobs, 1, lambda *what: told.append(what))
    killer.join()
    assert dask.workers[0].wait(10) == -signal.SIGKILL
    together = dict(zip([job.name for job in jobs], results, strict=True))
    lost = together.pop("lost")
    assert isinstance(lost, reportgen.SourceError)
    assert lost.slug == "unknown-experiment"
    assert {name: getattr(one, "digest", one) for name, one in together.items()} == {
        name: one.digest for name, one in alone.items()
    }
    for name in NAMES:
        assert [path.name for path in (tmp_path / "together" / name).glob("2026-*")] == [alone[name].folder.name]
    assert sorted(told) == sorted((name, what) for name in (*NAMES, "lost") for what in ("begun", "done"))


@pytest.mark.fault("The Dask scheduler cannot be reached", "The error says so.", at="process", exit=4)
def test_a_scheduler_that_is_not_there_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 1.0)
    with pytest.raises(reportgen.SourceError) as raised:
        reportgen.build_all(content(folder), executor=f"dask://127.0.0.1:{servers.free_port()}", now=DAY)
    assert raised.value.slug == "scheduler-unreachable"
    with pytest.raises(reportgen.ConfigError, match="there is no executor 'ray://here'"):
        reportgen.build_all(content(folder), executor="ray://here", now=DAY)
    told = CliRunner().invoke(
        app, ["build", "-e", "nightly", "--tracking-uri", f"sqlite:///{folder}/mlflow.db", "--executor", "x"]
    )
    assert isinstance(told.exception, reportgen.ConfigError)
    assert told.exception.allowed == "dask://HOST:PORT"
