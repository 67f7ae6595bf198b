"""The previous report against the store now: gates that changed their state, and what became of its runs.

The last report is the newest bundle of an earlier day, so that two builds of one day say the same. Its runs are looked up by
their ids among all runs of the store (``Snapshot.every_run``), whatever window the report has now: consecutive weeks share no run.
A run that the store still holds is called gone only when the same config would select it now. Why a run is gone (deleted for good,
moved, filtered out by its tags) cannot be seen and is not said.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

import pyarrow as pa

from reportgen.formats import moment, one_line
from reportgen.model import Gate, Window
from reportgen.redaction import MASK, names_a_secret
from reportgen.snapshot import Snapshot

_UNFINISHED = ("RUNNING", "SCHEDULED")
_FEW = 5


@dataclass(frozen=True, slots=True)
class ChangedRun:
    """A run of the previous report that is different now."""

    experiment_id: str
    run_id: str
    name: str
    what: str
    """Names of the tags that changed, or the status now; empty when there is nothing to add."""


@dataclass(frozen=True, slots=True)
class LostValue:
    """The lowest or the highest last value that deleted or missing runs of an experiment had of a metric that the last report named
    a best of."""

    metric: str
    experiment_id: str
    run_id: str
    name: str
    value: float
    how: Literal["deleted", "gone"]


@dataclass(frozen=True, slots=True)
class PreviousBundle:
    """What a bundle of an earlier day says."""

    day: str
    digest: str
    """SHA-256 of the bundle, as its manifest has it."""
    same_config: bool
    gates: tuple[tuple[str, str], ...]
    """(name, state) of its gates."""
    window: Window
    best_metrics: tuple[str, ...]
    """Metrics of which it named a best value."""
    tables: Mapping[str, pa.Table] | None
    """``runs``, ``tags``, ``metrics``, ``models`` and ``earlier`` of its snapshot; None when it was written without them."""
    bests: tuple[tuple[str, float], ...] = ()
    """(metric, value) of ``best_metrics``."""
    n_looks: int = 0
    n_runs: int = 0
    """Runs that it counted; 0 when it does not say."""


@dataclass(frozen=True, slots=True)
class PreviousReport:
    """The previous report, and how its runs differ now."""

    day: str
    digest: str
    """SHA-256 of its bundle, as its manifest has it."""
    same_config: bool
    gates: tuple[tuple[str, str], ...]
    """(name, state) of its gates."""
    knows_runs: bool
    """Whether it was written with its data; else runs cannot be compared."""
    deleted: tuple[ChangedRun, ...] = ()
    gone: tuple[ChangedRun, ...] = ()
    retagged: tuple[ChangedRun, ...] = ()
    ended: tuple[ChangedRun, ...] = ()
    """Runs that were not over then and are now."""
    late: tuple[ChangedRun, ...] = ()
    """Runs that started in its period and were logged after it was made."""
    fresh: tuple[tuple[str, str], ...] = ()
    """(experiment id, run id) of all that are ``late`` or ``ended``: no report has told their results."""
    lost_values: tuple[LostValue, ...] = ()
    experiments: tuple[str, ...] = ()
    """Ids of the experiments that it had runs of."""
    n_looks: int = 0
    """Looks at the report's comparison up to and with the last report, of the same config; the last one is none when the runs
    have not changed since."""
    n_runs_then: int = 0
    """Runs that it counted, when those here are far fewer; else 0."""
    bests: tuple[tuple[str, float], ...] = ()
    """(metric, value): the best values that it named; over several projects the metric has its project before it."""
    nothing_new: bool = False
    """Whether the same config was asked of a store in which nothing changed: no run is new, gone, logged late, re-tagged or still
    running, no value and no registered model is another one, and everything could be read."""

    def of_experiments(self, ids: Collection[str], title: str) -> PreviousReport:
        """What it said of the experiments ``ids``, which are the project ``title`` of a report over several."""

        def kept(changed: tuple[ChangedRun, ...]) -> tuple[ChangedRun, ...]:
            return tuple(run for run in changed if run.experiment_id in ids)

        return replace(
            self,
            gates=tuple(gate for gate in self.gates if gate[0].startswith(_prefix(title))),
            deleted=kept(self.deleted),
            gone=kept(self.gone),
            retagged=kept(self.retagged),
            ended=kept(self.ended),
            late=kept(self.late),
            fresh=tuple(key for key in self.fresh if key[0] in ids),
            lost_values=tuple(one for one in self.lost_values if one.experiment_id in ids),
            bests=_without_title(self.bests, title),
            experiments=tuple(id_ for id_ in self.experiments if id_ in ids),
            n_runs_then=0,
        )

    def with_project_in_gates(self, projects: Iterable[tuple[Collection[str], str]]) -> PreviousReport:
        """The same where it was about one of ``projects`` (experiments, title) alone: its gates are named as they are beside others'."""
        title = next((title for ids, title in projects if self.experiments and set(self.experiments) <= set(ids)), None)
        if title is None:
            return self
        gates = tuple((name if name.startswith(_prefix(title)) else _prefix(title) + name, state) for name, state in self.gates)
        return replace(self, gates=gates)

    def of_one_project(self, title: str) -> PreviousReport:
        """The same for a report over the project ``title`` alone: where it was one of several then, with the names of its gates now."""
        own = [(name.removeprefix(_prefix(title)), state) for name, state in self.gates if name.startswith(_prefix(title))]
        return replace(self, gates=tuple(own) or self.gates, bests=_without_title(self.bests, title))


