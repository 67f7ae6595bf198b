"""One experiment of many different runs: which runs trade off, what is odd, what fails.

Role: the sweep blocks of a report. Limits: the runs of a sweep are not samples of equals, so there is no test between sweeps
here. What a budget of runs buys is in ``budgets``. Importance of parameters is in ``importance``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy

from reportgen.analyze.methods.columns import Column, ParamValue, columns_of
from reportgen.analyze.methods.multiple import benjamini_hochberg_of_some
from reportgen.analyze.methods.samples import LARGEST, NEGLIGIBLE, Array, Outcome, Reason, Values, because, correlation, finite

OUTLIER_RUNS = 8
OUTLIER_Z = 3.5
_MAD_TO_SD = 0.6745
"""Third quartile of the standard normal: MAD / 0.6745 estimates the sd."""
FAILURE_TESTS = 10
"""Failed runs needed before a failure table has p-values."""


@dataclass(frozen=True, slots=True)
class ParetoFront:
    """The runs that no other run beats on both objectives."""

    members: tuple[int, ...]
    """Indices into the points, in their order; ties and duplicates are all kept."""
    excluded: tuple[int, ...]
    """Indices of points with a NaN, infinite or beyond-1e70 objective."""
    hypervolume: float | None = None
    """Area between the front and the reference point; ``None`` without one."""


@dataclass(frozen=True, slots=True)
class Outlier:
    """One odd run."""

    index: int
    value: float
    z: float
    """Modified z score: 0.6745 · (value − median) / MAD."""
    suspiciously_good: bool | None
    """``None`` when the metric's direction is not known."""


@dataclass(frozen=True, slots=True)
class Outliers:
    """Values beyond 3.5 modified z; listed, never removed."""

    outcome: Outcome
    reason: Reason | None
    median: float | None
    spread: float | None
    """MAD · 1.4826, on the scale of an sd."""
    flagged: tuple[Outlier, ...] = ()


@dataclass(frozen=True, slots=True)
class FailureRow:
    """How runs with one level of one parameter failed; for a number the row is the whole parameter."""

    param: str
    level: str
    """The level, ``""`` for a numeric parameter and ``(missing)`` for runs without the parameter."""
    failed: int
    runs: int
    p: float | None
    """Fisher's exact test of level against rest, or Mann–Whitney of the numbers; ``None`` below 10 failed runs."""
    p_adjusted: float | None
    """Benjamini–Hochberg over the whole table."""


@dataclass(frozen=True, slots=True)
class FailureTable:
    """Failed runs by parameter."""

    outcome: Outcome
    failed: int
    runs: int
    rows: tuple[FailureRow, ...]


def pareto_front(
    points: Sequence[Sequence[float]] | Array,
    higher_is_better: tuple[bool, bool],
    *,
    reference: tuple[float, float] | None = None,
) -> ParetoFront:
    """Points that no other dominates weakly: none is at least as good in both objectives and better in one.

    ``points`` has shape (runs, 2) and both directions are given (else ``ValueError``). Points with a NaN or infinite objective
    are excluded and named. Hypervolume only with the user's finite ``reference`` point; points not better than it in both add
    nothing. O(n log n). Noise makes membership uncertain: say so where it is printed.
    """
    array = np.asarray(points, dtype=np.float64).reshape(-1, 2) if len(points) == 0 else np.asarray(points, dtype=np.float64)
    if array.ndim != 2 or array.shape[1] != 2:
        raise ValueError(f"a front needs points of 2 objectives, found shape {array.shape}")
    usable = (np.abs(np.where(np.isfinite(array), array, np.inf)) <= LARGEST).all(axis=1)
    signs = np.where(higher_is_better, 1.0, -1.0)
    scores = array * signs
    members = _undominated(scores, np.flatnonzero(usable))
    excluded = tuple(int(index) for index in np.flatnonzero(~usable))
    area = None if reference is None else _hypervolume(scores[list(members)], _reference(reference) * signs)
    return ParetoFront(members, excluded, area)


