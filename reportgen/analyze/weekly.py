"""This window against the time before it: new bests, lost runs, and did a configuration get worse.

Runs are repeats of each other when they are of one configuration (parameters but seeds and folds, of one experiment), so only
configurations that ran in both periods are tested. The ladder: three runs now and in the period before, a comparison as
between groups; else four earlier runs, a prediction interval, from twelve on after a search for steps; else nothing is said. Where earlier periods differ by more than their runs, a period is one sample and not its runs.
Holm's correction over the comparisons; alarms on history at 1 %, and how many are expected when nothing changes is told.
Limits: what changed beside the configuration (code, data) is the very thing that is looked for; of runs before the
window only last values are known. Nothing of an earlier report is needed: everything is in the store.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from reportgen.analyze.changes import Recent
from reportgen.analyze.comparison import Difference, difference_of
from reportgen.analyze.groups import GroupValues, group_of, is_usable, summarised_values
from reportgen.analyze.methods import multiple, randomness, samples
from reportgen.analyze.metrics import Metric
from reportgen.analyze.nuisance import nuisance_kinds
from reportgen.analyze.replicates import Configuration, configuration, group_label, identical_reruns, repetition, varying_params
from reportgen.analyze.runs import Run, RunKey, units, with_family
from reportgen.formats import moment
from reportgen.snapshot import Snapshot

if TYPE_CHECKING:  # half of SciPy: only when something is tested
    from reportgen.analyze.methods.trend import Regression

MIN_CHANGE = 0.01
"""Share of the earlier mean below which a change is not reported, however significant."""
COMPARISON_ALPHA = 0.05
ALERT_ALPHA = 0.01
REPLICATES = 3
MOST_SERIES = 40
"""Configurations that are tested, those with most runs first; the others are counted."""
MOST_HISTORY = 200
"""Earlier runs of a configuration that are searched for steps, the newest."""
FEWEST_PERIODS = 4
"""Periods of two runs or more from which it can be seen that periods differ by more than their runs."""
STEADY_PERIODS = 2
"""A configuration that ran in so many of the last periods in a row and not in this one is missed."""

Rung = Literal["comparison", "prediction_interval", "step_detection", "little_history"]
_RUNGS: Mapping[str, Rung] = {
    "comparison": "comparison",
    "prediction interval": "prediction_interval",
    "step detection": "step_detection",
    "too little history": "little_history",
}
"""Name of a method of ``methods.trend`` → rung."""
State = Literal["worse", "better", "changed", "steady", "untested", "little_history"]


@dataclass(frozen=True, slots=True)
class Period:
    """Half-open ``[start, end)``, and its runs by status."""

    start: datetime
    end: datetime
    runs: tuple[RunKey, ...]
    n_finished: int
    n_failed: int
    """FAILED and KILLED."""

    @property
    def n_other(self) -> int:
        return len(self.runs) - self.n_finished - self.n_failed


@dataclass(frozen=True, slots=True)
class NewBest:
    """The best value of a metric in this period, in the period before, and at any time before."""

    metric: str
    key: RunKey
    value: float
    previous: float | None
    record_key: RunKey | None
    record: float | None
    """Of every run before this period that is known, see ``Weekly.known_from``."""

    @property
    def delta(self) -> float | None:
        return None if self.record is None else self.value - self.record


@dataclass(frozen=True, slots=True)
class Watched:
    """One metric of one configuration, now and before."""

    metric: str
    label: str
    keys: tuple[RunKey, ...]
    """Runs now, by start; of folds the first."""
    values: tuple[float, ...]
    previous: tuple[float, ...]
    """Of the period before."""
    history: tuple[float, ...]
    """Of every earlier run, by start."""
    history_at: tuple[datetime, ...]
    at: tuple[datetime, ...]
    rung: Rung
    state: State
    """``changed``: significant, without a direction or smaller than ``MIN_CHANGE``; ``untested``: no variation, only the change stands."""
    baseline: float | None
    change: float | None
    """Now − baseline, as values."""
    low: float | None = None
    high: float | None = None
    """Of the comparison: of the change. Of the prediction: where the mean now was expected."""
    p: float | None = None
    """Of a comparison: adjusted by Holm within the ``n_family`` comparisons of this report; else as it is."""
    n_family: int = 1
    paired: str = ""
    n_pairs: int = 0
    """Pairs that were compared; ``baseline`` and ``change`` are then of them, not of runs without a partner."""
    n_tests: int = 0
    autocorrelated: bool = False
    n_periods: int = 0
    """Earlier periods, when each of them is one sample because they differ by more than their runs; else 0."""
    data_differ: bool = False
    """The runs now logged other data sets than those before."""

    @property
    def now(self) -> float | None:
        """What ``baseline`` is held against: the mean of this period's runs (of pairs: of those in them), or the level after a step."""
        return None if self.baseline is None or self.change is None else self.baseline + self.change

    @property
    def mean_now(self) -> float:
        """Of every run of this period."""
        return samples.mean(self.values)

    @property
    def mean_before(self) -> float | None:
        """Of every run of the period before; None when there is none."""
        return samples.mean(self.previous) if self.previous else None

    @property
    def is_partial(self) -> bool:
        """Whether runs without a partner are in neither side of the comparison."""
        return self.n_pairs > 0 and not self.n_pairs == len(self.values) == len(self.previous)

    @property
    def relative(self) -> float | None:
        if self.baseline is None or self.change is None or not self.baseline:
            return None
        return self.change / abs(self.baseline)


