"""The steps of reading one store, whatever its kind: choose experiments and runs, read them, keep the ledger.

A run is left out for the first of these reasons, which is the one in the ledger: deleted, outside the window,
nested run (or root run), unreadable, not selected by the filter, beyond the limit. A limit thus counts only runs that
everything else has chosen, whatever experiment they are in. reportgen's own report runs are not there at all (docs/decisions/0003).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from reportgen.collect.assessments import Row, without_prompt_texts
from reportgen.collect.cache.folder import CACHE
from reportgen.collect.cache.histories import cached
from reportgen.collect.canonical_rows import caught_up, rows_table, sorted_table
from reportgen.collect.earlier import earlier_runs, latest_evaluations
from reportgen.collect.history_spill import HistorySpill, HistoryTotals, joined_history
from reportgen.collect.ledger import Books, Exclusions, by_experiment, ledger_of, models_row, unbalanced
from reportgen.collect.model_metrics import selected as model_metrics_selected
from reportgen.collect.orders import Order, in_order, orders_of, unknown_orders
from reportgen.collect.plan import Plan, PlannedExperiment
from reportgen.collect.reading import Reading
from reportgen.collect.redact import redacted
from reportgen.collect.selection import (
    BEYOND_LIMIT,
    DELETED,
    NESTED_RUN,
    NO_HISTORY,
    NOT_SELECTED,
    OUTSIDE_WINDOW,
    OWN_EXPERIMENT_TAG,
    OWN_REPORT_TAG,
    ROOT_RUN,
    UNREADABLE,
    Selection,
    chosen_experiments,
)
from reportgen.collect.short_texts import with_short_texts
from reportgen.collect.source import DELETED_STAGES, Chunk, Counts, CountsAhead, Details, Progress, Source
from reportgen.collect.traces import selected as traces_selected
from reportgen.errors import Problem, SourceError
from reportgen.formats import listed, plural
from reportgen.redaction import Redactor, public_text
from reportgen.snapshot import EVERY_RUN, History, LedgerRow, Snapshot, empty_table


@dataclass(frozen=True, slots=True)
class _Histories:
    """What is known of the histories that were read, apart from their points."""

    totals: HistoryTotals
    stored: Counts
    left_out: Mapping[str, Counts]
    """Reason → item → run → what was not read of selected runs."""
    problems: frozenset[Problem]


@dataclass(frozen=True, slots=True)
class Census:
    """The chosen experiments, all their runs, why some of these are left out, and the details of the others."""

    experiments: pa.Table
    """Every chosen one, deleted ones too."""
    runs: pa.Table
    """All runs of them."""
    exclusions: Exclusions
    details: Details
    """Of every run that is neither deleted nor outside the window."""
    selected: tuple[str, ...]
    """Ids by (experiment, run)."""
    earlier: tuple[str, ...]
    """Ids of the runs before the window that it is compared with; the filter is asked when they are read."""
    problems: tuple[Problem, ...] = ()
    elsewhere: frozenset[str] = frozenset()
    """Places of problems that belong to experiments that were listed first and are not chosen any more."""


def snapshot_of(source: Source, selection: Selection, progress: Progress, reading: Reading) -> Snapshot:
    """Everything that ``selection`` asks for, from one store that is open."""
    spill = HistorySpill(reading.points_in_memory, reading.scratch)
    census = census_of(source, experiments_of(source), selection, progress)
    snapshot = finished(source, census, selection, progress, reading, spill.add)
    return replace(snapshot, history=joined_history([spill]))


def finished(
    source: Source,
    census: Census,
    selection: Selection,
    progress: Progress,
    reading: Reading,
    put: Callable[[pa.Table], None],
) -> Snapshot:
    """The snapshot of the runs in ``census``, which is of the same ``source`` and ``selection``.

    Their histories are read now and go to ``put``, piece by piece; the snapshot itself is without.
    """
    histories = _histories(source, census, selection, progress, reading, put)
    whole = with_short_texts(_assembled(source, census, histories, selection))
    return redacted(whole, reading.redactor, histories.totals.n_masked)


def without_histories(source: Source, census: Census, selection: Selection, redactor: Redactor) -> Snapshot:
    """The runs of ``census`` and the models: enough to choose runs by, without histories, ledger, artifacts and traces."""
    tables = _tables(census, selection)
    models, _, _ = _models(source, tables["experiments"], census.exclusions.experiment_of, selection)
    return redacted(
        Snapshot(
            source=source.info,
            **tables,
            metrics=_of_selected(census.details.metrics, census),
            models=models,
            **{name: empty_table(name) for name in ("artifacts", "earlier", "traces", "model_metrics")},
            history=History(empty_table("history")),
            unread=_unread(source, census),
        ),
        redactor,
    )


def plan_of(source: Source, census: Census, selection: Selection) -> Plan:
    """What ``finished`` would read; histories are counted or guessed, not read."""
    sizes = source.sizes(census.selected, selection.wants) if selection.with_history else {}
    n_runs: dict[str, int] = defaultdict(int)
    n_points: dict[str, int] = defaultdict(int)
    n_series: dict[str, int] = defaultdict(int)
    for run_id in census.selected:
        experiment_id = census.exclusions.experiment_of[run_id]
        n_runs[experiment_id] += 1
        if run_id in sizes:
            n_points[experiment_id] += sizes[run_id].n_points
            n_series[experiment_id] += sizes[run_id].n_series
    rows = [
        PlannedExperiment(id_, public_text(name), n_runs[id_], n_points[id_], n_series[id_])
        for id_, name in _names(_shown(census.experiments, selection)).items()
    ]
    cost = source.cost(len(census.selected), sum(n_series.values()), sum(n_points.values()))
    problems = (*source.problems, *census.problems)
    return Plan(source.info, tuple(rows), cost.n_calls, cost.seconds, source.counts_points, problems)


# --- choosing ---


def census_of(source: Source, experiments: pa.Table, selection: Selection, progress: Progress) -> Census:
    """The runs that ``selection`` chooses of ``experiments``, which are those of ``experiments_of``, and why not the others.

    Raises ``SourceError`` for an experiment that is not there, ``ConfigError`` for a filter or an order that MLflow cannot read.
    """
    orders = orders_of(selection.order_by)
    if not selection.with_history and isinstance(source, CountsAhead):
        source.count_ahead()
    gone = experiments.filter(pc.equal(experiments.column("lifecycle"), "deleted")).column("experiment_id").to_pylist()
    chosen = chosen_experiments(_names(experiments), gone, selection, source.info.uri, tags_of(experiments))
    experiments = _of(experiments, "experiment_id", chosen)
    runs = source.runs(chosen)
    _check_read(source.unread, chosen if selection.deleted else [id_ for id_ in chosen if id_ not in gone])
    runs = _not_of(runs, "run_id", source.tagged(OWN_REPORT_TAG))
    reasons = _first_reasons(runs, frozenset(gone), selection)
    candidates = _ids(runs, reasons)
    details = source.details(candidates, progress)
    reasons |= dict.fromkeys(details.unreadable, UNREADABLE)
    if selection.filter.strip():
        rest = _of(runs, "run_id", _ids(runs, reasons))
        matching = source.matching(rest, details, selection.filter)
        reasons |= {run_id: NOT_SELECTED for run_id in rest.column("run_id").to_pylist() if run_id not in matching}
    rest = _of(runs, "run_id", _ids(runs, reasons)) if reasons else runs
    reasons |= dict.fromkeys(_beyond_limit(rest, details, orders, selection.limit), BEYOND_LIMIT)
    experiment_of = dict(zip(runs.column("run_id").to_pylist(), runs.column("experiment_id").to_pylist(), strict=True))
    exclusions = Exclusions(experiment_of, reasons)
    earlier = _before_window(runs, frozenset(gone), selection)
    return Census(
        experiments, runs, exclusions, details, tuple(_ids(runs, reasons)), earlier, unknown_orders(orders, rest, details)
    )


def _check_read(unread: Mapping[str, str], experiment_ids: Sequence[str]) -> None:
    """Raise ``SourceError`` when of all these experiments none could be read: nothing is known then, not even that it is empty."""
    reasons = dict.fromkeys(unread[id_] for id_ in experiment_ids if id_ in unread)
    if experiment_ids and unread.keys() >= set(experiment_ids):
        raise SourceError(
            "nothing-readable",
            f"no run could be read of {plural(len(experiment_ids), 'experiment')}: {listed(reasons, 3)}",
            todo="check the server's log and the user's permissions, and run again; an earlier report stays as it is",
        )


def narrowed(census: Census, experiment_ids: Sequence[str]) -> Census:
    """``census`` of these of its experiments alone, as if the others had never been asked for. A limit counts over all of them,
    so it must not be set."""
    kept = frozenset(experiment_ids)
    experiment_of = {run_id: id_ for run_id, id_ in census.exclusions.experiment_of.items() if id_ in kept}
    exclusions = Exclusions(
        experiment_of, {run_id: why for run_id, why in census.exclusions.reasons.items() if run_id in experiment_of}
    )
    details = census.details
    tables = {
        name: _of(getattr(details, name), "run_id", sorted(experiment_of)) for name in ("params", "tags", "metrics", "datasets")
    }
    others = {id_: name for id_, name in _names(census.experiments).items() if id_ not in kept}
    dropped = {run_id for run_id in census.exclusions.experiment_of if run_id not in experiment_of}
    return replace(
        census,
        experiments=_of(census.experiments, "experiment_id", sorted(kept)),
        runs=_of(census.runs, "experiment_id", sorted(kept)),
        exclusions=exclusions,
        details=replace(
            details,
            **tables,
            stored=_counts_of(details.stored, experiment_of),
            unreadable={run_id: why for run_id, why in details.unreadable.items() if run_id in experiment_of},
            left_out={reason: _counts_of(counts, experiment_of) for reason, counts in details.left_out.items()},
        ),
        selected=tuple(run_id for run_id in census.selected if run_id in experiment_of),
        earlier=tuple(run_id for run_id in census.earlier if run_id in experiment_of),
        elsewhere=frozenset(
            {f"run {id_}" for id_ in dropped} | {f"experiment {word}" for pair in others.items() for word in pair}
        ),
    )


def _counts_of(counts: Counts, run_ids: Collection[str]) -> Counts:
    return {item: {run_id: n for run_id, n in counted.items() if run_id in run_ids} for item, counted in counts.items()}


def _before_window(runs: pa.Table, deleted_experiments: frozenset[str], selection: Selection) -> tuple[str, ...]:
    """What the selection would hold of the time before its window, the filter not yet asked."""
    if selection.earlier is None or selection.start is None:
        return ()
    before = replace(selection, start=selection.earlier, end=selection.start, deleted=False)
    return tuple(_ids(runs, _first_reasons(runs, deleted_experiments, before)))


def _first_reasons(runs: pa.Table, deleted_experiments: frozenset[str], selection: Selection) -> dict[str, str]:
    """Run id → why the table of runs alone already leaves it out."""
    reasons: dict[str, str] = {}
    has_window = selection.start is not None or selection.end is not None
    if not has_window and (selection.deleted or not (deleted_experiments or _has(runs.column("lifecycle"), "deleted"))):
        return _not_nested_as_asked(runs, reasons, selection)
    columns = (runs.column(name) for name in ("run_id", "experiment_id", "lifecycle"))
    starts = runs.column("start_time").cast(pa.int64()).to_pylist()
    for run_id, experiment_id, lifecycle, start in zip(*(c.to_pylist() for c in columns), starts, strict=True):
        if not selection.deleted and (lifecycle == "deleted" or experiment_id in deleted_experiments):
            reasons[run_id] = DELETED
        elif not selection.holds_start(start):
            reasons[run_id] = OUTSIDE_WINDOW
    return _not_nested_as_asked(runs, reasons, selection) | reasons


def _has(column: pa.ChunkedArray, word: str) -> bool:
    return bool(pc.any(pc.equal(column, word)).as_py())


def _not_nested_as_asked(runs: pa.Table, reasons: Mapping[str, str], selection: Selection) -> dict[str, str]:
    """Run id → the reason of each run on the level that ``selection.nested`` leaves out.

    A run is a child when the parent it names is there: not itself, of a chosen experiment, and not left out as deleted.
    Window and filter say nothing about that: a child whose parent started before the window is a child still.
    """
    if selection.nested == "all":
        return {}
    pairs = list(zip(runs.column("run_id").to_pylist(), runs.column("parent_run_id").to_pylist(), strict=True))
    there = {run_id for run_id, _ in pairs if reasons.get(run_id) != DELETED}
    children = {run_id for run_id, parent in pairs if parent in there and parent != run_id}
    if selection.nested == "roots":
        return dict.fromkeys(children, NESTED_RUN)
    return {run_id: ROOT_RUN for run_id, _ in pairs if run_id not in children}


def _beyond_limit(runs: pa.Table, details: Details, orders: Sequence[Order], limit: int | None) -> list[str]:
    """The ids in ``runs`` that come after the first ``limit``."""
    if limit is None or runs.num_rows <= limit:
        return []
    return in_order(orders, runs, details)[limit:]


def experiments_of(source: Source) -> pa.Table:
    """Every experiment, deleted ones too, but those that ``publish`` made for report runs: they are no data.

    A build must not see what the last one logged.
    """
    experiments = source.experiments()
    is_data = [OWN_EXPERIMENT_TAG not in dict(tags or ()) for tags in experiments.column("tags").to_pylist()]
    return experiments.filter(pa.array(is_data, pa.bool_()))


def _ids(runs: pa.Table, reasons: Mapping[str, str]) -> list[str]:
    """The runs without a reason to leave them out, in the order of the table."""
    return [run_id for run_id in runs.column("run_id").to_pylist() if run_id not in reasons]


# --- reading ---


def _histories(
    source: Source,
    census: Census,
    selection: Selection,
    progress: Progress,
    reading: Reading,
    put: Callable[[pa.Table], None],
) -> _Histories:
    """Hands the points on as they come, so that memory holds few of them."""
    totals = HistoryTotals(reading.redactor)
    stored: dict[str, dict[str, int]] = defaultdict(dict)
    left_out: dict[str, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    for reason, counts in census.details.left_out.items():  # only what selected runs lack is asked for in the books
        left_out[reason].update({item: dict(counted) for item, counted in counts.items()})
    problems: set[Problem] = set()
    for chunk in _chunks(source, census, selection, progress, reading) if selection.with_history else ():
        put(totals.counted(chunk.points))
        problems.update(chunk.problems)
        for item, counted in chunk.stored.items():
            stored[item].update(counted)
        for reason, counts in chunk.left_out.items():
            for item, counted in counts.items():
                left_out[reason][item].update(counted)
    if not selection.with_history:
        for item, counted in _history_counts(source, census.selected).items():
            stored[item].update(counted)
            left_out[NO_HISTORY][item].update(counted)
    return _Histories(totals, stored, left_out, frozenset(problems))


def _chunks(source: Source, census: Census, selection: Selection, progress: Progress, reading: Reading) -> Iterator[Chunk]:
    if reading.cache_folder is None:
        return source.history(census.selected, selection.wants, progress)
    places, last_values = census.exclusions.experiment_of, census.details.metrics
    return cached(source, census.selected, places, last_values, selection.wants, progress, reading)


def _history_counts(source: Source, run_ids: Sequence[str]) -> Counts:
    """``points`` and ``series`` of these runs, as far as the store counts them."""
    if not source.counts_points:
        return {"series": source.counts(run_ids).get("series", {})}
    sizes = source.sizes(run_ids, lambda _: True)
    return {
        "points": {run_id: size.n_points for run_id, size in sizes.items()},
        "series": {run_id: size.n_series for run_id, size in sizes.items()},
    }


def _assembled(source: Source, census: Census, histories: _Histories, selection: Selection) -> Snapshot:
    details = census.details
    last_values = _of_selected(details.metrics, census)
    last_points = histories.totals.last_points()
    metrics, lacking = caught_up(last_values, last_points)
    tables = _tables(census, selection) | {"metrics": metrics}
    models, models_in_books, prompts = _models(source, tables["experiments"], census.exclusions.experiment_of, selection)
    artifacts = source.artifacts(tables["runs"])
    every_experiment = census.experiments.column("experiment_id").to_pylist()
    found = source.traces(every_experiment, texts=selection.texts)
    earlier, of_earlier = earlier_runs(source, census.runs, census.earlier, selection)
    held_against = latest_evaluations(earlier, found.judged.assessments) if selection.scores_before else frozenset()
    traced, traces_in_books = traces_selected(found, census.experiments, census.exclusions, selection, held_against)
    if selection.texts:
        texts = pa.concat_tables([traced["evaluation_texts"], rows_table("evaluation_texts", prompts)])
        traced["evaluation_texts"] = sorted_table("evaluation_texts", texts)
    datasets, datasets_in_books = _evaluation_datasets(found.datasets, tables["experiments"])
    measured = source.model_metrics(tables["experiments"].column("experiment_id").to_pylist())
    model_metrics, measured_in_books = model_metrics_selected(measured, models, tables["experiments"])
    extra = (*traces_in_books, *datasets_in_books, *measured_in_books, models_in_books)
    read = {item: by_experiment(tables[item]) for item in ("params", "tags", "datasets")}
    read |= {"points": histories.totals.n_points, "series": by_experiment(last_points)}
    books = Books(_stored(source, census, histories), histories.left_out, read)
    ledger = ledger_of(_in_books(census, source.unread), census.exclusions, books, counts_points=source.counts_points)
    if selection.with_history:
        lacking += _without_history(last_values, last_points, histories.left_out, selection)
    problems = {
        *(problem for problem in source.problems if problem.where not in census.elsewhere),
        *of_earlier,
        *census.problems,
        *(_unreadable(run_id, why) for run_id, why in details.unreadable.items()),
        *histories.problems,
        *_incomplete(lacking),
        *unbalanced((*ledger, *extra)),
    }
    return Snapshot(
        source=source.info,
        **tables,
        history=History(empty_table("history")),
        models=models,
        artifacts=artifacts,
        earlier=earlier,
        **traced,
        evaluation_datasets=datasets,
        model_metrics=model_metrics,
        ledger=(*ledger, *extra),
        problems=tuple(sorted(problem for problem in problems if problem.where != CACHE)),
        asides=tuple(sorted(problem for problem in problems if problem.where == CACHE)),
        selection=selection.as_asked(),
        unread=_unread(source, census),
        every_run=_states(census),
    )


def _evaluation_datasets(table: pa.Table, experiments: pa.Table) -> tuple[pa.Table, tuple[LedgerRow, ...]]:
    """Those of the experiments that are shown, and their rows of the ledger."""
    names = _names(experiments)
    kept = _of(table, "experiment_id", sorted(names))
    counted = by_experiment(kept)
    return kept, tuple(LedgerRow(id_, names[id_], "evaluation_datasets", n, n) for id_, n in sorted(counted.items()))


def _states(census: Census) -> pa.Table:
    """``Snapshot.every_run``: what state each run of the chosen experiments is in."""
    gone = census.experiments.filter(pc.equal(census.experiments.column("lifecycle"), "deleted")).column("experiment_id")
    states = census.runs.select(EVERY_RUN)
    if not len(gone):
        return states
    lifecycle = states.column("lifecycle").cast(pa.string())
    lost = pc.is_in(states.column("experiment_id"), gone.combine_chunks())
    place = states.schema.get_field_index("lifecycle")
    return states.set_column(place, "lifecycle", pc.if_else(lost, "deleted", lifecycle))


def _tables(census: Census, selection: Selection) -> dict[str, pa.Table]:
    """What the census alone tells of its selected runs, apart from their values."""
    details = census.details
    return {
        "experiments": _shown(census.experiments, selection),
        "runs": _of(census.runs, "run_id", census.selected) if census.exclusions.reasons else census.runs,
        "params": _of_selected(details.params, census),
        "tags": _of_selected(details.tags, census),
        "datasets": _of_selected(details.datasets, census),
    }


def _of_selected(table: pa.Table, census: Census) -> pa.Table:
    """The rows of a table of details that are about selected runs: all of them, unless runs were left out after it was read."""
    if {NOT_SELECTED, BEYOND_LIMIT, UNREADABLE}.isdisjoint(census.exclusions.reasons.values()):
        return table
    return _of(table, "run_id", census.selected)


def _models(
    source: Source, experiments: pa.Table, experiment_of: Mapping[str, str], selection: Selection
) -> tuple[pa.Table, LedgerRow, list[Row]]:
    """The models with the experiment of each version's run, their row of the ledger, and the texts of prompts."""
    table, n_store = source.models(experiments.column("experiment_id").to_pylist())
    n_found = table.num_rows
    if not selection.deleted:
        table = table.filter(pc.invert(pc.is_in(table.column("stage"), pa.array(sorted(DELETED_STAGES)))))
    places = zip(table.column("experiment_id").to_pylist(), table.column("run_id").to_pylist(), strict=True)
    own = pa.array([experiment_id or experiment_of.get(run_id, "") for experiment_id, run_id in places], pa.string())
    table = table.set_column(table.schema.get_field_index("experiment_id"), "experiment_id", own)
    table, prompts = without_prompt_texts(table)
    return sorted_table("models", table), models_row(n_store, table.num_rows, n_found - table.num_rows), prompts


