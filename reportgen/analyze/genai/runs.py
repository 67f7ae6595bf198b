"""Which runs are evaluations, what each was made of, and which traces it holds."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import pyarrow as pa

from reportgen.analyze.runs import Run, RunKey
from reportgen.config import ReportConfig
from reportgen.snapshot import EVALUATION_MARKS, Snapshot

Row = dict[str, Any]

CRITERIA = "mlflow.genaiEvaluate.qualityCriteria"
SCORERS = "mlflow.genaiEvaluate.scorersDigest"
APP_FUNCTION, APP_DIGEST = "mlflow.genaiEvaluate.agent.function", "mlflow.genaiEvaluate.agent.digest"
PROMPTS = "mlflow.linkedPrompts"
MEAN = "/mean"


@dataclass(frozen=True, slots=True)
class Criterion:
    """A bar that was stored with the run."""

    metric: str
    comparator: Literal["GTE", "LTE"]
    threshold: float

    @property
    def scorer(self) -> str:
        """The scorer whose mean it is about; empty for another aggregation."""
        return self.metric.removesuffix(MEAN) if self.metric.endswith(MEAN) else ""


@dataclass(frozen=True, slots=True)
class Lineage:
    """What a run says of how it was made; empty where it says nothing."""

    scorers_digest: str
    scorers_hashed: int
    """How many of ``scorers_total`` are in the digest."""
    scorers_total: int
    app_function: str
    app_digest: str
    prompts: tuple[tuple[str, str], ...]
    """(name, version)."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One trace of an evaluation run: an answer to one row of its data set."""

    run: RunKey
    trace: tuple[str, str]
    """(experiment id, trace id)."""
    row: str
    """A number that tells rows apart; empty when it is not known which row it answers."""
    session: str
    failed: bool
    """Whether the application ended with an error."""
    seconds: float | None
    tokens: int | None
    cost: float | None
    tags: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Evaluations:
    """Every evaluation run of a snapshot, with its answers and what was said of them."""

    runs: Mapping[RunKey, Run]
    answers: Mapping[RunKey, tuple[Answer, ...]]
    said: Mapping[tuple[str, str], tuple[Row, ...]]
    """Trace → rows of the table of assessments."""

    def is_evaluation(self, key: RunKey) -> bool:
        return key in self.runs


def evaluations_of(snapshot: Snapshot, runs: Iterable[Run]) -> Evaluations:
    """Runs that carry a mark of MLflow's, or that an assessment names; those without answers too."""
    said: dict[tuple[str, str], list[Row]] = defaultdict(list)
    naming: set[str] = set()
    for row in snapshot.assessments.to_pylist():
        said[row["experiment_id"], row["trace_id"]].append(row)
        naming.add(row["run_id"])
    by_id = {run.run_id: run for run in runs}
    answers: dict[RunKey, list[Answer]] = defaultdict(list)
    traces = _traces(snapshot)
    for link in snapshot.evaluation_rows.to_pylist():
        run = by_id.get(link["run_id"])
        trace = traces.get((link["experiment_id"], link["trace_id"]))
        if run is not None and trace is not None and not trace["scorer"]:
            answers[run.key].append(_answer(run.key, link, trace))
    evaluated = {run.key: run for run in runs if is_marked(run) or run.run_id in naming}
    return Evaluations(
        evaluated,
        {key: tuple(answers.get(key, ())) for key in evaluated},
        {place: tuple(rows) for place, rows in said.items()},
    )


def within_window(snapshot: Snapshot) -> Snapshot:
    """Without the traces of evaluations from before the window, which only gates ask for."""
    places = ("experiment_id", "trace_id")
    before = set(snapshot.earlier.column("run_id").to_pylist())
    if not before:
        return snapshot
    inside = set(snapshot.runs.column("run_id").to_pylist())
    runs: dict[tuple[str, str], set[str]] = defaultdict(set)
    for table in (snapshot.traces, snapshot.evaluation_rows):
        for experiment_id, trace_id, run_id in zip(*(_column(table, name) for name in (*places, "run_id")), strict=True):
            runs[experiment_id, trace_id].add(run_id)
    outside = {place for place, its in runs.items() if its & before and not its & inside}
    if not outside:
        return snapshot
    tables = {name: getattr(snapshot, name) for name in ("traces", "assessments", "evaluation_rows")}
    kept = {
        name: table.filter(
            pa.array([one not in outside for one in zip(*(_column(table, p) for p in places), strict=True)], pa.bool_())
        )
        for name, table in tables.items()
    }
    return replace(snapshot, **kept)


