"""What the groups of a comparison cost: how long their runs took, how fast, often and dearly their requests were answered.

Durations are of finished runs, one value for each run. Requests are the traces logged inside the group's finished runs (where
groups are experiments also those logged outside of a run). Requests of one run share what the run is, so where three runs or more
of each side answered them a run is the unit, with one value; else a request is, and what is said holds for requests of these runs only: runs
of one group that differ among themselves make those intervals too narrow. Times are compared by the ratio of
geometric means, since they are skewed and multiply; money by arithmetic means, since a budget is a sum. Items cannot be matched
between groups, because what was asked is not read. Nothing here is a verdict.
Sources: ``analyze.methods.quantiles``, ``analyze.methods.proportions``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeVar

import numpy as np

from reportgen.analyze.compare.comparison import Comparison
from reportgen.analyze.compare.groups import Group
from reportgen.analyze.compare.study import Study
from reportgen.analyze.compare.values import has_folds
from reportgen.analyze.methods import estimates, multiple, randomness, samples
from reportgen.analyze.methods.samples import Reason
from reportgen.analyze.runs import units
from reportgen.analyze.traces import plain_rows
from reportgen.snapshot import Snapshot

T = TypeVar("T")

What = Literal["duration", "latency", "latency_p95", "failed", "cost", "tokens", "cost_per_success"]
Scale = Literal["ratio", "difference"]
CostReason = Literal[
    "search",
    "folds",
    "zero_time",
    "few_values",
    "few_for_p95",
    "few_for_p95_interval",
    "few_requests",
    "few_requests_and_runs",
    "no_variation",
]
"""Why a quantity has no interval, or is not compared at all."""

FEWEST = 3
"""Values on each side for a ratio with an interval."""
FEWEST_REQUESTS = 30
"""Requests on each side, for their arithmetic means to be compared where runs are too few to be the unit."""
MOST_GROUPS = 10
"""Groups that are held against the baseline."""
P95_DRAWS = 2_000


@dataclass(frozen=True, slots=True)
class CostDifference:
    """One quantity of group B against the baseline A. What a rule forbids is None, and ``why`` or ``reason`` says why."""

    what: What
    group: str
    unit: Literal["runs", "requests", "run means"]
    """What n counts."""
    n_a: int
    n_b: int
    scale: Scale
    a: float | None = None
    b: float | None = None
    """Geometric means (durations, latency), p95, shares, arithmetic means, ratios of sums."""
    estimate: float | None = None
    """B / A or B − A."""
    low: float | None = None
    high: float | None = None
    p: float | None = None
    """Where the method has a test; adjusted by Holm over all rows of the report."""
    why: CostReason | None = None
    reason: Reason | None = None
    """The method's own reason."""


@dataclass(frozen=True, slots=True)
class CostPerSuccess:
    """Sum of costs over the number of requests that ended well, with a delta-method interval; of requests with a known cost."""

    group: str
    n: int
    n_ok: int
    total: float
    value: float | None
    low: float | None
    high: float | None
    n_units: int
    """What the interval is made of: runs, where three or more answered the requests, else requests."""
    reason: Reason | None = None
    """The method's own reason, where some request ended well."""


@dataclass(frozen=True, slots=True)
class Costs:
    """Costs of every group against the baseline."""

    baseline: str
    differences: tuple[CostDifference, ...]
    """By group, then by quantity; quantities that neither side has are missing."""
    per_success: tuple[CostPerSuccess, ...]
    """The baseline first; empty when no request has a cost."""
    apart: tuple[str, ...]
    """Groups that ran on other hardware than the baseline: their times are not compared."""
    hardware_known: bool
    n_tests: int
    n_omitted: int
    """Groups beyond ``MOST_GROUPS``."""


@dataclass(frozen=True, slots=True)
class _Side:
    """What one group spent."""

    label: str
    seconds: tuple[float, ...]
    """Of its independent finished runs."""
    search: bool
    folds: bool
    requests: tuple[Mapping[str, Any], ...]


