"""``data/``: the snapshot as Parquet, every table of the report as CSV, and the whole report as JSON.

The CSV files are for spreadsheets: plain numbers, ISO times, and a guard against cells that a spreadsheet would take for a
formula. The typed and exact values are in ``report.json`` and in the Parquet files.
"""

from __future__ import annotations

import csv
import io
import math
import re
import tempfile
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from reportgen.model import Chart, Column, Interval, RunLink, Scalar, Table
from reportgen.render.bundle import json_bytes
from reportgen.render.names import data_path, file_stem
from reportgen.render.options import Content, Draft, Output
from reportgen.render.outputs import FILES
from reportgen.render.plain import plain, without_surrogates
from reportgen.render.walk import all_blocks, all_tables, of_kind
from reportgen.scratch import Scratch
from reportgen.snapshot import Snapshot

SCHEMA = "reportgen-report/1"
REPORT = FILES["json"]

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_FORMULA = tuple("=+-@\t\r\n")
_LEADING = " \t\r\n\v\f\"'\ufeff\u200b\u00a0"


def data_files(draft: Draft) -> Output:
    """``data/<table>.parquet`` of the snapshot, ``data/tables/<id>.csv`` and ``report.json``."""
    files: dict[str, Content] = {data_path(table): csv_bytes(table) for table in all_tables(draft.report)}
    files[REPORT] = json_bytes({"schema": SCHEMA, "report": draft.report}, indent=None)
    if draft.snapshot is not None:
        large = draft.options.scratch if draft.snapshot.history.on_disk else None
        files |= {f"data/{path}": data for path, data in snapshot_files(draft.snapshot, large)}
    return Output(files)


def chart_files(draft: Draft) -> Output:
    """``charts/<id>.svg`` or ``.png``: every picture that paper shows; where asked for its PNG, and the page's own figure."""
    pictures = (*draft.images.items(), *draft.pngs.items())
    files = {f"charts/{file_stem(chart_id)}.{image.format}": image.data for chart_id, image in pictures}
    if draft.options.export is None:
        return Output(files)
    from reportgen.charts.export import exported_charts

    export = exported_charts(of_kind(all_blocks(draft.report), Chart), draft.options.export)
    ending = f"plotly.{draft.options.export.format}"
    return Output(
        files | {f"charts/{file_stem(chart_id)}.{ending}": data for chart_id, data in export.files.items()}, export.problems
    )


def snapshot_files(snapshot: Snapshot, scratch: Path | None = None) -> Iterator[tuple[str, Content]]:
    """The files that ``Snapshot.save`` writes, without what differs between two readings of the same data.

    With ``scratch`` they stay in a new folder there, for snapshots that do not fit into memory.
    """
    if scratch is not None:
        root = Path(tempfile.mkdtemp(prefix="snapshot-", dir=scratch))
        snapshot.save(root, timing=False)
        yield from ((path.relative_to(root).as_posix(), path) for path in sorted(root.rglob("*")) if path.is_file())
        return
    with Scratch() as folder:
        root = folder / "data"
        snapshot.save(root, timing=False)
        for path in sorted(root.rglob("*")):
            if path.is_file():
                yield path.relative_to(root).as_posix(), path.read_bytes()


def csv_bytes(table: Table) -> bytes:
    """``table`` as CSV (UTF-8, comma, LF), one header row of column keys.

    A run takes two columns (name, id) and an interval four (value, low, high, n). Missing is empty, NaN is ``NaN``. A column
    that holds pictures only is left out: their numbers are in other columns or in the snapshot.
    """
    drawn = [
        bool(table.rows) and all(row[at].chart and row[at].value is None for row in table.rows)
        for at in range(len(table.columns))
    ]
    if any(drawn):
        kept = [at for at, is_drawn in enumerate(drawn) if not is_drawn]
        rows = tuple(tuple(row[at] for at in kept) for row in table.rows)
        table = replace(table, columns=tuple(table.columns[at] for at in kept), rows=rows)
    kinds = [_kind(table, at) for at in range(len(table.columns))]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(
        [
            inert(key)
            for key in _unique([name for column, kind in zip(table.columns, kinds, strict=True) for name in _names(column, kind)])
        ]
    )
    for row in table.rows:
        writer.writerow([_text(part) for cell, kind in zip(row, kinds, strict=True) for part in _parts(cell.value, kind)])
    return out.getvalue().encode()


def arrow_table(table: Table) -> pa.Table:
    """``table`` as typed columns, named as in its CSV file; a column with several kinds of value is text. Missing is null, NaN stays NaN."""
    names: list[str] = []
    columns: list[pa.Array] = []
    for at, column in enumerate(table.columns):
        kind = _kind(table, at)
        parts = [_parts(row[at].value, kind) for row in table.rows]
        for place, name in enumerate(_names(column, kind)):
            names.append(name)
            columns.append(_array([part[place] for part in parts]))
    return pa.table(columns, names=_unique(names))


def _array(values: Sequence[Scalar]) -> pa.Array:
    kinds = {type(value) for value in values if value is not None}
    if kinds == {int, float}:
        return pa.array([float(value) if isinstance(value, int | float) else None for value in values], pa.float64())
    if len(kinds) > 1:
        return pa.array([value if value is None or isinstance(value, str) else _text(value) for value in values], pa.string())
    return pa.array(values, None if kinds else pa.null())


def inert(text: str) -> str:
    """``text`` with ``'`` in front when a spreadsheet would run it; finite numbers stay as they are."""
    text = without_surrogates(text)
    if _NUMBER.fullmatch(text.strip()):
        return text
    bare = unicodedata.normalize("NFKC", text)
    return f"'{text}" if bare.startswith(_FORMULA) or bare.lstrip(_LEADING).startswith(_FORMULA) else text


def _kind(table: Table, at: int) -> type:
    """``RunLink`` or ``Interval`` when the column holds any, else ``str``."""
    for kind in (RunLink, Interval):
        if any(isinstance(row[at].value, kind) for row in table.rows):
            return kind
    return str


def _names(column: Column, kind: type) -> tuple[str, ...]:
    if kind is RunLink:
        return column.key, f"{column.key}_id"
    if kind is Interval:
        return column.key, f"{column.key}_low", f"{column.key}_high", f"{column.key}_n"
    return (column.key,)


def _unique(names: Sequence[str]) -> list[str]:
    """``names`` with underscores added where one would come twice."""
    seen: set[str] = set()
    unique = []
    for name in names:
        while name in seen:
            name += "_"  # noqa: PLW2901 - the name grows until it is free
        seen.add(name)
        unique.append(name)
    return unique


def _parts(value: Scalar, kind: type) -> tuple[Scalar, ...]:
    """``value`` as the values of the columns that a column of ``kind`` takes."""
    if kind is RunLink:
        return (value.name, value.run_id) if isinstance(value, RunLink) else (value, None)
    if kind is Interval:
        return (value.value, value.low, value.high, value.n) if isinstance(value, Interval) else (value, None, None, None)
    return (value,)


def _text(value: Scalar) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value) if math.isfinite(value) else "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    return inert(value) if isinstance(value, str) else inert(str(plain(value)))
