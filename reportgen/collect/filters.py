"""MLflow's run filter, evaluated over tables that were read from a database or from files.

The text is parsed by MLflow's own parser, and the clauses mean what ``search_runs`` makes of them on a SQL store
(``mlflow/store/tracking/sqlalchemy_store.py``, ``_get_sqlalchemy_filter_clauses``): a clause about a key that a run
does not have is false, whatever its comparator; ``run_name`` is the tag ``mlflow.runName``; NaN satisfies only ``!=``;
a dataset clause holds when any one input of the run satisfies it. A server evaluates its filters itself.

Importing MLflow's parser takes seconds, so it happens only for a filter that is not empty.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from reportgen.errors import ConfigError

if TYPE_CHECKING:
    from reportgen.collect.source import Details

_FLOAT_MAX = 1.7976931348623157e308
_ATTRIBUTE_COLUMNS = {"run_id": "run_id", "status": "status", "artifact_uri": "artifact_uri", "user_id": "user"}
_TIME_ATTRIBUTES = ("start_time", "end_time")


@dataclass(frozen=True, slots=True)
class Clause:
    """One comparison; a filter is the conjunction of its clauses."""

    entity: str
    """``attribute``, ``metric``, ``parameter``, ``tag`` or ``dataset``."""
    key: str
    comparator: str
    value: Any


@dataclass(frozen=True, slots=True)
class LikeRules:
    """How a database compares with LIKE and ILIKE."""

    backslash_escapes: bool = False
    """PostgreSQL and MySQL take ``\\%`` for a literal percent sign, SQLite does not."""
    folds_ascii_only: bool = False
    """SQLite's ILIKE knows the case of A to Z only."""


def clauses_of(text: str) -> tuple[Clause, ...]:
    """``text`` in clauses. Raises ``ConfigError`` when MLflow cannot read it."""
    if not text.strip():
        return ()
    from mlflow.exceptions import MlflowException
    from mlflow.utils.search_utils import SearchUtils

    try:
        parsed = [_checked(clause, SearchUtils) for clause in SearchUtils.parse_search_filter(text)]
    except (MlflowException, ValueError) as error:
        raise bad_filter(text, str(error)) from error
    return tuple(parsed)


def bad_filter(text: str, why: str) -> ConfigError:
    return ConfigError(
        "bad-filter",
        f"MLflow cannot read the run filter: {why.splitlines()[0][:300] if why else 'it gives no reason'}",
        found=text,
        allowed="comparisons of attributes, metrics, params, tags and datasets, joined by `and`",
        todo="see 'Search Runs' in MLflow's documentation, e.g. attributes.status = 'FINISHED' and metrics.acc > 0.9",
    )


def _checked(clause: Mapping[str, Any], utils: Any) -> Clause:
    """A parsed clause with its comparator checked, as MLflow does only when it meets the first run."""
    entity, comparator = clause["type"], clause["comparator"].upper()
    key = utils.translate_key_alias(clause["key"])
    known = (
        utils.is_attribute(entity, key, comparator)
        or utils.is_metric(entity, comparator)
        or utils.is_param(entity, comparator)
        or utils.is_tag(entity, comparator)
        or utils.is_dataset(entity, comparator)
    )
    if not known:
        raise ValueError(f"Invalid search expression type {entity!r}")
    value = float(clause["value"]) if entity == "metric" else clause["value"]
    return Clause(entity, key, comparator, value)


def runs_that_match(clauses: Iterable[Clause], runs: pa.Table, details: Details, rules: LikeRules) -> frozenset[str]:
    """The ids in ``runs`` for which every clause holds."""
    chosen = set(runs.column("run_id").to_pylist())
    for clause in clauses:
        if not chosen:
            break
        chosen &= _holding(clause, runs, details, rules)
    return frozenset(chosen)


