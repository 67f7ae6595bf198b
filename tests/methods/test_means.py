"""The interval of a mean: none where there is none, and never beyond the ends of a scale."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.analyze.methods import estimates
from reportgen.analyze.methods.means import confident_bounds, interval_of_mean, is_crowded, sure_bounds
from reportgen.analyze.metrics import bounds_of


def test_none_below_three_values_and_without_variation() -> None:
    assert interval_of_mean([0.3, 0.4]) is None
    assert interval_of_mean([0.5, 0.5, 0.5]) is None
    assert interval_of_mean([1.0, 1.0, 1.0, 1.0], (0.0, 1.0)) is None
    assert interval_of_mean([1e80, 2e80, 3e80]) is None


def test_without_bounds_it_is_the_t_interval() -> None:
    values = [1.0, 2.0, 4.0]
    found = interval_of_mean(values)
    assert found == estimates.t_interval(values)


def test_a_share_by_hand() -> None:
    """Mean 0.9, sd 0.05, n 3: logit 2.1972, standard error 0.028868 / 0.09, t 4.3027."""
    found = interval_of_mean([0.85, 0.9, 0.95], (0.0, 1.0))
    assert found is not None
    reach = 4.302652729911275 * 0.05 / math.sqrt(3) / 0.09
    ends = [1 / (1 + math.exp(-(math.log(9) + way * reach))) for way in (-1, 1)]
    assert (found.low, found.high) == pytest.approx(ends, rel=1e-9)


def test_an_interval_of_values_that_crowd_at_an_end_reaches_as_far_as_their_skewness_asks() -> None:
    values = [0.999, 0.998, 0.999, 0.997, 0.9995, 0.93, 0.9985, 0.996]
    found = interval_of_mean(values, (0.0, 1.0))
    assert found is not None
    assert (found.low, found.high) == (confident_bounds(values, (0.0, 1.0), 0.025)[0], 1.0)
    assert found.low < estimates.t_interval(values).low


@given(st.lists(st.floats(0, 1), min_size=3, max_size=12))
def test_a_share_stays_inside_its_bounds(values: list[float]) -> None:
    found = interval_of_mean(values, (0.0, 1.0))
    if found is not None:
        assert 0 <= found.low <= found.value <= found.high <= 1


@pytest.mark.parametrize(
    ("name", "values", "bounds"),
    [
        ("val_accuracy", [0.9, 1.0], (0.0, 1.0)),
        ("val_accuracy", [92.1, 93.0], (0.0, 100.0)),
        ("val_accuracy", [0.92, 93.0], None),
        ("roc_auc", [0.5], (0.0, 1.0)),
        ("test_loss", [0.2, 0.3], None),
        ("accuracy_std", [0.01, 0.02], None),
        ("reward", [0.2, 0.9], None),
        ("mcc_val", [0.0, 1.0], (-1.0, 1.0)),
        ("cohen_kappa", [-0.2, 0.4], (-1.0, 1.0)),
        ("spearman", [1.2], None),
    ],
)
def test_which_metrics_are_shares(name: str, values: list[float], bounds: tuple[float, float] | None) -> None:
    assert bounds_of(name, values, "number") == bounds


def test_sure_bounds_by_hand() -> None:
    """Of ten values 0.3687 of the distribution can escape (one-sided Kolmogorov–Smirnov, 5 %)."""
    low, high = sure_bounds([0.5] * 5 + [0.9] * 5, (0.0, 1.0), 0.05)
    assert low == pytest.approx(0.5 * 0.5 + (0.5 - 0.36866) * 0.9, abs=1e-4)
    assert high == pytest.approx(0.36866 + (0.5 - 0.36866) * 0.5 + 0.5 * 0.9, abs=1e-4)


@given(st.lists(st.floats(0, 1), min_size=3, max_size=40))
def test_sure_bounds_stay_inside_the_scale(values: list[float]) -> None:
    low, high = sure_bounds(values, (0.0, 1.0), 0.05)
    assert 0 <= low <= np.mean(values) + 1e-12
    assert np.mean(values) - 1e-12 <= high <= 1 + 1e-12


def test_bounds_of_log_normal_values_hold_for_three_runs() -> None:
    """Student's bounds alone fail in 24 %."""
    rng, true = np.random.default_rng(7), math.exp(0.5)
    missed = sum(confident_bounds(rng.lognormal(0, 1, 3), None, 0.05)[1] < true for _ in range(400))
    assert missed <= 0.05 * 400 + 3 * math.sqrt(400 * 0.05 * 0.95)


def test_bounds_of_values_that_hardly_vary_are_students() -> None:
    plain = estimates.t_interval([10.0, 10.001, 10.002], 0.9)
    assert confident_bounds([10.0, 10.001, 10.002], None, 0.05) == pytest.approx((plain.low, plain.high), abs=1e-6)


def test_three_values_crowd_from_farther_away_than_many() -> None:
    values = [0.97, 0.98, 0.99]  # 1.2 sd from the end
    assert is_crowded([value + 0.008 for value in values], (0.0, 1.0))
    assert not is_crowded([value + 0.008 for value in values] * 10, (0.0, 1.0))
