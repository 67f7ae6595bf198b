"""Stores to measure on: MLflow makes the schema, rows go in directly, and everything stays in a cache folder.

Logging twelve million points through MLflow's client would take hours, so the rows are written as MLflow writes them, into
tables that MLflow itself made: three experiments, four runs at a time interleaved in time as if they were trained in
parallel, ten params and seven tags for each run, ``latest_metrics`` filled, one value in two thousand NaN. Everything is
drawn from one seed, so each kind of database holds the same content. What flatters or harms nobody but is not as in life:
indexes are built after the rows are there and so are denser than those that grew.

A store that is complete has a file ``made.json`` that tells what it holds; another shape, another MLflow or another
``FORMAT`` makes it anew. Database servers run privately, with ``tests.servers`` as the library that starts them.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import pyarrow as pa

FORMAT = 1
"""To be raised when the content of the stores changes."""
START = 1_763_000_000_000
"""2025-11-13: every run ended long ago, as a cache of histories wants it."""
SEED = 20261121
_MADE = "made.json"
N_PARALLEL = 4
"""Runs that log at the same time."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How much one experiment holds."""

    n_runs: int
    n_metrics: int
    n_steps: int
    n_params: int = 10
    n_tags: int = 7

    @property
    def n_series(self) -> int:
        return self.n_runs * self.n_metrics

    @property
    def n_points(self) -> int:
        return self.n_series * self.n_steps

    def __str__(self) -> str:
        return f"{self.n_runs:,} runs × {self.n_metrics} metrics × {self.n_steps:,} steps"


@dataclass(frozen=True, slots=True)
class Sizes:
    """All shapes of one round of measurements."""

    small: Shape
    middle: Shape
    large: Shape
    wide: Shape
    """Many runs that logged little."""
    huge: Shape
    """Never in a database: a source makes it up while it is read."""


FULL = Sizes(Shape(100, 10, 200), Shape(500, 10, 500), Shape(1000, 10, 1000), Shape(60_000, 5, 1, 10, 5), Shape(10_000, 10, 1000))
QUICK = Sizes(Shape(20, 10, 50), Shape(50, 10, 100), Shape(100, 10, 200), Shape(1000, 5, 1, 10, 5), Shape(200, 10, 500))
TINY = Sizes(Shape(6, 3, 20), Shape(8, 3, 30), Shape(12, 4, 40), Shape(50, 5, 1, 10, 5), Shape(20, 4, 50))

Experiments = Mapping[str, Shape]
"""Name → shape; ids are 1, 2, 3 … in this order."""


# --- content: the same for every kind of store -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Runs:
    """The runs of one experiment."""

    experiment_id: int
    shape: Shape
    ids: pa.Array
    start: np.ndarray

    @property
    def end(self) -> np.ndarray:
        return self.start + 60_000 + self.shape.n_steps * 1000


def runs_of(experiment_id: int, shape: Shape) -> Runs:
    rng = np.random.default_rng([SEED, experiment_id])
    ids = [rng.bytes(16).hex() for _ in range(shape.n_runs)]
    turns = np.arange(shape.n_runs) // N_PARALLEL
    start = START + experiment_id * 86_400_000 + turns * (shape.n_steps * 1000 + 60_000) + np.arange(shape.n_runs) % N_PARALLEL
    return Runs(experiment_id, shape, pa.array(ids), start)


def metric_name(index: int) -> str:
    return (
        ("val_accuracy", "val_loss", "train_loss", "train_accuracy", "learning_rate")[index] if index < 5 else f"metric_{index}"
    )


