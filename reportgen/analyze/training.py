"""How training went: the curves that are drawn, what each of them says, and everybody else as a band.

Up to ten runs are lines, the best first; all others are one quantile band, never a random sample. Where the config
compares groups, or replicates exist, each group is its mean with a t band. The numbers of a curve use all of its
points; only the drawing is thinned and smoothed. What the curves of compared groups come down to is in ``curve_scalars``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace

import numpy as np

from reportgen.analyze.common_grid import CommonGrid
from reportgen.analyze.curve_axes import Arrays, Spread, Steps, XAxis, chosen_axis, steps_of
from reportgen.analyze.curve_scalars import Asked, CurveScalars, ScalarsReader
from reportgen.analyze.curves import (
    Divergence,
    Gap,
    divergence_of,
    gap_of,
    progress_of,
    smoothed,
    thinned,
)
from reportgen.analyze.histories import SeriesByKey, SeriesFacts
from reportgen.analyze.methods import estimates, samples
from reportgen.analyze.methods.means import interval_of_mean
from reportgen.analyze.metric_names import tokens_of
from reportgen.analyze.metrics import Metric
from reportgen.analyze.primary import is_spent
from reportgen.analyze.runs import Run, RunKey
from reportgen.analyze.step_dates import StepUnit
from reportgen.snapshot import History, Series

N_LINES = 5
POINTS_PER_CHART = 6_000
SMOOTH_ABOVE = 200
"""Points from which on a line is smoothed, the raw one staying behind it."""
WEIGHT = 0.6
FEWEST_FOR_BAND = 3
MOST_GROUPS = 8
MOST_CHARTS = 4


@dataclass(frozen=True, slots=True)
class Line:
    """One curve as drawn: x and finite y, None where a non-finite point breaks the line."""

    x: tuple[float, ...]
    y: tuple[float | None, ...]
    smooth_x: tuple[float, ...] = ()
    smooth_y: tuple[float, ...] = ()
    """Empty when the line is not smoothed."""
    n_points: int = 0
    """Steps before thinning."""
    n_drawn: int = 0


@dataclass(frozen=True, slots=True)
class Curve:
    """One run's curve of one metric, and of its training partner when there is one."""

    key: RunKey
    facts: SeriesFacts
    line: Line
    partner: Line | None
    plateau_x: float | None
    """Where the last improvement was, when the curve stopped improving: "no improvement since"."""
    improving: bool | None
    divergence: Divergence
    gap: Gap | None
    abandoned: tuple[Line, ...] = ()
    """Earlier passes, from the step on where a newer one began; the oldest first."""
    spread: Spread | None = None
    """Where several points stand at nearly every step; the line is their mean."""


@dataclass(frozen=True, slots=True)
class QuantileBand:
    """The middle of many runs at common x: 10 %, 50 % and 90 % quantiles (type 7) where three runs or more are."""

    x: tuple[float, ...]
    low: tuple[float, ...]
    middle: tuple[float, ...]
    high: tuple[float, ...]
    n_runs: int
    interpolated: bool = False
    """Curves are read between their points, since they share no x."""


@dataclass(frozen=True, slots=True)
class GroupCurve:
    """The mean of a group's runs with a pointwise t interval, where three runs or more are."""

    label: str
    x: tuple[float, ...]
    mean: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    n_first: int
    """Runs at the first x."""
    n_last: int
    """Runs at the last x; fewer means that runs dropped out and the mean is of the survivors."""
    n_runs: int
    drops: tuple[tuple[float, int], ...] = ()
    """(x, runs) wherever the number of runs falls."""
    interpolated: bool = False


