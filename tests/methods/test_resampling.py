"""Permutation tests and the bootstrap: exact counts, reproducible draws, and too few runs."""

from __future__ import annotations

import itertools
import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from reportgen.analyze.methods import effect_sizes, randomness, resampling
from reportgen.analyze.methods.randomness import generator

values = st.integers(-20, 20).map(lambda n: n / 8)
"""Binary fractions: equal sums are equal in every order, also for the other programs these tests ask."""


def rng() -> np.random.Generator:
    return generator("test", 1)


def test_a_generator_depends_on_seed_and_block_and_on_nothing_else() -> None:
    draws = [generator(*which).integers(0, 2**62) for which in (("a", 1), ("b", 1), ("a", 2), ("a", 1))]
    assert draws[0] == draws[3]
    assert len(set(draws)) == 3
    code = "from reportgen.analyze.methods.randomness import generator; print(generator('a', 1).integers(0, 2**62))"
    for salt in ("0", "1"):
        other = subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": salt}, capture_output=True, text=True, check=True
        )
        assert int(other.stdout) == draws[0]
    assert generator("a", randomness.REPORT_SEED).random() == generator("a").random()
    with pytest.raises(ValueError, match="must not be negative"):
        generator("a", -1)


@given(st.lists(values, min_size=4, max_size=6), st.lists(values, min_size=4, max_size=7))
def test_exact_permutation_is_scipys(a: list[float], b: list[float]) -> None:
    test = resampling.permutation_test(a, b, rng())
    if np.ptp([*a, *b]) == 0:
        assert (test.outcome, test.p_two_sided) == ("no variation", None)
        return
    assert (test.outcome, test.exact) == ("estimated", True)
    means = stats.permutation_test((b, a), lambda x, y: np.mean(x) - np.mean(y), n_resamples=np.inf, alternative="greater")
    assert test.p_greater == pytest.approx(means.pvalue)
    tie = 1e-9 * float(np.ptp([*a, *b]))  # sums that differ in the last bit are equal
    size = stats.permutation_test(
        (b, a),
        lambda x, y: np.round(abs(np.mean(x) - np.mean(y)) / tie),
        n_resamples=np.inf,
        alternative="greater",
        vectorized=False,
    )
    assert test.p_two_sided == pytest.approx(size.pvalue)
    assert test.p_two_sided is not None
    assert test.smallest_p <= test.p_two_sided <= 1
    assert resampling.permutation_test(sorted(a), b[::-1], rng()) == test


def test_sums_that_are_equal_in_decimals_tie() -> None:
    # Both means are 0.15; added up in another order they differ by 5e-17.
    assert resampling.permutation_test([0.0, 0.0, 0.2, 0.4], [0.0, 0.0, 0.3, 0.3], rng()).p_two_sided == 1.0
    assert resampling.permutation_test([0.0, 0.0, 0.3, 0.3], [0.0, 0.0, 0.2, 0.4], rng()).p_greater == pytest.approx(41 / 70)


@given(st.lists(st.tuples(values, values), min_size=6, max_size=10))
def test_exact_sign_flips_count_every_pattern(pairs: list[tuple[float, float]]) -> None:
    a, b = [p[0] for p in pairs], [p[1] for p in pairs]
    test = resampling.sign_flip_test(a, b, rng())
    if a == b:
        assert (test.outcome, test.p_two_sided) == ("identical", None)
        return
    assert (test.exact, test.arrangements) == (True, 2 ** len(pairs))
    sizes = [abs(y - x) for x, y in pairs]
    observed = abs(math.fsum(y - x for x, y in pairs)) - 1e-9 * math.fsum(sizes)
    signs = itertools.product((1, -1), repeat=len(pairs))
    sums = [abs(math.fsum(sign * size for sign, size in zip(one, sizes, strict=True))) for one in signs]
    assert test.p_two_sided == pytest.approx(sum(one >= observed for one in sums) / len(sums))


def test_drawn_permutations_are_never_zero_agree_with_exact_ones_and_repeat() -> None:
    a, b = np.arange(12.0), np.arange(12.0) + 100
    far = resampling.permutation_test(a, b, rng())
    assert (far.exact, far.arrangements, far.p_two_sided, far.smallest_p) == (False, 9_999, 1e-4, 1e-4)
    near = resampling.permutation_test(a, a + 2.5, rng())
    assert near == resampling.permutation_test(a, a + 2.5, rng())
    assert near.p_two_sided == pytest.approx(stats.ttest_ind(a, a + 2.5).pvalue, abs=0.03)
    flips = resampling.sign_flip_test(np.zeros(30), np.ones(30), rng())
    assert (flips.exact, flips.p_two_sided, flips.p_greater) == (False, 1e-4, 1e-4)


