"""Groups over data sets and tasks, and planned looks, with the formulas' own answers beside them."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reportgen.analyze import facts_of
from reportgen.analyze.compare.interim_looks import Look, look_of, margin_level
from reportgen.analyze.compare.tasks import NoScores, Tasks
from reportgen.analyze.methods import multiple
from reportgen.analyze.methods.ranks import nemenyi_difference, pseudo_median, signed_rank
from reportgen.analyze.previous_report import PreviousReport
from reportgen.config import LooksConfig
from reportgen.model import Chart, Table, Verdict
from reportgen.words import Words
from reportgen.words.compare.looks import look_words, repeated_looks_caveat
from tests.sections.checks import is_whole
from tests.sections.words import of_section, plain
from tests.snapshots import ALL_TIME, NOW, FakeRun, facts, last_report, problems, report_config, snapshot, told

BY = {"by": "params.method", "tasks": "params.data", "baseline": "a", "metrics": ["val_acc"]}


def grid(scores: dict[str, list[float]], seeds: int = 2, **params: str) -> list[FakeRun]:
    """``seeds`` runs of each method on each task, around its score; the metric's sd on each cell is not 0."""
    return [
        FakeRun(
            f"{method}{t}s{seed}",
            {"val_acc": score + (seed - (seeds - 1) / 2) / 1000},
            {"method": method, "data": f"d{t}", "seed": str(seed)} | params,
        )
        for method, values in scores.items()
        for t, score in enumerate(values)
        for seed in range(seeds)
    ]


def tasks(*runs: FakeRun, **compare: Any) -> Tasks:
    found = facts(snapshot(*runs), compare=BY | compare).tasks
    assert found is not None
    return found  # type: ignore[no-any-return]


A = [0.70, 0.71, 0.80, 0.65, 0.90, 0.60, 0.75, 0.82]
B = [0.72, 0.74, 0.81, 0.69, 0.905, 0.66, 0.743, 0.83]


def test_two_groups_by_signed_rank_over_the_task_means() -> None:
    found = tasks(*grid({"a": A, "b": B}))
    (pair,) = found.pairs
    test, shift = signed_rank(A, B), pseudo_median(A, B)
    assert pair.p == pytest.approx(test.p_two_sided)
    assert pair.p_holm is None
    assert pair.shift is not None
    assert pair.shift.estimate == pytest.approx(shift.estimate)
    assert (pair.counts.wins, pair.counts.ties, pair.counts.losses) == (7, 0, 1)
    assert found.friedman is None


def test_pairs_against_the_named_baseline_or_all_of_them() -> None:
    scores = {"a": A, "b": B, "c": [x + 0.1 for x in A]}
    named = tasks(*grid(scores))
    assert [(pair.first, pair.second) for pair in named.pairs] == [("a", "b"), ("a", "c")]
    assert [pair.p_holm for pair in named.pairs] == pytest.approx(multiple.holm([pair.p or 1 for pair in named.pairs]))
    unnamed = facts(snapshot(*grid(scores)), compare={key: value for key, value in BY.items() if key != "baseline"}).tasks
    assert [(pair.first, pair.second) for pair in unnamed.pairs] == [("a", "b"), ("a", "c"), ("b", "c")]


def test_demsars_four_classifiers_over_fourteen_data_sets() -> None:
    """Demšar 2006, table 6, the whole way from runs to mean ranks, Friedman, the critical difference and Wilcoxon's rank sums."""
    cases = json.loads((Path(__file__).parents[2] / "methods" / "known_answers.json").read_text("utf-8"))["cases"]
    (case,) = [one for one in cases if one["id"] == "demsar-c45"]
    scores, expected = case["data"]["scores"], case["expected"]
    runs = [
        FakeRun(f"{method}-{t}", {"auc": score}, {"method": method, "data": task})
        for method, values in scores.items()
        for t, (task, score) in enumerate(zip(case["data"]["datasets"], values, strict=True))
    ]
    compare = {
        "by": "params.method",
        "only": list(scores),
        "tasks": "params.data",
        "metrics": ["auc"],
        "critical_difference": True,
    }
    found = facts(snapshot(*runs), compare=compare).tasks
    assert found.groups == tuple(scores)
    assert found.friedman.mean_ranks == pytest.approx(expected["mean_ranks"], abs=0.0005)
    assert found.friedman.uncorrected.chi2 == pytest.approx(expected["chi2_F"], abs=0.005)
    assert found.friedman.uncorrected.f == pytest.approx(expected["F_F"], abs=0.005)
    assert found.critical_difference == pytest.approx(expected["CD_nemenyi_05"], abs=0.006)
    wilcoxon = signed_rank(scores["C4.5"], scores["C4.5+m"])
    assert (wilcoxon.rank_sum_positive, wilcoxon.rank_sum_negative) == (expected["wilcoxon_R_plus"], expected["wilcoxon_R_minus"])
    assert found.pairs[0].p == pytest.approx(wilcoxon.p_two_sided)


