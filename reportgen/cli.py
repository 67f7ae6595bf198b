"""argv -> exit code. The only prints, and the only place that catches ``ReportError``.

Results go to stdout (text, or one JSON object with ``--json``), everything else to stderr. On a terminal progress is
a bar, otherwise plain lines, at most one in ten seconds for one step. Heavy rooms are imported by the command that
needs them, so that help, a wrong config and the first line of progress come at once.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from reportgen import __version__
from reportgen.errors import (
    EXIT_COMPLETE,
    EXIT_INTERNAL,
    EXIT_PARTIAL,
    EXIT_USAGE,
    ConfigError,
    OutputError,
    Problem,
    ReportError,
)
from reportgen.redaction import Redactor, public_uri

if TYPE_CHECKING:
    from reportgen.config import Config
    from reportgen.pipeline import Job, Outcome, Progress

CONFIG_FILE = "config.yaml"
# Which of several exit codes a command of many reports ends with: the first of these that occurred.
_GRAVEST = (1, 8, 7, 4, 2, 5, 6, 3, 0)

app = typer.Typer(
    name="reportgen",
    help="Turn MLflow experiments into reports that people read and trust.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

ConfigOption = Annotated[Path | None, typer.Option("--config", "-c", help="Config file; default: config.yaml in this folder.")]
ExperimentOption = Annotated[
    list[str] | None,
    typer.Option("--experiment", "-e", help="Name, glob, id or tag:KEY=VALUE; may be repeated. Works without a config file."),
]
UriOption = Annotated[str | None, typer.Option("--tracking-uri", help="MLflow tracking URI; default: MLFLOW_TRACKING_URI.")]
UrisOption = Annotated[
    list[str] | None,
    typer.Option(
        "--tracking-uri", help="MLflow tracking URI; default: MLFLOW_TRACKING_URI. Repeated: all of them in one report."
    ),
]
FilterOption = Annotated[str | None, typer.Option("--filter", help="Which runs, in MLflow's own filter language.")]
OrderOption = Annotated[
    list[str] | None,
    typer.Option(
        "--order-by", help="Which runs --limit keeps, in MLflow's order_by language; may be repeated; default: the latest."
    ),
]
LimitOption = Annotated[int | None, typer.Option("--limit", help="At most so many runs; the others are counted as left out.")]
NestedOption = Annotated[str | None, typer.Option("--nested", help="all, roots (no nested runs) or children; default: all.")]
DeletedOption = Annotated[bool, typer.Option("--deleted", help="Deleted runs and experiments as well.")]
WindowOption = Annotated[
    str | None, typer.Option("--window", help="Runs that started in it: 7d, 4w or 2026-11-01..2026-11-20; default: all time.")
]
SetOption = Annotated[list[str] | None, typer.Option("--set", help="KEY.PATH=VALUE over the config; may be repeated.")]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object on stdout instead of text.")]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="No progress, only results and problems.")]
VerboseOption = Annotated[bool, typer.Option("--verbose", "-v", help="Every step with its time, and every note.")]
OutputOption = Annotated[Path | None, typer.Option("--output", "-o", help="Folder of the bundles; default: the config's.")]
LockOption = Annotated[float, typer.Option("--lock-timeout", min=0, help="Seconds to wait for another job of the same report.")]
CacheOption = Annotated[
    bool, typer.Option("--cache/--no-cache", help="Use and keep histories of unchanged runs (the config's `cache`).")
]
PublishOption = Annotated[bool, typer.Option("--publish/--no-publish", help="Deliver to the config's channels.")]
FormatOption = Annotated[
    str | None, typer.Option("--format", help="Only these of data, charts, pdf, html, markdown, gates; default: all.")
]


def main() -> NoReturn:
    """Runs the command line and exits; never a traceback for what is an error of use, config or source."""
    signal.signal(signal.SIGTERM, _terminated)
    if os.environ.get("SOURCE_DATE_EPOCH") == "":  # set but empty means unset; libraries that read it do not know that
        del os.environ["SOURCE_DATE_EPOCH"]
    try:
        code = app(prog_name="reportgen", standalone_mode=False)
        _flush()
    except ReportError as error:
        code = _told(error)
    except (typer.Abort, KeyboardInterrupt):
        print("interrupted; earlier reports are as they were", file=sys.stderr)
        code = 130
    except BrokenPipeError:  # the reader of stdout went away: nothing is lost, the bundle is on disk
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = EXIT_COMPLETE
    except Exception as error:  # noqa: BLE001  the last line of defence: no traceback (it may hold a credential) unless asked
        code = _unforeseen(error)
    sys.exit(code if isinstance(code, int) else EXIT_COMPLETE)


@app.callback(invoke_without_command=True)
def _root(version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False) -> None:
    if version:
        print(f"reportgen {__version__}")
        raise typer.Exit


@app.command()
def build(
    reports: Annotated[list[str] | None, typer.Argument(help="Reports of the config; default: all of them.")] = None,
    config: ConfigOption = None,
    experiment: ExperimentOption = None,
    tracking_uri: UrisOption = None,
    filter: FilterOption = None,
    order_by: OrderOption = None,
    limit: LimitOption = None,
    nested: NestedOption = None,
    deleted: DeletedOption = False,
    window: WindowOption = None,
    output: OutputOption = None,
    settings: SetOption = None,
    publish: PublishOption = True,
    format: FormatOption = None,
    lock_timeout: LockOption = 0,
    cache: CacheOption = True,
    json_: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
) -> None:
    """Read the store, and make, write and deliver reports."""
    from reportgen import pipeline

    with Talk.of(json_, quiet, verbose) as talk:
        chosen = _chosen(filter, order_by, limit, nested, deleted, window)
        loaded, root = _config(config, experiment, tracking_uri, settings or (), chosen)
        jobs = _jobs(loaded, root, reports or (), output, publish, format, lock_timeout, cached=cache)
        _finish(talk, [_one(talk, job, pipeline.build, _stores_words(job)) for job in jobs])


@app.command()
def rebuild(
    bundle: Annotated[Path, typer.Argument(help="Folder of a bundle, or of `reportgen snapshot`.")],
    config: ConfigOption = None,
    report: Annotated[str | None, typer.Option("--report", help="Which report of --config.")] = None,
    output: OutputOption = None,
    settings: SetOption = None,
    format: FormatOption = None,
    lock_timeout: LockOption = 0,
    json_: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
) -> None:
    """Make a report again from its saved data, without MLflow."""
    from reportgen import config as configs
    from reportgen import pipeline

    with Talk.of(json_, quiet, verbose) as talk:
        saved = pipeline.saved(bundle)
        if config is not None:
            loaded, root = _config(config, None, None, settings or ())
        elif saved.config is not None and not settings:
            loaded, root = saved.config, Path()
        else:
            loaded, root = configs.without_file([], None, settings=settings or ()), Path()
        names = [report] if report else [saved.name] if saved.name in loaded.reports else list(loaded.reports)[:1]
        jobs = _jobs(loaded, root, [name for name in names if name], output, False, format, lock_timeout, now=saved.now)
        _finish(
            talk,
            [_one(talk, job, partial(pipeline.rebuild, saved.snapshot), str(bundle)) for job in jobs],
        )


@app.command()
def demo(
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder of the demo's store and report.")] = Path("demo"),
    json_: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
) -> None:
    """Train real models into an SQLite store and report on them."""
    from reportgen import pipeline
    from reportgen.demo import config_file, train

    with Talk.of(json_, quiet, verbose) as talk:
        uri = train(output, talk.progress("training"))
        talk.end_progress()
        loaded, _ = _config(config_file(), None, uri, ())
        jobs = _jobs(loaded, output, (), None, True, None, 0)
        _finish(talk, [_one(talk, job, pipeline.build, _stores_words(job)) for job in jobs])


@app.command()
def compare(
    groups: Annotated[
        list[str] | None,
        typer.Argument(
            help="Groups, the first is the baseline: values of --by, experiments, runs, filters such as tags.variant=control or "
            "EXPERIMENT@tags.variant=control, models:/NAME@ALIAS, models:/NAME/VERSION. Left out: all values of --by.",
        ),
    ] = None,
    by: Annotated[str | None, typer.Option("--by", help="What makes the groups: tags.NAME, params.NAME or experiment.")] = None,
    baseline: Annotated[
        str | None, typer.Option("--baseline", help="The group the others are compared with; default: the first.")
    ] = None,
    metric: Annotated[
        list[str] | None, typer.Option("--metric", "-m", help="Metric to compare; may be repeated. The first decides.")
    ] = None,
    pair_by: Annotated[
        str | None,
        typer.Option("--pair-by", help="What pairs runs: params.NAME, tags.NAME or none; default: seed, fold or data set."),
    ] = None,
    margin: Annotated[
        float | None, typer.Option("--margin", help="Smallest difference that matters, in the metric's unit.")
    ] = None,
    experiment: ExperimentOption = None,
    filter: FilterOption = None,
    replicates: Annotated[bool, typer.Option("--replicates", help="Take runs as repeats although their params differ.")] = False,
    robust: Annotated[bool, typer.Option("--robust", help="The Hodges-Lehmann shift and its rank test in the appendix.")] = False,
    config: ConfigOption = None,
    tracking_uri: UriOption = None,
    output: OutputOption = None,
    settings: SetOption = None,
    format: FormatOption = None,
    lock_timeout: LockOption = 0,
    cache: CacheOption = True,
    json_: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
) -> None:
    """Compare groups of runs and write a memo of one to three pages: is one better? No config is needed."""
    from reportgen import config as configs
    from reportgen import pipeline
    from reportgen.analyze.asked import Question

    with Talk.of(json_, quiet, verbose) as talk:
        if margin is not None and not 0 < margin < float("inf"):
            raise ConfigError(
                "bad-margin", "--margin must be above zero", found=f"{margin:g}", todo="give it in the metric's unit"
            )
        _formats(format)
        base = None if config is None else configs.load(config)
        uri = configs.resolved_tracking_uri(
            base or configs.Config(tracking_uri=None), configs.ReportConfig(tracking_uri=tracking_uri)
        )
        talk.step(f"compare: finding the groups in {public_uri(uri)}")
        words = (tuple(groups or ()), by, baseline, tuple(metric or ()), pair_by, margin, replicates, robust, bool(experiment))
        loaded = pipeline.memo_config(
            Question(*words),
            experiment or (),
            uri,
            talk.progress("compare"),
            runs=filter or "",
            base=base,
            settings=settings or (),
        )
        talk.end_progress()
        jobs = _jobs(loaded, config.parent if config else Path(), (), output, False, format, lock_timeout, cached=cache)
        _finish(talk, [_one(talk, job, pipeline.build, _stores_words(job)) for job in jobs])


@app.command()
def plan(
    reports: Annotated[list[str] | None, typer.Argument(help="Reports of the config; default: all of them.")] = None,
    config: ConfigOption = None,
    experiment: ExperimentOption = None,
    tracking_uri: UrisOption = None,
    filter: FilterOption = None,
    order_by: OrderOption = None,
    limit: LimitOption = None,
    nested: NestedOption = None,
    deleted: DeletedOption = False,
    window: WindowOption = None,
    settings: SetOption = None,
    cache: CacheOption = True,
    json_: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
) -> None:
    """Say what a build would read, and how long it may take; histories are not read."""
    from reportgen import pipeline

    with Talk.of(json_, quiet, verbose) as talk:
        chosen = _chosen(filter, order_by, limit, nested, deleted, window)
        loaded, root = _config(config, experiment, tracking_uri, settings or (), chosen)
        jobs = _jobs(loaded, root, reports or (), None, False, None, 0, cached=cache)
        plans = {job.name: pipeline.planned(job) for job in jobs}
        if json_:
            _print_json({"reports": {name: pipeline.plan_facts(one) for name, one in plans.items()}})
            return
        for name, one in plans.items():
            print(f"{name}: " + ", ".join(f"{source.kind} {source.uri}" for source in one.sources or (one.source,)))
            _print_table(
                ("experiment", "runs", "series", "points"),
                [(row.experiment, row.n_runs, row.n_series, row.n_points) for row in one.experiments],
            )
            print(f"  {one.n_calls:,} calls, about {max(1, round(one.seconds)):,} s of reading")
            talk.problems(one.problems)


@app.command()
def snapshot(
    tracking_uri: UrisOption = None,
    experiment: ExperimentOption = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder to write the snapshot into.")] = Path("snapshot"),
    filter: FilterOption = None,
    order_by: OrderOption = None,
    limit: LimitOption = None,
    nested: NestedOption = None,
    deleted: DeletedOption = False,
    window: WindowOption = None,
    cache: CacheOption = True,
    json_: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
) -> None:
    """Read the store and save everything as Parquet, without making a report."""
    from reportgen import pipeline

    with Talk.of(json_, quiet, verbose) as talk:
        chosen = _chosen(filter, order_by, limit, nested, deleted, window)
        loaded, _ = _config(None, experiment or ["*"], tracking_uri, (), chosen)
        (job,) = _jobs(loaded, Path(), (), None, False, None, 0, cached=cache)
        taken = pipeline.snapshot(job, output, talk.progress("snapshot"))
        talk.end_progress()
        talk.problems(taken.problems)
        rows = {name: table.num_rows for name, table in taken.tables()} | {"history": taken.history.n_points}
        if json_:
            _print_json(
                {"folder": str(output), "rows": rows, "digest": taken.digest(), "problems": _problem_facts(taken.problems)}
            )
        else:
            _print_table(("table", "rows"), list(rows.items()))
            print(f"saved in {output}")
        _exit(EXIT_PARTIAL if any(problem.severity == "gap" for problem in taken.problems) else EXIT_COMPLETE)


@app.command()
def init(
    path: Annotated[Path, typer.Argument(help="File to write.")] = Path(CONFIG_FILE),
    experiment: Annotated[str | None, typer.Option("--experiment", "-e", help="Experiment of the first report.")] = None,
) -> None:
    """Write a commented config file to start from."""
    from reportgen.example import example_config

    if path.exists():
        raise OutputError("file-exists", f"{path} is there already", todo="name another file: `reportgen init FILE`")
    try:
        path.write_text(example_config(experiment), "utf-8")
    except OSError as error:
        raise OutputError("output-not-writable", f"{path} cannot be written: {error.strerror}") from error
    print(f"wrote {path}; look it over, then run `reportgen plan` and `reportgen build`")


@app.command()
def schema() -> None:
    """Print the JSON Schema of config.yaml, for editors."""
    from reportgen.config import json_schema

    _print_json(json_schema())


@app.command()
def doctor(
    tracking_uri: UriOption = None,
    json_: JsonOption = False,
) -> None:
    """Check what this machine has for reading, drawing and writing reports."""
    from reportgen.doctor import examined

    findings = examined(tracking_uri or os.environ.get("MLFLOW_TRACKING_URI"))
    if json_:
        _print_json({"findings": [{"what": f.what, "state": f.state, "found": f.found, "todo": f.todo} for f in findings]})
    else:
        for finding in findings:
            print(f"{finding.state:<7} {finding.what}: {finding.found}")
            if finding.todo:
                print(f"        {finding.todo}")
    _exit(EXIT_USAGE if any(f.state == "missing" for f in findings) else EXIT_COMPLETE)


# --- from options to jobs --------------------------------------------------------------------------------------------


def _chosen(
    filter: str | None, order_by: Sequence[str] | None, limit: int | None, nested: str | None, deleted: bool, window: str | None
) -> dict[str, Any]:
    """The keys of a report that the command line's choice of runs sets, as they would stand in a config."""
    keys = {"runs": filter, "order_by": list(order_by or ()) or None, "limit": limit, "nested": nested, "window": window}
    return {key: value for key, value in (keys | {"deleted": deleted or None}).items() if value is not None}


