"""Gates against a baseline: their names, and the sentence of each answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from reportgen.analyze.baseline_gates import AgainstBaseline, BaselineMissing, BaselineTooOld, NobodyJudged, OtherData
from reportgen.analyze.gate_answers import GateAnswer, GateReason
from reportgen.analyze.metrics import Metric
from reportgen.config import BaselineConfig, GateConfig
from reportgen.formats import one_line, own_digits, text_of
from reportgen.words.catalogue import Say
from reportgen.words.quantities import label_of


def baseline_name(config: GateConfig, baseline: BaselineConfig, metric: Metric | None, say: Say) -> str:
    """The gate's name when the config gives none."""
    kind, of = _kind(baseline)
    label = one_line(label_of(metric) if metric else config.metric or "", 60)
    margin = _margin(config, metric, say)
    name = say("gates-baseline-name", kind=kind, of=of, label=label, which=config.of)
    return say("gates-baseline-margin", name=name, margin=margin) if margin else name


def _missing(answer: GateAnswer, reason: BaselineMissing, say: Say) -> str:
    what = _baseline(reason.baseline, say)
    return say("gates-baseline-missing", baseline=what, label=_label(answer), judged=one_line(reason.judged, 60))


def _too_old(_: GateAnswer, reason: BaselineTooOld, say: Say) -> str:
    return say(
        "gates-baseline-old",
        baseline=_baseline(reason.baseline, say),
        name=one_line(reason.name, 60),
        day=f"{reason.ended:%Y-%m-%d}",
        n_days=reason.n_days,
        most=reason.baseline.max_age or "",
    )


def _other_data(answer: GateAnswer, reason: OtherData, say: Say) -> str:
    return say(
        "gates-baseline-other-data",
        judged=one_line(reason.judged, 60),
        name=one_line(reason.name, 60),
        judged_on=say.listed([one_line(one, 80) for one in reason.judged_on], 3),
        baseline_on=say.listed([one_line(one, 80) for one in reason.baseline_on], 3),
        label=_label(answer),
    )


def _nobody(answer: GateAnswer, reason: NobodyJudged, say: Say) -> str:
    branch = one_line(reason.branch, 80) or "none"
    return say("gates-baseline-nobody", n=reason.n_others, branch=branch, label=_label(answer))


def _against(answer: GateAnswer, reason: AgainstBaseline, say: Say) -> str:
    metric, config = answer.metric, answer.config
    assert metric is not None
    digits = _digits(metric, reason)
    label, judged, name = _label(answer), one_line(reason.judged, 60), one_line(reason.name, 60)
    baseline, value = _baseline(reason.baseline, say), text_of(reason.value, metric.format, digits)
    age = say("gates-baseline-age", n_days=reason.n_days or 0)
    improvement = metric.improvement(reason.value - reason.reference)
    if improvement == 0:
        return say("gates-baseline-same", label=label, judged=judged, value=value, baseline=baseline, name=name, age=age)
    change = say(
        "gates-baseline-change", way="better" if improvement > 0 else "worse", size=_size(metric, improvement, digits, say)
    )
    margin = _size(metric, reason.margin, own_digits(reason.margin, metric.format), say) if reason.margin else ""
    return say(
        "gates-baseline-worse",
        label=label,
        judged=judged,
        value=value,
        change=change,
        baseline=baseline,
        name=name,
        age=age,
        reference=text_of(reason.reference, metric.format, digits),
        margin=margin or say("gates-baseline-no-loss"),
        relative=text_of(config.baseline_margin_relative, "percent", 1) if config.baseline_margin_relative else "none",
    )


def _margin(config: GateConfig, metric: Metric | None, say: Say) -> str:
    """As it was written; "" for none."""
    if (share := config.baseline_margin_relative) is not None:
        return text_of(share, "percent", own_digits(share, "percent"))
    margin = config.baseline_margin
    return "" if margin is None else _size(metric, margin, own_digits(margin, metric.format if metric else "number"), say)


def _digits(metric: Metric, reason: AgainstBaseline) -> int | None:
    """The metric's digits, or all that are needed when rounding would hide that the values differ."""
    shown = {text_of(value, metric.format, metric.digits) for value in (reason.value, reason.reference)}
    return metric.digits if len(shown) > 1 or reason.value == reason.reference else min(12, metric.digits + 4)


def _size(metric: Metric | None, size: float, digits: int | None, say: Say) -> str:
    if metric is None:
        return text_of(abs(size), "number", digits)
    if metric.format == "percent":
        return say("gates-pp-3", abs=text_of(abs(size) * 100, "number", digits))
    return text_of(abs(size), metric.format, digits)


def _label(answer: GateAnswer) -> str:
    return one_line(label_of(answer.metric) if answer.metric else answer.config.metric or "", 60)


def _baseline(baseline: BaselineConfig, say: Say) -> str:
    kind, of = _kind(baseline)
    return say("gates-baseline", kind=kind, of=of)


def _kind(baseline: BaselineConfig) -> tuple[str, str]:
    """(which of its keys is set, its value in one line)."""
    for kind in ("branch", "tag", "alias", "run"):
        if value := getattr(baseline, kind):
            return kind, one_line(value, 80)
    return "report", ""


BASELINE_REASONS: Mapping[type[GateReason], Callable[[GateAnswer, Any, Say], str]] = {
    AgainstBaseline: _against,
    BaselineMissing: _missing,
    BaselineTooOld: _too_old,
    NobodyJudged: _nobody,
    OtherData: _other_data,
}
"""Kind of reason → what follows the word for the gate's state."""