@dataclass(frozen=True, slots=True)
class Weekly:
    """This period against those before it."""

    now: Period
    previous: Period
    n_earlier: int
    """Runs that started before this period, as far as they are known."""
    known_from: datetime | None
    """Where runs before the period are read from; older runs are in no number here. None when all that the store has are known."""
    bests: tuple[NewBest, ...]
    changed_params: tuple[tuple[str, str | None, str | None], ...]
    """(param, of the record before, of the best now) of the primary metric, where there is a new best."""
    watched: tuple[Watched, ...]
    """Alarms first, then by metric and label."""
    n_alone: int
    """Configurations of this period that never ran before."""
    n_untold: int
    """Configurations left out beyond ``MOST_SERIES``."""
    missed: tuple[tuple[str, datetime], ...]
    """(configuration, its last start) that ran in the periods before and not in this one."""
    expected_false_alarms: float
    unknown_rules: tuple[str, ...] = ()
    """Metrics whose value is not the last one: runs before the window have no histories, so they are not compared."""
    earlier: Mapping[RunKey, Run] = field(default_factory=dict)
    """Runs that are not in the report itself."""

    @property
    def alarms(self) -> tuple[Watched, ...]:
        return tuple(one for one in self.watched if one.state == "worse")

    @property
    def n_tests(self) -> int:
        return sum(one.n_tests for one in self.watched)


def earlier_of(snapshot: Snapshot) -> tuple[Run, ...]:
    """The runs of ``snapshot.earlier``, without parents and children; sorted by key."""
    kinds_of = nuisance_kinds()
    names = dict(
        zip(
            snapshot.experiments.column("experiment_id").to_pylist(), snapshot.experiments.column("name").to_pylist(), strict=True
        )
    )
    table = snapshot.earlier
    times = {name: table.column(name).cast("int64").to_pylist() for name in ("start_time", "end_time")}
    plain = table.drop_columns(["start_time", "end_time"]).to_pylist()
    runs = []
    for row, start, end in zip(plain, times["start_time"], times["end_time"], strict=True):
        params = {key: value or "" for key, value in row["params"] or ()}
        runs.append(
            Run(
                experiment_id=row["experiment_id"],
                run_id=row["run_id"],
                experiment=names.get(row["experiment_id"]) or row["experiment_id"],
                name=row["name"] or "",
                status=row["status"] or "",
                started_at=moment(start),
                ended_at=moment(end),
                started_ms=start,
                ended_ms=end,
                params=params,
                nuisance=kinds_of(params),
                tags={key: value or "" for key, value in row["tags"] or ()},
                last_values={key: value for key, value in row["metrics"] or () if value is not None},
            )
        )
    return tuple(runs)


