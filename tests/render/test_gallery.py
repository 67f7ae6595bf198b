"""Every block as it looks: the gallery in light, dark and on paper against approved pictures.

``REPORTGEN_UPDATE_GOLDENS=1`` approves what is drawn now. Pictures are compared at a third of their size, each pixel with its neighbours, so that another
version of a font or of the browser moves no edge; a change of layout or colour does.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pypdfium2
import pytest
from PIL import Image, ImageFilter
from typer.testing import CliRunner

from reportgen.cli import app
from reportgen.model import Block, Chart, ChartKind, Tone
from reportgen.render.gallery import gallery_files
from reportgen.render.walk import all_blocks, blocks_of, of_kind
from reportgen.specimen import specimen

APPROVED = Path(__file__).parents[1] / "approved"
UPDATE = bool(os.environ.get("REPORTGEN_UPDATE_GOLDENS"))
SHRUNK = 3
FAR = 24
"""Of 255: from which difference on a pixel is another one."""
MOST_OTHER = 0.004
"""Share of such pixels."""
TALLEST = 2600


def test_the_gallery_holds_every_kind_of_block_chart_and_tone() -> None:
    report = specimen()
    top = [block for section in report.sections for block in section.blocks]
    assert {type(block) for block in (*top, *blocks_of(top))} == set(get_args(Block))
    assert {chart.kind for chart in of_kind(all_blocks(report), Chart)} == set(get_args(ChartKind))
    assert {getattr(block, "tone", "neutral") for block in top} >= set(get_args(Tone))


@pytest.fixture(scope="module")
def drawn() -> dict[str, bytes]:
    """The files of the gallery without the figure that paper needs a browser for."""
    report = specimen()
    report = replace(report, sections=tuple(section for section in report.sections if section.id != "own"))
    files, problems = gallery_files(report)
    assert not problems
    return files


@pytest.fixture(scope="module")
def screens(chromium: Any, drawn: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """Theme → its page, with every chart drawn."""
    folder = tmp_path_factory.mktemp("gallery")
    context = chromium.new_context(viewport={"width": 1000, "height": 900}, reduced_motion="reduce")
    pages = {}
    for theme in ("light", "dark"):
        (folder / f"{theme}.html").write_bytes(drawn[f"{theme}.html"])
        pages[theme] = page = context.new_page()
        page.goto((folder / f"{theme}.html").as_uri())
        page.evaluate(
            """async () => { await document.fonts.ready; for (const box of document.querySelectorAll('.plot')) {
            box.scrollIntoView(); for (let n = 0; n < 200 && !box.querySelector('.main-svg'); n++)
            await new Promise(done => setTimeout(done, 20)); } scrollTo(0, 0); }"""
        )
    yield pages
    context.close()


@pytest.mark.browser
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_looks_as_approved(screens: dict[str, Any], theme: str) -> None:
    page = screens[theme]
    named = {
        (section.get_attribute("id") or "").removeprefix("s-"): section for section in page.query_selector_all("main > section")
    }
    assert len(named) >= 6
    problems = [differs(f"{theme}-{name}", section.screenshot()) for name, section in named.items()]
    assert not [problem for problem in problems if problem]


def test_the_paper_looks_as_approved(drawn: dict[str, bytes]) -> None:
    document = pypdfium2.PdfDocument(drawn["report.pdf"])
    problems = []
    for at, page in enumerate(document):
        picture = io.BytesIO()
        page.render(scale=1.2).to_pil().save(picture, "PNG")
        problems.append(differs(f"paper-{at + 1}", picture.getvalue()))
    assert not [problem for problem in problems if problem]


def test_a_change_that_a_reader_would_see_is_found() -> None:
    approved = next(iter(sorted(APPROVED.glob("light-*.png"))))
    before = np.asarray(Image.open(approved).convert("RGB")).astype(int)
    after = before.copy()
    after[10:40, 10:60] = 255 - after[10:40, 10:60]
    assert share_of_other(before, before) == 0
    assert share_of_other(before, after) > MOST_OTHER


def differs(name: str, png: bytes) -> str:
    """What is wrong with the picture ``name``; empty when it looks as approved."""
    file = APPROVED / f"{name}.png"
    shown = small(png)
    if UPDATE:
        shown.quantize(64, dither=Image.Dither.NONE).save(file, optimize=True)
        return ""
    if not file.is_file():
        return f"{name}: nothing is approved; look at it and run with REPORTGEN_UPDATE_GOLDENS=1"
    known = Image.open(file).convert("RGB")
    if abs(known.height - shown.height) > 2 + known.height // 100 or known.width != shown.width:
        return f"{name}: {shown.size} instead of {known.size}"
    height = min(known.height, shown.height)
    before, after = (np.asarray(one)[:height].astype(int) for one in (known, shown))
    share = share_of_other(before, after)
    return "" if share <= MOST_OTHER else f"{name}: {share:.1%} of its pixels are others"


def small(png: bytes) -> Image.Image:
    whole = Image.open(io.BytesIO(png)).convert("RGB")
    whole = whole.crop((0, 0, whole.width, min(whole.height, TALLEST)))
    return whole.resize((whole.width // SHRUNK, whole.height // SHRUNK), Image.Resampling.BOX)


def share_of_other(before: Any, after: Any) -> float:
    """Of the pixels that are far from each other where nothing near them is alike."""
    blurred = [
        np.asarray(Image.fromarray(one.astype("uint8")).filter(ImageFilter.BoxBlur(1))).astype(int) for one in (before, after)
    ]
    return float((np.abs(blurred[0] - blurred[1]).max(axis=2) > FAR).mean())


def test_the_command_draws_with_the_templates_of_a_config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "own").mkdir()
    for name in ("page", "paper"):
        (tmp_path / "own" / f"{name}.html.j2").write_text(
            "<html lang=en><title>{{ title }}</title>{{ sections|length }} sections of mine"
        )
    (tmp_path / "config.yaml").write_text(f"templates: ['{tmp_path / 'own'}']")
    monkeypatch.setattr(
        "reportgen.charts.export.find_browser", lambda: None
    )  # without a browser one figure has its table on paper
    done = CliRunner().invoke(app, ["gallery", "-c", str(tmp_path / "config.yaml"), "-o", str(tmp_path / "out")])
    assert done.exit_code == 3
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == ["dark.html", "index.html", "light.html", "report.pdf"]
    assert "9 sections of mine" in (tmp_path / "out" / "dark.html").read_text()
