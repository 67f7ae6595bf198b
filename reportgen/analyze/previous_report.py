"""The previous report against the store now: gates that changed their state, and runs that are deleted, missing, re-tagged or ended.

The last report is the newest bundle of an earlier day, so that two builds of one day say the same. A run is called gone only
when the same config would select it now: it started in the present window and is neither here nor among the runs before it.
Why it is gone (deleted for good, moved, filtered out by its tags) cannot be seen and is not said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from reportgen.formats import moment
from reportgen.model import Gate, Window
from reportgen.redaction import MASK, names_a_secret
from reportgen.snapshot import Snapshot

MOST_KEPT = 200
"""Runs of each kind that are told one by one; all are counted."""


@dataclass(frozen=True, slots=True)
class ChangedRun:
    """A run of the previous report that is different now."""

    run_id: str
    name: str
    what: str
    """Names of the tags that changed, or the status now; empty when there is nothing to add."""


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
    n_deleted: int = 0
    n_gone: int = 0
    n_retagged: int = 0
    n_ended: int = 0
    deleted: tuple[ChangedRun, ...] = ()
    gone: tuple[ChangedRun, ...] = ()
    retagged: tuple[ChangedRun, ...] = ()
    ended: tuple[ChangedRun, ...] = ()
    """Runs that were not over then and are now."""
    n_looks: int = 0
    """Looks at the report's comparison up to and with the last report, of the same config; the last one is none when the runs
    have not changed since."""


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


def previous_report_of(
    day: str,
    digest: str,
    *,
    same_config: bool,
    gates: Sequence[tuple[str, str]],
    runs: pa.Table | None,
    tags: pa.Table | None,
    snapshot: Snapshot,
    window: Window,
    n_looks: int = 0,
) -> PreviousReport:
    """``runs`` and ``tags`` are the tables of the last report's snapshot; None when it was written without them."""
    if runs is None or tags is None:
        return PreviousReport(day, digest, same_config, tuple(gates), knows_runs=False, n_looks=n_looks)
    then, now = _runs(runs), _runs(snapshot.runs)
    before = set(zip(*(snapshot.earlier.column(name).to_pylist() for name in ("experiment_id", "run_id")), strict=True))
    deleted, gone, ended = [], [], []
    for key, (name, status, lifecycle, start) in sorted(then.items()):
        if key not in now:
            at = moment(start)
            inside = (at is not None and (window.start is None or at >= window.start)) and (window.end is None or at < window.end)
            if same_config and inside and key not in before:
                gone.append(ChangedRun(key[1], name, ""))
            continue
        _, status_now, lifecycle_now, _ = now[key]
        if lifecycle == "active" and lifecycle_now == "deleted":
            deleted.append(ChangedRun(key[1], name, ""))
        if status in ("RUNNING", "SCHEDULED") and status_now not in ("RUNNING", "SCHEDULED"):
            ended.append(ChangedRun(key[1], name, status_now))
    retagged = _retagged(then, tags, snapshot.tags, set(now))
    return PreviousReport(
        day,
        digest,
        same_config,
        tuple(gates),
        knows_runs=True,
        n_looks=n_looks - (n_looks > 0 and then == now),
        n_deleted=len(deleted),
        n_gone=len(gone),
        n_retagged=len(retagged),
        n_ended=len(ended),
        deleted=tuple(deleted[:MOST_KEPT]),
        gone=tuple(gone[:MOST_KEPT]),
        retagged=tuple(retagged[:MOST_KEPT]),
        ended=tuple(ended[:MOST_KEPT]),
    )


_Key = tuple[str, str]


def _runs(table: pa.Table) -> dict[_Key, tuple[str, str, str, int | None]]:
    """Run → (name, status, lifecycle, start in ms)."""
    plain = [table.column(name).to_pylist() for name in ("experiment_id", "run_id", "name", "status", "lifecycle")]
    starts = table.column("start_time").cast(pa.int64()).to_pylist()
    rows = zip(*plain, starts, strict=True)
    return {
        (experiment, run): (name or "", status or "", life or "", start) for experiment, run, name, status, life, start in rows
    }


def _retagged(then: Mapping[_Key, tuple[Any, ...]], old: pa.Table, new: pa.Table, here: set[_Key]) -> list[ChangedRun]:
    """Runs whose own tags (not MLflow's) differ; what may hold a secret is not compared."""
    tags_then, tags_now = _tags(old), _tags(new)
    found = []
    for key in sorted(set(then) & here):
        a, b = tags_then.get(key, {}), tags_now.get(key, {})
        if a != b:
            names = sorted(name for name in {*a, *b} if a.get(name) != b.get(name))
            found.append(ChangedRun(key[1], then[key][0], ", ".join(names)))
    return found


def _tags(table: pa.Table) -> dict[_Key, dict[str, str]]:
    found: dict[_Key, dict[str, str]] = {}
    columns = [table.column(name).to_pylist() for name in ("experiment_id", "run_id", "key", "value")]
    for experiment, run, key, value in zip(*columns, strict=True):
        if not key.startswith("mlflow.") and not names_a_secret(key) and MASK not in (value or ""):
            found.setdefault((experiment, run), {})[key] = value or ""
    return found
