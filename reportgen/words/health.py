"""Health of runs: why a run needs attention."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen.analyze.health import ClockFault, Concern, ErrorTags, NonFiniteMetric, RestartedSeries, Silence
from reportgen.formats import one_line, text_of
from reportgen.words.catalogue import Say

KINDS = ("failed", "killed", "stale", "running", "no_metrics", "non_finite", "restarted", "clock")
"""Kinds of concern in the order in which they are said."""


def concerns_text(concerns: Sequence[Concern], say: Say) -> str:
    """ "failed; NaN or infinity: loss from step 40 (3 of its points)"."""
    parts: dict[str, list[str]] = {}
    for concern in concerns:
        detail = detail_text(concern, say)
        parts.setdefault(concern.kind, []).extend([one_line(detail, 160)] if detail else [])
    return say("list-clause-separator").join(
        (
            say.named(say("health-kinds", kind=kind), say.listed(details, 4)) if details else say("health-kinds", kind=kind)
            for kind, details in parts.items()
        )
    )


def alike_text(concerns: Sequence[Concern], say: Say) -> str:
    """The same for runs with one reason: "unfinished and silent: nothing logged for 342 to 345 days"."""
    days = sorted(one.detail.days for one in concerns if isinstance(one.detail, Silence) and one.detail.days is not None)
    if len(days) < len(concerns) or len(days) < 2 or round(days[0]) == round(days[-1]):
        return concerns_text(list({(one.kind, detail_text(one, say)): one for one in concerns}.values()), say)
    kind = say("health-kinds", kind="stale")
    return say("health-silent-between", kind=kind, least=f"{days[0]:,.0f}", most=f"{days[-1]:,.0f}")


def detail_text(concern: Concern, say: Say) -> str:
    """The particular of a concern: "error = out of memory"; empty when there is none."""
    match concern.detail:
        case ErrorTags(tags=tags):
            return say("list-separator").join((f"{name} = {value}" for name, value in tags))
        case Silence(days=None):
            return say("health-sign-life-all")
        case Silence(days=days):
            return say("health-nothing-logged-days", days=f"{days:,.0f}")
        case NonFiniteMetric(metric=metric, first_step=None):
            return say("health-last-value", metric=metric)
        case NonFiniteMetric(metric=metric, first_step=step, n=n):
            return say("health-step-points", metric=metric, step=step or 0, n=n)
        case RestartedSeries() as restarted:
            return _restart_text(restarted, say)
        case ClockFault() as fault:
            return _clock_text(fault, say)
        case None:
            return ""


def _restart_text(restarted: RestartedSeries, say: Say) -> str:
    """ "loss from step 50 (2 passes)"; where MLflow's last value is not the newest one, both values."""
    text = say("health-step-passes", metric=restarted.metric, first_step=restarted.first_step, n_passes=restarted.n_passes)
    if restarted.stale_last is None or restarted.stale_step is None:
        return text
    stale, last = text_of(restarted.stale_last, "number"), text_of(restarted.last, "number")
    return say("health-mlflow-s-last-value", text=text, stale=stale, stale_step=restarted.stale_step, last=last)


def _clock_text(fault: ClockFault, say: Say) -> str:
    match fault.kind:
        case "no_start":
            return say("health-start-time")
        case "implausible_start":
            return say("health-start-time-plausible")
        case "future_start":
            return say("health-starts-future", started_at=text_of(fault.started_at, "date"))
        case "ends_before_start":
            return say("health-ended-before-started")
        case "no_end":
            return say("health-finished-without-end-time")
        case "too_long":
            return say("health-took-days", days=f"{fault.days:,.0f}")
