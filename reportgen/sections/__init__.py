"""Facts → Report: pure choice of words, tables and charts; typed blocks, no HTML.

One file for each section and one registry. Nothing heavy is loaded before a report is made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reportgen.analyze.facts import Facts
    from reportgen.analyze.portfolio import Portfolio
    from reportgen.config import MetricConfig, ReportConfig
    from reportgen.model import Report, Window
    from reportgen.snapshot import Snapshot

__all__ = ["report_of"]


def report_of(
    facts: Facts,
    snapshot: Snapshot,
    report: ReportConfig,
    metrics: Mapping[str, MetricConfig],
    *,
    name: str,
    now: datetime,
    window: Window,
    config_digest: str,
    versions: tuple[tuple[str, str], ...],
    run_url: Callable[[str, str], str | None],
    portfolio: Portfolio | None = None,
    change: tuple[tuple[str, str], ...] = (),
    code: Path | None = None,
    fill: Callable[[str, Mapping[str, object]], tuple[str, tuple[str, ...]]] | None = None,
) -> Report:
    """The report ``name`` from ``facts``; ``run_url`` gives the tracking server's page of a run, or None.

    A report over several projects has them in ``portfolio``; ``facts`` are then those about all runs. ``change`` is (what, value) of
    what a CI job made it for.
    """
    from reportgen.sections.report import report_of as told

    return told(
        facts,
        snapshot,
        report,
        metrics,
        name=name,
        now=now,
        window=window,
        config_digest=config_digest,
        versions=versions,
        run_url=run_url,
        portfolio=portfolio,
        change=change,
        code=code,
        fill=fill,
    )
