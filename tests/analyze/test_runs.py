"""The run frame: what is joined, what a parent is, and which runs count."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.analyze.runs import Run, runs_of, units, with_family
from reportgen.snapshot import table_of
from tests.snapshots import FakeRun, snapshot


def run(run_id: str, **fields: object) -> Run:
    return Run("1", run_id, "exp", run_id, "FINISHED", **fields)  # type: ignore[arg-type]


def test_everything_of_a_run_is_joined() -> None:
    (found,) = runs_of(snapshot(FakeRun("a", {"acc": 0.5}, {"lr": "0.1"}, {"team": "x"}, name="first", seconds=90)))
    assert (found.key, found.name, found.experiment, found.status) == (("1", "a"), "first", "exp", "FINISHED")
    assert found.params == {"lr": "0.1"}
    assert found.tags == {"team": "x"}
    assert found.last_values == {"acc": 0.5}
    assert found.seconds == 90
    assert found.finished


def test_deleted_runs_never_count() -> None:
    a, b = runs_of(snapshot(FakeRun("a", deleted=True), FakeRun("b", status="FAILED")))
    assert a.deleted
    assert not a.finished
    assert not b.finished


def test_runs_of_a_deleted_experiment_are_deleted() -> None:
    taken = snapshot(FakeRun("a"))
    gone = taken.experiments.set_column(taken.experiments.schema.get_field_index("lifecycle"), "lifecycle", pa.array(["deleted"]))
    (found,) = runs_of(replace(taken, experiments=gone))
    assert found.deleted


@pytest.mark.fault("A start time is outside of every calendar", "The run has no start and no duration.", at="text")
def test_times_that_no_calendar_holds_do_no_harm() -> None:
    taken = snapshot(FakeRun("a"))
    runs = table_of(
        "runs", {"experiment_id": ["1"], "run_id": ["a"], "status": ["FINISHED"], "start_time": [2**62], "end_time": [5]}
    )
    (found,) = runs_of(replace(taken, runs=runs))
    assert found.started_at is None
    assert found.seconds is None


def test_a_clock_that_went_back_gives_no_duration() -> None:
    (found,) = runs_of(snapshot(FakeRun("a", seconds=-5)))
    assert found.seconds is None


def test_parents_children_and_depth() -> None:
    root, child, grandchild, lost = with_family(
        [run(x) for x in "abcd"], {("1", "b"): "a", ("1", "c"): "b", ("1", "d"): "nobody"}
    )
    assert (root.depth, child.depth, grandchild.depth, lost.depth) == (0, 1, 2, 0)
    assert root.children == (child.key,)
    assert grandchild.parent == child.key
    assert (root.family, child.family, lost.family) == ("alone", "known", "missing")


def test_a_circle_is_cut_at_its_smallest_key() -> None:
    a, b, c = with_family([run(x) for x in "abc"], {("1", "a"): "c", ("1", "b"): "a", ("1", "c"): "b"})
    assert (a.family, b.family, c.family) == ("circle", "known", "known")
    assert (a.depth, b.depth, c.depth) == (0, 1, 2)


def test_a_run_that_is_its_own_parent_stands_alone() -> None:
    (a,) = with_family([run("a")], {("1", "a"): "a"})
    assert (a.family, a.parent, a.children, a.depth) == ("circle", None, (), 0)


def test_a_parent_of_the_same_experiment_is_nearer() -> None:
    copies = [run("p"), replace(run("p"), experiment_id="2"), replace(run("c"), experiment_id="2")]
    found = {one.key: one for one in with_family(copies, {("2", "c"): "p"})}
    assert found["2", "c"].parent == ("2", "p")


@given(st.dictionaries(st.integers(0, 12), st.integers(0, 14), max_size=13))
def test_any_parents_make_a_forest(links: dict[int, int]) -> None:
    runs = with_family(
        [run(f"{i:02}") for i in range(13)], {("1", f"{child:02}"): f"{parent:02}" for child, parent in links.items()}
    )
    by_key = {one.key: one for one in runs}
    for one in runs:
        seen = set()
        above: Run | None = one
        while above is not None:
            assert above.key not in seen
            seen.add(above.key)
            above = by_key[above.parent] if above.parent else None
        assert one.depth == len(seen) - 1
        assert all(by_key[child].parent == one.key for child in one.children)


def test_units_count_a_parent_instead_of_its_children() -> None:
    runs = with_family([run(x) for x in "abcd"], {("1", "b"): "a", ("1", "c"): "b", ("1", "d"): "a"})
    by_key = {one.key: one for one in runs}
    assert [one.run_id for one in units(runs, lambda _: True, by_key)] == ["a"]
    assert [one.run_id for one in units(runs, lambda one: one.run_id != "a", by_key)] == ["b", "d"]
    assert [one.run_id for one in units(runs, lambda one: one.run_id in "cd", by_key)] == ["c", "d"]


def test_times_are_utc() -> None:
    at = datetime(2026, 11, 1, 10, tzinfo=timezone(timedelta(hours=2)))
    (found,) = runs_of(snapshot(FakeRun("a", start=at)))
    assert found.started_at is not None
    assert found.started_at.isoformat() == "2026-11-01T08:00:00+00:00"
