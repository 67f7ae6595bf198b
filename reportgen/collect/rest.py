"""MLflow's REST API, read so that nothing is missing without being said.

The protocol is that of ``mlflow/server/handlers.py``; what its answers leave open is closed here. Lists are paged by
offset, so a list of several pages is read again until it stays the same. ``get-history-bulk`` cuts its answer at
25,000 points without a sign, so the last run of a full answer is asked for again, alone if need be. A server counts
nothing, so the last value of each series, which the list of runs carries, must turn up in its history. An empty list
is asked for twice and checked against the right to read.

Compared with a database: points of runs that are left out are not counted, deleted models are not shown, and artifacts
are not listed.
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from reportgen.collect.filters import bad_filter
from reportgen.collect.http import Limits, NotFoundError, RefusedError, Transport
from reportgen.collect.model_metrics import ModelMetrics, rest_model_metrics
from reportgen.collect.normal import decoded, history_table, plain, rows_table
from reportgen.collect.pool import in_order
from reportgen.collect.reading import Reading
from reportgen.collect.selection import OTHER_METRIC, UNREADABLE
from reportgen.collect.source import Chunk, Cost, Counts, Details, Mark, Progress, Size
from reportgen.collect.traces import Traces, rest_traces
from reportgen.errors import Problem, SourceError
from reportgen.snapshot import SCHEMAS, SourceInfo

_API = "api/2.0/mlflow"
_AJAX = "ajax-api/2.0/mlflow"
_PAGE = 5_000
_MAX_POINTS = 25_000
"""The server's own limit for one answer of points."""
_MAX_GUESS = 1_000_000
_N_RUNS_GROUP = 100
"""Runs in one bulk request since MLflow 2.11."""
_N_RUNS_GROUP_OLD = 20
"""The same before."""
_N_THREADS = 4
_MAX_ROUNDS = 4
_MAX_STALE_PAGES = 10
"""Pages in a row that bring nothing new; a server that hides what may not be seen sends a few."""
_SECONDS_PER_POINT = 35e-6
_SECONDS_PER_CALL = 0.02

Point = tuple[int, int, float]
"""(step, timestamp, value)."""


def rest_source(uri: str, reading: Reading) -> RestSource:  # noqa: ARG001 (a row of READERS)
    return RestSource(uri, os.environ, Limits())


class BadAnswerError(Exception):
    """An answer that is JSON but not what MLflow sends."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run as the server lists it, in our words."""

    row: Mapping[str, Any]
    params: tuple[tuple[str, str], ...]
    tags: Mapping[str, str]
    metrics: Mapping[str, Point]
    """Last values."""
    datasets: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Task:
    """One bulk request: the histories of one metric in a few runs."""

    group: int
    metric: str
    run_ids: tuple[str, ...]


