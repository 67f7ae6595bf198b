"""Several independent groups on one metric: omnibus line and pairwise intervals.

Role: who differs from whom, at a family-wise level. Limits: the omnibus test is one line and gates nothing, because Holm already
holds the level; variances are only taken as equal when the caller asserts it; groups of one run are never tested.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import scipy

from reportgen.analyze.methods.estimates import Estimate, StudentEstimate, student, welch_of
from reportgen.analyze.methods.largest import Dunnett, StudentizedRange, quantile
from reportgen.analyze.methods.samples import (
    LEVEL,
    Array,
    Moments,
    Outcome,
    Reason,
    Values,
    because,
    constant,
    finite,
    mean,
    moments,
    pooled_sd,
    share,
)

MOST_SD_RATIO = 2.0
"""Dunnett's and Tukey's tests assume one variance: refused when the largest sd is this many times the smallest."""
RANK_TEST_RUNS = 5


@dataclass(frozen=True, slots=True)
class Omnibus:
    """One test of "all groups have one mean" (or one distribution); statistic and p are ``None`` unless ``estimated``."""

    outcome: Outcome
    reason: Reason | None
    method: Literal["Welch ANOVA", "ANOVA", "Kruskal-Wallis"]
    statistic: float | None = None
    """F, or H for Kruskal–Wallis."""
    df_between: float | None = None
    df_within: float | None = None
    """``None`` for Kruskal–Wallis."""
    p: float | None = None
    omega_squared: float | None = None
    """Share of variance explained, estimated without the optimism of eta²; negative estimates are 0."""


@dataclass(frozen=True, slots=True)
class PairDifference:
    """``mean_second − mean_first`` of two groups, p adjusted and interval simultaneous over the printed family."""

    outcome: Outcome
    reason: Reason | None
    first: int
    second: int
    difference: float
    p: float | None = None
    """Unadjusted; ``None`` where the method only has adjusted ones."""
    p_adjusted: float | None = None
    interval: Estimate | None = None
    """Simultaneous: the level holds for all pairs of the family together."""


def anova(groups: Sequence[Values], *, equal_variances: bool = False) -> Omnibus:
    """One-way analysis of variance, Welch's unless the caller asserts equal variances, with omega².

    ``groups`` are flat and finite, at least two (else ``ValueError``). Needs 2 runs per group; Welch's needs variation in every
    group. Sources: Welch 1951; omega² = df₁(F−1)/(df₁(F−1)+N), Hays 1963.
    """
    samples = _samples(groups)
    method: Literal["ANOVA", "Welch ANOVA"] = "ANOVA" if equal_variances else "Welch ANOVA"
    refusal = _omnibus_refusal(samples, method)
    if refusal:
        return refusal
    total, between = sum(sample.size for sample in samples), len(samples) - 1
    f, within = _equal_f(samples) if equal_variances else _welch_f([moments(sample) for sample in samples])
    explained = between * (f - 1)
    p = float(scipy.special.fdtrc(between, within, f))
    return Omnibus("estimated", None, method, f, between, within, p, max(0.0, explained / (explained + total)))


def kruskal_wallis(groups: Sequence[Values]) -> Omnibus:
    """Kruskal–Wallis test, tie-corrected: the sensitivity line from 5 runs per group on. Source: Kruskal & Wallis 1952."""
    samples = _samples(groups)
    least = min(sample.size for sample in samples)
    if least < RANK_TEST_RUNS:
        return Omnibus("too few", because("few-runs-in-a-group", n=least, least=RANK_TEST_RUNS), "Kruskal-Wallis")
    if constant(np.concatenate(samples)):
        return Omnibus("no variation", because("all-alike", n=sum(sample.size for sample in samples)), "Kruskal-Wallis")
    result = scipy.stats.kruskal(*samples)
    return Omnibus("estimated", None, "Kruskal-Wallis", float(result.statistic), len(samples) - 1, None, float(result.pvalue))


def tukey_pairs(groups: Sequence[Values], *, equal_variances: bool = False, level: float = LEVEL) -> tuple[PairDifference, ...]:
    """Games–Howell comparisons of all pairs; Tukey's HSD only when the caller asserts equal variances.

    ``groups`` are flat and finite (else ``ValueError``). Needs 2 runs and some variation in every group, and for Tukey's sds less than
    twice each other, else every pair carries the reason. Sources: Games & Howell 1976; Tukey 1949.
    """
    samples = _samples(groups)
    share(level, "level")
    pairs = _pairs(len(samples), None)
    outcome, reason = _fitness(samples, one_variance=equal_variances)
    if outcome != "estimated":
        return tuple(_refused_pair(samples, first, second, outcome, reason) for first, second in pairs)
    common = _common_sd(samples) if equal_variances else None
    found = [(first, second, _one_pair(samples[first], samples[second], common, level)) for first, second in pairs]
    largest = {test.df: StudentizedRange(len(samples), test.df) for _, _, test in found}
    reaches = {df: quantile(one, level) / math.sqrt(2) for df, one in largest.items()}
    return tuple(
        PairDifference(
            "estimated",
            None,
            first,
            second,
            test.value,
            p_adjusted=1 - largest[test.df].probability(abs(test.t) * math.sqrt(2)),
            interval=Estimate(
                test.value, test.value - reaches[test.df] * test.se, test.value + reaches[test.df] * test.se, level
            ),
        )
        for first, second, test in found
    )


def dunnett(groups: Sequence[Values], baseline: int, *, level: float = LEVEL) -> tuple[PairDifference, ...]:
    """Dunnett's comparisons of every group with ``baseline``, two-sided.

    ``groups`` are flat and finite (else ``ValueError``). ``refused`` when the largest sd is twice the smallest or more, because
    one variance is assumed. The multivariate t is integrated on a grid to six digits; ``scipy.stats.dunnett`` samples it, and its
    p of 0.0058 comes out between 0.0057 and 0.0060 from seed to seed. Source: Dunnett 1955, 1964.
    """
    samples = _samples(groups)
    share(level, "level")
    pairs = _pairs(len(samples), baseline)
    outcome, reason = _fitness(samples, one_variance=True)
    if outcome != "estimated":
        return tuple(_refused_pair(samples, first, second, outcome, reason) for first, second in pairs)
    common = _common_sd(samples)
    pooled = [_pooled_difference(samples[first], samples[second], common, level) for first, second in pairs]
    largest = Dunnett([samples[second].size for _, second in pairs], samples[baseline].size, pooled[0].df)
    reach = quantile(largest, level)
    return tuple(
        PairDifference(
            "estimated",
            None,
            first,
            second,
            one.value,
            p_adjusted=1 - largest.probability(abs(one.t)),
            interval=Estimate(one.value, one.value - reach * one.se, one.value + reach * one.se, level),
        )
        for (first, second), one in zip(pairs, pooled, strict=True)
    )


def _samples(groups: Sequence[Values]) -> list[Array]:
    samples = [finite(group, f"group {index}") for index, group in enumerate(groups)]
    if len(samples) < 2 or not all(sample.size for sample in samples):
        raise ValueError(f"needs at least 2 groups, none empty; found sizes {[int(sample.size) for sample in samples]}")
    return samples


def _pairs(count: int, baseline: int | None) -> list[tuple[int, int]]:
    if baseline is None:
        return list(itertools.combinations(range(count), 2))
    if not 0 <= baseline < count:
        raise ValueError(f"the baseline must be one of 0 … {count - 1}, found {baseline}")
    return [(baseline, group) for group in range(count) if group != baseline]


def _omnibus_refusal(samples: list[Array], method: Literal["ANOVA", "Welch ANOVA"]) -> Omnibus | None:
    least = min(sample.size for sample in samples)
    if least < 2:
        return Omnibus("too few", because("group-of-one"), method)
    flat = [index for index, sample in enumerate(samples) if constant(sample)]
    if len(flat) == len(samples):
        return Omnibus("no variation", because("no-group-varies"), method)
    if flat and method == "Welch ANOVA":
        return Omnibus("no variation", because("groups-without-variation", groups=tuple(flat)), method)
    return None


def _equal_f(samples: list[Array]) -> tuple[float, float]:
    """F and its denominator degrees of freedom.

    From centred values: SciPy's differences of raw sums give F = −1.6e16 and no p for 0, 0 against 1, 1, 1.000000001.
    """
    sd, df = pooled_sd(*samples)
    grand = mean(np.concatenate(samples))
    between = math.fsum(sample.size * ((mean(sample) - grand) / sd) ** 2 for sample in samples)
    return between / (len(samples) - 1), float(df)


def _welch_f(sides: list[Moments]) -> tuple[float, float]:
    """Welch's F and its denominator degrees of freedom (Welch 1951)."""
    # Weights relative to the most precise mean: an sd of 1e-60 has no usable 1/sd².
    errors = [side.sd / math.sqrt(side.n) for side in sides]
    smallest, k = min(errors), len(sides)
    weights = [(smallest / error) ** 2 for error in errors]
    total = math.fsum(weights)
    centre = math.fsum(w * side.mean for w, side in zip(weights, sides, strict=True)) / total
    spread = math.fsum(w * ((side.mean - centre) / smallest) ** 2 for w, side in zip(weights, sides, strict=True))
    lost = math.fsum((1 - w / total) ** 2 / (side.n - 1) for w, side in zip(weights, sides, strict=True))
    return spread / (k - 1) / (1 + 2 * (k - 2) / (k**2 - 1) * lost), (k**2 - 1) / (3 * lost)


