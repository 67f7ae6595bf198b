"""MLflow's own comparison as known answers, where it is right, and counts made from the tables alone where it is not.

Equal: pairs, differences, rows won and lost, and the paired t that MLflow shows beside its Wilcoxon. Not equal, and why: rows that
repeat are pooled here and dropped there; an answer sheet pairs with a live run; a failed request counts as not passed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest

from reportgen.analyze.genai.comparison import EvaluationDifference, evaluation_comparison
from reportgen.analyze.genai.runs import evaluations_of
from reportgen.analyze.runs import runs_of
from reportgen.collect import Selection, collect
from reportgen.config import CompareConfig
from reportgen.snapshot import Snapshot
from tests.collect.conftest import SHARED

MANIFEST = SHARED / "stores" / "GENAI_MANIFEST.json"
STORES: list[Any] = json.loads(MANIFEST.read_text())["stores"] if MANIFEST.exists() else []
RULES = CompareConfig(groups={"before": "run:x", "after": "run:y"})
OTHERWISE = {
    ("genai-03", "rows repeat in the candidate"),
    ("genai-04", "v2 over v1"),
    ("genai-04", "v3 over v2"),
    ("genai-05", "sheet over v1"),
}
"""Comparisons in which this program counts otherwise, on purpose: each has a test of its own."""


def pairs() -> Iterator[Any]:
    for store in STORES:
        for known in store["comparisons"]:
            yield pytest.param(store["id"], known, id=f"{store['id']}: {known['label']}")


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Snapshot]:
    from tests.collect.conftest import unpacked_store

    folder = tmp_path_factory.mktemp("genai")
    return cache(lambda name: collect(f"sqlite:///{unpacked_store(name, folder)}/mlflow.db", Selection(with_history=False)))


def compared(snapshot: Snapshot, before: str, after: str, rules: CompareConfig = RULES) -> EvaluationDifference | None:
    runs = runs_of(snapshot)
    key = {run.run_id: run.key for run in runs}
    groups = {"before": [key[before]], "after": [key[after]]}
    found = evaluation_comparison(snapshot, evaluations_of(snapshot, runs), groups, "before", rules, {})
    return found.differences[0] if found is not None else None


@pytest.mark.skipif(not STORES, reason="the collection of real stores is not here")
@pytest.mark.parametrize(("name", "known"), list(pairs()))
def test_pairs_and_differences(name: str, known: Any, read: Callable[[str], Snapshot]) -> None:
    found = compared(read(name), known["baseline_run_id"], known["candidate_run_id"])
    independent = known["independent"]
    if found is None:  # classic evaluations have no rows in the database
        assert independent["pairs"] == 0
        assert name == "genai-07"
        return
    if (name, known["label"]) in OTHERWISE:
        return
    unpaired = len(found.only_before), len(found.only_after)
    assert (found.n_pairs, *unpaired) == (
        independent["pairs"],
        independent["unpaired_baseline"],
        independent["unpaired_candidate"],
    )
    told = {one.key.name: one for one in found.scorers if one.reason not in ("one_side", "labels")}
    wrong = set(known.get("mlflow_is_wrong", {}).get("scorers", ()))
    numeric = {scorer for scorer, its in independent["scorers"].items() if its["n_paired"]}
    assert set(told) == numeric
    for scorer, its in independent["scorers"].items():
        if scorer not in told:
            continue
        one = told[scorer]
        sign = -1 if one.goal == "minimize" else 1
        assert one.difference is not None
        assert (one.n_pairs, one.tied) == (its["n_paired"], its["ties"])
        assert one.difference.value == pytest.approx(its["diff"], abs=1e-9)
        assert (one.won, one.lost)[::sign] == (its["won_up"], its["lost_down"])
        mlflow = known["scorers"].get(scorer, {})
        if mlflow.get("value_type") == "numeric" and one.p is not None and scorer not in wrong:
            assert one.p == pytest.approx(mlflow["t_test_p_value"], abs=1e-9)


@pytest.mark.skipif(not STORES, reason="the collection of real stores is not here")
def test_where_this_program_counts_otherwise(read: Callable[[str], Snapshot]) -> None:
    known = {(store["id"], one["label"]): one for store in STORES for one in store["comparisons"]}

    def of(place: tuple[str, str]) -> EvaluationDifference:
        found = compared(read(place[0]), known[place]["baseline_run_id"], known[place]["candidate_run_id"])
        assert found is not None
        return found

    repeated = of(("genai-03", "rows repeat in the candidate"))
    assert (repeated.n_pairs, repeated.after.n_answers, repeated.after.n_repeated) == (12, 36, 12)
    sheet = of(("genai-05", "sheet over v1"))
    assert (sheet.n_pairs, len(sheet.only_before)) == (16, 0)
    failed = of(("genai-04", "v3 over v2"))
    late = next(one for one in failed.scorers if one.key.name == "late_only")
    assert (failed.before.n_failed, late.won) == (3, 3)  # MLflow: 60 ties, since the scorer said yes to the text "None"
    scores = next(one for one in of(("genai-04", "v2 over v1")).scorers if one.key.name == "helpfulness")
    assert scores.n_pairs == 57


@pytest.mark.skipif(not STORES, reason="the collection of real stores is not here")
def test_the_reference_comparison(read: Callable[[str], Snapshot]) -> None:
    """genai-01, v2 over v1: what the memo of the documentation says."""
    known = STORES[0]["comparisons"][0]
    found = compared(read("genai-01"), known["baseline_run_id"], known["candidate_run_id"])
    assert found is not None
    one = next(scorer for scorer in found.scorers if scorer.key.name == "exact_match")
    assert one.p == pytest.approx(0.0654296875)  # exact: 0.109, of which half of the observed is taken off
    assert one.difference is not None
    assert (round(one.difference.low or 0, 4), round(one.difference.high or 0, 4)) == (-0.01, 0.3061)
    assert (one.needed, found.n_tests, found.outcome) == (85, 7, "unclear")
    assert {alike.aspect: alike.state for alike in found.likeness} == {
        "rows": "same",
        "dataset": "same",
        "expectations": "same",
        "scorers": "same",
        "judges": "same",
        "prompts": "differs",
        "application": "same",
    }


@pytest.mark.skipif(not STORES, reason="the collection of real stores is not here")
def test_a_mean_that_was_logged_before_people_overrode_it_is_out_of_date(read: Callable[[str], Snapshot]) -> None:
    known = STORES[1]["comparisons"][0]
    found = compared(read("genai-02"), known["baseline_run_id"], known["candidate_run_id"])
    assert found is not None
    stale = {key.name: (its.logged_mean, its.raw_mean) for key, its in found.after.scorers.items() if its.is_stale}
    assert stale == {"grounded": (pytest.approx(25 / 28), pytest.approx(22 / 28))}
    changed = {alike.aspect: alike.n for alike in found.likeness if alike.state == "differs"}
    assert changed == {"rows": 24, "dataset": 0, "expectations": 1}
