"""One comparison read again and again while its runs accumulate: which look is this, and what level does it have.

The plan is the config's: so many looks at equal shares of so many runs. The look is found from the runs (or pairs) there are,
and the level is Lan and DeMets' with O'Brien and Fleming's spending: the first looks are strict, the last is nearly 5 %.
A declared margin follows the same plan: its one-sided bounds take the level that the spending gives to one side.
Limits: nothing remembers the looks that were really taken; those planned before the runs now at hand are counted as taken.
Looks that nobody declared change no level; the report says how many there were, and what that makes of the error.
Sources: Lan & DeMets 1983; Armitage, McPherson & Rowe 1969.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from reportgen.analyze.compare.comparison import Comparison
from reportgen.analyze.compare.difference import Difference, Margin, Tested
from reportgen.analyze.compare.findings import PlannedLook, UnplannedLooks
from reportgen.analyze.compare.study import Study
from reportgen.analyze.compare.two_groups import difference_of
from reportgen.analyze.compare.values import GroupValues
from reportgen.analyze.methods.samples import ALPHA
from reportgen.config import LooksConfig

MOST_LOOKS = 50
"""The rate grows with the logarithm of the looks; beyond these the report says "or more"."""


@dataclass(frozen=True, slots=True)
class Look:
    """The newest look at a planned comparison."""

    look: int
    """1 for the first."""
    planned: int
    n: int
    """Runs in the smaller group, or pairs."""
    n_planned: int
    level: float
    """Two-sided: reject when p is at or below it; the interval to print has level ``1 − level``. ALPHA when over the plan."""
    state: Literal["planned", "between", "final", "beyond"]
    """``between``: not at a planned number of runs; the error that is spent follows the runs all the same."""
    alpha: float = ALPHA
    """The error of the whole plan."""


def look_of(plan: LooksConfig, n: int, *, alpha: float = ALPHA) -> Look | None:
    """The look that ``n`` runs per group (of the smaller group, or pairs) make; None before there are two.

    Beyond the plan the bounds do not hold: ``beyond``, with the level of the last planned look.
    """
    if n < 2:
        return None
    schedule = [max(2, round(plan.runs * k / plan.planned)) for k in range(1, plan.planned + 1)]
    taken = [at for at in schedule if at < n]
    at = [*taken, n] if n <= plan.runs else schedule
    level = _newest_level(tuple(runs / plan.runs for runs in at), alpha)
    state: Literal["planned", "between", "final", "beyond"] = (
        "beyond" if n > plan.runs else "final" if n == plan.runs else "planned" if n in schedule else "between"
    )
    return Look(min(len(at), plan.planned), plan.planned, n, plan.runs, level, state, alpha)


@lru_cache(maxsize=256)
def _newest_level(information: tuple[float, ...], alpha: float) -> float:
    """The same for every group with as many runs, and a tenth of a second to find."""
    from reportgen.analyze.methods.sequential import sequential_bounds

    return sequential_bounds(information, alpha=alpha).p_levels[-1]


def margin_level(plan: LooksConfig, n: int, *, alpha: float = ALPHA) -> float | None:
    """One-sided level of the margin's bounds at this look: half of what a plan of twice ``alpha`` gives; None before two runs."""
    look = look_of(plan, n, alpha=2 * alpha)
    return None if look is None else look.level / 2


def at_look(study: Study, comparison: Comparison) -> tuple[Comparison, tuple[PlannedLook, ...]]:
    """``comparison`` with the intervals and outcomes of the primary metric at the level of the declared plan's newest look.

    The other metrics are no part of the plan. Without a plan nothing changes.
    """
    if study.rules.looks is None or not comparison.metrics:
        return comparison, ()
    primary, *others = comparison.metrics
    values = {side.label: side for side in primary.groups}
    differences = tuple(_at_look(study, d, values) for d in primary.differences)
    found = [PlannedLook(d.group, d.look, d.pairing is not None) for d in differences if d.look is not None]
    if any(d.reason == "tasks" for d in differences):
        found.append(PlannedLook("compare.looks", None, paired=False))
    return replace(comparison, metrics=(replace(primary, differences=differences), *others)), tuple(found)


def _at_look(study: Study, d: Difference, values: Mapping[str, GroupValues]) -> Difference:
    """``d`` with the interval, power and margin of its look, whose level decides: what the plan does not show yet is not better,
    worse, equivalent or not worse."""
    plan, rules, tested = study.rules.looks, study.rules, d.tested
    n = d.pairing.n if d.pairing else min(d.n_a, d.n_b)
    look = look_of(plan, n, alpha=rules.alpha) if plan is not None and tested is not None else None
    if look is None or plan is None or tested is None:
        return d
    n_others = max(1, len(study.groups) - 1)
    level = 1 - look.level / n_others
    one_sided = (margin_level(plan, n, alpha=rules.alpha) or look.level) / n_others
    margin = Margin(rules.margin, one_sided) if rules.margin is not None else None
    again = difference_of(study, study.metrics[0], values[d.baseline], values[d.group], level=level, margin=margin).result
    assert isinstance(again, Tested)
    power = replace(tested.power, detectable=again.power.detectable, n_needed=again.power.n_needed)
    result = replace(tested, low=again.low, high=again.high, lift=again.lift, margin=again.margin, power=power, look=look)
    return replace(d, result=result, level=level, alpha=look.level)


def unplanned_looks(study: Study, comparison: Comparison) -> tuple[UnplannedLooks, ...]:
    """The caveat of a scheduled comparison without a plan, where something was tested."""
    if study.rules.looks is not None or not any(d.tested for d in comparison.primary):
        return ()
    return (UnplannedLooks(study.rules.field, comparison.looks_before, study.rules.alpha),)
