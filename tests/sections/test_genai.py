"""The memo of two evaluations in exact words, and what it says of bad input."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import pytest

from reportgen.config import MEMO_SECTIONS
from reportgen.model import Report, Table, Verdict
from reportgen.render.gates import junit_xml
from reportgen.snapshot import table_of
from tests.evaluations import EVALUATED, Eval, evaluated
from tests.sections.checks import is_whole
from tests.sections.words import of_report, plain
from tests.snapshots import FakeRun, metric_configs, snapshot, told

T, F = True, False
CONFIGS = metric_configs(**{"correctness/mean": {"goal": "maximize"}})


def memo(*evals: Eval, taken: Any = None, **compare: Any) -> Report:
    groups = {one.name: f"run:{one.name}" for one in evals}
    wanted = {"groups": groups, "baseline": evals[0].name} | compare
    report: Report = told(taken or evaluated(*evals), metrics=CONFIGS, sections=list(MEMO_SECTIONS), compare=wanted)
    is_whole(report)
    assert report.layout == "memo"
    return report


def verdict(report: Report) -> Verdict:
    return next(block for section in report.sections for block in section.blocks if isinstance(block, Verdict))


def table(report: Report, id_: str) -> list[list[str]]:
    from reportgen.formats import text_of

    (found,) = [b for section in report.sections for b in section.blocks if isinstance(b, Table) and b.id == id_]
    return [
        [
            plain(text_of(c.value, c.format or k.format, k.digits if c.digits is None else c.digits))
            for c, k in zip(row, found.columns, strict=True)
            if k.key not in ("strip", "trend")
        ]
        for row in found.rows
    ]


def said(one: Verdict) -> str:
    return plain(" ".join([one.sentence, *one.caveats]))


def test_a_gain_is_better_and_says_rows() -> None:
    report = memo(Eval("v1", {"correctness": [F] * 12 + [T] * 28}), Eval("v2", {"correctness": [T] * 40}))
    box = verdict(report)
    assert box.outcome == "better"
    assert (
        plain(box.sentence)
        == "v2 is better: correctness 70.0 % → 100.0 % (+30.0 pp; 12 rows better, 0 worse). No scorer is shown to be worse."
    )
    assert plain(report.headline) == plain(box.sentence)
    assert "No row that passed in v1 fails in v2." in of_report(report)


def test_a_scorer_that_is_worse_is_said_though_another_was_named_to_decide() -> None:
    before = Eval("v1", {"correctness": [F] * 12 + [T] * 28, "helpfulness": [0.7 + 0.01 * (i % 5) for i in range(40)]})
    after = Eval("v2", {"correctness": [T] * 40, "helpfulness": [0.5 + 0.01 * (i % 3) for i in range(40)]})
    report = memo(before, after, metrics=("correctness",))
    box = verdict(report)
    assert box.outcome == "better"
    assert plain(box.sentence) == (
        "v2 is better: correctness 70.0 % → 100.0 % (+30.0 pp; 12 rows better, 0 worse). "
        "Worse, but not named to decide: helpfulness 0.720 → 0.510 (−0.210)."
    )
    assert plain(report.headline) == plain(box.sentence)
    assert len(table(report, "decision-rows")) == 40


def test_a_loss_is_worse_whatever_got_better_and_names_the_rows() -> None:
    before = Eval("v1", {"correctness": [T] * 40, "helpfulness": [0.5 + 0.01 * (i % 3) for i in range(40)]})
    after = Eval("v2", {"correctness": [F] * 12 + [T] * 28, "helpfulness": [0.7 + 0.01 * (i % 5) for i in range(40)]})
    report = memo(before, after)
    box = verdict(report)
    assert box.outcome == "worse"
    assert plain(box.sentence) == (
        "v2 is worse in one way and better in another. Worse: correctness 100.0 % → 70.0 % (−30.0 pp; 0 rows better, 12 worse). "
        "Better: helpfulness 0.510 → 0.720 (+0.210)."
    )
    rows = table(report, "decision-rows")
    assert len(rows) == 12
    assert rows[0] == ["1", "correctness pass → fail", "—", "—", "tr-v2-000"]
    assert [row[0] for row in table(report, "decision-scorers")] == ["correctness", "helpfulness"]


def test_no_clear_difference_says_how_many_rows_would_settle_it() -> None:
    report = memo(
        Eval("v1", {"correctness": [T] * 30 + [F] * 10}), Eval("v2", {"correctness": [T] * 28 + [F] * 2 + [T] * 6 + [F] * 4})
    )
    assert plain(report.headline) == (
        "No clear difference. The only scorer shows no change beyond chance. "
        "Closest to one: correctness 75.0 % → 85.0 % (+10.0 pp; 6 rows better, 2 worse)."
    )
    text = said(verdict(report))
    assert "About 155 rows would show a change of +10.0 pp in correctness; there are 40." in text
    assert "40 rows show a change of 19 pp or more in correctness with 80 % probability." in text


def test_a_bound_near_one_point_is_printed_like_the_others() -> None:
    """Newcombe's interval of 27, 2, 8 and 3 rows ends at −0.99997 points."""
    before, after = [T] * 29 + [F] * 11, [T] * 27 + [F] * 2 + [T] * 8 + [F] * 3
    text = plain(of_report(memo(Eval("v1", {"correctness": before}), Eval("v2", {"correctness": after}))))
    assert "+15.0 [−1.0, +30.6]" in text
    assert "0.9999" not in text


