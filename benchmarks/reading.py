"""How fast stores are read, beside the fastest way there is and beside MLflow's own: ``make bench``.

    python -m benchmarks.reading                 everything; the table in docs/performance.md is rewritten
    python -m benchmarks.reading --resume        the same, without what the last, interrupted round has measured already
    python -m benchmarks.reading --only sqlite   some groups anew; the others stay as they were measured
    python -m benchmarks.reading --quick         small stores, one round, no document: does it all still run?

Each figure is the median of several rounds. In a round everything that is compared runs once, one behind the other, in a
process of its own, so what the machine is busy with hits all of them; the ratio is taken within each round. What a way
found is checked: the same number of points, the same sum. A group that fails says so in its place.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any, Literal

from benchmarks import stores
from benchmarks.stores import FULL, QUICK, TINY, Shape, Sizes, say

ROOT = Path(__file__).resolve().parents[1]
DOCUMENT = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
_CHILD_SECONDS = 1800

Found = dict[str, Any]
"""What a child process told, or ``{"failed": why}``."""


class FailedError(Exception):
    """Something could not be measured, or found something else than it should."""


# --- ways to be compared ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Program:
    """Another program, timed from outside."""

    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    keeps: bool = False
    """Whether what it prints is of interest; else it goes where nothing is kept."""

    def run(self) -> Found:
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as error:
            began = time.perf_counter()
            process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=out if self.keeps else subprocess.DEVNULL,
                stderr=error,
                env=self.environment,
            )
            _, status, usage = os.wait4(process.pid, 0)  # the only way to learn the CPU seconds of one child
            wall = time.perf_counter() - began
            process.returncode = os.waitstatus_to_exitcode(status)
            out.seek(0)
            error.seek(0)
            if process.returncode:
                raise FailedError(f"{self.command[0]}: {error.read().decode(errors='replace')[-300:]}")
            return {"wall": wall, "cpu": usage.ru_utime + usage.ru_stime, "printed": out.read().decode()}


@dataclass(frozen=True, slots=True)
class Job:
    """A function of ``benchmarks.jobs`` in a process of its own."""

    request: Mapping[str, Any]

    def run(self) -> Found:
        process = self.started()
        out, error = process.communicate(timeout=_CHILD_SECONDS)
        return told(process.returncode, out, error)

    def started(self) -> subprocess.Popen[str]:
        # In an empty folder: MLflow leaves things where it runs.
        with suppress(FileExistsError):
            _elsewhere().mkdir()
        path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
        return subprocess.Popen(
            [sys.executable, "-m", "benchmarks.jobs", json.dumps(self.request)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=_elsewhere(),
            env={**os.environ, "PYTHONPATH": path},
        )


def _elsewhere() -> Path:
    return Path(tempfile.gettempdir()) / f"reportgen-bench-{os.getpid()}"


def told(returncode: int, out: str, error: str) -> Found:
    """What a job that ended printed. Raises FailedError when it failed or left something out."""
    if returncode:
        raise FailedError((error.strip().splitlines() or [f"ended with {returncode}"])[-1][:300])
    found: Found = json.loads(out.strip().splitlines()[-1])
    if found.get("gaps"):
        raise FailedError(f"it was not read whole: {found['gaps'][0]}")
    return found


def collect(uri: str | Path, experiment: str, **more: Any) -> Job:
    return Job({"job": "collect", "uri": str(uri), "experiment": experiment, **more})


def tutorial(uri: str | Path, experiment: str, n_calls: int, n_threads: int = 1) -> Job:
    return Job({"job": "tutorial", "uri": str(uri), "experiment": experiment, "n_calls": n_calls, "n_threads": n_threads})


def together(jobs: Sequence[Job]) -> list[Found]:
    """Starts the work of all ``jobs`` at one moment, when each is ready."""
    children = [Job({**job.request, "wait": True}).started() for job in jobs]
    for child in children:
        assert child.stdout is not None
        if child.stdout.readline().strip() != "ready":
            raise FailedError(f"a child process did not start: {child.communicate()[1][-300:]}")
    for child in children:
        assert child.stdin is not None
        child.stdin.write("\n")
        child.stdin.flush()
    ended = [(child, *child.communicate(timeout=_CHILD_SECONDS)) for child in children]
    return [told(child.returncode, out, error) for child, out, error in ended]


# --- rows ------------------------------------------------------------------------------------------------------------

Kind = Literal["of", "times", "GB", "s", "lost"]
"""What ``value`` is: our time in units of the other's, the other's in units of ours, or an amount."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    what: str
    kind: Kind = "of"
    value: float | None = None
    """None when it could not be measured."""
    target: float | None = None
    """At most, or for ``times`` at least; None promises nothing."""
    wall: float | None = None
    cpu: float | None = None
    other: str = ""
    other_wall: float | None = None
    other_cpu: float | None = None
    n_points: int | None = None
    rss: int | None = None
    spread: tuple[float, float] | None = None
    """Smallest and largest ratio of a round."""
    note: str = ""

    @property
    def is_met(self) -> bool | None:
        if self.target is None:
            return None
        if self.value is None:
            return False
        return self.value >= self.target if self.kind == "times" else self.value <= self.target


