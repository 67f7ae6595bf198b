"""What runs used of the machine: MLflow's system metrics, one sample every ten seconds or so, and how long runs took.

A sample's step is a number, not a training step, so everything here goes by time: the mean is weighted by the time between
samples, energy is the trapezoid of watts. A gap of more than three times the median interval is left out of both, as nobody
knows what happened in it. The share of samples below a percentile is of samples, not of time. There is no direction and no
test: a run that used less is not better. The flags are plain thresholds, printed with the value that crossed them.
Names: ``mlflow/system_metrics/metrics``.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from reportgen.analyze.histories import SeriesByKey
from reportgen.analyze.runs import Run, RunKey
from reportgen.snapshot import History, Series

PREFIX = "system/"
GAP = 3.0
"""Times the median interval between two samples."""
LOW_GPU_PERCENT = 30.0
LOW_GPU_SECONDS = 600.0
FULL_PERCENT = 95.0
SLOWER = 0.2
"""Share of throughput that is lost between the first and the last third of a run."""
SLOWER_POINTS = 9

_GPU = re.compile(
    r"system/gpu_\d+_(?P<what>utilization_percentage|memory_usage_percentage|memory_usage_megabytes|power_usage_watts)"
)
_THROUGHPUT = re.compile(
    r"(?:^|[_/.])(?:samples|steps|tokens|images|examples|items)_per_sec(?:ond)?$|(?:^|[_/.])throughput$|(?:^|[_/.])fps$"
)
_MEMORY = ("system/system_memory_usage_percentage",)


@dataclass(frozen=True, slots=True)
class Usage:
    """One system metric of one run."""

    n: int
    """Finite samples."""
    mean: float
    """Weighted by time; the plain mean where no two samples are near enough to each other."""
    p95: float | None
    """Of samples, type 7; None below 20."""
    peak: float
    seconds: float
    """Time between samples, gaps left out."""
    n_gaps: int
    area: float
    """Value times seconds: watts become joules."""


@dataclass(frozen=True, slots=True)
class RunUsage:
    """What one run used. None: not measured."""

    key: RunKey
    seconds: float | None
    usages: Mapping[str, Usage]
    gpu_mean: float | None
    """Percent, the mean over its GPUs."""
    gpu_memory_peak: float | None
    """Percent, the fullest of its GPUs."""
    gpu_megabytes_peak: float | None
    cpu_mean: float | None
    memory_peak: float | None
    """Percent."""
    energy_wh: float | None
    """Of all GPUs together."""


@dataclass(frozen=True, slots=True)
class UsageSummary:
    """One system metric over the runs that have it."""

    metric: str
    n_runs: int
    n_samples: int
    mean: float
    """Of the runs' means, each run counting once."""
    lowest: float
    highest: float
    """Lowest and highest of the runs' means."""
    p95: float | None
    """The highest of the runs' 95 % quantiles; None where no run has 20 samples."""
    peak: float
    peak_key: RunKey


@dataclass(frozen=True, slots=True)
class Flag:
    """Something that crosses a threshold; ``value`` in percent."""

    key: RunKey
    kind: str
    """``gpu_idle``, ``memory_full`` or ``slower``."""
    metric: str
    value: float


@dataclass(frozen=True, slots=True)
class ExperimentTime:
    """How long the finished runs of an experiment took, in seconds."""

    experiment: str
    n: int
    median: float
    longest: float
    longest_key: RunKey
    total: float


@dataclass(frozen=True, slots=True)
class Resources:
    runs: tuple[RunUsage, ...]
    """Runs with system metrics, newest first."""
    summaries: tuple[UsageSummary, ...]
    flags: tuple[Flag, ...]
    times: tuple[ExperimentTime, ...]
    n_gaps: int
    """Of each run, in the metric that has most of them."""
    interval: float | None
    """Median seconds between two samples."""


def resources_of(runs: Sequence[Run], history: History, series: SeriesByKey) -> Resources:
    """From runs that are not deleted."""
    active = {run.key: run for run in runs if not run.deleted}
    names = sorted(
        {metric for key, metric in series if key in active and (metric.startswith(PREFIX) or _THROUGHPUT.search(metric))}
    )
    usages: dict[RunKey, dict[str, Usage]] = defaultdict(dict)
    slower: list[Flag] = []
    intervals: list[float] = []
    for one in history.series(metrics=names) if names else ():
        key = (one.experiment_id, one.run_id)
        if key not in active:
            continue
        if not one.metric.startswith(PREFIX):
            slower += _slower(one)
        elif (usage := usage_of(one.timestamp, one.value)) is not None:
            usages[key][one.metric] = usage
            intervals += [usage.seconds / (usage.n - 1 - usage.n_gaps)] if usage.n - 1 > usage.n_gaps else []
    order = sorted(usages, key=lambda key: (-(active[key].started_ms or 0), key))
    found = tuple(_run_usage(active[key], usages[key]) for key in order)
    return Resources(
        runs=found,
        summaries=_summaries(usages),
        flags=tuple(sorted([*_flags(found), *slower], key=lambda flag: (flag.kind, flag.key, flag.metric))),
        times=_times(active.values()),
        n_gaps=sum(max(usage.n_gaps for usage in run.usages.values()) for run in found),
        interval=float(np.median(intervals)) if intervals else None,
    )


