"""Scores of one side or several with the direction of each scorer, which says what passes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from reportgen.analyze.directions import metric_direction
from reportgen.analyze.genai.runs import MEAN, Evaluations, criteria_of
from reportgen.analyze.genai.scores import ScorerKey, Scores, scores_of
from reportgen.analyze.metrics import Metric
from reportgen.analyze.runs import RunKey
from reportgen.model import Goal


@dataclass(frozen=True, slots=True)
class ScoredSides:
    scores: Mapping[str, Mapping[ScorerKey, Scores]]
    """Label → its scorers."""
    goals: Mapping[str, Goal]
    """Name of every scorer that is stored → its direction."""


def scored_sides(evaluations: Evaluations, groups: Mapping[str, Sequence[RunKey]], metrics: Mapping[str, Metric]) -> ScoredSides:
    """The scores of ``groups``. Directions: the config, quality criteria of these runs, then the name.

    Of a plain yes or no whose name says nothing, yes is what passes: so MLflow's own judges answer, and so it compares.
    """
    criteria, contradicted = _by_criteria(evaluations, [key for keys in groups.values() for key in keys])
    names = {row["name"] for rows in evaluations.said.values() for row in rows if row["type"] == "feedback"}
    goals = {name: _goal(name, metrics, criteria) for name in sorted(names)}
    scores = {label: scores_of(evaluations, keys, goals) for label, keys in groups.items()}
    kinds = {key.name for its in scores.values() for key, one in its.items() if one.kind == "pass"}
    passing = {name for name in kinds - contradicted if goals[name] == "none"}
    if not passing:
        return ScoredSides(scores, goals)
    goals |= dict.fromkeys(passing, "maximize")
    return ScoredSides({label: scores_of(evaluations, keys, goals) for label, keys in groups.items()}, goals)


def _by_criteria(evaluations: Evaluations, keys: Iterable[RunKey]) -> tuple[dict[str, Goal], set[str]]:
    """(scorer → direction that the criteria agree on, scorers on which they do not)."""
    said: dict[str, set[Goal]] = {}
    for key in keys:
        for rule in criteria_of(evaluations.runs[key]):
            if rule.scorer:
                said.setdefault(rule.scorer, set()).add("maximize" if rule.comparator == "GTE" else "minimize")
    agreed: dict[str, Goal] = {name: next(iter(goals)) for name, goals in said.items() if len(goals) == 1}
    return agreed, said.keys() - agreed.keys()


def _goal(name: str, metrics: Mapping[str, Metric], criteria: Mapping[str, Goal]) -> Goal:
    metric = metrics.get(name + MEAN)
    if metric is not None and metric.direction.source in ("config", "mlflow"):
        return metric.goal
    return criteria.get(name) or metric_direction(name).goal
