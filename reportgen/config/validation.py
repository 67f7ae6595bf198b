"""Plain values -> ``Config``, or every mistake in them with its file, line and key."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from reportgen.config.compare import CompareConfig, LooksConfig
from reportgen.config.gates import GateConfig
from reportgen.config.schema import (
    ArtifactsConfig,
    Config,
    Limits,
    MetricConfig,
    MlflowTarget,
    PublishConfig,
    ReportConfig,
    SectionConfig,
    SourceConfig,
    WindowRange,
)
from reportgen.config.yaml_file import Lines, Place
from reportgen.errors import ConfigError, Mistake
from reportgen.redaction import public_text

_ENV = re.compile(r"\$\$|\$\{(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?P<default>:-[^}]*)?\}")
_ENV_PREFIXES = ("MLFLOW_", "REPORTGEN_")
_OF_TWO_KINDS = ("window", "runs")
_KINDS = ("str", "int", "WindowRange")

_REFUSED_GATE = re.compile(r"p|p_?val(ue)?s?|((min|max)_)?p_?val(ue)?|p_(above|at_least|at_most|below|min|max)|.*signific.*")
_REFUSED_WORDS = (
    'is not offered: "not significantly worse" (p > 0.05) passes more easily the fewer runs there are; write '
    "baseline_margin: M, the largest loss that you would accept, with group: NAME"
)


def validated(data: dict[str, Any], lines: Lines, file: str, environment: Mapping[str, str]) -> Config:
    mistakes: list[Mistake] = []
    data = _with_environment(data, environment, lambda at, what: mistakes.append(_mistake_at(file, lines, at, what)))
    try:
        config = Config.model_validate(data)
    except ValidationError as error:
        errors = error.errors(include_url=False)
        mistakes += [_mistake(e, file, lines) for e in errors if not _follows(e, errors)]
        config = None
    if mistakes or config is None:
        mistakes.sort(key=lambda mistake: mistake.line or 0)
        count = "1 mistake" if len(mistakes) == 1 else f"{len(mistakes)} mistakes"
        raise ConfigError(
            "config-invalid",
            f"the config has {count}:\n" + "\n".join(f"  {Place(m.file, m.line)}: {m.what}" for m in mistakes),
            todo="mend them all, then run `reportgen plan`; `reportgen schema` prints every key",
            mistakes=tuple(mistakes),
        )
    return config


def _mistake_at(file: str, lines: Lines, at: Sequence[str | int], what: str) -> Mistake:
    place = _place(file, lines, at)
    return Mistake(place.file, place.line, ".".join(str(part) for part in at), public_text(what))


def _with_environment(
    data: dict[str, Any], environment: Mapping[str, str], wrong: Callable[[tuple[str | int, ...], str], None]
) -> dict[str, Any]:
    """``data`` with ``${NAME:-default}`` replaced in connection fields; elsewhere it stays the text it is."""

    def expand(node: dict[str, Any], at: tuple[str | int, ...]) -> dict[str, Any]:
        value = node.get("tracking_uri")
        return (
            node | {"tracking_uri": _expanded(value, environment, lambda what: wrong((*at, "tracking_uri"), what))}
            if isinstance(value, str)
            else node
        )

    data = expand(data, ())

    def expand_each(items: Any, at: tuple[str | int, ...]) -> Any:
        if not isinstance(items, list):
            return items
        return [expand(item, (*at, i)) if isinstance(item, dict) else item for i, item in enumerate(items)]

    if isinstance(data.get("reports"), dict):
        reports = {name: expand(r, ("reports", name)) if isinstance(r, dict) else r for name, r in data["reports"].items()}
        for name, report in reports.items():
            if isinstance(report, dict) and "sources" in report:
                report["sources"] = expand_each(report["sources"], ("reports", name, "sources"))
            if isinstance(report, dict) and isinstance(report.get("publish"), list):
                report["publish"] = [
                    one | {"mlflow": expand(one["mlflow"], ("reports", name, "publish", i, "mlflow"))}
                    if isinstance(one, dict) and isinstance(one.get("mlflow"), dict)
                    else one
                    for i, one in enumerate(report["publish"])
                ]
        data = data | {"reports": reports}
    return data


def _expanded(text: str, environment: Mapping[str, str], wrong: Callable[[str], None]) -> str:
    def value(match: re.Match[str]) -> str:
        if match[0] == "$$":
            return "$"
        name, default = match["name"], match["default"]
        if not name.startswith(_ENV_PREFIXES):
            wrong(f"${{{name}}} may not be used here: only names that start with {' or '.join(_ENV_PREFIXES)}")
            return ""
        if environment.get(name):
            return environment[name]
        if default is None:
            wrong(f"the environment variable {name} is not set and ${{{name}}} has no default: write ${{{name}:-VALUE}}")
            return ""
        return str(default[2:])

    return _ENV.sub(value, text)


def _place(file: str, lines: Lines, at: Sequence[str | int]) -> Place:
    for end in range(len(at), 0, -1):
        if tuple(at[:end]) in lines:
            return Place(file, lines[tuple(at[:end])])
    return Place(file, None)


def _mistake(error: Mapping[str, Any], file: str, lines: Lines) -> Mistake:
    at = _path(error)
    return _mistake_at(file, lines, at, _what_is_wrong(error, at))


def _path(error: Mapping[str, Any]) -> list[str | int]:
    """Where it is, without the names that pydantic adds in mappings and for each kind of value that a key may have."""
    loc = error["loc"]
    return [p for i, p in enumerate(loc) if p != "[key]" and not (i and loc[i - 1] in _OF_TWO_KINDS and _is_kind(p))]


def _is_kind(part: str | int) -> bool:
    return isinstance(part, str) and (part in _KINDS or part.startswith("literal["))


def _follows(error: Mapping[str, Any], errors: Sequence[Mapping[str, Any]]) -> bool:
    """Whether ``error`` follows from another of ``errors`` and helps nobody: a list that lost its bad item is "too short", a key
    that is misspelt is missing, and a value that is wrong as one of two kinds is so as the other."""
    at = _path(error)
    paths = [(other, _path(other)) for other in errors if other is not error]
    if error["type"] == "missing":
        beside = [str(path[-1]) for other, path in paths if other["type"] == "extra_forbidden" and path[:-1] == at[:-1]]
        return bool(difflib.get_close_matches(str(at[-1]), beside, 1))
    inside = any(path[: len(at)] == at and len(path) > len(at) for _, path in paths)
    if error["type"] == "too_short" or at[-1:] != list(error["loc"][-1:]):
        again = any(path == at and other["type"] == "literal_error" for other, path in paths)
        return inside or (again and error["type"] != "literal_error")
    return False


def _what_is_wrong(error: Mapping[str, Any], at: Sequence[str | int]) -> str:
    key = ".".join(str(part) for part in at) or "the file"
    if error["type"] == "extra_forbidden":
        if "gates" in at and _REFUSED_GATE.fullmatch(str(at[-1])):
            return f"{key} {_REFUSED_WORDS}"
        allowed = _keys_at(at[:-1])
        similar = difflib.get_close_matches(str(at[-1]), allowed, 1)
        hint = f"did you mean {similar[0]}?" if similar else f"allowed: {', '.join(allowed)}"
        return f"{key} is not a key; {hint}"
    message = "write a list, e.g. [NAME]" if error["type"] == "tuple_type" else str(error["msg"]).removeprefix("Value error, ")
    value = error.get("input")
    if error["type"] == "literal_error" and (near := _meant(str(value), str(error["ctx"]["expected"]))):
        message += f"; did you mean {near}?"
    if error["type"] == "value_error" and (near := _written(str(value), message)):
        message += f"; did you mean {near}?"
    told = isinstance(value, dict | list) or error["type"] == "missing" or repr(value) in message
    return f"{key}: {message}" + ("" if told else f" (found {repr(value)[:80]})")


def _meant(word: str, expected: str) -> str | None:
    """The value of ``expected`` (pydantic's words, each value in quotes) that ``word`` is nearest to."""
    allowed: list[str] = re.findall(r"'([^']*)'", expected)
    near = difflib.get_close_matches(word.lower(), allowed, 1)
    return near[0] if near else next((value for value in allowed if len(word) > 1 and value.startswith(word.lower())), None)


def _written(word: str, message: str) -> str | None:
    """The word of ``message`` ("write a, b or c") that ``word`` is nearly."""
    allowed = re.findall(r"[a-z_]{3,}", message.partition("write ")[2]) if "did you mean" not in message else []
    near = difflib.get_close_matches(word, [one for one in allowed if one not in ("none", "the")], 1, cutoff=0.75)
    return near[0] if near else None


def _keys_at(at: Sequence[str | int]) -> list[str]:
    """The keys allowed at a place, for "did you mean"."""
    model: type[BaseModel] = Config
    table: dict[str, type[BaseModel]] = {
        "metrics": MetricConfig,
        "reports": ReportConfig,
        "sources": SourceConfig,
        "limits": Limits,
        "compare": CompareConfig,
        "gates": GateConfig,
        "looks": LooksConfig,
        "sections": SectionConfig,
        "publish": PublishConfig,
        "mlflow": MlflowTarget,
        "window": WindowRange,
        "artifacts": ArtifactsConfig,
    }
    for part in at:
        if isinstance(part, str) and part in table and part in _names(model):
            model = table[part]
    return _names(model)


def _names(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]
