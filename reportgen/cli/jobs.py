"""From the options of a command to its jobs; mistakes in the options are reported before a store is opened."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
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
    writing: WritingOptions | None = None,
    **more: Any,
) -> list[Job]:
    """``job.jobs_of``, which is imported only now: it knows the whole config."""
    from reportgen import job

    written = writing or WritingOptions()
    return job.jobs_of(config, root, names, output, formats=written.format, lock_seconds=written.lock_timeout, **more)


def placed(jobs: Sequence[Job], stores: StoreOptions) -> list[Job]:
    """``jobs`` that know where in the config file their gates are written, for what CI systems show beside it."""
    from reportgen.config import gate_lines

    path = stores.config or (Path(CONFIG_FILE) if not stores.experiments else None)
    if path is None:
        return list(jobs)
    lines = gate_lines(path)
    return [replace(job, config_file=path.as_posix(), gate_lines=lines.get(job.name, {})) for job in jobs]


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
        texts=options.texts,
        scoped=bool(options.experiments),
    )
