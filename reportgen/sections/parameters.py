"""What matters in a search: importance of the parameters, their values run by run, budgets, trade-offs, odd runs."""

from __future__ import annotations

import math
from collections.abc import Sequence
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
from reportgen.formats import goal_words, listed, one_line, plural, text_of
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
from reportgen.words.methods import clause
from reportgen.words.parameters import withheld_text
from reportgen.words.quantities import digits_with, label_of, value_words

CAVEAT = "Holds within the region that was searched; adaptive samplers bias it; it is not causal."
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
    blocks: list[Block] = [_lead(found, metric), *_importance(found, metric), _lines_chart(view, found, metric)]
    blocks += beside(
        [
            *([_budget_chart(found, metric)] if found.budgets else []),
            *([_front_chart(view, found.front, metric)] if found.front else []),
        ]
    )
    blocks.append(_outliers(view, found, metric))
    blocks += [_failures(found, found.failures)] if found.failures else []
    return Section("parameters", "What matters", tuple(blocks), "Which parameters matter, and what does more searching buy?")


def _lead(found: Parameters, metric: Metric) -> Block:
    names = listed([one_line(name, 40) for name in found.params], 8)
    where = f"{plural(len(found.keys), 'finished run')} of {one_line(found.experiment, 60)}"
    said = [f" by {label_of(metric)} ({goal_words(metric.goal)}). {plural(len(found.params), 'parameter')} vary: {names}."]
    if found.n_inside:
        said.append(f"Parents or children left out, so that nothing counts twice: {plural(found.n_inside, 'run')}.")
    if found.n_without:
        said.append(f"Without a usable value: {plural(found.n_without, 'run')}.")
    if found.n_secret:
        said.append(f"{plural(found.n_secret, 'parameter')} with the name of a secret left out.")
    if found.others:
        others = listed([one_line(name, 60) for name in found.others])
        said.append(
            f"This is the largest search of the report; others: {others}. A report of that experiment alone shows its parameters."
        )
    return paragraph(strong(where), " ".join(said))


# --- importance --------------------------------------------------------------------------------------------------------


def _importance(found: Parameters, metric: Metric) -> list[Block]:
    importance = found.importance
    blocks: list[Block] = []
    if importance.outcome == "estimated":
        blocks.append(_shares_chart(found, metric))
    else:
        text = f"{withheld_text(found)}."
        if importance.associations:
            text += " Each parameter alone is below."
        blocks.append(Notice("neutral", "Parameter importance is withheld", text))
    return [*blocks, *([_associations(found, metric)] if importance.associations else [])]


def _shares_chart(found: Parameters, metric: Metric) -> Chart:
    importance = found.importance
    assert importance.r2 is not None
    shares = importance.shares[:MOST_BARS]
    names = tuple(one_line(one.param, 40) for one in shares)
    bars = Trace(
        "Share",
        tuple(map(float, range(len(shares)))),
        tuple(round(one.share, 3) for one in shares),  # as the table prints it
        "bars",
        color=0,
        low=tuple(round(max(0.0, one.share - one.sd), 3) for one in shares),
        high=tuple(round(min(1.0, one.share + one.sd), 3) for one in shares),
        labels=names,
    )
    columns = (
        Column("parameter", "Parameter", "code"),
        Column("share", "Importance", "percent", 1),
        Column("sd", "sd", "percent", 1, note="over 15 fits"),
    )
    rows = tuple((Cell(one_line(one.param, 60)), Cell(one.share), Cell(one.sd)) for one in importance.shares)
    first = ", ".join(f"{name} {text_of(one.share, 'percent', 1)}" for name, one in list(zip(names, shares, strict=True))[:3])
    title = f"Importance for {label_of(metric)}"
    return Chart(
        id="importance",
        title=title,
        kind="bars",
        x=Axis("", "category", "text", names),
        y=Axis("Share of importance", format="percent", low=0.0),
        alt=f"Importance of {plural(len(shares), 'parameter')} for {label_of(metric)}: {first}.",
        traces=(bars,),
        table=Table("importance-data", title, columns, rows, n_total=len(rows), paper_rows=15),
        notes=_importance_notes(found, importance),
        height=min(560, 150 + 30 * len(shares)),
    )


