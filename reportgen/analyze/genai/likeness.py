"""Were two sides measured alike: data, expected answers, scorers, judges, prompts and application."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from reportgen.analyze.genai.runs import Answer, Evaluations, lineage_of
from reportgen.analyze.genai.scores import ScorerKey, Scores
from reportgen.analyze.runs import RunKey

Aspect = Literal["rows", "dataset", "expectations", "scorers", "judges", "prompts", "application"]
State = Literal["same", "differs", "unknown"]


@dataclass(frozen=True, slots=True)
class Alike:
    """One thing that should be alike, or is what is compared."""

    aspect: Aspect
    state: State
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    n: int = 0
    """Rows in which it differs, or of ``rows`` the pairs; of ``scorers`` how many are not in the digest."""
    n_of: int = 0
    """Rows or scorers in which it was looked at."""


def likeness_of(
    evaluations: Evaluations,
    datasets: Mapping[RunKey, tuple[tuple[str, str], ...]],
    before: Sequence[RunKey],
    after: Sequence[RunKey],
    scores: tuple[Mapping[ScorerKey, Scores], Mapping[ScorerKey, Scores]],
) -> tuple[Alike, ...]:
    sides = (tuple(before), tuple(after))
    return (
        _rows(evaluations, sides),
        _dataset(datasets, sides),
        _expectations(evaluations, sides),
        _scorers(evaluations, sides),
        _judges(scores),
        _prompts(evaluations, sides),
        _application(evaluations, sides),
    )


Sides = tuple[tuple[RunKey, ...], tuple[RunKey, ...]]


def answers_of(evaluations: Evaluations, keys: Sequence[RunKey]) -> list[Answer]:
    return [answer for key in keys for answer in evaluations.answers.get(key, ())]


def _rows(evaluations: Evaluations, sides: Sides) -> Alike:
    first, second = ({answer.row for answer in answers_of(evaluations, keys) if answer.row} for keys in sides)
    shared = first & second
    state: State = "unknown" if not (first and second) else "same" if first == second else "differs"
    return Alike("rows", state, n=len(shared), n_of=len(first | second))


def _dataset(datasets: Mapping[RunKey, tuple[tuple[str, str], ...]], sides: Sides) -> Alike:
    found = [sorted({f"{name} ({digest})" for key in keys for name, digest in datasets.get(key, ()) if digest}) for keys in sides]
    digests = [{digest for key in keys for _, digest in datasets.get(key, ()) if digest} for keys in sides]
    return Alike("dataset", _state(digests[0], digests[1]), tuple(found[0]), tuple(found[1]))


def _expectations(evaluations: Evaluations, sides: Sides) -> Alike:
    """Whether the expected answers of shared rows are equal; each run writes them again."""
    first, second = (_expected(evaluations, keys) for keys in sides)
    shared = [place for place in first if place in second]
    rows = {row for row, _ in shared}
    changed = {row for row, name in shared if first[row, name] != second[row, name]}
    # One side may expect something of a row of which the other expects nothing.
    names = [{name for _, name in one} for one in (first, second)]
    known = {row for row, _ in first} & {row for row, _ in second}
    changed |= {row for row, name in {*first} ^ {*second} if row in known and name in names[0] & names[1]}
    state: State = "unknown" if not rows else "differs" if changed else "same"
    return Alike("expectations", state, n=len(changed), n_of=len(rows | changed))


def _expected(evaluations: Evaluations, keys: Sequence[RunKey]) -> dict[tuple[str, str], frozenset[str]]:
    """(row, name of the expectation) → the texts that are expected, as numbers."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for answer in answers_of(evaluations, keys):
        for row in evaluations.said.get(answer.trace, ()):
            if row["type"] == "expectation" and row["valid"] and row["run_id"] in ("", answer.run[1]) and answer.row:
                found[answer.row, row["name"]].add(row["text"])
    return {place: frozenset(texts) for place, texts in found.items()}


def _scorers(evaluations: Evaluations, sides: Sides) -> Alike:
    lineages = [[lineage_of(evaluations.runs[key]) for key in keys if key in evaluations.runs] for keys in sides]
    digests = [{one.scorers_digest for one in its if one.scorers_digest} for its in lineages]
    totals = [one.scorers_total for its in lineages for one in its]
    missing = [one.scorers_total - one.scorers_hashed for its in lineages for one in its]
    state = _state(digests[0], digests[1])
    return Alike("scorers", state, _short(digests[0]), _short(digests[1]), n=max(missing, default=0), n_of=max(totals, default=0))


def _judges(scores: tuple[Mapping[ScorerKey, Scores], Mapping[ScorerKey, Scores]]) -> Alike:
    """Who judged the scorers that both sides have."""
    shared = [key for key in scores[0] if key in scores[1] and "LLM_JUDGE" in (*scores[0][key].sources, *scores[1][key].sources)]
    found = [{f"{key.name}: {', '.join(side[key].raters)}" for key in shared if side[key].raters} for side in scores]
    return Alike("judges", _state(found[0], found[1]), tuple(sorted(found[0])), tuple(sorted(found[1])), n_of=len(shared))


def _prompts(evaluations: Evaluations, sides: Sides) -> Alike:
    found = [
        {
            f"{name} v{version}"
            for key in keys
            if key in evaluations.runs
            for name, version in lineage_of(evaluations.runs[key]).prompts
        }
        for keys in sides
    ]
    return Alike("prompts", _state(found[0], found[1]), tuple(sorted(found[0])), tuple(sorted(found[1])))


def _application(evaluations: Evaluations, sides: Sides) -> Alike:
    lineages = [[lineage_of(evaluations.runs[key]) for key in keys if key in evaluations.runs] for keys in sides]
    digests = [{one.app_digest for one in its if one.app_digest} for its in lineages]
    names = [
        tuple(sorted({f"{one.app_function} {_cut(one.app_digest)}".strip() for one in its if one.app_digest})) for its in lineages
    ]
    return Alike("application", _state(digests[0], digests[1]), names[0], names[1])


def _state(first: set[str], second: set[str]) -> State:
    if not (first and second):
        return "unknown"
    return "same" if first == second else "differs"


def _short(digests: set[str]) -> tuple[str, ...]:
    return tuple(sorted(map(_cut, digests)))


def _cut(digest: str) -> str:
    """As much of a digest as tells it from another to the eye."""
    return digest.removeprefix("sha256:")[:8]
