"""Logging a finished bundle to MLflow as the artifacts of a report run.

A report run carries tags ``reportgen.*`` and is never collected as data. Delivery is idempotent by content: a
finished run with the same digest means there is nothing to do, an unfinished one is completed. The manifest is
uploaded last, so a run without it is not a delivery.

MLflow's own client writes here, so its dangers are kept out: a database whose schema is not exactly the client's would be
migrated (refused); the server's word decides where artifacts go, and the client asks for it anew with each file (it is taken
once and checked, so that a server can make us write no local file and send our login to no other host); and the client may
wait for hours (the whole delivery has a wall-clock limit, and a pause is never longer than ours).
"""

from __future__ import annotations

import contextlib
import logging
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from reportgen.collect import Progress
from reportgen.collect.artifacts import artifact_scheme, own_path
from reportgen.collect.pool import LateError, awaited
from reportgen.collect.run_pages import run_page
from reportgen.errors import DeliveryError, Problem, ReportError
from reportgen.formats import listed, one_line, slug
from reportgen.model import Report
from reportgen.publish.receipt import Receipt
from reportgen.redaction import Redactor, public_uri
from reportgen.render.bundle import MANIFEST, Bundle, put, size_of
from reportgen.render.options import Content
from reportgen.scratch import Scratch

TAG_REPORT = "reportgen.report"
TAG_DIGEST = "reportgen.digest"
TAG_SNAPSHOT = "reportgen.snapshot_digest"
TAG_TITLE = "reportgen.title"
TAG_DATE = "reportgen.date"
TAG_DELIVERY = "reportgen.delivery"
"""One delivery's own word, by which it finds every run that it made."""
TAG_EXPERIMENT = "reportgen.reports"
"""The tag of an experiment that was made for report runs."""

_REMOTE_SCHEMES = frozenset({"s3", "gs", "abfss", "wasbs", "dbfs", "hdfs", "r2", "oss"})
_DATABASES = frozenset({"sqlite", "postgresql", "mysql", "mssql"})


@dataclass(frozen=True, slots=True)
class Target:
    """Where report runs go. ``tracking_uri`` may carry credentials and is never printed."""

    tracking_uri: str
    experiment: str


def logged(
    bundle: Bundle,
    report: Report,
    target: Target,
    progress: Progress,
    *,
    redactor: Redactor,
    seconds: float,
) -> Receipt:
    """Log ``bundle`` as a report run of ``target``, within ``seconds``; a failure comes back as a ``Receipt``, not as an exception.

    A delivery that is late stops before its next step; what it is waiting for then is left behind.
    """
    delivery = _Delivery(bundle, report, target, time.monotonic() + seconds)
    tick = lambda: progress(delivery.n_uploaded, len(bundle.files), "logging to MLflow")  # noqa: E731
    try:
        with _quiet(), _plain_errors(redactor):
            try:
                return awaited(delivery.logged, delivery.end, "reportgen-delivery", tick)
            except LateError:
                raise DeliveryError(
                    "delivery-late",
                    f"logging to MLflow was not done within {seconds:.10g} s, when {delivery.n_uploaded} of {len(bundle.files)} files "
                    "were uploaded",
                    todo="build again, with more time if the server is only slow (limits.delivery_seconds)",
                ) from None
    except ReportError as error:
        todo = error.todo or "the bundle is kept; build again to retry the delivery"
        problem = Problem(error.slug, f"MLflow experiment {target.experiment}", redactor(error.what), todo, "gap")
        return Receipt("mlflow", "failed", f"experiment {target.experiment} at {public_uri(target.tracking_uri)}", problem)


