"""One score over many tasks, several runs in each: interquartile mean, optimality gap, profiles, P(improvement).

Role: the summary that reinforcement-learning and benchmark papers print. Limits: only for commensurable scores. The user gives
a low and a high reference for each task; scaling by the minimum and maximum of the compared runs is refused, because it changes
when a group is added. The bootstrap intervals are optimistic below 10 runs per task (measured: 10 tasks × 3 runs 86 % instead
of 95 %). Source: Agarwal et al. 2021.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import scipy

from reportgen.analyze.methods.estimates import StudentEstimate, satterthwaite, student
from reportgen.analyze.methods.resampling import BOOTSTRAP_DRAWS, Bootstrap, Statistic, stratified_bootstrap, wins
from reportgen.analyze.methods.samples import LEVEL, Array, Outcome, Reason, Values, because, finite, moments, share

TASK_RUNS = 3
"""Runs in every task, for an interval."""
ALL_RUNS = 20
"""Runs in all tasks together, for an interval."""
OPTIMISTIC_BELOW = 10
"""Below this many runs per task the intervals cover less than they say."""


@dataclass(frozen=True, slots=True)
class AggregateScores:
    """Four ways to put all runs of all tasks into one number; the scores' own unit."""

    mean: float
    """Mean of the task means."""
    median: float
    """Median of the task means."""
    iqm: float
    """Mean of the middle half of all runs × tasks."""
    optimality_gap: float
    """1 − mean of min(score, 1) over tasks: how far from reaching the high reference everywhere."""


@dataclass(frozen=True, slots=True)
class AggregateIntervals:
    """The aggregates with stratified percentile intervals (runs redrawn within their task)."""

    mean: Bootstrap
    median: Bootstrap
    iqm: Bootstrap
    optimality_gap: Bootstrap
    optimistic: bool
    """True below 10 runs in some task: print that the interval is optimistic."""


@dataclass(frozen=True, slots=True)
class StratifiedDifference:
    """``mean_B − mean_A`` averaged over the tasks at hand; a claim about these tasks only."""

    outcome: Outcome
    reason: Reason | None
    tasks: int
    difference: float
    estimate: StudentEstimate | None = None


def normalised(scores: Mapping[str, Values], references: Mapping[str, tuple[float, float]] | None) -> dict[str, Array]:
    """Scores as ``(score − low) / (high − low)`` with the user's references for each task.

    Raises ``ValueError`` without references, for a task that has none, and for equal or non-finite ones.
    """
    if references is None:
        raise ValueError(
            "scores need a (low, high) reference for each task: scaling by the minimum and maximum of the compared runs "
            "is refused, because it changes when a group is added"
        )
    missing = sorted(set(scores) - set(references))
    if missing:
        raise ValueError(f"no (low, high) reference for {', '.join(missing)}")
    return {task: _scaled(task, finite(values, task), *references[task]) for task, values in scores.items()}


def iqm(values: Values) -> float:
    """Interquartile mean: ``floor(n/4)`` values are cut from each end. ``ValueError`` when empty or not finite."""
    array = finite(values)
    if array.size == 0:
        raise ValueError("an interquartile mean needs at least one value")
    return float(_iqm(array))


def aggregate_scores(tasks: Sequence[Values]) -> AggregateScores:
    """The four aggregates of runs by task; every task has at least one finite run (else ``ValueError``)."""
    strata = tuple(array[np.newaxis] for array in _tasks(tasks))
    return AggregateScores(*(float(statistic(strata)[0]) for statistic in (_mean, _median, _pooled_iqm, _gap)))


def aggregate_intervals(
    tasks: Sequence[Values],
    generators: Callable[[str], np.random.Generator],
    *,
    draws: int = BOOTSTRAP_DRAWS,
    level: float = LEVEL,
) -> AggregateIntervals:
    """The four aggregates with intervals; ``too few`` below 3 runs in a task or 20 in all.

    ``generators`` gives each aggregate its own generator by name, so that asking for one of them does not change another.
    """
    arrays = _tasks(tasks)

    def interval(name: str, statistic: Statistic) -> Bootstrap:
        return stratified_bootstrap(
            arrays, statistic, generators(name), draws=draws, level=level, at_least=ALL_RUNS, at_least_each=TASK_RUNS
        )

    return AggregateIntervals(
        interval("mean", _mean),
        interval("median", _median),
        interval("iqm", _pooled_iqm),
        interval("optimality gap", _gap),
        min(array.size for array in arrays) < OPTIMISTIC_BELOW,
    )