def points_of(runs: Runs) -> Iterator[pa.Table]:
    """Rows of ``metrics`` in the order in which ``N_PARALLEL`` runs at a time would have logged them."""
    shape = runs.shape
    names = pa.array([metric_name(index) for index in range(shape.n_metrics)])
    for first in range(0, shape.n_runs, N_PARALLEL):
        here = np.arange(first, min(first + N_PARALLEL, shape.n_runs))
        rng = np.random.default_rng([SEED, runs.experiment_id, first])
        n_rows = shape.n_steps * len(here) * shape.n_metrics
        step = np.repeat(np.arange(shape.n_steps), len(here) * shape.n_metrics)
        run = np.tile(np.repeat(here, shape.n_metrics), shape.n_steps)
        metric = np.tile(np.arange(shape.n_metrics), shape.n_steps * len(here))
        is_nan = rng.random(n_rows) < 0.0005
        value = np.exp(-step / (1 + shape.n_steps / 5)) + rng.normal(0, 0.02, n_rows)
        yield pa.table(
            {
                "key": names.take(pa.array(metric)),
                "value": np.where(is_nan, 0.0, value),
                "timestamp": runs.start[run] + step * 1000 + 7,
                "run_uuid": runs.ids.take(pa.array(run)),
                "step": step,
                "is_nan": pa.array(is_nan),
            }
        )


def _rows_of_runs(name: str, runs: Runs, columns: Mapping[str, str]) -> pa.Table:
    """The table ``runs``; ``columns`` are those of this schema, the ones that nobody fills stay null."""
    n, ids = runs.shape.n_runs, runs.ids.to_pylist()
    filled: dict[str, Any] = {
        "run_uuid": ids,
        "name": [f"{name}-{index}" for index in range(n)],
        "source_type": ["UNKNOWN"] * n,
        "source_name": [""] * n,
        "entry_point_name": [""] * n,
        "user_id": ["bench"] * n,
        "status": ["FINISHED"] * n,
        "start_time": runs.start,
        "end_time": runs.end,
        "source_version": [""] * n,
        "lifecycle_stage": ["active"] * n,
        "artifact_uri": [f"mlflow-artifacts:/{runs.experiment_id}/{run_id}/artifacts" for run_id in ids],
        "experiment_id": pa.array([runs.experiment_id] * n, pa.int32()),
    }
    return pa.table({column: filled[column] for column in columns if column in filled})


def _pairs(runs: Runs, values: Mapping[str, Callable[[int], str]]) -> pa.Table:
    """Rows of ``params`` or ``tags``: each of ``values`` for each run."""
    n = runs.shape.n_runs
    return pa.table(
        {
            "key": [key for key in values for _ in range(n)],
            "value": [value(index) for value in values.values() for index in range(n)],
            "run_uuid": runs.ids.to_pylist() * len(values),
        }
    )


def params_of(runs: Runs) -> pa.Table:
    """Rows of ``params``."""
    values = {f"param_{index}": lambda run, by=index: str(round((run * 37 % (by + 3)) * 0.1, 3)) for index in range(50)}
    return _pairs(runs, dict(list(values.items())[: runs.shape.n_params]))


def tags_of(name: str, runs: Runs) -> pa.Table:
    """Rows of ``tags``."""
    values: dict[str, Callable[[int], str]] = {
        "mlflow.runName": lambda run: f"{name}-{run}",
        "mlflow.user": lambda _: "bench",
        "mlflow.source.name": lambda _: "train.py",
        "mlflow.source.type": lambda _: "LOCAL",
        "variant": lambda run: ("control", "candidate")[run % 2],
        "mlflow.source.git.commit": lambda _: "c0ffee" * 6 + "1234",
        "team": lambda run: f"team {run % 7}",
    }
    return _pairs(runs, dict(list(values.items())[: runs.shape.n_tags]))


def _last_rows(points: pa.Table, n_steps: int) -> pa.Table:
    import pyarrow.compute as pc

    return points.filter(pc.equal(points.column("step"), n_steps - 1))


Add = Callable[[str, Iterable[pa.Table]], None]
"""``add(table, rows)`` appends rows to a table of the database."""


