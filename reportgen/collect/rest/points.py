"""Histories over REST: as few requests as the server's limits allow, and no point that is lost without being said.

``get-history-bulk`` answers with the points of one metric in up to a hundred runs and cuts at 25,000 without a sign, so the
last run of a full answer is asked for again, alone if need be. How many runs fit is learned from what came so far: the
last step of a series, which the list of runs tells, is right for a series that logged each step once, and far off for one
that logs every thousandth, or time as steps, or no steps at all. Servers without that endpoint are asked for each series.

A server counts nothing, so the last value of each series must turn up in its history; a series that does not reach it is
read once more by pages. What cannot be read, or not in time, is a problem of its run and counted as left out.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from reportgen.collect.canonical_rows import decoded, history_table, plain
from reportgen.collect.pool import in_order
from reportgen.collect.reading import TIME_UP, TimeUpError
from reportgen.collect.rest.lists import API, MOST_UNANSWERED
from reportgen.collect.rest.rows import NO_POINTS, BadAnswerError, Point, Points, Run, joined_points, objects, points_of
from reportgen.collect.rest.session import RefusedError, Transport
from reportgen.collect.selection import OTHER_METRIC, UNREADABLE
from reportgen.collect.source import Chunk, Progress
from reportgen.errors import Problem, SourceError

BULK = "ajax-api/2.0/mlflow/metrics/get-history-bulk"
MAX_POINTS = 25_000
"""The server's own limit for one answer of points."""
N_RUNS_GROUP = 100
"""Runs in one bulk request since MLflow 2.11."""
_N_RUNS_GROUP_OLD = 20
"""The same before."""
_MAX_GUESS = 1_000_000
_FIRST_GUESS = 2_500
"""Points that a series is taken to have at most while nothing like it was read: ten of them fill an answer."""
_LEAST_POINTS = 5_000
"""Answers are not made smaller than this to keep all connections busy: SQLite reads the whole metric for each."""
_SHIFT = 1_000
"""Points that may be added to a series between two of its pages."""


def expected(last: Point) -> int:
    """How many points a series may have: right when each step was logged once from 0. Steps can be anything."""
    return min(max(1, last.step + 1), _MAX_GUESS)


