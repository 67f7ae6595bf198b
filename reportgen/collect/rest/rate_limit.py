"""Rate limit and deadline shared by all threads that read from one server.

A server gets at most so many requests in a second, none while it has asked for a pause, and none once the time of the
whole reading is up. Time is the monotonic clock's, so that nobody who sets the wall clock changes a deadline.
"""

from __future__ import annotations

import math
import threading
import time

from reportgen.collect.reading import time_up


class RateLimit:
    """Requests per second and total time of one reading; thread-safe."""

    def __init__(self, calls_per_second: float | None, seconds: float | None) -> None:
        """None sets no limit. The time runs from now."""
        self._interval = 1 / calls_per_second if calls_per_second else 0.0
        self._seconds = seconds
        self.end = math.inf if seconds is None else time.monotonic() + seconds
        self._next = 0.0
        self._lock = threading.Lock()

    def wait(self) -> float:
        """Waits until one request may be sent; for how many seconds. Raises ``TimeUpError`` when that would be too late."""
        with self._lock:
            now = time.monotonic()
            turn = max(now, self._next)
            if turn >= self.end:
                raise time_up(self._seconds)
            self._next = turn + self._interval
        time.sleep(turn - now)
        return turn - now

    def pause(self, seconds: float) -> None:
        """No request is sent in the next ``seconds``: the server asked for it."""
        with self._lock:
            self._next = max(self._next, time.monotonic() + seconds)

    def check_deadline(self, ahead: float = 0.0) -> None:
        """Raises ``TimeUpError`` when the time of the reading has passed, or will have in ``ahead`` seconds."""
        if time.monotonic() + ahead >= self.end:
            raise time_up(self._seconds)
