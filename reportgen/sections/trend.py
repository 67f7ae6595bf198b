"""The primary metric over calendar time, as page 1 draws it."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Literal

from reportgen.analyze.changes import Trend, fences
from reportgen.analyze.metrics import Metric
from reportgen.formats import goal_words, listed, plural
from reportgen.model import Axis, Cell, Chart, Column, Mark, Table, Trace
from reportgen.sections.changes import time_before_words
from reportgen.sections.view import View, milliseconds, run_link, run_name, spans_decades
from reportgen.words.quantities import label_of, value_words


def _course_words(view: View, trend: Trend, metric: Metric) -> str:
    """How the best value moved; from the best before the period, where the report is about a period alone."""
    label = label_of(metric)
    now, first = value_words(metric, trend.best_so_far[-1]), value_words(metric, trend.best_so_far[0])
    if trend.before is not None and view.facts.weekly is not None:
        there = f"the best {label} {time_before_words(view.facts.weekly)} was {value_words(metric, trend.before)}"
        return f"{there}, that of these runs is {value_words(metric, trend.best)}"
    return f"the best {label} is {now}" if first == now else f"the best {label} went from {first} to {now}"


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
    traces = [Trace("Finished run", x, own, "points", color=0, labels=names, opacity=0.75)]
    if trend.earlier:
        before = Trace("Before this period", x, old, "points", color=0, labels=names, opacity=0.35)
        traces = [before, replace(traces[0], name="Finished run of this period")]
    if shown:
        below = tuple(low if value < low else None for value in trend.values)
        above = tuple(high if value > high else None for value in trend.values)
        up = Trace("Above this range", x, above, "points", color=0, marker="triangle", labels=names, tone="warning")
        down = Trace("Below this range", x, below, "points", color=0, marker="triangle-down", labels=names, tone="warning")
        traces += [trace for trace in (up, down) if any(value is not None for value in trace.y)]
    alt = f"{plural(len(x), 'finished run')} from {trend.at[0]:%Y-%m-%d} to {trend.at[-1]:%Y-%m-%d}"
    if trend.earlier:
        alt += f", {len(trend.earlier):,} of them from before this period"
    if trend.best_so_far:
        traces.append(Trace("Best so far", x, trend.best_so_far, "steps", color=1))
        alt += f"; {_course_words(view, trend, metric)}"
    columns = (
        Column("at", "Ended", "time"),
        Column("run", "Run", "run"),
        Column("value", label, metric.format, metric.digits, metric.goal),
        *((Column("best", "Best so far", metric.format, metric.digits),) if trend.best_so_far else ()),
    )
    rows = tuple(
        (Cell(at), Cell(run_link(run, view.run_url)), Cell(value), *((Cell(trend.best_so_far[i]),) if trend.best_so_far else ()))
        for i, (at, run, value) in enumerate(zip(trend.at, runs, trend.values, strict=True))
    )
    notes = [f"{plural(trend.n_undated, 'run')} without a time not shown."] if trend.n_undated else []
    if trend.n_impossible:
        notes.append(view.say("overview-impossible-times", n=trend.n_impossible))
    if shown:
        outside = [f"{n} {value_words(metric, v)}" for n, v in zip(names, trend.values, strict=True) if not low <= v <= high]
        notes.append(f"Outside the range of the chart, drawn at its edge: {listed(outside, 4)}.")
    return Chart(
        id="trend",
        title=f"{label} over time",
        kind="points",
        x=Axis("Run ended", "time", "date"),
        y=Axis(f"{label} ({goal_words(metric.goal)})", kind, metric.format),
        alt=f"{alt}.",
        traces=tuple(traces),
        marks=(Mark("x", milliseconds(trend.start), "this period"),) if trend.start is not None and trend.earlier else (),
        table=Table("trend-data", f"{label} over time", columns, rows, n_total=len(rows), paper_rows=30, sortable=True),
        notes=tuple(notes),
        height=220,
    )
