"""Gates on groups and against the baseline: four states, the same runs and pairs as the comparison."""

from __future__ import annotations

import math
from typing import Any

import pytest

from reportgen.analyze.methods import equivalence
from reportgen.config import ReportConfig
from reportgen.outcome import Outcome
from reportgen.render.bundle import exit_code_of
from tests.snapshots import FakeRun, gates, metric_configs, snapshot, told

A = (0.80, 0.82, 0.81, 0.79, 0.80)
B = (0.82, 0.83, 0.81, 0.82, 0.83)


def runs(a: Any = A, b: Any = B, metric: str = "acc", **params: Any) -> list[FakeRun]:
    made = []
    for arm, values in (("control", a), ("new", b)):
        for i, value in enumerate(values):
            extra = {name: str(of(i)) for name, of in params.items()}
            made.append(FakeRun(f"{arm}-{i}", {metric: value}, {"lr": "0.1", **extra}, {"arm": arm}))
    return made


def gate(made: list[FakeRun], *, compare: Any = None, metrics: Any = None, **config: Any) -> Any:
    wanted = {"by": "tags.arm", "baseline": "control"} | (compare or {})
    one = {"metric": "acc", "group": "new"} | config
    (found,) = gates(snapshot(*made), compare=wanted, metrics=metrics, gates=[one])
    return found


def test_a_point_gate_on_a_mean_says_that_it_knows_no_uncertainty() -> None:
    found = gate(runs(), at_least=0.8)
    assert (found.name, found.state, found.run) == ("acc at least 0.8 (mean of new)", "PASS", None)
    assert found.value == pytest.approx(0.822)
    assert (
        found.sentence
        == "Passed: mean acc of new is 0.8220, 5 runs. The rule: at least 0.8. Judged on the mean alone; its uncertainty is not considered."
    )
    assert gate(runs(), at_most=0.8).state == "FAIL"


def test_a_confident_gate_needs_the_bound_on_the_right_side() -> None:
    wanted = equivalence.threshold_gate(B, 0.81, higher_is_better=True)
    found = gate(runs(), at_least=0.81, mode="confident")
    assert found.state == wanted.state == "PASS"
    assert found.sentence == (
        "Passed: mean acc of new is 0.8220 (one-sided 95 % bounds 0.8120 and 0.8300), 5 runs. "
        "The rule: at least 0.81, by the lower bound. "
        "Up to 45\N{NARROW NO-BREAK SPACE}% of runs could be bad in a way that none of these 5 shows. The bound does not consider them."
    )
    assert gate(runs(), at_least=0.84, mode="confident").state == "FAIL"
    assert gate(runs(), at_most=0.84, mode="confident").state == "PASS"
    between = gate(runs(), at_least=0.82, mode="confident")
    assert between.state == "INCONCLUSIVE"
    wanted = equivalence.threshold_gate(B, 0.82, higher_is_better=True, scale=(0.0, 1.0))
    assert between.sentence.endswith(f" {wanted.needed:,} runs would decide it, if this is the true value (80 % power).")


def test_runs_that_crowd_at_the_end_of_the_scale_are_judged_by_bounds_that_hold_anyway() -> None:
    crowded = (0.999, 0.998, 0.93, 0.999, 0.997, 0.9995, 0.98, 0.9985)
    far, near = (gate(runs(b=crowded), at_least=bound, mode="confident") for bound in (0.5, 0.95))
    assert far.state == "PASS"
    assert far.sentence.endswith(
        "by the lower bound. The runs crowd at the end of the scale: the bounds hold for any values of that scale."
    )
    assert near.state == "INCONCLUSIVE"
    assert "the bounds hold for any values of that scale, 30 runs would have closer ones." in near.sentence


def test_two_runs_are_too_few_for_confidence() -> None:
    found = gate(runs(b=(0.9, 0.91)), at_least=0.5, mode="confident")
    assert found.state == "INCONCLUSIVE"
    assert found.sentence.endswith("2 runs: a confident gate needs 3.")
    assert gate(runs(b=(0.9,)), at_least=0.5, mode="confident").state == "INCONCLUSIVE"


def test_runs_without_any_variation_are_decided_by_the_exact_value() -> None:
    found = gate(runs(b=(0.9, 0.9, 0.9)), at_least=0.9, mode="confident")
    assert found.state == "PASS"
    assert "No run-to-run variation: the exact value decides." in found.sentence


