"""The rows that changed between two evaluations, regressions first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from reportgen.analyze.genai.comparison import EvaluationDifference
from reportgen.analyze.genai.paired import Flip, PairedScores
from reportgen.formats import one_line
from reportgen.model import Block, Cell, Column, Table
from reportgen.sections.genai.values import digits_of, row_order, score, scorer_name, side_names, tag_words
from reportgen.sections.view import View, paragraph
from reportgen.words import Say

MOST_ON_PAPER = 5
MOST_TEXTS = 20
"""Rows whose texts are shown."""
LONGEST_SHOWN = 280


@dataclass(slots=True)
class _Row:
    worse: list[str] = field(default_factory=list)
    better: list[str] = field(default_factory=list)
    flip: Flip | None = None
    scorers: list[str] = field(default_factory=list)
    """Those that got worse."""
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
    ordered = sorted(worse.items(), key=lambda pair: (-len(pair[1].worse), -pair[1].size, row_order(pair[0])))
    texts = _texts_table(view, ordered, one, f"{id_}-texts")
    return [_table(ordered, one, say, id_, has_texts=texts is not None), *([texts] if texts is not None else [])]


def _rows(scorers: Sequence[PairedScores], say: Say) -> dict[str, _Row]:
    found: dict[str, _Row] = defaultdict(_Row)
    for scorer in scorers:
        for flip in scorer.flips:
            its, is_worse = found[flip.row], (flip.change > 0) == (scorer.goal == "minimize")
            (its.worse if is_worse else its.better).append(flip_words(scorer, flip, say))
            its.scorers += [scorer.key.name] if is_worse else []
            its.size += abs(flip.change) if is_worse else 0.0
            its.flip = its.flip or flip
    return found


def flip_words(scorer: PairedScores, flip: Flip, say: Say) -> str:
    words = {0.0: say("genai-fail"), 1.0: say("genai-pass")} if scorer.kind == "pass" and scorer.goal == "maximize" else {}
    digits = 0 if scorer.kind == "pass" else digits_of([scorer])
    before, after = (words.get(value) or score(scorer.kind, value, digits) for value in (flip.before, flip.after))
    return say("genai-flip", scorer=scorer_name(scorer.key, say), before=before, after=after)


def _table(rows: Sequence[tuple[str, _Row]], one: EvaluationDifference, say: Say, id_: str, *, has_texts: bool) -> Table:
    columns = (
        Column("row", say("genai-column-row")),
        Column("worse", say("genai-column-worse")),
        Column("better", say("genai-column-better")),
        Column("tags", say("genai-column-tags")),
        Column("trace", say("genai-column-trace", side=side_names(one)[1]), "code"),
    )
    cells = tuple(
        (
            Cell(row),
            Cell(", ".join(its.worse), "bad"),
            Cell(", ".join(its.better) or None),
            Cell(tag_words(its.flip.tags) if its.flip else None),
            Cell(its.flip.trace_after[1] if its.flip else None),
        )
        for row, its in rows
    )
    notes = () if has_texts else (say("genai-flips-note"),)
    return Table(id_, say("genai-flips-title"), columns, cells, notes, len(cells), paper_rows=MOST_ON_PAPER, sortable=True)


def _texts_table(view: View, rows: Sequence[tuple[str, _Row]], one: EvaluationDifference, id_: str) -> Table | None:
    """What was asked and answered in these rows, and why the scorers judged as they did; None where no texts were read."""
    say, (before, after) = view.say, side_names(one)
    if not view.snapshot.evaluation_texts.num_rows:
        return None
    texts, reasons = _texts_of(view)
    evaluations = view.facts.evaluations
    cells = []
    for row, its in rows[:MOST_TEXTS]:
        if its.flip is None:
            continue
        said = evaluations.said.get(its.flip.trace_after, ()) if evaluations is not None else ()
        own = {"", *(run_id for _, run_id in one.after.runs)}
        why = {
            reasons[its.flip.trace_after, each["assessment_id"]]
            for each in said
            if each["name"] in its.scorers and each["valid"] and each["run_id"] in own
            if (its.flip.trace_after, each["assessment_id"]) in reasons
        }
        shown = [texts.get((its.flip.trace_after, "question")) or texts.get((its.flip.trace_before, "question"))]
        shown += [texts.get((trace, "answer")) for trace in (its.flip.trace_before, its.flip.trace_after)]
        cells.append(
            (Cell(row), *(Cell(one_line(text, LONGEST_SHOWN) if text else None) for text in (*shown, " · ".join(sorted(why)))))
        )
    columns = (
        Column("row", say("genai-column-row")),
        Column("question", say("genai-column-question")),
        Column("before", say("genai-column-answer", side=before)),
        Column("after", say("genai-column-answer", side=after)),
        Column("rationale", say("genai-column-rationale")),
    )
    notes = (say("genai-texts-note"),)
    return Table(id_, say("genai-texts-title"), columns, tuple(cells), notes, len(rows), paper_rows=MOST_ON_PAPER)


Trace = tuple[str, str]


def _texts_of(view: View) -> tuple[Mapping[tuple[Trace, str], str], Mapping[tuple[Trace, str], str]]:
    """((trace, question or answer) → text, (trace, assessment) → why)."""
    texts: dict[tuple[Trace, str], str] = {}
    reasons: dict[tuple[Trace, str], str] = {}
    for row in view.snapshot.evaluation_texts.to_pylist():
        trace = (row["experiment_id"], row["trace_id"])
        if row["kind"] == "rationale":
            reasons[trace, row["assessment_id"]] = row["content"]
        else:
            texts[trace, row["kind"]] = row["content"]
    return texts, reasons
