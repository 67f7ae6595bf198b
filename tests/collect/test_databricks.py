"""``databricks`` URIs, against a recorded shape: a local server that answers as the documentation of Databricks says.

Nothing here has met the real service. What is tried is ours: where host and token come from, what is sent to whom, that
no undocumented endpoint is needed, and that the pages of a history are put together.
"""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from reportgen.collect import Reading, Selection
from reportgen.collect.gather import snapshot_of
from reportgen.collect.rest.databricks import CALLS_PER_SECOND, credentials, workspace_source
from reportgen.collect.rest.session import Limits
from reportgen.errors import SourceError
from reportgen.snapshot import Snapshot

TOKEN = "dapi-0123456789"
N_POINTS = 60_001
"""Of the long series: three pages."""
QUICK = Limits(try_seconds=10, call_seconds=20, pause_seconds=0.01)

Answer = tuple[int, dict[str, str], bytes]


@dataclass
class RecordedShape:
    """A workspace with one experiment and two runs."""

    url: str = ""
    unknown: Callable[[], Answer] = lambda: _json(404, {"error_code": "ENDPOINT_NOT_FOUND", "message": "No API found"})
    """What endpoints answer that are not documented."""
    calls: Counter[str] = field(default_factory=Counter)
    headers: list[str] = field(default_factory=list)

    def answer(self, method: str, path: str, query: dict[str, list[str]], body: dict[str, Any]) -> Answer:
        self.calls[path] += 1
        match (method, path.removeprefix("/api/2.0/mlflow/")):
            case ("POST", "experiments/search"):
                assert body["max_results"] <= 1000
                row = {"experiment_id": "7", "name": "/Users/ann/churn", "lifecycle_stage": "active", "creation_time": "1"}
                return _json(200, {"experiments": [row | {"artifact_location": "dbfs:/databricks/mlflow-tracking/7"}]})
            case ("POST", "runs/search"):
                assert body["max_results"] <= 50_000
                return _json(200, {"runs": [_run("a", N_POINTS), _run("b", 3)]})
            case ("GET", "metrics/get-history"):
                return self._history(query)
            case ("GET", "registered-models/search" | "model-versions/search"):
                return _json(200, {})
        return self.unknown()

    def _history(self, query: dict[str, list[str]]) -> Answer:
        size = int(query["max_results"][0])
        assert size <= 25_000
        n_points = N_POINTS if query["run_id"] == ["a"] else 3
        start = int(query.get("page_token", ["0"])[0])
        rows = [{"key": "loss", "value": s / 2, "timestamp": 1000 + s, "step": str(s)} for s in range(n_points)]
        more = {"next_page_token": str(start + size)} if start + size < n_points else {}
        return _json(200, {"metrics": rows[start : start + size]} | more)


def _run(run_id: str, n_points: int) -> dict[str, Any]:
    info = {"run_id": run_id, "run_uuid": run_id, "experiment_id": "7", "run_name": run_id, "status": "FINISHED"}
    info |= {"start_time": 1000, "end_time": 2000, "lifecycle_stage": "active", "artifact_uri": f"dbfs:/7/{run_id}/artifacts"}
    last = {"key": "loss", "value": (n_points - 1) / 2, "timestamp": 1000 + n_points - 1, "step": n_points - 1}
    return {"info": info, "data": {"metrics": [last], "params": [{"key": "lr", "value": "0.1"}]}}


def _json(status: int, answer: dict[str, Any]) -> Answer:
    return status, {"Content-Type": "application/json"}, json.dumps(answer).encode()


@contextmanager
def served(shape: RecordedShape) -> Iterator[RecordedShape]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer("GET")

        def do_POST(self) -> None:
            self._answer("POST")

        def log_message(self, *args: object) -> None:
            pass

        def _answer(self, method: str) -> None:
            request = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            parts = urlsplit(self.path)
            shape.headers.append(self.headers.get("Authorization", ""))
            if shape.headers[-1] != f"Bearer {TOKEN}":
                status, headers, body = _json(403, {"error_code": "403", "message": "Invalid access token."})
            else:
                status, headers, body = shape.answer(method, parts.path, parse_qs(parts.query), json.loads(request or b"{}"))
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    shape.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield shape
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def workspace() -> Iterator[RecordedShape]:
    with served(RecordedShape()) as shape:
        yield shape


QUICKLY = Reading(calls_per_second=1000)


def read(uri: str, environment: dict[str, str], reading: Reading = QUICKLY) -> Snapshot:
    with closing(workspace_source(uri, reading, environment, QUICK)) as source:
        return snapshot_of(source, Selection(), lambda *_: None, reading)


def login(workspace: RecordedShape) -> dict[str, str]:
    return {"DATABRICKS_HOST": workspace.url, "DATABRICKS_TOKEN": TOKEN}


