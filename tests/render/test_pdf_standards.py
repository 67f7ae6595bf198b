"""report.pdf by the rules of PDF/UA-1 and PDF/A-3b, on A4 and Letter, with words in other scripts."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest

from reportgen.model import Cell, Column, Prose, Section, Table
from reportgen.render import Bundle, RenderOptions, bundle_of
from tests.render.example import example_report

pikepdf = pytest.importorskip("pikepdf")
pytestmark = pytest.mark.usefixtures("quick_charts")

NAMES = (("模型 3", "zh"), ("эксперимент", "ru"), ("실험", "ko"), ("モデル", "ja"), ("ניסיון", "he"))


def words_of_the_world() -> Section:
    rows = tuple((Cell(name), Cell(0.5)) for name, _ in NAMES)
    table = Table("world", "Names", (Column("name", "Name"), Column("value", "Value", "number")), rows)
    return Section("world", "Κόσμος and μ", (table, Prose("Заметки about *данные* and μ.")))


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    """The PDF of one report by standard; the archive's on Letter."""
    with pytest.MonkeyPatch.context() as patch:
        import sys

        from tests.render import doubles

        for name, module in doubles.modules().items():
            patch.setitem(sys.modules, name, module)
        report = example_report()
        report = replace(report, sections=(*report.sections, words_of_the_world()))
        formats = ("data", "pdf")
        archive = RenderOptions(formats=formats, pdf_standard="a-3b", paper="letter")
        return {
            "ua-1": pdf_in(bundle_of(report, None, RenderOptions(formats=formats))),
            "a-3b": pdf_in(bundle_of(report, None, archive)),
        }


def pdf_in(bundle: Bundle) -> bytes:
    content = bundle.files["report.pdf"]
    assert isinstance(content, bytes)
    assert [
        problem for problem in bundle.problems if problem.slug.startswith("pdf") and problem.slug != "pdf-characters-missing"
    ] == []
    return content


@pytest.mark.parametrize("standard", ["ua-1", "a-3b"])
def test_it_keeps_to_its_standard(made: dict[str, bytes], standard: str) -> None:
    from tests.render.pdf_rules import broken_rules

    assert broken_rules(made[standard], standard) == []


def test_the_rules_notice_what_weasyprint_leaves_open(made: dict[str, bytes]) -> None:
    """The same file with what we add taken out again: the rules are no empty ones."""
    from tests.render.pdf_rules import broken_rules, elements

    with pikepdf.open(io.BytesIO(made["a-3b"])) as pdf:
        tags = list(elements(pdf.Root.StructTreeRoot))
        del next(tag for tag in tags if tag.S == "/TH").A.Scope
        del next(tag for tag in tags if tag.S == "/Figure").Alt
        pdf.Root.AF.append(pdf.Root.AF[0])
        del pdf.Root.Lang
        out = io.BytesIO()
        pdf.save(out)
    assert set(broken_rules(out.getvalue(), "a-3b")) == {
        "a header cell without scope or name",
        "a figure without words or box",
        "an associated file twice",
        "no language",
    }


def test_the_data_travel_in_the_archive(made: dict[str, bytes]) -> None:
    with pikepdf.open(io.BytesIO(made["a-3b"])) as pdf:
        kinds = {str(file.obj.EF.F.Subtype) for file in pdf.attachments.values()}
        assert len(pdf.Root.AF) == len(pdf.attachments) > 3
        assert kinds == {"/text/csv"}


def test_header_cells_say_what_they_head(made: dict[str, bytes]) -> None:
    from tests.render.pdf_rules import elements

    with pikepdf.open(io.BytesIO(made["ua-1"])) as pdf:
        scopes = [str(tag.A.Scope) for tag in elements(pdf.Root.StructTreeRoot) if tag.S == "/TH"]
    assert {"/Row", "/Column"} == set(scopes)


def test_words_in_another_script_say_their_language(made: dict[str, bytes]) -> None:
    from tests.render.pdf_rules import elements

    with pikepdf.open(io.BytesIO(made["ua-1"])) as pdf:
        languages = {str(tag.Lang) for tag in elements(pdf.Root.StructTreeRoot) if "/Lang" in tag}
    assert languages >= {language for _, language in NAMES} | {"el"}


def test_running_words_are_no_part_of_the_text(made: dict[str, bytes]) -> None:
    """They are painted, as artifacts."""
    with pikepdf.open(io.BytesIO(made["ua-1"])) as pdf:
        marks = [operands for operands, operator in pikepdf.parse_content_stream(pdf.pages[1]) if str(operator) == "BDC"]
        running: list[Any] = [mark for mark in marks if str(mark[0]) == "/Artifact" and mark[1].get("/Type") == "/Pagination"]
    assert len(running) >= 4


def test_pages_have_the_size_that_was_asked_for(made: dict[str, bytes]) -> None:
    sizes = {}
    for standard, data in made.items():
        with pikepdf.open(io.BytesIO(data)) as pdf:
            sizes[standard] = {tuple(sorted(round(float(side)) for side in page.MediaBox[2:])) for page in pdf.pages}
    assert sizes == {"ua-1": {(595, 842)}, "a-3b": {(612, 792)}}
