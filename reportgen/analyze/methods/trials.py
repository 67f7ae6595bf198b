"""Items that were tried several times: does one of k tries pass, do all of them.

Sources: Chen et al. 2021 (arXiv 2107.03374) for the unbiased pass@k; Yao et al. 2024 (arXiv 2406.12045) for pass^k.
"""

from __future__ import annotations

import math


def pass_at(k: int, passed: int, n: int) -> float:
    """Chance that at least one of ``k`` tries passes, from ``passed`` of ``n`` tries; ``ValueError`` unless 1 ≤ k ≤ n."""
    _check(k, passed, n)
    return 1 - math.comb(n - passed, k) / math.comb(n, k)


def pass_all(k: int, passed: int, n: int) -> float:
    """Chance that all of ``k`` tries pass, from ``passed`` of ``n`` tries; ``ValueError`` unless 1 ≤ k ≤ n."""
    _check(k, passed, n)
    return math.comb(passed, k) / math.comb(n, k)


def _check(k: int, passed: int, n: int) -> None:
    if not (1 <= k <= n and 0 <= passed <= n):
        raise ValueError(f"k = {k} of {n} tries with {passed} passed")
