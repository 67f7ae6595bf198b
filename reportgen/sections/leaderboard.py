"""Which runs are best, and in which parameters they differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reportgen.analyze.leaderboard import Leaderboard, Ranked, split_params
from reportgen.analyze.metrics import Metric
from reportgen.analyze.primary import is_held_out
from reportgen.analyze.replicates import ReplicateSummary
from reportgen.analyze.runs import RunKey
from reportgen.formats import goal_arrow, one_line
from reportgen.model import Axis, Block, Cell, Chart, Column, Interval, Notice, Paragraph, Section, Table, Trace
from reportgen.sections.evaluations import apart_words, unranked_words
from reportgen.sections.view import (
    View,
    fold_words,
    in_sample_words,
    paragraph,
    param_cells,
    param_columns,
    run_name,
    shown_value,
    strong,
    value_cell,
    value_column,
)
from reportgen.words import Say
from reportgen.words.metrics import direction_text, primary_reason, rule_text
from reportgen.words.quantities import digits_with, estimate_format, label_of, value_words

N_SHOWN = 10
MOST_EQUAL = 100
"""Runs whose range by chance is told."""
MOST_PARAMS = 6
MOST_NOT_RANKED = 12


def leaderboard_section(view: View) -> Section:
    title, question = view.say("leaderboard-best-runs"), view.say("leaderboard-which-runs-best-what")
    board, metric = view.facts.leaderboard, view.primary
    if board is None or metric is None:
        text = unranked_words(view) or view.say("leaderboard-run-finished-none-ranked")
        return Section(
            "leaderboard", title, (Notice("neutral", view.say("leaderboard-nothing-rank"), text), *_not_ranked(view)), question
        )
    if not board.rows:
        text = view.say("leaderboard-none-finished-runs-finite", n=board.n_finished, metric=label_of(metric))
        return Section("leaderboard", title, (Notice("warning", view.say("leaderboard-nothing-rank"), text),), question)
    apart = apart_words(view, metric.name) if view.facts.evaluated[metric.name].is_ranked else ""
    lead = _lead(view, board, metric)
    is_ranked = board.best is not None and view.facts.evaluated[metric.name].is_ranked  # the table then shows what is best
    blocks: list[Block] = [*([] if is_ranked else [lead]), *([paragraph(apart, tone="warning")] if apart else [])]
    blocks += [_table(view, board, metric), *_not_ranked(view), *_constants(view, board)]
    repeated = [one for one in view.facts.replicates if one.n > 1]
    if len(repeated) > 1 and not _are_compared(view, repeated):
        blocks += _replicates(metric, repeated, *_naming(view), say=view.say)
    method = (_how_ranked(view, metric),) if is_ranked else ()
    return Section("leaderboard", title, tuple(blocks), question, method)


def _not_ranked(view: View) -> list[Block]:
    """Metrics that nothing is ranked by, by name."""
    found = view.undirected
    if not found:
        return []
    names = view.say.listed([label_of(metric) for metric in found], MOST_NOT_RANKED)
    return [paragraph(view.say("leaderboard-ranked-metrics-without-known", n=len(found), names=names))]


def _how_ranked(view: View, metric: Metric) -> str:
    """By which value of a run, in which direction, and who said so; what it led to stands in the table."""
    why = primary_reason(view.facts.primary, view.say) if view.facts.primary else ""
    ranked = view.say(
        "leaderboard-ranked-by",
        metric=label_of(metric),
        rule=rule_text(metric.rule, view.say),
        direction=direction_text(metric.direction, view.say),
    )
    return f"{ranked} {why}".rstrip()


def _lead(view: View, board: Leaderboard, metric: Metric) -> Paragraph:
    why = primary_reason(view.facts.primary, view.say) if view.facts.primary else ""
    best = board.best
    if not view.facts.evaluated[metric.name].is_ranked:
        return paragraph(view.say("evaluations-order", none=apart_words(view, metric.name)))
    if best is None:
        return paragraph(view.say("leaderboard-ordered-start-known-direction", metric=label_of(metric), why=why))
    words = value_words(metric, best.value)
    ties = [run_name(view.run(row.key)) for row in board.rows if row.rank == 1]
    whose = (
        view.say.named(view.say("leaderboard-n-runs", n=len(ties)), view.say.listed(ties, 3))
        if len(ties) > 1
        else f"{ties[0]}{fold_words(board, best.key, view.say)}"
    )
    return paragraph(
        view.say("leaderboard-best"),
        strong(view.say.named(label_of(metric), f"{words}{in_sample_words(view, metric.name)}")),
        view.say(
            "leaderboard-run",
            whose=whose,
            goal_arrow=goal_arrow(metric.goal),
            direction=direction_text(metric.direction, view.say),
            rule=rule_text(metric.rule, view.say),
            why=why,
        ),
    )


def _table(view: View, board: Leaderboard, metric: Metric) -> Table:
    shown = board.rows[:N_SHOWN]
    differing, _ = split_params([view.run(row.key) for row in shown])
    params = differing[:MOST_PARAMS]
    # A metric of another experiment's runs would be a column of dashes.
    others = [o for o in view.main if o.name != metric.name and any(row.key in o.values for row in shown)]
    repeats = _repeats(view, shown)
    widths = [(one.high - one.low) / 2 for one in repeats.values() if one.low is not None and one.high is not None]
    mean = Column(
        "mean",
        view.say("leaderboard-column-configuration"),
        estimate_format(metric),
        digits_with(metric, widths),
        note=view.say("leaderboard-mean-repeats-95") if widths else view.say("leaderboard-mean-repeats"),
        on_paper=sum(one.n > 1 for one in view.facts.replicates) < 2,  # else the picture of repeated configurations has it
    )
    columns = (
        *((Column("rank", view.say("leaderboard-column-rank"), "integer"),) if metric.goal != "none" else ()),
        Column("run", view.say("leaderboard-column-run"), "run"),
        *((Column("experiment", view.say("leaderboard-column-experiment")),) if view.several_experiments else ()),
        value_column(metric, view.say),
        *((mean,) if repeats else ()),
        *(value_column(other, view.say) for other in others),
        *param_columns(params),
    )
    rows = tuple(_row(view, row, metric, others, params, repeats) for row in shown)
    title = (
        view.say("leaderboard-best-runs-2", metric=label_of(metric), in_sample=in_sample_words(view, metric.name))
        if metric.goal != "none"
        else view.say("leaderboard-runs", metric=label_of(metric))
    )
    return Table(
        "leaderboard",
        title,
        columns,
        rows,
        _warnings(view, board, metric),
        len(board.rows),
        sortable=True,
        method=_notes(view, board, metric, others, differing[MOST_PARAMS:]),
    )


def _repeats(view: View, shown: Sequence[Ranked]) -> dict[RunKey, ReplicateSummary]:
    """Run → its configuration, of the shown runs that were repeated."""
    keys = {row.key for row in shown}
    return {key: one for one in view.facts.replicates if one.n > 1 for key in one.group.runs if key in keys}


def _row(
    view: View,
    row: Ranked,
    metric: Metric,
    others: list[Metric],
    params: tuple[str, ...],
    repeats: Mapping[RunKey, ReplicateSummary],
) -> tuple[Cell, ...]:
    n_folds = view.facts.leaderboard.folds.get(row.key, 0) if view.facts.leaderboard else 0
    what = (
        view.say("leaderboard-mean-folds", n_folds=n_folds)
        if n_folds
        else view.say("leaderboard-child-run")
        if view.run(row.key).parent
        else ""
    )
    one = repeats.get(row.key)
    mean = Cell(None if one is None else Interval(one.mean, one.low, one.high, one.n), note="" if one is None else f"n = {one.n}")
    return (
        *((Cell(row.rank),) if metric.goal != "none" else ()),
        Cell(view.link(row.key), note=what),
        *((Cell(one_line(view.run(row.key).experiment, 60)),) if view.several_experiments else ()),
        Cell(row.value, "best" if row.rank == 1 else "neutral"),
        *((mean,) if repeats else ()),
        *(value_cell(other, row.key) for other in others),
        *param_cells(view.run(row.key), params),
    )


def _warnings(view: View, board: Leaderboard, metric: Metric) -> tuple[str, ...]:
    """What keeps a reader from taking the first row for more than it is."""
    noise, n = view.facts.noise, len(board.rows)
    if metric.goal == "none" or n < 2:
        return ()
    notes = [view.say("leaderboard-selection", n=n)] if board.n_tied < n else []
    if noise is not None:
        size = noise.range_of(min(n, MOST_EQUAL))
        notes.append(view.say("leaderboard-luck", range=value_words(metric, size, digits_with(metric, [size]))))
    return tuple(notes)


def _notes(view: View, board: Leaderboard, metric: Metric, others: list[Metric], left_out: tuple[str, ...]) -> tuple[str, ...]:
    noise = view.facts.noise
    notes = []
    n_experiments = len({row.key[0] for row in board.rows})
    if n_experiments > 1:
        notes.append(view.say("leaderboard-ranked-across-experiments-their", n_experiments=n_experiments))
    counted = view.say(
        "leaderboard-finished-runs-ranked",
        n_rows=len(board.rows),
        n=board.n_finished,
        if_value="yes" if metric.goal != "none" else "no",
    )
    gone = [view.say("leaderboard-without-metric", n_missing=board.n_missing)] if board.n_missing else []
    gone += [view.say("leaderboard-another-data-set-unit", n_apart=board.n_apart)] if board.n_apart else []
    gone += [view.say("leaderboard-nan-infinity", n_non_finite=board.n_non_finite)] if board.n_non_finite else []
    gone += [view.say("leaderboard-folds-which-parent-stands", n=board.n_folds_inside)] if board.n_folds_inside else []
    left = view.say("leaderboard-left-out", gone=view.say("leaderboard-and").join(gone)) if gone else ""
    notes.append(view.say.stop(f"{counted}{left}"))
    gone_folds = view.say("leaderboard-n-folds", n=board.n_incomplete)
    if board.n_incomplete:
        notes.append(view.say("leaderboard-cross-validations-fewer-folds", gone_folds=gone_folds))
    if board.n_processes:
        notes.append(view.say("evaluations-processes", n=board.n_processes))
    if any(row.key in board.folds for row in board.rows[:N_SHOWN]):
        notes.append(view.say("leaderboard-cross-validation-ranked-mean"))
    if any(is_held_out(other.name, metric.name) for other in others):
        notes.append(view.say("leaderboard-test-values-stand-beside"))
    n_splits = view.facts.evaluated[metric.name].n_splits
    if n_splits and metric.goal != "none":
        notes.append(view.say("evaluations-splits", n=n_splits))
    if noise is not None and metric.goal != "none" and len(board.rows) > 1:
        k = min(len(board.rows), MOST_EQUAL)
        reach, sd = (value_words(metric, size, digits_with(metric, [size])) for size in (noise.range_of(k), noise.sd))
        notes.append(view.say("evaluations-noise", k=k, range=reach, sd=sd, df=noise.df))
    inferred = [
        view.say.named(label_of(other), direction_text(other.direction, view.say))
        for other in others
        if other.direction.source == "rules"
    ]
    if inferred:  # the arrow in the head of the column says the direction; that it is a guess, it does not
        notes.append(view.say.stop(view.say.clauses(inferred)))
    if left_out:
        notes.append(
            view.say(
                "leaderboard-differing-parameters-shown-data", name=view.say.listed([one_line(name, 40) for name in left_out])
            )
        )
    return tuple(notes)


def _constants(view: View, board: Leaderboard) -> list[Block]:
    """The parameters that all shown runs share, folded into one table."""
    n = min(len(board.rows), N_SHOWN)
    _, same = split_params([view.run(row.key) for row in board.rows[:N_SHOWN]])
    if not same or n < 2:
        return []
    columns = (
        Column("parameter", view.say("leaderboard-column-parameter"), "code"),
        Column("value", view.say("leaderboard-column-value"), "code"),
    )
    rows = tuple((Cell(one_line(name, 60)), Cell(shown_value(name, value))) for name, value in same)
    title = view.say("leaderboard-parameters-runs-above-share", n=n)
    return [Table("leaderboard-constants", title, columns, rows, (), len(rows), layout="facts", on_paper=False)]


# --- configurations that were run more than once ---------------------------------------------------------------------


def _naming(view: View) -> tuple[str, ...]:
    """The note on parameters that only name a run."""
    names = [one_line(name, 40) for name in view.facts.naming]
    return (view.say("evaluations-naming", params=view.say.listed(names)),) if names else ()


def _are_compared(view: View, repeated: Sequence[ReplicateSummary]) -> bool:
    """Whether each of these configurations is a group of the comparison, which draws its runs and its mean."""
    comparison = view.facts.comparison
    is_shown = any(chosen.section == "comparison" for chosen in view.report.sections)
    groups = [frozenset(group.finished) for group in comparison.groups] if comparison else []
    return is_shown and all(any(own >= set(one.group.runs) for own in groups) for one in repeated)


def _replicates(metric: Metric, repeated: list[ReplicateSummary], *more: str, say: Say) -> list[Block]:
    """The best configurations by their mean over replicates: a better guide than the best single run."""
    bounded = [(one.high - one.low) / 2 for one in repeated if one.low is not None and one.high is not None]
    digits = digits_with(metric, bounded)
    shown = repeated[:N_SHOWN]
    columns = (
        Column("configuration", say("leaderboard-column-configuration-2"), "code"),
        Column("n", say("leaderboard-column-runs"), "integer"),
        Column(
            "mean",
            say("leaderboard-column-mean-xx", metric=label_of(metric), if_bounded="yes" if bounded else "no"),
            estimate_format(metric),
            digits,
            metric.goal,
        ),
        Column("sd", say("leaderboard-column-sd"), metric.format, digits, note=say("leaderboard-between-runs")),
    )
    rows = tuple(
        (Cell(one_line(one.group.label, 100)), Cell(one.n), Cell(Interval(one.mean, one.low, one.high, one.n)), Cell(one.sd))
        for one in shown
    )
    notes = (
        say("leaderboard-replicates-finished-runs-experiment"),
        say("leaderboard-intervals-mean-three-runs"),
        *more,
        *((say("leaderboard-folds-data-set-independent"),) if any(one.group.folds for one in shown) else ()),
    )
    title = say("leaderboard-configurations-mean", metric=label_of(metric))
    return [
        _replicates_chart(metric, shown, len(repeated), digits, bool(bounded), say),
        Table("replicates", title, columns, rows, (), len(repeated), method=notes, on_paper=False),
    ]


def _replicates_chart(metric: Metric, shown: list[ReplicateSummary], n_total: int, digits: int, bounded: bool, say: Say) -> Chart:
    names = tuple(one_line(one.group.label, 48) for one in shown)
    points = [(value, float(i), key) for i, one in enumerate(shown) for key, value in one.values]
    rows = tuple(map(float, range(len(shown))))
    runs = Trace(
        say("leaderboard-column-run"),
        tuple(v for v, _, _ in points),
        tuple(i for _, i, _ in points),
        "points",
        color=0,
        marker="open",
        opacity=0.6,
        runs=tuple((key,) for _, _, key in points),
    )
    means = Trace(
        say("leaderboard-mean-95-interval") if bounded else say("leaderboard-mean"),
        tuple(one.mean for one in shown),
        rows,
        "points",
        color=1,
        marker="diamond",
        low=tuple(one.low for one in shown),
        high=tuple(one.high for one in shown),
        labels=names,
        runs=tuple(tuple(key for key, _ in one.values) for one in shown),
    )
    first = shown[0]
    columns = (
        Column("configuration", say("leaderboard-column-configuration-2"), "code"),
        Column("value", label_of(metric), metric.format, digits),
    )
    table = tuple((Cell(name), Cell(value)) for name, one in zip(names, shown, strict=True) for _, value in one.values)
    return Chart(
        id="replicates-chart",
        title=say("leaderboard-repeated-configurations", metric=label_of(metric)),
        kind="intervals",
        x=Axis(say("leaderboard-higher-better-lower-better", metric=label_of(metric), goal=metric.goal), format=metric.format),
        y=Axis("", "category", "text", names),
        alt=(
            say(
                "leaderboard-repeated-configurations-best-mean",
                n=len(shown),
                names=names[0],
                metric=value_words(metric, first.mean, digits),
                n_2=first.n,
            )
        ),
        traces=(runs, means),
        table=Table(
            "replicates-data",
            say("leaderboard-runs-repeated-configurations", metric=label_of(metric)),
            columns,
            table,
            n_total=len(table),
            paper_rows=30,
        ),
        method=(say("leaderboard-repeated-configurations-every-run", n_shown=len(shown), n=n_total),),
        height=min(700, 110 + 36 * len(shown)),
    )
