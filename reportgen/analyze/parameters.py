"""What matters in a search: which parameters, what a budget buys, what trades off, which runs are odd.

A search (sweep) is an experiment of many different runs. Its runs are not samples of equals: nothing is tested here.
The questions are answered for the largest search of the report, because runs of two experiments in one model would
show what differs between the experiments; only the expected best of k is told for each of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from reportgen.analyze.leaderboard import leaderboard_of
from reportgen.analyze.methods import randomness, samples
from reportgen.analyze.methods.budgets import ExpectedBest, expected_best
from reportgen.analyze.methods.importance import (
    RUNS_PER_PARAM,
    Importance,
    associations,
    param_importance,
    usable_params,
)
from reportgen.analyze.methods.sweeps import (
    FailureTable,
    Outliers,
    failure_table,
    outliers,
    pareto_front,
)
from reportgen.analyze.metrics import Metric
from reportgen.analyze.nuisance import naming_params
from reportgen.analyze.primary import is_spent
from reportgen.analyze.replicates import configuration
from reportgen.analyze.runs import Run, RunKey
from reportgen.redaction import MASK, hides, names_a_secret

FEWEST_RUNS = 10
FEWEST_PARAMS = 2
FEWEST_CONFIGURATIONS = 4
"""A two by two grid; with fewer the runs are repeats of alternatives, which is a comparison."""
MOST_MODELLED = 300
MOST_MODELLED_PARAMS = MOST_MODELLED // RUNS_PER_PARAM
"""No model is made of a search over more parameters."""
"""Runs in the importance model, so that it takes about three seconds; more are thinned evenly by start."""
TREES = 100
MOST_BUDGET = 500
MOST_EXPERIMENTS = 8
N_TOP, MOST_LINES, MOST_BROKEN = 20, 200, 20
"""Of all lines together the failed ones are at most ``MOST_BROKEN``."""
MOST_AXES = 8
FEWEST_POINTS = 10
"""A trade-off of a few runs is an anecdote."""


@dataclass(frozen=True, slots=True)
class BudgetCurve:
    """The expected best of k runs of one experiment."""

    experiment_id: str
    experiment: str
    best: ExpectedBest


@dataclass(frozen=True, slots=True)
class Lines:
    """What parallel coordinates show."""

    params: tuple[str, ...]
    """Most important first."""
    n_params: int
    keys: tuple[RunKey, ...]
    """Best first: the top runs, then an even sample of the rest by rank."""
    n_top: int
    """How many of ``keys`` are simply the best; 0 without a direction."""
    broken: tuple[RunKey, ...]
    """Failed runs, by start: they have parameters and no value."""
    n_broken: int


@dataclass(frozen=True, slots=True)
class Front:
    """The trade-off between two metrics."""

    other: str
    keys: tuple[RunKey, ...]
    """Runs with both values."""
    members: tuple[RunKey, ...]
    """Runs that no run beats in both; by the primary metric, best first."""
    n_excluded: int
    """Runs of the search without a finite value of the other metric."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """The largest search and its answers."""

    metric: str
    experiment_id: str
    experiment: str
    keys: tuple[RunKey, ...]
    """Its runs, by start: finished, with a value that can be computed with, parents or children but never both."""
    n_inside: int
    """Runs left out because a parent or its children are in."""
    n_without: int
    """Finished runs without a usable value of the metric."""
    params: tuple[str, ...]
    """That vary and can matter, sorted."""
    n_secret: int
    """Parameters left out because their name says that they hold a secret."""
    others: tuple[str, ...]
    """Experiments that are searches as well."""
    importance: Importance
    n_modelled: int
    lines: Lines
    budgets: tuple[BudgetCurve, ...]
    """Empty without a direction; each up to the runs of the smallest, largest search first."""
    n_budgets: int
    front: Front | None
    outliers: Outliers
    """Indices are places in ``keys``."""
    failures: FailureTable | None = None
    """Failed runs of this experiment by parameter; None when no failed or killed run has a parameter."""


@dataclass(frozen=True, slots=True)
class _Search:
    runs: tuple[Run, ...]
    params: tuple[str, ...]
    n_inside: int
    n_without: int
    n_secret: int


def parameters_of(metric: Metric, main: Sequence[Metric], runs: Sequence[Run], by_key: Mapping[RunKey, Run]) -> Parameters | None:
    """The answers for the largest search in ``metric`` (ties: the first by experiment id); None when there is none."""
    members: dict[str, list[Run]] = {}
    for run in runs:
        if not run.deleted:
            members.setdefault(run.experiment_id, []).append(run)
    searches = [found for _, one in sorted(members.items()) if (found := _search(metric, one, by_key)) is not None]
    searches.sort(key=lambda search: -len(search.runs))
    if not searches:
        return None
    first, values = searches[0], [metric.values[run.key] for run in searches[0].runs]
    experiment_id = first.runs[0].experiment_id
    importance, n_modelled = _importance(first, values, f"importance|{metric.name}|{experiment_id}")
    higher = None if metric.goal == "none" else metric.goal == "maximize"
    budgets = () if higher is None else _budgets(metric, searches[:MOST_EXPERIMENTS], higher)
    return Parameters(
        metric=metric.name,
        experiment_id=experiment_id,
        experiment=first.runs[0].experiment,
        keys=tuple(run.key for run in first.runs),
        n_inside=first.n_inside,
        n_without=first.n_without,
        params=first.params,
        n_secret=first.n_secret,
        others=tuple(search.runs[0].experiment for search in searches[1:]),
        importance=importance,
        n_modelled=n_modelled,
        lines=_lines(metric, first, importance, members[experiment_id]),
        budgets=budgets,
        n_budgets=len(searches),
        front=_front(metric, main, first),
        outliers=outliers(values, higher_is_better=higher),
        failures=_failures(first, members[experiment_id]),
    )


def _failures(search: _Search, members: Sequence[Run]) -> FailureTable | None:
    """Of every ended run with parameters, finished without a value or not; parents and children stand apart as they ran."""
    ended = sorted(
        (run for run in members if run.status in ("FINISHED", "FAILED", "KILLED") and run.params), key=lambda r: r.order
    )
    failed = [run.status != "FINISHED" for run in ended]
    if not any(failed):
        return None
    return failure_table(failed, _columns(ended, search.params))


def _search(metric: Metric, members: Sequence[Run], by_key: Mapping[RunKey, Run]) -> _Search | None:
    """The search that an experiment's runs make, or None."""
    finished = [run for run in members if run.finished]
    valued = [run for run in finished if (value := metric.finite(run.key)) is not None and abs(value) <= samples.LARGEST]
    kept = _one_level(valued, by_key)
    names = {name for run in kept for name in run.params}
    named = {name for name in names if names_a_secret(name)}
    secret = {
        name for run in kept for name, value in run.params.items() if value == MASK or (name in named and hides(name, value))
    }
    naming = naming_params([run.params for run in kept])
    if len(kept) < FEWEST_RUNS or len({configuration(run, without=naming) for run in kept}) < FEWEST_CONFIGURATIONS:
        return None
    params = usable_params(_columns(kept, names - secret - {*naming}), len(kept))
    if len(params) < FEWEST_PARAMS:
        return None
    ordered = tuple(sorted(kept, key=lambda run: run.order))
    return _Search(ordered, params, len(valued) - len(kept), len(finished) - len(valued), len(secret))


