"""What a report leaves on the experiments and runs that it was made from, where the config asks for it: a link back, and the bundle.

Nothing is written there otherwise. Each run stands for itself: one that was deleted meanwhile, or may not be written, costs only its own place
and is named; all others get theirs.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from reportgen.collect import Progress
from reportgen.collect.pool import LateError, awaited
from reportgen.errors import DeliveryError, Problem, ReportError
from reportgen.formats import listed, one_line, plural
from reportgen.publish.mlflow import Delivery, Target
from reportgen.publish.mlflow_client import plain_errors, quiet, repository_of
from reportgen.publish.receipt import Receipt
from reportgen.publish.report_facts import ReportFacts
from reportgen.redaction import Redactor, public_uri
from reportgen.render.bundle import Bundle

LINK = "reportgen.report."
"""With the report's name behind it: where its latest report is."""
ATTACHED = "reportgen.attached."
"""With the report's name behind it: the digest of the newest bundle in ``reportgen/<name>/``."""


def linked(
    bundle: Bundle, target: Target, first: Receipt, progress: Progress, *, redactor: Redactor, seconds: float
) -> Receipt | None:
    """Link the report at ``first`` from what it was made from, and attach ``bundle``, as ``target`` says; None when it says nothing."""
    facts = ReportFacts.of(bundle)
    run_ids = _attached_to(target, facts.inputs.best, [run_id for _, runs in facts.inputs.compared for run_id in runs])
    if not (target.link_back or run_ids) or first.state == "failed":
        return None
    end = time.monotonic() + seconds
    work = _Work(bundle, facts, target, first, end, redactor)
    place = f"{public_uri(target.tracking_uri)}"
    try:
        with quiet(), plain_errors(redactor, "writing to the runs that were read failed"):
            awaited(
                lambda: work.done(run_ids),
                end,
                "reportgen-links",
                lambda: progress(work.n_done, len(run_ids), "attaching to runs"),
            )
    except LateError:
        work.failed.append(("time", f"not done within {seconds:.10g} s"))
    except ReportError as error:
        work.failed.append(("the store", error.what))
    where = f"{place}: {plural(work.n_linked, 'link')}, the bundle on {plural(work.n_attached, 'run')}"
    if not work.failed:
        return Receipt("mlflow-runs", "written" if work.n_linked or work.n_attached else "unchanged", where)
    told = listed([f"{what}: {why}" for what, why in work.failed], 3)
    todo = "see whether the runs are still there and may be written; `reportgen publish` does what is missing"
    return Receipt("mlflow-runs", "failed", where, Problem("runs-not-written", f"MLflow at {place}", redactor(told), todo, "gap"))


def _attached_to(target: Target, best: tuple[str, ...], compared: list[str]) -> list[str]:
    named = {"best": list(best), "compared": compared}
    return list(dict.fromkeys(_own_id(one) for word in target.attach for one in named.get(word, [word])))


def _own_id(run_id: str) -> str:
    """As its store knows it: with several sources an id has the source's name behind it."""
    return run_id.partition("#")[0]


class _Work:
    """The runs and experiments one after the other, with what came of each."""

    def __init__(
        self, bundle: Bundle, facts: ReportFacts, target: Target, first: Receipt, end: float, redactor: Redactor
    ) -> None:
        self.n_done = self.n_linked = self.n_attached = 0
        self.failed: list[tuple[str, str]] = []
        self._bundle, self._facts, self._target, self._first, self._end, self._redactor = (
            bundle,
            facts,
            target,
            first,
            end,
            redactor,
        )

    def done(self, run_ids: list[str]) -> None:
        from mlflow.tracking import MlflowClient

        client = MlflowClient(tracking_uri=self._target.tracking_uri)
        for run_id in run_ids:
            self._tried(f"run {run_id[:12]}", partial(self._attach, client, run_id))
            self.n_done += 1
        for what, link in self._links(client) if self._target.link_back else ():
            self._tried(what, link)

    def _tried(self, what: str, work: Callable[[], None]) -> None:
        if time.monotonic() >= self._end:
            raise LateError
        try:
            with plain_errors(self._redactor, "it failed"):
                work()
        except ReportError as error:
            self.failed.append((what, one_line(error.what, 200)))

    def _attach(self, client: Any, run_id: str) -> None:
        run, tag = _living(client.get_run(run_id)), f"{ATTACHED}{self._facts.name}"
        if run.data.tags.get(tag) == self._facts.digest:
            return
        repository = repository_of(run.info.artifact_uri, run_id, self._target.tracking_uri)
        # A folder for each bundle, so that no file of an earlier one is among its files or taken for one of them.
        folder = f"reportgen/{self._facts.name}/{self._facts.day}-{self._facts.digest[:10]}/"
        Delivery(self._bundle, self._target, self._end).upload(repository, folder, resumed=True)
        client.set_tag(run_id, tag, self._facts.digest)
        self.n_attached += 1

    def _links(self, client: Any) -> Iterator[tuple[str, Callable[[], None]]]:
        key, value = f"{LINK}{self._facts.name}", one_line(self._first.where, 4900)

        def of_experiment(id_: str, name: str) -> None:
            experiment = client.get_experiment(id_)
            if experiment.name == name and experiment.tags.get(key) != value:  # another store may have another one of this id
                client.set_experiment_tag(id_, key, value)
                self.n_linked += 1

        def of_run(run_id: str) -> None:
            if _living(client.get_run(run_id)).data.tags.get(key) != value:
                client.set_tag(run_id, key, value)
                self.n_linked += 1

        for id_, name in self._facts.inputs.experiments:
            yield f"experiment {one_line(name, 60)}", partial(of_experiment, id_.rpartition(":")[2], name)
        for run_id in dict.fromkeys(run_id for _, runs in self._facts.inputs.compared for run_id in runs):
            yield f"run {run_id[:12]}", partial(of_run, _own_id(run_id))


def _living(run: Any) -> Any:
    if run.info.lifecycle_stage != "active":
        raise DeliveryError("run-deleted", "it was deleted since it was read", todo="restore it, or build the report again")
    return run