def performance_profile(tasks: Sequence[Values], thresholds: Values) -> tuple[float, ...]:
    """P(score > threshold) for each threshold: the share of runs above it, averaged over tasks."""
    arrays = _tasks(tasks)
    levels = finite(thresholds, "thresholds")
    shares = np.array([(array[np.newaxis, :] > levels[:, np.newaxis]).mean(axis=1) for array in arrays])
    return tuple(float(value) for value in shares.mean(axis=0))


def task_probability_interval(
    tasks_a: Sequence[Values],
    tasks_b: Sequence[Values],
    rng: np.random.Generator,
    *,
    draws: int = BOOTSTRAP_DRAWS,
    level: float = LEVEL,
) -> Bootstrap:
    """``task_probability_of_improvement`` with its stratified percentile interval; rules as for ``aggregate_intervals``."""
    a, b = _tasks(tasks_a), _tasks(tasks_b)
    _same_length(a, b)
    return stratified_bootstrap(
        (*a, *b), _task_wins(len(a)), rng, draws=draws, level=level, at_least=ALL_RUNS, at_least_each=TASK_RUNS
    )


def stratified_difference(tasks_a: Sequence[Values], tasks_b: Sequence[Values], *, level: float = LEVEL) -> StratifiedDifference:
    """Mean over tasks of ``mean_B − mean_A``, its standard error from the spread of runs within tasks.

    For fewer than 6 datasets, where no rank test over datasets can speak. Tasks of both sides in one order, finite (else
    ``ValueError``); ``too few`` when a task has a single run on a side. Source: Satterthwaite 1946.
    """
    a, b = _tasks(tasks_a), _tasks(tasks_b)
    _same_length(a, b)
    share(level, "level")
    difference = float(np.mean([second.mean() - first.mean() for first, second in zip(a, b, strict=True)]))
    if min(array.size for array in (*a, *b)) < 2:
        return StratifiedDifference("too few", because("single-run-in-a-task"), len(a), difference)
    sides = [moments(array) for array in (*a, *b)]
    errors = tuple(side.sd / math.sqrt(side.n) / len(a) for side in sides)
    estimate = student(
        difference,
        math.hypot(*errors),
        satterthwaite(tuple(error**2 for error in errors), tuple(side.n - 1 for side in sides)),
        level,
    )
    if estimate.se == 0.0:
        return StratifiedDifference("no variation", because("no-variation-in-any-task"), len(a), difference)
    return StratifiedDifference("estimated", None, len(a), difference, estimate)


def _tasks(tasks: Sequence[Values]) -> list[Array]:
    arrays = [finite(values, f"task {index}") for index, values in enumerate(tasks)]
    if not arrays or not all(array.size for array in arrays):
        raise ValueError(f"every task needs at least one run; found sizes {[int(array.size) for array in arrays]}")
    return arrays


def _same_length(a: Sequence[Array], b: Sequence[Array]) -> None:
    if len(a) != len(b):
        raise ValueError(f"both sides need the same tasks, found {len(a)} and {len(b)}")


def _scaled(task: str, values: Array, low: float, high: float) -> Array:
    if not (math.isfinite(low) and math.isfinite(high)) or low == high:
        raise ValueError(f"the references of {task} must be finite and differ, found {low} and {high}")
    return (values - low) / (high - low)


def _task_means(strata: tuple[Array, ...]) -> Array:
    return np.stack([stratum.mean(axis=1) for stratum in strata], axis=1)


def _mean(strata: tuple[Array, ...]) -> Array:
    return np.asarray(_task_means(strata).mean(axis=1))


def _median(strata: tuple[Array, ...]) -> Array:
    return np.asarray(np.median(_task_means(strata), axis=1))


def _gap(strata: tuple[Array, ...]) -> Array:
    return 1 - _mean(tuple(np.minimum(stratum, 1.0) for stratum in strata))


def _pooled_iqm(strata: tuple[Array, ...]) -> Array:
    return _iqm(np.concatenate(strata, axis=1))


def _iqm(values: Array) -> Array:
    return np.asarray(scipy.stats.trim_mean(values, 0.25, axis=-1))


def _task_wins(tasks: int) -> Statistic:
    """P(B > A) averaged over tasks, for strata that list all tasks of A and then all of B."""

    def statistic(strata: tuple[Array, ...]) -> Array:
        return np.asarray(np.mean([wins((strata[task], strata[tasks + task])) for task in range(tasks)], axis=0))

    return statistic
