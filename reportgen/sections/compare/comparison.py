"""Is B better than A: verdict, the groups, every run as a point, and what else differs between the groups."""

from __future__ import annotations

from reportgen.analyze.compare.comparison import Comparison, MetricComparison
from reportgen.model import Block, Chart, Section
from reportgen.sections.compare.charts import groups_chart, slopes_chart
from reportgen.sections.compare.checks import checks_list, likeness_checks, likeness_table
from reportgen.sections.compare.left_out import left_out_table
from reportgen.sections.compare.notices import no_groups, nothing_measured
from reportgen.sections.compare.side_by_side import side_by_side_section
from reportgen.sections.compare.tables import differences_table, every_pair, groups_table, posterior_tables
from reportgen.sections.compare.verdicts import MOST_VERDICTS, leading_block, omnibus_block, over_tasks, verdict_of
from reportgen.sections.view import View, beside, paragraph
from reportgen.words import Say
from reportgen.words.compare.runs import group_words
from reportgen.words.compare.subject import comparison_digits
from reportgen.words.compare.terms import group_name, groups_by
from reportgen.words.quantities import label_of

MOST_SLOPES = 3
ON_PAGE_1 = 2
"""Verdicts that page 1 has."""


def comparison_section(view: View) -> Section | None:
    """Left out when nothing is compared and no two experiments share the primary metric."""
    comparison = view.facts.comparison
    if comparison is None:
        return side_by_side_section(view, view.facts.side_by_side) if view.facts.side_by_side else None
    if not comparison.groups:
        return Section(
            "comparison", view.say("comparison-title"), (no_groups(comparison, view.say),), view.say("comparison-question")
        )
    blocks: list[Block] = [_lead(comparison, view.say)]
    if comparison.baseline is None:
        blocks.append(no_groups(comparison, view.say))
    if not comparison.metrics:
        blocks.append(nothing_measured(view))
    for compared in comparison.metrics[:1]:
        blocks += _primary(view, comparison, compared)
    blocks += _secondary(view, comparison)
    blocks += _alike(view, comparison)
    return Section("comparison", view.say("comparison-title"), tuple(blocks), view.say("comparison-question"))


def _lead(comparison: Comparison, say: Say) -> Block:
    counts = say("list-clause-separator").join(say.named(group_name(g.label), group_words(g, say)) for g in comparison.groups[:8])
    more = say("comparison-more-groups", n_groups=len(comparison.groups) - 8) if len(comparison.groups) > 8 else ""
    outside = say("comparison-runs-none-groups", n=comparison.n_unlabelled) if comparison.n_unlabelled else ""
    baseline = say("comparison-baseline", baseline=group_name(comparison.baseline)) if comparison.baseline is not None else ""
    return paragraph(
        say(
            "comparison-groups",
            groups_by=groups_by(comparison, 40, say),
            baseline=baseline,
            counts=counts,
            more=more,
            outside=outside,
        )
    )


def _primary(view: View, comparison: Comparison, compared: MetricComparison) -> list[Block]:
    metric = view.facts.metrics[compared.metric]
    over = over_tasks(view, comparison)
    told = ON_PAGE_1 if any(chosen.section == "overview" for chosen in view.report.sections) else 0
    shown = () if over else compared.differences[told:MOST_VERDICTS]
    verdicts = [verdict_of(view, comparison, compared, d, metric) for d in shown]
    blocks: list[Block] = [
        *over,
        *verdicts,
        *posterior_tables(compared, metric, say=view.say),
        *leading_block(comparison, metric, view.say),
        groups_table(
            metric, compared.groups, comparison_digits(metric, compared), "comparison-groups", compared.differences, say=view.say
        ),
    ]
    left = 0 if over else len(compared.differences) - len(verdicts) - told
    if left > 0:
        blocks.append(paragraph(view.say("comparison-further-groups-tables-below", left=left)))
    if compared.differences and not over:
        title = view.say("comparison-differences", metric=label_of(metric))
        blocks.append(differences_table(view, [compared], "comparison-differences", title, one_metric=True))
    blocks += [*every_pair(view, comparison, compared), *omnibus_block(comparison, view.say)]
    pictures: list[Chart] = []
    if any(group.n for group in compared.groups):
        pictures.append(groups_chart(view, metric, compared, comparison.baseline))
    paired = [d for d in compared.differences if d.pairing is not None]
    pictures += [slopes_chart(metric, d, comparison_digits(metric, compared), say=view.say) for d in paired[:MOST_SLOPES]]
    return [*blocks, *beside(pictures)]


def _secondary(view: View, comparison: Comparison) -> list[Block]:
    others = comparison.metrics[1:]
    if not others or comparison.baseline is None or not any(compared.differences for compared in others):
        return []
    title = (
        view.say("comparison-other-metrics")
        if len(others) > 1
        else view.say("comparison-other-metric", metric=label_of(view.facts.metrics[others[0].metric]))
    )
    return [differences_table(view, others, "comparison-others", title, one_metric=len(others) == 1)]


def _alike(view: View, comparison: Comparison) -> list[Block]:
    alike = comparison.alike
    if alike is None or len(comparison.groups) < 2:
        return []
    table, checks = (
        likeness_table(comparison, alike, view.say),
        checks_list(likeness_checks(comparison, alike, view.say), view.say),
    )
    left_out = left_out_table(view, comparison, "comparison-left-out")
    return [checks, table, *([left_out] if left_out else [])]
