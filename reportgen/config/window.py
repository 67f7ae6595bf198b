"""From a report's window, as it is written, to the period that is read and the period it is compared with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from reportgen.config.schema import SPAN, ReportConfig
from reportgen.model import Window


def window_of(report: ReportConfig, now: datetime) -> Window:
    """The window of ``report`` in whole UTC days; the day of ``now`` is inside."""
    tomorrow = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    if report.window is None:
        return Window(None, None, "all time")
    if isinstance(report.window, str):
        match = SPAN.fullmatch(report.window)
        assert match is not None
        days = int(match["n"]) * {"d": 1, "w": 7}[match["unit"]]
        return Window(tomorrow - timedelta(days=days), tomorrow, f"{days} {'day' if days == 1 else 'days'} to {now:%Y-%m-%d}")
    start, last = report.window.from_, report.window.to
    words = " ".join([f"from {start}" if start else "", f"to {last}" if last else ""]).strip()
    end = datetime(last.year, last.month, last.day, tzinfo=UTC) + timedelta(days=1) if last else None
    return Window(datetime(start.year, start.month, start.day, tzinfo=UTC) if start else None, end, words or "all time")


N_PERIODS = 16
"""Windows before the report's own that it is compared with; steps are looked for in 12 values or more."""


def compared_from(report: ReportConfig, window: Window, now: datetime) -> datetime | None:
    """Start of what is read from before ``window`` to compare with; None without a start, and when nothing compares."""
    compares = any(chosen.section == "changes" for chosen in report.sections) or any(gate.not_worse_than for gate in report.gates)
    if window.start is None or not compares:
        return None
    length = (window.end or now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)) - window.start
    return window.start - N_PERIODS * max(length, timedelta(days=1))
