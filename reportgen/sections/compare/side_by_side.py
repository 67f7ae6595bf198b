"""Experiments that share the primary metric, next to each other and without a verdict: where no comparison is configured."""

from __future__ import annotations

from dataclasses import replace

from reportgen.analyze.compare.comparison import SideBySide
from reportgen.analyze.compare.values import GroupValues
from reportgen.analyze.metrics import Metric
from reportgen.formats import listed
from reportgen.model import Cell, Chart, Column, Section, Table
from reportgen.sections.compare.charts import groups_chart
from reportgen.sections.compare.tables import spread_cells, spread_columns
from reportgen.sections.view import View, paragraph, strong
from reportgen.words.compare.terms import group_name
from reportgen.words.metrics import rule_text
from reportgen.words.quantities import digits_with, estimate_format, label_of, value_words

QUESTION = "Is one group better than another?"


def side_by_side_section(view: View, found: SideBySide) -> Section:
    metric = view.facts.metrics[found.metric]
    searches = [g.label for g in found.groups if g.no_interval == "search"]
    why = (
        " The runs of a search are no sample: which settings were tried decides their mean, so none is given." if searches else ""
    )
    lead = paragraph(
        strong(f"{len(found.groups)} experiments"),
        f" have {label_of(metric)} in three or more finished runs. They are shown side by side and not judged.{why} Add a comparison "
        f"(compare: …) to the config for a verdict.",
    )
    return Section(
        "comparison",
        "Experiments side by side",
        (lead, _side_by_side_table(metric, found), _side_by_side_chart(view, metric, found)),
        QUESTION,
    )


_KINDS = {"search": "a search", "folds": "folds of one configuration", "": "repeats"}


def _side_by_side_table(metric: Metric, found: SideBySide) -> Table:
    """n, best and spread of each experiment; a mean only where its runs are not a search, with an interval of repeats."""
    sds = [g.sd for g in found.groups]
    digits = digits_with(metric, sds)
    ranked = metric.goal != "none"
    bounded = " [95 % interval]" if any(g.low is not None for g in found.groups) else ""
    columns = (
        Column("group", "Experiment"),
        Column("kind", "Its runs are"),
        Column("n", "n", "integer"),
        *((Column("best", "Best", metric.format, digits, metric.goal),) if ranked else ()),
        Column("mean", f"Mean {label_of(metric)}{bounded}", estimate_format(metric), digits),
        *spread_columns(metric, digits),
    )
    rows = tuple(
        (
            Cell(group_name(g.label)),
            Cell(_KINDS[g.no_interval]),
            Cell(g.n),
            *((Cell(_best_of(metric, g)),) if ranked else ()),
            *spread_cells(g),
        )
        for g in found.groups
    )
    notes = [f"n: finished runs with a finite value; values: {rule_text(metric.rule)} of each run; sd with ddof 1."]
    if ranked:
        notes.append("Best of n runs: the more runs, the better it looks; expect a re-run to be worse.")
    if any(g.no_interval == "folds" for g in found.groups):
        notes.append("Folds of one data set are not independent, so their mean has no interval.")
    title = f"{label_of(metric)} by experiment"
    return Table("comparison-experiments", title, columns, rows, tuple(notes), len(rows), paper_rows=40)


def _best_of(metric: Metric, group: GroupValues) -> float:
    return max(group.values) if metric.goal == "maximize" else min(group.values)


def _side_by_side_chart(view: View, metric: Metric, found: SideBySide) -> Chart:
    """Every run as a point; of repeats the mean with its interval."""
    shown = [replace(g, mean=None) if g.no_interval == "search" else g for g in found.groups]
    chart = groups_chart(view, metric, SideBySide(found.metric, tuple(shown)), None)
    told = [g for g in found.groups if g.n]
    how = "lowest to highest" if metric.goal == "none" else "best"
    parts = [
        f"{group_name(g.label)} {value_words(metric, _best_of(metric, g)) if metric.goal != 'none' else f'{value_words(metric, min(g.values))} to {value_words(metric, max(g.values))}'} (n = {g.n})"
        for g in told[:6]
    ]
    traces = tuple(trace for trace in chart.traces if any(y is not None for y in trace.x))
    alt = f"{label_of(metric)} of every run by experiment, {how}: {listed(parts)}."
    return replace(chart, title=f"{label_of(metric)} by experiment", traces=traces, alt=alt)
