"""Pictures for paper: what is in them, and what becomes of a chart that cannot be drawn."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from PIL import Image

from reportgen.charts import paper
from reportgen.charts.kinds import KINDS
from reportgen.charts.paper import ChartImage, PaperOptions, paper_images
from reportgen.charts.picture import Markers, Path, Rect, Text
from reportgen.model import Axis, Chart, Trace
from tests.charts.hostile import INLINE, one_of_each_kind, poisoned
from tests.charts.samples import SAMPLES
from tests.charts.strategies import any_chart

SVG = "{http://www.w3.org/2000/svg}"


def texts_of(image: ChartImage) -> list[str]:
    return ["".join(node.itertext()) for node in ET.fromstring(image.data).iter(f"{SVG}text")]


@pytest.mark.parametrize("chart", SAMPLES.values(), ids=SAMPLES)
def test_every_kind_is_drawn(chart):
    drawn = paper_images([chart])
    image = drawn.images[chart.id]
    assert (image.format, image.width, image.height) == ("svg", 680, chart.height)
    root = ET.fromstring(image.data)
    assert (root.get("width"), root.get("height"), root.get("viewBox")) == ("680", str(chart.height), f"0 0 680 {chart.height}")
    assert not [p for p in drawn.problems if p.severity == "gap"]
    texts = texts_of(image)
    frame = KINDS[chart.kind].frame(chart, 680)
    expected = [line for tick in frame.x_texts or frame.x.ticks for line in tick.text.split("\n")]
    assert expected
    assert set(expected) <= set(texts)
    assert {label for label in (frame.x_label, frame.y_label) if label} <= set(texts)


def test_an_svg_speaks_for_itself_and_points_nowhere():
    chart = replace(SAMPLES["bars"], title="A <title> & more", alt='Says "what" is < seen')
    image = paper_images([chart]).images[chart.id]
    root = ET.fromstring(image.data)
    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}title") == "A <title> & more"
    assert root.findtext(f"{SVG}desc") == 'Says "what" is < seen'
    links = re.findall(rb'(?:href|src|url)\s*[=(]\s*"?([^")\s]+)', image.data)
    assert all(link.startswith(b"#") for link in links)
    assert not re.search(rb"<!DOCTYPE|<metadata|<image|Date", image.data)


@pytest.mark.parametrize("payload", INLINE)
def test_hostile_names_are_drawn_as_they_are_written(payload):
    for chart in one_of_each_kind():
        drawn = paper_images([poisoned(chart, payload)])
        assert not drawn.problems
        tags = {node.tag.removeprefix(SVG) for node in ET.fromstring(drawn.images[chart.id].data).iter()}
        assert tags <= {"svg", "title", "desc", "g", "path", "circle", "text", "clipPath", "rect"}


def test_dollars_are_no_formula():
    chart = replace(SAMPLES["bars"], y=Axis("cost in $ per $k"))
    assert "cost in $ per $k" in texts_of(paper_images([chart]).images["bars"])


def test_the_same_charts_give_the_same_bytes():
    charts = list(SAMPLES.values())
    options = PaperOptions(png=True)
    first, second = paper_images(charts, options), paper_images(list(reversed(charts)), options)
    assert first.images == second.images
    assert first.pngs == second.pngs


def test_nothing_of_matplotlib_stays_changed_by_a_png():
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    paper_images([SAMPLES["bars"]], PaperOptions(png=True))
    assert dict(mpl.rcParams) == before


def test_a_line_is_interrupted_where_a_value_is_missing():
    trace = Trace("a", (0.0, 1.0, 2.0, 3.0, 4.0), (1.0, 2.0, None, 2.0, 1.0))
    chart = Chart("c", "Loss", "lines", Axis("step"), Axis("loss"), "alt", (trace,))
    (line,) = [s for s in paper.picture_of(chart).shapes if isinstance(s, Path) and s.stroke and s.stroke.width == trace.width]
    assert [len(points) for points in line.lines] == [2, 2]


def test_what_lies_outside_a_given_axis_is_cut_at_its_ends():
    trace = Trace("a", (0.0, 1.0), (0.0, 100.0), mode="lines+points")
    chart = Chart("c", "Loss", "lines", Axis("step"), Axis("loss", low=0.0, high=10.0), "alt", (trace,))
    image = paper_images([chart]).images["c"].data.decode()
    assert re.search(r'<clipPath id="plot"><rect x="[\d.]+" y="[\d.]+" width="[\d.]+" height="[\d.]+"/></clipPath>', image)
    assert image.count('clip-path="url(#plot)"') == 1
    shapes = paper.picture_of(chart).shapes
    points = [s.points for s in shapes if isinstance(s, Markers) and s.size == 6.5]
    assert [len(its) for its in points] == [1], "the point beyond the axis is not drawn above the plot"
    (name,) = [s for s in shapes if isinstance(s, Text) and s.text == "a"]
    assert 0 < name.y < chart.height


@pytest.mark.parametrize("kind", ["intervals", "heatmap"])
def test_rows_read_from_top_to_bottom(kind):
    (chart,) = [c for c in one_of_each_kind() if c.kind == kind]
    svg = ET.fromstring(paper_images([chart]).images[chart.id].data)
    heights = {node.text: float(node.get("y")) for node in svg.iter(f"{SVG}text")}
    rows = [heights[name] for name in chart.y.categories if name in heights]
    assert len(rows) > 3
    assert rows == sorted(rows)


def test_a_tall_bar_is_drawn_from_zero_to_its_value():
    chart = replace(SAMPLES["bars"], traces=(Trace("a", (0.0, 1.0), (2.0, -1.0), "bars"),))
    frame = KINDS["bars"].frame(chart, 680)
    up, down = [s for s in paper.picture_of(chart).shapes if isinstance(s, Rect)]
    zero = frame.margin.top + (1 - frame.y.share(0.0)) * frame.plot_height
    assert (up.top + up.height, down.top) == (pytest.approx(zero), pytest.approx(zero))
    assert up.height == pytest.approx(2 * down.height)


def test_pngs_are_twice_as_large():
    drawn = paper_images([SAMPLES["bars"]], PaperOptions(png=True))
    assert drawn.images["bars"].format == "svg"
    assert Image.open(io.BytesIO(drawn.pngs["bars"].data)).size == (1360, 600)


def test_a_heavy_svg_becomes_a_png():
    image = paper_images([SAMPLES["scatter"]], PaperOptions(max_svg_bytes=10_000)).images["scatter"]
    assert (image.format, image.width, image.height) == ("png", 680, 360)
    assert image.data.startswith(b"\x89PNG")


@pytest.mark.fault(
    "The picture of a chart cannot be drawn", "Its table stands in its place, and it is a gap.", at="machine", exit=3
)
def test_a_drawing_that_fails_costs_only_its_place(monkeypatch):
    def broken(chart, plot):
        raise ZeroDivisionError("no")

    monkeypatch.setattr(paper, "KINDS", {**KINDS, "bars": replace(KINDS["bars"], paper=broken)})
    drawn = paper_images([SAMPLES["bars"], SAMPLES["boxes"]])
    assert set(drawn.images) == {"boxes"}
    (problem,) = drawn.problems
    assert (problem.slug, problem.where, problem.severity) == ("chart-not-drawn", "Variants", "gap")
    assert problem.what == "The chart could not be drawn (ZeroDivisionError: no). The data table stands in its place."


def test_what_a_picture_leaves_out_is_among_the_problems():
    chart = Chart("c", "Loss", "lines", Axis("step"), Axis("loss", kind="log"), "alt", (Trace("a", (1.0, 2.0), (0.0, 1.0)),))
    assert [p.slug for p in paper_images([chart]).problems] == ["chart-log-non-positive"]


def test_nothing_to_draw_is_no_problem():
    drawn = paper_images([])
    assert (drawn.images, drawn.problems, drawn.pngs) == ({}, (), {})


def test_an_empty_chart_is_a_picture_that_says_so():
    chart = replace(SAMPLES["bars"], traces=())
    assert texts_of(paper_images([chart]).images["bars"]) == ["No values to draw"]


def test_bars_standing_in_categories_keep_their_order():
    texts = texts_of(paper_images([SAMPLES["bars"]]).images["bars"])
    places = [texts.index(name) for name in SAMPLES["bars"].x.categories]
    assert all(a < b for a, b in pairwise(places))


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(any_chart())
def test_every_chart_that_can_be_written_is_drawn(chart):
    drawn = paper_images([chart])
    assert not [problem for problem in drawn.problems if problem.severity == "gap"]
    ET.fromstring(drawn.images[chart.id].data)


def points_of(image: ChartImage) -> list[tuple[float, float]]:
    """Where shapes are drawn: centres of circles, and where each path begins."""
    root = ET.fromstring(image.data)
    circles = [(float(node.get("cx", "nan")), float(node.get("cy", "nan"))) for node in root.iter(f"{SVG}circle")]
    paths = [found for node in root.iter(f"{SVG}path") for found in re.findall(r"M\s*([-\d.]+)[ ,]([-\d.]+)", node.get("d", ""))]
    return [*circles, *((float(x), float(y)) for x, y in paths)]


def test_rows_of_intervals_stand_at_their_categories_the_first_on_top():
    names, values = ("first", "second", "third"), (10.0, 20.0, 30.0)
    estimate = Trace("estimate", values, (0.0, 1.0, 2.0), "points", low=(9.0, 19.0, 29.0), high=(11.0, 21.0, 31.0))
    raw = Trace("runs", (10.5, 20.5, 30.5), (0.0, 1.0, 2.0), "points")
    chart = Chart(
        "rows", "Rows", "intervals", Axis("x"), Axis("", "category", categories=names), "Alt.", (estimate, raw), height=200
    )
    image = paper_images([chart]).images["rows"]
    places = {"".join(node.itertext()): node for node in ET.fromstring(image.data).iter(f"{SVG}text")}
    x_of, y_of = ({text: float(node.get(axis, "nan")) for text, node in places.items()} for axis in ("x", "y"))
    assert y_of["first"] < y_of["second"] < y_of["third"]
    row_height = y_of["second"] - y_of["first"]
    per_unit = (x_of["30"] - x_of["10"]) / 20
    for name, value in zip(names, values, strict=True):
        printed = next(text for text in places if text.startswith(f"{value:.1f} ["))
        assert y_of[printed] == pytest.approx(y_of[name], abs=2)
        in_row = [(x, y) for x, y in points_of(image) if abs(y - (y_of[name] - 4)) < 0.4 * row_height]
        (middle,) = [y for x, y in in_row if x == pytest.approx(x_of[f"{value:g}"], abs=0.5)]
        (below,) = [y for x, y in in_row if x == pytest.approx(x_of[f"{value:g}"] + per_unit / 2, abs=4)]
        (arm,) = [y for x, y in in_row if x == pytest.approx(x_of[f"{value:g}"] - per_unit, abs=0.5)]
        assert middle == arm == pytest.approx(y_of[name] - 4, abs=2)
        assert below > middle
