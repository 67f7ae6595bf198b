"""SQLite files through ADBC (results as Arrow), opened so that neither they nor files beside them change.

A store is read in short transactions, because a reader that keeps its lock stops the training that writes there.
How a file is opened:

=====================================  ==================================================================
rollback journal, none left over       ``mode=ro``
journal left over by a crash ("hot")   a private copy is rolled back and read: only a writer may roll back
WAL, somebody has it open (``-shm``)   ``mode=ro``
WAL with frames, nobody has it open    a private copy: ``mode=ro`` would leave a ``-shm`` file behind
WAL without frames, nobody has it      ``immutable=1``, and each read is checked against a change of the file
=====================================  ==================================================================

POSIX drops all locks of a process on a file when any descriptor of it is closed, and ADBC brings a SQLite of its own.
So within this process a store is opened by plain ``open()`` and by the standard library only before ADBC has it, or
until the end.

That is why the stamp of a store (size, time of change, SQLite's change counter and schema cookie) is taken from the
header that is read before opening, and never again: it is older than whatever is read later. A writer who commits
after that changes the counter, one who was committing then is done when the first SELECT gets its lock. Where a commit
may not reach the header (a log or a journal is there, a log was merged just now) the stamp is "", which means unknown.
"""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from os import fstat, stat_result
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote, unquote

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reportgen.collect.sql.database import (
    DamagedError,
    Part,
    Type,
    double_quoted,
    grouped,
    literal_of,
    rows_to_table,
    schema_of,
    typed,
)
from reportgen.collect.sql.sqlite_transactions import SqliteTransactions
from reportgen.errors import Problem, SourceError
from reportgen.redaction import public_uri
from reportgen.scratch import Scratch

T = TypeVar("T")

_BUSY_SECONDS = 10
_GRAIN_SECONDS = 3
"""Longer than the steps in which any file system keeps the time of a change."""
_POINT_COLUMNS = frozenset({"run_uuid", "key", "value", "is_nan", "step", "timestamp"})
_WIDE = 20
"""Runs whose rows lie within so many times the limit are counted without one."""
_TEXT = (pa.string(), pa.large_string())
_REAL = (pa.float64(), pa.int64())
_N_ATTEMPTS = 5
_BATCH = 65_536
_ONE_BATCH = 1 << 24
"""Rows that are more than any statement about points gives."""


@dataclass(frozen=True, slots=True)
class _Access:
    """How a SQLite file is opened without changing anything beside it."""

    uri: str
    scratch: Scratch | None = None
    """Folder of a private copy, to be removed at the end."""
    unchanged: tuple[Path, stat_result] | None = None
    """A file that must still be like this after each read, or the read is repeated."""
    note: Problem | None = None
    stamp: str = ""
    """Of the file when it was opened, where that tells every later change."""