def _importance_notes(found: Parameters, importance: Importance) -> tuple[str, ...]:
    how = "How much worse a random forest predicts held-out runs when the parameter is shuffled, as a share of all"
    notes = [CAVEAT, f"{how}; whiskers: sd over 15 fits, within 0 and 100 %. Cross-validated R² {importance.r2:.2f}."]
    if found.n_modelled < len(found.keys):
        notes.append(f"The model has {found.n_modelled:,} of {plural(len(found.keys), 'run')}, evenly by start.")
    together = [listed([one_line(name, 40) for name in group]) for group in importance.entangled]
    notes += [f"Not separable, they move together: {names}." for names in together]
    if len(importance.shares) > MOST_BARS:
        notes.append(f"{MOST_BARS} of {len(importance.shares)} parameters drawn; the table has all.")
    return tuple(notes)


def _associations(found: Parameters, metric: Metric) -> Table:
    def cells(one: Association) -> tuple[Cell, ...]:
        rho = one.value if one.measure == "spearman" else None
        eta2 = one.value if one.measure == "eta2" else None
        return Cell(one_line(one.param, 60)), Cell(rho), Cell(eta2), Cell(one.n), Cell(one.p_adjusted)

    columns = (
        Column("parameter", "Parameter", "code"),
        Column("rho", "Spearman rho", "number", 2, note="numbers: −1 to 1"),
        Column("eta2", "eta²", "number", 2, note="labels: 0 to 1"),
        Column("n", "Runs", "integer"),
        Column("p", "Adjusted p", "p", note="Benjamini–Hochberg"),
    )
    ordered = sorted(found.importance.associations, key=lambda one: (-abs(one.value), one.param))
    rows = tuple(cells(one) for one in ordered)
    notes = (
        f"One parameter against {label_of(metric)}, the others ignored: an interaction does not show here. rho above 0: the metric rises with it.",
        *(() if found.importance.outcome == "estimated" else (CAVEAT,)),
    )
    return Table("associations", "Each parameter alone", columns, rows, notes, len(rows), paper_rows=20, sortable=True)


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
        )
        for i, key in enumerate(keys)
    ]
    shown = tuple(lines.params)
    rows = tuple((Cell(view.link(key)), *param_cells(view.run(key), shown), Cell(metric.finite(key))) for key in keys)
    best = lines.keys[0]
    title = f"Parameters and {label_of(metric)}, run by run"
    which = "the best" if lines.n_top else "the first"
    settings = ", ".join(
        f"{axis.label} {_place_words(axis, heights[0])}" for axis, heights in scaled[:4] if heights[0] is not None
    )
    return Chart(
        id="parameters-lines",
        title=title,
        kind="parallel",
        x=Axis(""),
        y=Axis(""),
        alt=(
            f"One line for each of {plural(len(lines.keys), 'run')} over {plural(len(shown), 'parameter')} and {label_of(metric)}; {which}, "
            f"{run_name(view.run(best))}, has {settings + ' and ' if settings else ''}{value_words(metric, metric.values[best])}."
        ),
        traces=tuple(reversed(traces)),  # the best on top
        axes=(*(axis for axis, _ in scaled), last),
        table=Table(
            "parameters-lines-data",
            title,
            (Column("run", "Run", "run"), *param_columns(shown), value_column(metric)),
            rows,
            n_total=len(rows),
            paper_rows=10,
            sortable=True,
        ),
        method=_lines_notes(found, lines, any(height is None for _, heights in scaled for height in heights)),
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


def _lines_notes(found: Parameters, lines: Lines, gaps: bool) -> tuple[str, ...]:
    n, total = len(lines.keys), len(found.keys)
    if n == total:
        notes = [f"All {plural(total, 'run')}."]
    elif lines.n_top:
        notes = [
            f"{n} of {total:,} runs (at most {MOST_LINES} lines): the best {lines.n_top}, and of the others every so many by rank."
        ]
    else:
        notes = [f"{n} of {total:,} runs (at most {MOST_LINES} lines), every so many by start."]
    if lines.n_params > len(lines.params):
        how = "important" if found.importance.shares else "associated"
        notes.append(f"The {len(lines.params)} most {how} of {lines.n_params:,} parameters.")
    if lines.broken:
        notes.append(f"Dotted lines that end early: {len(lines.broken)} of {plural(lines.n_broken, 'failed run')}.")
    return (*notes, *(("A gap in a line: the run does not have that parameter.",) if gaps else ()))


# --- budgets -----------------------------------------------------------------------------------------------------------


def _budget_chart(found: Parameters, metric: Metric) -> Chart:
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
        Column("k", "Runs k", "integer"),
        *(
            Column(f"best:{curve.experiment_id}", one_line(curve.experiment, 40), metric.format, digits, metric.goal)
            for curve in curves
        ),
    )
    rows = tuple((Cell(k), *(Cell(curve.best.values[i]) for curve in curves)) for i, k in enumerate(curves[0].best.budgets))
    words = [
        f"{one_line(curve.experiment, 40)} from {value_words(metric, first, digits)} to {value_words(metric, last, digits)}"
        for curve, (first, last) in zip(curves, ends, strict=True)
    ]
    title = f"Expected best {label_of(metric)} of k runs"
    values = [value for curve in curves for value in curve.best.values]
    return Chart(
        id="expected-best",
        title=title,
        kind="lines",
        x=Axis("Number of runs k", format="integer"),
        y=Axis(f"{label_of(metric)} ({goal_words(metric.goal)})", "log" if spans_decades(values) else "linear", metric.format),
        alt=f"Expected best {label_of(metric)} of 1 to {most:,} runs: {listed(words, 8)}.",
        traces=traces,
        table=Table("expected-best-data", title, columns, rows, n_total=len(rows), paper_rows=12),
        method=_budget_notes(found, most),
        height=280,
    )


