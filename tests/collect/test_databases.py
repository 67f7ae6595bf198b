"""PostgreSQL and MariaDB as they are met in the world: moving, refusing, going away, far from their defaults."""

from __future__ import annotations

import math
import random
import re
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pymysql
import pytest
import sqlalchemy as sa

from reportgen.collect import Reading, Selection, collect
from reportgen.collect.selection import OTHER_METRIC
from reportgen.collect.source import Source, opened
from reportgen.collect.sql import history as sql_history
from reportgen.collect.sql import mysql_rows, postgresql
from reportgen.collect.sql.mysql import MySqlDatabase, connect_options
from reportgen.collect.sql.postgresql import PostgresDatabase, libpq_uri
from reportgen.errors import SourceError
from reportgen.snapshot import Snapshot
from tests.collect.stores import START, content, rows_of
from tests.servers import PASSWORD, DatabaseServer, certificate, private_folder

pytestmark = [pytest.mark.server, pytest.mark.slow]

N_RUNS, N_STEPS = 6, 40
METRICS = ("loss", "val/acc é", "x'y\\z %s `q` \"")


@dataclass(frozen=True)
class Store:
    """A store that MLflow made and that was filled behind its back."""

    server: DatabaseServer
    name: str
    run_ids: tuple[str, ...]

    @property
    def uri(self) -> str:
        return self.server.uri(self.name)

    @property
    def is_postgres(self) -> bool:
        return self.server.scheme.startswith("postgresql")

    def sql(self, statement: str) -> str:
        return self.server.sql(statement if self.is_postgres else statement.replace('"', "`"), self.name)

    def insert(self, table: str, rows: list[dict[str, Any]]) -> None:
        engine = sa.create_engine(self.uri, poolclass=sa.NullPool)
        with engine.begin() as connection:
            connection.execute(sa.Table(table, sa.MetaData(), autoload_with=connection).insert(), rows)
        engine.dispose()


def filled(server: DatabaseServer, name: str) -> Store:
    server.create_store(name)
    rng = random.Random(1)
    store = Store(server, name, tuple(f"{rng.getrandbits(128):032x}" for _ in range(N_RUNS)))
    store.insert("runs", [_run(run_id, number) for number, run_id in enumerate(store.run_ids)])
    points = [point for run_id in store.run_ids for metric in METRICS for point in _points(run_id, metric, N_STEPS)]
    store.insert("metrics", points)
    store.insert("latest_metrics", [p for p in points if p["step"] == N_STEPS - 1])
    store.insert("params", [{"run_uuid": run_id, "key": "lr", "value": f"0.{n}\\"} for n, run_id in enumerate(store.run_ids)])
    return store


def _run(run_id: str, number: int) -> dict[str, Any]:
    times = {"start_time": START + number, "end_time": START + number + 500}
    rest = {"status": "FINISHED", "lifecycle_stage": "active", "experiment_id": 0, "user_id": "ann", "artifact_uri": ""}
    return {"run_uuid": run_id, "name": f"run-{number}", **times, **rest}


def _points(run_id: str, metric: str, n_steps: int, first: int = 0) -> list[dict[str, Any]]:
    odd = {3: 1.7976931348623157e308, 4: -1.7976931348623157e308, 5: 0.0}
    return [
        {"run_uuid": run_id, "key": metric, "value": odd.get(step, math.sin(step) / 3), "timestamp": START + step, "step": step}
        | {"is_nan": step == 5}
        for step in range(first, first + n_steps)
    ]


@pytest.fixture(scope="module", params=["postgres", "mariadb"])
def store(request: pytest.FixtureRequest) -> Store:
    return filled(request.getfixturevalue(request.param), "of_both")


@pytest.fixture(scope="module")
def on_postgres(postgres: DatabaseServer) -> Store:
    return filled(postgres, "on_postgres")


@pytest.fixture(scope="module")
def on_mariadb(mariadb: DatabaseServer) -> Store:
    return filled(mariadb, "on_mariadb")


@contextmanager
def reader(store: Store) -> Iterator[Source]:
    """The source, with the runs of the store listed."""
    with closing(opened(store.uri, Reading())) as source:
        source.runs(["0"])
        yield source


def history(source: Source, store: Store, between: Callable[[], object] = lambda: None) -> list[tuple[Any, ...]]:
    """Every point, as rows; ``between`` is called after each chunk."""
    rows = []
    for chunk in source.history(store.run_ids, lambda _: True, lambda *_: None):
        stored = sum(chunk.stored["points"].values())
        assert chunk.points.num_rows == stored
        assert not chunk.problems
        rows += rows_of(chunk.points)
        between()
    return rows


