"""Who ran what, when, and why runs failed: counts of runs, by user and source, by day, by estimator and by cause."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from reportgen.analyze.changes import Recent
from reportgen.analyze.clocks import is_possible
from reportgen.analyze.earlier_runs import known_from
from reportgen.analyze.health import ErrorTags, error_tags
from reportgen.analyze.runs import Run, RunKey
from reportgen.snapshot import Snapshot

ESTIMATOR_TAGS = ("estimator_name", "estimator_class")
"""As MLflow's autologging of scikit-learn and its kin names them."""
LONGEST_CAUSE = 100
_NUMBER = re.compile(r"0x[0-9a-f]+|\b\d[\d.,]*\b", re.IGNORECASE)
_PATH = re.compile(r"(?:[A-Za-z]:)?(?:[/\\][\w.+-]+){2,}")
_TYPED = re.compile(r"^(?P<type>(?:\w+\.)*\w*(?:Error|Exception|Interrupt|Exit|Warning)): (?P<rest>.*)$")


@dataclass(frozen=True, slots=True)
class Share:
    """The runs of one user and source, or of one estimator; "" for what is not recorded."""

    user: str
    source: str
    n: int
    n_finished: int
    n_failed: int
    """Failed or killed."""
    seconds: float
    """Of the runs with a start and an end, together."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Why runs failed: the text of their error without numbers and paths; "" where none is recorded."""

    text: str
    runs: tuple[RunKey, ...]
    """Newest first."""
    n_before: int | None
    """Runs of the period before this one that failed for it; None when that is not known."""


@dataclass(frozen=True, slots=True)
class Activity:
    people: tuple[Share, ...]
    """By user and source, most runs first."""
    estimators: tuple[Share, ...]
    """By estimator (in ``source``); empty where no run names one."""
    days: tuple[tuple[date, int], ...]
    """(day by the clock of ``now``, runs that started on it), days without a run left out."""
    causes: tuple[Cause, ...]
    """Most frequent first."""
    n_failed_before: int | None
    """Runs of the period before this one that failed."""


NO_ACTIVITY = Activity((), (), (), (), None)


def activity_of(snapshot: Snapshot, runs: Sequence[Run], earlier: Sequence[Run], recent: Recent, now: datetime) -> Activity:
    """Of ``runs`` that are not deleted; ``earlier`` are those from before the window."""
    active = [run for run in runs if not run.deleted]
    dated = [run.started_at for run in active if run.started_at is not None and is_possible(run.started_at, now)]
    estimated = [(name, run) for run in active if (name := _estimator(run))]
    before = _failed_before(snapshot, earlier, recent)
    return Activity(
        people=_shares([((run.user, run.source_name), run) for run in active]),
        estimators=_shares([(("", name), run) for name, run in estimated]),
        days=tuple(
            (day, sum(1 for _ in ones)) for day, ones in groupby(sorted(at.astimezone(now.tzinfo).date() for at in dated))
        ),
        causes=_causes(active, before),
        n_failed_before=None if before is None else len(before),
    )


def _estimator(run: Run) -> str:
    return next((run.tags[name] for name in ESTIMATOR_TAGS if run.tags.get(name)), "")


def _shares(rows: Sequence[tuple[tuple[str, str], Run]]) -> tuple[Share, ...]:
    groups: dict[tuple[str, str], list[Run]] = defaultdict(list)
    for key, run in rows:
        groups[key].append(run)
    shares = [
        Share(
            user,
            source,
            len(its),
            sum(run.finished for run in its),
            sum(run.status in ("FAILED", "KILLED") for run in its),
            sum(run.seconds for run in its if run.seconds is not None),
        )
        for (user, source), its in groups.items()
    ]
    return tuple(sorted(shares, key=lambda one: (-one.n, one.user, one.source)))


def _failed_before(snapshot: Snapshot, earlier: Sequence[Run], recent: Recent) -> list[Run] | None:
    """Failed runs of the period before the window, which is as long; None where not all of it was read."""
    if not recent.is_window or recent.start is None or recent.end is None:
        return None
    start, known = recent.start - (recent.end - recent.start), known_from(snapshot, earlier)
    if known is None or known > start:
        return None
    return [
        run for run in earlier if run.status == "FAILED" and run.started_at is not None and start <= run.started_at < recent.start
    ]


def _causes(runs: Sequence[Run], before: Sequence[Run] | None) -> tuple[Cause, ...]:
    groups: dict[str, list[Run]] = defaultdict(list)
    for run in runs:
        if run.status == "FAILED":
            groups[cause_of(error_tags(run))].append(run)
    then = Counter(cause_of(error_tags(run)) for run in before or ())
    found = [
        Cause(text, tuple(run.key for run in _newest_first(its)), None if before is None else then[text])
        for text, its in groups.items()
    ]
    return tuple(sorted(found, key=lambda cause: (-len(cause.runs), not cause.text, cause.text)))


def _newest_first(runs: Sequence[Run]) -> list[Run]:
    return sorted(runs, key=lambda run: (-(run.started_ms or 0), run.key))


def cause_of(error: ErrorTags | None) -> str:
    """The first line of the first tag, with # for numbers and … for paths, so that the same fault of two runs is one cause."""
    if error is None:
        return ""
    values = [value for _, value in error.tags if value.strip()]
    lines = [line.strip() for value in values for line in value.splitlines() if line.strip()]
    # A traceback's last line says what was raised; of any other text the first one does.
    typed = [line for line in lines if _TYPED.match(line)]
    line = typed[-1] if typed else lines[0] if lines else ""
    return _NUMBER.sub("#", _PATH.sub("…", line))[:LONGEST_CAUSE].strip()
