"""The demo's store: everything that the report can show is really in it, and a second training gives the same values."""

from __future__ import annotations

import json
import math
import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest

from reportgen import config
from reportgen.demo import config_file, train
from reportgen.errors import OutputError, ReportError
from reportgen.model import Verdict

Row = tuple[Any, ...]


def rows(folder: Path, query: str) -> list[Row]:
    store = sqlite3.connect(f"file:{folder / 'mlflow.db'}?mode=ro", uri=True)
    try:
        return store.execute(query).fetchall()
    finally:
        store.close()


def metric_values(folder: Path) -> list[Row]:
    query = "SELECT r.name, m.key, m.step, m.value, m.is_nan FROM metrics m JOIN runs r USING (run_uuid) ORDER BY 1, 2, 3"
    return rows(folder, query)


@pytest.fixture(scope="module")
def progress() -> list[tuple[int, int, str]]:
    return []


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, progress: list[tuple[int, int, str]]) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "with space & ünicode"
    uri = train(folder, lambda *event: progress.append(event), scale="small")
    assert uri == f"sqlite:///{folder}/mlflow.db"
    return folder


@pytest.mark.slow
def test_runs_of_each_experiment(store: Path, progress: list[tuple[int, int, str]]) -> None:
    counted = rows(store, "SELECT e.name, count(*) FROM runs JOIN experiments e USING (experiment_id) GROUP BY 1 ORDER BY 1")
    assert counted == [
        ("assistant-eval", 2),
        ("digits-ab", 2 * 2 + 2),
        ("digits-nightly", 3 + 1),
        ("iris-forest", 2 * 2),
        ("wine-cv", 1 + 2 * (1 + 3)),
    ]
    assert [done for done, _total, _what in progress] == list(range(1, 26))
    assert {total for _done, total, _what in progress} == {25}
    assert rows(store, "SELECT name FROM runs GROUP BY name HAVING count(*) > 1") == []


@pytest.mark.slow
def test_only_the_broken_attempts_failed_and_say_why(store: Path) -> None:
    query = "SELECT r.name, r.status, substr(t.value, 1, 11) FROM runs r LEFT JOIN tags t ON t.run_uuid = r.run_uuid AND t.key = 'error'"
    (night, candidate) = sorted(rows(store, f"{query} WHERE r.status <> 'FINISHED'"))
    assert candidate == ("candidate seed 1, first attempt", "FAILED", "ValueError:")
    assert night[0].endswith(", first attempt")
    assert night[1:] == ("FAILED", "ValueError:")
    assert ("ValueError: Input X contains NaN.",) in rows(store, "SELECT value FROM tags WHERE key = 'error'")
    (traceback,) = (store / "artifacts" / "digits-ab").rglob("traceback.txt")
    assert "_train_epoch" in traceback.read_text()
    query = "SELECT count(DISTINCT step) FROM metrics JOIN runs USING (run_uuid) WHERE status = 'FAILED'"
    assert rows(store, query) == [(2,)]  # half of its four epochs: it stopped in the middle


@pytest.mark.slow
def test_the_range_test_reaches_infinity_and_then_nan(store: Path) -> None:
    query = """SELECT m.value, m.is_nan FROM metrics m JOIN runs r USING (run_uuid)
               WHERE r.name = 'learning-rate range test' AND m.key = 'train_loss' ORDER BY m.step"""
    kinds = "".join("n" if is_nan else "i" if value > 1e308 else "f" for value, is_nan in rows(store, query))
    assert set(kinds) == {"f", "i", "n"}
    assert kinds == "".join(sorted(kinds))  # finite, then infinite, then not a number
    others = [value for name, _key, _step, value, _nan in metric_values(store) if name != "learning-rate range test"]
    assert all(math.isfinite(value) and value < 1e6 for value in others)


@pytest.mark.slow
def test_variants_share_their_seeds(store: Path) -> None:
    query = """SELECT t.value, group_concat(p.value) FROM runs r
               JOIN tags t ON t.run_uuid = r.run_uuid AND t.key = 'variant'
               JOIN params p ON p.run_uuid = r.run_uuid AND p.key = 'seed'
               WHERE r.status = 'FINISHED' GROUP BY 1 ORDER BY 1"""
    assert [(variant, sorted(seeds.split(","))) for variant, seeds in rows(store, query)] == [
        ("candidate", ["0", "1"]),
        ("control", ["0", "1"]),
    ]


@pytest.mark.slow
def test_the_sweep_is_three_runs_deep(store: Path) -> None:
    parents = dict(rows(store, "SELECT run_uuid, value FROM tags WHERE key = 'mlflow.parentRunId'"))
    depths = [_depth(run, parents) for (run,) in rows(store, "SELECT run_uuid FROM runs WHERE experiment_id = 3")]
    assert sorted(depths) == [0] + [1] * 2 + [2] * 6


