"""How training went: the best runs as lines, groups as bands, and what the curves say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from reportgen.analyze.curves import MIN_DELTA, PATIENCE
from reportgen.analyze.metrics import Metric
from reportgen.analyze.step_dates import milliseconds_of_step
from reportgen.analyze.training import SMOOTH_ABOVE, WEIGHT, Curve, GroupCurve, Line, MetricHistory, unmoved
from reportgen.formats import moment, one_line, slug, text_of, zone_text
from reportgen.model import Axis, Band, Block, Cell, Chart, Column, Format, Mark, Section, Table, Tone, Trace
from reportgen.sections.curve_scalars import curve_scalars_table
from reportgen.sections.view import View, beside, distinct, paragraph, run_name, run_names, spans_decades
from reportgen.words import Say
from reportgen.words.quantities import change_format, change_words, label_of, value_words

MOST_MARKS = 3
MOST_DROPS = 3


def histories_section(view: View) -> Section | None:
    """Left out where no metric with a direction was logged more than once."""
    title, question = view.say("histories-training-histories"), view.say("histories-how-did-training-go")
    found = view.facts.histories
    flat = unmoved(view.facts.metrics, view.facts.series, view.facts.runs)
    if not found and not flat:
        return None
    blocks = beside([_chart_of(view, one) for one in found])
    for one in found:
        blocks += _numbers(view, one)
    if view.report.x_axis not in ("step", "relative", "time") and not any(one.axis == "metric" for one in found):
        blocks.append(paragraph(view.say("histories-no-x", metric=one_line(view.report.x_axis, 60))))
    if flat:
        names = view.say.listed([label_of(view.facts.metrics[name]) for name in flat])
        blocks.append(paragraph(view.say("histories-logged-several-times-without", names=names)))
    return Section("histories", title, tuple(blocks), question)


def _chart_of(view: View, one: MetricHistory) -> Chart:
    metric = view.facts.metrics[one.metric]
    return _group_chart(view, one, metric) if len(one.groups) > 1 else _line_chart(view, one, metric)


def _numbers(view: View, one: MetricHistory) -> list[Block]:
    """The curves of groups as numbers, and what they show."""
    metric = view.facts.metrics[one.metric]
    text = remarks(view, one, metric)
    told = [curve_scalars_table(view, one, one.scalars, metric)] if one.scalars is not None else []
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
    bands = (*_rest_band(one, view.say), *_spread_bands(view, one))
    if one.band is not None:
        traces.append(Trace(view.say("histories-median-others"), one.band.x, one.band.middle, dash="dot", tone="muted"))
    best = one.curves[0]
    n = len(one.curves)
    is_best = _is_ranked(view, metric) and best.key in view.facts.ranked(metric.name).values and view.run(best.key).finished
    whose = view.say("histories-best-run") if is_best else view.say("histories-first-run-shown")
    alt = view.say(
        "histories-over-runs-goes",
        metric=label_of(metric),
        x=_x_words(one, view.say),
        n=n,
        n_runs=one.n_runs,
        whose=whose,
        run_name=run_name(view.run(best.key)),
        metric_2=value_words(metric, best.facts.first),
        metric_3=value_words(metric, best.facts.last),
    )
    return _chart(view, one, metric, tuple(traces), bands, alt, _line_notes(view, one, metric))


def _curve_traces(view: View, name: str, curve: Curve, color: int, one: MetricHistory) -> list[Trace]:
    """The raw line, faint behind its smoothed one; the training partner dashed in the same colour."""
    line = curve.line
    mode: Literal["lines", "lines+points"] = "lines+points" if line.n_drawn <= 12 else "lines"
    traces = []
    if line.smooth_x:
        traces.append(
            Trace(view.say("histories-logged", name=name), line.x, line.y, color=color, width=1.0, opacity=0.25, in_legend=False)
        )
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
    return [replace(trace, runs=((curve.key,),)) for trace in traces]


def _abandoned_trace(view: View, name: str, number: int, line: Line, color: int) -> Trace:
    mode: Literal["points", "lines"] = "points" if line.n_drawn == 1 else "lines"
    label = view.say("histories-abandoned-pass", run=name, number=number)
    return Trace(label, line.x, line.y, mode, color=color, dash="dot", width=1.0, opacity=0.55, in_legend=False)


def _spread_bands(view: View, one: MetricHistory) -> tuple[Band, ...]:
    """From the smallest to the largest of several points at each step, in the colour of the line."""
    return tuple(
        Band(
            view.say("histories-spread", n=i + 1),
            c.spread.x,
            c.spread.low,
            c.spread.high,
            color=i,
            in_legend=False,
            runs=((c.key,),),
        )
        for i, c in enumerate(one.curves)
        if c.spread is not None
    )


def _rest_band(one: MetricHistory, say: Say) -> tuple[Band, ...]:
    band = one.band
    return (
        (Band(say("histories-10-90-other-runs", n_runs=band.n_runs), band.x, band.low, band.high, tone="muted"),) if band else ()
    )


def _group_chart(view: View, one: MetricHistory, metric: Metric) -> Chart:
    names = distinct([g.label for g in one.groups])
    members = view.facts.study.members.groups if view.facts.study is not None else {}
    of = {g.label: (tuple(members[g.label]),) if members.get(g.label) else () for g in one.groups}
    traces = tuple(
        Trace(f"{name} (n = {g.n_runs})", g.x, g.mean, color=i, runs=of[g.label])
        for i, (name, g) in enumerate(zip(names, one.groups, strict=True))
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
            runs=of[g.label],
        )
        for g in one.partner_groups
        if g.label in color_of
    )
    bands = tuple(
        Band(view.say("histories-95-interval", name=name), g.x, g.low, g.high, color=i, in_legend=False, runs=of[g.label])
        for i, (name, g) in enumerate(zip(names, one.groups, strict=True))
    )
    ends = [
        view.say("histories-ends", name=name, metric=value_words(metric, g.mean[-1]))
        for name, g in list(zip(names, one.groups, strict=True))[:6]
    ]
    alt = view.say(
        "histories-mean-over-groups-95",
        metric=label_of(metric),
        x=_x_words(one, view.say),
        n=len(one.groups),
        ends=view.say.listed(ends),
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
    partner = view.say("histories-dashed", drawn=one_line(drawn, 40)) if drawn else ""
    extra = (view.say("histories-log-axis"),) if log else ()
    return Chart(
        id=f"history-{slug(metric.name)}",
        title=f"{label_of(metric)}{partner}",
        kind="lines",
        x=_x_axis(view, one),
        y=Axis(
            view.say("histories-higher-better-lower-better", metric=label_of(metric), goal=metric.goal),
            "log" if log else "linear",
            metric.format,
        ),
        alt=alt,
        traces=traces,
        bands=bands,
        marks=_bad_marks(view, one),
        table=_table(view, one, metric),
        notes=extra,
        method=notes,
    )


def _x_axis(view: View, one: MetricHistory) -> Axis:
    if one.axis in ("date", "clock"):
        return Axis(view.say("histories-date-axis", zone=zone_text()), "time", _x_format(one))
    label = view.say("histories-offset-axis", origin=one.origin) if one.axis == "offset" else view.say("histories-step")
    if one.axis == "time":
        return Axis(view.say("histories-time-axis"), format="duration")
    if one.axis == "metric":
        return Axis(label_of(view.facts.metrics[view.report.x_axis]))
    return Axis(label, format="integer")


def _x_format(one: MetricHistory) -> Format:
    """How a place on x is written in tables."""
    if one.axis == "clock":
        return "time"
    if one.axis != "date":
        return "number" if one.axis in ("time", "metric") else "integer"
    ends = [x for curve in one.curves for x in (curve.line.x[:1] + curve.line.x[-1:])]
    return "date" if all(x % 86_400_000 == 0 for x in ends) else "time"


def _x_text(one: MetricHistory, x: float, say: Say) -> str:
    """A place on x as words: "step 12", "2026-11-20"."""
    if one.axis in ("date", "clock"):
        return text_of(moment(round(x)), _x_format(one))
    if one.axis == "offset":
        return say("histories-step-2", round=round(x) + one.origin)
    if one.axis == "metric":
        return text_of(x, "number")
    return say("histories-second", if_value="yes" if one.axis == "time" else "no", place=_place(x))


def _step_text(one: MetricHistory, step: int, say: Say) -> str:
    return _x_text(one, milliseconds_of_step(step, one.unit), say) if one.axis == "date" else say("histories-step-3", step=step)


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
    if one.axis in ("time", "clock", "metric"):
        return ()
    return tuple(
        Mark("x", _mark_place(one, step), view.say("histories-nan", run_name=run_name(view.run(key))), "bad")
        for step, key in sorted(bad)[:MOST_MARKS]
    )


def _mark_place(one: MetricHistory, step: int) -> float:
    return float(milliseconds_of_step(step, one.unit) if one.axis == "date" else step - one.origin)


# --- what is drawn, and what not -------------------------------------------------------------------------------------


def _is_ranked(view: View, metric: Metric) -> bool:
    return view.facts.ranked(metric.name).goal != "none"


def _x_words(one: MetricHistory, say: Say, *, of_many: bool = False) -> str:
    """What the axis counts; ``of_many``: its places."""
    by_step = one.axis in ("step", "offset", "metric")
    return say("histories-x", x="steps" if by_step else "times" if of_many else "time")


def _line_notes(view: View, one: MetricHistory, metric: Metric) -> tuple[str, ...]:
    n, order = (
        len(one.curves),
        view.say("histories-best-first") if _is_ranked(view, metric) else view.say("histories-newest-first"),
    )
    first = view.say("histories-runs-lines", n=n, n_runs=one.n_runs, order=order)
    if one.band is not None:
        first += view.say("histories-other-band-their-10", n_runs=one.band.n_runs)
    elif one.n_runs > n:
        first += view.say("histories-other-data-files", n_runs=one.n_runs - n)
    if one.band is not None and one.band.interpolated:
        first += view.say("histories-read-along-straight-lines")
    return (view.say.stop(first), *_thinning_notes(one, view.say), *_common_notes(view, one))


def _thinning_notes(one: MetricHistory, say: Say) -> tuple[str, ...]:
    notes = []
    lines = [line for curve in one.curves for line in (curve.line, curve.partner) if line is not None]
    points, drawn = sum(line.n_points for line in lines), sum(line.n_drawn for line in lines)
    if drawn < points:
        notes.append(say("histories-thinned-drawing-points-every", points=points, drawn=drawn))
    if any(line.smooth_x for line in lines):
        notes.append(say("histories-lines-more-points-smoothed", smooth_above=SMOOTH_ABOVE, weight=text_of(WEIGHT, "number", 1)))
    return tuple(notes)


def _group_notes(view: View, one: MetricHistory) -> tuple[str, ...]:
    where = view.say("histories-three-runs-more-logged", x=_x_words(one, view.say, of_many=True))
    notes = [view.say("histories-mean-group-s-runs", where=where)]
    if any(g.interpolated for g in one.groups):
        notes[0] = view.say("histories-mean-group-s-runs-2")
    if one.n_groups > len(one.groups):
        notes.append(view.say("histories-groups-drawn", n_groups=len(one.groups), n=one.n_groups))
    fewer = [g for g in one.groups if g.n_last < g.n_runs]
    if fewer:
        notes.append(
            view.say("histories-fewer-runs-end-mean", dropped=view.say.listed([_dropped(one, g, view.say) for g in fewer], 4))
        )
    return (*notes, *_common_notes(view, one))


def _dropped(one: MetricHistory, group: GroupCurve, say: Say) -> str:
    label = one_line(group.label, 40)
    if not group.drops:
        return say("histories-of", label=label, n_last=group.n_last, n_runs=group.n_runs)
    steps = say("list-separator").join(
        (say("histories-from-on", n=n, x=_x_text(one, x, say)) for x, n in group.drops[:MOST_DROPS])
    )
    more = say("histories-end", n_last=group.n_last) if len(group.drops) > MOST_DROPS else ""
    return say("histories-runs", label=label, n_runs=group.n_runs, steps=steps, more=more)


def _common_notes(view: View, one: MetricHistory) -> tuple[str, ...]:
    notes = []
    if one.axis == "time" and view.report.x_axis == "step":
        notes.append(view.say("histories-logged-without-steps-axis"))
    if one.n_without_x:
        notes.append(view.say("histories-without-x", n=one.n_without_x, metric=one_line(view.report.x_axis, 60)))
    if any(curve.abandoned for curve in one.curves) and len(one.groups) < 2:
        notes.append(view.say("histories-restart-note"))
    if one.n_spread and len(one.groups) < 2:
        notes.append(view.say("histories-spread-note", n=one.n_spread))
    if one.n_single:
        notes.append(view.say("histories-runs-logged-only-once", n=one.n_single))
    if one.n_all_bad:
        notes.append(view.say("histories-runs-logged-nothing-but", n=one.n_all_bad))
    if one.n_duplicates:
        notes.append(view.say("histories-points-logged-again-same", n=one.n_duplicates))
    return tuple(notes)


# --- what the curves say ---------------------------------------------------------------------------------------------


def remarks(view: View, one: MetricHistory, metric: Metric) -> str:
    """Sentences on divergence, over-fitting, plateaus and runs that could go on; of the runs drawn as lines."""

    def names(curves: list[Curve]) -> str:
        return view.say.listed([run_name(view.run(curve.key)) for curve in curves], 4)

    sentences = []
    if one.restarted:
        back = [
            view.say("histories-restarted-run", run=run_name(view.run(key)), place=_step_text(one, restart.first_step, view.say))
            for key in one.restarted
            if (restart := view.facts.series[key, one.metric].restart) is not None
        ]
        sentences.append(view.say("histories-restarted", runs=view.say.listed(back, 4)))
    if one.bad:
        first = [
            view.say("histories-from", run_name=run_name(view.run(key)), step=_step_text(one, step, view.say))
            for key, step in one.bad
        ]
        sentences.append(view.say("histories-nan-infinity-runs", n=len(one.bad), first=view.say.listed(first, 4)))
    exploded = [c for c in one.curves if c.divergence.exploded]
    if exploded:
        sentences.append(view.say("histories-ended-above-twice-first", names=names(exploded)))
    lost = [c for c in one.curves if c.divergence.gave_back and not c.divergence.exploded]
    if lost:
        sentences.append(view.say("histories-gave-back-half-more", names=names(lost)))
    over = [c for c in one.curves if c.gap is not None and c.gap.overfitting]
    if over:
        sentences.append(
            view.say("histories-over-fitting", gap=view.say.listed([_gap_words(view, one, metric, c) for c in over], 3))
        )
    stuck = [c for c in one.curves if c.plateau_x is not None]
    if stuck:
        since = [
            view.say("histories-since", run_name=run_name(view.run(c.key)), x=_x_text(one, c.plateau_x or 0.0, view.say))
            for c in stuck
        ]
        sentences.append(view.say("histories-improvement", since=view.say.listed(since, 4)))
    going = [c for c in one.curves if c.improving]
    if going:
        sentences.append(view.say("histories-still-improving-end", names=names(going)))
    return " ".join(sentences)


def _place(x: float) -> str:
    return text_of(x, "number", 0 if x.is_integer() else None)


def _gap_words(view: View, one: MetricHistory, metric: Metric, curve: Curve) -> str:
    assert curve.gap is not None
    return view.say(
        "histories-best-training-ahead-end",
        run_name=run_name(view.run(curve.key)),
        x=_x_text(one, curve.gap.best_step, view.say),
        change=change_words(metric, curve.gap.at_best),
        change_2=change_words(metric, curve.gap.at_end),
    )


def _table(view: View, one: MetricHistory, metric: Metric) -> Table:
    """The numbers behind the lines: one row for each run drawn; the data files hold every point."""
    step_format = _x_format(one) if one.axis == "date" else "integer"
    columns = (
        Column("run", view.say("histories-column-run"), "run"),
        Column("points", view.say("histories-column-points"), "integer"),
        Column("last_step", view.say("histories-column-last-step"), step_format),
        Column("first", view.say("histories-column-first"), metric.format, metric.digits),
        *(
            (
                Column("best", view.say("histories-column-best"), metric.format, metric.digits, metric.goal),
                Column("best_step", "at" if one.axis == "date" else view.say("histories-step-4"), step_format),
            )
            if metric.goal != "none"
            else ()
        ),
        Column("last", view.say("histories-column-last"), metric.format, metric.digits),
        *(
            (Column("gap", view.say("histories-column-training-ahead-end"), change_format(metric), metric.digits),)
            if one.partner
            else ()
        ),
        Column(
            "plateau", view.say("histories-column-gain-since"), "number" if one.axis in ("time", "metric") else _x_format(one)
        ),
        Column("bad_step", view.say("histories-column-first-nan"), step_format),
    )
    rows = tuple(_row(view, curve, metric, one) for curve in one.curves)
    notes = (
        view.say("histories-numbers-use-every-logged"),
        view.say("histories-gain-since-last-gain", patience=PATIENCE, min_delta=text_of(MIN_DELTA, "percent", 1)),
    )
    return Table(
        f"history-data-{slug(metric.name)}",
        view.say("histories-curves", metric=label_of(metric)),
        columns,
        rows,
        notes,
        one.n_runs,
        paper_rows=30,
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
    if x is None or one.axis in ("time", "metric"):
        return Cell(x)
    return Cell(moment(round(x)) if one.axis in ("date", "clock") else round(x) + one.origin)
