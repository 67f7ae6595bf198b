"""One comparison read again and again while its runs accumulate: which look is this, and what level does it have.

The plan is the config's: so many looks at equal shares of so many runs. The look is found from the runs (or pairs) there are,
and the level is Lan and DeMets' with O'Brien and Fleming's spending: the first looks are strict, the last is nearly 5 %.
A declared margin follows the same plan: its one-sided bounds take the level that the spending gives to one side.
Limits: nothing remembers the looks that were really taken; those planned before the runs now at hand are counted as taken.
Looks that nobody declared change no level; how many there were is told, and what that makes of the error.
Sources: Lan & DeMets 1983; Armitage, McPherson & Rowe 1969.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from reportgen.analyze.comparison import ALPHA, Comparison, Difference, difference_of, judged
from reportgen.analyze.metrics import Metric
from reportgen.analyze.runs import Run, RunKey
from reportgen.config import CompareConfig, LooksConfig
from reportgen.errors import Problem
from reportgen.formats import one_line, text_of

MOST_LOOKS = 50
"""The rate grows with the logarithm of the looks; beyond these it is told as "or more"."""


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
    from reportgen.analyze.methods.sequential import sequential_bounds

    if n < 2:
        return None
    schedule = [max(2, round(plan.runs * k / plan.planned)) for k in range(1, plan.planned + 1)]
    taken = [at for at in schedule if at < n]
    at = [*taken, n] if n <= plan.runs else schedule
    level = sequential_bounds([runs / plan.runs for runs in at], alpha=alpha).p_levels[-1]
    state: Literal["planned", "between", "final", "beyond"] = (
        "beyond" if n > plan.runs else "final" if n == plan.runs else "planned" if n in schedule else "between"
    )
    return Look(min(len(at), plan.planned), plan.planned, n, plan.runs, level, state, alpha)


def margin_level(plan: LooksConfig, n: int, *, alpha: float = ALPHA) -> float | None:
    """One-sided level of the margin's bounds at this look: half of what a plan of twice ``alpha`` gives; None before two runs."""
    look = look_of(plan, n, alpha=2 * alpha)
    return None if look is None else look.level / 2


def look_words(look: Look, unit: str = "runs per group") -> str:
    """Which look this is and what it asks for, e.g. beside a verdict."""
    if look.state == "beyond":
        return (
            f"{look.n:,} {unit} are more than the {look.n_planned:,} that were planned: the declared looks no longer keep the "
            f"error at {alpha_words(look.alpha)}; the last planned level is used."
        )
    return (
        f"Look {look.look} of {look.planned} ({look.n:,} of {look.n_planned:,} {unit} planned): a difference counts when p is at most "
        f"{text_of(look.level, 'number', 6 if look.level < 1e-4 else 4)} (Lan–DeMets, O'Brien–Fleming), and the interval has that level."
    )


def alpha_words(alpha: float) -> str:
    """ "5 %", "0.5 %"."""
    return text_of(alpha, "percent", next(n for n in range(12) if round(alpha * 100, n) == round(alpha * 100, 12)))


def repeated_looks_caveat(looks_before: int | None = None, alpha: float = ALPHA) -> str:
    """What a comparison without a plan must say when its report is made again and again over the same, growing runs.

    ``looks_before`` are the earlier reports of it; None when they are not known.
    """
    from reportgen.analyze.methods.sequential import naive_false_positive_rate

    if looks_before:
        look = looks_before + 1
        rate = naive_false_positive_rate(min(look, MOST_LOOKS), alpha=alpha)
        more = " or more" if look > MOST_LOOKS else ""
        return (
            f"Look {look:,}; not adjusted: the false-positive rate after {min(look, MOST_LOOKS)} looks{more} at equal steps is "
            f"{text_of(rate, 'percent', 0)}, not {alpha_words(alpha)}."
        )
    five, ten = (text_of(naive_false_positive_rate(n, alpha=alpha), "percent", 0) for n in (5, 10))
    return (
        f"Not adjusted for repeated looks at growing runs: equals are found different in {five} of cases after 5 looks, {ten} after "
        f"10, not {alpha_words(alpha)}."
    )


def at_look(
    comparison: Comparison,
    config: CompareConfig,
    metrics: Mapping[str, Metric],
    by_key: Mapping[RunKey, Run],
    datasets: Mapping[RunKey, tuple[str, ...]],
) -> tuple[Comparison, tuple[Problem, ...]]:
    """``comparison`` with the intervals and outcomes of the primary metric at the level of the declared plan's newest look.

    The other metrics are no part of the plan. Without ``config.looks`` nothing changes.
    """
    if config.looks is None or not comparison.metrics:
        return comparison, ()
    primary, *others = comparison.metrics
    notes: list[Problem] = []
    values = {side.label: side for side in primary.groups}
    differences = []
    for one in primary.differences:
        n = one.pairing.n if one.pairing else min(one.n_a, one.n_b)
        look = look_of(config.looks, n, alpha=config.alpha) if one.reason == "tested" and one.p is not None else None
        if look is None:
            differences.append(one)
            continue
        others_share = max(1, len(comparison.groups) - 1)
        share = look.level / others_share
        of_margin = margin_level(config.looks, n, alpha=config.alpha) or look.level
        again = difference_of(
            metrics[one.metric],
            values[one.baseline],
            values[one.group],
            pair_by=config.pair_by,
            level=1 - share,
            by_key=by_key,
            datasets=datasets,
            margin=config.margin,
            margin_alpha=of_margin / others_share,
        )
        differences.append(_at_level(one, again, look, metrics[one.metric]))
        unit = "pairs" if one.pairing else "runs per group"
        what, todo = look_words(look, unit), "keep to the plan: no runs beyond it, and no look that it does not name"
        notes.append(
            Problem("compare-look", one_line(one.group, 80), what, todo, "warning" if look.state == "beyond" else "note")
        )
    if any(one.reason == "tasks" for one in primary.differences):
        what = (
            "The groups are judged over tasks, and the plan of looks is of runs: the tests over tasks are not adjusted for looks."
        )
        notes.append(Problem("compare-look", "compare.looks", what, "set tasks: none to judge run by run", "warning"))
    return replace(comparison, metrics=(replace(primary, differences=tuple(differences)), *others)), tuple(notes)


def _at_level(one: Difference, again: Difference, look: Look, metric: Metric) -> Difference:
    """``one`` with the interval, power and margin of ``again``, judged at the look's level: what the plan does not show yet
    is not better, worse, equivalent or not worse."""
    told = replace(
        one,
        low=again.low,
        high=again.high,
        level=again.level,
        lift=again.lift,
        detectable=again.detectable,
        n_needed=again.n_needed,
        n_for_margin=again.n_for_margin,
        within=again.within,
        alpha=look.level,
        look=look,
    )
    return told if one.lowered else judged(told, metric)


def looks_note(comparison: Comparison, config: CompareConfig) -> tuple[Problem, ...]:
    """The caveat of a scheduled comparison without a plan, where something was tested."""
    tested = any(one.p is not None for compared in comparison.metrics[:1] for one in compared.differences)
    if config.looks is not None or not tested:
        return ()
    todo = "declare the plan before the first look: compare: {looks: {planned: 4, runs: 20}}"
    caveat = repeated_looks_caveat(comparison.looks_before, config.alpha)
    return (Problem("compare-looks-unplanned", one_line(config.field, 80), caveat, todo, "note"),)