def _depth(run: str, parents: dict[str, str]) -> int:
    return 1 + _depth(parents[run], parents) if run in parents else 0


@pytest.mark.slow
def test_registry_datasets_notes_and_artifacts(store: Path) -> None:
    assert rows(store, "SELECT name, version FROM model_versions ORDER BY version") == [("iris-forest", 1), ("iris-forest", 2)]
    aliases = dict(rows(store, "SELECT alias, version FROM registered_model_aliases"))
    assert sorted(aliases) == ["challenger", "champion"]
    assert aliases["champion"] != aliases["challenger"]
    assert {value for (value,) in rows(store, "SELECT value FROM model_version_tags WHERE key = 'approval'")} <= {
        "approved",
        "rejected",
    }
    assert rows(store, "SELECT name FROM datasets ORDER BY name") == [
        ("dataset",),
        ("digits",),
        ("digits-validation",),
        ("iris",),
        ("wine",),
    ]
    assert rows(store, "SELECT count(*) FROM experiment_tags WHERE key = 'mlflow.note.content'") == [(5,)]
    assert rows(store, "SELECT count(*) FROM tags WHERE key = 'mlflow.note.content'") == [(1,)]
    pictures = list((store / "artifacts" / "iris-forest").rglob("confusion_matrix.png"))
    assert len(pictures) == 4
    assert all(picture.read_bytes().startswith(b"\x89PNG") for picture in pictures)


@pytest.mark.slow
def test_two_versions_of_an_assistant_are_compared_on_the_same_questions(store: Path) -> None:
    from reportgen.collect import Selection, collect
    from tests.snapshots import told

    taken = collect(f"sqlite:///{store}/mlflow.db", Selection(experiments=("assistant-eval",)))
    memo = config.load(config_file(), environment={}).reports["assistant"].model_dump(exclude_unset=True)
    report = told(taken, compare=memo["compare"], sections=["decision"])
    verdicts = [block for section in report.sections for block in section.blocks if isinstance(block, Verdict)]
    assert [one.title for one in verdicts] == ["v2 vs. v1, on 8 shared rows"]
    assert "correctness" in verdicts[0].sentence


@pytest.mark.slow
def test_a_complete_store_is_left_alone(store: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in store.rglob("*")}
    told: list[tuple[int, int, str]] = []
    began = time.monotonic()
    train(store, lambda *event: told.append(event), scale="small")
    assert time.monotonic() - began < 2
    assert told == [(1, 1, "the store is already there; remove its folder to train again")]
    assert {path: path.stat().st_mtime_ns for path in store.rglob("*")} == before


@pytest.mark.slow
def test_an_unfinished_store_is_trained_again_to_the_same_values(store: Path) -> None:
    before = metric_values(store)
    run_ids = set(rows(store, "SELECT run_uuid FROM runs"))
    marker = store / "demo-store.json"
    marker.write_text(json.dumps({"recipe": "interrupted"}))
    train(store, scale="small")
    assert not run_ids & set(rows(store, "SELECT run_uuid FROM runs"))
    assert metric_values(store) == before
    assert json.loads(marker.read_text())["complete"] is True


def test_somebody_elses_store_is_not_touched(tmp_path: Path) -> None:
    theirs = tmp_path / "mlflow.db"
    theirs.write_bytes(b"theirs")
    with pytest.raises(OutputError) as raised:
        train(tmp_path)
    assert str(raised.value) == (
        "the folder already holds a store that is not the demo's\n"
        f"found: {theirs}\n"
        "allowed: an empty folder, or one that the demo made\n"
        "to do: name another folder with --output"
    )
    assert theirs.read_bytes() == b"theirs"


def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "demo").write_text("")
    with pytest.raises(OutputError, match="the demo's folder cannot be used: File exists"):
        train(tmp_path / "demo")


@pytest.mark.slow
def test_a_training_that_ends_badly_is_reported_and_not_taken_for_a_store(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="the demo's training ended with status 1") as raised:
        train(tmp_path, scale="huge")  # type: ignore[arg-type]
    assert raised.value.found is not None
    assert "KeyError: 'huge'" in raised.value.found
    assert "complete" not in json.loads((tmp_path / "demo-store.json").read_text())


def test_the_config_is_valid() -> None:
    loaded = config.load(config_file(), environment={})
    assert set(next(iter(loaded.reports.values())).experiments) <= {"digits-ab", "iris-forest", "wine-cv", "assistant-eval"}