def earlier_data(snapshot: Snapshot) -> dict[RunKey, tuple[str, ...]]:
    """Run → "name (digest)" of its data sets, of ``snapshot.earlier``."""
    rows = snapshot.earlier.select(["experiment_id", "run_id", "datasets"]).to_pylist()
    return {(row["experiment_id"], row["run_id"]): tuple(row["datasets"]) for row in rows if row["datasets"]}


def weekly_of(
    snapshot: Snapshot,
    metrics: Sequence[Metric],
    runs: Sequence[Run],
    recent: Recent,
    datasets: Mapping[RunKey, tuple[str, ...]],
    *,
    min_change: float = MIN_CHANGE,
) -> Weekly | None:
    """The runs of ``recent`` against all before it; None when there is no such period, or no run in it, or none before it.

    ``metrics`` are watched, the primary one first.
    """
    earlier = earlier_of(snapshot)
    every = _together(snapshot, runs, earlier)
    by_key = {run.key: run for run in every}
    start, end = recent.start, recent.end
    if start is None or end is None:
        return None
    length = max(end - start, timedelta(days=1))
    dated = [run for run in every if run.started_at is not None and not run.deleted]
    inside = [run for run in dated if run.started_at is not None and start <= run.started_at < end]
    before = [run for run in dated if run.started_at is not None and run.started_at < start]
    if not inside or not before:
        return None
    extended = [_extended(metric, earlier) for metric in metrics]
    data = {**earlier_data(snapshot), **datasets}
    cut = start - length
    recently = [run for run in before if run.started_at is not None and run.started_at >= cut]
    told = tuple(_told(metric, inside, before, recently) for metric in extended if metric.goal != "none")
    bests = tuple(one for one in told if one is not None)
    configurations = _Configurations(dated)
    watched, n_alone, n_untold = _watched(extended, inside, before, configurations, by_key, data, (start, length), min_change)
    first = bests[0] if bests and extended and bests[0].metric == extended[0].name else None
    alphas = _alphas(watched)
    return Weekly(
        now=_period(start, end, inside),
        previous=_period(cut, start, recently),
        n_earlier=len(before),
        known_from=_known_from(snapshot, earlier),
        bests=bests,
        changed_params=_changed_params(first, by_key, extended[0]) if first else (),
        watched=watched,
        n_alone=n_alone,
        n_untold=n_untold,
        missed=_missed(before, inside, configurations, start, length),
        expected_false_alarms=sum(alphas),
        unknown_rules=tuple(metric.name for metric in metrics if metric.rule != "last") if earlier else (),
        earlier={run.key: run for run in earlier},
    )


def _known_from(snapshot: Snapshot, earlier: Sequence[Run]) -> datetime | None:
    """As it was asked for when the snapshot was taken; of one that does not tell, the start of the earliest run."""
    asked = dict(snapshot.selection).get("compared with runs from", "")
    if asked:
        return datetime.fromisoformat(asked)
    return min((run.started_at for run in earlier if run.started_at), default=None)


def _together(snapshot: Snapshot, runs: Sequence[Run], earlier: Sequence[Run]) -> tuple[Run, ...]:
    """All runs with their families anew, since a parent may have started before its children's window."""
    if not earlier:
        return tuple(runs)
    parents: dict[RunKey, str] = {}
    for table in (snapshot.runs, snapshot.earlier):
        for row in table.select(["experiment_id", "run_id", "parent_run_id"]).to_pylist():
            if row["parent_run_id"]:
                parents[row["experiment_id"], row["run_id"]] = row["parent_run_id"]
    known = {run.key for run in runs}
    return with_family([*runs, *(run for run in earlier if run.key not in known)], parents)


def _extended(metric: Metric, earlier: Sequence[Run]) -> Metric:
    """``metric`` with the last values of earlier runs; without them where its value is not the last one."""
    if metric.rule != "last" or not earlier:
        return metric
    values = {run.key: run.last_values[metric.name] for run in earlier if metric.name in run.last_values}
    return replace(metric, values={**values, **metric.values})


def _period(start: datetime, end: datetime, runs: Sequence[Run]) -> Period:
    counts = Counter(run.status for run in runs)
    keys = tuple(run.key for run in sorted(runs, key=lambda run: run.order))
    return Period(start, end, keys, counts["FINISHED"], counts["FAILED"] + counts["KILLED"])


# --- bests -------------------------------------------------------------------------------------------------------------


