"""``mlruns/`` against MLflow's own answers, by hand-made layouts and damages, and on stores that people committed."""

from __future__ import annotations

import json
import math
import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from reportgen.collect import Reading, Selection, collect, plan
from reportgen.collect.files import source as files
from reportgen.collect.files.source import FileSource
from reportgen.collect.selection import OTHER_METRIC, UNREADABLE
from reportgen.collect.source import Source, opened
from reportgen.errors import Problem, SourceError
from reportgen.redaction import names_a_secret
from reportgen.snapshot import Snapshot
from tests.collect.conftest import SHARED
from tests.collect.file_stores import Store, allowed_file_store, run_id, state
from tests.collect.stores import N_LONG, RichStore, content, filled

Unpacked = Callable[[str], Path]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "mlruns")


def problems(snapshot: Snapshot) -> list[tuple[str, str]]:
    return [(problem.slug, problem.where) for problem in snapshot.problems]


def assert_books_balance(snapshot: Snapshot) -> None:
    assert [row for row in snapshot.ledger if row.unexplained] == []


def booked(snapshot: Snapshot, item: str) -> tuple[int, int, dict[str, int]]:
    """(in the store, read, left out by reason) of ``item`` in all experiments."""
    rows = [row for row in snapshot.ledger if row.item == item]
    left_out: Counter[str] = Counter()
    for row in rows:
        left_out.update(dict(row.left_out))
    return sum(row.n_store for row in rows), sum(row.n_read for row in rows), dict(left_out)


# --- a store that MLflow logged ---


class Logged:
    def __init__(self, root: Path, store: RichStore, client: Any) -> None:
        self.root, self.store, self.client = root, store, client


@pytest.fixture(scope="module")
def logged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Logged]:
    """The rich store, logged through MLflow's FileStore, and then left alone."""
    from mlflow import MlflowClient
    from mlflow.entities import Dataset, DatasetInput, LoggedModelInput, Metric

    root = tmp_path_factory.mktemp("logged") / "my runs" / "mlruns"
    with allowed_file_store(), pytest.MonkeyPatch.context() as patched:
        # Logging an artifact asks the default store as well, which MLflow would make in this folder.
        patched.setenv("MLFLOW_TRACKING_URI", str(root))
        client = MlflowClient(str(root), str(root))
        rich = filled(client)
        a = rich.runs["a"]
        client.log_text(a, "x" * 100, "notes/a.txt")
        client.log_text(a, "0123456789", "k.json")
        client.log_batch(a, metrics=[Metric("deep/er/metric", 1.0, 5, 0), Metric("deep/er", 2.0, 5, 0)][:1])
        client.log_metric(a, "of_data", 0.5, 7, 3, dataset_name="wine", dataset_digest="d1")
        model = client.create_logged_model(rich.experiments["alpha/train"], name="gone", source_run_id=a)
        client.log_inputs(
            rich.runs["b"],
            datasets=[DatasetInput(Dataset("x", "y", "local", "{}"), [])],
            models=[LoggedModelInput(model.model_id)],
        )
        client.delete_logged_model(model.model_id)
        before = state(root)
        yield Logged(root, rich, client)
    assert state(root) == before, "reading changed something"


def test_experiments_and_runs_are_what_mlflow_says(logged: Logged) -> None:
    from mlflow.entities import ViewType

    snapshot = collect(str(logged.root), Selection(deleted=True))
    own = logged.client.search_experiments(view_type=ViewType.ALL)
    assert [
        (e["experiment_id"], e["name"], e["lifecycle"], e["created_at"], e["updated_at"], e["artifact_location"], dict(e["tags"]))
        for e in snapshot.experiments.to_pylist()
    ] == sorted(
        (
            e.experiment_id,
            e.name,
            e.lifecycle_stage,
            _time(e.creation_time),
            _time(e.last_update_time),
            e.artifact_location,
            e.tags,
        )
        for e in own
    )
    runs = {run.info.run_id: run for run in logged.client.search_runs([e.experiment_id for e in own], run_view_type=ViewType.ALL)}
    rows = snapshot.runs.to_pylist()
    assert {row["run_id"] for row in rows} == {id_ for id_, run in runs.items() if "reportgen.report" not in run.data.tags}
    for row in rows:
        info, tags = runs[row["run_id"]].info, runs[row["run_id"]].data.tags
        assert row == {
            "experiment_id": info.experiment_id,
            "run_id": info.run_id,
            "name": info.run_name,
            "status": info.status,
            "lifecycle": info.lifecycle_stage,
            "start_time": _time(info.start_time),
            "end_time": _time(info.end_time),
            "parent_run_id": tags.get("mlflow.parentRunId"),
            "user": info.user_id,
            "source_name": tags.get("mlflow.source.name", ""),
            "artifact_uri": info.artifact_uri,
        }


def _time(milliseconds: int | None) -> datetime | None:
    return None if milliseconds is None else datetime.fromtimestamp(milliseconds / 1000, UTC)


def test_params_tags_last_values_and_datasets_are_what_mlflow_says(logged: Logged) -> None:
    snapshot = collect(str(logged.root), Selection(deleted=True))
    tables = {name: table.to_pylist() for name, table in snapshot.tables()}
    for row in tables["runs"]:
        run, id_ = logged.client.get_run(row["run_id"]), row["run_id"]
        for name, own in (("params", run.data.params), ("tags", run.data.tags)):
            public = {key: value for key, value in own.items() if not names_a_secret(key) and "://" not in value}
            found = {r["key"]: r["value"] for r in tables[name] if r["run_id"] == id_}
            assert found.keys() == own.keys()
            assert {key: found[key] for key in public} == public
        last = {r["metric"]: repr(r["value"]) for r in tables["metrics"] if r["run_id"] == id_}
        assert last == {key: repr(value) for key, value in run.data.metrics.items()}
        inputs = [(d.dataset, {tag.key: tag.value for tag in d.tags}) for d in run.inputs.dataset_inputs]
        assert sorted(
            (r["name"], r["digest"], r["source_type"], r["source"], r["schema"], r["profile"], r["context"])
            for r in tables["datasets"]
            if r["run_id"] == id_
        ) == sorted(
            (d.name, d.digest, d.source_type, d.source, d.schema or "", d.profile or "", tags.get("mlflow.data.context", ""))
            for d, tags in inputs
        )
    assert len(tables["datasets"]) == 4
    assert_books_balance(snapshot)
    assert problems(snapshot) == [("redacted", str(logged.root))]


