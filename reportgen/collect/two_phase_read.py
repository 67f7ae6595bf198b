"""Reading one store or several in two phases: all runs without their histories, then the rest, of all experiments or of some.

Who names groups of runs (``reportgen compare``) gets an answer from the first phase, before it is known which experiments hold
them. The stores stay open between the phases, so that each row is read once, and both phases are of one moment where the store
has such a thing. Nothing is read twice but a short registry of models.

A store that cannot be read costs its place and is a gap; when none can be read, that is an error.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TypeVar

import pyarrow as pa

from reportgen.collect.assessments import numbered
from reportgen.collect.cache.folder import at_store
from reportgen.collect.gather import (
    Census,
    census_of,
    experiments_of,
    finished,
    narrowed,
    plan_of,
    tags_of,
    without_histories,
)
from reportgen.collect.history_spill import HistorySpill, joined_history
from reportgen.collect.merge_stores import Names, StoreIds, by_prefix, merged_plan, merged_snapshot
from reportgen.collect.plan import Plan
from reportgen.collect.reading import Reading
from reportgen.collect.selection import Listing, Selection, Store, fitting_entries
from reportgen.collect.source import Progress, Source, opened
from reportgen.errors import Problem, SourceError
from reportgen.formats import listed
from reportgen.redaction import public_text, public_uri
from reportgen.snapshot import Snapshot

_PLAIN = Reading()

T = TypeVar("T")
U = TypeVar("U")


@dataclass(frozen=True, slots=True)
class StoreRuns:
    """One open store after the first phase."""

    source: Source
    census: Census
    selection: Selection
    reading: Reading
    seconds: float
    """Of the first phase."""

    def narrowed(self, experiment_ids: Sequence[str]) -> StoreRuns:
        selection = replace(self.selection, experiments=self.experiment_names(experiment_ids))
        return replace(self, census=narrowed(self.census, experiment_ids), selection=selection)

    def snapshot(self, progress: Progress, spill: HistorySpill, rename: Callable[[pa.Table], pa.Table]) -> Snapshot:
        """Everything but the points of the histories, which go to ``spill``."""
        began = time.perf_counter()

        def put(points: pa.Table) -> None:
            spill.add(rename(points))

        snapshot = finished(self.source, self.census, self.selection, progress, self.reading, put)
        return replace(snapshot, read_seconds=self.seconds + time.perf_counter() - began)

    def experiment_names(self, ids: Sequence[str]) -> tuple[str, ...]:
        """What the experiments with these ids are called in this store; the id where two share a name. Public text."""
        rows = [row for row in self.census.experiments.to_pylist() if row["experiment_id"] in ids]
        names = [row["name"] for row in rows]
        return tuple(sorted(public_text(row["name"]) if names.count(row["name"]) == 1 else row["experiment_id"] for row in rows))


class TwoPhaseRead:
    """Stores after the first phase, still open."""

    def __init__(
        self,
        stores: Sequence[Store],
        selection: Selection,
        reading: Reading,
        parts: Mapping[str, StoreRuns],
        problems: Sequence[Problem],
    ) -> None:
        self.parts = parts
        """By name of the store, those that could be read."""
        self._stores = stores
        self._selection = selection
        self._reading = reading
        self._problems = tuple(problems)
        self._ids = StoreIds({name: frozenset(part.census.selected) for name, part in parts.items()})

    @cached_property
    def runs(self) -> Snapshot:
        """Every run that the selection chooses, without histories, ledger, artifacts and traces."""
        return merged_snapshot(self._runs_of_each, self._stores, self._selection, self._ids, problems=self._problems)

    @cached_property
    def _runs_of_each(self) -> Mapping[str, Snapshot]:
        return {
            name: without_histories(part.source, part.census, part.selection, part.reading.redactor)
            for name, part in self.parts.items()
        }

    def experiment_names(self, experiment_ids: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
        """Name of each store that was read → the names of these experiments (ids of ``runs``) in it."""
        return {name: part.experiment_names(self._ids.own_experiments(name, experiment_ids)) for name, part in self.parts.items()}

    def plan(self) -> Plan:
        """What ``snapshot`` would read of all experiments."""
        plans, failed = each(self.parts, lambda _, part: plan_of(part.source, part.census, part.selection))
        return merged_plan(plans, self._stores, problems=self._with_unread(failed, plans))

    def snapshot(self, progress: Progress) -> Snapshot:
        """Everything of all experiments. Histories that are too many for memory lie in ``reading.scratch``."""
        return self._snapshot(self.parts, self._stores, progress)

    def snapshot_of(self, experiment_ids: Sequence[str], progress: Progress) -> Snapshot:
        """The whole of these experiments (ids of ``runs``), as if nothing else had been asked for; names stay as in ``runs``.

        Raises ``ValueError`` for a selection with a limit, which counts runs of experiments that are not kept.
        """
        if self._selection.limit is not None:
            raise ValueError("a limit cannot be kept when experiments are left out later")
        parts = {name: part.narrowed(self._ids.own_experiments(name, experiment_ids)) for name, part in self.parts.items()}
        stores = [
            replace(store, experiments=parts[store.name].selection.experiments if store.name in parts else ())
            for store in self._stores
        ]
        return self._snapshot(parts, stores, progress, Names.of(self._runs_of_each))

    def _snapshot(
        self, parts: Mapping[str, StoreRuns], stores: Sequence[Store], progress: Progress, names: Names | None = None
    ) -> Snapshot:
        share = self._reading.points_in_memory // len(stores)
        spills = {
            name: HistorySpill(max(1, share), self._reading.scratch, number)
            for number, name in enumerate(sorted(parts, key=by_prefix))
        }

        def whole(name: str, part: StoreRuns) -> Snapshot:
            rename = partial(self._ids.table, name)
            return part.snapshot(progress_of(name, len(stores), progress), spills[name], rename)

        snapshots, failed = each(parts, whole)
        problems = self._with_unread(failed, snapshots)
        snapshot = merged_snapshot(snapshots, stores, self._selection, self._ids, problems=problems, names=names)
        return replace(numbered(snapshot), history=joined_history([spills[name] for name in spills if name in snapshots]))

    def _with_unread(self, failed: Mapping[str, SourceError], read: Mapping[str, object]) -> tuple[Problem, ...]:
        if failed and not read:
            raise none_readable(self._stores, failed)
        return (*self._problems, *(unread(store, failed[store.name]) for store in self._stores if store.name in failed))


@contextmanager
def two_phase_read(
    stores: str | Sequence[Store], selection: Selection, *, reading: Reading = _PLAIN, progress: Progress | None = None
) -> Iterator[TwoPhaseRead]:
    """Read the runs of ``stores``, whose names differ, without histories; the result reads the rest while the block lasts.

    A URI stands for the one store there is. A store's own ``experiments`` replace those of ``selection``; an entry of the latter
    must fit in one store at least. Raises ``SourceError`` when no store can be read or an entry fits nowhere, ``ConfigError`` for
    a filter or an order that MLflow does not understand.
    """
    stores = (Store("", stores),) if isinstance(stores, str) else tuple(stores)
    with ExitStack() as stack:
        listed_stores, failed = _opened(stores, reading, stack)
        common = [store.name for store in stores if store.experiments is None]
        entries = {store.name: store.experiments for store in stores if store.experiments is not None}
        listings = {name: listed_stores[name].listing(deleted=selection.deleted) for name in common if name in listed_stores}
        where = listed(list(listings), len(listings)) if len(stores) > 1 else public_uri(stores[0].uri)
        fitting, problems = fitting_entries(listings, selection, where, are_all=len(listings) == len(common))
        entries |= fitting

        def runs(name: str, store: _Listed) -> StoreRuns:
            own = replace(selection, experiments=entries[name])
            return store.runs(own, progress_of(name, len(stores), progress or (lambda *_: None)))

        parts, unreadable = each({name: store for name, store in listed_stores.items() if name in entries}, runs)
        failed |= unreadable
        if failed and not parts:
            raise none_readable(stores, failed)
        problems = (*problems, *(unread(store, failed[store.name]) for store in stores if store.name in failed))
        yield TwoPhaseRead(stores, selection, reading, parts, problems)


@dataclass(frozen=True, slots=True)
class _Listed:
    """One open store with its list of experiments."""

    source: Source
    reading: Reading
    experiments: pa.Table
    began: float

    def listing(self, *, deleted: bool) -> Listing:
        rows = self.experiments.select(["experiment_id", "name", "lifecycle"]).to_pylist()
        gone = () if deleted else (row["experiment_id"] for row in rows if row["lifecycle"] == "deleted")
        return Listing({row["experiment_id"]: row["name"] for row in rows}, tags_of(self.experiments), frozenset(gone))

    def runs(self, selection: Selection, progress: Progress) -> StoreRuns:
        census = census_of(self.source, self.experiments, selection, progress)
        return StoreRuns(self.source, census, selection, self.reading, time.perf_counter() - self.began)


def _opened(stores: Sequence[Store], reading: Reading, stack: ExitStack) -> tuple[dict[str, _Listed], dict[str, SourceError]]:
    """The stores that can be opened and list their experiments, and the errors of the others; ``stack`` closes them."""
    began = time.monotonic()
    seconds = reading.seconds

    def listed_store(_: str, store: Store) -> _Listed:
        nonlocal seconds
        started = time.perf_counter()
        own = at_store(replace(reading, seconds=seconds), store.uri)
        try:
            source = stack.enter_context(closing(opened(store.uri, own)))
            return _Listed(source, own, experiments_of(source), started)
        finally:
            if reading.seconds is not None:  # it is the time of all stores together
                seconds = max(0.001, reading.seconds - (time.monotonic() - began))

    return each({store.name: store for store in stores}, listed_store)


def each(parts: Mapping[str, T], read: Callable[[str, T], U]) -> tuple[dict[str, U], dict[str, SourceError]]:
    """``read(name, part)`` of every part that can be read, and the errors of the others."""
    done: dict[str, U] = {}
    failed: dict[str, SourceError] = {}
    for name, part in parts.items():
        try:
            done[name] = read(name, part)
        except SourceError as error:
            failed[name] = error
    return done, failed


def progress_of(name: str, n_stores: int, progress: Progress) -> Progress:
    """``progress`` that names the store where there are several."""
    return progress if n_stores == 1 else lambda done, total, what: progress(done, total, f"{name}: {what}")


def unread(store: Store, error: SourceError) -> Problem:
    """A gap for a store of which nothing was read; ``error.found`` is left out, since it may hold a waiting time."""
    return Problem("source-unread", f"source {store.name}", f"nothing of it was read: {error.what}", error.todo or "", "gap")


def none_readable(stores: Sequence[Store], failed: Mapping[str, SourceError]) -> SourceError:
    """The error of the only store there is, or one error for all of them."""
    if len(stores) == 1:
        return next(iter(failed.values()))
    each_store = "; ".join(f"{store.name}: {failed[store.name].what}" for store in stores if store.name in failed)
    todos = dict.fromkeys(error.todo for error in failed.values() if error.todo)
    error = SourceError(
        "no-source-readable", f"none of the {len(stores)} sources can be read: {each_store}", todo="; ".join(todos) or None
    )
    codes = {each.exit_code for each in failed.values()}
    error.exit_code = codes.pop() if len(codes) == 1 else error.exit_code  # all for want of time, say
    return error
