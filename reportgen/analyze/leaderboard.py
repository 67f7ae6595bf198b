"""Which runs are best: every finished run by the primary metric, ties sharing a rank.

A fold of a cross-validation is no run to be best: where its parent has the value (the mean over folds), the parent stands for
it; where none has, the fold is ranked and said to be one of k.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from reportgen.analyze.metrics import Metric
from reportgen.analyze.replicates import configuration, repetition
from reportgen.analyze.runs import Run, RunKey


@dataclass(frozen=True, slots=True)
class Ranked:
    rank: int
    """1, 2, 2, 4: runs with equal values share a rank, the earliest start stands first."""
    key: RunKey
    value: float


@dataclass(frozen=True, slots=True)
class Leaderboard:
    """Finished runs with a finite value, best first; without a direction in order of start and all of rank 0."""

    metric: str
    rows: tuple[Ranked, ...]
    n_finished: int
    n_missing: int
    n_non_finite: int
    n_folds_inside: int = 0
    """Folds left out because their parent has the value."""
    folds: Mapping[RunKey, int] = field(default_factory=dict)
    """Ranked runs that are one fold, and of how many."""

    @property
    def best(self) -> Ranked | None:
        return self.rows[0] if self.rows and self.rows[0].rank else None

    @property
    def n_tied(self) -> int:
        """How many runs share the first rank."""
        return sum(row.rank == 1 for row in self.rows)


def leaderboard_of(metric: Metric, runs: Sequence[Run]) -> Leaderboard:
    every = [run for run in runs if run.finished]
    known = {run.key for run in every}
    inside = {run.key for run in every if _is_inside(run, metric, known)}
    finished = [run for run in every if run.key not in inside]
    valued = [(metric.finite(run.key), run) for run in finished]
    sign = -1 if metric.goal == "maximize" else 1 if metric.goal == "minimize" else 0
    order = sorted(((value, run) for value, run in valued if value is not None), key=lambda one: (sign * one[0], one[1].order))
    rows: list[Ranked] = []
    for place, (value, run) in enumerate(order, 1):
        rank = 0 if not sign else rows[-1].rank if rows and rows[-1].value == value else place
        rows.append(Ranked(rank, run.key, value))
    n_missing = sum(run.key not in metric.values for run in finished)
    folds = fold_counts([run for _, run in order])
    left_out = len(finished) - n_missing - len(rows)
    return Leaderboard(metric.name, tuple(rows), len(every), n_missing, left_out, len(inside), folds)


def _is_inside(run: Run, metric: Metric, known: Collection[RunKey]) -> bool:
    """Whether ``run`` is a fold with a value whose parent is there with its own."""
    is_fold = "fold" in run.nuisance.values() and metric.finite(run.key) is not None
    return is_fold and run.parent is not None and run.parent in known and metric.finite(run.parent) is not None


def fold_counts(runs: Sequence[Run]) -> dict[RunKey, int]:
    """Run → folds of its cross-validation, for runs that are one of two folds or more of one configuration."""
    parts: dict[object, dict[RunKey, tuple[tuple[str, str], ...]]] = {}
    for run in runs:
        fold = repetition(run, "fold")
        if fold:
            place = (run.experiment_id, run.parent, configuration(run), repetition(run, "seed"))
            parts.setdefault(place, {})[run.key] = fold
    return {key: n for part in parts.values() if (n := len(set(part.values()))) > 1 for key in part}


def split_params(runs: Sequence[Run]) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """(params that differ, params that are the same with their value) over ``runs``, sorted.

    A param that some of the runs do not have differs.
    """
    names = sorted({name for run in runs for name in run.params})
    differing = [name for name in names if len({run.params.get(name) for run in runs}) > 1]
    same: Mapping[str, str] = runs[0].params if runs else {}
    return tuple(differing), tuple((name, same[name]) for name in names if name not in set(differing))
