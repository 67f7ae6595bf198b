"""The site of past reports, and what differs between two bundles."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from reportgen import pipeline
from reportgen.errors import SourceError
from reportgen.publish.past import differences, past_report, past_reports
from reportgen.render.site import site_files
from tests import ci_store
from tests.ci_store import NOW
from tests.servers import MlflowServer
from tests.test_check import WAIVER, quietly
from tests.test_cli import run

GATES = [{"metric": "val_accuracy", "at_least": 0.95, "name": "quality"}, {"metric": "val_loss", "at_most": 0.5, "name": "loss"}]
DECIDE = {"decision": "ship", "by": "ann", "because": "it is better"}


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two reports, three days apart; the second has a run more, a decision, and no waiver."""
    folder = tmp_path_factory.mktemp("past")
    uri = ci_store.store(folder)

    def built(days: int, **more: Any) -> None:
        job = ci_store.job(uri, folder / "out", NOW + timedelta(days=days), gates=GATES, title="Ranker <b>", **more)
        pipeline.build(replace(job, formats=("html", "data", "gates")), quietly)

    built(0, waive=[WAIVER])
    ci_store.add(uri, [("branch 2", "wide", "b2", -1.5, {"val_accuracy": 0.96, "val_loss": 0.25})])
    built(3, decide=DECIDE)
    return folder / "out"


def bundles(output: Path) -> list[Path]:
    return sorted(place for place in (output / "nightly").iterdir() if re.match(r"\d", place.name))


def test_the_site_lists_every_bundle_with_trend_gates_and_decision(output: Path) -> None:
    files = site_files(past_reports(output))
    assert sorted(files) == ["index.css", "index.html"]
    page = files["index.html"].decode()
    assert page.index("2026-11-23</a>") < page.index("2026-11-20</a>")
    for href in re.findall(r'href="(nightly/[^"]+)"', page):
        assert (output / href).is_file()
    assert "best val_accuracy: 0.9300 on 2026-11-20, 0.9600 on 2026-11-23, 2 reports" in page
    assert '<span class="gate warning" title="quality">quality: waived</span>' in page
    assert "<strong>ship</strong> by ann: it is better" in page
    assert "Ranker &lt;b&gt;" in page


def test_the_site_has_no_script_and_nothing_inline(output: Path) -> None:
    page = site_files(past_reports(output))["index.html"].decode()
    assert re.findall(r"<script|<style| style=| on\w+=|javascript:|https?://", page) == []


def test_what_differs_is_named(output: Path) -> None:
    old, new = bundles(output)
    found = {(one.what, one.name): (one.then, one.now) for one in differences(old, new)}
    assert found["gate", "quality"] == ("FAIL", "PASS")
    assert found["number", "best/val_accuracy"] == (0.93, 0.96)
    assert found["decision", "decision"] == ("", "ship")
    assert [
        key[1].partition(" (")[0] for key, (then, now) in found.items() if key[0] == "run" and (then, now) == (None, "FINISHED")
    ] == ["branch 2"]
    assert ("config", "config") in found
    assert ("gate", "loss") not in found
    assert differences(new, new) == ()


@pytest.mark.fault(
    "A bundle in the output folder is damaged", "The site of past reports is made of the others.", at="delivery", exit=0
)
def test_a_damaged_bundle_costs_its_row_only(output: Path, tmp_path: Path) -> None:
    import shutil

    copied = shutil.copytree(output, tmp_path / "out", symlinks=True)
    first = bundles(copied)[0]
    for broken in ("{", "[]", '{"report": 1}'):
        (first / "manifest.json").write_text(broken)
        assert len(past_reports(copied)) == 1
        with pytest.raises(SourceError):
            past_report(first)
    assert past_reports(tmp_path / "nowhere") == ()


@pytest.mark.server
def test_reports_that_were_published_are_listed_from_mlflow(tmp_path: Path, mlflow_server: Callable[[str], MlflowServer]) -> None:
    """A job in an empty folder makes the site of all reports that came before it, each linked to its run."""
    uri = mlflow_server(ci_store.store(tmp_path)).url
    keys: dict[str, Any] = {"gates": GATES, "publish": [{"mlflow": {"experiment": "reports"}}], "title": "Ranker"}
    for days in (0, 3):
        job = ci_store.job(uri, tmp_path / f"job{days}", NOW + timedelta(days=days), **keys, window=f"{9 + days}d")
        pipeline.build(replace(job, formats=("gates",)), quietly)
    config = {"tracking_uri": uri, "reports": {"nightly": {"experiments": ["ranker"], **keys}}}
    (tmp_path / "config.yaml").write_text(json.dumps(config), "utf-8")
    assert run("index", cwd=tmp_path).returncode == 4
    done = run("index", "--mlflow", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "reports/index.html: 2 bundles of 1 report\n")
    page = (tmp_path / "reports" / "index.html").read_text("utf-8")
    links = re.findall(r'href="(http[^"]+)">(2026-11-\d\d)</a>', page)
    assert [day for _, day in links] == ["2026-11-23", "2026-11-20"]
    assert all(link.startswith(f"{uri}/#/experiments/") for link, _ in links)


def test_the_commands(output: Path, tmp_path: Path) -> None:
    done = run("index", "--output", str(output), cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, f"{output}/index.html: 2 bundles of 1 report\n")
    assert (output / "index.css").is_file()
    old, new = map(str, bundles(output))
    told = run("diff", old, new, cwd=tmp_path)
    assert told.returncode == 0
    assert "gate      quality: FAIL -> PASS\n" in told.stdout
    assert json.loads(run("diff", old, old, "--json", cwd=tmp_path).stdout) == {"exit_code": 0, "differences": []}
    assert run("diff", old, "nowhere", cwd=tmp_path).returncode == 4
    assert run("index", "--output", "nowhere", cwd=tmp_path).returncode == 4
