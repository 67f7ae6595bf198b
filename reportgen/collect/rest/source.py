"""MLflow's REST API, read so that nothing is missing without being said.

The protocol is that of ``mlflow/server/handlers.py``; what its answers leave open is closed in ``rest.lists`` (pages that
move, lists that are empty) and ``rest.points`` (answers that are cut, histories without their end). This module puts
them together as a ``Source``.

Compared with a database: points of runs that are left out are not counted, deleted models are not shown, and artifacts
are not listed. A point that is added to an older step of a run that ended long ago cannot be seen in the list of runs;
with a cache, such a run is read again every sixteenth day (``RestSource.marks``).
"""

from __future__ import annotations

import hashlib
import math
import os
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from reportgen.collect.canonical_rows import rows_table
from reportgen.collect.filters import LikeRules, bad_filter, clauses_of, runs_that_match
from reportgen.collect.model_metrics import ModelMetrics, Place, rest_model_metrics
from reportgen.collect.pool import in_order
from reportgen.collect.reading import Reading
from reportgen.collect.rest.lists import PAGE, Lists
from reportgen.collect.rest.points import MAX_POINTS, Histories, expected
from reportgen.collect.rest.rate_limit import RateLimit
from reportgen.collect.rest.rows import Run
from reportgen.collect.rest.session import Limits, RefusedError, Transport
from reportgen.collect.source import Chunk, Cost, Counts, Details, Mark, Progress, Size
from reportgen.collect.traces import Traces, rest_traces
from reportgen.errors import ConfigError, Problem
from reportgen.formats import plural
from reportgen.snapshot import EVALUATION_MARKS, SCHEMAS, SourceInfo

_SECONDS_PER_POINT = 35e-6
_SECONDS_PER_CALL = 0.02
_DAY = 86_400
_N_DAYS = 16
"""A run that looks unchanged is read again after so many days."""
_ENDED = frozenset({"FINISHED", "FAILED", "KILLED"})


def rest_source(uri: str, reading: Reading) -> RestSource:
    return RestSource(uri, os.environ, Limits(), reading)


