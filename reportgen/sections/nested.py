"""Parents and children: folds, trials and ensembles as a tree, with what the children say together."""

from __future__ import annotations

from reportgen.analyze.metrics import Metric
from reportgen.analyze.nested import Nested, Node, RollUp
from reportgen.formats import listed, plural
from reportgen.model import Block, Cell, Column, Interval, Notice, Section, Table
from reportgen.sections.view import View, digits_with, estimate_format, label_of, paragraph, run_name, value_cell

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
        blocks.append(_table(view, nested))
    blocks += _oddities(view, nested)
    return Section("nested", "Nested runs", tuple(blocks), "What do the children of a run say together?")


def _table(view: View, nested: Nested) -> Table:
    metrics = [metric for metric in view.main if any(metric.name in node.rolled for node in nested.nodes)][:MOST_METRICS]
    columns = [
        Column("level", "Level", width=2),
        Column("run", "Run", "run"),
        Column("status", "Status", "status"),
        Column("children", "Children", "integer"),
    ]
    for metric in metrics:
        digits = _digits(metric, nested)
        columns += [
            Column(f"own:{metric.name}", label_of(metric), metric.format, digits, metric.goal, "own value"),
            Column(f"n:{metric.name}", "n", "integer"),
            Column(
                f"mean:{metric.name}", "Mean of children [95 % interval]", estimate_format(metric), digits, note=label_of(metric)
            ),
            Column(f"sd:{metric.name}", "sd", metric.format, digits),
        ]
    rows = tuple(_row(view, node, metrics) for node in nested.nodes)
    notes = (
        "n: finished children that have a value.",
        "A child without a value of its own stands with the mean of its children. sd with ddof 1.",
        (
            "The interval treats children as independent. Folds of one data set are not: theirs is too narrow. Trials of a search "
            "are not repeats: theirs describes the search, not the noise."
        ),
    )
    return Table("nested", "Parents and children", tuple(columns), rows, notes, len(rows), paper_rows=40)


def _digits(metric: Metric, nested: Nested) -> int:
    ups = [node.rolled[metric.name] for node in nested.nodes if metric.name in node.rolled]
    return digits_with(metric, [(up.high - up.low) / 2 for up in ups if up.low is not None and up.high is not None])


def _row(view: View, node: Node, metrics: list[Metric]) -> tuple[Cell, ...]:
    run = view.run(node.key)
    failed = f"{node.n_failed:,} failed" if node.n_failed else ""
    cells = [
        Cell("\N{NO-BREAK SPACE}" * 2 * (node.depth - 1) + "↳" if node.depth else None),
        Cell(view.link(node.key)),
        Cell(run.status or None, "bad" if run.status in ("FAILED", "KILLED") else "neutral"),
        Cell(node.n_children if node.n_children else None, "warning" if failed else "neutral", failed),
    ]
    for metric in metrics:
        cells += [value_cell(metric, node.key), *_rolled_cells(node.rolled.get(metric.name))]
    return tuple(cells)


def _rolled_cells(up: RollUp | None) -> tuple[Cell, Cell, Cell]:
    if up is None:
        return Cell(None), Cell(None), Cell(None)
    return Cell(up.n), Cell(Interval(up.mean, up.low, up.high, up.n)), Cell(up.sd)


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
