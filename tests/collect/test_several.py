"""Several stores in one snapshot: ids and names that clash, copies, stores that are not there, one store as before."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from reportgen.collect import Reading, Selection, Store, collect, plan
from reportgen.errors import ConfigError, SourceError
from reportgen.snapshot import Snapshot, sort_history
from tests import ab_store


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two stores with different runs in experiments of the same ids and names."""
    folder = tmp_path_factory.mktemp("several")
    for name in ("a", "b"):
        (folder / name).mkdir()
        ab_store.sqlite_store(folder / name)
    return folder


@pytest.fixture
def stores(template: Path) -> list[Store]:
    return [Store("prod", f"sqlite:///{template}/b/mlflow.db"), Store("lab", f"sqlite:///{template}/a/mlflow.db")]


def rows(snapshot: Snapshot, table: str, *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(row[column] for column in columns) for row in getattr(snapshot, table).to_pylist()]


def test_one_store_is_read_as_if_it_had_no_name(stores: list[Store], tmp_path: Path) -> None:
    alone, named = collect(stores[0].uri, Selection()), collect(stores[:1], Selection())
    for name, snapshot in (("alone", alone), ("named", named)):
        snapshot.save(tmp_path / name, timing=False)
    files = sorted(path.name for path in (tmp_path / "alone").iterdir())
    assert [(tmp_path / "named" / file).read_bytes() == (tmp_path / "alone" / file).read_bytes() for file in files] == [
        True
    ] * len(files)
    manifest = json.loads((tmp_path / "named" / "manifest.json").read_text())
    assert sorted(manifest["source"]) == ["kind", "uri", "version"]
    assert "sources" not in manifest


def test_ids_and_names_of_two_stores_are_kept_apart(stores: list[Store]) -> None:
    snapshot = collect(stores, Selection())
    assert rows(snapshot, "experiments", "experiment_id", "name", "source") == [
        ("lab:0", "lab / Default", stores[1].uri),
        ("lab:1", "lab / ranker/ab", stores[1].uri),
        ("prod:0", "prod / Default", stores[0].uri),
        ("prod:1", "prod / ranker/ab", stores[0].uri),
    ]
    alone = {store.name: collect(store.uri, Selection()) for store in stores}
    expected = sorted((f"{name}:1", id_) for name, one in alone.items() for id_ in one.runs["run_id"].to_pylist())
    assert rows(snapshot, "runs", "experiment_id", "run_id") == expected
    for table in ("params", "tags", "metrics"):
        own = [
            (f"{name}:{row[0]}", *row[1:]) for name, one in alone.items() for row in rows(one, table, "experiment_id", "run_id")
        ]
        assert Counter(rows(snapshot, table, "experiment_id", "run_id")) == Counter(own)
    points = {(s.run_id, s.metric): s.value.tolist() for s in snapshot.history.series()}
    assert str(points) == str(
        {(s.run_id, s.metric): s.value.tolist() for one in ("lab", "prod") for s in alone[one].history.series()}
    )
    assert snapshot.problems == ()
    assert [(info.name, info.uri, info.kind) for info in snapshot.sources] == [(s.name, s.uri, "sqlite") for s in stores]


def test_the_ledger_names_the_source_of_every_row_and_balances(stores: list[Store]) -> None:
    snapshot = collect(stores, Selection(filter="attributes.status = 'FINISHED'"))
    runs = [
        (r.experiment_id, r.experiment, r.n_store, r.n_read, r.left_out)
        for r in snapshot.ledger
        if r.item == "runs" and r.n_store
    ]
    left_out = (("not selected by the filter", 1),)
    assert runs == [("lab:1", "lab / ranker/ab", 18, 17, left_out), ("prod:1", "prod / ranker/ab", 18, 17, left_out)]
    assert [(r.experiment_id, r.experiment) for r in snapshot.ledger if r.item == "models"] == [
        ("lab:", "lab"),
        ("prod:", "prod"),
    ]
    assert not any(row.unexplained for row in snapshot.ledger)


