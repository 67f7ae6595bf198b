"""The table of contents of the product: config -> collect -> analyze -> sections -> charts, render -> publish.

``build`` is the whole way; every command of the command line is a part of it. No room is known here beyond its front
door, and each is imported when the way gets to it, so that a command that stops early never loads what comes later.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from reportgen.job import Job, Progress, with_scratch
from reportgen.outcome import Outcome, outcome_of

if TYPE_CHECKING:
    from reportgen.collect import Plan
    from reportgen.model import Report
    from reportgen.render import Bundle
    from reportgen.snapshot import Snapshot


def planned(job: Job) -> Plan:
    """What a build would read, without reading histories."""
    from reportgen.collect import plan

    return plan(job.stores, job.selection, reading=job.reading)


def collected(job: Job, progress: Progress) -> Snapshot:
    """What the job's selection holds, with the artifacts that the config asks for."""
    from reportgen.collect import collect

    return with_contents(job, collect(job.stores, job.selection, reading=job.reading, progress=progress), progress)


def build(job: Job, progress: Progress, read: Callable[[Job, Progress], Snapshot] = collected) -> Outcome:
    """Reads the store (or calls ``read`` instead), and makes, writes and delivers the report.

    Nothing is read before the output folder is proved to be ours. Raises ``ReportError`` before anything is written; an earlier
    bundle stays as it is then.
    """
    from reportgen.publish import delivered, reserved

    with reserved(job.output, job.name, lock_seconds=job.lock_seconds) as folder, with_scratch(job) as ready:
        if job.targets:
            from reportgen.publish.readiness import check_ready

            check_ready(job.targets)
        snapshot = read(ready, progress)
        work = ready if job.again else _with_earlier(ready, snapshot, folder)
        progress(0, 0, "computing")
        report = reported(work, snapshot)
        progress(0, 0, "drawing")
        bundle = drawn(work, report, snapshot)
        progress(0, 0, "writing")
        receipts = delivered(
            bundle,
            report,
            folder,
            job.targets,
            job.messages,
            progress,
            redactor=job.redactor,
            seconds=job.config.limits.delivery_seconds,
            again=job.again,
        )
    return outcome_of(report, snapshot, bundle, receipts)


def rebuild(snapshot: Snapshot, job: Job, progress: Progress) -> Outcome:
    """Makes the report again from a saved snapshot; the store is not asked."""
    from reportgen.collect.redact import redacted

    return build(replace(job, again=True), progress, lambda _job, _progress: redacted(snapshot, job.redactor))


def snapshot(job: Job, folder: Path, progress: Progress) -> Snapshot:
    """Everything that the job's selection holds, saved in ``folder``.

    Raises ``OutputError`` when the folder cannot be written or holds something else than a snapshot.
    """
    from reportgen.publish import emptied
    from reportgen.snapshot import Snapshot

    with emptied(folder) as target, with_scratch(job) as work:
        taken = collected(work, progress)
        taken.save(target)
    return replace(Snapshot.load(folder), asides=taken.asides) if taken.history.on_disk else taken


def reported(job: Job, snapshot: Snapshot) -> Report:
    """The frozen report: facts by arithmetic, then words, tables and charts by choice; without credentials in what a config adds."""
    from reportgen.analyze import facts_of
    from reportgen.analyze.portfolio import portfolio_of
    from reportgen.analyze.projects import projects_of, with_own_settings
    from reportgen.collect.filter_groups import runs_matching
    from reportgen.collect.run_pages import run_pages
    from reportgen.sections import report_of
    from reportgen.versions import versions

    metrics, now, window = job.config.metrics, job.now, job.window
    matching = partial(runs_matching, snapshot)
    projects = projects_of(snapshot, job.report, metrics)
    report = with_own_settings(job.report, projects)
    answers = partial(facts_of, metrics=metrics, now=now, window=window, matching=matching)
    since, ground = job.earlier, snapshot
    if len(projects) == 1:
        since, ground = since and since.of_one_project(projects[0].title), snapshot.with_earlier_of(projects[0].experiments)
    portfolio = portfolio_of(snapshot, report, projects, answers, previous_report=since) if len(projects) > 1 else None
    told = report_of(
        portfolio.whole if portfolio else answers(ground, report, previous_report=since),
        snapshot,
        report,
        metrics,
        portfolio=portfolio,
        name=job.name,
        now=now,
        window=window,
        config_digest=job.config.digest(job.name),
        versions=versions(),
        run_url=run_pages(snapshot),
    )
    return job.redactor.within(told)


def drawn(job: Job, report: Report, snapshot: Snapshot, more: Mapping[str, bytes] = MappingProxyType({})) -> Bundle:
    """Every file of ``report``, and ``more`` by path, not yet written."""
    from reportgen.charts.export import ExportOptions
    from reportgen.charts.paper import PaperOptions
    from reportgen.render import RenderOptions, bundle_of
    from reportgen.saved import rebuild_files

    limits = job.config.limits
    options = RenderOptions(
        pdf_seconds=limits.pdf_seconds,
        pdf_megabytes=limits.pdf_megabytes,
        charts=PaperOptions(png=job.config.charts.png),
        export=ExportOptions(browser=limits.browser, stall_seconds=limits.chart_seconds) if job.config.charts.plotly else None,
        template_dirs=tuple(Path(folder) for folder in job.config.templates),
        scratch=job.scratch,
        redactor=job.redactor,
        extra_files={**rebuild_files(job), **more},
    )
    return bundle_of(report, snapshot, options if job.outputs is None else replace(options, formats=job.outputs))


def with_contents(job: Job, snapshot: Snapshot, progress: Progress) -> Snapshot:
    """``snapshot`` with the artifacts that the config asks for, of runs that only the finished snapshot can rank."""
    if not job.report.artifacts.include:
        return snapshot
    from reportgen.analyze.contents import opened_runs
    from reportgen.collect.contents import Wanted, contents_from
    from reportgen.collect.redact import plain_contents

    progress(0, 0, "reading artifacts")
    artifacts = job.report.artifacts
    sizes = (round(artifacts.max_file_megabytes * 1e6), round(artifacts.max_total_megabytes * 1e6))
    wanted = Wanted(artifacts.include, *sizes, frozenset(artifacts.schemes), artifacts.folder)
    seconds = job.config.limits.reading_seconds
    left = None if seconds is None else max(1.0, seconds - snapshot.read_seconds)
    table, problems = contents_from(job.stores, snapshot, opened_runs(snapshot, job.report, job.config.metrics), wanted, left)
    table = plain_contents(table, job.redactor)
    return replace(snapshot, contents=table, problems=tuple(sorted({*snapshot.problems, *problems})))


def _with_earlier(job: Job, snapshot: Snapshot, folder: Path) -> Job:
    """``job`` with the last report of an earlier day, where the report has a place to tell of it."""
    if job.report.compare is None and not any(chosen.section in ("overview", "changes") for chosen in job.report.sections):
        return job
    from reportgen.publish.previous_bundle import last_report

    return replace(job, earlier=last_report(folder, job.day, snapshot, job.window, job.config.digest(job.name)))
