"""May this job log reports to a store: found out without leaving a trace in it.

A database is asked to insert no row; a server to set a tag to what it is, or to change a run that cannot exist; a folder by the rights of this user.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from reportgen.collect.artifacts import artifact_scheme
from reportgen.collect.pool import awaited
from reportgen.errors import DeliveryError
from reportgen.publish.mlflow import TAG_EXPERIMENT, Target
from reportgen.publish.mlflow_client import DATABASES, check_schema, plain_errors, quiet
from reportgen.publish.readiness import artifact_place, check_ready
from reportgen.redaction import Redactor

_SECONDS = 15.0
_NO_RUN = "0" * 32


def check_rights(target: Target, redactor: Redactor) -> str:
    """How reports may be logged to ``target``, in words. Raises ``ConfigError`` or ``DeliveryError`` that says what is missing."""
    check_ready([target])
    scheme = urlsplit(target.tracking_uri).scheme.partition("+")[0]
    with quiet(retries=0), plain_errors(redactor, "the rights to write could not be found out"):
        if scheme in DATABASES:
            check_schema(target.tracking_uri)
            words = awaited(
                lambda: _insert_nothing(target.tracking_uri), time.monotonic() + _SECONDS, "reportgen-rights", lambda: None
            )
        elif scheme in ("http", "https"):
            words = awaited(lambda: _ask_server(target), time.monotonic() + _SECONDS, "reportgen-rights", lambda: None)
        else:
            words = _folder(Path(unquote(urlsplit(target.tracking_uri).path) if scheme else target.tracking_uri))
        place = artifact_place(target)
    local = (
        Path(unquote(urlsplit(place).path) if artifact_scheme(place) else place)
        if place and artifact_scheme(place) in ("", "file")
        else None
    )
    return f"{words}; {_folder(local)}" if local is not None and scheme not in ("http", "https") else words


def _insert_nothing(tracking_uri: str) -> str:
    import sqlalchemy

    if tracking_uri.startswith("sqlite:///"):
        path = Path(sqlalchemy.engine.make_url(tracking_uri).database or "")
        _folder(path.parent)  # SQLite writes its journal beside the database
        if not os.access(path, os.W_OK):
            raise _denied(f"{path} is read-only for this user")
    engine = sqlalchemy.create_engine(tracking_uri)
    try:
        with engine.connect() as connection:
            for table in ("runs", "tags", "metrics"):
                connection.execute(sqlalchemy.text(f"INSERT INTO {table} SELECT * FROM {table} WHERE 1 = 0"))  # noqa: S608  our own names
            connection.rollback()
    except sqlalchemy.exc.DBAPIError as error:
        raise _denied(f"the database refuses to insert: {error.orig}") from None
    finally:
        engine.dispose()
    return "runs, tags and metrics may be inserted"


def _ask_server(target: Target) -> str:
    from mlflow.exceptions import MlflowException
    from mlflow.tracking import MlflowClient

    client: Any = MlflowClient(tracking_uri=target.tracking_uri)
    try:
        experiment = client.get_experiment_by_name(target.experiment)
        if experiment is not None and experiment.tags.get(TAG_EXPERIMENT) == "true":
            client.set_experiment_tag(experiment.experiment_id, TAG_EXPERIMENT, "true")
            return f"the experiment {target.experiment!r} may be changed"
        client.set_tag(_NO_RUN, TAG_EXPERIMENT, "true")
    except MlflowException as error:
        if error.error_code in ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"):  # it would have done it
            return f"the server takes changes; the first report makes the experiment {target.experiment!r} where it is missing"
        raise _denied(f"the server refuses a change: {error.error_code}") from None
    return "the server takes changes"


def _folder(path: Path) -> str:
    """Whether files can be made in ``path``, or in the first folder above it that is there."""
    place = next((one for one in (path, *path.parents) if one.exists()), path)
    if not os.access(place, os.W_OK | os.X_OK):
        raise _denied(f"the folder {place} is read-only for this user")
    return f"{place} is writable"


def _denied(why: str) -> DeliveryError:
    return DeliveryError(
        "no-right-to-write",
        why,
        todo="give this job's user the right to write, or name another place for reports (publish.mlflow)",
    )
