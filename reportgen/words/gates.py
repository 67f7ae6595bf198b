"""Gates: their names, their bounds, and the sentence of each answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from reportgen.analyze import gates, history_gates
from reportgen.analyze.compare import group_gates
from reportgen.analyze.gate_answers import GateAnswer, GateReason
from reportgen.analyze.genai import gates as scorer_gates
from reportgen.analyze.methods import samples
from reportgen.analyze.methods.equivalence import GATE_RUNS
from reportgen.analyze.metrics import Metric
from reportgen.analyze.regressions import Rung, Watched
from reportgen.analyze.runs import RunKey
from reportgen.config import BaselineConfig, GateConfig
from reportgen.errors import Problem
from reportgen.formats import listed, one_line, own_digits, plural, text_of
from reportgen.model import Format, Gate, RunLink
from reportgen.words import genai_gates
from reportgen.words.baseline_gates import BASELINE_REASONS, baseline_name
from reportgen.words.catalogue import Say
from reportgen.words.compare import gates as compare_gates
from reportgen.words.methods import clause
from reportgen.words.metrics import rule_text
from reportgen.words.periods import before_words, luck_words, now_words

MOST_NAMED = 3

_STATES = {"PASS": "Passed", "FAIL": "Failed", "INCONCLUSIVE": "Inconclusive", "NO_DATA": "No data"}


def gates_of(answers: Sequence[GateAnswer], link: Callable[[RunKey], RunLink], say: Say) -> tuple[Gate, ...]:
    """Every answer with its name and its sentence; names that would be alike get a number. ``link`` makes the link to a run."""
    seen: dict[str, int] = {}
    told = []
    for answer in answers:
        name = (
            genai_gates.criterion_name(answer.config)
            if answer.is_stored
            else answer.config.name or _name(answer.config, answer.metric, say)
        )
        seen[name] = seen.get(name, 0) + 1
        unique = name if seen[name] == 1 else f"{name} ({seen[name]})"
        sentence = f"{_STATES[answer.state]}: {_reason(answer, say)}"
        metric = answer.config.metric or answer.config.scorer or _NO_METRIC.get(answer.config.of, "")
        run = link(answer.run) if answer.run else None
        brief = _brief(answer, say)
        told.append(Gate(unique, answer.state, sentence, metric, answer.value, answer.threshold, run, answer.warns, brief=brief))
    return tuple(told)


def _reason(answer: GateAnswer, say: Say) -> str:
    kind = type(answer.reason)
    if kind in BASELINE_REASONS:
        return BASELINE_REASONS[kind](answer, answer.reason, say)
    return REASONS[kind](answer, answer.reason)


def _brief(answer: GateAnswer, say: Say) -> str:
    """Value against bound, without how it was judged."""
    reason = answer.reason
    if isinstance(reason, gates.ValueOfRun) and answer.metric is not None:
        value = text_of(reason.value, answer.metric.format, _telling_digits(reason.value, _bound(answer.config), answer.metric))
        return f"{value}, {rule_of(answer.config, answer.metric)}"
    if isinstance(reason, history_gates.GotWorse):
        moved = [
            f"{one_line(one.label, 40)}: {_value(answer, one.baseline)} → {_value(answer, one.now)}" for one in reason.alarms
        ]
        return listed(moved, MOST_NAMED)
    told = _reason(answer, say).partition(". ")[0].partition(";")[0].rstrip(".")
    return f"{told[:1].upper()}{told[1:]}"


_NO_METRIC = {"runs": "runs", "failed": "runs"}
"""What gates that need no metric are about."""


def gate_problems(told: Sequence[Gate]) -> tuple[Problem, ...]:
    """A warning for each gate that is not decided and does not fail for it."""
    return tuple(_gate_problem(gate) for gate in told if gate.warns)


def _gate_problem(gate: Gate) -> Problem:
    where = one_line(gate.name, 80)
    if gate.state == "NO_DATA":
        return Problem("gate-first-period", where, gate.sentence, "nothing: runs to come are held against these", "warning")
    todo = "add runs, or decide by hand; without on_inconclusive: warn this gate fails"
    return Problem("gate-inconclusive", where, gate.sentence, todo, "warning")


# --- names and bounds --------------------------------------------------------------------------------------------------


def _label(answer: GateAnswer) -> str:
    return one_line(answer.metric.label if answer.metric else answer.config.metric or "", 60)


def _name(config: GateConfig, metric: Metric | None, say: Say) -> str:
    """The gate's name when the config gives none: what it demands."""
    label = one_line(metric.label if metric else config.metric or "", 60)
    if config.scorer is not None:
        return genai_gates.scorer_gate_name(config)
    if isinstance(config.not_worse_than, BaselineConfig):
        return baseline_name(config, config.not_worse_than, metric, say)
    if config.not_worse_than is not None:
        against = "the period before" if config.not_worse_than == "previous" else "the best of the period before"
        margin = f", margin {_margin_text(config, metric)}" if config.baseline_margin or config.baseline_margin_relative else ""
        return f"{label} not worse than {against}{margin}"
    if config.of in ("rate", "failed", "runs"):
        return _count_name(config, label)
    if config.group is None:
        return f"{label} {rule_of(config, metric)} ({config.of} run)"
    group = one_line(config.group, 40)
    if config.of_margin:
        return f"{label} of {group} {rule_of(config, metric)}"
    return f"{label} {rule_of(config, metric)} (mean of {group}{', with confidence' if config.mode == 'confident' else ''})"


