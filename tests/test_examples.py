"""Every example runs as its first lines say, and ends with the report that it promises."""

from __future__ import annotations

import json
import os
import runpy
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests import forked

EXAMPLES = Path(__file__).parent.parent / "examples"
ENVIRONMENT = {"GIT_PYTHON_REFRESH": "quiet", "MLFLOW_DISABLE_TELEMETRY": "true"}


def ran(name: str, folder: Path) -> str:
    """What the example prints, which ends with exit code 0 and leaves its files in ``folder``."""
    done = forked.finished(_ran, [name, str(folder)], cwd=folder, env=os.environ | ENVIRONMENT, timeout=240)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _ran(arguments: Sequence[str]) -> None:
    name, folder = arguments
    sys.argv = [name, folder]
    runpy.run_path(str(EXAMPLES / name), run_name="__main__")


def report_in(folder: Path) -> Path:
    (latest,) = (folder / "reports").glob("*/latest-complete")
    assert {"report.html", "report.pdf", "summary.md"} <= {path.name for path in latest.iterdir()}
    assert not json.loads((latest / "manifest.json").read_text())["problems"]
    return latest


@pytest.mark.slow
def test_iris_ends_with_its_artifacts(tmp_path: Path) -> None:
    assert ran("iris_random_forest.py", tmp_path).startswith("2 pages in ")
    names = sorted(path.name for path in (tmp_path / "artifacts").rglob("*") if path.suffix in (".html", ".pdf", ".png"))
    assert names == ["accuracy.html", *["confusion_matrix.png"] * 5, "f1_score.html", "report.html", "report.pdf"]


def test_epochs_end_with_curves_and_a_gate(tmp_path: Path) -> None:
    printed = ran("epochs.py", tmp_path)
    latest = report_in(tmp_path)
    assert "6 of 6 runs finished" in printed
    (gate,) = json.loads((latest / "verdict.json").read_text())["gates"]
    assert gate["state"] == "PASS"
    assert list((latest / "charts").glob("history-val-loss-*.svg"))


def test_a_sweep_ends_with_its_child_runs_summarised(tmp_path: Path) -> None:
    printed = ran("optuna_sweep.py", tmp_path)
    report = json.loads((report_in(tmp_path) / "report.json").read_text())["report"]
    assert "17 of 17 runs finished" in printed
    assert {"nested", "parameters"} <= {section["id"] for section in report["sections"]}


def test_xgboost_ends_with_a_verdict(tmp_path: Path) -> None:
    printed = ran("xgboost_ab.py", tmp_path)
    (verdict, *_) = json.loads((report_in(tmp_path) / "verdict.json").read_text())["verdicts"]
    assert verdict["verdict"]["outcome"] == "better"
    assert "8 pairs by seed" in printed


def test_an_llm_evaluation_ends_with_a_verdict(tmp_path: Path) -> None:
    printed = ran("llm_evaluation.py", tmp_path)
    (verdict, *_) = json.loads((report_in(tmp_path) / "verdict.json").read_text())["verdicts"]
    assert verdict["verdict"]["outcome"] == "better"
    assert "Right answers" in printed


def test_the_notebook_shows_its_report(tmp_path: Path) -> None:
    """By a real Jupyter kernel."""
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(EXAMPLES / "notebook.ipynb", 4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert not [cell for cell in cells if cell.outputs or cell.execution_count], "outputs are not kept: clear them"
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
    shown = [output.data for cell in cells for output in cell.outputs if "data" in output]
    assert shown[0]["text/html"].startswith("<iframe srcdoc=")
    assert "leaderboard" in shown[2]["text/plain"]
    assert shown[3]["text/html"].startswith("<h3>wine</h3><p>Best test_accuracy: ")
    assert "equivalent" in cells[-1].outputs[-1].text.lower()


def test_every_example_is_tested_and_listed() -> None:
    names = {path.name for path in EXAMPLES.iterdir() if path.suffix in (".py", ".ipynb")}
    here = Path(__file__).read_text() + (Path(__file__).parent / "sections" / "test_custom.py").read_text()
    listed = (EXAMPLES.parent / "docs" / "python.md").read_text()
    assert {name for name in names if name not in here or f"../examples/{name}" not in listed} == set()
