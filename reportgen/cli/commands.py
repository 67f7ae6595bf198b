"""What can be asked for: every command, each a few lines from its options to a part of ``pipeline``."""

from __future__ import annotations

import os
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from reportgen.cli.jobs import CONFIG_FILE, chosen_keys, config_of, formats_of, jobs_of, stores_words
from reportgen.cli.options import (
    AlphaOption,
    BaselineOption,
    BundleArgument,
    ByOption,
    CacheOption,
    ConfigOption,
    DeletedOption,
    DemoFolderOption,
    ExperimentOption,
    FamilyOption,
    FilterOption,
    FormatOption,
    GroupsArgument,
    JsonOption,
    LimitOption,
    LockOption,
    MarginOption,
    MetricOption,
    NestedOption,
    OrderOption,
    OutputOption,
    PairByOption,
    PublishOption,
    QuietOption,
    ReplicatesOption,
    ReportOption,
    ReportsArgument,
    RobustOption,
    SetOption,
    SnapshotFolderOption,
    StoreOption,
    StoresOption,
    TasksOption,
    VerboseOption,
    WindowOption,
)
from reportgen.cli.results import end, finish, outcome_of
from reportgen.cli.talk import Talk, print_json, print_table
from reportgen.errors import EXIT_COMPLETE, EXIT_PARTIAL, EXIT_USAGE, OutputError
from reportgen.redaction import public_uri

