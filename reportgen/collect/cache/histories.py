"""The cache of histories: unchanged runs are read from Parquet files, all others from the store.

Whether a run is unchanged is for its source to say, by marks and a stamp taken before anything is read; a run without a
mark is always read. Only what was read whole is kept: a run of which anything was left out, or that was found wrong in any
way, is read every time, so that the ledger and the problems are the same with and without a cache. Where the files lie, and
what happens when that is damaged, full or forbidden: ``cache.folder``.

Points come out in the order of the runs, whatever mixture of files and store they come from.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from heapq import merge
from itertools import groupby, islice, pairwise
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from reportgen.collect.cache.folder import TODO_DAMAGED, TODO_WRITE, Entry, Folder, Index, Unusable, make_room, note, reason
from reportgen.collect.reading import Reading
from reportgen.collect.selection import OTHER_METRIC
from reportgen.collect.source import Chunk, Mark, Progress, Source
from reportgen.errors import Problem
from reportgen.redaction import public_text
from reportgen.snapshot import SCHEMAS

_FILE_POINTS = 500_000
"""Chunks of a store are put together to about so many points before they are written: smaller files are read slower."""
_N_AHEAD = 2
"""Files that are read while another one is used."""
_PIECE_POINTS = 50_000
"""Smaller pieces are put together before they are handed on."""

_EMPTY = SCHEMAS["history"].empty_table()
_NUMBERS = {"step": pa.int64(), "timestamp": pa.int64(), "value": pa.float64()}


def cached(
    source: Source,
    run_ids: Sequence[str],
    experiment_of: Mapping[str, str],
    last_values: pa.Table,
    wants: Callable[[str], bool],
    progress: Progress,
    reading: Reading,
) -> Iterator[Chunk]:
    """The same points, counts and problems as ``source.history``, in the order of ``run_ids``, and maybe a note.

    What was read is kept also when reading is broken off. Raises what ``source`` raises, and nothing of its own.
    """
    assert reading.cache_folder is not None
    folder = Folder(reading.cache_folder)
    notes: list[Problem] = []
    index = _index(folder, source.info.version, notes)
    stamp = source.stamp()
    marks = _with_last_values(_marks(source, run_ids, index, stamp), last_values)
    hits = {
        run_id: entry
        for run_id in run_ids
        if (entry := index.runs.get(run_id)) is not None and _is_same(entry, marks.get(run_id), experiment_of[run_id])
    }
    writer = _Writer(folder, reading, experiment_of, marks)
    writer.n_bytes = folder.n_bytes({entry.file for entry in hits.values()})
    read = _Read(source, run_ids, hits, folder, wants, progress, writer, reading.points_in_memory)
    stayed = ""
    try:
        yield from _gathered(read.chunks())
        writer.take_empty(run_id for run_id in run_ids if run_id not in hits)
        stayed = stamp if source.stamp() == stamp else ""
    finally:
        read.close()
        read.files.close()
        notes += [*read.files.notes, *writer.finished(run_ids, hits, read.files, index.revision, stayed)]
    yield Chunk(_EMPTY, {}, {}, tuple(dict.fromkeys(notes)))


# --- what is unchanged ---


def _index(folder: Folder, revision: str, notes: list[Problem]) -> Index:
    try:
        return folder.index(revision)
    except Unusable as error:
        notes.append(note("cache-damaged", str(error), TODO_DAMAGED))
        return Index(revision)


def _marks(source: Source, run_ids: Sequence[str], index: Index, stamp: str) -> Mapping[str, Mark]:
    """The marks of these runs now: remembered ones when nothing in the store can have changed since, else asked for."""
    entries = {run_id: index.runs[run_id] for run_id in run_ids if run_id in index.runs} if stamp else {}
    known = {
        run_id: Mark(entry.mark.rpartition(" ")[0], entry.n_points, entry.n_series)
        for run_id, entry in entries.items()
        if entry.stamp == stamp
    }
    rest = [run_id for run_id in run_ids if run_id not in known]
    return known | dict(source.marks(rest)) if rest else known


def _with_last_values(marks: Mapping[str, Mark], last_values: pa.Table) -> dict[str, Mark]:
    """``marks`` that change as well when a run's last values do.

    A database counts its points, since MLflow only ever adds some; another database in the place of the first may hold as
    many points of the same runs, but hardly the same last values.
    """
    table = last_values.sort_by([("run_id", "ascending"), ("metric", "ascending")])
    run_ids, metrics = (table.column(name).to_pylist() for name in ("run_id", "metric"))
    numbers = [table.column(name).cast(type_).to_numpy() for name, type_ in _NUMBERS.items()]
    starts = [at for at, run_id in enumerate(run_ids) if at == 0 or run_id != run_ids[at - 1]]
    digests = {}
    for start, stop in pairwise([*starts, len(run_ids)]):
        digest = sha256("\0".join(metrics[start:stop]).encode())
        for column in numbers:
            digest.update(np.ascontiguousarray(column[start:stop]).tobytes())
        digests[run_ids[start]] = digest.hexdigest()[:16]
    return {run_id: mark._replace(value=f"{mark.value} {digests.get(run_id, '')}") for run_id, mark in marks.items()}


def _is_same(entry: Entry, mark: Mark | None, experiment_id: str) -> bool:
    return (
        mark is not None
        and entry.mark == mark.value
        and entry.experiment_id == experiment_id
        and entry.n_series == mark.n_series
        and mark.n_points in (None, entry.n_points)
    )


# --- the rows of runs in a table ---


class _Rows(NamedTuple):
    """Where a run lies in a table, and how many series it has there."""

    start: int
    stop: int
    n_series: int


def _rows_of_runs(table: pa.Table) -> dict[str, _Rows]:
    """Run id → its rows, in the order of ``table``, which has each run's rows together and each series' within."""
    if table.num_rows == 0:
        return {}
    table = table.unify_dictionaries()
    run, words = _codes(table.column("run_id"))
    metric, _ = _codes(table.column("metric"))
    is_new_run = run[1:] != run[:-1]
    starts = _starts(is_new_run)
    series = _starts(is_new_run | (metric[1:] != metric[:-1]))
    bounds = np.append(starts, table.num_rows)
    n_series = np.diff(np.searchsorted(series, bounds)).tolist()
    ids = [words[code] for code in run[starts].tolist()]
    return {run_id: _Rows(*pair, n) for run_id, pair, n in zip(ids, pairwise(bounds.tolist()), n_series, strict=True)}


def _starts(change: np.ndarray) -> np.ndarray:
    return np.concatenate([[0], np.flatnonzero(change) + 1])


def _codes(column: pa.ChunkedArray) -> tuple[np.ndarray, list[str]]:
    """The codes and words of a dictionary column with at least one row, whose chunks share their words."""
    chunks = column.chunks
    parts = [chunk.indices.to_numpy(zero_copy_only=False) for chunk in chunks]
    return parts[0] if len(parts) == 1 else np.concatenate(parts), chunks[0].dictionary.to_pylist()


def _put_together(tables: Sequence[pa.Table]) -> pa.Table:
    return tables[0] if len(tables) == 1 else pa.concat_tables(tables).unify_dictionaries().combine_chunks()


# --- reading ---


class _Piece(NamedTuple):
    """Rows of the run at position ``at``, or a chunk of counts and problems without rows."""

    at: int
    table: pa.Table
    start: int
    stop: int
    chunk: Chunk


def _gathered(pieces: Iterable[_Piece]) -> Iterator[Chunk]:
    """Chunks with the rows of ``pieces``; neighbours in a table stay together, and small tables are put together."""
    tables: list[pa.Table] = []
    rows: tuple[pa.Table, int, int] = (_EMPTY, 0, 0)
    for piece in pieces:
        if piece.chunk is not _NOTHING:
            yield piece.chunk
        table, start, stop = rows
        if piece.table is table and piece.start == stop:
            rows = (table, start, piece.stop)
            continue
        if piece.table.num_rows:
            tables.append(_part(*rows))
            rows = piece.table, piece.start, piece.stop
            if sum(table.num_rows for table in tables) >= _PIECE_POINTS:
                yield _as_chunk(tables)
                tables = []
    yield _as_chunk([*tables, _part(*rows)])


def _as_chunk(tables: Sequence[pa.Table]) -> Chunk:
    filled = [table for table in tables if table.num_rows]
    return Chunk(_put_together(filled), {}, {}) if filled else _NOTHING


def _part(table: pa.Table, start: int, stop: int) -> pa.Table:
    """Rows ``start`` to ``stop``; a small part is copied, since a slice would keep the whole table in memory."""
    part = table.slice(start, stop - start)
    return part.take(pa.array(np.arange(part.num_rows))) if 2 * part.num_rows < table.num_rows else part


_NOTHING = Chunk(_EMPTY, {}, {})


class _LostFileError(Exception):
    """A file of the cache cannot be used any more."""


class _Read:
    """Histories of files and of the store in the order of the runs."""

    def __init__(
        self,
        source: Source,
        run_ids: Sequence[str],
        hits: dict[str, Entry],
        folder: Folder,
        wants: Callable[[str], bool],
        progress: Progress,
        writer: _Writer,
        points_in_memory: int,
    ) -> None:
        """What turns out not to be in the cache is taken out of ``hits``."""
        self._source = source
        self._run_ids = run_ids
        self._hits = hits
        self._wants = wants
        self._progress = progress
        self._writer = writer
        self._place = {run_id: at for at, run_id in enumerate(run_ids)}
        self._asked: Iterator[Chunk] = iter(())
        self.files = _Files(folder, hits, self._place, wants, points_in_memory, counts_points=source.counts_points)

    def chunks(self) -> Iterator[_Piece]:
        """Pieces in the order of the runs. When a file cannot be used, its runs and the later ones are asked of the store."""
        at = 0
        while True:
            try:
                for piece in merge(self._of_files(at), self._of_store(at), key=attrgetter("at")):
                    yield piece
                    at = piece.at + 1 if piece.stop > piece.start else at
            except _LostFileError as error:
                for run_id in [run_id for run_id, entry in self._hits.items() if entry.file == str(error)]:
                    del self._hits[run_id]
                self.close()
            else:
                return

    def close(self) -> None:
        """Stops asking the store."""
        if isinstance(self._asked, Generator):
            self._asked.close()

    def _of_files(self, first: int) -> Iterator[_Piece]:
        for at in range(first, len(self._run_ids)):
            run_id = self._run_ids[at]
            file = self._hits[run_id].file if run_id in self._hits else ""
            if not file:
                continue
            loaded, is_new = self.files.opened(file, at)
            if is_new:
                self._progress(at, len(self._run_ids), "reading histories")
                yield _Piece(at, _EMPTY, 0, 0, loaded.counts)
            if run_id in loaded.rows:  # unless no metric of it is wanted
                start, stop, _ = loaded.rows[run_id]
                yield _Piece(at, loaded.table, start, stop, _NOTHING)

    def _of_store(self, first: int) -> Iterator[_Piece]:
        run_ids = [run_id for run_id in self._run_ids[first:] if run_id not in self._hits]
        if not run_ids:
            return
        progress = self._progress if len(run_ids) == len(self._run_ids) else lambda *_: None
        self._asked = self._source.history(run_ids, self._wants, progress)
        at = first
        for chunk in self._asked:
            rows = _rows_of_runs(chunk.points)
            self._writer.take(chunk, rows)
            yield _Piece(at, _EMPTY, 0, 0, Chunk(_EMPTY, chunk.stored, chunk.left_out, chunk.problems))
            for run_id, (start, stop, _) in rows.items():
                at = self._place[run_id]
                yield _Piece(at, chunk.points, start, stop, _NOTHING)


@dataclass(frozen=True, slots=True)
class _Loaded:
    """The wanted points of a file, and the counts of the runs that are taken from it."""

    table: pa.Table
    rows: Mapping[str, _Rows]
    counts: Chunk


class _Files:
    """Files of the cache that are in memory: those with runs still to come, up to a number of points.

    Runs are in the order of their ids and files in that of days, so that runs of very many files may alternate. A file that
    had to make room is read once more. While a file is used the next ones are read beside it.
    """

    def __init__(
        self,
        folder: Folder,
        hits: Mapping[str, Entry],
        place: Mapping[str, int],
        wants: Callable[[str], bool],
        most: int,
        *,
        counts_points: bool,
    ) -> None:
        self.notes: list[Problem] = []
        self.used: set[str] = set()
        self.lost: set[str] = set()
        self._folder = folder
        self._wants = wants
        self._most = most
        self._counts_points = counts_points
        self._entries: dict[str, dict[str, Entry]] = defaultdict(dict)
        for run_id, entry in hits.items():
            self._entries[entry.file][run_id] = entry
        self._last = {file: max(place[run_id] for run_id in entries) for file, entries in self._entries.items()}
        self._open: dict[str, _Loaded] = {}
        """The one that was used last comes last."""
        self._next = iter(sorted(self._entries, key=lambda file: min(place[run_id] for run_id in self._entries[file])))
        self._threads = ThreadPoolExecutor(_N_AHEAD)
        self._ahead: dict[str, Future[pa.Table]] = {}
        """Files that are being read."""

    def opened(self, file: str, at: int) -> tuple[_Loaded, bool]:
        """The file for the run at position ``at``, and whether it was read just now. Raises ``_LostFileError``."""
        is_new = file not in self._open
        loaded = self._load(file) if is_new else self._open.pop(file)
        while self._open and loaded.table.num_rows + sum(other.table.num_rows for other in self._open.values()) > self._most:
            del self._open[next(iter(self._open))]
        if at < self._last[file]:
            self._open[file] = loaded
        if is_new:
            self._read_ahead()
        return loaded, is_new

    def close(self) -> None:
        """Reads nothing more ahead."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _read_ahead(self) -> None:
        """Begins to read the next files whose runs are still to come."""
        coming = (file for file in self._next if file and file not in self._open and file not in self.used)
        for file in islice(coming, _N_AHEAD - len(self._ahead)):
            self._ahead[file] = self._threads.submit(self._folder.table, file, SCHEMAS["history"])

    def _load(self, file: str) -> _Loaded:
        entries = self._entries[file]
        try:
            ahead = self._ahead.pop(file, None)
            table = ahead.result() if ahead else self._folder.table(file, SCHEMAS["history"])
            rows = _rows_of_runs(table)
            for run_id, entry in entries.items():
                start, stop, n_series = rows.get(run_id, (0, 0, 0))
                if (stop - start, n_series) != (entry.n_points, entry.n_series):
                    raise Unusable(f"the file {file} does not hold what the index says")
        except (Unusable, FileNotFoundError) as error:
            if isinstance(error, Unusable):
                self.notes.append(note("cache-damaged", str(error), TODO_DAMAGED))
            self.used.discard(file)
            self.lost.add(file)
            raise _LostFileError(file) from error
        self.used.add(file)
        table, other = _wanted(table, self._wants)
        other = {what: {run_id: n for run_id, n in counted.items() if run_id in entries} for what, counted in other.items()}
        stored = {
            item: {run_id: getattr(entry, f"n_{item}") for run_id, entry in entries.items()} for item in ("points", "series")
        }
        if other and not self._counts_points:  # such a store knows of a point only when it was asked for
            n_other = other.pop("points")
            stored["points"] = {run_id: n - n_other.get(run_id, 0) for run_id, n in stored["points"].items()}
        counts = Chunk(_EMPTY, stored, {OTHER_METRIC: other} if other else {})
        return _Loaded(table, _rows_of_runs(table) if other else rows, counts)


