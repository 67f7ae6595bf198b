"""Histories while they arrive: what is counted of them, and where they lie, in memory or beyond a number of points on disk.

Chunks come in the order of (experiment, run) and each holds whole runs, so that putting them one behind the other is
sorting them. What is asked of all histories together (counts, last points) is kept from each chunk as it passes, so
that no second pass over the points is needed.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from reportgen.collect.canonical_rows import joined, last_points
from reportgen.collect.redact import plain_metrics
from reportgen.redaction import NO_REDACTION, Redactor
from reportgen.snapshot import SCHEMAS, History, save_history


class HistoryTotals:
    """Counts and last points of the histories of one store."""

    def __init__(self, redactor: Redactor = NO_REDACTION) -> None:
        self._redactor = redactor
        self.n_points: Counter[str] = Counter()
        """By experiment."""
        self._last: list[pa.Table] = []
        self._masked: set[str] = set()

    @property
    def n_masked(self) -> int:
        """Names of metrics that held credentials, however the histories were cut into chunks."""
        return len(self._masked)

    def counted(self, points: pa.Table) -> pa.Table:
        """``points``, sorted rows of ``SCHEMAS["history"]``, without credentials in the names of metrics."""
        if points.num_rows == 0:
            return points
        self._last.append(last_points(points))
        points, masked = plain_metrics(points, self._redactor)
        self._masked |= masked
        for row in points.column("experiment_id").value_counts().to_pylist():
            self.n_points[row["values"]] += row["counts"]
        return points

    def last_points(self) -> pa.Table:
        """The last point of each series, as ``canonical_rows.last_points`` of the whole history. Names are as in the store: two
        may become one when they are masked."""
        return pa.concat_tables(self._last) if self._last else SCHEMAS["metrics"].empty_table()


class HistorySpill:
    """Sorted histories that are in memory as long as they are few, and in Parquet files beyond."""

    def __init__(self, points_in_memory: int, scratch: Path | None, number: int = 0) -> None:
        """Files lie in a new folder in ``scratch``, made when the first one is needed; folders sort by ``number``."""
        self.tables: list[pa.Table] = []
        self.files: list[Path] = []
        self._most = points_in_memory
        self._scratch = scratch
        self._prefix = f"reportgen-history-{number:04d}-"
        self._folder: Path | None = None
        self._n_in_memory = 0

    def add(self, points: pa.Table) -> None:
        """Takes sorted rows of ``SCHEMAS["history"]`` whose runs come after those of the last ones."""
        if points.num_rows == 0:
            return
        self.tables.append(points)
        self._n_in_memory += points.num_rows
        if self._n_in_memory > self._most:
            self.spill()

    def spill(self) -> None:
        """Writes what is in memory to the next file."""
        if not self.tables:
            return
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix=self._prefix, dir=self._scratch))
        file = self._folder / f"part-{len(self.files):05d}.parquet"
        save_history(self.tables, file)
        self.files.append(file)
        self.tables.clear()
        self._n_in_memory = 0


def joined_history(spills: Sequence[HistorySpill]) -> History:
    """What was added to ``spills``, one after the other. Nothing may be added after it."""
    if not any(spill.files for spill in spills):
        return History(joined([table for spill in spills for table in spill.tables]))
    import pyarrow.dataset as ds  # loads pandas, which histories in memory do without

    for spill in spills:
        spill.spill()
    files = [str(file) for spill in spills for file in spill.files]
    return History(ds.dataset(files, schema=SCHEMAS["history"], format="parquet"))
