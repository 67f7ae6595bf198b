"""Assessments, rows and data sets of GenAI evaluations in a tracking database."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from reportgen.collect.assessments import (
    REQUEST_ID,
    Row,
    assessment_row,
    error_code,
    link_rows,
    parsed,
    rationale_row,
    row_key,
    span_inputs,
    texts_of_trace,
)
from reportgen.collect.sql.database import Database
from reportgen.collect.sql.statements import Field, is_in, parts_of, rows_of
from reportgen.snapshot import EVALUATION_MARKS

_SAID = {
    "trace_id": Field("trace_id", "text"),
    "id": Field("assessment_id", "text"),
    "name": Field("name", "text"),
    "type": Field("assessment_type", "text", "'feedback'"),
    "value": Field("value", "text"),
    "error": Field("error", "text"),
    "source": Field("source_type", "text", "''"),
    "rater": Field("source_id", "text", "''"),
    "run_id": Field("run_id", "text", "''"),
    "overrides": Field("overrides", "text", "''"),
    "valid": Field("valid", "int", "1"),
    "metadata": Field("assessment_metadata", "text", "''"),
}
_LINKS = {"trace_id": Field("source_id", "text"), "run_id": Field("destination_id", "text")}
_TAGS = {"trace_id": Field("request_id", "text"), "key": Field("key", "text"), "value": Field("value", "text", "''")}
_ROOTS = {"trace_id": Field("trace_id", "text"), "content": Field("content", "text")}
_PREVIEWS = {"trace_id": Field("request_id", "text"), "preview": Field("request_preview", "text")}
_SHOWN = {**_PREVIEWS, "answer": Field("response_preview", "text")}
_RATIONALES = {"trace_id": _SAID["trace_id"], "id": _SAID["id"], "rationale": Field("rationale", "text")}
_N_TRACES = 1000
_N_ROOTS = 100
"""Root spans for one statement: they hold whole prompts."""


def evaluation_runs(db: Database) -> frozenset[str]:
    """Ids of the runs that are marked as evaluations."""
    marks = " OR ".join(
        f"({db.quoted('key')} = {db.literal(key)} AND {db.quoted('value')} = {db.literal(value)})"
        for key, value in EVALUATION_MARKS.items()
    )
    return frozenset(rows_of(db, "tags", {"run_id": Field("run_uuid", "text")}, marks).column("run_id").to_pylist())


def sql_judged(
    db: Database, experiment_id: str, source_runs: Mapping[str, str], marked: frozenset[str], *, texts: bool
) -> tuple[list[Row], list[Row], list[Row]]:
    """(assessments, evaluation rows, texts if asked for) of one experiment's traces. ``source_runs``: each trace → the run that its metadata names.

    Rows are told of traces that were assessed, and of those of runs that are ``marked`` as evaluations.
    """
    said: list[Row] = []
    rows: list[Row] = []
    shown: list[Row] = []
    for _, ids in parts_of(sorted(source_runs), _N_TRACES):
        found = [
            _assessment(experiment_id, row) for row in rows_of(db, "assessments", _SAID, is_in(db, "trace_id", ids)).to_pylist()
        ]
        said += found
        assessed = {row["trace_id"] for row in found}
        runs_of: dict[str, set[str]] = {id_: {source_runs[id_]} - {""} for id_ in ids}
        linked = f"{is_in(db, 'source_id', ids)} AND source_type = 'trace' AND destination_type = 'run'"
        for row in rows_of(db, "entity_associations", _LINKS, linked).to_pylist():
            runs_of[row["trace_id"]].add(row["run_id"])
        wanted = [id_ for id_ in ids if runs_of[id_] and (id_ in assessed or runs_of[id_] & marked)]
        tags = _tags(db, wanted)
        keys = _row_keys(db, wanted, tags)
        rows += link_rows(experiment_id, {id_: runs_of[id_] for id_ in wanted}, keys, tags)
        shown += _texts(db, experiment_id, wanted) if texts else []
    return said, rows, shown


def _texts(db: Database, experiment_id: str, trace_ids: Sequence[str]) -> list[Row]:
    if not trace_ids:
        return []
    found: list[Row] = []
    for row in rows_of(db, "trace_info", _SHOWN, is_in(db, "request_id", trace_ids)).to_pylist():
        found += texts_of_trace(experiment_id, row["trace_id"], row["preview"], row["answer"])
    said = rows_of(db, "assessments", _RATIONALES, is_in(db, "trace_id", trace_ids)).to_pylist()
    reasons = (rationale_row(experiment_id, row["trace_id"], row["id"], row["rationale"]) for row in said)
    return [*found, *(row for row in reasons if row is not None)]


def _assessment(experiment_id: str, row: Row) -> Row:
    metadata = parsed(row["metadata"])
    given = {
        **row,
        "value": parsed(row["value"]),
        "valid": row["valid"] != 0,
        "error": error_code(row["error"]),
        "metadata": metadata if isinstance(metadata, dict) else {},
    }
    return assessment_row(experiment_id, row["trace_id"], given)


def _tags(db: Database, trace_ids: Sequence[str]) -> Mapping[str, list[tuple[str, str]]]:
    """The users' tags of these traces, and the id of the evaluation's request."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    if trace_ids:
        of_users = f"({db.quoted('key')} NOT LIKE 'mlflow.%' OR {db.quoted('key')} = {db.literal(REQUEST_ID)})"
        for row in rows_of(db, "trace_tags", _TAGS, f"{is_in(db, 'request_id', trace_ids)} AND {of_users}").to_pylist():
            found[row["trace_id"]].append((row["key"], row["value"] or ""))
    return found


