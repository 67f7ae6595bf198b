"""Whether page 1 says good or bad, asserted beside the numbers it says it about, for both directions of a metric."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from reportgen.model import Block, Paragraph, Report, Section, Table, Tiles, Verdict
from tests.analyze.test_previous_report import bundle
from tests.snapshots import ALL_TIME, NOW, FakeRun, last_report, snapshot, told

NEWEST = NOW - timedelta(days=2)
METRICS = {"val_acc": 1.0, "val_loss": -1.0}
"""Metric → sign of what is an improvement; their names give their direction."""


def section(report: Report, id: str) -> Section:
    return next(one for one in report.sections if one.id == id)


def blocks(report: Report) -> Iterator[Block]:
    for one in report.sections:
        yield from one.blocks


def tones(report: Report, id: str, opening: str) -> list[str]:
    """Tones of the paragraphs of a section that begin with ``opening``, set strong."""
    paragraphs = [block for block in section(report, id).blocks if isinstance(block, Paragraph)]
    return [block.tone for block in paragraphs if block.spans[0].strong and block.spans[0].text.strip() == opening]


def attention(report: Report) -> dict[Any, str]:
    """What page 1 lists under "Needs attention" → the tone of its count."""
    tables = [block for block in section(report, "overview").blocks if isinstance(block, Table) and block.id == "attention"]
    return {row[0].value: row[1].tone for table in tables for row in table.rows}


def run(name: str, metric: str, value: float, at: datetime = NEWEST, **more: Any) -> FakeRun:
    return FakeRun(name, {metric: value}, {"depth": "3"}, start=at, **more)


def weeks(metric: str, shift: float) -> list[FakeRun]:
    """Four runs in each of six weeks that differ by a little, and four this week that differ by ``shift``."""
    return [
        run(
            f"w{week}-{i}",
            metric,
            2 + (shift if week == 0 else 0) + 0.001 * ((i * 7 + week * 3) % 5),
            NEWEST - timedelta(weeks=week, minutes=i),
        )
        for week in range(6, -1, -1)
        for i in range(4)
    ]


@pytest.mark.parametrize("metric", METRICS)
def test_a_new_best_is_good_and_told_on_a_tile(metric: str) -> None:
    sign = METRICS[metric]
    report = told(snapshot(run("old", metric, 2, NEWEST - timedelta(days=30)), run("new", metric, 2 + sign * 0.5)))
    tiles = next(block for block in section(report, "overview").blocks if isinstance(block, Tiles)).tiles
    (change,) = [tile.change for tile in tiles if tile.change]
    assert (change.delta, change.tone) == (sign * 0.5, "good")


@pytest.mark.parametrize("metric", METRICS)
def test_a_regression_is_bad(metric: str) -> None:
    report = told(snapshot(*weeks(metric, -METRICS[metric] * 0.5)))
    assert tones(report, "overview", "Worse.") == ["bad"]
    assert tones(report, "changes", "Worse.") == ["bad"]
    assert tones(report, "overview", "Better.") == tones(report, "changes", "Better.") == []
    assert attention(report)["Got worse"] == "bad"
    assert changed_cells(report) == {"bad"}


@pytest.mark.parametrize("metric", METRICS)
def test_an_improvement_is_good(metric: str) -> None:
    report = told(snapshot(*weeks(metric, METRICS[metric] * 0.5)))
    assert tones(report, "changes", "Better.") == ["good"]
    assert tones(report, "overview", "Worse.") == tones(report, "changes", "Worse.") == []
    assert "Got worse" not in attention(report)
    assert changed_cells(report) == {"good"}


def changed_cells(report: Report) -> set[str]:
    """Tones of the state and the change in the table of what was watched."""
    tables = [block for block in section(report, "changes").blocks if isinstance(block, Table)]
    (watched,) = [table for table in tables if {"state", "change"} <= {column.key for column in table.columns}]
    places = [at for at, column in enumerate(watched.columns) if column.key in ("state", "change")]
    return {row[at].tone for row in watched.rows for at in places}


def test_a_configuration_that_did_not_run_is_a_warning() -> None:
    other = [
        FakeRun(f"deep-{week}", {"val_acc": 0.9}, {"depth": "9"}, start=NEWEST - timedelta(weeks=week)) for week in range(1, 7)
    ]
    report = told(snapshot(*weeks("val_acc", 0.0), *other))
    assert tones(report, "overview", "Missed.") == ["warning"]


@pytest.mark.parametrize(
    ("shift", "outcome", "tone"), [(0.5, "better", "good"), (-0.5, "worse", "bad"), (0.0, "unclear", "neutral")]
)
@pytest.mark.parametrize("metric", METRICS)
def test_a_verdict_has_the_same_tone_on_page_one_and_in_its_section(metric: str, shift: float, outcome: str, tone: str) -> None:
    arms = {"control": 0.0, "new": METRICS[metric] * shift}
    noise = {"control": (0.00, 0.02, 0.01, 0.03, 0.02), "new": (0.02, 0.01, 0.03, 0.00, 0.02)}
    runs = [
        FakeRun(f"{arm}-{i}", {metric: 2 + level + noise[arm][i]}, {"seed": str(i)}, {"arm": arm})
        for arm, level in arms.items()
        for i in range(5)
    ]
    report = told(snapshot(*runs), compare={"by": "tags.arm", "baseline": "control"})
    (verdict,) = [block for block in blocks(report) if isinstance(block, Verdict)]
    assert (verdict.outcome, verdict.tone) == (outcome, tone)
    page_one = [block for block in section(report, "overview").blocks if isinstance(block, Paragraph)]
    assert [block.tone for block in page_one if any(verdict.sentence in span.text for span in block.spans)] == [tone]


@pytest.mark.parametrize(
    ("then", "at_least", "tone"), [("PASS", 0.9, "bad"), ("FAIL", 0.1, "neutral"), ("FAIL", 0.9, None), ("PASS", 0.1, None)]
)
def test_a_gate_that_fails_now_is_bad_and_one_that_passes_again_is_not(
    tmp_path: Path, then: str, at_least: float, tone: str | None
) -> None:
    bundle(tmp_path, "2026-11-13", FakeRun("a", {"m_acc": 0.5}), gates=[{"name": "Quality", "state": then}])
    taken = snapshot(FakeRun("a", {"m_acc": 0.5}))
    gate = {"name": "Quality", "metric": "m_acc", "at_least": at_least}
    report = told(taken, previous_report=last_report(tmp_path, "2026-11-20", taken, ALL_TIME, "c"), gates=[gate])
    flipped = [
        block.tone
        for block in section(report, "overview").blocks
        if isinstance(block, Paragraph) and "gates flipped" in block.spans[0].text
    ]
    assert flipped == ([] if tone is None else [tone])
    assert attention(report).get("Gates not passed") == ("bad" if at_least == 0.9 else None)


def test_nothing_that_needs_attention_is_good_and_a_failed_run_is_a_warning() -> None:
    quiet, failed = (told(snapshot(run("a", "val_acc", 0.5), run("b", "val_acc", 0.4, status=s))) for s in ("FINISHED", "FAILED"))
    sentence = next(b for b in section(quiet, "overview").blocks if isinstance(b, Paragraph) and b.tone != "neutral")
    assert (sentence.tone, sentence.spans[0].text) == ("good", "No run failed, hangs or diverged, and all data were read.")
    assert attention(quiet) == {}
    assert attention(failed) == {"Failed": "warning"}