def _budget_notes(found: Parameters, most: int) -> tuple[str, ...]:
    sizes = [curve.best.n for curve in found.budgets]
    notes = [f"The mean of the best over all choices of k of the runs (Tang et al. 2020), k from 1 to {most:,}."]
    if len(sizes) > 1:
        notes.append(
            "Searches are compared at equal k, up to the runs of the smallest, and not tested; their values compare only where they measured "
            "the same thing."
        )
        if found.n_budgets > len(sizes):
            notes.append(f"The {len(sizes)} largest of {found.n_budgets} searches.")
    if most == MOST_BUDGET < min(sizes):
        notes.append(f"Drawn up to {MOST_BUDGET} runs.")
    notes.append("At k = all runs it is the best that was seen: expect a re-run of that run to be worse.")
    return tuple(notes)


# --- trade-offs --------------------------------------------------------------------------------------------------------


def _front_chart(view: View, front: Front, metric: Metric) -> Chart:
    other = view.facts.metrics[front.other]

    def points(keys: Sequence[RunKey]) -> tuple[tuple[float, ...], tuple[float, ...], tuple[str, ...]]:
        return (
            tuple(other.values[key] for key in keys),
            tuple(metric.values[key] for key in keys),
            tuple(run_name(view.run(key)) for key in keys),
        )

    inside = set(front.members)
    x, y, names = points([key for key in front.keys if key not in inside])
    fx, fy, fnames = points(sorted(front.members, key=lambda key: (other.values[key], metric.values[key], key)))
    rest = (Trace("Run", x, y, "points", color=0, marker="open", labels=names, opacity=0.7),) if x else ()
    best = Trace("On the front", fx, fy, "lines+points" if len(fx) > 1 else "points", color=1, marker="diamond", labels=fnames)
    n = len(front.members)
    title = f"{label_of(metric)} against {label_of(other)}"
    rows = tuple((Cell(view.link(key)), Cell(metric.values[key]), Cell(other.values[key])) for key in front.members)
    first = run_name(view.run(front.members[0]))
    said = (
        f"{first} alone is best in both"
        if n == 1
        else f"{n} are beaten by no other run in both; best {label_of(metric)}: {first}"
    )
    notes = [
        "Front: runs that no other run equals or beats in both metrics while being better in one. Noise makes its members uncertain.",
        f"{plural(len(front.keys), 'run')} with both values"
        + (f"; {front.n_excluded:,} without a usable {label_of(other)} left out." if front.n_excluded else "."),
    ]
    return Chart(
        id="pareto",
        title=title,
        kind="points",
        x=_metric_axis(other, [*x, *fx]),
        y=_metric_axis(metric, [*y, *fy]),
        alt=f"{plural(len(front.keys), 'run')} by {label_of(metric)} and {label_of(other)}; {said}.",
        traces=(*rest, best),
        table=Table(
            "pareto-data",
            f"Runs on the front of {label_of(metric)} and {label_of(other)}",
            (Column("run", "Run", "run"), value_column(metric), value_column(other)),
            rows,
            n_total=len(rows),
            paper_rows=12,
            sortable=True,
        ),
        notes=tuple(notes),
        height=320,
    )


