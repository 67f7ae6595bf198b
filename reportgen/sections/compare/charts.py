"""The pictures of a comparison: every run, every pair, and the difference against zero and the margin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reportgen.analyze.compare.comparison import MetricComparison, SideBySide
from reportgen.analyze.compare.difference import Difference
from reportgen.analyze.compare.values import GroupValues
from reportgen.analyze.metrics import Metric
from reportgen.analyze.runs import RunKey
from reportgen.formats import one_line, slug
from reportgen.model import Axis, Cell, Chart, Column, DotStrip, Figure, Interval, Mark, Table, Trace
from reportgen.sections.compare.tables import delta_interval
from reportgen.sections.compare.verdicts import tone_of
from reportgen.sections.view import View, run_name
from reportgen.words import Say
from reportgen.words.compare.subject import DifferenceWords, comparison_digits, words_of
from reportgen.words.compare.terms import group_name, level_words, margin_size, pair_words, phrase_of
from reportgen.words.quantities import change_format, label_of, value_words

MOST_POINTS = 2000
MOST_STRIPS = 8
"""Groups whose runs stand on strips; of more there is the chart among the evidence."""
MOST_DOTS = 400
"""Of a strip: more cannot be told apart."""


def groups_chart(view: View, metric: Metric, compared: MetricComparison | SideBySide, baseline: str | None) -> Chart:
    """Every run as a point, every group's mean with its interval."""
    groups = [replace(g, mean=None) if g.no_interval == "search" else g for g in compared.groups if g.n]
    bounded = any(g.low is not None for g in groups)
    digits = comparison_digits(metric, compared) if isinstance(compared, MetricComparison) else metric.digits
    names = tuple(group_name(group.label) for group in groups)
    points = [
        (value, i, run_name(view.run(key)), key)
        for i, g in enumerate(groups)
        for key, value in zip(g.keys, g.values, strict=True)
    ]
    n_points = len(points)
    points = _thinned(points)
    runs = Trace(
        view.say("pictures-run"),
        tuple(value for value, _, _, _ in points),
        tuple(float(i) for _, i, _, _ in points),
        "points",
        color=0,
        marker="open",
        opacity=0.6,
        labels=tuple(name for _, _, name, _ in points),
        runs=tuple((key,) for _, _, _, key in points),
    )
    means = Trace(
        view.say("pictures-mean-95-interval") if bounded else view.say("pictures-mean"),
        tuple(g.mean for g in groups),
        tuple(float(i) for i in range(len(groups))),
        "points",
        color=1,
        marker="diamond",
        low=tuple(g.low for g in groups),
        high=tuple(g.high for g in groups),
        labels=names,
        runs=tuple(tuple(g.keys) for g in groups),
    )
    parts = [f"{group_name(g.label)} {_middle_words(metric, g, digits, view.say)} (n = {g.n})" for g in groups[:6]]
    base = next((g for g in groups if g.label == baseline), None)
    notes = (
        [view.say("pictures-runs-point", n=n_points)]
        if n_points == len(points)
        else [view.say("pictures-runs-points-lowest-highest", n_points=len(points), n_points_2=n_points)]
    )
    notes += [view.say("pictures-runs-seed-point-their")] if any(g.seeds for g in groups) else []
    return Chart(
        id=f"comparison-{slug(metric.name)}",
        title=_groups_title(view, metric, groups, base, digits),
        kind="intervals",
        x=Axis(
            view.say("pictures-higher-better-lower-better", metric=label_of(metric), goal=metric.goal),
            format=metric.format,
            digits=digits if isinstance(compared, MetricComparison) else None,
        ),
        y=Axis("", "category", "text", names),
        alt=view.say("pictures-means-runs-points", metric=label_of(metric), parts=view.say.listed(parts)),
        traces=(runs, means) if any(g.mean is not None for g in groups) else (runs,),
        marks=(Mark("x", base.mean, view.say("pictures-mean-2", label=group_name(base.label)), "muted"),)
        if base is not None and base.mean is not None
        else (),
        table=_points_table(view, metric, groups),
        method=tuple(notes),
        height=min(900, 120 + 46 * len(groups)),
    )


