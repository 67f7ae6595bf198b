"""The formulas against published numbers, and the properties that must hold for any numbers."""

from __future__ import annotations

import itertools
import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.analyze import statistics as stats
from reportgen.analyze.curves import smoothed
from reportgen.analyze.methods.resampling import permutation_test, probability_interval

CASES = {case["id"]: case for case in json.loads(Path(__file__).with_name("known_answers.json").read_text())["cases"]}

values = st.lists(st.floats(-1e6, 1e6, allow_nan=False).map(lambda x: round(x, 6)), min_size=2, max_size=12)


def close(case: str, key: str, found: float, expected: float | None = None) -> None:
    tolerance = CASES[case]["tolerance"]
    wanted = CASES[case]["expected"][key] if expected is None else expected
    assert found == pytest.approx(wanted, abs=tolerance.get(key, tolerance["default"]) or 1e-12)


def data(case: str) -> dict:
    return CASES[case]["data"]


def test_welch_is_that_of_r() -> None:
    test = stats.welch(data("welch-sleep")["B"], data("welch-sleep")["A"])
    assert test is not None
    close("welch-sleep", "t", test.t)
    close("welch-sleep", "df", test.df)
    close("welch-sleep", "p", test.p)
    for bound, wanted in zip((test.low, test.high), CASES["welch-sleep"]["expected"]["ci"], strict=True):
        close("welch-sleep", "ci", bound, wanted)


def test_the_paired_t_test_is_that_of_r() -> None:
    test = stats.paired(data("paired-sleep")["B"], data("paired-sleep")["A"])
    assert test is not None
    close("paired-sleep", "diff", test.delta)
    close("paired-sleep", "t", test.t)
    close("paired-sleep", "p", test.p)
    assert test.df == CASES["paired-sleep"]["expected"]["df"]
    for bound, wanted in zip((test.low, test.high), CASES["paired-sleep"]["expected"]["ci"], strict=True):
        close("paired-sleep", "ci", bound, wanted)


def test_folds_are_corrected_as_nadeau_and_bengio_do() -> None:
    """The Bayesian correlated t posterior of the published case has the same centre and scale."""
    from scipy import special

    case = data("corrected-t-kcv-AB")
    test = stats.corrected_paired(case["y"], case["x"], case["rho"])
    assert test is not None
    left = special.stdtr(test.df, (-case["rope"] - test.delta) / test.se)
    right = 1 - special.stdtr(test.df, (case["rope"] - test.delta) / test.se)
    close("corrected-t-kcv-AB", "left", float(left))
    close("corrected-t-kcv-AB", "right", float(right))
    plain = stats.paired(case["y"], case["x"])
    assert plain is not None
    assert plain.p < 1e-10 < test.p


def test_cliffs_delta_and_chance() -> None:
    case = data("cliff-effsize")
    close("cliff-effsize", "cliff_delta", stats.cliffs_delta(case["B"], case["A"]))
    close("cliff-effsize", "A12", stats.probability_of_improvement(case["B"], case["A"]))


def test_chance_averaged_over_tasks_is_that_of_rliable() -> None:
    case = data("rliable-unit")
    x, y = np.array(case["x"]), np.array(case["y"])
    chances = [stats.probability_of_improvement(y[:, task], x[:, task]) for task in range(2)]
    close("rliable-unit", "prob_improvement_x_over_y", float(np.mean(chances)))


def test_hedges_g_from_summaries() -> None:
    case = data("hedges-borenstein")
    g = stats.hedges_g_of(case["m2"], case["s2"], case["n2"], case["m1"], case["s1"], case["n1"])
    assert g is not None
    close("hedges-borenstein", "g", g)
    close("hedges-borenstein", "J", stats.hedges_correction(98))


def test_holm_over_all_pairs_is_that_of_r() -> None:
    case = data("pairwise-holm-airquality")
    months = ["May", "Jun", "Jul", "Aug", "Sep"]
    pairs = list(itertools.combinations(months, 2))
    tests = [stats.welch(case[a], case[b]) for a, b in pairs]
    adjusted = stats.holm([test.p for test in tests if test])
    for (a, b), p in zip(pairs, adjusted, strict=True):
        close(
            "pairwise-holm-airquality", "holm_welch", p, CASES["pairwise-holm-airquality"]["expected"]["holm_welch"][f"{b}-{a}"]
        )


def test_holm_rejects_as_published() -> None:
    adjusted = stats.holm(data("bh1995")["p"])
    assert sum(p <= 0.05 for p in adjusted) == CASES["bh1995"]["expected"]["n_rejected_holm"]


