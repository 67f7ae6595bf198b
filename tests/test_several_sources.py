"""Several tracking stores in one report, from the command line to the files: what is named, what is counted, what is missing."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from reportgen.collect.run_pages import run_pages
from reportgen.snapshot import SourceInfo, empty_snapshot
from tests import ab_store, forked

SECRET = "hunter2-very-secret"

CONFIG = """\
version: 1
reports:
  both:
    sources:
      - {{name: prod, tracking_uri: "{prod}"}}
      - {{name: lab, tracking_uri: "{lab}"}}
      - {{name: gone, tracking_uri: "postgresql://u:${{MLFLOW_PW}}@127.0.0.1:9/mlflow"}}
    experiments: ["ranker/*"]
    primary: val_acuracy
    metrics: [val_loss]
    gates: [{{metric: val_los, at_most: 1}}]
"""


def run(*args: str, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("MLFLOW_", "REPORTGEN_", "SOURCE_DATE"))}
    return forked.command(*args, cwd=cwd, env=clean | env)


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("sources")
    uris = {}
    for name in ("prod", "lab"):
        (folder / name).mkdir()
        uris[name] = ab_store.sqlite_store(folder / name)
    return uris


@pytest.fixture(scope="module")
def built(stores: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    folder = tmp_path_factory.mktemp("built")
    (folder / "config.yaml").write_text(CONFIG.format(**stores))
    return folder, run("build", "--json", "--format", "data,markdown,html,gates", cwd=folder, MLFLOW_PW=SECRET)


def told(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_a_missing_source_is_a_gap_and_the_others_are_reported(
    built: tuple[Path, subprocess.CompletedProcess[str]], stores: dict[str, str]
) -> None:
    folder, done = built
    assert done.returncode == 5  # the gate has no data, which is graver than the gap
    (report,) = told(done)["reports"]
    assert (report["n_runs"], report["n_points"]) == (2 * ab_store.N_RUNS, 2 * ab_store.N_POINTS)
    problems = {(p["slug"], p["where"]): p for p in report["problems"]}
    assert problems["source-unread", "source gone"]["severity"] == "gap"
    (gate,) = report["gates"]
    assert (gate["name"], gate["state"], gate["fails"]) == ("val_los at most 1 (best run)", "NO_DATA", True)
    assert gate["sentence"].startswith("No data: ")
    assert report["reason"] == "1 of 1 gate not passed: val_los at most 1 (best run) (NO_DATA)"
    assert done.stderr.splitlines()[-1] == f"both: exit 5: {report['reason']}"
    bundle = Path(folder, report["folder"])
    manifest = json.loads((bundle / "manifest.json").read_text())
    assert manifest["sources"] == [
        {"name": "prod", "uri": stores["prod"], "kind": "sqlite"},
        {"name": "lab", "uri": stores["lab"], "kind": "sqlite"},
        {"name": "gone", "uri": "postgresql://127.0.0.1:9/mlflow", "kind": "postgresql, not read"},
    ]
    assert {row["experiment"] for row in manifest["ledger"]} == {"lab / ranker/ab", "prod / ranker/ab", "lab", "prod"}
    page = (bundle / "report.html").read_text()
    for words in ("Source prod, sqlite", "Source gone, postgresql, not read", "The runs are from 2 tracking stores"):
        assert words in page


def test_names_that_no_run_has_come_with_what_was_meant(built: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    (report,) = told(built[1])["reports"]
    hints = {(p["slug"], p["where"], p["severity"]): p["todo"].partition("?")[0] for p in report["problems"]}
    assert hints["primary-missing", "val_acuracy", "gap"] == "did you mean val_accuracy"
    assert hints["metric-missing", "val_los", "warning"] == "did you mean val_loss"


def test_no_credential_comes_out(built: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    folder, done = built
    assert SECRET not in done.stdout + done.stderr
    assert [path for path in folder.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()] == []


def test_the_same_report_is_made_again_without_the_stores(
    built: tuple[Path, subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    folder, done = built
    bundle = Path(folder, told(done)["reports"][0]["folder"])
    again = run("rebuild", str(bundle), "-o", str(tmp_path), "--json", "--format", "data,markdown,html,gates", cwd=tmp_path)
    other = Path(told(again)["reports"][0]["folder"])
    (gate,) = json.loads((other / "code-quality.json").read_text())
    assert gate["location"]["lines"]["begin"] > 1
    files = sorted(path.relative_to(bundle) for path in bundle.rglob("*") if path.is_file())
    assert [file for file in files if (bundle / file).read_bytes() != (other / file).read_bytes()] == []


def test_uris_of_the_command_line(stores: dict[str, str], tmp_path: Path) -> None:
    uris = ["--tracking-uri", stores["prod"], "--tracking-uri", stores["lab"]]
    planned = told(run("plan", *uris, "-e", "ranker/ab", "--limit", "3", "--json", cwd=tmp_path))["reports"]
    ((name, planned),) = planned.items()
    assert re.fullmatch("ranker-ab-[0-9a-f]{6}", name)
    assert [(row["experiment_id"], row["n_runs"]) for row in planned["experiments"]] == [("mlflow-1:1", 3), ("mlflow-2:1", 3)]
    done = run("snapshot", *uris, "--nested", "children", "--json", cwd=tmp_path)
    assert (done.returncode, told(done)["rows"]["runs"]) == (0, 0)
    nowhere = run("build", "--tracking-uri", "sqlite:///x.db", "--tracking-uri", "sqlite:///y.db", "-e", "*", cwd=tmp_path)
    assert nowhere.returncode == 4
    assert "none of the 2 sources can be read: x: there is no file x.db; y: there is no file y.db" in nowhere.stderr


def test_a_bad_order_ends_before_anything_is_written(stores: dict[str, str], tmp_path: Path) -> None:
    choice = ["--order-by", "metrics.val_accuracy DSC", "--limit", "3"]
    done = run("build", "-e", "ranker/ab", "--tracking-uri", stores["prod"], *choice, cwd=tmp_path)
    assert done.returncode == 2
    assert "did you mean metrics.val_accuracy DESC?" in done.stderr
    assert not list(tmp_path.rglob("report.html"))


def test_errors_are_json_where_json_is_asked_for(tmp_path: Path) -> None:
    usage = run("build", "--json", "--bogus", cwd=tmp_path)
    assert (usage.returncode, told(usage)["error"]["slug"], told(usage)["exit_code"]) == (2, "bad-usage", 2)
    (tmp_path / "config.yaml").write_text("version: 1\nmetrics: {a: {goal: maximise}}\nreports:\n  w: {limit: 0, nestd: all}\n")
    wrong = run("plan", "--json", cwd=tmp_path)
    assert [(m["file"], m["line"], m["key"]) for m in told(wrong)["error"]["mistakes"]] == [
        ("config.yaml", 2, "metrics.a.goal"),
        ("config.yaml", 4, "reports.w.limit"),
        ("config.yaml", 4, "reports.w.nestd"),
    ]


def test_a_run_links_to_its_own_server() -> None:
    infos = (
        SourceInfo("rest", "https://prod.example", name="prod"),
        SourceInfo("sqlite", "sqlite:///x.db", name="lab"),
        SourceInfo("rest", "http://old.example/mlflow/", name="old"),
    )
    url = run_pages(empty_snapshot(SourceInfo("several", "…"), sources=infos))
    assert url("prod:1", "ab#prod") == "https://prod.example/#/experiments/1/runs/ab"
    assert url("old:7", "cd") == "http://old.example/mlflow/#/experiments/7/runs/cd"
    assert url("lab:1", "ab#lab") is None
    alone = run_pages(empty_snapshot(SourceInfo("rest", "https://prod.example")))
    assert alone("1", "ab") == "https://prod.example/#/experiments/1/runs/ab"


def test_groups_from_different_stores_are_compared(stores: dict[str, str], tmp_path: Path) -> None:
    uris = ["--tracking-uri", stores["prod"], "--tracking-uri", stores["lab"]]
    groups = [f"mlflow-{n} / ranker/ab@tags.variant={variant}" for n, variant in ((1, "control"), (2, "candidate"))]
    done = run("compare", *groups, *uris, "--json", "--format", "markdown,data", "--no-cache", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    (report,) = told(done)["reports"]
    assert [one["outcome"] for one in report["verdicts"]] == ["better"]
    assert report["n_runs"] == 2 * ab_store.N_RUNS
    saved = json.loads(Path(tmp_path, report["folder"], "data", "config.json").read_text())["report"]
    assert [(one["name"], one["experiments"]) for one in saved["sources"]] == [
        ("mlflow-1", ["ranker/ab"]),
        ("mlflow-2", ["ranker/ab"]),
    ]
    assert list(saved["compare"]["groups"].values()) == groups
