"""The command line as a person or a CI job meets it: one clear message, the right exit code, no traceback, no credential."""

from __future__ import annotations

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reportgen.cli.console import one_record
from reportgen.cli.results import print_outcome
from reportgen.errors import Problem
from reportgen.model import Gate, Verdict
from reportgen.outcome import Outcome, outcome_facts
from reportgen.publish.receipt import Receipt
from tests import forked

ROOT = Path(__file__).parent.parent


def run(*args: str, cwd: Path, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("MLFLOW_", "REPORTGEN_", "SOURCE_DATE"))}
    return forked.command(*args, cwd=cwd, env=clean | (env or {}))


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def test_help_and_version_come_at_once(tmp_path: Path) -> None:
    began = time.monotonic()
    command = [sys.executable, "-m", "reportgen", "--version"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    seconds = time.monotonic() - began
    assert done.stdout.startswith("reportgen ")
    assert seconds < 5  # a ceiling for a busy machine only; heavy imports alone take longer
    loaded = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "reportgen", "--help"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
    ).stderr
    modules = {line.rpartition("|")[2].strip().split(".")[0] for line in loaded.splitlines()}
    assert not modules & {"mlflow", "plotly", "weasyprint", "kaleido", "pandas", "scipy", "pyarrow", "sqlalchemy", "matplotlib"}


@pytest.mark.parametrize(
    "command", ["build", "check", "compare", "demo", "plan", "snapshot", "rebuild", "init", "schema", "doctor"]
)
def test_every_command_has_help(tmp_path: Path, command: str) -> None:
    done = run(command, "--help", cwd=tmp_path)
    assert done.returncode == 0
    assert "Usage: reportgen" in done.stdout


