"""Small evaluations for tests: what scorers said of rows in, a snapshot out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reportgen.snapshot import Snapshot, table_of
from tests.snapshots import FakeRun, snapshot

EVALUATED = {"mlflow.runType": "genai_evaluate"}
Said = bool | float | str | None


@dataclass(frozen=True)
class Eval:
    """One evaluation run. ``scores``: scorer → what it said of each row in order; None said nothing, "error" failed."""

    name: str
    scores: Mapping[str, Sequence[Said]]
    rows: Sequence[str] = ()
    """Row of each answer; left out: "1", "2", …"""
    failed: Sequence[int] = ()
    """Places of answers whose request failed."""
    sessions: Sequence[str] = ()
    expected: Sequence[str] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    row_tags: Sequence[Mapping[str, str]] = ()
    digest: str = "d1"
    judges: Mapping[str, str] = field(default_factory=dict)
    """Scorer → judge, of those that are judges."""
    seconds: Sequence[float] = ()
    cost: Sequence[float] = ()
    status: str = "FINISHED"
    people: Mapping[str, Sequence[Said]] = field(default_factory=dict)
    """What people said by themselves."""
    overrides: Mapping[str, Mapping[int, Said]] = field(default_factory=dict)
    metrics: Mapping[str, float] = field(default_factory=dict)

    @property
    def n(self) -> int:
        return max(map(len, (*self.scores.values(), *self.people.values(), self.rows)))


def evaluated(*evals: Eval) -> Snapshot:
    """A snapshot of these evaluations, all in one experiment; the run's id is its name."""
    runs = [
        FakeRun(
            one.name,
            one.metrics,
            tags={**EVALUATED, **one.tags},
            datasets=[("questions", one.digest)] if one.digest else [],
            context="",
            status=one.status,
        )
        for one in evals
    ]
    said: list[dict[str, Any]] = []
    links: list[dict[str, Any]] = []
    traces: list[dict[str, Any]] = []
    for at, one in enumerate(evals):
        rows = one.rows or [str(i + 1) for i in range(one.n)]
        for i, row in enumerate(rows):
            trace = f"tr-{one.name}-{i:03d}"
            traces.append(_trace(one, i, trace, at))
            tags = list(one.row_tags[i].items()) if one.row_tags else []
            links.append({"run_id": one.name, "trace_id": trace, "row": row, "key": "inputs", "tags": tags})
            said += _said(one, i, trace)
    return snapshot(
        *runs,
        assessments=_table("assessments", said),
        evaluation_rows=_table("evaluation_rows", links),
        traces=_table("traces", traces),
    )


def _trace(one: Eval, i: int, trace: str, at: int) -> dict[str, Any]:
    return {
        "trace_id": trace,
        "run_id": one.name,
        "status": "ERROR" if i in one.failed else "OK",
        "start_time": 1_000_000 * at + i,
        "duration_ms": round(one.seconds[i] * 1000) if one.seconds else None,
        "cost": one.cost[i] if one.cost else None,
        "session": one.sessions[i] if one.sessions else "",
        "scorer": "",
    }


def _said(one: Eval, i: int, trace: str) -> list[dict[str, Any]]:
    found = []
    for name, values in one.scores.items():
        if i < len(values) and values[i] is not None:
            source, rater = ("LLM_JUDGE", one.judges[name]) if name in one.judges else ("CODE", name)
            row = _row(f"{trace}-{name}", trace, name, values[i], one.name, source, rater)
            if i in one.overrides.get(name, {}):
                row["valid"] = False
                more = _row(f"{trace}-{name}-new", trace, name, one.overrides[name][i], "", "HUMAN", "1")
                found.append(more | {"overrides": row["assessment_id"]})
            found.append(row)
    for name, values in one.people.items():
        if i < len(values) and values[i] is not None:
            found.append(_row(f"{trace}-{name}-people", trace, name, values[i], "", "HUMAN", "1"))
    if one.expected:
        row = _row(f"{trace}-expected", trace, "expected_response", None, one.name, "HUMAN", "1")
        found.append(row | {"type": "expectation", "kind": "text", "text": one.expected[i]})
    return found


def _row(id_: str, trace: str, name: str, value: Said, run: str, source: str, rater: str) -> dict[str, Any]:
    is_error, is_label = value == "error", isinstance(value, str) and value != "error"
    return {
        "trace_id": trace,
        "assessment_id": id_,
        "name": name,
        "type": "feedback",
        "run_id": run,
        "source": source,
        "rater": rater,
        "scorer_digest": "",
        "kind": "none" if is_error or value is None else "label" if is_label else "pass" if isinstance(value, bool) else "number",
        "number": float(value) if isinstance(value, bool | int | float) else None,
        "label": value if is_label else "",
        "text": "",
        "error": "SCORER_ERROR" if is_error else "",
        "valid": True,
        "overrides": "",
    }


def _table(name: str, rows: Sequence[Mapping[str, Any]]) -> Any:
    columns = dict.fromkeys(key for row in rows for key in row)
    return table_of(name, {"experiment_id": ["1"] * len(rows), **{key: [row.get(key) for row in rows] for key in columns}})
