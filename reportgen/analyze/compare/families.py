"""Tests that belong together: Holm's adjustment, every pair of three groups or more, and the families that rules may declare.

Holm's p with Bonferroni's intervals holds for every design. Dunnett's test (all against the baseline) takes one variance
for all groups, and is refused where the largest sd is twice the smallest; Games and Howell's and Tukey's take all pairs.
Limits: these three need unpaired groups of three runs or more that are no folds; where that fails the reason is kept and
Holm stands. Sources: Holm 1979; Dunnett 1955; Games & Howell 1976; Tukey 1949.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING, Literal

from reportgen.analyze.compare.difference import Difference, Family, FamilyName
from reportgen.analyze.compare.study import Study
from reportgen.analyze.compare.two_groups import difference_of
from reportgen.analyze.compare.values import GroupValues, is_usable
from reportgen.analyze.methods import multiple
from reportgen.analyze.methods.samples import Reason

if TYPE_CHECKING:  # loads the large half of SciPy: only where a family is declared
    from reportgen.analyze.methods.groups import PairDifference

MOST_GROUPS = 40
"""780 pairs; with more nobody reads them, and Holm finds nothing."""

Misfit = Literal["two_groups", "paired", "untested", "folds", "refused"]
"""Why a declared family is not used: it needs three groups; its groups must be unpaired; each must be tested; folds are
averaged first; the method itself refuses these groups."""


@dataclass(frozen=True, slots=True)
class Unfit:
    """A declared family that could not be used: Holm's p and Bonferroni's intervals stand instead."""

    family: FamilyName
    why: Misfit
    reason: Reason | None = None
    """The method's own reason, where it refuses."""


@dataclass(frozen=True, slots=True)
class Families:
    """The primary metric, adjusted."""

    differences: tuple[Difference, ...]
    """Each group against the baseline."""
    pairs: tuple[Difference, ...]
    """Every pair, a family of its own; empty for two groups, for searches and for more than ``MOST_GROUPS``."""
    unfit: Unfit | None = None


def families_of(study: Study, values: Sequence[GroupValues], differences: Sequence[Difference]) -> Families:
    """The primary metric's ``differences`` of the groups with ``values``, by Holm or by the declared family."""
    adjusted, family = holm_adjusted(differences), study.rules.family
    if len(study.groups) < 3:
        unfit = Unfit(family, "two_groups") if family != "holm" and len(study.groups) == 2 else None
        return Families(adjusted, (), unfit)
    pairs = () if study.has_searches else every_pair(study, values)
    if family == "holm" or not adjusted:
        return Families(adjusted, pairs)
    return _declared(study, values, adjusted, pairs)


def holm_adjusted(differences: Sequence[Difference]) -> tuple[Difference, ...]:
    """``differences`` with Holm's p over the tests among them; a test that is alone needs none."""
    tests = [d.tested.p for d in differences if d.tested is not None]
    if len(tests) < 2:
        return tuple(differences)
    adjusted = iter(multiple.holm(tests))
    return tuple(d if d.tested is None else in_family(d, "holm", len(tests), next(adjusted)) for d in differences)


def in_family(difference: Difference, name: FamilyName, n: int, p: float) -> Difference:
    """A tested ``difference`` with its p adjusted over ``n`` tests."""
    assert difference.tested is not None
    return replace(difference, result=replace(difference.tested, family=Family(name, n, p)))


def every_pair(study: Study, values: Sequence[GroupValues]) -> tuple[Difference, ...]:
    """The second group against the first of every pair with values, Holm's p and Bonferroni's intervals over all of them.

    Empty for fewer than three groups with values, or more than ``MOST_GROUPS``.
    """
    sides = [side for side in values if side.n]
    if not 3 <= len(sides) <= MOST_GROUPS or not is_usable(value for side in sides for value in side.values):
        return ()
    level = 1 - study.rules.alpha / math.comb(len(sides), 2)
    return holm_adjusted(
        [
            difference_of(study, study.metrics[0], first, second, level=level, effects=False)
            for first, second in combinations(sides, 2)
        ]
    )


def _declared(
    study: Study, values: Sequence[GroupValues], differences: tuple[Difference, ...], pairs: tuple[Difference, ...]
) -> Families:
    """Both by the declared family, if it can be used. Dunnett's test is only of the baseline: every pair keeps Holm's p."""
    from reportgen.analyze.methods.groups import dunnett, tukey_pairs

    family, level = study.rules.family, 1 - study.rules.alpha
    if why := _misfit(values, differences, pairs):
        return Families(differences, pairs, Unfit(family, why))
    samples = [side.values for side in values]
    found = (
        dunnett(samples, 0, level=level)
        if family == "dunnett"
        else tukey_pairs(samples, equal_variances=family == "tukey", level=level)
    )
    refused = next((pair.reason for pair in found if pair.outcome != "estimated"), None)
    if refused is not None:
        return Families(differences, pairs, Unfit(family, "refused", refused))
    by_labels = {(values[pair.first].label, values[pair.second].label): pair for pair in found}

    def by_family(some: tuple[Difference, ...]) -> tuple[Difference, ...]:
        return tuple(_by_family(d, family, by_labels[d.baseline, d.group], len(found)) for d in some)

    return Families(by_family(differences), pairs if family == "dunnett" else by_family(pairs))


def _misfit(values: Sequence[GroupValues], differences: Sequence[Difference], pairs: Sequence[Difference]) -> Misfit | None:
    n = {side.label: side.n for side in values}
    if any(d.pairing is not None for d in (*differences, *pairs)):
        return "paired"
    if any(d.tested is None for d in differences):
        return "untested"
    if any((d.n_a, d.n_b) != (n[d.baseline], n[d.group]) for d in differences):
        return "folds"
    return None


def _by_family(d: Difference, family: FamilyName, found: PairDifference, n: int) -> Difference:
    assert d.tested is not None
    assert found.interval is not None
    assert found.p_adjusted is not None
    result = replace(
        d.tested,
        family=Family(family, n, found.p_adjusted),
        low=found.interval.low,
        high=found.interval.high,
        lift=None,  # its interval is Welch's, of another level
    )
    return replace(d, result=result, level=found.interval.level)
