"""Do the values hold their bounds: the gates of the config, answered from finished runs.

A gate on one run is a point gate. Gates on a group of runs, and against the baseline, are in ``group_gates``; those on
the past, on shares and on counts in ``history_gates``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reportgen.analyze.baseline_gates import Ground, baseline_gate
from reportgen.analyze.compare.group_gates import Compared, group_gate
from reportgen.analyze.gate_answers import GateAnswer, GateReason
from reportgen.analyze.history_gates import FirstPeriod, count_gate, history_gate
from reportgen.analyze.leaderboard import leaderboard_of
from reportgen.analyze.metrics import Metric
from reportgen.analyze.runs import Run
from reportgen.analyze.weekly import Weekly
from reportgen.config import BaselineConfig, GateConfig


@dataclass(frozen=True, slots=True)
class NoBestRun(GateReason):
    """The gate is on the best run of a metric without a direction."""


@dataclass(frozen=True, slots=True)
class NothingRanked(GateReason):
    """The gate is on the best run of a metric whose runs were measured on different data, none of which has most of them."""

    n_finished: int


@dataclass(frozen=True, slots=True)
class NoRunWithValue(GateReason):
    """No finished run logged the metric."""

    n_finished: int


@dataclass(frozen=True, slots=True)
class ValueOfRun(GateReason):
    """The value of one run, held against the bound; NaN and infinity fail."""

    value: float


def gate_answers(
    configs: Sequence[GateConfig],
    metrics: Mapping[str, Metric],
    runs: Sequence[Run],
    compared: Compared | None = None,
    weekly: Weekly | None = None,
    *,
    is_first_period: bool = False,
    ground: Ground,
) -> tuple[GateAnswer, ...]:
    """One answer for each gate, in the config's order. Of a gate on the best run, ``metrics`` has the evaluation that is ranked.

    Gates on groups are NO_DATA without ``compared``, those on the past without ``weekly``; ``ground`` is what baselines are
    looked for in. The first period has nothing to be
    held against, which fails no gate.
    """
    return tuple(
        _answer(config, metrics.get(config.metric or ""), runs, compared, weekly, is_first_period, ground) for config in configs
    )


def _answer(
    config: GateConfig,
    metric: Metric | None,
    runs: Sequence[Run],
    compared: Compared | None,
    weekly: Weekly | None,
    is_first_period: bool,
    ground: Ground,
) -> GateAnswer:
    if isinstance(config.not_worse_than, BaselineConfig):
        return baseline_gate(config, config.not_worse_than, metric, ground)
    if config.not_worse_than is not None:
        if is_first_period and metric is not None:
            return GateAnswer(config, metric, "NO_DATA", FirstPeriod(), None, None)
        return history_gate(config, metric, weekly)
    if config.of in ("rate", "failed", "runs"):
        return count_gate(config, metric, runs, _members(config, compared))
    if config.group is not None:
        return group_gate(config, metric, compared)
    return _point_gate(config, metric, runs)


def _members(config: GateConfig, compared: Compared | None) -> list[Run] | None:
    """The finished runs of the gate's group; None when it names none."""
    if config.group is None:
        return None
    groups = compared.comparison.groups if compared else ()
    keys = next((group.finished for group in groups if group.label == config.group), ())
    return [compared.study.runs[key] for key in keys] if compared else []


def _point_gate(config: GateConfig, metric: Metric | None, runs: Sequence[Run]) -> GateAnswer:
    bound = config.at_least if config.at_least is not None else config.at_most
    assert bound is not None  # the config's own check
    finished = [run for run in runs if run.finished]
    if metric is not None and metric.direction.source == "apart" and config.of == "best":
        return GateAnswer(config, metric, "NO_DATA", NothingRanked(metric.n_finished), None, bound)
    if metric is not None and metric.goal == "none" and config.of == "best":
        return GateAnswer(config, metric, "NO_DATA", NoBestRun(), None, bound)
    run = _judged_run(config, metric, finished) if metric else None
    if metric is None or run is None:
        return GateAnswer(config, metric, "NO_DATA", NoRunWithValue(len(finished)), None, bound)
    value = metric.values[run.key]
    finite = metric.finite(run.key) is not None
    holds = finite and (value >= bound if config.at_least is not None else value <= bound)
    reason = ValueOfRun(value)
    return GateAnswer(config, metric, "PASS" if holds else "FAIL", reason, value if finite else None, bound, run.key)


def _judged_run(config: GateConfig, metric: Metric, finished: Sequence[Run]) -> Run | None:
    """The run that the gate is on. ``best`` follows the metric's direction; without one no run is."""
    if config.of == "latest":
        logged = [run for run in finished if run.key in metric.values]
        return max(logged, key=lambda run: (run.ended_ms or run.started_ms or 0, *run.key), default=None)
    by_key = {run.key: run for run in finished}
    best = leaderboard_of(metric, finished).best
    return by_key[best.key] if best is not None else None
