"""What was in MLflow, and nothing else: typed tables, metric histories and a ledger.

``collect`` makes a ``Snapshot``, ``analyze`` reads it, a bundle carries it. Saved as a folder of Parquet files with a
``manifest.json`` it rebuilds the same report with MLflow gone. Tables are Arrow, in the column order of ``SCHEMAS``
and sorted by their first columns, so the same store content gives the same bytes whatever reader brought it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from reportgen.errors import Problem, SourceError
from reportgen.order import sorted_by
from reportgen.snapshot.history import History, Series, rows_of, save_history, sort_history
from reportgen.snapshot.schemas import ADDED, EVALUATION_MARKS, LINKS, SCHEMAS, SORT_KEYS, empty_table, text_columns

FORMAT = "reportgen-snapshot/1"
EVERY_RUN = ("experiment_id", "run_id", "status", "lifecycle")
"""Columns of ``Snapshot.every_run``; runs of a deleted experiment are deleted."""


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """Which store a snapshot was read from."""

    kind: str
    uri: str
    """Public: no user-info, no secret query values."""
    version: str = ""
    """MLflow's version where the store says it, else its schema revision."""
    name: str = ""
    """What the config calls it; only in ``Snapshot.sources``."""
    was_read: bool = True
    """False for one of several stores that could not be read."""


@dataclass(frozen=True, slots=True, order=True)
class LedgerRow:
    """What one experiment's store holds of one item, and what of it was read.

    ``n_store == n_read + sum(n for _, n in left_out)`` or the difference is a ``Problem``.
    """

    experiment_id: str
    experiment: str
    item: str
    """``runs``, ``points``, ``series``, ``params``, ``tags``, ``datasets``, ``models``, ``model_metrics``, ``traces``, ``assessments``,
    ``evaluation_datasets``."""
    n_store: int
    n_read: int
    left_out: tuple[tuple[str, int], ...] = ()
    """(why, how many): "deleted", "outside the window", "not selected by the filter", "unreadable"."""

    @property
    def unexplained(self) -> int:
        """Items that are neither read nor left out for a reason; 0 when the books balance."""
        return self.n_store - self.n_read - sum(n for _, n in self.left_out)


def table_of(name: str, columns: Mapping[str, Sequence[Any] | pa.Array | pa.ChunkedArray]) -> pa.Table:
    """A table of ``SCHEMAS[name]`` from ``columns``; missing columns are null; rows come out sorted.

    Times may be given as int milliseconds.
    """
    schema = SCHEMAS[name]
    if unknown := set(columns) - set(schema.names):
        raise ValueError(f"{name} has no column {sorted(unknown)}; it has {schema.names}")
    n_rows = len(next(iter(columns.values()), ()))
    arrays = [_array(columns[f.name], f.type) if f.name in columns else pa.nulls(n_rows, f.type) for f in schema]
    table = pa.table(arrays, schema=schema)
    if name == "history":
        return sort_history(table)
    return sorted_by(table, SORT_KEYS[name])


