"""Delivery of a finished bundle: to the output folder first, then to every channel, each with its own receipt."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.publish.folder import written
from reportgen.publish.receipt import Receipt

if TYPE_CHECKING:
    from reportgen.collect import Progress
    from reportgen.model import Report
    from reportgen.publish.mlflow import Target
    from reportgen.redaction import Redactor
    from reportgen.render.bundle import Bundle


def delivered(
    bundle: Bundle,
    report: Report,
    folder: Path,
    targets: Sequence[Target],
    progress: Progress,
    *,
    redactor: Redactor,
    seconds: float,
    again: bool = False,
) -> tuple[Receipt, ...]:
    """Write ``bundle`` into ``folder`` (from ``publish.folder.reserved``) and log it to each of ``targets`` within ``seconds``.

    Raises ``OutputError`` or ``BudgetError`` as ``publish.folder.written`` does; a channel that fails has a receipt that says so.
    """
    first = written(bundle, folder, f"{report.generated_at:%Y-%m-%d}", again=again)
    return (first, *sent(bundle, targets, progress, redactor=redactor, seconds=seconds))


def sent(
    bundle: Bundle, targets: Sequence[Target], progress: Progress, *, redactor: Redactor, seconds: float
) -> tuple[Receipt, ...]:
    """Deliver ``bundle`` to each of ``targets``, each step within ``seconds``; one that fails has a receipt that says so."""
    if not targets:
        return ()
    from reportgen.publish.mlflow import logged
    from reportgen.publish.mlflow_runs import linked

    receipts: list[Receipt] = []
    for target in targets:
        receipts.append(logged(bundle, target, progress, redactor=redactor, seconds=seconds))
        more = linked(bundle, target, receipts[-1], progress, redactor=redactor, seconds=seconds)
        receipts += [more] if more is not None else []
    return tuple(receipts)
