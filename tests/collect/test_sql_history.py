"""Histories of a SQLite store: the same points whichever way they are read, and nobody who writes loses anything."""

from __future__ import annotations

import math
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reportgen.collect import Reading, Selection, collect, plan
from reportgen.collect.canonical_rows import GREATEST
from reportgen.collect.source import opened
from reportgen.collect.sql import history as sql_history
from reportgen.collect.sql import point_counts
from reportgen.collect.sql.database import DamagedError, Part
from reportgen.collect.sql.sqlite import SqliteDatabase, _points_sql
from reportgen.snapshot import Snapshot
from tests.collect.stores import content, insert_runs
from tests.collect.test_sqlite import child, sql, uri

INSERT = "INSERT OR IGNORE INTO metrics (run_uuid, key, value, timestamp, step, is_nan) VALUES (?, ?, ?, ?, ?, ?)"
NO_INDEX = ("DROP INDEX index_metrics_run_uuid", "DROP INDEX index_metrics_run_uuid_key_step")


def stored(store: Path) -> list[tuple[Any, ...]]:
    """(run, metric, step, timestamp, value) of every point that holds a number, by Python alone, sorted."""
    with closing(sqlite3.connect(store)) as connection:
        rows = connection.execute("SELECT run_uuid, CAST(key AS TEXT), step, timestamp, value, is_nan FROM metrics").fetchall()
    points = [(*row[:4], math.nan if row[5] else row[4]) for row in rows if row[5] or isinstance(row[4], int | float)]
    points = [(*p[:4], math.copysign(math.inf, p[4]) if abs(p[4]) >= GREATEST else float(p[4])) for p in points]
    return [(*p[:4], repr(p[4])) for p in sorted(points, key=lambda p: (*p[:4], math.isnan(p[4]), p[4]))]


def read(snapshot: Snapshot) -> list[tuple[Any, ...]]:
    rows = content(snapshot)["history"]
    return [(*row[1:5], "nan" if row[5] == "nan" else repr(row[5])) for row in rows]


def balanced(snapshot: Snapshot) -> bool:
    return not any(row.unexplained for row in snapshot.ledger)


