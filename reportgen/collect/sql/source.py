"""``SqlSource``: MLflow's tables in a database, at any schema version since 2019.

The columns that exist are the contract: whatever a store lacks (``is_nan``, ``experiment_tags``, ``inputs``,
``registered_model_aliases`` …) is empty or has its default. No MLflow code opens the store, because MLflow's client
migrates an older one in place. The tables are those of ``mlflow/store/tracking/dbmodels/models.py`` and
``mlflow/store/model_registry/dbmodels/models.py``.

Runs are read in chunks with their ids spelled out: both SQLite and PostgreSQL then use the index on the run, which
they do not for a join, and no lock is held for long. Sorting is left to Arrow. A chunk that cannot be read is split
until the runs that cannot be read stand alone; only these are lost, and said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reportgen.collect.artifacts import artifact_rows
from reportgen.collect.canonical_rows import decoded, rows_table
from reportgen.collect.filters import LikeRules, clauses_of, runs_that_match
from reportgen.collect.model_metrics import ModelMetrics, sql_model_metrics
from reportgen.collect.pool import in_order
from reportgen.collect.reading import Reading
from reportgen.collect.source import Chunk, Cost, Counts, Details, Mark, Progress, Size
from reportgen.collect.sql.cursors import CursorDatabase
from reportgen.collect.sql.database import DamagedError, Database, Type, schema_of
from reportgen.collect.sql.history import MAX_POINTS, POINTS, Histories
from reportgen.collect.sql.models import sql_models
from reportgen.collect.sql.mysql import MySqlDatabase
from reportgen.collect.sql.point_counts import StoreSizes, store_sizes
from reportgen.collect.sql.postgresql import PostgresDatabase
from reportgen.collect.sql.sqlite import SqliteDatabase, sqlite_path
from reportgen.collect.sql.statements import Field, is_in, n_rows, numbers, pairs_of, parts_of, readable, rows_of
from reportgen.collect.traces import Traces, sql_traces
from reportgen.errors import Problem, SourceError
from reportgen.order import ranks, sorted_by, stable_order
from reportgen.redaction import public_uri
from reportgen.snapshot import SCHEMAS, SORT_KEYS, SourceInfo, table_of

T = TypeVar("T")

_N_RUNS_DETAILS = 500
"""Runs that are read first, before it is known how many params, tags and metrics they have."""
_MAX_RUNS_DETAILS = 2000
_MAX_ROWS_AT_ONCE = 1_000_000
"""Rows of a table that is read whole: about 0.2 s of SQLite's shared lock."""
_MAX_ROWS_DETAILS = 100_000
"""Rows for one transaction about runs, as a limit to how long SQLite is locked."""
_DATASET_INPUTS = "i.source_type = 'DATASET' AND i.destination_type = 'RUN'"
_SECONDS_PER_POINT = {"sqlite": 0.35e-6, "postgresql": 0.7e-6, "mysql": 0.7e-6}
_LIKE_RULES = {"sqlite": LikeRules(folds_ascii_only=True)}


_EXPERIMENTS = {
    "experiment_id": Field("experiment_id", "text"),
    "name": Field("name", "text"),
    "lifecycle": Field("lifecycle_stage", "text", "'active'"),
    "created_at": Field("creation_time", "int"),
    "updated_at": Field("last_update_time", "int"),
    "artifact_location": Field("artifact_location", "text", "''"),
    "workspace": Field("workspace", "text", "'default'"),
}
_RUNS = {
    "experiment_id": Field("experiment_id", "text"),
    "run_id": Field("run_uuid", "text"),
    "name": Field("name", "text", "''"),
    "status": Field("status", "text", "''"),
    "lifecycle": Field("lifecycle_stage", "text", "'active'"),
    "start_time": Field("start_time", "int"),
    "end_time": Field("end_time", "int"),
    "user": Field("user_id", "text", "''"),
    "source_name": Field("source_name", "text", "''"),
    "artifact_uri": Field("artifact_uri", "text", "''"),
}
_KEY_VALUES = {"run_id": Field("run_uuid", "text"), "key": Field("key", "text"), "value": Field("value", "text", "''")}
_RUN_TAGS = {
    "mlflow.runName": "name",
    "mlflow.parentRunId": "parent_run_id",
    "mlflow.source.name": "source_name",
    "mlflow.user": "user",
}