def test_histories_are_what_mlflow_says(logged: Logged) -> None:
    history = collect(str(logged.root), Selection(deleted=True)).history
    n_points = 0
    for series in history.series():
        own = logged.client.get_metric_history(series.run_id, series.metric)
        is_of_data = series.metric == "of_data"  # MLflow reads step 0 from lines with a dataset
        theirs = sorted(
            (3 if is_of_data else m.step, m.timestamp, math.isnan(m.value), 0 if math.isnan(m.value) else m.value) for m in own
        )
        ours = zip(
            series.step.tolist(),
            series.timestamp.tolist(),
            np.isnan(series.value).tolist(),
            np.nan_to_num(series.value, posinf=np.inf, neginf=-np.inf).tolist(),
            strict=True,
        )
        assert list(ours) == theirs
        n_points += len(own)
    assert n_points == history.n_points == 280 + 300 + N_LONG + 6 + 6 + 3 + 10 + 2 + 1 + 2 + 1 + 2
    metrics = set(pc.unique(history.table()["metric"].cast(pa.string())).to_pylist())
    assert {"deep/er/metric", "val/acc top-1.é", "of_data"} <= metrics


def test_models_are_what_mlflow_says(logged: Logged) -> None:
    rows = collect(str(logged.root), Selection()).models.to_pylist()
    client = logged.client
    registered = {m.name: m for m in client.search_registered_models()}
    assert {r["name"]: (r["description"], r["tags"]) for r in rows if r["kind"] == "registered"} == {
        name: (m.description or "", sorted(m.tags.items())) for name, m in registered.items()
    }
    versions = {(v.name, str(v.version)): v for v in client.search_model_versions() if v.current_stage != "Deleted_Internal"}
    assert {
        (r["name"], r["version"]): (
            r["run_id"],
            r["stage"] or "None",
            r["status"],
            r["aliases"],
            dict(r["tags"]),
            r["created_at"],
            r["updated_at"],
        )
        for r in rows
        if r["kind"] == "version"
    } == {
        key: (
            v.run_id,
            v.current_stage,
            v.status,
            sorted(client.get_model_version(*key).aliases),
            v.tags,
            _time(v.creation_timestamp),
            _time(v.last_updated_timestamp),
        )
        for key, v in versions.items()
    }
    train = logged.store.experiments["alpha/train"]
    own = client.search_logged_models([train])
    assert [
        (r["version"], r["name"], r["experiment_id"], r["run_id"], r["status"], r["stage"]) for r in rows if r["kind"] == "logged"
    ] == [(m.model_id, m.name, train, m.source_run_id, str(m.status), "") for m in own]
    every = collect(str(logged.root), Selection(deleted=True)).models.to_pylist()
    assert sorted(r["stage"] for r in every if r not in rows) == ["Deleted_Internal", "deleted"]


def test_artifacts_are_listed(logged: Logged) -> None:
    rows = collect(str(logged.root), Selection()).artifacts.to_pylist()
    assert [(r["run_id"], r["path"], r["is_dir"], r["n_bytes"]) for r in rows] == [
        (logged.store.runs["a"], "k.json", False, 10),
        (logged.store.runs["a"], "notes", True, None),
        (logged.store.runs["a"], "notes/a.txt", False, 100),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "attributes.status = 'FAILED'",
        "status != 'FINISHED' and attributes.start_time > 1760000050000",
        "metrics.loss < 0.004",
        "metrics.integral = 4",
        "metrics.late >= 6 and params.lr = '0.1'",
        "params.lr != '0.1'",
        "params.lr LIKE '0.%'",
        "tags.variant = 'A'",
        "tags.variant ILIKE 'b'",
        "attributes.run_name = 'child'",
        "attributes.run_name LIKE '%child'",
        "tags.mlflow.parentRunId = 'nobody'",
        "datasets.name = 'wine'",
        "datasets.digest = 'd2'",
        "datasets.context = 'eval'",
        "run_id IN ('{a}', '{b}')",
    ],
)
def test_a_filter_finds_what_mlflow_finds(logged: Logged, text: str) -> None:
    text = text.format(**logged.store.runs)
    ids = [e.experiment_id for e in logged.client.search_experiments()]
    own = {run.info.run_id for run in logged.client.search_runs(ids, text) if "reportgen.report" not in run.data.tags}
    snapshot = collect(str(logged.root), Selection(filter=text))
    assert set(snapshot.runs["run_id"].to_pylist()) == own
    assert_books_balance(snapshot)


