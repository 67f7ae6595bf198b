"""Where the words of a ``Mark`` go, so that they never lie on the data.

The words of a horizontal mark stand on its line, at the end that is further from the data; those of a vertical one
stand above the plot, a row higher for each neighbour that would touch.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from reportgen.charts import theme
from reportgen.charts.scales import Scale
from reportgen.charts.text import plain_text, shortened, width_of
from reportgen.model import Mark, Trace

_LEAST_WORDS: Final = 110.0
"""Above a narrow plot words may reach beyond it: nothing else stands there."""
ROW: Final = 15.0
"""Height of one row of words above the plot."""


@dataclass(frozen=True, slots=True)
class MarkLabel:
    mark: Mark
    text: str
    """Empty for a line without words."""
    side: Literal["left", "right"]
    """Of the plot for a horizontal mark; of the line for a vertical one."""
    row: int = 0
    """How many rows up from the plot, for a vertical mark."""


def beside(marks: Iterable[Mark], scale: Scale, width: float) -> list[MarkLabel]:
    """Vertical marks inside the scale, their words in rows; ``width`` is the plot's, in px."""
    labels: list[MarkLabel] = []
    ends: list[float] = []
    for mark in sorted((m for m in marks if m.axis == "x" and 0 <= scale.share(m.at) <= 1), key=lambda m: m.at):
        at = scale.share(mark.at) * width
        text = shortened(plain_text(mark.label), max(width * 0.45, _LEAST_WORDS), theme.TICK_SIZE)
        length = width_of(text, theme.TICK_SIZE) + 10
        side: Literal["left", "right"] = "right" if at + length <= width else "left"
        start = at if side == "right" else at - length
        row = next((i for i, end in enumerate(ends) if end <= start), len(ends)) if text else 0
        if text:
            ends[row:] = [start + length, *ends[row + 1 :]]
        labels.append(MarkLabel(mark, text, side, row))
    return labels


def rows_above(labels: Iterable[MarkLabel]) -> int:
    return max((label.row + 1 for label in labels if label.mark.axis == "x" and label.text), default=0)


def across(marks: Iterable[Mark], traces: Sequence[Trace], x: Scale, y: Scale, size: tuple[float, float]) -> list[MarkLabel]:
    """Horizontal marks inside the scale; ``size`` is the plot's width and height in px."""
    labels = []
    for mark in marks:
        if mark.axis != "y" or not 0 <= y.share(mark.at) <= 1:
            continue
        text = shortened(plain_text(mark.label), size[0] * 0.6, theme.TICK_SIZE)
        reach = min(width_of(text, theme.TICK_SIZE) / max(size[0], 1), 0.6)
        target = y.share(mark.at) + 8 / max(size[1], 1)
        left, right = (_nearest(traces, x, y, target, first) for first in ((0.0, reach), (1.0 - reach, 1.0)))
        labels.append(MarkLabel(mark, text, "right" if right >= left else "left"))
    return labels


def _nearest(traces: Sequence[Trace], x: Scale, y: Scale, target: float, between: tuple[float, float]) -> float:
    """How near the data come to a height, between two shares of x; 1 when there are none."""
    gaps = [
        abs(y.share(v) - target)
        for trace in traces
        for u, v in zip(trace.x, trace.y, strict=True)
        if u is not None and v is not None and between[0] <= x.share(u) <= between[1]
    ]
    return min(gaps, default=1.0)
