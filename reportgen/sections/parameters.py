"""What matters in a search: importance of the parameters, their values run by run, budgets, trade-offs, odd runs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from reportgen.analyze.compare.groups import natural
from reportgen.analyze.methods.columns import Column as ParamColumn
from reportgen.analyze.methods.columns import columns_of
from reportgen.analyze.methods.importance import Association, Importance
from reportgen.analyze.methods.proportions import wilson_interval
from reportgen.analyze.methods.samples import LARGEST
from reportgen.analyze.methods.sweeps import OUTLIER_Z, FailureRow, FailureTable
from reportgen.analyze.metrics import Metric
from reportgen.analyze.parameters import MOST_BUDGET, MOST_LINES, Front, Lines, Parameters
from reportgen.analyze.runs import RunKey
from reportgen.formats import one_line, text_of
from reportgen.model import Axis, Block, Cell, Chart, Column, Interval, Notice, Section, Table, Trace
from reportgen.sections.view import (
    View,
    beside,
    paragraph,
    param_cells,
    param_columns,
    run_name,
    shown_value,
    spans_decades,
    strong,
    value_column,
)
from reportgen.words import Say
from reportgen.words.methods import clause
from reportgen.words.parameters import withheld_text
from reportgen.words.quantities import digits_with, label_of, value_words

FEW_LEVELS = 5
"""A number with as few different values has an axis of levels, so that each is written."""
LOG_FROM = 100
"""A positive parameter whose largest value is as many times its smallest has a logarithmic axis."""
MOST_BARS = 15


def parameters_section(view: View) -> Section | None:
    """Left out when no experiment is a search."""
    found, metric = view.facts.parameters, view.primary
    if found is None or metric is None:
        return None
    blocks: list[Block] = [
        _lead(found, metric, view.say),
        *_importance(found, metric, view.say),
        _lines_chart(view, found, metric),
    ]
    blocks += beside(
        [
            *([_budget_chart(found, metric, view.say)] if found.budgets else []),
            *([_front_chart(view, found.front, metric)] if found.front else []),
        ]
    )
    blocks.append(_outliers(view, found, metric))
    blocks += [_failures(found, found.failures, view.say)] if found.failures else []
    return Section(
        "parameters", view.say("parameters-what-matters"), tuple(blocks), view.say("parameters-which-parameters-matter-what")
    )


def _lead(found: Parameters, metric: Metric, say: Say) -> Block:
    names = say.listed([one_line(name, 40) for name in found.params], 8)
    where = say("parameters-finished-runs", n=len(found.keys), experiment=one_line(found.experiment, 60))
    said = [
        say("parameters-higher-better-lower-better", metric=label_of(metric), goal=metric.goal, n=len(found.params), names=names)
    ]
    if found.n_inside:
        said.append(say("parameters-parents-children-left-out", n=found.n_inside))
    if found.n_without:
        said.append(say("parameters-without-usable-value-runs", n=found.n_without))
    if found.n_secret:
        said.append(say("parameters-parameters-name-secret-left", n=found.n_secret))
    if found.others:
        others = say.listed([one_line(name, 60) for name in found.others])
        said.append(say("parameters-largest-search-report-others", others=others))
    return paragraph(strong(where), " ".join(said))


# --- importance --------------------------------------------------------------------------------------------------------


def _importance(found: Parameters, metric: Metric, say: Say) -> list[Block]:
    importance = found.importance
    blocks: list[Block] = []
    if importance.outcome == "estimated":
        blocks.append(_shares_chart(found, metric, say))
    else:
        text = say.stop(withheld_text(found, say))
        if importance.associations:
            text += say("parameters-parameter-alone-below")
        blocks.append(Notice("neutral", say("parameters-parameter-importance-withheld"), text))
    return [*blocks, *([_associations(found, metric, say)] if importance.associations else [])]


def _shares_chart(found: Parameters, metric: Metric, say: Say) -> Chart:
    importance = found.importance
    assert importance.r2 is not None
    shares = importance.shares[:MOST_BARS]
    names = tuple(one_line(one.param, 40) for one in shares)
    bars = Trace(
        say("parameters-share"),
        tuple(map(float, range(len(shares)))),
        tuple(round(one.share, 3) for one in shares),  # as the table prints it
        "bars",
        color=0,
        low=tuple(round(max(0.0, one.share - one.sd), 3) for one in shares),
        high=tuple(round(min(1.0, one.share + one.sd), 3) for one in shares),
        labels=names,
    )
    columns = (
        Column("parameter", say("parameters-column-parameter"), "code"),
        Column("share", say("parameters-column-importance"), "percent", 1),
        Column("sd", say("parameters-column-sd"), "percent", 1, note=say("parameters-over-15-fits")),
    )
    rows = tuple((Cell(one_line(one.param, 60)), Cell(one.share), Cell(one.sd)) for one in importance.shares)
    first = say("list-separator").join(
        (f"{name} {text_of(one.share, 'percent', 1)}" for name, one in list(zip(names, shares, strict=True))[:3])
    )
    title = say("parameters-importance", metric=label_of(metric))
    return Chart(
        id="importance",
        title=title,
        kind="bars",
        x=Axis("", "category", "text", names),
        y=Axis(say("parameters-share-importance"), format="percent", low=0.0),
        alt=say("parameters-importance-parameters", n=len(shares), metric=label_of(metric), first=first),
        traces=(bars,),
        table=Table("importance-data", title, columns, rows, n_total=len(rows), paper_rows=15),
        notes=_importance_notes(found, importance, say),
        height=min(560, 150 + 30 * len(shares)),
    )


def _importance_notes(found: Parameters, importance: Importance, say: Say) -> tuple[str, ...]:
    how = say("parameters-how-much-worse-random")
    notes = [say("parameters-caveat"), say("parameters-whiskers-sd-over-15", how=how, r2=f"{importance.r2:.2f}")]
    if found.n_modelled < len(found.keys):
        notes.append(say("parameters-model-runs-evenly-start", n_modelled=found.n_modelled, n=len(found.keys)))
    together = [say.listed([one_line(name, 40) for name in group]) for group in importance.entangled]
    notes += [say("parameters-separable-they-move-together", names=names) for names in together]
    if len(importance.shares) > MOST_BARS:
        notes.append(say("parameters-parameters-drawn-table-all", most_bars=MOST_BARS, n_shares=len(importance.shares)))
    return tuple(notes)


def _associations(found: Parameters, metric: Metric, say: Say) -> Table:
    def cells(one: Association) -> tuple[Cell, ...]:
        rho = one.value if one.measure == "spearman" else None
        eta2 = one.value if one.measure == "eta2" else None
        return Cell(one_line(one.param, 60)), Cell(rho), Cell(eta2), Cell(one.n), Cell(one.p_adjusted)

    columns = (
        Column("parameter", say("parameters-column-parameter"), "code"),
        Column("rho", say("parameters-column-spearman-rho"), "number", 2, note=say("parameters-numbers-1-1")),
        Column("eta2", say("parameters-column-eta"), "number", 2, note=say("parameters-labels-0-1")),
        Column("n", say("parameters-column-runs"), "integer"),
        Column("p", say("parameters-column-adjusted-p"), "p", note=say("parameters-benjamini-hochberg")),
    )
    ordered = sorted(found.importance.associations, key=lambda one: (-abs(one.value), one.param))
    rows = tuple(cells(one) for one in ordered)
    notes = (
        say("parameters-parameter-against-others-ignored", metric=label_of(metric)),
        *(() if found.importance.outcome == "estimated" else (say("parameters-caveat"),)),
    )
    return Table("associations", say("parameters-parameter-alone"), columns, rows, notes, len(rows), paper_rows=20, sortable=True)


# --- run by run --------------------------------------------------------------------------------------------------------


def _lines_chart(view: View, found: Parameters, metric: Metric) -> Chart:
    lines = found.lines
    keys = (*lines.keys, *lines.broken)
    columns = {c.name: c for c in columns_of({n: [view.run(k).params.get(n) for k in keys] for n in lines.params}, len(keys))}
    scaled = [_param_axis(name, columns[name]) for name in lines.params]
    values = [metric.values[key] for key in lines.keys]
    last = Axis(label_of(metric), "log" if spans_decades(values) else "linear", metric.format, goal=metric.goal)
    x = tuple(map(float, range(len(scaled) + 1)))
    traces = [
        Trace(
            run_name(view.run(key)),
            x,
            (*(heights[i] for _, heights in scaled), metric.values[key] if i < len(lines.keys) else None),
            color=None if i < len(lines.keys) else 9,
            dash="solid" if i < len(lines.keys) else "dot",
            tone="neutral" if i < len(lines.keys) else "muted",
            in_legend=False,
            runs=((key,),),
        )
        for i, key in enumerate(keys)
    ]
    shown = tuple(lines.params)
    rows = tuple((Cell(view.link(key)), *param_cells(view.run(key), shown), Cell(metric.finite(key))) for key in keys)
    best = lines.keys[0]
    title = view.say("parameters-parameters-run-run", metric=label_of(metric))
    which = view.say("parameters-best") if lines.n_top else view.say("parameters-first")
    settings = view.say("list-separator").join(
        (f"{axis.label} {_place_words(axis, heights[0])}" for axis, heights in scaled[:4] if heights[0] is not None)
    )
    return Chart(
        id="parameters-lines",
        title=title,
        kind="parallel",
        x=Axis(""),
        y=Axis(""),
        alt=(
            view.say(
                "parameters-line-runs-over-parameters",
                n=len(lines.keys),
                n_shown=len(shown),
                metric=label_of(metric),
                which=which,
                run_name=run_name(view.run(best)),
                settings=view.say("parameters-and", settings=settings) if settings else "",
                metric_2=value_words(metric, metric.values[best]),
            )
        ),
        traces=tuple(reversed(traces)),  # the best on top
        axes=(*(axis for axis, _ in scaled), last),
        table=Table(
            "parameters-lines-data",
            title,
            (Column("run", view.say("parameters-column-run"), "run"), *param_columns(shown), value_column(metric, view.say)),
            rows,
            n_total=len(rows),
            paper_rows=10,
            sortable=True,
        ),
        method=_lines_notes(found, lines, any((height is None for _, heights in scaled for height in heights)), view.say),
        height=380,
    )


def _place_words(axis: Axis, at: float) -> str:
    return one_line(axis.categories[int(at)], 30) if axis.kind == "category" else text_of(at, axis.format)


def _param_axis(name: str, column: ParamColumn) -> tuple[Axis, list[float | None]]:
    """The axis of a parameter and the place of each run on it; None where the run does not have it."""
    label = one_line(name, 40)
    numbers = None if column.numbers is None else [float(number) for number in column.numbers]
    there = [] if numbers is None else [number for number in numbers if not math.isnan(number)]
    if numbers is not None and there and max(map(abs, there)) <= LARGEST:
        if len(set(there)) <= FEW_LEVELS:
            steps = sorted(set(there))
            names = tuple(text_of(step, "number") for step in steps)
            return Axis(label, "category", "text", names), [
                None if math.isnan(number) else float(steps.index(number)) for number in numbers
            ]
        log = min(there) > 0 and max(there) / min(there) > LOG_FROM
        return Axis(label, "log" if log else "linear"), [None if math.isnan(number) else number for number in numbers]
    known = [text for text, missing in zip(column.labels, column.missing, strict=True) if not missing]
    levels = sorted(set(known), key=lambda text: (natural(text), text))
    place = {level: float(i) for i, level in enumerate(levels)}
    categories = tuple(shown_value(name, level) or "(empty)" for level in levels)
    return Axis(label, "category", "text", categories), [
        None if missing else place[text] for text, missing in zip(column.labels, column.missing, strict=True)
    ]


def _lines_notes(found: Parameters, lines: Lines, gaps: bool, say: Say) -> tuple[str, ...]:
    n, total = len(lines.keys), len(found.keys)
    if n == total:
        notes = [say("parameters-all-runs", total=total)]
    elif lines.n_top:
        notes = [say("parameters-runs-most-lines-best", n=n, total=total, most_lines=MOST_LINES, n_top=lines.n_top)]
    else:
        notes = [say("parameters-runs-most-lines-every", n=n, total=total, most_lines=MOST_LINES)]
    if lines.n_params > len(lines.params):
        how = "important" if found.importance.shares else "associated"
        notes.append(say("parameters-most-parameters", n_params=len(lines.params), how=how, n_params_2=lines.n_params))
    if lines.broken:
        notes.append(say("parameters-dotted-lines-end-early", n_broken=len(lines.broken), n=lines.n_broken))
    return (*notes, *((say("parameters-gap-line-run-parameter"),) if gaps else ()))


# --- budgets -----------------------------------------------------------------------------------------------------------


def _budget_chart(found: Parameters, metric: Metric, say: Say) -> Chart:
    curves = found.budgets
    most = curves[0].best.budgets[-1]
    ends = [(curve.best.values[0], curve.best.values[-1]) for curve in curves]
    digits = digits_with(metric, [last - first for first, last in ends])
    traces = tuple(
        Trace(
            one_line(curve.experiment, 40),
            tuple(map(float, curve.best.budgets)),
            curve.best.values,
            "lines+points" if most <= 12 else "lines",
            color=i,
        )
        for i, curve in enumerate(curves)
    )
    columns = (
        Column("k", say("parameters-column-runs-k"), "integer"),
        *(
            Column(f"best:{curve.experiment_id}", one_line(curve.experiment, 40), metric.format, digits, metric.goal)
            for curve in curves
        ),
    )
    rows = tuple((Cell(k), *(Cell(curve.best.values[i]) for curve in curves)) for i, k in enumerate(curves[0].best.budgets))
    words = [
        say(
            "parameters-from-to",
            experiment=one_line(curve.experiment, 40),
            metric=value_words(metric, first, digits),
            metric_2=value_words(metric, last, digits),
        )
        for curve, (first, last) in zip(curves, ends, strict=True)
    ]
    title = say("parameters-expected-best-k-runs", metric=label_of(metric))
    values = [value for curve in curves for value in curve.best.values]
    return Chart(
        id="expected-best",
        title=title,
        kind="lines",
        x=Axis(say("parameters-number-runs-k"), format="integer"),
        y=Axis(
            say("parameters-higher-better-lower-better-2", metric=label_of(metric), goal=metric.goal),
            "log" if spans_decades(values) else "linear",
            metric.format,
        ),
        alt=say("parameters-expected-best-1-runs", metric=label_of(metric), most=most, words=say.listed(words, 8)),
        traces=traces,
        table=Table("expected-best-data", title, columns, rows, n_total=len(rows), paper_rows=12),
        method=_budget_notes(found, most, say),
        height=280,
    )


def _budget_notes(found: Parameters, most: int, say: Say) -> tuple[str, ...]:
    sizes = [curve.best.n for curve in found.budgets]
    notes = [say("parameters-mean-best-over-all", most=most)]
    if len(sizes) > 1:
        notes.append(say("parameters-searches-compared-equal-k"))
        if found.n_budgets > len(sizes):
            notes.append(say("parameters-largest-searches", n_sizes=len(sizes), n_budgets=found.n_budgets))
    if most == MOST_BUDGET < min(sizes):
        notes.append(say("parameters-drawn-up-runs", most_budget=MOST_BUDGET))
    notes.append(say("parameters-k-all-runs-best"))
    return tuple(notes)


# --- trade-offs --------------------------------------------------------------------------------------------------------


def _front_chart(view: View, front: Front, metric: Metric) -> Chart:
    other = view.facts.metrics[front.other]

    def points(name: str, keys: Sequence[RunKey]) -> Trace:
        return Trace(
            name,
            tuple(other.values[key] for key in keys),
            tuple(metric.values[key] for key in keys),
            "points",
            labels=tuple(run_name(view.run(key)) for key in keys),
            runs=tuple((key,) for key in keys),
        )

    inside = set(front.members)
    others = points(view.say("parameters-column-run"), [key for key in front.keys if key not in inside])
    rest = (replace(others, color=0, marker="open", opacity=0.7),) if others.x else ()
    best = points(
        view.say("parameters-front"), sorted(front.members, key=lambda key: (other.values[key], metric.values[key], key))
    )
    best = replace(best, mode="lines+points" if len(best.x) > 1 else "points", color=1, marker="diamond")
    n = len(front.members)
    title = view.say("parameters-against", metric=label_of(metric), metric_2=label_of(other))
    rows = tuple((Cell(view.link(key)), Cell(metric.values[key]), Cell(other.values[key])) for key in front.members)
    first = run_name(view.run(front.members[0]))
    said = (
        view.say("parameters-alone-best-both", first=first)
        if n == 1
        else view.say("parameters-beaten-other-run-both", n=n, metric=label_of(metric), first=first)
    )
    notes = [
        view.say("parameters-front-runs-other-run"),
        view.say(
            "parameters-runs-both-values-without",
            n=len(front.keys),
            if_n_excluded="yes" if front.n_excluded else "no",
            n_excluded=front.n_excluded if front.n_excluded else 0,
            metric=label_of(other) if front.n_excluded else "",
        ),
    ]
    return Chart(
        id="pareto",
        title=title,
        kind="points",
        x=_metric_axis(other, [other.values[key] for key in front.keys], view.say),
        y=_metric_axis(metric, [metric.values[key] for key in front.keys], view.say),
        alt=view.say("parameters-runs", n=len(front.keys), metric=label_of(metric), metric_2=label_of(other), said=said),
        traces=(*rest, best),
        table=Table(
            "pareto-data",
            view.say("parameters-runs-front", metric=label_of(metric), metric_2=label_of(other)),
            (
                Column("run", view.say("parameters-column-run"), "run"),
                value_column(metric, view.say),
                value_column(other, view.say),
            ),
            rows,
            n_total=len(rows),
            paper_rows=12,
            sortable=True,
        ),
        notes=tuple(notes),
        height=320,
    )


def _metric_axis(metric: Metric, values: Sequence[float], say: Say) -> Axis:
    kind: Literal["log", "linear"] = "log" if spans_decades(values) else "linear"
    return Axis(say("parameters-higher-better-lower-better-2", metric=label_of(metric), goal=metric.goal), kind, metric.format)


# --- failures ----------------------------------------------------------------------------------------------------------


def _failures(found: Parameters, failures: FailureTable, say: Say) -> Table:
    """How often runs failed at each level; p only from ten failed runs on."""
    tested = any(row.p_adjusted is not None for row in failures.rows)
    columns = (
        Column("parameter", say("parameters-column-parameter"), "code"),
        Column("level", say("parameters-column-value"), "code"),
        Column("failed", say("parameters-column-failed"), "integer"),
        Column("runs", say("parameters-column-ended"), "integer"),
        Column("share", say("parameters-column-share-95-interval"), "percent", 0),
        *((Column("p", say("parameters-column-adjusted-p"), "p", note=say("parameters-benjamini-hochberg")),) if tested else ()),
    )
    shown = [row for row in failures.rows if tested or row.level]
    rows = tuple(_failure_row(row, tested, say) for row in shown)
    where = say("parameters-runs-ended-parameters", runs=failures.runs, experiment=one_line(found.experiment, 60))
    notes = [say("parameters-failed-killed-parameter-number", failed=failures.failed, where=where)]
    if tested:
        notes.append(say("parameters-p-fisher-s-exact"))
    else:
        notes.append(say("parameters-too-few-failed-runs"))
    return Table(
        "failures", say("parameters-failures-parameter"), columns, rows, tuple(notes), len(rows), paper_rows=20, sortable=True
    )


def _failure_row(row: FailureRow, tested: bool, say: Say) -> tuple[Cell, ...]:
    share = wilson_interval(row.failed, row.runs)
    return (
        Cell(one_line(row.param, 60)),
        Cell(shown_value(row.param, row.level) or say("parameters-any-number")),
        Cell(row.failed),
        Cell(row.runs),
        Cell(Interval(share.value, share.low, share.high, row.runs)),
        *((Cell(row.p_adjusted),) if tested else ()),
    )


# --- odd runs ----------------------------------------------------------------------------------------------------------


def _outliers(view: View, found: Parameters, metric: Metric) -> Block:
    odd = found.outliers
    if odd.outcome != "estimated":
        return paragraph(view.say("parameters-outliers-looked", clause=clause(odd.reason, view.say)))
    if not odd.flagged:
        return paragraph(view.say("parameters-run-outlier-modified-z", metric=label_of(metric), outlier_z=f"{OUTLIER_Z}"))
    sides = {True: view.say("parameters-suspiciously-good"), False: "bad", None: view.say("parameters-direction-known")}
    rows = tuple(
        (
            Cell(view.link(found.keys[one.index])),
            Cell(one.value),
            Cell(one.z),
            Cell(sides[one.suspiciously_good], "warning" if one.suspiciously_good else "neutral"),
        )
        for one in sorted(odd.flagged, key=lambda one: (-abs(one.z), found.keys[one.index]))
    )
    columns = (
        Column("run", view.say("parameters-column-run"), "run"),
        value_column(metric, view.say),
        Column("z", view.say("parameters-column-modified-z"), "change", 1),
        Column("side", view.say("parameters-column-side")),
    )
    median = value_words(metric, odd.median)
    rule = view.say("parameters-modified-z-0-6745", outlier_z=f"{OUTLIER_Z}", median=median)
    notes = (rule, view.say("parameters-listed-never-removed-search"))
    return Table(
        "outliers",
        view.say("parameters-outliers", metric=label_of(metric)),
        columns,
        rows,
        notes,
        len(rows),
        paper_rows=10,
        sortable=True,
    )
