"""The model registry: which version is where, from which run, and what it was measured with."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from reportgen.analyze.metrics import Metric
from reportgen.analyze.models import LoggedModel, Models, Pair, Version
from reportgen.analyze.primary import ranked
from reportgen.analyze.runs import RunKey
from reportgen.formats import number, one_line, slug
from reportgen.model import Block, Cell, Column, Goal, RunLink, Section, Table, Tone
from reportgen.sections.lineage import best_run_words, checkpoint_tables, over_versions, ranks_of
from reportgen.sections.view import View, paragraph, shown_value, tone_of, value_cell, value_column
from reportgen.words import Say
from reportgen.words.quantities import change_words, label_of, value_words

MOST_ROWS = 25
MOST_OF_RUNS = 2
"""Metrics of the runs that versions were made from."""
MOST_METRICS = 6
"""Metrics of logged models with a column; the data files hold the others."""


def models_section(view: View) -> Section | None:
    """Left out when nothing is registered or logged as a model."""
    models = view.facts.models
    if not (models.versions or models.prompts or models.logged or models.unused):
        return None
    blocks: list[Block] = [paragraph(_lead(models, view.say))]
    blocks += best_run_words(view, models)
    blocks += [_side_by_side(view, pair) for pair in models.pairs]
    blocks += over_versions(view, models)
    if models.versions:
        blocks.append(_versions(view, models))
    blocks += checkpoint_tables(view)
    if models.logged:
        blocks.append(_logged(view, models.logged))
    if models.prompts:
        blocks.append(_prompts(models.prompts, view.say))
    return Section("models", view.say("models-models"), tuple(blocks), view.say("models-which-model-where-which"))


def _lead(models: Models, say: Say) -> str:
    names = len({one.name for one in models.versions})
    parts = [say("models-registered-models-versions", names=names, n=len(models.versions))] if names else []
    parts += [say("models-n-logged-models", n=len(models.logged))] if models.logged else []
    parts += [say("models-n-prompts", n=len({one.name for one in models.prompts}))] if models.prompts else []
    lead = say.stop(say.listed(parts)) if parts else ""
    unused = (
        say("models-registered-without-version", name=say.listed([one_line(name, 60) for name in models.unused]))
        if models.unused
        else ""
    )
    elsewhere = say("models-further-registered-models-store", n=models.n_elsewhere) if models.n_elsewhere else ""
    return f"{lead}{unused}{elsewhere}".strip()


def _run_cell(view: View, one: Version | LoggedModel) -> Cell:
    if one.run is not None:
        return Cell(view.link(one.run))
    return Cell(RunLink(one.run_id, one.run_id[:8]), note=view.say("models-report")) if one.run_id else Cell(None)


def _versions(view: View, models: Models) -> Table:
    metrics = _metrics_of(view, [one.run for one in models.versions if one.run is not None])[:MOST_OF_RUNS]
    ranks = {one.run: rank for one in models.versions if one.run and (rank := ranks_of(view).get(one.run))}
    has = {
        "stage": any(one.stage for one in models.versions),
        "approvals": any(one.approvals for one in models.versions),
        "status": any(one.status not in ("", "READY") for one in models.versions),
    }
    columns = (
        Column("name", view.say("models-column-model")),
        Column("version", view.say("models-column-version")),
        Column("aliases", view.say("models-column-aliases")),
        *((Column("stage", view.say("models-column-stage")),) if has["stage"] else ()),
        *((Column("status", view.say("models-column-status")),) if has["status"] else ()),
        Column("created", view.say("models-column-registered"), "date"),
        Column("run", view.say("models-column-run"), "run"),
        *((Column("rank", view.say("lineage-rank"), "integer"),) if ranks else ()),
        *(value_column(metric, view.say) for metric in metrics),
        *((Column("approvals", view.say("models-column-approval-tags")),) if has["approvals"] else ()),
    )
    rows = tuple(
        (
            Cell(one_line(one.name, 60)),
            Cell(one_line(one.version, 20)),
            Cell(_aliases(one, view.say), "best" if "champion" in {alias.lower() for alias in one.aliases} else "neutral"),
            *(
                (
                    Cell(
                        "deleted" if one.is_deleted else one_line(one.stage, 30) or None, "muted" if one.is_deleted else "neutral"
                    ),
                )
                if has["stage"]
                else ()
            ),
            *((Cell(one_line(one.status, 30) or None),) if has["status"] else ()),
            Cell(one.created_at),
            _run_cell(view, one),
            *((Cell(ranks.get(one.run) if one.run else None),) if ranks else ()),
            *(_value(metric, one) for metric in metrics),
            *((Cell(_approvals(one, view.say)),) if has["approvals"] else ()),
        )
        for one in models.versions
    )
    notes = (view.say("models-values-run-version-made"),) if metrics else ()
    return Table(
        "models-versions",
        view.say("models-registered-models"),
        columns,
        rows,
        notes,
        len(rows),
        paper_rows=MOST_ROWS,
        sortable=True,
    )


def _metrics_of(view: View, keys: Sequence[RunKey]) -> list[Metric]:
    """Metrics that these runs have: the report's own first, then those that most of them have, in the usual order."""
    counts = {name: sum(key in metric.values for key in keys) for name, metric in view.facts.metrics.items()}
    main = [metric for metric in view.main if counts[metric.name]]
    others = [metric for metric in ranked(view.facts.metrics) if counts[metric.name] and metric not in main]
    return [*main, *sorted(others, key=lambda metric: -counts[metric.name])]


