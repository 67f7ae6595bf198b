"""Cross-validation folds: the corrected t, its posterior, and folds without variation."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.analyze.methods import estimates, folds

differences = st.lists(st.integers(-50, 50).map(lambda n: n / 100), min_size=2, max_size=30)


@given(differences, st.sampled_from([0.1, 0.2, 0.5]), st.floats(0, 0.5))
def test_posterior_adds_to_one_and_agrees_with_the_test(b: list[float], fraction: float, rope: float) -> None:
    a = [0.0] * len(b)
    test, posterior = folds.corrected_paired(a, b, fraction), folds.correlated_posterior(a, b, fraction, rope)
    if test is None:
        assert (posterior.outcome in ("identical", "no variation"), posterior.above) == (True, None)
        return
    assert posterior.below is not None
    assert posterior.inside is not None
    assert posterior.above is not None
    assert posterior.below + posterior.inside + posterior.above == pytest.approx(1)
    plain = estimates.paired(a, b)
    assert plain is not None
    assert test.se > plain.se, "folds share training data: the corrected error is always larger"
    one_sided = folds.correlated_posterior(a, b, fraction, 0.0)
    assert one_sided.below is not None
    assert one_sided.above is not None
    assert 2 * min(one_sided.below, one_sided.above) == pytest.approx(test.p)


def test_degenerate_folds() -> None:
    assert folds.correlated_posterior([0.8, 0.9], [0.8, 0.9], 0.5, 0.1).outcome == "identical"
    assert folds.correlated_posterior([0.8], [0.9], 0.5, 0.1).outcome == "too few"
    same = folds.correlated_posterior([0.8, 0.7, 0.2], [0.9, 0.8, 0.3], 0.5, 0.1)
    assert (same.outcome, same.above, same.difference) == ("no variation", None, pytest.approx(0.1))
    assert folds.corrected_paired([0.8, 0.7, 0.2], [0.9, 0.8, 0.3], 0.5) is None
    for fraction in (0.0, 1.0):
        with pytest.raises(ValueError, match="test_share"):
            folds.correlated_posterior([0.1, 0.2], [0.3, 0.5], fraction, 0.1)
    with pytest.raises(ValueError, match="practical equivalence"):
        folds.correlated_posterior([0.1, 0.2], [0.3, 0.5], 0.1, -0.01)
    with pytest.raises(ValueError, match="at least one fold"):
        folds.correlated_posterior([], [], 0.1, 0.1)
