"""Findings of analysis → problems: one function of words for each kind, in the table ``PROBLEMS``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from reportgen.analyze.directions import ContradictoryDirection
from reportgen.analyze.findings import AnalysisFailed, Finding
from reportgen.analyze.primary import MissingMetric, MissingPrimary, MixedPrimary
from reportgen.analyze.projects import UnusedSettings
from reportgen.errors import Problem
from reportgen.formats import listed, one_line
from reportgen.words import metrics
from reportgen.words.compare.problems import COMPARE_PROBLEMS

LONGEST_PLACE = 80
"""Characters of a name that a problem is about."""


def analysis_failed(found: AnalysisFailed) -> tuple[str, str]:
    return (
        f"This part could not be computed ({found.error}: {one_line(found.message, 200)}).",
        "please report this as a bug",
    )


def unused_settings(found: UnusedSettings) -> tuple[str, str]:
    read = listed([one_line(name, 60) for name in found.experiments], 8)
    return (
        "No experiment of the report takes its settings from this entry of per_experiment.",
        f"check its name or glob, and that no entry before it fits the same experiments; those of the report: {read}",
    )


PROBLEMS: Mapping[type[Finding], Callable[[Any], tuple[str, str]]] = {
    AnalysisFailed: analysis_failed,
    ContradictoryDirection: metrics.contradictory_direction,
    MissingMetric: metrics.missing_metric,
    MissingPrimary: metrics.missing_primary,
    MixedPrimary: metrics.mixed_primary,
    UnusedSettings: unused_settings,
    **COMPARE_PROBLEMS,
}
"""Kind of finding → (what was found, what the reader can do)."""


def problem_of(found: Finding) -> Problem:
    """The problem that tells a finding."""
    what, todo = PROBLEMS[type(found)](found)
    return Problem(found.slug, one_line(found.where, LONGEST_PLACE), what, todo, found.severity)


def problems_of(findings: Iterable[Finding]) -> tuple[Problem, ...]:
    """Every problem once, sorted."""
    return tuple(sorted({problem_of(found) for found in findings}))
