"""What an evaluation's decision was made from: the changes as a picture, slices, trials and categories."""

from __future__ import annotations

from reportgen.analyze.genai.comparison import EvaluationComparison, EvaluationDifference
from reportgen.analyze.genai.paired import PairedScores
from reportgen.analyze.genai.slices import Slice
from reportgen.formats import one_line, text_of
from reportgen.model import Axis, Block, Cell, Chart, Column, Mark, Section, Table, Trace
from reportgen.sections.genai.values import PP, change_cell, scorer_name, side_names, value_cell, verdict_cell
from reportgen.sections.view import View
from reportgen.words import Say

MOST_DRAWN = 12
MOST_SLICES = 8


def evaluation_evidence(view: View, comparison: EvaluationComparison) -> Section | None:
    say = view.say
    blocks: list[Block] = []
    several = len(comparison.differences) > 1
    for at, one in enumerate(comparison.differences):
        mark = f"-{at + 1}" if several else ""
        drawn = [s for s in one.scorers if s.kind == "pass" and s.difference is not None and s.difference.low is not None]
        if drawn:
            blocks.append(_chart(one, drawn[:MOST_DRAWN], say, f"evidence-changes{mark}"))
        if one.slices:
            blocks.append(_slices_table(one, say, f"evidence-slices{mark}"))
        if any(scorer.shifts for scorer in one.scorers):
            blocks.append(_categories_table(one, say, f"evidence-categories{mark}"))
    if (trials := _trials_table(comparison, say)) is not None:
        blocks.append(trials)
    if not blocks:
        return None
    return Section("evidence", say("genai-evidence-title"), tuple(blocks), say("genai-evidence-question"))


def _chart(one: EvaluationDifference, drawn: list[PairedScores], say: Say, id_: str) -> Chart:
    """Pass rates have one axis; a score on a scale of its own has none that it shares."""
    before, after = side_names(one)
    names = tuple(scorer_name(scorer.key, say) for scorer in drawn)
    intervals = [scorer.difference for scorer in drawn if scorer.difference is not None]
    points = Trace(
        after,
        tuple((d.value or 0.0) * 100 for d in intervals),
        tuple(float(i) for i in range(len(drawn))),
        "points",
        color=0,
        marker="diamond",
        low=tuple(None if d.low is None else d.low * 100 for d in intervals),
        high=tuple(None if d.high is None else d.high * 100 for d in intervals),
        labels=names,
    )
    changes = [f"{name} {_interval_words(scorer, say)}" for name, scorer in zip(names, drawn, strict=True)]
    columns = (
        Column("scorer", say("genai-column-scorer")),
        Column("change", say("genai-column-change"), "change"),
        Column("verdict", say("genai-column-verdict")),
    )
    rows = tuple((Cell(name), change_cell(scorer), verdict_cell(scorer, say)) for name, scorer in zip(names, drawn, strict=True))
    title = say("genai-chart-title")
    return Chart(
        id=id_,
        title=title,
        kind="intervals",
        x=Axis(say("genai-chart-axis"), format="change"),
        y=Axis("", "category", "text", names),
        alt=say("genai-chart-alt", before=before, after=after, changes=say.listed(changes, 6)),
        traces=(points,),
        marks=(Mark("x", 0.0, say("genai-chart-no-change"), "muted"),),
        table=Table(f"{id_}-data", title, columns, rows, n_total=len(rows)),
        height=min(700, 92 + 32 * len(drawn)),
    )


def _interval_words(one: PairedScores, say: Say) -> str:
    d = one.difference
    assert d is not None  # only such are drawn
    value, low, high = (text_of(None if end is None else end * 100, "change", 1) for end in (d.value, d.low, d.high))
    return f"{say('genai-interval', value=value, low=low, high=high)} {PP}"


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
    )
    rows = tuple(_slice_cells(its, say) for its in one.slices[:MOST_SLICES])
    notes = (say("genai-slices-note"),)
    return Table(id_, say("genai-slices-title"), columns, rows, notes, len(one.slices), paper_rows=6)


def _slice_cells(its: Slice, say: Say) -> tuple[Cell, ...]:
    one = its.scores
    name = f"{one_line(its.tag, 30)}={one_line(its.value, 40)}"
    means = [value_cell(one.kind, value) for value in (one.before, one.after)]
    return (Cell(name), Cell(scorer_name(one.key, say)), Cell(one.n_pairs), *means, change_cell(one))


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
