"""The ``Source`` protocol that every kind of store implements, and the registry of readers by URI scheme.

A ``Source`` answers in the tables of ``reportgen.snapshot``; choosing runs, keeping the books and putting the snapshot
together is done once for all of them, in ``reportgen.collect.gather``. A new kind of store is a class with the methods of
``Source`` and one row in ``READERS``.

The order of the calls is: ``experiments``, ``runs`` of the chosen ones, ``tagged`` for those that are no data, ``details`` of the runs that may be selected,
``matching`` for a filter, then ``history`` of the selected runs and ``counts`` of the others, ``models``, ``artifacts``,
``traces`` and ``model_metrics``. What a reader could not read, or read in an unusual way, it says in ``problems``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol, runtime_checkable

import pyarrow as pa

from reportgen.collect.reading import Reading
from reportgen.errors import Problem, SourceError
from reportgen.redaction import public_uri
from reportgen.snapshot import SourceInfo

if TYPE_CHECKING:
    from reportgen.collect.model_metrics import ModelMetrics
    from reportgen.collect.traces import Traces

Progress = Callable[[int, int, str], None]
"""``(done, total, what)``."""

Counts = Mapping[str, Mapping[str, int]]
"""Item of the ledger → run id → how many the store says it holds; a run that is not named has none."""

RUN_ITEMS = ("points", "series", "params", "tags", "datasets")
"""Items of the ledger that belong to runs, in its order."""

DELETED_STAGES = frozenset({"Deleted_Internal", "deleted"})
"""Stages of models that are deleted: MLflow's own word for versions, and ours for logged models."""


@dataclass(frozen=True, slots=True)
class Details:
    """What a store tells about some runs apart from their histories, each as a table of ``snapshot.SCHEMAS``."""

    params: pa.Table
    tags: pa.Table
    metrics: pa.Table
    datasets: pa.Table
    stored: Counts
    """Counted by the store at the same moment: ``params``, ``tags`` and ``datasets``."""
    unreadable: Mapping[str, str] = field(default_factory=dict)
    """Run id → why it could not be read; such runs have no rows."""
    left_out: Mapping[str, Counts] = field(default_factory=dict)
    """Reason → what is stored of readable runs and is not in the tables because of it."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """The whole histories of a few runs."""

    points: pa.Table
    """Rows of ``SCHEMAS["history"]``, sorted."""
    stored: Counts
    """``points`` and ``series`` as the store counts them at the same moment."""
    left_out: Mapping[str, Counts]
    """Reason → the points and series that are not in ``points`` because of it."""
    problems: tuple[Problem, ...] = ()


class Size(NamedTuple):
    """How much history a run has."""

    n_points: int
    n_series: int


class Mark(NamedTuple):
    """What tells, without reading it, that the history of a run is the one that was read earlier."""

    value: str
    """Equal marks mean equal histories. The mark is of a moment before the history was read, never after."""
    n_points: int | None
    """As the store counts them now; None where it cannot count."""
    n_series: int


@dataclass(frozen=True, slots=True)
class Cost:
    """What reading histories is expected to take."""

    n_calls: int
    seconds: float


@runtime_checkable
class CountsAhead(Protocol):
    """What a ``Source`` may offer besides: it counts histories while it reads other things."""

    def count_ahead(self) -> None:
        """After ``details`` the ``sizes`` of all runs will be asked for, and no history."""
        ...


class Source(Protocol):
    """One store, open for reading. Its methods raise ``SourceError`` when the store as a whole cannot be read."""

    @property
    def info(self) -> SourceInfo: ...

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was noticed so far."""
        ...

    @property
    def counts_points(self) -> bool:
        """Whether the store can count points without sending them."""
        ...

    def experiments(self) -> pa.Table:
        """Every experiment, deleted ones too."""
        ...

    def runs(self, experiment_ids: Sequence[str]) -> pa.Table:
        """Every run of these experiments, deleted ones too."""
        ...

    @property
    def unread(self) -> Mapping[str, str]:
        """Experiment id → why its runs could not be listed, for those that ``runs`` was asked for; a problem says each too."""
        ...

    def tagged(self, key: str) -> frozenset[str]:
        """The ids of the runs that ``runs`` listed and that carry the tag ``key``."""
        ...

    def details(self, run_ids: Sequence[str], progress: Progress) -> Details: ...

    def matching(self, runs: pa.Table, details: Details, filter: str) -> frozenset[str]:
        """The ids in ``runs`` that MLflow's own search would find. Raises ``ConfigError`` for a bad filter."""
        ...

    def counts(self, run_ids: Sequence[str]) -> Counts:
        """``RUN_ITEMS`` of these runs, counted by the store; ``points`` only when ``counts_points``."""
        ...

    def sizes(self, run_ids: Sequence[str], wants: Callable[[str], bool]) -> Mapping[str, Size]:
        """What the histories of these runs hold of the wanted metrics; a guess unless ``counts_points``."""
        ...

    def stamp(self) -> str:
        """Changes whenever any history in the store may have changed, and is cheap; "" where there is no such thing."""
        ...

    def marks(self, run_ids: Sequence[str]) -> Mapping[str, Mark]:
        """A mark for each of these runs; one whose history may have changed unseen has none and is read again."""
        ...

    def history(self, run_ids: Sequence[str], wants: Callable[[str], bool], progress: Progress) -> Iterator[Chunk]:
        """The histories of the metrics that ``wants`` asks for, in the order of ``run_ids``."""
        ...

    def models(self, experiment_ids: Sequence[str]) -> tuple[pa.Table, int]:
        """The registry and the logged models of these experiments, and how many the store counts.

        Deleted ones are there too, where the store keeps them; their ``stage`` is one of ``DELETED_STAGES``.
        """
        ...

    def traces(self, experiment_ids: Sequence[str], *, texts: bool = False) -> Traces:
        """The traces of these experiments, those of deleted runs too; with ``texts`` what was asked and answered as well. Called after ``models``."""
        ...

    def model_metrics(self, experiment_ids: Sequence[str]) -> ModelMetrics:
        """The metrics of the logged models of these experiments. Called after ``models``, with the same experiments."""
        ...

    def artifacts(self, runs: pa.Table) -> pa.Table:
        """What lies in the artifact folders of ``runs``, where that can be listed without reading any file."""
        ...

    def cost(self, n_runs: int, n_series: int, n_points: int) -> Cost: ...

    def close(self) -> None: ...


