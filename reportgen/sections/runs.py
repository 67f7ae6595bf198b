"""Every run: the list that everything else can be checked against."""

from __future__ import annotations

from dataclasses import replace

from reportgen.analyze.leaderboard import split_params
from reportgen.analyze.metrics import Metric
from reportgen.analyze.runs import Run
from reportgen.formats import one_line
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
    title, question = view.say("runs-all-runs"), view.say("runs-which-runs-report-stand")
    if not runs:
        notice = Notice(
            "neutral",
            view.say("runs-runs"),
            view.say("runs-selection-holds-run"),
            view.say("runs-check-experiments-filter-window"),
        )
        return Section("runs", title, (notice,), question)
    mixed = view.primary is not None and len({_lacks_primary(view, run) for run in runs}) > 1
    order = (
        view.say("runs-first-newest-first", metric=label_of(view.primary))
        if mixed and view.primary
        else view.say("runs-newest-first")
    )
    lead = paragraph(
        view.say.sentences(
            view.say.stop(view.say.named(view.say("runs-n-runs", n=len(runs)), status_words(runs, view.say))),
            view.say.stop(order),
        )
    )
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
    names = view.say.listed([label_of(metric) for metric in left], MOST_NAMED)
    return [paragraph(view.say("runs-metrics-column-data-metrics", n_left=len(left), n=n, names=names))]


def _lacks_primary(view: View, run: Run) -> bool:
    """Paper shows the first rows only: they are to be those that the report is about."""
    return view.primary is not None and run.key not in view.facts.metrics[view.primary.name].values


def _newest_first(run: Run) -> tuple[float, tuple[str, ...]]:
    return (-run.order[0] if run.started_ms is not None else 1, run.order[1:])


def _table(view: View, runs: list[Run]) -> Table:
    differing, _ = split_params(runs)
    params = differing[:MOST_PARAMS]
    notes = [view.say("runs-page-can-sort-filter")]
    if len(differing) > len(params):
        notes.append(
            view.say(
                "runs-parameters-shown-further-differing",
                p=view.say.listed([one_line(p, 40) for p in params]),
                n=len(differing) - len(params),
            )
        )
    further = _columns_of_further(view, runs)
    columns = (
        Column("run", view.say("runs-column-run"), "run"),
        *((Column("experiment", view.say("runs-column-experiment")),) if view.several_experiments else ()),
        Column("status", view.say("runs-column-status"), "status"),
        Column("started", view.say("runs-column-started"), "time"),
        Column("duration", view.say("runs-column-duration"), "duration"),
        *(value_column(metric, view.say) for metric in view.main),
        *param_columns(params),
        *(replace(value_column(metric, view.say), on_paper=False) for metric in further),
        Column("run_id", view.say("runs-column-run-id"), "code", on_paper=False),
    )
    rows = tuple(_row(view, run, params, further) for run in runs)
    return Table("runs", view.say("runs-all-runs"), columns, rows, tuple(notes), len(rows), sortable=True, on_paper=False)


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
