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
        if one.logged:
            blocks.append(logged_table(one, say, f"appendix-logged{mark}"))
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


def logged_table(one: EvaluationDifference, say: Say, id_: str) -> Table:
    """What ``compare_evaluations`` logged beside what is computed here."""
    columns = (
        Column("scorer", say("genai-column-scorer")),
        Column("mlflow", say("genai-column-logged-change")),
        Column("mlflow_n", say("genai-column-logged-n"), "integer"),
        Column("mlflow_p", say("genai-column-logged-p"), "p"),
        Column("here", say("genai-column-here-change")),
        Column("here_n", say("genai-column-n"), "integer"),
        Column("here_p", say("genai-column-p"), "p"),
        Column("why", say("genai-column-why")),
    )
    rows = tuple(
        (
            Cell(one_line(its.scorer, 50)),
            Cell(text_of(its.difference, "change", 3)),
            Cell(its.difference.n),
            Cell(its.p),
            Cell(text_of(its.paired.difference, "change", 3) if its.paired is not None else None),
            Cell(its.paired.n_pairs if its.paired is not None else None),
            Cell(its.paired.p_holm if its.paired is not None else None),
            Cell(say("genai-logged-why", why=its.why), "neutral" if its.why == "same" else "warning"),
        )
        for its in one.logged
    )
    title = say("genai-logged-title", after=one_line(one.after.label, 40), before=one_line(one.before.label, 40))
    return Table(id_, title, columns, rows, (say("genai-logged-note"),), len(rows))


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
