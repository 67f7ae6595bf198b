"""JSON Schemas of the files for machines, made from the types that are written (``render.plain``).

The version is in each file's ``schema``, such as ``reportgen-verdict/1``. Within a version keys are only added; what removes a key,
or gives it another type or meaning, is a new version. So a schema allows keys that it does not know.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from reportgen.errors import Problem
from reportgen.model import Decision, Gate, Report, Verdict
from reportgen.render.bundle import SCHEMA as MANIFEST_SCHEMA
from reportgen.render.data import SCHEMA as REPORT_SCHEMA
from reportgen.render.gates import SCHEMA as VERDICT_SCHEMA
from reportgen.render.plain import WORD_START

_NUMBER = {"anyOf": [{"type": "number"}, {"enum": ["NaN", "Infinity", "-Infinity"]}]}
_TEXT, _COUNT, _DAY = {"type": "string"}, {"type": "integer"}, {"type": "string", "format": "date-time"}
_SHA256 = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_EXIT_CODE = {"enum": [0, 3, 5]}


def schemas() -> dict[str, dict[str, Any]]:
    """Name → schema, of every JSON file of a bundle that is for programs."""
    return {"verdict": _verdict(), "report": _report(), "manifest": _manifest()}


def _verdict() -> dict[str, Any]:
    types_ = _Types()
    gate = {"allOf": [types_.of(Gate), {"properties": {"fails": {"type": "boolean"}}, "required": ["fails"]}]}
    placed = _object({"section": _TEXT, "verdict": types_.of(Verdict)})
    keys = {
        "schema": {"const": VERDICT_SCHEMA},
        "report": _TEXT,
        "title": _TEXT,
        "date": _DAY,
        "headline": _TEXT,
        "language": _TEXT,
        "exit_code": _EXIT_CODE,
        "snapshot_digest": _TEXT,
        "decision": {"anyOf": [types_.of(Decision), {"type": "null"}]},
        "gates": _list(gate),
        "last_report": {"type": ["string", "null"]},
        "verdicts": _list(placed),
        "metrics": _mapping(_NUMBER),
        "problems": _list(types_.of(Problem)),
    }
    return types_.document("reportgen verdict.json", keys)


def _report() -> dict[str, Any]:
    types_ = _Types()
    return types_.document("reportgen report.json", {"schema": {"const": REPORT_SCHEMA}, "report": types_.of(Report)})


def _manifest() -> dict[str, Any]:
    types_ = _Types()
    problem = dict.fromkeys(("slug", "where", "what", "todo"), _TEXT) | {"severity": {"enum": ["gap", "warning", "note"]}}
    keys = {
        "schema": {"const": MANIFEST_SCHEMA},
        "digest": _SHA256,
        "exit_code": _EXIT_CODE,
        "files": _mapping(_object({"sha256": _SHA256, "size": _COUNT})),
        "report": {"type": "object"},
        "source": _object({"uri": _TEXT, "kind": _TEXT}),
        "selection": _list(_list(_TEXT)),
        "snapshot_digest": _TEXT,
        "config_digest": _TEXT,
        "ledger": _list({"type": "object"}),
        "gates": _list(types_.of(Gate)),
        "metrics": _mapping(_NUMBER),
        "versions": _mapping(_TEXT),
        "n_charts": _COUNT,
        "n_charts_failed": _COUNT,
        "problems": _list(_object(problem)),
    }
    return types_.document("reportgen manifest.json", keys)


def _object(keys: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": dict(keys), "required": list(keys)}


def _list(item: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": dict(item)}


def _mapping(value: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": dict(value)}


class _Types:
    """From a type to its schema; dataclasses are collected under ``$defs``."""

    def __init__(self) -> None:
        self._defs: dict[str, dict[str, Any]] = {}

    def document(self, title: str, keys: Mapping[str, Any]) -> dict[str, Any]:
        head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title}
        return head | _object(keys) | {"$defs": dict(sorted(self._defs.items()))}

    def of(self, kind: Any) -> dict[str, Any]:
        """The schema of a value of ``kind`` as ``plain`` writes it. Raises ``TypeError`` for a type that no report holds."""
        simple: dict[Any, dict[str, Any]] = {
            str: _TEXT,
            bool: {"type": "boolean"},
            int: _COUNT,
            float: _NUMBER,
            bytes: {"type": "string", "contentEncoding": "base64"},
            datetime: _DAY,
            type(None): {"type": "null"},
        }
        if kind in simple:
            return simple[kind]
        origin, inner = get_origin(kind), get_args(kind)
        if origin is Literal:
            return {"enum": list(inner)}
        if origin in (Union, types.UnionType):
            return {"anyOf": [self.of(one) for one in inner]}
        if origin is tuple:
            if len(inner) == 2 and inner[1] is Ellipsis:
                return _list(self.of(inner[0]))
            return {"type": "array", "prefixItems": [self.of(one) for one in inner], "minItems": len(inner)}
        if origin is not None and issubclass(origin, Mapping):
            return _mapping(self.of(inner[1]))
        if is_dataclass(kind) and isinstance(kind, type):
            return self._dataclass(kind)
        raise TypeError(f"a report holds no {kind}")

    def _dataclass(self, kind: type) -> dict[str, Any]:
        name = kind.__name__
        if name not in self._defs:
            self._defs[name] = {}  # a type may hold itself
            own = WORD_START.sub("_", name).lower()
            hints = get_type_hints(kind)
            keys = {f"{own}_kind" if f.name == "kind" else f.name: self.of(hints[f.name]) for f in fields(kind)}
            self._defs[name] = _object({"kind": {"const": own}} | keys)
        return {"$ref": f"#/$defs/{name}"}
