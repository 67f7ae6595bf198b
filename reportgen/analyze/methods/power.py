"""How large a difference a t test finds, and how many runs it needs (noncentral t)."""

from __future__ import annotations

import math
from collections.abc import Callable

import scipy

from reportgen.analyze.methods.estimates import satterthwaite, t_quantile


def t_test_power(effect: float, se: float, df: float, alpha: float = 0.05) -> float:
    """Chance that a two-sided t test with this se finds a true difference of ``effect`` (noncentral t)."""
    bound = t_quantile(1 - alpha / 2, df)
    shift = min(abs(effect) / se, 1e3)
    if df > MANY:  # SciPy's noncentral t gives no number for many degrees of freedom; it is the normal there
        missed = scipy.special.ndtr(bound - shift) - scipy.special.ndtr(-bound - shift)
    else:
        missed = _below(bound, shift, df) - _below(-bound, shift, df)
    return min(1.0, max(0.0, 1 - float(missed)))


MANY = 500
"""Degrees of freedom from which t is taken as normal: power then differs by less than 0.002."""


def minimum_detectable_difference(se: float, df: float, alpha: float = 0.05, wanted: float = 0.8) -> float:
    """The true difference that a t test with this se would find with probability ``wanted``; by bisection."""
    low, high = 0.0, se
    while t_test_power(high, se, df, alpha) < wanted:
        high *= 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if t_test_power(middle, se, df, alpha) < wanted else (low, middle)
    return high


MOST_RUNS = 10_000
"""More runs than this are not worth naming."""


def runs_needed(
    effect: float, sd_a: float, sd_b: float, alpha: float = 0.05, wanted: float = 0.8, *, paired: bool = False
) -> int | None:
    """Runs per group (or pairs, with ``sd_a`` the sd of differences) to find ``effect`` with probability ``wanted``.

    Equal groups. None when more than 10,000 would be needed, or when the effect is zero.
    """

    def enough(n: int) -> bool:
        if paired:
            return t_test_power(effect, sd_a / math.sqrt(n), n - 1, alpha) >= wanted
        df = satterthwaite((sd_a**2 / n, sd_b**2 / n), (n - 1, n - 1))
        return t_test_power(effect, math.hypot(sd_a, sd_b) / math.sqrt(n), df, alpha) >= wanted

    return None if effect == 0 else smallest_sufficient(enough, 2)


def smallest_sufficient(enough: Callable[[int], bool], least: int) -> int | None:
    """The smallest n ≥ ``least`` that is ``enough``, which stays true once it is; ``None`` above 10,000."""
    if not enough(MOST_RUNS):
        return None
    low, high = least - 1, least
    while not enough(high):
        low, high = high, min(MOST_RUNS, high * 2)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def one_sided_power(distance: float, se: float, df: float, alpha: float) -> float:
    """Chance that a one-sided bound at 1 − ``alpha`` clears a limit that lies ``distance`` from the true value (noncentral t)."""
    shift, bound = abs(distance) / se, t_quantile(1 - alpha, df)
    return 1 - _below(bound, shift, df)


def _below(bound: float, shift: float, df: float) -> float:
    """P(noncentral t < ``bound``)."""
    tail = float(scipy.special.nctdtr(df, shift, bound))
    # SciPy's noncentral t is NaN in places beyond 37 standard errors; the normal tail there is 0 as well.
    return tail if math.isfinite(tail) else float(scipy.special.ndtr(bound - shift))
