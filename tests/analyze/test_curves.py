"""Arithmetic on one curve."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.analyze import curves
from reportgen.analyze.histories import facts_of_series, series_facts
from reportgen.snapshot import Series
from tests.snapshots import FakeRun, snapshot

CASE = next(
    c
    for c in json.loads((Path(__file__).parents[1] / "methods" / "known_answers.json").read_text("utf-8"))["cases"]
    if c["id"] == "history-loss"
)

finite = st.floats(-1e6, 1e6).map(lambda x: round(x, 6))
any_value = st.one_of(finite, st.sampled_from([math.nan, math.inf, -math.inf]))


def series(step: list[int], value: list[float], timestamp: list[int] | None = None) -> Series:
    at = np.array(timestamp or range(len(step)), dtype=np.int64)
    return Series("1", "a", "m", np.array(step, dtype=np.int64), at, np.array(value, dtype=float))


def test_the_summary_of_the_published_history() -> None:
    data, wanted = CASE["data"], CASE["expected"]
    facts = facts_of_series(series(data["step"], [float(x) for x in data["values"]]))
    assert (facts.n_points, facts.n_finite) == (wanted["n_points"], wanted["n_finite"])
    assert (facts.low, facts.low_step) == (wanted["best_value"], wanted["best_step"])
    assert (facts.last, facts.last_step) == (wanted["last_value"], wanted["last_step"])
    assert facts.first_bad_step == wanted["first_nonfinite_step"]
    kept = np.array([float(x) for x in data["values"] if x != "nan"])
    steps = [s for s, x in zip(data["step"], data["values"], strict=True) if x != "nan"]
    since = curves.plateau_since(kept, "minimize", patience=data["patience"], min_delta=data["min_delta"])
    assert since is not None
    assert steps[since + data["patience"]] == wanted["early_stop_step"]


def test_ties_for_the_best_go_to_the_earliest_step() -> None:
    facts = facts_of_series(series([3, 5, 9], [1.0, 1.0, 0.5]))
    assert (facts.high, facts.high_step) == (1.0, 3)


def test_a_nan_at_the_last_step_and_time_is_the_lowest() -> None:
    assert facts_of_series(series([0, 1, 1], [1.0, 2.0, math.nan], [0, 5, 5])).last == 2.0
    assert math.isnan(facts_of_series(series([0, 1], [1.0, math.nan])).last)


def test_a_series_of_nothing_but_nan() -> None:
    facts = facts_of_series(series([0, 1], [math.nan, math.inf]))
    assert (facts.n_finite, facts.first, facts.low, facts.high_step, facts.first_bad_step) == (0, None, None, None, 0)


def test_duplicate_steps_are_counted() -> None:
    found = series_facts(snapshot(FakeRun("a", histories={"m": [(0, 1.0), (0, 2.0), (1, 3.0)]})).history)
    assert found[("1", "a"), "m"].n_duplicate_steps == 1
    step, value = curves.one_per_step(np.array([0, 0, 1]), np.array([1.0, 2.0, 3.0]))
    assert (step.tolist(), value.tolist()) == ([0, 1], [2.0, 3.0])


@given(st.lists(any_value, min_size=1, max_size=40))
def test_a_summary_agrees_with_the_plain_definition(values: list[float]) -> None:
    facts = facts_of_series(series(list(range(len(values))), values))
    kept = [x for x in values if math.isfinite(x)]
    assert facts.n_finite == len(kept)
    assert facts.low == (min(kept) if kept else None)
    assert facts.high == (max(kept) if kept else None)
    assert (facts.first_bad_step is None) == (len(kept) == len(values))


# --- drawing ---------------------------------------------------------------------------------------------------------


@given(finite, st.integers(1, 30), st.floats(0, 0.99))
def test_smoothing_a_constant_gives_the_constant(value: float, n: int, weight: float) -> None:
    assert curves.smoothed([value] * n, weight).tolist() == [value] * n


@given(st.lists(finite, min_size=1, max_size=30), st.floats(0, 0.99))
def test_smoothed_values_stay_between_the_extremes(values: list[float], weight: float) -> None:
    out = curves.smoothed(values, weight)
    assert out[0] == pytest.approx(values[0], rel=1e-9, abs=1e-9)
    slack = 1e-9 * max(1.0, *map(abs, values))
    assert min(values) - slack <= out.min()
    assert out.max() <= max(values) + slack


@given(st.lists(any_value, min_size=1, max_size=30), st.floats(0.01, 0.99))
def test_smoothing_is_that_of_pandas(values: list[float], weight: float) -> None:
    import pandas as pd

    plain = pd.Series([x if math.isfinite(x) else math.nan for x in values])
    wanted = plain.ewm(alpha=1 - weight, adjust=True, ignore_na=True).mean()
    out = curves.smoothed(values, weight)
    kept = np.isfinite(np.array(values))
    assert out[kept] == pytest.approx(wanted[kept].to_numpy(), rel=1e-6, abs=1e-6)


def test_a_weight_of_one_is_refused() -> None:
    with pytest.raises(ValueError, match="below 1"):
        curves.smoothed([1.0], 1.0)
    assert curves.smoothed([1.0, 2.0], math.nan).tolist() == [1.0, 2.0]


@given(st.lists(finite, min_size=1, max_size=500), st.integers(4, 60))
def test_thinning_keeps_the_ends_the_extremes_and_the_budget(values: list[float], most: int) -> None:
    array = np.array(values)
    kept = curves.thinned(array, most)
    assert len(kept) <= most
    assert kept[0] == 0
    assert kept[-1] == len(values) - 1
    assert (np.diff(kept) > 0).all()
    assert array[kept].min() == array.min()
    assert array[kept].max() == array.max()
    if len(values) <= most:
        assert len(kept) == len(values)


@given(st.lists(st.tuples(st.integers(0, 50), finite), min_size=1, max_size=20, unique_by=lambda p: p[0]))
def test_reading_on_a_grid_never_extrapolates(points: list[tuple[int, float]]) -> None:
    points.sort()
    x, y = np.array([p[0] for p in points]), np.array([p[1] for p in points])
    grid = np.arange(-5, 60).astype(float)
    read = curves.on_grid(x, y, grid)
    outside = (grid < x[0]) | (grid > x[-1])
    assert np.isnan(read[outside]).all()
    assert read[~outside].min() >= y.min() - 1e-9 * max(1, abs(y.min()))
    for at, value in points:
        assert read[int(at) + 5] == pytest.approx(value)


# --- what a curve says -----------------------------------------------------------------------------------------------


def last_gain(values: list[float], patience: int, min_delta: float) -> int | None:
    """Where the best so far was last beaten by more than ``min_delta``, if ``patience`` values or more follow."""
    best, since = -math.inf, 0
    for at, value in enumerate(values):
        if value > best + min_delta:
            best, since = value, at
    return since if len(values) - 1 - since >= patience else None


@given(
    st.lists(st.integers(-20, 20).map(float), min_size=1, max_size=60), st.integers(1, 8), st.sampled_from([0.0, 0.5, 1.0, 3.0])
)
def test_a_plateau_begins_at_the_last_gain(values: list[float], patience: int, min_delta: float) -> None:
    since = curves.plateau_since(np.array(values), "maximize", patience=patience, min_delta=min_delta)
    assert since == last_gain(values, patience, min_delta)
    mirrored = curves.plateau_since(-np.array(values), "minimize", patience=patience, min_delta=min_delta)
    assert mirrored == since


def test_a_gain_after_a_long_wait_is_the_last_one() -> None:
    values = np.array([0.1] * 15 + [0.9] * 12)
    assert curves.plateau_since(values, "maximize") == 15


@given(st.lists(st.integers(0, 50).map(float), min_size=1, max_size=120))
def test_a_curve_never_both_stopped_and_still_improves(values: list[float]) -> None:
    found = curves.progress_of(np.arange(len(values)), np.array(values), "maximize")
    assert found.stopped is None or not found.improving


def test_a_curve_that_recovers_below_its_best_has_stopped_improving() -> None:
    values = np.concatenate([np.linspace(0, 1, 30), np.linspace(0.2, 0.8, 70)])
    assert curves.still_improving(np.arange(100), values, "maximize")
    assert curves.progress_of(np.arange(100), values, "maximize") == curves.Progress(29, False)


@pytest.mark.parametrize(
    ("values", "goal", "gave_back", "exploded"),
    [
        ([1.0, 0.2, 0.3], "minimize", False, False),
        ([1.0, 0.2, 0.7], "minimize", True, False),
        ([1.0, 0.2, 2.5], "minimize", True, True),
        ([0.1, 0.9, 0.85], "maximize", False, False),
        ([0.1, 0.9, 0.4], "maximize", True, False),
        ([0.1, 0.9, 0.4], "none", False, False),
        ([1.0, 3.0], "minimize", False, False),
    ],
)
def test_divergence(values: list[float], goal: curves.Goal, gave_back: bool, exploded: bool) -> None:
    found = curves.divergence_of(np.array(values), goal)
    assert (found.gave_back, found.exploded) == (gave_back, exploded)


def test_still_improving() -> None:
    x = np.arange(100)
    assert curves.still_improving(x, x / 100, "maximize") is True
    assert curves.still_improving(x, x / 100, "minimize") is False
    assert curves.still_improving(x, np.ones(100), "maximize") is False
    assert curves.still_improving(x[:20], x[:20] / 100, "maximize") is None


def test_over_fitting_needs_a_loss_beyond_noise() -> None:
    x = np.arange(60)
    train = np.exp(-x / 10)
    validation = np.where(x < 30, np.exp(-x / 10) + 0.1, 0.15 + (x - 30) / 60)
    found = curves.gap_of((x, train), (x, validation), "minimize")
    assert found is not None
    assert found.overfitting
    assert found.best_step == 30
    assert found.at_end == pytest.approx(validation[-1] - train[-1])
    noisy = np.exp(-x / 10) + 0.1 + np.tile([0.0, 0.05, -0.05], 20)
    calm = curves.gap_of((x, train), (x, noisy), "minimize")
    assert calm is not None
    assert not calm.overfitting
    assert curves.gap_of((x, train), (x, validation), "none") is None


def test_a_share_that_moves_in_steps_is_not_over_fitting() -> None:
    """One example more or less in a small test set: most differences are zero, and so is their MAD."""
    x = np.arange(40)
    train = 1 - np.exp(-x / 5)
    validation = np.full(40, 0.90)
    validation[20:30] = 0.92
    found = curves.gap_of((x, train), (x, validation), "maximize")
    assert found is not None
    assert not found.overfitting
    validation[30:] = 0.92 - 0.02 * (np.arange(10) // 2)
    fallen = curves.gap_of((x, train), (x, validation), "maximize")
    assert fallen is not None
    assert fallen.overfitting