def test_not_worse_than_the_baseline_by_a_margin() -> None:
    found = gate(runs(), baseline_margin=0.01)
    wanted = equivalence.non_inferiority(A, B, 0.01, higher_is_better=True)
    assert found.state == wanted.state == "PASS"
    assert (found.name, found.threshold) == ("acc of new not worse by 0.01", -0.01)
    assert found.value == pytest.approx(0.018)
    assert found.sentence == (
        "Passed: the improvement in acc from control to new is +0.0180 (one-sided 95 % bounds +0.0061 and +0.0299), the margin \N{MINUS SIGN}0.0100, "
        "5 against 5 runs. The rule: not worse by 0.01, by the lower bound (non-inferiority)."
    )
    assert (wanted.low, wanted.high) == (pytest.approx(0.0061, abs=5e-5), pytest.approx(0.0299, abs=5e-5))
    assert gate(runs(a=B, b=A), baseline_margin=0.001).state == "FAIL"


def test_a_metric_that_is_better_when_lower_is_mirrored() -> None:
    lower = metric_configs(acc={"goal": "minimize"})
    assert gate(runs(a=B, b=A), metrics=lower, baseline_margin=0.01).state == "PASS"
    found = gate(runs(), metrics=lower, baseline_margin=0.001)
    assert (found.state, found.threshold) == ("FAIL", 0.001)
    assert gate(runs(), metrics=lower, baseline_margin_relative=0.001).state == "FAIL"


def test_pairs_of_the_comparison_are_pairs_of_the_gate() -> None:
    paired = runs(seed=lambda i: i)
    found = gate(paired, baseline_margin=0.001)
    assert "5 pairs by seed" in found.sentence
    assert found.state == equivalence.paired_non_inferiority(A, B, 0.001, higher_is_better=True).state
    assert "5 against 5 runs" in gate(paired, compare={"pair_by": "none"}, baseline_margin=0.001).sentence


def test_folds_of_one_data_set_are_not_taken_as_independent() -> None:
    folds = runs(a=(0.80, 0.82, 0.81, 0.79, 0.80), b=(0.79, 0.82, 0.80, 0.79, 0.80), fold=lambda i: i)
    plain = equivalence.paired_non_inferiority(
        (0.80, 0.82, 0.81, 0.79, 0.80), (0.79, 0.82, 0.80, 0.79, 0.80), 0.0095, higher_is_better=True
    )
    assert plain.state == "PASS"
    assert gate(folds, baseline_margin=0.0095).state == "INCONCLUSIVE"
    alone = gate(folds, at_least=0.5, mode="confident")
    assert alone.state == "INCONCLUSIVE"
    assert "folds of one data set" in alone.sentence


def test_a_share_of_the_baseline() -> None:
    found = gate(runs(), baseline_margin_relative=0.02)
    assert found.state == equivalence.relative_non_inferiority(A, B, 0.02, higher_is_better=True).state == "PASS"
    assert found.value == pytest.approx(0.822 / 0.804)
    assert "acc of new not worse by 2 % of the baseline" in found.name.replace("\N{NARROW NO-BREAK SPACE}", " ")
    negative = gate(runs(a=(-1.0, -1.1, -1.2), b=(-1.0, -1.1, -1.3)), baseline_margin_relative=0.02)
    assert (negative.state, negative.value) == ("INCONCLUSIVE", None)


def test_a_search_is_not_judged_as_repeats() -> None:
    searched = runs(depth=lambda i: i)
    for rule in ({"baseline_margin": 0.01}, {"baseline_margin_relative": 0.02}, {"at_least": 0.5, "mode": "confident"}):
        found = gate(searched, **rule)
        assert found.state == "INCONCLUSIVE"
        assert "a search, not repeats" in found.sentence
    assert gate(searched, compare={"replicates": True}, baseline_margin=0.01).state == "PASS"
    assert gate(searched, at_least=0.5).state == "PASS"


def test_an_unknown_direction_is_told_with_the_way_to_set_it() -> None:
    found = gate(runs(metric="zeta"), metric="zeta", baseline_margin=0.01)
    assert found.state == "NO_DATA"
    assert found.sentence == (
        "No data: the direction of zeta is unknown, so nothing is worse; set metrics: {zeta: {goal: maximize}} (or minimize) in the config."
    )
    assert gate(runs(metric="zeta"), metric="zeta", at_least=0.5, mode="confident").state == "PASS"


