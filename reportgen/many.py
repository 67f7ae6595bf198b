"""Many reports at once, each by one of several processes: a report is the same to the byte as when it is made alone.

A process that is killed costs only its own report, which is made once more in a new one. What all reports together ask of a server stays
within ``limits.calls_per_second``: each process has its share of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from multiprocessing import get_context
from queue import SimpleQueue

from reportgen import __version__
from reportgen.children import die_with_parent
from reportgen.errors import BudgetError, ReportError, out_of_memory
from reportgen.formats import one_line
from reportgen.job import Job
from reportgen.outcome import Outcome
from reportgen.pipeline import build

MOST_TRIES = 2

Tell = Callable[[str, str], None]
"""``(name of the report, "begun" or "done")``; called from several threads."""


def built(jobs: Sequence[Job], n_processes: int, tell: Tell = lambda _name, _what: None) -> list[Outcome | ReportError]:
    """The outcome of each of ``jobs``, or the error that ended it, in their order; at most ``n_processes`` at once."""
    n = max(1, min(n_processes, len(jobs)))
    shared = [replace(job, share_of_rate=job.share_of_rate / n) for job in jobs]
    workers: SimpleQueue[_Worker] = SimpleQueue()
    for _ in range(n):
        workers.put(_Worker())

    def one(job: Job) -> Outcome | ReportError:
        tell(job.name, "begun")
        worker = workers.get()
        try:
            return worker.built(job)
        finally:
            workers.put(worker)
            tell(job.name, "done")

    try:
        with ThreadPoolExecutor(n, thread_name_prefix="reportgen-many") as threads:
            return list(threads.map(one, shared))
    finally:
        for _ in range(n):
            workers.get().close()


class _Worker:
    """A process that makes one report after the other: what it has imported serves them all. A new one takes the place of one that died."""

    def __init__(self) -> None:
        self._pool = self._started()

    @staticmethod
    def _started() -> ProcessPoolExecutor:
        return ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=die_with_parent)

    def built(self, job: Job) -> Outcome | ReportError:
        for _ in range(MOST_TRIES):
            try:
                return self._pool.submit(build_here, job, __version__).result()
            except BrokenProcessPool:
                self.close()
                self._pool = self._started()
            except Exception as error:  # noqa: BLE001  what could not come back from the process costs this report
                return ended_by(job, error)
        return BudgetError(
            "report-process-killed",
            f"the process of the report {job.name} was killed {MOST_TRIES} times",
            todo="give the job more memory, or make fewer reports at once (--jobs)",
        )

    def close(self) -> None:
        self._pool.shutdown()


def build_here(job: Job, version: str) -> Outcome | ReportError:
    """``pipeline.build`` in the process that calls it; an error is a value, which another process can be given.

    ``version`` is that of who made the job: another one may read it in another way.
    """
    try:
        if version != __version__:
            raise BudgetError(
                "worker-other-version",
                f"this process has reportgen {__version__}, the job was made by {version}",
                todo="install the same version on all machines",
            )
        return build(job, lambda _done, _total, _what: None)
    except Exception as error:  # noqa: BLE001  one report of many must not end the others
        return ended_by(job, error)


def ended_by(job: Job, error: Exception) -> ReportError:
    """What ``error`` says of the report that it ended; one that nobody foresaw has exit code 1, and costs the other reports nothing."""
    if isinstance(error, ReportError):
        return error
    return out_of_memory(error) or ReportError(
        "report-failed",
        f"the report {job.name} ended by a fault of reportgen: {type(error).__name__}: {one_line(job.redactor(str(error)), 200)}",
        todo=f"run `reportgen build {job.name}` alone with REPORTGEN_DEBUG=1 for where it happened, and report it",
    )
