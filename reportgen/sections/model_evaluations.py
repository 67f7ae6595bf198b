"""What MLflow's evaluation of a model wrote, in the report's own charts and tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reportgen.analyze.model_evaluations import ClassScores, ClassTable, Confusion, ResultRows, Scores
from reportgen.analyze.runs import RunKey
from reportgen.formats import one_line, shared_digits, slug, text_of
from reportgen.model import Axis, Block, Cell, Chart, Column, Interval, Notice, Table, Trace
from reportgen.sections.view import View, distinct, paragraph, run_name

MOST_CLASSES = 30
"""Classes in the chart of precision and recall."""
MOST_ROWS = 200
"""Classes in its table on the page."""
MOST_SCORES = 4
"""Scores whose distribution is drawn."""


def evaluation_blocks(view: View) -> list[Block]:
    """Of each run in turn: confusion matrix, classes, scores."""
    found = view.facts.model_evaluations
    blocks: list[Block] = [_confusion(view, matrix) for matrix in found.confusions]
    for classes in found.classes:
        blocks += _classes(view, classes)
    for rows in found.rows:
        blocks += _rows(view, rows)
    return blocks


def unusable_blocks(view: View) -> list[Block]:
    """A remark for each file that has the name of such an artifact and holds something else."""
    say = view.say
    return [
        Notice(
            "warning",
            say("gallery-unusable-title", path=_where(view, one.key, one.path)),
            say("gallery-unusable", reason=one.reason),
        )
        for one in view.facts.model_evaluations.unusable
    ]


def _where(view: View, key: RunKey, path: str) -> str:
    return view.say("gallery-where", path=one_line(path, 80), run=run_name(view.run(key)))


def _title(view: View, title: str, key: RunKey) -> str:
    """With the run's name where artifacts of several runs are shown."""
    contents = view.snapshot.contents
    runs = set(zip(*(contents.column(name).to_pylist() for name in ("experiment_id", "run_id")), strict=True))
    return view.say("gallery-title-of-run", title=title, run=run_name(view.run(key))) if len(runs) > 1 else title


def _id(kind: str, key: RunKey, path: str) -> str:
    return f"{kind}-{slug('/'.join((*key, path)), 24)}"


# --- confusion matrix --------------------------------------------------------------------------------------------------


def _confusion(view: View, matrix: Confusion) -> Chart:
    say = view.say
    labels = distinct(matrix.labels, 24) if matrix.labels else (say("gallery-negative"), say("gallery-positive"))
    right = text_of(matrix.n_right / matrix.n, "percent")
    alt = say(
        "gallery-confusion-alt",
        n=matrix.n,
        run=run_name(view.run(matrix.key)),
        right=right,
        worst=_worst(view, matrix, labels),
    )
    path = one_line(matrix.path, 80)
    evaluated = next((one for one in view.facts.model_evaluations.rows if one.confusion is matrix), None)
    if evaluated is not None:
        true, taken = (one_line(name, 40) for name in evaluated.columns)
        source = say("gallery-confusion-counted", true=true, taken=taken, path=path)
    else:
        source = say("gallery-confusion-logged", path=path)
    chart_id, title = _id("confusion", matrix.key, matrix.path), _title(view, say("gallery-confusion", right=right), matrix.key)
    columns = (
        Column("true", say("gallery-confusion-true")),
        Column("taken", say("gallery-confusion-taken")),
        Column("n", say("gallery-confusion-n"), "integer"),
        Column("share", say("gallery-confusion-share"), "percent"),
    )
    rows = tuple(
        (Cell(labels[i]), Cell(labels[j]), Cell(n), Cell(matrix.shares[i][j]))
        for i, line in enumerate(matrix.counts)
        for j, n in enumerate(line)
    )
    return Chart(
        id=chart_id,
        title=title,
        kind="heatmap",
        x=Axis(say("gallery-confusion-taken"), "category", "text", labels),
        y=Axis(say("gallery-confusion-true"), "category", "text", _with_n(view, matrix, labels)),
        z=Axis(say("gallery-confusion-share"), format="percent", low=0.0, high=1.0),
        alt=alt,
        grid=matrix.shares,
        table=Table(f"{chart_id}-data", title, columns, rows, n_total=len(rows), paper_rows=40),
        notes=(source, say("gallery-confusion-shares")),
        height=min(620, 150 + 30 * len(labels)) if len(labels) > 3 else 220,
    )


def _with_n(view: View, matrix: Confusion, labels: Sequence[str]) -> tuple[str, ...]:
    """The labels with their numbers of rows."""
    pairs = zip(labels, matrix.counts, strict=True)
    return tuple(view.say("gallery-confusion-row", label=label, n=sum(line)) for label, line in pairs)


