"""MLflow → ``Snapshot``: everything that is in one store or several, with an account of what was left out.

Stores are only ever read. Each kind has a reader behind one Protocol (``reportgen.collect.source``): databases by SQL,
servers by REST, folders of files directly. What is imported here is light; the libraries that read come with the first call.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from reportgen.collect.plan import Plan, PlannedExperiment
from reportgen.collect.reading import Reading
from reportgen.collect.selection import Selection, Store

if TYPE_CHECKING:
    from reportgen.snapshot import Snapshot

Progress = Callable[[int, int, str], None]
"""``(done, total, what)``; may be called from the thread that called ``collect`` only."""


_PLAIN = Reading()


def collect(
    stores: str | Sequence[Store], selection: Selection, *, reading: Reading = _PLAIN, progress: Progress | None = None
) -> Snapshot:
    """Everything that ``selection`` asks for, from one store (its URI is enough) or several.

    What could be read only in part is there with a ``Problem``, and so is a store that cannot be read beside others; the ledger
    tells how much of what was left out and why. Credentials that were logged as data are masked. How ids of several stores are
    kept apart: ``collect.merge_stores``. Raises ``SourceError`` when no store can be read or an experiment is in none of them,
    ``ConfigError`` for a filter that MLflow does not understand.
    """
    from reportgen.collect.two_phase_read import two_phase_read

    progress = progress or (lambda _done, _total, _what: None)
    with two_phase_read(stores, selection, reading=reading, progress=progress) as runs:
        return runs.snapshot(progress)


def plan(stores: str | Sequence[Store], selection: Selection, *, reading: Reading = _PLAIN) -> Plan:
    """What ``collect`` would read, without reading histories. Raises as ``collect`` does."""
    from reportgen.collect.two_phase_read import two_phase_read

    with two_phase_read(stores, selection, reading=reading) as runs:
        return runs.plan()


__all__ = ["Plan", "PlannedExperiment", "Progress", "Reading", "Selection", "Store", "collect", "plan"]