def _array(values: Sequence[Any] | pa.Array | pa.ChunkedArray, type_: pa.DataType) -> pa.Array | pa.ChunkedArray:
    if isinstance(values, pa.Array | pa.ChunkedArray):
        return values.cast(type_)
    if pa.types.is_dictionary(type_):
        return pa.array(values, type_.value_type).dictionary_encode().cast(type_)
    if pa.types.is_timestamp(type_):
        return pa.array(values, pa.int64()).cast(type_)
    return pa.array(values, type_)


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """All of one selection of a store at one moment, or of several stores (``reportgen.collect.merge_stores``)."""

    source: SourceInfo
    """With several stores it stands for them all, and ``sources`` holds each."""
    experiments: pa.Table
    runs: pa.Table
    params: pa.Table
    tags: pa.Table
    metrics: pa.Table
    history: History
    datasets: pa.Table
    models: pa.Table
    artifacts: pa.Table
    traces: pa.Table = field(default_factory=lambda: empty_table("traces"))
    assessments: pa.Table = field(default_factory=lambda: empty_table("assessments"))
    evaluation_rows: pa.Table = field(default_factory=lambda: empty_table("evaluation_rows"))
    evaluation_texts: pa.Table = field(default_factory=lambda: empty_table("evaluation_texts"))
    """No part of the digest: a bundle may leave it out, and its data are the same."""
    evaluation_datasets: pa.Table = field(default_factory=lambda: empty_table("evaluation_datasets"))
    model_metrics: pa.Table = field(default_factory=lambda: empty_table("model_metrics"))
    earlier: pa.Table = field(default_factory=lambda: empty_table("earlier"))
    contents: pa.Table = field(default_factory=lambda: empty_table("contents"))
    ledger: tuple[LedgerRow, ...] = ()
    problems: tuple[Problem, ...] = ()
    selection: tuple[tuple[str, str], ...] = ()
    """(what, value) as the reader was asked: experiments, filter, window."""
    unread: tuple[str, ...] = ()
    """Ids of experiments whose runs could not be listed: that none of theirs is here says nothing about them."""
    sources: tuple[SourceInfo, ...] = ()
    """Every store by its name, in the config's order, when there are several; else nothing."""
    asides: tuple[Problem, ...] = ()
    """Notes on how it was read, for who runs the job: no part of the digest and of a report, and not saved in a bundle."""
    read_seconds: float = 0.0
    """How long reading took; not part of the digest and not saved in a bundle."""
    every_run: pa.Table | None = None
    """``EVERY_RUN`` of all runs of the chosen experiments, selected or not; None when it was not asked. It answers what became of
    the runs of an earlier report, is not part of the digest and not saved."""

    def tables(self) -> Iterator[tuple[str, pa.Table]]:
        """Every table but the history, by name, in the order of ``SCHEMAS``."""
        for name in SCHEMAS:
            if name != "history":
                yield name, getattr(self, name)

    def of_experiments(self, ids: Collection[str]) -> Snapshot:
        """Only what belongs to these experiments; registered models whose versions do. Rows are not copied, histories stay where
        they are."""
        wanted = tuple(sorted(set(ids)))
        tables: dict[str, Any] = {}
        for name, table in self.tables():
            if name != "models":
                tables[name] = pa.concat_tables([table.slice(0, 0), *(rows_of(table, "experiment_id", id_) for id_ in wanted)])
        own = pc.is_in(self.models.column("experiment_id"), pa.array(wanted, pa.string()))
        names = pc.unique(self.models.filter(own).column("name"))
        registered = pc.and_(pc.equal(self.models.column("kind"), "registered"), pc.is_in(self.models.column("name"), names))
        return replace(
            self,
            models=self.models.filter(pc.or_(own, registered)),
            history=self.history.of_experiments(wanted),
            ledger=tuple(row for row in self.ledger if row.experiment_id in wanted),
            problems=(),
            asides=(),
            unread=tuple(id_ for id_ in self.unread if id_ in wanted),
            **tables,
        )

    def names_of(self, ids: Collection[str]) -> tuple[str, ...]:
        """Names of these experiments, sorted."""
        pairs = zip(
            self.experiments.column("experiment_id").to_pylist(), self.experiments.column("name").to_pylist(), strict=True
        )
        return tuple(sorted(name for id_, name in pairs if id_ in ids))

    def with_earlier_of(self, ids: Collection[str]) -> Snapshot:
        """Without the earlier runs of other experiments than these."""
        own = pc.is_in(self.earlier.column("experiment_id"), pa.array(sorted(set(ids)), pa.string()))
        return replace(self, earlier=self.earlier.filter(own))

    def without_texts(self) -> Snapshot:
        """Without what was asked, answered and given as a reason."""
        return replace(self, evaluation_texts=empty_table("evaluation_texts"))

    def digest(self, *, texts: bool = False) -> str:
        """SHA-256 over content: equal for equal data, whatever reader, chunking or time brought it. ``texts``: of evaluations as well."""
        sha = hashlib.sha256(FORMAT.encode())
        for name, table in self.tables():
            if (texts or name != "evaluation_texts") and (table.num_rows or name not in ADDED):
                _update(sha, name, table)
        # Series are summed, not chained: the order in which a history on disk hands them out does not matter.
        total = 0
        for series in self.history.series():
            series_sha = hashlib.sha256(json.dumps([series.experiment_id, series.run_id, series.metric]).encode())
            for array in (series.step, series.timestamp, series.value):
                series_sha.update(np.ascontiguousarray(array).tobytes())
            total += int.from_bytes(series_sha.digest(), "big")
        sha.update(f"history:{self.history.n_points}:{total:x}".encode())
        sha.update(json.dumps([asdict(row) for row in self.ledger], sort_keys=True).encode())
        return sha.hexdigest()

    def save(self, folder: Path, *, timing: bool = True) -> None:
        """Writes ``<table>.parquet`` for each table, ``ledger.parquet`` and, last, ``manifest.json`` into ``folder``.

        The folder is made if it is missing; nothing else in it is touched.
        """
        folder.mkdir(parents=True, exist_ok=True)
        for name, table in self.tables():
            pq.write_table(table, folder / f"{name}.parquet", compression="zstd")
        save_history(self.history.tables(), folder / "history.parquet")
        pq.write_table(ledger_table(self.ledger), folder / "ledger.parquet", compression="zstd")
        manifest: dict[str, Any] = {
            "format": FORMAT,
            "source": _source_facts(self.source),
            "digest": self.digest(),
            "rows": {name: table.num_rows for name, table in self.tables()} | {"history": self.history.n_points},
            "selection": [list(pair) for pair in self.selection],
            "ledger": [asdict(row) for row in self.ledger],
            "problems": [asdict(problem) for problem in self.problems],
        }
        if self.unread:
            manifest["unread"] = list(self.unread)
        if self.sources:
            manifest["sources"] = [_source_facts(info) for info in self.sources]
        if timing:
            manifest["read_seconds"] = round(self.read_seconds, 3)
        (folder / "manifest.json").write_text(json.dumps(manifest, indent=2, sort_keys=True, ensure_ascii=True) + "\n", "utf-8")

    @classmethod
    def load(cls, folder: Path) -> Snapshot:
        """The snapshot saved in ``folder``; histories stay on disk until they are asked for.

        Raises ``SourceError`` when the folder is no snapshot, or not a whole one.
        """
        try:
            manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
            if manifest.get("format") != FORMAT:
                raise SourceError(
                    "not-a-snapshot",
                    f"{folder}/manifest.json is not that of a snapshot",
                    found=f"format {manifest.get('format')!r}",
                    allowed=FORMAT,
                    todo="name the folder that `reportgen snapshot --output` wrote, or the `data` folder of a bundle",
                )
            import pyarrow.dataset as ds  # loads pandas, which those who read a store do without

            older = {name for name in ADDED if name not in manifest["rows"]}
            tables = {
                name: empty_table(name) if name in older else pq.read_table(folder / f"{name}.parquet", schema=SCHEMAS[name])
                for name in SCHEMAS
                if name != "history"
            }
            at = folder / "history" if (folder / "history").is_dir() else folder / "history.parquet"
            history = History(ds.dataset(at, schema=SCHEMAS["history"], format="parquet"))
            counted = {name: table.num_rows for name, table in tables.items()} | {"history": history.n_points}
        except (OSError, ValueError, KeyError, RecursionError, pa.ArrowException) as error:
            raise SourceError(
                "snapshot-unreadable",
                f"{folder} cannot be read as a snapshot: {str(error).splitlines()[0][:200]}",
                todo="make it again with `reportgen snapshot --output FOLDER`",
            ) from error
        if counted != dict.fromkeys(older, 0) | manifest["rows"]:
            wrong = sorted(name for name in counted if counted[name] != manifest["rows"].get(name))
            raise SourceError(
                "snapshot-incomplete",
                f"{folder} is not the whole snapshot: {', '.join(wrong)} has another number of rows than its manifest says",
                found=", ".join(f"{name} {counted[name]}" for name in wrong),
                allowed=", ".join(f"{name} {manifest['rows'].get(name)}" for name in wrong),
                todo="copy the folder again, or make it again with `reportgen snapshot`",
            )
        return cls(
            source=SourceInfo(**manifest["source"]),
            history=history,
            ledger=tuple(_ledger_row(row) for row in manifest["ledger"]),
            problems=tuple(Problem(**row) for row in manifest["problems"]),
            selection=tuple((what, value) for what, value in manifest["selection"]),
            unread=tuple(manifest.get("unread", ())),
            sources=tuple(SourceInfo(**info) for info in manifest.get("sources", ())),
            read_seconds=manifest.get("read_seconds", 0.0),
            **tables,
        )


