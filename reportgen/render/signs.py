"""The signs and words of tones and changes, the same in every output, so that nothing is told by colour alone."""

from __future__ import annotations

from collections.abc import Mapping

from reportgen.model import Tone
from reportgen.words import Words

SIGNS: Mapping[Tone, str] = {"neutral": "", "good": "✓", "bad": "✗", "warning": "!", "best": "★", "muted": ""}
_CHANGES: frozenset[Tone] = frozenset(("good", "bad", "best", "warning"))
"""Tones of a change that say whether it is welcome."""


def change_arrow(delta: float) -> str:
    return "▲" if delta > 0 else "▼" if delta < 0 else "="


def tone_word(tone: Tone) -> str:
    """A tone for who cannot see sign and colour; "" for one without a sign."""
    say = Words()
    return say("page-tone", tone=tone) if SIGNS[tone] else ""


def change_word(tone: Tone) -> str:
    """Whether a change of ``tone`` is welcome; may be empty."""
    say = Words()
    return say("page-change", tone=tone) if tone in _CHANGES else ""
