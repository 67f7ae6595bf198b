"""A person's decision beside the computed verdict: in every file, and nothing that was computed changes."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

import reportgen
from reportgen.model import Gate, Outcome
from reportgen.outcomes import agreement_of
from tests import ab_store, forked

FAILED, PASSED, WARNS = (Gate("g", state, "s", "m", 1.0, 1.0, warns=warns) for state, warns in (("FAIL", False), ("PASS", False), ("FAIL", True)))  # type: ignore[arg-type]  # fmt: skip


@pytest.mark.parametrize(
    ("decision", "outcomes", "gates", "agreement"),
    [
        ("ship", ["better"], [], "supported"),
        ("ship", ["better"], [PASSED, WARNS], "supported"),
        ("ship", ["better"], [FAILED], "against"),
        ("ship", ["worse"], [], "against"),
        ("ship", ["worse", "better"], [], "supported"),
        ("ship", ["not_worse"], [], "supported"),
        ("ship", ["unclear"], [], "open"),
        ("ship", [], [], "open"),
        ("reject", ["better"], [], "against"),
        ("reject", ["better"], [FAILED], "supported"),
        ("reject", ["worse"], [], "supported"),
        ("reject", ["too_few"], [], "open"),
        ("extend", ["better"], [], "open"),
        ("hold", ["worse"], [FAILED], "open"),
    ],
)
def test_what_goes_against_the_computed_result(decision: Any, outcomes: list[Outcome], gates: list[Gate], agreement: str) -> None:
    assert agreement_of(decision, outcomes, gates) == agreement


@pytest.fixture(scope="module")
def memo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("signing")
    uri = ab_store.sqlite_store(folder)
    now = datetime(2026, 11, 20, tzinfo=UTC)
    formats = ["data", "html", "markdown", "gates", "llms"]
    return reportgen.compare(
        "control", "candidate", tracking_uri=uri, output=folder / "out", formats=formats, cache=False, now=now
    ).folder


def signed(memo: Path, *words: str) -> Any:
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("MLFLOW_", "REPORTGEN_"))}
    formats = ("--format", "data,html,markdown,gates,llms")
    return forked.command("sign", str(memo), *words, *formats, cwd=memo.parent, env=clean | {"SOURCE_DATE_EPOCH": "1764028800"})


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_decision_against_the_verdict_stands_beside_it_in_every_file(memo: Path) -> None:
    before = files(memo)
    because = "It is better, but <b>costs</b> twice as much"
    done = signed(memo, "--decision", "reject", "--by", "Ana Silva", "--because", because, "--json")
    assert done.returncode == 0, done.stderr
    (told,) = json.loads(done.stdout)["reports"]
    folder = Path(told["folder"])
    assert folder.parent == memo.parent
    assert folder.name.startswith("2026-11-20-")  # the day of the report, not of the signature
    assert files(memo) == before
    verdict = json.loads((folder / "verdict.json").read_text("utf-8"))
    assert verdict["decision"] == {"kind": "decision", "decision": "reject", "by": "Ana Silva", "because": because, "on": "2025-11-25", "agreement": "against"}  # fmt: skip
    was = json.loads(before["verdict.json"])
    assert {**verdict, "decision": None} == was
    assert [one["verdict"]["outcome"] for one in verdict["verdicts"]] == ["better"]
    for name in ("report.html", "summary.md", "llms.txt"):
        text = (folder / name).read_text("utf-8")
        assert "Decision: reject" in text, name
        assert "goes against the computed result" in text, name
        assert "<b>costs" not in text or name == "llms.txt"
    assert json.loads((folder / "manifest.json").read_text("utf-8"))["decision"]["by"] == "Ana Silva"
    suite = ElementTree.fromstring((folder / "junit.xml").read_bytes()).find("testsuite")
    assert suite is not None
    assert {one.get("name"): one.get("value") for one in suite.iter("property")}["decided_by"] == "Ana Silva"
    report, old = (json.loads(content)["report"] for content in ((folder / "report.json").read_bytes(), before["report.json"]))
    for one in (report, old):
        one["sections"][0]["blocks"] = [block for block in one["sections"][0]["blocks"] if block["kind"] != "notice"]
    assert {**report, "decision": None} == old
    assert (memo.parent / "latest").resolve() == folder


def test_a_signed_report_keeps_its_decision_when_it_is_made_again(memo: Path, tmp_path: Path) -> None:
    done = signed(memo, "--decision", "ship", "--by", "Ana", "--because", "Better on every seed.", "--json")
    folder = Path(json.loads(done.stdout)["reports"][0]["folder"])
    words = ("--output", str(tmp_path / "again"), "--format", "data,html,markdown,gates,llms")
    again = forked.command("rebuild", str(folder), *words, "--json", cwd=tmp_path, env=os.environ)
    other = Path(json.loads(again.stdout)["reports"][0]["folder"])
    assert files(tmp_path / other) == files(folder)


@pytest.mark.fault(
    "A word that is no decision, or a bundle without its data, is to be signed", "Nothing is written.", at="config", exit=(2, 4)
)
def test_mistakes_are_told_and_nothing_is_written(memo: Path, tmp_path: Path) -> None:
    before = sorted(path.name for path in memo.parent.iterdir())
    done = signed(memo, "--decision", "shp", "--by", "Ana", "--because", "x")
    assert (done.returncode, "did you mean ship?" in done.stderr) == (2, True)
    assert signed(memo, "--decision", "ship", "--by", "", "--because", "x").returncode == 2
    bare = reportgen.load(memo).snapshot
    bare.save(tmp_path / "snapshot")
    done = signed(tmp_path / "snapshot", "--decision", "ship", "--by", "Ana", "--because", "x")
    assert (done.returncode, "data without a report" in done.stderr) == (2, True)
    assert signed(tmp_path / "nowhere", "--decision", "ship", "--by", "Ana", "--because", "x").returncode == 4
    assert sorted(path.name for path in memo.parent.iterdir()) == before
