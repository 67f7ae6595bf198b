"""Two evaluations or more against a baseline: every scorer on both sides, and what the whole comes to.

One family decides: Holm over the scorers with a direction that are tested, or over those that were named. All others are a second
family, which is shown and decides nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from reportgen.analyze.genai.front import QualityFront, quality_front
from reportgen.analyze.genai.likeness import Alike, answers_of, likeness_of
from reportgen.analyze.genai.logged import LoggedComparison, logged_comparisons
from reportgen.analyze.genai.paired import PairedScores, judged, paired_scores
from reportgen.analyze.genai.people import PeopleAgreement, agreements_of
from reportgen.analyze.genai.runs import MEAN, Evaluations, datasets_of
from reportgen.analyze.genai.scorers import ScorerSide, side_of
from reportgen.analyze.genai.scores import ScorerKey, Scores
from reportgen.analyze.genai.sides import scored_sides
from reportgen.analyze.genai.slices import Slice, slices_of
from reportgen.analyze.genai.spend import SpendChange, spend_changes
from reportgen.analyze.methods.multiple import holm_of_some
from reportgen.analyze.metrics import Metric
from reportgen.analyze.runs import RunKey
from reportgen.config import CompareConfig
from reportgen.model import Goal, Outcome
from reportgen.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Side:
    """One variant: its runs and their answers."""

    label: str
    runs: tuple[RunKey, ...]
    n_answers: int
    n_rows: int
    n_failed: int
    """Answers of which the application ended with an error."""
    failed_rows: tuple[str, ...]
    n_unkeyed: int
    """Answers whose row is not known: they pair with nothing."""
    n_repeated: int
    """Rows with several answers."""
    unfinished: tuple[RunKey, ...]
    """Runs that did not finish: their answers count as far as they are stored."""
    scorers: Mapping[ScorerKey, ScorerSide]
    people: tuple[PeopleAgreement, ...]
    """Scorers that people judged beside."""


@dataclass(frozen=True, slots=True)
class EvaluationDifference:
    """One variant against the baseline."""

    before: Side
    after: Side
    scorers: tuple[PairedScores, ...]
    """Decisive ones first, regressions before gains."""
    likeness: tuple[Alike, ...]
    spend: tuple[SpendChange, ...]
    slices: tuple[Slice, ...]
    """Worst first; a family of tests of their own."""
    logged: tuple[LoggedComparison, ...]
    """What MLflow's own comparison of the two logged."""
    n_pairs: int
    """Rows that both have."""
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]
    decisive: tuple[str, ...]
    """Scorers that were named to decide; empty where all do."""
    outcome: Outcome

    @property
    def n_tests(self) -> int:
        """Tests of the deciding family."""
        return sum(one.p is not None for one in self.deciding)

    @property
    def deciding(self) -> tuple[PairedScores, ...]:
        return tuple(one for one in self.scorers if _decides(one, self.decisive))

    def of(self, outcome: Outcome) -> tuple[PairedScores, ...]:
        """The deciding scorers with this outcome."""
        return tuple(one for one in self.deciding if one.outcome == outcome)

    @property
    def worse_beside(self) -> tuple[PairedScores, ...]:
        """Scorers that are worse and were not named to decide."""
        return tuple(one for one in self.scorers if one.outcome == "worse" and one not in self.deciding)


@dataclass(frozen=True, slots=True)
class EvaluationComparison:
    baseline: str
    differences: tuple[EvaluationDifference, ...]
    alpha: float
    margin: float | None
    front: QualityFront | None = None
    """Of three variants or more, by the first deciding scorer."""


def evaluation_comparison(
    snapshot: Snapshot,
    evaluations: Evaluations,
    groups: Mapping[str, Sequence[RunKey]],
    baseline: str,
    rules: CompareConfig,
    metrics: Mapping[str, Metric],
) -> EvaluationComparison | None:
    """None unless there are two groups or more, and every run of each is an evaluation."""
    if len(groups) < 2 or baseline not in groups:
        return None
    if not all(keys and all(evaluations.is_evaluation(key) for key in keys) for keys in groups.values()):
        return None
    if not any(answers_of(evaluations, keys) for keys in groups.values()):
        return None
    sides_scored = scored_sides(evaluations, groups, metrics)
    scores, known = sides_scored.scores, sides_scored.goals
    sides = {label: _side(label, keys, evaluations, scores[label], rules.alpha) for label, keys in groups.items()}
    datasets = datasets_of(snapshot, [key for keys in groups.values() for key in keys])
    named = tuple(name.removesuffix(MEAN) for name in rules.metrics)
    differences = tuple(
        _difference(evaluations, datasets, sides[baseline], sides[label], (scores[baseline], scores[label]), known, named, rules)
        for label in groups
        if label != baseline
    )
    first = next((one.key for difference in differences for one in difference.deciding if one.kind != "label"), None)
    front = quality_front(
        first,
        known[first.name] if first is not None else "none",
        {label: side.scorers for label, side in sides.items()},
        {label: answers_of(evaluations, keys) for label, keys in groups.items()},
    )
    return EvaluationComparison(baseline, differences, rules.alpha, rules.margin, front)


