"""What needs attention: runs that failed, hang, diverged or measured nothing, and clocks that cannot be right."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import numpy as np

from reportgen.analyze.clocks import AHEAD, EARLIEST
from reportgen.analyze.histories import SeriesByKey, SeriesFacts
from reportgen.analyze.methods import proportions
from reportgen.analyze.methods.estimates import Estimate
from reportgen.analyze.replicates import identical_reruns
from reportgen.analyze.runs import Run, RunKey
from reportgen.redaction import names_a_secret, public_text

STALE_HOURS = 24
"""A run that says RUNNING and has logged nothing for so long is probably lost."""

_LONGEST = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class ErrorTags:
    """(name, value) of the run's own tags that say why it failed, sorted; values without secrets."""

    tags: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Silence:
    """An unfinished run has logged nothing for so many days; None: it never did."""

    days: float | None


@dataclass(frozen=True, slots=True)
class NonFiniteMetric:
    """A metric with NaN or infinity; ``first_step`` is None where only its last value is known."""

    metric: str
    first_step: int | None = None
    n: int = 0
    """Points that are NaN or infinite."""


@dataclass(frozen=True, slots=True)
class RestartedSeries:
    """A metric whose steps went back to ``first_step``, where the newest of its passes began."""

    metric: str
    n_passes: int
    first_step: int
    stale_last: float | None = None
    """MLflow's last value, where it is of an abandoned pass."""
    stale_step: int | None = None
    last: float | None = None
    """The last value of the newest pass, beside a stale one."""


@dataclass(frozen=True, slots=True)
class ClockFault:
    """What cannot be right with a run's times."""

    kind: Literal["no_start", "implausible_start", "future_start", "ends_before_start", "no_end", "too_long"]
    started_at: datetime | None = None
    days: float = 0.0
    """How long the run took, of ``too_long``."""


Detail = ErrorTags | Silence | NonFiniteMetric | RestartedSeries | ClockFault


@dataclass(frozen=True, slots=True)
class Concern:
    """One reason why one run needs attention."""

    key: RunKey
    kind: Literal["failed", "killed", "stale", "running", "no_metrics", "non_finite", "restarted", "clock"]
    grave: bool
    """Whether it is more than a remark."""
    detail: Detail | None = None


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
    concerns: tuple[Concern, ...]
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
        return len({concern.key for concern in self.concerns if concern.grave})


