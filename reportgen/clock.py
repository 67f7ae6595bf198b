"""The moment that a report is about."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo

from reportgen.errors import ConfigError


def report_time(clock: datetime, environment: Mapping[str, str] = os.environ, zone: tzinfo = UTC) -> datetime:
    """``SOURCE_DATE_EPOCH`` when it is set, else the day of ``clock`` (midnight in ``zone``).

    A day, not a second, so that two builds of the same data on one day are the same bytes. Raises ``ConfigError``.
    """
    epoch = environment.get("SOURCE_DATE_EPOCH", "")
    if not epoch:
        return clock.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    try:
        return datetime.fromtimestamp(int(epoch), zone)
    except (ValueError, OverflowError, OSError):
        raise ConfigError(
            "bad-epoch", "SOURCE_DATE_EPOCH is not a time", found=epoch[:40], allowed="seconds since 1970"
        ) from None
