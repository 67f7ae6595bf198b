"""An ordered parallel map over a few threads with bounded read-ahead."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue
from typing import TypeVar

T = TypeVar("T")
U = TypeVar("U")
W = TypeVar("W")


def in_order(workers: Sequence[W], work: Callable[[W, T], U], tasks: Iterable[T]) -> Iterator[U]:
    """``work(worker, task)`` for each task, in the order of ``tasks``; each worker does one task at a time.

    At most two tasks for each worker are begun before their results are taken, so that memory stays bounded. What a
    task raises comes out where its result would, and what was begun is waited for.
    """
    if len(workers) == 1:
        for task in tasks:
            yield work(workers[0], task)
        return
    free: SimpleQueue[W] = SimpleQueue()
    for worker in workers:
        free.put(worker)

    def done(task: T) -> U:
        worker = free.get()
        try:
            return work(worker, task)
        finally:
            free.put(worker)

    with ThreadPoolExecutor(len(workers), thread_name_prefix="reportgen-read") as pool:
        begun: deque[Future[U]] = deque()
        try:
            for task in tasks:
                begun.append(pool.submit(done, task))
                if len(begun) >= 2 * len(workers):
                    yield begun.popleft().result()
            while begun:
                yield begun.popleft().result()
        finally:
            for future in begun:
                future.cancel()
