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
from reportgen.formats import listed, plural, slug, text_of
from reportgen.model import Block, Cell, Column, Format, Interval, Table, Tone
from reportgen.outcomes import OUTCOMES
from reportgen.sections.compare.verdicts import tone_of
from reportgen.sections.view import View
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
    metric: Metric, groups: Sequence[GroupValues], digits: int, id: str, differences: Sequence[Difference] = ()
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
        *((Column("rank", "Rank", "number", 1 if any(rank % 1 for rank in ranks.values()) else 0),) if ranks else ()),
        Column("group", "Group"),
        Column("n", "n", "integer"),
        *((Column("best", "Best", metric.format, metric.digits, metric.goal),) if searched else ()),
        Column(
            "mean",
            f"Mean {label_of(metric)}{' [95 % interval]' if bounded else ''}",
            estimate_format(metric),
            digits,
            metric.goal,
        ),
        *spread_columns(metric, digits),
    )
    rows = tuple(
        (
            *((Cell(ranks.get(g.label)),) if ranks else ()),
            Cell(group_name(g.label)),
            Cell(g.n),
            *((Cell(_best(metric, g)),) if searched else ()),
            *spread_cells(g),
        )
        for g in groups
    )
    own = " Intervals are t intervals of each group's own mean."
    paired = [d.pairing for d in differences if d.pairing is not None and d.low is not None]
    if bounded and paired:
        own = " Intervals are of each group's own mean; runs are compared in pairs, so whether these overlap says nothing of the difference."
    if any(pairing.left_a or pairing.left_b for pairing in paired):
        own += " The table has all runs, the verdict only those with a partner."
    notes = (
        f"n: finished runs with a finite value.{own if bounded or paired else ''} sd with ddof 1. Values: "
        + rule_text(metric.rule)
        + " of each run.",
        *no_interval_notes(groups),
    )
    return Table(id, f"{label_of(metric)} by group", columns, rows, (), len(rows), paper_rows=40, method=notes)


def spread_columns(metric: Metric, digits: int | None) -> tuple[Column, ...]:
    """What stands behind the mean of a group."""
    return (
        Column("sd", "sd", metric.format, digits, note="between runs"),
        Column("median", "Median", metric.format, digits),
        Column("lowest", "Lowest", metric.format, digits),
        Column("highest", "Highest", metric.format, digits),
        Column("left_out", "Not counted"),
    )