def _stores_words(job: Job) -> str:
    return ", ".join(public_uri(store.uri) for store in job.stores)


def _config(
    path: Path | None,
    experiments: Sequence[str] | None,
    tracking_uri: str | Sequence[str] | None,
    settings: Sequence[str],
    chosen: dict[str, Any] | None = None,
) -> tuple[Config, Path]:
    """The config and the folder that its output is relative to.

    ``--experiment`` without ``--config`` is a build without a file, also where a config.yaml lies about: what is asked
    for on the command line is then all there is.
    """
    from reportgen import config

    if path is None and not experiments and Path(CONFIG_FILE).is_file():
        path = Path(CONFIG_FILE)
    if path is None and not experiments:
        raise ConfigError(
            "nothing-to-report",
            "there is neither a config file nor an experiment to report on",
            found=f"no {CONFIG_FILE} in this folder, no --config, no --experiment",
            todo="try `reportgen build --experiment NAME`, write a config with `reportgen init`, or see `reportgen demo`",
        )
    if path is None and Path(CONFIG_FILE).is_file():
        print(
            f"{CONFIG_FILE} in this folder is not used because of --experiment; add --config {CONFIG_FILE} to use it",
            file=sys.stderr,
        )
    if path is None:
        return config.without_file(experiments or (), tracking_uri, settings=settings, chosen=chosen), Path()
    loaded = config.load(path, settings=settings)
    return config.with_command_line(loaded, experiments, tracking_uri, chosen), path.parent


