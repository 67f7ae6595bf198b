"""Three groups or more in one metric: every pair, and the families of tests that a config may declare instead of Holm's.

Holm's p with Bonferroni's intervals holds for every design. Dunnett's test (all against the baseline) takes one variance
for all groups, and is refused where the largest sd is twice the smallest; Games and Howell's and Tukey's take all pairs.
Limits: these three need unpaired groups of three runs or more that are no folds; where that fails the reason is told and
Holm stands. Sources: Holm 1979; Dunnett 1955; Games & Howell 1976; Tukey 1949.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations

from reportgen.analyze.comparison import Difference, MetricComparison, difference_of, held_together, judged
from reportgen.analyze.groups import is_usable
from reportgen.analyze.methods.groups import PairDifference, dunnett, tukey_pairs
from reportgen.analyze.metrics import Metric
from reportgen.analyze.runs import Run, RunKey
from reportgen.config import CompareConfig

MOST_GROUPS = 40
"""780 pairs; with more nobody reads them, and Holm finds nothing."""


def every_pair(
    config: CompareConfig,
    metric: Metric,
    compared: MetricComparison,
    by_key: Mapping[RunKey, Run],
    datasets: Mapping[RunKey, tuple[str, ...]],
) -> tuple[Difference, ...]:
    """The second group against the first of every pair with values, Holm's p and Bonferroni's intervals over all of them.

    Empty for fewer than three groups with values, or more than ``MOST_GROUPS``.
    """
    sides = [side for side in compared.groups if side.n]
    if not 3 <= len(sides) <= MOST_GROUPS or not is_usable(value for side in sides for value in side.values):
        return ()
    level = 1 - config.alpha / math.comb(len(sides), 2)
    found = [
        difference_of(
            metric,
            first,
            second,
            pair_by=config.pair_by,
            level=level,
            by_key=by_key,
            datasets=datasets,
            alpha=config.alpha,
            effects=False,
        )
        for first, second in combinations(sides, 2)
    ]
    return held_together(found, {metric.name: metric})


def declared(
    config: CompareConfig, metric: Metric, compared: MetricComparison, pairs: Sequence[Difference]
) -> tuple[tuple[Difference, ...], tuple[Difference, ...]] | str:
    """(against the baseline, every pair) by the declared family, or why it cannot be used.

    Dunnett's test is only of the baseline: every pair keeps Holm's p.
    """
    sides = compared.groups
    if why := _unfit(compared, pairs):
        return why
    values = [side.values for side in sides]
    level = 1 - config.alpha
    found = (
        dunnett(values, 0, level=level)
        if config.family == "dunnett"
        else tukey_pairs(values, equal_variances=config.family == "tukey", level=level)
    )
    refused = next((one.note for one in found if one.outcome != "estimated"), None)
    if refused is not None:
        return refused
    by_labels = {(sides[one.first].label, sides[one.second].label): one for one in found}
    against = tuple(_by_family(config, metric, d, by_labels[d.baseline, d.group], len(found)) for d in compared.differences)
    if config.family == "dunnett":
        return against, tuple(pairs)
    return against, tuple(_by_family(config, metric, d, by_labels[d.baseline, d.group], len(found)) for d in pairs)


def _unfit(compared: MetricComparison, pairs: Sequence[Difference]) -> str:
    n = {side.label: side.n for side in compared.groups}
    if any(d.pairing is not None for d in (*compared.differences, *pairs)):
        return "runs are paired, and it is of unpaired groups"
    if any(d.reason != "tested" for d in compared.differences):
        return "a group cannot be tested"
    if any((d.n_a, d.n_b) != (n[d.baseline], n[d.group]) for d in compared.differences):
        return "runs are folds, which are averaged first"
    return ""


def _by_family(config: CompareConfig, metric: Metric, d: Difference, found: PairDifference, n_family: int) -> Difference:
    assert found.interval is not None
    assert config.family != "holm"
    told = replace(
        d,
        method=config.family,
        p=found.p_adjusted,
        p_holm=None,
        n_family=n_family,
        low=found.interval.low,
        high=found.interval.high,
        level=found.interval.level,
        lift=None,  # its interval is Welch's, of another level
    )
    return judged(told, metric)
