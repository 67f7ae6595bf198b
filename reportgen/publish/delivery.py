"""Delivery of a finished bundle: to the output folder first, then to every channel, each with its own receipt."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.publish.folder import written
from reportgen.publish.receipt import Receipt

if TYPE_CHECKING:
    from reportgen.collect import Progress
    from reportgen.config import MessageTarget
    from reportgen.model import Report
    from reportgen.publish.mlflow import Target
    from reportgen.redaction import Redactor
    from reportgen.render.bundle import Bundle


def delivered(
    bundle: Bundle,
    report: Report,
    folder: Path,
    targets: Sequence[Target],
    messages: Sequence[MessageTarget],
    progress: Progress,
    *,
    redactor: Redactor,
    seconds: float,
    again: bool = False,
) -> tuple[Receipt, ...]:
    """Write ``bundle`` into ``folder`` (from ``publish.folder.reserved``) log it to each of ``targets``, and tell
    ``messages``, each within ``seconds``.

    Raises ``OutputError`` or ``BudgetError`` as ``publish.folder.written`` does; a channel that fails has a receipt that says so.
    """
    first = written(bundle, folder, f"{report.generated_at:%Y-%m-%d}", again=again)
    return (first, *sent(bundle, targets, messages, progress, folder=folder, redactor=redactor, seconds=seconds))


def sent(
    bundle: Bundle,
    targets: Sequence[Target],
    messages: Sequence[MessageTarget],
    progress: Progress,
    *,
    folder: Path | None,
    redactor: Redactor,
    seconds: float,
) -> tuple[Receipt, ...]:
    """Deliver ``bundle`` to each of ``targets``, then tell ``messages``, each step within ``seconds``; one that fails has a receipt that says so.

    ``folder`` is the report's, where what was told is remembered; None where there is none.
    """
    receipts: list[Receipt] = []
    for target in targets:
        from reportgen.publish.mlflow import logged
        from reportgen.publish.mlflow_runs import linked

        receipts.append(logged(bundle, target, progress, redactor=redactor, seconds=seconds))
        more = linked(bundle, target, receipts[-1], progress, redactor=redactor, seconds=seconds)
        receipts += [more] if more is not None else []
    if messages:
        from reportgen.publish.messages import told

        progress(0, 0, "sending messages")
        receipts += told(bundle, messages, receipts, folder, redactor=redactor, seconds=seconds)
    return tuple(receipts)
