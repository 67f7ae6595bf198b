"""Experiments that share the primary metric, next to each other and without a verdict: where no comparison is configured."""

from __future__ import annotations

from dataclasses import replace

from reportgen.analyze.compare.comparison import SideBySide
from reportgen.analyze.compare.values import GroupValues
from reportgen.analyze.metrics import Metric
from reportgen.model import Cell, Chart, Column, Section, Table
from reportgen.sections.compare.charts import groups_chart
from reportgen.sections.compare.tables import spread_cells, spread_columns
from reportgen.sections.view import View, paragraph, strong
from reportgen.words import Say
from reportgen.words.compare.terms import group_name
from reportgen.words.metrics import rule_text
from reportgen.words.quantities import digits_with, estimate_format, label_of, value_words


def side_by_side_section(view: View, found: SideBySide) -> Section:
    metric = view.facts.metrics[found.metric]
    searches = [g.label for g in found.groups if g.no_interval == "search"]
    why = view.say("sides-runs-search-sample-which") if searches else ""
    lead = paragraph(
        strong(view.say("sides-experiments", n_groups=len(found.groups))),
        view.say("sides-three-more-finished-runs", metric=label_of(metric), why=why),
    )
    return Section(
        "comparison",
        view.say("sides-experiments-side-side"),
        (lead, _side_by_side_table(metric, found, view.say), _side_by_side_chart(view, metric, found)),
        view.say("sides-question"),
    )


def _kinds(say: Say) -> dict[str, str]:
    return {"search": say("sides-search"), "folds": say("sides-folds-configuration"), "": "repeats"}


def _side_by_side_table(metric: Metric, found: SideBySide, say: Say) -> Table:
    """n, best and spread of each experiment; a mean only where its runs are not a search, with an interval of repeats."""
    sds = [g.sd for g in found.groups]
    digits = digits_with(metric, sds)
    ranked = metric.goal != "none"
    bounded = say("sides-95-interval") if any(g.low is not None for g in found.groups) else ""
    columns = (
        Column("group", say("sides-column-experiment")),
        Column("kind", say("sides-column-runs")),
        Column("n", say("sides-column-n"), "integer"),
        *((Column("best", say("sides-column-best"), metric.format, digits, metric.goal),) if ranked else ()),
        Column("mean", say("sides-column-mean-xx", metric=label_of(metric), bounded=bounded), estimate_format(metric), digits),
        *spread_columns(metric, digits, say),
    )
    rows = tuple(
        (
            Cell(group_name(g.label)),
            Cell(_kinds(say)[g.no_interval]),
            Cell(g.n),
            *((Cell(_best_of(metric, g)),) if ranked else ()),
            *spread_cells(g, say),
        )
        for g in found.groups
    )
    notes = [say("sides-n-finished-runs-finite", rule=rule_text(metric.rule, say))]
    if ranked:
        notes.append(say("sides-best-n-runs-more"))
    if any(g.no_interval == "folds" for g in found.groups):
        notes.append(say("sides-folds-data-set-independent"))
    title = say("sides-experiment", metric=label_of(metric))
    return Table("comparison-experiments", title, columns, rows, tuple(notes), len(rows), paper_rows=40)


def _best_of(metric: Metric, group: GroupValues) -> float:
    return max(group.values) if metric.goal == "maximize" else min(group.values)


def _side_by_side_chart(view: View, metric: Metric, found: SideBySide) -> Chart:
    """Every run as a point; of repeats the mean with its interval."""
    shown = [replace(g, mean=None) if g.no_interval == "search" else g for g in found.groups]
    chart = groups_chart(view, metric, SideBySide(found.metric, tuple(shown)), None)
    told = [g for g in found.groups if g.n]
    how = view.say("sides-lowest-highest", if_value="yes" if metric.goal == "none" else "no")
    parts = [
        view.say(
            "sides-n",
            label=group_name(g.label),
            if_value="yes" if metric.goal != "none" else "no",
            metric=value_words(metric, _best_of(metric, g)) if metric.goal != "none" else "",
            metric_2=value_words(metric, min(g.values)) if metric.goal == "none" else "",
            metric_3=value_words(metric, max(g.values)) if metric.goal == "none" else "",
            n=g.n,
        )
        for g in told[:6]
    ]
    traces = tuple(trace for trace in chart.traces if any(y is not None for y in trace.x))
    alt = view.say("sides-every-run-experiment", metric=label_of(metric), how=how, parts=view.say.listed(parts))
    return replace(chart, title=view.say("sides-experiment", metric=label_of(metric)), traces=traces, alt=alt)
