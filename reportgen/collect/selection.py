"""Which experiments and runs of a store a snapshot is asked to hold.

Pure: nothing here reads a store. Experiments are named, matched by a glob or given by id; runs are chosen by MLflow's
own filter language (``reportgen.collect.filters``), by a half-open window on their start time and by whether they
are deleted. Everything a selection leaves out is counted in the ledger under one of the reasons below.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from fnmatch import fnmatchcase

from reportgen.errors import SourceError

OWN_REPORT_TAG = "reportgen.report"
"""The tag that ``publish`` puts on the runs that hold reports. They are treated as not being in the store at all: if they
were only counted, each build would differ from the last (``docs/decisions/0003``)."""

OWN_EXPERIMENT_TAG = "reportgen.reports"
"""The tag on an experiment that ``publish`` made for them."""

DELETED = "deleted"
OUTSIDE_WINDOW = "outside the window"
NOT_SELECTED = "not selected by the filter"
UNREADABLE = "unreadable"
OTHER_METRIC = "metric not selected"
NO_HISTORY = "histories not asked for"


@dataclass(frozen=True, slots=True)
class Selection:
    """What to read. Raises ``ValueError`` for a window whose ends carry no time zone."""

    experiments: tuple[str, ...] = ("*",)
    """Names, globs (``recsys/*``) or ids."""
    filter: str = ""
    """MLflow's filter language, as for ``search_runs``; empty selects every run."""
    start: datetime | None = None
    """Runs that started at this moment or later."""
    end: datetime | None = None
    """Runs that started before this moment. With a window, a run without a start time is outside."""
    deleted: bool = False
    """Whether deleted runs, experiments and models are read too."""
    with_history: bool = True
    metrics: tuple[str, ...] = ()
    """Names or globs of the metrics whose histories are read; empty means all. Last values are always read."""

    def __post_init__(self) -> None:
        for moment in (self.start, self.end):
            if moment is not None and moment.tzinfo is None:
                raise ValueError(f"the window ends at {moment}, which has no time zone")

    def holds_start(self, start_time: int | None) -> bool:
        """Whether a run that started at ``start_time`` (milliseconds) lies in the window."""
        if self.start is None and self.end is None:
            return True
        if start_time is None:
            return False
        return (self.start is None or start_time >= self.start.timestamp() * 1000) and (
            self.end is None or start_time < self.end.timestamp() * 1000
        )

    def wants(self, metric: str) -> bool:
        """Whether the history of ``metric`` is asked for."""
        return not self.metrics or metric in self.metrics or any(fnmatchcase(metric, pattern) for pattern in self.metrics)

    def as_asked(self) -> tuple[tuple[str, str], ...]:
        """(what, value) of everything that was asked for, for the snapshot's provenance."""
        asked = {
            "experiments": ", ".join(self.experiments),
            "filter": self.filter,
            "start": self.start.isoformat() if self.start else "",
            "end": self.end.isoformat() if self.end else "",
            "deleted": "yes" if self.deleted else "",
            "histories": "" if self.with_history else "no",
            "metrics": ", ".join(self.metrics),
        }
        return tuple((what, value) for what, value in asked.items() if value)


def chosen_experiments(names: Mapping[str, str], deleted: Iterable[str], selection: Selection, where: str) -> tuple[str, ...]:
    """The ids in ``names`` (id → name) that ``selection.experiments`` chooses, sorted.

    An exact name wins over an id, an id over a glob. ``deleted`` holds the ids of deleted experiments: a glob takes
    them along (what is left out of them is for the ledger to tell), a name or an id may mean one only with
    ``selection.deleted``. Raises ``SourceError`` for a pattern that nothing fits, except ``*`` in an empty store.
    """
    gone = frozenset() if selection.deleted else frozenset(deleted)
    chosen: set[str] = set()
    for pattern in selection.experiments:
        found = _matching(pattern, names)
        if pattern != "*" and not found - gone:
            raise _unknown(pattern, [name for id_, name in sorted(names.items()) if id_ not in gone], bool(found), where)
        chosen |= found
    return tuple(sorted(chosen))


def _matching(pattern: str, names: Mapping[str, str]) -> set[str]:
    named = {id_ for id_, name in names.items() if name == pattern}
    if named:
        return named
    if pattern in names:
        return {pattern}
    return {id_ for id_, name in names.items() if fnmatchcase(name, pattern)}


def _unknown(pattern: str, present: Sequence[str], is_deleted: bool, where: str) -> SourceError:
    if is_deleted:
        what, todo = f"experiment {pattern!r} is deleted in {where}", "ask for deleted experiments too, or restore it in MLflow"
    else:
        near = get_close_matches(pattern, present, n=3, cutoff=0.6)
        what = f"there is no experiment {pattern!r} in {where}"
        todo = f"did you mean {' or '.join(repr(name) for name in near)}?" if near else "name an experiment that is there"
    return SourceError("unknown-experiment", what, found=repr(pattern), allowed=_listed(present), todo=todo)


def _listed(names: Sequence[str], at_most: int = 20) -> str:
    shown = ", ".join(repr(name) for name in sorted(names)[:at_most])
    more = f" and {len(names) - at_most} more" if len(names) > at_most else ""
    return f"{shown}{more}" if names else "nothing: the store holds no experiment that may be read"
