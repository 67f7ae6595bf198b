"""The table of contents of the product: config -> collect -> analyze -> sections -> charts, render -> publish.

``build`` is the whole way; every command of the command line is a part of it. No room is known here beyond its front
door, and each is imported when the way gets to it, so that a command that stops early never loads what comes later.
"""

from __future__ import annotations

import json
import os
import platform
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportgen import __version__
from reportgen.config import (
    Config,
    Limits,
    MetricConfig,
    ReportConfig,
    SourceConfig,
    compared_from,
    resolved_sources,
    resolved_tracking_uri,
    window_of,
)
from reportgen.errors import (
    EXIT_COMPLETE,
    EXIT_DELIVERY,
    EXIT_GATE,
    EXIT_PARTIAL,
    ConfigError,
    Problem,
    SourceError,
)
from reportgen.formats import listed, plural
from reportgen.model import Gate, Verdict, Window
from reportgen.redaction import Redactor, public_uri

if TYPE_CHECKING:
    from reportgen.analyze.asked import Question
    from reportgen.analyze.since import Since
    from reportgen.collect import Plan, Reading, Selection, Store
    from reportgen.collect.survey import Survey
    from reportgen.model import Report
    from reportgen.publish.receipt import Receipt
    from reportgen.render.bundle import Bundle
    from reportgen.render.options import RenderOptions
    from reportgen.snapshot import Snapshot

Progress = Callable[[int, int, str], None]
"""``(done, total, what)``; total 0 means that it is not known."""

_PACKAGES = ("mlflow", "pyarrow", "numpy", "scipy", "plotly", "kaleido", "matplotlib", "weasyprint", "jinja2")
_CONFIG_FILE = "data/config.json"


