"""A weekly report of a real store, the whole way: what came before its window is read, told, judged and survives a rebuild."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from reportgen.cli import app
from tests import servers, weekly_store

CONFIG = """\
version: 1
tracking_uri: sqlite:///{folder}/mlflow.db
output: {folder}/out
cache: false
reports:
  weekly:
    experiments: [nightly]
    window: 7d
    primary: val_accuracy
    gates:
      - {{metric: val_accuracy, not_worse_than: previous}}
      - {{metric: val_accuracy, not_worse_than: best_of_window}}
      - {{of: failed, at_most: 0.2}}
"""


def test_a_week_against_the_weeks_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795132800")  # 2026-11-20
    weekly_store.sqlite_store(tmp_path)
    config = tmp_path / "config.yaml"
    config.write_text(CONFIG.format(folder=tmp_path), "utf-8")
    built = CliRunner().invoke(app, ["build", "-c", str(config), "-q", "--format", "markdown,gates,data"])
    assert built.exit_code == 5, built.output
    latest = tmp_path / "out" / "weekly" / "latest"
    verdict = json.loads((latest / "verdict.json").read_text("utf-8"))
    assert [gate["state"] for gate in verdict["gates"]] == ["FAIL", "PASS", "PASS"]
    assert verdict["metrics"]["n_runs"] == 8
    summary = (latest / "summary.md").read_text("utf-8").replace("\\", "")
    assert "**val_accuracy of depth=3 got worse: 0.90" in summary
    assert "**Worse: val_accuracy of depth=3" in summary
    assert "depth=3 went from" in (latest / "junit.xml").read_text("utf-8")
    again = CliRunner().invoke(
        app, ["rebuild", str(latest), "-q", "--output", str(tmp_path / "again"), "--format", "markdown,gates,data"]
    )
    assert again.exit_code == 5, again.output
    (rebuilt,) = (tmp_path / "again").rglob("verdict.json")
    assert json.loads(rebuilt.read_text("utf-8"))["gates"] == verdict["gates"]


THREE_WEEKS = """\
version: 1
tracking_uri: sqlite:///{folder}/mlflow.db
output: {folder}/out
cache: false
reports:
  weekly:
    experiments: ["*"]
    window: 7d
    primary: val_accuracy
    gates:
      - {{name: past, metric: val_accuracy, not_worse_than: previous}}
      - {{name: best, metric: val_accuracy, not_worse_than: best_of_window}}
"""
MONDAYS = [datetime(2026, 11, day, tzinfo=UTC) for day in (2, 9, 16)]
WEEKS = (
    {"a0": 0.900, "a1": 0.902, "a2": 0.901, "star": 0.950},
    {"b0": 0.910, "b1": 0.912, "b2": 0.911},
    {"c0": 0.930, "c1": 0.932, "c2": 0.931},
)
"""Run → value of each week; the best of the first one is deleted after its report."""


class ThreeWeeks:
    """A store that changes between the Mondays of its reports."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        from mlflow.tracking import MlflowClient

        self.folder, self.monkeypatch = folder, monkeypatch
        self.client = MlflowClient(tracking_uri=servers.sqlite_store(folder / "mlflow.db"))
        self.nightly = self.client.create_experiment("nightly", artifact_location=f"{folder}/nightly")
        self.ids: dict[str, str] = {}
        (folder / "config.yaml").write_text(THREE_WEEKS.format(folder=folder), "utf-8")

    def run(self, name: str, value: float, start: datetime, *, experiment: str | None = None, ends: bool = True) -> None:
        at = round(start.timestamp() * 1000)
        made = self.client.create_run(experiment or self.nightly, start_time=at, run_name=name)
        self.ids[name] = made.info.run_id
        self.client.log_param(made.info.run_id, "depth", "9" if name == "star" else "3")
        if ends:
            self.client.log_metric(made.info.run_id, "val_accuracy", value, timestamp=at + 1000)
            self.client.set_terminated(made.info.run_id, end_time=at + 60_000)

    def week(self, n: int) -> None:
        for i, (name, value) in enumerate(WEEKS[n].items()):
            self.run(name, value, MONDAYS[n] - timedelta(days=3, minutes=-i))

    def build(self, n: int, exit_code: int) -> tuple[dict[str, Any], str, dict[str, Any]]:
        """verdict.json, summary.md and report.json of the report of the nth Monday."""
        self.monkeypatch.setenv("SOURCE_DATE_EPOCH", str(round(MONDAYS[n].timestamp())))
        arguments = ["build", "-c", str(self.folder / "config.yaml"), "-q", "--format", "markdown,gates,data"]
        built = CliRunner().invoke(app, arguments)
        assert built.exit_code == exit_code, built.output
        latest = self.folder / "out" / "weekly" / "latest"
        verdict = json.loads((latest / "verdict.json").read_text("utf-8"))
        summary = (latest / "summary.md").read_text("utf-8").replace("\\", "")
        return verdict, summary, json.loads((latest / "report.json").read_text("utf-8"))["report"]