def spread_cells(group: GroupValues) -> tuple[Cell, ...]:
    """The mean, which a search does not have, and the cells of ``spread_columns``."""
    has_mean = group.mean is not None and group.no_interval != "search"
    return (
        Cell(Interval(group.mean, group.low, group.high, group.n) if has_mean else None),
        Cell(group.sd),
        Cell(group.median),
        Cell(min(group.values, default=None)),
        Cell(max(group.values, default=None)),
        Cell(_left_out(group) or None),
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


def no_interval_notes(groups: Sequence[GroupValues]) -> tuple[str, ...]:
    """Why a mean stands without an interval."""
    found = {why: [group_name(g.label) for g in groups if g.no_interval == why] for why in ("search", "folds", "tasks")}
    notes = []
    if found["search"]:
        notes.append(
            f"No mean and no interval for {listed(found['search'], 6)}: several configurations are a search, and a search is not a sample. "
            "Its sd is the spread of the search; the best of more runs looks better."
        )
    if found["tasks"]:
        notes.append("No interval of the means: the runs lie on several data sets or tasks, which they share.")
    if found["folds"]:
        notes.append(f"No interval for {listed(found['folds'], 6)}: folds of one data set are not independent.")
    return tuple(notes)


def _left_out(group: GroupValues) -> str:
    parts = [f"{group.n_missing:,} without the metric"] if group.n_missing else []
    parts += [f"{group.n_non_finite:,} NaN or infinite"] if group.n_non_finite else []
    parts += [f"{group.n_inside_parents:,} inside a counted parent"] if group.n_inside_parents else []
    parts += [f"{plural(group.n_parents, 'parent')} of counted children"] if group.n_parents else []
    return ", ".join(parts)


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
    tests = {_test(d) for d in differences}
    columns: list[tuple[Column, bool]] = [
        (
            Column("metric", "Metric"),
            not one_metric,
        ),
        (Column("group", "Group"), True),
        (Column("verdict", "Verdict"), True),
        (Column("n", "n"), True),
        (Column("delta", "Difference [interval]", "change", note="group − baseline", width=3), True),
        (
            Column("improvement", "Improvement", "change", note="positive is better", width=2),
            any(view.facts.metrics[metric.metric].goal == "minimize" for metric in compared),
        ),
        (Column("lift", "Relative [interval]", "percent_change", 1, width=3), any(d.lift for d in differences)),
        (Column("p", _p_title(differences), "p"), any(d.p is not None for d in differences)),
        (Column("p_holm", "p (Holm-adjusted)", "p"), any(d.p_holm is not None for d in differences)),
        (Column("g", "Hedges' g", "change", 2), any(d.effects and d.effects.g is not None for d in differences)),
        (
            Column("chance", "P(group > baseline)", "percent", 0),
            any(d.effects and d.effects.chance is not None for d in differences),
        ),
        (Column("won", "Pairs won"), any(d.won is not None for d in differences)),
        (
            Column("permutation", "p, permutation", "p"),
            len(differences) > 1 and any(d.effects and d.effects.p_permutation is not None for d in differences),
        ),
        (Column("detectable", "Detectable", "change", note="four times in five"), any(d.is_shown is False for d in differences)),
        (Column("needed", "n needed", note="for the difference seen"), any(d.is_shown is False for d in differences)),
        (Column("test", "Test"), len(tests) > 1),
    ]
    rows = []
    for one in compared:
        metric = view.facts.metrics[one.metric]
        digits = comparison_digits(metric, one)
        rows += [_difference_cells(metric, d, digits) for d in one.differences]
    shown = [i for i, (column, wanted) in enumerate(columns) if wanted and (not short or column.key in SHORT)]
    kept = [key for key in NARROW if key != "group" or len({d.group for d in differences}) > 1] if beside else SHORT
    on_paper = [replace(column, on_paper=column.key in kept) for column, _ in columns]
    notes = _level_notes(differences, "the groups")
    if not short:
        notes = ((f"Test: {next(iter(tests))}.",) if len(tests) == 1 else ()) + notes + _difference_notes(differences)
    cells = tuple(tuple(row[i] for i in shown) for row in rows)
    return Table(id, title, tuple(on_paper[i] for i in shown), cells, (), len(rows), paper_rows=40, method=notes)


def _difference_cells(metric: Metric, d: Difference, digits: int) -> tuple[Cell, ...]:
    """All cells of a row, in the order of the columns."""
    tone = tone_of(d)
    delta, shown_as, unit = delta_interval(metric, d)
    delta = None if d.reason == "sweep" else delta  # means of searches are not compared
    factor, open_ = 100.0 if metric.format == "percent" else 1.0, d.is_shown is False
    lift = None if d.lift is None else Interval(d.lift.value, d.lift.low, d.lift.high, min(d.n_a, d.n_b), d.level)
    return (
        Cell(label_of(metric)),
        Cell(group_name(d.group)),
        Cell(phrase_of(d), tone),
        Cell(plural(d.n_a, "pair") if d.pairing else f"{d.n_b} against {d.n_a}"),
        Cell(delta, tone if d.outcome in ("better", "worse") else "neutral", unit, shown_as, digits),
        Cell(None if d.improvement is None else d.improvement * factor, note=unit, format=shown_as, digits=digits),
        Cell(lift),
        Cell(d.p),
        Cell(d.p_holm),
        Cell(d.effects.g if d.effects else None),
        Cell(d.effects.chance if d.effects else None, note=_chance_note(d)),
        Cell(_won_words(d)),
        Cell(d.effects.p_permutation if d.effects else None),
        Cell(
            d.power.detectable * factor if open_ and d.power else None,
            note=unit if open_ else "",
            format=shown_as,
            digits=digits,
        ),
        Cell(_needed(d) if open_ else None),
        Cell(_test(d)),
    )


def delta_interval(metric: Metric, d: Difference) -> tuple[Interval | None, Format, str]:
    """The difference with its interval, its format and its unit: of percentages in pp, never in percent."""
    factor, unit = (100.0, "pp") if metric.format == "percent" else (1.0, "")
    shown_as: Format = "change" if metric.format == "percent" else change_format(metric)
    if d.delta is None:
        return None, shown_as, ""
    low, high = (None, None) if d.low is None or d.high is None else (d.low * factor, d.high * factor)
    return Interval(d.delta * factor, low, high, min(d.n_a, d.n_b), d.level), shown_as, unit


def _p_title(differences: Sequence[Difference]) -> str:
    """ "p", or "p (Dunnett)" where every p is adjusted by itself."""
    families = {family_of(d) for d in differences if d.p is not None}
    (family,) = families if len(families) == 1 else ("",)
    return "p" if family in ("", "Holm") else f"p ({family})"


def _needed(d: Difference) -> str:
    if d.power is None or d.power.n_needed is None:
        return "more of the same data do not help" if d.method == "corrected" else "more than 10,000"
    return f"{d.power.n_needed:,} {'pairs' if d.pairing else 'per group'}"


def _chance_note(d: Difference) -> str:
    interval = d.effects.chance_interval if d.effects else None
    return "" if interval is None else " to ".join(text_of(end, "percent", 0) for end in interval)


def _won_words(d: Difference) -> str | None:
    if d.won is None:
        return None
    if d.method == "corrected":  # folds are not independent: their share has no interval
        return f"{d.won} of {d.n_a}"
    share = wilson_interval(d.won, d.n_a)
    return f"{d.won} of {d.n_a} ({text_of(share.low, 'percent')} to {text_of(share.high, 'percent')})"


def _test(d: Difference) -> str:
    return test_words(d) if d.method != "none" else _why_not(d)


def _why_not(d: Difference) -> str:
    return {
        "one_run": "none, one run",
        "no_values": "none, no values",
        "no_variation": "none, no variation",
        "identical": "none, identical pairs",
        "same_difference": "none, no variation",
        "sweep": "none, several configurations",
        "folds": "none, folds",
        "too_large": "none, values too large",
        "units": "none, two units",
        "tasks": "none, judged over tasks",
    }.get(d.reason, "none")


def _level_notes(differences: Sequence[Difference], over: str) -> tuple[str, ...]:
    """What the intervals and p hold for; ``over`` is what Bonferroni divides the level by."""
    notes = []
    shown = [d for d in differences if d.low is not None]
    if shown:
        d = min(shown, key=lambda one: one.level)
        family = family_of(d)
        if family not in ("", "Holm"):
            notes.append(f"Intervals are {level_words(d.level)}s that hold for the whole family together ({family}).")
        elif d.level > 1 - d.alpha + 1e-9:
            whole = level_percent(1 - d.alpha)
            notes.append(
                f"Intervals are {level_words(d.level)}s each, {whole} together (Bonferroni over {over}; Holm has no intervals)."
            )
        else:
            notes.append(f"Intervals are {level_words(d.level)}s of the difference.")
    adjusted = {d.tested.family.n for d in differences if d.p_holm is not None and d.tested and d.tested.family}
    if adjusted:
        one = next(d for d in differences if d.p_holm is not None)
        notes.append(f"p (Holm-adjusted): adjusted for {plural(max(adjusted), 'test')}.")
        if len({d.metric for d in differences}) > 1:
            notes.append(
                f"Intervals are not adjusted for the several metrics. The primary metric is a family of its own: where nothing differs, up to "
                f"{text_of(2 * one.alpha, 'percent', 0)} of memos call something different."
            )
    return tuple(notes)


def _difference_notes(differences: Sequence[Difference]) -> tuple[str, ...]:
    notes = []
    if any(d.effects and d.effects.chance is not None for d in differences):
        notes.append(
            "Hedges' g is the difference, counted in pooled sds. P(group > baseline) is over all pairs of runs, as values, not as better; its interval "
            "(bootstrap) needs ten runs per group."
        )
    checked = [d.effects.p_permutation for d in differences if d.effects and d.effects.p_permutation is not None]
    if len(checked) == 1 and len(differences) == 1:
        notes.append(f"Sensitivity: the permutation test gives {p_equation(checked[0])}.")
    if any(d.lift is None and d.method != "none" for d in differences):
        notes.append(
            "A relative difference is left out where the baseline is near zero or negative, for folds, and for families other than Holm's."
        )
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
    family = next((family_of(d) for d in comparison.pairs if d.p is not None), "")
    columns = (
        Column("group", "Group"),
        Column("against", "Against"),
        Column("verdict", "Verdict"),
        Column("n", "n"),
        Column("delta", "Difference [interval]", "change", note="group − against", width=3),
        Column("p", f"p ({family})" if family else "p", "p"),
    )
    rows = []
    for d in comparison.pairs:
        delta, shown_as, unit = delta_interval(metric, d)
        tone: Tone = OUTCOMES[d.outcome].tone
        n = plural(d.n_a, "pair") if d.pairing else f"{d.n_b} against {d.n_a}"
        names = Cell(group_name(d.group)), Cell(group_name(d.baseline))
        rows.append(
            (
                *names,
                Cell(phrase_of(d), tone),
                Cell(n),
                Cell(delta, "neutral", unit, shown_as, digits),
                Cell(d.p_decisive),
            )
        )
    notes = _level_notes(comparison.pairs, f"{plural(len(rows), 'pair')}")
    if family == "Holm" and compared.differences:
        notes += (
            f"These {plural(len(rows), 'pair')} are a family of their own; the verdicts are of the tests against the baseline.",
        )
    return [
        Table(
            f"{prefix}-pairs", f"Every pair: {label_of(metric)}", columns, tuple(rows), (), len(rows), paper_rows=45, method=notes
        )
    ]


# --- folds ---------------------------------------------------------------------------------------------------------


def posterior_tables(compared: MetricComparison, metric: Metric, prefix: str = "comparison") -> list[Block]:
    """How probable worse, inside the margin and better are on folds; one table for each difference that has it."""
    return [table for d in compared.differences if (table := _posterior_table(words_of(compared, d, metric), prefix)) is not None]


def _posterior_table(w: DifferenceWords, prefix: str) -> Table | None:
    found = w.d.effects.posterior if w.d.effects else None
    if found is None or found.below is None or found.inside is None or found.above is None or w.d.pairing is None:
        return None
    worse, better = (found.below, found.above) if w.metric.goal == "maximize" else (found.above, found.below)
    margin = margin_size(w.metric, w.d.margin.margin) if w.d.margin else ""
    rows = (
        (Cell(f"{w.name_b} is worse by more than {margin}"), Cell(probability_words(worse))),
        (Cell(f"inside ±{margin}"), Cell(probability_words(found.inside))),
        (Cell(f"{w.name_b} is better by more than {margin}"), Cell(probability_words(better))),
    )
    columns = (Column("what", f"Mean difference in {w.label} on this data set"), Column("p", "Probability"))
    pairing = w.d.pairing
    share = text_of(pairing.test_share, "percent", 0)
    parts = f"each fold one of {pairing.n_folds} parts" if pairing.n_folds else f"test sets of {share} of the data"
    note = (
        f"Correlated Bayesian t test with a flat prior, {parts} (Corani & Benavoli 2015; Benavoli et al. "
        "2017). It decides nothing, and it is of this data set only."
    )
    name = f"{prefix}-posterior-{slug(f'{w.d.metric}|{w.d.group}')}"
    return Table(
        name,
        f"How probable, given these {'folds' if pairing.n_folds else 'splits'}: {w.name_b} against {w.name_a}",
        columns,
        rows,
        (note,),
        layout="facts",
    )
