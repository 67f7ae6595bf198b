"""Did a configuration get worse: its runs now against its runs before, by the best test that their number allows.

Runs are repeats of each other when they are of one configuration, so only configurations that ran in both periods are tested. The ladder:
three runs now and in the period before, a comparison as between groups; else four earlier runs, a prediction interval, from twelve on
after a search for steps; else nothing is said. Where earlier periods differ by more than their runs, a period is one sample and not its
runs. Holm's correction over the comparisons; alarms on history at 1 %, and how many are expected when nothing changes is told.
"""

from __future__ import annotations

import itertools
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
    paired: tuple[PairKind, ...] = ()
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
        """Mean over all runs of this period."""
        return samples.mean(self.values)

    @property
    def mean_before(self) -> float | None:
        """Mean over all runs of the period before; None without such runs."""
        return samples.mean(self.previous) if self.previous else None

    @property
    def change_of_means(self) -> float:
        """``mean_now`` less ``mean_before``, or less the mean of all earlier runs where none ran in the period before."""
        return self.mean_now - samples.mean(self.previous or self.history)

    @property
    def is_partial(self) -> bool:
        """Whether runs without a partner are in neither side of the comparison."""
        return self.n_pairs > 0 and not self.n_pairs == len(self.values) == len(self.previous)

    @property
    def relative(self) -> float | None:
        if self.baseline is None or self.change is None or not self.baseline:
            return None
        return self.change / abs(self.baseline)


def watched_configurations(
    metrics: Sequence[Metric],
    inside: Sequence[Run],
    before: Sequence[Run],
    configurations: Configurations,
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
    min_change: float,
) -> Watched | None:
    new, old = _values(metric, now, by_key), _values(metric, past, by_key)
    if not new or not old:
        return None
    old = dict(list(old.items())[-MOST_HISTORY:])
    start, length = period
    last = {key: value for key, value in old.items() if start_of(by_key[key]) >= start - length}
    mean = samples.mean(list(new.values()))
    base = samples.mean(list((last if len(last) >= REPLICATES else old).values()))
    plain = Watched(
        metric=metric.name,
        label=label,
        keys=tuple(new),
        values=tuple(new.values()),
        previous=tuple(last.values()),
        history=tuple(old.values()),
        history_at=tuple(start_of(by_key[key]) for key in old),
        at=tuple(start_of(by_key[key]) for key in new),
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
        by_period.setdefault(periods_ago(by_key[key], start, length), []).append(value)
    means = luck_of_periods([by_period[ago] for ago in sorted(by_period, reverse=True)])
    if means:
        return _against_history(replace(plain, n_periods=len(means)), metric, min_change, (mean,), means)
    if len(new) >= REPLICATES and len(last) >= REPLICATES:
        sides = summarised_values("before", last, bounds=metric.bounds), summarised_values("now", new, bounds=metric.bounds)
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
    found = difference_of(Study(by_key, data), metric, *sides, effects=False)
    pairs = found.pairing
    baseline = samples.mean(pairs.a) if pairs else sides[0].mean
    base = replace(plain, rung="comparison", change=found.delta, baseline=baseline)
    if pairs:
        base = replace(base, paired=pairs.kinds, n_pairs=pairs.n)
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


def alarm_levels(watched: Sequence[Watched]) -> list[float]:
    """Level of each family of comparisons (one, by Holm) and of each test on history."""
    compared = any(one.rung == "comparison" and one.n_tests for one in watched)
    alerts = itertools.chain.from_iterable([ALERT_ALPHA] * one.n_tests for one in watched if one.rung != "comparison")
    return [*([COMPARISON_ALPHA] if compared else []), *alerts]