def _jobs(
    config: Config,
    root: Path,
    names: Sequence[str],
    output: Path | None,
    publish: bool,
    format: str | None,
    lock_seconds: float,
    *,
    now: datetime | None = None,
    cached: bool = False,
) -> list[Job]:
    import difflib

    from reportgen.config import cache_folder
    from reportgen.pipeline import Job, now_of

    if not config.reports:
        raise ConfigError("no-reports", "the config names no report", todo="add one under `reports:`, or give --experiment NAME")
    for name in names:
        if name not in config.reports:
            near = difflib.get_close_matches(name, config.reports, 1)
            raise ConfigError(
                "unknown-report",
                f"the config has no report {name!r}" + (f"; did you mean {near[0]}?" if near else ""),
                allowed=", ".join(config.reports),
            )
    formats = _formats(format)
    uris = [uri for uri in (config.tracking_uri, os.environ.get("MLFLOW_TRACKING_URI")) if uri]
    for report in config.reports.values():
        named = (*(s.tracking_uri for s in report.sources), *(p.mlflow.tracking_uri for p in report.publish))
        uris += [uri for uri in (report.tracking_uri, *named) if uri]
    redactor = Redactor.of(uris, os.environ)
    moment = now or now_of(datetime.now(UTC))
    cache = cache_folder(config, root) if cached else None
    return [
        Job(config, name, moment, output or root / config.output, redactor, publish, formats, lock_seconds, cache=cache)
        for name in (names or config.reports)
    ]


