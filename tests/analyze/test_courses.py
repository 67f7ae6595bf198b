"""The course of a number: best values by period, counts by period, the best so far by run."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.snapshots import FakeRun, facts, snapshot

START = datetime(2026, 11, 14, tzinfo=UTC)
END = START + timedelta(days=7)


def course_of(runs: list[FakeRun], by: str) -> tuple[float | None, ...] | None:
    from reportgen.analyze import courses

    told = facts(snapshot(*runs))
    metric = told.metrics["val_acc"]
    found = (
        courses.by_periods(metric, told.runs, START, END)
        if by == "periods"
        else courses.counts_by_periods(told.runs, START, END)
        if by == "counts"
        else courses.by_runs(metric, told.runs)
    )
    return found.values if found else None


def weeks(*values: float | None) -> list[FakeRun]:
    """A run for each week but those without a value, the last one in the period."""
    n = len(values)
    return [
        FakeRun(f"r{at}", {"val_acc": value}, start=START + timedelta(days=1) - timedelta(weeks=n - 1 - at))
        for at, value in enumerate(values)
        if value is not None
    ]


def test_each_period_has_its_best_value_and_one_without_a_run_is_a_gap() -> None:
    runs = [*weeks(0.1, 0.3, None, 0.2), FakeRun("more", {"val_acc": 0.9}, start=START + timedelta(days=6))]
    assert course_of(runs, "periods") == (0.1, 0.3, None, 0.9)
    assert course_of(runs, "counts") == (1.0, 1.0, 0.0, 2.0)


def test_two_periods_are_no_course_and_what_comes_after_the_period_is_in_none() -> None:
    assert course_of(weeks(0.1, 0.3), "periods") is None
    late = FakeRun("late", {"val_acc": 0.99}, start=END)
    assert course_of([*weeks(0.1, 0.2, 0.3), late], "periods") == (0.1, 0.2, 0.3)


def test_run_by_run_the_best_so_far_never_falls() -> None:
    assert course_of(weeks(0.5, 0.4, 0.6, 0.1), "runs") == (0.5, 0.5, 0.6, 0.6)
    same = [FakeRun(f"s{at}", {"val_acc": 0.5}, start=START) for at in range(4)]
    assert course_of(same, "runs") is None  # runs of one moment have no order
