"""The YAML of a config file as plain values, with the line of every key."""

from __future__ import annotations

import re
import stat
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from reportgen.errors import ConfigError, Mistake

MOST_BYTES = 1 << 19
MOST_VALUES = 5_000
MOST_LEVELS = 60
"""A config beyond these is a mistake, or meant to keep a job busy: the parser takes a second for 10,000 values."""
_MARK = re.compile(r"[\[{\]},]|^[ \t]*[-?](?=\s)|:(?=\s)", re.MULTILINE)
"""What a value begins with, more often than not, and the ends of brackets."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the file something stands."""

    file: str
    line: int | None

    def __str__(self) -> str:
        return self.file if self.line is None else f"{self.file}:{self.line}"


Lines = dict[tuple[str | int, ...], int]


def read_yaml(path: Path) -> tuple[dict[str, Any], Lines]:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    text = _text(path)
    check_size(text, str(path))
    try:
        loaded = YAML(typ="rt").load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(str(path), None if mark is None else mark.line + 1)
        problem = (error.problem or "not YAML").splitlines()[0]
        raise ConfigError(
            "config-not-yaml",
            f"{place}: {problem}",
            todo="mend the YAML at that line",
            mistakes=(Mistake(place.file, place.line, "", problem),),
        ) from error
    except RecursionError as error:
        raise ConfigError("config-too-large", f"{path} is nested too deeply", allowed="a few levels") from error
    except (YAMLError, ValueError) as error:
        raise ConfigError("config-not-yaml", f"{path}: {str(error).splitlines()[0]}", todo="mend the YAML") from error
    if loaded is None:
        loaded = {}
    if not isinstance(loaded, dict):
        raise ConfigError("config-not-a-mapping", f"{path} is not a mapping of keys to values", found=type(loaded).__name__)
    lines: Lines = {}
    plain = _plain(loaded, (), lines, [0])
    return plain, lines


def _text(path: Path) -> str:
    """What is in the file. Raises ``ConfigError`` for all but regular files, which may block or never end."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise ConfigError(
                "config-not-a-file",
                f"{path} is no regular file",
                todo="write the config into a file, and name that with --config",
            )
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a null character in the name
        raise ConfigError(
            "config-unreadable",
            f"{path} cannot be read: {getattr(error, 'strerror', None) or error}",
            todo="name another file with --config, make one with `reportgen init`, or give --experiment NAME",
        ) from error
    if len(raw) > MOST_BYTES:
        raise ConfigError("config-too-large", f"{path} is too large for a config", allowed=f"at most {MOST_BYTES:,} bytes")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError("config-not-utf8", f"{path} is not UTF-8 text", todo="save it as UTF-8") from error


def check_size(text: str, what: str) -> None:
    """Raises ``ConfigError`` for more values or levels than the parser can go through in a moment. Levels of lines are counted by the
    parser itself, whose recursion ends soon."""
    values, levels, deepest = 0, 0, 0
    for found in _MARK.finditer(text):
        mark = found[0]
        levels = levels + 1 if mark in "[{" else max(0, levels - 1) if mark in "]}" else levels
        deepest = max(deepest, levels)
        values += mark not in "]}"
    if values > MOST_VALUES or deepest > MOST_LEVELS:
        raise ConfigError(
            "config-too-large",
            f"{what} holds more than a config can",
            found=f"about {values:,} values, {deepest:,} levels of brackets",
            allowed=f"{MOST_VALUES:,} values, {MOST_LEVELS} levels of brackets",
            todo="choose experiments by globs or tags instead of a list of names",
        )


def _plain(node: Any, at: tuple[str | int, ...], lines: Lines, n_nodes: list[int]) -> Any:
    """Plain dicts and lists, noting the line of each key; counts nodes so that an alias bomb ends early."""
    n_nodes[0] += 1
    if n_nodes[0] > 100_000:
        raise ConfigError(
            "config-too-large", "the config grows past 100,000 values when its aliases are followed", todo="remove the aliases"
        )
    if isinstance(node, dict):
        plain: dict[str, Any] = {}
        for key, value in node.items():
            place = (*at, str(key))
            if hasattr(node, "lc") and key in (node.lc.data or ()):  # one that comes by `<<: *anchor` has no place here
                lines[place] = node.lc.key(key)[0] + 1
            plain[str(key)] = _plain(value, place, lines, n_nodes)
        return plain
    if isinstance(node, list):
        for index in range(len(node)):
            if hasattr(node, "lc") and node.lc.data:  # a tagged sequence has no positions
                lines[(*at, index)] = node.lc.item(index)[0] + 1
        return [_plain(value, (*at, index), lines, n_nodes) for index, value in enumerate(node)]
    if isinstance(node, bool) or node is None or isinstance(node, datetime | date):
        return node
    for kind in (int, float, str):  # ruamel's scalar subclasses back to plain values
        if isinstance(node, kind):
            return kind(node)
    return str(node)
