"""The table of contents of the product: config -> collect -> analyze -> sections -> charts, render -> publish.

``build`` is the whole way; every command of the command line is a part of it. No room is known here beyond its front
door, and each is imported when the way gets to it, so that a command that stops early never loads what comes later.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from reportgen.job import Job, Progress, with_scratch
from reportgen.last_build import last_build
from reportgen.narrative import narrative_of, with_narrative
from reportgen.outcome import Answer, Outcome, outcome_of

if TYPE_CHECKING:
    from reportgen.collect import Plan
    from reportgen.model import Gate, Report
    from reportgen.publish.mlflow import Target
    from reportgen.publish.previous_bundle import LastReport
    from reportgen.publish.previous_run import Published
    from reportgen.render import Bundle, RenderOptions
    from reportgen.snapshot import Snapshot


def planned(job: Job) -> Plan:
    """What a build would read, without reading histories."""
    from reportgen.collect import plan
    from reportgen.config import SINCE_LAST_REPORT

    if job.report.window == SINCE_LAST_REPORT and not job.again:
        with with_scratch(job) as ready:
            last, _ = _last_report(ready, job.output / job.name)
        job = replace(job, last=last.told if last else None)
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
        work, snapshot, published = _read(ready, folder, read, progress)
        last = last_build(work, snapshot, folder)
        standing = last.found(folder) if last else None
        if standing is not None:
            bundle, answer = standing
            progress(0, 0, "nothing has changed since the last build")
        else:
            bundle, answer = _made(work, snapshot, folder, progress)
            progress(0, 0, "writing")
        receipts = delivered(
            bundle,
            folder,
            job.day,
            job.targets,
            job.messages,
            progress,
            redactor=job.redactor,
            seconds=job.config.limits.delivery_seconds,
            again=job.again,
            unchanged=_unchanged(work, answer.gates, published),
            tags=job.ci.tags if job.ci else {},
        )
        if last is not None and standing is None:
            last.remember(bundle, Path(receipts[0].where), answer)
    return outcome_of(answer, snapshot, bundle, receipts)


def _made(job: Job, snapshot: Snapshot, folder: Path, progress: Progress) -> tuple[Bundle, Answer]:
    """The report of ``snapshot``, computed and drawn, and what it answers."""
    progress(0, 0, "computing")
    report = reported(job, snapshot)
    if job.report.narrative is not None and not job.again:
        progress(0, 0, "waiting for the language model")
        job = replace(job, narrative=narrative_of(job.report.narrative, report, folder, job.redactor))
        report = with_narrative(report, job.narrative, job.redactor)
    answer = Answer.of(report)
    report, pages = _with_metric_pages(job, report, snapshot, progress)
    progress(0, 0, "drawing")
    return drawn(job, report, snapshot, pages), answer


def _read(
    job: Job, folder: Path, read: Callable[[Job, Progress], Snapshot], progress: Progress
) -> tuple[Job, Snapshot, Published]:
    """The job with what the last report said, what the store holds now, and what is published of earlier days."""
    from reportgen.publish.previous_bundle import since
    from reportgen.publish.previous_run import Published

    if job.again or not job.remembers:
        return job, read(job, progress), Published()
    last, published = _last_report(job, folder)
    job = replace(job, last=last.told if last else None)
    snapshot = read(job, progress)
    if published.problems:
        snapshot = replace(snapshot, problems=tuple(sorted({*snapshot.problems, *published.problems})))
    earlier = since(last, snapshot, job.window, job.config.digest(job.name)) if last else None
    return replace(job, earlier=earlier), snapshot, published


def _with_metric_pages(job: Job, report: Report, snapshot: Snapshot, progress: Progress) -> tuple[Report, Mapping[str, bytes]]:
    """The report, with what went wrong, and path → page of each metric, where the config asks for them."""
    if not job.report.metric_pages:
        return report, {}
    from reportgen.metric_pages import metric_pages

    pages, problems = metric_pages(job, snapshot, progress, lambda one: drawn(one, reported(one, snapshot), snapshot))
    report = replace(report, problems=tuple(sorted({*report.problems, *problems})))
    return report, {page.path: page.content for page in pages}


def _unchanged(job: Job, gates: Sequence[Gate], published: Published) -> dict[Target, str]:
    """Target → the day of the report that it has already, where nothing has changed since."""
    earlier = job.earlier
    if earlier is None or not earlier.nothing_new or any(gate.before != gate.state and not gate.warns for gate in gates):
        return {}
    if any(gate.waiver is not None and gate.waiver.expired for gate in gates):
        return {}  # whoever waits for the waiver's end must learn of it
    return {target: earlier.day for target, digest in published.digests.items() if digest == earlier.digest}


def check(job: Job, progress: Progress) -> Outcome:
    """Answers the gates of the report and writes what CI systems read of them; nothing is drawn or delivered.

    Raises as ``build`` does. The report's bundles and the links to them stay as they are.
    """
    from reportgen.publish import checked, reserved

    gates = replace(job, only_gates=True, formats=("gates",), publish=False)
    with reserved(job.output, job.name, lock_seconds=job.lock_seconds) as folder, with_scratch(gates) as ready:
        work, snapshot, _ = _read(ready, folder, collected, progress)
        report = reported(work, snapshot)
        bundle = drawn(work, report, snapshot)
        receipt = checked(bundle, folder)
    return outcome_of(Answer.of(report), snapshot, bundle, (receipt,))


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
    from reportgen.analyze.baseline_gates import Change
    from reportgen.analyze.portfolio import portfolio_of
    from reportgen.analyze.projects import projects_of, with_own_settings
    from reportgen.collect.filter_groups import runs_matching
    from reportgen.collect.run_pages import run_pages
    from reportgen.render.sandbox import filled
    from reportgen.sections import report_of
    from reportgen.versions import versions

    metrics, now, window = job.config.metrics, job.now, job.window
    matching = partial(runs_matching, snapshot)
    projects = projects_of(snapshot, job.report, metrics)
    report = with_own_settings(job.report, projects)
    change = Change(job.ci.commits, job.ci.branch) if job.ci else None
    answers = partial(facts_of, metrics=metrics, now=now, window=window, matching=matching, change=change)
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
        change=job.ci.change if job.ci else (),
        code=job.code,
        fill=filled,
    )
    return with_narrative(job.redactor.within(told), job.narrative, job.redactor)


def drawn(job: Job, report: Report, snapshot: Snapshot, more: Mapping[str, bytes] = MappingProxyType({})) -> Bundle:
    """Every file of ``report``, and ``more`` by path, not yet written."""
    from reportgen.render import RenderOptions, bundle_of

    options = RenderOptions(
        scratch=job.scratch,
        redactor=job.redactor,
        config_file=job.config_file,
        gate_lines=job.gate_lines,
        extra_files=more,
    )
    if not job.only_gates:
        options = _with_pictures(options, job)
    kept = snapshot if job.report.keeps_texts else snapshot.without_texts()
    return bundle_of(report, kept, options if job.outputs is None else replace(options, formats=job.outputs))


def _with_pictures(options: RenderOptions, job: Job) -> RenderOptions:
    """``options`` for a whole report: how its charts and pages are drawn, and what a rebuild needs."""
    from reportgen.charts.export import ExportOptions
    from reportgen.charts.paper import PaperOptions
    from reportgen.render.brand import brand_of
    from reportgen.saved import rebuild_files

    limits = job.config.limits
    return replace(
        options,
        brand=brand_of(job.config.brand, job.folder),
        paper=job.config.paper,
        pdf_standard=job.config.pdf_standard,
        pdf_seconds=limits.pdf_seconds,
        pdf_megabytes=limits.pdf_megabytes,
        charts=PaperOptions(
            fonts=job.config.brand.fonts if job.config.brand else (),
            png=job.config.charts.png,
            browser=limits.browser,
            stall_seconds=limits.chart_seconds,
        ),
        export=ExportOptions(browser=limits.browser, stall_seconds=limits.chart_seconds) if job.config.charts.plotly else None,
        template_dirs=tuple(Path(folder) for folder in job.config.templates),
        extra_files={**rebuild_files(job), **options.extra_files},
    )


def with_contents(job: Job, snapshot: Snapshot, progress: Progress) -> Snapshot:
    """``snapshot`` with the artifacts that the config asks for, of runs that only the finished snapshot can rank."""
    from reportgen.collect.pictures import PICTURE_BYTES, PICTURES, few_pictures, holds_pictures

    artifacts = job.report.artifacts
    by_default = artifacts.include is None
    shows = any(chosen.section == "gallery" for chosen in job.report.sections) and job.report.profile == "full"
    if job.only_gates or artifacts.include == () or (by_default and not (shows and holds_pictures(snapshot))):
        return snapshot
    from reportgen.analyze.contents import opened_runs
    from reportgen.collect.contents import Wanted, contents_from
    from reportgen.collect.redact import plain_contents

    progress(0, 0, "reading artifacts")
    sizes = (round(artifacts.max_file_megabytes * 1e6), round(artifacts.max_total_megabytes * 1e6))
    if artifacts.include is None:
        wanted = Wanted(PICTURES, *PICTURE_BYTES)
    else:
        wanted = Wanted(artifacts.include, *sizes, frozenset(artifacts.schemes), artifacts.folder)
    seconds = job.config.limits.reading_seconds
    left = None if seconds is None else max(1.0, seconds - snapshot.read_seconds)
    table, problems = contents_from(job.stores, snapshot, opened_runs(snapshot, job.report, job.config.metrics), wanted, left)
    table = plain_contents(table, job.redactor)
    if by_default:  # nobody asked for them: what cannot be shown is no gap
        return replace(snapshot, contents=few_pictures(table))
    return replace(snapshot, contents=table, problems=tuple(sorted({*snapshot.problems, *problems})))


def _last_report(job: Job, folder: Path) -> tuple[LastReport | None, Published]:
    """The last report of an earlier day, in ``folder`` or where the report is published, and what was found there."""
    from reportgen.publish.previous_bundle import last_bundle
    from reportgen.publish.previous_run import last_published

    assert job.scratch is not None
    local = last_bundle(folder, job.day)
    found = last_published(job.memory, job.name, job.day, job.scratch / "last-report", job.reading)
    return max((one for one in (local, found.last) if one is not None), key=lambda one: one.day, default=None), found
