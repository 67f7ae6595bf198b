"""report.html in a real Chromium: from file:// and in the sandboxed blob frame that MLflow's artifact viewer uses."""

from __future__ import annotations

import base64
import gzip
import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from reportgen.render import RenderOptions, bundle_of
from reportgen.render.explorer_pack import packed_bytes
from tests.render.example import curves, example_report, leaderboard, report_with

pytestmark = [pytest.mark.usefixtures("quick_charts"), pytest.mark.browser]
N_CHARTS = 4
VIEWER = "http://viewer.invalid/"


def html_of(report: Any) -> str:
    bundle = bundle_of(report, None, RenderOptions(formats=("html",)))
    return bundle.files["report.html"].decode()


class Opened:
    """A page that remembers all it asked for and complained about."""

    def __init__(self, browser: Any, **options: Any) -> None:
        self.context = browser.new_context(**options)
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        self.page.on("dialog", lambda dialog: (self.complaints.append("dialog"), dialog.dismiss()))
        self.context.on("request", lambda request: self.requests.append(request.url))

    def from_file(self, html: str, folder: Path) -> Any:
        (folder / "report.html").write_text(html, "utf-8")
        self.page.goto((folder / "report.html").as_uri())
        return self.page

    def from_sandbox(self, html: str) -> Any:
        """As MLflow's viewer shows an HTML artifact: a blob in a frame that may only run scripts."""
        self.page.route(
            VIEWER, lambda route: route.fulfill(body="<!doctype html><title>viewer</title>", content_type="text/html")
        )
        self.page.goto(VIEWER)
        self.page.evaluate(
            """html => { const frame = document.createElement('iframe'); frame.sandbox = 'allow-scripts';
            frame.style = 'width:1200px;height:900px'; frame.src = URL.createObjectURL(new Blob([html], {type: 'text/html'}));
            document.body.append(frame); }""",
            html,
        )
        self.page.wait_for_function("() => window.frames.length === 1")
        frame = self.page.frames[1]
        frame.wait_for_load_state()
        return frame


@pytest.fixture
def opened(chromium: Any) -> Iterator[Opened]:
    one = Opened(chromium, viewport={"width": 1400, "height": 900})
    yield one
    one.context.close()


def scroll_through(frame: Any) -> None:
    frame.evaluate(
        """async () => { for (let y = 0; y < document.documentElement.scrollHeight; y += 500) {
        scrollTo(0, y); await new Promise(done => setTimeout(done, 40)); } }"""
    )


def wait_until_drawn(frame: Any, n: int) -> None:
    frame.wait_for_function(
        "n => document.querySelectorAll('.plot[data-drawn=true] svg.main-svg').length >= n", arg=n, timeout=20_000
    )


def assert_quiet(opened: Opened) -> None:
    assert opened.complaints == []
    assert [url for url in opened.requests if not url.startswith(("file:", "blob:", "data:", "about:", VIEWER))] == []


def test_every_chart_is_drawn_from_file(opened: Opened, tmp_path: Path) -> None:
    page = opened.from_file(html_of(example_report()), tmp_path)
    scroll_through(page)
    wait_until_drawn(page, N_CHARTS)
    boxes = page.evaluate(
        "() => Array.from(document.querySelectorAll('.plot'), p => p.querySelector('svg.main-svg').getBoundingClientRect().width)"
    )
    assert len(boxes) == N_CHARTS
    assert min(boxes) > 500
    assert_quiet(opened)


def test_every_chart_is_drawn_in_the_viewers_sandbox(opened: Opened) -> None:
    frame = opened.from_sandbox(html_of(example_report()))
    scroll_through(frame)
    wait_until_drawn(frame, N_CHARTS)
    assert frame.evaluate("() => window.origin") == "null"
    frame.click("a[href='#s-runs']")
    assert 0 <= frame.evaluate("() => document.getElementById('s-runs').getBoundingClientRect().top") < 200
    assert_quiet(opened)


def test_charts_are_drawn_when_they_come_into_sight(opened: Opened, tmp_path: Path) -> None:
    page = opened.from_file(html_of(example_report()), tmp_path)
    page.wait_for_function("() => window.Plotly")
    page.wait_for_timeout(400)
    assert page.locator(".plot[data-drawn]").count() < N_CHARTS