def _groups_title(view: View, metric: Metric, groups: list[GroupValues], base: GroupValues | None, digits: int) -> str:
    """The two means against each other, where two groups are compared."""
    others = [group for group in groups if group is not base]
    if base is None or base.mean is None or len(others) != 1 or others[0].mean is None:
        return view.say("pictures-group", metric=label_of(metric))
    return view.say(
        "pictures-group-against",
        metric=label_of(metric),
        group=group_name(others[0].label),
        mean=value_words(metric, others[0].mean, digits),
        base_mean=value_words(metric, base.mean, digits),
    )


def groups_figure(view: View, metric: Metric, compared: MetricComparison) -> Figure | None:
    """Every run of each group as a dot on one axis, the mean with its interval on it; None without a value, and for many groups."""
    groups = [group for group in compared.groups if group.n]
    values = [value for group in groups for value in group.values]
    if not values or len(groups) > MOST_STRIPS:
        return None
    factor, say, digits = 100.0 if metric.format == "percent" else 1.0, view.say, comparison_digits(metric, compared)
    ends = [*values, *(end for g in groups for end in (g.low, g.high) if end is not None)]
    room = (max(ends) - min(ends)) * 0.04 or abs(max(ends)) * 0.01 or 1.0
    low, high = (min(ends) - room) * factor, (max(ends) + room) * factor
    rows = []
    for at, g in enumerate(groups):
        name, mean = group_name(g.label), None if g.no_interval == "search" else g.mean
        least, most = (value_words(metric, end, digits) for end in (min(g.values), max(g.values)))
        middle = None
        if mean is None:
            alt = say("compare-dots-search", group=name, n=g.n, low=least, high=most)
        else:
            alt = say("compare-dots", group=name, n=g.n, low=least, high=most, mean=value_words(metric, mean, digits))
            low_end, high_end = (None if bound is None else bound * factor for bound in (g.low, g.high))
            middle = Interval(mean * factor, low_end, high_end, g.n)
        dots = DotStrip(
            tuple(value * factor for value in _thinned_values(g.values)),
            low,
            high,
            alt,
            middle,
            "muted" if at == 0 else "neutral",
        )
        rows.append((name, dots, "" if mean is None else value_words(metric, mean, digits)))
    bounded = any(g.low is not None and g.no_interval != "search" for g in groups)
    return Figure(
        tuple(rows),
        "number" if metric.format == "percent" else metric.format,
        title=say("compare-every-run", metric=label_of(metric)),
        caption=say("compare-every-run-caption", bounded=str(bounded)),
    )


def _thinned_values(values: Sequence[float]) -> list[float]:
    """At most ``MOST_DOTS`` of ``values``, evenly spaced by rank, with both ends."""
    ordered = sorted(values)
    every = -(-len(ordered) // MOST_DOTS)
    return [*ordered[:-1:every], ordered[-1]]


def _middle_words(metric: Metric, group: GroupValues, digits: int, say: Say) -> str:
    """The mean, or the range of a search."""
    if group.mean is not None:
        return value_words(metric, group.mean, digits)
    return say(
        "pictures-from-to",
        metric=value_words(metric, min(group.values), digits),
        metric_2=value_words(metric, max(group.values), digits),
    )


def _thinned(points: list[tuple[float, int, str, RunKey]]) -> list[tuple[float, int, str, RunKey]]:
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
        Column("group", view.say("pictures-column-group")),
        Column("run", view.say("pictures-run"), "run"),
        Column("value", label_of(metric), metric.format, metric.digits, metric.goal),
    )
    rows = tuple(
        (Cell(group_name(g.label)), Cell(view.link(key)), Cell(value, note=several.get(key, "")))
        for g in groups
        for several in [
            {
                seed.keys[0]: view.say("pictures-mean-runs-seed", n_keys=len(seed.keys), seed=one_line(seed.seed, 30))
                for seed in g.seeds
            }
        ]
        for key, value in zip(g.keys, g.values, strict=True)
    )
    return Table(
        f"comparison-points-{slug(metric.name)}",
        view.say("pictures-runs-group", metric=label_of(metric)),
        columns,
        rows,
        n_total=len(rows),
        paper_rows=30,
        sortable=True,
    )


