"""The whole way, as its three readers go it: real stores, a real server, a real browser, real files."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests import ab_store, forked
from tests.servers import PASSWORD, DatabaseServer, MlflowServer

CONFIG = """\
version: 1
metrics:
  val_accuracy: {goal: maximize, format: percent, label: Validation accuracy}
reports:
  ab:
    title: "Is the candidate ranker better? <b>&amp;</b>"
    experiments: ["ranker/ab"]
    primary: val_accuracy
    compare: {by: tags.variant, baseline: control, pair_by: params.seed}
    gates: [{metric: val_accuracy, of: best, at_least: 0.5}]
    notes: "Decided on **Friday**."
"""


def run(*args: str, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("MLFLOW_", "REPORTGEN_"))}
    settings = clean | {"SOURCE_DATE_EPOCH": "1763596800"} | env
    if "PYTHONHASHSEED" not in env:
        return forked.command(*args, cwd=cwd, env=settings)
    command = [sys.executable, "-m", "reportgen", *args]  # only a new Python has other hashes
    return subprocess.run(command, cwd=cwd, env=settings, capture_output=True, text=True, timeout=240)


def built(cwd: Path, uri: str, *args: str, code: int = 0, **env: str) -> dict[str, Any]:
    """The one report of a build, from its ``--json``."""
    done = run("build", "--json", "--tracking-uri", uri, *args, cwd=cwd, **env)
    assert done.returncode == code, done.stderr + done.stdout
    (report,) = json.loads(done.stdout)["reports"]
    return dict(report, folder=str(cwd / report["folder"])) if "folder" in report else dict(report)


def tree(folder: Path) -> dict[str, str]:
    return {
        str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.rglob("*")) if p.is_file()
    }


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    return ab_store.sqlite_store(tmp_path_factory.mktemp("ab"))


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("workplace")
    (folder / "config.yaml").write_text(CONFIG)
    return folder


@pytest.fixture(scope="module")
def report(store: str, workplace: Path) -> dict[str, Any]:
    database = Path(store.removeprefix("sqlite:///"))
    before = hashlib.sha256(database.read_bytes()).hexdigest()
    made = built(workplace, store, "-c", "config.yaml")
    assert hashlib.sha256(database.read_bytes()).hexdigest() == before
    assert sorted(p.name for p in database.parent.iterdir()) == ["mlflow.db"]
    return made


def test_a_build_writes_a_whole_bundle(report: dict[str, Any]) -> None:
    folder = Path(report["folder"])
    manifest = json.loads((folder / "manifest.json").read_text())
    assert report["n_runs"] == ab_store.N_RUNS
    assert report["n_points"] == ab_store.N_POINTS
    assert [p for p in report["problems"] if p["severity"] == "gap"] == []
    assert {"report.html", "report.pdf", "summary.md", "report.json"} <= manifest["files"].keys()
    assert tree(folder).keys() == manifest["files"].keys() | {"manifest.json"}
    assert {path: one["sha256"] for path, one in manifest["files"].items()} == {
        path: sha for path, sha in tree(folder).items() if path != "manifest.json"
    }
    books = {(row["item"]): row for row in manifest["ledger"]}
    assert (books["runs"]["n_store"], books["points"]["n_store"]) == (ab_store.N_RUNS, ab_store.N_POINTS)


def test_the_same_numbers_stand_in_every_output(report: dict[str, Any]) -> None:
    import pdfplumber

    folder = Path(report["folder"])
    sentence = report["headline"].rstrip(".")
    best = next(word for word in sentence.split() if word[0].isdigit() and "." in word)
    with pdfplumber.open(folder / "report.pdf") as pdf:
        first = pdf.pages[0].extract_text()
        text = "\n".join(page.extract_text() for page in pdf.pages)
    for output in ((folder / "report.html").read_text(), (folder / "summary.md").read_text(), first, text):
        assert best in output
    assert "Is the candidate ranker better?" in first
    page = (folder / "report.html").read_text()
    for seed in ab_store.SEEDS:  # paper has them in the attached data
        assert f"candidate seed {seed}" in page
    assert "more tables, in the attached data files" in " ".join(text.split())


@pytest.mark.fault(
    "Another folder, time zone, locale and hash seed", "The files are the same, byte for byte.", at="machine", exit=0
)
def test_a_second_build_changes_nothing_and_another_machine_makes_the_same_bytes(
    report: dict[str, Any], store: str, workplace: Path, tmp_path: Path
) -> None:
    folder = Path(report["folder"])
    again = built(workplace, store, "-c", "config.yaml")
    assert again["folder"] == report["folder"]
    assert again["deliveries"][0]["state"] == "unchanged"
    shutil.copy(workplace / "config.yaml", tmp_path)
    other = built(tmp_path, store, "-c", "config.yaml", PYTHONHASHSEED="7", TZ="Asia/Tokyo", LANG="C")
    assert tree(Path(other["folder"])) == tree(folder)


def test_a_rebuild_without_mlflow_is_the_same_bundle(report: dict[str, Any], workplace: Path, tmp_path: Path) -> None:
    done = run("rebuild", report["folder"], "-o", "out", "--json", cwd=tmp_path, SOURCE_DATE_EPOCH="")
    assert done.returncode == 0, done.stderr
    (made,) = json.loads(done.stdout)["reports"]
    assert tree(tmp_path / made["folder"]) == tree(Path(report["folder"]))


@pytest.mark.fault(
    "After an earlier report the store is gone", "The earlier report is as it was, byte for byte.", at="database", exit=4
)
def test_a_failed_build_leaves_the_earlier_report(report: dict[str, Any], workplace: Path) -> None:
    before = tree(workplace / "reports")
    assert run("build", "-c", "config.yaml", "--tracking-uri", "sqlite:///none.db", cwd=workplace).returncode == 4
    done = run(
        "build",
        "-c",
        "config.yaml",
        "--set",
        "reports.ab.experiments=[ranker/abc]",
        cwd=workplace,
        MLFLOW_TRACKING_URI="sqlite:///x",
    )
    assert done.returncode == 4
    assert tree(workplace / "reports") == before


@pytest.mark.fault("The experiment does not exist", "The error names a similar one.", at="config", exit=4)
def test_an_unknown_experiment_is_told_with_what_there_is(store: str, tmp_path: Path) -> None:
    done = run("build", "-e", "ranker/abc", "--tracking-uri", store, cwd=tmp_path)
    assert done.returncode == 4
    assert "there is no experiment 'ranker/abc'" in done.stderr
    assert "did you mean 'ranker/ab'?" in done.stderr


def test_an_empty_experiment_makes_a_report_that_says_so(tmp_path: Path) -> None:
    from mlflow.tracking import MlflowClient

    uri = f"sqlite:///{tmp_path}/mlflow.db"
    MlflowClient(tracking_uri=uri).create_experiment("empty", artifact_location=f"{tmp_path}/a")
    made = built(tmp_path, uri, "-e", "empty")
    assert made["n_runs"] == 0
    assert "no run" in (Path(made["folder"]) / "summary.md").read_text().lower()


def test_a_failed_gate_is_exit_5_after_the_files_are_written(store: str, workplace: Path) -> None:
    gate = "reports.ab.gates=[{metric: val_accuracy, of: best, at_least: 0.999}]"
    made = built(workplace, store, "-c", "config.yaml", "--set", gate, "--format", "markdown,gates", "-o", "gate", code=5)
    assert [g["state"] for g in made["gates"]] == ["FAIL"]
    assert "1 of 1 gate not passed" in (Path(made["folder"]) / "summary.md").read_text()


@pytest.mark.server
def test_a_server_and_postgresql_give_the_same_report(
    report: dict[str, Any], workplace: Path, postgres: DatabaseServer, mlflow_server: Callable[[str], MlflowServer]
) -> None:
    from mlflow.tracking import MlflowClient

    uri = postgres.create("ab")
    server = mlflow_server(uri)
    ab_store.filled(MlflowClient(tracking_uri=server.url))
    files = ("-c", "config.yaml", "--format", "data,html,markdown,gates")
    reports = [built(workplace, one, *files, "-o", name) for one, name in ((uri, "pg"), (server.url, "http"))]
    for made in (*reports, report):
        text = json.dumps(made)
        assert PASSWORD not in text
        folder = Path(made["folder"])
        assert (made["n_runs"], made["n_points"], made["headline"]) == (ab_store.N_RUNS, ab_store.N_POINTS, report["headline"])
        for path in folder.rglob("*"):
            assert not path.is_file() or PASSWORD.encode() not in path.read_bytes(), path
    numbers = [_numbers(Path(made["folder"])) for made in (*reports, report)]
    assert numbers[0] == numbers[1] == numbers[2]


@pytest.mark.fault(
    "PostgreSQL refuses the password of a build or a plan",
    "One message with a next step, without password and traceback.",
    at="database",
    exit=4,
)
@pytest.mark.server
def test_a_wrong_password_is_one_message_without_it(postgres: DatabaseServer, tmp_path: Path) -> None:
    uri = postgres.uri("postgres", password="hunter2-very-secret")
    for command in (["build", "-e", "x"], ["plan", "-e", "x"]):
        done = run(*command, "--tracking-uri", uri, cwd=tmp_path)
        assert done.returncode == 4, done.stderr
        assert "error: " in done.stderr
        assert "to do: " in done.stderr
        for text in (done.stdout, done.stderr):
            assert "hunter2" not in text
            assert "Traceback" not in text


def _numbers(folder: Path) -> dict[str, list[list[Any]]]:
    """Every table of the comparison and the leaderboard, without ids that differ between stores."""
    sections = {s["id"]: s for s in json.loads((folder / "report.json").read_text())["report"]["sections"]}
    values: dict[str, list[list[Any]]] = {}
    for name in ("comparison", "leaderboard"):
        tables = [b for b in sections[name]["blocks"] if b["kind"] == "table"]
        values[name] = [
            [cell["value"] for cell in row if not isinstance(cell["value"], dict | str)] for t in tables for row in t["rows"]
        ]
    assert any(values.values())
    return values


@pytest.mark.server
def test_the_bundle_is_logged_to_mlflow_once_and_never_collected(
    store: str, workplace: Path, mlflow_server: Callable[[str], MlflowServer], tmp_path: Path
) -> None:
    from mlflow.tracking import MlflowClient

    server = mlflow_server(f"sqlite:///{tmp_path}/mlflow.db")
    client = MlflowClient(tracking_uri=server.url)
    ab_store.filled(client)
    publish = ("--set", "reports.ab.publish=[{mlflow: {experiment: reports}}]", "--set", 'reports.ab.experiments=["*"]')
    publish += ("--format", "data,html,markdown")
    first = built(workplace, server.url, "-c", "config.yaml", *publish, "-o", "logged")
    assert [d["state"] for d in first["deliveries"]] == ["written", "written"]
    second = built(workplace, server.url, "-c", "config.yaml", *publish, "-o", "logged")
    assert second["digest"] == first["digest"]
    assert [d["state"] for d in second["deliveries"]] == ["unchanged", "unchanged"]
    experiment = client.get_experiment_by_name("reports")
    (logged,) = client.search_runs([experiment.experiment_id])
    assert logged.info.status == "FINISHED"
    assert logged.data.tags["reportgen.report"] == "ab"
    assert logged.data.tags["reportgen.digest"] == first["digest"]
    assert logged.data.metrics["n_runs"] == ab_store.N_RUNS
    local = Path(client.download_artifacts(logged.info.run_id, "", dst_path=str(tmp_path)))
    assert {p for p in tree(Path(first["folder"])) if "/" not in p} <= {p.name for p in local.iterdir()}
    assert (local / "report.html").read_bytes() == (Path(first["folder"]) / "report.html").read_bytes()
    assert (local / "data" / "runs.parquet").is_file()


@pytest.mark.fault(
    "The server for reports cannot be reached", "The bundle is written, and the problem is named.", at="delivery", exit=6
)
@pytest.mark.server
def test_an_upload_that_fails_keeps_the_bundle_and_is_exit_6(store: str, workplace: Path) -> None:
    target = 'reports.ab.publish=[{mlflow: {tracking_uri: "http://127.0.0.1:9"}}]'
    made = built(workplace, store, "-c", "config.yaml", "--set", target, "--format", "markdown", "-o", "failed", code=6,
                 MLFLOW_HTTP_REQUEST_MAX_RETRIES="0")  # fmt: skip
    assert [d["state"] for d in made["deliveries"]] == ["written", "failed"]
    assert (Path(made["folder"]) / "summary.md").is_file()
    assert "mlflow-delivery-failed" in {p["slug"] for p in made["problems"]}


@pytest.mark.fault(
    "The database for reports has the schema of another MLflow",
    "It is not touched; the bundle is not delivered.",
    at="delivery",
    exit=6,
)
def test_a_database_of_another_mlflow_is_never_written_to(store: str, workplace: Path, tmp_path: Path) -> None:
    import sqlite3

    old = tmp_path / "old.db"
    shutil.copy(store.removeprefix("sqlite:///"), old)
    with sqlite3.connect(old) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '4465047574b1'")
    connection.close()
    before = hashlib.sha256(old.read_bytes()).hexdigest()
    made = built(workplace, f"sqlite:///{old}", "-c", "config.yaml", "--set", "reports.ab.publish=[{mlflow: {}}]",
                 "--format", "markdown", "-o", "old", code=6)  # fmt: skip
    assert {p["slug"] for p in made["problems"]} >= {"report-store-other-schema"}
    assert hashlib.sha256(old.read_bytes()).hexdigest() == before


@pytest.mark.fault(
    "Histories are larger than the memory they may take",
    "They go to disk; the bundle is the same, and nothing stays behind.",
    at="machine",
    exit=0,
)
def test_a_history_beyond_memory_gives_the_same_bundle_and_leaves_nothing_behind(store: str, tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text(CONFIG)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    trees = []
    for n_points in (25_000_000, 1_000):
        more = ("--set", f"limits.points_in_memory={n_points}", "--set", "cache=false", "--output", f"out{n_points}")
        report = built(tmp_path, store, *more, "--format", "data,html,markdown", TMPDIR=str(scratch))
        trees.append(tree(Path(report["folder"])))
    assert trees[0] == trees[1]
    assert not list(scratch.iterdir())