def test_five_tasks_claim_nothing_beyond_themselves() -> None:
    found = tasks(*grid({"a": A[:5], "b": B[:5]}))
    (pair,) = found.pairs
    assert (pair.p, pair.shift) == (None, None)
    assert pair.here is not None
    assert pair.here.difference == pytest.approx(sum(b - a for a, b in zip(A[:5], B[:5], strict=True)) / 5)
    report = told(snapshot(*grid({"a": A[:5], "b": B[:5]})), compare=BY)
    (verdict,) = [
        one for section in report.sections if section.id == "tasks" for one in section.blocks if isinstance(one, Verdict)
    ]
    assert verdict.outcome == "too_few"
    assert (
        "5 tasks cannot show a difference over tasks at large (6 at least). On these, b is better on 5 and worse on 0 of 5 tasks"
        in plain(verdict.sentence)
    )


def test_a_task_that_a_group_lacks_is_named_and_in_no_test() -> None:
    runs = [run for run in grid({"a": A, "b": B}) if not run.run_id.startswith("b7")]
    found = tasks(*runs)
    assert found.incomplete == (("d7", ("b",)),)
    assert len(found.pairs[0].differences) == 7


def test_a_search_within_a_task_is_not_tested() -> None:
    runs = [
        *grid({"a": A, "b": B}, lr="1"),
        *(FakeRun(f"x{run.run_id}", run.metrics, {**run.params, "lr": "2"}) for run in grid({"a": A, "b": B})),
    ]
    found = tasks(*runs)
    assert len(found.searches) == 16
    assert found.pairs == ()
    assert tasks(*runs, replicates=True).is_tested


def test_tasks_are_found_from_data_set_inputs_that_groups_share() -> None:
    runs = [
        FakeRun(f"{m}{t}{s}", {"val_acc": score + s / 1000}, {"method": m, "seed": str(s)}, datasets=[(f"set{t}", "x")])
        for m, values in (("a", A), ("b", B))
        for t, score in enumerate(values)
        for s in range(2)
    ]
    by = {"by": "params.method", "metrics": ["val_acc"]}
    found = facts(snapshot(*runs), compare=by).tasks
    assert (found.by, len(found.complete)) == (None, 8)
    assert facts(snapshot(*runs), compare=by | {"tasks": "none"}).tasks is None
    assert facts(snapshot(*grid({"a": A, "b": B})), compare=by).tasks is None


def test_one_task_is_a_problem_when_tasks_were_asked_for() -> None:
    found = facts(snapshot(*grid({"a": A[:1], "b": B[:1]})), compare=BY)
    assert found.tasks is None
    assert [one.slug for one in problems(found) if one.slug.startswith("compare-no-t")] == ["compare-no-tasks"]


