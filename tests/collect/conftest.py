"""The rich store, logged once through a server into SQLite and once straight into PostgreSQL and MariaDB; small stores."""

from __future__ import annotations

import shutil
import tarfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from reportgen.collect import Reading
from tests.collect.stores import N_LONG, START, RichStore, filled, long_series
from tests.servers import DatabaseServer, MlflowServer, sqlite_store

N_SHORT = 700
"""Points of the long series that are logged; the others are added."""
SHARED = Path(__file__).parents[3] / "shared"


@dataclass(frozen=True)
class Rich:
    uri: str
    server: MlflowServer
    store: RichStore


@pytest.fixture(scope="session")
def rich_sqlite(tmp_path_factory: pytest.TempPathFactory, mlflow_server: Callable[[str], MlflowServer]) -> Rich:
    from mlflow import MlflowClient

    uri = sqlite_store(tmp_path_factory.mktemp("rich") / "rich store.db")
    server = mlflow_server(uri)
    return Rich(uri, server, _lengthened(uri, filled(MlflowClient(server.url), N_SHORT)))


@pytest.fixture(scope="session")
def rich_postgres(postgres: DatabaseServer, mlflow_server: Callable[[str], MlflowServer]) -> Rich:
    return _in_database(postgres, mlflow_server)


@pytest.fixture(scope="session")
def rich_mariadb(mariadb: DatabaseServer, mlflow_server: Callable[[str], MlflowServer]) -> Rich:
    return _in_database(mariadb, mlflow_server)


def _in_database(database: DatabaseServer, mlflow_server: Callable[[str], MlflowServer]) -> Rich:
    from mlflow import MlflowClient

    uri = database.create_store("rich")
    store = _lengthened(uri, filled(MlflowClient(uri), N_SHORT))
    return Rich(uri, mlflow_server(uri), store)


def _lengthened(uri: str, store: RichStore) -> RichStore:
    """Adds the rest of the long series behind MLflow's back, which would take ten times longer."""
    import sqlalchemy as sa

    engine = sa.create_engine(uri, poolclass=sa.NullPool)
    rows = [
        {"run_uuid": store.runs["b"], "key": "long", "value": value, "timestamp": START + time, "step": step, "is_nan": False}
        for step, time, value in long_series(N_LONG)[N_SHORT:]
    ]
    with engine.begin() as connection:
        metrics, latest = (
            sa.Table(name, sa.MetaData(), autoload_with=connection, resolve_fks=False) for name in ("metrics", "latest_metrics")
        )
        connection.execute(metrics.insert(), rows)
        last = {name: rows[-1][name] for name in ("value", "timestamp", "step")}
        connection.execute(latest.update().where(latest.c.key == "long").values(last))
    engine.dispose()
    return store


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite store as MLflow makes it, with the experiment Default and nothing else."""
    path = tmp_path_factory.mktemp("template") / "mlflow.db"
    sqlite_store(path)
    return path


@pytest.fixture
def store(template: Path, tmp_path: Path) -> Path:
    """A copy of ``template`` in a folder of its own."""
    folder = tmp_path / "store"
    folder.mkdir()
    return Path(shutil.copy(template, folder / "mlflow.db"))


@pytest.fixture
def shared_store(tmp_path: Path) -> Callable[[str], Path]:
    """``shared_store("db-01")`` unpacks a real store that somebody committed; the folder it is in."""
    return lambda name: unpacked_store(name, tmp_path)


def unpacked_store(name: str, folder: Path) -> Path:
    """A real store that somebody committed, unpacked in ``folder``; the test is skipped where the collection is not there."""
    archive = SHARED / "stores" / f"{name}.tar.gz"
    if not archive.exists():
        pytest.skip(f"the collection of real stores is not here ({archive.name})")
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    return folder / name


@pytest.fixture
def reading(tmp_path: Path) -> Reading:
    return Reading(cache=tmp_path / "the cache")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The runs whose histories a store was asked for since the list was emptied."""
    from reportgen.collect.files.source import FileSource
    from reportgen.collect.rest.source import RestSource
    from reportgen.collect.sql.source import SqlSource

    runs: list[str] = []

    def listening(of: Any) -> Any:
        def history(self: Any, run_ids: Sequence[str], *rest: Any) -> Any:
            runs.extend(run_ids)
            return of(self, run_ids, *rest)

        return history

    for kind in (FileSource, SqlSource, RestSource):
        monkeypatch.setattr(kind, "history", listening(kind.history))
    return runs
