"""Gates on a group of runs: what was measured, why it is not decided, and what would decide it."""

from __future__ import annotations

from reportgen.analyze.compare.group_gates import (
    AreFolds,
    AreSearches,
    Basis,
    ChangeOfGroup,
    InTwoUnits,
    IsBaseline,
    Judged,
    JudgedOverTasks,
    MeanOfGroup,
    MissingGroup,
    NoBaseline,
    NoDirectionForGroup,
    NoValueInGroup,
    OnDifferentData,
    RatioOfGroup,
    Refusal,
    TooFewRuns,
    TooLarge,
    UnequalSizes,
)
from reportgen.analyze.gate_answers import GateAnswer
from reportgen.analyze.metrics import Metric
from reportgen.formats import one_line, text_of
from reportgen.model import Format
from reportgen.words.catalogue import Say
from reportgen.words.compare.terms import kinds_words
from reportgen.words.methods import clause

# --- nothing to judge --------------------------------------------------------------------------------------------------


def missing_group(answer: GateAnswer, reason: MissingGroup, say: Say) -> str:
    wanted = repr(one_line(answer.config.group or "", 60))
    if reason.labels is None:
        return say("gates-comparison-group-could-made", wanted=wanted)
    hint = say("gates-did-you-mean", near=f"{one_line(reason.near, 60)!r}") if reason.near else ""
    return say("gates-run-group-groups", wanted=wanted, x=say.listed([one_line(x, 40) for x in reason.labels]), hint=hint)


def no_value_in_group(answer: GateAnswer, reason: NoValueInGroup, say: Say) -> str:
    label = one_line(answer.metric.label if answer.metric else answer.config.metric or "", 60)
    whose = say("gates-baseline-3", is_baseline="yes" if reason.is_baseline else "no", label=f"{one_line(reason.label, 60)!r}")
    return say("gates-none-finished-runs-finite", n=reason.n_finished, whose=whose, label=label)


def judged_over_tasks(_: GateAnswer, __: JudgedOverTasks, say: Say) -> str:
    return say("gates-groups-runs-lie-several")


def no_direction_for_group(answer: GateAnswer, _: NoDirectionForGroup, say: Say) -> str:
    metric = _metric(answer)
    return say("gates-direction-unknown-nothing-worse-2", label=one_line(metric.label, 60), name=one_line(metric.name, 60))


def no_baseline(_: GateAnswer, __: NoBaseline, say: Say) -> str:
    return say("gates-run-baseline-group")


def is_baseline(answer: GateAnswer, _: IsBaseline, say: Say) -> str:
    return say("gates-baseline-itself-name-another", group=f"{one_line(answer.config.group or '', 60)!r}")


def _metric(answer: GateAnswer) -> Metric:
    assert answer.metric is not None  # a group was measured
    return answer.metric


# --- what was measured -------------------------------------------------------------------------------------------------


def measured(answer: GateAnswer, reason: Judged, say: Say) -> str:
    """ "mean acc of new is 0.9 (one-sided 95 % bounds 0.88 and 0.92), 6 runs."."""
    match reason:
        case MeanOfGroup():
            return _mean(answer, reason, say)
        case ChangeOfGroup():
            return _change(answer, reason, say)
        case RatioOfGroup():
            return _ratio(answer, reason, say)


def _mean(answer: GateAnswer, reason: MeanOfGroup, say: Say) -> str:
    metric, group = _metric(answer), one_line(answer.config.group or "", 40)
    assert answer.threshold is not None
    digits = _telling(metric.format, metric.digits, answer.threshold, *(reason.bounds or (reason.mean,)))
    ends = [text_of(end, metric.format, digits) for end in reason.bounds or ()]
    interval = say("gates-sided-95-bounds-2", ends=say("gates-and").join(ends)) if ends else ""
    mean = say("gates-mean", label=one_line(metric.label, 60), group=group, mean=text_of(reason.mean, metric.format, digits))
    return say.stop(say.commas(f"{mean}{interval}", say("gates-n-runs", n=reason.n)))


def _change(answer: GateAnswer, reason: ChangeOfGroup, say: Say) -> str:
    metric, group = _metric(answer), one_line(answer.config.group or "", 40)
    scale = 100.0 if metric.format == "percent" else 1.0
    shown_as: Format = "number" if metric.format == "percent" else metric.format
    plain: Format = "change" if shown_as == "number" else shown_as
    limit, *numbers = (number * scale for number in (-reason.margin, reason.improvement, *(reason.bounds or ())))
    digits = _telling(shown_as, metric.digits, limit, *numbers)
    mean, *bounds = (text_of(number, plain, digits) for number in numbers)
    margin = f"±{text_of(-limit, shown_as, digits)}" if reason.two_sided else text_of(limit, plain, digits)
    unit = say("gates-pp-4") if metric.format == "percent" else ""
    interval = say("gates-sided-95-bounds-3", bounds=say("gates-and").join(bounds)) if bounds else ""
    change = say(
        "gates-improvement-2", label=one_line(metric.label, 60), baseline=one_line(reason.baseline, 40), group=group, mean=mean
    )
    return say("gates-margin-2", change=change, unit=unit, interval=interval, margin=margin, counted=_counted(reason, say))


