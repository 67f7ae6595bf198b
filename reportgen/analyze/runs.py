"""Which runs are there: one frozen value for each run, joined from the snapshot's tables.

Everything later asks this frame, never the tables. Deleted runs are in it (the list of runs shows them) but
``finished`` is false for them, and only finished runs enter statistics. A parent that is missing, or that closes a
circle, leaves its child without a parent; ``family`` says which.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

import pyarrow as pa

from reportgen.analyze.nuisance import nuisance_kinds
from reportgen.formats import moment
from reportgen.snapshot import Snapshot

RunKey = tuple[str, str]
"""(experiment_id, run_id): a run copied into two folders of a file store has the same id in both."""

_RANKS = frozenset(("rank", "local_rank", "global_rank", "node_rank", "LOCAL_RANK", "RANK"))

Family = Literal["alone", "known", "missing", "circle"]
"""What is known of a run's parent: it has none, it is in the snapshot, it is not, or it is its own ancestor."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run as MLflow has it."""

    experiment_id: str
    run_id: str
    experiment: str
    """Name of the experiment, or its id when the snapshot has no name for it."""
    name: str
    status: str
    shares_name: bool = False
    """Whether another run of the snapshot has this name: it then says nothing alone."""
    deleted: bool = False
    """True when the run, or its experiment, is deleted in MLflow."""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    started_ms: int | None = None
    """Exactly what the store holds, also when no calendar holds it."""
    ended_ms: int | None = None
    user: str = ""
    source_name: str = ""
    params: Mapping[str, str] = field(default_factory=dict)
    nuisance: Mapping[str, str] = field(default_factory=dict)
    """Param → ``seed``, ``fold`` or ``repeat``, for params that only tell repetitions apart."""
    inherited: Mapping[str, str] = field(default_factory=dict)
    """Of a fold: the params of its parents that it does not log itself, which tell what was trained."""
    tags: Mapping[str, str] = field(default_factory=dict)
    last_values: Mapping[str, float] = field(default_factory=dict)
    """Metric → MLflow's last value (greatest step, then time, then value); NaN and ±inf as logged."""
    last_logged_ms: int | None = None
    """When the newest of the last values was logged."""
    parent: RunKey | None = None
    family: Family = "alone"
    children: tuple[RunKey, ...] = ()
    depth: int = 0
    """0 for a run without a known parent."""

    @property
    def key(self) -> RunKey:
        return (self.experiment_id, self.run_id)

    @property
    def settings(self) -> Mapping[str, str]:
        """Its params, and those that it inherits."""
        return {**self.inherited, **self.params} if self.inherited else self.params

    @property
    def finished(self) -> bool:
        """Whether the run may enter statistics."""
        return self.status == "FINISHED" and not self.deleted

    @property
    def is_process(self) -> bool:
        """Whether it is one process of a distributed training, and no result of its own: it has a parent or says its rank, and logged
        nothing but system metrics."""
        belongs = self.family == "known" or not _RANKS.isdisjoint({*self.params, *self.tags})
        return belongs and bool(self.last_values) and all(name.startswith("system/") for name in self.last_values)

    @property
    def seconds(self) -> float | None:
        """How long it took; None while it runs, and when the clock says it ended before it started."""
        if self.started_ms is None or self.ended_ms is None or self.ended_ms < self.started_ms or not self.started_ms:
            return None
        return (self.ended_ms - self.started_ms) / 1000

    @property
    def order(self) -> tuple[int, str, str]:
        """Sort key: by start, runs without one last, then by id."""
        return (self.started_ms if self.started_ms is not None else 1 << 62, self.experiment_id, self.run_id)


_COLUMNS = (
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
)


def runs_of(snapshot: Snapshot) -> tuple[Run, ...]:
    """Every run of ``snapshot``, deleted ones included, sorted by experiment and run id."""
    names = dict(_rows(snapshot.experiments, "experiment_id", "name"))
    gone = {key for key, lifecycle in _rows(snapshot.experiments, "experiment_id", "lifecycle") if lifecycle == "deleted"}
    params = _pairs(snapshot.params)
    tags = _pairs(snapshot.tags)
    values, logged = _last_values(snapshot.metrics)
    rows = tuple(_rows(snapshot.runs, *_COLUMNS))
    kinds_of = nuisance_kinds()
    n_named = Counter(row[2] for row in rows if row[2])
    runs: list[Run] = []
    parents: dict[RunKey, str] = {}
    for experiment_id, run_id, name, status, lifecycle, start, end, parent, user, source in rows:
        key = (experiment_id, run_id)
        if parent:
            parents[key] = parent
        runs.append(
            Run(
                experiment_id=experiment_id,
                run_id=run_id,
                experiment=names.get(experiment_id) or experiment_id,
                name=name or "",
                status=status or "",
                shares_name=n_named[name] > 1,
                deleted=lifecycle == "deleted" or experiment_id in gone,
                started_at=moment(start),
                ended_at=moment(end),
                started_ms=start,
                ended_ms=end,
                user=user or "",
                source_name=source or "",
                params=params.get(key, {}),
                nuisance=kinds_of(params.get(key, {})),
                tags=tags.get(key, {}),
                last_values=values.get(key, {}),
                last_logged_ms=logged.get(key),
            )
        )
    return with_family(runs, parents)


