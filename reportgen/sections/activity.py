"""Who ran what, runs per day and per estimator, and failed runs by cause: blocks of the sections "All runs" and "Health"."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from reportgen.analyze.activity import Share
from reportgen.formats import one_line, zone_text
from reportgen.model import Axis, Block, Cell, Chart, Column, Row, Table, Trace
from reportgen.sections.view import HALF, View

WHOLE = 720
FEWEST_DAYS = 3
MOST_DAYS = 120
"""Days from the first to the last run that a chart can show one by one."""
MOST_ROWS = 10


def who_ran_what(view: View) -> list[Block]:
    """Left out where one person ran one program; on paper what one person ran is left to the data files."""
    found = view.facts.activity
    tables: list[Table] = []
    if len(found.people) > 1:
        tables.append(_people(view, found.people))
    if len(found.estimators) > 1:
        tables.append(_estimators(view, found.estimators))
    chart = _days(view, found.days)
    if chart is None:
        return [*tables]
    if tables and tables[0].on_paper:
        return [Row((chart, tables[0])), *tables[1:]]
    return [replace(chart, width=WHOLE, height=115), *tables]


def failures_by_cause(view: View) -> list[Block]:
    """Left out for fewer than two failed runs: the list of runs says it all."""
    found, say = view.facts.activity, view.say
    if sum(len(cause.runs) for cause in found.causes) < 2:
        return []
    has_before = found.n_failed_before is not None
    columns = (
        Column("cause", say("activity-cause")),
        Column("n", say("activity-runs"), "integer"),
        *((Column("before", say("activity-before"), "integer", note=say("activity-before-note")),) if has_before else ()),
        Column("run", say("activity-example"), "run"),
    )
    rows = tuple(
        (
            Cell(one_line(cause.text, 100) or say("activity-no-cause"), "neutral" if cause.text else "muted"),
            Cell(len(cause.runs)),
            *((Cell(cause.n_before),) if has_before else ()),
            Cell(view.link(cause.runs[0])),
        )
        for cause in found.causes
    )
    notes = (say("activity-failed-before", n=found.n_failed_before),) if found.n_failed_before is not None else ()
    method = (say("activity-causes-method"),)
    return [Table("health-causes", say("activity-causes"), columns, rows, notes, len(rows), paper_rows=MOST_ROWS, method=method)]


def _people(view: View, people: tuple[Share, ...]) -> Table:
    say = view.say
    has_source = any(one.source for one in people)
    on_paper = len({one.user for one in people}) > 1
    columns = (
        Column("user", say("activity-user")),
        *((Column("source", say("activity-source"), "code"),) if has_source else ()),
        *_count_columns(view),
    )
    rows = tuple(
        (
            Cell(one_line(one.user, 40) or say("activity-not-recorded"), "neutral" if one.user else "muted"),
            *((Cell(one_line(one.source, 60) or None),) if has_source else ()),
            *_count_cells(one),
        )
        for one in people
    )
    return Table(
        "activity-people",
        say("activity-people"),
        columns,
        rows,
        (),
        len(rows),
        paper_rows=MOST_ROWS,
        sortable=True,
        on_paper=on_paper,
    )


def _estimators(view: View, estimators: tuple[Share, ...]) -> Table:
    say = view.say
    columns = (Column("estimator", say("activity-estimator")), *_count_columns(view))
    rows = tuple((Cell(one_line(one.source, 80)), *_count_cells(one)) for one in estimators)
    return Table("activity-estimators", say("activity-estimators"), columns, rows, (), len(rows), sortable=True, on_paper=False)


def _count_columns(view: View) -> tuple[Column, ...]:
    say = view.say
    return (
        Column("n", say("activity-runs"), "integer"),
        Column("finished", say("activity-finished"), "integer"),
        Column("failed", say("activity-failed"), "integer"),
        Column("seconds", say("activity-took"), "duration"),
    )


def _count_cells(one: Share) -> tuple[Cell, ...]:
    return Cell(one.n), Cell(one.n_finished), Cell(one.n_failed), Cell(one.seconds)


def _days(view: View, days: tuple[tuple[date, int], ...]) -> Chart | None:
    """One bar for each day, those without a run as gaps; None for few days, and for too many to be told apart."""
    if len(days) < FEWEST_DAYS or (days[-1][0] - days[0][0]).days >= MOST_DAYS:
        return None
    say, counts = view.say, dict(days)
    title = say("activity-days", zone=zone_text())
    every = [days[0][0] + timedelta(days=n) for n in range((days[-1][0] - days[0][0]).days + 1)]
    xs = tuple(datetime(day.year, day.month, day.day, 12, tzinfo=view.now.tzinfo).timestamp() * 1000 for day in every)
    busiest = max(days, key=lambda one: one[1])
    n = sum(count for _, count in days)
    alt = say("activity-days-alt", n=n, days=len(days), day=busiest[0].isoformat(), most=busiest[1])
    columns = (Column("day", say("activity-day")), Column("runs", say("activity-runs"), "integer"))
    rows = tuple((Cell(day.isoformat()), Cell(counts.get(day, 0))) for day in every)
    return Chart(
        "activity-days",
        title,
        "histogram",
        Axis("", "time", "date"),
        Axis(say("activity-runs"), format="integer"),
        alt,
        (Trace(say("activity-runs"), xs, tuple(float(counts.get(day, 0)) for day in every), "bars"),),
        table=Table("activity-days-data", title, columns, rows),
        height=160,
        width=HALF,
    )
