"""Snapshots of several stores put together into one: ids and names that clash are kept apart (``reportgen.collect.several``)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from reportgen.collect.canonical_rows import sorted_table
from reportgen.collect.history_spill import HistorySpill
from reportgen.collect.reading import Reading
from reportgen.collect.selection import Selection, Store
from reportgen.collect.source import recognised
from reportgen.errors import Problem, SourceError
from reportgen.formats import plural
from reportgen.redaction import public_uri
from reportgen.snapshot import History, LedgerRow, Snapshot, SourceInfo

KIND = "several"
"""The kind of source of a snapshot of several stores."""


def merged_snapshot(
    read: Mapping[str, Snapshot],
    stores: Sequence[Store],
    selection: Selection,
    reading: Reading,
    *,
    problems: Iterable[Problem] = (),
    renaming: Renaming | None = None,
) -> Snapshot:
    """One snapshot of what was read of each source, by name of the source; ``problems`` are of those that were not.

    ``renaming`` is given when names were told before all of this was read, and must not change any more.
    """
    parts = dict(sorted(read.items(), key=lambda one: f"{one[0]}:"))  # the order of their experiments' ids
    shared = renaming_of(parts)
    renaming = renaming or shared
    infos = infos_of(stores, {name: part.source for name, part in parts.items()})
    tables = {name: {what: renaming.table(name, what, table) for what, table in part.tables()} for name, part in parts.items()}
    names = next(iter(tables.values()))
    said = said_by({name: part.problems for name, part in parts.items()})
    return Snapshot(
        source=one_of(infos),
        sources=infos,
        **{what: sorted_table(what, pa.concat_tables([of[what] for of in tables.values()])) for what in names},
        history=_history(parts, renaming, reading),
        ledger=tuple(_in_ledger(name, row) for name, part in parts.items() for row in part.ledger),
        problems=tuple(sorted({*problems, *shared.problems(), *said})),
        selection=_as_asked(stores, selection),
        read_seconds=sum(part.read_seconds for part in parts.values()),
    )


def infos_of(stores: Sequence[Store], read: Mapping[str, SourceInfo]) -> tuple[SourceInfo, ...]:
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


def one_of(infos: Sequence[SourceInfo]) -> SourceInfo:
    """What stands for all sources where only one can."""
    return SourceInfo(KIND, ", ".join(f"{info.name}: {info.uri}" for info in infos))


def said_by(problems: Mapping[str, Iterable[Problem]]) -> Iterator[Problem]:
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


def names_in_all(names: Mapping[str, Iterable[str]]) -> Callable[[str, str], str]:
    """From (source, name) to the name it has in the whole: its own, or ``source / name`` where it would not be the only one."""
    n_sources = Counter(name for of in names.values() for name in set(of))
    shown = Counter(f"{source} / {name}" if n_sources[name] > 1 else name for source, of in names.items() for name in set(of))
    if any(n > 1 for n in shown.values()):  # somebody called an experiment `prod / Default`
        return lambda source, name: f"{source} / {name}"
    return lambda source, name: f"{source} / {name}" if n_sources[name] > 1 else name


@dataclass(frozen=True, slots=True)
class Renaming:
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


def renaming_of(parts: Mapping[str, Snapshot]) -> Renaming:
    run_ids = {name: frozenset(part.runs.column("run_id").to_pylist()) for name, part in parts.items()}
    n_sources = Counter(run_id for ids in run_ids.values() for run_id in ids)
    shared = {run_id: tuple(name for name, ids in run_ids.items() if run_id in ids) for run_id, n in n_sources.items() if n > 1}
    return Renaming(
        experiment=names_in_all({name: part.experiments.column("name").to_pylist() for name, part in parts.items()}),
        model=names_in_all(
            {
                name: part.models.filter(pc.equal(part.models.column("kind"), "registered")).column("name").to_pylist()
                for name, part in parts.items()
            }
        ),
        run_ids=run_ids,
        shared=shared,
    )


def _history(parts: Mapping[str, Snapshot], renaming: Renaming, reading: Reading) -> History:
    """All histories, one source after the other; on disk when together they are too many for memory."""
    spill = HistorySpill(reading.points_in_memory, reading.scratch)
    for name, part in parts.items():
        for piece in part.history.tables():
            spill.add(renaming.table(name, "history", piece))
    return spill.history()


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
