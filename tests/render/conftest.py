"""What the tests of this room share: the hostile cases, Chromium, and charts that are quick to draw."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reportgen.render.brand import NO_BRAND, Brand
from reportgen.render.environment import environment_of
from tests.hostile import payloads
from tests.render import doubles

CHROMIUM = next((path for path in ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium") if Path(path).exists()), None)


@functools.cache
def _unbranded(template_dirs: tuple[Path, ...]) -> Any:
    """Compiles each template once for all tests of the room."""
    return environment_of(template_dirs, NO_BRAND)


def _environment(template_dirs: tuple[Path, ...], brand: Brand) -> Any:
    return _unbranded(template_dirs) if brand == NO_BRAND else environment_of(template_dirs, brand)


@pytest.fixture
def quick_charts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Charts without the room that draws them, templates compiled once: plotly.js is real, the figures are plain."""
    import sys

    for name, module in doubles.modules().items():
        monkeypatch.setitem(sys.modules, name, module)
    for user in ("html", "paper"):
        monkeypatch.setattr(f"reportgen.render.{user}.environment_of", _environment)


@pytest.fixture(scope="session")
def hostile() -> dict[str, str]:
    """Payload id → text, long ones generated."""
    return payloads()


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
