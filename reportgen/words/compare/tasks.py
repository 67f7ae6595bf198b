"""A comparison over data sets or tasks: what may be claimed of tasks at large, and what only of these."""

from __future__ import annotations

from reportgen.analyze.compare.tasks import FEWEST_TASKS, NoScores, TaskPair, Tasks
from reportgen.analyze.metrics import Metric
from reportgen.formats import listed, one_line, plural, text_of
from reportgen.words.compare.terms import group_name, level_percent
from reportgen.words.methods import clause
from reportgen.words.quantities import change_range, change_words, digits_with, label_of


def tasks_by(tasks: Tasks) -> str:
    """What tells the tasks apart."""
    return "data set inputs" if tasks.by is None else one_line(tasks.by, 60)


def judged_over_tasks(tasks: Tasks, *, searches: bool, here: bool) -> str:
    """Why the groups are judged over tasks and where the verdicts are: ``here``, below this sentence, or in the section of the tasks.

    ``searches``: every group holds a configuration for each task.
    """
    why = "Each group holds a configuration for each task" if searches else "The runs lie on several data sets or tasks"
    n = f"{plural(len(tasks.complete), 'task')} by {tasks_by(tasks)}"
    where = "." if here else ": the verdicts are in “Across data sets”." if tasks.pairs else ": and these cannot be tested."
    return f"{why}, so the groups are compared over {n}, not run by run{where}"


def sentence_of(tasks: Tasks, pair: TaskPair, metric: Metric) -> str:
    if pair.p is None:
        return _on_these_tasks(tasks, pair, metric)
    shift, p = pair.shift, pair.p_decisive
    assert shift is not None
    assert p is not None
    digits = digits_with(metric, [shift.estimate, *((shift.interval.high - shift.interval.low,) if shift.interval else ())])
    level = f"p{'_Holm' if pair.p_holm is not None else ''} {p_text(p)}"
    interval = (
        f" ({level_percent(1 - tasks.alpha)} interval {change_range(metric, shift.interval.low, shift.interval.high, digits)})"
        if shift.interval
        else ""
    )
    evidence = f"the typical difference of a task in {label_of(metric)} is {change_words(metric, shift.estimate, digits)}{interval}, {_score(pair)}, {level}"
    if pair.outcome == "unclear":
        return f"No clear difference between {group_name(pair.second)} and {group_name(pair.first)} over tasks: {evidence}."
    return f"Over tasks, {group_name(pair.second)} is {pair.outcome}: {evidence}."


def _on_these_tasks(tasks: Tasks, pair: TaskPair, metric: Metric) -> str:
    """Fewer than six tasks: nothing is said of tasks at large."""
    few = f"{plural(len(tasks.complete), 'task')} cannot show a difference over tasks at large ({FEWEST_TASKS} at least)"
    here, score = pair.here, f"{group_name(pair.second)} is {_score(pair)}"
    if here is None or here.estimate is None:
        why = f"; {clause(here.reason)}, so there is no interval" if here is not None and here.reason else ""
        mean = "" if here is None else f" by {change_words(metric, here.difference)} on average"
        return f"{few}. On these, {score} in {label_of(metric)}{mean}{why}."
    digits = digits_with(metric, [here.difference, (here.estimate.high - here.estimate.low) / 2])
    return (
        f"{few}. On these, {score} in {label_of(metric)}; on average {change_words(metric, here.difference, digits)} ({level_percent(1 - tasks.alpha)} "
        f"interval {change_range(metric, here.estimate.low, here.estimate.high, digits)}, for these tasks only)."
    )


def _score(pair: TaskPair) -> str:
    """ "better on 5 and worse on 2 of 8 tasks, 1 tie"."""
    counts = pair.counts
    ties = f", {plural(counts.ties, 'tie')}" if counts.ties else ""
    return f"better on {counts.wins:,} and worse on {counts.losses:,} of {plural(len(pair.differences), 'task')}{ties}"


def p_text(p: float) -> str:
    """ "= 0.031", "< 0.001"."""
    return "< 0.001" if p < 0.001 else f"= {text_of(p, 'p')}"


def rule_of(tasks: Tasks, pair: TaskPair) -> str:
    """How the sentence follows from the numbers."""
    if pair.p is None:
        return "Mean over tasks of the differences of means, its standard error from the spread of runs within tasks (Satterthwaite)."
    holm = f", Holm over {len(tasks.pairs)} pairs" if pair.p_holm is not None else ""
    return (
        f"Wilcoxon's signed-rank test of the task means, two-sided {tasks.alpha:g}{holm}; the typical difference is the Hodges–Lehmann "
        "pseudo-median. It speaks of tasks like these, as far as these are a sample of them."
    )


def caveats_of(tasks: Tasks) -> tuple[str, ...]:
    caveats = ["Judged over tasks: to judge run by run instead, set compare: {tasks: none} or give --tasks none."]
    single = sum(len(cell.values) == 1 for row in tasks.rows for cell in row.cells.values())
    if single:
        caveats.append(f"{plural(single, 'mean is', 'means are')} of a single run, so a task's difference may be chance.")
    if tasks.incomplete:
        caveats.append(f"{plural(len(tasks.incomplete), 'task')} without a value in every group left out.")
    return tuple(caveats)


def no_scores_text(missing: NoScores) -> str:
    """Why there are no scores over tasks though references are given."""
    names = listed([one_line(task, 40) for task in missing.tasks], 5)
    if missing.why == "missing":
        return f"compare.references has no reference for {names}"
    return f"the references of {names} do not go from a bad score to a good one"
