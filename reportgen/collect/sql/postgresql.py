"""PostgreSQL through ADBC: read-only transactions that see one moment, sent by the server as binary COPY.

A second connection for reading ahead imports the snapshot of the first, so that both see the same moment. Where it
cannot be had (a limit of connections, a pooler, an old standby), the first does the work alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from threading import RLock
from typing import Any, NoReturn, TypeVar
from urllib.parse import quote, urlencode

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reportgen.collect.sql.database import (
    Part,
    SeriesOfRuns,
    Type,
    database_uri,
    double_quoted,
    grouped,
    literal_of,
    schema_of,
    typed,
)
from reportgen.errors import BadUriError, Problem, SourceError
from reportgen.order import stable_order
from reportgen.redaction import Redactor, public_uri

T = TypeVar("T")

# What libpq itself takes in the query of a URI; SQLAlchemy drivers have other options, which libpq would refuse.
_LIBPQ_OPTIONS = frozenset(
    [
        "host",
        "hostaddr",
        "port",
        "dbname",
        "user",
        "password",
        "passfile",
        "channel_binding",
        "connect_timeout",
        "options",
        "application_name",
        "fallback_application_name",
        "keepalives",
        "keepalives_idle",
        "keepalives_interval",
        "keepalives_count",
        "tcp_user_timeout",
        "sslmode",
        "sslcompression",
        "sslcert",
        "sslkey",
        "sslpassword",
        "sslrootcert",
        "sslcrl",
        "sslcrldir",
        "sslsni",
        "requirepeer",
        "ssl_min_protocol_version",
        "ssl_max_protocol_version",
        "krbsrvname",
        "gsslib",
        "gssencmode",
        "service",
        "target_session_attrs",
        "require_auth",
        "load_balance_hosts",
        "sslnegotiation",
    ]
)


_ABOUT_SECURITY = ("ssl", "tls", "cert", "auth", "krb", "gss", "secur", "passw", "crypt")

_POSTGRES_TYPES: Mapping[Type, str] = {"text": "TEXT", "int": "BIGINT", "real": "DOUBLE PRECISION"}


_NAN = "CAST('NaN' AS DOUBLE PRECISION)"

_SETTINGS = (
    # Costs of long lists are overestimated: compiling a statement took longer than running it.
    "SET jit = off",
    # Workers would read the whole table to count what an index tells sooner, and take processors from those who train.
    "SET max_parallel_workers_per_gather = 0",
    # The snapshot is kept while other things are read; a shorter limit would break it off.
    "SET idle_in_transaction_session_timeout = '1h'",
)


class PostgresDatabase:
    """One PostgreSQL database at one moment."""

    n_threads = 2
    n_runs = 200

    def __init__(self, uri: str, like: PostgresDatabase | None = None, snapshot: str = "") -> None:
        """``like`` is a connection whose moment, which ``pg_export_snapshot`` named ``snapshot``, this one is to see."""
        import adbc_driver_postgresql.dbapi as adbc

        self._uri = uri
        self.public_uri = public_uri(uri)
        self._redact = Redactor.of([uri], {})
        self._booleans: frozenset[str] = frozenset()
        self._error: type[Exception] = adbc.Error
        self._lock = RLock()
        self._is_owner = True
        self._counts: dict[str, int] = {}
        try:
            self._connection: Any = adbc.connect(libpq_uri(uri))
        except adbc.Error as error:
            self._refuse(error)
        try:
            tells_commits = like is None and self._tells_commits()
            self._begin(snapshot)
            if like is None:
                self.columns = self._reflected()
                self._has_run_index, self._packs = self._is_indexed(), self._can_pack()
                self.stamp = self._committed() if tells_commits else ""
        except BaseException:
            self.close()
            raise
        if like is not None:  # nothing of that changes, nor do the counts
            self.columns, self._booleans, self._has_run_index = like.columns, like._booleans, like._has_run_index
            self._packs, self.stamp = like._packs, like.stamp
            self._counts = like._counts

    @property
    def problems(self) -> tuple[Problem, ...]:
        return ()

    def quoted(self, name: str) -> str:
        return double_quoted(name)

    def literal(self, text: str) -> str:
        return literal_of(text)

    def cast(self, column: str, type: Type) -> str:
        if type == "int" and column in self._booleans:  # PostgreSQL casts boolean to integer, but not to bigint
            return f"CAST(CAST({column} AS INTEGER) AS BIGINT)"
        return f"CAST({column} AS {_POSTGRES_TYPES[type]})"

    def table(self, sql: str, types: Mapping[str, Type]) -> pa.Table:
        return typed(self._arrow(sql), schema_of(types))

    def _arrow(self, sql: str) -> pa.Table:
        with self._lock:
            try:
                with self._connection.cursor() as cursor:
                    cursor.execute(sql)
                    return cursor.fetch_arrow_table()
            except self._error as error:
                self._refuse(error)

    def at_once(self, read: Callable[[], T]) -> T:
        return read()  # the whole connection is one moment

    def twin(self) -> PostgresDatabase:
        """Another connection that sees the same moment, or this one for another thread."""
        snapshot = self.table("SELECT CAST(pg_export_snapshot() AS TEXT)", {"snapshot": "text"}).column("snapshot")[0].as_py()
        try:
            return PostgresDatabase(self._uri, self, snapshot)
        except SourceError:  # no connection is left, or a pooler leads to another server
            twin = object.__new__(PostgresDatabase)
            twin.__dict__.update(self.__dict__, _is_owner=False)
            return twin

    def close(self) -> None:
        if self._is_owner:
            with suppress(self._error):  # the server may be gone by now
                self._connection.close()

    # --- points without the id of their run ---

    has_run_index = True  # a store without one (before MLflow 1.30) is read through by every statement

    def run_counts(self, run_ids: Sequence[str], most: int | None = None) -> np.ndarray | None:  # noqa: ARG002 (all are counted)
        new = [run_id for run_id in run_ids if run_id not in self._counts]  # nothing changes while we look
        if new:
            ids = ", ".join(map(self.literal, new))
            sql = f"SELECT CAST(run_uuid AS TEXT), COUNT(*) FROM metrics WHERE run_uuid IN ({ids}) GROUP BY run_uuid"  # noqa: S608 (quoted)
            found = self.table(sql, {"run_id": "text", "n": "int"})
            counted = dict(zip(found.column("run_id").to_pylist(), found.column("n").to_pylist(), strict=True))
            self._counts |= {run_id: counted.get(run_id, 0) for run_id in new}
        return np.array([self._counts[run_id] for run_id in run_ids], np.int64)

    def run_points(self, run_ids: Sequence[str], metrics: Sequence[str] | None, part: Part | None = None) -> pa.Table | None:
        """As promised by ``PointsByRun``; a first part is everything, since nobody is kept waiting by it."""
        types: dict[str, Type] = {"run": "int", "key": "text", "value": "real", "step": "int", "timestamp": "int"}
        columns = f"key, {self._value('NULL')}, {self._step()}, timestamp"
        where = "TRUE" if part is None or part.last is None else "FALSE"
        if metrics is not None:
            where += f" AND key IN ({', '.join(map(self.literal, metrics)) or 'NULL'})"
        ids = self._numbered(run_ids)
        if self._has_run_index:  # looked up run by run, in this order; OFFSET 0 keeps the planner from anything else
            rows = f"{ids} CROSS JOIN LATERAL (SELECT * FROM metrics WHERE run_uuid = ids.id AND {where} OFFSET 0) AS points"  # noqa: S608 (quoted)
        else:
            rows = f"{ids} JOIN metrics ON run_uuid = ids.id WHERE {where}"
        points = self.table(f"SELECT CAST(ids.n AS INTEGER), {columns} FROM {rows}", types)  # noqa: S608 (quoted)
        run = points.column("run").to_numpy()
        points = points.drop_columns(["run"])
        if (run[1:] < run[:-1]).any():
            points = points.take(pa.array(stable_order(run)))
        return points if part is None else points.append_column("rowid", pa.array(np.arange(points.num_rows)))

    def run_series(self, run_ids: Sequence[str], metrics: Sequence[str] | None) -> SeriesOfRuns | None:
        """Numbers are put together as the bytes that they would be sent as: the server spends most of its time on rows."""
        if not self._has_run_index or not self._packs:
            return None
        wanted = "" if metrics is None else f" AND key IN ({', '.join(map(self.literal, metrics)) or 'NULL'})"
        numbers = (f"float8send(CAST({self._value(_NAN)} AS DOUBLE PRECISION))", f"int8send(CAST({self._step()} AS BIGINT))")
        packed = (f"string_agg({number}, NULL)" for number in (*numbers, "int8send(CAST(timestamp AS BIGINT))"))
        series = (
            f"SELECT CAST(key AS TEXT), COUNT(*), {', '.join(packed)} FROM metrics "  # noqa: S608 (quoted)
            f"WHERE run_uuid = ids.id{wanted} GROUP BY key OFFSET 0"
        )
        rows = f"{self._numbered(run_ids)} CROSS JOIN LATERAL ({series}) AS series"
        return _series(self._arrow(f"SELECT CAST(ids.n AS BIGINT), series.* FROM {rows}"))  # noqa: S608 (quoted)

    def run_marks(self, run_ids: Sequence[str]) -> Mapping[str, tuple[str, int]] | None:
        counts = self.run_counts(run_ids)
        return None if counts is None else {run_id: (str(n), n) for run_id, n in zip(run_ids, counts.tolist(), strict=True)}

    def _numbered(self, run_ids: Sequence[str]) -> str:
        return f"unnest(ARRAY[{', '.join(map(self.literal, run_ids))}]) WITH ORDINALITY AS ids (id, n)"

    def _value(self, nan: str) -> str:
        """The value of a point, and ``nan`` where it is NaN."""
        if "is_nan" not in self.columns["metrics"]:
            return "value"
        return f"CASE WHEN {'is_nan' if double_quoted('is_nan') in self._booleans else 'is_nan <> 0'} THEN {nan} ELSE value END"

    def _step(self) -> str:
        return "step" if "step" in self.columns["metrics"] else "0"

    # --- the connection ---

    def _begin(self, snapshot: str) -> None:
        statements = ["SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"]
        statements += [f"SET TRANSACTION SNAPSHOT {literal_of(snapshot)}"] if snapshot else []
        for statement in (*statements, *_SETTINGS):
            self._execute(statement)

    def _execute(self, statement: str) -> None:
        try:
            with self._connection.cursor() as cursor:
                cursor.execute(statement)
        except self._error as error:
            self._refuse(error)

    def _reflected(self) -> Mapping[str, frozenset[str]]:
        # Only columns that this user may read are listed there, which is just what the contract is about. A table of
        # the same name in a later schema of the search path is not the one that a statement would read.
        sql = (
            "SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT), CAST(data_type AS TEXT) "
            "FROM information_schema.columns WHERE to_regclass(quote_ident(table_name)) = "
            "to_regclass(quote_ident(table_schema) || '.' || quote_ident(table_name)) "
            "AND table_schema = ANY (current_schemas(false))"
        )
        found = self.table(sql, {"table": "text", "column": "text", "type": "text"})
        booleans = found.filter(pc.equal(found.column("type"), "boolean")).column("column").to_pylist()
        self._booleans = frozenset(double_quoted(name) for name in booleans)
        return grouped(found.select(["table", "column"]))

    def denied(self, tables: Sequence[str]) -> frozenset[str]:
        names = ", ".join(self.literal(name) for name in tables)
        sql = "SELECT CAST(c.relname AS TEXT) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        sql += "WHERE n.nspname = ANY (current_schemas(false)) AND NOT has_any_column_privilege(c.oid, 'SELECT') "
        sql += f"AND c.relname IN ({names})"
        return frozenset(self.table(sql, {"table": "text"}).column("table").to_pylist()) if names else frozenset()

    def _is_indexed(self) -> bool:
        sql = (
            "SELECT COUNT(*) FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0] "
            "WHERE i.indrelid = to_regclass('metrics') AND a.attname = 'run_uuid' AND i.indisvalid AND i.indpred IS NULL"
        )
        return bool(self.table(sql, {"n": "int"}).column("n")[0].as_py())

    def _can_pack(self) -> bool:
        """Whether these functions are there: databases that only speak like PostgreSQL may lack them."""
        sql = "SELECT COUNT(*) FROM pg_proc WHERE proname IN ('float8send', 'int8send')"
        return bool(self.table(sql, {"n": "int"}).column("n")[0].as_py() >= 2)

    def _committed(self) -> str:
        """What is another after every commit: which transactions this one sees, and of which server.

        A transaction that changes anything has a number, so that who sees the same ones sees the same rows. Raises
        ``SourceError`` where a service does not tell.
        """
        numbers = (
            "(SELECT system_identifier FROM pg_control_system())",
            "(SELECT timeline_id FROM pg_control_checkpoint())",
            "(SELECT oid FROM pg_database WHERE datname = current_database())",
            "txid_current_snapshot()",
        )
        # Of tables that lie elsewhere, transactions of this server do not tell.
        is_here = "version() ~ '^PostgreSQL [0-9.]+ ' AND NOT EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'citus')"
        is_here += " AND (SELECT relkind IN ('r', 'p') FROM pg_class WHERE oid = to_regclass('metrics'))"
        sql = f"SELECT CAST(CASE WHEN {is_here} THEN concat_ws('-', {', '.join(numbers)}) ELSE '' END AS TEXT)"
        stamp: str = self.table(sql, {"stamp": "text"}).column("stamp")[0].as_py()
        return stamp

    def _tells_commits(self) -> bool:
        """Tried in a transaction of its own, which an error would end."""
        try:
            self._committed()
        except SourceError:  # one that is not only about this statement comes again with the next
            return False
        finally:
            with suppress(self._error):
                self._connection.rollback()
        return True

    def _refuse(self, error: Exception) -> NoReturn:
        """Raises the server's words, sorted into what can be done about them, and without credentials."""
        text = str(error).partition("Query was:")[0]
        words = self._redact(" ".join(text.split()))[:400]
        found = next((refusal for refusal in _REFUSALS if any(sign in text for sign in refusal[1])), None)
        slug, _, todo = found or ("store-unreadable", (), "see the server's log")
        raise SourceError(slug, f"PostgreSQL at {self.public_uri} said: {words}", todo=todo) from None