def _one_level(valued: Sequence[Run], by_key: Mapping[RunKey, Run]) -> list[Run]:
    """Parents or children: the trials of a search stand for themselves, the folds of one configuration for their parent."""
    keys = {run.key for run in valued}
    trials_of, folds_of = set(), set()
    for run in valued:
        children = [by_key[key] for key in run.children if key in keys]
        if len({configuration(child) for child in children}) > 1:
            trials_of.add(run.key)
        elif children:
            folds_of.add(run.key)
    return [run for run in valued if run.key not in trials_of and run.parent not in folds_of]


def _columns(runs: Sequence[Run], names: Iterable[str]) -> dict[str, list[str | None]]:
    return {name: [run.params.get(name) for run in runs] for name in sorted(names)}


def evenly(n: int, most: int) -> list[int]:
    """At most ``most`` places of 0 … n − 1, evenly spread, the first and the last among them."""
    return list(range(n)) if n <= most else sorted({round(i * (n - 1) / (most - 1)) for i in range(most)})


# --- importance --------------------------------------------------------------------------------------------------------


def _importance(search: _Search, values: Sequence[float], block: str) -> tuple[Importance, int]:
    """Importance, and of how many runs; single associations are of all runs."""
    columns = _columns(search.runs, search.params)
    alone = associations(columns, values)
    if len(search.params) > MOST_MODELLED_PARAMS:
        return Importance("refused", None, len(values), None, (), alone, (), ()), 0
    places = evenly(len(values), MOST_MODELLED)
    used = {name: [column[i] for i in places] for name, column in columns.items()}
    found = param_importance(used, [values[i] for i in places], randomness.generator(block), trees=TREES)
    return replace(found, associations=alone), len(places)


# --- pictures ----------------------------------------------------------------------------------------------------------


def _lines(metric: Metric, search: _Search, importance: Importance, members: Sequence[Run]) -> Lines:
    order = [row.key for row in leaderboard_of(metric, search.runs).rows]
    n_top = 0 if metric.goal == "none" else min(N_TOP, len(order))
    rest = order[n_top:]
    failed = sorted((run for run in members if run.status == "FAILED" and run.params), key=lambda run: run.order)
    broken = tuple(run.key for run in failed[:MOST_BROKEN])
    keys = order[:n_top] + [rest[i] for i in evenly(len(rest), MOST_LINES - n_top - len(broken))]
    ranked = [share.param for share in importance.shares] or [
        one.param for one in sorted(importance.associations, key=lambda one: (-abs(one.value), one.param))
    ]
    params = tuple(dict.fromkeys([*ranked, *search.params]))
    return Lines(params[: MOST_AXES - 1], len(params), tuple(keys), n_top, broken, len(failed))


def _budgets(metric: Metric, searches: Sequence[_Search], higher: bool) -> tuple[BudgetCurve, ...]:
    most = min(MOST_BUDGET, *(len(search.runs) for search in searches))
    return tuple(
        BudgetCurve(
            search.runs[0].experiment_id,
            search.runs[0].experiment,
            expected_best([metric.values[run.key] for run in search.runs], higher_is_better=higher, budgets=most),
        )
        for search in searches
    )


def _front(metric: Metric, main: Sequence[Metric], search: _Search) -> Front | None:
    """The front with another main metric that has a direction and varies over enough runs: time or cost first, if there is one."""
    if metric.goal == "none":
        return None
    keys = [run.key for run in search.runs]
    for other in sorted(main, key=lambda one: not is_spent(one.name)):
        if other.name == metric.name or other.goal == "none":
            continue
        both = [key for key in keys if (v := other.finite(key)) is not None and abs(v) <= samples.LARGEST]
        if len(both) >= FEWEST_POINTS and len({other.values[key] for key in both}) > 1:
            points = [(metric.values[key], other.values[key]) for key in both]
            found = pareto_front(points, (metric.goal == "maximize", other.goal == "maximize"))
            members = sorted((both[i] for i in found.members), key=lambda key: (-metric.improvement(metric.values[key]), key))
            return Front(other.name, tuple(both), tuple(members), len(keys) - len(both))
    return None