def _value(metric: Metric, one: Version) -> Cell:
    return value_cell(metric, one.run) if one.run is not None else Cell(None)


def _aliases(one: Version, say: Say) -> str | None:
    return say.listed([one_line(alias, 30) for alias in one.aliases]) if one.aliases else None


def _approvals(one: Version, say: Say) -> str | None:
    return (
        say("list-clause-separator").join(
            (say.named(one_line(key, 40), shown_value(key, value) or "") for key, value in one.approvals)
        )
        or None
    )


def _side_by_side(view: View, pair: Pair) -> Table:
    """Champion and challenger by the report's metrics; one run each, so no interval."""
    columns = (
        Column("what", view.say("models-column-what")),
        Column(
            "champion",
            view.say(
                "models-column-x-version-x",
                capitalize=one_line(pair.why[0], 30).capitalize(),
                version=one_line(pair.champion.version, 12),
            ),
        ),
        Column(
            "challenger",
            view.say(
                "models-column-x-version-x",
                capitalize=one_line(pair.why[1], 30).capitalize(),
                version=one_line(pair.challenger.version, 12),
            ),
        ),
        Column("difference", view.say("models-column-difference")),
    )
    both = (pair.champion, pair.challenger)
    rows: list[tuple[Cell, ...]] = [
        (Cell(view.say("models-column-run")), *(_linked(_run_cell(view, one)) for one in both), Cell(None)),
        (Cell(view.say("models-column-registered")), *(Cell(one.created_at, format="date") for one in both), Cell(None)),
    ]
    metrics = _metrics_of(view, [one.run for one in both if one.run is not None])
    rows += [_metric_row(metric, pair) for metric in metrics[: max(MOST_OF_RUNS, len(view.main))]]
    keys = sorted({key for one in both for key, _ in one.approvals})
    rows += [
        (Cell(one_line(key, 40)), *(Cell(shown_value(key, dict(one.approvals).get(key))) for one in both), Cell(None))
        for key in keys
    ]
    notes = (view.say("models-run-difference-without-interval"),)
    title = view.say("models-champion-against-challenger", name=one_line(pair.name, 60))
    return Table(f"models-pair-{slug(pair.name)}", title, columns, tuple(rows), notes, len(rows))


