"""Plain values -> ``Config``, or every mistake in them with its file, line and key.

Nothing here reads a message: what a mistake is comes from the type and the context of pydantic's error, and which keys and
words are allowed from the models.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from reportgen.config.base import WORD_ERROR
from reportgen.config.connection import ENVIRONMENT_ERROR
from reportgen.config.gates import GateConfig
from reportgen.config.matrix import expanded
from reportgen.config.schema import Config
from reportgen.config.yaml_file import Lines, Place
from reportgen.errors import ConfigError, Mistake
from reportgen.redaction import public_text

_REFUSED_GATE = re.compile(r"p|p_?val(ue)?s?|((min|max)_)?p_?val(ue)?|p_(above|at_least|at_most|below|min|max)|.*signific.*")
_REFUSED_WORDS = (
    'is not offered: "not significantly worse" (p > 0.05) passes more easily the fewer runs there are; write '
    "baseline_margin: M, the largest loss that you would accept, with group: NAME"
)

MOST_MISTAKES = 100
"""More of them are counted and not told: nobody reads them, and each looks for what was meant."""

Path = tuple[str | int, ...]
"""Keys and indices from the top of a config to a value."""


def validated(data: Mapping[str, Any], lines: Lines, file: str, environment: Mapping[str, str]) -> Config:
    """``data`` as a ``Config``; ``${NAME:-default}`` in connection fields comes from ``environment``.

    Raises ``ConfigError`` that lists every mistake in ``data``, which was read from ``file``.
    """
    data, lines = expanded(data, lines)
    try:
        return Config.model_validate(data, context=environment)
    except ValidationError as error:
        errors = error.errors(include_url=False)
    shown = errors[:MOST_MISTAKES]
    mistakes = [mistake for error in shown if not _follows(error, shown) for mistake in _mistakes(error, file, lines)]
    mistakes.sort(key=lambda mistake: mistake.line or 0)
    count = "1 mistake" if len(mistakes) == 1 else f"{len(mistakes)} mistakes"
    more = f", and {len(errors) - len(shown):,} more like them" if len(errors) > len(shown) else ""
    raise ConfigError(
        "config-invalid",
        f"the config has {count}{more}:\n" + "\n".join(f"  {Place(m.file, m.line)}: {m.what}" for m in mistakes),
        todo="mend them all, then run `reportgen plan`; `reportgen schema` prints every key",
        mistakes=tuple(mistakes),
    )


def _mistakes(error: ErrorDetails, file: str, lines: Lines) -> list[Mistake]:
    path = _path(error)
    line = next((lines[path[:end]] for end in range(len(path), 0, -1) if path[:end] in lines), None)
    key = ".".join(str(part) for part in path)
    texts = error["ctx"]["mistakes"] if error["type"] == ENVIRONMENT_ERROR else [_what_is_wrong(error, path)]
    return [Mistake(file, line, key, public_text(text)) for text in texts]


def _follows(error: ErrorDetails, errors: Sequence[ErrorDetails]) -> bool:
    """Whether ``error`` follows from another of ``errors`` and helps nobody: a list that lost its bad item is "too short", a key
    that is misspelt is missing, and a value that is wrong as one of two kinds is so as the other."""
    path = _path(error)
    others = [(other["type"], _path(other)) for other in errors if other is not error]
    if error["type"] == "missing":
        beside = [str(other[-1]) for kind, other in others if kind == "extra_forbidden" and other[:-1] == path[:-1]]
        return bool(difflib.get_close_matches(str(path[-1]), beside, 1))
    inside = any(other[: len(path)] == path and len(other) > len(path) for _, other in others)
    if error["type"] == "too_short" or path[-1:] != error["loc"][-1:]:
        again = any(other == path and kind == "literal_error" for kind, other in others)
        return inside or (again and error["type"] != "literal_error")
    return False


def _what_is_wrong(error: ErrorDetails, path: Path) -> str:
    key = ".".join(str(part) for part in path) or "the file"
    value, context = error["input"], error.get("ctx", {})
    match error["type"]:
        case "extra_forbidden":
            return f"{key} {_no_key(path)}"
        case "tuple_type":
            what = "write a list, e.g. [NAME]"
        case "value_error":
            what = str(context["error"])
        case "literal_error":
            what = error["msg"] + _did_you_mean(_word_meant(str(value), _words_at(path)))
        case kind if kind == WORD_ERROR:
            what = context["what"] + _did_you_mean(_nearest(str(value), context["words"], cutoff=0.75))
        case _:
            what = error["msg"]
    is_shown = isinstance(value, dict | list) or error["type"] == "missing" or repr(value) in what
    return f"{key}: {what}" + ("" if is_shown else f" (found {repr(value)[:80]})")


def _no_key(path: Path) -> str:
    beside = _kinds_at(path[:-1])
    if GateConfig in beside and _REFUSED_GATE.fullmatch(str(path[-1])):
        return _REFUSED_WORDS
    allowed = [key for kind in beside if _is_model(kind) for key in _fields(kind)]
    near = _nearest(str(path[-1]), allowed)
    return f"is not a key; did you mean {near}?" if near else f"is not a key; allowed: {', '.join(allowed)}"


def _did_you_mean(word: str | None) -> str:
    return f"; did you mean {word}?" if word else ""


def _word_meant(word: str, allowed: Sequence[str]) -> str | None:
    near = _nearest(word.lower(), allowed)
    return near or next((value for value in allowed if len(word) > 1 and value.startswith(word.lower())), None)


def _nearest(word: str, allowed: Sequence[str], cutoff: float = 0.6) -> str | None:
    return next(iter(difflib.get_close_matches(word, allowed, 1, cutoff)), None)


# --- places in the models ---


def _path(error: ErrorDetails) -> Path:
    """Where ``error`` is, without the parts that pydantic adds for the key of a mapping and for each kind of value that a key may
    have: those lead nowhere in the models."""
    path: Path = ()
    for n, part in enumerate(error["loc"], 1):
        is_unknown_key = error["type"] == "extra_forbidden" and n == len(error["loc"])
        path = (*path, part) if is_unknown_key or _kinds_at((*path, part)) else path
    return path


def _words_at(path: Path) -> list[str]:
    """The words that the value at ``path`` may be."""
    literals = (get_args(kind) for kind in _kinds_at(path) if get_origin(kind) is Literal)
    return [word for words in literals for word in words if isinstance(word, str)]


def _kinds_at(path: Path) -> list[Any]:
    """The types that the value at ``path`` of a config may have; none where the models have no such place."""
    kinds: list[Any] = [Config]
    for part in path:
        kinds = [inner for kind in kinds for inner in _kinds_within(kind, part)]
    return kinds


def _kinds_within(kind: Any, part: str | int) -> list[Any]:
    """The types of the item or the field ``part`` of a value of the type ``kind``."""
    arguments = get_args(kind)
    if _is_model(kind):
        return [inner for name, annotation in _fields(kind).items() if name == part for inner in _kinds(annotation)]
    if get_origin(kind) is tuple and isinstance(part, int):
        return list(_kinds(arguments[0] if arguments[-1] is Ellipsis else arguments[part]))
    if isinstance(get_origin(kind), type) and issubclass(get_origin(kind), Mapping) and part != "[key]":
        return list(_kinds(arguments[1]))
    return []


def _kinds(annotation: Any) -> Iterator[Any]:
    """The types that ``annotation`` is made of: all of a union, each without its metadata."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _kinds(get_args(annotation)[0])
    elif origin in (Union, UnionType):
        for member in get_args(annotation):
            yield from _kinds(member)
    else:
        yield annotation


def _fields(model: type[BaseModel]) -> dict[str, Any]:
    """Key in the config → annotation."""
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)
