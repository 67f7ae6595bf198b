"""Every test of an evaluation memo, how it is made, and the runs behind it."""

from __future__ import annotations

from reportgen.analyze.genai.comparison import EvaluationComparison, EvaluationDifference
from reportgen.formats import one_line, text_of
from reportgen.model import Block, Cell, Column, Section, Table
from reportgen.sections.genai.values import digits_of, scorer_name, size_words
from reportgen.sections.view import View, paragraph
from reportgen.words import MessageId, Say

_METHODS = {
    "newcombe": MessageId("genai-method-newcombe"),
    "t": MessageId("genai-method-t"),
    "clusters": MessageId("genai-method-clusters"),
}


def evaluation_appendix(view: View, comparison: EvaluationComparison) -> Section:
    say = view.say
    blocks: list[Block] = []
    for at, one in enumerate(comparison.differences):
        mark = "" if len(comparison.differences) == 1 else f"-{at + 1}"
        blocks.append(tests_table(one, say, f"appendix-tests{mark}"))
    used = {scorer.method for one in comparison.differences for scorer in one.scorers}
    blocks += [paragraph(say(message)) for method, message in _METHODS.items() if method in used]
    blocks.append(paragraph(say("genai-method-rows")))
    blocks.append(runs_table(view, comparison))
    return Section("appendix", say("genai-appendix-title"), tuple(blocks), say("genai-appendix-question"))


def tests_table(one: EvaluationDifference, say: Say, id_: str) -> Table:
    columns = (
        Column("scorer", say("genai-column-scorer")),
        Column("n", say("genai-column-n"), "integer"),
        Column("method", say("genai-column-method")),
        Column("p", say("genai-column-p-own"), "p"),
        Column("p_holm", say("genai-column-p"), "p"),
        Column("p_permuted", say("genai-column-p-permuted"), "p"),
        Column("detectable", say("genai-column-detectable")),
        Column("needed", say("genai-column-needed"), "integer"),
    )
    rows = tuple(
        (
            Cell(scorer_name(scorer.key, say)),
            Cell(scorer.n_pairs),
            Cell(say("genai-method-name", method=scorer.method)),
            Cell(scorer.p),
            Cell(scorer.p_holm),
            Cell(scorer.p_permuted),
            Cell(size_words(scorer, scorer.detectable) if scorer.detectable is not None else None, digits=digits_of([scorer])),
            Cell(scorer.needed),
        )
        for scorer in one.scorers
    )
    title = say("genai-tests-title", after=one_line(one.after.label, 40), before=one_line(one.before.label, 40))
    return Table(id_, title, columns, rows, n_total=len(rows), sortable=True)


def runs_table(view: View, comparison: EvaluationComparison) -> Table:
    say = view.say
    sides = {side.label: side for one in comparison.differences for side in (one.before, one.after)}
    columns = (
        Column("side", say("genai-column-side")),
        Column("run", say("genai-column-run"), "run"),
        Column("status", say("genai-column-status"), "status"),
        Column("answers", say("genai-column-answers"), "integer"),
        Column("failed", say("genai-column-failed"), "integer"),
        Column("id", say("genai-column-run-id"), "code"),
    )
    evaluations = view.facts.evaluations
    answers = evaluations.answers if evaluations is not None else {}
    rows = tuple(
        (
            Cell(one_line(side.label, 40)),
            Cell(view.link(key)),
            Cell(view.run(key).status),
            Cell(len(answers.get(key, ()))),
            Cell(sum(answer.failed for answer in answers.get(key, ()))),
            Cell(text_of(key[1], "code")),
        )
        for side in sides.values()
        for key in side.runs
    )
    return Table("appendix-runs", say("genai-runs-title"), columns, rows, n_total=len(rows), paper_rows=20)