def _filled(add: Add, experiments: Experiments, columns_of: Callable[[str], Mapping[str, str]]) -> None:
    """Writes all experiments by ``add``; ``columns_of(table)`` are the names of its columns."""
    for experiment_id, (name, shape) in enumerate(experiments.items(), 1):
        runs = runs_of(experiment_id, shape)
        one = {
            "experiment_id": pa.array([experiment_id], pa.int32()),
            "name": [name],
            "artifact_location": [f"mlflow-artifacts:/{experiment_id}"],
            "lifecycle_stage": ["active"],
            "creation_time": [START],
            "last_update_time": [START],
            "workspace": ["default"],
        }
        add("experiments", [pa.table({column: one[column] for column in columns_of("experiments") if column in one})])
        add("runs", [_rows_of_runs(name, runs, columns_of("runs"))])
        add("params", [params_of(runs)])
        add("tags", [tags_of(name, runs)])
        last: list[pa.Table] = []

        def passing(runs: Runs = runs, last: list[pa.Table] = last, n_steps: int = shape.n_steps) -> Iterator[pa.Table]:
            for points in points_of(runs):
                last.append(_last_rows(points, n_steps))
                yield points

        add("metrics", passing())
        order = ["key", "value", "timestamp", "step", "is_nan", "run_uuid"]
        add("latest_metrics", [pa.concat_tables(last).select(order)])


# --- the cache folder ------------------------------------------------------------------------------------------------


def _marker(experiments: Experiments) -> str:
    what = {"format": FORMAT, "mlflow": version("mlflow"), "experiments": {n: asdict(s) for n, s in experiments.items()}}
    return json.dumps(what, indent=1, sort_keys=True)


def _to_be_made(folder: Path, experiments: Experiments) -> bool:
    """Whether the store is not there; its folder is new and empty then, until ``_is_made`` says that it is complete."""
    marker = folder / _MADE
    if marker.is_file() and marker.read_text() == _marker(experiments):
        return False
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    say(f"making {folder.name}: " + "; ".join(f"{name} {shape}" for name, shape in experiments.items()))
    return True


def _is_made(folder: Path, experiments: Experiments) -> None:
    (folder / _MADE).write_text(_marker(experiments))


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


# --- SQLite ----------------------------------------------------------------------------------------------------------


def sqlite_store(folder: Path, experiments: Experiments) -> Path:
    """The file; made when it is not there."""
    folder = folder.resolve()
    file = folder / "mlflow.db"
    if _to_be_made(folder, experiments):
        from tests import servers

        servers.made_by_mlflow(f"sqlite:///{file}")
        _fill_sqlite(file, experiments)
        _is_made(folder, experiments)
    return file


def _fill_sqlite(file: Path, experiments: Experiments) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as db:
        db.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -500000")
        indexes = db.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'metrics' AND sql NOT NULL"
        ).fetchall()
        db.execute("BEGIN")
        for name, _ in indexes:
            db.execute(f'DROP INDEX "{name}"')

        def add(table: str, rows: Iterable[pa.Table]) -> None:
            for part in rows:
                columns = ", ".join(f'"{column}"' for column in part.column_names)
                marks = ", ".join("?" * part.num_columns)
                values = zip(*(column.to_pylist() for column in part.columns), strict=True)
                db.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", values)

        def columns_of(table: str) -> dict[str, str]:
            return {row[1]: row[2] for row in db.execute(f"PRAGMA table_info({table})")}

        _filled(add, experiments, columns_of)
        for _, sql in indexes:
            db.execute(sql)
        db.execute("COMMIT")
        db.execute("PRAGMA journal_mode = DELETE")


def copy_of(file: Path) -> Path:
    """A copy beside ``file``, made once: for what may write into the store."""
    copy = file.with_name("copy.db")
    if not copy.exists() or copy.stat().st_size < file.stat().st_size:
        say(f"copying {file.name}")
        shutil.copyfile(file, file.with_name("copy.part"))
        file.with_name("copy.part").rename(copy)
    return copy


# --- files -----------------------------------------------------------------------------------------------------------


def file_store(folder: Path, shape: Shape) -> Path:
    """A folder ``mlruns``; made when it is not there."""
    from benchmarks.files import made_store

    root = folder.resolve() / "mlruns"
    if _to_be_made(root.parent, {"bench": shape}):
        made_store(root, shape.n_runs, shape.n_metrics, shape.n_steps)
        _is_made(root.parent, {"bench": shape})
    return root


