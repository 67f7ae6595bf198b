"""A build of which nothing has changed since the last one: the bundle that is there is the answer, and nothing is computed or drawn."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from reportgen import last_build, pipeline
from reportgen.analyze.previous_report import PreviousReport
from reportgen.ci import CiFacts
from reportgen.config import BrandConfig, LastTold
from reportgen.errors import Problem
from reportgen.job import Job
from reportgen.outcome import Outcome, outcome_facts
from reportgen.snapshot import Snapshot
from tests import ci_store
from tests.ci_store import NOW

WAIVER = {"gate": "quality", "until": "2026-11-20", "reason": "data are late", "owner": "ann"}
KEYS: dict[str, Any] = {
    "gates": [{"metric": "val_accuracy", "at_least": 0.95, "name": "quality"}, {"metric": "val_loss", "at_most": 1}],
    "waive": [WAIVER],
    "compare": {"by": "tags.git.branch"},
}
CI = CiFacts("GitHub", commit="a1" * 20, branch="main", job_url="https://ci/1")


@pytest.fixture(scope="module")
def uri(tmp_path_factory: pytest.TempPathFactory) -> str:
    return ci_store.store(tmp_path_factory.mktemp("store"))


def job_of(uri: str, folder: Path, days: int = 0, /, **keys: Any) -> Job:
    """A job with a cache, a folder of templates and a few outputs, of so many days after ``NOW``."""
    (folder / "templates").mkdir(exist_ok=True)
    job = ci_store.job(uri, folder / "out", NOW + timedelta(days=days), **{**KEYS, **keys})
    config = job.config.model_copy(update={"templates": (str(folder / "templates"),)})
    return replace(job, config=config, cache=folder / "cache", formats=("data", "markdown", "gates"), ci=CI)


def built(job: Job) -> tuple[Outcome, bool]:
    """The outcome of a build, and whether anything was computed for it."""
    said: list[str] = []
    outcome = pipeline.build(job, lambda _done, _total, what: said.append(what))
    assert ("nothing has changed since the last build" in said) is not ("computing" in said)
    return outcome, "computing" in said


def as_told(outcome: Outcome) -> dict[str, Any]:
    """What the outcome tells, without what was written now."""
    return {key: value for key, value in outcome_facts(outcome).items() if key != "deliveries"}


@pytest.fixture(scope="module")
def first(uri: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Outcome]:
    folder = tmp_path_factory.mktemp("first")
    outcome, computed = built(job_of(uri, folder))
    assert computed
    return folder, outcome


def test_an_unchanged_store_has_the_same_answer_and_nothing_is_computed(first: tuple[Path, Outcome], uri: str) -> None:
    folder, outcome = first
    again, computed = built(job_of(uri, folder))
    assert not computed
    assert as_told(again) == as_told(outcome)
    assert again.gates == outcome.gates
    assert again.verdicts == outcome.verdicts != ()
    assert again.problems == outcome.problems
    assert [receipt.state for receipt in again.receipts] == ["unchanged"]
    fresh, computed = built(replace(job_of(uri, folder), cache=None))
    assert computed
    assert as_told(fresh) == as_told(outcome)
    assert (
        built(replace(job_of(uri, folder), ci=replace(CI, job_url="https://ci/2")))[1] is False
    )  # another job for the same change


def _with(job: Job, **keys: Any) -> Job:
    return replace(job, config=job.config.model_copy(update=keys))


def _written(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)


CHANGES: dict[str, Callable[[Job, Path], Job]] = {
    "a gate": lambda job, folder: job_of(job.tracking_uri, folder, gates=[{"metric": "val_loss", "at_most": 2}], waive=[]),
    "notes": lambda job, folder: job_of(job.tracking_uri, folder, notes="Look at the loss."),
    "the day, on which a waiver ends": lambda job, folder: job_of(job.tracking_uri, folder, 1),
    "the outputs": lambda job, _: replace(job, formats=("data", "gates")),
    "the paper": lambda job, _: _with(job, paper="letter"),
    "the lines of gates": lambda job, _: replace(job, gate_lines={"quality": 7}),
    "the change": lambda job, _: replace(job, ci=replace(CI, commit="b1" * 20)),
    "no CI job": lambda job, _: replace(job, ci=None),
    "a template": lambda job, folder: (_written(folder / "templates" / "report.css", "body { color: red }"), job)[1],
    "the logo": lambda job, folder: (_written(folder / "logo.svg", LOGO.replace("red", "blue")), job)[1],
    "a credential in the config": lambda job, _: replace(job, redactor=replace(job.redactor, secrets=("val_accuracy",))),
}
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path fill="red" d="M0 0h9v9z"/></svg>'


@pytest.fixture
def snapshot(uri: str, tmp_path: Path) -> Snapshot:
    return pipeline.collected(job_of(uri, tmp_path), lambda *_: None)


def inputs(job: Job, snapshot: Snapshot) -> str:
    found = last_build.last_build(job, snapshot, job.output / job.name)
    assert found is not None
    return found.inputs


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_decides_the_report_is_among_its_inputs(change: str, uri: str, tmp_path: Path, snapshot: Snapshot) -> None:
    _written(tmp_path / "logo.svg", LOGO)
    job = _with(replace(job_of(uri, tmp_path), folder=tmp_path), brand=BrandConfig(name="Team", logo="logo.svg"))
    before = inputs(job, snapshot)
    assert inputs(job, snapshot) == before
    assert inputs(CHANGES[change](job, tmp_path), snapshot) != before


def test_so_are_the_data_the_program_and_what_it_is_drawn_with(
    uri: str, tmp_path: Path, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = job_of(uri, tmp_path)
    _written(tmp_path / "code" / "module.py", "1")
    (tmp_path / "fonts" / "serif").mkdir(parents=True)
    monkeypatch.setattr(last_build, "_own_folders", lambda: [tmp_path / "code"])
    monkeypatch.setattr(last_build, "_font_folders", lambda: [tmp_path / "fonts"])
    seen = {inputs(job, snapshot)}
    assert {inputs(job, snapshot)} == seen
    seen.add(inputs(job, replace(snapshot, problems=(Problem("series-unreadable", "run a", "it is damaged"),))))
    seen.add(inputs(job, replace(snapshot, params=snapshot.params.slice(0, 0), ledger=())))
    seen.add(inputs(replace(job, last=LastTold("2026-11-19", NOW)), snapshot))
    earlier = PreviousReport("2026-11-19", "0" * 64, same_config=True, gates=(), knows_runs=True)
    seen.add(inputs(replace(job, earlier=earlier), snapshot))
    seen.add(inputs(replace(job, earlier=replace(earlier, gates=(("quality", "PASS"),))), snapshot))
    _written(tmp_path / "code" / "module.py", "1 + 1")
    seen.add(inputs(job, snapshot))
    _written(tmp_path / "fonts" / "serif" / "new.ttf", "")
    seen.add(inputs(job, snapshot))
    monkeypatch.setattr(last_build, "versions", lambda: (("mlflow", "4.0"),))
    seen.add(inputs(job, snapshot))
    monkeypatch.setattr(last_build, "_installed", lambda: iter(["jinja2-4.0.dist-info"]))
    seen.add(inputs(job, snapshot))
    assert len(seen) == 10


def test_what_cannot_be_known_is_never_taken_for_unchanged(uri: str, tmp_path: Path, snapshot: Snapshot) -> None:
    job = job_of(uri, tmp_path)
    for unknown in (
        job_of(uri, tmp_path, sections=["overview", "team:table"]),
        job_of(uri, tmp_path, narrative={"url": "http://localhost:1", "model": "m"}),
        replace(job, cache=None),
        replace(job, again=True),
    ):
        assert last_build.last_build(unknown, snapshot, tmp_path) is None


def test_a_bundle_that_is_not_whole_is_made_again(first: tuple[Path, Outcome], uri: str, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, outcome = first
    place, (note,) = outcome.folder, (folder / "cache" / "builds").iterdir()
    kept = note.read_text()
    monkeypatch.setattr(pipeline, "_made", _computed)

    def is_made_again() -> bool:
        try:
            return built(job_of(uri, folder))[1]
        except RuntimeError:
            return True

    assert not is_made_again()
    page = (place / "report.json").read_bytes()
    (place / "report.json").write_bytes(page[:-1] + b" ")
    assert is_made_again()
    (place / "report.json").unlink()
    assert is_made_again()
    (place / "report.json").write_bytes(page)
    assert not is_made_again()
    (place / "data" / "more.txt").touch()
    assert is_made_again()
    (place / "data" / "more.txt").unlink()
    for damaged in ("", "[]", "{}", kept[:-9], kept.replace(outcome.digest, "0" * 64)):
        note.write_text(damaged)
        assert is_made_again(), damaged
    note.write_text(kept)
    place.rename(place.with_name("moved"))
    assert is_made_again()
    place.with_name("moved").rename(place)
    assert not is_made_again()
    assert note.stat().st_mode & 0o077 == 0 or note.parent.stat().st_mode & 0o077 == 0  # for this user only


def _computed(*_: object) -> None:
    raise RuntimeError("computed")


def test_what_failed_while_it_was_drawn_is_tried_again(uri: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    job = replace(job_of(uri, tmp_path), formats=("markdown", "gates"))
    with monkeypatch.context() as broken:
        broken.setattr("reportgen.render.markdown.summary_md", _computed)
        outcome, _ = built(job)
        assert "markdown-failed" in {problem.slug for problem in outcome.problems}
    outcome, computed = built(job)
    assert computed
    assert "markdown-failed" not in {problem.slug for problem in outcome.problems}
    assert built(job)[1] is False


def test_new_runs_make_a_new_report(tmp_path: Path) -> None:
    uri = ci_store.store(tmp_path)
    job = replace(job_of(uri, tmp_path), formats=("gates",))
    assert built(job)[0].n_runs == 3
    assert built(job)[1] is False
    ci_store.add(uri, [("branch 2", "wide", "b2", 0.2, {"val_accuracy": 0.97, "val_loss": 0.2})])
    outcome, computed = built(job)
    assert computed
    assert outcome.n_runs == 4
    assert built(job)[1] is False


def test_nothing_that_computes_or_draws_is_imported(uri: str, tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(f"tracking_uri: {uri}\nreports:\n  nightly:\n    experiments: [{ci_store.EXPERIMENT}]\n")
    code = (
        "import sys\ntry:\n    from reportgen.cli import main; main()\n"
        "finally:\n    print(*sorted(set(sys.modules) & set(sys.argv[1].split(','))), file=sys.stderr)\n"
    )
    heavy = "pandas,scipy,sklearn,plotly,matplotlib,mlflow,jinja2,weasyprint,sqlalchemy,fluent"
    command = [sys.executable, "-c", code.replace("sys.argv[1]", repr(heavy)), "build", "-c", str(config), "--format", "gates"]
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")}
    said = [subprocess.run(command, capture_output=True, text=True, check=True, env=environment) for _ in range(2)]
    assert said[0].stdout == said[1].stdout
    assert "nothing has changed since the last build" in said[1].stderr
    assert said[1].stderr.splitlines()[-1] == ""
