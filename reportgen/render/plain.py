"""Any value of the Report as plain JSON values: the one walk that data files, manifest and verdicts share.

Dataclasses become objects with a ``kind`` (the class name in ``snake_case``) and their fields by name. NaN and the
infinities, which JSON does not have, become the strings "NaN", "Infinity" and "-Infinity"; times become ISO 8601;
bytes become base64; a lone surrogate, which no UTF-8 file can hold, becomes a visible escape.
"""

from __future__ import annotations

import base64
import math
import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any

_SURROGATE = re.compile("[\ud800-\udfff]")
WORD_START = re.compile(r"(?<!^)(?=[A-Z])")


def plain(value: Any) -> Any:
    """``value`` as dicts, lists, strings, finite numbers, booleans and None. Raises ``TypeError`` for other types."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return without_surrogates(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, Mapping):
        return {without_surrogates(str(key)): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if is_dataclass(value):
        kind = kind_of(value)
        # A chart has a kind of its own ("lines"): it becomes "chart_kind".
        named = {f"{kind}_kind" if field.name == "kind" else field.name: getattr(value, field.name) for field in fields(value)}
        return {"kind": kind} | {name: plain(item) for name, item in named.items()}
    raise TypeError(f"a report holds no {type(value).__name__}")


def kind_of(value: object) -> str:
    """The class name of ``value`` in ``snake_case``: ``RunLink`` -> "run_link"."""
    return WORD_START.sub("_", type(value).__name__).lower()


def without_surrogates(text: str) -> str:
    return _SURROGATE.sub(lambda match: f"\\u{{{ord(match[0]):x}}}", text)
