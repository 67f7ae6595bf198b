"""From the options of a command to its jobs; mistakes in the options are reported before a store is opened."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportgen.cli.options import QuestionOptions, StoreOptions, WritingOptions
from reportgen.errors import ConfigError
from reportgen.redaction import public_uri

if TYPE_CHECKING:
    from reportgen.compare_arguments import CompareArguments
    from reportgen.config import Config
    from reportgen.job import Job

CONFIG_FILE = "config.yaml"
_EVERYTHING = WritingOptions()


def stores_words(job: Job) -> str:
    return ", ".join(public_uri(store.uri) for store in job.stores)


def config_of(stores: StoreOptions, settings: Sequence[str] | None, keys: Mapping[str, Any] | None = None) -> tuple[Config, Path]:
    """The config, with ``keys`` over those of each report, and the folder that its output is relative to.

    ``--experiment`` without ``--config`` is a build without a file, even where this folder has a config.yaml: the command line
    is then the whole config.
    """
    from reportgen import config

    path, experiments, uris = stores.config, stores.experiments, stores.tracking_uris
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
        return config.without_file(experiments or (), uris, settings=settings or (), chosen=keys), Path()
    loaded = config.load(path, settings=settings or ())
    return config.with_command_line(loaded, experiments, uris, keys), path.parent


def jobs_of(
    config: Config,
    root: Path,
    names: Sequence[str] | None = None,
    output: Path | None = None,
    writing: WritingOptions = _EVERYTHING,
    *,
    publish: bool = False,
    cached: bool = False,
    now: datetime | None = None,
) -> list[Job]:
    """One job for each report of ``names``, or of ``config``, whose paths are relative to ``root``."""
    import difflib

    from reportgen.clock import report_time
    from reportgen.config import cache_folder
    from reportgen.job import Job, redactor_of

    if not config.reports:
        raise ConfigError("no-reports", "the config names no report", todo="add one under `reports:`, or give --experiment NAME")
    for name in names or ():
        if name not in config.reports:
            near = difflib.get_close_matches(name, config.reports, 1)
            raise ConfigError(
                "unknown-report",
                f"the config has no report {name!r}" + (f"; did you mean {near[0]}?" if near else ""),
                allowed=", ".join(config.reports),
            )
    formats = formats_of(writing.format)
    if missing := [folder for folder in config.templates if not Path(folder).is_dir()]:
        raise ConfigError(
            "template-folder",
            "a template folder does not exist",
            found=", ".join(missing),
            todo="correct `templates`; its folders are relative to where the command runs",
        )
    redactor = redactor_of(config)
    moment = now or report_time(datetime.now(UTC))
    cache = cache_folder(config, root) if cached else None
    return [
        Job(config, name, moment, output or root / config.output, redactor, publish, formats, writing.lock_timeout, cache=cache)
        for name in (names or config.reports)
    ]


def formats_of(texts: Sequence[str] | None) -> tuple[str, ...] | None:
    """The outputs that every ``--format`` names together; None = all. Raises ``ConfigError`` for an output that does not exist."""
    names = tuple(dict.fromkeys(part.strip() for text in texts or () for part in text.split(",") if part.strip()))
    if not names:
        return None
    import difflib

    from reportgen.render.outputs import OUTPUTS

    for name in names:
        if name not in OUTPUTS:
            near = difflib.get_close_matches(name, OUTPUTS, 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise ConfigError("unknown-format", f"there is no output {name!r}{hint}", allowed=", ".join(OUTPUTS))
    return names


def question_of(options: QuestionOptions) -> CompareArguments:
    """The question that ``options`` ask. Raises ``ConfigError`` for one that no comparison can have."""
    from reportgen.compare_arguments import CompareArguments
    from reportgen.config import check_comparison

    check_comparison({"margin": options.margin, "alpha": options.alpha, "family": options.family})
    return CompareArguments(
        words=tuple(options.groups or ()),
        by=options.by,
        baseline=options.baseline,
        metrics=tuple(options.metrics or ()),
        pair_by=options.pair_by,
        margin=options.margin,
        alpha=options.alpha,
        family=options.family,
        tasks=options.tasks,
        split=options.split,
        replicates=options.replicates,
        robust=options.robust,
        scoped=bool(options.experiments),
    )
