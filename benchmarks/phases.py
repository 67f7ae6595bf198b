"""Where the time of ``collect`` goes: ``python -m benchmarks.phases URI [EXPERIMENT] [--cache FOLDER]``.

Wraps the functions of each phase and prints wall and CPU seconds of the thread that ran them, their calls, and what of it
was spent in other phases of the list. Phases of two reading threads overlap, so their sum may be more than the whole. A name
that is no longer there is said and skipped. For finding out, not for the record.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from collections.abc import Callable
from functools import wraps
from importlib import import_module
from pathlib import Path
from threading import local
from typing import Any

PHASES = (
    "reportgen.collect.source:opened",
    "reportgen.collect.gather:_census",
    "reportgen.collect.sql:SqlSource.experiments",
    "reportgen.collect.sql:SqlSource.runs",
    "reportgen.collect.sql:SqlSource.tagged",
    "reportgen.collect.sql:SqlSource.details",
    "reportgen.collect.sql:SqlSource.sizes",
    "reportgen.collect.sql:SqlSource.marks",
    "reportgen.collect.gather:_histories",
    "reportgen.collect.sql:SqlSource._chunk",
    "reportgen.collect.sql:SqlSource._points",
    "reportgen.collect.sql:SqlSource._point_counts",
    "reportgen.collect.sqlite:SqliteDatabase.table",
    "reportgen.collect.sqlite:SqliteDatabase._arrow",
    "reportgen.collect.sqlite:typed",
    "reportgen.collect.postgresql:PostgresDatabase.table",
    "reportgen.collect.cursors:CursorDatabase.table",
    "reportgen.collect.sql:SqlSource._history_table",
    "reportgen.collect.sql:history_table",
    "reportgen.collect.normal:_encoded",
    "reportgen.collect.normal:sort_history",
    "reportgen.collect.sql:decoded",
    "reportgen.collect.sql:_run_counts",
    "reportgen.collect.sql:_left_out",
    "reportgen.collect.shelf:Shelf.add",
    "reportgen.collect.shelf:plain_metrics",
    "reportgen.collect.shelf:last_points",
    "reportgen.collect.shelf:save_history",
    "reportgen.collect.gather:_assembled",
    "reportgen.collect.gather:_models",
    "reportgen.collect.gather:_stored",
    "reportgen.collect.gather:caught_up",
    "reportgen.collect.gather:_without_history",
    "reportgen.collect.shelf:joined",
    "reportgen.collect.gather:redacted",
)


class Clock:
    """Seconds and calls of each phase."""

    def __init__(self) -> None:
        self.spent: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0, 0.0])
        self._stack = local()

    def timed(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            stack = self._stack.__dict__.setdefault("open", [])
            stack.append(0.0)
            cpu, wall = time.thread_time(), time.perf_counter()
            try:
                return function(*args, **kwargs)
            finally:
                cpu, wall = time.thread_time() - cpu, time.perf_counter() - wall
                inner = stack.pop()
                if stack:
                    stack[-1] += wall
                row = self.spent[name]
                row[0], row[1], row[2], row[3] = row[0] + wall, row[1] + cpu, row[2] + inner, row[3] + 1

        return wrapper

    def install(self, place: str) -> None:
        module, _, path = place.partition(":")
        holder: Any = import_module(module)
        *outer, name = path.split(".")
        for part in outer:
            holder = getattr(holder, part, None)
        if not hasattr(holder, name):
            print(f"no {place} any more")
            return
        setattr(holder, name, self.timed(path, getattr(holder, name)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("uri")
    parser.add_argument("experiment", nargs="?", default="*")
    parser.add_argument("--cache", type=Path)
    asked = parser.parse_args()
    clock = Clock()
    for place in PHASES:
        clock.install(place)
    from reportgen.collect import Reading, Selection, collect

    cpu, began = time.process_time(), time.perf_counter()
    snapshot = collect(asked.uri, Selection(experiments=(asked.experiment,)), reading=Reading(cache=asked.cache))
    cpu, wall = time.process_time() - cpu, time.perf_counter() - began
    print(f"{snapshot.history.n_points:,} points in {wall:.2f} s, {cpu:.2f} s CPU\n")
    print(f"{'phase':<44} {'wall s':>8} {'CPU s':>8} {'own wall':>9} {'calls':>7}")
    for name, (wall, cpu, inner, calls) in clock.spent.items():
        print(f"{name:<44} {wall:8.3f} {cpu:8.3f} {wall - inner:9.3f} {calls:7.0f}")


if __name__ == "__main__":
    main()
