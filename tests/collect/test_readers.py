"""One store, every way into it: the same tables, and the same as MLflow's own client says."""

from __future__ import annotations

import math
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import pytest

from reportgen.collect import Reading, Selection, collect, plan
from reportgen.collect.source import opened
from reportgen.errors import ConfigError, SourceError
from reportgen.redaction import MASK
from reportgen.snapshot import LedgerRow
from tests.collect.conftest import Rich
from tests.collect.stores import N_LONG, START, content
from tests.collect.test_cache import EVERYTHING, assert_same_thrice
from tests.servers import DatabaseServer

pytestmark = [pytest.mark.server, pytest.mark.slow]

RICH = ("rich_sqlite", "rich_postgres", "rich_mariadb")


@pytest.fixture(params=RICH)
def rich(request: pytest.FixtureRequest) -> Rich:
    found: Rich = request.getfixturevalue(request.param)
    return found


@pytest.mark.parametrize("deleted", [False, True])
def test_database_and_server_give_the_same_tables(rich: Rich, deleted: bool) -> None:
    selection = Selection(deleted=deleted)
    from_database, from_server = content(collect(rich.uri, selection)), content(collect(rich.server.url, selection))
    if deleted:  # a server does not show model versions that were deleted
        from_database["models"] = [row for row in from_database["models"] if row[5] != "Deleted_Internal"]
    for name, rows in from_database.items():
        assert rows == from_server[name], name


def test_sqlite_postgresql_and_mariadb_tell_the_same(rich_sqlite: Rich, rich_postgres: Rich, rich_mariadb: Rich) -> None:
    def named(rich: Rich) -> dict[str, Any]:
        """Contents with names for ids, without the times at which MLflow logged."""
        names = {run_id: name for name, run_id in rich.store.runs.items()}
        names |= {id_: name for name, id_ in rich.store.experiments.items()}
        tables = content(collect(rich.uri, Selection(deleted=True)))
        rows = {
            name: sorted(tuple(names.get(c, c) for c in row) for row in tables[name])
            for name in ("params", "tags", "metrics", "datasets")
        }
        rows["history"] = sorted(map(repr, (tuple(names.get(c, c) for c in row) for row in tables["history"])))
        rows["runs"] = sorted(tuple(names.get(c, c) for c in row[:8]) for row in tables["runs"])
        rows["models"] = sorted((row[0], row[1], *row[5:9]) for row in tables["models"])
        return rows

    expected = named(rich_sqlite)
    assert named(rich_postgres) == expected
    assert named(rich_mariadb) == expected


def test_histories_are_what_mlflow_itself_returns(rich: Rich) -> None:
    from mlflow import MlflowClient

    client = MlflowClient(rich.server.url)
    history = collect(rich.uri, Selection(deleted=True)).history
    n_points = 0
    for series in history.series():
        own = client.get_metric_history(series.run_id, series.metric)
        theirs = sorted((m.step, m.timestamp, _decoded(m.value)) for m in own if not math.isnan(m.value))
        ours = sorted(
            (s, t, v)
            for s, t, v in zip(series.step.tolist(), series.timestamp.tolist(), series.value.tolist(), strict=True)
            if not math.isnan(v)
        )
        assert ours == theirs
        assert len(series) == len(own)
        n_points += len(series)
    assert n_points == history.n_points == 280 + 300 + N_LONG + 6 + 6 + 3 + 10 + 2 + 1 + 2 + 1


def _decoded(value: float) -> float:
    return math.copysign(math.inf, value) if abs(value) >= 1.7976931348623157e308 else value


