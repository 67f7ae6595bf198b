"""Snapshot → ``Facts``: every question a reader asks, answered once.

``facts_of`` is the table of contents of this room; each answer has its own file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from reportgen.analyze.changes import BestChange, Recent, Trend, best_changes, recent_of, trend_of
from reportgen.analyze.compare.comparison import Comparison, SideBySide, comparison_of, not_pooled, side_by_side_of
from reportgen.analyze.compare.costs import Costs, costs_of
from reportgen.analyze.compare.group_gates import Compared
from reportgen.analyze.compare.interim_looks import at_look, unplanned_looks
from reportgen.analyze.compare.members import Matching, members_of, model_versions_of
from reportgen.analyze.compare.study import Study, study_of
from reportgen.analyze.compare.tasks import Tasks, tasks_of
from reportgen.analyze.curve_scalars import Asked
from reportgen.analyze.directions import directions_of, experiment_tags
from reportgen.analyze.findings import AnalysisFailed, Finding
from reportgen.analyze.gate_answers import GateAnswer
from reportgen.analyze.gates import gate_answers
from reportgen.analyze.health import Health, health_of
from reportgen.analyze.histories import SeriesByKey, series_facts
from reportgen.analyze.leaderboard import Leaderboard, leaderboard_of
from reportgen.analyze.metrics import Metric, metric_names, metrics_of
from reportgen.analyze.models import Models, registry_of
from reportgen.analyze.nested import Nested, nested_of
from reportgen.analyze.parameters import Parameters, parameters_of
from reportgen.analyze.previous_report import PreviousReport
from reportgen.analyze.primary import Primary, is_spent, main_metrics, missing_metrics, primary_of, ranked
from reportgen.analyze.replicates import Noise, ReplicateSummary, noise_of, replicate_groups, summarised
from reportgen.analyze.reproducibility import Reproducibility, datasets_by_run, reproducibility_of
from reportgen.analyze.resources import Resources, resources_of
from reportgen.analyze.runs import Run, RunKey, runs_of
from reportgen.analyze.summaries import Summary, summary_of
from reportgen.analyze.traces import TraceFacts, traces_of
from reportgen.analyze.training import MetricHistory, drawn_metrics, histories_of
from reportgen.analyze.weekly import Weekly, weekly_of
from reportgen.config import MetricConfig, ReportConfig
from reportgen.errors import Problem
from reportgen.model import Window
from reportgen.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Facts:
    """One field for each question."""

    runs: tuple[Run, ...]
    """Every run, deleted ones included, sorted by experiment and run id."""
    by_key: Mapping[RunKey, Run]
    metrics: Mapping[str, Metric]
    primary: Primary | None
    main: tuple[str, ...]
    """The metrics that tables show, the primary one first."""
    series: SeriesByKey
    summaries: tuple[Summary, ...]
    """One for each main metric."""
    recent: Recent
    bests: tuple[BestChange, ...]
    trend: Trend | None
    previous_report: PreviousReport | None
    """What became of the last report; None when there is none."""
    weekly: Weekly | None
    """None when no run started in the period, or none before it, and for a memo that asks for no such thing."""
    leaderboard: Leaderboard | None
    replicates: tuple[ReplicateSummary, ...]
    """Configurations with two runs or more, by the primary metric, best first."""
    noise: Noise | None
    """How much the primary metric varies between replicates, of the experiment that holds the best run."""
    comparison: Comparison | None
    """None when the config compares nothing."""
    tasks: Tasks | None
    """The comparison over data sets or tasks; None when its runs have fewer than two."""
    costs: Costs | None
    """What the compared groups took: durations, latency, tokens, money; None when nothing is compared."""
    side_by_side: SideBySide | None
    """Only when the config compares nothing."""
    histories: tuple[MetricHistory, ...]
    """Empty when the report has no such section."""
    parameters: Parameters | None
    """None when no experiment is a search, and when the report has no such section."""
    nested: Nested
    resources: Resources
    traces: TraceFacts | None
    """None when the snapshot holds no trace."""
    models: Models
    health: Health
    reproducibility: Reproducibility
    gates: tuple[GateAnswer, ...]
    findings: frozenset[Finding | Problem]
    """What the reader must be told as a problem."""

    @property
    def active(self) -> tuple[Run, ...]:
        """Runs that are not deleted."""
        return tuple(run for run in self.runs if not run.deleted)

    @property
    def finished(self) -> tuple[Run, ...]:
        return tuple(run for run in self.runs if run.finished)


def facts_of(
    snapshot: Snapshot,
    report: ReportConfig,
    metrics: Mapping[str, MetricConfig],
    *,
    now: datetime,
    window: Window,
    matching: Matching | None = None,
    previous_report: PreviousReport | None = None,
) -> Facts:
    """Every fact that the report ``report`` tells about ``snapshot``.

    ``matching`` answers MLflow's filter language, which groups of a comparison may be written in.
    """
    runs = runs_of(snapshot)
    by_key = {run.key: run for run in runs}
    series = series_facts(snapshot.history)
    tags = experiment_tags(snapshot)
    directions, contradictions = directions_of(metric_names(runs, series), metrics, tags)
    table = metrics_of(runs, series, directions, metrics)
    primary, not_there = primary_of(report, table, sum(run.finished for run in runs), tags)
    main = main_metrics(report, primary, table, metrics)
    shown = [table[name] for name in main]
    first = table[primary.name] if primary else None
    recent = recent_of(runs, now, window)
    datasets = datasets_by_run(snapshot)
    replicates = summarised(replicate_groups(runs, by_key), first) if first else ()
    drawn = drawn_metrics(main, [metric.name for metric in ranked(table) if not is_spent(metric.name)], series, runs)
    failed: list[Finding] = []
    uncompared_at_all: tuple[Study | None, Comparison | None, tuple[Finding, ...]] = (None, None, ())
    undrawn: tuple[MetricHistory, ...] = ()
    study, compared, uncompared = uncompared_at_all
    if report.compare is not None:
        rules, members = report.compare, members_of(report.compare, by_key, model_versions_of(snapshot.models), matching)

        def answer() -> tuple[Study | None, Comparison | None, tuple[Finding, ...]]:
            study = study_of(rules, rules.metrics or main, table, by_key, series, datasets, members)
            return (study, *comparison_of(study))

        study, compared, uncompared = attempt("comparison", answer, uncompared_at_all, failed)
    tasks: Tasks | None = None
    further: tuple[Finding, ...] = ()
    if compared is not None and study is not None:
        compared = replace(compared, looks_before=previous_report.n_looks if previous_report is not None else None)
        compared, tasks, further = _over_tasks_and_looks(study, compared, failed, scheduled=report.window is not None)
    asked_for = {chosen.section for chosen in report.sections}
    histories = undrawn
    if "histories" in asked_for:  # a memo has none, and going through every curve takes longer than all the rest of it
        groups = _drawn_groups(compared, replicates)
        told = Asked(study, compared, report.gates) if compared and study else None
        histories = attempt(
            "histories", lambda: histories_of(snapshot.history, drawn, table, runs, series, groups, told), undrawn, failed
        )
    searched: Parameters | None = None
    if first and "parameters" in asked_for:
        searched = attempt("parameters", lambda: parameters_of(first, shown, runs, by_key), searched, failed)
    board = leaderboard_of(first, runs) if first else None
    judged = Compared(study, compared) if study and compared else None
    unasked: Weekly | None = None
    uncosted: Costs | None = None
    past = [gate.metric for gate in report.gates if gate.not_worse_than and gate.metric in table]
    weekly = unasked
    if past or asked_for & {"overview", "changes"}:
        watched = [table[name] for name in dict.fromkeys([*main, *(name for name in past if name)])]
        weekly = attempt("changes", lambda: weekly_of(snapshot, watched, runs, recent, datasets), unasked, failed)
    gates = gate_answers(report.gates, table, runs, judged, weekly)
    return Facts(
        runs=runs,
        by_key=by_key,
        metrics=table,
        primary=primary,
        main=main,
        series=series,
        summaries=tuple(summary_of(metric, runs, by_key) for metric in shown),
        recent=recent,
        bests=best_changes(shown, runs, recent),
        trend=trend_of(first, runs, _record_before(weekly, first)) if first else None,
        previous_report=previous_report,
        weekly=weekly,
        leaderboard=board,
        replicates=replicates,
        noise=noise_of([one for one in replicates if board and board.best and one.group.experiment_id == board.best.key[0]]),
        comparison=compared,
        tasks=tasks,
        costs=attempt("costs", lambda: costs_of(study, compared, snapshot), uncosted, failed) if compared and study else None,
        side_by_side=side_by_side_of(first, by_key) if first and compared is None else None,
        histories=histories,
        parameters=searched,
        nested=nested_of(runs, shown),
        resources=resources_of(runs, snapshot.history, series),
        traces=traces_of(snapshot),
        models=registry_of(snapshot, by_key, everything=report.experiments == ("*",)),
        health=health_of(runs, series, now, datasets),
        reproducibility=reproducibility_of(snapshot, runs, datasets),
        gates=gates,
        findings=frozenset((*contradictions, *not_there, *missing_metrics(report, table), *uncompared, *further, *failed)),
    )


def _record_before(weekly: Weekly | None, metric: Metric) -> float | None:
    """The best value of ``metric`` of runs before the report's window."""
    found = (best.record for best in weekly.bests if best.metric == metric.name) if weekly is not None and weekly.earlier else ()
    return next(iter(found), None)


