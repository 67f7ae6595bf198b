"""Which metric ranks the runs, and how they stand: decided once, for the whole report and for what is read after it is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reportgen.analyze.directions import directions_of, experiment_tags
from reportgen.analyze.evaluations import DataSets, Evaluated, evaluated, with_held_out
from reportgen.analyze.findings import Finding
from reportgen.analyze.histories import SeriesByKey
from reportgen.analyze.leaderboard import Leaderboard, leaderboard_of
from reportgen.analyze.metrics import Metric, metric_names, metrics_of, with_one_spelling
from reportgen.analyze.primary import Primary, primary_of, study_directions
from reportgen.analyze.runs import Run
from reportgen.config import MetricConfig, ReportConfig
from reportgen.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Ranking:
    """The metrics of some runs, and the runs by the primary one."""

    metrics: Mapping[str, Metric]
    evaluated: Mapping[str, Evaluated]
    """Every metric in the evaluation that is ranked."""
    primary: Primary | None
    board: Leaderboard | None
    findings: tuple[Finding, ...]


def ranking_of(
    snapshot: Snapshot,
    report: ReportConfig,
    configs: Mapping[str, MetricConfig],
    runs: Sequence[Run],
    series: SeriesByKey,
    data: DataSets,
) -> Ranking:
    tags = experiment_tags(snapshot)
    directions, contradictions = directions_of(metric_names(runs, series), configs, tags)
    directions |= study_directions(runs, directions)
    logged = metrics_of(runs, series, directions, configs)
    metrics = with_one_spelling({name: with_held_out(metric, data) for name, metric in logged.items()})
    within = {name: evaluated(metric, runs, data) for name, metric in metrics.items()}
    primary, unranked = primary_of(report, metrics, sum(run.finished and not run.is_process for run in runs), tags, runs)
    board = leaderboard_of(within[primary.name].metric, runs) if primary else None
    return Ranking(metrics, within, primary, board, (*contradictions, *unranked))
