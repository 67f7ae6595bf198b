"""MLflow's own client, with its dangers kept out.

A database whose schema is not exactly the client's would be migrated (refused); the server's word decides where artifacts go, and the client
asks for it anew with each file (it is taken once and checked, so that a server can make us write no local file and send our login to no
other host); and the client may wait for hours (a pause is never longer than ours; who calls it has a wall-clock limit).
"""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from reportgen.collect.artifacts import artifact_scheme, own_path
from reportgen.errors import DeliveryError, ReportError
from reportgen.formats import listed, one_line
from reportgen.redaction import Redactor, public_uri
from reportgen.render.bundle import size_of
from reportgen.render.options import Content

_REMOTE_SCHEMES = frozenset({"s3", "gs", "abfss", "wasbs", "dbfs", "hdfs", "r2", "oss"})
DATABASES = frozenset({"sqlite", "postgresql", "mysql", "mssql"})


def repository_of(artifact_uri: str, run_id: str, tracking_uri: str) -> Any:
    """MLflow's repository of artifacts at ``artifact_uri``, which a store named. Raises ``DeliveryError`` for a place that it may
    not name."""
    from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository
    from mlflow.utils.uri import add_databricks_profile_info_to_artifact_uri

    checked = add_databricks_profile_info_to_artifact_uri(_checked(artifact_uri, run_id, tracking_uri), tracking_uri)
    return get_artifact_repository(checked, tracking_uri=tracking_uri)


def _checked(artifact_uri: str, run_id: str, tracking_uri: str) -> str:
    """``artifact_uri``, or its path as a URI. Raises ``DeliveryError`` for a place on this machine unless a database or a folder
    names the run's own there, and for another server of artifacts than the tracking server, since it would get the same login."""
    scheme, tracking = artifact_scheme(artifact_uri), urlsplit(tracking_uri)
    if scheme in ("", "file"):
        path = own_path(artifact_uri, run_id)
        if path is not None and tracking.scheme.partition("+")[0] in DATABASES | {"file", ""}:
            return path.absolute().as_uri()
    elif scheme == "mlflow-artifacts":
        if urlsplit(artifact_uri).netloc in ("", tracking.netloc.rpartition("@")[2]):
            return artifact_uri
    elif scheme in _REMOTE_SCHEMES:
        return artifact_uri
    raise DeliveryError(
        "artifact-scheme-refused",
        f"the report's artifacts would go to a place that the tracking store may not name: {public_uri(artifact_uri)[:200]}",
        allowed=", ".join(sorted(_REMOTE_SCHEMES)) + "; mlflow-artifacts on the tracking server's own host; "
        "a folder named like the run when the tracking URI is no server",
        todo="start the server with --serve-artifacts or a remote --default-artifact-root",
    )


def check_there(repository: Any, files: Mapping[str, Content]) -> None:
    """Raise ``DeliveryError`` unless all ``files`` are in the repository with their sizes, where it tells sizes.

    MLflow's client takes some answers for a success that are none, such as a redirect.
    """
    sizes = sizes_in(repository, files)
    wrong = [path for path, content in sorted(files.items()) if sizes.get(path, -1) not in (None, size_of(content))]
    if wrong:
        raise DeliveryError(
            "delivery-incomplete",
            f"{len(wrong)} of {len(files)} files are not in MLflow as they were uploaded: {listed([one_line(path, 60) for path in wrong], 3)}",
            todo="see what the server, or a proxy before it, does with uploads, then deliver again with `reportgen publish`",
        )


def sizes_in(repository: Any, paths: Iterable[str]) -> dict[str, int | None]:
    """Path → size, of what the repository has in the folders of ``paths``; None where it tells no size."""
    sizes: dict[str, int | None] = {}
    for folder in sorted({path.rpartition("/")[0] for path in paths}):
        sizes |= {info.path: info.file_size for info in repository.list_artifacts(folder or None)}
    return sizes


def check_schema(tracking_uri: str) -> None:
    """Raise ``DeliveryError`` for a database that MLflow's client would create or migrate by opening it."""
    if urlsplit(tracking_uri).scheme.partition("+")[0] not in DATABASES:
        return
    import sqlalchemy
    from mlflow.store.db.utils import _get_latest_schema_revision  # MLflow offers no public name for its schema's head

    head = _get_latest_schema_revision()
    if tracking_uri.startswith("sqlite:///"):
        path = sqlalchemy.engine.make_url(tracking_uri).database
        if not path or not Path(path).is_file():
            raise DeliveryError(
                "report-store-missing", "the SQLite store for report runs does not exist", todo="create it with MLflow first"
            )
    engine = sqlalchemy.create_engine(tracking_uri)
    try:
        with engine.connect() as connection:
            found = connection.execute(sqlalchemy.text("SELECT version_num FROM alembic_version")).scalar()
    finally:
        engine.dispose()
    if found != head:
        raise DeliveryError(
            "report-store-other-schema",
            "the database has another schema than the installed MLflow writes; logging to it would migrate it",
            found=str(found),
            allowed=str(head),
            todo="publish through a tracking server, install the MLflow of that schema, or run `mlflow db upgrade` yourself",
        )


@contextlib.contextmanager
def plain_errors(redactor: Redactor, what: str) -> Iterator[None]:
    """Turn errors of MLflow, SQLAlchemy and the network into one ``DeliveryError`` without credentials or page bodies."""
    try:
        yield
    except ReportError:
        raise
    except Exception as error:  # noqa: BLE001  any failure of somebody else's uploader is a failed delivery, never a lost report
        raise DeliveryError(
            "mlflow-delivery-failed",
            f"{what}: {type(error).__name__}: {one_line(redactor(str(error)), 300)}",
        ) from None


@contextlib.contextmanager
def quiet(retries: int = 4) -> Iterator[None]:
    """Keep MLflow from printing run addresses (which may hold credentials), from sending telemetry, and from waiting for hours."""
    wanted = {
        "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
        "MLFLOW_HTTP_REQUEST_MAX_RETRIES": os.environ.get("MLFLOW_HTTP_REQUEST_MAX_RETRIES", str(retries)) if retries else "0",
        "MLFLOW_HTTP_RESPECT_RETRY_AFTER_HEADER": "false",  # which may ask for a day; the pauses are 0, 4, 8 and 16 s
        # Else the server names, for large files, the addresses that their parts are sent to.
        "MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD": os.environ.get("MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD", "false"),
        "MLFLOW_ALLOW_HTTP_REDIRECTS": "false",  # the report goes to the host that the config names
        "MLFLOW_HTTP_REQUEST_TIMEOUT": os.environ.get("MLFLOW_HTTP_REQUEST_TIMEOUT", "30"),
    }
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    loggers = [logging.getLogger(name) for name in ("mlflow", "alembic")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
