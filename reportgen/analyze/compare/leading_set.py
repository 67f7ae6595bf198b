"""Three groups or more together: which of them no test sets apart from the best, and the analysis of variance, which decides nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportgen.analyze.compare.difference import Difference
from reportgen.analyze.compare.families import in_family
from reportgen.analyze.compare.study import Study
from reportgen.analyze.compare.two_groups import difference_of
from reportgen.analyze.compare.values import GroupValues, is_usable

if TYPE_CHECKING:  # loads the large half of SciPy: only for three groups or more
    from reportgen.analyze.methods.groups import Omnibus


@dataclass(frozen=True, slots=True)
class Leading:
    """The groups that no test sets apart from the one with the best mean, by the tests that the verdicts and every pair have."""

    best: str
    members: tuple[str, ...]
    """The best first, then by mean."""
    undecided: tuple[str, ...]
    """Groups that no test could be made of."""
    n_tests: int


def leading_of(
    study: Study, values: Sequence[GroupValues], differences: Sequence[Difference], pairs: Sequence[Difference]
) -> Leading | None:
    """For three groups or more of a primary metric with a direction; None where a group is a search.

    No pair is judged twice: one with the baseline has the p of its verdict, all others that of every pair, which holds although
    the best was chosen after its mean was seen.
    """
    metric, sides = study.metrics[0], _three_sides(study, values)
    if not sides or metric.goal == "none":
        return None
    first, *rest = sorted(sides, key=lambda side: -metric.improvement(side.mean or 0.0))
    tests = {frozenset((d.baseline, d.group)): d for d in (*pairs, *differences)}
    n_pairs = len(sides) * (len(sides) - 1) // 2
    found = {
        side.label: tests.get(frozenset((first.label, side.label))) or _bonferroni(study, first, side, n_pairs) for side in rest
    }
    ps = {label: d.p_decisive for label, d in found.items()}
    identical = {label for label, d in found.items() if d.reason == "identical"}
    tied = [label for label, p in ps.items() if label in identical or (p is not None and p > study.rules.alpha)]
    return Leading(
        best=first.label,
        members=(first.label, *tied),
        undecided=tuple(label for label, p in ps.items() if p is None and label not in identical),
        n_tests=sum(p is not None for p in ps.values()),
    )


def _bonferroni(study: Study, first: GroupValues, side: GroupValues, n_pairs: int) -> Difference:
    """A pair of too many groups for every pair to be tested: its p times the number of pairs (Bonferroni)."""
    made = difference_of(study, study.metrics[0], first, side, effects=False)
    return made if made.p is None else in_family(made, "holm", n_pairs, min(1.0, made.p * n_pairs))


def _three_sides(study: Study, values: Sequence[GroupValues]) -> list[GroupValues]:
    """The groups with values, where these are three or more, no searches, and numbers that can be squared; else none."""
    sides = [side for side in values if side.n]
    fits = len(sides) > 2 and not study.has_searches and is_usable(value for side in sides for value in side.values)
    return sides if fits else []


def omnibus_of(
    study: Study, values: Sequence[GroupValues], differences: Sequence[Difference]
) -> tuple[Omnibus | None, Omnibus | None]:
    """Welch's analysis of variance, and the same by ranks, of three unpaired groups or more that are no folds."""
    sides = [side.values for side in _three_sides(study, values)]
    if not sides or any(d.pairing is not None or d.reason == "folds" for d in differences):
        return None, None
    from reportgen.analyze.methods.groups import anova, kruskal_wallis

    by_values, by_ranks = (found if found.outcome == "estimated" else None for found in (anova(sides), kruskal_wallis(sides)))
    return by_values, by_ranks
