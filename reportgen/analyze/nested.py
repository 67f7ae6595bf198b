"""Parents and children: folds, sweeps and ensembles, rolled up to any depth.

A parent's roll-up is over its direct children: a child stands with its own value, or, when it has none, with the mean
of its own roll-up. Only finished children count. A mean with an interval is told only of repeats, children that differ in nothing
but their seeds: folds of one data set are not independent, so theirs has no interval, and the trials of a search are no sample of
anything, so they have no mean at all, only their best and their range.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from reportgen.analyze.methods import samples
from reportgen.analyze.methods.means import interval_of_mean
from reportgen.analyze.metrics import Metric
from reportgen.analyze.replicates import configuration
from reportgen.analyze.runs import Run, RunKey

Kind = Literal["repeats", "folds", "search", "unknown"]
"""What the children of a run are to each other; ``unknown`` when none of them has a parameter."""


@dataclass(frozen=True, slots=True)
class RollUp:
    """One metric over the children of one parent; spread needs two values. Bounds are of repeats only."""

    kind: Kind
    n: int
    mean: float
    sd: float | None
    low: float | None
    high: float | None
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class Node:
    """A run of the tree, in the order in which the tree is printed."""

    key: RunKey
    depth: int
    n_children: int
    n_descendants: int
    n_failed: int
    """Descendants that failed or were killed."""
    rolled: Mapping[str, RollUp]
    """Metric → roll-up; metrics that no child has are missing."""
    kind: Kind = "unknown"
    """Of its children."""


@dataclass(frozen=True, slots=True)
class Nested:
    """Every run that has a child or a parent, depth first, siblings by start."""

    nodes: tuple[Node, ...]
    n_parents: int
    n_children: int
    depth: int
    """Of the deepest run; 1 for parents with children."""
    lost: tuple[RunKey, ...]
    """Runs whose parent is not in the snapshot."""
    circles: tuple[RunKey, ...]
    """Runs that were their own ancestor; the circle is cut there."""


def nested_of(runs: Sequence[Run], metrics: Sequence[Metric]) -> Nested:
    """The forest of all runs that are not deleted; a deleted parent leaves its children standing as roots."""
    active = {run.key: run for run in runs if not run.deleted}
    children = {key: [child for child in run.children if child in active] for key, run in active.items()}
    for siblings in children.values():
        siblings.sort(key=lambda key: active[key].order)
    roots = sorted((run for run in active.values() if run.parent not in active), key=lambda run: run.order)
    order = _depth_first([run.key for run in roots if children[run.key]], children)
    rolled: dict[RunKey, dict[str, RollUp]] = {}
    below: dict[RunKey, tuple[int, int]] = {}
    for key, _ in reversed(order):  # children come before their parents here
        rolled[key] = {
            metric.name: up for metric in metrics if (up := _roll_up(metric, children[key], active, rolled)) is not None
        }
        n = sum(1 + below[child][0] for child in children[key])
        bad = sum((active[child].status in ("FAILED", "KILLED")) + below[child][1] for child in children[key])
        below[key] = (n, bad)
    nodes = tuple(
        Node(key, depth, len(children[key]), *below[key], rolled[key], kind_of([active[child] for child in children[key]]))
        for key, depth in order
    )
    return Nested(
        nodes=nodes,
        n_parents=sum(node.n_children > 0 for node in nodes),
        n_children=sum(node.depth > 0 for node in nodes),
        depth=max((node.depth for node in nodes), default=0),
        lost=tuple(run.key for run in runs if not run.deleted and run.family == "missing"),
        circles=tuple(run.key for run in runs if not run.deleted and run.family == "circle"),
    )


def kind_of(runs: Sequence[Run]) -> Kind:
    """What ``runs`` are to each other, of those that finished."""
    finished = [run for run in runs if run.finished]
    if len({configuration(run) for run in finished}) > 1:
        return "search"
    folds = {tuple(run.params[name] for name, kind in sorted(run.nuisance.items()) if kind == "fold") for run in finished}
    if len(folds) > 1:
        return "folds"
    return "repeats" if any(run.params for run in finished) else "unknown"


def _depth_first(roots: Sequence[RunKey], children: Mapping[RunKey, Sequence[RunKey]]) -> list[tuple[RunKey, int]]:
    order: list[tuple[RunKey, int]] = []
    stack = [(key, 0) for key in reversed(roots)]
    while stack:
        key, depth = stack.pop()
        order.append((key, depth))
        stack += [(child, depth + 1) for child in reversed(children[key])]
    return order


def _roll_up(
    metric: Metric, children: Sequence[RunKey], runs: Mapping[RunKey, Run], rolled: Mapping[RunKey, Mapping[str, RollUp]]
) -> RollUp | None:
    values = [value for child in children if (value := _value_of(metric, runs[child], rolled)) is not None]
    if not values:
        return None
    kind = kind_of([runs[child] for child in children])
    interval = interval_of_mean(values, metric.bounds) if kind == "repeats" else None
    return RollUp(
        kind=kind,
        n=len(values),
        mean=samples.mean(values),
        sd=samples.sd(values) if len(values) > 1 else None,
        low=interval.low if interval else None,
        high=interval.high if interval else None,
        least=min(values),
        most=max(values),
    )


def _value_of(metric: Metric, run: Run, rolled: Mapping[RunKey, Mapping[str, RollUp]]) -> float | None:
    """A finished run's own value, else the mean of its own roll-up."""
    own = metric.finite(run.key) if run.finished else None
    if own is not None:
        return own
    up = rolled[run.key].get(metric.name)
    return up.mean if up else None
