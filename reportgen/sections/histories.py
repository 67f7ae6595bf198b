"""How training went: the best runs as lines, groups as bands, and what the curves say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from reportgen.analyze.compare.difference import Difference
from reportgen.analyze.compare.values import GroupValues
from reportgen.analyze.curve_scalars import CurveScalars, GroupScalars
from reportgen.analyze.curves import MIN_DELTA, PATIENCE
from reportgen.analyze.metrics import Metric
from reportgen.analyze.step_dates import milliseconds_of_step
from reportgen.analyze.training import SMOOTH_ABOVE, WEIGHT, Curve, GroupCurve, Line, MetricHistory, unmoved
from reportgen.formats import goal_words, listed, moment, one_line, plural, slug, text_of
from reportgen.model import Axis, Band, Block, Cell, Chart, Column, Format, Interval, Mark, Section, Table, Tone, Trace
from reportgen.sections.view import View, beside, distinct, paragraph, run_name, run_names, spans_decades
from reportgen.words.quantities import change_format, change_words, digits_with, estimate_format, label_of, value_words

MOST_MARKS = 3
MOST_DROPS = 3


def histories_section(view: View) -> Section | None:
    """Left out where no metric with a direction was logged more than once."""
    title, question = "Training histories", "How did training go, and where did it go wrong?"
    found = view.facts.histories
    flat = unmoved(view.facts.metrics, view.facts.series, view.facts.runs)
    if not found and not flat:
        return None
    blocks = beside([_chart_of(view, one) for one in found])
    for one in found:
        blocks += _numbers(view, one)
    if flat:
        names = listed([label_of(view.facts.metrics[name]) for name in flat])
        blocks.append(paragraph(f"Logged several times without ever changing within a run, so not drawn: {names}."))
    return Section("histories", title, tuple(blocks), question)


def _chart_of(view: View, one: MetricHistory) -> Chart:
    metric = view.facts.metrics[one.metric]
    return _group_chart(view, one, metric) if len(one.groups) > 1 else _line_chart(view, one, metric)


def _numbers(view: View, one: MetricHistory) -> list[Block]:
    """The curves of groups as numbers, and what they show."""
    metric = view.facts.metrics[one.metric]
    text = remarks(view, one, metric)
    told = [_scalars_table(view, one, one.scalars, metric)] if one.scalars is not None else []
    return [*told, *([paragraph(text)] if text else [])]


def curve_chart(view: View, name: str) -> Chart | None:
    """The curves of one metric, without their numbers and remarks; None where it was not logged more than once."""
    one = next((one for one in view.facts.histories if one.metric == name), None)
    if one is None:
        return None
    metric, chart = view.facts.metrics[name], _chart_of(view, one)
    own = tuple(trace for trace in chart.traces if trace.dash != "dash")  # without its partner on the training data
    return replace(chart, traces=own, title=view.say("histories-while-training", metric=label_of(metric)))


# --- the picture -----------------------------------------------------------------------------------------------------


def _line_chart(view: View, one: MetricHistory, metric: Metric) -> Chart:
    traces: list[Trace] = []
    for i, (name, curve) in enumerate(zip(run_names([view.run(c.key) for c in one.curves]), one.curves, strict=True)):
        traces += _curve_traces(view, name, curve, i, one)
    bands = (*_rest_band(one), *_spread_bands(view, one))
    if one.band is not None:
        traces.append(Trace("Median of the others", one.band.x, one.band.middle, dash="dot", tone="muted"))
    best = one.curves[0]
    n = len(one.curves)
    is_best = _is_ranked(view, metric) and best.key in view.facts.ranked(metric.name).values and view.run(best.key).finished
    whose = "the best run" if is_best else "the first run shown"
    alt = (
        f"{label_of(metric)} over {_x_words(one)} for {n} of {plural(one.n_runs, 'run')}; {whose}, {run_name(view.run(best.key))}, goes from "
        f"{value_words(metric, best.facts.first)} to {value_words(metric, best.facts.last)}."
    )
    return _chart(view, one, metric, tuple(traces), bands, alt, _line_notes(view, one, metric))


def _curve_traces(view: View, name: str, curve: Curve, color: int, one: MetricHistory) -> list[Trace]:
    """The raw line, faint behind its smoothed one; the training partner dashed in the same colour."""
    line = curve.line
    mode: Literal["lines", "lines+points"] = "lines+points" if line.n_drawn <= 12 else "lines"
    traces = []
    if line.smooth_x:
        traces.append(Trace(f"{name}, as logged", line.x, line.y, color=color, width=1.0, opacity=0.25, in_legend=False))
        traces.append(Trace(name, line.smooth_x, line.smooth_y, color=color))
    else:
        traces.append(Trace(name, line.x, line.y, mode, color=color))
    traces += [_abandoned_trace(view, name, i, passed, color) for i, passed in enumerate(curve.abandoned, 1)]
    if curve.partner is not None and one.partner is not None and color == 0:  # of the best run alone: five more lines hide five
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
            )
        )
    return traces


def _abandoned_trace(view: View, name: str, number: int, line: Line, color: int) -> Trace:
    mode: Literal["points", "lines"] = "points" if line.n_drawn == 1 else "lines"
    label = view.say("histories-abandoned-pass", run=name, number=number)
    return Trace(label, line.x, line.y, mode, color=color, dash="dot", width=1.0, opacity=0.55, in_legend=False)


def _spread_bands(view: View, one: MetricHistory) -> tuple[Band, ...]:
    """From the smallest to the largest of several points at each step, in the colour of the line."""
    return tuple(
        Band(view.say("histories-spread", n=i + 1), c.spread.x, c.spread.low, c.spread.high, color=i, in_legend=False)
        for i, c in enumerate(one.curves)
        if c.spread is not None
    )


def _rest_band(one: MetricHistory) -> tuple[Band, ...]:
    band = one.band
    return (Band(f"10–90 % of the other {band.n_runs:,} runs", band.x, band.low, band.high, tone="muted"),) if band else ()


def _group_chart(view: View, one: MetricHistory, metric: Metric) -> Chart:
    names = distinct([g.label for g in one.groups])
    traces = tuple(
        Trace(f"{name} (n = {g.n_runs})", g.x, g.mean, color=i) for i, (name, g) in enumerate(zip(names, one.groups, strict=True))
    )
    color_of = {g.label: i for i, g in enumerate(one.groups)}
    traces += tuple(
        Trace(
            f"{names[color_of[g.label]]}, {one_line(one.partner or '', 40)}",
            g.x,
            g.mean,
            color=color_of[g.label],
            dash="dash",
            width=1.2,
        )
        for g in one.partner_groups
        if g.label in color_of
    )
    bands = tuple(
        Band(f"{name}, 95 % interval", g.x, g.low, g.high, color=i, in_legend=False)
        for i, (name, g) in enumerate(zip(names, one.groups, strict=True))
    )
    ends = [f"{name} ends at {value_words(metric, g.mean[-1])}" for name, g in list(zip(names, one.groups, strict=True))[:6]]
    alt = (
        f"Mean {label_of(metric)} over {_x_words(one)} of {plural(len(one.groups), 'group')} with 95 % intervals: {listed(ends)}."
    )
    return _chart(view, one, metric, traces, bands, alt, _group_notes(view, one))


def _chart(
    view: View,
    one: MetricHistory,
    metric: Metric,
    traces: tuple[Trace, ...],
    bands: tuple[Band, ...],
    alt: str,
    notes: tuple[str, ...],
) -> Chart:
    log = spans_decades(_drawn_values(traces, bands), rising=metric.goal == "maximize")
    drawn = one.partner if len(one.groups) < 2 or one.partner_groups else None
    partner = f" with {one_line(drawn, 40)} (dashed)" if drawn else ""
    extra = (view.say("histories-log-axis"),) if log else ()
    return Chart(
        id=f"history-{slug(metric.name)}",
        title=f"{label_of(metric)}{partner}",
        kind="lines",
        x=_x_axis(view, one),
        y=Axis(f"{label_of(metric)} ({goal_words(metric.goal)})", "log" if log else "linear", metric.format),
        alt=alt,
        traces=traces,
        bands=bands,
        marks=_bad_marks(view, one),
        table=_table(view, one, metric),
        notes=extra,
        method=notes,
    )


def _x_axis(view: View, one: MetricHistory) -> Axis:
    if one.axis == "date":
        return Axis(view.say("histories-date-axis"), "time", _x_format(one))
    label = view.say("histories-offset-axis", origin=one.origin) if one.axis == "offset" else "Step"
    if one.axis == "time":
        return Axis(view.say("histories-time-axis"), format="duration")
    return Axis(label, format="integer")


def _x_format(one: MetricHistory) -> Format:
    """How a place on x is written in tables."""
    if one.axis != "date":
        return "number" if one.axis == "time" else "integer"
    ends = [x for curve in one.curves for x in (curve.line.x[:1] + curve.line.x[-1:])]
    return "date" if all(x % 86_400_000 == 0 for x in ends) else "time"


def _x_text(one: MetricHistory, x: float) -> str:
    """A place on x as words: "step 12", "2026-11-20"."""
    if one.axis == "date":
        return text_of(moment(round(x)), _x_format(one))
    if one.axis == "offset":
        return f"step {round(x) + one.origin:,}"
    return f"{'second' if one.axis == 'time' else 'step'} {_place(x)}"


def _step_text(one: MetricHistory, step: int) -> str:
    return _x_text(one, milliseconds_of_step(step, one.unit)) if one.axis == "date" else f"step {step:,}"


def _step_cell(one: MetricHistory, step: int | None, tone: Tone = "neutral") -> Cell:
    """A step as the store holds it; a date where steps are dates."""
    if step is None or one.axis != "date":
        return Cell(step, tone)
    return Cell(moment(milliseconds_of_step(step, one.unit)), tone)


def _drawn_values(traces: tuple[Trace, ...], bands: tuple[Band, ...]) -> Iterator[float]:
    for trace in traces:
        yield from (y for y in trace.y if y is not None)
    for band in bands:
        yield from (*band.low, *band.high)


def _bad_marks(view: View, one: MetricHistory) -> tuple[Mark, ...]:
    """Where the drawn runs first logged NaN or infinity."""
    shown = {curve.key for curve in one.curves}
    bad = [(step, key) for key, step in one.bad if key in shown]
    if one.axis == "time":
        return ()
    return tuple(
        Mark("x", _mark_place(one, step), f"NaN: {run_name(view.run(key))}", "bad") for step, key in sorted(bad)[:MOST_MARKS]
    )


def _mark_place(one: MetricHistory, step: int) -> float:
    return float(milliseconds_of_step(step, one.unit) if one.axis == "date" else step - one.origin)


# --- what is drawn, and what not -------------------------------------------------------------------------------------


def _is_ranked(view: View, metric: Metric) -> bool:
    return view.facts.ranked(metric.name).goal != "none"


def _x_words(one: MetricHistory) -> str:
    return "steps" if one.axis in ("step", "offset") else "time"


def _line_notes(view: View, one: MetricHistory, metric: Metric) -> tuple[str, ...]:
    n, order = len(one.curves), "best first" if _is_ranked(view, metric) else "newest first"
    first = f"{n} of {plural(one.n_runs, 'run')} as lines, {order}"
    if one.band is not None:
        first += f"; the other {one.band.n_runs:,} as a band from their 10 % to their 90 % quantile"
    elif one.n_runs > n:
        first += f"; the other {one.n_runs - n:,} are in the data files"
    if one.band is not None and one.band.interpolated:
        first += ", read along straight lines between their points"
    return (f"{first}.", *_thinning_notes(one), *_common_notes(view, one))


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


def _group_notes(view: View, one: MetricHistory) -> tuple[str, ...]:
    where = f"{_x_words(one)} that three runs or more logged".replace("time ", "times ")
    notes = [f"Mean of each group's runs with a pointwise 95 % t interval, at {where}; curves are not tested."]
    if any(g.interpolated for g in one.groups):
        notes[0] = (
            "Mean of each group's runs with a pointwise 95 % t interval, where three runs or more are under way; runs share too few points, so "
            "curves are read along straight lines between them. Curves are not tested."
        )
    if one.n_groups > len(one.groups):
        notes.append(f"{len(one.groups)} of {plural(one.n_groups, 'group')} drawn.")
    fewer = [g for g in one.groups if g.n_last < g.n_runs]
    if fewer:
        notes.append(
            f"Fewer runs at the end: {listed([_dropped(one, g) for g in fewer], 4)}; the mean is then of those that lasted."
        )
    return (*notes, *_common_notes(view, one))


def _dropped(one: MetricHistory, group: GroupCurve) -> str:
    label = one_line(group.label, 40)
    if not group.drops:
        return f"{label} {group.n_last} of {group.n_runs}"
    steps = ", ".join(f"{n} from {_x_text(one, x)} on" for x, n in group.drops[:MOST_DROPS])
    more = f", {group.n_last} at the end" if len(group.drops) > MOST_DROPS else ""
    return f"{label} {group.n_runs} runs, {steps}{more}"


def _common_notes(view: View, one: MetricHistory) -> tuple[str, ...]:
    notes = []
    if one.axis == "time":
        notes.append("Logged without steps, so the axis is the time since each run's first point.")
    if any(curve.abandoned for curve in one.curves) and len(one.groups) < 2:
        notes.append(view.say("histories-restart-note"))
    if one.n_spread and len(one.groups) < 2:
        notes.append(view.say("histories-spread-note", n=one.n_spread))
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
    if one.restarted:
        back = [
            view.say("histories-restarted-run", run=run_name(view.run(key)), place=_step_text(one, restart.first_step))
            for key in one.restarted
            if (restart := view.facts.series[key, one.metric].restart) is not None
        ]
        sentences.append(view.say("histories-restarted", runs=listed(back, 4)))
    if one.bad:
        first = [f"{run_name(view.run(key))} from {_step_text(one, step)}" for key, step in one.bad]
        sentences.append(f"NaN or infinity in {plural(len(one.bad), 'run')}: {listed(first, 4)}.")
    exploded = [c for c in one.curves if c.divergence.exploded]
    if exploded:
        sentences.append(f"Ended above twice its first value: {names(exploded)}.")
    lost = [c for c in one.curves if c.divergence.gave_back and not c.divergence.exploded]
    if lost:
        sentences.append(f"Gave back half or more of its gain by the end: {names(lost)}.")
    over = [c for c in one.curves if c.gap is not None and c.gap.overfitting]
    if over:
        sentences.append(f"Over-fitting: {listed([_gap_words(view, one, metric, c) for c in over], 3)}.")
    stuck = [c for c in one.curves if c.plateau_x is not None]
    if stuck:
        since = [f"{run_name(view.run(c.key))} since {_x_text(one, c.plateau_x or 0.0)}" for c in stuck]
        sentences.append(f"No improvement: {listed(since, 4)}.")
    going = [c for c in one.curves if c.improving]
    if going:
        sentences.append(f"Still improving at the end: {names(going)}.")
    return " ".join(sentences)


def _place(x: float) -> str:
    return text_of(x, "number", 0 if x.is_integer() else None)


def _gap_words(view: View, one: MetricHistory, metric: Metric, curve: Curve) -> str:
    assert curve.gap is not None
    return (
        f"{run_name(view.run(curve.key))} (best at {_x_text(one, curve.gap.best_step)}; training is ahead by "
        f"{change_words(metric, curve.gap.at_best)} then and {change_words(metric, curve.gap.at_end)} at the end)"
    )


def _table(view: View, one: MetricHistory, metric: Metric) -> Table:
    """The numbers behind the lines: one row for each run drawn; the data files hold every point."""
    step_format = _x_format(one) if one.axis == "date" else "integer"
    columns = (
        Column("run", "Run", "run"),
        Column("points", "Points", "integer"),
        Column("last_step", "Last step", step_format),
        Column("first", "First", metric.format, metric.digits),
        *(
            (
                Column("best", "Best", metric.format, metric.digits, metric.goal),
                Column("best_step", "at" if one.axis == "date" else "at step", step_format),
            )
            if metric.goal != "none"
            else ()
        ),
        Column("last", "Last", metric.format, metric.digits),
        *((Column("gap", "Training ahead at the end", change_format(metric), metric.digits),) if one.partner else ()),
        Column("plateau", "No gain since", "number" if one.axis == "time" else step_format),
        Column("bad_step", "First NaN", step_format),
    )
    rows = tuple(_row(view, curve, metric, one) for curve in one.curves)
    notes = (
        "Numbers use every logged point. The data files hold all histories.",
        f"No gain since: the last gain, where {PATIENCE} points or more followed without one of {text_of(MIN_DELTA, 'percent', 1)} of the best value.",
    )
    return Table(
        f"history-data-{slug(metric.name)}", f"Curves of {label_of(metric)}", columns, rows, notes, one.n_runs, paper_rows=30
    )


def _row(view: View, curve: Curve, metric: Metric, one: MetricHistory) -> tuple[Cell, ...]:
    f = curve.facts
    best, at = (f.high, f.high_step) if metric.goal == "maximize" else (f.low, f.low_step)
    return (
        Cell(view.link(curve.key)),
        Cell(f.n_points),
        _step_cell(one, f.last_step),
        Cell(f.first),
        *((Cell(best), _step_cell(one, at)) if metric.goal != "none" else ()),
        Cell(f.last),
        *((Cell(curve.gap.at_end if curve.gap else None),) if one.partner else ()),
        _place_cell(one, curve.plateau_x),
        _step_cell(one, f.first_bad_step, "bad" if f.first_bad_step is not None else "neutral"),
    )


def _place_cell(one: MetricHistory, x: float | None) -> Cell:
    if x is None or one.axis == "time":
        return Cell(x)
    return Cell(moment(round(x)) if one.axis == "date" else round(x) + one.origin)


# --- the curves of compared groups as numbers ------------------------------------------------------------------------


def _scalars_table(view: View, one: MetricHistory, found: CurveScalars, metric: Metric) -> Table:
    """One row for each number, one column for each group, and the difference where it is tested."""
    groups = found.groups
    names = distinct([g.label for g in groups])
    digits = _scalar_digits(metric, groups)
    columns = [Column("what", "Curves as numbers", width=26)]
    columns += [Column(f"group:{i}", name, estimate_format(metric), digits) for i, name in enumerate(names)]
    tested = [(what, d) for what, d in found.differences if d.delta is not None and d.low is not None]
    name_of = {g.label: name for g, name in zip(groups, names, strict=True)}
    for label in dict.fromkeys(d.group for _, d in tested):
        note = f"{name_of[label]} − {names[0]}"
        columns += [
            Column(f"delta:{label}", "Difference [95 % interval]", "change", digits, note=note),
            Column(f"p:{label}", "p (Holm-adjusted)", "p", note=note if len(groups) > 2 else ""),
        ]
    rows = [_scalar_row(words, cells, key, tested, metric, digits) for words, key, cells in _scalar_rows(one, found, metric)]
    table_id = f"history-groups-{slug(metric.name)}"
    return Table(
        table_id,
        f"Curves of {label_of(metric)} by group",
        tuple(columns),
        tuple(rows),
        method=_scalar_notes(view, one, found, metric),
        on_paper=False,
    )


def _scalar_digits(metric: Metric, groups: tuple[GroupScalars, ...]) -> int:
    sides = [side for g in groups for side in (g.best, g.level) if side is not None]
    return digits_with(metric, [(s.high - s.low) / 2 for s in sides if s.low is not None and s.high is not None])


def _scalar_rows(one: MetricHistory, found: CurveScalars, metric: Metric) -> Iterator[tuple[str, str, list[Cell]]]:
    """(words, key of its differences, a cell for each group)."""
    groups, unit = found.groups, "second" if one.axis == "time" else "step"
    yield "Runs with a curve", "", [Cell(g.n, format="integer") for g in groups]
    yield "Best value of the curve", "best", [_mean_cell(g.best, g) for g in groups]
    if found.span is not None:
        yield "Mean over the curve", "level", [_mean_cell(g.level, g) for g in groups]
    if found.sought is not None:
        words = f"Reached {value_words(metric, found.sought.value)}"
        yield words, "", [_reached_cell(g) for g in groups]
        yield f"First {unit} there, median of all runs", "", [_median_cell(g, unit) for g in groups]
    yield f"No improvement in the last {PATIENCE} points", "", [_share_cell(g.n_plateau, g.n) for g in groups]
    yield "Still improving at the end", "", [_share_cell(g.n_improving, g.n_judged) for g in groups]
    for words, counts in _diverged(found, metric):
        if any(counts):
            yield words, "", [_share_cell(k, g.n) for k, g in zip(counts, groups, strict=True)]
    if any(g.gap is not None for g in groups):
        yield "Training ahead at the end", "", [_mean_cell(g.gap, g) for g in groups]
        yield "Over-fitting", "", [_share_cell(g.n_overfitting, g.gap.n if g.gap else 0) for g in groups]


def _diverged(found: CurveScalars, metric: Metric) -> list[tuple[str, list[int]]]:
    """The three signs of divergence and how many runs of each group show them."""
    rows = [
        ("NaN or infinity", [g.n_bad for g in found.groups]),
        ("Lost more than half of its gain", [g.n_gave_back for g in found.groups]),
    ]
    exploded = ("Ended above twice the first value", [g.n_exploded for g in found.groups])
    return [*rows, exploded] if metric.goal == "minimize" else rows


def _scalar_row(
    words: str, cells: list[Cell], key: str, tested: list[tuple[str, Difference]], metric: Metric, digits: int
) -> tuple[Cell, ...]:
    row = [Cell(words), *cells]
    for label in dict.fromkeys(d.group for _, d in tested):
        d = next((d for what, d in tested if what == key and d.group == label), None)
        if d is None or d.delta is None or d.low is None or d.high is None:
            row += [Cell(None), Cell(None)]
            continue
        factor, unit = (100.0, "pp") if metric.format == "percent" else (1.0, "")
        interval = Interval(d.delta * factor, d.low * factor, d.high * factor, min(d.n_a, d.n_b), d.level)
        row += [Cell(interval, note=unit, digits=digits), Cell(d.p_of_both)]
    return tuple(row)


def _mean_cell(values: GroupValues | None, group: GroupScalars) -> Cell:
    """Mean with its interval; of a search the mean alone, since its spread is no noise."""
    if values is None or values.mean is None:
        return Cell(None)
    low, high = (None, None) if group.search else (values.low, values.high)
    return Cell(Interval(values.mean, low, high, values.n))


def _share_cell(k: int, n: int) -> Cell:
    return Cell(f"{k:,} of {n:,}" if n else None)


def _reached_cell(group: GroupScalars) -> Cell:
    found = group.reached
    if found is None:
        return Cell(None)
    bounds = f"{text_of(found.share.low, 'percent', 0)} to {text_of(found.share.high, 'percent', 0)}"
    return Cell(f"{found.reached:,} of {found.runs:,}", note="" if group.search else bounds)


def _median_cell(group: GroupScalars, unit: str) -> Cell:
    """The median step, or how long was waited in vain."""
    found = group.reached
    if found is None:
        return Cell(None)
    if found.median_step is not None:
        return Cell(found.median_step, format="number", digits=0 if found.median_step.is_integer() else 1)
    waited = "" if group.last_step is None else f"not reached in {text_of(group.last_step, 'number')} {unit}s"
    return Cell("half or fewer reached it" if found.reached else waited or None)


def _scalar_notes(view: View, one: MetricHistory, found: CurveScalars, metric: Metric) -> tuple[str, ...]:
    unit = "seconds" if one.axis == "time" else "steps"
    notes = ["Finished runs with more than one point, parents or children but never both; means with 95 % t intervals."]
    if found.span is not None:
        start, stop = (text_of(x, "number") for x in found.span)
        notes.append(
            f"Mean over the curve: area under the curve over the {unit} {start} to {stop}, which all these runs cover, divided by that range."
        )
    else:
        notes.append(f"The runs share no range of {unit}, so their means over the curve are not compared.")
    if found.sought is not None:
        whose = "the bound of a gate" if found.sought.is_gate else "the best value that every run of the baseline reached"
        notes.append(
            f"{value_words(metric, found.sought.value)} is {whose}; a run that never got there has no {unit[:-1]} and counts as later."
        )
    never = [words for words, counts in _diverged(found, metric) if not any(counts)]
    if never:
        notes.append(f"In no run: {listed([f'“{words}”' for words in never])}.")
    if found.n_tests:
        notes.append(f"p is adjusted (Holm) for the {plural(found.n_tests, 'test')} of this table; no verdict is made of them.")
    if any(d.is_unequal for _, d in found.differences):
        notes.append(view.say("histories-unequal-sizes"))
    if any(g.search for g in found.groups):
        notes.append(
            "A group with several configurations is a search: its runs are no repeats, so nothing is tested and no interval is given."
        )
    if found.n_untold:
        notes.append(f"{plural(found.n_untold, 'further group')} not in this table.")
    return tuple(notes)
