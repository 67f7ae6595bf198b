"""Hostile texts from MLflow in every text field: nothing of them is live, in any medium."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from itertools import cycle
from math import ceil
from pathlib import Path
from string import ascii_letters
from typing import Any
from xml.etree import ElementTree

import pytest

from reportgen.formats import visible
from reportgen.render import RenderOptions, bundle_of
from reportgen.render.markup import json_markup, markdown_markup
from tests.hostile import OWN, SHARED, classes, payloads, texts_of
from tests.render.hostile import report_of
from tests.render.test_page import Opened, scroll_through

pytestmark = pytest.mark.usefixtures("quick_charts")
_CHUNK = 32


def html_of(texts: dict[str, str], **how: bool) -> str:
    bundle = bundle_of(report_of(texts, **how), None, RenderOptions(formats=("html",)))
    assert [problem.slug for problem in bundle.problems if problem.slug.endswith("-failed")] == []
    return bundle.files["report.html"].decode()


class Tree(HTMLParser):
    """Tags with their attributes, without the pieces that a label is cut into, its length, and what isolates its words or names their
    language."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, tuple[str, ...]]] = []
        self.links: list[tuple[str, str]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        says_language = tag == "span" and list(named) == ["lang"] and (named["lang"] or "").isalpha()
        if named.get("class") != "piece" and tag not in ("bdi", "wbr") and not says_language:
            self.elements.append((tag, tuple(sorted(named.keys() - {"data-running"}))))
        self.links += [(name, value or "") for name, value in attrs if name in ("href", "src", "xlink:href", "action")]

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def shortened(text: str, most: int = 600) -> str:
    """Both ends of ``text``: a text that is repeated thousands of times takes half a minute to be laid out, and says nothing new."""
    return text if len(text) <= most else f"{text[: most // 2]}{text[-most // 2 :]}"


def batched(keys: Iterable[str], n: int) -> list[list[str]]:
    """``keys`` by ``n``: a page for each would be mostly our own scripts, parsed again and again."""
    ordered = list(keys)
    return [ordered[start : start + n] for start in range(0, len(ordered), n)]


def tree_of(html: str) -> Tree:
    tree = Tree()
    tree.feed(html)
    return tree


@pytest.mark.skipif(not SHARED.exists(), reason="the shared cases are not beside this checkout")
def test_our_own_cases_have_every_class_of_the_shared_ones() -> None:
    assert classes(SHARED) <= classes(OWN)


@pytest.mark.fault("A text from the store is HTML", "It makes no element and no attribute.", at="text")
def test_a_text_makes_no_element_and_no_attribute(hostile: dict[str, str]) -> None:
    # The address of a run's page becomes a link, as it should.
    texts = {key: shortened(text, 2000) for key, text in hostile.items() if not text.startswith("https://")}
    # Of the same form, since a long list is shortened and a long word is not; each of a letter of its own, so that no two are one.
    letters = dict(zip(texts, cycle(ascii_letters)))
    benign = {key: re.sub(r"[^\s\[{(,]", letters[key], visible(text)) for key, text in texts.items()}
    for keys in batched(texts, _CHUNK):
        made, plain = (
            tree_of(html_of({key: of[key] for key in keys}, prose=False, charts=False)).elements for of in (texts, benign)
        )
        assert made == plain, keys


def test_a_text_can_be_read(hostile: dict[str, str]) -> None:
    for keys in batched(hostile, _CHUNK):
        tree = tree_of(html_of({key: shortened(hostile[key]) for key in keys}, prose=False, charts=False))
        shown = " ".join(" ".join(tree.text).split())
        assert [key for key in keys if " ".join(visible(hostile[key])[:100].split()) not in shown] == []


def test_no_invisible_character_reaches_a_page_whatever_field_it_stands_in() -> None:
    marks = "\u202e\u2066\u200b\x07\x9b\ud800"
    html = html_of({"a": f"a{marks}b"}, charts=False)
    assert not set(marks) & set(html)
    assert html.count(r"a\u{202e}\u{2066}\u{200b}\u{7}\u{9b}\u{d800}b") > 30


@pytest.mark.fault(
    "A text from the store is a link with another scheme", "The page holds only links of the allowed schemes.", at="text"
)
def test_no_link_has_another_scheme(hostile: dict[str, str]) -> None:
    links = tree_of(html_of(hostile)).links
    assert len(links) > 100
    allowed = ("http://", "https://", "mailto:", "#", "data:image/png;base64,")
    assert [value for _, value in links if not value.startswith(allowed)] == []


@pytest.mark.fault(
    "Texts of every field are scripts, handlers and addresses", "In a browser nothing runs and nothing is requested.", at="text"
)
@pytest.mark.browser
@pytest.mark.parametrize("part", range(ceil(len(payloads()) / _CHUNK)))
def test_nothing_runs_and_nothing_is_asked_for(chromium: Any, tmp_path: Path, hostile: dict[str, str], part: int) -> None:
    texts = {key: shortened(hostile[key]) for key in batched(hostile, _CHUNK)[part]}
    opened = Opened(chromium, viewport={"width": 1200, "height": 900})
    page = opened.from_file(html_of(texts), tmp_path)
    scroll_through(page)
    page.wait_for_function("n => document.querySelectorAll('.plot[data-drawn=true]').length === n", arg=len(texts))
    for field in page.locator("input").all()[:3]:
        field.fill("x")
    page.locator("thead button").first.click()
    page.locator(".plot").last.hover()
    assert page.evaluate("() => window.__pwned") is None
    assert opened.complaints == []
    assert [url for url in opened.requests if not url.startswith(("file:", "data:", "blob:"))] == []
    opened.context.close()


def test_markdown_keeps_only_a_few_tags(hostile: dict[str, str]) -> None:
    tags = {"a", "blockquote", "br", "code", "del", "em", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "s", "strong"}
    for key, text in hostile.items():
        tree = tree_of(markdown_markup(text))
        assert {tag for tag, _ in tree.elements} <= tags | {"table", "tbody", "td", "th", "thead", "tr", "ul"}, key
        assert {name for _, names in tree.elements for name in names} <= {"href", "rel", "start"}, key


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("[a](https://x.org)", '<p><a href="https://x.org" rel="noopener noreferrer nofollow">a</a></p>\n'),
        ("[a](relative/path)", '<p><a rel="noopener noreferrer nofollow">a</a></p>\n'),
        ("[a](data:text/html,x)", "<p>[a](data:text/html,x)</p>\n"),
        ("<b>x</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>\n"),
        ("# a\n\n#### b", "<h3>a</h3>\n<h4>b</h4>\n"),
    ],
)
def test_markdown(markdown: str, html: str) -> None:
    assert markdown_markup(markdown) == html