@dataclass(frozen=True, slots=True)
class Job:
    """One report to be built: what was configured, and when "now" is."""

    config: Config
    name: str
    now: datetime
    output: Path
    redactor: Redactor
    publish: bool = True
    formats: tuple[str, ...] | None = None
    """Outputs to make; None = all."""
    lock_seconds: float = 0.0
    scratch: Path | None = None
    """Folder for what does not fit into memory while the job runs."""
    cache: Path | None = None
    """Folder of histories read earlier; None = everything is read anew."""
    earlier: Since | None = None
    """What the report before this one said; a build looks it up in the output folder, a rebuild has it from its bundle."""
    again: bool = False
    """Whether it is made from saved data, maybe of another day."""

    @property
    def report(self) -> ReportConfig:
        return self.config.reports[self.name]

    @property
    def tracking_uri(self) -> str:
        """Of the store that is read, with several the first."""
        return resolved_tracking_uri(self.config, self.report)

    @property
    def stores(self) -> tuple[Store, ...]:
        """Every store that is read."""
        from reportgen.collect import Store

        found = resolved_sources(self.config, self.report)
        return tuple(Store(one.name, one.tracking_uri or self.tracking_uri, one.experiments) for one in found)

    @property
    def window(self) -> Window:
        return window_of(self.report, self.now)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one job."""

    name: str
    folder: Path
    digest: str
    headline: str
    n_runs: int
    n_points: int
    verdicts: tuple[Verdict, ...]
    gates: tuple[Gate, ...]
    problems: tuple[Problem, ...]
    receipts: tuple[Receipt, ...]

    @property
    def files(self) -> dict[str, Path]:
        """The files of the bundle that have a name of their own, as far as they were made."""
        from reportgen.render.bundle import MANIFEST
        from reportgen.render.outputs import FILES

        paths = {name: self.folder / path for name, path in [*FILES.items(), ("manifest", MANIFEST)]}
        return {name: path for name, path in paths.items() if path.is_file()}

    @property
    def failed_gates(self) -> tuple[Gate, ...]:
        """Those that make the exit code 5."""
        return tuple(gate for gate in self.gates if gate.state != "PASS" and not gate.warns)

    @property
    def exit_code(self) -> int:
        """The gravest of gate, delivery and gap; the bundle is written whatever it says.

        A failed gate comes first: who repeats a delivery must not turn it green.
        """
        if self.failed_gates:
            return EXIT_GATE
        if any(receipt.state == "failed" for receipt in self.receipts):
            return EXIT_DELIVERY
        return EXIT_PARTIAL if any(problem.severity == "gap" for problem in self.problems) else EXIT_COMPLETE

    @property
    def reason(self) -> str:
        """Why the exit code is not 0, for the last line of a log; "" when it is."""
        match self.exit_code:
            case 5:
                what = f"{len(self.failed_gates)} of {plural(len(self.gates), 'gate')} not passed"
                return f"{what}: {listed([f'{gate.name} ({gate.state})' for gate in self.failed_gates], 10)}"
            case 6:
                return f"not delivered: {listed([f'{r.channel}, {r.where}' for r in self.receipts if r.state == 'failed'])}"
            case 3:
                gaps = [problem for problem in self.problems if problem.severity == "gap"]
                return f"{plural(len(gaps), 'gap')}: {listed([f'{gap.where} ({gap.slug})' for gap in gaps], 5)}"
        return ""


def build(job: Job, progress: Progress) -> Outcome:
    """Reads the store and makes, writes and delivers the report.

    Raises ``ReportError`` before anything is written; an earlier bundle stays as it is then.
    """
    return _built(job, collected, progress, look_back=True)


def rebuild(snapshot: Snapshot, job: Job, progress: Progress) -> Outcome:
    """Makes the report again from a saved snapshot; the store is not asked."""
    return _built(replace(job, again=True), lambda _job, _progress: snapshot, progress)


def _built(job: Job, read: Callable[[Job, Progress], Snapshot], progress: Progress, *, look_back: bool = False) -> Outcome:
    """The whole way from what ``read`` gives; nothing is read before the output folder is proved to be ours."""
    from reportgen.publish.folder import reserved

    with reserved(job.output, job.name, lock_seconds=job.lock_seconds) as folder, _with_scratch(job) as work:
        taken = read(work, progress)
        return _made(_with_earlier(work, taken, folder) if look_back else work, taken, folder, progress)


def _with_earlier(job: Job, snapshot: Snapshot, folder: Path) -> Job:
    """``job`` with the last report of an earlier day, where the report has a place to tell of it."""
    if job.report.compare is None and not any(chosen.section in ("overview", "changes") for chosen in job.report.sections):
        return job
    from reportgen.publish.earlier import last_report

    digest = job.config.digest(job.name)
    return replace(job, earlier=last_report(folder, f"{job.now:%Y-%m-%d}", snapshot, job.window, digest))


@contextmanager
def _with_scratch(job: Job) -> Iterator[Job]:
    """``job`` with a folder for what does not fit into memory; it is gone when the block ends."""
    with tempfile.TemporaryDirectory(prefix="reportgen-", ignore_cleanup_errors=True) as folder:
        yield replace(job, scratch=Path(folder))


def collected(job: Job, progress: Progress) -> Snapshot:
    from reportgen.collect import collect_from

    return with_contents(job, collect_from(job.stores, _selection(job), reading=_reading(job), progress=progress), progress)


def with_contents(job: Job, taken: Snapshot, progress: Progress) -> Snapshot:
    """``taken`` with the artifacts that the config asks for, of runs that only the finished snapshot can rank."""
    if not job.report.artifacts.include:
        return taken
    from reportgen.analyze.contents import opened_runs
    from reportgen.collect.contents import Wanted, contents_from

    progress(0, 0, "reading artifacts")
    asked = job.report.artifacts
    sizes = (round(asked.max_file_megabytes * 1e6), round(asked.max_total_megabytes * 1e6))
    wanted = Wanted(asked.include, *sizes, frozenset(asked.schemes))
    table, problems = contents_from(job.stores, taken, opened_runs(taken, job.report, job.config.metrics), wanted)
    return replace(taken, contents=table, problems=tuple(sorted({*taken.problems, *problems})))


@dataclass(frozen=True, slots=True)
class Memo:
    """The answer to a question, while the stores that it was found in are open."""

    config: Config
    """Of the one report that tells it."""
    _survey: Survey
    _experiment_ids: tuple[str, ...]

    def build(self, job: Job, progress: Progress) -> Outcome:
        """``build`` of the memo: what was read to find the groups is not read again."""

        def read(work: Job, progress: Progress) -> Snapshot:
            return with_contents(work, self._survey.finished(self._experiment_ids, progress), progress)

        return _built(job, read, progress, look_back=True)


@contextmanager
def memo(
    question: Question,
    experiments: Sequence[str],
    sources: Sequence[SourceConfig],
    progress: Progress,
    *,
    runs: str = "",
    base: Config,
    settings: Sequence[str] = (),
    cache: Path | None = None,
) -> Iterator[Memo]:
    """The memo that answers ``question``: all runs are read without their histories to find the groups.

    Raises ``ConfigError`` when a group, field or metric is not there, with what is near; ``SourceError`` as ``collected`` does.
    """
    from reportgen.analyze.asked import answered
    from reportgen.collect import Selection, Store, surveyed
    from reportgen.config import of_comparison

    stores = [Store(one.name, one.tracking_uri or "") for one in sources]
    selection = Selection(experiments=tuple(experiments) or ("*",), filter=runs)
    with surveyed(stores, selection, progress=progress, reading=_reading_with(base.limits, cache)) as survey:
        answer = answered(question, survey.snapshot, partial(_runs_matching, survey.snapshot))
        title = f"{listed(answer.labels[1:], 3)} against {answer.labels[0]}"
        compare = answer.config.model_dump(mode="json", exclude_defaults=True)
        named = survey.named(answer.experiment_ids)
        config = of_comparison(compare, named, sources, title=title, runs=runs, base=base, settings=settings)
        yield Memo(config, survey, answer.experiment_ids)


def planned(job: Job) -> Plan:
    """What a build would read, without reading histories."""
    from reportgen.collect import plan_from

    return plan_from(job.stores, _selection(job), reading=_reading(job))


def snapshot(job: Job, folder: Path, progress: Progress) -> Snapshot:
    """Everything that the job's selection holds, saved in ``folder``.

    Raises ``OutputError`` when the folder cannot be written or holds something else than a snapshot.
    """
    from reportgen.publish.folder import emptied
    from reportgen.snapshot import Snapshot

    with emptied(folder) as target, _with_scratch(job) as work:
        taken = collected(work, progress)
        taken.save(target)
    return Snapshot.load(folder) if taken.history.on_disk else taken


def _reading(job: Job) -> Reading:
    return _reading_with(job.config.limits, job.cache, job.scratch)


def _reading_with(limits: Limits, cache: Path | None, scratch: Path | None = None) -> Reading:
    from reportgen.collect import Reading

    return Reading(
        cache=cache,
        n_connections=limits.connections,
        calls_per_second=limits.calls_per_second,
        seconds=limits.reading_seconds,
        points_in_memory=limits.points_in_memory,
        scratch=scratch,
        cache_bytes=limits.cache_megabytes << 20,
    )


def _selection(job: Job) -> Selection:
    from reportgen.collect import Selection

    report, window = job.report, job.window
    return Selection(
        experiments=report.experiments,
        filter=report.runs,
        start=window.start,
        end=window.end,
        earlier=compared_from(report, window, job.now),
        deleted=report.deleted,
        nested=report.nested,
        order_by=report.order_by,
        limit=report.limit,
    )


def _made(job: Job, snapshot: Snapshot, folder: Path, progress: Progress) -> Outcome:
    progress(0, 0, "computing")
    report = reported(job, snapshot)
    progress(0, 0, "drawing")
    bundle = drawn(job, report, snapshot)
    progress(0, 0, "writing")
    receipts = delivered(job, report, bundle, folder)
    problems = tuple(dict.fromkeys((*report.problems, *bundle.problems, *(r.problem for r in receipts if r.problem))))
    return Outcome(
        name=job.name,
        folder=Path(receipts[0].where),
        digest=bundle.digest,
        headline=report.headline,
        n_runs=snapshot.runs.num_rows,
        n_points=snapshot.history.n_points,
        verdicts=tuple(block for section in report.sections for block in section.blocks if isinstance(block, Verdict)),
        gates=report.gates,
        problems=problems,
        receipts=receipts,
    )


def reported(job: Job, snapshot: Snapshot) -> Report:
    """The frozen report: facts by arithmetic, then words, tables and charts by choice."""
    from reportgen.analyze import facts_of
    from reportgen.sections import report_of

    matching = partial(_runs_matching, snapshot)
    facts = facts_of(
        snapshot, job.report, job.config.metrics, now=job.now, window=job.window, matching=matching, since=job.earlier
    )
    return report_of(
        facts,
        snapshot,
        job.report,
        job.config.metrics,
        name=job.name,
        now=job.now,
        window=job.window,
        config_digest=job.config.digest(job.name),
        versions=versions(),
        run_url=run_urls(snapshot),
    )


def _runs_matching(snapshot: Snapshot, filter: str) -> frozenset[tuple[str, str]]:
    from reportgen.collect.members import runs_matching

    return runs_matching(snapshot, filter)


def drawn(job: Job, report: Report, snapshot: Snapshot) -> Bundle:
    from reportgen.render import bundle_of

    return bundle_of(report, snapshot, _render_options(job))


def delivered(job: Job, report: Report, bundle: Bundle, folder: Path) -> tuple[Receipt, ...]:
    """The folder first; then every channel of the config, each with its own receipt."""
    from reportgen.publish.folder import written

    receipts = [written(bundle, folder, f"{job.now:%Y-%m-%d}", again=job.again)]
    if job.publish:
        from reportgen.publish.mlflow import Target, logged

        for channel in job.report.publish:
            target = Target(channel.mlflow.tracking_uri or job.tracking_uri, channel.mlflow.experiment)
            receipts.append(logged(bundle, report, target, redactor=job.redactor))
    return tuple(receipts)


def _render_options(job: Job) -> RenderOptions:
    from reportgen.charts.paper import PaperOptions
    from reportgen.render.options import RenderOptions

    limits = job.config.limits
    options = RenderOptions(
        pdf_seconds=limits.pdf_seconds,
        pdf_megabytes=limits.pdf_megabytes,
        charts=PaperOptions(browser=limits.browser, stall_seconds=limits.chart_seconds),
        template_dirs=tuple(Path(folder) for folder in job.config.templates),
        scratch=job.scratch,
        extra_files={_CONFIG_FILE: config_json(job), **_earlier_file(job)},
    )
    return options if job.formats is None else replace(options, formats=job.formats)


def _earlier_file(job: Job) -> dict[str, bytes]:
    from reportgen.publish.earlier import FILE, since_json

    return {FILE: since_json(job.earlier)} if job.earlier is not None else {}


def config_json(job: Job) -> bytes:
    """What a rebuild needs to know of the config; connection fields, which may hold credentials, are left out."""
    kept = {
        "version": 1,
        "name": job.name,
        "date": job.now.isoformat(),
        "report": job.report.content(),
        "metrics": {key: value.model_dump(mode="json") for key, value in sorted(job.config.metrics.items())},
    }
    return (json.dumps(kept, indent=2) + "\n").encode()  # not sorted: the order of a comparison's groups means something


@dataclass(frozen=True, slots=True)
class Saved:
    """A snapshot on disk with what a rebuild needs; name, config and date are None for a bare snapshot."""

    snapshot: Snapshot
    name: str | None
    config: Config | None
    now: datetime | None
    earlier: Since | None = None


def saved(folder: Path) -> Saved:
    """What lies in a bundle's folder, its ``data`` folder, or the folder of ``reportgen snapshot``.

    Raises ``SourceError`` when there is no snapshot in it, ``ConfigError`` when the saved config is damaged.
    """
    from reportgen.snapshot import Snapshot

    places = (folder / "data" / "snapshot", folder / "snapshot", folder / "data", folder)
    place = next((p for p in places if (p / "runs.parquet").is_file()), None)
    if place is None and (folder / "manifest.json").is_file():
        raise SourceError(
            "bundle-without-data",
            f"the bundle {folder} was made without its data",
            todo="build it with `--format data,…`, or without --format",
        )
    if place is None:
        raise SourceError(
            "no-snapshot",
            f"there is no snapshot in {folder}",
            allowed="a bundle's folder, or the folder that `reportgen snapshot --output` wrote",
            todo="name the folder that holds runs.parquet",
        )
    snapshot = Snapshot.load(place)
    file = next((p for p in (folder / _CONFIG_FILE, folder / "config.json", place / "config.json") if p.is_file()), None)
    if file is None:
        return Saved(snapshot, None, None, None)
    try:
        kept = json.loads(file.read_text("utf-8"))
        metrics = {key: MetricConfig.model_validate(value) for key, value in kept["metrics"].items()}
        config = Config(metrics=metrics, reports={kept["name"]: ReportConfig.model_validate(kept["report"])})
        return Saved(snapshot, kept["name"], config, datetime.fromisoformat(kept["date"]), _saved_earlier(folder, place))
    except (ValueError, KeyError, TypeError) as error:
        raise ConfigError("saved-config-damaged", f"{file} is damaged", todo="give the config with --config") from error


def _saved_earlier(folder: Path, place: Path) -> Since | None:
    from reportgen.publish.earlier import FILE, since_from

    file = next((p for p in (folder / FILE, place / Path(FILE).name) if p.is_file()), None)
    return since_from(file.read_bytes()) if file is not None else None


def versions() -> tuple[tuple[str, str], ...]:
    """(package, version) of what reads, computes and draws, and of Python."""
    found = [("reportgen", __version__), ("python", platform.python_version())]
    for name in _PACKAGES:
        try:
            found.append((name, version(name)))
        except PackageNotFoundError:
            continue
    return tuple(found)


def run_urls(snapshot: Snapshot) -> Callable[[str, str], str | None]:
    """From (experiment id, run id) to the run's page, where its store has pages; with several sources on its own server."""
    urls = {info.name: _urls_at(info.uri) for info in snapshot.sources}
    if not urls:
        return _urls_at(snapshot.source.uri)

    def url(experiment_id: str, run_id: str) -> str | None:
        source, _, own_id = experiment_id.partition(":")
        return urls[source](own_id, run_id.removesuffix(f"#{source}"))

    return url


