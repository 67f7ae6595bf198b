"""How many points and series runs have in a database, and what follows from that: marks, and what was not read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reportgen.collect.selection import OTHER_METRIC, UNREADABLE
from reportgen.collect.source import Counts, Mark
from reportgen.collect.sql.database import DamagedError, Database
from reportgen.collect.sql.sqlite import SqliteDatabase

Wants = Callable[[str], bool]

MAX_COUNTED = 1_000_000
"""Points for one statement that only counts, by an index."""


@dataclass(frozen=True, slots=True)
class StoreSizes:
    """How many points and series every run of a store has."""

    metrics: tuple[str, ...]
    """All of the store."""
    by_run: pa.Table
    """(run, points, series)."""

    def of(self, run_ids: Sequence[str]) -> Iterator[tuple[str, int, int]]:
        """(run, points, series) of those of ``run_ids`` that have any."""
        chosen = frozenset(run_ids)
        return (row for row in zip(*(c.to_pylist() for c in self.by_run.columns), strict=True) if row[0] in chosen)


def store_sizes(db: Database) -> StoreSizes | None:
    """Sizes of all runs of a SQLite store, of one moment; None where that is more points than are counted at once.

    The primary key begins with the metric, so that each name is found by looking for the next one.
    """
    if not isinstance(db, SqliteDatabase) or "metrics" not in db.columns:
        return None

    def read() -> StoreSizes | None:
        rows = db.table("SELECT MAX(rowid) FROM metrics", {"n": "int"})
        if (rows.column("n")[0].as_py() or 0) > MAX_COUNTED:
            return None
        by_run = db.table(_SIZES, {"run_id": "text", "points": "int", "series": "int"})
        return StoreSizes(tuple(db.table(_METRICS, {"metric": "text"}).column("metric").to_pylist()), by_run)

    try:
        return db.at_once(read)
    except DamagedError:
        return None


_SIZES = """
    SELECT CAST(run_uuid AS TEXT), SUM(n), COUNT(*)
    FROM (SELECT run_uuid, COUNT(*) AS n FROM metrics GROUP BY run_uuid, key) GROUP BY run_uuid
"""
_METRICS = """
    WITH RECURSIVE metric(key) AS (
        SELECT MIN(key) FROM metrics
        UNION ALL SELECT (SELECT MIN(key) FROM metrics WHERE key > metric.key) FROM metric WHERE metric.key IS NOT NULL
    )
    SELECT CAST(key AS TEXT) FROM metric WHERE key IS NOT NULL
"""


def nonzero(run_ids: Sequence[str], counts: np.ndarray) -> Mapping[str, int]:
    """Run id → count, of those that are not 0."""
    return {run_id: n for run_id, n in zip(run_ids, counts.tolist(), strict=True) if n}


def series_read(history: pa.Table) -> Mapping[str, int]:
    """Run → series in ``history``, the words of which are in one piece."""
    if not history.num_rows:
        return {}
    run, metric = (history.column(name).chunk(0).indices.to_numpy() for name in ("run_id", "metric"))
    starts = np.concatenate(([0], np.flatnonzero((run[1:] != run[:-1]) | (metric[1:] != metric[:-1])) + 1))
    words = history.column("run_id").chunk(0).dictionary.to_pylist()
    return nonzero(words, np.bincount(run[starts], minlength=len(words)))


def counted_marks(run_ids: Sequence[str], counts: pa.Table) -> Mapping[str, Mark]:
    """Marks made of ``counts`` (run, metric, n)."""
    by_run = run_counts(counts)
    points, series = by_run["points"], by_run["series"]
    return {
        run_id: Mark(f"{points.get(run_id, 0)}-{series.get(run_id, 0)}", points.get(run_id, 0), series.get(run_id, 0))
        for run_id in run_ids
    }


def run_counts(counts: pa.Table) -> dict[str, Mapping[str, int]]:
    """``points`` and ``series`` by run, of ``counts`` (run, metric, n)."""
    rows = list(size_rows(counts))
    return {
        "points": Counter({run_id: n for run_id, n, _ in rows}),
        "series": Counter({run_id: n for run_id, _, n in rows}),
    }


def size_rows(counts: pa.Table) -> Iterator[tuple[str, int, int]]:
    """(run, points, series)."""
    found = counts.group_by("run_id").aggregate([("n", "sum"), ("n", "count")])
    return zip(*(found.column(name).to_pylist() for name in ("run_id", "n_sum", "n_count")), strict=True)


def left_out(counts: pa.Table, points: pa.Table, valid: pa.Array, wants: Wants, unreadable: frozenset[str]) -> dict[str, Counts]:
    """Points and series that are counted but not read: of other metrics, of unreadable runs, and those without a number."""
    other = of_wanted(counts, lambda metric: not wants(metric))
    wanted = of_wanted(counts, wants)
    lost = wanted.filter(pa.array([run in unreadable for run in wanted.column("run_id").to_pylist()], pa.bool_()))
    bad = points.filter(pc.invert(valid)).group_by(["run_id", "metric"]).aggregate([([], "count_all")])
    whole = points.filter(valid).group_by(["run_id", "metric"]).aggregate([])
    gone = bad.join(whole, keys=["run_id", "metric"], join_type="left anti")
    n_points = Counter(run_counts(lost)["points"])
    for run_id, n in zip(bad.column("run_id").to_pylist(), bad.column("count_all").to_pylist(), strict=True):
        n_points[run_id] += n
    n_series = Counter(run_counts(lost)["series"]) + Counter(gone.column("run_id").to_pylist())
    return {OTHER_METRIC: run_counts(other), UNREADABLE: {"points": n_points, "series": n_series}}


def of_wanted(table: pa.Table, wants: Wants) -> pa.Table:
    """The rows of ``table`` whose metric is wanted."""
    metrics = pc.unique(table.column("metric")).to_pylist()
    wanted = [metric for metric in metrics if wants(metric)]
    return table if len(wanted) == len(metrics) else table.filter(pc.is_in(table.column("metric"), pa.array(wanted, pa.string())))


def sized_chunks(sized: Iterable[tuple[str, int]], n_runs: int, most: int) -> Iterator[tuple[list[str], int]]:
    """Consecutive runs of ``(run, points)``, with their points: ``n_runs`` at most and, unless it is one run, ``most`` points."""
    chunk: list[str] = []
    n_points = 0
    for run_id, size in sized:
        if chunk and (len(chunk) == n_runs or n_points + size > most):
            yield chunk, n_points
            chunk, n_points = [], 0
        chunk.append(run_id)
        n_points += size
    if chunk:
        yield chunk, n_points


# --- statements ---
