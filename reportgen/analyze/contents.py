"""Which runs' artifacts the report wants opened.

The answer needs the primary metric, which only the finished snapshot tells; artifacts are therefore read after it. Which runs have
any that can be shown is not known before they are opened: the answer is an order of runs, and how many of them are wanted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reportgen.analyze.evaluations import datasets_of
from reportgen.analyze.histories import series_facts
from reportgen.analyze.leaderboard import Leaderboard
from reportgen.analyze.projects import logged_metrics, projects_of, report_for, with_own_settings
from reportgen.analyze.ranking import ranking_of
from reportgen.analyze.runs import Run, RunKey, runs_of
from reportgen.config import MetricConfig, ReportConfig
from reportgen.snapshot import Snapshot

Choice = tuple[tuple[RunKey, ...], int]
"""Runs, those whose artifacts are wanted most first, and how many of those that have some are wanted."""


def opened_runs(snapshot: Snapshot, report: ReportConfig, metrics: Mapping[str, MetricConfig]) -> tuple[Choice, ...]:
    """What ``report.artifacts.runs`` means in each project: runs of different problems are not weighed against each other."""
    projects = projects_of(snapshot, report, metrics)
    if len(projects) < 2:
        return (_choice(snapshot, with_own_settings(report, projects), metrics),)
    parts = [(project, snapshot.of_experiments(project.experiments)) for project in projects]
    return tuple(_choice(part, report_for(project, report, logged_metrics(part)), metrics) for project, part in parts)


def _choice(snapshot: Snapshot, report: ReportConfig, metrics: Mapping[str, MetricConfig]) -> Choice:
    runs = runs_of(snapshot)
    ranking = ranking_of(snapshot, report, metrics, runs, series_facts(snapshot.history), datasets_of(snapshot, runs))
    keys = wanted_order(runs, ranking.board)
    wanted = report.artifacts.runs
    return keys, len(keys) if wanted == "all" else 1 if wanted == "best" else int(wanted)


def wanted_order(runs: Sequence[Run], board: Leaderboard | None) -> tuple[RunKey, ...]:
    """The runs that are not deleted: ranked ones by rank, then finished ones, then the others, each newest first."""
    ranks = {row.key: at for at, row in enumerate(board.rows)} if board and board.best else {}
    active = [run for run in runs if not run.deleted]
    order = sorted(active, key=lambda run: (ranks.get(run.key, len(ranks)), not run.finished, -(run.started_ms or 0), run.key))
    return tuple(run.key for run in order)
