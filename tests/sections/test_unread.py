"""Experiments whose runs could not be read: page 1 says so, and nothing calls them empty or their runs gone."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from reportgen.config import SECTIONS
from reportgen.publish.previous_bundle import since_from, since_json
from reportgen.snapshot import Snapshot
from tests.sections.words import of_report
from tests.snapshots import ALL_TIME, FakeRun, last_report, snapshot, told

EMPTY = re.compile(r"\bno runs?\b(?! of any experiment)|nothing stored|0 runs|without runs", re.IGNORECASE)


def partly(*runs: FakeRun, unread: str = "closed") -> Snapshot:
    """``runs``, and an experiment that could not be read."""
    found = snapshot(*runs, FakeRun("x", experiment=unread))
    (id_,) = [row["experiment_id"] for row in found.experiments.to_pylist() if row["name"] == unread]
    rest = {
        name: table.filter(pa.array([row != id_ for row in table["experiment_id"].to_pylist()], pa.bool_()))
        for name, table in found.tables()
        if name not in ("experiments", "models")
    }
    return replace(found, **rest, unread=(id_,))


@pytest.mark.fault("An experiment could not be read", "The headline says so, and no sentence calls it empty.", at="server")
@pytest.mark.parametrize("n_read", [0, 1])
def test_nothing_is_called_empty(n_read: int) -> None:
    runs = [FakeRun(f"a{i}", {"acc": 0.5 + i / 10}, params={"lr": "1"}) for i in range(3 * n_read)]
    report = told(partly(*runs), sections=list(SECTIONS))
    text = of_report(report)
    assert "The runs of experiment closed could not be read. They count nowhere in this report." in text
    assert "1 experiment could not be read" in report.headline
    if not n_read:
        assert report.headline == "1 experiment could not be read."
        assert not EMPTY.findall(text)


def test_page_1_of_several_experiments_names_it_and_calls_it_not_idle() -> None:
    runs = [FakeRun(f"{name}{i}", {"acc": 0.5}, experiment=name) for name in ("a", "b") for i in range(2)]
    report = told(partly(*runs))
    assert "1 experiment could not be read" in report.headline
    text = of_report(report)
    assert "The runs of experiment closed could not be read." in text
    assert "in the selection: closed" not in text


def test_it_is_kept_in_a_saved_snapshot(tmp_path: Path) -> None:
    taken = partly(FakeRun("a"))
    taken.save(tmp_path)
    assert Snapshot.load(tmp_path).unread == taken.unread != ()


def last(folder: Path, n_runs: int, taken: Snapshot) -> object:
    place = folder / "2026-11-13-0123456789"
    snapshot(*(FakeRun(f"r{i}", {"acc": 0.5}, experiment="closed") for i in range(n_runs))).save(place / "data")
    facts = {"digest": "d" * 64, "gates": [], "config_digest": "c", "metrics": {"n_runs": n_runs}}
    (place / "manifest.json").write_text(json.dumps(facts))
    return last_report(folder, "2026-11-20", taken, ALL_TIME, "c")


def test_runs_of_an_experiment_that_could_not_be_read_are_not_gone(tmp_path: Path) -> None:
    found = last(tmp_path, 3, replace(snapshot(FakeRun("a", experiment="closed"), FakeRun("b", experiment="d")), unread=("1",)))
    assert found is not None
    assert (found.gone, found.deleted) == ((), ())  # type: ignore[attr-defined]


@pytest.mark.fault("Of twelve runs in the last report five or none are left", "Page 1 says so.", at="server")
@pytest.mark.parametrize(("then", "now", "is_said"), [(12, 5, True), (12, 6, False), (6, 2, False), (12, 0, True)])
def test_far_fewer_runs_than_in_the_last_report_are_said_on_page_1(then: int, now: int, is_said: bool, tmp_path: Path) -> None:
    taken = snapshot(*(FakeRun(f"r{i}", {"acc": 0.5}, experiment="closed") for i in range(now)))
    found = last(tmp_path, then, taken)
    assert since_from(since_json(found)) == found  # type: ignore[arg-type]
    text = of_report(told(taken, previous_report=found))
    assert (f"The report of 2026-11-13 had {then} runs, this one has {now}." in text) == is_said
