"""Gates against one run that stands for what is there already: of a branch, with a tag, of the registry, or the last report's best.

The run that is judged is that of the change: in a CI job a run of its commit, else of its branch; elsewhere a run that the baseline
is not about. The report names both runs and says how old the baseline is. One run against one run: a difference and a
margin, never a test.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from reportgen.analyze.compare.likeness import COMMIT_TAG
from reportgen.analyze.gate_answers import GateAnswer, GateReason
from reportgen.analyze.history_gates import FirstPeriod, HistoriesNotRead, NeverLogged, NoDirection
from reportgen.analyze.leaderboard import leaderboard_of
from reportgen.analyze.metrics import Metric
from reportgen.analyze.previous_report import PreviousReport
from reportgen.analyze.runs import Run, RunKey
from reportgen.config import BaselineConfig, GateConfig

BRANCH_TAGS = ("git.branch", "mlflow.source.git.branch", "mlflow.git.branch", "branch")
"""Tags that say a run's branch; the first that a run has counts."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a CI job is about; empty outside of one."""

    commits: frozenset[str] = frozenset()
    branch: str = ""


NO_CHANGE = Change()
"""Outside of a CI job."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What baselines are looked for in."""

    runs: Sequence[Run]
    """Those of the report, and those from before its window."""
    now: datetime
    change: Change = NO_CHANGE
    previous: PreviousReport | None = None
    aliases: Mapping[str, str] = field(default_factory=dict)
    """``models:/NAME@ALIAS`` → id of the run that made the version."""
    data_of: Callable[[str, RunKey], tuple[str, ...]] = lambda _metric, _key: ()
    """(metric, run) → the data that its value was measured on; empty where that is not known."""


@dataclass(frozen=True, slots=True)
class NobodyJudged(GateReason):
    """No finished run with the metric is of this change; ``n_others`` are of others."""

    n_others: int
    branch: str


@dataclass(frozen=True, slots=True)
class BaselineMissing(GateReason):
    """No finished run with the metric is what the baseline asks for."""

    baseline: BaselineConfig
    judged: str


@dataclass(frozen=True, slots=True)
class BaselineTooOld(GateReason):
    baseline: BaselineConfig
    name: str
    ended: date
    n_days: int


@dataclass(frozen=True, slots=True)
class OtherData(GateReason):
    """Both runs say what they were measured on, and it is not the same."""

    judged: str
    name: str
    judged_on: tuple[str, ...]
    baseline_on: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AgainstBaseline(GateReason):
    """One value against another."""

    baseline: BaselineConfig
    judged: str
    name: str
    """Of the baseline's run; of the last report its day."""
    value: float
    reference: float
    margin: float
    n_days: int | None
    ended: date | None


def baseline_gate(config: GateConfig, baseline: BaselineConfig, metric: Metric | None, ground: Ground) -> GateAnswer:
    """The answer of a gate whose ``not_worse_than`` is a baseline."""
    if metric is None:
        return GateAnswer(config, metric, "NO_DATA", NeverLogged(), None, None)
    if metric.goal == "none":
        return GateAnswer(config, metric, "NO_DATA", NoDirection(), None, None)
    values = _values(metric, ground.runs)
    candidates = [run for run in ground.runs if run.finished and run.key in values]
    if baseline.last_report:
        return _against_last_report(config, baseline, metric, candidates, values, ground)
    its = [run for run in candidates if _is_meant(run, baseline, ground)]
    judged = _judged(config, metric, candidates, its, values, ground.change)
    if judged is None:
        return GateAnswer(config, metric, "NO_DATA", NobodyJudged(len(candidates), ground.change.branch), None, None)
    found = _latest(run for run in its if run.key != judged.key)
    value = values[judged.key]
    finite = value if math.isfinite(value) else None
    if found is None:
        return GateAnswer(config, metric, "NO_DATA", BaselineMissing(baseline, _name(judged)), finite, None, judged.key)
    ended = (found.ended_at or found.started_at or ground.now).date()
    n_days = (ground.now.date() - ended).days
    if baseline.most_days is not None and n_days > baseline.most_days:
        old = BaselineTooOld(baseline, _name(found), ended, n_days)
        return GateAnswer(config, metric, "INCONCLUSIVE", old, finite, None, judged.key)
    if metric.rule != "last" and (found.key not in metric.values or judged.key not in metric.values):
        return GateAnswer(config, metric, "NO_DATA", HistoriesNotRead(), finite, None, judged.key)
    data = ground.data_of(metric.name, judged.key), ground.data_of(metric.name, found.key)
    if data[0] and data[1] and not {*data[0]} & {*data[1]}:
        return GateAnswer(config, metric, "INCONCLUSIVE", OtherData(_name(judged), _name(found), *data), finite, None, judged.key)
    reason = AgainstBaseline(baseline, _name(judged), _name(found), value, values[found.key], 0.0, n_days, ended)
    return _decided(config, metric, reason, judged.key)


