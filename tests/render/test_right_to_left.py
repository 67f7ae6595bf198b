"""Hebrew and Arabic names in an English report: in their own direction, and nothing around them moves."""

from __future__ import annotations

import io
import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reportgen.charts.paper import paper_images
from reportgen.charts.screen import screen_figure
from reportgen.model import Axis, Cell, Chart, Column, Mark, Paragraph, Report, Span, Table, Trace
from reportgen.render import RenderOptions, bundle_of
from reportgen.render.environment import environment_of
from reportgen.render.markdown import escaped
from reportgen.render.markup import name_markup, sentence_markup, title_markup
from tests.render.example import report_with, run
from tests.render.test_page import Opened

SENTENCE = "Best val_auc 0.65 (נסיון), 3 of 4 runs finished."
NAMES = ("run נסיון-7 abc", "מודל דירוג 3 v2", "نموذج الترتيب", "baseline")
HOSTILE = "אב\u202eגד\u202c\u2069\u2068 </bdi><b>x"
"""Turns the line around, closes an isolation, opens another, and tries the same with tags."""
MARKS = "\u2066\u2067\u2068\u2069"
SVG = "{http://www.w3.org/2000/svg}"


def chart(*names: str) -> Chart:
    traces = tuple(
        Trace(name, (0.0, 1.0, 2.0), (0.5 + n / 10, 0.6 + n / 10, 0.7 + n / 10), labels=(name,) * 3)
        for n, name in enumerate(names)
    )
    x, y = Axis("צעד"), Axis("דיוק")
    return Chart("curves", names[0], "lines", x, y, SENTENCE, traces=traces, marks=(Mark("y", 0.6, "bound of נסיון, 3"),))


def bars(*names: str) -> Chart:
    x = Axis("", kind="category", categories=names)
    values = tuple(map(float, range(len(names))))
    return Chart("bars", "Bars", "bars", x, Axis("val_auc"), "Bars.", traces=(Trace("val_auc", values, values),))


def report(name: str) -> Report:
    columns = (Column("name", name), Column("value", "Value", "number"))
    table = Table("t", name, columns, ((Cell(name, note=SENTENCE), Cell(3.0)), (Cell(replace(run(1), name=name)), Cell(4.0))))
    made = report_with(Paragraph((Span(SENTENCE), Span(f"By {name}, 3."))), table, chart(name, "baseline"))
    section = replace(made.sections[0], title=name)
    return replace(made, title=name, headline=SENTENCE, sections=(section, *made.sections[1:]))


def files_of(made: Report, *formats: str) -> dict[str, bytes]:
    return dict(bundle_of(made, None, RenderOptions(formats=formats)).files)


def test_markup_of_sentences_names_and_titles() -> None:
    isolated = '<bdi dir="rtl"><span lang="he">נסיון</span></bdi>'
    assert sentence_markup(SENTENCE) == f"Best val_auc 0.65 ({isolated}), 3 of 4 runs finished."
    assert name_markup("מודל דירוג 3 v2") == '<bdi dir="rtl"><span lang="he">מודל דירוג</span> 3 v2</bdi>'
    assert name_markup("run נסיון abc") == f'<bdi dir="ltr">run {isolated} abc</bdi>'
    assert name_markup("run & abc") == "run &amp; abc"
    assert title_markup("run & abc") == "run &amp; abc"
    assert title_markup("נסיון: Best runs") == f"{isolated}: Best runs"


def test_a_page_isolates_wherever_a_text_stands() -> None:
    html = files_of(report("נסיון"), "html")["report.html"].decode()
    body = re.sub(r"<script.*?</script>", "", html.partition("</head>")[2], flags=re.DOTALL)
    body = without_languages(body)
    texts = re.sub(r'<bdi dir="rtl">(<span class="piece">)?[^<]*(</span>)?</bdi>', "", body)
    assert re.findall(r">[^<]*[\u0590-\u05ff][^<]*<", texts) == []
    assert body.count('<bdi dir="rtl">נסיון</bdi>') > 10


def without_languages(html: str) -> str:
    return re.sub(r'<span lang="[a-z]+">([^<]*)</span>', r"\1", html)


def test_what_a_hostile_name_does() -> None:
    """Its marks of direction are visible, its tags are text, and the isolation around it ends where the name ends."""
    shown = r"אב\u{202e}גד\u{202c}\u{2069}\u{2068}"
    made = files_of(replace(report(HOSTILE), headline=f"Best ({HOSTILE}), 3 of 4."), "html", "markdown")
    html, summary = without_languages(made["report.html"].decode()), made["summary.md"].decode()
    assert f'Best (<bdi dir="ltr">{shown}</bdi> &lt;/bdi&gt;&lt;b&gt;x), 3 of 4.' in html.replace('dir="rtl"', 'dir="ltr"')
    assert not set("\u202e\u202c\u2067\u2066") & set(html + summary)
    assert html.count("<bdi") == html.count("</bdi>")
    assert "<b>x" not in html
    assert "\\\\u{2069}\\\\u{2068}&#8297; &lt;/bdi&gt;&lt;b&gt;x" in summary
    assert summary.count("&#8296;") == summary.count("&#8297;") > 0
    image = paper_images([chart(HOSTILE, "baseline")]).images["curves"]
    for text in ["".join(node.itertext()) for node in ET.fromstring(image.data).iter(f"{SVG}text")]:
        assert re.sub("\u2068[^\u2068\u2069]*\u2069", "", text).isprintable(), text


