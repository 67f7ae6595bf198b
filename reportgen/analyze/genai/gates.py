"""Gates on scorers, and the quality criteria that MLflow stored with a run: judged from the rows of the latest evaluation.

What the run logged as a mean is not asked: it leaves out rows on which the scorer failed, counts answers of requests that failed, and
is not changed by what people override later. Too few scored rows are NO_DATA, whatever the mean of the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from reportgen.analyze.baseline_gates import branch_of
from reportgen.analyze.gate_answers import GateAnswer, GateReason
from reportgen.analyze.genai.paired import PairedScores, judged, paired_scores
from reportgen.analyze.genai.runs import MEAN, Criterion, Evaluations, criteria_of, lineage_of
from reportgen.analyze.genai.scorers import ScorerSide, side_of
from reportgen.analyze.genai.scores import ScorerKey, Scores
from reportgen.analyze.genai.sides import scored_sides
from reportgen.analyze.methods.proportions import wilson_interval
from reportgen.analyze.methods.samples import ALPHA
from reportgen.analyze.metrics import Metric
from reportgen.analyze.models import Version
from reportgen.analyze.runs import Run, RunKey
from reportgen.config import BaselineConfig, GateConfig
from reportgen.model import GateState, Goal, Interval

COVERAGE = 0.9
"""Share of rows that a scorer must have scored, where the gate says nothing."""
JUDGED, BASELINE = "judged", "baseline"


@dataclass(frozen=True, slots=True)
class NoEvaluation(GateReason):
    """No evaluation has the scorer; ``scorers`` are those there are."""

    scorers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NotAScore(GateReason):
    """The scorer gives categories, or no number at all."""


@dataclass(frozen=True, slots=True)
class LowCoverage(GateReason):
    """Too few rows are scored."""

    n_scored: int
    n_rows: int
    n_errors: int
    needed: float


@dataclass(frozen=True, slots=True)
class ScorerValue(GateReason):
    """The mean or pass rate, held against the bound."""

    side: ScorerSide
    value: Interval
    """With the one-sided 95 % bounds that a confident gate is judged by."""
    is_share: bool


@dataclass(frozen=True, slots=True)
class CriterionMetric(GateReason):
    """A criterion on another aggregation than the mean: what the run logged."""

    value: float | None


@dataclass(frozen=True, slots=True)
class NoEarlierEvaluation(GateReason):
    """No evaluation is there that the latest one could be held against."""

    only_warns: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class NoSuchEvaluation(GateReason):
    """The evaluation that the config names is not there."""


@dataclass(frozen=True, slots=True)
class ScorerAgainst(GateReason):
    """The latest evaluation against an earlier one, row by row."""

    paired: PairedScores
    baseline: RunKey
    margin: float | None


@dataclass(frozen=True, slots=True)
class ScorerGround:
    """What gates on scorers are judged from."""

    evaluations: Evaluations
    metrics: Mapping[str, Metric]
    prompts: Sequence[Version]
    groups: Mapping[str, Sequence[RunKey]]
    """Groups of the comparison, by label."""
    known: Evaluations
    """With the latest evaluation of each experiment from before the window, as far as it was read."""


def scorer_gate(config: GateConfig, ground: ScorerGround, runs: Iterable[Run]) -> GateAnswer:
    """The answer of a gate with ``scorer``; ``runs`` are those that it may judge."""
    name = (config.scorer or "").removesuffix(MEAN)
    evaluations = ground.evaluations
    having = _with_scorer(evaluations, name, runs)
    if config.group is not None:
        keys = [key for key in ground.groups.get(config.group, ()) if evaluations.is_evaluation(key)]
    else:
        keys = [having[-1].key] if having else []
    if not keys:
        return GateAnswer(config, None, "NO_DATA", NoEvaluation(_scorer_names(evaluations)), None, _bound(config))
    if config.not_worse_than is not None:
        return _against(config, name, ground, having)
    scored = scored_sides(evaluations, {JUDGED: keys}, ground.metrics)
    return _value_gate(config, scored.scores[JUDGED].get(ScorerKey(name)), scored.goals.get(name, "none"), keys)


def criteria_gates(ground: ScorerGround, keys: Sequence[RunKey]) -> tuple[GateAnswer, ...]:
    """The criteria stored with each of these runs, as gates on that run."""
    return tuple(_criterion_gate(ground, key, rule) for key in keys for rule in criteria_of(ground.evaluations.runs[key]))


def judged_by_criteria(evaluations: Evaluations) -> tuple[RunKey, ...]:
    """The latest evaluation of each experiment: what it was before does not fail a build any more."""
    latest: dict[str, Run] = {}
    for run in sorted(evaluations.runs.values(), key=lambda run: run.order):
        latest[run.experiment_id] = run
    return tuple(run.key for _, run in sorted(latest.items()))


# --- one value ---


def _criterion_gate(ground: ScorerGround, key: RunKey, rule: Criterion) -> GateAnswer:
    bound = {"at_least": rule.threshold} if rule.comparator == "GTE" else {"at_most": rule.threshold}
    if rule.scorer:
        config = GateConfig.model_validate({"scorer": rule.scorer, **bound})
        scored = scored_sides(ground.evaluations, {JUDGED: [key]}, ground.metrics)
        scores = scored.scores[JUDGED].get(ScorerKey(rule.scorer))
        if scores is not None:
            return replace(_value_gate(config, scores, scored.goals.get(rule.scorer, "none"), [key]), is_stored=True)
    config = GateConfig.model_validate({"metric": rule.metric, "of": "latest", **bound})
    value = ground.evaluations.runs[key].last_values.get(rule.metric)
    state = _point_state(value, config) if value is not None else "NO_DATA"
    return GateAnswer(config, None, state, CriterionMetric(value), value, rule.threshold, key, is_stored=True)


def _value_gate(config: GateConfig, scores: Scores | None, goal: Goal, keys: Sequence[RunKey]) -> GateAnswer:
    run = keys[0] if len(keys) == 1 else None
    answer = GateAnswer(config, None, "NO_DATA", NotAScore(), None, _bound(config), run)
    if scores is None or scores.kind == "label" or (config.of == "pass_all" and scores.kind != "pass"):
        return answer
    side = side_of(scores, None, 1 - 2 * ALPHA)
    needed = config.coverage if config.coverage is not None else COVERAGE
    if not side.n_rows or side.n_scored < needed * side.n_rows:
        return replace(answer, reason=LowCoverage(side.n_scored, side.n_rows, side.n_errors, needed))
    value = _all_pass(scores, goal) if config.of == "pass_all" else side.mean
    if value is None or value.value is None:
        return answer
    reason = ScorerValue(side, value, scores.kind == "pass")
    state = _confident_state(value, config) if config.mode == "confident" else _point_state(value.value, config)
    return replace(answer, state=state, reason=reason, value=value.value)


def _all_pass(scores: Scores, goal: Goal) -> Interval | None:
    """The share of rows all of whose answers passed; answers without a known row are rows of their own."""
    good = 0.0 if goal == "minimize" else 1.0
    rows = [all(value == good for value in one.values) for one in scores.rows.values()]
    rows += [value == good for value in scores.unkeyed]
    if not rows:
        return None
    share = wilson_interval(sum(rows), len(rows), 1 - 2 * ALPHA)
    return Interval(share.value, share.low, share.high, len(rows), share.level)


def _point_state(value: float, config: GateConfig) -> GateState:
    holds = value >= config.at_least if config.at_least is not None else value <= (config.at_most or 0.0)
    return "PASS" if holds else "FAIL"  # NaN holds nothing


def _confident_state(value: Interval, config: GateConfig) -> GateState:
    if value.low is None or value.high is None:
        return "INCONCLUSIVE"
    if config.at_least is not None:
        return "PASS" if value.low >= config.at_least else "FAIL" if value.high < config.at_least else "INCONCLUSIVE"
    bound = config.at_most if config.at_most is not None else 0.0
    return "PASS" if value.high <= bound else "FAIL" if value.low > bound else "INCONCLUSIVE"


def _bound(config: GateConfig) -> float | None:
    if config.not_worse_than is not None:
        return -(config.baseline_margin or 0.0)
    return config.at_least if config.at_least is not None else config.at_most


# --- against an earlier evaluation ---


def _against(config: GateConfig, name: str, ground: ScorerGround, having: Sequence[Run]) -> GateAnswer:
    latest = having[-1]
    answer = GateAnswer(config, None, "NO_DATA", NoEarlierEvaluation(), None, _bound(config), latest.key)
    found = _baseline(config, ground, having[:-1], latest)
    if found is None and config.not_worse_than == "previous":
        past = (run for key, run in ground.known.runs.items() if key not in ground.evaluations.runs and run.order < latest.order)
        found = _baseline(config, ground, _with_scorer(ground.known, name, past), latest)
    if found is None:
        missing = NoEarlierEvaluation() if config.not_worse_than == "previous" else NoSuchEvaluation()
        return replace(answer, reason=missing)
    scored = scored_sides(ground.known, {BASELINE: [found.key], JUDGED: [latest.key]}, ground.metrics)
    before, after = (scored.scores[label].get(ScorerKey(name)) for label in (BASELINE, JUDGED))
    goal = scored.goals.get(name, "none")
    if before is None or after is None or "label" in (before.kind, after.kind) or goal == "none":
        return replace(answer, reason=NotAScore())
    needed = config.coverage if config.coverage is not None else COVERAGE
    for side in (before, after):
        if side.n_scored < needed * side.n_rows:
            return replace(answer, reason=LowCoverage(side.n_scored, side.n_rows, side.n_errors, needed))
    paired = paired_scores(before, after, ScorerKey(name), goal, ALPHA)
    paired = judged(paired, paired.p, ALPHA, config.baseline_margin)
    change = paired.difference.value if paired.difference is not None else None
    reason = ScorerAgainst(paired, found.key, config.baseline_margin)
    return replace(answer, state=_against_state(paired), reason=reason, value=change)


def _against_state(paired: PairedScores) -> GateState:
    """Without a margin a loss must be shown to fail it; with one it must be excluded to pass."""
    if paired.outcome == "worse":
        return "FAIL"
    if paired.reason == "no_pairs":
        return "NO_DATA"
    if paired.outcome == "too_few":
        return "INCONCLUSIVE"
    if paired.margin is None or paired.outcome in ("better", "equivalent", "not_worse"):
        return "PASS"
    return "INCONCLUSIVE"


def _baseline(config: GateConfig, ground: ScorerGround, earlier: Sequence[Run], latest: Run) -> Run | None:
    """The newest run that fits, by start; the latest itself never does."""
    wanted = config.not_worse_than
    if not isinstance(wanted, BaselineConfig):
        fitting = [run for run in earlier if run.experiment_id == latest.experiment_id]
    elif wanted.alias is not None:
        versions = {(one.name, one.version) for one in ground.prompts if wanted.alias in one.aliases}
        fitting = [run for run in earlier if versions & {*lineage_of(run).prompts}]
    elif wanted.tag is not None:
        key, _, value = wanted.tag.partition("=")
        fitting = [run for run in earlier if run.tags.get(key) == value]
    else:
        fitting = [run for run in earlier if branch_of(run) == wanted.branch]
    return fitting[-1] if fitting else None


def _with_scorer(evaluations: Evaluations, name: str, runs: Iterable[Run]) -> list[Run]:
    """Evaluations on whose traces the scorer said something, or failed; by start."""
    found = [
        run
        for run in runs
        if evaluations.is_evaluation(run.key)
        and any(
            row["name"] == name and row["type"] == "feedback" and row["run_id"] in ("", run.run_id)
            for answer in evaluations.answers.get(run.key, ())
            for row in evaluations.said.get(answer.trace, ())
        )
    ]
    return sorted(found, key=lambda run: run.order)


def _scorer_names(evaluations: Evaluations) -> tuple[str, ...]:
    rows = (row for its in evaluations.said.values() for row in its)
    return tuple(sorted({row["name"] for row in rows if row["type"] == "feedback"}))
