"""Child processes that end with everything they started when their work is done, and when their parent dies.

Each is a process group of its own, which is killed at the end. A parent that is killed can do nothing, so the child sees to it:
a thread of it watches a pipe that only the parent holds open, and kills the group. What may be stuck in a C library, where no
thread of Python runs, also asks the kernel (Linux).
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from threading import Thread
from typing import Any

_LIFELINE = "REPORTGEN_LIFELINE"
"""Number of the end of the pipe that the child has."""
_PR_SET_PDEATHSIG = 1


@contextmanager
def child(module: str, environment: Mapping[str, str], **pipes: Any) -> Iterator[subprocess.Popen[bytes]]:
    """``python -m module``, whose first call is ``end_with_parent``; its group is killed when the block ends."""
    watched, held = os.pipe()
    try:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", module],
            stderr=subprocess.DEVNULL,
            env={**environment, _LIFELINE: str(watched)},
            start_new_session=True,
            pass_fds=(watched,),
            **pipes,
        )
    except BaseException:
        os.close(held)
        raise
    finally:
        os.close(watched)
    try:
        yield process
    finally:
        with suppress(ProcessLookupError, PermissionError):  # it ended by itself, with all it started
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                pipe.close()
        os.close(held)


def end_with_parent() -> None:
    """Arrange that this process, which ``child`` started, and its group end when their parent does."""
    watched = os.environ.pop(_LIFELINE, "")
    if watched:
        Thread(target=_end_after, args=(int(watched),), name="reportgen-lifeline", daemon=True).start()


def die_with_parent() -> None:
    """Ask the kernel to kill this process, without its group, when its parent dies; only Linux can."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _end_after(watched: int) -> None:
    with suppress(OSError):
        while os.read(watched, 1):
            pass
    os.killpg(os.getpgrp(), signal.SIGKILL)
