"""What was in MLflow, and nothing else: typed tables, metric histories and a ledger.

``collect`` makes a ``Snapshot``, ``analyze`` reads it, a bundle carries it. Saved as a folder of Parquet files with a
``manifest.json`` it rebuilds the same report with MLflow gone. Tables are Arrow, in the column order of ``SCHEMAS``
and sorted by their first columns, so the same store content gives the same bytes whatever reader brought it.

Conventions: times are ``timestamp[ms, UTC]`` (any int64 may occur: use ``formats.moment``); NaN is a value and null is
"not there"; ±inf is decoded from whatever the store wrote; text is exactly what the store holds.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from reportgen.errors import Problem, SourceError
from reportgen.order import points_order, sorted_by, words_rank

FORMAT = "reportgen-snapshot/1"

_TIME = pa.timestamp("ms", tz="UTC")
_WORD = pa.dictionary(pa.int32(), pa.string())
_PAIRS = pa.map_(pa.string(), pa.string())

SCHEMAS: Mapping[str, pa.Schema] = {
    "experiments": pa.schema(
        [
            ("experiment_id", pa.string()),
            ("name", pa.string()),
            ("lifecycle", pa.string()),  # "active" | "deleted"
            ("created_at", _TIME),
            ("updated_at", _TIME),
            ("artifact_location", pa.string()),
            ("tags", _PAIRS),
            ("source", pa.string()),  # public URI of the store it came from
        ]
    ),
    "runs": pa.schema(
        [
            ("experiment_id", pa.string()),
            ("run_id", pa.string()),
            ("name", pa.string()),  # "" when the run has none
            ("status", pa.string()),  # RUNNING SCHEDULED FINISHED FAILED KILLED, or whatever the store says
            ("lifecycle", pa.string()),  # "active" | "deleted"
            ("start_time", _TIME),
            ("end_time", _TIME),
            ("parent_run_id", pa.string()),  # from mlflow.parentRunId; the parent may be missing from the snapshot
            ("user", pa.string()),
            ("source_name", pa.string()),
            ("artifact_uri", pa.string()),
        ]
    ),
    "params": pa.schema([("experiment_id", pa.string()), ("run_id", pa.string()), ("key", pa.string()), ("value", pa.string())]),
    "tags": pa.schema([("experiment_id", pa.string()), ("run_id", pa.string()), ("key", pa.string()), ("value", pa.string())]),
    "metrics": pa.schema(  # last values: greatest (step, timestamp, value)
        [
            ("experiment_id", pa.string()),
            ("run_id", pa.string()),
            ("metric", pa.string()),
            ("value", pa.float64()),
            ("step", pa.int64()),
            ("timestamp", _TIME),
        ]
    ),
    "history": pa.schema(
        [
            ("experiment_id", _WORD),
            ("run_id", _WORD),
            ("metric", _WORD),
            ("step", pa.int64()),
            ("timestamp", _TIME),
            ("value", pa.float64()),
        ]
    ),
    "datasets": pa.schema(
        [
            ("experiment_id", pa.string()),
            ("run_id", pa.string()),
            ("name", pa.string()),
            ("digest", pa.string()),
            ("context", pa.string()),  # mlflow.data.context: "training", "eval", "" …
            ("source_type", pa.string()),
            ("source", pa.string()),
            ("schema", pa.string()),
            ("profile", pa.string()),
        ]
    ),
    "models": pa.schema(
        [
            ("kind", pa.string()),  # "registered" (a name), "version" (of it), "logged" (MLflow 3)
            ("name", pa.string()),
            ("version", pa.string()),  # model id for "logged"
            ("experiment_id", pa.string()),
            ("run_id", pa.string()),
            ("stage", pa.string()),
            ("status", pa.string()),
            ("aliases", pa.list_(pa.string())),
            ("tags", _PAIRS),
            ("description", pa.string()),
            ("created_at", _TIME),
            ("updated_at", _TIME),
        ]
    ),
    "artifacts": pa.schema(
        [
            ("experiment_id", pa.string()),
            ("run_id", pa.string()),
            ("path", pa.string()),
            ("is_dir", pa.bool_()),
            ("n_bytes", pa.int64()),
        ]
    ),
    "traces": pa.schema(  # of LLM applications; what was asked and answered is never read
        [
            ("experiment_id", pa.string()),
            ("trace_id", pa.string()),
            ("run_id", pa.string()),  # "" when it was logged outside of a run
            ("name", pa.string()),
            ("status", pa.string()),  # OK ERROR IN_PROGRESS STATE_UNSPECIFIED, or whatever the store says
            ("start_time", _TIME),
            ("duration_ms", pa.int64()),  # null while it is in progress
            ("input_tokens", pa.int64()),
            ("output_tokens", pa.int64()),
            ("total_tokens", pa.int64()),
            ("cost", pa.float64()),  # in US dollars, as MLflow computed it when it was logged
            ("model", pa.string()),  # language models that it called, where the store keeps them apart from the texts
            ("model_id", pa.string()),  # logged model (MLflow 3)
            ("session", pa.string()),
            ("scorer", pa.string()),  # the judge that made it while it scored another trace; "" for the application's own
        ]
    ),
    "model_metrics": pa.schema(  # metrics of logged models (MLflow 3), which the runs' metrics cannot tell apart
        [
            ("experiment_id", pa.string()),
            ("model_id", pa.string()),
            ("run_id", pa.string()),
            ("metric", pa.string()),
            ("dataset", pa.string()),
            ("dataset_digest", pa.string()),
            ("step", pa.int64()),
            ("timestamp", _TIME),
            ("value", pa.float64()),
        ]
    ),
    "earlier": pa.schema(  # runs from before the window, to compare with: their last values, no histories
        [
            ("experiment_id", pa.string()),
            ("run_id", pa.string()),
            ("name", pa.string()),
            ("status", pa.string()),
            ("start_time", _TIME),
            ("end_time", _TIME),
            ("parent_run_id", pa.string()),
            ("params", _PAIRS),
            ("tags", _PAIRS),
            ("metrics", pa.map_(pa.string(), pa.float64())),
            ("datasets", pa.list_(pa.string())),  # "name (digest)"
        ]
    ),
    "contents": pa.schema(  # artifacts that the config asked for
        [
            ("experiment_id", pa.string()),
            ("run_id", pa.string()),
            ("path", pa.string()),
            ("kind", pa.string()),  # "image" (content is PNG), "table" (JSON of columns and rows), "text" (UTF-8)
            ("media_type", pa.string()),  # of what was found
            ("sha256", pa.string()),  # of what was found
            ("n_bytes", pa.int64()),  # of what was found
            ("content", pa.binary()),  # decoded and written anew, never the bytes that were found
        ]
    ),
}
"""Column order and types of every table; also the order that rows are sorted in, by the leading columns."""

_ROWS_PER_PIECE = 1 << 20

SORT_KEYS: Mapping[str, tuple[str, ...]] = {
    "experiments": ("experiment_id",),
    "runs": ("experiment_id", "run_id"),
    "params": ("experiment_id", "run_id", "key"),
    "tags": ("experiment_id", "run_id", "key"),
    "metrics": ("experiment_id", "run_id", "metric"),
    "history": ("experiment_id", "run_id", "metric", "step", "timestamp", "value"),
    "datasets": ("experiment_id", "run_id", "name", "digest", "context"),
    "models": ("kind", "name", "version"),
    "artifacts": ("experiment_id", "run_id", "path"),
    "traces": ("experiment_id", "trace_id"),
    "model_metrics": ("experiment_id", "model_id", "metric", "dataset", "dataset_digest", "step", "timestamp", "run_id", "value"),
    "earlier": ("experiment_id", "run_id"),
    "contents": ("experiment_id", "run_id", "path"),
}

ADDED = frozenset({"traces", "model_metrics", "earlier", "contents"})
"""Tables that older snapshots do not have. Empty ones are no part of the digest, so that theirs stays the same."""

SourceKind = Literal["sqlite", "postgresql", "mysql", "mssql", "rest", "files", "databricks"]


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
    """``runs``, ``points``, ``series``, ``params``, ``tags``, ``datasets``, ``models``, ``model_metrics``, ``traces``."""
    n_store: int
    n_read: int
    left_out: tuple[tuple[str, int], ...] = ()
    """(why, how many): "deleted", "outside the window", "not selected by the filter", "unreadable"."""

    @property
    def unexplained(self) -> int:
        """Items that are neither read nor left out for a reason; 0 when the books balance."""
        return self.n_store - self.n_read - sum(n for _, n in self.left_out)


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """One metric of one run, sorted by (step, timestamp, value); arrays of one length, read-only."""

    experiment_id: str
    run_id: str
    metric: str
    step: np.ndarray  # int64
    timestamp: np.ndarray  # int64, milliseconds since the epoch
    value: np.ndarray  # float64; NaN and ±inf as logged

    def __len__(self) -> int:
        return len(self.value)


class History:
    """Every metric point, columnar: an Arrow table in memory or a Parquet dataset on disk, behind one face.

    Rows are sorted by ``SORT_KEYS["history"]``. Duplicate steps are kept. A dataset on disk is a folder of Parquet
    files whose names sort as their rows do, each series whole inside one file. ``tables`` and ``series`` go through
    either in pieces, so that memory holds a piece and not the history.
    """

    def __init__(self, data: pa.Table | ds.Dataset) -> None:
        self._data = data

    @property
    def n_points(self) -> int:
        return int(self._data.num_rows if isinstance(self._data, pa.Table) else self._data.count_rows())

    @property
    def on_disk(self) -> bool:
        return not isinstance(self._data, pa.Table)

    def table(self, metrics: Sequence[str] | None = None, run_ids: Sequence[str] | None = None) -> pa.Table:
        """All rows of ``metrics`` and ``run_ids`` (None = all), sorted, in memory."""
        where = None
        for column, wanted in (("metric", metrics), ("run_id", run_ids)):
            if wanted is not None:
                one = pc.field(column).cast(pa.string()).isin(pa.array(list(wanted), pa.string()))
                where = one if where is None else where & one
        if isinstance(self._data, pa.Table):
            return self._data if where is None else self._data.filter(where)
        return sort_history(self._data.to_table(filter=where))

    def tables(self) -> Iterator[pa.Table]:
        """The rows in order, in pieces of whole series: about a million rows each, more where one series has more."""
        if isinstance(self._data, pa.Table):
            yield from _whole_series(self._data.to_batches(max_chunksize=_ROWS_PER_PIECE))
            return
        for fragment in sorted(self._data.get_fragments(), key=lambda f: f.path):
            with pq.ParquetFile(fragment.path) as file:
                yield from _whole_series(file.iter_batches(batch_size=_ROWS_PER_PIECE))

    def series(self, metrics: Sequence[str] | None = None, run_ids: Sequence[str] | None = None) -> Iterator[Series]:
        """Every series of ``metrics`` and ``run_ids`` (None = all), in sort order.

        On disk the arrays of one piece are in memory at a time: copy those that are kept.
        """
        wanted = (None if metrics is None else frozenset(metrics), None if run_ids is None else frozenset(run_ids))
        for table in self.tables():
            yield from _series_of(table, *wanted)


def _whole_series(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    """``batches``, cut where a series ends: what is left of the last one goes before the next."""
    rest: list[pa.RecordBatch] = []
    last: tuple[str, ...] | None = None
    for batch in batches:
        if not batch.num_rows:
            continue
        codes, words = _batch_codes(batch)
        first = tuple(word[code[0]] for code, word in zip(codes, words, strict=True))
        start = _last_start(codes)
        if rest and first != last:
            yield pa.Table.from_batches(rest)
            rest = []
        if start:
            yield pa.Table.from_batches([*rest, batch.slice(0, start)])
            rest = []
        rest.append(batch.slice(start))
        last = tuple(word[code[-1]] for code, word in zip(codes, words, strict=True))
    if rest:
        yield pa.Table.from_batches(rest)


def _batch_codes(batch: pa.RecordBatch) -> tuple[list[np.ndarray], list[list[str]]]:
    columns = [batch.column(batch.schema.get_field_index(name)) for name in SORT_KEYS["history"][:3]]
    return [c.indices.to_numpy(zero_copy_only=False) for c in columns], [c.dictionary.to_pylist() for c in columns]


def _last_start(codes: Sequence[np.ndarray]) -> int:
    """Where the last series of a batch begins."""
    differs = np.zeros(len(codes[0]), dtype=bool)
    for code in codes:
        differs |= code != code[-1]
    found = np.flatnonzero(differs)
    return int(found[-1]) + 1 if len(found) else 0


def _series_of(table: pa.Table, metrics: frozenset[str] | None, run_ids: frozenset[str] | None) -> Iterator[Series]:
    """Cuts a sorted history table where (experiment, run, metric) changes."""
    if table.num_rows == 0:
        return
    table = table.unify_dictionaries().combine_chunks()
    codes = {name: _codes(table.column(name)) for name in ("experiment_id", "run_id", "metric")}
    change = np.zeros(table.num_rows, dtype=bool)
    change[0] = True
    for index, _ in codes.values():
        change[1:] |= index[1:] != index[:-1]
    starts = np.flatnonzero(change)
    ends = np.append(starts[1:], table.num_rows)
    for name, wanted in (("metric", metrics), ("run_id", run_ids)):
        if wanted is not None:
            index, words = codes[name]
            kept = np.array([word in wanted for word in words], dtype=bool)[index[starts]]
            starts, ends = starts[kept], ends[kept]
    step = table.column("step").to_numpy()
    timestamp = table.column("timestamp").cast(pa.int64()).to_numpy()
    value = table.column("value").to_numpy()
    for array in (step, timestamp, value):
        array.flags.writeable = False
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        experiment_id, run_id, metric = (words[index[start]] for index, words in codes.values())
        yield Series(experiment_id, run_id, metric, step[start:end], timestamp[start:end], value[start:end])


def _codes(column: pa.ChunkedArray) -> tuple[np.ndarray, list[str]]:
    words = column.combine_chunks()
    if isinstance(words, pa.ChunkedArray):  # an empty or multi-chunk column on older Arrow
        words = words.chunk(0)
    return words.indices.to_numpy(zero_copy_only=False), words.dictionary.to_pylist()


def sort_history(table: pa.Table) -> pa.Table:
    """``table`` by (experiment, run, metric, step, timestamp, value); NaN sorts last within a (step, timestamp)."""
    if table.num_rows == 0:
        return table
    table = table.unify_dictionaries().combine_chunks()
    if any(column.null_count for column in table.columns):
        return _sorted_with_nulls(table)
    code = np.zeros(table.num_rows, dtype=np.int64)
    for name in SORT_KEYS["history"][:3]:
        column = table.column(name)
        rank = words_rank(column.chunk(0).dictionary)
        code = code * len(rank) + rank[_codes(column)[0]]
    numbers = (table.column("step"), table.column("timestamp").cast(pa.int64()), table.column("value"))
    order = points_order(code, *(column.to_numpy() for column in numbers))
    return table if order is None else table.take(pa.array(order))


def _sorted_with_nulls(table: pa.Table) -> pa.Table:
    """``sort_history`` by Arrow: what is null comes last. Words are never null."""
    plain = table
    for name in SORT_KEYS["history"][:3]:  # ranks of the words, since Arrow cannot sort by dictionary values
        column = table.column(name)
        rank = words_rank(column.chunk(0).dictionary)[_codes(column)[0]]
        plain = plain.set_column(plain.schema.get_field_index(name), name, pa.array(rank))
    return table.take(pc.sort_indices(plain, sort_keys=[(name, "ascending") for name in SORT_KEYS["history"]]))


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


def empty_table(name: str) -> pa.Table:
    return SCHEMAS[name].empty_table()


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
    model_metrics: pa.Table = field(default_factory=lambda: empty_table("model_metrics"))
    earlier: pa.Table = field(default_factory=lambda: empty_table("earlier"))
    contents: pa.Table = field(default_factory=lambda: empty_table("contents"))
    ledger: tuple[LedgerRow, ...] = ()
    problems: tuple[Problem, ...] = ()
    selection: tuple[tuple[str, str], ...] = ()
    """(what, value) as the reader was asked: experiments, filter, window."""
    sources: tuple[SourceInfo, ...] = ()
    """Every store by its name, in the config's order, when there are several; else nothing."""
    read_seconds: float = 0.0
    """How long reading took; not part of the digest and not saved in a bundle."""

    def tables(self) -> Iterator[tuple[str, pa.Table]]:
        """Every table but the history, by name, in the order of ``SCHEMAS``."""
        for name in SCHEMAS:
            if name != "history":
                yield name, getattr(self, name)

    def digest(self) -> str:
        """SHA-256 over content: equal for equal data, whatever reader, chunking or time brought it."""
        sha = hashlib.sha256(FORMAT.encode())
        for name, table in self.tables():
            if table.num_rows or name not in ADDED:
                _update(sha, name, table)
        # Series are summed, not chained: the order in which a history on disk hands them out does not matter.
        total = 0
        for series in self.history.series():
            one = hashlib.sha256(json.dumps([series.experiment_id, series.run_id, series.metric]).encode())
            for array in (series.step, series.timestamp, series.value):
                one.update(np.ascontiguousarray(array).tobytes())
            total += int.from_bytes(one.digest(), "big")
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
            older = {name for name in ADDED if name not in manifest["rows"]}
            tables = {
                name: empty_table(name) if name in older else pq.read_table(folder / f"{name}.parquet", schema=SCHEMAS[name])
                for name in SCHEMAS
                if name != "history"
            }
            at = folder / "history" if (folder / "history").is_dir() else folder / "history.parquet"
            history = History(ds.dataset(at, schema=SCHEMAS["history"], format="parquet"))
            counted = {name: table.num_rows for name, table in tables.items()} | {"history": history.n_points}
        except (OSError, ValueError, KeyError, pa.ArrowException) as error:
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


