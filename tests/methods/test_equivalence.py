"""Equivalence and gates: four states, the number of runs that would decide, and no pass for want of runs."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reportgen.analyze.methods import equivalence, estimates
from reportgen.analyze.methods.samples import Moments, because, moments

sample = st.lists(st.integers(-20, 20).map(lambda n: n / 8), min_size=3, max_size=12)


def spread(n: int, mean: float = 0.0, sd: float = 1.0) -> np.ndarray:
    """n values with exactly this mean and sd."""
    values = np.linspace(-1, 1, n)
    return mean + sd * values / values.std(ddof=1)


@given(sample, sample, st.integers(1, 16).map(lambda n: n / 8))
def test_equivalent_means_that_the_90_percent_interval_lies_inside(a: list[float], b: list[float], margin: float) -> None:
    found = equivalence.equivalence(a, b, margin)
    if found.outcome == "no variation":
        assert found.p is None
        assert found.equivalent == (abs(found.difference or 0) < margin)
        return
    assert found.estimate is not None
    assert found.p is not None
    assume(abs(found.p - 0.05) > 1e-9)
    assert found.equivalent == (-margin < found.estimate.low and found.estimate.high < margin) == (found.p < 0.05)
    assert equivalence.equivalence(b, a, margin).p == pytest.approx(found.p)


@given(sample, sample, st.integers(1, 16).map(lambda n: n / 8), st.booleans())
def test_a_gate_passes_or_fails_by_its_bounds_and_a_wider_margin_never_hurts(
    a: list[float], b: list[float], margin: float, higher: bool
) -> None:
    gate = equivalence.non_inferiority(a, b, margin, higher_is_better=higher)
    assert gate.low is not None
    assert gate.high is not None
    assert (gate.state == "PASS") == (gate.low > -margin)
    assert (gate.state == "FAIL") == (gate.high < -margin)
    wide = equivalence.non_inferiority(a, b, 2 * margin, higher_is_better=higher)
    order = ["FAIL", "INCONCLUSIVE", "PASS"]
    assert order.index(wide.state) >= order.index(gate.state)
    test = estimates.welch(a, b, 0.9)
    if test is not None:
        low, high = (test.low, test.high) if higher else (-test.high, -test.low)
        assert (gate.low, gate.high) == pytest.approx((low, high))


def test_the_four_states() -> None:
    def gate(a: np.ndarray, b: np.ndarray) -> str:
        return equivalence.non_inferiority(a, b, 1.0, higher_is_better=True).state

    assert gate(spread(20), spread(20)) == "PASS"
    assert gate(spread(20), spread(20, mean=-3)) == "FAIL"
    assert gate(spread(4), spread(4)) == "INCONCLUSIVE"
    assert gate(spread(4), np.array([])) == "NO_DATA"
    assert gate(spread(4), np.array([5.0, 5.0])) == "INCONCLUSIVE"


def test_runs_that_are_needed_have_80_percent_power_and_one_less_has_not() -> None:
    gate = equivalence.non_inferiority(spread(5), spread(5), 0.5, higher_is_better=True)
    assert gate.needed == 51

    rng = np.random.default_rng(13)
    passes = 0
    for _ in range(2_000):
        a, b = rng.normal(size=gate.needed), rng.normal(size=gate.needed)
        passes += equivalence.non_inferiority(a, b, 0.5, higher_is_better=True).state == "PASS"
    assert passes / 2_000 == pytest.approx(0.8, abs=0.03)
    on_the_limit = equivalence.threshold_gate([0.5, 1.0, 1.5], 1.0, higher_is_better=True)
    assert (on_the_limit.state, on_the_limit.needed) == ("INCONCLUSIVE", None)
    # At 10 000 runs SciPy's noncentral t is NaN here: 55 standard errors. At 22 it gives a power of 0.802, at 21 of 0.785.
    assert equivalence.threshold_gate([0.0, 1.0, 2.0], 0.45, higher_is_better=True).needed == 22
    assert equivalence.threshold_gate([0.0, 1.0, 2.0], 0.999, higher_is_better=True).needed is None


def test_no_variation_is_decided_by_the_exact_value() -> None:
    same = equivalence.non_inferiority([0.9] * 3, [0.9] * 3, 0.01, higher_is_better=True)
    assert (same.state, same.low, same.high) == ("PASS", 0.0, 0.0)
    assert same.reason == because("exact-value-decides")
    assert equivalence.paired_non_inferiority([0.9, 0.8, 0.7], [0.8, 0.7, 0.6], 0.05, higher_is_better=True).state == "FAIL"
    assert equivalence.threshold_gate([0.9] * 3, 0.9, higher_is_better=True).state == "PASS"
    assert equivalence.threshold_gate([0.9] * 3, 0.9, higher_is_better=False).state == "PASS"
    assert equivalence.threshold_gate([0.9] * 3, 0.91, higher_is_better=True).state == "FAIL"
    assert equivalence.equivalence([1.0, 1.0], [1.5, 1.5], 1.0).p is None


def test_relative_gate_treats_the_baseline_as_estimated() -> None:
    a, b = spread(10, mean=100, sd=2), spread(8, mean=97, sd=3)
    gate = equivalence.relative_non_inferiority(a, b, 0.05, higher_is_better=True)
    t = (97 - 95) / math.sqrt(9 / 8 + 0.95**2 * 4 / 10)
    weighted = estimates.welch_of(moments(a), moments(b), 0.95)
    assert weighted.t == pytest.approx(t)
    assert gate.estimate == pytest.approx(2)
    assert (gate.state == "PASS") == (weighted.p_above() < 0.05)
    slower = equivalence.relative_non_inferiority(a, spread(8, mean=103, sd=1), 0.05, higher_is_better=False)
    assert (slower.state, slower.estimate) == ("PASS", pytest.approx(2))
    assert equivalence.relative_non_inferiority(-a, b, 0.05, higher_is_better=True).state == "INCONCLUSIVE"
    assert equivalence.relative_non_inferiority(a, [], 0.05, higher_is_better=True).state == "NO_DATA"
    assert equivalence.threshold_gate([], 0.5, higher_is_better=True).state == "NO_DATA"
    assert equivalence.threshold_gate([1.0, 1.0], 0.5, higher_is_better=True).needed == 3


def test_what_is_refused() -> None:
    for call in (
        lambda: equivalence.equivalence([1, 2], [1, 2], 0),
        lambda: equivalence.non_inferiority([1, 2, 3], [1, 2, 3], -1, higher_is_better=True),
        lambda: equivalence.non_inferiority([1, 2, 3], [1, math.inf], 1, higher_is_better=True),
        lambda: equivalence.non_inferiority([1, 2, 3], [1, 2, 3], 1, higher_is_better=True, alpha=0.5),
        lambda: equivalence.relative_non_inferiority([1, 2, 3], [1, 2, 3], 1.0, higher_is_better=True),
        lambda: equivalence.threshold_gate([1, 2, 3], math.nan, higher_is_better=True),
        lambda: Moments(1, 0.0, 1.0),
        lambda: Moments(5, math.nan, 1.0),
    ):
        with pytest.raises(ValueError, match=r"\w"):
            call()