_NEEDED = {"experiments": {"experiment_id", "name"}, "runs": {"run_uuid", "experiment_id"}}
_LOCAL = "^(file:|/|[^:/]+(/|$))"
"""What a path may look like; the URIs of a server or a cloud, one for each run, need not be looked at one by one."""
_EXPECTED = ("metrics", "params", "tags")


def sqlite_source(uri: str, reading: Reading) -> SqlSource:  # noqa: ARG001 (a row of READERS)
    return SqlSource("sqlite", SqliteDatabase(sqlite_path(uri), public_uri(uri)))


def postgresql_source(uri: str, reading: Reading) -> SqlSource:  # noqa: ARG001 (a row of READERS)
    return SqlSource("postgresql", PostgresDatabase(uri))


def cursor_source(uri: str, reading: Reading) -> SqlSource:  # noqa: ARG001 (a row of READERS)
    return SqlSource("mssql", CursorDatabase(uri)) if uri.startswith("mssql") else SqlSource("mysql", MySqlDatabase(uri))


@dataclass(frozen=True, slots=True)
class _Part:
    """Rows of some runs in the columns of the database, with what the database counts of them."""

    params: pa.Table
    tags: pa.Table
    metrics: pa.Table
    datasets: pa.Table
    stored: Counts


class _TooLongError(Exception):
    """A table has more rows than may be read at once."""