def test_three_weeks_with_runs_deleted_added_and_finished_between(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = ThreeWeeks(tmp_path, monkeypatch)
    store.week(0)
    store.run("slow", 0.0, MONDAYS[0] - timedelta(days=1), ends=False)

    verdict, summary, _ = store.build(0, exit_code=0)
    assert [(gate["state"], gate["warns"]) for gate in verdict["gates"]] == [("NO_DATA", True)] * 2
    assert [problem["slug"] for problem in verdict["problems"]].count("gate-first-period") == 2

    store.week(1)
    store.client.delete_run(store.ids["star"])
    store.client.log_metric(store.ids["slow"], "val_accuracy", 0.940)
    ended = MONDAYS[1] - timedelta(days=2)
    store.client.set_terminated(store.ids["slow"], end_time=round(ended.timestamp() * 1000))
    store.run("copied", 0.925, MONDAYS[0] - timedelta(days=2))
    other = store.client.create_experiment("other", artifact_location=f"{tmp_path}/other")
    store.run("o0", 0.5, MONDAYS[1] - timedelta(days=1), experiment=other)

    verdict, summary, report = store.build(1, exit_code=0)
    assert (
        "Since the report of 2026-11-02: 1 of its runs was deleted (star); 1 run that was not over has ended (slow (FINISHED)); "
        "1 run of its period was logged after it (copied)." in summary
    )
    assert "The best val_accuracy before was 0.9500 (star), and that run is deleted. It counts nowhere in this report." in summary
    assert "New best" not in summary
    assert "None of its runs was deleted" not in summary
    assert "Experiment other has its first run in this period." in summary
    past, best = _nightly(verdict)
    weeks = [[value for name, value in week.items() if name != "star"] for week in WEEKS]
    means = [sum(values) / len(values) for values in weeks]
    fresh = (sum(weeks[1]) + 0.940 + 0.925) / 5
    assert past["state"] == "PASS"
    assert f"nightly went from {means[0]:.4f} (3 runs before) to {fresh:.4f} (5 runs)" in past["sentence"]
    assert "loss" not in past["sentence"]
    assert best["state"] == "PASS"
    assert "now is 0.9400, of the period before 0.9020" in best["sentence"]
    assert len(_trend(report)["rows"]) == 3 + 2 + 3

    store.week(2)
    verdict, summary, report = store.build(2, exit_code=0)
    assert "Since the report of" not in summary
    past, best = _nightly(verdict)
    before = (sum(weeks[0]) + sum(weeks[1]) + 0.940 + 0.925) / 8
    assert f"nightly went from {before:.4f} (8 runs before) to {means[2]:.4f} (3 runs)" in past["sentence"]
    assert "now is 0.9320, of the period before 0.9120" in best["sentence"]
    assert len(_trend(report)["rows"]) == 3 + 2 + 3 + 3
    assert "New experiment" not in summary


def _nightly(verdict: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The two gates of the experiment that runs every week, which stands beside another one from the second week on."""
    gates = {gate["name"].removeprefix("nightly: "): gate for gate in verdict["gates"]}
    return gates["past"], gates["best"]


def _trend(report: dict[str, Any]) -> dict[str, Any]:
    (chart,) = [
        block
        for section in report["sections"]
        for block in section["blocks"]
        if re.fullmatch(r"(1nightly-[0-9a-f]+-)?trend", str(block.get("id")))
    ]
    return chart["table"]  # type: ignore[no-any-return]
