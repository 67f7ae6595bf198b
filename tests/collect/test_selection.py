"""Which experiments and runs are read: tags of experiments, parents and children, order and limit, and the ledger's word for each."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from reportgen.collect import Selection, collect, plan
from reportgen.collect.orders import orders_of
from reportgen.collect.selection import chosen_experiments
from reportgen.errors import ConfigError, SourceError
from reportgen.snapshot import Snapshot

START = 1_763_000_000_000


@dataclass(frozen=True)
class Made:
    uri: str
    client: Any
    ids: Mapping[str, str]
    """Run name → id."""

    def names(self, snapshot: Snapshot) -> list[str]:
        own = {run_id: name for name, run_id in self.ids.items()}
        return sorted(own[run_id] for run_id in snapshot.runs["run_id"].to_pylist())


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Runs with ties, NaN, infinities and gaps in what they are ordered by; a family of three generations."""
    from mlflow import MlflowClient

    uri = f"sqlite:///{tmp_path_factory.mktemp('selection')}/mlflow.db"
    client = MlflowClient(uri)
    experiment = client.create_experiment("recsys/ranker", tags={"team": "recsys", "stage": "prod eu"})
    client.create_experiment("speech", tags={"team": "audio"})
    client.create_experiment("tag:team=audio", tags={})
    values: dict[str, float | None] = {
        "a": 0.5, "b": 0.5, "c": 0.9, "d": math.nan, "e": None, "f": math.inf, "g": -math.inf, "h": 0.1, "i": math.nan, "j": None,
    }  # fmt: skip
    ids: dict[str, str] = {}
    parents = {"b": "a", "c": "b", "h": "gone", "i": "deleted", "j": "j"}
    for index, (name, value) in enumerate(values.items()):
        at = START + (index // 2) * 1000  # two runs start together
        run = client.create_run(experiment, start_time=at, run_name=name, tags={"kind": "odd" if index % 2 else "even"})
        ids[name] = run.info.run_id
        if value is not None:
            client.log_metric(run.info.run_id, "acc/top 1", value, timestamp=at, step=0)
        if index % 3:
            client.log_param(run.info.run_id, "lr", ["0.1", "1e-3", "Z", "a"][index % 4])
    ids["deleted"] = client.create_run(experiment, start_time=START, run_name="deleted").info.run_id
    client.delete_run(ids["deleted"])
    for child, parent in parents.items():
        client.set_tag(ids[child], "mlflow.parentRunId", ids.get(parent, "0" * 32))
    return Made(uri, client, ids)


ORDERS = [
    [],
    ["metrics.`acc/top 1` DESC"],
    ["metrics.`acc/top 1`"],
    ["metrics.`acc/top 1` ASC", "attributes.run_name DESC"],
    ["tags.kind", "metrics.`acc/top 1` DESC"],
    ["params.lr DESC"],
    ["params.lr", "tags.kind DESC", "start_time"],
    ["attributes.run_name DESC"],
    ["attributes.start_time ASC"],
    ["end_time"],
    ["metrics.nothing DESC", "params.lr"],
]


@pytest.mark.parametrize("order", ORDERS, ids=str)
def test_a_limit_keeps_the_runs_that_mlflow_puts_first(made: Made, order: list[str]) -> None:
    for limit in range(1, 11):
        page = made.client.search_runs(["1"], "", order_by=order, max_results=limit)
        snapshot = collect(made.uri, Selection(order_by=tuple(order), limit=limit, with_history=False))
        assert set(snapshot.runs["run_id"].to_pylist()) == {run.info.run_id for run in page}


def left_out(snapshot: Snapshot) -> dict[str, int]:
    (row,) = [row for row in snapshot.ledger if row.item == "runs" and row.experiment == "recsys/ranker"]
    assert row.unexplained == 0
    return dict(row.left_out)


def test_roots_and_children(made: Made) -> None:
    """A parent that was deleted or never was there makes nobody a child, nor does a run that is its own parent."""
    roots = collect(made.uri, Selection(nested="roots"))
    assert made.names(roots) == ["a", "d", "e", "f", "g", "h", "i", "j"]
    assert left_out(roots) == {"deleted": 1, "nested run": 2}
    children = collect(made.uri, Selection(nested="children"))
    assert made.names(children) == ["b", "c"]
    assert left_out(children) == {"deleted": 1, "root run": 8}
    with_deleted = collect(made.uri, Selection(nested="roots", deleted=True))
    assert made.names(with_deleted) == ["a", "d", "deleted", "e", "f", "g", "h", "j"]
    assert not any(row.unexplained for one in (roots, children, with_deleted) for row in one.ledger)


def test_a_child_stays_a_child_when_its_parent_is_not_selected(made: Made) -> None:
    window = Selection(start=datetime.fromtimestamp(START / 1000 + 1, UTC), nested="roots")
    assert "c" not in made.names(collect(made.uri, window))
    filtered = Selection(filter="attributes.run_name != 'a'", nested="roots")
    assert "b" not in made.names(collect(made.uri, filtered))


def test_every_reason_has_its_place_in_the_order(made: Made) -> None:
    selection = Selection(
        filter="tags.kind = 'odd'",
        start=datetime.fromtimestamp(START / 1000 + 1, UTC),
        nested="roots",
        limit=2,
        order_by=("run_name",),
    )
    snapshot = collect(made.uri, selection)
    assert made.names(snapshot) == ["d", "f"]
    assert left_out(snapshot) == {
        "deleted": 1,
        "outside the window": 2,
        "nested run": 1,
        "not selected by the filter": 3,
        "beyond the limit": 2,
    }
    assert sum(row.n_runs for row in plan(made.uri, selection).experiments) == 2
    assert dict(snapshot.selection)["limit"] == "2 runs"
    assert (dict(snapshot.selection)["nested"], dict(snapshot.selection)["order"]) == ("roots", "run_name")


def test_an_order_by_what_no_run_has_is_told(made: Made) -> None:
    snapshot = collect(made.uri, Selection(order_by=("metrics.`acc/top1` DESC",), limit=3))
    (problem,) = snapshot.problems
    assert (problem.slug, problem.severity, problem.todo) == ("order-unknown", "warning", "did you mean acc/top 1?")


@pytest.mark.parametrize(
    ("clause", "hint"),
    [
        ("metrics.acc DSC", "metrics.acc DESC"),
        ("metrcs.acc DESC", "metrics.acc DESC"),
        ("attributes.strt_time", "attributes.start_time"),
        ("end_tim DESC", "end_time DESC"),
        ("metrics.a, metrics.b DESC", "a list of clauses, [metrics.a, metrics.b DESC]"),
        ("datasets.name", ""),
        ("", ""),
    ],
)
def test_an_order_that_mlflow_cannot_read_is_a_mistake_of_the_config(clause: str, hint: str) -> None:
    with pytest.raises(ConfigError) as raised:
        orders_of([clause])
    assert raised.value.slug == "bad-order"
    assert ("did you mean" in raised.value.what) == bool(hint)
    assert hint in raised.value.what


def test_one_field_cannot_be_ordered_by_twice() -> None:
    with pytest.raises(ConfigError) as raised:
        orders_of(["start_time", "attributes.Created DESC"])
    assert raised.value.found == "it is there twice"


def test_experiments_are_found_by_their_tags(made: Made) -> None:
    def chosen(*patterns: str) -> list[str]:
        names: list[str] = collect(made.uri, Selection(experiments=patterns, with_history=False)).experiments["name"].to_pylist()
        return names

    assert chosen("tag:team=recsys") == ["recsys/ranker"]
    assert chosen("tag:team") == ["recsys/ranker", "speech"]
    assert chosen("tag:team=*dio", "tag:stage=prod eu") == ["recsys/ranker", "speech"]
    assert chosen("tag:team=audio") == ["tag:team=audio"]  # somebody called an experiment so: the name wins
    with pytest.raises(SourceError) as raised:
        chosen("tag:team=recsis")
    assert raised.value.what.startswith("no experiment in sqlite:///")
    assert raised.value.what.endswith("has the tag:team=recsis")
    assert raised.value.todo == "did you mean 'tag:team=recsys' or 'tag:team=audio'?"
    assert raised.value.allowed == "'tag:stage=prod eu', 'tag:team=audio', 'tag:team=recsys'"


def test_tags_without_a_value_and_without_any_experiment() -> None:
    tags = {"1": {"team": ""}, "2": {"team": "[a]"}}
    names = {"1": "x", "2": "y", "3": "z"}

    def chosen(pattern: str) -> tuple[str, ...]:
        return chosen_experiments(names, [], Selection(experiments=(pattern,)), "here", tags)

    assert chosen("tag:team=") == ("1",)
    assert chosen("tag:team") == ("1", "2")
    assert chosen("tag:team=[a]") == ("2",)
    with pytest.raises(SourceError) as raised:
        chosen_experiments(names, [], Selection(experiments=("tag:team=a",)), "here")
    assert raised.value.allowed == "no experiment has a tag"


def test_a_limit_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="a limit of 0 runs reads nothing"):
        Selection(limit=0)


