"""Why a statistical method gave no interval, no p or no verdict."""

from __future__ import annotations

from collections.abc import Mapping

from reportgen.analyze.methods.samples import Reason, ReasonSlug
from reportgen.words.catalogue import MessageId, Say

CLAUSES: Mapping[ReasonSlug, MessageId] = {
    "all-alike": MessageId("methods-all-alike"),
    "baseline-not-positive": MessageId("methods-baseline-not-positive"),
    "bounds-of-any-distribution": MessageId("methods-bounds-of-any-distribution"),
    "bounds-on-both-sides": MessageId("methods-bounds-on-both-sides"),
    "denominators-not-positive": MessageId("methods-denominators-not-positive"),
    "exact-value-decides": MessageId("methods-exact-value-decides"),
    "few-items": MessageId("methods-few-items"),
    "few-pairs-for-a-gate": MessageId("methods-few-pairs-for-a-gate"),
    "few-pairs-for-ranks": MessageId("methods-few-pairs-for-ranks"),
    "few-runs-for-a-gate": MessageId("methods-few-runs-for-a-gate"),
    "few-runs-for-importance": MessageId("methods-few-runs-for-importance"),
    "few-runs-for-outliers": MessageId("methods-few-runs-for-outliers"),
    "few-runs-in-a-group": MessageId("methods-few-runs-in-a-group"),
    "few-runs-in-strata": MessageId("methods-few-runs-in-strata"),
    "few-runs-per-side-for-a-gate": MessageId("methods-few-runs-per-side-for-a-gate"),
    "few-runs-per-side-for-ranks": MessageId("methods-few-runs-per-side-for-ranks"),
    "few-values": MessageId("methods-few-values"),
    "group-of-one": MessageId("methods-group-of-one"),
    "groups-without-variation": MessageId("methods-groups-without-variation"),
    "half-alike": MessageId("methods-half-alike"),
    "identical-pairs": MessageId("methods-identical-pairs"),
    "no-group-varies": MessageId("methods-no-group-varies"),
    "no-pairs": MessageId("methods-no-pairs"),
    "no-runs": MessageId("methods-no-runs"),
    "no-variation-in-any-task": MessageId("methods-no-variation-in-any-task"),
    "no-variation-on-either-side": MessageId("methods-no-variation-on-either-side"),
    "nothing-varies": MessageId("methods-nothing-varies"),
    "poor-model": MessageId("methods-poor-model"),
    "ratio-out-of-range": MessageId("methods-ratio-out-of-range"),
    "same-difference": MessageId("methods-same-difference"),
    "same-ratio": MessageId("methods-same-ratio"),
    "same-redraws": MessageId("methods-same-redraws"),
    "single-run-in-a-task": MessageId("methods-single-run-in-a-task"),
    "empty-side": MessageId("methods-empty-side"),
    "smallest-p": MessageId("methods-smallest-p"),
    "undefined-redraws": MessageId("methods-undefined-redraws"),
    "unequal-spread": MessageId("methods-unequal-spread"),
    "values-crowd-at-the-end-of-the-scale": MessageId("methods-values-crowd-at-the-end-of-the-scale"),
    "values-not-positive": MessageId("methods-values-not-positive"),
    "widest-interval": MessageId("methods-widest-interval"),
}
"""A part of a sentence for each reason: it begins in lower case and has no full stop."""

_AS = {"r2": ".2f", "p": ".2g", "ratio": ".3g", "coverage": ".3g"}
"""How a fraction is printed, where it is not as it was written."""


def clause(reason: Reason | None, say: Say) -> str:
    """The clause of ``reason``, "" for none."""
    return "" if reason is None else say(CLAUSES[reason.slug], **{name: _number(name, value) for name, value in reason.numbers})


def _number(name: str, value: float | tuple[int, ...]) -> str | int:
    if isinstance(value, tuple):
        return str(list(value))
    return value if isinstance(value, int) else f"{value:{_AS.get(name, 'g')}}".replace("-", "\N{MINUS SIGN}")
