"""``report.pdf``: the paper page through WeasyPrint in a child process, with limits on time and memory.

The child is killed with everything it started when it takes too long. What WeasyPrint complains about (a character that
no font has, a picture without words) becomes a ``Problem``: it would otherwise be a box or a hole that nobody reported.
"""

from __future__ import annotations

import base64
import json
import os
import re
import signal
import subprocess
import sys
from typing import Any, NamedTuple

from reportgen.children import child
from reportgen.errors import Problem, RenderError, Severity
from reportgen.formats import n_bytes, one_line, plural
from reportgen.render.leaks import visible_text
from reportgen.render.options import Draft, Output
from reportgen.render.outputs import FILES
from reportgen.render.paper import paper_htmls
from reportgen.render.plain import without_surrogates
from reportgen.words import Words

PATH = FILES["pdf"]
_NOTDEF = re.compile(r"\.notdef glyph rendered .*\(U\+([0-9A-F]+)\)$", re.DOTALL)
_ENVIRONMENT = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "TMPDIR",
    "FONTCONFIG_FILE",
    "FONTCONFIG_PATH",
    "XDG_CACHE_HOME",
    "LD_LIBRARY_PATH",
)


_TOO_MUCH = "raise limits.pdf_seconds or limits.pdf_megabytes, or show fewer rows on paper; report.html has everything"
_CRASHES = ("SIGTRAP", "SIGABRT", "SIGSEGV", "SIGBUS")
_LIBRARY = re.compile(r"cannot load library '([^']+)'")
PANGO = "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
FONTS = "apt-get install fontconfig fonts-noto-core"


class _Failure(NamedTuple):
    """Why there is no PDF, and what to do."""

    why: str
    todo: str


def report_pdf(draft: Draft) -> Output:
    """The PDF with the tables' data files attached; a problem instead when it could not be made."""
    say, (attached, left_out) = Words(), _attachments(draft)
    pages = [without_surrogates(html) for html in paper_htmls(draft)]
    if any(draft.options.redactor.finds(visible_text(page)) for page in pages):
        raise RenderError("file-with-secret", "a credential stands in its text")
    job = {
        "htmls": pages,
        "attachments": [
            {
                "name": path.rpartition("/")[2],
                "description": say("page-attachment", path=path),
                "data": base64.b64encode(data).decode(),
            }
            for path, data in attached.items()
        ],
        "at": draft.report.generated_at.isoformat(),
        "megabytes": draft.options.pdf_megabytes,
        "standard": draft.options.pdf_standard,
    }
    answer = _answer(job, draft.options.pdf_seconds)
    if isinstance(answer, _Failure):
        return Output(problems=(Problem("pdf-failed", PATH, f"The PDF could not be made: {answer.why}.", answer.todo),))
    pdf, log = answer
    return Output({PATH: pdf}, (*left_out, *_complaints(log)))


def _attachments(draft: Draft) -> tuple[dict[str, bytes], tuple[Problem, ...]]:
    """The tables as CSV, smallest first, as long as they fit into ``attach_megabytes`` together."""
    tables = {path: data for path, data in draft.files.items() if path.startswith("data/tables/") and isinstance(data, bytes)}
    room = draft.options.attach_megabytes * 1e6
    fitting: set[str] = set()
    for path in sorted(tables, key=lambda path: (len(tables[path]), path)):
        if len(tables[path]) <= room:
            fitting.add(path)
            room -= len(tables[path])
    problems = tuple(
        Problem(
            "pdf-attachment-left-out", path, f"{n_bytes(len(data))} is too much to attach to the PDF.", f"open {path}", "note"
        )
        for path, data in tables.items()
        if path not in fitting
    )
    return {path: data for path, data in tables.items() if path in fitting}, problems


def _answer(job: dict[str, Any], seconds: float) -> tuple[bytes, list[tuple[str, str]]] | _Failure:
    """The PDF and the child's log, or why there is none."""
    with child("reportgen.render.pdf_worker", _environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            out, _ = process.communicate(json.dumps(job).encode(), timeout=seconds)
        except subprocess.TimeoutExpired:
            return _Failure(f"it took more than {seconds:g} s", _TOO_MUCH)
    head, _, pdf = out.partition(b"\n")
    if not head:
        return _death(process.returncode, job["megabytes"])
    reply = json.loads(head)
    if reply["error"]:
        return _refusal(reply["error"], job["megabytes"])
    return pdf, [(level, message) for level, message in reply["log"]]


def _environment() -> dict[str, str]:
    """Only what finds programs, fonts and modules: the child has no use for anybody's credentials."""
    kept = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    return kept | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "PYTHONHASHSEED": "0"}


def _refusal(error: str, megabytes: int) -> _Failure:
    """What the child's own ``error`` means."""
    if any(sign in error for sign in ("MemoryError", "Cannot allocate memory")):
        return _Failure(f"it needs more than {megabytes} MB of memory", _TOO_MUCH)
    if library := _LIBRARY.search(error):
        return _Failure(f"WeasyPrint needs the library {library[1]}, which this machine does not have", PANGO)
    return _Failure(one_line(error, 300).rstrip("."), "run `reportgen doctor`; report.html has everything")


def _death(code: int, megabytes: int) -> _Failure:
    """Why a child that said nothing is gone; C libraries abort where Python would raise a memory error."""
    if code >= 0:
        return _Failure(f"its process ended with exit code {code}", "run `reportgen doctor`; report.html has everything")
    name = signal.Signals(-code).name
    likely = f", most likely because it needs more than {megabytes} MB of memory" if name in _CRASHES else ""
    return _Failure(f"its process was ended by {name}{likely}", _TOO_MUCH)


def font_families(pattern: str = ":") -> tuple[str, ...] | None:
    """The families of fonts that fontconfig finds, sorted; None where there is no fontconfig to ask."""
    try:
        done = subprocess.run(["fc-list", pattern, "family"], capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return tuple(sorted({line.split(",")[0].strip() for line in done.stdout.splitlines() if line.strip()}))


def _complaints(log: list[tuple[str, str]]) -> tuple[Problem, ...]:
    """WeasyPrint's log as problems: all missing characters in one, every other sentence once."""
    missing: list[str] = []
    others: list[Problem] = []
    for level, message in log:
        if found := _NOTDEF.match(message):
            missing.append(chr(int(found[1], 16)))
        else:
            severity: Severity = "warning" if level == "ERROR" else "note"
            others.append(Problem("pdf-warning", PATH, one_line(message, 300), "", severity))
    return (*_missing_characters(missing), *dict.fromkeys(others))


def _missing_characters(missing: list[str]) -> tuple[Problem, ...]:
    marks = sorted(set(missing))
    if not marks:
        return ()
    shown = " ".join(f"{mark} (U+{ord(mark):04X})" for mark in marks[:8]) + (" …" if len(marks) > 8 else "")
    what = f"No font of this machine has {plural(len(marks), 'character')} of the report: {shown}."
    return (
        Problem(
            "pdf-characters-missing",
            PATH,
            what,
            "install a font that has them, e.g. Noto; report.html is not affected",
            "warning",
        ),
    )
