"""Columns, types and order of every table of a snapshot.

Times are ``timestamp[ms, UTC]`` (any int64 may occur: use ``formats.moment``); NaN is a value and null is "not there"; ±inf is
decoded from whatever the store wrote; text is exactly what the store holds.
"""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

_TIME = pa.timestamp("ms", tz="UTC")
_WORD = pa.dictionary(pa.int32(), pa.string())
_PAIRS = pa.map_(pa.string(), pa.string())

SCHEMAS: Mapping[str, pa.Schema] = {
    "experiments": pa.schema(
        [
            ("experiment_id", pa.string()),
            ("name", pa.string()),
            ("lifecycle", pa.string()),  # "active" | "deleted"
            ("created_at", _TIME),
            ("updated_at", _TIME),
            ("artifact_location", pa.string()),
            ("tags", _PAIRS),
            ("source", pa.string()),  # public URI of the store it came from
        ]
    ),
    "runs": pa.schema(
        [
            ("experiment_id", pa.string()),
            ("run_id", pa.string()),
            ("name", pa.string()),  # "" when the run has none
            ("status", pa.string()),  # RUNNING SCHEDULED FINISHED FAILED KILLED, or whatever the store says
            ("lifecycle", pa.string()),  # "active" | "deleted"
            ("start_time", _TIME),
            ("end_time", _TIME),
            ("parent_run_id", pa.string()),  # from mlflow.parentRunId; the parent may be missing from the snapshot
            ("user", pa.string()),
            ("source_name", pa.string()),
            ("artifact_uri", pa.string()),
        ]
    ),
    "params": pa.schema([("experiment_id", pa.string()), ("run_id", pa.string()), ("key", pa.string()), ("value", pa.string())]),
    "tags": pa.schema([("experiment_id", pa.string()), ("run_id", pa.string()), ("key", pa.string()), ("value", pa.string())]),
    "metrics": pa.schema(  # last values: greatest (step, timestamp, value)
        [
            ("experiment_id", pa.string()),
            ("run_id", pa.string()),
            ("metric", pa.string()),
            ("value", pa.float64()),
            ("step", pa.int64()),
            ("timestamp", _TIME),
        ]
    ),
    "history": pa.schema(
        [
            ("experiment_id", _WORD),
            ("run_id", _WORD),
            ("metric", _WORD),
            ("step", pa.int64()),
            ("timestamp", _TIME),
            ("value", pa.float64()),
        ]
    ),
    "datasets": pa.schema(
        [
            ("experiment_id", pa.string()),
            ("run_id", pa.string()),
            ("name", pa.string()),
            ("digest", pa.string()),
            ("context", pa.string()),  # mlflow.data.context: "training", "eval", "" …
            ("source_type", pa.string()),
            ("source", pa.string()),
            ("schema", pa.string()),
            ("profile", pa.string()),
        ]
    ),
    "models": pa.schema(
        [
            ("kind", pa.string()),  # "registered" (a name), "version" (of it), "logged" (MLflow 3)
            ("name", pa.string()),
            ("version", pa.string()),  # model id for "logged"
            ("experiment_id", pa.string()),
            ("run_id", pa.string()),
            ("stage", pa.string()),
            ("status", pa.string()),
            ("aliases", pa.list_(pa.string())),
            ("tags", _PAIRS),
            ("description", pa.string()),
            ("created_at", _TIME),
            ("updated_at", _TIME),
        ]
    ),
    "artifacts": pa.schema(
        [
            ("experiment_id", pa.string()),
            ("run_id", pa.string()),
            ("path", pa.string()),
            ("is_dir", pa.bool_()),
            ("n_bytes", pa.int64()),
        ]
    ),
    "traces": pa.schema(  # of LLM applications; what was asked and answered is never read
        [
            ("experiment_id", pa.string()),
            ("trace_id", pa.string()),
            ("run_id", pa.string()),  # "" when it was logged outside of a run
            ("name", pa.string()),
            ("status", pa.string()),  # OK ERROR IN_PROGRESS STATE_UNSPECIFIED, or whatever the store says
            ("start_time", _TIME),
            ("duration_ms", pa.int64()),  # null while it is in progress
            ("input_tokens", pa.int64()),
            ("output_tokens", pa.int64()),
            ("total_tokens", pa.int64()),
            ("cost", pa.float64()),  # in US dollars, as MLflow computed it when it was logged
            ("model", pa.string()),  # language models that it called, where the store keeps them apart from the texts
            ("model_id", pa.string()),  # logged model (MLflow 3)
            ("session", pa.string()),
            ("scorer", pa.string()),  # the judge that made it while it scored another trace; "" for the application's own
        ]
    ),
    "assessments": pa.schema(  # what code, judges and people said of traces; texts are numbers that only tell equal from unequal
        [
            ("experiment_id", pa.string()),
            ("trace_id", pa.string()),
            ("assessment_id", pa.string()),
            ("name", pa.string()),
            ("type", pa.string()),  # "feedback" | "expectation" | "issue"
            ("run_id", pa.string()),  # the evaluation run that made it; "" for feedback of people
            ("source", pa.string()),  # CODE LLM_JUDGE HUMAN, or whatever the store says
            ("rater", pa.string()),  # scorer or judge; people are numbers
            ("scorer_digest", pa.string()),
            ("kind", pa.string()),  # "pass" (a bool, yes or no), "number", "label" (a short word), "text", "none"
            ("number", pa.float64()),  # of "pass" (0 or 1) and "number", NaN too; else null
            ("label", pa.string()),  # of "label"
            ("text", pa.string()),  # of "text": equal numbers are equal texts
            ("error", pa.string()),  # its code; "" when it did not fail
            ("valid", pa.bool_()),  # False once another one overrides it
            ("overrides", pa.string()),  # the assessment that it replaces
            ("judge_cost", pa.float64()),  # in US dollars
        ]
    ),
    "evaluation_rows": pa.schema(  # which row of a data set each trace of a run answers
        [
            ("experiment_id", pa.string()),
            ("run_id", pa.string()),
            ("trace_id", pa.string()),
            ("row", pa.string()),  # a number: equal ones are the same inputs; "" when that is not known
            ("key", pa.string()),  # what says so: "inputs", "request", "preview" or ""
            ("tags", _PAIRS),  # the user's, with short values
        ]
    ),
    "evaluation_texts": pa.schema(  # only where the comparison has texts: what was asked, answered and given as a reason, shortened
        [
            ("experiment_id", pa.string()),
            ("trace_id", pa.string()),
            ("kind", pa.string()),  # "question" | "answer" | "rationale" | "prompt"
            ("assessment_id", pa.string()),  # of a rationale; "name/version" of a prompt
            ("content", pa.string()),
        ]
    ),
    "evaluation_datasets": pa.schema(
        [
            ("experiment_id", pa.string()),  # one row for each experiment that it belongs to
            ("dataset_id", pa.string()),
            ("name", pa.string()),
            ("digest", pa.string()),  # of its records today
            ("n_records", pa.int64()),
        ]
    ),
    "model_metrics": pa.schema(  # metrics of logged models (MLflow 3), which the runs' metrics cannot tell apart
        [
            ("experiment_id", pa.string()),
            ("model_id", pa.string()),
            ("run_id", pa.string()),
            ("metric", pa.string()),
            ("dataset", pa.string()),
            ("dataset_digest", pa.string()),
            ("step", pa.int64()),
            ("timestamp", _TIME),
            ("value", pa.float64()),
        ]
    ),
    "earlier": pa.schema(  # runs from before the window, to compare with: their last values, no histories
        [
            ("experiment_id", pa.string()),
            ("run_id", pa.string()),
            ("name", pa.string()),
            ("status", pa.string()),
            ("start_time", _TIME),
            ("end_time", _TIME),
            ("parent_run_id", pa.string()),
            ("params", _PAIRS),
            ("tags", _PAIRS),
            ("metrics", pa.map_(pa.string(), pa.float64())),
            ("datasets", pa.list_(pa.string())),  # "name (digest)"
        ]
    ),
    "contents": pa.schema(  # artifacts that the config asked for
        [
            ("experiment_id", pa.string()),
            ("run_id", pa.string()),
            ("path", pa.string()),
            (
                "kind",
                pa.string(),
            ),  # "image" (content is PNG), "table" (JSON of columns and rows), "text" (UTF-8), "page" (not read)
            ("media_type", pa.string()),  # of what was found
            ("sha256", pa.string()),  # of what was found; "" for a page
            ("n_bytes", pa.int64()),  # of what was found; null for a page whose size its store does not say
            ("content", pa.binary()),  # decoded and written anew, never the bytes that were found
        ]
    ),
}
"""Column order and types of every table; also the order that rows are sorted in, by the leading columns."""