def test_names_that_are_not_shared_stay_as_they_are(stores: list[Store], template: Path, tmp_path: Path) -> None:
    from mlflow import MlflowClient

    shutil.copytree(template / "a", tmp_path / "own")
    uri = f"sqlite:///{tmp_path}/own/mlflow.db"
    client = MlflowClient(uri)
    client.rename_experiment("1", "speech")
    client.create_experiment("prod / Default")
    snapshot = collect([stores[0], Store("own", uri)], Selection(experiments=("speech", "ranker/ab")))
    assert rows(snapshot, "experiments", "experiment_id", "name") == [("own:1", "speech"), ("prod:1", "ranker/ab")]
    # An experiment that is called as another one would be shown: then every name gets its source.
    every = collect([stores[0], Store("own", uri)], Selection())
    assert [name for (name,) in rows(every, "experiments", "name")] == [
        "own / Default",
        "own / speech",
        "own / prod / Default",
        "prod / Default",
        "prod / ranker/ab",
    ]


@pytest.mark.fault("Two stores hold the same runs", "They are kept apart, with a warning.", at="database", exit=0)
def test_a_copy_is_told_and_its_runs_are_kept_apart(stores: list[Store], template: Path, tmp_path: Path) -> None:
    shutil.copytree(template / "b", tmp_path / "copy")
    snapshot = collect([stores[0], Store("copy", f"sqlite:///{tmp_path}/copy/mlflow.db")], Selection())
    (problem,) = snapshot.problems
    assert (problem.slug, problem.where, problem.severity) == ("run-in-several-sources", "copy, prod", "warning")
    assert problem.what.startswith("18 runs with the same id")
    ids = snapshot.runs["run_id"].to_pylist()
    assert len(set(ids)) == 36
    assert {run_id.partition("#")[2] for run_id in ids} == {"copy", "prod"}
    assert {s.run_id for s in snapshot.history.series()} == set(snapshot.metrics["run_id"].to_pylist())


def test_children_keep_their_own_parents(template: Path, tmp_path: Path) -> None:
    """A child whose parent is only in the other store has none; the copies of a parent each have their own children."""
    from mlflow import MlflowClient

    uris = []
    for name in ("x", "y"):
        shutil.copytree(template / "a", tmp_path / name)
        uris.append(f"sqlite:///{tmp_path}/{name}/mlflow.db")
    parent = collect(uris[0], Selection()).runs["run_id"][0].as_py()
    child = MlflowClient(uris[0]).create_run("1", tags={"mlflow.parentRunId": parent}).info.run_id
    MlflowClient(uris[1]).delete_run(parent)
    orphan = MlflowClient(uris[1]).create_run("1", tags={"mlflow.parentRunId": parent}).info.run_id
    snapshot = collect([Store("x", uris[0]), Store("y", uris[1])], Selection())
    parents = dict(rows(snapshot, "runs", "run_id", "parent_run_id"))
    assert (parents[child], parents[orphan]) == (parent, f"{parent}#y")
    assert parent in parents
    assert f"{parent}#y" not in parents


def test_histories_too_large_for_memory_join_on_disk(stores: list[Store], tmp_path: Path) -> None:
    in_memory = collect(stores, Selection())
    on_disk = collect(stores, Selection(), reading=Reading(points_in_memory=700, scratch=tmp_path))
    assert (in_memory.history.on_disk, on_disk.history.on_disk) == (False, True)
    assert on_disk.digest() == in_memory.digest()
    assert [(s.run_id, s.metric) for s in on_disk.history.series()] == [(s.run_id, s.metric) for s in in_memory.history.series()]
    table = in_memory.history.table()
    assert str(sort_history(table).to_pylist()) == str(table.to_pylist())  # NaN equals nothing
    in_memory.save(tmp_path / "one", timing=False)
    on_disk.save(tmp_path / "two", timing=False)
    assert (tmp_path / "one/history.parquet").read_bytes() == (tmp_path / "two/history.parquet").read_bytes()
    loaded = Snapshot.load(tmp_path / "two")
    assert (loaded.digest(), loaded.sources) == (in_memory.digest(), in_memory.sources)


