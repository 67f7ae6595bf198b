"""Sweeps: expected best against enumeration, fronts against brute force, outliers, failures and rank correlations."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from reportgen.analyze.methods import budgets, sweeps

values = st.integers(-20, 20).map(lambda n: n / 4)


@given(st.lists(values, min_size=1, max_size=8), st.booleans())
def test_expected_best_is_the_mean_over_all_subsets(sample: list[float], higher: bool) -> None:
    best = max if higher else min
    unbiased = budgets.expected_best(sample, higher_is_better=higher)
    for k, value in zip(unbiased.budgets, unbiased.values, strict=True):
        subsets = list(itertools.combinations(sample, k))
        assert value == pytest.approx(sum(best(subset) for subset in subsets) / len(subsets))


@given(st.lists(st.tuples(values, values), max_size=25), st.tuples(st.booleans(), st.booleans()))
def test_front_is_what_no_point_dominates(points: list[tuple[float, float]], higher: tuple[bool, bool]) -> None:
    signs = np.where(higher, 1, -1)
    scores = np.array(points).reshape(-1, 2) * signs
    expected = [
        place for place, one in enumerate(scores) if not any((other >= one).all() and (other > one).any() for other in scores)
    ]
    found = sweeps.pareto_front(points, higher, reference=tuple(-30.0 * signs))
    assert list(found.members) == expected
    # Area by counting the quarter cells that some point covers.
    grid = np.zeros((200, 200), dtype=bool)
    for x, y in (scores + 30) * 4:
        grid[: int(x), : int(y)] = True
    assert found.hypervolume == pytest.approx(grid.sum() / 16)


def test_front_keeps_ties_counts_nan_and_wants_two_objectives() -> None:
    found = sweeps.pareto_front([(1, 1), (math.nan, 9), (1, 1), (0, 2), (math.inf, 0)], (True, True))
    assert (found.members, found.excluded, found.hypervolume) == ((0, 2, 3), (1, 4), None)
    assert sweeps.pareto_front([], (True, True), reference=(0, 0)).hypervolume == 0.0
    assert sweeps.pareto_front([(1, 1)], (True, True), reference=(2, 0)).hypervolume == 0.0
    with pytest.raises(ValueError, match="2 objectives"):
        sweeps.pareto_front([(1, 2, 3)], (True, True))  # type: ignore[list-item]
    with pytest.raises(ValueError, match="reference point"):
        sweeps.pareto_front([(1, 2)], (True, True), reference=(math.nan, 0))


def test_outliers_say_which_side_and_are_not_masked() -> None:
    runs = [0.90, 0.91, 0.92, 0.90, 0.91, 0.93, 0.92, 0.10, 1.00, 0.91]
    found = sweeps.outliers(runs, higher_is_better=True)
    assert [(one.index, one.suspiciously_good) for one in found.flagged] == [(7, False), (8, True)]
    assert sweeps.outliers(runs).flagged[0].suspiciously_good is None
    assert sweeps.outliers(runs[:7]).outcome == "too few"
    assert sweeps.outliers([0.3] * 6 + [0.1, 0.9]).outcome == "no variation"
    assert sweeps.outliers([0.1 + 0.2] * 3 + [0.3] * 3 + [1.0, 2.0]).outcome == "no variation"


def failures(failed: int, runs: int) -> list[bool]:
    return [place < failed for place in range(runs)]


def test_failure_table_has_p_values_from_ten_failed_runs_on() -> None:
    params = {
        "optimizer": ["sgd"] * 10 + ["adam"] * 20,
        "lr": [str(0.1 * (place + 1)) for place in range(30)],
        "batch": [32] * 30,
        "dropout": [None] * 5 + ["0.5"] * 25,
    }
    few = sweeps.failure_table(failures(9, 30), params)
    assert (few.outcome, few.failed, {row.p for row in few.rows}) == ("too few", 9, {None})
    many = sweeps.failure_table(failures(10, 30), params)
    rows = {(row.param, row.level): row for row in many.rows}
    assert sorted(rows) == [("dropout", "(missing)"), ("dropout", "0.5"), ("lr", ""), ("optimizer", "adam"), ("optimizer", "sgd")]
    assert (rows["optimizer", "sgd"].failed, rows["optimizer", "sgd"].runs) == (10, 10)
    assert rows["optimizer", "sgd"].p == pytest.approx(1 / math.comb(30, 10))
    assert rows["lr", ""].p == pytest.approx(stats.mannwhitneyu(range(10), range(10, 30), method="asymptotic").pvalue)
    assert all(row.p_adjusted is not None and row.p is not None and row.p_adjusted >= row.p for row in many.rows)
    assert sweeps.failure_table([True] * 12, {"a": ["x", "y"] * 6}).outcome == "too few"
    with pytest.raises(ValueError, match="one value per run: 2 runs, but a differ"):
        sweeps.failure_table([True, False], {"a": ["x"]})


def test_rank_correlation_of_ties_and_of_a_constant_column() -> None:
    one, other = np.array([1.0, 1, 2, 3, 4]), np.array([1.0, 2, 2, 3, 5])
    assert sweeps.spearman(one, other) == pytest.approx(stats.spearmanr(one, other).statistic)
    assert sweeps.spearman(np.array([0.1 + 0.2, 0.3, 0.3]), np.array([1.0, 1.0, 1.0])) is None
