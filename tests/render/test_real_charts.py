"""The whole way with the charts as they are really drawn: page, pictures and PDF."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from reportgen.charts.export import ExportOptions
from reportgen.charts.paper import PaperOptions
from reportgen.render import Bundle, RenderOptions, bundle_of
from tests.render.example import example_report
from tests.render.test_data import small_snapshot
from tests.render.test_page import N_CHARTS, Opened, assert_quiet, scroll_through, wait_until_drawn

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def made() -> Bundle:
    return bundle_of(example_report(), small_snapshot(), RenderOptions())


def test_nothing_went_wrong(made: Bundle) -> None:
    assert made.problems == example_report().problems
    assert (made.n_charts, made.n_charts_failed) == (N_CHARTS, 0)
    assert len([path for path in made.files if path.startswith("charts/")]) == N_CHARTS


@pytest.mark.parametrize("place", ["file", "sandbox"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_chart_is_drawn(made: Bundle, chromium: Any, tmp_path: Path, place: str, scheme: str) -> None:
    opened = Opened(chromium, viewport={"width": 1400, "height": 900}, color_scheme=scheme)
    html = made.files["report.html"].decode()
    frame = opened.from_file(html, tmp_path) if place == "file" else opened.from_sandbox(html)
    scroll_through(frame)
    wait_until_drawn(frame, N_CHARTS)
    assert frame.locator(".plot svg.main-svg text").count() > 40
    assert_quiet(opened)
    opened.context.close()


def test_same_report_gives_the_same_bundle(made: Bundle) -> None:
    again = bundle_of(example_report(), small_snapshot(), RenderOptions())
    assert [path for path in made.files if again.files.get(path) != made.files[path]] == []


def test_pictures_are_in_the_pdf_with_their_text(made: Bundle) -> None:
    pdfplumber = pytest.importorskip("pdfplumber")
    with pdfplumber.open(io.BytesIO(made.files["report.pdf"])) as document:
        texts = [page.extract_text() for page in document.pages]
        words = [(page.width, word) for page in document.pages for word in page.extract_words()]
    assert any("gate:atleast90" in text.replace(" ", "") for text in texts)
    assert any("\nStandardiseddifference\n" in text.replace(" ", "") for text in texts)
    assert max(word["x1"] - width for width, word in words) < -36


def test_pngs_and_figures_of_the_page_lie_beside_the_pictures_where_asked_for() -> None:
    options = RenderOptions(formats=("charts",), charts=PaperOptions(png=True), export=ExportOptions())
    bundle = bundle_of(example_report(), None, options)
    assert bundle.problems == example_report().problems
    stems = [path.removesuffix(".svg") for path in bundle.files if path.endswith(".svg") and not path.endswith(".plotly.svg")]
    assert len(stems) == N_CHARTS
    for stem in stems:
        assert bundle.files[f"{stem}.png"].startswith(b"\x89PNG")
        assert b"plotly" in bundle.files[f"{stem}.plotly.svg"] or b"main-svg" in bundle.files[f"{stem}.plotly.svg"]
