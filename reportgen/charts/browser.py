"""The browser that exports Plotly figures.

A headless shell is preferred: it starts fastest, takes least memory and gets security updates like any package. The
browser that Kaleido would take first by itself (its own download) comes last here, because it is updated by nobody.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

VARIABLES: Final = ("REPORTGEN_BROWSER", "BROWSER_PATH")
"""Environment variables that name a browser; the first whose file exists and can be executed wins."""

NAMES: Final = (
    "chromium-headless-shell",
    "chrome-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
    "microsoft-edge",
    "brave-browser",
)
_PLACES: Final = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)


def find_browser(environment: Mapping[str, str] | None = None) -> str | None:
    """Path of the browser that would export figures, or None; nothing is started.

    ``environment`` is the process' own when None.
    """
    environment = os.environ if environment is None else environment
    for variable in VARIABLES:
        if is_executable(path := environment.get(variable, "")):
            return path
    for name in NAMES:
        if program := shutil.which(name, path=environment.get("PATH")):
            return program
    return next((path for path in (*_PLACES, *_downloads(environment)) if is_executable(path)), None)


def is_executable(path: str) -> bool:
    return bool(path) and Path(path).is_file() and os.access(path, os.X_OK)


def _downloads(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Where ``kaleido_get_chrome`` (Choreographer) puts a browser on Linux."""
    home = environment.get("HOME", "")
    data = environment.get("XDG_DATA_HOME") or (f"{home}/.local/share" if home else "")
    return (f"{data}/choreographer/deps/chrome-linux64/chrome",) if data else ()
