"""Metric histories: columnar, sorted, in memory or on disk, one series at a time.

Rows are those of ``SCHEMAS["history"]`` in the order of ``SORT_KEYS["history"]``.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from reportgen.order import points_order, words_rank
from reportgen.snapshot.schemas import SCHEMAS, SORT_KEYS, empty_table

if TYPE_CHECKING:
    import pyarrow.dataset as ds  # loads pandas, which most commands do without

_ROWS_PER_PIECE = 1 << 20


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
        self._last: tuple[tuple[str, int], pa.Table] | None = None

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
                condition = pc.field(column).cast(pa.string()).isin(pa.array(list(wanted), pa.string()))
                where = condition if where is None else where & condition
        if isinstance(self._data, pa.Table):
            return self._data if where is None else self._data.filter(where)
        return sort_history(self._data.to_table(filter=where))

    def tables(self) -> Iterator[pa.Table]:
        """The rows in order, in pieces of whole series: about a million rows each, more where one series has more."""
        if isinstance(self._data, pa.Table):
            yield from _whole_series(self._data.to_batches(max_chunksize=_ROWS_PER_PIECE))
            return
        for fragment in sorted(self._data.get_fragments(), key=lambda f: f.path):
            with pq.ParquetFile(fragment.path, pre_buffer=False) as file:
                yield from _whole_series(file.iter_batches(batch_size=_ROWS_PER_PIECE))

    def of_experiments(self, ids: Collection[str]) -> History:
        """The rows of these experiments alone, not copied; on disk they stay there.

        On disk, the piece that was read last is kept, so that experiments in order of their ids read each piece about once.
        """
        return _PartOfHistory(self, tuple(sorted(set(ids))))

    def batches_of(self, experiment_id: str) -> Iterator[pa.RecordBatch]:
        """The rows of one experiment, in order, in pieces of at most ``_ROWS_PER_PIECE``."""
        if isinstance(self._data, pa.Table):
            yield from rows_of(self._data, "experiment_id", experiment_id).to_batches(max_chunksize=_ROWS_PER_PIECE)
            return
        for place in self._places.get(experiment_id, ()):
            yield from rows_of(self._piece(place), "experiment_id", experiment_id).to_batches()

    def rows_of_experiment(self, experiment_id: str) -> int:
        return sum(batch.num_rows for batch in self.batches_of(experiment_id))

    @cached_property
    def _places(self) -> Mapping[str, Sequence[tuple[str, int]]]:
        """Of a history on disk: experiment → (file, row group) of its rows, in order."""
        assert not isinstance(self._data, pa.Table)
        found: dict[str, list[tuple[str, int]]] = {}
        for fragment in sorted(self._data.get_fragments(), key=lambda f: f.path):
            with pq.ParquetFile(fragment.path, pre_buffer=False) as file:
                for group in range(file.num_row_groups):
                    column = file.read_row_group(group, columns=["experiment_id"]).column(0)
                    for experiment_id in pc.unique(column.cast(pa.string())).to_pylist():
                        found.setdefault(experiment_id, []).append((fragment.path, group))
        return found

    def _piece(self, place: tuple[str, int]) -> pa.Table:
        """One row group of a history on disk."""
        if self._last is None or self._last[0] != place:
            with pq.ParquetFile(place[0], pre_buffer=False) as file:
                self._last = (place, file.read_row_group(place[1]).cast(SCHEMAS["history"]))
        return self._last[1]

    def series(self, metrics: Sequence[str] | None = None, run_ids: Sequence[str] | None = None) -> Iterator[Series]:
        """Every series of ``metrics`` and ``run_ids`` (None = all), in sort order.

        On disk the arrays of one piece are in memory at a time: copy those that are kept.
        """
        wanted = (None if metrics is None else frozenset(metrics), None if run_ids is None else frozenset(run_ids))
        for table in self.tables():
            yield from _series_of(table, *wanted)


class _PartOfHistory(History):
    """The history of some experiments of another one."""

    def __init__(self, whole: History, ids: Sequence[str]) -> None:
        super().__init__(empty_table("history"))
        self._whole = whole
        self._ids = ids

    @property
    def n_points(self) -> int:
        return sum(self._whole.rows_of_experiment(id_) for id_ in self._ids)

    @property
    def on_disk(self) -> bool:
        return self._whole.on_disk

    def table(self, metrics: Sequence[str] | None = None, run_ids: Sequence[str] | None = None) -> pa.Table:
        parts = [History(piece).table(metrics, run_ids) for piece in self.tables()]
        return pa.concat_tables(parts).unify_dictionaries() if parts else empty_table("history")

    def tables(self) -> Iterator[pa.Table]:
        yield from _whole_series(_own_words(batch) for id_ in self._ids for batch in self._whole.batches_of(id_))


def _own_words(batch: pa.RecordBatch) -> pa.RecordBatch:
    """``batch`` with only those words in its dictionaries that it needs: a part must not carry the words of the whole."""
    columns = dict(zip(batch.schema.names, batch.columns, strict=True))
    for name in SORT_KEYS["history"][:3]:
        index = columns[name].indices.to_numpy(zero_copy_only=False)
        used = np.flatnonzero(np.bincount(index, minlength=len(columns[name].dictionary)))
        code = np.zeros(len(columns[name].dictionary), dtype=np.int32)
        code[used] = np.arange(len(used), dtype=np.int32)
        columns[name] = pa.DictionaryArray.from_arrays(pa.array(code[index]), columns[name].dictionary.take(pa.array(used)))
    return pa.RecordBatch.from_arrays(list(columns.values()), schema=batch.schema)


def rows_of(table: pa.Table, column: str, value: str) -> pa.Table:
    """The rows of ``table``, which is sorted by ``column``, that have ``value`` there; not copied."""
    words = table.column(column)

    def word(at: int) -> str:
        return str(words[at].as_py())

    first = bisect_left(range(table.num_rows), value, key=word)
    return table.slice(first, bisect_right(range(table.num_rows), value, lo=first, key=word) - first)


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
