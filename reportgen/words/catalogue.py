"""Whole messages with named values, from one catalogue for each language.

A catalogue is a folder of Project Fluent files: ``words/en/health.ftl`` for the topic ``health``. A message's id begins with
its topic: ``health-lead`` is in ``health.ftl``, which is read when the first of its messages is wanted. A message is a whole
sentence or label; its plural forms, its order of words and what stands around a value are the catalogue's alone, so a
language is added without code. Ids and values are held against the code by ``tests/words``.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NewType, Protocol

if TYPE_CHECKING:
    from reportgen.words.topic import Pattern, Topic

DEFAULT_LANGUAGE = "en"

MessageId = NewType("MessageId", str)
"""An id outside a call of ``Say``: write ``MessageId("health-failed")`` in a table, so that the test of the catalogues finds it."""

CATALOGUES = Path(__file__).parent
"""The folder that holds a folder for each language."""


class Say(Protocol):
    """``say("health-lead", n=3)``: the text of a message.

    A value is a text (numbers by ``formats.text_of``) or a whole number, which chooses a plural form and prints with its
    thousands separated.
    """

    def __call__(self, message: str, /, **values: str | int) -> str: ...

    def listed(self, items: Iterable[str], most: int = 6) -> str:
        """ "a, b and c"; with more than ``most`` items the rest is counted, and without any it is "none"."""

    def sentences(self, *sentences: str) -> str:
        """Whole sentences one after the other; those that are empty are left out."""

    def clauses(self, clauses: Iterable[str]) -> str:
        """ "a; b; c"."""

    def capital(self, clause: str) -> str:
        """A clause as a sentence of its own: "Few runs."."""


class Words:
    """``Say`` for one language. Raises ``WordsError`` for a message that is not there, or one that lacks a value."""

    def __init__(self, language: str = DEFAULT_LANGUAGE, catalogues: Path | None = None) -> None:
        self.language = language
        self._folder = (catalogues or CATALOGUES) / language

    def __call__(self, message: str, /, **values: str | int) -> str:
        return self._topic(message.partition("-")[0]).text(message, values)

    def patterns(self, topic: str) -> dict[str, Pattern]:
        """All messages of ``topic``, for a script that puts the values in itself."""
        return self._topic(topic).patterns

    def listed(self, items: Iterable[str], most: int = 6) -> str:
        texts, separator = list(items), self("list-separator")
        if not texts:
            return self("list-none")
        if len(texts) > most:
            return self("list-more", items=separator.join(texts[:most]), n=len(texts) - most)
        return self("list-last", items=separator.join(texts[:-1]), last=texts[-1]) if len(texts) > 1 else texts[0]

    def sentences(self, *sentences: str) -> str:
        return self("list-sentence-separator").join(filter(None, sentences))

    def clauses(self, clauses: Iterable[str]) -> str:
        return self("list-clause-separator").join(clauses)

    def capital(self, clause: str) -> str:
        return self("list-sentence", clause=f"{clause[:1].upper()}{clause[1:]}") if clause else ""

    def _topic(self, name: str) -> Topic:
        from reportgen.words.topic import topic_of  # Fluent is loaded when a report is made, not when this room is imported

        return topic_of(self.language, self._folder / f"{name}.ftl")
