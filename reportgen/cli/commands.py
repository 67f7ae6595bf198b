"""The commands of the command line: each a few lines from its options to a part of ``pipeline``."""

from __future__ import annotations

import os
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from reportgen.cli.annotations import annotate
from reportgen.cli.console import Console, print_json, print_table
from reportgen.cli.jobs import CONFIG_FILE, config_of, jobs_of, placed, question_of, stores_words
from reportgen.cli.options import (
    AnnotationsOption,
    AttachOption,
    BecauseOption,
    BundleArgument,
    ByOption,
    CacheOption,
    ConfigOption,
    ConsoleOptions,
    DecisionOption,
    DemoFolderOption,
    ExecutorOption,
    ExperimentsOption,
    JobsOption,
    JsonOption,
    LinkBackOption,
    LockOption,
    LogExperimentOption,
    LogStoreOption,
    OutputOption,
    PublishOption,
    QuestionOptions,
    ReportOption,
    ReportsArgument,
    RunOptions,
    SchemaArgument,
    SetOption,
    SnapshotFolderOption,
    StoreOption,
    StoreOptions,
    StoresOption,
    WritingOptions,
    with_options,
)
from reportgen.cli.results import end, finish, outcome_of, outcomes_of, print_receipts
from reportgen.errors import EXIT_COMPLETE, EXIT_DELIVERY, EXIT_PARTIAL, EXIT_USAGE, ConfigError, OutputError
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
@with_options
def build(
    *,
    reports: ReportsArgument = None,
    stores: StoreOptions,
    runs: RunOptions,
    output: OutputOption = None,
    settings: SetOption = None,
    publish: PublishOption = True,
    writing: WritingOptions,
    cache: CacheOption = True,
    at_once: JobsOption = 1,
    executor: ExecutorOption = "",
    annotations: AnnotationsOption = "auto",
    showing: ConsoleOptions,
) -> None:
    """Read the store, and make, write and deliver reports."""
    with Console.opened(showing) as console:
        config, root = config_of(stores, settings, runs.keys)
        jobs = placed(jobs_of(config, root, reports, output, writing, publish=publish, cached=cache), stores)
        results = outcomes_of(console, jobs, at_once, executor)
        annotate(jobs, results, annotations)
        finish(console, results, json=showing.json)


@app.command()
@with_options
def check(
    *,
    reports: ReportsArgument = None,
    stores: StoreOptions,
    runs: RunOptions,
    output: OutputOption = None,
    settings: SetOption = None,
    cache: CacheOption = True,
    lock_timeout: LockOption = 0,
    annotations: AnnotationsOption = "auto",
    showing: ConsoleOptions,
) -> None:
    """Answer the gates of reports and write verdict.json and junit.xml; nothing is drawn or delivered."""
    from reportgen import pipeline

    with Console.opened(showing) as console:
        config, root = config_of(stores, settings, runs.keys)
        writing = WritingOptions(lock_timeout=lock_timeout)
        jobs = placed(jobs_of(config, root, reports, output, writing, cached=cache), stores)
        results = [outcome_of(console, job, pipeline.check, stores_words(job)) for job in jobs]
        annotate(jobs, results, annotations)
        finish(console, results, json=showing.json)


@app.command()
@with_options
def rebuild(
    *,
    bundle: BundleArgument,
    config: ConfigOption = None,
    report: ReportOption = None,
    output: OutputOption = None,
    settings: SetOption = None,
    writing: WritingOptions,
    showing: ConsoleOptions,
) -> None:
    """Make a report again from its saved data, without MLflow."""
    from reportgen import pipeline
    from reportgen.saved import job_again, saved

    with Console.opened(showing) as console:
        kept = saved(bundle)
        given = None if config is None else config_of(StoreOptions(config), settings)
        job = job_again(
            kept, given, report, output, settings=settings or (), formats=writing.format, lock_seconds=writing.lock_timeout
        )
        make = partial(pipeline.rebuild, kept.snapshot)
        finish(console, [outcome_of(console, job, make, str(bundle))], json=showing.json)


