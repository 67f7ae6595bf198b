"""Three groups or more: every pair, the families that a config may declare, and what is told when one cannot be used."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import pytest

from reportgen.analyze.compare.comparison import Comparison
from reportgen.analyze.methods.estimates import welch
from reportgen.analyze.methods.groups import dunnett, tukey_pairs
from reportgen.analyze.methods.multiple import holm_of_some
from tests.snapshots import FakeRun, facts, problems, snapshot

VALUES = {
    "a": (0.80, 0.81, 0.79, 0.82, 0.80, 0.805),
    "b": (0.82, 0.83, 0.81, 0.84, 0.82, 0.83),
    "c": (0.81, 0.80, 0.82, 0.815, 0.805, 0.80),
}


def runs(values: dict[str, Sequence[float]], *, seeds: bool = False) -> list[FakeRun]:
    return [
        FakeRun(f"{arm}{i}", {"val_acc": value}, {"lr": "1"} | ({"seed": str(i)} if seeds else {}), {"arm": arm})
        for arm, own in values.items()
        for i, value in enumerate(own)
    ]


def compared(*found: FakeRun, **compare: Any) -> tuple[Comparison, list[str]]:
    told = facts(snapshot(*found), compare={"by": "tags.arm"} | compare)
    assert told.comparison is not None
    return told.comparison, [f"{one.slug}: {one.what}" for one in problems(told)]


def test_every_pair_is_a_family_with_holms_p_and_bonferronis_intervals() -> None:
    comparison, problems = compared(*runs(VALUES))
    wanted = {pair: welch(VALUES[pair[0]], VALUES[pair[1]], 1 - 0.05 / 3) for pair in itertools.combinations(VALUES, 2)}
    adjusted = dict(zip(wanted, holm_of_some([one and one.p for one in wanted.values()]), strict=True))
    assert [(d.baseline, d.group) for d in comparison.pairs] == [("a", "b"), ("a", "c"), ("b", "c")]
    for d in comparison.pairs:
        one = wanted[d.baseline, d.group]
        assert one is not None
        assert (d.p, d.p_holm, d.tested.family.n) == (pytest.approx(one.p), pytest.approx(adjusted[d.baseline, d.group]), 3)
        assert (d.low, d.high) == (pytest.approx(one.low), pytest.approx(one.high))
    assert problems == []


def test_dunnett_is_of_the_baseline_alone() -> None:
    comparison, problems = compared(*runs(VALUES), family="dunnett")
    wanted = dunnett(list(VALUES.values()), 0)
    for d, one in zip(comparison.metrics[0].differences, wanted, strict=True):
        assert one.interval is not None
        assert (d.method, d.p, d.p_holm) == ("dunnett", one.p_adjusted, None)
        assert (d.low, d.high, d.level) == (one.interval.low, one.interval.high, 0.95)
    assert {d.method for d in comparison.pairs} == {"welch"}
    assert problems == []


@pytest.mark.parametrize(("family", "equal"), [("games-howell", False), ("tukey", True)])
def test_all_pairs_by_games_and_howell_or_tukey(family: str, equal: bool) -> None:
    comparison, _ = compared(*runs(VALUES), family=family)
    wanted = tukey_pairs(list(VALUES.values()), equal_variances=equal)
    assert [d.p for d in comparison.pairs] == [one.p_adjusted for one in wanted]
    assert [d.p for d in comparison.metrics[0].differences] == [one.p_adjusted for one in wanted if one.first == 0]
    assert [d.outcome for d in comparison.metrics[0].differences] == ["better", "unclear"]


@pytest.mark.parametrize(
    ("found", "family", "why"),
    [
        (runs({**VALUES, "c": (0.7, 0.9, 0.8, 0.6, 1.0, 0.75)}), "dunnett", "sd"),
        (runs(VALUES, seeds=True), "games-howell", "runs are paired"),
        (runs({**VALUES, "c": (0.8, 0.81)}), "tukey", "a group cannot be tested"),
        (runs({one: VALUES[one] for one in "ab"}), "dunnett", "it needs three groups or more"),
    ],
)
def test_a_family_that_does_not_fit_is_told_and_holm_stands(found: list[FakeRun], family: str, why: str) -> None:
    comparison, problems = compared(*found, family=family)
    (told,) = problems
    assert told.startswith(f"compare-family: compare.family: {family} was not used: ")
    assert why in told
    assert {d.method for d in comparison.metrics[0].differences} <= {"welch", "paired"}


def test_a_level_of_ones_own_decides_and_is_on_the_interval() -> None:
    pair = {"a": VALUES["a"], "b": (0.816, 0.826, 0.806, 0.836, 0.816, 0.821)}
    (five,) = compared(*runs(pair))[0].metrics[0].differences
    (one,) = compared(*runs(pair), alpha=0.01)[0].metrics[0].differences
    assert five.p is not None
    assert 0.01 < five.p < 0.05
    assert (five.outcome, one.outcome, one.level) == ("better", "unclear", 0.99)


def test_parameters_that_only_repeat_make_no_search() -> None:
    found = [
        FakeRun(f"{arm}{i}", {"val_acc": v}, {"lr": "1", "shuffle": str(i)}, {"arm": arm})
        for arm in "ab"
        for i, v in enumerate(VALUES[arm])
    ]
    assert compared(*found)[0].metrics[0].differences[0].reason == "sweep"
    comparison, _ = compared(*found, repeats=["shuffle"])
    assert (comparison.metrics[0].differences[0].reason, comparison.differing) == ("tested", ())


def test_searches_have_no_pairs_no_mean_interval_and_no_test() -> None:
    found = [
        FakeRun(f"{arm}{i}", {"val_acc": v}, {"lr": str(i)}, {"arm": arm})
        for arm, own in VALUES.items()
        for i, v in enumerate(own)
    ]
    comparison, _ = compared(*found)
    assert comparison.pairs == ()
    assert {(g.no_interval, g.low) for g in comparison.metrics[0].groups} == {("search", None)}
