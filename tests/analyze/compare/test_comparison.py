"""What may be said about two groups: one test for each row of the rules on small samples and degenerate values."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from reportgen.analyze.compare.comparison import Comparison
from reportgen.analyze.compare.difference import Difference
from reportgen.analyze.compare.groups import RunAgain, natural
from tests.sections.words import of_section
from tests.snapshots import FakeRun, facts, metric_configs, problems, snapshot, told

BETTER_UP = metric_configs(m={"goal": "maximize"})


def arm(label: str, values: Sequence[float], *, seeds: bool = False, **fields: Any) -> list[FakeRun]:
    return [
        FakeRun(f"{label}{i}", {"m": value}, {"lr": "1"} | ({"seed": str(i)} if seeds else {}), {"arm": label}, **fields)
        for i, value in enumerate(values)
    ]


def compared(*runs: FakeRun, metrics: Any = BETTER_UP, **compare: Any) -> Comparison:
    found = facts(snapshot(*runs), metrics=metrics, primary="m", compare={"by": "tags.arm"} | compare).comparison
    assert found is not None
    return found


def difference(
    a: Sequence[float], b: Sequence[float], *, seeds: bool = False, metrics: Any = BETTER_UP, **compare: Any
) -> Difference:
    (found,) = compared(*arm("a", a, seeds=seeds), *arm("b", b, seeds=seeds), metrics=metrics, **compare).metrics[0].differences
    return found


def untested(found: Difference) -> bool:
    return found.p is found.p_holm is found.effects is None


# --- the rows of the rules -------------------------------------------------------------------------------------------


def test_one_run_each_is_a_difference_and_nothing_more() -> None:
    found = difference([0.83], [0.81])
    assert (found.reason, found.outcome, found.method) == ("one_run", "too_few", "none")
    assert found.delta == pytest.approx(-0.02)
    assert untested(found)
    assert found.low is found.high is found.result.placement is None


def test_one_run_against_five_is_placed_in_their_prediction_interval() -> None:
    found = difference([0.83], [0.8, 0.81, 0.79, 0.82, 0.8])
    assert (found.reason, found.outcome) == ("one_run", "too_few")
    assert untested(found)
    placement = found.result.placement
    assert placement.inside is True
    assert (placement.low, placement.high) == pytest.approx((0.769322211751, 0.838677788249))
    assert difference([0.9], [0.8, 0.81, 0.79, 0.82, 0.8]).result.placement.inside is False


def test_one_run_against_three_is_not_placed() -> None:
    found = difference([0.83], [0.8, 0.81, 0.79])
    assert found.reason == "one_run"
    assert found.result.placement is None


def test_two_runs_give_an_interval_and_no_test() -> None:
    found = difference([1.0, 1.1], [5.0, 5.1, 5.2, 5.3])
    assert (found.reason, found.outcome, found.method) == ("two_runs", "too_few", "welch")
    assert untested(found)
    assert found.low is not None
    assert found.high is not None
    assert found.low > 0


@pytest.mark.parametrize("n", [3, 4])
def test_three_and_four_runs_are_tested_without_effect_sizes(n: int) -> None:
    found = difference([1.0, 1.1, 1.2, 1.05][:n], [5.0, 5.1, 5.2, 5.05][:n])
    assert (found.reason, found.outcome) == ("tested", "better")
    assert found.p is not None
    assert found.effects.g is found.effects.chance is found.effects.p_permutation is None
    assert found.power.detectable is not None


def test_five_runs_have_effect_sizes_and_ten_an_interval_of_the_chance() -> None:
    five = difference([1, 2, 3, 4, 5], [2, 3, 4, 5, 6])
    assert five.effects.g is not None
    assert five.effects.chance == pytest.approx(0.5 + (15 - 6) / 50)  # 15 pairs up, 6 down and 4 equal
    assert five.effects.chance_interval is None
    ten = difference(range(10), range(1, 11))
    low, high = ten.effects.chance_interval
    assert low <= ten.effects.chance <= high


def test_groups_without_variation_are_never_tested() -> None:
    found = difference([0.9] * 3, [0.8] * 3)
    assert (found.reason, found.outcome) == ("no_variation", "unclear")
    assert found.delta == pytest.approx(-0.1)
    assert untested(found)
    assert found.low is None


def test_variation_in_one_group_is_enough() -> None:
    assert difference([0.9] * 3, [0.8, 0.81, 0.79]).outcome == "worse"


def test_identical_pairs_are_said_to_be_identical() -> None:
    found = difference([1, 2, 3], [1, 2, 3], seeds=True)
    assert (found.reason, found.outcome, found.delta) == ("identical", "unclear", 0)
    assert untested(found)


def test_the_same_difference_on_every_pair_is_not_tested() -> None:
    found = difference([0.1, 0.2, 0.3], [0.2, 0.3, 0.4], seeds=True)
    assert (found.reason, found.outcome) == ("same_difference", "unclear")
    assert found.delta == pytest.approx(0.1)
    assert untested(found)


def test_a_baseline_near_zero_has_no_relative_difference() -> None:
    assert difference([-0.1, 0.1, 0.05, -0.04, 0.02], [1, 1.1, 1.2, 1.3, 1.1]).lift is None
    assert difference([-2, -2.1, -2.2], [1, 1.1, 1.2]).lift is None
    assert difference([2, 2.1, 2.2], [1, 1.1, 1.2]).lift is not None


def test_unpaired_leftovers_are_named() -> None:
    found = difference([1, 2, 3, 4.5], [2, 3.2, 4.1], seeds=True)
    assert found.pairing is not None
    assert (found.pairing.n, found.n_a, found.n_b) == (3, 3, 3)
    assert [key for _, key in found.pairing.left_a] == ["a3"]
    assert found.pairing.left_b == ()


def test_what_could_not_be_found_says_what_could_have_been() -> None:
    found = difference([1, 2, 3, 4, 5], [1.5, 2.2, 3.1, 4.4, 5.2])
    assert found.outcome == "unclear"
    assert found.power is not None
    assert found.power.n_needed is not None
    assert found.power.detectable > abs(found.delta or 0)
    assert found.power.n_needed > 5


def test_no_values_on_a_side() -> None:
    found = difference([1, 2, 3], [math.nan, math.inf])
    assert (found.reason, found.outcome, found.n_b, found.delta) == ("no_values", "too_few", 0, None)


def test_values_too_large_to_square_are_refused() -> None:
    found = difference([1e200, 2e200, 3e200], [1, 2, 3])
    assert (found.reason, found.outcome) == ("too_large", "incomparable")


# --- direction -------------------------------------------------------------------------------------------------------


def test_better_follows_the_direction() -> None:
    low, high = [1.0, 1.1, 1.2, 1.15], [5.0, 5.1, 5.2, 5.15]
    assert difference(low, high).outcome == "better"
    down = metric_configs(m={"goal": "minimize"})
    found = difference(low, high, metrics=down)
    assert (found.outcome, found.improvement) == ("worse", -4.0)
    assert difference(high, low, metrics=down).outcome == "better"


def test_without_a_direction_nothing_is_better() -> None:
    found = difference([1.0, 1.1, 1.2], [5.0, 5.1, 5.2], metrics=metric_configs(m={"goal": "none"}))
    assert (found.reason, found.outcome, found.improvement) == ("tested", "different", None)
    assert found.p is not None


# --- pairs -----------------------------------------------------------------------------------------------------------


def test_seeds_pair_runs_when_both_sides_have_each_once() -> None:
    found = difference([1, 2, 3, 4], [1.1, 2.2, 3.1, 4.3], seeds=True)
    assert found.pairing is not None
    assert (found.method, found.pairing.kinds, found.pairing.n, found.won) == ("paired", ("seed",), 4, 4)
    assert found.outcome == "better"
    assert found.pairs.correlation == pytest.approx(0.999, abs=0.002)


def test_pairing_can_be_refused() -> None:
    assert difference([1, 2, 3, 4], [1.1, 2.2, 3.1, 4.3], seeds=True, pair_by="none").method == "welch"


def test_two_shared_seeds_are_no_design() -> None:
    assert difference([1, 2], [1.1, 2.2], seeds=True).method == "welch"


def test_runs_of_one_seed_count_once_with_their_mean() -> None:
    runs = [*arm("a", [1, 2, 3, 4], seeds=True), *arm("b", [2, 3, 4, 5.5], seeds=True)]
    runs[7] = replace(runs[7], params={"lr": "1", "seed": "2"})
    found = compared(*runs)
    (d,) = found.metrics[0].differences
    assert (d.method, d.n_a, d.n_b) == ("paired", 3, 3)
    assert d.pairing is not None
    assert d.pairing.b == (2, 3, 4.75)
    (put_together,) = found.metrics[0].groups[1].seeds
    assert (put_together.seed, [key for _, key in put_together.keys]) == ("2", ["b2", "b3"])
    assert found.metrics[0].groups[1].n == 3


def test_one_seed_for_all_runs_is_a_setting_and_another_tag_or_data_set_another_run() -> None:
    alike = [replace(run, params={"seed": "42"}) for run in arm("a", [1, 2, 3])]
    assert compared(*alike, *arm("b", [1, 2, 3], seeds=True)).metrics[0].groups[0].n == 3
    tagged = [replace(run, params={"seed": str(i // 2)}, tags=run.tags | {"part": str(i % 2)}) for i, run in enumerate(alike * 2)]
    tagged = [replace(run, run_id=f"a{i}") for i, run in enumerate(tagged)]
    assert compared(*tagged, *arm("b", [1, 2, 3], seeds=True)).metrics[0].groups[0].n == 6


def test_runs_that_share_only_some_seeds_are_not_paired_and_told_of_those() -> None:
    a = arm("a", [1, 2, 3, 4.5, 5, 6], seeds=True)
    b = [replace(run, params={"lr": "1", "seed": str(i + 2)}) for i, run in enumerate(arm("b", [3.1, 4.6, 5.2, 6.1, 7, 8]))]
    (found,) = compared(*a, *b).metrics[0].differences
    assert (found.method, found.pairing) == ("welch", None)
    assert found.partly is not None
    assert (found.partly.pairing.kinds, found.partly.pairing.n) == (("seed",), 4)
    assert (len(found.partly.pairing.left_a), len(found.partly.pairing.left_b)) == (2, 2)
    assert found.partly.delta == pytest.approx(0.125)
    assert found.partly.low is not None
    assert found.partly.low < 0.125 < (found.partly.high or 0)
    (apart,) = compared(*a, *[replace(run, params={"seed": f"9{i}"}) for i, run in enumerate(b)]).metrics[0].differences
    assert apart.partly is None


def test_a_paired_test_is_told_without_its_pairs() -> None:
    found = difference([1, 2, 3, 4], [1.2, 2.1, 3.3, 4.2], seeds=True)
    unpaired = found.tested.without_pairs.test
    assert unpaired.value == pytest.approx(found.delta)
    assert unpaired.p > 0.5 > (found.p or 1)
    assert difference([1, 2, 3, 4], [1.2, 2.1, 3.3, 4.2]).tested.without_pairs is None


def test_failures_of_more_than_a_fifth_are_compared_too() -> None:
    lost = [FakeRun(f"lost{i}", {}, {"lr": "1"}, {"arm": "b"}, status="FAILED") for i in range(2)]
    (found,) = compared(*arm("a", [1, 1.1, 1.2]), *arm("b", [2, 2.1, 2.2]), *lost).metrics[0].differences
    assert found.is_conditional
    success = found.tested.success
    assert (success.bad_a, success.n_a, success.bad_b, success.n_b) == (0, 3, 2, 5)
    assert success.difference.value == pytest.approx(-0.4)
    assert success.p == pytest.approx(13 / 28)  # both that failed in b: C(5,2)/C(8,2), and as unlikely the other way
    (few,) = compared(*arm("a", [1, 1.1, 1.2]), *arm("b", [2, 2.1, 2.2, 2.3, 2.2, 2]), lost[0]).metrics[0].differences
    assert few.tested.success is None


def test_one_stray_run_is_named_and_many_are_a_search() -> None:
    stray = FakeRun("range", {"m": 0.1}, {"lr": "sweep", "mode": "test"}, {"arm": "a"}, name="range test")
    (found,) = compared(*arm("a", [1, 1.1, 1.2, 1.3, 1]), stray, *arm("b", [2, 2.1, 2.2])).metrics[0].differences
    assert found.reason == "sweep"
    ((label, (one,)),) = found.strays
    assert (label, one.key, one.name, one.differs) == ("a", ("1", "range"), "range test", ("lr", "mode"))
    (searched,) = compared(*arm("a", [1, 1.1, 1.2]), stray, *arm("b", [2, 2.1, 2.2])).metrics[0].differences
    assert (searched.reason, searched.strays) == ("sweep", ())


def test_a_failed_run_knows_the_later_run_of_its_seed() -> None:
    early, late = (datetime(2026, 11, day, tzinfo=UTC) for day in (1, 2))
    lost = FakeRun("lost", {}, {"lr": "1", "seed": "1"}, {"arm": "a"}, status="FAILED", start=early)
    gone = FakeRun("gone", {}, {"lr": "1", "seed": "7"}, {"arm": "a"}, status="FAILED", start=early)
    found = compared(lost, gone, *arm("a", [1, 1.1, 1.2], seeds=True, start=late), *arm("b", [2, 2.1, 2.2]))
    assert found.groups[0].run_again == (RunAgain(("1", "lost"), ("1", "a1"), "1"),)
    before = compared(replace(lost, start=late), *arm("a", [1, 1.1, 1.2], seeds=True, start=early), *arm("b", [2, 2.1, 2.2]))
    assert before.groups[0].run_again == ()


def test_the_leading_set_never_contradicts_the_verdicts() -> None:
    """Raw p of the best against the baseline is below 5 %, Holm's over three groups is not."""
    runs = [*arm("base", [0.700, 0.706, 0.694, 0.703, 0.697]), *arm("x", [0.7097, 0.7167, 0.7017, 0.7127, 0.7027])]
    runs += [*arm("y", [0.701, 0.705, 0.699, 0.703, 0.696]), *arm("z", [0.690, 0.696, 0.684, 0.693, 0.687])]
    found = compared(*runs, baseline="base")
    against = {d.group: d for d in found.metrics[0].differences}
    assert found.leading is not None
    assert found.leading.best == "x"
    assert against["x"].p is not None
    assert against["x"].p < 0.05 < (against["x"].p_holm or 0)
    assert "base" in found.leading.members
    pairs = {frozenset((d.baseline, d.group)): d for d in found.pairs}
    assert {"y", "z"} & {*found.leading.members} == {one for one in "yz" if not pairs[frozenset(("x", one))].is_shown}


