"""The values that blocks are made of: what a cell can hold, how it is printed and meant, and pictures the size of a word.

Without behaviour, as all of ``reportgen.model``, which has them as its own names.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

__all__ = [
    "Bar",
    "DotStrip",
    "Format",
    "Goal",
    "Interval",
    "IntervalStrip",
    "MicroChart",
    "RunLink",
    "Scalar",
    "Sparkline",
    "Tone",
]

Goal = Literal["maximize", "minimize", "none"]
"""A metric's own direction. ``none``: shown, never ranked."""

Tone = Literal["neutral", "good", "bad", "warning", "best", "muted"]
"""How a value is meant. Every medium shows it by a sign or a word as well as by colour."""

Format = Literal[
    "text",  # as it is
    "code",  # as it is, in a fixed-width face: digests, commits, parameter values
    "number",  # significant digits, see formats.number
    "integer",  # thousands separated
    "percent",  # 0.123 -> 12.3 %
    "change",  # a number with its sign
    "percent_change",  # a percentage with its sign: +1.2 %
    "points",  # a difference of percentages: 0.012 -> +1.2 pp
    "p",  # p value: "<0.001" or two significant digits
    "duration",  # seconds -> "2 min 3 s"
    "bytes",  # "1.2 MB"
    "time",  # datetime -> "2026-11-20 14:03 UTC"
    "date",  # datetime -> "2026-11-20"
    "run",  # a RunLink
    "interval",  # an Interval -> "0.912 to 0.934"
    "estimate",  # an Interval with its centre -> "0.923 [0.912, 0.934]"
    "status",  # a run status word
    "goal",  # a Goal -> "↑ higher is better"
]


@dataclass(frozen=True, slots=True)
class RunLink:
    """A run, so that a number can be traced to it. ``url`` is None where the tracking server has no page."""

    run_id: str
    name: str
    url: str | None = None
    shares_name: bool = False
    """Whether another run has that name; only then paper shows the beginning of the id."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A confidence interval around ``value``; bounds are None where n is too small to say."""

    value: float | None
    low: float | None
    high: float | None
    n: int
    level: float = 0.95


Scalar = None | bool | int | float | str | datetime | RunLink | Interval
"""What a cell can hold. ``None`` is "not there" and prints as "—"; NaN is a value and prints as "NaN"."""


@dataclass(frozen=True, slots=True)
class Sparkline:
    """Values in their order, without axes: the last one has a dot."""

    values: tuple[float | None, ...]
    """None is a gap."""
    alt: str
    """What the picture says, in words: for who cannot see it, and for text media."""
    tone: Tone = "neutral"


@dataclass(frozen=True, slots=True)
class Bar:
    """A value as a length between ``low`` and ``high``, which all bars of a column share."""

    value: float | None
    high: float
    alt: str
    low: float = 0.0
    tone: Tone = "neutral"


@dataclass(frozen=True, slots=True)
class IntervalStrip:
    """An estimate with its interval on the axis ``low`` to ``high``, which all strips of a column share."""

    estimate: Interval
    low: float
    high: float
    alt: str
    zero: float | None = 0.0
    """Where "no difference" lies; None draws no line."""
    margin: tuple[float, float] | None = None
    """Shaded: differences that do not matter, on the same axis."""
    tone: Tone = "neutral"
    zero_label: str = ""
    """Words at the line of ``zero``, where the strip is a figure of its own."""


@dataclass(frozen=True, slots=True)
class DotStrip:
    """Every value as a dot on the axis ``low`` to ``high``, which all strips of a column share, and their mean with its interval."""

    values: tuple[float, ...]
    low: float
    high: float
    alt: str
    mean: Interval | None = None
    tone: Tone = "neutral"


MicroChart = Sparkline | Bar | IntervalStrip | DotStrip
"""A picture the size of a word, for a cell, a tile or a verdict; inline SVG on screen and paper, its ``alt`` elsewhere."""