def test_the_order_of_the_sources_changes_no_number(stores: list[Store]) -> None:
    assert collect(stores, Selection()).digest() == collect(stores[::-1], Selection()).digest()


@pytest.mark.fault(
    "One of several stores cannot be reached",
    "It is a gap; the others are read, and no password is shown.",
    at="database",
    exit=3,
)
def test_a_store_that_cannot_be_read_costs_its_place(stores: list[Store]) -> None:
    gone = Store("gone", "postgresql://u:hunter2-very-secret@127.0.0.1:9/mlflow")
    snapshot = collect([gone, *stores], Selection())
    (problem,) = snapshot.problems
    assert (problem.slug, problem.where, problem.severity) == ("source-unread", "source gone", "gap")
    assert "hunter2" not in f"{problem}{snapshot.sources}{snapshot.source}"
    assert [(info.name, info.kind, info.was_read) for info in snapshot.sources] == [
        ("gone", "postgresql", False),
        ("prod", "sqlite", True),
        ("lab", "sqlite", True),
    ]
    assert snapshot.digest() == collect(stores, Selection()).digest()
    assert {p.slug for p in plan([gone, *stores], Selection()).problems} == {"source-unread"}


@pytest.mark.fault("None of several stores can be read", "The error names each with its reason.", at="database", exit=4)
def test_with_no_store_to_read_there_is_no_snapshot(tmp_path: Path) -> None:
    gone = [Store(name, f"sqlite:///{tmp_path}/{name}.db") for name in ("a", "b")]
    with pytest.raises(SourceError) as raised:
        collect(gone, Selection())
    assert raised.value.slug == "no-source-readable"
    assert f"a: there is no file {tmp_path}/a.db" in raised.value.what
    assert f"b: there is no file {tmp_path}/b.db" in raised.value.what


@pytest.mark.fault(
    "An experiment is in no store, or may be in one that cannot be read",
    "An error with near names; beside an unread store it is a gap.",
    at="config",
    exit=(3, 4),
)
def test_an_entry_need_not_fit_in_every_store_but_in_one(stores: list[Store], template: Path, tmp_path: Path) -> None:
    from mlflow import MlflowClient

    uri = f"sqlite:///{tmp_path}/mlflow.db"
    MlflowClient(uri).create_experiment("speech", tags={"team": "audio"})
    three = [*stores, Store("audio", uri)]
    snapshot = collect(three, Selection(experiments=("ranker/*", "tag:team=audio")))
    assert rows(snapshot, "experiments", "experiment_id", "name") == [
        ("audio:1", "speech"),
        ("lab:1", "lab / ranker/ab"),
        ("prod:1", "prod / ranker/ab"),
    ]
    only = collect(three, Selection(experiments=("speech",)))
    assert [(p.slug, p.where, p.severity) for p in only.problems] == [
        ("source-without-experiments", "source lab", "note"),
        ("source-without-experiments", "source prod", "note"),
    ]
    with pytest.raises(SourceError) as raised:
        collect(three, Selection(experiments=("ranker/*", "speach")))
    assert raised.value.what == "there is no experiment 'speach' in prod, lab and audio"
    assert raised.value.todo == "did you mean 'speech'?"
    gone = Store("gone", f"sqlite:///{tmp_path}/gone.db")
    partly = collect([*three, gone], Selection(experiments=("ranker/*", "speach")))
    assert [p.slug for p in partly.problems if p.severity == "gap"] == ["experiment-missing", "source-unread"]