def _over_tasks_and_looks(
    study: Study, compared: Comparison, failed: list[Finding], *, scheduled: bool
) -> tuple[Comparison, Tasks | None, tuple[Finding, ...]]:
    """The comparison at the level of its look, the same over tasks, and what there is to say of both."""
    untasked: tuple[Tasks | None, tuple[Finding, ...]] = (None, ())
    tasks, no_tasks = attempt("tasks", lambda: tasks_of(study), untasked, failed)
    if tasks is not None and len(tasks.complete) > 1:
        compared = not_pooled(compared)
    unlooked: tuple[Comparison, tuple[Finding, ...]] = (compared, ())
    looked, looks = attempt("looks", lambda: at_look(study, compared), unlooked, failed)
    unplanned = unplanned_looks(study, compared) if scheduled else ()
    return looked, tasks, (*no_tasks, *looks, *unplanned)


def _drawn_groups(comparison: Comparison | None, replicates: Sequence[ReplicateSummary]) -> list[tuple[str, Sequence[RunKey]]]:
    """The groups that curves are averaged over: those compared, else replicates."""
    if comparison is not None:
        return [(group.label, group.finished) for group in comparison.groups]
    return [(one.group.label, one.group.runs) for one in replicates]


T = TypeVar("T")


def attempt(question: str, answer: Callable[[], T], otherwise: T, failed: list[Finding]) -> T:
    """``answer()``, or ``otherwise`` with a finding: a fault in a long answer must not cost all the others."""
    try:
        return answer()
    except Exception as error:  # noqa: BLE001 - whatever it is, it is a bug here and the reader must learn of it
        failed.append(AnalysisFailed(question, type(error).__name__, str(error)))
        return otherwise
