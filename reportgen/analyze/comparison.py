"""Is B better than A: what the number of runs allows to say, and nothing more.

The rules are those of "minimum samples and degenerate cases": one run gives no uncertainty, two give an interval with
a warning, three or four a test of very large effects, five or more everything; groups without any variation are never
tested (SciPy would say p = 0.0). The test is fixed by the design before a value is seen: Welch's t, or the paired t
when runs share a seed, or the corrected t when the pairs are folds of one data set. Group B is always compared with
the baseline A, and delta = B − A. A declared margin can make a verdict milder ("equivalent", "not worse"), and groups
that were measured on different data are not judged at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Literal

from reportgen.analyze.groups import (
    Alikeness,
    DifferingParam,
    Group,
    GroupValues,
    Stray,
    alikeness_of,
    differing_params,
    folds_of,
    group_of,
    group_values,
    groups_of,
    is_usable,
    summarised_values,
    without_false_interval,
)
from reportgen.analyze.histories import SeriesByKey
from reportgen.analyze.methods import budgets, estimates, multiple, power, proportions, randomness, samples
from reportgen.analyze.methods.estimates import Estimate, StudentEstimate
from reportgen.analyze.methods.folds import corrected_paired
from reportgen.analyze.metrics import Metric
from reportgen.analyze.pairing import Pairing, has_pair_key, nuisance_key, pairing_of, partly_shared
from reportgen.analyze.primary import is_spent, ranked
from reportgen.analyze.runs import Run, RunKey
from reportgen.analyze.selected import Members, members_of
from reportgen.config import CompareConfig
from reportgen.errors import Problem
from reportgen.formats import listed, one_line
from reportgen.model import Outcome

if TYPE_CHECKING:  # the methods load the large half of SciPy: only when a test is made
    from reportgen.analyze.effects import Effects, MarginVerdict
    from reportgen.analyze.looks import Look
    from reportgen.analyze.methods.groups import Omnibus

ALPHA = 0.05
"""Where nobody sets ``compare.alpha``."""
CHANCE_RUNS = 10
"""Runs per group from which P(B > A) has an interval."""
MOST_RESAMPLED = 1_000
"""Runs per group up to which the interval of P(B > A) is bootstrapped."""
CHANCE_DRAWS = 2_000

Method = Literal["welch", "paired", "corrected", "dunnett", "games-howell", "tukey", "none"]

Reason = Literal[
    "tested",  # a test was made
    "two_runs",  # n = 2: an interval only
    "one_run",  # one run on a side
    "no_values",  # a side has no finite value
    "no_variation",  # no run differs from its group
    "identical",  # every pair is equal
    "same_difference",  # every pair differs by the same amount
    "sweep",  # a group holds several configurations
    "folds",  # folds of one data set that cannot be paired
    "too_large",  # values whose squares are no floats
    "tasks",  # the runs lie on several data sets or tasks, and are judged over these
]

Lowered = Literal["datasets", "hardware"]
"""Why a difference that a test shows is not put down to the groups: they were measured on different data, or, for time and
cost, on different machines."""


@dataclass(frozen=True, slots=True)
class BestOf:
    """Two sweeps at the same number of runs: the expected best of ``k`` runs of each, without a test."""

    k: int
    a: float
    b: float


@dataclass(frozen=True, slots=True)
class PartlyPaired:
    """What the runs say that share a key, where not all do: the groups are then not compared by it."""

    pairing: Pairing
    delta: float
    low: float | None
    """None below three pairs, for folds, and where every pair differs by the same amount."""
    high: float | None


@dataclass(frozen=True, slots=True)
class WithoutPairs:
    """The same runs by Welch's test: how far the answer rests on the pairs."""

    n_a: int
    n_b: int
    test: StudentEstimate


