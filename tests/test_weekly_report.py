"""A weekly report of a real store, the whole way: what came before its window is read, told, judged and survives a rebuild."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from reportgen.cli import app
from tests import weekly_store

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
    assert "**Worse.** val_accuracy of depth=3 went from 0.91" in summary
    assert "paired by seed" in summary
    assert "depth=3 went from" in (latest / "junit.xml").read_text("utf-8")
    again = CliRunner().invoke(
        app, ["rebuild", str(latest), "-q", "--output", str(tmp_path / "again"), "--format", "markdown,gates,data"]
    )
    assert again.exit_code == 5, again.output
    (rebuilt,) = (tmp_path / "again").rglob("verdict.json")
    assert json.loads(rebuilt.read_text("utf-8"))["gates"] == verdict["gates"]
