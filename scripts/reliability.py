"""Write docs/reliability.md from the tests: every fault that a test tries, what happens, and the exit code.

    python -m scripts.reliability            write the page
    python -m scripts.reliability --check    end with 1 when the page is not what the tests say

A row is a mark on the test that shows it, ``@pytest.mark.fault("what goes wrong", "what happens", at="server", exit=3)``; a test
may have several. The tests are read, not run.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from scripts.pages import table_row, written

ROOT = Path(__file__).resolve().parent.parent
TESTS = ROOT / "tests"
PAGE = ROOT / "docs" / "reliability.md"

PLACES = {
    "server": "Tracking server and network",
    "database": "Database",
    "files": "Folders of files",
    "artifacts": "Artifacts of runs",
    "delivery": "Output folder and delivery",
    "config": "Config and command line",
    "text": "Hostile text and secrets",
    "machine": "The machine: disk, memory, fonts, browser, cache",
    "process": "Processes and streams",
}
"""Where a fault lies → the heading of its table."""

HEADER = """\
# What goes wrong, and what happens then

*This page is written from the tests by `make docs`; do not edit it.*

Each of these {n_rows} rows is tried by the test that it names. The exit code is that of a command that meets this fault alone: 0 complete, 2 wrong use,
3 partial, 4 no source, 6 not delivered, 7 locked, 8 out of time, memory or disk, 130 and 143 interrupted ([all codes](ci.md#exit-codes)); – where the test looks at
a part that decides no code. After 2, 4, 7 and 8 the last report stays as it is. [Problems and errors](problems.md) has what each of them says.
"""
COLUMNS = """
| what goes wrong | what happens | exit code | shown by |
|---|---|---|---|
"""


@dataclass(frozen=True, slots=True)
class Fault:
    """One mark on one test."""

    at: str
    wrong: str
    happens: str
    exits: tuple[int, ...]
    """The codes that it may have; none where the test shows none."""
    path: Path
    """Of the test, from the root of the repository."""
    test: str


def faults() -> list[Fault]:
    """Every mark of every test, by place, then in the order of the files. Raises ``ValueError`` for one that is not whole."""
    found = [fault for path in sorted(TESTS.rglob("test_*.py")) for fault in faults_of(path)]
    return sorted(found, key=lambda fault: list(PLACES).index(fault.at))


def faults_of(path: Path) -> Iterator[Fault]:
    """The marks in one file of tests."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.FunctionDef):
            continue
        for decorator in node.decorator_list:
            if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "pytest.mark.fault":
                yield _fault(decorator, path, node.name)


def _fault(mark: ast.Call, path: Path, test: str) -> Fault:
    try:
        wrong, happens = (ast.literal_eval(argument) for argument in mark.args)
        given: Mapping[str, object] = {str(keyword.arg): ast.literal_eval(keyword.value) for keyword in mark.keywords}
        at, exits = given["at"], given.get("exit", ())
        codes = exits if isinstance(exits, tuple) else (exits,)
        if not test.startswith("test_") or at not in PLACES or given.keys() - {"at", "exit"}:
            raise ValueError
    except (KeyError, ValueError) as error:
        raise ValueError(f"{path.name}: {test}: no whole fault: {ast.unparse(mark)}") from error
    return Fault(str(at), str(wrong), str(happens), codes, path.relative_to(TESTS.parent), test)


def page() -> str:
    """The page that the tests ask for."""
    every = faults()
    text = HEADER.format(n_rows=len(every))
    for at, heading in PLACES.items():
        rows = "".join(_row(fault) for fault in every if fault.at == at)
        text += f"\n## {heading}\n{COLUMNS}{rows}" if rows else ""
    return text


def _row(fault: Fault) -> str:
    codes = " or ".join(map(str, fault.exits)) or "–"
    link = f"[`{fault.test}`](../{fault.path.as_posix()})"
    cells = (fault.wrong, fault.happens, codes, link)
    return table_row(cells)


if __name__ == "__main__":
    sys.exit(written(PAGE, page()))
