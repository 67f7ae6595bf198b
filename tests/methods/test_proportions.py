"""Pass rates: Newcombe's paired interval and McNemar's test against their sources."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, binomtest

from reportgen.analyze.methods import proportions

count = st.integers(0, 30)


@pytest.mark.parametrize(
    ("table", "low", "high"),
    [
        # Cavo et al. 2012 as printed by the tests of R's contingencytables; Bentur et al. 2009 in Fagerland et al. 2014.
        ((59, 6, 16, 80), -0.1186, -0.0046),
        ((1, 1, 7, 12), -0.507, -0.026),
    ],
)
def test_newcombe_paired(table: tuple[int, int, int, int], low: float, high: float) -> None:
    both, row_only, column_only, neither = table
    # The sources print row − column; here B − A, with A the column.
    found = proportions.paired_share_difference(both, column_only, row_only, neither)
    assert found.difference is not None
    digits = 5e-5 if low == -0.1186 else 5e-4
    assert found.difference.low == pytest.approx(low, abs=digits)
    assert found.difference.high == pytest.approx(high, abs=digits)


def test_mcnemar_bentur_2009() -> None:
    assert proportions.mcnemar(7, 1).p_two_sided == 0.0703125
    assert proportions.mcnemar(0, 0).outcome == "identical"
    five = proportions.mcnemar(0, 5)
    assert (five.outcome, five.p_two_sided) == ("too few", None)


@given(count, count, count, count)
def test_differences_mirror_and_contain_their_estimate(a: int, b: int, c: int, d: int) -> None:
    there, back = proportions.paired_share_difference(a, b, c, d), proportions.paired_share_difference(a, c, b, d)
    if a + b + c + d == 0:
        assert (there.outcome, there.difference) == ("too few", None)
        return
    mine, other = there.difference, back.difference
    assert mine is not None
    assert other is not None
    assert (mine.low, mine.value, mine.high) == pytest.approx((-other.high, -other.value, -other.low))
    assert -1 <= mine.low <= mine.value + 1e-12
    assert mine.value - 1e-12 <= mine.high <= 1
    n = a + b + c + d
    unpaired = proportions.share_difference(a + b, n, a + c, n)
    assert unpaired.difference is not None
    if a * d <= b * c:  # pairs that disagree more than chance make the paired interval wider
        assert mine.low <= unpaired.difference.low + 1e-9


def test_without_items_nothing_is_said() -> None:
    empty = proportions.share_difference(0, 0, 3, 4)
    assert (empty.outcome, empty.share_a, empty.share_b, empty.difference) == ("too few", None, 0.75, None)
    for call in (
        lambda: proportions.share_difference(5, 4, 1, 2),
        lambda: proportions.wilson_interval(0, 0),
        lambda: proportions.mcnemar(-1, 2),
        lambda: proportions.paired_share_difference(1, -1, 1, 1),
    ):
        with pytest.raises(ValueError, match=r"\w"):
            call()


@pytest.mark.parametrize("n", [3, 4, 5, 6, 10, 20, 50])
@pytest.mark.parametrize("share", [0.5, 0.8, 0.9, 0.95, 0.99])
def test_each_exact_bound_is_missed_by_at_most_five_percent(n: int, share: float) -> None:
    mass = binom.pmf(range(n + 1), n, share)
    bounds = [proportions.exact_bounds(k, n) for k in range(n + 1)]
    assert sum(p for p, one in zip(mass, bounds, strict=True) if one.low is not None and one.low > share) <= 0.05
    assert sum(p for p, one in zip(mass, bounds, strict=True) if one.high is not None and one.high < share) <= 0.05


def test_exact_bounds_are_those_of_scipy() -> None:
    for k, n in ((0, 4), (1, 20), (19, 20), (20, 20)):
        known = binomtest(k, n).proportion_ci(0.9, method="exact")
        found = proportions.exact_bounds(k, n)
        assert (found.low, found.high) == pytest.approx((known.low, known.high))
