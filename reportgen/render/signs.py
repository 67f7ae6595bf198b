"""The signs and words of tones and changes, the same in every output, so that nothing is told by colour alone."""

from __future__ import annotations

from collections.abc import Mapping

from reportgen.model import Tone

SIGNS: Mapping[Tone, str] = {"neutral": "", "good": "✓", "bad": "✗", "warning": "!", "best": "★", "muted": ""}
TONE_WORDS: Mapping[Tone, str] = {"neutral": "", "good": "good", "bad": "bad", "warning": "warning", "best": "best", "muted": ""}
CHANGE_WORDS: Mapping[Tone, str] = {"good": "better", "bad": "worse", "best": "best so far", "warning": "check"}


def change_arrow(delta: float) -> str:
    return "▲" if delta > 0 else "▼" if delta < 0 else "="