def _counted(reason: ChangeOfGroup, say: Say) -> str:
    if reason.pairs is None:
        return say("gates-against-runs", n_b=reason.n_b, n=reason.n_a)
    pairing = reason.pairs
    left = len(pairing.left_a) + len(pairing.left_b)
    by = one_line(pairing.field, 60) if pairing.declared else kinds_words(pairing.kinds, say)
    return say("gates-pairs-runs-without-partner", n=pairing.n, by=by, if_left="yes" if left else "no", left=left)


def _ratio(answer: GateAnswer, reason: RatioOfGroup, say: Say) -> str:
    metric, group = _metric(answer), one_line(answer.config.group or "", 40)
    ratio = reason.ratio
    shown = text_of(ratio, "percent", _telling("percent", 1, reason.limit, ratio)) if ratio is not None else say("gates-share")
    means = (text_of(mean, metric.format, metric.digits) for mean in (reason.mean_b, reason.mean_a))
    return say(
        "gates-mean-s-against-runs",
        label=one_line(metric.label, 60),
        group=group,
        shown=shown,
        baseline=one_line(reason.baseline, 40),
        means=say("gates-against").join(means),
        n_b=reason.n_b,
        n=reason.n_a,
    )


def _telling(format: Format, digits: int, limit: float, *numbers: float) -> int:
    """``digits``, or up to six more until no number that differs from ``limit`` is printed like it."""
    for more in range(6):
        words = text_of(limit, format, digits + more)
        if all(number == limit or text_of(number, format, digits + more) != words for number in numbers):
            return digits + more
    return digits + 6


# --- after the rule ----------------------------------------------------------------------------------------------------


def after_rule(answer: GateAnswer, reason: Judged, say: Say) -> str:
    """By which bound, why it is not decided and what would decide it, and how many runs failed."""
    return f"{_rule_end(answer, reason, say)}{_undecided(answer, reason.basis, say)}{_failures(answer, reason.basis, say)}"


def _rule_end(answer: GateAnswer, reason: Judged, say: Say) -> str:
    config = answer.config
    if config.equivalent_within is not None:
        return say("gates-both-bounds-two-sided")
    if config.of_margin:
        return say("gates-lower-bound-non-inferiority")
    if config.mode == "confident":
        return say("gates-lower-bound", if_value="yes" if config.at_least is not None else "no", rare=_rare(answer, reason, say))
    return say("gates-judged-mean-alone-uncertainty")


def _rare(answer: GateAnswer, reason: Judged, say: Say) -> str:
    """What the bound of a few runs cannot know."""
    if not isinstance(reason, MeanOfGroup) or answer.state == "INCONCLUSIVE" or reason.unseen is None:
        return ""
    kind, share = "bad" if answer.state == "PASS" else "good", text_of(reason.unseen, "percent", 0)
    return say("gates-up-runs-could-way", share=share, kind=kind, n=reason.n)


def _undecided(answer: GateAnswer, basis: Basis, say: Say) -> str:
    if basis.reason is not None and basis.reason.slug == "bounds-on-both-sides":  # they are printed
        if basis.needed is None:
            return ""
        return say("gates-runs-runs-per-group", needed=basis.needed, unit=basis.unit)
    note = _refusal(answer, basis.refusal, say) if basis.refusal is not None else clause(basis.reason, say)
    return f" {say.capital(note)}" if note else ""


def _refusal(answer: GateAnswer, refusal: Refusal, say: Say) -> str:
    match refusal:
        case TooLarge():
            return say("gates-values-too-large-compute-2")
        case AreSearches(groups=groups):
            names = say.listed([say("gates-holds-configurations", label=one_line(label, 40), n=n) for label, n in groups])
            return say("gates-search-repeats-set-compare", names=names)
        case OnDifferentData(data=data):
            return say("gates-values-measured-different-data", name=say.listed([one_line(name, 60) for name in data], 3))
        case InTwoUnits(factor=factor, n_small=n_small, n_large=n_large):
            return say("gates-runs-values-about-times", n=n_large, factor=factor, n_small=n_small)
        case UnequalSizes(n_a=n_a, n_b=n_b):
            return say("gates-against-runs-permutation-test", n_b=n_b, n=n_a)
        case AreFolds(label=label):
            return say("gates-runs-folds-data-set", label=one_line(label, 40))
        case TooFewRuns(n=n, wanted=wanted):
            return say("gates-runs-value-gate-asks", n=n, group=one_line(answer.config.group or "", 40), wanted=wanted)


def _failures(answer: GateAnswer, basis: Basis, say: Say) -> str:
    if basis.failures is None:
        return ""
    bad, n = basis.failures.bad, say("gates-n-runs", n=basis.failures.n)
    return say("gates-failed-speaks-only-did", bad=bad, n=n, group=one_line(answer.config.group or "", 40))