def test_printing_draws_the_rest_at_once(opened: Opened, tmp_path: Path) -> None:
    page = opened.from_file(html_of(example_report()), tmp_path)
    page.wait_for_function("() => window.Plotly")
    n_drawn = page.evaluate(
        "() => { dispatchEvent(new Event('beforeprint')); return document.querySelectorAll('.plot svg.main-svg').length; }"
    )
    assert n_drawn >= N_CHARTS
    assert_quiet(opened)


def test_policy_allows_two_scripts_by_hash_and_no_eval() -> None:
    html = html_of(example_report())
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)
    assert policy
    text = policy[1].replace("&#39;", "'")
    assert re.fullmatch(
        r"default-src 'none'; script-src 'sha256-[\w+/=]+' 'sha256-[\w+/=]+'; style-src 'unsafe-inline'; img-src data: blob:; "
        r"font-src data:; connect-src 'none'; base-uri 'none'; form-action 'none'",
        text,
    )
    assert html.index("Content-Security-Policy") < html.index("<script")


@pytest.mark.fault("A script gets into the page all the same", "The page's policy stops it.", at="text")
def test_an_injected_script_does_not_run(opened: Opened, tmp_path: Path) -> None:
    html = html_of(report_with()).replace(
        "</main>", "<script>window.__pwned = 1</script><img src=x onerror='window.__pwned = 2'></main>"
    )
    page = opened.from_file(html, tmp_path)
    assert page.evaluate("() => window.__pwned") is None
    assert len([text for text in opened.complaints if "Content Security Policy" in text]) >= 2


def test_sorting_by_a_header(opened: Opened, tmp_path: Path) -> None:
    page = opened.from_file(html_of(example_report(sections=(leaderboard(),))), tmp_path)
    table = page.locator("#t-leaderboard-0123456789-table")
    header = table.locator("thead th").nth(3)
    button = header.locator("button")

    def column(at: int) -> list[str]:
        return list(table.locator(f"tbody tr > :nth-child({at + 1})").all_inner_texts())

    before = column(0)
    button.focus()
    page.keyboard.press("Enter")
    assert header.get_attribute("aria-sort") == "ascending"
    ascending = column(3)
    assert ascending[:3] == ["0.2170", "0.2210", "0.2250"]
    assert "NaN" in ascending[-1]  # missing and NaN stay last, whichever way it is sorted
    button.click()
    assert header.get_attribute("aria-sort") == "descending"
    assert column(3)[0] == "0.3730"
    assert "NaN" in column(3)[-1]
    button.click()
    assert header.get_attribute("aria-sort") == "none"
    assert column(0) == before
    assert_quiet(opened)


def test_sorting_by_words_and_by_time(opened: Opened, tmp_path: Path) -> None:
    page = opened.from_file(html_of(example_report(sections=(leaderboard(),))), tmp_path)
    table = page.locator("#t-leaderboard-0123456789-table")
    for at in (8, 12):
        table.locator("thead button").nth(at).click()
        texts = table.locator(f"tbody tr > :nth-child({at + 1})").all_inner_texts()
        assert texts == sorted(texts)
        assert len(set(texts)) > 1


def test_filtering_rows(opened: Opened, tmp_path: Path) -> None:
    page = opened.from_file(html_of(example_report(sections=(leaderboard(),))), tmp_path)
    block = page.locator("#t-leaderboard-0123456789")
    assert block.locator("output").inner_text() == "40 rows"
    block.locator("input").fill("ADAMW in-batch running")
    rows = block.locator("tbody tr:visible")
    assert rows.count() == 2
    assert block.locator("output").inner_text() == "2 of 40 rows"
    block.locator("input").fill("")
    assert rows.count() == 40
    assert_quiet(opened)


def test_dark_mode_changes_page_and_charts(chromium: Any, tmp_path: Path) -> None:
    opened = Opened(chromium, viewport={"width": 1400, "height": 900}, color_scheme="dark")
    page = opened.from_file(html_of(report_with(curves())), tmp_path)
    wait_until_drawn(page, 1)
    ground = "() => getComputedStyle(document.body).backgroundColor"
    ink = "() => document.querySelector('.plot').layout.template.layout.font.color"
    assert page.evaluate(ground) == "rgb(15, 18, 22)"
    dark_ink = page.evaluate(ink)
    page.emulate_media(color_scheme="light")
    page.wait_for_function(f"dark => ({ink})() !== dark", arg=dark_ink)
    assert page.evaluate(ground) == "rgb(255, 255, 255)"
    assert_quiet(opened)
    opened.context.close()


