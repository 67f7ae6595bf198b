"""Gates on scorers and the criteria stored with a run, in exact words."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from reportgen.config import GateConfig
from reportgen.snapshot import table_of
from tests.evaluations import Eval, evaluated
from tests.sections.words import plain
from tests.snapshots import FakeRun, gates, snapshot

T, F = True, False


def criteria(*rules: tuple[str, str, float]) -> dict[str, str]:
    told = [{"metricKey": key, "comparator": comparator, "threshold": bound} for key, comparator, bound in rules]
    return {"mlflow.genaiEvaluate.qualityCriteria": json.dumps({"schemaVersion": 1, "revision": "r", "rules": told})}


def one(*evals: Eval, taken: Any = None, **gate: Any) -> tuple[str, str]:
    found = gates(taken or evaluated(*evals), gates=[gate], criteria=False)
    return found[0].state, plain(found[0].sentence)


def stored(*evals: Eval, **report: Any) -> list[tuple[str, str, str]]:
    return [(gate.name, gate.state, plain(gate.sentence)) for gate in gates(evaluated(*evals), **report)]


# --- stored with the run ---


def test_a_run_below_its_own_bar_fails() -> None:
    tags = criteria(("correctness/mean", "GTE", 0.9), ("toxicity/mean", "LTE", 0.2))
    run = Eval("v1", {"correctness": [T] * 8 + [F] * 2, "toxicity": [0.1] * 9 + [0.2]}, tags=tags)
    assert stored(run) == [
        (
            "correctness/mean ≥ 0.9, stored with the run",
            "FAIL",
            "Failed: correctness is 80.0 % of 10 rows; the bound is at least 90 %.",
        ),
        ("toxicity/mean ≤ 0.2, stored with the run", "PASS", "Passed: toxicity is 0.1100 of 10 rows; the bound is at most 0.2."),
    ]
    assert stored(run, criteria=False) == []


def test_only_the_latest_evaluation_of_an_experiment_is_held_to_its_criteria() -> None:
    tags = criteria(("correctness/mean", "GTE", 0.9))
    assert stored(Eval("a", {"correctness": [F] * 6}, tags=tags), Eval("b", {"correctness": [T] * 6})) == []
    assert [
        state for _, state, _ in stored(Eval("a", {"correctness": [T] * 6}), Eval("b", {"correctness": [F] * 6}, tags=tags))
    ] == ["FAIL"]


def test_a_criterion_on_another_aggregation_is_held_against_what_was_logged() -> None:
    tags = criteria(("words/p90", "LTE", 4.0), ("words/max", "LTE", 4.0))
    run = Eval("v1", {"words": [3.0] * 6}, tags=tags, metrics={"words/p90": 5.0})
    assert [(state, sentence) for _, state, sentence in stored(run)] == [
        ("FAIL", "Failed: the run logged words/p90 = 5; its own bound is at most 4."),
        ("NO_DATA", "No data: the run has no words/max, which its own quality criterion asks for."),
    ]


@pytest.mark.parametrize(
    "text",
    ["", "[", "[]", '{"rules": 3}', '{"rules": [3, {"metricKey": 1}, {"metricKey": "a", "comparator": "EQ", "threshold": 1}]}'],
)
def test_criteria_that_cannot_be_read_are_none(text: str) -> None:
    assert stored(Eval("v1", {"correctness": [T] * 6}, tags={"mlflow.genaiEvaluate.qualityCriteria": text})) == []


# --- bounds ---


def test_a_confident_gate_needs_its_bound_to_hold() -> None:
    gate = {"scorer": "correctness", "at_least": 0.8, "mode": "confident"}
    assert one(Eval("v1", {"correctness": [T] * 40}), **gate) == (
        "PASS",
        "Passed: correctness is 100.0 % of 40 rows; the bound is at least 80 %. With 95 % confidence it is at least 93.7 %.",
    )
    assert one(Eval("v1", {"correctness": [T] * 34 + [F] * 6}), **gate)[0] == "INCONCLUSIVE"
    assert one(Eval("v1", {"correctness": [T] * 20 + [F] * 20}), **gate)[0] == "FAIL"


def test_coverage_below_the_bound_is_no_data() -> None:
    run = Eval("v1", {"correctness": [T] * 8 + ["error", "error"]})
    assert one(run, scorer="correctness", at_least=0.5) == (
        "NO_DATA",
        "No data: correctness scored 8 of 10 rows (2 ended with an error); the gate asks for 90 %.",
    )
    assert one(run, scorer="correctness", at_least=0.5, coverage=0.8) == (
        "PASS",
        "Passed: correctness is 100.0 % of 8 rows; the bound is at least 50 %. The scorer failed on 2 rows.",
    )


def test_a_failed_request_and_a_persons_word_count() -> None:
    run = Eval("v1", {"correctness": [T] * 10}, failed=[0], overrides={"correctness": {1: F}})
    assert one(run, scorer="correctness", at_least=0.9) == (
        "FAIL",
        (
            "Failed: correctness is 80.0 % of 10 rows; the bound is at least 90 %. 1 request failed and counts as not passed. "
            "1 score is a person's word."
        ),
    )


def test_pass_all_is_of_rows_that_passed_every_time() -> None:
    run = Eval("v1", {"correctness": [T, T, T, F, T, T]}, rows=["1", "1", "2", "2", "3", "3"])
    assert one(run, scorer="correctness", at_least=0.9, of="pass_all") == (
        "FAIL",
        "Failed: correctness passed every time on 66.7 % of 3 rows; the bound is at least 90 %.",
    )


def test_nothing_to_judge() -> None:
    run = Eval("v1", {"tone": ["a"] * 6, "correctness": [T] * 6})
    assert one(run, scorer="safety", at_least=0.9) == (
        "NO_DATA",
        "No data: no evaluation has the scorer safety; there are correctness and tone.",
    )
    assert one(run, scorer="tone", at_least=0.9) == ("NO_DATA", "No data: tone gives no number that can be held against a bound.")
    assert one(taken=snapshot(FakeRun("a", {"loss": 1.0})), scorer="safety", at_least=0.9) == (
        "NO_DATA",
        "No data: no GenAI evaluation was read, so safety cannot be judged.",
    )


# --- against an earlier evaluation ---


def test_not_worse_than_the_previous_names_the_rows() -> None:
    gate = {"scorer": "correctness", "not_worse_than": "previous"}
    before, after = Eval("a", {"correctness": [T] * 20}), Eval("b", {"correctness": [F] * 7 + [T] * 13})
    assert one(before, after, **gate) == (
        "FAIL",
        (
            "Failed: correctness went from 100.0 % to 65.0 % on 20 rows that the previous evaluation has as well. "
            "It is worse beyond chance. Rows 1, 2, 3, 4, 5 and 2 more got worse."
        ),
    )
    assert one(before, Eval("b", {"correctness": [F] + [T] * 19}), **gate) == (
        "PASS",
        (
            "Passed: correctness went from 100.0 % to 95.0 % on 20 rows that the previous evaluation has as well. "
            "It is not shown to be worse. Row 1 got worse."
        ),
    )


def test_with_a_margin_a_loss_must_be_excluded() -> None:
    gate = {"scorer": "correctness", "not_worse_than": "previous", "baseline_margin": 0.05}
    same = [T] * 18 + [F] * 2
    assert one(Eval("a", {"correctness": same}), Eval("b", {"correctness": same}), **gate) == (
        "INCONCLUSIVE",
        (
            "Inconclusive: correctness went from 90.0 % to 90.0 % on 20 rows that the previous evaluation has as well. "
            "A loss of 5 pp or more is not excluded."
        ),
    )
    many = same * 10
    assert one(Eval("a", {"correctness": many}), Eval("b", {"correctness": many}), **gate)[0] == "PASS"


def test_the_first_evaluation_only_warns() -> None:
    found = gates(evaluated(Eval("a", {"correctness": [T] * 6})), gates=[{"scorer": "correctness", "not_worse_than": "previous"}])
    assert (found[0].state, found[0].warns) == ("NO_DATA", True)
    assert found[0].name == "correctness not worse than the previous evaluation"


def test_the_baseline_by_tag_branch_and_alias() -> None:
    prompt = {"mlflow.linkedPrompts": '[{"name": "answer", "version": "1"}]'}
    evals = [
        Eval("a", {"correctness": [T] * 20}, tags={"blessed": "yes", "mlflow.source.git.branch": "main", **prompt}),
        Eval("b", {"correctness": [F] * 20}),
        Eval("c", {"correctness": [F] * 10 + [T] * 10}),
    ]
    version = {
        "kind": "version",
        "name": "answer",
        "version": "1",
        "aliases": ["production"],
        "tags": [("mlflow.prompt.is_prompt", "true")],
    }
    version |= {"experiment_id": "1", "run_id": "", "stage": "", "status": "READY", "description": ""}
    taken = evaluated(*evals)
    taken = replace(taken, models=table_of("models", {key: [value] for key, value in version.items()}))
    for baseline, words in (
        ({"tag": "blessed=yes"}, "the evaluation tagged blessed=yes"),
        ({"branch": "main"}, "the latest evaluation on main"),
        ({"alias": "production"}, "the evaluation of prompt alias production"),
    ):
        state, sentence = one(taken=taken, scorer="correctness", not_worse_than=baseline)
        assert state == "FAIL", sentence
        assert f"on 20 rows that {words} has as well." in sentence
    assert one(taken=taken, scorer="correctness", not_worse_than="previous")[0] == "PASS"
    assert one(taken=taken, scorer="correctness", not_worse_than={"branch": "dev"}) == (
        "NO_DATA",
        "No data: the latest evaluation on dev is not among the runs that were read, or has no correctness.",
    )


@pytest.mark.parametrize(
    ("gate", "message"),
    [
        ({"scorer": "a", "metric": "a", "at_least": 1}, "metric or scorer, not both"),
        ({"scorer": "a"}, "exactly one of at_least, at_most and not_worse_than"),
        ({"scorer": "a", "of": "best", "at_least": 1}, "of: latest or pass_all"),
        ({"scorer": "a", "at_least": 1, "min_runs": 3}, "are not of a scorer"),
        ({"scorer": "a", "at_least": 1, "baseline_margin": 3}, "stands beside not_worse_than"),
        ({"scorer": "a", "not_worse_than": "best_of_window"}, "previous, or"),
        ({"scorer": "a", "not_worse_than": {}}, "a baseline is exactly one of"),
        ({"metric": "a", "at_least": 1, "coverage": 0.5}, "add scorer: NAME"),
        ({"metric": "a", "not_worse_than": {"alias": "champion"}}, "add scorer: NAME"),
        ({"scorer": "a", "not_worse_than": {"run": "b"}}, "leave out run"),
    ],
)
def test_what_a_gate_on_a_scorer_may_say(gate: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        GateConfig.model_validate(gate)