def save_history(tables: Iterable[pa.Table], file: Path) -> None:
    """Writes sorted pieces of a history that follow each other into one Parquet file.

    Equal rows give equal bytes, however they are cut into pieces. Floats split by byte and integers by delta compress
    to about 7 bytes a point (``docs/performance.md``).
    """
    encoding = {"step": "DELTA_BINARY_PACKED", "timestamp": "DELTA_BINARY_PACKED", "value": "BYTE_STREAM_SPLIT"}
    with pq.ParquetWriter(
        file,
        SCHEMAS["history"],
        compression="zstd",
        compression_level=1,
        use_dictionary=["experiment_id", "run_id", "metric"],
        column_encoding=encoding,
    ) as writer:
        for group in _row_groups(tables):
            writer.write_table(group, row_group_size=_ROWS_PER_PIECE)


def _row_groups(tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """The same rows in tables of ``_ROWS_PER_PIECE``, the last one shorter, each with its own sorted words."""
    waiting: list[pa.Table] = []
    n_rows = 0
    for table in tables:
        at = 0
        while n_rows + table.num_rows - at >= _ROWS_PER_PIECE:
            n = _ROWS_PER_PIECE - n_rows
            yield _canonical(pa.concat_tables([*waiting, table.slice(at, n)]))
            waiting, n_rows, at = [], 0, at + n
        if at < table.num_rows:
            waiting.append(table.slice(at))
            n_rows += table.num_rows - at
    if n_rows:
        yield _canonical(pa.concat_tables(waiting))


def _canonical(table: pa.Table) -> pa.Table:
    """``table`` with the words that occur in it, sorted, and no others."""
    table = table.unify_dictionaries().combine_chunks()
    for name in ("experiment_id", "run_id", "metric"):
        index, words = _codes(table.column(name))
        used = np.flatnonzero(np.bincount(index, minlength=len(words)))
        ordered = used[np.argsort(np.array([words[code] for code in used], dtype=object))]
        rank = np.zeros(len(words), dtype=np.int32)
        rank[ordered] = np.arange(len(ordered), dtype=np.int32)
        column = pa.DictionaryArray.from_arrays(pa.array(rank[index]), pa.array([words[code] for code in ordered], pa.string()))
        table = table.set_column(table.schema.get_field_index(name), table.schema.field(name), column)
    return table


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
    "FORMAT",
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
]
