"""What needs attention: failed, lost and diverged runs, and clocks that cannot be right."""

from __future__ import annotations

from reportgen.analyze.health import Durations, Health, by_run
from reportgen.formats import listed, one_line, plural, text_of
from reportgen.model import Block, Cell, Column, Section, Table
from reportgen.sections.activity import failures_by_cause
from reportgen.sections.view import STATUS_WORDS, View, paragraph, run_name
from reportgen.words.health import concerns_text

MOST_NAMES = 20


def health_section(view: View) -> Section:
    health = view.facts.health
    blocks: list[Block] = [_lead(health), *([_status_table(health)] if health.by_status else [])]
    blocks += failures_by_cause(view)
    if health.concerns:
        blocks.append(_concerns(view, health))
    if health.durations:
        blocks.append(_durations(view, health.durations))
    blocks += _names(health)
    blocks += _reruns(view, health)
    return Section("health", "Health of the runs", tuple(blocks), "Which runs failed, hang, diverged or measured nothing?")


def _lead(health: Health) -> Block:
    n = sum(count for _, count in health.by_status)
    if not n:
        return paragraph("There are no runs.")
    if not health.n_need_attention:
        n_remarks = len({concern.key for concern in health.concerns})
        remarks = f" {plural(n_remarks, 'run has', 'runs have')} a smaller remark." if n_remarks else ""
        return paragraph(f"None of {plural(n, 'run')} failed, hangs or diverged.{remarks}")
    return paragraph(
        f"{health.n_need_attention:,} of {plural(n, 'run')} {'needs' if health.n_need_attention == 1 else 'need'} attention.{failure_words(health)}"
    )


def failure_words(health: Health) -> str:
    """ " Failed or killed: 3 of 17 that ended (17.6 %, 95 % interval 6.2 % to 41 %)."; empty when none did."""
    share = health.failed_share
    if share is None or not share.value:
        return ""
    k = round(share.value * health.n_ended)
    bounds = f"{text_of(share.low, 'percent')} to {text_of(share.high, 'percent')}"
    return (
        f" Failed or killed: {k:,} of {health.n_ended:,} that ended ({text_of(share.value, 'percent')}, 95 % interval {bounds})."
    )


def _status_table(health: Health) -> Table:
    columns = (Column("status", "Status", "status"), Column("n", "Runs", "integer"))
    rows = tuple(
        (Cell(status or "no status", "bad" if status in ("FAILED", "KILLED") else "neutral"), Cell(n))
        for status, n in health.by_status
    )
    notes = [f"{plural(health.n_deleted, 'deleted run')} not counted."] if health.n_deleted else []
    unknown = [status for status, _ in health.by_status if status not in STATUS_WORDS]
    if unknown:
        notes.append(f"Not a status of MLflow: {listed([one_line(s, 20) or '(empty)' for s in unknown])}.")
    return Table("health-status", "Runs by status", columns, rows, tuple(notes), on_paper=False)


def _concerns(view: View, health: Health) -> Table:
    columns = (
        Column("run", "Run", "run"),
        *((Column("experiment", "Experiment"),) if view.several_experiments else ()),
        Column("status", "Status", "status"),
        Column("started", "Started", "time"),
        Column("why", "Why"),
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
                Cell(concerns_text(concerns), "warning" if grave else "muted"),
            )
        )
    title = "Runs that need attention" if health.n_need_attention == len(rows) else "Runs with remarks"
    return Table("health-runs", title, columns, tuple(rows), (), len(rows), paper_rows=30, sortable=True)


def _durations(view: View, durations: Durations) -> Table:
    columns = (Column("what", "What"), Column("value", "Value", "duration"))
    rows = (
        (Cell("Median"), Cell(durations.median)),
        (Cell("25th percentile"), Cell(durations.q1)),
        (Cell("75th percentile"), Cell(durations.q3)),
        (Cell("Shortest"), Cell(durations.shortest)),
        (Cell("Longest"), Cell(durations.longest, note=run_name(view.run(durations.longest_key)))),
        (Cell("Total"), Cell(durations.total)),
    )
    return Table(
        "health-durations",
        "Run duration",
        columns,
        rows,
        method=(
            f"Of {plural(durations.n, 'finished run')} with a start and an end. Percentiles that fall between two runs are interpolated.",
        ),
        layout="facts",
        on_paper=False,
    )


def _names(health: Health) -> list[Block]:
    if not health.same_names:
        return []
    columns = (Column("name", "Name"), Column("experiment", "Experiment"), Column("n", "Runs", "integer"))
    rows = tuple(
        (Cell(one_line(name, 60)), Cell(one_line(experiment, 60)), Cell(n))
        for experiment, name, n in health.same_names[:MOST_NAMES]
    )
    return [Table("health-names", "Names that several runs share", columns, rows, (), len(health.same_names), paper_rows=10)]


def _reruns(view: View, health: Health) -> list[Block]:
    if not health.reruns:
        return []
    n = sum(len(keys) - 1 for keys in health.reruns)
    shown = "; ".join(listed([run_name(view.run(key)) for key in keys], 4) for keys in health.reruns[:5])
    more = f"; and {len(health.reruns) - 5} more sets" if len(health.reruns) > 5 else ""
    return [
        paragraph(
            f"{plural(n, 'run')} repeat an earlier one (same parameters and seed, and the same commit or values): {shown}{more}. "
            f"A repeat is no new sample: comparisons count the newest only."
        )
    ]
