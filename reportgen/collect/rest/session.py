"""HTTP requests to a tracking server with deadlines, retries and checks that an answer is whole.

MLflow's own client waits up to twenty minutes for one call, follows redirects to other hosts with the password, and
takes an empty answer for "no runs". Here every call has a wall-clock limit that also holds when a body drips byte by
byte, an answer has a greatest size, and what fails is either repeated (the connection, 429, 5xx, bodies cut short) or
said at once (no right to read, a login page, another host). Only reading calls go through here, so repeating is safe.
How many calls a second the server gets, and how long the whole reading may take, is ``reportgen.collect.rest.rate_limit``'s.

Credentials come from the URI's user-info, else from MLflow's environment variables; they are sent as a header to the
one origin that was asked for, and stand in no message.
"""

from __future__ import annotations

import http.client
import json
import logging
import queue
import random
import socket
import ssl
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urljoin, urlsplit

import requests
import urllib3

from reportgen.collect.pool import LateError, awaited
from reportgen.collect.reading import TimeUpError
from reportgen.collect.rest.rate_limit import RateLimit
from reportgen.errors import BadUriError, Problem, SourceError
from reportgen.redaction import public_text, public_uri
from reportgen.uri import Uri

T = TypeVar("T")

_LOG = logging.getLogger(__name__)
"""Told of repeated requests only: a snapshot is the same with and without them."""

_TRANSIENT = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PIECE = 1 << 16
_MUCH = 1 << 18
"""After an answer of so many bytes the next request gets a new connection. A server of several processes keeps a connection
with the one that took it; those that fell to the same one would wait for each other, now the idle ones take the next."""
EXPERIMENTS = "api/2.0/mlflow/experiments/search"
"""What every server of MLflow answers to everybody who may read at all."""
_CLIENT = "MLFLOW_TRACKING_CLIENT_CERT_PATH"


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how much. Times are wall-clock seconds."""

    connect_seconds: float = 10.0
    try_seconds: float = 60.0
    """One attempt, from sending to the last byte."""
    call_seconds: float = 180.0
    """All attempts of one call, with the pauses between them."""
    n_tries: int = 6
    pause_seconds: float = 0.5
    """The longest first pause; it doubles from try to try, and a random part of it is waited (full jitter)."""
    refused_seconds: float = 2.0
    """How long a server is waited for that has never answered, when its host refuses connections or has no address."""
    max_bytes: int = 1 << 27
    """Greatest answer, after decompression."""
    n_failed: int = 3
    """Calls that may fail in a row before it is asked whether the server is there at all."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


class NotFoundError(SourceError):
    """The server knows no such thing, or no such endpoint."""


class RefusedError(SourceError):
    """The server understood and said no to this one request (status 400, 413 …)."""


class _TransientError(Exception):
    """Worth another try."""

    def __init__(self, what: str, wait: float | None = None, *, is_absent: bool = False, is_cut: bool = False) -> None:
        """``is_absent``: nobody listens there, or there is no such host. ``is_cut``: somebody does, and said nothing of HTTP's."""
        super().__init__(what)
        self.wait = wait
        self.is_absent = is_absent
        self.is_cut = is_cut


