"""The groups of a comparison over several data sets or tasks: a claim about tasks is tested over tasks.

Runs of one group and task are averaged first, then the tasks are the sample: Wilcoxon's signed-rank test of the task
means with Holm's correction, never a pooled t test over runs. Six complete tasks at least; with fewer only "on these
tasks" is claimed, by the stratified mean difference. Scores of different tasks are only put into one number when the
config gives each task's references; scaling by the compared runs themselves is not offered. Tasks that a group lacks
are named and enter no test. Sources: Demšar 2006; Benavoli, Corani & Mangili 2016; Agarwal et al. 2021.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from reportgen.analyze.compare.findings import TooFewTasks
from reportgen.analyze.compare.groups import Group, group_of, label_of_run, natural
from reportgen.analyze.compare.pair_keys import declared_key
from reportgen.analyze.compare.pairing import pair_over_data
from reportgen.analyze.compare.study import Study
from reportgen.analyze.compare.values import is_usable, with_seed_means
from reportgen.analyze.methods import estimates, multiple, randomness, samples
from reportgen.analyze.metrics import Metric
from reportgen.analyze.runs import Run, RunKey, units
from reportgen.config import CompareConfig
from reportgen.model import Outcome

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
    outcome: Outcome
    """``too_few`` below six tasks."""

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
class NoScores:
    """References that no score can be made with."""

    why: Literal["missing", "reversed"]
    """Tasks without one, or whose references do not go from a bad score to a good one."""
    tasks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tasks:
    """The primary metric of the comparison, task by task."""

    metric: str
    by: str | None
    """What tells the tasks apart; None for the data sets that runs logged, where the config names nothing."""
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
    no_scores: NoScores | None
    """Why there are no scores over tasks though references are given."""

    @property
    def is_tested(self) -> bool:
        return any(pair.p is not None for pair in self.pairs)

    @property
    def smallest_p(self) -> float:
        """What no pair can go below after Holm when all tasks agree: the tests' number times 2 / 2^tasks."""
        n_tests = sum(pair.p is not None for pair in self.pairs)
        return min(1.0, n_tests * 2.0 ** (1 - len(self.complete)))


def tasks_of(study: Study) -> tuple[Tasks | None, tuple[TooFewTasks, ...]]:
    """The tasks of the compared groups; None when there are none, or fewer than two, or ``tasks: none``.

    Left out in the config, tasks are the data sets that runs logged, when there are two or more that all groups share.
    """
    rules, groups = study.rules, [group for group in study.groups if group.finished]
    if rules.tasks == "none" or len(groups) < 2 or not study.metrics:
        return None, ()
    if rules.tasks is None and _is_paired_within_data(study, groups):
        return None, ()
    metric, task_of = study.metrics[0], _tasks_by_run(study, [key for group in groups for key in group.finished])
    cells = _cells(study, groups, task_of)
    labels = tuple(group.label for group in groups)
    names = sorted({task for _, task in cells}, key=lambda one: (natural(one), one))
    complete = tuple(task for task in names if all((label, task) in cells for label in labels))
    if rules.tasks is None and len(complete) < 2:
        return None, ()
    if rules.tasks is not None and len(names) < 2:
        return None, (TooFewTasks(rules.tasks, rules.tasks, tuple(names)),)
    searches = () if rules.replicates else tuple(sorted(place for place, cell in cells.items() if cell.n_configurations > 1))
    testable = not searches and metric.goal != "none" and is_usable(v for cell in cells.values() for v in cell.values)
    pairs = _pairs(study, labels, complete, cells) if testable and complete else ()
    ranked = (
        _friedman(metric, labels, complete, cells) if testable and len(complete) >= FEWEST_TASKS and len(labels) > 2 else None
    )
    scores, no_scores = _scores(study, labels, complete, cells) if testable else ((), None)
    return Tasks(
        metric=metric.name,
        by=rules.tasks,
        groups=labels,
        baseline=study.baseline,
        rows=_rows(metric, labels, names, complete, cells, testable=testable),
        complete=complete,
        incomplete=tuple(
            (task, tuple(label for label in labels if (label, task) not in cells)) for task in names if task not in complete
        ),
        searches=searches,
        n_without=sum(key not in task_of for group in groups for key in group.finished),
        pairs=pairs,
        friedman=ranked,
        critical_difference=_critical(rules, labels, complete) if ranked else None,
        scores=scores,
        alpha=rules.alpha,
        no_scores=no_scores,
    ), ()


def _is_paired_within_data(study: Study, groups: Sequence[Group]) -> bool:
    """Whether the config pairs the runs, and no pair joins runs of different data."""
    field = study.rules.pair_by
    if field in (None, "none"):
        return False
    key_of, keys = declared_key(field), [key for group in groups for key in group.finished]
    sides = [{key_of(study.runs[key]) for key in group.finished} - {None} for group in groups]
    is_shared = any(one & other for one, other in itertools.combinations(sides, 2))
    return is_shared and pair_over_data(study, keys, study.metrics[0].name) is None


def _tasks_by_run(study: Study, keys: Sequence[RunKey]) -> dict[RunKey, str]:
    if study.rules.tasks in (None, "datasets"):
        found = {key: study.problem_of(study.metrics[0].name, key) for key in keys}
        return {key: " + ".join(labels) for key, labels in found.items() if labels}
    label_of = label_of_run(study.rules.tasks)
    return {key: label for key in keys if (label := label_of(study.runs[key])) is not None}


