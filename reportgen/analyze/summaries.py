"""What the values of a metric look like over the runs: n, mean, spread, quartiles, and what could not be counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from reportgen.analyze.methods import samples
from reportgen.analyze.metrics import Metric
from reportgen.analyze.runs import Run, RunKey, units


@dataclass(frozen=True, slots=True)
class Summary:
    """One metric over finished, independent runs. ``sd`` has ddof 1 and is None below two values; quantiles are type 7."""

    metric: str
    n: int
    n_missing: int
    """Finished runs that never logged it."""
    n_non_finite: int
    """Finished runs whose value is NaN or infinite; they are not in ``n``."""
    n_inside_parents: int
    """Finished runs with a value that are left out because an ancestor's value already stands for them."""
    mean: float | None = None
    sd: float | None = None
    low: float | None = None
    q1: float | None = None
    median: float | None = None
    q3: float | None = None
    high: float | None = None


def summary_of(metric: Metric, runs: Sequence[Run], by_key: Mapping[RunKey, Run]) -> Summary:
    finished = [run for run in runs if run.finished and run.key not in metric.apart]
    counted = units(finished, lambda run: metric.finite(run.key) is not None, by_key)
    n_with = sum(metric.finite(run.key) is not None for run in finished)
    n_non_finite = sum(run.key in metric.values for run in finished) - n_with
    values = [metric.values[run.key] for run in counted]
    return Summary(
        metric=metric.name,
        n=len(values),
        n_missing=sum(run.key not in metric.values for run in finished),
        n_non_finite=n_non_finite,
        n_inside_parents=n_with - len(values),
        **moments(values),
    )


def moments(values: Iterable[float]) -> dict[str, float | None]:
    """mean, sd (ddof 1), low, q1, median, q3, high of finite ``values``; None where there is none.

    Quantiles are of type 7 (NumPy's ``linear``).
    """
    array = np.sort(np.fromiter(values, dtype=float))
    if not len(array):
        return dict.fromkeys(("mean", "sd", "low", "q1", "median", "q3", "high"))
    with np.errstate(over="ignore"):  # between two huge values of either sign
        q1, median, q3 = (float(q) for q in np.quantile(array, [0.25, 0.5, 0.75]))
    return {
        "mean": samples.mean(array),
        "sd": samples.sd(array) if len(array) > 1 else None,
        "low": float(array[0]),
        "q1": q1,
        "median": median,
        "q3": q3,
        "high": float(array[-1]),
    }
