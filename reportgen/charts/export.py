"""Plotly figures as SVG or PNG files, drawn by Kaleido with a browser.

This is for what only a Plotly figure can give: the charts exactly as the page shows them, and figures that somebody
else made. The PDF of a report does not need it.

A browser can hang, die or run wild in ways that no library limit catches. So one child process with a process group and
a temporary folder of its own draws all figures; when it brings no further file in time the whole group is killed, and
what is finished by then counts.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Literal

from reportgen.charts import theme
from reportgen.charts.browser import find_browser, is_executable
from reportgen.charts.screen import light_figure, plotly_js_path
from reportgen.children import child
from reportgen.errors import Problem
from reportgen.model import Chart
from reportgen.scratch import Scratch

_KEPT: Final = ("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "XDG_CACHE_HOME", "XDG_DATA_HOME", "LD_LIBRARY_PATH", "VIRTUAL_ENV")
"""What the child gets of the environment: no credential of the job is among it."""
_KEPT_PREFIXES: Final = ("FONTCONFIG_", "PYTHON", "SYSTEMROOT")


@dataclass(frozen=True, slots=True)
class ExportOptions:
    format: Literal["svg", "png"] = "svg"
    scale: float = 2.0
    """Pixels of a PNG for each CSS pixel."""
    browser: str | None = None
    """Path of the browser; None = ``find_browser()``."""
    stall_seconds: float = 20.0
    """Longest time for the start of the browser, and then for each figure; then it is ended."""


@dataclass(frozen=True, slots=True)
class Exported:
    files: Mapping[str, bytes] = field(default_factory=dict)
    """By the name of the figure."""
    problems: tuple[Problem, ...] = ()
    """Why a figure has no file."""


def exported_charts(charts: Sequence[Chart], options: ExportOptions | None = None) -> Exported:
    """A file of every chart as the page shows it in its light theme, by chart id."""
    done = exported({chart.id: light_figure(chart) for chart in charts}, options)
    titles = {chart.id: chart.title for chart in charts}
    return replace(done, problems=tuple(replace(p, where=titles.get(p.where, p.where)) for p in done.problems))


def exported(figures: Mapping[str, Mapping[str, Any]], options: ExportOptions | None = None) -> Exported:
    """A file of every figure ``{"data": […], "layout": {…}}`` that the browser draws in time. Never raises for what it does.

    A figure has the width and height of its layout. The same figures, browser and fonts give the same bytes.
    """
    options = options or ExportOptions()
    browser = options.browser or find_browser()
    if not figures:
        return Exported()
    if browser is None or not is_executable(browser):
        return Exported(problems=(_without_browser(browser),))
    with Scratch("export") as folder:
        in_time = _run(_job(figures, options, browser, folder), options.stall_seconds, folder)
        return _collected(tuple(figures), options, folder, in_time=in_time)


def _job(figures: Mapping[str, Mapping[str, Any]], options: ExportOptions, browser: str, folder: Path) -> dict[str, Any]:
    return {
        "browser": browser,
        "folder": str(folder),
        "plotly_js": plotly_js_path().as_uri(),
        "format": options.format,
        "scale": options.scale,
        "figures": [
            {
                "data": figure["data"],
                "layout": figure["layout"],
                "width": figure["layout"].get("width", theme.SCREEN_WIDTH),
                "height": figure["layout"].get("height", 340),
                "seed": zlib.crc32(name.encode("utf-8", "surrogatepass")),
            }
            for name, figure in figures.items()
        ],
    }


def _run(job: Mapping[str, Any], seconds: float, folder: Path) -> bool:
    """Run the child until it ends, or kill it when ``seconds`` bring no further file; whether it ended by itself."""
    questions = folder / "job.json"
    questions.write_text(json.dumps(job), "utf-8")  # a file, because a pipe could fill up while the browser starts
    with (
        questions.open("rb") as stdin,
        child("reportgen.charts.export_worker", _environment(folder), stdin=stdin, stdout=subprocess.DEVNULL) as process,
    ):
        n_files, deadline = 0, time.monotonic() + seconds
        while time.monotonic() < deadline:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.05)
                return True
            if (n := len(list(folder.glob("*.*")))) > n_files:
                n_files, deadline = n, time.monotonic() + seconds
        return False


def _environment(folder: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if k in _KEPT or k.startswith(_KEPT_PREFIXES)}
    return kept | {"TMPDIR": str(folder), "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


def _collected(names: tuple[str, ...], options: ExportOptions, folder: Path, *, in_time: bool) -> Exported:
    """What the child left in ``folder``: a picture or a reason for each figure, by its number."""
    files: dict[str, bytes] = {}
    problems: list[Problem] = []
    missing = (
        f"the browser did not draw it within {options.stall_seconds:g} s"
        if not in_time
        else "the browser ended before it was drawn"
    )
    for i, name in enumerate(names):
        picture, reason = folder / f"{i}.{options.format}", folder / f"{i}.txt"
        if picture.exists():
            files[name] = picture.read_bytes()
        else:
            why = f"plotly.js refused it: {reason.read_text('utf-8')}" if reason.exists() else missing
            problems.append(Problem("figure-not-exported", name, f"The figure has no {options.format.upper()} file: {why}."))
    return Exported(files, tuple(problems))


def _without_browser(browser: str | None) -> Problem:
    found = f"{browser} cannot be executed" if browser else "No Chromium or Chrome was found"
    todo = "Install chromium-headless-shell or chromium, or name a browser in REPORTGEN_BROWSER."
    return Problem("export-without-browser", "Plotly figures", f"{found}; no figure is exported.", todo)
