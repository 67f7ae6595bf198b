"""MySQL and MariaDB through PyMySQL: one connection, one transaction that is read-only and sees one moment.

All that is read, to the last point, is of the moment at which the connection was made, on InnoDB tables: the
transaction is ``WITH CONSISTENT SNAPSHOT`` at the level REPEATABLE READ. ``twin`` shares the connection, so that
reading and what is made of it go side by side. Why not connectorx: ``docs/decisions/0013-mysql-in-one-transaction.md``.
"""

from __future__ import annotations

import re
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from threading import RLock
from typing import Any, NoReturn, TypeVar

import numpy as np
import pyarrow as pa

from reportgen.collect.pool import LateError, awaited
from reportgen.collect.sql.database import Part, Type, database_uri, grouped, literal_of
from reportgen.errors import BadUriError, Problem, SourceError
from reportgen.redaction import Redactor, public_uri

T = TypeVar("T")

_SECONDS_TO_CONNECT = 15
_SECONDS_TO_READ = 600
_IDLE_SECONDS = 3600
"""How long the server keeps our transaction while nothing is asked, if it would close it sooner."""

_HARMLESS = frozenset({"charset", "use_unicode", "collation", "autocommit", "local_infile", "binary_prefix", "program_name"})
"""Options of other drivers that change nothing here: text is asked for as UTF-8, and nothing is written."""
_FLAGS = frozenset({"ssl", "ssl_check_hostname", "ssl_verify_cert", "ssl_verify_identity", "ssl_disabled"})
_WORDS = frozenset({"ssl_ca", "ssl_cert", "ssl_key", "ssl_key_password", "ssl_capath", "ssl_cipher", "ssl_mode", "unix_socket"})
_SECONDS = frozenset({"connect_timeout", "read_timeout", "write_timeout"})
_SERVER_LOST = 2013
_UNREACHABLE = 2003
_MODES = ("DISABLED", "PREFERRED", "REQUIRED", "VERIFY_CA", "VERIFY_IDENTITY")
_YES_NO = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}

_HAS_NO_CASE = re.compile(r"(?:[a-z]{1,4}-)?[0-9a-f]{32}|[0-9]+")
"""Ids as MLflow makes them, which an index of any collation finds and sorts as Python does."""
_RUN_ID = re.compile(r"[0-9a-f]{32}")

_REFUSALS: Mapping[int, tuple[str, str]] = {
    **dict.fromkeys(
        (1142, 1143, 1227, 1820, 1862, 3118, 3159),
        ("denied", "check the user in the tracking URI, who needs SELECT on MLflow's tables, nothing more"),
    ),
    1044: ("denied", "check the name of the database in the tracking URI, and that this user has SELECT in it"),
    **dict.fromkeys((1045, 1698), ("denied", "the user or the password in the tracking URI was refused: check both")),
    1049: ("no-such-store", "check the name of the database in the tracking URI"),
    1412: ("store-changed", "a table was altered while it was read (`mlflow db upgrade`?): run the report again"),
    **dict.fromkeys(
        (1969, 3024, 1317),
        ("timeout", "give this user a longer max_statement_time (MariaDB) or max_execution_time (MySQL), or name fewer metrics"),
    ),
    **dict.fromkeys(
        (1040, 1203, 1226), ("unreachable", "the server has no connection left for this user: try again, or raise the limit")
    ),
    **dict.fromkeys(
        (2002, 2003, 2005, 2006, 2013, 2014, 2026, 1053, 1130, 1927),
        ("unreachable", "check host, port and TLS options in the tracking URI, and that the server is running"),
    ),
}
"""MySQL's number of an error → slug, and what to do."""


