"""What the page lets a reader explore: which runs, which metrics with which value, which groups."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen.analyze.leaderboard import split_params
from reportgen.analyze.metrics import Metric
from reportgen.analyze.runs import Run
from reportgen.errors import Problem
from reportgen.formats import one_line
from reportgen.model import Explorer, ExplorerMetric
from reportgen.sections.view import View
from reportgen.words.quantities import label_of

MOST_RUNS = 20_000
MOST_METRICS = 120
MOST_PARAMS = 300


def explorer_of(view: View) -> tuple[Explorer | None, tuple[Problem, ...]]:
    """(what can be explored, a problem where that could not be found out)."""
    try:
        return _explorer(view), ()
    except Exception as error:  # noqa: BLE001 - whatever it is, it is a bug here; it costs the explorer, not the report
        what = view.say("explorer-explorer-page-could-made", name=type(error).__name__, error=one_line(str(error), 200))
        return None, (Problem("explorer-failed", "report.html", what, view.say("explorer-please-report-bug")),)


def _explorer(view: View) -> Explorer | None:
    """Every run that is not deleted, newest first; None when there is none."""
    every = sorted(view.facts.active, key=lambda run: (-run.order[0] if run.started_ms is not None else 1, run.order[1:]))
    runs = every[:MOST_RUNS]
    if not runs:
        return None
    main = {metric.name for metric in view.main}
    differing, same = split_params(runs)
    return Explorer(
        runs=tuple(run.key for run in runs),
        metrics=tuple(_metric(metric, runs, is_main=metric.name in main) for metric in _metrics(view)[:MOST_METRICS]),
        params=(*differing, *(name for name, _ in same))[:MOST_PARAMS],
        groups=_groups(view, runs),
        pages=_pages(view, runs),
        n_left_out=len(every) - len(runs),
    )


def _metrics(view: View) -> list[Metric]:
    """The main ones, the others, and last what machines measure; a metric with two spellings once."""
    machine = [metric for metric in view.facts.metrics.values() if metric.name.startswith("system/") and metric.values]
    main = {metric.name for metric in view.main}
    every = [*view.main, *view.further, *(metric for metric in machine if metric.name not in main)]
    return [metric for metric in every if metric.values and (not metric.same_as or metric.name in main)]


def _metric(metric: Metric, runs: Sequence[Run], *, is_main: bool) -> ExplorerMetric:
    values = tuple(metric.values.get(run.key) for run in runs)
    return ExplorerMetric(
        metric.name, label_of(metric), metric.format, metric.digits, metric.goal, metric.rule, is_main=is_main, values=values
    )


def _groups(view: View, runs: Sequence[Run]) -> tuple[tuple[str, tuple[int, ...]], ...]:
    if view.facts.study is None:
        return ()
    places = {run.key: at for at, run in enumerate(runs)}
    members = view.facts.study.members.groups
    named = [(group.label, members.get(group.label, group.finished)) for group in view.facts.study.groups]
    found = [(label, tuple(sorted(places[key] for key in keys if key in places))) for label, keys in named]
    return tuple((label, own) for label, own in found if own)


def _pages(view: View, runs: Sequence[Run]) -> tuple[tuple[str, str], ...]:
    """A run's page is its server's address of the experiment, followed by the run's own id."""
    firsts = {run.experiment_id: run.run_id for run in reversed(runs)}
    pages = []
    for experiment_id, run_id in sorted(firsts.items()):
        own, url = run_id.partition("#")[0], view.run_url(experiment_id, run_id)
        if url and url.endswith(own):
            pages.append((experiment_id, url.removesuffix(own)))
    return tuple(pages)
