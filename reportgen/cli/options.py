"""Arguments and options, each written once: the same word means the same in every command.

Options that go together are the fields of a dataclass; ``with_options`` gives a command that takes such a value its options.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Annotated, Any, get_type_hints

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
LogStoreOption = Annotated[
    str | None,
    typer.Option("--tracking-uri", help="Log it there, whatever the config says; default: the channels of the config."),
]
LogExperimentOption = Annotated[
    str, typer.Option("--experiment", "-e", help="With --tracking-uri: experiment of the report runs.")
]
AttachOption = Annotated[
    list[str] | None,
    typer.Option("--attach", help="With --tracking-uri: also on these runs: best, compared, or an id; may be repeated."),
]
LinkBackOption = Annotated[
    bool,
    typer.Option(
        "--link-back", help="With --tracking-uri: tag the experiments and compared runs that were read with the report's place."
    ),
]
DecisionOption = Annotated[str, typer.Option("--decision", help="ship, reject, extend (more runs first) or hold.")]
ByOption = Annotated[str, typer.Option("--by", help="Who decided.")]
BecauseOption = Annotated[str, typer.Option("--because", help="Why; needed most where it goes against the computed verdict.")]
ReportOption = Annotated[str | None, typer.Option("--report", help="Which report of --config.")]
ConfigOption = Annotated[Path | None, typer.Option("--config", "-c", help="Config file; default: config.yaml in this folder.")]
ExperimentsOption = Annotated[
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
SetOption = Annotated[list[str] | None, typer.Option("--set", help="KEY.PATH=VALUE over the config; may be repeated.")]
OutputOption = Annotated[Path | None, typer.Option("--output", "-o", help="Folder of the bundles; default: the config's.")]
CacheOption = Annotated[
    bool, typer.Option("--cache/--no-cache", help="Use and keep histories of unchanged runs (the config's `cache`).")
]
PublishOption = Annotated[bool, typer.Option("--publish/--no-publish", help="Deliver to the config's channels.")]
JobsOption = Annotated[int, typer.Option("--jobs", "-j", min=1, help="So many processes make the reports.")]
ExecutorOption = Annotated[
    str, typer.Option("--executor", metavar="dask://HOST:PORT", help="Make the reports on the workers of this Dask scheduler.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object on stdout instead of text.")]
SchemaArgument = Annotated[str, typer.Argument(help="config, verdict, report or manifest.")]
LockOption = Annotated[float, typer.Option("--lock-timeout", min=0, help="Seconds to wait for another job of the same report.")]
AnnotationsOption = Annotated[
    str,
    typer.Option(
        "--annotations",
        help="Say on stderr, as a command to the CI system, which gates did not pass: github, azure, none; default: by the environment.",
    ),
]
DemoFolderOption = Annotated[Path, typer.Option("--output", "-o", help="Folder of the demo's store and report.")]
SnapshotFolderOption = Annotated[Path, typer.Option("--output", "-o", help="Folder to write the snapshot into.")]
StoreOption = Annotated[str | None, typer.Option("--tracking-uri", help="MLflow tracking URI; default: MLFLOW_TRACKING_URI.")]


@dataclass(frozen=True, slots=True)
class StoreOptions:
    """Stores, experiments and the config file."""

    config: ConfigOption = None
    experiments: ExperimentsOption = None
    tracking_uris: StoresOption = None


@dataclass(frozen=True, slots=True)
class RunOptions:
    """Which runs are read."""

    filter: FilterOption = None
    order_by: Annotated[
        list[str] | None,
        typer.Option(
            "--order-by", help="Which runs --limit keeps, in MLflow's order_by language; may be repeated; default: the latest."
        ),
    ] = None
    limit: Annotated[int | None, typer.Option("--limit", help="At most so many runs; the others are counted as left out.")] = None
    nested: Annotated[str | None, typer.Option("--nested", help="all, roots (no nested runs) or children; default: all.")] = None
    deleted: Annotated[bool, typer.Option("--deleted", help="Deleted runs and experiments as well.")] = False
    window: Annotated[
        str | None,
        typer.Option("--window", help="Runs that started in it: 7d, 4w or 2026-11-01..2026-11-20; default: all time."),
    ] = None

    @property
    def keys(self) -> dict[str, Any]:
        """The keys of a report that they set, as they would stand in a config."""
        keys = {
            "runs": self.filter,
            "order_by": list(self.order_by or ()) or None,
            "limit": self.limit,
            "nested": self.nested,
            "window": self.window,
            "deleted": self.deleted or None,
        }
        return {key: value for key, value in keys.items() if value is not None}


@dataclass(frozen=True, slots=True)
class QuestionOptions:
    """The question of ``reportgen compare``."""

    groups: GroupsArgument = None
    by: Annotated[str | None, typer.Option("--by", help="What makes the groups: tags.NAME, params.NAME or experiment.")] = None
    baseline: Annotated[
        str | None, typer.Option("--baseline", help="The group the others are compared with; default: the first.")
    ] = None
    metrics: Annotated[
        list[str] | None, typer.Option("--metric", "-m", help="Metric to compare; may be repeated. The first decides.")
    ] = None
    pair_by: Annotated[
        str | None,
        typer.Option("--pair-by", help="What pairs runs: params.NAME, tags.NAME or none; default: seed, fold or data set."),
    ] = None
    margin: Annotated[float | None, typer.Option("--margin", help="Smallest difference that matters, in the metric's unit.")] = (
        None
    )
    alpha: Annotated[float | None, typer.Option("--alpha", help="Two-sided level of the tests, 0.001 to 0.2; default: 0.05.")] = (
        None
    )
    family: Annotated[
        str | None,
        typer.Option("--family", help="Three groups or more: holm, dunnett, games-howell or tukey; default: holm."),
    ] = None
    tasks: Annotated[
        str | None,
        typer.Option(
            "--tasks",
            help="Data sets or tasks to compare over: params.NAME, tags.NAME, datasets or none; default: those logged.",
        ),
    ] = None
    texts: Annotated[
        bool,
        typer.Option(
            "--texts", help="GenAI evaluations: show what was asked and answered in rows that got worse, redacted and shortened."
        ),
    ] = False
    split: Annotated[
        str | None,
        typer.Option("--split", help="How runs were meant to be divided over the groups, in their order: 1:1, 50:50."),
    ] = None
    experiments: ExperimentsOption = None
    filter: FilterOption = None
    replicates: Annotated[bool, typer.Option("--replicates", help="Take runs as repeats although their params differ.")] = False
    robust: Annotated[bool, typer.Option("--robust", help="The Hodges-Lehmann shift and its rank test in the appendix.")] = False


@dataclass(frozen=True, slots=True)
class WritingOptions:
    """Outputs of a report, and the wait for its lock."""

    format: Annotated[
        list[str] | None,
        typer.Option(
            "--format", help=f"Only these of {', '.join(OUTPUTS)}; may be repeated or a list with commas; default: all."
        ),
    ] = None
    lock_timeout: LockOption = 0


@dataclass(frozen=True, slots=True)
class ConsoleOptions:
    """Form and amount of what a command prints."""

    json: JsonOption = False
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress, only results and problems.")] = False
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Every step with its time, and every note.")] = False


def with_options(command: Callable[..., None]) -> Callable[..., None]:
    """``command`` as typer reads it: in the place of each parameter that is a dataclass stand the fields of the dataclass."""
    hints = get_type_hints(command, include_extras=True)
    groups: dict[str, Any] = {name: kind for name, kind in hints.items() if is_dataclass(kind)}

    @functools.wraps(command)
    def flat(**values: Any) -> None:
        made = {name: group(**{field.name: values.pop(field.name) for field in fields(group)}) for name, group in groups.items()}
        command(**values, **made)

    def parameters() -> Iterator[inspect.Parameter]:
        for name, parameter in inspect.signature(command).parameters.items():
            if name in groups:
                kinds = get_type_hints(groups[name], include_extras=True)
                for field in fields(groups[name]):
                    yield inspect.Parameter(field.name, parameter.kind, default=field.default, annotation=kinds[field.name])
            else:
                yield parameter.replace(annotation=hints[name])

    signature = inspect.Signature(list(parameters()))
    flat.__signature__ = signature  # type: ignore[attr-defined]  # what inspect looks for first; no stub has it
    flat.__annotations__ = {name: parameter.annotation for name, parameter in signature.parameters.items()}
    return flat