class MySqlDatabase:
    """One MySQL or MariaDB database in one transaction that is read-only and sees one moment."""

    n_threads = 2
    n_runs = 50

    def __init__(self, uri: str) -> None:
        import pymysql

        self.public_uri = public_uri(uri)
        self._redact = Redactor.of([uri], {})
        self._error = pymysql.err.MySQLError
        self._lock = RLock()
        self._is_owner = True
        self._counts: dict[str, int] = {}
        options = connect_options(uri)
        try:
            # Of its limits that for connecting is about the way to the port only, and a port may never answer.
            end = time.monotonic() + 2 * options["connect_timeout"]
            self._connection = awaited(lambda: pymysql.connect(**options), end, "reportgen-mysql")
        except LateError:
            words = f"nothing within {2 * options['connect_timeout']} s, though its port is open"
            self._refuse(pymysql.err.OperationalError(_UNREACHABLE, words))
        except (self._error, OSError, RuntimeError, ValueError) as error:  # OSError: files of TLS; RuntimeError: no cryptography
            self._refuse(error)
        try:
            written = self._written()
            self._begin()
            self.columns = self._reflected()
            self._index = self._index_of_runs()
            self._problems = self._what_is_not_transactional()
            self.stamp = written if self._is_in_the_log() and written == self._written() else ""
        except BaseException:
            self.close()
            raise

    @property
    def problems(self) -> tuple[Problem, ...]:
        return self._problems

    def quoted(self, name: str) -> str:
        return "`" + name.replace("`", "``") + "`"

    def literal(self, text: str) -> str:
        """Names are compared as they are written; for ids that would only keep the server from their index."""
        literal = literal_of(text).replace("\\", "\\\\")
        return literal if _HAS_NO_CASE.fullmatch(text) else f"{literal} COLLATE utf8mb4_bin"

    def cast(self, column: str, type: Type) -> str:  # noqa: ARG002 (what a row holds decides)
        return column  # an expression would keep the server from its index; the columns become what is asked for here

    def table(self, sql: str, types: Mapping[str, Type]) -> pa.Table:
        from reportgen.collect.sql.mysql_rows import received_rows

        with self._lock:
            try:
                rows = received_rows(self._connection, sql, types)
            except (self._error, OSError) as error:
                self._refuse(error)
        return rows.table()  # while another thread has the connection

    def at_once(self, read: Callable[[], T]) -> T:
        return read()  # the whole connection is one moment

    def twin(self) -> MySqlDatabase:
        """The same connection for another thread: a second one would see another moment."""
        twin = object.__new__(MySqlDatabase)
        twin.__dict__.update(self.__dict__, _is_owner=False)
        return twin

    def close(self) -> None:
        if self._is_owner:
            with suppress(self._error, OSError):  # the server may be gone by now
                self._connection.close()

    # --- points without the id of their run ---

    @property
    def has_run_index(self) -> bool:
        return True  # or the server says so by taking long; MLflow has always had one

    def run_counts(self, run_ids: Sequence[str], most: int | None = None) -> np.ndarray | None:  # noqa: ARG002 (all are counted)
        if not self._index:
            return None
        new = [run_id for run_id in run_ids if run_id not in self._counts]  # nothing changes while we look
        if new:
            points = f"SELECT COUNT(*) FROM metrics FORCE INDEX ({self._index}) WHERE metrics.run_uuid = runs.run_uuid"  # noqa: S608 (quoted)
            sql = f"SELECT run_uuid, ({points}) FROM runs WHERE {self._is_run(new)}"  # noqa: S608 (quoted)
            found = self.table(sql, {"run_id": "text", "n": "int"})
            counted = dict(zip(found.column("run_id").to_pylist(), found.column("n").to_pylist(), strict=True))
            self._counts |= {run_id: counted.get(run_id, 0) for run_id in new}
        return np.array([self._counts[run_id] for run_id in run_ids], np.int64)

    def run_points(self, run_ids: Sequence[str], metrics: Sequence[str] | None, part: Part | None = None) -> pa.Table | None:
        """As promised by ``PointsByRun``; a first part is everything, since nobody is kept waiting by it."""
        if not self._index or not all(map(_RUN_ID.fullmatch, run_ids)):
            return None
        types: dict[str, Type] = {"key": "text", "value": "real", "step": "int", "timestamp": "int"}
        there = self.columns["metrics"]
        value = "IF(m.is_nan, NULL, m.value)" if "is_nan" in there else "m.value"
        where = "" if part is None or part.last is None else " AND 1 = 0"
        if metrics is not None:
            where += f" AND m.`key` IN ({', '.join(map(self.literal, metrics)) or 'NULL'})"
        # Looked up run by run, each row takes the server a third less than within the ranges of a list.
        points = self.table(
            f"SELECT m.`key`, {value}, {'m.step' if 'step' in there else '0'}, m.timestamp "  # noqa: S608 (quoted)
            f"FROM runs AS r STRAIGHT_JOIN metrics AS m FORCE INDEX ({self._index}) ON m.run_uuid = r.run_uuid "
            f"WHERE r.{self._is_run(run_ids)}{where} ORDER BY r.run_uuid",
            types,
        )
        return points if part is None else points.append_column("rowid", pa.array(np.arange(points.num_rows)))

    def run_marks(self, run_ids: Sequence[str]) -> Mapping[str, tuple[str, int]] | None:
        counts = self.run_counts(run_ids)
        return None if counts is None else {run_id: (str(n), n) for run_id, n in zip(run_ids, counts.tolist(), strict=True)}

    def _is_run(self, run_ids: Sequence[str]) -> str:
        return f"run_uuid IN ({', '.join(map(self.literal, run_ids))})"

    # --- the connection ---

    def _is_mariadb(self) -> bool:
        return "mariadb" in self._connection.get_server_info().lower()

    def _written(self) -> str:
        """How much InnoDB has ever written to its log, which every change adds to; "" where the server does not tell.

        MySQL is not asked: some services that speak like it have a storage of their own.
        """
        if not self._is_mariadb():
            return ""
        rows = self._run("SHOW GLOBAL STATUS LIKE 'Innodb_lsn_current'")
        return f"{self._connection.get_server_info()}-{rows[0][1]}" if rows and int(rows[0][1]) else ""

    def _is_in_the_log(self) -> bool:
        """Whether points lie in a table of InnoDB, and not in another engine or behind a view."""
        sql = "SELECT engine FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = 'metrics'"
        return [engine for (engine,) in self._run(sql)] == ["InnoDB"]

    def _begin(self) -> None:
        idle = f"@@SESSION.wait_timeout = GREATEST(@@SESSION.wait_timeout, {_IDLE_SECONDS})"
        if self._is_mariadb():  # long lists would become joins with a temporary table; a limit of 0 is none
            idle += f", SESSION in_predicate_conversion_threshold = 0, SESSION idle_transaction_timeout = {_IDLE_SECONDS}"
            idle += f", SESSION idle_readonly_transaction_timeout = {_IDLE_SECONDS}"
        for statement in (
            f"SET {idle}, SESSION sql_mode = ''",
            "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ",
            "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
        ):
            self._run(statement)

    def _run(self, statement: str) -> Sequence[Sequence[Any]]:
        try:
            with self._connection.cursor() as cursor:
                cursor.execute(statement)
                rows: Sequence[Sequence[Any]] = cursor.fetchall()
                return rows
        except (self._error, OSError) as error:
            self._refuse(error)

    def _reflected(self) -> Mapping[str, frozenset[str]]:
        # Only columns that this user has a right to are listed there.
        sql = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = DATABASE()"
        return grouped(self.table(sql, {"table": "text", "column": "text"}))

    def denied(self, tables: Sequence[str]) -> frozenset[str]:
        return frozenset(name for name in tables if self._is_denied(name))

    def _is_denied(self, table: str) -> bool:
        """Whether the server says so; it says it also of tables that are not there, to a user with rights on single tables only."""
        try:
            self._run(f"SELECT 1 FROM {self.quoted(table)} LIMIT 0")  # noqa: S608 (a name of MLflow's)
        except SourceError as error:
            return error.slug == "denied"
        return False

    def _index_of_runs(self) -> str:
        """The quoted name of an index that begins with the run, best followed by the metric; "" when there is none."""
        if "metrics" not in self.columns:
            return ""
        sql = "SELECT index_name, seq_in_index, column_name FROM information_schema.statistics "
        sql += "WHERE table_schema = DATABASE() AND table_name = 'metrics' ORDER BY index_name, seq_in_index"
        columns: dict[str, list[str]] = {}
        for index, _, column in self._run(sql):
            columns.setdefault(index, []).append(str(column))
        found = [(names[1:2] != ["key"], len(names), index) for index, names in columns.items() if names[0] == "run_uuid"]
        return self.quoted(min(found)[2]) if found else ""

    def _what_is_not_transactional(self) -> tuple[Problem, ...]:
        sql = "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() "
        sql += "AND table_type = 'BASE TABLE' AND engine <> 'InnoDB' ORDER BY table_name"
        names = [str(name) for (name,) in self._run(sql)]
        if not names:
            return ()
        what = f"tables that are not InnoDB cannot be read as of one moment: {', '.join(names)}"
        return (Problem("not-one-moment", self.public_uri, what, "ALTER TABLE … ENGINE = InnoDB", severity="note"),)

    def _refuse(self, error: Exception) -> NoReturn:
        """Raises the server's words, sorted into what can be done about them, and without credentials."""
        number = error.args[0] if error.args and isinstance(error.args[0], int) and isinstance(error, self._error) else 0
        words = self._redact(" ".join(str(error.args[-1] if error.args else error).split()))[:400]
        if not words:  # PyMySQL's way to say that an earlier error has closed the connection
            number, words = _SERVER_LOST, "the connection is closed"
        slug, todo = _REFUSALS.get(number, ("store-unreadable", "see the server's log"))
        if number in (1045, 1698) and "using password: NO" in words:
            todo = "no password was given, and the server asks for one: give it in the tracking URI"
        raise SourceError(slug, f"the database at {self.public_uri} said: {words}", todo=todo) from None


