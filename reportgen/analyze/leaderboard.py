"""Which runs are best: every finished run by the primary metric, ties sharing a rank.

A fold of a cross-validation is no run to be best: where its parent has the value (the mean over folds), the parent stands for
it; where none has, the mean over the folds is ranked. A cross-validation with fewer folds than the others is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from reportgen.analyze.methods import samples
from reportgen.analyze.metrics import Metric
from reportgen.analyze.replicates import configuration, naming_by_experiment, repetition
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
    n_apart: int = 0
    """Finished runs whose values are of another evaluation."""
    n_folds_inside: int = 0
    """Folds left out because their parent has the value."""
    folds: Mapping[RunKey, int] = field(default_factory=dict)
    """Rows that are the mean of a cross-validation, and of how many folds; they stand under the parent, else the first fold."""
    n_incomplete: int = 0
    """Folds left out because others of their cross-validation have no value."""
    n_processes: int = 0
    """Runs that are one process of a training each."""

    @property
    def best(self) -> Ranked | None:
        return self.rows[0] if self.rows and self.rows[0].rank else None

    @property
    def n_tied(self) -> int:
        """How many runs share the first rank."""
        return sum(row.rank == 1 for row in self.rows)


def leaderboard_of(metric: Metric, runs: Sequence[Run]) -> Leaderboard:
    counted = [run for run in runs if run.finished and run.key not in metric.apart]
    every = [run for run in counted if not run.is_process]
    known = {run.key for run in every}
    inside = {run.key for run in every if _is_inside(run, metric, known)}
    finished = [run for run in every if run.key not in inside]
    sign = -1 if metric.goal == "maximize" else 1 if metric.goal == "minimize" else 0
    valued = [run for run in finished if metric.finite(run.key) is not None]
    sets = fold_sets(valued) if sign else []
    most = max(map(len, sets), default=0)
    in_sets = {run.key for folds in sets for run in folds}
    complete = [folds for folds in sets if len(folds) == most]
    parents = {run.key: run for run in every}
    n_of_parent = Counter(folds[0].parent for folds in sets)
    folds: dict[RunKey, int] = {}
    entries = [(metric.values[run.key], run) for run in valued if run.key not in in_sets]
    for members in complete:
        parent = parents.get(members[0].parent) if members[0].parent is not None and n_of_parent[members[0].parent] == 1 else None
        stands = parent or members[0]
        folds[stands.key] = len(members)
        entries.append((samples.mean([metric.values[run.key] for run in members]), stands))
    order = sorted(entries, key=lambda one: (sign * one[0], one[1].order))
    rows: list[Ranked] = []
    for place, (value, run) in enumerate(order, 1):
        rank = 0 if not sign else rows[-1].rank if rows and is_same(rows[-1].value, value) else place
        rows.append(Ranked(rank, run.key, value))
    n_missing = sum(run.key not in metric.values for run in finished)
    left_out = len(finished) - n_missing - len(valued)
    n_incomplete = len(in_sets) - sum(map(len, complete))
    n_finished = len(every) + len(metric.apart)
    return Leaderboard(
        metric.name,
        tuple(rows),
        n_finished,
        n_missing,
        left_out,
        len(metric.apart),
        len(inside),
        folds,
        n_incomplete,
        len(counted) - len(every),
    )


def is_same(a: float, b: float) -> bool:
    """Whether two values agree in nine significant digits: less is the order of a sum."""
    return a == b or float(f"{a:.9g}") == float(f"{b:.9g}")


def _is_inside(run: Run, metric: Metric, known: Collection[RunKey]) -> bool:
    """Whether ``run`` is a fold with a value whose parent is there with its own."""
    is_fold = "fold" in run.nuisance.values() and metric.finite(run.key) is not None
    return is_fold and run.parent is not None and run.parent in known and metric.finite(run.parent) is not None


def fold_sets(runs: Sequence[Run]) -> list[list[Run]]:
    """The cross-validations among ``runs``: two different folds or more of one configuration and seed, by start.

    Of a fold that was run again the newest counts.
    """
    parts: dict[object, dict[tuple[tuple[str, str], ...], Run]] = {}
    without = naming_by_experiment(runs)
    for run in sorted(runs, key=lambda run: run.order):
        fold = repetition(run, "fold")
        if fold:
            own = configuration(run, without=without[run.experiment_id])
            parts.setdefault((run.experiment_id, run.parent, own, repetition(run, "seed")), {})[fold] = run
    return [list(part.values()) for part in parts.values() if len(part) > 1]


def split_params(runs: Sequence[Run]) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """(params that differ, params that are the same with their value) over ``runs``, sorted.

    A param that some of the runs do not have differs.
    """
    names = sorted({name for run in runs for name in run.params})
    differing = [name for name in names if len({run.params.get(name) for run in runs}) > 1]
    same: Mapping[str, str] = runs[0].params if runs else {}
    return tuple(differing), tuple((name, same[name]) for name in names if name not in set(differing))
