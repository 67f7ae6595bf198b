"""Hostile texts: our own of every class, and those of ``../shared/cases`` where that folder lies beside the checkout."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reportgen.secret_patterns import has_token

OWN = Path(__file__).parent / "cases" / "hostile.json"
SHARED = Path(__file__).resolve().parents[2] / "shared" / "cases" / "hostile_payloads.json"


def payloads(*, generated: bool = True) -> dict[str, str]:
    """Id → text; each text once, without those that hold a token, which no output shows. ``generated`` ones repeat a unit a few hundred times or more."""
    texts = [item for path in (OWN, SHARED) if path.exists() for item in texts_of(path, generated=generated).items()]
    first = {text: id_ for id_, text in reversed(texts)}
    return {id_: text for text, id_ in reversed(first.items())}


def texts_of(path: Path, *, generated: bool = True) -> dict[str, str]:
    cases = [case for case in json.loads(path.read_text("utf-8"))["payloads"] if generated or isinstance(case.get("string"), str)]
    return {case["id"]: text for case in cases if (text := _text(case)) and not has_token(text)}


def classes(path: Path) -> set[str]:
    return {case.get("class") or case["category"] for case in json.loads(path.read_text("utf-8"))["payloads"]}


def _text(case: Mapping[str, Any]) -> str:
    made = case.get("string") or case.get("generate")
    if isinstance(made, str):
        return made
    if not isinstance(made, Mapping) or "unit" not in made:
        return ""
    return str(made.get("prefix", "") + made["unit"] * made["count"] + made.get("suffix", ""))
