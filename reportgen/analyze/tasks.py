"""The groups of a comparison over several data sets or tasks: a claim about tasks is tested over tasks.

Runs of one group and task are averaged first, then the tasks are the sample: Wilcoxon's signed-rank test of the task
means with Holm's correction, never a pooled t test over runs. Six complete tasks at least; with fewer only "on these
tasks" is claimed, by the stratified mean difference. Scores of different tasks are only put into one number when the
config gives each task's references; scaling by the compared runs themselves is not offered. Tasks that a group lacks
are named and enter no test. Sources: Demšar 2006; Benavoli, Corani & Mangili 2016; Agarwal et al. 2021.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportgen.analyze.comparison import Comparison
from reportgen.analyze.groups import group_of, is_usable, label_of_run, natural, with_seed_means
from reportgen.analyze.methods import estimates, multiple, randomness, samples
from reportgen.analyze.metrics import Metric
from reportgen.analyze.runs import Run, RunKey, units
from reportgen.config import CompareConfig
from reportgen.errors import Problem
from reportgen.formats import listed, one_line

if TYPE_CHECKING:
    from reportgen.analyze.methods.aggregate import AggregateIntervals, AggregateScores, StratifiedDifference
    from reportgen.analyze.methods.ranks import Friedman, Location, SignCounts
    from reportgen.analyze.methods.resampling import Bootstrap

FEWEST_TASKS = 6
"""Five pairs cannot reach p < 0.05 in a signed-rank test."""
PROFILE_STEPS = 50
"""Scores between the references at which a performance profile is drawn."""
MOST_PAIRED = 10
"""Groups up to which every pair is tested when the config names no baseline."""


@dataclass(frozen=True, slots=True)
class TaskCell:
    """One group on one task: independent finite values."""

    keys: tuple[RunKey, ...]
    values: tuple[float, ...]
    mean: float
    sd: float | None
    n_configurations: int


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task in every group."""

    task: str
    cells: Mapping[str, TaskCell]
    """Group → cell; groups without a value are missing."""
    best: str | None
    """The group with the best mean; None without a direction and for ties."""
    p: float | None
    """Welch's test of the best against the second, Holm over the tasks; None where it could not be made."""
    ranks: Mapping[str, float]
    """Group → rank, 1 is best; empty for incomplete tasks."""


@dataclass(frozen=True, slots=True)
class TaskPair:
    """``second`` against ``first`` over the complete tasks; improvements are positive when ``second`` is better."""

    first: str
    second: str
    differences: tuple[float, ...]
    """Of the task means, second − first, in the order of the complete tasks."""
    counts: SignCounts
    p: float | None
    p_holm: float | None
    shift: Location | None
    """The pseudo-median of the differences, as values; None below six tasks."""
    here: StratifiedDifference | None
    """On these tasks only; below six."""

    @property
    def p_decisive(self) -> float | None:
        return self.p if self.p_holm is None else self.p_holm


@dataclass(frozen=True, slots=True)
class TaskScores:
    """Normalised scores of one group over all complete tasks."""

    group: str
    scores: AggregateScores
    intervals: AggregateIntervals
    improvement: Bootstrap | None
    """P(better than the baseline) averaged over tasks; None for the baseline."""
    profile: tuple[tuple[float, float], ...]
    """(score, share of runs above it averaged over tasks) at the same scores for every group."""


@dataclass(frozen=True, slots=True)
class Tasks:
    """The primary metric of the comparison, task by task."""

    metric: str
    by: str
    """What tells the tasks apart, in words."""
    found: bool
    """The config did not name it."""
    groups: tuple[str, ...]
    baseline: str | None
    rows: tuple[TaskRow, ...]
    complete: tuple[str, ...]
    incomplete: tuple[tuple[str, tuple[str, ...]], ...]
    """(task, groups without a value)."""
    searches: tuple[tuple[str, str], ...]
    """(group, task) that hold several configurations: nothing is tested then, unless ``replicates`` is set."""
    n_without: int
    """Finished runs of the groups that name no task."""
    pairs: tuple[TaskPair, ...]
    friedman: Friedman | None
    """Three groups and six complete tasks at least."""
    critical_difference: float | None
    """Nemenyi's, of two mean ranks; only when the config asks for it."""
    scores: tuple[TaskScores, ...]
    alpha: float
    no_scores: str
    """Why there are no scores over tasks though references are given; "" when there is nothing to say."""

    @property
    def is_tested(self) -> bool:
        return any(pair.p is not None for pair in self.pairs)

    @property
    def smallest_p(self) -> float:
        """What no pair can go below after Holm when all tasks agree: the tests' number times 2 / 2^tasks."""
        n_tests = sum(pair.p is not None for pair in self.pairs)
        return min(1.0, n_tests * 2.0 ** (1 - len(self.complete)))


