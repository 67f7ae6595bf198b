"""Sentences of praise and absence say what the tables beside them say, and names stand for one run."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.model import Notice, Paragraph, Report, Section, Table
from reportgen.sections.compare.checks import Check, checks_list
from reportgen.words import Words
from tests.sections.words import of_block, of_report, of_section, plain
from tests.snapshots import FakeRun, snapshot, told


def section(report: Report, id: str) -> Section:
    return next(one for one in report.sections if one.id == id)


def alarms(one: Section) -> Iterator[str]:
    """What of a section is no reason for praise."""
    for block in one.blocks:
        if isinstance(block, Table):
            yield from (cell.tone for row in block.rows for cell in row if cell.tone in ("warning", "bad"))
        elif isinstance(block, Notice | Paragraph) and block.tone in ("warning", "bad"):
            yield block.tone


STATES = st.sampled_from(["FINISHED", "FAILED", "KILLED", "RUNNING", ""])
VALUES = st.sampled_from([0.5, 0.75, 1.0, float("nan"), None])
STORES = st.lists(st.tuples(STATES, VALUES, st.booleans()), max_size=6)


@settings(max_examples=40, deadline=None)
@given(STORES)
def test_no_page_praises_what_it_warns_of(rows: list[tuple[str, float | None, bool]]) -> None:
    runs = [
        FakeRun(f"{i:032x}", {} if value is None else {"val_acc": value}, status=status, deleted=deleted, name="run")
        for i, (status, value, deleted) in enumerate(rows)
    ]
    report = told(snapshot(*runs))
    page_one, health = section(report, "overview"), section(report, "health")
    praise = [block for block in page_one.blocks if isinstance(block, Paragraph) and block.tone == "good"]
    if praise:
        assert not list(alarms(page_one))
        assert not list(alarms(health))
        assert not report.problems
        assert any(run.status == "FINISHED" and not run.deleted and run.metrics for run in runs)
        assert not any(isinstance(block, Table) and block.id == "health-runs" for block in health.blocks)
    if "failed, hangs or diverged" in of_section(health):
        assert "Runs that need attention" not in of_section(health)
        assert not list(alarms(health))


def test_many_that_tie_have_no_winner() -> None:
    runs = [FakeRun(f"{i:032x}", {"val_acc": 1.0, "seen_steps": 3.0}, name=f"n{i}") for i in range(4)]
    report = told(snapshot(*runs))
    assert "Best val_acc = 1; 4 runs tie · ↑ higher is better" in of_section(section(report, "overview"))
    assert report.headline == "Best val_acc: 1 (4 runs tie). 4 of 4 runs finished."


def test_a_name_that_repeats_carries_its_id_on_page_one() -> None:
    runs = [FakeRun(f"{i}aaaabbbbcccc", {"val_acc": 0.5 + i / 10}, name="nightly" if i < 2 else "other") for i in range(3)]
    assert "(other)" in told(snapshot(*runs)).headline
    assert "(nightly 1aaaabbb)" in told(snapshot(*runs[:2])).headline


def test_what_is_not_ranked_is_said_and_shown() -> None:
    metrics = {f"thing_{i}": float(i) for i in range(30)}
    report = told(snapshot(FakeRun("a", {"val_acc": 0.5, **metrics}), FakeRun("b", {"val_acc": 0.6, **metrics})))
    assert "Not ranked: 30 metrics without a known direction: thing_0, " in of_section(section(report, "leaderboard"))
    (table,) = [block for block in section(report, "runs").blocks if isinstance(block, Table)]
    assert sum(column.key.startswith("metric:thing_") for column in table.columns) == 24
    assert "6 of 31 metrics have no column here: " in of_section(section(report, "runs"))


@pytest.mark.parametrize(("status", "recorded"), [("READY", 1), ("FAILED", 0)])
def test_a_logged_model_records_the_environment(status: str, recorded: int) -> None:
    empty = snapshot().models
    row = dict.fromkeys(empty.schema.names) | {
        "kind": "logged", "name": "m", "version": "m-1", "experiment_id": "1", "run_id": "a", "status": status, "aliases": [], "tags": [],
    }  # fmt: skip
    models = pa.Table.from_pylist([row], schema=empty.schema)
    report = told(snapshot(FakeRun("a", {"val_acc": 0.5}), models=models))
    (line,) = [one for one in of_section(section(report, "reproducibility")).splitlines() if one.startswith("Environment")]
    assert line.split(" | ")[1] == str(recorded)


def test_two_repeats_have_no_interval_and_shares_end_at_one() -> None:
    def runs(values: list[float], lr: str) -> list[FakeRun]:
        return [FakeRun(f"{lr}-{i}", {"val_acc": v}, {"lr": lr, "seed": str(i)}, name=f"{lr}-{i}") for i, v in enumerate(values)]

    two = told(snapshot(*runs([0.1, 0.9], "1"), *runs([0.2, 0.3], "2")))
    three = told(snapshot(*runs([0.85, 1.0, 1.0], "1"), *runs([0.2, 0.3, 0.4], "2")))
    (pair,) = [
        of_block(block) for block in section(two, "leaderboard").blocks if isinstance(block, Table) and block.id == "leaderboard"
    ]
    assert "[" not in pair
    highs = [
        cell.value.high
        for block in section(three, "leaderboard").blocks
        if isinstance(block, Table) and block.id == "leaderboard"
        for row in block.rows
        for cell in row
        if hasattr(cell.value, "high")
    ]
    assert highs
    assert max(highs) <= 1


def test_every_check_is_counted() -> None:
    checks = [Check("pairs", "ok", "Twelve pairs."), Check("looks", "look", "Looked twice."), Check("hardware", "unknown", "")]
    found = checks_list(checks, Words())
    assert found.title == "Can this be trusted? 1 of 3 checks passed"
    assert [(one.sign, one.title, one.detail) for one in found.items] == [
        ("✓", "Pairs", ""),
        ("!", "Repeated looks", "Looked twice."),
        ("?", "Hardware", "not recorded"),
    ]
    assert plain(of_report(told(snapshot())))
