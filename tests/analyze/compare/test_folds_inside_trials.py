"""Folds inside the trials of a search: what a fold trained stands in its parent's parameters."""

from __future__ import annotations

from tests.snapshots import FakeRun, facts, snapshot


def trials(tag: str, *depths: str) -> list[FakeRun]:
    runs = []
    for depth in depths:
        parent = f"{tag}{depth}"
        runs.append(FakeRun(parent, {}, {"depth": depth}, {"arm": tag}))
        runs += [
            FakeRun(f"{parent}f{i}", {"acc": 0.8 + i / 100}, {"fold": str(i), "n_splits": "5"}, {"arm": tag}, parent=parent)
            for i in range(5)
        ]
    return runs


def test_folds_of_several_trials_are_a_search_and_no_repeats() -> None:
    compare = {"by": "tags.arm", "baseline": "a"}
    found = facts(snapshot(*trials("a", "2", "3", "4"), *trials("b", "2", "3", "4")), compare=compare, primary="acc")
    assert [group.n_configurations for group in found.comparison.groups] == [3, 3]
    assert found.comparison.metrics[0].differences[0].reason == "sweep"


def test_folds_of_one_trial_are_pairs() -> None:
    found = facts(snapshot(*trials("a", "2"), *trials("b", "2")), compare={"by": "tags.arm", "baseline": "a"}, primary="acc")
    assert [group.n_configurations for group in found.comparison.groups] == [1, 1]
    assert found.comparison.metrics[0].differences[0].pairing.kinds == ("fold",)
