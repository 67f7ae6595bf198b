"""A small finished bundle to deliver."""

from __future__ import annotations

import json
from typing import Any

from reportgen.render.bundle import Bundle

MANIFEST = {
    "report": {"name": "weekly", "title": "Weekly", "date": "2026-11-20T00:00:00+00:00", "headline": "fine"},
    "snapshot_digest": "5" * 64,
    "metrics": {"n_runs": 2.0},
}
FILES = {
    "report.html": b"<p>one",
    "data/tables/a.csv": b"a,b\n",
    "charts/c.svg": b"<svg/>",
    "summary.md": "é".encode(),
    "manifest.json": json.dumps(MANIFEST).encode(),
}


def delivery(digest: str = "d" * 64, **manifest: Any) -> Bundle:
    """A bundle of this digest, with ``manifest`` over what its manifest says."""
    files = {**FILES, "manifest.json": json.dumps({**MANIFEST, **manifest}).encode()}
    return Bundle("weekly", "Weekly", files, digest, (), 0, 0, 0)


def quietly(done: int, total: int, what: str) -> None:
    """Progress that nobody looks at."""
