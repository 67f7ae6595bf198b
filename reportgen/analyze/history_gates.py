"""Gates on the past and on counts: no regression since the last window, few enough failures, high enough pass rates.

A history gate asks what section `changes` tells: FAIL is an alarm of that ladder, PASS the absence of one, and too little
history is INCONCLUSIVE. With a margin it is a non-inferiority test against the period before, of every configuration that
ran in both. Shares are judged as they are, or by their exact one-sided 95 % bound.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Literal

from reportgen.analyze.compare.values import is_usable
from reportgen.analyze.gate_answers import GateAnswer, GateReason
from reportgen.analyze.methods.equivalence import GateOutcome, next_period_non_inferiority, non_inferiority
from reportgen.analyze.methods.proportions import exact_bounds
from reportgen.analyze.methods.samples import ALPHA
from reportgen.analyze.metrics import Metric
from reportgen.analyze.regressions import Watched
from reportgen.analyze.runs import Run
from reportgen.analyze.weekly import Weekly
from reportgen.config import GateConfig
from reportgen.model import GateState

# --- reasons -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NoPeriods(GateReason):
    """No run started in this period, or none before it."""


@dataclass(frozen=True, slots=True)
class FirstPeriod(GateReason):
    """Runs started in this period and no run is known from before it: nothing that the gate could be held against."""

    only_warns: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class NothingNew(GateReason):
    """No run started since the last report: nothing that could be judged."""

    only_warns: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class NeverLogged(GateReason):
    """No selected run logged the metric."""


@dataclass(frozen=True, slots=True)
class NoDirection(GateReason):
    """The metric's direction is not known, so nothing is worse."""


@dataclass(frozen=True, slots=True)
class HistoriesNotRead(GateReason):
    """The metric's value needs histories, which are not read of runs before the window."""


@dataclass(frozen=True, slots=True)
class NoCommonConfiguration(GateReason):
    """No configuration with the metric ran both in this period and before it."""


@dataclass(frozen=True, slots=True)
class FewRuns(GateReason):
    """Configurations with fewer runs in this period than the gate asks for."""

    few: tuple[Watched, ...]


@dataclass(frozen=True, slots=True)
class GotWorse(GateReason):
    alarms: tuple[Watched, ...]


@dataclass(frozen=True, slots=True)
class LittleHistory(GateReason):
    """Configurations with too little history for any rung of the ladder, or with values that are too large to compute with."""

    untold: tuple[Watched, ...]


@dataclass(frozen=True, slots=True)
class NoAlarm(GateReason):
    n_configurations: int
    worst: Watched


@dataclass(frozen=True, slots=True)
class WithinMargin(GateReason):
    """A test of non-inferiority against the period before; ``one`` has the worst outcome."""

    one: Watched
    outcome: GateOutcome
    n_configurations: int
    margin: float
    too_large: bool
    """Values are too large to compute with."""


@dataclass(frozen=True, slots=True)
class NoBestOfPeriod(GateReason):
    """No finished run of a period has a finite value."""

    period: Literal["now", "before"]


@dataclass(frozen=True, slots=True)
class FewFinished(GateReason):
    n_finished: int


@dataclass(frozen=True, slots=True)
class BestAgainstBest(GateReason):
    """The best run of this period against the best of the period before."""

    value: float
    previous: float
    bound: float
    margin: float


@dataclass(frozen=True, slots=True)
class FinishedRuns(GateReason):
    n: int


@dataclass(frozen=True, slots=True)
class NotBinary(GateReason):
    """A pass rate was asked of a metric that is not 0 or 1 in each run."""

    value: float
    n: int


@dataclass(frozen=True, slots=True)
class Share(GateReason):
    """``k`` of ``n`` runs failed, or passed."""

    of: Literal["failed", "rate"]
    k: int
    n: int
    bounds: tuple[float, float] | None = None
    """Exact one-sided 95 % bounds, of a confident gate."""
    too_few: bool = False
    """There are fewer runs than the gate asks for."""


# --- the past ----------------------------------------------------------------------------------------------------------


def history_gate(config: GateConfig, metric: Metric | None, weekly: Weekly | None) -> GateAnswer:
    """The answer of a gate with ``not_worse_than``."""
    missing: GateReason | None = None
    if weekly is None:
        missing = NoPeriods()
    elif metric is None:
        missing = NeverLogged()
    elif metric.goal == "none":
        missing = NoDirection()
    elif metric.name in weekly.unknown_rules:
        missing = HistoriesNotRead()
    if missing is not None or metric is None or weekly is None:
        return GateAnswer(config, metric, "NO_DATA", missing or NoPeriods(), None, None)
    if config.not_worse_than == "best_of_window":
        return _against_best(config, metric, weekly)
    watched = [one for one in weekly.watched if one.metric == metric.name]
    if not watched:
        return GateAnswer(config, metric, "NO_DATA", NoCommonConfiguration(), None, None)
    few = tuple(one for one in watched if config.min_runs is not None and len(one.values) < config.min_runs)
    if few:
        return GateAnswer(config, metric, "INCONCLUSIVE", FewRuns(few), _worst(few, metric).change, None)
    if config.baseline_margin is not None:
        return _within_margin(config, metric, watched, config.baseline_margin)
    return _without_alarm(config, metric, watched)


def _worst(watched: Sequence[Watched], metric: Metric) -> Watched:
    return min(watched, key=lambda one: (metric.improvement(one.change), one.label))


