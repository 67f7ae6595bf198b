"""A quick part of ``benchmarks.coverage`` with wide bounds: a change of method cannot break an error rate unseen.

Seeds are fixed, so a rate is the same every time. Four standard errors from what is promised are far enough to see a rate that
doubles or an interval that covers 80 %, and ``docs/statistics.md`` has the exact ones.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from benchmarks.coverage import comparisons, costs_and_curves, gates, tasks_and_folds, weekly
from benchmarks.coverage.made import SHAPES, Rate, near_one, normal

ERRORS = 4.0

FALSE: dict[str, tuple[float, Callable[[], list[Rate]]]] = {
    "two groups": (0.05, lambda: comparisons.two_of_one("normal", normal, 4, 80, paired=True)[:1]),
    "20 against 3, values near 1": (0.025, lambda: comparisons.unequal_of("near 1", (near_one, near_one), (20, 3), 0.0, 60)),
    "a margin, 12 against 3": (0.05, lambda: comparisons.margin_of("near 1", near_one, (12, 3), 60)),
    "dunnett": (0.05, lambda: comparisons.family_of("dunnett", (4, 4, 4), "normal", 30)[:1]),
    "games-howell": (0.05, lambda: comparisons.family_of("games-howell", (4, 4, 4), "sds 1 to 1.8", 30)[:1]),
    "one run against four": (0.05, lambda: [comparisons.one_of("beta", lambda rng, n: rng.beta(19.6, 0.4, n), 4, 80)]),
    "tasks": (0.05, lambda: tasks_and_folds.over_tasks("normal", normal, 10, 3, 40)[:1]),
    "ten times ten folds": (0.05, lambda: tasks_and_folds.over_folds("10 × 10 folds", 0.1, "normal", 40)[::2]),
    "seeds that draw the split": (0.05, lambda: tasks_and_folds.over_folds(tasks_and_folds.DRAWN, 0.2, "normal", 60)[::2]),
    "curve scalars": (0.05, lambda: costs_and_curves.scalars_of("normal", SHAPES["normal"], (4, 4), 30)[:1]),
    "costs of runs that differ": (0.05, lambda: costs_and_curves.costs_of_requests(4, 30, 0.5, 25)[:1]),
    "a confident mean": (0.05, lambda: list(gates.confident_of("lognormal(1)", 3, 60))),
    "a confident mean near 1": (0.05, lambda: list(gates.confident_of("Beta(19.6, 0.4)", 4, 100))),
    "a margin to the baseline": (0.05, lambda: list(gates.margin_of("near 1", (20, 5), "baseline_margin", 60))),
    "alarms": (0.025, lambda: list(weekly.found_of("normal", normal, 3, 6, 60))),
    "alarms in weeks with luck": (0.05, lambda: list(weekly.found_of("luck", normal, 5, 8, 40, luck=1.0))),
    "the gate on the past in weeks with luck": (0.05, lambda: [weekly.previous_of(1.0, 5, 7, 40)]),
}
"""What is promised at most, and rates that are to hold it."""


@pytest.mark.parametrize("name", FALSE)
def test_what_is_false_stays_as_rare_as_is_promised(name: str) -> None:
    promised, measure = FALSE[name]
    assert [str(found) for found in measure() if found.is_above(promised, ERRORS)] == []


COVERED: dict[str, Callable[[], list[Rate]]] = {
    "two groups": lambda: comparisons.two_of_one("lognormal", SHAPES["lognormal"], 4, 80, paired=False)[1:],
    "tukey": lambda: comparisons.family_of("tukey", (4, 4, 4), "normal", 30)[1:],
    "tasks": lambda: tasks_and_folds.over_tasks("t(3)", SHAPES["t(3)"], 8, 2, 40)[1:],
    "three tasks": lambda: tasks_and_folds.few_tasks("normal", normal, 3, 40)[1:2],
    "seeds that draw the split": lambda: tasks_and_folds.over_folds(tasks_and_folds.DRAWN, 0.2, "normal", 60)[1:2],
    "durations": lambda: costs_and_curves.durations("normal", normal, 4, 80)[1:],
    "costs of runs that differ": lambda: costs_and_curves.costs_of_requests(4, 30, 0.5, 25)[1:],
}


@pytest.mark.parametrize("name", COVERED)
def test_intervals_hold_as_often_as_is_promised(name: str) -> None:
    missed = [Rate(found.n - found.hits, found.n) for found in COVERED[name]()]
    assert [str(found) for found in missed if found.is_above(0.05, ERRORS)] == []


@pytest.mark.parametrize("of", ["failed", "rate"])
@pytest.mark.parametrize("bound", [0.9, 0.99])
def test_confident_gates_on_shares_hold_their_level_exactly(of: str, bound: float) -> None:
    assert max(max(gates.share_of(of, n, bound)) for n in (5, 12, 20)) <= 0.05


def test_a_lasting_step_of_two_sd_is_found() -> None:
    found = weekly.found_by("step 2", 3, 6, lambda at: 2.0 * (at > 0), 4, 40)
    assert found[1].share >= 0.65
    assert found[3].share >= 0.9


def test_a_rate_knows_its_error() -> None:
    assert str(Rate(5, 100)) == "5.0 ± 2.2 %"
    assert str(Rate(0, 100)) == "0.0 ± 0.7 %"
    assert (Rate(12, 100).is_above(0.05), Rate(9, 100).is_above(0.05)) == (True, False)