def _urls_at(uri: str) -> Callable[[str, str], str | None]:
    base = public_uri(uri).rstrip("/")
    if not base.startswith(("http://", "https://")) or "[redacted]" in base:
        return lambda _experiment_id, _run_id: None
    return lambda experiment_id, run_id: f"{base}/#/experiments/{experiment_id}/runs/{run_id}"


def now_of(clock: datetime, environment: Mapping[str, str] = os.environ) -> datetime:
    """The moment a report is about: ``SOURCE_DATE_EPOCH`` when it is set, else the day of ``clock`` (UTC midnight).

    A day, not a second, so that two builds of the same data on one day are the same bytes.
    """
    epoch = environment.get("SOURCE_DATE_EPOCH", "")
    if not epoch:
        return clock.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    try:
        return datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError):
        raise ConfigError(
            "bad-epoch", "SOURCE_DATE_EPOCH is not a time", found=epoch[:40], allowed="seconds since 1970"
        ) from None


def plan_facts(plan: Plan) -> dict[str, Any]:
    """``plan`` for ``--json``."""
    return asdict(plan)


def outcome_facts(outcome: Outcome) -> dict[str, Any]:
    """``outcome`` for ``--json``."""
    return {
        "name": outcome.name,
        "exit_code": outcome.exit_code,
        "folder": str(outcome.folder),
        "files": {name: str(path) for name, path in outcome.files.items()},
        "digest": outcome.digest,
        "reason": outcome.reason,
        "headline": outcome.headline,
        "n_runs": outcome.n_runs,
        "n_points": outcome.n_points,
        "verdicts": [{"title": v.title, "outcome": v.outcome, "sentence": v.sentence} for v in outcome.verdicts],
        "gates": [
            {
                "name": g.name,
                "state": g.state,
                "fails": g in outcome.failed_gates,
                "sentence": g.sentence,
                "metric": g.metric,
                "value": g.value,
                "threshold": g.threshold,
            }
            for g in outcome.gates
        ],
        "problems": [
            {"slug": p.slug, "severity": p.severity, "where": p.where, "what": p.what, "todo": p.todo} for p in outcome.problems
        ],
        "deliveries": [{"channel": r.channel, "state": r.state, "where": r.where} for r in outcome.receipts],
    }