def expected(store: Store) -> list[tuple[Any, ...]]:
    decoded = {3: math.inf, 4: -math.inf, 5: "nan"}
    return [
        ("0", run_id, metric, step, START + step, decoded.get(step, math.sin(step) / 3))
        for run_id in store.run_ids
        for metric in METRICS
        for step in range(N_STEPS)
    ]


@contextmanager
def locked(store: Store, table: str) -> Iterator[None]:
    """Nobody else can read ``table``."""
    engine = sa.create_engine(store.uri, poolclass=sa.NullPool)
    with engine.connect() as connection:
        lock = f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE" if store.is_postgres else f"LOCK TABLES {table} WRITE"
        connection.exec_driver_sql(lock)
        yield
        connection.rollback()
    engine.dispose()


@pytest.mark.fault(
    "Somebody holds a lock on a table (PostgreSQL, MariaDB)",
    "The reading waits for its time: then histories are gaps, and without runs there is no report.",
    at="database",
    exit=(3, 8),
)
def test_a_locked_table_is_waited_for_as_long_as_the_reading_may_take(store: Store) -> None:
    started = time.monotonic()
    with locked(store, "metrics"):
        taken = collect(store.uri, Selection(), reading=Reading(seconds=2))
    assert time.monotonic() - started < 6
    assert content(taken)["runs"]
    late = {problem.where for problem in taken.problems if problem.slug == "time-up"}
    assert {f"run {run_id}" for run_id in store.run_ids} <= late
    assert taken.history.n_points == 0
    started = time.monotonic()
    with locked(store, "runs"), pytest.raises(SourceError) as raised:
        collect(store.uri, Selection(), reading=Reading(seconds=1))
    assert time.monotonic() - started < 4
    assert raised.value.slug == "time-up"
    assert collect(store.uri, Selection(), reading=Reading(seconds=60)).history.n_points == len(expected(store))


def in_small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sql_history, "MAX_POINTS", N_STEPS * len(METRICS))


def refused(read: Callable[[], object], slug: str) -> str:
    """The whole error that ``read`` raises, with all that it was raised from; no password is in it."""
    with pytest.raises(SourceError) as raised:
        read()
    assert raised.value.slug == slug, raised.value
    error: BaseException | None = raised.value
    text = ""
    while error is not None:
        text += f"{error!r} {error}\n"
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    for secret in (PASSWORD, "s3cret", "very-wrong", "%40p%25w"):
        assert secret not in text
    return str(raised.value)


# --- the same from each ---


def test_every_point_is_read(store: Store) -> None:
    with reader(store) as source:
        assert sorted(history(source, store), key=repr) == sorted(expected(store), key=repr)