def _without_title(bests: Iterable[tuple[str, float]], title: str) -> tuple[tuple[str, float], ...]:
    """The best values of the project ``title``, without it; all of them where it was the only one."""
    own = tuple((metric.removeprefix(f"{title}/"), value) for metric, value in bests if metric.startswith(f"{title}/"))
    return own or tuple(bests)


def _prefix(title: str) -> str:
    """What stands before the names of the gates of the project ``title``."""
    return f"{one_line(title, 60)}: "


@dataclass(frozen=True, slots=True)
class Flip:
    """A gate whose state is another one now; None where it did not exist."""

    name: str
    then: str | None
    now: str | None


def flips_of(since: PreviousReport, gates: Sequence[Gate]) -> tuple[Flip, ...]:
    """Gates in their order now, then those that are no more. Names that several gates share are left out."""
    names = [name for name, _ in since.gates], [gate.name for gate in gates]
    then, now = dict(since.gates), {gate.name: gate.state for gate in gates}
    order = dict.fromkeys([*names[1], *names[0]])
    once = [name for name in order if all(side.count(name) <= 1 for side in names)]
    return tuple(Flip(name, then.get(name), now.get(name)) for name in once if then.get(name) != now.get(name))


def previous_report_of(bundle: PreviousBundle, snapshot: Snapshot, window: Window) -> PreviousReport:
    """What ``bundle`` said, and what became of its runs since."""
    told = (bundle.day, bundle.digest, bundle.same_config, bundle.gates)
    bests = bundle.bests
    n_then = bundle.n_runs if bundle.same_config and _are_far_fewer(snapshot, bundle.n_runs) else 0
    if bundle.tables is None:
        return PreviousReport(*told, knows_runs=False, n_looks=bundle.n_looks, n_runs_then=n_then, bests=bests)
    then, now, before = (_runs(table) for table in (bundle.tables["runs"], snapshot.runs, snapshot.earlier))
    known = then | _runs(bundle.tables["earlier"])
    states = _states(snapshot)
    lost: dict[_Key, Literal["deleted", "gone"]] = {}
    for key, run in known.items():
        if key[0] in snapshot.unread:
            continue
        how = _how_lost(key, run, now, before, states, window if bundle.same_config else None)
        if how is not None:
            lost[key] = how
    ended = {
        key: status
        for key, run in then.items()
        if run.status in _UNFINISHED
        and key not in lost
        and (status := _status(key, now, before, states)) not in (None, *_UNFINISHED)
    }
    late = _late(bundle, snapshot, known, now | before, window)
    retagged = _retagged(then, bundle.tables["tags"], _tags(snapshot.tags) | _earlier_tags(snapshot.earlier), {*now, *before})
    changes = (lost, ended, late, retagged)
    return PreviousReport(
        *told,
        knows_runs=True,
        bests=bests,
        nothing_new=bundle.same_config and not any(changes) and _is_same(bundle.tables, snapshot, known, now),
        n_looks=bundle.n_looks - (bundle.n_looks > 0 and then == now),
        deleted=tuple(ChangedRun(*key, then[key].name, "") for key in sorted(then) if lost.get(key) == "deleted"),
        gone=tuple(ChangedRun(*key, then[key].name, "") for key in sorted(then) if lost.get(key) == "gone"),
        retagged=tuple(retagged),
        ended=tuple(ChangedRun(*key, then[key].name, ended[key] or "") for key in sorted(ended)),
        late=tuple(ChangedRun(*key, (now | before)[key].name, "") for key in late),
        fresh=tuple(sorted({*ended, *late})),
        lost_values=_lost_values(bundle, known, lost),
        experiments=tuple(sorted({key[0] for key in known})),
        n_runs_then=n_then,
    )


