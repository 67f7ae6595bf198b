"""Checkpoints: models that one run logged at several steps of its training, by the metrics that were measured on each of them.

MLflow 3 keeps a metric of a logged model with the step at which it was measured. Values on different data sets are never put beside each other: the data
set that most checkpoints were measured on is taken, by name and digest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reportgen.analyze.metrics import Metric
from reportgen.analyze.runs import RunKey
from reportgen.snapshot import Snapshot

FEWEST = 2


@dataclass(frozen=True, slots=True)
class Checkpoints:
    """The checkpoints of one run by one metric."""

    run: RunKey
    metric: str
    dataset: str
    """Name of the data set; "" for none."""
    values: tuple[tuple[int, str, float], ...]
    """(step, model id, value) by step."""
    best: int
    """Place of the best one in ``values``; the earliest of several."""

    @property
    def lost(self) -> float:
        """What the last one is worse than the best one; 0 where it is the best."""
        return abs(self.values[-1][2] - self.values[self.best][2])


def checkpoints_of(
    snapshot: Snapshot, names: Sequence[str], metrics: Mapping[str, Metric], by_id: Mapping[str, RunKey]
) -> tuple[Checkpoints, ...]:
    """One for each run with two checkpoints or more, by the first metric of ``names`` that has a direction and was measured on them."""
    found: dict[RunKey, dict[tuple[str, str, str], dict[str, tuple[int, float]]]] = defaultdict(lambda: defaultdict(dict))
    owner = {row["version"]: row["run_id"] for row in snapshot.models.to_pylist() if row["kind"] == "logged"}
    columns = ("model_id", "metric", "dataset", "dataset_digest", "step", "value")
    for model_id, metric, dataset, digest, step, value in zip(
        *(snapshot.model_metrics.column(name).to_pylist() for name in columns), strict=True
    ):
        run = by_id.get(owner.get(model_id) or "")
        if run is None or value is None or value != value:  # noqa: PLR0124 - NaN is never the best
            continue
        at = found[run][metric, dataset or "", digest or ""]
        if (step or 0) >= at.get(model_id, (-1, 0.0))[0]:
            at[model_id] = (step or 0, value)
    made = (_of_run(run, its, names, metrics) for run, its in sorted(found.items()))
    return tuple(one for one in made if one is not None)


def _of_run(
    run: RunKey,
    measured: Mapping[tuple[str, str, str], Mapping[str, tuple[int, float]]],
    names: Sequence[str],
    metrics: Mapping[str, Metric],
) -> Checkpoints | None:
    logged = sorted({metric for metric, _, _ in measured})
    for name in [*names, *(one for one in logged if one not in names)]:
        metric = metrics.get(name)
        if metric is None or metric.goal == "none":
            continue
        sets = [(place, its) for place, its in sorted(measured.items()) if place[0] == name]
        if not sets:
            continue
        (_, dataset, _), its = max(sets, key=lambda one: len(one[1]))
        values = tuple(sorted((step, model_id, value) for model_id, (step, value) in its.items()))
        if len(values) < FEWEST or len({step for step, _, _ in values}) < FEWEST:
            continue
        sign = 1 if metric.goal == "maximize" else -1
        best = max(range(len(values)), key=lambda at: (sign * values[at][2], -at))
        return Checkpoints(run, name, dataset, values, best)
    return None
