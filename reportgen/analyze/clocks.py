"""Times that a clock cannot have shown."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

EARLIEST = datetime(2010, 1, 1, tzinfo=UTC)
"""No run of MLflow is older."""
AHEAD = timedelta(days=2)
"""How far a clock may be ahead of the report's: that one may stand at the start of the day that the report is about."""


def is_possible(at: datetime, now: datetime) -> bool:
    """Whether a run may have started or ended at ``at``, in a report made at ``now``."""
    return EARLIEST <= at <= now + AHEAD