def with_family(runs: Sequence[Run], parents: Mapping[RunKey, str]) -> tuple[Run, ...]:
    """``runs`` sorted by key, each with its parent, children and depth.

    ``parents`` gives the parent's run id as logged. A parent of the same experiment wins over one of another; a run
    whose ancestors lead back to itself loses its parent at the smallest key of the circle.
    """
    keys = sorted(run.key for run in runs)
    by_id: dict[str, RunKey] = {}
    for key in reversed(keys):
        by_id[key[1]] = key
    known = set(keys)
    parent: dict[RunKey, RunKey | None] = {}
    family: dict[RunKey, Family] = {}
    for key in keys:
        wanted = parents.get(key)
        near = (key[0], wanted) if wanted is not None else None
        found = near if near is not None and near in known else by_id.get(wanted) if wanted is not None else None
        parent[key] = found
        family[key] = "alone" if not wanted else "known" if found is not None else "missing"
    for key in _circle_breakers(keys, parent):
        parent[key] = None
        family[key] = "circle"
    children: dict[RunKey, list[RunKey]] = {}
    for key in keys:
        above = parent[key]
        if above is not None:
            children.setdefault(above, []).append(key)
    depth = _depths(keys, parent)
    by_key = {run.key: run for run in runs}
    return tuple(
        replace(
            by_key[key],
            parent=parent[key],
            family=family[key],
            children=tuple(children.get(key, ())),
            depth=depth[key],
            inherited=_inherited(by_key[key], by_key, parent),
        )
        for key in keys
    )


def _inherited(run: Run, by_key: Mapping[RunKey, Run], parent: Mapping[RunKey, RunKey | None]) -> dict[str, str]:
    found: dict[str, str] = {}
    at = parent[run.key] if "fold" in run.nuisance.values() else None
    while at is not None:
        above = by_key[at]
        found = {name: value for name, value in above.params.items() if name not in above.nuisance} | found
        at = parent[at]
    return {name: value for name, value in found.items() if name not in run.params}


def _circle_breakers(keys: Sequence[RunKey], parent: Mapping[RunKey, RunKey | None]) -> list[RunKey]:
    """The smallest key of each circle of parents."""
    seen: dict[RunKey, int] = {}
    breakers: list[RunKey] = []
    for walk, start in enumerate(keys):
        at: RunKey | None = start
        while at is not None and at not in seen:
            seen[at] = walk
            at = parent[at]
        if at is not None and seen[at] == walk:
            circle = [at]
            while (step := parent[circle[-1]]) is not None and step != at:
                circle.append(step)
            breakers.append(min(circle))
    return breakers


def _depths(keys: Sequence[RunKey], parent: Mapping[RunKey, RunKey | None]) -> dict[RunKey, int]:
    depth: dict[RunKey, int] = {}
    for start in keys:
        path: list[RunKey] = []
        at: RunKey | None = start
        while at is not None and at not in depth:
            path.append(at)
            at = parent[at]
        base = -1 if at is None else depth[at]
        for offset, key in enumerate(reversed(path), 1):
            depth[key] = base + offset
    return depth


def units(runs: Iterable[Run], has_value: Callable[[Run], bool], by_key: Mapping[RunKey, Run]) -> tuple[Run, ...]:
    """The runs of ``runs`` that count as independent: with a value, and with no ancestor among ``runs`` that has one.

    A parent's value is made from its children's (a mean over folds, the best trial): pooling both counts twice.
    """
    counted = {run.key for run in runs if has_value(run)}
    covered: dict[RunKey, bool] = {}  # whether the run or an ancestor of it is counted

    def has_counted_ancestor(run: Run) -> bool:
        path: list[RunKey] = []
        at = run.parent
        while at is not None and at in by_key and at not in covered:
            path.append(at)
            at = by_key[at].parent
        found = at is not None and covered.get(at, False)
        for key in reversed(path):
            found = covered[key] = found or key in counted
        return found

    return tuple(by_key[key] for key in sorted(counted) if not has_counted_ancestor(by_key[key]))


def _rows(table: pa.Table, *names: str) -> Iterable[tuple[Any, ...]]:
    """The rows of some columns; times come as int milliseconds, since any int64 may be in them."""
    columns = []
    for name in names:
        column = table.column(name)
        columns.append((column.cast(pa.int64()) if pa.types.is_timestamp(column.type) else column).to_pylist())
    return zip(*columns, strict=True)


def _pairs(table: pa.Table) -> dict[RunKey, dict[str, str]]:
    pairs: dict[RunKey, dict[str, str]] = {}
    for experiment_id, run_id, key, value in _rows(table, "experiment_id", "run_id", "key", "value"):
        pairs.setdefault((experiment_id, run_id), {})[key] = value or ""
    return pairs


def _last_values(table: pa.Table) -> tuple[dict[RunKey, dict[str, float]], dict[RunKey, int]]:
    values: dict[RunKey, dict[str, float]] = {}
    logged: dict[RunKey, int] = {}
    for experiment_id, run_id, metric, value, at in _rows(table, "experiment_id", "run_id", "metric", "value", "timestamp"):
        key = (experiment_id, run_id)
        if value is not None:
            values.setdefault(key, {})[metric] = value
        if at is not None:
            logged[key] = max(at, logged.get(key, at))
    return values, logged
