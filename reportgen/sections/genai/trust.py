"""May an evaluation be believed: like for like, how many rows each scorer judged, and whether logged means are those of today."""

from __future__ import annotations

from reportgen.analyze.genai.comparison import EvaluationComparison, Side
from reportgen.analyze.genai.people import PeopleAgreement
from reportgen.formats import one_line
from reportgen.model import Block, Cell, Column, Interval, Section, Table, Tone
from reportgen.sections.genai.likeness import likeness_table
from reportgen.sections.genai.prompts import prompt_blocks
from reportgen.sections.genai.values import scorer_name, value_cell
from reportgen.sections.view import View
from reportgen.words import Say


def evaluation_trust(view: View, comparison: EvaluationComparison) -> Section:
    say = view.say
    blocks: list[Block] = []
    for at, one in enumerate(comparison.differences):
        mark = "" if len(comparison.differences) == 1 else f"-{at + 1}"
        blocks.append(likeness_table(one, say, f"trust-alike{mark}"))
        blocks += prompt_blocks(view, one, f"trust-prompt{mark}")
    sides = {side.label: side for one in comparison.differences for side in (one.before, one.after)}
    blocks.append(coverage_table([*sides.values()], say, "trust-coverage"))
    blocks += [table for side in sides.values() if (table := stale_table(side, say, f"trust-logged-{len(blocks)}"))]
    if any(side.people for side in sides.values()):
        blocks.append(people_table([*sides.values()], say, "trust-people"))
    return Section("trust", say("genai-trust-title"), tuple(blocks), say("genai-trust-question"))


def coverage_table(sides: list[Side], say: Say, id_: str) -> Table:
    """Every scorer of every side: rows, how many it scored, and what became of the others."""
    columns = (
        Column("side", say("genai-column-side")),
        Column("scorer", say("genai-column-scorer")),
        Column("rows", say("genai-column-of-rows"), "integer"),
        Column("scored", say("genai-column-scored"), "integer"),
        Column("errors", say("genai-column-errors"), "integer"),
        Column("failed", say("genai-column-failed"), "integer"),
        Column("overrides", say("genai-column-overrides"), "integer"),
        Column("mean", say("genai-column-own-mean")),
    )
    rows: list[tuple[Cell, ...]] = []
    for side in sides:
        for key, its in sorted(side.scorers.items()):
            tone: Tone = "warning" if its.n_scored < its.n_rows else "neutral"
            shown = value_cell(its.kind, None)
            rows.append(
                (
                    Cell(one_line(side.label, 40)),
                    Cell(scorer_name(key, say)),
                    Cell(its.n_rows),
                    Cell(its.n_scored, tone),
                    Cell(its.n_errors, "warning" if its.n_errors else "neutral"),
                    Cell(its.n_failed),
                    Cell(its.n_overrides),
                    Cell(its.mean, format=shown.format, digits=1 if its.kind == "pass" else None),
                )
            )
    notes = (say("genai-coverage-note"),)
    return Table(id_, say("genai-coverage-title"), columns, tuple(rows), notes, len(rows), paper_rows=24, sortable=True)


def stale_table(side: Side, say: Say, id_: str) -> Table | None:
    """Means that the run logged and that its assessments of today do not give; None where all agree."""
    stale = [(key, its) for key, its in sorted(side.scorers.items()) if its.is_stale]
    if not stale:
        return None
    columns = (
        Column("scorer", say("genai-column-scorer")),
        Column("logged", say("genai-column-logged"), "number"),
        Column("today", say("genai-column-today"), "number"),
    )
    rows = tuple(
        (Cell(scorer_name(key, say)), Cell(its.logged_mean, digits=4), Cell(its.raw_mean, digits=4)) for key, its in stale
    )
    title = say("genai-stale-title", side=one_line(side.label, 40))
    return Table(id_, title, columns, rows, (say("genai-stale-note"),), len(rows))


def people_table(sides: list[Side], say: Say, id_: str) -> Table:
    """Do people and judges agree, where both said something of an answer."""
    columns = (
        Column("side", say("genai-column-side")),
        Column("scorer", say("genai-column-scorer")),
        Column("n", say("genai-column-both"), "integer"),
        Column("same", say("genai-column-same"), "percent", 0),
        Column("coefficient", say("genai-column-agreement"), "number", 2),
        Column("overrides", say("genai-column-overrides"), "integer"),
    )
    rows = tuple(
        (
            Cell(one_line(side.label, 40)),
            Cell(one_line(one.name, 50)),
            Cell(one.agreement.n),
            Cell(one.agreement.observed),
            Cell(_coefficient(one), note=say("genai-coefficient", method=one.method)),
            Cell(one.n_overrides),
        )
        for side in sides
        for one in side.people
    )
    return Table(id_, say("genai-people-title"), columns, rows, (say("genai-people-note"),), len(rows))


def _coefficient(one: PeopleAgreement) -> Interval | None:
    """Without an interval where the formula gives none: everything was in one place of the table."""
    found = one.agreement.coefficient
    if found is None:
        return None
    low, high = (found.low, found.high) if found.low < found.high else (None, None)
    return Interval(found.value, low, high, one.agreement.n, found.level)