def test_runs_params_tags_and_last_values_are_what_mlflow_itself_returns(rich: Rich) -> None:
    from mlflow import MlflowClient
    from mlflow.entities import ViewType

    client = MlflowClient(rich.server.url)
    snapshot = collect(rich.uri, Selection())
    ids = [e.experiment_id for e in client.search_experiments(view_type=ViewType.ACTIVE_ONLY)]
    assert snapshot.experiments["experiment_id"].to_pylist() == sorted(ids)
    own = [run for run in client.search_runs(ids) if "reportgen.report" not in run.data.tags]
    assert sorted(snapshot.runs["run_id"].to_pylist()) == sorted(run.info.run_id for run in own)
    params = {(r["run_id"], r["key"]): r["value"] for r in snapshot.params.to_pylist()}
    tags = {(r["run_id"], r["key"]): r["value"] for r in snapshot.tags.to_pylist()}
    last = {(r["run_id"], r["metric"]): r["value"] for r in snapshot.metrics.to_pylist()}
    rows = {r["run_id"]: r for r in snapshot.runs.to_pylist()}
    for run in own:
        id_, row = run.info.run_id, rows[run.info.run_id]
        secret = {"api_key", "db_password"}
        assert {k: v for (r, k), v in params.items() if r == id_ and k not in secret} == {
            k: v for k, v in run.data.params.items() if k not in secret
        }
        assert {k for r, k in tags if r == id_} == set(run.data.tags)
        assert {k: _word(v) for (r, k), v in last.items() if r == id_} == {
            k: _word(_decoded(v)) for k, v in run.data.metrics.items()
        }
        assert (row["name"], row["status"], row["user"]) == (run.info.run_name, run.info.status, run.info.user_id)
        assert row["start_time"] == datetime.fromtimestamp(run.info.start_time / 1000, UTC)
        assert row["parent_run_id"] == run.data.tags.get("mlflow.parentRunId")


def _word(value: float) -> str:
    return "nan" if math.isnan(value) else repr(float(value))


def test_models_carry_aliases_stages_and_runs(rich: Rich) -> None:
    rows = {(r["kind"], r["name"], r["version"]): r for r in collect(rich.uri, Selection()).models.to_pylist()}
    logged = next(r for key, r in rows.items() if key[0] == "logged")
    assert set(rows) == {
        ("registered", "ranker", ""),
        ("registered", "unused", ""),
        ("version", "ranker", "1"),
        ("version", "ranker", "2"),
        ("logged", "net", logged["version"]),
    }
    first, second = rows["version", "ranker", "1"], rows["version", "ranker", "2"]
    assert (first["aliases"], first["stage"], first["run_id"]) == (["best", "champion"], "Production", rich.store.runs["a"])
    assert (second["aliases"], second["stage"], second["tags"]) == (["challenger"], "", [("approved", "no")])
    assert first["experiment_id"] == logged["experiment_id"] == rich.store.experiments["alpha/train"]
    assert (logged["status"], logged["run_id"], logged["tags"]) == ("READY", rich.store.runs["a"], [("flavour", "x")])
    assert rows["registered", "ranker", ""]["description"] == "ranks"


def test_what_is_special_arrives(rich: Rich) -> None:
    snapshot = collect(rich.server.url, Selection(filter="attributes.run_name = 'a'"))
    a = rich.store.runs["a"]
    series = {s.metric: s for s in snapshot.history.series(run_ids=[a])}
    assert series["odd"].step.tolist() == [-5, 0, 1, 2, 3, 2**40]
    assert [_word(v) for v in series["odd"].value] == ["1.0", "nan", "inf", "-inf", "nan", "2.0"]
    assert series["late"].step.tolist() == [1, 5, 6]
    assert [(s, t - START, _word(v)) for s, t, v in zip(series["twice"].step, series["twice"].timestamp, series["twice"].value, strict=True)] == [
        (1, 9, "nan"), (1, 10, "4.0"), (1, 10, "5.0"), (1, 11, "3.0"), (2, 20, "-1.0"), (2, 20, "nan"),
    ]  # fmt: skip
    last = {r["metric"]: r["value"] for r in snapshot.metrics.to_pylist() if r["run_id"] == a}
    assert last["late"] == 6.0
    assert _word(last["twice"]) == "nan"  # NaN counts as 0, which is greater than -1
    alpha = next(r for r in snapshot.experiments.to_pylist() if r["name"] == "alpha/train")
    assert alpha["tags"] == [("mlflow.note.content", "About *alpha*."), ("team", "α")]
    assert [r["context"] for r in snapshot.datasets.to_pylist() if r["run_id"] == a] == ["training", ""]


