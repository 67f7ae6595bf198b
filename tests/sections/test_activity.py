"""Who ran what, runs per day and per estimator, and failed runs by cause."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from reportgen.analyze.activity import Share, activity_of, cause_of
from reportgen.analyze.changes import recent_of
from reportgen.analyze.health import ErrorTags
from reportgen.analyze.runs import runs_of
from reportgen.model import Chart, Report, Table, Window
from reportgen.render.walk import all_blocks
from reportgen.snapshot import table_of
from tests.sections.checks import is_whole
from tests.snapshots import NOW, FakeRun, facts, milliseconds, snapshot, told

DAY = datetime(2026, 11, 17, 9, tzinfo=UTC)
WEEK = Window(datetime(2026, 11, 14, tzinfo=UTC), datetime(2026, 11, 21, tzinfo=UTC), "7 days to 2026-11-20")


def failed(n: int, error: str | None, **more: Any) -> FakeRun:
    return FakeRun(f"f{n}", tags={"error": error} if error else {}, status="FAILED", start=DAY + timedelta(hours=n), **more)


def earlier(*rows: tuple[str, str, datetime]) -> Any:
    """(run id, error, start) of failed runs before the window."""
    names = ("experiment_id", "run_id", "name", "status", "start_time", "end_time", "params", "tags", "metrics", "datasets")
    cells = [("1", id_, id_, "FAILED", milliseconds(at), None, [], [("error", error)], [], []) for id_, error, at in rows]
    return table_of("earlier", {name: [row[i] for row in cells] for i, name in enumerate(names)})


def tables(report: Report) -> dict[str, Table]:
    return {block.id: block for block in all_blocks(report) if isinstance(block, Table)}


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("CUDA out of memory: tried 20.5 MiB", "CUDA out of memory: tried # MiB"),
        ("Traceback (most recent call last):\n  File x\nValueError: got 17 of 0xff", "ValueError: got # of #"),
        ("FileNotFoundError: /data/a/train-3.csv", "FileNotFoundError: …"),
        ("", ""),
    ],
)
def test_a_cause_is_an_error_without_what_differs_between_runs(text: str, cause: str) -> None:
    assert cause_of(ErrorTags((("error", text),))) == cause
    assert cause_of(None) == ""


def test_failed_runs_are_grouped_by_cause_and_counted_against_the_period_before() -> None:
    runs = [failed(n, f"CUDA out of memory: {n} MiB") for n in range(3)] + [
        failed(7, None),
        FakeRun("ok", {"loss": 1.0}, start=DAY),
    ]
    before = earlier(
        ("b1", "CUDA out of memory: 9 MiB", WEEK.start - timedelta(days=2)),  # type: ignore[operator]
        ("b2", "ValueError: x", WEEK.start - timedelta(days=3)),  # type: ignore[operator]
        ("b3", "CUDA out of memory: 9 MiB", WEEK.start - timedelta(days=9)),  # type: ignore[operator]
    )
    asked = (("compared with runs from", (WEEK.start - timedelta(days=28)).isoformat()),)  # type: ignore[operator]
    taken = snapshot(*runs, earlier=before, selection=asked)
    report = told(taken, window=WEEK, sections=["health"])
    table = tables(report)["health-causes"]
    assert [[cell.value for cell in row[:3]] for row in table.rows] == [
        ["CUDA out of memory: # MiB", 3, 1],
        ["no error recorded", 1, 0],
    ]
    assert table.notes == ("In the period before: 2 failed runs.",)
    is_whole(report)
    unread = told(
        snapshot(*runs, earlier=before, selection=(("compared with runs from", DAY.isoformat()),)),
        window=WEEK,
        sections=["health"],
    )
    assert [column.key for column in tables(unread)["health-causes"].columns] == ["cause", "n", "run"]


def test_one_failed_run_needs_no_table() -> None:
    assert "health-causes" not in tables(told(snapshot(failed(1, "x"), FakeRun("a", {"m": 1.0})), sections=["health"]))


def test_who_ran_what_counts_runs_by_user_source_and_estimator() -> None:
    import pyarrow as pa

    runs = [
        FakeRun(
            f"r{n}",
            {"loss": 1.0},
            tags={"estimator_name": ("Ridge", "Lasso")[n % 2]},
            start=DAY - timedelta(days=n % 4),
            seconds=60.0,
        )
        for n in range(6)
    ]
    taken = snapshot(*runs, failed(1, "x", seconds=None))
    users = pa.array(["bo" if id_ == "r5" else "ana" for id_ in taken.runs.column("run_id").to_pylist()], pa.string())
    at = taken.runs.schema.get_field_index("user")
    from dataclasses import replace

    taken = replace(taken, runs=taken.runs.set_column(at, taken.runs.schema.field(at), users))
    known = runs_of(taken)
    found = activity_of(taken, known, (), recent_of(known, NOW, Window(None, None, "all time")), NOW)
    assert found.people == (Share("ana", "train.py", 6, 5, 1, 300.0), Share("bo", "train.py", 1, 1, 0, 60.0))
    assert [(one.source, one.n) for one in found.estimators] == [("Lasso", 3), ("Ridge", 3)]
    assert [n for _, n in found.days] == [1, 1, 2, 3]
    report = told(taken, sections=["runs"])
    assert {"activity-people", "activity-estimators"} <= set(tables(report))
    (chart,) = [block for block in all_blocks(report) if isinstance(block, Chart)]
    assert chart.alt == "7 runs on 4 days; most on 2026-11-17: 3."
    is_whole(report)


def test_one_person_with_one_program_on_one_day_needs_nothing() -> None:
    report = told(snapshot(FakeRun("a", {"m": 1.0}), FakeRun("b", {"m": 2.0})), sections=["runs"])
    assert set(tables(report)) == {"runs"}
    assert facts(snapshot(FakeRun("a")), sections=["decision"]).activity.people == ()
