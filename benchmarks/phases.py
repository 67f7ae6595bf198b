"""Where the time of ``collect`` goes: ``python -m benchmarks.phases URI [EXPERIMENT] [--cache FOLDER] [--no-history]``.

Wraps every function of the rooms that read, and prints those that took most: wall and CPU seconds of the threads that ran
them, how much of the CPU was their own, and how often they were called. Functions of several reading threads overlap, so
sums may be more than the whole. Generators are left out, since calling one runs nothing. For finding out, not for the record.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from collections.abc import Callable
from functools import wraps
from importlib import import_module
from inspect import isfunction, isgeneratorfunction
from pathlib import Path
from pkgutil import walk_packages
from threading import local
from types import ModuleType
from typing import Any


class Clock:
    """Seconds and calls of each wrapped function."""

    def __init__(self) -> None:
        self.spent: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0, 0.0])
        """Name → wall, CPU, CPU inside of other wrapped functions, calls."""
        self._wrapped: dict[Any, Callable[..., Any]] = {}
        self._stack = local()

    def install(self, module: ModuleType) -> None:
        """Wraps what ``module`` defines or has imported from the package, each function once."""
        for name, thing in list(vars(module).items()):
            if isfunction(thing) and thing.__module__.startswith(("reportgen.collect", "reportgen.snapshot")):
                setattr(module, name, self._timed(thing))
            elif isinstance(thing, type) and thing.__module__ == module.__name__:
                for method, function in list(vars(thing).items()):
                    if isfunction(function) and not method.startswith("__"):
                        setattr(thing, method, self._timed(function))

    def _timed(self, function: Callable[..., Any]) -> Callable[..., Any]:
        if function in self._wrapped.values() or isgeneratorfunction(function) or hasattr(function, "__wrapped__"):
            return function
        if function not in self._wrapped:
            self._wrapped[function] = self._wrapper(function)
        return self._wrapped[function]

    def _wrapper(self, function: Callable[..., Any]) -> Callable[..., Any]:
        name = f"{function.__module__.removeprefix('reportgen.')}.{function.__qualname__}"

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
                    stack[-1] += cpu
                row = self.spent[name]
                row[0], row[1], row[2], row[3] = row[0] + wall, row[1] + cpu, row[2] + inner, row[3] + 1

        return wrapper


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("uri")
    parser.add_argument("experiment", nargs="?", default="*")
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--no-history", action="store_true", help="runs and what belongs to them only")
    parser.add_argument("--least", type=float, default=0.01, help="share of the CPU seconds that a function must have")
    asked = parser.parse_args()
    import reportgen.collect
    import reportgen.snapshot
    from reportgen.collect import Reading, Selection, collect

    names = [module.name for module in walk_packages(reportgen.collect.__path__, "reportgen.collect.")]
    clock = Clock()
    for module in [reportgen.snapshot, *map(import_module, names)]:
        clock.install(module)
    selection = Selection(experiments=(asked.experiment,), with_history=not asked.no_history)
    cpu, began = time.process_time(), time.perf_counter()
    snapshot = collect(asked.uri, selection, reading=Reading(cache=asked.cache))
    cpu, wall = time.process_time() - cpu, time.perf_counter() - began
    print(f"{snapshot.runs.num_rows:,} runs, {snapshot.history.n_points:,} points in {wall:.2f} s, {cpu:.2f} s CPU\n")
    print(f"{'function':<52} {'wall s':>8} {'CPU s':>8} {'own CPU':>8} {'calls':>7}")
    for name, (spent, of_it, inner, calls) in sorted(clock.spent.items(), key=lambda item: -item[1][1]):
        if of_it >= asked.least * cpu:
            print(f"{name:<52} {spent:8.3f} {of_it:8.3f} {of_it - inner:8.3f} {calls:7.0f}")


if __name__ == "__main__":
    main()