def test_scores_over_tasks_only_between_the_users_references() -> None:
    runs = grid({"a": A, "b": B}, seeds=3)
    assert tasks(*runs).scores == ()
    references = {f"d{i}": [0.5, 1.0] for i in range(8)}
    found = tasks(*runs, references=references)
    a, b = found.scores
    assert a.scores.mean == pytest.approx(sum((x - 0.5) / 0.5 for x in A) / 8)
    assert a.improvement is None
    assert b.improvement is not None
    assert b.improvement.estimate == pytest.approx(7 / 8)
    assert b.intervals.optimistic
    assert (a.profile[0], a.profile[-1][0]) == ((0.0, 1.0), 1.0)
    middle = dict(a.profile)[0.5]
    scores = [cell.values for row in found.rows for label, cell in row.cells.items() if label == "a"]
    assert middle == pytest.approx(sum(v > 0.75 for own in scores for v in own) / sum(map(len, scores)))
    lacking = tasks(*runs, references={"d0": [0.5, 1.0]})
    assert (lacking.scores, lacking.no_scores) == ((), NoScores("missing", tuple(f"d{i}" for i in range(1, 8))))
    turned = tasks(*runs, references=references | {"d0": [1.0, 0.5]})
    assert turned.no_scores == NoScores("reversed", ("d0",))


def test_the_section_and_its_critical_difference_diagram() -> None:
    runs = grid({"a": A, "b": B, "c": [x + 0.1 for x in A]}, seeds=3)
    report = told(snapshot(*runs), compare=BY | {"critical_difference": True})
    is_whole(report)
    (found,) = [one for one in report.sections if one.id == "tasks"]
    charts = {one.id: one for one in found.blocks if isinstance(one, Chart)}
    (trace,) = charts["tasks-critical"].traces
    critical = nemenyi_difference(3, 8)
    assert [high - low for low, high in zip(trace.low, trace.high, strict=True)] == pytest.approx([critical] * 3)  # type: ignore[operator]
    words = plain(of_section(found))
    assert "depends on which others are in the pool" in words
    assert "Over tasks, c is better: the typical difference of a task in val_acc is +0.1000" in words
    means = next(one for one in found.blocks if isinstance(one, Table) and one.id == "tasks-means")
    assert [cell.value for cell in means.rows[0]][:2] == ["d0", pytest.approx(0.70)]
    overview = plain(of_section(report.sections[0]))
    assert "Over tasks, c is better" in overview
    assert "Not comparable" not in overview


# --- looks -------------------------------------------------------------------------------------------------------------

PLAN = LooksConfig(planned=5, runs=50)


def test_the_levels_of_five_equal_looks() -> None:
    """Lan & DeMets' O'Brien–Fleming bounds for five looks: z = 4.877, 3.357, 2.680, 2.290, 2.031."""
    from statistics import NormalDist

    z = (4.877, 3.357, 2.680, 2.290, 2.031)
    for k, bound in enumerate(z, 1):
        look = look_of(PLAN, 10 * k)
        assert look is not None
        assert (look.look, look.planned) == (k, 5)
        assert look.level == pytest.approx(2 * (1 - NormalDist().cdf(bound)), rel=0.01)


def test_a_look_between_and_one_beyond_the_plan() -> None:
    def look(n: int) -> Look:
        found = look_of(PLAN, n)
        assert found is not None
        return found

    assert [look(n).state for n in (10, 15, 50, 51)] == ["planned", "between", "final", "beyond"]
    assert look(15).look == 2
    assert look(10).level < look(15).level < look(20).level < look(50).level < 0.05
    assert look_of(PLAN, 1) is None
    assert look_words(look(50), Words()).startswith(
        "Look 5 of 5 (50 of 50 runs per group planned): a difference counts when p is at most 0.0423"
    )
    assert "no longer keep the error" in look_words(look(51), Words())
    assert "14 % of cases after 5 looks, 19 % after 10, not 5 %" in plain(repeated_looks_caveat(say=Words()))


def arms(shift: float, n: int) -> list[FakeRun]:
    return [
        FakeRun(f"{arm}{i}", {"val_acc": 0.9 + i / 1000 + (shift if arm == "b" else 0)}, {"lr": "1"}, {"arm": arm})
        for arm in "ab"
        for i in range(n)
    ]


def test_a_planned_look_asks_for_more_than_five_per_cent() -> None:
    def outcome(**compare: Any) -> Any:
        found = facts(snapshot(*arms(0.003, 5)), compare={"by": "tags.arm"} | compare)
        return found, found.comparison.metrics[0].differences[0]

    _, plain_one = outcome()
    assert (plain_one.outcome, plain_one.level) == ("better", 0.95)
    found, looked = outcome(looks={"planned": 4, "runs": 20})
    look = look_of(LooksConfig(planned=4, runs=20), 5)
    assert look is not None
    assert plain_one.p > look.level
    assert (looked.outcome, looked.p) == ("unclear", plain_one.p)
    assert looked.level == pytest.approx(1 - look.level)
    assert looked.low < plain_one.low < plain_one.high < looked.high
    assert [one.slug for one in problems(found)] == ["compare-look"]


