"""How long a whole report takes: ``python -m benchmarks.whole [small middle] [--rounds N] [--tutorial] [--stores FOLDER]``.

Whole processes from start to exit, HTML, PDF, Markdown and data: a first build without a cache, the same again (nothing changed), a build after one
run in a hundred came new, ``check`` of one gate, and with ``--tutorial`` the report of ``benchmarks.tutorial_report`` on the same store.
Wall time is the best of the rounds on a quiet machine; CPU is that of the process and its children.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

from benchmarks.stores import Shape, sqlite_store

SHAPES: Mapping[str, Shape] = {"small": Shape(100, 10, 200), "middle": Shape(500, 10, 500)}
CONFIG = (
    "version: 1\nreports:\n  whole:\n    experiments: [{name}]\n    gates: [{{metric: val_accuracy, of: best, at_least: 0}}]\n"
)


def measured(command: Sequence[str], folder: Path) -> tuple[float, float, float]:
    """Wall seconds, CPU seconds and the peak of memory in MB of one process and its children."""
    began = time.perf_counter()
    with tempfile.TemporaryFile("w+") as said, subprocess.Popen(command, cwd=folder, stdout=said, stderr=said) as process:
        _, status, used = os.wait4(process.pid, 0)
        wall, process.returncode = time.perf_counter() - began, os.waitstatus_to_exitcode(status)
        if process.returncode not in (0, 3):  # 3: something of the store is named as missing
            said.seek(0)
            sys.exit(f"{' '.join(command)}: {process.returncode}\n{said.read()[-2000:]}")
    return wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def add_runs(store: Path, share: float) -> None:
    """Gives the store copies of its newest runs, as many as this share of them, with ids of their own and everything else alike."""
    with closing(sqlite3.connect(store)) as database, database:
        runs = [run for (run,) in database.execute("SELECT run_uuid FROM runs ORDER BY start_time DESC")]
        for run in runs[: max(1, round(len(runs) * share))]:
            for table in ("runs", "params", "tags", "metrics", "latest_metrics"):
                columns = [row[1] for row in database.execute(f"PRAGMA table_xinfo({table})") if not row[6]]
                names = ", ".join(columns)
                values = ", ".join("'c0ffee' || substr(run_uuid, 7)" if column == "run_uuid" else column for column in columns)
                database.execute(f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} WHERE run_uuid = ?", (run,))


def rows(name: str, store: Path, rounds: int, tutorial: bool) -> list[tuple[str, float, float, float]]:
    """What was measured on one store, each the round with the least wall time."""
    found = []
    with tempfile.TemporaryDirectory(prefix="reportgen-whole-") as scratch:
        folder = Path(scratch)
        (folder / "config.yaml").write_text(CONFIG.format(name=name))
        copy = folder / "store.db"
        shutil.copyfile(store, copy)
        os.environ["XDG_CACHE_HOME"] = str(folder / "cache")
        ours = [sys.executable, "-m", "reportgen"]
        at = ["--tracking-uri", f"sqlite:///{copy}", "--quiet"]
        for what, command in (
            ("first build", [*ours, "build", *at, "--no-cache"]),
            ("nothing changed", [*ours, "build", *at]),
            ("check", [*ours, "check", *at]),
        ):
            if what == "nothing changed":
                measured(command, folder)  # fills the cache
            found.append((what, *min(measured(command, folder) for _ in range(rounds))))
        add_runs(copy, 0.01)
        found.append(("1 % new runs", *measured([*ours, "build", *at], folder)))
        if tutorial:
            command = [sys.executable, "-m", "benchmarks.tutorial_report", f"sqlite:///{store}", name, str(folder / "tutorial")]
            found.append(("tutorial", *measured(command, Path(__file__).parents[1])))
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shapes", nargs="*", metavar="SHAPE", help="small, middle; default: both")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--tutorial", action="store_true", help="the usual way as well, which takes minutes")
    parser.add_argument("--stores", type=Path, default=Path(__file__).with_name(".stores"))
    asked = parser.parse_args(arguments)
    results = {}
    for name in asked.shapes or SHAPES:
        store = sqlite_store(asked.stores / f"whole-{name}", {name: SHAPES[name]})
        results[name] = rows(name, store, asked.rounds, asked.tutorial)
        print(f"{name}: {SHAPES[name]}", flush=True)
        for what, wall, cpu, memory in results[name]:
            print(f"  {what:<16} {wall:7.2f} s  CPU {cpu:7.2f} s  {memory:6.0f} MB", flush=True)
    print(json.dumps(results))
    return 0


if __name__ == "__main__":
    sys.exit(main())
