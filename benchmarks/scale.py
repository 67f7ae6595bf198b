"""How many reports a minute this machine makes, with a worker killed in the middle too; and what follows for 10,000 reports on 200 workers.

    python -m benchmarks.scale               # measures, then simulates, and writes both into docs/scale.md
    python -m benchmarks.scale --simulate    # simulates again with the times of the last measurement

The reports are those of one config with a ``matrix:``, each of an experiment of its own in one SQLite file. Every way makes all of them into a new folder,
and every digest must be that of one process. The simulation knows nothing but the measured times and the assumptions of ``World``.
"""

from __future__ import annotations

import argparse
import heapq
import json
import math
import os
import random
import resource
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import stores
from benchmarks.reading import ROOT, FailedError, machine, put
from benchmarks.stores import Shape, say
from reportgen import config as configs
from reportgen import pipeline
from reportgen.cluster import built_by
from reportgen.errors import ReportError
from reportgen.job import Job, jobs_of
from reportgen.many import Tell
from tests import servers

DOCUMENT = ROOT / "docs" / "scale.md"
DAY = datetime(2026, 11, 20, tzinfo=UTC)
FORMATS = ("html", "markdown", "gates", "data")
SHAPE = Shape(20, 5, 100)
"""Runs, metrics and steps of one report."""


# --- measuring -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Round:
    """All reports made in one way."""

    way: str
    wall: float
    cpu: float
    """Of every process that made reports; 0 where they are not children of this one that ended."""
    seconds: tuple[float, ...]
    """Of each report."""
    load: float
    """Load average of the machine when it ended."""

    @property
    def per_minute(self) -> float:
        return 60 * len(self.seconds) / self.wall


def jobs_in(folder: Path, output: Path, n: int, uri: str = "") -> list[Job]:
    """One report for each of ``n`` teams; the store is made when it is not there."""
    teams = [f"team-{at:02}" for at in range(n)]
    store = uri or f"sqlite:///{stores.sqlite_store(folder / f'scale-{n}', dict.fromkeys(teams, SHAPE))}"
    report = {"matrix": {"team": teams}, "experiments": ["{team}"], "primary": "val_accuracy"}
    config = configs.of_mapping({"tracking_uri": store, "reports": {"{team}-weekly": report}})
    return jobs_of(config, Path(), None, output, formats=FORMATS, now=DAY)


def made(
    way: str, jobs: Sequence[Job], build: Callable[[Tell], Sequence[Any]], kill: Callable[[], None] | None
) -> tuple[Round, list[str]]:
    """The round and the digest of each report; ``kill`` is called when half of them are done."""
    began: dict[str, float] = {}
    ended: dict[str, float] = {}

    def tell(name: str, what: str) -> None:
        (began if what == "begun" else ended)[name] = time.perf_counter()
        if what == "done" and len(ended) == len(jobs) // 2 and kill is not None:
            kill()

    cpu, start = _children_cpu(), time.perf_counter()
    results = build(tell)
    wall = time.perf_counter() - start
    if errors := [result for result in results if isinstance(result, ReportError)]:
        raise FailedError(f"{way}: {len(errors)} reports failed, the first: {errors[0]}")
    seconds = tuple(ended[job.name] - began[job.name] for job in jobs)
    round_ = Round(way, wall, _children_cpu() - cpu, seconds, os.getloadavg()[0])
    say(f"  {way}: {wall:.1f} s, {round_.cpu:.1f} s of CPU, load {round_.load:.1f}")
    return round_, [result.digest for result in results]


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _kill_a_process() -> None:
    """The first process that makes reports for this one; Linux only."""
    for task in Path(f"/proc/{os.getpid()}/task").iterdir():
        for pid in (task / "children").read_text().split():
            if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes():
                os.kill(int(pid), signal.SIGKILL)
                return


@contextmanager
def _ways(
    folder: Path, n_workers: Sequence[int], cluster: bool
) -> Iterator[Iterator[tuple[str, int, str, Callable[[], None] | None]]]:
    """(words, processes, executor, what kills one) of each round."""

    def each() -> Iterator[tuple[str, int, str, Callable[[], None] | None]]:
        for n in n_workers:
            yield f"{n} process{'es' * (n > 1)}", n, "", None
        most = max(n_workers)
        if most > 1:
            yield f"{most} processes, one killed in the middle", most, "", _kill_a_process
        if cluster:
            with servers.dask_cluster(folder, most) as dask:
                yield f"{most} Dask workers, one killed in the middle", most, dask.address, dask.workers[0].kill

    yield each()


