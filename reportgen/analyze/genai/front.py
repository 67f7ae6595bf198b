"""Quality beside cost of three variants or more: which of them no other beats in both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from reportgen.analyze.genai.runs import Answer
from reportgen.analyze.genai.scorers import ScorerSide
from reportgen.analyze.genai.scores import ScorerKey
from reportgen.analyze.methods.sweeps import pareto_front
from reportgen.model import Goal, Interval


@dataclass(frozen=True, slots=True)
class FrontPoint:
    label: str
    quality: Interval
    spent: float
    """Mean of an answer that did not fail."""
    is_on_front: bool
    """Whether no other variant is at least as good in both and better in one; by the means, which have their own noise."""


@dataclass(frozen=True, slots=True)
class QualityFront:
    key: ScorerKey
    goal: Goal
    kind: str
    spending: Literal["cost", "seconds"]
    points: tuple[FrontPoint, ...]
    """Best quality first."""


def quality_front(
    key: ScorerKey | None,
    goal: Goal,
    scorers: Mapping[str, Mapping[ScorerKey, ScorerSide]],
    answers: Mapping[str, Sequence[Answer]],
) -> QualityFront | None:
    """Of the scorer ``key`` and cost, or latency where nobody recorded costs; None where a variant lacks either, and for two."""
    if key is None or goal == "none" or len(scorers) < 3:
        return None
    means = {label: its[key].mean for label, its in scorers.items() if key in its}
    known = {label: mean for label, mean in means.items() if mean is not None and mean.value is not None}
    for spending in ("cost", "seconds"):
        spent = {label: _mean([getattr(one, spending) for one in its if not one.failed]) for label, its in answers.items()}
        told = [(label, known[label], total) for label in scorers if label in known and (total := spent[label]) is not None]
        if len(told) < len(scorers):
            continue
        front = pareto_front([(mean.value or 0.0, total) for _, mean, total in told], (goal == "maximize", False))
        points = [FrontPoint(label, mean, total, at in front.members) for at, (label, mean, total) in enumerate(told)]
        sign = -1 if goal == "maximize" else 1
        ordered = sorted(points, key=lambda point: (sign * (point.quality.value or 0.0), point.spent, point.label))
        return QualityFront(key, goal, scorers[told[0][0]][key].kind, "cost" if spending == "cost" else "seconds", tuple(ordered))
    return None


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None