# --- pairs ---------------------------------------------------------------------------------------------------------


def slopes_chart(metric: Metric, d: Difference, digits: int, height: int = 280, *, say: Say) -> Chart:
    """One line for each pair, from the baseline to the group."""
    assert d.pairing is not None
    pairing = d.pairing
    a, b = group_name(d.baseline), group_name(d.group)
    words = [one_line("/".join(key), 40) for key in pairing.keys]
    traces = tuple(
        Trace(word, (0.0, 1.0), (x, y), "lines+points", labels=(word, word), runs=tuple(of), in_legend=False, opacity=0.8)
        for word, x, y, *of in zip(words, pairing.a, pairing.b, pairing.runs_a, pairing.runs_b, strict=True)
    )
    factor, unit = (100.0, "pp") if metric.format == "percent" else (1.0, "")
    columns = (
        Column("pair", say("pictures-column-pair-x", pair=pair_words(pairing, say)), "code"),
        Column("baseline", a, metric.format, digits, metric.goal),
        Column("group", b, metric.format, digits, metric.goal),
        Column(
            "delta",
            say("pictures-column-difference"),
            "change" if metric.format == "percent" else change_format(metric),
            digits,
            note=unit,
        ),
    )
    rows = tuple((Cell(w), Cell(x), Cell(y), Cell((y - x) * factor)) for w, x, y in zip(words, pairing.a, pairing.b, strict=True))
    up = sum(y > x for x, y in zip(pairing.a, pairing.b, strict=True))
    down = sum(y < x for x, y in zip(pairing.a, pairing.b, strict=True))
    equal = pairing.n - up - down
    moves = (
        say("pictures-rises-falls", up=up, down=down)
        if not equal
        else say("pictures-rises-falls-equal", up=up, down=down, equal=equal)
    )
    name = slug(f"{metric.name}|{d.baseline}|{d.group}")
    return Chart(
        id=f"pairs-{name}",
        title=say("pictures-pair-pair", metric=label_of(metric), a=a, b=b),
        kind="slopes",
        x=Axis("", "category", "text", (a, b)),
        y=Axis(say("pictures-higher-better-lower-better", metric=label_of(metric), goal=metric.goal), format=metric.format),
        alt=say("pictures-pairs", n=pairing.n, pair=pair_words(pairing, say), a=a, b=b, metric=label_of(metric), moves=moves),
        traces=traces,
        table=Table(
            f"pairs-data-{name}",
            say("pictures-pairs-2", metric=label_of(metric)),
            columns,
            rows,
            n_total=len(rows),
            paper_rows=30,
        ),
        height=height,
    )


# --- differences ---------------------------------------------------------------------------------------------------


def difference_chart(metric: Metric, compared: MetricComparison, estimated: list[Difference], say: Say) -> Chart:
    """Each group minus the baseline with its interval; zero and the margin as lines. Percentages in points."""
    words = [words_of(compared, d, metric, say) for d in estimated]
    factor = 100.0 if metric.format == "percent" else 1.0
    shown_as = "number" if metric.format in ("percent", "number") else metric.format
    base = group_name(estimated[0].baseline)
    names = tuple(f"{w.name_b} − {base}" for w in words)
    points = Trace(
        say("pictures-difference", level=level_words(min(d.level for d in estimated), say)),
        tuple(d.delta * factor if d.delta is not None else None for d in estimated),
        tuple(float(i) for i in range(len(estimated))),
        "points",
        color=1,
        marker="diamond",
        low=tuple(d.low * factor if d.low is not None else None for d in estimated),
        high=tuple(d.high * factor if d.high is not None else None for d in estimated),
        labels=names,
    )
    unit = say("pictures-pp") if metric.format == "percent" else ""
    return Chart(
        id=f"difference-{slug(metric.name)}",
        title=say("pictures-difference-2", metric=label_of(metric), unit=unit),
        kind="intervals",
        x=Axis(say("pictures-difference-3", metric=label_of(metric), unit=unit, side=_side_words(metric, say)), format=shown_as),
        y=Axis("", "category", "text", names),
        alt=say("pictures-differences", metric=label_of(metric), alt=say("list-clause-separator").join(_alt(w) for w in words)),
        traces=(*_pair_points(estimated, factor, say), points),
        marks=_marks(metric, words[0], factor),
        table=_table(metric, words, say),
        notes=_notes(words, say),
        height=min(700, 92 + 32 * len(estimated)),
    )


