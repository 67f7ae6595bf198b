"""Transactions of several threads that let go of a file together, so that somebody else gets at it.

On POSIX a process holds SQLite's lock of a file once for all its connections: as long as any of them reads, the
process has the shared lock, and a further connection joins it even where a writer of another process waits already
(``unixLock`` in SQLite's ``os_unix.c``). Two threads that read by turns would thus never let the lock go, and a
training that writes to the file would wait until everything is read. So nobody begins while the oldest open
transaction is older than a moment; all end about together, and the writer goes first.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager


class SqliteTransactions:
    """Shared by all connections to one file."""

    def __init__(self, seconds: float = 0.05) -> None:
        """Who comes within ``seconds`` of the first joins it; who comes later waits until all are done."""
        self._seconds = seconds
        self._changed = threading.Condition()
        self._n_open = 0
        self._since = 0.0

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """One transaction. A thread that holds a turn must not ask for another one."""
        with self._changed:
            while self._n_open and time.monotonic() - self._since > self._seconds:
                self._changed.wait()
            if self._n_open == 0:
                self._since = time.monotonic()
            self._n_open += 1
        try:
            yield
        finally:
            with self._changed:
                self._n_open -= 1
                if self._n_open == 0:
                    self._changed.notify_all()

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """No transaction is open, and none begins: for what would take the process's locks from under one."""
        with self._changed:
            while self._n_open:
                self._changed.wait()
            yield
