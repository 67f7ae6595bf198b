"""Gates: their names, their bounds, and the sentence of each answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from reportgen.analyze import gates, history_gates
from reportgen.analyze.compare import group_gates
from reportgen.analyze.gate_answers import GateAnswer, GateReason
from reportgen.analyze.genai import gates as scorer_gates
from reportgen.analyze.methods import samples
from reportgen.analyze.methods.equivalence import GATE_RUNS
from reportgen.analyze.metrics import Metric
from reportgen.analyze.regressions import Watched
from reportgen.analyze.runs import RunKey
from reportgen.config import BaselineConfig, GateConfig
from reportgen.errors import Problem
from reportgen.formats import one_line, own_digits, text_of
from reportgen.model import Format, Gate, RunLink
from reportgen.words import genai_gates
from reportgen.words.baseline_gates import BASELINE_REASONS, baseline_name
from reportgen.words.catalogue import Say
from reportgen.words.compare import gates as compare_gates
from reportgen.words.methods import clause
from reportgen.words.metrics import rule_text
from reportgen.words.periods import before_words, luck_words, now_words

MOST_NAMED = 3


def gates_of(answers: Sequence[GateAnswer], link: Callable[[RunKey], RunLink], say: Say) -> tuple[Gate, ...]:
    """Every answer with its name and its sentence; names that would be alike get a number. ``link`` makes the link to a run."""
    seen: dict[str, int] = {}
    told = []
    for answer in answers:
        name = (
            genai_gates.criterion_name(answer.config, say)
            if answer.is_stored
            else answer.config.name or _name(answer.config, answer.metric, say)
        )
        seen[name] = seen.get(name, 0) + 1
        unique = name if seen[name] == 1 else f"{name} ({seen[name]})"
        sentence = say.named(say("gates-states", state=answer.state), _reason(answer, say))
        metric = answer.config.metric or answer.config.scorer or ("runs" if answer.config.of in _OF_RUNS else "")
        run = link(answer.run) if answer.run else None
        brief = _brief(answer, say)
        told.append(Gate(unique, answer.state, sentence, metric, answer.value, answer.threshold, run, answer.warns, brief=brief))
    return tuple(told)


def _reason(answer: GateAnswer, say: Say) -> str:
    kind = type(answer.reason)
    if kind in BASELINE_REASONS:
        return BASELINE_REASONS[kind](answer, answer.reason, say)
    return REASONS[kind](answer, answer.reason, say)


def _brief(answer: GateAnswer, say: Say) -> str:
    """Value against bound, without how it was judged."""
    reason = answer.reason
    if isinstance(reason, gates.ValueOfRun) and answer.metric is not None:
        value = text_of(reason.value, answer.metric.format, _telling_digits(reason.value, _bound(answer.config), answer.metric))
        return say.commas(value, rule_of(answer.config, answer.metric, say))
    if isinstance(reason, history_gates.GotWorse):
        moved = [
            say.named(one_line(one.label, 40), f"{_value(answer, one.baseline)} → {_value(answer, one.now)}")
            for one in reason.alarms
        ]
        return say.listed(moved, MOST_NAMED)
    told = _FIRST_CLAUSE.split(_reason(answer, say), maxsplit=1)[0].rstrip(".。")
    return f"{told[:1].upper()}{told[1:]}"


_FIRST_CLAUSE = re.compile(r"\. |;|[。；]")
"""Where the first clause of a sentence ends."""


_OF_RUNS = ("runs", "failed")
"""Gates that need no metric are about runs."""


def gate_problems(told: Sequence[Gate], say: Say) -> tuple[Problem, ...]:
    """A warning for each gate that is not decided and does not fail for it."""
    return tuple(_gate_problem(gate, say) for gate in told if gate.warns)


def _gate_problem(gate: Gate, say: Say) -> Problem:
    where = one_line(gate.name, 80)
    if gate.state == "NO_DATA":
        return Problem("gate-first-period", where, gate.sentence, say("gates-nothing-runs-come-held"), "warning")
    todo = say("gates-add-runs-decide-hand")
    return Problem("gate-inconclusive", where, gate.sentence, todo, "warning")


# --- names and bounds --------------------------------------------------------------------------------------------------


def _label(answer: GateAnswer) -> str:
    return one_line(answer.metric.label if answer.metric else answer.config.metric or "", 60)


def _name(config: GateConfig, metric: Metric | None, say: Say) -> str:
    """The gate's name when the config gives none: what it demands."""
    label = one_line(metric.label if metric else config.metric or "", 60)
    if config.scorer is not None:
        return genai_gates.scorer_gate_name(config, say)
    if isinstance(config.not_worse_than, BaselineConfig):
        return baseline_name(config, config.not_worse_than, metric, say)
    if config.not_worse_than is not None:
        against = say("gates-period-before") if config.not_worse_than == "previous" else say("gates-best-period-before")
        margin = (
            say("gates-margin", margin=_margin_text(config, metric, say))
            if config.baseline_margin or config.baseline_margin_relative
            else ""
        )
        return say("gates-worse", label=label, against=against, margin=margin)
    if config.of in ("rate", "failed", "runs"):
        return _count_name(config, label, say)
    if config.group is None:
        return say("gates-best-latest-run", label=label, rule=rule_of(config, metric, say), of=config.of)
    group = one_line(config.group, 40)
    if config.of_margin:
        return say("gates-of", label=label, group=group, rule=rule_of(config, metric, say))
    return say(
        "gates-mean-confidence",
        label=label,
        rule=rule_of(config, metric, say),
        group=group,
        if_value="yes" if config.mode == "confident" else "no",
    )