def test_the_same_runs_are_chosen_in_a_folder_of_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from mlflow import MlflowClient

    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    client = MlflowClient(str(tmp_path / "mlruns"))
    experiment = client.create_experiment("files", tags={"team": "recsys"})
    ids: list[str] = []
    for index, value in enumerate([0.3, math.nan, 0.8, 0.8]):
        run = client.create_run(experiment, start_time=START + index, tags={"mlflow.parentRunId": ids[0]} if index == 3 else {})
        client.log_metric(run.info.run_id, "acc", value, timestamp=START, step=0)
        ids.append(run.info.run_id)
    selection = Selection(experiments=("tag:team=recsys",), order_by=("metrics.acc DESC",), limit=2)
    assert set(collect(str(tmp_path / "mlruns"), selection).runs["run_id"].to_pylist()) == {ids[2], ids[3]}
    roots = Selection(experiments=("files",), nested="roots", order_by=("metrics.acc DESC",), limit=2)
    assert set(collect(str(tmp_path / "mlruns"), roots).runs["run_id"].to_pylist()) == {ids[0], ids[2]}


def test_an_experiment_called_like_a_url_with_a_password_is_nowhere_told_as_it_is(tmp_path: Path) -> None:
    from mlflow import MlflowClient

    uri = f"sqlite:///{tmp_path}/mlflow.db"
    experiment = MlflowClient(uri).create_experiment("https://ann:s3cretpw@host/data")
    MlflowClient(uri).create_run(experiment)
    selection = Selection(experiments=("https://ann:s3cretpw@host/data",))
    snapshot = collect(uri, selection)
    assert snapshot.runs.num_rows == 1
    snapshot.save(tmp_path / "saved")
    assert not [path.name for path in (tmp_path / "saved").iterdir() if b"s3cretpw" in path.read_bytes()]
    assert "s3cretpw" not in str(snapshot.ledger) + str(plan(uri, selection).experiments)


@pytest.mark.parametrize(
    ("entries", "chosen"),
    [
        (("*", "!tmp/*"), ("1", "4")),
        (("!tmp/*",), ("1", "4")),
        (("tmp/*", "!tmp/b"), ("2",)),
        (("*", "!tag:team=audio"), ("1", "3", "4")),
        (("*", "!3", "!a"), ("2", "4")),
        (("!mine",), ("4",)),
        (("*", "!no such one"), ("1", "2", "3", "4")),
    ],
)
def test_exclusions_are_taken_out_of_what_the_other_entries_choose(entries: tuple[str, ...], chosen: tuple[str, ...]) -> None:
    names = {"1": "a", "2": "tmp/a", "3": "tmp/b", "4": "!mine"}  # a name that begins with ! means its experiment
    tags = {"2": {"team": "audio"}}
    assert chosen_experiments(names, (), Selection(experiments=entries), "the store", tags) == chosen