def empty_snapshot(source: SourceInfo, **changes: Any) -> Snapshot:
    """A snapshot with no rows; ``changes`` replace any field. Mostly for tests and readers' starting points."""
    tables: dict[str, Any] = {name: empty_table(name) for name in SCHEMAS if name != "history"}
    fields: dict[str, Any] = {"source": source, "history": History(empty_table("history"))} | tables | changes
    return Snapshot(**fields)


def ledger_table(rows: Iterable[LedgerRow]) -> pa.Table:
    """The ledger as a table: one row for each experiment and item; reasons as words."""
    rows = list(rows)
    return pa.table(
        {
            "experiment_id": pa.array([r.experiment_id for r in rows], pa.string()),
            "experiment": pa.array([r.experiment for r in rows], pa.string()),
            "item": pa.array([r.item for r in rows], pa.string()),
            "n_store": pa.array([r.n_store for r in rows], pa.int64()),
            "n_read": pa.array([r.n_read for r in rows], pa.int64()),
            "n_left_out": pa.array([sum(n for _, n in r.left_out) for r in rows], pa.int64()),
            "left_out": pa.array(["; ".join(f"{n} {why}" for why, n in r.left_out) for r in rows], pa.string()),
        }
    )


def _source_facts(info: SourceInfo) -> dict[str, Any]:
    """For the manifest, which says of a single store what it always said."""
    return {key: value for key, value in asdict(info).items() if key not in ("name", "was_read") or info.name}


