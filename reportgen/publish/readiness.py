"""Can a report be logged to this place at all: asked before anything is read, so that a missing package costs seconds and not a build.

Only what is certain is told: a server that does not answer now may answer when the report is done.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterable
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from reportgen.collect.artifacts import artifact_scheme
from reportgen.collect.pool import awaited
from reportgen.errors import ConfigError
from reportgen.publish.mlflow import Target
from reportgen.publish.mlflow_client import DATABASES, check_schema, quiet
from reportgen.redaction import public_uri

_SECONDS = 10.0
_DRIVERS = {
    "postgresql": ("psycopg2", "reportgen[postgresql]"),
    "postgresql+psycopg2": ("psycopg2", "reportgen[postgresql]"),
    "postgresql+psycopg": ("psycopg", "psycopg"),
    "mysql": ("MySQLdb", "mysqlclient"),
    "mysql+pymysql": ("pymysql", "pymysql"),
    "mssql": ("pyodbc", "pyodbc"),
    "mssql+pyodbc": ("pyodbc", "pyodbc"),
}
"""Scheme of a database → (module that MLflow's client opens it with, what to install)."""
_CLOUDS = {
    "s3": ("boto3", "reportgen[s3]"),
    "r2": ("boto3", "reportgen[s3]"),
    "gs": ("google.cloud.storage", "reportgen[gcs]"),
    "wasbs": ("azure.storage.blob", "reportgen[azure]"),
    "abfss": ("azure.storage.filedatalake", "reportgen[azure]"),
}
"""Scheme of a store of artifacts → (module that MLflow's client writes it with, what to install)."""


def check_ready(targets: Iterable[Target]) -> None:
    """Raise ``ConfigError`` for the first of ``targets`` that nothing can be logged to, whatever happens until then."""
    for target in targets:
        check_driver(target.tracking_uri)
        place = artifact_place(target)
        if place is not None:
            check_artifacts(target.tracking_uri, place)


def check_driver(tracking_uri: str) -> None:
    scheme = urlsplit(tracking_uri).scheme
    module, package = _DRIVERS.get(scheme, ("", ""))
    if module and not _is_there(module):
        raise ConfigError(
            "delivery-needs-package",
            f"logging to {public_uri(tracking_uri)} needs the package {module}: MLflow's client opens {scheme}: with it",
            todo=f"pip install '{package}', or log through the server's URL (http…), or build with --no-publish",
        )


def check_artifacts(tracking_uri: str, place: str) -> None:
    scheme, is_database = artifact_scheme(place), urlsplit(tracking_uri).scheme.partition("+")[0] in DATABASES
    if scheme == "mlflow-artifacts" and is_database:
        raise ConfigError(
            "delivery-needs-server",
            f"the artifacts of the report's experiment lie behind a tracking server ({public_uri(place)[:120]}), and the tracking URI is a database",
            todo="log through the server: publish: [{mlflow: {tracking_uri: http://…}}], or build with --no-publish",
        )
    if scheme in ("", "file") and urlsplit(tracking_uri).scheme in ("http", "https"):
        raise ConfigError(
            "delivery-needs-server",
            "the artifacts of the report's experiment lie in a folder of the tracking server's machine, where only programs on it can write",
            todo="name another experiment (publish.mlflow.experiment) of a server that was started with --serve-artifacts, or build with --no-publish",
        )
    module, package = _CLOUDS.get(scheme, ("", ""))
    if module and not _is_there(module):
        raise ConfigError(
            "delivery-needs-package",
            f"the artifacts of the report's experiment lie in {scheme}:, and MLflow's client needs the package {module} for it",
            todo=f"pip install '{package}', or build with --no-publish",
        )


def artifact_place(target: Target) -> str | None:
    """Where the artifacts of report runs will lie, as the store says; None when it cannot be asked now."""

    def asked() -> str | None:
        from mlflow.tracking import MlflowClient

        check_schema(target.tracking_uri)
        client: Any = MlflowClient(tracking_uri=target.tracking_uri)
        experiment = client.get_experiment_by_name(target.experiment)
        if experiment is None and urlsplit(target.tracking_uri).scheme not in ("http", "https"):  # a server decides by itself
            experiment = next((one for one in client.search_experiments() if one.experiment_id == "0"), None)
        return str(experiment.artifact_location) if experiment is not None else None

    import mlflow  # noqa: F401  its import counts for nobody's patience

    with quiet(retries=0), contextlib.suppress(Exception):  # whatever it is, the delivery itself will tell it
        return awaited(asked, time.monotonic() + _SECONDS, "reportgen-readiness", lambda: None)
    return None


def _is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # the package that it would be in
        return False
