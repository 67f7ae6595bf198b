"""Analysis says nothing: no sentence stands in its code, so that a language is a catalogue and nothing reads a sentence."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ANALYZE = Path(__file__).parents[2] / "reportgen" / "analyze"

NOT_HERE = {
    "methods": "a statistics library of its own: its notes are diagnostics such as SciPy's, told as they are",
    "replicates.py": "a group's label is an identity: it sorts groups and seeds their random draws",
    "earlier_runs.py": "a key that snapshots are saved with",
}
"""File or folder → why its literals stay."""


def sentences(file: Path) -> Iterator[tuple[int, str]]:
    """Literals of three words or more; not docstrings, patterns, vocabularies and messages of raised errors."""
    tree = ast.parse(file.read_text("utf-8"))
    skipped: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            skipped.add(id(node.value))
        if isinstance(node, ast.Raise) or (isinstance(node, ast.Call) and is_no_text(node.func)):
            skipped |= {id(inner) for inner in ast.walk(node)}
        if isinstance(node, ast.JoinedStr) and id(node) not in skipped:
            skipped |= {id(part) for part in node.values}
            text = "".join(part.value if isinstance(part, ast.Constant) else "x" for part in node.values)  # type: ignore[misc]
            if len(text.split()) >= 3:
                yield node.lineno, text
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skipped
        if is_text and len(node.value.split()) >= 3:  # type: ignore[attr-defined]
            yield node.lineno, node.value  # type: ignore[attr-defined]


def is_no_text(function: ast.expr) -> bool:
    """``vocabulary("…")``, ``"…".split()``, ``re.compile("…")``."""
    name = function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    return name in ("vocabulary", "split", "compile")


def test_analysis_holds_no_sentence() -> None:
    found = [
        f"{file.relative_to(ANALYZE)}:{line}: {text}"
        for file in sorted(ANALYZE.rglob("*.py"))
        if file.relative_to(ANALYZE).parts[0] not in NOT_HERE
        for line, text in sentences(file)
    ]
    assert found == []


def test_the_list_of_exceptions_is_no_longer_than_it_must_be() -> None:
    for name in NOT_HERE:
        files = [ANALYZE / name] if name.endswith(".py") else sorted((ANALYZE / name).glob("*.py"))
        assert any(list(sentences(file)) for file in files), name