class Transport:
    """Calls to one server; may be used by several threads at once."""

    def __init__(self, uri: str, environment: Mapping[str, str], limits: Limits, rate_limit: RateLimit | None = None) -> None:
        server = Uri.of(uri)
        self.public_uri = server.public
        if server.fault or not server.host:
            raise BadUriError(
                "bad-uri",
                f"{self.public_uri} cannot be called",
                found=server.fault or "it names no host",
                allowed="https://host:port/path",
                todo="correct the server's URL",
            )
        self._base = f"{server.scheme}://{server.place}{server.path.rstrip('/')}"
        self._limits = limits
        self._rate_limit = rate_limit or RateLimit(None, None)
        self._auth = _Authorization(server.user, server.password, environment)
        self._tls = _Tls.of(environment)
        self._sessions: queue.LifoQueue[requests.Session] = queue.LifoQueue()
        self._n_answered = 0
        self._failed_in_a_row = 0
        self._lock = threading.Lock()
        self._asking = threading.Lock()

    @property
    def given_up(self) -> bool:
        """Whether the server is gone: so many calls failed in a row, and it does not answer a simple one either."""
        if self._failed_in_a_row < self._limits.n_failed:
            return False
        with self._asking:
            try:
                if self._failed_in_a_row >= self._limits.n_failed:  # else another thread has asked
                    self.json("POST", EXPERIMENTS, body={"max_results": 1}, n_tries=1)
            except TimeUpError:
                return False  # nobody can know, and every further call says so
            except SourceError:
                pass
        return self._failed_in_a_row >= self._limits.n_failed

    @property
    def problems(self) -> tuple[Problem, ...]:
        notes = []
        if self._tls.verify is False:
            what = "the server's certificate was not checked, as MLFLOW_TRACKING_INSECURE_TLS asks"
            notes.append(Problem("tls-unverified", self.public_uri, what, severity="note"))
        return tuple(notes)

    def close(self) -> None:
        with suppress(queue.Empty):
            while True:
                self._sessions.get_nowait().close()

    def json(
        self,
        method: str,
        path: str,
        *,
        params: Sequence[tuple[str, str]] = (),
        body: Mapping[str, Any] | None = None,
        n_tries: int | None = None,
    ) -> dict[str, Any]:
        """The JSON object that ``path`` answers. Raises ``SourceError`` (``NotFoundError``, ``RefusedError``)."""
        return self._repeated(method, path, lambda answer: self._object(answer, path), params, body, n_tries)

    def content(self, path: str, *, params: Sequence[tuple[str, str]] = ()) -> bytes:
        """The bytes that ``path`` answers. Raises as ``json``."""
        return self._repeated("GET", path, lambda answer: answer.body, params, None)

    def text(self, path: str) -> str:
        """The short text that ``path`` answers."""
        return self._repeated("GET", path, lambda answer: answer.body.decode("utf-8", "replace"), (), None)

    def _repeated(
        self,
        method: str,
        path: str,
        parse: Callable[[Answer], T],
        params: Sequence[tuple[str, str]],
        body: Mapping[str, Any] | None,
        n_tries: int | None = None,
    ) -> T:
        n_tries = n_tries or self._limits.n_tries
        began, n_answered = time.monotonic(), self._n_answered
        why, is_cut = "", False
        for attempt in range(n_tries):
            began += self._rate_limit.wait()  # waiting for one's turn is no fault of the server
            deadline = min(began + self._limits.call_seconds, self._rate_limit.end)
            try:
                answer = self._redirected(method, path, params, body, deadline)
                result = parse(self._accepted(answer, path))
            except _TransientError as fault:
                why, is_cut = str(fault), fault.is_cut
                pause = self._pause(attempt) if fault.wait is None else fault.wait
                self._rate_limit.check_deadline(ahead=pause if fault.wait is None else 0)
                last = began + self._limits.refused_seconds if fault.is_absent and not self._n_answered else deadline
                if attempt + 1 == n_tries or time.monotonic() + pause >= last:
                    break
                _LOG.info("%s, %s: %s; trying again in %.1f s", self.public_uri, path, why, pause)
                if fault.wait is not None:
                    self._rate_limit.pause(fault.wait)
                time.sleep(pause)
            else:
                with self._lock:
                    self._failed_in_a_row = 0
                    self._n_answered += 1
                return result
        if is_cut and not self._n_answered and self._base.startswith("http:") and _speaks_tls(self._base):
            raise self._wants_https()
        with self._lock:
            if self._n_answered == n_answered:  # else another call was answered meanwhile: the server is there
                self._failed_in_a_row += 1
        tries = "1 try" if attempt == 0 else f"{attempt + 1} tries"
        raise SourceError(
            "unreachable",
            f"{self.public_uri} did not answer {path}: {why}",
            found=f"{tries} in {time.monotonic() - began:.0f} s",
            todo="check the URL, the network and the server's log, and run again",
        )

    def _pause(self, attempt: int) -> float:
        longest = min(30.0, self._limits.pause_seconds * 2**attempt)
        return random.uniform(0, longest)  # noqa: S311 (spreads clients, guards nothing)

    def _redirected(
        self, method: str, path: str, params: Sequence[tuple[str, str]], body: Mapping[str, Any] | None, deadline: float
    ) -> Answer:
        """One answer; redirects are followed within the origin only, and never turn a POST into a GET."""
        url = f"{self._base}/{path}"
        for _ in range(5):
            answer = self._once(method, url, params, body, deadline)
            if answer.status not in _REDIRECTS:
                return answer
            target = urljoin(url, answer.headers.get("location", ""))
            if _origin(target) != _origin(url) or (method != "GET" and answer.status not in (307, 308)):
                raise SourceError(
                    "redirected",
                    f"{self.public_uri} redirects to {public_uri(target)[:200]}, which was not followed",
                    found=f"status {answer.status}",
                    todo="if that is the server's new address, set the tracking URI to it; if it is a login page, set "
                    "MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD",
                )
            url, params = target, ()
        raise SourceError("redirected", f"{self.public_uri} redirects in a circle", todo="check the proxy before the server")

    def _once(
        self, method: str, url: str, params: Sequence[tuple[str, str]], body: Mapping[str, Any] | None, deadline: float
    ) -> Answer:
        """One attempt, left behind when its time is up."""
        seconds = min(self._limits.try_seconds, deadline - time.monotonic())
        if seconds <= 0:
            raise _TransientError("no time is left for it")
        end = time.monotonic() + seconds
        try:
            return awaited(lambda: self._sent(method, url, params, body, end), end, "reportgen-http")
        except LateError:
            raise _TransientError(f"no whole answer within {seconds:.3g} s") from None

    def _sent(
        self, method: str, url: str, params: Sequence[tuple[str, str]], body: Mapping[str, Any] | None, end: float
    ) -> Answer:
        session = self._session()
        try:
            with session.request(
                method,
                url,
                params=list(params),
                json=body,
                stream=True,
                allow_redirects=False,
                verify=self._tls.verify,  # on the session it would give way to REQUESTS_CA_BUNDLE
                cert=self._tls.client,
                timeout=(self._limits.connect_seconds, max(0.0, end - time.monotonic()) + 1),  # the one outside comes first
            ) as response:
                answer = Answer(response.status_code, response.headers, self._body(response, end))
        except requests.exceptions.SSLError as error:
            raise self._untrusted(error) from error
        except (requests.exceptions.InvalidURL, requests.exceptions.InvalidHeader) as error:
            raise BadUriError("bad-uri", f"{self.public_uri} is not a URL that can be called", todo="check it") from error
        except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise _TransientError(_reason(error), is_absent=_is_absent(error), is_cut=_is_cut(error)) from error
        except ValueError as error:  # requests looks at the address of a redirect that it is told not to follow
            what = f"{self.public_uri} redirects to an address that is no URL"
            raise SourceError("redirected", what, todo="check the proxy before the server") from error
        if len(answer.body) < _MUCH:
            self._sessions.put(session)
        else:
            session.close()
        return answer

    def _body(self, response: requests.Response, end: float) -> bytes:
        pieces, size = [], 0
        while True:
            _acknowledge(response)
            piece = response.raw.read1(_PIECE, decode_content=True)
            if not piece:
                break
            size += len(piece)
            pieces.append(piece)
            if size > self._limits.max_bytes:
                raise SourceError(
                    "answer-too-big",
                    f"{self.public_uri} sent more than {self._limits.max_bytes:,} bytes in one answer",
                    todo="select fewer experiments or runs",
                )
            if time.monotonic() > end:
                raise _TransientError("its answer dripped too slowly")
        expected = response.headers.get("content-length", "")
        if expected.isdigit() and response.raw.tell() != int(expected):
            raise _TransientError(f"its answer was cut short: {response.raw.tell():,} of {int(expected):,} bytes")
        return b"".join(pieces)

    def _session(self) -> requests.Session:
        with suppress(queue.Empty):
            return self._sessions.get_nowait()
        session = requests.Session()
        session.auth = self._auth
        session.headers["User-Agent"] = "reportgen"
        if self._tls.verify is False:
            # Said once as a problem of the snapshot; urllib3 would say it on stderr for each request.
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
        return session

    def _accepted(self, answer: Answer, path: str) -> Answer:
        """``answer`` when its status is 200. Raises what any other status means."""
        if answer.status == 200:
            return answer
        if answer.status in _TRANSIENT:
            raise _TransientError(f"status {answer.status}{_said(answer)}", _retry_after(answer))
        if answer.status in (401, 403):
            what = "does not let this user read"
            if answer.status == 401:
                what = f"refuses {self._auth.kind}" if self._auth.kind else "asks for a login, and none was given"
            raise SourceError(
                "denied",
                f"{self.public_uri} {what} ({path}, status {answer.status})",
                todo="set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN, of a user who may read",
            )
        if b"HTTPS port" in answer.body[:2000]:
            raise self._wants_https()
        kind = NotFoundError if answer.status == 404 else RefusedError
        raise kind(
            "not-found" if answer.status == 404 else "refused",
            f"{self.public_uri} said no to {path}: status {answer.status}{_said(answer)}",
            todo="check the URL: it ends where MLflow's own pages begin, without /api or /#/",
        )

    def _object(self, answer: Answer, path: str) -> dict[str, Any]:
        head = answer.body[:200].lstrip()
        if head.startswith(b"<"):
            raise SourceError(
                "not-mlflow",
                f"{self.public_uri} answers {path} with a web page, not with MLflow's API (a login page?)",
                found=repr(public_text(head[:80].decode("utf-8", "replace"))),
                todo="log in by MLFLOW_TRACKING_TOKEN, or by MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, and check the URL",
            )
        if not head:
            raise _TransientError("an empty answer")
        try:
            found = json.loads(answer.body)
        except (ValueError, RecursionError) as error:
            raise _TransientError(f"its answer is not whole JSON ({len(answer.body):,} bytes)") from error
        if not isinstance(found, dict):
            raise SourceError(
                "not-mlflow", f"{self.public_uri} answers {path} with JSON, but not with MLflow's", todo="check the URL"
            )
        if "error_code" in found:
            raise RefusedError("refused", f"{self.public_uri} said no to {path}: {_words(found)}", todo="see the server's log")
        return found

    def _wants_https(self) -> SourceError:
        what = f"{self.public_uri} is called by http, and its port speaks https"
        return SourceError("tls", what, todo="write https:// in the tracking URI")

    def _untrusted(self, error: Exception) -> SourceError:
        return SourceError(
            "tls",
            f"the TLS connection to {self.public_uri} failed: {_reason(error)}",
            todo="set MLFLOW_TRACKING_SERVER_CERT_PATH to the certificate authority's file, or check that the port speaks https",
        )