def _worst(view: View, matrix: Confusion, labels: Sequence[str]) -> str:
    """The most frequent error."""
    errors = [(n, -i, -j) for i, line in enumerate(matrix.counts) for j, n in enumerate(line) if i != j]
    n, i, j = max(errors, default=(0, 0, 0))
    if not n:
        return view.say("gallery-confusion-no-error")
    return view.say("gallery-confusion-worst", true=labels[-i], taken=labels[-j], n=n)


# --- classes -----------------------------------------------------------------------------------------------------------


def _classes(view: View, found: ClassTable) -> list[Block]:
    say, path = view.say, one_line(found.path, 80)
    has_bounds = any(one.recall.low is not None for one in found.rows)
    by_f1 = sorted(range(len(found.rows)), key=lambda at: (found.rows[at].f1 if found.rows[at].f1 is not None else 2.0, at))
    drawn = [found.rows[at] for at in sorted(by_f1[:MOST_CLASSES])]
    chart_id, title = _id("classes", found.key, found.path), _title(view, say("gallery-classes"), found.key)
    notes = [say("gallery-classes-interval" if has_bounds else "gallery-classes-weighted", path=path)]
    if len(drawn) < found.n_rows:
        notes.append(say("gallery-classes-drawn", shown=len(drawn), n=found.n_rows))
    traces = (
        _class_trace(say("gallery-precision"), [one.precision for one in drawn], 0),
        _class_trace(say("gallery-recall"), [one.recall for one in drawn], 1),
    )
    names = distinct([one.name for one in drawn], 30)
    table = _class_table(view, found, f"{chart_id}-data")
    if not any(value is not None for trace in traces for value in trace.x):
        return [table]
    chart = Chart(
        id=chart_id,
        title=title,
        kind="intervals",
        x=Axis(say("gallery-share-axis"), format="percent", low=0.0, high=1.0),
        y=Axis(say("gallery-class"), "category", "text", names),
        alt=_classes_alt(view, found),
        traces=traces,
        table=table,
        notes=tuple(notes),
        height=min(900, 120 + 26 * len(drawn)),
    )
    return [chart]


def _class_trace(name: str, values: Sequence[Interval], color: int) -> Trace:
    has_bounds = any(one.low is not None for one in values)
    return Trace(
        name,
        tuple(one.value for one in values),
        tuple(float(at) if one.value is not None else None for at, one in enumerate(values)),
        "points",
        color=color,
        marker="circle" if color else "diamond",
        low=tuple(one.low for one in values) if has_bounds else (),
        high=tuple(one.high for one in values) if has_bounds else (),
    )


def _classes_alt(view: View, found: ClassTable) -> str:
    say = view.say
    ranked = sorted((one for one in found.rows if one.recall.value is not None), key=lambda one: one.recall.value or 0.0)
    low, high = (_recall_words(view, ranked[at]) if ranked else say.listed([]) for at in (0, -1))
    return say("gallery-classes-alt", n=found.n_rows, run=run_name(view.run(found.key)), low=low, high=high)


def _recall_words(view: View, one: ClassScores) -> str:
    return view.say("gallery-classes-value", name=one_line(one.name, 30), value=text_of(one.recall.value, "percent", 1))


def _class_table(view: View, found: ClassTable, table_id: str) -> Table:
    say = view.say
    columns = (
        Column("class", say("gallery-class")),
        Column("n", say("gallery-class-n"), "integer"),
        Column("precision", say("gallery-precision"), "percent", 1),
        Column("recall", say("gallery-recall"), "percent", 1),
        Column("f1", say("gallery-f1"), "percent", 1),
        Column("roc_auc", say("gallery-roc-auc"), "number", 3),
        Column("pr_auc", say("gallery-pr-auc"), "number", 3),
    )
    values = [
        (one_line(one.name, 60), one.n, one.precision.value, one.recall.value, one.f1, one.roc_auc, one.pr_auc)
        for one in found.rows[:MOST_ROWS]
    ]
    shown = [at for at, column in enumerate(columns) if column.key == "class" or any(line[at] is not None for line in values)]
    rows = tuple(tuple(Cell(line[at]) for at in shown) for line in values)
    title = say("gallery-evaluated-file", what=say("gallery-evaluated", what="classes"), path=one_line(found.path, 80))
    return Table(table_id, title, tuple(columns[at] for at in shown), rows, n_total=found.n_rows, sortable=True, paper_rows=30)


# --- row by row --------------------------------------------------------------------------------------------------------