@app.command()
@with_options
def sign(
    *,
    bundle: BundleArgument,
    decision: DecisionOption,
    by: ByOption,
    because: BecauseOption,
    config: ConfigOption = None,
    output: OutputOption = None,
    publish: PublishOption = True,
    writing: WritingOptions,
    showing: ConsoleOptions,
) -> None:
    """Write a person's decision beside the computed verdict: a new bundle beside the one that is signed, delivered as --config says."""
    from datetime import UTC, datetime

    from reportgen import config as configs
    from reportgen import pipeline
    from reportgen.clock import report_time
    from reportgen.publish.report_facts import report_folder
    from reportgen.saved import saved
    from reportgen.signing import names_same_code, signed_config

    with Console.opened(showing) as console:
        today = report_time(datetime.now(UTC)).date()
        taken = configs.decision_from({"decision": decision, "by": by, "because": because, "on": today})
        kept = saved(bundle)
        around = configs.load(config) if config is not None else None
        signed = signed_config(kept, taken, around)
        own_code = names_same_code(kept, around)
        own = report_folder(bundle, kept.name or "")
        place = output or (own.parent if own else None)
        jobs = jobs_of(
            signed, config.parent if config else Path(), [str(kept.name)], place, writing, now=kept.now, publish=publish
        )
        make = partial(pipeline.rebuild, kept.snapshot)
        finish(
            console,
            [outcome_of(console, kept.again(job, runs_code=own_code), make, str(bundle)) for job in jobs],
            json=showing.json,
        )


@app.command()
@with_options
def publish(
    *,
    bundle: BundleArgument,
    config: ConfigOption = None,
    tracking_uri: LogStoreOption = None,
    experiment: LogExperimentOption = "reports",
    attach: AttachOption = None,
    link_back: LinkBackOption = False,
    showing: ConsoleOptions,
) -> None:
    """Deliver a finished bundle, or what is missing of an earlier delivery: to the config's channels, or to --tracking-uri."""
    from reportgen import delivering
    from reportgen.outcome import problem_facts
    from reportgen.publish.report_facts import bundle_in

    with Console.opened(showing) as console:
        finished = bundle_in(bundle)
        if tracking_uri is not None:
            channel = {"tracking_uri": tracking_uri, "experiment": experiment, "attach": attach or [], "link_back": link_back}
            loaded, root = delivering.config_for(finished.name, channel), Path()
        else:
            loaded, root = config_of(StoreOptions(config), None)
        (job,) = jobs_of(loaded, root, [finished.name], publish=True)
        console.step(f"{job.name}: publishing {bundle}")
        receipts = delivering.delivered(finished, job, bundle, console.progress(job.name))
        console.end_progress()
        problems = [receipt.problem for receipt in receipts if receipt.problem is not None]
        console.problems(problems)
        code = EXIT_DELIVERY if any(receipt.state == "failed" for receipt in receipts) else EXIT_COMPLETE
        if showing.json:
            rows = [{"channel": r.channel, "state": r.state, "where": r.where} for r in receipts]
            print_json({"exit_code": code, "name": job.name, "deliveries": rows, "problems": problem_facts(problems)})
        else:
            print_receipts(receipts)
        end(code)


@app.command()
@with_options
def demo(*, output: DemoFolderOption = Path("demo"), showing: ConsoleOptions) -> None:
    """Train real models into an SQLite store and report on them."""
    from reportgen import pipeline
    from reportgen.demo import config_file, train

    with Console.opened(showing) as console:
        uri = train(output, console.progress("training"))
        console.end_progress()
        config, _ = config_of(StoreOptions(config_file(), tracking_uris=[uri]), None)
        jobs = jobs_of(config, output, publish=True)
        finish(console, [outcome_of(console, job, pipeline.build, stores_words(job)) for job in jobs], json=showing.json)


@app.command()
@with_options
def compare(
    *,
    question: QuestionOptions,
    config: ConfigOption = None,
    tracking_uris: StoresOption = None,
    output: OutputOption = None,
    settings: SetOption = None,
    writing: WritingOptions,
    cache: CacheOption = True,
    showing: ConsoleOptions,
) -> None:
    """Compare groups of runs and write a memo of one to three pages: is one better? No config is needed."""
    from reportgen import config as configs
    from reportgen.job import formats_of
    from reportgen.memo import memo

    with Console.opened(showing) as console:
        asked = question_of(question)
        formats_of(writing.format)
        base = configs.load(config, settings=settings or ()) if config else configs.of_mapping({}, settings=settings or ())
        root = config.parent if config else Path()
        sources = configs.named_sources(base, tracking_uris)
        console.step(f"compare: finding the groups in {', '.join(public_uri(source.tracking_uri or '') for source in sources)}")
        answered = memo(
            asked,
            question.experiments or (),
            sources,
            console.progress("compare"),
            runs=question.filter or "",
            base=base,
            settings=settings or (),
            cache=configs.cache_folder(base, root) if cache else None,
        )
        with answered as answer:
            console.end_progress()
            jobs = jobs_of(answer.config, root, None, output, writing, cached=cache)
            results = [outcome_of(console, job, answer.build, stores_words(job)) for job in jobs]
        finish(console, results, json=showing.json)