def _without_alarm(config: GateConfig, metric: Metric, watched: Sequence[Watched]) -> GateAnswer:
    """By the ladder; without any variation the exact change decides."""
    alarms = tuple(one for one in watched if one.state == "worse")
    worst = _worst(alarms or watched, metric)
    if alarms:
        return GateAnswer(config, metric, "FAIL", GotWorse(alarms), worst.change, 0.0)
    untold = tuple(one for one in watched if one.state in ("little_history", "too_large"))
    if untold:
        return GateAnswer(config, metric, "INCONCLUSIVE", LittleHistory(untold), worst.change, 0.0)
    return GateAnswer(config, metric, "PASS", NoAlarm(len(watched), worst), worst.change, 0.0)


def _within_margin(config: GateConfig, metric: Metric, watched: Sequence[Watched], margin: float) -> GateAnswer:
    """Every configuration by itself: all must hold, so no level is divided (intersection–union)."""
    up = metric.goal == "maximize"
    outcomes: list[tuple[Watched, GateOutcome, bool]] = []
    for one in watched:
        too_large = not is_usable((*one.values, *one.previous))
        if too_large:
            outcome = GateOutcome("INCONCLUSIVE", None, None, None, None, -margin, ALPHA)
        else:
            outcome = _margin_outcome(one, margin, higher_is_better=up)
        outcomes.append((one, outcome, too_large))
    order = {"FAIL": 0, "INCONCLUSIVE": 1, "NO_DATA": 2, "PASS": 3}
    one, worst, too_large = min(outcomes, key=lambda row: (order[row[1].state], row[1].estimate or 0.0, row[0].label))
    state: GateState = "INCONCLUSIVE" if worst.state == "NO_DATA" else worst.state
    reason = WithinMargin(one, worst, len(watched), margin, too_large)
    return GateAnswer(config, metric, state, reason, worst.estimate, -margin)


def _margin_outcome(one: Watched, margin: float, *, higher_is_better: bool) -> GateOutcome:
    """Against the period before; where a period is one value, against all earlier ones."""
    if one.period_means:
        return next_period_non_inferiority(one.period_means, one.mean_now, margin, higher_is_better=higher_is_better)
    return non_inferiority(one.previous, one.values, margin, higher_is_better=higher_is_better, alpha=ALPHA)


def _against_best(config: GateConfig, metric: Metric, weekly: Weekly) -> GateAnswer:
    """The best run of this period against the best of the one before: a point gate."""
    best = next((one for one in weekly.bests if one.metric == metric.name), None)
    if best is None:
        return GateAnswer(config, metric, "NO_DATA", NoBestOfPeriod("now"), None, None)
    if best.previous is None:
        return GateAnswer(config, metric, "NO_DATA", NoBestOfPeriod("before"), best.value, None)
    if config.min_runs is not None and weekly.now.n_finished < config.min_runs:
        few = FewFinished(weekly.now.n_finished)
        return GateAnswer(config, metric, "INCONCLUSIVE", few, best.value, best.previous)
    sign = 1 if metric.goal == "maximize" else -1
    margin = config.baseline_margin or (config.baseline_margin_relative or 0.0) * abs(best.previous)
    bound = best.previous - sign * margin
    holds = sign * (best.value - bound) >= 0
    reason = BestAgainstBest(best.value, best.previous, bound, margin)
    return GateAnswer(config, metric, "PASS" if holds else "FAIL", reason, best.value, bound)


# --- counts and shares -------------------------------------------------------------------------------------------------


def count_gate(config: GateConfig, metric: Metric | None, runs: Sequence[Run], members: Sequence[Run] | None) -> GateAnswer:
    """The answer of ``of: rate``, ``failed`` or ``runs``. ``members`` are the finished runs of ``group``; None is all."""
    active = [run for run in runs if not run.deleted]
    if config.of == "runs":
        n = sum(run.finished for run in active)
        holds = n >= config.at_least if config.at_least is not None else n <= (config.at_most or 0)
        bound = config.at_least if config.at_least is not None else config.at_most
        return GateAnswer(config, metric, "PASS" if holds else "FAIL", FinishedRuns(n), float(n), bound)
    if config.of == "failed":
        ended = [run for run in active if run.finished or run.status in ("FAILED", "KILLED")]
        return _share_gate(config, metric, Share("failed", sum(not run.finished for run in ended), len(ended)))
    return _rate_gate(config, metric, [run for run in active if run.finished] if members is None else members)


def _rate_gate(config: GateConfig, metric: Metric | None, runs: Sequence[Run]) -> GateAnswer:
    values = [] if metric is None else [metric.values[run.key] for run in runs if run.key in metric.values]
    odd = [value for value in values if value not in (0.0, 1.0)]
    if odd:
        return GateAnswer(config, metric, "NO_DATA", NotBinary(odd[0], len(values)), None, None)
    return _share_gate(config, metric, Share("rate", sum(value == 1.0 for value in values), len(values)))


def _share_gate(config: GateConfig, metric: Metric | None, found: Share) -> GateAnswer:
    """A share against its bound, as it is or by its exact one-sided 95 % bound."""
    up = config.at_least is not None
    bound = config.at_least if config.at_least is not None else config.at_most
    assert bound is not None  # the config's own check
    if found.n == 0:
        return GateAnswer(config, metric, "NO_DATA", found, None, bound)
    share = found.k / found.n
    if config.min_runs is not None and found.n < config.min_runs:
        return GateAnswer(config, metric, "INCONCLUSIVE", replace(found, too_few=True), share, bound)
    if config.mode == "point":
        holds = share >= bound if up else share <= bound
        return GateAnswer(config, metric, "PASS" if holds else "FAIL", found, share, bound)
    interval = exact_bounds(found.k, found.n, ALPHA)
    passes, fails = (interval.low >= bound, interval.high < bound) if up else (interval.high <= bound, interval.low > bound)
    state: GateState = "PASS" if passes else "FAIL" if fails else "INCONCLUSIVE"
    return GateAnswer(config, metric, state, replace(found, bounds=(interval.low, interval.high)), share, bound)
