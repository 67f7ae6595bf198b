"""The training side: begin and end a job, log metrics back to it, and one interactive page for each metric of its experiment::

    params = {"tracking_uri": "sqlite:///mlflow.db", "experiment_name": "iris"}
    run_id = start_training_job(params)
    classifier.fit(x, y)
    end_training_job(params)
    add_metrics_to_run(run_id, params, {"accuracy": 0.97})
    ExperimentTrackingProtocol(**params).report_metrics_to_experiment()

Training writes to MLflow by MLflow's own client; the pages are made by the same rooms as every report and read without it.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportgen.errors import ConfigError, DeliveryError, Problem, ReportError, SourceError
from reportgen.formats import one_line
from reportgen.redaction import Redactor, public_text, public_uri

if TYPE_CHECKING:
    from mlflow.tracking import MlflowClient

    from reportgen.job import Job, Progress
    from reportgen.outcome import Outcome

__all__ = [
    "ExperimentTrackingParams",
    "ExperimentTrackingProtocol",
    "MetricPages",
    "add_metrics_to_run",
    "end_training_job",
    "start_training_job",
    "training_job",
]


@dataclass(frozen=True, slots=True)
class ExperimentTrackingParams:
    """Where a training job is tracked; every function here takes a mapping with the same keys as well."""

    tracking_uri: str = field(repr=False)
    experiment_name: str
    run_name: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    params: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, given: ParamsLike) -> ExperimentTrackingParams:
        """``given`` as one of these. Raises ``ConfigError`` for a key that is missing or not known."""
        if isinstance(given, ExperimentTrackingParams):
            return given
        known = [one.name for one in fields(cls)]
        wrong = sorted(str(key) for key in given if key not in known)
        missing = [key for key in ("tracking_uri", "experiment_name") if not given.get(key)]
        if wrong or missing:
            raise ConfigError(
                "tracking-params",
                "the parameters of the tracking do not say where to track",
                found=", ".join(
                    [*(f"unknown {one_line(public_text(key), 40)}" for key in wrong), *(f"no {key}" for key in missing)]
                ),
                allowed=", ".join(known),
            )
        made = cls(**{key: value for key, value in given.items() if value is not None})
        texts, mappings = (made.tracking_uri, made.experiment_name, made.run_name or ""), (made.tags, made.params)
        if not all(isinstance(one, str) for one in texts) or not all(isinstance(one, Mapping) for one in mappings):
            raise ConfigError(
                "tracking-params",
                "the parameters of the tracking are not of their kinds",
                allowed="texts; tags and params are mappings",
            )
        return made


ParamsLike = ExperimentTrackingParams | Mapping[str, Any]


# --- a job -------------------------------------------------------------------------------------------------------------


def start_training_job(experiment_tracking_params: ParamsLike) -> str:
    """Begin a run of the experiment, which is made if there is none, and return its id. Everything that MLflow logs meanwhile goes to it.

    Raises ``ConfigError`` for wrong parameters and ``DeliveryError`` when the store cannot be written.
    """
    import mlflow

    params = ExperimentTrackingParams.of(experiment_tracking_params)
    with _store_errors(params.tracking_uri):
        mlflow.set_tracking_uri(params.tracking_uri)
        mlflow.set_experiment(params.experiment_name)
        run = mlflow.start_run(run_name=params.run_name, tags={key: str(value) for key, value in params.tags.items()} or None)
        try:
            if params.params:
                mlflow.log_params(dict(params.params))
        except BaseException:
            mlflow.end_run("FAILED")
            raise
    return str(run.info.run_id)


def end_training_job(experiment_tracking_params: ParamsLike, status: str = "FINISHED") -> None:
    """End the active run of the experiment, which ``start_training_job`` began; nothing happens when there is none."""
    import mlflow

    params = ExperimentTrackingParams.of(experiment_tracking_params)
    with _store_errors(params.tracking_uri):
        if _active_run(params) is not None:
            mlflow.end_run(status)


@contextmanager
def training_job(experiment_tracking_params: ParamsLike) -> Iterator[str]:
    """The id of a run that ends with the block: finished, or failed when the block raises."""
    run_id = start_training_job(experiment_tracking_params)
    try:
        yield run_id
    except BaseException:
        end_training_job(experiment_tracking_params, "FAILED")
        raise
    end_training_job(experiment_tracking_params)


def add_metrics_to_run(
    run_id: str, experiment_tracking_params: ParamsLike, validation_metrics: Mapping[str, Any]
) -> tuple[Problem, ...]:
    """Log ``validation_metrics`` to a run, finished or not, each by itself; those that are no number are returned and cost the others nothing.

    Numbers, NumPy scalars, arrays of one value, booleans and texts that are numbers are cast; NaN and infinities are logged as they are.
    Raises ``SourceError`` for a run that is not there or deleted.
    """
    params = ExperimentTrackingParams.of(experiment_tracking_params)
    with _store_errors(params.tracking_uri):
        client = _client(params.tracking_uri)
        _check_run(client, run_id, params.tracking_uri)
    problems: list[Problem] = []
    for name, value in validation_metrics.items():
        number = _number(value)
        if number is None:
            what = f"it is {_kind(value)}, not a number"
            problems.append(Problem("metric-not-a-number", f"metric {one_line(str(name), 80)}", what, "log a number", "gap"))
            continue
        try:
            client.log_metric(run_id, str(name), number)
        except Exception as error:  # noqa: BLE001 - MLflow raises anything; one metric must not cost the others
            what = f"it could not be logged: {_reason(error)}"
            problems.append(
                Problem("metric-not-logged", f"metric {one_line(str(name), 80)}", what, "see the name and the store", "gap")
            )
    return tuple(problems)


# --- an experiment -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MetricPages:
    """What ``report_metrics_to_experiment`` logged."""

    where: str
    """The report run and its address."""
    pages: Mapping[str, str]
    """Metric → artifact path, ``metrics_comparison/<metric>.html``."""
    problems: tuple[Problem, ...]


class ExperimentTrackingProtocol:
    """One experiment: its metrics as pages, further metrics for its runs, and itself beside others."""

    def __init__(self, tracking_uri: str | None = None, experiment_name: str | None = None) -> None:
        """Without arguments as MLflow's environment says (``MLFLOW_TRACKING_URI``, ``MLFLOW_EXPERIMENT_NAME``)."""
        given = tracking_uri or os.environ.get("MLFLOW_TRACKING_URI", "")
        self._params = ExperimentTrackingParams.of(
            {"tracking_uri": given, "experiment_name": experiment_name or os.environ.get("MLFLOW_EXPERIMENT_NAME", "")}
        )

    def report_metrics_to_experiment(self, progress: Progress | None = None) -> MetricPages:
        """Log a report of the experiment to it: ``metrics_comparison/<metric>.html`` with all runs and histories for each metric, ``report.html`` and
        ``report.pdf``. The run that holds them is no data of later reports.

        Runs without a metric have no curve on its page; of many the best are lines and the rest a band, and the page says so. Raises ``SourceError``
        when the experiment is not there or has no run, ``DeliveryError`` when nothing could be logged.
        """
        from reportgen.job import with_scratch
        from reportgen.metric_pages import metric_pages
        from reportgen.pipeline import collected, drawn, reported
        from reportgen.publish.mlflow import Target, logged

        tell = progress or (lambda _done, _total, _what: None)
        job = self._job()
        with with_scratch(job) as work:
            snapshot = collected(work, tell)
            if not snapshot.runs.num_rows:
                raise SourceError(
                    "experiment-without-runs",
                    f"the experiment {one_line(self._params.experiment_name, 80)} has no run",
                    todo="begin one with start_training_job",
                )
            pages, problems = metric_pages(work, snapshot, tell, lambda one: drawn(one, reported(one, snapshot), snapshot))
            report = reported(work, snapshot)
            bundle = drawn(work, report, snapshot, {page.path: page.content for page in pages})
            target = Target(self._params.tracking_uri, self._params.experiment_name)
            seconds = job.config.limits.delivery_seconds
            receipt = logged(bundle, target, tell, redactor=job.redactor, seconds=seconds)
        if receipt.state == "failed" and receipt.problem is not None:
            raise DeliveryError(receipt.problem.slug, receipt.problem.what, todo=receipt.problem.todo)
        kept = {page.metric: page.path for page in pages if page.path in bundle.files}
        return MetricPages(receipt.where, kept, tuple(dict.fromkeys((*bundle.problems, *problems))))

    def report_custom_metrics(self, custom_metrics: Mapping[str, Any], run_id: str | None = None) -> tuple[Problem, ...]:
        """``add_metrics_to_run`` for ``run_id``, or for the run that is active in this process, else the newest of the experiment."""
        return add_metrics_to_run(run_id or self._run(), self._params, custom_metrics)

    def compare_experiments(self, names: Sequence[str], output: str | os.PathLike[str] = "reports") -> Outcome:
        """A memo that compares the experiments ``names``, the first of them being the baseline; its files lie in ``output``."""
        from reportgen.api import compare

        if isinstance(names, str) or len(names) < 2:
            raise ConfigError("few-experiments", "a comparison needs two experiments at least", todo="name them in a list")
        return compare(*names, by="experiment", baseline=names[0], tracking_uri=self._params.tracking_uri, output=output)

    def _job(self) -> Job:
        from reportgen import config as configs
        from reportgen.config.names import report_name
        from reportgen.job import jobs_of

        name = self._params.experiment_name
        report = {"experiments": [name], "title": one_line(name, 200)}
        config = configs.of_mapping({"tracking_uri": self._params.tracking_uri, "reports": {report_name(name): report}})
        return jobs_of(config, Path(), formats=["html", "pdf"])[0]

    def _run(self) -> str:
        from reportgen.collect.selection import OWN_REPORT_TAG

        if (active := _active_run(self._params)) is not None:
            return active
        with _store_errors(self._params.tracking_uri):
            client = _client(self._params.tracking_uri)
            found = client.get_experiment_by_name(self._params.experiment_name)
            runs = (
                client.search_runs([found.experiment_id], order_by=["attributes.start_time DESC"], max_results=100)
                if found
                else []
            )
        newest = next((run for run in runs if OWN_REPORT_TAG not in run.data.tags), None)
        if newest is None:
            raise SourceError(
                "experiment-without-runs",
                f"the experiment {one_line(self._params.experiment_name, 80)} has no run",
                todo="name one with run_id, or begin one with start_training_job",
            )
        return str(newest.info.run_id)


