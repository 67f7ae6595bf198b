"""What a budget of runs buys: the expected best of k runs.

Two sweeps are compared at equal budgets only: a single best run is always too good (best of 100 beats best of 20 in 83 % of draws
from the same distribution).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reportgen.analyze.methods.samples import Values, finite


@dataclass(frozen=True, slots=True)
class ExpectedBest:
    """Expected best value of k runs, for each budget k."""

    n: int
    budgets: tuple[int, ...]
    values: tuple[float, ...]


def expected_best(values: Values, *, higher_is_better: bool, budgets: int | None = None) -> ExpectedBest:
    """Expected best value after 1, 2, … runs, up to ``budgets`` (by default all).

    ``values`` are flat and finite, 1 ≤ ``budgets`` ≤ n (else ``ValueError``). Compare two sweeps only at k ≤ the smaller n.
    """
    array = finite(values)
    most = int(array.size) if budgets is None else budgets
    if not 1 <= most <= array.size:
        raise ValueError(f"budgets must lie between 1 and {array.size}, found {most}")
    counts = tuple(range(1, most + 1))
    return ExpectedBest(int(array.size), counts, tuple(expected_best_of(array, k, maximize=higher_is_better) for k in counts))


def expected_best_of(values: Values, k: int, *, maximize: bool) -> float:
    """The mean, over all subsets of ``k`` runs, of the best value in the subset. 1 ≤ k ≤ n.

    The unbiased form (Tang et al. 2020); the i-th smallest value is the largest of C(i−1, k−1) subsets.
    """
    array = np.sort(np.asarray(values, dtype=np.float64))
    array = array if maximize else -array[::-1]
    n = len(array)
    weight, best = k / n, 0.0  # share of subsets whose maximum is the largest value: C(n−1, k−1)/C(n, k)
    for i in range(n, k - 1, -1):
        best += weight * float(array[i - 1])
        weight *= (i - k) / (i - 1) if i > 1 else 0.0
    return best if maximize else -best
