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
from reportgen.formats import listed, one_line, plural, text_of
from reportgen.model import Format
from reportgen.words.compare.terms import kinds_words
from reportgen.words.methods import clause

# --- nothing to judge --------------------------------------------------------------------------------------------------


def missing_group(answer: GateAnswer, reason: MissingGroup) -> str:
    wanted = repr(one_line(answer.config.group or "", 60))
    if reason.labels is None:
        return f"the comparison that has the group {wanted} could not be made."
    hint = f" Did you mean {one_line(reason.near, 60)!r}?" if reason.near else ""
    return f"no run is in the group {wanted}; groups: {listed([one_line(x, 40) for x in reason.labels]) or 'none'}.{hint}"


def no_value_in_group(answer: GateAnswer, reason: NoValueInGroup) -> str:
    label = one_line(answer.metric.label if answer.metric else answer.config.metric or "", 60)
    whose = f"{'the baseline' if reason.is_baseline else 'group'} {one_line(reason.label, 60)!r}"
    return f"none of {plural(reason.n_finished, 'finished run')} of {whose} has a finite {label}."


def judged_over_tasks(_: GateAnswer, __: JudgedOverTasks) -> str:
    return (
        "the groups' runs lie on several data sets or tasks, so the comparison is judged over these and a mean over all runs is not; "
        "set compare.tasks: none to judge the runs all the same, or put the gate on one data set's runs."
    )


def no_direction_for_group(answer: GateAnswer, _: NoDirectionForGroup) -> str:
    metric = _metric(answer)
    return (
        f"the direction of {one_line(metric.label, 60)} is unknown, so nothing is worse; "
        f"set metrics: {{{one_line(metric.name, 60)}: {{goal: maximize}}}} (or minimize) in the config."
    )


def no_baseline(_: GateAnswer, __: NoBaseline) -> str:
    return "no run is in the baseline group."


def is_baseline(answer: GateAnswer, _: IsBaseline) -> str:
    return f"{one_line(answer.config.group or '', 60)!r} is the baseline itself; name another group."


def _metric(answer: GateAnswer) -> Metric:
    assert answer.metric is not None  # a group was measured
    return answer.metric


# --- what was measured -------------------------------------------------------------------------------------------------


def measured(answer: GateAnswer, reason: Judged) -> str:
    """ "mean acc of new is 0.9 (one-sided 95 % bounds 0.88 and 0.92), 6 runs."."""
    match reason:
        case MeanOfGroup():
            return _mean(answer, reason)
        case ChangeOfGroup():
            return _change(answer, reason)
        case RatioOfGroup():
            return _ratio(answer, reason)


def _mean(answer: GateAnswer, reason: MeanOfGroup) -> str:
    metric, group = _metric(answer), one_line(answer.config.group or "", 40)
    assert answer.threshold is not None
    digits = _telling(metric.format, metric.digits, answer.threshold, *(reason.bounds or (reason.mean,)))
    ends = [text_of(end, metric.format, digits) for end in reason.bounds or ()]
    interval = f" (one-sided 95 % bounds {' and '.join(ends)})" if ends else ""
    mean = f"mean {one_line(metric.label, 60)} of {group} is {text_of(reason.mean, metric.format, digits)}"
    return f"{mean}{interval}, {plural(reason.n, 'run')}."


def _change(answer: GateAnswer, reason: ChangeOfGroup) -> str:
    metric, group = _metric(answer), one_line(answer.config.group or "", 40)
    scale = 100.0 if metric.format == "percent" else 1.0
    shown_as: Format = "number" if metric.format == "percent" else metric.format
    plain: Format = "change" if shown_as == "number" else shown_as
    limit, *numbers = (number * scale for number in (-reason.margin, reason.improvement, *(reason.bounds or ())))
    digits = _telling(shown_as, metric.digits, limit, *numbers)
    mean, *bounds = (text_of(number, plain, digits) for number in numbers)
    margin = f"±{text_of(-limit, shown_as, digits)}" if reason.two_sided else text_of(limit, plain, digits)
    unit = " pp" if metric.format == "percent" else ""
    interval = f" (one-sided 95 % bounds {' and '.join(bounds)})" if bounds else ""
    change = f"the improvement in {one_line(metric.label, 60)} from {one_line(reason.baseline, 40)} to {group} is {mean}"
    return f"{change}{unit}{interval}, the margin {margin}, {_counted(reason)}."


def _counted(reason: ChangeOfGroup) -> str:
    if reason.pairs is None:
        return f"{reason.n_b:,} against {plural(reason.n_a, 'run')}"
    pairing = reason.pairs
    left = len(pairing.left_a) + len(pairing.left_b)
    by = one_line(pairing.field, 60) if pairing.declared else kinds_words(pairing.kinds)
    return f"{plural(pairing.n, 'pair')} by {by}" + (f", {plural(left, 'run')} without a partner left out" if left else "")


