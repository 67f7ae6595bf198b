"""Gates against a baseline: the run of this change against that of a branch, a tag, an alias, a name, or the last report's best."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from reportgen import pipeline
from reportgen.analyze import facts_of
from reportgen.analyze.baseline_gates import AgainstBaseline, Change
from reportgen.analyze.gate_answers import GateAnswer
from reportgen.ci import CiFacts
from reportgen.config import GateConfig, MetricConfig
from reportgen.errors import ConfigError
from reportgen.model import Gate
from tests import ci_store
from tests.snapshots import ALL_TIME, NOW, FakeRun, report_config, snapshot
from tests.test_since_last_report import built, quietly

COMMIT = "mlflow.source.git.commit"


def run(run_id: str, value: float, days: float, branch: str = "", commit: str = "", **more: Any) -> FakeRun:
    tags = {key: text for key, text in (("git.branch", branch), (COMMIT, commit)) if text} | more.pop("tags", {})
    start = NOW - timedelta(days=days)
    return FakeRun(run_id, {"acc": value}, tags=tags, start=start, **more)


RUNS = (
    run("main 1", 0.93, 12, "main", "a1"),
    run("main 2", 0.91, 3, "main", "a2", tags={"release": "1.2"}),
    run("wide 1", 0.90, 0.5, "wide", "b1"),
    run("other 1", 0.99, 0.2, "other", "c1"),
)
WIDE = Change(frozenset({"b1"}), "wide")


def answered(
    baseline: Any, runs: Sequence[FakeRun] = RUNS, change: Change | None = WIDE, goal: Any = "maximize", **more: Any
) -> GateAnswer:
    gate = GateConfig.model_validate({"metric": "acc", "not_worse_than": baseline, **more})
    taken = snapshot(*runs)
    report = report_config(gates=[gate])
    metrics = {"acc": MetricConfig(goal=goal)}
    (answer,) = facts_of(taken, report, metrics, now=NOW, window=ALL_TIME, change=change).gates
    return answer


def against(answer: GateAnswer) -> tuple[str, str, str]:
    """(state, judged run, baseline's run)."""
    assert isinstance(answer.reason, AgainstBaseline)
    return answer.state, answer.reason.judged, answer.reason.name


@pytest.mark.parametrize(
    ("baseline", "name"),
    [({"branch": "main"}, "main 2"), ({"tag": "release=1.2"}, "main 2"), ({"run": "main 1"}, "main 1")],
)
def test_the_run_of_the_commit_is_held_against_the_newest_that_the_baseline_means(baseline: Mapping[str, str], name: str) -> None:
    assert against(answered(baseline)) == ("FAIL", "wide 1", name)


def test_whose_run_is_judged() -> None:
    main = {"branch": "main"}
    assert against(answered(main, change=Change(frozenset({"zz"}), "wide")))[1] == "wide 1"  # no run of the commit: of its branch
    assert against(answered(main, change=None))[1] == "other 1"  # outside of CI: the newest that is not of the baseline
    assert against(answered(main, RUNS[:2], Change(frozenset({"a2"}), "main"))) == ("FAIL", "main 2", "main 1")  # a push to main
    nobody = answered(main, change=Change(frozenset({"zz"}), "new"))
    assert (nobody.state, nobody.reason) == ("NO_DATA", type(nobody.reason)(4, "new"))  # type: ignore[call-arg]


def test_the_margin_and_the_direction() -> None:
    assert answered({"branch": "main"}, baseline_margin=0.01).state == "PASS"  # 0.91 - 0.90, which no float is
    assert answered({"branch": "main"}, baseline_margin=0.009).state == "FAIL"
    assert answered({"branch": "main"}, baseline_margin_relative=0.02).state == "PASS"
    assert answered({"branch": "main"}, goal="minimize").state == "PASS"
    assert answered({"branch": "main"}, [*RUNS[:2], run("nan", float("nan"), 0, "wide", "b1")]).state == "FAIL"
    best = answered({"branch": "main"}, [*RUNS, run("wide 2", 0.95, 1, "wide", "b1")], of="best")
    assert against(best) == ("PASS", "wide 2", "main 2")


@pytest.mark.fault("The baseline of a gate is not found", "NO_DATA: the check fails and says where to look.", at="config", exit=5)
@pytest.mark.parametrize("baseline", [{"branch": "release"}, {"alias": "models:/ranker@champion"}, {"run": "gone"}])
def test_a_baseline_that_is_not_there(baseline: Mapping[str, str], tmp_path: Path) -> None:
    assert answered(baseline).state == "NO_DATA"
    gate = checked(ci_store.store(tmp_path), tmp_path / "out", {**baseline})
    assert gate.fails
    assert "was not found among the finished runs with val_accuracy" in gate.sentence
    assert "branch 1 is held against nothing" in gate.sentence


@pytest.mark.fault(
    "The baseline of a gate is older than it may be", "INCONCLUSIVE: the check fails and says its age.", at="config", exit=5
)
def test_a_baseline_that_is_too_old(tmp_path: Path) -> None:
    uri = ci_store.store(tmp_path)
    gate = checked(uri, tmp_path / "out", {"branch": "main", "max_age": "2d"})
    assert (gate.state, gate.fails) == ("INCONCLUSIVE", True)
    assert "(main 2) ended on 2026-11-17, 3 days ago; at most 2d are allowed" in gate.sentence
    assert checked(uri, tmp_path / "out", {"branch": "main", "max_age": "3d"}).state == "FAIL"
    assert not checked(uri, tmp_path / "out", {"branch": "main", "max_age": "2d"}, on_inconclusive="warn").fails


def test_runs_on_other_data_are_not_comparable() -> None:
    runs = [
        replace(RUNS[1], datasets=[("eval", "d1")], context="eval"),
        replace(RUNS[2], datasets=[("eval", "d2")], context="eval"),
    ]
    assert answered({"branch": "main"}, runs).state == "INCONCLUSIVE"
    same = [replace(one, datasets=[("eval", "d1")]) for one in runs]
    assert answered({"branch": "main"}, same).state == "FAIL"


def checked(uri: str, folder: Path, baseline: Any, **more: Any) -> Gate:
    gate = {"metric": "val_accuracy", "not_worse_than": baseline, **more}
    (found,) = pipeline.check(ci_store.job(uri, folder, gates=[gate]), quietly).gates
    return found


def test_what_is_said(tmp_path: Path) -> None:
    uri = ci_store.store(tmp_path)
    gate = checked(uri, tmp_path / "out", {"branch": "main"}, baseline_margin=0.01)
    assert gate.name == "val_accuracy of the latest run not worse than branch main, margin 0.01"
    assert gate.sentence == (
        "Failed: val_accuracy of branch 1 is 0.8800, 0.0300 worse than the latest run of branch main (main 2, 3 days old): 0.9100. "
        "Allowed: 0.01. One run against one; their uncertainty is not considered."
    )
    assert gate.run is not None
    assert gate.run.name == "branch 1"


def test_runs_from_before_the_window_are_baselines_too(tmp_path: Path) -> None:
    uri = ci_store.store(tmp_path)
    gate = {"metric": "val_accuracy", "not_worse_than": {"branch": "main"}}
    (found,) = pipeline.check(ci_store.job(uri, tmp_path / "out", gates=[gate], window="2d"), quietly).gates
    assert "(main 2, 3 days old)" in found.sentence


def test_the_commit_of_a_ci_job_is_judged_and_shown(tmp_path: Path) -> None:
    uri = ci_store.store(tmp_path)
    ci_store.add(uri, [("wide again", "other", "c1", 0.1, {"val_accuracy": 0.99})])
    gate = {"metric": "val_accuracy", "not_worse_than": {"branch": "main"}}
    job = replace(ci_store.job(uri, tmp_path / "out", gates=[gate]), ci=CiFacts("GitHub", commit="b1" * 20, pull_request="7"))
    (found,) = pipeline.check(job, quietly).gates
    assert "branch 1 is 0.8800" in found.sentence
    built = pipeline.build(replace(job, formats=("html",)), quietly)
    assert "b1" * 20 in (built.folder / "report.html").read_text("utf-8")


def test_the_best_of_the_last_report_is_a_baseline(tmp_path: Path) -> None:
    uri = ci_store.store(tmp_path)
    gate = {"metric": "val_accuracy", "not_worse_than": "last_report", "baseline_margin": 0.01, "name": "floor"}
    keys: dict[str, Any] = {"window": "2d", "gates": [gate]}
    first = built(uri, tmp_path / "a", 0, **keys)
    assert (first.gates[0].state, first.exit_code) == ("NO_DATA", 0)  # nothing to be held against
    ci_store.add(uri, [("branch 2", "wide", "b2", -1.5, {"val_accuracy": 0.86})])
    worse = built(uri, tmp_path / "b", 3, **{**keys, "window": "3d"})
    assert worse.gates[0].state == "FAIL"
    assert "than the best of the last report (2026-11-20, 3 days old): 0.8800" in worse.gates[0].sentence


@pytest.mark.parametrize(
    "gate",
    [
        {"not_worse_than": {"branch": "main", "run": "x"}},
        {"not_worse_than": {}},
        {"not_worse_than": {"branch": "main"}, "group": "a"},
        {"not_worse_than": {"branch": "main"}, "at_least": 0.5},
        {"not_worse_than": {"branch": "main", "max_age": "soon"}},
        {"not_worse_than": {"alias": "champion"}},
        {"not_worse_than": "last_report", "of": "latest"},
    ],
)
def test_mistakes_are_named(gate: Mapping[str, Any], tmp_path: Path) -> None:
    with pytest.raises(ConfigError):
        ci_store.job("sqlite:///x.db", tmp_path, gates=[{"metric": "acc", **gate}])
