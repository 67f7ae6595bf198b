"""Finding the last report among the report runs of a store, and reading files of it.

Reports that were published are runs with tags ``reportgen.*``, which are no data (``collect.selection``). Here they are looked at
for once, by the same readers as everything else: MLflow's client is not loaded, and nothing is written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass

import pyarrow.compute as pc

from reportgen.collect.artifact_formats import RefusedArtifactError
from reportgen.collect.contents import Row, Wanted, folders_of
from reportgen.collect.reading import Reading
from reportgen.collect.selection import OWN_REPORT_TAG
from reportgen.collect.source import Source, opened
from reportgen.errors import SourceError

TAG_DATE = "reportgen.date"
TAG_DIGEST = "reportgen.digest"
_MOST_BYTES = 256 << 20
_MOST_RUNS = 200
"""So many of the newest report runs are looked at, of all reports of the experiment."""
_PLACES = frozenset({"file", "s3", "gs", "abfss", "wasbs", "dbfs", "hdfs", "r2", "oss"})
"""Schemes of the places that a report may have been published to."""


@dataclass(frozen=True, slots=True)
class ReportRun:
    """A report that was published."""

    run_id: str
    day: str
    digest: str
    row: Row
    """Of the table of runs."""


def report_runs(uri: str, experiment: str, name: str, day: str, reading: Reading) -> tuple[ReportRun, ...]:
    """The finished report runs of the report ``name`` of days before ``day``, newest first. Raises ``SourceError``."""
    with closing(opened(uri, reading)) as source:
        return tuple(sorted(_found(source, experiment, name, day), key=lambda run: (run.day, _started(run)), reverse=True))


def _started(run: ReportRun) -> int:
    at = run.row.get("start_time")
    return round(at.timestamp() * 1000) if at is not None else 0


def _found(source: Source, experiment: str, name: str, day: str) -> Iterator[ReportRun]:
    experiments = source.experiments()
    ids = [row["experiment_id"] for row in experiments.to_pylist() if row["name"] == experiment and row["lifecycle"] == "active"]
    if not ids:
        return
    runs = source.runs(ids)
    runs = runs.filter(pc.and_(pc.equal(runs.column("status"), "FINISHED"), pc.equal(runs.column("lifecycle"), "active")))
    own = source.tagged(OWN_REPORT_TAG)
    rows = sorted((row for row in runs.to_pylist() if row["run_id"] in own), key=lambda row: str(row["start_time"]), reverse=True)
    kept = {row["run_id"]: row for row in rows[:_MOST_RUNS]}
    tags: dict[str, dict[str, str]] = {}
    for row in source.details(list(kept), lambda *_: None).tags.to_pylist() if kept else ():
        tags.setdefault(row["run_id"], {})[row["key"]] = row["value"] or ""
    for run_id, its in tags.items():
        if its.get(OWN_REPORT_TAG) == name and "" < its.get(TAG_DATE, "") < day:
            yield ReportRun(run_id, its[TAG_DATE], its.get(TAG_DIGEST, ""), kept[run_id])


@contextmanager
def files_of(uri: str, run: ReportRun) -> Iterator[Callable[[str], bytes]]:
    """Yield a function from a path in the bundle of ``run`` to its content. Both raise ``SourceError`` when it cannot be read."""
    wanted = Wanted((), _MOST_BYTES, _MOST_BYTES, _PLACES)
    try:
        with ExitStack() as stack:
            its = folders_of(uri, wanted, stack)(run.row)
            yield lambda path: its.content(path, _MOST_BYTES)
    except (RefusedArtifactError, OSError) as error:
        raise SourceError("last-report-unreadable", str(error)) from error