def compared(what: str, kind: Kind, ours: Sequence[Found], other: str, theirs: Sequence[Found], target: float | None) -> Row:
    """A row from the rounds of two ways."""
    pairs = [(one["wall"], two["wall"]) for one, two in zip(ours, theirs, strict=True)]
    ratios = [two / one if kind == "times" else one / two for one, two in pairs]
    sampled = [two["n_sampled"] for two in theirs if two.get("n_sampled", 0) < two.get("n_series", 0)]
    return Row(
        what,
        kind,
        median(ratios),
        target,
        wall=_middle(ours, "wall"),
        cpu=_middle(ours, "cpu"),
        other=other + (f" (from {len(sampled)} × {sampled[0]} of {theirs[0]['n_series']:,} calls)" if sampled else ""),
        other_wall=_middle(theirs, "wall"),
        other_cpu=_middle(theirs, "cpu"),
        n_points=ours[0].get("n_points"),
        rss=max((one["rss"] for one in ours if "rss" in one), default=None),
        spread=(min(ratios), max(ratios)),
    )


def _middle(found: Sequence[Found], name: str) -> float:
    return median(one[name] for one in found)


# --- the bench -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Bench:
    """What a round of measurements works with."""

    sizes: Sizes
    folder: Path
    """Where the stores are kept."""
    n_rounds: int = 3
    n_calls: int = 60
    """Calls of MLflow's client that are really made in a round."""
    n_workers: int = 4
    """Of MLflow's server; four is its default."""
    promises: bool = True
    """Whether the targets are meant: they are for the full sizes."""

    @property
    def three(self) -> dict[str, Shape]:
        return {"small": self.sizes.small, "middle": self.sizes.middle, "large": self.sizes.large}

    def rounds(self, ways: Mapping[str, Job | Program], n_rounds: int | None = None) -> dict[str, list[Found]]:
        """Runs all ``ways`` by turns; each of MLflow's samples is drawn anew."""
        found: dict[str, list[Found]] = {name: [] for name in ways}
        for turn in range(n_rounds or self.n_rounds):
            for name, way in ways.items() if turn % 2 == 0 else reversed(ways.items()):
                one = way
                if isinstance(way, Job) and way.request["job"] == "tutorial":
                    one = Job({**way.request, "seed": turn})
                found[name].append(one.run())
                say(f"  {name}: {found[name][-1]['wall']:.2f} s")
        return found

    def cache(self, name: str) -> Path:
        """A new, empty folder for a cache of histories."""
        folder = self.folder / f"cache-{name}"
        shutil.rmtree(folder, ignore_errors=True)
        return folder


