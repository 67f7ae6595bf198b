"""The curves of the explorer: every point while there is room, lowest, mean and highest of each stretch when there are more.

Up to ``EXACT`` points a page carries them as float32, up to ``CLOSE`` with three of its four bytes, up to ``MOST`` at 12 bits of the
curve's own range. Above, each curve is cut into as many stretches as fit, and each stretch keeps its lowest value, mean and highest
value, so that no spike is lost and no mean is that of a sample. The exact last and best values are in the table, whatever happens here.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from reportgen.model import Explorer
from reportgen.render.explorer_pack import Array, packed, quantised, whole
from reportgen.snapshot import Snapshot
from reportgen.snapshot.history import Series

EXACT = 100_000
CLOSE = 400_000
MOST = 1_000_000
STRETCHES = 128
"""Of one curve at most, and ``FEWEST`` at least; all together about ``ROOM``."""
FEWEST = 16
ROOM = 1_300_000
TIMES = 4096
"""Wall times are told apart to about this part of a curve's duration."""


@dataclass(slots=True)
class _Pool:
    """Vectors of numbers, each once: the steps of most curves are the same."""

    places: dict[bytes, int] = field(default_factory=dict)
    vectors: list[np.ndarray] = field(default_factory=list)

    def place(self, vector: np.ndarray) -> int:
        key = vector.tobytes()
        if key not in self.places:
            self.places[key] = len(self.vectors)
            self.vectors.append(vector.copy())
        return self.places[key]

    def text(self) -> str:
        lengths = np.array([len(vector) for vector in self.vectors], dtype=np.int64)
        numbers = np.concatenate(self.vectors) if self.vectors else np.zeros(0, dtype=np.int64)
        return packed({}, {"lengths": whole(lengths), "numbers": whole(numbers, steps=True)})


@dataclass(slots=True)
class _Metric:
    """The curves of one metric while they are read."""

    run: list[int] = field(default_factory=list)
    length: list[int] = field(default_factory=list)
    steps: list[int] = field(default_factory=list)
    times: list[int] = field(default_factory=list)
    parts: list[tuple[np.ndarray, ...]] = field(default_factory=list)
    """(values), or (lowest, mean, highest)."""


@dataclass(frozen=True, slots=True)
class Curves:
    """What the page carries besides its table."""

    texts: Mapping[str, str]
    """``steps``, ``times`` and ``curve-<place of the metric>`` → packed."""
    stretches: int
    """0 where every point is there."""
    n_points: int
    is_rounded: bool
    """Whether values are at 12 bits of their curve's range."""
    extremes: Mapping[int, tuple[np.ndarray, np.ndarray]]
    """Metric → (lowest, highest) value of each run, exact; NaN where it has none."""


