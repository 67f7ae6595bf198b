"""Parts of the rows, by the users' tags: a mean over all rows hides the part that fell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

from reportgen.analyze.genai.paired import PairedScores, judged, paired_scores
from reportgen.analyze.genai.scores import ScorerKey, Scores
from reportgen.analyze.methods.multiple import holm_of_some
from reportgen.model import Goal

FEWEST_ROWS = 3
MOST_VALUES = 30
"""Different values beyond which a tag names rows and makes no slices."""


@dataclass(frozen=True, slots=True)
class Slice:
    """The rows with one value of a tag, by one scorer, judged as one of all slices."""

    tag: str
    value: str
    scores: PairedScores


def slices_of(
    before: Mapping[ScorerKey, Scores], after: Mapping[ScorerKey, Scores], goals: Mapping[str, Goal], alpha: float
) -> tuple[Slice, ...]:
    """Every slice by every scorer that passes or fails and has a direction, worst first; of tags that split the rows.

    They are one family of tests: the more slices, the easier one of them falls by chance.
    """
    found: list[Slice] = []
    for key in sorted({*before} & {*after}):
        goal = goals[key.name]
        if before[key].kind != "pass" or after[key].kind != "pass" or goal == "none":
            continue
        for (tag, value), rows in sorted(_groups(after[key]).items()):
            paired = paired_scores(_only(before[key], rows), _only(after[key], rows), key, goal, alpha)
            if paired.n_pairs >= FEWEST_ROWS:
                found.append(Slice(tag, value, paired))
    adjusted = holm_of_some([one.scores.p for one in found])
    found = [replace(one, scores=judged(one.scores, p, alpha, None)) for one, p in zip(found, adjusted, strict=True)]
    return tuple(sorted(found, key=lambda one: (_gain(one.scores), one.tag, one.value, one.scores.key)))


def _groups(scores: Scores) -> dict[tuple[str, str], frozenset[str]]:
    by_tag: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row, one in scores.rows.items():
        for tag, value in one.tags.items():
            by_tag[tag][value].add(row)
    n = len(scores.rows)
    return {
        (tag, value): frozenset(rows)
        for tag, values in by_tag.items()
        if 2 <= len(values) <= min(MOST_VALUES, max(2, n // 2))
        for value, rows in values.items()
    }


def _only(scores: Scores, rows: frozenset[str]) -> Scores:
    return replace(scores, rows={row: one for row, one in scores.rows.items() if row in rows}, unkeyed=())


def _gain(one: PairedScores) -> float:
    change = (one.after or 0.0) - (one.before or 0.0)
    return -change if one.goal == "minimize" else change
