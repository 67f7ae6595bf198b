"""MLflow's ``order_by``, evaluated over tables that were read from any store: which runs come first.

Every clause is parsed by MLflow's own parser, and sorts as ``search_runs`` does on a SQL store
(``mlflow/store/tracking/sqlalchemy_store.py``, ``_get_orderby_clauses``): real values first in the asked direction, then
NaN, then runs without a value, whatever the direction; ties by the latest start, then by the smallest run id. Text
is compared by code point, as SQLite does; a PostgreSQL or MySQL database would take its own collation. A server's
runs are ordered here too, from what it listed, so that every kind of store gives the same runs.

Importing MLflow's parser takes seconds, so it happens only for an order that is not empty.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from reportgen.collect.filters import facts_of_key
from reportgen.errors import ConfigError, Problem
from reportgen.formats import one_line
from reportgen.run_selectors import ORDER_ATTRIBUTES, meant_order

if TYPE_CHECKING:
    from reportgen.collect.source import Details


@dataclass(frozen=True, slots=True)
class Order:
    """One clause of ``order_by``."""

    entity: str
    """``attribute``, ``metric``, ``parameter`` or ``tag``."""
    key: str
    ascending: bool


def orders_of(clauses: Sequence[str]) -> tuple[Order, ...]:
    """``clauses`` parsed. Raises ``ConfigError`` for one that MLflow cannot read, and for a field that is there twice."""
    if not clauses:
        return ()
    from mlflow.exceptions import MlflowException
    from mlflow.utils.search_utils import SearchUtils

    orders: list[Order] = []
    for clause in clauses:
        try:
            entity, key, ascending = SearchUtils.parse_order_by_for_search_runs(clause)
        except (MlflowException, ValueError) as error:
            raise _bad_order(clause, str(error)) from error
        if entity == "dataset":
            raise _bad_order(clause, "runs cannot be ordered by a dataset")
        order = Order(entity, SearchUtils.translate_key_alias(key), ascending)
        if any((order.entity, order.key) == (other.entity, other.key) for other in orders):
            raise _bad_order(clause, "it is there twice")
        orders.append(order)
    return tuple(orders)


def _bad_order(clause: str, why: str) -> ConfigError:
    hint = meant_order(clause)
    return ConfigError(
        "bad-order",
        f"MLflow cannot read the order {clause!r}{f'; did you mean {hint}?' if hint else ''}",
        found=why.splitlines()[0][:300] if why else "no reason is given",
        allowed="metrics.NAME, params.NAME, tags.NAME, or an attribute "
        f"({', '.join(ORDER_ATTRIBUTES)}), each with ASC or DESC behind it; one clause for each entry",
        todo="write e.g. metrics.val_accuracy DESC; put a name with blanks or slashes into backticks",
    )


def in_order(orders: Sequence[Order], runs: pa.Table, details: Details) -> list[str]:
    """The ids in ``runs``, first to last. Without ``orders`` the latest start comes first, as in ``search_runs``."""
    ids: list[str] = runs.column("run_id").to_pylist()
    starts = dict(zip(ids, runs.column("start_time").cast(pa.int64()).to_pylist(), strict=True))
    ids.sort()
    # From the last clause to the first: Python's sort keeps ties as they are, also when it is reversed.
    ids.sort(key=lambda run_id: (starts[run_id] is None, -(starts[run_id] or 0)))
    for order in reversed(orders):
        values = {run_id: value for run_id, value in facts_of_key(order.entity, order.key, runs, details) if value is not None}
        ids = _ordered(ids, values, ascending=order.ascending)
    return ids


def _ordered(ids: Sequence[str], values: Mapping[str, Any], *, ascending: bool) -> list[str]:
    """``ids`` by their value, then those with NaN, then those without; ties stay in the order they are in."""
    nan = {run_id for run_id, value in values.items() if value != value}  # noqa: PLR0124 (only NaN is not itself)
    real = sorted(
        (run_id for run_id in ids if run_id in values and run_id not in nan),
        key=lambda run_id: values[run_id],
        reverse=not ascending,
    )
    return [*real, *(run_id for run_id in ids if run_id in nan), *(run_id for run_id in ids if run_id not in values)]


def unknown_orders(orders: Sequence[Order], runs: pa.Table, details: Details) -> tuple[Problem, ...]:
    """A warning for each clause whose metric, param or tag none of ``runs`` has: it puts nothing in order."""
    if not runs.num_rows:
        return ()
    problems = []
    names = {"metric": (details.metrics, "metric"), "parameter": (details.params, "key"), "tag": (details.tags, "key")}
    for order in orders:
        if order.entity not in names:
            continue
        table, column = names[order.entity]
        known = set(table.column(column).unique().to_pylist())
        if order.key not in known:
            near = get_close_matches(order.key, sorted(known), 1)
            todo = f"did you mean {one_line(near[0], 80)}?" if near else "check the spelling of order_by"
            what = f"no selected run has the {order.entity}; it decides nothing about which runs the limit keeps"
            problems.append(Problem("order-unknown", f"order_by {one_line(order.key, 80)}", what, todo, "warning"))
    return tuple(problems)
