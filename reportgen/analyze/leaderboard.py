"""Which runs are best: every finished run by the primary metric, ties sharing a rank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reportgen.analyze.metrics import Metric
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

    @property
    def best(self) -> Ranked | None:
        return self.rows[0] if self.rows and self.rows[0].rank else None

    @property
    def n_tied(self) -> int:
        """How many runs share the first rank."""
        return sum(row.rank == 1 for row in self.rows)


def leaderboard_of(metric: Metric, runs: Sequence[Run]) -> Leaderboard:
    finished = [run for run in runs if run.finished]
    valued = [(metric.finite(run.key), run) for run in finished]
    sign = -1 if metric.goal == "maximize" else 1 if metric.goal == "minimize" else 0
    order = sorted(((value, run) for value, run in valued if value is not None), key=lambda one: (sign * one[0], one[1].order))
    rows: list[Ranked] = []
    for place, (value, run) in enumerate(order, 1):
        rank = 0 if not sign else rows[-1].rank if rows and rows[-1].value == value else place
        rows.append(Ranked(rank, run.key, value))
    n_missing = sum(run.key not in metric.values for run in finished)
    return Leaderboard(metric.name, tuple(rows), len(finished), n_missing, len(finished) - n_missing - len(rows))


def split_params(runs: Sequence[Run]) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """(params that differ, params that are the same with their value) over ``runs``, sorted.

    A param that some of the runs do not have differs.
    """
    names = sorted({name for run in runs for name in run.params})
    differing = [name for name in names if len({run.params.get(name) for run in runs}) > 1]
    same: Mapping[str, str] = runs[0].params if runs else {}
    return tuple(differing), tuple((name, same[name]) for name in names if name not in set(differing))
