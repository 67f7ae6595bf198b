"""The interval of a mean: none where there is none, and never beyond the ends of a scale."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.analyze.methods import estimates
from reportgen.analyze.methods.means import interval_of_mean
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
    """Mean 0.9, sd 0.1, n 3: logit 2.1972, standard error 0.057735 / 0.09, t 4.3027."""
    found = interval_of_mean([0.8, 0.9, 1.0], (0.0, 1.0))
    assert found is not None
    reach = 4.302652729911275 * 0.1 / math.sqrt(3) / 0.09
    ends = [1 / (1 + math.exp(-(math.log(9) + way * reach))) for way in (-1, 1)]
    assert (found.low, found.high) == pytest.approx(ends, rel=1e-9)


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