def outliers(values: Values, *, higher_is_better: bool | None = None) -> Outliers:
    """Runs with |modified z| > 3.5.

    ``values`` are flat and finite (else ``ValueError``). ``too few`` below 8 runs, ``no variation`` when more than half are
    alike (MAD 0). Mean ± 3 sd is not offered: one wild value hides itself. Source: Iglewicz & Hoaglin 1993; NIST/SEMATECH
    1.3.5.17.
    """
    array = finite(values)
    if array.size < OUTLIER_RUNS:
        return Outliers("too few", because("few-runs-for-outliers", n=array.size, least=OUTLIER_RUNS), None, None)
    median = float(np.median(array))
    mad = float(np.median(np.abs(array - median)))
    if mad <= NEGLIGIBLE * abs(median):
        return Outliers("no variation", because("half-alike"), median, 0.0)
    with np.errstate(over="ignore"):
        z = np.clip(_MAD_TO_SD * ((array - median) / mad), -LARGEST, LARGEST)
    flagged = [
        Outlier(int(i), float(array[i]), float(z[i]), None if higher_is_better is None else bool((z[i] > 0) == higher_is_better))
        for i in np.flatnonzero(np.abs(z) > OUTLIER_Z)
    ]
    return Outliers("estimated", None, median, 1.4826 * mad, tuple(flagged))


def failure_table(failed: Sequence[bool], params: Mapping[str, Sequence[ParamValue]]) -> FailureTable:
    """Failed runs by level of each parameter, with BH-adjusted p from 10 failed runs on.

    ``failed`` and every column have one entry per run (else ``ValueError``). Constant columns have no row; a missing value is a
    level of its own. A numeric parameter is tested by Mann–Whitney between failed and other runs, a level by Fisher against the
    rest.
    """
    flags = np.asarray(failed, dtype=bool)
    total, lost = int(flags.size), int(flags.sum())
    tested = lost >= FAILURE_TESTS and lost < total
    rows = [row for column in columns_of(params, total) for row in _failure_rows(column, flags, tested)]
    adjusted = benjamini_hochberg_of_some([row.p for row in rows])
    outcome: Outcome = "estimated" if tested else "too few"
    table = tuple(replace(row, p_adjusted=p) for row, p in zip(rows, adjusted, strict=True))
    return FailureTable(outcome, lost, total, table)


def spearman(x: Array, y: Array) -> float | None:
    """Correlation of the ranks, ties averaged; ``None`` when a column is constant."""
    return correlation(scipy.stats.rankdata(x), scipy.stats.rankdata(y))


def _undominated(scores: Array, candidates: np.ndarray) -> tuple[int, ...]:
    """Best first objective first; a point stays when its second beats all with a better first, or ties within its own first."""
    order = candidates[np.lexsort((-scores[candidates, 1], -scores[candidates, 0]))]
    kept, ceiling, group_first, group_best = [], -math.inf, math.inf, -math.inf
    for index in order:
        first, second = scores[index]
        if first != group_first:
            ceiling, group_first, group_best = max(ceiling, group_best), first, second
        if second == group_best and second > ceiling:
            kept.append(int(index))
    return tuple(sorted(kept))


def _reference(point: tuple[float, float]) -> Array:
    reference = np.asarray(point, dtype=np.float64)
    if reference.shape != (2,) or not np.isfinite(reference).all():
        raise ValueError(f"the reference point needs 2 finite objectives, found {point}")
    return reference


def _hypervolume(front: Array, reference: Array) -> float:
    better = front[(front > reference).all(axis=1)]
    area, height = 0.0, float(reference[1])
    for first, second in sorted(((float(x), float(y)) for x, y in better), reverse=True):
        area += (first - float(reference[0])) * max(0.0, second - height)
        height = max(height, second)
    return area


def _failure_rows(column: Column, flags: np.ndarray, tested: bool) -> list[FailureRow]:
    if column.constant:
        return []
    if column.numbers is not None and not column.missing.any():
        p = _number_p(column.numbers[flags], column.numbers[~flags]) if tested else None
        return [FailureRow(column.name, "", int(flags.sum()), int(flags.size), p, None)]
    labels = np.asarray(column.labels, dtype=object)
    return [_level_row(column.name, level, labels == level, flags, tested) for level in sorted(set(column.labels))]


def _level_row(name: str, level: str, here: np.ndarray, flags: np.ndarray, tested: bool) -> FailureRow:
    failed, runs = int((flags & here).sum()), int(here.sum())
    table = [[failed, runs - failed], [int((flags & ~here).sum()), int((~flags & ~here).sum())]]
    p = float(scipy.stats.fisher_exact(table).pvalue) if tested else None
    return FailureRow(name, level, failed, runs, p, None)


def _number_p(failed: Array, others: Array) -> float:
    return float(scipy.stats.mannwhitneyu(failed, others, alternative="two-sided", method="asymptotic").pvalue)
