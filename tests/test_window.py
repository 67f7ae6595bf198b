"""A window is ``[start, end)`` wherever runs are chosen by time: a run exactly at its start is in it, one exactly at its end is not."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from reportgen.collect import Selection, collect
from reportgen.model import Window
from reportgen.snapshot import Snapshot
from tests import servers
from tests.snapshots import FakeRun, facts, last_report, milliseconds, snapshot

START = datetime(2026, 11, 13, tzinfo=UTC)
END = START + timedelta(days=7)
WINDOW = Window(START, END, "the week to 2026-11-19")
INSTANT = timedelta(milliseconds=1)
AT = {
    "previous start - 1 ms": START - timedelta(days=7) - INSTANT,
    "previous start": START - timedelta(days=7),
    "start - 1 ms": START - INSTANT,
    "start": START,
    "end - 1 ms": END - INSTANT,
    "end": END,
    "end + 1 ms": END + INSTANT,
}
INSIDE = {"start", "end - 1 ms"}
PREVIOUS = {"previous start", "start - 1 ms"}


@pytest.fixture(scope="module")
def uri(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store with one run at each of ``AT``, each named by where it stands."""
    from mlflow import MlflowClient

    uri = servers.sqlite_store(tmp_path_factory.mktemp("window") / "mlflow.db")
    client = MlflowClient(uri)
    for name, at in AT.items():
        run = client.create_run("0", start_time=milliseconds(at), run_name=name)
        client.set_terminated(run.info.run_id, end_time=(milliseconds(at) or 0) + 1000)
    return uri


@pytest.mark.parametrize(
    ("start", "end", "names"),
    [
        (START, END, INSIDE),
        (START, None, {"start", "end - 1 ms", "end", "end + 1 ms"}),
        (None, END, {"previous start - 1 ms", "previous start", "start - 1 ms", "start", "end - 1 ms"}),
        (None, None, set(AT)),
    ],
)
def test_a_selection_reads_the_runs_of_its_window(
    uri: str, start: datetime | None, end: datetime | None, names: set[str]
) -> None:
    taken = collect(uri, Selection(start=start, end=end))
    assert set(taken.runs["name"].to_pylist()) == names
    (row,) = (row for row in taken.ledger if row.item == "runs")
    assert (row.unexplained, sum(n for _, n in row.left_out)) == (0, len(AT) - len(names))


def test_a_run_at_the_start_of_the_window_is_not_also_an_earlier_one(uri: str) -> None:
    taken = collect(uri, Selection(start=START, end=END, earlier=START - timedelta(days=7)))
    assert set(taken.runs["name"].to_pylist()) == INSIDE
    assert set(taken.earlier["name"].to_pylist()) == PREVIOUS


def at_the_borders() -> Snapshot:
    return snapshot(
        *(FakeRun(name, {"val_acc": 0.5 + n / 100}, {"depth": "3"}, start=at) for n, (name, at) in enumerate(AT.items()))
    )


def test_the_recent_runs_are_those_of_the_window() -> None:
    recent = facts(at_the_borders(), window=WINDOW).recent
    assert {key[1] for key in recent.runs} == INSIDE
    assert recent.n_before == 3


def test_without_a_window_the_recent_runs_are_those_of_seven_days_up_to_the_end_of_the_day() -> None:
    recent = facts(at_the_borders(), now=END - timedelta(days=1)).recent
    assert (recent.start, recent.end) == (START, END)
    assert {key[1] for key in recent.runs} == INSIDE


def test_a_period_and_the_one_before_it_share_no_run_and_lose_none() -> None:
    weekly = facts(at_the_borders(), window=WINDOW).weekly
    assert {key[1] for key in weekly.now.runs} == INSIDE
    assert {key[1] for key in weekly.previous.runs} == PREVIOUS
    assert weekly.n_earlier == 3
    (watched,) = weekly.watched
    assert (watched.values, watched.previous, watched.history) == ((0.53, 0.54), (0.51, 0.52), (0.50, 0.51, 0.52))


def test_gone_runs_are_those_of_the_window(tmp_path: Path) -> None:
    place = tmp_path / "2026-11-13-0123456789"
    place.mkdir()
    at_the_borders().save(place / "data")
    (place / "manifest.json").write_text(json.dumps({"digest": "d" * 64, "gates": [], "config_digest": "c"}))
    since = last_report(tmp_path, "2026-11-20", snapshot(), WINDOW, "c")
    assert since is not None
    assert {run.name for run in since.gone} == INSIDE