def _holding(clause: Clause, runs: pa.Table, details: Details, rules: LikeRules) -> set[str]:
    facts = _facts(clause, runs, details)
    if clause.comparator == "IS NOT NULL":
        return {run_id for run_id, _ in facts}
    if clause.comparator == "IS NULL":
        return set(runs.column("run_id").to_pylist()) - {run_id for run_id, _ in facts}
    compare = _comparison(clause.comparator, rules)
    return {run_id for run_id, fact in facts if fact is not None and compare(fact, clause.value)}


def _facts(clause: Clause, runs: pa.Table, details: Details) -> Iterator[tuple[str, Any]]:
    """(run id, left side of ``clause``) for each run that has one; a run may have several datasets."""
    if (clause.entity, clause.key) == ("attribute", "run_name"):
        return _keyed(details.tags, "key", "mlflow.runName", "value")
    return facts_of_key(clause.entity, clause.key, runs, details)


def facts_of_key(entity: str, key: str, runs: pa.Table, details: Details) -> Iterator[tuple[str, Any]]:
    """(run id, value) of each run that has the metric, param, tag, dataset or attribute ``key``, as a database holds it."""
    match entity, key:
        case "attribute", "run_name":
            return _pairs(runs, runs.column("name"))
        case "attribute", key if key in _TIME_ATTRIBUTES:
            return _pairs(runs, runs.column(key).cast(pa.int64()))
        case "attribute", key:
            return _pairs(runs, runs.column(_ATTRIBUTE_COLUMNS[key]))
        case "metric", key:
            return ((run, _as_stored(value)) for run, value in _keyed(details.metrics, "metric", key, "value"))
        case "parameter", key:
            return _keyed(details.params, "key", key, "value")
        case "tag", key:
            return _keyed(details.tags, "key", key, "value")
        case _, key:  # a dataset without a context has no such tag, which is not the same as an empty one
            return ((run, text or None) for run, text in _pairs(details.datasets, details.datasets.column(key)))


def _as_stored(value: float) -> float:
    """A database holds ±inf as the greatest double, and compares that."""
    return math.copysign(_FLOAT_MAX, value) if math.isinf(value) else value


def _pairs(table: pa.Table, column: pa.ChunkedArray) -> Iterator[tuple[str, Any]]:
    return zip(table.column("run_id").to_pylist(), column.to_pylist(), strict=True)


def _keyed(table: pa.Table, key_column: str, key: str, value_column: str) -> Iterator[tuple[str, Any]]:
    import pyarrow.compute as pc

    rows = table.filter(pc.equal(table.column(key_column), key))
    return _pairs(rows, rows.column(value_column))


def _comparison(comparator: str, rules: LikeRules) -> Callable[[Any, Any], bool]:
    if comparator in ("LIKE", "ILIKE"):
        ignore_case = comparator == "ILIKE"
        return lambda text, pattern: _like_regex(pattern, ignore_case, rules).fullmatch(text) is not None
    comparisons: Mapping[str, Callable[[Any, Any], bool]] = {
        "=": operator.eq,
        "!=": operator.ne,
        "<": operator.lt,
        "<=": operator.le,
        ">": operator.gt,
        ">=": operator.ge,
        "IN": lambda fact, values: fact in values,
        "NOT IN": lambda fact, values: fact not in values,
    }
    return comparisons[comparator]


@lru_cache(maxsize=64)
def _like_regex(pattern: str, ignore_case: bool, rules: LikeRules) -> re.Pattern[str]:
    """SQL's LIKE: ``%`` is any text, also none and with line ends, ``_`` any one character."""
    parts, escaped = [], False
    for char in pattern:
        if escaped:
            parts.append(re.escape(char))
            escaped = False
        elif char == "\\" and rules.backslash_escapes:
            escaped = True
        else:
            parts.append({"%": ".*", "_": "."}.get(char) or _literal(char, ignore_case, rules))
    return re.compile("".join(parts), re.DOTALL | (re.IGNORECASE if ignore_case and not rules.folds_ascii_only else 0))


def _literal(char: str, ignore_case: bool, rules: LikeRules) -> str:
    if ignore_case and rules.folds_ascii_only and char.isascii() and char.isalpha():
        return f"[{char.lower()}{char.upper()}]"
    return re.escape(char)
