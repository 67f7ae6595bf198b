"""What the decision was made from, as pictures: every run, every pair, and the difference against zero and the margin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reportgen.analyze.comparison import Difference, MetricComparison
from reportgen.analyze.metrics import Metric
from reportgen.formats import goal_words, one_line, plural, slug
from reportgen.model import Axis, Block, Cell, Chart, Column, Mark, Section, Table, Trace
from reportgen.outcomes import OUTCOMES
from reportgen.sections.comparison import delta_interval, groups_chart, judged_tasks, slopes_chart
from reportgen.sections.tasks import tasks_evidence
from reportgen.sections.verdicts import (
    Words,
    comparison_digits,
    group_name,
    level_words,
    margin_size,
    pair_words,
    tone_of,
    words_of,
)
from reportgen.sections.view import View, label_of

TITLE = "Evidence"
QUESTION = "What did every run measure, and how far apart are the groups?"


def evidence_section(view: View) -> Section | None:
    """Left out when no group has a value of the primary metric."""
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


def difference_chart(metric: Metric, compared: MetricComparison, estimated: list[Difference]) -> Chart:
    """Each group minus the baseline with its interval; zero and the margin as lines. Percentages in points."""
    words = [words_of(compared, d, metric) for d in estimated]
    factor = 100.0 if metric.format == "percent" else 1.0
    shown_as = "number" if metric.format in ("percent", "number") else metric.format
    base = group_name(estimated[0].baseline)
    names = tuple(f"{w.name_b} − {base}" for w in words)
    points = Trace(
        f"Difference, {level_words(min(d.level for d in estimated))}",
        tuple(d.delta * factor if d.delta is not None else None for d in estimated),
        tuple(float(i) for i in range(len(estimated))),
        "points",
        color=1,
        marker="diamond",
        low=tuple(d.low * factor if d.low is not None else None for d in estimated),
        high=tuple(d.high * factor if d.high is not None else None for d in estimated),
        labels=names,
    )
    unit = " (percentage points)" if metric.format == "percent" else ""
    return Chart(
        id=f"difference-{slug(metric.name)}",
        title=f"Difference in {label_of(metric)}{unit}",
        kind="intervals",
        x=Axis(f"Difference in {label_of(metric)}{unit}; {_side_words(metric)}", format=shown_as),
        y=Axis("", "category", "text", names),
        alt=f"Differences of {label_of(metric)}: {'; '.join(_alt(w) for w in words)}.",
        traces=(*_pair_points(estimated, factor), points),
        marks=_marks(metric, words[0], factor),
        table=_table(metric, words),
        notes=_notes(words),
        height=min(700, 92 + 32 * len(estimated)),
    )


def _pair_points(estimated: list[Difference], factor: float) -> tuple[Trace, ...]:
    """The difference of every pair; none where no group is paired."""
    found = [
        ((y - x) * factor, float(i), f"{pair_words(d.pairing)} {one_line('/'.join(key), 40)}")
        for i, d in enumerate(estimated)
        if d.pairing is not None
        for key, x, y in zip(d.pairing.keys, d.pairing.a, d.pairing.b, strict=True)
    ]
    if not found:
        return ()
    x, y, labels = zip(*found, strict=True)
    return (Trace("Pair", x, y, "points", color=0, marker="open", opacity=0.6, labels=labels),)


def _side_words(metric: Metric) -> str:
    """Which side of zero is better."""
    return {"maximize": "right of zero is better", "minimize": "left of zero is better"}.get(metric.goal, goal_words(metric.goal))


def _marks(metric: Metric, w: Words, factor: float) -> tuple[Mark, ...]:
    margin = w.d.within.margin * factor if w.d.within else None
    zero = Mark("x", 0.0, "no difference", "muted")
    if margin is None:
        return (zero,)
    worse = -margin if metric.goal == "maximize" else margin
    return (zero, Mark("x", worse, "margin, worse", "bad"), Mark("x", -worse, "margin, better", "good"))


def _notes(words: Sequence[Words]) -> tuple[str, ...]:
    """What an interval that holds zero says, where one does; and that the margin is no finding."""
    holds_zero = any(w.d.low is not None and w.d.high is not None and w.d.low <= 0 <= w.d.high for w in words)
    within = words[0].d.within
    notes = ["An interval that holds zero shows neither a difference nor that there is none."] if holds_zero else []
    notes += [f"The margin, {margin_size(words[0].metric, within.margin)}, was declared, not found."] if within else []
    return tuple(notes)


def _alt(w: Words) -> str:
    low, high = w.change(w.d.low, w.d.high)
    pairing = w.d.pairing
    higher = (
        f", higher in {sum(b > a for a, b in zip(pairing.a, pairing.b, strict=True))} of {plural(pairing.n, 'pair')}"
        if pairing
        else ""
    )
    return f"{w.name_b} minus {w.name_a} {w.change(w.d.delta)[0]}{w.unit}, {level_words(w.d.level)} {low} to {high}{higher}"


def _delta_cell(metric: Metric, d: Difference) -> Cell:
    delta, shown_as, unit = delta_interval(metric, d)
    return Cell(delta, note=unit, format=shown_as)


def _table(metric: Metric, words: list[Words]) -> Table:
    columns = (
        Column("group", "Group"),
        Column("delta", "Difference [interval]", "change", words[0].digits),
        Column("verdict", "Verdict"),
    )
    rows = tuple(
        (
            Cell(w.name_b),
            _delta_cell(metric, w.d),
            Cell(OUTCOMES[w.d.outcome].phrase, tone_of(w.d)),
        )
        for w in words
    )
    return Table(f"difference-data-{slug(metric.name)}", f"Differences in {label_of(metric)}", columns, rows, n_total=len(rows))
