"""Which runs are best, and in which parameters they differ."""

from __future__ import annotations

from reportgen.analyze.leaderboard import Leaderboard, Ranked, split_params
from reportgen.analyze.metrics import Metric
from reportgen.formats import goal_words, listed, one_line, plural
from reportgen.model import Block, Cell, Column, Notice, Section, Table
from reportgen.sections.view import (
    View,
    label_of,
    paragraph,
    param_cells,
    param_columns,
    run_name,
    shown_value,
    strong,
    value_cell,
    value_column,
    value_words,
)

N_SHOWN = 10
MOST_PARAMS = 8


def leaderboard_section(view: View) -> Section:
    title, question = "Best runs", "Which runs are best, and what differs between them?"
    board, metric = view.facts.leaderboard, view.primary
    if board is None or metric is None:
        text = "No metric has a direction that is known, so runs cannot be ranked."
        todo = "name one: `primary: METRIC` in the report, and `metrics: {METRIC: {goal: maximize}}`"
        return Section("leaderboard", title, (Notice("neutral", "Nothing to rank", text, todo),), question)
    if not board.rows:
        text = f"None of {plural(board.n_finished, 'finished run')} has a finite value of {label_of(metric)}."
        return Section("leaderboard", title, (Notice("warning", "Nothing to rank", text),), question)
    blocks: list[Block] = [_lead(view, board, metric), _table(view, board, metric)]
    constants = _constants(view, board)
    return Section("leaderboard", title, (*blocks, *([constants] if constants else [])), question)


def _lead(view: View, board: Leaderboard, metric: Metric) -> Block:
    why = view.facts.primary.why if view.facts.primary else ""
    best = board.best
    if best is None:
        return paragraph(f"Ordered by start: {label_of(metric)} has no known direction, so no run is called best. {why}")
    words = value_words(metric, best.value)
    tied = f" {board.n_tied} runs share this value." if board.n_tied > 1 else ""
    return paragraph(
        "Best ",
        strong(f"{label_of(metric)}: {words}"),
        f" by {run_name(view.run(best.key))} ({goal_words(metric.goal)}; {metric.rule_words} of each run).{tied} {why}",
    )


def _table(view: View, board: Leaderboard, metric: Metric) -> Table:
    shown = board.rows[:N_SHOWN]
    differing, _ = split_params([view.run(row.key) for row in shown])
    params = differing[:MOST_PARAMS]
    others = [other for other in view.main if other.name != metric.name]
    columns = (
        *((Column("rank", "Rank", "integer"),) if metric.goal != "none" else ()),
        Column("run", "Run", "run"),
        *((Column("experiment", "Experiment"),) if view.several_experiments else ()),
        value_column(metric),
        *(value_column(other) for other in others),
        *param_columns(params),
    )
    rows = tuple(_row(view, row, metric, others, params) for row in shown)
    title = f"Best runs by {label_of(metric)}" if metric.goal != "none" else f"Runs with {label_of(metric)}"
    return Table(
        "leaderboard", title, columns, rows, _notes(board, metric, differing[MOST_PARAMS:]), len(board.rows), sortable=True
    )


def _row(view: View, row: Ranked, metric: Metric, others: list[Metric], params: tuple[str, ...]) -> tuple[Cell, ...]:
    best = row.rank == 1
    return (
        *((Cell(row.rank),) if metric.goal != "none" else ()),
        Cell(view.link(row.key), note="child run" if view.run(row.key).parent else ""),
        *((Cell(one_line(view.run(row.key).experiment, 60)),) if view.several_experiments else ()),
        Cell(row.value, "best" if best else "neutral", "best" if best else ""),
        *(value_cell(other, row.key) for other in others),
        *param_cells(view.run(row.key), params),
    )


def _notes(board: Leaderboard, metric: Metric, left_out: tuple[str, ...]) -> tuple[str, ...]:
    notes = []
    if metric.goal != "none" and len(board.rows) > 1:
        notes.append(
            f"Best of {plural(len(board.rows), 'run')}: the winner of a selection looks better than it is; expect a re-run to be worse."
        )
    counted = f"{len(board.rows):,} of {plural(board.n_finished, 'finished run')} ranked"
    gone = [f"{board.n_missing:,} without the metric"] if board.n_missing else []
    gone += [f"{board.n_non_finite:,} with NaN or infinity"] if board.n_non_finite else []
    notes.append(f"{counted}{'; left out: ' + ' and '.join(gone) if gone else ''}. Only finished runs are ranked.")
    if left_out:
        notes.append(
            f"Differing parameters not shown: {listed([one_line(name, 40) for name in left_out])}; the data files have them."
        )
    return tuple(notes)


def _constants(view: View, board: Leaderboard) -> Table | None:
    """The parameters that all shown runs share, folded into one table."""
    _, same = split_params([view.run(row.key) for row in board.rows[:N_SHOWN]])
    if not same or len(board.rows) < 2:
        return None
    columns = (Column("parameter", "Parameter", "code"), Column("value", "Value", "code"))
    rows = tuple((Cell(one_line(name, 60)), Cell(shown_value(name, value))) for name, value in same)
    n = min(len(board.rows), N_SHOWN)
    return Table(
        "leaderboard-constants",
        f"Parameters that the {n} runs above share",
        columns,
        rows,
        paper_rows=12,
        layout="facts",
        n_total=len(rows),
    )
