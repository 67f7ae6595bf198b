"""Snapshot → facts: pure arithmetic, one file for each question a reader asks.

SciPy is loaded when facts are made, not when this room is imported.
"""

from __future__ import annotations

import mmap
import resource
import sys
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reportgen.analyze.baseline_gates import Change
    from reportgen.analyze.compare.members import Matching
    from reportgen.analyze.facts import Facts
    from reportgen.analyze.previous_report import PreviousReport
    from reportgen.config import MetricConfig, ReportConfig
    from reportgen.model import Window
    from reportgen.snapshot import Snapshot

__all__ = ["facts_of"]

_SCIPY_BYTES = 250_000_000


def facts_of(
    snapshot: Snapshot,
    report: ReportConfig,
    metrics: Mapping[str, MetricConfig],
    *,
    now: datetime,
    window: Window,
    matching: Matching | None = None,
    previous_report: PreviousReport | None = None,
    change: Change | None = None,
) -> Facts:
    """Every fact that the report ``report`` tells about ``snapshot``; ``now`` is the moment the report is about.

    ``matching`` gives the runs for which a filter in MLflow's language holds: groups of a comparison may be filters.
    ``previous_report`` is what became of the last report, ``change`` what a CI job is about.
    """
    _check_room()
    from reportgen.analyze.baseline_gates import NO_CHANGE
    from reportgen.analyze.facts import facts_of as answered

    since, its = previous_report, change or NO_CHANGE
    return answered(snapshot, report, metrics, now=now, window=window, matching=matching, previous_report=since, change=its)


def _check_room() -> None:
    """Raise ``OSError`` where the process may not have the address space that SciPy takes: its OpenBLAS asks for its own for ever."""
    if resource.getrlimit(resource.RLIMIT_AS)[0] != resource.RLIM_INFINITY and "scipy.linalg" not in sys.modules:
        mmap.mmap(-1, _SCIPY_BYTES).close()
