"""Where histories are put down while they arrive: in memory, and beyond a number of points in Parquet files.

Chunks come in the order of (experiment, run) and each holds whole runs, so that putting them one behind the other is
sorting them. What is asked of all histories together (counts, last points) is kept from each chunk as it passes, so
that no second pass over the points is needed.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.dataset as ds

from reportgen.collect.canonical_rows import joined, last_points
from reportgen.collect.redact import plain_metrics
from reportgen.snapshot import SCHEMAS, History, save_history


class HistorySpill:
    """Takes chunks of histories and gives them back as one ``History``."""

    def __init__(self, points_in_memory: int, scratch: Path | None) -> None:
        """Files lie in a new folder in ``scratch``, made when the first one is needed."""
        self._most = points_in_memory
        self._scratch = scratch
        self._folder: Path | None = None
        self._tables: list[pa.Table] = []
        self._last: list[pa.Table] = []
        self._n_in_memory = 0
        self._n_files = 0
        self.n_points: Counter[str] = Counter()
        """By experiment."""
        self._masked: set[str] = set()

    @property
    def n_masked(self) -> int:
        """Names of metrics that held credentials, however the histories were cut into chunks."""
        return len(self._masked)

    def add(self, points: pa.Table) -> None:
        """Takes a sorted table of ``SCHEMAS["history"]`` whose runs come after those of the last one."""
        if points.num_rows == 0:
            return
        self._last.append(last_points(points))
        points, masked = plain_metrics(points)
        self._masked |= masked
        self._count(points)
        self._tables.append(points)
        self._n_in_memory += points.num_rows
        if self._n_in_memory > self._most:
            self._spill()

    def _count(self, points: pa.Table) -> None:
        encoded = points.column("experiment_id").value_counts().to_pylist()
        for row in encoded:
            self.n_points[row["values"]] += row["counts"]

    def _spill(self) -> None:
        """Writes what is in memory to the next file."""
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="reportgen-history-", dir=self._scratch))
        save_history(self._tables, self._folder / f"part-{self._n_files:05d}.parquet")
        self._n_files += 1
        self._tables.clear()
        self._n_in_memory = 0

    def last_points(self) -> pa.Table:
        """The last point of each series, as ``normal.last_points`` of the whole history. Names are as in the store: two may
        become one when they are masked."""
        if not self._last:
            return SCHEMAS["metrics"].empty_table()
        return pa.concat_tables(self._last)

    def history(self) -> History:
        """Everything that was added. Nothing may be added after it."""
        if self._n_files == 0:
            return History(joined(self._tables))
        if self._tables:
            self._spill()
        return History(ds.dataset(self._folder, schema=SCHEMAS["history"], format="parquet"))