def costs_of(study: Study, comparison: Comparison, snapshot: Snapshot) -> Costs | None:
    """None without a baseline, without a second group, and when no run of them has a duration and no request is theirs."""
    if comparison.baseline is None or len(comparison.groups) < 2:
        return None
    requests = _requests(comparison, snapshot)
    sides = [_side(study, group, requests.get(group.label, ())) for group in comparison.groups]
    first, others = sides[0], sides[1 : MOST_GROUPS + 1]
    alike = comparison.alike
    apart = tuple(o.label for o in others if alike is not None and alike.of((first.label, o.label)).hardware_differs)
    found = [row for other in others for row in _differences(first, other, timed=other.label not in apart)]
    if not found:
        return None
    return Costs(
        baseline=comparison.baseline,
        differences=_adjusted(found),
        per_success=_per_success([first, *others]),
        apart=apart,
        hardware_known=alike is not None and any(alike.hardware.values()),
        n_tests=sum(row.p is not None for row in found),
        n_omitted=max(0, len(sides) - 1 - MOST_GROUPS),
    )


def _requests(comparison: Comparison, snapshot: Snapshot) -> Mapping[str, list[Mapping[str, Any]]]:
    """Label → the traces of its finished runs, those that judges made left out."""
    label_of = {key: group.label for group in comparison.groups for key in group.finished}
    names = dict(
        zip(
            snapshot.experiments.column("experiment_id").to_pylist(), snapshot.experiments.column("name").to_pylist(), strict=True
        )
    )
    labels = {group.label for group in comparison.groups} if comparison.by == "experiment" else set()
    found: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in plain_rows(snapshot) if snapshot.traces.num_rows else ():
        outside = names.get(row["experiment_id"]) if not row["run_id"] else None
        label = outside if outside in labels else label_of.get((row["experiment_id"], row["run_id"]))
        if label is not None and not row["scorer"]:
            found[label].append(row)
    return found


def _side(study: Study, group: Group, requests: Sequence[Mapping[str, Any]]) -> _Side:
    runs = units((study.runs[key] for key in group.finished), lambda run: run.seconds is not None, study.runs)
    seconds = tuple(run.seconds for run in runs if run.seconds is not None)
    folds = has_folds(study, [run.key for run in runs])
    return _Side(group.label, seconds, study.is_search(group), folds, tuple(requests))


def _differences(a: _Side, b: _Side, *, timed: bool) -> list[CostDifference]:
    rows = [_durations(a, b)] if timed and a.seconds and b.seconds else []
    if a.requests and b.requests:
        rows += [*(_latencies(a, b) if timed else ()), *_failures(a, b)]
        rows += [*_means(a, b, "cost"), *_means(a, b, "tokens"), *_cost_per_success(a, b)]
    return rows


# --- time --------------------------------------------------------------------------------------------------------------


def _durations(a: _Side, b: _Side) -> CostDifference:
    plain = CostDifference("duration", b.label, "runs", len(a.seconds), len(b.seconds), "ratio")
    if a.search or b.search:
        return replace(_centres(plain, a.seconds, b.seconds), why="search")
    if a.folds or b.folds:
        return replace(_centres(plain, a.seconds, b.seconds), why="folds")
    return _ratio(plain, a.seconds, b.seconds)


def _latencies(a: _Side, b: _Side) -> list[CostDifference]:
    times = [_seconds(side.requests) for side in (a, b)]
    if not all(times):
        return []
    plain = CostDifference("latency", b.label, "requests", len(times[0]), len(times[1]), "ratio")
    p95 = replace(plain, what="latency_p95", scale="difference")
    runs = [_of_runs(side) for side in times]
    if not _are_units(runs):
        first, second = ([seconds for _, seconds in side] for side in times)
        return [_ratio(plain, first, second), _p95(p95, first, second)]
    if min(seconds for side in times for _, seconds in side) <= 0:
        return [replace(plain, why="zero_time"), _p95_of_runs(p95, *runs)]
    first, second = ([float(np.exp(samples.mean(np.log(one)))) for one in side] for side in runs)
    return [_ratio(_of_run_values(plain, first, second), first, second), _p95_of_runs(p95, *runs)]


def _centres(plain: CostDifference, a: Sequence[float], b: Sequence[float]) -> CostDifference:
    """Geometric means and their ratio, where all values are positive."""
    if min(*a, *b) <= 0:
        return replace(plain, why="zero_time")
    first, second = (float(np.exp(samples.mean(np.log(side)))) for side in (a, b))
    return replace(plain, a=first, b=second, estimate=second / first)


def _ratio(plain: CostDifference, a: Sequence[float], b: Sequence[float]) -> CostDifference:
    from reportgen.analyze.methods.quantiles import ratio_of_geometric_means

    base = _centres(plain, a, b)
    if base.estimate is None:
        return base
    if min(len(a), len(b)) < FEWEST:
        return replace(base, why="few_values")
    found = ratio_of_geometric_means(a, b)
    if found.interval is None or found.outcome != "estimated":
        return replace(base, reason=found.reason)
    return replace(base, low=found.interval.low, high=found.interval.high, p=found.p_two_sided)