def tasks_of(
    config: CompareConfig,
    comparison: Comparison,
    metrics: Mapping[str, Metric],
    by_key: Mapping[RunKey, Run],
    datasets: Mapping[RunKey, tuple[str, ...]],
) -> tuple[Tasks | None, tuple[Problem, ...]]:
    """The tasks of the compared groups; None when there are none, or fewer than two, or ``tasks: none``.

    Left out in the config, tasks are the data sets that runs logged, when there are two or more that all groups share.
    """
    groups = [group for group in comparison.groups if group.finished]
    if config.tasks == "none" or len(groups) < 2 or not comparison.metrics:
        return None, ()
    metric = metrics[comparison.metrics[0].metric]
    task_of = _tasks_by_run(config, [key for group in groups for key in group.finished], by_key, datasets)
    members: dict[tuple[str, str], list[Run]] = {}
    for group in groups:
        for key in group.finished:
            if key in task_of:
                members.setdefault((group.label, task_of[key]), []).append(by_key[key])
    ignored = [one.partition(".")[2] for one in (config.by or "", config.tasks or "") if one.startswith("params.")]
    ignored += config.repeats
    cells = {place: cell for place, runs in members.items() if (cell := _cell(metric, runs, by_key, ignored)) is not None}
    labels = tuple(group.label for group in groups)
    names = sorted({task for _, task in cells}, key=lambda one: (natural(one), one))
    complete = tuple(task for task in names if all((label, task) in cells for label in labels))
    if config.tasks is None and len(complete) < 2:
        return None, ()
    if config.tasks is not None and len(names) < 2:
        return None, (_too_few(config.tasks, names),)
    searches = () if config.replicates else tuple(sorted(place for place, cell in cells.items() if cell.n_configurations > 1))
    testable = not searches and metric.goal != "none" and is_usable(v for cell in cells.values() for v in cell.values)
    pairs = _pairs(config, comparison.baseline, metric, labels, complete, cells) if testable and complete else ()
    ranked = (
        _friedman(metric, labels, complete, cells) if testable and len(complete) >= FEWEST_TASKS and len(labels) > 2 else None
    )
    scores, no_scores = _scores(config, comparison.baseline, metric, labels, complete, cells) if testable else ((), "")
    return Tasks(
        metric=metric.name,
        by=config.tasks or "data set inputs",
        found=config.tasks is None,
        groups=labels,
        baseline=comparison.baseline,
        rows=_rows(metric, labels, names, complete, cells, testable=testable),
        complete=complete,
        incomplete=tuple(
            (task, tuple(one for one in labels if (one, task) not in cells)) for task in names if task not in complete
        ),
        searches=searches,
        n_without=sum(key not in task_of for group in groups for key in group.finished),
        pairs=pairs,
        friedman=ranked,
        critical_difference=_critical(config, labels, complete) if ranked else None,
        scores=scores,
        alpha=config.alpha,
        no_scores=no_scores,
    ), ()


def _too_few(by: str, names: Sequence[str]) -> Problem:
    found = f"only {listed([one_line(name, 40) for name in names])}" if names else "none"
    what = f"The compared groups have {found} as tasks by {one_line(by, 80)}, so nothing is compared over tasks."
    return Problem(
        "compare-no-tasks", one_line(by, 80), what, "check compare.tasks in the config, or the selection of runs", "warning"
    )


def _tasks_by_run(
    config: CompareConfig, keys: Sequence[RunKey], by_key: Mapping[RunKey, Run], datasets: Mapping[RunKey, tuple[str, ...]]
) -> dict[RunKey, str]:
    if config.tasks is None or config.tasks == "datasets":
        return {key: " + ".join(datasets[key]) for key in keys if datasets.get(key)}
    label_of = label_of_run(config.tasks)
    return {key: label for key in keys if (label := label_of(by_key[key])) is not None}


def _cell(metric: Metric, runs: Sequence[Run], by_key: Mapping[RunKey, Run], ignored: Sequence[str]) -> TaskCell | None:
    counted = units(runs, lambda run: metric.finite(run.key) is not None, by_key)
    if not counted:
        return None
    group = group_of("", counted, ignored)
    seeds = group.seeds if group.n_configurations == 1 else ()
    found, _ = with_seed_means({run.key: metric.values[run.key] for run in counted}, seeds)
    values = tuple(found.values())
    spread = samples.sd(values) if len(values) > 1 and is_usable(values) else None
    return TaskCell(tuple(found), values, samples.mean(values), spread, group.n_configurations)


_Cells = Mapping[tuple[str, str], TaskCell]


def _rows(
    metric: Metric, labels: Sequence[str], names: Sequence[str], complete: Sequence[str], cells: _Cells, *, testable: bool
) -> tuple[TaskRow, ...]:
    found = []
    for task in names:
        own = {label: cells[label, task] for label in labels if (label, task) in cells}
        order = sorted(own, key=lambda label: (-metric.improvement(own[label].mean), labels.index(label)))
        best = order[0] if metric.goal != "none" and len(order) > 1 and own[order[0]].mean != own[order[1]].mean else None
        p = None
        if testable and best is not None and min(len(own[label].values) for label in order[:2]) > 2:
            test = estimates.welch(own[order[1]].values, own[order[0]].values)
            p = test.p if test else None
        found.append((task, own, best, p))
    adjusted = iter(multiple.holm([p for *_, p in found if p is not None]))
    return tuple(
        TaskRow(task, own, best, None if p is None else next(adjusted), _ranks(metric, own) if task in complete else {})
        for task, own, best, p in found
    )


