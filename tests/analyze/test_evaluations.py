"""Only values of one evaluation are ranked, pooled or tested: one metric, data set, split and unit."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from reportgen.analyze.compare.difference import Difference
from reportgen.analyze.evaluations import units_of
from reportgen.analyze.nuisance import naming_params
from reportgen.analyze.primary import family_members
from tests.sections.words import of_section
from tests.snapshots import FakeRun, facts, gates, problems, snapshot, told


def overview(report: Any) -> str:
    return of_section(next(one for one in report.sections if one.id == "overview"))


def on(name: str, digest: str, *values: float, context: str = "eval", **more: Any) -> list[FakeRun]:
    return [
        FakeRun(f"{digest}{i}", {"val_auc": v}, datasets=[(name, digest)], context=context, **more) for i, v in enumerate(values)
    ]


# --- data sets ---------------------------------------------------------------------------------------------------------


def test_runs_on_another_data_set_are_not_ranked_with_the_others_and_are_said() -> None:
    report = told(snapshot(*on("wine", "aa11", 0.7, 0.8, 0.75), *on("iris", "bb22", 0.99)))
    assert report.headline.startswith("Best val_auc: 0.8000 (aa111)")
    assert "Not ranked with these: 1 run on another data set: iris (bb22)." in overview(report)


def test_runs_that_are_each_on_another_data_set_are_shown_and_not_ranked() -> None:
    taken = snapshot(*(run for i in range(4) for run in on("t", f"d{i}", 0.5 + i / 10)))
    found, report = facts(taken), told(taken)
    assert found.leaderboard.best is None
    assert not found.bests
    assert "val_auc is not ranked: each of the 4 finished runs was measured on a data set of its own." in overview(report)
    assert "no run is ranked" in report.headline.lower()
    assert "✓" not in overview(report)


def test_no_data_set_is_ranked_where_several_have_as_many_runs() -> None:
    taken = snapshot(*on("wine", "aa", 0.7, 0.8), *on("iris", "bb", 0.9, 0.99))
    assert facts(taken).leaderboard.best is None
    assert "val_auc is not ranked: its 4 finished runs are of 2 data sets, and none of these has most of the runs." in overview(
        told(taken)
    )


def test_runs_without_recorded_data_are_ranked_with_the_only_data_that_is_recorded() -> None:
    plain = [FakeRun(f"p{i}", {"val_auc": 0.9}) for i in range(2)]
    assert len(facts(snapshot(*plain, *on("a", "aa", 0.5))).leaderboard.rows) == 3
    board = facts(snapshot(*plain, *on("a", "aa", 0.5), *on("b", "bb", 0.99))).leaderboard
    assert (len(board.rows), board.n_apart) == (2, 2)


def test_one_digest_under_two_names_is_one_data_set() -> None:
    assert len(facts(snapshot(*on("a", "dd", 0.5), *on("b", "dd", 0.7, 0.8)[1:])).leaderboard.rows) == 2


def test_a_digest_that_changes_with_the_seed_is_a_split_and_no_data_set() -> None:
    runs = [
        FakeRun(f"{arm}{s}", {"val_auc": 0.5 + s / 10}, {"seed": str(s)}, datasets=[("dataset", f"d{s}")], context="eval")
        for arm in "ab"
        for s in range(3)
    ]
    assert len(facts(snapshot(*runs)).leaderboard.rows) == 6


def test_training_data_does_not_decide_for_a_held_out_metric() -> None:
    runs = [*on("dataset", "aa", 0.7, context="training"), *on("dataset", "bb", 0.8, context="training")]
    assert len(facts(snapshot(*runs)).leaderboard.rows) == 2


def test_the_training_row_of_a_metric_does_not_win_over_its_test_row() -> None:
    runs = [
        FakeRun("train", {"rmse": 0.1326}, datasets=[("train", "d9")], context=""),
        FakeRun("test", {"rmse": 0.1344}, datasets=[("test", "cc")], context=""),
    ]
    report = told(snapshot(*runs))
    assert "(test)" in report.headline
    assert "1 run measured on training data: train (d9)" in overview(report)


def test_values_that_mlflow_records_for_training_data_are_in_sample_whatever_their_name() -> None:
    runs = [FakeRun(f"r{i}", {"rmse": 0.1 + i / 10}, datasets=[("d", "aa")], context="training") for i in range(2)]
    assert "in-sample" not in told(snapshot(*runs)).headline  # what rmse was measured on is not recorded
    named = [replace(run, metrics={"training_rmse": 0.1}) for run in runs]
    assert "in-sample" in told(snapshot(*named)).headline


def test_a_process_of_a_distributed_training_is_no_run_of_its_own() -> None:
    system = {"system/gpu_0_utilization_percentage": 90.0}
    parents = [FakeRun(f"p{i}", {"val_auc": 0.8 + i / 100}) for i in range(3)]
    ranks = [FakeRun(f"rank{i}-{n}", system, parent=f"p{i}") for i in range(3) for n in range(4)]
    report = told(snapshot(*parents, *ranks, FakeRun("lone", system, {"rank": "0"})))
    assert facts(snapshot(*parents, *ranks)).leaderboard.n_processes == 12
    words = of_section(next(one for one in report.sections if one.id == "leaderboard"))
    assert "3 of 3 finished runs ranked." in words
    assert "13 runs that logged only system metrics are processes of other runs" in words
    assert "because 3 of 3 finished runs have it" in words


# --- the comparison ----------------------------------------------------------------------------------------------------

FULL = (0.28659480810165405, 0.182268425822258, 0.08179084211587906, 0.15274816751480103, 0.24991384148597717)
SUBSAMPLED = (0.7369042634963989, 0.6919615864753723, 0.6912701725959778, 0.7464740872383118, 0.7215960621833801)
"""iris-xgboost of auto-01, seeds 1 to 5."""


@pytest.mark.parametrize("pair_by", [None, "params.seed"])
def test_splits_per_seed_are_pairs_and_not_tasks(pair_by: str | None) -> None:
    runs = [
        FakeRun(f"{arm}{s}", {"log_loss": v}, {"seed": str(s)}, {"variant": arm}, datasets=[("dataset", f"d{s}")])
        for arm, values in (("full", FULL), ("subsampled", SUBSAMPLED))
        for s, v in enumerate(values, 1)
    ]
    compare = {"by": "tags.variant", "baseline": "full"} | ({"pair_by": pair_by} if pair_by else {})
    found = facts(snapshot(*runs), compare=compare, primary="log_loss")
    (d,) = found.comparison.metrics[0].differences
    assert found.tasks is None
    assert (d.method, d.n_a, d.outcome) == ("corrected", 5, "worse")
    # The paired interval, 0.438 to 0.616, times √((1/5 + 0.2/0.8) / (1/5)).
    assert (d.delta, d.low, d.high) == tuple(pytest.approx(x, abs=1e-3) for x in (0.527, 0.394, 0.660))
    assert not found.comparison.alike.datasets_differ
    words = " ".join(of_section(one) for one in told(snapshot(*runs), compare=compare, primary="log_loss").sections)
    assert "with test sets of 20 % of the data (as is usual; log test_size to have it exact)" in words


def test_a_ranking_over_splits_that_seeds_draw_says_so() -> None:
    runs = [
        FakeRun(f"{depth}{s}", {"auc": 0.8 + s / 100}, {"seed": str(s), "depth": depth}, datasets=[("dataset", f"d{s}")])
        for depth in "36"
        for s in range(4)
    ]
    words = " ".join(of_section(one) for one in told(snapshot(*runs), primary="auc").sections)
    assert "These runs lie on 4 splits of one data set, drawn by their seeds: part of a lead may be the split." in words
    one_split = [replace(run, datasets=[("dataset", "d")]) for run in runs]
    assert "splits of one data set" not in " ".join(of_section(one) for one in told(snapshot(*one_split), primary="auc").sections)


def test_splits_per_seed_are_called_better_or_equivalent_by_the_corrected_test() -> None:
    """Nadeau & Bengio 2003: splits of one data set share their rows, so five of them are no five samples."""

    def decided(shift: float, test_size: str, **compare: Any) -> Difference:
        runs = [
            FakeRun(
                f"{arm}{s}",
                {"auc": 0.8 + s / 100 + (shift + noise if arm == "b" else 0)},
                {"seed": str(s), "test_size": test_size},
                {"arm": arm},
                datasets=[("dataset", f"d{s}")],
            )
            for arm in "ab"
            for s, noise in enumerate((0.001, -0.001, 0.002, -0.002, 0.0))
        ]
        (d,) = (
            facts(snapshot(*runs), compare={"by": "tags.arm", "baseline": "a", **compare}, primary="auc")
            .comparison.metrics[0]
            .differences
        )
        return d  # type: ignore[no-any-return]

    assert decided(0.0023, "0.2").outcome == "unclear"  # the paired t test alone would call it better
    assert decided(0.006, "0.2").outcome == "better"
    assert decided(0.0003, "0.2", margin=0.0028).outcome == "equivalent"
    assert decided(0.0003, "0.5", margin=0.0028).outcome != "equivalent"


def test_declared_pairs_that_join_runs_of_different_data_are_refused_aloud() -> None:
    runs = [
        FakeRun(
            f"{arm}{s}{data}", {"auc": 0.7 + s / 100}, {"seed": str(s)}, {"arm": arm}, datasets=[(data, data * 2)], context="eval"
        )
        for arm, data in (("a", "x"), ("a", "y"), ("b", "x"), ("b", "y"))
        for s in range(4)
    ]
    found = facts(snapshot(*runs), compare={"by": "tags.arm", "baseline": "a", "pair_by": "params.seed"}, primary="auc")
    (problem,) = problems(found)
    assert problem.what.startswith("Runs with params.seed = 0 were measured on different data: x (xx) and y (yy).")
    assert found.tasks is not None
    assert not any(d.pairing for d in found.comparison.metrics[0].differences)


def test_declared_pairs_within_one_data_set_are_taken() -> None:
    runs = [
        FakeRun(
            f"{arm}{s}",
            {"auc": 0.7 + s / 100},
            {"seed": str(s)},
            {"arm": arm},
            datasets=[(f"d{s % 2}", f"d{s % 2}")],
            context="eval",
        )
        for arm in "ab"
        for s in range(4)
    ]
    found = facts(snapshot(*runs), compare={"by": "tags.arm", "baseline": "a", "pair_by": "params.seed"}, primary="auc")
    assert found.comparison.metrics[0].differences[0].pairing.n == 4
    assert not problems(found)


def test_groups_over_several_experiments_are_compared_within_each_of_them() -> None:
    def arm(label: str, experiment: str, n: int, base: float) -> list[FakeRun]:
        return [
            FakeRun(f"{label}-{experiment}-{i}", {"auc": base + i / 1000}, {}, {"arm": label}, experiment=experiment)
            for i in range(n)
        ]

    # b is better in both experiments, and has most of its runs in the hard one
    runs = [*arm("a", "easy", 12, 0.90), *arm("b", "easy", 2, 0.92), *arm("a", "hard", 2, 0.60), *arm("b", "hard", 12, 0.62)]
    found = facts(snapshot(*runs), compare={"by": "tags.arm", "baseline": "a"}, primary="auc")
    (d,) = found.comparison.metrics[0].differences
    assert d.reason == "tasks"
    assert found.tasks.complete == ("easy", "hard")
    assert all(difference > 0 for difference in found.tasks.pairs[0].differences)
    gate = {"metric": "auc", "group": "b", "baseline_margin": 0.05}
    (judged,) = gates(snapshot(*runs), compare={"by": "tags.arm", "baseline": "a"}, gates=[gate], primary="auc")
    assert judged.state in ("NO_DATA", "INCONCLUSIVE")


@pytest.mark.parametrize("name", ["target_id", "dataset", "data.dataset_name", "horizon_days", "task"])
def test_runs_whose_parameter_names_other_data_are_not_ranked_together(name: str) -> None:
    alone = [FakeRun(f"r{i}", {"mcc_val": i / 10}, {name: f"t{i}"}) for i in range(5)]
    assert facts(snapshot(*alone)).leaderboard.best is None
    runs = [FakeRun(f"r{i}", {"mcc_val": i / 10}, {name: "t1" if i < 3 else "t2"}) for i in range(5)]
    board = facts(snapshot(*runs)).leaderboard
    assert (len(board.rows), board.n_apart) == (3, 2)
    same = [FakeRun(f"r{i}", {"mcc_val": i / 10}, {name: "t1"}) for i in range(5)]
    assert len(facts(snapshot(*same)).leaderboard.rows) == 5


# --- gates -------------------------------------------------------------------------------------------------------------

ARMS = {"by": "tags.arm", "baseline": "a"}


def arms_on(a: str, b: str) -> list[FakeRun]:
    return [
        FakeRun(f"{arm}{i}", {"auc": 0.8 + i / 100}, {}, {"arm": arm}, datasets=[(data, data)], context="eval")
        for arm, data in (("a", a), ("b", b))
        for i in range(4)
    ]


@pytest.mark.parametrize("bound", [{"baseline_margin": 0.5}, {"baseline_margin_relative": 0.5}, {"equivalent_within": 0.5}])
def test_a_gate_against_a_baseline_on_other_data_is_not_decided(bound: dict[str, float]) -> None:
    gate = {"metric": "auc", "group": "b", **bound}
    (alike,) = gates(snapshot(*arms_on("x", "x")), compare=ARMS, gates=[gate])
    (apart,) = gates(snapshot(*arms_on("x", "y")), compare=ARMS, gates=[gate])
    assert (alike.state, apart.state) == ("PASS", "INCONCLUSIVE")
    assert "different data sets: x (x) and y (y)" in apart.sentence


@pytest.mark.parametrize("mode", ["point", "confident"])
def test_a_mean_over_two_units_or_two_data_sets_holds_no_bound(mode: str) -> None:
    runs = [FakeRun(n, {"val_accuracy": v}, {}, {"arm": "ab"[i % 2]}) for i, (n, v) in enumerate(MIXED.items())]
    both = [
        *runs,
        FakeRun("x1", {"val_accuracy": 92.0}, {}, {"arm": "a"}),
        FakeRun("x2", {"val_accuracy": 92.1}, {}, {"arm": "a"}),
    ]
    (gate,) = gates(
        snapshot(*both), compare=ARMS, gates=[{"metric": "val_accuracy", "group": "a", "at_least": 0.5, "mode": mode}]
    )
    assert gate.state == "INCONCLUSIVE"
    assert "two units" in gate.sentence
    mixed = [replace(run, datasets=[(str(i % 2), str(i % 2))]) for i, run in enumerate(arms_on("x", "x"))]
    (gate,) = gates(snapshot(*mixed), compare=ARMS, gates=[{"metric": "auc", "group": "a", "at_least": 0.5, "mode": mode}])
    assert gate.state in ("INCONCLUSIVE", "NO_DATA")


def test_a_gate_on_the_best_run_takes_the_evaluation_that_is_ranked() -> None:
    gate = {"metric": "val_auc", "of": "best", "at_least": 0.95}
    (found,) = gates(snapshot(*on("wine", "aa11", 0.7, 0.8, 0.75), *on("iris", "bb22", 0.99)), gates=[gate])
    assert (found.state, found.value) == ("FAIL", 0.8)
    (none,) = gates(snapshot(*(run for i in range(4) for run in on("t", f"d{i}", 0.5 + i / 10))), gates=[gate])
    assert none.state == "NO_DATA"
    assert "measured on different data, and none of it has most of the runs" in none.sentence


# --- units -------------------------------------------------------------------------------------------------------------

MIXED = {"r0": 0.921, "r2": 0.923, "r4": 0.925, "r1": 92.2, "r3": 92.4, "r5": 92.6}


def test_percentages_beside_fractions_are_not_compared() -> None:
    runs = [FakeRun(n, {"val_accuracy": v}, {}, {"framework": "keras" if v > 1 else "torch"}) for n, v in MIXED.items()]
    (d,) = facts(snapshot(*runs), compare={"by": "tags.framework", "baseline": "torch"}).comparison.metrics[0].differences
    assert (d.reason, d.outcome, d.delta, d.p) == ("units", "incomparable", None, None)


def test_percentages_beside_fractions_are_not_ranked_and_the_runs_are_named() -> None:
    report = told(snapshot(*(FakeRun(n, {"val_accuracy": v}) for n, v in MIXED.items())))
    assert "val_accuracy about 100 times" in overview(report)
    assert len(facts(snapshot(*(FakeRun(n, {"val_accuracy": v}) for n, v in MIXED.items()))).leaderboard.rows) == 3


@pytest.mark.parametrize(
    ("metric", "values", "factor"),
    [
        ("val_accuracy", MIXED.values(), 100),
        ("latency", (1.2, 1.3, 1.25, 1210.0, 1290.0), 1000),
        ("accuracy", (0.61, 0.93, 0.77, 88.0, 64.0), 100),
        ("rmse", (42.1, 41.7, 42.0, 42100.0, 41900.0), 1000),
        ("loss", (0.023, 0.024, 2.3, 2.31), None),
        ("val_loss", (0.001, 0.01, 0.1, 1.0, 10.0), None),
        ("rmse", (0.1, 0.5, 3.0, 12.0, 90.0, 150.0), None),
        ("accuracy", (0.01, 0.01, 0.97, 0.98), None),
        ("accuracy", (0.001, 0.001, 0.97, 0.98), None),
        ("accuracy", (1.0, 1.0, 91.0, 92.0), None),
        ("accuracy", (0.92, 92.0, 92.1, 92.2), None),
        ("reward", (-1.0, 0.5, 50.0, 51.0), None),
    ],
)
def test_two_units_show_as_two_narrow_clusters(metric: str, values: Any, factor: int | None) -> None:
    found = units_of(metric, {("1", str(i)): value for i, value in enumerate(values)})
    assert (found[2] if found else None) == factor


# --- the primary metric ------------------------------------------------------------------------------------------------


def primary(*runs: FakeRun) -> Any:
    return facts(snapshot(*runs)).primary


def test_what_a_study_optimises_is_primary_in_the_direction_of_its_tag() -> None:
    tags = {"direction": "StudyDirection.MINIMIZE"}
    runs = [FakeRun(f"t{i}", {"value": 5.0 - i, "accuracy": 0.5}, {"x": str(i)}, tags) for i in range(3)]
    found = facts(snapshot(*runs))
    assert (found.primary.name, found.primary.source, found.leaderboard.best.key[1]) == ("value", "search", "t2")


def test_the_metric_that_the_parent_of_trials_logs_is_primary() -> None:
    trials = [FakeRun(f"t{i}", {"accuracy": 0.5, "rmse": float(i)}, {"x": str(i)}, parent="p") for i in range(3)]
    assert primary(FakeRun("p", {"best_rmse": 0.0}), *trials).name == "rmse"


def test_an_aggregate_comes_before_its_members() -> None:
    classes = {f"AP_{name}": 0.9 for name in ("cat", "dog", "bird", "traffic_light")}
    assert primary(FakeRun("a", {**classes, "mAP": 0.5})).name == "mAP"
    splits = {f"split{i}_test_score": 0.9 for i in range(5)}
    assert primary(FakeRun("a", {**splits, "mean_test_score": 0.5})).name == "mean_test_score"
    assert not family_members(["val_acc", "val_f1", "val_loss", "test_acc", "train_acc", "acc"])


def test_a_training_metric_is_primary_only_alone_and_is_called_in_sample() -> None:
    runs = [FakeRun(f"a{i}", {"training_score": 1.0}) for i in range(4)]
    report = told(snapshot(*runs))
    assert "(in-sample)" in report.headline
    assert "(in-sample)" in overview(report)
    assert primary(*runs, FakeRun("b", {"SVC_score_X_test": 0.5})).name == "SVC_score_X_test"


def test_two_spellings_of_validation_are_one_metric() -> None:
    runs = [FakeRun("a", {"val_accuracy": 0.8, "validation_accuracy": 0.8}), FakeRun("b", {"validation_accuracy": 0.9})]
    found = facts(snapshot(*runs))
    assert found.main == ("validation_accuracy",)
    assert len(found.leaderboard.rows) == 2
    other = facts(snapshot(FakeRun("a", {"val_accuracy": 0.8, "validation_accuracy": 0.7})))
    assert set(other.main) == {"val_accuracy", "validation_accuracy"}


@pytest.mark.parametrize(("metrics", "said"), [({}, "no finished run logged a metric"), ({"blorp": 1.0}, "Set primary: NAME")])
def test_where_nothing_can_be_ranked_page_1_says_so_without_a_tick(metrics: dict[str, float], said: str) -> None:
    from reportgen.model import Paragraph

    report = told(snapshot(FakeRun("a", metrics)))
    page = next(one for one in report.sections if one.id == "overview")
    assert said in of_section(page)
    assert not any(isinstance(block, Paragraph) and block.tone == "good" for block in page.blocks)


# --- repeats -----------------------------------------------------------------------------------------------------------


def nightly(**params: Any) -> list[FakeRun]:
    start = datetime(2026, 10, 24, 2, tzinfo=UTC)
    return [
        FakeRun(
            f"n{i}",
            {"val_accuracy": (0.85 if i >= 23 else 0.90) + 0.001 * (i % 3)},
            {"model": "ranker"} | {name: of(i) for name, of in params.items()},
            start=start + timedelta(days=i),
        )
        for i in range(28)
    ]


def test_a_build_id_does_not_hide_a_regression() -> None:
    named = nightly(git_commit=lambda i: f"{i:02x}a{i * 7919:07x}", run_date=lambda i: f"2026-10-{i + 1:02d}")
    plain, with_commit = (facts(snapshot(*runs)) for runs in (nightly(), named))
    assert with_commit.naming == ("git_commit", "run_date")
    assert [one.relative for one in with_commit.weekly.alarms] == [one.relative for one in plain.weekly.alarms]
    assert len(with_commit.weekly.alarms) == 1


def test_where_nothing_could_be_tested_page_1_says_so() -> None:
    runs = nightly(depth=str)
    assert "No change could be tested" in overview(told(snapshot(*runs)))


def test_a_learning_rate_that_is_another_in_every_run_stays_a_setting() -> None:
    params = [
        {"lr": f"{0.001 * (i + 1):g}", "width": str(1000 + i), "uuid": f"u{i}", "when": f"2026-11-{i + 1:02d}"} for i in range(9)
    ]
    assert naming_params(params) == ("uuid", "when")
