"""reportgen from Python: the same reports as the command line makes, and the same errors as exceptions."""

from __future__ import annotations

import csv
import json
import math
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import reportgen
from reportgen import pipeline
from reportgen.cli import app
from reportgen.errors import Problem
from reportgen.job import Job
from reportgen.model import Cell, Column, Gate, Interval, RunLink, Section, Table, Verdict
from reportgen.render.data import arrow_table
from tests import ab_store, weekly_store
from tests.snapshots import FakeRun, snapshot, told

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
    steps: list[str] = []
    formats = ("html", "markdown", "gates", "data")
    outcome = reportgen.build(
        content(store),
        output=tmp_path / "python",
        formats=formats,
        cache=False,
        progress=lambda *step: steps.append(step[2]),
    )
    (tmp_path / "config.yaml").write_text(json.dumps({"version": 1, **content(store)}), "utf-8")
    arguments = ["build", "-c", str(tmp_path / "config.yaml"), "-q", "--format", ",".join(formats)]
    built = CliRunner().invoke(app, [*arguments, "--output", str(tmp_path / "cli"), "--no-cache"])
    assert built.exit_code == outcome.exit_code == 0, built.output
    (cli,) = (tmp_path / "cli" / "weekly").glob("2026-*")
    assert outcome.folder.name == cli.name  # which ends with the digest of every byte
    assert {"computing", "drawing", "writing"} <= set(steps)
    assert outcome._repr_html_().startswith('<iframe srcdoc="&lt;!doctype html&gt;')
    assert 'sandbox="allow-scripts"' in outcome._repr_html_()


def test_a_bundle_is_loaded_with_its_tables_and_the_same_report(store: Path, tmp_path: Path) -> None:
    outcome = reportgen.build(content(store), output=tmp_path, formats=["data"], cache=False, now=DAY)
    loaded = reportgen.load(outcome.folder)
    assert loaded.name == "weekly"
    assert loaded.report.headline == outcome.headline
    assert len(loaded.snapshot.runs.to_pandas()) == outcome.n_runs == 8
    assert loaded._repr_html_() == loaded.report._repr_html_()
    assert loaded.report._repr_html_().startswith(f"<h3>weekly</h3><p>{outcome.headline}</p><ul><li>Sections: Overview, ")
    assert "leaderboard" in loaded.tables
    for name, table in loaded.tables.items():  # named and as long as the file of the same table
        header, *rows = csv.reader((outcome.folder / f"data/tables/{name}.csv").read_text("utf-8").splitlines())
        assert (table.column_names, table.num_rows) == (header, len(rows))
    best = loaded.tables["leaderboard"].to_pylist()[0]
    assert (best["run"], type(best["run_id"]), best["metric:val_accuracy"]) == ("depth 12", str, 0.95)
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


@pytest.mark.parametrize(
    "change", [{"windwo": "7d", "primary": ["a"]}, {"gates": [{"metric": "loss"}]}, {"window": "7 fortnights"}]
)
def test_a_mistake_has_the_fields_that_the_command_has(store: Path, tmp_path: Path, change: dict[str, Any]) -> None:
    """From a file all of them; from a mapping the same but file and line."""
    config = tmp_path / "config.yaml"
    config.write_text(json.dumps({"version": 1, **content(store, **change)}, indent=1), "utf-8")
    command = CliRunner().invoke(app, ["build", "-c", str(config), "-q"]).exception
    assert isinstance(command, reportgen.ConfigError)
    with pytest.raises(reportgen.ConfigError) as raised:
        reportgen.build(config, output=tmp_path)
    assert raised.value.__dict__ == command.__dict__
    assert {mistake.line is not None for mistake in command.mistakes} == {True}
    with pytest.raises(reportgen.ConfigError) as raised:
        reportgen.build({"version": 1, **content(store, **change)}, output=tmp_path)
    told = [(mistake.key, mistake.what) for mistake in raised.value.mistakes]
    assert (raised.value.slug, told) == (command.slug, [(mistake.key, mistake.what) for mistake in command.mistakes])


