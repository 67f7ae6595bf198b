"""The prompts that two evaluations loaded, line by line: where texts are asked for."""

from __future__ import annotations

import difflib
from collections.abc import Mapping

from reportgen.analyze.genai.comparison import EvaluationDifference
from reportgen.analyze.genai.runs import lineage_of
from reportgen.formats import one_line
from reportgen.model import Block, Cell, Column, Table, Tone
from reportgen.sections.view import View

MOST_LINES = 60
LONGEST_LINE = 160
_SIGNS = {"-": "−", "+": "+", " ": ""}
_TONES: Mapping[str, Tone] = {"-": "bad", "+": "good", " ": "neutral"}


def prompt_blocks(view: View, one: EvaluationDifference, id_: str) -> list[Block]:
    """A table for each prompt of which the two sides loaded one version each, and not the same."""
    evaluations = view.facts.evaluations
    texts = {
        row["assessment_id"]: row["content"] for row in view.snapshot.evaluation_texts.to_pylist() if row["kind"] == "prompt"
    }
    if evaluations is None or not texts:
        return []
    used: list[dict[str, set[str]]] = [{}, {}]
    for versions, side in zip(used, (one.before, one.after), strict=True):
        for key in side.runs:
            for name, version in lineage_of(evaluations.runs[key]).prompts:
                versions.setdefault(name, set()).add(version)
    found: list[Block] = []
    for name in sorted(used[0].keys() & used[1].keys()):
        if len(used[0][name]) == len(used[1][name]) == 1 and used[0][name] != used[1][name]:
            (before,), (after,) = used[0][name], used[1][name]
            old, new = (texts.get(f"{name}/{version}") for version in (before, after))
            if old is not None and new is not None:
                found.append(_table(view, (name, before, after), (old, new), f"{id_}-{len(found) + 1}"))
    return found


def _table(view: View, names: tuple[str, str, str], texts: tuple[str, str], id_: str) -> Table:
    say = view.say
    lines = [line for line in difflib.ndiff(texts[0].splitlines(), texts[1].splitlines()) if line[0] in _SIGNS]
    rows = tuple(
        (
            Cell(_SIGNS[line[0]] or None, _TONES[line[0]]),
            Cell(one_line(line[2:], LONGEST_LINE) or None),
        )
        for line in lines[:MOST_LINES]
    )
    name, before, after = (one_line(text, 50) for text in names)
    columns = (Column("sign", say("genai-column-sign")), Column("line", say("genai-column-line"), "code"))
    title = say("genai-prompt-title", name=name, before=before, after=after)
    return Table(id_, title, columns, rows, n_total=len(lines), paper_rows=30)
