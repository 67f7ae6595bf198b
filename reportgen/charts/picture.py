"""What a chart for paper consists of: a few kinds of shapes in CSS pixels, y downwards.

A chart kind makes a ``Picture``; ``reportgen.charts.svg`` writes it and ``reportgen.charts.png`` paints it, so both
files show the same picture. Shapes are listed from back to front.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from reportgen.charts import theme

Point = tuple[float, float]

THIN: Final = 1.6
"""Width of the lines of a marker that has no area."""
_DASHES: Final = {"solid": (), "dash": (4.5, 2.5), "dot": (1.2, 1.8), "dashdot": (5.0, 2.0, 1.2, 2.0)}
"""Drawn and left out, in turn, in widths of the line."""


@dataclass(frozen=True, slots=True)
class Stroke:
    color: str
    width: float = 1.0
    dash: tuple[float, ...] = ()
    """Drawn and left out, in turn, in px; empty = solid."""


@dataclass(frozen=True, slots=True)
class Path:
    """Lines, or with ``fill`` an area; several of them where values are missing in between."""

    lines: tuple[tuple[Point, ...], ...]
    stroke: Stroke | None = None
    fill: str | None = None
    opacity: float = 1.0
    clipped: bool = False
    """Cut at the edges of the plot."""


@dataclass(frozen=True, slots=True)
class Rect:
    left: float
    top: float
    width: float
    height: float
    fill: str | None
    opacity: float = 1.0
    stroke: Stroke | None = None


@dataclass(frozen=True, slots=True)
class Markers:
    """The same sign at several places."""

    points: tuple[Point, ...]
    symbol: str
    size: float
    color: str
    opacity: float = 1.0

    @property
    def radius(self) -> float:
        return self.size * theme.MARKER_SCALE[self.symbol] / 2

    @property
    def is_filled(self) -> bool:
        return self.symbol not in ("cross", "open")


@dataclass(frozen=True, slots=True)
class Text:
    x: float
    y: float
    """Of the baseline."""
    text: str
    size: float
    color: str
    anchor: Literal["start", "middle", "end"] = "start"
    is_bold: bool = False
    tilt: float = 0.0
    """Degrees anticlockwise around the anchor."""


Shape = Path | Rect | Markers | Text


@dataclass(frozen=True, slots=True)
class Picture:
    width: int
    height: int
    shapes: tuple[Shape, ...]
    plot: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    """Left, top, width and height of the area that ``Path.clipped`` cuts at."""


def dashed(name: str, width: float) -> tuple[float, ...]:
    """The dash ``name`` ("solid", "dash", "dot", "dashdot") of a line of ``width`` px."""
    return tuple(length * width for length in _DASHES[name])


def outlines(symbol: str, r: float) -> tuple[tuple[Point, ...], ...]:
    """The lines of a marker around (0, 0), ``r`` px in radius; nothing for the round ones, which are circles."""
    if symbol == "square":
        return (((-r, -r), (r, -r), (r, r), (-r, r)),)
    if symbol == "diamond":
        return (((0, -1.3 * r), (1.3 * r, 0), (0, 1.3 * r), (-1.3 * r, 0)),)
    if symbol in ("triangle", "triangle-down"):
        sign, half = (1 if symbol == "triangle" else -1), 2 * r / math.sqrt(3)
        return (((-half, sign * r / 2), (half, sign * r / 2), (0, -sign * r)),)
    if symbol == "cross":
        return (((-r, -r), (r, r)), ((-r, r), (r, -r)))
    return ()


def runs_of(xs: Sequence[float | None], ys: Sequence[float | None]) -> tuple[tuple[Point, ...], ...]:
    """The points without a gap between them, run by run."""
    runs: list[list[Point]] = [[]]
    for x, y in zip(xs, ys, strict=True):
        if x is not None and y is not None:
            runs[-1].append((x, y))
        elif runs[-1]:
            runs.append([])
    return tuple(tuple(run) for run in runs if run)
