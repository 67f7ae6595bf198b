"""Metrics of logged models (MLflow 3), which the metrics of runs cannot tell apart: two models of a run share a series there.

One row for each value that was logged, with the data set it was measured on. A database has no place for NaN here and
holds 0 instead (``mlflow/store/tracking/sqlalchemy_store.py`` logs the same point to the run's metrics, where it is marked);
where the run says NaN at that point, it is NaN here too. The same is asked of a server, whose list of models says 0 for NaN
while its histories of runs say NaN (MLflow 3.17). A 0 whose run cannot be asked is left out and said: it may be either.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from reportgen.collect.canonical_rows import GREATEST, plain, rows_table
from reportgen.collect.coercion import float64, int64
from reportgen.collect.files.disk import UnreadableError, content, is_file, keyed, listing
from reportgen.collect.files.root import META
from reportgen.collect.selection import DELETED, UNREADABLE
from reportgen.collect.sql.database import DamagedError, Database, Type
from reportgen.errors import Problem
from reportgen.snapshot import LedgerRow

Row = dict[str, Any]

_COLUMNS: Mapping[str, tuple[str, Type]] = {
    "experiment_id": ("experiment_id", "text"),
    "model_id": ("model_id", "text"),
    "run_id": ("run_id", "text"),
    "metric": ("metric_name", "text"),
    "dataset": ("dataset_name", "text"),
    "dataset_digest": ("dataset_digest", "text"),
    "step": ("metric_step", "int"),
    "timestamp": ("metric_timestamp_ms", "int"),
    "value": ("metric_value", "real"),
}
_TEXTS = ("run_id", "dataset", "dataset_digest")
_N_RUNS = 100
_N_MODELS = 200
"""Logged models for one statement: few enough for one batch of Arrow, see ``collect.traces``."""


@dataclass(frozen=True, slots=True)
class ModelMetrics:
    table: pa.Table
    """Rows of ``SCHEMAS["model_metrics"]``."""
    n_unreadable: Mapping[str, int] = field(default_factory=dict)
    """Experiment id → values that are stored and could not be read."""
    problems: tuple[Problem, ...] = ()


def selected(found: ModelMetrics, models: pa.Table, experiments: pa.Table) -> tuple[pa.Table, tuple[LedgerRow, ...]]:
    """(the metrics of ``models``, a row of the ledger for each experiment that has any); others are of deleted models."""
    kinds, ids = (models.column(name).to_pylist() for name in ("kind", "version"))
    known = {id_ for kind, id_ in zip(kinds, ids, strict=True) if kind == "logged"}
    of_experiment = found.table.column("experiment_id").to_pylist()
    kept = [id_ in known for id_ in found.table.column("model_id").to_pylist()]
    n_all = Counter(of_experiment)
    n_read = Counter(id_ for id_, is_kept in zip(of_experiment, kept, strict=True) if is_kept)
    rows = []
    for row in sorted(experiments.to_pylist(), key=lambda row: row["experiment_id"]):
        id_, n_lost = row["experiment_id"], found.n_unreadable.get(row["experiment_id"], 0)
        if n_all[id_] + n_lost:
            why = {DELETED: n_all[id_] - n_read[id_], UNREADABLE: n_lost}
            left_out = tuple(sorted((reason, n) for reason, n in why.items() if n))
            rows.append(LedgerRow(id_, row["name"], "model_metrics", n_all[id_] + n_lost, n_read[id_], left_out))
    return found.table.filter(pa.array(kept, pa.bool_())), tuple(rows)


# --- databases ---


def sql_model_metrics(db: Database, experiment_ids: Sequence[str]) -> ModelMetrics:
    there = db.columns.get("logged_model_metrics")
    if there is None or not experiment_ids:
        return ModelMetrics(rows_table("model_metrics", []))
    types: dict[str, Type] = {name: type_ for name, (_, type_) in _COLUMNS.items()}
    parts = [db.cast(db.quoted(column), type_) if column in there else "NULL" for column, type_ in _COLUMNS.values()]
    ids = ", ".join(db.literal(id_) for id_ in experiment_ids)
    # The column experiment_id is that of the run; a run of one experiment may measure a model of another.
    of_model = "SELECT l.experiment_id FROM logged_models l WHERE l.model_id = m.model_id"
    home = db.cast(f"COALESCE(({of_model}), m.experiment_id)", "text")
    model = db.cast("m.model_id", "text")
    of_models = f"SELECT DISTINCT {model}, {home} FROM logged_model_metrics m WHERE {home} IN ({ids})"  # noqa: S608 (quoted)

    def read() -> list[Row]:
        found: list[Row] = []
        homes = dict(sorted(tuple(row.values()) for row in db.table(of_models, {"id": "text", "home": "text"}).to_pylist()))
        every = list(homes)
        for start in range(0, len(every), _N_MODELS):
            ids = ", ".join(db.literal(id_) for id_ in every[start : start + _N_MODELS])
            sql = f"SELECT {', '.join(parts)} FROM logged_model_metrics WHERE {db.quoted('model_id')} IN ({ids})"  # noqa: S608 (quoted)
            found += [row | {"experiment_id": homes[row["model_id"]]} for row in db.table(sql, types).to_pylist()]
        return _nan_restored(db, found)

    try:
        rows = db.at_once(read)
    except DamagedError as error:
        return ModelMetrics(rows_table("model_metrics", []), {}, (_unreadable("the logged models", str(error)),))
    return ModelMetrics(rows_table("model_metrics", [_row(row) for row in rows]))


def _nan_restored(db: Database, rows: list[Row]) -> list[Row]:
    """``rows`` with NaN for each 0 whose run logged NaN at the same metric, step and time."""
    runs = sorted({row["run_id"] for row in rows if row["value"] == 0 and row["run_id"]})
    marked: set[tuple[Any, ...]] = set()
    columns: Mapping[str, Type] = {"run_uuid": "text", "key": "text", "step": "int", "timestamp": "int"}
    if not {*columns, "is_nan"} <= db.columns.get("metrics", frozenset()):
        return rows
    for start in range(0, len(runs), _N_RUNS):
        ids = ", ".join(db.literal(id_) for id_ in runs[start : start + _N_RUNS])
        fields = ", ".join(db.cast(db.quoted(column), type_) for column, type_ in columns.items())
        where = f"{db.quoted('run_uuid')} IN ({ids}) AND {db.cast(db.quoted('is_nan'), 'int')} = 1"
        table = db.table(f"SELECT {fields} FROM metrics WHERE {where}", columns)  # noqa: S608 (quoted)
        marked |= {tuple(row.values()) for row in table.to_pylist()}
    keys = ("run_id", "metric", "step", "timestamp")
    return [row | {"value": np.nan} if row["value"] == 0 and tuple(row[key] for key in keys) in marked else row for row in rows]


# --- servers ---


Place = tuple[str, str, int, int]
"""Run id, metric, step and time of a point."""
NanOf = Callable[[Collection[Place]], Mapping[Place, bool]]
"""Whether the run has NaN at each place; one that cannot be found out is missing."""


def rest_model_metrics(models: Iterable[Mapping[str, Any]], is_nan: NanOf) -> ModelMetrics:
    """From logged models as ``logged-models/search`` lists them; ``is_nan`` is asked about every 0."""
    rows = [row for model in models for row in _model_rows(model)]
    zeros = {_place(row) for row in rows if row["value"] == 0}
    nan_flags = is_nan(zeros) if zeros else {}
    lost = Counter(row["experiment_id"] for row in rows if row["value"] == 0 and _place(row) not in nan_flags)
    kept = [
        row | {"value": np.nan} if nan_flags.get(_place(row)) and row["value"] == 0 else row
        for row in rows
        if row["value"] != 0 or _place(row) in nan_flags
    ]
    why = f"{lost.total():,} values are left out: the server writes 0 for NaN, and the histories that tell which it is cannot be read"
    problems = (_unreadable("the logged models", why),) if lost else ()
    return ModelMetrics(rows_table("model_metrics", kept), lost, problems)


def _model_rows(model: Mapping[str, Any]) -> Iterator[Row]:
    info, data = model.get("info"), model.get("data")
    if not isinstance(info, Mapping) or not isinstance(data, Mapping):
        return
    place = {"experiment_id": str(info.get("experiment_id", "")), "model_id": str(info.get("model_id", ""))}
    for metric in data.get("metrics") or ():
        if isinstance(metric, Mapping):
            names = {"metric": "key", "dataset": "dataset_name", "dataset_digest": "dataset_digest", "run_id": "run_id"}
            found = {ours: plain(str(metric.get(theirs) or "")) for ours, theirs in names.items()}
            numbers = {"step": int64(metric.get("step", 0)), "timestamp": int64(metric.get("timestamp"))}
            yield _row(place | found | numbers | {"value": float64(metric.get("value", 0))})


def _place(row: Row) -> Place:
    return row["run_id"], row["metric"], row["step"], row["timestamp"]


# --- folders ---


def file_model_metrics(homes: Iterable[tuple[str, str]], experiment_ids: Collection[str]) -> ModelMetrics:
    """Of the models of ``experiment_ids``, from the folders of all experiments, (id, folder) each.

    A line is ``time value step run [dataset digest]``. What a run of another experiment measures lies in the folder of
    that one, where MLflow itself does not look for it.
    """
    rows: list[Row] = []
    lost: Counter[str] = Counter()
    problems: list[Problem] = []
    folders: list[tuple[str, str, str]] = []
    for experiment_id, folder in homes:
        with suppress(UnreadableError):  # said by the reading of the models themselves
            folders += [(experiment_id, name, f"{folder}/models/{name}") for name in listing(f"{folder}/models").folders]
    home_of = {name: experiment_id for experiment_id, name, folder in folders if is_file(f"{folder}/{META}")}
    for where, name, folder in folders:
        experiment_id = home_of.get(name, where)
        if experiment_id not in experiment_ids:
            continue
        place = {"experiment_id": experiment_id, "model_id": plain(name)}
        found, n_lost, why = _folder_rows(f"{folder}/metrics")
        rows += [place | row for row in found]
        lost[experiment_id] += n_lost
        problems += [_unreadable(f"model {plain(name)}", why)] if why else []
    return ModelMetrics(rows_table("model_metrics", rows), {id_: n for id_, n in lost.items() if n}, tuple(problems))


def _folder_rows(folder: str) -> tuple[list[Row], int, str]:
    """(rows without their place, values that cannot be read, why)."""
    rows: list[Row] = []
    n_lost, why = 0, ""
    try:
        files = keyed(folder)
    except UnreadableError as error:
        return [], 0, str(error)
    for key, reason in files.refused:
        why = f"{plain(key)}: {reason}"
    for key, path in files.paths:
        try:
            lines = content(path).decode("utf-8", "replace").splitlines()
        except UnreadableError as error:
            why = f"{plain(key)}: {error}"
            continue
        for line in filter(str.strip, lines):
            row = _line(plain(key), line)
            if row is None:
                n_lost, why = n_lost + 1, f"{plain(key)}: a line that is no value"
            else:
                rows.append(row)
    return rows, n_lost, why


def _line(metric: str, line: str) -> Row | None:
    parts = line.split()
    if len(parts) not in (4, 6):
        return None
    time, value, step = int64(parts[0]), float64(parts[1]), int64(parts[2])
    if time is None or step is None or value is None:
        return None
    dataset, digest = (plain(part) for part in (*parts[4:], "", "")[:2])
    found = {"metric": metric, "run_id": plain(parts[3]), "dataset": dataset, "dataset_digest": digest}
    return _row(found | {"timestamp": time, "value": value, "step": step})


# --- values ---


def _row(row: Row) -> Row:
    value = row["value"]
    if value is not None and abs(value) >= GREATEST:
        value = float(np.copysign(np.inf, value))
    return {**row, **{key: row.get(key) or "" for key in _TEXTS}, "value": value}


def _unreadable(where: str, why: str) -> Problem:
    return Problem("model-metrics-unreadable", where, f"its metrics could be read in part only: {why}", "look at them in MLflow")