def curves_of(explorer: Explorer, snapshot: Snapshot, bases: np.ndarray) -> Curves:
    """The histories of the runs and metrics of ``explorer``; times count from ``bases`` (milliseconds, one for each run)."""
    runs = {key: at for at, key in enumerate(explorer.runs)}
    metrics = {metric.name: at for at, metric in enumerate(explorer.metrics)}
    n_series = sum(value is not None for metric in explorer.metrics for value in metric.values)
    stretches = 0 if snapshot.history.n_points <= MOST else min(STRETCHES, max(FEWEST, ROOM // max(n_series, 1)))
    found = [_Metric() for _ in explorer.metrics]
    extremes: dict[int, tuple[np.ndarray, np.ndarray]] = {}
    steps, times, n_points = _Pool(), _Pool(), 0
    last: tuple[int, dict[int, int]] = (-1, {})
    for series in snapshot.history.series(list(metrics)):
        run, at = runs.get((series.experiment_id, series.run_id)), metrics[series.metric]
        if run is None:
            continue
        if last[0] != run:
            last = (run, {})
        n_points += len(series)
        low, high = extremes.setdefault(at, (np.full(len(runs), np.nan), np.full(len(runs), np.nan)))
        low[run], high[run] = _range(series.value)
        _add(found[at], run, series, stretches, float(bases[run]), steps, times, last[1])
    kind = "f4" if n_points <= EXACT else "f3" if n_points <= CLOSE else "u2"
    texts = {f"curve-{at}": _text(one, kind) for at, one in enumerate(found) if any(length > 1 for length in one.length)}
    return Curves(
        texts | ({"steps": steps.text(), "times": times.text()} if texts else {}), stretches, n_points, kind == "u2", extremes
    )


def _range(values: np.ndarray) -> tuple[float, float]:
    finite = values[np.isfinite(values)]
    return (float(finite.min()), float(finite.max())) if len(finite) else (np.nan, np.nan)


def _add(
    metric: _Metric,
    run: int,
    series: Series,
    stretches: int,
    base: float,
    steps: _Pool,
    times: _Pool,
    same_run: dict[int, int],
) -> None:
    step, time = series.step, series.timestamp - round(base)
    values: tuple[np.ndarray, ...] = (series.value,)
    if stretches:
        starts = np.unique(np.linspace(0, len(step), min(stretches, len(step)), endpoint=False).astype(np.int64))
        ends = np.append(starts[1:], len(step)) - 1
        values = _stretched(series.value, starts)
        step = np.stack((step[starts], step[ends]), axis=1).ravel()
        time = (time[starts] + time[ends]) // 2
    metric.run.append(run)
    metric.length.append(len(values[0]))
    metric.steps.append(steps.place(step))
    metric.times.append(_times(time, times, same_run))
    metric.parts.append(tuple(part.copy() for part in values))


def _times(time: np.ndarray, pool: _Pool, same_run: dict[int, int]) -> int:
    """The place of ``time``, rounded; metrics of one run that were logged together share one vector."""
    unit = max(int(time.max() - time.min()) // TIMES, 1) if len(time) else 1
    before = same_run.get(len(time))
    if before is not None and np.abs(pool.vectors[before] - time).max(initial=0) <= 2 * unit:
        return before
    same_run[len(time)] = pool.place(np.rint(time / unit).astype(np.int64) * unit)
    return same_run[len(time)]


def _stretched(values: np.ndarray, starts: np.ndarray) -> tuple[np.ndarray, ...]:
    """(lowest, mean, highest) of each stretch; the mean is of finite values, NaN where there are none or a NaN alone."""
    finite = np.isfinite(values)
    n = np.add.reduceat(finite.astype(np.int64), starts)
    with np.errstate(invalid="ignore", over="ignore"):
        mean = np.add.reduceat(np.where(finite, values, 0.0), starts) / np.where(n, n, 1)
        return np.fmin.reduceat(values, starts), np.where(n, mean, np.nan), np.fmax.reduceat(values, starts)


def _text(metric: _Metric, kind: str) -> str:
    """The curves packed: as floats of ``kind``, or as codes of 12 bits where it is ``u2`` or they are stretches."""
    order = np.argsort(metric.run)
    run, length, steps, times = (np.array(getattr(metric, name))[order] for name in ("run", "length", "steps", "times"))
    own = {"run": whole(run, steps=True), "length": whole(length), "steps": whole(steps), "times": whole(times)}
    columns = [np.concatenate([metric.parts[place][at] for place in order]) for at in range(len(metric.parts[0]))]
    across = _across(length)
    if kind != "u2" and len(columns) == 1:
        return packed({}, {**own, "mid": (kind, _float32(columns[0])[across])})
    starts: np.ndarray = np.cumsum(length) - length
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a curve without a finite value has no range
        low = np.fmin.reduceat(_finite(columns[0]), starts).astype(np.float32)
        high = np.fmax.reduceat(_finite(columns[-1]), starts).astype(np.float32)
    wide = [np.repeat(bound.astype(np.float64), length) for bound in (low, high)]
    names = ("mid",) if len(columns) == 1 else ("lo", "mid", "hi")
    coded = (quantised(column, *wide)[across] for column in columns)
    codes: dict[str, Array] = {name: ("u2", column) for name, column in zip(names, coded, strict=True)}
    return packed({}, {**own, "low": ("f4", low), "high": ("f4", high), **codes})


def _across(length: np.ndarray) -> np.ndarray:
    """The order in which points are packed: the first of every curve, then the second of every curve, since these are alike."""
    starts = np.cumsum(length) - length
    curve = np.repeat(np.arange(len(length)), length)
    place = np.arange(len(curve)) - starts[curve]
    return np.lexsort((curve, place))


def _finite(values: np.ndarray) -> np.ndarray:
    return np.where(np.isfinite(values), values, np.nan)


def _float32(values: np.ndarray) -> np.ndarray:
    """float32, where a finite value stays finite."""
    limit = float(np.finfo(np.float32).max)
    return np.where(np.isfinite(values), np.clip(values, -limit, limit), values).astype(np.float32)
