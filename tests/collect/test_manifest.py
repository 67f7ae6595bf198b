"""Every further count of the manifest of real stores, for each of them: what ``test_shared_stores`` and ``test_files`` leave open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reportgen.collect import Selection, collect
from reportgen.errors import SourceError
from reportgen.snapshot import Snapshot
from tests.collect.test_shared_stores import STORES

NAMES = sorted(STORES)

pytestmark = pytest.mark.skipif(not NAMES, reason="the collection of real stores is not here")


def read(name: str, folder: Path) -> Snapshot:
    database = STORES[name]["format"] == "sqlite"
    return collect(f"sqlite:///{folder}/mlflow.db" if database else f"{folder}/mlruns", Selection(deleted=True))


@pytest.mark.parametrize("name", [name for name in NAMES if STORES[name]["counts"] is not None])
def test_the_rest_of_the_counts(name: str, shared_store: Callable[[str], Path]) -> None:
    expected = STORES[name]["counts"]
    snapshot = read(name, shared_store(name))
    if name == "broken-01":
        assert snapshot.runs.num_rows == 0
    found = counted(snapshot)
    if any(problem.slug == "redacted" for problem in snapshot.problems):  # a masked value has another length
        found.pop("longest_param_value")
        found.pop("longest_tag_value")
    assert found == {key: expected.get(key, 0) or 0 for key in found}
    assert snapshot.datasets.num_rows == dataset_inputs(expected)


def dataset_inputs(expected: dict[str, Any]) -> int:
    """The manifest counts links to logged models among the inputs of databases that have them: one for each model."""
    inputs, models = expected.get("inputs") or 0, expected.get("logged_models") or 0
    return inputs - models if inputs >= models else inputs


def counted(snapshot: Snapshot) -> dict[str, int]:
    history = snapshot.history.table()
    step, value = history["step"].to_numpy(), history["value"].to_numpy()
    series = list(snapshot.history.series())
    steps = Counter((one.experiment_id, one.run_id, one.metric, at) for one in series for at in one.step.tolist())
    metrics = {one.metric for one in series}
    runs = snapshot.runs.to_pylist()
    ids = {run["run_id"] for run in runs}
    active = {run["run_id"] for run in runs if run["lifecycle"] == "active"}
    params, tags = snapshot.params.to_pylist(), snapshot.tags.to_pylist()
    return {
        "traces": snapshot.traces.num_rows,
        "metric_keys": len(metrics),
        "system_metric_keys": sum(metric.startswith("system/") for metric in metrics),
        "metric_points_active_runs": sum(len(one) for one in series if one.run_id in active),
        "longest_history": max(map(len, series), default=0),
        "runs_without_metrics": len(runs) - len({(one.experiment_id, one.run_id) for one in series}),
        "points_sharing_step": sum(n for n in steps.values() if n > 1),
        "nan_points": int(np.isnan(value).sum()),
        "inf_points": int(np.isinf(value).sum()),
        "negative_step_points": int((step < 0).sum()),
        "param_keys": len({row["key"] for row in params}),
        "tag_keys": len({row["key"] for row in tags}),
        "longest_param_value": max((len(row["value"]) for row in params), default=0),
        "longest_tag_value": max((len(row["value"]) for row in tags), default=0),
        "nested_runs_missing_parent": sum(run["parent_run_id"] is not None and run["parent_run_id"] not in ids for run in runs),
    }


@pytest.mark.parametrize("name", [name for name in NAMES if STORES[name]["counts"] is None])
def test_a_store_without_anything_to_count_ends_in_words(name: str, shared_store: Callable[[str], Path]) -> None:
    with pytest.raises(SourceError) as raised:
        read(name, shared_store(name))
    assert raised.value.what.startswith("there is no file ")
    assert "only the journal of a database that is gone" in raised.value.what