class _Delivery:
    """One bundle on its way to a report run."""

    def __init__(self, bundle: Bundle, report: Report, target: Target, end: float) -> None:
        self.end = end
        """On the monotonic clock."""
        self.n_uploaded = 0
        self._bundle = bundle
        self._report = report
        self._target = target

    def logged(self) -> Receipt:
        from mlflow.tracking import MlflowClient

        bundle, report, target = self._bundle, self._report, self._target
        _check_schema(target.tracking_uri)
        client = MlflowClient(tracking_uri=target.tracking_uri)
        experiment_id = _experiment_id(client, target)
        run = _earlier_run(client, experiment_id, bundle, report)
        if run is not None and run.info.status == "FINISHED":
            return Receipt("mlflow", "unchanged", _where(target, experiment_id, run.info.run_id))
        self._check_time()
        run = run or _new_run(client, experiment_id, bundle, report)
        run_id = run.info.run_id
        try:
            repository = _repository(run.info.artifact_uri, run_id, target.tracking_uri)
            _log_metrics(client, run_id, report.metrics)
            self._upload(repository)
        except BaseException:
            with contextlib.suppress(Exception):  # the first error is the one to tell
                client.set_terminated(run_id, status="FAILED")
            raise
        client.set_terminated(run_id, status="FINISHED")
        return Receipt("mlflow", "written", _where(target, experiment_id, run_id))

    def _upload(self, repository: Any) -> None:
        """Upload all files, the manifest last: a run that has the manifest has them all."""
        files = self._bundle.files
        with Scratch("delivery") as folder:
            for path, content in files.items():
                target = folder / path
                target.parent.mkdir(parents=True, exist_ok=True)
                put(content, target)
            for path in sorted(files, key=lambda p: (p == MANIFEST, p)):
                self._check_time()
                repository.log_artifact(str(folder / path), artifact_path=str(Path(path).parent) if "/" in path else None)
                self.n_uploaded += 1
        self._check_time()
        _check_there(repository, files)

    def _check_time(self) -> None:
        """Raise ``LateError`` when nobody waits any more."""
        if time.monotonic() >= self.end:
            raise LateError


def _experiment_id(client: Any, target: Target) -> str:
    experiment = client.get_experiment_by_name(target.experiment)
    if experiment is None:
        return str(
            client.create_experiment(
                target.experiment, artifact_location=_artifact_location(client, target), tags={TAG_EXPERIMENT: "true"}
            )
        )
    if experiment.lifecycle_stage != "active":
        raise DeliveryError(
            "report-experiment-deleted",
            f"the experiment {target.experiment!r} for report runs is deleted",
            todo="restore it, or name another one under publish.mlflow.experiment",
        )
    return str(experiment.experiment_id)


def _artifact_location(client: Any, target: Target) -> str | None:
    """Where a database's report experiment keeps artifacts: beside the Default experiment's; None lets a server decide.

    Without this MLflow's client takes ``./mlruns`` of whatever folder the job happens to run in.
    """
    if urlsplit(target.tracking_uri).scheme.partition("+")[0] not in _DATABASES:
        return None
    default = next((e for e in client.search_experiments() if e.experiment_id == "0"), None)
    parent = default.artifact_location.rstrip("/").rpartition("/")[0] if default is not None else ""
    return f"{parent}/{slug(target.experiment)}" if parent else None


def _earlier_run(client: Any, experiment_id: str, bundle: Bundle, report: Report) -> Any:
    """The run that has the same report and content: preferably finished, else left unfinished by an earlier job; or None."""
    runs = client.search_runs(
        [experiment_id], f"tags.`{TAG_REPORT}` = '{report.name}' and tags.`{TAG_DIGEST}` = '{bundle.digest}'", max_results=50
    )
    return next((run for run in runs if run.info.status == "FINISHED"), runs[0] if runs else None)


def _new_run(client: Any, experiment_id: str, bundle: Bundle, report: Report) -> Any:
    """A new report run, and no second one: MLflow's client repeats a call that failed, also when the server had made a run."""
    delivery = uuid4().hex
    tags = _tags(bundle, report) | {TAG_DELIVERY: delivery}
    run = client.create_run(experiment_id, run_name=f"{report.name} {report.generated_at:%Y-%m-%d}", tags=tags)
    for made in client.search_runs([experiment_id], f"tags.`{TAG_DELIVERY}` = '{delivery}'"):
        if made.info.run_id != run.info.run_id:
            client.delete_run(made.info.run_id)
    return run


