"""Output of the command line: progress and problems on stderr, results on stdout, no credential in either.

On a terminal progress is a bar, otherwise plain lines, at most one in ten seconds for one step.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from reportgen.cli.streams import plain, plain_json, terminal
from reportgen.errors import ConfigError, Problem, ReportError
from reportgen.redaction import Redactor

if TYPE_CHECKING:
    from reportgen.cli.options import ConsoleOptions
    from reportgen.job import Progress


@dataclass
class Console:
    """Steps, progress and problems of a running command, all on stderr."""

    quiet: bool
    verbose: bool
    redactor: Redactor
    began: float = field(default_factory=time.monotonic)
    _bar: Any = None
    _task: Any = None
    _last: tuple[str, float] = ("", 0.0)

    @classmethod
    @contextmanager
    def opened(cls, options: ConsoleOptions) -> Iterator[Console]:
        """Yield a console; its progress bar is removed when the block ends, also by an error."""
        redactor = Redactor.of([os.environ.get("MLFLOW_TRACKING_URI", "")], os.environ)
        console = cls(options.quiet, options.verbose, redactor)
        try:
            yield console
        finally:
            console.end_progress()

    def step(self, text: str) -> None:
        if not self.quiet:
            print(self._line(text), file=sys.stderr, flush=True)

    def progress(self, name: str) -> Progress:
        """The progress callback of the job ``name``: it takes ``(done, total, what)``."""
        if self.quiet:
            return lambda _done, _total, _what: None
        return self._on_bar(name) if sys.stderr.isatty() else self._in_lines(name)

    def _on_bar(self, name: str) -> Progress:
        from rich.console import Console as Terminal
        from rich.markup import escape
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[count]}"), TimeElapsedColumn())
        self._bar = Progress(
            *columns, console=Terminal(file=terminal()), transient=True, redirect_stdout=False, redirect_stderr=False
        )
        self._task = self._bar.add_task(escape(plain(name)), total=None, count="")
        self._bar.start()

        def show(done: int, total: int, what: str) -> None:
            count = f"{done:,}/{total:,}" if total else ""
            self._bar.update(
                self._task,
                completed=done,
                total=total or None,
                count=count,
                description=escape(plain(self.redactor(f"{name}: {what}"))),
            )

        return show

    def _in_lines(self, name: str) -> Progress:
        def show(done: int, total: int, what: str) -> None:
            last, at = self._last
            now = time.monotonic()
            if what != last or now - at >= 10 or (self.verbose and done == total):
                self._last = (what, now)
                count = f" {done:,}/{total:,}" if total else ""
                print(self._line(f"{name}: {what}{count}"), file=sys.stderr, flush=True)

        return show

    def end_progress(self) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def problems(self, problems: Sequence[Problem]) -> None:
        """Print gaps and warnings; notes only with ``--verbose``."""
        self.end_progress()
        for problem in sorted(problems):
            if problem.severity == "note" and not self.verbose:
                continue
            print(self._line(f"{problem.severity}: {problem.where}: {problem.what}"), file=sys.stderr)
            if problem.todo:
                print(f"  to do: {self._line(problem.todo, stamped=False)}", file=sys.stderr)

    def reason(self, name: str, code: int, reason: str) -> None:
        """Print why the exit code of a report is not 0, also with ``--quiet``."""
        if reason:
            print(f"{self._line(name, stamped=False)}: exit {code}: {self._line(reason, stamped=False)}", file=sys.stderr)

    def error(self, error: ReportError) -> None:
        self.end_progress()
        where = "".join(f"{note}: " for note in getattr(error, "__notes__", ()))
        print(f"error: {one_record(self.redactor(where + str(error)))}", file=sys.stderr)

    def _line(self, text: str, *, stamped: bool = True) -> str:
        from reportgen.formats import one_line

        stamp = f"[{time.monotonic() - self.began:6.1f} s] " if self.verbose and stamped else ""
        return stamp + self.redactor(one_line(text, 600))


def one_record(text: str) -> str:
    """``text`` with its further lines indented, so that all of them are seen to belong together."""
    return "\n  ".join(plain(text).splitlines())


def error_facts(error: ReportError, redactor: Redactor | None = None) -> dict[str, Any]:
    clean = redactor or Redactor.of([os.environ.get("MLFLOW_TRACKING_URI", "")], os.environ)
    facts = {"slug": error.slug, "what": error.what, "found": error.found, "allowed": error.allowed, "todo": error.todo}
    cleaned: dict[str, Any] = {key: clean(value) for key, value in facts.items() if value is not None}
    if isinstance(error, ConfigError) and error.mistakes:
        cleaned["mistakes"] = [asdict(mistake) | {"what": clean(mistake.what)} for mistake in error.mistakes]
    names = getattr(error, "__notes__", ())
    return cleaned | {"exit_code": error.exit_code} | ({"name": names[0]} if names else {})


def print_json(value: Any) -> None:
    print(plain_json(json.dumps(value, indent=2, ensure_ascii=True, default=str)))


def print_table(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Print aligned columns: the first left-aligned, the others right-aligned."""
    from reportgen.formats import one_line

    cells = [[f"{v:,}" if isinstance(v, int) else one_line(str(v), 60) for v in row] for row in rows]
    widths = [max(len(row[i]) for row in [list(header), *cells]) for i in range(len(header))]
    for row in [list(header), *cells]:
        print("  " + "  ".join(c.ljust(w) if i == 0 else c.rjust(w) for i, (c, w) in enumerate(zip(row, widths, strict=True))))
