"""Which experiments of a report are one problem.

Values of different problems are never ranked, pooled, joined in a trend or averaged. An experiment is a project of its own,
unless the config puts several together, or they share the primary metric and the digests of the data that it was measured on.
Data that a run was trained on says nothing about what it was measured on and joins no experiments.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, ClassVar, Literal

from reportgen.analyze.directions import directions_of, experiment_tags
from reportgen.analyze.evaluations import TRAINING_CONTEXTS
from reportgen.analyze.findings import Finding
from reportgen.analyze.metrics import metric_names, metrics_of
from reportgen.analyze.primary import primary_of, split_rank
from reportgen.analyze.runs import runs_of
from reportgen.config import ExperimentConfig, GateConfig, MetricConfig, ReportConfig
from reportgen.errors import Severity
from reportgen.formats import listed
from reportgen.snapshot import Snapshot

PER_PROJECT = ("overview", "changes", "leaderboard", "comparison", "tasks", "histories", "parameters", "nested", "gallery")
"""Sections that make sense for one problem only; the others are about all runs of a report."""


@dataclass(frozen=True, slots=True)
class UnusedSettings(Finding):
    """No experiment of the report is treated as this entry of ``per_experiment`` says."""

    slug: ClassVar[str] = "settings-unused"
    experiments: tuple[str, ...]
    """Names of the experiments that were read."""

    @property
    def severity(self) -> Severity:
        return "warning"


Why = Literal["alone", "declared", "same evaluation"]


@dataclass(frozen=True, slots=True)
class Project:
    """Experiments whose runs may be put beside each other."""

    title: str
    experiments: tuple[str, ...]
    """Ids, sorted."""
    names: tuple[str, ...]
    """Of the experiments, in the same order."""
    why: Why = "alone"
    settings: ExperimentConfig | None = None
    """The entry of the config that fits."""


def projects_of(snapshot: Snapshot, report: ReportConfig, configs: Mapping[str, MetricConfig]) -> tuple[Project, ...]:
    """The projects of ``report`` that have a run or a trace, by title.

    A declared comparison puts all runs of its report beside each other: one project, or none without runs.
    """
    names = experiment_names(snapshot)
    ids = sorted({*_column(snapshot, "runs"), *_column(snapshot, "traces")})
    if report.compare is not None or len(ids) < 2:
        all_names = tuple(names.get(id_, id_) for id_ in ids)
        why: Why = "alone" if len(ids) < 2 else "declared"
        settings = _settings(report, ids[0], all_names[0]) if len(ids) == 1 else None
        return (Project(listed(all_names, 3), tuple(ids), all_names, why, settings[1] if settings else None),) if ids else ()
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    entries: dict[str, tuple[str, ExperimentConfig] | None] = {}
    for id_ in ids:
        entry = entries[id_] = _settings(report, id_, names.get(id_, id_))
        groups[("entry", entry[0]) if entry and entry[1].together else ("experiment", id_)].append(id_)
    alone = [id_ for (kind, _), (id_, *_) in groups.items() if kind == "experiment"]
    for same in _same_evaluation(snapshot, report, configs, entries, alone):
        for id_ in same:
            del groups[("experiment", id_)]
        groups[("evaluation", same[0])] = list(same)
    whys: dict[str, Why] = {"experiment": "alone", "entry": "declared", "evaluation": "same evaluation"}
    found = []
    for (kind, key), members in groups.items():
        own = tuple(names.get(id_, id_) for id_ in members)
        entry = entries[members[0]]
        title = key if kind == "entry" else listed(own, 3)
        found.append(Project(title, tuple(members), own, whys[kind], entry[1] if entry else None))
    return tuple(sorted(_titled(found), key=lambda project: (project.title.casefold(), project.experiments)))


def experiment_names(snapshot: Snapshot) -> dict[str, str]:
    """Id → name; the id where there is no name."""
    table = snapshot.experiments
    pairs = zip(table.column("experiment_id").to_pylist(), table.column("name").to_pylist(), strict=True)
    return {id_: name or id_ for id_, name in pairs}


def unused_settings(snapshot: Snapshot, report: ReportConfig) -> tuple[UnusedSettings, ...]:
    """A finding for each entry of ``per_experiment`` that is no experiment's own."""
    names = experiment_names(snapshot)
    used = {entry[0] for id_, name in names.items() if (entry := _settings(report, id_, name))}
    read = tuple(sorted(names.values()))
    return tuple(UnusedSettings(pattern, read) for pattern in report.per_experiment if pattern not in used)


def with_own_settings(report: ReportConfig, projects: Sequence[Project]) -> ReportConfig:
    """``report`` over one project, with the settings of its experiments; over none or several it stays as it is."""
    own = projects[0].settings if len(projects) == 1 else None
    if own is None:
        return report
    update: dict[str, Any] = {
        "title": report.title or own.title,
        "primary": own.primary or report.primary,
        "metrics": own.metrics if own.metrics is not None else report.metrics,
        "compare": own.compare or report.compare,
        "gates": (*report.gates, *own.gates),
        "sections": own.sections or report.sections,
    }
    return report.model_copy(update=update)


