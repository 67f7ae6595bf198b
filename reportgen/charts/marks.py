"""Where the words of a ``Mark`` go: at the end of its line that is furthest from the data.

The words of a horizontal mark stand on its line, at the left or at the right; those of a vertical one beside it at
the top, a row lower for each neighbour that would touch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from reportgen.charts import plotly_parts as plotly
from reportgen.charts import theme
from reportgen.charts.frame import Frame
from reportgen.charts.text import plain_text, plotly_text, shortened, width_of
from reportgen.model import Chart, Mark

_ROW = 15.0


@dataclass(frozen=True, slots=True)
class MarkLabel:
    mark: Mark
    text: str
    side: Literal["left", "right"]
    """Of the plot for a horizontal mark; of the line for a vertical one."""
    row: int = 0
    """How many rows down from the top, for a vertical mark."""


def mark_labels(chart: Chart, frame: Frame) -> tuple[MarkLabel, ...]:
    """The words of all marks that have some and lie inside the frame."""
    inside = [m for m in chart.marks if m.label and 0 <= (frame.x if m.axis == "x" else frame.y).share(m.at) <= 1]
    across = [_across(m, chart, frame) for m in inside if m.axis == "y"]
    return (*across, *_beside(sorted((m for m in inside if m.axis == "x"), key=lambda m: m.at), frame))


def _across(mark: Mark, chart: Chart, frame: Frame) -> MarkLabel:
    text = shortened(plain_text(mark.label), frame.plot_width * 0.6, theme.TICK_SIZE)
    reach = min(width_of(text, theme.TICK_SIZE) / max(frame.plot_width, 1), 0.6)
    left = _nearest(chart, frame, mark.at, 0.0, reach)
    right = _nearest(chart, frame, mark.at, 1.0 - reach, 1.0)
    return MarkLabel(mark, text, "right" if right >= left else "left")


def _nearest(chart: Chart, frame: Frame, at: float, first: float, last: float) -> float:
    """How near the data come to the space just above the mark, between two shares of x; large is free."""
    gaps = []
    target = frame.y.share(at) + 8 / max(frame.plot_height, 1)
    for trace in chart.traces:
        for x, y in zip(trace.x, trace.y, strict=True):
            if x is not None and y is not None and first <= frame.x.share(x) <= last:
                gaps.append(abs(frame.y.share(y) - target))
    return min(gaps, default=1.0)


def _beside(marks: Sequence[Mark], frame: Frame) -> list[MarkLabel]:
    labels: list[MarkLabel] = []
    ends: list[float] = []
    for mark in marks:
        at = frame.x.share(mark.at) * frame.plot_width
        text = shortened(plain_text(mark.label), frame.plot_width * 0.45, theme.TICK_SIZE)
        length = width_of(text, theme.TICK_SIZE) + 10
        side: Literal["left", "right"] = "right" if at + length <= frame.plot_width else "left"
        start = at if side == "right" else at - length
        row = next((i for i, end in enumerate(ends) if end <= start), len(ends))
        ends[row:] = [start + length, *ends[row + 1 :]]
        labels.append(MarkLabel(mark, text, side, row))
    return labels


def rows_above(chart: Chart, frame: Frame) -> int:
    """How many rows of words the vertical marks need when these stand above the plot."""
    return max((label.row + 1 for label in mark_labels(chart, frame) if label.mark.axis == "x"), default=0)


def mark_annotations(chart: Chart, frame: Frame, *, above: bool = False) -> list[dict[str, Any]]:
    """The words for Plotly; ``above`` lifts those of vertical marks out of the plot."""
    found = []
    for label in mark_labels(chart, frame):
        right = label.side == "right"
        place: dict[str, Any] = {"font": {"size": theme.TICK_SIZE}}
        if label.mark.axis == "y":
            at = plotly.on_axis(frame.y, label.mark.at)
            place |= {"x": 1 if right else 0, "xref": "paper", "xanchor": "right" if right else "left"}
            place |= {"y": at, "yref": "y", "yanchor": "bottom", "yshift": 1}
        else:
            place |= {"x": plotly.on_axis(frame.x, label.mark.at), "xref": "x", "xanchor": "left" if right else "right"}
            place |= {"xshift": 2 if right else -2, "y": 1, "yref": "paper"}
            if above:
                place |= {"yanchor": "bottom", "yshift": label.row * _ROW}
            else:
                place |= {"yanchor": "top", "yshift": -label.row * _ROW}
        found.append(plotly.annotation(plotly_text(label.text), **place))
    return found


def draw_mark_labels(axes: Any, chart: Chart, frame: Frame, *, above: bool = False) -> None:
    """The same words for matplotlib."""
    from reportgen.charts.matplotlib_parts import words

    for label in mark_labels(chart, frame):
        right = label.side == "right"
        if label.mark.axis == "y":
            ends = {"ha": "right" if right else "left", "va": "bottom", "coords": ("axes fraction", "data")}
            words(axes, label.text, (1.0 if right else 0.0, label.mark.at), (0, 2), fontsize=theme.TICK_SIZE, **ends)
        else:
            ends = {"ha": "left" if right else "right", "va": "bottom" if above else "top", "coords": ("data", "axes fraction")}
            shift = (4 if right else -4, label.row * _ROW + 3 if above else -label.row * _ROW - 2)
            words(axes, label.text, (label.mark.at, 1.0), shift, fontsize=theme.TICK_SIZE, **ends)
