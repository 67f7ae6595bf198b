"""The server's JSON as our rows, and nothing that is not what MLflow sends.

Every function takes one object of an answer and raises ``BadAnswerError`` for a field that is missing or of another
type. Points come as columns: a server sends them by the hundred thousand, and one Python object for each would cost
more than all the rest of reading them.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from reportgen.collect.canonical_rows import GREATEST, plain
from reportgen.collect.coercion import float64, int64


class BadAnswerError(Exception):
    """An answer that is JSON but not what MLflow sends."""


class Point(NamedTuple):
    step: int
    time: int
    """Milliseconds."""
    value: float


@dataclass(frozen=True, slots=True)
class Run:
    """One run as the server lists it, in our words."""

    row: Mapping[str, Any]
    params: tuple[tuple[str, str], ...]
    tags: Mapping[str, str]
    metrics: Mapping[str, Point]
    """Last values."""
    datasets: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, slots=True)
class Points:
    """Points of one series, or of several one behind the other, in the server's order."""

    step: np.ndarray
    """int64, like ``time``."""
    time: np.ndarray
    value: np.ndarray
    """float64, with MLflow's substitutes for infinity as they were sent."""

    def __len__(self) -> int:
        return len(self.step)

    def part(self, start: int, stop: int | None) -> Points:
        return Points(self.step[start:stop], self.time[start:stop], self.value[start:stop])

    def reach(self, last: Point) -> bool:
        """Whether ``last`` is among them, or a later point that was logged since."""
        later = (self.step > last.step) | ((self.step == last.step) & (self.time >= last.time))
        return bool(later.any())


NO_POINTS = Points(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.float64))


def joined_points(parts: Sequence[Points]) -> Points:
    """All of them, one behind the other."""
    if len(parts) <= 1:
        return parts[0] if parts else NO_POINTS
    return Points(*(np.concatenate([getattr(part, name) for part in parts]) for name in ("step", "time", "value")))


def points_of(rows: Sequence[Mapping[str, Any]]) -> Points:
    """The points in ``rows``. Plain numbers, which almost all are, go straight into arrays; others are looked at one by one."""
    try:
        columns = [[row[name] for row in rows] for name in ("step", "timestamp", "value")]
        steps, times, values = columns
        if {*map(type, steps), *map(type, times)} <= {int} and {*map(type, values)} <= {float, int}:
            return Points(np.array(steps, np.int64), np.array(times, np.int64), np.array(values, np.float64))
    except (KeyError, OverflowError):
        pass  # said below, with what is wrong
    checked = [point_of(row) for row in rows]
    steps, times, values = ([point[i] for point in checked] for i in range(3))
    return Points(np.array(steps, np.int64), np.array(times, np.int64), np.array(values, np.float64))


# --- fields ---


