"""Delivery of a finished bundle: to the output folder first, then to every channel, each with its own receipt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from reportgen.publish.folder import written
from reportgen.publish.receipt import Receipt

if TYPE_CHECKING:
    from reportgen.collect import Progress
    from reportgen.config import MessageTarget
    from reportgen.publish.mlflow import Target
    from reportgen.redaction import Redactor
    from reportgen.render.bundle import Bundle


def delivered(
    bundle: Bundle,
    folder: Path,
    day: str,
    targets: Sequence[Target],
    messages: Sequence[MessageTarget],
    progress: Progress,
    *,
    redactor: Redactor,
    seconds: float,
    again: bool = False,
    unchanged: Mapping[Target, str] = MappingProxyType({}),
    tags: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Receipt, ...]:
    """Write ``bundle`` of ``day`` into ``folder`` (from ``publish.folder.reserved``), log it to each of ``targets``, and tell
    ``messages``, each within ``seconds``.

    ``unchanged`` is a target → the day of the last report there, where nothing has changed since: it gets nothing new. ``tags`` are
    further ones of the report run. Raises ``OutputError`` or ``BudgetError`` as ``publish.folder.written`` does; a channel that fails has a receipt that says so.
    """
    first = written(bundle, folder, day, again=again)
    more = sent(
        bundle, targets, messages, progress, folder=folder, redactor=redactor, seconds=seconds, unchanged=unchanged, tags=tags
    )
    return (first, *more)


def sent(
    bundle: Bundle,
    targets: Sequence[Target],
    messages: Sequence[MessageTarget],
    progress: Progress,
    *,
    folder: Path | None,
    redactor: Redactor,
    seconds: float,
    unchanged: Mapping[Target, str] = MappingProxyType({}),
    tags: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Receipt, ...]:
    """Deliver ``bundle`` to each of ``targets``, then tell ``messages``, each step within ``seconds``; one that fails has a receipt that says so.

    ``folder`` is the report's, where what was told is remembered; None where there is none.
    """
    receipts: list[Receipt] = []
    for target in targets:
        from reportgen.publish.mlflow import logged
        from reportgen.publish.mlflow_runs import linked

        if target in unchanged:
            words = f"nothing has changed since the report of {unchanged[target]} in experiment {target.experiment}"
            receipts.append(Receipt("mlflow", "unchanged", words))
            continue
        receipts.append(logged(bundle, target, progress, redactor=redactor, seconds=seconds, tags=tags))
        more = linked(bundle, target, receipts[-1], progress, redactor=redactor, seconds=seconds)
        receipts += [more] if more is not None else []
    if messages:
        from reportgen.publish.messages import told

        progress(0, 0, "sending messages")
        receipts += told(bundle, messages, receipts, folder, redactor=redactor, seconds=seconds)
    return tuple(receipts)
