"""What a server tells of evaluations beside its list of traces: inputs of root spans, and evaluation data sets."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from reportgen.collect.assessments import INPUTS, Row, otlp_value, parsed
from reportgen.collect.canonical_rows import plain
from reportgen.collect.coercion import int64
from reportgen.collect.rest.session import NotFoundError, RefusedError, Transport
from reportgen.errors import Problem, SourceError

_N_TRACES = 40
"""Whole traces of one answer: 48 short ones are 0.4 MB."""
_N_DATASETS = 50


def span_inputs_of(http: Transport, trace_ids: Sequence[str], problems: list[Problem]) -> Mapping[str, Any]:
    """Trace → inputs of its root span, of those whose spans the server has; they are dropped by whoever asked."""
    found: dict[str, Any] = {}
    for start in range(0, len(trace_ids), _N_TRACES):
        params = [("trace_ids", id_) for id_ in trace_ids[start : start + _N_TRACES]]
        try:
            answer = http.json("GET", "api/3.0/mlflow/traces/batchGet", params=params)
        except (NotFoundError, RefusedError):
            return found  # servers before 3.5 have no such call
        except SourceError as error:
            if http.given_up:
                raise
            what = f"the spans of {len(params)} evaluated traces cannot be read, so their rows may not be known: {error.what}"
            problems.append(Problem("assessments-unreadable", http.public_uri, what, "look at them in MLflow"))
            continue
        found |= dict(_roots(answer.get("traces")))
    return found


def _roots(traces: object) -> Iterator[tuple[str, Any]]:
    for trace in traces if isinstance(traces, list) else ():
        info = trace.get("trace_info") if isinstance(trace, Mapping) else None
        spans = trace.get("spans") if isinstance(trace, Mapping) else None
        for span in spans if isinstance(spans, list) else ():
            if isinstance(span, Mapping) and isinstance(info, Mapping) and not span.get("parent_span_id"):
                inputs = _inputs(span.get("attributes"))
                if inputs is not None:
                    yield str(info.get("trace_id")), inputs


def _inputs(attributes: object) -> Any:
    """A server writes attributes as a list of OpenTelemetry's pairs, and some values as JSON in a text."""
    for pair in attributes if isinstance(attributes, list) else ():
        if isinstance(pair, Mapping) and pair.get("key") == INPUTS:
            value = otlp_value(pair.get("value"))
            return parsed(value) if isinstance(value, str) and parsed(value) is not None else value
    return None


def rest_evaluation_datasets(http: Transport, experiment_ids: Sequence[str], problems: list[Problem]) -> list[Row]:
    """Rows of ``SCHEMAS["evaluation_datasets"]``: of each experiment by itself, since an answer does not say which it belongs to."""
    rows: list[Row] = []
    for experiment_id in experiment_ids:
        token, seen = "", set[str]()
        while True:
            body: dict[str, Any] = {"experiment_ids": [experiment_id], "max_results": _N_DATASETS}
            try:
                answer = http.json("POST", "api/3.0/mlflow/datasets/search", body=body | ({"page_token": token} if token else {}))
            except (NotFoundError, RefusedError):
                return rows  # servers before 3.4 have no evaluation data sets
            except SourceError as error:
                if http.given_up:
                    raise
                what = f"its evaluation data sets cannot be read: {error.what}"
                problems.append(Problem("assessments-unreadable", f"experiment {experiment_id}", what, "look at them in MLflow"))
                break
            found = answer.get("datasets")
            rows += [_dataset(experiment_id, one) for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []
            token = answer.get("next_page_token") or ""
            if not token or not isinstance(token, str) or token in seen:
                break
            seen.add(token)
    return rows


def _dataset(experiment_id: str, given: Mapping[str, Any]) -> Row:
    try:
        profile = json.loads(given.get("profile") or "{}")
    except (TypeError, ValueError, RecursionError):
        profile = {}
    return {
        "experiment_id": experiment_id,
        "dataset_id": plain(str(given.get("dataset_id") or "")),
        "name": plain(str(given.get("name") or "")),
        "digest": plain(str(given.get("digest") or "")),
        "n_records": int64(profile.get("num_records")) if isinstance(profile, Mapping) else None,
    }
