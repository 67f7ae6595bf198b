"""Texts that are longer than any report can use are cut, and the snapshot says so.

MLflow itself allows 8,000 characters for a tag and 20,000 for a note. A store that was filled otherwise, or a server that answers
with what unfolds to hundreds of megabytes, would fill every file of the bundle with it.
"""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from reportgen.errors import Problem
from reportgen.snapshot import LINKS, SCHEMAS, LedgerRow, Snapshot

MOST = 100_000
"""Characters of one text."""
_MOST_SAID = 2_000
"""Characters of one sentence of a problem, or of one name in the books."""


def with_short_texts(snapshot: Snapshot) -> Snapshot:
    """``snapshot`` without texts of more than ``MOST`` characters, and with a gap that says how many were cut, in which columns."""
    tables: dict[str, pa.Table] = {}
    cut: dict[str, int] = {}
    for name, whole in snapshot.tables():
        table = whole
        for field in SCHEMAS[name]:
            if field.name not in LINKS and _may_be_long(table.column(field.name)):
                column, n_cut = _short(table.column(field.name))
                table = table.set_column(table.schema.get_field_index(field.name), field, column)
                cut |= {f"{name}.{field.name}": n_cut} if n_cut else {}
        tables[name] = table
    short = replace(
        snapshot,
        **tables,
        ledger=tuple(_short_row(row) for row in snapshot.ledger),
        problems=tuple(_short_problem(problem) for problem in snapshot.problems),
    )
    if not cut:
        return short
    where = ", ".join(f"{n} of {column}" for column, n in sorted(cut.items()))
    what = f"texts of more than {MOST:,} characters were cut: {where}"
    problem = Problem("text-cut", snapshot.source.uri, what, "look at them in MLflow; MLflow itself allows 20,000 at most")
    return replace(short, problems=(*short.problems, problem))


def _may_be_long(column: pa.ChunkedArray) -> bool:
    """Whether a text in ``column`` can be too long: told by the bytes it lies in, without looking at each."""
    kind = column.type
    if not (pa.types.is_string(kind) or pa.types.is_map(kind) or pa.types.is_list(kind)):
        return False
    return bool(column.nbytes > MOST)


def _short(column: pa.ChunkedArray) -> tuple[pa.ChunkedArray, int]:
    if pa.types.is_string(column.type):
        longest = pc.max(pc.utf8_length(column)).as_py()
        if longest is None or longest <= MOST:
            return column, 0
    n_cut = 0

    def short(value: object) -> object:
        nonlocal n_cut
        if isinstance(value, str) and len(value) > MOST:
            n_cut += 1
            return f"{value[:MOST]}… [cut: {len(value):,} characters]"
        if isinstance(value, list | tuple):
            return type(value)(map(short, value))
        return value

    rows = pa.chunked_array([pa.array(map(short, column.to_pylist()), column.type)])
    return (rows, n_cut) if n_cut else (column, 0)


def _short_row(row: LedgerRow) -> LedgerRow:
    return row if len(row.experiment) <= _MOST_SAID else replace(row, experiment=_said(row.experiment))


def _short_problem(problem: Problem) -> Problem:
    if max(len(problem.where), len(problem.what), len(problem.todo)) <= _MOST_SAID:
        return problem
    return replace(problem, where=_said(problem.where), what=_said(problem.what), todo=_said(problem.todo))


def _said(text: str) -> str:
    return text if len(text) <= _MOST_SAID else f"{text[:_MOST_SAID]}…"
