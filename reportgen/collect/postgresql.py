"""PostgreSQL through ADBC: one connection, one transaction that is read-only and sees one moment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TypeVar
from urllib.parse import quote, urlencode

import pyarrow as pa
import pyarrow.compute as pc

from reportgen.collect.database import Type, double_quoted, grouped, literal_of, schema_of, typed
from reportgen.errors import Problem, SourceError
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


_POSTGRES_TYPES: Mapping[Type, str] = {"text": "TEXT", "int": "BIGINT", "real": "DOUBLE PRECISION"}


class PostgresDatabase:
    """One PostgreSQL database in one transaction that is read-only and sees one moment."""

    n_threads = 1
    n_runs = 200

    def __init__(self, uri: str) -> None:
        import adbc_driver_postgresql.dbapi as adbc

        self._uri = uri
        self.public_uri = public_uri(uri)
        self._redact = Redactor.of([uri], {})
        self._booleans: frozenset[str] = frozenset()
        self._error: type[Exception] = adbc.Error
        try:
            self._connection = adbc.connect(libpq_uri(uri))
        except adbc.Error as error:
            raise self._refused(str(error)) from error
        try:
            self._execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            self.columns = self._reflected()
        except adbc.Error as error:
            self._connection.close()
            raise self._refused(str(error)) from error
        except SourceError:
            self._connection.close()
            raise

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
        try:
            with self._connection.cursor() as cursor:
                cursor.execute(sql)
                return typed(cursor.fetch_arrow_table(), schema_of(types))
        except self._error as error:
            raise self._refused(str(error)) from error

    def at_once(self, read: Callable[[], T]) -> T:
        return read()  # the whole connection is one moment

    def twin(self) -> PostgresDatabase:
        return PostgresDatabase(self._uri)

    def close(self) -> None:
        with suppress(self._error):  # the server may be gone by now
            self._connection.close()

    def _execute(self, sql: str) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute(sql)

    def _reflected(self) -> Mapping[str, frozenset[str]]:
        # Only columns that this user may read are listed there, which is just what the contract is about.
        sql = (
            "SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT), CAST(data_type AS TEXT) "
            "FROM information_schema.columns WHERE table_schema = ANY (current_schemas(false))"
        )
        found = self.table(sql, {"table": "text", "column": "text", "type": "text"})
        booleans = found.filter(pc.equal(found.column("type"), "boolean")).column("column").to_pylist()
        self._booleans = frozenset(double_quoted(name) for name in booleans)
        return grouped(found.select(["table", "column"]))

    def _refused(self, text: str) -> SourceError:
        """The server's words, sorted into what can be done about them."""
        words = self._redact(" ".join(text.split()))[:400]
        for slug, signs, todo in _POSTGRES_REFUSALS:
            if any(sign in text for sign in signs):
                return SourceError(slug, f"PostgreSQL at {self.public_uri} said: {words}", todo=todo)
        return SourceError("store-unreadable", f"PostgreSQL at {self.public_uri} said: {words}", todo="see the server's log")


_POSTGRES_REFUSALS = (
    (
        "denied",
        ("password authentication failed", "no password supplied", "pg_hba.conf", "permission denied", "role "),
        "check the user and the password in the tracking URI; the user needs SELECT on MLflow's tables, nothing more",
    ),
    ("no-such-store", ("does not exist",), "check the name of the database in the tracking URI"),
    (
        "unreachable",
        ("onnection refused", "translate host name", "timeout expired", "No route", "unreachable", "closed the connection"),
        "check host and port in the tracking URI, and that the server is running",
    ),
)


def libpq_uri(uri: str) -> str:
    """A SQLAlchemy-style URI (``postgresql+psycopg2://…``) as libpq takes it; drivers' own options are dropped."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(uri)
    except (ArgumentError, ValueError) as error:
        raise SourceError(
            "bad-uri",
            f"{public_uri(uri)} is not a database URI",
            allowed="postgresql://user:password@host:5432/database",
            todo="quote special characters in the password (%40 for @)",
        ) from error
    user = quote(url.username or "", safe="") + (f":{quote(str(url.password), safe='')}" if url.password else "")
    host = f"[{url.host}]" if url.host and ":" in url.host else quote(url.host or "", safe="")
    place = (f"{user}@" if user else "") + host + (f":{url.port}" if url.port else "")
    given = {key: value for key, value in url.query.items() if key in _LIBPQ_OPTIONS}
    options = {"connect_timeout": "15", "application_name": "reportgen", "client_encoding": "UTF8"} | given
    query = urlencode([(k, part) for k, v in options.items() for part in ((v,) if isinstance(v, str) else v)], quote_via=quote)
    return f"postgresql://{place}/{quote(url.database or '', safe='')}?{query}"