class RestSource:
    """An MLflow server. Raises ``SourceError`` when it cannot be reached, refuses, or is something else."""

    counts_points = False

    def __init__(
        self,
        uri: str,
        environment: Mapping[str, str],
        limits: Limits,
        reading: Reading = Reading(),  # noqa: B008 (frozen)
        *,
        kind: str = "rest",
        clock: Callable[[], float] = time.time,
    ) -> None:
        """``clock`` tells the seconds since 1970; ages of runs and the day of a reading are taken from it."""
        self._http = Transport(uri, environment, limits, RateLimit(reading.own_calls_per_second, reading.seconds))
        self._n_connections = reading.n_connections
        self._clock = clock
        self._problems: list[Problem] = []
        self._runs: dict[str, Run] = {}
        self._lists = Lists(self._http, reading.n_connections)
        self._histories = Histories(self._http, self._runs, reading.n_connections)
        try:
            self._experiments = self._lists.experiments()
            self.info = SourceInfo(kind, self._http.public_uri, self._lists.version())
        except BaseException:
            self._http.close()
            raise

    @property
    def problems(self) -> tuple[Problem, ...]:
        return (*self._http.problems, *self._lists.problems, *self._problems)

    @property
    def unread(self) -> Mapping[str, str]:
        return self._lists.unread

    def close(self) -> None:
        self._http.close()

    # --- what is there ---

    def experiments(self) -> pa.Table:
        return rows_table("experiments", [row | {"source": self.info.uri} for row in self._experiments])

    def runs(self, experiment_ids: Sequence[str]) -> pa.Table:
        n_runs: dict[str, int] = {}
        listed = in_order([None] * self._n_connections, lambda _, id_: self._lists.runs(id_), experiment_ids)
        for id_, runs in zip(experiment_ids, listed, strict=True):
            self._runs.update(runs)
            n_runs[id_] = len(runs)
        if empty := [id_ for id_, n in n_runs.items() if not n and id_ not in self.unread]:
            busy = min((id_ for id_, n in n_runs.items() if n), key=n_runs.__getitem__, default=None)
            others = [row["experiment_id"] for row in self._experiments if row["experiment_id"] not in n_runs]
            self._lists.check_empty(empty, [busy] if busy else others)
        return rows_table("runs", [run.row for run in self._runs.values()])

    def tagged(self, key: str) -> frozenset[str]:
        return frozenset(run_id for run_id, run in self._runs.items() if key in run.tags)

    def details(self, run_ids: Sequence[str], progress: Progress) -> Details:
        progress(len(run_ids), len(run_ids), "reading runs")
        runs = [(run_id, self._runs[run_id]) for run_id in run_ids if run_id not in self._lists.bad_runs]
        of = {run_id: {"experiment_id": run.row["experiment_id"], "run_id": run_id} for run_id, run in runs}
        metrics = [
            {**of[id_], "metric": metric, "step": step, "timestamp": time, "value": value}
            for id_, run in runs
            for metric, (step, time, value) in run.metrics.items()
        ]
        return Details(
            params=rows_table(
                "params", [{**of[id_], "key": key, "value": value} for id_, run in runs for key, value in run.params]
            ),
            tags=rows_table(
                "tags", [{**of[id_], "key": key, "value": value} for id_, run in runs for key, value in run.tags.items()]
            ),
            metrics=rows_table("metrics", metrics),
            datasets=rows_table("datasets", [{**of[id_], **dataset} for id_, run in runs for dataset in run.datasets]),
            stored=self.counts(run_ids),
            unreadable={run_id: why for run_id, why in self._lists.bad_runs.items() if run_id in set(run_ids)},
        )

    def matching(self, runs: pa.Table, details: Details, filter: str) -> frozenset[str]:
        """The server's own answer, read like every list; where it finds nothing, which may be no answer, we look ourselves."""
        candidates = frozenset(runs.column("run_id").to_pylist())
        ids = sorted(set(runs.column("experiment_id").to_pylist()))
        try:
            found = list(in_order([None] * self._n_connections, lambda _, id_: self._lists.matching(id_, filter), ids))
        except RefusedError as error:
            raise bad_filter(filter, error.what) from error
        unsure = {id_ for id_, run_ids in zip(ids, found, strict=True) if not run_ids}
        return candidates & frozenset().union(*found, self._overlooked(runs, details, filter, unsure))

    def _overlooked(self, runs: pa.Table, details: Details, filter: str, experiment_ids: Collection[str]) -> frozenset[str]:
        """The runs of these experiments that match by the values that the server listed. LIKE is not asked: stores differ in it."""
        rows = runs.filter(pc.is_in(runs.column("experiment_id"), pa.array(sorted(experiment_ids), pa.string())))
        try:
            clauses = clauses_of(filter) if rows.num_rows else ()
        except ConfigError:  # a newer server understands more
            return frozenset()
        if not clauses or any(clause.comparator in ("LIKE", "ILIKE") for clause in clauses):
            return frozenset()
        found = runs_that_match(clauses, rows, details, LikeRules())
        if found:
            what = f"the server finds no run by the filter in experiments where {plural(len(found), 'run')} that it listed match; they are reported"
            todo = "see what the server, or a proxy before it, answers to runs/search"
            self._problems.append(Problem("filter-unanswered", self._http.public_uri, what, todo, "warning"))
        return found

    def counts(self, run_ids: Sequence[str]) -> Counts:
        runs = [(run_id, self._runs[run_id]) for run_id in run_ids if run_id in self._runs]
        return {
            "series": {run_id: len(run.metrics) for run_id, run in runs},
            "params": {run_id: len(run.params) for run_id, run in runs},
            "tags": {run_id: len(run.tags) for run_id, run in runs},
            "datasets": {run_id: len(run.datasets) for run_id, run in runs},
        }

    def sizes(self, run_ids: Sequence[str], wants: Callable[[str], bool]) -> Mapping[str, Size]:
        """From the last steps, which is right for series that log each step once from 0."""
        wanted = {id_: [point for metric, point in self._runs[id_].metrics.items() if wants(metric)] for id_ in run_ids}
        return {run_id: Size(sum(map(expected, points)), len(points)) for run_id, points in wanted.items()}

    def artifacts(self, runs: pa.Table) -> pa.Table:  # noqa: ARG002 (a call for each folder would be needed)
        return SCHEMAS["artifacts"].empty_table()

    def cost(self, n_runs: int, n_series: int, n_points: int) -> Cost:
        n_calls = 8 + -(-n_runs // PAGE)
        if n_runs:
            per_group = max(1, -(-n_points // max(1, n_series) * min(n_runs, self._histories.group_size) // MAX_POINTS))
            n_calls += -(-n_series * per_group // min(n_runs, self._histories.group_size))
        return Cost(n_calls, n_calls * _SECONDS_PER_CALL + 1.5e-3 * n_runs + n_points * _SECONDS_PER_POINT)

    def stamp(self) -> str:
        return ""

    def marks(self, run_ids: Sequence[str]) -> Mapping[str, Mark]:
        """From what the list of runs tells, for runs that ended more than a day ago: status, end, and all last values.

        The list does not tell that a point was added to an older step of such a run, or one of the same step and time
        with a lower value. Therefore each run's mark also changes every sixteenth day, on a day that its id chooses, so
        that a sixteenth of them is read again each day. Running and fresh runs have none and are always read.
        """
        now = self._clock()
        wanted = {run_id: self._runs[run_id] for run_id in run_ids if run_id not in self._lists.bad_runs}
        found = {run_id: _mark(run, int(now) // _DAY) for run_id, run in wanted.items() if _is_settled(run, now)}
        if found:
            what = (
                f"a server does not tell of points that are added to earlier steps: runs that ended more than a day ago and whose last "
                f"values are the same are taken from the cache, and read again every {_N_DAYS} days"
            )
            todo = "to read everything anew, build without the cache"
            note = Problem("cache-by-last-values", self._http.public_uri, what, todo, "note")
            self._problems += [note] if note not in self._problems else []
        return found

    def history(self, run_ids: Sequence[str], wants: Callable[[str], bool], progress: Progress) -> Iterator[Chunk]:
        return self._histories.chunks(run_ids, wants, progress)

    def models(self, experiment_ids: Sequence[str]) -> tuple[pa.Table, int]:
        return self._lists.models(experiment_ids)

    def traces(self, experiment_ids: Sequence[str], *, texts: bool = False) -> Traces:
        marked = {
            run_id: str(run.row["experiment_id"])
            for run_id, run in self._runs.items()
            if any(run.tags.get(tag) == value for tag, value in EVALUATION_MARKS.items())
        }
        found = rest_traces(self._http, experiment_ids, marked, texts=texts)
        self._problems += found.problems
        return found

    def model_metrics(self, experiment_ids: Sequence[str]) -> ModelMetrics:  # noqa: ARG002 (those of the models that were listed)
        found = rest_model_metrics(self._lists.logged_models, self._is_nan)
        self._problems += found.problems
        return found

    def _is_nan(self, places: Collection[Place]) -> Mapping[Place, bool]:
        """Whether runs have NaN at ``places``: from their last values, else from histories, which are read for it."""
        found: dict[Place, bool] = {}
        open_: dict[str, set[str]] = defaultdict(set)
        for place in places:
            run_id, metric, *at = place
            last = self._runs[run_id].metrics.get(metric) if run_id in self._runs else None
            if last is not None and at == [last.step, last.time]:
                found[place] = math.isnan(last.value)
            elif run_id:
                open_[metric].add(run_id)
        nans = self._histories.nans({metric: sorted(run_ids) for metric, run_ids in sorted(open_.items())})
        return found | {place: place[2:] in nans[place[:2]] for place in places if place not in found and place[:2] in nans}


def _is_settled(run: Run, now: float) -> bool:
    end = run.row["end_time"]
    return run.row["status"] in _ENDED and end is not None and end < (now - _DAY) * 1000


def _mark(run: Run, day: int) -> Mark:
    offset = int.from_bytes(hashlib.sha256(str(run.row["run_id"]).encode()).digest()[:4])
    round_ = (day + offset) // _N_DAYS
    status = [run.row[name] for name in ("status", "end_time", "lifecycle")]
    text = repr((round_, status, sorted((metric, *map(repr, point)) for metric, point in run.metrics.items())))
    return Mark(hashlib.sha256(text.encode()).hexdigest(), None, len(run.metrics))