@dataclass(frozen=True, slots=True)
class MetricHistory:
    """Everything drawn for one metric."""

    metric: str
    partner: str | None
    """The training metric drawn with it."""
    axis: XAxis
    curves: tuple[Curve, ...]
    """Best first."""
    band: QuantileBand | None
    groups: tuple[GroupCurve, ...]
    partner_groups: tuple[GroupCurve, ...]
    """The training metric of the same groups; those that have fewer than three curves of it are missing."""
    n_groups: int
    n_runs: int
    """Runs with more than one point."""
    n_single: int
    """Runs that logged it once: nothing to draw."""
    n_all_bad: int
    """Runs without a finite point."""
    bad: tuple[tuple[RunKey, int], ...]
    """(run, first step with NaN or infinity), all runs of the metric."""
    n_duplicates: int
    """Points that a later one of the same step replaced, over all drawn curves."""
    unit: StepUnit = "count"
    """What the steps of a ``date`` axis are."""
    origin: int = 0
    """First step of an ``offset`` axis."""
    restarted: tuple[RunKey, ...] = ()
    """Runs whose steps went back, all runs of the metric, sorted."""
    n_spread: int = 0
    """Drawn runs with several points at nearly every step."""
    scalars: CurveScalars | None = None
    """Of compared groups, in a metric with a direction."""
    n_without_x: int = 0
    """Runs that are not drawn, since the metric of the axis was not logged with this one, or falls."""


_TRAIN = frozenset(("train", "training"))
_VALIDATION = frozenset(("val", "valid", "validation", "eval", "test", "dev"))


def partner_of(name: str, names: Iterable[str]) -> str | None:
    """The training metric that belongs to a validation metric: ``train_loss`` to ``val_loss``, or Keras' bare ``loss``.

    Any other bare name may be of a test set, so it is no partner.
    """
    tokens = tokens_of(name)
    if not set(tokens) & _VALIDATION:
        return None
    rest = _rest(tokens)
    trained = [other for other in sorted(names) if other != name and set(tokens_of(other)) & _TRAIN]
    for other in trained:
        if _rest(tokens_of(other)) == rest and not set(tokens_of(other)) & _VALIDATION:
            return other
    keras = name.removeprefix("val_")
    return keras if keras != name and keras in set(names) and not trained else None


def _rest(tokens: Sequence[str]) -> tuple[str, ...]:
    return tuple(token for token in tokens if token not in _TRAIN | _VALIDATION and not token.isdigit())


def histories_of(
    history: History,
    names: Sequence[str],
    metrics: Mapping[str, Metric],
    runs: Sequence[Run],
    series: SeriesByKey,
    groups: Sequence[tuple[str, Sequence[RunKey]]],
    asked: Asked | None = None,
    ranked: Mapping[str, Metric] | None = None,
    x_axis: str = "step",
) -> tuple[MetricHistory, ...]:
    """The drawn histories of ``names``; a training metric that is drawn with its validation metric is not drawn again.

    ``x_axis``: ``step``, ``relative``, ``time``, or a metric that places points; where most runs have no such metric it is the step.
    ``asked`` is the comparison whose groups are told of in numbers, ``ranked`` each metric in the evaluation that orders its lines.
    """
    active = {run.key: run for run in runs if not run.deleted}
    curved = {name for (key, name), one in series.items() if key in active and _moves(one)}
    partners = {name: partner_of(name, curved) for name in names if name in curved}
    # Time and cost only grow: a curve of them says nothing about learning.
    shown = [name for name in names if name in curved and name not in partners.values() and not is_spent(name)]
    order = metrics if ranked is None else ranked
    chosen = chosen_axis(history, x_axis, active)
    drawings = [_Drawing(metrics[name], order[name], partners[name], active, series, groups, asked, chosen) for name in shown]
    _go_by(history, drawings)
    return tuple(drawing.history() for drawing in drawings)


def _go_by(history: History, drawings: Sequence[_Drawing]) -> None:
    """Shows every series that is drawn to the drawings, twice: memory holds a piece of the history and what they keep."""
    readers: dict[str, list[_Reader]] = {}
    for drawing in drawings:
        for reader in drawing.readers:
            readers.setdefault(reader.metric, []).append(reader)
    for look in (_Reader.see, _Reader.take):
        for one in history.series(metrics=sorted(readers)):
            for reader in readers[one.metric]:
                look(reader, one)


def drawn_metrics(main: Sequence[str], candidates: Sequence[str], series: SeriesByKey, runs: Sequence[Run]) -> tuple[str, ...]:
    """The main metrics, and while fewer than four of them have curves, further ``candidates`` that most runs have curves of."""
    active = {run.key for run in runs if not run.deleted}
    n_curves = Counter(name for (key, name), one in series.items() if key in active and _moves(one))
    n_missing = MOST_CHARTS - sum(name in n_curves for name in main)
    others = sorted((name for name in candidates if n_curves[name] and name not in main), key=lambda name: -n_curves[name])
    return (*main, *others[: max(0, n_missing)])


