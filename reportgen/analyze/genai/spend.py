"""What answers took beside what they scored: seconds, tokens and dollars, row by row."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from reportgen.analyze.genai.runs import Answer
from reportgen.analyze.methods.estimates import mean_of
from reportgen.model import Interval

What = Literal["seconds", "tokens", "cost"]


@dataclass(frozen=True, slots=True)
class SpendChange:
    """One kind of spending on the rows that both sides have, failed answers left out."""

    what: What
    n_pairs: int
    before: float | None
    """Mean of a row, not the geometric one: what a bill is made of."""
    after: float | None
    ratio: Interval | None
    """Ratio of geometric means; None where a value is not positive, or below two rows."""


def spend_changes(before: Sequence[Answer], after: Sequence[Answer], level: float) -> tuple[SpendChange, ...]:
    kinds: Mapping[What, Callable[[Answer], float | None]] = {
        "seconds": lambda one: one.seconds,
        "tokens": lambda one: one.tokens,
        "cost": lambda one: one.cost,
    }
    found = (_change(what, _by_row(before, value), _by_row(after, value), level) for what, value in kinds.items())
    return tuple(one for one in found if one.n_pairs)


def _by_row(answers: Sequence[Answer], value: Callable[[Answer], float | None]) -> dict[str, float]:
    """Row → mean over its answers."""
    found: dict[str, list[float]] = defaultdict(list)
    for answer in answers:
        spent = value(answer)
        if answer.row and not answer.failed and spent is not None and math.isfinite(spent):
            found[answer.row].append(float(spent))
    return {row: sum(values) / len(values) for row, values in found.items()}


def _change(what: What, before: Mapping[str, float], after: Mapping[str, float], level: float) -> SpendChange:
    rows = [row for row in before if row in after]
    if not rows:
        return SpendChange(what, 0, None, None, None)
    a, b = [before[row] for row in rows], [after[row] for row in rows]
    return SpendChange(what, len(rows), sum(a) / len(a), sum(b) / len(b), _ratio(a, b, level))


def _ratio(a: Sequence[float], b: Sequence[float], level: float) -> Interval | None:
    if min(*a, *b) <= 0 or len(a) < 2:
        return None
    logs = [math.log(after / before) for before, after in zip(a, b, strict=True)]
    estimate = mean_of(logs, max(map(abs, logs)), level)
    low, high = (estimate.low, estimate.high) if estimate.se and len(a) > 2 else (None, None)
    bounds = [None if end is None or abs(end) > 50 else math.exp(end) for end in (low, high)]
    return Interval(math.exp(estimate.value), bounds[0], bounds[1], len(a), level)