def test_too_few_runs_give_the_smallest_p_only() -> None:
    three = resampling.permutation_test([1, 2, 3], [10, 11, 12], rng())
    assert (three.outcome, three.p_two_sided, three.smallest_p) == ("too few", None, 0.1)
    five = resampling.sign_flip_test([0] * 5, [1, 2, 3, 4, 5], rng())
    assert (five.outcome, five.p_two_sided, five.smallest_p) == ("too few", None, 0.0625)
    assert resampling.permutation_test([0.1] * 3, [0.1] * 6, rng()).outcome == "no variation"


def test_one_stratum_is_scipys_bootstrap_with_the_same_draws() -> None:
    sample = np.random.default_rng(7).lognormal(size=25)
    found = resampling.stratified_bootstrap((sample,), lambda strata: np.median(strata[0], axis=1), rng(), draws=2_000)
    expected = stats.bootstrap((sample,), np.median, n_resamples=2_000, method="percentile", rng=rng())
    assert found.interval is not None
    assert (found.interval.low, found.interval.high) == pytest.approx(tuple(expected.confidence_interval))
    assert found.standard_error == pytest.approx(expected.standard_error)


def test_several_strata_are_scipys_bootstrap_with_the_same_draws() -> None:
    source = np.random.default_rng(8)
    a, b = source.lognormal(size=24), source.lognormal(0.5, size=30)

    def difference(x: np.ndarray, y: np.ndarray, axis: int) -> np.ndarray:
        return np.median(y, axis=axis) - np.median(x, axis=axis)

    found = resampling.stratified_bootstrap((a, b), lambda strata: difference(*strata, axis=1), rng(), draws=2_000)
    expected = stats.bootstrap((a, b), difference, n_resamples=2_000, method="percentile", rng=rng())
    assert found.interval is not None
    assert (found.interval.low, found.interval.high) == pytest.approx(tuple(expected.confidence_interval))


def test_bootstrap_rules() -> None:
    def mean(strata: tuple[np.ndarray, ...]) -> np.ndarray:
        return np.asarray(strata[0].mean(axis=1))

    few = resampling.stratified_bootstrap((np.arange(19.0),), mean, rng(), draws=200)
    assert (few.outcome, few.interval) == ("too few", None)
    assert few.standard_error > 0
    flat = resampling.stratified_bootstrap((np.full(30, 0.1),), mean, rng(), draws=200)
    assert (flat.outcome, flat.interval, flat.standard_error) == ("no variation", None, 0.0)

    def mean_log(strata: tuple[np.ndarray, ...]) -> np.ndarray:
        return np.where(strata[0].min(axis=1) > 0, strata[0].mean(axis=1), np.nan)

    undefined = resampling.stratified_bootstrap((np.append(np.ones(29), 0.0),), mean_log, rng(), draws=200)
    assert (undefined.outcome, undefined.interval) == ("refused", None)
    assert undefined.reason is not None
    assert undefined.reason.slug == "undefined-redraws"
    with pytest.raises(ValueError, match="1 of 2 are NaN"):
        resampling.stratified_bootstrap(([1.0, float("nan")],), mean, rng())
    with pytest.raises(ValueError, match="at least one run"):
        resampling.stratified_bootstrap(([],), mean, rng())


def test_drawing_in_chunks_gives_one_answer() -> None:
    sample = np.random.default_rng(9).normal(size=3_000)
    found = resampling.stratified_bootstrap((sample,), lambda strata: strata[0].mean(axis=1), rng(), draws=1_500)
    assert found.standard_error == pytest.approx(sample.std() / 3_000**0.5, rel=0.1)


def test_interval_of_p_b_above_a_needs_ten_runs_per_side() -> None:
    a, b = np.arange(9.0), np.arange(9.0) + 3
    few = resampling.probability_interval(a, b, rng(), draws=500)
    assert (few.outcome, few.interval) == ("too few", None)
    assert few.estimate == pytest.approx(effect_sizes.probability_of_improvement(a, b))
    enough = resampling.probability_interval(np.arange(10.0), np.arange(10.0) + 3, rng(), draws=500)
    assert enough.interval is not None
    assert enough.interval.low <= enough.estimate <= enough.interval.high