def _moves(one: SeriesFacts) -> bool:
    """Whether there is anything to see: several points, not all of one value."""
    return one.n_points > 1 and one.n_finite > 0 and (one.low != one.high or one.n_non_finite > 0)


def unmoved(metrics: Mapping[str, Metric], series: SeriesByKey, runs: Sequence[Run]) -> tuple[str, ...]:
    """Metrics with a direction that runs logged several times and that never changed in any of them: no curve is drawn."""
    active = {run.key for run in runs if not run.deleted}
    several = {name for (key, name), one in series.items() if key in active and one.n_points > 1 and one.n_finite}
    moved = {name for (key, name), one in series.items() if key in active and _moves(one)}
    return tuple(sorted(name for name in several - moved if name in metrics and metrics[name].goal != "none"))


class _Reader:
    """What is kept of the series of one metric: some curves whole, others only together."""

    def __init__(
        self, metric: str, steps: Steps, whole: Iterable[RunKey], together: Sequence[CommonGrid], scalars: ScalarsReader | None
    ) -> None:
        self.metric = metric
        self.curves: dict[RunKey, Arrays] = {}
        self.abandoned: dict[RunKey, list[Arrays]] = {}
        self.spreads: dict[RunKey, Spread] = {}
        self._steps = steps
        self._whole = frozenset(whole)
        self._together = together
        self._scalars = scalars

    def see(self, series: Series) -> None:
        key = (series.experiment_id, series.run_id)
        concerned = [some for some in self._together if key in some]
        counted = self._scalars is not None and key in self._scalars
        if not concerned and not counted:
            return
        x, value, _ = self._steps.points(series)
        if not len(x):
            return
        for some in concerned:
            some.see(x)
        if self._scalars is not None and counted:
            self._scalars.see(key, self.metric, (x, value))

    def take(self, series: Series) -> None:
        key = (series.experiment_id, series.run_id)
        concerned = [some for some in self._together if key in some]
        counted = self._scalars is not None and key in self._scalars
        if not concerned and not counted and key not in self._whole:
            return
        x, value, spread = self._steps.points(series)
        if not np.isfinite(value).any():
            return
        for some in concerned:
            some.take(key, x, value)
        if self._scalars is not None and counted:
            self._scalars.take(key, self.metric, (x, value))
        if key in self._whole:
            self.curves[key] = (x.copy(), value.copy())  # the piece of the history that they lie in goes by
            self.abandoned[key] = self._steps.abandoned(series)
            if spread is not None:
                self.spreads[key] = spread


