"""The results of a command's jobs: each is printed, and all together give one exit code."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib.abc import MetaPathFinder
from typing import TYPE_CHECKING

import typer

from reportgen.cli.console import Console, error_facts, print_json
from reportgen.cli.jobs import stores_words
from reportgen.errors import ReportError

if TYPE_CHECKING:
    from reportgen.job import Job, Progress
    from reportgen.outcome import Outcome
    from reportgen.publish import Receipt

MOST_VERDICTS = 6
"""Verdicts of one report that the terminal shows; k groups have k (k − 1) / 2 of them."""

_LABELS = {"html": "HTML", "pdf": "PDF", "markdown": "Markdown", "junit": "JUnit"}
"""The files of a bundle that the terminal names, in its order."""
_GRAVEST = (1, 8, 7, 4, 2, 5, 6, 3, 0)
"""Which of several exit codes a command of many reports ends with: the first of these that occurred."""


def outcome_of(
    console: Console, job: Job, work: Callable[[Job, Progress], Outcome], source: str, alone: bool = True
) -> Outcome | ReportError:
    """Run one job; an error that ends it is returned, so that the other reports are still made. One that nobody foresaw is raised for a job that is ``alone``."""
    console.step(f"{job.name}: reading {source}")
    if not job.runs_own_code:
        _spare_pandas()
    try:
        return work(job, console.progress(job.name))
    except Exception as error:
        from reportgen.many import ended_by

        ending = ended_by(job, error)
        if alone and ending.slug == "report-failed":
            raise
        ending.add_note(job.name)
        return ending
    finally:
        console.end_progress()


def _spare_pandas() -> None:
    """Let Arrow take pandas for not there until somebody asks it for a data frame: else its first array imports pandas, a quarter of a second of
    each command. Nothing of ours is a data frame; code of the user's may be."""
    if "pandas" in sys.modules:
        return
    hidden = _Hidden()
    sys.meta_path.insert(0, hidden)
    try:
        import pyarrow as pa

        pa.array([0])
    finally:
        sys.meta_path.remove(hidden)


class _Hidden(MetaPathFinder):
    """Finds no pandas."""

    def find_spec(self, fullname: str, _path: object, _target: object = None) -> None:
        if fullname == "pandas":
            raise ModuleNotFoundError(fullname, name=fullname)


def outcomes_of(console: Console, jobs: Sequence[Job], at_once: int, executor: str = "") -> list[Outcome | ReportError]:
    """Build every job: one after the other, ``at_once`` of them in processes of their own, or on the cluster of ``executor``."""
    from reportgen import pipeline

    if not executor and (at_once == 1 or len(jobs) == 1):
        return [outcome_of(console, job, pipeline.build, stores_words(job), len(jobs) == 1) for job in jobs]
    from reportgen.cluster import built_by

    results = built_by(executor, jobs, at_once, lambda name, what: console.step(f"{name}: {what}"))
    for job, result in zip(jobs, results, strict=True):
        if isinstance(result, ReportError):
            result.add_note(job.name)
    return results


def finish(console: Console, results: Sequence[Outcome | ReportError], *, json: bool) -> None:
    """Print every result and end the command with one exit code for all of them."""
    from reportgen.outcome import outcome_facts

    codes = [result.exit_code for result in results]
    code = next(c for c in _GRAVEST if c in codes)
    if json:
        facts = [outcome_facts(r) if not isinstance(r, ReportError) else error_facts(r) for r in results]
        print_json({"exit_code": code, "reports": facts})
    for result in results:
        if isinstance(result, ReportError):
            console.error(result)
            continue
        console.problems(result.problems)
        if not json:
            print_outcome(result)
            sys.stdout.flush()
        console.reason(result.name, result.exit_code, result.reason)
    end(code)


def print_outcome(outcome: Outcome) -> None:
    """Print one report's headline, verdicts, gates, deliveries and files."""
    print(f"{outcome.name}: {outcome.headline}")
    for verdict in outcome.verdicts[:MOST_VERDICTS]:
        print(f"  verdict {verdict.outcome.replace('_', ' ').upper()}: {_said_once(verdict.title, verdict.sentence)}")
    if len(outcome.verdicts) > MOST_VERDICTS:
        print(f"  {len(outcome.verdicts) - MOST_VERDICTS} more comparisons are in the report")
    if outcome.decision:
        decision = outcome.decision
        print(f"  decision {decision.decision.upper()} ({decision.agreement}): {decision.by}: {decision.because}")
    for gate in outcome.gates:
        print(f"  gate {gate.state}{' (a warning)' if gate.warns else ''}: {gate.name}: {gate.sentence}")
    print_receipts(outcome.receipts[1:])
    files = outcome.files
    named = [name for name in _LABELS if name in files and (outcome.gates or name != "junit")]
    for name in named:
        print(f"  {_LABELS[name]:<8} {files[name]}")
    if not named:  # --format data: the bundle is somewhere, too
        print(f"  {'Folder':<8} {outcome.folder}")


def _said_once(title: str, sentence: str) -> str:
    """Title and sentence on one line; a metric's name that ends the one and begins the other stands there once."""
    groups, colon, name = title.rpartition(": ")
    return f"{groups if colon and sentence.startswith(f'{name} ') else title}: {sentence}"


def print_receipts(receipts: Sequence[Receipt]) -> None:
    for receipt in receipts:
        print(f"  {receipt.channel} {receipt.state}: {receipt.where}")


def end(code: int) -> None:
    """End the command with ``code`` after flushing stdout."""
    sys.stdout.flush()
    if code:
        raise typer.Exit(code)