def test_a_margin_makes_not_worse_and_equivalent() -> None:
    same = [T] * 90 + [F] * 10
    report = memo(Eval("v1", {"correctness": same}), Eval("v2", {"correctness": same}), margin=0.1)
    assert (verdict(report).outcome, plain(report.headline)) == (
        "equivalent",
        "v2 and v1 are practically equivalent: every change is smaller than the margin.",
    )
    up = memo(Eval("v1", {"correctness": same}), Eval("v2", {"correctness": [T] * 94 + [F] * 6}), margin=0.05)
    assert plain(up.headline) == "v2 is not worse than v1 by the margin or more, in any scorer."
    few = memo(Eval("v1", {"correctness": same[80:]}), Eval("v2", {"correctness": same[80:]}), margin=0.05)
    assert "A loss of the margin or more is not excluded in correctness." in said(verdict(few))


def test_holm_takes_a_finding_away() -> None:
    lost = [F] * 6 + [T] * 34
    names = ["correctness", *(f"relevance_{i}" for i in range(9))]
    before = Eval("v1", {name: [T] * 40 for name in names})
    after = Eval("v2", {name: lost if name == "correctness" else [T] * 39 + [F] for name in names})
    alone, among = memo(before, after, metrics=["correctness/mean"]), memo(before, after)
    assert (verdict(alone).outcome, verdict(among).outcome) == ("worse", "unclear")
    assert "correctness alone would be clear of chance; among 10 scorers it is not." in said(verdict(among))
    assert "Decided by correctness, as asked" in plain(verdict(alone).rule)


def test_a_scorer_may_be_named_without_its_mean() -> None:
    means = {"correctness/mean": 1.0, "safety/mean": 1.0}
    scores = {"correctness": [T] * 10, "safety": [T] * 10}
    report = memo(Eval("v1", scores, metrics=means), Eval("v2", scores, metrics=means), metrics=["safety"])
    assert verdict(report).rule.startswith("Decided by safety, as asked")
    assert not [problem for problem in report.problems if problem.slug in ("metric-missing", "primary-missing")]


