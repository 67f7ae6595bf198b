"""The completeness ledger: per experiment, what the store holds, what was read, what was left out and why.

Pure. ``n_store`` comes from the store's own counting and ``n_read`` from the finished tables; the two meet only here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat

import pyarrow as pa
import pyarrow.compute as pc

from reportgen.collect.source import RUN_ITEMS, Counts
from reportgen.errors import Problem
from reportgen.snapshot import LedgerRow


@dataclass(frozen=True, slots=True)
class Exclusions:
    """The runs of the chosen experiments and why some of them are left out."""

    experiment_of: Mapping[str, str]
    """Run id → experiment id."""
    reasons: Mapping[str, str]
    """Run id → why it was left out; selected runs are not in it."""


@dataclass(frozen=True, slots=True)
class Books:
    """What was counted and read of the items that belong to runs."""

    stored: Counts
    left_out: Mapping[str, Counts]
    """Reason → item → run id → how many of a *selected* run were not read."""
    read: Mapping[str, Mapping[str, int]]
    """Item → experiment id → how many of it are in the finished tables; one that is not named has none."""


def ledger_of(
    experiments: Mapping[str, str], exclusions: Exclusions, books: Books, *, counts_points: bool
) -> tuple[LedgerRow, ...]:
    """A row for each of ``experiments`` (id → name) and item; runs first."""
    rows = []
    runs_of: dict[str, list[str]] = {}
    for run, experiment_id in exclusions.experiment_of.items():
        runs_of.setdefault(experiment_id, []).append(run)
    for experiment_id, name in sorted(experiments.items()):
        runs = runs_of.get(experiment_id, [])
        rows.append(_runs_row(experiment_id, name, runs, exclusions))
        for item in RUN_ITEMS:
            known = runs if counts_points or item != "points" else [run for run in runs if run not in exclusions.reasons]
            n_read = books.read.get(item, {}).get(experiment_id, 0)
            rows.append(_item_row(experiment_id, name, item, known, exclusions, books, n_read))
    return tuple(rows)


def models_row(n_store: int, n_read: int, n_deleted: int) -> LedgerRow:
    return LedgerRow("", "", "models", n_store, n_read, (("deleted", n_deleted),) if n_deleted else ())


def unbalanced(rows: Iterable[LedgerRow]) -> tuple[Problem, ...]:
    """A problem for each row in which something is neither read nor left out for a reason."""
    return tuple(
        Problem(
            "ledger-unbalanced",
            f"experiment {row.experiment}" if row.experiment_id else "the model registry",
            f"the store counts {row.n_store:,} {row.item}, but {row.n_read:,} were read and "
            f"{sum(n for _, n in row.left_out):,} left out for a known reason",
            "the store may have changed while it was read: run again; if it stays, the store contradicts itself",
            "gap" if row.unexplained > 0 else "warning",
        )
        for row in rows
        if row.unexplained
    )


def _runs_row(experiment_id: str, name: str, runs: Sequence[str], exclusions: Exclusions) -> LedgerRow:
    why = Counter(exclusions.reasons[run] for run in runs if run in exclusions.reasons)
    return LedgerRow(experiment_id, name, "runs", len(runs), len(runs) - why.total(), tuple(sorted(why.items())))


def _item_row(
    experiment_id: str, name: str, item: str, runs: Sequence[str], exclusions: Exclusions, books: Books, n_read: int
) -> LedgerRow:
    stored = books.stored.get(item, {})
    why: Counter[str] = Counter()
    if exclusions.reasons:
        for run in runs:
            if run in exclusions.reasons:
                why[exclusions.reasons[run]] += stored.get(run, 0)
    for reason, counts in books.left_out.items():
        if counted := counts.get(item):
            why[reason] += sum(counted.get(run, 0) for run in runs if run not in exclusions.reasons)
    left_out = tuple(sorted((reason, n) for reason, n in why.items() if n))
    n_store = sum(map(stored.get, runs, repeat(0))) if stored else 0
    return LedgerRow(experiment_id, name, item, n_store, n_read, left_out)


def by_experiment(table: pa.Table) -> Mapping[str, int]:
    """Experiment id → rows of ``table``."""
    return {row["values"]: row["counts"] for row in pc.value_counts(table.column("experiment_id")).to_pylist()}
