"""The tables of a comparison: every group, every difference, every pair of groups, and the posterior on folds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from reportgen.analyze.compare.comparison import Comparison, MetricComparison
from reportgen.analyze.compare.difference import Difference
from reportgen.analyze.compare.values import GroupValues
from reportgen.analyze.methods.proportions import wilson_interval
from reportgen.analyze.metrics import Metric
from reportgen.formats import slug, text_of
from reportgen.model import Block, Cell, Column, Format, Interval, Table, Tone
from reportgen.outcomes import OUTCOMES
from reportgen.sections.compare.verdicts import tone_of
from reportgen.sections.view import View
from reportgen.words import Say
from reportgen.words.compare.subject import DifferenceWords, comparison_digits, words_of
from reportgen.words.compare.terms import (
    family_of,
    group_name,
    level_percent,
    level_words,
    margin_size,
    p_equation,
    phrase_of,
    probability_words,
    test_words,
)
from reportgen.words.metrics import rule_text
from reportgen.words.quantities import change_format, estimate_format, label_of

MOST_PAIRED = 10
"""Groups up to which every pair is shown; with more it is in the data files."""


def groups_table(
    metric: Metric, groups: Sequence[GroupValues], digits: int, id: str, differences: Sequence[Difference] = (), *, say: Say
) -> Table:
    """n, mean with interval, sd, median and range of each group; three or more by their means, the best first, with ranks.

    ``differences`` are told beside it, and where these are of pairs, the note says that the table is not.
    """
    ranks = {} if any(g.no_interval == "search" for g in groups) else _ranks(metric, groups)
    if ranks:
        groups = sorted(groups, key=lambda g: (ranks.get(g.label, math.inf), g.label))
    bounded = any(g.low is not None for g in groups) or not any(g.no_interval for g in groups)
    searched = any(g.no_interval == "search" for g in groups) and metric.goal != "none"
    columns = (
        *(
            (Column("rank", say("groups-column-rank"), "number", 1 if any(rank % 1 for rank in ranks.values()) else 0),)
            if ranks
            else ()
        ),
        Column("group", say("groups-column-group")),
        Column("n", say("groups-column-n"), "integer"),
        *((Column("best", say("groups-column-best"), metric.format, metric.digits, metric.goal),) if searched else ()),
        Column(
            "mean",
            say("groups-column-mean-xx", metric=label_of(metric), if_bounded="yes" if bounded else "no"),
            estimate_format(metric),
            digits,
            metric.goal,
        ),
        *spread_columns(metric, digits, say),
    )
    rows = tuple(
        (
            *((Cell(ranks.get(g.label)),) if ranks else ()),
            Cell(group_name(g.label)),
            Cell(g.n),
            *((Cell(_best(metric, g)),) if searched else ()),
            *spread_cells(g, say),
        )
        for g in groups
    )
    own = say("groups-intervals-t-intervals-group")
    paired = [d.pairing for d in differences if d.pairing is not None and d.low is not None]
    if bounded and paired:
        own = say("groups-intervals-group-s-own")
    if any(pairing.left_a or pairing.left_b for pairing in paired):
        own += say("groups-table-all-runs-verdict")
    notes = (
        say("groups-n-finished-runs-finite", own=own if bounded or paired else "", rule=rule_text(metric.rule, say)),
        *no_interval_notes(groups, say),
    )
    return Table(id, say("groups-group", metric=label_of(metric)), columns, rows, (), len(rows), paper_rows=40, method=notes)


def spread_columns(metric: Metric, digits: int | None, say: Say) -> tuple[Column, ...]:
    """What stands behind the mean of a group."""
    return (
        Column("sd", say("groups-column-sd"), metric.format, digits, note=say("groups-between-runs")),
        Column("median", say("groups-column-median"), metric.format, digits),
        Column("lowest", say("groups-column-lowest"), metric.format, digits),
        Column("highest", say("groups-column-highest"), metric.format, digits),
        Column("left_out", say("groups-column-counted")),
    )


def spread_cells(group: GroupValues, say: Say) -> tuple[Cell, ...]:
    """The mean, which a search does not have, and the cells of ``spread_columns``."""
    has_mean = group.mean is not None and group.no_interval != "search"
    return (
        Cell(Interval(group.mean, group.low, group.high, group.n) if has_mean else None),
        Cell(group.sd),
        Cell(group.median),
        Cell(min(group.values, default=None)),
        Cell(max(group.values, default=None)),
        Cell(_left_out(group, say) or None),
    )


def _ranks(metric: Metric, groups: Sequence[GroupValues]) -> dict[str, float]:
    """Label → rank of the mean, 1 is best, ties share theirs; of three groups or more of a metric with a direction."""
    means = {g.label: g.mean for g in groups if g.mean is not None}
    if len(groups) < 3 or metric.goal == "none":
        return {}
    return {
        label: 1 + sum(metric.better(other, mean) for other in means.values()) + (sum(o == mean for o in means.values()) - 1) / 2
        for label, mean in means.items()
    }


def _best(metric: Metric, group: GroupValues) -> float | None:
    return max(group.values, key=metric.improvement, default=None)


def no_interval_notes(groups: Sequence[GroupValues], say: Say) -> tuple[str, ...]:
    """Why a mean stands without an interval."""
    found = {why: [group_name(g.label) for g in groups if g.no_interval == why] for why in ("search", "folds", "tasks")}
    notes = []
    if found["search"]:
        notes.append(say("groups-mean-interval-several-configurations", found=say.listed(found["search"], 6)))
    if found["tasks"]:
        notes.append(say("groups-interval-means-runs-lie"))
    if found["folds"]:
        notes.append(say("groups-interval-folds-data-set", found=say.listed(found["folds"], 6)))
    return tuple(notes)


def _left_out(group: GroupValues, say: Say) -> str:
    parts = [say("groups-without-metric", n_missing=group.n_missing)] if group.n_missing else []
    parts += [say("groups-nan-infinite", n_non_finite=group.n_non_finite)] if group.n_non_finite else []
    parts += [say("groups-inside-counted-parent", n_inside_parents=group.n_inside_parents)] if group.n_inside_parents else []
    parts += [say("groups-parents-counted-children", n=group.n_parents)] if group.n_parents else []
    return say("list-separator").join(parts)


# --- differences ---------------------------------------------------------------------------------------------------


NARROW = ("metric", "group", "delta", "verdict")
"""Columns in half a page."""
SHORT = ("metric", "group", "verdict", "n", "delta", "p", "p_holm")
"""Columns on paper, and of a table beside a longer one."""


def differences_table(
    view: View,
    compared: Sequence[MetricComparison],
    id: str,
    title: str,
    *,
    short: bool = False,
    one_metric: bool = False,
    beside: bool = False,
) -> Table:
    """One row for each metric and group against the baseline; columns that no row fills are left out.

    ``short`` is for a table beside a longer one, ``beside`` for one in a narrow column of paper. The metric has a column unless ``title`` names the ``one_metric``.
    """
    differences = [d for metric in compared for d in metric.differences]
    tests = {_test(d, view.say) for d in differences}
    columns: list[tuple[Column, bool]] = [
        (
            Column("metric", view.say("groups-column-metric")),
            not one_metric,
        ),
        (Column("group", view.say("groups-column-group")), True),
        (Column("verdict", view.say("groups-column-verdict")), True),
        (Column("n", view.say("groups-column-n")), True),
        (
            Column(
                "delta", view.say("groups-column-difference-interval"), "change", note=view.say("groups-group-baseline"), width=3
            ),
            True,
        ),
        (
            Column(
                "improvement", view.say("groups-column-improvement"), "change", note=view.say("groups-positive-better"), width=2
            ),
            any(view.facts.metrics[metric.metric].goal == "minimize" for metric in compared),
        ),
        (
            Column("lift", view.say("groups-column-relative-interval"), "percent_change", 1, width=3),
            any(d.lift for d in differences),
        ),
        (Column("p", _p_title(differences, view.say), "p"), any(d.p is not None for d in differences)),
        (Column("p_holm", view.say("groups-column-p-holm-adjusted"), "p"), any(d.p_holm is not None for d in differences)),
        (
            Column("g", view.say("groups-column-hedges-g"), "change", 2),
            any(d.effects and d.effects.g is not None for d in differences),
        ),
        (
            Column("chance", view.say("groups-column-p-group-baseline"), "percent", 0),
            any(d.effects and d.effects.chance is not None for d in differences),
        ),
        (Column("won", view.say("groups-column-pairs-won")), any(d.won is not None for d in differences)),
        (
            Column("permutation", view.say("groups-column-p-permutation"), "p"),
            len(differences) > 1 and any(d.effects and d.effects.p_permutation is not None for d in differences),
        ),
        (
            Column("detectable", view.say("groups-column-detectable"), "change", note=view.say("groups-four-times-five")),
            any(d.is_shown is False for d in differences),
        ),
        (
            Column("needed", view.say("groups-column-n-needed"), note=view.say("groups-difference-seen")),
            any(d.is_shown is False for d in differences),
        ),
        (Column("test", view.say("groups-column-test")), len(tests) > 1),
    ]
    rows = []
    for one in compared:
        metric = view.facts.metrics[one.metric]
        digits = comparison_digits(metric, one)
        rows += [_difference_cells(metric, d, digits, view.say) for d in one.differences]
    shown = [i for i, (column, wanted) in enumerate(columns) if wanted and (not short or column.key in SHORT)]
    kept = [key for key in NARROW if key != "group" or len({d.group for d in differences}) > 1] if beside else SHORT
    on_paper = [replace(column, on_paper=column.key in kept) for column, _ in columns]
    notes = _level_notes(differences, view.say("groups-groups"), view.say)
    if not short:
        notes = (
            ((view.say("groups-test", next=next(iter(tests))),) if len(tests) == 1 else ())
            + notes
            + _difference_notes(differences, view.say)
        )
    cells = tuple(tuple(row[i] for i in shown) for row in rows)
    return Table(id, title, tuple(on_paper[i] for i in shown), cells, (), len(rows), paper_rows=40, method=notes)


def _difference_cells(metric: Metric, d: Difference, digits: int, say: Say) -> tuple[Cell, ...]:
    """All cells of a row, in the order of the columns."""
    tone = tone_of(d)
    delta, shown_as, unit = delta_interval(metric, d)
    delta = None if d.reason == "sweep" else delta  # means of searches are not compared
    factor, open_ = 100.0 if metric.format == "percent" else 1.0, d.is_shown is False
    lift = None if d.lift is None else Interval(d.lift.value, d.lift.low, d.lift.high, min(d.n_a, d.n_b), d.level)
    return (
        Cell(label_of(metric)),
        Cell(group_name(d.group)),
        Cell(phrase_of(d, say), tone),
        Cell(say("groups-n-pairs", n=d.n_a) if d.pairing else say("groups-against", n_b=d.n_b, n_a=d.n_a)),
        Cell(delta, tone if d.outcome in ("better", "worse") else "neutral", unit, shown_as, digits),
        Cell(None if d.improvement is None else d.improvement * factor, note=unit, format=shown_as, digits=digits),
        Cell(lift),
        Cell(d.p),
        Cell(d.p_holm),
        Cell(d.effects.g if d.effects else None),
        Cell(d.effects.chance if d.effects else None, note=_chance_note(d, say)),
        Cell(_won_words(d, say)),
        Cell(d.effects.p_permutation if d.effects else None),
        Cell(
            d.power.detectable * factor if open_ and d.power else None,
            note=unit if open_ else "",
            format=shown_as,
            digits=digits,
        ),
        Cell(_needed(d, say) if open_ else None),
        Cell(_test(d, say)),
    )


def delta_interval(metric: Metric, d: Difference) -> tuple[Interval | None, Format, str]:
    """The difference with its interval, its format and its unit: of percentages in pp, never in percent."""
    factor, unit = (100.0, "pp") if metric.format == "percent" else (1.0, "")
    shown_as: Format = "change" if metric.format == "percent" else change_format(metric)
    if d.delta is None:
        return None, shown_as, ""
    low, high = (None, None) if d.low is None or d.high is None else (d.low * factor, d.high * factor)
    return Interval(d.delta * factor, low, high, min(d.n_a, d.n_b), d.level), shown_as, unit


def _p_title(differences: Sequence[Difference], say: Say) -> str:
    """ "p", or "p (Dunnett)" where every p is adjusted by itself."""
    families = {family_of(d, say) for d in differences if d.p is not None}
    (family,) = families if len(families) == 1 else ("",)
    return "p" if family in ("", say("groups-holm")) else f"p ({family})"


def _needed(d: Difference, say: Say) -> str:
    if d.power is None or d.power.n_needed is None:
        return say("groups-more-same-data-help") if d.method == "corrected" else say("groups-more-10-000")
    return say("groups-pairs", n_needed=d.power.n_needed, if_pairing="yes" if d.pairing else "no")


def _chance_note(d: Difference, say: Say) -> str:
    interval = d.effects.chance_interval if d.effects else None
    return "" if interval is None else say("groups-to").join(text_of(end, "percent", 0) for end in interval)


def _won_words(d: Difference, say: Say) -> str | None:
    if d.won is None:
        return None
    if d.method == "corrected":  # folds are not independent: their share has no interval
        return say("groups-of", won=d.won, n_a=d.n_a)
    share = wilson_interval(d.won, d.n_a)
    return say("groups-of-to", won=d.won, n_a=d.n_a, low=text_of(share.low, "percent"), high=text_of(share.high, "percent"))


def _test(d: Difference, say: Say) -> str:
    return test_words(d, say) if d.method != "none" else _why_not(d, say)


def _why_not(d: Difference, say: Say) -> str:
    return say("groups-reason", reason=d.reason)


def _level_notes(differences: Sequence[Difference], over: str, say: Say) -> tuple[str, ...]:
    """What the intervals and p hold for; ``over`` is what Bonferroni divides the level by."""
    notes = []
    shown = [d for d in differences if d.low is not None]
    if shown:
        d = min(shown, key=lambda one: one.level)
        family = family_of(d, say)
        if family not in ("", say("groups-holm")):
            notes.append(say("groups-intervals-s-hold-whole", level=level_words(d.level, say), family=family))
        elif d.level > 1 - d.alpha + 1e-9:
            whole = level_percent(1 - d.alpha)
            notes.append(say("groups-intervals-s-together-bonferroni", level=level_words(d.level, say), whole=whole, over=over))
        else:
            notes.append(say("groups-intervals-s-difference", level=level_words(d.level, say)))
    adjusted = {d.tested.family.n for d in differences if d.p_holm is not None and d.tested and d.tested.family}
    if adjusted:
        one = next(d for d in differences if d.p_holm is not None)
        notes.append(say("groups-p-holm-adjusted-adjusted", adjusted=max(adjusted)))
        if len({d.metric for d in differences}) > 1:
            notes.append(say("groups-intervals-adjusted-several-metrics", value=text_of(2 * one.alpha, "percent", 0)))
    return tuple(notes)


def _difference_notes(differences: Sequence[Difference], say: Say) -> tuple[str, ...]:
    notes = []
    if any(d.effects and d.effects.chance is not None for d in differences):
        notes.append(say("groups-hedges-g-difference-counted"))
    checked = [d.effects.p_permutation for d in differences if d.effects and d.effects.p_permutation is not None]
    if len(checked) == 1 and len(differences) == 1:
        notes.append(say("groups-sensitivity-permutation-test-gives", p_equation=p_equation(checked[0])))
    if any(d.lift is None and d.method != "none" for d in differences):
        notes.append(say("groups-relative-difference-left-out"))
    return tuple(notes)


# --- every pair ----------------------------------------------------------------------------------------------------


def every_pair(
    view: View, comparison: Comparison, compared: MetricComparison, prefix: str = "comparison", *, always: bool = False
) -> list[Block]:
    """Every pair as a family of its own, where nobody named a baseline, or its tests were asked for (or ``always``)."""
    wanted = always or comparison.has_default_baseline or any(d.method in ("games-howell", "tukey") for d in comparison.pairs)
    if not comparison.pairs or not wanted or (len(compared.groups) > MOST_PAIRED and not always):
        return []
    metric = view.facts.metrics[compared.metric]
    digits = comparison_digits(metric, compared)
    family = next((family_of(d, view.say) for d in comparison.pairs if d.p is not None), "")
    columns = (
        Column("group", view.say("groups-column-group")),
        Column("against", view.say("groups-column-against")),
        Column("verdict", view.say("groups-column-verdict")),
        Column("n", view.say("groups-column-n")),
        Column("delta", view.say("groups-column-difference-interval"), "change", note=view.say("groups-group-against"), width=3),
        Column("p", f"p ({family})" if family else "p", "p"),
    )
    rows = []
    for d in comparison.pairs:
        delta, shown_as, unit = delta_interval(metric, d)
        tone: Tone = OUTCOMES[d.outcome].tone
        n = view.say("groups-n-pairs", n=d.n_a) if d.pairing else view.say("groups-against", n_b=d.n_b, n_a=d.n_a)
        names = Cell(group_name(d.group)), Cell(group_name(d.baseline))
        rows.append(
            (
                *names,
                Cell(phrase_of(d, view.say), tone),
                Cell(n),
                Cell(delta, "neutral", unit, shown_as, digits),
                Cell(d.p_decisive),
            )
        )
    notes = _level_notes(comparison.pairs, f"{view.say('groups-n-pairs', n=len(rows))}", view.say)
    if family == "Holm" and compared.differences:
        notes += (view.say("groups-pairs-family-their-own", n=len(rows)),)
    return [
        Table(
            f"{prefix}-pairs",
            view.say("groups-every-pair", metric=label_of(metric)),
            columns,
            tuple(rows),
            (),
            len(rows),
            paper_rows=45,
            method=notes,
        )
    ]


# --- folds ---------------------------------------------------------------------------------------------------------


def posterior_tables(compared: MetricComparison, metric: Metric, prefix: str = "comparison", *, say: Say) -> list[Block]:
    """How probable worse, inside the margin and better are on folds; one table for each difference that has it."""
    return [
        table for d in compared.differences if (table := _posterior_table(words_of(compared, d, metric, say), prefix)) is not None
    ]


def _posterior_table(w: DifferenceWords, prefix: str) -> Table | None:
    found = w.d.effects.posterior if w.d.effects else None
    if found is None or found.below is None or found.inside is None or found.above is None or w.d.pairing is None:
        return None
    worse, better = (found.below, found.above) if w.metric.goal == "maximize" else (found.above, found.below)
    margin = margin_size(w.metric, w.d.margin.margin, w.say) if w.d.margin else ""
    rows = (
        (Cell(w.say("groups-worse-more", name_b=w.name_b, margin=margin)), Cell(probability_words(worse))),
        (Cell(w.say("groups-inside", margin=margin)), Cell(probability_words(found.inside))),
        (Cell(w.say("groups-better-more", name_b=w.name_b, margin=margin)), Cell(probability_words(better))),
    )
    columns = (
        Column("what", w.say("groups-column-mean-difference-x", label=w.label)),
        Column("p", w.say("groups-column-probability")),
    )
    pairing = w.d.pairing
    share = text_of(pairing.test_share, "percent", 0)
    parts = (
        w.say("groups-fold-parts", n_folds=pairing.n_folds) if pairing.n_folds else w.say("groups-test-sets-data", share=share)
    )
    note = w.say("groups-correlated-bayesian-t-test", parts=parts)
    name = f"{prefix}-posterior-{slug(f'{w.d.metric}|{w.d.group}')}"
    return Table(
        name,
        w.say("groups-how-probable-given-folds", if_n_folds="yes" if pairing.n_folds else "no", name_b=w.name_b, name_a=w.name_a),
        columns,
        rows,
        (note,),
        layout="facts",
    )