def _is_same(tables: Mapping[str, pa.Table], snapshot: Snapshot, known: Mapping[_Key, _Row], now: Mapping[_Key, _Row]) -> bool:
    """Whether every run of ``snapshot`` was known and has ended, with the values that it had, and the registry is the same."""
    if snapshot.unread or any(key not in known or run.status in _UNFINISHED for key, run in now.items()):
        return False
    then = {(key, metric): value for key, metric, value in _last_values(tables)}
    own = snapshot.metrics.select(["experiment_id", "run_id", "metric", "value"]).to_pylist()
    values = (((row["experiment_id"], row["run_id"]), row["metric"], row["value"]) for row in own)
    same = all((key, metric) in then and _are_equal(then[key, metric], value) for key, metric, value in values)
    models = tables.get("models")
    return same and (models is None or bool(models.equals(snapshot.models)))


def _are_equal(a: float | None, b: float | None) -> bool:
    return a == b or (a is not None and b is not None and math.isnan(a) and math.isnan(b))


def _are_far_fewer(snapshot: Snapshot, n_then: int) -> bool:
    """Whether ``snapshot`` has less than half of so many runs; a few more or less say nothing."""
    n_now = snapshot.runs.num_rows
    return bool(2 * n_now < n_then and n_then - n_now >= _FEW)


_Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Row:
    """A run as a table of runs has it."""

    name: str
    status: str
    lifecycle: str
    start: int | None
    """In milliseconds."""


def _runs(table: pa.Table) -> dict[_Key, _Row]:
    plain = [table.column(name).to_pylist() for name in ("experiment_id", "run_id", "name", "status")]
    lives = table.column("lifecycle").to_pylist() if "lifecycle" in table.schema.names else ["active"] * table.num_rows
    starts = table.column("start_time").cast(pa.int64()).to_pylist()
    rows = zip(*plain, lives, starts, strict=True)
    return {(exp, run): _Row(name or "", status or "", life or "", start) for exp, run, name, status, life, start in rows}


def _states(snapshot: Snapshot) -> Mapping[_Key, tuple[str, str]] | None:
    """Run → (status, lifecycle) of every run of the store; None when the snapshot does not tell."""
    if snapshot.every_run is None:
        return None
    columns = (snapshot.every_run.column(name).to_pylist() for name in ("experiment_id", "run_id", "status", "lifecycle"))
    return {(exp, run): (status or "", life or "") for exp, run, status, life in zip(*columns, strict=True)}


def _how_lost(
    key: _Key,
    run: _Row,
    now: Mapping[_Key, _Row],
    before: Mapping[_Key, _Row],
    states: Mapping[_Key, tuple[str, str]] | None,
    window: Window | None,
) -> Literal["deleted", "gone"] | None:
    """Whether a run of the last report is deleted now, or not there any more; ``window`` is None when the config is another one."""
    if run.lifecycle != "active":
        return None
    if key in now or key in before:
        return "deleted" if key in now and now[key].lifecycle == "deleted" else None
    if states is not None and key in states and states[key][1] == "deleted":
        return "deleted"
    if window is None:
        return None
    if states is not None and key not in states:
        return "gone"
    return "gone" if _inside(window, run.start) else None


