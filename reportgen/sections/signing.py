"""A person's decision beside the computed verdict, in the first section; nothing that was computed changes."""

from __future__ import annotations

from dataclasses import replace

from reportgen.config import DecideConfig
from reportgen.formats import one_line
from reportgen.model import Block, Decision, Gate, Notice, Section, Verdict
from reportgen.outcomes import agreement_of
from reportgen.words import Say


def decision_of(decide: DecideConfig | None, sections: tuple[Section, ...], gates: tuple[Gate, ...]) -> Decision | None:
    """The recorded decision with how it stands to the verdicts of the first section and to the gates; None when there is none."""
    if decide is None:
        return None
    outcomes = [block.outcome for section in sections[:1] for block in section.blocks if isinstance(block, Verdict)]
    on = decide.on.isoformat() if decide.on else ""
    return Decision(
        decide.decision, one_line(decide.by), decide.because.strip(), on, agreement_of(decide.decision, outcomes, gates)
    )


def with_decision(sections: tuple[Section, ...], decision: Decision | None, say: Say) -> tuple[Section, ...]:
    """``sections`` with the decision behind the last verdict of the first one, or behind its opening where it has no verdict."""
    if decision is None or not sections:
        return sections
    first, *others = sections
    verdicts = [at for at, block in enumerate(first.blocks) if isinstance(block, Verdict)]
    at = verdicts[-1] + 1 if verdicts else min(1, len(first.blocks))
    blocks = (*first.blocks[:at], decision_block(decision, say), *first.blocks[at:])
    return (replace(first, blocks=blocks), *others)


def decision_block(decision: Decision, say: Say) -> Block:
    who = say("signing-who-on", by=decision.by, day=decision.on) if decision.on else decision.by
    because = decision.because if decision.because.endswith((".", "!", "?", "…")) else f"{decision.because}."
    text = say("signing-text", who=who, because=" ".join(because.split()), agreement=decision.agreement)
    return Notice(
        "warning" if decision.agreement == "against" else "neutral", say("signing-title", decision=decision.decision), text
    )
