"""Do the values hold their bounds: the gates of the config, answered from finished runs.

A gate on one run is a point gate. Gates on a group of runs, and against the baseline, are in ``group_gates``; those on
the past, on shares and on counts in ``history_gates``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from reportgen.analyze.group_gates import Compared, group_gate
from reportgen.analyze.history_gates import count_gate, history_gate
from reportgen.analyze.leaderboard import leaderboard_of
from reportgen.analyze.metrics import Metric
from reportgen.analyze.runs import Run
from reportgen.analyze.weekly import Weekly
from reportgen.config import GateConfig
from reportgen.errors import Problem
from reportgen.formats import one_line, plural, text_of
from reportgen.model import Format, Gate, RunLink


def gates_of(
    configs: Sequence[GateConfig],
    metrics: Mapping[str, Metric],
    runs: Sequence[Run],
    link: Callable[[Run], RunLink],
    compared: Compared | None = None,
    weekly: Weekly | None = None,
) -> tuple[Gate, ...]:
    """One answer for each gate, in the config's order; names made unique by a number.

    Gates on groups are NO_DATA without ``compared``, those on the past without ``weekly``.
    """
    gates: list[Gate] = []
    seen: dict[str, int] = {}
    for config in configs:
        metric = metrics.get(config.metric or "")
        name = config.name or _name_of(config, metric)
        seen[name] = seen.get(name, 0) + 1
        unique = name if seen[name] == 1 else f"{name} ({seen[name]})"
        gates.append(_answer(config, unique, metric, runs, link, compared, weekly))
    return tuple(gates)


def _answer(
    config: GateConfig,
    name: str,
    metric: Metric | None,
    runs: Sequence[Run],
    link: Callable[[Run], RunLink],
    compared: Compared | None,
    weekly: Weekly | None,
) -> Gate:
    if config.not_worse_than is not None:
        return history_gate(config, name, metric, weekly)
    if config.of in ("rate", "failed", "runs"):
        return count_gate(config, name, metric, runs, _members(config, compared))
    if config.group is not None:
        return group_gate(config, name, metric, compared, _rule_words(config, metric))
    return _gate(config, name, metric, runs, link)


def _members(config: GateConfig, compared: Compared | None) -> list[Run] | None:
    """The finished runs of the gate's group; None when it names none."""
    if config.group is None:
        return None
    groups = compared.comparison.groups if compared else ()
    keys = next((group.finished for group in groups if group.label == config.group), ())
    return [compared.by_key[key] for key in keys] if compared else []


def gate_problems(gates: Sequence[Gate]) -> tuple[Problem, ...]:
    """A warning for each gate that is not decided and, by the config, does not fail for it."""
    todo = "add runs, or decide by hand; without on_inconclusive: warn this gate fails"
    return tuple(
        Problem("gate-inconclusive", one_line(gate.name, 80), gate.sentence, todo, "warning") for gate in gates if gate.warns
    )


def _name_of(config: GateConfig, metric: Metric | None) -> str:
    label = one_line(metric.label if metric else config.metric or "", 60)
    if config.not_worse_than is not None:
        against = "the period before" if config.not_worse_than == "previous" else "the best of the period before"
        return f"{label} not worse than {against}{_margin_words(config, metric)}"
    if config.of in ("rate", "failed", "runs"):
        return _count_name(config, label)
    if config.group is None:
        return f"{label} {_rule_words(config, metric)} ({config.of} run)"
    group = one_line(config.group, 40)
    if config.of_margin:
        return f"{label} of {group} {_rule_words(config, metric)}"
    return f"{label} {_rule_words(config, metric)} (mean of {group}{', with confidence' if config.mode == 'confident' else ''})"


def _margin_words(config: GateConfig, metric: Metric | None) -> str:
    return (
        f", {_rule_words(config, metric).replace('not worse by', 'margin')}"
        if config.baseline_margin or config.baseline_margin_relative
        else ""
    )


def _count_name(config: GateConfig, label: str) -> str:
    bound, sign = _bound(config), "at least" if config.at_least is not None else "at most"
    if config.of == "runs":
        return f"finished runs {sign} {text_of(bound, 'number', 0)}"
    what = "share of failed runs" if config.of == "failed" else f"share of runs with {label} = 1"
    where = f" in {one_line(config.group, 40)}" if config.group else ""
    sure = " with confidence" if config.mode == "confident" else ""
    return f"{what}{where} {sign} {text_of(bound, 'percent', own_digits(bound, 'percent'))}{sure}"


