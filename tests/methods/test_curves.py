"""Whole training curves: mean levels and censored times."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.analyze.methods import curves, proportions
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
    wilson = proportions.wilson_interval(2, 3)
    assert (found.share.low, found.share.high) == pytest.approx((wilson.low, wilson.high))
    assert curves.reached_share([*times, times[2]]).median_step is None
    with pytest.raises(ValueError, match="no items"):
        curves.reached_share([])


def test_what_is_refused() -> None:
    for call in (
        lambda: curves.mean_level([1, 0], [1.0, 2.0]),
        lambda: curves.mean_level([0, 1], [1.0]),
        lambda: curves.time_to_threshold([0], [1.0], math.nan, higher_is_better=True),
        lambda: curves.time_to_threshold([0], [1.0], 0.5, higher_is_better=True, sustained=0),
    ):
        with pytest.raises(ValueError, match=r"\w"):
            call()
    assert curves.mean_level([0, 2**62], [1e70, 1e70]).value == pytest.approx(1e70)
