"""One difference against the smallest difference that matters, which the reader declared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reportgen.analyze.compare.difference import Margin
from reportgen.analyze.compare.unequal_sizes import are_unequal, holds_beyond
from reportgen.analyze.methods.equivalence import (
    equivalence,
    non_inferiority,
    paired_equivalence,
    paired_non_inferiority,
)
from reportgen.analyze.methods.folds import corrected_paired
from reportgen.model import GateState


@dataclass(frozen=True, slots=True)
class MarginVerdict:
    """One difference against the smallest difference that matters."""

    margin: float
    low: float | None
    """One-sided bounds of the improvement, each at ``level``; None where nothing varies."""
    high: float | None
    level: float
    state: GateState
    """Of "not worse by the margin": PASS, FAIL or INCONCLUSIVE."""
    equivalent: bool | None
    """Whether two one-sided tests put the difference inside ±margin; None when that cannot be said."""
    needed: int | None
    """Runs per group (or pairs) that would decide it, were the estimate true."""
    is_doubted: bool = False
    """Whether the bounds decide, and the permutation test of groups of unequal sizes does not agree: then nothing is decided."""


def margin_verdict(
    a: Sequence[float], b: Sequence[float], margin: Margin, *, higher_is_better: bool, paired: bool, block: str
) -> MarginVerdict:
    """Of three runs per side (or pairs) at least: not worse by ``margin`` (one-sided), and inside ±``margin`` (TOST).

    ``block`` is the name under which randomness is drawn.
    """
    judge, inside = (paired_non_inferiority, paired_equivalence) if paired else (non_inferiority, equivalence)
    gate = judge(a, b, margin.size, higher_is_better=higher_is_better, alpha=margin.alpha)
    tost = inside(a, b, margin.size, alpha=margin.alpha)
    found = MarginVerdict(margin.size, gate.low, gate.high, 1 - margin.alpha, gate.state, tost.equivalent, gate.needed)
    if paired or not are_unequal(len(a), len(b)) or _holds(found, a, b, margin, higher_is_better=higher_is_better, block=block):
        return found
    return replace(found, state="INCONCLUSIVE", equivalent=False, needed=None, is_doubted=True)


def _holds(
    found: MarginVerdict, a: Sequence[float], b: Sequence[float], margin: Margin, *, higher_is_better: bool, block: str
) -> bool:
    """Whether every bound that decides something does so by the permutation test too."""

    def beyond(improvement: float, *, above: bool) -> bool:
        change, up = (improvement, above) if higher_is_better else (-improvement, not above)
        return holds_beyond(a, b, change, above=up, alpha=margin.alpha, block=block)

    size = margin.size
    if found.low is None or found.high is None:
        return True
    if found.state == "PASS" and not beyond(-size, above=True):
        return False
    if found.state == "FAIL" and not beyond(-size, above=False):
        return False
    return not (found.equivalent and not beyond(size, above=False)) and not (found.low > size and not beyond(size, above=True))


def fold_margin_verdict(
    a: Sequence[float], b: Sequence[float], margin: Margin, test_share: float, *, higher_is_better: bool
) -> MarginVerdict | None:
    """The same with the bounds of the corrected test; None when every fold differs by the same amount."""
    test = corrected_paired(a, b, test_share, 1 - 2 * margin.alpha)
    if test is None:
        return None
    size = margin.size
    low, high = (test.low, test.high) if higher_is_better else (-test.high, -test.low)
    state: GateState = "PASS" if low > -size else "FAIL" if high < -size else "INCONCLUSIVE"
    return MarginVerdict(size, low, high, 1 - margin.alpha, state, -size < low and high < size, None)
