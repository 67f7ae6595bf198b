"""stdout and stderr of a command: nothing that leaves by them is obeyed, and nothing is lost when nobody takes it.

``plain`` is the one function that every text goes through on its way out. CI systems read a job's log and follow commands in it,
terminals follow escape sequences, and both would follow those in the name of a run. ``Stream`` stands before both streams,
so that progress, results, tables, errors, warnings of libraries and logging have it alike.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import sys
from collections.abc import Callable
from typing import TextIO

_COMMANDS = re.compile(
    r"(?P<hash>#)(?=#(?:[a-z][a-z0-9]{1,19})?\[)"  # Azure and TeamCity: ##vso[…], ##teamcity[…], GitHub: ##[…], anywhere in a line
    r"|(?P<fold>\b(?:section_(?:start|end)|travis_fold))(?=:)",  # GitLab: section_start:TIME:NAME
    re.IGNORECASE,
)
_AT_THE_BEGINNING = re.compile(r"^(?P<margin>\s*)(?=::|(?:---|\+\+\+|\^\^\^|~~~) )", re.MULTILINE)
"""GitHub: ``::error …::``, blanks before it left out of account; Buildkite: ``+++ …``."""


def plain(text: str) -> str:
    """``text`` without anything that a CI system or a terminal would obey; it stays readable."""
    from reportgen.formats import visible

    text = _AT_THE_BEGINNING.sub(r"\g<margin>| ", visible(text))
    return _COMMANDS.sub(lambda found: f"{found[0]} ", text)


def plain_json(text: str) -> str:
    """``text``, which is JSON in ASCII, written so that nobody obeys it and whoever parses it reads the same values."""
    return _COMMANDS.sub(lambda found: "\\u0023" if found["hash"] else found[0].replace("_", "\\u005f"), text)


class Stream(io.TextIOBase):
    """Takes text, and hands it on as whole lines that are ``plain``; quietly drops it when the other end is closed or full."""

    def __init__(self, below: TextIO, public: Callable[[str], str]) -> None:
        """``public`` is asked for each piece before it leaves: it knows this process's credentials."""
        self.below = below
        self._public = public
        self._waiting = ""
        with contextlib.suppress(AttributeError, ValueError):
            below.reconfigure(errors="backslashreplace")  # type: ignore[attr-defined]  # a terminal without UTF-8 is no reason to fail

    @property
    def encoding(self) -> str:  # type: ignore[override]  # typeshed has a field
        return self.below.encoding

    @property
    def errors(self) -> str | None:  # type: ignore[override]
        return self.below.errors

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return self.below.isatty()

    def fileno(self) -> int:
        return self.below.fileno()

    def write(self, text: str) -> int:
        self._waiting += text
        whole, end, self._waiting = self._waiting.rpartition("\n")
        if end:
            self._send(whole + end)
        return len(text)

    def command(self, line: str) -> None:
        """One line that a CI system shall obey: whoever calls has escaped every text in it."""
        self._quietly(lambda: self.below.write(f"{self._public(line)}\n"))

    def flush(self) -> None:
        rest, self._waiting = self._waiting, ""
        self._send(rest)
        self._quietly(self.below.flush)

    def _send(self, text: str) -> None:
        if text:
            self._quietly(lambda: self.below.write(plain(self._public(text))))

    def _quietly(self, do: Callable[[], object]) -> None:
        """``do()``; a stream that fails is led nowhere from then on, so that it fails no more, at the end of Python either."""
        try:
            do()
        except (OSError, ValueError):
            with contextlib.suppress(OSError, ValueError):
                nowhere = os.open(os.devnull, os.O_WRONLY)
                os.dup2(nowhere, self.below.fileno())
                os.close(nowhere)


def open_streams(public: Callable[[str], str]) -> None:
    """Puts a ``Stream`` before stdout and stderr. Those that the caller has closed lead nowhere: the next file that is opened would
    have their number, and be written into."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free
    for name, number in (("stdout", 1), ("stderr", 2)):
        below = getattr(sys, name)
        if below is None:
            below = os.fdopen(number, "w", encoding="utf-8", errors="backslashreplace", closefd=False)
        setattr(sys, name, below if isinstance(below, Stream) else Stream(below, public))


def terminal() -> TextIO:
    """stderr itself, for what draws with escape sequences of its own and takes no text but ``plain``."""
    return sys.stderr.below if isinstance(sys.stderr, Stream) else sys.stderr