def usage_of(timestamp: np.ndarray, value: np.ndarray) -> Usage | None:
    """``timestamp`` in milliseconds, in any order. None without a finite value."""
    finite = np.isfinite(value)
    order = np.argsort(timestamp[finite], kind="stable")
    times, values = timestamp[finite][order] / 1000, value[finite][order]
    if not len(values):
        return None
    steps = np.diff(times)
    moved = steps[steps > 0]
    near = steps <= GAP * np.median(moved) if len(moved) else np.zeros(len(steps), bool)
    seconds = float(steps[near].sum())
    area = float((((values[1:] + values[:-1]) / 2 * steps)[near]).sum())
    return Usage(
        n=len(values),
        mean=area / seconds if seconds else float(values.mean()),
        p95=float(np.quantile(values, 0.95)) if len(values) >= 20 else None,
        peak=float(values.max()),
        seconds=seconds,
        n_gaps=int((~near).sum()) if len(moved) else 0,
        area=area,
    )


def _run_usage(run: Run, usages: Mapping[str, Usage]) -> RunUsage:
    gpu: dict[str, list[Usage]] = defaultdict(list)
    for metric, usage in sorted(usages.items()):
        if match := _GPU.fullmatch(metric):
            gpu[match["what"]].append(usage)
    cpu, memory = usages.get("system/cpu_utilization_percentage"), usages.get(_MEMORY[0])
    watts = [usage for usage in gpu["power_usage_watts"] if usage.seconds]
    return RunUsage(
        key=run.key,
        seconds=run.seconds,
        usages=dict(sorted(usages.items())),
        gpu_mean=_mean([usage.mean for usage in gpu["utilization_percentage"]]),
        gpu_memory_peak=max((usage.peak for usage in gpu["memory_usage_percentage"]), default=None),
        gpu_megabytes_peak=max((usage.peak for usage in gpu["memory_usage_megabytes"]), default=None),
        cpu_mean=cpu.mean if cpu else None,
        memory_peak=memory.peak if memory else None,
        energy_wh=math.fsum(usage.area for usage in watts) / 3600 if watts else None,
    )


def _mean(values: Sequence[float]) -> float | None:
    return math.fsum(values) / len(values) if values else None


def _summaries(usages: Mapping[RunKey, Mapping[str, Usage]]) -> tuple[UsageSummary, ...]:
    by_metric: dict[str, list[tuple[RunKey, Usage]]] = defaultdict(list)
    for key in sorted(usages):
        for metric, usage in usages[key].items():
            by_metric[metric].append((key, usage))
    return tuple(_summary(metric, by_metric[metric]) for metric in sorted(by_metric))


def _summary(metric: str, found: Sequence[tuple[RunKey, Usage]]) -> UsageSummary:
    means = [usage.mean for _, usage in found]
    peak_key, highest = max(found, key=lambda one: one[1].peak)
    return UsageSummary(
        metric=metric,
        n_runs=len(found),
        n_samples=sum(usage.n for _, usage in found),
        mean=math.fsum(means) / len(means),
        lowest=min(means),
        highest=max(means),
        p95=max((usage.p95 for _, usage in found if usage.p95 is not None), default=None),
        peak=highest.peak,
        peak_key=peak_key,
    )


def _flags(runs: Iterable[RunUsage]) -> Iterable[Flag]:
    for run in runs:
        for metric, usage in run.usages.items():
            gpu = _GPU.fullmatch(metric)
            what = gpu["what"] if gpu else ""
            if what == "utilization_percentage" and usage.mean < LOW_GPU_PERCENT and usage.seconds > LOW_GPU_SECONDS:
                yield Flag(run.key, "gpu_idle", metric, usage.mean)
            if (what == "memory_usage_percentage" or metric in _MEMORY) and usage.peak > FULL_PERCENT:
                yield Flag(run.key, "memory_full", metric, usage.peak)


def _slower(series: Series) -> list[Flag]:
    """Whether throughput fell by more than ``SLOWER`` from the first third of the points to the last."""
    values = series.value[np.isfinite(series.value)]
    third = len(values) // 3
    if len(values) < SLOWER_POINTS:
        return []
    first, last = float(values[:third].mean()), float(values[-third:].mean())
    lost = 1 - last / first if first > 0 else 0.0
    return [Flag((series.experiment_id, series.run_id), "slower", series.metric, lost * 100)] if lost > SLOWER else []


def _times(runs: Iterable[Run]) -> tuple[ExperimentTime, ...]:
    by_experiment: dict[str, list[tuple[float, RunKey, str]]] = defaultdict(list)
    for run in runs:
        if run.finished and run.seconds is not None:
            by_experiment[run.experiment_id].append((run.seconds, run.key, run.experiment))
    found = []
    for rows in by_experiment.values():
        seconds = [row[0] for row in rows]
        longest = max(rows)
        found.append(ExperimentTime(longest[2], len(rows), float(np.median(seconds)), longest[0], longest[1], math.fsum(seconds)))
    return tuple(sorted(found, key=lambda one: (-one.total, one.experiment, one.longest_key)))