def _count_name(config: GateConfig, label: str) -> str:
    bound, sign = _bound(config), _sign(config)
    if config.of == "runs":
        return f"finished runs {sign} {text_of(bound, 'number', 0)}"
    what = "share of failed runs" if config.of == "failed" else f"share of runs with {label} = 1"
    where = f" in {one_line(config.group, 40)}" if config.group else ""
    sure = " with confidence" if config.mode == "confident" else ""
    return f"{what}{where} {sign} {text_of(bound, 'percent', own_digits(bound, 'percent'))}{sure}"


def rule_of(config: GateConfig, metric: Metric | None) -> str:
    """The bound, or the margin, as it was written: "at least 0.9", "not worse by 0.5 pp"."""
    if config.equivalent_within is not None:
        return f"equivalent within {_amount(config.equivalent_within, metric)}"
    if config.baseline_margin is not None or config.baseline_margin_relative is not None:
        return f"not worse by {_margin_text(config, metric)}"
    shown_as: Format = metric.format if metric else "number"
    return f"{_sign(config)} {text_of(_bound(config), shown_as, own_digits(_bound(config), shown_as))}"


def _margin_text(config: GateConfig, metric: Metric | None) -> str:
    if (share := config.baseline_margin_relative) is not None:
        return f"{text_of(share, 'percent', own_digits(share, 'percent'))} of the baseline"
    return _amount(config.baseline_margin or 0.0, metric)


def _amount(margin: float, metric: Metric | None) -> str:
    if metric is not None and metric.format == "percent":
        return f"{text_of(margin * 100, 'number', own_digits(margin, 'percent'))} pp"
    shown_as: Format = metric.format if metric else "number"
    return text_of(margin, shown_as, own_digits(margin, shown_as))


def _bound(config: GateConfig) -> float:
    bound = config.at_least if config.at_least is not None else config.at_most
    assert bound is not None  # the config's own check
    return bound


def _sign(config: GateConfig) -> str:
    return "at least" if config.at_least is not None else "at most"


# --- one run -----------------------------------------------------------------------------------------------------------


def _no_best_run(answer: GateAnswer, _: gates.NoBestRun) -> str:
    name = one_line(answer.metric.name if answer.metric else "", 60)
    return (
        f"the direction of {_label(answer)} is unknown, so no run is best; set metrics: {{{name}: {{goal: maximize}}}} "
        "(or minimize) in the config, or judge of: latest or a group."
    )


def _nothing_ranked(answer: GateAnswer, reason: gates.NothingRanked) -> str:
    return (
        f"no run is best: the {plural(reason.n_finished, 'finished run')} with {_label(answer)} were measured on different data, and none of "
        "it has most of the runs. Judge of: latest, or a group."
    )


def _no_run_with_value(answer: GateAnswer, reason: gates.NoRunWithValue) -> str:
    return f"none of {plural(reason.n_finished, 'finished run')} has {_label(answer)}."


def _value_of_run(answer: GateAnswer, reason: gates.ValueOfRun) -> str:
    metric, which = answer.metric, {"best": "best", "latest": "latest"}[answer.config.of]
    assert metric is not None
    value = text_of(reason.value, metric.format, _telling_digits(reason.value, _bound(answer.config), metric))
    return (
        f"{_label(answer)} of the {which} run is {value}; the bound is {rule_of(answer.config, metric)}. "
        "Judged on one run; its uncertainty is not considered."
    )


