"""Runs from before the window that the window is compared with: their parameters, tags and last values.

They are chosen like the runs of the window, by experiment, filter and nesting, but not by the limit. No history of them is
read, so a value is MLflow's last one. In the books they stay outside the window: the report is not about them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from reportgen.collect.canonical_rows import rows_table
from reportgen.collect.selection import UNREADABLE, Selection
from reportgen.collect.source import Details, Source
from reportgen.errors import Problem
from reportgen.formats import listed
from reportgen.snapshot import EVALUATION_MARKS, empty_table


def earlier_runs(
    source: Source, runs: pa.Table, run_ids: Sequence[str], selection: Selection
) -> tuple[pa.Table, tuple[Problem, ...]]:
    """The table ``earlier`` of ``run_ids`` (rows of ``runs``), those left out that the filter does not select; and a
    warning for each run that cannot be read, or only in part."""
    if not run_ids:
        return empty_table("earlier"), ()
    details = source.details(run_ids, lambda *_: None)
    rows = runs.filter(
        pc.is_in(runs.column("run_id"), pa.array([one for one in run_ids if one not in details.unreadable], pa.string()))
    )
    if selection.filter.strip():
        matching = source.matching(rows, details, selection.filter)
        rows = rows.filter(pc.is_in(rows.column("run_id"), pa.array(sorted(matching), pa.string())))
    return _table(rows, details), _problems(details)


def latest_evaluations(earlier: pa.Table, assessments: pa.Table) -> frozenset[str]:
    """The latest evaluation of each experiment among the runs of ``earlier``: one that is marked, or that an assessment names."""
    named = set(assessments.column("run_id").to_pylist())
    latest: dict[str, tuple[int, str]] = {}
    starts = earlier.column("start_time").cast(pa.int64()).to_pylist()
    rows = earlier.select(["experiment_id", "run_id", "tags"]).to_pylist()
    for row, start in zip(rows, starts, strict=True):
        if row["run_id"] in named or EVALUATION_MARKS.items() & dict(row["tags"] or ()).items():
            one = (start or 0, row["run_id"])
            latest[row["experiment_id"]] = max(one, latest.get(row["experiment_id"], one))
    return frozenset(run_id for _, run_id in latest.values())


def _problems(details: Details) -> tuple[Problem, ...]:
    partly: dict[str, dict[str, int]] = defaultdict(dict)
    for item, counted in details.left_out.get(UNREADABLE, {}).items():
        for run_id, n in counted.items():
            if n and run_id not in details.unreadable:
                partly[run_id][item] = n
    said = {run_id: f"it cannot be read: {why}" for run_id, why in details.unreadable.items()}
    said |= {run_id: f"{listed(f'{n} {item}' for item, n in sorted(of.items()))} cannot be read" for run_id, of in partly.items()}
    todo = "check the store's integrity; this window is compared without it"
    return tuple(
        Problem("earlier-run-unreadable", f"run {run_id}, from before the window", what, todo, "warning")
        for run_id, what in sorted(said.items())
    )


def _table(runs: pa.Table, details: Details) -> pa.Table:
    pairs = {name: _by_run(table, "key", "value") for name, table in (("params", details.params), ("tags", details.tags))}
    values = _by_run(details.metrics, "metric", "value")
    data: dict[str, set[str]] = defaultdict(set)
    for row in details.datasets.select(["run_id", "name", "digest"]).to_pylist():
        data[row["run_id"]].add(f"{row['name'] or 'dataset'} ({row['digest'] or 'no digest'})")
    columns = ["experiment_id", "run_id", "name", "status", "start_time", "end_time", "parent_run_id"]
    times = {name: runs.column(name).cast(pa.int64()).to_pylist() for name in ("start_time", "end_time")}
    rows = []
    for i, row in enumerate(runs.select([name for name in columns if name not in times]).to_pylist()):
        id_ = row["run_id"]
        extra: dict[str, Any] = {name: of.get(id_, []) for name, of in pairs.items()}
        extra |= {"metrics": values.get(id_, []), "datasets": sorted(data.get(id_, ()))}
        rows.append(row | {name: column[i] for name, column in times.items()} | extra)
    return rows_table("earlier", rows)


def _by_run(table: pa.Table, key: str, value: str) -> dict[str, list[tuple[str, Any]]]:
    found: dict[str, list[tuple[str, Any]]] = defaultdict(list)
    for row in table.select(["run_id", key, value]).to_pylist():
        found[row["run_id"]].append((row[key], row[value]))
    return {run_id: sorted(pairs, key=lambda pair: pair[0]) for run_id, pairs in found.items()}
