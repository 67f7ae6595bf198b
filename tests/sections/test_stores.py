"""Every real store at hand becomes a whole report, without one section failing."""

from __future__ import annotations

import json
import re
import tarfile
from pathlib import Path

import pytest

from reportgen.collect import Selection, collect
from reportgen.render import RenderOptions, bundle_of
from tests.sections.checks import is_whole
from tests.sections.words import of_report
from tests.snapshots import told
from tests.stores import hostile_names, resumed, search
from tests.stores.common import Fill, made

STORES = Path(__file__).resolve().parents[3] / "shared" / "stores"
MANIFEST = {one["id"]: one for one in json.loads((STORES / "MANIFEST.json").read_text())["stores"]} if STORES.is_dir() else {}
SQLITE = sorted(name for name, one in MANIFEST.items() if one["format"] == "sqlite" and not name.startswith("broken"))
FOLDERS = sorted(name for name, one in MANIFEST.items() if one["format"] != "sqlite" and not name.startswith("broken"))

needs_stores = pytest.mark.skipif(not MANIFEST, reason="the shared example stores are not beside this checkout")


OWN: dict[str, Fill] = {"resumed": resumed.fill, "search": search.fill, "hostile_names": hostile_names.fill}


@pytest.mark.parametrize("name", OWN)
def test_a_store_of_our_own_becomes_a_whole_report_and_bundle(name: str, tmp_path: Path) -> None:
    store = made(OWN[name], tmp_path)
    taken = collect(store.uri, Selection())
    assert (taken.runs.num_rows, taken.history.n_points) == (store.n_active, store.n_points)
    assert not any(row.unexplained for row in taken.ledger)
    gates = [{"metric": "val_loss", "at_most": 1.0}]
    report = told(taken, gates=gates)
    is_whole(report)
    assert report.metrics["n_runs"] == store.n_active
    assert of_report(told(collect(store.uri, Selection()), gates=gates)) == of_report(report)
    bundle = bundle_of(report, taken, RenderOptions(formats=("data", "html", "markdown", "gates")))
    assert [problem for problem in bundle.problems if problem.slug.endswith("-failed")] == []
    html, summary = (
        content.decode() for path in ("report.html", "summary.md") if isinstance(content := bundle.files[path], bytes)
    )
    assert not re.search("[\x00-\x08\u202a-\u202e\u2066-\u2069]", html + summary)
    assert "S3CRET-OWN" not in html + summary
    assert "<script>window" not in summary
    assert "javascript:" not in "".join(re.findall(r"(?:href|src)=\"[^\"]*\"", html))


@pytest.mark.parametrize(("name", "by"), [("search", "params.depth"), ("hostile_names", "tags.group")])
def test_a_comparison_in_a_store_of_our_own(name: str, by: str, tmp_path: Path) -> None:
    is_whole(told(collect(made(OWN[name], tmp_path).uri, Selection()), compare={"by": by, "replicates": True}))


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