class SqliteDatabase:
    """One SQLite file. Short transactions; see the module's docstring for how it is opened."""

    n_threads = 2
    n_runs: int
    columns: Mapping[str, frozenset[str]]
    _access: _Access
    _run_index: str | None

    def __init__(self, path: Path, public_uri: str, *, like: SqliteDatabase | None = None) -> None:
        """``like`` is another connection to the same file, which is opened in the same way and has the same tables."""
        self.public_uri = public_uri
        self._path = path
        self._owns_scratch = like is None
        self._access = _access(path, public_uri) if like is None else like._access
        self.stamp = self._access.stamp
        """See the module's docstring; of before anything was read, also when the file is opened once more."""
        self._transactions: SqliteTransactions = SqliteTransactions() if like is None else like._transactions
        self._adbc: Any = None
        self._plain: sqlite3.Connection | None = None
        self._mended: set[bytes] = set() if like is None else like._mended
        if like is not None:
            self.columns, self._run_index, self.n_runs = like.columns, like._run_index, like.n_runs
            return
        try:
            self.columns = self.at_once(self._reflected)
            self._run_index = self.at_once(self._index_of_runs)
            self.n_runs = 50 if self._run_index else 1000
        except DamagedError as error:
            self.close()
            raise _damaged(path, str(error)) from error
        except BaseException:
            self.close()
            raise

    @property
    def problems(self) -> tuple[Problem, ...]:
        repaired = Problem(
            "text-repaired",
            self.public_uri,
            f"{len(self._mended)} texts are not UTF-8; the bytes in question are shown as U+FFFD",
            severity="note",
        )
        notes = (self._access.note, repaired if self._mended else None)
        return tuple(note for note in notes if note is not None)

    @property
    def has_run_index(self) -> bool:
        return self._run_index is not None

    @property
    def folder(self) -> Path:
        """Where the store lies."""
        return self._path.absolute().parent

    def quoted(self, name: str) -> str:
        return double_quoted(name)

    def literal(self, text: str) -> str:
        return literal_of(text)

    def cast(self, column: str, type: Type) -> str:
        # SQLite's columns hold values of any type, and ADBC takes a column's type from its first rows: so ask each
        # value for its type, which costs nothing measurable, and let the others be null.
        if type == "text":
            return f"CAST({column} AS TEXT)"
        numeric = "REAL" if type == "real" else "INTEGER"
        return f"CASE WHEN typeof({column}) IN ('integer', 'real') THEN CAST({column} AS {numeric}) END"

    def table(self, sql: str, types: Mapping[str, Type]) -> pa.Table:
        schema = schema_of(types)
        try:
            return typed(self._arrow(sql), schema)
        except (pa.ArrowException, UnicodeDecodeError, OSError):
            pass  # a batch of nulls hid a column's type (an OSError), or text is not UTF-8: the slower way reads both
        except Exception as error:
            # ADBC's errors are told apart by their text; its module is not imported only for their names.
            if not _is_adbc(error):
                raise
            _raise_for_sqlite(error, self._path)
        return self._plain_table(sql, schema)

    def run_counts(self, run_ids: Sequence[str], most: int | None = None) -> np.ndarray | None:
        if self._run_index is None:
            return None
        if most is not None and self._run_spans(run_ids).max(initial=0) < _WIDE * most:
            most = None  # counting with a limit takes twice as long
        rows = self._rows_of_id("1")
        counted = f"SELECT COUNT(*) FROM ({rows} LIMIT {most})" if most is not None else self._rows_of_id("COUNT(*)")  # noqa: S608 (quoted)
        return _column(self._of_ids(run_ids, {"n": ("int", counted)}), "n")

    def run_marks(self, run_ids: Sequence[str]) -> Mapping[str, tuple[str, int]] | None:
        if self._run_index is None:
            return None
        # Rows are only ever added, but one that was deleted and another one in its place would leave the number as it was.
        expressions: dict[str, tuple[Type, str]] = {
            "mark": ("text", self._rows_of_id("COUNT(*) || '-' || ifnull(SUM(rowid & 4294967295), 0)")),
            "last": ("int", f"{self._rows_of_id('rowid')} ORDER BY rowid DESC LIMIT 1"),
        }
        rows = zip(run_ids, *(c.to_pylist() for c in self._of_ids(run_ids, expressions).columns), strict=True)
        return {run_id: (f"{mark}-{last or 0}", int(mark.partition("-")[0])) for run_id, mark, last in rows}

    def _run_spans(self, run_ids: Sequence[str]) -> np.ndarray:
        """How far apart the first and the last row of each run are, which is not less than the number of its points."""
        rows = self._rows_of_id("rowid")
        span = f"SELECT ({rows} ORDER BY rowid DESC LIMIT 1) - ({rows} ORDER BY rowid LIMIT 1)"
        return _column(self._of_ids(run_ids, {"span": ("int", span)}), "span")

    def _rows_of_id(self, what: str) -> str:
        assert self._run_index is not None
        return f"SELECT {what} FROM metrics INDEXED BY {double_quoted(self._run_index)} WHERE run_uuid = ids.id"  # noqa: S608 (quoted)

    def _of_ids(self, run_ids: Sequence[str], expressions: Mapping[str, tuple[Type, str]]) -> pa.Table:
        """A row for each of ``run_ids``: what a subquery about ``ids.id`` gives."""
        ids = ", ".join(f"({literal_of(run_id)})" for run_id in run_ids)
        columns = ", ".join(f"({sql})" for _, sql in expressions.values())
        types = {name: type_ for name, (type_, _) in expressions.items()}
        return self.table(f"WITH ids(id) AS (VALUES {ids}) SELECT {columns} FROM ids", types)  # noqa: S608 (quoted)

    def run_points(self, run_ids: Sequence[str], metrics: Sequence[str] | None, part: Part | None = None) -> pa.Table | None:
        if self._run_index is None or not self.columns["metrics"] >= _POINT_COLUMNS:
            return None
        sql = _points_sql(self._run_index, run_ids, metrics, part)
        try:
            found = self._arrow(sql)
        except OSError:  # the first batch held nothing but NaN, which hid the type of the values
            found = self._points_in_one_batch(sql)
        except pa.ArrowException:
            return None
        except Exception as error:
            if not _is_adbc(error):
                raise
            _raise_for_sqlite(error, self._path)
            return None
        if found is None:
            return None
        types = [
            found.schema.types[0] in _TEXT,
            found.schema.types[1] in _REAL,
            *(t == pa.int64() for t in found.schema.types[2:]),
        ]
        # A column without a value, or with values of two kinds, has another type.
        return found if not found.num_rows or all(types) else None

    def _points_in_one_batch(self, sql: str) -> pa.Table | None:
        """The rows of ``sql``, of which the first number tells the type, however late it comes; None when that fails too."""
        try:
            return self._arrow(sql, _ONE_BATCH)
        except (pa.ArrowException, OSError):
            return None

    def at_once(self, read: Callable[[], T]) -> T:
        for attempt in range(_N_ATTEMPTS):
            try:
                with self._transaction():
                    result = read()
            except _BusyError:
                time.sleep(0.2 * (attempt + 1))
                continue
            except DamagedError:
                if self._is_unchanged():
                    raise
            else:
                if self._is_unchanged():
                    return result
            self._reopen()
        raise SourceError(
            "store-busy",
            f"{self.public_uri} is locked by a writer",
            found=f"no moment to read in {_N_ATTEMPTS} attempts of {_BUSY_SECONDS} s",
            todo="run again when the writer is done, or point reportgen at the `mlflow server` of this store",
        )

    def denied(self, tables: Sequence[str]) -> frozenset[str]:  # noqa: ARG002 (who reads the file reads all of it)
        return frozenset()

    def twin(self) -> SqliteDatabase:
        return SqliteDatabase(self._path, self.public_uri, like=self)

    def close(self) -> None:
        self._disconnect()
        if self._owns_scratch and self._access.scratch is not None:
            self._access.scratch.close()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """A deferred transaction: it locks nothing before its first SELECT, and is over at the end of the block."""
        connection = self._connection()
        with self._transactions.transaction():
            _execute(connection, "BEGIN")
            try:
                yield
            finally:
                with suppress(Exception):  # a failed statement may have ended the transaction already
                    _execute(connection, "ROLLBACK")
                if self._plain is not None and self._plain.in_transaction:
                    self._plain.rollback()

    def _connection(self) -> Any:
        if self._adbc is None:
            import adbc_driver_sqlite.dbapi as adbc

            try:
                self._adbc = adbc.connect(self._access.uri, autocommit=True)
                _execute(self._adbc, f"PRAGMA busy_timeout = {_BUSY_SECONDS * 1000}")
            except adbc.Error as error:
                raise _unopened(self._path, str(error)) from error
        return self._adbc

    def _arrow(self, sql: str, batch_rows: int = _BATCH) -> pa.Table:
        with self._connection().cursor() as cursor:
            cursor.adbc_statement.set_options(**{"adbc.sqlite.query.batch_rows": str(batch_rows)})
            cursor.execute(sql)
            return cursor.fetch_arrow_table()

    def _plain_table(self, sql: str, schema: pa.Schema) -> pa.Table:
        """The same by Python's own SQLite: four times slower, and it takes any value."""
        if self._plain is None:
            self._plain = sqlite3.connect(
                self._access.uri, uri=True, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            self._plain.text_factory = bytes
        try:
            if not self._plain.in_transaction:
                self._plain.execute("BEGIN")
            rows = self._plain.execute(sql).fetchall()
        except sqlite3.Error as error:
            _raise_for_sqlite(error, self._path)
        self._mended.update(value for row in rows for value in row if _is_not_utf8(value))
        return rows_to_table(rows, schema)

    def _reflected(self) -> Mapping[str, frozenset[str]]:
        sql = (
            "SELECT CAST(master.name AS TEXT), CAST(info.name AS TEXT) "
            "FROM sqlite_master AS master, pragma_table_info(master.name) AS info WHERE master.type IN ('table', 'view')"
        )
        found = self.table(sql, {"table": "text", "column": "text"})
        return grouped(found.filter(pc.and_(pc.not_equal(found.column("table"), ""), pc.not_equal(found.column("column"), ""))))

    def _index_of_runs(self) -> str | None:
        """The index of ``metrics`` that begins with the run and holds least beside it.

        Stores from before MLflow 1.30 have none: there each statement reads all points.
        """
        sql = (
            "SELECT CAST(list.name AS TEXT), CAST(MAX(CASE info.seqno WHEN 0 THEN info.name END) AS TEXT), COUNT(*) "
            "FROM pragma_index_list('metrics') AS list, pragma_index_info(list.name) AS info WHERE NOT list.partial "
            "GROUP BY list.name ORDER BY COUNT(*), list.name"
        )
        rows = self.table(sql, {"name": "text", "first": "text", "n": "int"})
        names = zip(rows.column("name").to_pylist(), rows.column("first").to_pylist(), strict=True)
        return next((name for name, first in names if first == "run_uuid"), None)

    def _is_unchanged(self) -> bool:
        if self._access.unchanged is None:
            return True
        path, then = self._access.unchanged
        return _stamp(path.stat()) == _stamp(then) and not _side(path, "-wal").exists()

    def _reopen(self) -> None:
        """Opens the store again as it is now: somebody began to write into what nobody had open."""
        with self._transactions.exclusive():  # looking at the file closes a descriptor of it, which drops this process's locks
            self._disconnect()
            self._access = _access(self._path, self.public_uri)
        self._owns_scratch = True

    def _disconnect(self) -> None:
        for connection in (self._adbc, self._plain):
            if connection is not None:
                with suppress(Exception):  # closing a broken connection has nothing left to say
                    connection.close()
        self._adbc = self._plain = None


class _BusyError(Exception):
    """Another process holds the lock."""


def _points_sql(index: str, run_ids: Sequence[str], metrics: Sequence[str] | None, part: Part | None) -> str:
    """Each value as it is stored, which costs least; only one of another type than MLflow's becomes text, which is noticed.

    The index hands the runs out one after the other, so that nothing is sorted for ORDER BY.
    """
    ids = ", ".join(literal_of(run_id) for run_id in run_ids)
    where, order, limit, rowid = f"run_uuid IN ({ids})", "run_uuid", "", ""
    if metrics is not None:
        where += f" AND key IN ({', '.join(literal_of(metric) for metric in metrics)})"
    if part is not None:
        where += "" if part.last is None else f" AND rowid > {part.last}"
        order, limit, rowid = "run_uuid, rowid", f" LIMIT {part.n}", ", rowid"
    value = "CASE is_nan WHEN 0 THEN ifnull(value, '') WHEN 1 THEN NULL ELSE '' END"
    return (
        f"SELECT key, {value}, step, timestamp{rowid} FROM metrics INDEXED BY {double_quoted(index)} "  # noqa: S608 (quoted)
        f"WHERE {where} ORDER BY {order}{limit}"
    )


def _column(table: pa.Table, name: str) -> np.ndarray:
    array: np.ndarray = table.column(name).fill_null(0).to_numpy()
    return array


def sqlite_path(uri: str) -> Path:
    """The file that a ``sqlite:`` URI or a plain path names. Raises ``SourceError`` for a database in memory."""
    text = uri.strip()
    if "://" not in text:
        return Path(text)
    name = text.partition("://")[2].removeprefix("/")
    if not Path(name).exists():
        name = name.partition("?")[0]
    if name.startswith("file:"):
        name = unquote(name.removeprefix("file:"))
    if name in ("", ":memory:"):
        raise SourceError(
            "no-such-store",
            f"{public_uri(uri)} names a database in memory, which only its own process can read",
            allowed="sqlite:///relative/path.db or sqlite:////absolute/path.db",
            todo="give the path of a file",
        )
    return Path(name)


def _access(path: Path, public: str) -> _Access:
    header, stat = _header(path, public)
    stamp = f"{stat.st_size}-{stat.st_mtime_ns}-{header[24:28].hex()}-{header[40:44].hex()}"  # change counter, schema cookie
    uri = f"file:{quote(str(path.absolute()))}?mode=ro"
    if 2 in header[18:20]:  # the file format's read and write versions: 2 is WAL
        if _side(path, "-shm").exists():
            return _Access(uri)
        if _size(_side(path, "-wal")) > 0:
            return _copied(path, "-wal", public)
        note = Problem(
            "store-read-immutable",
            public,
            "nobody had this WAL store open, so it was read as a file that does not change, and checked for changes",
            severity="note",
        )
        # A merged log leaves the change counter as it is, so that only the time tells, which has its own grain.
        is_settled = time.time_ns() - stat.st_mtime_ns > _GRAIN_SECONDS * 10**9
        return _Access(f"{uri}&immutable=1", unchanged=(path, path.stat()), note=note, stamp=stamp if is_settled else "")
    if _size(_side(path, "-journal")) > 0 and _is_hot(uri):
        return _copied(path, "-journal", public)
    return _Access(uri, stamp=stamp if _size(_side(path, "-journal")) == 0 else "")


def _header(path: Path, public: str) -> tuple[bytes, stat_result]:
    """The first 100 bytes, after which nothing obvious is wrong, and how the file was. Raises ``SourceError`` otherwise."""
    try:
        with path.open("rb") as file:
            stat = fstat(file.fileno())
            header = file.read(100)
    except FileNotFoundError:
        raise _missing(path, public) from None
    except IsADirectoryError:
        raise SourceError(
            "no-such-store",
            f"{path} is a folder, not a SQLite file",
            todo=f"name the database in it, e.g. sqlite:///{path}/mlflow.db; for a folder `mlruns`, give its path alone",
        ) from None
    except OSError as error:
        raise _unopened(path, error.strerror or str(error)) from error
    if not header:
        raise SourceError(
            "empty-store",
            f"{path} is empty (0 bytes)",
            allowed="a SQLite database that MLflow made",
            todo="check the path: MLflow makes the tables when the first run is logged",
        )
    if not header.startswith(b"SQLite format 3\0"):
        raise SourceError(
            "not-a-database",
            f"{path} is not a SQLite database",
            found=f"a file that begins with {header[:16]!r}",
            allowed="a file that begins with b'SQLite format 3\\x00'",
            todo="check the path, or restore the file from a backup",
        )
    return header, stat


def _missing(path: Path, public: str) -> SourceError:
    what = f"there is no file {path}"
    if _side(path, "-journal").exists() or _side(path, "-wal").exists():
        what += ", only the journal of a database that is gone"
    with suppress(OSError):
        near = sorted(str(other) for other in path.parent.glob("*.db") if other.is_file())[:5]
        found = ", ".join(near) if near else f"no *.db file in {path.absolute().parent}"
        todo = "give the path of the store; a relative one starts at the current folder (sqlite:///here.db, sqlite:////root/there.db)"
        return SourceError("no-such-store", what, found=found, todo=todo)
    return SourceError("no-such-store", what, todo=f"check {public}")


def _unopened(path: Path, why: str) -> SourceError:
    return SourceError(
        "store-unreadable",
        f"{path} cannot be opened: {why.splitlines()[0][:200]}",
        todo="check that this user may read the file and enter its folder",
    )


def _damaged(path: Path, why: str) -> SourceError:
    return SourceError(
        "store-damaged",
        f"{path} is damaged: {why.splitlines()[0][:200]}",
        todo=f"check it with `sqlite3 {path} 'PRAGMA integrity_check'`, and restore it from a backup",
    )


def _is_hot(uri: str) -> bool:
    """Whether a journal of a crashed writer must be rolled back before the store can be read."""
    connection = sqlite3.connect(uri, uri=True, timeout=_BUSY_SECONDS)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchall()
    except sqlite3.OperationalError as error:
        return "readonly" in str(error) or "unable to open" in str(error)
    except sqlite3.Error:
        return False  # damaged in another way, which the reading itself will tell
    finally:
        connection.close()
    return False


def _copied(path: Path, suffix: str, public: str) -> _Access:
    """A private copy of the store with its side file, made good by SQLite; the store itself is not touched."""
    scratch = Scratch("store")
    copy = scratch.path / "store.db"
    try:
        _copy_unchanged(path, suffix, copy)
        connection = sqlite3.connect(copy)  # with the right to write, which is what the side file needs
        try:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchall()
        finally:
            connection.close()
    except (OSError, sqlite3.Error) as error:
        scratch.close()
        raise SourceError(
            "store-damaged",
            f"{path} was left unfinished by a writer, and a copy of it could not be recovered: {error}",
            todo="free some space for temporary files, or open the store once with `sqlite3` to recover it in place",
        ) from error
    kind = "a transaction was left unfinished" if suffix == "-journal" else "the write-ahead log was not yet merged"
    note = Problem(
        "store-copied",
        public,
        f"{kind} ({path.name}{suffix}), so a private copy was recovered and read; the store itself was not touched",
        severity="note",
    )
    return _Access(f"file:{quote(str(copy))}?mode=ro", scratch=scratch, note=note)


def _copy_unchanged(path: Path, suffix: str, copy: Path) -> None:
    side = _side(path, suffix)
    for _ in range(3):
        before = (_stamp(path.stat()), _stamp(side.stat()))
        shutil.copyfile(path, copy)
        shutil.copyfile(side, _side(copy, suffix))
        if before == (_stamp(path.stat()), _stamp(side.stat())):
            return
    raise OSError("it kept changing while it was copied")


def _side(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _stamp(stat: stat_result) -> tuple[int, int]:
    return stat.st_size, stat.st_mtime_ns


def _execute(connection: Any, sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def _is_adbc(error: Exception) -> bool:
    return type(error).__module__.startswith("adbc_driver_manager")


def _raise_for_sqlite(error: Exception, path: Path) -> None:
    """Sorts a failed statement by SQLite's words; returns for what only ADBC could not do."""
    text = str(error)
    if "locked" in text or "busy" in text:
        raise _BusyError from error
    if isinstance(error, sqlite3.Error) or any(word in text for word in ("malformed", "not a database", "disk I/O", "corrupt")):
        raise DamagedError(text.splitlines()[0].split("Failed to prepare query: ")[-1]) from error
    if "unable to open" in text or "authoriz" in text:
        raise _unopened(path, text) from error


def _is_not_utf8(value: Any) -> bool:
    if not isinstance(value, bytes):
        return False
    try:
        value.decode()
    except UnicodeDecodeError:
        return True
    return False
