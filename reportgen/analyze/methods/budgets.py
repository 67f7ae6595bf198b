"""What a budget of runs buys: the expected best of k runs."""

from __future__ import annotations

import numpy as np

from reportgen.analyze.methods.samples import Values


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
