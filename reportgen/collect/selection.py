"""Which experiments and runs of a store a snapshot is asked to hold.

Pure: nothing here reads a store. Experiments are named, matched by a glob, given by id or found by a tag; runs are
chosen by MLflow's own filter language (``reportgen.collect.filters``), by a half-open window on their start time, by
whether they are deleted or nested, and by a limit on their number in MLflow's own order (``reportgen.collect.orders``).
Everything a selection leaves out is counted in the ledger under one of the reasons below.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import Literal

from reportgen.errors import Problem, SourceError
from reportgen.formats import listed

OWN_REPORT_TAG = "reportgen.report"
"""The tag that ``publish`` puts on the runs that hold reports. They are treated as not being in the store at all: if they
were only counted, each build would differ from the last (``docs/decisions/0003``)."""

OWN_EXPERIMENT_TAG = "reportgen.reports"
"""The tag on an experiment that ``publish`` made for them."""

DELETED = "deleted"
OUTSIDE_WINDOW = "outside the window"
NOT_SELECTED = "not selected by the filter"
NESTED_RUN = "nested run"
ROOT_RUN = "root run"
UNREADABLE = "unreadable"
BEYOND_LIMIT = "beyond the limit"
OTHER_METRIC = "metric not selected"
NO_HISTORY = "histories not asked for"

Nested = Literal["all", "roots", "children"]

EXCLUDED_PREFIX = "!"
"""``!tmp/*`` leaves out the experiments that the rest of the entry means, unless one is really called so."""

TAG_PREFIX = "tag:"
"""``tag:team=recsys`` means the experiments with that tag, unless one is really called so."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What to read. Raises ``ValueError`` for a window whose ends carry no time zone, and for a limit below 1."""

    experiments: tuple[str, ...] = ("*",)
    """Names, globs (``recsys/*``), ids or tags (``tag:team=recsys``, its value may be a glob; ``tag:team`` for any). An entry that
    begins with ``!`` leaves out what it means, wherever it stands; with no other entry it leaves it out of all."""
    filter: str = ""
    """MLflow's filter language, as for ``search_runs``; empty selects every run."""
    start: datetime | None = None
    """Runs that started at this moment or later."""
    end: datetime | None = None
    """Runs that started before this moment. With a window, a run without a start time is outside."""
    earlier: datetime | None = None
    """Runs that started from this moment to ``start`` are read as well, but only what ``Snapshot.earlier`` holds of them: what
    the window is compared with. They stay outside the window in the books."""
    scores_before: bool = False
    """Whether the traces of the latest evaluation before ``start`` are read as well, one evaluation of each experiment."""
    deleted: bool = False
    """Whether deleted runs, experiments and models are read too."""
    with_history: bool = True
    metrics: tuple[str, ...] = ()
    """Names or globs of the metrics whose histories are read; empty means all. Last values are always read."""
    nested: Nested = "all"
    """``roots`` leaves out runs whose parent is there, ``children`` the others. A parent that is deleted (and not asked
    for) or in no chosen experiment is not there, so that its children are not lost with it."""
    order_by: tuple[str, ...] = ()
    """MLflow's ``order_by`` clauses: which runs ``limit`` keeps. Empty means the latest."""
    limit: int | None = None
    """At most so many runs of the store, counted after everything else."""
    texts: bool = False
    """Whether what evaluations asked, answered and gave as reasons is read, too."""

    def __post_init__(self) -> None:
        if self.limit is not None and self.limit < 1:
            raise ValueError(f"a limit of {self.limit} runs reads nothing")
        for moment in (self.earlier, self.start, self.end):
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
        criteria = {
            "experiments": ", ".join(self.experiments),
            "filter": self.filter,
            "start": self.start.isoformat() if self.start else "",
            "end": self.end.isoformat() if self.end else "",
            "compared with runs from": self.earlier.isoformat() if self.earlier else "",
            "scores from before the window": "of the latest evaluation" if self.scores_before and self.earlier else "",
            "deleted": "yes" if self.deleted else "",
            "histories": "" if self.with_history else "no",
            "metrics": ", ".join(self.metrics),
            "texts of evaluations": "yes" if self.texts else "",
            "nested": "" if self.nested == "all" else self.nested,
            "order": ", ".join(self.order_by),
            "limit": "" if self.limit is None else f"{self.limit:,} runs",
        }
        return tuple((what, value) for what, value in criteria.items() if value)


@dataclass(frozen=True, slots=True)
class Store:
    """One of the stores that a snapshot is read from."""

    name: str
    """What readers know it by, unique among the stores; letters, digits, ``.``, ``_`` and ``-``."""
    uri: str
    experiments: tuple[str, ...] | None = None
    """Instead of those of the selection, as there; None takes the selection's."""


def chosen_experiments(
    names: Mapping[str, str],
    deleted: Iterable[str],
    selection: Selection,
    where: str,
    tags: Mapping[str, Mapping[str, str]] | None = None,
) -> tuple[str, ...]:
    """The ids in ``names`` (id → name) that ``selection.experiments`` chooses, sorted; ``tags`` are id → key → value.

    An exact name wins over an id, an id over a tag, a tag over a glob. ``deleted`` holds the ids of deleted experiments:
    a glob or a tag takes them along (what is left out of them is for the ledger to tell), a name or an id may mean one
    only with ``selection.deleted``. Raises ``SourceError`` for a pattern that nothing fits, except ``*`` in an empty
    store. What is left out need not be there.
    """
    gone = frozenset() if selection.deleted else frozenset(deleted)
    tags = tags or {}
    chosen: set[str] = set()
    included, excluded = split_exclusions(selection.experiments, names.values())
    for pattern in included:
        found = matching_experiments(pattern, names, tags)
        if pattern != "*" and not found - gone:
            present = {id_: name for id_, name in names.items() if id_ not in gone}
            raise unknown_experiment(pattern, present, tags, where, is_deleted=bool(found))
        chosen |= found
    for pattern in excluded:
        chosen -= matching_experiments(pattern, names, tags)
    return tuple(sorted(chosen))


@dataclass(frozen=True, slots=True)
class Listing:
    """The experiments of one store."""

    names: Mapping[str, str]
    """Id → name."""
    tags: Mapping[str, Mapping[str, str]]
    """Id → key → value."""
    deleted: frozenset[str]
    """Ids of deleted ones that are not asked for."""

    def matching(self, pattern: str) -> set[str]:
        """The ids that may be read and that one entry of ``Selection.experiments`` means."""
        return matching_experiments(pattern, self.names, self.tags) - self.deleted


def fitting_entries(
    listings: Mapping[str, Listing], selection: Selection, where: str, *, are_all: bool
) -> tuple[dict[str, tuple[str, ...]], tuple[Problem, ...]]:
    """Store → the entries of ``selection.experiments`` that fit in it, of stores with any; a note for each other store.

    An entry that fits in no store is an error when the listings ``are_all`` there are, else a gap. ``where`` names the stores.
    """
    included, excluded = split_exclusions(selection.experiments, {name for at in listings.values() for name in at.names.values()})
    left_out = tuple(f"{EXCLUDED_PREFIX}{pattern}" for pattern in excluded)
    fitting: dict[str, tuple[str, ...]] = {}
    for name, listing in listings.items():
        fits = tuple(pattern for pattern in included if pattern == "*" or listing.matching(pattern))
        fitting[name] = (*fits, *left_out) if fits else ()
    problems = []
    for pattern in included if listings else ():
        if not any(pattern in entries for entries in fitting.values()):
            error = _fitting_nowhere(pattern, listings.values(), where)
            if are_all:
                raise error
            problems.append(Problem("experiment-missing", pattern, f"{error.what}, which could be read", error.todo or "", "gap"))
    for name, entries in fitting.items():
        if not entries:
            what = f"it holds none of the experiments {listed([repr(pattern) for pattern in selection.experiments], 5)}"
            problems.append(Problem("source-without-experiments", f"source {name}", what, severity="note"))
    return {name: entries for name, entries in fitting.items() if entries}, tuple(problems)


def _fitting_nowhere(pattern: str, listings: Iterable[Listing], where: str) -> SourceError:
    names: dict[str, str] = {}
    tags: dict[str, Mapping[str, str]] = {}
    is_deleted = False
    for number, listing in enumerate(listings):
        names |= {f"{number}:{id_}": name for id_, name in listing.names.items() if id_ not in listing.deleted}
        tags |= {f"{number}:{id_}": pairs for id_, pairs in listing.tags.items()}
        is_deleted |= bool(matching_experiments(pattern, listing.names, listing.tags))
    return unknown_experiment(pattern, names, tags, where, is_deleted=is_deleted)


def split_exclusions(entries: Sequence[str], names: Collection[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(what is read, what of it is left out) of ``entries``; nothing but exclusions means all the others.

    An experiment of ``names`` whose own name begins with ``!`` is read.
    """
    excluded = [entry for entry in entries if entry.startswith(EXCLUDED_PREFIX) and entry not in names]
    included = tuple(entry for entry in entries if entry not in excluded)
    return included or ("*",), tuple(entry.removeprefix(EXCLUDED_PREFIX) for entry in excluded)


def matching_experiments(pattern: str, names: Mapping[str, str], tags: Mapping[str, Mapping[str, str]]) -> set[str]:
    """The ids that one entry of ``Selection.experiments`` means."""
    named = {id_ for id_, name in names.items() if name == pattern}
    if named:
        return named
    if pattern in names:
        return {pattern}
    if pattern.startswith(TAG_PREFIX):
        key, sign, wanted = pattern.removeprefix(TAG_PREFIX).partition("=")
        return {id_ for id_ in names if _has_tag(tags.get(id_, {}), key.strip(), wanted.strip() if sign else "*")}
    return {id_ for id_, name in names.items() if fnmatchcase(name, pattern)}


def _has_tag(tags: Mapping[str, str], key: str, wanted: str) -> bool:
    return key in tags and (tags[key] == wanted or fnmatchcase(tags[key], wanted))


def unknown_experiment(
    pattern: str, present: Mapping[str, str], tags: Mapping[str, Mapping[str, str]], where: str, *, is_deleted: bool = False
) -> SourceError:
    """The error for an entry of ``Selection.experiments`` that none of ``present`` (id → name) fits."""
    names = sorted(set(present.values()))
    if is_deleted:
        what, todo = f"experiment {pattern!r} is deleted in {where}", "ask for deleted experiments too, or restore it in MLflow"
        return SourceError("unknown-experiment", what, found=repr(pattern), allowed=_listed(names), todo=todo)
    if pattern.startswith(TAG_PREFIX):
        said = sorted({f"{TAG_PREFIX}{key}={value}" for id_ in present for key, value in tags.get(id_, {}).items()})
        what, allowed = f"no experiment in {where} has the {pattern}", _listed(said, none="no experiment has a tag")
    else:
        said = names
        what, allowed = f"there is no experiment {pattern!r} in {where}", _listed(names)
    near = get_close_matches(pattern, said, n=3, cutoff=0.6)
    todo = f"did you mean {' or '.join(repr(name) for name in near)}?" if near else "name an experiment that is there"
    return SourceError("unknown-experiment", what, found=repr(pattern), allowed=allowed, todo=todo)


def _listed(
    names: Sequence[str], at_most: int = 20, none: str = "nothing: the store holds no experiment that may be read"
) -> str:
    shown = ", ".join(repr(name) for name in sorted(names)[:at_most])
    more = f" and {len(names) - at_most} more" if len(names) > at_most else ""
    return f"{shown}{more}" if names else none
