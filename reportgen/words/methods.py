"""Why a statistical method gave no interval, no p or no verdict."""

from __future__ import annotations

from collections.abc import Mapping

from reportgen.analyze.methods.samples import Reason, ReasonSlug

CLAUSES: Mapping[ReasonSlug, str] = {
    "all-alike": "all {n} values are alike",
    "baseline-not-positive": "a share of a baseline that is not positive says nothing",
    "bounds-of-any-distribution": "the runs crowd at the end of the scale: the bounds hold for any values of that scale",
    "bounds-on-both-sides": "the bounds lie on both sides",
    "denominators-not-positive": "the denominators do not sum to a positive number",
    "exact-value-decides": "no run-to-run variation: the exact value decides",
    "few-items": "{n} items",
    "few-pairs-for-a-gate": "{n} pairs: a confident gate needs {least}",
    "few-pairs-for-ranks": "{n} pairs: the signed-rank test needs {least}",
    "few-runs-for-a-gate": "{n} runs: a confident gate needs {least}",
    "few-runs-for-importance": "{n} runs: {params} parameters need {least}",
    "few-runs-for-outliers": "{n} runs: outliers need {least}",
    "few-runs-in-a-group": "{n} runs in the smallest group: needs {least}",
    "few-runs-in-strata": "{n} runs, {smallest} in the smallest stratum: an interval needs {least} and {least_each}",
    "few-runs-per-side-for-a-gate": "{a} against {b} runs: a confident gate needs {least} per side",
    "few-runs-per-side-for-ranks": "{a} against {b} runs: a rank test needs {least} per side",
    "few-values": "{a} against {b} values",
    "group-of-one": "a group of one run has no spread",
    "groups-without-variation": "groups {groups} do not vary from run to run, so they cannot be weighted",
    "half-alike": "more than half of the values are alike",
    "identical-pairs": "identical on each of {n} pairs",
    "no-group-varies": "no group varies from run to run",
    "no-pairs": "no pairs",
    "no-runs": "no runs",
    "no-variation-in-any-task": "no run-to-run variation in any task",
    "no-variation-on-either-side": "no variation on either side",
    "nothing-varies": "nothing varies: the metric is constant, or no parameter is usable",
    "poor-model": "the model predicts unseen runs with R² {r2:.2f}: importance needs {least}",
    "ratio-out-of-range": "the ratio leaves the range of numbers",
    "same-difference": "the difference is the same on all {n} comparisons",
    "same-ratio": "the ratio is the same for every item",
    "same-redraws": "every redraw gives the same value",
    "single-run-in-a-task": "a task has a single run on one side",
    "empty-side": "{a} against {b} runs",
    "smallest-p": "the smallest p these runs can reach is {p:.2g}, above {alpha:g}",
    "undefined-redraws": "the statistic is undefined on {n} of {draws} redraws",
    "unequal-spread": "the largest sd is {ratio:.3g} times the smallest, and one variance is assumed",
    "values-crowd-at-the-end-of-the-scale": "the runs crowd at the end of the scale, and {n} do not show how far a rare one falls: the bounds "
    "hold for any values of that scale, {least} runs would have closer ones",
    "values-not-positive": "a ratio of geometric means needs positive values",
    "widest-interval": "the widest interval these runs allow has {coverage:.3g}, below {level:g}",
}
"""A part of a sentence for each reason: it begins in lower case and has no full stop."""


def clause(reason: Reason | None) -> str:
    """The clause of ``reason``, "" for none."""
    if reason is None:
        return ""
    numbers = {name: list(value) if isinstance(value, tuple) else value for name, value in reason.numbers}
    return CLAUSES[reason.slug].format(**numbers).replace("R² -", "R² \N{MINUS SIGN}")
