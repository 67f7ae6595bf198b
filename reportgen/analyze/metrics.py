"""Every metric of the snapshot: how it is read and shown, and the one value that stands for each run.

The value of a run follows the metric's rule: MLflow's last value, an extreme of the history, or the best one in the
metric's own direction. Values may be NaN or infinite; statistics leave those out and count them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from reportgen.analyze.directions import Direction
from reportgen.analyze.histories import SeriesByKey, SeriesFacts
from reportgen.analyze.metric_names import canonical_name, is_share, tokens_of
from reportgen.analyze.runs import Run, RunKey
from reportgen.config import MetricConfig
from reportgen.formats import shared_digits, telling_digits
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
    apart: frozenset[RunKey] = frozenset()
    """Finished runs with a value of another evaluation, which is not among ``values``."""
    same_as: str = ""
    """The metric that holds its values too, being the same quantity by another spelling; empty for most."""
    bounds: tuple[float, float] | None = None
    """Ends of its scale, where they are known: (0, 1), or (0, 100) of percentages."""

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


def with_one_spelling(metrics: Mapping[str, Metric]) -> dict[str, Metric]:
    """``metrics`` where ``val_accuracy`` and ``validation_accuracy`` are one quantity: the more frequent name has all its values.

    Where a run logs both with other values they are two quantities.
    """
    spellings: dict[str, list[Metric]] = {}
    for metric in metrics.values():
        spellings.setdefault(canonical_name(metric.name), []).append(metric)
    found = dict(metrics)
    for same in spellings.values():
        first, *others = sorted(same, key=lambda metric: (-metric.n_finished, metric.name))
        for other in others:
            shared = first.values.keys() & other.values.keys()
            if (other.goal, other.rule) == (first.goal, first.rule) and all(first.values[k] == other.values[k] for k in shared):
                first = replace(
                    first,
                    values={**other.values, **first.values},
                    n_finished=first.n_finished + other.n_finished - len(shared),
                )
                found |= {first.name: first, other.name: replace(other, same_as=first.name)}
    return found


def run_value(last: float, facts: SeriesFacts | None, rule: Rule, goal: Goal) -> float:
    """The value that stands for a run.

    Without a history, or with no finite point in it, that is the last value; so it is for the best of a metric without
    a direction. MLflow's last value may be that of an abandoned pass: then it is the last one of the newest pass.
    """
    if facts is not None and facts.restart is not None and facts.restart.stale_last is not None:
        last = facts.last
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
        digits=config.digits if config.digits is not None else digits_for(values.values(), config.format, direction.goal),
        digits_given=config.digits is not None,
        rule=config.rule,
        values=values,
        n_finished=sum(key in finished for key in values),
        bounds=bounds_of(name, values.values(), config.format),
    )


_CORRELATIONS = frozenset(("mcc", "kappa", "pearson", "spearman", "pearsonr", "spearmanr", "kendall", "kendalltau", "matthews"))


def bounds_of(name: str, values: Iterable[float], format: Format) -> tuple[float, float] | None:
    """The ends of the scale of a share or a correlation: its name or its format says that it is one, and every finite value lies between
    them."""
    finite = [value for value in values if math.isfinite(value)]
    if finite and max(map(abs, finite)) <= 1 and not _CORRELATIONS.isdisjoint(tokens_of(name)):
        return (-1.0, 1.0)
    if not finite or not (is_share(name) or format == "percent") or min(finite) < 0:
        return None
    return (
        (0.0, 1.0)
        if max(finite) <= 1
        else (0.0, 100.0)
        if max(finite) <= 100 and min(finite) > 1 and format != "percent"
        else None
    )


_N_TOLD_APART = 10
"""As many of the best values as tables show first; their ranks are to be seen in what is printed."""
_MOST_MORE_FOR_THE_BEST = 3


def digits_for(values: Iterable[float], format: Format, goal: Goal = "none") -> int:
    """Decimals that show four significant digits of a typical value, in the unit that is printed, and tell the best ones apart."""
    factor = 100 if format in ("percent", "percent_change") else 1
    scaled = [value * factor for value in values if math.isfinite(value)]
    digits = shared_digits(scaled)
    if goal == "none":
        return digits
    best = sorted(set(scaled), reverse=goal == "maximize")[:_N_TOLD_APART]
    digits = max(digits, min(shared_digits(best[:1]), digits + _MOST_MORE_FOR_THE_BEST))
    return telling_digits(best, digits)
