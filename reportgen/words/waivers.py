"""Waivers of gates: which gate each is for, and how it is told wherever the gate is."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from reportgen.errors import Problem
from reportgen.formats import one_line
from reportgen.model import Gate, Waiver
from reportgen.words.catalogue import Say

if TYPE_CHECKING:
    from reportgen.config.gates import WaiverConfig


def with_waivers(gates: Iterable[Gate], waivers: Sequence[WaiverConfig], now: datetime, say: Say) -> tuple[Gate, ...]:
    """``gates`` where those that did not pass have their waiver, and say so in their sentence. Of several the longest holds."""
    return tuple(_waived(gate, waivers, now, say) for gate in gates)


def _waived(gate: Gate, waivers: Sequence[WaiverConfig], now: datetime, say: Say) -> Gate:
    own = [one for one in waivers if one.is_for(gate.name)]
    if not own or gate.state == "PASS":
        return gate
    last = max(own, key=lambda one: one.until)
    waiver = Waiver(
        until=f"{last.until:%Y-%m-%d}",
        reason=one_line(last.reason, 500),
        owner=one_line(last.owner, 100),
        issue=one_line(last.issue, 300),
        expired=now.date() > last.until,
    )
    return replace(gate, waiver=waiver, sentence=f"{_words(waiver, say)} {gate.sentence}")


def _words(waiver: Waiver, say: Say) -> str:
    issue = waiver.issue or "none"
    if waiver.expired:
        return say("gates-waiver-expired", until=waiver.until, owner=waiver.owner, issue=issue)
    reason = waiver.reason.rstrip(".")
    return say("gates-waived", until=waiver.until, owner=waiver.owner, reason=reason, issue=issue)


def waiver_problems(gates: Sequence[Gate], waivers: Iterable[WaiverConfig], say: Say) -> tuple[Problem, ...]:
    """A warning for each waiver that is for no gate, or for gates that all pass."""
    found = []
    for waiver in waivers:
        own = [gate for gate in gates if waiver.is_for(gate.name)]
        where = one_line(waiver.gate, 80)
        if not own:
            near = difflib.get_close_matches(waiver.gate, [gate.name for gate in gates], 1, 0.4)
            names = say.listed([one_line(name, 80) for name in near or [gate.name for gate in gates]], 5)
            todo = say("gates-waiver-unknown-todo", names=names)
            found.append(Problem("waiver-unknown-gate", where, say("gates-waiver-unknown"), todo, "warning"))
        elif all(gate.state == "PASS" for gate in own):
            what = say("gates-waiver-unneeded", until=f"{waiver.until:%Y-%m-%d}")
            found.append(Problem("waiver-unneeded", where, what, say("gates-waiver-unneeded-todo"), "warning"))
    return tuple(found)
