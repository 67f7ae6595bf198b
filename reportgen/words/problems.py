"""Findings of analysis → problems: one function of words for each kind, in the table ``PROBLEMS``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from reportgen.analyze.directions import ContradictoryDirection
from reportgen.analyze.findings import AnalysisFailed, Finding
from reportgen.analyze.primary import MissingMetric, MissingPrimary, MixedPrimary
from reportgen.analyze.projects import UnusedSettings
from reportgen.errors import Problem
from reportgen.formats import one_line
from reportgen.words import metrics
from reportgen.words.catalogue import Say
from reportgen.words.compare.problems import COMPARE_PROBLEMS

LONGEST_PLACE = 80
"""Characters of a name that a problem is about."""


def analysis_failed(found: AnalysisFailed, say: Say) -> tuple[str, str]:
    return (
        say("problems-part-could-computed", error=found.error, message=one_line(found.message, 200)),
        say("problems-please-report-bug"),
    )


def unused_settings(found: UnusedSettings, say: Say) -> tuple[str, str]:
    read = say.listed([one_line(name, 60) for name in found.experiments], 8)
    return (
        say("problems-experiment-report-takes-settings"),
        say("problems-check-name-glob-entry", read=read),
    )


PROBLEMS: Mapping[type[Finding], Callable[[Any, Say], tuple[str, str]]] = {
    AnalysisFailed: analysis_failed,
    ContradictoryDirection: metrics.contradictory_direction,
    MissingMetric: metrics.missing_metric,
    MissingPrimary: metrics.missing_primary,
    MixedPrimary: metrics.mixed_primary,
    UnusedSettings: unused_settings,
    **COMPARE_PROBLEMS,
}
"""Kind of finding → (what was found, what the reader can do)."""


def problem_of(found: Finding, say: Say) -> Problem:
    """The problem that tells a finding."""
    what, todo = PROBLEMS[type(found)](found, say)
    return Problem(found.slug, one_line(found.where, LONGEST_PLACE), what, todo, found.severity)


def problems_of(findings: Iterable[Finding], say: Say) -> tuple[Problem, ...]:
    """Every problem once, sorted."""
    return tuple(sorted({problem_of(found, say) for found in findings}))
