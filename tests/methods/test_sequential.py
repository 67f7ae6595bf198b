"""Repeated looks: crossing probabilities against the bivariate normal, spending, and decisions."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from reportgen.analyze.methods import sequential


@settings(max_examples=25)
@given(st.floats(0.05, 0.9), st.floats(0.5, 3.5), st.floats(0.5, 3.5))
def test_two_looks_are_the_bivariate_normal(first: float, z1: float, z2: float) -> None:
    rho = math.sqrt(first)
    joint = stats.multivariate_normal([0, 0], [[1, rho], [rho, 1]])
    inside = joint.cdf([z1, z2], lower_limit=[-z1, -z2])
    crossed = sequential.crossing_probabilities([first, 1.0], [z1, z2])
    assert crossed[0] == pytest.approx(2 * stats.norm.sf(z1))
    assert crossed[1] == pytest.approx(1 - inside, abs=1e-6)


@settings(max_examples=25)
@given(st.lists(st.integers(1, 40), min_size=1, max_size=8, unique=True), st.sampled_from([0.01, 0.05, 0.1]))
def test_bounds_spend_exactly_alpha_over_any_looks(runs: list[int], alpha: float) -> None:
    looks = [n / max(runs) for n in sorted(runs)]
    found = sequential.sequential_bounds(looks, alpha=alpha)
    assert found.spent[-1] == pytest.approx(alpha)
    reachable = [spent for spent, z in zip(found.spent, found.z, strict=True) if z < 12]
    assert sequential.crossing_probabilities(looks, found.z)[-1] == pytest.approx(reachable[-1], abs=1e-9)
    # Adding a look in the future does not change the bounds so far.
    assert sequential.sequential_bounds(looks[:1], alpha=alpha).z[0] == pytest.approx(found.z[0])


def test_naive_looks_at_ten() -> None:
    assert sequential.naive_false_positive_rate(10) == pytest.approx(0.193, abs=0.0005)  # Armitage et al. 1969, table 2


def test_a_look_compares_p_with_its_level() -> None:
    early = sequential.look(0.02, [4], 20)
    assert (early.look, early.stop, early.final) == (1, False, False)
    assert early.p_level < 2e-5
    late = sequential.look(0.02, [4, 8, 12, 16, 20], 20)
    assert (late.look, late.stop, late.final) == (5, True, True)
    assert late.p_level == pytest.approx(0.0423, abs=1e-4)
    only = sequential.look(0.05, [20], 20)
    assert (only.stop, only.p_level) == (True, pytest.approx(0.05))


def test_what_is_refused() -> None:
    for call in (
        lambda: sequential.look(0.02, [4, 21], 20),
        lambda: sequential.look(0.02, [4, 4], 20),
        lambda: sequential.look(0.02, [], 20),
        lambda: sequential.look(math.nan, [4], 20),
        lambda: sequential.naive_false_positive_rate(0),
        lambda: sequential.crossing_probabilities([0.5, 1.0], [2.0]),
        lambda: sequential.sequential_bounds([0.5, 0.50001]),
        lambda: sequential.sequential_bounds([0.0, 1.0]),
        lambda: sequential.obrien_fleming_spending(1.5),
    ):
        with pytest.raises(ValueError, match=r"\w"):
            call()
