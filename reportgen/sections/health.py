"""What needs attention: failed, lost and diverged runs, and clocks that cannot be right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reportgen.analyze.health import Concern, Durations, Health, alike_runs, by_run
from reportgen.analyze.runs import RunKey
from reportgen.formats import one_line, text_of
from reportgen.model import Block, Cell, Column, Section, Table
from reportgen.sections.activity import failures_by_cause
from reportgen.sections.view import STATUSES, View, paragraph, run_name
from reportgen.words import Say
from reportgen.words.health import alike_text, concerns_text

MOST_NAMES = 20
MANY_ALIKE = 3
"""Runs with the same reason from which a row stands for all of them."""
MOST_ALIKE = 4
"""Names of runs in such a row."""


def health_section(view: View) -> Section:
    health = view.facts.health
    blocks: list[Block] = [_lead(health, view.say), *([_status_table(health, view.say)] if health.by_status else [])]
    blocks += failures_by_cause(view)
    if health.concerns:
        blocks += _concerns(view, health)
    if health.durations:
        blocks.append(_durations(view, health.durations))
    blocks += _names(health, view.say)
    blocks += _reruns(view, health)
    return Section("health", view.say("health-health-runs"), tuple(blocks), view.say("health-which-runs-failed-hang"))


def _lead(health: Health, say: Say) -> Block:
    n = sum(count for _, count in health.by_status)
    if not n:
        return paragraph(say("health-runs"))
    if not health.n_need_attention:
        n_remarks = len({concern.key for concern in health.concerns})
        remarks = say("health-runs-smaller-remark", n=n_remarks) if n_remarks else ""
        return paragraph(say("health-none-runs-failed-hangs", n=n, remarks=remarks))
    return paragraph(
        say("health-runs-need-attention", n_need_attention=health.n_need_attention, n=n, failure=failure_words(health, say))
    )


def failure_words(health: Health, say: Say) -> str:
    """ " Failed or killed: 3 of 17 that ended (17.6 %, 95 % interval 6.2 % to 41 %)."; empty when none did."""
    share = health.failed_share
    if share is None or not share.value:
        return ""
    k = round(share.value * health.n_ended)
    bounds = say("health-to", low=text_of(share.low, "percent"), high=text_of(share.high, "percent"))
    return say("health-failed-killed-ended-95", k=k, n_ended=health.n_ended, value=text_of(share.value, "percent"), bounds=bounds)


def _status_table(health: Health, say: Say) -> Table:
    columns = (Column("status", say("health-column-status"), "status"), Column("n", say("health-column-runs"), "integer"))
    rows = tuple(
        (Cell(status or say("health-status"), "bad" if status in ("FAILED", "KILLED") else "neutral"), Cell(n))
        for status, n in health.by_status
    )
    notes = [say("health-deleted-runs-counted", n=health.n_deleted)] if health.n_deleted else []
    unknown = [status for status, _ in health.by_status if status not in STATUSES]
    if unknown:
        notes.append(say("health-status-mlflow", s=say.listed([one_line(s, 20) or "(empty)" for s in unknown])))
    return Table("health-status", say("health-runs-status"), columns, rows, tuple(notes), on_paper=False)


def _concerns(view: View, health: Health) -> list[Block]:
    """One row for each run; where several have the same reason, a row for each reason before it, which is what paper shows."""
    runs, alike = _each(view, health), alike_runs(health.concerns, lambda key: view.run(key).experiment)
    if max(len(keys) for keys, _ in alike) < MANY_ALIKE:
        return [runs]
    say = view.say
    columns = (
        Column("runs", say("health-column-runs")),
        *((Column("experiment", say("health-column-experiment")),) if view.several_experiments else ()),
        Column("started", say("health-column-started")),
        Column("why", say("health-column-why")),
    )
    rows = tuple(_alike_row(view, keys, concerns) for keys, concerns in alike)
    reasons = Table("health-reasons", runs.title, columns, rows, (), None, paper_rows=30)
    return [reasons, replace(runs, title=say("health-each"), on_paper=False)]


def _alike_row(view: View, keys: Sequence[RunKey], concerns: Sequence[Concern]) -> tuple[Cell, ...]:
    say, runs = view.say, [view.run(key) for key in keys]
    names = say.listed([run_name(run) for run in runs], MOST_ALIKE)
    days = sorted({text_of(run.started_at, "date") for run in runs if run.started_at is not None})
    return (
        Cell(names if len(runs) == 1 else say("health-alike", n=len(runs), names=names)),
        *((Cell(one_line(runs[0].experiment, 60)),) if view.several_experiments else ()),
        Cell(None if not days else days[0] if len(days) == 1 else say("health-days", first=days[0], last=days[-1])),
        Cell(alike_text(concerns, say), "warning" if any(one.grave for one in concerns) else "muted"),
    )


def _each(view: View, health: Health) -> Table:
    columns = (
        Column("run", view.say("health-column-run"), "run"),
        *((Column("experiment", view.say("health-column-experiment")),) if view.several_experiments else ()),
        Column("status", view.say("health-column-status"), "status"),
        Column("started", view.say("health-column-started"), "time"),
        Column("why", view.say("health-column-why")),
    )
    rows = []
    for key, concerns in by_run(health.concerns).items():
        run = view.run(key)
        grave = any(one.grave for one in concerns)
        rows.append(
            (
                Cell(view.link(key)),
                *((Cell(one_line(run.experiment, 60)),) if view.several_experiments else ()),
                Cell(run.status or None, "bad" if run.status in ("FAILED", "KILLED") else "neutral"),
                Cell(run.started_at),
                Cell(concerns_text(concerns, view.say), "warning" if grave else "muted"),
            )
        )
    title = view.say("health-runs-need-attention-2") if health.n_need_attention == len(rows) else view.say("health-runs-remarks")
    return Table("health-runs", title, columns, tuple(rows), (), len(rows), paper_rows=30, sortable=True)


def _durations(view: View, durations: Durations) -> Table:
    columns = (Column("what", view.say("health-column-what")), Column("value", view.say("health-column-value"), "duration"))
    rows = (
        (Cell(view.say("health-median")), Cell(durations.median)),
        (Cell(view.say("health-25th-percentile")), Cell(durations.q1)),
        (Cell(view.say("health-75th-percentile")), Cell(durations.q3)),
        (Cell(view.say("health-shortest")), Cell(durations.shortest)),
        (Cell(view.say("health-longest")), Cell(durations.longest, note=run_name(view.run(durations.longest_key)))),
        (Cell(view.say("health-total")), Cell(durations.total)),
    )
    return Table(
        "health-durations",
        view.say("health-run-duration"),
        columns,
        rows,
        method=(view.say("health-finished-runs-start-end", n=durations.n),),
        layout="facts",
        on_paper=False,
    )


def _names(health: Health, say: Say) -> list[Block]:
    if not health.same_names:
        return []
    columns = (
        Column("name", say("health-column-name")),
        Column("experiment", say("health-column-experiment")),
        Column("n", say("health-column-runs"), "integer"),
    )
    rows = tuple(
        (Cell(one_line(name, 60)), Cell(one_line(experiment, 60)), Cell(n))
        for experiment, name, n in health.same_names[:MOST_NAMES]
    )
    return [
        Table("health-names", say("health-names-several-runs-share"), columns, rows, (), len(health.same_names), on_paper=False)
    ]


def _reruns(view: View, health: Health) -> list[Block]:
    if not health.reruns:
        return []
    n = sum(len(keys) - 1 for keys in health.reruns)
    shown = view.say("list-clause-separator").join(
        view.say.listed([run_name(view.run(key)) for key in keys], 4) for keys in health.reruns[:5]
    )
    more = view.say("health-more-sets", n_reruns=len(health.reruns) - 5) if len(health.reruns) > 5 else ""
    return [paragraph(view.say("health-runs-repeat-earlier-same", n=n, shown=shown, more=more))]