def test_small_chunks_and_long_runs_give_the_same(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = content(collect(store.uri, Selection()))
    for most in (N_STEPS * len(METRICS), 1):
        monkeypatch.setattr(sql_history, "MAX_POINTS", most)
        assert content(collect(store.uri, Selection())) == whole


def test_only_wanted_metrics_are_read_and_the_others_counted(store: Store) -> None:
    with reader(store) as source:
        chunks = list(source.history(store.run_ids, lambda metric: metric == "loss", lambda *_: None))
    rows = [row for chunk in chunks for row in rows_of(chunk.points)]
    assert sorted(rows) == sorted(row for row in expected(store) if row[2] == "loss")
    assert sum(n for chunk in chunks for n in chunk.stored["points"].values()) == len(expected(store))
    left_out = [chunk.left_out[OTHER_METRIC]["points"] for chunk in chunks]
    assert sum(n for by_run in left_out for n in by_run.values()) == len(expected(store)) - len(rows)


def test_series_come_packed_from_postgresql(on_postgres: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PostgresDatabase, "run_points", None)
    with reader(on_postgres) as source:
        assert sorted(history(source, on_postgres)) == sorted(expected(on_postgres))


PACKED = {"run": [2, 1], "metric": ["b", "a"], "n": [1, 2]}


def packed(values: list[bytes | None]) -> pa.Table:
    numbers = [struct.pack(">q", 7), struct.pack(">2q", 8, 9)]
    return pa.table(PACKED | {"value": values, "step": numbers, "timestamp": numbers})


def test_packed_series_are_unpacked_in_the_order_of_runs() -> None:
    series = postgresql._series(packed([struct.pack(">d", 0.5), struct.pack(">2d", math.nan, -1.5)]))
    assert series is not None
    assert (series.run.tolist(), series.metric.to_pylist(), series.n_points.tolist()) == ([0, 1], ["a", "b"], [2, 1])
    assert (series.step.tolist(), series.timestamp.tolist()) == ([8, 9, 7], [8, 9, 7])
    assert str(series.value.tolist()) == "[nan, -1.5, 0.5]"


@pytest.mark.parametrize("value", [None, b"", struct.pack(">2d", 1, 2)])
def test_packed_series_that_lack_a_number_are_not_used(value: bytes | None) -> None:
    assert postgresql._series(packed([value, struct.pack(">2d", 1, 2)])) is None


def test_points_are_the_same_without_any_index_on_the_run(postgres: DatabaseServer) -> None:
    store = filled(postgres, "no_index")
    store.sql("DROP INDEX index_metrics_run_uuid, index_metrics_run_uuid_key_step")
    with reader(store) as source:
        assert sorted(history(source, store), key=repr) == sorted(expected(store), key=repr)


def test_points_are_the_same_when_run_ids_are_not_mlflows(on_mariadb: Store) -> None:
    odd = "My Run-é"
    on_mariadb.insert("runs", [_run(odd, 9)])
    on_mariadb.insert("metrics", _points(odd, "loss", 9))
    try:
        snapshot = collect(on_mariadb.uri, Selection())
        assert snapshot.history.n_points == len(expected(on_mariadb)) + 9
        assert not any(row.unexplained for row in snapshot.ledger)
    finally:
        on_mariadb.sql(f"DELETE FROM metrics WHERE run_uuid = '{odd}'; DELETE FROM runs WHERE run_uuid = '{odd}'")


def test_an_empty_store_is_read(postgres: DatabaseServer, mariadb: DatabaseServer) -> None:
    for server in (postgres, mariadb):
        snapshot = collect(server.create_store("nothing_yet"), Selection())
        assert snapshot.experiments["name"].to_pylist() == ["Default"]
        assert snapshot.runs.num_rows == snapshot.history.n_points == 0


def test_names_that_differ_only_in_case_stay_apart(store: Store) -> None:
    a, b = store.run_ids[:2]
    store.insert("metrics", _points(a, "F1", 3) + _points(b, "f1", 4))
    store.insert("tags", [{"run_uuid": a, "key": "MLFLOW.USER", "value": "shouted"}])
    try:
        snapshot = collect(store.uri, Selection(metrics=("f1",)))
        assert [(s.run_id, s.metric, len(s)) for s in snapshot.history.series()] == [(b, "f1", 4)]
        assert not any(row.unexplained for row in snapshot.ledger)
        assert {row["user"] for row in snapshot.runs.to_pylist()} == {"ann"}
        both = collect(store.uri, Selection(metrics=("f1", "F1")))
        assert sorted((s.run_id, s.metric, len(s)) for s in both.history.series()) == sorted([(a, "F1", 3), (b, "f1", 4)])
    finally:
        store.sql("""DELETE FROM metrics WHERE "key" IN ('F1', 'f1'); DELETE FROM tags WHERE "key" = 'MLFLOW.USER'""")


# --- one moment ---


@pytest.mark.fault(
    "Runs are written while they are read", "The snapshot is of one moment; the next reading has the rest.", at="database"
)
def test_what_is_written_while_it_is_read_is_of_the_next_reading(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    in_small_chunks(monkeypatch)
    step = iter(range(N_STEPS, 10_000))

    def write() -> None:
        at = next(step)
        store.insert("metrics", [point for run_id in store.run_ids for point in _points(run_id, "loss", 1, at)])
        store.insert("metrics", _points(store.run_ids[at % N_RUNS], "meanwhile", 1, at))

    try:
        with reader(store) as source:
            write()
            before = history(source, store, between=write)
            assert history(source, store) == before
        assert sorted(before, key=repr) == sorted(expected(store), key=repr)
        with reader(store) as source:
            assert len(history(source, store)) == len(before) + (N_RUNS + 1) * (next(step) - N_STEPS)
    finally:
        store.sql(f"""DELETE FROM metrics WHERE step >= {N_STEPS} OR "key" = 'meanwhile'""")


def test_marks_change_when_points_come(store: Store) -> None:
    with reader(store) as source:
        before = source.marks(store.run_ids)
    store.insert("metrics", _points(store.run_ids[0], "late", 1))
    try:
        with reader(store) as source:
            after = source.marks(store.run_ids)
    finally:
        store.sql("""DELETE FROM metrics WHERE "key" = 'late'""")
    assert {run_id for run_id in store.run_ids if before[run_id] != after[run_id]} == {store.run_ids[0]}
    assert {mark.n_points for mark in before.values()} == {len(METRICS) * N_STEPS}


def test_a_stamp_stays_until_somebody_writes(store: Store) -> None:
    def stamp() -> str:
        with reader(store) as source:
            return source.stamp()

    def is_same() -> bool:
        time.sleep(0.2)
        return stamp() == stamp() != ""

    assert any(is_same() for _ in range(25))  # the servers' own work is told too, now and then
    with reader(store) as source:
        before = source.stamp()
        store.insert("metrics", _points(store.run_ids[0], "late", 1))
        assert source.stamp() == before
    try:
        assert stamp() != before
    finally:
        store.sql("""DELETE FROM metrics WHERE "key" = 'late'""")


def test_a_stamp_that_is_refused_leaves_the_connection_usable(on_postgres: Store) -> None:
    on_postgres.sql("REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC")
    on_postgres.sql(
        "DROP ROLE IF EXISTS reader; CREATE ROLE reader LOGIN PASSWORD 'r-e-a-d'; GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader"
    )
    uri = sa.make_url(on_postgres.uri).set(username="reader", password="r-e-a-d").render_as_string(hide_password=False)
    with closing(opened(uri, Reading())) as source:
        assert source.stamp() == ""
        assert source.runs(["0"]).num_rows == N_RUNS
        assert list(source.marks(on_postgres.run_ids)) == list(on_postgres.run_ids)


def test_tables_that_cannot_be_of_one_moment_are_named(on_mariadb: Store) -> None:
    on_mariadb.sql("CREATE TABLE aside (n INT) ENGINE = MyISAM")
    try:
        (problem,) = [p for p in collect(on_mariadb.uri, Selection()).problems if p.slug == "not-one-moment"]
        assert problem.what.endswith(": aside")
    finally:
        on_mariadb.sql("DROP TABLE aside")


# --- nothing is written, little is needed ---


def _state(store: Store) -> list[str]:
    where = "'public'" if store.is_postgres else "DATABASE()"
    return [
        store.sql("SELECT version_num FROM alembic_version"),
        store.sql(f"SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = {where} ORDER BY 1, 2"),
        *(store.sql(f"SELECT COUNT(*) FROM {table}") for table in ("experiments", "runs", "metrics", "params", "tags")),
    ]


def test_a_user_that_may_only_select_is_enough_and_nothing_changes(store: Store) -> None:
    if store.is_postgres:
        store.sql(
            "CREATE ROLE looker LOGIN PASSWORD 'look' CONNECTION LIMIT 9; GRANT SELECT ON ALL TABLES IN SCHEMA public TO looker"
        )
    else:
        store.sql(f"CREATE USER looker@'127.0.0.1' IDENTIFIED BY 'look'; GRANT SELECT ON {store.name}.* TO looker@'127.0.0.1'")
    before, whole = _state(store), content(collect(store.uri, Selection()))
    assert content(collect(store.server.uri(store.name, user="looker", password="look"), Selection())) == whole
    assert _state(store) == before


def test_the_server_refuses_to_write_for_us(on_postgres: Store, on_mariadb: Store) -> None:
    ours = (
        (PostgresDatabase(on_postgres.uri), "INSERT INTO params VALUES (1, 2, 3)"),
        (MySqlDatabase(on_mariadb.uri), "DELETE FROM params"),
    )
    for database, statement in ours:
        with closing(database):
            error = refused(lambda database=database, statement=statement: _execute(database, statement), "store-unreadable")  # type: ignore[misc]
            assert "read-only transaction" in error or "READ ONLY transaction" in error


def _execute(database: PostgresDatabase | MySqlDatabase, statement: str) -> None:
    if isinstance(database, MySqlDatabase):
        database._run(statement)
        return
    try:
        with database._connection.cursor() as cursor:
            cursor.execute(statement)
    except database._error as error:
        database._refuse(error)


@pytest.mark.fault("The user may not read one table", "It is named as denied; histories are complete.", at="database", exit=3)
def test_a_table_that_may_not_be_read_is_told(on_postgres: Store, on_mariadb: Store) -> None:
    on_postgres.sql("CREATE ROLE half LOGIN PASSWORD 'look'; GRANT SELECT ON experiments, runs, metrics, params TO half")
    tables = ("experiments", "runs", "metrics", "params")
    grants = "; ".join(f"GRANT SELECT ON on_mariadb.{table} TO half@'127.0.0.1'" for table in tables)
    on_mariadb.sql(f"CREATE USER half@'127.0.0.1' IDENTIFIED BY 'look'; {grants}")
    for store in (on_postgres, on_mariadb):
        snapshot = collect(store.server.uri(store.name, user="half", password="look"), Selection())
        assert [p.what for p in snapshot.problems if p.slug == "table-denied"] == ["this user may not read the table tags"]
        assert snapshot.history.n_points == len(expected(store))


@pytest.mark.fault(
    "The user may not read the runs, or names another database",
    "The error speaks of the right or of the database's name, not of a missing table.",
    at="database",
    exit=4,
)
def test_no_right_to_read_is_no_missing_table(on_postgres: Store, on_mariadb: Store) -> None:
    on_postgres.sql("CREATE ROLE blind LOGIN PASSWORD 'look'; GRANT SELECT ON experiments TO blind")
    on_mariadb.sql(
        "CREATE USER blind@'127.0.0.1' IDENTIFIED BY 'look'; GRANT SELECT ON on_mariadb.experiments TO blind@'127.0.0.1'"
    )
    for store in (on_postgres, on_mariadb):
        uri = store.server.uri(store.name, user="blind", password="look")
        assert "does not let this user read runs" in refused(lambda uri=uri: collect(uri, Selection()), "denied")  # type: ignore[misc]
    elsewhere = on_mariadb.server.uri("elsewhere", user="blind", password="look")
    assert "check the name of the database" in refused(lambda: collect(elsewhere, Selection()), "denied")


# --- refusals ---


@pytest.mark.fault(
    "The password is wrong or missing, or the user unknown",
    "The error tells wrong from missing, and shows no password.",
    at="database",
    exit=4,
)
def test_a_wrong_password_is_named_and_not_shown(store: Store) -> None:
    uri = store.server.uri(store.name, password="very-wrong/@p%w")
    assert "the password in the tracking URI was refused" in refused(lambda: collect(uri, Selection()), "denied")
    refused(lambda: collect(store.server.uri(store.name, user="nobody"), Selection()), "denied")
    without = re.sub(r":[^:@]*@", "@", store.uri)
    assert "no password was given" in refused(lambda: collect(without, Selection()), "denied")


@pytest.mark.fault("The database does not exist", "The error names it.", at="database", exit=4)
def test_a_database_that_is_not_there_is_named(store: Store) -> None:
    assert "elsewhere" in refused(lambda: collect(store.server.uri("elsewhere"), Selection()), "no-such-store")


@pytest.mark.fault("Nothing listens on the database's port", "The error says what to check.", at="database", exit=4)
def test_a_server_that_is_not_there_is_named(store: Store) -> None:
    uri = store.uri.replace(f":{store.server.port}/", ":1/")
    assert "check host" in refused(lambda: collect(uri, Selection()), "unreachable")


@pytest.mark.fault("The database is not MLflow's", "The error says so.", at="database", exit=4)
def test_a_database_that_is_not_mlflows_is_told(store: Store) -> None:
    uri = store.server.create("not_mlflow")
    assert "not an MLflow store" in refused(lambda: collect(uri, Selection()), "not-mlflow")


@pytest.mark.fault(
    "The database cuts the connection while histories are read", "It is one error: unreachable.", at="database", exit=4
)
def test_a_connection_that_is_cut_is_one_error(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    in_small_chunks(monkeypatch)

    def cut() -> None:
        if store.is_postgres:
            store.sql(
                f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{store.name}' AND pid <> pg_backend_pid()"
            )
            return
        ids = store.sql(f"SELECT id FROM information_schema.processlist WHERE db = '{store.name}' AND id <> CONNECTION_ID()")
        for id_ in ids.split():
            store.sql(f"KILL {id_}")

    with reader(store) as source:
        refused(lambda: history(source, store, between=cut), "unreachable")
        refused(source.experiments, "unreachable")


# --- PostgreSQL's ways ---


def test_a_schema_that_is_not_public_is_found(postgres: DatabaseServer) -> None:
    moved = filled(postgres, "moved")
    before = content(collect(moved.uri, Selection()))
    moved.sql('ALTER SCHEMA public RENAME TO "My Schema"; CREATE SCHEMA public; CREATE TABLE public.metrics (other INT)')
    uri = f"{moved.uri}?options=-csearch_path%3D%22My%5C%20Schema%22,public"
    assert content(collect(uri, Selection())) == before
    refused(lambda: collect(moved.uri, Selection()), "not-mlflow")


def test_a_hot_standby_is_read(on_postgres: Store, standby: DatabaseServer) -> None:
    on_postgres.sql("CREATE TABLE seen_by_the_standby (n INT)")
    deadline = time.monotonic() + 60
    while not standby.sql("SELECT 1 FROM pg_tables WHERE tablename = 'seen_by_the_standby'", on_postgres.name):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert standby.sql("SELECT pg_is_in_recovery()") == "t\n"
    assert content(collect(standby.uri(on_postgres.name), Selection())) == content(collect(on_postgres.uri, Selection()))


def test_both_connections_see_one_moment_on_a_standby_too(
    on_postgres: Store, standby: DatabaseServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_small_chunks(monkeypatch)
    copy = Store(standby, on_postgres.name, on_postgres.run_ids)
    with reader(copy) as source:
        assert len(history(source, copy)) == len(expected(copy))


@pytest.mark.fault(
    "The user may open one connection, and another program has it",
    "It is an error; alone, one connection is enough.",
    at="database",
    exit=4,
)
def test_a_limit_of_one_connection_is_enough(on_postgres: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    in_small_chunks(monkeypatch)
    on_postgres.sql(
        "CREATE ROLE single LOGIN PASSWORD 'look' CONNECTION LIMIT 1; GRANT SELECT ON ALL TABLES IN SCHEMA public TO single"
    )
    uri = on_postgres.server.uri(on_postgres.name, user="single", password="look")
    assert content(collect(uri, Selection())) == content(collect(on_postgres.uri, Selection()))
    with closing(opened(uri, Reading())):
        refused(lambda: collect(uri, Selection()), "unreachable")


@pytest.mark.fault(
    "PostgreSQL ends statements after a millisecond", "The error names `statement_timeout`.", at="database", exit=4
)
def test_a_short_limit_for_statements_is_told(on_postgres: Store) -> None:
    uri = f"{on_postgres.uri}?options=-cstatement_timeout%3D1"
    assert "statement_timeout" in refused(lambda: [collect(uri, Selection()) for _ in range(50)], "timeout")


@pytest.mark.fault("PostgreSQL ends idle transactions after 300 ms", "Every point is read.", at="database")
def test_a_short_limit_for_idle_connections_does_not_matter(on_postgres: Store) -> None:
    on_postgres.sql("ALTER DATABASE on_postgres SET idle_in_transaction_session_timeout = '300ms'")
    try:
        with reader(on_postgres) as source:
            time.sleep(1)
            assert len(history(source, on_postgres)) == len(expected(on_postgres))
    finally:
        on_postgres.sql("ALTER DATABASE on_postgres RESET idle_in_transaction_session_timeout")


@pytest.mark.fault("The URI asks for TLS and PostgreSQL has none", "It is an error that names SSL.", at="database", exit=4)
def test_tls_that_is_asked_for_and_not_there_is_an_error(on_postgres: Store) -> None:
    assert "SSL" in refused(lambda: collect(f"{on_postgres.uri}?sslmode=require", Selection()), "unreachable")


def test_postgresql_options_of_other_drivers() -> None:
    assert "prepared_statement" not in libpq_uri("postgresql+asyncpg://u:p@h/db?prepared_statement_cache_size=0")
    assert "sslmode=verify-full" in libpq_uri("postgresql://u:p@h/db?sslmode=verify-full&sslrootcert=%2Fca.pem")
    assert "'ssl_context'" in refused(lambda: libpq_uri("postgresql+pg8000://u:s3cret@h/db?ssl_context=true"), "bad-uri")


# --- MariaDB's and MySQL's ways ---


@pytest.mark.fault("MariaDB ends idle connections after a second", "Every point is read.", at="database")
def test_a_short_limit_for_idle_connections_does_not_matter_to_mariadb(on_mariadb: Store) -> None:
    on_mariadb.sql("SET GLOBAL wait_timeout = 1, GLOBAL idle_readonly_transaction_timeout = 1")
    try:
        with reader(on_mariadb) as source:
            time.sleep(2.5)
            assert len(history(source, on_mariadb)) == len(expected(on_mariadb))
    finally:
        on_mariadb.sql("SET GLOBAL wait_timeout = 28800, GLOBAL idle_readonly_transaction_timeout = 0")


@pytest.mark.fault(
    "MariaDB ends a statement early",
    "The error names `max_statement_time`, and the connection stays usable.",
    at="database",
    exit=4,
)
def test_a_short_limit_for_statements_is_told_by_mariadb(on_mariadb: Store) -> None:
    with closing(MySqlDatabase(on_mariadb.uri)) as database:
        database._run("SET SESSION max_statement_time = 0.05")
        slow = "SELECT COUNT(*) FROM metrics a, metrics b, metrics c"
        assert "max_statement_time" in refused(lambda: database.table(slow, {"n": "int"}), "timeout")
        assert database.table("SELECT 7", {"n": "int"}).column("n").to_pylist() == [7]


@pytest.mark.fault("A table is altered while it is read", "The error says so: run the report again.", at="database", exit=4)
def test_a_table_that_is_altered_meanwhile_is_told(mariadb: DatabaseServer) -> None:
    store = filled(mariadb, "altered")
    with reader(store) as source:
        store.sql("ALTER TABLE metrics ADD COLUMN more INT, ALGORITHM = COPY")
        assert "run the report again" in refused(lambda: history(source, store), "store-changed")


def _cipher(uri: str) -> str:
    with closing(MySqlDatabase(uri)) as database:
        return str(database._run("SHOW STATUS LIKE 'Ssl_cipher'")[0][1])


@pytest.mark.fault(
    "MariaDB's certificate is another one, or for another host", "The connection is refused.", at="database", exit=4
)
def test_tls_is_used_as_the_uri_asks(on_mariadb: Store) -> None:
    authority = on_mariadb.server.authority
    assert authority is not None
    for options in (
        "",
        "?ssl_mode=REQUIRED",
        "?ssl=true",
        f"?ssl_ca={authority}",
        f"?ssl-mode=VERIFY_IDENTITY&ssl-ca={authority}",
    ):
        assert _cipher(on_mariadb.uri + options) != "", options
    assert _cipher(f"{on_mariadb.uri}?ssl_disabled=true") == ""
    with private_folder("other") as folder:
        other, _ = certificate(folder)
        assert "CERTIFICATE" in refused(lambda: _cipher(f"{on_mariadb.uri}?ssl_ca={other}"), "unreachable").upper()
    local = on_mariadb.uri.replace("@127.0.0.1:", "@localhost:")
    refused(lambda: _cipher(f"{local}?ssl_ca={authority}"), "unreachable")  # the certificate is for 127.0.0.1
    assert _cipher(f"{on_mariadb.uri}?ssl_mode=VERIFY_CA&ssl_ca={authority}") != ""
    assert _cipher(f"{on_mariadb.uri}?ssl_verify_identity=false&ssl_ca={authority}") != ""


@pytest.mark.fault(
    "A MySQL URI has options that are unknown or contradict each other", "The error names the option.", at="config", exit=2
)
def test_options_of_mysql_uris() -> None:
    def options(query: str) -> dict[str, Any]:
        return connect_options(f"mysql+mysqldb://u:s3cret@h:3307/db?{query}")

    given = options("charset=latin1&use_unicode=0&connect_timeout=3&unix_socket=/s")
    assert given == {
        "host": "h",
        "port": 3307,
        "user": "u",
        "password": b"s3cret",
        "database": "db",
        "charset": "utf8mb4",
        "connect_timeout": 3,
        "read_timeout": 600,
        "unix_socket": "/s",
    }
    assert options("ssl_mode=PREFERRED") == options("")
    assert options("ssl_mode=DISABLED")["ssl_disabled"] is True
    for query, word in {
        "init_command=SET+x": "'init_command'",
        "ssl_mode=SOMETIMES": "VERIFY_CA",
        "ssl_disabled=true&ssl_ca=/x": "switched off and asked for",
        "ssl_ca=/not/there.pem": "No such file",
        "ssl_verify_cert=perhaps": "true or false",
        "connect_timeout=soon": "whole seconds",
        "ssl_ca=/a&ssl_ca=/b": "more than once",
        "tls_versions=TLSv1": "security",
    }.items():
        assert word in refused(lambda query=query: options(query), "bad-uri")  # type: ignore[misc]
    refused(lambda: connect_options("mysql://u:s3cret@h/"), "bad-uri")
    refused(lambda: connect_options("mysql://u:s3cret@h:port/db"), "bad-uri")


# --- rows of the binary protocol ---

LENGTHS = (0, 1, 7, 8, 9, 250, 251, 255, 256, 257, 65_535, 65_536, 70_000)
INTEGERS = {"TINYINT": 8, "SMALLINT": 16, "MEDIUMINT": 24, "INT": 32, "BIGINT": 64}


@pytest.fixture(scope="module")
def database(on_mariadb: Store) -> Iterator[MySqlDatabase]:
    columns = [f"{name}_s {name}, {name}_u {name} UNSIGNED" for name in INTEGERS]
    on_mariadb.sql(
        f"CREATE TABLE kinds (n INT PRIMARY KEY, a LONGTEXT, {', '.join(columns)}, d DOUBLE, f FLOAT, e DECIMAL(30, 3), "
        "b LONGBLOB, t DATETIME, v VARCHAR(40))"
    )
    on_mariadb.insert("kinds", kinds())
    with closing(MySqlDatabase(on_mariadb.uri)) as database:
        yield database
    on_mariadb.sql("DROP TABLE kinds")


def kinds() -> list[dict[str, Any]]:
    """Rows of every type and width, with nulls anywhere."""
    rng = random.Random(0)
    rows = []
    for n in range(600):
        row: dict[str, Any] = {"n": n, "a": "ä€𝄞a"[n % 4] * (LENGTHS[n % 13] // (2 if n % 4 == 0 else 1) % 20_000)}
        for name, bits in INTEGERS.items():
            row[f"{name}_s"] = rng.choice([-(2 ** (bits - 1)), 2 ** (bits - 1) - 1, -1, 0, rng.randrange(2 ** (bits - 1))])
            row[f"{name}_u"] = rng.choice([0, 2**bits - 1, rng.randrange(2**bits)])
        row |= {"d": rng.choice([rng.gauss(0, 1), -0.0, 5e-324, 1.7976931348623157e308]), "f": rng.randrange(99) / 4}
        row |= {
            "e": rng.randrange(10**12) / 8,
            "b": rng.randbytes(LENGTHS[n % 13]),
            "t": "2026-11-21 01:02:03",
            "v": f"v{n // 50}",
        }
        rows.append({key: None if key != "n" and rng.random() < 0.2 else value for key, value in row.items()})
    return rows


def theirs(on_mariadb: Store, sql: str) -> list[tuple[Any, ...]]:
    with closing(pymysql.connect(**connect_options(on_mariadb.uri))) as connection, connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def test_numbers_of_every_width(database: MySqlDatabase, on_mariadb: Store) -> None:
    names = [f"{name}_{sign}" for name in INTEGERS for sign in "su" if name + sign != "BIGINTu"]
    sql = f"SELECT {', '.join(names)}, d, f FROM kinds ORDER BY n"
    ours = database.table(sql, {**dict.fromkeys(names, "int"), "d": "real", "f": "real"})
    assert list(zip(*(c.to_pylist() for c in ours.columns), strict=True)) == theirs(on_mariadb, sql)


def test_texts_of_every_length(database: MySqlDatabase, on_mariadb: Store) -> None:
    sql = "SELECT n, a, v, e, d FROM kinds ORDER BY n"
    ours = database.table(sql, {"n": "int", "a": "text", "v": "text", "e": "text", "d": "real"})
    expected = [(n, a, v, None if e is None else str(e), d) for n, a, v, e, d in theirs(on_mariadb, sql)]
    assert list(zip(*(c.to_pylist() for c in ours.columns), strict=True)) == expected


def test_what_does_not_fit_is_null_and_what_is_not_utf8_is_mended(database: MySqlDatabase, on_mariadb: Store) -> None:
    sql = "SELECT BIGINT_u, b, v, e FROM kinds ORDER BY n"
    ours = database.table(sql, {"BIGINT_u": "int", "b": "text", "v": "real", "e": "int"})
    for row, (big, blob, _, e) in zip(
        zip(*(c.to_pylist() for c in ours.columns), strict=True), theirs(on_mariadb, sql), strict=True
    ):
        assert row[0] == (big if big is None or big < 2**63 else None)
        assert row[1] == (None if blob is None else blob.decode("utf-8", "replace"))
        assert row[2] is None
        assert row[3] is None or row[3] == int(e)


def test_times_are_sent_with_their_own_lengths(database: MySqlDatabase) -> None:
    ours = database.table("SELECT n, t, n FROM kinds ORDER BY n", {"n": "int", "t": "text", "m": "int"})
    assert ours.column("n").to_pylist() == ours.column("m").to_pylist() == list(range(600))


def test_long_results_are_taken_apart_as_they_come(database: MySqlDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    sql = "SELECT seq, REPEAT('x', seq % 300) FROM seq_1_to_40000"
    whole = database.table(sql, {"n": "int", "text": "text"})
    monkeypatch.setattr(mysql_rows, "_MOST_LEFT", 0)
    assert database.table(sql, {"n": "int", "text": "text"}).equals(whole)
    assert whole.column("n").to_pylist() == list(range(1, 40_001))


def test_no_rows_and_many_columns(database: MySqlDatabase) -> None:
    names = [f"c{i}" for i in range(40)]
    columns = ", ".join(f"{'NULL' if i % 3 else i} AS {name}" for i, name in enumerate(names))
    row = database.table(f"SELECT {columns}", dict.fromkeys(names, "int")).to_pylist()
    assert row == [{name: None if i % 3 else i for i, name in enumerate(names)}]
    empty = database.table(f"SELECT {columns} FROM kinds WHERE n < 0", dict.fromkeys(names, "text"))
    assert empty.schema == pa.schema([(name, pa.string()) for name in names])
    assert empty.num_rows == 0


def test_a_statement_that_is_wrong_leaves_the_connection_usable(database: MySqlDatabase) -> None:
    for sql in ("SELECT nonsense", "SELECT (SELECT n FROM kinds)"):
        refused(lambda sql=sql: database.table(sql, {"n": "int"}), "store-unreadable")  # type: ignore[misc]
        assert database.table("SELECT 1", {"n": "int"}).num_rows == 1


def test_the_snapshot_is_whole(store: Store) -> None:
    snapshot: Snapshot = collect(store.uri, Selection())
    assert snapshot.history.n_points == len(expected(store))
    assert not any(row.unexplained for row in snapshot.ledger)
    assert {row["value"] for row in snapshot.params.to_pylist()} == {f"0.{n}\\" for n in range(N_RUNS)}