@dataclass(frozen=True, slots=True)
class Success:
    """How many runs of two groups ended well and with a finite value, where that is not almost all of them."""

    bad_a: int
    n_a: int
    bad_b: int
    n_b: int
    difference: Estimate
    """Of the shares of success, group − baseline (Newcombe)."""
    p: float
    """Fisher's exact test."""
    n_non_finite: int = 0
    """Of the bad ones of both sides, those that finished with NaN or infinity."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Group B against the baseline A in one metric. What a rule forbids is None."""

    metric: str
    baseline: str
    group: str
    reason: Reason
    outcome: Outcome
    n_a: int
    n_b: int
    delta: float | None = None
    """mean B − mean A; over pairs when paired."""
    improvement: float | None = None
    """``delta`` with the sign that makes positive better; None without a direction."""
    method: Method = "none"
    low: float | None = None
    high: float | None = None
    level: float = 0.95
    p: float | None = None
    p_holm: float | None = None
    """Adjusted within its family; None when the family is this one test, and for Dunnett's, Games and Howell's and Tukey's
    tests, whose ``p`` is adjusted by itself."""
    n_family: int = 1
    alpha: float = ALPHA
    """What ``p_decisive`` is held against."""
    g: float | None = None
    chance: float | None = None
    """P(B > A) over all pairs of runs, ties half; as values, not as better."""
    chance_low: float | None = None
    chance_high: float | None = None
    won: int | None = None
    """Pairs that B won, by the metric's direction."""
    lift: Estimate | None = None
    detectable: float | None = None
    """The true difference that this many runs would find four times in five."""
    n_needed: int | None = None
    """Runs per group (or pairs) to find the observed difference four times in five; None also beyond 10,000."""
    p_permutation: float | None = None
    """Sensitivity only."""
    prediction: Estimate | None = None
    """Where a single run of the larger group would lie, for one run against four or more."""
    inside_prediction: bool | None = None
    best_of: BestOf | None = None
    pairing: Pairing | None = None
    correlation: float | None = None
    effects: Effects | None = None
    """Other ways to ask the same values; None where no test is made."""
    within: MarginVerdict | None = None
    """Against the declared margin; primary metric only."""
    look: Look | None = None
    """Which of the declared looks this is, whose level decided; None without a plan."""
    n_for_margin: int | None = None
    """Runs per group (or pairs) to find a true difference of the margin four times in five."""
    n_past_margin: int | None = None
    """Runs per group (or pairs) to tell the observed improvement from the margin four times in five, one-sided; None when it lies
    on it, beyond 10,000, and for folds."""
    n_for_half: int | None = None
    """Runs per group (or pairs) to find half of ``detectable`` four times in five."""
    lowered: tuple[Lowered, ...] = ()
    partly: PartlyPaired | None = None
    """Of runs that are not paired: those that share a seed all the same."""
    without_pairs: WithoutPairs | None = None
    """Of a paired test; not of folds."""
    success: Success | None = None
    """Only of the primary metric, and only where more than a fifth of a group's runs failed."""
    strays: tuple[tuple[str, tuple[Stray, ...]], ...] = ()
    """(group, runs of other configurations) where these alone make the groups searches."""

    @property
    def is_conditional(self) -> bool:
        """Whether it speaks only of the runs that succeeded, too few of all."""
        return self.success is not None and self.reason == "tested"

    @property
    def p_decisive(self) -> float | None:
        return self.p if self.p_holm is None else self.p_holm

    @property
    def is_shown(self) -> bool | None:
        """Whether the test shows a difference; None where none was made."""
        return None if self.p_decisive is None else self.p_decisive <= self.alpha * (1 + 1e-9)


@dataclass(frozen=True, slots=True)
class MetricComparison:
    """One metric in every group, and each group against the baseline."""

    metric: str
    primary: bool
    groups: tuple[GroupValues, ...]
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Leading:
    """The groups that are not told from the one with the best mean, by the tests that the verdicts and every pair have."""

    best: str
    members: tuple[str, ...]
    """The best first, then by mean."""
    undecided: tuple[str, ...]
    """Groups that no test could be made of."""
    n_tests: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything about the configured groups."""

    by: str
    baseline: str | None
    """None when the configured baseline has no runs: then nothing is compared."""
    wanted_baseline: str | None
    groups: tuple[Group, ...]
    metrics: tuple[MetricComparison, ...]
    alike: Alikeness | None
    n_unlabelled: int
    """Active runs that belong to no group."""
    replicates: bool
    """The config says that differing params do not matter."""
    unpaired: str | None = None
    """The configured ``pair_by`` when it pairs no runs; the test is then an unpaired one."""
    differing: tuple[DifferingParam, ...] = ()
    """Params that tell the groups apart."""
    shared: tuple[RunKey, ...] = ()
    """Runs that more than one group selects, and that are in none."""
    stands_for: Mapping[str, str] = field(default_factory=dict)
    """Label → what it stands for, where the label does not say it: a model's version and the run that made it."""
    leading: Leading | None = None
    """Three groups or more, by the primary metric."""
    omnibus: Omnibus | None = None
    """Welch's analysis of variance, for three unpaired groups or more."""
    kruskal: Omnibus | None = None
    """Kruskal and Wallis's test of the same, by ranks; a sensitivity line from five runs per group on."""
    pairs: tuple[Difference, ...] = ()
    """Every pair of three groups or more in the primary metric, a family of its own; Holm with Bonferroni's intervals, or
    the declared family."""
    looks_before: int | None = None
    """Earlier reports of this comparison, when they are known; the looks that nobody declared."""

    @property
    def has_default_baseline(self) -> bool:
        """Whether nobody named a baseline, so that every pair is a question."""
        return self.wanted_baseline is None and self.baseline is not None


