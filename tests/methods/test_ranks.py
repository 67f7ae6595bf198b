"""Rank tests: null distributions against enumeration and SciPy, the rules for few runs, and what order must not change."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from reportgen.analyze.methods import ranks
from reportgen.analyze.methods.samples import because

scores = st.integers(-6, 6).map(lambda n: n / 4)


@given(st.lists(scores, min_size=5, max_size=7), st.lists(scores, min_size=5, max_size=6))
def test_mann_whitney_with_ties_is_the_enumeration_of_all_labels(a: list[float], b: list[float]) -> None:
    test = ranks.mann_whitney(a, b)
    pooled = np.array(a + b)
    if np.ptp(pooled) == 0:
        assert (test.outcome, test.p_two_sided) == ("no variation", None)
        return
    placed = stats.rankdata(pooled)
    observed = placed[len(a) :].sum()
    sums = [placed[list(chosen)].sum() for chosen in itertools.combinations(range(pooled.size), len(b))]
    assert test.p_greater == pytest.approx(np.mean(np.array(sums) >= observed))
    assert test.p_less == pytest.approx(np.mean(np.array(sums) <= observed))


def test_mann_whitney_without_ties_is_scipys_exact_test_and_beyond_50_its_asymptotic_one() -> None:
    rng = np.random.default_rng(3)
    for n_a, n_b, method in ((5, 9, "exact"), (50, 50, "exact"), (51, 30, "asymptotic")):
        a, b = rng.normal(size=n_a), rng.normal(0.3, 1, size=n_b)
        expected = stats.mannwhitneyu(b, a, method=method)
        test = ranks.mann_whitney(a, b)
        assert (test.method, test.u) == (method, expected.statistic)
        assert test.p_two_sided == pytest.approx(expected.pvalue, rel=1e-9)


@given(st.lists(scores, min_size=6, max_size=11))
def test_signed_rank_with_ties_and_zeros_is_the_enumeration_of_all_signs(differences: list[float]) -> None:
    test = ranks.signed_rank([0.0] * len(differences), differences)
    d = np.array(differences)
    if not d.any():
        assert (test.outcome, test.p_two_sided) == ("identical", None)
        return
    placed = stats.rankdata(np.abs(d))
    signs = np.array(list(itertools.product([0, 1], repeat=int((d != 0).sum()))))
    sums = signs @ placed[d != 0]
    assert test.p_greater == pytest.approx(np.mean(sums >= placed[d > 0].sum()))
    assert test.rank_sum_positive + test.rank_sum_negative == d.size * (d.size + 1) / 2
    assert test.zeros == int((d == 0).sum())


def test_signed_rank_is_scipys_where_scipy_is_exact_and_beyond_50_pairs() -> None:
    rng = np.random.default_rng(4)
    for n, arguments in ((25, {"method": "exact"}), (60, {"method": "asymptotic", "correction": True, "zero_method": "zsplit"})):
        a, b = rng.normal(size=n), rng.normal(0.2, 1, size=n)
        test = ranks.signed_rank(a, b)
        assert test.method == arguments["method"]
        assert test.p_two_sided == pytest.approx(stats.wilcoxon(b - a, **arguments).pvalue, rel=1e-6)


def test_decimals_that_differ_by_one_tenth_tie() -> None:
    # 0.9 − 0.8, 0.3 − 0.2 and 0.7 − 0.6 are three different binary fractions.
    tied = ranks.signed_rank([0.8, 0.2, 0.6, 0.1, 0.5, 0.4], [0.9, 0.3, 0.7, 0.2, 0.4, 0.4])
    assert (tied.rank_sum_positive, tied.rank_sum_negative, tied.zeros) == (4 * 4 + 0.5, 4 + 0.5, 1)


@pytest.mark.parametrize(("n_a", "n_b"), [(1, 1), (3, 3), (4, 4), (4, 20)])
def test_few_runs_give_the_smallest_p_there_is_and_no_p(n_a: int, n_b: int) -> None:
    test = ranks.mann_whitney(range(n_a), range(100, 100 + n_b))
    assert (test.outcome, test.p_two_sided, test.p_less) == ("too few", None, None)
    assert test.smallest_p == 2 / math.comb(n_a + n_b, n_a) if n_a + n_b > 2 else 1.0
    assert test.reason == because("few-runs-per-side-for-ranks", a=n_a, b=n_b, least=5)


def test_five_pairs_are_too_few() -> None:
    test = ranks.signed_rank([0] * 5, [1, 2, 3, 4, 5])
    assert (test.outcome, test.p_two_sided, test.smallest_p) == ("too few", None, 0.0625)
    assert ranks.pseudo_median([0] * 5, [1, 2, 3, 4, 5]).interval is None


def test_hodges_lehmann_intervals_hold_their_level_and_say_when_they_cannot() -> None:
    narrow = ranks.hodges_lehmann_shift([1, 2, 3], [4, 5, 7])
    assert (narrow.outcome, narrow.interval, narrow.estimate) == ("too few", None, 3.0)
    assert narrow.reason == because("widest-interval", coverage=pytest.approx(0.9), level=0.95)
    same = ranks.hodges_lehmann_shift([0.8] * 6, [0.9] * 6)
    assert (same.outcome, same.interval, same.estimate) == ("no variation", None, pytest.approx(0.1))
    rng = np.random.default_rng(5)
    for n in (8, 60):
        a, b = rng.normal(size=n), rng.normal(1, 1, size=n)
        for found in (ranks.hodges_lehmann_shift(a, b), ranks.pseudo_median(a, b)):
            assert found.interval is not None
            assert found.interval.low <= found.estimate <= found.interval.high
            assert found.coverage is None or 0.95 <= found.coverage < 0.99


@settings(max_examples=40)
@given(st.lists(st.tuples(scores, scores, scores), min_size=6, max_size=9))
def test_friedman_is_scipys_and_rank_sums_are_whole(rows: list[tuple[float, ...]]) -> None:
    test = ranks.friedman(rows, higher_is_better=True)
    assert sum(test.mean_ranks) == pytest.approx(test.groups * (test.groups + 1) / 2)
    if test.tie_corrected is None:
        assert test.outcome == "no variation"
        return
    expected = stats.friedmanchisquare(*np.array(rows).T)
    assert test.tie_corrected.chi2 == pytest.approx(expected.statistic, abs=1e-9)
    assert test.tie_corrected.p == pytest.approx(expected.pvalue, abs=1e-9)


def test_friedman_needs_six_datasets_and_three_groups_and_has_no_f_for_complete_agreement() -> None:
    assert ranks.friedman([[1, 2, 3]] * 5, higher_is_better=True).outcome == "too few"
    assert ranks.friedman([[1, 2]] * 9, higher_is_better=True).outcome == "too few"
    agreed = ranks.friedman([[1, 2, 3]] * 6, higher_is_better=True)
    assert agreed.mean_ranks == (3.0, 2.0, 1.0)
    assert agreed.tie_corrected is not None
    assert (agreed.tie_corrected.f, agreed.tie_corrected.p_f) == (None, None)
    assert agreed.tie_corrected.p == pytest.approx(math.exp(-6))


def test_sign_counts_call_a_change_within_the_margin_a_tie() -> None:
    counts = ranks.sign_counts([0.1, 0.2, -0.05, 0.0, 0.3, 0.4, 0.5, 0.6], margin=0.05)
    assert (counts.wins, counts.ties, counts.losses, counts.p_two_sided) == (6, 2, 0, 0.03125)
    assert ranks.sign_counts([1, 1, 1]).outcome == "too few"


@given(st.lists(scores, min_size=5, max_size=8), st.lists(scores, min_size=5, max_size=8), st.randoms())
def test_order_of_runs_and_swapping_groups(a: list[float], b: list[float], random: object) -> None:
    shuffled = list(b)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert ranks.mann_whitney(a, b) == ranks.mann_whitney(a, shuffled)
    there, back = ranks.mann_whitney(a, b), ranks.mann_whitney(b, a)
    assert (there.p_greater, there.p_less) == (pytest.approx(back.p_less), pytest.approx(back.p_greater))
    assert ranks.hodges_lehmann_shift(a, b).estimate == pytest.approx(-ranks.hodges_lehmann_shift(b, a).estimate)


def test_what_is_refused() -> None:
    for call in (
        lambda: ranks.mann_whitney([], [1.0]),
        lambda: ranks.mann_whitney([math.nan], [1.0]),
        lambda: ranks.signed_rank([1.0], [1.0, 2.0]),
        lambda: ranks.friedman([[1.0, math.inf, 2.0]], higher_is_better=True),
        lambda: ranks.friedman([[1.0], [1.0, 2.0]], higher_is_better=True),
        lambda: ranks.nemenyi_difference(1, 5),
        lambda: ranks.sign_counts([1.0], margin=-1),
        lambda: ranks.cliff_magnitude(1.5),
        lambda: ranks.pseudo_median([], []),
    ):
        with pytest.raises(ValueError, match=r"\w"):
            call()
