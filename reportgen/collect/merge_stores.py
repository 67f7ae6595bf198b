"""Snapshots and plans of several stores put together into one.

Ids are unique within a store only, so with several of them:

- an experiment's id always has its store before it (``prod:1``), so that an id of today means the same tomorrow;
- an experiment's name, and the name of a registered model, has it only where two stores share that name (``prod / Default``);
- a run's id has it only where two stores hold that very run (``0af3…#prod``), which is then told as a warning, since
  MLflow's run ids are random: it is one measurement that would be counted twice. ``#`` sorts before every character of
  a run id, so that histories stay in order.

In the ledger every row names its store. One store is never renamed anything: merged, it is what it was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc

from reportgen.collect.canonical_rows import sorted_table
from reportgen.collect.plan import Plan
from reportgen.collect.selection import Selection, Store
from reportgen.collect.source import recognised
from reportgen.errors import Problem, SourceError
from reportgen.formats import plural
from reportgen.redaction import public_uri
from reportgen.snapshot import EVERY_RUN, History, LedgerRow, Snapshot, SourceInfo, empty_table

KIND = "several"
"""The kind of source of a snapshot of several stores."""


def merged_snapshot(
    parts: Mapping[str, Snapshot],
    stores: Sequence[Store],
    selection: Selection,
    ids: StoreIds,
    *,
    problems: Iterable[Problem] = (),
    names: Names | None = None,
) -> Snapshot:
    """One snapshot without history of ``parts``, by name of the store; ``problems`` are of the stores that are not among them.

    ``names`` are given when they were shown before all of this was read, and must not change any more.
    """
    if len(stores) == 1:
        (part,) = parts.values()
        return part
    parts = {name: parts[name] for name in sorted(parts, key=by_prefix)}
    names = names or Names.of(parts)
    tables = [
        {what: names.table(name, what, ids.table(name, table)) for what, table in part.tables()} for name, part in parts.items()
    ]
    infos = store_infos(stores, {name: part.source for name, part in parts.items()})
    copies = StoreIds({name: frozenset(part.runs.column("run_id").to_pylist()) for name, part in parts.items()}).copies()
    own_problems = problems_with_store({name: part.problems for name, part in parts.items()})
    return Snapshot(
        source=combined_info(infos),
        sources=infos,
        **{what: sorted_table(what, pa.concat_tables([part[what] for part in tables])) for what in tables[0]},
        history=History(empty_table("history")),
        ledger=tuple(_in_ledger(name, row) for name, part in parts.items() for row in part.ledger),
        problems=tuple(sorted({*problems, *copies, *own_problems})),
        selection=_asked_of_all(stores, selection),
        asides=tuple(sorted(problems_with_store({name: part.asides for name, part in parts.items()}))),
        unread=tuple(f"{name}:{id_}" for name, part in parts.items() for id_ in part.unread),
        read_seconds=sum(part.read_seconds for part in parts.values()),
        every_run=_every_run(parts, ids) if len(parts) == len(stores) else None,
    )


def _every_run(parts: Mapping[str, Snapshot], ids: StoreIds) -> pa.Table | None:
    """The states of the runs of all stores; None when one of them does not tell."""
    states = {name: part.every_run for name, part in parts.items() if part.every_run is not None}
    if len(states) < len(parts):
        return None
    plain = pa.schema([(name, pa.string()) for name in EVERY_RUN])
    return pa.concat_tables([ids.table(name, table.cast(plain)) for name, table in states.items()])


def merged_plan(plans: Mapping[str, Plan], stores: Sequence[Store], *, problems: Iterable[Problem]) -> Plan:
    """One plan of ``plans``, by name of the store; ``problems`` are of the stores that are not among them."""
    if len(stores) == 1:
        (plan,) = plans.values()
        return plan
    name_in_all = unique_names({name: {row.experiment for row in plan.experiments} for name, plan in plans.items()})
    rows = [
        replace(row, experiment_id=f"{name}:{row.experiment_id}", experiment=name_in_all(name, row.experiment))
        for name in sorted(plans, key=by_prefix)
        for row in plans[name].experiments
    ]
    infos = store_infos(stores, {name: plan.source for name, plan in plans.items()})
    return Plan(
        source=combined_info(infos),
        experiments=tuple(rows),
        n_calls=sum(plan.n_calls for plan in plans.values()),
        seconds=sum(plan.seconds for plan in plans.values()),
        is_exact=all(plan.is_exact for plan in plans.values()),
        problems=(*problems, *problems_with_store({name: plan.problems for name, plan in plans.items()})),
        sources=infos,
    )


def by_prefix(name: str) -> str:
    """Sorts stores as the ids of their experiments."""
    return f"{name}:"


def store_infos(stores: Sequence[Store], read: Mapping[str, SourceInfo]) -> tuple[SourceInfo, ...]:
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


def combined_info(infos: Sequence[SourceInfo]) -> SourceInfo:
    """What stands for all sources where only one can."""
    return SourceInfo(KIND, ", ".join(f"{info.name}: {info.uri}" for info in infos))


def problems_with_store(problems: Mapping[str, Iterable[Problem]]) -> Iterator[Problem]:
    for name, said in problems.items():
        for problem in said:
            yield replace(problem, where=f"{name}: {problem.where}")


def _in_ledger(name: str, row: LedgerRow) -> LedgerRow:
    shown = f"{name} / {row.experiment}" if row.experiment_id else name
    return replace(row, experiment_id=f"{name}:{row.experiment_id}", experiment=shown)


def _asked_of_all(stores: Sequence[Store], selection: Selection) -> tuple[tuple[str, str], ...]:
    criteria = dict(selection.as_asked())
    own = {f"experiments of {store.name}": ", ".join(store.experiments) for store in stores if store.experiments is not None}
    if len(own) == len(stores):
        criteria.pop("experiments", None)
    return tuple((own | criteria).items())


def unique_names(names: Mapping[str, Iterable[str]]) -> Callable[[str, str], str]:
    """From (source, name) to the name it has in the whole: its own, or ``source / name`` where it would not be the only one."""
    n_sources = Counter(name for of in names.values() for name in set(of))
    shown = Counter(f"{source} / {name}" if n_sources[name] > 1 else name for source, of in names.items() for name in set(of))
    if any(n > 1 for n in shown.values()):  # somebody called an experiment `prod / Default`
        return lambda source, name: f"{source} / {name}"
    return lambda source, name: f"{source} / {name}" if n_sources[name] > 1 else name


@dataclass(frozen=True)  # no slots, for the sake of cached_property
class StoreIds:
    """The ids of runs, by store, and what ids of experiments and runs become in the whole."""

    run_ids: Mapping[str, frozenset[str]]

    @cached_property
    def shared(self) -> Mapping[str, tuple[str, ...]]:
        """Run id → the stores that all have it, when there are two or more."""
        n_stores = Counter(run_id for ids in self.run_ids.values() for run_id in ids)
        return {
            run_id: tuple(name for name, ids in self.run_ids.items() if run_id in ids) for run_id, n in n_stores.items() if n > 1
        }

    def table(self, store: str, table: pa.Table) -> pa.Table:
        """``table`` of ``store`` with the ids that it has in the whole."""
        if len(self.run_ids) == 1:
            return table

        def run_id(id_: str) -> str:
            """A parent that only another store has must not be taken for the one that is missing here."""
            if not id_:
                return id_
            elsewhere = id_ not in self.run_ids[store] and any(id_ in ids for ids in self.run_ids.values())
            return f"{id_}#{store}" if id_ in self.shared or elsewhere else id_

        renamed: Mapping[str, Callable[[str], str]] = {
            "experiment_id": lambda id_: f"{store}:{id_}" if id_ else id_,
            "run_id": run_id,
            "parent_run_id": run_id,
        }
        for name in renamed.keys() & set(table.schema.names):
            table = _with(table, name, _words(table.column(name), renamed[name]))
        return table

    def own_experiments(self, store: str, experiment_ids: Sequence[str]) -> list[str]:
        """What those of ``experiment_ids`` that ``store`` holds are in the store itself."""
        if len(self.run_ids) == 1:
            return list(experiment_ids)
        return [id_.removeprefix(f"{store}:") for id_ in experiment_ids if id_.startswith(f"{store}:")]

    def copies(self) -> Iterator[Problem]:
        """A warning for each group of stores that hold the same runs."""
        for stores, n in sorted(Counter(self.shared.values()).items()):
            yield Problem(
                "run-in-several-sources",
                ", ".join(stores),
                f"{plural(n, 'run')} with the same id {'is' if n == 1 else 'are'} in each of them, and counted once for each",
                "they are copies: leave out one of the sources, or name other experiments for it",
                "warning",
            )


@dataclass(frozen=True, slots=True)
class Names:
    """What names of experiments and models become in the whole."""

    experiment: Callable[[str, str], str]
    """From (store, name of an experiment)."""
    model: Callable[[str, str], str]
    """From (store, name of a registered model)."""

    @classmethod
    def of(cls, parts: Mapping[str, Snapshot]) -> Names:
        registered = {
            name: part.models.filter(pc.equal(part.models.column("kind"), "registered")) for name, part in parts.items()
        }
        return cls(
            experiment=unique_names({name: part.experiments.column("name").to_pylist() for name, part in parts.items()}),
            model=unique_names({name: models.column("name").to_pylist() for name, models in registered.items()}),
        )

    def table(self, store: str, what: str, table: pa.Table) -> pa.Table:
        """``table`` of ``store`` with the names that it has in the whole.

        Names of the registry are unique in a store; those of logged models need not be, and stay.
        """
        if what == "experiments":
            return _with(table, "name", _words(table.column("name"), lambda name: self.experiment(store, name)))
        if what == "models":
            renamed = _words(table.column("name"), lambda name: self.model(store, name))
            is_logged = pc.equal(table.column("kind"), "logged")
            return _with(table, "name", pc.if_else(is_logged, table.column("name"), renamed))
        return table


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
