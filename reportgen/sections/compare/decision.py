"""Page 1 of the memo: the decision first, then the few numbers that it was made from.

For two groups that is one verdict; for more it is the leading set and a verdict for each group against the baseline.
"""

from __future__ import annotations

from reportgen.analyze.compare.comparison import Comparison, MetricComparison
from reportgen.analyze.metrics import Metric
from reportgen.formats import goal_words, plural
from reportgen.model import Block, Cell, Column, Section, Table
from reportgen.sections.compare.checks import likeness_in_brief
from reportgen.sections.compare.notices import no_groups, nothing_measured, one_group
from reportgen.sections.compare.tables import differences_table, every_pair, groups_table, posterior_tables
from reportgen.sections.compare.verdicts import leading_block, over_tasks, verdict_boxes, verdict_of
from reportgen.sections.genai.decision import evaluation_decision
from reportgen.sections.view import View, paragraph
from reportgen.words.compare.runs import group_words, made_by_words, without_pairs_words
from reportgen.words.compare.subject import DifferenceWords, comparison_digits, words_of
from reportgen.words.compare.terms import group_name, groups_by
from reportgen.words.metrics import direction_source, primary_reason, rule_text
from reportgen.words.quantities import label_of

MOST_VERDICTS = 3
TITLE = "Decision"
QUESTION = "Is one group better than the baseline, by how much, and how sure is that?"


def decision_section(view: View) -> Section | None:
    """Left out when the report compares nothing."""
    if view.facts.evaluation_comparison is not None:
        return evaluation_decision(view, view.facts.evaluation_comparison)
    comparison = view.facts.comparison
    if comparison is None:
        return None
    if not comparison.groups or comparison.baseline is None or not comparison.metrics:
        return Section("decision", TITLE, (no_groups(comparison) if comparison.metrics else nothing_measured(view),), QUESTION)
    compared = comparison.metrics[0]
    metric = view.facts.metrics[compared.metric]
    if not compared.differences:
        return Section("decision", TITLE, (one_group(comparison),), QUESTION)
    if over := over_tasks(view, comparison):
        about = [paragraph(_group_words(comparison)), paragraph(_metric_words(metric))]
        return Section("decision", TITLE, (*over, *about), QUESTION)
    blocks: list[Block] = []
    if len(compared.differences) > 1:
        blocks += _several(view, comparison, compared, metric)
    several = len(compared.differences) > 1
    boxes = [verdict_of(comparison, compared, d, metric, brief=several) for d in compared.differences[:MOST_VERDICTS]]
    blocks += verdict_boxes(boxes)
    if len(compared.differences) == 1:
        blocks.append(numbers_table(view, comparison, words_of(compared, compared.differences[0], metric)))
    blocks += posterior_tables(compared, metric, "decision")
    blocks.append(
        groups_table(metric, compared.groups, comparison_digits(metric, compared), "decision-groups", compared.differences)
    )
    blocks += further_metrics(view, comparison)
    return Section("decision", TITLE, tuple(blocks), QUESTION)


# --- the numbers behind one verdict --------------------------------------------------------------------------------


def numbers_table(view: View, comparison: Comparison, w: DifferenceWords) -> Table:
    """What stands behind the verdict and is not in it: groups, metric, whether they are alike, what is still needed."""
    rows = [
        ("Groups", _group_words(comparison)),
        ("Primary metric", _metric_words(w.metric)),
        ("Why this metric", _why_words(view, w.metric)),
        ("Like for like", likeness_in_brief(comparison)),
        ("Without pairing", _without_pairs(w)),
        ("Runs still needed", _needed_words(w)),
    ]
    columns = (Column("what", "What"), Column("value", "Value"))
    cells = tuple((Cell(what), Cell(value)) for what, value in rows if value)
    return Table("decision-numbers", "What it was decided from", columns, cells, layout="facts")


def _group_words(comparison: Comparison) -> str:
    parts = []
    for group in comparison.groups:
        stands = f" ({made_by_words(comparison.stands_for[group.label])})" if group.label in comparison.stands_for else ""
        role = ", the baseline" if group.label == comparison.baseline else ""
        parts.append(f"{group_name(group.label)}{role}: {group_words(group)}{stands}")
    by = f" By {groups_by(comparison, 60)}." if comparison.by is not None else ""
    return f"{'; '.join(parts)}.{by}"


def _why_words(view: View, metric: Metric) -> str | None:
    """Only where nobody chose it: a metric that was named needs no reason."""
    primary, config = view.facts.primary, view.report.compare
    if config is not None and config.metrics:
        return None
    if primary is None or primary.name != metric.name:
        known = "its direction is known" if metric.goal != "none" else "no metric that all have has a known direction"
        return f"Chosen because every group has it and {known}; --metric, or metrics of compare in a config, chooses another."
    return primary_reason(primary, on_command_line=True)


def _metric_words(metric: Metric) -> str:
    source = direction_source(metric.direction)
    return f"{label_of(metric)}, {goal_words(metric.goal)} ({source}); {rule_text(metric.rule)} of each run."


def _without_pairs(w: DifferenceWords) -> str | None:
    """Only where the answer would be another: the appendix has it in any case."""
    return f"{without_pairs_words(w)}: the verdict rests on the pairs." if w.d.rests_on_pairs else None


def _needed_words(w: DifferenceWords) -> str | None:
    """Only for what is open; what no test showed is in the verdict's own caveat."""
    d, within = w.d, w.d.margin
    unit, each = ("pair", "") if d.pairing else ("run", " in each group")
    if d.reason in ("one_run", "two_runs"):
        return f"Three {unit}s{each} at least before anything is tested."
    if d.reason != "tested" or within is None or within.low is None or d.lowered:
        return None
    there = f"; there are {min(d.n_a, d.n_b):,}."
    if d.outcome == "better" and within.low <= within.margin:
        if d.power is None or d.power.n_past_margin is None:
            return None
        n = plural(d.power.n_past_margin, unit)
        return (
            f"About {n}{each} to tell the observed difference from the margin with 80 % probability, were it the true one{there}"
        )
    if d.outcome in ("unclear", "worse") and within.state == "INCONCLUSIVE" and within.needed:
        n = plural(within.needed, unit)
        return f"About {n}{each} to decide with 80 % probability whether {w.name_b} is worse by the margin, if the observed difference is the true one{there}"
    return None


# --- several groups ------------------------------------------------------------------------------------------------


def _several(view: View, comparison: Comparison, compared: MetricComparison, metric: Metric) -> list[Block]:
    label = label_of(metric)
    why = _why_words(view, metric)
    blocks: list[Block] = [paragraph(_group_words(comparison)), paragraph(f"{_metric_words(metric)}{f' {why}' if why else ''}")]
    blocks += leading_block(comparison, metric)
    title = f"{label} against {group_name(comparison.baseline or '')}"
    blocks.append(differences_table(view, [compared], "decision-differences", title, short=True, one_metric=True))
    blocks += every_pair(view, comparison, compared, "decision")
    left = len(compared.differences) - MOST_VERDICTS
    if left > 0:
        blocks.append(
            paragraph(f"{plural(left, 'further group')} in the table above; verdicts in words for the first {MOST_VERDICTS}.")
        )
    return blocks


# --- the other metrics ---------------------------------------------------------------------------------------------


def further_metrics(view: View, comparison: Comparison) -> list[Block]:
    """The secondary metrics as one family; they never decide."""
    others = [compared for compared in comparison.metrics[1:] if compared.differences]
    if not others:
        return []
    table = differences_table(view, others, "decision-secondary", "Further metrics: secondary, they decide nothing", short=True)
    return [table]