def _wanted(points: pa.Table, wants: Callable[[str], bool]) -> tuple[pa.Table, dict[str, dict[str, int]]]:
    """The points of wanted metrics, and the counts (item → run → n) of the others."""
    points = points.unify_dictionaries()
    code, words = _codes(points.column("metric"))
    keep = np.array([wants(word) for word in words], dtype=bool)[code]
    if keep.all():
        return points, {}
    rows = _rows_of_runs(points.filter(pa.array(~keep)))
    other = {
        "points": {run_id: stop - start for run_id, (start, stop, _) in rows.items()},
        "series": {run_id: n_series for run_id, (_, _, n_series) in rows.items()},
    }
    return points.filter(pa.array(keep)), other


# --- keeping ---


class _Writer:
    """Writes the histories that come from the store whole, and the index at the end."""

    def __init__(self, folder: Folder, reading: Reading, experiment_of: Mapping[str, str], marks: Mapping[str, Mark]) -> None:
        self.n_bytes = 0
        """Of the files that this reading uses or has made."""
        self._folder = folder
        self._reading = reading
        self._experiment_of = experiment_of
        self._marks = marks
        self._tables: list[pa.Table] = []
        self._waiting: dict[str, Entry] = {}
        """Of the runs in ``_tables``."""
        self._written: dict[str, Entry] = {}
        self._seen: set[str] = set()
        """Runs that came with points, or were found wrong."""
        self._why_not: Problem | None = None

    def take(self, chunk: Chunk, rows: Mapping[str, _Rows]) -> None:
        """Keep the runs of ``chunk`` that are whole and without problems."""
        doubtful = self._doubtful(chunk, rows)
        fresh = rows.keys() - doubtful - self._seen  # a run that is read a second time is kept already
        self._seen |= rows.keys() | doubtful
        entries = {run_id: entry for run_id in rows if run_id in fresh and (entry := self._entry(run_id, rows[run_id], chunk))}
        if self._why_not is not None:
            return
        for is_kept, group in groupby(rows, key=lambda run_id: run_id in entries):
            if is_kept:
                run_ids = list(group)
                start, stop = rows[run_ids[0]].start, rows[run_ids[-1]].stop
                self._tables.append(chunk.points.slice(start, stop - start))
        self._waiting |= entries
        if sum(table.num_rows for table in self._tables) >= _FILE_POINTS:
            self._write()

    def take_empty(self, run_ids: Iterable[str]) -> None:
        """Note which of ``run_ids`` have no points, after everything was read."""
        for run_id in run_ids:
            mark = self._marks.get(run_id)
            if mark is not None and run_id not in self._seen and mark.n_series == 0 and not mark.n_points:
                self._written[run_id] = Entry("", self._experiment_of[run_id], mark.value, 0, 0)

    def finished(
        self, run_ids: Sequence[str], hits: Mapping[str, Entry], files: _Files, revision: str, stamp: str
    ) -> list[Problem]:
        """Write the rest and the index and remove old files; return what went wrong.

        ``hits`` are unchanged, and ``stamp`` is that of the store if it stayed the same all the time, else "".
        """
        self._write()
        try:
            if self._written or self._folder.path.is_dir():
                self._put_index(run_ids, hits, files, revision, stamp)
        except (OSError, pa.ArrowException, Unusable) as error:
            self._give_up(error)
        return [self._why_not] if self._why_not else []

    def _doubtful(self, chunk: Chunk, rows: Mapping[str, _Rows]) -> set[str]:
        """Runs with something left out, with a problem, or with credentials in the name of a metric: they are not kept."""
        found = {run_id for counts in chunk.left_out.values() for its in counts.values() for run_id, n in its.items() if n}
        for problem in chunk.problems:
            run_id = problem.where.removeprefix("run ").partition(",")[0]
            found |= {run_id} if run_id in self._experiment_of else set(rows)
        return found | _with_secrets(chunk.points)

    def _entry(self, run_id: str, rows: _Rows, chunk: Chunk) -> Entry | None:
        """The index entry of a run; None when its rows do not agree with its mark and the store's counts."""
        mark = self._marks.get(run_id)
        n_points, n_series = (chunk.stored.get(item, {}).get(run_id, 0) for item in ("points", "series"))
        entry = Entry("", self._experiment_of[run_id], mark.value if mark else "", n_points, n_series)
        is_whole = (n_points, n_series) == (rows.stop - rows.start, rows.n_series)
        return entry if is_whole and _is_same(entry, mark, entry.experiment_id) else None

    def _write(self) -> None:
        """Writes what is waiting into a file."""
        tables, entries = self._tables, self._waiting
        self._tables, self._waiting = [], {}
        if not tables or self._why_not is not None:
            return
        most = self._reading.cache_bytes
        if self.n_bytes > most:
            what = f"it may take {most >> 20:,} MB, and the histories of this store alone take more: the rest is not kept"
            self._why_not = note("cache-full", what, "raise `limits.cache_megabytes` in the config")
            return
        try:
            self._folder.prepared()
            name = self._folder.put_table("history", lambda path: _save(tables, path))
        except (OSError, pa.ArrowException, Unusable) as error:
            self._give_up(error)
            return
        self.n_bytes += self._folder.n_bytes([name])
        self._written |= {run_id: entry._replace(file=name) for run_id, entry in entries.items()}

    def _give_up(self, error: Exception) -> None:
        what = f"histories cannot be kept for the next time: {reason(error)}"
        self._why_not = self._why_not or note("cache-not-written", what, TODO_WRITE)

    def _put_index(self, run_ids: Sequence[str], hits: Mapping[str, Entry], files: _Files, revision: str, stamp: str) -> None:
        assert self._reading.cache is not None
        self._folder.prepared()
        now = self._folder.now()
        damage: list[Problem] = []
        base = _index(self._folder, revision, damage)  # again: another process may have replaced it
        asked = frozenset(run_ids)
        runs = {r: entry for r, entry in base.runs.items() if r not in asked and entry.file not in files.lost}
        runs |= {r: entry._replace(stamp=stamp or entry.stamp) for r, entry in ({**hits, **self._written}).items()}
        runs = self._folder.with_files(runs)
        if runs != base.runs or damage:
            self._folder.put_index(Index(revision, runs))
        in_use = {entry.file for entry in runs.values()}
        self._folder.remove({entry.file for entry in base.runs.values()} - in_use)
        self._folder.touch(files.used)
        own = files.used | {entry.file for entry in self._written.values()}
        make_room(self._reading.cache, self._reading.cache_bytes, now, (self._folder.path / name for name in own))


