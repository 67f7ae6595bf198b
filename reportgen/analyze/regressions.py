"""Did a configuration get worse: its runs now against its runs before, by the best test that their number allows.

Runs are repeats of each other when they are of one configuration, so only configurations that ran in both periods are tested. Where it ran
in one period before, three runs against three are compared as groups are. Else the period, the last two and the last four are held against
all before them (``methods.level_shift``), and one or two runs against a prediction interval of four earlier ones. Holm's correction over
comparisons and shifts; predictions keep a level of 1 %, and how many findings are expected when nothing changes is told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from reportgen.analyze.compare.pair_keys import PairKind
from reportgen.analyze.compare.study import Study
from reportgen.analyze.compare.two_groups import difference_of
from reportgen.analyze.compare.values import GroupValues, is_usable, summarised_values
from reportgen.analyze.configurations import ConfigurationKey, Configurations, periods_ago, start_of
from reportgen.analyze.methods import multiple, randomness, samples
from reportgen.analyze.metrics import Metric
from reportgen.analyze.replicates import identical_reruns, repetition
from reportgen.analyze.runs import Run, RunKey, units

if TYPE_CHECKING:  # half of SciPy: only when something is tested
    from reportgen.analyze.methods.estimates import StudentEstimate
    from reportgen.analyze.methods.level_shift import Shift

COMPARISON_ALPHA = 0.05
ALERT_ALPHA = 0.01
REPLICATES = 3
MOST_SERIES = 40
"""Configurations that are tested, those with most runs first; the others are counted."""
MOST_PERIODS = 60
"""Earlier periods of a configuration that are looked at, the newest."""

Rung = Literal["comparison", "level_shift", "prediction_interval", "little_history", "too_large"]
State = Literal["worse", "better", "changed", "steady", "untested", "little_history", "too_large"]


@dataclass(frozen=True, slots=True)
class Watched:
    """One metric of one configuration, now and before."""

    metric: str
    label: str
    keys: tuple[RunKey, ...]
    """Runs now, by start; of folds the first."""
    values: tuple[float, ...]
    previous: tuple[float, ...]
    """Values of the runs of the period before."""
    history: tuple[float, ...]
    """Values of all earlier runs, by start."""
    history_at: tuple[datetime, ...]
    at: tuple[datetime, ...]
    rung: Rung
    state: State
    """``changed``: significant and smaller than the declared margin; ``untested``: no variation and no change. Where nothing varies a
    change is exact: it needs no test."""
    now: float
    """What was compared: the mean of this period's runs (of pairs: of those in them), or of the last ``window`` periods."""
    baseline: float
    """What it was held against."""
    n_now: int
    n_before: int
    """Runs behind both; periods, where a period is one value."""
    window: int = 1
    """Periods behind ``now``."""
    low: float | None = None
    high: float | None = None
    """Of the comparison and the shift: of the change. Of the prediction: where the mean now was expected."""
    p: float | None = None
    """Of a comparison or shift: adjusted by Holm within the ``n_family`` of this report; else as it is."""
    n_family: int = 1
    paired: tuple[PairKind, ...] = ()
    """What runs share that are held against each other."""
    n_pairs: int = 0
    """Pairs that were compared; ``baseline`` and ``change`` are then of them, not of runs without a partner."""
    n_tests: int = 0
    autocorrelated: bool = False
    period_means: tuple[float, ...] = ()
    """Means of the earlier periods, oldest first, when each of them is one value because they differ by more than their runs."""
    n_earlier_periods: int = 0
    """In which the configuration ran."""
    seen_from: float | None = None
    """Of a quiet row: the change of this period that would have been found four times in five."""
    data_differ: bool = False
    """The runs now logged other data sets than those before."""

    @property
    def change(self) -> float:
        """Now − baseline, as values."""
        return self.now - self.baseline

    @property
    def mean_now(self) -> float:
        """Mean over all runs of this period."""
        return samples.mean(self.values)

    @property
    def mean_before(self) -> float:
        """Mean over all earlier runs."""
        return samples.mean(self.history)

    @property
    def is_exact(self) -> bool:
        """Whether nothing varies, so that its change is not tested."""
        return self.p is None and self.state in ("worse", "better", "changed")

    @property
    def is_partial(self) -> bool:
        """Whether runs without a partner are in neither side of the comparison."""
        return self.n_pairs > 0 and not self.n_pairs == len(self.values) == len(self.history)

    @property
    def is_luck_unknown(self) -> bool:
        """Whether several runs of a period are told from a few earlier ones only: what runs of one period share cannot be seen."""
        from reportgen.analyze.methods.level_shift import FEWEST_TELLING_PERIODS

        is_tested = self.rung in ("comparison", "level_shift") and not self.period_means
        return is_tested and self.n_earlier_periods < FEWEST_TELLING_PERIODS and len(self.history) > self.n_earlier_periods

    @property
    def relative(self) -> float | None:
        return self.change / abs(self.baseline) if self.baseline else None


