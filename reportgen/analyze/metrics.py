"""Every metric of the snapshot: how it is read and shown, and the one value that stands for each run.

The value of a run follows the metric's rule: MLflow's last value, an extreme of the history, or the best one in the
metric's own direction. Values may be NaN or infinite; statistics leave those out and count them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from reportgen.analyze.directions import Direction
from reportgen.analyze.histories import SeriesByKey, SeriesFacts
from reportgen.analyze.runs import Run, RunKey
from reportgen.config import MetricConfig
from reportgen.formats import shared_digits
from reportgen.model import Format, Goal

Rule = Literal["last", "best", "min", "max"]

_DEFAULT = MetricConfig.model_validate({})


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric over all runs that are not deleted."""

    name: str
    label: str
    direction: Direction
    format: Format
    digits: int
    """Decimals that every output prints its values with."""
    digits_given: bool
    """Whether the config says so; then means and differences keep them too."""
    rule: Rule
    values: Mapping[RunKey, float]
    """Value of each run that logged it, whatever its status; NaN and ±inf included."""
    n_finished: int
    """Finished runs that logged it, non-finite values included."""

    @property
    def goal(self) -> Goal:
        return self.direction.goal

    def finite(self, key: RunKey) -> float | None:
        """The run's value, None when it is missing, NaN or infinite."""
        value = self.values.get(key)
        return value if value is not None and math.isfinite(value) else None

    def better(self, a: float, b: float) -> bool:
        """Whether ``a`` is better than ``b``; never so without a direction."""
        return (a > b) if self.goal == "maximize" else (a < b) if self.goal == "minimize" else False

    def improvement(self, delta: float) -> float:
        """``delta`` with the sign that makes positive better."""
        return -delta if self.goal == "minimize" else delta


def metric_names(runs: Iterable[Run], series: SeriesByKey) -> list[str]:
    """Every metric name that a run which is not deleted has, sorted."""
    kept = [run for run in runs if not run.deleted]
    keys = {run.key for run in kept}
    return sorted({name for run in kept for name in run.last_values} | {metric for key, metric in series if key in keys})


def metrics_of(
    runs: Sequence[Run], series: SeriesByKey, directions: Mapping[str, Direction], configs: Mapping[str, MetricConfig]
) -> dict[str, Metric]:
    """Every metric of ``directions`` by name, sorted."""
    kept = [run for run in runs if not run.deleted]
    finished = {run.key for run in kept if run.finished}
    values: dict[str, dict[RunKey, float]] = {name: {} for name in directions}
    for run in kept:
        for name, last in run.last_values.items():
            config = configs.get(name, _DEFAULT)
            values[name][run.key] = run_value(last, series.get((run.key, name)), config.rule, directions[name].goal)
    keys = {run.key for run in kept}
    for (key, name), facts in series.items():  # a history without a last value: some stores lose the latter
        if key in keys and key not in values[name]:
            values[name][key] = run_value(facts.last, facts, configs.get(name, _DEFAULT).rule, directions[name].goal)
    return {
        name: _metric(name, directions[name], configs.get(name, _DEFAULT), values[name], finished) for name in sorted(directions)
    }


def run_value(last: float, facts: SeriesFacts | None, rule: Rule, goal: Goal) -> float:
    """The value that stands for a run.

    Without a history, or with no finite point in it, that is the last value; so it is for the best of a metric without
    a direction.
    """
    side = {"min": "minimize", "max": "maximize", "best": goal, "last": "none"}[rule]
    if facts is None or side == "none":
        return last
    extreme = facts.low if side == "minimize" else facts.high
    return last if extreme is None else extreme


def _metric(
    name: str, direction: Direction, config: MetricConfig, values: Mapping[RunKey, float], finished: set[RunKey]
) -> Metric:
    return Metric(
        name=name,
        label=config.label or name,
        direction=direction,
        format=config.format,
        digits=config.digits if config.digits is not None else digits_for(values.values(), config.format),
        digits_given=config.digits is not None,
        rule=config.rule,
        values=values,
        n_finished=sum(key in finished for key in values),
    )


def digits_for(values: Iterable[float], format: Format) -> int:
    """Decimals that show four significant digits of a typical value, in the unit that is printed."""
    factor = 100 if format in ("percent", "percent_change") else 1
    return shared_digits(value * factor for value in values)