def test_a_notebook_shows_findings_and_runs_no_text_of_a_store() -> None:
    gate = Gate("floor", "FAIL", "val_accuracy <b>0.5</b> is below 0.9", "val_accuracy", 0.5, 0.9)
    verdict = Verdict("a vs. b", "better", "a & b differ", "")
    report = replace(
        told(snapshot(FakeRun("one"))),
        title="<script>alert(1)</script>",
        gates=(gate,),
        sections=(Section("decision", "Decision", (verdict,)),),
        problems=(Problem("run-lost", "run x", "it is gone"), Problem("hint", "run y", "nothing", severity="note")),
    )
    shown = report._repr_html_()
    assert shown.startswith("<h3>&lt;script&gt;alert(1)&lt;/script&gt;</h3>")
    assert re.findall("<li>(.*?)</li>", shown) == [
        "a vs. b: a &amp; b differ",
        "FAIL: val_accuracy &lt;b&gt;0.5&lt;/b&gt; is below 0.9",
        "Gap: run x: it is gone",
        "Sections: Decision",
    ]


def test_a_table_of_the_report_has_typed_columns() -> None:
    columns = tuple(Column(key, key) for key in ("run", "mean", "n", "mixed", "when", "nothing"))
    link, interval = RunLink("id1", "=one"), Interval(0.5, 0.4, None, 7)
    rows = (
        tuple(map(Cell, (link, interval, 1, 2, DAY, None))),
        tuple(map(Cell, (None, 0.25, 2.5, "=two", None, None))),
        tuple(map(Cell, ("by hand", None, float("nan"), True, None, None))),
    )
    found = arrow_table(Table("t", "T", columns, rows))
    assert found.column_names == ["run", "run_id", "mean", "mean_low", "mean_high", "mean_n", "n", "mixed", "when", "nothing"]
    assert found.slice(0, 2).to_pylist() == [
        dict(zip(found.column_names, ("=one", "id1", 0.5, 0.4, None, 7, 1.0, "2", DAY, None), strict=True)),
        dict(zip(found.column_names, (None, None, 0.25, None, None, None, 2.5, "=two", None, None), strict=True)),
    ]
    last = found.slice(2).to_pylist()[0]
    assert (last["run"], last["mixed"], math.isnan(last["n"])) == ("by hand", "true", True)


@pytest.mark.fault("A report of several ends by a fault of reportgen", "The others are made.", at="process", exit=1)
def test_one_report_that_fails_costs_the_others_nothing(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    both = content(store)
    both["reports"] = {"lost": {"experiments": ["no such experiment"]}, "broken": both["reports"]["weekly"]} | both["reports"]
    config = tmp_path / "config.yaml"
    config.write_text(json.dumps({"version": 1, **both}), "utf-8")
    reported = pipeline.reported

    def sometimes(job: Job, taken: reportgen.Snapshot) -> reportgen.Report:
        if job.name == "broken":
            raise ZeroDivisionError("division by hunter2")
        return reported(job, taken)

    monkeypatch.setattr(pipeline, "reported", sometimes)
    monkeypatch.setenv("DB_PASSWORD", "hunter2")
    arguments = ["build", "-c", str(config), "-q", "--json", "--format", "data", "--no-cache", "--output", str(tmp_path / "out")]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 1
    lost, broken, weekly = json.loads(done.stdout)["reports"]
    assert [(one["slug"], one["exit_code"]) for one in (lost, broken)] == [("unknown-experiment", 4), ("report-failed", 1)]
    assert "the report broken ended by a fault of reportgen: ZeroDivisionError: division by" in broken["what"]
    assert "hunter2" not in done.stdout + done.stderr
    assert (weekly["name"], weekly["exit_code"]) == ("weekly", 0)
    alone = CliRunner().invoke(app, [*arguments, "broken"])
    assert isinstance(alone.exception, ZeroDivisionError)  # which the command's last line of defence shows, with where it was


def test_every_report_of_a_config_is_made_whatever_the_others_do(store: Path, tmp_path: Path) -> None:
    both = content(store)
    both["reports"]["lost"] = {"experiments": ["no such experiment"]}
    steps: list[tuple[int, int, str]] = []
    found = reportgen.build_all(
        both, output=tmp_path, formats=["data"], cache=False, now=DAY, progress=lambda *step: steps.append(step)
    )
    assert steps == [(1, 2, "weekly"), (2, 2, "lost")]
    assert isinstance(found["weekly"], reportgen.Outcome)
    assert isinstance(found["lost"], reportgen.SourceError)
    assert found["lost"].slug == "unknown-experiment"
    assert found["weekly"].exit_code == 0