def test_what_differs_between_the_two_stands_in_the_verdict() -> None:
    scorers = {
        f"d{i}": {"mlflow.genaiEvaluate.scorersDigest": f'{{"digest": "sha256:{i}bcdefgh", "hashed": 6, "total": 7}}'}
        for i in (1, 2)
    }
    before = Eval(
        "v1",
        {"correctness": [T] * 8},
        expected=["a"] * 8,
        tags=scorers["d1"],
        judges={"correctness": "judge-1"},
    )
    after = Eval(
        "v2",
        {"correctness": [T] * 7},
        rows=["1", "2", "3", "4", "5", "6", "9"],
        expected=["b"] + ["a"] * 6,
        tags=scorers["d2"],
        digest="d2",
        judges={"correctness": "judge-2"},
        failed=[3],
        status="FAILED",
    )
    text = said(verdict(memo(before, after)))
    for sentence in (
        "1 row has another expected answer in the second evaluation: their scores are not like for like.",
        "The data set changed between the two evaluations (questions (d1) → questions (d2)); only the rows in both are compared.",
        "The scorers were defined differently in the two evaluations (1bcdefgh → 2bcdefgh).",
        "The judge changed: correctness: judge-1 → correctness: judge-2.",
        "The application failed on 1 row of v2 (row 4): such a row counts as not passed.",
        "A run of v2 did not finish; what it had stored is compared.",
        "2 rows are only in v1 and 1 only in v2; they are not compared.",
    ):
        assert sentence in text, text


def test_cost_and_latency_stand_beside_quality() -> None:
    before = Eval("v1", {"correctness": [T] * 8}, seconds=[1 + i / 10 for i in range(8)], cost=[0.01] * 8)
    after = Eval("v2", {"correctness": [T] * 8}, seconds=[2.1 + i / 5 for i in range(8)], cost=[0.01] * 7 + [0.0101])
    report = memo(before, after)
    assert "Latency per row: × 2." in said(verdict(report))
    assert [row[0] for row in table(report, "decision-spend")] == ["Latency", "Cost, US$"]


def test_a_slice_that_falls_is_named_on_page_one_whatever_the_mean_does() -> None:
    slices = [{"difficulty": "hard" if i < 14 else "easy"} for i in range(60)]
    before = Eval("v1", {"correctness": [T] * 14 + [F] * 14 + [T] * 32}, row_tags=slices)
    after = Eval("v2", {"correctness": [F] * 14 + [T] * 14 + [T] * 32}, row_tags=slices)
    report = memo(before, after)
    assert verdict(report).outcome == "unclear"
    assert plain(verdict(report).caveats[0]) == (
        "Rows with difficulty=hard got worse: correctness 100.0 % → 0.0 % (−100.0 pp; 0 rows better, 14 worse)."
    )
    hard, easy = table(report, "evidence-slices")
    assert (hard[0], easy[0]) == ("difficulty=hard", "difficulty=easy")
    assert [float(row[-1].lstrip("<")) <= 0.001 for row in (hard, easy)] == [True, True]


def test_a_scorer_is_a_case_of_the_test_report_with_its_rows() -> None:
    scores = {"correctness": [T] * 40, "safety": [T] * 40, "tone": ["a"] * 40, "harmless": [T] * 3}
    lost = scores | {"correctness": [F] * 8 + [T] * 32, "tone": ["b"] * 40}
    report = memo(Eval("v1", scores), Eval("v2", lost))
    suite = ElementTree.fromstring(junit_xml(report)).find("testsuite")
    assert suite is not None
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("4", "1", "1")
    (failed,) = suite.findall("testcase/failure")
    assert plain(failed.get("message", "")) == (
        "correctness 100.0 % → 80.0 % (−20.0 pp; 0 rows better, 8 worse): worse. Rows 1, 2, 3, 4, 5, 6, 7 and 8 got worse."
    )
    names = [case.get("name", "").partition(":")[0] for case in suite.findall("testcase")]
    assert sorted(names) == ["correctness", "harmless", "safety", "tone"]
    parts = {part.name: part.outcome for part in verdict(report).parts}
    assert parts == {"correctness": "worse", "harmless": "too_few", "safety": "unclear", "tone": "different"}


def logged(scorer: str, diff: float, n: int, baseline: str = "11111111") -> dict[str, float]:
    place = f"compare/{baseline}/{scorer}"
    return {f"{place}/diff": diff, f"{place}/ci_low": diff - 0.1, f"{place}/p_value": 0.01, f"{place}/n_paired": float(n)}