@pytest.mark.fault("An unknown command or option", "The error names similar commands.", at="config", exit=2)
def test_a_wrong_command_or_option_is_exit_2(tmp_path: Path) -> None:
    done = run("bild", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[0] == "error: No such command 'bild'. Did you mean 'build', 'rebuild'?"
    assert run("build", "--nonsense", cwd=tmp_path).returncode == 2


@pytest.mark.fault(
    "Neither a config nor an experiment is given", "The error says what was looked for and how to begin.", at="config", exit=2
)
def test_nothing_to_report_says_what_to_do(tmp_path: Path) -> None:
    done = run("build", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "error: there is neither a config file nor an experiment to report on",
        "  found: no config.yaml in this folder, no --config, no --experiment",
        "  to do: try `reportgen build --experiment NAME`, write a config with `reportgen init`, or see `reportgen demo`",
    ]


@pytest.mark.fault("A config has five mistakes", "All are told at once.", at="config", exit=2)
def test_five_mistakes_are_told_at_once_and_as_json(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text(
        "version: 3\nmetrcs: {}\nreports:\n  w: {experiment: [a], window: 7x, gates: [{metric: a}]}\n"
    )
    done = run("build", cwd=tmp_path)
    assert done.returncode == 2
    assert "the config has 5 mistakes:" in done.stderr
    assert "Traceback" not in done.stderr
    told = json.loads(run("build", "--json", cwd=tmp_path).stdout)
    assert told["exit_code"] == 2
    assert told["error"]["slug"] == "config-invalid"


def test_init_writes_a_config_that_plan_accepts(tmp_path: Path) -> None:
    assert run("init", "--experiment", 'my "exp"', cwd=tmp_path).returncode == 0
    assert '    experiments: ["my \\"exp\\""]' in (tmp_path / "config.yaml").read_text()
    again = run("init", cwd=tmp_path)
    assert again.returncode == 2
    assert again.stderr.splitlines()[0] == "error: config.yaml is there already"
    planned = run("plan", cwd=tmp_path)
    assert planned.returncode == 4  # the config is good; there is no store here
    assert "Traceback" not in planned.stderr


def test_schema_is_json(tmp_path: Path) -> None:
    assert json.loads(run("schema", cwd=tmp_path).stdout)["properties"]["reports"]


def mlflow_like(path: Path) -> None:
    """A database that is whole, but not MLflow's."""
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE customers (name TEXT)")


SECRET = "hunter2-very-secret"


@pytest.mark.fault(
    "The store is missing, empty, not MLflow's, of an unknown scheme, or nobody listens",
    "One message with a next step; no traceback, no password, no new file.",
    at="database",
    exit=4,
)
@pytest.mark.parametrize(
    ("uri", "code", "said"),
    [
        ("sqlite:///none.db", 4, "none.db"),
        ("sqlite:///empty.db", 4, "empty.db"),
        ("sqlite:///other.db", 4, "other.db"),
        ("sqlite:///text.db", 4, "text.db"),
        ("gopher://somewhere", 4, "gopher"),
        (f"http://user:{SECRET}@127.0.0.1:{{port}}", 4, "127.0.0.1"),
        (f"postgresql://user:{SECRET}@127.0.0.1:{{port}}/mlflow", 4, "127.0.0.1"),
    ],
)
def test_a_bad_source_is_one_clear_message(tmp_path: Path, uri: str, code: int, said: str) -> None:
    (tmp_path / "empty.db").touch()
    mlflow_like(tmp_path / "other.db")
    (tmp_path / "text.db").write_text("this is no database\n" * 100)
    uri = uri.replace("{port}", str(free_port()))
    for command in (["build", "-e", "x"], ["plan", "-e", "x"], ["snapshot", "-o", "snap"]):
        done = run(*command, "--tracking-uri", uri, cwd=tmp_path)
        assert done.returncode == code, done.stderr
        assert said in done.stderr
        assert "to do:" in done.stderr
        for text in (done.stdout, done.stderr):
            assert "Traceback" not in text
            assert SECRET not in text
    assert sorted(p.name for p in tmp_path.iterdir() if p.name not in {"reports"}) == ["empty.db", "other.db", "text.db"]


@pytest.mark.fault("The output folder lies below a file", "It is reported before the store is read.", at="delivery", exit=2)
def test_an_unwritable_output_is_told_before_reading(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = run("build", "-e", "x", "--tracking-uri", "sqlite:///none.db", "-o", "file/reports", cwd=tmp_path)
    assert done.returncode == 2
    assert "the output folder file/reports cannot be written" in done.stderr


@pytest.mark.fault("The output folder is read-only", "It is reported before the store is read.", at="delivery", exit=2)
@pytest.mark.skipif(shutil.which("setpriv") is None and os.geteuid() == 0, reason="root may write everywhere; setpriv is missing")
def test_a_read_only_output_is_told_before_reading(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir(mode=0o555)
    drop = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []
    command = [sys.executable, "-m", "reportgen", "build", "-e", "x", "--tracking-uri", "sqlite:///none.db", "-o", "out"]
    done = subprocess.run([*drop, *command], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert (done.returncode, list((tmp_path / "out").iterdir())) == (2, [])
    assert "the output folder out cannot be written" in done.stderr


def test_doctor_names_what_it_found(tmp_path: Path) -> None:
    done = run("doctor", "--json", cwd=tmp_path)
    findings = {f["what"]: f for f in json.loads(done.stdout)["findings"]}
    assert findings["Python"]["state"] == "ok"
    assert findings["PDF"]["state"] == "ok"
    assert {"browser", "fonts: Latin", "fonts: emoji", "disk"} <= findings.keys()


@pytest.mark.fault("`rebuild` is given a folder without a snapshot", "The error says so.", at="config", exit=4)
def test_rebuild_of_something_else_says_so(tmp_path: Path) -> None:
    done = run("rebuild", ".", cwd=tmp_path)
    assert done.returncode == 4
    assert done.stderr.splitlines()[0] == "error: there is no snapshot in ."


# --- what became of it -----------------------------------------------------------------------------------------------


def outcome(
    folder: Path, gates: Sequence[Gate] = (), problems: Sequence[Problem] = (), failed: bool = False, verdicts: int = 1
) -> Outcome:
    receipts = [Receipt("folder", "written", str(folder))]
    receipts += [Receipt("mlflow", "failed", "experiment reports", Problem("x", "y", "z"))] if failed else []
    said = Verdict("b against a: acc", "not_worse", "b is not worse than a.", "the rule")
    return Outcome(
        "weekly", folder, "d", "headline", 1, 2, verdicts=(said,) * verdicts, gates=tuple(gates), problems=tuple(problems),
        receipts=tuple(receipts),
    )  # fmt: skip


def gate(state: Any, name: str, *, warns: bool = False) -> Gate:
    return Gate(name, state, f"{state} of {name}.", "acc", 0.5, 0.9, warns=warns)


def test_an_outcome_says_why_its_exit_code_is_not_0(tmp_path: Path) -> None:
    gap, warning = Problem("run-unreadable", "run 1", "what"), Problem("w", "x", "y", severity="warning")
    passed, warned = gate("PASS", "fine"), gate("INCONCLUSIVE", "few", warns=True)
    failed = [gate("FAIL", "floor"), gate("INCONCLUSIVE", "margin"), gate("NO_DATA", "typo")]
    told = {
        outcome(tmp_path, [passed, warned], [warning]): (0, ""),
        outcome(tmp_path, [passed], [gap, warning]): (3, "1 gap: run 1 (run-unreadable)"),
        outcome(tmp_path, [passed], [gap], failed=True): (6, "not delivered: mlflow, experiment reports"),
        outcome(tmp_path, [passed, warned, *failed], [gap], failed=True): (
            5,
            "3 of 5 gates not passed: floor (FAIL), margin (INCONCLUSIVE) and typo (NO_DATA)",
        ),
    }
    for one, expected in told.items():
        assert (one.exit_code, one.reason) == expected
        facts = outcome_facts(one)
        assert (facts["exit_code"], facts["reason"]) == expected
    assert [one["fails"] for one in facts["gates"]] == [False, False, True, True, True]
    assert facts["verdicts"] == [{"title": "b against a: acc", "outcome": "not_worse", "sentence": "b is not worse than a."}]


def test_the_terminal_names_verdicts_gates_and_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("report.html", "junit.xml"):
        (tmp_path / name).write_text("")
    print_outcome(outcome(tmp_path, [gate("FAIL", "floor"), gate("INCONCLUSIVE", "few", warns=True)], verdicts=8))
    assert capsys.readouterr().out.splitlines() == [
        "weekly: headline",
        *["  verdict NOT WORSE: b against a: acc: b is not worse than a."] * 6,
        "  2 more comparisons are in the report",
        "  gate FAIL: floor: FAIL of floor.",
        "  gate INCONCLUSIVE (a warning): few: INCONCLUSIVE of few.",
        f"  HTML     {tmp_path}/report.html",
        f"  JUnit    {tmp_path}/junit.xml",
    ]
    print_outcome(outcome(tmp_path))
    assert "JUnit" not in capsys.readouterr().out
    (said,) = outcome(tmp_path, verdicts=1).verdicts
    print_outcome(replace(outcome(tmp_path), verdicts=(replace(said, sentence="acc 0.90 → 0.91."),)))
    assert "verdict NOT WORSE: b against a: acc 0.90 → 0.91." in capsys.readouterr().out


def test_the_terminal_names_the_folder_of_a_bundle_without_a_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "report.json").write_text("")
    print_outcome(outcome(tmp_path))
    assert capsys.readouterr().out.splitlines()[-1] == f"  Folder   {tmp_path}"


def test_no_line_of_an_error_is_a_command_of_a_ci_system() -> None:
    text = "one\n::error::two\n  ::set-output name=x::y\n##vso[task.complete]\nthree\x1b[31m"
    assert one_record(text).splitlines() == [
        "one", "  | ::error::two", "    | ::set-output name=x::y", "  # #vso[task.complete]", r"  three\u{1b}[31m",
    ]  # fmt: skip


# --- exit codes ---


@pytest.mark.fault("Memory runs out, in any way that Python tells it", "The error is `memory-exhausted`.", at="machine", exit=8)
@pytest.mark.parametrize(
    "error",
    [
        MemoryError("3.5 GiB"),
        OSError(12, "Cannot allocate memory"),
        ImportError("x.so: failed to map segment from shared object"),
        RuntimeError("can't start new thread"),
    ],
)
def test_memory_that_runs_out_is_no_fault_of_the_program(error: Exception) -> None:
    from reportgen.cli.console import Console
    from reportgen.cli.results import outcome_of
    from reportgen.redaction import NO_REDACTION

    class Named:
        name = "weekly"
        runs_own_code = False

    def work(_job: Any, _progress: Any) -> Outcome:
        raise error

    found = outcome_of(Console(True, False, NO_REDACTION), Named(), work, "x")  # type: ignore[arg-type]
    assert (found.exit_code, found.slug) == (8, "memory-exhausted")  # type: ignore[union-attr]


@pytest.mark.fault(
    "A template folder is missing, `latest` is a real folder, or the URL is malformed",
    "It is reported before the store is read.",
    at="config",
    exit=2,
)
def test_mistakes_that_need_no_store_are_told_before_it_is_read(tmp_path: Path) -> None:
    """None of these stores is there: whoever reads first has another code."""
    (tmp_path / "config.yaml").write_text("templates: [mine]\ntracking_uri: sqlite:///absent.db\nreports: {r: {}}\n")
    done = run("build", cwd=tmp_path)
    assert (done.returncode, "found: mine" in done.stderr) == (2, True)
    (tmp_path / "mine").mkdir()
    assert run("build", cwd=tmp_path).returncode == 4
    (tmp_path / "reports" / "r" / "latest").mkdir(parents=True)
    done = run("build", cwd=tmp_path)
    assert (done.returncode, "latest is no symbolic link" in done.stderr) == (2, True)
    assert run("build", "-e", "x", "--tracking-uri", "http://[::1", cwd=tmp_path).returncode == 2


@pytest.mark.fault(
    "The time for reading is over before the first call", "It is an error of time, not of the server.", at="server", exit=8
)
def test_no_time_for_anything_is_a_budget() -> None:
    from reportgen.collect.rest.rate_limit import RateLimit
    from reportgen.errors import SourceError

    with pytest.raises(SourceError) as raised:
        RateLimit(None, 0.0).check_deadline()
    assert raised.value.exit_code == 8


def test_formats_add_up() -> None:
    from reportgen.job import formats_of

    assert formats_of(["html", "markdown,html", " pdf "]) == ("html", "markdown", "pdf")
    assert formats_of(None) is formats_of([]) is None


def test_a_job_with_little_address_space_ends(tmp_path: Path) -> None:
    """``ulimit -v`` of 500 MB: the libraries of linear algebra ask for the memory of their threads for ever, and SciPy's for that of one thread."""
    import resource
    import subprocess

    from tests import weekly_store

    weekly_store.sqlite_store(tmp_path)
    done = subprocess.run(
        weekly_store.build_command(tmp_path, "--no-cache", "--format", "markdown"),
        capture_output=True,
        text=True,
        timeout=90,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (500 << 20, 500 << 20)),
    )
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
