"""Several groups: Dunnett and Games–Howell against their sources, groups that cannot be tested."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from reportgen.analyze.methods import estimates, groups, largest
from reportgen.analyze.methods.samples import because

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
    assert first.interval is not None
    assert first.interval.low < 0 < first.difference == first.interval.value < first.interval.high


@pytest.mark.parametrize(
    ("k", "df", "expected"),
    [(2, 5, 3.03), (3, 5, 3.29), (2, 10, 2.57), (4, 10, 2.89), (2, 20, 2.38), (4, 20, 2.65), (3, 60, 2.41)],
)
def test_dunnett_1964_table_of_critical_values(k: int, df: int, expected: float) -> None:
    inside = largest.Dunnett([7] * k, 7, df)
    assert inside.probability(expected - 0.006) < 0.95 < inside.probability(expected + 0.006)


def test_dunnett_of_one_group_is_students_t() -> None:
    (only,) = groups.dunnett(BLOOD[:2], 0)
    assert only.p_adjusted == pytest.approx(stats.ttest_ind(*BLOOD[:2]).pvalue, abs=1e-7)
    limits = stats.ttest_ind(BLOOD[1], BLOOD[0]).confidence_interval()
    assert only.interval is not None
    assert (only.interval.low, only.interval.high) == pytest.approx(tuple(limits), abs=1e-6)


def test_dunnett_is_refused_when_spreads_differ() -> None:
    found = groups.dunnett(([1, 2, 3], [1, 3, 5.1]), 0)
    assert {pair.outcome for pair in found} == {"refused"}
    assert found[0].reason is not None
    assert found[0].reason.slug == "unequal-spread"
    assert found[0].p_adjusted is None


def test_games_howell_by_its_formula() -> None:
    samples = [np.array(sample) for sample in BLOOD]
    for pair in groups.tukey_pairs(samples):
        a, b = samples[pair.first], samples[pair.second]
        test = estimates.welch(a, b)
        assert test is not None
        expected = stats.studentized_range.sf(abs(test.t) * math.sqrt(2), 3, test.df)
        reach = stats.studentized_range.ppf(0.95, 3, test.df) / math.sqrt(2) * test.se
        assert pair.p_adjusted == pytest.approx(expected, rel=1e-6)
        assert pair.difference == pytest.approx(test.value)
        assert pair.interval is not None
        assert (pair.interval.low, pair.interval.high) == pytest.approx((test.value - reach, test.value + reach), rel=1e-6)


def test_tukey_by_its_formula() -> None:
    expected = stats.tukey_hsd(*BLOOD)
    limits = expected.confidence_interval()
    for pair in groups.tukey_pairs(BLOOD, equal_variances=True):
        assert pair.interval is not None
        assert pair.p_adjusted == pytest.approx(expected.pvalue[pair.second, pair.first], rel=1e-6)
        assert (pair.difference, pair.interval.low, pair.interval.high) == pytest.approx(
            tuple(m[pair.second, pair.first] for m in (expected.statistic, limits.low, limits.high)), rel=1e-6
        )


@pytest.mark.parametrize(("k", "df"), [(2, 1), (3, 1.3), (6, 9.7), (40, 300), (3, math.inf)])
def test_studentized_range_is_scipys(k: int, df: float) -> None:
    found = largest.quantile(largest.StudentizedRange(k, df), 0.95)
    assert found == pytest.approx(stats.studentized_range.ppf(0.95, k, df), rel=1e-6)


def test_groups_of_one_run_or_without_variation_are_never_tested() -> None:
    samples = ([0.9] * 3, [0.8] * 4, [0.9] * 3, [0.7], [0.5, 0.6, 0.7])
    untested = groups.tukey_pairs(samples)
    assert {pair.outcome for pair in untested} == {"too few"}
    assert {(pair.p, pair.p_adjusted, pair.interval) for pair in untested} == {(None, None, None)}
    assert untested[0].difference == pytest.approx(-0.1)
    assert groups.anova(samples).outcome == "too few"
    assert groups.anova(samples[:3]).outcome == "no variation"
    assert groups.anova((samples[0], samples[4])).reason == because("groups-without-variation", groups=(0,))
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


def test_what_is_refused() -> None:
    for call in (
        lambda: groups.anova([[1.0, 2.0]]),
        lambda: groups.anova([[1.0, 2.0], []]),
        lambda: groups.tukey_pairs([[1.0, 2.0], [2.0, math.nan]]),
        lambda: groups.dunnett([[1.0, 2.0], [2.0, 3.0]], 2),
        lambda: groups.dunnett([[1.0, 2.0], [2.0, 3.0]], 0, level=1.0),
    ):
        with pytest.raises(ValueError, match=r"\w"):
            call()
