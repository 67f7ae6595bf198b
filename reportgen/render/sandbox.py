"""Templates that somebody writes, run by Jinja's sandbox: they read what they are given and reach nothing else of Python."""

from __future__ import annotations

import re
import traceback
from collections.abc import Mapping
from typing import Any

from reportgen.formats import one_line

_MARKDOWN = re.compile(r"([\\`*_\[\]<>|~])")
_IS_TEMPLATE = re.compile(r"\{\{|\{%")
MISSING = "—"


def filled(text: str, names: Mapping[str, object]) -> tuple[str, tuple[str, ...]]:
    """Markdown ``text`` with its ``{{ … }}`` looked up in ``names``, and what could not be looked up.

    A looked-up text is shown literally, whatever Markdown is in it. What is not there is "—"; a text that is no template, or that asks for
    what the sandbox refuses, stays as it was written.
    """
    if _IS_TEMPLATE.search(text) is None:
        return text, ()
    from jinja2 import StrictUndefined, TemplateError, Undefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    missing: list[str] = []

    def shown(value: object) -> object:
        if isinstance(value, Undefined):
            missing.append(f"{value._undefined_name} is not there")
            return MISSING
        return _MARKDOWN.sub(r"\\\1", value) if isinstance(value, str) else value

    def asked(name: str, function: Any) -> Any:
        def look_up(*arguments: object) -> object:
            try:
                return function(*arguments)
            except LookupError as error:
                words = ", ".join(repr(one) if isinstance(one, str) else "…" for one in arguments)
                missing.append(f"{name}({one_line(words, 120)}): {error.args[0] if error.args else 'not there'}")
                return MISSING

        return look_up

    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        finalize=shown,
        comment_start_string="{##",
        comment_end_string="##}",
        keep_trailing_newline=True,
    )
    known = {name: asked(name, value) if callable(value) else value for name, value in names.items()}
    try:
        return environment.from_string(text).render(known), tuple(missing)
    except (TemplateError, TypeError, ValueError, ArithmeticError, AttributeError, LookupError, RecursionError) as error:
        return text, (f"line {_line(error)}: {one_line(str(error), 200)}",)


def _line(error: Exception) -> int:
    """Of the template, where ``error`` was raised."""
    own = getattr(error, "lineno", None)
    if own is not None:
        return int(own)
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == "<template>"]
    return int(lines[-1] or 1) if lines else 1
