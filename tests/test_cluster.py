"""Reports on a real Dask scheduler with worker processes: the same bytes as here, also when a worker is killed in the middle."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from typer.testing import CliRunner

import reportgen
from reportgen import cluster, pipeline
from reportgen import config as configs
from reportgen.cli import app
from reportgen.job import Job, jobs_of
from tests import servers, weekly_store

DAY = datetime(2026, 11, 20, tzinfo=UTC)
NAMES = ("one", "two", "three", "four")
FORMATS = ["markdown", "gates", "data"]
pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("cluster")
    weekly_store.sqlite_store(made)
    return made


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[servers.DaskCluster]:
    """A scheduler and two workers, of which the first test kills one."""
    with servers.dask_cluster(tmp_path_factory.mktemp("dask"), 2) as found:
        yield found


def content(folder: Path) -> dict[str, Any]:
    reports = {name: {"experiments": ["nightly"], "window": "7d", "title": name} for name in NAMES}
    reports |= {"lost": {"experiments": ["no such experiment"]}}
    return {"tracking_uri": f"sqlite:///{folder}/mlflow.db", "reports": reports}


def jobs_in(folder: Path, output: Path) -> list[Job]:
    return jobs_of(configs.of_mapping(content(folder)), Path(), None, output, formats=FORMATS, now=DAY)


def once_there(folder: Path, act: Callable[[], object]) -> Thread:
    """A thread that acts as soon as a report is being written in ``folder``."""

    def wait() -> None:
        deadline = time.monotonic() + 60
        while not list(folder.glob("*/.*lock*")) and time.monotonic() < deadline:
            time.sleep(0.02)
        act()

    thread = Thread(target=wait)
    thread.start()
    return thread


@pytest.mark.fault("A Dask worker is killed", "The others make its reports, with the same digests.", at="process")
@pytest.mark.slow
def test_reports_on_a_cluster_are_those_made_here_also_when_a_worker_dies(
    folder: Path, dask: servers.DaskCluster, tmp_path: Path
) -> None:
    alone = {
        name: reportgen.build(content(folder), name, output=tmp_path / "alone", formats=FORMATS, cache=False, now=DAY)
        for name in NAMES
    }
    told: list[tuple[str, str]] = []
    killer = once_there(tmp_path / "together", dask.workers[0].kill)
    jobs = jobs_in(folder, tmp_path / "together")
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


def test_a_worker_that_never_saw_the_store_makes_the_report_from_its_snapshot(
    folder: Path, dask: servers.DaskCluster, tmp_path: Path
) -> None:
    from distributed import Client

    (job, *_) = jobs_in(folder, tmp_path / "read")
    shared = tmp_path / "shared"
    taken = pipeline.snapshot(job, shared, lambda *_: None)
    config = content(tmp_path / "no store is here")
    here = reportgen.rebuild(shared, config, "one", output=tmp_path / "here", formats=FORMATS)
    with Client(dask.address.replace("dask://", "tcp://"), timeout=60, set_as_default=False) as client:
        task = client.submit(reportgen.rebuild, shared, config, "one", output=tmp_path / "there", formats=FORMATS)
        there = task.result(60)
    assert (there.digest, there.exit_code) == (here.digest, 0)
    assert there.n_points == taken.history.n_points > 0
    assert there.folder.parent == tmp_path / "there" / "one"


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


@pytest.mark.fault(
    "All Dask workers end, or the scheduler does, before all reports are made",
    "Each report that is not made says so.",
    at="process",
    exit=4,
)
def test_reports_that_nobody_can_make_any_more_say_so(
    folder: Path, dask: servers.DaskCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "ALONE_SECONDS", 1.0)

    def kill_workers() -> None:
        for worker in dask.workers:
            worker.kill()

    killer = once_there(tmp_path / "alone", kill_workers)
    results = cluster.built_on(dask.address, jobs_in(folder, tmp_path / "alone"))
    killer.join()
    slugs = {result.slug for result in results if isinstance(result, reportgen.SourceError)}
    assert "no-workers" in slugs <= {"no-workers", "unknown-experiment"}
    dask.scheduler.kill()
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 1.0)
    with pytest.raises(reportgen.SourceError) as raised:
        cluster.built_on(dask.address, jobs_in(folder, tmp_path / "lost"))
    assert raised.value.slug == "scheduler-unreachable"