def _save(tables: Sequence[pa.Table], path: Path) -> None:
    """Writes tables as one row group of LZ4: a third of the time of ``save_history``, in a tenth more space."""
    whole = pa.concat_tables(tables).unify_dictionaries()
    if any(
        public_text(word) != word for word in _codes(whole.column("metric"))[1]
    ):  # words of runs that are not kept may hold credentials
        spelled = whole.column("metric").cast(pa.string()).dictionary_encode()
        whole = whole.set_column(whole.schema.get_field_index("metric"), whole.schema.field("metric"), spelled)
    words = [field.name for field in whole.schema if pa.types.is_dictionary(field.type)]
    deltas = dict.fromkeys(("step", "timestamp"), "DELTA_BINARY_PACKED")
    pq.write_table(
        whole,
        path,
        row_group_size=max(1, whole.num_rows),
        compression="lz4",
        use_dictionary=words,
        column_encoding=deltas,
        write_statistics=False,
    )


def _with_secrets(points: pa.Table) -> set[str]:
    """Runs with a metric whose name holds credentials: nothing of the kind is written down."""
    if points.num_rows == 0:
        return set()
    words = pc.unique(points.column("metric")).dictionary
    secret = [word for word in words.to_pylist() if public_text(word) != word]
    if not secret:
        return set()
    rows = points.filter(pc.is_in(points.column("metric").cast(pa.string()), pa.array(secret, pa.string())))
    return set(pc.unique(rows.column("run_id")).to_pylist())
