"""Is B better than A: verdict, the groups, every run as a point, and what else differs between the groups."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from reportgen.analyze.comparison import Comparison, Difference, MetricComparison, SideBySide, baseline_hint
from reportgen.analyze.groups import GroupValues, RunAgain
from reportgen.analyze.methods.proportions import newcombe_interval, wilson_interval
from reportgen.analyze.metrics import Metric
from reportgen.analyze.runs import RunKey
from reportgen.analyze.tasks import Tasks
from reportgen.formats import goal_words, listed, one_line, plural, slug, text_of
from reportgen.model import Axis, Block, Cell, Chart, Column, Format, Interval, Mark, Notice, Section, Table, Tone, Trace
from reportgen.outcomes import OUTCOMES
from reportgen.sections.conditions import best_against_baseline
from reportgen.sections.tasks import verdict_over_tasks
from reportgen.sections.verdicts import (
    Words,
    comparison_digits,
    family_of,
    group_name,
    group_words,
    level_percent,
    level_words,
    margin_size,
    p_words,
    pair_words,
    test_words,
    tone_of,
    verdict_of,
    words_of,
)
from reportgen.sections.view import (
    View,
    change_format,
    digits_with,
    estimate_format,
    label_of,
    paragraph,
    run_name,
    strong,
    value_words,
)
from reportgen.words.metrics import rule_text

MOST_VERDICTS = 6
MOST_PAIRED = 10
"""Groups up to which every pair is shown; with more it is in the data files."""
MOST_SLOPES = 3
MOST_POINTS = 2000

TITLE = "Comparison"
QUESTION = "Is one group better than another?"


def comparison_section(view: View) -> Section | None:
    """Left out when nothing is compared and no two experiments share the primary metric."""
    comparison = view.facts.comparison
    if comparison is None:
        return _side_by_side(view, view.facts.side_by_side) if view.facts.side_by_side else None
    if not comparison.groups:
        return Section("comparison", TITLE, (no_groups(comparison),), QUESTION)
    blocks: list[Block] = [_lead(comparison)]
    if comparison.baseline is None:
        blocks.append(no_groups(comparison))
    if not comparison.metrics:
        blocks.append(nothing_measured(view))
    for compared in comparison.metrics[:1]:
        blocks += _primary(view, comparison, compared)
    blocks += _secondary(view, comparison)
    blocks += _alike(view, comparison)
    return Section("comparison", TITLE, tuple(blocks), QUESTION)


def no_groups(comparison: Comparison) -> Notice:
    """Why nothing is judged: no run is in any group, or none in the baseline."""
    if not comparison.groups:
        verb = "is in" if comparison.by.startswith("the ") else "has"
        text = f"No run {verb} {one_line(comparison.by, 80)}, so there are no groups to compare."
        return Notice("warning", "Nothing to compare", text, "check compare.by in the config", "compare-no-groups")
    labels = listed([group_name(group.label) for group in comparison.groups])
    text = (
        f"No run is in the baseline group {group_name(comparison.wanted_baseline or '')}, so nothing is judged. Groups: {labels}."
    )
    todo = baseline_hint(comparison.wanted_baseline or "", [group.label for group in comparison.groups])
    return Notice("warning", "The baseline is missing", text, todo, "compare-no-baseline")


def nothing_measured(view: View) -> Notice:
    names = view.report.compare.metrics if view.report.compare else ()
    told = f" ({listed([one_line(name, 60) for name in names])})" if names else ""
    return Notice("warning", "Nothing to compare", f"None of the compared metrics{told} was logged by any run.")


def _lead(comparison: Comparison) -> Block:
    counts = "; ".join(f"{group_name(g.label)}: {group_words(g)}" for g in comparison.groups[:8])
    more = f"; and {len(comparison.groups) - 8} more groups" if len(comparison.groups) > 8 else ""
    outside = (
        f" {plural(comparison.n_unlabelled, 'run is', 'runs are')} in none of these groups." if comparison.n_unlabelled else ""
    )
    baseline = f"; baseline {group_name(comparison.baseline)}" if comparison.baseline is not None else ""
    return paragraph(f"Groups by {one_line(comparison.by, 40)}{baseline}. {counts}{more}.{outside}")


# --- the primary metric ----------------------------------------------------------------------------------------------


def _primary(view: View, comparison: Comparison, compared: MetricComparison) -> list[Block]:
    metric = view.facts.metrics[compared.metric]
    over = over_tasks(view, comparison)
    shown = () if over else compared.differences[:MOST_VERDICTS]
    verdicts = [verdict_of(comparison, compared, one, metric) for one in shown]
    blocks: list[Block] = [
        *over,
        *verdicts,
        *posterior_tables(compared, metric),
        *leading_words(comparison, metric),
        groups_table(metric, compared.groups, comparison_digits(metric, compared), "comparison-groups", compared.differences),
    ]
    left = 0 if over else len(compared.differences) - len(verdicts)
    if left > 0:
        blocks.append(paragraph(f"{plural(left, 'further group')} in the tables below."))
    if compared.differences and not over:
        blocks.append(differences_table(view, [compared], "comparison-differences", f"Differences in {label_of(metric)}"))
    blocks += [*every_pair(view, comparison, compared), *omnibus_words(comparison)]
    if any(group.n for group in compared.groups):
        blocks.append(groups_chart(view, metric, compared, comparison.baseline))
    paired = [one for one in compared.differences if one.pairing is not None]
    blocks += [slopes_chart(metric, one, comparison_digits(metric, compared)) for one in paired[:MOST_SLOPES]]
    return blocks


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
    n = f"{plural(len(tasks.complete), 'task')} by {one_line(tasks.by, 60)}"
    if here or not tasks.pairs:
        where = "the verdicts are in “Across data sets”" if tasks.pairs else "and these cannot be tested"
        return [paragraph(strong("Judged over tasks. "), f"{why}, so the groups are compared over {n}, not run by run: {where}.")]
    lead = paragraph(strong("Judged over tasks. "), f"{why}, so the groups are compared over {n}, not run by run.")
    return [lead, *(verdict_over_tasks(tasks, pair, metric) for pair in tasks.pairs[:MOST_VERDICTS])]


def leading_words(comparison: Comparison, metric: Metric) -> list[Block]:
    """The group with the best mean, whether it is shown to be better than the baseline, and which groups are not told from it."""
    leading = comparison.leading
    if leading is None:
        return []
    label, base = label_of(metric), comparison.baseline
    others = [group_name(x) for x in leading.members[1:] if x != base]
    said = f"{group_name(leading.best)} has the best mean {label}"
    best = best_against_baseline(comparison)
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
    said = f"All groups together: {found.method} F({df.removesuffix('.00')}, {within}) = {f}, {_equals(found.p)}, omega² {omega}."
    if ranks is not None:
        h, between = text_of(ranks.statistic, "number", 2), text_of(ranks.df_between, "number", 0)
        said += f" By ranks: Kruskal–Wallis H({between}) = {h}, {_equals(ranks.p)}."
    return [paragraph(f"{said} It decides nothing: the family of tests above holds the level.")]


def _equals(p: float | None) -> str:
    text = text_of(p, "p")
    return f"p {text.replace('<', '< ')}" if text.startswith("<") else f"p = {text}"


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
        Column("p", f"p_{family}" if family else "p", "p"),
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
                Cell(OUTCOMES[d.outcome].phrase, tone),
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
    return [Table(f"{prefix}-pairs", f"Every pair: {label_of(metric)}", columns, tuple(rows), notes, len(rows), paper_rows=45)]


def posterior_tables(compared: MetricComparison, metric: Metric, prefix: str = "comparison") -> list[Block]:
    """How probable worse, inside the margin and better are on folds; one table for each difference that has it."""
    return [table for d in compared.differences if (table := _posterior_table(words_of(compared, d, metric), prefix)) is not None]


def _posterior_table(w: Words, prefix: str) -> Table | None:
    found = w.d.effects.posterior if w.d.effects else None
    if found is None or found.below is None or found.inside is None or found.above is None or w.d.pairing is None:
        return None
    worse, better = (found.below, found.above) if w.metric.goal == "maximize" else (found.above, found.below)
    margin = margin_size(w.metric, w.d.within.margin) if w.d.within else ""
    rows = (
        (Cell(f"{w.name_b} is worse by more than {margin}"), Cell(probability_words(worse))),
        (Cell(f"inside ±{margin}"), Cell(probability_words(found.inside))),
        (Cell(f"{w.name_b} is better by more than {margin}"), Cell(probability_words(better))),
    )
    columns = (Column("what", f"Mean difference in {w.label} on this data set"), Column("p", "Probability"))
    note = (
        f"Correlated Bayesian t test with a flat prior, each fold one of {w.d.pairing.n_folds} parts (Corani & Benavoli 2015; Benavoli et al. "
        "2017). It decides nothing, and it is of this data set only."
    )
    name = f"{prefix}-posterior-{slug(f'{w.d.metric}|{w.d.group}')}"
    return Table(name, f"How probable, given these folds: {w.name_b} against {w.name_a}", columns, rows, (note,), layout="facts")


def probability_words(share: float) -> str:
    """Whole percents; the ends are never reached."""
    return "<1 %" if share < 0.005 else ">99 %" if share > 0.995 else text_of(share, "percent", 0)


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
        *_spread_columns(metric, digits),
    )
    rows = tuple(
        (
            *((Cell(ranks.get(g.label)),) if ranks else ()),
            Cell(group_name(g.label)),
            Cell(g.n),
            *((Cell(_best(metric, g)),) if searched else ()),
            *_spread_cells(g),
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
    return Table(id, f"{label_of(metric)} by group", columns, rows, notes, len(rows), paper_rows=40)


def _spread_columns(metric: Metric, digits: int | None) -> tuple[Column, ...]:
    """What stands behind the mean of a group."""
    return (
        Column("sd", "sd", metric.format, digits, note="between runs"),
        Column("median", "Median", metric.format, digits),
        Column("lowest", "Lowest", metric.format, digits),
        Column("highest", "Highest", metric.format, digits),
        Column("left_out", "Not counted"),
    )


def _spread_cells(group: GroupValues) -> tuple[Cell, ...]:
    """The mean, which a search does not have, and the cells of ``_spread_columns``."""
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


SHORT = ("metric", "group", "verdict", "n", "delta", "p", "p_holm")
"""Columns of a table beside a longer one."""


def differences_table(view: View, compared: Sequence[MetricComparison], id: str, title: str, *, short: bool = False) -> Table:
    """One row for each metric and group against the baseline; columns that no row fills are left out.

    ``short`` is for a table beside a longer one. The metric has a column where there are several, or ``title`` does not name it.
    """
    differences = [d for one in compared for d in one.differences]
    tests = {_test(d) for d in differences}
    columns: list[tuple[Column, bool]] = [
        (
            Column("metric", "Metric"),
            len(compared) > 1 or not any(label_of(view.facts.metrics[one.metric]) in title for one in compared),
        ),
        (Column("group", "Group"), True),
        (Column("verdict", "Verdict"), True),
        (Column("n", "n"), True),
        (Column("delta", "Difference [interval]", "change", note="group − baseline", width=3), True),
        (
            Column("improvement", "Improvement", "change", note="positive is better", width=2),
            any(view.facts.metrics[one.metric].goal == "minimize" for one in compared),
        ),
        (Column("lift", "Relative [interval]", "percent_change", 1, width=3), any(d.lift for d in differences)),
        (Column("p", _p_title(differences), "p"), any(d.p is not None for d in differences)),
        (Column("p_holm", "p_Holm", "p"), any(d.p_holm is not None for d in differences)),
        (Column("g", "Hedges' g", "change", 2), any(d.g is not None for d in differences)),
        (Column("chance", "P(group > baseline)", "percent", 0), any(d.chance is not None for d in differences)),
        (Column("won", "Pairs won"), any(d.won is not None for d in differences)),
        (
            Column("permutation", "p, permutation", "p"),
            len(differences) > 1 and any(d.p_permutation is not None for d in differences),
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
    notes = _level_notes(differences, "the groups")
    if not short:
        notes = ((f"Test: {next(iter(tests))}.",) if len(tests) == 1 else ()) + notes + _difference_notes(differences)
    cells = tuple(tuple(row[i] for i in shown) for row in rows)
    return Table(id, title, tuple(columns[i][0] for i in shown), cells, notes, len(rows), paper_rows=40)


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
        Cell(OUTCOMES[d.outcome].phrase, tone),
        Cell(plural(d.n_a, "pair") if d.pairing else f"{d.n_b} against {d.n_a}"),
        Cell(delta, tone if d.outcome in ("better", "worse") else "neutral", unit, shown_as, digits),
        Cell(None if d.improvement is None else d.improvement * factor, note=unit, format=shown_as, digits=digits),
        Cell(lift),
        Cell(d.p),
        Cell(d.p_holm),
        Cell(d.g),
        Cell(d.chance, note=_chance_note(d)),
        Cell(_won_words(d)),
        Cell(d.p_permutation),
        Cell(
            d.detectable * factor if open_ and d.detectable is not None else None,
            note=unit if open_ else "",
            format=shown_as,
            digits=digits,
        ),
        Cell(_needed(d) if open_ else None),
        Cell(_test(d)),
    )


def delta_interval(metric: Metric, d: Difference) -> tuple[Interval | None, Format, str]:
    """The difference with its interval, its format and its unit: of percentages in percentage points, never in percent."""
    factor, unit = (100.0, "percentage points") if metric.format == "percent" else (1.0, "")
    shown_as: Format = "change" if metric.format == "percent" else change_format(metric)
    if d.delta is None:
        return None, shown_as, ""
    low, high = (None, None) if d.low is None or d.high is None else (d.low * factor, d.high * factor)
    return Interval(d.delta * factor, low, high, min(d.n_a, d.n_b), d.level), shown_as, unit


def _p_title(differences: Sequence[Difference]) -> str:
    """ "p", or "p_Dunnett" where every p is adjusted by itself."""
    families = {family_of(d) for d in differences if d.p is not None}
    (family,) = families if len(families) == 1 else ("",)
    return "p" if family in ("", "Holm") else f"p_{family}"


def _needed(d: Difference) -> str:
    if d.n_needed is None:
        return "more folds do not help" if d.method == "corrected" else "more than 10,000"
    return f"{d.n_needed:,} {'pairs' if d.pairing else 'per group'}"


def _chance_note(d: Difference) -> str:
    if d.chance_low is None:
        return ""
    return f"{text_of(d.chance_low, 'percent', 0)} to {text_of(d.chance_high, 'percent', 0)}"


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
    adjusted = {d.n_family for d in differences if d.p_holm is not None}
    if adjusted:
        notes.append(f"p_Holm is adjusted over {plural(max(adjusted), 'test')}, this one family.")
    return tuple(notes)


def _difference_notes(differences: Sequence[Difference]) -> tuple[str, ...]:
    notes = []
    if any(d.chance is not None for d in differences):
        notes.append(
            "Hedges' g is the difference, counted in pooled sds. P(group > baseline) is over all pairs of runs, as values, not as better; its interval "
            "(bootstrap) needs ten runs per group."
        )
    checked = [d.p_permutation for d in differences if d.p_permutation is not None]
    if len(checked) == 1 and len(differences) == 1:
        notes.append(f"Sensitivity: the permutation test gives {_equals(checked[0])}.")
    if any(d.lift is None and d.method != "none" for d in differences):
        notes.append(
            "A relative difference is left out where the baseline is near zero or negative, for folds, and for families other than Holm's."
        )
    return tuple(notes)


# --- pictures --------------------------------------------------------------------------------------------------------


def groups_chart(view: View, metric: Metric, compared: MetricComparison | SideBySide, baseline: str | None) -> Chart:
    """Every run as a point, every group's mean with its interval."""
    groups = [replace(g, mean=None) if g.no_interval == "search" else g for g in compared.groups if g.n]
    bounded = any(g.low is not None for g in groups)
    digits = comparison_digits(metric, compared) if isinstance(compared, MetricComparison) else metric.digits
    names = tuple(group_name(group.label) for group in groups)
    points = [
        (value, i, run_name(view.run(key))) for i, g in enumerate(groups) for key, value in zip(g.keys, g.values, strict=True)
    ]
    n_points = len(points)
    points = _thinned(points)
    runs = Trace(
        "Run",
        tuple(value for value, _, _ in points),
        tuple(float(i) for _, i, _ in points),
        "points",
        color=0,
        marker="open",
        opacity=0.6,
        labels=tuple(name for _, _, name in points),
    )
    means = Trace(
        "Mean, 95 % interval" if bounded else "Mean",
        tuple(g.mean for g in groups),
        tuple(float(i) for i in range(len(groups))),
        "points",
        color=1,
        marker="diamond",
        low=tuple(g.low for g in groups),
        high=tuple(g.high for g in groups),
        labels=names,
    )
    parts = [f"{group_name(g.label)} {_middle_words(metric, g, digits)} (n = {g.n})" for g in groups[:6]]
    base = next((g for g in groups if g.label == baseline), None)
    notes = (
        [f"{plural(n_points, 'run')}, each a point."]
        if n_points == len(points)
        else [f"{len(points):,} of {n_points:,} runs as points; the lowest and highest of each group are among them."]
    )
    notes += ["Runs of one seed are one point, at their mean."] if any(g.seeds for g in groups) else []
    return Chart(
        id=f"comparison-{slug(metric.name)}",
        title=f"{label_of(metric)} by group",
        kind="intervals",
        x=Axis(f"{label_of(metric)} ({goal_words(metric.goal)})", format=metric.format),
        y=Axis("", "category", "text", names),
        alt=f"Means of {label_of(metric)}: {listed(parts)}; each with its runs as points.",
        traces=(runs, means) if any(g.mean is not None for g in groups) else (runs,),
        marks=(Mark("x", base.mean, f"mean of {group_name(base.label)}", "muted"),)
        if base is not None and base.mean is not None
        else (),
        table=_points_table(view, metric, groups),
        notes=tuple(notes),
        height=min(900, 120 + 46 * len(groups)),
    )