def _linked(cell: Cell) -> Cell:
    return replace(cell, format="run") if isinstance(cell.value, RunLink) else cell


def _metric_row(metric: Metric, pair: Pair) -> tuple[Cell, ...]:
    a, b = (metric.values.get(one.run) if one.run is not None else None for one in (pair.champion, pair.challenger))
    known = a is not None and b is not None and math.isfinite(a) and math.isfinite(b)
    delta = b - a if known and a is not None and b is not None else None
    tone: Tone = tone_of(metric, delta) if delta is not None else "neutral"
    return (
        Cell(label_of(metric)),
        *(Cell(value_words(metric, value)) for value in (a, b)),
        Cell(change_words(metric, delta) if delta is not None else None, tone),
    )


def _logged(view: View, logged: tuple[LoggedModel, ...]) -> Table:
    """Logged models with their own metrics; of several data sets each value says which."""
    counts: dict[str, int] = {}
    for one in logged:
        for metric in {metric for metric, _, _ in one.values}:
            counts[metric] = counts.get(metric, 0) + 1
    main = [metric.name for metric in view.main if metric.name in counts]
    others = sorted((name for name in counts if name not in main), key=lambda name: (-counts[name], name))
    names = [*main, *others][:MOST_METRICS]
    columns = (
        Column("name", view.say("models-column-model")),
        Column("run", view.say("models-column-run"), "run"),
        Column("created", view.say("models-column-logged"), "date"),
        *(
            (Column("status", view.say("models-column-status")),)
            if any(one.status not in ("", "READY") for one in logged)
            else ()
        ),
        *(Column(f"metric:{name}", one_line(name, 60), "number", goal=_goal(view, name)) for name in names),
        Column("model_id", view.say("models-column-model-id"), "code", on_paper=False),
    )
    has_status = any(column.key == "status" for column in columns)
    rows = tuple(
        (
            Cell(one_line(one.name, 60)),
            _run_cell(view, one),
            Cell(one.created_at),
            *(
                (Cell(one_line(one.status, 30) or None, "warning" if one.status == "FAILED" else "neutral"),)
                if has_status
                else ()
            ),
            *(_logged_cell(one, name, view.say) for name in names),
            Cell(one_line(one.model_id, 60)),
        )
        for one in logged
    )
    notes = [view.say("models-last-value-metric-model")] if names else []
    left = len(counts) - len(names)
    notes += [view.say("models-further-metrics-models-data", left=left)] if left else []
    return Table(
        "models-logged", view.say("models-logged-models"), columns, rows, tuple(notes), len(rows), sortable=True, on_paper=False
    )


def _goal(view: View, name: str) -> Goal:
    metric = view.facts.metrics.get(name)
    return metric.goal if metric else "none"


def _logged_cell(one: LoggedModel, name: str, say: Say) -> Cell:
    found = [(dataset, value) for metric, dataset, value in one.values if metric == name]
    if not found:
        return Cell(None)
    if len(found) == 1:
        dataset, value = found[0]
        return Cell(value, "neutral" if math.isfinite(value) else "warning", one_line(dataset, 30))
    return Cell(
        say("list-clause-separator").join(
            (say.named(one_line(dataset, 30) or say("models-data-set"), number(value)) for dataset, value in found)
        ),
        format="text",
    )


def _prompts(prompts: tuple[Version, ...], say: Say) -> Table:
    columns = (
        Column("name", say("models-column-prompt")),
        Column("version", say("models-column-version")),
        Column("aliases", say("models-column-aliases")),
        Column("created", say("models-column-registered"), "date"),
    )
    rows = tuple(
        (Cell(one_line(one.name, 60)), Cell(one_line(one.version, 20)), Cell(_aliases(one, say)), Cell(one.created_at))
        for one in prompts
    )
    note = say("models-texts-prompts-read")
    return Table("models-prompts", say("models-prompts"), columns, rows, (note,), len(rows), paper_rows=MOST_ROWS, sortable=True)
