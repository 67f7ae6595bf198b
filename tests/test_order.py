"""The order of points and tables: the one that Arrow gives, whatever is equal, missing, infinite or out of order."""

from __future__ import annotations

import math

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.order import points_in_order, points_order, sorted_by, stable_order
from reportgen.snapshot import SCHEMAS, SORT_KEYS, sort_history, table_of

VALUE = st.sampled_from([-math.inf, -1.5, -0.0, 0.0, 1.0, 1e308, math.inf, math.nan]) | st.floats()
STEP = st.integers(-3, 3) | st.sampled_from([-(2**63), 2**40, 2**63 - 1])
TIME = st.integers(0, 3) | st.sampled_from([-(2**63), 2**63 - 1])
WORD = st.sampled_from(["", "a", "b", "Z", "é", "日本", "😀", "\uffff"])
POINT = st.tuples(WORD, WORD, WORD, STEP, TIME, VALUE)


def history(rows: list[tuple[str, str, str, int, int, float]]) -> pa.Table:
    columns = list(zip(*rows, strict=True)) if rows else [()] * 6
    arrays = [
        pa.array(c, pa.string()).dictionary_encode().cast(f.type) for c, f in zip(columns[:3], SCHEMAS["history"], strict=False)
    ]
    arrays += [
        pa.array(columns[3], pa.int64()),
        pa.array(columns[4], pa.int64()).cast(SCHEMAS["history"].field("timestamp").type),
    ]
    return pa.table([*arrays, pa.array(columns[5], pa.float64())], schema=SCHEMAS["history"])


def by_arrow(table: pa.Table) -> pa.Table:
    spelled = pa.table(
        [c.cast(pa.string()) if pa.types.is_dictionary(c.type) else c for c in table.columns], names=table.column_names
    )
    return spelled.take(pc.sort_indices(spelled, sort_keys=[(name, "ascending") for name in SORT_KEYS["history"]]))


def words(table: pa.Table) -> list[tuple[str, ...]]:
    """Rows as text, so that NaN equals NaN and -0.0 is not 0.0."""
    plain = [c.cast(pa.int64()) if pa.types.is_timestamp(c.type) else c for c in table.columns]
    return [tuple(map(repr, row)) for row in zip(*(c.to_pylist() for c in plain), strict=True)]


@given(st.lists(POINT, max_size=40))
def test_a_history_is_sorted_as_by_arrow(rows: list[tuple[str, str, str, int, int, float]]) -> None:
    table = history(rows)
    assert words(sort_history(table)) == words(by_arrow(table))
    pieces = pa.concat_tables([table.slice(0, 7), history(rows[7:])])  # with dictionaries of their own
    assert words(sort_history(pieces)) == words(by_arrow(table))
    assert words(sort_history(sort_history(table))) == words(by_arrow(table))


@given(st.lists(st.tuples(WORD, st.none() | st.integers(-1, 1), st.none() | st.integers(0, 1), st.none() | VALUE), max_size=20))
def test_what_a_history_lacks_comes_last(rows: list[tuple[str, int | None, int | None, float | None]]) -> None:
    table = history([("e", "r", metric, 0, 0, 0.0) for metric, *_ in rows])
    for at, name in enumerate(("step", "timestamp", "value"), 1):
        field = SCHEMAS["history"].field(name)
        column = pa.array([row[at] for row in rows], pa.float64() if name == "value" else pa.int64())
        table = table.set_column(table.schema.get_field_index(name), field, column.cast(field.type))
    assert words(sort_history(table)) == words(by_arrow(table))


@pytest.mark.parametrize("n_codes", [3, 70_000, 2**40])
@pytest.mark.parametrize("disorder", [0.0, 0.01, 1.0])
def test_many_points_in_any_order(n_codes: int, disorder: float) -> None:
    rng = np.random.default_rng(7)
    code = rng.integers(0, n_codes, 30_000)
    step = np.arange(30_000) // 7
    moved = rng.random(30_000) < disorder
    step[moved] = rng.integers(-50, 50, moved.sum())
    timestamp = rng.integers(0, 3, 30_000)
    value = rng.choice([math.nan, -math.inf, 0.0, 1.0, 2.0], 30_000)
    order = points_order(code, step, timestamp, value)
    assert order is not None
    plain = pa.table({"code": code, "step": step, "timestamp": timestamp, "value": value})
    expected = pc.sort_indices(plain, sort_keys=[(name, "ascending") for name in plain.column_names])
    assert order.tolist() == expected.to_pylist()
    columns = points_in_order(code, step, timestamp, value)
    for column, plain_column in zip(columns, (code, step, timestamp, value), strict=True):
        assert np.array_equal(column, plain_column[order], equal_nan=column.dtype == float)
    for column, again in zip(columns, points_in_order(*columns), strict=True):
        assert column is again
    sorted_again = points_order(code[order], step[order], timestamp[order], value[order])
    assert sorted_again is None


@given(st.lists(st.tuples(st.integers(0, 2), STEP, TIME, VALUE), max_size=30))
def test_columns_come_in_the_order_of_their_indices(rows: list[tuple[int, int, int, float]]) -> None:
    columns = list(zip(*rows, strict=True)) if rows else [()] * 4
    given = (np.array(columns[0], np.uint16), *(np.array(c, np.int64) for c in columns[1:3]), np.array(columns[3], float))
    before = tuple(column.copy() for column in given)
    order = points_order(*given)
    order = np.arange(len(rows)) if order is None else order
    found = points_in_order(*given)
    for column, it, old in zip(found, given, before, strict=True):
        assert column.tobytes() == old[order].tobytes()
        assert it.tobytes() == old.tobytes()  # what was given is not changed


@given(st.lists(st.integers(0, 2**50) | st.integers(0, 3), max_size=50))
def test_numbers_of_any_size_are_sorted_and_equal_ones_stay(codes: list[int]) -> None:
    array = np.array(codes, dtype=np.int64)
    assert stable_order(array).tolist() == np.argsort(array, kind="stable").tolist()


ROW = st.tuples(st.none() | WORD, st.none() | st.integers(-2, 2), st.none() | st.sampled_from([0.0, -0.0, 1.0, math.nan]))


@given(st.lists(ROW, max_size=30), st.lists(st.sampled_from(["text", "number", "real"]), min_size=1, max_size=3, unique=True))
def test_tables_are_sorted_as_by_arrow(rows: list[tuple[str | None, int | None, float | None]], keys: list[str]) -> None:
    columns = list(zip(*rows, strict=True)) if rows else [()] * 3
    types = (pa.string(), pa.int64(), pa.float64())
    arrays = [pa.array(c, t) for c, t in zip(columns, types, strict=True)]
    table = pa.table([*arrays, pa.array(range(len(rows)), pa.int64())], names=["text", "number", "real", "row"])
    pieces = pa.concat_tables([table.slice(0, 3), table.slice(3)])
    expected = words(table.sort_by([(key, "ascending") for key in keys]))
    assert words(sorted_by(table, keys)) == expected
    assert words(sorted_by(pieces, keys)) == expected


def test_tables_of_a_snapshot_come_sorted() -> None:
    rows = {"experiment_id": ["2", "10", "2"], "run_id": ["b", "a", "a"], "key": ["k", "k", "k"], "value": ["1", "2", "3"]}
    assert table_of("params", rows)["value"].to_pylist() == ["2", "3", "1"]
    assert table_of("params", {}).num_rows == 0
