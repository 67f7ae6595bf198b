"""The messages of one topic, each read from its Fluent file when it is first wanted. Fluent itself is loaded with the first topic (0.1 s)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from fluent.runtime import FluentBundle, FluentResource
from fluent.runtime.types import FluentInt
from fluent.syntax import ast

from reportgen.errors import ReportError
from reportgen.formats import text_of

_LONGEST = 2000
"""Fluent refuses values of more than 2,500 characters; longer ones are put into the text afterwards."""

_ENTRY = re.compile(r"^([a-z][a-zA-Z0-9_-]*) *=", re.MULTILINE)


Pattern = list[Any]
"""A message for a script: texts, values as ``[name]``, and values that choose as ``[name, {form: pattern}, form of last resort]``."""


class WordsError(ReportError):
    """A message, or a value that it needs, is missing: a fault of a catalogue or of the code, which the tests find."""


class Count(FluentInt):
    """A whole number that chooses a plural form and prints as everywhere in a report."""

    def format(self, locale: object) -> str:  # noqa: ARG002 - Fluent's signature
        return text_of(int(self), "integer")


class Topic:
    """The messages of one file of one language. A report says a part of them, and parsing is what costs: each is parsed when it is said."""

    def __init__(self, language: str, file: Path) -> None:
        self._name = f"{language}/{file.name}"
        if not file.is_file():
            raise WordsError("words-missing", f"There is no catalogue {self._name}.")
        # Without isolation: the invisible marks around each value would end up in data files and in what people copy.
        self._bundle = FluentBundle([language], use_isolating=False)
        self._text = text = file.read_text("utf-8")
        starts = list(_ENTRY.finditer(text))
        ends = [*(found.start() for found in starts[1:]), len(text)]
        self._unread = {found[1]: text[found.start() : end] for found, end in zip(starts, ends, strict=True)}
        self._fixed: dict[str, str] = {}
        """Texts of messages without values."""

    @cached_property
    def patterns(self) -> dict[str, Pattern]:
        """Id → message."""
        entries = [(entry.id.name, entry.value) for entry in FluentResource(self._text).body if isinstance(entry, ast.Message)]
        return {name: list(self._pieces(value)) for name, value in entries if value is not None}

    def _pieces(self, pattern: ast.Pattern) -> Iterator[Any]:
        for element in pattern.elements:
            match element:
                case ast.TextElement(value=text):
                    yield text
                case ast.Placeable(expression=ast.StringLiteral() as literal):
                    yield literal.parse()["value"]
                case ast.Placeable(expression=ast.VariableReference(id=name)):
                    yield [name.name]
                case ast.Placeable(expression=ast.SelectExpression(selector=ast.VariableReference(id=name), variants=variants)):
                    forms = {_form(variant.key): list(self._pieces(variant.value)) for variant in variants}
                    yield [name.name, forms, next(_form(variant.key) for variant in variants if variant.default)]
                case _:
                    raise WordsError("words-missing", f"{self._name} has what a script cannot put together: {element}.")

    def text(self, message: str, values: Mapping[str, str | int]) -> str:
        """The message with its values. Raises ``WordsError`` where either is missing."""
        if not values and message in self._fixed:
            return self._fixed[message]
        if (source := self._unread.pop(message, None)) is not None:
            self._bundle.add_resource(FluentResource(source))
        if not self._bundle.has_message(message):
            raise WordsError("words-missing", f"There is no message {message} in {self._name}.")
        pattern = self._bundle.get_message(message).value
        if pattern is None:
            raise WordsError("words-missing", f"The message {message} in {self._name} has no text.")
        places = {
            f"\ue000{name}\ue001": value for name, value in values.items() if isinstance(value, str) and len(value) > _LONGEST
        }
        text, errors = self._bundle.format_pattern(pattern, {name: _argument(name, value) for name, value in values.items()})
        if errors:
            raise WordsError("words-missing", f"The message {message} in {self._name}: {'; '.join(map(str, errors))}.")
        whole = str(text)
        for place, value in places.items():
            whole = whole.replace(place, value)
        if not values:
            self._fixed[message] = whole
        return whole


@cache
def topic_of(language: str, file: Path) -> Topic:
    """The topic of ``file``, read once by a process however many reports it makes."""
    return Topic(language, file)


def _form(key: ast.Identifier | ast.NumberLiteral) -> str:
    return key.name if isinstance(key, ast.Identifier) else key.value


def _argument(name: str, value: str | int) -> str | Count:
    if isinstance(value, int):
        return Count(value)
    return value if len(value) <= _LONGEST else f"\ue000{name}\ue001"
