"""Last values of an earlier reading, reused while the metric files of a run are unchanged.

A file store tells the last value of a metric only by its whole history, so without this every file would be read again
to list the runs. A run's mark is made of what the system says about each of its metric files, one call for each and no
reading. As in git's index a file that changed a moment ago has no mark: it could change again within the same tick of
the clock and look the same. On a network folder the system may say what it knew up to a minute ago.
"""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from reportgen.collect.cache.folder import TODO_DAMAGED, TODO_WRITE, Folder, Unusable, note, reason
from reportgen.collect.files.disk import Keyed
from reportgen.collect.files.metrics import RunFolder
from reportgen.collect.source import Mark
from reportgen.errors import Problem
from reportgen.snapshot import SCHEMAS

RACY_SECONDS = 2.0
"""The coarsest clock of a file system in use, that of FAT."""
_SCHEMA = SCHEMAS["metrics"].append(pa.field("mark", pa.string()))


def mark_of(run: RunFolder, files: Keyed) -> Mark | None:
    """The mark of a run with these metric files; None when one of them cannot be told from what it may become."""
    if files.refused:
        return None
    before = (time.time() - RACY_SECONDS) * 1e9
    digest = hashlib.sha256(repr((run.home.experiment_id, run.path)).encode("utf-8", "surrogatepass"))
    for key, path in files.paths:
        try:
            status = os.lstat(path)
        except OSError:
            return None
        if not stat.S_ISREG(status.st_mode) or max(status.st_mtime_ns, status.st_ctime_ns) > before:
            return None
        fact = (key, status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
        digest.update(repr(fact).encode("utf-8", "surrogatepass"))
    return Mark(digest.hexdigest()[:32], None, len(files.paths))


class LastValues:
    """The last values that an earlier reading found, by run and mark."""

    def __init__(self, folder: Path | None) -> None:
        """Without a folder nothing is known and nothing kept."""
        self.problems: list[Problem] = []
        self._folder = None if folder is None else Folder(folder)
        self._name = ""
        self._table = _SCHEMA.empty_table()
        if self._folder is not None:
            self._read(self._folder)
        runs = self._table.group_by(["run_id", "mark"]).aggregate([([], "count_all")])
        self._known = dict(
            zip(
                runs.column("run_id").to_pylist(),
                zip(runs.column("mark").to_pylist(), runs.column("count_all").to_pylist(), strict=True),
                strict=True,
            )
        )

    @property
    def is_kept(self) -> bool:
        """Whether there is a cache at all."""
        return self._folder is not None

    def holds(self, run_id: str, mark: Mark) -> bool:
        """Whether the last values of the run with this mark are known."""
        return mark.n_series == 0 or self._known.get(run_id) == (mark.value, mark.n_series)

    def columns(self, run_ids: Sequence[str]) -> Mapping[str, list[Any]]:
        """The columns of ``SCHEMAS["metrics"]`` for runs that ``holds`` knows; times as milliseconds."""
        rows = self._of(run_ids)
        return {name: _numbers(rows.column(name)).to_pylist() for name in SCHEMAS["metrics"].names}

    def put(self, last: Mapping[str, Sequence[Any]], marks: Mapping[str, Mark], present: Mapping[str, str]) -> None:
        """Keeps the rows ``last`` of the runs that have a mark, beside those of runs that were not looked at.

        ``present`` tells for each run of the experiments that were looked at where it belongs; other runs of these are gone.
        """
        if self._folder is None:
            return
        table = pa.table({name: pa.array(last[name], _plain(field.type)) for name, field in _fields()})
        table = table.filter(pc.is_in(table.column("run_id"), pa.array(sorted(marks), pa.string())))
        mark = pa.array([marks[run_id].value for run_id in table.column("run_id").to_pylist()], pa.string())
        fresh = table.append_column("mark", mark).cast(_SCHEMA)
        looked_at = pa.array(sorted(set(present.values())), pa.string())
        passed_by = pa.array(sorted(present.keys() - marks.keys()), pa.string())
        is_gone = pc.and_(
            pc.is_in(self._table.column("experiment_id"), looked_at), pc.invert(pc.is_in(self._table.column("run_id"), passed_by))
        )
        others = self._table.filter(pc.invert(is_gone))
        whole = pa.concat_tables([others, fresh]).sort_by([(n, "ascending") for n in ("experiment_id", "run_id", "metric")])
        said = ["run_id", "metric", "mark"]  # a mark stands for the values, and NaN is not equal to itself
        if whole.num_rows and not whole.select(said).equals(self._table.select(said)):
            self._write(self._folder, whole)
        else:
            self._folder.touch([self._name] if self._name else [])
        self._table = whole  # details of further runs may follow

    def _read(self, folder: Folder) -> None:
        """The newest file; each row tells its mark, so that an old one would do no harm either."""
        try:
            folder.check_owner()
            names = sorted(folder.path.glob("last-*.parquet"), key=lambda path: (path.stat().st_mtime, path.name))
            if names:
                self._name = names[-1].name
                self._table = folder.table(self._name, _SCHEMA)
        except FileNotFoundError:
            return
        except (OSError, Unusable) as error:
            self.problems.append(note("cache-damaged", reason(error), TODO_DAMAGED))

    def _write(self, folder: Folder, table: pa.Table) -> None:
        try:
            folder.prepared()
            name = folder.put_table("last", lambda path: pq.write_table(table, path, compression="zstd", compression_level=1))
        except (OSError, pa.ArrowException, Unusable) as error:
            what = f"last values cannot be kept for the next time: {reason(error)}"
            self.problems.append(note("cache-not-written", what, TODO_WRITE))
            return
        with suppress(OSError):  # somebody may be clearing the whole cache just now
            folder.remove({path.name for path in folder.path.glob("last-*.parquet")} - {name})

    def _of(self, run_ids: Sequence[str]) -> pa.Table:
        return self._table.filter(pc.is_in(self._table.column("run_id"), pa.array(list(run_ids), pa.string())))


def _fields() -> list[tuple[str, pa.Field]]:
    return [(field.name, field) for field in SCHEMAS["metrics"]]


def _plain(type_: pa.DataType) -> pa.DataType:
    return pa.int64() if pa.types.is_timestamp(type_) else type_


def _numbers(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column.cast(_plain(column.type))
