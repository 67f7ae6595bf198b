"""reportgen from Python: what the command line does, as functions that return values and raise the same errors.

``import reportgen`` gives every name of ``__all__``; these are stable, all others are not. Errors are ``ReportError`` with the fields that the
command line prints (``slug``, ``what``, ``found``, ``allowed``, ``todo``, ``exit_code``); nothing is printed.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import count
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from reportgen import config as configs
from reportgen.config import Config
from reportgen.errors import ConfigError, ReportError
from reportgen.job import Job, Progress, jobs_of
from reportgen.outcome import Outcome, page_in_frame

if TYPE_CHECKING:
    import pyarrow as pa

    from reportgen.many import Tell
    from reportgen.model import Report
    from reportgen.snapshot import Snapshot

__all__ = ["Loaded", "build", "build_all", "compare", "load", "rebuild"]

ConfigLike = str | os.PathLike[str] | Mapping[str, Any]
"""A config file, or its content."""


def build(
    config: ConfigLike,
    report: str | None = None,
    *,
    output: str | os.PathLike[str] | None = None,
    formats: Sequence[str] = (),
    settings: Sequence[str] = (),
    publish: bool = True,
    cache: bool = True,
    now: datetime | None = None,
    progress: Progress | None = None,
) -> Outcome:
    """Read the store, and make, write and deliver one report: ``reportgen build``.

    ``report`` names one where the config has several. ``formats`` are the outputs to make, all by default; ``settings`` are ``key.path=value``
    over the config; ``publish`` is whether the report goes to the config's channels. ``progress(done, total, what)`` is called while it works.
    A gate that fails raises nothing: ``Outcome.exit_code`` says it. Raises ``ReportError``; an earlier report stays as it is then.
    """
    from reportgen import pipeline

    read, root = _config_of(config, settings)
    if report is None and len(read.reports) > 1:
        raise ConfigError(
            "several-reports",
            "the config has several reports",
            allowed=", ".join(read.reports),
            todo="name one, or make them all with build_all",
        )
    names = None if report is None else [report]
    (job,) = _jobs(read, root, names, output, formats=formats, publish=publish, cached=cache, now=now)
    return pipeline.build(job, progress or _silent)


def build_all(
    config: ConfigLike,
    reports: Sequence[str] | None = None,
    *,
    output: str | os.PathLike[str] | None = None,
    formats: Sequence[str] = (),
    settings: Sequence[str] = (),
    publish: bool = True,
    cache: bool = True,
    now: datetime | None = None,
    at_once: int = 1,
    executor: str = "",
    progress: Progress | None = None,
) -> dict[str, Outcome | ReportError]:
    """Every report of the config, or those that ``reports`` names, made by ``at_once`` processes: name → its
    outcome, or the error that ended it.

    ``executor`` is a Dask scheduler, ``dask://host:port``, whose workers make them instead. One that fails costs the others nothing.
    ``progress(done, total, name)`` is called when a report is done. Raises ``ConfigError`` for a mistake in the config, before anything
    is read. A script that calls this needs the usual ``if __name__ == "__main__":``.
    """
    from reportgen.cluster import built_by

    read, root = _config_of(config, settings)
    jobs = _jobs(
        read,
        root,
        None if reports is None else _list_of(reports),
        output,
        formats=formats,
        publish=publish,
        cached=cache,
        now=now,
    )
    tell = _counted(progress or _silent, len(jobs))
    return {job.name: result for job, result in zip(jobs, built_by(executor, jobs, at_once, tell), strict=True)}


def compare(
    *groups: str,
    experiments: Sequence[str] = (),
    tracking_uri: str | Sequence[str] | None = None,
    by: str | None = None,
    baseline: str | None = None,
    metrics: Sequence[str] = (),
    margin: float | None = None,
    runs: str = "",
    config: ConfigLike | None = None,
    output: str | os.PathLike[str] | None = None,
    formats: Sequence[str] = (),
    settings: Sequence[str] = (),
    cache: bool = True,
    now: datetime | None = None,
    progress: Progress | None = None,
    **more: Any,
) -> Outcome:
    """Compare groups of runs and write a memo: ``reportgen compare``. ``Outcome.verdicts`` has what is said of each pair.

    ``groups`` and the keywords are those of the command; ``more`` are ``pair_by``, ``alpha``, ``family``, ``tasks``, ``split``, ``replicates``,
    ``robust`` and ``texts``. ``runs`` is a filter in MLflow's language. Raises ``ReportError``, and ``TypeError`` for another keyword.
    """
    from reportgen.compare_arguments import CompareArguments
    from reportgen.memo import memo

    asked = CompareArguments(
        words=tuple(map(str, groups)),
        by=by,
        baseline=baseline,
        metrics=tuple(_list_of(metrics)),
        margin=margin,
        scoped=bool(experiments),
        **more,
    )
    configs.check_comparison({"margin": margin, "alpha": asked.alpha, "family": asked.family})
    base, root = (configs.of_mapping({}, settings=settings), Path()) if config is None else _config_of(config, settings)
    uris = _list_of(tracking_uri or ())
    sources = configs.named_sources(base, uris or None)
    kept = configs.cache_folder(base, root) if cache else None
    tell = progress or _silent
    with memo(asked, _list_of(experiments), sources, tell, runs=runs, base=base, settings=settings, cache=kept) as answer:
        (job,) = _jobs(answer.config, root, None, output, formats=formats, cached=cache, now=now)
        return answer.build(job, tell)


def rebuild(
    folder: str | os.PathLike[str],
    config: ConfigLike | None = None,
    report: str | None = None,
    *,
    output: str | os.PathLike[str] | None = None,
    formats: Sequence[str] = (),
    settings: Sequence[str] = (),
    progress: Progress | None = None,
) -> Outcome:
    """Make a report again from the data in a bundle's folder, or from what ``reportgen snapshot`` saved; no store is asked: ``reportgen rebuild``.

    Without ``config`` it is the report of the bundle. Raises as ``load`` does.
    """
    from reportgen import pipeline
    from reportgen.saved import job_again, saved

    kept = saved(Path(folder))
    wanted = None if config is None else _config_of(config, settings)
    target = None if output is None else Path(output)
    job = job_again(kept, wanted, report, target, settings=settings, formats=_list_of(formats))
    return pipeline.rebuild(kept.snapshot, job, progress or _silent)


@dataclass(frozen=True)
class Loaded:
    """A bundle, or a snapshot's folder, that was read back."""

    folder: Path
    name: str
    """Of the report; "" for a bare snapshot."""
    snapshot: Snapshot
    """Every run and history: ``snapshot.runs``, ``.params``, ``.metrics`` … are Arrow tables (``.to_pandas()`` makes data frames)."""
    _job: Job

    @cached_property
    def report(self) -> Report:
        """The frozen report, made again from the snapshot: the same as when it was written."""
        from reportgen.pipeline import reported

        return reported(self._job, self.snapshot)

    @cached_property
    def tables(self) -> Mapping[str, pa.Table]:
        """Every table of the report by its id, those behind charts too: what readers see, as typed Arrow columns
        (``.to_pandas()`` makes a data frame)."""
        from reportgen.render.data import arrow_table
        from reportgen.render.walk import all_tables

        return {table.id: arrow_table(table) for table in all_tables(self.report)}

    def _repr_html_(self) -> str:
        """The report in a notebook: its page in a frame of its own, else its headline."""
        return page_in_frame(self.folder / "report.html") or self.report._repr_html_()


