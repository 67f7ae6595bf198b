"""The runs of a snapshot that match a filter in MLflow's language: the groups of a comparison.

The filter of a report is answered by the store itself where the store can; groups are answered from the snapshot, so that a
saved one gives the same groups with MLflow gone. Both use MLflow's own parser (``reportgen.collect.filters``).
"""

from __future__ import annotations

import pyarrow.compute as pc

from reportgen.collect.filters import LikeRules, clauses_of, runs_that_match
from reportgen.collect.source import Details
from reportgen.snapshot import Snapshot


def runs_matching(snapshot: Snapshot, filter: str) -> frozenset[tuple[str, str]]:
    """(experiment id, run id) of the runs for which ``filter`` holds. Raises ``ConfigError`` when MLflow cannot read it."""
    clauses = clauses_of(filter)
    rules = LikeRules(folds_ascii_only=True) if snapshot.source.kind == "sqlite" else LikeRules()
    pairs: set[tuple[str, str]] = set()
    for experiment_id in snapshot.experiments.column("experiment_id").to_pylist():  # a copied run has one id in two of them
        tables = {
            name: getattr(snapshot, name).filter(pc.equal(getattr(snapshot, name).column("experiment_id"), experiment_id))
            for name in ("runs", "params", "tags", "metrics", "datasets")
        }
        runs = tables.pop("runs")
        pairs |= {(experiment_id, run_id) for run_id in runs_that_match(clauses, runs, Details(**tables, stored={}), rules)}
    return frozenset(pairs)
