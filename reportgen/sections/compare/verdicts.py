"""The boxes of a comparison: the verdict on each group, run by run or over tasks, and what all of them share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reportgen.analyze.compare.comparison import Comparison, MetricComparison
from reportgen.analyze.compare.difference import Difference
from reportgen.analyze.compare.tasks import Tasks
from reportgen.analyze.metrics import Metric
from reportgen.formats import listed, plural, text_of
from reportgen.model import Block, Tone, Verdict
from reportgen.outcomes import OUTCOMES
from reportgen.sections.compare.tasks import tasks_by, verdict_over_tasks
from reportgen.sections.view import View, paragraph, strong
from reportgen.words.compare.caveats import caveats_of
from reportgen.words.compare.subject import words_of
from reportgen.words.compare.terms import group_name, p_equation, p_words
from reportgen.words.compare.verdicts import conditional_words, headline_of, rule_of, sentence_of
from reportgen.words.quantities import label_of


def verdict_of(
    comparison: Comparison, compared: MetricComparison, difference: Difference, metric: Metric, *, brief: bool = False
) -> Verdict:
    """The box of one difference; ``brief`` for one of several: the decision in a line, where a test made it."""
    words = words_of(compared, difference, metric)
    sentence = ("Among the runs that succeeded: " if difference.is_conditional else "") + sentence_of(words)
    if brief and difference.tested is not None and not difference.lowered:
        sentence = conditional_words(difference) + headline_of(words)
    return Verdict(
        title=f"{words.name_b} against {words.name_a}: {label_of(metric)}{' of the runs that succeeded' if difference.is_conditional else ''}",
        outcome=difference.outcome,
        sentence=sentence,
        rule=rule_of(difference, metric),
        tone=tone_of(difference),
        caveats=caveats_of(comparison, words, brief=brief),
    )


def tone_of(difference: Difference) -> Tone:
    """Nothing is good that speaks only of the runs that succeeded, or that the seeds that both groups share contradict."""
    tone = OUTCOMES[difference.outcome].tone
    return "warning" if tone == "good" and (difference.is_conditional or difference.is_contradicted) else tone


def verdict_boxes(verdicts: Sequence[Verdict]) -> list[Block]:
    """The boxes; caveats that all of them have stand once under them, and a rule that all of them have in the first."""
    if len(verdicts) < 2:
        return list(verdicts)
    common = [caveat for caveat in verdicts[0].caveats if all(caveat in verdict.caveats for verdict in verdicts)]
    one_rule = len({verdict.rule for verdict in verdicts}) == 1
    boxes: list[Block] = [
        replace(
            one,
            caveats=tuple(caveat for caveat in one.caveats if caveat not in common),
            rule="" if i and one_rule else one.rule,
        )
        for i, one in enumerate(verdicts)
    ]
    return [*boxes, *([paragraph(strong("For all of them: "), " ".join(common))] if common else [])]


def judged_tasks(view: View) -> Tasks | None:
    """The tasks, where the groups are judged over them and not run by run."""
    tasks, comparison = view.facts.tasks, view.facts.comparison
    differences = comparison.metrics[0].differences if comparison and comparison.metrics else ()
    return tasks if differences and all(d.reason in ("sweep", "tasks") for d in differences) else None


def over_tasks(view: View, comparison: Comparison) -> list[Block]:
    """Where groups are judged over tasks: the verdicts, or where they stand; empty where they are judged run by run."""
    tasks, first = judged_tasks(view), comparison.metrics[0]
    if tasks is None:
        return []
    metric = view.facts.metrics[first.metric]
    here = any(chosen.section == "tasks" for chosen in view.report.sections)
    why = (
        "Each group holds a configuration for each task"
        if all(d.reason == "sweep" for d in first.differences)
        else "The runs lie on several data sets or tasks"
    )
    n = f"{plural(len(tasks.complete), 'task')} by {tasks_by(tasks)}"
    if here or not tasks.pairs:
        where = "the verdicts are in “Across data sets”" if tasks.pairs else "and these cannot be tested"
        return [paragraph(strong("Judged over tasks. "), f"{why}, so the groups are compared over {n}, not run by run: {where}.")]
    lead = paragraph(strong("Judged over tasks. "), f"{why}, so the groups are compared over {n}, not run by run.")
    return [lead, *(verdict_over_tasks(tasks, pair, metric) for pair in tasks.pairs[:MOST_VERDICTS])]


MOST_VERDICTS = 6


def leading_words(comparison: Comparison, metric: Metric) -> list[Block]:
    """The group with the best mean, whether it is shown to be better than the baseline, and which groups are not told from it."""
    leading = comparison.leading
    if leading is None:
        return []
    label, base = label_of(metric), comparison.baseline
    others = [group_name(x) for x in leading.members[1:] if x != base]
    said = f"{group_name(leading.best)} has the best mean {label}"
    best = comparison.best_against_baseline
    if best is not None and best.outcome != "better":
        p = f", {p_words(best)}" if best.p_decisive is not None else ""
        said += f"; it is not shown to be better than {group_name(base or '')}, the baseline{p}"
    told_apart = leading.n_tests - sum(x != leading.best for x in leading.members)
    if others:
        said += f". Not told apart from it: {listed(others)}; that is no proof that they are equal."
    elif told_apart > 0:
        rest = "every other group" if base in leading.members[1:] else "every group"
        said += f". It is told apart from {rest} that could be tested{'' if leading.best == base else ', by the tests of every pair'}."
    else:
        said += "." if leading.n_tests else "; no test could be made."
    if leading.undecided:
        said += f" Not tested: {listed([group_name(x) for x in leading.undecided])}."
    return [paragraph(strong("Leading set. "), said)]


def omnibus_words(comparison: Comparison) -> list[Block]:
    """One line of all groups together, and the same by ranks; neither decides."""
    found, ranks = comparison.omnibus, comparison.kruskal
    if found is None:
        return []
    f, df, within = (text_of(x, "number", 2) for x in (found.statistic, found.df_between, found.df_within))
    omega = text_of(found.omega_squared, "number", 2)
    said = (
        f"All groups together: {found.method} F({df.removesuffix('.00')}, {within}) = {f}, {p_equation(found.p)}, omega² {omega}."
    )
    if ranks is not None:
        h, between = text_of(ranks.statistic, "number", 2), text_of(ranks.df_between, "number", 0)
        said += f" By ranks: Kruskal–Wallis H({between}) = {h}, {p_equation(ranks.p)}."
    return [paragraph(f"{said} It decides nothing: the family of tests above holds the level.")]
