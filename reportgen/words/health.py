"""Health of runs: why a run needs attention."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reportgen.analyze.health import ClockFault, Concern, ErrorTags, NonFiniteMetric, RestartedSeries, Silence
from reportgen.formats import listed, one_line, text_of

KINDS: Mapping[str, str] = {
    "failed": "failed",
    "killed": "killed",
    "stale": "unfinished and silent",
    "running": "still running",
    "no_metrics": "finished without a metric",
    "non_finite": "NaN or infinity",
    "restarted": "restarted",
    "clock": "clock",
}
"""Kind of concern → its name in a list, in the order in which kinds are told."""


def concerns_text(concerns: Sequence[Concern]) -> str:
    """ "failed; NaN or infinity: loss from step 40 (3 of its points)"."""
    parts: dict[str, list[str]] = {}
    for concern in concerns:
        detail = detail_text(concern)
        parts.setdefault(concern.kind, []).extend([one_line(detail, 160)] if detail else [])
    return "; ".join(f"{KINDS[kind]}: {listed(details, 4)}" if details else KINDS[kind] for kind, details in parts.items())


def detail_text(concern: Concern) -> str:
    """The particular of a concern: "error = out of memory"; empty when there is none."""
    match concern.detail:
        case ErrorTags(tags=tags):
            return ", ".join(f"{name} = {value}" for name, value in tags)
        case Silence(days=None):
            return "no sign of life at all"
        case Silence(days=days):
            return f"nothing logged for {days:,.0f} days"
        case NonFiniteMetric(metric=metric, first_step=None):
            return f"{metric}, last value"
        case NonFiniteMetric(metric=metric, first_step=step, n=n):
            return f"{metric} from step {step} ({n} of its points)"
        case RestartedSeries() as restarted:
            return _restart_text(restarted)
        case ClockFault() as fault:
            return _clock_text(fault)
        case None:
            return ""


def _restart_text(restarted: RestartedSeries) -> str:
    """ "loss from step 50 (2 passes)"; where MLflow's last value is not the newest one, both values."""
    text = f"{restarted.metric} from step {restarted.first_step:,} ({restarted.n_passes} passes)"
    if restarted.stale_last is None or restarted.stale_step is None:
        return text
    stale, last = text_of(restarted.stale_last, "number"), text_of(restarted.last, "number")
    return f"{text}, MLflow's last value {stale} (step {restarted.stale_step:,}) is of an abandoned pass, {last} is used"


def _clock_text(fault: ClockFault) -> str:
    match fault.kind:
        case "no_start":
            return "no start time"
        case "implausible_start":
            return "start time is not plausible"
        case "future_start":
            return f"starts in the future ({fault.started_at:%Y-%m-%d})"
        case "ends_before_start":
            return "ended before it started"
        case "no_end":
            return "finished without an end time"
        case "too_long":
            return f"took {fault.days:,.0f} days"
