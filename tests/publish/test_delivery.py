"""Delivery to a real server that lies, is slow or asks for patience: no file outside, no login elsewhere, an end in time."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from reportgen.publish.mlflow import Target, logged
from reportgen.publish.receipt import Receipt
from reportgen.redaction import Redactor
from tests.collect import proxy as faults
from tests.collect.proxy import Call, Proxy, proxy_before
from tests.publish.bundles import FILES, delivery, quietly
from tests.servers import MlflowServer, serving, sqlite_store

pytestmark = pytest.mark.server

GET, CREATE, SEARCH = "runs/get", "runs/create", "runs/search"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MlflowServer]:
    folder = tmp_path_factory.mktemp("reports")
    with serving(sqlite_store(folder / "mlflow.db"), folder) as found:
        yield found


@pytest.fixture
def proxy(server: MlflowServer) -> Iterator[Proxy]:
    with proxy_before(server.url) as found:
        yield found


@pytest.fixture(autouse=True)
def digest(request: pytest.FixtureRequest) -> str:
    """Of a bundle of this test alone."""
    return hashlib.sha256(request.node.name.encode()).hexdigest()


def delivered(proxy: Proxy, digest: str, seconds: float = 60, progress: Callable[[int, int, str], None] = quietly) -> Receipt:
    return logged(delivery(digest), Target(proxy.url, "reports"), progress, redactor=Redactor.of([], {}), seconds=seconds)


def naming(place: str) -> faults.Fault:
    """The real answer, in which every artifact URI is ``place``; {run} in it is the run's id."""

    def changed(value: Any) -> Any:
        if isinstance(value, list):
            return [changed(one) for one in value]
        if not isinstance(value, dict):
            return value
        found = {key: changed(one) for key, one in value.items()}
        return found | {"artifact_uri": place.format(run=value.get("run_id"))} if "artifact_uri" in value else found

    def fault(call: Call) -> None:
        status, headers, body = call.forward()
        call.send(status, json.dumps(changed(json.loads(body))).encode(), headers)

    return fault


