"""Aggregates over tasks: definitions, intervals and their rules, refused normalisation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.analyze.methods import aggregate, effect_sizes, estimates, samples
from reportgen.analyze.methods.randomness import generator

task = st.lists(st.integers(-10, 20).map(lambda n: n / 10), min_size=1, max_size=6)


def rng_for(name: str) -> np.random.Generator:
    return generator(name, 1)


@given(st.lists(task, min_size=1, max_size=5))
def test_aggregates_lie_within_the_scores_and_profiles_fall(tasks: list[list[float]]) -> None:
    found = aggregate.aggregate_scores(tasks)
    everything = [score for one in tasks for score in one]
    for value in (found.mean, found.median, found.iqm):
        assert min(everything) - 1e-9 <= value <= max(everything) + 1e-9
    assert found.optimality_gap >= -1e-12
    profile = aggregate.performance_profile(tasks, np.linspace(-2, 3, 11))
    assert profile[0] == 1
    assert profile[-1] == 0
    assert list(profile) == sorted(profile, reverse=True)


@given(st.lists(task, min_size=1, max_size=4))
def test_p_of_improvement_is_the_mean_over_tasks_and_mirrors(tasks: list[list[float]]) -> None:
    others = [[score + 0.3 for score in one] for one in tasks]
    there, back = (
        aggregate.task_probability_interval(*sides, rng_for("p"), draws=10).estimate
        for sides in ((tasks, others), (others, tasks))
    )
    assert there + back == pytest.approx(1)
    single = [effect_sizes.probability_of_improvement(a, b) for a, b in zip(tasks, others, strict=True)]
    assert there == pytest.approx(np.mean(single))


def test_normalisation_needs_the_users_references() -> None:
    assert aggregate.normalised({"t": [1.0, 3.0]}, {"t": (1.0, 3.0)})["t"].tolist() == [0.0, 1.0]
    assert aggregate.normalised({"t": [1.0, 3.0]}, {"t": (3.0, 1.0)})["t"].tolist() == [1.0, 0.0]
    with pytest.raises(ValueError, match="changes when a group is added"):
        aggregate.normalised({"t": [1.0]}, None)
    with pytest.raises(ValueError, match=r"no \(low, high\) reference for b, c"):
        aggregate.normalised({"a": [1.0], "c": [1.0], "b": [2.0]}, {"a": (0.0, 1.0)})
    with pytest.raises(ValueError, match="must be finite and differ"):
        aggregate.normalised({"t": [1.0]}, {"t": (2.0, 2.0)})


def test_intervals_need_three_runs_per_task_and_twenty_in_all() -> None:
    source = np.random.default_rng(11)
    tasks = [source.normal(loc, 0.1, 3) for loc in np.linspace(0.2, 0.9, 7)]
    found = aggregate.aggregate_intervals(tasks, rng_for, draws=500)
    assert found.optimistic
    for interval in (found.mean, found.median, found.iqm, found.optimality_gap):
        assert interval.interval is not None
        assert interval.interval.low <= interval.estimate <= interval.interval.high
    assert aggregate.aggregate_intervals(tasks[:6], rng_for, draws=50).iqm.outcome == "too few"
    assert aggregate.aggregate_intervals([*tasks, [0.1, 0.2]], rng_for, draws=50).iqm.outcome == "too few"
    assert not aggregate.aggregate_intervals([source.normal(size=10)] * 2, rng_for, draws=50).optimistic
    better = [one + 0.05 for one in tasks]
    chance = aggregate.task_probability_interval(tasks, better, rng_for("p"), draws=500)
    assert chance.interval is not None
    assert chance.interval.low <= chance.estimate <= chance.interval.high


def test_difference_on_few_datasets() -> None:
    a, b = [[1.0, 2.0, 3.0], [10.0, 11.0]], [[2.0, 3.0, 4.5], [11.0, 13.0]]
    found = aggregate.stratified_difference(a, b)
    assert found.difference == pytest.approx((7 / 6 + 1.5) / 2)
    variance = (1 / 3 + samples.sd(b[0]) ** 2 / 3 + 0.25 + 1) / 4
    assert found.estimate is not None
    assert found.estimate.se == pytest.approx(variance**0.5)
    assert found.estimate.low < 0 < found.difference == found.estimate.value < found.estimate.high
    one = aggregate.stratified_difference([a[0]], [b[0]])
    welch = estimates.welch(a[0], b[0])
    assert welch is not None
    assert one.estimate is not None
    assert (one.estimate.se, one.estimate.df, one.estimate.p) == pytest.approx((welch.se, welch.df, welch.p))
    assert aggregate.stratified_difference([[1.0], [2.0, 3.0]], [[1.0, 2.0], [1.0, 2.0]]).outcome == "too few"
    assert aggregate.stratified_difference([[1.0, 1.0]], [[2.0, 2.0]]).outcome == "no variation"
    with pytest.raises(ValueError, match="same tasks"):
        aggregate.stratified_difference(a, b[:1])
    with pytest.raises(ValueError, match="at least one run"):
        aggregate.aggregate_scores([[1.0], []])
