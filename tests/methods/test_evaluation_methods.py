"""What evaluations row by row need beside the other methods: mid-p, clustered means, trials, agreement."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from benchmarks.coverage import evaluations
from reportgen.analyze.methods.agreement import cohens_kappa, krippendorff_alpha
from reportgen.analyze.methods.clustered import clustered_mean
from reportgen.analyze.methods.estimates import t_interval
from reportgen.analyze.methods.proportions import (
    detectable_paired_difference,
    mcnemar_mid_p,
    paired_items_needed,
    paired_share_difference,
)
from reportgen.analyze.methods.trials import pass_all, pass_at


@pytest.mark.parametrize(
    ("only_a", "only_b", "p"),
    [(1, 7, 0.039), (5, 5, 1.0), (0, 0, 1.0), (0, 5, 0.03125)],
)
def test_mcnemar_mid_p(only_a: int, only_b: int, p: float) -> None:
    """1 and 7: Fagerland, Lydersen & Laake 2013, table 1 (airway hyper-responsiveness before and after stem cell transplantation)."""
    assert mcnemar_mid_p(only_a, only_b) == pytest.approx(p, abs=5e-4)
    assert mcnemar_mid_p(only_a, only_b) == mcnemar_mid_p(only_b, only_a)


def test_mid_p_is_the_exact_p_less_half_of_what_was_observed() -> None:
    for only_a in range(8):
        for only_b in range(only_a + 1, 12):
            exact = stats.binomtest(only_a, only_a + only_b, 0.5).pvalue
            assert mcnemar_mid_p(only_a, only_b) == pytest.approx(exact - stats.binom.pmf(only_a, only_a + only_b, 0.5))


def test_newcombes_paired_interval() -> None:
    """Newcombe 1998, method 10: 1 and 7 of 21 pairs differ (the same table; Fagerland et al. 2014 print −0.507 to −0.026)."""
    found = paired_share_difference(1, 7, 1, 12).difference
    assert found is not None
    assert (round(found.low, 3), round(found.high, 3)) == (-0.507, -0.026)


def test_items_needed_are_those_of_connor() -> None:
    """n = (z_{α/2}·√ψ + z_β·√(ψ − δ²))² / δ²: 200 items with 20 % discordant show about 9 points, 40 about 19."""
    assert round(detectable_paired_difference(200, 0.2) or 0, 3) == 0.088
    assert round(detectable_paired_difference(40, 0.2) or 0, 3) == 0.192
    assert paired_items_needed(0.15, 0.25) == 85
    assert paired_items_needed(0.0, 0.2) is None
    assert paired_items_needed(0.001, 0.5) is None
    assert detectable_paired_difference(2, 0.2) is None


def test_a_clustered_mean_without_clusters_is_the_t_interval() -> None:
    values = [0.1, 0.5, 0.9, 0.3, 0.7]
    found = clustered_mean(values, range(5))
    plain = t_interval(values)
    assert found is not None
    assert (found.value, found.low, found.high) == (plain.value, plain.low, plain.high)


def test_items_that_repeat_in_their_cluster_count_once() -> None:
    values, clusters = [0.1, 0.5, 0.9, 0.3], ["a", "b", "c", "d"]
    once = clustered_mean(values, clusters)
    thrice = clustered_mean(np.repeat(values, 3), list(np.repeat(clusters, 3)))
    assert once is not None
    assert thrice is not None
    assert thrice.se == pytest.approx(once.se)
    assert thrice.df == once.df == 3
    assert clustered_mean([1.0, 2.0], ["a", "b"]) is None


def test_the_clustered_error_is_that_of_a_regression_with_cluster_robust_errors() -> None:
    """An intercept alone with CR1 errors (Stata's ``vce(cluster)``): G/(G − 1) · (n − 1)/(n − k) with k = 1."""
    rng = np.random.default_rng(1)
    clusters = rng.integers(0, 7, 60)
    values = rng.normal(size=60) + rng.normal(size=7)[clusters]
    found = clustered_mean(values, list(clusters))
    residual = values - values.mean()
    meat = sum(residual[clusters == g].sum() ** 2 for g in range(7))
    assert found is not None
    assert found.se == pytest.approx(math.sqrt(meat * 7 / 6) / 60)
    assert found.df == 6


def test_pass_at_k_and_pass_all_k() -> None:
    assert pass_at(1, 3, 10) == pytest.approx(0.3)
    assert pass_at(10, 1, 10) == 1.0
    assert pass_at(2, 3, 5) == pytest.approx(1 - 1 / 10)  # of 10 pairs one has no pass
    assert pass_all(2, 3, 5) == pytest.approx(3 / 10)
    assert pass_all(3, 2, 3) == 0.0
    with pytest.raises(ValueError, match="k = 4"):
        pass_at(4, 1, 3)


def test_cohens_kappa() -> None:
    """Fleiss, Cohen & Everitt 1969: 200 patients in three diagnoses by two psychiatrists, kappa 0.429, standard error 0.054."""
    cells = {("a", "a"): 106, ("a", "b"): 10, ("a", "c"): 4, ("b", "a"): 22, ("b", "b"): 28, ("b", "c"): 10}
    cells |= {("c", "a"): 2, ("c", "b"): 12, ("c", "c"): 6}
    pairs = [pair for pair, n in cells.items() for _ in range(n)]
    found = cohens_kappa([a for a, _ in pairs], [b for _, b in pairs])
    assert found.coefficient is not None
    assert (found.n, found.observed) == (200, 0.7)
    assert round(found.coefficient.value, 3) == 0.429
    assert round((found.coefficient.high - found.coefficient.value) / 1.959964, 3) == 0.054


def test_agreement_that_nothing_can_be_said_of() -> None:
    assert cohens_kappa([True, True], [True, True]).coefficient is None
    assert krippendorff_alpha([1.0, 1.0], [1.0, 1.0]).coefficient is None
    with pytest.raises(ValueError, match="0 and 0"):
        cohens_kappa([], [])


def test_krippendorffs_alpha_of_numbers() -> None:
    """Two raters of ten units, interval data: 1 − (mean squared difference) / (expected), by hand."""
    a, b = [1.0, 2, 3, 3, 2, 1, 4, 1, 2, 5], [1.0, 2, 3, 3, 2, 2, 4, 1, 2, 5]
    found = krippendorff_alpha(a, b)
    pooled = np.array([*a, *b])
    expected = np.mean([(x - y) ** 2 for i, x in enumerate(pooled) for j, y in enumerate(pooled) if i != j])
    assert found.coefficient is not None
    assert found.coefficient.value == pytest.approx(1 - 0.1 / expected)
    assert found.coefficient.low <= found.coefficient.value <= found.coefficient.high
    assert krippendorff_alpha(a, b) == found


def test_a_quick_part_of_the_simulation_claims_no_more_than_it_may() -> None:
    assert not evaluations.quick().is_above(0.05)