def _common_sd(samples: list[Array]) -> Moments:
    """Pooled sd of all groups that have two runs, with n so that n − 1 are its degrees of freedom."""
    sd, df = pooled_sd(*samples)
    return Moments(df + 1, 0.0, sd)


def _one_pair(a: Array, b: Array, common: Moments | None, level: float) -> StudentEstimate:
    """By the pooled sd where it is given, else by Welch's; both vary."""
    return welch_of(moments(a), moments(b), level=level) if common is None else _pooled_difference(a, b, common, level)


def _pooled_difference(a: Array, b: Array, common: Moments, level: float) -> StudentEstimate:
    return student(mean(b) - mean(a), common.sd * math.sqrt(1 / a.size + 1 / b.size), common.n - 1, level)


def _refused_pair(samples: list[Array], first: int, second: int, outcome: Outcome, reason: Reason | None) -> PairDifference:
    return PairDifference(outcome, reason, first, second, mean(samples[second]) - mean(samples[first]))


def _fitness(samples: list[Array], *, one_variance: bool) -> tuple[Outcome, Reason | None]:
    """Whether a family of comparisons can be made of these groups, or why not."""
    refusal = _omnibus_refusal(samples, "Welch ANOVA")
    if refusal:
        return refusal.outcome, refusal.reason
    spreads = [moments(sample).sd for sample in samples]
    if one_variance and max(spreads) >= MOST_SD_RATIO * min(spreads):
        return "refused", because("unequal-spread", ratio=max(spreads) / min(spreads))
    return "estimated", None
