"""MLflow's file store, the folder ``mlruns/``: read directly, since MLflow ≥ 3.13 itself refuses to open it.

Nothing is written, locked or followed out of the folder (``reportgen.collect.files.disk``). What is damaged costs only
itself, a line of a metric, a param or a run, and is said. An experiment whose ``meta.yaml`` is missing or damaged is
read under the name ``(folder <id>)``: MLflow hides it, but its runs are whole. What MLflow ignores because an id inside
contradicts the folder's name, as in a copy, is ignored here as well, and said.

Counting needs reading here: ``points`` are the lines of metric files that are not blank, ``series`` the metric files.
"""

from __future__ import annotations

import os
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import groupby
from pathlib import Path
from typing import Any

import pyarrow as pa

from reportgen.collect.artifacts import artifact_folder, artifact_rows
from reportgen.collect.canonical_rows import plain, rows_table
from reportgen.collect.files import meta as files_meta
from reportgen.collect.files.disk import MAX_DATASET_META, Keyed, UnreadableError, keyed, listing, mapping
from reportgen.collect.files.last_values import LastValues, mark_of
from reportgen.collect.files.metrics import MetricFiles, Metrics, RunFolder, metric_lines, some
from reportgen.collect.files.root import META, RESERVED, Home, homes, store_folder
from reportgen.collect.filters import LikeRules, clauses_of, runs_that_match
from reportgen.collect.model_metrics import ModelMetrics, file_model_metrics
from reportgen.collect.reading import Reading
from reportgen.collect.selection import OTHER_METRIC, UNREADABLE
from reportgen.collect.source import Chunk, Cost, Counts, Details, Mark, Progress, Size
from reportgen.collect.traces import Traces, file_traces
from reportgen.errors import Problem, SourceError
from reportgen.redaction import public_uri
from reportgen.snapshot import SCHEMAS, SourceInfo, table_of

Row = dict[str, Any]

_DETAILS = ("params", "tags", "datasets")
_N_RUNS = 100
"""Runs for one chunk of histories."""
_MAX_BYTES = 8 << 20
"""Bytes of metric files for one chunk, about 250,000 points, unless a single run has more."""
_MAX_KEPT = 256 << 20
"""Bytes of points, 24 each, that are kept from reading the last values until their histories are asked for."""
_N_RETRIES = 20
"""Damaged ``meta.yaml`` files that are read a second time, since they may be being written at this moment."""
_RETRY_SECONDS = 0.1
_QUOTED = frozenset("%?#")
"""Of a path with one of these a URI may say something else."""
_PLAIN = Reading()
"""Nothing of an earlier reading is used."""


def file_source(uri: str, reading: Reading) -> FileSource:
    return FileSource(uri, reading)


