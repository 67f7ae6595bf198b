"""The rows that changed between two evaluations, regressions first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from reportgen.analyze.genai.comparison import EvaluationDifference
from reportgen.analyze.genai.paired import Flip, PairedScores
from reportgen.model import Block, Cell, Column, Table
from reportgen.sections.genai.values import digits_of, row_order, score, scorer_name, side_names, tag_words
from reportgen.sections.view import View, paragraph
from reportgen.words import Say

MOST_ON_PAPER = 5


@dataclass(slots=True)
class _Row:
    worse: list[str] = field(default_factory=list)
    better: list[str] = field(default_factory=list)
    flip: Flip | None = None
    size: float = 0.0


def flips_blocks(view: View, one: EvaluationDifference, id_: str) -> list[Block]:
    """Rows that got worse in a scorer that passes or fails, or in scores that are worse as a whole; without either, in any scores."""
    say = view.say
    directed = [scorer for scorer in one.scorers if scorer.goal != "none" and scorer.n_pairs]
    told = [scorer for scorer in directed if scorer.kind == "pass" or (scorer.kind == "number" and scorer.outcome == "worse")]
    told = told or [scorer for scorer in directed if scorer.kind == "number"]
    if not told:
        return []
    rows = _rows(told, say)
    worse = {row: its for row, its in rows.items() if its.worse}
    before, after = side_names(one)
    if not worse:
        return [paragraph(say("genai-flips-none", before=before, after=after))]
    return [_table(worse, one, say, id_)]


def _rows(scorers: Sequence[PairedScores], say: Say) -> dict[str, _Row]:
    found: dict[str, _Row] = defaultdict(_Row)
    for scorer in scorers:
        for flip in scorer.flips:
            its, is_worse = found[flip.row], (flip.change > 0) == (scorer.goal == "minimize")
            (its.worse if is_worse else its.better).append(flip_words(scorer, flip, say))
            its.size += abs(flip.change) if is_worse else 0.0
            its.flip = its.flip or flip
    return found


def flip_words(scorer: PairedScores, flip: Flip, say: Say) -> str:
    words = {0.0: say("genai-fail"), 1.0: say("genai-pass")} if scorer.kind == "pass" and scorer.goal == "maximize" else {}
    digits = 0 if scorer.kind == "pass" else digits_of([scorer])
    before, after = (words.get(value) or score(scorer.kind, value, digits) for value in (flip.before, flip.after))
    return say("genai-flip", scorer=scorer_name(scorer.key, say), before=before, after=after)


def _table(rows: dict[str, _Row], one: EvaluationDifference, say: Say, id_: str) -> Table:
    columns = (
        Column("row", say("genai-column-row")),
        Column("worse", say("genai-column-worse")),
        Column("better", say("genai-column-better")),
        Column("tags", say("genai-column-tags")),
        Column("trace", say("genai-column-trace", side=side_names(one)[1]), "code"),
    )
    ordered = sorted(rows.items(), key=lambda pair: (-len(pair[1].worse), -pair[1].size, row_order(pair[0])))
    cells = tuple(
        (
            Cell(row),
            Cell(", ".join(its.worse), "bad"),
            Cell(", ".join(its.better) or None),
            Cell(tag_words(its.flip.tags) if its.flip else None),
            Cell(its.flip.trace_after[1] if its.flip else None),
        )
        for row, its in ordered
    )
    notes = (say("genai-flips-note"),)
    return Table(id_, say("genai-flips-title"), columns, cells, notes, len(cells), paper_rows=MOST_ON_PAPER, sortable=True)
