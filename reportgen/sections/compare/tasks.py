"""The comparison over data sets or tasks: every task in every group, who wins, and what may be claimed of tasks at large."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.analyze.compare.tasks import FEWEST_TASKS, TaskPair, TaskRow, Tasks, TaskScores
from reportgen.analyze.metrics import Metric
from reportgen.formats import goal_words, listed, one_line, plural, text_of
from reportgen.model import Axis, Block, Cell, Chart, Column, Interval, Mark, Section, Table, Trace, Verdict
from reportgen.outcomes import OUTCOMES
from reportgen.sections.view import View, paragraph
from reportgen.words.compare import tasks as words
from reportgen.words.compare.looks import alpha_words
from reportgen.words.compare.terms import group_name
from reportgen.words.methods import clause
from reportgen.words.quantities import change_unit, digits_with, label_of

if TYPE_CHECKING:
    from reportgen.analyze.methods.resampling import Bootstrap

MOST_VERDICTS = 4
MOST_GROUPS_DRAWN = 3
MOST_NAMED = 6
MOST_PROFILES = 6


def tasks_section(view: View) -> Section | None:
    tasks = view.facts.tasks
    if tasks is None:
        return None
    metric = view.facts.metrics[tasks.metric]
    blocks: list[Block] = [*_notes(tasks, metric), *_verdicts(tasks, metric)]
    blocks += [*tasks_evidence(tasks, metric), *tasks_tests(tasks, metric), *_scores(tasks, metric)]
    return Section(
        "tasks", "Across data sets", tuple(blocks), "Does the difference hold from one data set, or task, to the next?"
    )


def tasks_evidence(tasks: Tasks, metric: Metric) -> list[Block]:
    """The difference on each task as a picture, and every task in every group."""
    chart = _chart(tasks, metric)
    return [*([chart] if chart else []), _table(tasks, metric)]


def tasks_tests(tasks: Tasks, metric: Metric) -> list[Block]:
    """Each pair of groups over the tasks, and the line of all groups together."""
    return [*_pairs(tasks, metric), *_ranks(tasks)]


def _notes(tasks: Tasks, metric: Metric) -> list[Block]:
    n = len(tasks.complete)
    where = f"by {words.tasks_by(tasks)}" + (" (found; set compare.tasks to choose)" if tasks.by is None else "")
    lead = f"{label_of(metric)} of {plural(len(tasks.groups), 'group')} on {plural(len(tasks.rows), 'task')} {where}; {n:,} in every group."
    blocks: list[Block] = [paragraph(lead)]
    if tasks.searches:
        places = listed([f"{group_name(group)} on {one_line(task, 40)}" for group, task in tasks.searches], MOST_NAMED)
        text = f"Nothing is tested: {places} hold several configurations, a search and not repeats (set compare.replicates: true to average them all the same)."
        blocks.append(paragraph(text, tone="warning"))
    elif metric.goal == "none":
        blocks.append(paragraph(f"Nothing is tested: the direction of {label_of(metric)} is unknown.", tone="warning"))
    return blocks


# --- verdicts ----------------------------------------------------------------------------------------------------------


def _verdicts(tasks: Tasks, metric: Metric) -> list[Block]:
    shown = tasks.pairs[:MOST_VERDICTS]
    blocks: list[Block] = [verdict_over_tasks(tasks, pair, metric) for pair in shown]
    more = len(tasks.pairs) - len(shown)
    return [*blocks, *([paragraph(f"{plural(more, 'further pair')} in the table below.")] if more else [])]


def verdict_over_tasks(tasks: Tasks, pair: TaskPair, metric: Metric) -> Verdict:
    """What the tasks allow to say of two groups, by rule from the numbers beside it."""
    title = f"{group_name(pair.second)} against {group_name(pair.first)} over {plural(len(tasks.complete), 'task')}: {label_of(metric)}"
    sentence, tone = words.sentence_of(tasks, pair, metric), OUTCOMES[pair.outcome].tone
    return Verdict(title, pair.outcome, sentence, words.rule_of(tasks, pair), tone, words.caveats_of(tasks))


# --- tables ------------------------------------------------------------------------------------------------------------


def _table(tasks: Tasks, metric: Metric) -> Table:
    digits = digits_with(metric, [cell.sd for row in tasks.rows for cell in row.cells.values()])
    columns = [Column("task", "Task")]
    for i, label in enumerate(tasks.groups):
        columns += [
            Column(f"mean:{i}", group_name(label), metric.format, digits, metric.goal, "mean"),
            Column(f"sd:{i}", "sd", metric.format, digits),
            Column(f"n:{i}", "n", "integer"),
        ]
    rows = tuple(_row(row, tasks.groups, tasks.alpha) for row in tasks.rows)
    notes = [
        "sd is the spread of the runs of one group and task (ddof 1). A best mean is marked where Welch's test against the second best holds after Holm over the tasks."
    ]
    if tasks.incomplete:
        told = [
            f"{one_line(task, 40)} ({listed([group_name(label) for label in groups], 3)})" for task, groups in tasks.incomplete
        ]
        notes.append(f"Without a value in a group, and in no test: {listed(told, MOST_NAMED)}.")
    if tasks.n_without:
        notes.append(f"{plural(tasks.n_without, 'finished run')} of the groups name no task.")
    title = f"{label_of(metric)} by task"
    return Table("tasks-means", title, tuple(columns), rows, tuple(notes), len(rows), paper_rows=40, sortable=True)


def _row(row: TaskRow, groups: tuple[str, ...], alpha: float) -> tuple[Cell, ...]:
    cells = [Cell(one_line(row.task, 80))]
    for label in groups:
        cell = row.cells.get(label)
        sure = cell is not None and label == row.best and row.p is not None and row.p <= alpha
        cells += [
            Cell(cell.mean if cell else None, "best" if sure else "neutral"),
            Cell(cell.sd if cell else None),
            Cell(len(cell.values) if cell else 0),
        ]
    return tuple(cells)


def _pairs(tasks: Tasks, metric: Metric) -> list[Block]:
    if not tasks.pairs:
        return []
    tested = tasks.is_tested
    shifts = [pair.shift.estimate if pair.shift else pair.here.difference if pair.here else None for pair in tasks.pairs]
    digits = digits_with(metric, shifts)
    unit = change_unit(metric).strip()
    factor = 100 if metric.format == "percent" else 1
    columns = (
        Column("second", "Group"),
        Column("first", "Against"),
        Column("wins", "Tasks won", "integer"),
        Column("ties", "Tied", "integer"),
        Column("losses", "Lost", "integer"),
        Column("shift", "Typical difference" if tested else "Mean difference", "change", digits, note=unit),
        Column("p", "p", "p"),
        Column("p_holm", "p (Holm)", "p"),
    )
    rows = tuple(
        (
            Cell(group_name(pair.second)),
            Cell(group_name(pair.first)),
            Cell(pair.counts.wins),
            Cell(pair.counts.ties),
            Cell(pair.counts.losses),
            Cell(None if shift is None else shift * factor),
            Cell(pair.p),
            Cell(pair.p_holm),
        )
        for pair, shift in zip(tasks.pairs, shifts, strict=True)
    )
    notes = ["Won, tied and lost by the task means; a tie is a difference of 0, or within the declared margin."]
    if not tested:
        notes.append(f"No test over tasks: {plural(len(tasks.complete), 'task')}, and {FEWEST_TASKS} are needed.")
    elif tasks.smallest_p > tasks.alpha:
        notes.append(
            f"{plural(len(tasks.complete), 'task')} cannot show a difference in {plural(len(tasks.pairs), 'pair')}: even if all tasks agree, "
            f"p (Holm) is {text_of(tasks.smallest_p, 'p')} at least. More tasks, or a baseline instead of every pair, would help."
        )
    return [Table("tasks-pairs", "Pair by pair over tasks", columns, rows, tuple(notes), len(rows), 30)]


def _ranks(tasks: Tasks) -> list[Block]:
    """Friedman's line, and Nemenyi's diagram where it was asked for."""
    found = tasks.friedman
    if found is None:
        return []
    ranks = [
        f"{group_name(label)} {rank:.2f}"
        for label, rank in sorted(zip(tasks.groups, found.mean_ranks, strict=True), key=lambda one: one[1])
    ]
    blocks: list[Block] = []
    line = f"Mean ranks over {plural(found.datasets, 'task')} (1 is best): {', '.join(ranks)}."
    corrected = found.tie_corrected
    if corrected is not None:
        line += f" Friedman's chi² {corrected.chi2:.2f} (corrected for ties), {_with_p(corrected.p)}"
        line += (
            f"; Iman–Davenport's F({found.df[0]}, {found.df[1]}) = {corrected.f:.2f}, {_with_p(corrected.p_f)}."
            if corrected.f is not None and corrected.p_f is not None
            else "."
        )
    blocks.append(paragraph(f"{line} It decides nothing here: the pairs are tested by themselves."))
    if tasks.critical_difference is not None:
        blocks.append(_critical_chart(tasks, found.mean_ranks, tasks.critical_difference))
    return blocks


def _with_p(p: float) -> str:
    return f"p {words.p_text(p)}"


def _critical_chart(tasks: Tasks, ranks: tuple[float, ...], critical: float) -> Chart:
    order = sorted(range(len(ranks)), key=lambda i: (ranks[i], i))
    labels = tuple(group_name(tasks.groups[i]) for i in order)
    xs = tuple(ranks[i] for i in order)
    half = critical / 2
    columns = (Column("group", "Group"), Column("rank", "Mean rank", "number", 2))
    rows = tuple((Cell(label), Cell(x)) for label, x in zip(labels, xs, strict=True))
    alt = f"Mean ranks from {labels[0]} ({xs[0]:.2f}) to {labels[-1]} ({xs[-1]:.2f}); the critical difference is {critical:.2f}."
    trace = Trace(
        "Mean rank",
        xs,
        tuple(float(i) for i in range(len(xs))),
        "points",
        0,
        low=tuple(x - half for x in xs),
        high=tuple(x + half for x in xs),
    )
    return Chart(
        id="tasks-critical",
        title="Mean ranks with Nemenyi's critical difference",
        kind="intervals",
        x=Axis("Mean rank (1 is best)"),
        y=Axis("", "category", categories=labels),
        alt=alt,
        traces=(trace,),
        table=Table("tasks-critical-data", "Mean ranks", columns, rows),
        notes=(
            f"Bars are half the critical difference of {critical:.2f} to each side: groups whose bars do not overlap differ by Nemenyi's test at {alpha_words(tasks.alpha)}.",
            "Its verdict on two groups depends on which others are in the pool (Benavoli, Corani & Mangili 2016): decide by the pairs above.",
        ),
        height=90 + 34 * len(xs),
    )


# --- pictures ----------------------------------------------------------------------------------------------------------


def _chart(tasks: Tasks, metric: Metric) -> Chart | None:
    """The difference to the baseline on each complete task; one series for each of a few groups."""
    base = tasks.baseline or tasks.groups[0]
    others = [label for label in tasks.groups if label != base][:MOST_GROUPS_DRAWN]
    rows = [row for row in tasks.rows if row.task in tasks.complete]
    if len(rows) < 2:
        return None
    factor = 100 if metric.format == "percent" else 1
    names = tuple(one_line(row.task, 40) for row in rows)
    traces, table = [], []
    for color, label in enumerate(others):
        deltas = [(row.cells[label].mean - row.cells[base].mean) * factor for row in rows]
        traces.append(Trace(group_name(label), tuple(deltas), tuple(float(i) for i in range(len(rows))), "points", color=color))
        table += [(Cell(name), Cell(group_name(label)), Cell(delta)) for name, delta in zip(names, deltas, strict=True)]
    left = len(tasks.groups) - 1 - len(others)
    unit = " (points)" if metric.format == "percent" else ""
    n_up = sum(metric.improvement(x or 0.0) > 0 for trace in traces for x in trace.x)
    columns = (Column("task", "Task"), Column("group", "Group"), Column("delta", f"Difference{unit}", "change"))
    label = f"Difference in {label_of(metric)} to {group_name(base)}"
    return Chart(
        id="tasks-differences",
        title=f"{label}, task by task",
        kind="intervals",
        x=Axis(f"{label}{unit}, {goal_words(metric.goal)}", format="change"),
        y=Axis("", "category", categories=names),
        alt=f"Of {plural(len(rows) * len(others), 'difference')} to {group_name(base)}, {n_up:,} are improvements."
        if metric.goal != "none"
        else f"{plural(len(rows) * len(others), 'difference')} to {group_name(base)}.",
        traces=tuple(traces),
        marks=(Mark("x", 0.0, "no difference"),),
        table=Table("tasks-differences-data", f"{label}, task by task", columns, tuple(table), n_total=len(table), paper_rows=40),
        notes=(f"{plural(left, 'further group')} in the table only.",) if left else (),
        height=90 + 26 * len(rows),
    )


# --- scores over tasks -------------------------------------------------------------------------------------------------


def _scores(tasks: Tasks, metric: Metric) -> list[Block]:
    if tasks.no_scores:
        return [paragraph(f"No score over all tasks: {words.no_scores_text(tasks.no_scores)}.", tone="warning")]
    if not tasks.scores:
        return []
    base = tasks.baseline or tasks.groups[0]
    columns = (
        Column("group", "Group"),
        Column("iqm", "Interquartile mean", "estimate", 3),
        Column("mean", "Mean", "estimate", 3),
        Column("median", "Median", "estimate", 3),
        Column("gap", "Optimality gap", "estimate", 3, note="lower is better"),
        Column("improvement", f"P(better than {group_name(base)})", "estimate", 3),
    )
    rows = tuple(_score_row(group) for group in tasks.scores)
    first = tasks.scores[0].intervals
    notes = [
        (
            f"Scores of {label_of(metric)} between each task's references: 0 is the low one, 1 the high one. The interquartile mean is of the "
            "middle half of all runs and tasks; the gap is how far the mean stays below 1. Agarwal et al. 2021."
        ),
        f"No intervals: {clause(first.iqm.reason)}."
        if first.iqm.interval is None
        else "95 % intervals by a bootstrap of the runs within their task; they speak of these tasks only."
        + (" They are too narrow with fewer than ten runs per task." if first.optimistic else ""),
    ]
    return [Table("tasks-scores", "Scores over all tasks", columns, rows, tuple(notes)), _profile_chart(tasks, metric)]


def _profile_chart(tasks: Tasks, metric: Metric) -> Chart:
    """How many runs reach which score, as a line for each group."""
    shown = tasks.scores[:MOST_PROFILES]
    traces = tuple(
        Trace(group_name(one.group), tuple(x for x, _ in one.profile), tuple(y for _, y in one.profile), "lines", color=i)
        for i, one in enumerate(shown)
    )
    columns = (
        Column("group", "Group"),
        Column("score", "Score", "number", 3),
        Column("share", "Share of runs above it", "percent", 1),
    )
    rows = tuple((Cell(group_name(group.group)), Cell(x), Cell(y)) for group in tasks.scores for x, y in group.profile)
    left = len(tasks.scores) - len(shown)
    more = (f"{plural(left, 'further group')} in the data only.",) if left else ()
    middle = min((x for x, _ in shown[0].profile), key=lambda x: abs(x - 0.5))
    half = [f"{group_name(group.group)} {text_of(dict(group.profile)[middle], 'percent', 0)}" for group in shown]
    return Chart(
        id="tasks-profile",
        title=f"Performance profile of {label_of(metric)}",
        kind="lines",
        x=Axis("Score between the references"),
        y=Axis("Share of runs above it, averaged over tasks", format="percent"),
        alt=f"Share of runs above a score of {middle:.2f}: {listed(half)}.",
        traces=traces,
        table=Table("tasks-profile-data", "Performance profile", columns, rows, n_total=len(rows), paper_rows=12),
        notes=("A line above another at every score is better at every score; lines that cross have no one order.", *more),
        height=260,
    )


def _score_row(one: TaskScores) -> tuple[Cell, ...]:
    scores, intervals = one.scores, one.intervals
    return (
        Cell(group_name(one.group)),
        Cell(_interval(scores.iqm, intervals.iqm)),
        Cell(_interval(scores.mean, intervals.mean)),
        Cell(_interval(scores.median, intervals.median)),
        Cell(_interval(scores.optimality_gap, intervals.optimality_gap)),
        Cell(None if one.improvement is None else _interval(one.improvement.estimate, one.improvement)),
    )


def _interval(value: float, found: Bootstrap) -> Interval:
    bounds = found.interval
    return Interval(value, bounds.low if bounds else None, bounds.high if bounds else None, 0)


__all__ = ["tasks_evidence", "tasks_section", "tasks_tests", "verdict_over_tasks"]
