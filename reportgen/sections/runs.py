"""Every run: the list that everything else can be checked against."""

from __future__ import annotations

from dataclasses import replace

from reportgen.analyze.leaderboard import split_params
from reportgen.analyze.metrics import Metric
from reportgen.analyze.runs import Run
from reportgen.formats import listed, one_line, plural
from reportgen.model import Cell, Column, Notice, Paragraph, Section, Table
from reportgen.sections.activity import who_ran_what
from reportgen.sections.view import View, paragraph, param_cells, param_columns, status_words, value_cell, value_column
from reportgen.words.quantities import label_of

MOST_PARAMS = 6
MOST_FURTHER = 24
"""Columns of metrics that only the page has."""
MOST_CELLS = 20_000
MOST_NAMED = 12


def runs_section(view: View) -> Section:
    runs = sorted(view.facts.runs, key=lambda run: (_lacks_primary(view, run), *_newest_first(run)))
    title, question = "All runs", "Which runs does this report stand on?"
    if not runs:
        notice = Notice("neutral", "No runs", "The selection holds no run.", "check experiments, filter and window in the config")
        return Section("runs", title, (notice,), question)
    mixed = view.primary is not None and len({_lacks_primary(view, run) for run in runs}) > 1
    order = f"Those with {label_of(view.primary)} first, each newest first" if mixed and view.primary else "Newest first"
    lead = paragraph(f"{plural(len(runs), 'run')}: {status_words(runs)}. {order}.")
    return Section("runs", title, (lead, *who_ran_what(view), *_not_shown(view, runs), _table(view, runs)), question)


def _columns_of_further(view: View, runs: list[Run]) -> tuple[Metric, ...]:
    """Metrics that only the page has columns for: as many as it carries without becoming slow."""
    return view.further[: min(MOST_FURTHER, MOST_CELLS // max(len(runs), 1))]


def _not_shown(view: View, runs: list[Run]) -> list[Paragraph]:
    """Which metrics have no column, and where they are."""
    left = view.further[len(_columns_of_further(view, runs)) :]
    n = len(view.main) + len(view.further)
    if not left:
        return []
    names = listed([label_of(metric) for metric in left], MOST_NAMED)
    has_or_have = "has" if len(left) == 1 else "have"
    return [
        paragraph(
            f"{len(left):,} of {plural(n, 'metric')} {has_or_have} no column here: {names}. data/metrics.parquet has every value."
        )
    ]


def _lacks_primary(view: View, run: Run) -> bool:
    """Paper shows the first rows only: they are to be those that the report is about."""
    return view.primary is not None and run.key not in view.facts.metrics[view.primary.name].values


def _newest_first(run: Run) -> tuple[float, tuple[str, ...]]:
    return (-run.order[0] if run.started_ms is not None else 1, run.order[1:])


def _table(view: View, runs: list[Run]) -> Table:
    differing, _ = split_params(runs)
    params = differing[:MOST_PARAMS]
    notes = ["The page can sort and filter this list; the data files hold every parameter, tag and metric of every run."]
    if len(differing) > len(params):
        notes.append(
            f"Parameters shown: {listed([one_line(p, 40) for p in params])}; "
            f"{plural(len(differing) - len(params), 'further differing parameter')} in the data files."
        )
    further = _columns_of_further(view, runs)
    columns = (
        Column("run", "Run", "run"),
        *((Column("experiment", "Experiment"),) if view.several_experiments else ()),
        Column("status", "Status", "status"),
        Column("started", "Started", "time"),
        Column("duration", "Duration", "duration"),
        *(value_column(metric) for metric in view.main),
        *param_columns(params),
        *(replace(value_column(metric), on_paper=False) for metric in further),
        Column("run_id", "Run id", "code", on_paper=False),
    )
    rows = tuple(_row(view, run, params, further) for run in runs)
    return Table("runs", "All runs", columns, rows, tuple(notes), len(rows), sortable=True, on_paper=False)


def _row(view: View, run: Run, params: tuple[str, ...], further: tuple[Metric, ...]) -> tuple[Cell, ...]:
    bad = run.status in ("FAILED", "KILLED")
    status = Cell(run.status or None, "muted" if run.deleted else "bad" if bad else "neutral", "deleted" if run.deleted else "")
    return (
        Cell(view.link(run.key)),
        *((Cell(one_line(run.experiment, 60)),) if view.several_experiments else ()),
        status,
        Cell(run.started_at),
        Cell(run.seconds),
        *(value_cell(metric, run.key) for metric in view.main),
        *param_cells(run, params),
        *(value_cell(metric, run.key) for metric in further),
        Cell(run.run_id),
    )
