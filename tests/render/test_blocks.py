"""Golden tests: each kind of block as HTML for the screen, HTML for paper, and Markdown.

To accept what the code makes now: ``REPORTGEN_UPDATE_GOLDENS=1 pytest tests/render/test_blocks.py``, then read the diff.
"""

from __future__ import annotations

import math
import os
from dataclasses import replace
from pathlib import Path

import pytest

from reportgen.model import (
    Block,
    Cell,
    Change,
    Column,
    Gallery,
    Image,
    Interval,
    Notice,
    Paragraph,
    Prose,
    RunLink,
    Section,
    Span,
    Table,
    Tile,
    Tiles,
    Verdict,
)
from reportgen.render import RenderOptions
from reportgen.render.environment import environment_of
from reportgen.render.filters import template_of
from reportgen.render.html import Screen, packed_figure
from reportgen.render.markdown import block_md
from reportgen.render.options import Draft
from reportgen.render.paper import paper_medium
from reportgen.render.view import Medium, block_views, section_view
from tests.render import doubles
from tests.render.example import NOW, forest, report_with

GOLDEN = Path(__file__).parent / "golden"
RUN = RunLink("0123456789abcdef", "bold <lynx> | `412`", "https://mlflow.example.org/#/runs/01")
PLAIN_RUN = RunLink("fedcba9876543210", "calm", "javascript:alert(1)")
TABLE = Table(
    "small-0123456789",
    "A small table & its title",
    (
        Column("run", "Run", "run"),
        Column("acc", "val_accuracy/top@1", "percent", digits=2, goal="maximize", note="best step"),
        Column("loss", "Loss", "number", goal="minimize"),
        Column("when", "When", "time"),
        Column("lr", "learning_rate", "code"),
        Column("ci", "95 % interval", "interval", digits=2),
    ),
    (
        (
            Cell(RUN, "best", "best"),
            Cell(0.93412, "good"),
            Cell(0.21),
            Cell(NOW),
            Cell("3e-4"),
            Cell(Interval(0.9, 0.88, 0.92, 8)),
        ),
        (
            Cell(PLAIN_RUN),
            Cell(None),
            Cell(math.nan, "bad", "diverged"),
            Cell(None),
            Cell("a|b"),
            Cell(Interval(0.9, None, None, 1)),
        ),
    ),
    notes=("Ranked by <val_accuracy>.",),
    n_total=34,
    sortable=True,
)
BLOCKS: dict[str, Block] = {
    "paragraph": Paragraph(
        (Span("Accuracy rose to "), Span("93.4 %", strong=True), Span(" in "), Span("", run=RUN), Span(". @everyone <b>")), "good"
    ),
    "prose": Prose(
        "# Big\n\ntext *it* [l](https://example.org) [bad](javascript:x) ![i](http://example.org/p.png)\n\n### deep\n\n<i>raw</i>",
        "note of run x",
        quoted=True,
    ),
    "tiles": Tiles(
        (
            Tile(
                "Accuracy",
                0.934,
                "percent",
                change=Change(0.012, "percent_change", "good", "since Friday"),
                note="n = 8",
                tone="best",
            ),
            Tile("Loss", math.nan),
            Tile("Run", RUN, "run"),
        )
    ),
    "table": TABLE,
    "facts": replace(
        TABLE,
        columns=(Column("what", "What"), Column("value", "Value")),
        rows=((Cell("Source"), Cell("sqlite:///a.db", format="code")), (Cell("Runs"), Cell(12, format="integer"))),
        layout="facts",
        sortable=False,
        n_total=None,
    ),
    "empty-table": replace(TABLE, rows=(), n_total=None),
    "chart": forest(),
    "verdict": Verdict(
        "B against A", "worse", "B is worse by 2 points.", "The interval lies below zero.", caveats=("Two pairs left out.",)
    ),
    "notice": Notice("warning", "Six runs <are> running", "Their values are left out.", "wait", "runs-running"),
    "gallery": Gallery("Pictures", (Image("matrix", b"\x89PNG", "A matrix", RUN),), ("1 of 3 shown.",)),
}


def html_of(block: Block, medium: Medium) -> str:
    environment = environment_of()
    return "\n".join(environment.get_template(template_of(view)).render(block=view) for view in block_views(block, medium))


def screen(block: Block) -> str:
    return html_of(block, Screen({forest().id: packed_figure({"data": ["</script>"], "layout": {}})}))


def paper(block: Block) -> str:
    images = {forest().id: doubles.ChartImage("svg", b"<svg/>", 720, 260)}
    return html_of(block, paper_medium(Draft(report_with(), None, RenderOptions(), images=images)))


def markdown(block: Block) -> str:
    return block_md(block)


MEDIA = {"screen.html": screen, "paper.html": paper, "md": markdown}


@pytest.mark.parametrize("medium", MEDIA)
@pytest.mark.parametrize("name", BLOCKS)
def test_block(name: str, medium: str, tmp_path: Path) -> None:
    made = MEDIA[medium](BLOCKS[name]) + "\n"
    expected = GOLDEN / f"{name}.{medium}"
    if os.environ.get("REPORTGEN_UPDATE_GOLDENS"):
        GOLDEN.mkdir(exist_ok=True)
        expected.write_text(made, "utf-8")
    if not expected.exists() or expected.read_text("utf-8") != made:
        actual = tmp_path / expected.name
        actual.write_text(made, "utf-8")
        pytest.fail(f"{expected.name} is not what the code makes; compare with {actual}")


def test_no_golden_is_left_over() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == {f"{name}.{medium}" for name in BLOCKS for medium in MEDIA}


def test_chart_without_picture_shows_its_numbers() -> None:
    chart = replace(forest(), table=TABLE)
    draft = Draft(report_with(), None, RenderOptions())
    for html in (html_of(chart, Screen({})), html_of(chart, paper_medium(draft))):
        assert "This chart could not be drawn" in html
        assert "93.41" in html
        assert "<img" not in html


def test_section_template_takes_every_kind() -> None:
    section = section_view(Section("all", "All", tuple(BLOCKS.values())), Screen({}))
    html = environment_of().get_template("blocks/section.html.j2").render(section=section)
    assert html.count("<h2") == 1
