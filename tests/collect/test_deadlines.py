"""The time of a reading holds for every kind of store, whatever its driver waits for."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest

from reportgen.collect import Reading, Selection, collect
from reportgen.collect.pool import LateError, awaited, in_order
from reportgen.collect.source import Source, opened
from reportgen.collect.sql import mysql
from reportgen.collect.timed import TimedSource
from reportgen.errors import SourceError
from tests.collect.stores import content, insert_runs
from tests.servers import sqlite_store


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port that takes every connection and never says anything."""
    with closing(socket.socket()) as server:
        server.bind(("127.0.0.1", 0))
        server.listen(8)
        yield server.getsockname()[1]


@pytest.mark.fault(
    "A server or a database takes the connection and never answers", "The reading ends within its time.", at="server", exit=(4, 8)
)
@pytest.mark.parametrize("scheme", ["mysql+pymysql", "postgresql", "http"])
def test_a_port_that_never_answers(scheme: str, silent_port: int) -> None:
    started = time.monotonic()
    with pytest.raises(SourceError) as raised:
        collect(f"{scheme}://u:pw@127.0.0.1:{silent_port}/db", Selection(), reading=Reading(seconds=0.5))
    assert time.monotonic() - started < 3
    assert raised.value.slug in ("time-up", "unreachable")


@pytest.mark.fault(
    "A MySQL port is open and says nothing", "The error says so after the time for a connection.", at="database", exit=4
)
def test_mysql_without_a_greeting_is_not_waited_for_long(silent_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mysql, "_SECONDS_TO_CONNECT", 1)
    started = time.monotonic()
    with pytest.raises(SourceError) as raised:
        collect(f"mysql://u:pw@127.0.0.1:{silent_port}/db", Selection())
    assert time.monotonic() - started < 4
    assert raised.value.slug == "unreachable"
    assert raised.value.what.endswith("said: nothing within 2 s, though its port is open")


