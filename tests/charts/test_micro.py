"""Small pictures: what they draw, that they stay inside, and that hostile or missing values cost nothing."""

from __future__ import annotations

import math
import re
from xml.etree import ElementTree

import pytest

from reportgen.charts import theme
from reportgen.charts.micro import SIZES, axis_svg, micro_svg
from reportgen.model import Bar, DotStrip, Figure, Interval, IntervalStrip, Sparkline

SVG = "{http://www.w3.org/2000/svg}"
EFFECT = IntervalStrip(Interval(0.43, 0.15, 0.70, 12), -0.4, 1.0, "0.43 [0.15, 0.70]", margin=(-0.1, 0.1), tone="good")


def drawn(chart, place="cell"):
    return ElementTree.fromstring(micro_svg(chart, place))


def named(root, name):
    return [element for element in root.iter() if element.tag.removeprefix(SVG) == name]


def xs(text: str) -> list[float]:
    return [float(pair.split(",")[0]) for pair in text.split()]


@pytest.mark.parametrize(
    "chart",
    [
        Sparkline((0.9, 0.95, None, 0.97, math.nan, 0.96), "val_accuracy <b>&\x00 over six weeks", "bad"),
        Bar(0.7, 1.0, "70 % <script>"),
        EFFECT,
        DotStrip((0.1, 0.2, 0.9), 0.0, 1.0, "three runs", Interval(0.4, 0.0, 0.8, 3)),
    ],
)
@pytest.mark.parametrize("place", SIZES)
def test_a_picture_has_its_size_its_words_and_its_colour_twice(chart, place):
    root = drawn(chart, place)
    size = SIZES[place][type(chart)]
    assert (float(root.get("width")), float(root.get("height"))) == (size.width, size.height)
    assert root.get("role") == "img"
    [title] = named(root, "title")
    assert title.text.startswith(chart.alt[:5])
    assert len(root) > 1
    for shape in root[1:]:
        for name, attribute in (("f", "fill"), ("s", "stroke")):
            roles = re.findall(rf"\b{name}-(\w+)", shape.get("class"))
            assert [theme.LIGHT[role] for role in roles] == [c for c in [shape.get(attribute)] if c and c != "none"]


def test_a_sparkline_ends_in_a_dot_and_breaks_where_a_value_is_missing():
    root = drawn(Sparkline((1.0, 2.0, None, 4.0, 3.0), "five weeks"))
    assert len(named(root, "polyline")) == 2
    [dot] = named(root, "circle")
    last = named(root, "polyline")[-1].get("points").split()[-1]
    assert f"{dot.get('cx')},{dot.get('cy')}" == last
    assert len(named(drawn(Sparkline((None, 1.0), "one")), "circle")) == 1
    assert len(drawn(Sparkline((), "none"))) == 1


def test_a_long_sparkline_keeps_its_peak_in_few_points():
    values = [0.0] * 5000
    values[3210] = 7.0
    line = named(drawn(Sparkline(tuple(values), "5,000 points")), "polyline")[0].get("points")
    assert len(line.split()) <= 121
    assert min(float(pair.split(",")[1]) for pair in line.split()) == 3


def test_a_bar_starts_at_zero_and_never_leaves_its_track():
    def bar(value, low=0.0, high=1.0):
        rects = named(drawn(Bar(value, high, "", low)), "rect")
        return (float(rects[1].get("x")), float(rects[1].get("width"))) if len(rects) > 1 else None

    assert bar(0.5) == (0, 36)
    assert bar(7.0) == (0, 72)
    assert bar(-0.5, low=-1.0) == (18, 18)
    assert bar(None) is None
    assert bar(math.inf) is None


def test_a_strip_shows_interval_zero_and_margin_on_its_axis():
    root = drawn(EFFECT, "figure")
    left, right = 4, 296

    def at(value):
        return round(left + (value + 0.4) / 1.4 * (right - left), 1)

    [margin] = named(root, "rect")
    assert (float(margin.get("x")), float(margin.get("width"))) == (at(-0.1), pytest.approx(at(0.1) - at(-0.1), abs=0.11))
    zero, wide, thin = named(root, "line")
    assert float(zero.get("x1")) == at(0.0)
    assert (float(thin.get("x1")), float(thin.get("x2"))) == (at(0.15), at(0.70))
    assert wide.get("x1") == thin.get("x1")
    assert float(named(root, "circle")[0].get("cx")) == at(0.43)


def test_what_lies_beyond_the_axis_is_an_arrow_at_its_end():
    root = drawn(IntervalStrip(Interval(0.5, -9.0, 9.0, 3), -1.0, 1.0, "wide"))
    assert len(named(root, "polygon")) == 2
    assert not named(drawn(IntervalStrip(Interval(0.5, None, None, 1), -1.0, 1.0, "no interval")), "polygon")


def test_the_axis_of_a_figure_has_round_ticks_and_the_words_of_zero():
    figure = Figure(
        (("", IntervalStrip(Interval(0.43, 0.15, 0.7, 12), -0.4, 1.0, "", zero_label="no difference"), ""),), "change"
    )
    texts = [text.text for text in named(ElementTree.fromstring(axis_svg(figure)), "text")]
    assert texts[0] == "no difference"
    assert "0" not in texts
    assert texts[1:] == ["−0.25", "+0.25", "+0.50", "+0.75", "+1.00"]
    assert axis_svg(Figure((("", Sparkline((1.0, 2.0), ""), ""),))) == ""
