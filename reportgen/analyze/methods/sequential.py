"""One comparison looked at again and again while runs accumulate.

Role: the warning beside an undeclared repeated look, and the bounds of a planned one. Limits: group-sequential bounds need the
number of runs planned at the start; always-valid tests need a stream and are not offered. All probabilities are integrated
numerically on fixed nodes, so they are the same on every machine to about ten digits. Sources: Armitage, McPherson & Rowe 1969
for the recursion; Lan & DeMets 1983 for the spending function; Jennison & Turnbull 2000.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy

from reportgen.analyze.methods.samples import ALPHA, Array, share

_NODES_PER_SD = 3
"""Gauss–Legendre nodes per standard deviation of the smallest step between looks: ten digits of the bounds."""
_LEAST_NODES = 120
_NEAREST_LOOKS = 1e-4
"""Looks nearer than this share of the planned runs would need more nodes than they are worth."""
_UNREACHABLE = 12.0
"""A |z| that nothing reaches: P < 1e-32."""


@dataclass(frozen=True, slots=True)
class SequentialBounds:
    """Two-sided group-sequential bounds, one for each look so far."""

    information: tuple[float, ...]
    """Share of the planned runs at each look."""
    spent: tuple[float, ...]
    """Type I error allowed up to and including each look."""
    z: tuple[float, ...]
    """Reject when |z| is at least this."""
    p_levels: tuple[float, ...]
    """``2·Phi(−z)``: with few runs compare the t test's p with this instead of t with z."""
    alpha: float


@dataclass(frozen=True, slots=True)
class LookDecision:
    """What the newest of several planned looks decides."""

    look: int
    """1 for the first."""
    p: float
    p_level: float
    stop: bool
    """The p at this look is at or below its level: the difference is shown."""
    final: bool
    """All planned runs are in."""


def naive_false_positive_rate(looks: int, *, alpha: float = ALPHA) -> float:
    """Chance that at least one of ``looks`` equally spaced unadjusted tests of no difference has p ≤ ``alpha``.

    ``looks`` ≥ 1 (else ``ValueError``). 5 looks at 0.05: 14 %. Source: Armitage, McPherson & Rowe 1969.
    """
    if looks < 1:
        raise ValueError(f"at least one look is needed, found {looks}")
    z = float(scipy.special.ndtri(1 - share(alpha, "alpha") / 2))
    return crossing_probabilities([(look + 1) / looks for look in range(looks)], [z] * looks)[-1]


def crossing_probabilities(information: Sequence[float], z_bounds: Sequence[float]) -> tuple[float, ...]:
    """Probability, under no difference, that |z| has reached its bound by each look (cumulative).

    ``information`` rises strictly from above 0 to at most 1, one bound for each (else ``ValueError``).
    """
    times = _times(information)
    if len(z_bounds) != times.size:
        raise ValueError(f"one bound per look: {times.size} looks, {len(z_bounds)} bounds")
    process, crossed = _Process(times), []
    for z in z_bounds:
        crossed.append(process.crossing(z))
        process.advance(z)
    return tuple(float(total) for total in np.minimum(1.0, np.cumsum(crossed)))


def obrien_fleming_spending(information: float, *, alpha: float = ALPHA) -> float:
    """Two-sided type I error that may be spent up to a share ``information`` of the runs: ``4·(1 − Phi(z_{α/4} / √t))``."""
    if not 0 < information <= 1:
        raise ValueError(f"information is a share of the planned runs, found {information}")
    quantile = float(scipy.special.ndtri(1 - share(alpha, "alpha") / 4))
    return 4 * float(scipy.special.ndtr(-quantile / math.sqrt(information)))


