"""Rows of ``snapshot.SCHEMAS`` from ``meta.yaml`` files and the small files beside them.

Every version of MLflow since 2018 is meant: ids as numbers or text, a status as a word or as the number of
``RunStatus``, a run's name in ``run_name`` (since 1.30), in its tag, or in ``name``; whatever is missing has MLflow's
own default. Nothing is trusted to have the type that MLflow writes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from reportgen.collect.canonical_rows import plain
from reportgen.collect.coercion import int64
from reportgen.collect.files.disk import Keyed, NotAFolderError, UnreadableError, content, is_link, keyed, listing, mapping
from reportgen.collect.files.root import META, REGISTRY, Home
from reportgen.errors import Problem

_STATUS = {1: "RUNNING", 2: "SCHEDULED", 3: "FINISHED", 4: "FAILED", 5: "KILLED"}
"""``mlflow.entities.RunStatus``."""
_LOGGED_STATUS = {0: "UNSPECIFIED", 1: "PENDING", 2: "READY", 3: "FAILED"}
"""``mlflow.entities.LoggedModelStatus.from_int``."""
_RUN_TAGS = ("mlflow.parentRunId", "mlflow.runName", "mlflow.source.name", "mlflow.user")
_VERSION = "version-"

Row = dict[str, Any]
Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Pieces:
    """Small files as (key, text), and what of them cannot be read."""

    pairs: Pairs
    lost: tuple[tuple[str, str], ...]
    """(key, why)."""
    n_repaired: int
    """Texts that are not UTF-8; their odd bytes became U+FFFD."""


def pieces(files: Keyed) -> Pieces:
    """The texts of params or tags: the whole file, line ends and all, as MLflow takes it (``file_utils.read_file``)."""
    pairs: Pairs = []
    lost = [(plain(key), why) for key, why in files.refused]
    n_repaired = 0
    for key, path in files.paths:
        try:
            data = content(path)
        except UnreadableError as error:
            lost.append((plain(key), str(error)))
            continue
        try:
            text = data.decode()
        except UnicodeDecodeError:
            text = data.decode("utf-8", "replace")
            n_repaired += 1
        pairs.append((plain(key), text))
    return Pieces(pairs, tuple(lost), n_repaired)


def _marks(folder: str) -> Mapping[str, str]:
    """Those tags of the run in ``folder`` that belong into the table of runs, as far as they can be read now."""
    marks = dict.fromkeys(_RUN_TAGS, "")
    if not is_link(f"{folder}/tags"):
        for key in _RUN_TAGS:
            with suppress(UnreadableError):  # mostly it is not there; if it cannot be read, `details` says so
                marks[key] = content(f"{folder}/tags/{key}").decode("utf-8", "replace")
    return marks


def experiment_row(home: Home, tags: Pairs, source: str) -> Row:
    meta = home.meta
    return {
        "experiment_id": home.experiment_id,
        "name": home.name,
        "lifecycle": "deleted" if home.is_deleted or meta.get("lifecycle_stage") == "deleted" else "active",
        "created_at": int64(meta.get("creation_time")),
        "updated_at": int64(meta.get("last_update_time")),
        "artifact_location": _text(meta.get("artifact_location")),
        "tags": tags,
        "source": source,
    }


def run_row(experiment_id: str, run_id: str, folder: str, meta: Mapping[str, Any]) -> Row:
    status = meta.get("status")
    marks = _marks(folder)
    return {
        "experiment_id": experiment_id,
        "run_id": run_id,
        "name": _text(meta.get("run_name")) or marks["mlflow.runName"] or _text(meta.get("name")),
        "status": "RUNNING" if status is None else _STATUS.get(status, str(status)) if _is_number(status) else str(status),
        "lifecycle": "deleted" if meta.get("lifecycle_stage") == "deleted" else "active",
        "start_time": int64(meta.get("start_time")),
        "end_time": int64(meta.get("end_time")),
        "parent_run_id": marks["mlflow.parentRunId"] or None,
        "user": _text(meta.get("user_id")) or marks["mlflow.user"],
        "source_name": marks["mlflow.source.name"] or _text(meta.get("source_name")),
        "artifact_uri": _text(meta.get("artifact_uri")),
    }


def unreadable_run_row(experiment_id: str, run_id: str) -> Row:
    """The row of a run that is there and whose ``meta.yaml`` cannot be read: it is counted, and left out as unreadable."""
    words = dict.fromkeys(("name", "status", "user", "source_name", "artifact_uri"), "")
    return words | {"experiment_id": experiment_id, "run_id": run_id, "lifecycle": "active"}


def identity(meta: Mapping[str, Any]) -> tuple[str, str]:
    """(experiment id, run id) as a run's ``meta.yaml`` says; empty where it does not."""
    return _text(meta.get("experiment_id")), _text(meta.get("run_id") or meta.get("run_uuid"))


# --- datasets ---


