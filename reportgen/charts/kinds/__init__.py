"""Every kind of chart: its frame, its drawing for the screen (a Plotly figure), its drawing for paper (matplotlib).

To add a kind, write one file with these three functions and add one row here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

from reportgen.charts.frame import Frame
from reportgen.charts.kinds import bars, box, heatmap, histogram, intervals, lines, parallel, points, slopes
from reportgen.model import Chart

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class FrameOf(Protocol):
    """Geometry of a cleaned chart on a figure ``width`` px wide."""

    def __call__(self, chart: Chart, width: float) -> Frame: ...


class Screen(Protocol):
    """Traces and layout for Plotly; ``paper`` fixes the ticks and the width."""

    def __call__(self, chart: Chart, frame: Frame, *, paper: bool) -> tuple[list[dict[str, Any]], dict[str, Any]]: ...


class Paper(Protocol):
    """Draws on axes that stand where the frame wants them."""

    def __call__(self, chart: Chart, frame: Frame, axes: Axes) -> None: ...


@dataclass(frozen=True, slots=True)
class Kind:
    frame: FrameOf
    screen: Screen
    paper: Paper | None
    """None for a kind that only a browser can draw; without one it becomes its data table and a problem."""


KINDS: Final[Mapping[str, Kind]] = {
    "bars": Kind(bars.frame, bars.screen, bars.paper),
    "box": Kind(box.frame, box.screen, box.paper),
    "heatmap": Kind(heatmap.frame, heatmap.screen, heatmap.paper),
    "histogram": Kind(histogram.frame, histogram.screen, histogram.paper),
    "intervals": Kind(intervals.frame, intervals.screen, intervals.paper),
    "lines": Kind(lines.frame, lines.screen, lines.paper),
    "parallel": Kind(parallel.frame, parallel.screen, parallel.paper),
    "points": Kind(points.frame, points.screen, points.paper),
    "slopes": Kind(slopes.frame, slopes.screen, slopes.paper),
}