def _best(metric: Metric, runs: Sequence[Run]) -> tuple[RunKey, float] | None:
    values = [(run, value) for run in runs if run.finished and (value := metric.finite(run.key)) is not None]
    if not values:
        return None
    run, value = min(values, key=lambda one: (-metric.improvement(one[1]), one[0].order))
    return run.key, value


def _told(metric: Metric, inside: Sequence[Run], before: Sequence[Run], recently: Sequence[Run]) -> NewBest | None:
    now, record, previous = (_best(metric, runs) for runs in (inside, before, recently))
    if now is None:
        return None
    return NewBest(metric.name, *now, previous[1] if previous else None, *(record or (None, None)))


def _changed_params(
    best: NewBest, by_key: Mapping[RunKey, Run], metric: Metric
) -> tuple[tuple[str, str | None, str | None], ...]:
    if best.record_key is None or best.record is None or not metric.better(best.value, best.record):
        return ()
    old, new = by_key[best.record_key], by_key[best.key]
    names = sorted({*old.params, *new.params} - {*old.nuisance, *new.nuisance})
    return tuple(
        (name, old.params.get(name), new.params.get(name)) for name in names if old.params.get(name) != new.params.get(name)
    )


# --- configurations ----------------------------------------------------------------------------------------------------

_Key = tuple[str, Configuration, str]
"""Experiment, parameters, and the name of a run that has no parameters."""


class _Configurations:
    """Which runs are of one configuration, and what readers call it."""

    def __init__(self, runs: Sequence[Run]) -> None:
        finished = [run for run in runs if run.finished]
        by_experiment: dict[str, list[Run]] = {}
        for run in finished:
            by_experiment.setdefault(run.experiment_id, []).append(run)
        # Paths, ids and dates differ from run to run and make no configuration.
        self._without = {id_: group_of(id_, members).identifiers for id_, members in by_experiment.items()}
        self._varying = {
            id_: tuple(name for name in varying_params(members) if name not in self._without[id_])
            for id_, members in by_experiment.items()
        }
        self._several = len(by_experiment) > 1

    def of(self, run: Run) -> _Key:
        found = configuration(run, without=self._without.get(run.experiment_id, ()))
        return (run.experiment_id, found, "" if run.params else run.name)

    def label(self, run: Run) -> str:
        """What tells it from the others of its experiment; the experiment, where there are several."""
        words = group_label([run], self._varying.get(run.experiment_id, ())) if self._varying.get(run.experiment_id) else ""
        place = run.experiment if self._several or not words else ""
        return ": ".join(word for word in (place, words) if word) if run.params else (run.name or run.run_id[:8])


def _periods_ago(run: Run, start: datetime, length: timedelta) -> int:
    """0 for the period before ``start``."""
    return int((start - _start(run) - timedelta(microseconds=1)) / length)


def _missed(
    before: Sequence[Run], inside: Sequence[Run], configurations: _Configurations, start: datetime, length: timedelta
) -> tuple[tuple[str, datetime], ...]:
    """Configurations that ran in each of the last periods, and not now."""
    now = {configurations.of(run) for run in inside}
    periods: dict[_Key, set[int]] = {}
    last: dict[_Key, Run] = {}
    for run in sorted(before, key=lambda run: run.order):
        key = configurations.of(run)
        periods.setdefault(key, set()).add(_periods_ago(run, start, length))
        last[key] = run
    steady = [key for key, found in periods.items() if key not in now and set(range(STEADY_PERIODS)) <= found]
    told = [(configurations.label(last[key]), at) for key in steady if (at := last[key].started_at) is not None]
    return tuple(sorted(told))


# --- the ladder --------------------------------------------------------------------------------------------------------


