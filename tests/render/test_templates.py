"""What template authors can rely on, and what reviewers of templates want to know."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from dataclasses import fields
from pathlib import Path

import pytest

from reportgen.errors import RenderError
from reportgen.render import RenderOptions, bundle_of
from reportgen.render.environment import environment_of, own_templates
from reportgen.render.filters import FILTERS
from reportgen.render.html import Page
from tests.render.example import example_report, report_with

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = own_templates()


def test_a_folder_of_ones_own_comes_first(tmp_path: Path) -> None:
    (tmp_path / "custom.css").write_text("h1 { color: #123456 }", "utf-8")
    (tmp_path / "blocks").mkdir()
    (tmp_path / "blocks" / "paragraph.html.j2").write_text("<p class=mine>{{ block.spans[0].text }}</p>", "utf-8")
    files = bundle_of(example_report(), None, RenderOptions(formats=("html",), template_dirs=(tmp_path,))).files
    html = files["report.html"].decode()
    assert "h1 { color: #123456 }" in html
    assert "<p class=mine>Validation accuracy rose to </p>" in html


def test_a_page_of_ones_own_can_extend_ours(tmp_path: Path) -> None:
    (tmp_path / "page.html.j2").write_text(
        '{% extends "own/page.html.j2" %}{% block title %}<h1>Mine: {{ title }}</h1>{% endblock %}', "utf-8"
    )
    html = (
        bundle_of(report_with(), None, RenderOptions(formats=("html",), template_dirs=(tmp_path,))).files["report.html"].decode()
    )
    assert "<h1>Mine: Recommender weekly</h1>" in html
    assert 'id="s-one"' in html


@pytest.mark.fault(
    "A template of one's own uses an unknown name", "That output is a gap; the others are there.", at="config", exit=3
)
def test_an_unknown_name_in_a_template_is_an_error_and_costs_only_that_output(tmp_path: Path) -> None:
    (tmp_path / "page.html.j2").write_text("{{ titel }}", "utf-8")
    bundle = bundle_of(report_with(), None, RenderOptions(formats=("html", "markdown"), template_dirs=(tmp_path,)))
    assert "report.html" not in bundle.files
    assert [problem.slug for problem in bundle.problems] == ["html-failed"]
    assert "page.html.j2, line 1: 'titel' is undefined" in bundle.problems[0].what
    assert "html-failed" in bundle.files["summary.md"].decode()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<b>\n{{ block.tone.__class__.__mro__ }}", "line 2: access to attribute '__class__' of 'str' object is unsafe"),
        ("<b>\n\n{% if %}", "line 3: Expected an expression"),
        ('{% include "/etc/passwd" %}', "/etc/passwd"),
        ("{{ block.spans.append(1) }}", "has no attribute 'append'"),
    ],
)
def test_templates_run_in_a_sandbox_and_a_mistake_is_named_with_its_line(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "blocks").mkdir()
    (tmp_path / "blocks" / "paragraph.html.j2").write_text(text, "utf-8")
    bundle = bundle_of(example_report(), None, RenderOptions(formats=("html",), template_dirs=(tmp_path,)))
    (problem,) = [problem for problem in bundle.problems if problem.slug == "html-failed"]
    assert "paragraph.html.j2" in problem.what
    assert words in problem.what


def test_every_named_block_can_be_replaced(tmp_path: Path) -> None:
    readme = (TEMPLATES / "README.md").read_text("utf-8")
    table = readme.partition("Blocks that can be replaced")[2].partition("`reportgen gallery`")[0]
    names = re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)
    assert set(names) == {
        name for file in TEMPLATES.glob("*.html.j2") for name in re.findall(r"{% block (\w+)", file.read_text("utf-8"))
    }
    blocks = "".join(f"{{% block {name} %}}[{name} of mine]{{% endblock %}}" for name in names if name != "sections")
    (tmp_path / "page.html.j2").write_text(f'{{% extends "own/page.html.j2" %}}{blocks}', "utf-8")
    files = bundle_of(report_with(), None, RenderOptions(formats=("html",), template_dirs=(tmp_path,))).files
    html = files["report.html"].decode()
    assert [name for name in names if f"[{name} of mine]" not in html] == ["sections"]


def test_a_template_folder_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(RenderError, match="does not exist"):
        environment_of((Path("nowhere"),))


def test_readme_names_what_a_page_knows_and_nothing_else() -> None:
    readme = (TEMPLATES / "README.md").read_text("utf-8")
    table = readme.partition("## What a page knows")[2].partition("\n## ")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == {field.name for field in fields(Page)}


def test_readme_names_every_filter_and_nothing_else() -> None:
    readme = (TEMPLATES / "README.md").read_text("utf-8")
    table = readme.partition("## What a block knows")[2].partition("\n## ")[0]
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == sorted(FILTERS)


def test_readme_names_every_template() -> None:
    readme = (TEMPLATES / "README.md").read_text("utf-8")
    for path in TEMPLATES.rglob("*"):
        if path.is_file() and path.name != "README.md":
            assert f"`{path.relative_to(TEMPLATES).as_posix()}`" in readme


def test_no_template_switches_escaping_off() -> None:
    for path in TEMPLATES.rglob("*.j2"):
        assert not re.search(r"\|\s*safe|autoescape|Markup", path.read_text("utf-8")), path


def test_markup_is_made_in_one_place() -> None:
    makers = {path.name for path in (ROOT / "reportgen").rglob("*.py") if re.search(r"\bMarkup\(", path.read_text("utf-8"))}
    assert makers == {"markup.py"}


def test_importing_the_room_loads_nothing_heavy() -> None:
    code = "import sys, reportgen.render; print([m for m in ('jinja2', 'weasyprint', 'plotly', 'nh3', 'markdown_it', 'mlflow', 'numpy', 'pyarrow') if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


@pytest.mark.slow
def test_built_wheel_has_the_templates(tmp_path: Path) -> None:
    build = subprocess.run(
        ["uv", "build", "--wheel", "--offline", "--no-build-isolation", "-o", str(tmp_path), str(ROOT)],
        capture_output=True,
        text=True,
    )
    if build.returncode:
        build = subprocess.run(["uv", "build", "--wheel", "-o", str(tmp_path), str(ROOT)], capture_output=True, text=True)
    assert build.returncode == 0, build.stderr
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        names = set(wheel.namelist())
        wheel.extractall(tmp_path / "site")
    ours = {path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*") if path.is_file()}
    assert {f"reportgen/templates/{name}" for name in ours} <= names
    code = "from reportgen.render.environment import own_templates; print(own_templates())"
    out = subprocess.run([sys.executable, "-c", code], cwd=tmp_path / "site", capture_output=True, text=True, check=True)
    assert Path(out.stdout.strip()) == tmp_path / "site" / "reportgen" / "templates"
