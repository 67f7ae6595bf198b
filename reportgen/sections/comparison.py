"""Is B better than A: verdict, the groups, every run as a point, and what else differs between the groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reportgen.analyze.comparison import Comparison, Difference, MetricComparison, SideBySide
from reportgen.analyze.groups import GroupValues
from reportgen.analyze.metrics import Metric
from reportgen.analyze.statistics import wilson_interval
from reportgen.formats import goal_words, listed, one_line, plural, slug, text_of
from reportgen.model import Axis, Block, Cell, Chart, Column, Format, Interval, Mark, Notice, Section, Table, Tone, Trace
from reportgen.sections.verdicts import (
    OUTCOME_WORDS,
    TONES,
    comparison_digits,
    group_name,
    group_words,
    level_words,
    pair_words,
    test_words,
    verdict_of,
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

MOST_VERDICTS = 6
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
    blocks += _alike(comparison)
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
    return Notice("warning", "The baseline is missing", text, "check compare.baseline in the config", "compare-no-baseline")


def nothing_measured(view: View) -> Notice:
    names = view.report.compare.metrics if view.report.compare else ()
    told = f" ({listed([one_line(name, 60) for name in names])})" if names else ""
    return Notice("warning", "Nothing to compare", f"None of the compared metrics{told} was logged by any run.")


def _lead(comparison: Comparison) -> Block:
    counts = "; ".join(f"{group_name(g.label)}: {group_words(g)}" for g in comparison.groups[:8])
    more = f"; and {len(comparison.groups) - 8} more groups" if len(comparison.groups) > 8 else ""
    outside = (
        f" {plural(comparison.n_unlabelled, 'run')} without {one_line(comparison.by, 40)} left out."
        if comparison.n_unlabelled
        else ""
    )
    baseline = f"; baseline {group_name(comparison.baseline)}" if comparison.baseline is not None else ""
    return paragraph(f"Groups by {one_line(comparison.by, 40)}{baseline}. {counts}{more}.{outside}")


# --- the primary metric ----------------------------------------------------------------------------------------------


def _primary(view: View, comparison: Comparison, compared: MetricComparison) -> list[Block]:
    metric = view.facts.metrics[compared.metric]
    verdicts = [verdict_of(comparison, compared, one, metric) for one in compared.differences[:MOST_VERDICTS]]
    blocks: list[Block] = [
        *verdicts,
        groups_table(metric, compared.groups, comparison_digits(metric, compared), "comparison-groups"),
    ]
    left = len(compared.differences) - len(verdicts)
    if left > 0:
        blocks.append(paragraph(f"{plural(left, 'further group')} in the tables below."))
    if compared.differences:
        blocks.append(differences_table(view, [compared], "comparison-differences", f"Differences in {label_of(metric)}"))
    if any(group.n for group in compared.groups):
        blocks.append(groups_chart(view, metric, compared, comparison.baseline))
    paired = [one for one in compared.differences if one.pairing is not None]
    blocks += [slopes_chart(metric, one, comparison_digits(metric, compared)) for one in paired[:MOST_SLOPES]]
    return blocks


def groups_table(metric: Metric, groups: Sequence[GroupValues], digits: int, id: str) -> Table:
    """n, mean with interval, sd, median and range of each group."""
    columns = (
        Column("group", "Group"),
        Column("n", "n", "integer"),
        Column("mean", f"Mean {label_of(metric)} [95 % interval]", estimate_format(metric), digits, metric.goal),
        Column("sd", "sd", metric.format, digits, note="between runs"),
        Column("median", "Median", metric.format, digits),
        Column("lowest", "Lowest", metric.format, digits),
        Column("highest", "Highest", metric.format, digits),
        Column("left_out", "Not counted"),
    )
    rows = tuple(
        (
            Cell(group_name(g.label)),
            Cell(g.n),
            Cell(None if g.mean is None else Interval(g.mean, g.low, g.high, g.n)),
            Cell(g.sd),
            Cell(g.median),
            Cell(min(g.values, default=None)),
            Cell(max(g.values, default=None)),
            Cell(_left_out(g) or None),
        )
        for g in groups
    )
    notes = (
        "n: finished runs with a finite value. Intervals are t intervals of each group's own mean; sd with ddof 1. Values: "
        + metric.rule_words
        + " of each run.",
    )
    return Table(id, f"{label_of(metric)} by group", columns, rows, notes, len(rows), paper_rows=40)


def _left_out(group: GroupValues) -> str:
    parts = [f"{group.n_missing:,} without the metric"] if group.n_missing else []
    parts += [f"{group.n_non_finite:,} NaN or infinite"] if group.n_non_finite else []
    parts += [f"{group.n_inside_parents:,} inside a counted parent"] if group.n_inside_parents else []
    return ", ".join(parts)


SHORT = ("metric", "group", "verdict", "n", "delta", "p", "p_holm")
"""Columns of a table beside a longer one."""


def differences_table(view: View, compared: Sequence[MetricComparison], id: str, title: str, *, short: bool = False) -> Table:
    """One row for each metric and group against the baseline; columns that no row fills are left out."""
    differences = [d for one in compared for d in one.differences]
    tests = {_test(d) for d in differences}
    columns: list[tuple[Column, bool]] = [
        (Column("metric", "Metric"), short or len(compared) > 1),
        (Column("group", "Group"), True),
        (Column("verdict", "Verdict"), True),
        (Column("n", "n"), True),
        (Column("delta", "Difference [interval]", "change", note="group − baseline", width=3), True),
        (Column("lift", "Relative [interval]", "percent_change", 1, width=3), any(d.lift for d in differences)),
        (Column("p", "p", "p"), any(d.p is not None for d in differences)),
        (Column("p_holm", "p_Holm", "p"), any(d.p_holm is not None for d in differences)),
        (Column("g", "Hedges' g", "change", 2), any(d.g is not None for d in differences)),
        (Column("chance", "P(group > baseline)", "percent", 0), any(d.chance is not None for d in differences)),
        (Column("won", "Pairs won"), any(d.won is not None for d in differences)),
        (Column("test", "Test"), len(tests) > 1),
    ]
    rows = []
    for one in compared:
        metric = view.facts.metrics[one.metric]
        digits = comparison_digits(metric, one)
        rows += [_difference_cells(metric, d, digits) for d in one.differences]
    shown = [i for i, (column, wanted) in enumerate(columns) if wanted and (not short or column.key in SHORT)]
    notes = _level_notes(differences)
    if not short:
        notes = ((f"Test: {next(iter(tests))}.",) if len(tests) == 1 else ()) + notes + _difference_notes(differences)
    cells = tuple(tuple(row[i] for i in shown) for row in rows)
    return Table(id, title, tuple(columns[i][0] for i in shown), cells, notes, len(rows), paper_rows=40)


def _difference_cells(metric: Metric, d: Difference, digits: int) -> tuple[Cell, ...]:
    """All cells of a row, in the order of the columns."""
    tone: Tone = TONES[d.outcome]
    delta, shown_as, unit = delta_interval(metric, d)
    lift = None if d.lift is None else Interval(d.lift.value, d.lift.low, d.lift.high, min(d.n_a, d.n_b), d.level)
    return (
        Cell(label_of(metric)),
        Cell(group_name(d.group)),
        Cell(OUTCOME_WORDS[d.outcome], tone),
        Cell(plural(d.n_a, "pair") if d.pairing else f"{d.n_b} against {d.n_a}"),
        Cell(delta, tone if d.outcome in ("better", "worse") else "neutral", unit, shown_as, digits),
        Cell(lift),
        Cell(d.p),
        Cell(d.p_holm),
        Cell(d.g),
        Cell(d.chance, note=_chance_note(d)),
        Cell(_won_words(d)),
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


def _chance_note(d: Difference) -> str:
    if d.chance_low is None:
        return ""
    return f"{text_of(d.chance_low, 'percent', 0)} to {text_of(d.chance_high, 'percent', 0)}"


def _won_words(d: Difference) -> str | None:
    if d.won is None:
        return None
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
    }.get(d.reason, "none")


def _level_notes(differences: Sequence[Difference]) -> tuple[str, ...]:
    notes = []
    levels = {d.level for d in differences if d.low is not None}
    if levels:
        level = min(levels)
        simultaneous = f"Intervals are simultaneous {level_words(level)}s (Bonferroni over the groups; Holm has no intervals)."
        notes.append(f"Intervals are {level_words(level)}s of the difference." if level == 0.95 else simultaneous)
    adjusted = {d.n_family for d in differences if d.p_holm is not None}
    if adjusted:
        notes.append(f"p_Holm is adjusted over {plural(max(adjusted), 'test')}, this one family.")
    return tuple(notes)


def _difference_notes(differences: Sequence[Difference]) -> tuple[str, ...]:
    notes = []
    if any(d.chance is not None for d in differences):
        notes.append(
            "Hedges' g is the difference in pooled sds. P(group > baseline) is over all pairs of runs, as values, not as better; its interval "
            "(bootstrap) needs ten runs per group."
        )
    checked = [d.p_permutation for d in differences if d.p_permutation is not None]
    if len(checked) == 1 and len(differences) == 1:
        notes.append(f"Sensitivity: the permutation test gives p = {text_of(checked[0], 'p')}.")
    if any(d.lift is None and d.method != "none" for d in differences):
        notes.append("A relative difference is left out where the baseline is near zero or negative, and for folds.")
    return tuple(notes)


# --- pictures --------------------------------------------------------------------------------------------------------


def groups_chart(view: View, metric: Metric, compared: MetricComparison | SideBySide, baseline: str | None) -> Chart:
    """Every run as a point, every group's mean with its interval."""
    groups = [group for group in compared.groups if group.n]
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
        "Mean, 95 % interval",
        tuple(g.mean for g in groups),
        tuple(float(i) for i in range(len(groups))),
        "points",
        color=1,
        marker="diamond",
        low=tuple(g.low for g in groups),
        high=tuple(g.high for g in groups),
        labels=names,
    )
    parts = [f"{group_name(g.label)} {value_words(metric, g.mean, digits)} (n = {g.n})" for g in groups[:6]]
    base = next((g for g in groups if g.label == baseline), None)
    notes = (
        [f"{plural(n_points, 'run')}, each a point."]
        if n_points == len(points)
        else [f"{len(points):,} of {n_points:,} runs as points; the lowest and highest of each group are among them."]
    )
    return Chart(
        id=f"comparison-{slug(metric.name)}",
        title=f"{label_of(metric)} by group",
        kind="intervals",
        x=Axis(f"{label_of(metric)} ({goal_words(metric.goal)})", format=metric.format),
        y=Axis("", "category", "text", names),
        alt=f"Means of {label_of(metric)}: {listed(parts)}; each with its runs as points.",
        traces=(runs, means),
        marks=(Mark("x", base.mean, f"mean of {group_name(base.label)}", "muted"),)
        if base is not None and base.mean is not None
        else (),
        table=_points_table(view, metric, groups),
        notes=tuple(notes),
        height=min(900, 120 + 46 * len(groups)),
    )


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
        (Cell(group_name(g.label)), Cell(view.link(key)), Cell(value))
        for g in groups
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


