"""SQLite read transactions of several threads that end together, so that a waiting writer gets the lock.

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
    """Coordinates the transactions of all connections to one file."""

    def __init__(self, seconds: float = 0.05) -> None:
        """A transaction joins the open ones within ``seconds`` of the first; a later one waits until all have ended."""
        self._seconds = seconds
        self._changed = threading.Condition()
        self._n_open = 0
        self._since = 0.0

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Hold one transaction open. A thread must not nest them."""
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
        """Wait until no transaction is open and let none begin: closing a file descriptor would drop the locks of all."""
        with self._changed:
            while self._n_open:
                self._changed.wait()
            yield