def comparison_of(
    config: CompareConfig,
    names: Sequence[str],
    metrics: Mapping[str, Metric],
    runs: Sequence[Run],
    by_key: Mapping[RunKey, Run],
    series: SeriesByKey,
    datasets: Mapping[RunKey, tuple[str, ...]],
    members: Members | None = None,
) -> tuple[Comparison, tuple[Problem, ...]]:
    """The comparison of ``names`` (the primary metric first) over the groups that ``config`` makes.

    ``members`` are the runs of each group; None takes them by ``config.by``, which needs nothing but the runs.
    """
    active = [run for run in runs if not run.deleted]
    members = members or members_of(config, runs, by_key)
    ignored = [one.partition(".")[2] for one in (config.by or "", config.pair_by or "") if one.startswith("params.")]
    ignored += config.repeats
    groups = tuple(group_of(label, [by_key[key] for key in keys], ignored, datasets) for label, keys in members.groups.items())
    groups = tuple(_as_search(group, config) for group in groups)
    labels = [group.label for group in groups]
    wanted = config.first
    baseline = wanted if wanted in labels else labels[0] if labels and wanted is None else None
    if baseline is not None:
        groups = tuple(sorted(groups, key=lambda group: group.label != baseline))
    shown = [metrics[name] for name in names if name in metrics]
    if not config.metrics and len(groups) > 1:
        shown = _measured_everywhere(shown, metrics, groups)
    level = 1 - config.alpha / max(1, len(groups) - 1)
    compared = [_metric(metric, i == 0, groups, baseline, config, level, by_key, datasets) for i, metric in enumerate(shown)]
    adjusted, pairs, refused = _in_families(config, compared, metrics, groups, by_key, datasets)
    alike = alikeness_of(groups, shown[0], adjusted[0].groups, by_key, series, datasets) if shown and groups else None
    adjusted = _with_strays(_with_success(_lowered(adjusted, metrics, alike), alike), groups)
    timed = bool(shown) and is_spent(shown[0].name)
    pairs = pairs if alike is None else tuple(_lowered_one(d, alike, timed=timed) for d in pairs)
    omnibus, kruskal = _omnibus(config, groups, adjusted[0]) if shown else (None, None)
    comparison = Comparison(
        by=config.field,
        baseline=baseline,
        wanted_baseline=wanted,
        groups=groups,
        metrics=adjusted,
        alike=alike,
        n_unlabelled=len(active) - sum(group.n for group in groups),
        replicates=config.replicates,
        unpaired=_failed_pairing(config, adjusted),
        differing=tuple(param for param in differing_params(groups, by_key) if param.name not in config.repeats),
        shared=members.shared,
        stands_for=members.notes,
        leading=_leading(config, shown[0], groups, adjusted[0], pairs, by_key, datasets) if shown else None,
        omnibus=omnibus,
        kruskal=kruskal,
        pairs=pairs,
    )
    problems = (*_problems(config, comparison, labels), *_pair_problems(comparison, active), *refused)
    return comparison, (*members.problems, *problems)


def _as_search(group: Group, config: CompareConfig) -> Group:
    """``group``; the trials of a search stand each for themselves, whatever their seed."""
    return replace(group, seeds=()) if group.n_configurations > 1 and not config.replicates else group


def _in_families(
    config: CompareConfig,
    compared: Sequence[MetricComparison],
    metrics: Mapping[str, Metric],
    groups: Sequence[Group],
    by_key: Mapping[RunKey, Run],
    datasets: Mapping[RunKey, tuple[str, ...]],
) -> tuple[tuple[MetricComparison, ...], tuple[Difference, ...], tuple[Problem, ...]]:
    """Adjusted metrics, every pair of the primary one, and why a declared family could not be used."""
    adjusted = _adjusted(compared, metrics)
    pairs: tuple[Difference, ...] = ()
    if not adjusted or len(groups) < 3:
        few = config.family != "holm" and len(groups) == 2
        return adjusted, pairs, (_unfit(config, "it needs three groups or more"),) if few else ()
    from reportgen.analyze import families

    first, metric = adjusted[0], metrics[adjusted[0].metric]
    if config.replicates or not any(group.n_configurations > 1 for group in groups):
        pairs = families.every_pair(config, metric, first, by_key, datasets)
    if config.family == "holm" or not first.differences:
        return adjusted, pairs, ()
    found = families.declared(config, metric, first, pairs)
    if isinstance(found, str):
        return adjusted, pairs, (_unfit(config, found),)
    differences, pairs = found
    return (replace(first, differences=differences), *adjusted[1:]), pairs, ()


def _unfit(config: CompareConfig, why: str) -> Problem:
    what = f"compare.family: {config.family} was not used: {why}. Holm's p and Bonferroni's intervals stand instead."
    return Problem("compare-family", "compare.family", what, "leave it out, or change the groups", "warning")


def _measured_everywhere(shown: list[Metric], metrics: Mapping[str, Metric], groups: Sequence[Group]) -> list[Metric]:
    """Metrics that nobody named, those that every group has first; others stand in when the shown ones are all one-sided."""

    def everywhere(metric: Metric) -> bool:
        return all(any(metric.finite(key) is not None for key in group.finished) for group in groups)

    if any(everywhere(metric) for metric in shown):
        return sorted(shown, key=lambda metric: not everywhere(metric))
    return [metric for metric in ranked(metrics) if everywhere(metric)][: len(shown)] or shown


def _failed_pairing(config: CompareConfig, compared: Sequence[MetricComparison]) -> str | None:
    if config.pair_by in (None, "none"):
        return None
    differences = [d for one in compared for d in one.differences if d.n_a and d.n_b]
    return config.pair_by if differences and not any(d.pairing for d in differences) else None