def _row_keys(
    db: Database, trace_ids: Sequence[str], tags: Mapping[str, Sequence[tuple[str, str]]]
) -> Mapping[str, tuple[str, str]]:
    """Trace → the row that it answers; the texts that say so are dropped here."""
    keys: dict[str, tuple[str, str]] = {}
    for _, ids in parts_of(trace_ids, _N_ROOTS):
        is_root = f"{is_in(db, 'trace_id', ids)} AND (parent_span_id IS NULL OR parent_span_id = '')"
        roots = {row["trace_id"]: span_inputs(row["content"]) for row in rows_of(db, "spans", _ROOTS, is_root).to_pylist()}
        without = [id_ for id_ in ids if roots.get(id_) is None]
        shown = rows_of(db, "trace_info", _PREVIEWS, is_in(db, "request_id", without)).to_pylist() if without else []
        previews = {row["trace_id"]: row["preview"] or "" for row in shown}
        for id_ in ids:
            keys[id_] = row_key(roots.get(id_), dict(tags.get(id_, ())).get(REQUEST_ID, ""), previews.get(id_, ""))
    return keys


def sql_evaluation_datasets(db: Database, experiment_ids: Sequence[str]) -> list[Row]:
    """The evaluation data sets of these experiments with the number of their records; nothing of the records themselves."""
    linked = f"source_type = 'evaluation_dataset' AND destination_type = 'experiment' AND {is_in(db, 'destination_id', experiment_ids)}"
    places = rows_of(
        db, "entity_associations", {"id": Field("source_id", "text"), "experiment_id": Field("destination_id", "text")}, linked
    )
    fields = {"id": Field("dataset_id", "text"), "name": Field("name", "text"), "digest": Field("digest", "text", "''")}
    described = {row["id"]: row for row in rows_of(db, "evaluation_datasets", fields).to_pylist()}
    records = rows_of(db, "evaluation_dataset_records", {"id": Field("dataset_id", "text")})
    counts = Counter(records.column("id").to_pylist())
    return [
        {
            "experiment_id": place["experiment_id"],
            "dataset_id": place["id"],
            "name": described[place["id"]]["name"] or "",
            "digest": described[place["id"]]["digest"] or "",
            "n_records": counts[place["id"]],
        }
        for place in places.to_pylist()
        if place["id"] in described
    ]
