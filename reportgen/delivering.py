"""Delivering a bundle that is there already: what a build does at its end, again or elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportgen.errors import ConfigError

if TYPE_CHECKING:
    from reportgen.config import Config
    from reportgen.job import Job, Progress
    from reportgen.publish import Receipt
    from reportgen.render import Bundle


def config_for(name: str, mlflow: Mapping[str, Any]) -> Config:
    """A config whose report ``name`` is logged to the one place ``mlflow``. Raises ``ConfigError`` as ``config.load`` does."""
    from reportgen.config import of_mapping

    return of_mapping({"reports": {name: {"publish": [{"mlflow": dict(mlflow)}]}}})


def delivered(bundle: Bundle, job: Job, place: Path, progress: Progress) -> tuple[Receipt, ...]:
    """Hand ``bundle``, which lies in ``place``, to every channel of ``job``. Raises ``ConfigError`` when it has none, or when one can certainly not be reached."""
    from reportgen.publish.delivery import sent
    from reportgen.publish.readiness import check_ready
    from reportgen.publish.report_facts import report_folder

    if not (job.targets or job.messages):
        raise ConfigError(
            "no-channel",
            f"the config delivers the report {job.name} nowhere",
            todo="add `publish:` to the report, or give --tracking-uri URI [--experiment NAME]",
        )
    check_ready(job.targets)
    seconds = job.config.limits.delivery_seconds
    own = report_folder(place, bundle.name)
    return sent(bundle, job.targets, job.messages, progress, folder=own, redactor=job.redactor, seconds=seconds)
