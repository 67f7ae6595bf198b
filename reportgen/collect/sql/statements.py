"""SELECT statements that name only the columns a store has, and reading around damaged runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

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


def pairs_of(db: Database, table: str, by: tuple[str, ...], key: str, value: str) -> dict[tuple[str, ...], list[tuple[str, str]]]:
    """(key, value) of every row of a table of tags, grouped by the columns ``by`` and sorted."""
    fields = {f"by{i}": Field(column, "text", "'default'") for i, column in enumerate(by)}
    fields |= {"key": Field(key, "text"), "value": Field(value, "text")}
    pairs: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    for *group, word, text in zip(*(column.to_pylist() for column in rows_of(db, table, fields).columns), strict=True):
        pairs.setdefault(tuple(group), []).append((word, text or ""))
    return {group: sorted(found) for group, found in pairs.items()}


def n_rows(db: Database, table: str, where: str = "1 = 1") -> int:
    """Rows of ``table``; 0 when there is no such table."""
    if table not in db.columns:
        return 0
    counted = db.table(f"SELECT COUNT(*) FROM {db.quoted(table)} WHERE {where}", {"n": "int"})  # noqa: S608 (quoted)
    return int(counted.column("n")[0].as_py())


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


def numbers(table: pa.Table, column: str, dtype: type) -> np.ndarray:
    """A column as an array; null is 0, as MLflow's own default for it."""
    filled = pc.fill_null(table.column(column), 0)
    array: np.ndarray = filled.to_numpy().astype(dtype, copy=False)
    return array