SORT_KEYS: Mapping[str, tuple[str, ...]] = {
    "experiments": ("experiment_id",),
    "runs": ("experiment_id", "run_id"),
    "params": ("experiment_id", "run_id", "key"),
    "tags": ("experiment_id", "run_id", "key"),
    "metrics": ("experiment_id", "run_id", "metric"),
    "history": ("experiment_id", "run_id", "metric", "step", "timestamp", "value"),
    "datasets": ("experiment_id", "run_id", "name", "digest", "context"),
    "models": ("kind", "name", "version"),
    "artifacts": ("experiment_id", "run_id", "path"),
    "traces": ("experiment_id", "trace_id"),
    "assessments": ("experiment_id", "trace_id", "name", "assessment_id"),
    "evaluation_rows": ("experiment_id", "run_id", "trace_id"),
    "evaluation_texts": ("experiment_id", "trace_id", "kind", "assessment_id"),
    "evaluation_datasets": ("experiment_id", "dataset_id"),
    "model_metrics": ("experiment_id", "model_id", "metric", "dataset", "dataset_digest", "step", "timestamp", "run_id", "value"),
    "earlier": ("experiment_id", "run_id"),
    "contents": ("experiment_id", "run_id", "path"),
}

ADDED = frozenset(
    {
        "traces",
        "assessments",
        "evaluation_rows",
        "evaluation_texts",
        "evaluation_datasets",
        "model_metrics",
        "earlier",
        "contents",
    }
)
"""Tables that older snapshots do not have. Empty ones are no part of the digest, so that theirs stays the same."""


EVALUATION_MARKS: Mapping[str, str] = {"mlflow.run.isEval": "true", "mlflow.runType": "genai_evaluate"}
"""Tags of a run that MLflow's GenAI evaluation made: that of 3.4 to 3.10, and that since."""


def empty_table(name: str) -> pa.Table:
    return SCHEMAS[name].empty_table()


LINKS = frozenset({"experiment_id", "run_id", "parent_run_id", "lifecycle", "status", "kind", "version", "row", "text"})
"""Columns that link tables, or hold words of MLflow's own."""


def text_columns() -> frozenset[str]:
    """``table.column`` of every column of free text that nothing else is looked up by."""
    return frozenset(
        f"{table}.{field.name}"
        for table, schema in SCHEMAS.items()
        for field in schema
        if table != "history" and pa.types.is_string(field.type) and field.name not in {*LINKS, "key", "metric"}
    )
