"""One page for each metric of an experiment: every run and its curve, interactive, in a file of its own.

A page is a report about one metric, made by the same rooms from the same snapshot; nothing is computed or drawn another way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, replace

from reportgen import config as configs
from reportgen.errors import Problem, ReportError
from reportgen.formats import one_line, slug
from reportgen.job import Job, Progress
from reportgen.render import Bundle
from reportgen.snapshot import Snapshot

FOLDER = "metrics_comparison"
_SECTIONS = ("overview", "histories", "leaderboard")
_SYSTEM = "system/"
_FILE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,99}")


@dataclass(frozen=True, slots=True)
class MetricPage:
    """The page of one metric."""

    metric: str
    path: str
    """In the bundle."""
    content: bytes


def metric_pages(
    job: Job, snapshot: Snapshot, progress: Progress, bundle_of: Callable[[Job], Bundle]
) -> tuple[list[MetricPage], tuple[Problem, ...]]:
    """A page, drawn by ``bundle_of``, for every metric that a run of ``snapshot`` logged but those of the machine, and what could not be made."""
    pages: list[MetricPage] = []
    problems: list[Problem] = []
    names = logged_metrics(snapshot)
    for at, name in enumerate(names):
        progress(at, len(names), "drawing metrics")
        try:
            bundle = bundle_of(_about(job, name))
        except ReportError as error:
            problems.append(Problem("metric-page-failed", f"metric {one_line(name, 80)}", error.what, error.todo or "", "gap"))
            continue
        problems += [problem for problem in bundle.problems if problem.severity == "gap"]
        pages.append(MetricPage(name, _path(name, {page.path.lower() for page in pages}), _content(bundle.files)))
    return pages, tuple(dict.fromkeys(problems))


def logged_metrics(snapshot: Snapshot) -> list[str]:
    """Names of metrics, sorted, without those of the machine."""
    names = set(snapshot.metrics.column("metric").to_pylist())
    return sorted(name for name in names if not name.startswith(_SYSTEM))


def _about(job: Job, metric: str) -> Job:
    """``job`` as a report about one metric."""
    told = {"primary": metric, "metrics": [metric], "sections": list(_SECTIONS), "title": one_line(metric, 200)}
    about = configs.of_mapping({"reports": {"one": {"experiments": ["*"], **told}}}).reports["one"]
    report = job.report.model_copy(update={key: getattr(about, key) for key in told} | {"gates": (), "publish": ()})
    return replace(job, config=job.config.model_copy(update={"reports": {job.name: report}}), formats=("html",), earlier=None)


def _path(metric: str, taken: Set[str]) -> str:
    """``metrics_comparison/accuracy.html``; a name that is no file name, or one that some file system takes for another's, as a slug."""
    plain = f"{FOLDER}/{metric}.html"
    return plain if plain.lower() not in taken and _FILE_NAME.fullmatch(metric) else f"{FOLDER}/{slug(metric)}.html"


def _content(files: Mapping[str, object]) -> bytes:
    content = files["report.html"]
    assert isinstance(content, bytes)
    return content