def test_long_markdown_is_shown_as_it_was_written() -> None:
    assert markdown_markup("*" * 70_000) == f"<pre>{'*' * 70_000}</pre>"


@pytest.mark.fault("A text would end the JSON block of the page", "It is escaped and read back as it was.", at="text")
def test_json_cannot_end_its_block() -> None:
    made = json_markup({"a": "</script><!--\u2028\u2029&", "b": float("nan")})
    assert not re.search("[<>&\u2028\u2029]", made)
    assert json.loads(made) == {"a": "</script><!--\u2028\u2029&", "b": "NaN"}


def test_json_files_and_junit_are_strict(hostile: dict[str, str]) -> None:
    files = bundle_of(report_of(hostile), None, RenderOptions(formats=("data", "gates"))).files
    for path in ("report.json", "verdict.json", "manifest.json"):
        json.loads(files[path].decode(), parse_constant=pytest.fail, object_pairs_hook=_unique)
    for text in hostile.values():
        junit = bundle_of(report_of({"a": text}), None, RenderOptions(formats=("gates",))).files["junit.xml"]
        case = ElementTree.fromstring(junit).find(".//testcase")
        assert case is not None
        assert len(case) == 1


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    assert len({key for key, _ in pairs}) == len(pairs)
    return dict(pairs)


@pytest.mark.fault("Ids of tables are paths", "File names stay plain and inside of the bundle.", at="text")
def test_paths_stay_inside_whatever_the_ids_are(hostile: dict[str, str]) -> None:
    from dataclasses import replace

    from reportgen.model import Table

    report = report_of({"a": "b"})
    tables = tuple(Table(text, "t", (), ()) for text in hostile.values())
    section = replace(report.sections[0], id="../x", blocks=tables)
    files = bundle_of(replace(report, sections=(section,)), None, RenderOptions(formats=("data", "html"))).files
    paths = [path for path in files if path.startswith("data/tables/")]
    assert len(paths) == len(hostile) + 1
    assert all(re.fullmatch(r"data/tables/[a-z0-9][a-z0-9-]{0,79}\.csv", path) for path in paths)


@pytest.mark.slow
def test_pdf_of_hostile_texts() -> None:
    pikepdf = pytest.importorskip("pikepdf")
    found = texts_of(SHARED if SHARED.exists() else OWN)
    short = {key: text for key, text in found.items() if len(text) < 2000}
    texts = {key: re.sub(r"(.)\1{20,}", lambda run: run[1] * 20, text) for key, text in short.items()}  # each emoji is a picture
    bundle = bundle_of(report_of(texts), None, RenderOptions(formats=("pdf",), pdf_seconds=280))
    assert [problem.slug for problem in bundle.problems if problem.slug.startswith("pdf-") and problem.severity == "gap"] == []
    data = bundle.files["report.pdf"]
    with pikepdf.open(io.BytesIO(data)) as pdf:
        actions = list(actions_of(pdf))
        assert {str(action.get("/S")) for action in actions} <= {"/URI", "/GoTo"}
        uris = [str(action["/URI"]) for action in actions if "/URI" in action]
        assert [uri for uri in uris if not uri.startswith(("http://", "https://", "mailto:"))] == []
        assert "/OpenAction" not in pdf.Root
        assert "/JavaScript" not in pdf.Root.get("/Names", {})
        assert "/EmbeddedFiles" not in pdf.Root.get("/Names", {})
        for stream in pdf.objects:
            if isinstance(stream, pikepdf.Stream):
                assert b"root:x:0:" not in _bytes(stream)


def _bytes(stream: Any) -> bytes:
    import pikepdf

    try:
        return bytes(stream.read_bytes())
    except pikepdf.PdfError:
        return bytes(stream.read_raw_bytes())


def actions_of(pdf: Any) -> Iterator[Any]:
    for page in pdf.pages:
        for annotation in page.get("/Annots", []):
            if "/A" in annotation:
                yield annotation["/A"]
