"""The vocabulary of outcomes: how each outcome of a comparison and each state of a gate is named and coloured, in every output."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from reportgen.model import Agreement, DecisionWord, Gate, GateState, Outcome, Tone


@dataclass(frozen=True, slots=True)
class OutcomeStyle:
    """One row of the vocabulary."""

    sign: str
    title: str
    """Beside the sign, as a heading."""
    phrase: str
    """In a table cell or within a sentence, lower case."""
    tone: Tone


OUTCOMES: Mapping[Outcome, OutcomeStyle] = {
    "better": OutcomeStyle("▲", "Better", "better", "good"),
    "worse": OutcomeStyle("▼", "Worse", "worse", "bad"),
    "unclear": OutcomeStyle("?", "Not clear", "no clear difference", "neutral"),
    "equivalent": OutcomeStyle("=", "Practically equivalent", "practically equivalent", "good"),
    "not_worse": OutcomeStyle("≥", "Not worse", "not worse by the margin", "good"),
    "too_few": OutcomeStyle("!", "Too few runs", "too few runs", "warning"),
    "different": OutcomeStyle("≠", "Different, direction unknown", "different, direction unknown", "neutral"),
    "incomparable": OutcomeStyle("!", "Not comparable", "not comparable", "warning"),
}

GATE_WORDS: Mapping[GateState, str] = {
    "PASS": "passed",
    "FAIL": "failed",
    "INCONCLUSIVE": "inconclusive",
    "NO_DATA": "no data",
}
GATE_TONES: Mapping[GateState, Tone] = {"PASS": "good", "FAIL": "bad", "INCONCLUSIVE": "warning", "NO_DATA": "warning"}


def agreement_of(decision: DecisionWord, outcomes: Collection[Outcome], gates: Iterable[Gate]) -> Agreement:
    """How ``decision`` stands to the outcomes of the comparison that decides and to the gates.

    To ship goes against a gate that did not pass, or against groups that are all worse; to reject goes against a group that is better while
    the gates passed. To wait never goes against anything.
    """
    fails = any(gate.state != "PASS" and not gate.warns for gate in gates)
    good = bool({"better", "equivalent", "not_worse"} & set(outcomes))
    bad = bool(outcomes) and set(outcomes) == {"worse"}
    if decision == "ship":
        return "against" if fails or bad else "supported" if good else "open"
    if decision == "reject":
        return "supported" if fails or bad else "against" if "better" in outcomes else "open"
    return "open"
