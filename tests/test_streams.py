"""What leaves on stdout and stderr: no CI system and no terminal obeys it, and nothing is lost when nobody takes it."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from reportgen.cli.streams import Stream, plain, plain_json
from tests import forked, servers

AZURE = re.compile(r"##(?:vso)?\[", re.IGNORECASE)
"""Azure's agent looks for ``##vso[`` with IndexOf, and for ``##[`` likewise, as GitHub's runner does."""
GITHUB = re.compile(r"^\s*::", re.MULTILINE)
TEAMCITY = re.compile(r"##teamcity\[")
GITLAB = re.compile(r"section_(?:start|end):\d+:[\w.-]+|travis_fold:")
TERMINAL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
GRAMMARS = (AZURE, GITHUB, TEAMCITY, GITLAB, TERMINAL)
COMMANDS = (
    "##vso[task.setvariable variable=x]y",
    "a ##VSO[task.complete result=Failed]",
    "###vso[task.complete]",
    "##[error]x",
    "::error file=a::x",
    "  ::set-output name=a::b",
    "\t::add-mask::e",
    "##teamcity[testFailed name='x']",
    "section_start:1560896352:my_section\r\x1b[0Khead",
    "travis_fold:start:x\r",
    "\x1b[31mred\x1b]0;title\x07",
    "\x9b31m",
    "abc\u202edcb\u2066x",
    "x\r::error::y",
    "x\x85::error::y",
    "x\u2028::error::y",
)


@pytest.mark.fault(
    "A text is a command of Azure, GitHub, TeamCity, GitLab or a terminal",
    "What is printed is no command; JSON keeps its value.",
    at="text",
)
@pytest.mark.parametrize("text", COMMANDS)
def test_no_text_is_a_command(text: str) -> None:
    for line in (text, f"report: {text}", f"{text}\n{text}"):
        found = plain(line)
        assert not [grammar.pattern for grammar in GRAMMARS if grammar.search(found)], found
        assert plain(found) == found
    written = plain_json(json.dumps({"a": text, text: 1}, indent=2))
    assert not [grammar.pattern for grammar in GRAMMARS if grammar.search(written)], written
    assert json.loads(written) == {"a": text, text: 1}


def test_what_is_no_command_is_printed_as_it_is() -> None:
    text = "# heading\n  run a::b  C#[1] #1[x] ##1\nsection 3: start\té 中 \n"
    assert plain(text) == text


def test_a_command_that_comes_in_pieces_is_none_either() -> None:
    below = io.StringIO()
    stream = Stream(below, lambda text: text.replace("hush", "[redacted]"))
    for piece in (":", ":error::a\nb #", "#vso", "[x] hu", "sh\n"):
        stream.write(piece)
    stream.flush()
    assert below.getvalue() == "| ::error::a\nb # #vso[x] [redacted]\n"


@pytest.mark.fault(
    "Experiments and runs are called like commands of CI systems",
    "No line of plan, build, compare or snapshot is a command.",
    at="text",
)
def test_names_in_a_store_command_nobody(tmp_path: Path) -> None:
    from mlflow.tracking import MlflowClient

    uri = servers.sqlite_store(tmp_path / "mlflow.db")
    client = MlflowClient(tracking_uri=uri)
    for number, name in enumerate(COMMANDS[::3]):
        experiment = client.create_experiment(f"{name} {number}")
        run = client.create_run(experiment, run_name=name)
        client.log_metric(run.info.run_id, "val_accuracy", 0.5 + number / 100)
        client.set_terminated(run.info.run_id)
    environment = {key: value for key, value in os.environ.items() if not key.startswith("MLFLOW_")}
    one = ["-e", COMMANDS[0] + " 0"]
    for arguments in (
        ["plan", "--tracking-uri", uri, "-e", "*"],
        ["plan", "--tracking-uri", uri, "-e", "*", "--json"],
        ["build", "--tracking-uri", uri, *one, "--format", "markdown", "--verbose"],
        ["build", "--tracking-uri", uri, "-e", "*", "--format", "markdown", "--json"],
        ["build", "--tracking-uri", f"redis://{COMMANDS[0]}/{COMMANDS[4]}", "-e", "*"],
        [COMMANDS[0]],
        ["compare", COMMANDS[0], COMMANDS[4], "--tracking-uri", uri],
        ["snapshot", "--tracking-uri", uri, "--output", "s\n::error::s", "-e", "*"],
    ):
        done = forked.command(*arguments, cwd=tmp_path, env=environment)
        found = done.stdout + done.stderr
        assert not [(grammar.pattern, arguments) for grammar in GRAMMARS if grammar.search(found)], found
        if "--json" in arguments:
            json.loads(done.stdout)


@pytest.mark.fault(
    "stdout and stderr are closed, full, or a pipe that nobody reads", "The bundle is written.", at="process", exit=0
)
@pytest.mark.parametrize("how", ["| true", ">&- 2>&- <&-", ">/dev/full 2>&1"])
def test_a_build_that_nobody_listens_to_is_a_build(tmp_path: Path, how: str) -> None:
    from mlflow.tracking import MlflowClient

    uri = servers.sqlite_store(tmp_path / "mlflow.db")
    client = MlflowClient(tracking_uri=uri)
    client.log_metric(client.create_run("0", run_name="a").info.run_id, "val_accuracy", 0.5)
    before = (tmp_path / "mlflow.db").read_bytes()
    command = f"{sys.executable} -m reportgen build -v --tracking-uri {uri} -e Default --format markdown --no-cache"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    done = subprocess.run(
        ["bash", "-c", f"{command} {how}; exit ${{PIPESTATUS[0]}}"], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert len(list(tmp_path.glob("reports/*/latest/summary.md"))) == 1
    assert "rror" not in done.stdout + done.stderr
    assert (tmp_path / "mlflow.db").read_bytes() == before