class _Drawing:
    """One metric's history in the making."""

    def __init__(
        self,
        metric: Metric,
        ranked: Metric,
        partner: str | None,
        active: Mapping[RunKey, Run],
        series: SeriesByKey,
        groups: Sequence[tuple[str, Sequence[RunKey]]],
        asked: Asked | None,
        chosen: Steps | None,
    ) -> None:
        facts = {key: one for (key, name), one in series.items() if name == metric.name and key in active}
        drawable = {key: one for key, one in facts.items() if one.n_points > 1 and one.n_finite}
        self._steps = steps_of(drawable.values())
        self._n_without_x = 0
        if chosen is not None and chosen.is_usable(metric.name, drawable):
            self._steps = chosen
            placed = {key: one for key, one in drawable.items() if chosen.places(key)}
            self._n_without_x, drawable = len(drawable) - len(placed), placed
        if self._steps.axis == "date" and any(
            name == partner and one.unit != self._steps.unit for (_, name), one in series.items()
        ):
            partner = None
        self._metric, self._partner, self._facts, self._drawable = metric, partner, facts, drawable
        self._shown = _best_first(ranked, [active[key] for key in drawable])[:N_LINES]
        self._rest = CommonGrid(sorted(drawable.keys() - set(self._shown)))
        self._groups = _together(groups, drawable.keys())
        with_partner = {key for key in drawable if (key, partner) in series}
        self._partner_groups = _together(groups, with_partner) if len(self._groups) > 1 else []
        own = [some for _, some in self._groups]
        wanted = asked if metric.goal != "none" and self._steps.axis not in ("date", "clock", "metric") else None
        self._scalars = None if wanted is None else ScalarsReader(wanted, metric, partner, drawable)
        self._own = _Reader(metric.name, self._steps, self._shown, [self._rest, *own], self._scalars)
        partners = [some for _, some in self._partner_groups]
        self._of_partner = _Reader(partner, self._steps, self._shown, partners, self._scalars) if partner else None

    @property
    def readers(self) -> tuple[_Reader, ...]:
        return (self._own,) if self._of_partner is None else (self._own, self._of_partner)

    def history(self) -> MetricHistory:
        """What was drawn, once every series has gone by twice."""
        of_partner = self._of_partner.curves if self._of_partner is not None else {}
        n_lines = len(self._shown) * (2 if of_partner else 1)
        most = max(200, min(2000, POINTS_PER_CHART // n_lines))
        arrays, facts, drawable = self._own.curves, self._facts, self._drawable
        curves = [
            replace(
                _curve(key, drawable[key], arrays[key], of_partner.get(key), self._metric, most),
                abandoned=tuple(_line(one, most) for one in self._own.abandoned.get(key, ())),
                spread=self._own.spreads.get(key),
            )
            for key in self._shown
            if key in arrays
        ]
        drawn = _group_curves(self._groups, self._metric.bounds)
        return MetricHistory(
            metric=self._metric.name,
            partner=self._partner if of_partner else None,
            axis=self._steps.axis,
            curves=tuple(curves),
            band=_band(self._rest),
            groups=drawn[:MOST_GROUPS],
            partner_groups=_group_curves(self._partner_groups)[:MOST_GROUPS] if len(drawn) > 1 else (),
            n_groups=len(drawn),
            n_runs=len(drawable),
            n_single=sum(one.n_points == 1 for one in facts.values()),
            n_all_bad=sum(one.n_points > 1 and not one.n_finite for one in facts.values()),
            bad=tuple(sorted((key, one.first_bad_step) for key, one in facts.items() if one.first_bad_step is not None)),
            n_duplicates=sum(drawable[key].n_duplicate_steps for key in self._shown if drawable[key].n_per_step == 1)
            if self._steps.axis not in ("time", "clock")
            else 0,
            unit=self._steps.unit,
            origin=self._steps.origin,
            restarted=tuple(sorted(key for key, one in drawable.items() if one.restart is not None)),
            n_spread=sum(drawable[key].n_per_step > 1 for key in self._shown) if self._steps.axis != "time" else 0,
            scalars=self._scalars.answer() if self._scalars else None,
            n_without_x=self._n_without_x,
        )


def _together(groups: Sequence[tuple[str, Sequence[RunKey]]], present: Set[RunKey]) -> list[tuple[str, CommonGrid]]:
    """The groups with three curves or more."""
    members = [(label, [key for key in keys if key in present]) for label, keys in groups]
    return [(label, CommonGrid(keys)) for label, keys in members if len(keys) >= FEWEST_FOR_BAND]


def _best_first(metric: Metric, runs: Sequence[Run]) -> list[RunKey]:
    """Finished runs best first (newest first without a direction), then the others, newest first."""
    sign = {"maximize": -1, "minimize": 1, "none": 0}[metric.goal]

    def order(run: Run) -> tuple[bool, float, int, RunKey]:
        value = metric.finite(run.key)
        ranked = run.finished and value is not None
        return (not ranked, sign * value if ranked and value is not None else 0.0, -run.order[0], run.key)

    return [run.key for run in sorted(runs, key=order)]


def _curve(key: RunKey, facts: SeriesFacts, arrays: Arrays, partner: Arrays | None, metric: Metric, most: int) -> Curve:
    x, value = _finite(arrays)
    with np.errstate(all="ignore"):  # a diverged curve may hold values whose differences are no floats
        progress = progress_of(x, value, metric.goal)
        gap = gap_of(_finite(partner), (x, value), metric.goal) if partner is not None else None
        divergence = divergence_of(value, metric.goal)
    return Curve(
        key=key,
        facts=facts,
        line=_line(arrays, most),
        partner=_line(partner, most) if partner is not None else None,
        plateau_x=None if progress.stopped is None else float(x[progress.stopped]),
        improving=progress.improving,
        divergence=divergence,
        gap=gap,
    )


def _finite(arrays: Arrays) -> Arrays:
    x, value = arrays
    finite = np.isfinite(value)
    return x[finite], value[finite]


def _line(arrays: Arrays, most: int) -> Line:
    x, value = _finite(arrays)
    kept = thinned(value, most)
    breaks = _breaks(arrays, x[kept])
    xs: list[float] = []
    ys: list[float | None] = []
    for at, y, broken in zip(x[kept].tolist(), value[kept].tolist(), breaks, strict=True):
        if broken:
            xs.append(float(at))
            ys.append(None)
        xs.append(float(at))
        ys.append(y)
    smooth: tuple[tuple[float, ...], tuple[float, ...]] = ((), ())
    if len(value) > SMOOTH_ABOVE:
        soft = smoothed(value, WEIGHT)
        at_soft = thinned(soft, most)
        smooth = (tuple(map(float, x[at_soft].tolist())), tuple(soft[at_soft].tolist()))
    return Line(tuple(xs), tuple(ys), *smooth, n_points=len(arrays[0]), n_drawn=len(kept))


def _breaks(arrays: Arrays, kept: np.ndarray) -> list[bool]:
    """For each kept x, whether a non-finite point lies between it and the one before."""
    bad = arrays[0][~np.isfinite(arrays[1])]
    if not len(bad):
        return [False] * len(kept)
    count = np.searchsorted(bad, kept)
    return [False, *(count[1:] > count[:-1]).tolist()]


def _band(many: CommonGrid) -> QuantileBand | None:
    if len(many.keys) < FEWEST_FOR_BAND:
        return None
    grid, rows = many.matrix()
    if not len(grid):
        return None
    with np.errstate(all="ignore"):
        read = [
            (x, np.quantile(column[np.isfinite(column)], [0.1, 0.5, 0.9]))
            for x, column in zip(grid.tolist(), rows.T, strict=True)
        ]
    finite = [(x, q) for x, q in read if np.isfinite(q).all()]
    if not finite:
        return None
    xs, quantiles = [x for x, _ in finite], [q for _, q in finite]
    low, middle, high = (tuple(float(q[i]) for q in quantiles) for i in range(3))
    return QuantileBand(tuple(xs), low, middle, high, len(many.keys), many.interpolated)


def _group_curves(groups: Sequence[tuple[str, CommonGrid]], bounds: tuple[float, float] | None = None) -> tuple[GroupCurve, ...]:
    curves = [_group_curve(label, many, bounds) for label, many in groups]
    return tuple(curve for curve in curves if curve is not None)


def _group_curve(label: str, many: CommonGrid, bounds: tuple[float, float] | None) -> GroupCurve | None:
    grid, rows = many.matrix()
    kept = [i for i in range(len(grid)) if np.nanmax(np.abs(rows[:, i])) < samples.LARGEST]
    if not kept:
        return None
    columns = [rows[:, i][np.isfinite(rows[:, i])] for i in kept]
    # A band narrows to a line where the runs agree, and is left out nowhere along the curve.
    intervals = [interval_of_mean(column, bounds) or estimates.t_interval(column) for column in columns]
    return GroupCurve(
        label=label,
        x=tuple(float(grid[i]) for i in kept),
        mean=tuple(one.value for one in intervals),
        low=tuple(one.low for one in intervals),
        high=tuple(one.high for one in intervals),
        n_first=len(columns[0]),
        n_last=len(columns[-1]),
        n_runs=len(many.keys),
        drops=_drops([float(grid[i]) for i in kept], [len(column) for column in columns]),
        interpolated=many.interpolated,
    )


def _drops(x: Sequence[float], n: Sequence[int]) -> tuple[tuple[float, int], ...]:
    """Where fewer runs remain than ever before from there on."""
    found: list[tuple[float, int]] = []
    remaining = max(n)
    for i in range(1, len(n)):
        left = max(n[i:])
        if left < remaining:
            found.append((x[i], left))
            remaining = left
    return tuple(found)