def _telling_digits(value: float, bound: float, metric: Metric) -> int | None:
    """The metric's digits, or all that are needed when rounding would hide on which side of the bound the value is."""
    shown = text_of(value, metric.format, metric.digits)
    differs = value == bound or shown != text_of(bound, metric.format, metric.digits)
    return metric.digits if differs else min(12, metric.digits + 4)


# --- a group -----------------------------------------------------------------------------------------------------------


def _group_gate(answer: GateAnswer, reason: group_gates.Judged) -> str:
    return f"{compare_gates.measured(answer, reason)} The rule: {rule_of(answer.config, answer.metric)}{compare_gates.after_rule(answer, reason)}"


# --- the past ----------------------------------------------------------------------------------------------------------


def _no_periods(_: GateAnswer, __: history_gates.NoPeriods) -> str:
    return "no run started in this period, or none before it."


def _first_period(_: GateAnswer, __: history_gates.FirstPeriod) -> str:
    return "no run is known from before this period, so there is nothing to be held against. This fails nothing."


def _nothing_new(_: GateAnswer, __: history_gates.NothingNew) -> str:
    return "no run started since the last report, so there is nothing to judge. This fails nothing."


def _never_logged(answer: GateAnswer, _: history_gates.NeverLogged) -> str:
    return f"no selected run logged {_label(answer)}."


def _no_direction(answer: GateAnswer, _: history_gates.NoDirection) -> str:
    label = _label(answer)
    return f"the direction of {label} is unknown, so nothing is worse; set metrics: {{{label}: {{goal: maximize}}}} (or minimize) in the config."


def _histories_not_read(answer: GateAnswer, _: history_gates.HistoriesNotRead) -> str:
    assert answer.metric is not None
    return (
        f"{rule_text(answer.metric.rule)} of {_label(answer)} needs histories, which are not read of runs before the window; "
        "only rule: last can be compared."
    )


def _no_common_configuration(answer: GateAnswer, _: history_gates.NoCommonConfiguration) -> str:
    return f"no configuration with {_label(answer)} ran both in this period and before it."


def _few_runs(answer: GateAnswer, reason: history_gates.FewRuns) -> str:
    fewest = min(len(one.values) for one in reason.few)
    return f"{_named(reason.few)}: {plural(fewest, 'run')} in this period, the gate asks for {answer.config.min_runs:,}."


def _got_worse(answer: GateAnswer, reason: history_gates.GotWorse) -> str:
    how = listed([f"{_moved(answer, one)} ({_evidence(answer, one)})" for one in reason.alarms], MOST_NAMED)
    luck = next((words for one in reason.alarms if (words := luck_words(one))), "")
    return f"{_label(answer)} got worse: {how}.{luck}"


def _little_history(answer: GateAnswer, reason: history_gates.LittleHistory) -> str:
    if all(one.state == "too_large" for one in reason.untold):
        return f"values of {_label(answer)} of {_named(reason.untold)} are too large to compute with."
    return (
        f"too little history of {_label(answer)} for {_named(reason.untold)}: three runs in this period and three before, or four earlier "
        "runs, are needed (four earlier periods, where these differ by more than their runs do)."
    )


def _no_alarm(answer: GateAnswer, reason: history_gates.NoAlarm) -> str:
    worst, metric = reason.worst, answer.metric
    assert metric is not None
    loss = metric.improvement(worst.change)
    several = reason.n_configurations > 1
    if loss < 0:
        which = "the largest loss: " if several else ""
    elif several:
        which = "none lost; the smallest gain: " if loss > 0 else "none lost; the one that gained least: "
    else:
        which = ""
    return (
        f"{_label(answer)} raised no alarm in {plural(reason.n_configurations, 'configuration')}; {which}"
        f"{_moved(answer, worst)}{_would_be_found(answer, worst)}. The rule: no alarm, 5 % over all comparisons of runs (Holm), 1 % for each prediction; "
        "this is no proof that nothing got worse: for that, set baseline_margin."
    )