@pytest.fixture(scope="module")
def uri(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("store") / "mlflow.db"
    found = sqlite_store(path)
    insert_runs(path, 7, metrics=("loss", "acc"), n_steps=30)
    return found


class Stuck:
    """A source one of whose methods never comes back."""

    def __init__(self, source: Source, name: str) -> None:
        self._source = source
        self._name = name

    def __getattr__(self, name: str) -> object:
        if name == self._name:
            return lambda *_, **__: time.sleep(30)
        return getattr(self._source, name)


def stuck_reading(uri: str, name: str, monkeypatch: pytest.MonkeyPatch) -> tuple[object, float]:
    from reportgen.collect import two_phase_read as module

    monkeypatch.setattr(module, "opened", lambda _, own: TimedSource(lambda: Stuck(opened(uri, Reading()), name), own.seconds))  # type: ignore[arg-type, return-value]
    started = time.monotonic()
    try:
        return collect(uri, Selection(), reading=Reading(seconds=0.5)), time.monotonic() - started
    except SourceError as error:
        return error, time.monotonic() - started


@pytest.mark.fault("A store hangs before its runs are read", "The reading ends when its time is up.", at="database", exit=8)
@pytest.mark.parametrize("name", ["experiments", "runs", "tagged", "details"])
def test_without_runs_there_is_no_report(name: str, uri: str, monkeypatch: pytest.MonkeyPatch) -> None:
    error, seconds = stuck_reading(uri, name, monkeypatch)
    assert isinstance(error, SourceError)
    assert (error.slug, error.what) == ("time-up", "the reading's time was up (0.5 s)")
    assert seconds < 3


@pytest.mark.fault(
    "A store hangs while histories, models, artifacts or traces are read",
    "Every run is there; what was not read is a gap.",
    at="database",
    exit=3,
)
@pytest.mark.parametrize("name", ["history", "models", "artifacts", "traces", "model_metrics", "counts"])
def test_what_is_not_read_in_time_is_a_gap(name: str, uri: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = collect(uri, Selection())
    taken, seconds = stuck_reading(uri, name, monkeypatch)
    assert not isinstance(taken, SourceError)
    assert seconds < 3
    found = content(taken)  # type: ignore[arg-type]
    assert found["runs"] == content(whole)["runs"]
    gaps = [p for p in taken.problems if p.severity == "gap"]  # type: ignore[attr-defined]
    assert {p.slug for p in gaps} <= {"time-up"}
    if name == "history":
        assert {f"run {row['run_id']}" for row in whole.runs.to_pylist()} <= {p.where for p in gaps}
        row = next(r for r in taken.ledger if r.item == "series")  # type: ignore[attr-defined]
        assert (row.n_store, row.n_read, row.left_out) == (14, 0, (("unreadable", 14),))
    elif name != "counts":  # which is asked for runs that are left out only, and there are none
        assert gaps


def test_with_time_left_everything_is_as_without_a_limit(uri: str, tmp_path: Path) -> None:
    whole = collect(uri, Selection())
    said: list[str] = []
    for _ in range(2):
        reading = Reading(seconds=60, cache=tmp_path)
        taken = collect(uri, Selection(), reading=reading, progress=lambda _done, _total, what: said.append(what))
        assert taken.digest() == whole.digest()
        assert taken.problems == whole.problems
    assert said


@pytest.mark.fault("The clock of the machine jumps by a day at each look", "Everything is read, in time.", at="machine", exit=0)
def test_a_clock_that_jumps_takes_no_time_away(uri: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = collect(uri, Selection())
    days = count(1)
    monkeypatch.setattr(time, "time", lambda: 86_400.0 * next(days))
    taken = collect(uri, Selection(), reading=Reading(seconds=60))
    assert (taken.digest(), taken.problems) == (whole.digest(), ())


@pytest.mark.fault(
    "Histories come too late, and there is a cache", "The next reading is complete: nothing was kept as empty.", at="machine"
)
def test_a_late_history_is_not_kept_as_empty(uri: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from reportgen.collect import two_phase_read as module

    with monkeypatch.context() as patch:
        patch.setattr(module, "opened", lambda _, own: TimedSource(lambda: Stuck(opened(uri, Reading()), "history"), own.seconds))  # type: ignore[arg-type, return-value]
        assert collect(uri, Selection(), reading=Reading(seconds=0.5, cache=tmp_path)).history.n_points == 0
    assert collect(uri, Selection(), reading=Reading(cache=tmp_path)).digest() == collect(uri, Selection()).digest()


# --- threads ---


def test_what_comes_late_is_left_behind() -> None:
    ticks: list[float] = []
    started = time.monotonic()
    with pytest.raises(LateError):
        awaited(lambda: time.sleep(5), started + 0.3, "test", lambda: ticks.append(time.monotonic()))
    assert time.monotonic() - started < 1
    assert ticks
    with pytest.raises(ZeroDivisionError):
        awaited(lambda: 1 / 0, time.monotonic() + 5, "test")


def test_tasks_come_in_order_and_an_error_in_its_place() -> None:
    def work(worker: int, task: int) -> int:
        time.sleep(0.002 * (task % 3))
        return 1 // (7 - task) if task == 7 else task

    found: list[int] = []
    with pytest.raises(ZeroDivisionError):
        found.extend(in_order([1, 2, 3], work, range(20)))
    assert list(in_order([1, 2, 3], work, range(7))) == list(range(7))
    assert list(in_order([1, 2], work, [])) == []


@pytest.mark.fault("Threads wait for a store that never answers", "The process ends all the same.", at="process")
def test_the_interpreter_ends_while_threads_are_stuck() -> None:
    code = (
        "import time\n"
        "from reportgen.collect.pool import LateError, awaited, in_order\n"
        "def stuck(): return list(in_order([1, 2], lambda *_: time.sleep(60), [1, 2, 3]))\n"
        "try: awaited(stuck, time.monotonic() + 0.2, 'x')\n"
        "except LateError: print('late')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=20)
    assert (done.returncode, done.stdout, done.stderr) == (0, "late\n", "")
