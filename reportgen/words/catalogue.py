"""Whole messages with named values, from one catalogue for each language.

A catalogue is a folder of Project Fluent files: ``words/en/health.ftl`` for the topic ``health``. A message's id begins with
its topic: ``health-lead`` is in ``health.ftl``, which is read when the first of its messages is wanted. A message is a whole
sentence or label; its plural forms, its order of words and what stands around a value are the catalogue's alone, so a
language is added without code. Ids and values are held against the code by ``tests/words``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, NewType, Protocol

from reportgen.errors import Problem, ReportError
from reportgen.locales import ENGLISH, Locale, ValueWords, locale, told_in

if TYPE_CHECKING:
    from reportgen.words.topic import Pattern, Topic

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

    def stop(self, clause: str) -> str:
        """A clause that begins a sentence already, with its full stop."""

    def named(self, name: str, text: str) -> str:
        """ "Loss: no change"."""

    def bracketed(self, text: str) -> str:
        """ " (Holm)", with the space before it; "" for ""."""

    def commas(self, *parts: str) -> str:
        """Parts of one clause; those that are empty are left out."""


_STAND_INS: ContextVar[set[str] | None] = ContextVar("stand_ins", default=None)
"""Messages for which English stood in, within ``told``."""


class Words:
    """``Say`` for one language; without one, for that of the report that is being told.

    A message that a translation lacks, or that is broken there, is said in English. Raises ``WordsError`` where English lacks it too.
    """

    def __init__(self, language: str | None = None, catalogues: Path | None = None) -> None:
        self.language = language or locale().language
        self._catalogues = catalogues or CATALOGUES

    def __call__(self, message: str, /, **values: str | int) -> str:
        topic = message.partition("-")[0]
        if self.language != ENGLISH:
            try:
                return self._topic(topic, self.language).text(message, values)
            except ReportError:
                self._stands_in(message)
        return self._topic(topic, ENGLISH).text(message, values)

    def patterns(self, topic: str) -> dict[str, Pattern]:
        """All messages of ``topic``, for a script that puts the values in itself."""
        patterns = self._topic(topic, ENGLISH).patterns
        if self.language == ENGLISH:
            return patterns
        try:
            own = self._topic(topic, self.language).patterns
        except ReportError:
            own = {}
        for message in patterns.keys() - own.keys():
            self._stands_in(message)
        return {message: own.get(message, pattern) for message, pattern in patterns.items()}

    def _stands_in(self, message: str) -> None:
        if (found := _STAND_INS.get()) is not None:
            found.add(message)

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

    def stop(self, clause: str) -> str:
        return self("list-stop", clause=clause)

    def named(self, name: str, text: str) -> str:
        return self("list-named", name=name, text=text)

    def bracketed(self, text: str) -> str:
        return self("list-bracketed", text=text) if text else ""

    def commas(self, *parts: str) -> str:
        return self("list-comma").join(filter(None, parts))

    def _topic(self, name: str, language: str) -> Topic:
        from reportgen.words.topic import topic_of  # Fluent is loaded when a report is made, not when this room is imported

        return topic_of(language, self._catalogues / language / f"{name}.ftl")


@contextmanager
def told(language: str, zone: str) -> Iterator[set[str]]:
    """Everything within is told in ``language`` by the clock of ``zone``. Yields the messages for which English stands in, as they are met."""
    stand_ins: set[str] = set()
    token = _STAND_INS.set(stand_ins)
    try:
        with told_in(Locale(language, zone, _value_words(language))):
            yield stand_ins
    finally:
        _STAND_INS.reset(token)


def _value_words(language: str) -> ValueWords:
    say = Words(language)
    return ValueWords(
        yes=say("values-yes"),
        no=say("values-no"),
        higher=say("values-higher"),
        lower=say("values-lower"),
        no_direction=say("values-no-direction"),
        range=say("values-range", low="{low}", high="{high}"),
    )


def stand_in_problems(language: str, stand_ins: Iterable[str]) -> tuple[Problem, ...]:
    """What the build says of messages that a translation lacks."""
    names = sorted(stand_ins)
    if not names:
        return ()
    shown = f"{', '.join(names[:5])}{f' and {len(names) - 5} more' if len(names) > 5 else ''}"
    what = f"The catalogue lacks {len(names)} of its messages, or they are broken: {shown}. English stands in for them."
    return (Problem("words-stand-in", language, what, "please report this as a bug", "warning"),)
