"""What the tests of this room share: the hostile cases, Chromium, and charts that are quick to draw."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.render import doubles

CASES = Path(__file__).resolve().parents[3] / "shared" / "cases" / "hostile_payloads.json"
CHROMIUM = next((path for path in ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium") if Path(path).exists()), None)


@pytest.fixture
def quick_charts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Charts without the room that draws them: plotly.js is real, the figures are plain."""
    import sys

    for name, module in doubles.modules().items():
        monkeypatch.setitem(sys.modules, name, module)


@pytest.fixture(scope="session")
def hostile() -> dict[str, str]:
    """Payload id → text, long ones generated."""
    if not CASES.exists():
        pytest.skip("the shared cases are not beside this checkout")
    payloads = json.loads(CASES.read_text("utf-8"))["payloads"]
    texts = {payload["id"]: _text(payload["string"]) for payload in payloads if "string" in payload}
    return {id_: text for id_, text in texts.items() if text}


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    made = value.get("generate", {})
    return made.get("prefix", "") + made["unit"] * made["count"] + made.get("suffix", "") if "unit" in made else ""


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A headless browser."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()
