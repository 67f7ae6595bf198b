"""Whatever the numbers: no NaN, no infinity, no p outside of 0 … 1, no p where nothing was tested.

Every method that takes samples is called with short, long, constant, tied, tiny, huge and nearly equal values.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.analyze.methods import (
    aggregate,
    budgets,
    curves,
    equivalence,
    estimates,
    folds,
    groups,
    level_shift,
    quantiles,
    randomness,
    ranks,
    resampling,
    sweeps,
)
from reportgen.analyze.methods.samples import LARGEST

Values = list[float]


def rng_for(block: str) -> np.random.Generator:
    return randomness.generator(block, 1)


RNG = rng_for("x")

TWO: dict[str, Callable[[Values, Values], Any]] = {
    "mann_whitney": ranks.mann_whitney,
    "shift": ranks.hodges_lehmann_shift,
    "permutation": lambda a, b: resampling.permutation_test(a[:4], b[:4], RNG, alpha=0.2),
    "p_above": lambda a, b: resampling.probability_interval(a, b, RNG, draws=50),
    "anova": lambda a, b: groups.anova([a, b, a[:2]]),
    "equal_anova": lambda a, b: groups.anova([a, b], equal_variances=True),
    "kruskal": lambda a, b: groups.kruskal_wallis([a, b]),
    "equivalence": lambda a, b: equivalence.equivalence(a, b, 0.1),
    "non_inferiority": lambda a, b: equivalence.non_inferiority(a, b, 0.1, higher_is_better=True),
    "relative": lambda a, b: equivalence.relative_non_inferiority(a, b, 0.1, higher_is_better=False),
    "geometric": quantiles.ratio_of_geometric_means,
    "stratified": lambda a, b: aggregate.stratified_difference([a, b], [b, a]),
    "welch": lambda a, b: estimates.welch(a, b) if min(len(a), len(b)) > 1 else None,
    "level_shift": lambda a, b: level_shift.level_shift([[level_shift.Unit(v) for v in one] for one in (a, b, a, b)], rng_for),
    "next_period": lambda a, b: equivalence.next_period_non_inferiority(a, b[0], 0.1, higher_is_better=True),
}
INTEGRATED: dict[str, Callable[[Values, Values], Any]] = {
    "games_howell": lambda a, b: groups.tukey_pairs([a, b]),
    "dunnett": lambda a, b: groups.dunnett([a, b], 0),
}
"""Half a second each."""
PAIRED: dict[str, Callable[[Values, Values], Any]] = {
    "signed_rank": ranks.signed_rank,
    "pseudo_median": ranks.pseudo_median,
    "sign_flip": lambda a, b: resampling.sign_flip_test(a, b, RNG, alpha=0.2),
    "posterior": lambda a, b: folds.correlated_posterior(a, b, 0.1, 0.01),
    "paired_equivalence": lambda a, b: equivalence.paired_equivalence(a, b, 0.1),
    "paired_non_inferiority": lambda a, b: equivalence.paired_non_inferiority(a, b, 0.1, higher_is_better=True),
    "ratio_of_sums": quantiles.ratio_of_sums,
    "front": lambda a, b: sweeps.pareto_front(list(zip(a, b, strict=True)), (True, False), reference=(0.0, 0.0)),
}
ONE: dict[str, Callable[[Values], Any]] = {
    "threshold": lambda a: equivalence.threshold_gate(a, 0.5, higher_is_better=True),
    "outliers": sweeps.outliers,
    "expected_best": lambda a: budgets.expected_best(a, higher_is_better=False),
    "aggregates": lambda a: aggregate.aggregate_scores([a, a[:1]]),
    "quantile": lambda a: quantiles.quantile_interval(a, 0.5),
    "prediction": lambda a: level_shift.level_shift([[level_shift.Unit(value)] for value in a], rng_for),
    "mean_level": lambda a: curves.mean_level(list(range(len(a))), a),
    "counts": ranks.sign_counts,
}

number = st.one_of(
    st.floats(-2, 2),
    st.sampled_from([0.0, 0.1, 0.3, 0.1 + 0.2, 1.0, -1.0, 5e-324, 1e-300, 1e-60, 1e9, 1e9 + 1e-6, LARGEST, -LARGEST]),
)
sample = st.one_of(
    st.lists(number, min_size=1, max_size=14),
    st.builds(lambda value, n: [value] * n, number, st.integers(1, 14)),
    st.builds(
        lambda value, noise: [value + 1e-9 * x for x in noise],
        st.floats(-2, 2),
        st.lists(st.floats(-1, 1), min_size=3, max_size=14),
    ),
)


def parts(value: Any, name: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Every (field, value, the answer it belongs to) of a result, however deep."""
    if dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            for inner_name, inner, owner in parts(getattr(value, field.name), field.name):
                yield inner_name, inner, owner if owner is not None else value
    elif isinstance(value, tuple | list):
        for one in value:
            yield from parts(one, name)
    else:
        yield name, value, None


def assert_honest(found: Any) -> None:
    for name, value, owner in parts(found):
        if isinstance(value, float):
            assert math.isfinite(value), (name, found)
        if value is not None and (name == "p" or name.startswith("p_")) and isinstance(value, float):
            assert 0 <= value <= 1 + 1e-9, (name, found)
            assert getattr(owner, "outcome", "estimated") == "estimated", found


@pytest.mark.parametrize("name", TWO)
@settings(max_examples=60)
@given(sample, sample)
def test_two_samples(name: str, a: Values, b: Values) -> None:
    assert_honest(TWO[name](a, b))


@pytest.mark.parametrize("name", INTEGRATED)
@settings(max_examples=15)
@given(sample, sample)
def test_two_samples_integrated(name: str, a: Values, b: Values) -> None:
    assert_honest(INTEGRATED[name](a, b))


@pytest.mark.parametrize("name", PAIRED)
@settings(max_examples=60)
@given(sample, sample)
def test_pairs(name: str, a: Values, b: Values) -> None:
    n = min(len(a), len(b))
    assert_honest(PAIRED[name](a[:n], b[:n]))


@pytest.mark.parametrize("name", ONE)
@settings(max_examples=60)
@given(sample)
def test_one_sample(name: str, a: Values) -> None:
    assert_honest(ONE[name](a))