@dataclass(frozen=True, slots=True)
class _Judged:
    """A row, and what it would be if it is quiet."""

    row: Watched
    newest: StudentEstimate | None = None
    """Of the change of this period alone."""
    p_guard: float = 0.0
    """Of a second test that must agree, which is not adjusted."""


def watched_configurations(
    metrics: Sequence[Metric],
    inside: Sequence[Run],
    before: Sequence[Run],
    configurations: Configurations,
    by_key: Mapping[RunKey, Run],
    data: Mapping[RunKey, tuple[str, ...]],
    period: tuple[datetime, timedelta],
    margins: Mapping[str, float],
) -> tuple[tuple[Watched, ...], int, int]:
    """(watched, configurations that never ran before, configurations beyond the most that are told).

    ``margins`` are the smallest changes that matter, by metric, where they are declared.
    """
    now, past = (_by_configuration(side, configurations, data) for side in (inside, before))
    both = sorted(set(now) & set(past), key=lambda key: (-len(now[key]), -len(past[key]), key))
    told = both[:MOST_SERIES]
    found: list[_Judged] = []
    for metric in metrics:
        if metric.goal == "none":
            continue
        for key in told:
            one = _one(metric, configurations.label(now[key][0]), now[key], past[key], by_key, data, period)
            found += [one] if one else []
    goals = {metric.name: metric for metric in metrics}
    adjusted = _with_states(found, goals, margins)
    order = {metric.name: i for i, metric in enumerate(metrics)}
    rank = {"worse": 0, "better": 1, "changed": 2, "untested": 3, "steady": 4, "little_history": 5, "too_large": 6}
    ordered = sorted(adjusted, key=lambda one: (rank[one.state], order[one.metric], -abs(one.relative or 0.0), one.label))
    return tuple(ordered), len(set(now) - set(past)), len(both) - len(told)


def _by_configuration(
    runs: Sequence[Run], configurations: Configurations, data: Mapping[RunKey, tuple[str, ...]]
) -> dict[ConfigurationKey, list[Run]]:
    """Finished runs by configuration, by start; older identical re-runs are no new samples."""
    repeated = {key for keys in identical_reruns(runs, data) for key in keys[:-1]}
    found: dict[ConfigurationKey, list[Run]] = {}
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
) -> _Judged | None:
    new, old = _values(metric, now, by_key), _values(metric, past, by_key)
    if not new or not old:
        return None
    start, length = period
    periods: dict[int, dict[RunKey, float]] = {}
    for key, value in old.items():
        periods.setdefault(periods_ago(by_key[key], start, length), {})[key] = value
    earlier = [periods[ago] for ago in sorted(periods, reverse=True)[-MOST_PERIODS:]]
    old = {key: value for one in earlier for key, value in one.items()}
    plain = Watched(
        metric=metric.name,
        label=label,
        keys=tuple(new),
        values=tuple(new.values()),
        previous=tuple(periods.get(0, {}).values()),
        history=tuple(old.values()),
        history_at=tuple(start_of(by_key[key]) for key in old),
        at=tuple(start_of(by_key[key]) for key in new),
        rung="little_history",
        state="little_history",
        now=samples.mean(list(new.values())),
        baseline=samples.mean(list(old.values())),
        n_now=len(new),
        n_before=len(old),
        n_earlier_periods=len(earlier),
        data_differ=_data_differ(now, past, data),
    )
    if not is_usable((*new.values(), *old.values())):
        return _Judged(replace(plain, rung="too_large", state="too_large"))
    if len(earlier) == 1 and min(len(new), len(old)) >= REPLICATES:
        sides = summarised_values("before", old, bounds=metric.bounds), summarised_values("now", new, bounds=metric.bounds)
        return _compared(plain, metric, sides, by_key, data)
    return _shifted(plain, [*earlier, new], by_key, metric.bounds)


def _values(metric: Metric, runs: Sequence[Run], by_key: Mapping[RunKey, Run]) -> dict[RunKey, float]:
    """Run → value of independent runs by start; folds of one data set are averaged into the first of them."""
    counted = {run.key for run in units(runs, lambda run: metric.finite(run.key) is not None, by_key)}
    parts: dict[object, list[Run]] = {}
    for run in runs:
        if run.key in counted:
            is_fold = "fold" in run.nuisance.values()
            parts.setdefault(("folds", run.parent, repetition(run, "seed")) if is_fold else run.key, []).append(run)
    return {members[0].key: samples.mean([metric.values[run.key] for run in members]) for members in parts.values()}


def _data_differ(now: Sequence[Run], past: Sequence[Run], data: Mapping[RunKey, tuple[str, ...]]) -> bool:
    sides = [{names for run in side if (names := data.get(run.key))} for side in (now, past)]
    return bool(sides[0] and sides[1]) and not sides[0] & sides[1]


