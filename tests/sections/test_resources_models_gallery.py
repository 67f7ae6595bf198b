"""Sections that tell of traces, system metrics, the registry and artifacts: absent when there is nothing, with n when there is."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from reportgen.analyze.resources import usage_of
from reportgen.analyze.traces import group_of
from reportgen.model import Gallery, Interval, Prose, Section, Table, Tiles
from reportgen.snapshot import Snapshot, table_of
from tests.snapshots import FakeRun, facts, snapshot, told

NEW = ("resources", "models", "gallery")


def section(report: Any, name: str) -> Section:
    found: Section = next(one for one in report.sections if one.id == name)
    return found


def table(where: Section, table_id: str) -> Table:
    return next(block for block in where.blocks if isinstance(block, Table) and block.id.startswith(table_id))


def column(where: Table, key: str) -> list[Any]:
    at = [one.key for one in where.columns].index(key)
    return [row[at].value for row in where.rows]


BLANK = {
    "run_id": "",
    "name": "chat",
    "status": "OK",
    "duration_ms": 100,
    "model": "",
    "model_id": "",
    "session": "",
    "scorer": "",
}


def traces(*rows: Mapping[str, Any]) -> Any:
    filled: list[dict[str, Any]] = [
        {"experiment_id": "1", "trace_id": f"t{i}", "start_time": 1000 + i, **BLANK, **row} for i, row in enumerate(rows)
    ]
    return table_of("traces", {key: [row.get(key) for row in filled] for key in {key for row in filled for key in row}})


def test_sections_without_anything_to_tell_are_left_out() -> None:
    report = told(snapshot(FakeRun("a", {"acc": 0.5})))
    assert not {one.id for one in report.sections} & set(NEW)


def test_requests_are_counted_with_their_failures_latency_and_cost() -> None:
    rows: list[dict[str, Any]] = [
        {"duration_ms": 10 * (i + 1), "total_tokens": 10, "input_tokens": 7, "output_tokens": 3, "cost": 0.5} for i in range(40)
    ]
    rows[0] |= {"status": "ERROR"}
    rows[1] |= {"status": "IN_PROGRESS", "duration_ms": None, "total_tokens": None, "cost": None}
    taken = snapshot(FakeRun("a", {"acc": 0.5}), traces=traces(*rows, {"scorer": "judge"}))
    resources = section(told(taken), "resources")
    tiles = {tile.label: tile for block in resources.blocks if isinstance(block, Tiles) for tile in block.tiles}
    assert tiles["Requests"].value == 40
    assert tiles["Requests"].note == "38 ok, 1 failed, 1 in progress"
    assert tiles["Failed"].value == pytest.approx(1 / 39)
    assert tiles["Failed"].note.endswith("n = 39")
    assert tiles["Median latency"].value == pytest.approx(np.median([0.01 * (i + 1) for i in range(40) if i != 1]))
    assert "p99 latency" not in tiles  # needs 100 requests
    assert (tiles["Tokens"].value, tiles["Cost, US$"].value) == (390, 19.5)
    assert tiles["Cost, US$"].note == "0.5000 a request, n = 39"
    lead = resources.blocks[0].spans[0].text  # type: ignore[union-attr]
    assert lead.startswith("40 traced requests, from 1970-01-01 00:00")
    assert lead.endswith("1 further trace that judges made while they scored others is not counted.")


def test_every_table_of_requests_says_how_many() -> None:
    rows = [{"name": name, "run_id": "a", "model": "gpt"} for name in ("route", "answer", "answer")]
    resources = section(told(snapshot(FakeRun("a", {"acc": 0.5}), traces=traces(*rows))), "resources")
    by_name = table(resources, "traces-by-name")
    assert (column(by_name, "name"), column(by_name, "n")) == (["answer", "route"], [2, 1])
    assert column(table(resources, "traces-by-run"), "n") == [3]
    assert not any(isinstance(block, Table) and block.id.startswith("traces-spent") for block in resources.blocks)


@given(st.lists(st.tuples(st.sampled_from(["OK", "ERROR", "IN_PROGRESS", ""]), st.none() | st.integers(0, 10**9)), max_size=60))
def test_groups_of_traces_add_up(rows: list[tuple[str, int | None]]) -> None:
    blank = dict.fromkeys(("input_tokens", "output_tokens", "total_tokens", "cost"))
    group = group_of("all", [{"status": status, "duration_ms": duration, **blank} for status, duration in rows])
    assert group.n == len(rows) == sum(n for _, n in group.statuses)
    assert (group.failed is None) == (group.n_ended == 0)
    if isinstance(group.failed, Interval) and group.failed.low is not None and group.failed.high is not None:
        assert 0 <= group.failed.low <= (group.failed.value or 0) <= group.failed.high <= 1
    durations = [duration for _, duration in rows if duration is not None]
    assert all(quantile.n == len(durations) for quantile in group.latency)
    assert group.slowest == (max(durations) / 1000 if durations else None)


def test_means_and_energy_go_by_time_and_leave_gaps_out() -> None:
    seconds = np.array([0, 10, 20, 30, 1000, 1010])
    usage = usage_of(seconds * 1000, np.array([100.0, 100, 100, 100, 300, 300]))
    assert usage is not None
    assert (usage.n, usage.n_gaps, usage.seconds, usage.peak) == (6, 1, 40.0, 300.0)
    assert usage.mean == pytest.approx((30 * 100 + 10 * 300) / 40)
    assert usage.area == pytest.approx(30 * 100 + 10 * 300)


@given(st.lists(st.tuples(st.integers(0, 10**6), st.floats(0, 1e6) | st.just(float("nan"))), max_size=40))
def test_a_mean_lies_between_the_samples_in_any_order(samples: list[tuple[int, float]]) -> None:
    times, values = np.array([t for t, _ in samples], dtype=np.int64), np.array([v for _, v in samples], dtype=float)
    usage = usage_of(times, values)
    finite = values[np.isfinite(values)]
    if usage is None:
        assert len(finite) == 0
        return
    assert finite.min() - 1e-6 <= usage.mean <= finite.max() + 1e-6
    assert usage.peak == finite.max()


def with_gpu(run_id: str, percent: float, n: int) -> FakeRun:
    return FakeRun(run_id, {"acc": 0.5}, histories={"system/gpu_0_utilization_percentage": [percent] * n})


def test_a_run_whose_gpu_idles_is_named() -> None:
    taken = snapshot(with_gpu("idle", 10.0, 100), with_gpu("busy", 90.0, 100), with_gpu("short", 10.0, 5))
    slow = table_of("history", {f.name: _times(taken, f.name) for f in taken.history.table().schema})
    resources = section(
        told(Snapshot(**{f: getattr(taken, f) for f in taken.__dataclass_fields__} | {"history": type(taken.history)(slow)})),
        "resources",
    )
    flags = table(resources, "resources-flags")
    assert [link.run_id for link in column(flags, "run")] == ["idle"]
    assert column(flags, "what") == [
        "gpu 0 utilization: 10.0\N{NARROW NO-BREAK SPACE}% on average for more than 10 min (under 30 %)"
    ]
    used = table(resources, "resources-runs")
    assert dict(zip([link.run_id for link in column(used, "run")], column(used, "gpu_mean"), strict=True)) == {
        "idle": 10.0,
        "busy": 90.0,
        "short": 10.0,
    }


def _times(taken: Snapshot, name: str) -> list[Any]:
    """Samples ten seconds apart, as the system metrics' own."""
    rows = taken.history.table().to_pylist()
    if name == "timestamp":
        return [row["step"] * 10_000 for row in rows]
    return [row[name] for row in rows]