def _pair_problems(comparison: Comparison, runs: Sequence[Run]) -> tuple[Problem, ...]:
    """A pairing that was asked for and could not be made changes the test: the reader must know."""
    if comparison.unpaired is None:
        return ()
    kind, _, name = comparison.unpaired.partition(".")
    known = sorted({key for run in runs for key in (run.tags if kind in ("tag", "tags") else run.params)})
    near = get_close_matches(name, known, 1)
    what = (
        f"No two runs of different groups share a value of {one_line(comparison.unpaired, 80)}, so runs are not paired "
        f"and Welch's test is used."
    )
    todo = f"did you mean {kind}.{near[0]}?" if near and near[0] != name else "check compare.pair_by in the config"
    return (Problem("compare-no-pairs", one_line(comparison.unpaired, 80), what, todo),)


def _problems(config: CompareConfig, comparison: Comparison, labels: Sequence[str]) -> tuple[Problem, ...]:
    if not labels:
        what = f"No run {'has' if config.by else 'is in'} {one_line(config.field, 80)}, so there are no groups to compare."
        return (Problem("compare-no-groups", one_line(config.field, 80), what, "check compare.by in the config"),)
    if comparison.baseline is None:
        what = f"No run is in the baseline group {one_line(config.first or '', 60)!r}; groups: {listed([one_line(x, 40) for x in labels])}."
        return (Problem("compare-no-baseline", one_line(config.field, 80), what, baseline_hint(config.first or "", labels)),)
    if len(labels) == 1:
        what = f"All runs are in one group, {one_line(labels[0], 60)!r}: there is nothing to compare it with."
        return (Problem("compare-one-group", one_line(config.field, 80), what, "check compare.by and the selection of runs"),)
    return ()


def baseline_hint(wanted: str, labels: Sequence[str]) -> str:
    """What to do about a baseline that no run is in."""
    near = get_close_matches(wanted, labels, 1) or [one for one in labels if one.lower() == wanted.lower()]
    return f"did you mean {one_line(near[0], 60)!r}?" if near else "check compare.baseline in the config"


def _metric(
    metric: Metric,
    primary: bool,
    groups: Sequence[Group],
    baseline: str | None,
    config: CompareConfig,
    level: float,
    by_key: Mapping[RunKey, Run],
    datasets: Mapping[RunKey, tuple[str, ...]],
) -> MetricComparison:
    paired = has_pair_key(config.pair_by)
    values = tuple(
        without_false_interval(group_values(group, metric, by_key, paired), group, by_key, replicates=config.replicates)
        for group in groups
    )
    differences: tuple[Difference, ...] = ()
    if baseline is not None:
        differences = tuple(
            difference_of(
                metric,
                values[0],
                other,
                sweep=not config.replicates and (groups[0].n_configurations > 1 or group.n_configurations > 1),
                pair_by=config.pair_by,
                level=level,
                by_key=by_key,
                datasets=datasets,
                alpha=config.alpha,
                margin=config.margin if primary else None,
                robust=config.robust,
            )
            for group, other in zip(groups[1:], values[1:], strict=True)
        )
    return MetricComparison(metric.name, primary, values, differences)


def difference_of(
    metric: Metric,
    a: GroupValues,
    b: GroupValues,
    *,
    sweep: bool = False,
    pair_by: str | None = None,
    level: float = 0.95,
    by_key: Mapping[RunKey, Run],
    datasets: Mapping[RunKey, tuple[str, ...]],
    alpha: float = ALPHA,
    margin: float | None = None,
    margin_alpha: float | None = None,
    robust: bool = False,
    effects: bool = True,
) -> Difference:
    """B against A, as far as the rules go; p is not yet adjusted.

    ``alpha`` is what p is held against, ``level`` that of the interval. ``margin`` is the smallest difference that matters, in
    the metric's unit, with bounds at ``margin_alpha`` (one-sided; left out: 1 − ``level``); ``robust`` adds the Hodges–Lehmann
    shift; ``effects`` False leaves out all but the test.
    """
    asked = _Asked(metric, level, None if metric.goal == "none" else margin, margin_alpha or 1 - level, robust, effects)
    plain = Difference(metric.name, a.label, b.label, "no_values", "too_few", a.n, b.n, level=level, alpha=alpha)
    if not a.n or not b.n:
        return plain
    if not is_usable((*a.values, *b.values)):
        return replace(plain, reason="too_large", outcome="incomparable")
    if sweep:
        return _swept(plain, metric, a, b)
    pairing = pairing_of(a, b, pair_by, by_key, datasets)
    if pairing is not None and pairing.n >= 2:
        told = judged(_from_pairs(plain, asked, pairing), metric)
        return replace(told, without_pairs=_without_pairs(told, a, b, level)) if effects else told
    if pair_by is None and effects:
        plain = replace(plain, partly=_partly(a, b, level, by_key))
    if _has_folds(a, by_key) or _has_folds(b, by_key):
        mean_a, mean_b = (over_folds(side, by_key) if _has_folds(side, by_key) else side for side in (a, b))
        if mean_a is None or mean_b is None:
            return replace(_with_delta(plain, metric, a.values, b.values), reason="folds", outcome="incomparable")
        a, b = mean_a, mean_b
        plain = replace(plain, n_a=a.n, n_b=b.n)
    return judged(_unpaired(_with_delta(plain, metric, a.values, b.values), asked, a, b), metric)


