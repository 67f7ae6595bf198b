"""Histories that were read once are not asked for again: those of unchanged runs come from Parquet, the others from the store.

Whether a run is unchanged is for its source to say, by marks and a stamp taken before anything is read; a run without a
mark is always read. Only what was read whole is kept: a run of which anything was left out, or that was found wrong in any
way, is read every time, so that the books and the problems are the same with and without a cache. Where the histories lie,
and what happens when that is damaged, full or forbidden, is told in ``cache.folder``.

Points come out in the order of the runs, whatever mixture of files and store they come from.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict, deque
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import groupby, pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from reportgen.collect.cache.folder import (
    SECONDS_PER_DAY,
    TODO_DAMAGED,
    TODO_WRITE,
    Entry,
    Folder,
    Index,
    Unusable,
    make_room,
    note,
    reason,
)
from reportgen.collect.pool import in_order
from reportgen.collect.reading import Reading
from reportgen.collect.selection import OTHER_METRIC
from reportgen.collect.source import Chunk, Counts, Mark, Progress, Source
from reportgen.errors import Problem
from reportgen.redaction import public_text
from reportgen.snapshot import SCHEMAS

_FILE_POINTS = 500_000
"""Points of a file: enough for Parquet to be fast, few enough to rewrite one when its runs change."""
_SMALL_POINTS = _FILE_POINTS // 2
_MOST_SMALL = 16
"""Files smaller than ``_SMALL_POINTS``; when there are more, they are put together."""
_MOST_REWRITTEN = 64
"""Files that one reading writes anew, so that memory stays bounded."""
_PIECE_POINTS = 50_000
"""Smaller pieces are put together before they are handed on."""
_KEPT_DAYS = 30
"""How long a run is kept that no reading asked for: it may be deleted, or belong to a report that is made seldom."""
_N_THREADS = 2

_EMPTY = SCHEMAS["history"].empty_table()
_NUMBERS = {"step": pa.int64(), "timestamp": pa.int64(), "value": pa.float64()}
_NO_FILE = ""
"""Where runs without points stand in the index."""


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
    hits = _hits(index, run_ids, experiment_of, marks)
    keeper = _Keeper(folder, reading, experiment_of, marks, hits)
    merge = _Merge(source, run_ids, hits, folder, wants, progress, keeper, reading.points_in_memory)
    confirmed = ""
    try:
        yield from _gathered(merge.chunks())
        keeper.take_empty(run_ids, hits)
        confirmed = stamp if source.stamp() == stamp else ""
    finally:
        merge.close()
        notes += [*merge.notes, *keeper.finished(run_ids, index.revision, confirmed, merge)]
    yield Chunk(_EMPTY, {}, {}, tuple(dict.fromkeys(notes)))


def _index(folder: Folder, revision: str, notes: list[Problem]) -> Index:
    try:
        return folder.index(revision)
    except Unusable as error:
        notes.append(note("cache-damaged", str(error), TODO_DAMAGED))
        return Index(revision)


def _marks(source: Source, run_ids: Sequence[str], index: Index, stamp: str) -> Mapping[str, Mark]:
    """The marks of these runs now: remembered ones when nothing in the store can have changed since, else asked for."""
    if not stamp or stamp != index.stamp:
        return source.marks(run_ids)
    places = index.places()
    confirmed = {run_id: places[run_id][1] for run_id in run_ids if run_id in places and places[run_id][1].is_confirmed}
    known = {run_id: Mark(entry.mark.rpartition(" ")[0], entry.n_points, entry.n_series) for run_id, entry in confirmed.items()}
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
    told = {}
    for start, stop in pairwise([*starts, len(run_ids)]):
        digest = sha256("\0".join(metrics[start:stop]).encode())
        for column in numbers:
            digest.update(np.ascontiguousarray(column[start:stop]).tobytes())
        told[run_ids[start]] = digest.hexdigest()[:16]
    return {run_id: mark._replace(value=f"{mark.value} {told.get(run_id, '')}") for run_id, mark in marks.items()}


def _hits(
    index: Index, run_ids: Sequence[str], experiment_of: Mapping[str, str], marks: Mapping[str, Mark]
) -> dict[str, tuple[str, Entry]]:
    """Run id → (file, entry) of the runs whose history is the one in the cache."""
    places = index.places()
    return {
        run_id: places[run_id]
        for run_id in run_ids
        if run_id in places and run_id in marks and _is_same(places[run_id][1], marks[run_id], experiment_of[run_id])
    }


def _is_same(entry: Entry, mark: Mark, experiment_id: str) -> bool:
    return (
        entry.mark == mark.value
        and entry.experiment_id == experiment_id
        and entry.n_series == mark.n_series
        and mark.n_points in (None, entry.n_points)
    )


# --- what a table holds ---


class _Span(NamedTuple):
    """Where a run lies in a table, and how many series it has there."""

    start: int
    stop: int
    n_series: int


def _spans(table: pa.Table) -> dict[str, _Span]:
    """Run id → its rows, in the order of ``table``, which has each run's rows together and each series' within."""
    if table.num_rows == 0:
        return {}
    table = table.unify_dictionaries()
    run, words = _codes(table.column("run_id"))
    metric, _ = _codes(table.column("metric"))
    is_new_run = run[1:] != run[:-1]
    starts = _begins(is_new_run)
    series = _begins(is_new_run | (metric[1:] != metric[:-1]))
    bounds = np.append(starts, table.num_rows)
    n_series = np.diff(np.searchsorted(series, bounds)).tolist()
    ids = [words[code] for code in run[starts].tolist()]
    return {run_id: _Span(*pair, n) for run_id, pair, n in zip(ids, pairwise(bounds.tolist()), n_series, strict=True)}


def _begins(change: np.ndarray) -> np.ndarray:
    return np.concatenate([[0], np.flatnonzero(change) + 1])


def _codes(column: pa.ChunkedArray) -> tuple[np.ndarray, list[str]]:
    """The codes and words of a dictionary column with at least one row, whose chunks share their words."""
    chunks = column.chunks
    parts = [chunk.indices.to_numpy(zero_copy_only=False) for chunk in chunks]
    return parts[0] if len(parts) == 1 else np.concatenate(parts), chunks[0].dictionary.to_pylist()


def _put_together(tables: Sequence[pa.Table]) -> pa.Table:
    return tables[0] if len(tables) == 1 else pa.concat_tables(tables).unify_dictionaries().combine_chunks()


def _gathered(chunks: Iterable[Chunk]) -> Iterator[Chunk]:
    """The same with small tables put together."""
    waiting: list[pa.Table] = []
    n_rows = 0
    for chunk in chunks:
        if chunk.stored or chunk.left_out or chunk.problems:
            yield Chunk(_EMPTY, chunk.stored, chunk.left_out, chunk.problems)
        if chunk.points.num_rows == 0:
            continue
        waiting.append(chunk.points)
        n_rows += chunk.points.num_rows
        if n_rows >= _PIECE_POINTS:
            yield Chunk(_put_together(waiting), {}, {})
            waiting, n_rows = [], 0
    if waiting:
        yield Chunk(_put_together(waiting), {}, {})


# --- reading ---


@dataclass(frozen=True, slots=True)
class _Segment:
    """Runs that follow each other and lie in one file."""

    at: int
    """Position of the first."""
    file: str
    run_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Loaded:
    """A file of the cache."""

    table: pa.Table
    spans: Mapping[str, _Span]


class _Merge:
    """Histories of the cache and of the store in the order of the runs."""

    def __init__(
        self,
        source: Source,
        run_ids: Sequence[str],
        hits: Mapping[str, tuple[str, Entry]],
        folder: Folder,
        wants: Callable[[str], bool],
        progress: Progress,
        keeper: _Keeper,
        points_in_memory: int,
    ) -> None:
        self.notes: list[Problem] = []
        self.used: set[str] = set()
        """Files that were read."""
        self.lost: set[str] = set()
        """Files that could not be."""
        self._source = source
        self._run_ids = run_ids
        self._hits = dict(hits)
        self._folder = folder
        self._wants = wants
        self._progress = progress
        self._most = points_in_memory
        self._n_hits_done = 0
        self._position = {run_id: at for at, run_id in enumerate(run_ids)}
        self._segments = _segments(run_ids, hits)
        in_files = [self._position[run_id] for run_id, (file, _) in hits.items() if file]
        self._misses = _Misses(source, wants, keeper, self._position, np.array(sorted(in_files), np.int64))

    def chunks(self) -> Iterator[Chunk]:
        entries: dict[str, dict[str, Entry]] = defaultdict(dict)
        for run_id, (file, entry) in self._hits.items():
            entries[file][run_id] = entry
        files = _OpenFiles(lambda file: _loaded(self._folder, file, entries[file]), self._segments, self._most)
        self._ask(0)
        for segment in self._segments:
            yield from self._misses.up_to(segment.at)
            if segment.file in self.lost:
                continue
            loaded = files.next_use(segment.file)
            if not isinstance(loaded, _Loaded):
                self._lose(segment, loaded)
                continue
            self.used.add(segment.file)
            yield self._cut(loaded, segment.run_ids)
            self._n_hits_done += len(segment.run_ids)
            self._progress(self._n_hits_done + self._misses.n_come, len(self._run_ids), "reading histories")
        yield from self._misses.rest()

    def close(self) -> None:
        self._misses.close()

    def _ask(self, at: int) -> None:
        """Asks the store for every run from the position ``at`` on that is not in the cache."""
        asked = [run_id for run_id in self._run_ids[at:] if run_id not in self._hits]
        self._misses.ask(asked, self._scaled(len(asked)))

    def _scaled(self, n_asked: int) -> Progress:
        """Progress of the store, which counts what it likes, as progress in runs when it is not all there is."""
        if n_asked == len(self._run_ids):
            return self._progress

        def show(done: int, total: int, what: str) -> None:
            share = min(done, total) / total if total else 0.0
            self._misses.n_come = int(n_asked * share)
            self._progress(min(self._n_hits_done + self._misses.n_come, len(self._run_ids)), len(self._run_ids), what)

        return show

    def _lose(self, segment: _Segment, why: Exception) -> None:
        """Takes a file that cannot be used for not there: its runs are read from the store, in their place."""
        if not isinstance(why, FileNotFoundError):
            self.notes.append(note("cache-damaged", str(why), TODO_DAMAGED))
        self.lost.add(segment.file)
        self.used.discard(segment.file)
        self._hits = {run_id: hit for run_id, hit in self._hits.items() if hit[0] != segment.file}
        self._ask(segment.at)

    def _cut(self, loaded: _Loaded, run_ids: Sequence[str]) -> Chunk:
        """The histories of ``run_ids``, with what the store holds of them."""
        rows: list[tuple[int, int]] = []
        for run_id in run_ids:
            span = loaded.spans[run_id]
            if rows and rows[-1][1] == span.start:
                rows[-1] = (rows[-1][0], span.stop)
            else:
                rows.append((span.start, span.stop))
        table = _put_together([loaded.table.slice(start, stop - start) for start, stop in rows])
        if len(rows) == 1 and 2 * table.num_rows < loaded.table.num_rows:  # a slice would keep the whole file in memory
            table = table.take(pa.array(np.arange(table.num_rows)))
        n_points = {run_id: loaded.spans[run_id].stop - loaded.spans[run_id].start for run_id in run_ids}
        n_series = {run_id: loaded.spans[run_id].n_series for run_id in run_ids}
        table, other = _wanted(table, self._wants)
        if other and not self._source.counts_points:  # such a store knows of a point only when it was asked for
            n_points = {run_id: n - other["points"].get(run_id, 0) for run_id, n in n_points.items()}
            other = {"series": other["series"]}
        return Chunk(table, {"points": n_points, "series": n_series}, {OTHER_METRIC: other} if other else {})


class _OpenFiles:
    """Files of the cache in memory: one, and more as long as they hold at most so many points together.

    Runs are in the order of their ids and files in that of days, so that runs of very many files may take turns. What is
    not in memory any more is read once more.
    """

    def __init__(self, load: Callable[[str], _Loaded | Exception], segments: Sequence[_Segment], most: int) -> None:
        self._load = load
        self._most = most
        self._uses: dict[str, deque[int]] = defaultdict(deque)
        for number, segment in enumerate(segments):
            self._uses[segment.file].append(number)
        self._ahead = in_order([None] * _N_THREADS, lambda _, file: load(file), list(self._uses))
        self._seen: set[str] = set()
        self._open: dict[str, _Loaded] = {}

    def next_use(self, file: str) -> _Loaded | Exception:
        """The file for its next segment; why it cannot be used, after which it must not be asked for again."""
        if file not in self._open:
            loaded = self._load(file) if file in self._seen else next(self._ahead)
            self._seen.add(file)
            if not isinstance(loaded, _Loaded):
                return loaded
            self._make_room(loaded.table.num_rows)
            self._open[file] = loaded
        found, uses = self._open[file], self._uses[file]
        uses.popleft()
        if not uses:
            del self._open[file]
        return found

    def _make_room(self, n_points: int) -> None:
        """Closes those files that are needed latest."""
        n_points += sum(one.table.num_rows for one in self._open.values())
        for file in sorted(self._open, key=lambda file: -self._uses[file][0]):
            if n_points <= self._most:
                return
            n_points -= self._open.pop(file).table.num_rows


def _segments(run_ids: Sequence[str], hits: Mapping[str, tuple[str, Entry]]) -> list[_Segment]:
    # Runs without points are in no file; they do not part those around them.
    placed = [(at, run_id, hits[run_id][0] if run_id in hits else None) for at, run_id in enumerate(run_ids)]
    found = []
    for file, group in groupby((one for one in placed if one[2] != _NO_FILE), key=lambda one: one[2]):
        if file is not None:
            ats, ids, _ = zip(*group, strict=True)
            found.append(_Segment(ats[0], file, ids))
    return found


def _loaded(folder: Folder, file: str, entries: Mapping[str, Entry]) -> _Loaded | Exception:
    """The file, checked against its entries in the index; what is wrong with it is returned."""
    try:
        table = folder.table(file, SCHEMAS["history"])
    except (Unusable, FileNotFoundError) as error:
        return error
    spans = _spans(table)
    for run_id, entry in entries.items():
        span = spans.get(run_id)
        if span is None or (span.stop - span.start, span.n_series) != (entry.n_points, entry.n_series):
            return Unusable(f"the file {file} does not hold what the index says")
    return _Loaded(table, spans)


def _wanted(points: pa.Table, wants: Callable[[str], bool]) -> tuple[pa.Table, Counts]:
    """The wanted metrics of whole histories, and how much the others are."""
    points = points.unify_dictionaries()
    code, words = _codes(points.column("metric"))
    is_wanted = np.array([wants(word) for word in words], dtype=bool)
    keep = is_wanted[code]
    if keep.all():
        return points, {}
    spans = _spans(points.filter(pa.array(~keep)))
    other = {
        "points": {run_id: span.stop - span.start for run_id, span in spans.items()},
        "series": {run_id: span.n_series for run_id, span in spans.items()},
    }
    return points.filter(pa.array(keep)), other


class _Misses:
    """What the store is asked for, cut where runs of the cache belong between its runs."""

    def __init__(
        self,
        source: Source,
        wants: Callable[[str], bool],
        keeper: _Keeper,
        position: Mapping[str, int],
        cuts: np.ndarray,
    ) -> None:
        """``cuts`` are the sorted positions of the runs in the cache."""
        self.n_come = 0
        """Runs, about."""
        self._source = source
        self._wants = wants
        self._keeper = keeper
        self._position = position
        self._cuts = cuts
        self._asked: list[int] = []
        self._chunks: Iterator[Chunk] = iter(())
        self._waiting: deque[tuple[int, pa.Table]] = deque()
        self._come = -1

    def ask(self, run_ids: Sequence[str], progress: Progress) -> None:
        """Reads these runs from now on, instead of those asked for before that have not been handed out."""
        self.close()
        self._asked = [self._position[run_id] for run_id in run_ids]
        self._waiting.clear()
        self._come = -1
        self._chunks = self._source.history(run_ids, self._wants, progress) if run_ids else iter(())

    def up_to(self, position: int) -> Iterator[Chunk]:
        """Everything that lies before ``position`` and was not handed out yet."""
        while True:
            while self._waiting and self._waiting[0][0] < position:
                yield Chunk(self._waiting.popleft()[1], {}, {})
            if self._waiting or not self._lacks_any(position):
                return
            chunk = next(self._chunks, None)
            if chunk is None:
                return
            spans = _spans(chunk.points)
            self._keeper.take(chunk, spans)
            yield Chunk(_EMPTY, chunk.stored, chunk.left_out, chunk.problems)
            self._waiting.extend(self._pieces(chunk.points, spans))

    def rest(self) -> Iterator[Chunk]:
        """Everything else, also what is told of runs without points."""
        yield from (Chunk(table, {}, {}) for _, table in self._waiting)
        for chunk in self._chunks:
            self._keeper.take(chunk, _spans(chunk.points))
            yield chunk

    def close(self) -> None:
        if isinstance(self._chunks, Generator):
            self._chunks.close()

    def _lacks_any(self, position: int) -> bool:
        following = bisect_right(self._asked, self._come)  # those before it have come, with or without points
        return following < len(self._asked) and self._asked[following] < position

    def _pieces(self, points: pa.Table, spans: Mapping[str, _Span]) -> Iterator[tuple[int, pa.Table]]:
        """(position of the first run, table) of each part of ``points`` that no run of the cache parts."""
        if not spans:
            return
        at = np.array([self._position[run_id] for run_id in spans], np.int64)
        self._come = int(at.max())
        firsts = _begins(np.diff(np.searchsorted(self._cuts, at)) != 0)
        starts = [span.start for span in spans.values()]
        bounds = [*(starts[first] for first in firsts.tolist()), points.num_rows]
        for first, (start, stop) in zip(firsts.tolist(), pairwise(bounds), strict=True):
            yield int(at[first]), points.slice(start, stop - start)


# --- keeping ---


@dataclass(frozen=True, slots=True)
class _Item:
    """Histories that wait to be written."""

    key: tuple[str, str]
    """(experiment, run) of the first."""
    table: pa.Table
    entries: Mapping[str, Entry]


@dataclass(slots=True)
class _Written:
    """Files that were made by this reading."""

    files: dict[str, dict[str, Entry]] = field(default_factory=dict)
    n_rows: dict[str, int] = field(default_factory=dict)


class _Keeper:
    """Writes down what comes from the store whole, and at the end what the index is to say."""

    def __init__(
        self,
        folder: Folder,
        reading: Reading,
        experiment_of: Mapping[str, str],
        marks: Mapping[str, Mark],
        hits: Mapping[str, tuple[str, Entry]],
    ) -> None:
        assert reading.cache is not None
        self._folder = folder
        self._cache: Path = reading.cache
        self._most = reading.cache_bytes
        self._experiment_of = experiment_of
        self._marks = marks
        self._items: list[_Item] = []
        self._n_waiting = 0
        self._n_bytes = folder.n_bytes({file for file, _ in hits.values() if file})
        """Of the files that this reading uses or has made."""
        self._written = _Written()
        self._new_files: set[str] = set()
        self._touched: set[str] = set()
        """Runs that came with points, or were found wrong."""
        self._why_not: Problem | None = None

    def take(self, chunk: Chunk, spans: Mapping[str, _Span]) -> None:
        """Keeps those runs of ``chunk``, whose rows are ``spans``, that are whole and faultless."""
        doubtful = self._doubtful(chunk, spans)
        doubtful |= self._touched & set(spans)  # read a second time: it is kept already
        self._touched |= set(spans) | doubtful
        entries = {run_id: self._entry(run_id, span, chunk) for run_id, span in spans.items() if run_id not in doubtful}
        for is_good, group in groupby(spans, key=lambda run_id: entries.get(run_id) is not None):
            if is_good:
                ids = list(group)
                start, stop = spans[ids[0]].start, spans[ids[-1]].stop
                table = chunk.points.slice(start, stop - start)
                self._add(table, {run_id: entry for run_id in ids if (entry := entries[run_id]) is not None})

    def take_empty(self, run_ids: Sequence[str], hits: Mapping[str, tuple[str, Entry]]) -> None:
        """Keeps that runs have no points, after everything has come."""
        empty = {
            run_id: Entry(self._experiment_of[run_id], mark.value, 0, 0, 0, is_confirmed=False)
            for run_id in run_ids
            if run_id not in hits and run_id not in self._touched and (mark := self._marks.get(run_id)) is not None
            if mark.n_series == 0 and not mark.n_points
        }
        if empty:
            self._written.files[_NO_FILE] = empty

    def finished(self, run_ids: Sequence[str], revision: str, stamp: str, merge: _Merge) -> list[Problem]:
        """Writes the rest and the index, and keeps order in the folder; what went wrong.

        ``stamp`` is that of the store if it stayed the same all the time, else "".
        """
        self._flush()
        try:
            if self._written.files or self._folder.path.is_dir():
                self._put_index(run_ids, revision, stamp, merge)
        except (OSError, pa.ArrowException, Unusable) as error:
            self._give_up(error)
        return [self._why_not] if self._why_not else []

    def _doubtful(self, chunk: Chunk, spans: Mapping[str, _Span]) -> set[str]:
        """Runs of which something was left out, that a problem tells of, or whose metrics' names hold credentials."""
        found = {run_id for counts in chunk.left_out.values() for its in counts.values() for run_id, n in its.items() if n}
        for problem in chunk.problems:
            run_id = problem.where.removeprefix("run ").partition(",")[0]
            found |= {run_id} if run_id in self._experiment_of else set(spans)
        return found | _with_secrets(chunk.points)

    def _entry(self, run_id: str, span: _Span, chunk: Chunk) -> Entry | None:
        """The entry of a run that is as its mark and the store's counts say; None for another one."""
        mark = self._marks.get(run_id)
        n_points, n_series = (chunk.stored.get(item, {}).get(run_id, 0) for item in ("points", "series"))
        entry = Entry(self._experiment_of[run_id], mark.value if mark else "", n_points, n_series, 0, is_confirmed=False)
        is_whole = (n_points, n_series) == (span.stop - span.start, span.n_series)
        return entry if mark and is_whole and _is_same(entry, mark, entry.experiment_id) else None

    def _add(self, table: pa.Table, entries: Mapping[str, Entry]) -> None:
        first = next(iter(entries))
        if self._why_not is None:
            self._items.append(_Item((entries[first].experiment_id, first), table, entries))
            self._n_waiting += table.num_rows
            if self._n_waiting >= _FILE_POINTS:
                self._flush()

    def _flush(self) -> None:
        """Writes what is waiting into a file."""
        items, self._items, self._n_waiting = sorted(self._items, key=lambda item: item.key), [], 0
        if not items or self._why_not is not None:
            return
        if self._n_bytes > self._most:
            what = f"it may take {self._most >> 20:,} MB, and the histories of this store alone take more: the rest is not kept"
            self._why_not = note("cache-full", what, "raise `limits.cache_megabytes` in the config")
            return
        try:
            self._folder.prepared()
            name = self._folder.put_table("history", lambda path: _save([item.table for item in items], path))
            self._n_bytes += (self._folder.path / name).stat().st_size
        except (OSError, pa.ArrowException, Unusable) as error:
            self._give_up(error)
            return
        self._written.files[name] = {run_id: entry for item in items for run_id, entry in item.entries.items()}
        self._written.n_rows[name] = sum(item.table.num_rows for item in items)

    def _give_up(self, error: Exception) -> None:
        what = f"histories cannot be kept for the next time: {reason(error)}"
        self._why_not = self._why_not or note("cache-not-written", what, TODO_WRITE)

    # --- the index ---

    def _put_index(self, run_ids: Sequence[str], revision: str, stamp: str, merge: _Merge) -> None:
        self._folder.prepared()
        now = self._folder.now()
        damage: list[Problem] = []
        base = _index(self._folder, revision, damage)  # again: another process may have replaced it
        new = self._compacted(self._merged(base, run_ids, stamp, merge.lost, int(now) // SECONDS_PER_DAY))
        if new != base or damage:
            self._folder.put_index(new)
        self._folder.touch(merge.used | (set(base.files) - set(new.files) - {_NO_FILE}))
        self._folder.remove_strays(new.files, now)
        in_use = merge.used | set(self._written.files) | self._new_files
        make_room(self._cache, self._most, (self._folder.path / name for name in in_use))

    def _merged(self, base: Index, run_ids: Sequence[str], stamp: str, lost: Collection[str], today: int) -> Index:
        """``base`` with what this reading knows better: which marks hold now, and which histories were written."""
        asked = frozenset(run_ids)
        still = not stamp or stamp == base.stamp
        files: dict[str, dict[str, Entry]] = {}
        for name, runs in base.files.items():
            if name not in lost:
                same = {run_id: entry for run_id, entry in runs.items() if self._holds(run_id, entry)}
                others = {r: e for r, e in runs.items() if r not in asked and e.seen >= today - _KEPT_DAYS}
                files[name] = {r: e._replace(is_confirmed=e.is_confirmed and still) for r, e in others.items()}
                files[name] |= {r: e._replace(seen=today, is_confirmed=e.is_confirmed or bool(stamp)) for r, e in same.items()}
        known = {run_id for runs in files.values() for run_id in runs}
        for name, written in self._written.files.items():
            fresh = {r: e._replace(seen=today, is_confirmed=bool(stamp)) for r, e in written.items() if r not in known}
            files[name] = files.get(name, {}) | fresh
        return _index_of(base.revision, stamp or base.stamp, files, {**base.n_rows, **self._written.n_rows})

    def _holds(self, run_id: str, entry: Entry) -> bool:
        mark = self._marks.get(run_id)
        return mark is not None and _is_same(entry, mark, self._experiment_of[run_id])

    def _compacted(self, index: Index) -> Index:
        """``index`` after files that are mostly dead, and small ones when there are many, were written anew."""
        alive = {name: sum(entry.n_points for entry in runs.values()) for name, runs in index.files.items() if name != _NO_FILE}
        small = [name for name in alive if index.n_rows[name] < _SMALL_POINTS]
        dead = [name for name, n in alive.items() if 2 * n < index.n_rows[name]]
        rewrite = frozenset(sorted({*dead, *(small if len(small) > _MOST_SMALL else ())})[:_MOST_REWRITTEN])
        if not rewrite or self._why_not is not None:
            return index
        before, self._written = self._written, _Written()
        for item in sorted(self._items_of(index, rewrite), key=lambda item: item.key):
            self._add(item.table, item.entries)
        self._flush()
        rewritten, self._written = self._written, before
        if self._failed():
            return index
        self._new_files |= set(rewritten.files)
        files = {name: dict(runs) for name, runs in index.files.items() if name not in rewrite}
        for name, runs in rewritten.files.items():
            files[name] = files.get(name, {}) | runs
        return _index_of(index.revision, index.stamp, files, {**index.n_rows, **rewritten.n_rows})

    def _items_of(self, index: Index, names: Collection[str]) -> Iterator[_Item]:
        """The histories in these files run by run; a file that cannot be read has none."""
        for name in names:
            loaded = _loaded(self._folder, name, index.files[name])
            if isinstance(loaded, _Loaded):
                for run_id, entry in index.files[name].items():
                    start, stop, _ = loaded.spans[run_id]
                    yield _Item((entry.experiment_id, run_id), loaded.table.slice(start, stop - start), {run_id: entry})

    def _failed(self) -> bool:
        return self._why_not is not None


def _index_of(revision: str, stamp: str, files: Mapping[str, Mapping[str, Entry]], n_rows: Mapping[str, int]) -> Index:
    """Without files that hold nothing any more."""
    kept = {name: runs for name, runs in files.items() if runs}
    return Index(revision, stamp, kept, {name: n_rows.get(name, 0) for name in kept})


def _save(tables: Sequence[pa.Table], path: Path) -> None:
    """Writes tables as one row group of LZ4: a third of the time of ``save_history``, in a tenth more space."""
    whole = pa.concat_tables(tables).unify_dictionaries()
    if any("://" in word for word in _codes(whole.column("metric"))[1]):  # words of runs that are not kept may hold credentials
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
    """Runs with a metric whose name holds a URL with credentials: nothing of the kind is written down."""
    if points.num_rows == 0:
        return set()
    words = pc.unique(points.column("metric")).dictionary
    secret = [word for word in words.to_pylist() if "://" in word and public_text(word) != word]
    if not secret:
        return set()
    rows = points.filter(pc.is_in(points.column("metric").cast(pa.string()), pa.array(secret, pa.string())))
    return set(pc.unique(rows.column("run_id")).to_pylist())