UNKNOWN: dict[str, Callable[[], Answer]] = {
    "not found": RecordedShape().unknown,
    "login page": lambda: (200, {"Content-Type": "text/html"}, b"<!doctype html><title>Sign in</title>"),
    "redirect": lambda: (303, {"Location": "https://login.example/oidc"}, b""),
    "forbidden": lambda: _json(403, {"error_code": "PERMISSION_DENIED", "message": "no"}),
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_everything_is_read_over_the_documented_endpoints_of_the_recorded_shape(name: str, workspace: RecordedShape) -> None:
    workspace.unknown = UNKNOWN[name]
    snapshot = read("databricks", login(workspace))
    series = {one.run_id: (one.step.tolist(), one.value.tolist()) for one in snapshot.history.series()}
    assert series["a"] == (list(range(N_POINTS)), [s / 2 for s in range(N_POINTS)])
    assert series["b"] == ([0, 1, 2], [0.0, 0.5, 1.0])
    assert (snapshot.source.kind, snapshot.source.uri) == ("databricks", workspace.url)
    assert workspace.calls["/ajax-api/2.0/mlflow/metrics/get-history-bulk"] == 1
    assert workspace.calls["/api/2.0/mlflow/metrics/get-history"] == 4
    assert set(workspace.headers) == {f"Bearer {TOKEN}"}
    about = {p.where for p in snapshot.problems if p.severity == "gap"}
    assert about == (set() if name == "not found" else {"logged models", "experiment 7"})  # what may not be seen is said


def test_the_rate_of_a_workspace_is_kept_unless_another_one_is_set(workspace: RecordedShape) -> None:
    started = time.monotonic()
    read("databricks", login(workspace), Reading())
    assert time.monotonic() - started >= (workspace.calls.total() - 1) / CALLS_PER_SECOND


def test_a_profile_is_read_from_the_file_and_goes_before_the_variables(workspace: RecordedShape, tmp_path: Path) -> None:
    path = tmp_path / "databrickscfg"
    path.write_text(
        f"; made by the command line tool\n[DEFAULT]\nhost = https://default.example/?o=1\ntoken = d%\n\n"
        f"[prod]\nhost = {workspace.url}/\ntoken = {TOKEN}\n[half]\nhost = https://half.example\n"
    )
    environment = {"DATABRICKS_CONFIG_FILE": str(path), "DATABRICKS_HOST": "https://other.example", "DATABRICKS_TOKEN": "no"}
    assert read("databricks://prod", environment).runs.num_rows == 2
    assert credentials("databricks", environment) == ("https://other.example", "no")
    file_only = {"DATABRICKS_CONFIG_FILE": str(path)}
    assert credentials("databricks", file_only) == ("https://default.example", "d%")
    assert credentials("databricks", file_only | {"DATABRICKS_CONFIG_PROFILE": "prod"}) == (workspace.url, TOKEN)
    for uri, what in {
        "databricks://half": f"profile half of {path} has no token",
        "databricks://absent": f"{path} has no profile absent",
        "databricks://scope:prefix": "databricks://scope names no profile; a secret scope exists inside of Databricks only",
    }.items():
        with pytest.raises(SourceError) as raised:
            credentials(uri, file_only)
        assert raised.value.what == what


def test_a_login_that_is_missing_or_unreadable_is_said_without_its_words(tmp_path: Path) -> None:
    absent = tmp_path / "absent"
    with pytest.raises(SourceError, match="there is no login to Databricks"):
        credentials("databricks", {"DATABRICKS_CONFIG_FILE": str(absent)})
    broken = tmp_path / "broken"
    broken.write_text(f"token = {TOKEN}\n")
    with pytest.raises(SourceError) as raised:
        credentials("databricks", {"DATABRICKS_CONFIG_FILE": str(broken)})
    assert raised.value.what == f"{broken} cannot be understood: MissingSectionHeaderError"
    assert TOKEN not in str(raised.value)


def test_a_token_is_not_sent_in_the_clear() -> None:
    with pytest.raises(SourceError) as raised:
        credentials("databricks", {"DATABRICKS_HOST": "http://adb.example", "DATABRICKS_TOKEN": TOKEN})
    assert raised.value.what == "DATABRICKS_HOST is http://adb.example"
    assert credentials("databricks", {"DATABRICKS_HOST": "adb.example", "DATABRICKS_TOKEN": "t"}) == ("https://adb.example", "t")


def test_a_wrong_token_is_said_at_once(workspace: RecordedShape) -> None:
    with pytest.raises(SourceError) as raised:
        read("databricks", login(workspace) | {"DATABRICKS_TOKEN": "wrong"})
    assert raised.value.slug == "denied"
    assert len(workspace.headers) == 1
