"""Sections that are a person's own function, and look-ups in the author's Markdown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reportgen.charts.browser import find_browser
from reportgen.charts.paper import paper_images
from reportgen.charts.screen import screen_figure
from reportgen.config import of_mapping
from reportgen.errors import ConfigError
from reportgen.model import Chart, Prose, Report, Section, Table
from reportgen.render.sandbox import filled
from reportgen.sections.own_figures import own_chart
from reportgen.snapshot import Snapshot
from tests.sections.checks import is_whole
from tests.sections.words import of_section
from tests.snapshots import FakeRun, snapshot, told

EXAMPLES = Path(__file__).parents[2] / "examples"
"""Has ``team_sections.py``."""

TEAM = """
import pyarrow as pa
from reportgen.model import Paragraph, Span

def everything(data):
    table = pa.table({"run": [run.name for run in data.runs], "n": list(range(len(data.runs)))})
    return ["**bold**", table, {"data": [{"y": [1, 2.5], "name": "s"}], "layout": {"title": "Own"}}, Paragraph((Span("plain"),))]

def nothing(data):
    return None

def fails(data):
    return 1 / 0

def leaves(data):
    raise SystemExit(3)

def wrong(data):
    return [object()]
"""


@pytest.fixture
def code(tmp_path: Path) -> Path:
    (tmp_path / "own_team.py").write_text(TEAM)
    return tmp_path


@pytest.fixture(scope="module")
def runs() -> Snapshot:
    return snapshot(
        FakeRun("a", {"val_accuracy": 0.9}, {"lr": "1e-3", "note": "*x* [y](http://z)"}),
        FakeRun("b", {"val_accuracy": 0.8}, seconds=120.0),
    )


def the_section(report: Report) -> Section:
    (found,) = [section for section in report.sections if section.id.startswith("custom")]
    return found


def test_a_function_gives_a_section_of_all_that_it_returns(code: Path, runs: Snapshot) -> None:
    report = told(runs, code=code, sections=["overview", "own_team:everything"])
    prose, table, chart, _ = (section := the_section(report)).blocks
    assert section.title == "Everything"
    assert isinstance(prose, Prose)
    assert isinstance(table, Table)
    assert isinstance(chart, Chart)
    assert [[cell.value for cell in row] for row in table.rows] == [["a", 0], ["b", 1]]
    assert (chart.title, chart.kind) == ("Own", "plotly")
    assert chart.table is not None
    assert [[cell.value for cell in row] for row in chart.table.rows] == [["s", 1], ["s", 2.5]]
    assert not report.problems
    is_whole(report)


def test_a_function_that_has_nothing_to_say_leaves_its_section_out(code: Path, runs: Snapshot) -> None:
    assert [one.id for one in told(runs, code=code, sections=["overview", "own_team:nothing"]).sections] == ["overview"]


@pytest.mark.parametrize(
    ("function", "words"),
    [
        ("own_team:fails", "ZeroDivisionError: division by zero (own_team.py, line 13)"),
        ("own_team:leaves", "SystemExit: 3 (own_team.py, line 16)"),
        ("own_team:wrong", "a section cannot show a object"),
        ("own_team:absent", "has no attribute 'absent'"),
        ("no_such_module:f", "No module named 'no_such_module'"),
    ],
)
def test_a_bad_function_costs_its_own_place(code: Path, runs: Snapshot, function: str, words: str) -> None:
    report = told(runs, code=code, sections=["overview", function, "runs"])
    assert [section.id.partition("-")[0] for section in report.sections] == ["overview", "custom", "runs"]
    (problem,) = [one for one in report.problems if one.slug == "custom-section-failed"]
    assert (problem.where, problem.severity) == (function, "gap")
    assert words in problem.what
    assert words in of_section(the_section(report))


def test_code_that_a_bundle_names_is_not_run(code: Path, runs: Snapshot) -> None:
    (code / "own_team.py").write_text("raise SystemExit('was run')")
    report = told(runs, sections=["own_team:everything"])
    assert [problem.slug for problem in report.problems] == ["custom-section-not-run"]


def test_modules_of_one_name_beside_several_configs_are_not_mixed_up(tmp_path: Path, runs: Snapshot) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "own_words.py").write_text(f"def words(data): return '{name}'")
    said = [the_section(told(runs, code=tmp_path / name, sections=["own_words:words"])).blocks for name in ("one", "two")]
    assert said == [(Prose("one"),), (Prose("two"),)]


def test_a_section_is_a_name_or_a_function() -> None:
    with pytest.raises(ConfigError, match="is no function: write module:name"):
        of_mapping({"reports": {"r": {"sections": ["os.path:join:x"]}}})


# --- figures ---------------------------------------------------------------------------------------------------------


def test_a_figure_of_plotly_keeps_its_values_and_loses_what_could_leave_the_page() -> None:
    import numpy as np
    import plotly.graph_objects as go

    figure = go.Figure(go.Bar(x=["<a href='http://x'>l</a>", "m"], y=np.array([1.5, np.nan]), name="bars"))
    figure.update_layout(title="Bars", images=[{"source": "http://x/y.png"}], height=200)
    chart = own_chart(figure, "c", "title", "alt")
    drawn = screen_figure(chart)
    assert drawn["data"][0]["x"] == ["&lt;a href='http://x'>l&lt;/a>", "m"]
    assert drawn["data"][0]["y"] == [1.5, None]
    assert drawn["layout"]["images"] == []
    assert "template" not in drawn["layout"]
    assert (chart.title, chart.height) == ("Bars", 200)
    assert json.loads(chart.figure)["data"][0]["name"] == "bars"


@pytest.mark.parametrize("figure", [{"data": [{"type": "scattergl"}]}, {"data": 3}, {"data": [{"x": [object()]}]}])
def test_what_cannot_be_drawn_is_refused(figure: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"cannot be drawn|a figure"):
        own_chart(figure, "c", "title", "alt")


@pytest.mark.skipif(find_browser() is None, reason="needs Chromium")
def test_the_example_is_drawn_on_paper_by_a_browser(runs: Snapshot) -> None:
    report = told(runs, code=EXAMPLES, sections=["team_sections:time_against_result", "team_sections:slowest_runs"])
    first, second = report.sections
    (chart,) = first.blocks
    assert isinstance(chart, Chart)
    assert chart.title == "val_accuracy over run duration"
    assert "120" in of_section(second)
    images = paper_images([chart])
    assert not images.problems
    assert images.images[chart.id].data.startswith(b"\x89PNG")


def test_without_a_browser_a_figure_has_its_table_in_its_place(runs: Snapshot) -> None:
    from reportgen.charts.paper import PaperOptions

    chart = own_chart({"data": [{"y": [1]}]}, "c", "title", "alt")
    drawn = paper_images([chart], PaperOptions(browser="/does/not/exist"))
    assert [problem.slug for problem in drawn.problems] == ["export-without-browser"]
    assert not drawn.images


# --- look-ups --------------------------------------------------------------------------------------------------------


def notes_of(taken: Snapshot, notes: str) -> tuple[str, list[str]]:
    report = told(taken, fill=filled, sections=["notes"], notes=notes)
    (prose,) = [block for section in report.sections for block in section.blocks if isinstance(block, Prose)]
    return prose.markdown, [problem.what for problem in report.problems if problem.slug == "lookup-failed"]


def test_notes_look_numbers_up_and_show_them_literally(runs: Snapshot) -> None:
    text = 'Best {{ metric("val_accuracy", best) }}, b {{ metric("val_accuracy", run("b")) }}; {{ param("note") }}; {{ n_runs }} runs.'
    assert notes_of(runs, text) == (r"Best 0.9000, b 0.8000; \*x\* \[y\](http://z); 2 runs.", [])


@pytest.mark.parametrize(
    ("text", "shown", "why"),
    [
        ('{{ metric("val_acuracy") }}!', "—!", "metric('val_acuracy'): no run logged it; did you mean val_accuracy?"),
        ('{{ metric("val_accuracy", run("c")) }}', "—", "run('c'): no run has this name or id"),
        ("{{ bets }}", "—", "bets is not there"),
        ('{{ param("lr", "b") }}', "—", "param('lr', 'b'): run b did not log it"),
        ("a\n{{ best.__class__.__mro__ }}", None, "line 2: "),
        ("{{ 1 / 0 }}", None, "line 1: division by zero"),
        ("{% for x in %}", None, "line 1: "),
    ],
)
def test_a_look_up_that_fails_is_named(runs: Snapshot, text: str, shown: str | None, why: str) -> None:
    markdown, problems = notes_of(runs, text)
    assert markdown == (text if shown is None else shown)
    assert any(why in what for what in problems), problems


def test_notes_may_be_a_file_and_a_bundle_keeps_its_text(tmp_path: Path) -> None:
    from reportgen.config import load

    (tmp_path / "week.md").write_text("Of a file.")
    (tmp_path / "config.yaml").write_text("reports: {r: {notes: {file: week.md}}}")
    assert load(tmp_path / "config.yaml").reports["r"].notes == "Of a file."
    (tmp_path / "week.md").unlink()
    with pytest.raises(ConfigError) as caught:
        load(tmp_path / "config.yaml")
    assert caught.value.slug == "notes-file"
