"""The lines around the headline: the period that page 1 is about, and the chips that say how far it can be trusted."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from reportgen.formats import one_line, zone_text
from reportgen.locales import locale
from reportgen.model import Chip, Gate, Report, Tone, Window
from reportgen.outcomes import GATE_TONES
from reportgen.render.common_sections import items_of
from reportgen.render.names import anchor
from reportgen.render.options import Draft
from reportgen.words import Words

MOST_GATES = 2
"""Gates that did not pass and have a chip of their own; more are counted."""


@dataclass(frozen=True, slots=True)
class ChipView:
    """A few words under the headline, and where to read on."""

    text: str
    tone: Tone
    href: str = ""


def period_words(window: Window, at: datetime) -> str:
    """ "Week 48 · 23–29 November 2026 (UTC)"; of a report over all time the day that it reaches to."""
    say, zone, last = Words(), zone_text(), window.end - timedelta(milliseconds=1) if window.end else None
    if window.start is None and last is None:
        return say("brief-all", day=_day(at))
    if window.start is None or last is None:
        return (
            say("brief-from", first=_day(window.start), zone=zone)
            if window.start
            else say("brief-until", last=_day(last or at), zone=zone)
        )
    days = _days(window.start, last)
    if window.start.isoweekday() == 1 and (last - window.start).days == 6:
        return say("brief-week", week=str(window.start.isocalendar().week), days=days, zone=zone)
    return say("brief-days", days=days, zone=zone)


def _day(at: datetime) -> str:
    say, at = Words(), locale().at(at)
    return say("brief-day", day=str(at.day), month=at.month, year=str(at.year))


def _days(first: datetime, last: datetime) -> str:
    """ "23–29 November 2026"; a month that both days share is printed once."""
    say, first, last = Words(), locale().at(first), locale().at(last)
    if first.date() == last.date():
        return _day(first)
    if (first.year, first.month) == (last.year, last.month):
        return say("brief-days-of-month", first=str(first.day), last=str(last.day), month=last.month, year=str(last.year))
    return say("brief-days-apart", first=_day(first), last=_day(last))


def chips_of(draft: Draft, sections: Collection[str]) -> Iterator[ChipView]:
    """The report's own chips, its gates, and whether its data are complete; ``sections`` are ids that a chip can lead to."""
    report = draft.report
    for chip in (*(report.sections[0].chips if report.sections else ()), *_gate_chips(report), *_data_chips(draft)):
        yield ChipView(chip.text, chip.tone, f"#{anchor(chip.section, 's')}" if chip.section in sections else "")


def _gate_chips(report: Report) -> Iterator[Chip]:
    say, gates = Words(), report.gates
    passed = sum(gate.state == "PASS" for gate in gates)
    if passed:
        yield Chip(say("brief-gates", passed=passed, n=len(gates)), "good", "gates")
    for gate in gates:
        if gate.waiver and gate.is_waived:
            yield Chip(say("brief-gate-waived", name=_gate_name(gate), until=gate.waiver.until), "warning", "gates")
    failed = [gate for gate in gates if gate.state == "FAIL" and not gate.is_waived]
    undecided = [gate for gate in gates if gate.state in ("INCONCLUSIVE", "NO_DATA") and not gate.is_waived]
    if len(failed) + len(undecided) <= MOST_GATES:
        yield from (Chip(_gate_name(gate), GATE_TONES[gate.state], "gates") for gate in failed)
        yield from (Chip(say("brief-gate-open", name=_gate_name(gate)), "warning", "gates") for gate in undecided)
        return
    if failed:
        yield Chip(say("brief-gates-failed", n=len(failed)), "bad", "gates")
    if undecided:
        yield Chip(say("brief-gates-open", n=len(undecided)), "warning", "gates")


def _gate_name(gate: Gate) -> str:
    return one_line(gate.name, 60)


def _data_chips(draft: Draft) -> Iterator[Chip]:
    say, problems = Words(), draft.problems
    n_gaps = sum(problem.severity == "gap" for problem in problems)
    n_care = sum(problem.severity == "warning" for problem in problems)
    if n_gaps:
        yield Chip(say("brief-gaps", n=n_gaps), "bad", "problems")
    if n_care:
        yield Chip(say("brief-care", n=n_care), "warning", "problems")
    if not n_gaps:
        yield Chip(_complete_words(draft.report), "neutral", "provenance")


def _complete_words(report: Report) -> str:
    """How many runs were read, where none that was asked for is missing."""
    say = Words()
    n_store, n_read = items_of(report.provenance.ledger).get("runs", (0, 0))
    if not n_read:
        return say("brief-complete-none")
    return say("brief-complete-all", n=n_read) if n_read == n_store else say("brief-complete", read=n_read)
