"""One side of an evaluation by one scorer: its mean or pass rate with an interval, and what it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reportgen.analyze.genai.scores import Kind, RowScore, Scores
from reportgen.analyze.methods.clustered import clustered_mean
from reportgen.analyze.methods.means import interval_of_mean
from reportgen.analyze.methods.proportions import wilson_interval
from reportgen.analyze.methods.trials import pass_all, pass_at
from reportgen.model import Interval

STALE = 1e-9
"""Largest difference between a mean and itself, computed in another order."""


@dataclass(frozen=True, slots=True)
class Trials:
    """Rows that were answered several times."""

    n_rows: int
    k: int
    """Answers of the row that has fewest of them."""
    pass_at_k: float | None
    """None for scores on a scale."""
    pass_all_k: float | None
    flaky: tuple[str, ...]
    """Rows that passed some of their tries and not all, in order."""


@dataclass(frozen=True, slots=True)
class ScorerSide:
    """What one scorer said of one side."""

    kind: Kind
    n_rows: int
    n_scored: int
    n_errors: int
    n_failed: int
    n_not_finite: int
    n_overrides: int
    mean: Interval | None
    """Mean, or the share that passed; None when no row has a score."""
    n_clusters: int
    """Groups that the interval counts by: conversations, else rows."""
    trials: Trials | None
    labels: Mapping[str, int]
    """Category → rows."""
    raw_mean: float | None
    logged_mean: float | None
    """What the run logged under the scorer's name; None when it did not, or when the side is several runs."""
    raters: tuple[str, ...]

    @property
    def coverage(self) -> float | None:
        return self.n_scored / self.n_rows if self.n_rows else None

    @property
    def is_stale(self) -> bool:
        """Whether the logged mean is not that of the assessments that are stored today."""
        if self.raw_mean is None or self.logged_mean is None:
            return False
        return abs(self.raw_mean - self.logged_mean) > STALE * max(1.0, abs(self.raw_mean))


def side_of(scores: Scores, logged_mean: float | None, level: float) -> ScorerSide:
    counted: dict[str, int] = {}
    for label in scores.labels.values():
        counted[label] = counted.get(label, 0) + 1
    clusters = clusters_of([*scores.rows.values()])
    return ScorerSide(
        kind=scores.kind,
        n_rows=scores.n_rows,
        n_scored=scores.n_scored,
        n_errors=scores.n_errors,
        n_failed=scores.n_failed,
        n_not_finite=scores.n_not_finite,
        n_overrides=scores.n_overrides,
        mean=_mean(scores, clusters, level),
        n_clusters=len(set(clusters)) + len(scores.unkeyed),
        trials=_trials(scores),
        labels=dict(sorted(counted.items())),
        raw_mean=scores.raw_mean,
        logged_mean=logged_mean,
        raters=scores.raters,
    )


def clusters_of(rows: Sequence[RowScore]) -> list[str]:
    """The conversation of each row, where some conversation has several; else every row stands for itself."""
    sessions = [one.session for one in rows]
    if len(set(sessions) - {""}) == sum(bool(one) for one in sessions):
        return [one.row for one in rows]
    return [f"session {one.session}" if one.session else f"row {one.row}" for one in rows]


def is_binary(values: Sequence[float]) -> bool:
    return all(value in (0.0, 1.0) for value in values)


def _mean(scores: Scores, clusters: Sequence[str], level: float) -> Interval | None:
    values = scores.values
    if not values or scores.kind == "label":
        return None
    n, center = len(values), sum(values) / len(values)
    apart = [*clusters, *(f"answer {at}" for at in range(len(scores.unkeyed)))]
    is_clustered = len(set(apart)) < n
    if scores.kind == "pass" and is_binary(values) and not is_clustered:
        share = wilson_interval(round(sum(values)), n, level)
        return Interval(share.value, share.low, share.high, n, level)
    low, high = _clustered_ends(scores, apart, level) if is_clustered else _plain_ends(scores, level)
    return Interval(center, low, high, n, level)


Ends = tuple[float | None, float | None]


def _clustered_ends(scores: Scores, clusters: Sequence[str], level: float) -> Ends:
    found = clustered_mean(scores.values, clusters, max(map(abs, scores.values)), level)
    if found is None or not found.se:
        return None, None
    return (max(0.0, found.low), min(1.0, found.high)) if scores.kind == "pass" else (found.low, found.high)


def _plain_ends(scores: Scores, level: float) -> Ends:
    estimate = interval_of_mean(scores.values, (0.0, 1.0) if scores.kind == "pass" else None, level)
    return (estimate.low, estimate.high) if estimate is not None else (None, None)


def _trials(scores: Scores) -> Trials | None:
    if not scores.has_trials or scores.kind == "label":
        return None
    rows = [*scores.rows.values()]
    k = min(len(one.values) for one in rows)
    passes = scores.kind == "pass" and all(is_binary(one.values) for one in rows)
    if not passes:
        return Trials(len(rows), k, None, None, ())
    counts = [(round(sum(one.values)), len(one.values)) for one in rows]
    return Trials(
        n_rows=len(rows),
        k=k,
        pass_at_k=sum(pass_at(k, *one) for one in counts) / len(rows),
        pass_all_k=sum(pass_all(k, *one) for one in counts) / len(rows),
        flaky=tuple(one.row for one, (passed, n) in zip(rows, counts, strict=True) if 0 < passed < n),
    )
