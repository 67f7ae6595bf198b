"""Real servers for tests: PostgreSQL, MariaDB and MLflow's own, started privately and stopped at the end.

Each runs on a free port of 127.0.0.1, keeps everything in a temporary folder and is a child of the test process. A
program that is missing fails the test with the command that installs it: a reader that was never tried against the
real thing is not tested.

What costs most is avoided: ``mlflow server`` spends ten seconds of a processor on its imports, so servers are forks of a
process that did them once; MLflow's migrations take three more, so new stores are copies of one that it made.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import quote

import pytest

from tests import forked

PASSWORD = "s3cret:/@p%w"
"""With everything in it that has a meaning in a URI."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def program(name: str, *folders: str) -> str:
    """Where ``name`` is. Fails the test when it is not installed."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    places = os.pathsep.join([*map(str, versions), os.environ.get("PATH", ""), "/usr/sbin", "/sbin", *folders])
    found = shutil.which(name, path=places)
    if found is None:
        pytest.fail(f"{name} is not installed: run `make test`, which installs what the tests need")
    return found


@contextmanager
def private_folder(name: str) -> Iterator[Path]:
    """A folder that the user below may enter; pytest's own are closed to others than root."""
    folder = Path(tempfile.mkdtemp(prefix=f"reportgen-{name}-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "nobody")
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def unprivileged() -> dict[str, object]:
    """Arguments of ``Popen`` that leave root behind: database servers refuse to run as root."""
    return {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}


@contextmanager
def running(command: Sequence[str], ready: Callable[[], bool], log: Path, stop: int, **options: object) -> Iterator[None]:
    """``command`` as a process group of its own, from when it is ``ready`` until the block ends."""
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, start_new_session=True, **options)  # type: ignore[call-overload]
        try:
            await_ready(ready, lambda: process.poll() is None, log)
            yield
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, stop)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(20)