def _count_name(config: GateConfig, label: str, say: Say) -> str:
    bound, sign = _bound(config), _sign(config, say)
    if config.of == "runs":
        return say("gates-finished-runs", sign=sign, bound=text_of(bound, "number", 0))
    what = say("gates-share-failed-runs") if config.of == "failed" else say("gates-share-runs-1", label=label)
    where = say("gates-in", group=one_line(config.group, 40)) if config.group else ""
    sure = say("gates-confidence") if config.mode == "confident" else ""
    return f"{what}{where} {sign} {text_of(bound, 'percent', own_digits(bound, 'percent'))}{sure}"


def rule_of(config: GateConfig, metric: Metric | None, say: Say) -> str:
    """The bound, or the margin, as it was written: "at least 0.9", "not worse by 0.5 pp"."""
    if config.equivalent_within is not None:
        return say("gates-equivalent-within", amount=_amount(config.equivalent_within, metric, say))
    if config.baseline_margin is not None or config.baseline_margin_relative is not None:
        return say("gates-worse-2", margin=_margin_text(config, metric, say))
    shown_as: Format = metric.format if metric else "number"
    return f"{_sign(config, say)} {text_of(_bound(config), shown_as, own_digits(_bound(config), shown_as))}"


def _margin_text(config: GateConfig, metric: Metric | None, say: Say) -> str:
    if (share := config.baseline_margin_relative) is not None:
        return say("gates-baseline-2", share=text_of(share, "percent", own_digits(share, "percent")))
    return _amount(config.baseline_margin or 0.0, metric, say)


def _amount(margin: float, metric: Metric | None, say: Say) -> str:
    if metric is not None and metric.format == "percent":
        return say("gates-pp", margin=text_of(margin * 100, "number", own_digits(margin, "percent")))
    shown_as: Format = metric.format if metric else "number"
    return text_of(margin, shown_as, own_digits(margin, shown_as))


def _bound(config: GateConfig) -> float:
    bound = config.at_least if config.at_least is not None else config.at_most
    assert bound is not None  # the config's own check
    return bound


def _sign(config: GateConfig, say: Say) -> str:
    return say("gates-least") if config.at_least is not None else say("gates-most")


# --- one run -----------------------------------------------------------------------------------------------------------


def _no_best_run(answer: GateAnswer, _: gates.NoBestRun, say: Say) -> str:
    name = one_line(answer.metric.name if answer.metric else "", 60)
    return say("gates-direction-unknown-run-best", label=_label(answer), name=name)


