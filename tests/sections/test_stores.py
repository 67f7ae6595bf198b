"""Every real store at hand becomes a whole report, without one section failing."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path

import pytest

from reportgen.collect import Selection, collect
from tests.sections.checks import is_whole
from tests.sections.words import of_report
from tests.snapshots import told

STORES = Path(__file__).resolve().parents[3] / "shared" / "stores"
MANIFEST = {one["id"]: one for one in json.loads((STORES / "MANIFEST.json").read_text())["stores"]} if STORES.is_dir() else {}
SQLITE = sorted(name for name, one in MANIFEST.items() if one["format"] == "sqlite" and not name.startswith("broken"))
FOLDERS = sorted(name for name, one in MANIFEST.items() if one["format"] != "sqlite" and not name.startswith("broken"))

needs_stores = pytest.mark.skipif(not MANIFEST, reason="the shared example stores are not beside this checkout")


def unpacked(name: str, folder: Path) -> Path:
    with tarfile.open(STORES / f"{name}.tar.gz") as archive:
        archive.extractall(folder, filter="data")
    return folder


@needs_stores
@pytest.mark.parametrize("name", SQLITE or ["none"])
def test_a_database_becomes_a_whole_report(name: str, tmp_path: Path) -> None:
    (database,) = [path for ending in ("*.db", "*.sqlite", "*.sqlite3") for path in unpacked(name, tmp_path).rglob(ending)]
    taken = collect(f"sqlite:///{database}", Selection())
    gates = [{"metric": "val_loss", "at_most": 1.0}]
    report = told(taken, gates=gates)
    is_whole(report)
    counts = MANIFEST[name]["counts"]
    assert report.metrics["n_runs"] == counts["runs_active"] - counts.get("runs_active_in_deleted_experiments", 0)
    assert of_report(told(taken, gates=gates)) == of_report(report)


@needs_stores
@pytest.mark.parametrize("name", FOLDERS or ["none"])
def test_a_folder_becomes_a_whole_report(name: str, tmp_path: Path) -> None:
    roots = sorted(
        path
        for path in unpacked(name, tmp_path).rglob("*")
        if path.is_dir() and any(path.glob("*/meta.yaml")) and not (path / "meta.yaml").exists() and path.name != ".trash"
    )
    taken = collect(str(roots[0]), Selection())
    is_whole(told(taken))


@needs_stores
@pytest.mark.parametrize(
    ("name", "by"), [("db-12", "experiment"), ("db-10", "experiment"), ("db-08", "experiment"), ("db-35", "params.model_type")]
)
def test_a_comparison_of_real_runs(name: str, by: str, tmp_path: Path) -> None:
    (database,) = unpacked(name, tmp_path).rglob("*.db")
    is_whole(told(collect(f"sqlite:///{database}", Selection()), compare={"by": by, "replicates": True}))
