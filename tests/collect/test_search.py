"""Filters and orders find what MLflow's own ``search_runs`` finds, in stores that other people committed.

The filters and orders are made from what a store holds: its metrics, params, tags, names and data sets. MLflow is given
a copy, since it migrates what it opens; reportgen reads the store as it is.
"""

from __future__ import annotations

import math
import shutil
import statistics
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from reportgen.collect import Reading, Selection, collect
from reportgen.collect.gather import experiments_of
from reportgen.collect.orders import in_order, orders_of
from reportgen.collect.source import Details, Source, opened
from reportgen.errors import ConfigError
from tests.collect.test_shared_stores import STORES

MOST_RUNS = 250
"""MLflow takes about a millisecond for a run and a search: larger stores would take minutes."""

READABLE = sorted(
    name
    for name, store in STORES.items()
    if name.startswith(("db-", "files-")) and 0 < store["counts"].get("runs_active", 0) <= MOST_RUNS
)


@dataclass
class Both:
    """One store, open here and in MLflow."""

    source: Source
    uri: str
    runs: pa.Table
    """Active ones."""
    details: Details
    client: Any
    experiments: list[str]
    read: list[Any]
    """Of a file store: its runs as MLflow reads them."""

    def found_by_mlflow(self, filter: str, orders: list[str]) -> list[str] | None:
        """The ids in MLflow's order; None when it refuses."""
        from mlflow.exceptions import MlflowException

        try:
            return [run.info.run_id for run in self._search(filter, orders)]
        except MlflowException:
            return None

    def _search(self, filter: str, orders: list[str]) -> list[Any]:
        if self.read:  # what a file store does with the runs, all files of which it reads for each search
            from mlflow.utils.search_utils import SearchUtils

            return list(SearchUtils.sort(SearchUtils.filter(self.read, filter), orders))
        found: list[Any] = []
        token: str | None = ""
        while token is not None:
            page = self.client.search_runs(self.experiments, filter, max_results=1000, order_by=orders, page_token=token or None)
            found += page
            token = page.token or None
        return found

    def found_here(self, filter: str, orders: list[str]) -> list[str] | None:
        try:
            parsed = orders_of(orders)
            ids = self.source.matching(self.runs, self.details, filter) if filter else frozenset(self.runs["run_id"].to_pylist())
        except ConfigError:
            return None
        rows = self.runs.filter(pa.array([run_id in ids for run_id in self.runs["run_id"].to_pylist()], pa.bool_()))
        return in_order(parsed, rows, self.details)


@pytest.fixture
def both(shared_store: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Both]]:
    from mlflow import MlflowClient

    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    sources: list[Source] = []

    def opened_twice(name: str) -> Both:
        folder = shared_store(name)
        shutil.copytree(folder, tmp_path / "mlflows")
        path = "mlflow.db" if STORES[name]["kind"] == "sqlite" else _root(folder)
        scheme = "sqlite:///" if STORES[name]["kind"] == "sqlite" else ""
        uri = f"{scheme}{folder / path}"
        source = opened(uri, Reading())
        sources.append(source)
        experiments = [e for e in experiments_of(source).to_pylist() if e["lifecycle"] == "active"]
        ids = [e["experiment_id"] for e in experiments]
        runs = source.runs(ids)
        runs = runs.filter(pa.array([one == "active" for one in runs["lifecycle"].to_pylist()], pa.bool_()))
        details = source.details(runs["run_id"].to_pylist(), lambda *_: None)
        runs = runs.filter(pa.array([run_id not in details.unreadable for run_id in runs["run_id"].to_pylist()], pa.bool_()))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # MLflow's own migrations warn
            client = MlflowClient(f"{scheme}{tmp_path / 'mlflows' / path}")
            client.search_experiments()
        store = Both(source, uri, runs, details, client, ids, [])
        store.read += [] if scheme else store._search("", [])
        return store

    yield opened_twice
    for source in sources:
        source.close()


def _root(folder: Path) -> str:
    """The folder of a file store inside the unpacked archive."""
    found = sorted(folder.glob("**/meta.yaml"), key=lambda path: (len(path.parts), str(path)))
    return str(found[0].parent.parent.relative_to(folder))


def _key(entity: str, key: str) -> str:
    return f"{entity}.`{key}`"


def _quoted(text: str) -> str:
    return f'"{text}"' if "'" in text else f"'{text}'"


def _common(table: pa.Table, column: str, n: int) -> list[str]:
    """The ``n`` most frequent words of ``column`` that can be written in a filter."""
    counted = Counter(word for word in table[column].to_pylist() if "`" not in word)
    return [word for word, _ in sorted(counted.items(), key=lambda one: (-one[1], one[0]))[:n]]


def _value_of(table: pa.Table, key: str) -> str:
    """A value of ``key`` that some runs have and others not, where there is one."""
    counted: Counter[str] = Counter(row["value"] for row in table.to_pylist() if row["key"] == key)
    usable = [value for value in counted if value and not set(value) & set("'\"\n;`%_\\")] or [""]
    return min(usable, key=lambda value: (abs(counted[value] - sum(counted.values()) / 2), value))


