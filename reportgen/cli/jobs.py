"""From the options of a command to the jobs that it stands for; every mistake in them is found before a store is opened."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportgen.errors import ConfigError
from reportgen.redaction import Redactor, public_uri

if TYPE_CHECKING:
    from reportgen.config import Config
    from reportgen.job import Job

CONFIG_FILE = "config.yaml"


def chosen_keys(
    filter: str | None, order_by: Sequence[str] | None, limit: int | None, nested: str | None, deleted: bool, window: str | None
) -> dict[str, Any]:
    """The keys of a report that the command line's choice of runs sets, as they would stand in a config."""
    keys = {"runs": filter, "order_by": list(order_by or ()) or None, "limit": limit, "nested": nested, "window": window}
    return {key: value for key, value in (keys | {"deleted": deleted or None}).items() if value is not None}


def stores_words(job: Job) -> str:
    return ", ".join(public_uri(store.uri) for store in job.stores)


def config_of(
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


def jobs_of(
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

    from reportgen.clock import report_time
    from reportgen.config import cache_folder
    from reportgen.job import Job

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
    formats = formats_of(format)
    uris = [uri for uri in (config.tracking_uri, os.environ.get("MLFLOW_TRACKING_URI")) if uri]
    for report in config.reports.values():
        named = (*(s.tracking_uri for s in report.sources), *(p.mlflow.tracking_uri for p in report.publish))
        uris += [uri for uri in (report.tracking_uri, *named) if uri]
    redactor = Redactor.of(uris, os.environ)
    moment = now or report_time(datetime.now(UTC))
    cache = cache_folder(config, root) if cached else None
    return [
        Job(config, name, moment, output or root / config.output, redactor, publish, formats, lock_seconds, cache=cache)
        for name in (names or config.reports)
    ]


def formats_of(text: str | None) -> tuple[str, ...] | None:
    """Outputs asked for on the command line, known before a store is read; None = all."""
    names = tuple(part.strip() for part in (text or "").split(",") if part.strip())
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