@pytest.fixture
def small_statements(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many statements for few points: long runs are those with more than seven."""
    for name, value in {"MAX_POINTS": 7, "_MAX_RUNS": 3, "MAX_COUNTED": 10, "_MAX_SCANNED": 40, "_FIRST_RUNS": 2}.items():
        monkeypatch.setattr(sql_history, name, value)
    monkeypatch.setattr(point_counts, "MAX_COUNTED", 10)


NUMBER = st.sampled_from([0, 1, -1.5, 2**53 + 1, GREATEST, -GREATEST, math.inf, -math.inf]) | st.floats(allow_nan=False)
ODD = st.sampled_from(["nan", "1.5", "", b"\0\1"])
KEY = st.sampled_from(["loss", "val/acc", "é", "", "a'b"])
STEPS = st.integers(-3, 12) | st.sampled_from([-(2**63), 2**40, 2**63 - 1])
POINT = st.tuples(KEY, NUMBER, st.integers(0, 2), STEPS, st.sampled_from([0, 0, 0, 1]))
ODD_POINT = st.tuples(KEY, NUMBER | ODD, st.integers(0, 2), STEPS | st.sampled_from([1.5]), st.sampled_from([0, 0, 1]))
RUNS = st.lists(st.lists(POINT, max_size=25) | st.lists(ODD_POINT, max_size=9), min_size=1, max_size=6)


@pytest.mark.slow
@pytest.mark.parametrize("indexed", [True, False])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(runs=RUNS)
def test_whatever_is_stored_is_read(
    template: Path, tmp_path: Path, small_statements: None, indexed: bool, runs: list[list[tuple[Any, ...]]]
) -> None:
    store = Path(shutil.copy(template, tmp_path / "mlflow.db"))
    ids = insert_runs(store, len(runs), n_steps=0, metrics=())
    with closing(sqlite3.connect(store)) as connection, connection:
        for run, points in zip(ids, runs, strict=True):
            connection.executemany(INSERT, [(run, *point) for point in points])
    if not indexed:
        sql(store, *NO_INDEX)
    snapshot = collect(uri(store), Selection())
    expected = stored(store)
    as_int = [(run, key, int(step), time, value) for run, key, step, time, value in expected]
    assert Counter(read(snapshot)) == Counter(as_int)
    assert balanced(snapshot)
    assert plan(uri(store), Selection()).experiments[0].n_points == sum(r.n_store for r in snapshot.ledger if r.item == "points")


def carefully(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on nothing is read plainly."""

    def nothing(self: SqliteDatabase, run_ids: Sequence[str], metrics: Sequence[str] | None, part: Part | None = None) -> None:
        return None

    monkeypatch.setattr(SqliteDatabase, "run_points", nothing)


@pytest.mark.parametrize("metrics", [(), ("loss",), ("val*", "loss"), ("none",)])
@pytest.mark.parametrize("long", [False, True])
def test_plain_and_careful_reading_give_the_same(
    store: Path, monkeypatch: pytest.MonkeyPatch, metrics: tuple[str, ...], long: bool
) -> None:
    insert_runs(store, 60, ("loss", "val/acc", "acc"), 30)
    if long:
        monkeypatch.setattr(sql_history, "MAX_POINTS", 40)
    plainly = collect(uri(store), Selection(metrics=metrics))
    carefully(monkeypatch)
    with_care = collect(uri(store), Selection(metrics=metrics))
    assert content(plainly) == content(with_care)
    assert plainly.ledger == with_care.ledger
    assert plainly.problems == with_care.problems
    assert plainly.digest() == with_care.digest()


def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every statement that is sent from now on."""
    sent: list[str] = []
    arrow: Callable[[SqliteDatabase, str], pa.Table] = SqliteDatabase._arrow

    def noted(self: SqliteDatabase, statement: str) -> pa.Table:
        sent.append(statement)
        return arrow(self, statement)

    monkeypatch.setattr(SqliteDatabase, "_arrow", noted)
    return sent


def test_a_store_that_mlflow_wrote_is_never_read_with_care(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    insert_runs(store, 300, ("loss", "acc"), 20)
    sent = calls(monkeypatch)
    collect(uri(store), Selection())
    about_points = [statement for statement in sent if " FROM metrics" in statement]
    assert not any("typeof" in statement for statement in about_points)
    assert not any('GROUP BY "run_uuid", "key"' in statement for statement in about_points)  # last values tell the series
    assert sum("is_nan" in statement for statement in about_points) == 1


def test_odd_values_cost_only_their_chunk_the_fast_way(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = insert_runs(store, 40, ("loss",), 20)
    monkeypatch.setattr(sql_history, "MAX_POINTS", 200)
    sql(store, f"UPDATE metrics SET value = 'x' WHERE run_uuid = '{ids[3]}' AND step = 5")
    sent = calls(monkeypatch)
    snapshot = collect(uri(store), Selection())
    assert snapshot.history.n_points == 40 * 20 - 1
    assert sum("typeof" in statement and " FROM metrics" in statement.replace('"', "") for statement in sent) == 1
    assert balanced(snapshot)


@pytest.mark.parametrize("metrics", [(), ("loss",)])
def test_a_batch_of_nothing_but_nan_before_the_first_number_is_read(store: Path, metrics: tuple[str, ...]) -> None:
    first, second = insert_runs(store, 2, n_steps=0, metrics=())
    n_nan = 65_536  # one batch of Arrow's driver, which then takes the column for one of integers
    rows = [(first, "loss", 0.0, step, step, 1) for step in range(n_nan)] + [(second, "loss", 0.5, 1, 1, 0)]
    rows += [(first, "loss", step / 7, step, step, 0) for step in range(n_nan, n_nan + 60_000)]  # a run of several statements
    with closing(sqlite3.connect(store)) as connection, connection:
        connection.executemany(INSERT, rows)
    snapshot = collect(uri(store), Selection(metrics=metrics))
    assert (snapshot.problems, balanced(snapshot)) == ((), True)
    found = {one.run_id: one for one in snapshot.history.series()}
    assert math.fsum(found[first].value[n_nan:]) == math.fsum(step / 7 for step in range(n_nan, n_nan + 60_000))
    assert [int(n) for n in (len(found[first]), sum(map(math.isnan, found[first].value)), len(found[second]))] == [
        n_nan + 60_000,
        n_nan,
        1,
    ]


def test_no_point_is_read_twice_when_a_store_without_index_is_damaged_late(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = insert_runs(store, 6, ("loss",), 10)
    empty = sorted(ids)[:2]
    sql(store, *NO_INDEX, f"DELETE FROM metrics WHERE run_uuid IN ('{empty[0]}', '{empty[1]}')")
    expected = read(collect(uri(store), Selection()))
    monkeypatch.setattr(sql_history, "_MAX_SCANNED", 15)  # three parts of two runs, the first without points
    pages, n_parts = sql_history.Histories._pages, iter(range(3))

    def torn(self: Any, run_ids: pa.Array) -> Iterator[pa.Table]:
        if next(n_parts) == 2:
            raise DamagedError("a page is torn")
        yield from pages(self, run_ids)

    monkeypatch.setattr(sql_history.Histories, "_pages", torn)
    assert read(collect(uri(store), Selection())) == expected
    assert list(n_parts) == []


def test_a_metric_whose_name_is_not_utf8_is_mended_and_told(store: Path) -> None:
    (run, *_) = insert_runs(store, 3)
    sql(store, f"UPDATE metrics SET key = CAST(x'61ff62' AS TEXT) WHERE run_uuid = '{run}'")
    snapshot = collect(uri(store), Selection())
    assert [series.metric for series in snapshot.history.series(run_ids=[run])] == ["a\ufffdb"]
    assert "text-repaired" in {problem.slug for problem in snapshot.problems}
    assert balanced(snapshot)


def test_series_that_last_values_do_not_tell_are_counted(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = insert_runs(store, 30, ("loss", "acc"), 10)
    monkeypatch.setattr(sql_history, "MAX_POINTS", 100)
    sql(
        store,
        f"DELETE FROM latest_metrics WHERE run_uuid = '{ids[0]}'",
        f"UPDATE latest_metrics SET key = 'b' WHERE run_uuid = '{ids[1]}' AND key = 'acc'",
    )
    snapshot = collect(uri(store), Selection())
    series = next(row for row in snapshot.ledger if row.item == "series")
    assert (series.n_store, series.n_read) == (60, 60)
    some = collect(uri(store), Selection(metrics=("loss", "b")))
    points = next(row for row in some.ledger if row.item == "points")
    assert (points.n_store, points.n_read, sum(n for _, n in points.left_out)) == (600, 300, 300)


def test_the_index_hands_out_runs_in_order(store: Path) -> None:
    ids = insert_runs(store, 20)
    with closing(sqlite3.connect(store)) as connection:
        for statement in (
            _points_sql("index_metrics_run_uuid", ids, None, None),
            _points_sql("index_metrics_run_uuid", ids, ["loss"], None),
            _points_sql("index_metrics_run_uuid", ids[:1], None, Part(5, 10)),
        ):
            steps = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}")]
            assert [step.partition("(")[0] for step in steps] == ["SEARCH metrics USING INDEX index_metrics_run_uuid "]


# --- long runs ---


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("INSERT INTO metrics (run_uuid, key, value, timestamp, step, is_nan) SELECT run_uuid, key, value, timestamp, step + 500, is_nan FROM metrics", 1000),
        ("DELETE FROM metrics WHERE step < 30", 470),
        ("DELETE FROM metrics", 0),
        ("INSERT INTO metrics (rowid, run_uuid, key, value, timestamp, step, is_nan) SELECT -1, run_uuid, key, value, timestamp, -1, is_nan FROM metrics LIMIT 1", 501),
    ],
)  # fmt: skip
def test_a_long_run_that_changes_while_it_is_read_is_of_one_moment(
    store: Path, monkeypatch: pytest.MonkeyPatch, change: str, expected: int
) -> None:
    (run,) = insert_runs(store, 1, ("loss",), 500)
    monkeypatch.setattr(sql_history, "MAX_POINTS", 100)
    run_points, parts = SqliteDatabase.run_points, Counter[int | None]()
    code = """
        import sqlite3, sys
        connection = sqlite3.connect(sys.argv[1], timeout=5)
        connection.execute(sys.argv[2])
        connection.commit()
        print("ready", flush=True)
    """

    def changed(self: SqliteDatabase, run_ids: Sequence[str], metrics: Sequence[str] | None, part: Part | None = None) -> Any:
        assert part is not None
        parts[part.last] += 1
        return run_points(self, run_ids, metrics, part)

    at_once, done = SqliteDatabase.at_once, []

    def then_changed(self: SqliteDatabase, work: Callable[[], Any]) -> Any:
        result = at_once(self, work)
        if parts.total() == 2 and not done:  # two parts are read, and no transaction is open
            done.append(1)
            with child(code, str(store), change):
                pass
        return result

    monkeypatch.setattr(SqliteDatabase, "run_points", changed)
    monkeypatch.setattr(SqliteDatabase, "at_once", then_changed)
    with closing(opened(uri(store), Reading())) as source:
        source.runs(["0"])
        (chunk,) = source.history([run], lambda _: True, lambda *_: None)
    assert done
    assert chunk.points.num_rows == chunk.stored["points"].get(run, 0) == expected
    assert chunk.points.num_rows == len(stored(store))
    assert max(parts.values()) <= 3  # read once, or again: because it moved, and because last values tell of what is gone


# --- stores without an index ---


@pytest.mark.parametrize("metrics", [(), ("loss",)])
def test_a_store_from_before_the_index_is_read_from_end_to_end_and_few_times(
    store: Path, monkeypatch: pytest.MonkeyPatch, metrics: tuple[str, ...]
) -> None:
    insert_runs(store, 200, ("loss", "acc"), 20)
    selection = Selection(metrics=metrics)
    indexed = collect(uri(store), selection)
    sql(store, *NO_INDEX)
    monkeypatch.setattr(sql_history, "MAX_POINTS", 1000)
    monkeypatch.setattr(sql_history, "_MAX_SCANNED", 4500)
    sent = calls(monkeypatch)
    scanned = collect(uri(store), selection)
    assert content(scanned) == content(indexed)
    assert scanned.ledger == indexed.ledger
    assert scanned.problems == indexed.problems
    # Twice through 8,000 points, a thousand at a time and once more to see the end.
    assert sum("rowid" in statement and " FROM metrics" in statement for statement in sent) == 2 * 9


def test_a_view_of_points_has_no_rows_of_its_own_and_is_read(store: Path) -> None:
    insert_runs(store, 20, ("loss",), 10)
    expected = content(collect(uri(store), Selection()))
    sql(store, "ALTER TABLE metrics RENAME TO points", "CREATE VIEW metrics AS SELECT * FROM points")
    snapshot = collect(uri(store), Selection())
    assert content(snapshot) == expected
    assert balanced(snapshot)


def test_a_table_without_rowid_is_read(store: Path) -> None:
    insert_runs(store, 20, ("loss",), 10)
    expected = content(collect(uri(store), Selection()))
    sql(
        store,
        "ALTER TABLE metrics RENAME TO points",
        "CREATE TABLE metrics (run_uuid TEXT, key TEXT, value REAL, timestamp INT, step INT, is_nan INT, PRIMARY KEY (run_uuid, key, step)) WITHOUT ROWID",
        "INSERT INTO metrics SELECT run_uuid, key, value, timestamp, step, is_nan FROM points",
    )
    snapshot = collect(uri(store), Selection())
    assert content(snapshot) == expected
    assert balanced(snapshot)


# --- a training that goes on ---

TRAINING = """
    import sys, time
    from mlflow import MlflowClient
    uri, run = sys.argv[1:]
    client = MlflowClient(uri)
    client.log_metric(run, "live", 0.0, timestamp=1, step=0)
    print("ready", flush=True)
    worst = 0
    for step in range(1, 201):
        started = time.monotonic()
        client.log_metric(run, "live", step / 7, timestamp=step, step=step)
        worst = max(worst, time.monotonic() - started)
    print(worst, flush=True)
"""


@pytest.fixture(scope="module")
def busy_store(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("busy")
    store = Path(shutil.copy(template, folder / "mlflow.db"))
    insert_runs(store, 200, ("loss", "acc", "val"), 1000)
    yield store
    shutil.rmtree(folder)


@pytest.mark.slow
def test_a_training_that_logs_through_mlflow_loses_nothing_while_histories_are_read(busy_store: Path) -> None:
    with closing(sqlite3.connect(busy_store)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        (run,) = connection.execute("SELECT run_uuid FROM runs ORDER BY run_uuid LIMIT 1").fetchone()
    with child(TRAINING, uri(busy_store), run) as process:
        assert process.stdout is not None
        seen = []
        while process.poll() is None and len(seen) < 100:
            seen.append(collect(uri(busy_store), Selection()))
        said = process.stdout.read()
    assert process.returncode == 0  # "database is locked" would have ended it
    print(f"longest wait of a training {float(said):.3f} s, {len(seen)} readings meanwhile")  # noqa: T201 (the measurement)
    assert float(said) < 5
    last = collect(uri(busy_store), Selection())
    (live,) = last.history.series(["live"], [run])
    assert live.step.tolist() == list(range(201))
    counts = [snapshot.history.n_points for snapshot in seen]
    assert counts == sorted(counts)
    assert all(balanced(snapshot) for snapshot in (*seen, last))
    assert not any(problem.severity == "gap" for snapshot in seen for problem in snapshot.problems)
