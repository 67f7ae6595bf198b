"""What a comparison may not say, from a real store to the files: one run, no variation, NaN, folds, searches, wrong names.

One SQLite store with an experiment for each case, one `build` of a report for each: the printed sentence of the rules, never a
fault, never p = 0.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.sections.words import plain

START = 1_763_000_000_000
FOLDS = (0.81, 0.79, 0.83, 0.80, 0.82)
GAIN = (0.012, 0.009, 0.011, 0.015, 0.010)
ARMS: Mapping[str, tuple[Sequence[float | None], Sequence[float | None], str]] = {
    "one": ((0.8,), (0.9,), ""),
    "two": ((0.8, 0.82), (0.9, 0.93), ""),
    "constant": ((0.8,) * 4, (0.9,) * 4, ""),
    "pairs": ((0.8, 0.81, 0.82, 0.8), (0.8, 0.81, 0.82, 0.8), "seed"),
    "nan": ((math.nan, 0.8, 0.81), (0.9, math.inf, 0.91, 0.92), ""),
    "missing": ((0.8, 0.81, 0.82), (None,) * 3, ""),
    "folds": (FOLDS, tuple(x + d for x, d in zip(FOLDS, GAIN, strict=True)), "fold"),
    "searches": ((0.8, 0.81, 0.82), (0.83, 0.84, 0.85), "depth"),
}
SENTENCES = {
    "one": "One run per group: no uncertainty can be estimated.",
    "two": "n = 2: the interval relies on normality.",
    "constant": "zero run-to-run variation observed (deterministic?), so nothing can be tested.",
    "pairs": "new and control are identical on every pair (4 pairs, val_acc).",
    "nan": "Too few runs to judge (3 against 2 runs)",
    "missing": "No finished run of new has a finite value of val_acc, so nothing can be compared.",
    "folds": "paired t test with the Nadeau–Bengio correction for 5 folds, 5 pairs by fold",
    "searches": "The groups hold several configurations: searches, not repeated runs, so no test is made.",
}


def filled(uri: str) -> None:
    from mlflow.entities import Metric, Param, RunTag
    from mlflow.tracking import MlflowClient

    client, at = MlflowClient(tracking_uri=uri), START
    for name, (control, new, param) in ARMS.items():
        experiment = client.create_experiment(name, artifact_location="unused")
        for arm, values in (("control", control), ("new", new)):
            for i, value in enumerate(values):
                at += 60_000
                run_id = client.create_run(experiment, start_time=at, run_name=f"{arm}-{i}").info.run_id
                metrics = [] if value is None else [Metric(key, value, at, 0) for key in ("val_acc", "foo")]
                params = [Param("lr", "0.1"), *([Param(param, str(i))] if param else [])]
                client.log_batch(run_id, metrics, params, [RunTag("arm", arm)])
                client.set_terminated(run_id, end_time=at + 1000)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[subprocess.CompletedProcess[str], Path]:
    folder = tmp_path_factory.mktemp("refused")
    uri = f"sqlite:///{folder}/mlflow.db"
    filled(uri)
    groups = {"by": "tags.arm", "baseline": "control", "metrics": ["val_acc"]}
    reports: dict[str, Any] = {name: {"experiments": [name], "sections": ["comparison"], "compare": groups} for name in ARMS}
    reports["folds"]["compare"] = groups | {"margin": 0.005}
    reports["typo"] = {"experiments": ["two"], "compare": groups | {"baseline": "contrl"}}
    gates = [
        {"metric": m, **rule}
        for m in ("val_acc", "foo")
        for rule in ({"at_least": 0.5}, {"group": "new", "baseline_margin": 0.1})
    ]
    reports["direction"] = {"experiments": ["folds"], "compare": groups, "gates": gates}
    config: dict[str, Any] = {"version": 1, "tracking_uri": uri, "output": "out", "reports": reports}
    (folder / "config.yaml").write_text(json.dumps(config))
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("MLFLOW_", "REPORTGEN_"))}
    settings = clean | {"SOURCE_DATE_EPOCH": "1763596800", "XDG_CACHE_HOME": str(folder / "cache")}
    command = [sys.executable, "-m", "reportgen", "build", "--format", "data,gates", "--quiet"]
    done = subprocess.run(command, cwd=folder, env=settings, capture_output=True, text=True, timeout=240)
    return done, folder / "out"


def verdict_of(out: Path, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((out / name / "latest" / "verdict.json").read_text())
    return found


@pytest.mark.parametrize("name", ARMS)
def test_the_sentence_of_the_rules_is_printed(built: tuple[Any, Path], name: str) -> None:
    (verdict,) = [one["verdict"] for one in verdict_of(built[1], name)["verdicts"]]
    assert SENTENCES[name] in plain(f"{verdict['sentence']} {verdict['rule']}")
    assert (verdict["outcome"] in ("better", "worse")) is (name == "folds")


def test_nothing_is_a_fault_and_no_p_is_zero(built: tuple[Any, Path]) -> None:
    done, out = built
    assert "internal error" not in done.stderr + done.stdout
    for path in sorted(out.glob("*/latest/report.json")):
        text = plain(path.read_text("utf-8"))
        assert "p = 0.000" not in text
        assert "p = 0 " not in text
        assert "could not be made (" not in text, path
        assert "analysis-failed" not in text, path


def test_folds_of_one_data_set_have_a_posterior_and_no_interval_of_a_mean(built: tuple[Any, Path]) -> None:
    report = json.loads((built[1] / "folds" / "latest" / "report.json").read_text())["report"]
    tables = {block["id"]: block for section in report["sections"] for block in section["blocks"] if "rows" in block}
    (posterior,) = [table for id_, table in tables.items() if "posterior" in id_]
    assert [plain(row[0]["value"]) for row in posterior["rows"]] == [
        "new is worse by more than 0.005",
        "inside ±0.005",
        "new is better by more than 0.005",
    ]
    notes = " ".join([*tables["comparison-groups"]["notes"], *tables["comparison-groups"]["method"]])
    assert "No interval for control and new: folds of one data set are not independent." in notes


def test_a_baseline_that_is_not_there_has_a_near_name(built: tuple[Any, Path]) -> None:
    (problem,) = [one for one in verdict_of(built[1], "typo")["problems"] if one["slug"] == "compare-no-baseline"]
    assert problem["todo"] == "did you mean 'control'?"


def test_a_metric_without_a_direction_is_gated_by_nothing_that_needs_one(built: tuple[Any, Path]) -> None:
    gates = verdict_of(built[1], "direction")["gates"]
    known, unknown = gates[:2], gates[2:]
    assert [gate["state"] for gate in known] == ["PASS", "PASS"]
    assert [gate["state"] for gate in unknown] == ["NO_DATA", "NO_DATA"]
    assert all("the direction of foo is unknown" in gate["sentence"] for gate in unknown)
