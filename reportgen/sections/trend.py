"""The primary metric over calendar time, as page 1 draws it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal

from reportgen.analyze.changes import Trend, fences
from reportgen.analyze.metrics import Metric
from reportgen.formats import text_of
from reportgen.model import Axis, Cell, Chart, Column, Mark, Table, Tone, Trace
from reportgen.sections.changes import time_before_words
from reportgen.sections.view import View, milliseconds, run_link, run_name, spans_decades
from reportgen.words.gates import rule_of
from reportgen.words.quantities import change_words, label_of, value_words


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


def _title(view: View, trend: Trend, metric: Metric) -> str:
    """The best so far and what this period added to it, where the report is about a period with runs before it."""
    label = label_of(metric)
    if view.facts.weekly is None or trend.before is None or trend.best is None:
        return view.say("trend-over-time", label=label)
    best = (max if metric.goal == "maximize" else min)(trend.before, trend.best)
    if best == trend.before:
        return view.say("trend-no-new-best", label=label, best=value_words(metric, best))
    change = change_words(metric, best - trend.before, metric.digits)
    return view.say("trend-new-best", label=label, best=value_words(metric, best), change=change)


def _period(view: View, trend: Trend) -> Iterator[Mark]:
    """This period, shaded, where runs from before it are drawn too."""
    if trend.start is not None and trend.earlier:
        end = view.facts.weekly.now.end if view.facts.weekly is not None else trend.at[-1]
        yield Mark("x", milliseconds(trend.start), view.say("trend-period"), "best", milliseconds(max(end, trend.at[-1])))


def _bounds(view: View, metric: Metric, values: Sequence[float], kind: Literal["log", "linear"]) -> Iterator[Mark]:
    """Fixed bounds of gates on the metric, as far as they lie within a range of the values from these: a bound far away
    would press all values onto one line.
    """

    def scaled(value: float) -> float:
        return value if kind == "linear" else math.log10(value) if value > 0 else -math.inf

    low, high = scaled(min(values)), scaled(max(values))
    reach = high - low or math.inf
    judged = [one for one in view.facts.gates if one.metric is not None and one.metric.name == metric.name]
    fixed = [one for one in judged if one.config.of in ("best", "latest", "group") and one.config.scorer is None]
    seen: set[float] = set()
    for answer in fixed:
        at_least, at_most = answer.config.at_least, answer.config.at_most
        bound = at_least if at_least is not None else at_most
        if bound is None or bound in seen or not low - reach <= scaled(bound) <= high + reach:
            continue
        seen.add(bound)
        tone: Tone = "bad" if answer.state == "FAIL" else "neutral"
        yield Mark("y", bound, view.say("trend-gate", rule=rule_of(answer.config, metric, view.say)), tone)


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
    of = tuple((key,) for key in trend.keys)
    traces = [Trace(view.say("trend-finished-run"), x, own, "points", color=0, labels=names, opacity=0.75)]
    if trend.earlier:
        before = Trace(view.say("trend-before-period"), x, old, "points", marker="open", labels=names, tone="muted")
        traces = [before, replace(traces[0], name=view.say("trend-finished-run-period"), opacity=1.0)]
    if shown:
        below = tuple(low if value < low else None for value in trend.values)
        above = tuple(high if value > high else None for value in trend.values)
        up = Trace(view.say("trend-above-range"), x, above, "points", color=0, marker="triangle", labels=names, tone="warning")
        down = Trace(
            view.say("trend-below-range"), x, below, "points", color=0, marker="triangle-down", labels=names, tone="warning"
        )
        traces += [trace for trace in (up, down) if any(value is not None for value in trace.y)]
    traces = [replace(trace, runs=of) for trace in traces]
    alt = view.say("trend-finished-runs", n=len(x), at=text_of(trend.at[0], "date"), at_2=text_of(trend.at[-1], "date"))
    if trend.earlier:
        alt += view.say("trend-them-before-period", n_earlier=len(trend.earlier))
    if trend.best_so_far:
        traces.append(Trace(view.say("trend-best-far"), x, trend.best_so_far, "steps", color=1))
        alt = view.say.clauses([alt, _course_words(view, trend, metric)])
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
        title=_title(view, trend, metric),
        kind="points",
        x=Axis(view.say("trend-run-ended"), "time", "date"),
        y=Axis(view.say("trend-higher-better-lower-better", label=label, goal=metric.goal), kind, metric.format),
        alt=view.say.stop(alt),
        traces=tuple(traces),
        marks=(*_period(view, trend), *_bounds(view, metric, [value for value in inside if value is not None], kind)),
        table=Table(
            "trend-data", view.say("trend-over-time", label=label), columns, rows, n_total=len(rows), paper_rows=30, sortable=True
        ),
        notes=tuple(notes),
        height=220,
    )
