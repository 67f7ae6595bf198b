"""Artifacts that the config asked for: pictures in a grid, tables as tables, text quoted. Every word of them is hostile."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from reportgen.analyze.runs import RunKey
from reportgen.formats import listed, n_bytes, one_line, plural, shared_digits, slug
from reportgen.model import Block, Cell, Column, Gallery, Image, Notice, Prose, Scalar, Section, Table
from reportgen.sections.view import View, paragraph, run_name

MOST_ROWS = 200
"""Rows of a table on the page; the data files hold all that were read."""
MOST_COLUMNS = 12
MOST_LINES = 200
_TICKS = re.compile(r"`+")

Row = Mapping[str, Any]


def gallery_section(view: View) -> Section | None:
    """Left out when the config asks for no artifacts."""
    if not view.report.artifacts.include:
        return None
    found = sorted(_known(view), key=lambda row: (_place(view, (row["experiment_id"], row["run_id"])), row["path"]))
    patterns = listed([f"{pattern}" for pattern in view.report.artifacts.include])
    if not found:
        text = f"No artifact of the chosen runs matches {patterns}, or none could be read; the problems tell what was refused."
        notice = Notice("neutral", "No artifacts", text, "check artifacts.include and artifacts.runs in the config")
        return Section("gallery", "Artifacts", (notice,), "What did the runs draw and write?")
    blocks: list[Block] = [paragraph(_lead(found, patterns))]
    pictures = [row for row in found if row["kind"] == "image"]
    if pictures:
        notes = ("Decoded and drawn anew; larger ones are scaled down.",)
        blocks.append(Gallery("", tuple(_image(view, row) for row in pictures), notes))
    for row in found:
        if row["kind"] == "table":
            blocks.append(_table(view, row))
        elif row["kind"] == "text":
            blocks.append(_text(view, row))
    return Section("gallery", "Artifacts", tuple(blocks), "What did the runs draw and write?")


def _known(view: View) -> Iterable[Row]:
    return (row for row in view.snapshot.contents.to_pylist() if (row["experiment_id"], row["run_id"]) in view.facts.by_key)


def _place(view: View, key: RunKey) -> tuple[int, int, RunKey]:
    """Best runs first, the others newest first."""
    board = view.facts.leaderboard
    ranks = {row.key: at for at, row in enumerate(board.rows)} if board else {}
    run = view.run(key)
    return (ranks.get(key, len(ranks)), -(run.started_ms or 0), key)


def _lead(found: list[Row], patterns: str) -> str:
    n_runs = len({(row["experiment_id"], row["run_id"]) for row in found})
    size = n_bytes(sum(row["n_bytes"] for row in found))
    return f"{plural(len(found), 'artifact')} of {plural(n_runs, 'run')} ({size}), as the config asks for: {patterns}."


def _where(view: View, row: Row) -> str:
    return f"{one_line(row['path'], 80)} of run {run_name(view.run((row['experiment_id'], row['run_id'])))}"


def _image(view: View, row: Row) -> Image:
    key = (row["experiment_id"], row["run_id"])
    return Image(one_line(row["path"], 80), row["content"], f"Picture {_where(view, row)}", view.link(key))


def _table(view: View, row: Row) -> Block:
    """``content`` is JSON of ``columns``, ``rows`` and ``n_rows``, as ``collect.contents`` writes it."""
    try:
        data = json.loads(row["content"])
        names, rows, n_rows = data["columns"], data["rows"], data["n_rows"]
    except (ValueError, KeyError, TypeError):
        return Notice("warning", _where(view, row), "Its content in the snapshot is damaged.")
    shown = names[:MOST_COLUMNS]
    columns = tuple(_column(i, str(name), rows) for i, name in enumerate(shown))
    lines = [line[: len(shown)] for line in rows[:MOST_ROWS]]
    cells = tuple(tuple(Cell(_scalar(value, column)) for value, column in zip(line, columns, strict=False)) for line in lines)
    notes = [f"{plural(len(names) - len(shown), 'further column')} not shown."] if len(names) > len(shown) else []
    if n_rows > len(cells):
        notes.append(f"The first {len(cells):,} of {n_rows:,} rows.")
    key = (row["experiment_id"], row["run_id"])
    table_id = f"artifact-{slug('/'.join((*key, row['path'])))}"
    return Table(table_id, _where(view, row), columns, cells, tuple(notes), n_rows, paper_rows=30, sortable=True)


def _column(at: int, name: str, rows: list[list[Any]]) -> Column:
    """A column of numbers when all of its values are some; a mixed one is text."""
    values = [line[at] for line in rows if at < len(line) and line[at] is not None]
    key, label = f"c{at}", one_line(name, 40) or f"column {at + 1}"
    if values and all(isinstance(value, int) and not isinstance(value, bool) for value in values):
        return Column(key, label, "integer")
    if values and all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        return Column(key, label, "number", shared_digits(values))
    return Column(key, label)


def _scalar(value: object, column: Column) -> Scalar:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return value if column.format != "text" else str(value)
    return one_line(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False), 300)


def _text(view: View, row: Row) -> Prose:
    """Text as it is: fenced by more backticks than it holds, so that none of it is taken for Markdown."""
    text = row["content"].decode("utf-8", "replace")
    lines = text.splitlines()
    cut = lines[:MOST_LINES]
    more = f", first {MOST_LINES} of {len(lines):,} lines" if len(lines) > MOST_LINES else ""
    fence = "`" * max(3, 1 + max((len(ticks) for ticks in _TICKS.findall(text)), default=0))
    return Prose("\n".join((fence, *cut, fence)), f"{_where(view, row)}{more}", quoted=True)
