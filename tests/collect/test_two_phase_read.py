"""A reading in two halves gives what one reading of the chosen experiments gives, and asks the store for nothing twice."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from reportgen.collect import Selection, Store, collect
from reportgen.collect import source as sources
from reportgen.collect import two_phase_read as module
from reportgen.collect.two_phase_read import two_phase_read
from reportgen.errors import SourceError
from reportgen.snapshot import Snapshot
from tests import ab_store
from tests.collect.file_stores import Store as FileStore
from tests.servers import MlflowServer


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two stores with the A/B test, and in each an experiment that nobody asks for."""
    from mlflow import MlflowClient

    folder = tmp_path_factory.mktemp("two-phase")
    (folder / "prod").mkdir()
    ab_store.sqlite_store(folder / "prod")
    shutil.copytree(folder / "prod", folder / "lab")
    with closing(sqlite3.connect(folder / "lab" / "mlflow.db")) as connection, connection:
        for table in ("runs", "metrics", "latest_metrics", "params", "tags"):  # other runs than those of prod
            connection.execute(f"UPDATE {table} SET run_uuid = substr(run_uuid, 2) || substr(run_uuid, 1, 1)")
    for name in ("prod", "lab"):
        client = MlflowClient(uri(folder, name))
        other = client.create_experiment(f"only in {name}")
        run = client.create_run(other, tags={"db.password": "hunter2"})
        client.log_metric(run.info.run_id, "val_accuracy", 0.5)
        client.create_registered_model("ranker")
    return folder


def uri(template: Path, name: str) -> str:
    return f"sqlite:///{template}/{name}/mlflow.db"


def saved(snapshot: Snapshot, folder: Path) -> dict[str, Any]:
    snapshot.save(folder, timing=False)
    files = {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "manifest.json"}
    return files | {"manifest": json.loads((folder / "manifest.json").read_text())}


def in_halves(stores: list[Store], selection: Selection, *names: str) -> Snapshot:
    with two_phase_read(stores, selection) as read:
        rows = read.runs.experiments.to_pylist()
        return read.snapshot_of([row["experiment_id"] for row in rows if row["name"] in names], lambda *_: None)


def test_one_store(template: Path, tmp_path: Path) -> None:
    selection = Selection(filter="attributes.status = 'FINISHED'")
    halves = in_halves([Store("prod", uri(template, "prod"))], selection, "ranker/ab")
    whole = collect(uri(template, "prod"), Selection(experiments=("ranker/ab",), filter=selection.filter))
    assert saved(halves, tmp_path / "halves") == saved(whole, tmp_path / "whole")
    assert halves.runs.num_rows == ab_store.N_RUNS - 1


def test_a_server(template: Path, tmp_path: Path, mlflow_server: Callable[[str], MlflowServer]) -> None:
    url = mlflow_server(uri(template, "prod")).url
    halves = in_halves([Store("prod", url)], Selection(), "ranker/ab")
    assert saved(halves, tmp_path / "halves") == saved(collect(url, Selection(experiments=("ranker/ab",))), tmp_path / "whole")


def test_several_stores_keep_the_names_that_were_told_first(template: Path, tmp_path: Path) -> None:
    stores = [Store("prod", uri(template, "prod")), Store("lab", uri(template, "lab")), Store("gone", "sqlite:////no/such.db")]
    halves = in_halves(stores, Selection(), "prod / ranker/ab", "only in lab")
    names = [(row["experiment_id"], row["name"]) for row in halves.experiments.to_pylist()]
    assert names == [("lab:2", "only in lab"), ("prod:1", "prod / ranker/ab")]
    assert halves.runs.num_rows == ab_store.N_RUNS + 1
    assert [p.where for p in halves.problems if p.severity == "gap"] == ["source gone"]
    both = in_halves(stores[:2], Selection(), "prod / ranker/ab", "lab / ranker/ab")
    own = [Store(one.name, one.uri, ("ranker/ab",)) for one in stores[:2]]
    parts = [saved(one, tmp_path / name) for one, name in ((both, "halves"), (collect(own, Selection()), "whole"))]
    models = [part.pop("models.parquet") for part in parts]
    assert models[0] == models[1]
    assert parts[0] == parts[1]