def _rows(view: View, found: ResultRows) -> Iterator[Block]:
    if found.scores:
        yield _score_table(view, found)
        drawn = [one for one in found.scores if one.middles]
        yield from (_score_chart(view, found, one) for one in drawn[:MOST_SCORES])
        if len(drawn) > MOST_SCORES:
            yield paragraph(view.say("gallery-score-left", n=len(drawn) - MOST_SCORES))
    if found.confusion is not None:
        yield _confusion(view, found.confusion)
    if found.points:
        yield _points(view, found)


def _score_table(view: View, found: ResultRows) -> Table:
    say, path = view.say, one_line(found.path, 80)
    digits = shared_digits([value for one in found.scores for value in (one.mean, one.median)])
    columns = (
        Column("score", say("gallery-score")),
        Column("n", say("gallery-score-n"), "integer"),
        Column("n_missing", say("gallery-score-missing"), "integer"),
        Column("mean", say("gallery-score-mean"), "number", digits),
        Column("median", say("gallery-score-median"), "number", digits),
        Column("low", say("gallery-score-low"), "number", digits),
        Column("high", say("gallery-score-high"), "number", digits),
    )
    rows = tuple(
        (
            Cell(one_line(one.name, 60)),
            Cell(one.n),
            Cell(one.n_missing),
            *(Cell(value) for value in (one.mean, one.median, one.low, one.high)),
        )
        for one in found.scores
    )
    note = (
        say("gallery-scores-read", read=found.n_read, n=found.n_rows, path=path)
        if found.n_read < found.n_rows
        else say("gallery-scores-note", path=path)
    )
    title = _title(view, say("gallery-scores", n=found.n_read), found.key)
    return Table(_id("scores", found.key, found.path), title, columns, rows, (note,), len(rows), paper_rows=30)


def _score_chart(view: View, found: ResultRows, scores: Scores) -> Chart:
    """Bars by value for a few different ones, else a histogram."""
    say, name = view.say, one_line(scores.name, 60)
    digits = shared_digits(scores.middles)
    values = [text_of(value, "number", digits) for value in scores.middles]
    low, median, high = (text_of(value, "number", shared_digits([value])) for value in (scores.low, scores.median, scores.high))
    chart_id = _id(f"score-{slug(scores.name, 16)}", found.key, found.path)
    title = _title(view, say("gallery-score-title", name=name), found.key)
    columns = (
        Column("value", say("gallery-score-value" if scores.is_counted else "gallery-score-around"), "number", digits),
        Column("n", say("gallery-score-n"), "integer"),
    )
    rows = tuple((Cell(value), Cell(n)) for value, n in zip(scores.middles, scores.counts, strict=True))
    x = tuple(map(float, range(len(values)))) if scores.is_counted else scores.middles
    return Chart(
        id=chart_id,
        title=title,
        kind="bars" if scores.is_counted else "histogram",
        x=Axis(name, "category", "text", tuple(values)) if scores.is_counted else Axis(name),
        y=Axis(say("gallery-score-n"), format="integer", low=0.0),
        alt=say("gallery-score-alt", n=scores.n, run=run_name(view.run(found.key)), name=name, low=low, high=high, median=median),
        traces=(Trace(name, x, tuple(map(float, scores.counts)), "bars", color=0, in_legend=False),),
        table=Table(f"{chart_id}-data", title, columns, rows, n_total=len(rows), paper_rows=20),
        height=240,
    )


def _points(view: View, found: ResultRows) -> Chart:
    """What came out over what was wanted."""
    say = view.say
    target, output = (one_line(name, 40) for name in found.columns)
    chart_id = _id("points", found.key, found.path)
    title = _title(view, say("gallery-points", output=output, target=target), found.key)
    xs, ys = zip(*found.points, strict=True)
    ends = min(*xs, *ys), max(*xs, *ys)
    notes = [say("gallery-points-note", path=one_line(found.path, 80))]
    if len(found.points) < found.n_points:
        notes.append(say("gallery-points-thinned", shown=len(found.points), n=found.n_points, target=target))
    digits = shared_digits([*xs, *ys])
    columns = (Column("target", target, "number", digits), Column("output", output, "number", digits))
    rows = tuple((Cell(x), Cell(y)) for x, y in found.points)
    return Chart(
        id=chart_id,
        title=title,
        kind="points",
        x=Axis(target),
        y=Axis(output),
        alt=say("gallery-points-alt", n=found.n_points, run=run_name(view.run(found.key)), output=output, target=target),
        traces=(
            Trace(say("gallery-score-n"), xs, ys, "points", color=0, opacity=0.6, in_legend=False),
            Trace(say("gallery-points-equal"), ends, ends, "lines", color=1, dash="dash", in_legend=False),
        ),
        table=Table(f"{chart_id}-data", title, columns, rows[:MOST_ROWS], n_total=len(rows), paper_rows=20),
        notes=tuple(notes),
    )