def _nothing_ranked(answer: GateAnswer, reason: gates.NothingRanked, say: Say) -> str:
    return say("gates-run-best-finished-runs", n=reason.n_finished, label=_label(answer))


def _no_run_with_value(answer: GateAnswer, reason: gates.NoRunWithValue, say: Say) -> str:
    return say("gates-none-finished-runs", n=reason.n_finished, label=_label(answer))


def _value_of_run(answer: GateAnswer, reason: gates.ValueOfRun, say: Say) -> str:
    metric, which = answer.metric, say("gates-of-2", of=answer.config.of)
    assert metric is not None
    value = text_of(reason.value, metric.format, _telling_digits(reason.value, _bound(answer.config), metric))
    return say(
        "gates-run-bound-judged-run", label=_label(answer), which=which, value=value, rule=rule_of(answer.config, metric, say)
    )


def _telling_digits(value: float, bound: float, metric: Metric) -> int | None:
    """The metric's digits, or all that are needed when rounding would hide on which side of the bound the value is."""
    shown = text_of(value, metric.format, metric.digits)
    differs = value == bound or shown != text_of(bound, metric.format, metric.digits)
    return metric.digits if differs else min(12, metric.digits + 4)


# --- a group -----------------------------------------------------------------------------------------------------------


def _group_gate(answer: GateAnswer, reason: group_gates.Judged, say: Say) -> str:
    return say(
        "gates-rule",
        measured=compare_gates.measured(answer, reason, say),
        rule=rule_of(answer.config, answer.metric, say),
        after_rule=compare_gates.after_rule(answer, reason, say),
    )


# --- the past ----------------------------------------------------------------------------------------------------------


def _no_periods(_: GateAnswer, __: history_gates.NoPeriods, say: Say) -> str:
    return say("gates-run-started-period-none")


def _first_period(_: GateAnswer, __: history_gates.FirstPeriod, say: Say) -> str:
    return say("gates-run-known-before-period")


def _nothing_new(_: GateAnswer, __: history_gates.NothingNew, say: Say) -> str:
    return say("gates-run-started-since-last")


def _never_logged(answer: GateAnswer, _: history_gates.NeverLogged, say: Say) -> str:
    return say("gates-selected-run-logged", label=_label(answer))


def _no_direction(answer: GateAnswer, _: history_gates.NoDirection, say: Say) -> str:
    label = _label(answer)
    return say("gates-direction-unknown-nothing-worse", label=label)


def _histories_not_read(answer: GateAnswer, _: history_gates.HistoriesNotRead, say: Say) -> str:
    assert answer.metric is not None
    return say("gates-needs-histories-which-read", rule=rule_text(answer.metric.rule, say), label=_label(answer))


def _no_common_configuration(answer: GateAnswer, _: history_gates.NoCommonConfiguration, say: Say) -> str:
    return say("gates-configuration-ran-both-period", label=_label(answer))


def _few_runs(answer: GateAnswer, reason: history_gates.FewRuns, say: Say) -> str:
    fewest = min(len(one.values) for one in reason.few)
    return say("gates-runs-period-gate-asks", named=_named(reason.few, say), fewest=fewest, min_runs=answer.config.min_runs or 0)


def _got_worse(answer: GateAnswer, reason: history_gates.GotWorse, say: Say) -> str:
    how = say.listed([f"{_moved(answer, one, say)} ({_evidence(answer, one, say)})" for one in reason.alarms], MOST_NAMED)
    luck = next((words for one in reason.alarms if (words := luck_words(one, say))), "")
    return say("gates-got-worse", label=_label(answer), how=how, luck=luck)


def _little_history(answer: GateAnswer, reason: history_gates.LittleHistory, say: Say) -> str:
    if all(one.state == "too_large" for one in reason.untold):
        return say("gates-values-too-large-compute", label=_label(answer), named=_named(reason.untold, say))
    return say("gates-too-little-history-three", label=_label(answer), named=_named(reason.untold, say))