# --- models ---


def version(version: str, run_id: str, aliases: list[str], **changes: Any) -> dict[str, Any]:
    return {"kind": "version", "name": "ranker", "version": version, "experiment_id": "1", "run_id": run_id, "stage": "", "status": "READY", "aliases": aliases, "tags": []} | changes  # fmt: skip


def models(*rows: Mapping[str, Any]) -> Any:
    return table_of("models", {key: [row.get(key) for row in rows] for key in {key for row in rows for key in row}})


def test_champion_against_challenger_by_their_runs() -> None:
    registered = models(
        version("1", "a", ["champion"], tags=[("approved_by", "ann")]),
        version("2", "b", ["challenger"]),
        version("10", "gone", []),
    )
    taken = snapshot(FakeRun("a", {"val_accuracy": 0.5}), FakeRun("b", {"val_accuracy": 0.75}), models=registered)
    shown = section(told(taken, primary="val_accuracy"), "models")
    pair = table(shown, "models-pair")
    rows = {row[0].value: [cell.value for cell in row[1:]] for row in pair.rows}
    assert rows["val_accuracy"] == ["0.5000", "0.7500", "+0.2500"]
    assert rows["approved_by"] == ["ann", None, None]
    assert next(row for row in pair.rows if row[0].value == "val_accuracy")[3].tone == "good"
    assert "without an interval" in pair.notes[0]
    versions = table(shown, "models-versions")
    assert column(versions, "version") == ["10", "2", "1"]
    assert column(versions, "metric:val_accuracy") == [None, 0.75, 0.5]


