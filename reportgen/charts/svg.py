"""A ``Picture`` as SVG: text stays text, nothing is referred to outside the file, and no font is in it.

The words of an SVG image in a PDF are laid out by WeasyPrint, letter by letter from its attributes alone. So lines of
text, anchors and font names are written in the plainest form, and opacity as that of fill and stroke, which needs no group.
What such a layout cannot show, the page sets over the picture (``reportgen.charts.paper.ChartImage.words``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from xml.sax.saxutils import escape

from reportgen.bidi import isolated
from reportgen.charts import theme
from reportgen.charts.picture import THIN, Markers, Path, Picture, Point, Rect, Shape, Stroke, Text, outlines
from reportgen.formats import visible


def svg_bytes(picture: Picture, title: str, alt: str, fonts: Sequence[str] = ()) -> bytes:
    """The file of ``picture``; ``title`` and ``alt`` are in it, so that it speaks for itself. ``fonts`` come before ours."""
    width, height = picture.width, picture.height
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img"'
    ground = f'<rect width="{width}" height="{height}" fill="{theme.LIGHT["ground"]}"/>'
    words = f"<title>{_xml(title)}</title><desc>{_xml(alt)}</desc>"
    shapes = "\n".join(_shapes(picture))
    return f'{head} font-family="{",".join((*fonts, *theme.PAPER_FONTS))}">{words}\n{ground}\n{shapes}\n</svg>\n'.encode()


def _shapes(picture: Picture) -> Iterator[str]:
    if any(_is_clipped(shape) for shape in picture.shapes):
        left, top, width, height = map(_number, picture.plot)
        plot = f'<rect x="{left}" y="{top}" width="{width}" height="{height}"/>'
        yield f'<clipPath id="plot">{plot}</clipPath>'
    for clipped, shapes in groupby(picture.shapes, _is_clipped):
        text = "\n".join(map(_element, shapes))
        yield f'<g clip-path="url(#plot)">\n{text}\n</g>' if clipped else text


def _is_clipped(shape: Shape) -> bool:
    return isinstance(shape, Path) and shape.clipped


def _element(shape: Shape) -> str:
    match shape:
        case Path():
            ends = "Z" if shape.fill else ""
            lines = "".join(_line(line) + ends for line in shape.lines)
            return f'<path d="{lines}"{_paint(shape.fill, shape.stroke, shape.opacity)}/>'
        case Rect():
            place = f'x="{_number(shape.left)}" y="{_number(shape.top)}"'
            size = f'width="{_number(shape.width)}" height="{_number(shape.height)}"'
            return f"<rect {place} {size}{_paint(shape.fill, shape.stroke, shape.opacity)}/>"
        case Markers():
            return _markers(shape)
        case Text():
            return _text(shape)


def _line(points: tuple[Point, ...]) -> str:
    return "M" + "L".join(f"{_number(x)},{_number(y)}" for x, y in points)


def _markers(shape: Markers) -> str:
    r = shape.radius
    stroke = None if shape.is_filled else Stroke(shape.color, THIN)
    if lines := outlines(shape.symbol, r):
        ends = "Z" if shape.is_filled else ""
        marks = (
            '<path d="' + "".join(_line(tuple((x + dx, y + dy) for dx, dy in line)) + ends for line in lines) + '"/>'
            for x, y in shape.points
        )
    else:
        marks = (f'<circle cx="{_number(x)}" cy="{_number(y)}" r="{_number(r)}"/>' for x, y in shape.points)
    return f"<g{_paint(shape.color if shape.is_filled else None, stroke, shape.opacity)}>{''.join(marks)}</g>"


def _paint(fill: str | None, stroke: Stroke | None, opacity: float) -> str:
    parts = [f' fill="{fill or "none"}"']
    if fill and opacity < 1:
        parts.append(f' fill-opacity="{opacity:.3g}"')
    if stroke:
        parts.append(f' stroke="{stroke.color}" stroke-width="{_number(stroke.width)}" stroke-linejoin="round"')
        if stroke.dash:
            parts.append(f' stroke-dasharray="{" ".join(map(_number, stroke.dash))}"')
        if opacity < 1:
            parts.append(f' stroke-opacity="{opacity:.3g}"')
    return "".join(parts)


def _text(shape: Text) -> str:
    place = f'x="{_number(shape.x)}" y="{_number(shape.y)}"'
    anchor = f' text-anchor="{shape.anchor}"' if shape.anchor != "start" else ""
    weight = ' font-weight="bold"' if shape.is_bold else ""
    tilt = f' transform="rotate({_number(-shape.tilt)} {_number(shape.x)} {_number(shape.y)})"' if shape.tilt else ""
    style = f'font-size="{_number(shape.size)}" fill="{shape.color}"'
    return f"<text {place} {style}{anchor}{weight}{tilt}>{escape(isolated(visible(shape.text)))}</text>"


def _number(value: float) -> str:
    """To a hundredth of a pixel, without needless zeros."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _xml(text: str) -> str:
    return escape(visible(text))