class Sizes:
    """How many points a series is expected to have, in the light of those that came."""

    def __init__(self) -> None:
        self._seen: dict[str, tuple[int, int]] = {}
        """Metric → points that came, points that last steps had let expect."""
        self._n_points = 0
        self._n_series = 0

    def of(self, metric: str, last: Point) -> int:
        if metric in self._seen:
            came, guessed = self._seen[metric]
            return math.ceil(expected(last) * came / guessed)
        return min(expected(last), max(_FIRST_GUESS, self._n_points // max(1, self._n_series)))

    def learn(self, metric: str, last: Point, n_points: int) -> None:
        came, guessed = self._seen.get(metric, (0, 0))
        self._seen[metric] = came + n_points, guessed + expected(last)
        self._n_points += n_points
        self._n_series += 1


@dataclass(frozen=True, slots=True)
class _Task:
    """One bulk request: the histories of one metric in a few runs."""

    group: int
    metric: str
    run_ids: tuple[str, ...]
    is_long: bool
    """One series that alone fills an answer."""


@dataclass(frozen=True, slots=True)
class _Found:
    """What came of a task; a run that could not be read is not among ``points``, and a problem says so."""

    task: _Task
    points: Mapping[str, Points]
    problems: tuple[Problem, ...]


class Histories:
    """Reads the histories of runs that were listed."""

    def __init__(self, http: Transport, runs: Mapping[str, Run], n_connections: int) -> None:
        self._http = http
        self._runs = runs
        self._n_connections = n_connections
        self._has_bulk: bool | None = None
        self._bulk_failures = 0
        """Bulk requests that failed in a row."""
        self._is_silent = Counter[str]()
        """Metric → series that were asked for in vain; a metric of which one was read is not there."""
        self._n_read = 0
        self.group_size = N_RUNS_GROUP

    def chunks(self, run_ids: Sequence[str], wants: Callable[[str], bool], progress: Progress) -> Iterator[Chunk]:
        """The histories of the metrics that ``wants`` asks for, in the order of ``run_ids``."""
        groups = [run_ids[start : start + N_RUNS_GROUP] for start in range(0, len(run_ids), N_RUNS_GROUP)]
        left = [sum(1 for run_id in group for metric in self._runs[run_id].metrics if wants(metric)) for group in groups]
        n_series, n_done = sum(left), 0
        sizes = Sizes()
        collected: dict[int, list[_Found]] = defaultdict(list)
        number = 0
        for found in in_order([None] * self._n_connections, self._answered, self._tasks(groups, wants, sizes)):
            for run_id, points in found.points.items():
                sizes.learn(found.task.metric, self._runs[run_id].metrics[found.task.metric], len(points))
            n_done += len(found.task.run_ids)
            progress(n_done, n_series, "reading histories")
            collected[found.task.group].append(found)
            left[found.task.group] -= len(found.task.run_ids)
            while number < len(groups) and not left[number]:
                yield self._chunk(groups[number], collected.pop(number, []), wants)
                number += 1
        for group in groups[number:]:
            yield self._chunk(group, [], wants)

    def nans(self, wanted: Mapping[str, Sequence[str]]) -> dict[tuple[str, str], frozenset[tuple[int, int]]]:
        """(run id, metric) → (step, time) of each NaN, for the runs that are ``wanted`` of each metric, listed or not.

        A series whose history cannot be read, or has no point, is missing.
        """
        if wanted:
            self._probe(next(iter(wanted.values()))[0])
        found: dict[tuple[str, str], frozenset[tuple[int, int]]] = {}
        per_metric = in_order([None] * self._n_connections, lambda _, item: self._series(*item), wanted.items())
        for metric, points_of_runs in zip(wanted, per_metric, strict=True):
            for run_id, points in points_of_runs.items():
                at = np.isnan(points.value)
                found[run_id, metric] = frozenset(zip(points.step[at].tolist(), points.time[at].tolist(), strict=True))
        return found

    def _series(self, metric: str, run_ids: Sequence[str]) -> dict[str, Points]:
        """The histories of one metric that can be read and have a point."""
        found: dict[str, Points] = {}
        if self._has_bulk:
            with self._excused():
                found = self._bulk(metric, run_ids)
        for run_id in run_ids:
            if run_id not in found:
                with self._excused():
                    found[run_id] = self._paged(metric, run_id)
        return {run_id: points for run_id, points in found.items() if len(points)}

    @contextmanager
    def _excused(self) -> Iterator[None]:
        """What fails in it is missing in the end; unless nothing can be asked any more."""
        try:
            yield
        except (SourceError, BadAnswerError):
            if self._http.given_up:
                raise

    def _tasks(self, groups: Sequence[Sequence[str]], wants: Callable[[str], bool], sizes: Sizes) -> Iterator[_Task]:
        """Batches whose points are expected to fit into one answer, made one after the other while answers come in."""
        most = 0
        for number, group in enumerate(groups):
            runs_of: dict[str, list[str]] = defaultdict(list)
            for run_id in group:
                for metric in self._runs[run_id].metrics:
                    if wants(metric):
                        runs_of[metric].append(run_id)
            if not most and runs_of:
                self._probe(group[0])
                n_points = sum(sizes.of(m, self._runs[run_id].metrics[m]) for m, ids in runs_of.items() for run_id in ids)
                most = min(MAX_POINTS, max(_LEAST_POINTS, n_points * len(groups) // (2 * self._n_connections)))
            for metric in sorted(runs_of):
                yield from self._batches(number, metric, runs_of[metric], sizes, most)

    def _batches(self, group: int, metric: str, run_ids: Sequence[str], sizes: Sizes, most: int) -> Iterator[_Task]:
        batch: list[str] = []
        n_points = 0
        for run_id in run_ids:
            n_more = sizes.of(metric, self._runs[run_id].metrics[metric])
            if batch and n_points + n_more >= most:
                yield _Task(group, metric, tuple(batch), n_points >= MAX_POINTS and len(batch) == 1)
                batch, n_points = [], 0
            batch.append(run_id)
            n_points += n_more
        yield _Task(group, metric, tuple(batch), n_points >= MAX_POINTS and len(batch) == 1)

    def _probe(self, run_id: str) -> None:
        """Finds out, by a request for a metric that is not there, whether the server knows bulk requests."""
        if self._has_bulk is not None:
            return
        try:
            params = [("run_id", run_id), ("metric_key", "reportgen/probe"), ("max_results", "1")]
            self._has_bulk = isinstance(self._http.json("GET", BULK, params=params).get("metrics"), list)
        except TimeUpError:
            self._has_bulk = True  # not that it matters: each task will say that the time is up
        except SourceError:
            if self._http.given_up:
                raise
            self._has_bulk = False  # servers before 2.2, other vendors' ones, and proxies that let only the documented API pass

    def _answered(self, _: None, task: _Task) -> _Found:
        points: dict[str, Points] = {}
        problems: list[Problem] = []
        try:
            if self._has_bulk and not task.is_long and self._bulk_failures < MOST_UNANSWERED:
                points = self._bulk(task.metric, task.run_ids)
                self._bulk_failures = 0
        except TimeUpError:
            return _out_of_time(task, points)
        except (SourceError, BadAnswerError):
            if self._http.given_up:
                raise
            self._bulk_failures += 1  # each run is asked for alone below, and what fails there is said
        for run_id in task.run_ids:
            if points.get(run_id, NO_POINTS).reach(self._runs[run_id].metrics[task.metric]):
                continue
            try:
                found, problem = self._single(task.metric, run_id)
            except TimeUpError:
                return _out_of_time(task, {r: p for r, p in points.items() if p.reach(self._runs[r].metrics[task.metric])})
            problems += [problem] if problem else []
            if found is None:
                points.pop(run_id, None)
            elif len(found) >= len(points.get(run_id, NO_POINTS)):
                points[run_id] = found
        return _Found(task, points, tuple(problems))

    def _single(self, metric: str, run_id: str) -> tuple[Points | None, Problem | None]:
        where = f"run {run_id}, metric {metric}"
        if self._is_silent[metric] >= MOST_UNANSWERED:
            what = f"its history was not asked for, since those of {MOST_UNANSWERED} other runs cannot be read"
            return None, Problem("history-unreadable", where, what, "see the server's log, and run again")
        try:
            points = self._paged(metric, run_id, 1 if not self._n_read and self._is_silent.total() >= MOST_UNANSWERED else None)
        except TimeUpError:
            raise
        except (SourceError, BadAnswerError) as error:
            if self._http.given_up:
                raise
            self._is_silent[metric] += 1
            why = error.what if isinstance(error, SourceError) else str(error)
            return None, Problem(
                "history-unreadable", where, f"its history cannot be read: {why}", "see the server's log, and run again"
            )
        self._is_silent.pop(metric, None)
        self._n_read += 1
        if not len(points):
            what = "its history is empty, though it has a last value"
            return None, Problem("history-gone", where, what, "was the run deleted?")
        return points, None

    def _bulk(self, metric: str, run_ids: Sequence[str]) -> dict[str, Points]:
        """Histories of many runs. A full answer may have been cut: its last run and the absent ones are asked for again."""
        whole: dict[str, Points] = {}
        waiting = list(run_ids)
        size = self.group_size
        while waiting:
            batch = waiting[:size]
            try:
                found, last = self._bulk_answer(metric, batch)
            except RefusedError:
                if len(batch) <= _N_RUNS_GROUP_OLD:
                    raise
                self.group_size = size = _N_RUNS_GROUP_OLD
                continue
            if sum(map(len, found.values())) < MAX_POINTS:
                whole |= found
                waiting = waiting[len(batch) :]
                continue
            cut = found.pop(last)
            whole |= found
            if len(found) == 0 and len(cut) >= MAX_POINTS:
                whole[last] = self._paged(metric, last)
            waiting = [run_id for run_id in waiting if run_id not in whole]
            size = max(1, min(size, len(found)))  # as many as this answer held whole
        return whole

    def _bulk_answer(self, metric: str, run_ids: Sequence[str]) -> tuple[dict[str, Points], str]:
        """Points by run, and the run of the last row ("" without rows)."""
        params = [*(("run_id", run_id) for run_id in run_ids), ("metric_key", metric), ("max_results", str(MAX_POINTS))]
        answer = self._http.json("GET", BULK, params=params)
        if "metrics" not in answer:
            raise BadAnswerError("an answer of get-history-bulk has no metrics")
        rows = objects(answer, "metrics")
        return _by_run(rows, run_ids), str(rows[-1]["run_id"]) if rows else ""

    def _paged(self, metric: str, run_id: str, n_tries: int | None = None) -> Points:
        params = [("run_id", run_id), ("metric_key", metric), ("max_results", str(MAX_POINTS))]
        pages: list[Points] = []
        tokens: set[str] = set()
        token = ""
        while True:
            more = [("page_token", token)] if token else []
            answer = self._http.json("GET", f"{API}/metrics/get-history", params=[*params, *more], n_tries=n_tries)
            page = points_of(objects(answer, "metrics"))
            pages.append(_without_overlap(pages[-1], page) if pages else page)
            token = answer.get("next_page_token") or ""
            if not token or not len(page):
                return joined_points(pages)
            if token in tokens:
                raise BadAnswerError("its pages do not end: a page token came twice")
            tokens.add(token)

    def _chunk(self, run_ids: Sequence[str], answers: Sequence[_Found], wants: Callable[[str], bool]) -> Chunk:
        series = [
            (run_id, answer.task.metric, points) for answer in answers for run_id, points in answer.points.items() if len(points)
        ]
        read = {(run_id, metric) for run_id, metric, _ in series}
        known = [(run_id, metric) for run_id in run_ids for metric in self._runs[run_id].metrics]
        other = Counter(run_id for run_id, metric in known if not wants(metric))
        lost = Counter(run_id for run_id, metric in known if wants(metric) and (run_id, metric) not in read)
        n_points: Counter[str] = Counter()
        for run_id, _, points in series:
            n_points[run_id] += len(points)
        return Chunk(
            points=_points_table(series, {run_id: self._runs[run_id].row["experiment_id"] for run_id in run_ids}),
            stored={"points": n_points, "series": Counter(run_id for run_id, _ in known)},
            left_out={OTHER_METRIC: {"series": other}, UNREADABLE: {"series": lost}},
            problems=tuple(problem for answer in answers for problem in answer.problems),
        )


def _out_of_time(task: _Task, points: Mapping[str, Points]) -> _Found:
    todo = "give the reading more time, select fewer runs, or read the database behind the server itself"
    lost = [run_id for run_id in task.run_ids if run_id not in points]
    return _Found(task, points, tuple(Problem("time-up", f"run {run_id}", f"not read: {TIME_UP}", todo) for run_id in lost))


def _by_run(rows: Sequence[Mapping[str, Any]], run_ids: Sequence[str]) -> dict[str, Points]:
    """The points in ``rows`` by their run."""
    if not rows:
        return {}
    points = points_of(rows)
    try:
        codes = pa.array([row["run_id"] for row in rows], pa.string()).dictionary_encode()
    except (KeyError, pa.ArrowException) as error:
        raise BadAnswerError("'run_id' is missing or not text") from error
    index, words = codes.indices.to_numpy(), codes.dictionary.to_pylist()
    if unknown := set(words) - set(run_ids):
        raise BadAnswerError(f"an answer of get-history-bulk holds run {min(map(str, unknown))!r}, which was not asked for")
    if (np.diff(index) < 0).any():  # words are numbered as they first come, so that rows of a run together rise
        order = np.argsort(index, kind="stable")
        index, points = index[order], Points(points.step[order], points.time[order], points.value[order])
    bounds = np.append(np.flatnonzero(np.diff(index, prepend=-1)), len(index)).tolist()
    return {run_id: points.part(*bounds[number : number + 2]) for number, run_id in enumerate(words)}


def _without_overlap(before: Points, page: Points) -> Points:
    """``page`` without the rows that the page ``before`` ended with.

    Pages are cut by offset: points that were added before the cut shift the next page, which then begins with rows
    that have come already. No store of a server holds a point twice.
    """
    for n_rows in range(min(_SHIFT, len(before), len(page)), 0, -1):
        end = before.part(len(before) - n_rows, None)
        same = (getattr(end, name) == getattr(page, name)[:n_rows] for name in ("step", "time"))
        if all(column.all() for column in same) and np.array_equal(end.value, page.value[:n_rows], equal_nan=True):
            return page.part(n_rows, None)
    return page


def _points_table(series: Sequence[tuple[str, str, Points]], experiment_of: Mapping[str, str]) -> pa.Table:
    lengths = [len(points) for _, _, points in series]
    points = joined_points([points for _, _, points in series])
    runs = _repeated([run_id for run_id, _, _ in series], lengths)
    metrics = _repeated([metric for _, metric, _ in series], lengths)
    return history_table(experiment_of, runs, metrics, points.step, points.time, decoded(points.value))


def _repeated(words: Sequence[str], lengths: Sequence[int]) -> pa.ChunkedArray:
    """Each word as often as its length says."""
    encoded = pa.array([plain(word) for word in words], pa.string()).dictionary_encode()
    index = np.repeat(encoded.indices.to_numpy(zero_copy_only=False).astype(np.int32), lengths)
    return pa.chunked_array([pa.DictionaryArray.from_arrays(pa.array(index), encoded.dictionary)])
