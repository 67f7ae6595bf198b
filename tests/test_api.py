"""reportgen from Python: the same reports as the command line makes, and the same errors as exceptions."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import reportgen
from reportgen.cli import app
from tests import ab_store, weekly_store

DAY = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("weeks")
    weekly_store.sqlite_store(folder)
    return folder


def content(store: Path, **more: Any) -> dict[str, Any]:
    weekly = {"experiments": ["nightly"], "window": "7d", "primary": "val_accuracy"} | more
    return {"tracking_uri": f"sqlite:///{store}/mlflow.db", "reports": {"weekly": weekly}}


def test_every_public_name_is_there_and_nothing_is_imported_before_it_is_asked_for() -> None:
    assert [name for name in reportgen.__all__ if not hasattr(reportgen, name)] == []
    code = "import reportgen, sys; print(sorted(m for m in sys.modules if m.startswith('reportgen')))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert loaded.strip() == "['reportgen']"
    with pytest.raises(AttributeError, match="has no attribute 'bild'"):
        _ = reportgen.bild  # type: ignore[attr-defined]


def test_a_report_from_a_mapping_is_that_of_the_command_line(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(round(DAY.timestamp())))
    told: list[str] = []
    formats = ("html", "markdown", "gates", "data")
    outcome = reportgen.build(
        content(store),
        output=tmp_path / "python",
        formats=formats,
        cache=False,
        progress=lambda *step: told.append(step[2]),
    )
    (tmp_path / "config.yaml").write_text(json.dumps({"version": 1, **content(store)}), "utf-8")
    arguments = ["build", "-c", str(tmp_path / "config.yaml"), "-q", "--format", ",".join(formats)]
    built = CliRunner().invoke(app, [*arguments, "--output", str(tmp_path / "cli"), "--no-cache"])
    assert built.exit_code == outcome.exit_code == 0, built.output
    (cli,) = (tmp_path / "cli" / "weekly").glob("2026-*")
    assert outcome.folder.name == cli.name  # which ends with the digest of every byte
    assert {"computing", "drawing", "writing"} <= set(told)
    assert outcome._repr_html_().startswith('<iframe srcdoc="&lt;!doctype html&gt;')
    assert 'sandbox="allow-scripts"' in outcome._repr_html_()


def test_a_bundle_is_loaded_with_its_tables_and_the_same_report(store: Path, tmp_path: Path) -> None:
    outcome = reportgen.build(content(store), output=tmp_path, formats=["data"], cache=False, now=DAY)
    loaded = reportgen.load(outcome.folder)
    assert loaded.name == "weekly"
    assert loaded.report.headline == outcome.headline
    assert len(loaded.snapshot.runs.to_pandas()) == outcome.n_runs == 8
    assert loaded._repr_html_() == f"<p>{outcome.headline}</p>"
    with pytest.raises(reportgen.SourceError) as raised:
        reportgen.load(tmp_path / "elsewhere")
    assert raised.value.slug == "no-snapshot"


def test_a_comparison_says_its_verdict(tmp_path: Path) -> None:
    uri = ab_store.sqlite_store(tmp_path)
    outcome = reportgen.compare(
        "candidate",
        "control",
        by="tags.variant",
        baseline="control",
        tracking_uri=uri,
        output=tmp_path / "out",
        formats=["data"],
        cache=False,
        now=DAY,
    )
    (verdict, *_) = outcome.verdicts
    assert (verdict.outcome, verdict.title.startswith("candidate")) == ("better", True)
    assert outcome.folder.is_dir()
    with pytest.raises(reportgen.ConfigError) as raised:
        reportgen.compare("candidate", "z", by="tags.variant", tracking_uri=uri, output=tmp_path / "out", now=DAY)
    assert raised.value.slug == "compare-unknown-group"
    with pytest.raises(TypeError):
        reportgen.compare("a", "b", tracking_uri=uri, no_such_option=1)


def test_mistakes_are_the_errors_of_the_command_line(store: Path, tmp_path: Path) -> None:
    with pytest.raises(reportgen.ConfigError) as raised:
        reportgen.build(content(store, windwo="7d"), output=tmp_path)
    assert (raised.value.slug, raised.value.exit_code) == ("config-invalid", 2)
    assert "windwo" in str(raised.value)
    with pytest.raises(reportgen.ConfigError) as raised:
        reportgen.build(content(store), "weekley", output=tmp_path)
    assert "did you mean weekly?" in str(raised.value)
    two = content(store)
    two["reports"]["other"] = {"experiments": ["nightly"]}
    with pytest.raises(reportgen.ConfigError) as raised:
        reportgen.build(two, output=tmp_path)
    assert (raised.value.slug, raised.value.allowed) == ("several-reports", "weekly, other")


def test_one_report_that_fails_costs_the_others_nothing(store: Path, tmp_path: Path) -> None:
    both = content(store)
    both["reports"]["lost"] = {"experiments": ["no such experiment"]}
    found = reportgen.build_all(both, output=tmp_path, formats=["data"], cache=False, now=DAY)
    assert isinstance(found["weekly"], reportgen.Outcome)
    assert isinstance(found["lost"], reportgen.SourceError)
    assert found["lost"].slug == "unknown-experiment"
    assert found["weekly"].exit_code == 0
