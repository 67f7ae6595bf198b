"""The facts of a report over several projects: each project's own, and those that are about all runs.

Nothing of one project is known while the facts of another are made: each gets a snapshot of its own experiments.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from reportgen.analyze.facts import Facts
from reportgen.analyze.findings import AnalysisFailed, Finding
from reportgen.analyze.health import by_run
from reportgen.analyze.previous_report import PreviousReport
from reportgen.analyze.primary import MissingPrimary, missing_metrics, nearest_metric
from reportgen.analyze.projects import (
    PER_PROJECT,
    Project,
    UnusedSettings,
    experiment_names,
    judges,
    logged_metrics,
    report_for,
)
from reportgen.config import GateConfig, ReportConfig, SectionConfig
from reportgen.snapshot import Snapshot

MOST_COLUMNS = 4
"""Metrics that tables over all runs show."""


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """One project of a portfolio."""

    project: Project
    report: ReportConfig
    """As it is for this project alone."""
    snapshot: Snapshot
    facts: Facts

    @property
    def is_ranked(self) -> bool:
        """Whether a run of it has a value that may be called best."""
        board = self.facts.leaderboard
        return board is not None and board.best is not None

    @property
    def is_in_sample(self) -> bool:
        """Whether the metric that ranks is measured on the training data."""
        primary = self.facts.primary
        return primary is not None and self.facts.is_in_sample(primary.name)

    @property
    def has_result(self) -> bool:
        """Whether there is a best value that was not measured on the training data."""
        return self.is_ranked and not self.is_in_sample

    @property
    def urgency(self) -> int:
        """0 when a gate failed or a configuration got worse, 1 when something else needs a look, else 2."""
        facts = self.facts
        if any(gate.state == "FAIL" for gate in facts.gates) or (facts.weekly and facts.weekly.alarms):
            return 0
        concerns = by_run(facts.health.concerns).values()
        failed_requests = facts.traces is not None and facts.traces.whole.n_failed > 0
        is_open = any(gate.state != "PASS" for gate in facts.gates) or not self.has_result or failed_requests
        return 1 if is_open or any(one.grave for found in concerns for one in found) else 2


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Several projects in one report."""

    projects: tuple[ProjectFacts, ...]
    """Those that need attention first, then those with the newest runs."""
    whole: Facts
    """About all runs: no metric ranks them."""
    idle: tuple[str, ...]
    """Names of experiments without a run in the selection."""


def portfolio_of(
    snapshot: Snapshot,
    report: ReportConfig,
    projects: Sequence[Project],
    answers: Callable[..., Facts],
    *,
    previous_report: PreviousReport | None = None,
) -> Portfolio:
    """The facts of every one of ``projects``, and those that are about all runs of ``report``.

    ``answers`` is ``facts_of`` with everything but the snapshot and the report.
    """
    if previous_report is not None:
        previous_report = previous_report.with_project_in_gates((one.experiments, one.title) for one in projects)
    parts = [(project, snapshot.of_experiments(project.experiments)) for project in projects]
    logged = [logged_metrics(part) for _, part in parts]
    found = []
    for (project, part), names in zip(parts, logged, strict=True):
        own = report_for(project, report, names)
        since = previous_report.of_experiments(project.experiments, project.title) if previous_report else None
        found.append(ProjectFacts(project, own, part, answers(part, own, previous_report=since)))
    gates = tuple(gate for gate in report.gates if not any(judges(gate, *one) for one in zip(projects, logged, strict=True)))
    whole = answers(snapshot, _whole_report(report, gates), previous_report=previous_report)
    named = experiment_names(snapshot)
    busy = {id_ for project in projects for id_ in project.experiments}
    findings = _findings(whole, report, frozenset().union(*logged))
    return Portfolio(
        projects=tuple(sorted(found, key=_order)),
        whole=_unranked(whole, found, findings),
        idle=tuple(sorted(name for id_, name in named.items() if id_ not in busy and id_ not in snapshot.unread)),
    )


def _order(one: ProjectFacts) -> tuple[int, float, str]:
    newest = one.facts.recent.newest
    return one.urgency, -newest.timestamp() if newest else 0.0, one.project.title


def _whole_report(report: ReportConfig, gates: tuple[GateConfig, ...]) -> ReportConfig:
    """``report`` for what is about all runs: without what ranks, with the gates that no project answers."""
    sections: tuple[SectionConfig, ...] = tuple(chosen for chosen in report.sections if chosen.section not in PER_PROJECT)
    return report.model_copy(update={"primary": None, "metrics": (), "gates": gates, "sections": sections})


def _unranked(whole: Facts, projects: Sequence[ProjectFacts], findings: frozenset[Finding]) -> Facts:
    """``whole`` without everything that ranks, pools or joins runs of different projects; tables show the metrics that most
    projects rank by."""
    names = Counter(one.facts.primary.name for one in projects if one.facts.primary)
    shown = sorted(names, key=lambda name: (-names[name], name))[:MOST_COLUMNS]
    return replace(
        whole,
        primary=None,
        main=tuple(name for name in shown if name in whole.metrics),
        summaries=(),
        bests=(),
        leaderboard=None,
        replicates=(),
        noise=None,
        side_by_side=None,
        parameters=None,
        weekly=None,
        trend=None,
        findings=findings,
    )


def _findings(whole: Facts, report: ReportConfig, logged: Collection[str]) -> frozenset[Finding]:
    """What is amiss with no single project."""
    found: list[Finding] = [one for one in whole.findings if isinstance(one, AnalysisFailed | UnusedSettings)]
    if report.primary and report.primary not in logged:
        found.append(MissingPrimary(report.primary, nearest_metric(report.primary, logged)))
    return frozenset((*found, *missing_metrics(report, logged)))