@pytest.mark.parametrize("width", [1400, 1000, 390])
def test_nothing_is_wider_than_the_window(chromium: Any, tmp_path: Path, width: int) -> None:
    opened = Opened(chromium, viewport={"width": width, "height": 800})
    page = opened.from_file(html_of(example_report()), tmp_path)
    scroll_through(page)
    wait_until_drawn(page, N_CHARTS)
    page.wait_for_timeout(300)
    assert page.evaluate("() => document.documentElement.scrollWidth") == width
    opened.context.close()


def test_without_scripts_every_number_is_there(chromium: Any, tmp_path: Path) -> None:
    opened = Opened(chromium, java_script_enabled=False)
    page = opened.from_file(html_of(example_report()), tmp_path)
    assert page.locator("noscript p").is_visible()
    page.locator("#c-val-accuracy-0123456789 summary").click()
    assert page.locator("#t-curves-numbers-0123456789 tbody tr").count() == 60
    assert page.locator(".filter").first.is_hidden()
    opened.context.close()


@pytest.mark.fault("The viewer's browser cannot decompress", "The page says that it cannot draw.", at="machine")
def test_without_decompression_the_page_says_so(opened: Opened, tmp_path: Path) -> None:
    opened.page.add_init_script("delete window.DecompressionStream")
    page = opened.from_file(html_of(example_report()), tmp_path)
    assert page.locator("#no-drawing").is_visible()
    assert_quiet(opened)


@pytest.mark.fault("A chart fails in the viewer's browser", "Its table is opened.", at="machine")
def test_a_chart_that_fails_in_the_page_opens_its_numbers(opened: Opened, tmp_path: Path) -> None:
    html = html_of(report_with(curves()))
    broken = re.sub(r'(id="c-val-accuracy-0123456789-figure">)[^<]*', rf"\g<1>{packed_bytes(b'{')}", html)
    page = opened.from_file(broken, tmp_path)
    page.get_by_text("This chart could not be drawn here").wait_for()
    assert page.locator("#t-curves-numbers-0123456789").is_visible()


class Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.targets: list[str] = []
        self.sources: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name == "href":
                self.targets.append(value or "")
            if name in ("src", "srcset", "data", "poster"):
                self.sources.append(value or "")
            if name in ("aria-labelledby", "aria-controls"):
                self.targets.append(f"#{value}")


def test_every_internal_link_resolves_and_nothing_is_fetched() -> None:
    links = Links()
    links.feed(html_of(example_report()))
    assert len(links.ids) == len(set(links.ids))
    inside = [target for target in links.targets if not target.startswith(("http://", "https://", "mailto:"))]
    assert len(inside) > 20
    assert [target for target in inside if not target.startswith("#") or target[1:] not in links.ids] == []
    assert all(source.startswith("data:image/png;base64,") for source in links.sources)


def test_headings_are_in_order() -> None:
    levels = [int(level) for level in re.findall(r"<h([1-6])", html_of(example_report()))]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_json_blocks_are_strict() -> None:
    html = html_of(example_report())
    blocks = re.findall(r'<script type="application/json"[^>]*>([^<]*)</script>', html)
    figures = re.findall(r'<script type="text/plain" id="[^"]*-figure">([^<]*)</script>', html)
    assert (len(blocks), len(figures)) == (1, N_CHARTS)
    for block in (*blocks, *(gzip.decompress(base64.b64decode(figure)).decode() for figure in figures)):
        json.loads(block, parse_constant=pytest.fail)


def test_report_without_charts_carries_no_drawing_library() -> None:
    html = html_of(report_with())
    assert len(html) < 140_000  # 80,000 of it are the typeface
    assert html.count("<script") == 1


def test_problems_of_earlier_outputs_are_on_the_page() -> None:
    chart = replace(curves(), id="broken", kind="no such kind")
    bundle = bundle_of(report_with(chart), None, RenderOptions(formats=("html", "pdf"), pdf_seconds=0.01))
    html = bundle.files["report.html"].decode()
    assert "pdf-failed" in html
    assert "it took more than 0.01 s" in html