class FileSource:
    """One folder of MLflow's file store. Raises ``SourceError`` when there is none, or it may not be read."""

    counts_points = True

    def __init__(self, uri: str, reading: Reading = _PLAIN) -> None:
        self.info = SourceInfo("files", public_uri(uri.strip()))
        self._root, notes = store_folder(uri)
        try:
            found, problems = homes(self._root, self.info.uri)
        except UnreadableError as error:
            raise SourceError("denied", f"{self._root}: {error}", todo="give this user the right to read it") from error
        self._homes: Mapping[str, Home] = {home.experiment_id: home for home in found}
        self._problems: list[Problem] = [*notes, *problems]
        self._runs: dict[str, RunFolder] = {}
        self._bad: dict[str, str] = {}
        self.unread: dict[str, str] = {}
        self._of_runs: dict[str, dict[Problem, None]] = defaultdict(dict)
        self._selected: set[str] = set()
        self._lost: dict[str, Counter[str]] = {what: Counter() for what in _DETAILS}
        self._datasets: dict[tuple[str, str], Row] = {}
        self._n_retries = 0
        self._kept: dict[str, Metrics] = {}
        self._n_kept = 0
        self._last = LastValues(reading.cache_folder)
        self._marks: dict[str, Mark | None] = {}
        """Of the metric files before they were read; None for a run that looks unlike itself the next time."""

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was noticed; of single runs only what concerns those whose histories or artifacts were asked for."""
        own = (problem for run_id in sorted(self._selected) for problem in self._of_runs.get(run_id, ()))
        return (*self._problems, *self._last.problems, *own)

    def close(self) -> None:
        """Nothing is held open."""

    # --- experiments and runs ---

    def experiments(self) -> pa.Table:
        return rows_table("experiments", [self._experiment(home) for home in self._homes.values()])

    def _experiment(self, home: Home) -> Row:
        try:
            tags = files_meta.pieces(Keyed() if home.is_closed else keyed(f"{home.folder}/tags"))
        except UnreadableError as error:
            tags = files_meta.Pieces([], (("all of them", str(error)),), 0)
        if tags.lost:
            what = f"tags cannot be read: {some([f'{key}: {why}' for key, why in tags.lost])}"
            self._problems.append(Problem("tags-unreadable", f"experiment {home.name}", what))
        return files_meta.experiment_row(home, tags.pairs, self.info.uri)

    def runs(self, experiment_ids: Sequence[str]) -> pa.Table:
        return rows_table("runs", [row for id_ in experiment_ids for row in self._runs_of(self._homes[id_])])

    def _runs_of(self, home: Home) -> Iterator[Row]:
        if home.is_closed:
            self.unread[home.experiment_id] = "its folder cannot be read"  # said with the list of experiments
            return
        try:
            found = listing(home.folder)
        except UnreadableError as error:  # it could be read a moment ago
            self.unread[home.experiment_id] = what = f"its folder cannot be read: {error}"
            self._problems.append(Problem("experiment-unreadable", f"experiment {home.name}", what))
            return
        self._note_links(home, found.refused)
        strangers: list[str] = []
        for name in found.folders:
            run = RunFolder(home, plain(name), f"{home.folder}/{name}")
            meta = None if name in RESERVED else self._meta(run)
            if meta is None:
                continue
            row = self._run(run, meta)
            if row is None:
                strangers.append(run.run_id)
            elif self._is_first(run):
                yield row
        self._note_strangers(home, strangers)

    def _run(self, run: RunFolder, meta: Mapping[str, Any] | UnreadableError) -> Row | None:
        """The row of ``run``; None when it says that it belongs to another experiment."""
        experiment_id = run.home.experiment_id
        try:
            if isinstance(meta, UnreadableError):
                raise meta
            said_experiment, said_run = files_meta.identity(meta)
            if said_experiment != run.home.folder_name:
                return None
            if said_run != run.run_id:
                raise UnreadableError(f"it says that it is run {said_run}")
        except UnreadableError as error:
            self._note_bad(run, f"its meta.yaml: {error}")
            return files_meta.unreadable_run_row(experiment_id, run.run_id)
        if meta.get("status") is None:
            what = "its meta.yaml has no status and may have been cut; it is taken to be RUNNING, as MLflow does"
            self._of_runs[run.run_id][Problem("meta-without-status", f"run {run.run_id}", what, severity="warning")] = None
        return files_meta.run_row(experiment_id, run.run_id, run.path, meta)

    def _meta(self, run: RunFolder) -> Mapping[str, Any] | UnreadableError | None:
        """The ``meta.yaml`` of ``run``, or why it cannot be read; None for a folder that is no run.

        MLflow rewrites it in place, so one that is not whole may be so a little later.
        """
        path = f"{run.path}/{META}"
        try:
            return mapping(path)
        except UnreadableError as error:
            if not _is_run(run.path):
                return None
            if self._n_retries == _N_RETRIES:
                return error
        self._n_retries += 1
        time.sleep(_RETRY_SECONDS)
        try:
            return mapping(path)
        except UnreadableError as error:
            return error

    def _is_first(self, run: RunFolder) -> bool:
        """Takes ``run`` into the books, unless another experiment has a run of this id."""
        first = self._runs.setdefault(run.run_id, run)
        if first.home is run.home:
            return True
        what = f"experiments {first.home.name} and {run.home.name} both hold it; it was read from {first.home.name} only"
        self._problems.append(Problem("run-twice", f"run {run.run_id}", what, "remove the copy", "warning"))
        return False

    def _note_bad(self, run: RunFolder, why: str) -> None:
        self._bad[run.run_id] = why
        if not run.home.is_deleted:
            # The same words as in ``gather``, which says it of runs that could be selected: one without a start time is in no
            # window, so that with a window nobody else would tell.
            what = f"it cannot be read: {why}"
            self._problems.append(Problem("run-unreadable", f"run {run.run_id}", what, "check the store's integrity"))

    def _note_links(self, home: Home, names: Sequence[str]) -> None:
        if names:
            what = f"it holds links, which are not followed: {some([plain(name) for name in names], ', ')}"
            todo = "replace them by the folders they point to, if these are runs"
            self._problems.append(Problem("link-not-followed", f"experiment {home.name}", what, todo))

    def _note_strangers(self, home: Home, run_ids: Sequence[str]) -> None:
        if run_ids:
            what = f"{len(run_ids):,} runs in its folder say that they belong to another experiment and were not read: {some(run_ids, ', ')}"
            todo = "MLflow does not show them either; move them to the experiment in their meta.yaml, or correct it"
            self._problems.append(Problem("runs-of-others", f"experiment {home.name}", what, todo, "warning"))

    # --- what belongs to runs ---

    def tagged(self, key: str) -> frozenset[str]:
        return frozenset(run_id for run_id, run in self._runs.items() if Path(f"{run.path}/tags/{key}").is_file())

    def details(self, run_ids: Sequence[str], progress: Progress) -> Details:
        rows: dict[str, list[Row]] = {what: [] for what in _DETAILS}
        stored: dict[str, dict[str, int]] = {what: {} for what in _DETAILS}
        last: dict[str, list[Any]] = {name: [] for name in SCHEMAS["metrics"].names}
        unreadable: dict[str, str] = {}
        metrics = MetricFiles()
        unchanged: list[str] = []
        for done, run_id in enumerate(run_ids, 1):
            try:
                found = self._details_of(run_id, metrics, unchanged)
            except UnreadableError as error:
                unreadable[run_id] = str(error)
                continue
            for what in _DETAILS:
                rows[what] += found[what]
                stored[what][run_id] = len(found[what]) + self._lost[what][run_id]
            if metrics.n_bytes > _MAX_BYTES or done % _N_RUNS == 0:
                self._add_last_values(metrics.parsed(), last)
                metrics = MetricFiles()
                progress(done, len(run_ids), "reading runs")
        self._add_last_values(metrics.parsed(), last)
        for name, column in self._last.columns(unchanged).items():
            last[name] += column
        self._last.put(last, self.marks(run_ids), {run.run_id: run.home.experiment_id for run in self._runs.values()})
        progress(len(run_ids), len(run_ids), "reading runs")
        tables = {what: rows_table(what, rows[what]) for what in _DETAILS}
        lost = {what: dict(self._lost[what]) for what in _DETAILS}
        return Details(
            **tables, metrics=table_of("metrics", last), stored=stored, unreadable=unreadable, left_out={UNREADABLE: lost}
        )

    def matching(self, runs: pa.Table, details: Details, filter: str) -> frozenset[str]:
        return runs_that_match(clauses_of(filter), runs, details, LikeRules())

    def counts(self, run_ids: Sequence[str]) -> Counts:
        counted = {run_id: _counted(self._runs[run_id]) for run_id in run_ids}
        return {item: {run_id: n[item] for run_id, n in counted.items() if item in n} for item in ("points", "series", *_DETAILS)}

    def sizes(self, run_ids: Sequence[str], wants: Callable[[str], bool]) -> Mapping[str, Size]:
        lines = {run_id: [n for metric, n in _metric_lines(self._runs[run_id]).items() if wants(metric)] for run_id in run_ids}
        return {run_id: Size(sum(wanted), len(wanted)) for run_id, wanted in lines.items() if wanted}

    def cost(self, n_runs: int, n_series: int, n_points: int) -> Cost:
        return Cost(n_runs + 2 * n_series, 0.1 + 500e-6 * n_runs + 20e-6 * n_series + 0.5e-6 * n_points)

    def _details_of(self, run_id: str, metrics: MetricFiles, unchanged: list[str]) -> dict[str, list[Row]]:
        """Params, tags and datasets of one run; its metric files go to ``metrics``, or its id to ``unchanged`` when they
        are known. Raises ``UnreadableError``."""
        if run_id in self._bad:
            raise UnreadableError(self._bad[run_id])
        run = self._runs[run_id]
        found = {"params": self._pairs(run, "params"), "tags": self._pairs(run, "tags"), "datasets": self._dataset_rows(run)}
        files = run.keyed("metrics")
        mark = mark_of(run, files) if self._last.is_kept else None
        if mark is not None and self._last.holds(run_id, mark):
            unchanged.append(run_id)
        else:
            metrics.add(run, files)
        self._marks[run_id] = mark
        return found

    def _pairs(self, run: RunFolder, what: str) -> list[Row]:
        """The params or tags of ``run``."""
        found = files_meta.pieces(run.keyed(what))
        self._note_lost(run, what, [f"{key}: {why}" for key, why in found.lost])
        if found.n_repaired:
            said = f"{found.n_repaired} {what} hold text that is not UTF-8; the bytes in question are shown as U+FFFD"
            self._of_runs[run.run_id][Problem("text-repaired", f"run {run.run_id}", said, severity="note")] = None
        ids = {"experiment_id": run.home.experiment_id, "run_id": run.run_id}
        return [ids | {"key": key, "value": value} for key, value in found.pairs]

    def _dataset_rows(self, run: RunFolder) -> list[Row]:
        rows, lost = [], []
        for made in files_meta.dataset_inputs(run.path):
            try:
                rows.append(self._dataset(run.home, made) | {"run_id": run.run_id, "context": made.context})
            except UnreadableError as error:
                lost.append(str(error))
        self._note_lost(run, "datasets", lost)
        return rows

    def _dataset(self, home: Home, used: files_meta.DatasetInput) -> Row:
        """The dataset that a run used, read once for all runs of the experiment."""
        if used.why_not:
            raise UnreadableError(used.why_not)
        key = (home.experiment_id, used.folder)
        if key not in self._datasets:
            if used.folder not in listing(f"{home.folder}/datasets").folders:  # the name is text from the store
                raise UnreadableError(f"dataset {used.folder} is not in the store")
            meta = mapping(f"{home.folder}/datasets/{used.folder}/{META}", MAX_DATASET_META)
            self._datasets[key] = files_meta.dataset_row(meta) | {"experiment_id": home.experiment_id}
        return self._datasets[key]

    def _note_lost(self, run: RunFolder, what: str, lost: Sequence[str]) -> None:
        """Keeps what of a run's params, tags or datasets cannot be read, for the problems and for the books."""
        self._lost[what][run.run_id] = len(lost)
        if lost:
            said = f"{len(lost)} {what} cannot be read: {some(lost)}"
            problem = Problem(f"{what}-unreadable", f"run {run.run_id}", said, "look at the files of this run")
            self._of_runs[run.run_id][problem] = None

    def _add_last_values(self, metrics: Metrics, last: dict[str, list[Any]]) -> None:
        """Adds to the columns ``last``, and keeps the points for ``history``, which asks for most of them soon."""
        self._note_damage(metrics)
        for name, column in metrics.last_values().items():
            last[name] += column
        self._n_kept += metrics.points.n_bytes
        if self._n_kept <= _MAX_KEPT:
            self._kept |= {run.run_id: metrics for run in metrics.runs}

    def _note_damage(self, metrics: Metrics) -> None:
        for run_id, problem in metrics.problems():
            self._of_runs[run_id][problem] = None
            self._marks[run_id] = None

    # --- histories ---

    def stamp(self) -> str:
        """There is none: a file that grows changes nothing above it."""
        return ""

    def marks(self, run_ids: Sequence[str]) -> Mapping[str, Mark]:
        """Of the runs in which nothing is wrong; as ``details`` made them, which reads the files, else made now."""
        found: dict[str, Mark] = {}
        for run_id in run_ids:
            mark = self._marks[run_id] if run_id in self._marks else self._mark_now(run_id)
            if mark is not None and not any(lost[run_id] for lost in self._lost.values()):
                found[run_id] = mark
        return found

    def _mark_now(self, run_id: str) -> Mark | None:
        run = self._runs[run_id]
        try:
            return mark_of(run, run.keyed("metrics"))
        except UnreadableError:
            return None

    def history(self, run_ids: Sequence[str], wants: Callable[[str], bool], progress: Progress) -> Iterator[Chunk]:
        self._selected |= set(run_ids)
        done = 0
        for _, group in groupby(run_ids, key=lambda run_id: id(self._kept.get(run_id))):
            ids = list(group)
            chunk_ids = frozenset(ids)
            for metrics in self._metrics(ids):
                chosen = metrics.selected(chunk_ids, wants)
                yield self._chunk(chosen)
                done += len(chosen.runs)
                progress(done, len(run_ids), "reading histories")

    def _metrics(self, run_ids: Sequence[str]) -> Iterator[Metrics]:
        """All metrics of these runs and maybe others: as ``details`` read them together, or else read again."""
        kept = self._kept.get(run_ids[0])
        for run_id in run_ids:
            self._kept.pop(run_id, None)
        if kept is not None:
            yield kept
        else:
            yield from self._read_again(run_ids)

    def _read_again(self, run_ids: Sequence[str]) -> Iterator[Metrics]:
        files = MetricFiles()
        for run_id in run_ids:
            try:
                files.add(self._runs[run_id])
            except UnreadableError as error:  # it could be read a moment ago
                files.runs.append(self._runs[run_id])
                files.lost[run_id].append(str(error))
            if len(files.runs) == _N_RUNS or files.n_bytes > _MAX_BYTES or run_id == run_ids[-1]:
                metrics = files.parsed()
                self._note_damage(metrics)
                yield metrics
                files = MetricFiles()

    def _chunk(self, metrics: Metrics) -> Chunk:
        return Chunk(metrics.history(), metrics.stored(), {OTHER_METRIC: metrics.unwanted(), UNREADABLE: metrics.unreadable()})

    # --- models and artifacts ---

    def models(self, experiment_ids: Sequence[str]) -> tuple[pa.Table, int]:
        rows: list[Row] = []
        try:
            rows += self._noted(*files_meta.registry_rows(self._root))
        except UnreadableError as error:
            self._problems.append(Problem("models-unreadable", "the model registry", f"it cannot be read: {error}"))
        for home in (self._homes[id_] for id_ in experiment_ids):
            if home.is_closed:
                continue
            try:
                rows += self._noted(*files_meta.logged_rows(home))
            except UnreadableError as error:
                where = f"experiment {home.name}"
                self._problems.append(Problem("models-unreadable", where, f"its logged models cannot be read: {error}"))
        return rows_table("models", rows), len(rows)

    def _noted(self, rows: list[Row], problems: list[Problem]) -> list[Row]:
        self._problems += problems
        return rows

    def traces(self, experiment_ids: Sequence[str], *, texts: bool = False) -> Traces:
        found = file_traces(self._open_folders(experiment_ids), texts=texts)
        self._problems += found.problems
        return found

    def model_metrics(self, experiment_ids: Sequence[str]) -> ModelMetrics:
        found = file_model_metrics(self._open_folders(list(self._homes)), frozenset(experiment_ids))
        self._problems += found.problems
        return found

    def _open_folders(self, experiment_ids: Sequence[str]) -> list[tuple[str, str]]:
        return [(id_, self._homes[id_].folder) for id_ in experiment_ids if not self._homes[id_].is_closed]

    def artifacts(self, runs: pa.Table) -> pa.Table:
        """What lies in the artifact folders that are in the store; no other folder of this machine is looked into."""
        run_ids = runs.column("run_id").to_pylist()
        self._selected |= set(run_ids)
        places = zip(run_ids, runs.column("artifact_uri").to_pylist(), strict=True)
        folders = pa.array([self._artifact_folder(run_id, uri or "") for run_id, uri in places], pa.string())
        column = runs.schema.get_field_index("artifact_uri")
        table, problems = artifact_rows(runs.set_column(column, "artifact_uri", folders), Path(self._root))
        self._problems += problems
        return table

    def _artifact_folder(self, run_id: str, uri: str) -> str:
        """Where ``uri`` points, when that is in the store; else the run's own folder: the store may come from elsewhere."""
        own = f"{self._runs[run_id].path}/artifacts"
        if uri in (own, f"file://{own}") and not _QUOTED & set(own):
            return plain(own)
        folder = artifact_folder(uri, run_id, Path(self._root).parent)
        if folder is not None and Path(os.path.realpath(folder)).is_relative_to(self._root):
            return plain(str(folder.absolute()))
        return plain(own)


def _is_run(folder: str) -> bool:
    """Whether a folder in an experiment is a run, or was one: it may have lost its ``meta.yaml``.

    A folder with nothing but artifacts is where a database keeps those.
    """
    try:
        found = listing(folder)
    except UnreadableError:
        return True
    return META in (*found.files, *found.refused) or bool({"metrics", "params"} & set(found.folders))


def _metric_lines(run: RunFolder) -> Mapping[str, int]:
    try:
        return metric_lines(run)
    except UnreadableError:
        return {}


def _counted(run: RunFolder) -> dict[str, int]:
    """How much of each item the files of ``run`` hold; an item that cannot be counted is missing."""
    lines = _metric_lines(run)
    counted = {"points": sum(lines.values()), "series": len(lines)}
    for what in ("params", "tags"):
        try:
            found = run.keyed(what)
        except UnreadableError:
            continue
        counted[what] = len(found.paths) + len(found.refused)
    with suppress(UnreadableError):
        counted["datasets"] = sum(1 for _ in files_meta.dataset_inputs(run.path))
    return counted