def _without_pairs(told: Difference, a: GroupValues, b: GroupValues, level: float) -> WithoutPairs | None:
    if told.method != "paired" or told.reason != "tested" or min(a.n, b.n) < 3:
        return None
    test = estimates.welch(a.values, b.values, level)
    return WithoutPairs(a.n, b.n, test) if test else None


def _partly(a: GroupValues, b: GroupValues, level: float, by_key: Mapping[RunKey, Run]) -> PartlyPaired | None:
    found = partly_shared(a, b, by_key)
    if found is None:
        return None
    test = estimates.paired(found.a, found.b, level) if found.n > 2 and not found.n_folds else None
    delta = samples.mean(samples.differences(found.a, found.b))
    return PartlyPaired(found, delta, test.low if test else None, test.high if test else None)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked of one difference."""

    metric: Metric
    level: float
    margin: float | None
    alpha: float
    """One-sided level of the margin, divided like the interval's where there are several groups."""
    robust: bool
    effects: bool

    @property
    def higher_is_better(self) -> bool:
        return self.metric.goal == "maximize"


def _with_delta(plain: Difference, metric: Metric, a: Sequence[float], b: Sequence[float]) -> Difference:
    delta = samples.mean(b) - samples.mean(a)
    return replace(plain, delta=delta, improvement=None if metric.goal == "none" else metric.improvement(delta))


def _swept(plain: Difference, metric: Metric, a: GroupValues, b: GroupValues) -> Difference:
    """Sweeps are not samples of equals: their expected best at equal effort, and no test."""
    best = None
    if metric.goal != "none":
        k, up = min(a.n, b.n), metric.goal == "maximize"
        best = BestOf(k, budgets.expected_best_of(a.values, k, maximize=up), budgets.expected_best_of(b.values, k, maximize=up))
    return replace(_with_delta(plain, metric, a.values, b.values), reason="sweep", outcome="incomparable", best_of=best)


def _has_folds(values: GroupValues, by_key: Mapping[RunKey, Run]) -> bool:
    return len(set(folds_of(values.keys, by_key).values())) > 1


def over_folds(values: GroupValues, by_key: Mapping[RunKey, Run]) -> GroupValues | None:
    """``values`` averaged over the folds of each seed (or parent); None when that leaves one value: then n is 1, not k."""
    seed_of = nuisance_key(("seed",))
    units: dict[tuple[object, ...], list[RunKey]] = {}
    for key in values.keys:
        units.setdefault((seed_of(by_key[key]), by_key[key].parent), []).append(key)
    if len(units) < 2:
        return None
    value = values.by_key
    means = {keys[0]: samples.mean([value[key] for key in keys]) for keys in units.values()}
    return summarised_values(
        values.label,
        means,
        n_missing=values.n_missing,
        n_non_finite=values.n_non_finite,
        n_inside_parents=values.n_inside_parents,
    )


def _from_pairs(plain: Difference, asked: _Asked, pairing: Pairing) -> Difference:
    metric, level = asked.metric, asked.level
    a, b, n = pairing.a, pairing.b, pairing.n
    diffs = samples.differences(a, b)
    sign = -1 if metric.goal == "minimize" else 1
    base = replace(
        _with_delta(plain, metric, a, b),
        delta=(delta := samples.mean(diffs)),
        improvement=None if metric.goal == "none" else metric.improvement(delta),
        pairing=pairing,
        n_a=n,
        n_b=n,
        correlation=samples.correlation(a, b) if n >= 3 else None,
        won=None if metric.goal == "none" else int((sign * diffs > 0).sum()),
    )
    if not diffs.any():
        return replace(base, reason="identical", delta=0.0, improvement=None if metric.goal == "none" else 0.0)
    folds = pairing.n_folds > 1
    test = corrected_paired(a, b, pairing.test_share, level) if folds else estimates.paired(a, b, level)
    if test is None:
        return replace(base, reason="same_difference")
    base = replace(base, method="corrected" if folds else "paired", low=test.low, high=test.high, reason="two_runs")
    if n < 3:
        return base
    spread = test.se * n**0.5
    tested = replace(base, reason="tested", p=test.p, lift=_paired_lift(a, b, level) if not folds else None)
    tested = _with_power(tested, test, spread, spread, asked.margin)
    return _with_pair_effects(tested, asked, pairing, test) if asked.effects else tested


