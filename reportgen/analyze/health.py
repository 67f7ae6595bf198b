"""What needs attention: runs that failed, hang, diverged or measured nothing, and clocks that cannot be right."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from reportgen.analyze.histories import SeriesByKey
from reportgen.analyze.methods import proportions
from reportgen.analyze.methods.estimates import Estimate
from reportgen.analyze.replicates import identical_reruns
from reportgen.analyze.runs import Run, RunKey
from reportgen.redaction import names_a_secret, public_text

STALE_HOURS = 24
"""A run that says RUNNING and has logged nothing for so long is probably lost."""

_EARLIEST = datetime(2010, 1, 1, tzinfo=UTC)
_LONGEST = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason why one run needs attention."""

    key: RunKey
    kind: str
    """``failed``, ``killed``, ``stale``, ``running``, ``no_metrics``, ``non_finite``, ``clock``."""
    detail: str
    """The particular: a metric and step, a time; may be empty."""
    grave: bool
    """Whether it is more than a remark."""


@dataclass(frozen=True, slots=True)
class Durations:
    """How long finished runs took, in seconds. Quantiles are of type 7."""

    n: int
    total: float
    median: float
    q1: float
    q3: float
    shortest: float
    longest: float
    longest_key: RunKey


@dataclass(frozen=True, slots=True)
class Health:
    by_status: tuple[tuple[str, int], ...]
    """(status as the store says, count) of runs that are not deleted, most frequent first."""
    n_deleted: int
    findings: tuple[Finding, ...]
    """By run start, grave ones first."""
    failed_share: Estimate | None
    """Failed and killed among the runs that ended, with Wilson's interval."""
    n_ended: int
    durations: Durations | None
    same_names: tuple[tuple[str, str, int], ...]
    """(experiment, name, how many runs have it), most frequent first."""
    reruns: tuple[tuple[RunKey, ...], ...]
    """Sets of runs that are the same run again."""

    @property
    def n_need_attention(self) -> int:
        return len({finding.key for finding in self.findings if finding.grave})


def health_of(
    runs: Sequence[Run], series: SeriesByKey, now: datetime, datasets: Mapping[RunKey, tuple[str, ...]] | None = None
) -> Health:
    """``datasets``: runs that logged other data sets are no re-runs of each other."""
    active = [run for run in runs if not run.deleted]
    bad_steps = _non_finite(series)
    findings = [finding for run in active for finding in _findings(run, bad_steps.get(run.key, ()), now)]
    order = {run.key: run.order for run in active}
    findings.sort(key=lambda one: (not one.grave, order[one.key], one.kind, one.detail))
    counts = Counter(run.status for run in active)
    n_failed = counts["FAILED"] + counts["KILLED"]
    n_ended = n_failed + counts["FINISHED"]
    names = Counter((run.experiment, run.name) for run in active if run.name)
    return Health(
        by_status=tuple(sorted(counts.items(), key=lambda one: (-one[1], one[0]))),
        n_deleted=len(runs) - len(active),
        findings=tuple(findings),
        failed_share=proportions.wilson_interval(n_failed, n_ended) if n_ended else None,
        n_ended=n_ended,
        durations=_durations(active),
        same_names=tuple(
            sorted(((e, name, n) for (e, name), n in names.items() if n > 1), key=lambda one: (-one[2], one[0], one[1]))
        ),
        reruns=identical_reruns(active, datasets),
    )


def _non_finite(series: SeriesByKey) -> dict[RunKey, tuple[tuple[str, int, int], ...]]:
    """Run → (metric, first bad step, how many) of every series with NaN or infinity, in order of metric."""
    found: dict[RunKey, list[tuple[str, int, int]]] = {}
    for (key, metric), facts in series.items():
        if facts.first_bad_step is not None:
            found.setdefault(key, []).append((metric, facts.first_bad_step, facts.n_non_finite))
    return {key: tuple(sorted(rows)) for key, rows in found.items()}


def _findings(run: Run, bad: Sequence[tuple[str, int, int]], now: datetime) -> list[Finding]:
    findings: list[Finding] = []
    if run.status in ("FAILED", "KILLED"):
        findings.append(Finding(run.key, run.status.lower(), _reason(run), True))
    elif run.status != "FINISHED":
        findings.append(_unfinished(run, now))
    if run.status == "FINISHED" and not run.last_values:
        # A parent that only holds its children measures nothing itself.
        findings.append(Finding(run.key, "no_metrics", "", not run.children))
    for metric, step, n in bad:
        findings.append(Finding(run.key, "non_finite", f"{metric} from step {step} ({n} of its points)", True))
    for metric, value in sorted(run.last_values.items()):  # last values without a history
        if not math.isfinite(value) and metric not in {name for name, _, _ in bad}:
            findings.append(Finding(run.key, "non_finite", f"{metric}, last value", True))
    detail = _clock(run, now)
    return [*findings, *([Finding(run.key, "clock", detail, True)] if detail else [])]


_REASON = re.compile(
    r"(?:^|[_.\-/ ])(?:error|exception|failure|reason)(?:[_.\-/ ](?:type|message|msg|reason|class))?$", re.IGNORECASE
)


def _reason(run: Run) -> str:
    """What the run's own tags say about why it failed: "error = out of memory"; empty when none does."""
    names = sorted(name for name in run.tags if _REASON.search(name) and not names_a_secret(name) and run.tags[name])
    return ", ".join(f"{name} = {public_text(run.tags[name])}" for name in names)


def _unfinished(run: Run, now: datetime) -> Finding:
    seen_ms = max((ms for ms in (run.started_ms, run.last_logged_ms) if ms is not None), default=None)
    if seen_ms is None:
        return Finding(run.key, "stale", "no sign of life at all", True)
    silent = now.timestamp() - seen_ms / 1000
    if silent < STALE_HOURS * 3600:
        return Finding(run.key, "running", "", False)
    return Finding(run.key, "stale", f"nothing logged for {silent / 86400:,.0f} days", True)


def _clock(run: Run, now: datetime) -> str:
    """What is wrong with a run's times, in words; empty when nothing is."""
    if run.started_ms is None:
        return "no start time"
    if run.started_at is None or run.started_at < _EARLIEST:
        return "start time is not plausible"
    # ``now`` may be the start of the day that the report is about.
    if run.started_at > now + timedelta(days=2):
        return f"starts in the future ({run.started_at:%Y-%m-%d})"
    if run.ended_ms is not None and run.ended_ms < run.started_ms:
        return "ended before it started"
    if run.status == "FINISHED" and run.ended_ms is None:
        return "finished without an end time"
    if run.seconds is not None and run.seconds > _LONGEST.total_seconds():
        return f"took {run.seconds / 86400:,.0f} days"
    return ""


def _durations(runs: Sequence[Run]) -> Durations | None:
    timed = sorted((run.seconds, run.key) for run in runs if run.finished and run.seconds is not None)
    if not timed:
        return None
    seconds = [one for one, _ in timed]
    q1, median, q3 = (float(q) for q in np.quantile(seconds, [0.25, 0.5, 0.75]))
    return Durations(len(timed), math.fsum(seconds), median, q1, q3, seconds[0], *timed[-1])


def by_run(findings: Sequence[Finding]) -> Mapping[RunKey, tuple[Finding, ...]]:
    """Findings gathered by run, in the order of each run's first one."""
    gathered: dict[RunKey, list[Finding]] = {}
    for finding in findings:
        gathered.setdefault(finding.key, []).append(finding)
    return {key: tuple(rows) for key, rows in gathered.items()}