def connect_options(uri: str) -> dict[str, Any]:
    """Arguments of ``pymysql.connect`` for a SQLAlchemy-style URI of any MySQL driver.

    Options that are not known are refused, since one of them might be about security. Raises ``SourceError``.
    """
    url = database_uri(uri)
    if not url.database:
        raise BadUriError("bad-uri", f"{url.public} names no database", todo="end it with /name-of-the-database")
    given: dict[str, Any] = {name.replace("-", "_").lower(): _option(uri, name, value) for name, value in url.options().items()}
    options = {name: given[name] for name in (_SECONDS | {"unix_socket"}) & given.keys()}
    return {
        "host": url.host or "localhost",
        "port": url.port or 3306,
        "user": url.user,
        "password": str(url.password or "").encode(),
        "database": url.database,
        "charset": "utf8mb4",
        "connect_timeout": _SECONDS_TO_CONNECT,
        "read_timeout": _SECONDS_TO_READ,
        **options,
        **_tls(uri, given),
    }


def _option(uri: str, name: str, value: str | Sequence[str]) -> object:
    key = name.replace("-", "_").lower()
    if not isinstance(value, str):
        raise _bad_option(uri, name, "it is there more than once", "once")
    if key in _HARMLESS or key in _WORDS:
        return value
    if key in _FLAGS:
        if value.lower() not in _YES_NO:
            raise _bad_option(uri, name, repr(value), "true or false")
        return _YES_NO[value.lower()]
    if key in _SECONDS:
        if not value.isdigit() or not int(value):
            raise _bad_option(uri, name, repr(value), "whole seconds, at least 1")
        return int(value)
    allowed = ", ".join(sorted(_FLAGS | _WORDS | _SECONDS | _HARMLESS))
    raise _bad_option(uri, name, "an option that reportgen does not know, and it might be about security", allowed)