def _no_alarm(answer: GateAnswer, reason: history_gates.NoAlarm, say: Say) -> str:
    worst, metric = reason.worst, answer.metric
    assert metric is not None
    loss = metric.improvement(worst.change)
    several = reason.n_configurations > 1
    if loss < 0:
        which = say("gates-largest-loss") if several else ""
    elif several:
        which = say("gates-none-lost-smallest-gain") if loss > 0 else say("gates-none-lost-gained-least")
    else:
        which = ""
    return say(
        "gates-raised-alarm-configurations-rule",
        label=_label(answer),
        n=reason.n_configurations,
        which=which,
        moved=_moved(answer, worst, say),
        would_be_found=_would_be_found(answer, worst, say),
    )


def _within_margin(answer: GateAnswer, reason: history_gates.WithinMargin, say: Say) -> str:
    metric, one, outcome = answer.metric, reason.one, reason.outcome
    assert metric is not None
    before = say("gates-period-before-2", n_previous=len(one.previous))
    if one.period_means:
        before = say("gates-means-earlier-periods-which", n=len(one.period_means))
    n = say("gates-runs-now", n=len(one.values), before=before)
    bounds = (
        say("gates-sided-95-bounds", low=_change(metric, outcome.low, say), high=_change(metric, outcome.high, say))
        if outcome.low is not None
        else ""
    )
    found = say(
        "gates-improvement",
        label=_label(answer),
        label_2=one_line(one.label, 40),
        estimate=_change(metric, outcome.estimate, say),
        bounds=bounds,
        n=n,
    )
    others = say("gates-configurations-worst", n=reason.n_configurations) if reason.n_configurations > 1 else ""
    note = say("gates-values-too-large-compute-2") if reason.too_large else clause(outcome.reason, say)
    why = f" {say.capital(note)}" if note and outcome.low is None else ""
    if answer.state == "INCONCLUSIVE" and outcome.needed and not one.period_means:
        why += say("gates-runs-per-period-would", needed=max(outcome.needed, GATE_RUNS))
    margin = _change(metric, reason.margin, say).lstrip("+")
    luck = luck_words(one, say) if answer.state in ("PASS", "FAIL") else ""
    return say(
        "gates-rule-worse-lower-bound",
        found=found,
        of_means=_of_means(answer, one, say),
        others=others,
        margin=margin,
        why=why,
        luck=luck,
    )


def _of_means(answer: GateAnswer, one: Watched, say: Say) -> str:
    if one.period_means:
        return say("gates-mean-went", mean=_value(answer, samples.mean(one.period_means)), mean_now=_value(answer, one.mean_now))
    if not one.previous:
        return ""
    before = _value(answer, samples.mean(one.previous))
    return say("gates-mean-went-period-before", before=before, mean_now=_value(answer, one.mean_now))


def _no_best_of_period(answer: GateAnswer, reason: history_gates.NoBestOfPeriod, say: Say) -> str:
    where = say("gates-period") if reason.period == "now" else say("gates-period-before")
    return say("gates-finished-run-finite", where=where, label=_label(answer))


def _few_finished(answer: GateAnswer, reason: history_gates.FewFinished, say: Say) -> str:
    return say("gates-runs-finished-period-gate", n=reason.n_finished, min_runs=answer.config.min_runs or 0)


def _best_against_best(answer: GateAnswer, reason: history_gates.BestAgainstBest, say: Say) -> str:
    metric = answer.metric
    assert metric is not None
    less = ""
    if reason.margin:
        margin = _change(metric, reason.margin, say).lstrip("+")
        less = say("gates-bound-margin", margin=margin, bound=_value(answer, reason.bound))
    return say(
        "gates-best-now-period-before",
        label=_label(answer),
        value=_value(answer, reason.value),
        previous=_value(answer, reason.previous),
        less=less,
    )


def _named(watched: Sequence[Watched], say: Say) -> str:
    return say.listed([one_line(one.label, 40) for one in watched], MOST_NAMED)


