"""Metric histories of a database: a fast path for what MLflow writes, a careful one for anything else.

A chunk of runs is first read *plainly*, where the database offers that (``PointsByRun``): values as they are stored,
without the id of the run in each row, put into place by how many points the store counts for each run in the same
transaction. Whatever is not just what MLflow writes (a value that is text, a name that is not UTF-8, a page that is
torn) makes that chunk, and only that one, be read *carefully*: each value is asked for its type, and runs that
cannot be read are singled out.

A statement is about few enough points that nobody who writes waits long. A run with more than that is read in several
transactions, the last of which also counts it: points are only ever added, so an equal number means that nothing
moved. A SQLite store without an index on the run (before MLflow 1.30) is read from its first row to its last.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from typing import NamedTuple, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reportgen.collect.canonical_rows import RunPoints, decoded, history_table, run_histories
from reportgen.collect.pool import in_order
from reportgen.collect.selection import OTHER_METRIC
from reportgen.collect.source import Chunk, Counts, Mark, Progress, Size
from reportgen.collect.sql.database import DamagedError, Database, Part, PointsByRun, PointsBySeries, SeriesOfRuns, schema_of
from reportgen.collect.sql.point_counts import (
    MAX_COUNTED,
    StoreSizes,
    Wants,
    counted_marks,
    left_out,
    nonzero,
    of_wanted,
    run_counts,
    series_read,
    size_rows,
    sized_chunks,
    store_sizes,
)
from reportgen.collect.sql.sqlite import SqliteDatabase
from reportgen.collect.sql.statements import Field, is_in, numbers, parts_of, readable, rows_of
from reportgen.errors import Problem
from reportgen.order import stable_order

T = TypeVar("T")

MAX_POINTS = 120_000
"""Points for one statement: some 0.05 s of SQLite's shared lock, which two statements hold together. More are also slower: their
columns do not stay in the processor's cache."""
_MAX_POINTS_ELSEWHERE = 500_000
"""The same for databases in which readers keep nobody waiting."""
_MAX_SCANNED = 4_000_000
"""Points that are in memory at once while a store without an index is read."""
_MAX_RUNS = 2000
"""Runs for one statement where the points are few."""
_MAX_RUNS_ELSEWHERE = 100
_FIRST_RUNS = 20
_N_ATTEMPTS = 3

POINTS = {
    "run_id": Field("run_uuid", "text"),
    "metric": Field("key", "text"),
    "value": Field("value", "real"),
    "is_nan": Field("is_nan", "int", "0"),
    "step": Field("step", "int", "0"),
    "timestamp": Field("timestamp", "int"),
}
_EMPTY = schema_of({name: field.type for name, field in POINTS.items()}).empty_table()
_COUNTS = schema_of({"run_id": "text", "metric": "text", "n": "int"})


class _Tally(NamedTuple):
    """What the store counts of some runs."""

    stored: Counts
    other: Counts
    """Of metrics that are not wanted."""
    wanted: np.ndarray
    """Points of wanted metrics, for each run."""
    metrics: tuple[str, ...] | None = None
    """Those to ask for; None for all."""
    by_latest: bool = False
    """Whether the series were told by the last values."""


