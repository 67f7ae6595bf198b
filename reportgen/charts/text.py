"""Words inside pictures: escaping, shortening, wrapping, and how wide they will be.

Every name, label and value in a ``Chart`` is hostile until it went through ``plotly_text`` (Plotly reads a small HTML
of its own, keeps ``style=`` attributes, and fills ``%{…}`` in some texts). Paper's shapes hold ``plain_text``, which
``svg`` escapes.

Widths are estimates, made without any font file so that screen and paper agree on the same margins. They
err to the wide side: a margin a little too wide is better than a cut label.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import itemgetter

from reportgen.bidi import isolated
from reportgen.formats import after_number, before_number, one_line

_NARROW = frozenset("iIl.,:;|!'`()[]{}jtfr/\\ \N{NARROW NO-BREAK SPACE}\N{MIDDLE DOT}-")
_WIDE = frozenset("mwMW@%\N{HORIZONTAL ELLIPSIS}\N{EM DASH}")
_BREAK = re.compile(r"(?<=[\s_\-/.,:])")
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "%": "&#37;", "$": "&#36;"})


def plain_text(text: str, most: int = 200) -> str:
    """``text`` on one line, with control and direction characters made visible."""
    return one_line(text, most)


def plotly_text(text: str, most: int = 200) -> str:
    """``text`` as Plotly shows it literally: no tags, no entities, no ``%{…}`` template, no TeX.

    ``%`` and ``$`` become numeric entities: Plotly looks for templates and formulas before it decodes entities. Words from
    right to left are isolated by characters: Plotly's HTML has no ``<bdi>``.
    """
    return isolated(plain_text(text, most)).translate(_ENTITIES)


def plotly_lines(lines: str) -> str:
    """Text that is already broken into lines (by ``wrapped`` or by ticks), for Plotly."""
    return "<br>".join(isolated(line).translate(_ENTITIES) for line in lines.split("\n"))


def width_of(text: str, size: float) -> float:
    """About how wide ``text`` is at ``size`` px, in px; of several lines the widest."""
    return max(sum(map(_ems, line)) for line in text.split("\n")) * size


def _ems(char: str) -> float:
    if char in _NARROW:
        return 0.36
    if char in _WIDE:
        return 0.95
    if unicodedata.combining(char):
        return 0.0
    if unicodedata.east_asian_width(char) in "WF":
        return 1.02
    return 0.71 if char.isupper() else 0.63 if char.isdecimal() else 0.59


def shortened(text: str, room: float, size: float) -> str:
    """``text`` cut in its middle with an ellipsis until it is at most ``room`` px wide.

    The middle goes first because run names differ at their ends (``…-seed3``) as often as at their beginnings.
    """
    if width_of(text, size) <= room:
        return text
    keep = len(text)
    while keep > 1:
        keep -= 1
        head = (keep * 3 + 2) // 5
        tail = len(text) - (keep - head)
        cut = text[: before_number(text, head)].rstrip() + "…" + text[after_number(text, tail) :].lstrip()
        if width_of(cut, size) <= room:
            return cut
    return "…"


def short_names(names: Iterable[str], room: float, size: float) -> dict[str, str]:
    """Each name with its short form of at most ``room`` px; different names stay different.

    What the names have in common goes first: ``learning_rate=0.3, seed=1`` and ``learning_rate=0.05, seed=2`` are cut to
    ``…0.3, seed=1`` and ``…0.05, seed=2``.
    """
    short: dict[str, str] = {}
    taken: set[str] = set()
    kept = list(dict.fromkeys(names))
    for name, parts in zip(kept, _parts([plain_text(name) for name in kept]), strict=True):
        whole = _without_common(parts, room, size)
        text, n = shortened(whole, room, size), 1
        while text in taken:
            n += 1
            mark = f" #{n}"
            text = shortened(whole, room - width_of(mark, size), size) + mark
        short[name] = text
        taken.add(text)
    return short


_TOKEN = re.compile(r"[-+]?\d[\d.]*(?:[eE][-+]?\d+)?|[^\W\d_]+|.", re.DOTALL)
_Part = tuple[str, bool]
"""A piece of a name, and whether all names have it in this place."""


def _parts(names: Sequence[str]) -> list[list[_Part]]:
    """The pieces of each name: place by place where the names are built alike, else what they begin and end with alike."""
    tokens = [_TOKEN.findall(name) for name in names]
    fewest = min(map(len, tokens), default=0)
    if len(names) < 2:
        return [[(name, False)] for name in names]
    alike = [len({own[i] for own in tokens}) == 1 for i in range(fewest)]
    if any(len(own) != fewest for own in tokens):
        start = next((i for i, same in enumerate(alike) if not same), fewest)
        back = [len({own[-1 - i] for own in tokens}) == 1 for i in range(fewest - start)]
        end = next((i for i, same in enumerate(back) if not same), len(back))
        flags = [[i < start or i >= len(own) - end for i in range(len(own))] for own in tokens]
    else:
        flags = [alike] * len(tokens)
    return [
        [("".join(text for text, _ in group), same) for same, group in groupby(zip(own, its, strict=True), key=itemgetter(1))]
        for own, its in zip(tokens, flags, strict=True)
    ]


def _without_common(parts: Sequence[_Part], room: float, size: float) -> str:
    """The name, as many of its common pieces left out as it takes to fit, the longest first."""
    pieces = list(parts)
    while width_of("".join(text for text, _ in pieces), size) > room:
        longest = max(
            (i for i, (text, same) in enumerate(pieces) if same and len(text) > 2), key=lambda i: len(pieces[i][0]), default=None
        )
        if longest is None:
            break
        pieces[longest] = ("…", False)
    return "".join(text for text, _ in pieces)


def wrapped(text: str, room: float, size: float, most: int = 2) -> str | None:
    """``text`` in at most ``most`` lines of ``room`` px, broken after blanks and ``_ - / . , :``; None if it cannot be."""
    lines: list[str] = [""]
    for part in _BREAK.split(text):
        if width_of((lines[-1] + part).rstrip(), size) <= room:
            lines[-1] += part
        elif width_of(part.rstrip(), size) <= room:
            lines.append(part)
        else:
            return None
    kept = [line.strip() for line in lines if line.strip()]
    return "\n".join(kept) if 0 < len(kept) <= most else None


def two_lines(text: str, room: float, size: float) -> str:
    """``text`` in one line, or in two when one is too narrow, the second cut in its middle."""
    if width_of(text, size) <= room:
        return text
    if (lines := wrapped(text, room, size)) is not None:
        return lines
    first = ""
    for part in _BREAK.split(text):
        if width_of((first + part).rstrip(), size) > room:
            break
        first += part
    rest = text[len(first) :].strip()
    return f"{first.strip()}\n{shortened(rest, room, size)}" if first.strip() and rest else shortened(text, room, size)


def all_wrapped(texts: Sequence[str], room: float, size: float, most: int = 2) -> tuple[str, ...] | None:
    """All of ``texts`` wrapped, or None as soon as one does not fit."""
    lines = [wrapped(text, room, size, most) for text in texts]
    return None if any(line is None for line in lines) else tuple(line for line in lines if line is not None)