def _tags(bundle: Bundle, report: Report) -> dict[str, str]:
    return {
        TAG_REPORT: report.name,
        TAG_DIGEST: bundle.digest,
        TAG_SNAPSHOT: report.provenance.snapshot_digest,
        TAG_TITLE: one_line(report.title, 200),
        TAG_DATE: f"{report.generated_at:%Y-%m-%d}",
        "mlflow.note.content": one_line(report.headline, 1000),
    }


def _log_metrics(client: Any, run_id: str, metrics: Mapping[str, float]) -> None:
    from mlflow.entities import Metric

    client.log_batch(run_id, metrics=[Metric(_metric_key(key), value, 0, 0) for key, value in sorted(metrics.items())])


def _metric_key(key: str) -> str:
    """``key`` as MLflow allows it in metric names: letters, digits and ``_ - . space : /``."""
    return "".join(c if c.isalnum() or c in "_-. :/" else "_" for c in key)[:250]


def _repository(artifact_uri: str, run_id: str, tracking_uri: str) -> Any:
    """MLflow's repository of artifacts at ``artifact_uri``, which a store named. Raises ``DeliveryError`` for a place that it may
    not name."""
    from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository
    from mlflow.utils.uri import add_databricks_profile_info_to_artifact_uri

    checked = add_databricks_profile_info_to_artifact_uri(_checked(artifact_uri, run_id, tracking_uri), tracking_uri)
    return get_artifact_repository(checked, tracking_uri=tracking_uri)


def _check_there(repository: Any, files: Mapping[str, Content]) -> None:
    """Raise ``DeliveryError`` unless all ``files`` are in the repository with their sizes, where it tells sizes.

    MLflow's client takes some answers for a success that are none, such as a redirect.
    """
    sizes: dict[str, int | None] = {}
    for folder in sorted({path.rpartition("/")[0] for path in files}):
        sizes |= {info.path: info.file_size for info in repository.list_artifacts(folder or None)}
    wrong = [path for path, content in sorted(files.items()) if sizes.get(path, -1) not in (None, size_of(content))]
    if wrong:
        raise DeliveryError(
            "delivery-incomplete",
            f"{len(wrong)} of {len(files)} files are not in MLflow as they were uploaded: {listed([one_line(path, 60) for path in wrong], 3)}",
            todo="see what the server, or a proxy before it, does with uploads, and build again",
        )


def _checked(artifact_uri: str, run_id: str, tracking_uri: str) -> str:
    """``artifact_uri``, or its path as a URI. Raises ``DeliveryError`` for a place on this machine unless a database or a folder
    names the run's own there, and for another server of artifacts than the tracking server, since it would get the same login."""
    scheme, tracking = artifact_scheme(artifact_uri), urlsplit(tracking_uri)
    if scheme in ("", "file"):
        path = own_path(artifact_uri, run_id)
        if path is not None and tracking.scheme.partition("+")[0] in _DATABASES | {"file", ""}:
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


def _check_schema(tracking_uri: str) -> None:
    """Raise ``DeliveryError`` for a database that MLflow's client would create or migrate by opening it."""
    if urlsplit(tracking_uri).scheme.partition("+")[0] not in _DATABASES:
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


def _where(target: Target, experiment_id: str, run_id: str) -> str:
    page = run_page(target.tracking_uri, experiment_id, run_id)
    return page or f"run {run_id} of experiment {target.experiment} in {public_uri(target.tracking_uri)}"


@contextlib.contextmanager
def _plain_errors(redactor: Redactor) -> Iterator[None]:
    """Turn errors of MLflow, SQLAlchemy and the network into one ``DeliveryError`` without credentials or page bodies."""
    try:
        yield
    except ReportError:
        raise
    except Exception as error:  # noqa: BLE001  any failure of somebody else's uploader is a failed delivery, never a lost report
        raise DeliveryError(
            "mlflow-delivery-failed",
            f"logging the report to MLflow failed: {type(error).__name__}: {one_line(redactor(str(error)), 300)}",
        ) from None


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep MLflow from printing run addresses (which may hold credentials) and from sending telemetry."""
    wanted = {
        "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
        "MLFLOW_HTTP_REQUEST_MAX_RETRIES": os.environ.get("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "4"),
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
