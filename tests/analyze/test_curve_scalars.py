"""Curves of compared groups as numbers: what is counted, censored, tested, and what is not."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from reportgen.analyze.common_grid import MOST_COUNTED, MOST_X, CommonGrid
from reportgen.analyze.curve_scalars import CurveScalars, GroupScalars
from reportgen.model import Chart, Table
from tests.snapshots import FakeRun, facts, metric_configs, snapshot, told

UP = metric_configs(m={"goal": "maximize"})
COMPARE = {"by": "tags.arm", "baseline": "a", "metrics": ["m"]}


def run(arm: str, i: int, values: Sequence[Any], **more: Any) -> FakeRun:
    fields = {"params": {"seed": str(i)}, "tags": {"arm": arm}, "histories": {"m": values}} | more
    return FakeRun(f"{arm}{i}", **fields)


def scalars(*runs: FakeRun, **more: Any) -> CurveScalars:
    found = facts(snapshot(*runs), metrics=UP, compare=COMPARE, **more).histories[0].scalars
    assert isinstance(found, CurveScalars)
    return found


def group(found: CurveScalars, label: str) -> GroupScalars:
    return next(one for one in found.groups if one.label == label)


def rising(to: float, n: int = 11) -> list[float]:
    return [to * i / (n - 1) for i in range(n)]


def test_mean_levels_are_over_the_steps_that_all_runs_cover() -> None:
    short = [run("a", i, rising(0.5, 6)) for i in range(3)]
    long = [run("b", i, rising(1.0)) for i in range(3)]
    found = scalars(*short, *long)
    assert found.span == (0, 5)
    a, b = group(found, "a").level, group(found, "b").level
    assert a is not None
    assert b is not None
    assert (a.values, b.values) == ((pytest.approx(0.25),) * 3, (pytest.approx(0.25),) * 3)


def test_runs_that_share_no_range_have_no_mean_level() -> None:
    early = [run("a", i, [(0, 0.1), (1, 0.2)]) for i in range(3)]
    late = [run("b", i, [(5, 0.1), (6, 0.2)]) for i in range(3)]
    found = scalars(*early, *late)
    assert found.span is None
    assert group(found, "b").level is None
    assert [what for what, _ in found.differences] == ["best"]


def test_the_level_is_what_every_run_of_the_baseline_reached_and_later_is_censored() -> None:
    fast = [run("a", i, rising(0.8 + i / 10)) for i in range(3)]
    slow = [run("b", 0, rising(1.0, 21)), run("b", 1, rising(0.5)), run("b", 2, rising(0.6))]
    found = scalars(*fast, *slow)
    assert found.sought is not None
    assert (found.sought.value, found.sought.is_gate) == (pytest.approx(0.8), False)
    a, b = group(found, "a"), group(found, "b")
    assert a.reached is not None
    assert (a.reached.reached, a.reached.runs, a.reached.median_step) == (3, 3, 9)
    assert b.reached is not None
    assert (b.reached.reached, b.reached.runs, b.reached.median_step, b.last_step) == (1, 3, None, 10)


def test_a_gate_says_which_level() -> None:
    runs = [run(arm, i, rising(1.0)) for arm in "ab" for i in range(3)]
    found = scalars(*runs, gates=[{"metric": "m", "at_least": 0.35}])
    assert found.sought is not None
    assert (found.sought.value, found.sought.is_gate) == (0.35, True)
    reached = group(found, "b").reached
    assert reached is not None
    assert reached.median_step == 4


def test_best_and_level_are_tested_by_seed_with_holm() -> None:
    a = [run("a", i, [0.1, 0.5 + i / 100]) for i in range(5)]
    b = [run("b", i, [0.1, 0.6 + i / 100 + (i % 2) / 1000]) for i in range(5)]
    found = scalars(*a, *b)
    assert found.n_tests == 2
    best = dict(found.differences)["best"]
    assert best.method == "paired"
    assert best.delta == pytest.approx(0.1004)
    assert best.p is not None
    assert best.p_holm is not None
    assert best.p <= best.p_holm


def test_a_search_is_not_tested_and_shows_no_interval() -> None:
    runs = [run(arm, i, rising(0.5 + i / 10), params={"lr": str(i)}) for arm in "ab" for i in range(4)]
    found = scalars(*runs)
    assert found.n_tests == 0
    table = next(
        block
        for section in told(snapshot(*runs), metrics=UP, compare=COMPARE).sections
        for block in section.blocks
        if isinstance(block, Table) and block.id.startswith("history-groups-m")
    )
    best = next(row for row in table.rows if row[0].value == "Best value of the curve")
    assert best[1].value.low is None  # type: ignore[union-attr]
    assert any("is a search" in note for note in (*table.notes, *table.method))


def test_diverged_and_stuck_runs_are_counted() -> None:
    bad = run("a", 0, [0.1, math.nan, 0.2])
    stuck = run("a", 1, [0.1, 0.9, *[0.5] * 11])
    good = [run("b", i, rising(1.0)) for i in range(2)]
    a = group(scalars(bad, stuck, *good), "a")
    assert (a.n, a.n_bad, a.n_plateau, a.n_gave_back) == (2, 1, 1, 1)


def test_the_gap_needs_the_training_curve() -> None:
    val = [0.1, 0.5, 0.8, 0.7, 0.6, 0.5, 0.4]
    both = [
        FakeRun(f"{arm}{i}", tags={"arm": arm}, params={"seed": str(i)}, histories={"val_acc": val, "train_acc": rising(0.9, 7)})
        for arm in "ab"
        for i in range(2)
    ]
    alone = FakeRun("a9", tags={"arm": "a"}, params={"seed": "9"}, histories={"val_acc": val})
    compare = {"by": "tags.arm", "baseline": "a"}
    found = facts(snapshot(*both, alone), compare=compare, primary="val_acc").histories[0].scalars
    assert found is not None
    a = group(found, "a")
    assert a.gap is not None
    assert (a.n, a.gap.n, a.n_overfitting) == (3, 2, 2)
    assert a.gap.mean == pytest.approx(0.5)


def test_bands_count_only_runs_that_logged_the_very_step() -> None:
    many = CommonGrid([("1", str(i)) for i in range(4)])
    curves = [np.arange(0, 21, 2.0)] * 3 + [np.arange(0, 21, 5.0)]
    for x in curves:
        many.see(x)
    for key, x in zip(many.keys, curves, strict=True):
        many.take(key, x, x * 10)
    grid, rows = many.matrix()
    assert not many.interpolated
    assert grid.tolist() == list(range(0, 21, 2))
    assert np.isfinite(rows).sum(axis=0).tolist() == [4, 3, 3, 3, 3, 4, 3, 3, 3, 3, 4]


def test_bands_prefer_steps_that_every_run_still_going_logged() -> None:
    many = CommonGrid([("1", str(i)) for i in range(4)])
    curves = [np.arange(100.0), np.arange(100.0), np.arange(100.0), np.arange(0, 60, 5.0)]
    for x in curves:
        many.see(x)
    grid = many.grid
    assert grid[:12].tolist() == list(range(0, 60, 5))
    assert grid[12:].tolist() == list(range(56, 100))


def test_runs_without_a_common_step_are_read_between_their_points() -> None:
    many = CommonGrid([("1", str(i)) for i in range(3)])
    for i in range(3):
        many.see(np.array([i / 7, 1 + i / 7]))
    assert many.interpolated
    too_many = CommonGrid([("1", "a")])
    too_many.see(np.arange(MOST_COUNTED + 1.0))
    assert (too_many.interpolated, len(too_many.grid)) == (True, MOST_X)


def test_lines_of_a_chart_never_have_the_same_name() -> None:
    long = "a-very-long-name-of-a-configuration-that-goes-on-and-on-"
    runs = [FakeRun(f"r{i}", name=f"{long}{i}", histories={"m": rising(i / 10)}) for i in range(1, 4)]
    runs += [FakeRun(f"same{i}", name="same", histories={"m": rising(i / 20)}) for i in range(1, 3)]
    report = told(snapshot(*runs), metrics=UP)
    chart = next(b for s in report.sections for b in s.blocks if isinstance(b, Chart) and b.id.startswith("history-m"))
    names = [trace.name for trace in chart.traces if trace.in_legend]
    assert len(set(names)) == 5
    assert "same same1" in names
    assert any(name.endswith("-on-1") for name in names)
    arms = [FakeRun(f"{a}{i}", tags={"arm": long + a}, histories={"m": rising(1)}) for a in "ab" for i in range(3)]
    compared = told(snapshot(*arms), metrics=UP, compare={"by": "tags.arm"})
    chart = next(b for s in compared.sections for b in s.blocks if isinstance(b, Chart) and b.id.startswith("history-m"))
    assert len({trace.name for trace in chart.traces}) == 2


def test_groups_of_unequal_sizes_need_both_tests() -> None:
    """Twelve runs of which one collapsed, and three that have not seen that yet."""
    ends = [0.99, 0.98, 0.985, 0.99, 0.98, 0.985, 0.988, 0.982, 0.987, 0.984, 0.986, 0.97]
    many = [run("a", i, rising(end)) for i, end in enumerate(ends)]
    few = [run("b", i + 20, rising(end)) for i, end in enumerate((0.9895, 0.99, 0.9905))]
    found = scalars(*many, *few)
    best = next(d for what, d in found.differences if what == "best")
    assert best.tested is not None
    assert best.tested.p_check is not None
    assert best.p_of_both == max(best.p_decisive or 0.0, best.tested.p_check)
    report = told(snapshot(*many, *few), metrics=UP, compare=COMPARE)
    table = next(b for s in report.sections for b in s.blocks if isinstance(b, Table) and b.id.startswith("history-groups-"))
    assert any("p is the larger of Welch's and the permutation test's" in note for note in (*table.notes, *table.method))
