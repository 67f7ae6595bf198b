"""MLflow's tables in a database, at any schema version since 2019, read by what is there.

The columns that exist are the contract: whatever a store lacks (``is_nan``, ``experiment_tags``, ``inputs``,
``registered_model_aliases`` …) is empty or has its default. No MLflow code opens the store, because MLflow's client
migrates an older one in place. The tables are those of ``mlflow/store/tracking/dbmodels/models.py`` and
``mlflow/store/model_registry/dbmodels/models.py``.

Runs are read in chunks with their ids spelled out: both SQLite and PostgreSQL then use the index on the run, which
they do not for a join, and no lock is held for long. Sorting is left to Arrow. A chunk that cannot be read is split
until the runs that cannot be read stand alone; only these are lost, and said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reportgen.collect.artifacts import artifact_rows
from reportgen.collect.cursors import CursorDatabase
from reportgen.collect.database import DamagedError, Database, Type, schema_of
from reportgen.collect.filters import LikeRules, clauses_of, runs_that_match
from reportgen.collect.model_metrics import ModelMetrics, sql_model_metrics
from reportgen.collect.normal import decoded, history_table, rows_table
from reportgen.collect.pool import in_order
from reportgen.collect.postgresql import PostgresDatabase
from reportgen.collect.reading import Reading
from reportgen.collect.selection import OTHER_METRIC, UNREADABLE
from reportgen.collect.source import Chunk, Cost, Counts, Details, Mark, Progress, Size
from reportgen.collect.sqlite import SqliteDatabase, sqlite_path
from reportgen.collect.traces import Traces, sql_traces
from reportgen.errors import Problem, SourceError
from reportgen.redaction import public_uri
from reportgen.snapshot import SCHEMAS, SourceInfo, table_of

T = TypeVar("T")

_N_RUNS_DETAILS = 500
_N_RUNS_COUNTED = 100
_MAX_POINTS = 500_000
"""Points for one statement: about 0.3 s of SQLite's shared lock."""

_DATASET_INPUTS = "i.source_type = 'DATASET' AND i.destination_type = 'RUN'"
_LOGGED_STATUS = {"0": "UNSPECIFIED", "1": "PENDING", "2": "READY", "3": "FAILED"}
"""``mlflow.entities.LoggedModelStatus.from_int``."""
_SECONDS_PER_POINT = {"sqlite": 0.8e-6, "postgresql": 1.0e-6}
_LIKE_RULES = {"sqlite": LikeRules(folds_ascii_only=True)}


class Field(NamedTuple):
    """Where a column of ours comes from."""

    column: str
    type: Type
    default: str = "NULL"
    """SQL for stores that lack the column."""


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
_POINTS = {
    "run_id": Field("run_uuid", "text"),
    "metric": Field("key", "text"),
    "value": Field("value", "real"),
    "is_nan": Field("is_nan", "int", "0"),
    "step": Field("step", "int", "0"),
    "timestamp": Field("timestamp", "int"),
}
_RUN_TAGS = {
    "mlflow.runName": "name",
    "mlflow.parentRunId": "parent_run_id",
    "mlflow.source.name": "source_name",
    "mlflow.user": "user",
}

_REGISTERED = {
    "workspace": Field("workspace", "text", "'default'"),
    "name": Field("name", "text"),
    "created_at": Field("creation_time", "int"),
    "updated_at": Field("last_updated_time", "int"),
    "description": Field("description", "text", "''"),
}
_VERSIONS = _REGISTERED | {
    "version": Field("version", "text"),
    "stage": Field("current_stage", "text", "''"),
    "run_id": Field("run_id", "text", "''"),
    "status": Field("status", "text", "''"),
}
_LOGGED = {
    "version": Field("model_id", "text"),
    "experiment_id": Field("experiment_id", "text"),
    "name": Field("name", "text"),
    "created_at": Field("creation_timestamp_ms", "int"),
    "updated_at": Field("last_updated_timestamp_ms", "int"),
    "status": Field("status", "text"),
    "lifecycle": Field("lifecycle_stage", "text", "'active'"),
    "run_id": Field("source_run_id", "text", "''"),
}
_NEEDED = {"experiments": {"experiment_id", "name"}, "runs": {"run_uuid", "experiment_id"}}
_EXPECTED = ("metrics", "params", "tags")


