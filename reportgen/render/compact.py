"""A table made small enough to be read, before either medium lays it out: nothing is lost, its data file has everything.

Three things go: a column that says the same in every row (said once, under the table), digits that nobody compares (four
significant ones stay, as long as different values stay different), and the middle of lists, dictionaries and prompts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from reportgen.formats import one_line, text_of
from reportgen.model import Cell, Column, Table
from reportgen.render.names import data_path
from reportgen.words import Words

FOLD_FROM = 3
"""Rows from which a column without a difference is folded; in two rows it is part of the comparison."""
_MOST_FOLDED = 8
_LONG_FLOAT = re.compile(r"[-+]?(?:\d+\.\d*|\.\d+|\d+(?=[eE]))(?:[eE][-+]?\d+)?", re.ASCII)
_SIGNIFICANT = 4
_WHOLE = 10**_SIGNIFICANT
"""A larger number would be written with an exponent, which is no shorter to read."""


def compacted(table: Table, most: int) -> Table:
    """``table`` with at most ``most`` characters in a value that is code, its columns without a difference in a note.

    That note stands first: at most two stand under a table, and what it says was in the table.
    """
    if table.layout == "facts":
        return table
    brief, n_shortened = _brief(table, most)
    kept, same, empty = _folded(brief)
    say = Words()
    notes = []
    if same:
        texts = [say("tables-same-one", name=name, value=value) for name, value in same]
        notes.append(say("tables-same", n=len(table.rows), values=say.listed(texts, _MOST_FOLDED)))
    if empty:
        notes.append(say("tables-empty", names=say.listed(empty, _MOST_FOLDED)))
    if n_shortened:
        notes.append(say("tables-shortened", path=data_path(table)))
    return replace(kept, notes=(" ".join(notes), *table.notes)) if notes else kept


# --- columns without a difference -----------------------------------------------------------------------------------


def _folded(table: Table) -> tuple[Table, list[tuple[str, str]], list[str]]:
    """``table`` without columns that tell nothing, what those say that are the same in each row, and which are empty."""
    said = {at: text for at, column in enumerate(table.columns) if (text := _shared(table, at, column)) is not None}
    # The first column names the rows; one that differs must be left beside it.
    said.pop(0, None)
    if len(table.columns) - len(said) < 2:
        return table, [], []
    kept = [at for at in range(len(table.columns)) if at not in said]
    rows = tuple(tuple(row[at] for at in kept) for row in table.rows)
    names = {at: one_line(table.columns[at].label, 60) for at in said}
    same = [(names[at], text) for at, text in said.items() if text]
    # Words that are nowhere ("Not counted") are no news; a parameter or a number that no run has is.
    empty = [names[at] for at, text in said.items() if not text and table.columns[at].format != "text"]
    return replace(table, columns=tuple(table.columns[at] for at in kept), rows=rows), same, empty


def _shared(table: Table, at: int, column: Column) -> str | None:
    """What every cell of a column says, empty where none says anything; None where they differ or one of them matters."""
    cells = [row[at] for row in table.rows]
    if not cells:
        return None
    first = cells[0]
    if column.format == "run" or any(c.tone != "neutral" or c.note or c.chart or c != first for c in cells):
        return None
    if first.value is None:
        return ""
    if len(cells) < FOLD_FROM:
        return None
    text = text_of(first.value, first.format or column.format, first.digits if first.digits is not None else column.digits)
    return text if len(text) <= 40 else None


# --- long values ----------------------------------------------------------------------------------------------------


def _brief(table: Table, most: int) -> tuple[Table, int]:
    n_shortened, columns = 0, []
    for at, column in enumerate(table.columns):
        cells = [row[at] for row in table.rows]
        texts = [c.value for c in cells if isinstance(c.value, str) and (c.format or column.format) == "code"]
        short = _short_forms(texts, most)
        n_shortened += sum(short[text] != text for text in texts)
        columns.append([_with(cell, short) if (cell.format or column.format) == "code" else cell for cell in cells])
    if not n_shortened:
        return table, 0
    return replace(table, rows=tuple(zip(*columns, strict=True))), n_shortened


def _with(cell: Cell, short: dict[str, str]) -> Cell:
    return replace(cell, value=short[cell.value]) if isinstance(cell.value, str) else cell


def _short_forms(texts: Sequence[str], most: int) -> dict[str, str]:
    """Each text with its short form; different ones stay different, else all stay as they are."""
    wanted = dict.fromkeys(texts)
    for room in (most, 2 * most, 4 * most):
        short = {text: _short(text, room) for text in wanted}
        if len(set(short.values())) == len(wanted):
            return short
    return {text: text for text in wanted}


def _short(text: str, most: int) -> str:
    if _LONG_FLOAT.fullmatch(text) and abs(float(text)) < _WHOLE:
        return text if len(text) <= _SIGNIFICANT + 4 else f"{float(text):.{_SIGNIFICANT}g}"
    if len(text) <= most or not _is_long_form(text):
        return text
    head = most * 2 // 3
    return f"{text[:head].rstrip()} … {text[len(text) - (most - head - 3) :].lstrip()}"


def _is_long_form(text: str) -> bool:
    """A list, a dictionary, a sentence or lines; a digest or a path is one word that is looked up as a whole."""
    return any(mark in text for mark in " \n[{(,")
