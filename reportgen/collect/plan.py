"""Size and expected cost of a reading, known before histories are read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportgen.errors import Problem

if TYPE_CHECKING:
    from reportgen.snapshot import SourceInfo


@dataclass(frozen=True, slots=True)
class PlannedExperiment:
    """One experiment of a plan: what is selected of it."""

    experiment_id: str
    experiment: str
    n_runs: int
    n_points: int
    n_series: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What ``collect`` would read with the same arguments."""

    source: SourceInfo
    experiments: tuple[PlannedExperiment, ...]
    n_calls: int
    """Statements or requests, about."""
    seconds: float
    """Of reading, expected from measurements on one machine: an order of magnitude."""
    is_exact: bool
    """Whether ``n_points`` was counted by the store; a server cannot count, there it is guessed from the last steps."""
    problems: tuple[Problem, ...] = ()
    sources: tuple[SourceInfo, ...] = ()
    """Every store by its name, when there are several."""