app = typer.Typer(
    name="reportgen",
    help="Turn MLflow experiments into reports that people read and trust.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback(invoke_without_command=True)
def _root(version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False) -> None:
    if version:
        from reportgen import __version__

        print(f"reportgen {__version__}")
        raise typer.Exit


@app.command()
def build(
    reports: ReportsArgument = None,
    config: ConfigOption = None,
    experiment: ExperimentOption = None,
    tracking_uri: StoresOption = None,
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
        chosen = chosen_keys(filter, order_by, limit, nested, deleted, window)
        loaded, root = config_of(config, experiment, tracking_uri, settings or (), chosen)
        jobs = jobs_of(loaded, root, reports or (), output, publish, format, lock_timeout, cached=cache)
        finish(talk, [outcome_of(talk, job, pipeline.build, stores_words(job)) for job in jobs])


@app.command()
def rebuild(
    bundle: BundleArgument,
    config: ConfigOption = None,
    report: ReportOption = None,
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
    from reportgen.saved import saved as load_saved

    with Talk.of(json_, quiet, verbose) as talk:
        saved = load_saved(bundle)
        if config is not None:
            loaded, root = config_of(config, None, None, settings or ())
        elif saved.config is not None and not settings:
            loaded, root = saved.config, Path()
        else:
            loaded, root = configs.without_file([], None, settings=settings or ()), Path()
        names = [report] if report else [saved.name] if saved.name in loaded.reports else list(loaded.reports)[:1]
        jobs = jobs_of(loaded, root, [name for name in names if name], output, False, format, lock_timeout, now=saved.now)
        jobs = [replace(job, earlier=saved.earlier) for job in jobs]
        finish(
            talk,
            [outcome_of(talk, job, partial(pipeline.rebuild, saved.snapshot), str(bundle)) for job in jobs],
        )


@app.command()
def demo(
    output: DemoFolderOption = Path("demo"),
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
        loaded, _ = config_of(config_file(), None, uri, ())
        jobs = jobs_of(loaded, output, (), None, True, None, 0)
        finish(talk, [outcome_of(talk, job, pipeline.build, stores_words(job)) for job in jobs])


@app.command()
def compare(
    groups: GroupsArgument = None,
    by: ByOption = None,
    baseline: BaselineOption = None,
    metric: MetricOption = None,
    pair_by: PairByOption = None,
    margin: MarginOption = None,
    alpha: AlphaOption = None,
    family: FamilyOption = None,
    tasks: TasksOption = None,
    experiment: ExperimentOption = None,
    filter: FilterOption = None,
    replicates: ReplicatesOption = False,
    robust: RobustOption = False,
    config: ConfigOption = None,
    tracking_uri: StoresOption = None,
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
    from reportgen.analyze.asked import Question
    from reportgen.memo import memo

    with Talk.of(json_, quiet, verbose) as talk:
        configs.check_comparison({"margin": margin, "alpha": alpha, "family": family})
        formats_of(format)
        own = settings or ()
        base = configs.without_reports(own) if config is None else configs.load(config, settings=own)
        root = config.parent if config else Path()
        sources = configs.named_sources(base, tracking_uri)
        talk.step(f"compare: finding the groups in {', '.join(public_uri(one.tracking_uri or '') for one in sources)}")
        question = Question(
            words=tuple(groups or ()),
            by=by,
            baseline=baseline,
            metrics=tuple(metric or ()),
            pair_by=pair_by,
            margin=margin,
            alpha=alpha,
            family=family,
            tasks=tasks,
            replicates=replicates,
            robust=robust,
            scoped=bool(experiment),
        )
        answered = memo(
            question,
            experiment or (),
            sources,
            talk.progress("compare"),
            runs=filter or "",
            base=base,
            settings=own,
            cache=configs.cache_folder(base, root) if cache else None,
        )
        with answered as answer:
            talk.end_progress()
            jobs = jobs_of(answer.config, root, (), output, False, format, lock_timeout, cached=cache)
            results = [outcome_of(talk, job, answer.build, stores_words(job)) for job in jobs]
        finish(talk, results)


@app.command()
def plan(
    reports: ReportsArgument = None,
    config: ConfigOption = None,
    experiment: ExperimentOption = None,
    tracking_uri: StoresOption = None,
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
        chosen = chosen_keys(filter, order_by, limit, nested, deleted, window)
        loaded, root = config_of(config, experiment, tracking_uri, settings or (), chosen)
        jobs = jobs_of(loaded, root, reports or (), None, False, None, 0, cached=cache)
        plans = {job.name: pipeline.planned(job) for job in jobs}
        if json_:
            print_json({"reports": {name: asdict(one) for name, one in plans.items()}})
            return
        for name, one in plans.items():
            print(f"{name}: " + ", ".join(f"{source.kind} {source.uri}" for source in one.sources or (one.source,)))
            print_table(
                ("experiment", "runs", "series", "points"),
                [(row.experiment, row.n_runs, row.n_series, row.n_points) for row in one.experiments],
            )
            print(f"  {one.n_calls:,} calls, about {max(1, round(one.seconds)):,} s of reading")
            talk.problems(one.problems)


@app.command()
def snapshot(
    tracking_uri: StoresOption = None,
    experiment: ExperimentOption = None,
    output: SnapshotFolderOption = Path("snapshot"),
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
    from reportgen.outcome import problem_facts

    with Talk.of(json_, quiet, verbose) as talk:
        chosen = chosen_keys(filter, order_by, limit, nested, deleted, window)
        loaded, _ = config_of(None, experiment or ["*"], tracking_uri, (), chosen)
        (job,) = jobs_of(loaded, Path(), (), None, False, None, 0, cached=cache)
        taken = pipeline.snapshot(job, output, talk.progress("snapshot"))
        talk.end_progress()
        talk.problems(taken.problems)
        rows = {name: table.num_rows for name, table in taken.tables()} | {"history": taken.history.n_points}
        if json_:
            print_json({"folder": str(output), "rows": rows, "digest": taken.digest(), "problems": problem_facts(taken.problems)})
        else:
            print_table(("table", "rows"), list(rows.items()))
            print(f"saved in {output}")
        end(EXIT_PARTIAL if any(problem.severity == "gap" for problem in taken.problems) else EXIT_COMPLETE)


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

    print_json(json_schema())


@app.command()
def doctor(
    tracking_uri: StoreOption = None,
    json_: JsonOption = False,
) -> None:
    """Check what this machine has for reading, drawing and writing reports."""
    from reportgen.doctor import examined

    findings = examined(tracking_uri or os.environ.get("MLFLOW_TRACKING_URI"))
    if json_:
        print_json({"findings": [{"what": f.what, "state": f.state, "found": f.found, "todo": f.todo} for f in findings]})
    else:
        for finding in findings:
            print(f"{finding.state:<7} {finding.what}: {finding.found}")
            if finding.todo:
                print(f"        {finding.todo}")
    end(EXIT_USAGE if any(f.state == "missing" for f in findings) else EXIT_COMPLETE)
