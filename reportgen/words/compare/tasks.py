"""A comparison over data sets or tasks: what may be claimed of tasks at large, and what only of these."""

from __future__ import annotations

from reportgen.analyze.compare.tasks import FEWEST_TASKS, NoScores, TaskPair, Tasks
from reportgen.analyze.metrics import Metric
from reportgen.formats import one_line, text_of
from reportgen.words.catalogue import Say
from reportgen.words.compare.terms import group_name, level_percent
from reportgen.words.methods import clause
from reportgen.words.quantities import change_range, change_words, digits_with, label_of


def tasks_by(tasks: Tasks, say: Say) -> str:
    """What tells the tasks apart."""
    return say("tasks-data-set-inputs") if tasks.by is None else one_line(tasks.by, 60)


def judged_over_tasks(tasks: Tasks, say: Say, *, searches: bool, here: bool) -> str:
    """Why the groups are judged over tasks and where the verdicts are: ``here``, below this sentence, or in the section of the tasks.

    ``searches``: every group holds a configuration for each task.
    """
    why = say("tasks-group-holds-configuration-task") if searches else say("tasks-runs-lie-several-data")
    n = say("tasks-tasks", n=len(tasks.complete), tasks_by=tasks_by(tasks, say))
    where = "." if here else say("tasks-verdicts-across-data-sets") if tasks.pairs else say("tasks-cannot-tested")
    return say("tasks-groups-compared-over-run", why=why, n=n, where=where)


def sentence_of(tasks: Tasks, pair: TaskPair, metric: Metric, say: Say) -> str:
    if pair.p is None:
        return _on_these_tasks(tasks, pair, metric, say)
    shift, p = pair.shift, pair.p_decisive
    assert shift is not None
    assert p is not None
    digits = digits_with(metric, [shift.estimate, *((shift.interval.high - shift.interval.low,) if shift.interval else ())])
    level = say("tasks-p-holm", if_value="yes" if pair.p_holm is not None else "no", p=p_text(p))
    interval = (
        say(
            "tasks-interval",
            level_percent=level_percent(1 - tasks.alpha),
            change_range=change_range(metric, shift.interval.low, shift.interval.high, digits, say=say),
        )
        if shift.interval
        else ""
    )
    evidence = say(
        "tasks-typical-difference-task",
        metric=label_of(metric),
        change=change_words(metric, shift.estimate, digits),
        interval=interval,
        score=_score(pair, say),
        level=level,
    )
    if pair.outcome == "unclear":
        return say(
            "tasks-clear-difference-between-over", second=group_name(pair.second), first=group_name(pair.first), evidence=evidence
        )
    return say("tasks-over-tasks", second=group_name(pair.second), outcome=pair.outcome, evidence=evidence)


def _on_these_tasks(tasks: Tasks, pair: TaskPair, metric: Metric, say: Say) -> str:
    """Fewer than six tasks: nothing is said of tasks at large."""
    few = say("tasks-tasks-cannot-show-difference-2", n=len(tasks.complete), fewest_tasks=FEWEST_TASKS)
    here, score = pair.here, say("tasks-is", second=group_name(pair.second), score=_score(pair, say))
    if here is None or here.estimate is None:
        why = say("tasks-interval-2", clause=clause(here.reason, say)) if here is not None and here.reason else ""
        mean = "" if here is None else say("tasks-average", change=change_words(metric, here.difference))
        return say("tasks-on-these-in", few=few, score=score, metric=label_of(metric), mean=mean, why=why)
    digits = digits_with(metric, [here.difference, (here.estimate.high - here.estimate.low) / 2])
    return say(
        "tasks-average-interval-tasks-only",
        few=few,
        score=score,
        metric=label_of(metric),
        change=change_words(metric, here.difference, digits),
        level_percent=level_percent(1 - tasks.alpha),
        change_range=change_range(metric, here.estimate.low, here.estimate.high, digits, say=say),
    )


def _score(pair: TaskPair, say: Say) -> str:
    """ "better on 5 and worse on 2 of 8 tasks, 1 tie"."""
    counts = pair.counts
    ties = f", {say('tasks-n-ties', ties=counts.ties)}" if counts.ties else ""
    return say("tasks-better-worse-tasks", wins=counts.wins, losses=counts.losses, n=len(pair.differences), ties=ties)


def p_text(p: float) -> str:
    """ "= 0.031", "< 0.001"."""
    return "< 0.001" if p < 0.001 else f"= {text_of(p, 'p')}"


def rule_of(tasks: Tasks, pair: TaskPair, say: Say) -> str:
    """How the sentence follows from the numbers."""
    if pair.p is None:
        return say("tasks-mean-over-tasks-differences")
    holm = say("tasks-holm-over-pairs", n_pairs=len(tasks.pairs)) if pair.p_holm is not None else ""
    return say("tasks-wilcoxon-s-signed-rank", alpha=f"{tasks.alpha:g}", holm=holm)


def caveats_of(tasks: Tasks, say: Say) -> tuple[str, ...]:
    caveats = [say("tasks-judged-over-tasks-judge")]
    single = sum(len(cell.values) == 1 for row in tasks.rows for cell in row.cells.values())
    if single:
        caveats.append(say("tasks-means-single-run-task", single=single))
    if tasks.incomplete:
        caveats.append(say("tasks-tasks-without-value-every", n=len(tasks.incomplete)))
    return tuple(caveats)


def no_scores_text(missing: NoScores, say: Say) -> str:
    """Why there are no scores over tasks though references are given."""
    names = say.listed([one_line(task, 40) for task in missing.tasks], 5)
    if missing.why == "missing":
        return say("tasks-compare-references-reference", names=names)
    return say("tasks-references-go-bad-score", names=names)
