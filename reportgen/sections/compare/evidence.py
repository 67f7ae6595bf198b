"""What the decision was made from, as pictures: every run, every pair, and the difference against zero and the margin."""

from __future__ import annotations

from dataclasses import replace

from reportgen.model import Block, Section
from reportgen.sections.compare.charts import MOST_STRIPS, difference_chart, groups_chart
from reportgen.sections.compare.decision import MOST_VERDICTS, numbers_table
from reportgen.sections.compare.tables import groups_table
from reportgen.sections.compare.tasks import tasks_evidence
from reportgen.sections.compare.verdicts import judged_tasks
from reportgen.sections.genai.evidence import evaluation_evidence
from reportgen.sections.view import View
from reportgen.words.compare.subject import comparison_digits, words_of


def evidence_section(view: View) -> Section | None:
    """Left out when no group has a value of the primary metric."""
    if view.facts.evaluation_comparison is not None:
        return evaluation_evidence(view, view.facts.evaluation_comparison)
    comparison = view.facts.comparison
    if comparison is None or comparison.baseline is None or not comparison.metrics:
        return None
    compared = comparison.metrics[0]
    if not any(group.n for group in compared.groups):
        return None
    metric = view.facts.metrics[compared.metric]
    if (tasks := judged_tasks(view)) is not None:
        return Section(
            "evidence", view.say("evidence-title"), tuple(tasks_evidence(tasks, metric, view.say)), view.say("evidence-question")
        )
    digits = comparison_digits(metric, compared)
    blocks: list[Block] = [groups_table(metric, compared.groups, digits, "decision-groups", compared.differences, say=view.say)]
    if len(compared.differences) == 1:
        blocks.append(numbers_table(view, comparison, words_of(compared, compared.differences[0], metric, view.say)))
    if len(compared.groups) > MOST_STRIPS:
        every_run = groups_chart(view, metric, compared, comparison.baseline)
        blocks.append(replace(every_run, height=min(700, 92 + 32 * len(compared.groups))))
    estimated = [d for d in compared.differences if d.low is not None]
    if len(estimated) > MOST_VERDICTS:  # fewer are drawn with their verdicts
        blocks.append(difference_chart(metric, compared, estimated, view.say))
    return Section("evidence", view.say("evidence-title"), tuple(blocks), view.say("evidence-question"))