def _decided(config: GateConfig, metric: Metric, reason: AgainstBaseline, key: RunKey) -> GateAnswer:
    """PASS when the value is not worse than the reference by more than the margin; NaN and infinities fail."""
    reference = reason.reference
    margin = config.baseline_margin or (config.baseline_margin_relative or 0.0) * abs(reference)
    bound = reference - metric.improvement(margin)
    holds = (
        math.isfinite(reason.value) and math.isfinite(reference) and metric.improvement(reason.value - bound) >= -_noise(bound)
    )
    value = reason.value if math.isfinite(reason.value) else None
    threshold = bound if math.isfinite(bound) else None
    return GateAnswer(config, metric, "PASS" if holds else "FAIL", replace(reason, margin=margin), value, threshold, key)


def _noise(bound: float) -> float:
    """What a difference may be off by computing: 0.93 − 0.01 is no exact bound."""
    return 8 * math.ulp(abs(bound))


def _against_last_report(
    config: GateConfig,
    baseline: BaselineConfig,
    metric: Metric,
    candidates: Sequence[Run],
    values: Mapping[RunKey, float],
    ground: Ground,
) -> GateAnswer:
    previous = ground.previous
    if previous is None:
        return GateAnswer(config, metric, "NO_DATA", FirstPeriod(), None, None)
    kept = {run.key for run in candidates}
    board = leaderboard_of(metric, [run for run in ground.runs if run.key in kept])
    if board.best is None:
        return GateAnswer(config, metric, "NO_DATA", NobodyJudged(0, ""), None, None)
    judged = next(run for run in candidates if run.key == board.best.key)
    reference = dict(previous.bests).get(metric.name)
    if reference is None:
        return GateAnswer(config, metric, "NO_DATA", BaselineMissing(baseline, _name(judged)), board.best.value, None, judged.key)
    day = date.fromisoformat(previous.day)
    n_days = (ground.now.date() - day).days
    if baseline.most_days is not None and n_days > baseline.most_days:
        old = BaselineTooOld(baseline, previous.day, day, n_days)
        return GateAnswer(config, metric, "INCONCLUSIVE", old, board.best.value, None, judged.key)
    reason = AgainstBaseline(baseline, _name(judged), previous.day, values[judged.key], reference, 0.0, n_days, day)
    return _decided(config, metric, reason, judged.key)


def _values(metric: Metric, runs: Iterable[Run]) -> dict[RunKey, float]:
    """Those of the metric; of runs from before the window their last ones."""
    return {run.key: run.last_values[metric.name] for run in runs if metric.name in run.last_values} | dict(metric.values)


def _is_meant(run: Run, baseline: BaselineConfig, ground: Ground) -> bool:
    if baseline.branch is not None:
        return branch_of(run) == baseline.branch
    if baseline.tag is not None:
        key, _, value = baseline.tag.partition("=")
        return run.tags.get(key) == value
    if baseline.alias is not None:
        return run.run_id == ground.aliases.get(baseline.alias)
    return baseline.run in (run.run_id, run.name)


def branch_of(run: Run) -> str:
    return next((run.tags[tag] for tag in BRANCH_TAGS if run.tags.get(tag)), "")


def _judged(
    config: GateConfig,
    metric: Metric,
    candidates: Sequence[Run],
    baseline: Sequence[Run],
    values: Mapping[RunKey, float],
    change: Change,
) -> Run | None:
    """The run of the change; None when runs say their branch and none is of it."""
    chosen = [run for run in candidates if run.tags.get(COMMIT_TAG) in change.commits]
    if not chosen and change.branch:
        chosen = [run for run in candidates if branch_of(run) == change.branch]
        if not chosen and any(branch_of(run) for run in candidates):
            return None
    if not chosen:
        meant = {run.key for run in baseline}
        chosen = [run for run in candidates if run.key not in meant] or list(candidates)
    if config.of == "best":
        finite = [run for run in chosen if math.isfinite(values[run.key])]
        return max(finite, key=lambda run: (metric.improvement(values[run.key]), run.key), default=None)
    return _latest(chosen)


def _latest(runs: Iterable[Run]) -> Run | None:
    return max(runs, key=lambda run: (run.ended_ms or run.started_ms or 0, *run.key), default=None)


def _name(run: Run) -> str:
    return run.name or run.run_id[:8]
