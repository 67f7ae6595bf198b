"""The face that every kind of database shows to ``reportgen.collect.sql.source``, and the way from rows to columns.

Nothing here or in the three modules beside it (``sqlite``, ``postgresql``, ``cursors``) knows MLflow's tables.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, Protocol, TypeVar, runtime_checkable

import numpy as np
import pyarrow as pa

from reportgen.errors import BadUriError, Problem
from reportgen.uri import Uri

T = TypeVar("T")
Type = Literal["text", "int", "real"]
ARROW_TYPES: Mapping[Type, pa.DataType] = {"text": pa.string(), "int": pa.int64(), "real": pa.float64()}


def database_uri(uri: str) -> Uri:
    """``uri`` of a database, in parts. Raises ``BadUriError`` when a driver could read it otherwise or not at all."""
    url = Uri.of(uri)
    if url.fault:
        raise BadUriError(
            "bad-uri",
            f"{url.public} is not a database URI",
            found=url.fault,
            allowed="mysql+pymysql://user:password@host:3306/database, and the like of other databases",
            todo="write special characters in the password as %XX (%40 for @)",
        )
    return url


class DamagedError(Exception):
    """A statement failed because of what is stored, not because of the connection: fewer rows may still be readable."""


class Database(Protocol):
    """A read-only connection. Used by one thread at a time; ``twin`` gives another one to the same store."""

    public_uri: str
    columns: Mapping[str, frozenset[str]]
    """Table → its columns: the contract of this store, whatever MLflow version made it."""
    n_threads: int
    """How many connections at once make reading faster."""
    n_runs: int
    """Runs for one statement about histories."""
    stamp: str
    """Equal ones mean that nothing was written between the two openings of the store; "" where that cannot be told."""

    @property
    def problems(self) -> tuple[Problem, ...]: ...

    def quoted(self, name: str) -> str:
        """``name`` as an identifier."""
        ...

    def literal(self, text: str) -> str:
        """``text`` as a string literal."""
        ...

    def denied(self, tables: Sequence[str]) -> frozenset[str]:
        """Those of ``tables``, which are not among ``columns``, that this user may not read."""
        ...

    def cast(self, column: str, type: Type) -> str:
        """An SQL expression of ``type`` for a quoted ``column``; null where the value is of another kind."""
        ...

    def table(self, sql: str, types: Mapping[str, Type]) -> pa.Table:
        """The rows of ``sql``, whose columns are ``types`` in this order. Raises ``DamagedError`` or ``SourceError``."""
        ...

    def at_once(self, read: Callable[[], T]) -> T:
        """``read()``, all of whose statements see the store at one moment; it may be called again after a change."""
        ...

    def twin(self) -> Database: ...

    def close(self) -> None: ...


@runtime_checkable
class PointsByRun(Protocol):
    """What a ``Database`` may offer besides: points without the id of their run in every row.

    Whoever offers it is asked first; a chunk for which it has no answer is read by ``table`` as from any database.
    """

    has_run_index: bool
    """Whether a run's points can be found without reading those of all the others."""

    def run_counts(self, run_ids: Sequence[str], most: int | None = None) -> np.ndarray | None:
        """How many points each of these runs has, by an index alone; None when there is no such index.

        Beyond ``most`` points of a run nothing is counted.
        """
        ...

    def run_points(self, run_ids: Sequence[str], metrics: Sequence[str] | None, part: Part | None = None) -> pa.Table | None:
        """``key``, ``value``, ``step`` and ``timestamp`` of these runs' points, run after run in the order of sorted ids.

        ``metrics`` None means all; NaN is null; with ``part`` there is also ``rowid``. None when the points cannot be
        read in this way, be it that a value is of an unusual type. Raises as ``Database.table``.
        """
        ...

    def run_marks(self, run_ids: Sequence[str]) -> Mapping[str, tuple[str, int]] | None:
        """Run → (what changes whenever its points do, how many there are), by an index alone; None without one."""
        ...


@runtime_checkable
class PointsBySeries(Protocol):
    """What a ``PointsByRun`` may offer besides: each series as one row, which the database has put together and counted."""

    def run_series(self, run_ids: Sequence[str], metrics: Sequence[str] | None) -> SeriesOfRuns | None:
        """The series of these runs, those of one run behind those of the other, in the order of ``run_ids``.

        ``metrics`` None means all. None when they cannot be read in this way. Raises as ``Database.table``.
        """
        ...


@dataclass(frozen=True, slots=True, eq=False)
class SeriesOfRuns:
    """Series with their points, in any order within a series; NaN as itself."""

    run: np.ndarray
    """Where in the asked ids the run of each series is; ascending."""
    metric: pa.Array
    """Name of each series."""
    n_points: np.ndarray
    """Of each series, as the database counted them."""
    step: np.ndarray
    timestamp: np.ndarray
    value: np.ndarray


class Part(NamedTuple):
    """A part of a run that is too long for one statement: the first ``n`` points whose ``rowid`` is beyond ``last``."""

    last: int | None
    n: int


def schema_of(types: Mapping[str, Type]) -> pa.Schema:
    return pa.schema([(name, ARROW_TYPES[type_]) for name, type_ in types.items()])


def typed(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """``table`` with the names and types of ``schema``, and its text checked. Raises ``pa.ArrowException``."""
    table = table.rename_columns(schema.names).cast(schema)
    for column in table.columns:
        if pa.types.is_string(column.type):
            column.validate(full=True)
    return table


def rows_to_table(rows: Sequence[Sequence[Any]], schema: pa.Schema) -> pa.Table:
    """Rows of any driver's Python values as columns; what does not fit its column is null, what is not UTF-8 is mended."""
    columns = list(zip(*rows, strict=True)) if rows else [() for _ in schema]
    return pa.table([pa.array(map(_CONVERSIONS[f.type], c), f.type) for f, c in zip(schema, columns, strict=True)], schema=schema)


def _as_text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return bytes(value).decode("utf-8", "replace") if isinstance(value, bytes | bytearray | memoryview) else str(value)


def _as_int(value: Any) -> int | None:
    try:
        return int.from_bytes(value, "big") if isinstance(value, bytes) and len(value) == 1 else int(value)
    except (TypeError, ValueError, OverflowError):
        return None


def _as_real(value: Any) -> float | None:
    if isinstance(value, bytes | str):
        return None
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


_CONVERSIONS: Mapping[pa.DataType, Callable[[Any], Any]] = {pa.string(): _as_text, pa.int64(): _as_int, pa.float64(): _as_real}


def grouped(pairs: pa.Table) -> Mapping[str, frozenset[str]]:
    groups: dict[str, set[str]] = {}
    for table, column in zip(*(c.to_pylist() for c in pairs.columns), strict=True):
        groups.setdefault(table, set()).add(column)
    return {table: frozenset(columns) for table, columns in groups.items()}


def double_quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def literal_of(text: str) -> str:
    """A standard SQL literal. Raises ``DamagedError`` for text that no database could have stored as an id."""
    if "\0" in text:
        raise DamagedError(f"an id holds a null character: {text!r}")
    return "'" + text.replace("'", "''") + "'"
