"""One comparison read again and again while its runs accumulate: which look is this, and what level does it have.

The plan is the config's: so many looks at equal shares of so many runs. The look is found from the runs (or pairs) there are,
and the level is Lan and DeMets' with O'Brien and Fleming's spending: the first looks are strict, the last is nearly 5 %.
Limits: nothing remembers the looks that were really taken; those planned before the runs now at hand are counted as taken.
Sources: Lan & DeMets 1983; Armitage, McPherson & Rowe 1969.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from reportgen.config import LooksConfig
from reportgen.formats import text_of

ALPHA = 0.05


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

    @property
    def interval_level(self) -> float:
        return 1 - self.level


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
    return Look(min(len(at), plan.planned), plan.planned, n, plan.runs, level, state)


def look_words(look: Look, unit: str = "runs per group") -> str:
    """Which look this is and what it asks for, e.g. beside a verdict."""
    if look.state == "beyond":
        return (
            f"{look.n:,} {unit} are more than the {look.n_planned:,} that were planned: the declared looks no longer keep the "
            f"error at {text_of(ALPHA, 'percent', 0)}; the last planned level is used."
        )
    return (
        f"Look {look.look} of {look.planned} ({look.n:,} of {look.n_planned:,} {unit} planned): a difference counts when p is at most "
        f"{text_of(look.level, 'number', 6 if look.level < 1e-4 else 4)} (Lan–DeMets, O'Brien–Fleming), and the interval has that level."
    )


def repeated_looks_caveat(looks: int = 5) -> str:
    """What a comparison without a plan must say when its report is made again and again over the same, growing runs."""
    from reportgen.analyze.methods.sequential import naive_false_positive_rate

    rate = naive_false_positive_rate(looks, alpha=ALPHA)
    return (
        f"Not adjusted for repeated looks: read {looks} times while runs accumulate, a comparison of equals is found different "
        f"in {text_of(rate, 'percent', 0)} of cases instead of {text_of(ALPHA, 'percent', 0)}; declare compare.looks beforehand."
    )
