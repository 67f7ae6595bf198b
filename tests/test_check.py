"""``reportgen check``: the gates of a report for a CI job, and the files that CI systems read."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from prometheus_client.openmetrics import parser

from reportgen import pipeline
from reportgen.cli import annotations
from reportgen.config import gate_lines, json_schema
from reportgen.errors import LockedError
from reportgen.model import Gate
from reportgen.outcome import Outcome
from reportgen.publish import reserved, verified
from reportgen.render.ci_files import code_quality, open_metrics
from reportgen.render.schemas import schemas
from scripts import schemas as pages
from tests import ci_store, servers, weekly_store
from tests.render.example import example_report

GATES = [
    {"metric": "val_accuracy", "at_least": 0.95, "name": "quality"},
    {"metric": "val_loss", "at_most": 0.5, "name": "loss"},
    {"metric": "f1", "at_least": 0.5, "name": "typo"},
]
WAIVER = {"gate": "quality", "until": "2026-11-30", "reason": "data are late", "owner": "ann", "issue": "#12"}


def quietly(_done: int, _total: int, _what: str) -> None:
    return None


@pytest.fixture(scope="module")
def uri(tmp_path_factory: pytest.TempPathFactory) -> str:
    return ci_store.store(tmp_path_factory.mktemp("store"))


def checked(uri: str, folder: Path, **report: Any) -> Outcome:
    return pipeline.check(ci_store.job(uri, folder, **report), quietly)


def read(outcome: Outcome, name: str) -> str:
    return (outcome.folder / name).read_text("utf-8")


def test_a_check_answers_as_a_build_does(tmp_path: Path) -> None:
    from mlflow.tracking import MlflowClient

    uri = servers.sqlite_store(tmp_path / "mlflow.db")
    weekly_store.nightly(MlflowClient(tracking_uri=uri), f"{tmp_path}/nightly")
    gates = [
        {"metric": "val_accuracy", "not_worse_than": "previous"},
        {"metric": "val_loss", "not_worse_than": "previous", "baseline_margin": 0.05},
        {"metric": "val_accuracy", "of": "best", "at_least": 0.9},
        {"of": "failed", "at_most": 0.5},
        {"metric": "val_accuracy", "group": "3", "baseline_margin": 0.05},
    ]
    keys = {"window": "7d", "experiments": ["nightly"], "gates": gates, "compare": {"by": "params.depth", "only": ["6", "3"]}}
    job = replace(ci_store.job(uri, tmp_path / "out", **keys), formats=("gates",))
    built, found = pipeline.build(job, quietly), pipeline.check(job, quietly)
    assert len(found.gates) == 5
    assert found.gates == built.gates
    assert found.exit_code == built.exit_code == 5
    assert (tmp_path / "out/nightly/latest").resolve() == built.folder.resolve()


def test_histories_are_read_only_where_a_rule_needs_them(uri: str, tmp_path: Path) -> None:
    assert checked(uri, tmp_path, gates=GATES).n_points == 0
    job = ci_store.job(uri, tmp_path, gates=GATES)
    metrics = {**job.config.metrics, "val_accuracy": job.config.metrics["val_accuracy"].model_copy(update={"rule": "best"})}
    by_history = replace(job, config=job.config.model_copy(update={"metrics": metrics}))
    assert pipeline.check(by_history, quietly).n_points == 3


@pytest.mark.fault(
    "A gate on a metric that no run logged", "NO_DATA with the name of the metric: the check fails.", at="config", exit=5
)
def test_the_files_for_ci_say_the_same(uri: str, tmp_path: Path) -> None:
    outcome = checked(uri, tmp_path, gates=GATES)
    assert [gate.state for gate in outcome.gates] == ["FAIL", "PASS", "NO_DATA"]
    assert outcome.exit_code == 5
    assert verified(outcome.folder).problems == ()
    cases = {
        case.get("name"): [child.tag for child in case] for case in ET.fromstring(read(outcome, "junit.xml")).iter("testcase")
    }
    assert cases == {"quality": ["failure"], "loss": ["system-out"], "typo": ["error"]}
    found = {
        (sample.name, sample.labels.get("gate")): sample.value
        for family in parser.text_string_to_metric_families(read(outcome, "metrics.txt"))
        for sample in family.samples
    }
    assert found["reportgen_gate_fails", "quality"] == 1
    assert found["reportgen_gate_value", "quality"] == 0.93
    assert found["reportgen_exit_code", None] == 5
    entries = json.loads(read(outcome, "code-quality.json"))
    assert [(one["severity"], one["location"]) for one in entries] == [
        ("blocker", {"path": "config.yaml", "lines": {"begin": 1}}),
        ("critical", {"path": "config.yaml", "lines": {"begin": 1}}),
    ]
    assert len({one["fingerprint"] for one in entries}) == 2


def test_what_machines_read_fits_its_schema(uri: str, tmp_path: Path) -> None:
    outcome = checked(uri, tmp_path, gates=GATES, waive=[WAIVER])
    built = pipeline.build(replace(ci_store.job(uri, tmp_path, gates=GATES), formats=("data", "gates")), quietly)
    for folder, name in (
        (outcome.folder, "verdict"),
        (outcome.folder, "manifest"),
        (built.folder, "report"),
        (built.folder, "manifest"),
    ):
        jsonschema.validate(json.loads((folder / f"{name}.json").read_bytes()), schemas()[name])
    verdict = json.loads(read(outcome, "verdict.json"))
    verdict["gates"][0]["state"] = "fine"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(verdict, schemas()["verdict"])
    jsonschema.validate({"reports": {"a": {"waive": [WAIVER]}}}, json_schema())


def test_the_published_schemas_are_what_the_code_says() -> None:
    assert {path: path.read_text("utf-8") for path in pages.texts()} == pages.texts(), "run `make docs`"


def test_every_block_of_a_report_fits_the_schema(tmp_path: Path) -> None:
    from reportgen.render import RenderOptions, bundle_of

    files = bundle_of(example_report(), None, RenderOptions(formats=("data",))).files
    content = files["report.json"]
    assert isinstance(content, bytes)
    jsonschema.validate(json.loads(content), schemas()["report"])


# --- waivers ---------------------------------------------------------------------------------------------------------


def test_a_waived_gate_fails_nothing_and_is_told_in_every_file(uri: str, tmp_path: Path) -> None:
    job = replace(ci_store.job(uri, tmp_path, gates=GATES[:2], waive=[WAIVER]), formats=("html", "markdown", "gates", "data"))
    outcome = pipeline.build(job, quietly)
    assert outcome.exit_code == 0
    told = "Waived until 2026-11-30 by ann: data are late (#12)."
    for name in ("verdict.json", "junit.xml", "report.json", "code-quality.json", "report.html"):
        assert told in read(outcome, name), name
    assert "data are late" in read(outcome, "summary.md")
    assert "quality (until 2026-11-30, ann: data are late)" in read(outcome, "summary.md")  # page 1
    assert "quality waived until 2026-11-30" in read(outcome, "report.html")
    assert [child.tag for child in ET.fromstring(read(outcome, "junit.xml")).iter("skipped")] == ["skipped"]
    assert 'reportgen_gate_fails{report="nightly",gate="quality"} 0.0' in read(outcome, "metrics.txt")
    assert json.loads(read(outcome, "code-quality.json"))[0]["severity"] == "info"


@pytest.mark.fault("A waiver whose day is over", "The gate fails again and says whose waiver ended when.", at="config", exit=5)
def test_an_expired_waiver_fails(uri: str, tmp_path: Path) -> None:
    for until, code in (("2026-11-20", 0), ("2026-11-19", 5)):
        outcome = checked(uri, tmp_path, gates=GATES[:2], waive=[{**WAIVER, "until": until}])
        assert outcome.exit_code == code
    assert outcome.gates[0].sentence.startswith("The waiver of ann ended on 2026-11-19 (#12).")


def test_a_waiver_for_no_gate_or_for_one_that_passes_is_named(uri: str, tmp_path: Path) -> None:
    waive = [{**WAIVER, "gate": "qualty"}, {**WAIVER, "gate": "loss"}]
    outcome = checked(uri, tmp_path, gates=GATES[:2], waive=waive)
    found = {problem.slug: problem for problem in outcome.problems}
    assert found["waiver-unknown-gate"].todo.endswith(": quality")
    assert found["waiver-unneeded"].where == "loss"
    assert outcome.exit_code == 5


# --- annotations -------------------------------------------------------------------------------------------------------


def test_annotations_stand_at_the_gate_and_no_name_ends_one(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("reports:\n  nightly:\n    gates:\n      - {of: runs, at_least: 1}\n      - name: loss\n        of: runs\n")
    lines = gate_lines(path)["nightly"]
    assert lines == {"": 3, "loss": 5}
    assert annotations.github("error", "c.yaml", 5, "a: b, c", "100 %\n::error::x") == (
        "::error file=c.yaml,line=5,title=a%3A b%2C c::100 %25%0A::error::x"
    )
    assert annotations.azure("error", "c.yaml", 5, "t", "a]b;\n##vso[x]") == (
        "##vso[task.logissue type=error;sourcepath=c.yaml;linenumber=5]t: a%5Db%3B%0A##vso[x%5D"
    )
    assert gate_lines(tmp_path / "none.yaml") == {}


def test_github_gets_as_many_annotations_as_it_shows(tmp_path: Path) -> None:
    gates = tuple(Gate(f"g{i}", "FAIL", "no", "m", 0.1, 0.5) for i in range(12))
    outcome = Outcome("nightly", tmp_path, "d", "h", 1, 1, (), gates, (), ())
    job = replace(ci_store.job("sqlite:///x.db", tmp_path), gate_lines={"g1": 7, "": 3})
    lines = list(annotations._lines([job], [outcome], annotations.github))
    assert len(lines) == annotations.MOST
    assert [line.split("title=")[0] for line in lines[:2]] == [
        "::error file=config.yaml,line=3,",
        "::error file=config.yaml,line=7,",
    ]
    assert "3 more gates did not pass" in lines[-1]


# --- the command -------------------------------------------------------------------------------------------------------


def command(folder: Path, uri: str, *options: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    config = {
        "version": 1,
        "tracking_uri": uri,
        "cache": False,
        "reports": {"nightly": {"experiments": ["ranker"], "gates": GATES}},
    }
    (folder / "config.yaml").write_text(json.dumps(config), "utf-8")
    from tests.test_cli import run

    return run("check", *options, cwd=folder, env={"SOURCE_DATE_EPOCH": "1795132800", **(env or {})})


def test_the_command_says_it_in_the_log_as_json_and_to_github(uri: str, tmp_path: Path) -> None:
    done = command(tmp_path, uri, "--json", "--quiet", env={"GITHUB_ACTIONS": "true"})
    assert done.returncode == 5
    told = json.loads(done.stdout)
    assert {name: Path(path).name for name, path in told["reports"][0]["files"].items()} == {
        "verdict": "verdict.json",
        "junit": "junit.xml",
        "code_quality": "code-quality.json",
        "metrics": "metrics.txt",
        "manifest": "manifest.json",
    }
    commands = [line for line in done.stderr.splitlines() if line.startswith("::")]
    assert [line.partition(" ")[0] for line in commands] == ["::error", "::error"]
    assert "::" not in command(tmp_path, uri, "--annotations", "none", env={"GITHUB_ACTIONS": "true"}).stderr
    wrong = command(tmp_path, uri, "--annotations", "gitlab")
    assert (wrong.returncode, "auto, none, github, azure" in wrong.stderr) == (2, True)


def test_a_check_loads_nothing_that_draws(uri: str, tmp_path: Path) -> None:
    config = {"tracking_uri": uri, "cache": False, "reports": {"nightly": {"experiments": ["ranker"], "gates": GATES}}}
    (tmp_path / "config.yaml").write_text(json.dumps(config), "utf-8")
    code = (
        "import sys, reportgen.cli as cli\n"
        "sys.argv = ['reportgen', 'check', '-q']\n"
        "try: cli.main()\n"
        "except SystemExit as end: print(end.code, *sorted(sys.modules), file=sys.__stderr__)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    end, *modules = done.stderr.splitlines()[-1].split()
    assert end == "5"
    assert "reportgen.render.gates" in modules
    heavy = {"mlflow", "plotly", "kaleido", "matplotlib", "weasyprint", "jinja2", "scipy.stats", "sqlalchemy.orm"}
    assert heavy & {*modules} == set()


@pytest.mark.fault(
    "Two jobs check or build one report at once", "The second one says so and changes nothing.", at="delivery", exit=7
)
def test_two_checks_at_once(uri: str, tmp_path: Path) -> None:
    with reserved(tmp_path, "nightly"), pytest.raises(LockedError):
        checked(uri, tmp_path, gates=GATES)


def test_names_from_a_store_stay_text(tmp_path: Path) -> None:
    name = 'a"} 1\n# EOF\n\\x'
    gate = Gate(name, "FAIL", name, "m", float("nan"), float("inf"))
    report = replace(example_report(), gates=(gate,))
    families = list(parser.text_string_to_metric_families(open_metrics(report, 5)))
    labels = {sample.labels["gate"] for family in families for sample in family.samples if "gate" in sample.labels}
    assert len(labels) == 1
    assert "EOF" in labels.pop()
    assert "\n" not in code_quality(report, "c.yaml", {})[0]["description"]