def sqlite(bench: Bench) -> Iterator[Row]:
    file = stores.sqlite_store(bench.folder / "sqlite", bench.three)
    copy = stores.copy_of(file)
    for experiment_id, (name, shape) in enumerate(bench.three.items(), 1):
        ways: dict[str, Job | Program] = {
            "reportgen": collect(f"sqlite:///{file}", name),
            "limit": _sqlite_limit(file, experiment_id),
            "tutorial": tutorial(f"sqlite:///{copy}", name, bench.n_calls),
        }
        ways["limit"].run()  # so that the first of them finds the file in memory like the others
        found = bench.rounds(ways)
        _same_points(found, shape)
        _same_sums(found)
        ours, what = found["reportgen"], f"SQLite, {_points(shape)}"
        last = name == "large"
        yield compared(what, "of", ours, "`sqlite3`: count and sum of the same rows", found["limit"], 2 if last else None)
        yield compared(what, "times", ours, "MLflow's client", found["tutorial"], 200 if last else None)
        if last:
            yield _memory(what, ours)
    yield from _cached(bench, "sqlite", f"SQLite, {_points(bench.sizes.large)}", f"sqlite:///{file}", "large", 3)


def _memory(what: str, ours: Sequence[Found]) -> Row:
    rss, before, n = max(one["rss"] for one in ours), max(one["rss_before"] for one in ours), ours[0]["n_points"]
    note = f"{before / 1e9:.2f} GB of it before reading: {(rss - before) / n:.0f} bytes for each point"
    return Row(f"{what}: peak memory", "GB", rss / 1e9, 0.7, n_points=n, rss=rss, note=note)


def _sqlite_limit(file: Path, experiment_id: int) -> Program:
    program = shutil.which("sqlite3")
    if program is None:
        raise FailedError("the program sqlite3 is not installed")
    runs = f"SELECT run_uuid FROM runs WHERE experiment_id = {experiment_id}"
    return Program(
        (
            program,
            "-readonly",
            str(file),
            f"SELECT count(*), sum(value) FROM metrics INDEXED BY index_metrics_run_uuid WHERE run_uuid IN ({runs})",
        ),
        keeps=True,
    )


def _cached(bench: Bench, key: str, what: str, uri: str, experiment: str, target: float) -> Iterator[Row]:
    """The second build of an unchanged store beside one without a cache."""
    folder = bench.cache(key)
    first = collect(uri, experiment, cache=str(folder)).run()
    found = bench.rounds({"anew": collect(uri, experiment), "second": collect(uri, experiment, cache=str(folder))})
    _same_numbers([first, *found["anew"], *found["second"]])
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) if folder.exists() else 0
    shutil.rmtree(folder, ignore_errors=True)
    row = compared(f"{what}: again, unchanged", "times", found["second"], "read anew, no cache", found["anew"], target)
    filled = f"reading and filling the cache took {first['wall']:.2f} s; the cache has {size / 1e6:.1f} MB"
    yield replace(row, note=filled if size else "no cache was written")


def postgresql(bench: Bench) -> Iterator[Row]:
    with stores.postgresql_store(bench.folder / "postgresql", bench.three) as server:
        for experiment_id, (name, shape) in list(enumerate(bench.three.items(), 1))[1:]:
            runs = f"SELECT run_uuid FROM runs WHERE experiment_id = {experiment_id}"
            rows = f"SELECT run_uuid, key, value, is_nan, step, timestamp FROM metrics WHERE run_uuid IN ({runs})"
            limit = Program((*server.client, f"COPY ({rows}) TO STDOUT"), server.environment)
            ways: dict[str, Job | Program] = {"reportgen": collect(server.uri, name), "limit": limit}
            ways["tutorial"] = tutorial(server.uri.replace("postgresql:", "postgresql+psycopg2:"), name, bench.n_calls)
            limit.run()
            found = bench.rounds(ways)
            _same_points(found, shape)
            ours, what, last = found["reportgen"], f"PostgreSQL, {_points(shape)}", name == "large"
            yield compared(what, "of", ours, "`psql`: COPY of the same rows", found["limit"], 1.3 if last else None)
            yield compared(what, "times", ours, "MLflow's client", found["tutorial"], 40 if last else None)
        what = f"PostgreSQL, {_points(bench.sizes.middle)}"
        yield from _cached(bench, "postgresql", what, server.uri, "middle", 3)
        driver = server.uri.replace("postgresql:", "postgresql+psycopg2:")
        yield from _rest(bench, "PostgreSQL", driver, bench.sizes.small)