@app.command()
@with_options
def plan(
    *,
    reports: ReportsArgument = None,
    stores: StoreOptions,
    runs: RunOptions,
    settings: SetOption = None,
    cache: CacheOption = True,
    showing: ConsoleOptions,
) -> None:
    """Say what a build would read, and how long it may take; histories are not read."""
    from reportgen import pipeline

    with Console.opened(showing) as console:
        config, root = config_of(stores, settings, runs.keys)
        plans = {job.name: pipeline.planned(job) for job in jobs_of(config, root, reports, cached=cache)}
        if showing.json:
            print_json({"reports": {name: asdict(planned) for name, planned in plans.items()}})
            return
        for name, planned in plans.items():
            print(f"{name}: " + ", ".join(f"{source.kind} {source.uri}" for source in planned.sources or (planned.source,)))
            print_table(
                ("experiment", "runs", "series", "points"),
                [(row.experiment, row.n_runs, row.n_series, row.n_points) for row in planned.experiments],
            )
            print(f"  {planned.n_calls:,} calls, about {max(1, round(planned.seconds)):,} s of reading")
            console.problems(planned.problems)


@app.command()
@with_options
def snapshot(
    *,
    tracking_uris: StoresOption = None,
    experiments: ExperimentsOption = None,
    output: SnapshotFolderOption = Path("snapshot"),
    runs: RunOptions,
    cache: CacheOption = True,
    showing: ConsoleOptions,
) -> None:
    """Read the store and save everything as Parquet, without making a report."""
    from reportgen import pipeline
    from reportgen.outcome import problem_facts

    with Console.opened(showing) as console:
        stores = StoreOptions(experiments=experiments or ["*"], tracking_uris=tracking_uris)
        config, root = config_of(stores, None, runs.keys)
        (job,) = jobs_of(config, root, cached=cache)
        taken = pipeline.snapshot(job, output, console.progress("snapshot"))
        console.end_progress()
        problems = (*taken.problems, *taken.asides)
        console.problems(problems)
        rows = {name: table.num_rows for name, table in taken.tables()} | {"history": taken.history.n_points}
        if showing.json:
            print_json({"folder": str(output), "rows": rows, "digest": taken.digest(), "problems": problem_facts(problems)})
        else:
            print_table(("table", "rows"), list(rows.items()))
            print(f"saved in {output}")
        end(EXIT_PARTIAL if any(problem.severity == "gap" for problem in taken.problems) else EXIT_COMPLETE)


@app.command()
@with_options
def verify(*, bundle: BundleArgument, showing: ConsoleOptions) -> None:
    """Say whether a bundle is still what was written: its files, its data and its ledger against its manifest."""
    from reportgen.outcome import problem_facts
    from reportgen.publish import verified

    with Console.opened(showing) as console:
        found = verified(bundle)
        console.problems(found.problems)
        code = EXIT_PARTIAL if found.problems else EXIT_COMPLETE
        if showing.json:
            facts = {"folder": str(bundle), "digest": found.digest, "n_files": found.n_files, "has_data": found.has_data}
            print_json({"exit_code": code, **facts, "problems": problem_facts(found.problems)})
        elif not found.problems:
            data = "its data and its ledger" if found.has_data else "its ledger (it has no data)"
            print(f"{bundle}: {found.n_files} files, {data} are as they were written, digest {found.digest[:12]}")
        end(code)


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
def schema(name: SchemaArgument = "config") -> None:
    """Print the JSON Schema of config.yaml, for editors, or of a JSON file of a bundle, for programs."""
    from reportgen.config import json_schema

    if name == "config":
        print_json(json_schema())
        return
    from reportgen.render.schemas import schemas

    known = schemas()
    if name not in known:
        raise ConfigError("unknown-schema", f"there is no schema {name!r}", allowed=", ".join(["config", *known]))
    print_json(known[name])


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
