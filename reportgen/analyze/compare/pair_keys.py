"""The keys by which runs of two groups may be paired: what a run says of its seed, repetition or fold, or a declared field."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from reportgen.analyze.runs import Run

PairKind = Literal["seed", "repeat", "fold", "dataset"]
"""What two runs of a pair share, where nobody declared it."""
PairKey = tuple[str, ...]
KeyOf = Callable[[Run], PairKey | None]
"""From a run to its key; None for a run that has none."""


def declared_key(pair_by: str) -> KeyOf:
    kind, _, name = pair_by.partition(".")

    def of(run: Run) -> PairKey | None:
        value = (run.tags if kind in ("tags", "tag") else run.params).get(name)
        return None if value is None else (value,)

    return of


def nuisance_key(kinds: Sequence[str]) -> KeyOf:
    """The values of a run's nuisance params of ``kinds``, all kinds needed."""

    def of(run: Run) -> PairKey | None:
        found = sorted((kind, name, run.params[name]) for name, kind in run.nuisance.items() if kind in kinds)
        return tuple(value for _, _, value in found) if {kind for kind, _, _ in found} == set(kinds) else None

    return of
