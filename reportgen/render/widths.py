"""How wide the columns of a table want to be, in characters, and how a table that is too wide is laid on paper.

Estimated from the texts themselves, so that the same table is laid out the same way on every machine. Wide characters
(CJK, emoji) count twice. Used for the least widths on screen and for the fixed widths of paper.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from reportgen.charts.micro import SIZES
from reportgen.formats import visible
from reportgen.model import Cell, Column, RunLink, Table
from reportgen.render.view import RIGHT_ALIGNED, UNBROKEN, cell_text, header_column

_HEAD_TOKEN = re.compile(r"[^\s_./:@,;-]+[_./:@,;-]*")
"""What a header breaks into: the template sets these pieces."""
_TOKEN = re.compile(r"(?:[^\s/-]|-(?=\d))+[/-]*")
"""What the text of a cell breaks into: only where every browser and WeasyPrint break a line."""
_CAPITALS = 1.2
"""Capitals are that much wider than the average character: RUNNING, FINISHED."""
_FIGURE = 1.06
"""Figures of one width, and the signs that stand with them, are wider than the average letter."""
_BOLD = 1.1
"""Headers are bold."""
_NOTE = 0.9
"""Notes under a header are set smaller and not bold."""
_SIGN = 2
_RUN_ID = 9
_CHARACTER = 6.1
"""Pixels of an average character in a table: how many of them a small picture takes."""
_SAMPLE = 400
"""Rows that are measured; the widths of a longer table hardly change after them."""


@dataclass(frozen=True, slots=True)
class Demand:
    """Characters a column needs (nothing that should stay whole breaks) and wants (nothing breaks at all)."""

    need: float
    want: float
    least: float
    """Where a table would else be cut into parts: long names may break at their underscores, and a header rarely inside a word."""


def n_columns_wide(text: str) -> float:
    """How many average characters ``text`` takes: CJK and emoji take two, capitals and figures a little more than one."""
    return sum(map(_width, text))


def _width(mark: str) -> float:
    if unicodedata.east_asian_width(mark) in "WF":
        return 2
    return _CAPITALS if mark.isupper() else _FIGURE if mark.isdigit() or mark in "+-−" else 1


def demands(table: Table, most: int) -> tuple[Demand, ...]:
    """What each column of ``table`` needs and wants; texts are measured up to ``most`` characters."""
    return tuple(_demand(table, at, column, most) for at, column in enumerate(table.columns))


def _demand(table: Table, at: int, column: Column, most: int) -> Demand:
    head = _head_need(column)
    cells = [row[at] for row in table.rows[:_SAMPLE]]
    texts = [cell_text(cell, column, most) for cell in cells]
    extra = [(_SIGN if c.tone in ("good", "bad", "warning", "best") else 0) + _picture(c) for c in cells]
    sizes = sorted(n_columns_wide(text) + more for text, more in zip(texts, extra, strict=True)) or [1.0]
    tight = _tight_head(column)
    if column.format in RIGHT_ALIGNED | UNBROKEN:
        return Demand(max(head, sizes[-1]), max(head, sizes[-1]), max(tight, sizes[-1]))
    longest_word, longest_part = (
        max((n_columns_wide(token) for text in texts for token in tokens.findall(text)), default=1.0) + max(extra, default=0)
        for tokens in (_TOKEN, _HEAD_TOKEN)
    )
    ids = _RUN_ID if any(isinstance(c.value, RunLink) for c in cells) else 0
    typical = sizes[(len(sizes) - 1) * 9 // 10]
    usual = min(typical + ids, 24 if ids else 18)
    need = max(head, min(longest_word, 18), usual)
    return Demand(need, max(need, min(sizes[-1] + ids, 60)), max(tight, min(longest_part, 18), usual))


def _picture(cell: Cell) -> float:
    return SIZES["cell"][type(cell.chart)].width / _CHARACTER + 1 if cell.chart is not None else 0.0


def _head_need(column: Column) -> float:
    pieces = [_BOLD * n_columns_wide(token) for token in _HEAD_TOKEN.findall(visible(column.label))] or [1.0]
    pieces += [_NOTE * n_columns_wide(token) for token in visible(column.note).split()]
    arrow = 2 if column.goal != "none" else 0
    return max(min(max(pieces), 16), arrow + 2)


def _tight_head(column: Column) -> float:
    pieces = [n_columns_wide(token) for token in _HEAD_TOKEN.findall(visible(column.label))] or [1.0]
    return max(min(max(pieces), 16), (2 if column.goal != "none" else 0) + 2)


def least_widths(table: Table, most: int) -> list[str]:
    """A least width for each column on screen, as CSS."""
    # An average character has about 0.7 of a digit's width (ch); one more is for the arrow of sorting. Numbers and dates never break.
    return [f"min-width:calc({demand.need * 0.72 + 1:.1f}ch + 1.6rem)" for demand in demands(table, most)]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A size of paper and type: what one line of a table holds."""

    width: float
    """Millimetres between the margins."""
    char: float
    """Millimetres of an average character, a little more than a digit."""
    gap: float
    """Millimetres between two columns."""
    landscape: bool
    css: str

    def room(self, demands: Sequence[Demand]) -> float:
        """Millimetres left after what ``demands`` need; negative when they do not fit."""
        return self.width - sum(demand.need * self.char + self.gap for demand in demands)


