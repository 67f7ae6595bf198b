"""What the traces of LLM applications say: how often they failed, how long they took, how many tokens and dollars.

A trace is one request, and the unit here. Latency is that of all traces with a duration, failed ones too, and is never
averaged over percentiles that somebody logged. Cost is summed as MLflow computed it when the trace was logged; prices of
two weeks may differ. Traces that a judge made while it scored another trace are told apart: they are no requests.
Source of the rules: ``analyze.methods.quantiles`` (order-statistic intervals), Newcombe (1998a) for the share that failed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from reportgen.analyze.methods.proportions import wilson_interval
from reportgen.analyze.methods.quantiles import Quantile, quantile_interval
from reportgen.model import Interval
from reportgen.snapshot import Snapshot

PERCENTILES = (0.5, 0.9, 0.95, 0.99)

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Total:
    """A sum over the traces that have the value, and how many these are."""

    n: int
    total: float
    mean: float | None
    """None for n = 0."""


@dataclass(frozen=True, slots=True)
class TraceGroup:
    """Some traces that belong together."""

    label: str
    """Empty for traces without a name."""
    n: int
    statuses: tuple[tuple[str, int], ...]
    """(status as the store says it, traces), most first; an empty one last among equals."""
    n_ended: int
    """Traces that ended well or badly; the share that failed is of these."""
    failed: Interval | None
    """Share with its Wilson interval; None when none ended."""
    latency: tuple[Quantile, ...]
    """In seconds, one for each of ``PERCENTILES``."""
    slowest: float | None
    input_tokens: Total
    output_tokens: Total
    total_tokens: Total
    cost: Total

    @property
    def n_failed(self) -> int:
        return dict(self.statuses).get("ERROR", 0)


@dataclass(frozen=True, slots=True)
class TraceFacts:
    """All traces of a snapshot, in three cuts."""

    whole: TraceGroup
    """Every request; judges left out."""
    by_experiment: tuple[TraceGroup, ...]
    by_name: tuple[TraceGroup, ...]
    """By experiment and name of the trace, most traces first."""
    by_model: tuple[TraceGroup, ...]
    """By the language models that the trace called; empty when the store does not name them."""
    by_run: tuple[tuple[tuple[str, str], TraceGroup], ...]
    """(experiment id, run id) and the traces of that run; runs without traces are missing."""
    n_judges: int
    """Traces made by judges, which count nowhere else."""
    first_ms: int | None
    last_ms: int | None
    """Start of the first and of the last one."""


def traces_of(snapshot: Snapshot) -> TraceFacts | None:
    """None when the snapshot holds no trace."""
    if snapshot.traces.num_rows == 0:
        return None
    rows = plain_rows(snapshot)
    requests = [row for row in rows if not row["scorer"]]
    names = dict(
        zip(
            snapshot.experiments.column("experiment_id").to_pylist(), snapshot.experiments.column("name").to_pylist(), strict=True
        )
    )
    several = len({row["experiment_id"] for row in requests}) > 1
    of = {id_: name or id_ for id_, name in names.items()}
    starts = [row["start_time"] for row in rows if row["start_time"] is not None]
    by_name = {
        key: f"{of.get(key[0], key[0])}: {key[1]}" if several else key[1]
        for key in {(r["experiment_id"], r["name"]) for r in requests}
    }
    return TraceFacts(
        whole=group_of("all", requests),
        by_experiment=_groups(requests, lambda row: row["experiment_id"], lambda key: of.get(key, key)),
        by_name=_groups(requests, lambda row: (row["experiment_id"], row["name"]), lambda key: by_name[key] or ""),
        by_model=_groups([row for row in requests if row["model"]], lambda row: row["model"], lambda key: key),
        by_run=_by_run(requests),
        n_judges=len(rows) - len(requests),
        first_ms=min(starts, default=None),
        last_ms=max(starts, default=None),
    )


def plain_rows(snapshot: Snapshot) -> list[Row]:
    """The traces as they are in the table, times as milliseconds."""
    columns = {f.name: _plain(snapshot.traces.column(f.name)) for f in snapshot.traces.schema}
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def _plain(column: pa.ChunkedArray) -> list[Any]:
    values: list[Any] = (column.cast(pa.int64()) if pa.types.is_timestamp(column.type) else column).to_pylist()
    return values


def _groups(rows: Sequence[Row], key: Any, label: Any) -> tuple[TraceGroup, ...]:
    found: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return tuple(group_of(label(one), found[one]) for one in sorted(found, key=lambda one: (-len(found[one]), one)))


def _by_run(rows: Sequence[Row]) -> tuple[tuple[tuple[str, str], TraceGroup], ...]:
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        if row["run_id"]:
            found[row["experiment_id"], row["run_id"]].append(row)
    return tuple((key, group_of(key[1], found[key])) for key in sorted(found))


def group_of(label: str, rows: Sequence[Row]) -> TraceGroup:
    """The numbers of ``rows``; status and durations as the table of traces has them."""
    statuses = Counter(row["status"] or "" for row in rows)
    n_failed, n_ended = statuses["ERROR"], statuses["ERROR"] + statuses["OK"]
    failed = wilson_interval(n_failed, n_ended) if n_ended else None
    seconds = [row["duration_ms"] / 1000 for row in rows if row["duration_ms"] is not None and row["duration_ms"] >= 0]
    return TraceGroup(
        label=label,
        n=len(rows),
        statuses=tuple(sorted(statuses.items(), key=lambda one: (-one[1], not one[0], one[0]))),
        n_ended=n_ended,
        failed=Interval(failed.value, failed.low, failed.high, n_ended) if failed else None,
        latency=tuple(quantile_interval(seconds, q) for q in PERCENTILES),
        slowest=max(seconds, default=None),
        input_tokens=_total(rows, "input_tokens"),
        output_tokens=_total(rows, "output_tokens"),
        total_tokens=_total(rows, "total_tokens"),
        cost=_total(rows, "cost"),
    )


def _total(rows: Sequence[Row], what: str) -> Total:
    values = sorted(row[what] for row in rows if row[what] is not None)
    total = sum(values)
    return Total(len(values), total, total / len(values) if values else None)