@pytest.mark.parametrize(
    ("made", "config", "said"),
    [
        (runs(), {"group": "nwe"}, "no run is in the group 'nwe'; groups: control and new. Did you mean 'new'?"),
        (runs(), {"metric": "f1"}, "none of 5 finished runs of group 'new' has a finite f1."),
        (runs(b=(math.nan, math.inf)), {}, "none of 2 finished runs of group 'new' has a finite acc."),
        (runs(a=(math.nan,)), {}, "none of 1 finished run of the baseline 'control' has a finite acc."),
        ([], {}, "no run is in the group 'new'; groups: none."),
    ],
)
def test_what_is_missing_is_said(made: list[FakeRun], config: dict[str, Any], said: str) -> None:
    found = gate(made, baseline_margin=0.01, **config)
    assert found.state == "NO_DATA"
    assert said in found.sentence.replace("control, new", "control and new")


def test_values_beyond_computing_are_not_decided() -> None:
    for rule in ({"baseline_margin": 0.01}, {"baseline_margin_relative": 0.02}, {"at_least": 0.5, "mode": "confident"}):
        assert gate(runs(b=(1e300, 2e300, 3e300)), **rule).state == "INCONCLUSIVE"


def test_many_failed_runs_are_told_with_the_answer() -> None:
    made = [*runs(), *(FakeRun(f"f{i}", {}, {"lr": "0.1"}, {"arm": "new"}, status="FAILED") for i in range(3))]
    assert gate(made, at_least=0.5).sentence.endswith("3 of 8 runs of new failed: this speaks only of those that did not.")


def outcome(report: Any) -> Outcome:
    from pathlib import Path

    return Outcome("w", Path("w"), "d", report.headline, 0, 0, (), report.gates, report.problems, ())


@pytest.mark.parametrize(
    ("gates", "code"),
    [
        ([{"group": "new", "at_least": 0.8}], 0),
        ([{"group": "new", "at_least": 0.99}], 5),
        ([{"group": "no such", "at_least": 0.8}], 5),
        ([{"group": "new", "at_least": 0.82, "mode": "confident"}], 5),
        ([{"group": "new", "at_least": 0.82, "mode": "confident", "on_inconclusive": "warn"}], 0),
        ([{"group": "no such", "at_least": 0.8, "on_inconclusive": "warn"}], 5),
        ([{"group": "new", "at_least": 0.99, "on_inconclusive": "warn"}], 5),
    ],
)
def test_the_exit_code_of_the_build_is_the_bundles(gates: list[dict[str, Any]], code: int) -> None:
    report = told(snapshot(*runs()), compare={"by": "tags.arm"}, gates=[{"metric": "acc"} | one for one in gates])
    problems = [problem for problem in report.problems if problem.slug == "gate-inconclusive"]
    assert len(problems) == sum(one.warns for one in report.gates)
    assert all(problem.severity == "warning" for problem in problems)
    assert outcome(report).exit_code == exit_code_of(report, report.problems) == code


def test_a_config_that_was_saved_is_read_again() -> None:
    for rule in ({"baseline_margin": 0.01}, {"at_least": 0.5, "mode": "confident"}, {"at_most": 0.5}):
        config = ReportConfig.model_validate({"compare": {"by": "tags.arm"}, "gates": [{"metric": "acc", "group": "new"} | rule]})
        assert ReportConfig.model_validate(config.model_dump(mode="json", by_alias=True)) == config


def test_no_gate_is_on_a_mean_over_several_data_sets() -> None:
    tasks = {"tasks": "params.data"}
    made = [
        FakeRun(f"{arm}-{data}-{seed}", {"acc": level + seed / 100}, {"data": data, "seed": str(seed)}, {"arm": arm})
        for arm, gain in (("control", 0.0), ("new", 0.01))
        for data, level in (("cifar", 0.6 + gain), ("mnist", 0.9 + gain))
        for seed in range(3)
    ]
    for config in ({"at_least": 0.1}, {"at_least": 0.1, "mode": "confident"}, {"baseline_margin": 0.5}):
        found = gate(made, compare=tasks | {"repeats": ["data"]}, **config)
        assert found.state == "NO_DATA"
        assert found.sentence.startswith(
            "No data: the groups' runs lie on several data sets or tasks, so the comparison is judged over"
        )
    assert gate(made, compare={"tasks": "none", "repeats": ["data"]}, baseline_margin=0.5).state == "PASS"