def test_markdown_isolates_by_entities() -> None:
    assert escaped(SENTENCE) == r"Best val\_auc 0.65 (&#8296;נסיון&#8297;), 3 of 4 runs finished."
    assert escaped("plain (text), 3") == "plain (text), 3"


def test_data_files_hold_no_marks() -> None:
    made = files_of(report("נסיון"), "data")
    assert not [path for path, data in made.items() if path.endswith((".csv", ".json")) and set(MARKS) & set(data.decode())]
    assert "נסיון" in json.loads(made["report.json"])["report"]["headline"]


def test_figures_isolate_by_characters() -> None:
    text = json.dumps(screen_figure(chart(*NAMES)), ensure_ascii=False) + json.dumps(
        screen_figure(bars(*NAMES)), ensure_ascii=False
    )
    assert "\u2068מודל דירוג 3 v2\u2069" in text
    assert "run \u2068נסיון-7\u2069 abc" in text
    assert "bound of \u2068נסיון\u2069, 3" in text
    assert re.findall("[\u0590-\u06ff]", re.sub("\u2068[^\u2068\u2069]*\u2069", "", text)) == []


def test_an_svg_holds_all_words_and_a_page_those_that_it_must_set() -> None:
    image = paper_images([chart(*NAMES)]).images["curves"]
    whole, rest = (
        ["".join(node.itertext()) for node in ET.fromstring(data).iter(f"{SVG}text")] for data in (image.data, image.wordless)
    )
    assert "\u2068نموذج الترتيب\u2069" in whole
    assert {*NAMES[:3], "צעד", "דיוק", "bound of נסיון, 3"} == {text.text for text in image.words}
    assert len(whole) == len(rest) + len(image.words)
    assert "baseline" in rest
    plain = paper_images([bars("a", "b")]).images["bars"]
    assert (plain.words, plain.wordless) == ((), b"")


def test_words_stand_over_the_picture() -> None:
    from reportgen.render.paper import Paper

    view = Paper(paper_images([chart(*NAMES)]).images, 100, (), landscape=False).chart(chart(*NAMES))
    html = environment_of().get_template("blocks/picture.html.j2").render(block=view)
    words = re.findall(r'<p class="word" style="([^"]*)">(.*)</p>', html)
    assert '<bdi dir="rtl"><span lang="ar">نموذج الترتيب</span></bdi>' in [text for _, text in words]
    assert all(
        re.match(r"(left|right):-?\d+\.\d{3}%.*;bottom:-?\d+\.\d{3}%;font-size:1\.\d+em;color:#", style) for style, _ in words
    )
    assert view.wordless in html
    assert view.source not in html


def test_names_run_from_right_to_left_in_the_pdf() -> None:
    pdfplumber = pytest.importorskip("pdfplumber")
    data = files_of(report_with(Paragraph((Span("Best (אבגדה), 3 of 4."),)), bars("הוזחט", "plain")), "pdf")["report.pdf"]
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        chars = [char for page in pdf.pages for char in page.chars]
    for name in ("אבגדה", "הוזחט"):
        lefts = [next(char["x0"] for char in chars if char["text"] == letter) for letter in (name[1:4])]
        assert lefts == sorted(lefts, reverse=True)
    (first,) = [char for char in chars if char["text"] == "א"]
    three = [char for char in chars if char["text"] == "3" and abs(char["top"] - first["top"]) < 3]
    assert min(char["x0"] for char in three) > first["x1"]


@pytest.mark.browser
def test_names_move_nothing_in_a_browser(chromium: Any, tmp_path: Path) -> None:
    opened = Opened(chromium, viewport={"width": 1200, "height": 900})
    page = opened.from_file(files_of(report("נסיון"), "html")["report.html"].decode(), tmp_path)
    left = """(text, letter) => {
        const find = node => { for (const child of node.childNodes) {
            if (child.nodeType === 3 && child.data.includes(text)) return child;
            const found = find(child); if (found) return found; } };
        const range = document.createRange();
        const node = find(document.querySelector('.headline'));
        range.setStart(node, node.data.indexOf(letter)); range.setEnd(node, node.data.indexOf(letter) + 1);
        return range.getBoundingClientRect().left; }"""
    first, last = (page.evaluate(f"({left})('נסיון', '{letter}')") for letter in "נן")
    assert last < first < page.evaluate(f"({left})(', 3 of', '3')")
    assert opened.complaints == []
    opened.context.close()
