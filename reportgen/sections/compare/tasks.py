"""The comparison over data sets or tasks: every task in every group, who wins, and what may be claimed of tasks at large."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.analyze.compare.tasks import FEWEST_TASKS, TaskPair, TaskRow, Tasks, TaskScores
from reportgen.analyze.metrics import Metric
from reportgen.formats import one_line, text_of
from reportgen.model import Axis, Block, Cell, Chart, Column, Interval, Mark, Section, Table, Trace, Verdict
from reportgen.outcomes import OUTCOMES
from reportgen.sections.view import View, paragraph
from reportgen.words import Say
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
    blocks: list[Block] = [*_notes(tasks, metric, view.say), *_verdicts(tasks, metric, view.say)]
    blocks += [*tasks_evidence(tasks, metric, view.say), *tasks_tests(tasks, metric, view.say), *_scores(tasks, metric, view.say)]
    return Section("tasks", view.say("tasks-across-data-sets"), tuple(blocks), view.say("tasks-difference-hold-data-set"))


def tasks_evidence(tasks: Tasks, metric: Metric, say: Say) -> list[Block]:
    """The difference on each task as a picture, and every task in every group."""
    chart = _chart(tasks, metric, say)
    return [*([chart] if chart else []), _table(tasks, metric, say)]


def tasks_tests(tasks: Tasks, metric: Metric, say: Say) -> list[Block]:
    """Each pair of groups over the tasks, and the line of all groups together."""
    return [*_pairs(tasks, metric, say), *_ranks(tasks, say)]


def _notes(tasks: Tasks, metric: Metric, say: Say) -> list[Block]:
    n = len(tasks.complete)
    where = say(
        "tasks-found-set-compare-tasks", tasks_by=words.tasks_by(tasks, say), if_value="yes" if tasks.by is None else "no"
    )
    lead = say(
        "tasks-groups-tasks-every-group", metric=label_of(metric), n=len(tasks.groups), n_rows=len(tasks.rows), where=where, n_2=n
    )
    blocks: list[Block] = [paragraph(lead)]
    if tasks.searches:
        places = say.listed(
            [say("tasks-on", group=group_name(group), task=one_line(task, 40)) for group, task in tasks.searches], MOST_NAMED
        )
        text = say("tasks-nothing-tested-hold-several", places=places)
        blocks.append(paragraph(text, tone="warning"))
    elif metric.goal == "none":
        blocks.append(paragraph(say("tasks-nothing-tested-direction-unknown", metric=label_of(metric)), tone="warning"))
    return blocks


# --- verdicts ----------------------------------------------------------------------------------------------------------


def _verdicts(tasks: Tasks, metric: Metric, say: Say) -> list[Block]:
    shown = tasks.pairs[:MOST_VERDICTS]
    blocks: list[Block] = [verdict_over_tasks(tasks, pair, metric, say) for pair in shown]
    more = len(tasks.pairs) - len(shown)
    return [*blocks, *([paragraph(say("tasks-further-pairs-table-below", more=more))] if more else [])]


def verdict_over_tasks(tasks: Tasks, pair: TaskPair, metric: Metric, say: Say) -> Verdict:
    """What the tasks allow to say of two groups, by rule from the numbers beside it."""
    title = say(
        "tasks-against-over-tasks",
        second=group_name(pair.second),
        first=group_name(pair.first),
        n=len(tasks.complete),
        metric=label_of(metric),
    )
    sentence, tone = words.sentence_of(tasks, pair, metric, say), OUTCOMES[pair.outcome].tone
    return Verdict(title, pair.outcome, sentence, words.rule_of(tasks, pair, say), tone, words.caveats_of(tasks, say))


# --- tables ------------------------------------------------------------------------------------------------------------


def _table(tasks: Tasks, metric: Metric, say: Say) -> Table:
    digits = digits_with(metric, [cell.sd for row in tasks.rows for cell in row.cells.values()])
    columns = [Column("task", say("tasks-column-task"))]
    for i, label in enumerate(tasks.groups):
        columns += [
            Column(f"mean:{i}", group_name(label), metric.format, digits, metric.goal, "mean"),
            Column(f"sd:{i}", say("tasks-column-sd"), metric.format, digits),
            Column(f"n:{i}", say("tasks-column-n"), "integer"),
        ]
    rows = tuple(_row(row, tasks.groups, tasks.alpha) for row in tasks.rows)
    notes = [say("tasks-sd-spread-runs-group")]
    if tasks.incomplete:
        told = [
            f"{one_line(task, 40)} ({say.listed([group_name(label) for label in groups], 3)})"
            for task, groups in tasks.incomplete
        ]
        notes.append(say("tasks-without-value-group-test", told=say.listed(told, MOST_NAMED)))
    if tasks.n_without:
        notes.append(say("tasks-finished-runs-groups-name", n=tasks.n_without))
    title = say("tasks-task", metric=label_of(metric))
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


def _pairs(tasks: Tasks, metric: Metric, say: Say) -> list[Block]:
    if not tasks.pairs:
        return []
    tested = tasks.is_tested
    shifts = [pair.shift.estimate if pair.shift else pair.here.difference if pair.here else None for pair in tasks.pairs]
    digits = digits_with(metric, shifts)
    unit = change_unit(metric, say).strip()
    factor = 100 if metric.format == "percent" else 1
    columns = (
        Column("second", say("tasks-column-group")),
        Column("first", say("tasks-column-against")),
        Column("wins", say("tasks-column-tasks-won"), "integer"),
        Column("ties", say("tasks-column-tied"), "integer"),
        Column("losses", say("tasks-column-lost"), "integer"),
        Column("shift", say("tasks-typical-difference") if tested else say("tasks-mean-difference"), "change", digits, note=unit),
        Column("p", say("tasks-column-p"), "p"),
        Column("p_holm", say("tasks-column-p-holm"), "p"),
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
    notes = [say("tasks-won-tied-lost-task")]
    if not tested:
        notes.append(say("tasks-test-over-tasks-tasks", n=len(tasks.complete), fewest_tasks=FEWEST_TASKS))
    elif tasks.smallest_p > tasks.alpha:
        notes.append(
            say(
                "tasks-tasks-cannot-show-difference",
                n=len(tasks.complete),
                n_pairs=len(tasks.pairs),
                smallest_p=text_of(tasks.smallest_p, "p"),
            )
        )
    return [Table("tasks-pairs", say("tasks-pair-pair-over-tasks"), columns, rows, tuple(notes), len(rows), 30)]


def _ranks(tasks: Tasks, say: Say) -> list[Block]:
    """Friedman's line, and Nemenyi's diagram where it was asked for."""
    found = tasks.friedman
    if found is None:
        return []
    ranks = [
        f"{group_name(label)} {rank:.2f}"
        for label, rank in sorted(zip(tasks.groups, found.mean_ranks, strict=True), key=lambda one: one[1])
    ]
    blocks: list[Block] = []
    line = say("tasks-mean-ranks-over-tasks", datasets=found.datasets, ranks=say("list-separator").join(ranks))
    corrected = found.tie_corrected
    if corrected is not None:
        line += say("tasks-friedman-s-chi-corrected", chi2=f"{corrected.chi2:.2f}", with_p=_with_p(corrected.p))
        line += (
            say(
                "tasks-iman-davenport-s-f",
                df=found.df[0],
                df_2=found.df[1],
                f=f"{corrected.f:.2f}",
                with_p=_with_p(corrected.p_f),
            )
            if corrected.f is not None and corrected.p_f is not None
            else "."
        )
    blocks.append(paragraph(say("tasks-decides-nothing-pairs-tested", line=line)))
    if tasks.critical_difference is not None:
        blocks.append(_critical_chart(tasks, found.mean_ranks, tasks.critical_difference, say))
    return blocks


def _with_p(p: float) -> str:
    return f"p {words.p_text(p)}"


def _critical_chart(tasks: Tasks, ranks: tuple[float, ...], critical: float, say: Say) -> Chart:
    order = sorted(range(len(ranks)), key=lambda i: (ranks[i], i))
    labels = tuple(group_name(tasks.groups[i]) for i in order)
    xs = tuple(ranks[i] for i in order)
    half = critical / 2
    columns = (Column("group", say("tasks-column-group")), Column("rank", say("tasks-column-mean-rank"), "number", 2))
    rows = tuple((Cell(label), Cell(x)) for label, x in zip(labels, xs, strict=True))
    alt = say(
        "tasks-mean-ranks-critical-difference",
        labels=labels[0],
        xs=f"{xs[0]:.2f}",
        labels_2=labels[-1],
        xs_2=f"{xs[-1]:.2f}",
        critical=f"{critical:.2f}",
    )
    trace = Trace(
        say("tasks-column-mean-rank"),
        xs,
        tuple(float(i) for i in range(len(xs))),
        "points",
        0,
        low=tuple(x - half for x in xs),
        high=tuple(x + half for x in xs),
    )
    return Chart(
        id="tasks-critical",
        title=say("tasks-mean-ranks-nemenyi-s"),
        kind="intervals",
        x=Axis(say("tasks-mean-rank-1-best")),
        y=Axis("", "category", categories=labels),
        alt=alt,
        traces=(trace,),
        table=Table("tasks-critical-data", say("tasks-mean-ranks"), columns, rows),
        notes=(
            say("tasks-bars-half-critical-difference", critical=f"{critical:.2f}", alpha=alpha_words(tasks.alpha)),
            say("tasks-verdict-two-groups-depends"),
        ),
        height=90 + 34 * len(xs),
    )


# --- pictures ----------------------------------------------------------------------------------------------------------


def _chart(tasks: Tasks, metric: Metric, say: Say) -> Chart | None:
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
    unit = say("tasks-points") if metric.format == "percent" else ""
    n_up = sum(metric.improvement(x or 0.0) > 0 for trace in traces for x in trace.x)
    columns = (
        Column("task", say("tasks-column-task")),
        Column("group", say("tasks-column-group")),
        Column("delta", say("tasks-column-differencex", unit=unit), "change"),
    )
    label = say("tasks-difference", metric=label_of(metric), base=group_name(base))
    return Chart(
        id="tasks-differences",
        title=say("tasks-task-task", label=label),
        kind="intervals",
        x=Axis(say("tasks-higher-better-lower-better", label=label, unit=unit, goal=metric.goal), format="change"),
        y=Axis("", "category", categories=names),
        alt=say("tasks-differences-improvements", n=len(rows) * len(others), base=group_name(base), n_up=n_up)
        if metric.goal != "none"
        else say("tasks-differences", n=len(rows) * len(others), base=group_name(base)),
        traces=tuple(traces),
        marks=(Mark("x", 0.0, say("tasks-difference-2")),),
        table=Table(
            "tasks-differences-data",
            say("tasks-task-task", label=label),
            columns,
            tuple(table),
            n_total=len(table),
            paper_rows=40,
        ),
        notes=(say("tasks-further-groups-table-only", left=left),) if left else (),
        height=90 + 26 * len(rows),
    )


# --- scores over tasks -------------------------------------------------------------------------------------------------


def _scores(tasks: Tasks, metric: Metric, say: Say) -> list[Block]:
    if tasks.no_scores:
        return [
            paragraph(say("tasks-score-over-all-tasks", no_scores=words.no_scores_text(tasks.no_scores, say)), tone="warning")
        ]
    if not tasks.scores:
        return []
    base = tasks.baseline or tasks.groups[0]
    columns = (
        Column("group", say("tasks-column-group")),
        Column("iqm", say("tasks-column-interquartile-mean"), "estimate", 3),
        Column("mean", say("tasks-column-mean"), "estimate", 3),
        Column("median", say("tasks-column-median"), "estimate", 3),
        Column("gap", say("tasks-column-optimality-gap"), "estimate", 3, note=say("tasks-lower-better")),
        Column("improvement", say("tasks-column-p-better-x", base=group_name(base)), "estimate", 3),
    )
    rows = tuple(_score_row(group) for group in tasks.scores)
    first = tasks.scores[0].intervals
    notes = [
        (say("tasks-scores-between-task-s", metric=label_of(metric))),
        say("tasks-intervals", clause=clause(first.iqm.reason, say))
        if first.iqm.interval is None
        else say("tasks-95-intervals-bootstrap-runs", if_optimistic="yes" if first.optimistic else "no"),
    ]
    return [
        Table("tasks-scores", say("tasks-scores-over-all-tasks"), columns, rows, tuple(notes)),
        _profile_chart(tasks, metric, say),
    ]


def _profile_chart(tasks: Tasks, metric: Metric, say: Say) -> Chart:
    """How many runs reach which score, as a line for each group."""
    shown = tasks.scores[:MOST_PROFILES]
    traces = tuple(
        Trace(group_name(one.group), tuple(x for x, _ in one.profile), tuple(y for _, y in one.profile), "lines", color=i)
        for i, one in enumerate(shown)
    )
    columns = (
        Column("group", say("tasks-column-group")),
        Column("score", say("tasks-column-score"), "number", 3),
        Column("share", say("tasks-column-share-runs-above"), "percent", 1),
    )
    rows = tuple((Cell(group_name(group.group)), Cell(x), Cell(y)) for group in tasks.scores for x, y in group.profile)
    left = len(tasks.scores) - len(shown)
    more = (say("tasks-further-groups-data-only", left=left),) if left else ()
    middle = min((x for x, _ in shown[0].profile), key=lambda x: abs(x - 0.5))
    half = [f"{group_name(group.group)} {text_of(dict(group.profile)[middle], 'percent', 0)}" for group in shown]
    return Chart(
        id="tasks-profile",
        title=say("tasks-performance-profile", metric=label_of(metric)),
        kind="lines",
        x=Axis(say("tasks-score-between-references")),
        y=Axis(say("tasks-share-runs-above-averaged"), format="percent"),
        alt=say("tasks-share-runs-above-score", middle=f"{middle:.2f}", half=say.listed(half)),
        traces=traces,
        table=Table("tasks-profile-data", say("tasks-performance-profile-2"), columns, rows, n_total=len(rows), paper_rows=12),
        notes=(say("tasks-line-above-another-every"), *more),
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