def health_of(
    runs: Sequence[Run], series: SeriesByKey, now: datetime, datasets: Mapping[RunKey, tuple[str, ...]] | None = None
) -> Health:
    """What is the matter with ``runs`` at ``now``. ``datasets``: runs that logged other data sets are no re-runs of each other."""
    active = [run for run in runs if not run.deleted]
    bad_steps = _non_finite(series)
    restarts = _restarts(series)
    concerns = [concern for run in active for concern in _concerns(run, bad_steps.get(run.key, ()), now)]
    concerns += [concern for run in active for concern in restarts.get(run.key, ())]
    order = {run.key: run.order for run in active}
    concerns.sort(key=lambda concern: (not concern.grave, order[concern.key], concern.kind))
    counts = Counter(run.status for run in active)
    n_failed = counts["FAILED"] + counts["KILLED"]
    n_ended = n_failed + counts["FINISHED"]
    names = Counter((run.experiment, run.name) for run in active if run.name)
    return Health(
        by_status=tuple(sorted(counts.items(), key=lambda one: (-one[1], one[0]))),
        n_deleted=len(runs) - len(active),
        concerns=tuple(concerns),
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


def _restarts(series: SeriesByKey) -> dict[RunKey, list[Concern]]:
    """Run → one remark for each restarted series, in order of metric; grave where MLflow's last value is not the newest."""
    found: dict[RunKey, list[tuple[str, SeriesFacts]]] = {}
    for (key, metric), facts in series.items():
        if facts.restart is not None:
            found.setdefault(key, []).append((metric, facts))
    return {
        key: [_restarted(key, metric, facts) for metric, facts in sorted(rows, key=lambda row: row[0])]
        for key, rows in found.items()
    }


def _restarted(key: RunKey, metric: str, facts: SeriesFacts) -> Concern:
    restart = facts.restart
    assert restart is not None
    stale = restart.stale_last is not None
    detail = RestartedSeries(
        metric, restart.n_passes, restart.first_step, restart.stale_last, restart.stale_step, facts.last if stale else None
    )
    return Concern(key, "restarted", stale, detail)


def _concerns(run: Run, bad: Sequence[tuple[str, int, int]], now: datetime) -> list[Concern]:
    """What is the matter with one run; metrics in order."""
    concerns: list[Concern] = []
    if run.status == "FAILED":
        concerns.append(Concern(run.key, "failed", True, error_tags(run)))
    elif run.status == "KILLED":
        concerns.append(Concern(run.key, "killed", True, error_tags(run)))
    elif run.status != "FINISHED":
        concerns.append(_unfinished(run, now))
    if run.status == "FINISHED" and not run.last_values:
        # A parent that only holds its children measures nothing itself.
        concerns.append(Concern(run.key, "no_metrics", not run.children))
    in_history = [NonFiniteMetric(metric, step, n) for metric, step, n in bad]
    known = {metric for metric, _, _ in bad}
    last = [NonFiniteMetric(name) for name, value in run.last_values.items() if not math.isfinite(value) and name not in known]
    bad_metrics = sorted([*in_history, *last], key=lambda one: one.metric)
    concerns += [Concern(run.key, "non_finite", True, metric) for metric in bad_metrics]
    fault = _clock_fault(run, now)
    return [*concerns, *([Concern(run.key, "clock", True, fault)] if fault else [])]


_REASON = re.compile(
    r"(?:^|[_.\-/ ])(?:error|exception|failure|reason)(?:[_.\-/ ](?:type|message|msg|reason|class))?$", re.IGNORECASE
)


def error_tags(run: Run) -> ErrorTags | None:
    """The tags that say why the run failed: error, exception_message; None when there are none."""
    names = sorted(name for name in run.tags if _REASON.search(name) and not names_a_secret(name) and run.tags[name])
    return ErrorTags(tuple((name, public_text(run.tags[name])) for name in names)) if names else None


def _unfinished(run: Run, now: datetime) -> Concern:
    seen_ms = max((ms for ms in (run.started_ms, run.last_logged_ms) if ms is not None), default=None)
    if seen_ms is None:
        return Concern(run.key, "stale", True, Silence(None))
    silent = now.timestamp() - seen_ms / 1000
    if silent < STALE_HOURS * 3600:
        return Concern(run.key, "running", False)
    return Concern(run.key, "stale", True, Silence(silent / 86400))


def _clock_fault(run: Run, now: datetime) -> ClockFault | None:
    if run.started_ms is None:
        return ClockFault("no_start")
    if run.started_at is None or run.started_at < EARLIEST:
        return ClockFault("implausible_start")
    if run.started_at > now + AHEAD:
        return ClockFault("future_start", run.started_at)
    if run.ended_ms is not None and run.ended_ms < run.started_ms:
        return ClockFault("ends_before_start")
    if run.status == "FINISHED" and run.ended_ms is None:
        return ClockFault("no_end")
    if run.seconds is not None and run.seconds > _LONGEST.total_seconds():
        return ClockFault("too_long", days=run.seconds / 86400)
    return None


def _durations(runs: Sequence[Run]) -> Durations | None:
    timed = sorted((run.seconds, run.key) for run in runs if run.finished and run.seconds is not None)
    if not timed:
        return None
    seconds = [one for one, _ in timed]
    q1, median, q3 = (float(q) for q in np.quantile(seconds, [0.25, 0.5, 0.75]))
    return Durations(len(timed), math.fsum(seconds), median, q1, q3, seconds[0], *timed[-1])


def alike_runs(
    concerns: Sequence[Concern], of: Callable[[RunKey], str]
) -> tuple[tuple[tuple[RunKey, ...], tuple[Concern, ...]], ...]:
    """(runs, their concerns) of each reason in each group ``of`` runs, in the order of its first run.

    The reason is the kinds of a run's concerns with their details; how long an unfinished run has been silent is no other reason.
    """
    found: dict[tuple[object, ...], list[tuple[RunKey, tuple[Concern, ...]]]] = {}
    for key, own in by_run(concerns).items():
        reason = tuple((one.kind, None if isinstance(one.detail, Silence) else one.detail) for one in own)
        found.setdefault((of(key), reason), []).append((key, own))
    return tuple((tuple(key for key, _ in runs), tuple(one for _, own in runs for one in own)) for runs in found.values())


def by_run(concerns: Sequence[Concern]) -> Mapping[RunKey, tuple[Concern, ...]]:
    """Concerns gathered by run, in the order of each run's first one."""
    gathered: dict[RunKey, list[Concern]] = {}
    for concern in concerns:
        gathered.setdefault(concern.key, []).append(concern)
    return {key: tuple(rows) for key, rows in gathered.items()}