@pytest.mark.fault(
    "The server names a path of this machine for the report's artifacts",
    "Nothing is written there: the delivery is refused, or the place that was checked first is kept.",
    at="delivery",
    exit=(0, 6),
)
@pytest.mark.parametrize("scheme", ["file://{folder}/{{run}}/artifacts", "{folder}/{{run}}/artifacts"])
@pytest.mark.parametrize("paths", [{GET}, {CREATE, GET}, {CREATE, GET, SEARCH}], ids=["get", "create", "all"])
def test_a_server_makes_the_job_write_nothing_on_this_machine(
    paths: set[str], scheme: str, proxy: Proxy, digest: str, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    lie = naming(scheme.format(folder=outside))
    proxy.fault = lambda call: lie if call.path in paths else None
    receipt = delivered(proxy, digest)
    assert not outside.exists()
    if paths == {GET}:  # nobody asks a second time
        assert receipt.state == "written"
        assert GET not in proxy.calls
    else:
        assert receipt.problem is not None
        assert receipt.problem.slug == "artifact-scheme-refused"


@pytest.mark.fault(
    "An upload is denied (403); later the server names a local path for the same run",
    "Both deliveries fail; the next one completes it.",
    at="delivery",
    exit=6,
)
def test_a_run_left_unfinished_with_a_local_place_is_refused_too(proxy: Proxy, digest: str, tmp_path: Path) -> None:
    proxy.fault = lambda call: faults.status(403) if call.method == "PUT" else None
    assert delivered(proxy, digest).state == "failed"
    lie = naming(f"file://{tmp_path}/{{run}}/artifacts")
    proxy.fault = lambda call: lie if call.path == SEARCH else None
    receipt = delivered(proxy, digest)
    assert receipt.problem is not None
    assert receipt.problem.slug == "artifact-scheme-refused"
    proxy.fault = lambda _: None
    assert delivered(proxy, digest).state == "written"


PLACES = {
    "another server of artifacts": "mlflow-artifacts://127.0.0.1:9/{run}/artifacts",
    "a page": "http://127.0.0.1:9/{run}/artifacts",
    "a run": "runs:/{run}/artifacts",
    "a model": "models:/{run}/1",
    "another machine": "file://elsewhere/{run}/artifacts",
    "a hidden scheme": "fi\nle:///tmp/{run}/artifacts",
    "a control character": "\u0001file:///tmp/{run}/artifacts",
    "ftp": "ftp://127.0.0.1/{run}",
    "nothing": "",
}


@pytest.mark.fault(
    "The server names another host or scheme, or a disguised path, for the report's artifacts",
    "The delivery is refused.",
    at="delivery",
    exit=6,
)
@pytest.mark.parametrize("name", PLACES)
def test_other_places_that_a_server_may_not_name(name: str, proxy: Proxy, digest: str) -> None:
    lie = naming(PLACES[name])
    proxy.fault = lambda call: lie if call.path == CREATE else None
    receipt = delivered(proxy, digest)
    assert receipt.problem is not None
    assert receipt.problem.slug == "artifact-scheme-refused"


@pytest.mark.fault(
    "The server offers to take large files in parts at other addresses",
    "Each file goes to the server itself.",
    at="delivery",
    exit=0,
)
def test_a_server_sends_no_part_of_a_large_file_elsewhere(proxy: Proxy, digest: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says that it takes files in parts, whose addresses it would name."""
    monkeypatch.setenv("MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE", "1")
    able = json.dumps({"multipart_uploads_enabled": True, "multipart_downloads_enabled": True})
    proxy.fault = lambda call: faults.body(able) if "server-info" in call.path else None
    assert delivered(proxy, digest).state == "written"
    assert not [path for path in proxy.calls if "mpu" in path]


@pytest.mark.fault("The server redirects an upload", "It is not followed; the delivery is incomplete.", at="delivery", exit=6)
def test_a_redirect_is_not_followed_with_the_report(proxy: Proxy, server: MlflowServer, digest: str) -> None:
    proxy.fault = lambda call: faults.status(307, location=server.url + call.handler.path) if call.method == "PUT" else None
    receipt = delivered(proxy, digest)
    assert receipt.problem is not None
    assert receipt.problem.slug == "delivery-incomplete"


@pytest.mark.fault(
    "A proxy answers 200 to an upload and keeps the file",
    "The file is named as missing; building again delivers it.",
    at="delivery",
    exit=6,
)
def test_an_upload_that_was_lost_on_the_way_is_no_delivery(proxy: Proxy, digest: str) -> None:
    """A proxy says 200 for one file and keeps it to itself."""
    proxy.fault = lambda call: faults.body("{}") if call.method == "PUT" and call.path.endswith("a.csv") else None
    receipt = delivered(proxy, digest)
    assert receipt.problem is not None
    assert receipt.problem.what == "1 of 5 files are not in MLflow as they were uploaded: data/tables/a.csv"
    proxy.fault = lambda _: None
    assert delivered(proxy, digest).state == "written"


def test_the_tracking_server_may_name_itself(proxy: Proxy, digest: str) -> None:
    lie = naming(f"mlflow-artifacts://{urlsplit(proxy.url).netloc}/elsewhere/{{run}}")
    proxy.fault = lambda call: lie if call.path == CREATE else None
    assert delivered(proxy, digest).state == "written"


@pytest.mark.fault(
    "An upload is answered by 403, 413 or 507, or its connection is reset",
    "The delivery failed; building again completes it.",
    at="delivery",
    exit=6,
)
@pytest.mark.parametrize("fault", [faults.status(403), faults.status(413), faults.status(507), faults.reset])
def test_an_upload_that_is_refused_is_made_up_for_later(fault: faults.Fault, proxy: Proxy, digest: str) -> None:
    proxy.fault = lambda call: fault if call.method == "PUT" and call.path.endswith("a.csv") else None
    assert delivered(proxy, digest, seconds=1.5).state == "failed"
    proxy.fault = lambda _: None
    assert delivered(proxy, digest).state == "written"


@pytest.mark.fault(
    "A database names a folder for the report's artifacts that is not the run's",
    "The delivery is refused.",
    at="delivery",
    exit=6,
)
@pytest.mark.parametrize("place", ["{folder}/of-nobody", "{folder}/{run}/../../x", "file:{folder}/{run}/%2e%2e/x"])
def test_a_database_names_a_folder_of_the_run_or_none(place: str, tmp_path: Path) -> None:
    from reportgen.errors import DeliveryError
    from reportgen.publish.mlflow_client import repository_of

    with pytest.raises(DeliveryError) as raised:
        repository_of(place.format(folder=tmp_path, run="5f"), "5f", "sqlite:///x.db")
    assert raised.value.slug == "artifact-scheme-refused"


def test_a_database_keeps_reports_in_the_folder_that_it_names(tmp_path: Path) -> None:
    from mlflow import MlflowClient

    uri = sqlite_store(tmp_path / "mlflow.db")
    MlflowClient(uri).create_experiment("reports", artifact_location=str(tmp_path / "artifacts of reports"))
    for state in ("written", "unchanged"):
        receipt = logged(delivery(), Target(uri, "reports"), quietly, redactor=Redactor.of([], {}), seconds=60)
        assert (receipt.state, receipt.problem) == (state, None)
    (folder,) = (tmp_path / "artifacts of reports").glob("*/artifacts")
    assert {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()} == FILES


def test_a_path_means_what_it_says(tmp_path: Path) -> None:
    """MLflow's client takes a path for a quoted one."""
    from reportgen.publish.mlflow_client import repository_of

    repository = repository_of(f"{tmp_path}/5f/%2e%2e/a b", "5f", "sqlite:///x.db")
    assert repository.artifact_dir == f"{tmp_path}/5f/%2e%2e/a b"


@pytest.mark.fault("The server makes the report run and answers 500", "One run is left, with the report.", at="delivery", exit=0)
def test_a_run_that_was_made_without_an_answer_is_not_left_beside_another(proxy: Proxy, digest: str) -> None:
    from mlflow import MlflowClient

    def made_and_denied(call: Call) -> None:
        assert call.forward()[0] == 200
        call.send(500)

    proxy.fault = lambda call: made_and_denied if call.path == CREATE and call.number == 1 else None
    assert delivered(proxy, digest).state == "written"
    assert proxy.calls.count(CREATE) == 2
    client = MlflowClient(proxy.url)
    experiment = client.get_experiment_by_name("reports")
    assert experiment is not None
    runs = client.search_runs([experiment.experiment_id], f"tags.`reportgen.digest` = '{digest}'")
    assert [run.info.status for run in runs] == ["FINISHED"]


@pytest.mark.fault("Somebody deleted the run of an earlier delivery", "A new run gets the report.", at="delivery", exit=0)
def test_a_report_run_that_was_deleted_is_made_anew(proxy: Proxy, digest: str) -> None:
    from mlflow import MlflowClient

    client = MlflowClient(proxy.url)
    assert delivered(proxy, digest).state == "written"
    experiment = client.get_experiment_by_name("reports")
    assert experiment is not None
    wanted = f"tags.`reportgen.digest` = '{digest}'"
    (before,) = client.search_runs([experiment.experiment_id], wanted)
    client.delete_run(before.info.run_id)
    assert [delivered(proxy, digest).state for _ in range(2)] == ["written", "unchanged"]
    (after,) = client.search_runs([experiment.experiment_id], wanted)
    assert after.info.run_id != before.info.run_id


@pytest.mark.fault(
    "Somebody deleted the experiment for reports", "The delivery failed and says what to restore.", at="delivery", exit=6
)
def test_a_deleted_experiment_for_reports_is_named(proxy: Proxy, digest: str) -> None:
    from mlflow import MlflowClient

    client = MlflowClient(proxy.url)
    client.delete_experiment(client.create_experiment("gone"))
    receipt = logged(delivery(digest), Target(proxy.url, "gone"), quietly, redactor=Redactor.of([], {}), seconds=60)
    assert receipt.problem is not None
    assert (receipt.state, receipt.problem.slug) == ("failed", "report-experiment-deleted")
    assert receipt.problem.todo.startswith("restore it")


# --- time ---


@pytest.mark.fault(
    "The server answers a delivery with 429 and a pause of a day", "The delivery ends within its time.", at="delivery", exit=6
)
@pytest.mark.parametrize("path", [SEARCH, "PUT"])
def test_a_pause_of_a_day_is_not_slept(path: str, proxy: Proxy, digest: str) -> None:
    proxy.fault = lambda call: faults.status(429, retry_after="86400") if path in (call.path, call.method) else None
    started = time.monotonic()
    receipt = delivered(proxy, digest, seconds=3)
    assert time.monotonic() - started < 6
    assert receipt.state == "failed"


@pytest.mark.fault(
    "An upload hangs or drips", "The delivery ends within its time and says how many files were uploaded.", at="delivery", exit=6
)
@pytest.mark.parametrize("fault", [faults.hang, faults.drip])
def test_a_delivery_ends_in_time_whatever_the_server_does(fault: faults.Fault, proxy: Proxy, digest: str) -> None:
    said: list[tuple[int, int, str]] = []
    proxy.fault = lambda call: fault if call.method == "PUT" and call.number == 1 else None
    started = time.monotonic()
    receipt = delivered(proxy, digest, seconds=1.5, progress=lambda *args: said.append(args))
    assert time.monotonic() - started < 3
    assert receipt.problem is not None
    assert (receipt.problem.slug, receipt.problem.severity) == ("delivery-late", "gap")
    assert receipt.problem.what == f"logging to MLflow was not done within 1.5 s, when 0 of {len(FILES)} files were uploaded"
    assert (0, len(FILES), "logging to MLflow") in said


@pytest.mark.fault("An upload is answered by 503 once", "It is repeated, and the delivery is complete.", at="delivery", exit=0)
def test_a_busy_server_is_asked_again(proxy: Proxy, digest: str) -> None:
    proxy.fault = lambda call: faults.status(503, retry_after="0") if call.method == "PUT" and call.number == 1 else None
    assert delivered(proxy, digest).state == "written"


@pytest.mark.fault(
    "Uploads are too slow for the delivery's time", "The delivery failed, and no more files follow.", at="delivery", exit=6
)
def test_a_late_delivery_uploads_nothing_more(proxy: Proxy, digest: str) -> None:
    def slow(call: Call) -> None:
        time.sleep(1)
        call.pass_on()

    proxy.fault = lambda call: slow if call.method == "PUT" else None
    assert delivered(proxy, digest, seconds=1.5).state == "failed"
    time.sleep(1)
    n_calls = len(proxy.calls)
    time.sleep(1.2)
    assert len(proxy.calls) <= n_calls + 1  # the run is marked as failed