def test_the_permutation_test_is_exact() -> None:
    case = data("mouse-permutation")
    # The book's number is one-sided; the exact two-sided one is that of all 11,440 relabelings.
    found = permutation_test(case["A"], case["B"], stats.generator("x"))
    assert found.p_two_sided == pytest.approx(0.278321678322, abs=1e-9)


def test_wilson_and_newcombe() -> None:
    for (k, n), wanted in zip(data("proportions-1")["one"], CASES["proportions-1"]["expected"]["wilson"], strict=True):
        found = stats.wilson_interval(k, n)
        close("proportions-1", "wilson", found.low, wanted[0])
        close("proportions-1", "wilson", found.high, wanted[1])
    for (k_b, n_b, k_a, n_a), wanted in zip(
        data("proportions-1")["two"], CASES["proportions-1"]["expected"]["newcombe"], strict=True
    ):
        found = stats.newcombe_interval(k_a, n_a, k_b, n_b)
        close("proportions-1", "newcombe", found.low, wanted[0])
        close("proportions-1", "newcombe", found.high, wanted[1])


def test_relative_lift_is_that_of_tea_tasting() -> None:
    control, treatment = (data("lift-tea-tasting")["orders_per_user"][side] for side in ("control", "treatment"))
    lift = stats.relative_lift_of(
        control["mean"], control["var"] ** 0.5, control["n"], treatment["mean"], treatment["var"] ** 0.5, treatment["n"]
    )
    assert lift is not None
    close("lift-tea-tasting", "lift", lift.value)
    close("lift-tea-tasting", "lift_ci", lift.low, CASES["lift-tea-tasting"]["expected"]["lift_ci"][0])
    close("lift-tea-tasting", "lift_ci", lift.high, CASES["lift-tea-tasting"]["expected"]["lift_ci"][1])


def test_prediction_interval_is_that_of_devore() -> None:
    x = data("pi-devore")["x"]
    for found, key in ((stats.t_interval(x), "ci"), (stats.prediction_interval(x), "prediction_interval")):
        for bound, wanted in zip((found.low, found.high), CASES["pi-devore"]["expected"][key], strict=True):
            close("pi-devore", key, bound, wanted)


def test_smoothing_is_that_of_tensorboard() -> None:
    case = data("ema-tensorboard")
    for name in ("s1", "s2"):
        for found, wanted in zip(smoothed(case[name], case["w"]), CASES["ema-tensorboard"]["expected"][name], strict=True):
            close("ema-tensorboard", name, float(found), wanted)
    holes = smoothed([float(x) for x in case["s_nonfinite"]], case["w"])
    assert holes[np.isfinite(holes)].tolist() == CASES["ema-tensorboard"]["expected"]["nonfinite_finite_points"]
    assert [math.isnan(x) or math.isinf(x) for x in holes] == [True, False, True, True, False]
    assert smoothed(case["constant"], case["constant_w"]).tolist() == case["constant"]
    assert smoothed(case["clip"], case["clip_w"]).tolist() == case["clip"]


def test_power_matches_the_simulated_reference() -> None:
    """Welch, alpha .05, a difference of one and two sds; simulated in the facts of this project to ± 0.015."""
    for n, one, two in ((5, 0.26, 0.78), (10, 0.55, 0.99)):
        se = math.sqrt(2 / n)
        assert stats.power(1, se, 2 * n - 2) == pytest.approx(one, abs=0.03)
        assert stats.power(2, se, 2 * n - 2) == pytest.approx(two, abs=0.02)


@given(st.floats(0, 200), st.integers(1, 2000))
def test_power_is_a_share_that_grows_with_the_effect(shift: float, df: int) -> None:
    less, more = stats.power(shift, 1.0, df), stats.power(shift + 0.5, 1.0, df)
    assert 0.049 <= less <= more + 1e-9 <= 1 + 1e-9


@given(st.floats(0.05, 3), st.integers(3, 50))
def test_the_detectable_difference_has_the_power_it_promises(spread: float, n: int) -> None:
    se, df = spread * math.sqrt(2 / n), 2 * n - 2
    assert stats.power(stats.minimum_detectable_difference(se, df), se, df) == pytest.approx(0.8, abs=1e-6)


@pytest.mark.parametrize("paired", [False, True])
def test_the_runs_needed_are_the_fewest_that_suffice(paired: bool) -> None:
    n = stats.runs_needed(1.0, 1.0, 1.0, paired=paired)
    assert n == (10 if paired else 17)  # as G*Power gives them
    assert stats.runs_needed(0.0, 1.0, 1.0) is None
    assert stats.runs_needed(1e-9, 1.0, 1.0) is None


