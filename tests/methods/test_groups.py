"""Several groups: Dunnett and Games–Howell against their sources, the leading set, groups that cannot be tested."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from reportgen.analyze import statistics
from reportgen.analyze.methods import groups

BLOOD = (
    [7.40, 8.50, 7.20, 8.24, 9.84, 8.32],
    [9.76, 8.80, 7.68, 9.36],
    [12.80, 9.68, 12.16, 9.20, 10.55],
)
"""Dunnett 1955, blood counts: control, drug A, drug B; p-values as printed in the documentation of scipy.stats.dunnett."""


def test_dunnett_1955() -> None:
    found = groups.dunnett(BLOOD, 0)
    # SciPy's printed p-values are sampled and good to about 0.0002.
    assert [pair.p_adjusted for pair in found] == pytest.approx([0.62004941, 0.0059035], abs=2e-4)
    assert [pair.second for pair in found] == [1, 2]
    (first, _) = found
    assert first.bounds is not None
    assert first.difference in first.bounds
    assert 0 in first.bounds


@pytest.mark.parametrize(
    ("k", "df", "expected"),
    [(2, 5, 3.03), (3, 5, 3.29), (2, 10, 2.57), (4, 10, 2.89), (2, 20, 2.38), (4, 20, 2.65), (3, 60, 2.41)],
)
def test_dunnett_1964_table_of_critical_values(k: int, df: int, expected: float) -> None:
    inside = groups._Dunnett([7] * k, 7, df)
    assert inside.probability(expected - 0.006) < 0.95 < inside.probability(expected + 0.006)


def test_dunnett_of_one_group_is_students_t() -> None:
    (only,) = groups.dunnett(BLOOD[:2], 0)
    assert only.p_adjusted == pytest.approx(stats.ttest_ind(*BLOOD[:2]).pvalue, abs=1e-7)
    limits = stats.ttest_ind(BLOOD[1], BLOOD[0]).confidence_interval()
    assert only.bounds is not None
    assert (only.bounds.low, only.bounds.high) == pytest.approx(tuple(limits), abs=1e-6)


def test_dunnett_is_refused_when_spreads_differ() -> None:
    found = groups.dunnett(([1, 2, 3], [1, 3, 5.1]), 0)
    assert {pair.outcome for pair in found} == {"refused"}
    assert "assumes one variance" in found[0].note
    assert found[0].p_adjusted is None


def test_games_howell_by_its_formula() -> None:
    samples = [np.array(sample) for sample in BLOOD]
    for pair in groups.tukey_pairs(samples):
        a, b = samples[pair.first], samples[pair.second]
        test = statistics.welch(a, b)
        assert test is not None
        expected = stats.studentized_range.sf(abs(test.t) * math.sqrt(2), 3, test.df)
        reach = stats.studentized_range.ppf(0.95, 3, test.df) / math.sqrt(2) * test.se
        assert pair.p_adjusted == pytest.approx(expected, rel=1e-4)
        assert pair.difference == pytest.approx(test.delta)
        assert pair.bounds is not None
        assert (pair.bounds.low, pair.bounds.high) == pytest.approx((test.delta - reach, test.delta + reach), rel=1e-4)


def test_baseline_comparisons_are_the_headline_test_with_holm_and_bonferroni() -> None:
    found = groups.pairwise_t(BLOOD, baseline=0)
    tests = [statistics.welch(BLOOD[0], other) for other in BLOOD[1:]]
    assert [pair.p for pair in found] == pytest.approx([test.p for test in tests if test])
    assert [pair.p_adjusted for pair in found] == pytest.approx(list(statistics.holm([test.p for test in tests if test])))
    wide = statistics.welch(BLOOD[0], BLOOD[1], 1 - 0.05 / 2)
    assert wide is not None
    assert found[0].bounds is not None
    assert (found[0].bounds.low, found[0].bounds.high, found[0].bounds.level) == pytest.approx((wide.low, wide.high, 0.95))


def test_groups_of_one_run_or_without_variation_are_never_tested() -> None:
    samples = ([0.9] * 3, [0.8] * 4, [0.9] * 3, [0.7], [0.5, 0.6, 0.7])
    outcomes = {(pair.first, pair.second): pair for pair in groups.pairwise_t(samples)}
    assert outcomes[0, 1].outcome == "no variation"
    assert outcomes[0, 1].difference == pytest.approx(-0.1)
    assert outcomes[0, 2].outcome == "identical"
    assert outcomes[0, 3].outcome == "too few"
    assert outcomes[0, 4].outcome == "estimated"
    assert {pair.p for pair in outcomes.values() if pair.outcome != "estimated"} == {None}
    assert groups.anova(samples).outcome == "too few"
    assert groups.anova(samples[:3]).outcome == "no variation"
    assert "groups [0]" in groups.anova((samples[0], samples[4])).note
    assert groups.anova((samples[0], samples[4]), equal_variances=True).outcome == "estimated"
    assert {pair.outcome for pair in groups.tukey_pairs(samples[:3])} == {"no variation"}
    assert groups.kruskal_wallis(samples).outcome == "too few"
    assert groups.kruskal_wallis(([1.0] * 5, [1.0] * 6)).outcome == "no variation"
    assert groups.anova(([1, 2, 3], [1, 2, 3])).omega_squared == 0.0


def test_analysis_of_variance_is_scipys_where_scipy_can_compute_it() -> None:
    for equal in (True, False):
        expected = stats.f_oneway(*BLOOD, equal_var=equal)
        found = groups.anova(BLOOD, equal_variances=equal)
        assert (found.statistic, found.p) == pytest.approx((expected.statistic, expected.pvalue))
    nearly = groups.anova(([0.0, 0.0], [1.0, 1.0, 1.000000001]), equal_variances=True)
    assert nearly.statistic is not None
    assert nearly.statistic > 1e17


def test_leading_set_holds_the_best_and_what_cannot_be_told_from_it() -> None:
    rng = np.random.default_rng(10)
    samples = [rng.normal(mean, 0.01, 8) for mean in (0.80, 0.95, 0.949, 0.5)] + [np.array([0.93])]
    found = groups.leading_set(samples, higher_is_better=True)
    assert found.best == found.members[0]
    assert set(found.members) == {1, 2}
    assert found.undecided == (4,)
    assert groups.leading_set(samples, higher_is_better=False).members == (3,)
    constant = groups.leading_set(([1.0] * 3, [1.0] * 3, [0.5] * 3), higher_is_better=True)
    assert (constant.members, constant.undecided) == ((0, 1), (2,))


def test_what_is_refused() -> None:
    for call in (
        lambda: groups.anova([[1.0, 2.0]]),
        lambda: groups.anova([[1.0, 2.0], []]),
        lambda: groups.pairwise_t([[1.0, 2.0], [2.0, math.nan]]),
        lambda: groups.pairwise_t([[1.0, 2.0], [2.0, 3.0]], baseline=2),
        lambda: groups.leading_set([[1.0], [2.0]], higher_is_better=True, alpha=0.0),
    ):
        with pytest.raises(ValueError, match=r"\w"):
            call()