def _p95(plain: CostDifference, a: Sequence[float], b: Sequence[float]) -> CostDifference:
    from reportgen.analyze.methods.quantiles import QUANTILE_DIFFERENCE_RUNS, quantile, quantile_difference, smallest_n

    if min(len(a), len(b)) < smallest_n(0.95):
        return replace(plain, why="few_for_p95")
    base = replace(plain, a=quantile(a, 0.95), b=quantile(b, 0.95))
    base = replace(base, estimate=(base.b or 0.0) - (base.a or 0.0))
    if min(len(a), len(b)) < QUANTILE_DIFFERENCE_RUNS:
        return replace(base, why="few_for_p95_interval")
    rng = randomness.generator(f"latency|{plain.group}|p95")
    found = quantile_difference(sorted(a), sorted(b), 0.95, rng, draws=P95_DRAWS)
    if found.interval is None:
        return replace(base, reason=found.reason)
    return replace(base, low=found.interval.low, high=found.interval.high)


def _seconds(requests: Iterable[Mapping[str, Any]]) -> list[tuple[tuple[str, str] | None, float]]:
    return [(_run_of(r), r["duration_ms"] / 1000) for r in requests if r["duration_ms"] is not None and r["duration_ms"] >= 0]


def _p95_of_runs(plain: CostDifference, a: Sequence[Sequence[float]], b: Sequence[Sequence[float]]) -> CostDifference:
    """Of the p95 of each run, by Welch."""
    from reportgen.analyze.methods.quantiles import quantile, smallest_n

    if min(map(len, (*a, *b))) < smallest_n(0.95):
        return replace(plain, why="few_for_p95")
    first, second = ([quantile(one, 0.95) for one in side] for side in (a, b))
    return _welch(plain, first, second)


# --- one value for each run --------------------------------------------------------------------------------------------


def _run_of(row: Mapping[str, Any]) -> tuple[str, str] | None:
    return (row["experiment_id"], row["run_id"]) if row["run_id"] else None


def _of_runs(values: Iterable[tuple[tuple[str, str] | None, T]]) -> list[list[T]]:
    """The values of each run, by run; empty when one lies outside of a run."""
    found: dict[tuple[str, str], list[T]] = defaultdict(list)
    for run, value in values:
        if run is None:
            return []
        found[run].append(value)
    return [found[run] for run in sorted(found)]


def _are_units(sides: Sequence[Sequence[object]]) -> bool:
    return min(map(len, sides)) >= FEWEST


def _of_run_values(plain: CostDifference, a: Sequence[float], b: Sequence[float]) -> CostDifference:
    return replace(plain, unit="run means", n_a=len(a), n_b=len(b))


def _welch(plain: CostDifference, a: Sequence[float], b: Sequence[float]) -> CostDifference:
    """Of one value for each run."""
    base = _plain_means(_of_run_values(plain, a, b), a, b)
    test = estimates.welch(a, b)
    return replace(base, low=test.low, high=test.high, p=test.p) if test else replace(base, why="no_variation")


# --- failures, tokens and money ----------------------------------------------------------------------------------------


def _failures(a: _Side, b: _Side) -> list[CostDifference]:
    from reportgen.analyze.methods.proportions import share_difference

    bad, over = zip(*(_ended(side.requests) for side in (a, b)), strict=True)
    if not all(over):
        return []
    plain = CostDifference("failed", b.label, "requests", over[0], over[1], "difference")
    found = share_difference(bad[0], over[0], bad[1], over[1])
    base, delta = replace(plain, a=found.share_a, b=found.share_b), found.difference
    if delta is None:
        return [base]
    low, high = delta.low, delta.high
    runs = [_of_runs(_outcomes(side.requests)) for side in (a, b)]
    if _are_units(runs):  # the shares are of all requests; runs that differ make their interval wider
        first, second = ([samples.mean(one) for one in side] for side in runs)
        if test := estimates.welch(first, second):
            low, high = min(low, delta.value + test.low - test.value), max(high, delta.value + test.high - test.value)
    return [replace(base, estimate=delta.value, low=low, high=high)]


def _outcomes(requests: Iterable[Mapping[str, Any]]) -> list[tuple[tuple[str, str] | None, float]]:
    """1 for a request that failed, 0 for one that ended well."""
    return [(_run_of(row), float(row["status"] == "ERROR")) for row in requests if row["status"] in ("OK", "ERROR")]


