"""Rows in canonical form, so that every reader gives the same table for the same content.

Databases cannot hold NaN and ±inf in the columns MLflow uses, so MLflow writes substitutes
(``mlflow/store/tracking/sqlalchemy_store.py``, ``sanitize_metric_value``); text may hold what UTF-8 cannot; the order
of points differs between endpoints and versions; the last value of a run that is still training may be older than its
history. All of that is undone here, on columns, once for all readers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reportgen.order import points_in_order, words_rank
from reportgen.snapshot import SCHEMAS, table_of

GREATEST = 1.7976931348623157e308
"""What MLflow's database store writes for inf."""


def decoded(values: np.ndarray, is_nan: np.ndarray | None = None) -> np.ndarray:
    """``values`` (float64) with MLflow's substitutes turned back: NaN where ``is_nan``, ±inf at ±``GREATEST``."""
    values = np.array(values, dtype=np.float64)
    values[values >= GREATEST] = np.inf
    values[values <= -GREATEST] = -np.inf
    if is_nan is not None:
        values[is_nan.astype(bool)] = np.nan
    return values


def plain(text: str) -> str:
    """``text`` with what UTF-8 cannot hold (lone surrogates) replaced by U+FFFD."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


@dataclass(frozen=True, slots=True, eq=False)
class RunPoints:
    """Points of some runs: grouped by run, in any order within a run."""

    runs: Sequence[str]
    n_points: np.ndarray
    """Of each run."""
    metric: np.ndarray
    """Where in ``words`` the name of each point's metric is."""
    words: pa.Array
    """All different."""
    step: np.ndarray
    timestamp: np.ndarray
    value: np.ndarray


def run_histories(experiment_of: Mapping[str, str], points: RunPoints) -> pa.Table:
    """A sorted table of ``SCHEMAS["history"]``; ``experiment_of`` tells where each run belongs."""
    ranks = _run_ranks(points.runs, experiment_of)
    n_words = len(points.words)
    small = len(points.runs) * n_words <= 1 << 16
    dtype = np.uint16 if small else np.int64
    code = np.repeat((ranks * n_words).astype(dtype), points.n_points)
    code += words_rank(points.words).astype(dtype)[points.metric]
    columns = points_in_order(code, points.step, points.timestamp, points.value)
    return _history_of(experiment_of, points.runs, points.words, *columns)


def history_table(
    experiment_of: Mapping[str, str],
    run_id: pa.ChunkedArray,
    metric: pa.ChunkedArray,
    step: np.ndarray,
    timestamp: np.ndarray,
    value: np.ndarray,
) -> pa.Table:
    """A sorted table of ``SCHEMAS["history"]`` from points in any order, each with its run and metric as text."""
    runs, metrics = _encoded(run_id), _encoded(metric)
    if not len(runs):
        return SCHEMAS["history"].empty_table()
    words = runs.dictionary.to_pylist()
    code = (_run_ranks(words, experiment_of) * len(metrics.dictionary))[runs.indices.to_numpy(zero_copy_only=False)]
    code += words_rank(metrics.dictionary)[metrics.indices.to_numpy(zero_copy_only=False)]
    return _history_of(experiment_of, words, metrics.dictionary, *points_in_order(code, step, timestamp, value))


def _run_ranks(runs: Sequence[str], experiment_of: Mapping[str, str]) -> np.ndarray:
    """The place of each run when they are sorted by (experiment, run)."""
    order = sorted(range(len(runs)), key=lambda at: (experiment_of[runs[at]], runs[at]))
    ranks = np.empty(len(runs), dtype=np.int64)
    ranks[order] = np.arange(len(runs))
    return ranks


def _history_of(
    experiment_of: Mapping[str, str],
    runs: Sequence[str],
    words: pa.Array,
    code: np.ndarray,
    step: np.ndarray,
    timestamp: np.ndarray,
    value: np.ndarray,
) -> pa.Table:
    """The table of sorted columns; ``code`` is the rank of the run, times the number of ``words``, plus that of the word."""
    schema = SCHEMAS["history"]
    if not len(code):
        return schema.empty_table()
    runs = sorted(runs, key=lambda run: (experiment_of[run], run))
    experiments = sorted({experiment_of[run] for run in runs})
    of_run = pc.index_in(pa.array([experiment_of[run] for run in runs]), pa.array(experiments)).to_numpy()
    starts = np.concatenate(([0], np.flatnonzero(code[1:] != code[:-1]) + 1))
    lengths = np.diff(starts, append=len(code))
    run, word = np.divmod(code[starts].astype(np.int64), len(words))
    codes = (of_run[run], run, word)
    dictionaries = (pa.array(experiments, pa.string()), pa.array(runs, pa.string()), words.take(pc.sort_indices(words)))
    columns = [
        pa.DictionaryArray.from_arrays(pa.array(np.repeat(index.astype(np.int32), lengths)), dictionary)
        for index, dictionary in zip(codes, dictionaries, strict=True)
    ]
    columns += [pa.array(step, pa.int64()), pa.array(timestamp, pa.int64()), pa.array(value, pa.float64())]
    return pa.table([column.cast(field.type) for column, field in zip(columns, schema, strict=True)], schema=schema)


