"""Gates on the past and on counts: no regression since the last window, few enough failures, high enough pass rates.

A history gate asks what section `changes` tells: FAIL is an alarm of that ladder, PASS the absence of one, and too little
history is INCONCLUSIVE. With a margin it is a non-inferiority test against the period before, of every configuration that
ran in both. Shares are judged as they are, or by Wilson's one-sided 95 % bound.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reportgen.analyze.groups import is_usable
from reportgen.analyze.methods.equivalence import GATE_RUNS, GateOutcome, GateState, non_inferiority
from reportgen.analyze.methods.proportions import wilson_interval
from reportgen.analyze.methods.samples import ALPHA
from reportgen.analyze.metrics import Metric
from reportgen.analyze.runs import Run
from reportgen.analyze.weekly import Watched, Weekly
from reportgen.config import GateConfig
from reportgen.formats import listed, one_line, plural, text_of
from reportgen.model import Gate

_WORDS = {"PASS": "Passed", "FAIL": "Failed", "INCONCLUSIVE": "Inconclusive", "NO_DATA": "No data"}
MOST_NAMED = 3


def gate(config: GateConfig, name: str, state: GateState, what: str, value: float | None, threshold: float | None) -> Gate:
    """The answer in the shape that every output reads; ``what`` follows the word for its state."""
    warns = state == "INCONCLUSIVE" and config.on_inconclusive == "warn"
    return Gate(name, state, f"{_WORDS[state]}: {what}", config.metric or "runs", value, threshold, warns=warns)


# --- the past ----------------------------------------------------------------------------------------------------------


def history_gate(config: GateConfig, name: str, metric: Metric | None, weekly: Weekly | None) -> Gate:
    """The answer of a gate with ``not_worse_than``."""
    label = one_line(metric.label if metric else config.metric or "", 60)
    if weekly is None:
        return gate(config, name, "NO_DATA", "no run started in this period, or none before it.", None, None)
    if metric is None:
        return gate(config, name, "NO_DATA", f"no selected run logged {label}.", None, None)
    if metric.goal == "none":
        known = f"the direction of {label} is unknown, so nothing is worse; set metrics: {{{label}: {{goal: maximize}}}} (or minimize) in the config."
        return gate(config, name, "NO_DATA", known, None, None)
    if metric.name in weekly.unknown_rules:
        why = f"{metric.rule_words} of {label} needs histories, which are not read of runs before the window; only rule: last can be compared."
        return gate(config, name, "NO_DATA", why, None, None)
    if config.not_worse_than == "best_of_window":
        return _against_best(config, name, metric, weekly)
    watched = [one for one in weekly.watched if one.metric == metric.name]
    if not watched:
        why = f"no configuration with {label} ran both in this period and before it."
        return gate(config, name, "NO_DATA", why, None, None)
    few = [one for one in watched if config.min_runs is not None and len(one.values) < config.min_runs]
    if few:
        why = f"{_named(few)}: {plural(min(len(one.values) for one in few), 'run')} in this period, the gate asks for {config.min_runs:,}."
        return gate(config, name, "INCONCLUSIVE", why, _worst(few, metric).change, None)
    if config.baseline_margin is not None:
        return _within_margin(config, name, metric, watched, config.baseline_margin)
    return _without_alarm(config, name, metric, watched)


def _named(watched: Sequence[Watched]) -> str:
    return listed([one_line(one.label, 40) for one in watched], MOST_NAMED)


def _worst(watched: Sequence[Watched], metric: Metric) -> Watched:
    return min(watched, key=lambda one: (metric.improvement(one.change or 0.0), one.label))


def _words(metric: Metric, value: float | None) -> str:
    return text_of(value, metric.format, metric.digits)


def _moved(one: Watched, metric: Metric) -> str:
    return f"{one_line(one.label, 40)} went from {_words(metric, one.baseline)} to {_words(metric, (one.baseline or 0) + (one.change or 0))}"


def _without_alarm(config: GateConfig, name: str, metric: Metric, watched: Sequence[Watched]) -> Gate:
    """By the ladder; without any variation the exact change decides."""
    alarms = [one for one in watched if one.state == "worse" or (one.state == "untested" and _exactly_worse(one, metric))]
    label = one_line(metric.label, 60)
    worst = _worst(alarms or watched, metric)
    if alarms:
        how = listed([f"{_moved(one, metric)} ({_how(one)})" for one in alarms], MOST_NAMED)
        return gate(config, name, "FAIL", f"{label} got worse: {how}.", worst.change, 0.0)
    untold = [one for one in watched if one.state == "too little history"]
    if untold:
        why = f"too little history of {label} for {_named(untold)}: three runs in this period and three in the one before, or four earlier runs, are needed."
        return gate(config, name, "INCONCLUSIVE", why, worst.change, 0.0)
    configurations = plural(len(watched), "configuration")
    rule = "The rule: no alarm, 5 % for comparisons of runs (Holm), 1 % for history; this is no proof that nothing got worse"
    what = f"{label} raised no alarm in {configurations}; the largest loss: {_moved(worst, metric)}. {rule}: for that, set baseline_margin."
    return gate(config, name, "PASS", what, worst.change, 0.0)


def _exactly_worse(one: Watched, metric: Metric) -> bool:
    return one.change is not None and metric.improvement(one.change) < 0


def _how(one: Watched) -> str:
    if one.state == "untested":
        return "no run-to-run variation: the exact value decides"
    return f"{one.rung}, p {'<0.001' if one.p is not None and one.p < 0.001 else '= ' + text_of(one.p, 'p')}"


def _within_margin(config: GateConfig, name: str, metric: Metric, watched: Sequence[Watched], margin: float) -> Gate:
    """Every configuration by itself: all must hold, so no level is divided (intersection–union)."""
    up = metric.goal == "maximize"
    outcomes: list[tuple[Watched, GateOutcome]] = []
    for one in watched:
        if not is_usable((*one.values, *one.previous)):
            outcome = GateOutcome("INCONCLUSIVE", "values are too large to compute with", None, None, None, -margin, ALPHA)
        else:
            outcome = non_inferiority(one.previous, one.values, margin, higher_is_better=up, alpha=ALPHA)
        outcomes.append((one, outcome))
    order = {"FAIL": 0, "INCONCLUSIVE": 1, "NO_DATA": 2, "PASS": 3}
    one, worst = min(outcomes, key=lambda pair: (order[pair[1].state], pair[1].estimate or 0.0, pair[0].label))
    state: GateState = "INCONCLUSIVE" if worst.state == "NO_DATA" else worst.state
    n = f"{plural(len(one.values), 'run')} now, {len(one.previous):,} in the period before"
    bounds = (
        f" (one-sided 95 % bounds {_change(metric, worst.low)} and {_change(metric, worst.high)})"
        if worst.low is not None
        else ""
    )
    found = f"the improvement in {one_line(metric.label, 60)} of {one_line(one.label, 40)} is {_change(metric, worst.estimate)}{bounds}, {n}"
    others = f"; of {plural(len(watched), 'configuration')} the worst" if len(watched) > 1 else ""
    why = f" {worst.note[0].upper()}{worst.note[1:]}." if worst.note and worst.low is None else ""
    if state == "INCONCLUSIVE" and worst.needed:
        why += f" {max(worst.needed, GATE_RUNS):,} runs per period would decide it, if this is the true value (80 % power)."
    what = f"{found}{others}. The rule: not worse by {_change(metric, margin).lstrip('+')}, by the lower bound (non-inferiority).{why}"
    return gate(config, name, state, what, worst.estimate, -margin)


def _change(metric: Metric, value: float | None) -> str:
    if value is not None and metric.format == "percent":
        return f"{text_of(value * 100, 'change', metric.digits)} percentage points"
    return text_of(value, "change" if metric.format == "number" else metric.format, metric.digits)


def _against_best(config: GateConfig, name: str, metric: Metric, weekly: Weekly) -> Gate:
    """The best run of this period against the best of the one before: a point gate."""
    best = next((one for one in weekly.bests if one.metric == metric.name), None)
    label = one_line(metric.label, 60)
    if best is None or best.previous is None:
        where = "this period" if best is None else "the period before"
        return gate(
            config, name, "NO_DATA", f"no finished run of {where} has a finite {label}.", best.value if best else None, None
        )
    if config.min_runs is not None and weekly.now.n_finished < config.min_runs:
        why = f"{plural(weekly.now.n_finished, 'run')} finished in this period, the gate asks for {config.min_runs:,}."
        return gate(config, name, "INCONCLUSIVE", why, best.value, best.previous)
    sign = 1 if metric.goal == "maximize" else -1
    margin = config.baseline_margin or (config.baseline_margin_relative or 0.0) * abs(best.previous)
    bound = best.previous - sign * margin
    holds = sign * (best.value - bound) >= 0
    less = f", less the margin {_words(metric, bound)}" if margin else ""
    what = (
        f"the best {label} now is {_words(metric, best.value)}, of the period before {_words(metric, best.previous)}{less}. "
        "Judged on one run against one; their uncertainty is not considered."
    )
    return gate(config, name, "PASS" if holds else "FAIL", what, best.value, bound)


# --- counts and shares -------------------------------------------------------------------------------------------------


def count_gate(config: GateConfig, name: str, metric: Metric | None, runs: Sequence[Run], members: Sequence[Run] | None) -> Gate:
    """The answer of ``of: rate``, ``failed`` or ``runs``. ``members`` are the finished runs of ``group``; None is all."""
    active = [run for run in runs if not run.deleted]
    if config.of == "runs":
        n = sum(run.finished for run in active)
        holds = n >= config.at_least if config.at_least is not None else n <= (config.at_most or 0)
        bound = config.at_least if config.at_least is not None else config.at_most
        sign = "at least" if config.at_least is not None else "at most"
        what = f"{plural(n, 'run')} finished; the bound is {sign} {text_of(bound, 'number', 0)}."
        return gate(config, name, "PASS" if holds else "FAIL", what, float(n), bound)
    if config.of == "failed":
        ended = [run for run in active if run.finished or run.status in ("FAILED", "KILLED")]
        k = sum(not run.finished for run in ended)
        return _share_gate(config, name, k, len(ended), "ended runs failed or were killed", "run has ended")
    return _rate_gate(config, name, metric, [run for run in active if run.finished] if members is None else members)


def _rate_gate(config: GateConfig, name: str, metric: Metric | None, runs: Sequence[Run]) -> Gate:
    label = one_line(metric.label if metric else config.metric or "", 60)
    values: Mapping[str, float] = (
        {} if metric is None else {"/".join(r.key): metric.values[r.key] for r in runs if r.key in metric.values}
    )
    odd = [value for value in values.values() if value not in (0.0, 1.0)]
    if odd:
        why = f"{label} is {text_of(odd[0], 'number')} in one of {plural(len(values), 'run')}; a pass rate needs a metric that is 0 or 1 in each."
        return gate(config, name, "NO_DATA", why, None, None)
    where = f" of group {one_line(config.group, 40)}" if config.group else ""
    k = sum(value == 1.0 for value in values.values())
    return _share_gate(config, name, k, len(values), f"finished runs{where} have {label} = 1", f"finished run{where} has {label}")


def _share_gate(config: GateConfig, name: str, k: int, n: int, words: str, none: str) -> Gate:
    """A share against its bound, as it is or by Wilson's one-sided 95 % bound."""
    up = config.at_least is not None
    bound = config.at_least if config.at_least is not None else config.at_most
    assert bound is not None  # the config's own check
    if n == 0:
        return gate(config, name, "NO_DATA", f"no {none}.", None, bound)
    share, sign = k / n, "at least" if up else "at most"
    found = f"{k:,} of {n:,} {words} ({text_of(share, 'percent', 1)}"
    rule = f"The rule: {sign} {text_of(bound, 'percent', _percent_digits(bound))}"
    if config.min_runs is not None and n < config.min_runs:
        return gate(config, name, "INCONCLUSIVE", f"{found}). {rule}, from {config.min_runs:,} runs on.", share, bound)
    if config.mode == "point":
        holds = share >= bound if up else share <= bound
        return gate(
            config,
            name,
            "PASS" if holds else "FAIL",
            f"{found}). {rule}. Judged on the share alone; its uncertainty is not considered.",
            share,
            bound,
        )
    interval = wilson_interval(k, n, 1 - 2 * ALPHA)
    passes, fails = (interval.low >= bound, interval.high < bound) if up else (interval.high <= bound, interval.low > bound)
    state: GateState = "PASS" if passes else "FAIL" if fails else "INCONCLUSIVE"
    ends = f"; one-sided 95 % bounds {text_of(interval.low, 'percent', 1)} and {text_of(interval.high, 'percent', 1)}"
    return gate(config, name, state, f"{found}{ends}). {rule}, by the {'lower' if up else 'upper'} bound (Wilson).", share, bound)


def _percent_digits(value: float) -> int:
    return max(0, len(repr(float(value)).partition(".")[2].rstrip("0")) - 2)
