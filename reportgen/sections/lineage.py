"""From the best run to its registered version and back, a metric over versions, and checkpoints: blocks of the section "Models"."""

from __future__ import annotations

import math
from collections import defaultdict

from reportgen.analyze.checkpoints import Checkpoints
from reportgen.analyze.metrics import Metric
from reportgen.analyze.models import CHAMPIONS, Models, Version
from reportgen.analyze.runs import RunKey
from reportgen.formats import one_line, slug
from reportgen.model import Axis, Block, Cell, Chart, Column, Table, Trace
from reportgen.sections.view import View, beside, paragraph, run_name
from reportgen.words.quantities import change_words, label_of, value_words

FEWEST_VERSIONS = 3
MOST_CHARTS = 2
MOST_VERSIONS = 40
MOST_ROWS = 10


def best_run_words(view: View, models: Models) -> list[Block]:
    """Which version the best run is, and which rank the champions have; nothing where no run is best."""
    board, say = view.facts.leaderboard, view.say
    if board is None or board.best is None or not models.versions:
        return []
    best = board.best.key
    own = [one for one in models.versions if one.run == best and not one.is_deleted]
    run = run_name(view.run(best))
    words = [say("lineage-best-is", run=run, versions=view.say.listed([_named(view, one) for one in own], 4))] if own else []
    words = words or [say("lineage-best-is-not", run=run)]
    ranks = ranks_of(view)
    for one in models.versions:
        if one not in own and one.run in ranks and {alias.lower() for alias in (*one.aliases, one.stage)} & set(CHAMPIONS):
            assert one.run is not None
            whose = run_name(view.run(one.run))
            words.append(say("lineage-champion", version=_named(view, one), run=whose, rank=ranks[one.run], n=len(board.rows)))
    return [paragraph(" ".join(words[:4]))]


def ranks_of(view: View) -> dict[RunKey, int]:
    """Run → its rank by the primary metric; empty where nothing is ranked."""
    board = view.facts.leaderboard
    return {row.key: row.rank for row in board.rows} if board is not None and board.best is not None else {}


def _named(view: View, one: Version) -> str:
    name, version = one_line(one.name, 60), one_line(one.version, 12)
    if not one.aliases:
        return view.say("lineage-version", name=name, version=version)
    return view.say(
        "lineage-version-alias", name=name, version=version, aliases=view.say.listed([one_line(a, 30) for a in one.aliases])
    )


# --- a metric over versions --------------------------------------------------------------------------------------------


def over_versions(view: View, models: Models) -> list[Block]:
    """A chart for each model with three versions or more whose runs, all of one experiment, have the metric."""
    by_name: dict[str, list[Version]] = defaultdict(list)
    for one in models.versions:
        if one.run is not None and not one.is_deleted:
            by_name[one.name].append(one)
    charts = [chart for name, its in sorted(by_name.items()) if (chart := _over_versions(view, name, its[::-1])) is not None]
    return beside(charts[:MOST_CHARTS])


def _over_versions(view: View, name: str, versions: list[Version]) -> Chart | None:
    metric = next(
        (metric for metric in view.main if sum(_value(metric, one) is not None for one in versions) >= FEWEST_VERSIONS), None
    )
    if metric is None or len({one.run[0] for one in versions if one.run}) > 1:
        return None
    points = [(one, value) for one in versions if (value := _value(metric, one)) is not None][-MOST_VERSIONS:]
    say, label = view.say, label_of(metric)
    title = say("lineage-over-versions", name=one_line(name, 60), metric=label)
    names = tuple(one_line(one.version, 12) for one, _ in points)
    ends = (value_words(metric, points[0][1]), value_words(metric, points[-1][1]))
    alt = say(
        "lineage-alt",
        metric=label,
        n=len(points),
        name=one_line(name, 60),
        first=ends[0],
        last=ends[1],
        start=names[0],
        end=names[-1],
    )
    columns = (Column("version", say("lineage-axis")), Column("value", label, metric.format, metric.digits, metric.goal))
    table_id = f"models-over-{slug(name)}"
    trace = Trace(
        label,
        tuple(float(at) for at in range(len(points))),
        tuple(value for _, value in points),
        "lines+points",
        labels=tuple(_named(view, one) for one, _ in points),
    )
    return Chart(
        table_id,
        title,
        "lines",
        Axis(say("lineage-axis"), "category", "text", names),
        Axis(label, format=metric.format),
        alt,
        (trace,),
        table=Table(
            f"{table_id}-data", title, columns, tuple((Cell(v), Cell(value)) for v, (_, value) in zip(names, points, strict=True))
        ),
        height=220,
    )


def _value(metric: Metric, one: Version) -> float | None:
    value = metric.values.get(one.run) if one.run is not None else None
    return value if value is not None and math.isfinite(value) else None


# --- checkpoints -------------------------------------------------------------------------------------------------------


def checkpoint_tables(view: View) -> list[Block]:
    """One row for each run, best against last; every checkpoint by step in the data files."""
    found, say = view.facts.checkpoints, view.say
    if not found:
        return []
    columns = (
        Column("run", say("lineage-run"), "run"),
        Column("metric", say("lineage-metric")),
        *((Column("dataset", say("lineage-dataset")),) if any(one.dataset for one in found) else ()),
        Column("n", say("lineage-n"), "integer"),
        Column("best_step", say("lineage-best-step"), "integer"),
        Column("best", say("lineage-best")),
        Column("last_step", say("lineage-last-step"), "integer"),
        Column("last", say("lineage-last")),
        Column("lost", say("lineage-lost")),
    )
    rows = tuple(_checkpoint_row(view, one, has_dataset=len(columns) == 9) for one in found)
    steps = (
        Column("run", say("lineage-run"), "run"),
        Column("metric", say("lineage-metric")),
        Column("step", say("lineage-step"), "integer"),
        Column("model_id", say("lineage-model"), "code"),
        Column("value", say("lineage-value"), "number"),
    )
    every = tuple(
        (Cell(view.link(one.run)), Cell(one_line(one.metric, 60)), Cell(step), Cell(model_id), Cell(value, "best" if at == one.best else "neutral"))
        for one in found
        for at, (step, model_id, value) in enumerate(one.values)
    )  # fmt: skip
    method = (say("lineage-checkpoints-method"),)
    return [
        Table("models-checkpoints", say("lineage-checkpoints"), columns, rows, (), len(rows), MOST_ROWS, method=method),
        Table("models-checkpoints-by-step", say("lineage-by-step"), steps, every, (), len(every), sortable=True, on_paper=False),
    ]


def _checkpoint_row(view: View, one: Checkpoints, *, has_dataset: bool) -> tuple[Cell, ...]:
    metric = view.facts.metrics[one.metric]
    (best_step, _, best), (last_step, _, last) = one.values[one.best], one.values[-1]
    return (
        Cell(view.link(one.run)),
        Cell(label_of(metric)),
        *((Cell(one_line(one.dataset, 40) or None),) if has_dataset else ()),
        Cell(len(one.values)),
        Cell(best_step),
        Cell(value_words(metric, best)),
        Cell(last_step),
        Cell(value_words(metric, last)),
        Cell(change_words(metric, last - best) if one.lost else None, "warning" if one.lost else "neutral"),
    )
