"""The last report from MLflow: what a build in an empty folder compares itself with.

A report run holds the whole bundle. Its manifest and the tables of its runs are read into a folder that looks like a bundle, so
that everything after it is the same as with a bundle on disk. Nothing in it is believed before it was held against the
manifest, and the manifest against the run's tag.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportgen.collect.reading import Reading
from reportgen.errors import Problem, SourceError
from reportgen.formats import one_line
from reportgen.publish.previous_bundle import TABLES, LastReport, bundle_at
from reportgen.redaction import public_text
from reportgen.render.bundle import MANIFEST, digest_of, sha256_of

if TYPE_CHECKING:
    from reportgen.collect.report_runs import ReportRun
    from reportgen.publish.mlflow import Target

_TRIES = 3
"""Report runs that are looked at when the newest cannot be read: somebody may delete one meanwhile."""


@dataclass(frozen=True, slots=True)
class Published:
    """What MLflow holds of earlier reports."""

    last: LastReport | None = None
    digests: Mapping[Target, str] = field(default_factory=dict)
    """Of the newest report of an earlier day in each target that could be read; "" where there is none."""
    problems: tuple[Problem, ...] = ()


def last_published(targets: Sequence[Target], name: str, day: str, folder: Path, reading: Reading) -> Published:
    """The newest report ``name`` of a day before ``day`` in any of ``targets``, with its files in ``folder``.

    What cannot be read is a warning: the report is then made as if there were no earlier one, or from the one before it.
    """
    found: list[LastReport] = []
    digests: dict[Target, str] = {}
    problems: list[Problem] = []
    for target in targets:
        try:
            runs = _runs(target, name, day, reading)
        except SourceError as error:
            problems.append(_problem(target, error))
            continue
        digests[target] = runs[0].digest if runs else ""
        for run in runs[:_TRIES]:
            try:
                found.append(_last(target.tracking_uri, run, folder))
                break
            except SourceError as error:
                problems.append(_problem(target, error, run))
    return Published(max(found, key=lambda last: last.day, default=None), digests, tuple(problems))


def _runs(target: Target, name: str, day: str, reading: Reading) -> tuple[ReportRun, ...]:
    from reportgen.collect.report_runs import report_runs

    return report_runs(target.tracking_uri, target.experiment, name, day, reading)


def _problem(target: Target, error: SourceError, run: ReportRun | None = None) -> Problem:
    where = f"report run {run.run_id}" if run else f"MLflow experiment {one_line(target.experiment, 60)}"
    what = f"The last report cannot be read there: {one_line(public_text(error.what), 300)}"
    todo = "see that the job may read it; until then changes are counted from an older report, or not at all"
    return Problem("last-report-unread", where, what, todo, "warning")


def fetched(uri: str, run: ReportRun, folder: Path, paths: Iterable[str]) -> Path:
    """A folder in ``folder``, named like a bundle, with the manifest of ``run`` and those of ``paths`` that it has. Raises
    ``SourceError`` when it cannot be read, or is not what was published."""
    from reportgen.collect.report_runs import files_of

    place = folder / f"{run.day}-{run.digest[:10]}"
    with files_of(uri, run) as content:
        manifest = content(MANIFEST)
        files = _vouched(manifest, run.digest)
        _put(place / MANIFEST, manifest)
        for path in paths:
            if path in files:
                _put(place / path, _checked(content, path, files[path]))
    return place


def _last(uri: str, run: ReportRun, folder: Path) -> LastReport:
    """The report of ``run``, as far as the next one needs it. Raises ``SourceError``."""
    last = bundle_at(fetched(uri, run, folder, [f"data/{table}.parquet" for table in TABLES]))
    if last is None:
        raise SourceError("last-report-unreadable", "its manifest is not one of a report")
    return last


def _checked(content: Callable[[str], bytes], path: str, sha256: str) -> bytes:
    found = content(path)
    if sha256_of(found) != sha256:
        raise SourceError("last-report-unreadable", f"{path} is not as it was published")
    return found


def _vouched(manifest: bytes, digest: str) -> dict[str, str]:
    """Path → SHA-256 of its files, as the manifest says. Raises ``SourceError`` for one that is of another report."""
    try:
        kept: Any = json.loads(manifest)
        files = {str(path): str(facts["sha256"]) for path, facts in kept["files"].items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise SourceError("last-report-unreadable", "its manifest cannot be read") from None
    if digest_of(files) != digest:
        raise SourceError("last-report-unreadable", "its manifest is not the one that was published")
    return files


def _put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
