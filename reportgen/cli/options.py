"""Arguments and options, each written once: the same word means the same in every command."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from reportgen.render.outputs import OUTPUTS

ReportsArgument = Annotated[list[str] | None, typer.Argument(help="Reports of the config; default: all of them.")]
BundleArgument = Annotated[Path, typer.Argument(help="Folder of a bundle, or of `reportgen snapshot`.")]
GroupsArgument = Annotated[
    list[str] | None,
    typer.Argument(
        help="Groups, the first is the baseline: values of --by, experiments, runs, filters such as tags.variant=control or "
        "EXPERIMENT@tags.variant=control, models:/NAME@ALIAS, models:/NAME/VERSION. Left out: all values of --by.",
    ),
]
ByOption = Annotated[str | None, typer.Option("--by", help="What makes the groups: tags.NAME, params.NAME or experiment.")]
BaselineOption = Annotated[
    str | None, typer.Option("--baseline", help="The group the others are compared with; default: the first.")
]
MetricOption = Annotated[
    list[str] | None, typer.Option("--metric", "-m", help="Metric to compare; may be repeated. The first decides.")
]
PairByOption = Annotated[
    str | None,
    typer.Option("--pair-by", help="What pairs runs: params.NAME, tags.NAME or none; default: seed, fold or data set."),
]
MarginOption = Annotated[float | None, typer.Option("--margin", help="Smallest difference that matters, in the metric's unit.")]
TasksOption = Annotated[
    str | None,
    typer.Option(
        "--tasks", help="Data sets or tasks to compare over: params.NAME, tags.NAME, datasets or none; default: those logged."
    ),
]
AlphaOption = Annotated[float | None, typer.Option("--alpha", help="Two-sided level of the tests, 0.001 to 0.2; default: 0.05.")]
FamilyOption = Annotated[
    str | None,
    typer.Option("--family", help="Three groups or more: holm, dunnett, games-howell or tukey; default: holm."),
]
ReplicatesOption = Annotated[bool, typer.Option("--replicates", help="Take runs as repeats although their params differ.")]
RobustOption = Annotated[bool, typer.Option("--robust", help="The Hodges-Lehmann shift and its rank test in the appendix.")]
ReportOption = Annotated[str | None, typer.Option("--report", help="Which report of --config.")]
ConfigOption = Annotated[Path | None, typer.Option("--config", "-c", help="Config file; default: config.yaml in this folder.")]
ExperimentOption = Annotated[
    list[str] | None,
    typer.Option("--experiment", "-e", help="Name, glob, id or tag:KEY=VALUE; may be repeated. Works without a config file."),
]
StoresOption = Annotated[
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
FormatOption = Annotated[str | None, typer.Option("--format", help=f"Only these of {', '.join(OUTPUTS)}; default: all.")]
DemoFolderOption = Annotated[Path, typer.Option("--output", "-o", help="Folder of the demo's store and report.")]
SnapshotFolderOption = Annotated[Path, typer.Option("--output", "-o", help="Folder to write the snapshot into.")]
StoreOption = Annotated[str | None, typer.Option("--tracking-uri", help="MLflow tracking URI; default: MLFLOW_TRACKING_URI.")]
