"""MLflow → ``Snapshot``: everything that is in a store, with an account of what was left out.

Stores are only ever read. Each kind has a reader behind one Protocol (``reportgen.collect.source``): databases by SQL,
servers by REST, folders of files directly. The libraries behind them are loaded when a store is opened, not before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from reportgen.collect.plan import Plan, PlannedExperiment
from reportgen.collect.reading import Reading
from reportgen.collect.selection import Selection, Store

if TYPE_CHECKING:
    from reportgen.collect.two_phase_read import Survey
    from reportgen.snapshot import Snapshot

Progress = Callable[[int, int, str], None]
"""``(done, total, what)``; may be called from the thread that called ``collect`` only."""


_PLAIN = Reading()


def collect(uri: str, selection: Selection, *, reading: Reading = _PLAIN, progress: Progress | None = None) -> Snapshot:
    """Everything that ``selection`` asks for, from the store at ``uri``.

    What could be read only in part is there with a ``Problem``; the ledger tells how much of what was left out and
    why. Credentials that were logged as data are masked. Raises ``SourceError`` when the store cannot be read at all
    or has no such experiment, ``ConfigError`` for a filter that MLflow does not understand.
    """
    from reportgen.collect.gather import collected

    return collected(uri, selection, progress or (lambda _done, _total, _what: None), reading)


def plan(uri: str, selection: Selection, *, reading: Reading = _PLAIN) -> Plan:
    """What ``collect`` would read, without reading histories. Raises as ``collect`` does."""
    from reportgen.collect.gather import planned

    return planned(uri, selection, reading)


def collect_from(
    stores: Sequence[Store], selection: Selection, *, reading: Reading = _PLAIN, progress: Progress | None = None
) -> Snapshot:
    """``collect`` from one or several ``stores`` into one snapshot; how ids are kept apart is told in ``collect.several``.

    A store that cannot be read is a ``Problem``. Raises ``SourceError`` when none can be read, or when an entry of
    ``selection.experiments`` fits in no store.
    """
    from reportgen.collect.several import collected_from

    return collected_from(stores, selection, progress or (lambda _done, _total, _what: None), reading)


def plan_from(stores: Sequence[Store], selection: Selection, *, reading: Reading = _PLAIN) -> Plan:
    """What ``collect_from`` would read, without reading histories. Raises as it does."""
    from reportgen.collect.several import planned_from

    return planned_from(stores, selection, reading)


def surveyed(
    stores: Sequence[Store], selection: Selection, *, reading: Reading = _PLAIN, progress: Progress | None = None
) -> AbstractContextManager[Survey]:
    """Every run of ``stores`` without its history, and the chance to read the rest of some experiments: ``collect.two_phase_read``."""
    from reportgen.collect.two_phase_read import surveyed as looked_over

    return looked_over(stores, selection, progress or (lambda _done, _total, _what: None), reading)


def recognised(uri: str) -> str:
    """The kind of store that ``uri`` names: ``sqlite``, ``postgresql``, ``mysql``, ``mssql``, ``rest``, ``files``, ``databricks``.

    Nothing is opened. Raises ``SourceError`` for a URI that no reader knows.
    """
    from reportgen.collect.source import recognised as kind_of

    return kind_of(uri)


__all__ = [
    "Plan",
    "PlannedExperiment",
    "Progress",
    "Reading",
    "Selection",
    "Store",
    "collect",
    "collect_from",
    "plan",
    "plan_from",
    "recognised",
    "surveyed",
]