def _alike(comparison: Comparison) -> list[Block]:
    alike = comparison.alike
    if alike is None or len(comparison.groups) < 2:
        return []
    rows = alike_rows(comparison)
    columns = (Column("check", "Check"), Column("result", "Result"), Column("found", "Found"))
    return [Table("comparison-alike", "Are the groups alike otherwise?", columns, tuple(rows))]


def alike_rows(comparison: Comparison) -> list[tuple[Cell, ...]]:
    """(check, ok or look, what was found), one row for each thing that should not differ between the groups."""
    alike = comparison.alike
    assert alike is not None
    return [
        _check("Data sets", alike.datasets_differ or alike.datasets_mixed, _dataset_words(comparison)),
        _check("Training length", alike.steps_differ, _step_words(comparison)),
        _check("Failures", bool(alike.many_failed), _failure_words(comparison)),
        _check("Unfinished runs", any(g.n_unfinished for g in comparison.groups), _unfinished_words(comparison)),
        _check("Code versions", alike.commits_differ, _commit_words(comparison)),
        _check("Scripts", alike.sources_differ, _named_words(alike.sources, "script or notebook")),
        _check("Hardware", alike.hardware_differs, _named_words(alike.hardware, "hardware")),
        _check("Configurations", any(g.n_configurations > 1 for g in comparison.groups), _configuration_words(comparison)),
    ]


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
    lead = paragraph(
        strong(f"{len(found.groups)} experiments"),
        f" have {label_of(metric)} in three or more finished runs. They are shown side by side and not judged: runs of an experiment are "
        f"often a search, not repeats. Add a comparison (compare: …) to the config for a verdict.",
    )
    widths = [(g.high - g.low) / 2 for g in found.groups if g.low is not None and g.high is not None]
    table = groups_table(metric, found.groups, digits_with(metric, widths), "comparison-experiments")
    return Section("comparison", "Experiments side by side", (lead, table, groups_chart(view, metric, found, None)), QUESTION)
