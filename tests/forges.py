"""A server that speaks GitHub's and GitLab's endpoints for comments as they are documented, on a free port of this machine."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

TOKEN = "ghs_s3cretT0ken1234567890"
GITHUB_COMMENTS = re.compile(r"/repos/acme/ranker/issues/7/comments")
GITHUB_COMMENT = re.compile(r"/repos/acme/ranker/issues/comments/(\d+)")
GITLAB_NOTES = re.compile(r"/projects/(?:42|acme/ranker)/merge_requests/7/notes")
GITLAB_NOTE = re.compile(r"/projects/(?:42|acme/ranker)/merge_requests/7/notes/(\d+)")


@dataclass
class FakeForge:
    """What was posted, and every call."""

    url: str = ""
    comments: dict[int, str] = field(default_factory=dict)
    calls: list[tuple[str, str]] = field(default_factory=list)
    others: frozenset[int] = frozenset()
    """Comments of somebody else, which may not be changed."""
    before_post: Callable[[], None] | None = None
    faults: list[tuple[int, dict[str, str], bytes]] = field(default_factory=list)
    """(status, headers, body) of the next answers."""
    next_id: int = 100

    def add(self, body: str) -> int:
        self.next_id += 1
        self.comments[self.next_id] = body
        return self.next_id


@contextmanager
def forge() -> Iterator[FakeForge]:
    fake = FakeForge()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self, status: int, value: Any = None, headers: dict[str, str] | None = None, raw: bytes | None = None) -> None:
            body = raw if raw is not None else b"" if value is None else json.dumps(value).encode()
            self.send_response(status)
            for name, text in {"Content-Type": "application/json", "Content-Length": str(len(body)), **(headers or {})}.items():
                self.send_header(name, text)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            return

        def handled(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            body = json.loads(self.rfile.read(length)) if length else {}
            path = unquote(urlsplit(self.path).path)
            query = {key: values[0] for key, values in parse_qs(urlsplit(self.path).query).items()}
            fake.calls.append((self.command, path))
            if fake.faults:
                status, headers, raw = fake.faults.pop(0)
                self.answer(status, headers=headers, raw=raw)
                return
            is_github = path.startswith("/repos/")
            given = self.headers.get("Authorization") if is_github else self.headers.get("PRIVATE-TOKEN")
            if given != (f"Bearer {TOKEN}" if is_github else TOKEN):
                self.answer(401, {"message": "Bad credentials"})
                return
            if GITHUB_COMMENTS.fullmatch(path) or GITLAB_NOTES.fullmatch(path):
                self.of_all(body, query, is_github)
            elif found := GITHUB_COMMENT.fullmatch(path) or GITLAB_NOTE.fullmatch(path):
                self.of_one(int(found[1]), body, is_github)
            else:
                self.answer(404, {"message": "Not Found"})

        def of_all(self, body: dict[str, Any], query: dict[str, str], is_github: bool) -> None:
            if self.command == "GET":
                size, page = int(query.get("per_page", 30)), int(query.get("page", 1))
                rows = [{"id": id_, "body": text} for id_, text in sorted(fake.comments.items(), reverse=not is_github)]
                self.answer(200, rows[size * (page - 1) : size * page])
            elif len(body["body"]) > (65_536 if is_github else 1_000_000):
                self.answer(422 if is_github else 400, {"message": "Validation Failed: body is too long"})
            else:
                if fake.before_post is not None:
                    fake.before_post()
                self.answer(201, {"id": fake.add(body["body"])})

        def of_one(self, id_: int, body: dict[str, Any], is_github: bool) -> None:
            if id_ not in fake.comments:
                self.answer(404, {"message": "Not Found"})
            elif id_ in fake.others:
                self.answer(403, {"message": "Resource not accessible by integration"})
            elif self.command == "DELETE":
                del fake.comments[id_]
                self.answer(204)
            elif self.command == ("PATCH" if is_github else "PUT"):
                fake.comments[id_] = body["body"]
                self.answer(200, {"id": id_})
            else:
                self.answer(405)

        do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = handled  # noqa: N815 (their names in http.server)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    fake.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