def _side(label: str, keys: Sequence[RunKey], evaluations: Evaluations, scores: Mapping[ScorerKey, Scores], alpha: float) -> Side:
    answers = answers_of(evaluations, keys)
    runs = [evaluations.runs[key] for key in keys]
    per_row = Counter(answer.row for answer in answers if answer.row)
    logged = runs[0].last_values if len(runs) == 1 else {}
    return Side(
        label=label,
        runs=tuple(keys),
        n_answers=len(answers),
        n_rows=len(per_row),
        n_failed=sum(answer.failed for answer in answers),
        failed_rows=tuple(
            sorted({answer.row for answer in answers if answer.failed and answer.row}, key=lambda row: (len(row), row))
        ),
        n_unkeyed=sum(not answer.row for answer in answers),
        n_repeated=sum(n > 1 for n in per_row.values()),
        unfinished=tuple(run.key for run in runs if not run.finished),
        scorers={
            key: side_of(one, None if key.by_people else logged.get(key.name + MEAN), 1 - alpha) for key, one in scores.items()
        },
        people=agreements_of(evaluations, keys),
    )


def _difference(
    evaluations: Evaluations,
    datasets: Mapping[RunKey, tuple[tuple[str, str], ...]],
    before: Side,
    after: Side,
    scores: tuple[Mapping[ScorerKey, Scores], Mapping[ScorerKey, Scores]],
    goals: Mapping[str, Goal],
    named: tuple[str, ...],
    rules: CompareConfig,
) -> EvaluationDifference:
    name = f"{before.label}/{after.label}"
    found = [
        paired_scores(scores[0].get(key), scores[1].get(key), key, goals[key.name], rules.alpha, name=name)
        for key in sorted({*scores[0], *scores[1]})
    ]
    decisive = tuple(one for one in named if any(paired.key.name == one for paired in found))
    families = [[one for one in found if _decides(one, decisive)]]
    families.append([one for one in found if one not in families[0]])
    told = [
        judged(one, p, rules.alpha, _margin(one, rules.margin, decisive))
        for family in families
        for one, p in zip(family, holm_of_some([one.p for one in family]), strict=True)
    ]
    rows = [{answer.row for answer in answers_of(evaluations, side.runs) if answer.row} for side in (before, after)]
    answers = [answers_of(evaluations, side.runs) for side in (before, after)]
    ordered = tuple(sorted(told, key=lambda one: (bool(decisive) and one.key.name not in decisive, _rank(one), one.key)))
    whole = EvaluationDifference(
        before=before,
        after=after,
        scorers=ordered,
        likeness=likeness_of(evaluations, datasets, before.runs, after.runs, scores),
        spend=spend_changes(answers[0], answers[1], 1 - rules.alpha),
        slices=slices_of(scores[0], scores[1], goals, rules.alpha),
        logged=logged_comparisons(evaluations, before.runs, after.runs, ordered),
        n_pairs=len(rows[0] & rows[1]),
        only_before=tuple(sorted(rows[0] - rows[1], key=lambda row: (len(row), row))),
        only_after=tuple(sorted(rows[1] - rows[0], key=lambda row: (len(row), row))),
        decisive=decisive,
        outcome="unclear",
    )
    return replace(whole, outcome=_decided(whole))


def _decides(one: PairedScores, decisive: Sequence[str]) -> bool:
    return one.key.name in decisive if decisive else one.goal != "none"


def _margin(one: PairedScores, margin: float | None, decisive: Sequence[str]) -> float | None:
    """A margin is in the unit of what was named, else of pass rates."""
    if margin is None or (decisive and one.key.name not in decisive):
        return None
    return margin if decisive or one.kind == "pass" else None


_ORDER: Sequence[Outcome] = ("worse", "better", "different", "unclear", "not_worse", "equivalent", "too_few", "incomparable")


def _rank(one: PairedScores) -> tuple[int, bool, float]:
    """Regressions first, then gains; among the undecided pass rates before scores, the smallest p first."""
    return (
        _ORDER.index(one.outcome) if one.reason != "labels" else len(_ORDER),
        one.goal == "none",
        one.p if one.p is not None else 2.0,
    )


def _decided(whole: EvaluationDifference) -> Outcome:
    """Worse in one scorer is worse, whatever got better; better needs one that is and none that is worse."""
    outcomes = {one.outcome for one in whole.deciding if one.goal != "none" and one.reason not in ("labels", "one_side")}
    if not whole.n_pairs or not outcomes or outcomes == {"too_few"}:
        return "too_few"
    for first in ("worse", "better"):
        if first in outcomes:
            return "worse" if first == "worse" else "better"
    outcomes.discard("too_few")
    if outcomes == {"equivalent"}:
        return "equivalent"
    return "not_worse" if outcomes <= {"equivalent", "not_worse"} else "unclear"