def _with_pair_effects(tested: Difference, asked: _Asked, pairing: Pairing, test: StudentEstimate) -> Difference:
    from reportgen.analyze import effects

    a, b, up, alpha, within = pairing.a, pairing.b, asked.higher_is_better, asked.alpha, None
    if pairing.n_folds > 1:
        share = pairing.test_share
        found = effects.fold_effects(a, b, test, share, asked.margin)
        if asked.margin is not None:
            within = effects.fold_margin_verdict(a, b, asked.margin, share, higher_is_better=up, alpha=alpha)
    else:
        found = effects.paired_effects(a, b, test, _block(tested), robust=asked.robust)
        if asked.margin is not None:
            within = effects.margin_verdict(a, b, asked.margin, higher_is_better=up, paired=True, alpha=alpha)
    return replace(
        tested, effects=found, within=within, p_permutation=found.permutation.p_two_sided if found.permutation else None
    )


def _block(difference: Difference) -> str:
    """The name under which randomness is drawn."""
    return f"{difference.metric}|{difference.baseline}|{difference.group}"


def _unpaired(base: Difference, asked: _Asked, a: GroupValues, b: GroupValues) -> Difference:
    if min(a.n, b.n) == 1:
        return _one_run(base, a, b)
    test = estimates.welch(a.values, b.values, asked.level)
    if test is None:
        return replace(base, reason="no_variation")
    base = replace(base, method="welch", low=test.low, high=test.high, reason="two_runs", lift=lift_of(a, b, asked.level))
    if min(a.n, b.n) == 2:
        return base
    assert a.sd is not None
    assert b.sd is not None
    tested = _with_power(replace(base, reason="tested", p=test.p), test, a.sd, b.sd, asked.margin)
    return _with_effects(tested, asked, a, b, test) if asked.effects else tested


def _with_effects(tested: Difference, asked: _Asked, a: GroupValues, b: GroupValues, test: StudentEstimate) -> Difference:
    from reportgen.analyze import effects
    from reportgen.analyze.methods.resampling import probability_interval

    found = effects.unpaired_effects(a.values, b.values, test, _block(tested), robust=asked.robust)
    within = None
    if asked.margin is not None:
        within = effects.margin_verdict(
            a.values, b.values, asked.margin, higher_is_better=asked.higher_is_better, paired=False, alpha=asked.alpha
        )
    low = high = None
    if min(a.n, b.n) >= CHANCE_RUNS and max(a.n, b.n) <= MOST_RESAMPLED:
        block = randomness.generator(f"{_block(tested)}|chance")
        drawn = probability_interval(sorted(a.values), sorted(b.values), block, draws=CHANCE_DRAWS)
        low, high = (drawn.interval.low, drawn.interval.high) if drawn.interval else (None, None)
    return replace(
        tested,
        effects=found,
        within=within,
        g=found.g,
        chance=None if found.cliff is None else (found.cliff + 1) / 2,
        chance_low=low,
        chance_high=high,
        p_permutation=found.permutation.p_two_sided if found.permutation else None,
    )


def _one_run(base: Difference, a: GroupValues, b: GroupValues) -> Difference:
    """One run on a side: no test; against four or more its place in the other group's prediction interval."""
    many, single = (b, a) if a.n == 1 else (a, b)
    base = replace(base, reason="one_run")
    if many.n < 4 or not many.sd:
        return base
    interval = estimates.prediction_interval(many.values)
    return replace(base, prediction=interval, inside_prediction=interval.low <= single.values[0] <= interval.high)


def _with_power(tested: Difference, test: StudentEstimate, sd_a: float, sd_b: float, margin: float | None) -> Difference:
    """What these runs could have found, and how many would find what was seen; more folds of one data set find no more."""
    alpha, detectable = 1 - test.level, power.minimum_detectable_difference(test.se, test.df, 1 - test.level)
    if tested.method == "corrected":
        return replace(tested, detectable=detectable)

    def needed(effect: float, level: float = alpha) -> int | None:
        return power.runs_needed(abs(effect), sd_a, sd_b, level, paired=tested.method == "paired")

    with_margin = margin is not None and tested.improvement is not None
    return replace(
        tested,
        detectable=detectable,
        n_needed=needed(test.value),
        n_for_half=needed(detectable / 2),
        n_for_margin=needed(margin) if margin is not None else None,
        n_past_margin=needed((tested.improvement or 0.0) - (margin or 0.0), 2 * alpha) if with_margin else None,
    )


def lift_of(a: GroupValues, b: GroupValues, level: float) -> Estimate | None:
    """The relative difference; None when the baseline's mean is near zero against its own error, or signs differ."""
    if a.mean is None or b.mean is None or a.sd is None or b.sd is None or a.mean <= 0 or b.mean <= 0:
        return None
    if abs(a.mean) < 3 * a.sd / a.n**0.5:
        return None
    return estimates.relative_lift(a.values, b.values, level)


def _paired_lift(a: Sequence[float], b: Sequence[float], level: float) -> Estimate | None:
    """The relative difference from paired log ratios; all values must be positive and the baseline away from zero."""

    if min(*a, *b) <= 0 or samples.mean(a) < 3 * samples.sd(a) / len(a) ** 0.5:
        return None
    return estimates.paired_lift(a, b, level)