def _stored(source: Source, census: Census, histories: _Histories) -> Counts:
    """All counts of the store, put together: of selected runs at the moment they were read, of the others now."""
    parts = [source.counts(sorted(census.exclusions.reasons)), census.details.stored, histories.stored]
    stored: dict[str, dict[str, int]] = defaultdict(dict)
    for part in parts:
        for item, counted in part.items():
            stored[item].update(counted)
    return stored


def _unread(source: Source, census: Census) -> tuple[str, ...]:
    return tuple(sorted(set(census.experiments.column("experiment_id").to_pylist()) & source.unread.keys()))


def _in_books(census: Census, unread: Collection[str]) -> Mapping[str, str]:
    """Id → name of the experiments that the ledger tells of: a deleted one without runs holds nothing, of ``unread`` nothing is known."""
    with_runs = set(census.exclusions.experiment_of.values())
    rows = census.experiments.to_pylist()
    return {
        row["experiment_id"]: row["name"]
        for row in rows
        if row["experiment_id"] in with_runs or (row["lifecycle"] != "deleted" and row["experiment_id"] not in unread)
    }


# --- what is wrong ---


def _unreadable(run_id: str, why: str) -> Problem:
    return Problem("run-unreadable", f"run {run_id}", f"it cannot be read: {why}", "check the store's integrity")


