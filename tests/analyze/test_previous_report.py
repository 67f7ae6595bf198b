"""What became of the last report: gates that flipped, runs that are deleted, gone, re-tagged or over."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from reportgen.analyze import facts_of
from reportgen.analyze.previous_report import PreviousReport, flips_of
from reportgen.model import Gate
from reportgen.publish.previous_bundle import since_from, since_json
from reportgen.sections import report_of
from tests.sections.words import of_section
from tests.snapshots import ALL_TIME, NOW, FakeRun, last_report, report_config, snapshot

GATES = [{"name": "Quality", "state": "PASS"}, {"name": "Old", "state": "FAIL"}]


def bundle(
    folder: Path, day: str, *runs: FakeRun, gates: Sequence[dict[str, str]] = GATES, digest: str = "c", data: bool = True
) -> None:
    place = folder / f"{day}-0123456789"
    place.mkdir(parents=True)
    if data:
        snapshot(*runs).save(place / "data")
    (place / "manifest.json").write_text(json.dumps({"digest": "d" * 64, "gates": gates, "config_digest": digest}))


def since(folder: Path, *now: FakeRun, **more: Any) -> PreviousReport | None:
    return last_report(folder, "2026-11-20", snapshot(*now), ALL_TIME, more.pop("digest", "c"))


def gate(name: str, state: Any) -> Gate:
    return Gate(name, state, "", "m", None, None)


def test_only_bundles_of_earlier_days_are_the_last_report(tmp_path: Path) -> None:
    assert since(tmp_path) is None
    for day in ("2026-11-06", "2026-11-13", "2026-11-20", "2026-11-21"):
        bundle(tmp_path, day)
    (tmp_path / "2026-11-19-0123456789").mkdir()  # without a manifest
    found = since(tmp_path)
    assert found is not None
    assert (found.day, found.same_config) == ("2026-11-13", True)


def test_runs_are_deleted_gone_retagged_or_over(tmp_path: Path) -> None:
    then = [
        FakeRun("kept", {"m": 1}, tags={"team": "a", "mlflow.user": "x"}),
        FakeRun("retagged", {"m": 1}, tags={"team": "a", "api_token": "1"}),
        FakeRun("deleted", {"m": 1}),
        FakeRun("gone", {"m": 1}),
        FakeRun("running", {"m": 1}, status="RUNNING"),
    ]
    bundle(tmp_path, "2026-11-13", *then)
    now = [
        replace(then[0], tags={"team": "a", "mlflow.user": "y"}),
        replace(then[1], tags={"team": "b", "api_token": "2"}),
        replace(then[2], deleted=True),
        replace(then[4], status="FAILED"),
        FakeRun("new", {"m": 2}),
    ]
    found = since(tmp_path, *now)
    assert found is not None
    told = {kind: [(one.name, one.what) for one in getattr(found, kind)] for kind in ("deleted", "gone", "retagged", "ended")}
    assert told == {
        "deleted": [("deleted", "")],
        "gone": [("gone", "")],
        "retagged": [("retagged", "team")],
        "ended": [("running", "FAILED")],
    }
    other = since(tmp_path, *now, digest="another config")
    assert other is not None
    assert (other.gone, other.same_config) == ((), False)
    assert since_from(since_json(found)) == found


def test_a_bundle_without_data_knows_only_its_gates(tmp_path: Path) -> None:
    bundle(tmp_path, "2026-11-13", data=False)
    found = since(tmp_path, FakeRun("a", {"m": 1}))
    assert found is not None
    assert (found.knows_runs, found.gates) == (False, (("Quality", "PASS"), ("Old", "FAIL")))


def test_flips_are_of_gates_whose_name_is_one_gates(tmp_path: Path) -> None:
    bundle(tmp_path, "2026-11-13", gates=[*GATES, {"name": "twice", "state": "PASS"}, {"name": "twice", "state": "FAIL"}])
    found = since(tmp_path)
    assert found is not None
    flips = flips_of(found, [gate("New", "PASS"), gate("Quality", "FAIL"), gate("twice", "FAIL")])
    assert [(one.name, one.then, one.now) for one in flips] == [
        ("New", None, "PASS"),
        ("Quality", "PASS", "FAIL"),
        ("Old", "FAIL", None),
    ]


def test_the_report_tells_what_flipped(tmp_path: Path) -> None:
    bundle(tmp_path, "2026-11-13", FakeRun("lost", {"m_acc": 0.5}))
    taken = snapshot(FakeRun("a", {"m_acc": 0.5}, start=datetime(2026, 11, 19, tzinfo=UTC)))
    config = report_config(gates=[{"name": "Quality", "metric": "m_acc", "at_least": 0.9}])
    found = last_report(tmp_path, "2026-11-20", taken, ALL_TIME, "c")
    facts = facts_of(taken, config, {}, now=NOW, window=ALL_TIME, previous_report=found)
    report = report_of(
        facts, taken, config, {}, name="r", now=NOW, window=ALL_TIME, config_digest="c", versions=(), run_url=lambda _e, _r: None
    )
    words = {one.id: of_section(one) for one in report.sections}
    assert "Since the report of 2026-11-13, gates flipped: Quality PASS to FAIL and Old FAIL to removed." in words["overview"]
    assert "The last report is of 2026-11-13 (bundle dddddddddd)." in words["changes"]
    assert "No longer here | 1 | lost" in words["changes"]