_REFUSALS = (
    (
        "timeout",
        ("statement timeout", "idle-in-transaction timeout", "transaction timeout", "idle_in_transaction"),
        "give this user a longer limit (ALTER ROLE … SET …), or set it in the tracking URI (?options=-cstatement_timeout%3D5min)",
    ),
    (
        "standby-conflict",
        ("conflict with recovery",),
        "set hot_standby_feedback = on or a longer max_standby_streaming_delay on this replica, or run the report again",
    ),
    (
        "unreachable",
        ("too many connections", "too many clients", "remaining connection slots"),
        "the server has no connection left for this user: try again, or raise the limit",
    ),
    (
        "unreachable",
        ("terminating connection", "closed the connection", "shutting down", "starting up", "connection not open", "SSL "),
        "check that the server is running and lets this connection live (and its TLS options), and run the report again",
    ),
    (
        "denied",
        ("no password supplied",),
        "no password was given, and the server asks for one: give it in the tracking URI, or in PGPASSWORD",
    ),
    (
        "denied",
        ("password authentication failed",),
        "the user or the password in the tracking URI was refused: check both",
    ),
    (
        "denied",
        ("pg_hba.conf", "permission denied", "role "),
        "check the user in the tracking URI, who needs the right to connect, and SELECT on MLflow's tables, nothing more",
    ),
    ("no-such-store", ("does not exist",), "check the name of the database in the tracking URI"),
    (
        "unreachable",
        ("onnection refused", "translate host name", "timeout expired", "No route", "unreachable"),
        "check host and port in the tracking URI, and that the server is running",
    ),
)