def test_what_mlflow_logged_stands_beside_with_the_reason_for_each_difference() -> None:
    names = ("correctness", "safety", "relevance", "a/b")
    before = Eval("1111111122", {name: [T] * 10 for name in names})
    metrics = logged("correctness", -0.2, 10) | logged("safety", 0.3, 10) | logged("relevance", 0.0, 8) | logged("gone", 0.5, 9)
    metrics |= logged("a/b", 0.0, 10) | logged("correctness", 0.9, 9, baseline="22222222")
    scores = {**before.scores, "correctness": [F] * 2 + [T] * 8}
    report = memo(before, Eval("v2", scores, metrics=metrics))
    assert [(row[0], row[-1]) for row in table(report, "appendix-logged")] == [
        ("a/b", "same rows and change"),
        ("correctness", "same rows and change"),
        ("gone", "the scorer did not judge both runs"),
        ("relevance", "MLflow leaves out rows that repeat, and pairs no others"),
        ("safety", "assessments were changed or deleted after it was logged"),
    ]
    sentence = "MLflow's own logged comparison says otherwise on gone, relevance and safety; the appendix says why."
    assert sentence in said(verdict(report))
    failed = memo(before, Eval("v2", before.scores, metrics=logged("safety", 0.0, 10), failed=[1]))
    assert table(failed, "appendix-logged")[0][-1] == "a failed request counts as not passed here"


def test_what_mlflow_mixed_on_a_database_is_said_so() -> None:
    """The second run judged the traces of the first: MLflow finds no difference, because it takes the feedback of both for each."""
    before = Eval("1111111122", {"correctness": [T] * 10})
    after = Eval("v2", {"correctness": [F] * 4 + [T] * 6}, metrics=logged("correctness", 0.0, 10))
    taken = evaluated(before, after)
    links = taken.evaluation_rows.to_pylist()
    links += [row | {"run_id": "v2"} for row in links if row["run_id"] == before.name]
    rows = table_of("evaluation_rows", {column: [row[column] for row in links] for column in links[0]})
    report = memo(before, after, taken=replace(taken, evaluation_rows=rows))
    (row,) = table(report, "appendix-logged")
    assert row[-1] == "both runs share traces: on a database MLflow mixes their feedback"
    assert plain(verdict(report).parts[0].sentence).startswith("correctness 100.0 % → 60.0 %")


# --- bad input ---


def test_no_pass_rate_changes_by_more_than_all_of_it() -> None:
    sessions = ["a", "a", "a", "b", "b", "b", "c", "c", "c"]
    before = Eval("v1", {"correctness": [T] * 9}, sessions=sessions)
    text = plain(of_report(memo(before, Eval("v2", {"correctness": [F] * 4 + [T] * 5}, sessions=sessions))))
    assert "−44.4 [−100.0, +" in text
    assert "with 80 % probability" not in text  # that would be a change of more than 100 pp


def test_no_common_scorer() -> None:
    report = memo(Eval("v1", {"correctness": [T] * 8}), Eval("v2", {"safety": [T] * 8}))
    assert report.headline == "Nothing can be compared: no scorer judged both evaluations."
    assert "Only one evaluation has correctness and safety." in said(verdict(report))


def test_no_pairs() -> None:
    report = memo(Eval("v1", {"correctness": [T] * 2}, rows=["1", "2"]), Eval("v2", {"correctness": [T] * 2}, rows=["3", "4"]))
    assert report.headline == "Nothing can be compared: no row of v2 is a row of v1."


def test_rows_without_a_key_pair_with_nothing() -> None:
    report = memo(Eval("v1", {"correctness": [T] * 2}, rows=["", ""]), Eval("v2", {"correctness": [T] * 2}, rows=["1", "2"]))
    assert report.headline == "Nothing can be compared: no row of v2 is a row of v1."


