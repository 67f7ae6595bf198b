"""Everything that is told of one difference beside its estimate: the appendix of a comparison.

The estimate, its interval and its test are made in ``comparison``; here the same values are asked in other ways: by
permutation, by ranks, in sds, as a chance, within a margin, on folds as a posterior. None of it changes the verdict but the
margin, which the reader declared. What the number of runs forbids is None; the methods give their reasons.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportgen.analyze.methods import effect_sizes, samples
from reportgen.analyze.methods.equivalence import (
    GateState,
    equivalence,
    non_inferiority,
    paired_equivalence,
    paired_non_inferiority,
)
from reportgen.analyze.methods.estimates import StudentEstimate
from reportgen.analyze.methods.folds import CorrelatedPosterior, corrected_paired, correlated_posterior
from reportgen.analyze.methods.randomness import generator
from reportgen.analyze.methods.ranks import (
    Location,
    Magnitude,
    MannWhitney,
    SignedRank,
    cliff_magnitude,
    hodges_lehmann_shift,
    mann_whitney,
    pseudo_median,
    signed_rank,
)
from reportgen.analyze.methods.resampling import PermutationTest, permutation_test, sign_flip_test

EFFECT_RUNS = 5
"""Per side (or pairs): below it neither effect sizes nor rank and permutation tests are printed."""
MOST_PERMUTED = 200
"""Runs up to which the permutation test is worth its time: with more it says what t says."""


@dataclass(frozen=True, slots=True)
class MarginVerdict:
    """One difference against the smallest difference that matters."""

    margin: float
    low: float | None
    """One-sided bounds of the improvement, each at ``level``; None where nothing varies."""
    high: float | None
    level: float
    state: GateState
    """Of "not worse by the margin": PASS, FAIL or INCONCLUSIVE."""
    equivalent: bool | None
    """Whether two one-sided tests put the difference inside ±margin; None when that cannot be said."""
    needed: int | None
    """Runs per group (or pairs) that would decide it, were the estimate true."""


@dataclass(frozen=True, slots=True)
class Effects:
    """Other ways to ask two groups; delta is B − A throughout."""

    test: StudentEstimate | None = None
    """The headline test with its t and degrees of freedom."""
    permutation: PermutationTest | None = None
    g: float | None = None
    """Hedges' g, unpaired only."""
    d_av: float | None = None
    """Paired: the difference in average sds of the two sides."""
    d_z: float | None = None
    """Paired: the difference in sds of the differences."""
    cliff: float | None = None
    magnitude: Magnitude | None = None
    location: Location | None = None
    """Hodges–Lehmann; None unless asked for."""
    ranks: MannWhitney | SignedRank | None = None
    """The rank test that belongs to ``location``."""
    posterior: CorrelatedPosterior | None = None
    """Folds with a margin: how probable the difference is below, inside and above it."""


def unpaired_effects(a: Sequence[float], b: Sequence[float], test: StudentEstimate, block: str, *, robust: bool) -> Effects:
    """Of two independent groups with a test; 3 or 4 runs get the test alone."""
    if min(len(a), len(b)) < EFFECT_RUNS:
        return Effects(test)
    cliff = effect_sizes.cliffs_delta(a, b)
    return Effects(
        test,
        permutation=permutation_test(a, b, generator(block)) if len(a) + len(b) <= MOST_PERMUTED else None,
        g=effect_sizes.hedges_g(a, b),
        cliff=cliff,
        magnitude=cliff_magnitude(cliff),
        location=hodges_lehmann_shift(a, b, level=test.level) if robust else None,
        ranks=mann_whitney(a, b) if robust else None,
    )


def paired_effects(a: Sequence[float], b: Sequence[float], test: StudentEstimate, block: str, *, robust: bool) -> Effects:
    """Of pairs with a test; 3 or 4 pairs get the test alone."""
    if len(a) < EFFECT_RUNS:
        return Effects(test)
    spread = ((samples.sd(a) ** 2 + samples.sd(b) ** 2) / 2) ** 0.5
    own = samples.sd_of_differences(a, b)
    return Effects(
        test,
        permutation=sign_flip_test(a, b, generator(block)),
        d_av=test.value / spread if spread else None,
        d_z=test.value / own if own else None,
        location=pseudo_median(a, b, level=test.level) if robust else None,
        ranks=signed_rank(a, b) if robust else None,
    )


def fold_effects(
    a: Sequence[float], b: Sequence[float], test: StudentEstimate, test_share: float, margin: float | None
) -> Effects:
    """Of folds of one data set: no sensitivity line, because folds are not exchangeable; a posterior when a margin is given."""
    return Effects(test, posterior=correlated_posterior(a, b, test_share, margin) if margin is not None else None)


def margin_verdict(
    a: Sequence[float], b: Sequence[float], margin: float, *, higher_is_better: bool, paired: bool, alpha: float
) -> MarginVerdict:
    """Of three runs per side (or pairs) at least: not worse by ``margin`` (one-sided), and inside ±``margin`` (TOST)."""
    judge, inside = (paired_non_inferiority, paired_equivalence) if paired else (non_inferiority, equivalence)
    gate = judge(a, b, margin, higher_is_better=higher_is_better, alpha=alpha)
    tost = inside(a, b, margin, alpha=alpha)
    return MarginVerdict(margin, gate.low, gate.high, 1 - alpha, gate.state, tost.equivalent, gate.needed)


def fold_margin_verdict(
    a: Sequence[float], b: Sequence[float], margin: float, test_share: float, *, higher_is_better: bool, alpha: float
) -> MarginVerdict | None:
    """The same with the bounds of the corrected test; None when every fold differs by the same amount."""
    test = corrected_paired(a, b, test_share, 1 - 2 * alpha)
    if test is None:
        return None
    low, high = (test.low, test.high) if higher_is_better else (-test.high, -test.low)
    state: GateState = "PASS" if low > -margin else "FAIL" if high < -margin else "INCONCLUSIVE"
    return MarginVerdict(margin, low, high, 1 - alpha, state, -margin < low and high < margin, None)
