"""A whole build before a server that answers by halves: the old report stays, or page 1 of the new one says what is missing."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.collect import proxy as faults
from tests.collect.proxy import Call, Proxy, proxy_before
from tests.collect.stores import insert_runs
from tests.servers import serving, sqlite_store
from tests.test_end_to_end import run

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    from mlflow import MlflowClient

    folder = tmp_path_factory.mktemp("server")
    uri = sqlite_store(folder / "mlflow.db")
    client = MlflowClient(uri)
    for name in ("one", "two"):
        insert_runs(folder / "mlflow.db", 6, metrics=("acc", "loss"), n_steps=5, experiment=client.create_experiment(name))
    with serving(uri, folder) as found:
        yield found.url


@pytest.fixture
def proxy(server: str) -> Iterator[Proxy]:
    with proxy_before(server) as found:
        yield found


def built(proxy: Proxy, folder: Path) -> tuple[int, dict[str, Any], str]:
    options = ("--json", "-e", "one", "-e", "two", "--no-cache", "--format", "markdown,data", "-o", "out")
    done = run("build", *options, "--tracking-uri", proxy.url, cwd=folder)
    return done.returncode, json.loads(done.stdout)["reports"][0], done.stderr


def searching(fault: faults.Fault, whom: Callable[[list[str]], bool] = lambda _: True) -> Callable[[Call], faults.Fault | None]:
    return lambda call: fault if call.path == "runs/search" and whom(json.loads(call.request)["experiment_ids"]) else None


@pytest.mark.fault(
    "After an earlier report, every search for runs is answered by {}, 403, or 429 for a day",
    "`latest` still leads to the earlier report.",
    at="server",
    exit=4,
)
@pytest.mark.parametrize(
    "fault",
    [faults.body("{}"), faults.status(429, retry_after="86400"), faults.status(403)],
    ids=["{}", "429 for a day", "403"],
)
def test_when_nothing_can_be_read_the_old_report_stays(fault: faults.Fault, proxy: Proxy, tmp_path: Path) -> None:
    code, _, _ = built(proxy, tmp_path)
    assert code == 0
    (latest,) = (tmp_path / "out").glob("*/latest")
    before = os.readlink(latest)
    proxy.fault = searching(fault)
    code, told, _ = built(proxy, tmp_path)
    assert (code, told["slug"]) == (4, "nothing-readable")
    assert os.readlink(latest) == before


@pytest.mark.fault(
    "The server answers {} for one of two experiments",
    "Headline, summary and terminal say which one could not be read.",
    at="server",
    exit=3,
)
def test_half_a_report_says_so(proxy: Proxy, tmp_path: Path) -> None:
    proxy.fault = searching(faults.body("{}"), lambda ids: len(ids) == 1 and ids[0] == "2")
    code, told, log = built(proxy, tmp_path)
    assert code == 3
    assert "1 experiment could not be read" in told["headline"]
    assert "gap: experiment 2: the server lists no run of it when asked for it alone, and some" in log
    summary = (tmp_path / told["folder"] / "summary.md").read_text()
    assert "The runs of experiment two could not be read. They count nowhere in this report." in summary
