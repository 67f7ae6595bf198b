"""A difference says what its result allows: outcome, improvement and the decisive p follow from the result and are no fields."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reportgen.analyze.compare import difference as results
from reportgen.analyze.compare.margin import MarginVerdict
from reportgen.analyze.methods.estimates import student
from reportgen.model import Goal

SHOWN = results.Tested("welch", student(1.0, 0.1, 8.0), 1.0, 0.77, 1.23, results.Power(0.3))
NOT_SHOWN = results.Tested("welch", student(0.1, 0.1, 8.0), 0.1, -0.13, 0.33, results.Power(0.3))
OPEN = MarginVerdict(0.2, -0.3, 0.5, 0.95, "INCONCLUSIVE", False, 12)
NOT_WORSE = replace(OPEN, state="PASS")
EQUIVALENT = replace(OPEN, state="PASS", equivalent=True)


def difference(result: results.Tested | results.Untested, goal: Goal = "maximize") -> results.Difference:
    return results.Difference("m", goal, "a", "b", 5, 5, result)


@pytest.mark.parametrize(
    ("result", "goal", "outcome"),
    [
        (results.Unmeasured("no_values"), "maximize", "too_few"),
        (results.Unmeasured("too_large"), "maximize", "incomparable"),
        (results.Searches(1.0, None), "maximize", "incomparable"),
        (results.Dependent("folds", 1.0), "maximize", "incomparable"),
        (results.Dependent("tasks", 1.0), "maximize", "incomparable"),
        (results.OneRun(1.0, None), "maximize", "too_few"),
        (results.TwoRuns("welch", 1.0, 0.5, 1.5, None), "maximize", "too_few"),
        (results.Unvarying("no_variation", 1.0), "maximize", "unclear"),
        (results.Unvarying("identical", 0.0), "minimize", "unclear"),
        (SHOWN, "maximize", "better"),
        (SHOWN, "minimize", "worse"),
        (SHOWN, "none", "different"),
        (NOT_SHOWN, "none", "unclear"),
        (NOT_SHOWN, "maximize", "unclear"),
        (replace(NOT_SHOWN, margin=OPEN), "maximize", "unclear"),
        (replace(NOT_SHOWN, margin=NOT_WORSE), "maximize", "not_worse"),
        (replace(SHOWN, margin=NOT_WORSE), "maximize", "better"),
        (replace(SHOWN, margin=EQUIVALENT), "maximize", "equivalent"),
        (replace(SHOWN, lowered=("datasets",)), "maximize", "incomparable"),
        (replace(SHOWN, margin=EQUIVALENT, lowered=("hardware",)), "minimize", "incomparable"),
        (replace(SHOWN, family=results.Family("holm", 9, 0.4)), "maximize", "unclear"),
        (replace(NOT_SHOWN, family=results.Family("dunnett", 2, 0.01)), "maximize", "better"),
    ],
)
def test_the_outcome_follows_from_the_result(result: results.Tested | results.Untested, goal: Goal, outcome: str) -> None:
    assert difference(result, goal).outcome == outcome


@pytest.mark.parametrize(
    "result",
    [results.Unmeasured("no_values"), results.Searches(1.0, None), results.Dependent("folds", 1.0), results.OneRun(1.0, None)],
)
def test_without_a_test_there_is_neither_p_nor_interval(result: results.Untested) -> None:
    found = difference(result)
    assert found.p is found.p_decisive is found.is_shown is found.bounds is found.power is found.effects is None
    assert (found.method, found.lowered, found.is_conditional) == ("none", (), False)


def test_two_runs_have_an_interval_and_no_p() -> None:
    found = difference(results.TwoRuns("paired", 1.0, 0.5, 1.5, None))
    assert (found.method, found.bounds, found.p) == ("paired", (0.5, 1.5), None)


def test_holms_p_decides_beside_the_raw_one_and_another_familys_in_its_place() -> None:
    raw = difference(SHOWN).p
    holm = difference(replace(SHOWN, family=results.Family("holm", 3, 0.04)))
    assert (holm.method, holm.p, holm.p_holm, holm.p_decisive) == ("welch", raw, 0.04, 0.04)
    dunnett = difference(replace(SHOWN, family=results.Family("dunnett", 3, 0.04)))
    assert (dunnett.method, dunnett.p, dunnett.p_holm, dunnett.p_decisive) == ("dunnett", 0.04, None, 0.04)


@pytest.mark.parametrize(("goal", "improvement"), [("maximize", 1.0), ("minimize", -1.0), ("none", None)])
def test_the_improvement_is_positive_where_it_is_better(goal: Goal, improvement: float | None) -> None:
    assert difference(SHOWN, goal).improvement == improvement
    assert difference(results.Unmeasured("no_values"), goal).improvement is None
