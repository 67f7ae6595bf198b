"""Pages of the documentation that are written from the code: rows of tables, and writing or checking a page."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path


def table_row(cells: Iterable[str]) -> str:
    """One row of a Markdown table; each cell is one line in which nothing ends it or begins a tag."""
    return "| " + " | ".join(" ".join(cell.replace("|", "\\|").replace("<", "&lt;").split()) for cell in cells) + " |\n"


def written(page: Path, text: str) -> int:
    """Write ``text`` to ``page``; with ``--check`` only compare them. The exit code."""
    if "--check" in sys.argv:
        return int(page.read_text("utf-8") != text)
    page.write_text(text, "utf-8")
    return 0