def mariadb(bench: Bench) -> Iterator[Row]:
    two = {"small": bench.sizes.small, "middle": bench.sizes.middle}
    with stores.mariadb_store(bench.folder / "mariadb", two) as server:
        rows = "SELECT run_uuid, `key`, value, is_nan, step, timestamp FROM metrics WHERE run_uuid IN "
        limit = (*server.client[:-1], "--quick", "-e", f"{rows} (SELECT run_uuid FROM runs WHERE experiment_id = 2)")
        ways: dict[str, Job | Program] = {
            "reportgen": collect(server.uri, "middle"),
            "limit": Program(limit, server.environment),
            "tutorial": tutorial(server.uri, "middle", bench.n_calls),
        }
        ways["limit"].run()
        found = bench.rounds(ways)
        _same_points(found, bench.sizes.middle)
        what, ours = f"MariaDB, {_points(bench.sizes.middle)}", found["reportgen"]
        yield compared(what, "of", ours, "`mariadb`: SELECT of the same rows", found["limit"], None)
        yield compared(what, "times", ours, "MLflow's client", found["tutorial"], 30)
        yield from _cached(bench, "mariadb", what, server.uri, "middle", 3)


def rest(bench: Bench) -> Iterator[Row]:
    alone = stores.sqlite_store(bench.folder / "sqlite-small", {"small": bench.sizes.small})
    yield from _rest(bench, "SQLite", f"sqlite:///{alone}", bench.sizes.small)


def _rest(bench: Bench, kind: str, store_uri: str, shape: Shape) -> Iterator[Row]:
    """The experiment ``small`` through a server."""
    from tests import servers

    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="reportgen-bench-server-")))
        server = stack.enter_context(servers.command_serving(store_uri, folder, extra=("--workers", str(bench.n_workers))))
        tutorial(server.url, "small", 16, 8).run()  # every worker has answered once
        ways: dict[str, Job | Program] = {"reportgen": collect(server.url, "small")}
        ways |= {f"{n}": tutorial(server.url, "small", bench.n_calls if n == 1 else 20 * n, n) for n in (1, 4, 8, 16)}
        found = bench.rounds(ways)
        _same_points(found, shape)
        ours, what = found["reportgen"], f"server on {kind}, {_points(shape)}"
        yield compared(what, "times", ours, "MLflow's client", found["1"], 6)
        best = min(("4", "8", "16"), key=lambda n: _middle(found[n], "wall"))
        yield compared(what, "times", ours, f"MLflow's client in {best} threads, its best", found[best], 3)
        yield from _cached(bench, f"rest-{kind.lower()}", what, server.url, "small", 10)


def files(bench: Bench) -> Iterator[Row]:
    shape = bench.sizes.small
    root = stores.file_store(bench.folder / "files", shape)
    ways = {"reportgen": collect(root, "bench"), "tutorial": tutorial(root, "bench", shape.n_series)}
    found = bench.rounds(ways, max(bench.n_rounds, 3) if bench.n_rounds > 1 else 1)
    _same_points(found, shape)
    yield compared(f"files, {_points(shape)}", "times", found["reportgen"], "MLflow's client (FileStore)", found["tutorial"], 10)


def metadata(bench: Bench) -> Iterator[Row]:
    shape = bench.sizes.wide
    file = stores.sqlite_store(bench.folder / "sqlite-wide", {"wide": shape})
    uri = f"sqlite:///{file}"
    ours = collect(uri, "wide", history=False)
    ours.run()
    searches = {name: Job({"job": name, "uri": uri, "experiment": "wide"}) for name in ("search_frame", "search_pages")}
    found = bench.rounds({"reportgen": ours, **searches})
    if {one["n_runs"] for ways in found.values() for one in ways} != {shape.n_runs}:
        raise FailedError(f"not every way found {shape.n_runs:,} runs")
    what = f"SQLite, {shape.n_runs:,} runs without histories"
    note = f"{shape.n_metrics} metrics, {shape.n_params} params, {shape.n_tags} tags each"
    frame = compared(what, "times", found["reportgen"], "mlflow.search_runs", found["search_frame"], 50)
    yield replace(frame, n_points=None, note=note)
    pages = compared(
        what, "times", found["reportgen"], "MlflowClient.search_runs, in pages of 1,000", found["search_pages"], None
    )
    yield replace(pages, n_points=None)


