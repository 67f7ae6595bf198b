"""Whole training curves: areas over common ranges, censored times, survivors in a band."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.analyze import statistics
from reportgen.analyze.methods import curves
from reportgen.analyze.methods.curves import ThresholdTime


def test_mean_level_interpolates_its_ends_and_leaves_out_what_is_not_finite() -> None:
    steps, loss = [0, 10, 20, 30], [4.0, 2.0, math.nan, 1.0]
    whole = curves.mean_level(steps, loss)
    assert (whole.value, whole.left_out) == (pytest.approx((30 + 30) / 30), 1)
    part = curves.mean_level(steps, loss, (5, 20))
    assert part.value == pytest.approx(((3 + 2) / 2 * 5 + (2 + 1.5) / 2 * 10) / 15)
    assert curves.mean_level(steps, loss, (5, 31)).outcome == "refused"
    assert curves.mean_level([1, 2], [1.0, math.inf]).outcome == "too few"
    assert curves.mean_level([3, 3], [1.0, 2.0]).outcome == "too few"


def test_runs_are_compared_over_the_steps_they_share() -> None:
    long, short = ([0, 100], [0.0, 1.0]), ([50, 80], [0.5, 0.5])
    assert curves.common_range([long, short]) == (50, 80)
    assert [one.value for one in curves.mean_levels([long, short])] == pytest.approx([0.65, 0.5])
    apart = curves.mean_levels([long, ([200, 300], [1.0, 1.0])])
    assert {one.outcome for one in apart} == {"refused"}
    assert curves.common_range([]) is None


@given(st.lists(st.sampled_from([0.1, 0.5, 0.9, math.nan, math.inf]), max_size=12), st.integers(1, 4))
def test_time_to_threshold_is_the_first_row_of_points(values: list[float], sustained: int) -> None:
    found = curves.time_to_threshold(range(len(values)), values, 0.5, higher_is_better=True, sustained=sustained)
    past = [math.isfinite(value) and value >= 0.5 for value in values]
    starts = [i for i in range(len(values) - sustained + 1) if all(past[i : i + sustained])]
    assert found == ThresholdTime(bool(starts), starts[0] if starts else None, len(values) - 1 if values else None)


def test_runs_that_never_reach_are_censored_not_counted_at_their_end() -> None:
    times = [ThresholdTime(True, 10.0, 99.0), ThresholdTime(True, 30.0, 99.0), ThresholdTime(False, None, 99.0)]
    found = curves.reached_share(times)
    assert (found.reached, found.runs, found.median_step) == (2, 3, 30.0)
    wilson = statistics.wilson_interval(2, 3)
    assert (found.bounds.low, found.bounds.high) == pytest.approx((wilson.low, wilson.high))
    assert curves.reached_share([*times, times[2]]).median_step is None
    with pytest.raises(ValueError, match="no items"):
        curves.reached_share([])


def test_band_shows_n_where_runs_drop_out() -> None:
    runs = [([0, 1, 2], [1.0, 2.0, 3.0]), ([0, 1, 1], [2.0, 9.0, 3.0]), ([0, 1, 2], [3.0, 4.0, math.nan]), ([0], [2.0])]
    points = curves.band(runs)
    assert [(point.step, point.n) for point in points] == [(0.0, 4), (1.0, 3)]
    interval = statistics.t_interval([2.0, 3.0, 4.0])
    assert (points[1].mean, points[1].low, points[1].high) == pytest.approx((interval.value, interval.low, interval.high))
    flat = curves.band([([0], [0.1])] * 3)[0]
    assert flat.low == flat.mean == flat.high == 0.1


def test_what_is_refused() -> None:
    for call in (
        lambda: curves.area([0], [1.0]),
        lambda: curves.area([0, 1], [1.0, math.nan]),
        lambda: curves.mean_level([1, 0], [1.0, 2.0]),
        lambda: curves.mean_level([0, 1], [1.0]),
        lambda: curves.time_to_threshold([0], [1.0], math.nan, higher_is_better=True),
        lambda: curves.time_to_threshold([0], [1.0], 0.5, higher_is_better=True, sustained=0),
    ):
        with pytest.raises(ValueError, match=r"\w"):
            call()
    assert np.isfinite(curves.area([0, 2**62], [1e70, 1e70]))
