"""Statements about MLflow's tables that name only the columns a store has, and the way around what cannot be read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar

import pyarrow as pa

from reportgen.collect.sql.database import DamagedError, Database, Type, schema_of

T = TypeVar("T")


class Field(NamedTuple):
    """Where a column of ours comes from."""

    column: str
    type: Type
    default: str = "NULL"
    """SQL for stores that lack the column."""


def rows_of(db: Database, table: str, fields: Mapping[str, Field], where: str = "") -> pa.Table:
    """``fields`` of ``table``; defaults for columns that it lacks, no rows when there is no such table."""
    types = {name: field.type for name, field in fields.items()}
    if table not in db.columns:
        return schema_of(types).empty_table()
    there = db.columns[table]
    parts = [db.cast(db.quoted(f.column), f.type) if f.column in there else f.default for f in fields.values()]
    return db.table(f"SELECT {', '.join(parts)} FROM {db.quoted(table)}{' WHERE ' if where else ''}{where}", types)  # noqa: S608 (quoted)


def is_in(db: Database, column: str, values: Iterable[str]) -> str:
    """The condition that ``column`` is one of ``values``."""
    name = column if "." in column else db.quoted(column)
    return f"{name} IN ({', '.join(db.literal(value) for value in values)})"


def readable(
    db: Database, run_ids: Sequence[str], read: Callable[[Sequence[str]], T]
) -> tuple[list[tuple[Sequence[str], T]], dict[str, str]]:
    """What ``read`` returns for all of ``run_ids`` or for its readable parts, and why single runs cannot be read."""
    try:
        return [(run_ids, db.at_once(lambda: read(run_ids)))], {}
    except DamagedError as error:
        if len(run_ids) == 1:
            return [], {run_ids[0]: str(error)}
    good: list[tuple[Sequence[str], T]] = []
    bad: dict[str, str] = {}
    for half in (run_ids[: len(run_ids) // 2], run_ids[len(run_ids) // 2 :]):
        some, lost = readable(db, half, read)
        good += some
        bad |= lost
    return good, bad


def parts_of(run_ids: Sequence[str], size: int) -> Iterator[tuple[int, Sequence[str]]]:
    """(how many came before, the next ``size`` of them)."""
    for start in range(0, len(run_ids), size):
        yield start, run_ids[start : start + size]