class _Authorization(requests.auth.AuthBase):
    """The Authorization header, or none; being set, it also keeps requests from reading ``~/.netrc``."""

    def __init__(self, user: str | None, password: str | None, environment: Mapping[str, str]) -> None:
        self._header = self.kind = ""
        user = user or environment.get("MLFLOW_TRACKING_USERNAME")
        password = password or environment.get("MLFLOW_TRACKING_PASSWORD")
        token = environment.get("MLFLOW_TRACKING_TOKEN")
        if user:
            self._header = "Basic " + b64encode(f"{user}:{password or ''}".encode()).decode()
            self.kind = "this user and password" if password else "this user without a password"
        elif token:
            self._header = f"Bearer {token}"
            self.kind = "the token in MLFLOW_TRACKING_TOKEN"

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._header:
            request.headers["Authorization"] = self._header
        return request


@dataclass(frozen=True, slots=True)
class _Tls:
    verify: bool | str
    client: str | None

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> _Tls:
        insecure = environment.get("MLFLOW_TRACKING_INSECURE_TLS", "").lower() in ("true", "1")
        authority, client = _file("MLFLOW_TRACKING_SERVER_CERT_PATH", environment), _file(_CLIENT, environment)
        return cls(False if insecure else authority or True, client)


def _file(name: str, environment: Mapping[str, str]) -> str | None:
    """The path in the variable ``name``. Raises ``SourceError`` when nothing is there."""
    path = environment.get(name) or None
    if path is not None and not Path(path).exists():
        raise SourceError("tls", f"{name} names a file that is not there", found=path, todo="correct or unset it")
    return path


