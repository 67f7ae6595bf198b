"""Processes that need not import anything: forks of one process that has loaded what is slow to load.

MLflow's server takes five seconds of a processor to import and a build of a report more than one, so a test that wants a
server or a command of its own gets a fork: a real process with its own environment, folder, output and exit status, that
only begins later. What must be seen from the very beginning (what is imported when, the seed of hashes, options of Python)
needs a real start, with ``subprocess``.
"""

from __future__ import annotations

import multiprocessing
import os
import pkgutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path

import reportgen

LOADED = (
    "pytest",
    "uvicorn",
    "mlflow.server.fastapi_app",
    "pandas",
    "scipy.stats",
    "adbc_driver_sqlite.dbapi",
    "adbc_driver_postgresql.dbapi",
    "pymysql",
    "ruamel.yaml",
    "markdown_it",
    "filelock",
)
"""Libraries; all of reportgen but the demo, which alone trains models, comes with them."""


def _loaded() -> list[str]:
    ours = (module.name for module in pkgutil.walk_packages(reportgen.__path__, "reportgen."))
    return [*LOADED, *(name for name in ours if not name.startswith("reportgen.demo")), "tests.prepared"]


def process(target: Callable[..., object], *arguments: object, daemon: bool = False) -> ForkServerProcess:
    """A process that will call ``target``, as soon as it is started; one server of forks serves this whole process."""
    context: ForkServerContext = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_loaded())
    return context.Process(target=target, args=arguments, daemon=daemon)


def become(out: Path, error: Path, folder: Path, environment: Mapping[str, str]) -> None:
    """Gives the process that calls it another output, folder and environment."""
    for number, path in ((1, out), (2, error)):
        with path.open("ab") as file:
            os.dup2(file.fileno(), number)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)


def command(*arguments: str, cwd: Path, env: Mapping[str, str], timeout: float = 240) -> subprocess.CompletedProcess[str]:
    """What ``python -m reportgen`` with these arguments does, prints and ends with."""
    return finished(_command, arguments, cwd=cwd, env=env, timeout=timeout)


def finished(
    target: Callable[[Sequence[str]], object], arguments: Sequence[str], *, cwd: Path, env: Mapping[str, str], timeout: float
) -> subprocess.CompletedProcess[str]:
    """``target(arguments)``, with what it printed and how it ended, as ``subprocess.run`` would tell it."""
    with tempfile.TemporaryDirectory(prefix="reportgen-forked-") as name:
        out, error = Path(name, "out"), Path(name, "error")
        child = process(_finished, target, tuple(arguments), out, error, cwd, dict(env))
        child.start()
        child.join(timeout)
        if child.is_alive():
            child.kill()
            child.join()
            raise subprocess.TimeoutExpired(list(arguments), timeout, out.read_bytes(), error.read_bytes())
        code = child.exitcode
        child.close()
        assert code is not None
        return subprocess.CompletedProcess(list(arguments), code, out.read_text("utf-8"), error.read_text("utf-8"))


def _finished(
    target: Callable[[Sequence[str]], object],
    arguments: Sequence[str],
    out: Path,
    error: Path,
    cwd: Path,
    environment: Mapping[str, str],
) -> None:
    become(out, error, cwd, environment)
    target(arguments)


def _command(arguments: Sequence[str]) -> None:
    from reportgen.__main__ import main

    sys.argv = ["reportgen", *arguments]
    main()
