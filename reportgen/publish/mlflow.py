"""Logging a finished bundle to MLflow as the artifacts of a report run.

A report run carries tags ``reportgen.*`` and is never collected as data. Delivery is idempotent by content: a
finished run with the same digest means there is nothing to do, an unfinished one is completed with the files that it lacks. The manifest is
uploaded last, so a run without it is not a delivery. Of one day's reports the last one delivered counts; the others are marked.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import uuid4

from reportgen.collect import Progress
from reportgen.collect.pool import LateError, awaited
from reportgen.collect.run_pages import run_page
from reportgen.errors import DeliveryError, Problem, ReportError
from reportgen.formats import one_line, slug
from reportgen.publish.mlflow_client import DATABASES, check_schema, check_there, plain_errors, quiet, repository_of, sizes_in
from reportgen.publish.receipt import Receipt
from reportgen.publish.report_facts import ReportFacts, summary_within
from reportgen.redaction import Redactor, public_uri
from reportgen.render.bundle import MANIFEST, Bundle, put, size_of
from reportgen.render.outputs import FILES
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
TAG_DECISION = "reportgen.decision"
"""What a person decided; who, when and why are in ``reportgen.decision.by``, ``.on``, ``.because`` and ``.agreement``."""
TAG_COMPARED = "reportgen.compared"
"""The runs that the report compares: ``group: id, id; group: …``."""
TAG_SUPERSEDED = "reportgen.superseded_by"
"""The run of a later report of the same day."""
_NOTE = "mlflow.note.content"
_LONGEST = 4900
"""Characters of a tag's value: older MLflow takes 5,000."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where report runs go. ``tracking_uri`` may carry credentials and is never printed."""

    tracking_uri: str
    experiment: str
    link_back: bool = False
    """Whether the experiments and runs that were read get a tag that leads to the report; else nothing of them changes."""
    attach: tuple[str, ...] = ()
    """Runs that get the bundle as well: ``best``, ``compared``, or ids."""


def logged(
    bundle: Bundle,
    target: Target,
    progress: Progress,
    *,
    redactor: Redactor,
    seconds: float,
    tags: Mapping[str, str] = MappingProxyType({}),
) -> Receipt:
    """Log ``bundle`` as a report run of ``target``, within ``seconds``; a failure comes back as a ``Receipt``, not as an exception.

    A delivery that is late stops before its next step; what it is waiting for then is left behind.
    """
    delivery = Delivery(bundle, target, time.monotonic() + seconds, tags)
    tick = lambda: progress(delivery.n_uploaded, len(bundle.files), "logging to MLflow")  # noqa: E731
    try:
        with quiet(), plain_errors(redactor, "logging the report to MLflow failed"):
            try:
                return awaited(delivery.logged, delivery.end, "reportgen-delivery", tick)
            except LateError:
                raise DeliveryError(
                    "delivery-late",
                    f"logging to MLflow was not done within {seconds:.10g} s, when {delivery.n_uploaded} of {len(bundle.files)} files "
                    "were uploaded",
                    todo="deliver again with `reportgen publish`, with more time if the server is only slow (limits.delivery_seconds)",
                ) from None
    except ReportError as error:
        todo = error.todo or "the bundle is kept: `reportgen publish` delivers what is missing"
        problem = Problem(error.slug, f"MLflow experiment {target.experiment}", redactor(error.what), todo, "gap")
        return Receipt("mlflow", "failed", f"experiment {target.experiment} at {public_uri(target.tracking_uri)}", problem)