def sqlite_source(uri: str, reading: Reading) -> SqlSource:  # noqa: ARG001 (a row of READERS)
    return SqlSource("sqlite", SqliteDatabase(sqlite_path(uri), public_uri(uri)))


def postgresql_source(uri: str, reading: Reading) -> SqlSource:  # noqa: ARG001 (a row of READERS)
    return SqlSource("postgresql", PostgresDatabase(uri))


def cursor_source(uri: str, reading: Reading) -> SqlSource:  # noqa: ARG001 (a row of READERS)
    database = CursorDatabase(uri)
    return SqlSource("mssql" if uri.startswith("mssql") else "mysql", database)


@dataclass(frozen=True, slots=True)
class _Part:
    """Rows of some runs in the columns of the database, with what the database counts of them."""

    params: pa.Table
    tags: pa.Table
    metrics: pa.Table
    datasets: pa.Table
    stored: Counts


class SqlSource:
    """An MLflow database. Raises ``SourceError`` (slug ``not-mlflow``) when it is another kind of database."""

    counts_points = True

    def __init__(self, kind: str, database: Database) -> None:
        self._kind = kind
        self._db = database
        self._problems: list[Problem] = []
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

    def close(self) -> None:
        self._db.close()

    # --- what is there ---

    def experiments(self) -> pa.Table:
        rows = self._at_once(lambda: self._rows("experiments", _EXPERIMENTS), "the experiments")
        tags = self._at_once(lambda: self._pairs("experiment_tags", ("experiment_id",), "key", "value"), "the experiments' tags")
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

    def runs(self, experiment_ids: Sequence[str]) -> pa.Table:
        def rows() -> pa.Table:
            return self._rows("runs", _RUNS, self._in("experiment_id", experiment_ids))

        found = (
            self._at_once(rows, "the runs") if experiment_ids else schema_of({n: f.type for n, f in _RUNS.items()}).empty_table()
        )
        self._runs = found.select(["run_id", "experiment_id"])
        marks = self._run_tags(found.column("run_id").to_pylist())
        return rows_table("runs", [_run(row, marks.get(row["run_id"], {})) for row in found.to_pylist()])

    def tagged(self, key: str) -> frozenset[str]:
        def rows() -> pa.Table:
            return self._rows("tags", {"run_id": Field("run_uuid", "text")}, self._in("key", [key]))

        found = set(self._at_once(rows, "the tags").column("run_id").to_pylist())
        return frozenset(found & set(self._runs.column("run_id").to_pylist()))

    def details(self, run_ids: Sequence[str], progress: Progress) -> Details:
        parts: list[_Part] = []
        unreadable: dict[str, str] = {}
        for done, chunk in _chunks(run_ids, _N_RUNS_DETAILS):
            progress(done, len(run_ids), "reading runs")
            good, bad = self._readable(chunk, self._part)
            parts += [part for _, part in good]
            unreadable |= bad
        progress(len(run_ids), len(run_ids), "reading runs")
        return Details(
            params=self._completed("params", [part.params for part in parts]),
            tags=self._completed("tags", [part.tags for part in parts]),
            metrics=self._completed("metrics", [part.metrics for part in parts]),
            datasets=self._completed("datasets", [part.datasets for part in parts]),
            stored=_added(part.stored for part in parts),
            unreadable=unreadable,
        )

    def matching(self, runs: pa.Table, details: Details, filter: str) -> frozenset[str]:
        return runs_that_match(clauses_of(filter), runs, details, _LIKE_RULES.get(self._kind, LikeRules(backslash_escapes=True)))

    def counts(self, run_ids: Sequence[str]) -> Counts:
        def counted(chunk: Sequence[str]) -> Counts:
            return self._part_counts(self._db, chunk) | _run_counts(self._point_counts(self._db, chunk))

        parts = []
        for _, chunk in _chunks(run_ids, _N_RUNS_COUNTED):
            good, _bad = self._readable(chunk, counted)
            parts += [part for _, part in good]
        return _added(parts)

    def cost(self, n_runs: int, n_series: int, n_points: int) -> Cost:  # noqa: ARG002 (points are what costs)
        n_chunks = max(-(-n_runs // self._db.n_runs), -(-n_points // _MAX_POINTS))
        n_calls = 2 * n_chunks + 12 * -(-n_runs // _N_RUNS_DETAILS) + 8
        return Cost(n_calls, 0.2 + 40e-6 * n_runs + n_points * _SECONDS_PER_POINT.get(self._kind, 5e-6))

    # --- histories ---

    def stamp(self) -> str:
        return ""

    def marks(self, run_ids: Sequence[str]) -> Mapping[str, Mark]:  # noqa: ARG002 (every run is read again)
        return {}

    def history(self, run_ids: Sequence[str], wants: Callable[[str], bool], progress: Progress) -> Iterator[Chunk]:
        sizes = {run_id: size.n_points for run_id, size in self.sizes(run_ids, wants).items()}
        total, done = sum(sizes.values()), 0
        connections = [self._db, *(self._db.twin() for _ in range(self._db.n_threads - 1) if len(run_ids) > self._db.n_runs)]
        try:
            chunks = list(_sized_chunks(run_ids, sizes, self._db.n_runs))
            for chunk in in_order(connections, lambda db, ids: self._chunk(db, ids, wants), chunks):
                done += chunk.points.num_rows
                progress(min(done, total), total, "reading histories")
                yield chunk
        finally:
            for connection in connections[1:]:
                connection.close()

    def sizes(self, run_ids: Sequence[str], wants: Callable[[str], bool]) -> Mapping[str, Size]:
        found: dict[str, Size] = {}
        for _, chunk in _chunks(run_ids, _N_RUNS_COUNTED):
            good, _bad = self._readable(chunk, lambda ids: _wanted(self._point_counts(self._db, ids), wants))
            for _, counts in good:
                by_run = _run_counts(counts)
                found |= {run_id: Size(n, by_run["series"][run_id]) for run_id, n in by_run["points"].items()}
        return found

    def _chunk(self, db: Database, run_ids: Sequence[str], wants: Callable[[str], bool]) -> Chunk:
        good, bad = self._readable(run_ids, lambda ids: self._points(db, ids, wants), db)
        empty = schema_of({name: field.type for name, field in _POINTS.items()}).empty_table()
        # An index may still tell how much there was of what the table cannot give.
        lost = [c for run in bad for _, c in self._readable([run], lambda ids: self._point_counts(db, ids), db)[0]]
        counts = pa.concat_tables([*(c for _, (c, _) in good), *lost, _COUNTS.empty_table()])
        points = pa.concat_tables([p for _, (_, p) in good]) if good else empty
        valid = pc.or_(pc.is_valid(points.column("value")), pc.equal(pc.fill_null(points.column("is_nan"), 0), 1))
        problems = [_unreadable(run_id, "its history", why) for run_id, why in bad.items()]
        problems += [
            _odd_values(run, n)
            for run, n in sorted(Counter(points.filter(pc.invert(valid)).column("run_id").to_pylist()).items())
        ]
        table = self._history_table(points.filter(valid))
        left_out = _left_out(counts, points, valid, wants, frozenset(bad))
        return Chunk(table, _run_counts(counts), left_out, tuple(problems))

    def _points(self, db: Database, run_ids: Sequence[str], wants: Callable[[str], bool]) -> tuple[pa.Table, pa.Table]:
        """(points for each run and metric as the store counts them, the points that are wanted), of one moment."""
        counts = self._point_counts(db, run_ids)
        metrics = sorted({metric for metric in counts.column("metric").to_pylist() if wants(metric)})
        where = self._in("run_uuid", run_ids, db)
        if len(metrics) < len(set(counts.column("metric").to_pylist())):
            if not metrics:
                return counts, schema_of({name: field.type for name, field in _POINTS.items()}).empty_table()
            # The plus sign keeps SQLite from the primary key, which begins with the metric and leads through all runs.
            plus = "+" if self._kind == "sqlite" else ""
            where += f" AND {plus}{self._in('key', metrics, db)}"
        return counts, self._rows("metrics", _POINTS, where, db)

    def _point_counts(self, db: Database, run_ids: Sequence[str]) -> pa.Table:
        if "metrics" not in db.columns:
            return _COUNTS.empty_table()
        run, key = db.quoted("run_uuid"), db.quoted("key")
        return db.table(
            f"SELECT {db.cast(run, 'text')}, {db.cast(key, 'text')}, COUNT(*) FROM metrics "  # noqa: S608 (quoted)
            f"WHERE {self._in('run_uuid', run_ids, db)} GROUP BY {run}, {key}",
            {"run_id": "text", "metric": "text", "n": "int"},
        )

    def _history_table(self, points: pa.Table) -> pa.Table:
        value = decoded(_numbers(points, "value", np.float64), _numbers(points, "is_nan", np.int64))
        experiment_of = dict(zip(*(self._runs.column(name).to_pylist() for name in ("run_id", "experiment_id")), strict=True))
        present = pc.unique(points.column("run_id")).to_pylist()
        return history_table(
            {run_id: experiment_of[run_id] for run_id in present},
            points.column("run_id"),
            points.column("metric"),
            _numbers(points, "step", np.int64),
            _numbers(points, "timestamp", np.int64),
            value,
        )

    # --- runs and what belongs to them ---

    def _part(self, run_ids: Sequence[str]) -> _Part:
        where = self._in("run_uuid", run_ids)
        return _Part(
            params=self._rows("params", _KEY_VALUES, where),
            tags=self._rows("tags", _KEY_VALUES, where),
            metrics=_last_values(self._rows("latest_metrics", _POINTS, where)),
            datasets=self._datasets(run_ids),
            stored=self._part_counts(self._db, run_ids),
        )

    def _part_counts(self, db: Database, run_ids: Sequence[str]) -> dict[str, Mapping[str, int]]:
        counts = {item: self._counted(db, item, "run_uuid", self._in("run_uuid", run_ids, db)) for item in ("params", "tags")}
        where = f"{_DATASET_INPUTS} AND {self._in('i.destination_id', run_ids, db)}"
        return counts | {"datasets": self._counted(db, "inputs", "i.destination_id", where, "i")}

    def _counted(self, db: Database, table: str, column: str, where: str, alias: str = "") -> Mapping[str, int]:
        if table not in db.columns:
            return {}
        name = column if alias else db.quoted(column)
        rows = db.table(
            f"SELECT {db.cast(name, 'text')}, COUNT(*) FROM {db.quoted(table)} {alias} WHERE {where} GROUP BY {name}",  # noqa: S608 (quoted)
            {"run_id": "text", "n": "int"},
        )
        return dict(zip(rows.column("run_id").to_pylist(), rows.column("n").to_pylist(), strict=True))

    def _datasets(self, run_ids: Sequence[str]) -> pa.Table:
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
            f"WHERE {_DATASET_INPUTS} AND {self._in('i.destination_id', run_ids)}",
            types,
        )

    def _completed(self, name: str, parts: Sequence[pa.Table]) -> pa.Table:
        """Rows of runs as a table of ``SCHEMAS[name]``: the experiment is added, text that is null becomes empty."""
        if not parts:
            return SCHEMAS[name].empty_table()
        table = pa.concat_tables(parts)
        where = pc.index_in(table.column("run_id"), self._runs.column("run_id").combine_chunks())
        columns = {column: table.column(column) for column in SCHEMAS[name].names if column != "experiment_id"}
        columns = {c: pc.fill_null(v, "") if pa.types.is_string(v.type) else v for c, v in columns.items()}
        return table_of(name, {"experiment_id": self._runs.column("experiment_id").take(where)} | columns)

    def _run_tags(self, run_ids: Sequence[str]) -> Mapping[str, Mapping[str, str]]:
        """The tags that belong into the table of runs; those of unreadable runs are missing here and said later."""
        found: dict[str, dict[str, str]] = {}
        keys = self._in("key", sorted(_RUN_TAGS))
        for _, chunk in _chunks(run_ids, _N_RUNS_DETAILS):
            plus = "+" if self._kind == "sqlite" else ""  # as for the points: the primary key begins with the key

            def rows(ids: Sequence[str], plus: str = plus) -> pa.Table:
                return self._rows("tags", _KEY_VALUES, f"{self._in('run_uuid', ids)} AND {plus}{keys}")

            good, _bad = self._readable(chunk, rows)
            for _, table in good:
                for row in table.to_pylist():
                    found.setdefault(row["run_id"], {})[_RUN_TAGS[row["key"]]] = row["value"] or ""
        return found

    def artifacts(self, runs: pa.Table) -> pa.Table:
        if not isinstance(self._db, SqliteDatabase):
            return SCHEMAS["artifacts"].empty_table()
        table, problems = artifact_rows(runs, self._db.folder)
        self._problems += problems
        return table

    def traces(self, experiment_ids: Sequence[str]) -> Traces:
        found = sql_traces(self._db, experiment_ids)
        self._problems += found.problems
        return found

    def model_metrics(self, experiment_ids: Sequence[str]) -> ModelMetrics:
        found = sql_model_metrics(self._db, experiment_ids)
        self._problems += found.problems
        return found

    # --- models ---

    def models(self, experiment_ids: Sequence[str]) -> tuple[pa.Table, int]:
        return self._at_once(lambda: self._models(experiment_ids), "the models")

    def _models(self, experiment_ids: Sequence[str]) -> tuple[pa.Table, int]:
        versions = {
            (row["workspace"], row["name"], row["version"]) for row in self._rows("model_versions", _VERSIONS).to_pylist()
        }
        aliases = self._aliases()
        names = self._pairs("registered_model_tags", ("workspace", "name"), "key", "value")
        tags = self._pairs("model_version_tags", ("workspace", "name", "version"), "key", "value")
        logged_tags = self._pairs("logged_model_tags", ("model_id",), "tag_key", "tag_value")
        rows = []
        for row in self._rows("registered_models", _REGISTERED).to_pylist():
            key = (row["workspace"], row["name"])
            # An alias whose version is gone stays with the name, so that it is not lost.
            loose = [a for (w, n, v), found in aliases.items() if (w, n) == key and (w, n, v) not in versions for a in found]
            rows.append(_model("registered", row) | {"tags": names.get(key, []), "aliases": sorted(loose)})
        for row in self._rows("model_versions", _VERSIONS).to_pylist():
            triple = (row["workspace"], row["name"], row["version"])
            rows.append(_model("version", row) | {"tags": tags.get(triple, []), "aliases": sorted(aliases.get(triple, []))})
        where = self._in("experiment_id", experiment_ids) if experiment_ids else "1 = 0"
        for row in self._rows("logged_models", _LOGGED, where).to_pylist():
            stage = "deleted" if row["lifecycle"] == "deleted" else ""
            status = _LOGGED_STATUS.get(row["status"], row["status"])
            rows.append(
                _model("logged", row) | {"tags": logged_tags.get((row["version"],), []), "stage": stage, "status": status}
            )
        n_store = self._total("registered_models") + self._total("model_versions") + self._total("logged_models", where)
        return rows_table("models", rows), n_store

    def _aliases(self) -> Mapping[tuple[str, ...], list[str]]:
        key = ("workspace", "name", "version")
        return {
            k: [alias for alias, _ in found]
            for k, found in self._pairs("registered_model_aliases", key, "alias", "alias").items()
        }

    def _total(self, table: str, where: str = "1 = 1") -> int:
        if table not in self._db.columns:
            return 0
        rows = self._db.table(f"SELECT COUNT(*) FROM {self._db.quoted(table)} WHERE {where}", {"n": "int"})  # noqa: S608 (quoted)
        return int(rows.column("n")[0].as_py())

    # --- statements ---

    def _rows(self, table: str, fields: Mapping[str, Field], where: str = "", db: Database | None = None) -> pa.Table:
        """``fields`` of ``table``; defaults for columns that it lacks, no rows when there is no such table."""
        db = db or self._db
        types = {name: field.type for name, field in fields.items()}
        if table not in db.columns:
            return schema_of(types).empty_table()
        there = db.columns[table]
        parts = [db.cast(db.quoted(f.column), f.type) if f.column in there else f.default for f in fields.values()]
        return db.table(f"SELECT {', '.join(parts)} FROM {db.quoted(table)}{' WHERE ' if where else ''}{where}", types)  # noqa: S608 (quoted)

    def _in(self, column: str, values: Iterable[str], db: Database | None = None) -> str:
        db = db or self._db
        name = column if "." in column else db.quoted(column)
        return f"{name} IN ({', '.join(db.literal(value) for value in values)})"

    def _pairs(self, table: str, by: tuple[str, ...], key: str, value: str) -> dict[tuple[str, ...], list[tuple[str, str]]]:
        """(key, value) of every row of a table of tags, grouped by the columns ``by`` and sorted."""
        fields = {f"by{i}": Field(column, "text", "'default'") for i, column in enumerate(by)}
        fields |= {"key": Field(key, "text"), "value": Field(value, "text")}
        found: dict[tuple[str, ...], list[tuple[str, str]]] = {}
        for *group, word, text in zip(*(c.to_pylist() for c in self._rows(table, fields).columns), strict=True):
            found.setdefault(tuple(group), []).append((word, text or ""))
        return {group: sorted(pairs) for group, pairs in found.items()}

    def _readable(
        self, run_ids: Sequence[str], read: Callable[[Sequence[str]], T], db: Database | None = None
    ) -> tuple[list[tuple[Sequence[str], T]], dict[str, str]]:
        """What ``read`` returns for all of ``run_ids`` or for its readable parts, and why single runs cannot be read."""
        try:
            return [(run_ids, (db or self._db).at_once(lambda: read(run_ids)))], {}
        except DamagedError as error:
            if len(run_ids) == 1:
                return [], {run_ids[0]: str(error)}
        good: list[tuple[Sequence[str], T]] = []
        bad: dict[str, str] = {}
        for half in (run_ids[: len(run_ids) // 2], run_ids[len(run_ids) // 2 :]):
            some, lost = self._readable(half, read, db)
            good += some
            bad |= lost
        return good, bad

    def _at_once(self, read: Callable[[], T], what: str) -> T:
        try:
            return self._db.at_once(read)
        except DamagedError as error:
            raise SourceError(
                "store-damaged",
                f"{what} in {self._db.public_uri} cannot be read: {error}",
                todo="check the store (for SQLite with `PRAGMA integrity_check`), and restore it from a backup",
            ) from error

    # --- what is noticed ---

    def _check_tables(self) -> None:
        there = self._db.columns
        if any(not columns <= there.get(table, frozenset()) for table, columns in _NEEDED.items()):
            raise SourceError(
                "not-mlflow",
                f"{self._db.public_uri} is a database, but not an MLflow store",
                found=f"tables {', '.join(sorted(there)[:10])}" if there else "no tables",
                allowed="tables experiments, runs, metrics, params and tags, as MLflow makes them",
                todo="check the path or the database's name; the user needs the right to read these tables",
            )
        for table in _EXPECTED:
            if table not in there:
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


_COUNTS = schema_of({"run_id": "text", "metric": "text", "n": "int"})


def _run(row: Mapping[str, object], marks: Mapping[str, str]) -> dict[str, object]:
    """A row of ``SCHEMAS["runs"]``: old stores keep the name in a tag only, new ones the source."""
    return {
        **row,
        "name": row["name"] or marks.get("name", ""),
        "status": row["status"] or "",
        "lifecycle": row["lifecycle"] or "active",
        "parent_run_id": marks.get("parent_run_id") or None,
        "user": row["user"] or marks.get("user", ""),
        "source_name": marks.get("source_name") or row["source_name"] or "",
        "artifact_uri": row["artifact_uri"] or "",
    }


def _model(kind: str, row: Mapping[str, object]) -> dict[str, object]:
    """A row of ``SCHEMAS["models"]`` without tags and aliases; the stage that MLflow calls 'None' is none."""
    empty: dict[str, object] = dict.fromkeys(("version", "experiment_id", "run_id", "stage", "status", "description"), "")
    filled = empty | {key: value for key, value in row.items() if value is not None} | {"kind": kind, "aliases": [], "tags": []}
    return filled | ({"stage": ""} if filled["stage"] == "None" else {})


def _last_values(points: pa.Table) -> pa.Table:
    value = decoded(_numbers(points, "value", np.float64), _numbers(points, "is_nan", np.int64))
    time = pa.array(_numbers(points, "timestamp", np.int64))
    columns = {"value": pa.array(value), "step": pa.array(_numbers(points, "step", np.int64)), "timestamp": time}
    for name, column in columns.items():
        points = points.set_column(points.schema.get_field_index(name), name, column)
    return points


def _numbers(table: pa.Table, column: str, dtype: type) -> np.ndarray:
    """A column as an array; null is 0, as MLflow's own default for it."""
    filled = pc.fill_null(table.column(column), 0)
    array: np.ndarray = filled.to_numpy().astype(dtype, copy=False)
    return array


def _chunks(run_ids: Sequence[str], size: int) -> Iterator[tuple[int, Sequence[str]]]:
    for start in range(0, len(run_ids), size):
        yield start, run_ids[start : start + size]


def _sized_chunks(run_ids: Sequence[str], sizes: Mapping[str, int], n_runs: int) -> Iterator[Sequence[str]]:
    """Consecutive runs, at most ``n_runs`` and, unless it is a single run, at most ``_MAX_POINTS`` points."""
    chunk: list[str] = []
    n_points = 0
    for run_id in run_ids:
        size = sizes.get(run_id, 0)
        if chunk and (len(chunk) == n_runs or n_points + size > _MAX_POINTS):
            yield chunk
            chunk, n_points = [], 0
        chunk.append(run_id)
        n_points += size
    if chunk:
        yield chunk


def _run_counts(counts: pa.Table) -> dict[str, Mapping[str, int]]:
    points: Counter[str] = Counter()
    series: Counter[str] = Counter()
    for run_id, n in zip(counts.column("run_id").to_pylist(), counts.column("n").to_pylist(), strict=True):
        points[run_id] += n
        series[run_id] += 1
    return {"points": points, "series": series}


def _left_out(
    counts: pa.Table, points: pa.Table, valid: pa.Array, wants: Callable[[str], bool], unreadable: frozenset[str]
) -> dict[str, Counts]:
    """Points and series that are counted but not read: of other metrics, of unreadable runs, and those without a number."""
    other = _wanted(counts, lambda metric: not wants(metric))
    wanted = _wanted(counts, wants)
    lost = wanted.filter(pa.array([run in unreadable for run in wanted.column("run_id").to_pylist()], pa.bool_()))
    bad = points.filter(pc.invert(valid)).group_by(["run_id", "metric"]).aggregate([([], "count_all")])
    whole = points.filter(valid).group_by(["run_id", "metric"]).aggregate([])
    gone = bad.join(whole, keys=["run_id", "metric"], join_type="left anti")
    n_points = Counter(_run_counts(lost)["points"])
    for run_id, n in zip(bad.column("run_id").to_pylist(), bad.column("count_all").to_pylist(), strict=True):
        n_points[run_id] += n
    n_series = Counter(_run_counts(lost)["series"]) + Counter(gone.column("run_id").to_pylist())
    return {OTHER_METRIC: _run_counts(other), UNREADABLE: {"points": n_points, "series": n_series}}


def _wanted(counts: pa.Table, wants: Callable[[str], bool]) -> pa.Table:
    return counts.filter(pa.array([wants(metric) for metric in counts.column("metric").to_pylist()], pa.bool_()))


def _added(parts: Iterable[Counts]) -> Counts:
    """Counts of different runs, put together."""
    total: dict[str, dict[str, int]] = {}
    for part in parts:
        for item, counted in part.items():
            total.setdefault(item, {}).update(counted)
    return total


def _unreadable(run_id: str, what: str, why: str) -> Problem:
    return Problem("run-unreadable", f"run {run_id}", f"{what} cannot be read: {why}", "check the store's integrity")


def _odd_values(run_id: str, n: int) -> Problem:
    what = f"{n} points hold something that is no number"
    return Problem("points-unreadable", f"run {run_id}", what, "look at `typeof(value)` in the table metrics of the store")
