"""Many reports at once: the same bytes as one after the other, also when a process is killed in the middle."""

from __future__ import annotations

import os
import pickle
import signal
import sqlite3
import sys
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

import reportgen
from reportgen import config as configs
from reportgen.errors import BudgetError, ConfigError, Mistake
from reportgen.job import jobs_of
from reportgen.many import built
from tests import weekly_store

DAY = datetime(2026, 11, 20, tzinfo=UTC)
NAMES = ("one", "two", "three")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("many")
    weekly_store.sqlite_store(folder)
    return folder


def content(store: Path, *more: str) -> dict[str, Any]:
    reports = {name: {"experiments": ["nightly"], "window": "7d", "title": name} for name in NAMES}
    reports |= {name: {"experiments": ["no such experiment"]} for name in more}
    return {"tracking_uri": f"sqlite:///{store}/mlflow.db", "reports": reports, "limits": {"calls_per_second": 8}}


def digests(found: dict[str, Any]) -> dict[str, str]:
    return {name: outcome.digest for name, outcome in found.items() if isinstance(outcome, reportgen.Outcome)}


def children() -> list[int]:
    """Processes that this one started to make reports."""
    found = []
    for task in Path(f"/proc/{os.getpid()}/task").iterdir():
        for pid in (task / "children").read_text().split():
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
            found += [int(pid)] if b"spawn_main" in command else []
    return found


def kill(n: int) -> None:
    """Kill the first ``n`` processes that are seen."""
    killed: set[int] = set()
    deadline = time.monotonic() + 60
    while len(killed) < n and time.monotonic() < deadline:
        for pid in set(children()) - killed:
            os.kill(pid, signal.SIGKILL)
            killed.add(pid)
            break
        time.sleep(0.01)


@pytest.mark.fault("The process of a report is killed", "The report is made again, with the same digest.", at="process")
@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
def test_reports_at_once_are_those_one_by_one_also_when_a_process_is_killed(store: Path, tmp_path: Path) -> None:
    formats = ["html", "markdown", "gates", "data"]
    alone = {
        name: reportgen.build(content(store), name, output=tmp_path / "alone", formats=formats, cache=False, now=DAY)
        for name in NAMES
    }
    killer = Thread(target=kill, args=(1,))
    killer.start()
    together = reportgen.build_all(
        content(store, "lost"), output=tmp_path / "together", formats=formats, cache=False, now=DAY, at_once=2
    )
    killer.join()
    assert list(together) == [*NAMES, "lost"]
    assert digests(together) == digests(alone)
    lost = together["lost"]
    assert isinstance(lost, reportgen.SourceError)
    assert (lost.slug, lost.exit_code) == ("unknown-experiment", 4)
    assert children() == []


@pytest.mark.fault("The process of a report is killed twice", "It is an error of that report.", at="process", exit=8)
@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
def test_a_process_that_is_killed_again_and_again_is_an_error_of_its_report(store: Path, tmp_path: Path) -> None:
    killer = Thread(target=kill, args=(2,))
    killer.start()
    (found,) = built(jobs_of(configs.of_mapping(content(store)), Path(), ["one"], tmp_path, now=DAY), 1)
    killer.join()
    assert isinstance(found, BudgetError)
    assert (found.slug, found.exit_code) == ("report-process-killed", 8)


def test_all_processes_share_one_rate(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from reportgen import many

    rates: list[float | None] = []
    monkeypatch.setattr(many._Worker, "built", lambda _worker, job: rates.append(job.reading.own_calls_per_second))
    jobs = jobs_of(configs.of_mapping(content(store)), Path(), None, tmp_path, now=DAY)
    told: list[tuple[str, str]] = []
    many.built(jobs, 2, lambda *what: told.append(what))
    assert rates == [4.0] * 3
    assert sorted(told) == sorted((name, what) for name in NAMES for what in ("begun", "done"))


def test_errors_reach_another_process_whole() -> None:
    error = ConfigError("config-invalid", "two mistakes", found="x", mistakes=(Mistake("config.yaml", 3, "reports", "wrong"),))
    error.add_note("weekly")
    same = pickle.loads(pickle.dumps(error))
    assert type(same) is ConfigError
    assert (str(same), same.slug, same.mistakes, same.__notes__) == (str(error), error.slug, error.mistakes, ["weekly"])


@pytest.mark.fault(
    "A worker has no fonts and no browser",
    "A warning names characters that its PDF lacks; exported figures are a gap; every other file is there.",
    at="process",
    exit=3,
)
def test_a_worker_without_fonts_or_browser_leaves_gaps(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = content(store) | {"charts": {"plotly": True}}
    asked["limits"] = {"browser": str(tmp_path / "no-browser")}
    (tmp_path / "fonts.conf").write_text(f"<?xml version='1.0'?><fontconfig><dir>{tmp_path}/none</dir></fontconfig>")
    monkeypatch.setenv("FONTCONFIG_FILE", str(tmp_path / "fonts.conf"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    jobs = jobs_of(configs.of_mapping(asked), Path(), ["one"], tmp_path / "out", formats=["markdown,pdf,charts"], now=DAY)
    (found,) = built(jobs, 1)
    assert isinstance(found, reportgen.Outcome)
    told = {(problem.slug, problem.severity) for problem in found.problems if problem.severity != "note"}
    assert told == {("export-without-browser", "gap"), ("pdf-characters-missing", "warning")}
    assert (found.exit_code, {"markdown", "pdf"} <= set(found.files)) == (3, True)


def test_a_report_of_a_matrix_without_runs_is_a_report(store: Path, tmp_path: Path) -> None:
    copy = tmp_path / "mlflow.db"
    copy.write_bytes((store / "mlflow.db").read_bytes())
    with closing(sqlite3.connect(copy)) as db:
        columns = [row[1] for row in db.execute("PRAGMA table_info(experiments)")]
        chosen = ", ".join({"experiment_id": "99", "name": "'empty'"}.get(column, column) for column in columns)
        db.execute(f"INSERT INTO experiments ({', '.join(columns)}) SELECT {chosen} FROM experiments WHERE name = 'nightly'")
        db.commit()
    matrix = {"experiments": ["{team}"], "matrix": {"team": ["empty", "nightly", "gone"]}}
    config = {"tracking_uri": f"sqlite:///{copy}", "reports": {"{team}-weekly": matrix}}
    found = reportgen.build_all(config, output=tmp_path / "out", formats=["markdown"], cache=False, now=DAY)
    assert {name: one.exit_code for name, one in found.items()} == {"empty-weekly": 0, "nightly-weekly": 0, "gone-weekly": 4}
    empty = found["empty-weekly"]
    assert isinstance(empty, reportgen.Outcome)
    assert (empty.n_runs, "no run" in empty.headline.lower()) == (0, True)
    with pytest.raises(ConfigError) as raised:
        reportgen.build_all({"reports": {"{team}": matrix, "empty": {"experiments": ["nightly"]}}})
    assert raised.value.slug == "matrix-same-name"
