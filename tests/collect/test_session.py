"""How calls to one server are made: without waiting for the system's own pauses, side by side, and given up when none is answered."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from statistics import median
from typing import Any

import pytest

from reportgen.collect.reading import TimeUpError
from reportgen.collect.rest.lists import Lists
from reportgen.collect.rest.rate_limit import RateLimit
from reportgen.collect.rest.session import Limits, NotFoundError, Transport
from reportgen.errors import SourceError

ONCE = Limits(n_tries=1)


@contextmanager
def answering(status: Callable[[str], int]) -> Iterator[str]:
    """The URL of a server that sends the head of an answer, then its body, as ``mlflow server`` does."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = b'{"answer": 42}'
            self.send_response(status(self.path))
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.mark.skipif(not hasattr(socket, "TCP_QUICKACK"), reason="this system cannot acknowledge at once")
def test_an_answer_in_two_parts_is_not_waited_for() -> None:
    times = []
    with answering(lambda _: 200) as url, closing(Transport(url, {}, ONCE)) as http:
        for _ in range(25):
            began = time.perf_counter()
            assert http.json("GET", "x") == {"answer": 42}
            times.append(time.perf_counter() - began)
    assert median(times) < 0.03  # and not the 40 ms of a late acknowledgement


def test_a_server_that_answers_other_calls_is_not_given_up() -> None:
    begun, answered = threading.Event(), threading.Event()

    def status(path: str) -> int:
        if path != "/slow":
            return 200
        begun.set()
        answered.wait(10)
        return 503

    def fails() -> None:
        with pytest.raises(SourceError):
            http.json("GET", "slow")

    with answering(status) as url, closing(Transport(url, {}, Limits(n_tries=1, n_failed=1))) as http:
        thread = threading.Thread(target=fails)
        thread.start()
        assert begun.wait(10)
        http.json("GET", "fast")
        answered.set()
        thread.join()
        assert not http.given_up
        fails()
        assert http.given_up


def test_when_the_time_is_up_the_server_is_not_called_gone() -> None:
    with (
        answering(lambda _: 503) as url,
        closing(Transport(url, {}, Limits(n_tries=1, n_failed=1), RateLimit(None, 0.5))) as http,
    ):
        with pytest.raises(SourceError, match="did not answer"):
            http.json("GET", "x")
        assert http.given_up
        time.sleep(0.5)
        assert not http.given_up
        with pytest.raises(TimeUpError):
            http.json("GET", "x")


class Registry:
    """Stands for a server: answers nothing until as many calls are there at once as it waits for."""

    given_up = False
    public_uri = "http://registry"

    def __init__(self, n_at_once: int) -> None:
        self.calls: list[str] = []
        self._lock = threading.Lock()
        self._barrier = threading.Barrier(n_at_once)

    def json(self, _method: str, path: str, **asked: Any) -> Mapping[str, Any]:
        with self._lock:
            first = path not in self.calls
            self.calls.append(path)
        if first:
            self._barrier.wait(10)
        if path.endswith("logged-models/search"):
            raise NotFoundError("not-found", "no such endpoint")
        rows = [{"name": "ranker", "version": "1"}] if "filter" not in json.dumps(asked) else []
        key = "registered_models" if "registered" in path else "model_versions"
        return {key: rows}


@pytest.mark.parametrize(("n_connections", "n_at_once"), [(4, 3), (3, 3), (1, 1)])
def test_the_lists_of_models_are_asked_for_side_by_side(n_connections: int, n_at_once: int) -> None:
    registry = Registry(n_at_once)
    table, n_store = Lists(registry, n_connections).models(["0"])  # type: ignore[arg-type]
    assert (table.num_rows, n_store) == (2, 2)
    assert table.column("kind").to_pylist() == ["registered", "version"]
    assert len(registry.calls) == 1 + 2 + 1 + 2 + 1  # each with its prompts, of which there are none, asked twice