def _compared(
    plain: Watched,
    metric: Metric,
    sides: tuple[GroupValues, GroupValues],
    by_key: Mapping[RunKey, Run],
    data: Mapping[RunKey, tuple[str, ...]],
) -> _Judged:
    found = difference_of(Study(by_key, data), metric, *sides, effects=False)
    pairs = found.pairing
    base = replace(plain, rung="comparison")
    if pairs:
        baseline, now = samples.mean(pairs.a), samples.mean(pairs.b)
        base = replace(base, baseline=baseline, now=now, n_now=pairs.n, n_before=pairs.n, paired=pairs.kinds, n_pairs=pairs.n)
    tested = found.tested
    if tested is None:
        return _Judged(replace(base, state="untested"))
    row = replace(base, low=found.low, high=found.high, p=tested.p, n_tests=1, state="steady")
    return _Judged(row, tested.student, tested.p_check or 0.0)


def _shifted(
    plain: Watched,
    periods: Sequence[Mapping[RunKey, float]],
    by_key: Mapping[RunKey, Run],
    scale: tuple[float, float] | None,
) -> _Judged:
    from reportgen.analyze.methods.level_shift import Unit, level_shift

    seeds = {key: repetition(by_key[key], "seed") for period in periods for key in period}
    n_runs = Counter(seeds.values())
    units = [[Unit(value, seeds[key] if n_runs[seeds[key]] > 1 else None) for key, value in one.items()] for one in periods]
    block = f"weekly|{plain.metric}|{plain.label}"
    found: Shift = level_shift(units, lambda name: randomness.generator(f"{block}|{name}"), scale=scale)
    means = tuple(samples.mean(list(one.values())) for one in periods)
    plain = replace(plain, period_means=means[:-1] if found.n_periods else ())
    if not found.window:
        return _Judged(plain)
    values = means if found.n_periods else tuple(unit.value for period in units for unit in period)
    now = samples.mean(values[len(values) - found.n_now :])
    base = replace(
        plain,
        rung="prediction_interval" if found.is_prediction else "level_shift",
        state="untested" if found.p is None else "steady",
        now=now,
        baseline=now - found.change,
        n_now=found.n_now,
        n_before=found.n_before,
        window=found.window,
        p=found.p,
        n_tests=0 if found.p is None else 1,
        paired=("seed",) if len({unit.stratum for one in units for unit in one}) > 1 and not found.n_periods else (),
        autocorrelated=found.autocorrelated,
    )
    ends = found.expected or ((found.estimate.low, found.estimate.high) if found.estimate else None)
    return _Judged(replace(base, low=ends[0], high=ends[1]) if ends else base, found.newest, found.p_shuffled)


def _with_states(found: Sequence[_Judged], metrics: Mapping[str, Metric], margins: Mapping[str, float]) -> list[Watched]:
    """Comparisons and shifts are one family; predictions keep their own small level."""
    family = [one.row for one in found if _is_of_family(one.row)]
    adjusted = iter(multiple.holm([row.p for row in family if row.p is not None]))
    told: list[Watched] = []
    for one in found:
        row = one.row
        if _is_of_family(row):
            row = replace(row, p=max(next(adjusted), one.p_guard), n_family=len(family))
        if row.state == "untested" and row.change:
            row = replace(row, state=_state(row, metrics[row.metric], margins))
        if row.p is not None:
            is_shown = row.p <= (ALERT_ALPHA if row.rung == "prediction_interval" else COMPARISON_ALPHA)
            row = replace(row, state=_state(row, metrics[row.metric], margins)) if is_shown else _quiet(row, one.newest)
        told.append(row)
    return told


def _is_of_family(row: Watched) -> bool:
    return row.rung in ("comparison", "level_shift") and row.p is not None


def _state(row: Watched, metric: Metric, margins: Mapping[str, float]) -> State:
    if abs(row.change) < margins.get(row.metric, 0.0):
        return "changed"
    return "worse" if metric.improvement(row.change) < 0 else "better"


def _quiet(row: Watched, newest: StudentEstimate | None) -> Watched:
    """A row that shows no change: this period by itself, and which change of it would have been found."""
    from reportgen.analyze.methods.power import minimum_detectable_difference

    if newest is None:
        return row
    if row.window > 1:
        means = (*row.period_means, row.mean_now)
        n_before = len(row.period_means) or len(row.history)
        n_now = 1 if row.period_means else len(row.values)
        row = replace(row, window=1, now=means[-1], baseline=means[-1] - newest.value, n_now=n_now, n_before=n_before)
        row = replace(row, low=newest.low, high=newest.high, p=None)  # which is of more periods
    alpha = (1 - newest.level) / row.n_family
    size = minimum_detectable_difference(newest.se, newest.df, alpha)
    return replace(row, seen_from=size if size > abs(row.change) else None)


def expected_false_alarms(watched: Sequence[Watched]) -> float:
    """How many findings chance alone makes: the level of the family of comparisons and shifts, and that of each prediction."""
    n_predictions = sum(one.n_tests for one in watched if one.rung == "prediction_interval")
    n_others = sum(one.n_tests for one in watched if one.rung in ("comparison", "level_shift"))
    return COMPARISON_ALPHA * (n_others > 0) + ALERT_ALPHA * n_predictions
