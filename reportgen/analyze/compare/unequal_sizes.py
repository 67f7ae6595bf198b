"""Groups of unequal sizes: what a t test says of them must hold when runs change their labels.

A small group has seldom seen the tail of skewed values, so that Welch's t calls it better far too often (``docs/statistics.md`` has
the simulation). The permutation test of the same difference does not; both must agree.
"""

from __future__ import annotations

from collections.abc import Sequence

from reportgen.analyze.methods.randomness import generator
from reportgen.analyze.methods.samples import mean

UNEQUAL = 2
"""From this ratio of the larger size to the smaller one on."""


def are_unequal(n_a: int, n_b: int) -> bool:
    return max(n_a, n_b) >= UNEQUAL * min(n_a, n_b)


def permutation_p(a: Sequence[float], b: Sequence[float], block: str) -> float:
    """Two-sided p of the permutation test; 1.0 where not even the most extreme arrangement could reach a level."""
    from reportgen.analyze.methods.resampling import permutation_test

    found = permutation_test(a, b, generator(f"{block}|sizes")).p_two_sided
    return 1.0 if found is None else found


def holds_beyond(a: Sequence[float], b: Sequence[float], change: float, *, above: bool, alpha: float, block: str) -> bool:
    """Whether ``mean(b) − mean(a)`` is above (or below) ``change`` also by the permutation test, one-sided at ``alpha``."""
    moved = [value - change for value in b]
    return (mean(moved) > mean(a)) == above and permutation_p(a, moved, block) / 2 <= alpha