def _ratio(answer: GateAnswer, reason: RatioOfGroup) -> str:
    metric, group = _metric(answer), one_line(answer.config.group or "", 40)
    ratio = reason.ratio
    shown = text_of(ratio, "percent", _telling("percent", 1, reason.limit, ratio)) if ratio is not None else "no share"
    means = (text_of(mean, metric.format, metric.digits) for mean in (reason.mean_b, reason.mean_a))
    return (
        f"mean {one_line(metric.label, 60)} of {group} is {shown} of {one_line(reason.baseline, 40)}'s ({' against '.join(means)}), "
        f"{reason.n_b:,} against {plural(reason.n_a, 'run')}, not paired."
    )


def _telling(format: Format, digits: int, limit: float, *numbers: float) -> int:
    """``digits``, or up to six more until no number that differs from ``limit`` is printed like it."""
    for more in range(6):
        words = text_of(limit, format, digits + more)
        if all(number == limit or text_of(number, format, digits + more) != words for number in numbers):
            return digits + more
    return digits + 6


# --- after the rule ----------------------------------------------------------------------------------------------------


def after_rule(answer: GateAnswer, reason: Judged) -> str:
    """By which bound, why it is not decided and what would decide it, and how many runs failed."""
    return f"{_rule_end(answer, reason)}{_undecided(answer, reason.basis)}{_failures(answer, reason.basis)}"


def _rule_end(answer: GateAnswer, reason: Judged) -> str:
    config = answer.config
    if config.equivalent_within is not None:
        return ", by both bounds (two one-sided tests)."
    if config.of_margin:
        return ", by the lower bound (non-inferiority)."
    if config.mode == "confident":
        return f", by the {'lower' if config.at_least is not None else 'upper'} bound.{_rare(answer, reason)}"
    return ". Judged on the mean alone; its uncertainty is not considered."


def _rare(answer: GateAnswer, reason: Judged) -> str:
    """What the bound of a few runs cannot know."""
    if not isinstance(reason, MeanOfGroup) or answer.state == "INCONCLUSIVE" or reason.unseen is None:
        return ""
    kind, share = "bad" if answer.state == "PASS" else "good", text_of(reason.unseen, "percent", 0)
    return f" Up to {share} of runs could be {kind} in a way that none of these {reason.n:,} shows. The bound does not consider them."


_UNITS = {"runs": "runs", "runs_per_group": "runs per group", "pairs": "pairs"}


def _undecided(answer: GateAnswer, basis: Basis) -> str:
    if basis.reason is not None and basis.reason.slug == "bounds-on-both-sides":  # they are printed
        if basis.needed is None:
            return ""
        return f" {basis.needed:,} {_UNITS[basis.unit]} would decide it, if this is the true value (80 % power)."
    note = _refusal(answer, basis.refusal) if basis.refusal is not None else clause(basis.reason)
    return f" {note[0].upper()}{note[1:]}." if note else ""


def _refusal(answer: GateAnswer, refusal: Refusal) -> str:
    match refusal:
        case TooLarge():
            return "values are too large to compute with"
        case AreSearches(groups=groups):
            names = listed([f"{one_line(label, 40)} holds {n:,} configurations" for label, n in groups])
            return f"{names}: a search, not repeats (set compare.replicates: true to judge its mean all the same)"
        case OnDifferentData(data=data):
            return f"the values were measured on different data sets: {listed([one_line(name, 60) for name in data], 3)}"
        case InTwoUnits(factor=factor, n_small=n_small, n_large=n_large):
            return f"{plural(n_large, 'run')} have values about {factor:,} times those of the other {n_small:,}: two units"
        case UnequalSizes(n_a=n_a, n_b=n_b):
            return f"with {n_b:,} against {plural(n_a, 'run')} the permutation test must agree with the bounds, and it does not"
        case AreFolds(label=label):
            return f"the runs of {one_line(label, 40)} are folds of one data set, not independent runs"
        case TooFewRuns(n=n, wanted=wanted):
            return f"{plural(n, 'run')} of {one_line(answer.config.group or '', 40)} with a value, the gate asks for {wanted:,}"


def _failures(answer: GateAnswer, basis: Basis) -> str:
    if basis.failures is None:
        return ""
    bad, n = basis.failures.bad, plural(basis.failures.n, "run")
    return f" {bad:,} of {n} of {one_line(answer.config.group or '', 40)} failed: this speaks only of those that did not."
