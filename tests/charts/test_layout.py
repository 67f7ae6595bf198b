"""Nothing cut, nothing on top of each other: measured in a browser on paper's pictures and on the screen."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest

from reportgen.charts.browser import find_browser
from reportgen.charts.paper import PaperOptions, paper_images
from reportgen.charts.screen import PLOTLY_CONFIG, plotly_js, screen_figure, templates
from reportgen.charts.theme import MIN_SCREEN_WIDTH
from reportgen.model import Chart, Trace
from tests.charts.hostile import INLINE, one_of_each_kind, poisoned
from tests.charts.samples import SAMPLES

playwright = pytest.importorskip("playwright.sync_api")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_browser() is None, reason="no Chromium or Chrome on this machine"),
]

POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:"
BOXES = """
(root) => [...root.querySelectorAll('text')].filter(t => t.textContent.trim() && t.checkVisibility()).map(t => {
  const box = t.getBoundingClientRect(), frame = root.getBoundingClientRect();
  const m = t.getScreenCTM();
  return {text: t.textContent, left: box.left - frame.left, top: box.top - frame.top, right: box.right - frame.left,
          bottom: box.bottom - frame.top, width: frame.width, height: frame.height, tilted: Math.abs(m.b) > 0.01};
})
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=find_browser())
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    opened = browser.new_page(viewport={"width": 800, "height": 700})
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def images():
    return paper_images(crowded(), PaperOptions(max_svg_bytes=10**7)).images


def crowded() -> list[Chart]:
    """The samples, and what makes labels collide: long names, many series, equal ends, tiny pictures."""
    long = [
        replace(poisoned(chart, "a/very-long_name.of something（模型）"), id=f"{chart.id}-long")
        for chart in SAMPLES.values()
        if chart.id not in ("correlations",)
    ]
    ends = tuple(Trace(f"run {i}", (0.0, 1.0), (1.0, 0.5)) for i in range(6))
    same = replace(SAMPLES["raw-smooth"], id="same-ends", traces=ends)
    return [*SAMPLES.values(), *long, same, replace(SAMPLES["curves-12"], id="low", height=240)]


def faults(boxes: list[dict[str, Any]], slack: float = 1.5) -> list[str]:
    """Texts outside the picture, and pairs of upright texts that lie on each other by more than ``slack`` px."""
    found = [
        f"cut: {box['text']} {box}"
        for box in boxes
        if min(box["left"], box["top"], box["width"] - box["right"], box["height"] - box["bottom"]) < -slack
    ]
    for a, b in combinations([box for box in boxes if not box["tilted"]], 2):
        across = min(a["right"], b["right"]) - max(a["left"], b["left"])
        down = min(a["bottom"], b["bottom"]) - max(a["top"], b["top"])
        # A line box is higher than its letters: a quarter of it is air.
        if across > slack and down > 0.28 * min(a["bottom"] - a["top"], b["bottom"] - b["top"]):
            found.append(f"overlap: {a['text']} / {b['text']} ({across:.1f} × {down:.1f})")
    return found


@pytest.mark.parametrize("chart", crowded(), ids=lambda c: c.id)
def test_no_text_on_paper_is_cut_or_covered(page, images, chart):
    page.set_content(f"<body style='margin:0'>{images[chart.id].data.decode()}</body>")
    boxes = page.eval_on_selector("svg", BOXES)
    assert boxes
    assert faults(boxes) == []


def shown(page: Any, charts: list[Chart], width: int, theme: str = "light") -> list[str]:
    """Open a page as ours is built, under its policy; answers with what the console and the network said."""
    said: list[str] = []
    figures = json.dumps([screen_figure(chart) for chart in charts]).replace("<", "\\u003c")
    script = f"""
      const themes = {json.dumps(templates())}, config = {json.dumps(dict(PLOTLY_CONFIG))};
      window.done = Promise.all({figures}.map((figure, i) => {{
        const div = document.createElement('div');
        div.id = 'c' + i; div.style.width = '{width}px';
        document.body.append(div);
        return Plotly.newPlot(div, figure.data, {{...figure.layout, template: themes.light}}, config)
          .then(() => Plotly.relayout(div, {{template: themes.{theme}}}));
      }}));
    """
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: said.append(request.url) if request.url.startswith("http") else None)
    policy = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    page.set_content(
        f"<html><head><meta charset=utf-8>{policy}</head><body><script>{plotly_js()}</script><script>{script}</script>",
        timeout=180_000,
    )
    page.evaluate("window.done.then(() => null)")
    return said


@pytest.mark.parametrize("width", [MIN_SCREEN_WIDTH, 720, 760])
def test_no_text_on_screen_is_cut_or_covered(page, width):
    charts = list(SAMPLES.values())
    assert shown(page, charts, width) == []
    wrong = {}
    for i, chart in enumerate(charts):
        boxes = page.eval_on_selector(f"#c{i} .svg-container", BOXES)
        assert boxes
        if found := faults(boxes):
            wrong[chart.id] = found
    assert wrong == {}


def test_hostile_names_on_screen_are_text_and_nothing_else(page):
    charts = [
        poisoned(chart, payload)
        for payload in INLINE
        for chart in one_of_each_kind()
        if chart.kind in ("bars", "intervals", "lines")
    ]
    charts += [poisoned(chart, INLINE[0]) for chart in one_of_each_kind()]
    assert shown(page, charts, 720, "dark") == []
    assert page.evaluate("window.__pwned") is None
    assert page.locator("svg a, svg image[href^=http], svg script, svg foreignObject").count() == 0
    styles = page.eval_on_selector_all("svg [style]", "nodes => nodes.map(n => n.getAttribute('style')).join(' ')")
    assert "canary" not in styles
    texts = page.eval_on_selector_all("svg text", "nodes => nodes.map(n => n.textContent)")
    assert any("a<b and c>d & e &amp; f" in text for text in texts)
    assert any("%{y:.2f}%{customdata[0]}" in text for text in texts)
    assert any("$\\href{javascript" in text for text in texts)


def test_pointing_at_a_point_says_its_words_as_text(page):
    chart = poisoned(SAMPLES["forest"], INLINE[0])
    assert shown(page, [chart], 720) == []
    point = page.locator("#c0 .points path").nth(2)
    box = point.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_selector("#c0 .hovertext text")
    said = page.locator("#c0 .hovertext").text_content()
    assert '<b style="fill:url(http://canary.invalid/a)">B</b>' in said
    assert "%{" not in said
