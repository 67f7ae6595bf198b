"""A small finished bundle to deliver."""

from __future__ import annotations

from datetime import UTC, datetime

from reportgen.model import Provenance, Report, Table, Window
from reportgen.render.bundle import Bundle

FILES = {
    "report.html": b"<p>one",
    "data/tables/a.csv": b"a,b\n",
    "charts/c.svg": b"<svg/>",
    "summary.md": "é".encode(),
    "manifest.json": b"{}",
}


def delivery(digest: str = "d" * 64) -> tuple[Bundle, Report]:
    ledger = Table("ledger", "", (), ())
    report = Report(
        name="weekly",
        title="Weekly",
        generated_at=datetime(2026, 11, 20, tzinfo=UTC),
        window=Window(None, None, "all time"),
        sections=(),
        problems=(),
        provenance=Provenance("sqlite:///x.db", "sqlite", "5" * 64, "c" * 64, (), ledger),
        headline="fine",
        metrics={"n_runs": 2.0},
    )
    return Bundle("weekly", "Weekly", FILES, digest, (), 0, 0, 0), report


def quietly(done: int, total: int, what: str) -> None:
    """Progress that nobody looks at."""
