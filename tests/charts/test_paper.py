"""Images without a browser, and the rules around who draws."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from PIL import Image

from reportgen.charts import ChartImage, PaperOptions, find_browser, paper, paper_images
from reportgen.charts.kinds import KINDS, Kind
from reportgen.model import Axis, Chart, Trace
from tests.charts.hostile import INLINE, one_of_each_kind, poisoned
from tests.charts.samples import SAMPLES
from tests.charts.strategies import any_chart

MATPLOTLIB = PaperOptions(engine="matplotlib")
SVG = "{http://www.w3.org/2000/svg}"


def texts_of(image: ChartImage) -> list[str]:
    return ["".join(node.itertext()) for node in ET.fromstring(image.data).iter(f"{SVG}text")]


@pytest.fixture
def no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    monkeypatch.setenv("HOME", "/nonexistent")
    for name in ("REPORTGEN_BROWSER", "BROWSER_PATH", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("chart", SAMPLES.values(), ids=SAMPLES)
def test_matplotlib_draws_every_kind(chart):
    drawn = paper_images([chart], MATPLOTLIB)
    image = drawn.images[chart.id]
    assert (image.format, image.engine, image.width, image.height) == ("svg", "matplotlib", 680, chart.height)
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
    image = paper_images([chart], MATPLOTLIB).images[chart.id]
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
        drawn = paper_images([poisoned(chart, payload)], MATPLOTLIB)
        assert not drawn.problems
        tags = {node.tag.removeprefix(SVG) for node in ET.fromstring(drawn.images[chart.id].data).iter()}
        assert tags <= {"svg", "title", "desc", "defs", "style", "g", "path", "use", "text", "tspan", "clipPath", "rect"}


def test_dollars_are_no_formula():
    chart = replace(SAMPLES["bars"], y=Axis("cost in $ per $k"))
    assert "cost in $ per $k" in texts_of(paper_images([chart], MATPLOTLIB).images["bars"])


def test_the_same_charts_give_the_same_bytes():
    charts = list(SAMPLES.values())
    options = replace(MATPLOTLIB, png=True)
    first, second = paper_images(charts, options), paper_images(list(reversed(charts)), options)
    assert first.images == second.images
    assert first.pngs == second.pngs


def test_nothing_of_matplotlib_stays_changed():
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    paper_images([SAMPLES["bars"]], MATPLOTLIB)
    assert dict(mpl.rcParams) == before


def test_pngs_are_twice_as_large():
    drawn = paper_images([SAMPLES["bars"]], replace(MATPLOTLIB, png=True))
    assert drawn.images["bars"].format == "svg"
    assert Image.open(io.BytesIO(drawn.pngs["bars"].data)).size == (1360, 600)


def test_a_heavy_svg_becomes_a_png():
    image = paper_images([SAMPLES["scatter"]], replace(MATPLOTLIB, max_svg_bytes=10_000)).images["scatter"]
    assert (image.format, image.width, image.height) == ("png", 680, 360)
    assert image.data.startswith(b"\x89PNG")


def test_without_a_browser_one_problem_speaks_for_all_charts(no_browser):
    assert find_browser() is None
    drawn = paper_images(list(SAMPLES.values()))
    assert set(drawn.images) == set(SAMPLES)
    assert drawn.engine == "matplotlib"
    (problem,) = drawn.problems
    assert (problem.slug, problem.severity) == ("charts-without-browser", "warning")
    assert problem.what == "No Chromium or Chrome was found; charts on paper are drawn by matplotlib."
    assert "REPORTGEN_BROWSER" in problem.todo


def test_without_a_browser_kaleido_alone_draws_nothing_and_says_so(no_browser):
    drawn = paper_images([SAMPLES["bars"]], PaperOptions(engine="kaleido"))
    assert drawn.images == {}
    assert drawn.engine == "none"
    assert [p.slug for p in drawn.problems] == ["charts-without-browser", "chart-not-drawn"]
    assert {p.severity for p in drawn.problems} == {"gap"}


def test_a_browser_that_is_not_there_is_named(no_browser, tmp_path):
    drawn = paper_images([SAMPLES["bars"]], PaperOptions(browser=str(tmp_path / "chrome")))
    assert drawn.engine == "matplotlib"
    assert drawn.problems[0].what.startswith(f"{tmp_path}/chrome cannot be executed")


def test_an_unknown_kind_is_a_gap_and_costs_only_its_place():
    chart = replace(SAMPLES["bars"], id="odd", title="Odd", kind="sunburst")
    drawn = paper_images([chart, SAMPLES["bars"]], MATPLOTLIB)
    assert set(drawn.images) == {"bars"}
    (problem,) = drawn.problems
    assert (problem.slug, problem.where, problem.severity) == ("chart-not-drawn", "Odd", "gap")


def test_a_kind_that_only_a_browser_draws_is_a_gap_without_one(monkeypatch):
    bars = KINDS["bars"]
    monkeypatch.setattr(paper, "KINDS", {**KINDS, "bars": Kind(bars.frame, bars.screen, None)})
    drawn = paper_images([SAMPLES["bars"], SAMPLES["box"] if "box" in SAMPLES else SAMPLES["boxes"]], MATPLOTLIB)
    assert set(drawn.images) == {"boxes"}
    assert [(p.slug, p.severity) for p in drawn.problems] == [("chart-not-drawn", "gap")]


def test_a_drawing_that_fails_costs_only_its_place(monkeypatch):
    bars = KINDS["bars"]

    def broken(chart, frame, axes):
        raise ZeroDivisionError("no")

    monkeypatch.setattr(paper, "KINDS", {**KINDS, "bars": Kind(bars.frame, bars.screen, broken)})
    drawn = paper_images([SAMPLES["bars"], SAMPLES["boxes"]], MATPLOTLIB)
    assert set(drawn.images) == {"boxes"}
    assert "ZeroDivisionError" in drawn.problems[0].what


def test_what_a_picture_leaves_out_is_among_the_problems():
    chart = Chart("c", "Loss", "lines", Axis("step"), Axis("loss", kind="log"), "alt", (Trace("a", (1.0, 2.0), (0.0, 1.0)),))
    assert [p.slug for p in paper_images([chart], MATPLOTLIB).problems] == ["chart-log-non-positive"]


def test_nothing_to_draw_is_no_problem():
    drawn = paper_images([])
    assert (drawn.images, drawn.problems, drawn.engine, drawn.versions) == ({}, (), "none", ())


def test_an_empty_chart_is_a_picture_that_says_so():
    chart = replace(SAMPLES["bars"], traces=())
    assert texts_of(paper_images([chart], MATPLOTLIB).images["bars"]) == ["No values to draw"]


def test_versions_say_who_drew():
    assert [name for name, _ in paper_images([SAMPLES["bars"]], MATPLOTLIB).versions] == ["matplotlib"]


def test_bars_standing_in_categories_keep_their_order():
    texts = texts_of(paper_images([SAMPLES["bars"]], MATPLOTLIB).images["bars"])
    places = [texts.index(name) for name in SAMPLES["bars"].x.categories]
    assert all(a < b for a, b in pairwise(places))


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(any_chart())
def test_matplotlib_draws_every_chart_that_can_be_written(chart):
    drawn = paper_images([chart], MATPLOTLIB)
    assert not [problem for problem in drawn.problems if problem.severity == "gap"]
    ET.fromstring(drawn.images[chart.id].data)


class TestFindBrowser:
    def browser(self, folder, name):
        path = folder / name
        path.write_text("#!/bin/sh\n")
        path.chmod(0o755)
        return str(path)

    def test_a_headless_shell_is_preferred(self, tmp_path):
        self.browser(tmp_path, "google-chrome")
        self.browser(tmp_path, "chromium")
        shell = self.browser(tmp_path, "chromium-headless-shell")
        assert find_browser({"PATH": str(tmp_path)}) == shell

    def test_the_environment_names_it_when_the_file_is_there(self, tmp_path):
        mine, other = self.browser(tmp_path, "mine"), self.browser(tmp_path, "chromium")
        assert find_browser({"PATH": str(tmp_path), "REPORTGEN_BROWSER": mine}) == mine
        assert find_browser({"PATH": str(tmp_path), "BROWSER_PATH": mine}) == mine
        assert find_browser({"PATH": str(tmp_path), "REPORTGEN_BROWSER": str(tmp_path / "gone")}) == other

    def test_nowhere(self):
        assert find_browser({"PATH": "/nonexistent"}) is None
