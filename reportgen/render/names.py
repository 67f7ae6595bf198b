"""Names made from ids of the report: anchors in a page, files in a bundle. Whatever an id holds, they need no escaping."""

from __future__ import annotations

import re

from reportgen.formats import slug
from reportgen.model import Table

_ANCHOR = re.compile(r"[A-Za-z0-9_-]{1,80}")
_STEM = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
_RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))})  # by Windows


def anchor(id: str, prefix: str) -> str:
    """The ``id`` attribute of an element; the prefix keeps it apart from every name that the page's script uses."""
    return f"{prefix}-{id if _ANCHOR.fullmatch(id) else slug(id)}"


def file_stem(id: str) -> str:
    """``id`` as a file name without its ending: itself when it is one already, else a slug of it."""
    return id if _STEM.fullmatch(id) and id not in _RESERVED else slug(id)


def data_path(table: Table) -> str:
    """Where the bundle holds ``table`` as CSV."""
    return f"data/tables/{file_stem(table.id)}.csv"
