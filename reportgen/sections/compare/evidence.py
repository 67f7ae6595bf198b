"""What the decision was made from, as pictures: every run, every pair, and the difference against zero and the margin."""

from __future__ import annotations

from dataclasses import replace

from reportgen.model import Block, Section
from reportgen.sections.compare.charts import difference_chart, groups_chart, slopes_chart
from reportgen.sections.compare.tasks import tasks_evidence
from reportgen.sections.compare.verdicts import judged_tasks
from reportgen.sections.genai.evidence import evaluation_evidence
from reportgen.sections.view import View
from reportgen.words.compare.subject import comparison_digits

TITLE = "Evidence"
QUESTION = "What did every run measure, and how far apart are the groups?"


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
        return Section("evidence", TITLE, tuple(tasks_evidence(tasks, metric)), QUESTION)
    digits = comparison_digits(metric, compared)
    every_run = groups_chart(view, metric, compared, comparison.baseline)
    blocks: list[Block] = [replace(every_run, height=min(700, 92 + 32 * len(compared.groups)))]
    estimated = [d for d in compared.differences if d.low is not None]
    if estimated:
        blocks.append(difference_chart(metric, compared, estimated))
    paired = [d for d in compared.differences if d.pairing is not None]
    if len(paired) == 1:  # of several groups the differences of the pairs stand in one picture
        blocks.append(slopes_chart(metric, paired[0], digits, height=200))
    return Section("evidence", TITLE, tuple(blocks), QUESTION)