@dataclass(frozen=True, slots=True)
class DatasetInput:
    """A run's use of a dataset."""

    folder: str
    """Name of the dataset's folder in ``datasets/`` of the experiment; text from the store."""
    context: str
    """Its tag ``mlflow.data.context``."""
    why_not: str = ""
    """Why the rest is not known."""


def dataset_inputs(folder: str) -> Iterator[DatasetInput]:
    """The datasets that the run in ``folder`` used. Raises ``UnreadableError`` when the inputs cannot be listed."""
    try:
        names = listing(f"{folder}/inputs").folders
    except NotAFolderError as error:
        yield DatasetInput("", "", f"inputs: {error}")
        return
    except UnreadableError as error:
        raise UnreadableError(f"its inputs: {error}") from error
    for name in names:
        try:
            meta = mapping(f"{folder}/inputs/{name}/{META}")
        except UnreadableError as error:
            yield DatasetInput("", "", f"input {plain(name)}: {error}")
            continue
        if meta.get("source_type", "DATASET") == "DATASET":
            tags = meta.get("tags")
            context = tags.get("mlflow.data.context") if isinstance(tags, dict) else None
            yield DatasetInput(_text(meta.get("source_id")), _text(context))


def dataset_row(meta: Mapping[str, Any]) -> Row:
    """The columns of a dataset that do not depend on the run."""
    return {name: _text(meta.get(name)) for name in ("name", "digest", "source_type", "source", "schema", "profile")}


# --- models ---


def registry_rows(root: str) -> tuple[list[Row], list[Problem]]:
    """(registered models and their versions, what is wrong with them). Raises ``UnreadableError`` for the registry."""
    rows: list[Row] = []
    problems: list[Problem] = []
    for folder_name in listing(f"{root}/{REGISTRY}").folders:
        folder = f"{root}/{REGISTRY}/{folder_name}"
        name = plain(folder_name)
        try:
            inside = listing(folder).folders
            aliases = [(alias, version.strip()) for alias, version in pieces(keyed(f"{folder}/aliases")).pairs]
        except UnreadableError as error:
            inside, aliases = (), []
            problems.append(_model_problem(f"model {name}", str(error)))
        versions = [v.removeprefix(_VERSION) for v in inside if v.startswith(_VERSION)]
        loose = [alias for alias, version in aliases if version not in versions]
        rows.append(_model_row("registered", name, "", folder, loose, problems))
        for version in versions:
            own = [alias for alias, of in aliases if of == version]
            rows.append(_model_row("version", name, plain(version), f"{folder}/{_VERSION}{version}", own, problems))
    return rows, problems


def logged_rows(home: Home) -> tuple[list[Row], list[Problem]]:
    """(MLflow 3's logged models of an experiment, what is wrong with them). Raises ``UnreadableError`` for their folder.

    A folder without ``meta.yaml`` is where artifacts lie, not a model.
    """
    rows: list[Row] = []
    problems: list[Problem] = []
    for name in listing(f"{home.folder}/models").folders:
        folder = f"{home.folder}/models/{name}"
        if META in listing(folder).files:
            rows.append(_model_row("logged", "", plain(name), folder, [], problems) | {"experiment_id": home.experiment_id})
    return rows, problems


def _model_row(kind: str, name: str, version: str, folder: str, aliases: Sequence[str], problems: list[Problem]) -> Row:
    """One row; what cannot be read of it is added to ``problems``, the row stays with what its folder's name says."""
    where = f"model {name} version {version}" if kind == "version" else f"model {name or version}"
    try:
        tags = pieces(keyed(f"{folder}/tags"))
        problems += [_model_problem(where, f"tag {key}: {why}") for key, why in tags.lost]
        meta = mapping(f"{folder}/{META}")
    except UnreadableError as error:
        problems.append(_model_problem(where, f"its meta.yaml: {error}"))
        tags, meta = Pieces([], (), 0), {}
    is_logged = kind == "logged"
    created, updated = ("creation_timestamp", "last_updated_timestamp")
    status = meta.get("status")
    return {
        "kind": kind,
        "name": _text(meta.get("name")) or version if is_logged else name,
        "version": version,
        "experiment_id": "",
        "run_id": _text(meta.get("source_run_id" if is_logged else "run_id")),
        "stage": _stage(meta, is_logged=is_logged),
        "status": _LOGGED_STATUS.get(status, str(status)) if isinstance(status, int) else _text(status),
        "aliases": sorted(aliases),
        "tags": tags.pairs,
        "description": _text(meta.get("description")),
        "created_at": int64(meta.get(created)),
        "updated_at": int64(meta.get(updated)),
    }


def _stage(meta: Mapping[str, Any], *, is_logged: bool) -> str:
    if is_logged:
        return "deleted" if meta.get("lifecycle_stage") == "deleted" else ""
    stage = _text(meta.get("current_stage"))
    return "" if stage == "None" else stage


def _model_problem(where: str, why: str) -> Problem:
    return Problem("model-unreadable", where, f"it could be read in part only: {why}", "look at its folder in the store")


# --- values ---


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _text(value: object) -> str:
    return "" if value is None else plain(str(value))