def _without_history(
    last_values: pa.Table, last_points: pa.Table, left_out: Mapping[str, Counts], selection: Selection
) -> tuple[tuple[str, str], ...]:
    """(run, metric) that has a last value and no point, unless it is known why."""
    known = left_out.get(UNREADABLE, {}).get("series", {})
    rest = last_values.select(["run_id", "metric"]).join(
        last_points.select(["run_id", "metric"]), keys=["run_id", "metric"], join_type="left anti"
    )
    pairs = zip(rest.column("run_id").to_pylist(), rest.column("metric").to_pylist(), strict=True)
    return tuple((run, metric) for run, metric in pairs if not known.get(run) and selection.wants(metric))


def _incomplete(lacking: Sequence[tuple[str, str]]) -> list[Problem]:
    """One problem for each run whose histories end before the last values that the store tells."""
    metrics: dict[str, list[str]] = defaultdict(list)
    for run_id, metric in sorted(lacking):
        metrics[run_id].append(metric)
    return [
        Problem(
            "history-incomplete",
            f"run {run_id}",
            f"the history of {', '.join(names[:5])}{f' and {len(names) - 5} more' if len(names) > 5 else ''} lacks the last value",
            "run again; if it stays, the store contradicts itself",
        )
        for run_id, names in metrics.items()
    ]


# --- tables ---


def _names(experiments: pa.Table) -> dict[str, str]:
    return dict(zip(experiments.column("experiment_id").to_pylist(), experiments.column("name").to_pylist(), strict=True))


def tags_of(experiments: pa.Table) -> dict[str, Mapping[str, str]]:
    """Experiment id → its tags."""
    tags = (dict(pairs or ()) for pairs in experiments.column("tags").to_pylist())
    return dict(zip(experiments.column("experiment_id").to_pylist(), tags, strict=True))


def _shown(experiments: pa.Table, selection: Selection) -> pa.Table:
    if selection.deleted:
        return experiments
    return experiments.filter(pc.not_equal(experiments.column("lifecycle"), "deleted"))


def _not_of(table: pa.Table, column: str, values: Iterable[str]) -> pa.Table:
    """The rows of ``table`` whose ``column`` is none of ``values``; the order stays."""
    return table.filter(pc.invert(pc.is_in(table.column(column), pa.array(sorted(values), pa.string()))))


def _of(table: pa.Table, column: str, values: Sequence[str]) -> pa.Table:
    """The rows of ``table`` whose ``column`` is one of ``values``; the order stays."""
    return table.filter(pc.is_in(table.column(column), pa.array(values, pa.string())))
