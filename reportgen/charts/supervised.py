"""Drawing figures in a worker that may hang, die or run wild.

The browser behind Kaleido can stop answering in ways that no library time limit catches (a killed renderer, a suspended
process, a figure of a million points). So it lives in a child process with a process group and a temporary folder of
its own. The parent reads one answer after the other with a wall-clock limit; when the limit passes or the worker
ends, the whole group is killed, the figure it was at is judged, and a new worker goes on with the rest.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from reportgen.charts.screen import plotly_js_path

_TRIES: Final = 2
"""A figure during which the worker died this often is not tried again."""
_MOST_STALLS: Final = 2
"""So many figures in a row that never came back mean that the browser is at fault, not the figures."""
_MOST_RESTARTS: Final = 10
_KEPT: Final = ("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "XDG_CACHE_HOME", "XDG_DATA_HOME", "LD_LIBRARY_PATH", "VIRTUAL_ENV")
"""What the worker gets of the environment: no credential of the job is among it."""
_KEPT_PREFIXES: Final = ("FONTCONFIG_", "PYTHON", "SYSTEMROOT")


@dataclass(frozen=True, slots=True)
class Request:
    """One figure to draw."""

    id: str
    figure: Mapping[str, Any]
    width: int
    height: int
    scale: float
    png: bool
    max_svg_bytes: int
    seed: int


@dataclass(frozen=True, slots=True)
class Limits:
    stall_seconds: float
    deadline: float
    """On the monotonic clock."""


@dataclass(slots=True)
class Drawn:
    """What came back: files by id, reasons by id, and why the rest was given up."""

    files: dict[str, dict[str, bytes]] = field(default_factory=dict)
    """id → {"svg": …, "png": …}"""
    failed: dict[str, tuple[str, str]] = field(default_factory=dict)
    """id → (slug, sentence)"""
    gave_up: str = ""
    """Why the browser was not asked for the figures in neither of the two; empty when it was asked for all."""
    browser: str = ""
    """Name and version, e.g. "HeadlessChrome/131.0.6778.0"."""


@dataclass(frozen=True, slots=True)
class _Stop:
    """How one worker ended before its work did."""

    kind: Literal["stall", "death"]
    ready: bool
    """Whether its browser had been opened."""
    at: str | None
    """The figure it was at."""


def draw(requests: Sequence[Request], browser: str, limits: Limits) -> Drawn:
    """Draw all ``requests`` that can be drawn within the limits. Never raises for what a browser does."""
    drawn = Drawn()
    deaths: dict[str, int] = {}
    stalls, openings = 0, 0
    for _ in range(_MOST_RESTARTS + 1):
        rest = [r for r in requests if r.id not in drawn.files and r.id not in drawn.failed]
        if not rest:
            return drawn
        if time.monotonic() >= limits.deadline:
            drawn.gave_up = "the time for drawing charts was used up"
            return drawn
        before = len(drawn.files)
        stop = _one_worker(rest, browser, limits, drawn)
        if stop is None:
            continue
        stalls = stalls + 1 if stop.kind == "stall" and len(drawn.files) == before else int(stop.kind == "stall")
        openings += not stop.ready
        _judge(stop, drawn, deaths, limits)
        if not stop.ready and (stop.kind == "stall" or openings >= _TRIES):
            drawn.gave_up = f"it did not start ({_stop_words(stop, limits)})"
        elif stalls >= _MOST_STALLS:
            drawn.gave_up = f"it stopped answering ({_stop_words(stop, limits)}, {stalls} times in a row)"
        if drawn.gave_up:
            return drawn
    drawn.gave_up = f"it had to be restarted more than {_MOST_RESTARTS} times"
    return drawn


def _judge(stop: _Stop, drawn: Drawn, deaths: dict[str, int], limits: Limits) -> None:
    """What the end of a worker means for the figure it was at."""
    if stop.at is None:
        return
    if stop.kind == "stall":
        drawn.failed[stop.at] = ("chart-timeout", f"The browser did not draw it within {limits.stall_seconds:g} s.")
        return
    deaths[stop.at] = deaths.get(stop.at, 0) + 1
    if deaths[stop.at] >= _TRIES:
        drawn.failed[stop.at] = ("chart-failed", f"The browser ended {_TRIES} times while drawing it.")


def _stop_words(stop: _Stop, limits: Limits) -> str:
    return f"no answer within {limits.stall_seconds:g} s" if stop.kind == "stall" else "it ended at once"


def _one_worker(requests: Sequence[Request], browser: str, limits: Limits, drawn: Drawn) -> _Stop | None:
    """Run one worker over ``requests`` and note what it answers; None when it answered everything."""
    with tempfile.TemporaryDirectory(prefix="reportgen-charts-", ignore_cleanup_errors=True) as folder:
        child = _started(requests, browser, Path(folder))
        try:
            return _listen(child, requests, Path(folder), limits, drawn)
        finally:
            _end(child)


def _started(requests: Sequence[Request], browser: str, folder: Path) -> subprocess.Popen[bytes]:
    """The worker, with its questions in a file: a pipe could fill up while it draws."""
    questions = folder / "questions.jsonl"
    job = {"browser": browser, "folder": str(folder), "plotly_js": plotly_js_path().as_uri()}
    with questions.open("w", encoding="utf-8") as stream:
        stream.write(json.dumps(job) + "\n")
        for i, request in enumerate(requests):
            stream.write(json.dumps(_question(i, request), allow_nan=False) + "\n")
    with questions.open("rb") as stdin:
        return subprocess.Popen(
            [sys.executable, "-m", "reportgen.charts.worker"],
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(folder),
            start_new_session=True,
        )


def _question(i: int, request: Request) -> dict[str, Any]:
    size = {"width": request.width, "height": request.height, "scale": request.scale}
    wishes = {"png": request.png, "max_svg_bytes": request.max_svg_bytes, "seed": request.seed}
    return {"i": i, "figure": request.figure, **size, **wishes}


def _environment(folder: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if k in _KEPT or k.startswith(_KEPT_PREFIXES)}
    package_root = str(Path(__file__).resolve().parents[2])
    paths = [package_root, *([kept["PYTHONPATH"]] if kept.get("PYTHONPATH") else [])]
    return kept | {"TMPDIR": str(folder), "PYTHONPATH": os.pathsep.join(paths), "PYTHONUNBUFFERED": "1"}


def _listen(
    child: subprocess.Popen[bytes], requests: Sequence[Request], folder: Path, limits: Limits, drawn: Drawn
) -> _Stop | None:
    assert child.stdout is not None
    lines = _Lines(child.stdout.fileno())
    ready, at = False, None
    while True:
        patience = min(limits.stall_seconds, max(limits.deadline - time.monotonic(), 0.0))
        line = lines.next(patience)
        if line is None or not line:
            # Whoever dies between two figures is counted against the next one, so that restarts end.
            waiting = [r.id for r in requests if r.id not in drawn.files and r.id not in drawn.failed]
            if not waiting:
                return None
            return _Stop("stall" if line is None else "death", ready, at or (waiting[0] if ready else None))
        word, _, rest = line.partition(" ")
        answer = json.loads(rest)
        match word:
            case "ready":
                ready, drawn.browser = True, answer["browser"]
            case "start":
                at = requests[answer["i"]].id
            case "done":
                names = {key: answer[key] for key in ("svg", "png") if key in answer}
                drawn.files[requests[answer["i"]].id] = {key: (folder / name).read_bytes() for key, name in names.items()}
                at = None
            case "fail":
                drawn.failed[requests[answer["i"]].id] = ("chart-failed", f"plotly.js could not draw it: {answer['why']}")
                at = None
            case "end":
                return None


class _Lines:
    """Lines from a pipe, each with its own limit."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._buffer = b""

    def next(self, seconds: float) -> str | None:
        """The next line; "" at the end of the pipe; None when nothing came within ``seconds``."""
        deadline = time.monotonic() + seconds
        while b"\n" not in self._buffer:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self._descriptor], [], [], left)[0]:
                return None
            piece = os.read(self._descriptor, 65536)
            if not piece:
                return ""
            self._buffer += piece
        line, _, self._buffer = self._buffer.partition(b"\n")
        return line.decode("utf-8", "replace")


def _end(child: subprocess.Popen[bytes]) -> None:
    """Give a worker that has said "end" a moment to close its browser, then kill what is left of its group."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        if child.poll() is None and child.stdout is not None and select.select([child.stdout], [], [], 0)[0]:
            child.wait(4)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    if child.stdout is not None:
        child.stdout.close()