# --- PostgreSQL ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Running:
    """A database server that runs and holds the store."""

    uri: str
    client: tuple[str, ...]
    """The database's own program, ready to be given a statement as its last argument."""
    environment: Mapping[str, str]


@contextmanager
def postgresql_store(folder: Path, experiments: Experiments) -> Iterator[Running]:
    """PostgreSQL on ``folder``, from when it answers until the block ends."""
    from tests import servers

    folder = folder.resolve()
    port = servers.free_port()
    psql = (servers.program("psql"), "-h", "127.0.0.1", "-p", str(port), "-U", "mlflow", "-v", "ON_ERROR_STOP=1", "-Atc")
    environment = {**os.environ, "PGPASSWORD": servers.PASSWORD}

    def run(statement: str, database: str) -> str:
        command = [*psql[:-1], "-d", database, psql[-1], statement]
        return subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout

    empty = _to_be_made(folder, experiments)
    _owned(folder)
    if empty:
        secret = folder / "password"
        secret.write_text(servers.PASSWORD)
        _owned(secret)
        initdb = [servers.program("initdb"), "-D", str(folder / "data"), "-U", "mlflow", "--auth=scram-sha-256"]
        initdb += [f"--pwfile={secret}", "--encoding=UTF8", "--locale=C", "--no-sync"]
        subprocess.run(initdb, check=True, capture_output=True, cwd=folder, **servers.unprivileged())  # type: ignore[call-overload]
    # Settings of a small server of one's own; only fsync is unsafe, and nothing is written while we measure.
    settings = ["listen_addresses=127.0.0.1", "fsync=off", "shared_buffers=512MB", "max_wal_size=4GB"]
    settings += ["maintenance_work_mem=512MB", "unix_socket_directories="]
    command = [servers.program("postgres"), "-D", str(folder / "data"), "-p", str(port)]
    command += [part for setting in settings for part in ("-c", setting)]

    def ready() -> bool:
        return servers.accepts(port) and servers.run_quietly(lambda: run("SELECT 1", "postgres"))

    import signal

    with servers.running(command, ready, folder / "log", signal.SIGINT, cwd=folder, **servers.unprivileged()):
        uri = f"postgresql://mlflow:{quote(servers.PASSWORD, safe='')}@127.0.0.1:{port}/mlflow"
        if empty:
            run("CREATE DATABASE mlflow", "postgres")
            servers.made_by_mlflow(uri.replace("postgresql:", "postgresql+psycopg2:"))
            _fill_postgresql(uri, run, experiments)
            _is_made(folder, experiments)
        yield Running(uri, (*psql[:-1], "-d", "mlflow", psql[-1]), environment)


def _fill_postgresql(uri: str, run: Callable[[str, str], str], experiments: Experiments) -> None:
    import adbc_driver_postgresql.dbapi as adbc

    indexes = run("SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'metrics' AND indexname <> 'metric_pk'", "mlflow")
    key = run("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'metric_pk'", "mlflow").strip()
    run("ALTER TABLE metrics DROP CONSTRAINT metric_pk", "mlflow")
    for line in indexes.splitlines():
        run(f"DROP INDEX {line.split('|')[0]}", "mlflow")
    with closing(adbc.connect(uri)) as db, closing(db.cursor()) as cursor:
        cursor.execute("SET session_replication_role = replica")  # foreign keys hold already: they need no check per row

        def add(table: str, rows: Iterable[pa.Table]) -> None:
            for part in rows:
                cursor.adbc_ingest(table, part, mode="append")

        def columns_of(table: str) -> dict[str, str]:
            names = run(f"SELECT column_name FROM information_schema.columns WHERE table_name = '{table}'", "mlflow")
            return dict.fromkeys(names.split(), "")

        _filled(add, experiments, columns_of)
        db.commit()
    run(f"ALTER TABLE metrics ADD CONSTRAINT metric_pk {key}", "mlflow")
    for line in indexes.splitlines():
        run(line.split("|")[1], "mlflow")
    run("VACUUM ANALYZE", "mlflow")
    run("CHECKPOINT", "mlflow")


# --- MariaDB ---------------------------------------------------------------------------------------------------------


