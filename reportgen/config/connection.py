"""Tracking URIs and secrets of channels, the only fields of a config in which ``${NAME:-default}`` is replaced by the environment."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated

from pydantic import BeforeValidator, ValidationInfo
from pydantic_core import PydanticCustomError

_VARIABLE = re.compile(r"\$\$|\$\{(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?P<default>:-[^}]*)?\}")
_PREFIXES = ("MLFLOW_", "REPORTGEN_")

ENVIRONMENT_ERROR = "environment"
"""The type of the error for variables that may not be used or are not set; ``mistakes`` in its context are all of them."""


def _expanded(value: object, info: ValidationInfo) -> object:
    """``value`` with its variables replaced; as it is where nobody gives an environment, as for a config that was saved."""
    if not isinstance(value, str) or info.context is None:
        return value
    environment: Mapping[str, str] = info.context
    mistakes = [what for variable in _VARIABLE.finditer(value) if (what := _mistake(variable, environment))]
    if mistakes:
        raise PydanticCustomError(ENVIRONMENT_ERROR, "the environment has no such value", {"mistakes": mistakes})
    return _VARIABLE.sub(lambda variable: _value(variable, environment), value)


def _mistake(variable: re.Match[str], environment: Mapping[str, str]) -> str | None:
    name, default = variable["name"], variable["default"]
    if name is None:
        return None
    if not name.startswith(_PREFIXES):
        return f"${{{name}}} may not be used here: only names that start with {' or '.join(_PREFIXES)}"
    if not environment.get(name) and default is None:
        return f"the environment variable {name} is not set and ${{{name}}} has no default: write ${{{name}:-VALUE}}"
    return None


def _value(variable: re.Match[str], environment: Mapping[str, str]) -> str:
    if variable["name"] is None:
        return "$"
    return environment.get(variable["name"]) or str(variable["default"]).removeprefix(":-")


TrackingUri = Annotated[str, BeforeValidator(_expanded)]
"""May hold credentials: never part of a digest, a saved config or a message."""

Secret = Annotated[str, BeforeValidator(_expanded)]
"""A password, a key or an address that is one, as a rule from the environment; masked wherever it might be shown."""
