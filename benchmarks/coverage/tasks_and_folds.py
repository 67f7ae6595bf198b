"""Comparisons over tasks, and over the folds and splits of one data set."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np

from benchmarks.coverage.comparisons import TOLD, Row, holds
from benchmarks.coverage.designs import Design, Params, design
from benchmarks.coverage.made import SHAPES, Draw, Rate, Rng, rates, table
from reportgen.analyze.compare.tasks import Tasks, tasks_of

# --- tasks -----------------------------------------------------------------------------------------------------------


def tasks(replications: int) -> None:
    """Groups whose effects differ from task to task around nothing: verdicts over tasks that are false, intervals that hold."""
    rows: list[Row] = []
    for name in ("normal", "t(3)", "lognormal"):
        for n_tasks in (6, 10, 20):
            for n_groups, named in ((2, True), (3, True), (3, False)):
                told, covered = over_tasks(name, SHAPES[name], n_tasks, n_groups, replications, named=named)
                pairs = "one pair" if n_groups == 2 else "two against the baseline" if named else "every pair of three"
                rows.append((name, n_tasks, pairs, told, covered))
    header = (
        "effects from task to task",
        "tasks",
        "tests",
        "any false verdict (promised 5 %)",
        "interval of one pair holds (95 %)",
    )
    table("Tasks: groups that differ on each task and not on the whole, 3 runs each", header, rows)
    few = (
        (name, n_tasks, *few_tasks(name, SHAPES[name], n_tasks, replications))
        for name in ("normal", "near 1", "lognormal")
        for n_tasks in (2, 4)
    )
    header = (
        "values",
        "tasks",
        "verdict (promised: none)",
        "interval on these tasks holds (95 %)",
        "any task marked best falsely (5 %)",
    )
    table("Fewer than six tasks, 3 runs each, nothing differs", header, few)


def _task(n_runs: int) -> Callable[[str, int], Mapping[str, str]]:
    return lambda _, i: {"task": f"t{i // n_runs}", "seed": str(i % n_runs)}


def _over(made: Design, groups: list[np.ndarray]) -> Tasks:
    found, _ = tasks_of(made.study_of(groups))
    assert found is not None
    return found


def over_tasks(name: str, draw: Draw, n_tasks: int, n_groups: int, replications: int, *, named: bool = True) -> list[Rate]:
    """[any false verdict, interval of the first pair holds]; ``named``: a baseline, else every pair."""
    made = design([3 * n_tasks] * n_groups, _task(3), tasks="params.task", **({} if named else {"baseline": None}))

    def hits(rng: Rng) -> tuple[bool, bool | None]:
        level = np.repeat(10 * rng.normal(size=n_tasks), 3)
        groups = [level + np.repeat(draw(rng, n_tasks), 3) + 0.5 * rng.normal(size=3 * n_tasks) for _ in range(n_groups)]
        pairs = _over(made, groups).pairs
        shift = pairs[0].shift
        interval = None if shift is None else shift.interval
        return any(pair.outcome in TOLD for pair in pairs), None if interval is None else interval.low <= 0 <= interval.high

    return rates(f"tasks {name} {n_tasks} {n_groups} {named}", replications, hits)


def few_tasks(name: str, draw: Draw, n_tasks: int, replications: int) -> list[Rate]:
    """[verdict, the interval on these tasks holds, any task whose best is marked] of two groups that are alike on each task."""
    made = design([3 * n_tasks] * 2, _task(3), tasks="params.task")

    def hits(rng: Rng) -> tuple[bool, bool | None, bool]:
        level = np.repeat(10 * rng.normal(size=n_tasks), 3)
        found = _over(made, [level + draw(rng, 3 * n_tasks) for _ in range(2)])
        here = found.pairs[0].here
        inside = None if here is None or here.estimate is None else here.estimate.low <= 0 <= here.estimate.high
        marked = any(row.p is not None and row.p <= 0.05 for row in found.rows)
        return found.pairs[0].outcome in TOLD, inside, marked

    return rates(f"few tasks {name} {n_tasks}", replications, hits)


# --- folds -----------------------------------------------------------------------------------------------------------


def folds(replications: int) -> None:
    """Groups that do not differ, over folds that share training data: false verdicts, and intervals that hold."""
    rows = (
        (what, f"{correlation:g}", name, *over_folds(what, correlation, name, replications))
        for what in DESIGNS
        for correlation in CORRELATIONS[what]
        for name in ("normal", "near 1")
    )
    header = (
        "design",
        "correlation of differences",
        "values",
        "better or worse (promised 5 %)",
        "interval holds (95 %)",
        "not worse, worse by just the margin (5 %)",
    )
    table("Folds and splits of one data set, whole comparisons", header, rows)


DRAWN = "10 seeds that draw the split (20 % test)"
DESIGNS: dict[str, tuple[int, Params]] = {
    "5 folds": (5, lambda _, i: {"fold": str(i), "n_splits": "5"}),
    "10 folds": (10, lambda _, i: {"fold": str(i), "n_splits": "10"}),
    "10 × 10 folds": (100, lambda _, i: {"fold": str(i % 10), "repeat": str(i // 10), "n_splits": "10"}),
    DRAWN: (10, lambda _, i: {"seed": str(i), "test_size": "0.2"}),
}
CORRELATIONS = {"5 folds": (0.2,), "10 folds": (0.1,), "10 × 10 folds": (0.1,), DRAWN: (0.0, 0.2)}
"""As Nadeau and Bengio take them: the share of the data in one test set."""


def over_folds(what: str, correlation: float, name: str, replications: int) -> list[Rate]:
    """[better or worse, interval holds, not worse though worse by just the margin]."""
    n, params = DESIGNS[what]
    data: Params | None = (lambda _, i: {"split": f"data (split{i})"}) if what == DRAWN else None
    plain, within = (design((n, n), params, data, tasks="none", **more) for more in ({}, {"margin": 1.0}))
    draw = SHAPES[name]

    def differences(rng: Rng) -> np.ndarray:
        """Of mean 0 and sd 1, with ``correlation`` between any two; both sides have the same distribution."""
        return math.sqrt(correlation) * rng.normal() + math.sqrt((1 - correlation) / 2) * (draw(rng, n) - draw(rng, n))

    def hits(rng: Rng) -> tuple[bool, bool | None, bool]:
        base = 50 + 3 * rng.normal(size=n)
        (d,) = plain.differences([base, base + differences(rng)])
        (worse,) = within.differences([base, base + differences(rng) - 1])
        return d.outcome in TOLD, holds(d), worse.outcome in ("not_worse", "equivalent", "better")

    return rates(f"folds {what} {correlation} {name}", replications, hits)