def filters_for(store: Both) -> list[str]:
    """At least 25 filters about what ``store`` holds."""
    runs, details = store.runs, store.details
    filters = [
        "attributes.status = 'FINISHED'",
        "attributes.status != 'FINISHED'",
        "status LIKE 'F%'",
        "attributes.status ILIKE 'fin%'",
        "attributes.end_time > 0",
        "attributes.artifact_uri LIKE '%artifacts'",
        "attributes.run_name != 'x'",
        "attributes.run_name LIKE '%a%'",
        "attributes.run_name ILIKE '%A%'",
        "attributes.user_id != 'nobody'",
        "metrics.`not there` > 0",
        "params.`not there` != 'x'",
        "tags.`not there` IS NULL",
        "params.`not there` IS NULL",
        "tags.`mlflow.user` IS NOT NULL",
        "tags.`mlflow.source.name` ILIKE '%.PY'",
        "datasets.context != 'train'",
        "datasets.name LIKE '%'",
        "params.x IN ('a')",
        "metrics.x = 'a'",
        "attributes.colour = 'red'",
        "tags.a = 1",
    ]
    starts = [at for at in runs["start_time"].cast(pa.int64()).to_pylist() if at is not None]
    if starts:
        middle = int(statistics.median_low(starts))
        filters += [
            f"attributes.start_time >= {middle}",
            f"attributes.start_time < {middle}",
            f"attributes.Created = {starts[0]}",
        ]
    ids = runs["run_id"].to_pylist()[:3]
    if ids:
        listed = ", ".join(f"'{run_id}'" for run_id in ids)
        filters += [f"attributes.run_id IN ({listed})", f"run_id NOT IN ({listed})", f"attributes.run_id = '{ids[0]}'"]
    for name in _common(details.metrics, "metric", 2):
        values = sorted(
            v
            for m, v in zip(*(details.metrics[c].to_pylist() for c in ("metric", "value")), strict=True)
            if m == name and not math.isnan(v)
        )
        middle_value = values[len(values) // 2] if values else 0.0
        filters += [f"{_key('metrics', name)} {sign} {middle_value!r}" for sign in (">", ">=", "<", "<=", "=", "!=")]
    for entity, table in (("params", details.params), ("tags", details.tags)):
        for name in _common(table, "key", 2):
            value = _value_of(table, name)
            filters += [
                f"{_key(entity, name)} = {_quoted(value)}",
                f"{_key(entity, name)} != {_quoted(value)}",
                f'{_key(entity, name)} = "{value}"',
                f"{_key(entity, name)} LIKE {_quoted(value[:2] + '%')}",
                f"{_key(entity, name)} ILIKE {_quoted('%' + value[-2:].swapcase())}",
                f"{_key(entity, name)} IS NULL",
            ]
    for row in details.datasets.to_pylist()[:2]:
        filters += [
            f"datasets.name = {_quoted(row['name'])}",
            f"datasets.digest IN ('{row['digest']}', 'x')",
            f"datasets.context = '{row['context']}' and status = 'FINISHED'",
        ]
    return [*filters, f"{filters[0]} and {filters[-1]}"]


def orders_for(store: Both) -> list[list[str]]:
    """At least 8 orders by what ``store`` holds."""
    orders = [
        [],
        ["attributes.start_time ASC"],
        ["start_time"],
        ["attributes.end_time DESC"],
        ["attributes.status", "attributes.end_time ASC"],
        ["attributes.run_id DESC"],
        ["attributes.artifact_uri DESC"],
        ["Created DESC"],
        ["metrics.`not there` DESC", "tags.`not there` ASC"],
        ["datasets.name"],
        ["metrics.x SIDEWAYS"],
        ["status, end_time"],
    ]
    details = store.details
    for name in _common(details.metrics, "metric", 3):
        orders += [[f"{_key('metrics', name)} DESC"], [_key("metrics", name), "attributes.status DESC"]]
    for entity, table in (("params", details.params), ("tags", details.tags)):
        for name in _common(table, "key", 2):
            orders += [[f"{_key(entity, name)} ASC"], [f"{_key(entity, name)} DESC", "attributes.end_time"]]
    return orders


@pytest.mark.skipif(not READABLE, reason="the collection of real stores is not here")
@pytest.mark.parametrize("name", READABLE)
def test_filters_and_orders_find_what_mlflow_finds(name: str, both: Callable[[str], Both]) -> None:
    store = both(name)
    filters, orders = filters_for(store), orders_for(store)
    assert len(filters) >= 25
    assert len(orders) >= 8
    every = store.found_by_mlflow("", [])
    assert every is not None
    assert set(every) == set(store.runs["run_id"].to_pylist())
    wrong = {text: ids for text in filters if (ids := _compared(store, text, [], as_set=True))}
    wrong |= {str(order): ids for order in orders if (ids := _compared(store, "", order))}
    assert wrong == {}
    text, order = filters[0], orders[-1]
    first = (store.found_by_mlflow(text, order) or [])[:7]
    chosen = collect(store.uri, Selection(filter=text, order_by=tuple(order), limit=7, with_history=False)).runs
    assert set(chosen["run_id"].to_pylist()) == set(first)


def _compared(store: Both, filter: str, order: list[str], *, as_set: bool = False) -> Any:
    """What MLflow and reportgen find, when it is not the same; () when it is."""
    theirs, ours = store.found_by_mlflow(filter, order), store.found_here(filter, order)
    if as_set and theirs is not None and ours is not None:
        theirs, ours = sorted(theirs), sorted(ours)
    if theirs == ours:
        return ()
    if theirs is None or ours is None:
        return ("MLflow refuses" if theirs is None else "refused here", len(theirs or ours or ()))
    at = next((i for i, (a, b) in enumerate(zip(theirs, ours, strict=False)) if a != b), min(len(theirs), len(ours)))
    return (len(theirs), len(ours), at, theirs[at : at + 3], ours[at : at + 3])
