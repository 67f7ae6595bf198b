"""report.pdf: its structure, what happens when its child dies, and that equal reports give equal bytes."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reportgen.errors import Problem
from reportgen.model import Cell, Chart, Column, Paragraph, Section, Span, Table
from reportgen.render import Bundle, RenderOptions, bundle_of
from tests.render.example import curves, example_report, leaderboard, overview, report_with, runs

pikepdf = pytest.importorskip("pikepdf")
pdfplumber = pytest.importorskip("pdfplumber")
pytestmark = pytest.mark.usefixtures("quick_charts")


@pytest.fixture(scope="module")
def made() -> Bundle:
    with pytest.MonkeyPatch.context() as patch:
        import sys

        from tests.render import doubles

        for name, module in doubles.modules().items():
            patch.setitem(sys.modules, name, module)
        return bundle_of(example_report(), None, RenderOptions(formats=("data", "pdf")))


@pytest.fixture
def pdf(made: Bundle) -> Iterator[Any]:
    with pikepdf.open(io.BytesIO(made.files["report.pdf"])) as opened:
        yield opened


def pages_of(bundle: Bundle) -> list[Any]:
    with pdfplumber.open(io.BytesIO(bundle.files["report.pdf"])) as document:
        return [(page.width, page.height, page.extract_words(), page.extract_text()) for page in document.pages]


def pdf_of(*sections: Section, **options: Any) -> Bundle:
    report = replace(report_with(), sections=sections)
    return bundle_of(report, None, RenderOptions(formats=("pdf",), **options))


def test_nothing_went_wrong(made: Bundle) -> None:
    assert [problem for problem in made.problems if problem.slug.startswith("pdf")] == []


def test_same_report_gives_the_same_pdf(made: Bundle) -> None:
    again = bundle_of(example_report(), None, RenderOptions(formats=("data", "pdf")))
    assert again.files["report.pdf"] == made.files["report.pdf"]


def test_it_is_tagged_and_says_what_it_is(pdf: Any) -> None:
    root = pdf.Root
    assert root.MarkInfo.Marked
    assert root.Lang == "en"
    assert root.ViewerPreferences.DisplayDocTitle
    assert pdf.docinfo["/Title"] == "Recommender weekly"
    assert pdf.docinfo["/CreationDate"] == "D:20261120000000Z"
    with pdf.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
    kinds = {str(node["/S"]) for node in nodes_of(root.StructTreeRoot) if "/S" in node}
    assert {"/H1", "/H2", "/H3", "/P", "/Table", "/TH", "/TD", "/Figure", "/L", "/Link"} <= kinds


def nodes_of(node: Any) -> Iterator[Any]:
    yield node
    below = node.get("/K", [])
    for child in below if isinstance(below, pikepdf.Array) else [below]:
        if isinstance(child, pikepdf.Dictionary):
            yield from nodes_of(child)


def test_every_figure_has_words(pdf: Any) -> None:
    figures = [node for node in nodes_of(pdf.Root.StructTreeRoot) if node.get("/S") == "/Figure"]
    assert len(figures) >= 7
    assert all(str(figure.get("/Alt", "")) for figure in figures)


def test_it_does_nothing_by_itself(made: Bundle, pdf: Any) -> None:
    assert "/OpenAction" not in pdf.Root
    assert "/AA" not in pdf.Root
    assert b"/JavaScript" not in made.files["report.pdf"]
    for page in pdf.pages:
        for annotation in page.get("/Annots", []):
            action = annotation.get("/A", {})
            assert str(action.get("/S", "/GoTo")) in ("/URI", "/GoTo")
            assert str(action.get("/URI", "https://")).startswith(("http://", "https://", "mailto:"))


def test_bookmarks_name_sections_and_what_is_in_them(pdf: Any) -> None:
    with pdf.open_outline() as outline:
        top = [item.title for item in outline.root]
        below = {item.title: [child.title for child in item.children] for item in outline.root}
    assert top == [
        "Recommender weekly",
        "Overview",
        "Quality gates",
        "Comparison",
        "Leaderboard",
        "Training histories",
        "Notes",
        "Runs",
        "Problems",
        "About the data",
        "Method",
    ]
    assert below["Leaderboard"] == ["Parameters in which the best ten differ", "The 40 best runs by validation accuracy"]


def test_page_one_is_the_leads_page(made: Bundle) -> None:
    text = pages_of(made)[0][3].replace("\n", " ")
    for words in (
        "Recommender weekly 13–19 November 2026 (UTC)",
        "latency gate failed",
        "Validation accuracy",
        "93.4",
        "Better",
        "The treatment is better by 0.81 points",
    ):
        assert words in text


def test_the_footer_of_page_one_names_sections_with_their_pages(made: Bundle) -> None:
    pages = pages_of(made)
    text = pages[0][3].replace("\n", " ")
    told = dict(re.findall(r"(Comparison|Leaderboard|Training histories|Runs|Problems) (\d+)·", text))
    assert len(told) == 5
    for title, number in told.items():
        assert re.search(rf"^{title}$", pages[int(number) - 1][3], re.MULTILINE), title


def test_an_executive_report_is_page_one_alone() -> None:
    whole = report_with()
    made = bundle_of(replace(whole, profile="executive"), None, RenderOptions(formats=("pdf", "html")))
    (page,) = pages_of(made)
    assert "1 of 1" in page[3]
    html = made.files["report.html"]
    assert isinstance(html, bytes)
    assert re.findall(rb'<section id="s-([a-z]+)', html) == [whole.sections[0].id.encode()]


def test_running_header_and_footer(made: Bundle) -> None:
    pages = pages_of(made)
    for number, page in enumerate(pages, 1):
        assert f"{number} of {len(pages)}" in page[3]
    assert all(page[3].startswith("Recommender weekly 13–19 November 2026 (UTC)") for page in pages[1:])


def test_no_text_leaves_the_page(made: Bundle) -> None:
    for width, height, words, _ in pages_of(made):
        assert words
        assert [word["text"] for word in words if word["x0"] < 36 or word["x1"] > width - 36] == []
        assert [word["text"] for word in words if word["top"] < 20 or word["bottom"] > height - 20] == []


def test_no_page_is_nearly_empty(made: Bundle) -> None:
    for _, height, words, _ in pages_of(made)[:-1]:
        body = [word["bottom"] for word in words if 55 < word["top"] < height - 55]
        assert max(body) > 0.22 * height


def test_wide_table_turns_its_section(made: Bundle) -> None:
    turned = [page for page in pages_of(made) if page[0] > page[1]]
    assert 1 <= len(turned) <= 3
    assert turned[0][3].startswith("Recommender weekly 13–19 November 2026 (UTC)\nLeaderboard")
    for page in turned:
        assert "sampling.negatives_" in page[3].replace("\n", "")
        assert "Started" in page[3]  # every page repeats the header
    assert "Not on paper: Duration; in data/tables/" in turned[-1][3]


def test_a_table_too_wide_for_any_page_comes_in_parts() -> None:
    columns = (Column("run", "Run", "text"), *(Column(f"c{n}", f"metric_number_{n}", "number") for n in range(40)))
    table = Table(
        "wide",
        "Forty metrics",
        columns,
        tuple((Cell(f"run-{row}"), *(Cell(n + row / 7) for n in range(40))) for row in range(20)),
    )
    bundle = pdf_of(Section("a", "A", (Paragraph((Span("first"),)),)), Section("b", "B", (table,)))
    pages = pages_of(bundle)
    text = "\n".join(page[3] for page in pages)
    assert "part 1 of" in text
    assert text.count("run-19") == int(re.search(r"part 1 of (\d)", text)[1])  # type: ignore[index]
    for width, _, words, _ in pages:
        assert max(word["x1"] for word in words) <= width - 36


def test_a_figure_is_never_in_two_lines() -> None:
    """Of 45 in a narrow column "4" stood above "5"."""
    names = ("Parent", "Level", "Children", "They are", "n", "sd", "Best", "Worst", "n", "sd", "Best", "Worst")
    formats = ("text", "integer", "integer", "text", *("integer", "number", "number", "number") * 2)
    columns = tuple(Column(f"c{at}", name, shown_as) for at, (name, shown_as) in enumerate(zip(names, formats, strict=True)))
    rows = tuple(
        tuple(
            map(
                Cell,
                (
                    "JOINT_DISP_20251224_010507_hpo_session",
                    0,
                    51,
                    "trials of a search",
                    45,
                    16.47,
                    100.0,
                    45.5,
                    n,
                    0.25,
                    1.5,
                    1.5,
                ),
            )
        )
        for n in (45, 46)
    )
    bundle = pdf_of(Section("nested", "Nested runs", (Table("nested", "Summary of child runs", columns, rows),)))
    words = [word["text"] for page in pages_of(bundle) for word in page[2]]
    assert (words.count("45"), words.count("46")) == (3, 1)


def test_paper_stays_upright_where_turning_it_would_leave_a_page_nearly_empty() -> None:
    other = replace(leaderboard(), id="again", blocks=tuple(replace(block, id=f"{block.id}-2") for block in leaderboard().blocks))
    first = Section("first", "First", tuple(Paragraph((Span(f"line {n}"),)) for n in range(20)))
    little = replace(first, id="little", title="Little", blocks=first.blocks[:1])
    turned = pages_of(pdf_of(first, leaderboard(), other))
    upright = pages_of(pdf_of(first, leaderboard(), little, other))
    assert [page[0] > page[1] for page in turned].count(True) >= 2
    assert not any(page[0] > page[1] for page in upright)
    assert "Not on paper: " in "\n".join(page[3] for page in upright)


def test_first_section_never_turns() -> None:
    bundle = pdf_of(replace(leaderboard(), id="first"))
    assert all(page[0] < page[1] for page in pages_of(bundle))


def test_rows_are_limited_and_counted() -> None:
    bundle = bundle_of(replace(report_with(), sections=(runs(),)), None, RenderOptions(formats=("data", "pdf")))
    text = "\n".join(page[3] for page in pages_of(bundle))
    assert "75 more rows in data/tables/runs-0123456789.csv, attached to this document." in text
    assert "eager-fox-044" in text
    assert "amber-gull-045" not in text


def test_data_is_attached_up_to_a_size(pdf: Any) -> None:
    names = {str(name) for name in pdf.attachments}
    assert names == {
        f"{name}.csv"
        for name in (
            "ledger",
            *(f"{n}-0123456789" for n in ("comparison", "what-differs", "leaderboard", "curves-numbers", "runs")),
        )
    }
    spec = pdf.attachments["ledger.csv"]
    assert spec.get_file().read_bytes().startswith(b"experiment,item,n_store")
    assert str(spec.obj.EF.F.Params.CreationDate) == "D:20261120000000Z"


def test_what_is_not_attached_is_named() -> None:
    bundle = bundle_of(
        replace(report_with(), sections=(runs(),)), None, RenderOptions(formats=("data", "pdf"), attach_megabytes=0.001)
    )
    assert ("pdf-attachment-left-out", "data/tables/runs-0123456789.csv") in [(p.slug, p.where) for p in bundle.problems]
    with pikepdf.open(io.BytesIO(bundle.files["report.pdf"])) as opened:
        assert list(opened.attachments) == ["ledger.csv"]


@pytest.mark.fault(
    "The layout of the PDF takes too much time or memory", "The PDF is a gap; every other file is there.", at="machine", exit=3
)
@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"pdf_seconds": 0.05}, "it took more than 0.05 s"),
        ({"pdf_megabytes": 90}, "MB of memory"),
    ],
)
def test_a_child_that_dies_costs_only_the_pdf(options: dict[str, Any], reason: str) -> None:
    bundle = bundle_of(example_report(), None, RenderOptions(**options))
    (problem,) = (problem for problem in bundle.problems if problem.slug == "pdf-failed")
    assert problem.severity == "gap"
    assert reason in problem.what
    assert "report.pdf" not in bundle.files
    assert {"report.html", "summary.md", "verdict.json", "report.json"} <= set(bundle.files)
    assert "pdf-failed" in bundle.files["report.html"].decode()
    assert "pdf-failed" in bundle.files["summary.md"].decode()


@pytest.mark.fault("The process that lays out the PDF is killed", "The problem names the signal.", at="process", exit=3)
def test_a_killed_child_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    import os
    import signal
    import subprocess

    start = subprocess.Popen

    def started_and_killed(*args: Any, **keywords: Any) -> Any:
        child = start(*args, **keywords)
        os.kill(child.pid, signal.SIGKILL)
        return child

    monkeypatch.setattr(subprocess, "Popen", started_and_killed)
    bundle = pdf_of(overview())
    assert "The PDF could not be made: its process was ended by SIGKILL." in [problem.what for problem in bundle.problems]


@pytest.mark.fault("The layout of the PDF is stopped for want of time", "No process stays.", at="process")
def test_no_child_stays_after_a_timeout() -> None:
    import os
    import subprocess

    before = children_of(os.getpid())  # what other tests left, e.g. a browser, may be there, and may end
    sleeper = subprocess.Popen(["sleep", "60"])  # proves that a child would be seen
    assert sleeper.pid in children_of(os.getpid())
    sleeper.kill()
    sleeper.wait()
    pdf_of(overview(), pdf_seconds=0.3)
    assert children_of(os.getpid()) - before == set()


def children_of(parent: int) -> set[int]:
    """The processes whose parent is ``parent``; tests of other sessions run on the same machine."""
    from pathlib import Path

    found = set()
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            rest = path.read_text().rpartition(")")[2]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(rest.split()[1]) == parent:
            found.add(int(path.parent.name))
    return found


@pytest.mark.fault("A chart has no picture", "Its table stands in its place in the PDF.", at="machine")
def test_a_chart_without_picture_becomes_its_table(monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.render import doubles

    def nothing(charts: Any, options: Any) -> Any:
        return doubles.PaperCharts({})

    import sys

    monkeypatch.setattr(sys.modules["reportgen.charts.paper"], "paper_images", nothing)
    bundle = pdf_of(Section("a", "A", (curves(),)))
    text = "\n".join(page[3] for page in pages_of(bundle))
    assert "This chart could not be drawn" in text
    assert "排序模型" in text
    assert bundle.n_charts_failed == 1


@pytest.mark.fault("No font has a character of the report", "A warning names it.", at="machine", exit=0)
def test_missing_characters_are_reported() -> None:
    bundle = pdf_of(Section("a", "A", (Paragraph((Span("a \U000f1234 b"),)),)))
    (problem,) = bundle.problems
    assert problem.slug == "pdf-characters-missing"
    assert "U+F1234" in problem.what


@pytest.mark.fault("A template asks for a file of this machine", "A problem names the file.", at="text")
def test_template_that_fetches_is_stopped_and_reported(tmp_path: Any) -> None:
    (tmp_path / "custom.css").write_text("body { background: url(file:///etc/passwd) }", "utf-8")
    bundle = pdf_of(Section("a", "A", ()), template_dirs=(tmp_path,))
    assert any("file:///etc/passwd" in problem.what for problem in bundle.problems)


def test_headings_stay_with_what_follows() -> None:
    filler = tuple(Paragraph((Span(f"line {n}"),)) for n in range(25))
    for more in range(8):
        chart: Chart = curves()
        section = Section("a", "A", (*filler, *filler[:more], chart))
        for _, _, _, text in pages_of(pdf_of(section)):
            lines = [line for line in text.splitlines() if line]
            if "Validation accuracy by epoch" in lines:
                assert any("Validation accuracy of four groups" in line for line in lines)


# --- what a machine lacks ---


def failure(monkeypatch: pytest.MonkeyPatch, **environment: str) -> Problem:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    bundle = bundle_of(report_with(Paragraph((Span("words"),))), None, RenderOptions(formats=("pdf",)))
    (problem,) = (problem for problem in bundle.problems if problem.slug == "pdf-failed")
    return problem


@pytest.mark.fault("The machine has no fonts", "The PDF has its own; a warning names what it lacks.", at="machine", exit=0)
def test_without_any_font_a_pdf_has_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from reportgen.doctor import _fonts

    (tmp_path / "fonts.conf").write_text(f"<?xml version='1.0'?><fontconfig><dir>{tmp_path}/none</dir></fontconfig>")
    monkeypatch.setenv("FONTCONFIG_FILE", str(tmp_path / "fonts.conf"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    bundle = pdf_of(Section("a", "A", (Paragraph((Span("0.93 ≥ 0.9 失败"),)),)))
    (missing,) = bundle.problems
    assert missing.slug == "pdf-characters-missing"
    assert "≥" not in missing.what
    with pikepdf.open(io.BytesIO(bundle.files["report.pdf"])) as pdf:
        fonts = {str(f.BaseFont) for f in pdf.objects if isinstance(f, pikepdf.Dictionary) and f.get("/Type") == "/Font"}
    assert fonts
    assert all("Inter" in name for name in fonts)
    assert [f.state for f in _fonts()] == ["warning"]


@pytest.mark.fault(
    "A library that the PDF needs is missing", "The PDF is a gap that names library and package.", at="machine", exit=3
)
def test_a_library_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from reportgen.doctor import _pdf

    words = "cannot load library 'libpango-1.0-0': libpango-1.0-0: cannot open shared object file"
    (tmp_path / "weasyprint.py").write_text(f"raise OSError({words!r})")
    monkeypatch.syspath_prepend(tmp_path)
    problem = failure(monkeypatch, PYTHONPATH=str(tmp_path))
    assert "the library libpango-1.0-0, which this machine does not have" in problem.what
    assert "apt-get install libpango-1.0-0" in problem.todo
    assert _pdf().found == "WeasyPrint does not load: there is no library libpango-1.0-0"
