"""Temporary folders that outlive nobody: each is locked while its process lives, and who comes later sweeps what is not.

A process that is killed cannot tidy up. The lock is the kernel's (``flock``): it ends with the process however it ends, and
holds across containers that share a temporary folder, where a process id would mean another process.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from types import TracebackType

_PREFIX = "reportgen-"
_LOCK = ".in-use"


class Scratch:
    """A new temporary folder, gone when it is closed; as a context manager it is its path."""

    def __init__(self, what: str = "") -> None:
        """``what`` is a part of its name."""
        self.path = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{what}{'-' if what else ''}"))
        self._lock = os.open(self.path / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        with suppress(OSError):  # a file system without locks: such a folder is swept by nobody, see `sweep`
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def close(self) -> None:
        shutil.rmtree(self.path, ignore_errors=True)
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def __enter__(self) -> Path:
        return self.path

    def __exit__(self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        self.close()


def sweep() -> None:
    """Remove the folders of this user's processes that live no more; what cannot be removed stays."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError):
            lock = os.open(folder / _LOCK, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
            try:
                if folder.is_symlink() or os.fstat(lock).st_uid != os.geteuid():
                    continue
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # raises OSError while somebody holds it
                shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(lock)