def load(folder: str | os.PathLike[str]) -> Loaded:
    """The report that lies in a bundle's folder, or the data that ``reportgen snapshot`` saved.

    Raises ``SourceError`` when there is no snapshot in it, ``ConfigError`` when the saved config is damaged.
    """
    from reportgen.saved import saved

    place = Path(folder)
    kept = saved(place)
    config = kept.config or configs.without_file([], None)
    (job,) = jobs_of(config, Path(), [kept.name] if kept.name else None, now=kept.now)
    return Loaded(place, kept.name or "", kept.snapshot, kept.again(job))


def _config_of(config: ConfigLike, settings: Sequence[str]) -> tuple[Config, Path]:
    """The config, and the folder that its paths are relative to."""
    if isinstance(config, Mapping):
        return configs.of_mapping(config, settings=settings), Path()
    return configs.load(Path(config), settings=settings), Path(config).parent


def _jobs(
    config: Config,
    root: Path,
    names: Sequence[str] | None,
    output: str | os.PathLike[str] | None,
    now: datetime | None = None,
    **more: Any,
) -> list[Job]:
    if now is not None and getattr(now, "tzinfo", None) is None:
        raise ConfigError("now-without-zone", "now is a time with its zone", found=repr(now)[:80], todo="e.g. datetime.now(UTC)")
    return jobs_of(
        config, root, names, None if output is None else Path(output), now=now, formats=_list_of(more.pop("formats", ())), **more
    )


def _list_of(texts: str | Sequence[str]) -> list[str]:
    """Names; a single one may be given as it is."""
    return [texts] if isinstance(texts, str) else list(texts)


def _silent(_done: int, _total: int, _what: str) -> None:
    pass


def _counted(progress: Progress, n_jobs: int) -> Tell:
    """``progress`` for many reports, which several threads make: how many are done, and the name of the last."""
    lock, done = Lock(), count(1)

    def tell(name: str, what: str) -> None:
        if what == "done":
            with lock:
                progress(next(done), n_jobs, name)

    return tell