class Delivery:
    """One bundle on its way to a report run."""

    def __init__(self, bundle: Bundle, target: Target, end: float, tags: Mapping[str, str] = MappingProxyType({})) -> None:
        self.end = end
        """On the monotonic clock."""
        self.n_uploaded = 0
        self._bundle = bundle
        self._facts = ReportFacts.of(bundle)
        self._target = target
        self._more_tags = tags

    def logged(self) -> Receipt:
        from mlflow.tracking import MlflowClient

        bundle, facts, target = self._bundle, self._facts, self._target
        check_schema(target.tracking_uri)
        client = MlflowClient(tracking_uri=target.tracking_uri)
        experiment_id = _experiment_id(client, target)
        run = _earlier_run(client, experiment_id, facts)
        if run is not None and run.info.status == "FINISHED":
            self._supersede(client, experiment_id, run)
            return Receipt("mlflow", "unchanged", _where(target, bundle, run), run_id=run.info.run_id)
        self._check_time()
        is_begun = run is not None
        run = run or _new_run(client, experiment_id, {**self._more_tags, **_tags(bundle, facts)}, facts)
        run_id = run.info.run_id
        try:
            repository = repository_of(run.info.artifact_uri, run_id, target.tracking_uri)
            _log_metrics(client, run_id, facts.metrics)
            _log_inputs(client, run_id, facts, target)
            self.upload(repository, resumed=is_begun)
        except BaseException:
            with contextlib.suppress(Exception):  # the first error is the one to tell
                client.set_terminated(run_id, status="FAILED")
            raise
        client.set_terminated(run_id, status="FINISHED")
        self._supersede(client, experiment_id, run)
        return Receipt("mlflow", "written", _where(target, bundle, run), run_id=run_id)

    def upload(self, repository: Any, folder_there: str = "", *, resumed: bool = False) -> None:
        """Upload all files into ``folder_there``, the manifest last: a run that has the manifest has them all.

        Of a delivery that is ``resumed`` files that are there in their size are not sent again.
        """
        files = {f"{folder_there}{path}": content for path, content in self._bundle.files.items()}
        there = sizes_in(repository, files) if resumed else {}
        with Scratch("delivery") as folder:
            for path in sorted(files, key=lambda p: (p.endswith(MANIFEST), p)):
                self._check_time()
                if path.endswith(MANIFEST) or there.get(path) != size_of(files[path]):
                    local = folder / path
                    local.parent.mkdir(parents=True, exist_ok=True)
                    put(files[path], local)
                    repository.log_artifact(str(local), artifact_path=str(Path(path).parent) if "/" in path else None)
                    local.unlink()
                self.n_uploaded += 1
        self._check_time()
        check_there(repository, files)

    def _supersede(self, client: Any, experiment_id: str, run: Any) -> None:
        """Mark the other finished runs of this report and day as superseded by ``run``, and ``run`` as none of them."""
        run_id, facts = run.info.run_id, self._facts
        query = f"tags.`{TAG_REPORT}` = '{facts.name}' and tags.`{TAG_DATE}` = '{facts.day}' and attributes.status = 'FINISHED'"
        page = run_page(self._target.tracking_uri, experiment_id, run_id)
        for other in client.search_runs([experiment_id], query, max_results=200):
            if other.info.run_id != run_id and other.data.tags.get(TAG_SUPERSEDED) != run_id:
                note = _without_mark(other.data.tags.get(_NOTE, ""))
                client.set_tag(other.info.run_id, TAG_SUPERSEDED, run_id)
                client.set_tag(other.info.run_id, _NOTE, f"{_mark(run_id, page)}{note}"[:_LONGEST])
        if TAG_SUPERSEDED in run.data.tags:
            client.delete_tag(run_id, TAG_SUPERSEDED)
            client.set_tag(run_id, _NOTE, _without_mark(run.data.tags.get(_NOTE, "")))

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
    if urlsplit(target.tracking_uri).scheme.partition("+")[0] not in DATABASES:
        return None
    default = next((e for e in client.search_experiments() if e.experiment_id == "0"), None)
    parent = default.artifact_location.rstrip("/").rpartition("/")[0] if default is not None else ""
    return f"{parent}/{slug(target.experiment)}" if parent else None


def _earlier_run(client: Any, experiment_id: str, facts: ReportFacts) -> Any:
    """The run that has the same report and content: preferably finished, else left unfinished by an earlier job; or None."""
    runs = client.search_runs(
        [experiment_id], f"tags.`{TAG_REPORT}` = '{facts.name}' and tags.`{TAG_DIGEST}` = '{facts.digest}'", max_results=50
    )
    return next((run for run in runs if run.info.status == "FINISHED"), runs[0] if runs else None)


