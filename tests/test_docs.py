"""The documentation: its tutorials run, its commands and configs are right, its reference is the code's, and it builds without a warning."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from reportgen import config
from reportgen.cli import app
from scripts import reference
from tests import forked, servers

ROOT = Path(__file__).parent.parent
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md"), *(ROOT / "docs").glob("*/*.md")])
TUTORIALS = sorted((ROOT / "docs" / "tutorials").glob("*.md"))
PREPARED = ("make demo", "export PATH=")
"""What the fixture has done before."""


def blocks(page: Path, *languages: str) -> Iterator[tuple[str, str]]:
    """Language and content of the fenced blocks of a page, in their order."""
    for indent, language, content in re.findall(r"^( *)```(\w+)\n(.*?)^ *```", page.read_text("utf-8"), re.MULTILINE | re.DOTALL):
        if language in languages:
            yield language, textwrap.dedent(content) if indent else content


def commands(block: str) -> Iterator[tuple[str, int]]:
    """Each command of a block of shell, and the exit code that its remark promises."""
    for line in block.replace("\\\n", " ").splitlines():
        command, _, remark = line.partition(" #")
        if command.strip():
            promised = re.search(r"exit code (\d+)", remark)
            yield command.strip(), int(promised[1]) if promised else 0


# --- tutorials ---


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the part of the demo's store that the tutorials read."""
    folder = tmp_path_factory.mktemp("tutorials")
    (folder / "demo").mkdir()
    servers.sqlite_store(folder / "demo" / "mlflow.db")
    done = forked.finished(_trained, [], cwd=folder, env=os.environ | {"GIT_PYTHON_REFRESH": "quiet"}, timeout=120)
    assert done.returncode == 0, done.stderr
    return folder


def _trained(_arguments: Sequence[str]) -> None:
    import mlflow

    from reportgen.demo import digits, nightly

    mlflow.set_tracking_uri("sqlite:///demo/mlflow.db")
    for name, train in (("digits-ab", partial(digits.train, 4, 4)), ("digits-nightly", partial(nightly.train, 2))):
        mlflow.create_experiment(name, artifact_location=(Path("demo") / name).absolute().as_uri())
        mlflow.set_experiment(name)
        train(lambda: None)


@pytest.mark.slow
@pytest.mark.parametrize("page", TUTORIALS, ids=lambda page: page.stem)
def test_a_tutorial_runs_from_top_to_bottom(page: Path, demo: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MLFLOW_TRACKING")}
    for language, content in blocks(page, "sh", "yaml"):
        named = re.match(r"# (\w+\.yaml)\n", content)
        if language == "yaml" and named:
            (demo / named[1]).write_text(content)
        if language == "yaml":
            continue
        for command, promised in commands(content):
            if command.startswith(PREPARED):
                continue
            words = shlex.split(command)
            if words[0] == "export":
                environment |= [words[1].split("=", 1)]
                continue
            assert words[0] == "reportgen", command
            if words[1] in ("build", "compare") and "--format" not in words:
                words += ["--format", "data,markdown,gates"]  # paper and screen have tests of their own
            done = forked.command(*words[1:], cwd=demo, env=environment)
            assert done.returncode == promised, f"{command}\n{done.stdout}\n{done.stderr}"


# --- commands and configs of the other pages ---


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_is_one(page: Path) -> None:
    group: Any = typer.main.get_command(app)
    for _, content in blocks(page, "sh", "text"):
        for command, _ in commands(content):
            _, found, words = command.partition("reportgen ")
            if not found or not command.startswith(("reportgen ", "0 7 ")) or words.startswith("-"):
                continue
            name, *arguments = shlex.split(re.split(r" \|\| | && | > ", words)[0])
            group.commands[name].make_context(name, arguments)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_config_is_one(page: Path) -> None:
    for _, content in blocks(page, "yaml"):
        values = yaml.safe_load(content)
        if "jobs" in values or "steps" in values:  # of a CI system: tests/test_ci_kits.py
            continue
        config.of_mapping(_whole(values), environment={"MLFLOW_TRACKING_URI": "sqlite:///mlflow.db", **SECRETS})


SECRETS = {
    "REPORTGEN_SMTP_USER": "u",
    "REPORTGEN_SMTP_PASSWORD": "p",
    "REPORTGEN_WEBHOOK_URL": "https://example.org",
    "REPORTGEN_WEBHOOK_SECRET": "s" * 32,
    "REPORTGEN_SLACK_URL": "slack://a/b/c",
}


def _whole(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """A part of a config in its place: what is no key of the whole file is one of a report."""
    if set(values) <= set(config.Config.model_fields):
        return {"version": 1, **values}
    return {"version": 1, "reports": {"weekly": {"experiments": ["ranker"], **values}}}


# --- reference and site ---


def test_the_reference_is_the_codes() -> None:
    stale = [path.name for path, text in reference.texts().items() if path.read_text("utf-8") != text]
    assert stale == [], "run make docs"


@pytest.mark.slow
def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    pytest.importorskip("sphinx")
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", ROOT / "docs", tmp_path / "site"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "A report every Monday" in (tmp_path / "site" / "index.html").read_text("utf-8")


def test_the_links_of_the_readme_lead_somewhere() -> None:
    links = re.findall(r"\]\(([^)#:]+)[^):]*\)", (ROOT / "README.md").read_text("utf-8"))
    assert [link for link in links if not (ROOT / link).exists()] == []
