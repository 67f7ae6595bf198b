"""Errors that end a command, and problems that only cost their own place.

An error here says four things: what happened, what was found, what is allowed, and what to do next. Only
``reportgen.cli`` catches them. Everything that can be survived is a ``Problem`` instead: a value that travels in
the ``Snapshot`` and the ``Report`` and ends up in front of the reader and in the exit code.

Nothing here ever holds a credential: whoever raises puts public text in (see ``reportgen.redaction``).

    ReportError             exit 1   something this program did not foresee
    ├─ ConfigError          exit 2   the command line or config.yaml
    ├─ OutputError          exit 2   the output folder cannot be written
    ├─ SourceError          exit 4   the store is unreachable, denied, or not MLflow's
    │  └─ BadUriError       exit 2   its URI is none that anybody could be connected to
    ├─ RenderError          exit 1   a medium could not be drawn at all
    ├─ DeliveryError        exit 6   caught in publish: the bundle is written by then
    ├─ LockedError          exit 7   another job builds the same report
    └─ BudgetError          exit 8   time, memory or disk ran out

A gate that failed (exit 5) and a delivery that failed are no errors but part of an outcome: see ``reportgen.outcome``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

EXIT_COMPLETE = 0
EXIT_INTERNAL = 1
EXIT_USAGE = 2
EXIT_PARTIAL = 3
EXIT_SOURCE = 4
EXIT_GATE = 5
EXIT_DELIVERY = 6
EXIT_LOCKED = 7
EXIT_BUDGET = 8

Severity = Literal["gap", "warning", "note"]
"""``gap``: something that should be in the report is not (exit 3). ``warning``: it is there but must be read with
care. ``note``: worth knowing."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """A fault that did not end the report."""

    slug: str
    """Short stable name, e.g. ``history-unreadable``; ``docs/problems.md`` lists them."""
    where: str
    """The subject: a run, a metric, a chart, a file; public text."""
    what: str
    """One sentence: what was found."""
    todo: str = ""
    """What the reader can do about it; empty when nothing."""
    severity: Severity = "gap"


class ReportError(Exception):
    """An error with a name, a finding and a next step."""

    exit_code = EXIT_INTERNAL

    def __init__(
        self, slug: str, what: str, *, found: str | None = None, allowed: str | None = None, todo: str | None = None
    ) -> None:
        super().__init__(what)
        self.slug = slug
        self.what = what
        self.found = found
        self.allowed = allowed
        self.todo = todo

    def __reduce__(self) -> tuple[Any, ...]:
        """For a process that hands it to another: ``Exception`` alone would keep only its text."""
        return (_restored, (type(self), self.__dict__))

    def __str__(self) -> str:
        rows = [self.what]
        rows += [f"found: {self.found}"] if self.found is not None else []
        rows += [f"allowed: {self.allowed}"] if self.allowed is not None else []
        rows += [f"to do: {self.todo}"] if self.todo is not None else []
        return "\n".join(rows)


def _restored(kind: type[ReportError], state: dict[str, Any]) -> ReportError:
    error = kind.__new__(kind)
    Exception.__init__(error, state["what"])
    error.__dict__.update(state)
    return error


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake in a config."""

    file: str
    """The file, or ``command line``."""
    line: int | None
    key: str
    """Path of the key, its parts joined by dots; "" for the file as a whole."""
    what: str


class ConfigError(ReportError):
    """The command line or the config file cannot be followed; ``mistakes`` are all that were found in it."""

    exit_code = EXIT_USAGE

    def __init__(
        self,
        slug: str,
        what: str,
        *,
        found: str | None = None,
        allowed: str | None = None,
        todo: str | None = None,
        mistakes: tuple[Mistake, ...] = (),
    ) -> None:
        super().__init__(slug, what, found=found, allowed=allowed, todo=todo)
        self.mistakes = mistakes


class OutputError(ReportError):
    """The output folder cannot be written."""

    exit_code = EXIT_USAGE


class SourceError(ReportError):
    """The tracking store cannot be reached, read or understood."""

    exit_code = EXIT_SOURCE


class BadUriError(SourceError):
    """The URI of a store is written in a way that nobody can be connected to: a mistake of the config, beside others a gap."""

    exit_code = EXIT_USAGE


class RenderError(ReportError):
    """A medium could not be drawn at all."""


class DeliveryError(ReportError):
    """The finished bundle could not be handed over; it is kept on disk."""

    exit_code = EXIT_DELIVERY


class LockedError(ReportError):
    """Another job is building the same report."""

    exit_code = EXIT_LOCKED


class BudgetError(ReportError):
    """Time, memory or disk ran out."""

    exit_code = EXIT_BUDGET


def out_of_memory(error: BaseException) -> BudgetError | None:
    """What ``error`` means for who runs the job, if it comes of memory that ran out; else None."""
    words = str(error)
    said = any(sign in words for sign in ("failed to map segment", "Cannot allocate memory", "can't start new thread"))
    if not isinstance(error, MemoryError) and not (said and isinstance(error, ImportError | OSError | RuntimeError)):
        return None
    return BudgetError(
        "memory-exhausted",
        "there is not enough memory for this report",
        todo="give the job more memory, lower limits.points_in_memory, or choose fewer runs, metrics or experiments",
    )