def test_a_declared_key_averages_runs_that_share_it() -> None:
    runs = [
        FakeRun(f"{label}{day}{i}", {"m": base + day + i / 10}, {"lr": "1"}, {"arm": label, "day": str(day)})
        for label, base in (("a", 0.0), ("b", 1.0))
        for day in range(4)
        for i in range(2)
    ]
    runs.append(FakeRun("b9", {"m": 7.0}, {"lr": "1"}, {"arm": "b", "day": "9"}))
    (found,) = compared(*runs, pair_by="tags.day").metrics[0].differences
    assert found.pairing is not None
    assert (found.pairing.n, found.pairing.averaged, len(found.pairing.left_b)) == (4, True, 1)
    assert found.reason == "same_difference"


def folds(label: str, base: float, n: int = 5, **params: str) -> list[FakeRun]:
    noise = [0.0, 0.02, -0.01, 0.03, -0.02]
    return [
        FakeRun(f"{label}{i}", {"m": base + i / 10 + noise[i] * (label == "b")}, {"fold": str(i), **params}, {"arm": label})
        for i in range(n)
    ]


def test_paired_folds_are_corrected() -> None:
    (found,) = compared(*folds("a", 0.1), *folds("b", 0.2)).metrics[0].differences
    assert found.pairing is not None
    assert (found.method, found.pairing.kinds, found.pairing.n_folds) == ("corrected", ("fold",), 5)
    plain = difference([r.metrics["m"] for r in folds("a", 0.1)], [r.metrics["m"] for r in folds("b", 0.2)], seeds=True)
    assert found.p is not None
    assert plain.p is not None
    assert found.p > plain.p
    assert found.power.n_needed is found.lift is None