def judged(difference: Difference, metric: Metric) -> Difference:
    """The outcome in one word. Better and worse come from a test alone, and only with a direction."""
    match difference.reason:
        case "tested" if metric.goal == "none":
            outcome: Outcome = "different" if difference.is_shown else "unclear"
        case "tested":
            improvement = difference.improvement
            assert improvement is not None
            outcome = "unclear" if not difference.is_shown else "better" if improvement > 0 else "worse"
            within = difference.within
            if within is not None and within.equivalent:
                outcome = "equivalent"
            elif within is not None and within.state == "PASS" and outcome == "unclear":
                outcome = "not_worse"
        case "no_variation" | "identical" | "same_difference":
            outcome = "unclear"
        case "tasks":
            outcome = "incomparable"
        case _:
            outcome = "too_few"
    return replace(difference, outcome=outcome)


def _adjusted(compared: Sequence[MetricComparison], metrics: Mapping[str, Metric]) -> tuple[MetricComparison, ...]:
    """Holm within two families: the primary metric's groups, and all tests of the other metrics together."""
    families = [[one for one in compared if one.primary], [one for one in compared if not one.primary]]
    adjusted: dict[tuple[str, str], Difference] = {}
    for family in families:
        told = held_together([difference for one in family for difference in one.differences], metrics)
        adjusted |= {(d.metric, d.group): d for d in told}
    return tuple(replace(one, differences=tuple(adjusted[d.metric, d.group] for d in one.differences)) for one in compared)


def held_together(family: Sequence[Difference], metrics: Mapping[str, Metric]) -> tuple[Difference, ...]:
    """``family`` with Holm's p over the tests among them, judged by it; what was not tested stays as it is."""
    n_tests = sum(d.p is not None for d in family)
    ps = iter(multiple.holm([d.p for d in family if d.p is not None]))
    told = []
    for d in family:
        p = None if d.p is None else next(ps)
        told.append(d if p is None else judged(replace(d, p_holm=p, n_family=n_tests) if n_tests > 1 else d, metrics[d.metric]))
    return tuple(told)


def _lowered(
    compared: Sequence[MetricComparison], metrics: Mapping[str, Metric], alike: Alikeness | None
) -> tuple[MetricComparison, ...]:
    """``compared`` with the outcomes taken back that the groups' data or machines could explain as well."""
    if alike is None:
        return tuple(compared)
    return tuple(
        replace(one, differences=tuple(_lowered_one(d, alike, timed=is_spent(metrics[one.metric].name)) for d in one.differences))
        for one in compared
    )


def _lowered_one(d: Difference, alike: Alikeness, *, timed: bool) -> Difference:
    if d.outcome in ("too_few", "incomparable") or d.reason != "tested":
        return d
    two = alike.of((d.baseline, d.group))
    reasons: tuple[Lowered, ...] = (
        *(("datasets",) if two.datasets_apart else ()),
        *(("hardware",) if timed and two.hardware_differs else ()),
    )
    return replace(d, outcome="incomparable", lowered=reasons) if reasons else d


def _with_success(compared: Sequence[MetricComparison], alike: Alikeness | None) -> tuple[MetricComparison, ...]:
    """The primary metric's differences with what became of the runs, where more than a fifth of a group's failed."""
    if alike is None or not compared:
        return tuple(compared)

    def told(d: Difference) -> Difference:
        two = alike.of((d.baseline, d.group))
        if not two.many_failed or len(two.failed) < 2:
            return d
        (bad_a, n_a), (bad_b, n_b) = two.failed[d.baseline], two.failed[d.group]
        if not n_a or not n_b:
            return d
        from reportgen.analyze.methods.proportions import fisher_p

        found = proportions.newcombe_interval(n_a - bad_a, n_a, n_b - bad_b, n_b)
        p, lost = fisher_p(n_a - bad_a, n_a, n_b - bad_b, n_b), non_finite[d.baseline] + non_finite[d.group]
        return replace(d, success=Success(bad_a, n_a, bad_b, n_b, found, p, lost))

    first = compared[0]
    non_finite = {side.label: side.n_non_finite for side in first.groups}
    return (replace(first, differences=tuple(map(told, first.differences))), *compared[1:])


def _with_strays(compared: Sequence[MetricComparison], groups: Sequence[Group]) -> tuple[MetricComparison, ...]:
    """Searches that a few runs alone make searches, with these runs."""
    by_label = {group.label: group for group in groups}

    def told(d: Difference) -> Difference:
        mixed = [group for label in (d.baseline, d.group) if (group := by_label[label]).n_configurations > 1]
        if d.reason != "sweep" or not all(group.strays for group in mixed):
            return d
        return replace(d, strays=tuple((group.label, group.strays) for group in mixed))

    return tuple(replace(one, differences=tuple(map(told, one.differences))) for one in compared)