def test_one_row() -> None:
    report = memo(Eval("v1", {"correctness": [T]}), Eval("v2", {"correctness": [F]}))
    assert report.headline == "Too few rows to decide: the two evaluations share 1 scored row, and fewer than 6 show nothing."
    assert [row[0] for row in table(report, "decision-rows")] == ["1"]


def test_all_equal() -> None:
    report = memo(Eval("v1", {"helpfulness": [0.5] * 8}), Eval("v2", {"helpfulness": [0.5] * 8}))
    assert report.headline == "No clear difference. The only scorer shows no change beyond chance."
    assert table(report, "decision-scorers")[0][-2:] == ["no row changed", "8"]


def test_every_row_changed_alike() -> None:
    report = memo(Eval("v1", {"helpfulness": [0.5] * 8}), Eval("v2", {"helpfulness": [0.75] * 8}))
    assert plain(report.headline) == "v2 is better: helpfulness 0.500 → 0.750 (+0.250). No scorer is shown to be worse."


def test_nan_and_infinity_are_no_scores_and_are_counted() -> None:
    nan, inf = float("nan"), float("inf")
    before = Eval("v1", {"helpfulness": [0.5, 0.6, 0.4, 0.5, 0.7, 0.6, nan, inf]})
    report = memo(before, Eval("v2", {"helpfulness": [0.5, 0.7, 0.5, 0.5, 0.6, 0.8, 0.5, 0.5]}))
    assert table(report, "decision-scorers")[0][-1] == "6"
    assert table(report, "trust-coverage")[0][2:4] == ["8", "6"]


def test_categories_are_counted_and_not_averaged() -> None:
    before, after = ["formal"] * 6 + ["casual"] * 2, ["formal"] * 4 + ["casual"] * 4
    report = memo(Eval("v1", {"correctness": [T] * 8, "tone": before}), Eval("v2", {"correctness": [T] * 8, "tone": after}))
    assert table(report, "decision-scorers")[1][:5] == ["tone", "—", "—", "—", "2 ≠ / 6 ="]
    assert [row[1:] for row in table(report, "evidence-categories")] == [["formal → casual", "2"]]


def test_a_scorer_that_fails_on_hard_rows_did_not_improve() -> None:
    before = Eval("v1", {"correctness": [T] * 20 + [F] * 20})
    report = memo(before, Eval("v2", {"correctness": [T] * 20 + ["error"] * 20}))
    assert table(report, "decision-scorers")[0][1:3] == ["100.0 %", "100.0 %"]  # on the rows that both scored
    assert "correctness failed itself on 20 rows of v2 and says nothing there." in said(verdict(report))


def test_a_failed_request_never_counts_as_a_pass() -> None:
    report = memo(Eval("v1", {"correctness": [T] * 10}), Eval("v2", {"correctness": [T] * 10}, failed=[0, 1]))
    assert table(report, "decision-scorers")[0][1:3] == ["100.0 %", "80.0 %"]
    assert [row[0] for row in table(report, "decision-rows")] == ["1", "2"]


def test_scorers_without_a_direction_decide_nothing() -> None:
    report = memo(
        Eval("v1", {"length": [float(i) for i in range(9)]}), Eval("v2", {"length": [i + 3.0 + i % 2 for i in range(9)]})
    )
    assert report.headline == (
        "No scorer of both evaluations has a direction that is known, so none is better or worse. "
        "Set metrics: {length/mean: {goal: maximize}} or minimize in the config."
    )
    assert table(report, "decision-scorers")[0][6] == "different, direction unknown"


def test_what_people_overrode_counts_and_is_said() -> None:
    before = Eval("v1", {"correctness": [T] * 10}, metrics={"correctness/mean": 1.0})
    after = Eval("v2", {"correctness": [T] * 10}, overrides={"correctness": {0: F, 1: F}}, metrics={"correctness/mean": 1.0})
    report = memo(before, after)
    assert table(report, "decision-scorers")[0][1:3] == ["100.0 %", "80.0 %"]
    coverage = table(report, "trust-coverage")
    assert [row[6] for row in coverage] == ["0", "2"]
    assert "Logged means of v2 that are out of date" in of_report(report)