def _formats(text: str | None) -> tuple[str, ...] | None:
    """Outputs asked for on the command line, known before a store is read; None = all."""
    names = tuple(part.strip() for part in (text or "").split(",") if part.strip())
    if not names:
        return None
    import difflib

    from reportgen.render.options import ALL_FORMATS

    for name in names:
        if name not in ALL_FORMATS:
            near = difflib.get_close_matches(name, ALL_FORMATS, 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise ConfigError("unknown-format", f"there is no output {name!r}{hint}", allowed=", ".join(ALL_FORMATS))
    return names


def _one(talk: Talk, job: Job, work: Callable[[Job, Progress], Outcome], source: str) -> Outcome | ReportError:
    """The outcome of one job, or the error that ended it: the other reports go on."""
    talk.step(f"{job.name}: reading {source}")
    try:
        return work(job, talk.progress(job.name))
    except ReportError as error:
        error.add_note(job.name)
        return error
    finally:
        talk.end_progress()


def _finish(talk: Talk, results: Sequence[Outcome | ReportError]) -> None:
    from reportgen.pipeline import outcome_facts

    codes = [result.exit_code for result in results]
    code = next(c for c in _GRAVEST if c in codes)
    if talk.json:
        facts = [outcome_facts(r) if not isinstance(r, ReportError) else _error_facts(r) for r in results]
        _print_json({"exit_code": code, "reports": facts})
    for result in results:
        if isinstance(result, ReportError):
            talk.error(result)
            continue
        talk.problems(result.problems)
        if not talk.json:
            _print_outcome(result)
    _exit(code)


def _print_outcome(outcome: Outcome) -> None:
    print(f"{outcome.name}: {outcome.headline}")
    for gate in outcome.gates:
        print(f"  gate {gate.state}: {gate.sentence}")
    for receipt in outcome.receipts[1:]:
        print(f"  {receipt.channel} {receipt.state}: {receipt.where}")
    for label, file in (("HTML", "report.html"), ("PDF", "report.pdf"), ("Markdown", "summary.md")):
        if (outcome.folder / file).is_file():
            print(f"  {label:<8} {outcome.folder / file}")


# --- talking ---------------------------------------------------------------------------------------------------------


@dataclass
class Talk:
    """What a person or a log sees while a command works: steps, progress and problems, all on stderr."""

    json: bool
    quiet: bool
    verbose: bool
    redactor: Redactor
    began: float = field(default_factory=time.monotonic)
    _bar: Any = None
    _task: Any = None
    _last: tuple[str, float] = ("", 0.0)

    @classmethod
    @contextmanager
    def of(cls, json_: bool, quiet: bool, verbose: bool) -> Iterator[Talk]:
        talk = cls(json_, quiet, verbose, Redactor.of([os.environ.get("MLFLOW_TRACKING_URI", "")], os.environ))
        try:
            yield talk
        finally:
            talk.end_progress()

    def step(self, text: str) -> None:
        if not self.quiet:
            print(self._line(text), file=sys.stderr, flush=True)

    def progress(self, name: str) -> Progress:
        """A callable for ``(done, total, what)`` of the job ``name``."""
        if self.quiet:
            return lambda _done, _total, _what: None
        return self._on_bar(name) if sys.stderr.isatty() else self._in_lines(name)

    def _on_bar(self, name: str) -> Progress:
        from rich.console import Console
        from rich.markup import escape
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[count]}"), TimeElapsedColumn())
        self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
        self._task = self._bar.add_task(escape(name), total=None, count="")
        self._bar.start()

        def show(done: int, total: int, what: str) -> None:
            count = f"{done:,}/{total:,}" if total else ""
            self._bar.update(self._task, completed=done, total=total or None, count=count, description=escape(f"{name}: {what}"))

        return show

    def _in_lines(self, name: str) -> Progress:
        def show(done: int, total: int, what: str) -> None:
            last, at = self._last
            now = time.monotonic()
            if what != last or now - at >= 10 or (self.verbose and done == total):
                self._last = (what, now)
                count = f" {done:,}/{total:,}" if total else ""
                print(self._line(f"{name}: {what}{count}"), file=sys.stderr, flush=True)

        return show

    def end_progress(self) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def problems(self, problems: Sequence[Problem]) -> None:
        """Gaps and warnings always; notes when asked for."""
        self.end_progress()
        for problem in sorted(problems):
            if problem.severity == "note" and not self.verbose:
                continue
            print(self._line(f"{problem.severity}: {problem.where}: {problem.what}"), file=sys.stderr)
            if problem.todo:
                print(self._line(f"    {problem.todo}"), file=sys.stderr)

    def error(self, error: ReportError) -> None:
        self.end_progress()
        where = "".join(f"{note}: " for note in getattr(error, "__notes__", ()))
        print(f"error: {_one_record(self.redactor(where + str(error)))}", file=sys.stderr)

    def _line(self, text: str) -> str:
        from reportgen.formats import one_line

        stamp = f"[{time.monotonic() - self.began:6.1f} s] " if self.verbose else ""
        return stamp + self.redactor(one_line(text, 400))


