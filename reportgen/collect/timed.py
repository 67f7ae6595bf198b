"""A source that is waited for no longer than the reading may take, whatever its driver does.

A locked table, a server that accepts and never answers, a folder on a dead network file system: no driver has a limit for all of
these, so each call is made by a thread of its own and left behind when the time is up. What is missing then is a gap, once runs
are known; before that there is nothing to report on. REST has its own deadline in each request.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from queue import Empty, SimpleQueue
from typing import TypeVar

import pyarrow as pa

from reportgen.collect.model_metrics import ModelMetrics
from reportgen.collect.pool import LateError, awaited
from reportgen.collect.reading import TIME_UP, TimeUpError, time_up
from reportgen.collect.selection import UNREADABLE
from reportgen.collect.source import Chunk, Cost, Counts, Details, Mark, Progress, Size, Source
from reportgen.collect.traces import Traces
from reportgen.errors import Problem
from reportgen.snapshot import SourceInfo, empty_table

T = TypeVar("T")

_TODO = "give the reading more time (limits.reading_seconds), or see what the store is busy with"


class TimedSource:
    """A ``Source`` with a deadline; also ``CountsAhead``, where that does no more than what the source does."""

    def __init__(self, opened: Callable[[], Source], seconds: float) -> None:
        """Opens the source; the time runs from now. Raises ``TimeUpError``, or what ``opened`` raises."""
        self._end = time.monotonic() + seconds
        self._seconds = seconds
        self._said: SimpleQueue[tuple[int, int, str]] = SimpleQueue()
        self._is_late = False
        self._n_series: Counter[str] = Counter()
        self._problems: list[Problem] = []
        self._source = self._awaited(opened)
        self.info: SourceInfo = self._source.info
        self.counts_points = self._source.counts_points

    def _awaited(self, work: Callable[[], T], progress: Progress | None = None) -> T:
        """Raises ``TimeUpError``."""
        if not self._is_late:
            try:
                return awaited(work, self._end, "reportgen-store", lambda: self._tell(progress))
            except LateError:
                self._is_late = True
            except (KeyboardInterrupt, SystemExit):  # the thread is still in its call
                self._is_late = True
                raise
        raise time_up(self._seconds)

    def _tell(self, progress: Progress | None) -> None:
        """Pass on what the source's thread said, in the thread that waits."""
        while True:
            try:
                said = self._said.get_nowait()
            except Empty:
                return
            if progress is not None:
                progress(*said)

    def _saying(self, done: int, total: int, what: str) -> None:
        self._said.put((done, total, what))

    def _or(self, otherwise: T, where: str, work: Callable[[], T]) -> T:
        """``work()``, or ``otherwise`` and a gap when the time is up."""
        try:
            return self._awaited(work)
        except TimeUpError:
            if where:
                self._problems.append(Problem("time-up", where, f"not read: {TIME_UP}", _TODO))
            return otherwise

    @property
    def problems(self) -> tuple[Problem, ...]:
        return (*self._source.problems, *self._problems)

    @property
    def unread(self) -> Mapping[str, str]:
        return self._source.unread

    def close(self) -> None:
        """Nothing when a thread is still in a call: drivers do not bear to be closed then, and the process ends soon."""
        if not self._is_late:
            self._source.close()

    # --- without which there is no report ---

    def experiments(self) -> pa.Table:
        return self._awaited(self._source.experiments)

    def runs(self, experiment_ids: Sequence[str]) -> pa.Table:
        return self._awaited(lambda: self._source.runs(experiment_ids))

    def tagged(self, key: str) -> frozenset[str]:
        return self._awaited(lambda: self._source.tagged(key))

    def matching(self, runs: pa.Table, details: Details, filter: str) -> frozenset[str]:
        return self._awaited(lambda: self._source.matching(runs, details, filter))

    def details(self, run_ids: Sequence[str], progress: Progress) -> Details:
        found = self._awaited(lambda: self._source.details(run_ids, self._saying), progress)
        self._n_series.update(found.metrics.column("run_id").to_pylist())
        return found

    # --- without which it has gaps ---

    def history(self, run_ids: Sequence[str], wants: Callable[[str], bool], progress: Progress) -> Iterator[Chunk]:
        done = 0
        place = {run_id: at for at, run_id in enumerate(run_ids)}
        try:
            chunks = self._awaited(lambda: iter(self._source.history(run_ids, wants, self._saying)))
            while (chunk := self._awaited(lambda: next(chunks, None), progress)) is not None:
                counted = (of for counts in (chunk.stored, *chunk.left_out.values()) for of in counts.values())
                told = {*chunk.points.column("run_id").unique().to_pylist(), *(run_id for of in counted for run_id in of)}
                done = max([done, *(place[run_id] + 1 for run_id in told)])
                yield chunk
        except TimeUpError:
            lost = {run_id: self._n_series[run_id] for run_id in run_ids[done:] if self._n_series[run_id]}
            problems = tuple(Problem("time-up", f"run {run_id}", f"not read: {TIME_UP}", _TODO) for run_id in lost)
            yield Chunk(empty_table("history"), {"series": lost}, {UNREADABLE: {"series": lost}}, problems)

    def models(self, experiment_ids: Sequence[str]) -> tuple[pa.Table, int]:
        return self._or((empty_table("models"), 0), "models", lambda: self._source.models(experiment_ids))

    def traces(self, experiment_ids: Sequence[str], *, texts: bool = False) -> Traces:
        return self._or(Traces(empty_table("traces"), {}), "traces", lambda: self._source.traces(experiment_ids, texts=texts))

    def model_metrics(self, experiment_ids: Sequence[str]) -> ModelMetrics:
        none = ModelMetrics(empty_table("model_metrics"))
        return self._or(none, "metrics of models", lambda: self._source.model_metrics(experiment_ids))

    def artifacts(self, runs: pa.Table) -> pa.Table:
        where = "artifacts" if self.info.kind in ("sqlite", "files") else ""  # the others list none
        return self._or(empty_table("artifacts"), where, lambda: self._source.artifacts(runs))

    def counts(self, run_ids: Sequence[str]) -> Counts:
        return self._or({}, "counts of runs that are left out" if run_ids else "", lambda: self._source.counts(run_ids))

    # --- without which everything is read ---

    def sizes(self, run_ids: Sequence[str], wants: Callable[[str], bool]) -> Mapping[str, Size]:
        return self._or({}, "", lambda: self._source.sizes(run_ids, wants))

    def stamp(self) -> str:
        return self._or("", "", self._source.stamp)

    def marks(self, run_ids: Sequence[str]) -> Mapping[str, Mark]:
        return self._or({}, "", lambda: self._source.marks(run_ids))

    def count_ahead(self) -> None:
        count_ahead = getattr(self._source, "count_ahead", None)
        if count_ahead is not None:
            count_ahead()

    def cost(self, n_runs: int, n_series: int, n_points: int) -> Cost:
        return self._source.cost(n_runs, n_series, n_points)
