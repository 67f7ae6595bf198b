"""Every kind of chart: its frame, its drawing for the screen (a Plotly figure), its drawing for paper (shapes).

To add a kind, write one file with these three functions, add its name to ``reportgen.model.ChartKind`` and one row here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from reportgen.charts.frame import Frame
from reportgen.charts.kinds import bars, box, heatmap, histogram, intervals, lines, parallel, points, slopes
from reportgen.charts.picture import Shape
from reportgen.charts.plot import Plot
from reportgen.model import Chart, ChartKind


class FrameOf(Protocol):
    """Geometry of a cleaned chart on a figure ``width`` px wide."""

    def __call__(self, chart: Chart, width: float) -> Frame: ...


class Screen(Protocol):
    """Traces and layout for Plotly."""

    def __call__(self, chart: Chart, frame: Frame) -> tuple[list[dict[str, Any]], dict[str, Any]]: ...


class Paper(Protocol):
    """Shapes of the data, from back to front; grid, axes, legend and marks are drawn around them."""

    def __call__(self, chart: Chart, plot: Plot) -> Iterator[Shape]: ...


@dataclass(frozen=True, slots=True)
class Kind:
    frame: FrameOf
    screen: Screen
    paper: Paper


KINDS: Final[Mapping[ChartKind, Kind]] = {
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
