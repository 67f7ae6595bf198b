"""Words that run from right to left inside pages that run from left to right: where they are, and how they stay by themselves.

Beside Hebrew or Arabic letters the bidirectional algorithm of Unicode (UAX 9) moves brackets, commas and digits that belong to
the sentence: ``(נסיון), 3 of 4`` shows the 3 before the name. What is isolated moves nothing around it. A page isolates by
markup, a picture and Markdown by the characters ``FSI`` and ``PDI``; a name cannot hold them, because ``formats.visible`` has
made every mark of direction in it visible before.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

FSI: Final = "\N{FIRST STRONG ISOLATE}"
PDI: Final = "\N{POP DIRECTIONAL ISOLATE}"

# The blocks in which Unicode has nothing but letters from right to left and their signs.
_RTL = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
_WORD = re.compile(r"\S+")
_PAUSE = re.compile("[,:;.!?] ")
_LATIN = re.compile("[A-Za-z]")
_NUMBER = re.compile(r"[-+\N{MINUS SIGN}]?\d[\d.,:%]*")
_JOINERS = "\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}"
_CLOSERS = {"(": ")", "[": "]", "{": "}", "<": ">"}
_OPENERS = {closer: opener for opener, closer in _CLOSERS.items()}
_MOST_AROUND: Final = 8
"""So many signs of the sentence around a word are looked for; the others are isolated with it."""
_BEFORE = '"“‘«'
_AFTER = '"”’».,;:!?…'


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a line."""

    text: str
    is_isolated: bool


def holds_rtl(text: str) -> bool:
    """Whether there is a letter or digit of a script from right to left in ``text``."""
    return not text.isascii() and _RTL.search(text) is not None


def is_rtl(name: str) -> bool:
    """Whether ``name`` as a whole runs from right to left: it begins so, at least half of its letters do, and no English follows."""
    if not holds_rtl(name) or ((pause := _PAUSE.search(name)) and _LATIN.search(name, pause.end())):
        return False
    sides = [kind != "L" for kind in map(unicodedata.bidirectional, name) if kind in ("L", "R", "AL")]
    return bool(sides) and sides[0] and 2 * sum(sides) >= len(sides)


def runs_of(sentence: str) -> tuple[Run, ...]:
    """``sentence`` in pieces: words from right to left that follow each other are isolated together.

    Punctuation around a word is the sentence's, so are numbers after it; a number between two such words is theirs.
    """
    runs: list[Run] = []
    at = 0
    for start, end in _spans(sentence) if holds_rtl(sentence) else ():
        if start > at:
            runs.append(Run(sentence[at:start], is_isolated=False))
        runs.append(Run(sentence[start:end], is_isolated=True))
        at = end
    return (*runs, Run(sentence[at:], is_isolated=False)) if at < len(sentence) else tuple(runs)


def isolated(label: str, opening: str = FSI, closing: str = PDI) -> str:
    """``label`` in its own direction if it is a name from right to left, else with its words from right to left isolated."""
    runs = (Run(label, is_isolated=True),) if is_rtl(label) else runs_of(label)
    return "".join(f"{opening}{run.text}{closing}" if run.is_isolated else run.text for run in runs)


def needs_shaping(text: str) -> bool:
    """Whether letters of ``text`` cannot be drawn one by one from left to right: they run leftwards, join, or carry signs."""
    return not text.isascii() and any(
        _RTL.match(char) or char in _JOINERS or unicodedata.category(char)[0] == "M" for char in text
    )


def _spans(sentence: str) -> Iterator[tuple[int, int]]:
    """Where runs begin and end."""
    start = end = 0
    goes_on = False
    for word in _WORD.finditer(sentence):
        if not _RTL.search(word[0]):
            goes_on = goes_on and _NUMBER.fullmatch(word[0]) is not None
            continue
        first, last = _inner(sentence, *word.span())
        runs_leftwards = is_rtl(sentence[first:last])
        if not (goes_on and runs_leftwards and first == word.start()):
            if end > start:
                yield start, end
            start = first
        end = last
        goes_on = runs_leftwards and end == word.end()
    yield start, end


def _inner(sentence: str, start: int, end: int) -> tuple[int, int]:
    """The word between ``start`` and ``end`` without the quotes, brackets and punctuation of the sentence around it."""
    for _ in range(_MOST_AROUND):
        first, last, word = sentence[start], sentence[end - 1], sentence[start:end]
        if len(word) < 2:
            break
        if last in _AFTER:
            end -= 1
        elif first in _BEFORE:
            start += 1
        elif first in _CLOSERS and last == _CLOSERS[first]:
            start, end = start + 1, end - 1
        elif first in _CLOSERS and _CLOSERS[first] not in word:
            start += 1
        elif last in _OPENERS and _OPENERS[last] not in word:
            end -= 1
        else:
            break
    return start, end