# --- degenerate inputs -----------------------------------------------------------------------------------------------


def test_nothing_is_tested_without_variation() -> None:
    assert stats.welch([0.9] * 3, [0.8] * 3) is None
    assert stats.paired([0.1, 0.2, 0.3], [0.2, 0.3, 0.4]) is None  # the differences differ only by rounding
    assert stats.hedges_g([0.9] * 3, [0.8] * 3) is None


def test_floating_point_noise_is_no_variation() -> None:
    assert stats.sd([0.1 + 0.2, 0.3, 0.3]) == 0
    assert stats.sd([1e300, 1e300, 1e300]) == 0
    assert stats.sd([1e300, -1e300]) == pytest.approx(math.sqrt(2) * 1e300)
    assert stats.mean([1.7e308, 1.7e308, 1.6e308]) == pytest.approx(5 / 3 * 1e308)


def test_a_relative_difference_of_thousands_is_not_told() -> None:
    assert stats.relative_lift([1e-9, 2e-9, 1.5e-9], [5.0, 6.0, 7.0]) is None


def test_resampling_repeats_itself() -> None:
    a, b = list(range(12)), list(range(3, 15))
    twice = [probability_interval(a, b, stats.generator("x"), draws=500) for _ in range(2)]
    assert twice[0] == twice[1]
    big = list(range(40))
    twice = [permutation_test(big, [x + 1 for x in big], stats.generator("x")) for _ in range(2)]
    assert twice[0] == twice[1]


# --- properties ------------------------------------------------------------------------------------------------------


@given(values, values)
def test_welch_turns_its_sign_when_the_groups_swap(a: list[float], b: list[float]) -> None:
    one, other = stats.welch(a, b), stats.welch(b, a)
    assert (one is None) == (other is None)
    if one is not None and other is not None:
        assert one.delta == pytest.approx(-other.delta, abs=1e-9)
        assert (one.low, one.high) == pytest.approx((-other.high, -other.low), rel=1e-9, abs=1e-9)
        assert one.p == pytest.approx(other.p, rel=1e-9)


@given(values, values, st.randoms(use_true_random=False))
def test_the_order_of_runs_does_not_matter(a: list[float], b: list[float], random: object) -> None:
    shuffled = list(a)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert stats.welch(a, b) == stats.welch(shuffled, b)
    assert stats.t_interval(a) == stats.t_interval(shuffled)
    assert stats.cliffs_delta(a, b) == stats.cliffs_delta(shuffled, b)


@given(values, st.floats(-100, 100).map(lambda x: round(x, 3)))
def test_adding_the_same_to_all_moves_only_the_mean(a: list[float], shift: float) -> None:
    moved = [x + shift for x in a]
    assert stats.sd(moved) == pytest.approx(stats.sd(a), rel=1e-6, abs=1e-6)
    assert stats.mean(moved) == pytest.approx(stats.mean(a) + shift, rel=1e-9, abs=1e-6)


@given(values, values)
def test_the_chances_of_both_sides_are_one(a: list[float], b: list[float]) -> None:
    there, back = stats.probability_of_improvement(a, b), stats.probability_of_improvement(b, a)
    assert there + back == pytest.approx(1)
    brute = np.mean([1.0 if y > x else 0.5 if y == x else 0.0 for x in a for y in b])
    assert there == pytest.approx(float(brute))


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_holm_lies_between_p_and_bonferroni_and_keeps_the_order(ps: list[float]) -> None:
    adjusted = stats.holm(ps)
    for p, q in zip(ps, adjusted, strict=True):
        assert p <= q <= min(1, p * len(ps)) + 1e-12
    order = sorted(range(len(ps)), key=lambda i: ps[i])
    assert all(adjusted[i] <= adjusted[j] for i, j in itertools.pairwise(order))


@given(values, st.integers(1, 12), st.booleans())
def test_the_expected_best_is_the_mean_over_all_subsets(a: list[float], k: int, maximize: bool) -> None:
    k = min(k, len(a))
    best = max if maximize else min
    wanted = np.mean([best(chosen) for chosen in itertools.combinations(a, k)])
    assert stats.expected_best_of(a, k, maximize=maximize) == pytest.approx(float(wanted), rel=1e-9, abs=1e-6)


@given(st.integers(0, 50), st.integers(1, 50))
def test_wilson_stays_inside_and_around_the_share(k: int, n: int) -> None:
    k = min(k, n)
    found = stats.wilson_interval(k, n)
    assert 0 <= found.low <= found.value + 1e-12
    assert found.value - 1e-12 <= found.high <= 1
