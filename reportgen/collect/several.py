"""Several tracking stores in one snapshot.

Each store is read as it would be alone, one after the other, and the snapshots are put together (``collect.merge_stores``). Ids are unique
within a store only, so with several of them:

- an experiment's id always has its source before it (``prod:1``), so that an id of today means the same tomorrow;
- an experiment's name, and the name of a registered model, has it only where two sources share that name (``prod / Default``);
- a run's id has it only where two sources hold that very run (``0af3…#prod``), which is then told as a warning, since
  MLflow's run ids are random: it is one measurement that would be counted twice. ``#`` sorts before every character of
  a run id, so that histories stay in order.

In the ledger every row names its source. A source that cannot be read costs its place and is a gap; when none can be
read there is nothing to report. One store is never renamed anything: its snapshot is the one of ``gather``.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Generic, TypeVar

from reportgen.collect.gather import collected, experiments_of, planned, tags_of
from reportgen.collect.merge_stores import infos_of, merged_snapshot, names_in_all, one_of, said_by
from reportgen.collect.plan import Plan
from reportgen.collect.reading import Reading
from reportgen.collect.selection import Selection, Store, matching_experiments, unknown_experiment
from reportgen.collect.source import Progress, opened
from reportgen.errors import Problem, SourceError
from reportgen.formats import listed
from reportgen.snapshot import Snapshot

T = TypeVar("T")


def collected_from(stores: Sequence[Store], selection: Selection, progress: Progress, reading: Reading) -> Snapshot:
    """Everything that ``selection`` asks for, read from all of ``stores``, whose names differ.

    A store's own ``experiments`` replace those of ``selection``; an entry of the latter must fit in one store at least.
    Raises ``SourceError`` when no store can be read, and ``ConfigError`` as for one store.
    """
    if len(stores) == 1:
        return collected(stores[0].uri, own_selection(selection, stores[0]), progress, reading)
    with tempfile.TemporaryDirectory(prefix="reportgen-sources-", dir=reading.scratch) as folder:
        each = shares_of(reading, len(stores), Path(folder))

        def read(store: Store, own: Selection) -> Snapshot:
            return collected(store.uri, own, lambda done, total, what: progress(done, total, f"{store.name}: {what}"), each())

        found = from_each(stores, selection, read, each)
        return merged_snapshot(found.read, stores, selection, reading, problems=found.problems)


def planned_from(stores: Sequence[Store], selection: Selection, reading: Reading) -> Plan:
    """What ``collected_from`` would read; raises as it does."""
    if len(stores) == 1:
        return planned(stores[0].uri, own_selection(selection, stores[0]), reading)
    each = shares_of(reading, len(stores), reading.scratch)
    found = from_each(stores, selection, lambda store, own: planned(store.uri, own, each()), each)
    names = names_in_all({name: {row.experiment for row in plan.experiments} for name, plan in found.read.items()})
    rows = [
        replace(row, experiment_id=f"{name}:{row.experiment_id}", experiment=names(name, row.experiment))
        for name, plan in sorted(found.read.items(), key=lambda one: f"{one[0]}:")
        for row in plan.experiments
    ]
    infos = infos_of(stores, {name: plan.source for name, plan in found.read.items()})
    return Plan(
        source=one_of(infos),
        experiments=tuple(rows),
        n_calls=sum(plan.n_calls for plan in found.read.values()),
        seconds=sum(plan.seconds for plan in found.read.values()),
        is_exact=all(plan.is_exact for plan in found.read.values()),
        problems=(*found.problems, *said_by({name: plan.problems for name, plan in found.read.items()})),
        sources=infos,
    )


# --- reading ---


@dataclass(frozen=True, slots=True)
class Read(Generic[T]):
    """What was read, by name of its source, and what went wrong with the others."""

    read: Mapping[str, T]
    problems: tuple[Problem, ...]


def own_selection(selection: Selection, store: Store) -> Selection:
    return selection if store.experiments is None else replace(selection, experiments=store.experiments)


def shares_of(reading: Reading, n: int, scratch: Path | None) -> Callable[[], Reading]:
    """``reading`` for one of ``n`` stores, at the moment it is asked for: the time that is left, a share of the memory."""
    began = time.monotonic()

    def share() -> Reading:
        left = None if reading.seconds is None else max(0.001, reading.seconds - (time.monotonic() - began))
        return replace(reading, seconds=left, points_in_memory=max(1, reading.points_in_memory // n), scratch=scratch)

    return share


def from_each(
    stores: Sequence[Store], selection: Selection, read: Callable[[Store, Selection], T], each: Callable[[], Reading]
) -> Read[T]:
    """``read`` of every store that can be read and has something to be read. Raises ``SourceError`` when there is none."""
    failed: dict[str, SourceError] = {}
    wanted, problems = _wanted(stores, selection, each, failed)
    found: dict[str, T] = {}
    for store in stores:
        if store.name not in wanted:
            continue
        try:
            found[store.name] = read(store, replace(selection, experiments=wanted[store.name]))
        except SourceError as error:
            failed[store.name] = error
    if failed and not found:
        raise none_readable(stores, failed)
    return Read(found, (*problems, *(unread(store, failed[store.name]) for store in stores if store.name in failed)))


def _wanted(
    stores: Sequence[Store], selection: Selection, each: Callable[[], Reading], failed: dict[str, SourceError]
) -> tuple[dict[str, tuple[str, ...]], list[Problem]]:
    """Source → the entries that are asked of it. An entry that is asked of all of them need not fit everywhere.

    Sources that cannot be asked are put into ``failed``.
    """
    own = {store.name: store.experiments for store in stores if store.experiments is not None}
    common = [store for store in stores if store.experiments is None]
    if selection.experiments == ("*",):
        return own | {store.name: selection.experiments for store in common}, []
    listings: dict[str, _Listing] = {}
    for store in common:
        try:
            listings[store.name] = _listing(store, each(), deleted=selection.deleted)
        except SourceError as error:
            failed[store.name] = error
    fitting = {
        name: tuple(p for p in selection.experiments if p == "*" or matching_experiments(p, at.names, at.tags))
        for name, at in listings.items()
    }
    problems = _fitting_nowhere(selection, fitting, listings, is_sure=len(listings) == len(common))
    for name, entries in fitting.items():
        if not entries:
            what = f"it holds none of the experiments {listed([repr(p) for p in selection.experiments], 5)}"
            problems.append(Problem("source-without-experiments", f"source {name}", what, severity="note"))
    return own | {name: entries for name, entries in fitting.items() if entries}, problems


@dataclass(frozen=True, slots=True)
class _Listing:
    """The experiments of a store that may be read: id → name, id → tags."""

    names: Mapping[str, str]
    tags: Mapping[str, Mapping[str, str]]


def _listing(store: Store, reading: Reading, *, deleted: bool) -> _Listing:
    with closing(opened(store.uri, reading)) as source:
        table = experiments_of(source)
    rows = [row for row in table.to_pylist() if deleted or row["lifecycle"] != "deleted"]
    return _Listing({row["experiment_id"]: row["name"] for row in rows}, tags_of(table))


def _fitting_nowhere(
    selection: Selection, fitting: Mapping[str, Sequence[str]], listings: Mapping[str, _Listing], *, is_sure: bool
) -> list[Problem]:
    """A gap for each entry that fits in no store; an error when every store could be asked."""
    problems = []
    names = {f"{name}:{id_}": its for name, at in listings.items() for id_, its in at.names.items()}
    tags = {f"{name}:{id_}": its for name, at in listings.items() for id_, its in at.tags.items()}
    for pattern in selection.experiments if listings else ():
        if not any(pattern in entries for entries in fitting.values()):
            error = unknown_experiment(pattern, names, tags, listed(list(listings), len(listings)))
            if is_sure:
                raise error
            problems.append(Problem("experiment-missing", pattern, f"{error.what}, which could be read", error.todo or "", "gap"))
    return problems


def unread(store: Store, error: SourceError) -> Problem:
    """Without what was found: how long a server was waited for is not the same twice."""
    return Problem("source-unread", f"source {store.name}", f"nothing of it was read: {error.what}", error.todo or "", "gap")


def none_readable(stores: Sequence[Store], failed: Mapping[str, SourceError]) -> SourceError:
    each = "; ".join(f"{store.name}: {failed[store.name].what}" for store in stores if store.name in failed)
    todos = dict.fromkeys(error.todo for error in failed.values() if error.todo)
    return SourceError(
        "no-source-readable", f"none of the {len(stores)} sources can be read: {each}", todo="; ".join(todos) or None
    )