def test_a_margin_follows_the_plan_of_looks() -> None:
    """Half of what a plan of 10 % gives to both sides; the last look has nearly 5 % on one."""
    levels = [margin_level(PLAN, n) for n in (10, 20, 30, 40, 50)]
    assert all(a is not None and b is not None and a < b for a, b in itertools.pairwise(levels))
    assert levels[-1] == pytest.approx(0.041, abs=0.001)
    compare = {"by": "tags.arm", "margin": 0.005}
    (alone,) = facts(snapshot(*arms(0.0001, 6)), compare=compare).comparison.metrics[0].differences
    found = facts(snapshot(*arms(0.0001, 6)), compare=compare | {"looks": {"planned": 5, "runs": 30}})
    (looked,) = found.comparison.metrics[0].differences
    assert (alone.outcome, looked.outcome) == ("equivalent", "unclear")
    level = margin_level(LooksConfig(planned=5, runs=30), 6)
    assert level is not None
    assert looked.margin.level == pytest.approx(1 - level)


def test_looks_that_nobody_declared_are_counted_where_they_are_known() -> None:
    assert (
        plain(repeated_looks_caveat(4, say=Words()))
        == "Look 5; not adjusted: the false-positive rate after 5 looks at equal steps is 14 %, not 5 %; that of a margin which is passed is about "
        "the same."
    )
    assert "after 50 looks or more" in repeated_looks_caveat(60, say=Words())
    config = report_config(compare={"by": "tags.arm"}, window="4w")
    found = facts_of(
        snapshot(*arms(0.003, 5)),
        config,
        {},
        now=NOW,
        window=ALL_TIME,
        previous_report=PreviousReport("2026-11-13", "0" * 64, True, (), False, n_looks=9),
    )
    assert [plain(one.what)[:7] for one in problems(found)] == ["Look 10"]


def test_an_unplanned_comparison_in_a_scheduled_report_says_so() -> None:
    compare = {"by": "tags.arm"}
    config = report_config(compare=compare, window="4w")
    found = facts_of(snapshot(*arms(0.003, 5)), config, {}, now=NOW, window=ALL_TIME)
    assert [one.slug for one in problems(found)] == ["compare-looks-unplanned"]
    assert problems(facts(snapshot(*arms(0.003, 5)), compare=compare)) == ()


def test_the_look_is_counted_from_the_last_report_when_its_runs_have_changed_since(tmp_path: Path) -> None:
    then, now = snapshot(*arms(0.003, 5)), snapshot(*arms(0.003, 6))
    place = tmp_path / "2026-11-13-0123456789"
    place.mkdir()
    then.save(place / "data")
    kept = {"digest": "d" * 64, "gates": [], "config_digest": "c", "metrics": {"n_looks": 3}}
    (place / "manifest.json").write_text(json.dumps(kept))

    def looks(current: Any, digest: str = "c") -> int:
        found = last_report(tmp_path, "2026-11-20", current, ALL_TIME, digest)
        assert found is not None
        return found.n_looks

    assert (looks(now), looks(then), looks(now, "other")) == (3, 2, 0)
    report = told(now, compare={"by": "tags.arm"})
    assert report.metrics["n_looks"] == 1


def test_runs_of_one_seed_count_once_on_a_task() -> None:
    runs = grid({"a": A, "b": B})
    again = replace(runs[0], run_id="again", metrics={"val_acc": runs[0].metrics["val_acc"] + 0.1})
    task = runs[0].params["data"]
    (before,) = [row for row in tasks(*runs).rows if row.task == task]
    (found,) = [row for row in tasks(*runs, again).rows if row.task == task]
    group = runs[0].params["method"]
    assert len(found.cells[group].values) == len(before.cells[group].values) == 2
    assert found.cells[group].mean == pytest.approx(before.cells[group].mean + 0.05 / 2)
