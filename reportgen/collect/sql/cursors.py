"""SQL Server, or any other database that SQLAlchemy has a driver for, row by row; each statement stands alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import TypeVar

import pyarrow as pa

from reportgen.collect.sql.database import Type, database_uri, literal_of, rows_to_table, schema_of
from reportgen.errors import BadUriError, Problem, SourceError
from reportgen.redaction import Redactor, public_uri

T = TypeVar("T")


class CursorDatabase:
    """A database that SQLAlchemy has a driver for; PyODBC is the driver of ``mssql://`` unless the URI names one."""

    n_threads = 1
    n_runs = 50
    stamp = ""

    def __init__(self, uri: str) -> None:
        from sqlalchemy import create_engine
        from sqlalchemy.engine import URL
        from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError
        from sqlalchemy.pool import NullPool

        self._uri = uri
        self.public_uri = public_uri(uri)
        self._redact = Redactor.of([uri], {})
        self._error = SQLAlchemyError
        try:
            url = database_uri(uri)
            self._engine = create_engine(
                URL.create(
                    "mssql+pyodbc" if url.scheme == "mssql" else url.scheme,
                    url.user,
                    url.password,
                    url.host or None,
                    url.port,
                    url.database or None,
                    url.options(),
                ),
                poolclass=NullPool,
                isolation_level="AUTOCOMMIT",
            )
        except (ImportError, NoSuchModuleError) as error:
            raise SourceError(
                "driver-missing",
                f"the Python driver for {self.public_uri} is not installed: {error}",
                todo="install it, for SQL Server: pip install pyodbc",
            ) from error
        except (ArgumentError, ValueError) as error:
            raise BadUriError(
                "bad-uri",
                f"{self.public_uri} is not a database URI",
                allowed="mssql+pyodbc://user:password@host:1433/database?driver=…",
            ) from error
        try:
            # Without parameters, so that no driver takes a percent sign in an id for a placeholder.
            self._connection = self._engine.connect().execution_options(no_parameters=True)
            self.columns = self._reflected()
        except SQLAlchemyError as error:
            raise self._refused(error) from error

    @property
    def problems(self) -> tuple[Problem, ...]:
        return ()

    def quoted(self, name: str) -> str:
        return self._engine.dialect.identifier_preparer.quote_identifier(name)

    def literal(self, text: str) -> str:
        return literal_of(text)

    def cast(self, column: str, type: Type) -> str:  # noqa: ARG002 (what a row holds decides)
        return column  # the rows become what is asked for in Python

    def table(self, sql: str, types: Mapping[str, Type]) -> pa.Table:
        try:
            rows = self._connection.exec_driver_sql(sql).fetchall()
        except self._error as error:
            raise self._refused(error) from error
        return rows_to_table([tuple(row) for row in rows], schema_of(types))

    def at_once(self, read: Callable[[], T]) -> T:
        return read()

    def twin(self) -> CursorDatabase:
        return CursorDatabase(self._uri)

    def close(self) -> None:
        with suppress(self._error):  # the server may be gone by now
            self._connection.close()
        self._engine.dispose()

    def denied(self, tables: Sequence[str]) -> frozenset[str]:  # noqa: ARG002 (a statement will tell)
        return frozenset()

    def _reflected(self) -> Mapping[str, frozenset[str]]:
        from sqlalchemy import inspect

        inspector = inspect(self._connection)
        return {name: frozenset(c["name"] for c in inspector.get_columns(name)) for name in inspector.get_table_names()}

    def _refused(self, error: Exception) -> SourceError:
        words = self._redact(" ".join(str(getattr(error, "orig", None) or error).split()))[:400]
        denied = any(sign in words for sign in ("Access denied", "denied", "Login failed"))
        absent = "Cannot open database" in words
        lost = any(sign in words for sign in ("connect", "Lost connection", "timed out", "gone away"))
        slug = "no-such-store" if absent else "denied" if denied else "unreachable" if lost else "store-unreadable"
        return SourceError(
            slug,
            f"the database at {self.public_uri} said: {words}",
            todo="check the name of the database in the tracking URI, and that this user may open it"
            if absent
            else "check user, password, host, port and database in the tracking URI; SELECT on MLflow's tables is enough",
        )