def _cells(study: Study, groups: Sequence[Group], task_of: Mapping[RunKey, str]) -> dict[tuple[str, str], TaskCell]:
    """(group, task) → its values, where there are any."""
    rules, members = study.rules, defaultdict[tuple[str, str], list[Run]](list)
    for group in groups:
        for key in group.finished:
            if key in task_of:
                members[group.label, task_of[key]].append(study.runs[key])
    ignored = [field.partition(".")[2] for field in (rules.by or "", rules.tasks or "") if field.startswith("params.")]
    ignored += rules.repeats
    cells = {place: _cell(study, runs, ignored) for place, runs in members.items()}
    return {place: cell for place, cell in cells.items() if cell is not None}


def _cell(study: Study, runs: Sequence[Run], ignored: Sequence[str]) -> TaskCell | None:
    metric = study.metrics[0]
    counted = units(runs, lambda run: metric.finite(run.key) is not None, study.runs)
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


def _pairs(study: Study, labels: Sequence[str], complete: Sequence[str], cells: _Cells) -> tuple[TaskPair, ...]:
    """Against the baseline when the config names one (or there are two groups, or too many), else every pair; Holm over them."""
    from reportgen.analyze.methods.aggregate import stratified_difference
    from reportgen.analyze.methods.ranks import pseudo_median, sign_counts, signed_rank

    config, metric, base = study.rules, study.metrics[0], study.baseline or labels[0]
    against = config.first is not None or len(labels) == 2 or len(labels) > MOST_PAIRED
    chosen = [(base, other) for other in labels if other != base] if against else list(itertools.combinations(labels, 2))
    tests = []
    for first, second in chosen:
        a, b = ([cells[label, task] for task in complete] for label in (first, second))
        means = [cell.mean for cell in a], [cell.mean for cell in b]
        enough = len(complete) >= FEWEST_TASKS
        differences = tuple(y - x for x, y in zip(*means, strict=True))
        counts = sign_counts([metric.improvement(difference) for difference in differences], margin=config.margin or 0.0)
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
        p_holm = adjusted if n_tests > 1 else None
        outcome = _outcome(metric, p if p_holm is None else p_holm, shift, config.alpha)
        pairs.append(TaskPair(first, second, differences, counts, p, p_holm, shift, here, outcome))
    return tuple(pairs)


def _outcome(metric: Metric, p: float | None, shift: Location | None, alpha: float) -> Outcome:
    if p is None or shift is None:
        return "too_few"
    improvement = metric.improvement(shift.estimate)
    if p > alpha or improvement == 0:
        return "unclear"
    return "better" if improvement > 0 else "worse"


def _friedman(metric: Metric, labels: Sequence[str], complete: Sequence[str], cells: _Cells) -> Friedman:
    from reportgen.analyze.methods.ranks import friedman

    scores = [[cells[label, task].mean for label in labels] for task in complete]
    return friedman(scores, higher_is_better=metric.goal == "maximize")


def _critical(config: CompareConfig, labels: Sequence[str], complete: Sequence[str]) -> float | None:
    from reportgen.analyze.methods.ranks import nemenyi_difference

    return nemenyi_difference(len(labels), len(complete), alpha=config.alpha) if config.critical_difference else None


def _scores(
    study: Study, labels: Sequence[str], complete: Sequence[str], cells: _Cells
) -> tuple[tuple[TaskScores, ...], NoScores | None]:
    """Scores between the references of the config, or why there are none."""
    config, metric = study.rules, study.metrics[0]
    if not config.references or not complete:
        return (), None
    from reportgen.analyze.methods.aggregate import (
        aggregate_intervals,
        aggregate_scores,
        normalised,
        performance_profile,
        task_probability_interval,
    )

    lacking = [task for task in complete if task not in config.references]
    if lacking:
        return (), NoScores("missing", tuple(lacking))
    up = metric.goal == "maximize"
    turned = [task for task in complete if (config.references[task][1] > config.references[task][0]) != up]
    if turned:
        return (), NoScores("reversed", tuple(turned))
    by_group = {
        label: list(normalised({task: cells[label, task].values for task in complete}, config.references).values())
        for label in labels
    }
    every = [value for tasks in by_group.values() for values in tasks for value in values]
    low, high = min(0.0, *every), max(1.0, *every)
    levels = [low + (high - low) * i / PROFILE_STEPS for i in range(PROFILE_STEPS + 1)]
    base, found = study.baseline or labels[0], []
    for label in labels:
        block = f"tasks|{metric.name}|{label}"
        intervals = aggregate_intervals(by_group[label], lambda name, block=block: randomness.generator(f"{block}|{name}"))  # type: ignore[misc]
        improvement = None
        if label != base:
            improvement = task_probability_interval(by_group[base], by_group[label], randomness.generator(f"{block}|chance"))
        profile = tuple(zip(levels, performance_profile(by_group[label], levels), strict=True))
        found.append(TaskScores(label, aggregate_scores(by_group[label]), intervals, improvement, profile))
    return tuple(found), None