class SqlSource:
    """An MLflow database. Raises ``SourceError`` (slug ``not-mlflow``) when it is another kind of database."""

    counts_points = True

    def __init__(self, kind: str, database: Database) -> None:
        self._kind = kind
        self._db = database
        self._problems: list[Problem] = []
        self._tags: pa.Table | None = None
        self._sizes: StoreSizes | None = None
        self._counts_ahead = False
        self._runs = pa.table({"run_id": pa.array([], pa.string()), "experiment_id": pa.array([], pa.string())})
        try:
            self._check_tables()
            self.info = SourceInfo(kind, database.public_uri, self._revision())
        except BaseException:
            database.close()
            raise

    @property
    def problems(self) -> tuple[Problem, ...]:
        return (*self._db.problems, *self._problems)

    @property
    def unread(self) -> Mapping[str, str]:
        return {}  # a database tells of all of them or of none

    def close(self) -> None:
        self._db.close()

    # --- what is there ---

    def experiments(self) -> pa.Table:
        rows = self._at_once(lambda: self._rows("experiments", _EXPERIMENTS), "the experiments")
        tags = self._at_once(
            lambda: pairs_of(self._db, "experiment_tags", ("experiment_id",), "key", "value"), "the experiments' tags"
        )
        self._note_workspaces(rows)
        self._note_orphans()
        return rows_table(
            "experiments",
            [
                row
                | {
                    "lifecycle": row["lifecycle"] or "active",
                    "tags": tags.get((row["experiment_id"],), []),
                    "source": self.info.uri,
                }
                for row in rows.to_pylist()
            ],
        )

    def count_ahead(self) -> None:
        self._counts_ahead = True

    def runs(self, experiment_ids: Sequence[str]) -> pa.Table:
        found = self._all_runs(experiment_ids)
        self._runs = found.select(["run_id", "experiment_id"])
        run_ids = found.column("run_id")
        tags = self._run_tags(run_ids) if self._tags is None else _tag_columns(run_ids, self._tags)
        columns = {name: found.column(name) for name in _RUNS} | {"parent_run_id": _not_empty(tags["parent_run_id"])}
        # Old stores keep the name in a tag only, new ones the source.
        columns["name"] = _first(columns["name"], tags["name"])
        columns["user"] = _first(columns["user"], tags["user"])
        columns["source_name"] = _first(tags["source_name"], columns["source_name"])
        for name, default in (("status", ""), ("lifecycle", "active"), ("artifact_uri", "")):
            columns[name] = _first(columns[name], default=default)
        return table_of("runs", columns)

    def tagged(self, key: str) -> frozenset[str]:
        def rows() -> pa.Table:
            return self._rows("tags", {"run_id": Field("run_uuid", "text")}, self._in("key", [key]))

        found = set(self._at_once(rows, "the tags").column("run_id").to_pylist())
        return frozenset(found & set(self._runs.column("run_id").to_pylist()))

    def details(self, run_ids: Sequence[str], progress: Progress) -> Details:
        runs = self._runs
        if len(run_ids) < runs.num_rows:
            runs = runs.filter(pc.is_in(runs.column("run_id"), pa.array(run_ids, pa.string())))
        runs = sorted_by(runs, ("experiment_id", "run_id")).combine_chunks()
        if (whole := self._whole_details(run_ids, runs)) is not None:
            progress(len(run_ids), len(run_ids), "reading runs")
            return whole
        parts, unreadable = self._parts_by_run(run_ids, progress)
        progress(len(run_ids), len(run_ids), "reading runs")
        return Details(
            params=_completed("params", [part.params for part in parts], runs)[0],
            tags=_completed("tags", [part.tags for part in parts], runs)[0],
            metrics=_completed("metrics", [part.metrics for part in parts], runs)[0],
            datasets=_completed("datasets", [part.datasets for part in parts], runs)[0],
            stored=_added(part.stored for part in parts),
            unreadable=unreadable,
        )

    def _parts_by_run(self, run_ids: Sequence[str], progress: Progress) -> tuple[list[_Part], dict[str, str]]:
        """What belongs to the runs that can be read, and why the others cannot be."""
        parts: list[_Part] = []
        unreadable: dict[str, str] = {}
        done, n = 0, _N_RUNS_DETAILS
        while done < len(run_ids):
            progress(done, len(run_ids), "reading runs")
            chunk = run_ids[done : done + n]
            good, bad = readable(self._db, chunk, self._part)
            parts += [part for _, part in good]
            unreadable |= bad
            done += len(chunk)
            n_rows = sum(table.num_rows for _, part in good for table in (part.params, part.tags, part.metrics))
            n = min(max(_MAX_ROWS_DETAILS * len(chunk) // (n_rows + 1), 100), _MAX_RUNS_DETAILS)
        return parts, unreadable

    def matching(self, runs: pa.Table, details: Details, filter: str) -> frozenset[str]:
        return runs_that_match(clauses_of(filter), runs, details, _LIKE_RULES.get(self._kind, LikeRules(backslash_escapes=True)))

    def counts(self, run_ids: Sequence[str]) -> Counts:
        parts = []
        for _, chunk in parts_of(run_ids, _MAX_RUNS_DETAILS):
            good, _bad = readable(self._db, chunk, self._part_counts)
            parts += [part for _, part in good]
        return {**_added(parts), **self._histories().counts(run_ids)}

    def cost(self, n_runs: int, n_series: int, n_points: int) -> Cost:  # noqa: ARG002 (points are what costs)
        n_chunks = max(-(-n_runs // self._db.n_runs), -(-n_points // MAX_POINTS))
        n_calls = 2 * n_chunks + 12 * -(-n_runs // _N_RUNS_DETAILS) + 8
        return Cost(n_calls, 0.2 + 40e-6 * n_runs + n_points * _SECONDS_PER_POINT.get(self._kind, 5e-6))

    # --- histories ---

    def stamp(self) -> str:
        return self._db.stamp

    def marks(self, run_ids: Sequence[str]) -> Mapping[str, Mark]:
        return self._histories().marks(run_ids)

    def history(self, run_ids: Sequence[str], wants: Callable[[str], bool], progress: Progress) -> Iterator[Chunk]:
        return self._histories().chunks(run_ids, wants, progress)

    def sizes(self, run_ids: Sequence[str], wants: Callable[[str], bool]) -> Mapping[str, Size]:
        return self._histories().sizes(run_ids, wants)

    def _histories(self) -> Histories:
        columns = (self._runs.column(name).to_pylist() for name in ("run_id", "experiment_id"))
        return Histories(self._db, dict(zip(*columns, strict=True)), self._sizes)

    # --- runs and what belongs to them ---

    def _part(self, run_ids: Sequence[str]) -> _Part:
        where = self._in("run_uuid", run_ids)
        return _Part(
            params=self._rows("params", _KEY_VALUES, where),
            tags=self._rows("tags", _KEY_VALUES, where),
            metrics=_last_values(self._rows("latest_metrics", POINTS, where)),
            datasets=self._datasets(self._in("i.destination_id", run_ids)),
            stored=self._part_counts(run_ids),
        )

    def _whole_details(self, run_ids: Sequence[str], runs: pa.Table) -> Details | None:
        """Details from whole tables, which takes half the time of looking for each run.

        None where that would be more than what is asked for, would lock others out for long, or cannot be done.
        """
        tags, self._tags = self._tags, None
        if not self._are_most(len(run_ids)):
            return None
        tables = {"params": _KEY_VALUES, "latest_metrics": POINTS, "tags": _KEY_VALUES}

        def completed(db: Database, table: str) -> tuple[pa.Table, np.ndarray] | StoreSizes | None:
            if table == "metrics":
                return store_sizes(db)
            rows = tags if tags is not None and table == "tags" else _all_rows(db, table, tables[table])
            is_last = table == "latest_metrics"
            return _completed("metrics" if is_last else table, [_last_values(rows) if is_last else rows], runs)

        names = ["params", "latest_metrics", *(["metrics"] if self._counts_ahead else []), "tags"]  # the longest first
        try:
            found: dict[str, Any] = dict(zip(names, self._side_by_side(completed, names), strict=True))
            datasets, n_datasets = self._db.at_once(self._all_datasets)
        except (DamagedError, _TooLongError):
            return None
        self._sizes = found.get("metrics")
        ids = runs.column("run_id").to_pylist()
        return Details(
            params=found["params"][0],
            tags=found["tags"][0],
            metrics=found["latest_metrics"][0],
            datasets=_completed("datasets", [datasets], runs)[0],
            stored={item: dict(zip(ids, found[item][1].tolist(), strict=True)) for item in ("params", "tags")}
            | {"datasets": n_datasets},
            unreadable={},
        )

    def _side_by_side(self, work: Callable[[Database, str], T], tasks: Sequence[str]) -> list[T]:
        """``work`` for each of ``tasks``, in two connections."""
        twin = self._db.twin()
        try:
            return list(in_order([self._db, twin], work, tasks))
        finally:
            twin.close()

    def _all_datasets(self) -> tuple[pa.Table, Mapping[str, int]]:
        if _last_row(self._db, "inputs") > _MAX_RUNS_DETAILS:  # with the profiles of their datasets, which may be long
            raise _TooLongError
        return self._datasets("1 = 1"), _counted(self._db, "inputs", "i.destination_id", _DATASET_INPUTS)

    def _are_most(self, n_runs: int) -> bool:
        """Whether so many are many runs, and most of those in a SQLite store: other databases choose such things themselves."""
        if not isinstance(self._db, SqliteDatabase) or n_runs < _N_RUNS_DETAILS:
            return False
        return 2 * n_runs >= self._at_once(lambda: n_rows(self._db, "runs"), "the runs")

    def _part_counts(self, run_ids: Sequence[str]) -> dict[str, Mapping[str, int]]:
        where = self._in("run_uuid", run_ids)
        counts = {item: _counted(self._db, item, self._db.quoted("run_uuid"), where) for item in ("params", "tags")}
        where = f"{_DATASET_INPUTS} AND {self._in('i.destination_id', run_ids)}"
        return counts | {"datasets": _counted(self._db, "inputs", "i.destination_id", where)}

    def _datasets(self, where: str) -> pa.Table:
        columns = [name for name in SCHEMAS["datasets"].names if name != "experiment_id"]
        types: dict[str, Type] = dict.fromkeys(columns, "text")
        if not {"inputs", "datasets", "input_tags"} <= set(self._db.columns):
            return schema_of(types).empty_table()
        fields = ["i.destination_id", "d.name", "d.digest", "t.value"]
        fields += [f"d.dataset_{name}" for name in ("source_type", "source", "schema", "profile")]
        return self._db.table(
            f"SELECT {', '.join(self._db.cast(field, 'text') for field in fields)} FROM inputs i "  # noqa: S608 (quoted)
            "JOIN datasets d ON d.dataset_uuid = i.source_id "
            "LEFT JOIN input_tags t ON t.input_uuid = i.input_uuid AND t.name = 'mlflow.data.context' "
            f"WHERE {_DATASET_INPUTS} AND {where}",
            types,
        )

    def _all_runs(self, experiment_ids: Sequence[str]) -> pa.Table:
        """The runs of these experiments; where they are most of a SQLite store, all tags are read at the same time."""
        where = self._in("experiment_id", experiment_ids) if experiment_ids else "1 = 0"

        def rows(db: Database) -> pa.Table:
            return db.at_once(lambda: rows_of(db, "runs", _RUNS, where))

        def found(db: Database, table: str) -> pa.Table | None:
            if table == "runs":
                return rows(db)
            try:
                return _all_rows(db, "tags", _KEY_VALUES)  # for `details`, which comes next
            except (DamagedError, _TooLongError):
                return None

        try:
            if not self._are_most(self._db.at_once(lambda: n_rows(self._db, "runs", where))):
                return rows(self._db)
            runs, self._tags = self._side_by_side(found, ("runs", "tags"))
        except DamagedError as error:
            raise self._damaged("the runs", error) from error
        assert runs is not None
        return runs

    def _run_tags(self, run_ids: pa.ChunkedArray) -> Mapping[str, pa.ChunkedArray]:
        """Column of the runs → that tag's value for each of ``run_ids``, or null.

        Tags of unreadable runs are missing here and said later.
        """
        ids, keys = run_ids.to_pylist(), self._in("key", sorted(_RUN_TAGS))
        plus = "+" if self._kind == "sqlite" else ""  # as for the points: the primary key begins with the key
        parts = [schema_of({name: field.type for name, field in _KEY_VALUES.items()}).empty_table()]
        for _, chunk in parts_of(ids, _MAX_RUNS_DETAILS):
            good, _bad = readable(
                self._db, chunk, lambda ids: self._rows("tags", _KEY_VALUES, f"{self._in('run_uuid', ids)} AND {plus}{keys}")
            )
            parts += [part for _, part in good]
        return _tag_columns(run_ids, pa.concat_tables(parts))

    def artifacts(self, runs: pa.Table) -> pa.Table:
        if not isinstance(self._db, SqliteDatabase):
            return SCHEMAS["artifacts"].empty_table()
        may_be_local = pc.match_substring_regex(runs.column("artifact_uri"), _LOCAL)
        table, problems = artifact_rows(runs.filter(may_be_local), self._db.folder)
        self._problems += problems
        return table

    def traces(self, experiment_ids: Sequence[str], *, texts: bool = False) -> Traces:
        found = sql_traces(self._db, experiment_ids, texts=texts)
        self._problems += found.problems
        return found

    def model_metrics(self, experiment_ids: Sequence[str]) -> ModelMetrics:
        found = sql_model_metrics(self._db, experiment_ids)
        self._problems += found.problems
        return found

    # --- models ---

    def models(self, experiment_ids: Sequence[str]) -> tuple[pa.Table, int]:
        return self._at_once(lambda: sql_models(self._db, experiment_ids), "the models")

    # --- statements ---

    def _rows(self, table: str, fields: Mapping[str, Field], where: str = "") -> pa.Table:
        return rows_of(self._db, table, fields, where)

    def _in(self, column: str, values: Iterable[str]) -> str:
        return is_in(self._db, column, values)

    def _at_once(self, read: Callable[[], T], what: str) -> T:
        try:
            return self._db.at_once(read)
        except DamagedError as error:
            raise self._damaged(what, error) from error

    def _damaged(self, what: str, error: DamagedError) -> SourceError:
        return SourceError(
            "store-damaged",
            f"{what} in {self._db.public_uri} cannot be read: {error}",
            todo="check the store (for SQLite with `PRAGMA integrity_check`), and restore it from a backup",
        )

    # --- what is noticed ---

    def _check_tables(self) -> None:
        there = self._db.columns
        denied = self._db.denied([table for table in (*_NEEDED, *_EXPECTED) if table not in there])
        if refused := sorted(denied & _NEEDED.keys()):
            raise SourceError(
                "denied",
                f"{self._db.public_uri} does not let this user read {', '.join(refused)}",
                todo="give the user SELECT on MLflow's tables, nothing more",
            )
        if any(not columns <= there.get(table, frozenset()) for table, columns in _NEEDED.items()):
            raise SourceError(
                "not-mlflow",
                f"{self._db.public_uri} is a database, but not an MLflow store",
                found=f"tables {', '.join(sorted(there)[:10])}" if there else "no tables",
                allowed="tables experiments, runs, metrics, params and tags, as MLflow makes them",
                todo="check the path or the database's name; the user needs the right to read these tables",
            )
        for table in _EXPECTED:
            if table in denied:
                what = f"this user may not read the table {table}"
                self._problems.append(Problem("table-denied", self._db.public_uri, what, "give the user SELECT on it"))
            elif table not in there:
                todo = "give the user the right to read it, or check the store with the MLflow version that made it"
                self._problems.append(Problem("table-missing", self._db.public_uri, f"the store has no table {table}", todo))

    def _revision(self) -> str:
        rows = self._at_once(
            lambda: self._rows("alembic_version", {"v": Field("version_num", "text", "''")}), "the schema version"
        )
        versions = sorted(text for text in rows.column("v").to_pylist() if text)
        return versions[0] if versions else ""

    def _note_workspaces(self, experiments: pa.Table) -> None:
        names = sorted({name or "default" for name in experiments.column("workspace").to_pylist()})
        if len(names) > 1:
            what = f"the store holds {len(names)} workspaces, and all were read: {', '.join(names)}"
            self._problems.append(Problem("workspaces", self._db.public_uri, what, severity="note"))

    def _note_orphans(self) -> None:
        sql = "SELECT COUNT(*) FROM runs WHERE experiment_id IS NULL OR experiment_id NOT IN (SELECT experiment_id FROM experiments)"
        n = self._at_once(lambda: self._db.table(sql, {"n": "int"}), "the runs").column("n")[0].as_py()
        if n:
            what = f"{n} runs belong to no experiment and were not read"
            self._problems.append(
                Problem("orphan-runs", self._db.public_uri, what, "MLflow does not show them either", "warning")
            )


def _all_rows(db: Database, table: str, fields: Mapping[str, Field]) -> pa.Table:
    """Raises ``_TooLongError`` when the table may have more rows than are read at once."""

    def read() -> pa.Table:
        if _last_row(db, table) > _MAX_ROWS_AT_ONCE:
            raise _TooLongError
        rows = rows_of(db, table, fields)
        if rows.num_rows != n_rows(db, table):
            raise DamagedError(f"the table {table} gave {rows.num_rows} rows, and counts others")
        return rows

    return db.at_once(read)


def _last_row(db: Database, table: str) -> int:
    """The greatest ``rowid`` in a table of SQLite, which is not less than the number of its rows."""
    if table not in db.columns:
        return 0
    rows = db.table(f"SELECT MAX(rowid) FROM {db.quoted(table)}", {"n": "int"})  # noqa: S608 (quoted)
    return rows.column("n")[0].as_py() or 0


def _counted(db: Database, table: str, column: str, where: str) -> Mapping[str, int]:
    if table not in db.columns:
        return {}
    rows = db.table(
        f"SELECT {db.cast(column, 'text')}, COUNT(*) FROM {db.quoted(table)} i WHERE {where} GROUP BY {column}",  # noqa: S608 (quoted)
        {"run_id": "text", "n": "int"},
    )
    return dict(zip(rows.column("run_id").to_pylist(), rows.column("n").to_pylist(), strict=True))


def _completed(name: str, parts: Sequence[pa.Table], runs: pa.Table) -> tuple[pa.Table, np.ndarray]:
    """Rows of ``runs``, which are sorted, as a table of ``SCHEMAS[name]``, and how many each run has.

    Text that is null becomes empty.
    """
    if not parts:
        return SCHEMAS[name].empty_table(), np.zeros(runs.num_rows, np.int64)
    table = pa.concat_tables(parts)
    place = pc.fill_null(pc.index_in(table.column("run_id"), _whole(runs.column("run_id"))), -1).to_numpy()
    table = table.drop_columns(["run_id"]).combine_chunks()  # the longest column is not needed any more
    code, n_codes = place, runs.num_rows
    for key in SORT_KEYS[name][2:]:
        rank, n_words = ranks(pc.fill_null(table.column(key), ""))
        n_codes *= n_words
        code = code.astype(np.int32 if n_codes < 1 << 31 else np.int64) * np.int32(n_words) + rank.astype(np.int32)
    known = np.flatnonzero(place >= 0)
    order = known[stable_order(code[known])]
    taken, whose = pa.array(order), pa.array(place[order])
    columns = {column: runs.column(column).take(whose) for column in ("experiment_id", "run_id")}
    columns |= {column: table.column(column).take(taken) for column in SCHEMAS[name].names if column not in columns}
    columns = {c: pc.fill_null(v, "") if pa.types.is_string(v.type) else v for c, v in columns.items()}
    rows = pa.table([columns[field.name].cast(field.type) for field in SCHEMAS[name]], schema=SCHEMAS[name])
    return rows, np.bincount(place[order], minlength=runs.num_rows)


def _whole(column: pa.ChunkedArray) -> pa.Array:
    return pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)


def _tag_columns(run_ids: pa.ChunkedArray, tags: pa.Table) -> Mapping[str, pa.ChunkedArray]:
    columns = {}
    for key, name in _RUN_TAGS.items():
        rows = tags.filter(pc.equal(tags.column("key"), key))
        where = pc.index_in(run_ids, _whole(rows.column("run_id")))
        columns[name] = rows.column("value").take(where)
    return columns


def _first(*columns: pa.ChunkedArray, default: str = "") -> pa.ChunkedArray:
    """For each row the first text that is not empty."""
    return pc.coalesce(*map(_not_empty, columns), default)


def _not_empty(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Null for empty text."""
    return pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), column)


def _last_values(points: pa.Table) -> pa.Table:
    value = decoded(numbers(points, "value", np.float64), numbers(points, "is_nan", np.int64))
    time = pa.array(numbers(points, "timestamp", np.int64))
    columns = {"value": pa.array(value), "step": pa.array(numbers(points, "step", np.int64)), "timestamp": time}
    for name, column in columns.items():
        points = points.set_column(points.schema.get_field_index(name), name, column)
    return points


def _added(parts: Iterable[Counts]) -> Counts:
    """Counts of different runs, put together."""
    total: dict[str, dict[str, int]] = {}
    for part in parts:
        for item, counted in part.items():
            total.setdefault(item, {}).update(counted)
    return total