def test_what_people_say_beside_a_judge_is_a_scorer_of_its_own() -> None:
    people: dict[str, Any] = {"people": {"correctness": [T, F] * 4}}
    report = memo(Eval("v1", {"correctness": [T] * 8}, **people), Eval("v2", {"correctness": [T] * 8}, **people))
    assert [row[0] for row in table(report, "decision-scorers")] == ["correctness", "correctness (people)"]


def test_rows_that_were_tried_several_times_count_once() -> None:
    rows = [str(i) for i in range(8) for _ in range(3)]
    before = Eval("v1", {"correctness": [T, T, F] * 8}, rows=rows)
    report = memo(before, Eval("v2", {"correctness": [T, T, T] * 8}, rows=rows))
    assert table(report, "decision-scorers")[0][-1] == "8"
    trials = table(report, "evidence-trials")
    assert trials[0] == ["v1", "correctness", "8", "3", "100.0 %", "0.0 %", "8"]
    assert trials[1] == ["v2", "correctness", "8", "3", "100.0 %", "100.0 %", "0"]


def test_conversations_are_clusters() -> None:
    sessions = [f"s{i // 4}" for i in range(24)]
    before = Eval("v1", {"correctness": [T] * 24}, sessions=sessions)
    report = memo(before, Eval("v2", {"correctness": ([T] * 4 + [F] * 4) * 3}, sessions=sessions))
    assert table(report, "appendix-tests")[0][2] == "paired t over conversations"
    assert verdict(report).outcome == "unclear"  # 12 of 24 rows, but of three of six conversations


def test_a_failed_evaluation_with_stored_assessments_is_compared() -> None:
    report = memo(Eval("v1", {"correctness": [T] * 8}), Eval("v2", {"correctness": [T] * 8}, status="FAILED"))
    assert "A run of v2 did not finish; what it had stored is compared." in said(verdict(report))


def test_deleted_traces_leave_the_mean_out_of_date() -> None:
    before = Eval("v1", {"correctness": [T, F] * 6}, metrics={"correctness/mean": 0.9})
    text = of_report(memo(before, Eval("v2", {"correctness": [T, F] * 6}, metrics={"correctness/mean": 0.5})))
    assert "Logged means of v1 that are out of date" in text
    assert "Logged means of v2" not in text


def test_hostile_and_long_names() -> None:
    name = "<script>alert(1)</script>\N{RIGHT-TO-LEFT OVERRIDE}" + "x" * 500
    report = memo(Eval("v1", {name: [T] * 8, "correctness": [T] * 8}), Eval("v2", {name: [F] * 8, "correctness": [T] * 8}))
    assert verdict(report).outcome == "worse"
    assert len(verdict(report).sentence) < 300


def test_an_evaluation_without_answers_is_compared_by_its_metrics() -> None:
    runs = [FakeRun(f"v{i}", {"correctness/mean": 0.5 + i / 10}, tags=EVALUATED) for i in (1, 2)]
    report = told(
        snapshot(*runs), metrics=CONFIGS, sections=list(MEMO_SECTIONS), compare={"groups": {"a": "run:v1", "b": "run:v2"}}
    )
    assert report.headline.endswith(".")
    assert verdict(report).outcome == "too_few"


def test_three_variants_each_against_the_baseline() -> None:
    evals = [Eval("v1", {"correctness": [F] * 12 + [T] * 28}), Eval("v2", {"correctness": [T] * 40})]
    report = memo(*evals, Eval("v3", {"correctness": [F] * 11 + [T] * 29}))
    assert report.headline == "Against v1: v2 better and v3 no clear difference."
    assert {row[0] for row in table(report, "decision-scorers-1")} == {"correctness"}


