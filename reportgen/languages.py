"""Which language a word is likely in, by its script: a reading voice needs to know, and so does the choice of a Han glyph.

A report is in English; names of runs, experiments and metrics may be in any language. Only what another script shows is marked:
a German name stays unmarked, a Russian or a Bulgarian one is both marked as Russian. One Greek letter is a symbol, not a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_HANGUL = "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af"
_KANA = "\u3040-\u30ff\u31f0-\u31ff"
_HAN = "\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_SCRIPTS: Final = (
    ("he", "\u0590-\u05ff\ufb1d-\ufb4f"),
    ("ar", "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc"),
    ("ru", "\u0400-\u052f"),
    ("el", "\u0370-\u03ff\u1f00-\u1fff"),
    ("hi", "\u0900-\u097f"),
    ("bn", "\u0980-\u09ff"),
    ("ta", "\u0b80-\u0bff"),
    ("th", "\u0e00-\u0e7f"),
    ("ka", "\u10a0-\u10ff"),
    ("hy", "\u0530-\u058f"),
    ("ko", _HANGUL),
    ("zh", f"{_KANA}{_HAN}"),
)
_TELLING: Final = (
    (re.compile("[іїєґІЇЄҐ]"), "ru", "uk"),
    (re.compile("[پچژگ]"), "ar", "fa"),
    (re.compile(f"[{_KANA}]"), "zh", "ja"),
)
"""Letters that only one language of a script has: (letters, language of the script, their language)."""
_RUNS: Final = re.compile("|".join(f"(?P<{language}>[{letters}](?:[^\\w]{{0,2}}[{letters}])*)" for language, letters in _SCRIPTS))
"""Words of one script with at most two signs between them."""


def language_runs(text: str) -> Iterator[tuple[str, str]]:
    """``text`` in pieces: (piece, its language as BCP 47, or "" for the language of the report)."""
    at = 0
    for match in () if text.isascii() else _RUNS.finditer(text):
        script, word = match.lastgroup or "", match[0]
        if script == "el" and len(word) < 2:
            continue
        if match.start() > at:
            yield text[at : match.start()], ""
        yield word, next((own for letters, of, own in _TELLING if of == script and letters.search(word)), script)
        at = match.end()
    if at < len(text):
        yield text[at:], ""
