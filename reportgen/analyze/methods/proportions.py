"""Shares of passed items: the difference of two, on the same items or on different ones.

Role: pass rates and failed-run rates. Limits: score intervals only; an item is passed or not, and items are independent of each
other. Signs follow the report: B − A. Sources: Clopper & Pearson 1934; Wilson 1927;
Newcombe 1998 (two papers); McNemar 1947.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import scipy

from reportgen.analyze.methods.estimates import Estimate
from reportgen.analyze.methods.samples import ALPHA, LEVEL, Outcome, share


@dataclass(frozen=True, slots=True)
class ShareDifference:
    """``share_B − share_A`` with Newcombe's hybrid score interval; ``None`` when a side has no items."""

    outcome: Outcome
    share_a: float | None
    share_b: float | None
    difference: Estimate | None


@dataclass(frozen=True, slots=True)
class McNemar:
    """Exact McNemar test on items that both sides were given."""

    outcome: Outcome
    only_a: int
    only_b: int
    p_two_sided: float | None = None


def wilson_interval(passed: int, n: int, level: float = LEVEL) -> Estimate:
    """The Wilson score interval of a share, without continuity correction. Newcombe (1998a), method 3.

    ``ValueError`` unless 0 ≤ passed ≤ n and n ≥ 1.
    """
    _check_count(passed, n)
    share(level, "level")
    if n == 0:
        raise ValueError("a share of no items has no interval")
    z = float(scipy.special.ndtri((1 + level) / 2))
    value = passed / n
    center = (value + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(value * (1 - value) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    # At the ends the limit is the end itself; rounding would leave a trace of it.
    low, high = max(0.0, center - half) if passed else 0.0, min(1.0, center + half) if passed < n else 1.0
    return Estimate(value, low, high, level)


def exact_bounds(passed: int, n: int, alpha: float = ALPHA) -> Estimate:
    """One-sided exact bounds of a share, each missed with at most ``alpha`` at every n. Clopper & Pearson (1934).

    ``ValueError`` unless 0 ≤ passed ≤ n and n ≥ 1.
    """
    _check_count(passed, n)
    share(alpha, "alpha")
    if n == 0:
        raise ValueError("a share of no items has no bounds")
    low = float(scipy.special.betaincinv(passed, n - passed + 1, alpha)) if passed else 0.0
    high = float(scipy.special.betaincinv(passed + 1, n - passed, 1 - alpha)) if passed < n else 1.0
    return Estimate(passed / n, low, high, 1 - 2 * alpha)


def newcombe_interval(passed_a: int, n_a: int, passed_b: int, n_b: int, level: float = LEVEL) -> Estimate:
    """The difference of two shares b − a with Newcombe's hybrid score interval. Newcombe (1998b), method 10.

    ``ValueError`` as for ``wilson_interval``.
    """
    a, b = wilson_interval(passed_a, n_a, level), wilson_interval(passed_b, n_b, level)
    delta = b.value - a.value
    low = delta - math.hypot(b.value - b.low, a.high - a.value)
    return Estimate(delta, low, delta + math.hypot(b.high - b.value, a.value - a.low), level)


def share_difference(passed_a: int, n_a: int, passed_b: int, n_b: int, *, level: float = LEVEL) -> ShareDifference:
    """``passed_b/n_b − passed_a/n_a`` on different items, as ``newcombe_interval`` has it.

    Counts with 0 ≤ passed ≤ n (else ``ValueError``); ``too few`` when a side has no items.
    """
    _check_count(passed_a, n_a)
    _check_count(passed_b, n_b)
    if not (n_a and n_b):
        return _no_items(passed_a, n_a, passed_b, n_b)
    difference = newcombe_interval(passed_a, n_a, passed_b, n_b, level)
    inside = replace(difference, low=max(-1.0, difference.low), high=min(1.0, difference.high))
    return ShareDifference("estimated", passed_a / n_a, passed_b / n_b, inside)


def fisher_p(passed_a: int, n_a: int, passed_b: int, n_b: int) -> float:
    """Fisher's exact two-sided p of two counts. Raises ``ValueError`` for counts that are none."""
    _check_count(passed_a, n_a)
    _check_count(passed_b, n_b)
    return float(scipy.stats.fisher_exact([[passed_a, n_a - passed_a], [passed_b, n_b - passed_b]]).pvalue)


def paired_share_difference(both: int, only_a: int, only_b: int, neither: int, *, level: float = LEVEL) -> ShareDifference:
    """``share_B − share_A`` on the same items, by Newcombe's hybrid score interval for pairs (method 10).

    The four counts say on how many items both sides, one side, or neither passed; none is negative (else ``ValueError``).
    Source: Newcombe 1998, Stat Med 17:2635–2650.
    """
    if min(both, only_a, only_b, neither) < 0:
        raise ValueError(f"counts must not be negative, found {(both, only_a, only_b, neither)}")
    n = both + only_a + only_b + neither
    if n == 0:
        return _no_items(0, 0, 0, 0)
    share(level, "level")
    correlation = _paired_correlation(both, only_a, only_b, neither)
    a, b = wilson_interval(both + only_a, n, level), wilson_interval(both + only_b, n, level)
    # Square and add the distances from each share to its score limits, less what the correlation takes away.
    down = _joined(b.value - b.low, a.high - a.value, correlation)
    up = _joined(b.high - b.value, a.value - a.low, correlation)
    difference = (only_b - only_a) / n
    estimate = Estimate(difference, max(-1.0, difference - down), min(1.0, difference + up), level)
    return ShareDifference("estimated", a.value, b.value, estimate)


def mcnemar(only_a: int, only_b: int) -> McNemar:
    """Exact two-sided McNemar test: of the items on which the sides differ, does one side win more than half?

    ``only_a`` and ``only_b`` are the discordant counts (negative: ``ValueError``). ``identical`` when there are none;
    ``too few`` below 6, where no p under 0.05 can be reached.
    """
    if min(only_a, only_b) < 0:
        raise ValueError(f"counts must not be negative, found {only_a} and {only_b}")
    decided = only_a + only_b
    answer = McNemar("estimated", only_a, only_b)
    if decided == 0:
        return replace(answer, outcome="identical")
    if 2.0 ** (1 - decided) > ALPHA:
        return replace(answer, outcome="too few")
    return replace(answer, p_two_sided=min(1.0, 2 * float(scipy.special.bdtr(min(only_a, only_b), decided, 0.5))))


def mcnemar_mid_p(only_a: int, only_b: int) -> float:
    """Two-sided mid-p of McNemar's test: the exact one with half of what was observed. 1 where no item differs.

    Neither conservative, as the exact test is, nor wrong for few discordant items, as chi-squared is. Source: Fagerland, Lydersen &
    Laake 2013, BMC Med Res Methodol 13:91. Negative counts: ``ValueError``.
    """
    if min(only_a, only_b) < 0:
        raise ValueError(f"counts must not be negative, found {only_a} and {only_b}")
    fewer, decided = min(only_a, only_b), only_a + only_b
    if decided == 0:
        return 1.0
    observed = math.exp(
        scipy.special.gammaln(decided + 1)
        - scipy.special.gammaln(fewer + 1)
        - scipy.special.gammaln(decided - fewer + 1)
        - decided * math.log(2)
    )
    return min(1.0, 2 * float(scipy.special.bdtr(fewer, decided, 0.5)) - observed)


def paired_items_needed(difference: float, discordant: float, alpha: float = ALPHA, wanted: float = 0.8) -> int | None:
    """Items on which McNemar's test finds ``difference`` with probability ``wanted``, when this share of them is discordant.

    None when there is no difference, or more than 100,000 would be needed. Source: Connor 1987, Biometrics 43:207–211.
    """
    size, psi = abs(difference), max(discordant, abs(difference))
    if size == 0:
        return None
    z_alpha, z_beta = float(scipy.special.ndtri(1 - alpha / 2)), float(scipy.special.ndtri(wanted))
    needed = (z_alpha * math.sqrt(psi) + z_beta * math.sqrt(max(0.0, psi - size * size))) ** 2 / size**2
    return math.ceil(needed) if needed <= MOST_ITEMS else None


def detectable_paired_difference(n: int, discordant: float, alpha: float = ALPHA, wanted: float = 0.8) -> float | None:
    """The smallest difference that McNemar's test on ``n`` items finds with probability ``wanted``; None when no share is that large."""
    low, high = 0.0, 1.0
    if n < 1 or (paired_items_needed(high, discordant, alpha, wanted) or n + 1) > n:
        return None
    for _ in range(60):
        middle = (low + high) / 2
        needed = paired_items_needed(middle, discordant, alpha, wanted)
        low, high = (low, middle) if needed is not None and needed <= n else (middle, high)
    return high


MOST_ITEMS = 100_000
"""More items than this are not worth naming."""


def _joined(x: float, y: float, correlation: float) -> float:
    return math.sqrt(max(0.0, x * x - 2 * correlation * x * y + y * y))


def _paired_correlation(both: int, only_a: int, only_b: int, neither: int) -> float:
    """Newcombe's phi: 0 when a margin is empty, and shrunk by n/2 towards 0 when positive."""
    margins = (both + only_a) * (only_b + neither) * (both + only_b) * (only_a + neither)
    if margins == 0:
        return 0.0
    product, n = both * neither - only_a * only_b, both + only_a + only_b + neither
    shrunk = max(product - n / 2, 0.0) if product > 0 else float(product)
    return shrunk / math.sqrt(margins)


def _no_items(passed_a: int, n_a: int, passed_b: int, n_b: int) -> ShareDifference:
    share_a, share_b = (passed / n if n else None for passed, n in ((passed_a, n_a), (passed_b, n_b)))
    return ShareDifference("too few", share_a, share_b, None)


def _check_count(passed: int, n: int) -> None:
    if not 0 <= passed <= n:
        raise ValueError(f"of {n} items no {passed} can have passed")


def split_p(counts: Sequence[int], parts: Sequence[float]) -> float:
    """p of ``counts`` under a split in the proportion of ``parts``: exact (binomial) of two, Pearson's chi-squared of more.

    ``ValueError`` for fewer than two, a count below 0, or a part that is not positive. 1.0 where nothing was counted.
    """
    if len(counts) != len(parts) or len(counts) < 2 or min(counts) < 0 or min(parts) <= 0:
        raise ValueError("a split has two counts at least, and a positive part for each")
    n, whole = sum(counts), sum(parts)
    if n == 0:
        return 1.0
    if len(counts) == 2:
        return float(scipy.stats.binomtest(counts[0], n, parts[0] / whole).pvalue)
    return float(scipy.stats.chisquare(counts, [n * part / whole for part in parts]).pvalue)
