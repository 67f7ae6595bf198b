"""Do people and judges agree: answers that both a person and a scorer of the same name judged.

What a person overrode is a pair as well, with what stood before. People override what they disagree with, so agreement from
overrides alone is that of the worst answers, not of all; how many there are is counted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from reportgen.analyze.genai.likeness import answers_of
from reportgen.analyze.genai.runs import Evaluations, Row
from reportgen.analyze.genai.scores import PEOPLE
from reportgen.analyze.methods.agreement import Agreement, cohens_kappa, krippendorff_alpha
from reportgen.analyze.methods.samples import LARGEST
from reportgen.analyze.runs import RunKey


@dataclass(frozen=True, slots=True)
class PeopleAgreement:
    """One scorer against the people."""

    name: str
    method: Literal["kappa", "alpha"]
    agreement: Agreement
    n_overrides: int
    """Answers among them on which the person replaced the scorer's word."""


def agreements_of(evaluations: Evaluations, keys: Sequence[RunKey]) -> tuple[PeopleAgreement, ...]:
    """By name; of the runs ``keys`` together."""
    pairs: dict[str, list[tuple[Row, Row, bool]]] = defaultdict(list)
    for answer in answers_of(evaluations, keys):
        by_name: dict[str, tuple[list[Row], list[Row]]] = defaultdict(lambda: ([], []))
        for row in evaluations.said.get(answer.trace, ()):
            if row["type"] == "feedback" and not row["error"] and row["run_id"] in ("", answer.run[1]):
                by_name[row["name"]][row["source"] == PEOPLE].append(row)
        for name, (machines, people) in by_name.items():
            if machines and people:
                machine, person = machines[-1], people[-1]
                pairs[name].append((machine, person, bool(person["overrides"])))
    found = (_agreement(name, its) for name, its in sorted(pairs.items()))
    return tuple(one for one in found if one is not None)


def _agreement(name: str, pairs: Sequence[tuple[Row, Row, bool]]) -> PeopleAgreement | None:
    """Numbers by Krippendorff's alpha, all else by Cohen's kappa; None where the two gave different kinds of value."""
    n_overrides = sum(is_override for _, _, is_override in pairs)
    numbers = [(a["number"], b["number"]) for a, b, _ in pairs if {a["kind"], b["kind"]} <= {"number", "pass"}]
    is_scale = any("number" in (a["kind"], b["kind"]) for a, b, _ in pairs)
    if is_scale:
        usable = [pair for pair in numbers if all(value is not None and abs(value) < LARGEST for value in pair)]
        if not usable:
            return None
        return PeopleAgreement(name, "alpha", krippendorff_alpha([a for a, _ in usable], [b for _, b in usable]), n_overrides)
    words = [(_word(a), _word(b)) for a, b, _ in pairs if a["kind"] == b["kind"] and a["kind"] in ("pass", "label")]
    if not words:
        return None
    return PeopleAgreement(name, "kappa", cohens_kappa([a for a, _ in words], [b for _, b in words]), n_overrides)


def _word(row: Row) -> str:
    return row["label"] if row["kind"] == "label" else str(row["number"])
