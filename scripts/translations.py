"""List what each translation lacks against English: messages, values of messages, and messages that are there no more.

``python -m scripts.translations`` for all languages, ``python -m scripts.translations zh_CN`` for one; exit code 1 when something is missing.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from fluent.syntax import FluentParser, ast
from fluent.syntax.visitor import Visitor

from reportgen.words import DEFAULT_LANGUAGE
from reportgen.words.catalogue import CATALOGUES


class _Values(Visitor):
    """Names of the values that a message needs."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def visit_VariableReference(self, node: ast.VariableReference) -> None:  # noqa: N802 - Fluent's name
        self.names.add(node.id.name)


def messages(language: str, catalogues: Path = CATALOGUES) -> dict[str, tuple[str, frozenset[str]]]:
    """Id → (file, names of its values). Raises ``ValueError`` for what is no message, and for an id that is there twice."""
    found: dict[str, tuple[str, frozenset[str]]] = {}
    for file in sorted((catalogues / language).glob("*.ftl")):
        for entry in FluentParser().parse(file.read_text("utf-8")).body:
            if isinstance(entry, ast.Junk):
                raise ValueError(f"{language}/{file.name} has what is no message: {entry.content}")  # noqa: TRY004
            if isinstance(entry, ast.Message):
                if entry.id.name in found:
                    raise ValueError(f"{language}/{file.name}: {entry.id.name} is there twice")
                values = _Values()
                values.visit(entry)
                found[entry.id.name] = (file.stem, frozenset(values.names))
    return found


def lacks(language: str, catalogues: Path = CATALOGUES) -> Iterator[str]:
    """What ``language`` lacks, a line for each message."""
    wanted, there = messages(DEFAULT_LANGUAGE, catalogues), messages(language, catalogues)
    for message in sorted(wanted.keys() | there.keys()):
        if message not in there:
            yield f"{language}/{wanted[message][0]}.ftl lacks {message}"
        elif message not in wanted:
            yield f"{language}/{there[message][0]}.ftl has {message}, which is no message any more"
        elif wanted[message][1] - there[message][1]:
            yield f"{language}: {message} lacks {', '.join(sorted(wanted[message][1] - there[message][1]))}"
        elif there[message][1] - wanted[message][1]:
            yield f"{language}: {message} has no value {', '.join(sorted(there[message][1] - wanted[message][1]))}"


def main(arguments: list[str]) -> int:
    """Print what is missing."""
    languages = arguments or sorted(folder.name for folder in CATALOGUES.iterdir() if list(folder.glob("*.ftl")))
    lines = [line for language in languages if language != DEFAULT_LANGUAGE for line in lacks(language)]
    print("\n".join(lines) or f"complete: {', '.join(languages)}")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
