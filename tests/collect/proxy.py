"""A proxy before a real server that does to its answers what networks, gateways and tired servers do."""

from __future__ import annotations

import http.client
import json
import os
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit


@dataclass
class Call:
    """One request, and the real server's answer to it."""

    handler: BaseHTTPRequestHandler
    method: str
    path: str
    request: bytes
    number: int
    """Which call of this path it is, from 1."""
    forward: Callable[[], tuple[int, dict[str, str], bytes]]

    def pass_on(self) -> None:
        status, headers, body = self.forward()
        self.send(status, body, headers)

    def send(self, status: int, body: bytes = b"", headers: dict[str, str] | None = None, *, length: int | None = None) -> None:
        self.handler.send_response(status)
        for name, value in (headers or {}).items():
            self.handler.send_header(name, value)
        self.handler.send_header("Content-Length", str(len(body) if length is None else length))
        self.handler.end_headers()
        self.handler.wfile.write(body)


Fault = Callable[[Call], None]
"""Does something instead of ``call.pass_on()``."""


@dataclass
class Proxy:
    url: str
    fault: Callable[[Call], Fault | None] = lambda _call: None
    """Chooses what happens to a call; None passes it on."""
    calls: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)


@contextmanager
def proxy_before(upstream: str, *, tls: Any = None, remembers: bool = False) -> Iterator[Proxy]:
    """``remembers``: the real server is asked each question once, which is faster; for stores that nobody writes to."""
    host = urlsplit(upstream)
    answers: dict[tuple[str, str, bytes], tuple[int, dict[str, str], bytes]] = {}
    counts: Counter[str] = Counter()
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # headers and body go apart: each answer would wait 40 ms

        def do_GET(self) -> None:
            self._answer("GET")

        def do_POST(self) -> None:
            self._answer("POST")

        def do_PUT(self) -> None:
            self._answer("PUT")

        def log_message(self, *args: object) -> None:
            pass

        def _answer(self, method: str) -> None:
            request = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            path = self.path.partition("?")[0].rpartition("mlflow/")[2]
            with lock:
                counts[path] += 1
                number = counts[path]
                proxy.calls.append(path)
                proxy.headers.append(dict(self.headers))

            def forward() -> tuple[int, dict[str, str], bytes]:
                question = (method, self.path, request)
                if not remembers:
                    return asked()
                if question not in answers:
                    answers[question] = asked()
                return answers[question]

            def asked() -> tuple[int, dict[str, str], bytes]:
                assert host.hostname is not None
                connection = http.client.HTTPConnection(host.hostname, host.port or 80, timeout=60)
                try:
                    connection.request(method, self.path, request, {"Content-Type": "application/json"})
                    reply = connection.getresponse()
                    return reply.status, {"Content-Type": reply.headers.get("Content-Type", "")}, reply.read()
                finally:
                    connection.close()

            call = Call(self, method, path, request, number, forward)
            with suppress(BrokenPipeError, ConnectionResetError, TimeoutError):
                (proxy.fault(call) or Call.pass_on)(call)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    proxy = Proxy(f"{'http' if tls is None else 'https'}://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


# --- faults ---


def status(code: int, body: bytes = b"", **headers: str) -> Fault:
    return lambda call: call.send(code, body, {name.replace("_", "-"): value for name, value in headers.items()})


def body(text: str) -> Fault:
    return lambda call: call.send(200, text.encode(), {"Content-Type": "application/json"})


def cut_short(call: Call) -> None:
    """Half the body, then the connection ends."""
    _, headers, whole = call.forward()
    call.send(200, whole[: len(whole) // 2], headers, length=len(whole))
    call.handler.close_connection = True


def half_json(call: Call) -> None:
    """Half the body, which the headers say is all."""
    _, headers, whole = call.forward()
    call.send(200, whole[: len(whole) // 2], headers)


def too_long(call: Call) -> None:
    """The headers promise more than comes, and the connection stays open."""
    _, headers, whole = call.forward()
    call.send(200, whole, headers, length=len(whole) + 10)
    call.handler.wfile.flush()
    time.sleep(1.5)
    call.handler.close_connection = True


def too_short(call: Call) -> None:
    """The headers promise less than comes; the rest lies before the next answer."""
    _, headers, whole = call.forward()
    call.send(200, whole, headers, length=max(0, len(whole) - 7))


def repeated_token(call: Call) -> None:
    """Whatever page is asked for, there is another one."""
    _, headers, whole = call.forward()
    call.send(200, json.dumps({**json.loads(whole), "next_page_token": "again"}).encode(), headers)


def of_wrong_types(call: Call) -> None:
    """Whole JSON of the right shape, in which no number is one."""
    _, headers, whole = call.forward()
    call.send(200, json.dumps(_spoilt(json.loads(whole))).encode(), headers)


def _spoilt(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _spoilt(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_spoilt(one) for one in value]
    return value if isinstance(value, str) else ["?"]


def reset(call: Call) -> None:
    connection = call.handler.connection
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    call.handler.close_connection = True
    os.close(connection.detach())  # close() would wait for the handler's files on it


def hang(call: Call) -> None:
    time.sleep(5)


def drip(call: Call) -> None:
    """A byte now and then, so that no socket ever waits long."""
    call.handler.send_response(200)
    call.handler.send_header("Content-Length", "1000000")
    call.handler.end_headers()
    for _ in range(100):
        call.handler.wfile.write(b" ")
        time.sleep(0.05)


def drip_headers(call: Call) -> None:
    call.handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for _ in range(100):
        call.handler.wfile.write(b"X: y\r\n")
        time.sleep(0.05)