def not_pooled(comparison: Comparison) -> Comparison:
    """``comparison`` whose groups are judged over tasks: runs of several data sets are never pooled into one test.

    Differences of searches, and of sides without values, stay what they are.
    """

    def plain(d: Difference) -> Difference:
        if d.reason in ("no_values", "too_large", "sweep"):
            return d
        left = Difference(d.metric, d.baseline, d.group, "tasks", "incomparable", d.n_a, d.n_b, d.delta, d.improvement)
        return replace(left, level=d.level, alpha=d.alpha)

    def bare(side: GroupValues) -> GroupValues:
        return replace(side, low=None, high=None, no_interval="tasks")

    metrics = tuple(
        replace(one, groups=tuple(map(bare, one.groups)), differences=tuple(plain(d) for d in one.differences))
        for one in comparison.metrics
    )
    return replace(comparison, metrics=metrics, pairs=(), leading=None, omnibus=None, kruskal=None)


def _leading(
    config: CompareConfig,
    metric: Metric,
    groups: Sequence[Group],
    compared: MetricComparison,
    pairs: Sequence[Difference],
    by_key: Mapping[RunKey, Run],
    datasets: Mapping[RunKey, tuple[str, ...]],
) -> Leading | None:
    """For three groups or more of a metric with a direction; None where a group is a search.

    No pair is judged twice: one with the baseline has the p of its verdict, all others that of every pair, which holds although
    the best was chosen after its mean was seen.
    """
    sides = [side for side in compared.groups if side.n]
    searches = not config.replicates and any(group.n_configurations > 1 for group in groups)
    if len(sides) < 3 or metric.goal == "none" or searches or not is_usable(v for side in sides for v in side.values):
        return None
    ordered = sorted(sides, key=lambda side: -metric.improvement(side.mean or 0.0))
    best, rest = ordered[0].label, [side.label for side in ordered[1:]]
    judged_before = {frozenset((d.baseline, d.group)): d for d in (*pairs, *compared.differences)}
    tests = {other: judged_before.get(frozenset((best, other))) for other in rest}
    if unseen := [side for side in ordered[1:] if tests[side.label] is None]:  # too many groups for every pair
        n_pairs, first = len(sides) * (len(sides) - 1) // 2, ordered[0]
        made = [
            difference_of(metric, first, side, pair_by=config.pair_by, by_key=by_key, datasets=datasets, effects=False)
            for side in unseen
        ]
        tests |= {d.group: replace(d, p_holm=None if d.p is None else min(1.0, d.p * n_pairs)) for d in made}
    found = {other: (d.reason, d.p_decisive) for other, d in tests.items() if d is not None}
    tied = [other for other, (why, p) in found.items() if why == "identical" or (p is not None and p > config.alpha)]
    return Leading(
        best=best,
        members=(best, *tied),
        undecided=tuple(other for other, (why, p) in found.items() if p is None and why != "identical"),
        n_tests=sum(p is not None for _, p in found.values()),
    )


def _unpaired_sides(config: CompareConfig, groups: Sequence[Group], compared: MetricComparison) -> list[tuple[float, ...]]:
    """The values of three unpaired groups or more that are no searches and no folds; else none."""
    sides = [side.values for side in compared.groups if side.n]
    paired = any(d.pairing is not None for d in compared.differences)
    searches = not config.replicates and any(group.n_configurations > 1 for group in groups)
    folds = any(d.reason == "folds" for d in compared.differences)
    unfit = len(sides) < 3 or paired or searches or folds or not is_usable(v for side in sides for v in side)
    return [] if unfit else sides


def _omnibus(config: CompareConfig, groups: Sequence[Group], compared: MetricComparison) -> tuple[Omnibus | None, Omnibus | None]:
    """Of unpaired groups of two runs or more: Welch's analysis of variance, and the same by ranks. They decide nothing."""
    sides = _unpaired_sides(config, groups, compared)
    if not sides:
        return None, None
    from reportgen.analyze.methods.groups import anova, kruskal_wallis

    by_values, by_ranks = (found if found.outcome == "estimated" else None for found in (anova(sides), kruskal_wallis(sides)))
    return by_values, by_ranks


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Experiments that share the primary metric, next to each other and without a verdict."""

    metric: str
    groups: tuple[GroupValues, ...]


def side_by_side_of(metric: Metric, runs: Sequence[Run], by_key: Mapping[RunKey, Run], *, fewest: int = 3) -> SideBySide | None:
    """The experiments with ``fewest`` finished runs that have the metric; None when that is one or none."""
    by_id: dict[str, list[Run]] = {}
    for run in runs:
        if not run.deleted:
            by_id.setdefault(run.experiment_id, []).append(run)
    values = []
    for members in by_id.values():
        (group,) = groups_of(members, "experiment") or (None,)
        if group is not None:
            group = replace(group, seeds=()) if group.n_configurations > 1 else group
            values.append(without_false_interval(group_values(group, metric, by_key), group, by_key, replicates=False))
    kept = sorted((one for one in values if one.n >= fewest), key=lambda one: one.label)
    return SideBySide(metric.name, tuple(kept)) if len(kept) > 1 else None


__all__ = [
    "ALPHA",
    "BestOf",
    "Comparison",
    "Difference",
    "MetricComparison",
    "SideBySide",
    "baseline_hint",
    "comparison_of",
    "difference_of",
    "held_together",
    "judged",
    "not_pooled",
    "side_by_side_of",
]
