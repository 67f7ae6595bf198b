"""The bundle: what is in it, what vouches for it, and what happens when one output fails."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import pytest

from reportgen.errors import Problem, RenderError
from reportgen.model import Gate
from reportgen.render import OUTPUTS, Draft, RenderOptions, bundle_of
from reportgen.render.bundle import bundled, exit_code_of
from reportgen.render.common_sections import sections_of
from reportgen.render.gates import junit_xml
from tests.render.example import curves, example_report, report_with
from tests.render.test_data import small_snapshot

pytestmark = pytest.mark.usefixtures("quick_charts")
TEXTS = ("data", "html", "markdown", "gates")


def test_manifest_vouches_for_every_other_file() -> None:
    bundle = bundle_of(example_report(), small_snapshot(), RenderOptions(formats=TEXTS))
    manifest = json.loads(bundle.files["manifest.json"])
    assert set(manifest["files"]) == set(bundle.files) - {"manifest.json"}
    for path, told in manifest["files"].items():
        assert told == {"sha256": hashlib.sha256(bundle.files[path]).hexdigest(), "size": len(bundle.files[path])}
    lines = "".join(f"{path}\0{manifest['files'][path]['sha256']}\n" for path in sorted(manifest["files"]))
    assert bundle.digest == manifest["digest"] == hashlib.sha256(lines.encode()).hexdigest()
    assert list(bundle.files)[-1] == "manifest.json"


def test_manifest_says_where_the_numbers_come_from() -> None:
    manifest = json.loads(bundle_of(example_report(), None, RenderOptions(formats=("markdown",))).files["manifest.json"])
    assert manifest["schema"] == "reportgen-bundle/1"
    assert manifest["report"]["name"] == "weekly"
    assert manifest["report"]["date"] == "2026-11-20T00:00:00+00:00"
    assert manifest["snapshot_digest"] == "9f2b" * 16
    assert manifest["config_digest"] == "04ac" * 16
    assert manifest["versions"]["mlflow"] == "3.17.2"
    assert manifest["ledger"][0] == {
        "experiment": "recsys/two-tower",
        "item": "runs",
        "n_store": 220,
        "n_read": 214,
        "n_left_out": 6,
        "why": "6 deleted",
    }
    assert [gate["state"] for gate in manifest["gates"]] == ["PASS", "FAIL", "NO_DATA"]
    assert len(manifest["problems"]) == 12
    assert manifest["exit_code"] == 5


def test_same_report_gives_the_same_bytes() -> None:
    options = RenderOptions(formats=TEXTS)
    one, other = (bundle_of(example_report(), small_snapshot(), options) for _ in range(2))
    assert one.files == other.files
    assert one.digest == other.digest


def test_all_outputs_are_there() -> None:
    bundle = bundle_of(report_with(), small_snapshot())
    assert {"report.html", "report.pdf", "summary.md", "verdict.json", "junit.xml", "report.json", "data/runs.parquet"} <= set(
        bundle.files
    )
    assert bundle.problems == ()
    assert bundle.exit_code == 0


@pytest.mark.fault(
    "One output (HTML, PDF, data, …) cannot be made",
    "It is a gap that later outputs name; every other file is there.",
    at="machine",
    exit=3,
)
@pytest.mark.parametrize("name", sorted(OUTPUTS))
def test_one_failed_output_costs_only_itself(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(draft: object) -> None:
        raise ZeroDivisionError("as if")

    rest = tuple(output for output in OUTPUTS if output not in (name, "pdf"))
    expected = set(bundle_of(example_report(), None, RenderOptions(formats=rest)).files)
    monkeypatch.setitem(OUTPUTS, name, replace(OUTPUTS[name], make=broken))  # type: ignore[arg-type]
    bundle = bundle_of(example_report(), None, RenderOptions(formats=(*rest, name)))
    assert set(bundle.files) == expected
    problem = Problem(
        f"{name}-failed",
        name,
        f"The {name} output could not be made: ZeroDivisionError: as if.",
        "run again with --debug to see where",
    )
    assert problem in bundle.problems
    assert f"{name}-failed" in bundle.files["manifest.json"].decode()
    later = list(OUTPUTS)[list(OUTPUTS).index(name) + 1 :]
    if "html" in later:
        assert f"{name}-failed" in bundle.files["report.html"].decode()
    if "markdown" in later:
        assert f"{name}-failed" in bundle.files["summary.md"].decode()


@pytest.mark.fault(
    "The figure of a chart cannot be made for the page", "It is a gap; its table is on the page.", at="machine", exit=3
)
def test_a_figure_that_cannot_be_made_leaves_its_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_chart: object) -> None:
        raise ZeroDivisionError("no")

    monkeypatch.setattr("reportgen.render.html._figure", broken)
    bundle = bundle_of(report_with(curves()), None, RenderOptions(formats=("html",)))
    (problem,) = bundle.problems
    assert (problem.slug, problem.severity, bundle.exit_code) == ("chart-failed", "gap", 3)
    page = bundle.files["report.html"].decode()
    assert "This chart could not be drawn" in page
    assert 'id="t-curves-numbers-0123456789"' in page


def test_no_two_outputs_call_or_place_a_file_alike() -> None:
    named = [one for kind in OUTPUTS.values() for one in kind.files.items()]
    assert len({name for name, _ in named}) == len({path for _, path in named}) == len(named)


def test_a_format_that_does_not_exist_is_refused() -> None:
    with pytest.raises(RenderError, match="does not exist") as caught:
        bundle_of(example_report(), None, RenderOptions(formats=("docx",)))
    assert caught.value.found == "docx"


@pytest.mark.parametrize("path", ["../x", "/x", "a//b", ".x", "-x", "a b", "é", "a/../b", "", "manifest.json", "a\\b"])
def test_no_path_leaves_the_folder(path: str) -> None:
    with pytest.raises(RenderError, match="not allowed"):
        bundled(Draft(example_report(), None, RenderOptions(), files={path: b""}), 0)


def test_no_two_paths_differ_only_in_case() -> None:
    with pytest.raises(RenderError, match="only in case"):
        bundled(Draft(example_report(), None, RenderOptions(), files={"data/Ab.csv": b"", "data/aB.csv": b""}), 0)


def test_exit_code_follows_gates_then_gaps() -> None:
    report = example_report()
    clean = replace(report, gates=tuple(gate for gate in report.gates if gate.state == "PASS"))
    assert exit_code_of(report, ()) == 5
    assert exit_code_of(clean, (Problem("a", "b", "c"),)) == 3
    assert exit_code_of(clean, (Problem("a", "b", "c", severity="warning"),)) == 0


def test_an_undecided_gate_fails_unless_it_only_warns() -> None:
    for warns, code, element, counted in ((False, 5, "failure", 'failures="1"'), (True, 0, "skipped", 'failures="0"')):
        gate = Gate("margin", "INCONCLUSIVE", "Too few runs.", "acc", 0.9, 0.8, warns=warns)
        report = example_report(gates=(gate,), problems=())
        assert exit_code_of(report, ()) == code
        written = junit_xml(report).decode()
        assert f"<{element} " in written
        assert counted in written


def test_gates_stand_right_behind_page_one() -> None:
    report = example_report()
    assert len(report.sections) > 2
    ids = [section.id for section in sections_of(Draft(report, None, RenderOptions()), ())]
    assert ids[:3] == [report.sections[0].id, "gates", report.sections[1].id]