def measured(folder: Path, n_reports: int, n_workers: Sequence[int], cluster: bool = True) -> dict[str, Any]:
    """Every round and what a report asks of a server. Raises ``FailedError`` when a report differs from that of one process."""
    rounds: list[Round] = []
    first: list[str] = []
    with _ways(folder, n_workers, cluster) as ways:
        for way, n, executor, kill in ways:
            with tempfile.TemporaryDirectory(prefix="reportgen-scale-") as output:
                jobs = jobs_in(folder, Path(output), n_reports)
                round_, digests = made(
                    way, jobs, lambda tell, jobs=jobs, n=n, executor=executor: built_by(executor, jobs, n, tell), kill
                )
                n_bundles = len(list(Path(output).glob("*/2026-*")))
            first = first or digests
            if digests != first or n_bundles != n_reports:
                raise FailedError(
                    f"{way}: {sum(a != b for a, b in zip(digests, first, strict=True))} reports differ, {n_bundles} bundles"
                )
            rounds.append(round_)
    return {
        "machine": machine(),
        "at": f"{datetime.now(UTC):%Y-%m-%d %H:%M}",
        "rounds": [asdict(one) for one in rounds],
    } | _asked(folder, n_reports)


def _asked(folder: Path, n_reports: int) -> dict[str, Any]:
    """What one report asks of a tracking server: calls, and seconds of reading."""
    with tempfile.TemporaryDirectory(prefix="reportgen-scale-") as output:
        (job, *_) = jobs_in(folder, Path(output), n_reports)
        with servers.serving(job.tracking_uri, Path(output)) as server:
            (remote, *_) = jobs_in(folder, Path(output), n_reports, server.url)
            before, began = server.log.read_text().count("/api/"), time.perf_counter()
            pipeline.collected(remote, lambda *_: None)
            seconds = time.perf_counter() - began
            return {"n_calls": server.log.read_text().count("/api/") - before, "reading_seconds": seconds}


# --- simulating ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class World:
    """A cluster and its work. Times are seconds."""

    seconds: tuple[float, ...]
    """Measured times of making a report, to draw from."""
    n_calls: int
    """Calls to the tracking server for each report, one after the other."""
    call_seconds: float
    n_reports: int = 10_000
    n_workers: int = 200
    start_seconds: float = 5.0
    """Until a worker takes its first report."""
    calls_per_second: float | None = None
    """What all workers together may ask of the server."""
    divided: bool = True
    """Whether each worker has its share of the limit, as reportgen does it; else one limit is asked before each call."""
    straggling: float = 0.01
    """Share of reports that take ``times`` as long."""
    times: float = 10.0
    n_slow: int = 4
    """Workers that are three times slower than the others."""
    n_dying: int = 4
    """Workers that are killed at a random moment of the first minutes; what they had in hand is made again."""
    seed: int = 20261130


@dataclass(frozen=True, slots=True)
class Simulated:
    """What came of it."""

    makespan: float
    most: float
    """When 99 % of the reports were there."""
    busy: float
    """Share of the workers' time that went into reports."""
    n_done: int
    n_again: int


_NONE, _DEAD = -1, -1


def simulated(world: World) -> Simulated:
    """Reports in a queue, workers that take the next one, calls that wait for their turn at the server."""
    rng = random.Random(world.seed)
    work = [rng.choice(world.seconds) * (world.times if rng.random() < world.straggling else 1.0) for _ in range(world.n_reports)]
    about = world.n_reports * (statistics.fmean(world.seconds) + world.n_calls * world.call_seconds) / world.n_workers
    deaths = {world.n_workers - 1 - at: rng.uniform(0, about) for at in range(world.n_dying)}
    gap = 0.0 if world.calls_per_second is None else (world.n_workers if world.divided else 1) / world.calls_per_second
    turns = [0.0] * (world.n_workers if world.divided else 1)
    waiting, idle = list(range(world.n_reports)), list[int]()
    taken: dict[int, float] = {}
    ends: list[float] = []
    busy, n_again = 0.0, 0
    events: list[tuple[float, int, int, int]] = []
    """(time, worker, report in hand, calls that it has yet to make)."""

    def push(at: float, worker: int, report: int, n_left: int) -> None:
        died = deaths.get(worker, math.inf)
        heapq.heappush(events, (died, worker, report, _DEAD) if at > died else (at, worker, report, n_left))

    for worker in range(world.n_workers):
        push(world.start_seconds, worker, _NONE, 0)
    while events:
        now, worker, report, n_left = heapq.heappop(events)
        if n_left == _DEAD:
            if report != _NONE:
                waiting.append(report)
                n_again += 1
                if idle:
                    push(now, idle.pop(), _NONE, 0)
            continue
        if report != _NONE and n_left == 0:
            busy += now - taken[worker]
            ends.append(now)
            report = _NONE
        if report == _NONE:
            if not waiting:
                idle.append(worker)
                continue
            report, n_left, taken[worker] = waiting.pop(), world.n_calls, now
        place = worker if world.divided else 0
        turn = max(now, turns[place])
        turns[place] = turn + gap
        n_left -= 1
        drawing = 0.0 if n_left else work[report] * (3.0 if worker < world.n_slow else 1.0)
        push(turn + world.call_seconds + drawing, worker, report, n_left)
    ends.sort()
    return Simulated(ends[-1], ends[int(0.99 * len(ends))], busy / (ends[-1] * world.n_workers), len(ends), n_again)