def _ledger_row(row: Mapping[str, Any]) -> LedgerRow:
    return LedgerRow(**{**row, "left_out": tuple((why, n) for why, n in row["left_out"])})


def _update(sha: Any, name: str, table: pa.Table) -> None:
    """Hashes a table by value: words as text, so that dictionary codes and chunk borders do not matter."""
    sha.update(f"{name}:{table.num_rows}".encode())
    for field_ in table.schema:
        column = table.column(field_.name)
        if pa.types.is_dictionary(field_.type):
            column = column.cast(field_.type.value_type)
        if pa.types.is_timestamp(field_.type):
            column = column.cast(pa.int64())
        sha.update(f"\x00{field_.name}".encode())
        if pa.types.is_primitive(column.type) and column.null_count == 0:
            sha.update(np.ascontiguousarray(column.to_numpy()).tobytes())
        else:
            sha.update(json.dumps(column.to_pylist(), default=str).encode("utf-8", "surrogatepass"))


__all__ = [
    "ADDED",
    "EVALUATION_MARKS",
    "FORMAT",
    "LINKS",
    "SCHEMAS",
    "SORT_KEYS",
    "History",
    "LedgerRow",
    "Series",
    "Snapshot",
    "SourceInfo",
    "empty_snapshot",
    "empty_table",
    "ledger_table",
    "save_history",
    "sort_history",
    "table_of",
    "text_columns",
]
