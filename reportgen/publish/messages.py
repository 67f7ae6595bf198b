"""Messages about a finished report: e-mail, webhook, and whatever Apprise knows. They are sent last, with the report's address in MLflow.

What was told is remembered beside the bundles (``.messages.json`` in the report's folder), so that a repeated build, or ``reportgen publish`` after a
failure, sends only what is missing. A message that fails loses nothing: the bundle is there, its receipt says why, the exit code is 6.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reportgen.collect.pool import LateError, awaited
from reportgen.config import AppriseTarget, EmailTarget, MessageTarget, WebhookTarget
from reportgen.errors import DeliveryError, Problem
from reportgen.formats import one_line
from reportgen.publish.receipt import Receipt
from reportgen.publish.report_facts import ReportFacts
from reportgen.redaction import Redactor
from reportgen.render.bundle import Bundle
from reportgen.uri import Uri
from reportgen.words import Words

FILE = ".messages.json"
PAUSES = (0.0, 2.0, 8.0)
"""Seconds before each try of what may pass: a busy server, a connection that broke."""


class PassingError(Exception):
    """A fault that may pass: the next try may succeed."""


@dataclass(frozen=True, slots=True)
class Message:
    """What every channel tells."""

    bundle: Bundle
    facts: ReportFacts
    url: str
    """Where the report can be opened by the reader of the message; "" where only this machine can."""

    @property
    def subject(self) -> str:
        sign = "✗ " if self.has_open_gates else ""
        return one_line(f"{sign}{self.facts.title}: {self.facts.headline}", 180)

    @property
    def has_open_gates(self) -> bool:
        """Whether a gate asks for attention; one that only warns does not."""
        return self.facts.exit_code == 5

    @property
    def text(self) -> str:
        """A few plain lines."""
        facts, say = self.facts, Words(self.facts.language)
        decision = facts.decision
        word, by, because = (decision.get(key, "") for key in ("decision", "by", "because"))
        lines = [
            facts.headline,
            say("summary-period", window=facts.window, day=facts.day),
            *(say("comment-message-gate", state=state, name=name) for name, state in facts.gates),
            *([say("comment-message-decision", decision=word, by=by, because=because)] if decision else []),
            *([say("comment-message-open", url=self.url)] if self.url else []),
        ]
        return "\n".join(one_line(line, 600) for line in lines if line)

    @property
    def said(self) -> str:
        """A digest of what a reader acts on: headline, gates, decision."""
        return hashlib.sha256(
            repr((self.facts.headline, self.facts.gates, sorted(self.facts.decision.items()))).encode()
        ).hexdigest()


def told(
    bundle: Bundle,
    targets: Sequence[MessageTarget],
    receipts: Sequence[Receipt],
    folder: Path | None,
    *,
    redactor: Redactor,
    seconds: float,
) -> tuple[Receipt, ...]:
    """Tell each of ``targets`` about ``bundle``, each within ``seconds``. ``receipts`` are those of what was delivered before; ``folder`` is the
    report's, None where nothing can be remembered."""
    if not targets:
        return ()
    url = next((one.where for one in receipts if one.state != "failed" and one.where.startswith(("http://", "https://"))), "")
    message = Message(bundle, ReportFacts.of(bundle), url)
    kept = _remembered(folder)
    found: list[Receipt] = []
    for target in targets:
        name, where, key = _named(target)
        receipt = _one(message, target, kept.get(key, {}), name, where, redactor, seconds)
        found.append(receipt)
        if receipt.state == "written":
            kept[key] = {"digest": bundle.digest, "said": message.said}
            _remember(folder, kept)
    return tuple(found)


def _one(
    message: Message, target: MessageTarget, before: dict[str, Any], name: str, where: str, redactor: Redactor, seconds: float
) -> Receipt:
    if before.get("digest") == message.bundle.digest:
        return Receipt(name, "unchanged", f"{where}: sent before")
    if target.when == "changed" and before.get("said") == message.said:
        return Receipt(name, "unchanged", f"{where}: nothing changed since the last message")
    if target.when == "gates" and not message.has_open_gates:
        return Receipt(name, "unchanged", f"{where}: every gate passed")
    try:
        remark = awaited(lambda: _tried(message, target), time.monotonic() + seconds, "reportgen-message", lambda: None)
    except LateError:
        return _failed(name, where, "message-late", f"it was not sent within {seconds:.10g} s", "", redactor)
    except DeliveryError as error:
        return _failed(name, where, error.slug, error.what, error.todo or "", redactor)
    except Exception as error:  # noqa: BLE001  whatever a mail library or a notifier raises is a message that was not sent
        return _failed(name, where, "message-failed", f"{type(error).__name__}: {error}", "", redactor)
    return Receipt(
        name,
        "written",
        where,
        Problem("message-remark", f"{name} {where}", redactor(remark), severity="warning") if remark else None,
    )


def _tried(message: Message, target: MessageTarget) -> str:
    """Send it, again after a fault that may pass; a remark, or "". Raises ``DeliveryError`` after the last try."""
    send = _sender(target)
    for at, pause in enumerate(PAUSES):
        time.sleep(pause)
        try:
            return send(message)
        except PassingError as error:
            if at == len(PAUSES) - 1:
                raise DeliveryError("message-failed", f"{error} (tried {len(PAUSES)} times)") from error
    raise AssertionError


def _sender(target: MessageTarget) -> Callable[[Message], str]:
    match target:
        case EmailTarget():
            from reportgen.publish.email import mailed

            return lambda message: mailed(message, target)
        case WebhookTarget():
            from reportgen.publish.webhook import posted

            return lambda message: posted(message, target)
        case AppriseTarget():
            from reportgen.publish.apprise_channel import notified

            return lambda message: notified(message, target)


def _failed(name: str, where: str, slug: str, what: str, todo: str, redactor: Redactor) -> Receipt:
    todo = todo or "the bundle is kept: `reportgen publish` sends what is missing"
    return Receipt(name, "failed", where, Problem(slug, f"{name} {where}", redactor(one_line(what, 300)), redactor(todo), "gap"))


def _named(target: MessageTarget) -> tuple[str, str, str]:
    """(channel, where in public words, key in the memory): of addresses that are secrets only the host, or less."""
    match target:
        case EmailTarget():
            name, where, whole = "email", f"{len(target.to)} at {Uri.of(target.server).place}", [target.server, *target.to]
        case WebhookTarget():
            name, where, whole = "webhook", Uri.of(target.url).place, [target.url]
        case AppriseTarget():
            name, where, whole = "apprise", ", ".join(url.partition("://")[0][:20] for url in target.urls), list(target.urls)
    return name, where, f"{name}-{hashlib.sha256(json.dumps(whole).encode()).hexdigest()[:16]}"


def _remembered(folder: Path | None) -> dict[str, dict[str, Any]]:
    """Key of a channel → digests of the last message; a file that cannot be read counts for none."""
    with suppress(OSError, ValueError):
        kept = json.loads((folder / FILE).read_bytes()) if folder is not None else {}
        return {key: dict(value) for key, value in kept.items() if isinstance(value, dict)} if isinstance(kept, dict) else {}
    return {}


def _remember(folder: Path | None, kept: dict[str, dict[str, Any]]) -> None:
    if folder is None:
        return
    with suppress(OSError):  # then the next build tells it again
        new = folder / f"{FILE}.new"
        new.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", "utf-8")
        new.replace(folder / FILE)