def _watched(
    metrics: Sequence[Metric],
    inside: Sequence[Run],
    before: Sequence[Run],
    configurations: _Configurations,
    by_key: Mapping[RunKey, Run],
    data: Mapping[RunKey, tuple[str, ...]],
    period: tuple[datetime, timedelta],
    min_change: float,
) -> tuple[tuple[Watched, ...], int, int]:
    """(watched, configurations that never ran before, configurations beyond the most that are told)."""
    now, past = (_by_configuration(side, configurations, data) for side in (inside, before))
    both = sorted(set(now) & set(past), key=lambda key: (-len(now[key]), -len(past[key]), key))
    told = both[:MOST_SERIES]
    found: list[Watched] = []
    for metric in metrics:
        if metric.goal == "none":
            continue
        for key in told:
            one = _one(metric, configurations.label(now[key][0]), now[key], past[key], by_key, data, period, min_change)
            found += [one] if one else []
    goals = {metric.name: metric for metric in metrics}
    adjusted = _holm(found, goals, min_change)
    order = {metric.name: i for i, metric in enumerate(metrics)}
    rank = {"worse": 0, "better": 1, "changed": 2, "untested": 3, "steady": 4, "little_history": 5}
    ordered = sorted(adjusted, key=lambda one: (rank[one.state], order[one.metric], -abs(one.relative or 0.0), one.label))
    return tuple(ordered), len(set(now) - set(past)), len(both) - len(told)


def _by_configuration(
    runs: Sequence[Run], configurations: _Configurations, data: Mapping[RunKey, tuple[str, ...]]
) -> dict[_Key, list[Run]]:
    """Finished runs by configuration, by start; older identical re-runs are no new samples."""
    repeated = {key for keys in identical_reruns(runs, data) for key in keys[:-1]}
    found: dict[_Key, list[Run]] = {}
    for run in sorted((run for run in runs if run.finished and run.key not in repeated), key=lambda run: run.order):
        found.setdefault(configurations.of(run), []).append(run)
    return found


def _one(
    metric: Metric,
    label: str,
    now: Sequence[Run],
    past: Sequence[Run],
    by_key: Mapping[RunKey, Run],
    data: Mapping[RunKey, tuple[str, ...]],
    period: tuple[datetime, timedelta],
    min_change: float,
) -> Watched | None:
    new, old = _values(metric, now, by_key), _values(metric, past, by_key)
    if not new or not old:
        return None
    old = dict(list(old.items())[-MOST_HISTORY:])
    start, length = period
    last = {key: value for key, value in old.items() if _start(by_key[key]) >= start - length}
    mean = samples.mean(list(new.values()))
    base = samples.mean(list((last if len(last) >= REPLICATES else old).values()))
    plain = Watched(
        metric=metric.name,
        label=label,
        keys=tuple(new),
        values=tuple(new.values()),
        previous=tuple(last.values()),
        history=tuple(old.values()),
        history_at=tuple(_start(by_key[key]) for key in old),
        at=tuple(_start(by_key[key]) for key in new),
        rung="little_history",
        state="little_history",
        baseline=base,
        change=mean - base,
        data_differ=_data_differ(now, past, data),
    )
    if not is_usable((*new.values(), *old.values())):
        return plain
    by_period: dict[int, list[float]] = {}
    for key, value in old.items():
        by_period.setdefault(_periods_ago(by_key[key], start, length), []).append(value)
    means = luck_of_periods([by_period[ago] for ago in sorted(by_period, reverse=True)])
    if means:
        return _against_history(replace(plain, n_periods=len(means)), metric, min_change, (mean,), means)
    if len(new) >= REPLICATES and len(last) >= REPLICATES:
        sides = summarised_values("before", last), summarised_values("now", new)
        return _compared(plain, metric, sides, by_key, data)
    return _against_history(plain, metric, min_change, plain.values, plain.history)


def luck_of_periods(periods: Sequence[Sequence[float]]) -> tuple[float, ...]:
    """The means of earlier ``periods``, oldest first, when they differ by more than their runs do; else nothing.

    Then a period is one sample, however many runs it has: whatever they share (machine, data, libraries) is not in the
    spread of its runs. Asked of four periods of two runs or more, by the F test at 5 %.
    """
    several = [values for values in periods if len(values) > 1]
    if len(several) < FEWEST_PERIODS:
        return ()
    from reportgen.analyze.methods.groups import anova

    found = anova(several, equal_variances=True)
    if found.p is None or found.p > COMPARISON_ALPHA:
        return ()
    return tuple(samples.mean(values) for values in periods)