CASES: Mapping[str, Mapping[str, Any]] = {
    "nothing goes wrong, no limit": {"straggling": 0.0, "n_slow": 0, "n_dying": 0},
    "stragglers, slow and dying workers, no limit": {},
    "the same, 200 calls a second, divided among the workers": {"calls_per_second": 200.0},
    "the same, 200 calls a second, one limit for all": {"calls_per_second": 200.0, "divided": False},
    "the same, 50 calls a second, divided among the workers": {"calls_per_second": 50.0},
    "the same, 50 calls a second, one limit for all": {"calls_per_second": 50.0, "divided": False},
}


# --- telling ---------------------------------------------------------------------------------------------------------


def document_of(found: Mapping[str, Any]) -> str:
    """Both tables as Markdown."""
    rounds = [Round(**one | {"seconds": tuple(one["seconds"])}) for one in found["rounds"]]
    one = rounds[0]
    lines = [
        f"Measured {found['at']} UTC on {found['machine']}: {len(one.seconds)} reports of {SHAPE} each, as {', '.join(FORMATS)}.",
        "Seconds of a processor are those of all processes that made reports. The load average is the machine's: above 2 it was busy with other work too.",
        "",
        "| made by | s | reports a minute | CPU s for a report | load average | the same bytes |",
        "|---|---:|---:|---:|---:|---|",
    ]
    lines += [
        f"| {r.way} | {r.wall:.0f} | {r.per_minute:.1f} | {f'{r.cpu / len(r.seconds):.2f}' if r.cpu else '–'} | {r.load:.1f} | all {len(r.seconds)} |"
        for r in rounds
    ]
    world = world_of(found)
    simulation = (
        f"Simulated with these times (a report {statistics.median(world.seconds):.1f} s in the median, {max(world.seconds):.1f} s at most) "
        f"and {world.n_calls} calls of {world.call_seconds:.2f} s for each: {world.n_reports:,} reports, {world.n_workers} workers."
    )
    lines += [
        "",
        simulation,
        "",
        "| case | all there after | 99 % after | reports a minute | workers busy | made again |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for case, changes in CASES.items():
        one_case = simulated(replace(world, **changes))
        if one_case.n_done != world.n_reports:
            raise FailedError(f"{case}: {one_case.n_done} of {world.n_reports} reports")
        lines.append(
            f"| {case} | {one_case.makespan:,.0f} s | {one_case.most:,.0f} s | {60 * one_case.n_done / one_case.makespan:,.0f} "
            f"| {one_case.busy:.0%} | {one_case.n_again} |"
        )
    return "\n".join(lines)


def world_of(found: Mapping[str, Any]) -> World:
    """The cluster that the measured times allow to simulate."""
    n_calls = found["n_calls"]
    return World(tuple(found["rounds"][0]["seconds"]), n_calls, found["reading_seconds"] / n_calls)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=64)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--stores", type=Path, default=ROOT / "benchmarks" / ".stores", help="where store and times are kept")
    parser.add_argument("--simulate", action="store_true", help="with the times of the last measurement")
    parser.add_argument("--no-document", action="store_true", help="print the tables only")
    asked = parser.parse_args(arguments)
    kept = asked.stores / "scale.json"
    if not asked.simulate:
        asked.stores.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps(measured(asked.stores.resolve(), asked.reports, asked.workers)))
    text = document_of(json.loads(kept.read_text()))
    print(text)
    if not asked.no_document:
        put(DOCUMENT, text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