def _within_margin(answer: GateAnswer, reason: history_gates.WithinMargin) -> str:
    metric, one, outcome = answer.metric, reason.one, reason.outcome
    assert metric is not None
    before = f"{len(one.previous):,} in the period before"
    if one.period_means:
        before = f"the means of {plural(len(one.period_means), 'earlier period')}, which differ by more than their runs do"
    n = f"{plural(len(one.values), 'run')} now, {before}"
    bounds = (
        f" (one-sided 95 % bounds {_change(metric, outcome.low)} and {_change(metric, outcome.high)})"
        if outcome.low is not None
        else ""
    )
    found = (
        f"the improvement in {_label(answer)} of {one_line(one.label, 40)} is {_change(metric, outcome.estimate)}{bounds}, {n}"
    )
    others = f"; of {plural(reason.n_configurations, 'configuration')} the worst" if reason.n_configurations > 1 else ""
    note = "values are too large to compute with" if reason.too_large else clause(outcome.reason)
    why = f" {note[0].upper()}{note[1:]}." if note and outcome.low is None else ""
    if answer.state == "INCONCLUSIVE" and outcome.needed and not one.period_means:
        why += f" {max(outcome.needed, GATE_RUNS):,} runs per period would decide it, if this is the true value (80 % power)."
    margin = _change(metric, reason.margin).lstrip("+")
    luck = luck_words(one) if answer.state in ("PASS", "FAIL") else ""
    return f"{found}{_of_means(answer, one)}{others}. The rule: not worse by {margin}, by the lower bound (non-inferiority).{why}{luck}"


def _of_means(answer: GateAnswer, one: Watched) -> str:
    if one.period_means:
        return f"; the mean went from {_value(answer, samples.mean(one.period_means))} to {_value(answer, one.mean_now)}"
    if not one.previous:
        return ""
    before = _value(answer, samples.mean(one.previous))
    return f"; the mean went from {before} in the period before to {_value(answer, one.mean_now)}"


def _no_best_of_period(answer: GateAnswer, reason: history_gates.NoBestOfPeriod) -> str:
    where = "this period" if reason.period == "now" else "the period before"
    return f"no finished run of {where} has a finite {_label(answer)}."


def _few_finished(answer: GateAnswer, reason: history_gates.FewFinished) -> str:
    return f"{plural(reason.n_finished, 'run')} finished in this period, the gate asks for {answer.config.min_runs:,}."


def _best_against_best(answer: GateAnswer, reason: history_gates.BestAgainstBest) -> str:
    metric = answer.metric
    assert metric is not None
    less = ""
    if reason.margin:
        margin = _change(metric, reason.margin).lstrip("+")
        less = f", the bound with the margin {margin} is {_value(answer, reason.bound)}"
    return (
        f"the best {_label(answer)} now is {_value(answer, reason.value)}, of the period before {_value(answer, reason.previous)}{less}. "
        "Judged on one run against one; their uncertainty is not considered."
    )


def _named(watched: Sequence[Watched]) -> str:
    return listed([one_line(one.label, 40) for one in watched], MOST_NAMED)


def _value(answer: GateAnswer, value: float | None) -> str:
    assert answer.metric is not None
    return text_of(value, answer.metric.format, answer.metric.digits)


def _moved(answer: GateAnswer, one: Watched) -> str:
    """From what was compared to what; of pairs: of those that ran in both periods."""
    label, now = one_line(one.label, 40), _value(answer, one.now)
    if one.is_partial:
        return f"{label} went from {_value(answer, one.baseline)} to {now}, of the {now_words(one)} that ran in both periods"
    if one.n_pairs:
        return f"{label} went from {_value(answer, one.baseline)} to {now} ({now_words(one)})"
    return f"{label} went from {_value(answer, one.baseline)} ({before_words(one)}) to {now} ({now_words(one)})"


def _would_be_found(answer: GateAnswer, one: Watched) -> str:
    assert answer.metric is not None
    if one.seen_from is None:
        return ""
    return f"; a change of {_change(answer.metric, one.seen_from).lstrip('+')} would have been found four times in five"


_RUNGS: Mapping[Rung, str] = {
    "comparison": "comparison",
    "level_shift": "level shift",
    "prediction_interval": "prediction interval",
    "little_history": "too little history",
    "too_large": "values too large to compute with",
}


def _evidence(answer: GateAnswer, one: Watched) -> str:
    if one.is_exact:
        return f"no run-to-run variation: the exact value decides, {_value(answer, one.baseline)} before"
    if one.rung == "prediction_interval":
        return f"expected was {_value(answer, one.low)} to {_value(answer, one.high)}, 99 % prediction interval of {before_words(one)}"
    return f"{_RUNGS[one.rung]}, p {'<0.001' if one.p is not None and one.p < 0.001 else '= ' + text_of(one.p, 'p')}"


