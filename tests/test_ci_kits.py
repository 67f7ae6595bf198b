"""The kits under deploy/ci: valid by the schemas of their systems, and their shell steps run here, against a server that speaks the API.

No runner of GitHub, GitLab, Jenkins or Azure is here: what they do around these steps is not tried.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from reportgen.cli import app
from tests import ci_store, forges
from tests.forges import TOKEN, FakeForge

ROOT = Path(__file__).parents[1]
KITS = ROOT / "deploy" / "ci"
ACTION = KITS / "github" / "action.yml"
TIME = "1795132800"  # 2026-11-20
CONFIG = {
    "version": 1,
    "tracking_uri": "${MLFLOW_TRACKING_URI}",
    "reports": {
        "nightly": {
            "experiments": ["ranker"],
            "gates": [
                {"metric": "val_accuracy", "not_worse_than": {"branch": "main"}, "baseline_margin": 0.01, "name": "no regression"}
            ],
        }
    },
}


@pytest.fixture
def fake() -> Iterator[FakeForge]:
    with forges.forge() as found:
        yield found


@pytest.fixture(scope="module")
def uri(tmp_path_factory: pytest.TempPathFactory) -> str:
    return ci_store.store(tmp_path_factory.mktemp("store"))


def tool(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


@pytest.mark.parametrize(
    ("file", "schema", "more"),
    [
        ("github/action.yml", "vendor.github-actions", ()),
        ("gitlab.yml", "vendor.gitlab-ci", ("--data-transform", "gitlab-ci")),
        ("azure-pipelines.yml", "vendor.azure-pipelines", ("--data-transform", "azure-pipelines", "--regex-variant", "python")),
    ],
)
def test_a_kit_fits_the_schema_of_its_system(file: str, schema: str, more: tuple[str, ...]) -> None:
    command = [tool("check-jsonschema"), "--builtin-schema", schema, *more, str(KITS / file)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_action_lets_no_text_become_a_command() -> None:
    done = subprocess.run(
        [tool("zizmor"), "--offline", "--no-progress", str(ACTION)], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "${{" not in "".join(step["run"] for step in yaml.safe_load(ACTION.read_text("utf-8"))["runs"]["steps"])


# --- commands ----------------------------------------------------------------------------------------------------------


def commands() -> Iterator[tuple[str, list[str]]]:
    """(file, words behind ``reportgen``) of every command in the kits and in docs/ci.md."""
    for path in (ROOT / "docs" / "ci.md", *sorted(KITS.rglob("*.*")), KITS / "Jenkinsfile"):
        for line in path.read_text("utf-8").splitlines():
            found = re.search(r"(?:^|run: |bash: |then |sh '|- |^ +)reportgen (?P<words>[a-z]+(?: [^|;#>'`]*)?)", line)
            if found and not line.lstrip().startswith(("#", "//", "`", "| ")):
                words = [word for word in shlex.split(found["words"]) if "[@]" not in word]
                yield path.name, words


def test_the_kits_and_the_page_have_commands() -> None:
    assert {name for name, _ in commands()} == {"ci.md", "action.yml", "gitlab.yml", "azure-pipelines.yml", "Jenkinsfile"}


@pytest.mark.parametrize(("name", "words"), list(commands()))
def test_reportgen_understands_every_command(name: str, words: list[str]) -> None:
    group = typer.main.get_command(app)
    command = group.commands[words[0]]  # type: ignore[attr-defined]
    command.make_context(words[0], list(words[1:]))  # raises for what it does not know


# --- their shell steps -------------------------------------------------------------------------------------------------


class Runner:
    """As little of a runner as a shell step needs: a folder, an environment, and programs that are found first."""

    def __init__(self, folder: Path, uri: str) -> None:
        self.folder = folder
        programs = folder / "programs"
        programs.mkdir()
        scripts = {
            "reportgen": f'exec {shlex.quote(sys.executable)} -m reportgen "$@"',
            "python": 'echo "python $*" >> "$INSTALLED"',  # what pip would install is there
        }
        for name, text in scripts.items():
            (programs / name).write_text(f"#!/bin/bash\n{text}\n")
            (programs / name).chmod(0o755)
        self.installed = folder / "installed"
        inherited = {key: value for key, value in os.environ.items() if not key.startswith(("GITHUB_", "CI_", "MLFLOW_"))}
        self.env = inherited | {
            "PATH": f"{programs}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "INSTALLED": str(self.installed),
            "MLFLOW_TRACKING_URI": uri,
            "SOURCE_DATE_EPOCH": TIME,
        }
        (folder / "config.yaml").write_text(json.dumps(CONFIG), "utf-8")

    def run(self, script: str, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
        return subprocess.run(command, cwd=self.folder, env=self.env | env, capture_output=True, text=True, timeout=240)


def act(runner: Runner, inputs: Mapping[str, str], github: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
    """The composite action with ``inputs``: the exit code of its last step, and what its files hold."""
    action = yaml.safe_load(ACTION.read_text("utf-8"))
    given = {name: inputs.get(name, str(one["default"])) for name, one in action["inputs"].items()}
    given["token"] = TOKEN
    files = {name: runner.folder / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    outputs: dict[str, str] = {}

    def value(text: str) -> str:
        def one(found: re.Match[str]) -> str:
            what = found[1].strip()
            return given[what.removeprefix("inputs.")] if what.startswith("inputs.") else outputs[what.rpartition(".")[2]]

        return re.sub(r"\$\{\{(.*?)\}\}", one, text)

    code, logs = 0, []
    for step in action["runs"]["steps"]:
        condition = step.get("if", "")
        is_left_out = (
            ("inputs.install != ''" in condition and not given["install"])
            or (
                "inputs.comment == 'true'" in condition
                and (given["comment"] != "true" or github["GITHUB_EVENT_NAME"] != "pull_request")
            )
            or ("exit-code ==" in condition and outputs["exit-code"] not in ("0", "3", "5"))
        )
        if is_left_out:
            continue
        env = {key: value(text) for key, text in step.get("env", {}).items()}
        done = runner.run(step["run"], {**github, **{name: str(path) for name, path in files.items()}, **env})
        logs.append(done.stdout + done.stderr)
        if files["GITHUB_OUTPUT"].is_file():
            outputs |= dict(line.split("=", 1) for line in files["GITHUB_OUTPUT"].read_text().splitlines())
        code = done.returncode
        if code:
            break
    return code, {"log": "\n".join(logs), "outputs": outputs, "summary": files["GITHUB_STEP_SUMMARY"]}


def github_env(fake: FakeForge, event: str = "pull_request") -> dict[str, str]:
    return {
        "GITHUB_ACTIONS": "true",
        "GITHUB_EVENT_NAME": event,
        "GITHUB_API_URL": fake.url,
        "GITHUB_REPOSITORY": "acme/ranker",
        "GITHUB_REF": "refs/pull/7/merge" if event == "pull_request" else "refs/heads/wide",
        "GITHUB_HEAD_REF": "wide" if event == "pull_request" else "",
        "GITHUB_REF_NAME": "wide",
        "GITHUB_SHA": "b1" * 20,
        "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_RUN_ID": "1",
    }


def test_the_action_fails_on_a_regression_and_comments_once(uri: str, fake: FakeForge, tmp_path: Path) -> None:
    """The step in an empty folder, twice: it fails both times against the latest run of main, and there is one comment."""
    for job in ("first", "second"):
        (tmp_path / job).mkdir()
        code, found = act(Runner(tmp_path / job, uri), {"install": "reportgen"}, github_env(fake))
        assert (code, found["outputs"]["exit-code"]) == (5, "5")
        assert "::error file=config.yaml,line=1,title=nightly%3A no regression::Failed: val_accuracy of branch 1" in found["log"]
        assert "1 of 1 gate failed" in found["summary"].read_text("utf-8")
        assert TOKEN not in found["log"]
        assert (tmp_path / job / "installed").read_text() == "python -m pip install --quiet reportgen\n"
    (only,) = fake.comments.values()
    assert "❌ nightly: 1 of 1 gate failed" in only
    assert "worse than the latest run of branch main (main 2, 3 days old)" in only


def test_the_action_on_a_push_makes_no_comment_and_tells_a_wrong_config(uri: str, fake: FakeForge, tmp_path: Path) -> None:
    runner = Runner(tmp_path, uri)
    code, found = act(runner, {}, github_env(fake, "push"))
    assert (code, fake.comments) == (5, {})
    code, found = act(runner, {"reports": "nightly; touch injected"}, github_env(fake))
    assert (code, found["outputs"]["exit-code"], fake.comments) == (2, "2", {})
    assert not (tmp_path / "injected").exists()


def test_the_job_for_gitlab_fails_and_comments(uri: str, fake: FakeForge, tmp_path: Path) -> None:
    job = yaml.safe_load((KITS / "gitlab.yml").read_text("utf-8"))[".reportgen-check"]
    env = {
        "GITLAB_CI": "true",
        "CI_API_V4_URL": fake.url,
        "CI_PROJECT_ID": "42",
        "CI_MERGE_REQUEST_IID": "7",
        "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME": "wide",
        "CI_COMMIT_SHA": "b1" * 20,
        "GITLAB_TOKEN": TOKEN,
        **job["variables"],
    }
    done = Runner(tmp_path, uri).run("\n".join(job["script"]), env)
    assert done.returncode == 5
    assert len(fake.comments) == 1
    for pattern in job["artifacts"]["reports"].values():
        assert list(tmp_path.glob(pattern)), pattern


def test_the_steps_of_azure_and_jenkins_leave_what_they_publish(uri: str, tmp_path: Path) -> None:
    steps = yaml.safe_load((KITS / "azure-pipelines.yml").read_text("utf-8"))["steps"]
    (gates,) = [step["bash"] for step in steps if step.get("displayName") == "Gates"]
    done = Runner(tmp_path, uri).run(gates, {"TF_BUILD": "True", "BUILD_SOURCEVERSION": "b1" * 20})
    assert done.returncode == 5
    assert "##vso[task.logissue type=error;sourcepath=config.yaml" in done.stderr
    jenkins = (KITS / "Jenkinsfile").read_text("utf-8")
    assert f"sh '{gates}'" in jenkins
    patterns = {steps[3]["inputs"]["testResultsFiles"], str(re.search(r"testResults: '([^']+)'", jenkins)[1])}  # type: ignore[index]
    assert all(list(tmp_path.glob(pattern)) for pattern in patterns)
