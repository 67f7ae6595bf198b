"""Hostile texts: our own of every class, and those of ``../shared/cases`` where that folder lies beside the checkout."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

OWN = Path(__file__).parent / "cases" / "hostile.json"
SHARED = Path(__file__).resolve().parents[2] / "shared" / "cases" / "hostile_payloads.json"


def payloads(*, generated: bool = True) -> dict[str, str]:
    """Id → text; each text once. ``generated`` ones repeat a unit a few hundred times or more."""
    cases = [case for path in (OWN, SHARED) if path.exists() for case in json.loads(path.read_text("utf-8"))["payloads"]]
    if not generated:
        cases = [case for case in cases if isinstance(case.get("string"), str)]
    first = {text: case["id"] for case in reversed(cases) if (text := _text(case))}
    return {id_: text for text, id_ in reversed(first.items())}


def classes(path: Path) -> set[str]:
    return {case.get("class") or case["category"] for case in json.loads(path.read_text("utf-8"))["payloads"]}


def _text(case: Mapping[str, Any]) -> str:
    made = case.get("string") or case.get("generate")
    if isinstance(made, str):
        return made
    if not isinstance(made, Mapping) or "unit" not in made:
        return ""
    return str(made.get("prefix", "") + made["unit"] * made["count"] + made.get("suffix", ""))
