"""Names of reports, which are names of folders."""

from __future__ import annotations

import hashlib
import re
import unicodedata

REPORT_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
RESERVED_NAMES = frozenset(
    ["latest", "latest-complete", "con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))]
)
"""Names that lead to the newest bundle, and names of devices that no folder can have on Windows."""


def report_name(text: str, also: str = "") -> str:
    """The name, and so the folder, of a report that nobody named: ``text`` where it may be one, else what it has of letters and
    digits with six hex digits of its SHA-256, so that two reports share no folder. ``also`` tells apart those with one text."""
    if not also and REPORT_NAME.fullmatch(text) and text not in RESERVED_NAMES:
        return text
    words = re.sub(r"[^a-z0-9]+", "-", unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower())
    digest = hashlib.sha256(f"{text}\0{also}".encode("utf-8", "surrogatepass")).hexdigest()[:6]
    return f"{words.strip('-')[:56].strip('-') or 'report'}-{digest}"