def _rule_words(config: GateConfig, metric: Metric | None) -> str:
    """The bound, or the margin, as it was written."""
    if (share := config.baseline_margin_relative) is not None:
        return f"not worse by {text_of(share, 'percent', own_digits(share, 'percent'))} of the baseline"
    margin, words = config.baseline_margin, "not worse by"
    if config.equivalent_within is not None:
        margin, words = config.equivalent_within, "equivalent within"
    if margin is None:
        return _bound_words(config, metric)
    if metric is not None and metric.format == "percent":
        return f"{words} {text_of(margin * 100, 'number', own_digits(margin, 'percent'))} percentage points"
    shown_as: Format = metric.format if metric else "number"
    return f"{words} {text_of(margin, shown_as, own_digits(margin, shown_as))}"


def _bound(config: GateConfig) -> float:
    bound = config.at_least if config.at_least is not None else config.at_most
    assert bound is not None  # the config's own check
    return bound


def _bound_words(config: GateConfig, metric: Metric | None) -> str:
    sign = "at least" if config.at_least is not None else "at most"
    shown_as: Format = metric.format if metric else "number"
    return f"{sign} {text_of(_bound(config), shown_as, own_digits(_bound(config), shown_as))}"


def own_digits(value: float, format: Format) -> int | None:
    """The decimals that ``value`` was written with: 0.9 is "0.9", not "0.9000"; None for very large and small ones."""
    text = repr(float(value))
    if "e" in text:
        return None
    n = len(text.partition(".")[2].rstrip("0"))
    return max(0, n - 2) if format == "percent" else n


def _gate(config: GateConfig, name: str, metric: Metric | None, runs: Sequence[Run], link: Callable[[Run], RunLink]) -> Gate:
    bound = _bound(config)
    finished = [run for run in runs if run.finished]
    run = _run_for(config, metric, finished) if metric else None
    if metric is not None and metric.goal == "none" and config.of == "best":
        label = one_line(metric.label, 60)
        sentence = (
            f"No data: the direction of {label} is unknown, so no run is best; set metrics: {{{one_line(metric.name, 60)}: {{goal: maximize}}}} "
            "(or minimize) in the config, or judge of: latest or a group."
        )
        return Gate(name, "NO_DATA", sentence, metric.name, None, bound)
    if metric is None or run is None:
        label = one_line(metric.label if metric else config.metric or "", 60)
        sentence = f"No data: none of {plural(len(finished), 'finished run')} has {label}."
        return Gate(name, "NO_DATA", sentence, config.metric or "", None, bound)
    value = metric.values[run.key]
    finite = metric.finite(run.key) is not None
    holds = finite and (value >= bound if config.at_least is not None else value <= bound)
    which = {"best": "best", "latest": "latest"}[config.of]
    words = text_of(value, metric.format, _digits(value, bound, metric))
    sentence = (
        f"{'Passed' if holds else 'Failed'}: {one_line(metric.label, 60)} of the {which} run is {words}; "
        f"the bound is {_bound_words(config, metric)}. Judged on one run; its uncertainty is not considered."
    )
    return Gate(name, "PASS" if holds else "FAIL", sentence, metric.name, value if finite else None, bound, link(run))


def _digits(value: float, bound: float, metric: Metric) -> int | None:
    """The metric's digits, or all that are needed when rounding would hide on which side of the bound the value is."""
    shown = text_of(value, metric.format, metric.digits)
    return (
        metric.digits if value == bound or shown != text_of(bound, metric.format, metric.digits) else min(12, metric.digits + 4)
    )


def _run_for(config: GateConfig, metric: Metric, finished: Sequence[Run]) -> Run | None:
    """The run that the gate asks about. ``best`` follows the metric's direction; without one no run is."""
    if config.of == "latest":
        logged = [run for run in finished if run.key in metric.values]
        return max(logged, key=lambda run: (run.ended_ms or run.started_ms or 0, *run.key), default=None)
    by_key = {run.key: run for run in finished}
    best = leaderboard_of(metric, finished).best
    return by_key[best.key] if best is not None else None