@contextmanager
def mariadb_store(folder: Path, experiments: Experiments) -> Iterator[Running]:
    """MariaDB on ``folder``, from when it answers until the block ends."""
    from tests import servers

    folder = folder.resolve()
    port, data = servers.free_port(), folder / "data"
    at = Path(f"/tmp/reportgen-bench-{port}.sock")  # a socket's path may have about 100 characters only
    client = (servers.program("mariadb"), "--no-defaults", f"--socket={at}", "-u", "root", "--local-infile=1", "-BN")

    def run(statement: str, database: str, **options: Any) -> str:
        command = [*client, *([database] if database else []), "-e", statement]
        return subprocess.run(command, check=True, capture_output=True, text=True, **options).stdout

    empty = _to_be_made(folder, experiments)
    _owned(folder)
    if empty:
        install = [servers.program("mariadb-install-db"), "--no-defaults", f"--datadir={data}", "--skip-test-db"]
        install += ["--auth-root-authentication-method=normal", "--skip-name-resolve"]
        subprocess.run(install, check=True, capture_output=True, cwd=folder, **servers.unprivileged())  # type: ignore[call-overload]
    command = [servers.program("mariadbd"), "--no-defaults", f"--datadir={data}", f"--socket={at}", f"--port={port}"]
    command += ["--bind-address=127.0.0.1", "--skip-log-bin", "--character-set-server=utf8mb4", f"--pid-file={folder / 'pid'}"]
    command += ["--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=1G", "--innodb-log-file-size=512M"]
    command += ["--local-infile=1"]

    def ready() -> bool:
        return servers.accepts(port) and servers.run_quietly(lambda: run("SELECT 1", ""))

    with servers.running(command, ready, folder / "log", signal.SIGTERM, cwd=folder, **servers.unprivileged()):
        uri = f"mysql+pymysql://mlflow:{quote(servers.PASSWORD, safe='')}@127.0.0.1:{port}/mlflow"
        if empty:
            run(f"CREATE USER mlflow@'127.0.0.1' IDENTIFIED BY '{servers.PASSWORD}'; CREATE DATABASE mlflow", "")
            run("GRANT ALL ON *.* TO mlflow@'127.0.0.1'", "")
            servers.made_by_mlflow(uri)
            _fill_mariadb(client, run, experiments)
            _is_made(folder, experiments)
        yield Running(uri, (*client, "mlflow", "-e"), os.environ)


def _fill_mariadb(client: tuple[str, ...], run: Callable[[str, str], str], experiments: Experiments) -> None:
    from pyarrow import csv

    plain = csv.WriteOptions(include_header=False, delimiter="\t", quoting_style="none")

    def add(table: str, rows: Iterable[pa.Table]) -> None:
        load: subprocess.Popen[bytes] | None = None
        for part in rows:
            if load is None:
                columns = ", ".join(f"`{column}`" for column in part.column_names)
                statement = f"SET foreign_key_checks = 0; LOAD DATA LOCAL INFILE '/dev/stdin' INTO TABLE `{table}` ({columns})"
                load = subprocess.Popen([*client, "mlflow", "-e", statement], stdin=subprocess.PIPE)
            numbers = [column.cast(pa.int8()) if pa.types.is_boolean(column.type) else column for column in part.columns]
            csv.write_csv(pa.table(numbers, names=part.column_names), load.stdin, plain)
        if load is not None:
            assert load.stdin is not None
            load.stdin.close()
            if load.wait():
                raise RuntimeError(f"MariaDB took no rows for {table}")

    def columns_of(table: str) -> dict[str, str]:
        names = run(f"SELECT column_name FROM information_schema.columns WHERE table_name = '{table}'", "mlflow")
        return dict.fromkeys(names.split(), "")

    _filled(add, experiments, columns_of)
    run("ANALYZE TABLE metrics, runs, params, tags, latest_metrics", "mlflow")


def _owned(path: Path) -> None:
    """Database servers refuse to run as root; ``tests.servers`` starts them as nobody."""
    if os.geteuid() == 0:
        shutil.chown(path, "nobody")
