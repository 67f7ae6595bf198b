"""The messages of one topic, read from its Fluent file. Loaded when the topic's first message is wanted (0.1 s for Fluent itself)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from fluent.runtime import FluentBundle, FluentResource
from fluent.runtime.types import FluentInt

from reportgen.errors import ReportError
from reportgen.formats import text_of

_LONGEST = 2000
"""Fluent refuses values of more than 2,500 characters; longer ones are put into the text afterwards."""


class WordsError(ReportError):
    """A message, or a value that it needs, is missing: a fault of a catalogue or of the code, which the tests find."""


class Count(FluentInt):
    """A whole number that chooses a plural form and prints as everywhere in a report."""

    def format(self, locale: object) -> str:  # noqa: ARG002 - Fluent's signature
        return text_of(int(self), "integer")


class Topic:
    """The messages of one file of one language."""

    def __init__(self, language: str, file: Path) -> None:
        self._name = f"{language}/{file.name}"
        if not file.is_file():
            raise WordsError("words-missing", f"There is no catalogue {self._name}.")
        # Without isolation: the invisible marks around each value would end up in data files and in what people copy.
        self._bundle = FluentBundle([language], use_isolating=False)
        self._bundle.add_resource(FluentResource(file.read_text("utf-8")))

    def text(self, message: str, values: Mapping[str, str | int]) -> str:
        """The message with its values. Raises ``WordsError`` where either is missing."""
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
        return whole


def _argument(name: str, value: str | int) -> str | Count:
    if isinstance(value, int):
        return Count(value)
    return value if len(value) <= _LONGEST else f"\ue000{name}\ue001"
