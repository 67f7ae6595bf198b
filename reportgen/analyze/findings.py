"""What analysis met and the reader must be told as a problem: a slug and values, put into words by ``reportgen.words.problems``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from reportgen.errors import Severity


@dataclass(frozen=True, slots=True)
class Finding:
    """A kind of problem is a subclass: its slug, its severity and the values that its sentence needs."""

    slug: ClassVar[str]
    """Short stable name, as in ``Problem.slug``."""

    where: str
    """What it happened to, as the store or the config writes it."""

    @property
    def severity(self) -> Severity:
        return "gap"


@dataclass(frozen=True, slots=True)
class AnalysisFailed(Finding):
    """A question (``where``) whose answer raised an exception: a fault of this program."""

    slug: ClassVar[str] = "analysis-failed"
    error: str
    """Name of the exception's class."""
    message: str