def _ended(requests: Sequence[Mapping[str, Any]]) -> tuple[int, int]:
    bad = sum(row["status"] == "ERROR" for row in requests)
    return bad, bad + sum(row["status"] == "OK" for row in requests)


_COLUMNS = {"cost": "cost", "tokens": "total_tokens"}


def _means(a: _Side, b: _Side, what: Literal["cost", "tokens"]) -> list[CostDifference]:
    """Arithmetic means a request, by Welch over runs, or over requests where runs are few."""
    column = _COLUMNS[what]
    values = [[(_run_of(row), float(row[column])) for row in side.requests if row[column] is not None] for side in (a, b)]
    if not all(values):
        return []
    plain = CostDifference(what, b.label, "requests", len(values[0]), len(values[1]), "difference")
    runs = [_of_runs(side) for side in values]
    if _are_units(runs):
        first, second = ([samples.mean(one) for one in side] for side in runs)
        return [_welch(plain, first, second)]
    requests = [[value for _, value in side] for side in values]
    base = _plain_means(plain, *requests)
    if min(map(len, requests)) < FEWEST_REQUESTS:
        return [replace(base, why="few_requests_and_runs")]
    test = estimates.welch(requests[0], requests[1])
    return [replace(base, low=test.low, high=test.high, p=test.p) if test else replace(base, why="no_variation")]


def _plain_means(plain: CostDifference, a: Sequence[float], b: Sequence[float]) -> CostDifference:
    first, second = samples.mean(a), samples.mean(b)
    return replace(plain, a=first, b=second, estimate=second - first)


def _priced(side: _Side) -> list[Mapping[str, Any]]:
    return [row for row in side.requests if row["cost"] is not None and row["status"] in ("OK", "ERROR")]


def _per_success(sides: Sequence[_Side]) -> tuple[CostPerSuccess, ...]:
    return tuple(_one_per_success(side) for side in sides if _priced(side))


def _one_per_success(side: _Side) -> CostPerSuccess:
    from reportgen.analyze.methods.quantiles import ratio_of_sums

    rows = _priced(side)
    items = [(_run_of(row), (float(row["cost"]), float(row["status"] == "OK"))) for row in rows]
    runs = _of_runs(items)
    parts = [tuple(map(sum, zip(*one, strict=True))) for one in runs] if len(runs) >= FEWEST else [part for _, part in items]
    costs, ok = zip(*parts, strict=True)
    found = ratio_of_sums(costs, ok)
    low, high = (found.interval.low, found.interval.high) if found.interval else (None, None)
    return CostPerSuccess(
        side.label, len(rows), int(sum(ok)), sum(sorted(costs)), found.ratio, low, high, len(costs), found.reason
    )


def _cost_per_success(a: _Side, b: _Side) -> list[CostDifference]:
    """The difference of two ratios of sums; its interval joins their delta-method errors, from three runs or 30 requests a side on."""
    first, second = (_one_per_success(side) if _priced(side) else None for side in (a, b))
    if first is None or second is None or first.value is None or second.value is None:
        return []
    plain = CostDifference("cost_per_success", b.label, "requests", first.n, second.n, "difference", first.value, second.value)
    plain = replace(plain, estimate=second.value - first.value)
    if min(first.n, second.n) < FEWEST_REQUESTS and not (first.n_units < first.n and second.n_units < second.n):
        return [replace(plain, why="few_requests")]
    errors = [_error(costs) for costs in (first, second)]
    squares = [error**2 for error in errors]
    if not sum(squares):
        return [replace(plain, why="no_variation")]
    dfs = (first.n_units - 1, second.n_units - 1)
    df = sum(squares) ** 2 / sum(square**2 / df for square, df in zip(squares, dfs, strict=True))
    half = estimates.t_quantile(0.975, df) * sum(squares) ** 0.5
    assert plain.estimate is not None
    return [replace(plain, low=plain.estimate - half, high=plain.estimate + half)]


def _error(one: CostPerSuccess) -> float:
    """Standard error, back from the t interval."""
    if one.low is None or one.high is None:
        return 0.0
    return (one.high - one.low) / 2 / estimates.t_quantile(0.975, one.n_units - 1)


def _adjusted(rows: Sequence[CostDifference]) -> tuple[CostDifference, ...]:
    """Holm over every test of the table."""
    holm = iter(multiple.holm([row.p for row in rows if row.p is not None]))
    return tuple(row if row.p is None else replace(row, p=next(holm)) for row in rows)