def await_ready(ready: Callable[[], bool], lives: Callable[[], bool], log: Path) -> None:
    """Returns when ``ready``; fails the test, with the end of ``log``, when the process ended or needs two minutes."""
    deadline = time.monotonic() + 120
    while not ready():
        if not lives() or time.monotonic() > deadline:
            pytest.fail(f"a server did not start:\n{log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.05)


def answers_http(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as reply:
            return bool(reply.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def accepts(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@dataclass(frozen=True)
class DatabaseServer:
    """A running database server with a superuser ``mlflow`` whose password is ``PASSWORD``."""

    port: int
    scheme: str
    _run: Callable[[str, str], str]
    authority: Path | None = None
    """The certificate to check the server's with, if it offers TLS."""

    def uri(self, database: str, *, user: str = "mlflow", password: str = PASSWORD) -> str:
        return f"{self.scheme}://{user}:{quote(password, safe='')}@127.0.0.1:{self.port}/{database}"

    def create(self, database: str) -> str:
        """Makes an empty database; its URI."""
        self.sql(f"CREATE DATABASE {database}")
        return self.uri(database)

    def create_store(self, database: str) -> str:
        """Makes a database with MLflow's tables, and nothing in them but the experiment Default; its URI.

        MLflow makes them in the first; the others are copies.
        """
        exists = (
            "pg_database WHERE datname"
            if self.scheme.startswith("postgresql")
            else "information_schema.schemata WHERE schema_name"
        )
        if not self.sql(f"SELECT 1 FROM {exists} = '{_EMPTY}'"):
            made_by_mlflow(self.create(_EMPTY))
        if self.scheme.startswith("postgresql"):
            self.sql(f"CREATE DATABASE {database} TEMPLATE {_EMPTY}")
            return self.uri(database)
        uri = self.create(database)
        tables = self.sql("SHOW TABLES", _EMPTY).split()
        made = self.sql("; ".join(f"SHOW CREATE TABLE {table}" for table in tables), _EMPTY).splitlines()
        statements = [line.partition("\t")[2].replace("\\n", "\n") for line in made]
        statements += [f"INSERT INTO {table} SELECT * FROM {_EMPTY}.{table}" for table in tables]
        as_they_are = "SET foreign_key_checks = 0, sql_mode = 'NO_AUTO_VALUE_ON_ZERO'"  # the experiment Default has the id 0
        self.sql("; ".join([as_they_are, *statements]), database)
        return uri

    def sql(self, statement: str, database: str = "") -> str:
        """What the server's own client prints."""
        return self._run(statement, database)


_EMPTY = "empty_store"
"""The database that MLflow filled with its tables."""


def made_by_mlflow(uri: str) -> None:
    """MLflow makes its tables in the empty database ``uri``; no connection to it stays."""
    with private_folder("made") as folder:
        quiet = {**os.environ, "MLFLOW_DISABLE_TELEMETRY": "true"}
        done = forked.finished(_migrate, [uri], cwd=folder, env=quiet, timeout=120)
    assert done.returncode == 0, done.stderr


def _migrate(arguments: Sequence[str]) -> None:
    from mlflow import MlflowClient

    MlflowClient(arguments[0]).search_experiments()


@cache
def _empty_sqlite() -> bytes:
    with private_folder("made") as folder:
        made_by_mlflow(f"sqlite:///{folder}/mlflow.db")
        return (folder / "mlflow.db").read_bytes()


def sqlite_store(path: Path) -> str:
    """Makes an SQLite store as MLflow makes it, with the experiment Default and nothing else; its URI."""
    path.write_bytes(_empty_sqlite())
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def postgres() -> Iterator[DatabaseServer]:
    port = free_port()
    with private_folder("postgres") as folder:
        secret = folder / "password"
        secret.write_text(PASSWORD)
        if os.geteuid() == 0:
            shutil.chown(secret, "nobody")
        initdb = [program("initdb"), "-D", str(folder / "data"), "-U", "mlflow", "--auth=scram-sha-256"]
        initdb += [f"--pwfile={secret}", "--encoding=UTF8", "--locale=C", "--no-sync"]
        subprocess.run(initdb, check=True, capture_output=True, cwd=folder, **unprivileged())  # type: ignore[call-overload]
        command = [program("postgres"), "-D", str(folder / "data"), "-p", str(port), "-k", str(folder)]
        command += ["-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"]
        psql, environment = program("psql"), {**os.environ, "PGPASSWORD": PASSWORD}

        def run(statement: str, database: str) -> str:
            asked = [
                psql,
                "-h",
                "127.0.0.1",
                "-p",
                str(port),
                "-U",
                "mlflow",
                "-d",
                database or "postgres",
                "-v",
                "ON_ERROR_STOP=1",
            ]
            done = subprocess.run([*asked, "-Atc", statement], check=True, capture_output=True, text=True, env=environment)
            return done.stdout

        def ready() -> bool:
            return accepts(port) and run_quietly(lambda: run("SELECT 1", ""))

        with running(command, ready, folder / "log", signal.SIGINT, cwd=folder, **unprivileged()):
            yield DatabaseServer(port, "postgresql+psycopg2", run)


@pytest.fixture(scope="session")
def mariadb() -> Iterator[DatabaseServer]:
    port = free_port()
    with private_folder("mariadb") as folder:
        data, at = folder / "data", folder / "socket"
        install = [
            program("mariadb-install-db"),
            "--no-defaults",
            f"--datadir={data}",
            "--auth-root-authentication-method=normal",
        ]
        install += ["--skip-test-db", "--skip-name-resolve"]
        subprocess.run(install, check=True, capture_output=True, cwd=folder, **unprivileged())  # type: ignore[call-overload]
        command = [program("mariadbd"), "--no-defaults", f"--datadir={data}", f"--socket={at}", f"--port={port}"]
        command += [
            "--bind-address=127.0.0.1",
            "--skip-log-bin",
            "--character-set-server=utf8mb4",
            "--innodb-flush-log-at-trx-commit=0",
            "--skip-innodb-doublewrite",
            f"--pid-file={folder / 'pid'}",
        ]
        authority, key = certificate(folder)
        command += [f"--ssl-cert={authority}", f"--ssl-key={key}"]
        client = program("mariadb")

        def run(statement: str, database: str) -> str:
            asked = [
                client,
                "--no-defaults",
                f"--socket={at}",
                "-u",
                "root",
                "-BN",
                "-e",
                statement,
                *([database] if database else []),
            ]
            return subprocess.run(asked, check=True, capture_output=True, text=True).stdout

        def ready() -> bool:
            return accepts(port) and run_quietly(lambda: run("SELECT 1", ""))

        with running(command, ready, folder / "log", signal.SIGTERM, cwd=folder, **unprivileged()):
            run(f"CREATE USER mlflow@'127.0.0.1' IDENTIFIED BY '{PASSWORD}'; GRANT ALL ON *.* TO mlflow@'127.0.0.1'", "")
            yield DatabaseServer(port, "mysql+pymysql", run, authority)


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1, which is its own authority, and its key."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "reportgen test")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=2))
    made = made.add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    form = serialization.PrivateFormat.PKCS8
    paths[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))
    for path in paths if os.geteuid() == 0 else ():
        shutil.chown(path, "nobody")
    return paths


@pytest.fixture(scope="session")
def standby(postgres: DatabaseServer) -> Iterator[DatabaseServer]:
    """A hot standby of ``postgres``, which follows it."""
    port = free_port()
    with private_folder("standby") as folder:
        environment = {**os.environ, "PGPASSWORD": PASSWORD}
        primary = f"host=127.0.0.1 port={postgres.port} user=mlflow"
        copy = [
            program("pg_basebackup"),
            "-d",
            primary,
            "-D",
            str(folder / "data"),
            "-R",
            "-X",
            "stream",
            "-c",
            "fast",
            "--no-sync",
        ]
        subprocess.run(copy, check=True, capture_output=True, cwd=folder, env=environment, **unprivileged())  # type: ignore[call-overload]
        command = [program("postgres"), "-D", str(folder / "data"), "-p", str(port), "-k", str(folder)]
        command += ["-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "hot_standby=on"]
        psql = [program("psql"), "-h", "127.0.0.1", "-p", str(port), "-U", "mlflow", "-v", "ON_ERROR_STOP=1", "-At"]

        def run(statement: str, database: str) -> str:
            asked = [*psql, "-d", database or "postgres", "-c", statement]
            return subprocess.run(asked, check=True, capture_output=True, text=True, env=environment).stdout

        def ready() -> bool:
            return accepts(port) and run_quietly(lambda: run("SELECT 1", ""))

        with running(command, ready, folder / "log", signal.SIGINT, cwd=folder, **unprivileged()):
            yield DatabaseServer(port, "postgresql+psycopg2", run)


def run_quietly(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except subprocess.CalledProcessError:
        return False
    return True


@dataclass(frozen=True)
class MlflowServer:
    url: str
    log: Path


@contextmanager
def serving(store_uri: str, folder: Path) -> Iterator[MlflowServer]:
    """MLflow's server on ``store_uri`` with what ``mlflow server`` sets, from when it answers until the block ends."""
    port = free_port()
    log = folder / f"mlflow-server-{port}.log"
    process = forked.process(_serve, store_uri, port, folder, log, dict(os.environ), daemon=True)
    process.start()
    url = f"http://127.0.0.1:{port}"
    try:
        await_ready(lambda: answers_http(f"{url}/health"), process.is_alive, log)
        yield MlflowServer(url, log)
    finally:
        process.terminate()
        process.join(20)
        process.kill()
        process.join()
        process.close()


def _serve(store_uri: str, port: int, folder: Path, log: Path, environment: Mapping[str, str]) -> None:
    """In a process of its own: what ``mlflow server --workers 1`` does once it has started uvicorn."""
    forked.become(log, log, folder, environment)
    import uvicorn
    from mlflow.server import constants, handlers

    artifacts = "mlflow-artifacts:/"
    os.environ |= {
        constants.BACKEND_STORE_URI_ENV_VAR: store_uri,
        constants.REGISTRY_STORE_URI_ENV_VAR: store_uri,
        constants.ARTIFACT_ROOT_ENV_VAR: artifacts,
        constants.SERVE_ARTIFACTS_ENV_VAR: "true",
        constants.ARTIFACTS_DESTINATION_ENV_VAR: str(folder / "artifacts"),
        "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
    }
    handlers.initialize_backend_stores(store_uri, store_uri, artifacts)
    uvicorn.run("mlflow.server.fastapi_app:app", host="127.0.0.1", port=port, timeout_graceful_shutdown=2)


@contextmanager
def command_serving(
    store_uri: str, folder: Path, *, extra: Sequence[str] = (), environment: Mapping[str, str] | None = None
) -> Iterator[MlflowServer]:
    """The command ``mlflow server`` on ``store_uri``, which takes ten seconds of a processor to start."""
    port = free_port()
    log = folder / f"mlflow-server-{port}.log"
    command = [sys.executable, "-m", "mlflow", "server", "--backend-store-uri", store_uri, "--host", "127.0.0.1"]
    command += ["--port", str(port), "--workers", "1", "--artifacts-destination", str(folder / "artifacts"), *extra]
    quiet = {"MLFLOW_DISABLE_TELEMETRY": "true", "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false", **(environment or {})}
    url = f"http://127.0.0.1:{port}"
    ready = lambda: answers_http(f"{url}/health")  # noqa: E731
    with running(command, ready, log, signal.SIGTERM, cwd=folder, env={**os.environ, **quiet}):
        yield MlflowServer(url, log)


@pytest.fixture(scope="session")
def mlflow_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], MlflowServer]]:
    """``mlflow_server(store_uri)`` starts a server on that store, once; all are stopped at the end."""
    started: dict[str, tuple[MlflowServer, object]] = {}

    def server(store_uri: str) -> MlflowServer:
        if store_uri not in started:
            context = serving(store_uri, tmp_path_factory.mktemp("mlflow-server"))
            started[store_uri] = (context.__enter__(), context)
        return started[store_uri][0]

    yield server
    for _, context in started.values():
        context.__exit__(None, None, None)  # type: ignore[attr-defined]


@dataclass(frozen=True)
class DaskCluster:
    address: str
    """As ``--executor`` takes it."""
    scheduler: subprocess.Popen[bytes]
    workers: tuple[subprocess.Popen[bytes], ...]


@contextmanager
def dask_cluster(folder: Path, n_workers: int) -> Iterator[DaskCluster]:
    """A scheduler and workers of one thread each, by Dask's own commands, from when all are there until the block ends."""
    from distributed import Client

    port = free_port()

    def started(name: str, module: str, *arguments: str) -> subprocess.Popen[bytes]:
        environment = os.environ | {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "3"}
        command = [sys.executable, "-m", f"distributed.cli.{module}", *arguments, "--no-dashboard"]
        with (folder / f"{name}.log").open("wb") as log:
            return subprocess.Popen(command, stdout=log, stderr=log, env=environment, start_new_session=True)

    processes = [started("scheduler", "dask_scheduler", "--host", "127.0.0.1", "--port", str(port))]
    try:
        for at in range(n_workers):
            own = ("--no-nanny", "--nthreads", "1", "--local-directory", str(folder / f"worker-{at}"))
            processes.append(started(f"worker-{at}", "dask_worker", f"tcp://127.0.0.1:{port}", *own))
        with Client(f"tcp://127.0.0.1:{port}", timeout=60, set_as_default=False) as client:
            client.wait_for_workers(n_workers, timeout=60)
        yield DaskCluster(f"dask://127.0.0.1:{port}", processes[0], tuple(processes[1:]))
    finally:
        for process in reversed(processes):
            process.kill()
            process.wait()
