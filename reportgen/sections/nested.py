"""Parents and children: folds, trials and ensembles as a tree, with what the children say together."""

from __future__ import annotations

from reportgen.analyze.metrics import Metric
from reportgen.analyze.nested import Nested, Node, RollUp
from reportgen.model import Block, Cell, Column, Interval, Notice, Section, Table
from reportgen.sections.view import View, paragraph, run_name, value_cell, value_column
from reportgen.words import Say
from reportgen.words.quantities import digits_with, estimate_format, label_of

MOST_METRICS = 2


def nested_section(view: View) -> Section | None:
    """Left out when no run has a parent."""
    nested = view.facts.nested
    if not nested.nodes and not nested.lost and not nested.circles:
        return None
    levels = view.say("nested-levels-deep", depth=nested.depth) if nested.depth > 1 else ""
    blocks: list[Block] = [
        paragraph(view.say("nested-runs-child-runs-only", n=nested.n_parents, n_children=nested.n_children, levels=levels))
    ]
    if nested.nodes:
        blocks += [_parents(view, nested), _tree(view, nested)]
    blocks += _oddities(view, nested)
    return Section("nested", view.say("nested-nested-runs"), tuple(blocks), view.say("nested-what-child-runs-run"))


def _parents(view: View, nested: Nested) -> Table:
    """What the children of each parent say together."""
    metrics = [metric for metric in view.main if any(metric.name in node.rolled for node in nested.nodes)][:MOST_METRICS]
    columns = [
        Column("run", view.say("nested-column-parent"), "run"),
        Column("level", view.say("nested-column-level"), "integer"),
        Column("children", view.say("nested-column-children"), "integer"),
        Column("kind", view.say("nested-column-they")),
    ]
    for metric in metrics:
        digits, label = _digits(metric, nested), label_of(metric)
        ups = [node.rolled[metric.name] for node in nested.nodes if metric.name in node.rolled]
        bounded = view.say("nested-95-interval") if any(up.low is not None for up in ups) else ""
        columns += [
            Column(f"n:{metric.name}", view.say("nested-column-n"), "integer"),
            Column(
                f"mean:{metric.name}",
                view.say("nested-column-mean-xx", label=label, bounded=bounded),
                estimate_format(metric),
                digits,
                metric.goal,
            ),
            Column(f"sd:{metric.name}", view.say("nested-column-sd"), metric.format, digits),
            *_range_columns(metric, view.say),
        ]
    rows = tuple(_parent_row(view, node, metrics) for node in nested.nodes if node.n_children)
    kinds = {node.kind for node in nested.nodes if node.n_children}
    notes = (
        view.say("nested-n-finished-children-value"),
        *(view.say("nested-kind-notes", kind=kind) for kind in ("search", "folds", "repeats", "unknown") if kind in kinds),
    )
    return Table(
        "nested-parents", view.say("nested-summary-child-runs"), tuple(columns), rows, (), len(rows), paper_rows=30, method=notes
    )


def _range_columns(metric: Metric, say: Say) -> tuple[Column, ...]:
    words = (say("nested-lowest"), say("nested-highest")) if metric.goal == "none" else (say("nested-best"), say("nested-worst"))
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
    failed = view.say("nested-failed", n_failed=node.n_failed) if node.n_failed else ""
    cells = [
        Cell(view.link(node.key)),
        Cell(node.depth),
        Cell(node.n_children, "warning" if failed else "neutral", failed),
        Cell(view.say("nested-kinds", kind=node.kind)),
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
        Column("level", view.say("nested-column-level"), width=2),
        Column("run", view.say("nested-column-run"), "run"),
        Column("status", view.say("nested-column-status"), "status"),
        *(value_column(metric, view.say) for metric in metrics),
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
    return Table("nested", view.say("nested-parents-children"), columns, rows, (), len(rows), on_paper=False)


def _oddities(view: View, nested: Nested) -> list[Block]:
    blocks: list[Block] = []
    if nested.lost:
        names = view.say.listed([run_name(view.run(key)) for key in nested.lost])
        text = view.say("nested-runs-name-parent-selection", n=len(nested.lost), names=names)
        blocks.append(Notice("neutral", view.say("nested-parents"), text, view.say("nested-widen-selection-if-they")))
    if nested.circles:
        names = view.say.listed([run_name(view.run(key)) for key in nested.circles])
        text = view.say("nested-runs-would-their-own", n=len(nested.circles), names=names)
        blocks.append(
            Notice("warning", view.say("nested-parents-circle"), text, view.say("nested-correct-tag-mlflow-parentrunid"))
        )
    return blocks