class Histories:
    """The histories of one database."""

    def __init__(self, db: Database, experiment_of: Mapping[str, str], sizes: StoreSizes | None = None) -> None:
        """``experiment_of`` tells of every run whose history is asked for, ``sizes`` what was counted already."""
        self._db = db
        self._store_sizes = sizes
        self._experiment_of = experiment_of
        self._latest_tells = "latest_metrics" in db.columns
        """Whether last values tell how many series a run has; no longer when one run was found to have others."""
        self._wants_all = True
        """Whether no series was met yet that is not wanted."""

    def chunks(self, run_ids: Sequence[str], wants: Wants, progress: Progress) -> Iterator[Chunk]:
        """All histories, in the order of ``run_ids``."""
        if self._is_without_index():
            yield from self._scanned(run_ids, wants, progress)
            return
        done = 0
        most = MAX_POINTS if isinstance(self._db, PointsByRun) else _MAX_POINTS_ELSEWHERE
        tasks = self._planned(run_ids, most)
        for n_runs, chunk in self._each(lambda db, task: (len(task.run_ids), self._chunk(db, task, wants)), tasks):
            done += n_runs
            progress(done, len(run_ids), "reading histories")
            yield chunk

    def sizes(self, run_ids: Sequence[str], wants: Wants) -> Mapping[str, Size]:
        """What the store counts of the wanted metrics of these runs."""
        sizes = self._sizes_at_once(run_ids)
        if sizes is not None and all(map(wants, sizes.metrics)):
            return {run_id: Size(n_points, n_series) for run_id, n_points, n_series in sizes.of(run_ids)}
        found: dict[str, Size] = {}
        for counts in self._all_counts(run_ids):
            found |= {run_id: Size(n_points, n_series) for run_id, n_points, n_series in size_rows(of_wanted(counts, wants))}
        return found

    def counts(self, run_ids: Sequence[str]) -> Counts:
        """Points and series of these runs."""
        if (sizes := self._sizes_at_once(run_ids)) is not None:
            rows = list(sizes.of(run_ids))
            return {"points": {run_id: n for run_id, n, _ in rows}, "series": {run_id: n for run_id, _, n in rows}}
        total: dict[str, dict[str, int]] = {"points": {}, "series": {}}
        for counts in self._all_counts(run_ids):
            for item, counted in run_counts(counts).items():
                total[item].update(counted)
        return total

    def marks(self, run_ids: Sequence[str]) -> Mapping[str, Mark]:
        """A mark for each run that can be read: how many points it has, on SQLite also which rows these are."""
        if self._is_without_index():
            return {}  # counting them is reading them all
        marks: dict[str, Mark] = {}
        batches = _Batches(run_ids, self._most_runs())
        for found in self._each(self._some_marks, iter(batches)):
            marks |= found
            batches.learn(len(found), sum(mark.n_points or 0 for mark in found.values()))
        return marks

    def _each(self, work: Callable[[Database, _Task], T], tasks: Iterator[_Task]) -> Iterator[T]:
        """``work`` for each task, in several connections if there are several tasks; this one meanwhile plans them."""
        begun = list(islice(tasks, 2))
        if len(begun) < 2 or self._db.n_threads == 1:
            yield from in_order([self._db], work, chain(begun, tasks))
            return
        connections: list[Database] = []
        try:
            connections.extend(self._db.twin() for _ in range(self._db.n_threads))
            yield from in_order(connections, work, chain(begun, tasks))
        finally:
            for connection in connections:
                connection.close()

    # --- what is read at once ---

    def _planned(self, run_ids: Sequence[str], most: int) -> Iterator[_Task]:
        """Consecutive runs, at most ``most`` points unless it is a single run, counted just before they are handed out."""
        sized = self._sized(run_ids, most)
        n_runs = _MAX_RUNS if isinstance(self._db, PointsByRun) else self._db.n_runs
        return (_Task(tuple(chunk), n > most) for chunk, n in sized_chunks(sized, n_runs, most))

    def _most_runs(self) -> int:
        """Runs for one statement that counts."""
        return _MAX_RUNS if isinstance(self._db, PointsByRun) else _MAX_RUNS_ELSEWHERE

    def _sized(self, run_ids: Sequence[str], most: int) -> Iterator[tuple[str, int]]:
        """Each run with the number of its points, which is not exact beyond ``most``."""
        batches = _Batches(run_ids, self._most_runs())
        for task in batches:
            sizes = self._rough_sizes(task.run_ids, most)
            batches.learn(len(sizes), sum(sizes.values()))
            yield from ((run_id, sizes.get(run_id, 0)) for run_id in task.run_ids)

    def _rough_sizes(self, run_ids: Sequence[str], most: int) -> Mapping[str, int]:
        db = self._db
        if isinstance(db, PointsByRun):
            with_index: list[tuple[Sequence[str], np.ndarray | None]]
            with_index, _bad = readable(db, run_ids, lambda ids: db.run_counts(ids, most + 1))
            return {
                run_id: int(n) for ids, counts in with_index if counts is not None for run_id, n in zip(ids, counts, strict=True)
            }
        good, _bad = readable(db, run_ids, lambda ids: _point_counts(db, ids))
        return {run_id: n for _, counts in good for run_id, n in run_counts(counts)["points"].items()}

    def _is_without_index(self) -> bool:
        return isinstance(self._db, PointsByRun) and not self._db.has_run_index

    def _all_counts(self, run_ids: Sequence[str]) -> Iterator[pa.Table]:
        """(run, metric, points) of all these runs that can be read, in pieces."""
        batches = _Batches(run_ids, len(run_ids) if self._is_without_index() else self._most_runs())
        for task in [_Task(run_ids)] if self._is_without_index() and run_ids else batches:
            good, _bad = readable(self._db, task.run_ids, lambda ids: _point_counts(self._db, ids))
            for _, counts in good:
                batches.learn(len(task.run_ids), pc.sum(counts.column("n")).as_py() or 0)
                yield counts

    def _sizes_at_once(self, run_ids: Sequence[str]) -> StoreSizes | None:
        """Sizes by one statement about all runs of a SQLite store; None where there are few runs or many points."""
        if self._store_sizes is None and len(run_ids) >= _MAX_RUNS:
            self._store_sizes = store_sizes(self._db)
        return self._store_sizes

    def _some_marks(self, db: Database, task: _Task) -> Mapping[str, Mark]:
        def read(run_ids: Sequence[str]) -> Mapping[str, Mark] | None:
            if not isinstance(db, PointsByRun):
                return counted_marks(run_ids, _point_counts(db, run_ids))
            found = db.run_marks(run_ids)
            series = Counter(_latest(db, run_ids).column("run_id").to_pylist()) if self._latest_tells else None
            if found is None or series is None:
                return counted_marks(run_ids, _point_counts(db, run_ids))
            return {run_id: Mark(value, n, series[run_id]) for run_id, (value, n) in found.items()}

        good, _bad = readable(db, task.run_ids, read)
        return {run_id: mark for _, marks in good if marks is not None for run_id, mark in marks.items()}

    def _chunk(self, db: Database, task: _Task, wants: Wants) -> Chunk:
        if isinstance(db, PointsByRun):
            try:
                chunk = self._long_run(db, task.run_ids[0], wants) if task.is_long else self._plain_chunk(db, task.run_ids, wants)
            except DamagedError:
                chunk = None
            if chunk is not None:
                return chunk
        return self._careful_chunk(db, task.run_ids, wants)

    # --- plainly ---

    def _plain_chunk(self, db: Database, run_ids: Sequence[str], wants: Wants) -> Chunk | None:
        """Runs whose points are just what MLflow writes; None when they are not. Raises ``DamagedError``."""
        assert isinstance(db, PointsByRun)
        run_ids = sorted(set(run_ids))
        if isinstance(db, PointsBySeries) and (chunk := self._packed_chunk(db, run_ids, wants)) is not None:
            return chunk

        def read(by_latest: bool) -> tuple[_Tally, pa.Table] | None:
            tally = self._tally(db, run_ids, wants, by_latest=by_latest)
            points = db.run_points(run_ids, tally.metrics) if tally is not None else None
            return None if tally is None or points is None else (tally, points)

        for by_latest in (True, False) if self._latest_tells else (False,):
            found = db.at_once(partial(read, by_latest))
            points = None if found is None else _run_points(run_ids, found[0].wanted, [_Piece.of(found[1])])
            if found is None or points is None:
                return None
            chunk = self._plain_result(found[0], points)
            if not found[0].by_latest or self._is_told(chunk, points, wants):
                return chunk
            self._latest_tells = False
        return None

    def _packed_chunk(self, db: Database, run_ids: Sequence[str], wants: Wants) -> Chunk | None:
        """The same from series that the database has put together; it counts them as it does so, and once more by an index."""
        assert isinstance(db, PointsByRun)
        assert isinstance(db, PointsBySeries)
        if self._wants_all:
            series = db.run_series(run_ids, None)
            n = db.run_counts(run_ids)
            if series is None or n is None or not _is_whole(series, n):
                return None
            if all(map(wants, pc.unique(series.metric).to_pylist())):
                stored = {
                    "points": nonzero(run_ids, n),
                    "series": nonzero(run_ids, np.bincount(series.run, minlength=len(run_ids))),
                }
                return self._plain_result(_Tally(stored, {}, n), _points_of(run_ids, series))
            self._wants_all = False
        tally = self._tally(db, run_ids, wants, by_latest=False)
        series = None if tally is None else db.run_series(run_ids, tally.metrics)
        if tally is None or series is None or not _is_whole(series, tally.wanted):
            return None
        return self._plain_result(tally, _points_of(run_ids, series))

    def _tally(self, db: Database, run_ids: Sequence[str], wants: Wants, *, by_latest: bool) -> _Tally | None:
        """What is stored of sorted runs, by indexes alone. Last values tell the series as long as all are wanted."""
        assert isinstance(db, PointsByRun)
        if by_latest:
            latest = _latest(db, run_ids)
            if all(map(wants, pc.unique(latest.column("metric")).to_pylist())):
                n = db.run_counts(run_ids)
                if n is None:
                    return None
                stored = {"points": nonzero(run_ids, n), "series": Counter(latest.column("run_id").to_pylist())}
                return _Tally(stored, {}, n, by_latest=True)
        counts = _point_counts(db, run_ids)
        wanted = of_wanted(counts, wants)
        by_run = run_counts(wanted)["points"]
        metrics = tuple(sorted(set(wanted.column("metric").to_pylist()))) if len(wanted) < len(counts) else None
        other = run_counts(of_wanted(counts, lambda metric: not wants(metric)))
        return _Tally(run_counts(counts), other, np.array([by_run.get(r, 0) for r in run_ids], np.int64), metrics)

    def _plain_result(self, tally: _Tally, points: RunPoints) -> Chunk:
        return Chunk(run_histories(self._experiment_of, points), tally.stored, {OTHER_METRIC: tally.other} if tally.other else {})

    def _is_told(self, chunk: Chunk, points: RunPoints, wants: Wants) -> bool:
        """Whether the last values told right which series there are."""
        n_series = chunk.stored["series"]
        read = series_read(chunk.points)
        return all(map(wants, points.words.to_pylist())) and all(n_series.get(run, 0) == read.get(run, 0) for run in points.runs)

    def _long_run(self, db: Database, run_id: str, wants: Wants) -> Chunk | None:
        """A run with so many points that reading them at once would make others wait; None as ``_plain_chunk``."""
        for _ in range(_N_ATTEMPTS):
            found = self._pieces(db, run_id, wants)
            if found is None:
                return None
            tally, pieces = found
            points = _run_points([run_id], tally.wanted, [piece.only(wants) for piece in pieces])
            chunk = None if points is None else self._plain_result(tally, points)
            if points is not None and chunk is not None and (not tally.by_latest or self._is_told(chunk, points, wants)):
                return chunk
            self._latest_tells &= points is None  # either it moved meanwhile, or the last values told wrong
        return None

    def _pieces(self, db: Database, run_id: str, wants: Wants) -> tuple[_Tally, list[_Piece]] | None:
        """All points of a run, and what the store counts of it in the transaction that read the last of them."""
        assert isinstance(db, PointsByRun)
        last: int | None = None
        pieces: list[_Piece] = []

        def read() -> tuple[_Tally | None, pa.Table | None]:
            points = db.run_points([run_id], None, Part(last, MAX_POINTS))
            is_end = points is not None and points.num_rows < MAX_POINTS
            return self._tally(db, [run_id], wants, by_latest=self._latest_tells) if is_end else None, points

        while True:
            tally, points = db.at_once(read)
            piece = None if points is None else _Piece.of(points)
            if points is None or piece is None:
                return None
            pieces.append(piece)
            if tally is not None:
                return tally, pieces
            last = points.column(4)[-1].as_py()

    # --- with care ---

    def _careful_chunk(self, db: Database, run_ids: Sequence[str], wants: Wants) -> Chunk:
        good, bad = readable(db, run_ids, lambda ids: _points(db, ids, wants))
        # An index may still tell how much there was of what the table cannot give.
        lost = [c for run in bad for _, c in readable(db, [run], lambda ids: _point_counts(db, ids))[0]]
        counts = pa.concat_tables([*(c for _, (c, _) in good), *lost, _COUNTS.empty_table()])
        points = pa.concat_tables([p for _, (_, p) in good]) if good else _EMPTY
        return self._careful_result(counts, points, bad, wants)

    def _careful_result(self, counts: pa.Table, points: pa.Table, bad: Mapping[str, str], wants: Wants) -> Chunk:
        valid = pc.or_(pc.is_valid(points.column("value")), pc.equal(pc.fill_null(points.column("is_nan"), 0), 1))
        problems = [_unreadable(run_id, "its history", why) for run_id, why in bad.items()]
        problems += [
            _odd_values(run, n)
            for run, n in sorted(Counter(points.filter(pc.invert(valid)).column("run_id").to_pylist()).items())
        ]
        table = self._history_table(points.filter(valid))
        return Chunk(table, run_counts(counts), left_out(counts, points, valid, wants, frozenset(bad)), tuple(problems))

    def _history_table(self, points: pa.Table) -> pa.Table:
        value = decoded(numbers(points, "value", np.float64), numbers(points, "is_nan", np.int64))
        return history_table(
            self._experiment_of,
            points.column("run_id"),
            points.column("metric"),
            numbers(points, "step", np.int64),
            numbers(points, "timestamp", np.int64),
            value,
        )

    # --- without an index ---

    def _scanned(self, run_ids: Sequence[str], wants: Wants, progress: Progress) -> Iterator[Chunk]:
        """All rows of the table, as often as their points fit into memory; as from any database if that cannot be done."""
        done = 0
        try:
            total = self._db.at_once(lambda: self._db.table("SELECT COUNT(*) FROM metrics", {"n": "int"})).column("n")[0].as_py()
            n_parts = -(-total // _MAX_SCANNED) or 1
            for start, part in parts_of(run_ids, -(-len(run_ids) // n_parts) or 1):
                done = start  # a part without points gives nothing
                for chunk, n_runs in self._scanned_part(part, wants):
                    done += n_runs
                    progress(done, len(run_ids), "reading histories")
                    yield chunk
        except DamagedError:
            for _, part in parts_of(run_ids[done:], self._db.n_runs):
                yield self._careful_chunk(self._db, part, wants)

    def _scanned_part(self, run_ids: Sequence[str], wants: Wants) -> Iterator[tuple[Chunk, int]]:
        ids = pa.array(run_ids, pa.string())
        pages = [page for page in self._pages(ids) if page.num_rows]
        if not pages:
            return
        points = pa.concat_tables(pages).unify_dictionaries().combine_chunks()
        word = points.column("run_id").chunk(0)
        run = pc.index_in(word.dictionary, ids).to_numpy()[word.indices.to_numpy()]
        n_of_run = np.bincount(run, minlength=len(run_ids))
        order = stable_order(run)
        at = 0
        for chunk, n in sized_chunks(zip(run_ids, n_of_run.tolist(), strict=True), _MAX_RUNS, MAX_POINTS):
            table = points.take(pa.array(order[at : at + n])).cast(_EMPTY.schema)
            counts = (
                table.group_by(["run_id", "metric"]).aggregate([([], "count_all")]).rename_columns(_COUNTS.names).cast(_COUNTS)
            )
            yield self._careful_result(counts, of_wanted(table, wants), {}, wants), len(chunk)
            at += n

    def _pages(self, run_ids: pa.Array) -> Iterator[pa.Table]:
        """The points of ``run_ids`` with their words encoded. Raises ``DamagedError`` also when rows have no number."""
        last: int | None = None
        while True:
            page = self._db.at_once(partial(_page, self._db, last))
            if page.num_rows:
                last = page.column("rowid")[-1].as_py()
                yield _encoded(page.filter(pc.is_in(page.column("run_id"), run_ids)).select(list(POINTS)))
            if page.num_rows < MAX_POINTS:
                return


class _Task(NamedTuple):
    """What one connection reads next."""

    run_ids: Sequence[str]
    is_long: bool = False
    """A single run with more points than one statement may be about."""


class _Batches:
    """Consecutive runs for statements that count them, about ``MAX_COUNTED`` points each as far as is known."""

    def __init__(self, run_ids: Sequence[str], most: int) -> None:
        self._rest = iter(run_ids)
        self._most = most
        self._n_runs = self._n_points = 0

    def learn(self, n_runs: int, n_points: int) -> None:
        """That so many runs had so many points."""
        self._n_runs += n_runs
        self._n_points += n_points

    def __iter__(self) -> Iterator[_Task]:
        while batch := tuple(islice(self._rest, self._size())):
            yield _Task(batch)

    def _size(self) -> int:
        if not self._n_runs:
            return _FIRST_RUNS
        return max(1, min(MAX_COUNTED * self._n_runs // (self._n_points + 1), self._most))


@dataclass(frozen=True, slots=True, eq=False)
class _Piece:
    """Some rows of ``PointsByRun.run_points`` in compact arrays."""

    metric: np.ndarray
    words: pa.Array
    step: np.ndarray
    timestamp: np.ndarray
    value: np.ndarray

    @classmethod
    def of(cls, points: pa.Table) -> _Piece | None:
        """None when a name is missing or not UTF-8."""
        if not points.num_rows:
            nothing = np.empty(0, np.int64)
            return cls(nothing, pa.array([], pa.string()), nothing, nothing, np.empty(0))
        key, value, step, timestamp = points.columns[:4]
        metric = pc.dictionary_encode(key).combine_chunks()
        metric = metric.chunk(0) if isinstance(metric, pa.ChunkedArray) else metric
        try:
            metric.dictionary.validate(full=True)
        except pa.ArrowInvalid:
            return None
        if metric.null_count:
            return None
        codes = np.array(metric.indices.to_numpy())
        values = value.cast(pa.float64()).to_numpy()  # null becomes NaN
        return cls(codes, metric.dictionary.cast(pa.string()), _copied(step), _copied(timestamp), decoded(values))

    def only(self, wants: Wants) -> _Piece:
        """The points of the metrics that are wanted."""
        wanted = np.array([wants(word) for word in self.words.to_pylist()], dtype=bool)
        if wanted.all():
            return self
        rows = np.flatnonzero(wanted[self.metric])
        metric = (np.cumsum(wanted) - 1)[self.metric[rows]]
        words = self.words.filter(pa.array(wanted))
        return _Piece(metric, words, self.step[rows], self.timestamp[rows], self.value[rows])


def _is_whole(series: SeriesOfRuns, n_points: np.ndarray) -> bool:
    """Whether each run has as many points as it should."""
    return np.array_equal(np.bincount(series.run, series.n_points, minlength=len(n_points)), n_points)


def _points_of(run_ids: Sequence[str], series: SeriesOfRuns) -> RunPoints:
    names = series.metric.dictionary_encode()
    n_of_run = np.bincount(series.run, series.n_points, minlength=len(run_ids)).astype(np.int64)
    metric = np.repeat(names.indices.to_numpy(), series.n_points)
    return RunPoints(run_ids, n_of_run, metric, names.dictionary, series.step, series.timestamp, decoded(series.value))


def _run_points(run_ids: Sequence[str], n_points: np.ndarray, pieces: Sequence[_Piece | None]) -> RunPoints | None:
    """``pieces`` put together; None when they are not as many points as the store counts."""
    there = [piece for piece in pieces if piece is not None]
    if len(there) < len(pieces) or sum(len(piece.step) for piece in there) != n_points.sum():
        return None
    words = there[0].words if len(there) == 1 else pc.unique(pa.chunked_array([piece.words for piece in there], pa.string()))
    metric = [there[0].metric] if len(there) == 1 else [pc.index_in(p.words, words).to_numpy()[p.metric] for p in there]
    numbers_of = zip(*((piece.step, piece.timestamp, piece.value) for piece in there), strict=True)
    return RunPoints(run_ids, n_points, _joined(metric), words, *map(_joined, numbers_of))


def _joined(arrays: Sequence[np.ndarray]) -> np.ndarray:
    return arrays[0] if len(arrays) == 1 else np.concatenate(arrays)


def _copied(column: pa.ChunkedArray) -> np.ndarray:
    """Integers, without the spare room that a driver's arrays have; null is 0, as MLflow's own default for it."""
    return np.array(pc.fill_null(column, 0).to_numpy(), dtype=np.int64)


def _points(db: Database, run_ids: Sequence[str], wants: Wants) -> tuple[pa.Table, pa.Table]:
    """(points for each run and metric as the store counts them, the points that are wanted), of one moment."""
    counts = _point_counts(db, run_ids)
    metrics = sorted({metric for metric in counts.column("metric").to_pylist() if wants(metric)})
    where = is_in(db, "run_uuid", run_ids)
    if len(metrics) < len(set(counts.column("metric").to_pylist())):
        if not metrics:
            return counts, _EMPTY
        # The plus sign keeps SQLite from the primary key, which begins with the metric and leads through all runs.
        plus = "+" if isinstance(db, SqliteDatabase) else ""
        where += f" AND {plus}{is_in(db, 'key', metrics)}"
    return counts, rows_of(db, "metrics", POINTS, where)


def _point_counts(db: Database, run_ids: Sequence[str] | None = None) -> pa.Table:
    """(run, metric, points) of ``run_ids``; None asks for all."""
    if "metrics" not in db.columns:
        return _COUNTS.empty_table()
    run, key = db.quoted("run_uuid"), db.quoted("key")
    where = "" if run_ids is None else f"WHERE {is_in(db, 'run_uuid', run_ids)}"
    return db.table(
        f"SELECT {db.cast(run, 'text')}, {db.cast(key, 'text')}, COUNT(*) FROM metrics {where} GROUP BY {run}, {key}",  # noqa: S608 (quoted)
        {"run_id": "text", "metric": "text", "n": "int"},
    )


def _latest(db: Database, run_ids: Sequence[str]) -> pa.Table:
    """(run, metric) of each last value."""
    fields = {name: POINTS[name] for name in ("run_id", "metric")}
    return rows_of(db, "latest_metrics", fields, is_in(db, "run_uuid", run_ids))


def _page(db: Database, last: int | None) -> pa.Table:
    """The next rows of the table, with their ``rowid``."""
    fields = POINTS | {"rowid": Field("rowid", "int")}
    there = db.columns["metrics"] | {"rowid"}
    parts = [db.cast(db.quoted(f.column), f.type) if f.column in there else f.default for f in fields.values()]
    where = "" if last is None else f" WHERE rowid > {last}"
    types = {name: field.type for name, field in fields.items()}
    return db.table(f"SELECT {', '.join(parts)} FROM metrics{where} ORDER BY rowid LIMIT {MAX_POINTS}", types)  # noqa: S608 (quoted)


# --- counting ---


def _encoded(points: pa.Table) -> pa.Table:
    for name in ("run_id", "metric"):
        points = points.set_column(points.schema.get_field_index(name), name, points.column(name).dictionary_encode())
    return points


def _unreadable(run_id: str, what: str, why: str) -> Problem:
    return Problem("run-unreadable", f"run {run_id}", f"{what} cannot be read: {why}", "check the store's integrity")


def _odd_values(run_id: str, n: int) -> Problem:
    what = f"{n} points hold something that is no number"
    return Problem("points-unreadable", f"run {run_id}", what, "look at `typeof(value)` in the table metrics of the store")