def _told(error: ReportError) -> int:
    """Prints ``error`` as the end of a command, and as JSON where JSON was asked for."""
    redactor = Redactor.of([os.environ.get("MLFLOW_TRACKING_URI", "")], os.environ)
    if "--json" in sys.argv:
        _print_json({"exit_code": error.exit_code, "error": _error_facts(error, redactor)})
    print(f"error: {_one_record(redactor(str(error)))}", file=sys.stderr)
    return error.exit_code


def _unforeseen(error: Exception) -> int:
    if hasattr(error, "format_message"):  # typer's own errors of use, whose class moved between its versions
        message = error.format_message()
        if "--json" in sys.argv:
            facts = {"slug": "bad-usage", "what": message, "todo": "see `reportgen COMMAND --help`", "exit_code": EXIT_USAGE}
            _print_json({"exit_code": EXIT_USAGE, "error": facts})
        print(f"error: {_one_record(message)}", file=sys.stderr)
        print("  to do: see `reportgen --help`, or `reportgen COMMAND --help`", file=sys.stderr)
        return EXIT_USAGE
    redactor = Redactor.of([os.environ.get("MLFLOW_TRACKING_URI", "")], os.environ)
    if os.environ.get("REPORTGEN_DEBUG"):
        import traceback

        print(redactor("".join(traceback.format_exception(error))), file=sys.stderr)
    print(f"internal error: {type(error).__name__}: {_one_record(redactor(str(error)))[:500]}", file=sys.stderr)
    print("this is a fault of reportgen; run again with REPORTGEN_DEBUG=1 for where it happened, and report it", file=sys.stderr)
    return EXIT_INTERNAL


