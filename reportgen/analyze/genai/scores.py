"""What each row of a data set scored: one value for each row and scorer of one side, and what is missing.

Assessments of a run R are those on R's traces that R made, and what people said of these traces without a run, which belongs to every
run that holds the trace. Only valid feedback counts: what a person overrode is replaced by what they said. People and scorers of
one name are two series, unless the person's word is such an override.

A value of a row is the mean over its feedback of one answer, then over its answers (trials). An answer that failed cannot have
passed, whatever a scorer said of its text "None": it counts as not passed, and gives no score on a scale.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from reportgen.analyze.genai.runs import Answer, Evaluations, Row
from reportgen.analyze.runs import RunKey
from reportgen.model import Goal

Kind = Literal["pass", "number", "label"]
PEOPLE = "HUMAN"


@dataclass(frozen=True, slots=True, order=True)
class ScorerKey:
    """A name of feedback, and whether people gave it on their own."""

    name: str
    by_people: bool = False


@dataclass(frozen=True, slots=True)
class RowScore:
    """One row by one scorer."""

    row: str
    value: float
    """Mean over its answers; of pass or fail from 0 to 1."""
    values: tuple[float, ...]
    """Of each answer that has one."""
    traces: tuple[tuple[str, str], ...]
    """Of the same answers."""
    session: str
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scores:
    """One scorer on one side."""

    key: ScorerKey
    kind: Kind
    rows: Mapping[str, RowScore]
    """Row → its score; only rows that have one."""
    unkeyed: tuple[float, ...]
    """Values of answers whose row is not known."""
    labels: Mapping[str, str]
    """Row → its category, of ``label``; a row with several different ones has none."""
    n_rows: int
    """Rows of the side, scored or not, and answers without a known row."""
    n_errors: int
    """Answers on which the scorer itself failed and gave no value."""
    n_failed: int
    """Scored answers of requests that failed."""
    n_not_finite: int
    n_overrides: int
    raw_mean: float | None
    """Over all feedback with a number, as MLflow computes a run's metric."""
    sources: tuple[str, ...]
    raters: tuple[str, ...]
    """Scorers and judges; of people how many they are."""

    @property
    def values(self) -> tuple[float, ...]:
        return (*(one.value for one in self.rows.values()), *self.unkeyed)

    @property
    def n_scored(self) -> int:
        return len(self.labels) if self.kind == "label" else len(self.rows) + len(self.unkeyed)

    @property
    def has_trials(self) -> bool:
        return any(len(one.values) > 1 for one in self.rows.values())


def scores_of(evaluations: Evaluations, keys: Sequence[RunKey], goals: Mapping[str, Goal]) -> dict[ScorerKey, Scores]:
    """Every scorer of the runs ``keys``, which are one side. ``goals``: scorer → its direction, for what a failed request counts."""
    answers = [answer for key in keys for answer in evaluations.answers.get(key, ())]
    found: dict[ScorerKey, list[tuple[Answer, list[Row]]]] = defaultdict(list)
    for answer in answers:
        for key, rows in _by_scorer(evaluations.said.get(answer.trace, ()), answer.run[1]).items():
            found[key].append((answer, rows))
    n_rows = len({answer.row for answer in answers if answer.row}) + sum(not answer.row for answer in answers)
    return {key: _scores(key, found[key], n_rows, goals.get(key.name, "none")) for key in sorted(found)}


def _by_scorer(said: Iterable[Row], run_id: str) -> dict[ScorerKey, list[Row]]:
    """Feedback on one trace that belongs to the run, failed and overridden too, by scorer."""
    own = [row for row in said if row["type"] == "feedback" and row["run_id"] in ("", run_id)]
    replaced = {row["overrides"] for row in said if row["overrides"]}
    elsewhere = {row["assessment_id"] for row in said if row["run_id"] not in ("", run_id)}
    found: dict[ScorerKey, list[Row]] = defaultdict(list)
    machines = {row["name"] for row in own if row["source"] != PEOPLE}
    for row in own:
        if row["overrides"] and row["overrides"] in elsewhere:
            continue  # it corrects what another run's judge said
        alone = (
            row["source"] == PEOPLE and not row["overrides"] and row["name"] in machines and row["assessment_id"] not in replaced
        )
        found[ScorerKey(row["name"], alone)].append(row)
    return found


def _scores(key: ScorerKey, found: Sequence[tuple[Answer, list[Row]]], n_rows: int, goal: Goal) -> Scores:
    every = [row for _, rows in found for row in rows]
    usable = [row for row in every if row["valid"] and not row["error"]]
    kind = _kind(usable)
    by_row: dict[str, list[tuple[Answer, float]]] = defaultdict(list)
    unkeyed: list[float] = []
    labels: dict[str, set[str]] = defaultdict(set)
    n_errors = n_failed = n_not_finite = 0
    for answer, rows in found:
        its = [row for row in rows if row["valid"] and not row["error"]]
        numbers = [row["number"] for row in its if row["kind"] in ("pass", "number") and row["number"] is not None]
        n_errors += not its and any(row["error"] for row in rows)
        if kind == "label":
            labels[answer.row] |= {row["label"] for row in its if row["kind"] == "label"}
            continue
        if not numbers:
            continue
        if answer.failed:
            n_failed += 1
            if kind != "pass":
                continue
            numbers = [1.0 if goal == "minimize" else 0.0]
        value = sum(numbers) / len(numbers)
        if not math.isfinite(value):
            n_not_finite += 1
        elif answer.row:
            by_row[answer.row].append((answer, value))
        else:
            unkeyed.append(value)
    finite = [row["number"] for row in usable if row["number"] is not None]
    return Scores(
        key=key,
        kind=kind,
        rows={row: _row_score(row, its) for row, its in sorted(by_row.items(), key=lambda one: _order(one[0]))},
        unkeyed=tuple(unkeyed),
        labels={row: next(iter(its)) for row, its in sorted(labels.items()) if len(its) == 1 and row},
        n_rows=n_rows,
        n_errors=n_errors,
        n_failed=n_failed,
        n_not_finite=n_not_finite,
        n_overrides=sum(bool(row["overrides"]) for row in usable),
        raw_mean=sum(finite) / len(finite) if finite else None,
        sources=tuple(sorted({row["source"] for row in usable})),
        raters=tuple(sorted({row["rater"] for row in usable if row["source"] != PEOPLE and row["rater"]})),
    )


def _kind(rows: Sequence[Row]) -> Kind:
    """That of most values: one stray word does not make a score a category."""
    counts = {kind: sum(row["kind"] == kind for row in rows) for kind in ("pass", "number", "label")}
    if counts["label"] > counts["pass"] + counts["number"]:
        return "label"
    return "number" if counts["number"] or not counts["pass"] else "pass"


def _row_score(row: str, found: Sequence[tuple[Answer, float]]) -> RowScore:
    values = tuple(value for _, value in found)
    answer = found[0][0]
    return RowScore(row, sum(values) / len(values), values, tuple(one.trace for one, _ in found), answer.session, answer.tags)


def _order(row: str) -> tuple[int, str]:
    return (int(row), row) if row.isdecimal() else (0, row)
