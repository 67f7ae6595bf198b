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
