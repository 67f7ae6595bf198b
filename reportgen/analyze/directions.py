"""Which way is better: the direction of a metric, from its name when nobody said it.

A wrong sign is the worst error this program can make, so the rules for names abstain ("none": shown, never ranked) wherever a
name can be read two ways; a config always wins.

Order of sources: config, MLflow's experiment tags, names that are known as a whole, token rules, none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from reportgen.analyze.direction_rules import goal_by_name
from reportgen.analyze.findings import Finding
from reportgen.config import MetricConfig
from reportgen.errors import Severity
from reportgen.model import Goal
from reportgen.snapshot import Snapshot

Source = Literal["config", "mlflow", "name", "rules", "unknown", "conflict", "apart"]

PRIMARY_TAG = "mlflow.experiment.primaryMetric.name"
GREATER_TAG = "mlflow.experiment.primaryMetric.greaterIsBetter"


@dataclass(frozen=True, slots=True)
class Direction:
    """A goal and who said so."""

    goal: Goal
    source: Source


@dataclass(frozen=True, slots=True)
class ContradictoryDirection(Finding):
    """The sources of a metric's direction contradict each other; the metric is shown and not ranked."""

    slug: ClassVar[str] = "direction-conflict"
    experiments: tuple[tuple[str, Goal], ...]
    """(experiment, goal by its tag), sorted."""
    by_name: Goal
    """What the metric's name says."""

    @property
    def severity(self) -> Severity:
        return "warning"


def metric_direction(name: str) -> Direction:
    """The direction that ``name`` alone tells; ``none`` when it can be read two ways."""
    return Direction(*goal_by_name(name))


def directions_of(
    names: Iterable[str], metrics: Mapping[str, MetricConfig], experiment_tags: Sequence[tuple[str, Mapping[str, str]]]
) -> tuple[dict[str, Direction], tuple[ContradictoryDirection, ...]]:
    """The direction of every metric of ``names``, and a finding for each that two sources contradict on.

    ``experiment_tags`` are (experiment name, its tags). Contradiction makes ``none``: only the config can end it.
    """
    said = _said_by_experiments(experiment_tags)
    directions: dict[str, Direction] = {}
    contradictions: list[ContradictoryDirection] = []
    for name in sorted(names):
        config = metrics.get(name)
        inferred = metric_direction(name)
        goals = said.get(name, {})
        if config is not None and config.goal is not None:
            directions[name] = Direction(config.goal, "config")
        elif not goals:
            directions[name] = inferred
        elif len(set(goals.values()) | ({inferred.goal} - {"none"})) == 1:
            directions[name] = Direction(next(iter(goals.values())), "mlflow")
        else:
            directions[name] = Direction("none", "conflict")
            contradictions.append(ContradictoryDirection(name, tuple(sorted(goals.items())), inferred.goal))
    return directions, tuple(contradictions)


def _said_by_experiments(experiment_tags: Sequence[tuple[str, Mapping[str, str]]]) -> dict[str, dict[str, Goal]]:
    said: dict[str, dict[str, Goal]] = {}
    for experiment, tags in experiment_tags:
        greater = tags.get(GREATER_TAG, "").strip().lower()
        if tags.get(PRIMARY_TAG) and greater in ("true", "false"):
            said.setdefault(tags[PRIMARY_TAG], {})[experiment] = "maximize" if greater == "true" else "minimize"
    return said


def experiment_tags(snapshot: Snapshot) -> list[tuple[str, Mapping[str, str]]]:
    """(name, tags) of every experiment, sorted by id."""
    table = snapshot.experiments
    names, tags = table.column("name").to_pylist(), table.column("tags").to_pylist()
    return [(name or "", dict(pairs or ())) for name, pairs in zip(names, tags, strict=True)]
