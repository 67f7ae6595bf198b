"""Several tracking stores in one snapshot.

Each store is read as it would be alone, one after the other, and the snapshots are put together here. Ids are unique
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
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Generic, TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from reportgen.collect.gather import collected, experiments_of, planned, tags_of
from reportgen.collect.normal import sorted_table
from reportgen.collect.plan import Plan
from reportgen.collect.reading import Reading
from reportgen.collect.selection import Selection, Store, matching_experiments, unknown_experiment
from reportgen.collect.shelf import Shelf
from reportgen.collect.source import Progress, opened, recognised
from reportgen.errors import Problem, SourceError
from reportgen.formats import listed, plural
from reportgen.redaction import public_uri
from reportgen.snapshot import History, LedgerRow, Snapshot, SourceInfo

KIND = "several"
"""The kind of source of a snapshot of several stores."""

T = TypeVar("T")


def collected_from(stores: Sequence[Store], selection: Selection, progress: Progress, reading: Reading) -> Snapshot:
    """Everything that ``selection`` asks for, read from all of ``stores``, whose names differ.

    A store's own ``experiments`` replace those of ``selection``; an entry of the latter must fit in one store at least.
    Raises ``SourceError`` when no store can be read, and ``ConfigError`` as for one store.
    """
    if len(stores) == 1:
        return collected(stores[0].uri, _own(selection, stores[0]), progress, reading)
    with tempfile.TemporaryDirectory(prefix="reportgen-sources-", dir=reading.scratch) as folder:
        each = _shares(reading, len(stores), Path(folder))

        def read(store: Store, own: Selection) -> Snapshot:
            return collected(store.uri, own, lambda done, total, what: progress(done, total, f"{store.name}: {what}"), each())

        found = _from_each(stores, selection, read, each)
        return _joined(found, stores, selection, reading)


def planned_from(stores: Sequence[Store], selection: Selection, reading: Reading) -> Plan:
    """What ``collected_from`` would read; raises as it does."""
    if len(stores) == 1:
        return planned(stores[0].uri, _own(selection, stores[0]), reading)
    each = _shares(reading, len(stores), reading.scratch)
    found = _from_each(stores, selection, lambda store, own: planned(store.uri, own, each()), each)
    names = _names_in_all({name: {row.experiment for row in plan.experiments} for name, plan in found.read.items()})
    rows = [
        replace(row, experiment_id=f"{name}:{row.experiment_id}", experiment=names(name, row.experiment))
        for name, plan in sorted(found.read.items(), key=lambda one: f"{one[0]}:")
        for row in plan.experiments
    ]
    infos = _infos(stores, {name: plan.source for name, plan in found.read.items()})
    return Plan(
        source=_one_of(infos),
        experiments=tuple(rows),
        n_calls=sum(plan.n_calls for plan in found.read.values()),
        seconds=sum(plan.seconds for plan in found.read.values()),
        is_exact=all(plan.is_exact for plan in found.read.values()),
        problems=(*found.problems, *_said_by({name: plan.problems for name, plan in found.read.items()})),
        sources=infos,
    )


# --- reading ---


@dataclass(frozen=True, slots=True)
class _Read(Generic[T]):
    """What was read, by name of its source, and what went wrong with the others."""

    read: Mapping[str, T]
    problems: tuple[Problem, ...]


def _own(selection: Selection, store: Store) -> Selection:
    return selection if store.experiments is None else replace(selection, experiments=store.experiments)


def _shares(reading: Reading, n: int, scratch: Path | None) -> Callable[[], Reading]:
    """``reading`` for one of ``n`` stores, at the moment it is asked for: the time that is left, a share of the memory."""
    began = time.monotonic()

    def share() -> Reading:
        left = None if reading.seconds is None else max(0.001, reading.seconds - (time.monotonic() - began))
        return replace(reading, seconds=left, points_in_memory=max(1, reading.points_in_memory // n), scratch=scratch)

    return share


def _from_each(
    stores: Sequence[Store], selection: Selection, read: Callable[[Store, Selection], T], each: Callable[[], Reading]
) -> _Read[T]:
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
        raise _none_readable(stores, failed)
    return _Read(found, (*problems, *(_unread(store, failed[store.name]) for store in stores if store.name in failed)))


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


def _unread(store: Store, error: SourceError) -> Problem:
    """Without what was found: how long a server was waited for is not the same twice."""
    return Problem("source-unread", f"source {store.name}", f"nothing of it was read: {error.what}", error.todo or "", "gap")


def _none_readable(stores: Sequence[Store], failed: Mapping[str, SourceError]) -> SourceError:
    each = "; ".join(f"{store.name}: {failed[store.name].what}" for store in stores if store.name in failed)
    todos = dict.fromkeys(error.todo for error in failed.values() if error.todo)
    return SourceError(
        "no-source-readable", f"none of the {len(stores)} sources can be read: {each}", todo="; ".join(todos) or None
    )


# --- joining ---


def _joined(found: _Read[Snapshot], stores: Sequence[Store], selection: Selection, reading: Reading) -> Snapshot:
    """One snapshot of what was read of each source."""
    parts = dict(sorted(found.read.items(), key=lambda one: f"{one[0]}:"))  # the order of their experiments' ids
    renaming = _renaming(parts)
    infos = _infos(stores, {name: part.source for name, part in parts.items()})
    tables = {name: {what: renaming.table(name, what, table) for what, table in part.tables()} for name, part in parts.items()}
    names = next(iter(tables.values()))
    return Snapshot(
        source=_one_of(infos),
        sources=infos,
        **{what: sorted_table(what, pa.concat_tables([of[what] for of in tables.values()])) for what in names},
        history=_history(parts, renaming, reading),
        ledger=tuple(_in_ledger(name, row) for name, part in parts.items() for row in part.ledger),
        problems=tuple(
            sorted({*found.problems, *renaming.problems(), *_said_by({name: part.problems for name, part in parts.items()})})
        ),
        selection=_as_asked(stores, selection),
        read_seconds=sum(part.read_seconds for part in parts.values()),
    )


def _infos(stores: Sequence[Store], read: Mapping[str, SourceInfo]) -> tuple[SourceInfo, ...]:
    return tuple(
        replace(read[store.name], name=store.name)
        if store.name in read
        else SourceInfo(_kind_of(store.uri), public_uri(store.uri), name=store.name, was_read=False)
        for store in stores
    )


def _kind_of(uri: str) -> str:
    try:
        return recognised(uri)
    except SourceError:
        return "unknown"


def _one_of(infos: Sequence[SourceInfo]) -> SourceInfo:
    """What stands for all sources where only one can."""
    return SourceInfo(KIND, ", ".join(f"{info.name}: {info.uri}" for info in infos))


def _said_by(problems: Mapping[str, Iterable[Problem]]) -> Iterator[Problem]:
    for name, said in problems.items():
        for problem in said:
            yield replace(problem, where=f"{name}: {problem.where}")


def _in_ledger(name: str, row: LedgerRow) -> LedgerRow:
    shown = f"{name} / {row.experiment}" if row.experiment_id else name
    return replace(row, experiment_id=f"{name}:{row.experiment_id}", experiment=shown)


def _as_asked(stores: Sequence[Store], selection: Selection) -> tuple[tuple[str, str], ...]:
    asked = dict(selection.as_asked())
    own = {f"experiments of {store.name}": ", ".join(store.experiments) for store in stores if store.experiments is not None}
    if len(own) == len(stores):
        asked.pop("experiments", None)
    return tuple((own | asked).items())


def _names_in_all(names: Mapping[str, Iterable[str]]) -> Callable[[str, str], str]:
    """From (source, name) to the name it has in the whole: its own, or ``source / name`` where it would not be the only one."""
    n_sources = Counter(name for of in names.values() for name in set(of))
    shown = Counter(f"{source} / {name}" if n_sources[name] > 1 else name for source, of in names.items() for name in set(of))
    if any(n > 1 for n in shown.values()):  # somebody called an experiment `prod / Default`
        return lambda source, name: f"{source} / {name}"
    return lambda source, name: f"{source} / {name}" if n_sources[name] > 1 else name


@dataclass(frozen=True, slots=True)
class _Renaming:
    """What ids and names become, each by source."""

    experiment: Callable[[str, str], str]
    """From (source, name of an experiment)."""
    model: Callable[[str, str], str]
    """From (source, name of a registered model)."""
    run_ids: Mapping[str, frozenset[str]]
    """The ids of the runs of each source."""
    shared: Mapping[str, tuple[str, ...]]
    """Run id → the sources that all have it, when there are two or more."""

    def run_id(self, source: str, run_id: str | None) -> str | None:
        """A parent that only another source has must not be taken for the one that is missing here."""
        if not run_id:
            return run_id
        elsewhere = run_id not in self.run_ids[source] and any(run_id in ids for ids in self.run_ids.values())
        return f"{run_id}#{source}" if run_id in self.shared or elsewhere else run_id

    def table(self, source: str, what: str, table: pa.Table) -> pa.Table:
        renamed: dict[str, Callable[[str], str | None]] = {
            "experiment_id": lambda id_: f"{source}:{id_}" if id_ else id_,
            "run_id": lambda id_: self.run_id(source, id_),
            "parent_run_id": lambda id_: self.run_id(source, id_),
        }
        if what == "experiments":
            renamed["name"] = lambda name: self.experiment(source, name)
        for name, rename in renamed.items():
            if name in table.schema.names:
                table = _with(table, name, _words(table.column(name), rename))
        return self._models(source, table) if what == "models" else table

    def _models(self, source: str, table: pa.Table) -> pa.Table:
        """Names of the registry are unique in a store; those of logged models need not be, and stay."""
        renamed = _words(table.column("name"), lambda name: self.model(source, name))
        is_logged = pc.equal(table.column("kind"), "logged")
        return _with(table, "name", pc.if_else(is_logged, table.column("name"), renamed))

    def problems(self) -> Iterator[Problem]:
        for sources, n in sorted(Counter(self.shared.values()).items()):
            yield Problem(
                "run-in-several-sources",
                ", ".join(sources),
                f"{plural(n, 'run')} with the same id {'is' if n == 1 else 'are'} in each of them, and counted once for each",
                "they are copies: leave out one of the sources, or name other experiments for it",
                "warning",
            )


def _renaming(parts: Mapping[str, Snapshot]) -> _Renaming:
    run_ids = {name: frozenset(part.runs.column("run_id").to_pylist()) for name, part in parts.items()}
    n_sources = Counter(run_id for ids in run_ids.values() for run_id in ids)
    shared = {run_id: tuple(name for name, ids in run_ids.items() if run_id in ids) for run_id, n in n_sources.items() if n > 1}
    return _Renaming(
        experiment=_names_in_all({name: part.experiments.column("name").to_pylist() for name, part in parts.items()}),
        model=_names_in_all(
            {
                name: part.models.filter(pc.equal(part.models.column("kind"), "registered")).column("name").to_pylist()
                for name, part in parts.items()
            }
        ),
        run_ids=run_ids,
        shared=shared,
    )


def _history(parts: Mapping[str, Snapshot], renaming: _Renaming, reading: Reading) -> History:
    """All histories, one source after the other; on disk when together they are too many for memory."""
    shelf = Shelf(reading.points_in_memory, reading.scratch)
    for name, part in parts.items():
        for piece in part.history.tables():
            shelf.add(renaming.table(name, "history", piece))
    return shelf.history()


def _words(column: pa.ChunkedArray, rename: Callable[[str], str | None]) -> pa.ChunkedArray:
    """``column`` with each of its words renamed; null stays null."""
    chunks = []
    for chunk in column.chunks:
        encoded = chunk if pa.types.is_dictionary(chunk.type) else chunk.dictionary_encode()
        words = pa.array([None if word is None else rename(word) for word in encoded.dictionary.to_pylist()], pa.string())
        renamed = pa.DictionaryArray.from_arrays(encoded.indices, words)
        chunks.append(renamed if pa.types.is_dictionary(chunk.type) else renamed.cast(pa.string()))
    return pa.chunked_array(chunks, column.type)


def _with(table: pa.Table, name: str, column: pa.ChunkedArray) -> pa.Table:
    return table.set_column(table.schema.get_field_index(name), table.schema.field(name), column)