def _new_run(client: Any, experiment_id: str, tags: Mapping[str, str], facts: ReportFacts) -> Any:
    """A new report run, and no second one: MLflow's client repeats a call that failed, also when the server had made a run."""
    delivery = uuid4().hex
    run = client.create_run(experiment_id, run_name=f"{facts.name} {facts.day}", tags={**tags, TAG_DELIVERY: delivery})
    for made in client.search_runs([experiment_id], f"tags.`{TAG_DELIVERY}` = '{delivery}'"):
        if made.info.run_id != run.info.run_id:
            client.delete_run(made.info.run_id)
    return run


def _tags(bundle: Bundle, facts: ReportFacts) -> dict[str, str]:
    compared = "; ".join(f"{group}: {', '.join(runs)}" for group, runs in facts.inputs.compared)
    decided = {"by", "on", "because", "agreement"} & facts.decision.keys()
    return {
        TAG_REPORT: facts.name,
        TAG_DIGEST: facts.digest,
        TAG_SNAPSHOT: facts.snapshot_digest,
        TAG_TITLE: one_line(facts.title, 200),
        TAG_DATE: facts.day,
        _NOTE: summary_within(bundle, _LONGEST - 300),
        **({TAG_COMPARED: compared[:_LONGEST]} if compared else {}),
        **({TAG_DECISION: facts.decision["decision"]} if facts.decision else {}),
        **{f"{TAG_DECISION}.{key}": facts.decision[key][:_LONGEST] for key in sorted(decided) if facts.decision[key]},
    }


_MARK = "**Superseded** by "


def _mark(run_id: str, page: str | None) -> str:
    return (
        f"{_MARK}{f'[a later report of the same day]({page})' if page else f'a later report of the same day, run {run_id}'}.\n\n"
    )


def _without_mark(note: str) -> str:
    return note.partition("\n\n")[2] if note.startswith(_MARK) else note


def _log_inputs(client: Any, run_id: str, facts: ReportFacts, target: Target) -> None:
    """The experiments that were read, as inputs of the report run; a server before MLflow 2.4 has no such thing."""
    import json

    from mlflow.entities import Dataset, DatasetInput, InputTag

    tags = [InputTag("mlflow.data.context", "report")]
    uri = public_uri(target.tracking_uri)
    inputs = [
        DatasetInput(
            Dataset(
                one_line(name, 250),
                facts.snapshot_digest[:36] or "none",
                "mlflow-experiment",
                json.dumps({"experiment_id": id_, "store": uri}),
            ),
            tags,
        )
        for id_, name in facts.inputs.experiments[:1000]
    ]
    if inputs:
        with contextlib.suppress(Exception):  # a note for who looks at the run; the upload that follows tells what is wrong
            client.log_inputs(run_id, inputs)


def _log_metrics(client: Any, run_id: str, metrics: Mapping[str, float]) -> None:
    from mlflow.entities import Metric

    client.log_batch(run_id, metrics=[Metric(_metric_key(key), value, 0, 0) for key, value in sorted(metrics.items())])


def _metric_key(key: str) -> str:
    """``key`` as MLflow allows it in metric names: letters, digits and ``_ - . space : /``."""
    return "".join(c if c.isalnum() or c in "_-. :/" else "_" for c in key)[:250]


def _where(target: Target, bundle: Bundle, run: Any) -> str:
    """The address that opens the report itself: its page in MLflow's artifact viewer, or the file."""
    first = next((FILES[name] for name in ("html", "pdf", "markdown") if FILES[name] in bundle.files), "")
    page = run_page(target.tracking_uri, run.info.experiment_id, run.info.run_id)
    if page:
        return f"{page}/artifacts/{first}"
    place = urlsplit(run.info.artifact_uri)
    if place.scheme in ("", "file") and not place.netloc:
        return str(Path(unquote(place.path) if place.scheme else run.info.artifact_uri) / first)
    return f"run {run.info.run_id} of experiment {target.experiment} in {public_uri(target.tracking_uri)}"
