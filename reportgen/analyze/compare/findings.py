"""What a comparison met that the reader must be told as a problem; ``reportgen.words.compare.problems`` has the sentences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from reportgen.analyze.findings import Finding
from reportgen.errors import Severity

if TYPE_CHECKING:
    from reportgen.analyze.compare.families import Unfit
    from reportgen.analyze.compare.interim_looks import Look


# --- which runs each group holds -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EmptyGroup(Finding):
    """No run is in a group (``where``: its label, or its selector)."""

    slug: ClassVar[str] = "compare-empty-group"
    label: str
    """The label, or the selector's text."""
    field: str
    """What makes the groups; empty where a selector does."""
    values: tuple[str, ...]
    """Of the field, sorted."""
    near: str
    """What may have been meant; empty when nothing is near."""


@dataclass(frozen=True, slots=True)
class OverlappingGroups(Finding):
    """Runs that more than one group selects; they are in none."""

    slug: ClassVar[str] = "compare-overlap"
    runs: tuple[str, ...]
    """Their names, or the beginnings of their ids."""


@dataclass(frozen=True, slots=True)
class UnknownModel(Finding):
    """A group's registered model, or its alias or version, is not there."""

    slug: ClassVar[str] = "compare-unknown-model"
    model: str
    lacks: Literal["model", "alias", "version"]
    wanted: str
    """The alias or version; empty for a model."""
    known: tuple[str, ...]
    """The model's aliases or versions; empty for a model."""
    near: tuple[str, ...]
    """What may have been meant."""


@dataclass(frozen=True, slots=True)
class ModelWithoutRun(Finding):
    """The run that made a group's model version is not known, or was not read."""

    slug: ClassVar[str] = "compare-model-run"
    model: str
    version: str
    run_id: str
    """Empty when MLflow does not know which run made it."""


# --- the groups ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NoGroups(Finding):
    """No run is in any group (``where``: what makes the groups)."""

    slug: ClassVar[str] = "compare-no-groups"
    field: str
    by_field: bool
    """Whether a field of the runs makes the groups."""


@dataclass(frozen=True, slots=True)
class MissingBaseline(Finding):
    """No run is in the baseline group."""

    slug: ClassVar[str] = "compare-no-baseline"
    baseline: str
    labels: tuple[str, ...]
    """The groups there are."""


@dataclass(frozen=True, slots=True)
class OneGroup(Finding):
    """All runs are in one group."""

    slug: ClassVar[str] = "compare-one-group"
    label: str


# --- the tests -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NoPairs(Finding):
    """A pairing that was asked for and could not be made changes the test (``where``: the field)."""

    slug: ClassVar[str] = "compare-no-pairs"
    field: str
    near: str
    """The field that may have been meant; empty when none is near."""


@dataclass(frozen=True, slots=True)
class PairsOverData(Finding):
    """The declared pairs join runs that were measured on different data sets, and are not used (``where``: the field)."""

    slug: ClassVar[str] = "compare-pairs-data"
    field: str
    key: str
    """The value of the field that runs of different data share."""
    data: tuple[str, ...]
    """Those data sets."""


@dataclass(frozen=True, slots=True)
class FamilyNotUsed(Finding):
    """A declared family does not fit the groups: Holm's p and Bonferroni's intervals stand instead."""

    slug: ClassVar[str] = "compare-family"
    unfit: Unfit

    @property
    def severity(self) -> Severity:
        return "warning"


@dataclass(frozen=True, slots=True)
class TooFewTasks(Finding):
    """Fewer than two tasks (``where``: what tells them apart)."""

    slug: ClassVar[str] = "compare-no-tasks"
    field: str
    tasks: tuple[str, ...]

    @property
    def severity(self) -> Severity:
        return "warning"


@dataclass(frozen=True, slots=True)
class PlannedLook(Finding):
    """A look at a planned comparison (``where``: the group), or a plan of looks at groups that are judged over tasks."""

    slug: ClassVar[str] = "compare-look"
    look: Look | None
    """None over tasks: their tests are not adjusted for looks."""
    paired: bool

    @property
    def severity(self) -> Severity:
        return "warning" if self.look is None or self.look.state == "beyond" else "note"


@dataclass(frozen=True, slots=True)
class UnplannedLooks(Finding):
    """A scheduled comparison without a plan of looks."""

    slug: ClassVar[str] = "compare-looks-unplanned"
    looks_before: int | None
    alpha: float

    @property
    def severity(self) -> Severity:
        return "note"