def test_credentials_are_masked(rich: Rich) -> None:
    snapshot = collect(rich.uri, Selection())
    params = {r["key"]: r["value"] for r in snapshot.params.to_pylist() if r["run_id"] == rich.store.runs["a"]}
    tags = {r["key"]: r["value"] for r in snapshot.tags.to_pylist() if r["run_id"] == rich.store.runs["a"]}
    assert params["db_password"] == tags["api_key"] == MASK
    assert tags["mlflow.note.content"] == f"# A\nhttp://{MASK}@host/x"
    note = next(p for p in snapshot.problems if p.slug == "redacted")
    assert note.what == "values masked: 2 because of their key, 1 that hold a credential"
    assert note.severity == "note"


def test_the_books_of_a_database_tell_everything(rich: Rich) -> None:
    rows = {(r.experiment, r.item): r for r in collect(rich.uri, Selection()).ledger}
    train = rich.store.experiments["alpha/train"]
    assert rows["alpha/train", "runs"] == LedgerRow(train, "alpha/train", "runs", 3, 2, (("deleted", 1),))
    assert rows["alpha/train", "points"].left_out == (("deleted", 2),)
    assert rows["gone", "points"] == LedgerRow(rich.store.experiments["gone"], "gone", "points", 1, 0, (("deleted", 1),))
    assert rows["", "models"] == LedgerRow("", "", "models", 6, 5, (("deleted", 1),))
    assert all(row.unexplained == 0 for row in rows.values())


def test_the_books_of_a_server_balance_without_points_it_cannot_count(rich_sqlite: Rich) -> None:
    of_database = {(r.experiment, r.item): r for r in collect(rich_sqlite.uri, Selection()).ledger}
    of_server = {(r.experiment, r.item): r for r in collect(rich_sqlite.server.url, Selection()).ledger}
    assert all(row.unexplained == 0 for row in of_server.values())
    different = {key[1] for key, row in of_database.items() if of_server[key] != row}
    assert different == {"points", "models"}


FILTERS = [
    "attributes.status = 'FINISHED'",
    "attributes.status != 'FINISHED'",
    "attributes.start_time > 1760000060000",
    "attributes.end_time >= 0",
    "attributes.end_time != 5",
    "attributes.run_name LIKE '%ild'",
    "attributes.run_name ILIKE 'GRAND%'",
    "run_name = 'a'",
    "attributes.user_id = 'ann'",
    "attributes.artifact_uri LIKE '%artifacts'",
    "metrics.loss < 0.004",
    "metrics.loss >= 0.0001 and params.lr = '0.1'",
    "metrics.odd > 1",
    "metrics.twice = 0",
    "metrics.twice != 0",
    "metrics.`val/acc top-1.é` > 0.1",
    "params.lr != '0.1'",
    "params.note LIKE '%\\%%'",
    "params.note ILIKE 'X%'",
    "params.kern IS NOT NULL",
    "params.lr IS NULL",
    "tags.variant = 'A'",
    "tags.variant IS NULL",
    "tags.`mlflow.parentRunId` IS NOT NULL",
    "datasets.name = 'wine'",
    "datasets.digest IN ('d2', 'd9')",
    "datasets.context = 'eval'",
    "datasets.context != 'eval'",
    "dataset.name NOT IN ('wine')",
    "attributes.`Created` > 0",
]


@pytest.mark.parametrize("filter", FILTERS)
def test_filters_mean_what_mlflow_makes_of_them(rich: Rich, filter: str) -> None:
    from mlflow import MlflowClient

    ids = [id_ for name, id_ in rich.store.experiments.items() if name != "gone"]
    own = {
        run.info.run_id
        for run in MlflowClient(rich.server.url).search_runs(ids, filter)
        if "reportgen.report" not in run.data.tags
    }
    selection = Selection(filter=filter, with_history=False)
    assert set(collect(rich.uri, selection).runs["run_id"].to_pylist()) == own
    assert set(collect(rich.server.url, selection).runs["run_id"].to_pylist()) == own


def test_run_ids_can_be_listed_in_a_filter(rich: Rich) -> None:
    a, b = rich.store.runs["a"], rich.store.runs["b"]
    for uri in (rich.uri, rich.server.url):
        found = collect(uri, Selection(filter=f"attributes.run_id IN ('{a}', '{b}', 'x')", with_history=False))
        assert sorted(found.runs["run_id"].to_pylist()) == sorted([a, b])


