"""Gates that did not pass as commands to a CI system, which shows them beside the config file in a pull request.

GitHub's are ``::error file=F,line=N,title=T::message``, Azure's ``##vso[task.logissue …]message``. Every text in them is escaped as
their documentation says, so that no name from a store can end one command or begin another. Both systems read stderr too, so
stdout stays what it is. GitHub shows ten errors and ten warnings of one step.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from reportgen.cli.streams import Stream
from reportgen.errors import ConfigError, ReportError

if TYPE_CHECKING:
    from reportgen.job import Job
    from reportgen.model import Gate
    from reportgen.outcome import Outcome

MOST = 10
"""Of one kind in one step, on GitHub."""


def annotate(jobs: Sequence[Job], results: Sequence[Outcome | ReportError], how: str) -> None:
    """Say which gates did not pass, in the language of the system ``how``. Raises ``ConfigError`` for an unknown one."""
    language = _language(how)
    if language is None or not isinstance(sys.stderr, Stream):
        return
    sys.stderr.flush()
    for line in _lines(jobs, results, language):
        sys.stderr.command(line)
    sys.stderr.flush()


Language = Callable[[str, str, int, str, str], str]
"""``(kind, file, line, title, message)`` → the command; ``kind`` is ``error`` or ``warning``."""


def github(kind: str, file: str, line: int, title: str, message: str) -> str:
    of = {"file": file, "line": str(line), "title": title}
    return f"::{kind} {','.join(f'{key}={_escaped(text, _PROPERTY)}' for key, text in of.items())}::{_escaped(message, _DATA)}"


def azure(kind: str, file: str, line: int, title: str, message: str) -> str:
    place = f"type={kind};sourcepath={_escaped(file, _VSO)};linenumber={line}"
    return f"##vso[task.logissue {place}]{_escaped(f'{title}: {message}', _VSO)}"


LANGUAGES: Mapping[str, Language] = {"github": github, "azure": azure}
_DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_PROPERTY = {**_DATA, ":": "%3A", ",": "%2C"}
_VSO = {"%": "%AZP25", "\r": "%0D", "\n": "%0A", "]": "%5D", ";": "%3B"}


def _language(how: str) -> Language | None:
    if how == "auto":
        signs = {"GITHUB_ACTIONS": github, "TF_BUILD": azure}
        return next((one for name, one in signs.items() if os.environ.get(name, "").lower() == "true"), None)
    if how == "none":
        return None
    if how not in LANGUAGES:
        raise ConfigError(
            "unknown-annotations", f"there are no annotations {how!r}", allowed=f"auto, none, {', '.join(LANGUAGES)}"
        )
    return LANGUAGES[how]


def _escaped(text: str, table: Mapping[str, str]) -> str:
    return "".join(table.get(character, character) for character in text)


def _lines(jobs: Sequence[Job], results: Sequence[Outcome | ReportError], language: Language) -> Iterator[str]:
    """At most ``MOST`` of each kind; the last one counts the others."""
    kinds: dict[str, list[tuple[Job, Gate]]] = {"error": [], "warning": []}
    for job, result in zip(jobs, results, strict=True):
        for gate in () if isinstance(result, ReportError) else result.gates:
            if gate.state != "PASS":
                kinds["error" if gate.fails else "warning"].append((job, gate))
    for kind, found in kinds.items():
        shown = found if len(found) <= MOST else found[: MOST - 1]
        yield from (_line(kind, job, gate, language) for job, gate in shown)
        if len(found) > len(shown):
            job, n = found[-1][0], len(found) - len(shown)
            yield language(kind, job.config_file, 1, "reportgen", f"{n} more gates did not pass; see the log or verdict.json")


def _line(kind: str, job: Job, gate: Gate, language: Language) -> str:
    from reportgen.formats import one_line
    from reportgen.render.ci_files import line_of

    title = one_line(f"{job.name}: {gate.name}", 120)
    return language(kind, job.config_file, line_of(gate, job.gate_lines), title, one_line(gate.sentence, 600))
