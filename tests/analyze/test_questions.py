"""The shorter answers: metrics and their rules, the primary one, gates, changes, replicates, nested, health, reruns."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.analyze.changes import fences
from reportgen.analyze.nuisance import nuisance_kind
from reportgen.formats import own_digits
from reportgen.model import Window
from reportgen.snapshot import table_of
from reportgen.words import Words
from reportgen.words.health import detail_text
from reportgen.words.metrics import primary_reason
from tests.snapshots import NOW, FakeRun, facts, gates, metric_configs, problems, snapshot

K = "1"  # id of the only experiment


def day(n: int) -> datetime:
    return datetime(2026, 11, n, 8, tzinfo=UTC)


# --- metrics ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("config", "value"),
    [
        ({}, 0.5),
        ({"rule": "best", "goal": "minimize"}, 0.1),
        ({"rule": "best", "goal": "maximize"}, 0.9),
        ({"rule": "min"}, 0.1),
        ({"rule": "max"}, 0.9),
        ({"rule": "best", "goal": "none"}, 0.5),
    ],
)
def test_the_value_of_a_run_follows_its_rule(config: dict[str, Any], value: float) -> None:
    found = facts(snapshot(FakeRun("a", histories={"m": [0.9, 0.1, 0.5]})), metrics=metric_configs(m=config))
    assert found.metrics["m"].values == {(K, "a"): value}


def test_digits_come_from_the_config_or_the_values() -> None:
    runs = [FakeRun("a", {"x": 0.91234, "n": 3.0, "p": 0.91234, "c": 12.3})]
    found = facts(snapshot(*runs), metrics=metric_configs(p={"format": "percent"}, c={"digits": 1})).metrics
    assert {name: metric.digits for name, metric in found.items()} == {"x": 4, "n": 0, "p": 2, "c": 1}


def test_summaries_count_what_they_leave_out() -> None:
    runs = [FakeRun(str(i), {"acc": float(i)}) for i in range(1, 6)]
    runs += [FakeRun("nan", {"acc": math.nan}), FakeRun("none"), FakeRun("failed", {"acc": 99.0}, status="FAILED")]
    runs += [FakeRun("gone", {"acc": 99.0}, deleted=True), FakeRun("kid", {"acc": 50.0}, parent="1")]
    (found,) = facts(snapshot(*runs)).summaries
    assert (found.n, found.n_missing, found.n_non_finite, found.n_inside_parents) == (5, 1, 1, 1)
    assert (found.mean, found.low, found.q1, found.median, found.q3, found.high) == (3, 1, 2, 3, 4, 5)
    assert found.sd == pytest.approx(2.5**0.5)


@pytest.mark.fault("Values are near the largest number", "They are summarized.", at="text")
def test_huge_values_do_no_harm() -> None:
    found = facts(snapshot(*[FakeRun(str(i), {"acc": value}) for i, value in enumerate((1.7e308, -1.7e308, 1e308))]))
    assert found.summaries[0].n == 3


# --- the primary metric ----------------------------------------------------------------------------------------------


def primary(*runs: FakeRun, tags: Any = None, **report: Any) -> tuple[str | None, str]:
    found = facts(snapshot(*runs, experiment_tags=tags), **report)
    return (found.primary.name, primary_reason(found.primary, Words())) if found.primary else (None, "")


def test_validation_comes_before_test_and_training() -> None:
    metrics = {"train_loss": 1.0, "test_loss": 1.0, "val_loss": 1.0, "loss": 1.0, "system/cpu_time": 1.0, "foo": 1.0}
    name, why = primary(FakeRun("a", metrics), FakeRun("b", {"train_loss": 1.0}))
    assert name == "val_loss"  # although twice as many runs have the training value
    name, why = primary(FakeRun("a", metrics), FakeRun("b", metrics))
    assert name == "val_loss"
    assert why == (
        "Chosen because 2 of 2 finished runs have it and its direction is known; set primary in the config to choose another."
    )


def test_a_bare_name_beside_val_is_a_training_value_and_not_chosen() -> None:
    """As Keras logs: twice as many runs have ``accuracy``, and it is what was trained on."""
    both = {"accuracy": 0.9, "val_accuracy": 0.7}
    name, why = primary(FakeRun("a", both), FakeRun("b", {"accuracy": 0.8}))
    assert (name, why.partition(" and ")[0]) == ("val_accuracy", "Chosen because 1 of 2 finished runs has it")
    assert why.endswith("accuracy is taken as its training value.")
    assert primary(FakeRun("a", both | {"train_accuracy": 0.9}), FakeRun("b", {"accuracy": 0.8}))[0] == "accuracy"


def test_where_few_runs_log_the_validation_value_the_mix_is_said() -> None:
    found = facts(
        snapshot(FakeRun("a", {"accuracy": 0.9, "val_accuracy": 0.7}), *(FakeRun(f"b{i}", {"accuracy": 0.8}) for i in range(3)))
    )
    assert (found.primary.name, found.primary.validation) == ("accuracy", "val_accuracy")
    (problem,) = problems(found)
    assert (problem.slug, problem.severity) == ("primary-mixed", "warning")
    assert "log val_accuracy as well (1 of 4)" in problem.what
    assert primary_reason(found.primary, Words()).endswith(
        "In the 1 that log val_accuracy as well it is probably the training value."
    )


def test_metrics_that_the_config_declares_stand_first_beside_the_primary_one() -> None:
    from tests.snapshots import metric_configs

    taken = snapshot(FakeRun("a", {"ndcg": 1.0, "val_loss": 1.0, "mae": 1.0, "mse": 1.0, "latency_ms": 2.0}))
    declared = metric_configs(ndcg={}, latency_ms={"goal": "minimize"})
    assert facts(taken, metrics=declared, primary="ndcg").main[:2] == ("ndcg", "latency_ms")


def test_time_and_cost_are_no_quality() -> None:
    assert primary(FakeRun("a", {"latency_ms": 1.0, "train_acc": 1.0}))[0] == "train_acc"
    assert primary(FakeRun("a", {"latency_ms": 1.0, "system/gpu_time": 2.0}))[0] == "latency_ms"


def test_metrics_of_runs_that_did_not_finish_are_not_chosen() -> None:
    assert primary(FakeRun("a", {"acc": 1.0}, status="FAILED"))[0] is None


def test_mlflows_primary_metric_wins_over_guessing() -> None:
    tags = {"exp": {"mlflow.experiment.primaryMetric.name": "foo", "mlflow.experiment.primaryMetric.greaterIsBetter": "true"}}
    assert primary(FakeRun("a", {"acc": 1.0, "foo": 1.0}), tags=tags) == (
        "foo",
        "It is the experiment's primary metric in MLflow.",
    )


def test_a_primary_metric_that_nobody_logged_is_a_gap() -> None:
    found = facts(snapshot(FakeRun("a", {"acc": 1.0})), primary="val_acc", metrics={})
    assert found.primary is None
    assert found.main == ("acc",)
    assert [(p.slug, p.severity) for p in problems(found)] == [("primary-missing", "gap")]


def test_the_configs_metrics_stand_beside_the_primary_one() -> None:
    taken = snapshot(FakeRun("a", {"acc": 1.0, "loss": 1.0, "foo": 1.0}))
    found = facts(taken, primary="acc", metrics=None)
    assert found.main == ("acc", "loss")
    from reportgen.analyze import facts_of
    from tests.snapshots import ALL_TIME, report_config

    asked = facts_of(taken, report_config(primary="acc", metrics=["foo", "bar"]), {}, now=NOW, window=ALL_TIME)
    assert asked.main == ("acc", "foo")
    assert [p.where for p in problems(asked)] == ["bar"]


# --- leaderboard -----------------------------------------------------------------------------------------------------


def test_ties_share_a_rank_earliest_start_first() -> None:
    runs = [
        FakeRun("late", {"acc": 0.9}, start=day(3)),
        FakeRun("early", {"acc": 0.9}, start=day(2)),
        FakeRun("worse", {"acc": 0.8}),
    ]
    board = facts(snapshot(*runs)).leaderboard
    assert [(row.rank, row.key[1]) for row in board.rows] == [(1, "early"), (1, "late"), (3, "worse")]
    assert board.n_tied == 2


def test_a_metric_without_direction_ranks_nobody() -> None:
    board = facts(snapshot(FakeRun("a", {"foo": 1.0}), FakeRun("b", {"foo": 2.0})), primary="foo").leaderboard
    assert [row.rank for row in board.rows] == [0, 0]
    assert board.best is None


@given(st.permutations(range(6)))
def test_the_order_in_which_runs_come_does_not_matter(order: list[int]) -> None:
    runs = [FakeRun(str(i), {"acc": [0.1, 0.5, 0.5, math.nan, 0.3, 0.2][i]}, start=day(1 + i)) for i in range(6)]
    # By words, since NaN is unlike itself.
    assert repr(facts(snapshot(*[runs[i] for i in order]))) == repr(facts(snapshot(*runs)))


# --- gates -----------------------------------------------------------------------------------------------------------


def gate(*runs: FakeRun, metrics: Any = None, **config: Any) -> Any:
    (found,) = gates(snapshot(*runs), metrics=metrics, gates=[{"metric": "acc"} | config])
    return found


def test_a_gate_on_the_best_run() -> None:
    runs = [FakeRun("a", {"acc": 0.91}), FakeRun("b", {"acc": 0.85})]
    found = gate(*runs, at_least=0.9)
    assert (found.name, found.state, found.value, found.run.run_id) == ("acc at least 0.9 (best run)", "PASS", 0.91, "a")
    assert (
        found.sentence
        == "Passed: acc of the best run is 0.9100; the bound is at least 0.9. Judged on one run; its uncertainty is not considered."
    )
    assert gate(*runs, at_least=0.95).state == "FAIL"


def test_a_gate_on_the_latest_run() -> None:
    runs = [FakeRun("a", {"acc": 0.91}, start=day(1)), FakeRun("b", {"acc": 0.85}, start=day(2))]
    assert gate(*runs, at_least=0.9, of="latest").state == "FAIL"


def test_a_gate_without_data() -> None:
    found = gate(FakeRun("a", {"acc": 0.9}, status="FAILED"), at_least=0.5)
    assert (found.state, found.value, found.run) == ("NO_DATA", None, None)
    assert found.sentence == "No data: none of 0 finished runs has acc."


def test_nan_never_passes_a_gate() -> None:
    found = gate(FakeRun("a", {"acc": math.nan}), at_least=0.5, of="latest")
    assert (found.state, found.value) == ("FAIL", None)
    assert gate(FakeRun("a", {"acc": math.nan}), at_most=0.5, of="latest").state == "FAIL"


def test_rounding_does_not_hide_the_side_of_the_bound() -> None:
    found = gate(FakeRun("a", {"acc": 0.8999999}), at_least=0.9)
    assert found.state == "FAIL"
    assert "0.89999990" in found.sentence


def test_without_a_direction_no_run_is_best_but_the_latest_can_be_judged() -> None:
    runs = [FakeRun("a", {"acc": 5.0}, start=day(1)), FakeRun("b", {"acc": 2.0}, start=day(2))]
    plain = metric_configs(acc={"goal": "none"})
    found = gate(*runs, metrics=plain, at_most=3)
    assert (found.state, found.value) == ("NO_DATA", None)
    assert found.sentence.startswith(
        "No data: the direction of acc is unknown, so no run is best; set metrics: {acc: {goal: maximize}}"
    )
    assert (gate(*runs, metrics=plain, at_most=3, of="latest").value) == 2.0


def test_gates_of_one_name_are_numbered() -> None:
    found = gates(snapshot(FakeRun("a", {"acc": 1.0})), gates=[{"metric": "acc", "at_least": 0.5}] * 2)
    assert [one.name for one in found] == ["acc at least 0.5 (best run)", "acc at least 0.5 (best run) (2)"]


@pytest.mark.parametrize(
    ("value", "format", "digits"), [(0.9, "number", 1), (0.905, "percent", 1), (3.0, "number", 0), (1e-9, "number", None)]
)
def test_a_bound_is_printed_as_it_was_written(value: float, format: Any, digits: int | None) -> None:
    assert own_digits(value, format) == digits


# --- changes ---------------------------------------------------------------------------------------------------------


def test_the_last_seven_days_against_what_was_before() -> None:
    runs = [
        FakeRun("old", {"acc": 0.8}, start=day(2)),
        FakeRun("new", {"acc": 0.9}, start=day(19)),
        FakeRun("failed", start=day(20), status="FAILED"),
    ]
    found = facts(snapshot(*runs))
    assert [key for _, key in found.recent.runs] == ["new", "failed"]
    assert (found.recent.start, found.recent.end, found.recent.n_before) == (
        day(14) - timedelta(hours=8),
        day(21) - timedelta(hours=8),
        1,
    )
    (best,) = found.bests
    assert (best.value, best.before) == (0.9, 0.8)
    assert best.delta == pytest.approx(0.1)


def test_a_window_is_the_recent_days() -> None:
    window = Window(day(15), day(21), "from 2026-11-15")
    found = facts(snapshot(FakeRun("a", {"acc": 0.8}, start=day(16))), window=window)
    assert (found.recent.start, found.recent.is_window, found.bests[0].before) == (day(15), True, None)


def test_the_trend_keeps_the_best_so_far() -> None:
    runs = [FakeRun(str(i), {"loss": value}, start=day(i + 1)) for i, value in enumerate([3.0, 4.0, 1.0, 2.0])]
    runs.append(FakeRun("undated", {"loss": 0.5}, start=None))
    trend = facts(snapshot(*runs)).trend
    assert trend.values == (3, 4, 1, 2)
    assert trend.best_so_far == (3, 3, 1, 1)
    assert trend.n_undated == 1


# --- replicates ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [
        ("seed", "1", "seed"),
        ("random_state", "1", "seed"),
        ("model.randomSeed", "1", "seed"),
        ("split_seed", "1", "seed"),
        ("fold", "1", "fold"),
        ("cv_fold_id", "1", "fold"),
        ("rep", "1", "repeat"),
        ("trial_number", "1", "repeat"),
        ("split", "3", "repeat"),
        ("split", "0.8", None),
        ("test_split", "0.2", None),
        ("min_samples_split", "2", None),
        ("model__min_samples_split", "50", None),
        ("n_folds", "5", None),
        ("num_repeats", "5", None),
        ("k_fold", "5", None),
        ("lr", "0.1", None),
        ("seedling", "x", None),
        ("report", "x", None),
    ],
)
def test_params_that_only_tell_repeats_apart(name: str, value: str, kind: str | None) -> None:
    assert nuisance_kind(name, value) == kind


def test_replicates_share_everything_but_the_seed() -> None:
    runs = [
        FakeRun(f"{lr}{seed}", {"acc": float(lr) + seed}, {"lr": lr, "seed": str(seed)}) for lr in ("1", "2") for seed in range(3)
    ]
    best, other = facts(snapshot(*runs)).replicates
    assert (best.group.label, best.n, best.mean, best.sd) == ("lr=2", 3, 3, 1)
    assert (best.low, best.high) == pytest.approx((3 - 4.302653 / 3**0.5, 3 + 4.302653 / 3**0.5))
    assert other.group.label == "lr=1"


def test_a_tag_that_marks_arms_splits_replicates() -> None:
    runs = [
        FakeRun(f"{arm}{i}", {"acc": i}, {"lr": "1", "seed": str(i)}, {"arm": arm, "id": f"{arm}{i}"})
        for arm in "ab"
        for i in range(2)
    ]
    assert sorted(one.group.label for one in facts(snapshot(*runs)).replicates) == ["arm=a", "arm=b"]


def test_runs_without_params_are_nobodys_replicates() -> None:
    assert facts(snapshot(FakeRun("a", {"acc": 1.0}), FakeRun("b", {"acc": 2.0}))).replicates == ()


def test_the_spread_of_replicates_says_what_cannot_be_told_apart() -> None:
    runs = [FakeRun(f"{lr}{s}", {"acc": float(lr) + s / 10}, {"lr": lr, "seed": str(s)}) for lr in ("1", "2") for s in range(3)]
    noise = facts(snapshot(*runs)).noise
    assert (noise.sd, noise.df) == (pytest.approx(0.1), 4)
    assert noise.range_of(2) == pytest.approx(2.776445 * 0.1 * 2**0.5)  # of two runs it is that of the t test
    assert noise.range_of(10) == pytest.approx(7.826 * 0.1, rel=1e-3)  # Tukey's table: 10 means, 4 degrees of freedom, 5 %
    assert facts(snapshot(*runs[:3])).noise is None


# --- parents and children --------------------------------------------------------------------------------------------


def test_children_are_rolled_up_to_any_depth() -> None:
    runs = [
        FakeRun("root", start=day(1)),
        FakeRun("mid", start=day(2), parent="root"),
        FakeRun("leaf1", {"acc": 1.0}, start=day(3), parent="mid"),
        FakeRun("leaf2", {"acc": 3.0}, start=day(4), parent="mid"),
        FakeRun("leaf3", {"acc": 9.0}, start=day(5), parent="mid", status="FAILED"),
        FakeRun("other", {"acc": 6.0}, start=day(6), parent="root"),
        FakeRun("alone", {"acc": 5.0}),
    ]
    found = facts(snapshot(*runs)).nested
    assert [(node.key[1], node.depth, node.n_children, node.n_descendants, node.n_failed) for node in found.nodes] == [
        ("root", 0, 2, 5, 1),
        ("mid", 1, 3, 3, 1),
        ("leaf1", 2, 0, 0, 0),
        ("leaf2", 2, 0, 0, 0),
        ("leaf3", 2, 0, 0, 0),
        ("other", 1, 0, 0, 0),
    ]
    mid, root = found.nodes[1].rolled["acc"], found.nodes[0].rolled["acc"]
    assert (mid.n, mid.mean, mid.sd) == (2, 2, pytest.approx(2**0.5))
    assert (root.n, root.mean) == (2, 4)
    assert found.depth == 2


@pytest.mark.fault("Parents of runs are missing or form a circle", "Both are named.", at="text")
def test_lost_parents_and_circles_survive() -> None:
    found = facts(snapshot(FakeRun("a", parent="b"), FakeRun("b", parent="a"), FakeRun("c", parent="nobody"))).nested
    assert [key for _, key in found.circles] == ["a"]
    assert [key for _, key in found.lost] == ["c"]
    assert [node.key[1] for node in found.nodes] == ["a", "b"]


@pytest.mark.fault("Runs are nested 3,000 levels deep", "The depth is right.", at="text")
def test_a_chain_of_thousands_does_not_overflow() -> None:
    runs = [FakeRun("r00000", {"acc": 1.0})] + [FakeRun(f"r{i:05}", {"acc": 1.0}, parent=f"r{i - 1:05}") for i in range(1, 3000)]
    assert facts(snapshot(*runs)).nested.depth == 2999


# --- health ----------------------------------------------------------------------------------------------------------


def findings(*runs: FakeRun) -> list[tuple[str, str, str, bool]]:
    return [(one.key[1], one.kind, detail_text(one, Words()), one.grave) for one in facts(snapshot(*runs)).health.concerns]


def test_what_needs_attention() -> None:
    assert findings(
        FakeRun("failed", {"acc": 1.0}, status="FAILED"),
        FakeRun("killed", {"acc": 1.0}, status="KILLED"),
        FakeRun("lost", {"acc": 1.0}, status="RUNNING", start=day(10), seconds=None),
        FakeRun("busy", {"acc": 1.0}, status="RUNNING", start=NOW - timedelta(hours=2), seconds=None),
        FakeRun("empty"),
        FakeRun("bad", histories={"acc": [1.0, math.nan, 2.0]}),
        FakeRun("fine", {"acc": 1.0}),
    ) == [
        ("bad", "non_finite", "acc from step 1 (1 of its points)", True),
        ("empty", "no_metrics", "", True),
        ("failed", "failed", "", True),
        ("killed", "killed", "", True),
        ("lost", "stale", "nothing logged for 10 days", True),
        ("busy", "running", "", False),
    ]


@pytest.mark.fault(
    "A run starts in 1970 or in the future, ends before it starts, or took 400 days",
    "The report names it among what needs attention.",
    at="text",
)
@pytest.mark.parametrize(
    ("fields", "detail"),
    [
        ({"start": None}, "no start time"),
        ({"start": datetime(1970, 1, 2, tzinfo=UTC)}, "start time is not plausible"),
        ({"start": datetime(2030, 1, 1, tzinfo=UTC)}, "starts in the future (2030-01-01)"),
        ({"seconds": -1}, "ended before it started"),
        ({"seconds": None}, "finished without an end time"),
        ({"start": datetime(2024, 1, 1, tzinfo=UTC), "seconds": 400 * 86400}, "took 400 days"),
    ],
)
def test_clocks_that_cannot_be_right(fields: dict[str, Any], detail: str) -> None:
    assert findings(FakeRun("a", {"acc": 1.0}, **fields)) == [("a", "clock", detail, True)]


def test_a_parent_that_measures_nothing_is_no_fault() -> None:
    assert [(kind, grave) for _, kind, _, grave in findings(FakeRun("a"), FakeRun("b", {"acc": 1.0}, parent="a"))] == [
        ("no_metrics", False)
    ]


def test_the_failed_share_has_an_interval() -> None:
    health = facts(snapshot(*[FakeRun(str(i), {"a": 1.0}, status="FAILED" if i < 2 else "FINISHED") for i in range(10)])).health
    assert (health.n_ended, health.failed_share.value) == (10, 0.2)
    assert (health.failed_share.low, health.failed_share.high) == pytest.approx((0.0567, 0.5098), abs=1e-4)
    assert health.durations.median == 60


def test_reruns_need_a_seed() -> None:
    seeded = [FakeRun(str(i), {"acc": 0.7}, {"lr": "1", "seed": "3"}, start=day(i + 1)) for i in range(3)]
    assert facts(snapshot(*seeded)).health.reruns == (((K, "0"), (K, "1"), (K, "2")),)
    unseeded = [FakeRun(str(i), {"acc": 0.7}, {"lr": "1"}) for i in range(3)]
    assert facts(snapshot(*unseeded)).health.reruns == ()
    other_code = [FakeRun(str(i), {"acc": 0.7}, {"seed": "3"}, {"mlflow.source.git.commit": str(i)}) for i in range(3)]
    assert facts(snapshot(*other_code)).health.reruns == ()


# --- reproducibility -------------------------------------------------------------------------------------------------


def test_what_a_rerun_needs() -> None:
    whole = FakeRun(
        "whole",
        {"acc": 1.0},
        {"seed": "1"},
        {"mlflow.source.git.commit": "abc", "mlflow.git.dirty": "true"},
        datasets=[("d", "123")],
    )
    artifacts = table_of("artifacts", {"experiment_id": [K], "run_id": ["whole"], "path": ["model/requirements.txt"]})
    found = facts(
        snapshot(whole, FakeRun("bare", {"acc": 1.0}), FakeRun("failed", status="FAILED"), artifacts=artifacts)
    ).reproducibility
    assert found.n == 2
    assert [key for _, key in found.complete] == ["whole"]
    assert {check.need: len(check.lack) for check in found.checks} == {
        "code-version": 1,
        "source": 0,
        "parameters": 1,
        "seed": 1,
        "dataset": 1,
        "environment": 1,
    }
    assert found.commits == (("abc", 1),)
    assert [key for _, key in found.dirty] == ["whole"]
    assert found.datasets == (("d", "123", 1),)


def test_the_best_value_is_never_outside_the_drawn_range() -> None:
    values = [0.30 + i / 1000 for i in range(12)] + [0.5, 0.05]
    shown = fences(values)
    assert shown is not None
    assert shown == (0.30, pytest.approx(0.311))
    assert fences(values, [0.5]) == (0.30, 0.5)
    assert fences(values, [0.5, 0.05]) is None
