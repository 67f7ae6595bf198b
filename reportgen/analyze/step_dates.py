"""Steps that are points in calendar time: 20261130, 202611, or a Unix time in seconds, milliseconds, microseconds or nanoseconds."""

from __future__ import annotations

from datetime import date
from typing import Literal

import numpy as np

StepUnit = Literal["count", "yyyymmdd", "yyyymm", "s", "ms", "us", "ns"]
"""What a step counts; ``count``: it is no date."""

FEWEST = 3
"""Distinct steps, below which nothing is taken for a date."""
_PER_SECOND: dict[StepUnit, int] = {"s": 1, "ms": 1000, "us": 1_000_000, "ns": 1_000_000_000}
_EARLIEST, _LATEST = 946_684_800, 4_102_444_800
"""The years 2000 to 2100 as Unix times."""
_NEAR = 2 * 86_400_000
"""Milliseconds between a step that is the time of logging and that time."""


def step_unit_of(step: np.ndarray, timestamp: np.ndarray) -> StepUnit:
    """What ``step`` (ascending) counts. Abstains: a count of tokens may be as large as a Unix time.

    A Unix time is taken for one where all steps are whole minutes, or all are near the time at which they were logged.
    """
    first, last = int(step[0]), int(step[-1])
    if first < 190_001:  # nearly every series of every store
        return "count"
    if 19_000_101 <= first <= last <= 21_001_231:
        return "yyyymmdd" if _several(step) and all(map(_is_day, np.unique(step).tolist())) else "count"
    if 190_001 <= first <= last <= 210_012:
        return "yyyymm" if _several(step) and _are_months(np.unique(step)) else "count"
    for unit, factor in _PER_SECOND.items():
        if _EARLIEST * factor <= first and last <= _LATEST * factor and _several(step):
            near = np.abs(milliseconds_of(step, unit) - timestamp).max() <= _NEAR
            return unit if near or bool((step % (60 * factor) == 0).all()) else "count"
    return "count"


def _several(step: np.ndarray) -> bool:
    return len(step) >= FEWEST and len(np.unique(step)) >= FEWEST


def _is_day(step: int) -> bool:
    try:
        date(step // 10_000, step // 100 % 100, step % 100)
    except ValueError:
        return False
    return True


def _are_months(step: np.ndarray) -> bool:
    """Months of two years or more, none missing: a plain count would have 202613 too."""
    month = step % 100
    number = step // 100 * 12 + month
    return bool(((month >= 1) & (month <= 12)).all() and (np.diff(number) == 1).all() and step[-1] // 100 > step[0] // 100)


def milliseconds_of(step: np.ndarray, unit: StepUnit) -> np.ndarray:
    """Milliseconds since the epoch, exactly; ``unit`` is no count."""
    if unit in {"yyyymmdd", "yyyymm"}:
        day = step % 100 if unit == "yyyymmdd" else np.ones(len(step), dtype=np.int64)
        month = step // 100 % 100 if unit == "yyyymmdd" else step % 100
        year = step // 10_000 if unit == "yyyymmdd" else step // 100
        months = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
        found: np.ndarray = (months.astype("datetime64[D]").astype(np.int64) + day - 1) * 86_400_000
        return found
    factor = _PER_SECOND[unit]
    return step * (1000 // factor) if factor <= 1000 else step // (factor // 1000)


def milliseconds_of_step(step: int, unit: StepUnit) -> int:
    """``milliseconds_of`` of one step."""
    return int(milliseconds_of(np.array([step], dtype=np.int64), unit)[0])