def test_nothing_is_asked_for_twice(template: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: Counter[str] = Counter()

    def spied(at: str, reading: Any) -> Any:
        source = sources.opened(at, reading)
        for name in ("experiments", "runs", "details", "history", "traces", "artifacts"):
            plain = getattr(source, name)
            monkeypatch.setattr(
                source, name, lambda *a, _name=name, _plain=plain, **k: (calls.update([_name]), _plain(*a, **k))[1]
            )
        return source

    monkeypatch.setattr(module, "opened", spied)
    in_halves([Store("prod", uri(template, "prod"))], Selection(), "ranker/ab")
    assert calls == dict.fromkeys(("experiments", "runs", "details", "history", "traces", "artifacts"), 1)


def test_damage_in_experiments_that_are_not_kept_is_not_told(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "mlruns")
    for id_, name in (("1", "good"), ("2", "bad")):
        store.experiment(id_, name)
        store.run(int(id_), id_, files={"metrics/acc": "1 0.5 0\n" if name == "good" else "no number\n"})
    (store.run(3, "2") / "meta.yaml").write_text("{")
    (tmp_path / "mlruns" / "2" / "linked").symlink_to(tmp_path)
    stores = [Store("files", str(store.root))]
    assert {p.slug for p in in_halves(stores, Selection(), "bad").problems if p.severity == "gap"} >= {"run-unreadable"}
    good = in_halves(stores, Selection(), "good")
    whole = collect(str(store.root), Selection(experiments=("good",)))
    assert good.problems == whole.problems == ()
    assert good.ledger == whole.ledger


@pytest.mark.fault(
    "A store goes away between lists and histories",
    "It is a gap; when all are gone there is no report.",
    at="database",
    exit=(3, 4),
)
def test_a_store_that_fails_between_the_halves_is_a_gap(template: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stores = [Store("prod", uri(template, "prod")), Store("lab", uri(template, "lab"))]

    def gone(*_: object) -> None:
        raise SourceError("store-gone", "the store went away")

    with two_phase_read(stores, Selection()) as read:
        monkeypatch.setattr(read.parts["lab"].source, "history", gone)
        left = read.snapshot_of(["prod:1", "lab:1"], lambda *_: None)
        monkeypatch.setattr(read.parts["prod"].source, "history", gone)
        with pytest.raises(SourceError, match="none of the 2 sources can be read"):
            read.snapshot_of(["prod:1", "lab:1"], lambda *_: None)
    assert [(p.slug, p.where) for p in left.problems if p.severity == "gap"] == [("source-unread", "source lab")]
    assert {row["experiment_id"] for row in left.runs.to_pylist()} == {"prod:1"}


def test_a_limit_is_refused(template: Path) -> None:
    store = Store("s", uri(template, "prod"))
    with two_phase_read([store], Selection(limit=1)) as read, pytest.raises(ValueError, match="a limit cannot be kept"):
        read.snapshot_of(["1"], lambda *_: None)


@pytest.mark.server
@pytest.mark.parametrize("kind", ["rich_postgres", "rich_mariadb", "rich_sqlite"])
def test_everything_that_a_store_may_hold(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    rich = request.getfixturevalue(kind)
    names = ("alpha/train", "βeta ünïcode 実験")
    halves = in_halves([Store("store", rich.uri)], Selection(deleted=True), *names)
    whole = collect(rich.uri, Selection(experiments=names, deleted=True))
    assert saved(halves, tmp_path / "halves") == saved(whole, tmp_path / "whole")
    assert halves.runs.num_rows > 6
