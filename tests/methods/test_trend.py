"""Histories: exact segmentation against brute force, the ladder, and quiet series that must stay quiet."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.analyze.methods import estimates, trend
from reportgen.analyze.methods.randomness import generator

values = st.integers(-12, 12).map(lambda n: n / 4)


def rng_for(block: str) -> np.random.Generator:
    return generator(block, 1)


def quiet(n: int, seed: int = 0, loc: float = 100.0) -> np.ndarray:
    return np.random.default_rng(seed).normal(loc, 1, n)


@settings(max_examples=40)
@given(st.lists(values, min_size=6, max_size=13))
def test_segments_are_the_best_of_all(series: list[float]) -> None:
    array = np.array(series)
    if np.ptp(array) == 0:
        return
    n = array.size
    best = []
    for breaks in range(n // 3):
        cuts = [
            (0, *cut, n)
            for cut in itertools.combinations(range(1, n), breaks)
            if min(np.diff((0, *cut, n))) >= 3  # shortest segment
        ]
        rss = min(sum(((array[i:j] - array[i:j].mean()) ** 2).sum() for i, j in itertools.pairwise(cut)) for cut in cuts)
        best.append((rss, breaks))
    ends, rss = trend.best_segments(array)
    assert rss == pytest.approx(best[len(ends)][0], abs=1e-9)
    if min(best)[0] > 1e-9:
        bic = [n * math.log(found / n) + 2 * (breaks + 1) * math.log(n) for found, breaks in best]
        assert bic[len(ends)] == pytest.approx(min(bic), abs=1e-6)


def test_a_step_is_found_where_it_is_and_noise_is_not_confirmed() -> None:
    stepped = np.concatenate([quiet(10), quiet(6, 1, 95.0)])
    (step,) = trend.segmentation(stepped, rng_for).confirmed
    assert step.last_before == 9
    assert step.mean_after - step.mean_before == pytest.approx(-5, abs=1)
    assert sum(bool(trend.segmentation(quiet(16, seed), rng_for).confirmed) for seed in range(60)) <= 3
    perfect = trend.segmentation([1.0] * 6 + [2.0] * 6, rng_for)
    assert ([one.last_before for one in perfect.confirmed], perfect.rss) == ([5], pytest.approx(0))


def test_short_flat_and_endless_series() -> None:
    assert trend.segmentation(quiet(11), rng_for).outcome == "too few"
    assert trend.segmentation([0.1] * 12, rng_for).outcome == "no variation"
    assert trend.segmentation(np.arange(1_001.0), rng_for).outcome == "refused"
    assert trend.segmentation([], rng_for).outcome == "too few"
    with pytest.raises(ValueError, match="must be finite"):
        trend.segmentation([math.nan] * 12, rng_for)


def ladder(newest: list[float], history: np.ndarray, **more: object) -> trend.Regression:
    return trend.regression(newest, history, rng_for, **({"higher_is_better": True} | more))  # type: ignore[arg-type]


def test_the_ladder_takes_the_first_rung_that_the_data_allow() -> None:
    past = quiet(8)
    replicated = ladder([95.0, 95.5, 96.0], past, baseline=[100.0, 100.5, 101.0])
    welch = estimates.welch([100.0, 100.5, 101.0], [95.0, 95.5, 96.0])
    assert welch is not None
    assert (replicated.method, replicated.p, replicated.reported) == ("comparison", pytest.approx(welch.p), True)
    single = ladder([90.0], past)
    assert (single.method, single.reported, single.tests) == ("prediction interval", True, 1)
    predicted = estimates.prediction_interval(past, 1, 0.99)
    assert single.interval is not None
    assert (single.interval.low, single.interval.high) == pytest.approx((predicted.low, predicted.high))
    assert single.p is not None
    assert (single.p < 0.01) == (not single.interval.low <= 90.0 <= single.interval.high)
    nothing = ladder([90.0], past[:3])
    assert (nothing.method, nothing.significant, nothing.p) == ("too little history", None, None)
    assert ladder([], past).method == "too little history"


def test_a_step_is_news_once() -> None:
    weeks = np.concatenate([quiet(12), quiet(8, 2, 94.0)])
    methods = [ladder([float(weeks[now])], weeks[:now]) for now in range(12, 20)]
    told = [found for found in methods if found.method == "step detection"]
    assert len(told) == 1
    assert told[0].reported
    assert told[0].tests == 2
    assert told[0].baseline == pytest.approx(100, abs=1)
    # Once the new level is known, a value of that level is no alarm, and one of the old level is good news.
    assert not methods[-1].significant
    assert methods[-1].method == "prediction interval"
    back = ladder([100.0], weeks)
    assert (back.significant, back.reported) == (True, False)


def test_small_or_good_changes_are_not_reported() -> None:
    past = 100 + quiet(10) * 0.001
    small = ladder([float(past.mean()) - 0.05], past)
    assert (small.significant, small.reported) == (True, False)
    assert ladder([float(past.mean()) - 0.05], past, min_change=0.0).reported
    better = ladder([120.0], quiet(10))
    assert (better.significant, better.reported) == (True, False)
    assert ladder([120.0], quiet(10), higher_is_better=False).reported


def test_flat_history_is_never_tested() -> None:
    found = ladder([0.8], np.full(6, 0.9))
    assert (found.method, found.p, found.significant, found.reported) == ("prediction interval", None, None, False)
    assert found.change == pytest.approx(-0.1)
    assert ladder([1.0, 1.0, 1.0], [], baseline=[2.0, 2.0, 2.0]).p is None  # type: ignore[arg-type]


def test_a_leaning_series_is_flagged_and_a_step_alone_is_not() -> None:
    walk = np.cumsum(np.random.default_rng(5).normal(size=40))
    assert ladder([float(walk[24])], walk[:24]).autocorrelated
    assert ladder([float(walk[-1])], walk[:11]).autocorrelated is False
    stepped = np.concatenate([quiet(10), quiet(10, 1, 90.0)])
    assert not ladder([90.0], stepped).autocorrelated


def test_what_is_refused() -> None:
    with pytest.raises(ValueError, match="min_change"):
        ladder([1.0], quiet(5), min_change=-1)
    with pytest.raises(ValueError, match="at least one value"):
        trend.best_segments(np.arange(5.0), 0)
