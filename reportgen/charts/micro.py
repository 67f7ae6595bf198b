"""Pictures the size of a word as inline SVG: the same markup on screen and paper.

A shape says its colour twice: as an attribute, which is what WeasyPrint draws (the style sheet of a document does not reach into
its SVG), and as a class, by which a page draws it in the colours of its own theme. The words of a picture are its
``<title>``; there is no text in it except the numbers of an axis.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal
from xml.sax.saxutils import escape

from reportgen.charts import theme
from reportgen.charts.scales import Tick, ticks_between
from reportgen.charts.text import shortened, width_of
from reportgen.formats import visible
from reportgen.model import Bar, DotStrip, Figure, Interval, IntervalStrip, MicroChart, Sparkline, Tone

Role = Literal["ink", "soft", "rule", "panel", "accent", "good", "bad", "warning"]
_ROLES: Final[dict[Tone, Role]] = {
    "neutral": "accent",
    "best": "accent",
    "good": "good",
    "bad": "bad",
    "warning": "warning",
    "muted": "soft",
}
_SIDE: Final = 4.0
"""Room left and right of an axis, so that a dot at its end is whole."""
_AXIS_SIZE: Final = 9.0
_MOST_POINTS: Final = 120
"""Of a sparkline: it has not so many pixels."""


@dataclass(frozen=True, slots=True)
class Size:
    """In CSS pixels."""

    width: float
    height: float


Place = Literal["cell", "tile", "figure"]
SIZES: Final[dict[Place, dict[type, Size]]] = {
    "cell": {Sparkline: Size(72, 16), Bar: Size(72, 8), IntervalStrip: Size(128, 16), DotStrip: Size(128, 16)},
    "tile": {Sparkline: Size(112, 24), Bar: Size(112, 6), IntervalStrip: Size(128, 20), DotStrip: Size(128, 20)},
    "figure": {Sparkline: Size(300, 40), Bar: Size(300, 10), IntervalStrip: Size(300, 34), DotStrip: Size(300, 28)},
}
"""How large a picture is among the words of its place."""


def micro_svg(chart: MicroChart, place: Place = "cell") -> str:
    """``chart`` as an ``<svg>`` element, at the size of its place."""
    size = SIZES[place][type(chart)]
    shapes = "".join(_shapes(chart, size))
    return _svg(size, f"<title>{escape(visible(chart.alt))}</title>{shapes}")


def axis_svg(figure: Figure) -> str:
    """The axis that the strips of ``figure`` share, as an ``<svg>`` of its own; empty where they have none."""
    strips = [chart for _, chart, _ in figure.rows if isinstance(chart, IntervalStrip | DotStrip)]
    if not strips:
        return ""
    size, strip = Size(SIZES["figure"][type(strips[0])].width, 17), strips[0]
    place = _Axis(strip.low, strip.high, size.width)
    zero = strip.zero if isinstance(strip, IntervalStrip) else None
    label = shortened(visible(strip.zero_label), size.width / 2, _AXIS_SIZE) if isinstance(strip, IntervalStrip) else ""
    lines, texts = [_line(_SIDE, 0.5, size.width - _SIDE, 0.5, "rule")], []
    taken: list[tuple[float, float]] = []
    words = [Tick(zero, label)] if zero is not None and label and strip.low <= zero <= strip.high else []
    for tick in (*words, *ticks_between("linear", figure.format, strip.low, strip.high, 6)):
        x, half = place.x(tick.at), width_of(tick.text, _AXIS_SIZE) / 2
        middle = min(max(x, half), size.width - half)
        if any(middle - half < right + 6 and left - 6 < middle + half for left, right in taken):
            continue
        taken.append((middle - half, middle + half))
        lines.append(_line(x, 0.5, x, 4, "soft"))
        texts.append(f'<text x="{_n(middle)}" y="14">{escape(tick.text)}</text>')
    style = (
        f'class="f-soft" fill="{theme.LIGHT["soft"]}" font-size="{_n(_AXIS_SIZE)}" font-family="{",".join(theme.PAPER_FONTS)}"'
    )
    return _svg(size, f'{"".join(lines)}<g text-anchor="middle" {style}>{"".join(texts)}</g>', hidden=True)


@dataclass(frozen=True, slots=True)
class _Axis:
    low: float
    high: float
    width: float

    def x(self, value: float) -> float:
        """In px, never outside the picture."""
        span = self.high - self.low
        share = min(max((value - self.low) / span, 0.0), 1.0) if span > 0 and math.isfinite(value) else 0.5
        return _SIDE + share * (self.width - 2 * _SIDE)


def _shapes(chart: MicroChart, size: Size) -> Iterator[str]:
    match chart:
        case Sparkline():
            yield from _sparkline(chart, size)
        case Bar():
            yield from _bar(chart, size)
        case IntervalStrip():
            yield from _interval_strip(chart, size)
        case DotStrip():
            yield from _dot_strip(chart, size)


def _sparkline(chart: Sparkline, size: Size) -> Iterator[str]:
    role = _ROLES[chart.tone]
    points = _thinned([(i, v) for i, v in enumerate(chart.values) if v is not None and math.isfinite(v)])
    if not points:
        return
    low, high = min(v for _, v in points), max(v for _, v in points)
    pad, last = 3.0, max(len(chart.values) - 1, 1)

    def place(i: int, value: float) -> tuple[float, float]:
        x = pad + i / last * (size.width - 2 * pad)
        share = (value - low) / (high - low) if high > low else 0.5
        return x, size.height - pad - share * (size.height - 2 * pad)

    gaps = {i for i, v in enumerate(chart.values) if v is None or not math.isfinite(v)}
    for run in _runs(points, gaps):
        line = [place(i, v) for i, v in run]
        if len(line) > 1:
            area = [(line[0][0], size.height), *line, (line[-1][0], size.height)]
            yield _element("polygon", points=_pairs(area), fill=role, opacity=0.1)
            yield _element("polyline", points=_pairs(line), stroke=role, width=1.5)
        elif run[0] != points[-1]:
            yield _circle(*line[0], 1, role)
    yield _circle(*place(*points[-1]), 2.2, role)


def _thinned(points: list[tuple[int, float]]) -> list[tuple[int, float]]:
    """At most ``_MOST_POINTS`` of ``points``: the lowest and the highest of each piece, and the last one."""
    if len(points) <= _MOST_POINTS:
        return points
    step = math.ceil(len(points) / (_MOST_POINTS // 2 - 1))
    pieces = [points[at : at + step] for at in range(0, len(points), step)]
    kept = {i for piece in pieces for i in (min(piece, key=lambda p: p[1])[0], max(piece, key=lambda p: p[1])[0])}
    return [point for point in points if point[0] in kept or point == points[-1]]


def _runs(points: Sequence[tuple[int, float]], gaps: set[int]) -> Iterator[list[tuple[int, float]]]:
    """``points`` cut where a value is missing between two of them."""
    run = [points[0]]
    for point in points[1:]:
        if gaps and any(at in gaps for at in range(run[-1][0] + 1, point[0])):
            yield run
            run = []
        run.append(point)
    yield run


def _bar(chart: Bar, size: Size) -> Iterator[str]:
    def x(value: float) -> float:
        span = chart.high - chart.low
        return min(max((value - chart.low) / span, 0.0), 1.0) * size.width if span > 0 else size.width / 2

    radius = min(size.height / 2, 2.0)
    yield _element("rect", x=0, y=0, w=size.width, h=size.height, rx=radius, fill="panel")
    if chart.value is None or not math.isfinite(chart.value):
        return
    start, end = sorted((x(min(max(0.0, chart.low), chart.high)), x(chart.value)))
    yield _element("rect", x=start, y=0, w=max(end - start, 1.0), h=size.height, rx=radius, fill=_ROLES[chart.tone], opacity=0.8)


def _interval_strip(chart: IntervalStrip, size: Size) -> Iterator[str]:
    axis, middle = _Axis(chart.low, chart.high, size.width), size.height / 2
    if chart.margin is not None:
        left, right = (axis.x(bound) for bound in sorted(chart.margin))
        yield _element("rect", x=left, y=0, w=right - left, h=size.height, fill="rule", opacity=0.7)
    if chart.zero is not None and chart.low <= chart.zero <= chart.high:
        yield _line(axis.x(chart.zero), 0, axis.x(chart.zero), size.height, "soft", dash="2 2")
    yield from _interval(chart.estimate, axis, middle, _ROLES[chart.tone], size.height)


def _dot_strip(chart: DotStrip, size: Size) -> Iterator[str]:
    axis, middle, role = _Axis(chart.low, chart.high, size.width), size.height / 2, _ROLES[chart.tone]
    yield _line(_SIDE, middle, size.width - _SIDE, middle, "rule")
    for value in sorted(v for v in chart.values if math.isfinite(v)):
        yield _circle(axis.x(value), middle, min(size.height / 7, 3.0), role, opacity=0.35)
    if chart.mean is not None:
        yield from _interval(chart.mean, axis, middle, role, size.height)


def _interval(estimate: Interval, axis: _Axis, y: float, role: Role, height: float) -> Iterator[str]:
    """A bar from bound to bound with a dot on it; an arrow where it goes on beyond the axis."""
    if estimate.low is not None and estimate.high is not None:
        low, high = axis.x(estimate.low), axis.x(estimate.high)
        yield _element("line", x1=low, y1=y, x2=high, y2=y, stroke=role, width=min(height / 5, 6.0), opacity=0.28, cap="round")
        yield _line(low, y, high, y, role, width=2)
        for bound, at, way in ((estimate.low, low, -1), (estimate.high, high, 1)):
            if not axis.low <= bound <= axis.high:
                yield _element("polygon", points=_pairs([(at + 4 * way, y), (at, y - 3), (at, y + 3)]), fill=role)
    if estimate.value is not None:
        yield _circle(axis.x(estimate.value), y, min(height / 5, 5.0), role)


# --- elements -------------------------------------------------------------------------------------------------------


def _svg(size: Size, inner: str, *, hidden: bool = False) -> str:
    width, height = _n(size.width), _n(size.height)
    role = 'aria-hidden="true"' if hidden else 'role="img"'
    return f'<svg class="micro" width="{width}" height="{height}" viewBox="0 0 {width} {height}" {role}>{inner}</svg>'


def _element(
    name: str,
    *,
    fill: Role | None = None,
    stroke: Role | None = None,
    opacity: float = 1.0,
    width: float = 0.0,
    dash: str = "",
    cap: str = "",
    **place: float | str,
) -> str:
    names = {"w": "width", "h": "height"}
    parts = [f'{names.get(key, key)}="{value if isinstance(value, str) else _n(value)}"' for key, value in place.items()]
    classes = [f"f-{fill}"] if fill else []
    parts.append(f'fill="{theme.LIGHT[fill]}"' if fill else 'fill="none"')
    if stroke:
        classes.append(f"s-{stroke}")
        parts.append(f'stroke="{theme.LIGHT[stroke]}" stroke-width="{_n(width)}"')
        parts += [f'stroke-{key}="{value}"' for key, value in (("dasharray", dash), ("linecap", cap)) if value]
    if opacity < 1:
        parts.append(f'opacity="{opacity:g}"')
    return f'<{name} class="{" ".join(classes)}" {" ".join(parts)}/>'


def _line(x1: float, y1: float, x2: float, y2: float, role: Role, *, width: float = 1.0, dash: str = "") -> str:
    return _element("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=role, width=width, dash=dash)


def _circle(x: float, y: float, r: float, role: Role, *, opacity: float = 1.0) -> str:
    return _element("circle", cx=x, cy=y, r=r, fill=role, opacity=opacity)


def _pairs(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{_n(x)},{_n(y)}" for x, y in points)


def _n(value: float) -> str:
    """To a tenth of a pixel, without needless zeros."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text