def _acknowledge(response: requests.Response) -> None:
    """Tells the other side at once, where the system can, that what was read has come.

    A server may send the head of an answer by itself and hold the rest back until that is acknowledged (Nagle's algorithm;
    ``mlflow server`` does), and the system would wait 40 ms for something to send along with the acknowledgement: ten times
    what an answer of a few rows takes.
    """
    sock = getattr(response.raw.connection, "sock", None)
    if sock is not None and hasattr(socket, "TCP_QUICKACK"):
        with suppress(OSError):  # it is closed, or no TCP: then nobody waits
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)


def _origin(url: str) -> tuple[str, str | None, int | None]:
    with suppress(ValueError):
        parts = urlsplit(url)
        return parts.scheme, parts.hostname, parts.port
    return "", None, None


def _retry_after(answer: Answer) -> float | None:
    text = answer.headers.get("retry-after", "")
    return float(text) if text.isdigit() else None


def _said(answer: Answer) -> str:
    """MLflow's own words in ``answer``, if it has any; a web page is not quoted."""
    with suppress(ValueError, RecursionError):
        found = json.loads(answer.body)
        if isinstance(found, dict):
            return f", {_words(found)}"
    return ""


def _words(found: Mapping[str, Any]) -> str:
    text = " ".join(str(part) for part in (found.get("error_code"), found.get("message")) if part)
    return public_text(" ".join(text.split()))[:300]


def _innermost(error: BaseException) -> BaseException:
    while (inner := error.__cause__ or error.__context__) is not None:
        error = inner
    return error


def _is_absent(error: BaseException) -> bool:
    return isinstance(_innermost(error), ConnectionRefusedError | socket.gaierror)


def _is_cut(error: BaseException) -> bool:
    return isinstance(_innermost(error), ConnectionResetError | http.client.BadStatusLine)  # or none at all: RemoteDisconnected


def _speaks_tls(url: str) -> bool:
    """Whether a TLS server listens at the place of ``url``; whose it is does not matter, and nothing is sent to it."""
    server = urlsplit(url)
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        with socket.create_connection((server.hostname or "", server.port or 80), timeout=3) as plain, context.wrap_socket(plain):
            return True
    except (OSError, ValueError):
        return False


def _reason(error: BaseException) -> str:
    """The innermost cause in a few words: the outer ones repeat the URL, which may hold a password."""
    error = _innermost(error)
    text = getattr(error, "strerror", None) or (str(error) if isinstance(error, OSError) else "") or type(error).__name__
    return public_text(" ".join(str(text).split()))[:200]