def writer(bench: Bench) -> Iterator[Row]:
    """A training that logs into the same file."""
    copy = stores.copy_of(stores.sqlite_store(bench.folder / "sqlite", bench.three))
    uri = f"sqlite:///{copy}"
    write = Job({"job": "write", "uri": uri, "n": 200, "seconds_between": 0.01})
    alone = write.run()
    logged, read = together([write, collect(uri, "large")])
    _same_points({"reportgen": [read]}, bench.sizes.large)
    meanwhile = [wait for began, wait in logged["calls"] if began + wait > read["began"] and began < read["ended"]]
    what = f"SQLite, {_points(bench.sizes.large)}, while a training logs 200 values"
    quiet = max(wait for _, wait in alone["calls"])
    note = f"{len(meanwhile)} of 200 calls fell into the reading; the longest without a reader took {quiet:.3f} s"
    yield Row(f"{what}: its longest wait", "s", max(meanwhile, default=0.0), 0.5, wall=read["wall"], cpu=read["cpu"], note=note)
    yield Row(f"{what}: its lost points", "lost", logged["n_lost"] + logged["n_failed"], 0)


def huge(bench: Bench) -> Iterator[Row]:
    """Four times more points than are kept in memory, and twenty times: read, analyzed, and as a whole report."""
    shape = bench.sizes.huge
    few = replace(shape, n_runs=shape.n_runs // 5)
    ceiling = few.n_points // 4
    for to, steps in (("read", "read"), ("analyze", "read and analyzed"), ("report", "as a report with every output")):
        peaks: list[Found] = []
        for one in (few, shape):
            with tempfile.TemporaryDirectory(prefix="reportgen-bench-huge-") as scratch:
                request = {"job": "huge", "shape": asdict(one), "points_in_memory": ceiling, "scratch": scratch, "to": to}
                found = Job(request).run()
            if found["n_points"] != one.n_points or not found["on_disk"] or found.get("gaps"):
                raise FailedError(f"{found['n_points']:,} of {one.n_points:,} points came back; {found.get('gaps')}")
            say(f"  {one.n_points:,} points: {found['wall']:.1f} s, {found['rss'] / 1e9:.2f} GB")
            peaks.append(found)
        small, large = peaks
        yield Row(
            f"a made-up store, {_points(shape)} {steps}, {ceiling / 1e6:g} M of them in memory: peak memory",
            "of",
            large["rss"] / small["rss"],
            1.5,
            wall=large["wall"],
            cpu=large["cpu"],
            other=f"peak memory for {_points(few)}",
            n_points=shape.n_points,
            rss=large["rss"],
            note=f"{large['rss'] / 1e9:.2f} GB instead of {small['rss'] / 1e9:.2f} GB",
        )


GROUPS: Mapping[str, Callable[[Bench], Iterator[Row]]] = {
    "sqlite": sqlite,
    "postgresql": postgresql,
    "mariadb": mariadb,
    "rest": rest,
    "files": files,
    "metadata": metadata,
    "writer": writer,
    "huge": huge,
}


# --- checks ----------------------------------------------------------------------------------------------------------


def _same_points(found: Mapping[str, Sequence[Found]], shape: Shape) -> None:
    for name, results in found.items():
        for one in results:
            if one.get("n_points", shape.n_points) != shape.n_points:
                raise FailedError(f"{name} found {one['n_points']:,} of {shape.n_points:,} points")


def _same_sums(found: Mapping[str, Sequence[Found]]) -> None:
    """``sqlite3``'s sum counts a NaN as 0 and ours leaves it out, which is the same."""
    for ours, limit in zip(found["reportgen"], found["limit"], strict=True):
        total = float(limit["printed"].split("|")[1])
        if abs(ours["total"] - total) > 1e-9 * abs(total):
            raise FailedError(f"reportgen's values add up to {ours['total']}, sqlite3's to {total}")


def _same_numbers(found: Sequence[Found]) -> None:
    if len({(one["n_points"], f"{one['total']:.9g}") for one in found}) != 1:
        raise FailedError("with a cache other points were found than without")


# --- telling ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Measured:
    """The rows of a group, and when and how disturbed they were measured."""

    rows: tuple[Row, ...]
    at: str
    load: tuple[float, float]
    """Load average (one minute) before and after."""
    seconds: float


def measured(name: str, bench: Bench) -> Measured:
    """All rows of the group ``name``; what fails is a row that says so."""
    say(f"== {name}")
    began, load, rows = time.perf_counter(), os.getloadavg()[0], []
    try:
        for row in GROUPS[name](bench):
            rows.append(row if bench.promises else replace(row, target=None))
            say(f"  {_line(row)}")
    except (FailedError, subprocess.SubprocessError, OSError, _MissingError) as error:
        rows.append(Row(f"{name}: not measured", target=0, note=" ".join(str(error).split())[:300]))
        say(f"  {_line(rows[-1])}")
    return Measured(tuple(rows), f"{datetime.now(UTC):%Y-%m-%d %H:%M}", (load, os.getloadavg()[0]), time.perf_counter() - began)


def _missing_error() -> type[BaseException]:
    """What ``tests.servers`` raises for a program that is not installed or does not start."""
    import pytest

    error: type[BaseException] = pytest.fail.Exception
    return error


_MissingError = _missing_error()


def _points(shape: Shape) -> str:
    n = shape.n_points
    return f"{n / 1e6:g} M points" if n >= 1e5 else f"{n:,} points"


def _seconds(wall: float | None, cpu: float | None) -> str:
    return "" if wall is None or cpu is None else f"{_three(wall)} ({_three(cpu)})"


def _three(number: float) -> str:
    """Three figures; whole numbers stay whole."""
    if number >= 100 or number == int(number):
        return f"{number:,.0f}"
    return f"{number:.3g}" if number < 0.1 else f"{number:.2f}" if number < 10 else f"{number:.1f}"


_UNITS: Mapping[Kind, str] = {"of": "×", "times": "×", "GB": "GB", "s": "s", "lost": "points"}


def _value(row: Row) -> str:
    if row.value is None:
        return "—"
    text = f"**{_three(row.value)} {_UNITS[row.kind]}**"
    low_high = row.spread if row.spread and row.spread[0] != row.spread[1] else None
    return f"{text} ({_three(low_high[0])}–{_three(low_high[1])})" if low_high else text


def _target(row: Row) -> str:
    if row.target is None:
        return ""
    sign = "≥" if row.kind == "times" else "≤"
    return (
        f"{sign} {_three(row.target)}: {'met' if row.is_met else '**missed**'}" if row.value is not None else "**not measured**"
    )


def _cells(row: Row) -> list[str]:
    return [
        row.what + (f"<br>{row.note}" if row.note else ""),
        _seconds(row.wall, row.cpu),
        row.other,
        _seconds(row.other_wall, row.other_cpu),
        _value(row),
        _target(row),
        f"{row.n_points:,}" if row.n_points else "",
        f"{row.rss / 1e9:.2f} GB" if row.rss else "",
    ]


def _table_row(row: Row) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in _cells(row)) + " |"


