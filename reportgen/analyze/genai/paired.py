"""Two sides by one scorer, row by row: the difference with its interval and test, and the rows that changed.

Pass or fail on rows that stand each for themselves: Newcombe's paired interval with McNemar's mid-p. Everything else (scores, rows
that were tried several times, conversations): the mean of the differences of rows with Student's t over rows or, where conversations
hold several, over these. Test and interval are then one calculation; where Newcombe and McNemar disagree, nothing is claimed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from reportgen.analyze.genai.scorers import clusters_of, is_binary
from reportgen.analyze.genai.scores import Kind, RowScore, ScorerKey, Scores
from reportgen.analyze.methods.clustered import clustered_mean
from reportgen.analyze.methods.power import minimum_detectable_difference, runs_needed
from reportgen.analyze.methods.proportions import (
    detectable_paired_difference,
    mcnemar_mid_p,
    paired_items_needed,
    paired_share_difference,
)
from reportgen.analyze.methods.randomness import generator
from reportgen.model import Goal, Interval, Outcome

FEWEST_PAIRS = 6
"""Below it not even rows that all change one way could show a difference at 5 %."""

Method = Literal["newcombe", "t", "clusters", "none"]
Reason = Literal["tested", "no_pairs", "few_pairs", "all_equal", "constant", "one_side", "labels", "few_clusters"]


@dataclass(frozen=True, slots=True)
class Flip:
    """A row whose score changed."""

    row: str
    before: float
    after: float
    trace_before: tuple[str, str]
    trace_after: tuple[str, str]
    tags: Mapping[str, str]

    @property
    def change(self) -> float:
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class PairedScores:
    """``after`` minus ``before`` by one scorer."""

    key: ScorerKey
    kind: Kind
    goal: Goal
    reason: Reason
    n_pairs: int
    only_before: tuple[str, ...]
    """Rows that have a score before and none after."""
    only_after: tuple[str, ...]
    before: float | None
    """Mean over the pairs, not over the side."""
    after: float | None
    difference: Interval | None
    method: Method
    n_clusters: int
    won: int
    """Rows that got better; without a direction, that rose."""
    lost: int
    tied: int
    flips: tuple[Flip, ...]
    """Rows that changed, regressions first, the largest first."""
    p: float | None
    p_permuted: float | None
    detectable: float | None
    """The difference that this many rows would show with 80 % probability."""
    needed: int | None
    """Rows that would show a difference of the observed size with 80 % probability; None where it is shown, or beyond reach."""
    p_holm: float | None = None
    outcome: Outcome = "too_few"
    margin: float | None = None
    shifts: tuple[tuple[str, str, int], ...] = ()
    """Of categories: (before, after, rows), the pairs that differ, most first."""
    n_same: int = 0
    """Of categories: rows in the same one."""

    @property
    def is_decided_alone(self) -> bool:
        """Whether its own interval is clear of 0 though the adjusted test is not."""
        return self.outcome == "unclear" and excludes_zero(self.difference)


def excludes_zero(interval: Interval | None) -> bool:
    return (
        interval is not None and interval.low is not None and interval.high is not None and not interval.low <= 0 <= interval.high
    )


def paired_scores(
    before: Scores | None, after: Scores | None, key: ScorerKey, goal: Goal, alpha: float, *, name: str = ""
) -> PairedScores:
    """The comparison of one scorer, not yet adjusted and judged; ``name`` seeds the permutations."""
    kind: Kind = after.kind if after is not None else before.kind if before is not None else "number"
    rows_before = before.rows if before is not None else {}
    rows_after = after.rows if after is not None else {}
    shared = [row for row in rows_after if row in rows_before]
    pairs = [(rows_before[row], rows_after[row]) for row in shared]
    found = _with_rows(key, kind, goal, pairs)
    found = replace(
        found,
        only_before=tuple(row for row in rows_before if row not in rows_after),
        only_after=tuple(row for row in rows_after if row not in rows_before),
    )
    if before is None or after is None:
        return replace(found, reason="one_side")
    if "label" in (before.kind, after.kind):
        return _labels(found, before.labels, after.labels)
    if not pairs:
        return found
    if all(is_binary([a.value, b.value]) for a, b in pairs) and kind == "pass" and not _has_clusters(pairs):
        return _tested(found, pairs, alpha)
    return _measured(found, pairs, alpha, name)


def _with_rows(key: ScorerKey, kind: Kind, goal: Goal, pairs: Sequence[tuple[RowScore, RowScore]]) -> PairedScores:
    """Counts and changed rows."""
    sign = -1 if goal == "minimize" else 1
    flips = [Flip(b.row, a.value, b.value, a.traces[0], b.traces[0], b.tags or a.tags) for a, b in pairs if a.value != b.value]
    ordered = sorted(flips, key=lambda flip: sign * flip.change)  # stable: rows of equal change stay in order
    n = len(pairs)
    return PairedScores(
        key=key,
        kind=kind,
        goal=goal,
        reason="no_pairs" if not n else "tested" if n >= FEWEST_PAIRS else "few_pairs",
        n_pairs=n,
        only_before=(),
        only_after=(),
        before=sum(a.value for a, _ in pairs) / n if n else None,
        after=sum(b.value for _, b in pairs) / n if n else None,
        difference=None,
        method="none",
        n_clusters=n,
        won=sum(sign * flip.change > 0 for flip in flips),
        lost=sum(sign * flip.change < 0 for flip in flips),
        tied=n - len(flips),
        flips=tuple(ordered),
        p=None,
        p_permuted=None,
        detectable=None,
        needed=None,
    )


def _has_clusters(pairs: Sequence[tuple[RowScore, RowScore]]) -> bool:
    clusters = clusters_of([after for _, after in pairs])
    return len(set(clusters)) < len(clusters)


def _labels(found: PairedScores, before: Mapping[str, str], after: Mapping[str, str]) -> PairedScores:
    shared = [row for row in after if row in before]
    moved = Counter((before[row], after[row]) for row in shared if before[row] != after[row])
    shifts = tuple((*pair, n) for pair, n in sorted(moved.items(), key=lambda one: (-one[1], one[0])))
    return replace(
        found,
        kind="label",
        reason="labels" if shared else "no_pairs",
        n_pairs=len(shared),
        shifts=shifts,
        n_same=len(shared) - moved.total(),
        only_before=tuple(row for row in before if row not in after),
        only_after=tuple(row for row in after if row not in before),
        outcome="different" if shared else "too_few",
    )


def _tested(found: PairedScores, pairs: Sequence[tuple[RowScore, RowScore]], alpha: float) -> PairedScores:
    counts = Counter((a.value == 1, b.value == 1) for a, b in pairs)
    both, only_a, only_b, neither = (counts[one] for one in ((True, True), (True, False), (False, True), (False, False)))
    answer = paired_share_difference(both, only_a, only_b, neither, level=1 - alpha).difference
    assert answer is not None  # there are pairs
    n, discordant = len(pairs), (only_a + only_b) / len(pairs)
    return replace(
        found,
        difference=Interval(answer.value, answer.low, answer.high, n, answer.level),
        method="newcombe",
        p=mcnemar_mid_p(only_a, only_b) if n >= FEWEST_PAIRS else None,
        detectable=detectable_paired_difference(n, discordant, alpha) if discordant else None,
        needed=paired_items_needed(answer.value, discordant, alpha),
    )


def _measured(found: PairedScores, pairs: Sequence[tuple[RowScore, RowScore]], alpha: float, name: str) -> PairedScores:
    from reportgen.analyze.methods.resampling import sign_flip_test  # loads more of SciPy than pass rates need

    a, b = [one.value for one, _ in pairs], [one.value for _, one in pairs]
    steps = [after - before for before, after in zip(a, b, strict=True)]
    clusters = clusters_of([after for _, after in pairs])
    scale = max(map(abs, (*a, *b)), default=0.0)
    center, n, n_clusters = sum(steps) / len(steps), len(steps), len(set(clusters))
    method: Method = "clusters" if n_clusters < n else "t"
    found = replace(found, method=method, n_clusters=n_clusters)
    if all(abs(step) <= 1e-12 * scale for step in steps):
        return replace(found, reason="all_equal", difference=Interval(0.0, None, None, n, 1 - alpha))
    estimate = clustered_mean(steps, clusters, scale, 1 - alpha)
    if estimate is None:
        reason: Reason = "few_clusters" if n >= FEWEST_PAIRS else "few_pairs"
        return replace(found, reason=reason, difference=Interval(center, None, None, n, 1 - alpha))
    if not estimate.se:
        return replace(found, reason="constant", difference=Interval(center, None, None, n, 1 - alpha))
    shown = Interval(center, estimate.low, estimate.high, n, 1 - alpha)
    if found.kind == "pass":  # no share changes by more than all of it
        shown = replace(shown, low=max(estimate.low, -1.0), high=min(estimate.high, 1.0))
    if n < FEWEST_PAIRS:
        return replace(found, difference=shown)
    detectable = minimum_detectable_difference(estimate.se, estimate.df, alpha)
    permuted = sign_flip_test(a, b, generator(f"evaluations/{name}/{found.key.name}")) if method == "t" else None
    return replace(
        found,
        difference=shown,
        p=estimate.p,
        p_permuted=permuted.p_two_sided if permuted is not None else None,
        detectable=None if found.kind == "pass" and detectable >= 1 else detectable,
        needed=runs_needed(center, estimate.se * n**0.5, 0.0, alpha, paired=True),
    )


def judged(found: PairedScores, p_holm: float | None, alpha: float, margin: float | None) -> PairedScores:
    """``found`` with its outcome: by the adjusted test and its interval together, then by the margin."""
    found = replace(found, p_holm=p_holm, margin=margin)
    if found.reason == "labels":
        return found
    if found.reason == "all_equal":
        return replace(found, outcome="equivalent" if margin is not None and found.n_pairs >= FEWEST_PAIRS else "unclear")
    if found.reason == "constant" and found.n_pairs >= FEWEST_PAIRS:
        return replace(found, outcome=_direction(found))
    if p_holm is None or found.difference is None or found.difference.low is None or found.difference.high is None:
        return replace(found, outcome="too_few")
    if p_holm < alpha and excludes_zero(found.difference):
        return replace(found, outcome=_direction(found), needed=None)
    if margin is None:
        return replace(found, outcome="unclear")
    low, high = found.difference.low, found.difference.high
    if found.goal == "minimize":
        low, high = -high, -low
    if -margin < low and high < margin:
        return replace(found, outcome="equivalent")
    return replace(found, outcome="not_worse" if -margin < low and found.goal != "none" else "unclear")


def _direction(found: PairedScores) -> Outcome:
    if found.goal == "none" or found.difference is None or not found.difference.value:
        return "different"
    return "better" if (found.difference.value > 0) == (found.goal == "maximize") else "worse"