def sequential_bounds(information: Sequence[float], *, alpha: float = ALPHA) -> SequentialBounds:
    """Lan–DeMets O'Brien–Fleming bounds for looks at these shares of the planned runs.

    ``information`` rises strictly from above 0 to at most 1 (else ``ValueError``); looks need not be equally spaced, and later
    ones need not be known.
    """
    times = _times(information)
    spent = [obrien_fleming_spending(float(time), alpha=alpha) for time in times]
    process, bounds = _Process(times), []
    for before, now in zip([0.0, *spent], spent, strict=False):
        z = process.bound(now - before)
        bounds.append(z)
        process.advance(z)
    levels = tuple(float(2 * scipy.special.ndtr(-z)) for z in bounds)
    return SequentialBounds(tuple(float(time) for time in times), tuple(spent), tuple(bounds), levels, alpha)


def look(p: float, runs_at_looks: Sequence[int], planned_runs: int, *, alpha: float = ALPHA) -> LookDecision:
    """Decide the newest look from its two-sided p, Welch's or paired, and the runs there were at every look so far.

    ``runs_at_looks`` rises strictly to at most ``planned_runs`` (else ``ValueError``: beyond the plan the bounds do not hold).
    """
    if not 0 <= p <= 1:
        raise ValueError(f"p lies between 0 and 1, found {p}")
    if planned_runs < 1 or not runs_at_looks:
        raise ValueError("a planned number of runs and at least one look are needed")
    bounds = sequential_bounds([runs / planned_runs for runs in runs_at_looks], alpha=alpha)
    level = bounds.p_levels[-1]
    return LookDecision(len(runs_at_looks), p, level, p <= level * (1 + 1e-9), runs_at_looks[-1] == planned_runs)


class _Process:
    """The score process at successive looks: its density among the paths that have not crossed a bound yet."""

    def __init__(self, times: Array) -> None:
        self._times = times
        self._steps = np.sqrt(np.diff(times, prepend=0.0))
        self._look = 0
        self._nodes = np.zeros(1)
        self._mass = np.ones(1)

    def crossing(self, z: float) -> float:
        """Probability to cross for the first time at this look, for a bound ``z``."""
        reach, step = z * math.sqrt(self._times[self._look]), self._steps[self._look]
        outside = scipy.special.ndtr((-reach - self._nodes) / step) + scipy.special.ndtr((self._nodes - reach) / step)
        return float(self._mass @ outside)

    def bound(self, probability: float) -> float:
        """The z that is crossed for the first time at this look with ``probability``."""
        if self.crossing(_UNREACHABLE) >= probability:
            return _UNREACHABLE
        return float(scipy.optimize.brentq(lambda z: self.crossing(z) - probability, 0.0, _UNREACHABLE, xtol=1e-12))

    def advance(self, z: float) -> None:
        """Go on to the next look with the paths inside ``±z``."""
        reach, step = z * math.sqrt(self._times[self._look]), self._steps[self._look]
        reach = min(reach, 10 * math.sqrt(self._times[self._look]))
        smallest = float(self._steps[self._look :].min())
        count = max(_LEAST_NODES, math.ceil(_NODES_PER_SD * 2 * reach / smallest))
        nodes, weights = np.polynomial.legendre.leggauss(count)
        nodes, weights = nodes * reach, weights * reach
        density = np.exp(-0.5 * ((nodes[:, np.newaxis] - self._nodes) / step) ** 2) / (step * math.sqrt(2 * math.pi))
        self._nodes, self._mass, self._look = nodes, weights * (density @ self._mass), self._look + 1


def _times(information: Sequence[float]) -> Array:
    times = np.asarray(information, dtype=np.float64)
    if times.ndim != 1 or times.size == 0 or not (np.diff(times, prepend=0.0) > 0).all() or times[-1] > 1 + 1e-12:
        raise ValueError(f"information rises strictly from above 0 to at most 1, found {list(information)}")
    if np.diff(times, prepend=0.0).min() < _NEAREST_LOOKS * (1 - 1e-9):
        raise ValueError(f"looks must lie {_NEAREST_LOOKS} of the planned runs apart, found {list(information)}")
    return np.minimum(times, 1.0)
