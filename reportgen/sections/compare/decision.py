"""Page 1 of the memo: the decision first, then the few numbers that it was made from.

For two groups that is one verdict; for more it is the leading set and a verdict for each group against the baseline.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from reportgen.analyze.compare.comparison import Comparison, MetricComparison
from reportgen.analyze.metrics import Metric
from reportgen.model import Block, Cell, Chip, Column, Finding, Findings, Row, Section, Table, Tile, Tiles, Verdict
from reportgen.sections.compare.charts import groups_figure, slopes_chart
from reportgen.sections.compare.checks import all_checks, checks_list, likeness_checks, likeness_in_brief
from reportgen.sections.compare.notices import no_groups, nothing_measured, one_group
from reportgen.sections.compare.tables import differences_table, every_pair, posterior_tables
from reportgen.sections.compare.verdicts import leading_block, over_tasks, verdict_of
from reportgen.sections.genai.decision import evaluation_decision
from reportgen.sections.histories import curve_chart
from reportgen.sections.view import View, beside, paragraph
from reportgen.words import Say
from reportgen.words.compare.brief import is_estimated
from reportgen.words.compare.runs import group_words, made_by_words, without_pairs_words
from reportgen.words.compare.subject import DifferenceWords, comparison_digits, words_of
from reportgen.words.compare.terms import group_name, groups_by, pair_words, test_name
from reportgen.words.metrics import direction_source, primary_reason, rule_text
from reportgen.words.quantities import label_of

MOST_VERDICTS = 3
LONGEST_BESIDE = 24
"""Characters of a name that half a page has room for, beside its values."""


def decision_section(view: View) -> Section | None:
    """Left out when the report compares nothing."""
    if view.facts.evaluation_comparison is not None:
        return evaluation_decision(view, view.facts.evaluation_comparison)
    comparison = view.facts.comparison
    if comparison is None:
        return None
    if not comparison.groups or comparison.baseline is None or not comparison.metrics:
        return Section(
            "decision",
            view.say("decision-title"),
            (no_groups(comparison, view.say) if comparison.metrics else nothing_measured(view),),
            view.say("decision-question"),
        )
    compared = comparison.metrics[0]
    metric = view.facts.metrics[compared.metric]
    if not compared.differences:
        return Section("decision", view.say("decision-title"), (one_group(comparison, view.say),), view.say("decision-question"))
    if over := over_tasks(view, comparison):
        about = [paragraph(_group_words(comparison, view.say)), paragraph(_metric_words(metric, view.say))]
        return Section("decision", view.say("decision-title"), (*over, *about), view.say("decision-question"))
    only = words_of(compared, compared.differences[0], metric, view.say) if len(compared.differences) == 1 else None
    cards = [
        replace(verdict_of(view, comparison, compared, d, metric), caveats_apart=True)
        for d in compared.differences[:MOST_VERDICTS]
    ]
    blocks: list[Block] = [*cards]
    if only is not None:
        blocks += _facts_tiles(view, only)
    else:
        blocks += _several(view, comparison, compared, metric)
    blocks += [*_every_run(view, comparison, compared, metric), *_pictures(view, compared, metric)]
    blocks += posterior_tables(compared, metric, "decision", say=view.say)
    if comparison.alike is not None:
        blocks.append(checks_list(all_checks(view, comparison, comparison.alike), view.say, columns=4))
    blocks += _does_not_say(view, cards)
    chips = tuple(_chips(view, comparison, cards))
    return Section(
        "decision",
        view.say("decision-title"),
        tuple(blocks),
        view.say("decision-question"),
        _method(view, metric),
        is_brief=True,
        chips=chips,
    )


def _chips(view: View, comparison: Comparison, cards: Sequence[Verdict]) -> Iterator[Chip]:
    """The outcome of the only verdict, whether the groups are alike, and how many caveats there are."""
    say = view.say
    if len(cards) == 1:
        yield Chip(say("page-outcome", outcome=cards[0].outcome), cards[0].tone if cards[0].tone != "muted" else "neutral")
    if comparison.alike is not None:
        looks = sum(check.state == "look" for check in likeness_checks(comparison, comparison.alike, say))
        yield Chip(say("compare-alike") if not looks else say("compare-look", n=looks), "warning" if looks else "good", "trust")
    if n := len({caveat for card in cards for caveat in card.caveats}):
        yield Chip(say("compare-caveats", n=n), "warning")


def _facts_tiles(view: View, w: DifferenceWords) -> list[Block]:
    """Runs or pairs, pairs won, p, and what these runs could show; none where nothing was tested."""
    d, say = w.d, view.say
    if not is_estimated(w):
        return []
    if d.pairing is not None:
        tiles = [Tile(say("compare-pairs", by=pair_words(d.pairing, say)), d.pairing.n, "integer")]
    else:
        tiles = [Tile(say("compare-runs"), say("compare-runs-value", b=d.n_b, a=d.n_a), "text")]
    if d.won is not None and d.pairing is not None:
        tiles.append(Tile(say("compare-won", b=w.name_b), say("compare-won-value", won=d.won, n=d.pairing.n), "text"))
    if d.p_decisive is not None:
        tiles.append(Tile(say("compare-p", test=test_name(d, say)), d.p_decisive, "p"))
    if d.power is not None and d.power.detectable:
        tiles.append(Tile(say("compare-detectable"), w.size(d.power.detectable), "text"))
    return [Tiles(tuple(tiles))]


def _every_run(view: View, comparison: Comparison, compared: MetricComparison, metric: Metric) -> list[Block]:
    """Every run of each group as a dot, beside the other metrics; above them where names need the whole width."""
    figure = groups_figure(view, metric, compared)
    others = further_metrics(view, comparison)
    if figure is None:
        return others
    long = max(map(len, (label_of(metric), *(group_name(group.label) for group in compared.groups)))) > LONGEST_BESIDE
    is_narrow = len(compared.differences) < 2 and not long
    return [Row((figure, *others), (3, 2))] if others and is_narrow else [figure, *others]


def _pictures(view: View, compared: MetricComparison, metric: Metric) -> list[Block]:
    """The pairs, and the curve of the metric while training."""
    paired = [d for d in compared.differences if d.pairing is not None]
    charts = (
        [slopes_chart(metric, paired[0], comparison_digits(metric, compared), height=210, say=view.say)]
        if len(paired) == 1
        else []
    )
    if (curve := curve_chart(view, metric.name)) is not None:
        charts.append(replace(curve, height=210))
    return beside(charts)


def _does_not_say(view: View, cards: Sequence[Verdict]) -> list[Block]:
    """The caveats of all verdicts, each once."""
    caveats = dict.fromkeys(caveat for card in cards for caveat in card.caveats)
    if not caveats:
        return []
    return [Findings(view.say("compare-does-not-say"), tuple(Finding("", caveat, sign="·") for caveat in caveats))]


def _method(view: View, metric: Metric) -> tuple[str, ...]:
    why = _why_words(view, metric)
    return (_metric_words(metric, view.say), *((why,) if why else ()))


# --- the numbers behind one verdict --------------------------------------------------------------------------------


def numbers_table(view: View, comparison: Comparison, w: DifferenceWords) -> Table:
    """What stands behind the verdict and is not in it: groups, metric, whether they are alike, what is still needed."""
    rows = [
        (view.say("decision-groups"), _group_words(comparison, view.say)),
        (view.say("decision-primary-metric"), _metric_words(w.metric, view.say)),
        (view.say("decision-why-metric"), _why_words(view, w.metric)),
        (view.say("decision-like-like"), likeness_in_brief(comparison, view.say)),
        (view.say("decision-without-pairing"), _without_pairs(w)),
        (view.say("decision-runs-still-needed"), _needed_words(w)),
    ]
    columns = (Column("what", view.say("decision-column-what")), Column("value", view.say("decision-column-value")))
    cells = tuple((Cell(what), Cell(value)) for what, value in rows if value)
    return Table("decision-numbers", view.say("decision-what-decided"), columns, cells, layout="facts")


def _group_words(comparison: Comparison, say: Say) -> str:
    parts = []
    for group in comparison.groups:
        stands = (
            say.bracketed(made_by_words(comparison.stands_for[group.label], say)) if group.label in comparison.stands_for else ""
        )
        role = say("decision-baseline") if group.label == comparison.baseline else ""
        parts.append(say.named(f"{group_name(group.label)}{role}", f"{group_words(group, say)}{stands}"))
    by = say("decision-by", groups_by=groups_by(comparison, 60, say)) if comparison.by is not None else ""
    return f"{say('list-clause-separator').join(parts)}.{by}"


def _why_words(view: View, metric: Metric) -> str | None:
    """Only where nobody chose it: a metric that was named needs no reason."""
    primary, config = view.facts.primary, view.report.compare
    if config is not None and config.metrics:
        return None
    if primary is None or primary.name != metric.name:
        known = view.say("decision-direction-known") if metric.goal != "none" else view.say("decision-metric-all-known-direction")
        return view.say("decision-chosen-because-every-group", known=known)
    return primary_reason(primary, view.say, on_command_line=True)


def _metric_words(metric: Metric, say: Say) -> str:
    source = direction_source(metric.direction, say)
    return say(
        "decision-higher-better-lower-better",
        metric=label_of(metric),
        goal=metric.goal,
        source=source,
        rule=rule_text(metric.rule, say),
    )


def _without_pairs(w: DifferenceWords) -> str | None:
    """Only where the answer would be another: the appendix has it in any case."""
    return w.say("decision-verdict-rests-pairs", without_pairs=without_pairs_words(w)) if w.d.rests_on_pairs else None


def _needed_words(w: DifferenceWords) -> str | None:
    """Only for what is open; what no test showed is in the verdict's own caveat."""
    d, within = w.d, w.d.margin
    unit, each = ("pair", "") if d.pairing else ("run", w.say("decision-group"))
    if d.reason in ("one_run", "two_runs"):
        return w.say("decision-three-s-least-before", unit=unit, each=each)
    if d.reason != "tested" or within is None or within.low is None or d.lowered:
        return None
    there = w.say("decision-there-are", n_a=min(d.n_a, d.n_b))
    if d.outcome == "better" and within.low <= within.margin:
        if d.power is None or d.power.n_past_margin is None:
            return None
        n = w.say("decision-count", unit=unit, n=d.power.n_past_margin)
        return w.say("decision-about-tell-observed-difference", n=n, each=each, there=there)
    if d.outcome in ("unclear", "worse") and within.state == "INCONCLUSIVE" and within.needed:
        n = w.say("decision-count", unit=unit, n=within.needed)
        return w.say("decision-about-decide-80-probability", n=n, each=each, name_b=w.name_b, there=there)
    return None


# --- several groups ------------------------------------------------------------------------------------------------


def _several(view: View, comparison: Comparison, compared: MetricComparison, metric: Metric) -> list[Block]:
    label = label_of(metric)
    blocks: list[Block] = leading_block(comparison, metric, view.say)
    title = view.say("decision-vs", label=label, baseline=group_name(comparison.baseline or ""))
    table = differences_table(view, [compared], "decision-differences", title, short=True, one_metric=True)
    blocks.append(replace(table, on_paper=len(compared.differences) > MOST_VERDICTS))  # else each has its own box
    blocks += every_pair(view, comparison, compared, "decision")
    left = len(compared.differences) - MOST_VERDICTS
    if left > 0:
        blocks.append(paragraph(view.say("decision-further-groups-table-above", left=left, most_verdicts=MOST_VERDICTS)))
    return blocks


# --- the other metrics ---------------------------------------------------------------------------------------------


def further_metrics(view: View, comparison: Comparison) -> list[Block]:
    """The secondary metrics as one family; they never decide."""
    others = [compared for compared in comparison.metrics[1:] if compared.differences]
    if not others:
        return []
    return [differences_table(view, others, "decision-secondary", view.say("compare-others"), short=True, beside=True)]
