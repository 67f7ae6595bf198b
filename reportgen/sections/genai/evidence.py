"""What stands behind the scores of page 1: slices, rows that were answered several times, and categories."""

from __future__ import annotations

from reportgen.analyze.genai.comparison import EvaluationComparison, EvaluationDifference
from reportgen.analyze.genai.slices import Slice
from reportgen.formats import one_line
from reportgen.model import Block, Cell, Column, Section, Table
from reportgen.sections.genai.values import change_cell, scorer_name, side_names, slice_name, value_cell
from reportgen.sections.view import View
from reportgen.words import Say

MOST_SLICES = 8


def evaluation_evidence(view: View, comparison: EvaluationComparison) -> Section | None:
    say = view.say
    blocks: list[Block] = []
    several = len(comparison.differences) > 1
    for at, one in enumerate(comparison.differences):
        mark = f"-{at + 1}" if several else ""
        if one.slices:
            blocks.append(_slices_table(one, say, f"evidence-slices{mark}"))
        if any(scorer.shifts for scorer in one.scorers):
            blocks.append(_categories_table(one, say, f"evidence-categories{mark}"))
    if (trials := _trials_table(comparison, say)) is not None:
        blocks.append(trials)
    if not blocks:
        return None
    return Section("evidence", say("genai-evidence-title"), tuple(blocks), say("genai-evidence-question"))


def _slices_table(one: EvaluationDifference, say: Say, id_: str) -> Table:
    """The worst first: a mean hides the slice that fell."""
    before, after = side_names(one)
    columns = (
        Column("slice", say("genai-column-slice")),
        Column("scorer", say("genai-column-scorer")),
        Column("n", say("genai-column-n"), "integer"),
        Column("before", before, "percent", 1),
        Column("after", after, "percent", 1),
        Column("change", say("genai-column-change"), "change"),
        Column("p", say("genai-column-p"), "p"),
    )
    rows = tuple(_slice_cells(its, say) for its in one.slices[:MOST_SLICES])
    notes = (say("genai-slices-note", n=sum(its.scores.p is not None for its in one.slices)),)
    return Table(id_, say("genai-slices-title"), columns, rows, notes, len(one.slices), paper_rows=6)


def _slice_cells(its: Slice, say: Say) -> tuple[Cell, ...]:
    one = its.scores
    means = [value_cell(one.kind, value) for value in (one.before, one.after)]
    return (
        Cell(slice_name(its)),
        Cell(scorer_name(one.key, say)),
        Cell(one.n_pairs),
        *means,
        change_cell(one),
        Cell(one.p_holm),
    )


def _categories_table(one: EvaluationDifference, say: Say, id_: str) -> Table:
    columns = (
        Column("scorer", say("genai-column-scorer")),
        Column("shift", say("genai-column-shift")),
        Column("n", say("genai-column-n-rows"), "integer"),
    )
    rows = tuple(
        (
            Cell(scorer_name(scorer.key, say)),
            Cell(say("genai-shift", before=one_line(before, 30), after=one_line(after, 30))),
            Cell(n),
        )
        for scorer in one.scorers
        for before, after, n in scorer.shifts[:6]
    )
    return Table(id_, say("genai-categories-title"), columns, rows, n_total=len(rows))


def _trials_table(comparison: EvaluationComparison, say: Say) -> Table | None:
    sides = {side.label: side for one in comparison.differences for side in (one.before, one.after)}
    rows = tuple(
        (
            Cell(one_line(side.label, 40)),
            Cell(scorer_name(key, say)),
            Cell(its.trials.n_rows),
            Cell(its.trials.k),
            Cell(its.trials.pass_at_k),
            Cell(its.trials.pass_all_k),
            Cell(len(its.trials.flaky), note=say.listed(its.trials.flaky, 5) if its.trials.flaky else ""),
        )
        for side in sides.values()
        for key, its in sorted(side.scorers.items())
        if its.trials is not None and its.trials.pass_at_k is not None
    )
    if not rows:
        return None
    columns = (
        Column("side", say("genai-column-side")),
        Column("scorer", say("genai-column-scorer")),
        Column("rows", say("genai-column-n-rows"), "integer"),
        Column("k", say("genai-column-tries"), "integer"),
        Column("any", say("genai-column-any"), "percent", 1),
        Column("all", say("genai-column-all"), "percent", 1),
        Column("flaky", say("genai-column-flaky"), "integer"),
    )
    return Table("evidence-trials", say("genai-trials-title"), columns, rows, (say("genai-trials-note"),), len(rows))