_HEADER = ["what", "reportgen: s (CPU s)", "beside", "s (CPU s)", "ratio (all rounds)", "target", "points", "peak memory"]


def _line(row: Row) -> str:
    return " | ".join(cell.replace("<br>", "; ") for cell in _cells(row) if cell)


def table_of(results: Mapping[str, Measured]) -> str:
    """The Markdown that stands in the document, header and table."""
    groups = {name: results[name] for name in GROUPS if name in results}
    loads = [load for one in groups.values() for load in one.load]
    times = sorted(one.at for one in groups.values())
    busy = ": **the machine was busy with other work**" if max(loads) >= 4 else ""
    lines = [
        f"Measured {times[0]} to {times[-1]} UTC on {machine()}.",
        f"Load average before and after the groups {min(loads):.1f} to {max(loads):.1f}; the measurement itself makes 1 to 2{busy}.",
        "",
        f"{versions()}.",
        "",
        "| " + " | ".join(_HEADER) + " |",
        "|---|---:|---|---:|---:|---|---:|---:|",
    ]
    lines += [_table_row(row) for one in groups.values() for row in one.rows]
    return "\n".join(lines)


def machine() -> str:
    """Processor, cores, memory and system."""
    model = platform.machine()
    with suppress(OSError, IndexError):
        model = re.findall(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(), re.M)[0]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB memory, {platform.system()}"