def test_a_store_may_have_its_own_experiments(stores: list[Store]) -> None:
    own = [stores[0], Store("lab", stores[1].uri, ("Default",))]
    snapshot = collect(own, Selection(experiments=("ranker/ab",)))
    assert rows(snapshot, "experiments", "experiment_id", "name") == [("lab:0", "Default"), ("prod:1", "ranker/ab")]
    assert snapshot.selection == (("experiments of lab", "Default"), ("experiments", "ranker/ab"))
    wrong = collect([stores[0], Store("lab", stores[1].uri, ("Defualt",))], Selection())
    (problem,) = wrong.problems
    assert (problem.where, problem.todo) == ("source lab", "did you mean 'Default'?")


def test_a_limit_counts_in_each_store_and_a_bad_order_is_a_mistake(stores: list[Store]) -> None:
    snapshot = collect(stores, Selection(order_by=("metrics.val_accuracy DESC",), limit=4))
    assert Counter(row[0] for row in rows(snapshot, "runs", "experiment_id")) == {"lab:1": 4, "prod:1": 4}
    with pytest.raises(ConfigError) as raised:
        collect(stores, Selection(order_by=("metric.val_accuracy DECS",), limit=4))
    assert raised.value.slug == "bad-order"
    assert "did you mean metric.val_accuracy DESC?" in raised.value.what


def test_a_plan_tells_the_numbers_of_the_snapshot(stores: list[Store]) -> None:
    whole = plan(stores, Selection())
    found = [(row.experiment_id, row.experiment, row.n_runs, row.n_points) for row in whole.experiments]
    assert found == [
        ("lab:0", "lab / Default", 0, 0),
        ("lab:1", "lab / ranker/ab", ab_store.N_RUNS, ab_store.N_POINTS),
        ("prod:0", "prod / Default", 0, 0),
        ("prod:1", "prod / ranker/ab", ab_store.N_RUNS, ab_store.N_POINTS),
    ]
    assert [info.name for info in whole.sources] == ["prod", "lab"]


def test_registered_models_of_one_name_are_kept_apart(template: Path, tmp_path: Path) -> None:
    from mlflow import MlflowClient

    stores = []
    for name in ("x", "y"):
        shutil.copytree(template / name.translate({ord("x"): "a", ord("y"): "b"}), tmp_path / name)
        uri = f"sqlite:///{tmp_path}/{name}/mlflow.db"
        client = MlflowClient(uri, registry_uri=uri)
        for model in ("ranker", f"only-{name}"):
            client.create_registered_model(model)
            client.create_model_version(
                model, f"file://{tmp_path}/model", run_id=collect(uri, Selection()).runs["run_id"][0].as_py()
            )
        stores.append(Store(name, uri))
    snapshot = collect(stores, Selection())
    assert rows(snapshot, "models", "kind", "name") == [
        (kind, name) for kind in ("registered", "version") for name in ("only-x", "only-y", "x / ranker", "y / ranker")
    ]
    assert {row[0] for row in rows(snapshot, "models", "experiment_id")} == {"", "x:1", "y:1"}


def test_a_database_and_a_folder_of_files(stores: list[Store], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from mlflow import MlflowClient

    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    client = MlflowClient(str(tmp_path / "mlruns"))
    client.search_experiments()
    run = client.create_run("0", run_name="from files")
    client.log_metric(run.info.run_id, "val_accuracy", 0.5)
    snapshot = collect([stores[0], Store("files", str(tmp_path / "mlruns"))], Selection())
    assert rows(snapshot, "experiments", "experiment_id", "name") == [
        ("files:0", "files / Default"),
        ("prod:0", "prod / Default"),
        ("prod:1", "ranker/ab"),
    ]
    assert rows(snapshot, "runs", "experiment_id", "run_id")[0] == ("files:0", run.info.run_id)
    assert [info.kind for info in snapshot.sources] == ["sqlite", "files"]
    assert not any(row.unexplained for row in snapshot.ledger)
