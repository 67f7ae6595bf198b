"""How training went: the best runs as lines, groups as bands, and what the curves say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from reportgen.analyze.metrics import Metric
from reportgen.analyze.training import SMOOTH_ABOVE, WEIGHT, Curve, GroupCurve, MetricHistory
from reportgen.formats import goal_words, listed, one_line, plural, slug, text_of
from reportgen.model import Axis, Band, Block, Cell, Chart, Column, Mark, Section, Table, Trace
from reportgen.sections.view import View, change_format, change_words, label_of, paragraph, run_name, spans_decades, value_words

MOST_MARKS = 3


def histories_section(view: View) -> Section:
    title, question = "Training histories", "How did training go, and where did it go wrong?"
    found = view.facts.histories
    if not found:
        text = "No metric with a direction has a history of more than one point."
        return Section("histories", title, (paragraph(text),), question)
    blocks: list[Block] = []
    for one in found:
        blocks += _blocks(view, one)
    return Section("histories", title, tuple(blocks), question)


def _blocks(view: View, one: MetricHistory) -> list[Block]:
    metric = view.facts.metrics[one.metric]
    text = remarks(view, one, metric)
    chart = _group_chart(view, one, metric) if len(one.groups) > 1 else _line_chart(view, one, metric)
    return [chart, *([paragraph(text)] if text else [])]


# --- the picture -----------------------------------------------------------------------------------------------------


def _line_chart(view: View, one: MetricHistory, metric: Metric) -> Chart:
    traces: list[Trace] = []
    for i, curve in enumerate(one.curves):
        traces += _curve_traces(run_name(view.run(curve.key)), curve, i, one)
    bands = _rest_band(one)
    if one.band is not None:
        traces.append(Trace("Median of the others", one.band.x, one.band.middle, color=9, dash="dot", tone="muted"))
    best = one.curves[0]
    n = len(one.curves)
    whose = "the best run" if metric.goal != "none" and view.run(best.key).finished else "the first run shown"
    alt = (
        f"{label_of(metric)} over {_x_words(one)} for {n} of {plural(one.n_runs, 'run')}; {whose}, {run_name(view.run(best.key))}, goes from "
        f"{value_words(metric, best.facts.first)} to {value_words(metric, best.facts.last)}."
    )
    return _chart(view, one, metric, tuple(traces), bands, alt, _line_notes(one, metric))


def _curve_traces(name: str, curve: Curve, color: int, one: MetricHistory) -> list[Trace]:
    """The raw line, faint behind its smoothed one; the training partner dashed in the same colour."""
    line = curve.line
    mode: Literal["lines", "lines+points"] = "lines+points" if line.n_drawn <= 12 else "lines"
    traces = []
    if line.smooth_x:
        traces.append(Trace(f"{name}, as logged", line.x, line.y, color=color, width=1.0, opacity=0.25, in_legend=False))
        traces.append(Trace(name, line.smooth_x, line.smooth_y, color=color))
    else:
        traces.append(Trace(name, line.x, line.y, mode, color=color))
    if curve.partner is not None and one.partner is not None:
        partner = curve.partner
        x, y = (partner.smooth_x, partner.smooth_y) if partner.smooth_x else (partner.x, partner.y)
        traces.append(
            Trace(
                f"{name}, {one_line(one.partner, 40)}",
                x,
                y,
                color=color,
                dash="dash",
                width=1.2,
                opacity=0.8,
                in_legend=color == 0,
            )
        )
    return traces


def _rest_band(one: MetricHistory) -> tuple[Band, ...]:
    band = one.band
    return (Band(f"10–90 % of the other {band.n_runs:,} runs", band.x, band.low, band.high, color=9),) if band else ()


def _group_chart(view: View, one: MetricHistory, metric: Metric) -> Chart:
    traces = tuple(Trace(f"{one_line(g.label, 40)} (n = {g.n_runs})", g.x, g.mean, color=i) for i, g in enumerate(one.groups))
    colors = {g.label: i for i, g in enumerate(one.groups)}
    traces += tuple(
        Trace(
            f"{one_line(g.label, 40)}, {one_line(one.partner or '', 40)}",
            g.x,
            g.mean,
            color=colors[g.label],
            dash="dash",
            width=1.2,
        )
        for g in one.partner_groups
        if g.label in colors
    )
    bands = tuple(
        Band(f"{one_line(g.label, 40)}, 95 % interval", g.x, g.low, g.high, color=i, in_legend=False)
        for i, g in enumerate(one.groups)
    )
    ends = [f"{one_line(g.label, 40)} ends at {value_words(metric, g.mean[-1])}" for g in one.groups[:6]]
    alt = (
        f"Mean {label_of(metric)} over {_x_words(one)} of {plural(len(one.groups), 'group')} with 95 % intervals: {listed(ends)}."
    )
    return _chart(view, one, metric, traces, bands, alt, _group_notes(one))


def _chart(
    view: View,
    one: MetricHistory,
    metric: Metric,
    traces: tuple[Trace, ...],
    bands: tuple[Band, ...],
    alt: str,
    notes: tuple[str, ...],
) -> Chart:
    log = spans_decades(_drawn_values(traces, bands))
    drawn = one.partner if len(one.groups) < 2 or one.partner_groups else None
    partner = f" with {one_line(drawn, 40)} (dashed)" if drawn else ""
    extra = ("The axis is logarithmic: the values span more than a factor of 1,000.",) if log else ()
    return Chart(
        id=f"history-{slug(metric.name)}",
        title=f"{label_of(metric)}{partner}",
        kind="lines",
        x=Axis("Step" if one.axis == "step" else "Seconds since the first point", format="integer"),
        y=Axis(f"{label_of(metric)} ({goal_words(metric.goal)})", "log" if log else "linear", metric.format),
        alt=alt,
        traces=traces,
        bands=bands,
        marks=_bad_marks(view, one),
        table=_table(view, one, metric),
        notes=(*notes, *extra),
    )


def _drawn_values(traces: tuple[Trace, ...], bands: tuple[Band, ...]) -> Iterator[float]:
    for trace in traces:
        yield from (y for y in trace.y if y is not None)
    for band in bands:
        yield from (*band.low, *band.high)


def _bad_marks(view: View, one: MetricHistory) -> tuple[Mark, ...]:
    """Where the drawn runs first logged NaN or infinity."""
    shown = {curve.key for curve in one.curves}
    bad = [(step, key) for key, step in one.bad if key in shown]
    if one.axis != "step":
        return ()
    return tuple(Mark("x", float(step), f"NaN: {run_name(view.run(key))}", "bad") for step, key in sorted(bad)[:MOST_MARKS])


# --- what is drawn, and what not -------------------------------------------------------------------------------------


def _x_words(one: MetricHistory) -> str:
    return "steps" if one.axis == "step" else "time"


def _line_notes(one: MetricHistory, metric: Metric) -> tuple[str, ...]:
    n, order = len(one.curves), "best first" if metric.goal != "none" else "newest first"
    first = f"{n} of {plural(one.n_runs, 'run')} as lines, {order}"
    if one.band is not None:
        first += f"; the other {one.band.n_runs:,} as a band from their 10 % to their 90 % quantile"
    elif one.n_runs > n:
        first += f"; the other {one.n_runs - n:,} are in the data files"
    return (f"{first}.", *_thinning_notes(one), *_common_notes(one))


def _thinning_notes(one: MetricHistory) -> tuple[str, ...]:
    notes = []
    lines = [line for curve in one.curves for line in (curve.line, curve.partner) if line is not None]
    points, drawn = sum(line.n_points for line in lines), sum(line.n_drawn for line in lines)
    if drawn < points:
        notes.append(
            f"Thinned for drawing from {points:,} to {drawn:,} points; every peak and dip is kept, and numbers use all points."
        )
    if any(line.smooth_x for line in lines):
        notes.append(
            f"Lines of more than {SMOOTH_ABOVE} points are smoothed (debiased moving average, weight {text_of(WEIGHT, 'number', 1)}); what was "
            f"logged is behind them."
        )
    return tuple(notes)


def _group_notes(one: MetricHistory) -> tuple[str, ...]:
    notes = ["Mean of each group's runs with a pointwise 95 % t interval, where three runs or more have values."]
    if one.n_groups > len(one.groups):
        notes.append(f"{len(one.groups)} of {plural(one.n_groups, 'group')} drawn.")
    fewer = [g for g in one.groups if g.n_last < g.n_runs]
    if fewer:
        notes.append(f"Fewer runs at the end: {listed([_dropped(g) for g in fewer], 4)}; the mean is then of those that lasted.")
    return (*notes, *_common_notes(one))


def _dropped(group: GroupCurve) -> str:
    return f"{one_line(group.label, 40)} {group.n_last} of {group.n_runs}"


def _common_notes(one: MetricHistory) -> tuple[str, ...]:
    notes = []
    if one.axis == "time":
        notes.append("Logged without steps, so the axis is the time since each run's first point.")
    if one.n_single:
        notes.append(f"{plural(one.n_single, 'run')} logged it only once and cannot be drawn.")
    if one.n_all_bad:
        notes.append(f"{plural(one.n_all_bad, 'run')} logged nothing but NaN or infinity.")
    if one.n_duplicates:
        notes.append(f"{plural(one.n_duplicates, 'point')} logged again at the same step: the later one is drawn.")
    return tuple(notes)


# --- what the curves say ---------------------------------------------------------------------------------------------


def remarks(view: View, one: MetricHistory, metric: Metric) -> str:
    """Sentences on divergence, over-fitting, plateaus and runs that could go on; of the runs drawn as lines."""

    def names(curves: list[Curve]) -> str:
        return listed([run_name(view.run(curve.key)) for curve in curves], 4)

    sentences = []
    if one.bad:
        first = [f"{run_name(view.run(key))} from step {step:,}" for key, step in one.bad]
        sentences.append(f"NaN or infinity in {plural(len(one.bad), 'run')}: {listed(first, 4)}.")
    exploded = [c for c in one.curves if c.divergence.exploded]
    if exploded:
        sentences.append(f"Ended above twice its first value: {names(exploded)}.")
    lost = [c for c in one.curves if c.divergence.gave_back and not c.divergence.exploded]
    if lost:
        sentences.append(f"Gave back half or more of its gain by the end: {names(lost)}.")
    over = [c for c in one.curves if c.gap is not None and c.gap.overfitting]
    if over:
        sentences.append(f"Over-fitting: {listed([_gap_words(view, metric, c) for c in over], 3)}.")
    going = [c for c in one.curves if c.improving]
    if going:
        sentences.append(f"Still improving at the end: {names(going)}.")
    return " ".join(sentences)


def _gap_words(view: View, metric: Metric, curve: Curve) -> str:
    assert curve.gap is not None
    return (
        f"{run_name(view.run(curve.key))} (best at {text_of(curve.gap.best_step, 'number')}; training is ahead by "
        f"{change_words(metric, curve.gap.at_best)} then and {change_words(metric, curve.gap.at_end)} at the end)"
    )


def _table(view: View, one: MetricHistory, metric: Metric) -> Table:
    """The numbers behind the lines: one row for each run drawn; the data files hold every point."""
    columns = (
        Column("run", "Run", "run"),
        Column("points", "Points", "integer"),
        Column("last_step", "Last step", "integer"),
        Column("first", "First", metric.format, metric.digits),
        *(
            (
                Column("best", "Best", metric.format, metric.digits, metric.goal),
                Column("best_step", "at step", "integer"),
            )
            if metric.goal != "none"
            else ()
        ),
        Column("last", "Last", metric.format, metric.digits),
        *((Column("gap", "Training ahead at the end", change_format(metric), metric.digits),) if one.partner else ()),
        Column("plateau", "No gain for 10 points at", "number"),
        Column("bad_step", "First NaN", "integer"),
    )
    rows = tuple(_row(view, curve, metric, one) for curve in one.curves)
    notes = ("Numbers use every logged point. The data files hold all histories.",)
    return Table(
        f"history-data-{slug(metric.name)}", f"Curves of {label_of(metric)}", columns, rows, notes, one.n_runs, paper_rows=30
    )


def _row(view: View, curve: Curve, metric: Metric, one: MetricHistory) -> tuple[Cell, ...]:
    f = curve.facts
    best, at = (f.high, f.high_step) if metric.goal == "maximize" else (f.low, f.low_step)
    return (
        Cell(view.link(curve.key)),
        Cell(f.n_points),
        Cell(f.last_step),
        Cell(f.first),
        *((Cell(best), Cell(at)) if metric.goal != "none" else ()),
        Cell(f.last),
        *((Cell(curve.gap.at_end if curve.gap else None),) if one.partner else ()),
        Cell(curve.plateau_x),
        Cell(f.first_bad_step, "bad" if f.first_bad_step is not None else "neutral"),
    )