def test_the_database_that_mlflow_makes_of_it_tells_the_same(
    logged: Logged, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _assert_same_after_migration(logged.root, tmp_path)


def _assert_same_after_migration(root: Path, tmp_path: Path) -> None:
    """The tables of ``root`` and of what ``mlflow migrate-filestore`` makes of it are the same."""
    from mlflow.store.fs2db import migrate

    uri = f"sqlite:///{tmp_path}/migrated.db"
    migrate(root, uri, progress=False)
    from_files, from_database = (content(collect(store, Selection(deleted=True))) for store in (str(root), uri))
    # At one step and one moment a database takes -1 for less than NaN, a file store for more: `Points.last`.
    for tables in (from_files, from_database):
        tables["metrics"] = [row for row in tables["metrics"] if row[2] != "twice"]
        # The migration dates experiments that have no date, and takes old ones in .trash for active.
        tables["experiments"] = [(*row[:2], *row[5:]) for row in tables["experiments"]]
    for name in ("experiments", "runs", "params", "tags", "metrics", "history", "datasets", "models"):
        assert from_files[name] == from_database[name], name


@pytest.mark.parametrize("name", ["files-01", "files-15", "files-19", "files-23"])
def test_the_database_that_mlflow_makes_of_a_real_one_tells_the_same(
    shared_store: Unpacked, name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _assert_same_after_migration(shared_store(name) / "mlruns", tmp_path)


def test_selections(logged: Logged) -> None:
    a = logged.store.runs["a"]
    uri = str(logged.root)
    some = collect(uri, Selection(metrics=("los*", "odd")))
    assert set(pc.unique(some.history.table()["metric"].cast(pa.string())).to_pylist()) == {"loss", "odd"}
    assert booked(some, "points")[2][OTHER_METRIC] == N_LONG + 6 + 3 + 10 + 2 + 1 + 2
    assert some.metrics.num_rows == 11
    none = collect(uri, Selection(with_history=False))
    assert none.history.n_points == 0
    assert none.metrics.num_rows == 11
    window = collect(
        uri, Selection(start=datetime.fromtimestamp(1_760_000_060, UTC), end=datetime.fromtimestamp(1_760_000_121, UTC))
    )
    assert set(window.runs["name"].to_pylist()) == {"b", "parent"}
    for snapshot in (some, none, window):
        assert_books_balance(snapshot)
        assert problems(snapshot) in ([("redacted", uri)], [])
    planned = plan(uri, Selection(metrics=("loss", "odd")))
    assert planned.is_exact
    assert sum(e.n_points for e in planned.experiments) == 300 + 280 + 6
    assert a in some.runs["run_id"].to_pylist()


def test_points_that_were_not_kept_are_read_again(logged: Logged, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = collect(str(logged.root), Selection(deleted=True))
    for name, value in (("_MAX_KEPT", 0), ("_MAX_BYTES", 4000), ("_N_RUNS", 2)):
        monkeypatch.setattr(files, name, value)
    assert collect(str(logged.root), Selection(deleted=True)).digest() == kept.digest()
    monkeypatch.setattr(files, "_MAX_KEPT", 20_000)  # some are kept, some are not
    assert collect(str(logged.root), Selection(deleted=True)).digest() == kept.digest()


# --- which folder ---


@pytest.mark.parametrize("form", ["{}", "{}/", "file://{}", "file:{}", "  {} ", "file://localhost{}"])
def test_forms_of_a_uri(store: Store, form: str) -> None:
    store.experiment()
    store.run(files={"metrics/loss": "1 0.5 0\n"})
    snapshot = collect(form.format(store.root), Selection())
    assert snapshot.runs.num_rows == 1
    assert snapshot.source.kind == "files"
    assert snapshot.problems == ()


@pytest.mark.parametrize("uri", ["mlruns", "./mlruns", "file:mlruns", "file:./mlruns"])
def test_relative_uris(store: Store, uri: str, monkeypatch: pytest.MonkeyPatch) -> None:
    store.experiment()
    store.run()
    monkeypatch.chdir(store.root.parent)
    snapshot = collect(uri, Selection())
    assert (snapshot.runs.num_rows, snapshot.source.uri) == (1, uri)


def test_quoted_names_in_a_uri(tmp_path: Path) -> None:
    store = Store(tmp_path / "a b#ü" / "mlruns")
    store.experiment()
    assert collect(store.root.as_uri(), Selection()).experiments.num_rows == 1
    assert collect(str(store.root), Selection()).experiments.num_rows == 1


def test_the_folder_above_is_taken_and_said(store: Store) -> None:
    store.experiment()
    store.run()
    above = store.root.parent
    assert collect(str(above), Selection()).problems == (
        Problem("store-in-subfolder", str(above), "the store is the folder `mlruns` in it, which was read", severity="note"),
    )
    (above / "mlflow.db").touch()
    snapshot = collect(str(above), Selection())
    assert f"beside it lies {above}/mlflow.db" in snapshot.problems[0].what
    assert snapshot.runs.num_rows == 1


def error_of(uri: str | Path) -> SourceError:
    with pytest.raises(SourceError) as caught:
        collect(str(uri), Selection())
    return caught.value


@pytest.mark.fault(
    "The folder is no store: missing, empty, a file, one experiment, one run",
    "The error says which, and names the store when it is near.",
    at="files",
    exit=4,
)
def test_folders_that_are_no_store_are_told_apart(tmp_path: Path) -> None:
    store = Store(tmp_path / "work" / "mlruns")
    home = store.experiment("12")
    run = store.run(experiment="12", files={"metrics/loss": "1 1 1\n"})
    (tmp_path / "empty").mkdir()
    (tmp_path / "file.txt").write_text("text")
    assert (error_of(tmp_path / "work" / "mlrun").slug, error_of(tmp_path / "work" / "mlrun").todo) == (
        "no-such-store",
        f"did you mean {store.root}?",
    )
    assert error_of(tmp_path / "empty").slug == "not-a-store"
    assert error_of(tmp_path / "empty").found == "an empty folder"
    assert "is a file" in error_of(tmp_path / "file.txt").what
    assert "single experiment" in error_of(home).what
    assert error_of(home).todo == f"give the folder above it, {store.root}, and --experiment 12"
    assert "single run" in error_of(run).what
    assert error_of(run).todo == f"give the folder of the store: {store.root}"
    (home / "meta.yaml").unlink()
    assert "single experiment" in error_of(home).what
    assert error_of("file://elsewhere/mlruns").slug == "bad-uri"
    assert error_of("file://[/mlruns").slug == "bad-uri"
    assert error_of("file:///C:/Users/ann/mlruns").slug == "no-such-store"
    assert error_of("file:///mlruns%00").slug == "bad-uri"


def test_the_artifacts_of_a_database_are_no_store(tmp_path: Path) -> None:
    (tmp_path / "mlruns" / "1" / run_id(1) / "artifacts" / "model").mkdir(parents=True)
    (tmp_path / "mlruns" / "models" / "m-1" / "artifacts").mkdir(parents=True)
    assert "it holds artifacts only" in error_of(tmp_path / "mlruns").what
    (tmp_path / "mlflow.db").write_bytes(b"SQLite format 3\0")
    assert error_of(tmp_path / "mlruns").todo == f"the store is probably the database beside it: sqlite:///{tmp_path}/mlflow.db"
    assert error_of(tmp_path).todo == f"the store is probably the database beside it: sqlite:///{tmp_path}/mlflow.db"


def test_a_store_of_deleted_experiments_or_models_only(store: Store) -> None:
    store.experiment(".trash/3", experiment_id="'3'", lifecycle_stage="deleted")
    store.run(experiment=".trash/3", lifecycle_stage="deleted")
    snapshot = collect(str(store.root), Selection(deleted=True))
    assert snapshot.experiments["lifecycle"].to_pylist() == ["deleted"]
    assert snapshot.runs["experiment_id"].to_pylist() == ["3"]
    assert collect(str(store.root), Selection()).runs.num_rows == 0


# --- layouts of all times ---


def test_the_oldest_layout(store: Store) -> None:
    """MLflow 0.x: numbers for ids, no stage, no name but the tag, metrics without a step, relative URIs."""
    store.experiment("0", "Default", experiment_id=0, lifecycle_stage=..., artifact_location="./mlruns/0")
    files_ = {
        "metrics/loss": "1540000000 0.5\n1540000001 0.25\n",
        "tags/mlflow.runName": "first",
        "tags/mlflow.source.name": "t.py",
        "params/lr": "0.1",
    }
    store.run(
        experiment="0",
        files=files_,
        experiment_id=0,
        run_name=...,
        name="''",
        run_id=...,
        lifecycle_stage=...,
        user_id="bob",
        artifact_uri="./mlruns/0/x/artifacts",
    )
    snapshot = collect(str(store.root), Selection())
    row = snapshot.runs.to_pylist()[0]
    assert (row["name"], row["status"], row["lifecycle"], row["user"], row["source_name"]) == (
        "first",
        "FINISHED",
        "active",
        "bob",
        "t.py",
    )
    assert row["artifact_uri"] == "./mlruns/0/x/artifacts"
    series = next(snapshot.history.series())
    assert (series.step.tolist(), series.timestamp.tolist(), series.value.tolist()) == (
        [0, 0],
        [1540000000, 1540000001],
        [0.5, 0.25],
    )
    assert snapshot.metrics["value"].to_pylist() == [0.25]
    assert snapshot.problems == ()


@pytest.mark.parametrize(
    ("stored", "status"), [(1, "RUNNING"), (2, "SCHEDULED"), (4, "FAILED"), (5, "KILLED"), ("FINISHED", "FINISHED"), (9, "9")]
)
def test_a_status_is_a_number_or_a_word(store: Store, stored: object, status: str) -> None:
    store.experiment()
    store.run(status=stored)
    assert collect(str(store.root), Selection()).runs["status"].to_pylist() == [status]


def test_windows(store: Store) -> None:
    """URIs of another machine, and the line ends of Windows in every file that has lines."""
    home = store.experiment(artifact_location="file:///C:/Users/ann/mlruns/1")
    run = store.run(
        artifact_uri="file:C:\\Users\\ann\\mlruns/1/x/artifacts",
        files={"metrics/loss": "1 0.5 0\r\n2 nan 1\r\n3 0.25 2\r\n", "artifacts/a.txt": "abc"},
    )
    for folder in (home, run):
        meta = folder / "meta.yaml"
        meta.write_bytes(meta.read_bytes().replace(b"\n", b"\r\n"))
    snapshot = collect(str(store.root), Selection())
    assert snapshot.experiments["artifact_location"].to_pylist() == ["file:///C:/Users/ann/mlruns/1"]
    assert snapshot.runs["artifact_uri"].to_pylist() == ["file:C:\\Users\\ann\\mlruns/1/x/artifacts"]
    assert (snapshot.history.n_points, snapshot.metrics["value"].to_pylist()) == (3, [0.25])
    assert snapshot.artifacts["path"].to_pylist() == ["a.txt"]
    assert snapshot.problems == ()


def test_values_are_whole_files(store: Store) -> None:
    store.experiment()
    texts = {
        "params/empty": "",
        "params/line": "a\n",
        "params/crlf": "a\r\nb",
        "tags/deep/er/key": " x ",
        "params/ünï": "日本",
        "tags/bom": "\ufeffx",
    }
    store.run(files=texts | {"params/.DS_Store": b"\0\1", "metrics/.gitkeep": ""})
    snapshot = collect(str(store.root), Selection())
    found = {f"{name}/{r['key']}": r["value"] for name in ("params", "tags") for r in getattr(snapshot, name).to_pylist()}
    assert found == texts
    assert snapshot.problems == ()


def test_hyphens_and_types_that_yaml_would_change(store: Store) -> None:
    store.experiment("7", "2024-01-01", experiment_id=7)
    store.run(experiment="7", experiment_id=7, run_name="0x1F", user_id="yes", start_time="'1700000000000'", end_time="soon")
    snapshot = collect(str(store.root), Selection())
    row = snapshot.runs.to_pylist()[0]
    assert snapshot.experiments["name"].to_pylist() == ["2024-01-01"]
    assert (row["name"], row["user"], row["end_time"]) == ("31", "True", None)  # as YAML has it, and so MLflow
    assert row["start_time"] == _time(1_700_000_000_000)


# --- damage ---


def test_an_experiment_without_meta_yaml_is_read_under_its_id(store: Store) -> None:
    store.experiment("1")
    store.run(1, "7", files={"metrics/loss": "1 0.5 0\n"})
    (store.root / "stray" / "x").mkdir(parents=True)
    snapshot = collect(str(store.root), Selection())
    assert snapshot.experiments["name"].to_pylist() == ["exp", "(folder 7)"]
    assert snapshot.runs["experiment_id"].to_pylist() == ["7"]
    assert [p.severity for p in snapshot.problems] == ["warning", "note"]
    assert problems(snapshot) == [("experiment-without-meta", "experiment (folder 7)"), ("stray-folder", "folder stray")]
    assert collect(str(store.root), Selection(experiments=("7",))).runs.num_rows == 1


@pytest.mark.fault(
    "`meta.yaml` of an experiment and of a run is damaged",
    "The run is a gap; the experiment is read under its folder's name.",
    at="files",
    exit=3,
)
@pytest.mark.parametrize("damage", [b"", b"name: 'exp", b"- a\n", b"just text", b"\xff\xfe\x00", b"a: b: c\n", b"\0"])
def test_damaged_meta_yaml_of_an_experiment_and_of_a_run(store: Store, damage: bytes) -> None:
    store.experiment("1")
    store.run(1, files={"params/lr": "1", "metrics/loss": "1 0.5 0\n2 0.4 1\n"})
    (store.run(2, files={"params/lr": "1", "metrics/loss": "1 0.5 0\n"}) / "meta.yaml").write_bytes(damage)
    (store.experiment("2", "two") / "meta.yaml").write_bytes(damage)
    store.run(3, "2")
    snapshot = collect(str(store.root), Selection())
    assert snapshot.experiments["name"].to_pylist() == ["exp", "(folder 2)"]
    assert snapshot.runs["run_id"].to_pylist() == [run_id(1), run_id(3)]
    assert problems(snapshot) == [("experiment-damaged", "experiment (folder 2)"), ("run-unreadable", f"run {run_id(2)}")]
    assert booked(snapshot, "runs") == (3, 2, {UNREADABLE: 1})
    assert booked(snapshot, "points") == (3, 2, {UNREADABLE: 1})
    assert_books_balance(snapshot)
    window = collect(str(store.root), Selection(start=datetime(2023, 1, 1, tzinfo=UTC)))
    assert ("run-unreadable", f"run {run_id(2)}") in problems(window)


@pytest.mark.fault("A run lost its `meta.yaml`", "It is a gap.", at="files", exit=3)
def test_a_run_folder_that_lost_its_meta_yaml(store: Store) -> None:
    store.experiment()
    store.run(1)
    (store.run(2, files={"metrics/loss": "1 0.5 0\n"}) / "meta.yaml").unlink()
    (store.root / "1" / run_id(3) / "artifacts").mkdir(parents=True)  # where a database keeps artifacts: no run
    snapshot = collect(str(store.root), Selection())
    assert problems(snapshot) == [("run-unreadable", f"run {run_id(2)}")]
    assert booked(snapshot, "runs") == (2, 1, {UNREADABLE: 1})


def test_ids_that_contradict_their_folder(store: Store) -> None:
    store.experiment("1")
    store.run(1)
    store.run(2, run_id=run_id(9), run_uuid=run_id(9))
    store.run(3, experiment_id="'5'")
    store.experiment("1 copy", experiment_id="'1'")
    store.run(1, "1 copy", experiment_id="'1'")
    store.experiment("2", "two")
    store.run(1, "2")
    snapshot = collect(str(store.root), Selection())
    assert snapshot.runs["run_id"].to_pylist() == [run_id(1)]
    assert problems(snapshot) == [
        ("experiment-copied", "folder 1 copy"),
        ("run-twice", f"run {run_id(1)}"),
        ("run-unreadable", f"run {run_id(2)}"),
        ("runs-of-others", "experiment exp"),
    ]
    assert_books_balance(snapshot)


def test_an_experiment_and_a_deleted_one_of_the_same_id(store: Store) -> None:
    store.experiment("1")
    store.run(1)
    store.experiment(".trash/1", "old", experiment_id="'1'", lifecycle_stage="deleted")
    store.run(2, ".trash/1", lifecycle_stage="deleted")
    snapshot = collect(str(store.root), Selection(deleted=True))
    assert snapshot.experiments["experiment_id"].to_pylist() == [".trash/1", "1"]
    assert snapshot.runs["experiment_id"].to_pylist() == [".trash/1", "1"]
    assert [p.severity for p in snapshot.problems] == ["note"]
    assert_books_balance(snapshot)


def test_a_run_without_a_status_is_running_and_said(store: Store) -> None:
    store.experiment()
    store.run(status=..., user_id=...)
    snapshot = collect(str(store.root), Selection())
    assert snapshot.runs["status"].to_pylist() == ["RUNNING"]
    assert problems(snapshot) == [("meta-without-status", f"run {run_id(1)}")]


@pytest.mark.fault(
    "Metric files are cut, empty, binary, or hold lines of text",
    "Damaged lines are left out and counted; every other point is read.",
    at="files",
    exit=3,
)
def test_damaged_metric_files_cost_their_damaged_lines_only(store: Store) -> None:
    store.experiment()
    metrics: dict[str, str | bytes] = {
        "good": "1 0.5 0\n2 0.25 1\n",
        "cut": "1 0.5 0\n2 0.25 1\n3 0.1",
        "cut_short": "1 0.5 0\n2",
        "open": "1 0.5 0\n2 0.25 1",
        "empty": "",
        "blank": "\n  \n",
        "letters": "1 0.5 0\nhello world !\n2 high 1\n3 0.25 2.5\n4 0.2 3\n",
        "binary": b"1 0.5 0\n\xff\xfe\x00 1 2\n3 0.5 2\n",
        "two": "1 0.5\n2 0.25\n",
        "mixed": "1 0.5\n2 0.25 1\n3 0.125 2 wine d1\n",
        "data": "1 0.5 4 my wine data d1\n",
        "odd": "1 nan 0\n2 inf 1\n3 -inf 2\n4 Infinity 3\n5 -Infinity 4\n6 NaN 5\n7 1e400 6\n",
        "huge": f"{2**63} 1 0\n1 1 {2**63}\n1 2 3\n",
        "gaps": "1 0.5 0\n\n2 0.25 1\n",
    }
    store.run(files={f"metrics/{name}": data for name, data in metrics.items()})
    snapshot = collect(str(store.root), Selection())
    found = {
        s.metric: list(zip(s.timestamp.tolist(), map(repr, s.value.tolist()), s.step.tolist(), strict=True))
        for s in snapshot.history.series()
    }
    two = [(1, "0.5", 0), (2, "0.25", 1)]
    assert found == {
        "good": two,
        "cut": two,
        "cut_short": two[:1],
        "open": two,
        "letters": [(1, "0.5", 0), (4, "0.2", 3)],
        "binary": [(1, "0.5", 0), (3, "0.5", 2)],
        "two": [(1, "0.5", 0), (2, "0.25", 0)],
        "mixed": [(1, "0.5", 0), (2, "0.25", 1), (3, "0.125", 2)],
        "data": [(1, "0.5", 4)],
        "odd": [(1, "nan", 0), (2, "inf", 1), (3, "-inf", 2), (4, "inf", 3), (5, "-inf", 4), (6, "nan", 5), (7, "inf", 6)],
        "huge": [(1, "2.0", 3)],
        "gaps": two,
    }
    assert {r["metric"] for r in snapshot.metrics.to_pylist()} == set(found)
    assert booked(snapshot, "points") == (35, 27, {UNREADABLE: 8})
    assert booked(snapshot, "series") == (14, 12, {UNREADABLE: 2})
    assert_books_balance(snapshot)
    texts = {p.slug: p for p in snapshot.problems}
    assert set(texts) == {"metrics-unreadable", "metrics-open-ended"}
    assert texts["metrics-unreadable"].where == texts["metrics-open-ended"].where == f"run {run_id(1)}"
    assert texts["metrics-unreadable"].what == (
        "metrics that cannot be read, or not whole: binary: 1 of 3 lines are left out (line 2 is no `timestamp value step`: '\ufffd\ufffd\\x00 1 2'); "
        "blank: the file is empty; cut: 1 of 3 lines are left out (line 3 was cut short: '3 0.1'); "
        "cut_short: 1 of 2 lines are left out (line 2 was cut short: '2'); empty: the file is empty; and 2 more"
    )
    assert texts["metrics-open-ended"].what == "the last line of open has no end, so its last number may have been cut"
    assert texts["metrics-open-ended"].severity == "note"
    without = collect(str(store.root), Selection(with_history=False))
    assert problems(without) == problems(snapshot)
    assert_books_balance(without)


def test_damage_of_runs_that_are_not_selected_is_nobodys_problem(store: Store) -> None:
    store.experiment()
    store.run(1, files={"metrics/loss": "1 0.5 0\n"})
    store.run(2, files={"metrics/loss": "what?\n"}, status=4)
    store.run(3, files={"metrics/loss": "what?\n"}, lifecycle_stage="deleted")
    snapshot = collect(str(store.root), Selection(filter="attributes.status = 'FINISHED'"))
    assert snapshot.problems == ()
    assert booked(snapshot, "points") == (3, 1, {"not selected by the filter": 1, "deleted": 1})


def test_text_that_is_not_utf8_is_mended_and_said(store: Store) -> None:
    store.experiment()
    run = store.run(files={"params/p": b"caf\xe9", "tags/t": "ok"})
    with open(os.fsencode(run / "params") + b"/k\xe9y", "wb") as file:
        file.write(b"v")
    snapshot = collect(str(store.root), Selection())
    assert {r["key"]: r["value"] for r in snapshot.params.to_pylist()} == {"p": "caf\ufffd", "k\ufffdy": "v"}
    assert problems(snapshot) == [("text-repaired", f"run {run_id(1)}")]


@pytest.mark.fault(
    "Data sets of a run are missing or damaged", "They are a gap; the one that is whole is read.", at="files", exit=3
)
def test_datasets_that_are_missing_or_damaged(store: Store) -> None:
    home = store.experiment()
    store.written(
        home / "datasets" / "d1", {"name": "wine", "digest": "x", "source_type": "local", "source": "here", "schema": "null"}
    )
    (store.written(home / "datasets" / "d2", {}) / "meta.yaml").write_text("name: [")
    run = store.run(1)
    for number, source in enumerate(("d1", "d2", "d3", "../../../etc")):
        store.written(
            run / "inputs" / f"i{number}",
            {"source_type": "DATASET", "source_id": f"'{source}'", "tags": "{mlflow.data.context: eval}"},
        )
    store.written(run / "inputs" / "m", {"source_type": "MODEL", "source_id": "m-1", "tags": "{}"})
    (store.written(run / "inputs" / "z", {}) / "meta.yaml").write_text("")
    snapshot = collect(str(store.root), Selection())
    assert [(r["name"], r["context"], r["schema"]) for r in snapshot.datasets.to_pylist()] == [("wine", "eval", "")]
    assert booked(snapshot, "datasets") == (5, 1, {UNREADABLE: 4})
    assert problems(snapshot) == [("datasets-unreadable", f"run {run_id(1)}")]
    assert_books_balance(snapshot)


def test_damaged_models_stay_with_what_is_known(store: Store) -> None:
    home = store.experiment()
    store.written(store.root / "models" / "ranker", {"name": "ranker", "description": "d"})
    (store.written(store.root / "models" / "ranker" / "version-1", {}) / "meta.yaml").write_text("curr: [")
    (store.root / "models" / "ranker" / "aliases").mkdir()
    (store.root / "models" / "ranker" / "aliases" / "champion").write_text("1\n")
    (store.root / "models" / "ranker" / "aliases" / "lost").write_text("9")
    (store.root / "models" / "bare").mkdir()
    (home / "models" / "m-1" / "artifacts").mkdir(parents=True)
    store.written(home / "models" / "m-2", {"model_id": "m-2", "name": "net", "status": 2, "lifecycle_stage": "active"})
    snapshot = collect(str(store.root), Selection())
    assert [(r["kind"], r["name"], r["version"], r["aliases"], r["status"]) for r in snapshot.models.to_pylist()] == [
        ("logged", "net", "m-2", [], "READY"),
        ("registered", "bare", "", [], ""),
        ("registered", "ranker", "", ["lost"], ""),
        ("version", "ranker", "1", ["champion"], ""),
    ]
    assert problems(snapshot) == [("model-unreadable", "model bare"), ("model-unreadable", "model ranker version 1")]
    assert_books_balance(snapshot)


# --- what is hostile ---


@pytest.mark.fault(
    "Symbolic links and pipes lie in the store",
    "None is followed, nothing hangs, and gaps name where they lie.",
    at="files",
    exit=3,
)
def test_links_are_not_followed(store: Store, tmp_path: Path) -> None:
    outside = Store(tmp_path / "outside")
    outside.experiment("9", "secret")
    outside.run(9, "9", files={"params/password": "hunter2"})
    store.experiment()
    run = store.run(1, files={"params/lr": "1", "metrics/loss": "1 0.5 0\n", "artifacts/a": "a"})
    (store.root / "9").symlink_to(outside.root / "9")
    (store.root / "1" / run_id(9)).symlink_to(outside.root / "9" / run_id(9))
    (run / "params" / "link").symlink_to(outside.root / "9" / run_id(9) / "params" / "password")
    (run / "params" / "folder").symlink_to(outside.root / "9" / run_id(9) / "params")
    (run / "metrics" / "link").symlink_to(run / "metrics" / "loss")
    (run / "artifacts" / "link").symlink_to("/etc")
    os.mkfifo(run / "tags")
    os.mkfifo(run / "metrics" / "pipe")
    before = state(store.root)
    snapshot = collect(str(store.root), Selection())
    assert state(store.root) == before
    assert "hunter2" not in str(content(snapshot))
    assert snapshot.runs["run_id"].to_pylist() == [run_id(1)]
    assert snapshot.artifacts["path"].to_pylist() == ["a"]
    assert problems(snapshot) == [
        ("link-not-followed", "experiment exp"),
        ("link-not-followed", "experiment folder 9"),
        ("metrics-unreadable", f"run {run_id(1)}"),
        ("params-unreadable", f"run {run_id(1)}"),
        ("tags-unreadable", f"run {run_id(1)}"),
    ]
    assert booked(snapshot, "params") == (3, 1, {UNREADABLE: 2})
    assert booked(snapshot, "series") == (3, 1, {UNREADABLE: 2})
    assert booked(snapshot, "tags") == (1, 0, {UNREADABLE: 1})
    assert_books_balance(snapshot)


@pytest.mark.fault("Folders of the store are links to another place", "Nothing is read there.", at="files", exit=3)
def test_folders_of_the_layout_may_be_no_links_either(store: Store, tmp_path: Path) -> None:
    outside = Store(tmp_path / "outside")
    outside.experiment("9", "secret")
    secret = outside.run(
        9, "9", files={"tags/mlflow.runName": "hunter2", "params/password": "hunter2", "metrics/hunter2": "1 1 1\n"}
    )
    outside.written(outside.root / "models" / "hunter2", {"name": "hunter2"})
    store.experiment("1", "one")
    for number, name in enumerate(("tags", "params", "metrics", "inputs", "meta.yaml"), 1):
        run = store.run(number, run_name=...)
        (run / "meta.yaml").unlink() if name == "meta.yaml" else None
        (run / name).symlink_to(secret / name)
    good = store.run(6)
    (good / "artifacts").symlink_to("/etc")
    for name in ("tags", "datasets"):
        (store.root / "1" / name).symlink_to(secret / "tags")
    for name in (".trash", "models"):
        (store.root / name).symlink_to(outside.root / name.replace(".trash", "."))
    snapshot = collect(str(store.root), Selection(deleted=True))
    assert "hunter2" not in str(content(snapshot))
    assert snapshot.runs["run_id"].to_pylist() == [run_id(6)]
    assert problems(snapshot) == [
        ("experiments-unreadable", f"{store.root} .trash"),
        ("link-not-followed", "experiment one"),
        ("models-unreadable", "the model registry"),
        *(("run-unreadable", f"run {run_id(number)}") for number in (1, 2, 3, 4, 5)),
        ("tags-unreadable", "experiment one"),
    ]
    assert_books_balance(snapshot)


@pytest.mark.fault(
    "A file lies where a folder of metrics, params, tags or inputs belongs", "That part is a gap.", at="files", exit=3
)
@pytest.mark.parametrize(
    ("folder", "item"), [("metrics", "series"), ("params", "params"), ("tags", "tags"), ("inputs", "datasets")]
)
def test_a_file_in_place_of_a_folder_costs_what_it_stands_for(store: Store, folder: str, item: str) -> None:
    store.experiment()
    pieces = {"params/lr": "1", "tags/a": "b", "metrics/loss": "1 0.5 0\n"}
    store.run(1, files=pieces)
    kept = {path: text for path, text in pieces.items() if not path.startswith(folder)}
    store.run(2, files={**kept, folder: "what should be a folder"})
    snapshot = collect(str(store.root), Selection())
    assert [(p.slug, p.where, p.severity) for p in snapshot.problems] == [
        (f"{folder.replace('inputs', 'datasets')}-unreadable", f"run {run_id(2)}", "gap")
    ]
    assert "a file lies where its folder belongs" in snapshot.problems[0].what
    assert snapshot.runs.num_rows == 2
    whole = item == "datasets"
    assert booked(snapshot, item) == (1 if whole else 2, 0 if whole else 1, {UNREADABLE: 1})
    n_read = {"series": snapshot.metrics.num_rows, "params": snapshot.params.num_rows, "tags": snapshot.tags.num_rows}
    assert n_read == {what: 1 if what == item else 2 for what in n_read}
    assert_books_balance(snapshot)
    assert collect(str(store.root), Selection(with_history=False)).problems == snapshot.problems


def test_the_named_folder_itself_may_be_a_link(store: Store, tmp_path: Path) -> None:
    store.experiment()
    store.run(files={"artifacts/a": "abc"})
    (tmp_path / "link").symlink_to(store.root)
    snapshot = collect(str(tmp_path / "link"), Selection())
    assert (snapshot.runs.num_rows, snapshot.artifacts.num_rows) == (1, 1)


@pytest.mark.fault(
    "`meta.yaml` is a bomb: aliases, depth, size, or Python objects",
    "That run is left out and named; the others are read.",
    at="files",
    exit=3,
)
@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a: &x [1]\nb: [*x, *x]\n", "alias"),
        ("a: " + "[" * 100_000, "levels deep"),
        ("- " * 100_000, "levels deep"),
        ("name: !!python/object/apply:os.system ['true']\n", "not whole YAML"),
        ("a: !!int ''\n", "not whole YAML"),
        ("a: 2024-99-99\n", "not whole YAML"),
        ("a: " + "9" * 10_000 + "\n", "not whole YAML"),
        ("? [a]\n: b\n", "not whole YAML"),
        ("name: " + "x" * (1 << 20), "bytes, more than"),
    ],
)
def test_yaml_bombs_are_refused(store: Store, text: str, why: str) -> None:
    store.experiment()
    store.run(1)
    (store.run(2) / "meta.yaml").write_text(text)
    snapshot = collect(str(store.root), Selection())
    assert snapshot.runs["run_id"].to_pylist() == [run_id(1)]
    assert why in snapshot.problems[0].what


@pytest.mark.fault("A run names a folder of somebody else for its artifacts", "Nothing in it is listed.", at="artifacts")
def test_artifacts_elsewhere_are_not_listed(store: Store, tmp_path: Path) -> None:
    (tmp_path / "other" / run_id(1)).mkdir(parents=True)
    (tmp_path / "other" / run_id(1) / "secret").write_text("x")
    store.experiment()
    store.run(1, artifact_uri=str(tmp_path / "other" / run_id(1)), files={"artifacts/own": "x"})
    store.run(2, artifact_uri=f"s3://bucket/1/{run_id(2)}/artifacts")
    inside = store.root / "kept" / run_id(3) / "artifacts"
    inside.mkdir(parents=True)
    (inside / "model").write_text("x")
    store.run(3, artifact_uri=inside.as_uri(), files={"artifacts/old": "x"})
    rows = collect(str(store.root), Selection()).artifacts.to_pylist()
    assert [(r["run_id"], r["path"]) for r in rows] == [(run_id(1), "own"), (run_id(3), "model")]


def test_many_artifacts_are_cut_and_said(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reportgen.collect.artifacts.MAX_ENTRIES", 5)
    store.experiment()
    store.run(files={f"artifacts/{n}": "x" for n in range(6)})
    snapshot = collect(str(store.root), Selection())
    assert snapshot.artifacts.num_rows == 5
    assert problems(snapshot) == [("artifacts-cut", f"run {run_id(1)}")]


# --- rights ---


@contextmanager
def ordinary_user() -> Iterator[Path]:
    """A folder that everybody may enter, and, for root, somebody else's rights."""
    is_root = os.geteuid() == 0
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o777)
        if is_root:
            os.seteuid(65534)
        try:
            yield Path(folder)
        finally:
            if is_root:
                os.seteuid(0)


@pytest.mark.fault(
    "Files and folders may not be read",
    "Each is a gap; without the store's folder itself the error is `denied`.",
    at="files",
    exit=(3, 4),
)
def test_what_may_not_be_read_is_said(store: Store) -> None:
    store.experiment()
    store.run()
    collect(str(store.root), Selection())  # loads what this user may not load later
    with ordinary_user() as folder:
        theirs = Store(folder / "mlruns")
        theirs.experiment()
        one = theirs.run(1, files={"params/a": "1", "params/b": "2", "metrics/x": "1 1 1\n", "metrics/y": "1 1 1\n"})
        two = theirs.run(2, files={"params/a": "1", "metrics/x": "1 1 1\n"})
        three = theirs.run(3, files={"params/a": "1"})
        closed = theirs.experiment("2", "closed")
        paths = [one / "params" / "b", one / "metrics" / "y", two / "metrics", three / "meta.yaml", closed]
        for path in paths:
            path.chmod(0)
        try:
            snapshot = collect(str(theirs.root), Selection())
            theirs.root.chmod(0)
            error = error_of(theirs.root)
        finally:
            for path in (theirs.root, *paths):
                path.chmod(0o755)
    assert error.slug == "denied"
    assert snapshot.runs["run_id"].to_pylist() == [run_id(1)]
    assert snapshot.params["key"].to_pylist() == ["a"]
    assert problems(snapshot) == [
        ("experiment-unreadable", "experiment (folder 2)"),
        ("metrics-unreadable", f"run {run_id(1)}"),
        ("params-unreadable", f"run {run_id(1)}"),
        ("run-unreadable", f"run {run_id(2)}"),
        ("run-unreadable", f"run {run_id(3)}"),
    ]
    assert all("permission denied" in problem.what for problem in snapshot.problems)
    assert booked(snapshot, "params") == (4, 1, {UNREADABLE: 3})
    assert booked(snapshot, "runs") == (3, 1, {UNREADABLE: 2})
    assert_books_balance(snapshot)


# --- while somebody writes ---


@pytest.mark.fault("`meta.yaml` is empty since somebody is writing it", "It is read a moment later.", at="files", exit=0)
def test_a_meta_yaml_that_is_being_rewritten_is_read_a_moment_later(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.experiment()
    meta = store.run(1) / "meta.yaml"
    whole = meta.read_text()
    meta.write_text("")
    monkeypatch.setattr(files.time, "sleep", lambda _: meta.write_text(whole))
    snapshot = collect(str(store.root), Selection())
    assert snapshot.runs.num_rows == 1
    assert snapshot.problems == ()


def test_many_damaged_runs_are_not_all_waited_for(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.experiment()
    for number in range(60):
        (store.run(number) / "meta.yaml").write_text("")
    naps: list[float] = []
    monkeypatch.setattr(files.time, "sleep", naps.append)
    source = FileSource(str(store.root))
    source.experiments()
    assert source.runs(["1"]).num_rows == 60
    assert sum(naps) <= 3


@pytest.mark.fault(
    "A run grows, or loses a file, while it is read", "Its new points are read, and nothing is raised.", at="files"
)
def test_a_run_that_grows_or_goes_between_its_values_and_its_history(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_MAX_KEPT", 0)
    store.experiment()
    runs = [store.run(number, files={"metrics/loss": "1 0.5 0\n"}) for number in (1, 2)]
    source = FileSource(str(store.root))
    source.experiments()
    source.runs(["1"])
    ids = [run_id(1), run_id(2)]
    assert source.details(ids, lambda *_: None).metrics["step"].to_pylist() == [0, 0]
    with (runs[0] / "metrics" / "loss").open("a") as file:
        file.write("2 0.25 1\n")
    (runs[1] / "metrics" / "loss").unlink()
    chunk = next(source.history(ids, lambda _: True, lambda *_: None))
    assert chunk.points["step"].to_pylist() == [0, 1]
    assert chunk.stored["points"] == {run_id(1): 2}
    assert source.problems == ()


def test_nothing_is_held_or_made(store: Store) -> None:
    store.experiment()
    store.run(files={"metrics/loss": "1 0.5 0\n"})
    before = state(store.root)
    n_open = len(os.listdir("/proc/self/fd")) if Path("/proc/self/fd").exists() else None
    for _ in range(3):
        collect(str(store.root), Selection(deleted=True))
        plan(str(store.root), Selection())
    assert state(store.root) == before
    if n_open is not None:
        assert len(os.listdir("/proc/self/fd")) == n_open


def test_it_is_a_source(store: Store) -> None:
    store.experiment()
    source: Source = FileSource(str(store.root))
    assert type(opened(str(store.root), Reading())) is FileSource
    assert source.counts_points
    assert source.cost(10, 100, 1000).n_calls > 0


# --- stores that people committed ---

MANIFEST = SHARED / "stores" / "MANIFEST.json"
STORES = {s["id"]: s for s in json.loads(MANIFEST.read_text())["stores"]} if MANIFEST.exists() else {}
FILE_STORES = sorted(id_ for id_, s in STORES.items() if s["format"] == "filestore") or [
    pytest.param("", marks=pytest.mark.skip(reason="the collection of real stores is not here"))
]
NOTES = {"stray-folder", "metrics-open-ended", "experiment-without-meta", "experiment-twice", "redacted"}


@pytest.mark.parametrize("name", FILE_STORES)
def test_a_real_store_is_read_whole(shared_store: Unpacked, name: str) -> None:
    root = shared_store(name) / "mlruns"
    expected = STORES[name]["counts"]
    before = state(root)
    snapshot = collect(str(root), Selection(deleted=True))
    assert state(root) == before
    n_unnamed = sum(1 for name in snapshot.experiments["name"].to_pylist() if name.startswith("(folder "))
    lifecycles = Counter(snapshot.runs["lifecycle"].to_pylist())
    kinds = Counter(snapshot.models["kind"].to_pylist())
    history = snapshot.history.table()
    value = history["value"].to_numpy()
    counted = {
        "experiments": snapshot.experiments.num_rows - n_unnamed,
        "experiments_deleted": snapshot.experiments["lifecycle"].to_pylist().count("deleted"),
        "runs_active": lifecycles["active"],
        "runs_deleted": lifecycles["deleted"],
        "run_status": Counter(snapshot.runs["status"].to_pylist()),
        "params": snapshot.params.num_rows,
        "tags": snapshot.tags.num_rows,
        "experiment_tags": sum(len(tags) for tags in snapshot.experiments["tags"].to_pylist()),
        "metric_points": history.num_rows,
        "metric_series": snapshot.metrics.num_rows,
        "nan_points": int(np.isnan(value).sum()),
        "inf_points": int(np.isinf(value).sum()),
        "negative_step_points": int((history["step"].to_numpy() < 0).sum()),
        "nested_runs": snapshot.runs.num_rows - snapshot.runs["parent_run_id"].null_count,
        "registered_models": kinds["registered"],
        "model_versions": kinds["version"],
        "logged_models": kinds["logged"],
        "aliases": sum(len(aliases) for aliases in snapshot.models["aliases"].to_pylist()),
        "datasets": snapshot.datasets.num_rows,
    }
    assert counted == {key: expected.get(key, 0) for key in counted}
    named = {(e, life) for e, life, _ in expected["experiments_by_name"] if life != "no-meta"}
    rows = snapshot.experiments.to_pylist()
    assert {(e["name"], e["lifecycle"]) for e in rows if not e["name"].startswith("(folder ")} == named
    _assert_longest(snapshot, expected)
    assert_books_balance(snapshot)
    assert {problem.slug for problem in snapshot.problems} <= NOTES
    assert sum(p.slug == "metrics-open-ended" for p in snapshot.problems) == expected.get("metric_files_without_final_newline", 0)
    n_malformed = sum(p.slug in ("stray-folder", "experiment-without-meta") for p in snapshot.problems)
    assert n_malformed == sum(text.startswith("experiment folder") for text in expected["malformed"])


def _assert_longest(snapshot: Snapshot, expected: dict[str, Any]) -> None:
    if "longest" not in expected:
        assert snapshot.metrics.num_rows == 0
        return
    longest = expected["longest"]
    (series,) = snapshot.history.series(metrics=[longest["key"]], run_ids=[longest["run_id"]])
    assert (len(series), int(series.step.min()), int(series.step.max())) == (
        longest["points"],
        longest["min_step"],
        longest["max_step"],
    )
    (last,) = (
        r["value"] for r in snapshot.metrics.to_pylist() if (r["run_id"], r["metric"]) == (longest["run_id"], longest["key"])
    )
    assert last == longest["last_value"]


def test_broken_stores_end_in_words(shared_store: Unpacked) -> None:
    database = error_of(shared_store("broken-01"))
    assert database.slug == "not-a-store"
    assert database.todo is not None
    assert "sqlite:///" in database.todo
    assert error_of(shared_store("broken-02")).slug == "not-a-store"