def _change(metric: Metric, value: float | None) -> str:
    if value is not None and metric.format == "percent":
        return f"{text_of(value * 100, 'change', metric.digits)} pp"
    return text_of(value, "change" if metric.format == "number" else metric.format, metric.digits)


# --- counts and shares -------------------------------------------------------------------------------------------------


def _finished_runs(answer: GateAnswer, reason: history_gates.FinishedRuns) -> str:
    return f"{plural(reason.n, 'run')} finished; the bound is {_sign(answer.config)} {text_of(answer.threshold, 'number', 0)}."


def _not_binary(answer: GateAnswer, reason: history_gates.NotBinary) -> str:
    return (
        f"{_label(answer)} is {text_of(reason.value, 'number')} in one of {plural(reason.n, 'run')}; "
        "a pass rate needs a metric that is 0 or 1 in each."
    )


def _share(answer: GateAnswer, reason: history_gates.Share) -> str:
    config, bound = answer.config, _bound(answer.config)
    where = f" of group {one_line(config.group, 40)}" if config.group and reason.of == "rate" else ""
    if reason.n == 0:
        return "no run has ended." if reason.of == "failed" else f"no finished run{where} has {_label(answer)}."
    counted = "ended runs failed or were killed" if reason.of == "failed" else f"finished runs{where} have {_label(answer)} = 1"
    found = f"{reason.k:,} of {reason.n:,} {counted} ({text_of(reason.k / reason.n, 'percent', 1)}"
    rule = f"The rule: {_sign(config)} {text_of(bound, 'percent', own_digits(bound, 'percent'))}"
    if reason.too_few:
        return f"{found}). {rule}, from {config.min_runs:,} runs on."
    if reason.bounds is None:
        return f"{found}). {rule}. Judged on the share alone; its uncertainty is not considered."
    low, high = (text_of(end, "percent", 1) for end in reason.bounds)
    side = "lower" if config.at_least is not None else "upper"
    return f"{found}; one-sided 95 % bounds {low} and {high}). {rule}, by the {side} bound (exact)."


REASONS: Mapping[type[GateReason], Callable[[GateAnswer, Any], str]] = {
    gates.NoBestRun: _no_best_run,
    gates.NothingRanked: _nothing_ranked,
    gates.NoRunWithValue: _no_run_with_value,
    gates.ValueOfRun: _value_of_run,
    group_gates.MissingGroup: compare_gates.missing_group,
    group_gates.NoValueInGroup: compare_gates.no_value_in_group,
    group_gates.JudgedOverTasks: compare_gates.judged_over_tasks,
    group_gates.NoDirectionForGroup: compare_gates.no_direction_for_group,
    group_gates.NoBaseline: compare_gates.no_baseline,
    group_gates.IsBaseline: compare_gates.is_baseline,
    group_gates.MeanOfGroup: _group_gate,
    group_gates.ChangeOfGroup: _group_gate,
    group_gates.RatioOfGroup: _group_gate,
    history_gates.NoPeriods: _no_periods,
    history_gates.FirstPeriod: _first_period,
    history_gates.NothingNew: _nothing_new,
    history_gates.NeverLogged: _never_logged,
    history_gates.NoDirection: _no_direction,
    history_gates.HistoriesNotRead: _histories_not_read,
    history_gates.NoCommonConfiguration: _no_common_configuration,
    history_gates.FewRuns: _few_runs,
    history_gates.GotWorse: _got_worse,
    history_gates.LittleHistory: _little_history,
    history_gates.NoAlarm: _no_alarm,
    history_gates.WithinMargin: _within_margin,
    history_gates.NoBestOfPeriod: _no_best_of_period,
    history_gates.FewFinished: _few_finished,
    history_gates.BestAgainstBest: _best_against_best,
    history_gates.FinishedRuns: _finished_runs,
    history_gates.NotBinary: _not_binary,
    history_gates.Share: _share,
    scorer_gates.NoEvaluation: genai_gates.no_evaluation,
    scorer_gates.NotAScore: genai_gates.not_a_score,
    scorer_gates.LowCoverage: genai_gates.low_coverage,
    scorer_gates.ScorerValue: genai_gates.scorer_value,
    scorer_gates.CriterionMetric: genai_gates.criterion_metric,
    scorer_gates.NoEarlierEvaluation: genai_gates.no_earlier,
    scorer_gates.NoSuchEvaluation: genai_gates.no_such,
    scorer_gates.ScorerAgainst: genai_gates.scorer_against,
}
"""Kind of reason → what follows the word for the gate's state."""