def report_for(project: Project, report: ReportConfig, logged: Collection[str]) -> ReportConfig:
    """``report`` as it is for ``project`` alone, whose runs have the metrics ``logged``.

    What the report says for all of them holds where it can: a metric that these runs do not have is left to others.
    """
    own = project.settings or ExperimentConfig()
    update: dict[str, Any] = {
        "title": project.title,
        "primary": own.primary or (report.primary if report.primary in logged else None),
        "metrics": own.metrics if own.metrics is not None else tuple(name for name in report.metrics if name in logged),
        "compare": own.compare or report.compare,
        "gates": (*own.gates, *(gate for gate in report.gates if judges(gate, project, logged))),
        "sections": own.sections or tuple(chosen for chosen in report.sections if chosen.section in PER_PROJECT),
        "per_experiment": {},
    }
    return report.model_copy(update=update)


def logged_metrics(snapshot: Snapshot) -> frozenset[str]:
    """Every metric that a run of ``snapshot`` logged."""
    return frozenset(snapshot.metrics.column("metric").unique().to_pylist())


def judges(gate: GateConfig, project: Project, logged: Collection[str]) -> bool:
    """Whether a gate of the whole report is answered for ``project``."""
    if gate.experiment is not None:
        return any(fits(gate.experiment, id_, name) for id_, name in zip(project.experiments, project.names, strict=True))
    return gate.metric is not None and gate.metric in logged


def fits(pattern: str, experiment_id: str, name: str) -> bool:
    """Whether ``pattern`` (a name, an id or a glob) means the experiment."""
    return pattern in (name, experiment_id) or fnmatchcase(name, pattern)


def _settings(report: ReportConfig, experiment_id: str, name: str) -> tuple[str, ExperimentConfig] | None:
    """The first entry that fits, with its key."""
    return next((one for one in report.per_experiment.items() if fits(one[0], experiment_id, name)), None)


def _column(snapshot: Snapshot, table: str) -> set[str]:
    return set(getattr(snapshot, table).column("experiment_id").unique().to_pylist())


def _titled(projects: Sequence[Project]) -> list[Project]:
    """With the title of the config; with the name of the experiments where several have that, with their ids where that is
    not enough."""
    found = [_renamed(p, p.settings.title if p.settings and p.settings.title else p.title) for p in projects]
    n = Counter(p.title for p in found)
    found = [
        _renamed(p, f"{p.title}: {old.title}") if n[p.title] > 1 and p.title != old.title else p
        for p, old in zip(found, projects, strict=True)
    ]
    n = Counter(p.title for p in found)
    return [_renamed(p, f"{p.title} ({', '.join(p.experiments)})") if n[p.title] > 1 else p for p in found]


def _renamed(project: Project, title: str) -> Project:
    return Project(title, project.experiments, project.names, project.why, project.settings)


# --- one evaluation ----------------------------------------------------------------------------------------------------


def _same_evaluation(
    snapshot: Snapshot,
    report: ReportConfig,
    configs: Mapping[str, MetricConfig],
    entries: Mapping[str, tuple[str, ExperimentConfig] | None],
    ids: Sequence[str],
) -> list[tuple[str, ...]]:
    """Those of ``ids`` that share settings, data and primary metric, in groups of two or more."""
    by_data: dict[tuple[str, frozenset[str]], list[str]] = defaultdict(list)
    digests = _measured_on(snapshot)
    for id_ in ids:
        entry = entries[id_]
        if digests.get(id_):
            by_data[entry[0] if entry else "", digests[id_]].append(id_)
    found = []
    for sharing in by_data.values():
        by_metric: dict[str, list[str]] = defaultdict(list)
        for id_ in sharing if len(sharing) > 1 else ():
            if metric := _primary_name(snapshot.of_experiments([id_]), report, configs, entries[id_]):
                by_metric[metric].append(id_)
        found += [tuple(same) for same in by_metric.values() if len(same) > 1]
    return found


def _measured_on(snapshot: Snapshot) -> dict[str, frozenset[str]]:
    """Experiment → digests of the data that its runs were measured on; not there unless every finished run has one."""
    columns = (snapshot.datasets.column(name).to_pylist() for name in ("experiment_id", "run_id", "digest", "context"))
    digests: dict[str, set[str]] = defaultdict(set)
    with_digest: set[tuple[str, str]] = set()
    for experiment_id, run_id, digest, context in zip(*columns, strict=True):
        if digest and (context or "").lower() not in TRAINING_CONTEXTS:
            digests[experiment_id].add(digest)
            with_digest.add((experiment_id, run_id))
    rows = zip(*(snapshot.runs.column(name).to_pylist() for name in ("experiment_id", "run_id", "status")), strict=True)
    unknown = {e for e, r, status in rows if status == "FINISHED" and (e, r) not in with_digest}
    return {experiment_id: frozenset(found) for experiment_id, found in digests.items() if experiment_id not in unknown}


def _primary_name(
    snapshot: Snapshot,
    report: ReportConfig,
    configs: Mapping[str, MetricConfig],
    entry: tuple[str, ExperimentConfig] | None,
) -> str | None:
    """The primary metric of one experiment by the last values of its runs; None for one that is measured on training data."""
    runs, tags = runs_of(snapshot), experiment_tags(snapshot)
    directions, _ = directions_of(metric_names(runs, {}), configs, tags)
    table = metrics_of(runs, {}, directions, configs)
    wanted = (entry[1].primary if entry else None) or (report.primary if report.primary in table else None)
    primary, _ = primary_of(report.model_copy(update={"primary": wanted}), table, sum(run.finished for run in runs), tags)
    return primary.name if primary and split_rank(primary.name) < split_rank("train") else None