def _ranks(metric: Metric, own: Mapping[str, TaskCell]) -> dict[str, float]:
    """1 is best, ties share their mean rank; empty without a direction."""
    if metric.goal == "none":
        return {}
    return {
        label: 1
        + sum(metric.better(other.mean, cell.mean) for other in own.values())
        + (sum(other.mean == cell.mean for other in own.values()) - 1) / 2
        for label, cell in own.items()
    }


def _pairs(
    config: CompareConfig, baseline: str | None, metric: Metric, labels: Sequence[str], complete: Sequence[str], cells: _Cells
) -> tuple[TaskPair, ...]:
    """Against the baseline when the config names one (or there are two groups, or too many), else every pair; Holm over them."""
    from reportgen.analyze.methods.aggregate import stratified_difference
    from reportgen.analyze.methods.ranks import pseudo_median, sign_counts, signed_rank

    base = baseline or labels[0]
    against = config.first is not None or len(labels) == 2 or len(labels) > MOST_PAIRED
    chosen = [(base, other) for other in labels if other != base] if against else list(itertools.combinations(labels, 2))
    tests = []
    for first, second in chosen:
        a, b = ([cells[label, task] for task in complete] for label in (first, second))
        means = [cell.mean for cell in a], [cell.mean for cell in b]
        enough = len(complete) >= FEWEST_TASKS
        differences = tuple(y - x for x, y in zip(*means, strict=True))
        counts = sign_counts([metric.improvement(one) for one in differences], margin=config.margin or 0.0)
        p = signed_rank(*means).p_two_sided if enough else None
        shift = pseudo_median(*means, level=1 - config.alpha) if enough else None
        here = (
            None
            if enough
            else stratified_difference([cell.values for cell in a], [cell.values for cell in b], level=1 - config.alpha)
        )
        tests.append((first, second, differences, counts, p, shift, here))
    holm = iter(multiple.holm([p for *_, p, _, _ in tests if p is not None]))
    n_tests = sum(p is not None for *_, p, _, _ in tests)
    pairs = []
    for first, second, differences, counts, p, shift, here in tests:
        adjusted = None if p is None else next(holm)
        pairs.append(TaskPair(first, second, differences, counts, p, adjusted if n_tests > 1 else None, shift, here))
    return tuple(pairs)


def _friedman(metric: Metric, labels: Sequence[str], complete: Sequence[str], cells: _Cells) -> Friedman:
    from reportgen.analyze.methods.ranks import friedman

    scores = [[cells[label, task].mean for label in labels] for task in complete]
    return friedman(scores, higher_is_better=metric.goal == "maximize")


def _critical(config: CompareConfig, labels: Sequence[str], complete: Sequence[str]) -> float | None:
    from reportgen.analyze.methods.ranks import nemenyi_difference

    return nemenyi_difference(len(labels), len(complete), alpha=config.alpha) if config.critical_difference else None


def _scores(
    config: CompareConfig, baseline: str | None, metric: Metric, labels: Sequence[str], complete: Sequence[str], cells: _Cells
) -> tuple[tuple[TaskScores, ...], str]:
    """Scores between the references of the config, or why there are none."""
    if not config.references or not complete:
        return (), ""
    from reportgen.analyze.methods.aggregate import (
        aggregate_intervals,
        aggregate_scores,
        normalised,
        performance_profile,
        task_probability_interval,
    )

    lacking = [task for task in complete if task not in config.references]
    if lacking:
        return (), f"compare.references has no reference for {listed([one_line(task, 40) for task in lacking], 5)}"
    up = metric.goal == "maximize"
    turned = [task for task in complete if (config.references[task][1] > config.references[task][0]) != up]
    if turned:
        return (
            (),
            f"the references of {listed([one_line(task, 40) for task in turned], 5)} do not go from a bad score to a good one",
        )
    by_group = {
        label: list(normalised({task: cells[label, task].values for task in complete}, config.references).values())
        for label in labels
    }
    every = [value for tasks in by_group.values() for values in tasks for value in values]
    low, high = min(0.0, *every), max(1.0, *every)
    levels = [low + (high - low) * i / PROFILE_STEPS for i in range(PROFILE_STEPS + 1)]
    base, found = baseline or labels[0], []
    for label in labels:
        block = f"tasks|{metric.name}|{label}"
        intervals = aggregate_intervals(by_group[label], lambda name, block=block: randomness.generator(f"{block}|{name}"))  # type: ignore[misc]
        improvement = None
        if label != base:
            improvement = task_probability_interval(by_group[base], by_group[label], randomness.generator(f"{block}|chance"))
        profile = tuple(zip(levels, performance_profile(by_group[label], levels), strict=True))
        found.append(TaskScores(label, aggregate_scores(by_group[label]), intervals, improvement, profile))
    return tuple(found), ""
