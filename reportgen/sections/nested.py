"""Parents and children: folds, trials and ensembles as a tree, with what the children say together."""

from __future__ import annotations

from reportgen.analyze.metrics import Metric
from reportgen.analyze.nested import Nested, Node, RollUp
from reportgen.formats import listed, plural
from reportgen.model import Block, Cell, Column, Interval, Notice, Section, Table
from reportgen.sections.view import View, paragraph, run_name, value_cell, value_column
from reportgen.words.quantities import digits_with, estimate_format, label_of

MOST_METRICS = 2
KINDS = {"search": "trials of a search", "folds": "folds", "repeats": "repeats", "unknown": "runs without parameters"}
KIND_NOTES = {
    "search": (
        "Trials of a search are no sample: which settings were tried decides their mean, so none is given; best, worst and sd tell what was "
        "found. The best of many trials is better than a re-run of it would be."
    ),
    "folds": "Folds of one data set are not independent, so their mean has no interval; sd is between folds.",
    "repeats": "Repeats differ in nothing but seeds; the 95 % interval of their mean is a t interval.",
    "unknown": "Children without parameters may be anything, so their mean has no interval.",
}


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
    return Section("nested", "Nested runs", tuple(blocks), "What do the child runs of a run show together?")


def _parents(view: View, nested: Nested) -> Table:
    """What the children of each parent say together."""
    metrics = [metric for metric in view.main if any(metric.name in node.rolled for node in nested.nodes)][:MOST_METRICS]
    columns = [
        Column("run", "Parent", "run"),
        Column("level", "Level", "integer"),
        Column("children", "Children", "integer"),
        Column("kind", "They are"),
    ]
    for metric in metrics:
        digits, label = _digits(metric, nested), label_of(metric)
        ups = [node.rolled[metric.name] for node in nested.nodes if metric.name in node.rolled]
        bounded = " [95 % interval]" if any(up.low is not None for up in ups) else ""
        columns += [
            Column(f"n:{metric.name}", "n", "integer"),
            Column(f"mean:{metric.name}", f"Mean {label}{bounded}", estimate_format(metric), digits, metric.goal),
            Column(f"sd:{metric.name}", "sd", metric.format, digits),
            *_range_columns(metric),
        ]
    rows = tuple(_parent_row(view, node, metrics) for node in nested.nodes if node.n_children)
    kinds = {node.kind for node in nested.nodes if node.n_children}
    notes = (
        "n: finished children that have a value; a child without one stands with the mean of its own children. sd with ddof 1.",
        *(KIND_NOTES[kind] for kind in ("search", "folds", "repeats", "unknown") if kind in kinds),
    )
    return Table("nested-parents", "Summary of child runs", tuple(columns), rows, (), len(rows), paper_rows=30, method=notes)


def _range_columns(metric: Metric) -> tuple[Column, ...]:
    words = ("Lowest", "Highest") if metric.goal == "none" else ("Best", "Worst")
    keys = ("low", "high") if metric.goal == "none" else ("best", "worst")
    goals = (metric.goal, "none")
    return tuple(
        Column(
            f"{key}:{metric.name}",
            word,
            metric.format,
            metric.digits,
            "maximize" if goal == "maximize" else "minimize" if goal == "minimize" else "none",
        )
        for key, word, goal in zip(keys, words, goals, strict=True)
    )


def _digits(metric: Metric, nested: Nested) -> int:
    ups = [node.rolled[metric.name] for node in nested.nodes if metric.name in node.rolled]
    return digits_with(metric, [(up.high - up.low) / 2 for up in ups if up.low is not None and up.high is not None])


def _parent_row(view: View, node: Node, metrics: list[Metric]) -> tuple[Cell, ...]:
    failed = f"{node.n_failed:,} failed" if node.n_failed else ""
    cells = [
        Cell(view.link(node.key)),
        Cell(node.depth),
        Cell(node.n_children, "warning" if failed else "neutral", failed),
        Cell(KINDS[node.kind]),
    ]
    for metric in metrics:
        cells += _rolled_cells(metric, node.rolled.get(metric.name))
    return tuple(cells)


def _rolled_cells(metric: Metric, up: RollUp | None) -> list[Cell]:
    if up is None:
        return [Cell(None)] * 5
    low, high = (up.most, up.least) if metric.goal == "maximize" else (up.least, up.most)
    mean = None if up.kind == "search" else Interval(up.mean, up.low, up.high, up.n)
    return [Cell(up.n), Cell(mean), Cell(up.sd), Cell(low), Cell(high)]


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
    return Table("nested", "Parents and children", columns, rows, (), len(rows), on_paper=False)


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