# --- values ------------------------------------------------------------------------------------------------------------


def _number(value: Any) -> float | None:
    """``value`` as MLflow logs it; None for what is no number."""
    if value is None or isinstance(value, complex | bytes):
        return None
    try:
        number = float(value.item() if hasattr(value, "item") and getattr(value, "size", 1) == 1 else value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if math.isfinite(number) or not isinstance(value, str) else None


def _kind(value: Any) -> str:
    kinds = {type(None): "None", str: "text", complex: "a complex number", list: "a list", dict: "a mapping"}
    return kinds.get(type(value), f"of type {type(value).__name__}")


# --- the store ---------------------------------------------------------------------------------------------------------


def _active_run(params: ExperimentTrackingParams) -> str | None:
    """The run that is active in this process, if it is one of the experiment of ``params``."""
    import mlflow

    active = mlflow.active_run()
    if active is None or mlflow.get_tracking_uri() != params.tracking_uri:
        return None
    experiment = _client(params.tracking_uri).get_experiment(active.info.experiment_id)
    return str(active.info.run_id) if experiment.name == params.experiment_name else None


def _client(tracking_uri: str) -> MlflowClient:
    from mlflow.tracking import MlflowClient

    return MlflowClient(tracking_uri=tracking_uri)


def _check_run(client: MlflowClient, run_id: str, tracking_uri: str) -> None:
    from mlflow.exceptions import MlflowException

    try:
        stage = client.get_run(run_id).info.lifecycle_stage
    except MlflowException as error:
        if error.error_code != "RESOURCE_DOES_NOT_EXIST":
            raise
        stage = "unknown"
    if stage != "active":
        raise SourceError(
            "run-not-active",
            f"run {one_line(run_id, 60)} is {'deleted' if stage == 'deleted' else 'not there'} in {public_uri(tracking_uri)}",
            todo="restore it in MLflow" if stage == "deleted" else "name a run of this store",
        )


@contextmanager
def _store_errors(tracking_uri: str) -> Iterator[None]:
    """What MLflow's client raises, as a ``DeliveryError`` without credentials."""
    try:
        yield
    except ReportError:
        raise
    except Exception as error:  # noqa: BLE001 - MLflow's client and its drivers raise anything
        raise DeliveryError(
            "tracking-failed",
            f"tracking to {public_uri(tracking_uri)} failed: {_reason(error, tracking_uri)}",
            todo="check that the store is reachable and may be written: `reportgen doctor --tracking-uri`",
        ) from None


def _reason(error: Exception, tracking_uri: str = "") -> str:
    return Redactor.of([tracking_uri] if tracking_uri else [], os.environ)(one_line(str(error) or type(error).__name__, 200))
