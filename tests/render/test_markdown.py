"""summary.md: a comment that fits, and in which nothing from MLflow is live."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal

import pytest
from markdown_it import MarkdownIt

from reportgen.errors import Problem
from reportgen.model import Cell, Column, Prose, Section, Table
from reportgen.render import RenderOptions, bundle_of
from reportgen.render.markdown import MOST, block_md, code, escaped
from tests.render.example import example_report, overview, report_with
from tests.render.hostile import report_of


def summary(report: object) -> str:
    bundle = bundle_of(report, None, RenderOptions(formats=("markdown",)))  # type: ignore[arg-type]
    return bundle.files["summary.md"].decode()


def test_summary_of_the_example() -> None:
    text = summary(example_report())
    assert text.startswith("## Recommender weekly\n\n**Validation accuracy is at a new best of 93.4 %")
    heads = re.findall(r"^### (.*)$", text, re.MULTILINE)
    assert heads == ["Gates", "Verdicts", "Numbers", "Overview", "Problems", "The 40 best runs by validation accuracy"]
    assert "| latency budget | ✗ failed | 0.183 s is more than 0.15 s. | deft-ibis-003 `daa66d13` |" in text
    assert "*204 more rows.*" in text
    assert len(text) < MOST


def test_every_table_has_as_many_cells_in_each_row() -> None:
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(summary(example_report()))
    n_cells: list[int] = []
    for token in tokens:
        if token.type == "tr_open":
            n_cells.append(0)
        elif token.type in ("td_open", "th_open"):
            n_cells[-1] += 1
    assert n_cells == [4] * 13 + [5] * 13 + [14] * 11


def test_too_long_leaves_out_whole_parts_from_the_end() -> None:
    problems = tuple(Problem(f"slug-{n}", "w" * 150, "f" * 150, "t" * 150) for n in range(25))
    columns = tuple(Column(f"c{n}", "c" * 79) for n in range(200))
    board = Table("b", "Board", (Column("r", "Run", "run"), *columns), tuple((Cell("x" * 150),) * 201 for _ in range(12)))
    text = summary(example_report(sections=(overview(), Section("leaderboard", "L", (board,))), problems=problems))
    assert len(text) < MOST
    assert "*Left out, because this would be too long: leaderboard.*" in text
    assert "### Problems" in text
    assert text.rstrip().endswith("Snapshot `9f2b9f2b9f2b`.")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a|b", r"a\|b"),
        ("@everyone", "@&#8203;everyone"),
        ("fixes #12 and GH-7", "fixes #&#8203;12 and GH-&#8203;7"),
        ("x\n::error file=a::b", "x :&#8203;:error file=a:&#8203;:b"),
        ("::error::x", r"\:&#8203;:&#8203;error:&#8203;:x"),
        ("<!-- c --> <b>", "&lt;!-- c --&gt; &lt;b&gt;"),
        ("![x](http://e.org/p)", r"!\[x\](http:&#8203;//e.org/p)"),
        ("www.example.org", "www&#8203;.example.org"),
        ("# head", r"\# head"),
        ("1. one", r"1\. one"),
        ("0.93 is 1.5", "0.93 is 1.5"),
        ("- item", r"\- item"),
        ("a_b_c *d* `e` ~~f~~ $g$", r"a\_b\_c \*d\* \`e\` \~\~f\~\~ \$g\$"),
        ("&amp;", "&amp;amp;"),
        (":tada:", r"\:&#8203;tada:"),
        ("jane@example.org", "jane@&#8203;example.org"),
    ],
)
def test_escaped(text: str, shown: str) -> None:
    assert escaped(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"), [("abc", "`abc`"), ("a`b", "``a`b``"), ("`a", "`` `a ``"), ("a|b", r"`a\|b`"), ("", "")]
)
def test_code(text: str, shown: str) -> None:
    assert code(text) == shown


@pytest.mark.parametrize("layout", ["report", "memo"])
def test_hostile_texts_are_inert(hostile: dict[str, str], layout: Literal["report", "memo"]) -> None:
    """In a memo every kind of block reaches the summary, in a report those of page 1."""
    parser = MarkdownIt("gfm-like", {"linkify": False})
    benign = _shape(parser, summary(replace(report_of({"leaderboard": "x" * 30}, prose=False), layout=layout)))
    for key, text in hostile.items():
        made = summary(replace(report_of({"leaderboard": text[:500].rstrip()}, prose=False), layout=layout))
        assert _shape(parser, made) == benign, key
        for line in made.splitlines():
            assert not re.match(r"\s*(::|##\[|##vso\[|##teamcity\[)", line), key
        assert not re.search(r"@\w", re.sub(r"`[^`]*`", "", made)), key


def test_hostile_prose_is_a_quotation_of_plain_paragraphs(hostile: dict[str, str]) -> None:
    parser = MarkdownIt("gfm-like", {"linkify": False})
    for key, text in hostile.items():
        kinds = {kind.rpartition("_")[0] or kind for kind in _shape(parser, block_md(Prose(text, text, quoted=True)))}
        assert kinds <= {"blockquote", "paragraph", "inline "}, key


def _shape(parser: MarkdownIt, text: str) -> list[str]:
    """Every block and every inline element that is not text, in order."""
    kinds = []
    for token in parser.parse(text):
        kinds.append(f"{token.type} {token.tag}")
        kinds += [
            child.type
            for child in token.children or ()
            if child.type in ("link_open", "image", "html_inline", "s_open", "em_open", "strong_open")
        ]
    return kinds


def test_no_problem_is_said_too() -> None:
    assert "### Problems\n\nNone." in summary(replace(report_with(), problems=()))