class RestSource:
    """An MLflow server. Raises ``SourceError`` when it cannot be reached, refuses, or is something else."""

    counts_points = False

    def __init__(self, uri: str, environment: Mapping[str, str], limits: Limits) -> None:
        self._http = Transport(uri, environment, limits)
        self._problems: list[Problem] = []
        self._runs: dict[str, Run] = {}
        self._bad_runs: dict[str, str] = {}
        self._logged_models: list[Mapping[str, Any]] = []
        self._has_bulk = True
        self._group_size = _N_RUNS_GROUP
        try:
            self._experiments = self._all_experiments()
            self.info = SourceInfo("rest", self._http.public_uri, self._version())
        except BaseException:
            self._http.close()
            raise

    @property
    def problems(self) -> tuple[Problem, ...]:
        return (*self._http.problems, *self._problems)

    def close(self) -> None:
        self._http.close()

    # --- what is there ---

    def experiments(self) -> pa.Table:
        return rows_table("experiments", [row | {"source": self.info.uri} for row in self._experiments])

    def runs(self, experiment_ids: Sequence[str]) -> pa.Table:
        for listed in in_order([None] * _N_THREADS, lambda _, id_: self._listed(id_), experiment_ids):
            self._runs |= listed
        if experiment_ids and not self._runs and not any(p.slug == "experiment-unreadable" for p in self._problems):
            what = f"the server lists no runs in {len(experiment_ids)} experiments, asked twice"
            todo = "it answers the same to a user who may not see them: check the user's permissions"
            self._problems.append(Problem("no-runs", self._http.public_uri, what, todo, "warning"))
        return rows_table("runs", [run.row for run in self._runs.values()])

    def tagged(self, key: str) -> frozenset[str]:
        return frozenset(run_id for run_id, run in self._runs.items() if key in run.tags)

    def details(self, run_ids: Sequence[str], progress: Progress) -> Details:
        progress(len(run_ids), len(run_ids), "reading runs")
        runs = [(run_id, self._runs[run_id]) for run_id in run_ids if run_id not in self._bad_runs]
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
            unreadable={run_id: why for run_id, why in self._bad_runs.items() if run_id in set(run_ids)},
        )

    def matching(self, runs: pa.Table, details: Details, filter: str) -> frozenset[str]:  # noqa: ARG002 (the server has them)
        """The server's own answer, read like every list."""
        candidates = set(runs.column("run_id").to_pylist())
        found: set[str] = set()
        for experiment_id in sorted(set(runs.column("experiment_id").to_pylist())):
            try:
                rows = self._stable(lambda token, id_=experiment_id: self._run_page(id_, token, filter), "runs", _run_id)  # type: ignore[misc]
            except RefusedError as error:
                raise bad_filter(filter, error.what) from error
            found |= set(rows)
        return frozenset(found & candidates)

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
        return {run_id: Size(sum(map(_expected, points)), len(points)) for run_id, points in wanted.items()}

    def artifacts(self, runs: pa.Table) -> pa.Table:  # noqa: ARG002 (a call for each folder would be needed)
        return SCHEMAS["artifacts"].empty_table()

    def cost(self, n_runs: int, n_series: int, n_points: int) -> Cost:
        n_calls = 8 + -(-n_runs // _PAGE)
        if n_runs:
            per_group = max(1, -(-n_points // max(1, n_series) * min(n_runs, self._group_size) // _MAX_POINTS))
            n_calls += -(-n_series * per_group // min(n_runs, self._group_size))
        return Cost(n_calls, n_calls * _SECONDS_PER_CALL + 1.5e-3 * n_runs + n_points * _SECONDS_PER_POINT)

    def stamp(self) -> str:
        return ""

    def marks(self, run_ids: Sequence[str]) -> Mapping[str, Mark]:  # noqa: ARG002 (every run is read again)
        return {}

    # --- lists ---

    def _all_experiments(self) -> list[dict[str, Any]]:
        try:
            rows = self._stable(self._experiment_page, "experiments", lambda row: _text(row, "experiment_id"))
        except NotFoundError as error:
            raise SourceError(
                "not-mlflow",
                f"{self._http.public_uri} knows no {_API}/experiments/search",
                allowed="an MLflow server of version 1.28 or newer",
                todo="check the URL: it ends where MLflow's own pages begin, without /api or /#/",
            ) from error
        except BadAnswerError as error:
            raise SourceError(
                "not-mlflow",
                f"{self._http.public_uri} does not answer as an MLflow server: {error}",
                todo="check the URL and the proxy before the server",
            ) from error
        if not rows:
            what = "the server shows no experiment, not even a deleted one"
            todo = "it answers the same to a user who may not see them: check the user's permissions"
            self._problems.append(Problem("no-experiments", self._http.public_uri, what, todo, "warning"))
        return [_experiment(row) for row in rows.values()]

    def _experiment_page(self, token: str) -> Mapping[str, Any]:
        body = {"max_results": 1000, "view_type": "ALL"} | ({"page_token": token} if token else {})
        return self._http.json("POST", f"{_API}/experiments/search", body=body)

    def _listed(self, experiment_id: str) -> dict[str, Run]:
        """Every run of one experiment; one that may not be read, or not understood, becomes a problem."""
        try:
            rows = self._stable(lambda token: self._run_page(experiment_id, token), "runs", _run_id)
            if not rows:
                self._check_readable(experiment_id)
        except (SourceError, BadAnswerError) as error:
            if self._http.given_up:
                raise
            what = error.what if isinstance(error, SourceError) else f"its runs cannot be understood: {error}"
            todo = (error.todo or "") if isinstance(error, SourceError) else "see what the server, or a proxy before it, sends"
            self._problems.append(Problem("experiment-unreadable", f"experiment {experiment_id}", what, todo))
            return {}
        return {run_id: self._understood(run_id, row) for run_id, row in rows.items()}

    def _understood(self, run_id: str, row: Mapping[str, Any]) -> Run:
        try:
            return _run(row)
        except BadAnswerError as error:
            self._bad_runs[run_id] = str(error)
            info = row["info"]
            place = {
                "run_id": run_id,
                "experiment_id": str(info.get("experiment_id", "")),
                "name": "",
                "status": "",
                "lifecycle": "active",
            }
            return Run(place, (), {}, {}, ())

    def _run_page(self, experiment_id: str, token: str, filter: str = "") -> Mapping[str, Any]:
        body: dict[str, Any] = {
            "experiment_ids": [experiment_id],
            "run_view_type": "ALL",
            "max_results": _PAGE,
            "order_by": ["attributes.start_time ASC"],  # so that new runs come last, and no page shifts
        }
        body |= {"filter": filter} if filter else {}
        body |= {"page_token": token} if token else {}
        return self._http.json("POST", f"{_API}/runs/search", body=body)

    def _check_readable(self, experiment_id: str) -> None:
        """An empty list may also mean that the runs may not be seen; the experiment itself is then refused."""
        self._http.json("GET", f"{_API}/experiments/get", params=[("experiment_id", experiment_id)])

    def _stable(
        self, page: Callable[[str], Mapping[str, Any]], key: str, id_of: Callable[[Mapping[str, Any]], str]
    ) -> dict[str, Mapping[str, Any]]:
        """The rows of all pages by id; more than one page, or none, is read again until it stays the same."""
        rows, n_pages = self._pages(page, key, id_of)
        for _ in range(_MAX_ROUNDS - 1):
            if n_pages == 1 and rows:
                return rows
            again, n_pages = self._pages(page, key, id_of)
            if again.keys() == rows.keys():
                return again
            rows = again
        what = f"the list of {key} changed each of the {_MAX_ROUNDS} times it was read; its last state is reported"
        self._problems.append(Problem("list-unstable", self._http.public_uri, what, "run again in a calmer moment", "warning"))
        return rows

    def _pages(
        self, page: Callable[[str], Mapping[str, Any]], key: str, id_of: Callable[[Mapping[str, Any]], str]
    ) -> tuple[dict[str, Mapping[str, Any]], int]:
        rows: dict[str, Mapping[str, Any]] = {}
        tokens: set[str] = set()
        token = ""
        n_stale = 0
        while True:
            answer = page(token)
            found = {id_of(row): row for row in _list(answer, key)}
            n_stale = n_stale + 1 if found.keys() <= rows.keys() else 0
            rows |= found
            token = answer.get("next_page_token") or ""
            if not token or not isinstance(token, str):
                return rows, len(tokens) + 1
            if token in tokens or n_stale > _MAX_STALE_PAGES:
                what = f"the server's list of {key} does not end, its pages repeat; {len(rows):,} are reported"
                self._problems.append(Problem("list-endless", self._http.public_uri, what, "update the server or its proxy"))
                return rows, 1
            tokens.add(token)

    def _version(self) -> str:
        try:
            text = self._http.text("version").strip()
        except SourceError:
            return ""  # servers before 1.21, and other vendors' ones, do not say
        return text if len(text) < 40 and text[:1].isdigit() else ""

    # --- models ---

    def models(self, experiment_ids: Sequence[str]) -> tuple[pa.Table, int]:
        rows: list[dict[str, Any]] = []
        for what, read in (
            ("registered models", self._registered),
            ("model versions", self._versions),
            ("logged models", lambda: self._logged(experiment_ids)),
        ):
            try:
                rows += read()
            except (SourceError, BadAnswerError) as error:
                if self._http.given_up:
                    raise
                text = error.what if isinstance(error, SourceError) else f"the answer cannot be understood: {error}"
                self._problems.append(Problem("models-unreadable", what, text, "check the user's permissions"))
        aliases = {(r["name"], v): a for r in rows if r["kind"] == "registered" for v, a in r["alias_of"].items()}
        for row in rows:
            row["aliases"] = sorted(aliases.get((row["name"], row["version"]), [])) if row["kind"] == "version" else []
        return rows_table("models", rows), len(rows)

    def _registered(self) -> list[dict[str, Any]]:
        return [_registered(row) for row in self._registry("registered-models/search", "registered_models", 1000)]

    def _versions(self) -> list[dict[str, Any]]:
        return [_version_row(row) for row in self._registry("model-versions/search", "model_versions", 10_000)]

    def _registry(self, path: str, key: str, page_size: int) -> list[Mapping[str, Any]]:
        """Models and, which the server lists only when asked for, prompts."""

        def page(token: str, filter: str) -> Mapping[str, Any]:
            pairs = {"max_results": str(page_size), "filter": filter, "page_token": token}
            return self._http.json("GET", f"{_API}/{path}", params=[(k, v) for k, v in pairs.items() if v])

        def id_of(row: Mapping[str, Any]) -> str:
            return f"{_text(row, 'name')}\0{row.get('version', '')}"

        found = self._stable(lambda token: page(token, ""), key, id_of)
        with suppress(RefusedError):  # servers before 2.21 have no prompts, and older ones no filter by tag
            found |= self._stable(lambda token: page(token, "tags.`mlflow.prompt.is_prompt` = 'true'"), key, id_of)
        return list(found.values())

    def _logged(self, experiment_ids: Sequence[str]) -> list[dict[str, Any]]:
        rows: list[Mapping[str, Any]] = []
        for start in range(0, len(experiment_ids), 50):
            ids = list(experiment_ids[start : start + 50])

            def page(token: str, ids: list[str] = ids) -> Mapping[str, Any]:
                body = {"experiment_ids": ids, "max_results": 50} | ({"page_token": token} if token else {})
                return self._http.json("POST", f"{_API}/logged-models/search", body=body)

            try:
                rows += self._stable(page, "models", lambda row: _text(_dict(row, "info"), "model_id")).values()
            except NotFoundError:
                return []  # servers before 3.0 have no logged models
        self._logged_models = rows
        return [_logged(row["info"]) for row in rows]

    def traces(self, experiment_ids: Sequence[str]) -> Traces:
        found = rest_traces(self._http, experiment_ids)
        self._problems += found.problems
        return found

    def model_metrics(self, experiment_ids: Sequence[str]) -> ModelMetrics:  # noqa: ARG002 (those of the models that were listed)
        return rest_model_metrics(self._logged_models)

    # --- histories ---

    def history(self, run_ids: Sequence[str], wants: Callable[[str], bool], progress: Progress) -> Iterator[Chunk]:
        groups = [run_ids[start : start + _N_RUNS_GROUP] for start in range(0, len(run_ids), _N_RUNS_GROUP)]
        tasks = [task for number, group in enumerate(groups) for task in self._tasks(number, group, wants)]
        collected: dict[int, list[tuple[_Task, dict[str, list[Point]], list[Problem]]]] = defaultdict(list)
        left = Counter(task.group for task in tasks)
        waiting = 0
        answers = in_order([None] * _N_THREADS, lambda _, task: self._answered(task), tasks)
        for done, (task, points, problems) in enumerate(answers, start=1):
            progress(done, len(tasks), "reading histories")
            collected[task.group].append((task, points, problems))
            left[task.group] -= 1
            while waiting < len(groups) and not left[waiting]:
                yield self._chunk(groups[waiting], collected.pop(waiting, []), wants)
                waiting += 1
        for number in range(waiting, len(groups)):
            yield self._chunk(groups[number], [], wants)

    def _tasks(self, group: int, run_ids: Sequence[str], wants: Callable[[str], bool]) -> Iterator[_Task]:
        """Batches whose points are expected to fit into one answer."""
        for metric in sorted({metric for run_id in run_ids for metric in self._runs[run_id].metrics if wants(metric)}):
            batch: list[str] = []
            size = 0
            for run_id in (run_id for run_id in run_ids if metric in self._runs[run_id].metrics):
                expected = _expected(self._runs[run_id].metrics[metric])
                if batch and size + expected >= _MAX_POINTS:
                    yield _Task(group, metric, tuple(batch))
                    batch, size = [], 0
                batch.append(run_id)
                size += expected
            yield _Task(group, metric, tuple(batch))

    def _answered(self, task: _Task) -> tuple[_Task, dict[str, list[Point]], list[Problem]]:
        """The points of one task by run; a run that could not be read is not among them, and a problem says so."""
        points: dict[str, list[Point]] = {}
        problems: list[Problem] = []
        try:
            # A series that alone fills an answer is paged at once, by the loop below.
            is_long = len(task.run_ids) == 1 and _expected(self._runs[task.run_ids[0]].metrics[task.metric]) >= _MAX_POINTS
            points = self._bulk(task.metric, task.run_ids) if self._has_bulk and not is_long else {}
        except NotFoundError:
            self._has_bulk = False  # servers before 2.2, and other vendors' ones
        except (SourceError, BadAnswerError):
            if self._http.given_up:
                raise
            points = {}  # each run is asked for alone below, and what fails there is said
        for run_id in task.run_ids:
            last = self._runs[run_id].metrics[task.metric]
            if not _holds(points.get(run_id, []), last):
                found, problem = self._single(task.metric, run_id)
                problems += [problem] if problem else []
                if found is None:
                    points.pop(run_id, None)
                elif len(found) >= len(points.get(run_id, [])):
                    points[run_id] = found
        return task, points, problems

    def _single(self, metric: str, run_id: str) -> tuple[list[Point] | None, Problem | None]:
        where = f"run {run_id}, metric {metric}"
        try:
            points = self._paged(metric, run_id)
        except (SourceError, BadAnswerError) as error:
            if self._http.given_up:
                raise
            why = error.what if isinstance(error, SourceError) else str(error)
            return None, Problem("history-unreadable", where, f"its history cannot be read: {why}", "run again")
        if not points:
            return None, Problem(
                "history-gone", where, "its history is empty, though it has a last value", "was the run deleted?"
            )
        return points, None

    def _bulk(self, metric: str, run_ids: Sequence[str]) -> dict[str, list[Point]]:
        """Histories of many runs. A full answer may have been cut: its last run and the absent ones are asked for again."""
        whole: dict[str, list[Point]] = {}
        waiting = list(run_ids)
        size = self._group_size
        while waiting:
            batch = waiting[:size]
            try:
                found, n_rows = self._bulk_answer(metric, batch)
            except RefusedError:
                if len(batch) <= _N_RUNS_GROUP_OLD:
                    raise
                self._group_size = size = _N_RUNS_GROUP_OLD
                continue
            if n_rows < _MAX_POINTS:
                whole |= found
                waiting = waiting[len(batch) :]
                continue
            cut = list(found)[-1]
            whole |= {run_id: points for run_id, points in found.items() if run_id != cut}
            if len(batch) == 1:
                whole[cut] = self._paged(metric, cut)
                waiting = waiting[1:]
            else:
                waiting = [run_id for run_id in waiting if run_id not in whole]
                size = max(1, len(batch) // 2)
        return whole

    def _bulk_answer(self, metric: str, run_ids: Sequence[str]) -> tuple[dict[str, list[Point]], int]:
        """Points by run in the order of the answer, and how many rows it had."""
        params = [*(("run_id", run_id) for run_id in run_ids), ("metric_key", metric), ("max_results", str(_MAX_POINTS))]
        answer = self._http.json("GET", f"{_AJAX}/metrics/get-history-bulk", params=params)
        if "metrics" not in answer:
            raise BadAnswerError("an answer of get-history-bulk has no metrics")
        rows = _list(answer, "metrics")
        found: dict[str, list[Point]] = {}
        for row in rows:
            run_id = _text(row, "run_id")
            if run_id not in found and run_id not in run_ids:
                raise BadAnswerError(f"an answer of get-history-bulk holds run {run_id!r}, which was not asked for")
            points = found.pop(run_id, [])  # taken out and put back, so that the run of the last row is the last key
            points.append(_point(row))
            found[run_id] = points
        return found, len(rows)

    def _paged(self, metric: str, run_id: str) -> list[Point]:
        params = [("run_id", run_id), ("metric_key", metric), ("max_results", str(_MAX_POINTS))]
        points: list[Point] = []
        tokens: set[str] = set()
        token = ""
        while True:
            page = self._http.json(
                "GET", f"{_API}/metrics/get-history", params=[*params, *([("page_token", token)] if token else [])]
            )
            rows = _list(page, "metrics")
            points += [_point(row) for row in rows]
            token = page.get("next_page_token") or ""
            if not token or not rows:
                return points
            if token in tokens:
                raise BadAnswerError("its pages do not end: a page token came twice")
            tokens.add(token)

    def _chunk(
        self,
        run_ids: Sequence[str],
        answers: Sequence[tuple[_Task, dict[str, list[Point]], list[Problem]]],
        wants: Callable[[str], bool],
    ) -> Chunk:
        series = [(run_id, task.metric, points) for task, found, _ in answers for run_id, points in found.items() if points]
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
            problems=tuple(problem for _, _, problems in answers for problem in problems),
        )


def _points_table(series: Sequence[tuple[str, str, list[Point]]], experiment_of: Mapping[str, str]) -> pa.Table:
    lengths = [len(points) for _, _, points in series]
    rows = [point for _, _, points in series for point in points]
    steps, times, values = zip(*rows, strict=True) if rows else ((), (), ())
    words = [np.repeat(np.array([one[i] for one in series], dtype=object), lengths) for i in (0, 1)]
    return history_table(
        experiment_of,
        pa.chunked_array([pa.array(words[0], pa.string())]),
        pa.chunked_array([pa.array([plain(word) for word in words[1]], pa.string())]),
        np.array(steps, dtype=np.int64),
        np.array(times, dtype=np.int64),
        decoded(np.array(values, dtype=np.float64)),
    )


def _expected(last: Point) -> int:
    """How many points a series may have: right when each step was logged once from 0. Steps can be anything."""
    return min(max(1, last[0] + 1), _MAX_GUESS)


def _holds(points: Sequence[Point], last: Point) -> bool:
    """Whether ``points`` reach ``last``: the point itself, or a later one that was logged since."""
    return any((step, time) >= last[:2] for step, time, _ in reversed(points))


# --- the server's JSON, checked ---


def _list(answer: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    """The objects under ``key``; MLflow leaves a key out when its list is empty."""
    rows = answer.get(key, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BadAnswerError(f"{key!r} is not a list of objects")
    return rows


def _dict(row: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = row.get(key)
    if not isinstance(value, dict):
        raise BadAnswerError(f"{key!r} is missing or not an object")
    return value


def _text(row: Mapping[str, Any], key: str, default: str | None = None) -> str:
    value = row.get(key, default)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise BadAnswerError(f"{key!r} is missing or not text")
    return plain(value)


def _int(row: Mapping[str, Any], key: str) -> int:
    """An int64, which JSON from protobuf may hold as text."""
    number = _optional_int(row, key)
    if number is None:
        raise BadAnswerError(f"{key!r} is missing")
    return number


def _optional_int(row: Mapping[str, Any], key: str) -> int | None:
    value = row.get(key)
    if value is None:
        return None
    try:
        number = int(value)
    except (TypeError, ValueError, OverflowError):
        raise BadAnswerError(f"{key!r} is {value!r:.40}, not a whole number") from None
    if isinstance(value, bool) or not -(2**63) <= number < 2**63:
        raise BadAnswerError(f"{key!r} is {value!r:.40}, not a whole number of 64 bits")
    return number


def _real(row: Mapping[str, Any], key: str) -> float:
    """A double; NaN and infinities come as text or as JavaScript's literals."""
    value = row.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise BadAnswerError(f"{key!r} is missing or not a number")
    try:
        return float(value)
    except (ValueError, OverflowError):
        raise BadAnswerError(f"{key!r} is {value!r:.40}, not a number") from None


def _point(row: Mapping[str, Any]) -> Point:
    return _int(row, "step"), _int(row, "timestamp"), _real(row, "value")


def _pairs(rows: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    return sorted((_text(row, "key"), _text(row, "value", "")) for row in rows)


def _run_id(row: Mapping[str, Any]) -> str:
    info = _dict(row, "info")
    return _text(info, "run_id") if "run_id" in info else _text(info, "run_uuid")


def _experiment(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "experiment_id": _text(row, "experiment_id"),
        "name": _text(row, "name"),
        "lifecycle": _text(row, "lifecycle_stage", "active"),
        "created_at": _optional_int(row, "creation_time"),
        "updated_at": _optional_int(row, "last_update_time"),
        "artifact_location": _text(row, "artifact_location", ""),
        "tags": _pairs(_list(row, "tags")),
    }


def _run(row: Mapping[str, Any]) -> Run:
    info, data = _dict(row, "info"), row.get("data", {})
    tags = dict(_pairs(_list(data, "tags")))
    run = {
        "experiment_id": _text(info, "experiment_id"),
        "run_id": _run_id(row),
        "name": _text(info, "run_name", "") or tags.get("mlflow.runName", ""),
        "status": _text(info, "status", ""),
        "lifecycle": _text(info, "lifecycle_stage", "active"),
        "start_time": _optional_int(info, "start_time"),
        "end_time": _optional_int(info, "end_time"),
        "parent_run_id": tags.get("mlflow.parentRunId") or None,
        "user": _text(info, "user_id", "") or tags.get("mlflow.user", ""),
        "source_name": tags.get("mlflow.source.name") or _text(info, "source_name", ""),
        "artifact_uri": _text(info, "artifact_uri", ""),
    }
    metrics = {}
    for metric in _list(data, "metrics"):
        step, time, value = _point(metric)
        metrics[_text(metric, "key")] = (step, time, float(decoded(np.array([value]))[0]))
    inputs = row.get("inputs") or {}
    datasets = tuple(_dataset(one) for one in _list(inputs, "dataset_inputs"))
    return Run(run, tuple(_pairs(_list(data, "params"))), tags, metrics, datasets)


def _dataset(row: Mapping[str, Any]) -> dict[str, str]:
    dataset = _dict(row, "dataset")
    fields = {name: _text(dataset, name, "") for name in ("name", "digest", "source_type", "source", "schema", "profile")}
    return fields | {"context": dict(_pairs(_list(row, "tags"))).get("mlflow.data.context", "")}


def _registered(row: Mapping[str, Any]) -> dict[str, Any]:
    alias_of: dict[str, list[str]] = defaultdict(list)
    for alias in _list(row, "aliases"):
        alias_of[_text(alias, "version")].append(_text(alias, "alias"))
    return {
        "kind": "registered",
        "name": _text(row, "name"),
        **dict.fromkeys(("version", "experiment_id", "run_id", "stage", "status"), ""),
        "tags": _pairs(_list(row, "tags")),
        "description": _text(row, "description", ""),
        "created_at": _optional_int(row, "creation_timestamp"),
        "updated_at": _optional_int(row, "last_updated_timestamp"),
        "alias_of": alias_of,
    }


def _version_row(row: Mapping[str, Any]) -> dict[str, Any]:
    stage = _text(row, "current_stage", "")
    return {
        "kind": "version",
        "name": _text(row, "name"),
        "version": _text(row, "version"),
        "experiment_id": "",
        "run_id": _text(row, "run_id", ""),
        "stage": "" if stage == "None" else stage,
        "status": _text(row, "status", ""),
        "tags": _pairs(_list(row, "tags")),
        "description": _text(row, "description", ""),
        "created_at": _optional_int(row, "creation_timestamp"),
        "updated_at": _optional_int(row, "last_updated_timestamp"),
    }


def _logged(info: Mapping[str, Any]) -> dict[str, Any]:
    status = _text(info, "status", "").removeprefix("LOGGED_MODEL_").removeprefix("STATUS_").removeprefix("UPLOAD_")
    return {
        "kind": "logged",
        "name": _text(info, "name", ""),
        "version": _text(info, "model_id"),
        "experiment_id": _text(info, "experiment_id", ""),
        "run_id": _text(info, "source_run_id", ""),
        "stage": "",
        "status": status,
        "tags": _pairs(_list(info, "tags")),
        "description": "",
        "created_at": _optional_int(info, "creation_timestamp_ms"),
        "updated_at": _optional_int(info, "last_updated_timestamp_ms"),
    }
