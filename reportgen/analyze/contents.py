"""Which runs' artifacts the report wants opened.

The answer needs the primary metric, which only the finished snapshot tells; artifacts are therefore read after it.
"""

from __future__ import annotations

from collections.abc import Mapping

from reportgen.analyze.directions import directions_of, experiment_tags
from reportgen.analyze.histories import series_facts
from reportgen.analyze.leaderboard import leaderboard_of
from reportgen.analyze.metrics import metric_names, metrics_of
from reportgen.analyze.primary import primary_of
from reportgen.analyze.projects import logged_metrics, projects_of, report_for, with_own_settings
from reportgen.analyze.runs import RunKey, runs_of
from reportgen.config import MetricConfig, ReportConfig
from reportgen.snapshot import Snapshot


def opened_runs(snapshot: Snapshot, report: ReportConfig, metrics: Mapping[str, MetricConfig]) -> tuple[RunKey, ...]:
    """The runs that ``report.artifacts.runs`` means, best first; without a metric that ranks, newest first.

    Of several projects those of each.
    """
    projects = projects_of(snapshot, report, metrics)
    if len(projects) < 2:
        return _opened_runs(snapshot, with_own_settings(report, projects), metrics)
    parts = [(project, snapshot.of_experiments(project.experiments)) for project in projects]
    own = [(part, report_for(project, report, logged_metrics(part))) for project, part in parts]
    return tuple(key for part, its in own for key in _opened_runs(part, its, metrics))


def _opened_runs(snapshot: Snapshot, report: ReportConfig, metrics: Mapping[str, MetricConfig]) -> tuple[RunKey, ...]:
    runs = [run for run in runs_of(snapshot) if not run.deleted]
    newest = sorted(runs, key=lambda run: (-(run.started_ms or 0), run.key))
    wanted = report.artifacts.runs
    if wanted == "all":
        return tuple(run.key for run in newest)
    most = 1 if wanted == "best" else int(wanted)
    series = series_facts(snapshot.history)
    named = experiment_tags(snapshot)
    directions, _ = directions_of(metric_names(runs, series), metrics, named)
    table = metrics_of(runs, series, directions, metrics)
    primary, _ = primary_of(report, table, sum(run.finished for run in runs), named)
    if primary is None or table[primary.name].goal == "none":
        return tuple(run.key for run in newest[:most])
    return tuple(row.key for row in leaderboard_of(table[primary.name], runs).rows[:most])
