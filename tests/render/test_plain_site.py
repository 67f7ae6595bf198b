"""``site/``: the report where nothing inline and no script is allowed, as by Jenkins' default Content-Security-Policy."""

from __future__ import annotations

import functools
import http.server
import re
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from reportgen.render import RenderOptions, bundle_of
from tests.render.example import example_report

JENKINS = "sandbox allow-same-origin; default-src 'none'; img-src 'self'; style-src 'self';"
"""What Jenkins sends with files of a build, but that the browser may look into the page for the test."""


@pytest.fixture(scope="module")
def files() -> Mapping[str, Any]:
    return bundle_of(example_report(), None, RenderOptions(formats=("site",))).files


def test_nothing_is_inline_and_every_file_is_there(files: Mapping[str, Any]) -> None:
    page = files["site/index.html"].decode()
    assert re.findall(r"<script|<style|\sstyle=|data:image|\son[a-z]+=", page) == []
    pictures = re.findall(r'<img[^>]*?\ssrc="([^"]*)"', page)
    assert len(pictures) > 3
    assert [name for name in pictures if f"site/{name}" not in files] == []
    assert "url(data:" not in files["site/style.css"].decode()
    marks = set(re.findall(r'data-s="(\d+)"', page))
    assert marks == set(re.findall(r'\[data-s="(\d+)"\]', files["site/style.css"].decode()))


@pytest.mark.browser
def test_it_reads_under_the_policy_of_jenkins(files: Mapping[str, Any], chromium: Any, tmp_path: Path) -> None:
    for path, content in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)

    class Handler(http.server.SimpleHTTPRequestHandler):
        def end_headers(self) -> None:
            self.send_header("Content-Security-Policy", JENKINS)
            super().end_headers()

        def log_message(self, *_: Any) -> None:
            return

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(tmp_path / "site")))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    page = chromium.new_page()
    try:
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.goto(f"http://127.0.0.1:{server.server_address[1]}/index.html")
        assert said == []
        assert page.locator("img").count() > 3
        assert all(page.locator("img").evaluate_all("all => all.map(one => one.naturalWidth > 0)"))
        assert page.locator("body").evaluate("one => getComputedStyle(one).maxWidth") == "900px"
    finally:
        page.close()
        server.shutdown()
        server.server_close()
        thread.join()
