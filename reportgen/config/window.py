"""From a report's window, as it is written, to the period that is read and the period it is compared with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from reportgen.config.base import days_of
from reportgen.config.schema import SINCE_LAST_REPORT, ReportConfig
from reportgen.model import Window


@dataclass(frozen=True, slots=True)
class LastTold:
    """How far the last report got."""

    day: str
    """Of that report, as ISO 8601 writes it."""
    until: datetime
    """No run that it knew started at this moment or later."""


def window_of(report: ReportConfig, now: datetime, last: LastTold | None = None) -> Window:
    """The window of ``report`` in whole days by the clock of ``now``; the day of ``now`` is inside. ``last`` is what ``since_last_report`` begins with;
    without one it is about all time."""
    tomorrow = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    if report.window is None:
        return Window(None, None, "all time")
    if report.window == SINCE_LAST_REPORT:
        words = f"since the report of {last.day}" if last else "all time, there being no earlier report"
        return Window(last.until, tomorrow, words) if last else Window(None, None, words)
    if isinstance(report.window, str):
        days = days_of(report.window)
        return Window(tomorrow - timedelta(days=days), tomorrow, f"{days} {'day' if days == 1 else 'days'} to {now:%Y-%m-%d}")
    start, final = report.window.from_, report.window.to
    words = " ".join([f"from {start}" if start else "", f"to {final}" if final else ""]).strip()
    end = datetime(final.year, final.month, final.day, tzinfo=now.tzinfo) + timedelta(days=1) if final else None
    return Window(datetime(start.year, start.month, start.day, tzinfo=now.tzinfo) if start else None, end, words or "all time")


N_PERIODS = 16
"""Windows before the report's own that it is compared with; steps are looked for in 12 values or more."""


def compared_from(report: ReportConfig, window: Window, now: datetime) -> datetime | None:
    """Start of what is read from before ``window`` to compare with; None without a start, and when nothing compares."""
    compares = any(chosen.section == "changes" for chosen in report.sections) or any(gate.not_worse_than for gate in report.gates)
    if window.start is None or not compares:
        return None
    length = (window.end or now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)) - window.start
    return window.start - N_PERIODS * max(length, timedelta(days=1))
