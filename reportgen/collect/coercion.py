"""Numbers and times from loosely typed values (JSON, YAML, text); None for anything else."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:?\d\d)?", re.ASCII)
_DURATION = re.compile(r"(\d{1,15})(?:\.(\d{1,9}))?s", re.ASCII)


def int64(value: object) -> int | None:
    """A whole number of 64 bits; text that spells one counts, a fraction is cut off, a truth value is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = int(value)
    except (ValueError, OverflowError):
        return None
    return number if -(2**63) <= number < 2**63 else None


def float64(value: object) -> float | None:
    """A double, NaN and the infinities too; text that spells one counts, a truth value is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value)
    except (ValueError, OverflowError):
        return None


def epoch_ms(value: object) -> int | None:
    """Milliseconds since 1970 of a time as protobuf's JSON writes it, or as YAML has read it; UTC when it names no zone."""
    if isinstance(value, datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
        return (aware - _EPOCH) // timedelta(milliseconds=1)
    match = _TIME.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return None
    day, time, fraction, zone = match.groups()
    try:
        moment = datetime.fromisoformat(f"{day}T{time}{(fraction or '')[:7]}{'+00:00' if zone in (None, 'Z') else zone}")
    except ValueError:
        return None
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def duration_ms(value: object) -> int | None:
    """Milliseconds of a duration as protobuf's JSON writes it: ``1.265s``."""
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    return int(match[1]) * 1000 + int((match[2] or "").ljust(3, "0")[:3]) if match else None