def test_quality_beside_cost_of_three_variants() -> None:
    cheap, dear, worse = ([F] * 12 + [T] * 28, [0.01] * 40), ([T] * 40, [0.05] * 40), ([F] * 20 + [T] * 20, [0.02] * 40)
    evals = [Eval(name, {"correctness": scores}, cost=cost) for name, (scores, cost) in (("a", cheap), ("b", dear), ("c", worse))]
    assert [[*row[:1], row[2], row[3]] for row in table(memo(*evals), "decision-front")] == [
        ["b", "0.05000", "✓"],
        ["a", "0.01000", "✓"],
        ["c", "0.02000", "—"],
    ]
    assert not [b for s in memo(*evals[:2]).sections for b in s.blocks if isinstance(b, Table) and b.id == "decision-front"]


@pytest.mark.parametrize("by", ["tags.variant"])
def test_groups_of_several_runs_are_trials_of_a_row(by: str) -> None:
    evals = [
        Eval(f"{variant}-{i}", {"correctness": scores}, tags={"variant": variant})
        for variant, scores in (("a", [T, F] * 6), ("b", [T] * 12))
        for i in range(3)
    ]
    report = told(evaluated(*evals), metrics=CONFIGS, sections=list(MEMO_SECTIONS), compare={"by": by, "baseline": "a"})
    assert table(report, "decision-scorers")[0][-1] == "12"
    assert verdict(report).outcome == "better"


def test_people_against_a_judge() -> None:
    """Eight answers, people differ on two of them, and overrode two of the other evaluation."""
    people: dict[str, Any] = {"people": {"correctness": [T, T, T, F, F, F, T, F]}}
    before = Eval("v1", {"correctness": [T, T, T, T, F, F, F, F]}, **people)
    report = memo(before, Eval("v2", {"correctness": [T] * 8}, overrides={"correctness": {0: F, 1: F}}))
    assert table(report, "trust-people") == [
        ["v1", "correctness", "8", "75 %", "0.50 [−0.10, 1.00]", "0"],
        ["v2", "correctness", "2", "0 %", "0.00", "2"],
    ]


# --- the section of a report ---


def overview(*evals: Eval) -> Report:
    report: Report = told(evaluated(*evals), metrics=CONFIGS, sections=["evaluations"])
    is_whole(report)
    return report


def test_a_report_tells_the_latest_evaluation_against_the_one_before() -> None:
    prompt = {"mlflow.linkedPrompts": '[{"name": "answer", "version": "2"}]'}
    report = overview(
        Eval("a", {"correctness": [F] * 10 + [T] * 30, "tone": ["x"] * 40}),
        Eval("b", {"correctness": [T] * 40, "tone": ["x"] * 40}, failed=[0]),
        Eval("c", {"correctness": [T] * 30 + [F] * 10, "tone": ["y"] * 40}, tags=prompt, seconds=[2.0] * 40, cost=[0.01] * 40),
    )
    text = plain(of_report(report))
    assert "exp: 3 evaluations, the latest is c on 40 rows. It is worse than b on correctness." in text
    assert table(report, "evaluations-scorers")[0] == ["correctness", "75.0 % [59.8 %, 85.8 %]", "−22.5 [−38.0, −6.8]", "▼ worse"]
    runs = table(report, "evaluations-runs")
    assert [row[0] for row in runs] == ["c", "b", "a"]
    assert runs[0][2:] == ["40", "40", "0", "2.0 s", "0.01000", "answer v2", "questions (d1)"]
    assert runs[1][4] == "1"
    assert table(report, "evaluations-prompts") == [["answer v2", "—", "1", "75.0 %"]]


def test_the_first_evaluation_of_a_report_stands_alone() -> None:
    text = of_report(overview(Eval("a", {"correctness": [T] * 6})))
    assert "exp: 1 evaluation, the latest is a on 6 rows." in text
    assert "Change from the one before" not in text


def test_a_report_without_evaluations_has_no_such_section() -> None:
    report = told(snapshot(FakeRun("a", {"loss": 1.0})), sections=["evaluations", "runs"])
    assert [section.id for section in report.sections] == ["runs"]