def _pair_points(estimated: list[Difference], factor: float, say: Say) -> tuple[Trace, ...]:
    """The difference of every pair; none where no group is paired."""
    found = [
        ((y - x) * factor, float(i), f"{pair_words(d.pairing, say)} {one_line('/'.join(key), 40)}")
        for i, d in enumerate(estimated)
        if d.pairing is not None
        for key, x, y in zip(d.pairing.keys, d.pairing.a, d.pairing.b, strict=True)
    ]
    if not found:
        return ()
    x, y, labels = zip(*found, strict=True)
    return (Trace(say("pictures-pair"), x, y, "points", color=0, marker="open", opacity=0.6, labels=labels),)


def _side_words(metric: Metric, say: Say) -> str:
    """Which side of zero is better."""
    return {"maximize": say("pictures-right-zero-better"), "minimize": say("pictures-left-zero-better")}.get(
        metric.goal, say("pictures-goal", goal=metric.goal)
    )


def _marks(metric: Metric, w: DifferenceWords, factor: float) -> tuple[Mark, ...]:
    margin = w.d.margin.margin * factor if w.d.margin else None
    zero = Mark("x", 0.0, w.say("pictures-difference-4"), "muted")
    if margin is None:
        return (zero,)
    worse = -margin if metric.goal == "maximize" else margin
    return (
        zero,
        Mark("x", worse, w.say("pictures-margin-worse"), "bad"),
        Mark("x", -worse, w.say("pictures-margin-better"), "good"),
    )


def _notes(words: Sequence[DifferenceWords], say: Say) -> tuple[str, ...]:
    """What an interval that holds zero says, where one does; and that the margin is no finding."""
    holds_zero = any(w.d.low is not None and w.d.high is not None and w.d.low <= 0 <= w.d.high for w in words)
    within = words[0].d.margin
    notes = [say("pictures-interval-holds-zero-shows")] if holds_zero else []
    notes += (
        [say("pictures-margin-declared-found", margin_size=margin_size(words[0].metric, within.margin, say))] if within else []
    )
    return tuple(notes)


def _alt(w: DifferenceWords) -> str:
    low, high = w.change(w.d.low, w.d.high)
    pairing = w.d.pairing
    higher = (
        w.say("pictures-higher-pairs", sum=sum((b > a for a, b in zip(pairing.a, pairing.b, strict=True))), n=pairing.n)
        if pairing
        else ""
    )
    return w.say(
        "pictures-minus",
        name_b=w.name_b,
        name_a=w.name_a,
        change=w.change(w.d.delta)[0],
        unit=w.unit,
        level=level_words(w.d.level, w.say),
        low=low,
        high=high,
        higher=higher,
    )


def _delta_cell(metric: Metric, d: Difference) -> Cell:
    delta, shown_as, unit = delta_interval(metric, d)
    return Cell(delta, note=unit, format=shown_as)


def _table(metric: Metric, words: list[DifferenceWords], say: Say) -> Table:
    columns = (
        Column("group", say("pictures-column-group")),
        Column("delta", say("pictures-column-difference-interval"), "change", words[0].digits),
        Column("verdict", say("pictures-column-verdict")),
    )
    rows = tuple(
        (
            Cell(w.name_b),
            _delta_cell(metric, w.d),
            Cell(phrase_of(w.d, say), tone_of(w.d)),
        )
        for w in words
    )
    return Table(
        f"difference-data-{slug(metric.name)}",
        say("pictures-differences-2", metric=label_of(metric)),
        columns,
        rows,
        n_total=len(rows),
    )