def versions() -> str:
    names = ("mlflow", "sqlalchemy", "numpy", "pyarrow", "adbc-driver-sqlite", "adbc-driver-postgresql", "pymysql")
    found = [f"Python {platform.python_version()}"]
    for name in names:
        with suppress(ImportError):
            found.append(f"{name} {version(name)}")
    commands = (("sqlite3", "-version"), ("psql", "--version"), ("mariadbd", "--version"))
    for name, option in commands:
        if (program := shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin")) is not None:
            printed = subprocess.run([program, option], capture_output=True, text=True, check=False).stdout
            if number := re.search(r"\d+\.[\d.]+", printed):
                found.append(f"{name} {number[0]}")
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    return ", ".join(found) + (f"; commit {commit.strip()}" if commit else "")


def put(document: Path, measured_text: str) -> None:
    """Puts what was measured between the two markers of ``document``."""
    text = document.read_text("utf-8")
    before, _, rest_ = text.partition(BEGIN)
    _, found, after = rest_.partition(END)
    if not found:
        raise SystemExit(f"{document} has no markers {BEGIN} and {END}")
    document.write_text(f"{before}{BEGIN}\n\n{measured_text}\n\n{END}{after}", "utf-8")


# --- what was measured stays until it is measured again ---------------------------------------------------------------


def loaded(file: Path) -> dict[str, Measured]:
    try:
        kept = json.loads(file.read_text())
    except (OSError, ValueError):
        return {}
    rows = {
        name: [Row(**(row | {"spread": row["spread"] and tuple(row["spread"])})) for row in one["rows"]]
        for name, one in kept.items()
    }
    return {name: Measured(tuple(rows[name]), one["at"], tuple(one["load"]), one["seconds"]) for name, one in kept.items()}


def saved(results: Mapping[str, Measured], file: Path) -> None:
    part = file.with_suffix(".part")
    part.write_text(json.dumps({name: asdict(one) for name, one in results.items()}, indent=1))
    part.rename(file)


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when everything could be measured, whatever it was; 1 when something could not."""
    asked = _parser().parse_args(arguments)
    size = "tiny" if asked.tiny else "quick" if asked.quick else "full"
    sizes = {"tiny": TINY, "quick": QUICK, "full": FULL}[size]
    bench = Bench(sizes, asked.stores.resolve() / size)
    if size != "full":
        bench = replace(bench, n_rounds=1, n_calls=20, promises=False)
    if size == "tiny":
        bench = replace(bench, n_workers=1)
    bench.folder.mkdir(parents=True, exist_ok=True)
    kept = bench.folder / "results.json"
    results = loaded(kept) if asked.resume or asked.only else {}
    names = asked.only or [name for name in GROUPS if not (asked.resume and _is_whole(results.get(name)))]
    for name in names:
        results[name] = measured(name, bench)
        saved(results, kept)
    print(table_of(results))
    if size == "full" and not asked.no_document and set(results) == set(GROUPS):
        put(DOCUMENT, table_of(results))
    shutil.rmtree(_elsewhere(), ignore_errors=True)
    return 0 if all(_is_whole(one) for one in results.values()) else 1


def _is_whole(one: Measured | None) -> bool:
    return one is not None and all(row.value is not None for row in one.rows)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="small stores, one round, the document stays as it is")
    parser.add_argument("--tiny", action="store_true", help="smaller still: for the test of this program")
    parser.add_argument("--only", nargs="+", choices=list(GROUPS), metavar="GROUP", help=f"some of {', '.join(GROUPS)}")
    parser.add_argument("--resume", action="store_true", help="leave out what the last round measured")
    parser.add_argument("--stores", type=Path, default=ROOT / "benchmarks" / ".stores", help="where the stores are kept")
    parser.add_argument("--no-document", action="store_true", help="print the table only")
    return parser


if __name__ == "__main__":
    sys.exit(main())