def objects(answer: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    """The objects under ``key``; MLflow leaves a key out when its list is empty."""
    rows = answer.get(key, [])
    if not isinstance(rows, list) or not set(map(type, rows)) <= {dict}:
        raise BadAnswerError(f"{key!r} is not a list of objects")
    return rows


def mapping(row: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = row.get(key)
    if not isinstance(value, dict):
        raise BadAnswerError(f"{key!r} is missing or not an object")
    return value


def _optional(row: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """The object under ``key``, or an empty one; MLflow leaves it out when it holds nothing."""
    return {} if row.get(key) is None else mapping(row, key)


def text(row: Mapping[str, Any], key: str, default: str | None = None) -> str:
    value = row.get(key, default)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise BadAnswerError(f"{key!r} is missing or not text")
    return plain(value)


def whole(row: Mapping[str, Any], key: str) -> int:
    """An int64, which JSON from protobuf may hold as text."""
    number = optional_whole(row, key)
    if number is None:
        raise BadAnswerError(f"{key!r} is missing")
    return number


def optional_whole(row: Mapping[str, Any], key: str) -> int | None:
    value = row.get(key)
    number = int64(value)
    if number is None and value is not None:
        raise BadAnswerError(f"{key!r} is {value!r:.40}, not a whole number of 64 bits")
    return number


def real(row: Mapping[str, Any], key: str) -> float:
    """A double; NaN and infinities come as text or as JavaScript's literals."""
    value = row.get(key)
    number = float64(value)
    if number is None:
        raise BadAnswerError(f"{key!r} is {value!r:.40}, not a number")
    return number


def point_of(row: Mapping[str, Any]) -> Point:
    return Point(whole(row, "step"), whole(row, "timestamp"), real(row, "value"))


def pairs(rows: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    return sorted((text(row, "key"), text(row, "value", "")) for row in rows)


def run_id_of(row: Mapping[str, Any]) -> str:
    info = mapping(row, "info")
    return text(info, "run_id") if "run_id" in info else text(info, "run_uuid")


def experiment_row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "experiment_id": text(row, "experiment_id"),
        "name": text(row, "name"),
        "lifecycle": text(row, "lifecycle_stage", "active"),
        "created_at": optional_whole(row, "creation_time"),
        "updated_at": optional_whole(row, "last_update_time"),
        "artifact_location": text(row, "artifact_location", ""),
        "tags": pairs(objects(row, "tags")),
    }


def run_of(row: Mapping[str, Any]) -> Run:
    info, data = mapping(row, "info"), _optional(row, "data")
    tags = dict(pairs(objects(data, "tags")))
    run = {
        "experiment_id": text(info, "experiment_id"),
        "run_id": run_id_of(row),
        "name": text(info, "run_name", "") or tags.get("mlflow.runName", ""),
        "status": text(info, "status"),
        "lifecycle": text(info, "lifecycle_stage", "active"),
        "start_time": optional_whole(info, "start_time"),
        "end_time": optional_whole(info, "end_time"),
        "parent_run_id": tags.get("mlflow.parentRunId") or None,
        "user": text(info, "user_id", "") or tags.get("mlflow.user", ""),
        "source_name": tags.get("mlflow.source.name") or text(info, "source_name", ""),
        "artifact_uri": text(info, "artifact_uri", ""),
    }
    metrics = {}
    for metric in objects(data, "metrics"):
        step, time, value = point_of(metric)
        metrics[text(metric, "key")] = Point(step, time, math.copysign(math.inf, value) if abs(value) >= GREATEST else value)
    datasets = tuple(_dataset(row) for row in objects(_optional(row, "inputs"), "dataset_inputs"))
    return Run(run, tuple(pairs(objects(data, "params"))), tags, metrics, datasets)


def _dataset(row: Mapping[str, Any]) -> dict[str, str]:
    dataset = mapping(row, "dataset")
    fields = {name: text(dataset, name, "") for name in ("name", "digest", "source_type", "source", "schema", "profile")}
    return fields | {"context": dict(pairs(objects(row, "tags"))).get("mlflow.data.context", "")}


def registered_row(row: Mapping[str, Any]) -> dict[str, Any]:
    alias_of: dict[str, list[str]] = defaultdict(list)
    for alias in objects(row, "aliases"):
        alias_of[text(alias, "version")].append(text(alias, "alias"))
    return {
        "kind": "registered",
        "name": text(row, "name"),
        **dict.fromkeys(("version", "experiment_id", "run_id", "stage", "status"), ""),
        "tags": pairs(objects(row, "tags")),
        "description": text(row, "description", ""),
        "created_at": optional_whole(row, "creation_timestamp"),
        "updated_at": optional_whole(row, "last_updated_timestamp"),
        "alias_of": alias_of,
    }


def version_row(row: Mapping[str, Any]) -> dict[str, Any]:
    stage = text(row, "current_stage", "")
    return {
        "kind": "version",
        "name": text(row, "name"),
        "version": text(row, "version"),
        "experiment_id": "",
        "run_id": text(row, "run_id", ""),
        "stage": "" if stage == "None" else stage,
        "status": text(row, "status", ""),
        "tags": pairs(objects(row, "tags")),
        "description": text(row, "description", ""),
        "created_at": optional_whole(row, "creation_timestamp"),
        "updated_at": optional_whole(row, "last_updated_timestamp"),
    }


def logged_row(info: Mapping[str, Any]) -> dict[str, Any]:
    status = text(info, "status", "").removeprefix("LOGGED_MODEL_").removeprefix("STATUS_").removeprefix("UPLOAD_")
    return {
        "kind": "logged",
        "name": text(info, "name", ""),
        "version": text(info, "model_id"),
        "experiment_id": text(info, "experiment_id", ""),
        "run_id": text(info, "source_run_id", ""),
        "stage": "",
        "status": status,
        "tags": pairs(objects(info, "tags")),
        "description": "",
        "created_at": optional_whole(info, "creation_timestamp_ms"),
        "updated_at": optional_whole(info, "last_updated_timestamp_ms"),
    }
