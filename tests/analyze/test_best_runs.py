"""Which run is called best: never a fold in silence, never a test set chosen on itself, and what replicates say of it."""

from __future__ import annotations

from typing import Any

import pytest

from reportgen.model import Interval, Table, Tiles
from tests.sections.words import of_section
from tests.snapshots import FakeRun, facts, snapshot, told


def section(report: Any, name: str) -> Any:
    return next(one for one in report.sections if one.id == name)


def folds(parent: str, values: list[float], **metrics: float) -> list[FakeRun]:
    children = [FakeRun(f"{parent}{i}", {"acc": v}, {"lr": "1", "fold": str(i)}, parent=parent) for i, v in enumerate(values)]
    return [FakeRun(parent, metrics, {"lr": "1"}), *children]


def test_a_parent_with_the_mean_stands_for_its_folds() -> None:
    found = facts(snapshot(*folds("cv", [0.7, 0.9], acc=0.8), *folds("two", [0.5, 0.95], acc=0.72)), primary="acc").leaderboard
    assert [row.key[1] for row in found.rows] == ["cv", "two"]
    assert (found.n_folds_inside, dict(found.folds)) == (4, {})


def test_runs_of_equal_value_share_a_rank_and_the_next_one_skips_it() -> None:
    values = {"a": 0.7, "b": 0.9, "c": 0.9, "d": 0.9, "e": 0.5}
    board = facts(snapshot(*(FakeRun(name, {"acc": value}) for name, value in values.items())), primary="acc").leaderboard
    assert [(row.key[1], row.rank) for row in board.rows] == [("b", 1), ("c", 1), ("d", 1), ("a", 4), ("e", 5)]
    assert (board.n_tied, board.best.key[1]) == (3, "b")


def test_a_cross_validation_is_ranked_by_the_mean_of_its_folds_and_never_by_one() -> None:
    report = told(snapshot(*folds("cv", [0.7, 0.9, 0.8])))
    assert "Best acc: 0.8000 (cv, mean of 3 folds)" in report.headline
    tile = next(block for block in section(report, "overview").blocks if isinstance(block, Tiles)).tiles[0]
    assert (tile.value, tile.note) == (pytest.approx(0.8), "cv, mean of 3 folds · ↑ higher is better")
    words = of_section(section(report, "leaderboard"))
    assert "cv (mean of 3 folds)" in words
    assert "one fold is no result of its own" in words


def test_a_cross_validation_that_lacks_folds_is_not_ranked() -> None:
    board = facts(snapshot(*folds("cv", [0.7, 0.9, 0.8]), *folds("short", [0.95, 0.97])), primary="acc").leaderboard
    assert [(row.key[1], row.value) for row in board.rows] == [("cv", pytest.approx(0.8))]
    assert board.n_incomplete == 2


def test_folds_without_a_parent_stand_under_the_first_of_them() -> None:
    runs = [FakeRun(f"f{i}", {"acc": 0.5 + i / 10}, {"lr": "1", "fold": str(i)}) for i in range(5)]
    found = facts(snapshot(*runs), primary="acc")
    assert [(row.key[1], row.value) for row in found.leaderboard.rows] == [("f0", pytest.approx(0.7))]
    assert found.trend.values == (pytest.approx(0.7),)


def test_runs_of_other_seeds_are_no_folds_of_each_other() -> None:
    runs = [FakeRun(f"s{i}", {"acc": i / 10}, {"seed": str(i), "fold": "0"}) for i in range(3)]
    assert not facts(snapshot(*runs), primary="acc").leaderboard.folds


def test_the_test_value_is_that_of_the_run_that_validation_chose() -> None:
    runs = [FakeRun("chosen", {"val_acc": 0.9, "test_acc": 0.7}), FakeRun("lucky", {"val_acc": 0.8, "test_acc": 0.95})]
    taken = snapshot(*runs)
    best = {one.metric: one for one in facts(taken, primary="val_acc").bests}
    assert (best["test_acc"].value, best["test_acc"].key[1], best["test_acc"].chosen_by) == (0.7, "chosen", "val_acc")
    report = told(taken, primary="val_acc")
    tiles = next(block for block in section(report, "overview").blocks if isinstance(block, Tiles)).tiles
    assert [(tile.label, tile.value) for tile in tiles[:2]] == [("Best val_acc", 0.9), ("test_acc", 0.7)]
    assert tiles[1].note == "of chosen, best by val_acc"
    assert report.metrics["best/test_acc"] == 0.7


def test_a_test_metric_that_ranks_is_ranked() -> None:
    runs = [FakeRun("a", {"val_acc": 0.9, "test_acc": 0.7}), FakeRun("b", {"val_acc": 0.8, "test_acc": 0.95})]
    best = facts(snapshot(*runs), primary="test_acc").bests[0]
    assert (best.key[1], best.chosen_by) == ("b", "")


def repeated(experiment: str, spread: float, param: str = "seed") -> list[FakeRun]:
    return [
        FakeRun(
            f"{experiment}{lr}{i}", {"acc": 0.5 + lr / 10 + spread * i}, {"lr": str(lr), param: str(i)}, experiment=experiment
        )
        for lr in range(2)
        for i in range(4)
    ]


def test_noise_is_of_the_experiment_that_holds_the_best_run_and_not_of_folds() -> None:
    noise = facts(snapshot(*repeated("quiet", 0.001), *repeated("loud", 0.1)), primary="acc").noise
    assert noise is not None
    assert (noise.sd, noise.df) == (pytest.approx(0.1 * 1.2909944), 6)
    assert facts(snapshot(*repeated("folds", 0.1, "fold")), primary="acc").noise is None


def test_the_top_runs_stand_with_the_mean_of_their_configuration() -> None:
    once = FakeRun("once", {"acc": 0.99}, {"lr": "9", "seed": "0"}, experiment="e")
    report = told(snapshot(*repeated("e", 0.01), once), primary="acc")
    table = next(b for b in section(report, "leaderboard").blocks if isinstance(b, Table) and b.id == "leaderboard")
    at = [column.key for column in table.columns].index("mean")
    assert table.rows[0][at].value is None
    second = table.rows[1][at]
    assert isinstance(second.value, Interval)
    assert (second.value.value, second.note) == (pytest.approx(0.615), "n = 4")
    assert second.value.low is not None


def test_configurations_never_have_the_same_label() -> None:
    runs = [
        FakeRun(f"r{x}{i}", {"acc": 0.5 + i / 100}, {**{f"p{j}": str(x) for j in range(4)}, "z": f"{x}{k}", "seed": str(i)})
        for x in range(2)
        for k in range(2)
        for i in (2 * k, 2 * k + 1)
    ]
    labels = [one.group.label for one in facts(snapshot(*runs), primary="acc").replicates]
    assert len(set(labels)) == len(labels) == 4


def test_the_reason_that_a_failed_run_gives_is_told() -> None:
    tags = {"failure_reason": "out of memory", "error_token": "s3cret", "reasoning": "x"}
    words = of_section(section(told(snapshot(FakeRun("bad", tags=tags, status="FAILED"))), "health"))
    assert "failed: failure_reason = out of memory" in words
    assert "s3cret" not in words