def _encoded(words: pa.ChunkedArray) -> pa.DictionaryArray:
    encoded = pc.dictionary_encode(words).combine_chunks()
    return encoded.chunk(0) if isinstance(encoded, pa.ChunkedArray) else encoded


def joined(chunks: Sequence[pa.Table]) -> pa.Table:
    """Sorted pieces that follow each other, as one table with one dictionary for each column of words."""
    if not chunks:
        return SCHEMAS["history"].empty_table()
    return pa.concat_tables(chunks).unify_dictionaries()


def last_points(history: pa.Table) -> pa.Table:
    """The last point of each series of a sorted ``history``, as a table of ``SCHEMAS["metrics"]``.

    Last is the greatest (step, timestamp, value) with NaN compared as 0, which is MLflow's own rule
    (``latest_metrics`` of its database store).
    """
    if history.num_rows == 0:
        return SCHEMAS["metrics"].empty_table()
    ends = np.flatnonzero(_starts(history)[1:])
    rows = np.append(ends, history.num_rows - 1)
    last = history.take(pa.array(rows))
    nan = np.flatnonzero(np.isnan(last.column("value").to_numpy()))
    if len(nan):
        step, timestamp, value = _arrays(history)
        for index in nan:
            rows[index] = _last_with_nan_as_zero(rows[index], rows[index - 1] + 1 if index else 0, step, timestamp, value)
        last = history.take(pa.array(rows))
    return table_of("metrics", {name: last.column(name) for name in SCHEMAS["metrics"].names})


def _starts(history: pa.Table) -> np.ndarray:
    change = np.zeros(history.num_rows, dtype=bool)
    change[0] = True
    table = history.select(["run_id", "metric"]).unify_dictionaries().combine_chunks()
    for name in ("run_id", "metric"):
        column = table.column(name).combine_chunks()
        index = (column.chunk(0) if isinstance(column, pa.ChunkedArray) else column).indices.to_numpy(zero_copy_only=False)
        change[1:] |= index[1:] != index[:-1]
    return change


def _arrays(table: pa.Table) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return (
        table.column("step").to_numpy(),
        table.column("timestamp").cast(pa.int64()).to_numpy(),
        table.column("value").to_numpy(),
    )


def _last_with_nan_as_zero(row: int, first: int, step: np.ndarray, timestamp: np.ndarray, value: np.ndarray) -> int:
    """The row to take instead of ``row``, whose value is NaN and was sorted last among equal (step, timestamp)."""
    best = row
    other = row - 1
    while other >= first and step[other] == step[row] and timestamp[other] == timestamp[row]:
        if not np.isnan(value[other]) and value[other] > 0:
            return int(other)
        other -= 1
    return int(best)


def caught_up(metrics: pa.Table, found: pa.Table) -> tuple[pa.Table, tuple[tuple[str, str], ...]]:
    """``metrics`` brought up to ``found``, the last points of the histories, and the (run, metric) that these lack.

    A run that is still training logs between the reading of its last values and of its history: there the later
    point of the history is the last value. Series without a last value get one. Only series of ``found`` and
    ``metrics`` that share a name are compared; a last value without any history is for the caller to judge.
    """
    if found.num_rows == 0:
        return metrics, ()
    keys = ["run_id", "metric"]
    both = metrics.join(found, keys=keys, join_type="inner", left_suffix="", right_suffix="_h")
    step, timestamp = (both.column(n).cast(pa.int64()).to_numpy() for n in ("step", "timestamp"))
    step_h, timestamp_h = (both.column(f"{n}_h").cast(pa.int64()).to_numpy() for n in ("step", "timestamp"))
    behind = (step < step_h) | ((step == step_h) & (timestamp < timestamp_h))
    ahead = (step > step_h) | ((step == step_h) & (timestamp > timestamp_h))
    lacking = tuple(zip(*(both.filter(pa.array(ahead)).column(key).to_pylist() for key in keys), strict=True))
    new = found.join(metrics.select(keys), keys=keys, join_type="left anti")
    if not behind.any() and new.num_rows == 0:
        return metrics, lacking
    late = both.filter(pa.array(behind)).select(keys)
    kept = metrics.join(late, keys=keys, join_type="left anti")
    moved = found.join(late, keys=keys, join_type="left semi")
    rows = [table.select(SCHEMAS["metrics"].names) for table in (kept, moved, new)]
    return sorted_table("metrics", pa.concat_tables(rows)), lacking


def sorted_table(name: str, table: pa.Table) -> pa.Table:
    return table_of(name, {column: table.column(column) for column in SCHEMAS[name].names})


def rows_table(name: str, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """A sorted table of ``SCHEMAS[name]`` from one mapping for each row; times are int milliseconds."""
    return table_of(name, {column: [row.get(column) for row in rows] for column in SCHEMAS[name].names})
