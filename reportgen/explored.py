"""What a reader of the page can explore by itself: part of the frozen ``Report`` (``reportgen.model``)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Among:
    """What the number of a tile is, so that a page can say the same of some of the runs."""

    metric: str = ""
    """The best value of this metric; empty: how many runs there are."""
    experiments: tuple[str, ...] = ()
    """Ids of the experiments whose runs it is of; empty: of all."""


@dataclass(frozen=True, slots=True)
class ExplorerMetric:
    """A metric that a reader can explore, with the value that stands for each run."""

    name: str
    label: str
    format: str
    digits: int
    goal: Literal["maximize", "minimize", "none"]
    rule: Literal["last", "best", "min", "max"]
    is_main: bool
    """Whether the tables of the report show it."""
    values: tuple[float | None, ...]
    """As long as ``Explorer.runs``; None where the run did not log it, NaN and infinities as logged."""


@dataclass(frozen=True, slots=True)
class Explorer:
    """What the page lets a reader explore by itself. Curves, params and tags of these runs come from the snapshot."""

    runs: tuple[tuple[str, str], ...]
    """(experiment id, run id), in the order in which they are listed first."""
    metrics: tuple[ExplorerMetric, ...]
    """The main ones first."""
    params: tuple[str, ...] = ()
    """Those that differ between the runs first."""
    groups: tuple[tuple[str, tuple[int, ...]], ...] = ()
    """(label, places in ``runs``) of the groups that the report compares."""
    pages: tuple[tuple[str, str], ...] = ()
    """(experiment id, address of a run's page up to its id), where the server has pages."""
    n_left_out: int = 0
    """Older runs that the page does not carry."""
