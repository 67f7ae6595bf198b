"""Latency and cost: intervals that need no distribution, the least n to print, ratios and their limits."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from reportgen.analyze.methods import estimates, quantiles
from reportgen.analyze.methods.multiple import benjamini_hochberg, benjamini_hochberg_of_some, holm_of_some
from reportgen.analyze.methods.randomness import generator
from reportgen.analyze.methods.samples import because


@pytest.mark.parametrize(("p", "printed", "with_interval"), [(0.5, 2, 6), (0.9, 10, 36), (0.95, 20, 72), (0.99, 100, 368)])
def test_least_n_of_each_percentile(p: float, printed: int, with_interval: int) -> None:
    def found(n: int) -> quantiles.Quantile:
        return quantiles.quantile_interval(np.arange(float(n)), p)

    assert (found(printed - 1).value, found(printed).value is None) == (None, False)
    assert (found(with_interval - 1).interval, found(with_interval).interval is None) == (None, False)


@given(st.integers(6, 400), st.sampled_from([0.25, 0.5, 0.9]), st.sampled_from([0.8, 0.95]))
def test_order_statistics_cover_at_least_the_level_and_one_rank_less_does_not(n: int, p: float, level: float) -> None:
    found = quantiles.quantile_interval(np.arange(n) + 1.0, p, level=level)
    if found.ranks is None:
        return
    low, high = found.ranks
    tail = (1 - level) / 2
    assert stats.binom.cdf(low - 1, n, p) <= tail + 1e-12
    assert stats.binom.sf(high - 1, n, p) <= tail + 1e-12
    assert stats.binom.cdf(low, n, p) > tail - 1e-12
    assert stats.binom.sf(high - 2, n, p) > tail - 1e-12
    assert found.interval is not None
    assert found.value is not None
    assert found.interval.low <= found.value <= found.interval.high


def test_difference_of_percentiles_needs_200_requests_per_side() -> None:
    source = np.random.default_rng(1)
    a, b = source.lognormal(size=200), source.lognormal(0.4, size=220)
    found = quantiles.quantile_difference(a, b, 0.95, generator("p95", 1), draws=500)
    assert found.estimate == pytest.approx(np.quantile(b, 0.95) - np.quantile(a, 0.95))
    assert found.interval is not None
    assert quantiles.quantile_difference(a[:199], b, 0.95, generator("p95", 1), draws=50).interval is None


def test_ratio_of_geometric_means_is_welch_on_logs() -> None:
    source = np.random.default_rng(2)
    a, b = source.lognormal(size=12), source.lognormal(0.4, size=9)
    test = estimates.welch(np.log(a), np.log(b))
    found = quantiles.ratio_of_geometric_means(a, b)
    assert test is not None
    assert found.interval is not None
    assert found.ratio == pytest.approx(stats.gmean(b) / stats.gmean(a))
    assert (found.interval.low, found.interval.high) == pytest.approx((math.exp(test.low), math.exp(test.high)))
    assert found.p_two_sided == pytest.approx(test.p)
    assert quantiles.ratio_of_geometric_means([1.0, 0.0], [1.0, 2.0]).outcome == "refused"
    assert quantiles.ratio_of_geometric_means([1.0], [1.0, 2.0]).outcome == "too few"
    assert quantiles.ratio_of_geometric_means([2.0, 2.0], [3.0, 3.0]) == quantiles.Ratio(
        "no variation", because("no-variation-on-either-side"), pytest.approx(1.5)
    )
    assert quantiles.ratio_of_geometric_means([5e-324, 5e-323], [1e70, 1e69]).outcome == "refused"


def test_cost_per_success_is_a_ratio_of_sums() -> None:
    cost, success = np.array([1.0, 2.0, 3.0, 4.0]), np.array([1.0, 0.0, 1.0, 1.0])
    found = quantiles.ratio_of_sums(cost, success)
    ratio = 10 / 3
    residual = cost - ratio * success
    se = residual.std(ddof=1) / 2 / 0.75
    assert found.ratio == pytest.approx(ratio)
    assert found.interval is not None
    assert (found.interval.high - found.interval.low) / 2 == pytest.approx(stats.t.ppf(0.975, 3) * se)
    assert quantiles.ratio_of_sums(cost, 0 * cost).outcome == "refused"
    assert quantiles.ratio_of_sums(cost, cost).outcome == "no variation"
    assert quantiles.ratio_of_sums([1.0], [1.0]).outcome == "too few"


@given(st.lists(st.one_of(st.none(), st.floats(0, 1)), max_size=12))
def test_adjusted_p_values_are_larger_keep_their_order_and_skip_tests_not_made(ps: list[float | None]) -> None:
    for adjusted in (holm_of_some(ps), benjamini_hochberg_of_some(ps)):
        assert [p is None for p in ps] == [p is None for p in adjusted]
        made = sorted((p, after) for p, after in zip(ps, adjusted, strict=True) if p is not None and after is not None)
        assert all(p <= after <= 1 for p, after in made)
        assert [after for _, after in made] == sorted(after for _, after in made)


def test_what_is_refused() -> None:
    for call in (
        lambda: benjamini_hochberg([0.5, math.nan]),
        lambda: benjamini_hochberg([-0.1]),
        lambda: quantiles.quantile([], 0.5),
        lambda: quantiles.quantile([1.0], 1.5),
        lambda: quantiles.quantile_interval([1.0, math.inf], 0.5),
        lambda: quantiles.quantile_interval([1.0, 2.0], 1.0),
        lambda: quantiles.ratio_of_sums([1.0], [1.0, 2.0]),
    ):
        with pytest.raises(ValueError, match=r"\w"):
            call()
    assert quantiles.quantile([3.0, 1.0], 0.5) == 2.0