def _value(answer: GateAnswer, value: float | None) -> str:
    assert answer.metric is not None
    return text_of(value, answer.metric.format, answer.metric.digits)


def _moved(answer: GateAnswer, one: Watched, say: Say) -> str:
    """From what was compared to what; of pairs: of those that ran in both periods."""
    label, now = one_line(one.label, 40), _value(answer, one.now)
    if one.is_partial:
        return say(
            "gates-went-ran-both-periods", label=label, baseline=_value(answer, one.baseline), now=now, now_2=now_words(one, say)
        )
    if one.n_pairs:
        return say("gates-went", label=label, baseline=_value(answer, one.baseline), now=now, now_2=now_words(one, say))
    return say(
        "gates-went-2",
        label=label,
        baseline=_value(answer, one.baseline),
        before=before_words(one, say),
        now=now,
        now_2=now_words(one, say),
    )


def _would_be_found(answer: GateAnswer, one: Watched, say: Say) -> str:
    assert answer.metric is not None
    if one.seen_from is None:
        return ""
    return say("gates-change-would-been-found", lstrip=_change(answer.metric, one.seen_from, say).lstrip("+"))


def _evidence(answer: GateAnswer, one: Watched, say: Say) -> str:
    if one.is_exact:
        return say("gates-run-run-variation-exact", baseline=_value(answer, one.baseline))
    if one.rung == "prediction_interval":
        return say(
            "gates-expected-99-prediction-interval",
            low=_value(answer, one.low),
            high=_value(answer, one.high),
            before=before_words(one, say),
        )
    p = "<0.001" if one.p is not None and one.p < 0.001 else f"= {text_of(one.p, 'p')}"
    return say.commas(say("gates-rungs", rung=one.rung), f"p {p}")


def _change(metric: Metric, value: float | None, say: Say) -> str:
    if value is not None and metric.format == "percent":
        return say("gates-pp-2", value=text_of(value * 100, "change", metric.digits))
    return text_of(value, "change" if metric.format == "number" else metric.format, metric.digits)


# --- counts and shares -------------------------------------------------------------------------------------------------


def _finished_runs(answer: GateAnswer, reason: history_gates.FinishedRuns, say: Say) -> str:
    return say(
        "gates-runs-finished-bound", n=reason.n, sign=_sign(answer.config, say), threshold=text_of(answer.threshold, "number", 0)
    )


def _not_binary(answer: GateAnswer, reason: history_gates.NotBinary, say: Say) -> str:
    return say("gates-runs-pass-rate-needs", label=_label(answer), value=text_of(reason.value, "number"), n=reason.n)


def _share(answer: GateAnswer, reason: history_gates.Share, say: Say) -> str:
    config, bound = answer.config, _bound(answer.config)
    where = say("gates-group", group=one_line(config.group, 40)) if config.group and reason.of == "rate" else ""
    if reason.n == 0:
        return say("gates-run-ended") if reason.of == "failed" else say("gates-finished-run", where=where, label=_label(answer))
    counted = (
        say("gates-ended-runs-failed-killed")
        if reason.of == "failed"
        else say("gates-finished-runs-1", where=where, label=_label(answer))
    )
    found = say("gates-of-3", k=reason.k, n=reason.n, counted=counted, k_2=text_of(reason.k / reason.n, "percent", 1))
    rule = say("gates-rule-2", sign=_sign(config, say), bound=text_of(bound, "percent", own_digits(bound, "percent")))
    if reason.too_few:
        return say("gates-runs", found=found, rule=rule, min_runs=config.min_runs or 0)
    if reason.bounds is None:
        return say("gates-judged-share-alone-uncertainty", found=found, rule=rule)
    low, high = (text_of(end, "percent", 1) for end in reason.bounds)
    side = say("gates-lower", if_value="yes" if config.at_least is not None else "no")
    return say("gates-sided-95-bounds-bound", found=found, low=low, high=high, rule=rule, side=side)


REASONS: Mapping[type[GateReason], Callable[[GateAnswer, Any, Say], str]] = {
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
