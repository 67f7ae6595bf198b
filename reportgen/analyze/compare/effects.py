"""Other ways to ask the values of one difference: by permutation, by ranks, in sds, as a chance, on folds as a posterior.

The estimate, its interval and its test are made in ``two_groups``; nothing here changes the verdict. What the number of runs
forbids is None; the methods give their reasons.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportgen.analyze.methods import effect_sizes, samples
from reportgen.analyze.methods.estimates import StudentEstimate
from reportgen.analyze.methods.folds import CorrelatedPosterior, correlated_posterior
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
from reportgen.analyze.methods.resampling import PermutationTest, permutation_test, probability_interval, sign_flip_test

EFFECT_RUNS = 5
"""Per side (or pairs): below it neither effect sizes nor rank and permutation tests are printed."""
CHANCE_RUNS = 10
"""Runs per group from which P(B > A) has an interval."""
MOST_RESAMPLED = 1_000
"""Runs per group up to which the interval of P(B > A) is bootstrapped."""
CHANCE_DRAWS = 2_000
MOST_PERMUTED = 200
"""Runs up to which the permutation test is worth its time: with more it says what t says."""


@dataclass(frozen=True, slots=True)
class Effects:
    """Other ways to ask two groups; delta is B − A throughout."""

    permutation: PermutationTest | None = None
    g: float | None = None
    """Hedges' g, unpaired only."""
    d_av: float | None = None
    """Paired: the difference in average sds of the two sides."""
    cliff: float | None = None
    magnitude: Magnitude | None = None
    chance_interval: tuple[float, float] | None = None
    """Of ``chance``; from ten runs per group on."""
    location: Location | None = None
    """Hodges–Lehmann; None unless asked for."""
    ranks: MannWhitney | SignedRank | None = None
    """The rank test that belongs to ``location``."""
    posterior: CorrelatedPosterior | None = None
    """Folds with a margin: how probable the difference is below, inside and above it."""

    @property
    def chance(self) -> float | None:
        """P(B > A) over all pairs of runs, ties half; as values, not as better. Unpaired only."""
        return None if self.cliff is None else (self.cliff + 1) / 2

    @property
    def p_permutation(self) -> float | None:
        """Sensitivity only."""
        return self.permutation.p_two_sided if self.permutation else None


def unpaired_effects(a: Sequence[float], b: Sequence[float], test: StudentEstimate, block: str, *, robust: bool) -> Effects:
    """Of two independent groups with a test, randomness drawn under the name ``block``; 3 or 4 runs get the test alone."""
    if min(len(a), len(b)) < EFFECT_RUNS:
        return Effects()
    cliff = effect_sizes.cliffs_delta(a, b)
    return Effects(
        permutation=permutation_test(a, b, generator(block)) if len(a) + len(b) <= MOST_PERMUTED else None,
        g=effect_sizes.hedges_g(a, b),
        cliff=cliff,
        magnitude=cliff_magnitude(cliff),
        chance_interval=_chance_interval(a, b, block),
        location=hodges_lehmann_shift(a, b, level=test.level) if robust else None,
        ranks=mann_whitney(a, b) if robust else None,
    )


def _chance_interval(a: Sequence[float], b: Sequence[float], block: str) -> tuple[float, float] | None:
    if min(len(a), len(b)) < CHANCE_RUNS or max(len(a), len(b)) > MOST_RESAMPLED:
        return None
    drawn = probability_interval(sorted(a), sorted(b), generator(f"{block}|chance"), draws=CHANCE_DRAWS)
    return (drawn.interval.low, drawn.interval.high) if drawn.interval else None


def paired_effects(a: Sequence[float], b: Sequence[float], test: StudentEstimate, block: str, *, robust: bool) -> Effects:
    """Of pairs with a test; 3 or 4 pairs get the test alone."""
    if len(a) < EFFECT_RUNS:
        return Effects()
    spread = ((samples.sd(a) ** 2 + samples.sd(b) ** 2) / 2) ** 0.5
    return Effects(
        permutation=sign_flip_test(a, b, generator(block)),
        d_av=test.value / spread if spread else None,
        location=pseudo_median(a, b, level=test.level) if robust else None,
        ranks=signed_rank(a, b) if robust else None,
    )


def fold_effects(a: Sequence[float], b: Sequence[float], test_share: float, margin: float | None) -> Effects:
    """Of folds of one data set: no sensitivity line, because folds are not exchangeable; a posterior when a margin is given."""
    return Effects(posterior=correlated_posterior(a, b, test_share, margin) if margin is not None else None)
