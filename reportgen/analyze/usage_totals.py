"""What all runs used together: GPU hours and energy; and the curves of the machine for a few runs.

A GPU hour is an hour of one GPU that a run saw, busy or not, for as long as the run took (of a run without an end: as long as it was sampled).
Energy is that of GPUs alone, as far as watts were sampled.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from reportgen.analyze.curves import thinned
from reportgen.analyze.resources import RunUsage
from reportgen.analyze.runs import RunKey
from reportgen.snapshot import History

FAMILIES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("gpu", re.compile(r"system/gpu_\d+_utilization_percentage")),
    ("gpu_memory", re.compile(r"system/gpu_\d+_memory_usage_percentage")),
    ("power", re.compile(r"system/gpu_\d+_power_usage_watts")),
    ("cpu", re.compile(r"system/cpu_utilization_percentage")),
    ("memory", re.compile(r"system/system_memory_usage_percentage")),
)
"""What is drawn, the most telling first."""
MOST_FAMILIES = 2
MOST_LINES = 5
FEWEST_POINTS = 5
POINTS_PER_LINE = 200
_GPU = re.compile(r"system/gpu_(\d+)_")


@dataclass(frozen=True, slots=True)
class UsageLine:
    """One system metric of one run over the seconds since its first sample."""

    key: RunKey
    metric: str
    x: tuple[float, ...]
    y: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class UsageTotals:
    gpu_seconds: float | None
    """None where no run sampled a GPU."""
    n_gpu_runs: int
    energy_wh: float | None
    n_energy_runs: int
    curves: tuple[tuple[str, tuple[UsageLine, ...]], ...]
    """(family, its lines), the families that are drawn."""


NO_TOTALS = UsageTotals(None, 0, None, 0, ())


def usage_totals(runs: Sequence[RunUsage], history: History, shown: Sequence[RunKey]) -> UsageTotals:
    """Of ``runs``; curves of those in ``shown``, in that order."""
    gpu = [(n, seconds) for run in runs if (n := n_gpus(run)) and (seconds := _seconds(run)) is not None]
    energy = [run.energy_wh for run in runs if run.energy_wh is not None]
    return UsageTotals(
        math.fsum(n * seconds for n, seconds in gpu) if gpu else None,
        len(gpu),
        math.fsum(energy) if energy else None,
        len(energy),
        tuple(_curves(runs, history, shown)),
    )


def n_gpus(run: RunUsage) -> int:
    """GPUs that the run sampled."""
    return len({match[1] for metric in run.usages if (match := _GPU.match(metric))})


def _seconds(run: RunUsage) -> float | None:
    return run.seconds if run.seconds is not None else max((usage.seconds for usage in run.usages.values()), default=None)


def _curves(runs: Sequence[RunUsage], history: History, shown: Sequence[RunKey]) -> list[tuple[str, tuple[UsageLine, ...]]]:
    logged = {metric for run in runs if run.key in shown for metric in run.usages}
    families = [(name, {one for one in logged if pattern.fullmatch(one)}) for name, pattern in FAMILIES]
    drawn = [(name, metrics) for name, metrics in families if metrics][:MOST_FAMILIES]
    wanted = sorted({metric for _, metrics in drawn for metric in metrics})
    lines = _lines(history, wanted, shown) if wanted else []
    found = [(name, tuple(line for line in lines if line.metric in metrics)[:MOST_LINES]) for name, metrics in drawn]
    return [(name, its) for name, its in found if its]


def _lines(history: History, metrics: Sequence[str], shown: Collection[RunKey]) -> list[UsageLine]:
    """In the order of ``shown``, then by metric."""
    found: list[UsageLine] = []
    for series in history.series(metrics=metrics):
        key = (series.experiment_id, series.run_id)
        finite = np.isfinite(series.value)
        if key not in shown or int(finite.sum()) < FEWEST_POINTS:
            continue
        order = np.argsort(series.timestamp[finite], kind="stable")
        times, values = series.timestamp[finite][order] / 1000, series.value[finite][order]
        kept = thinned(values, POINTS_PER_LINE)
        found.append(UsageLine(key, series.metric, tuple((times - times[0])[kept].tolist()), tuple(values[kept].tolist())))
    place = {key: at for at, key in enumerate(shown)}
    return sorted(found, key=lambda line: (place[line.key], line.metric))
