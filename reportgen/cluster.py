"""Many reports on a Dask cluster: each is one task of a worker, which reads the store and writes the bundle by itself.

Workers need reportgen, the credentials of the stores in their own environment, and the output folder in a place that they share, unless the reports
only go to MLflow. A worker that dies is replaced by the scheduler's own rule: its reports are made again by others, and a bundle is
written whole or not at all. The workers share ``limits.calls_per_second``.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from reportgen import __version__
from reportgen.errors import BudgetError, ConfigError, ReportError, SourceError
from reportgen.formats import one_line
from reportgen.job import Job
from reportgen.many import Tell, build_here, built
from reportgen.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

SCHEME = "dask://"
CONNECT_SECONDS = 15.0
ALONE_SECONDS = 60.0
_LOOK_SECONDS = 0.5


def built_by(
    executor: str, jobs: Sequence[Job], at_once: int, tell: Tell = lambda _name, _what: None
) -> list[Outcome | ReportError]:
    """``built_on`` the scheduler that ``executor`` names, ``many.built`` where it is "". Raises ``ConfigError`` for another one."""
    if not executor:
        return built(jobs, at_once, tell)
    if not executor.startswith(SCHEME):
        raise ConfigError("unknown-executor", f"there is no executor {one_line(executor, 80)!r}", allowed=f"{SCHEME}HOST:PORT")
    return built_on(executor, jobs, tell)


def built_on(scheduler: str, jobs: Sequence[Job], tell: Tell = lambda _name, _what: None) -> list[Outcome | ReportError]:
    """The outcome of each of ``jobs``, or the error that ended it, in their order; made by the workers of ``dask://host:port``.

    Raises ``ConfigError`` when Dask is not installed, ``SourceError`` when the scheduler cannot be reached or has no worker. One that is lost later,
    or whose workers are all gone for ``ALONE_SECONDS``, is the error of the reports that it did not finish.
    """
    with _client(scheduler) as client:
        n_slots = sum(client.nthreads().values())
        if not n_slots:
            raise SourceError("no-workers", f"the scheduler {scheduler} has no worker", todo="start some: dask worker HOST:PORT")
        waiting = {
            client.submit(build_here, _movable(job, n_slots), __version__, key=f"report-{job.name}-{at}", pure=False): at
            for at, job in enumerate(jobs)
        }
        for job in jobs:
            tell(job.name, "begun")
        results: dict[int, Outcome | ReportError] = {}
        seen = time.monotonic()
        while waiting:
            alone = time.monotonic() - seen > ALONE_SECONDS
            for future in [one for one in waiting if alone or one.done()]:
                at = waiting.pop(future)
                results[at] = _result(future, jobs[at]) if future.done() else _alone(scheduler, jobs[at])
                tell(jobs[at].name, "done")
            if waiting and _has_workers(client):
                seen = time.monotonic()
            time.sleep(_LOOK_SECONDS)
    return [results[at] for at in range(len(jobs))]


def _has_workers(client: Any) -> bool:
    try:
        return bool(client.nthreads())
    except OSError:  # the scheduler does not answer, which its futures say
        return False


def _alone(scheduler: str, job: Job) -> SourceError:
    return SourceError(
        "no-workers",
        f"the scheduler {scheduler} has had no worker for {ALONE_SECONDS:.0f} s, and the report {job.name} is not made",
        todo="see why they ended, start some, and build again: what is finished stays",
    )


@contextmanager
def _client(scheduler: str) -> Iterator[Any]:
    try:
        from distributed import Client
    except ImportError:
        raise ConfigError(
            "dask-missing", "reports on a cluster need Dask, which is not installed", todo="pip install 'reportgen[dask]'"
        ) from None
    try:
        client = Client(scheduler.replace(SCHEME, "tcp://", 1), timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise SourceError(
            "scheduler-unreachable",
            f"the scheduler {one_line(scheduler, 100)} cannot be reached: {one_line(str(error), 200)}",
            todo="start it with `dask scheduler`, and give --executor dask://HOST:PORT",
        ) from None
    with client:
        yield client


def _movable(job: Job, n_slots: int) -> Job:
    """``job`` for another machine: the store that this environment names is written into it."""
    config = job.config.model_copy(update={"tracking_uri": job.config.tracking_uri or job.tracking_uri})
    return replace(job, config=config, output=job.output.absolute(), share_of_rate=job.share_of_rate / n_slots)


def _result(future: Any, job: Job) -> Outcome | ReportError:
    """What the task that is done returned, or why nothing came of it."""
    try:
        result: Outcome | ReportError = future.result()
    except CancelledError:
        return SourceError(
            "scheduler-lost",
            f"the scheduler was lost before the report {job.name} was made",
            todo="start it again, and build again: what is finished stays",
        )
    except Exception as error:  # noqa: BLE001  whatever a worker's death or another version of it raises
        return BudgetError(
            "worker-failed",
            f"no worker could make the report {job.name}: {type(error).__name__}: {one_line(job.redactor(str(error)), 200)}",
            todo="see the log of the workers: memory, fonts, and the same version of reportgen on all",
        )
    return result