def _metric_axis(metric: Metric, values: Sequence[float]) -> Axis:
    kind: Literal["log", "linear"] = "log" if spans_decades(values) else "linear"
    return Axis(f"{label_of(metric)} ({goal_words(metric.goal)})", kind, metric.format)


# --- failures ----------------------------------------------------------------------------------------------------------


def _failures(found: Parameters, failures: FailureTable) -> Table:
    """How often runs failed at each level; p only from ten failed runs on."""
    tested = any(row.p_adjusted is not None for row in failures.rows)
    columns = (
        Column("parameter", "Parameter", "code"),
        Column("level", "Value", "code"),
        Column("failed", "Failed", "integer"),
        Column("runs", "Ended", "integer"),
        Column("share", "Share [95 % interval]", "percent", 0),
        *((Column("p", "Adjusted p", "p", note="Benjamini–Hochberg"),) if tested else ()),
    )
    shown = [row for row in failures.rows if tested or row.level]
    rows = tuple(_failure_row(row, tested) for row in shown)
    where = f"{plural(failures.runs, 'run')} of {one_line(found.experiment, 60)} that ended and have parameters"
    notes = [
        f"{failures.failed:,} of {where} failed or were killed. A parameter that is a number has one row, and only with a test."
    ]
    if tested:
        notes.append(
            "p: Fisher's exact test of a value against the others, Mann–Whitney of a number between failed and other runs."
        )
    else:
        notes.append("Too few failed runs for a test (ten are needed): counts only.")
    return Table("failures", "Failures by parameter", columns, rows, tuple(notes), len(rows), paper_rows=20, sortable=True)


def _failure_row(row: FailureRow, tested: bool) -> tuple[Cell, ...]:
    share = wilson_interval(row.failed, row.runs)
    return (
        Cell(one_line(row.param, 60)),
        Cell(shown_value(row.param, row.level) or "any number"),
        Cell(row.failed),
        Cell(row.runs),
        Cell(Interval(share.value, share.low, share.high, row.runs)),
        *((Cell(row.p_adjusted),) if tested else ()),
    )


# --- odd runs ----------------------------------------------------------------------------------------------------------


def _outliers(view: View, found: Parameters, metric: Metric) -> Block:
    odd = found.outliers
    if odd.outcome != "estimated":
        return paragraph(f"Outliers were not looked for: {clause(odd.reason)}.")
    if not odd.flagged:
        return paragraph(f"No run is an outlier in {label_of(metric)} (modified z above {OUTLIER_Z}).")
    sides = {True: "suspiciously good", False: "bad", None: "no direction is known"}
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
        Column("run", "Run", "run"),
        value_column(metric),
        Column("z", "Modified z", "change", 1),
        Column("side", "Side"),
    )
    median = value_words(metric, odd.median)
    rule = f"Modified z = 0.6745 · (value − median) / MAD beyond {OUTLIER_Z} (Iglewicz and Hoaglin 1993); the median is {median}."
    notes = (rule, "Listed, never removed. A search that is skewed by design has such runs without a fault.")
    return Table("outliers", f"Outliers in {label_of(metric)}", columns, rows, notes, len(rows), paper_rows=10, sortable=True)
