"""The recipes under deploy/: what can be run of them is run, every command in them and in docs/delivery.md is one that reportgen understands."""

from __future__ import annotations

import ast
import configparser
import re
import shlex
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
import yaml

from reportgen import config
from reportgen.cli import app

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"


def commands() -> Iterator[tuple[str, list[str]]]:
    """(file, words behind ``reportgen``) of every command in the recipes and in the page on delivery."""
    for path in (ROOT / "docs" / "delivery.md", DEPLOY / "systemd" / "reportgen.service", DEPLOY / "cron" / "reportgen"):
        for line in path.read_text("utf-8").splitlines():
            found = re.search(r"(?:^|=/usr/local/bin/|&& )reportgen (?P<words>[a-z]+ [^>|;#]+)", line)
            if found:
                yield path.name, shlex.split(found["words"])
    dag = (DEPLOY / "airflow" / "reportgen_weekly.py").read_text("utf-8")
    yield "airflow", shlex.split(str(re.search(r'bash_command="reportgen ([^"]+)"', dag)[1]))  # type: ignore[index]
    asset = ast.parse((DEPLOY / "dagster" / "reportgen_weekly.py").read_text("utf-8"))
    lists = [node for node in ast.walk(asset) if isinstance(node, ast.List) and "reportgen" in ast.dump(node)]
    yield "dagster", [word.value for word in lists[0].elts[1:]]  # type: ignore[attr-defined]
    (job,) = (one for one in cluster() if one["kind"] == "CronJob")
    yield "kubernetes", job["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"][0]["args"]


def cluster() -> list[dict]:  # type: ignore[type-arg]
    return list(yaml.safe_load_all((DEPLOY / "kubernetes" / "cronjob.yaml").read_text("utf-8")))


def test_there_are_commands_to_check() -> None:
    assert {name for name, _ in commands()} == {
        "delivery.md",
        "reportgen.service",
        "reportgen",
        "airflow",
        "dagster",
        "kubernetes",
    }


@pytest.mark.parametrize(("name", "words"), list(commands()))
def test_reportgen_understands_every_command(name: str, words: list[str]) -> None:
    group = typer.main.get_command(app)
    command = group.commands[words[0]]  # type: ignore[attr-defined]
    command.make_context(words[0], list(words[1:]))  # raises for what it does not know


def test_the_configs_of_the_recipes_are_whole() -> None:
    (kept,) = (one for one in cluster() if one["kind"] == "ConfigMap")
    read = config.of_mapping(yaml.safe_load(kept["data"]["config.yaml"]), environment={})
    (job,) = (one for one in cluster() if one["kind"] == "CronJob")
    spec = job["spec"]["jobTemplate"]["spec"]
    seconds = (read.limits.reading_seconds or 0) + read.limits.delivery_seconds + read.limits.pdf_seconds
    assert spec["activeDeadlineSeconds"] > seconds
    (container,) = spec["template"]["spec"]["containers"]
    assert container["args"][1] in read.reports
    writable = {mount["mountPath"] for mount in container["volumeMounts"] if not mount.get("readOnly")}
    assert {read.output, "/tmp", "/work"} <= writable
    assert str(read.cache).startswith(read.output)


@pytest.mark.parametrize(("code", "ends"), [(0, 0), (3, 0), (5, 0), (4, 4), (6, 6), (8, 8)])
def test_cron_tells_faults_and_no_answers(code: int, ends: int, tmp_path: Path) -> None:
    (line,) = (line for line in (DEPLOY / "cron" / "reportgen").read_text("utf-8").splitlines() if line.startswith("0 6"))
    script = (
        line.split(maxsplit=6)[6]
        .replace("/var/lib/reportgen", str(tmp_path))
        .replace("/etc/reportgen/env", str(tmp_path / "env"))
    )
    (tmp_path / "env").write_text("MLFLOW_TRACKING_URI=http://mlflow.example\n")
    fake = tmp_path / "reportgen"
    fake.write_text(f'#!/bin/sh\necho "result $MLFLOW_TRACKING_URI"; echo "weekly: exit {code}" >&2; exit {code}\n')
    fake.chmod(fake.stat().st_mode | stat.S_IXUSR)
    done = subprocess.run(["/bin/sh", "-c", script], capture_output=True, text=True, env={"PATH": f"{tmp_path}:/usr/bin:/bin"})
    assert (done.returncode, done.stdout, done.stderr) == (ends, "", f"weekly: exit {code}\n")


def test_the_service_counts_answers_as_success_and_names_no_secret() -> None:
    service = configparser.ConfigParser(strict=False, interpolation=None)
    service.optionxform = str  # type: ignore[assignment,method-assign]
    service.read(DEPLOY / "systemd" / "reportgen.service")
    assert service["Service"]["SuccessExitStatus"] == "3 5"
    assert service["Service"]["EnvironmentFile"] == "-/etc/reportgen/env"


def test_the_image_copies_what_is_there_and_runs_as_nobody_special() -> None:
    text = (DEPLOY / "docker" / "Dockerfile").read_text("utf-8")
    copied = [word for line in re.findall(r"^COPY (?!--from)(.*)$", text, re.MULTILINE) for word in line.split()[:-1]]
    assert all((ROOT / name).exists() for name in copied)
    allowed = (DEPLOY / "docker" / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    assert {f"!{name}" for name in copied} <= set(allowed)
    extras = set(re.findall(r"--extra (\w+)", text))
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    assert all(re.search(rf"^{extra} = \[", project, re.MULTILINE) for extra in extras)
    assert [line.split()[1] for line in text.splitlines() if line.startswith("USER")][-1] == "10001:10001"
    assert "UV_COMPILE_BYTECODE=1" in text
