"""Properties of the estimates, tests and sizes of effect that must hold for any numbers; power and degenerate input."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.analyze.methods import effect_sizes, estimates, multiple, power, proportions, randomness, samples
from reportgen.analyze.methods.resampling import permutation_test, probability_interval

values = st.lists(st.floats(-1e6, 1e6, allow_nan=False).map(lambda x: round(x, 6)), min_size=2, max_size=12)


def test_power_matches_the_simulated_reference() -> None:
    """Welch, alpha .05, a difference of one and two sds; simulated in the facts of this project to ± 0.015."""
    for n, one, two in ((5, 0.26, 0.78), (10, 0.55, 0.99)):
        se = math.sqrt(2 / n)
        assert power.t_test_power(1, se, 2 * n - 2) == pytest.approx(one, abs=0.03)
        assert power.t_test_power(2, se, 2 * n - 2) == pytest.approx(two, abs=0.02)


@given(st.floats(0, 200), st.integers(1, 2000))
def test_power_is_a_share_that_grows_with_the_effect(shift: float, df: int) -> None:
    less, more = power.t_test_power(shift, 1.0, df), power.t_test_power(shift + 0.5, 1.0, df)
    assert 0.049 <= less <= more + 1e-9 <= 1 + 1e-9


@given(st.floats(0.05, 3), st.integers(3, 50))
def test_the_detectable_difference_has_the_power_it_promises(spread: float, n: int) -> None:
    se, df = spread * math.sqrt(2 / n), 2 * n - 2
    assert power.t_test_power(power.minimum_detectable_difference(se, df), se, df) == pytest.approx(0.8, abs=1e-6)


@pytest.mark.parametrize("paired", [False, True])
def test_the_runs_needed_are_the_fewest_that_suffice(paired: bool) -> None:
    n = power.runs_needed(1.0, 1.0, 1.0, paired=paired)
    assert n == (10 if paired else 17)  # as G*Power gives them
    assert power.runs_needed(0.0, 1.0, 1.0) is None
    assert power.runs_needed(1e-9, 1.0, 1.0) is None


# --- degenerate inputs -----------------------------------------------------------------------------------------------


def test_nothing_is_tested_without_variation() -> None:
    assert estimates.welch([0.9] * 3, [0.8] * 3) is None
    assert estimates.paired([0.1, 0.2, 0.3], [0.2, 0.3, 0.4]) is None  # the differences differ only by rounding
    assert effect_sizes.hedges_g([0.9] * 3, [0.8] * 3) is None


def test_floating_point_noise_is_no_variation() -> None:
    assert samples.sd([0.1 + 0.2, 0.3, 0.3]) == 0
    assert samples.sd([1e300, 1e300, 1e300]) == 0
    assert samples.sd([1e300, -1e300]) == pytest.approx(math.sqrt(2) * 1e300)
    assert samples.mean([1.7e308, 1.7e308, 1.6e308]) == pytest.approx(5 / 3 * 1e308)


def test_a_relative_difference_of_thousands_is_not_told() -> None:
    assert estimates.relative_lift([1e-9, 2e-9, 1.5e-9], [5.0, 6.0, 7.0]) is None


def test_resampling_repeats_itself() -> None:
    a, b = list(range(12)), list(range(3, 15))
    twice = [probability_interval(a, b, randomness.generator("x"), draws=500) for _ in range(2)]
    assert twice[0] == twice[1]
    big = list(range(40))
    twice = [permutation_test(big, [x + 1 for x in big], randomness.generator("x")) for _ in range(2)]
    assert twice[0] == twice[1]


# --- what a mutation of the formulas must not survive ------------------------------------------------------------------


def test_a_prediction_interval_carries_its_error_and_narrows_with_more_new_runs() -> None:
    values = [1.0, 2.0, 4.0]
    one, three = estimates.prediction_interval(values), estimates.prediction_interval(values, 3, 0.9)
    assert (one.value, one.level, one.df) == (pytest.approx(7 / 3), 0.95, 2)
    assert one.se == pytest.approx(samples.sd(values) * math.sqrt(1 + 1 / 3))
    assert three.se == pytest.approx(samples.sd(values) * math.sqrt(2 / 3))
    assert (one.low, one.high) == pytest.approx((one.at(0.95).low, one.at(0.95).high))
    assert (three.low, three.high) == pytest.approx((three.at(0.9).low, three.at(0.9).high))


def test_a_difference_of_shares_has_its_value_and_its_level() -> None:
    wide, narrow = proportions.newcombe_interval(3, 10, 6, 12), proportions.newcombe_interval(3, 10, 6, 12, 0.8)
    assert (wide.value, wide.level, narrow.level) == (pytest.approx(0.2), 0.95, 0.8)
    a, b = proportions.wilson_interval(3, 10, 0.8), proportions.wilson_interval(6, 12, 0.8)
    assert narrow.low == pytest.approx(0.2 - math.hypot(0.5 - b.low, a.high - 0.3))
    assert narrow.high == pytest.approx(0.2 + math.hypot(b.high - 0.5, 0.3 - a.low))


def test_a_lift_uses_welchs_degrees_of_freedom_at_the_level_asked_for() -> None:
    a, b = [10.0, 11.0, 12.0, 10.5], [12.0, 14.0, 15.0]
    lift = estimates.relative_lift(a, b, 0.8)
    assert lift is not None
    va, vb = (samples.sd(side) ** 2 / len(side) / samples.mean(side) ** 2 for side in (a, b))
    df = (va + vb) ** 2 / (va**2 / 3 + vb**2 / 2)
    half = estimates.t_quantile(0.9, df) * math.sqrt(va + vb)
    center = math.log(samples.mean(b) / samples.mean(a))
    assert (lift.low, lift.high, lift.level) == pytest.approx((math.expm1(center - half), math.expm1(center + half), 0.8))
    assert estimates.relative_lift([2.0, 2.0], [3.0, 3.0]) is None


def test_runs_needed_of_unequal_spreads_are_the_fewest_with_the_power_at_alpha() -> None:
    for alpha in (0.05, 0.01):
        n = power.runs_needed(1.0, 0.5, 2.0, alpha)
        assert n is not None

        def reached(size: int, alpha: float = alpha) -> float:
            df = (0.25 / size + 4.0 / size) ** 2 / ((0.25 / size) ** 2 / (size - 1) + (4.0 / size) ** 2 / (size - 1))
            return power.t_test_power(1.0, math.sqrt(4.25 / size), df, alpha)

        assert reached(n - 1) < 0.8 <= reached(n)
    assert power.runs_needed(100.0, 1.0, 1.0) == 2


def test_a_column_that_does_not_vary_has_no_correlation() -> None:
    assert samples.correlation([1.0, 1.0, 1.0], [1.0, 2.0, 3.0]) is None
    assert samples.correlation([1.0, 2.0, 3.0], [1.0, 1.0, 1.0]) is None
    assert multiple.holm_of_some([0.01, None, 0.02]) == (0.02, None, 0.02)


# --- properties ------------------------------------------------------------------------------------------------------


@given(values, values)
def test_welch_turns_its_sign_when_the_groups_swap(a: list[float], b: list[float]) -> None:
    one, other = estimates.welch(a, b), estimates.welch(b, a)
    assert (one is None) == (other is None)
    if one is not None and other is not None:
        assert one.value == pytest.approx(-other.value, abs=1e-9)
        assert (one.low, one.high) == pytest.approx((-other.high, -other.low), rel=1e-9, abs=1e-9)
        assert one.p == pytest.approx(other.p, rel=1e-9)


@given(values, values, st.randoms(use_true_random=False))
def test_the_order_of_runs_does_not_matter(a: list[float], b: list[float], random: object) -> None:
    shuffled = list(a)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert estimates.welch(a, b) == estimates.welch(shuffled, b)
    assert estimates.t_interval(a) == estimates.t_interval(shuffled)
    assert effect_sizes.cliffs_delta(a, b) == effect_sizes.cliffs_delta(shuffled, b)


@given(values, st.floats(-100, 100).map(lambda x: round(x, 3)))
def test_adding_the_same_to_all_moves_only_the_mean(a: list[float], shift: float) -> None:
    moved = [x + shift for x in a]
    assert samples.sd(moved) == pytest.approx(samples.sd(a), rel=1e-6, abs=1e-6)
    assert samples.mean(moved) == pytest.approx(samples.mean(a) + shift, rel=1e-9, abs=1e-6)


@given(values, values)
def test_the_chances_of_both_sides_are_one(a: list[float], b: list[float]) -> None:
    there, back = effect_sizes.probability_of_improvement(a, b), effect_sizes.probability_of_improvement(b, a)
    assert there + back == pytest.approx(1)
    brute = np.mean([1.0 if y > x else 0.5 if y == x else 0.0 for x in a for y in b])
    assert there == pytest.approx(float(brute))


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_holm_lies_between_p_and_bonferroni_and_keeps_the_order(ps: list[float]) -> None:
    adjusted = multiple.holm(ps)
    for p, q in zip(ps, adjusted, strict=True):
        assert p <= q <= min(1, p * len(ps)) + 1e-12
    order = sorted(range(len(ps)), key=lambda i: ps[i])
    assert all(adjusted[i] <= adjusted[j] for i, j in itertools.pairwise(order))


@given(st.integers(0, 50), st.integers(1, 50))
def test_wilson_stays_inside_and_around_the_share(k: int, n: int) -> None:
    k = min(k, n)
    found = proportions.wilson_interval(k, n)
    assert 0 <= found.low <= found.value + 1e-12
    assert found.value - 1e-12 <= found.high <= 1
