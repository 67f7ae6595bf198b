"""Snapshots for tests: a few runs in, a whole ``Snapshot`` out; everything has a default."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from reportgen.analyze.previous_report import PreviousReport
from reportgen.config import MetricConfig, ReportConfig
from reportgen.model import Window
from reportgen.publish.previous_bundle import last_bundle, since
from reportgen.snapshot import History, Snapshot, SourceInfo, empty_snapshot, table_of
from reportgen.words import Words

NOW = datetime(2026, 11, 20, tzinfo=UTC)
ALL_TIME = Window(None, None, "all time")


@dataclass(frozen=True)
class FakeRun:
    """One run as a test wants it. ``histories`` are metric -> values at steps 0, 1, … or (step, value) pairs."""

    run_id: str
    metrics: Mapping[str, float] = field(default_factory=dict)
    params: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    histories: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    datasets: Sequence[tuple[str, str]] = ()
    """(name, digest)."""
    context: str = "training"
    """Of its data sets."""
    name: str | None = None
    status: str = "FINISHED"
    experiment: str = "exp"
    start: datetime | None = datetime(2026, 11, 1, 8, tzinfo=UTC)
    seconds: float | None = 60.0
    parent: str | None = None
    deleted: bool = False


def milliseconds(at: datetime | None) -> int | None:
    return None if at is None else round(at.timestamp() * 1000)


def snapshot(*runs: FakeRun, experiment_tags: Mapping[str, Mapping[str, str]] | None = None, **changes: Any) -> Snapshot:
    """A snapshot of ``runs``; experiments are named as the runs say and have ids "1", "2", … in order of name."""
    names = sorted({run.experiment for run in runs})
    ids = {name: str(i + 1) for i, name in enumerate(names)}
    last: list[tuple[str, str, str, float, int, int]] = []
    points: list[tuple[str, str, str, int, int, float]] = []
    for run in runs:
        start = milliseconds(run.start) or 0
        series = {name: [(0, value)] for name, value in run.metrics.items()} | {
            name: [v if isinstance(v, tuple) else (i, v) for i, v in enumerate(values)] for name, values in run.histories.items()
        }
        for name, pairs in series.items():
            points += [(ids[run.experiment], run.run_id, name, step, start + i, value) for i, (step, value) in enumerate(pairs)]
            at, (step, value) = max(enumerate(pairs), key=lambda one: (one[1][0], one[0]))
            last.append((ids[run.experiment], run.run_id, name, value, step, start + at))
    tables = {
        "experiments": _table(
            "experiments",
            ("experiment_id", "name", "lifecycle", "tags"),
            [(ids[name], name, "active", list(((experiment_tags or {}).get(name) or {}).items())) for name in names],
        ),
        "runs": _table(
            "runs",
            (
                "experiment_id",
                "run_id",
                "name",
                "status",
                "lifecycle",
                "start_time",
                "end_time",
                "parent_run_id",
                "user",
                "source_name",
            ),
            [
                (
                    ids[run.experiment],
                    run.run_id,
                    run.run_id if run.name is None else run.name,
                    run.status,
                    "deleted" if run.deleted else "active",
                    milliseconds(run.start),
                    None
                    if run.start is None or run.seconds is None
                    else milliseconds(run.start + timedelta(seconds=run.seconds)),
                    run.parent,
                    "ana",
                    "train.py",
                )
                for run in runs
            ],
        ),
        "params": _pairs("params", runs, ids),
        "tags": _pairs("tags", runs, ids),
        "metrics": _table("metrics", ("experiment_id", "run_id", "metric", "value", "step", "timestamp"), last),
        "datasets": _table(
            "datasets",
            ("experiment_id", "run_id", "name", "digest", "context"),
            [(ids[run.experiment], run.run_id, name, digest, run.context) for run in runs for name, digest in run.datasets],
        ),
    }
    history = History(_table("history", ("experiment_id", "run_id", "metric", "step", "timestamp", "value"), points))
    return empty_snapshot(SourceInfo("sqlite", "sqlite:///mlflow.db"), history=history, **{**tables, **changes})


def _pairs(what: str, runs: Sequence[FakeRun], ids: Mapping[str, str]) -> Any:
    rows = [(ids[run.experiment], run.run_id, key, value) for run in runs for key, value in getattr(run, what).items()]
    return _table(what, ("experiment_id", "run_id", "key", "value"), rows)


def _table(name: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Any:
    return table_of(name, {column: [row[i] for row in rows] for i, column in enumerate(columns)})


def report_config(**fields: Any) -> ReportConfig:
    return ReportConfig.model_validate(fields)


def metric_configs(**fields: Mapping[str, Any]) -> dict[str, MetricConfig]:
    return {name: MetricConfig.model_validate(config) for name, config in fields.items()}


def facts(
    taken: Snapshot,
    *,
    metrics: Mapping[str, MetricConfig] | None = None,
    now: datetime = NOW,
    window: Window = ALL_TIME,
    matching: Any = None,
    **report: Any,
) -> Any:
    from reportgen.analyze import facts_of

    return facts_of(taken, report_config(**report), metrics or {}, now=now, window=window, matching=matching)


def gates(taken: Snapshot, **report: Any) -> Any:
    """The gates of ``facts`` as a report shows them."""
    from reportgen.model import RunLink
    from reportgen.words.gates import gates_of

    found = facts(taken, **report)
    return gates_of(found.gates, lambda key: RunLink(key[1], found.by_key[key].name), Words())


def problems(found: Any) -> Any:
    """What facts tell as problems, sorted; gates that warn come later."""
    from reportgen.words.problems import problems_of

    return problems_of(found.findings, Words())


def told(
    taken: Snapshot,
    *,
    metrics: Mapping[str, MetricConfig] | None = None,
    now: datetime = NOW,
    window: Window = ALL_TIME,
    previous_report: Any = None,
    code: Path | None = None,
    fill: Any = None,
    **report: Any,
) -> Any:
    """The whole way from ``taken`` to a ``Report``."""
    from reportgen.analyze import facts_of
    from reportgen.analyze.portfolio import portfolio_of
    from reportgen.analyze.projects import projects_of, with_own_settings
    from reportgen.sections import report_of

    asked = report_config(**report)
    projects = projects_of(taken, asked, metrics or {})
    config = with_own_settings(asked, projects)
    answers = partial(facts_of, metrics=metrics or {}, now=now, window=window)
    portfolio = portfolio_of(taken, config, projects, answers, previous_report=previous_report) if len(projects) > 1 else None
    return report_of(
        portfolio.whole if portfolio else answers(taken, config, previous_report=previous_report),
        taken,
        config,
        metrics or {},
        name="weekly",
        now=now,
        window=window,
        config_digest="c0ffee",
        versions=(("numpy", "2.4.6"),),
        run_url=lambda experiment_id, run_id: f"http://mlflow.test/#/experiments/{experiment_id}/runs/{run_id}",
        portfolio=portfolio,
        code=code,
        fill=fill,
    )


def last_report(folder: Path, day: str, taken: Snapshot, window: Window, config_digest: str) -> PreviousReport | None:
    """What the newest bundle in ``folder`` of a day before ``day`` said, against ``taken``."""
    found = last_bundle(folder, day)
    return since(found, taken, window, config_digest) if found else None
