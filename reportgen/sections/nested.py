"""Parents and children: folds, trials and ensembles as a tree, with what the children say together."""

from __future__ import annotations

from reportgen.analyze.metrics import Metric
from reportgen.analyze.nested import Nested, Node, RollUp
from reportgen.formats import listed, plural
from reportgen.model import Block, Cell, Column, Interval, Notice, Section, Table
from reportgen.sections.view import View, digits_with, estimate_format, label_of, paragraph, run_name, value_cell, value_column

MOST_METRICS = 2


def nested_section(view: View) -> Section | None:
    """Left out when no run has a parent."""
    nested = view.facts.nested
    if not nested.nodes and not nested.lost and not nested.circles:
        return None
    levels = f", {nested.depth} levels deep" if nested.depth > 1 else ""
    blocks: list[Block] = [
        paragraph(
            f"{plural(nested.n_parents, 'run')} with {plural(nested.n_children, 'child run')}{levels}. Only finished children count."
        )
    ]
    if nested.nodes:
        blocks += [_parents(view, nested), _tree(view, nested)]
    blocks += _oddities(view, nested)
    return Section("nested", "Nested runs", tuple(blocks), "What do the children of a run say together?")


def _parents(view: View, nested: Nested) -> Table:
    """What the children of each parent say together."""
    metrics = [metric for metric in view.main if any(metric.name in node.rolled for node in nested.nodes)][:MOST_METRICS]
    columns = [Column("run", "Parent", "run"), Column("level", "Level", "integer"), Column("children", "Children", "integer")]
    for metric in metrics:
        digits, label = _digits(metric, nested), label_of(metric)
        columns += [
            Column(f"n:{metric.name}", "n", "integer"),
            Column(f"mean:{metric.name}", f"Mean {label} [95 % interval]", estimate_format(metric), digits, metric.goal),
            Column(f"sd:{metric.name}", "sd", metric.format, digits),
            *(
                (Column(f"best:{metric.name}", "Best", metric.format, metric.digits, metric.goal),)
                if metric.goal != "none"
                else ()
            ),
        ]
    rows = tuple(_parent_row(view, node, metrics) for node in nested.nodes if node.n_children)
    notes = (
        "n: finished children that have a value; a child without one stands with the mean of its own children. sd with ddof 1.",
        (
            "The interval treats children as independent. Folds of one data set are not: theirs is too narrow. Trials of a search "
            "are not repeats: theirs describes the search, not the noise."
        ),
    )
    return Table("nested-parents", "What the children say together", tuple(columns), rows, notes, len(rows), paper_rows=30)


def _digits(metric: Metric, nested: Nested) -> int:
    ups = [node.rolled[metric.name] for node in nested.nodes if metric.name in node.rolled]
    return digits_with(metric, [(up.high - up.low) / 2 for up in ups if up.low is not None and up.high is not None])


def _parent_row(view: View, node: Node, metrics: list[Metric]) -> tuple[Cell, ...]:
    failed = f"{node.n_failed:,} failed" if node.n_failed else ""
    cells = [
        Cell(view.link(node.key)),
        Cell(node.depth),
        Cell(node.n_children, "warning" if failed else "neutral", failed),
    ]
    for metric in metrics:
        cells += _rolled_cells(metric, node.rolled.get(metric.name))
    return tuple(cells)


def _rolled_cells(metric: Metric, up: RollUp | None) -> list[Cell]:
    n_cells = 3 if metric.goal == "none" else 4
    if up is None:
        return [Cell(None)] * n_cells
    best = up.most if metric.goal == "maximize" else up.least
    return [Cell(up.n), Cell(Interval(up.mean, up.low, up.high, up.n)), Cell(up.sd), Cell(best)][:n_cells]


def _tree(view: View, nested: Nested) -> Table:
    """Parents and children, depth first, each with its own values of the metrics that any of them has."""
    metrics = [metric for metric in view.main if any(node.key in metric.values for node in nested.nodes)]
    columns = (
        Column("level", "Level", width=2),
        Column("run", "Run", "run"),
        Column("status", "Status", "status"),
        *(value_column(metric) for metric in metrics),
    )
    rows = tuple(
        (
            Cell("\N{NO-BREAK SPACE}" * 2 * (node.depth - 1) + "↳" if node.depth else None),
            Cell(view.link(node.key)),
            Cell(view.run(node.key).status or None, "bad" if view.run(node.key).status in ("FAILED", "KILLED") else "neutral"),
            *(value_cell(metric, node.key) for metric in metrics),
        )
        for node in nested.nodes
    )
    return Table("nested", "Parents and children", columns, rows, (), len(rows), paper_rows=40)


def _oddities(view: View, nested: Nested) -> list[Block]:
    blocks: list[Block] = []
    if nested.lost:
        names = listed([run_name(view.run(key)) for key in nested.lost])
        text = f"{plural(len(nested.lost), 'run')} name a parent that is not in this selection: {names}. They stand alone here."
        blocks.append(Notice("neutral", "Parents that are not here", text, "widen the selection if they belong to it"))
    if nested.circles:
        names = listed([run_name(view.run(key)) for key in nested.circles])
        text = f"{plural(len(nested.circles), 'run')} would be their own ancestor: {names}. The circle is cut there."
        blocks.append(Notice("warning", "Parents in a circle", text, "correct the tag mlflow.parentRunId of these runs"))
    return blocks
