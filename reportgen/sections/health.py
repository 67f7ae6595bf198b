"""What needs attention: failed, lost and diverged runs, and clocks that cannot be right."""

from __future__ import annotations

from reportgen.analyze.health import Durations, Health, by_run
from reportgen.formats import one_line, text_of
from reportgen.model import Block, Cell, Column, Section, Table
from reportgen.sections.activity import failures_by_cause
from reportgen.sections.view import STATUSES, View, paragraph, run_name
from reportgen.words import Say
from reportgen.words.health import concerns_text

MOST_NAMES = 20


def health_section(view: View) -> Section:
    health = view.facts.health
    blocks: list[Block] = [_lead(health, view.say), *([_status_table(health, view.say)] if health.by_status else [])]
    blocks += failures_by_cause(view)
    if health.concerns:
        blocks.append(_concerns(view, health))
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


def _concerns(view: View, health: Health) -> Table:
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
        Table("health-names", say("health-names-several-runs-share"), columns, rows, (), len(health.same_names), paper_rows=10)
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
