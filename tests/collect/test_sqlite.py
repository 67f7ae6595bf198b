"""SQLite files in every state they are found in: read right, left alone, and nobody who writes is kept waiting."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reportgen.collect import Reading, Selection, collect, plan
from reportgen.collect.source import opened
from reportgen.collect.sql import history as sql_history
from reportgen.collect.sql.sqlite import SqliteDatabase
from reportgen.errors import SourceError
from tests.collect.stores import START, content, insert_runs


def uri(path: Path) -> str:
    return f"sqlite:///{path}"


def files(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def sql(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


@contextmanager
def child(code: str, *args: str) -> Iterator[subprocess.Popen[str]]:
    """Another process, which has printed its first line when the block begins: locks are between processes."""
    command = [sys.executable, "-c", textwrap.dedent(code), *args]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "ready"
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


# --- bad input ---


@pytest.mark.fault("The SQLite file is not there", "The error names the one that is, and makes none.", at="database", exit=4)
def test_a_missing_file_names_what_is_there(store: Path) -> None:
    with pytest.raises(SourceError) as raised:
        collect(uri(store.with_name("mlfow.db")), Selection())
    assert raised.value.slug == "no-such-store"
    assert str(raised.value) == (
        f"there is no file {store.parent}/mlfow.db\n"
        f"found: {store}\n"
        "to do: give the path of the store; a relative one starts at the current folder "
        "(sqlite:///here.db, sqlite:////root/there.db)"
    )
    assert [path.name for path in store.parent.iterdir()] == ["mlflow.db"]


@pytest.mark.fault("The SQLite file is empty", "The error says so; the file stays empty.", at="database", exit=4)
def test_an_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "mlflow.db"
    path.touch()
    with pytest.raises(SourceError) as raised:
        collect(uri(path), Selection())
    assert str(raised.value) == (
        f"{path} is empty (0 bytes)\n"
        "allowed: a SQLite database that MLflow made\n"
        "to do: check the path: MLflow makes the tables when the first run is logged"
    )
    assert path.stat().st_size == 0


@pytest.mark.fault("The file is no database", "The error shows how it begins.", at="database", exit=4)
def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "mlflow.db"
    path.write_text("<!doctype html>, which somebody downloaded")
    with pytest.raises(SourceError) as raised:
        collect(uri(path), Selection())
    assert str(raised.value) == (
        f"{path} is not a SQLite database\n"
        "found: a file that begins with b'<!doctype html>,'\n"
        "allowed: a file that begins with b'SQLite format 3\\x00'\n"
        "to do: check the path, or restore the file from a backup"
    )


@pytest.mark.fault(
    "The SQLite database is another program's", "The error names its tables and those of MLflow.", at="database", exit=4
)
def test_another_database(tmp_path: Path) -> None:
    path = tmp_path / "app.db"
    sql(path, "CREATE TABLE users (id INTEGER)")
    with pytest.raises(SourceError) as raised:
        collect(uri(path), Selection())
    assert str(raised.value) == (
        f"sqlite:///{path} is a database, but not an MLflow store\n"
        "found: tables users\n"
        "allowed: tables experiments, runs, metrics, params and tags, as MLflow makes them\n"
        "to do: check the path or the database's name; the user needs the right to read these tables"
    )


def test_a_folder(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as raised:
        collect(uri(tmp_path), Selection())
    assert raised.value.what == f"{tmp_path} is a folder, not a SQLite file"


@pytest.mark.parametrize("text", ["sqlite://", "sqlite:///:memory:", "sqlite:///"])
def test_a_database_in_memory(text: str) -> None:
    with pytest.raises(SourceError, match="names a database in memory"):
        collect(text, Selection())


def test_a_header_alone_is_a_damaged_store(tmp_path: Path) -> None:
    path = tmp_path / "mlflow.db"
    path.write_bytes(b"SQLite format 3\0" + b"\0" * 84)
    with pytest.raises(SourceError) as raised:
        collect(uri(path), Selection())
    assert raised.value.slug in ("store-damaged", "not-mlflow")


# --- what is read ---


@pytest.mark.parametrize("name", ["we?ird #1 %20.db", 'ünï\'cøde "q".db'])
def test_any_file_name(store: Path, name: str) -> None:
    insert_runs(store, 2)
    moved = store.rename(store.with_name(name))
    assert collect(uri(moved), Selection()).history.n_points == 6
    assert collect(str(moved), Selection()).history.n_points == 6
    assert [path.name for path in store.parent.iterdir()] == [name]


def test_query_options_of_sqlalchemy_are_no_part_of_the_path(store: Path) -> None:
    insert_runs(store, 1)
    assert collect(f"{uri(store)}?timeout=30", Selection()).runs.num_rows == 1
    assert collect(f"sqlite:///file:{store}?mode=ro&uri=true", Selection()).runs.num_rows == 1


def test_a_relative_path_starts_at_the_current_folder(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(store.parent)
    assert collect("sqlite:///mlflow.db", Selection()).experiments.num_rows == 1


def test_many_chunks_in_two_threads_stay_in_order(store: Path) -> None:
    ids = insert_runs(store, 260, ("a", "b"), 5)
    table = collect(uri(store), Selection()).history.table()
    assert table.num_rows == 260 * 2 * 5
    keys = [table.column(name).to_pylist() for name in ("experiment_id", "run_id", "metric", "step")]
    rows = list(zip(*keys, strict=True))
    assert rows == sorted(rows)
    assert set(keys[1]) == set(ids)


def test_hostile_ids_are_only_text(store: Path) -> None:
    hostile = "x' OR '1'='1"
    insert_runs(store, 2)
    sql(
        store,
        f"INSERT INTO runs (run_uuid, name, status, lifecycle_stage, experiment_id) VALUES ('{hostile.replace(chr(39), chr(39) * 2)}', '', 'FINISHED', 'active', 0)",
        "INSERT INTO metrics (run_uuid, key, value, timestamp, step, is_nan) SELECT run_uuid, 'm; DROP TABLE runs', 1, 0, 0, 0 FROM runs WHERE run_uuid LIKE 'x%'",
    )
    snapshot = collect(uri(store), Selection())
    assert snapshot.history.n_points == 7
    (series,) = snapshot.history.series(run_ids=[hostile])
    assert series.metric == "m; DROP TABLE runs"


def test_a_store_of_2019_has_what_it_has(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    sql(
        path,
        "CREATE TABLE experiments (experiment_id INTEGER PRIMARY KEY, name TEXT, artifact_location TEXT)",
        "CREATE TABLE runs (run_uuid TEXT PRIMARY KEY, name TEXT, source_name TEXT, status TEXT, start_time BIGINT, end_time BIGINT, experiment_id INTEGER)",
        "CREATE TABLE metrics (key TEXT, value FLOAT, timestamp BIGINT, run_uuid TEXT)",
        "CREATE TABLE params (key TEXT, value TEXT, run_uuid TEXT)",
        "CREATE TABLE tags (key TEXT, value TEXT, run_uuid TEXT)",
        "INSERT INTO experiments VALUES (0, 'Default', './mlruns/0')",
        "INSERT INTO runs VALUES ('r1', '', 'old.py', 'FINISHED', 1, 2, 0)",
        "INSERT INTO metrics VALUES ('loss', 0.5, 10, 'r1'), ('loss', 0.25, 20, 'r1')",
        "INSERT INTO tags VALUES ('mlflow.runName', 'old one', 'r1'), ('mlflow.parentRunId', 'r0', 'r1'), ('empty', NULL, 'r1')",
    )
    snapshot = collect(uri(path), Selection())
    tables = content(snapshot)
    assert tables["runs"] == [("0", "r1", "old one", "FINISHED", "active", 1, 2, "r0", "", "old.py", "")]
    assert tables["history"] == [("0", "r1", "loss", 0, 10, 0.5), ("0", "r1", "loss", 0, 20, 0.25)]
    assert tables["metrics"] == [("0", "r1", "loss", 0.25, 0, 20)]
    assert ("0", "r1", "empty", "") in tables["tags"]
    assert snapshot.problems == ()


@pytest.mark.fault("The store has no table of params", "It is a gap.", at="database", exit=3)
def test_a_missing_table_is_a_gap(store: Path) -> None:
    insert_runs(store, 1)
    sql(store, "DROP TABLE params")
    (problem,) = collect(uri(store), Selection()).problems
    assert (problem.slug, problem.severity, problem.what) == ("table-missing", "gap", "the store has no table params")


@pytest.mark.fault("A point holds a text in place of a number", "That point is left out and counted.", at="database", exit=3)
def test_values_that_are_no_numbers_are_left_out_and_told(store: Path) -> None:
    first, second = insert_runs(store, 2)
    sql(
        store,
        f"UPDATE metrics SET value = 'nan' WHERE run_uuid = '{first}' AND step = 1",
        "UPDATE metrics SET value = 7 WHERE step = 2",
    )
    snapshot = collect(uri(store), Selection())
    assert [s.value.tolist()[-1] for s in snapshot.history.series()] == [7.0, 7.0]
    row = next(r for r in snapshot.ledger if r.item == "points")
    assert (row.n_store, row.n_read, row.left_out) == (6, 5, (("unreadable", 1),))
    (problem,) = snapshot.problems
    assert (problem.slug, problem.where, problem.what) == (
        "points-unreadable",
        f"run {first}",
        "1 points hold something that is no number",
    )
    assert second


@pytest.mark.fault("A param is not UTF-8", "The bytes in question are replaced, and a note says so.", at="text", exit=0)
def test_text_that_is_not_utf8_is_mended_and_told(store: Path) -> None:
    (run,) = insert_runs(store, 1)
    with closing(sqlite3.connect(store)) as connection, connection:
        connection.execute("INSERT INTO params (run_uuid, key, value) VALUES (?, 'bytes', CAST(x'61ff62' AS TEXT))", (run,))
    snapshot = collect(uri(store), Selection())
    assert {r["key"]: r["value"] for r in snapshot.params.to_pylist()} == {"lr": "0", "bytes": "a�b"}
    assert [p.slug for p in snapshot.problems] == ["text-repaired"]


def test_metrics_that_only_the_history_has_get_a_last_value(store: Path) -> None:
    (run,) = insert_runs(store, 1)
    sql(
        store,
        f"INSERT INTO metrics (run_uuid, key, value, timestamp, step, is_nan) VALUES ('{run}', 'loss', 99, {START + 50}, 50, 0)",
        f"INSERT INTO metrics (run_uuid, key, value, timestamp, step, is_nan) VALUES ('{run}', 'new', 5, {START}, 1, 0)",
    )
    snapshot = collect(uri(store), Selection())
    assert [(r["metric"], r["value"], r["step"]) for r in snapshot.metrics.to_pylist()] == [("loss", 99.0, 50), ("new", 5.0, 1)]
    assert snapshot.problems == ()


@pytest.mark.fault("The history of a metric lacks its last value", "It is a gap of its run.", at="database", exit=3)
def test_a_last_value_that_no_history_has_is_a_gap(store: Path) -> None:
    first, second = sorted(insert_runs(store, 2))
    sql(store, f"DELETE FROM metrics WHERE run_uuid = '{first}'", f"DELETE FROM metrics WHERE run_uuid = '{second}' AND step = 2")
    problems = collect(uri(store), Selection()).problems
    assert [(p.slug, p.where, p.severity) for p in problems] == [
        ("history-incomplete", f"run {first}", "gap"),
        ("history-incomplete", f"run {second}", "gap"),
    ]
    assert problems[0].what == "the history of loss lacks the last value"


def test_report_runs_are_not_there_wherever_they_would_be_counted(store: Path) -> None:
    ids = insert_runs(store, 4)
    selection = Selection(start=datetime.fromtimestamp((START + 2) / 1000, UTC))
    for run, what in zip(ids[:2], ("", "lifecycle_stage = 'deleted'"), strict=True):
        sql(store, f"INSERT INTO tags (run_uuid, key, value) VALUES ('{run}', 'reportgen.report', 'weekly')")
        sql(store, f"UPDATE runs SET {what} WHERE run_uuid = '{run}'") if what else None
    rows = {row.item: row for row in collect(uri(store), selection).ledger}
    assert (rows["runs"].n_store, rows["runs"].left_out) == (2, ())
    assert (rows["points"].n_store, rows["points"].left_out) == (6, ())


def test_orphans_and_workspaces_are_told(store: Path) -> None:
    insert_runs(store, 1)
    insert_runs(store, 2, experiment="77")
    sql(
        store,
        "INSERT INTO experiments (experiment_id, name, lifecycle_stage, workspace) VALUES (5, 'Default', 'active', 'team-b')",
    )
    snapshot = collect(uri(store), Selection())
    assert [(p.slug, p.severity, p.what) for p in snapshot.problems] == [
        ("orphan-runs", "warning", "2 runs belong to no experiment and were not read"),
        ("workspaces", "note", "the store holds 2 workspaces, and all were read: default, team-b"),
    ]
    assert snapshot.experiments["experiment_id"].to_pylist() == ["0", "5"]


@pytest.mark.fault(
    "A page of the SQLite file is overwritten", "A few runs are gaps; the points of all others are right.", at="database", exit=3
)
def test_pages_that_are_torn_cost_only_their_runs(store: Path) -> None:
    ids = insert_runs(store, 120, ("loss", "acc"), 100)
    whole = {s.run_id: s.value.tolist() for s in collect(uri(store), Selection()).history.series(["loss"])}
    with closing(sqlite3.connect(store)) as connection:
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        pages = [
            p
            for (p,) in connection.execute(
                "SELECT pageno FROM dbstat WHERE name = 'metrics' AND pagetype = 'leaf' ORDER BY pageno"
            )
        ]
    with store.open("r+b") as file:
        file.seek((pages[len(pages) // 2] - 1) * size)
        file.write(b"\xaa" * size)
    snapshot = collect(uri(store), Selection())
    read = {s.run_id: s.value.tolist() for s in snapshot.history.series(["loss"])}
    lost = {p.where.removeprefix("run ") for p in snapshot.problems if p.slug == "run-unreadable"}
    assert 0 < len(lost) < 10
    assert read == {run: values for run, values in whole.items() if run not in lost}
    assert snapshot.runs.num_rows == len(ids)
    points = next(r for r in snapshot.ledger if r.item == "points")
    assert points.n_store == points.n_read + sum(n for _, n in points.left_out) == 24_000
    assert [why for why, _ in points.left_out] == ["unreadable"]


@pytest.mark.fault("The SQLite file lost its last two thirds", "The error says that it is damaged.", at="database", exit=4)
def test_a_store_that_lost_its_end_is_damaged(store: Path) -> None:
    insert_runs(store, 50, ("loss",), 50)
    with store.open("r+b") as file:
        file.truncate(store.stat().st_size // 3)
    with pytest.raises(SourceError) as raised:
        collect(uri(store), Selection())
    assert raised.value.slug == "store-damaged"
    assert raised.value.what == f"{store} is damaged: database disk image is malformed"


# --- side files and locks ---


def test_a_closed_wal_store_is_read_without_a_trace(store: Path) -> None:
    sql(store, "PRAGMA journal_mode = WAL")
    insert_runs(store, 2)
    before = files(store.parent)
    assert before.keys() == {"mlflow.db"}
    snapshot = collect(uri(store), Selection())
    assert snapshot.history.n_points == 6
    assert files(store.parent) == before
    assert [p.slug for p in snapshot.problems] == ["store-read-immutable"]


WRITER = """
    import sqlite3, sys, time
    connection = sqlite3.connect(sys.argv[1], isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("BEGIN")
    connection.execute("INSERT INTO tags (run_uuid, key, value) SELECT run_uuid, 'live', 'yes' FROM runs")
    connection.execute("COMMIT")
    print("ready", flush=True)
    sys.stdin.readline()
"""


@pytest.mark.fault(
    "A training writes to the SQLite store (WAL)",
    "The last commit is read, and no file is left beside the store.",
    at="database",
    exit=0,
)
def test_a_wal_store_that_somebody_writes_is_read_with_the_last_commit(store: Path) -> None:
    insert_runs(store, 2)
    with child(WRITER, str(store)):
        before = files(store.parent).keys()
        assert "mlflow.db-shm" in before
        snapshot = collect(uri(store), Selection())
        assert snapshot.tags.num_rows == 4
        assert files(store.parent).keys() == before
    assert snapshot.problems == ()


def test_a_write_into_a_store_that_nobody_had_open_makes_the_read_begin_again(store: Path) -> None:
    sql(store, "PRAGMA journal_mode = WAL")
    insert_runs(store, 2)
    database = SqliteDatabase(store, "s")
    n_reads = 0

    def read() -> int:
        nonlocal n_reads
        n_reads += 1
        count = database.table("SELECT COUNT(*) FROM tags", {"n": "int"}).column("n")[0].as_py()
        if n_reads == 1:
            with child(WRITER, str(store)):
                pass
        return int(count)

    try:
        assert database.at_once(read) == 4
        assert n_reads == 2
    finally:
        database.close()


@pytest.mark.fault(
    "A writer died in the middle of a transaction",
    "A copy is rolled back and read; the store is not touched.",
    at="database",
    exit=0,
)
def test_a_crash_in_a_transaction_is_rolled_back_in_a_copy(store: Path) -> None:
    insert_runs(store, 20, n_steps=200)
    whole = content(collect(uri(store), Selection()))
    crash = """
        import sqlite3, sys
        connection = sqlite3.connect(sys.argv[1], isolation_level=None)
        connection.execute("PRAGMA cache_size = 5")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("UPDATE metrics SET value = -1")
        connection.execute("DELETE FROM runs WHERE name = 'run-1'")
        print("ready", flush=True)
        sys.stdin.readline()
    """
    with child(crash, str(store)) as process:
        process.send_signal(signal.SIGKILL)
        process.wait()
    before = files(store.parent)
    assert before.keys() == {"mlflow.db", "mlflow.db-journal"}
    snapshot = collect(uri(store), Selection())
    assert content(snapshot) == whole
    assert files(store.parent) == before
    assert [p.slug for p in snapshot.problems] == ["store-copied"]


@pytest.mark.fault("A writer has an open transaction", "Nothing of it is read.", at="database", exit=0)
def test_an_unfinished_transaction_of_a_living_writer_is_not_seen(store: Path) -> None:
    insert_runs(store, 3)
    holding = """
        import sqlite3, sys
        connection = sqlite3.connect(sys.argv[1], isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("UPDATE runs SET name = 'changed'")
        print("ready", flush=True)
        sys.stdin.readline()
    """
    with child(holding, str(store)):
        snapshot = collect(uri(store), Selection())
    assert snapshot.runs["name"].to_pylist().count("changed") == 0
    assert snapshot.problems == ()


@pytest.mark.fault("A writer locks the SQLite store for two seconds", "The reading waits and goes on.", at="database")
def test_a_short_exclusive_lock_is_waited_for(store: Path) -> None:
    insert_runs(store, 1)
    exclusive = """
        import sqlite3, sys, time
        connection = sqlite3.connect(sys.argv[1], isolation_level=None)
        connection.execute("BEGIN EXCLUSIVE")
        print("ready", flush=True)
        time.sleep(2)
        connection.execute("COMMIT")
    """
    with child(exclusive, str(store)):
        started = time.monotonic()
        assert collect(uri(store), Selection()).runs.num_rows == 1
        assert time.monotonic() - started > 1


TRAINING = """
    import sqlite3, sys, time
    path, run = sys.argv[1:]
    print("ready", flush=True)
    sys.stdin.readline()
    worst = 0
    for step in range(1000, 1300):
        started = time.monotonic()
        connection = sqlite3.connect(path, timeout=20)
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("INSERT INTO metrics (run_uuid, key, value, timestamp, step, is_nan) VALUES (?, 'loss', 1, ?, ?, 0)", (run, step, step))
        connection.commit()
        connection.close()
        worst = max(worst, time.monotonic() - started)
        time.sleep(0.005)
    print(worst, flush=True)
"""


@pytest.mark.slow
def test_training_is_not_kept_waiting(store: Path) -> None:
    ids = insert_runs(store, 400, ("loss", "acc"), 500)
    with child(TRAINING, str(store), ids[0]) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("go\n")
        process.stdin.flush()
        snapshots = []
        while process.poll() is None and len(snapshots) < 50:
            snapshots.append(collect(uri(store), Selection()))
        worst = float(process.stdout.readline())
    # MLflow gives up after 20 s; a reader that holds one cursor open over all of this would make it wait for seconds.
    assert worst < 5
    counts = [s.history.n_points for s in snapshots]
    assert counts == sorted(counts)
    assert counts[0] >= 400_000
    # Each run is counted and read at one moment, so the books balance although the store grows.
    assert not any(row.unexplained for s in snapshots for row in s.ledger)
    assert not any(p.slug == "history-incomplete" for s in snapshots for p in s.problems)


def test_nothing_is_locked_while_the_reader_does_something_else(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sql_history, "MAX_POINTS", 150)
    insert_runs(store, 300)
    write = """
        import sqlite3, sys
        connection = sqlite3.connect(sys.argv[1], timeout=2)
        connection.execute("INSERT INTO tags (run_uuid, key, value) SELECT run_uuid, ?, 'yes' FROM runs", (sys.argv[2],))
        connection.commit()
        print("ready", flush=True)
    """

    def written(word: str) -> None:
        with child(write, str(store), word):
            pass  # it says so when it could write, and dies of "database is locked" else

    with closing(opened(uri(store), Reading())) as source:
        written("opened")
        runs = source.runs(source.experiments()["experiment_id"].to_pylist())
        written("runs")
        source.details(runs["run_id"].to_pylist(), lambda done, _total, _what: written(f"details {done}"))
        for number, _ in enumerate(source.history(runs["run_id"].to_pylist(), lambda _: True, lambda *_: None)):
            written(f"history {number}")
        source.models(["0"])
        written("models")
    with closing(sqlite3.connect(store)) as connection:
        assert connection.execute("SELECT COUNT(DISTINCT key) FROM tags").fetchone() == (
            1 + 2 + 2 + 6 + 1,
        )  # mlflow.runName, and a word for each moment


@pytest.mark.fault("Store and folder are read-only", "Everything is read, and nothing is written there.", at="database")
@pytest.mark.skipif(shutil.which("setpriv") is None and os.geteuid() == 0, reason="root may write everywhere; setpriv is missing")
@pytest.mark.parametrize("wal", [False, True])
def test_a_folder_that_may_not_be_written(store: Path, wal: bool) -> None:
    insert_runs(store, 2)
    if wal:
        sql(store, "PRAGMA journal_mode = WAL")
    before = files(store.parent)
    store.chmod(0o444)
    store.parent.chmod(0o555)
    code = (
        "import sys; from reportgen.collect import collect, Selection; print(collect(sys.argv[1], Selection()).history.n_points)"
    )
    drop = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []
    try:
        done = subprocess.run(
            [*drop, sys.executable, "-c", code, uri(store)], capture_output=True, text=True, cwd=Path(__file__).parents[2]
        )
        assert (done.stdout.strip(), done.stderr) == ("6", "")
        assert files(store.parent) == before
    finally:
        store.parent.chmod(0o755)


def test_the_plan_counts_and_opens_nothing_else(store: Path) -> None:
    insert_runs(store, 3, ("a", "b"), 4)
    (row,) = plan(uri(store), Selection()).experiments
    assert (row.experiment, row.n_runs, row.n_points, row.n_series) == ("Default", 3, 24, 6)


def test_a_column_that_is_null_in_its_first_rows_keeps_its_type(store: Path) -> None:
    """ADBC takes the type from the first 65,536 rows, and ends with an OSError when a later one is of another."""
    numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 70000)"
    with closing(SqliteDatabase(store, "store")) as database:
        table = database.table(f"{numbers} SELECT i, CASE WHEN i = 70000 THEN 'late' END FROM n", {"i": "int", "text": "text"})
    assert (table.num_rows, table["text"][0].as_py(), table["text"][-1].as_py()) == (70_000, None, "late")
