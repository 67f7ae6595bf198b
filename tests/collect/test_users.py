"""MLflow's own users: a server that asks for a password, really started, and what each of them gets to see."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from reportgen.collect import Reading, Selection
from reportgen.collect.gather import snapshot_of
from reportgen.collect.rest.session import Limits
from reportgen.collect.rest.source import RestSource
from reportgen.errors import SourceError
from reportgen.snapshot import Snapshot
from tests.collect.stores import content
from tests.servers import PASSWORD, MlflowServer, command_serving

pytestmark = [pytest.mark.server, pytest.mark.slow]


def read(url: str, environment: dict[str, str]) -> Snapshot:
    with closing(RestSource(url, environment, Limits())) as source:
        return snapshot_of(source, Selection(), lambda *_: None, Reading())


def refused(url: str, environment: dict[str, str]) -> SourceError:
    with pytest.raises(SourceError) as raised:
        read(url, environment)
    return raised.value


@pytest.fixture(scope="module")
def guarded(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MlflowServer]:
    """A server with MLflow's own users, of which ``admin`` has ``PASSWORD``."""
    folder = tmp_path_factory.mktemp("guarded")
    config = folder / "auth.ini"
    config.write_text(
        f"[mlflow]\ndefault_permission = NO_PERMISSIONS\ndatabase_uri = sqlite:///{folder}/auth.db\n"
        f"admin_username = admin\nadmin_password = {PASSWORD.replace('%', '%%')}\n"
        "authorization_function = mlflow.server.auth:authenticate_request_basic_auth\n"
    )
    environment = {"MLFLOW_AUTH_CONFIG_PATH": str(config), "MLFLOW_FLASK_SERVER_SECRET_KEY": "x"}
    shutil.copy(template, folder / "store.db")
    users = ["--app-name", "basic-auth"]
    with command_serving(f"sqlite:///{folder}/store.db", folder, extra=users, environment=environment) as server:
        yield server


@pytest.mark.fault(
    "A user of MLflow's own login has no password, a wrong one, or may read nothing",
    "It is an error, never an empty report.",
    at="server",
    exit=4,
)
def test_mlflows_own_users(guarded: MlflowServer) -> None:
    import requests

    admin = ("admin", PASSWORD)
    for user in ("ann", "bob"):
        requests.post(
            f"{guarded.url}/api/2.0/mlflow/users/create", json={"username": user, "password": "a long password"}, auth=admin
        ).raise_for_status()
    api = f"{guarded.url}/api/2.0/mlflow"
    experiment = requests.post(f"{api}/experiments/create", json={"name": "secret"}, auth=("ann", "a long password")).json()[
        "experiment_id"
    ]
    run = requests.post(
        f"{api}/runs/create", json={"experiment_id": experiment, "start_time": 1}, auth=("ann", "a long password")
    ).json()
    body = {"run_id": run["run"]["info"]["run_id"], "key": "loss", "value": 1.5, "timestamp": 1, "step": 0}
    requests.post(f"{api}/runs/log-metric", json=body, auth=("ann", "a long password")).raise_for_status()

    def login(user: str, password: str) -> dict[str, str]:
        return {"MLFLOW_TRACKING_USERNAME": user, "MLFLOW_TRACKING_PASSWORD": password}

    assert refused(guarded.url, {}).slug == "denied"
    assert refused(guarded.url, login("ann", "wrong")).slug == "denied"
    assert content(read(guarded.url, login("ann", "a long password")))["history"] == [
        (experiment, body["run_id"], "loss", 0, 1, 1.5)
    ]
    nothing = refused(guarded.url, login("bob", "a long password"))
    assert (nothing.slug, nothing.exit_code) == ("no-experiments", 4)