@pytest.mark.parametrize(
    "filter", ["metrics.loss LIKE 'a'", "nonsense", "params.lr > 1", "attributes.colour = 'red'", "a = 1; b = 2"]
)
def test_a_bad_filter_is_a_mistake_of_the_config(rich_sqlite: Rich, filter: str) -> None:
    for uri in (rich_sqlite.uri, rich_sqlite.server.url):
        with pytest.raises(ConfigError) as raised:
            collect(uri, Selection(filter=filter))
        assert raised.value.slug == "bad-filter"
        assert raised.value.found == filter


def test_left_out_runs_are_told_with_the_first_reason_that_fits(rich: Rich) -> None:
    start = datetime.fromtimestamp((START + 60_000) / 1000, UTC)
    end = datetime.fromtimestamp((START + 123_000) / 1000, UTC)
    for uri in (rich.uri, rich.server.url):
        chosen = Selection(start=start, end=end, filter="attributes.run_name != 'parent'", metrics=("loss", "fold"))
        snapshot = collect(uri, chosen)
        names = {id_: name for name, id_ in rich.store.runs.items()}
        assert {names[id_] for id_ in snapshot.runs["run_id"].to_pylist()} == {"b", "child", "grandchild"}
        rows = {(r.experiment, r.item): r for r in snapshot.ledger}
        assert rows["alpha/train", "runs"].left_out == (("deleted", 1), ("outside the window", 1))
        assert rows["βeta ünïcode 実験", "runs"].left_out == (("not selected by the filter", 1), ("outside the window", 1))
        assert not any(row.unexplained for row in snapshot.ledger)


def test_histories_of_chosen_metrics_only(rich: Rich) -> None:
    for uri in (rich.uri, rich.server.url):
        snapshot = collect(uri, Selection(experiments=("alpha/*",), metrics=("loss", "val/*")))
        assert {s.metric for s in snapshot.history.series()} == {"loss", "val/acc top-1.é"}
        assert "long" in snapshot.metrics["metric"].to_pylist()
        row = next(r for r in snapshot.ledger if (r.experiment, r.item) == ("alpha/train", "series"))
        assert ("metric not selected", 5) in row.left_out
        assert not any(row.unexplained for row in snapshot.ledger)


def test_no_histories_on_request(rich: Rich) -> None:
    for uri in (rich.uri, rich.server.url):
        snapshot = collect(uri, Selection(experiments=("alpha/train",), with_history=False))
        assert snapshot.history.n_points == 0
        assert snapshot.metrics.num_rows == 8
        row = next(r for r in snapshot.ledger if (r.experiment, r.item) == ("alpha/train", "series"))
        assert ("histories not asked for", 8) in row.left_out
        assert not any(row.unexplained for row in snapshot.ledger)


def test_experiments_by_name_glob_and_id(rich_sqlite: Rich) -> None:
    beta = rich_sqlite.store.experiments["βeta ünïcode 実験"]
    for uri in (rich_sqlite.uri, rich_sqlite.server.url):
        names = collect(uri, Selection(experiments=("alpha/*", beta), with_history=False)).experiments["name"].to_pylist()
        assert names == ["alpha/train", "βeta ünïcode 実験"]


def test_an_unknown_experiment_is_said_with_what_is_near(rich_sqlite: Rich) -> None:
    from reportgen.redaction import public_uri

    for uri in (rich_sqlite.uri, rich_sqlite.server.url):
        with pytest.raises(SourceError) as raised:
            collect(uri, Selection(experiments=("alpha/trian",)))
        assert raised.value.slug == "unknown-experiment"
        assert str(raised.value) == (
            f"there is no experiment 'alpha/trian' in {public_uri(uri)}\n"
            "found: 'alpha/trian'\n"
            "allowed: 'Default', 'alpha/train', 'empty', 'βeta ünïcode 実験'\n"
            "to do: did you mean 'alpha/train'?"
        )
        with pytest.raises(SourceError, match="experiment 'gone' is deleted in"):
            collect(uri, Selection(experiments=("gone",)))
        assert collect(uri, Selection(experiments=("gone",), deleted=True)).history.n_points == 1