def test_repeated_cross_validation_takes_the_number_of_folds_from_the_runs() -> None:
    """Fifty folds of 10 x 5-fold cross-validation are each a fifth of the data, not a fiftieth."""
    noise = [((i * 37) % 17 - 8) / 100 for i in range(50)]

    def both(params: Any) -> Difference:
        runs = [
            FakeRun(f"{arm}{i}", {"m": i / 10 + shift + noise[i] * (arm == "b")}, params(i), {"arm": arm})
            for arm, shift in (("a", 0.0), ("b", 0.01))
            for i in range(50)
        ]
        (found,) = compared(*runs).metrics[0].differences
        assert found.pairing is not None
        assert (found.method, found.pairing.n) == ("corrected", 50)
        return found

    by_number = both(lambda i: {"fold": str(i)})
    told = both(lambda i: {"fold": str(i), "n_splits": "5"})
    repeated = both(lambda i: {"fold": str(i % 5), "repeat": str(i // 5)})
    assert by_number.pairing is not None
    assert told.pairing is not None
    assert repeated.pairing is not None
    assert (by_number.pairing.n_folds, told.pairing.n_folds, repeated.pairing.n_folds) == (50, 5, 5)
    assert (told.pairing.share_logged, repeated.pairing.kinds) == (True, ("repeat", "fold"))
    assert told.p == pytest.approx(repeated.p)
    narrow, wide = (one.high - one.low for one in (by_number, told) if one.high is not None and one.low is not None)
    assert wide / narrow == pytest.approx(((1 / 50 + 1 / 4) / (1 / 50 + 1 / 49)) ** 0.5)


def test_children_are_samples_where_the_pairs_are_declared_by_what_only_they_have() -> None:
    runs = []
    for arm, shift in (("a", 0.0), ("b", 0.2)):
        runs.append(FakeRun(f"{arm}cv", {"m": shift}, {"lr": "1"}, {"arm": arm}))
        runs += [
            FakeRun(
                f"{arm}{i}",
                {"m": shift + i / 10 + (i % 2) / 50 * (arm == "b")},
                {"lr": "1", "fold": str(i)},
                {"arm": arm},
                parent=f"{arm}cv",
            )
            for i in range(5)
        ]
    (whole,) = compared(*runs).metrics[0].differences
    assert (whole.reason, whole.n_a) == ("one_run", 1)
    opened = compared(*runs, pair_by="params.fold")
    (found,) = opened.metrics[0].differences
    assert (found.method, found.outcome, found.n_a) == ("corrected", "better", 5)
    assert [(g.n, g.n_parents, g.n_inside_parents) for g in opened.metrics[0].groups] == [(5, 1, 0), (5, 1, 0)]


def test_folds_have_a_mean_without_an_interval() -> None:
    groups = compared(*folds("a", 0.1), *folds("b", 0.2)).metrics[0].groups
    assert {(g.no_interval, g.low, g.high) for g in groups} == {("folds", None, None)}


def test_equal_runs_on_other_data_are_no_re_runs() -> None:
    runs = [
        FakeRun(
            f"{arm}{data}{seed}",
            {"m": seed / 10 + int(data) + (arm == "b") / 5},
            {"lr": "1", "seed": str(seed)},
            {"arm": arm, "mlflow.source.git.commit": "c"},
            datasets=[("d", data)],
        )
        for arm in "ab"
        for data in "12"
        for seed in range(3)
    ]
    assert [len(group.repeated) for group in compared(*runs).groups] == [0, 0]
    assert [len(group.repeated) for group in compared(*(replace(run, datasets=()) for run in runs)).groups] == [3, 3]


def test_runs_on_several_data_sets_are_never_pooled_into_one_test() -> None:
    runs = [
        FakeRun(
            f"{arm}{data}{seed}",
            {"m": seed / 100 + data + (arm == "b") / 50},
            {"lr": "1", "seed": str(seed)},
            {"arm": arm},
            datasets=[(f"d{data}", "1")],
        )
        for arm in "ab"
        for data in range(6)
        for seed in range(3)
    ]
    found = facts(snapshot(*runs), metrics=BETTER_UP, primary="m", compare={"by": "tags.arm"})
    assert found.comparison is not None
    assert found.tasks is not None
    (pooled,) = found.comparison.metrics[0].differences
    assert (pooled.reason, pooled.outcome, pooled.p, pooled.low) == ("tasks", "incomparable", None, None)
    assert [pair.p for pair in found.tasks.pairs] == [0.03125]
    (asked,) = compared(*runs, tasks="none").metrics[0].differences
    assert asked.p is not None


def test_folds_that_cannot_be_paired_are_not_tested() -> None:
    other = [replace(run, params={"fold": f"x{i}"}) for i, run in enumerate(folds("b", 0.2))]
    (found,) = compared(*folds("a", 0.1), *other).metrics[0].differences
    assert (found.reason, found.outcome, found.p) == ("folds", "incomparable", None)


def test_unpaired_folds_are_averaged_within_a_seed() -> None:
    runs = [
        FakeRun(
            f"{label}{seed}{fold}",
            {"m": base + seed / 10 + seed**2 / 50 + fold},
            {"seed": f"{label}{seed}", "fold": str(fold)},
            {"arm": label},
        )
        for label, base in (("a", 0.0), ("b", 3.0))
        for seed in range(4)
        for fold in range(3)
    ]
    (found,) = compared(*runs).metrics[0].differences
    assert (found.method, found.n_a, found.n_b) == ("welch", 4, 4)


# --- groups ----------------------------------------------------------------------------------------------------------


def test_a_group_of_several_configurations_is_a_search() -> None:
    runs = [
        FakeRun(f"{label}{i}", {"m": base + i}, {"lr": str(i)}, {"arm": label})
        for label, base in (("a", 0), ("b", 2))
        for i in range(4)
    ]
    (found,) = compared(*runs).metrics[0].differences
    assert (found.reason, found.outcome, found.p) == ("sweep", "incomparable", None)
    best = found.result.best_of
    assert (best.k, best.a, best.b) == (4, 3, 5)
    (declared,) = compared(*runs, replicates=True).metrics[0].differences
    assert declared.reason == "tested"


def test_params_that_only_name_a_run_do_not_make_a_search() -> None:
    runs = [
        replace(run, params={"lr": "1", "output_dir": f"/out/{run.run_id}"})
        for run in (*arm("a", [1, 2, 3]), *arm("b", [2, 3, 4]))
    ]
    found = compared(*runs)
    assert found.metrics[0].differences[0].reason == "tested"
    assert found.groups[0].identifiers == ("output_dir",)


def test_the_param_that_makes_the_groups_is_no_configuration() -> None:
    runs = [FakeRun(f"{lr}{i}", {"m": base + i}, {"lr": lr}) for lr, base in (("0.1", 0), ("0.2", 10)) for i in range(3)]
    found = compared(*runs, by="params.lr")
    assert found.baseline == "0.1"
    assert found.metrics[0].differences[0].outcome == "better"


def test_failed_running_deleted_and_unlabelled_runs_are_counted_not_used() -> None:
    found = compared(
        *arm("a", [1, 2, 3]),
        *arm("b", [2, 3, 4]),
        FakeRun("f", {"m": 99}, {"lr": "1"}, {"arm": "a"}, status="FAILED"),
        FakeRun("r", {"m": 99}, {"lr": "1"}, {"arm": "a"}, status="RUNNING"),
        FakeRun("d", {"m": 99}, {"lr": "1"}, {"arm": "a"}, deleted=True),
        FakeRun("u", {"m": 99}),
    )
    a = found.groups[0]
    assert (len(a.finished), a.n_failed, a.n_unfinished, a.n) == (3, 1, 1, 5)
    assert found.n_unlabelled == 1
    assert found.metrics[0].groups[0].mean == 2


def test_an_identical_rerun_counts_once() -> None:
    again = replace(arm("a", [1.5, 2.5, 3.5], seeds=True)[0], run_id="again")
    found = compared(*arm("a", [1.5, 2.5, 3.5], seeds=True), again, *arm("b", [2, 3, 4], seeds=True))
    assert [key for _, key in found.groups[0].repeated] in (["a0"], ["again"])
    assert found.metrics[0].groups[0].n == 3


def test_a_parent_is_never_pooled_with_its_children() -> None:
    kids = [FakeRun(f"kid{i}", {"m": 50.0 + i}, {"lr": "1"}, {"arm": "a"}, parent="a0") for i in range(3)]
    found = compared(*arm("a", [1, 2, 3]), *kids, *arm("b", [2, 3, 4]))
    values = found.metrics[0].groups[0]
    assert (values.n, values.mean, values.n_inside_parents) == (3, 2, 3)


def test_a_baseline_that_is_not_there_compares_nothing() -> None:
    taken = snapshot(*arm("a", [1, 2, 3]), *arm("b", [2, 3, 4]))
    found = facts(taken, metrics=BETTER_UP, primary="m", compare={"by": "tags.arm", "baseline": "control"})
    assert found.comparison.baseline is None
    assert found.comparison.metrics[0].differences == ()
    assert [(p.slug, p.severity) for p in problems(found)] == [("compare-no-baseline", "gap")]


def test_no_groups_is_a_problem() -> None:
    found = facts(snapshot(FakeRun("a", {"m": 1})), compare={"by": "tags.arm"})
    assert [p.slug for p in problems(found)] == ["compare-no-groups"]


# --- several groups and metrics --------------------------------------------------------------------------------------


def test_several_groups_are_adjusted_with_holm_and_bonferroni() -> None:
    runs = [*arm("a", [1, 2, 3, 2.5]), *arm("b", [2, 3, 4, 3.5]), *arm("c", [7, 8, 9, 7.5]), *arm("d", [1.1, 2.2, 3.1, 2.4])]
    found = compared(*runs)
    differences = found.metrics[0].differences
    assert [d.group for d in differences] == ["b", "c", "d"]
    assert {d.tested.family.n for d in differences} == {3}
    assert all(d.p_holm >= d.p for d in differences)
    assert differences[0].level == pytest.approx(1 - 0.05 / 3)


def test_the_primary_metric_is_not_adjusted_for_the_others() -> None:
    runs = [
        FakeRun(
            f"{label}{i}",
            {"m": base + i / 10 + i**2 / 99, "x_error": base + i, "y_error": base + 2 * i},
            {"lr": "1"},
            {"arm": label},
        )
        for label, base in (("a", 0.0), ("b", 1.0))
        for i in range(5)
    ]
    found = compared(*runs, metrics=BETTER_UP)
    first, *others = found.metrics
    assert first.primary
    assert first.differences[0].p_holm is None
    assert all(one.differences[0].tested.family.n == len(others) > 1 for one in others)


def test_groups_stand_in_natural_order_behind_the_baseline() -> None:
    runs = [run for label in ("v10", "v2", "v1") for run in arm(label, [1, 2, 3])]
    assert [group.label for group in compared(*runs, baseline="v2").groups] == ["v2", "v1", "v10"]
    assert sorted(["1e-3", "0.01", "1e-4"], key=natural) == ["1e-4", "1e-3", "0.01"]


# --- what else differs -----------------------------------------------------------------------------------------------


def test_like_for_like() -> None:
    runs = [
        *arm("a", [1, 2, 3], datasets=[("d", "1")], histories={"m": [0.0, 1.0]}),
        *arm("b", [2, 3, 4], datasets=[("d", "2")], histories={"m": [0.0, 1.0, 2.0]}),
        *[FakeRun(f"f{i}", {}, {}, {"arm": "b"}, status="FAILED") for i in range(2)],
    ]
    alike = compared(*runs).alike
    assert alike is not None
    assert alike.datasets_differ
    same = [*arm("a", [1, 2, 3], datasets=[("d", "1"), ("d", "2")]), *arm("b", [2, 3, 4], datasets=[("e", "2"), ("f", "1")])]
    assert not compared(*same).alike.datasets_differ  # told by their digests
    assert alike.steps == {"a": (1, 1), "b": (2, 2)}
    assert alike.steps_differ
    assert alike.many_failed == ("b",)


def test_experiments_side_by_side_without_a_verdict() -> None:
    runs = [
        FakeRun(f"{name}{i}", {"val_acc": i / 10}, experiment=name)
        for name, n in (("x", 3), ("y", 4), ("z", 2))
        for i in range(n)
    ]
    found = facts(snapshot(*runs)).side_by_side
    assert [(group.label, group.n) for group in found.groups] == [("x", 3), ("y", 4)]
    assert facts(snapshot(*runs[:3])).side_by_side is None


# --- properties ------------------------------------------------------------------------------------------------------

numbers = st.lists(
    st.one_of(
        st.integers(-5, 5).map(float),
        st.floats(-1e3, 1e3).map(lambda x: round(x, 3)),
        st.sampled_from([math.nan, math.inf, 1e300]),
    ),
    min_size=0,
    max_size=7,
)


@given(numbers, numbers, st.booleans())
def test_swapping_the_groups_turns_every_sign(a: list[float], b: list[float], seeds: bool) -> None:
    if not a or not b:
        return
    there = difference(a, b, seeds=seeds)
    back = compared(*arm("a", a, seeds=seeds), *arm("b", b, seeds=seeds), baseline="b").metrics[0].differences[0]
    assert there.reason == back.reason
    turned = {"better": "worse", "worse": "better"}
    assert back.outcome == turned.get(there.outcome, there.outcome)
    if there.delta is not None and back.delta is not None:
        assert there.delta == pytest.approx(-back.delta, abs=1e-9)
    if there.low is not None and back.high is not None:
        assert there.low == pytest.approx(-back.high, rel=1e-9, abs=1e-9)


@given(numbers, numbers, st.booleans())
def test_a_verdict_needs_a_test_and_an_interval_on_one_side(a: list[float], b: list[float], seeds: bool) -> None:
    if not a or not b:
        return
    found = difference(a, b, seeds=seeds)
    if found.outcome in ("better", "worse"):
        assert found.reason == "tested"
        assert found.p is not None
        assert found.p <= 0.05
        assert found.low is not None
        assert found.high is not None
        assert found.low * found.high >= 0
        assert min(found.n_a, found.n_b) >= 3
        assert (found.improvement or 0) > 0 if found.outcome == "better" else (found.improvement or 0) < 0
    if min(found.n_a, found.n_b) < 3:
        assert untested(found)


# --- the declared split ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("n_b", "outcome"), [(12, "better"), (60, "incomparable")])
def test_a_mismatch_of_the_declared_split_withdraws_better(n_b: int, outcome: str) -> None:
    a, b = arm("a", [0.5 + i % 3 / 100 for i in range(12)]), arm("b", [0.9 + i % 3 / 100 for i in range(n_b)])
    found = compared(*a, *b, split={"a": 1, "b": 1})
    assert found.alike is not None
    assert found.alike.split is not None
    assert found.metrics[0].differences[0].outcome == outcome
    assert found.alike.split.p == pytest.approx(binomtest(12, 12 + n_b, 0.5).pvalue)


def test_a_declared_split_that_is_not_even_holds() -> None:
    found = compared(*arm("a", [0.5, 0.51] * 15), *arm("b", [0.9, 0.91] * 5), split={"a": 3, "b": 1})
    assert found.alike is not None
    assert found.alike.split is not None
    assert found.alike.split.p == pytest.approx(1.0)
    assert found.metrics[0].differences[0].outcome == "better"


# --- groups of unequal sizes -----------------------------------------------------------------------------------------

NEAR_ONE = (
    0.999,
    0.864,
    0.938,
    0.996,
    0.962,
    0.999,
    0.976,
    0.999,
    0.995,
    1.0,
    0.99,
    0.91,
    0.835,
    0.997,
    0.994,
    0.952,
    0.973,
    0.993,
    1.0,
    0.991,
)
"""Twenty runs with a beta distribution near 1, some of them from its tail, which three runs have seldom seen."""


def test_a_small_group_that_has_not_seen_the_tail_is_not_better() -> None:
    few = [0.997, 0.998, 0.999]
    found = difference(NEAR_ONE, few)
    assert found.p is not None
    assert found.p <= 0.05  # Welch's test alone would call it better
    assert found.tested is not None
    assert found.tested.p_check is not None
    assert found.tested.p_check > 0.05
    assert (found.outcome, found.is_shown, found.is_doubted) == ("unclear", False, True)
    assert difference(NEAR_ONE[:4], few).tested is None or not difference(NEAR_ONE[:4], few).is_doubted


def test_a_difference_that_both_tests_show_is_shown_for_unequal_sizes() -> None:
    found = difference([0.5, 0.52, 0.51, 0.49, 0.5, 0.53, 0.5, 0.51], [0.9, 0.91, 0.92])
    assert (found.outcome, found.is_doubted) == ("better", False)
    assert found.tested is not None
    assert found.tested.p_check is not None


@pytest.mark.parametrize(("n_a", "n_b", "is_unequal"), [(8, 3, True), (4, 3, False)])
def test_groups_of_unequal_sizes_are_said_to_have_a_narrow_interval(n_a: int, n_b: int, is_unequal: bool) -> None:
    a, b = NEAR_ONE[:n_a], (0.99, 0.98, 0.97)[:n_b]
    assert difference(a, list(b)).is_unequal is is_unequal
    runs = [FakeRun(f"{arm}{i}", {"acc": v}, tags={"arm": arm}) for arm, side in (("a", a), ("b", b)) for i, v in enumerate(side)]
    report = told(snapshot(*runs), compare={"by": "tags.arm", "baseline": "a"}, primary="acc")
    words = " ".join(of_section(one) for one in report.sections)
    assert ("of skewed values the interval is too narrow" in words) is is_unequal


def test_a_margin_is_not_passed_where_the_permutation_test_disagrees() -> None:
    few = [0.987, 0.988, 0.989]  # the same less the margin
    found = difference(NEAR_ONE, few, margin=0.01)
    assert found.margin is not None
    assert (found.margin.state, found.margin.equivalent, found.margin.is_doubted) == ("INCONCLUSIVE", False, True)