def _middle_words(metric: Metric, group: GroupValues, digits: int) -> str:
    """The mean, or the range of a search."""
    if group.mean is not None:
        return value_words(metric, group.mean, digits)
    return f"from {value_words(metric, min(group.values), digits)} to {value_words(metric, max(group.values), digits)}"


def _thinned(points: list[tuple[float, int, str]]) -> list[tuple[float, int, str]]:
    """All points, or evenly spaced ones by value with both ends of each group when they are too many to draw."""
    if len(points) <= MOST_POINTS:
        return points
    ordered = sorted(points, key=lambda point: (point[1], point[0], point[2]))
    ends = {
        i
        for i, point in enumerate(ordered)
        if i in (0, len(ordered) - 1) or ordered[i - 1][1] != point[1] or ordered[i + 1][1] != point[1]
    }
    every = -(-len(ordered) // MOST_POINTS)
    return [point for i, point in enumerate(ordered) if i % every == 0 or i in ends]


def _points_table(view: View, metric: Metric, groups: Sequence[GroupValues]) -> Table:
    columns = (
        Column("group", "Group"),
        Column("run", "Run", "run"),
        Column("value", label_of(metric), metric.format, metric.digits, metric.goal),
    )
    rows = tuple(
        (Cell(group_name(g.label)), Cell(view.link(key)), Cell(value, note=several.get(key, "")))
        for g in groups
        for several in [{seed.keys[0]: f"mean of {len(seed.keys)} runs of seed {one_line(seed.seed, 30)}" for seed in g.seeds}]
        for key, value in zip(g.keys, g.values, strict=True)
    )
    return Table(
        f"comparison-points-{slug(metric.name)}",
        f"Runs by group: {label_of(metric)}",
        columns,
        rows,
        n_total=len(rows),
        paper_rows=30,
        sortable=True,
    )


def slopes_chart(metric: Metric, d: Difference, digits: int, height: int = 280) -> Chart:
    """One line for each pair, from the baseline to the group."""
    assert d.pairing is not None
    pairing = d.pairing
    a, b = group_name(d.baseline), group_name(d.group)
    words = [one_line("/".join(key), 40) for key in pairing.keys]
    traces = tuple(
        Trace(word, (0.0, 1.0), (x, y), "lines+points", labels=(word, word), in_legend=False, opacity=0.8)
        for word, x, y in zip(words, pairing.a, pairing.b, strict=True)
    )
    factor, unit = (100.0, "percentage points") if metric.format == "percent" else (1.0, "")
    columns = (
        Column("pair", f"Pair ({pair_words(pairing)})", "code"),
        Column("baseline", a, metric.format, digits, metric.goal),
        Column("group", b, metric.format, digits, metric.goal),
        Column("delta", "Difference", "change" if metric.format == "percent" else change_format(metric), digits, note=unit),
    )
    rows = tuple((Cell(w), Cell(x), Cell(y), Cell((y - x) * factor)) for w, x, y in zip(words, pairing.a, pairing.b, strict=True))
    up = sum(y > x for x, y in zip(pairing.a, pairing.b, strict=True))
    down = sum(y < x for x, y in zip(pairing.a, pairing.b, strict=True))
    equal = pairing.n - up - down
    moves = f"rises in {up} and falls in {down}" if not equal else f"rises in {up}, falls in {down} and is equal in {equal}"
    name = slug(f"{metric.name}|{d.baseline}|{d.group}")
    return Chart(
        id=f"pairs-{name}",
        title=f"{label_of(metric)} pair by pair: {a} to {b}",
        kind="slopes",
        x=Axis("", "category", "text", (a, b)),
        y=Axis(f"{label_of(metric)} ({goal_words(metric.goal)})", format=metric.format),
        alt=f"{plural(pairing.n, 'pair')} by {pair_words(pairing)}: from {a} to {b} {label_of(metric)} {moves}.",
        traces=traces,
        table=Table(f"pairs-data-{name}", f"Pairs of {label_of(metric)}", columns, rows, n_total=len(rows), paper_rows=30),
        height=height,
    )


# --- further metrics, and what else differs --------------------------------------------------------------------------


def _secondary(view: View, comparison: Comparison) -> list[Block]:
    others = comparison.metrics[1:]
    if not others or comparison.baseline is None or not any(one.differences for one in others):
        return []
    table = differences_table(view, others, "comparison-others", "Further metrics")
    if len(others) == 1:
        table = differences_table(
            view, others, "comparison-others", f"Further metric: {label_of(view.facts.metrics[others[0].metric])}"
        )
    return [table]


def _alike(view: View, comparison: Comparison) -> list[Block]:
    alike = comparison.alike
    if alike is None or len(comparison.groups) < 2:
        return []
    rows = alike_rows(comparison)
    columns = (Column("check", "Check"), Column("result", "Result"), Column("found", "Found"))
    table = Table("comparison-alike", "Are the groups alike otherwise?", columns, tuple(rows))
    left_out = left_out_table(view, comparison, "comparison-left-out")
    return [table, *([left_out] if left_out else [])]


def alike_rows(comparison: Comparison) -> list[tuple[Cell, ...]]:
    """(check, ok or look, what was found), one row for each thing that should not differ between the groups."""
    alike = comparison.alike
    assert alike is not None
    return [
        _check("Data sets", alike.datasets_differ or alike.datasets_mixed, _dataset_words(comparison)),
        _check("Training length", alike.steps_differ, _step_words(comparison)),
        _failures_row(comparison),
        *([row] if (row := success_row(comparison)) is not None else []),
        _check("Unfinished runs", any(g.n_unfinished for g in comparison.groups), _unfinished_words(comparison)),
        _check("Code versions", alike.commits_differ, _commit_words(comparison)),
        _check("Scripts", alike.sources_differ, _named_words(alike.sources, "script or notebook")),
        _check("Hardware", alike.hardware_differs, _named_words(alike.hardware, "hardware")),
        _check("Configurations", any(g.n_configurations > 1 for g in comparison.groups), _configuration_words(comparison)),
    ]


def alike_words(comparison: Comparison) -> str | None:
    """The checks in a few words, for the page of the decision: what differs, what is not on record, what failed."""
    alike = comparison.alike
    if alike is None:
        return None
    rows = [(str(row[0].value).lower(), row[1]) for row in alike_rows(comparison)]
    differ = [name for name, result in rows if result.tone == "warning" and name not in ("failed runs", "success rates")]
    unknown = [name for name, result in rows if result.value == "not on record"]
    same = [name for name, result in rows if result.value == "ok" and name != "unfinished runs"]
    failed = listed([f"{bad} of {n} in {group_name(label)}" for label, (bad, n) in alike.failed.items() if n], 8)
    parts = [
        f"To look at: {listed(differ, 9)}." if differ else "",
        f"The same: {listed(same, 9)}." if same else "",
        f"Not on record: {listed(unknown, 9)}." if unknown else "",
        f"Failed runs: {failed}." if failed != "none" else "",
    ]
    return " ".join(part for part in parts if part)


def _failures_row(comparison: Comparison) -> tuple[Cell, ...]:
    """Some failed runs are neither fine nor, up to a fifth, a reason to doubt the rest."""
    alike = comparison.alike
    assert alike is not None
    name, found = Cell("Failed runs"), Cell(_failure_words(comparison))
    if alike.many_failed:
        return (name, Cell("look", "warning"), found)
    n_bad = sum(bad for bad, _ in alike.failed.values())
    return (name, Cell(f"{n_bad:,} failed, under 20 %", "neutral") if n_bad else Cell("none", "good"), found)


def success_row(comparison: Comparison) -> tuple[Cell, ...] | None:
    """Success rates compared as well, where many runs of a group failed (Newcombe's interval)."""
    alike = comparison.alike
    if alike is None or not alike.many_failed or comparison.baseline is None:
        return None
    bad_a, n_a = alike.failed.get(comparison.baseline, (0, 0))
    parts = []
    for label, (bad, n) in alike.failed.items():
        if label != comparison.baseline and n and n_a:
            found = newcombe_interval(n_a - bad_a, n_a, n - bad, n)
            low, mid, high = (text_of(x * 100, "change", 0) for x in (found.low, found.value, found.high))
            parts.append(
                f"{group_name(label)} minus {group_name(comparison.baseline)}: {mid} percentage points (95 % interval {low} to {high})"
            )
    return (Cell("Success rates"), Cell("look", "warning"), Cell(f"{'; '.join(parts)}.")) if parts else None


def left_out_table(view: View, comparison: Comparison, id: str) -> Table | None:
    """Every run of a group that is not in the primary metric's numbers, by name, and why."""
    compared = comparison.metrics[0] if comparison.metrics else None
    metric = view.facts.metrics[compared.metric] if compared else None
    values = {one.label: one for one in compared.groups} if compared else {}
    rows: list[tuple[Cell, ...]] = []
    for group in comparison.groups:
        again = {one.failed: one for one in group.run_again}
        reasons = [(key, _failed_why(view, again.get(key))) for key in group.failed]
        reasons += [(key, "not finished") for key in group.unfinished]
        reasons += [(key, "older identical re-run (equal parameters, seed and code)") for key in group.repeated]
        if metric is not None and group.label in values:
            reasons += _unmeasured(metric, group.finished, values[group.label])
        rows += [(Cell(group_name(group.label)), Cell(view.link(key)), Cell(why)) for key, why in reasons]
    for d in compared.differences if compared else ():
        if d.pairing is not None:
            why = f"no partner by {pair_words(d.pairing)} ({group_name(d.group)} against {group_name(d.baseline)})"
            sides = ((d.baseline, d.pairing.left_a), (d.group, d.pairing.left_b))
            rows += [(Cell(group_name(label)), Cell(view.link(key)), Cell(why)) for label, keys in sides for key in keys]
    rows += [(Cell("several"), Cell(view.link(key)), Cell("selected by more than one group")) for key in comparison.shared]
    if not rows:
        return None
    columns = (Column("group", "Group"), Column("run", "Run", "run"), Column("why", "Why it is not counted"))
    return Table(id, "Runs that are not counted", columns, tuple(rows), (), len(rows), paper_rows=12)


def _failed_why(view: View, again: RunAgain | None) -> str:
    """ "failed or killed"; with the run of the same seed that came after it."""
    if again is None:
        return "failed or killed"
    later = run_name(view.run(again.later))
    return f"failed or killed; seed {one_line(again.seed, 30)} was run again ({later}), and that run is counted"


def _unmeasured(metric: Metric, finished: Iterable[RunKey], values: GroupValues) -> list[tuple[RunKey, str]]:
    counted, found = {*values.keys, *(key for seed in values.seeds for key in seed.keys)}, []
    for key in finished:
        if key in counted:
            continue
        if key not in metric.values:
            why = f"no {label_of(metric)}"
        elif metric.finite(key) is None:
            why = f"{label_of(metric)} is NaN or infinite"
        else:
            why = "a parent whose children are counted" if values.n_parents else "inside a counted parent"
        found.append((key, why))
    return found


def _named_words(found: Mapping[str, tuple[str, ...]], what: str) -> str:
    if not any(found.values()):
        return f"No run has its {what} on record, so this cannot be checked."
    if len({names for names in found.values() if names}) == 1:
        return f"All: {listed([one_line(name, 60) for name in next(names for names in found.values() if names)], 3)}."
    return "; ".join(f"{group_name(label)}: {listed([one_line(n, 60) for n in names], 3)}" for label, names in found.items())


_UNKNOWN = "so this cannot be checked."


def _check(name: str, differs: bool, found: str) -> tuple[Cell, ...]:
    """A check that could not be made is neither passed nor failed."""
    if not differs and found.endswith(_UNKNOWN):
        return (Cell(name), Cell("not on record", "muted"), Cell(found))
    return (Cell(name), Cell("look" if differs else "ok", "warning" if differs else "good"), Cell(found))


def _dataset_words(comparison: Comparison) -> str:
    alike = comparison.alike
    assert alike is not None
    if not any(alike.datasets.values()):
        return "No run logged a data set, so this cannot be checked."
    if not alike.datasets_differ:
        names = next(iter(alike.datasets.values()))
        return f"All groups logged {listed([one_line(name, 60) for name in names])}."
    return "; ".join(
        f"{group_name(label)}: {listed([one_line(n, 60) for n in names], 3)}" for label, names in alike.datasets.items()
    )


def _step_words(comparison: Comparison) -> str:
    alike = comparison.alike
    assert alike is not None
    if not alike.steps:
        return "No run logged more than one point, so this cannot be checked."
    if not alike.steps_differ:
        return f"Every run ends at step {next(iter(alike.steps.values()))[0]:,}."
    return "; ".join(
        f"{group_name(label)}: last step {low:,}" if low == high else f"{group_name(label)}: last step {low:,} to {high:,}"
        for label, (low, high) in alike.steps.items()
    )


def _failure_words(comparison: Comparison) -> str:
    alike = comparison.alike
    assert alike is not None
    parts = []
    ended = [n for _, n in alike.failed.values() if n]
    if len(ended) > 2 and not any(bad for bad, _ in alike.failed.values()):
        return f"None of {sum(ended):,} runs failed or gave no finite value."
    for label, (bad, n) in alike.failed.items():
        if n:
            share = wilson_interval(bad, n)
            bounds = f"{text_of(share.low, 'percent')} to {text_of(share.high, 'percent')}"
            parts.append(f"{group_name(label)}: {bad} of {n} failed or not finite ({bounds})")
    return "; ".join(parts) or "No run has ended."


def _unfinished_words(comparison: Comparison) -> str:
    open_groups = [f"{group_name(g.label)}: {g.n_unfinished:,}" for g in comparison.groups if g.n_unfinished]
    return "; ".join(open_groups) if open_groups else "Every run has ended."


def _commit_words(comparison: Comparison) -> str:
    alike = comparison.alike
    assert alike is not None
    if not any(alike.commits.values()):
        return "No run has a git commit, so this cannot be checked."
    if not alike.commits_differ:
        return f"All at commit {one_line(next(c for commits in alike.commits.values() for c in commits), 40)[:10]}."
    return "; ".join(
        f"{group_name(label)}: {listed([one_line(c, 40)[:10] for c in commits], 3)}"
        for label, commits in alike.commits.items()
        if commits
    )


def _configuration_words(comparison: Comparison) -> str:
    mixed = [g for g in comparison.groups if g.n_configurations > 1]
    ignored = sorted({name for g in comparison.groups for name in g.identifiers})
    tail = f" Not counted as configuration: {listed([one_line(name, 40) for name in ignored])}." if ignored else ""
    if not mixed:
        return f"One configuration in each group, seeds and folds aside.{tail}"
    return "; ".join(f"{group_name(g.label)}: {g.n_configurations:,} configurations" for g in mixed) + f".{tail}"


# --- experiments without a configured comparison ---------------------------------------------------------------------


def _side_by_side(view: View, found: SideBySide) -> Section:
    metric = view.facts.metrics[found.metric]
    searches = [g.label for g in found.groups if g.no_interval == "search"]
    why = (
        " The runs of a search are no sample: which settings were tried decides their mean, so none is given." if searches else ""
    )
    lead = paragraph(
        strong(f"{len(found.groups)} experiments"),
        f" have {label_of(metric)} in three or more finished runs. They are shown side by side and not judged.{why} Add a comparison "
        f"(compare: …) to the config for a verdict.",
    )
    return Section(
        "comparison",
        "Experiments side by side",
        (lead, _side_by_side_table(metric, found), _side_by_side_chart(view, metric, found)),
        QUESTION,
    )


_KINDS = {"search": "a search", "folds": "folds of one configuration", "": "repeats"}


def _side_by_side_table(metric: Metric, found: SideBySide) -> Table:
    """n, best and spread of each experiment; a mean only where its runs are not a search, with an interval of repeats."""
    sds = [g.sd for g in found.groups]
    digits = digits_with(metric, sds)
    ranked = metric.goal != "none"
    bounded = " [95 % interval]" if any(g.low is not None for g in found.groups) else ""
    columns = (
        Column("group", "Experiment"),
        Column("kind", "Its runs are"),
        Column("n", "n", "integer"),
        *((Column("best", "Best", metric.format, digits, metric.goal),) if ranked else ()),
        Column("mean", f"Mean {label_of(metric)}{bounded}", estimate_format(metric), digits),
        *_spread_columns(metric, digits),
    )
    rows = tuple(
        (
            Cell(group_name(g.label)),
            Cell(_KINDS[g.no_interval]),
            Cell(g.n),
            *((Cell(_best_of(metric, g)),) if ranked else ()),
            *_spread_cells(g),
        )
        for g in found.groups
    )
    notes = [f"n: finished runs with a finite value; values: {rule_text(metric.rule)} of each run; sd with ddof 1."]
    if ranked:
        notes.append("Best of n runs: the more runs, the better it looks; expect a re-run to be worse.")
    if any(g.no_interval == "folds" for g in found.groups):
        notes.append("Folds of one data set are not independent, so their mean has no interval.")
    title = f"{label_of(metric)} by experiment"
    return Table("comparison-experiments", title, columns, rows, tuple(notes), len(rows), paper_rows=40)


def _best_of(metric: Metric, group: GroupValues) -> float:
    return max(group.values) if metric.goal == "maximize" else min(group.values)


def _side_by_side_chart(view: View, metric: Metric, found: SideBySide) -> Chart:
    """Every run as a point; of repeats the mean with its interval."""
    shown = [replace(g, mean=None) if g.no_interval == "search" else g for g in found.groups]
    chart = groups_chart(view, metric, SideBySide(found.metric, tuple(shown)), None)
    told = [g for g in found.groups if g.n]
    how = "lowest to highest" if metric.goal == "none" else "best"
    parts = [
        f"{group_name(g.label)} {value_words(metric, _best_of(metric, g)) if metric.goal != 'none' else f'{value_words(metric, min(g.values))} to {value_words(metric, max(g.values))}'} (n = {g.n})"
        for g in told[:6]
    ]
    traces = tuple(trace for trace in chart.traces if any(y is not None for y in trace.x))
    alt = f"{label_of(metric)} of every run by experiment, {how}: {listed(parts)}."
    return replace(chart, title=f"{label_of(metric)} by experiment", traces=traces, alt=alt)