def _values(metric: Metric, runs: Sequence[Run], by_key: Mapping[RunKey, Run]) -> dict[RunKey, float]:
    """Run → value of independent runs by start; folds of one data set are averaged into the first of them."""
    counted = {run.key for run in units(runs, lambda run: metric.finite(run.key) is not None, by_key)}
    parts: dict[object, list[Run]] = {}
    for run in runs:
        if run.key in counted:
            is_fold = "fold" in run.nuisance.values()
            parts.setdefault(("folds", run.parent, repetition(run, "seed")) if is_fold else run.key, []).append(run)
    return {members[0].key: samples.mean([metric.values[run.key] for run in members]) for members in parts.values()}


def _start(run: Run) -> datetime:
    assert run.started_at is not None  # runs without a start are in no period
    return run.started_at


def _data_differ(now: Sequence[Run], past: Sequence[Run], data: Mapping[RunKey, tuple[str, ...]]) -> bool:
    sides = [{names for run in side if (names := data.get(run.key))} for side in (now, past)]
    return bool(sides[0] and sides[1]) and not sides[0] & sides[1]


def _compared(
    plain: Watched,
    metric: Metric,
    sides: tuple[GroupValues, GroupValues],
    by_key: Mapping[RunKey, Run],
    data: Mapping[RunKey, tuple[str, ...]],
) -> Watched:
    found: Difference = difference_of(metric, *sides, by_key=by_key, datasets=data)
    pairs = found.pairing
    baseline = samples.mean(pairs.a) if pairs else sides[0].mean
    base = replace(plain, rung="comparison", change=found.delta, baseline=baseline)
    if pairs:
        base = replace(base, paired=pairs.by, n_pairs=pairs.n)
    if found.p is None:
        return replace(base, state="untested")
    return replace(base, low=found.low, high=found.high, p=found.p, n_tests=1, state="steady")


def _against_history(plain: Watched, metric: Metric, min_change: float, new: Sequence[float], past: Sequence[float]) -> Watched:
    from reportgen.analyze.methods.trend import regression

    block = f"weekly|{metric.name}|{plain.label}"
    found: Regression = regression(
        new,
        past,
        lambda name: randomness.generator(f"{block}|{name}"),
        higher_is_better=metric.goal == "maximize",
        min_change=min_change,
        alpha=ALERT_ALPHA,
    )
    if found.change is None or found.baseline is None:
        return replace(plain, n_tests=0)
    base = replace(
        plain,
        rung=_RUNGS[found.method],
        baseline=found.baseline,
        change=found.change,
        p=found.p,
        n_tests=0 if found.significant is None else found.tests,
        autocorrelated=found.autocorrelated,
        low=found.interval.low if found.interval else None,
        high=found.interval.high if found.interval else None,
    )
    return replace(base, state=_state(base, metric, found.significant, min_change))


def _state(one: Watched, metric: Metric, significant: bool | None, min_change: float) -> State:
    if significant is None:
        return "untested"
    if not significant or one.change is None or one.baseline is None:
        return "steady"
    if abs(one.change) < min_change * abs(one.baseline):
        return "changed"
    return "worse" if metric.improvement(one.change) < 0 else "better"


def _holm(found: Sequence[Watched], metrics: Mapping[str, Metric], min_change: float) -> list[Watched]:
    """Comparisons are one family; alarms on history keep their own small level."""
    tests = [one for one in found if one.rung == "comparison" and one.p is not None]
    adjusted = iter(multiple.holm([one.p for one in tests if one.p is not None]))
    told: list[Watched] = []
    for one in found:
        if one.rung == "comparison" and one.p is not None:
            p = next(adjusted)
            state = _state(one, metrics[one.metric], p <= COMPARISON_ALPHA, min_change)
            one = replace(one, p=p, n_family=len(tests), state=state)  # noqa: PLW2901 - the same finding, told more
        told.append(one)
    return told


def _alphas(watched: Sequence[Watched]) -> list[float]:
    """Level of each family of comparisons (one, by Holm) and of each test on history."""
    compared = any(one.rung == "comparison" and one.n_tests for one in watched)
    alerts = itertools.chain.from_iterable([ALERT_ALPHA] * one.n_tests for one in watched if one.rung != "comparison")
    return [*([COMPARISON_ALPHA] if compared else []), *alerts]
