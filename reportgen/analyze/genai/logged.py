"""What MLflow's own ``compare_evaluations`` logged of two runs, beside what is computed here, and why they differ.

It logs (3.18, ``log_results=True``) six metrics for each scorer with the candidate: ``compare/<8 hex of the baseline>/<scorer>/diff`` and
so on. On a database store it takes the feedback of every run that shares a trace; it leaves out rows that repeat.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from reportgen.analyze.genai.likeness import answers_of
from reportgen.analyze.genai.paired import PairedScores
from reportgen.analyze.genai.runs import Evaluations
from reportgen.analyze.runs import RunKey
from reportgen.model import Interval

LEVEL = 0.95
"""Of MLflow's intervals."""
Why = Literal["same", "absent", "shared", "rows", "failed", "changed"]


@dataclass(frozen=True, slots=True)
class LoggedComparison:
    """One scorer as MLflow compared it."""

    scorer: str
    difference: Interval
    p: float | None
    paired: PairedScores | None
    """The same here; None where the scorer did not judge both."""
    why: Why


def logged_comparisons(
    evaluations: Evaluations, before: Sequence[RunKey], after: Sequence[RunKey], scorers: Sequence[PairedScores]
) -> tuple[LoggedComparison, ...]:
    """What the one run of ``after`` holds of the one run of ``before``, by scorer; nothing for several runs."""
    if len(before) != 1 or len(after) != 1:
        return ()
    prefix = f"compare/{before[0][1][:8]}/"
    found: dict[str, dict[str, float]] = {}
    for metric, value in evaluations.runs[after[0]].last_values.items():
        scorer, _, what = metric.removeprefix(prefix).rpartition("/")
        if metric.startswith(prefix) and scorer:
            found.setdefault(scorer, {})[what] = value
    here = {one.key.name: one for one in scorers if not one.key.by_people and one.difference is not None}
    answers = [answers_of(evaluations, keys) for keys in (before, after)]
    shares = bool({one.trace for one in answers[0]} & {one.trace for one in answers[1]})
    failed = any(one.failed for its in answers for one in its)
    return tuple(
        LoggedComparison(name, _interval(its), its.get("p_value"), here.get(name), _why(its, here.get(name), shares, failed))
        for name, its in sorted(found.items())
        if "diff" in its
    )


def _interval(its: Mapping[str, float]) -> Interval:
    n = its.get("n_paired", 0.0)
    return Interval(its["diff"], its.get("ci_low"), its.get("ci_high"), round(n) if math.isfinite(n) else 0, LEVEL)


def _why(its: Mapping[str, float], here: PairedScores | None, shares: bool, failed: bool) -> Why:
    """The first reason that can be: shared traces explain more than rows that repeat."""
    if here is None or here.difference is None:
        return "shared" if shares else "absent"
    is_same = math.isclose(its["diff"], here.difference.value or 0.0, rel_tol=1e-9, abs_tol=1e-9)
    if is_same and its.get("n_paired") == here.n_pairs:
        return "same"
    if shares:
        return "shared"
    if its.get("n_paired") != here.n_pairs:
        return "failed" if failed and here.kind != "pass" else "rows"
    return "failed" if failed else "changed"