def _bad_option(uri: str, name: str, found: str, allowed: str) -> SourceError:
    return BadUriError(
        "bad-uri",
        f"the option {name!r} in {public_uri(uri)} cannot be used",
        found=found,
        allowed=allowed,
        todo="take it out of the tracking URI that reportgen gets, or write it as one of these",
    )


def _tls(uri: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """PyMySQL's arguments about TLS. Without any of them it uses TLS when the server offers it, and checks nothing."""
    mode = str(given.get("ssl_mode", "")).upper()
    if mode and mode not in _MODES:
        raise _bad_option(uri, "ssl_mode", repr(given["ssl_mode"]), ", ".join(_MODES))
    if mode == "DISABLED" or given.get("ssl_disabled") or given.get("ssl") is False:
        if mode not in ("", "DISABLED") or any(given.get(name) for name in ("ssl_ca", "ssl_capath", "ssl_cert", "ssl")):
            raise _bad_option(uri, "ssl_disabled", "TLS is switched off and asked for", "one of both")
        return {"ssl_disabled": True}
    authority = [given.get(name) for name in ("ssl_ca", "ssl_capath")]
    checks_name = next((given[name] for name in ("ssl_check_hostname", "ssl_verify_identity") if name in given), None)
    if checks_name is None:  # with an authority SQLAlchemy's MySQL drivers check the name too
        checks_name = mode == "VERIFY_IDENTITY" if mode else any(authority)
    checks = bool(checks_name or given.get("ssl_verify_cert", any(authority)) or mode.startswith("VERIFY"))
    if not (
        checks or given.get("ssl") or mode == "REQUIRED" or any(given.get(f"ssl_{name}") for name in ("cert", "key", "cipher"))
    ):
        return {}
    try:
        context = ssl.create_default_context(cafile=authority[0], capath=authority[1])
        context.verify_flags &= ~ssl.VERIFY_X509_STRICT  # servers make certificates that miss a field or two
        context.check_hostname = bool(checks_name)
        context.verify_mode = ssl.CERT_REQUIRED if checks else ssl.CERT_NONE
        if given.get("ssl_cert"):
            context.load_cert_chain(given["ssl_cert"], given.get("ssl_key"), given.get("ssl_key_password"))
        if given.get("ssl_cipher"):
            context.set_ciphers(given["ssl_cipher"])
    except OSError as error:  # ssl.SSLError is one
        found = f"{error.strerror or error}"
        raise _bad_option(uri, "ssl_…", found, "PEM files that this user may read, and ciphers that OpenSSL knows") from None
    return {"ssl": context}