def _series(found: pa.Table) -> SeriesOfRuns | None:
    """The rows of ``run_series``: run, metric, points, values, steps and times, the last three as big-endian bytes.

    None where not every point has a value, a step and a time.
    """
    found = found.combine_chunks()
    if any(column.null_count for column in found.columns):
        return None
    run = found.column(0).to_numpy()
    if (run[1:] < run[:-1]).any():
        found = found.take(pa.array(stable_order(run))).combine_chunks()
        run = found.column(0).to_numpy()
    metric = typed(found.select([1]), schema_of({"metric": "text"})).column(0)
    n_points = found.column(2).to_numpy()
    value, step, timestamp = (_unpacked(found.column(at), n_points, kind) for at, kind in ((3, ">f8"), (4, ">i8"), (5, ">i8")))
    if value is None or step is None or timestamp is None:
        return None
    names = metric.chunk(0) if metric.num_chunks else pa.array([], pa.string())
    return SeriesOfRuns(run - 1, names, n_points, step, timestamp, value)


def _unpacked(packed: pa.ChunkedArray, n_points: np.ndarray, kind: str) -> np.ndarray | None:
    """The numbers of all rows; None when a row does not have as many as ``n_points`` says."""
    if not packed.num_chunks:
        return np.empty(0, kind[1:])
    rows = packed.chunk(0).cast(pa.large_binary())
    if not np.array_equal(pc.binary_length(rows).to_numpy(), 8 * n_points):
        return None
    _, offsets, data = rows.buffers()
    first = int(np.frombuffer(offsets, np.int64)[rows.offset])
    return np.frombuffer(data, kind, count=int(n_points.sum()), offset=first).astype(kind[1:])


