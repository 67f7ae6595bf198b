"""Runs that started before the report's window: of them last values are known, and nothing else of the report has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from reportgen.analyze.metrics import Metric
from reportgen.analyze.nuisance import nuisance_kinds
from reportgen.analyze.runs import Run, RunKey, with_family
from reportgen.formats import moment
from reportgen.snapshot import Snapshot


def earlier_of(snapshot: Snapshot) -> tuple[Run, ...]:
    """The runs of ``snapshot.earlier``, without parents and children; sorted by key."""
    kinds_of = nuisance_kinds()
    names = dict(
        zip(
            snapshot.experiments.column("experiment_id").to_pylist(), snapshot.experiments.column("name").to_pylist(), strict=True
        )
    )
    table = snapshot.earlier
    times = {name: table.column(name).cast("int64").to_pylist() for name in ("start_time", "end_time")}
    plain = table.drop_columns(["start_time", "end_time"]).to_pylist()
    runs = []
    for row, start, end in zip(plain, times["start_time"], times["end_time"], strict=True):
        params = {key: value or "" for key, value in row["params"] or ()}
        runs.append(
            Run(
                experiment_id=row["experiment_id"],
                run_id=row["run_id"],
                experiment=names.get(row["experiment_id"]) or row["experiment_id"],
                name=row["name"] or "",
                status=row["status"] or "",
                started_at=moment(start),
                ended_at=moment(end),
                started_ms=start,
                ended_ms=end,
                params=params,
                nuisance=kinds_of(params),
                tags={key: value or "" for key, value in row["tags"] or ()},
                last_values={key: value for key, value in row["metrics"] or () if value is not None},
            )
        )
    return tuple(runs)


def earlier_data(snapshot: Snapshot) -> dict[RunKey, tuple[str, ...]]:
    """Run → "name (digest)" of its data sets, of ``snapshot.earlier``."""
    rows = snapshot.earlier.select(["experiment_id", "run_id", "datasets"]).to_pylist()
    return {(row["experiment_id"], row["run_id"]): tuple(row["datasets"]) for row in rows if row["datasets"]}


def with_earlier(snapshot: Snapshot, runs: Sequence[Run], earlier: Sequence[Run]) -> tuple[Run, ...]:
    """All runs with their families anew, since a parent may have started before its children's window."""
    if not earlier:
        return tuple(runs)
    parents: dict[RunKey, str] = {}
    for table in (snapshot.runs, snapshot.earlier):
        for row in table.select(["experiment_id", "run_id", "parent_run_id"]).to_pylist():
            if row["parent_run_id"]:
                parents[row["experiment_id"], row["run_id"]] = row["parent_run_id"]
    known = {run.key for run in runs}
    return with_family([*runs, *(run for run in earlier if run.key not in known)], parents)


def with_earlier_values(metric: Metric, earlier: Sequence[Run]) -> Metric:
    """``metric`` with the last values of earlier runs; without them where its value is not the last one."""
    if metric.rule != "last" or not earlier:
        return metric
    values = {run.key: run.last_values[metric.name] for run in earlier if metric.name in run.last_values}
    return replace(metric, values={**values, **metric.values})


def known_from(snapshot: Snapshot, earlier: Sequence[Run]) -> datetime | None:
    """As it was asked for when the snapshot was taken; of one that does not tell, the start of the earliest run."""
    return read_from(snapshot) or min((run.started_at for run in earlier if run.started_at), default=None)


def read_from(snapshot: Snapshot) -> datetime | None:
    """Where runs before the window were asked for from; None when they were not, or the snapshot does not tell."""
    asked = dict(snapshot.selection).get("compared with runs from", "")
    return datetime.fromisoformat(asked) if asked else None
