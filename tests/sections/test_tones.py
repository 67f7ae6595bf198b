"""Whether page 1 says good or bad, asserted beside the numbers it says it about, for both directions of a metric."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from reportgen.model import Block, Findings, Paragraph, Report, Row, Section, Table, Tiles, Verdict
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


def listed(report: Report, at: int) -> dict[str, str]:
    """What a list of page 1 names (0: what changed, 1: what needs attention) → its tone."""
    (row,) = [block for block in section(report, "overview").blocks if isinstance(block, Row)]
    found = row.blocks[at]
    assert isinstance(found, Findings)
    return {item.title: item.tone for item in found.items}


def tones(report: Report, id: str, opening: str) -> list[str]:
    """Tones of the paragraphs of a section that begin with ``opening``, set strong."""
    paragraphs = [block for block in section(report, id).blocks if isinstance(block, Paragraph)]
    return [block.tone for block in paragraphs if block.spans[0].strong and block.spans[0].text.strip() == opening]


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
    assert set(listed(report, 0).values()) == {"bad"}
    assert "got worse" in next(iter(listed(report, 0)))
    assert tones(report, "changes", "Worse.") == ["bad"]
    assert tones(report, "changes", "Better.") == []
    assert changed_cells(report) == {"bad"}


@pytest.mark.parametrize("metric", METRICS)
def test_an_improvement_is_good(metric: str) -> None:
    report = told(snapshot(*weeks(metric, METRICS[metric] * 0.5)))
    assert tones(report, "changes", "Better.") == ["good"]
    assert set(listed(report, 0).values()) == {"good"}
    assert tones(report, "changes", "Worse.") == []
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
    assert listed(report, 0) == {"depth=9 did not run": "warning"}


@pytest.mark.parametrize(
    ("shift", "outcome", "tone"), [(0.5, "better", "good"), (-0.5, "worse", "bad"), (0.0, "unclear", "neutral")]
)
@pytest.mark.parametrize("metric", METRICS)
def test_a_verdict_stands_once_on_page_one_and_its_strip_has_its_tone(metric: str, shift: float, outcome: str, tone: str) -> None:
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
    assert verdict in section(report, "overview").blocks
    strip = verdict.chart.rows[0][1] if verdict.chart else None
    assert strip is not None
    assert strip.tone == (tone if tone in ("good", "bad") else "neutral")


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
    flipped = [tone for title, tone in listed(report, 0).items() if title == "1 gate changed its answer"]
    assert flipped == ([] if tone is None else [tone])
    assert listed(report, 1).get("Quality") == ("bad" if at_least == 0.9 else None)


def test_nothing_that_needs_attention_is_good_and_a_failed_run_is_a_warning() -> None:
    quiet, failed = (told(snapshot(run("a", "val_acc", 0.5), run("b", "val_acc", 0.4, status=s))) for s in ("FINISHED", "FAILED"))
    assert listed(quiet, 1) == {"Nothing needs attention": "good"}
    assert listed(failed, 1) == {"1 run failed": "warning"}