PORTRAIT = Sheet(174, 1.66, 3.2, landscape=False, css="")
PORTRAIT_DENSE = Sheet(174, 1.40, 2.2, landscape=False, css="dense")
LANDSCAPE = Sheet(261, 1.66, 3.2, landscape=True, css="")
LANDSCAPE_DENSE = Sheet(261, 1.40, 2.2, landscape=True, css="dense")
_UPRIGHT = (PORTRAIT, PORTRAIT_DENSE)
_TURNED = (LANDSCAPE, LANDSCAPE_DENSE)
_WORTH_TURNING = 15
"""Rows from which a wide table fills enough of a landscape page; a shorter one is cut into parts instead."""


def wants_landscape(table: Table, most: int) -> bool:
    """Whether ``table`` is too wide for an upright page and long enough to be worth turning it."""
    wanted = tightened(demands(table, most))
    return table.layout == "columns" and len(table.rows) >= _WORTH_TURNING and all(s.room(wanted) < 0 for s in _UPRIGHT)


def tightened(wanted: Sequence[Demand]) -> tuple[Demand, ...]:
    """The same with the least that each can do with as its need."""
    return tuple(replace(demand, need=demand.least) for demand in wanted)


def sheet_for(wanted: Sequence[Demand], *, landscape: bool) -> Sheet | None:
    """The sheet with the largest type on which ``wanted`` fit; None when they fit on none."""
    return next((sheet for sheet in (_TURNED if landscape else _UPRIGHT) if sheet.room(wanted) >= 0), None)


def parts_of(table: Table, wanted: Sequence[Demand], *, landscape: bool) -> tuple[tuple[int, ...], ...]:
    """The columns of each part of a table that fits on no sheet; each holds the columns that name the row."""
    sheet = (_TURNED if landscape else _UPRIGHT)[-1]
    keys = naming_columns(table)
    others = [at for at in range(len(wanted)) if at not in keys]
    parts = _filled(others, keys, wanted, sheet.width, sheet)
    # As many parts as it takes, none of them nearly empty: the narrowest width that needs no further part.
    for share in range(50, 100, 5):
        even = _filled(others, keys, wanted, sheet.width * share / 100, sheet)
        if len(even) == len(parts):
            parts = even
            break
    return tuple(tuple(sorted((*keys, *part))) for part in parts)


def _filled(others: Sequence[int], keys: Sequence[int], wanted: Sequence[Demand], width: float, sheet: Sheet) -> list[list[int]]:
    """``others`` dealt out in order, as many to a part as fit into ``width`` beside the columns that name the row."""
    parts: list[list[int]] = [[]]
    for at in others:
        if parts[-1] and replace(sheet, width=width).room([wanted[i] for i in (*keys, *parts[-1], at)]) < 0:
            parts.append([])
        parts[-1].append(at)
    return parts


def naming_columns(table: Table, most: int = 3) -> tuple[int, ...]:
    """The column that names the row, with the next ones of text where it takes these to tell every row from the others."""
    first = header_column(table) or 0
    texts = [at for at, column in enumerate(table.columns) if at != first and column.format in ("text", "code", "run")]
    for n in range(most):
        keys = (first, *texts[:n])
        if len({tuple(str(row[at].value) for at in keys) for row in table.rows}) == len(table.rows):
            return keys
    return (first,)


def shares(columns: Sequence[Column], wanted: Sequence[Demand], sheet: Sheet) -> list[str]:
    """Widths in per cent that add up to the whole: the columns' own where all have one, else by what they need.

    Each gets its need, and what is left goes to those that want more.
    """
    if all(column.width for column in columns):
        return _per_cent([float(column.width) for column in columns])
    room = max(sheet.room(wanted), 0.0)
    appetite = [min(demand.want - demand.need, 40) * sheet.char for demand in wanted]
    filled = min(1.0, room / sum(appetite)) if sum(appetite) else 0.0
    base = [demand.need * sheet.char + sheet.gap + more * filled for demand, more in zip(wanted, appetite, strict=True)]
    return _per_cent(base)


def _per_cent(parts: Sequence[float]) -> list[str]:
    return [f"width:{100 * part / sum(parts):.2f}%" for part in parts]
