"""Builds that are killed at any moment: what lies in the output folder afterwards is whole, or is not there."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from reportgen.publish import verified
from tests import weekly_store

N_KILLS = int(os.environ.get("REPORTGEN_KILLS", "10"))


def build(folder: Path) -> subprocess.Popen[bytes]:
    command = weekly_store.build_command(folder, "--format", "markdown,gates,data", "--lock-timeout", "10")
    environment = os.environ | {"XDG_CACHE_HOME": str(folder / "cache"), "TMPDIR": str(folder)}
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, stdout=quiet, stderr=quiet, env=environment, start_new_session=True)


@pytest.mark.slow
@pytest.mark.fault(
    "A build is killed (SIGKILL) at any moment, 10 times in a row",
    "The newest report is whole each time, and the next build is complete. `make torture` kills 1,000 times.",
    at="process",
    exit=0,
)
def test_a_build_that_is_killed_at_any_moment_leaves_whole_reports_only(tmp_path: Path) -> None:
    weekly_store.sqlite_store(tmp_path)
    began = time.monotonic()
    assert build(tmp_path).wait() == 0
    seconds = time.monotonic() - began
    chance = random.Random("kills")
    latest = tmp_path / "out" / "nightly" / "latest"
    for n in range(N_KILLS):
        if n % 5 == 0:  # else there is nothing to write
            with (latest / "summary.md").open("a") as file:
                file.write("changed")
        job = build(tmp_path)
        time.sleep(chance.uniform(0.3, 1.05) * seconds)
        os.killpg(job.pid, signal.SIGKILL) if job.poll() is None else None
        job.wait()
        found = verified(latest)
        assert {problem.where for problem in found.problems} <= {"summary.md"}, n
    assert build(tmp_path).wait() == 0
    assert verified(latest).problems == ()


@pytest.mark.fault(
    "There is no network at all", "A report of a database or a folder on this machine is complete.", at="machine", exit=0
)
@pytest.mark.skipif(
    shutil.which("unshare") is None
    or subprocess.run(["unshare", "-rn", "true"], capture_output=True, check=False).returncode != 0,
    reason="this machine allows no network namespace (unshare -rn)",
)
def test_a_report_of_a_local_store_needs_no_network(tmp_path: Path) -> None:
    weekly_store.sqlite_store(tmp_path)
    command = weekly_store.build_command(tmp_path, "--format", "html,pdf,markdown,data", "--no-cache")
    done = subprocess.run(["unshare", "-rn", *command], capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "nightly" / "latest" / "report.pdf").is_file()
