"""argv -> exit code. The only prints, and the only place that catches ``ReportError``.

Results go to stdout (text, or one JSON object with ``--json``), everything else to stderr. Heavy rooms are imported by the
command that needs them, so that help, a wrong config and the first line of progress come at once.

    commands   what makes reports           reading_commands   what is done with finished ones
    options   how, the same words in every command
    jobs       from options to jobs         console   progress, problems, errors
    results    from outcomes to an exit code            streams   what leaves, and how
    annotations   gates that did not pass, as commands to a CI system
"""

from __future__ import annotations

import ctypes
import os
import re
import resource
import signal
import sys
from contextlib import suppress
from typing import NoReturn

import typer

from reportgen.cli import reading_commands as _reading_commands  # noqa: F401 - they join the app
from reportgen.cli.commands import app
from reportgen.cli.console import error_facts, one_record, print_json
from reportgen.cli.streams import open_streams
from reportgen.errors import EXIT_COMPLETE, EXIT_INTERNAL, EXIT_USAGE, ReportError, out_of_memory
from reportgen.redaction import Redactor

__all__ = ["app", "main"]

_MALLOPT = {-1: 1 << 20, -3: 1 << 20, -8: 2}
"""glibc's M_TRIM_THRESHOLD and M_MMAP_THRESHOLD in bytes, and M_ARENA_MAX; smaller bounds cost page faults."""


def main() -> NoReturn:
    """Run the command line and exit; errors of use, config or source never print a traceback."""
    uris = [found[0] for word in sys.argv[1:] if (found := re.search(r"[A-Za-z][\w+.-]*://.*", word, re.DOTALL))]
    open_streams(Redactor.of(uris, os.environ).own)
    signal.signal(signal.SIGTERM, _terminated)
    if resource.getrlimit(resource.RLIMIT_AS)[0] != resource.RLIM_INFINITY:  # else OpenBLAS asks for its threads' memory for ever
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    _give_back_memory()
    if os.environ.get("SOURCE_DATE_EPOCH") == "":  # set but empty means unset; libraries that read it do not know that
        del os.environ["SOURCE_DATE_EPOCH"]
    try:
        code = app(prog_name="reportgen", standalone_mode=False)
        sys.stdout.flush()
    except ReportError as error:
        code = _printed(error)
    except (typer.Abort, KeyboardInterrupt):
        print("interrupted; earlier reports are as they were", file=sys.stderr)
        code = 130
    except Exception as error:  # noqa: BLE001  the last line of defence: no traceback (it may hold a credential) unless asked
        ending = out_of_memory(error)
        code = _printed(ending) if ending else _unforeseen(error)
    sys.exit(code if isinstance(code, int) else EXIT_COMPLETE)


def _give_back_memory() -> None:
    """Let what is freed go back to the system: Arrow's own allocator and glibc's arenas keep a quarter of what a large report takes at its peak."""
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    with suppress(OSError, AttributeError):  # another C library
        for option, value in _MALLOPT.items():
            ctypes.CDLL(None).mallopt(option, value)


def _printed(error: ReportError) -> int:
    """Print ``error``, with ``--json`` as JSON too, and return its exit code."""
    redactor = Redactor.of([os.environ.get("MLFLOW_TRACKING_URI", "")], os.environ)
    if "--json" in sys.argv:
        print_json({"exit_code": error.exit_code, "error": error_facts(error, redactor)})
    print(f"error: {one_record(redactor(str(error)))}", file=sys.stderr)
    return error.exit_code


def _unforeseen(error: Exception) -> int:
    if hasattr(error, "format_message"):  # typer's own errors of use, whose class moved between its versions
        message = error.format_message()
        if "--json" in sys.argv:
            facts = {"slug": "bad-usage", "what": message, "todo": "see `reportgen COMMAND --help`", "exit_code": EXIT_USAGE}
            print_json({"exit_code": EXIT_USAGE, "error": facts})
        print(f"error: {one_record(message)}", file=sys.stderr)
        print("  to do: see `reportgen --help`, or `reportgen COMMAND --help`", file=sys.stderr)
        return EXIT_USAGE
    redactor = Redactor.of([os.environ.get("MLFLOW_TRACKING_URI", "")], os.environ)
    if os.environ.get("REPORTGEN_DEBUG"):
        import traceback

        print(redactor("".join(traceback.format_exception(error))), file=sys.stderr)
    print(f"internal error: {type(error).__name__}: {one_record(redactor(str(error)))[:500]}", file=sys.stderr)
    print("this is a fault of reportgen; run again with REPORTGEN_DEBUG=1 for where it happened, and report it", file=sys.stderr)
    return EXIT_INTERNAL


def _terminated(_signal: int, _frame: object) -> NoReturn:
    raise SystemExit(143)
