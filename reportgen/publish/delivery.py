"""Delivery of a finished bundle: to the output folder first, then to every channel, each with its own receipt."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.publish.folder import written
from reportgen.publish.receipt import Receipt

if TYPE_CHECKING:
    from reportgen.model import Report
    from reportgen.publish.mlflow import Target
    from reportgen.redaction import Redactor
    from reportgen.render.bundle import Bundle


def delivered(
    bundle: Bundle, report: Report, folder: Path, targets: Sequence[Target], *, redactor: Redactor, again: bool = False
) -> tuple[Receipt, ...]:
    """Write ``bundle`` into ``folder`` (from ``publish.folder.reserved``) and log it to ``targets``.

    Raises ``OutputError`` or ``BudgetError`` as ``publish.folder.written`` does; a channel that fails has a receipt that says so.
    """
    first = written(bundle, folder, f"{report.generated_at:%Y-%m-%d}", again=again)
    if not targets:
        return (first,)
    from reportgen.publish.mlflow import logged

    return (first, *(logged(bundle, report, target, redactor=redactor) for target in targets))
