"""The primary metric over calendar time, as page 1 draws it."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Literal

from reportgen.analyze.changes import Trend, fences
from reportgen.analyze.metrics import Metric
from reportgen.model import Axis, Cell, Chart, Column, Mark, Table, Trace
from reportgen.sections.changes import time_before_words
from reportgen.sections.view import View, milliseconds, run_link, run_name, spans_decades
from reportgen.words.quantities import label_of, value_words


def _course_words(view: View, trend: Trend, metric: Metric) -> str:
    """How the best value moved; from the best before the period, where the report is about a period alone."""
    label = label_of(metric)
    now, first = value_words(metric, trend.best_so_far[-1]), value_words(metric, trend.best_so_far[0])
    if trend.before is not None and view.facts.weekly is not None:
        there = view.say(
            "trend-best",
            label=label,
            time_before=time_before_words(view.facts.weekly, view.say),
            metric=value_words(metric, trend.before),
        )
        return view.say("trend-runs", there=there, metric=value_words(metric, trend.best))
    return (
        view.say("trend-best-2", label=label, now=now)
        if first == now
        else view.say("trend-best-went", label=label, first=first, now=now)
    )


def trend_chart(view: View, trend: Trend, metric: Metric) -> Chart:
    """Every finished run as a point over calendar time, and the best so far as a step line."""
    label = label_of(metric)
    x = tuple(milliseconds(at) for at in trend.at)
    runs = tuple(trend.earlier.get(key) or view.run(key) for key in trend.keys)
    names = tuple(run_name(run) for run in runs)
    kind: Literal["log", "linear"] = "log" if spans_decades(trend.values) else "linear"
    shown = fences(trend.values, [one for one in (trend.best, trend.before) if one is not None]) if kind == "linear" else None
    low, high = shown or (-math.inf, math.inf)
    inside = tuple(value if low <= value <= high else None for value in trend.values)
    old = tuple(value if key in trend.earlier else None for key, value in zip(trend.keys, inside, strict=True))
    own = tuple(None if key in trend.earlier else value for key, value in zip(trend.keys, inside, strict=True))
    traces = [Trace(view.say("trend-finished-run"), x, own, "points", color=0, labels=names, opacity=0.75)]
    if trend.earlier:
        before = Trace(view.say("trend-before-period"), x, old, "points", color=0, labels=names, opacity=0.35)
        traces = [before, replace(traces[0], name=view.say("trend-finished-run-period"))]
    if shown:
        below = tuple(low if value < low else None for value in trend.values)
        above = tuple(high if value > high else None for value in trend.values)
        up = Trace(view.say("trend-above-range"), x, above, "points", color=0, marker="triangle", labels=names, tone="warning")
        down = Trace(
            view.say("trend-below-range"), x, below, "points", color=0, marker="triangle-down", labels=names, tone="warning"
        )
        traces += [trace for trace in (up, down) if any(value is not None for value in trace.y)]
    alt = view.say("trend-finished-runs", n=len(x), at=f"{trend.at[0]:%Y-%m-%d}", at_2=f"{trend.at[-1]:%Y-%m-%d}")
    if trend.earlier:
        alt += view.say("trend-them-before-period", n_earlier=len(trend.earlier))
    if trend.best_so_far:
        traces.append(Trace(view.say("trend-best-far"), x, trend.best_so_far, "steps", color=1))
        alt += f"; {_course_words(view, trend, metric)}"
    columns = (
        Column("at", view.say("trend-column-ended"), "time"),
        Column("run", view.say("trend-column-run"), "run"),
        Column("value", label, metric.format, metric.digits, metric.goal),
        *((Column("best", view.say("trend-best-far"), metric.format, metric.digits),) if trend.best_so_far else ()),
    )
    rows = tuple(
        (Cell(at), Cell(run_link(run, view.run_url)), Cell(value), *((Cell(trend.best_so_far[i]),) if trend.best_so_far else ()))
        for i, (at, run, value) in enumerate(zip(trend.at, runs, trend.values, strict=True))
    )
    notes = [view.say("trend-runs-without-time-shown", n=trend.n_undated)] if trend.n_undated else []
    if trend.n_impossible:
        notes.append(view.say("overview-impossible-times", n=trend.n_impossible))
    if shown:
        outside = [f"{n} {value_words(metric, v)}" for n, v in zip(names, trend.values, strict=True) if not low <= v <= high]
        notes.append(view.say("trend-outside-range-chart-drawn", outside=view.say.listed(outside, 4)))
    return Chart(
        id="trend",
        title=view.say("trend-over-time", label=label),
        kind="points",
        x=Axis(view.say("trend-run-ended"), "time", "date"),
        y=Axis(view.say("trend-higher-better-lower-better", label=label, goal=metric.goal), kind, metric.format),
        alt=f"{alt}.",
        traces=tuple(traces),
        marks=(Mark("x", milliseconds(trend.start), view.say("trend-period")),)
        if trend.start is not None and trend.earlier
        else (),
        table=Table(
            "trend-data", view.say("trend-over-time", label=label), columns, rows, n_total=len(rows), paper_rows=30, sortable=True
        ),
        notes=tuple(notes),
        height=220,
    )
