"""One answer that fails costs its own place and nothing else."""

from __future__ import annotations

import pytest

from reportgen.analyze import facts as room
from reportgen.analyze.facts import QUESTIONS, Facts, Request
from tests.snapshots import FakeRun, facts, problems, snapshot

RUNS = [
    FakeRun(f"{arm}-{seed}", {"acc": 0.8 + seed / 100}, {"seed": f"{seed}"}, {"arm": arm})
    for arm in ("a", "b")
    for seed in range(4)
]
COMPARE = {"by": "tags.arm", "baseline": "a"}


def fails(given: Facts, request: Request) -> Facts:
    raise ZeroDivisionError("by zero")


@pytest.mark.fault("A part of the analysis fails", "It is a gap; the other parts are the same.", at="machine", exit=3)
@pytest.mark.parametrize("question", QUESTIONS)
def test_an_answer_that_fails_costs_its_own_place(question: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = facts(snapshot(*RUNS), compare=COMPARE)
    monkeypatch.setattr(room, "QUESTIONS", {**QUESTIONS, question: fails})
    found = facts(snapshot(*RUNS), compare=COMPARE)
    (problem,) = [one for one in problems(found) if one.slug == "analysis-failed"]
    assert (problem.where, problem.severity) == (question, "gap")
    assert problem.what == "This part could not be computed (ZeroDivisionError: by zero)."
    assert (found.runs, found.health, found.bests) == (whole.runs, whole.health, whole.bests)
    if question not in ("comparison", "tasks", "looks", "unplanned looks"):
        assert found.comparison == whole.comparison