def libpq_uri(uri: str) -> str:
    """A SQLAlchemy-style URI (``postgresql+psycopg2://…``) as libpq takes it.

    Drivers' own options are dropped, unless they may be about security: then a ``SourceError`` tells.
    """
    url = database_uri(uri)
    query = url.options()
    for key in query:
        if key not in _LIBPQ_OPTIONS and any(word in key.lower() for word in _ABOUT_SECURITY):
            raise BadUriError(
                "bad-uri",
                f"the option {key!r} in {public_uri(uri)} cannot be used",
                found="an option of another driver that may be about security",
                allowed=", ".join(sorted(_LIBPQ_OPTIONS)),
                todo="write it as libpq's own option, for TLS as sslmode, sslrootcert, sslcert and sslkey",
            )
    user = quote(url.user or "", safe="") + (f":{quote(url.password, safe='')}" if url.password else "")
    host = f"[{url.host}]" if ":" in url.host else quote(url.host, safe="")
    place = (f"{user}@" if user else "") + host + (f":{url.port}" if url.port else "")
    given = {key: value for key, value in query.items() if key in _LIBPQ_OPTIONS}
    options = {"connect_timeout": "15", "application_name": "reportgen", "client_encoding": "UTF8"} | given
    asked = urlencode([(k, part) for k, v in options.items() for part in ((v,) if isinstance(v, str) else v)], quote_via=quote)
    return f"postgresql://{place}/{quote(url.database, safe='')}?{asked}"
