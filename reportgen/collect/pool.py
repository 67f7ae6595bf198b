"""Work in threads of its own: an ordered parallel map with bounded read-ahead, and waiting no longer than until a deadline.

Threads are daemons, since one may be stuck in a call that nothing ends (a locked table, a server that never answers): whoever
waited for it goes on, and the interpreter may end.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Generic, TypeVar

T = TypeVar("T")
U = TypeVar("U")
W = TypeVar("W")

_TICK = 0.1
"""Seconds between two calls of who wants to say something while waiting."""


class LateError(Exception):
    """The work was not done in time; its thread is left behind."""


class _Outcome(Generic[T]):
    """What one thread's work returned or raised, for another thread."""

    def __init__(self) -> None:
        self._queue: SimpleQueue[tuple[T] | BaseException] = SimpleQueue()

    def of(self, work: Callable[[], T]) -> None:
        try:
            self._queue.put((work(),))
        except BaseException as error:  # noqa: BLE001 (it is raised again by the thread that waits)
            self._queue.put(error)

    def result(self, seconds: float | None = None) -> T:
        """Asked for once. Raises ``LateError`` when there is none after ``seconds``."""
        try:
            found = self._queue.get(timeout=seconds)
        except Empty:
            raise LateError from None
        if isinstance(found, BaseException):
            raise found
        return found[0]


def awaited(work: Callable[[], T], end: float, name: str, tick: Callable[[], None] | None = None) -> T:
    """``work()`` in a thread called ``name``, waited for until ``end`` on the monotonic clock.

    A socket's timeout starts anew with each byte, and many calls have none: only somebody who waits outside can keep a
    wall-clock limit. The thread that waits calls ``tick`` meanwhile. Raises ``LateError``.
    """
    outcome: _Outcome[T] = _Outcome()
    Thread(target=outcome.of, args=(work,), name=name, daemon=True).start()
    while tick is not None and end - time.monotonic() > _TICK:
        try:
            return outcome.result(_TICK)
        except LateError:
            tick()
    return outcome.result(max(0.0, end - time.monotonic()))


def in_order(workers: Sequence[W], work: Callable[[W, T], U], tasks: Iterable[T]) -> Iterator[U]:
    """``work(worker, task)`` for each task, in the order of ``tasks``; each worker does one task at a time.

    At most two tasks for each worker are begun before their results are taken, so that memory stays bounded. What a
    task raises comes out where its result would, and what was begun is waited for.
    """
    if len(workers) == 1:
        for task in tasks:
            yield work(workers[0], task)
        return
    waiting: SimpleQueue[tuple[T, _Outcome[U]] | None] = SimpleQueue()
    is_over = False

    def served(worker: W) -> None:
        while (item := waiting.get()) is not None and not is_over:
            task, outcome = item
            outcome.of(lambda: work(worker, task))  # noqa: B023 (called before the next turn)

    threads = [Thread(target=served, args=(worker,), name="reportgen-read", daemon=True) for worker in workers]
    begun: deque[_Outcome[U]] = deque()
    try:
        for thread in threads:
            thread.start()
        for task in tasks:
            begun.append(_Outcome())
            waiting.put((task, begun[-1]))
            if len(begun) >= 2 * len(workers):
                yield begun.popleft().result()
        while begun:
            yield begun.popleft().result()
    finally:
        is_over = True
        for _ in threads:
            waiting.put(None)
        for thread in threads:
            thread.join()
