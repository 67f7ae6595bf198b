"""The boxes of a comparison: the verdict on each group, run by run or over tasks, and what all of them share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reportgen.analyze.compare.comparison import Comparison, MetricComparison
from reportgen.analyze.compare.difference import Difference
from reportgen.analyze.compare.tasks import Tasks
from reportgen.analyze.metrics import Metric
from reportgen.model import Block, Tone, Verdict
from reportgen.outcomes import OUTCOMES
from reportgen.sections.compare.tasks import verdict_over_tasks
from reportgen.sections.view import View, paragraph, strong
from reportgen.words.compare.caveats import caveats_of
from reportgen.words.compare.several import leading_text, omnibus_text
from reportgen.words.compare.subject import words_of
from reportgen.words.compare.tasks import judged_over_tasks
from reportgen.words.compare.verdicts import conditional_words, headline_of, not_shown_to_matter, rule_of, sentence_of
from reportgen.words.quantities import label_of

MOST_VERDICTS = 6


def verdict_of(
    comparison: Comparison, compared: MetricComparison, difference: Difference, metric: Metric, *, brief: bool = False
) -> Verdict:
    """The box of one difference; ``brief`` for one of several: the decision in a line, where a test made it."""
    words = words_of(compared, difference, metric)
    among = difference.is_conditional and not difference.withdrawn
    sentence = ("Among the runs that succeeded: " if among else "") + sentence_of(words)
    if brief and difference.tested is not None and not difference.lowered:
        sentence = conditional_words(difference) + headline_of(words)
    return Verdict(
        title=f"{words.name_b} against {words.name_a}: {label_of(metric)}{' of the runs that succeeded' if difference.is_conditional else ''}",
        outcome=difference.outcome,
        sentence=sentence,
        rule=rule_of(difference, metric),
        tone=tone_of(difference),
        caveats=caveats_of(comparison, words, brief=brief),
        heading=not_shown_to_matter(words),
    )


def tone_of(difference: Difference) -> Tone:
    """That of the outcome; better by less than what matters, as far as is shown, is not good."""
    is_small = difference.outcome == "better" and difference.is_past_margin is False
    return "warning" if is_small else OUTCOMES[difference.outcome].tone


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
    elsewhere = any(chosen.section == "tasks" for chosen in view.report.sections) or not tasks.pairs
    searches = all(d.reason == "sweep" for d in first.differences)
    lead = paragraph(strong("Judged over tasks. "), judged_over_tasks(tasks, searches=searches, here=not elsewhere))
    if elsewhere:
        return [lead]
    metric = view.facts.metrics[first.metric]
    return [lead, *(verdict_over_tasks(tasks, pair, metric) for pair in tasks.pairs[:MOST_VERDICTS])]


def leading_block(comparison: Comparison, metric: Metric) -> list[Block]:
    """The leading set of three groups or more; empty for two, and where nothing leads."""
    if comparison.leading is None:
        return []
    return [paragraph(strong("Leading set. "), leading_text(comparison, comparison.leading, metric))]


def omnibus_block(comparison: Comparison) -> list[Block]:
    """One line of all groups together; empty where their variances were not analysed."""
    return [paragraph(omnibus_text(comparison.omnibus, comparison.kruskal))] if comparison.omnibus is not None else []