READERS: Mapping[str, tuple[str, str]] = {
    "sqlite": ("sqlite", "reportgen.collect.sql.source:sqlite_source"),
    "postgresql": ("postgresql", "reportgen.collect.sql.source:postgresql_source"),
    "postgres": ("postgresql", "reportgen.collect.sql.source:postgresql_source"),
    "mysql": ("mysql", "reportgen.collect.sql.source:cursor_source"),
    "mariadb": ("mysql", "reportgen.collect.sql.source:cursor_source"),
    "mssql": ("mssql", "reportgen.collect.sql.source:cursor_source"),
    "http": ("rest", "reportgen.collect.rest.source:rest_source"),
    "https": ("rest", "reportgen.collect.rest.source:rest_source"),
    "file": ("files", "reportgen.collect.files.source:file_source"),
    "databricks": ("databricks", "reportgen.collect.rest.databricks:databricks_source"),
}
"""URI scheme (without ``+driver``) → kind of store, and the function ``(uri, reading) -> Source`` that opens it."""


def recognised(uri: str) -> str:
    """The kind of store that ``uri`` names. Raises ``SourceError`` for a scheme that no reader knows.

    A plain path is a folder of MLflow's file store, unless it is a file with SQLite's signature.
    """
    return READERS[_scheme(uri)][0]


def opened(uri: str, reading: Reading) -> Source:
    """The store at ``uri``. Raises ``SourceError`` when it is not there, not MLflow's, or does not let us in."""
    kind, place = READERS[_scheme(uri)]
    module, _, function = place.partition(":")

    def source() -> Source:
        found: Source = getattr(import_module(module), function)(uri, reading)
        return found

    if reading.seconds is None or kind in ("rest", "databricks"):
        return source()
    from reportgen.collect.timed import TimedSource

    return TimedSource(source, reading.seconds)


def _scheme(uri: str) -> str:
    text = uri.strip()
    if text == "databricks" or text.startswith("databricks:"):
        return "databricks"
    if "://" not in text and not text.startswith("file:"):
        return "sqlite" if is_sqlite_file(Path(text)) else "file"
    scheme = text.partition(":")[0].partition("+")[0].lower()
    if scheme not in READERS:
        raise SourceError(
            "unknown-scheme",
            f"no reader for tracking URI {public_uri(uri)}",
            found=f"scheme {scheme!r}",
            allowed=", ".join(f"{name}:" for name in sorted(READERS)),
            todo="give the URI that MLFLOW_TRACKING_URI has where the runs are logged",
        )
    return scheme


def is_sqlite_file(path: Path) -> bool:
    """Whether ``path`` is a file that starts like a SQLite database."""
    try:
        if not path.is_file():  # a pipe would keep us waiting
            return False
        with path.open("rb") as file:
            return file.read(16) == b"SQLite format 3\0"
    except (OSError, ValueError):  # not there, not ours to see, or no path at all (a null character in it)
        return False