def test_the_plan_of_a_database_is_exact(rich: Rich) -> None:
    found = plan(rich.uri, Selection(experiments=("alpha/*",)))
    (row,) = found.experiments
    assert (row.experiment, row.n_runs, row.n_points, row.n_series) == ("alpha/train", 2, 26_607, 8)
    assert found.is_exact
    assert 0 < found.seconds < 5


def test_the_plan_of_a_server_is_a_guess_that_steps_cannot_spoil(rich_sqlite: Rich) -> None:
    found = plan(rich_sqlite.server.url, Selection(experiments=("alpha/*",)))
    (row,) = found.experiments
    assert (row.n_runs, row.n_series) == (2, 8)
    assert not found.is_exact
    assert row.n_points == 300 + 1_000_000 + 3 + 7 + 10 + 2 + 280 + N_LONG
    assert found.source.version.startswith("3.")


def test_progress_reaches_its_total(rich_sqlite: Rich) -> None:
    for uri in (rich_sqlite.uri, rich_sqlite.server.url):
        told: list[tuple[int, int, str]] = []
        collect(
            uri,
            Selection(metrics=("loss", "fold")),
            progress=lambda done, total, what, told=told: told.append((done, total, what)),
        )  # type: ignore[misc]
        last = {what: (done, total) for done, total, what in told}
        assert set(last) == {"reading runs", "reading histories"}
        assert all(done == total > 0 for done, total in last.values())


def test_the_digest_does_not_depend_on_the_moment_of_reading(rich_sqlite: Rich) -> None:
    assert collect(rich_sqlite.uri, Selection()).digest() == collect(rich_sqlite.uri, Selection()).digest()


def test_a_role_that_may_only_select_is_enough(rich_postgres: Rich, postgres: Any) -> None:
    postgres.sql(
        "CREATE ROLE reader_of_rich LOGIN PASSWORD 'read'; GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader_of_rich", "rich"
    )
    snapshot = collect(postgres.uri("rich", user="reader_of_rich", password="read"), Selection())
    assert content(snapshot) == content(collect(rich_postgres.uri, Selection()))


def test_reading_writes_nothing_into_postgresql(rich_postgres: Rich, postgres: Any) -> None:
    asked = "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_user_tables"
    before = postgres.sql(asked, "rich")
    collect(rich_postgres.uri, Selection())
    assert postgres.sql(asked, "rich") == before


@pytest.mark.parametrize("name", ["postgres", "mariadb"])
def test_a_database_server_is_read_as_of_one_moment(name: str, request: pytest.FixtureRequest) -> None:
    rich: Rich = request.getfixturevalue(f"rich_{name}")
    server: DatabaseServer = request.getfixturevalue(name)
    run = rich.store.runs["b"]
    key = "key" if name == "postgres" else "`key`"
    values = f"('{run}', 'meanwhile', 1, 1, 1, {'false' if name == 'postgres' else '0'})"
    with closing(opened(rich.uri, Reading())) as source:
        ids = source.runs(source.experiments()["experiment_id"].to_pylist())["run_id"].to_pylist()
        server.sql(f"INSERT INTO metrics (run_uuid, {key}, value, timestamp, step, is_nan) VALUES {values}", "rich")
        try:
            (chunk,) = source.history(ids, lambda _: True, lambda *_: None)
            assert "meanwhile" not in chunk.points["metric"].cast("string").to_pylist()
            assert collect(rich.uri, Selection(metrics=("meanwhile",))).history.n_points == 1
        finally:
            server.sql(f"DELETE FROM metrics WHERE {key} = 'meanwhile'", "rich")


@pytest.mark.parametrize(
    ("kind", "through_server"), [("rich_sqlite", False), ("rich_postgres", False), ("rich_mariadb", False), ("rich_sqlite", True)]
)
def test_databases_and_servers_cold_warm_and_without(
    kind: str, through_server: bool, request: pytest.FixtureRequest, reading: Reading, asked: list[str]
) -> None:
    rich: Rich = request.getfixturevalue(kind)
    where = rich.server.url if through_server else rich.uri
    assert_same_thrice(where, reading)
    assert_same_thrice(where, reading, Selection())
    assert_same_thrice(where, reading, Selection(metrics=("loss", "val*")))
    asked.clear()
    collect(where, EVERYTHING, reading=reading)
    if not through_server:  # a server is asked again for what may have changed unseen
        assert asked == []
