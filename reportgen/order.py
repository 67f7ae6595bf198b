"""Sorting of tables by integer codes: the order that Arrow's own sort gives, several times faster.

Arrow compares row by row, column by column. Here the words of a column become their ranks, the ranks of all columns
one number, and numbers of few digits are sorted by radix. Points are nearly always logged in the order of their
steps, so that within a series usually nothing is left to sort.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_DIGIT = 16
"""Bits of one digit; NumPy's stable sort of 16-bit numbers is a radix sort."""


def stable_order(code: np.ndarray) -> np.ndarray:
    """Indices that sort non-negative integers; equal values keep their order."""
    top = int(code.max()) if len(code) else 0
    order = np.argsort(_digit(code, 0), kind="stable")
    shift = _DIGIT
    while top >> shift:
        order = order[np.argsort(_digit(code, shift)[order], kind="stable")]
        shift += _DIGIT
    return order


def _digit(code: np.ndarray, shift: int) -> np.ndarray:
    if code.dtype == np.uint16:
        return code
    return ((code >> shift) & 0xFFFF).astype(np.uint16)


Columns = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def points_order(code: np.ndarray, step: np.ndarray, timestamp: np.ndarray, value: np.ndarray) -> np.ndarray | None:
    """Indices that sort points by (code, step, timestamp, value); None when they are sorted.

    ``code`` holds a non-negative integer for each series. NaN comes last among equal (step, timestamp), as in Arrow;
    points that are equal stay as they are.
    """
    order = _by_code((code, step, timestamp, value))
    columns = (code, step, timestamp, value) if order is None else _taken((code, step, timestamp, value), order)
    rows = _rows_to_sort(*columns)
    if len(rows):
        order = np.arange(len(code)) if order is None else order
        order[rows] = order[_sorted_rows(rows, columns)]
    return order


def points_in_order(code: np.ndarray, step: np.ndarray, timestamp: np.ndarray, value: np.ndarray) -> Columns:
    """The columns sorted as by ``points_order``; columns that are sorted already are returned unchanged."""
    columns = (code, step, timestamp, value)
    order = _by_code(columns)
    if order is not None:
        columns = _taken(columns, order)
    rows = _rows_to_sort(*columns)
    if len(rows):
        moved = _sorted_rows(rows, columns)
        columns = _taken(columns, np.arange(len(code))) if order is None else columns
        for column, there in zip(columns, _taken(columns, moved), strict=True):
            column[rows] = there
    return columns


def _by_code(columns: Columns) -> np.ndarray | None:
    code = columns[0]
    return stable_order(code) if np.any(code[1:] < code[:-1]) else None


def _taken(columns: Columns, rows: np.ndarray) -> Columns:
    code, step, timestamp, value = columns
    return code[rows], step[rows], timestamp[rows], value[rows]


def _sorted_rows(rows: np.ndarray, columns: Columns) -> np.ndarray:
    code, step, timestamp, value = _taken(columns, rows)
    moved: np.ndarray = rows[np.lexsort((value, timestamp, step, code))]
    return moved


def _rows_to_sort(code: np.ndarray, step: np.ndarray, timestamp: np.ndarray, value: np.ndarray) -> np.ndarray:
    """The rows of every series that is not sorted; ``code`` must be sorted."""
    same = code[1:] == code[:-1]
    after = np.flatnonzero(same & (step[1:] <= step[:-1])) + 1
    if not len(after):
        return after
    before = after - 1
    equal = step[after] == step[before]
    earlier = equal & (timestamp[after] < timestamp[before])
    equal &= timestamp[after] == timestamp[before]
    smaller = equal & ~((value[after] >= value[before]) | np.isnan(value[after]))
    wrong: np.ndarray = after[(step[after] < step[before]) | earlier | smaller]
    if not len(wrong):
        return wrong
    series = np.concatenate(([0], np.cumsum(~same)))
    rows: np.ndarray = np.flatnonzero(np.isin(series, np.unique(series[wrong])))
    return rows


def words_rank(words: pa.Array) -> np.ndarray:
    """The rank of each of ``words``, which must be distinct, in their sorted order."""
    rank = np.empty(len(words), dtype=np.int64)
    rank[pc.sort_indices(words).to_numpy()] = np.arange(len(words))
    return rank


def sorted_by(table: pa.Table, keys: Sequence[str]) -> pa.Table:
    """``table`` sorted by ``keys``, ascending: null comes last, equal rows keep their order."""
    if any(pa.types.is_floating(table.schema.field(key).type) for key in keys):  # -0.0 and 0.0 are two words
        return table.sort_by([(key, "ascending") for key in keys])
    code = np.zeros(table.num_rows, dtype=np.int64)
    n_codes = 1
    for key in keys:
        rank, n_words = ranks(table.column(key))
        n_codes *= n_words
        if n_codes >= 1 << 62:
            return table.sort_by([(key, "ascending") for key in keys])
        code = code * n_words + rank
    if np.all(code[1:] >= code[:-1]):
        return table
    return table.take(pa.array(stable_order(code)))


def ranks(column: pa.ChunkedArray) -> tuple[np.ndarray, int]:
    """The rank of each value of ``column`` among its distinct values (null comes last), and the number of ranks."""
    whole = column.combine_chunks()
    if isinstance(whole, pa.ChunkedArray):  # an empty column on older Arrow
        whole = pa.concat_arrays(whole.chunks) if whole.num_chunks else pa.array([], whole.type)
    encoded = whole.dictionary_encode()
    rank = np.append(words_rank(encoded.dictionary), len(encoded.dictionary))
    index = pc.fill_null(encoded.indices, len(encoded.dictionary)).to_numpy(zero_copy_only=False)
    ranks: np.ndarray = rank[index]
    return ranks, len(rank)
