"""The model registry and the logged models of a tracking database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa

from reportgen.collect.canonical_rows import rows_table
from reportgen.collect.sql.database import Database
from reportgen.collect.sql.statements import Field, is_in, n_rows, pairs_of, rows_of

_REGISTERED = {
    "workspace": Field("workspace", "text", "'default'"),
    "name": Field("name", "text"),
    "created_at": Field("creation_time", "int"),
    "updated_at": Field("last_updated_time", "int"),
    "description": Field("description", "text", "''"),
}
_VERSIONS = _REGISTERED | {
    "version": Field("version", "text"),
    "stage": Field("current_stage", "text", "''"),
    "run_id": Field("run_id", "text", "''"),
    "status": Field("status", "text", "''"),
}
_LOGGED = {
    "version": Field("model_id", "text"),
    "experiment_id": Field("experiment_id", "text"),
    "name": Field("name", "text"),
    "created_at": Field("creation_timestamp_ms", "int"),
    "updated_at": Field("last_updated_timestamp_ms", "int"),
    "status": Field("status", "text"),
    "lifecycle": Field("lifecycle_stage", "text", "'active'"),
    "run_id": Field("source_run_id", "text", "''"),
}
_LOGGED_STATUS = {"0": "UNSPECIFIED", "1": "PENDING", "2": "READY", "3": "FAILED"}
"""``mlflow.entities.LoggedModelStatus.from_int``."""


def sql_models(db: Database, experiment_ids: Sequence[str]) -> tuple[pa.Table, int]:
    """Rows of ``SCHEMAS["models"]`` and how many the store counts: the whole registry, and the logged models of these experiments."""
    versions = {(row["workspace"], row["name"], row["version"]) for row in rows_of(db, "model_versions", _VERSIONS).to_pylist()}
    aliases = _aliases(db)
    names = pairs_of(db, "registered_model_tags", ("workspace", "name"), "key", "value")
    tags = pairs_of(db, "model_version_tags", ("workspace", "name", "version"), "key", "value")
    logged_tags = pairs_of(db, "logged_model_tags", ("model_id",), "tag_key", "tag_value")
    rows = []
    for row in rows_of(db, "registered_models", _REGISTERED).to_pylist():
        key = (row["workspace"], row["name"])
        # An alias whose version is gone stays with the name, so that it is not lost.
        loose = [a for (w, n, v), found in aliases.items() if (w, n) == key and (w, n, v) not in versions for a in found]
        rows.append(_model("registered", row) | {"tags": names.get(key, []), "aliases": sorted(loose)})
    for row in rows_of(db, "model_versions", _VERSIONS).to_pylist():
        triple = (row["workspace"], row["name"], row["version"])
        rows.append(_model("version", row) | {"tags": tags.get(triple, []), "aliases": sorted(aliases.get(triple, []))})
    where = is_in(db, "experiment_id", experiment_ids) if experiment_ids else "1 = 0"
    for row in rows_of(db, "logged_models", _LOGGED, where).to_pylist():
        stage = "deleted" if row["lifecycle"] == "deleted" else ""
        status = _LOGGED_STATUS.get(row["status"], row["status"])
        rows.append(_model("logged", row) | {"tags": logged_tags.get((row["version"],), []), "stage": stage, "status": status})
    n_store = n_rows(db, "registered_models") + n_rows(db, "model_versions") + n_rows(db, "logged_models", where)
    return rows_table("models", rows), n_store


def _aliases(db: Database) -> Mapping[tuple[str, ...], list[str]]:
    """(workspace, name, version) → its aliases."""
    pairs = pairs_of(db, "registered_model_aliases", ("workspace", "name", "version"), "alias", "alias")
    return {version: [alias for alias, _ in found] for version, found in pairs.items()}


def _model(kind: str, row: Mapping[str, object]) -> dict[str, object]:
    """A row of ``SCHEMAS["models"]`` without tags and aliases; the stage that MLflow calls 'None' is none."""
    empty: dict[str, object] = dict.fromkeys(("version", "experiment_id", "run_id", "stage", "status", "description"), "")
    filled = empty | {key: value for key, value in row.items() if value is not None} | {"kind": kind, "aliases": [], "tags": []}
    return filled | ({"stage": ""} if filled["stage"] == "None" else {})
