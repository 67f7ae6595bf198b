"""The evaluations of each experiment over time: every scorer by run, the latest against the one before, and the prompts they used."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reportgen.analyze.genai.comparison import EvaluationDifference, evaluation_comparison
from reportgen.analyze.genai.runs import Answer, Evaluations, datasets_of, lineage_of
from reportgen.analyze.genai.scorers import side_of
from reportgen.analyze.genai.scores import Kind, ScorerKey
from reportgen.analyze.genai.sides import scored_sides
from reportgen.analyze.metrics import Metric
from reportgen.analyze.runs import Run, RunKey
from reportgen.config import CompareConfig
from reportgen.model import Goal, Interval
from reportgen.snapshot import Snapshot

BEFORE, LATEST = "before", "latest"
MOST_RUNS = 30
"""Evaluations of an experiment that are told one by one, the latest of them."""


@dataclass(frozen=True, slots=True)
class EvaluationRun:
    """One evaluation in a line."""

    key: RunKey
    n_answers: int
    n_rows: int
    n_failed: int
    seconds: float | None
    """Mean of an answer that did not fail."""
    cost: float | None
    prompts: tuple[tuple[str, str], ...]
    dataset: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ScorerLine:
    """One scorer over the evaluations of an experiment."""

    key: ScorerKey
    kind: Kind
    goal: Goal
    means: tuple[Interval | None, ...]
    """One for each run, in order; None where it did not judge, or gives categories."""


@dataclass(frozen=True, slots=True)
class PromptUse:
    """A prompt version and the evaluations that loaded it."""

    name: str
    version: str
    runs: tuple[RunKey, ...]


@dataclass(frozen=True, slots=True)
class ExperimentEvaluations:
    """The evaluations of one experiment, by start."""

    experiment_id: str
    runs: tuple[EvaluationRun, ...]
    n_earlier: int
    """Evaluations before the first of ``runs``."""
    scorers: tuple[ScorerLine, ...]
    latest: EvaluationDifference | None
    """The latest against the one before; None for the first, and where one of them has no answers."""
    prompts: tuple[PromptUse, ...]


def evaluation_overview(
    snapshot: Snapshot, evaluations: Evaluations, metrics: Mapping[str, Metric]
) -> tuple[ExperimentEvaluations, ...]:
    """One for each experiment that has evaluations with answers."""
    by_experiment: dict[str, list[Run]] = defaultdict(list)
    for run in sorted(evaluations.runs.values(), key=lambda run: run.order):
        if evaluations.answers.get(run.key):
            by_experiment[run.experiment_id].append(run)
    return tuple(_of_experiment(id_, runs, snapshot, evaluations, metrics) for id_, runs in sorted(by_experiment.items()))


def _of_experiment(
    experiment_id: str, runs: Sequence[Run], snapshot: Snapshot, evaluations: Evaluations, metrics: Mapping[str, Metric]
) -> ExperimentEvaluations:
    shown = runs[-MOST_RUNS:]
    datasets = datasets_of(snapshot, [run.key for run in shown])
    prompts: dict[tuple[str, str], list[RunKey]] = defaultdict(list)
    for run in shown:
        for prompt in lineage_of(run).prompts:
            prompts[prompt].append(run.key)
    return ExperimentEvaluations(
        experiment_id=experiment_id,
        runs=tuple(_run(run, evaluations.answers[run.key], datasets[run.key]) for run in shown),
        n_earlier=len(runs) - len(shown),
        scorers=_lines(shown, evaluations, metrics),
        latest=_latest(shown, snapshot, evaluations, metrics),
        prompts=tuple(PromptUse(*prompt, tuple(keys)) for prompt, keys in sorted(prompts.items())),
    )


def _run(run: Run, answers: Sequence[Answer], dataset: tuple[tuple[str, str], ...]) -> EvaluationRun:
    ended = [answer for answer in answers if not answer.failed]
    return EvaluationRun(
        key=run.key,
        n_answers=len(answers),
        n_rows=len({answer.row for answer in answers if answer.row}) + sum(not answer.row for answer in answers),
        n_failed=len(answers) - len(ended),
        seconds=_mean([answer.seconds for answer in ended]),
        cost=_mean([answer.cost for answer in ended]),
        prompts=lineage_of(run).prompts,
        dataset=dataset,
    )


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def _lines(runs: Sequence[Run], evaluations: Evaluations, metrics: Mapping[str, Metric]) -> tuple[ScorerLine, ...]:
    scored = scored_sides(evaluations, {run.run_id: [run.key] for run in runs}, metrics)
    keys = sorted({key for its in scored.scores.values() for key in its})
    lines = []
    for key in keys:
        its = [scored.scores[run.run_id].get(key) for run in runs]
        last = next(one for one in reversed(its) if one is not None)
        means = tuple(side_of(one, None, 0.95).mean if one is not None else None for one in its)
        lines.append(ScorerLine(key, last.kind, scored.goals[key.name], means))
    return tuple(lines)


def _latest(
    runs: Sequence[Run], snapshot: Snapshot, evaluations: Evaluations, metrics: Mapping[str, Metric]
) -> EvaluationDifference | None:
    if len(runs) < 2:
        return None
    groups = {BEFORE: [runs[-2].key], LATEST: [runs[-1].key]}
    rules = CompareConfig.model_validate({"groups": {BEFORE: "run:x", LATEST: "run:y"}, "baseline": BEFORE})
    found = evaluation_comparison(snapshot, evaluations, groups, BEFORE, rules, metrics)
    return found.differences[0] if found is not None else None
