"""A reading in two halves: every run without its history, then, of the experiments that turn out to be meant, the rest.

Whoever names groups of runs (`reportgen compare`) must be answered from what the runs are before it is known which experiments
hold them. The stores stay open between the halves, so that each row is read once and both halves are of one moment where
the store has such a thing. Nothing is read twice but a short registry of models.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from reportgen.collect.cache.folder import at_store
from reportgen.collect.gather import Census, census_of, finished, narrowed, without_histories
from reportgen.collect.merge_stores import Renaming, merged_snapshot, renaming_of
from reportgen.collect.reading import Reading
from reportgen.collect.selection import Selection, Store
from reportgen.collect.several import Read, from_each, none_readable, own_selection, shares_of, unread
from reportgen.collect.source import Progress, Source, opened
from reportgen.errors import SourceError
from reportgen.redaction import public_text
from reportgen.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class _Open:
    """One store after the first half."""

    source: Source
    census: Census
    selection: Selection
    reading: Reading
    snapshot: Snapshot
    seconds: float

    def finished(self, ids: Sequence[str], progress: Progress) -> Snapshot:
        began = time.perf_counter()
        asked = replace(self.selection, experiments=self.names(ids))
        snapshot = finished(self.source, narrowed(self.census, ids), asked, progress, self.reading)
        return replace(snapshot, read_seconds=self.seconds + time.perf_counter() - began)

    def names(self, ids: Sequence[str]) -> tuple[str, ...]:
        """What the experiments with these ids are called in this store; the id where two share a name. Public text."""
        rows = [row for row in self.census.experiments.to_pylist() if row["experiment_id"] in ids]
        named = [row["name"] for row in rows]
        return tuple(sorted(public_text(row["name"]) if named.count(row["name"]) == 1 else row["experiment_id"] for row in rows))


@dataclass(frozen=True, slots=True)
class Survey:
    """The stores after the first half, still open."""

    snapshot: Snapshot
    """Every run that the selection chooses, without history, ledger, artifacts and traces."""
    _stores: Sequence[Store]
    _selection: Selection
    _reading: Reading
    _found: Read[_Open]
    _renaming: Renaming | None = field(default=None)

    def named(self, experiment_ids: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
        """Name of each store that was read → the names of these experiments (ids of ``snapshot``) in it."""
        return {name: one.names(self._own(name, experiment_ids)) for name, one in self._found.read.items()}

    def finished(self, experiment_ids: Sequence[str], progress: Progress) -> Snapshot:
        """The whole snapshot of these experiments (ids of ``snapshot``), as if nothing else had been asked for.

        Raises ``SourceError`` when no store can be read any more.
        """
        if self._renaming is None:
            (alone,) = self._found.read.values()
            return alone.finished(experiment_ids, progress)
        read: dict[str, Snapshot] = {}
        failed: dict[str, SourceError] = {}
        for name, one in self._found.read.items():
            try:
                read[name] = one.finished(self._own(name, experiment_ids), _of_store(name, progress))
            except SourceError as error:
                failed[name] = error
        if not read:
            raise none_readable(self._stores, failed)
        names = self.named(experiment_ids)
        stores = [replace(store, experiments=names.get(store.name, ())) for store in self._stores]
        problems = (*self._found.problems, *(unread(store, failed[store.name]) for store in stores if store.name in failed))
        return merged_snapshot(read, stores, self._selection, self._reading, problems=problems, renaming=self._renaming)

    def _own(self, name: str, experiment_ids: Sequence[str]) -> list[str]:
        """The ids in the store ``name``."""
        if self._renaming is None:
            return list(experiment_ids)
        return [id_.removeprefix(f"{name}:") for id_ in experiment_ids if id_.startswith(f"{name}:")]


@contextmanager
def surveyed(stores: Sequence[Store], selection: Selection, progress: Progress, reading: Reading) -> Iterator[Survey]:
    """The first half of reading ``stores``; the second is asked of what is given, until the block ends.

    Histories larger than memory lie in a folder that is gone when the block ends. Raises as ``collected_from`` does, and
    ``ValueError`` for a selection with a limit, which would count runs of experiments that are not kept.
    """
    if selection.limit is not None:
        raise ValueError("a limit cannot be kept when experiments are left out later")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="reportgen-survey-", dir=reading.scratch)))
        each = shares_of(reading, len(stores), folder)

        def look(store: Store, own: Selection) -> _Open:
            began = time.perf_counter()
            mine = at_store(each(), store.uri)
            source = stack.enter_context(closing(opened(store.uri, mine)))
            census = census_of(source, own, _of_store(store.name, progress) if len(stores) > 1 else progress)
            return _Open(source, census, own, mine, without_histories(source, census, own), time.perf_counter() - began)

        if len(stores) == 1:
            only = look(stores[0], own_selection(selection, stores[0]))
            yield Survey(only.snapshot, stores, selection, reading, Read({stores[0].name: only}, ()))
            return
        found = from_each(stores, selection, look, each)
        parts = {name: one.snapshot for name, one in found.read.items()}
        snapshot = merged_snapshot(parts, stores, selection, reading, problems=found.problems)
        yield Survey(snapshot, stores, selection, replace(reading, scratch=folder), found, renaming_of(parts))


def _of_store(name: str, progress: Progress) -> Progress:
    return lambda done, total, what: progress(done, total, f"{name}: {what}")
