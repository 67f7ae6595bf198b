"""The rich store, logged once through a server into SQLite and once straight into PostgreSQL and MariaDB."""

from __future__ import annotations

import shutil
import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.collect.stores import RichStore, filled
from tests.servers import DatabaseServer, MlflowServer

SHARED = Path(__file__).parents[3] / "shared"


@dataclass(frozen=True)
class Rich:
    uri: str
    server: MlflowServer
    store: RichStore


@pytest.fixture(scope="session")
def rich_sqlite(tmp_path_factory: pytest.TempPathFactory, mlflow_server: Callable[[str], MlflowServer]) -> Rich:
    from mlflow import MlflowClient

    uri = f"sqlite:///{tmp_path_factory.mktemp('rich')}/rich store.db"
    server = mlflow_server(uri)
    return Rich(uri, server, filled(MlflowClient(server.url)))


@pytest.fixture(scope="session")
def rich_postgres(postgres: DatabaseServer, mlflow_server: Callable[[str], MlflowServer]) -> Rich:
    return _in_database(postgres, mlflow_server)


@pytest.fixture(scope="session")
def rich_mariadb(mariadb: DatabaseServer, mlflow_server: Callable[[str], MlflowServer]) -> Rich:
    return _in_database(mariadb, mlflow_server)


def _in_database(database: DatabaseServer, mlflow_server: Callable[[str], MlflowServer]) -> Rich:
    from mlflow import MlflowClient

    uri = database.create("rich")
    store = filled(MlflowClient(uri))
    return Rich(uri, mlflow_server(uri), store)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite store as MLflow makes it, with the experiment Default and nothing else."""
    from mlflow import MlflowClient

    path = tmp_path_factory.mktemp("template") / "mlflow.db"
    MlflowClient(f"sqlite:///{path}").search_experiments()
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

    def unpacked(name: str) -> Path:
        archive = SHARED / "stores" / f"{name}.tar.gz"
        if not archive.exists():
            pytest.skip(f"the collection of real stores is not here ({archive.name})")
        with tarfile.open(archive) as tar:
            tar.extractall(tmp_path, filter="data")
        return tmp_path / name

    return unpacked