def _inside(window: Window, start: int | None) -> bool:
    at = moment(start)
    return (at is not None and (window.start is None or at >= window.start)) and (window.end is None or at < window.end)


def _status(
    key: _Key, now: Mapping[_Key, _Row], before: Mapping[_Key, _Row], states: Mapping[_Key, tuple[str, str]] | None
) -> str | None:
    """The status of a run now; None when it is not known."""
    row = now.get(key) or before.get(key)
    if row is not None:
        return row.status
    return states[key][0] if states is not None and key in states else None


def _late(
    bundle: PreviousBundle, snapshot: Snapshot, known: Mapping[_Key, _Row], now: Mapping[_Key, _Row], window: Window
) -> list[_Key]:
    """Runs that started before this period and in that of the last report, which the same config would have told and did not have."""
    if not bundle.same_config or dict(snapshot.selection).get("limit"):
        return []
    then_end = bundle.window.end or datetime.fromisoformat(f"{bundle.day}T23:59:59.999+00:00")
    then = Window(bundle.window.start, min(then_end, window.start) if window.start else then_end, "")
    return sorted(key for key, run in now.items() if key not in known and run.lifecycle == "active" and _inside(then, run.start))


def _lost_values(
    bundle: PreviousBundle, known: Mapping[_Key, _Row], lost: Mapping[_Key, Literal["deleted", "gone"]]
) -> tuple[LostValue, ...]:
    """The extremes of the finished runs that are lost: which of them is the better one is not known here."""
    assert bundle.tables is not None
    found: dict[tuple[str, str], list[tuple[float, _Key]]] = {}
    for key, metric, value in _last_values(bundle.tables):
        is_lost = metric in bundle.best_metrics and key in lost and known[key].status == "FINISHED"
        if is_lost and value is not None and math.isfinite(value):
            found.setdefault((metric, key[0]), []).append((value, key))
    return tuple(
        LostValue(metric, *key, known[key].name, value, lost[key])
        for (metric, _), pairs in sorted(found.items())
        for value, key in sorted({min(pairs), max(pairs)})
    )


def _last_values(tables: Mapping[str, pa.Table]) -> Iterable[tuple[_Key, str, float | None]]:
    columns = (tables["metrics"].column(name).to_pylist() for name in ("experiment_id", "run_id", "metric", "value"))
    for experiment, run, metric, value in zip(*columns, strict=True):
        yield (experiment, run), metric, value
    for row in tables["earlier"].select(["experiment_id", "run_id", "metrics"]).to_pylist():
        for metric, value in row["metrics"] or ():
            yield (row["experiment_id"], row["run_id"]), metric, value


def _retagged(
    then: Mapping[_Key, _Row], old: pa.Table, tags_now: Mapping[_Key, Mapping[str, str]], here: set[_Key]
) -> list[ChangedRun]:
    """Runs whose own tags (not MLflow's) differ; what may hold a secret is not compared."""
    tags_then = _tags(old)
    found = []
    for key in sorted(set(then) & here):
        a, b = tags_then.get(key, {}), tags_now.get(key, {})
        if a != b:
            names = sorted(name for name in {*a, *b} if a.get(name) != b.get(name))
            found.append(ChangedRun(*key, then[key].name, ", ".join(names)))
    return found


def _tags(table: pa.Table) -> dict[_Key, dict[str, str]]:
    columns = [table.column(name).to_pylist() for name in ("experiment_id", "run_id", "key", "value")]
    return _own_tags(((experiment, run), key, value) for experiment, run, key, value in zip(*columns, strict=True))


def _earlier_tags(table: pa.Table) -> dict[_Key, dict[str, str]]:
    rows = table.select(["experiment_id", "run_id", "tags"]).to_pylist()
    return _own_tags(((row["experiment_id"], row["run_id"]), key, value) for row in rows for key, value in row["tags"] or ())


def _own_tags(rows: Iterable[tuple[_Key, str, Any]]) -> dict[_Key, dict[str, str]]:
    found: dict[_Key, dict[str, str]] = {}
    for run, key, value in rows:
        if not key.startswith("mlflow.") and not names_a_secret(key) and MASK not in (value or ""):
            found.setdefault(run, {})[key] = value or ""
    return found
