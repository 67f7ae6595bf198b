"""A job that is killed leaves no process, and no folder for longer than until the next job."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from reportgen.charts.browser import find_browser
from reportgen.scratch import Scratch, sweep

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked up in /proc")

EXPORT = """
from reportgen.charts.export import ExportOptions, exported
figures = {str(n): {"data": [], "layout": {"width": 300, "height": 200}} for n in range(5000)}
exported(figures, ExportOptions(browser=%r, stall_seconds=60))
"""
PDF = """
import os, subprocess, time
from reportgen.children import child
from reportgen.render.pdf import _environment
with child("reportgen.render.pdf_worker", _environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
    os.set_inheritable(process.stdin.fileno(), True)
    subprocess.Popen(["sleep", "20"], close_fds=False)  # holds the pipe open, so that its end tells the child nothing
    time.sleep(60)
"""


def command_lines() -> dict[int, str]:
    found = {}
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
            state = (path.parent / "stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if words and state != "Z":
            found[int(path.parent.name)] = words
    return found


def group_of(module: str, parent: int) -> int | None:
    """The process group of the child of ``parent`` that runs ``module``."""
    for pid, words in command_lines().items():
        try:
            of = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if module in words and of == parent:
            return os.getpgid(pid)
    return None


def members(group: int) -> list[str]:
    found = []
    for pid, words in command_lines().items():
        try:
            if os.getpgid(pid) == group:
                found.append(words)
        except ProcessLookupError:
            continue
    return found


def until(ready: Callable[[], object], seconds: float = 30) -> bool:
    deadline = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def killed(code: str, module: str, started: Callable[[list[str]], bool], tmp_path: Path) -> int:
    """The group of the child of a process that was killed once all was ``started``."""
    parent = subprocess.Popen([sys.executable, "-c", code], env={**os.environ, "TMPDIR": str(tmp_path)})
    try:
        groups: list[int] = []

        def ready() -> bool:
            groups[:] = [group for group in [group_of(module, parent.pid)] if group is not None]
            return bool(groups) and started(members(groups[0]))

        assert until(ready), (groups, groups and members(groups[0]))
        return groups[0]
    finally:
        parent.kill()
        parent.wait()


@pytest.mark.fault("A job is killed while its browser exports figures", "Browser and worker end too.", at="process")
@pytest.mark.browser
@pytest.mark.skipif(find_browser() is None, reason="no browser")
def test_a_browser_ends_with_the_job_that_is_killed(tmp_path: Path) -> None:
    module = "reportgen.charts.export_worker"
    group = killed(EXPORT % find_browser(), module, lambda words: any("--type=renderer" in one for one in words), tmp_path)
    assert until(lambda: not members(group), 10), members(group)


@pytest.mark.fault(
    "A job is killed whose browser is a script that ignores signals", "The script and what it started end too.", at="process"
)
def test_a_wrapper_of_the_browser_and_what_it_started_end_too(tmp_path: Path) -> None:
    wrapper = tmp_path / "browser"
    wrapper.write_text("#!/bin/sh\ntrap '' TERM INT HUP PIPE\nsleep 1000 & sleep 1001; sleep 1000\n")
    wrapper.chmod(0o755)
    module = "reportgen.charts.export_worker"
    group = killed(EXPORT % str(wrapper), module, lambda words: any("sleep 1001" in one for one in words), tmp_path)
    assert until(lambda: not members(group), 10), members(group)


@pytest.mark.fault("A job is killed while the PDF is laid out", "That process ends too.", at="process")
def test_the_layout_of_the_pdf_ends_too(tmp_path: Path) -> None:
    group = killed(PDF, "reportgen.render.pdf_worker", bool, tmp_path)
    assert until(lambda: not members(group), 10), members(group)


@pytest.mark.fault(
    "A job gets SIGTERM or Ctrl-C while it waits for a server",
    "It ends within 5 s and leaves no folder.",
    at="process",
    exit=(143, 130),
)
@pytest.mark.parametrize(("sent", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_job_that_is_told_to_end_does_so(sent: signal.Signals, code: int, tmp_path: Path) -> None:
    with closing(socket.socket()) as server:
        server.bind(("127.0.0.1", 0))
        server.listen(8)  # and never answers
        uri = f"http://127.0.0.1:{server.getsockname()[1]}"
        command = [sys.executable, "-m", "reportgen", "build", "-e", "x", "--tracking-uri", uri, "-o", str(tmp_path / "out")]
        environment = {**os.environ, "TMPDIR": str(tmp_path)}
        job = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        try:
            server.settimeout(30)
            connection, _ = server.accept()
            job.send_signal(sent)
            started = time.monotonic()
            _, log = job.communicate(timeout=30)
        finally:
            job.kill()
        connection.close()
    assert time.monotonic() - started < 5
    assert (job.returncode, "Traceback" in log) == (code, False)
    assert list(tmp_path.iterdir()) == []


# --- folders ---


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.mark.fault(
    "A killed job left temporary folders",
    "The next sweep removes them, and none of a living job or of somebody else.",
    at="process",
)
def test_folders_of_the_dead_are_swept_and_no_others(place: Path) -> None:
    code = "import os, signal\nfrom reportgen.scratch import Scratch\nScratch('x'); Scratch()\nos.kill(os.getpid(), signal.SIGKILL)\n"
    subprocess.run([sys.executable, "-c", code], env={**os.environ, "TMPDIR": str(place)})
    assert len(list(place.glob("reportgen-*"))) == 2
    living = subprocess.Popen(
        [sys.executable, "-c", "from reportgen.scratch import Scratch\nScratch('alive')\nprint(flush=True)\ninput()"],
        env={**os.environ, "TMPDIR": str(place)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert living.stdout is not None
    living.stdout.readline()
    foreign = place / "reportgen-of-somebody"
    foreign.mkdir()
    (foreign / "file").write_text("x")
    (place / "reportgen-link").symlink_to(foreign)
    own = Scratch("own")
    try:
        sweep()
        left = sorted(path.name for path in place.glob("reportgen-*"))
        assert [name for name in left if name.startswith("reportgen-alive-")]
        assert left == sorted([own.path.name, "reportgen-link", foreign.name, *(n for n in left if "alive" in n)])
    finally:
        own.close()
        living.communicate(b"\n")
    sweep()
    assert sorted(path.name for path in place.iterdir()) == ["reportgen-link", foreign.name]


def test_a_job_sweeps_and_leaves_nothing(place: Path) -> None:
    from dataclasses import dataclass

    from reportgen.job import with_scratch

    @dataclass(frozen=True)
    class Work:
        scratch: Path | None = None

    dead = place / "reportgen-dead"
    dead.mkdir()
    (dead / ".in-use").touch()
    with with_scratch(Work()) as work:  # type: ignore[type-var]
        assert work.scratch is not None
        assert [path.name for path in place.iterdir()] == [work.scratch.name]
    assert not list(place.iterdir())