def _one_record(text: str) -> str:
    """Several lines stay several, but none can be taken for a line of its own (or a CI command): they are indented."""
    from reportgen.formats import visible

    return "\n  ".join(visible(text).splitlines())


def _error_facts(error: ReportError, redactor: Redactor | None = None) -> dict[str, Any]:
    clean = redactor or Redactor.of([os.environ.get("MLFLOW_TRACKING_URI", "")], os.environ)
    facts = {"slug": error.slug, "what": error.what, "found": error.found, "allowed": error.allowed, "todo": error.todo}
    cleaned: dict[str, Any] = {key: clean(value) for key, value in facts.items() if value is not None}
    if isinstance(error, ConfigError) and error.mistakes:
        cleaned["mistakes"] = [asdict(mistake) | {"what": clean(mistake.what)} for mistake in error.mistakes]
    names = getattr(error, "__notes__", ())
    return cleaned | {"exit_code": error.exit_code} | ({"name": names[0]} if names else {})


def _problem_facts(problems: Sequence[Problem]) -> list[dict[str, str]]:
    return [{"slug": p.slug, "severity": p.severity, "where": p.where, "what": p.what, "todo": p.todo} for p in problems]


def _print_json(value: Any) -> None:
    print(json.dumps(value, indent=2, ensure_ascii=True, default=str))


def _print_table(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Plain aligned columns: the first to the left, numbers to the right."""
    from reportgen.formats import one_line

    cells = [[f"{v:,}" if isinstance(v, int) else one_line(str(v), 60) for v in row] for row in rows]
    widths = [max(len(row[i]) for row in [list(header), *cells]) for i in range(len(header))]
    for row in [list(header), *cells]:
        print("  " + "  ".join(c.ljust(w) if i == 0 else c.rjust(w) for i, (c, w) in enumerate(zip(row, widths, strict=True))))


def _exit(code: int) -> None:
    _flush()
    if code:
        raise typer.Exit(code)


def _flush() -> None:
    sys.stdout.flush()


def _terminated(_signal: int, _frame: object) -> NoReturn:
    raise SystemExit(143)