def is_marked(run: Run) -> bool:
    """Whether the run carries MLflow's mark of an evaluation: that of 3.4 to 3.10, or that since."""
    return any(run.tags.get(tag) == value for tag, value in EVALUATION_MARKS.items())


def _traces(snapshot: Snapshot) -> Mapping[tuple[str, str], Row]:
    names = ("experiment_id", "trace_id", "status", "duration_ms", "total_tokens", "cost", "session", "scorer")
    columns = (snapshot.traces.column(name).to_pylist() for name in names)
    rows = (dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True))
    return {(row["experiment_id"], row["trace_id"]): row for row in rows}


def _answer(run: RunKey, link: Row, trace: Row) -> Answer:
    duration = trace["duration_ms"]
    return Answer(
        run=run,
        trace=(link["experiment_id"], link["trace_id"]),
        row=link["row"] or "",
        session=trace["session"] or "",
        failed=trace["status"] == "ERROR",
        seconds=duration / 1000 if duration is not None and duration >= 0 else None,
        tokens=trace["total_tokens"],
        cost=trace["cost"],
        tags=dict(link["tags"] or ()),
    )


def with_means(report: ReportConfig, runs: Iterable[Run]) -> ReportConfig:
    """``report`` with the metric that a run logs of a scorer, where the comparison names the scorer itself."""
    rules = report.compare
    if rules is None or not rules.metrics:
        return report
    known = {name for run in runs for name in run.last_values}
    names = metric_names_of(rules.metrics, known)
    return (
        report if names == rules.metrics else report.model_copy(update={"compare": rules.model_copy(update={"metrics": names})})
    )


def metric_names_of(names: Iterable[str], known: Collection[str]) -> tuple[str, ...]:
    """``correctness/mean`` for ``correctness``, where only the former was logged."""
    return tuple(name + MEAN if name not in known and name + MEAN in known else name for name in names)


# --- what a run was made of --------------------------------------------------------------------------------------------


def lineage_of(run: Run) -> Lineage:
    scorers = _object(run.tags.get(SCORERS))
    return Lineage(
        scorers_digest=_text(scorers.get("digest")),
        scorers_hashed=_count(scorers.get("hashed")),
        scorers_total=_count(scorers.get("total")),
        app_function=run.tags.get(APP_FUNCTION, ""),
        app_digest=run.tags.get(APP_DIGEST, ""),
        prompts=_prompts(run.tags.get(PROMPTS)),
    )


def criteria_of(run: Run) -> tuple[Criterion, ...]:
    """The quality criteria stored with the run; what cannot be read as one is left out."""
    rules = _object(run.tags.get(CRITERIA)).get("rules")
    return tuple(found for rule in rules if (found := _criterion(rule))) if isinstance(rules, list) else ()


def _criterion(rule: object) -> Criterion | None:
    if not isinstance(rule, dict):
        return None
    metric, threshold = rule.get("metricKey"), rule.get("threshold")
    if not isinstance(metric, str) or isinstance(threshold, bool) or not isinstance(threshold, int | float):
        return None
    match rule.get("comparator"):
        case "GTE":
            return Criterion(metric, "GTE", float(threshold))
        case "LTE":
            return Criterion(metric, "LTE", float(threshold))
    return None


def _prompts(text: str | None) -> tuple[tuple[str, str], ...]:
    try:
        found = json.loads(text) if text else []
    except (ValueError, RecursionError):
        return ()
    pairs = (
        [(_text(one.get("name")), _text(one.get("version"))) for one in found if isinstance(one, dict)]
        if isinstance(found, list)
        else []
    )
    return tuple(sorted({pair for pair in pairs if pair[0]}))


def _object(text: str | None) -> Mapping[str, Any]:
    try:
        found = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _text(value: object) -> str:
    return str(value) if isinstance(value, str | int) else ""


def _count(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def datasets_of(snapshot: Snapshot, keys: Sequence[RunKey]) -> Mapping[RunKey, tuple[tuple[str, str], ...]]:
    """Run → (name, digest) of its data sets."""
    found: dict[RunKey, set[tuple[str, str]]] = {key: set() for key in keys}
    names = ("experiment_id", "run_id", "name", "digest")
    for experiment_id, run_id, name, digest in zip(*(_column(snapshot.datasets, one) for one in names), strict=True):
        if (experiment_id, run_id) in found:
            found[experiment_id, run_id].add((name or "", digest or ""))
    return {key: tuple(sorted(pairs)) for key, pairs in found.items()}


def _column(table: pa.Table, name: str) -> list[Any]:
    values: list[Any] = table.column(name).to_pylist()
    return values
