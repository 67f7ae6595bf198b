"""This window against the time before it: new bests, lost runs, and did a configuration get worse.

Limits: what changed beside the configuration (code, data) is the very thing that is looked for; of runs before the
window only last values are known. Nothing of an earlier report is needed; where there is one, runs that were logged or
ended after it belong to this period, whenever they started: no report has told of their results.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType

from reportgen.analyze.changes import BestChange, Recent
from reportgen.analyze.clocks import EARLIEST
from reportgen.analyze.configurations import ConfigurationKey, Configurations, periods_ago
from reportgen.analyze.earlier_runs import earlier_data, earlier_of, known_from, read_from, with_earlier, with_earlier_values
from reportgen.analyze.leaderboard import leaderboard_of
from reportgen.analyze.metrics import Metric
from reportgen.analyze.previous_report import LostValue, PreviousReport
from reportgen.analyze.regressions import Watched, expected_false_alarms, watched_configurations
from reportgen.analyze.runs import Run, RunKey
from reportgen.formats import moment
from reportgen.snapshot import Snapshot

STEADY_PERIODS = 2
"""A configuration that ran in so many of the last periods in a row and not in this one is missed."""


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
    fresh: tuple[RunKey, ...] = ()
    """Runs of earlier start that were logged or ended since the last report; they are compared as runs of this period."""
    new_experiments: tuple[tuple[str, int], ...] = ()
    """(experiment, its runs) without any known run before this period, where other experiments have some."""
    unknown_rules: tuple[str, ...] = ()
    """Metrics whose value is not the last one: runs before the window have no histories, so they are not compared."""
    margins: Mapping[str, float] = field(default_factory=dict)
    """The smallest changes that matter, by metric, where they are declared."""
    earlier: Mapping[RunKey, Run] = field(default_factory=dict)
    """Runs that are not in the report itself."""

    @property
    def alarms(self) -> tuple[Watched, ...]:
        return tuple(one for one in self.watched if one.state == "worse")

    @property
    def n_tests(self) -> int:
        return sum(one.n_tests for one in self.watched)


def weekly_of(
    snapshot: Snapshot,
    metrics: Sequence[Metric],
    runs: Sequence[Run],
    recent: Recent,
    datasets: Mapping[RunKey, tuple[str, ...]],
    *,
    margins: Mapping[str, float] = MappingProxyType({}),
    since: PreviousReport | None = None,
) -> Weekly | None:
    """The runs of ``recent`` against all before it; None when there is no such period, or no run in it, or none before it.

    ``metrics`` are watched, the primary one first; ``margins`` are the smallest changes that matter, where they are declared.
    """
    earlier = earlier_of(snapshot)
    every = with_earlier(snapshot, runs, earlier)
    by_key = {run.key: run for run in every}
    start, end = recent.start, recent.end
    if start is None or end is None:
        return None
    length = max(end - start, timedelta(days=1))
    dated = [run for run in every if run.started_at is not None and run.started_at >= EARLIEST and not run.deleted]
    fresh = frozenset(since.fresh) if since else frozenset()
    started = [run for run in dated if run.started_at is not None and start <= run.started_at < end]
    inside = [*(run for run in dated if run.key in fresh and _before(run, start)), *started]
    before = [run for run in dated if run.key not in fresh and _before(run, start)]
    if not inside or not before:
        return None
    extended = [with_earlier_values(metric, earlier) for metric in metrics]
    data = {**earlier_data(snapshot), **datasets}
    cut = start - length
    recently = [run for run in before if run.started_at is not None and run.started_at >= cut]
    told = tuple(_told(metric, inside, before, recently) for metric in extended if metric.goal != "none")
    bests = tuple(one for one in told if one is not None)
    configurations = Configurations(dated)
    watched, n_alone, n_untold = watched_configurations(
        extended, inside, before, configurations, by_key, data, (start, length), margins
    )
    first = bests[0] if bests and extended and bests[0].metric == extended[0].name else None
    return Weekly(
        now=_period(start, end, started),
        previous=_period(cut, start, recently),
        n_earlier=len(before),
        known_from=known_from(snapshot, earlier),
        bests=bests,
        changed_params=_changed_params(first, by_key, extended[0]) if first else (),
        watched=watched,
        n_alone=n_alone,
        n_untold=n_untold,
        missed=_missed(before, inside, configurations, start, length),
        expected_false_alarms=expected_false_alarms(watched),
        margins=margins,
        fresh=tuple(run.key for run in inside if _before(run, start)),
        new_experiments=_new_experiments(snapshot, started, before, frozenset(since.experiments) if since else frozenset()),
        unknown_rules=tuple(metric.name for metric in metrics if metric.rule != "last") if earlier else (),
        earlier={run.key: run for run in earlier},
    )


def _before(run: Run, start: datetime) -> bool:
    return run.started_at is not None and run.started_at < start


def _new_experiments(
    snapshot: Snapshot, started: Sequence[Run], before: Sequence[Run], told: frozenset[str]
) -> tuple[tuple[str, int], ...]:
    """Experiments with runs of this period and none before: none that is read, and none in the last report, deleted since.

    One that was made before anything is read from is not called new.
    """
    since = read_from(snapshot)
    made = dict(
        zip(
            snapshot.experiments.column("experiment_id").to_pylist(),
            snapshot.experiments.column("created_at").cast("int64").to_pylist(),
            strict=True,
        )
    )
    known = told | {run.experiment_id for run in before}
    n_runs = Counter((run.experiment, run.experiment_id) for run in started if run.experiment_id not in known)
    created = {id_: moment(at) for id_, at in made.items()}
    return tuple(
        (name, n) for (name, id_), n in sorted(n_runs.items()) if since is None or (at := created.get(id_)) is None or at >= since
    )


def _period(start: datetime, end: datetime, runs: Sequence[Run]) -> Period:
    counts = Counter(run.status for run in runs)
    keys = tuple(run.key for run in sorted(runs, key=lambda run: run.order))
    return Period(start, end, keys, counts["FINISHED"], counts["FAILED"] + counts["KILLED"])


# --- bests -------------------------------------------------------------------------------------------------------------


def _best(metric: Metric, runs: Sequence[Run]) -> tuple[RunKey, float] | None:
    rows = leaderboard_of(metric, runs).rows
    return (rows[0].key, rows[0].value) if rows else None


def _told(metric: Metric, inside: Sequence[Run], before: Sequence[Run], recently: Sequence[Run]) -> NewBest | None:
    now, record, previous = (_best(metric, runs) for runs in (inside, before, recently))
    if now is None:
        return None
    return NewBest(metric.name, *now, previous[1] if previous else None, *(record or (None, None)))


def lost_best_of(
    since: PreviousReport | None, metric: Metric, weekly: Weekly | None, bests: Sequence[BestChange]
) -> LostValue | None:
    """The best value that a run of the last report had, when that run is lost and no run before this period that is left is as good.

    None also where values are not last values. ``bests`` are asked for the best before where there is no ``weekly``.
    """
    if since is None or metric.goal == "none" or metric.rule != "last":
        return None
    values = [one for one in since.lost_values if one.metric == metric.name]
    lost = max(values, key=lambda one: (metric.improvement(one.value), one.run_id), default=None)
    if weekly is not None:
        left = next((one.record for one in weekly.bests if one.metric == metric.name), None)
    else:
        left = next((one.before for one in bests if one.metric == metric.name), None)
    return lost if lost is not None and (left is None or metric.better(lost.value, left)) else None


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


def _missed(
    before: Sequence[Run], inside: Sequence[Run], configurations: Configurations, start: datetime, length: timedelta
) -> tuple[tuple[str, datetime], ...]:
    """Configurations that ran in each of the last periods, and not now."""
    now = {configurations.of(run) for run in inside}
    periods: dict[ConfigurationKey, set[int]] = {}
    last: dict[ConfigurationKey, Run] = {}
    for run in sorted(before, key=lambda run: run.order):
        key = configurations.of(run)
        periods.setdefault(key, set()).add(periods_ago(run, start, length))
        last[key] = run
    steady = [key for key, found in periods.items() if key not in now and set(range(STEADY_PERIODS)) <= found]
    told = [(configurations.label(last[key]), at) for key in steady if (at := last[key].started_at) is not None]
    return tuple(sorted(told))