def test_versions_show_metrics_that_their_runs_have() -> None:
    registered = models(version("1", "a", ["champion"]), version("2", "b", ["challenger"]))
    runs = [FakeRun(f"r{i}", {"val_loss": 0.5 + i}) for i in range(4)]
    taken = snapshot(*runs, FakeRun("a", {"test_accuracy": 0.5}), FakeRun("b", {"test_accuracy": 0.75}), models=registered)
    shown = section(told(taken, primary="val_loss"), "models")
    versions = table(shown, "models-versions")
    assert [one.key for one in versions.columns if one.key.startswith("metric:")] == ["metric:test_accuracy"]
    assert column(versions, "metric:test_accuracy") == [0.75, 0.5]
    assert "test_accuracy" in column(table(shown, "models-pair"), "what")


def test_models_of_other_experiments_are_counted_not_shown() -> None:
    registered = models(version("1", "a", []), version("1", "x", [], name="other", experiment_id="77"))
    taken = snapshot(FakeRun("a", {"acc": 0.5}), models=registered)
    everything = facts(taken).models
    own = facts(taken, experiments=["exp"]).models
    assert ([one.name for one in everything.versions], everything.n_elsewhere) == (["other", "ranker"], 0)
    assert ([one.name for one in own.versions], own.n_elsewhere) == (["ranker"], 1)


def test_prompts_are_no_models_and_their_text_is_not_shown() -> None:
    tags = [("mlflow.prompt.is_prompt", "true"), ("mlflow.prompt.text", "SECRET PROMPT")]
    registered = models(
        {"kind": "registered", "name": "ranker", "version": "", "tags": tags, "aliases": []}, version("1", "", [], tags=tags)
    )
    report = told(snapshot(FakeRun("a", {"acc": 0.5}), models=registered))
    shown = section(report, "models")
    assert column(table(shown, "models-prompts"), "name") == ["ranker"]
    assert "SECRET PROMPT" not in repr(shown)


def test_a_logged_model_stands_with_its_last_values() -> None:
    logged = models({"kind": "logged", "name": "net", "version": "m-1", "experiment_id": "1", "run_id": "a", "stage": "", "status": "READY", "aliases": [], "tags": []})  # fmt: skip
    steps = [("acc", "train", 1, 0.5), ("acc", "train", 2, 0.25), ("acc", "test", 1, 0.75)]
    measured = table_of(
        "model_metrics",
        {"experiment_id": ["1"] * 3, "model_id": ["m-1"] * 3, "metric": [s[0] for s in steps], "dataset": [s[1] for s in steps], "step": [s[2] for s in steps], "value": [s[3] for s in steps]},
    )  # fmt: skip
    shown = section(told(snapshot(FakeRun("a", {"acc": 0.5}), models=logged, model_metrics=measured)), "models")
    assert column(table(shown, "models-logged"), "metric:acc") == ["test: 0.7500; train: 0.2500"]


# --- gallery ---


def png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (4, 3)).save(out, "PNG")
    return out.getvalue()


def contents(*rows: tuple[str, str, str, bytes]) -> Any:
    names = ("run_id", "path", "kind", "content")
    filled = [
        dict(zip(names, row, strict=True)) | {"experiment_id": "1", "media_type": "", "sha256": "", "n_bytes": len(row[3])}
        for row in rows
    ]
    return table_of("contents", {key: [row[key] for row in filled] for key in filled[0]})


def test_artifacts_of_the_best_run_come_first_and_text_stays_text() -> None:
    data = json.dumps({"columns": ["<b>q</b>", "n", "mixed"], "rows": [["x", 1, 2.5], ["y", None, "z"]], "n_rows": 900}).encode()
    hostile = b"```\n# <script>alert(1)</script>\n````\n[link](javascript:alert(1))"
    found = contents(
        ("a", "p.png", "image", png()),
        ("b", "p.png", "image", png()),
        ("b", "t.json", "table", data),
        ("b", "n.md", "text", hostile),
    )
    taken = snapshot(FakeRun("a", {"val_accuracy": 0.5}), FakeRun("b", {"val_accuracy": 0.75}), contents=found)
    shown = section(told(taken, primary="val_accuracy", artifacts={"include": ["*"]}), "gallery")
    gallery = next(block for block in shown.blocks if isinstance(block, Gallery))
    assert [image.run.run_id for image in gallery.images if image.run] == ["b", "a"]
    assert gallery.images[0].alt == "Picture p.png of run b"
    words = table(shown, "artifact-")
    assert [column.format for column in words.columns] == ["text", "integer", "text"]
    assert [[cell.value for cell in row] for row in words.rows] == [["x", 1, "2.5"], ["y", None, "z"]]
    assert (len(words.rows), words.n_total, words.notes) == (2, 900, ())
    prose = next(block for block in shown.blocks if isinstance(block, Prose))
    lines = prose.markdown.splitlines()
    assert lines[0] == lines[-1] == "`" * 5
    assert prose.quoted


def test_asked_for_and_not_there_is_said() -> None:
    shown = section(told(snapshot(FakeRun("a", {"acc": 0.5})), artifacts={"include": ["*.png"]}), "gallery")
    assert len(shown.blocks) == 1
